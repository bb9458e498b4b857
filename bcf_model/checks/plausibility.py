"""Checks of amounts that look wrong: in another unit, not entered, or entered twice."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from bcf_model.core.findings import Finding
from bcf_model.core.money import sterling
from bcf_model.core.words import PLAN
from bcf_model.intake.drafts import Draft, Drafts

OUT_OF_STEP: Final = (300, 3_000)
"""Between these, one amount may be another in pounds and thousands."""
IN_STEP: Final = 0.3, 3.0
"""Between these the amounts of most rows lie, where the two are of one unit."""


def units_of_rows(drafts: Drafts) -> Iterator[Finding]:
    """No row is in another unit than the others (BCF509).

    Expenditure is set against the budget of its line, and an amount of one version of the budget
    against that of the version before it for the same place.
    """
    draft = drafts.table("schemes")
    pairs = [(i, spent, budget) for i, spent, budget in draft.rows("expenditure", "budget")]
    yield from _out_of_step(draft, "expenditure", pairs, "budget")
    if "budgets" in drafts:
        draft = drafts["budgets"]
        stated: dict[tuple[str, ...], dict[str, tuple[int, int]]] = defaultdict(dict)
        columns = ("version", "theme", "organisation", "scheme_id", "kind", "amount")
        for i, version, *place, amount in draft.rows(*columns):
            stated[tuple(place)].setdefault(version, (i, amount))
        versions = [*dict.fromkeys(draft.cells["version"])]
        for earlier, later in pairwise(versions):
            pairs = [
                (of[later][0], of[later][1], of[earlier][1])
                for of in stated.values()
                if earlier in of and later in of
            ]
            yield from _out_of_step(draft, "amount", pairs, f"amount of {earlier!r}")


def _out_of_step(
    draft: Draft, column: str, pairs: Sequence[tuple[int, int, int]], beside: str
) -> Iterator[Finding]:
    """Find the rows whose two amounts are a thousand apart, where those of most are not.

    Args:
        draft: the table.
        column: of the first amount.
        beside: what the second one is.
        pairs: (row, amount, amount beside it).
    """
    ratios = [
        (i, amount, other, abs(amount / other)) for i, amount, other in pairs if amount and other
    ]
    least, most = OUT_OF_STEP
    apart = [row for row in ratios if least <= max(row[3], 1 / row[3]) <= most]
    usual = [ratio for *row, ratio in ratios if (*row, ratio) not in apart]
    if len(usual) < len(apart) or not usual or not IN_STEP[0] <= median(usual) <= IN_STEP[1]:
        return
    for i, amount, other, ratio in apart:
        value = f"{sterling(amount)} against a {beside} of {sterling(other)}, "
        value += f"{ratio:,.0f} times as much" if ratio > 1 else f"1/{1 / ratio:,.0f} of it"
        yield draft.at(i).finding("BCF509", column, value)


def something_entered(drafts: Drafts) -> Iterator[Finding]:
    """Budget and expenditure are not nil on every line (BCF510), nor equal on each (BCF515).

    Of a plan, spending of nil and spending equal to budget are let pass.
    """
    draft, basis = drafts.get("schemes"), drafts.settings and drafts.settings.basis
    if draft is None or draft.broken & {"budget", "expenditure"}:
        return
    amounts = [(budget, spent) for _, budget, spent in draft.rows("budget", "expenditure")]
    nil = [
        name
        for name, column in zip(("budget", "expenditure"), zip(*amounts, strict=True), strict=False)
        if not any(column) and None not in column and (name, basis) != ("expenditure", PLAN)
    ]
    for name in nil:
        value = f"{name} of nil on all {len(amounts)} lines"
        yield draft.at().finding("BCF510", name, value)
    filled = [(budget, spent) for budget, spent in amounts if budget or spent]
    if (
        not nil
        and basis != PLAN
        and len(filled) > 1
        and all(budget == spent for budget, spent in filled)
    ):
        value = f"{len(filled)} lines"
        yield draft.at().finding("BCF515", "expenditure", value)

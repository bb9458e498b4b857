"""Amounts together: their size and sign, and the totals they must make."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final

from bcf_model.checks.code_index import LINE_KEYS, astray, declared_codes, unknown_values
from bcf_model.checks.lines import known_variance, line_amounts, unpaid_of_lines
from bcf_model.core.errors import NotStated, UnknownFigure
from bcf_model.core.figures import COLUMN_OF, MEASURES, Figure
from bcf_model.core.findings import Finding
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import LARGEST_PENCE, label, sterling, within_last_digit
from bcf_model.core.words import NOT_STATED
from bcf_model.intake.drafts import Drafts, quoted

ADDED_UP: Final = {
    "schemes": ("budget", "expenditure", "variance"),
    "contributions": ("amount",),
    "reserves": ("opening",),
    "causes": ("amount",),
    "budgets": ("amount",),
}
"""The columns of money that are added up."""

AS_GIVEN: Final = {"budget", "given"}
"""Measures of the lines as they stand in the file, whatever an agreement says; so are budgets."""


def negative_budgets(drafts: Drafts) -> Iterator[Finding]:
    """A negative budget may be right: net lines exist (BCF501)."""
    draft = drafts.table("schemes")
    for i, budget in draft.rows("budget"):
        if budget < 0:
            yield draft.at(i).finding("BCF501", "budget", quoted(draft.texts["budget"][i]))


def amounts_in_reach(drafts: Drafts) -> Iterator[Finding]:
    """A column adds up to no more than one amount may be: no sum can then leave int64 (BCF207)."""
    for table, columns in ADDED_UP.items():
        draft = drafts.table(table)
        for column in columns:
            sizes = [(abs(amount), i) for i, amount in draft.rows(column)]
            total = sum(size for size, _ in sizes)
            if total > LARGEST_PENCE:
                largest, at = max(sizes, key=lambda one: one[0])
                value = f"{sterling(total)} in the whole column, whatever the signs; "
                value += f"{sterling(largest)} in this row is the largest"
                yield draft.at(at).finding("BCF207", column, value)


def something_pooled(drafts: Drafts) -> Iterator[Finding]:
    """A pool has lines (BCF504)."""
    if "schemes" in drafts and "pooling" not in drafts["schemes"].broken:
        draft = drafts["schemes"]
        if draft.numbers and "pooled" not in draft.cells["pooling"]:
            yield draft.at().finding("BCF504", "pooling")


def not_stated_nil(drafts: Drafts) -> Iterator[Finding]:
    """Nothing may be borne through a category that is not stated (BCF406)."""
    draft, unpaid = drafts.table("schemes"), unpaid_of_lines(drafts) or {}
    columns = ("scheme_id", "category", "pooling")
    for i, code, category, pooling in draft.rows(*columns):
        variance = known_variance(draft, i)
        if variance is None:
            continue
        variance -= unpaid.get(code, 0)
        if (category, pooling) == (NOT_STATED, "pooled") and variance:
            value = f"a variance of {sterling(variance)}"
            expected = "a category, or no variance"
            yield draft.at(i).finding("BCF406", "category", value, expected)


def control_totals(drafts: Drafts) -> Iterator[Finding]:
    """A total the user states is that of the lines, to the last digit written (BCF502, 503, 514).

    What takes more than the lines to know, such as what a partner bears, the run compares.
    """
    lines, unit = line_amounts(drafts), drafts.unit
    if unit is None or lines is None or "control_totals" not in drafts:
        return
    if "pooled" not in {*lines["pooling"]}:
        return
    draft, ledger, declared = (
        drafts["control_totals"],
        Ledger({"lines": lines}),
        declared_codes(drafts),
    )
    for i, text, expected in draft.rows("figure", "amount"):
        figure = Figure.parse(text)
        measure = MEASURES.get(figure.measure)
        if measure is None or measure.unit != "money":
            said = "an amount of money that is computed, such as budget or borne/bearer=CCG"
            yield draft.at(i).finding("BCF601", "figure", repr(text), said)
            continue
        keys = {COLUMN_OF[measure.table][key] for key, _ in figure.selection}
        if figure.measure not in lines or not keys <= {*LINE_KEYS}:
            continue
        if [*unknown_values(figure, declared)] or astray(drafts["schemes"], declared, *keys):
            continue  # said by figures and references
        try:
            found = ledger.pence(figure)
        except NotStated:
            value = f"{figure}: {ledger.lacks(figure)}"
            yield draft.at(i).finding("BCF321", "figure", value)
            continue
        except UnknownFigure as problem:
            yield draft.at(i).finding("BCF601", "figure", repr(text), str(problem))
            continue
        if found != expected:
            code = "BCF503" if _thousands_between(found, expected) else "BCF502"
            yield draft.at(i).finding(
                "BCF514" if within_last_digit(found, expected, draft.steps["amount"][i]) else code,
                "amount",
                f"{sterling(found)} in the lines, read in {label(unit)}",
                f"{sterling(expected)}, a difference of {sterling(found - expected)}",
            )


def totals_that_stand(drafts: Drafts, brought: Collection[str]) -> Drafts:
    """Leave out the control totals that an agreement changes, when it is tried on a pool.

    A total of what is borne holds of the pool's own agreement; one of what was spent, of its own
    payments by activity.

    Args:
        drafts: the tables, some of them the agreement's.
        brought: the tables it brings.
    """
    if not brought or "control_totals" not in drafts:
        return drafts
    restated = not {"payments", "activity"}.isdisjoint(brought)

    def stands(text: str | None) -> bool:
        measure = MEASURES.get(Figure.parse(text).measure) if text else None
        if measure is None:
            return True
        as_stated = measure.table == "budgets" or measure.name in AS_GIVEN
        return measure.table != "shares" and (not restated or as_stated)

    draft = drafts["control_totals"]
    kept = [i for i, text in enumerate(draft.cells["figure"]) if stands(text)]
    return drafts.having({"control_totals": draft.only(kept)})


def _thousands_between(found: int, expected: int) -> bool:
    """Return whether two amounts differ by about a factor of 1,000 or 1,000,000."""
    if 0 in (found, expected):
        return False
    ratio = Decimal(found) / Decimal(expected)
    return any(
        abs(ratio / f - 1) < Decimal("0.01") for f in map(Decimal, ("1e3", "1e6", "1e-3", "1e-6"))
    )

"""A movement between budgets, printed savings targets, and answers asked backwards, as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from textwrap import fill
from typing import Any, Final

import pandas as pd

from bcf_model.core.findings import listed
from bcf_model.core.money import label, millions, shown, sterling
from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.budget_versions import IN_TOTAL
from bcf_model.plan.goal_seek import MONEY, Goal
from bcf_model.plan.goal_seek_inputs import Sought, written
from bcf_model.plan.root_finding import Answer, Number
from bcf_model.plan.words import CAUSE_NOT_STATED
from bcf_model.publish.terminal import LEAST_NAME, aligned

CHANGE: Final = "change"
LEAST_DECIMALS: Final = 4
"""Of a percentage that is aimed at."""


def movement(
    found: pd.DataFrame,
    budgets: dict[str, "pd.Series[Any]"],
    left_out: Mapping[str, list[str]],
    unit: str,
    room: int,
) -> str:
    """Lay a movement out: each place with both budgets, the change, and each of its causes.

    Args:
        found: `plan.outputs.Movement`.
        budgets: of the two versions, in order: amounts by place (the columns of `found` from theme
            to kind), in pence; a place that a version does not state is not in it.
        left_out: by version, what it leaves out of what the other states, in words.
        unit: in which amounts are shown.
        room: columns of the terminal.
    """
    causes = [cause for cause in dict.fromkeys(found["cause"]) if cause != CAUSE_NOT_STATED]
    heads = [*budgets, CHANGE, *causes, CAUSE_NOT_STATED]
    rows = []
    places = ["theme", "organisation", "scheme_id", "kind"]
    for place, own in found.groupby(places, sort=False):
        amounts = [sums.get(place) for sums in budgets.values()]
        by_cause = dict(zip(own["cause"], own["amount"], strict=True))
        more = [by_cause.get(cause, 0) for cause in (*causes, CAUSE_NOT_STATED)]
        change = own["amount"].sum(skipna=False)
        rows.append((_place(*map(str, place)), [*amounts, change, *more]))
    total = [_sum(column) for column in zip(*(amounts for _, amounts in rows), strict=True)]
    rows.append(("Total", total))
    texts = [(name, [_shown(pence, unit) for pence in amounts]) for name, amounts in rows]
    widths = [
        max(len(head), *(len(cells[i]) for _, cells in texts)) for i, head in enumerate(heads)
    ]
    left = max(LEAST_NAME, room - sum(widths) - 2 * len(widths) - 1)
    first = min(max(len(name) for name, _ in texts), left)
    rule = "─" * (first + sum(widths) + 2 * len(widths) + 1)
    lines = [aligned([label(unit), *heads], first, widths), rule]
    lines += [aligned([name, *cells], first, widths) for name, cells in texts]
    lines.insert(-1, rule)
    for version, places in left_out.items():
        said = (
            f"Blank: {version!r} states nothing of {listed(places)}. That is not nil: what moved "
            "there, and in all, is not given."
        )
        lines.append(fill(said, room))
    return "\n".join(line.rstrip() for line in lines)


def _sum(amounts: Iterable[Any]) -> int | None:
    found = [*amounts]
    return None if any(map(pd.isna, found)) else sum(map(int, found))


def _shown(pence: Any, unit: str) -> str:
    return "" if pence is None or pd.isna(pence) else shown(int(pence), unit)


def _place(theme: str, organisation: str, scheme_id: str, kind: str) -> str:
    holder = "" if organisation == NOT_STATED else f" {organisation}"
    of_theme = IN_TOTAL.capitalize() if theme == NOT_STATED else f"Theme {theme}"
    return f"{scheme_id or of_theme}{holder}" + (" (capital)" if kind == "capital" else "")


def efficiencies(bases: pd.DataFrame, totals: pd.DataFrame, room: int) -> str:
    """Lay printed savings targets out, each with the base its percentage implies, in £m.

    Args:
        bases: `plan.outputs.EfficienciesOut`.
        totals: `plan.outputs.EfficienciesTotalOut`: perimeters are never added together.
        room: columns of the terminal.
    """
    heads = ["Printed", "%", "Implied base", "at least", "at most"]
    rows = [
        (row.body, [row.printed_amount, row.printed_percent, *map(_millions, _base(row))])
        for row in records(bases)
    ]
    for row in records(totals):
        ends = f"{_millions(row.amount_lowest)} to {_millions(row.amount_highest)}"
        name = f"Together, {row.perimeter} {spoken(row.financial_year)} ({ends})"
        rows.append((name, [_millions(row.amount), "", "", "", ""]))
    widths = [max(len(head), *(len(cells[i]) for _, cells in rows)) for i, head in enumerate(heads)]
    left = max(LEAST_NAME, room - sum(widths) - 2 * len(widths) - 1)
    first = min(max(len(name) for name, _ in rows), left)
    rule = "─" * (first + sum(widths) + 2 * len(widths) + 1)
    lines = [aligned(["£m", *heads], first, widths), rule]
    lines += [aligned([name, *cells], first, widths) for name, cells in rows]
    lines.insert(len(lines) - len(totals), rule)
    return "\n".join(line.rstrip() for line in lines)


def _base(row: Any) -> tuple[float, float, float]:
    return row.base, row.base_lowest, row.base_highest


def _millions(pence: float) -> str:
    return "not known" if pd.isna(pence) else millions(int(pence))


def answer(asked: Answer, sought: Sought, goal: Goal, target: Number) -> str:
    """Describe what value of an assumption brings a figure to its target, or that there is none."""
    return "\n".join(_told(asked, sought, goal, target))


def _told(asked: Answer, sought: Sought, goal: Goal, target: Number) -> Iterator[str]:
    if asked.found and asked.value is not None and asked.reached is not None:
        yield f"{sought.assumption}: {written(asked.value, sought.unit)}, {_where(asked, sought)}"
        off = Fraction(asked.reached) - Fraction(target)
        sides = asked.sides or ()
        figures = (asked.reached, target, abs(off), 0, *(side.figure for side in sides))
        reached, wanted, away, _, *passed = _figures(goal, *figures)
        if goal.unit != MONEY:
            away = f"{away.removesuffix('%')} percentage points"
        near = f" It is {away} {'above' if off > 0 else 'below'}." if off else ""
        yield f"With it {goal} is {reached}; asked for: {wanted}.{near}"
        if sides:
            at = [written(side.value, sought.unit) for side in sides]
            said = " and ".join(f"{f} at {v}" for f, v in zip(passed, at, strict=True))
            yield f"It passes the target between two neighbouring values: {said}."
        yield from _beyond(asked.value, sought)
        return
    low, high = (written(end, sought.unit) for end in asked.within)
    nearest = asked.nearest
    wanted, reached = _figures(goal, target, nearest.figure if nearest else target)
    yield f"No value of {sought} between {low} and {high} brings {goal} to {wanted}."
    if nearest is None:
        yield "At neither of the two is there such a figure."
    elif asked.lowest and asked.highest and asked.lowest.figure == asked.highest.figure:
        yield f"It does not move it: it is {reached} all along."
    else:
        yield f"At {written(nearest.value, sought.unit)} it is {reached}, the nearest found."


def _where(asked: Answer, sought: Sought) -> str:
    """Return in which years a value is to hold, and what it stands in place of there."""
    where = "in every year" if sought.every else f"in {_years(sought.years)}"
    others = [own for own in sought.replaces if own.value != asked.value]
    alone = len(sought.replaces) == 1
    said = [
        written(own.value, sought.unit) + ("" if alone else f" in {_years(own.years)}")
        for own in others
    ]
    return f"{where} (replaces {', '.join(said)})" if said else f"{where} (as it is)"


def _years(years: Sequence[str]) -> str:
    *first, last = map(spoken, years)
    return f"{', '.join(first)} and {last}" if first else last


def _beyond(value: int, sought: Sought) -> Iterator[str]:
    """Return where a row has a range that does not hold the value: it would be refused (BCF726)."""
    for own in dict.fromkeys((it.low, it.high) for it in sought.replaces):
        low, high = own
        if low is not None and high is not None and not low <= value <= high:
            said = f"{written(low, sought.unit)} to {written(high, sought.unit)}"
            yield f"Its range, {said}, does not hold that: state another with it."


def _figures(goal: Goal, *numbers: Number) -> list[str]:
    """Write figures: percentages with so many decimals that those which differ look different."""
    if goal.unit == MONEY:
        return [sterling(round(number)) for number in numbers]
    exact = [Fraction(number) for number in numbers]
    decimals = LEAST_DECIMALS
    while len({_percent(one, decimals) for one in exact}) < len({*exact}):
        decimals += 1
    return [_percent(one, decimals) for one in exact]


def _percent(number: Fraction, decimals: int) -> str:
    size = 10**decimals
    whole, rest = divmod(int(abs(number) * size + Fraction(1, 2)), size)
    minus = "-" if number < 0 and (whole or rest) else ""
    return f"{minus}{whole:,}.{rest:0{decimals}d}%"

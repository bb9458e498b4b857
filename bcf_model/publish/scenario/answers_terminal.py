"""A movement between budgets, printed savings targets, and answers asked backwards, as text."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from textwrap import fill
from typing import Any, Final

import pandas as pd

from bcf_model.core.figures import Figure, Selection
from bcf_model.core.findings import listed
from bcf_model.core.money import label, millions, rounded, sterling
from bcf_model.core.tables import each, records
from bcf_model.core.words import NOT_STATED, series
from bcf_model.core.years import spoken
from bcf_model.plan.budget_versions import IN_TOTAL, PLACE
from bcf_model.plan.figures import ledger_of_movement
from bcf_model.plan.goal_seek import MONEY, Goal
from bcf_model.plan.goal_seek_inputs import Sought, written
from bcf_model.plan.goal_seek_moves import Shift, how_kept
from bcf_model.plan.root_finding import Answer, Number
from bcf_model.plan.words import ALL, CAUSE_NOT_STATED
from bcf_model.publish.page import Row, Style
from bcf_model.publish.text import amounts, laid_out, table

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
        found: `output_tables.Movement`.
        budgets: of the two versions, in order: amounts by place (the columns of `found` from theme
            to kind), in pence; a place that a version does not state is not in it.
        left_out: by version, what it leaves out of what the other states, in words.
        unit: in which amounts are shown.
        room: columns of the terminal.
    """
    causes = [cause for (cause,) in each(found, "cause") if cause != CAUSE_NOT_STATED]
    causes.append(CAUSE_NOT_STATED)

    def row(style: Style, name: str, where: Selection = ()) -> Row:
        stated = (Figure("version.amount", (("to_version", (it,)), *where)) for it in budgets)
        change = Figure("movement.amount", where)
        by_cause = (Figure("movement.amount", (("cause", (it,)), *where)) for it in causes)
        return Row(style, (name, *stated, change, *by_cause))

    rows = [
        row("line", _place(*place), tuple(zip(PLACE, ((code,) for code in place), strict=True)))
        for place in each(found, *PLACE)
    ]
    page = table([label(unit), *budgets, "change", *causes], [*rows, row("total", "Total")])
    lines = [*laid_out(page, amounts(ledger_of_movement(found, budgets), unit), room)]
    for version, places in left_out.items():
        said = (
            f"Blank: {version!r} states nothing of {listed(places)}. That is not nil: what moved "
            "there, and in all, is not given."
        )
        lines.append(fill(said, room))
    return "\n".join(lines)


def _place(theme: str, organisation: str, scheme_id: str, kind: str) -> str:
    holder = "" if organisation == NOT_STATED else f" {organisation}"
    of_theme = IN_TOTAL.capitalize() if theme == NOT_STATED else f"Theme {theme}"
    return f"{scheme_id or of_theme}{holder}" + (" (capital)" if kind == "capital" else "")


def efficiencies(bases: pd.DataFrame, totals: pd.DataFrame, room: int) -> str:
    """Lay printed savings targets out, each with the base its percentage implies, in £m.

    Args:
        bases: `output_tables.EfficienciesOut`.
        totals: `output_tables.EfficienciesTotalOut`: perimeters are never added together.
        room: columns of the terminal.
    """
    heads = ["Printed", "%", "Implied base", "at least", "at most"]
    rows = [
        Row("line", (row.body, row.printed_amount, row.printed_percent,
                     *map(_millions, (row.base, row.base_lowest, row.base_highest))))
        for row in records(bases) if row.body != ALL
    ]  # fmt: skip
    for row in records(totals):
        ends = f"{_millions(row.amount_lowest)} to {_millions(row.amount_highest)}"
        name = f"All {row.perimeter} {spoken(row.financial_year)} ({ends})"
        rows.append(Row("total", (name, row.printed_total or _millions(row.amount), *[""] * 4)))
    return "\n".join(laid_out(table(["£m", *heads], rows), str, room))


def _millions(pence: float) -> str:
    return "not known" if pd.isna(pence) else millions(int(pence))


def answer(asked: Answer, sought: Sought, goal: Goal, target: Number) -> str:
    """Describe what value of an assumption brings a figure to its target, or that there is none."""
    return "\n".join(_told(asked, sought, goal, target))


def _told(asked: Answer, sought: Sought, goal: Goal, target: Number) -> Iterator[str]:
    if asked.found and asked.value is not None and asked.reached is not None:
        moved = f"from {spoken(sought.year)} on" if isinstance(sought, Shift) else ""
        where = moved or _where(asked, sought)
        yield f"{sought.assumption}: {written(asked.value, sought.unit)}, {where}"
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
        yield from how_kept(sought)
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
    where = "in every year" if sought.every else f"in {series([*map(spoken, sought.years)])}"
    others = [own for own in sought.replaces if own.value != asked.value]
    alone = len(sought.replaces) == 1
    said = [
        written(own.value, sought.unit)
        + ("" if alone else f" in {series([*map(spoken, own.years)])}")
        for own in others
    ]
    return f"{where} (replaces {', '.join(said)})" if said else f"{where} (as it is)"


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
    whole, rest = divmod(int(rounded(abs(number) * size)), size)
    minus = "-" if number < 0 and (whole or rest) else ""
    return f"{minus}{whole:,}.{rest:0{decimals}d}%"

"""A movement between budgets, and the answer to a question asked backwards, as aligned text."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from bcf_model.money import label, shown, sterling
from bcf_model.plan.backwards import MILLIONTHS, MONEY, Goal
from bcf_model.plan.solve import Answer, Number
from bcf_model.plan.words import CAUSE_NOT_STATED
from bcf_model.report.terminal import LEAST_NAME, aligned
from bcf_model.tables import records
from bcf_model.vocabulary import NOT_STATED, UNITS
from bcf_model.years import spoken

CHANGE: Final = "change"


def movement(
    found: pd.DataFrame, budgets: dict[str, "pd.Series[Any]"], unit: str, room: int
) -> str:
    """Lay a movement out: each place with both budgets, the change, and each of its causes.

    Args:
        found: `plan.outputs.Movement`.
        budgets: of the two versions, in order: amounts by place (the columns of `found` from theme
            to kind), in pence.
        unit: in which amounts are shown.
        room: columns of the terminal.
    """
    causes = [cause for cause in dict.fromkeys(found["cause"]) if cause != CAUSE_NOT_STATED]
    heads = [*budgets, CHANGE, *causes, CAUSE_NOT_STATED]
    rows = []
    places = ["theme", "organisation", "scheme_id", "kind"]
    for place, own in found.groupby(places, sort=False):
        amounts = [int(sums.get(place, 0)) for sums in budgets.values()]
        by_cause = own.groupby("cause")["amount"].sum()
        more = [int(by_cause.get(cause, 0)) for cause in (*causes, CAUSE_NOT_STATED)]
        rows.append((_place(*map(str, place)), [*amounts, int(own["amount"].sum()), *more]))
    total = [sum(column) for column in zip(*(amounts for _, amounts in rows), strict=True)]
    rows.append(("Total", total))
    texts = [(name, [shown(pence, unit) for pence in amounts]) for name, amounts in rows]
    widths = [
        max(len(head), *(len(cells[i]) for _, cells in texts)) for i, head in enumerate(heads)
    ]
    left = max(LEAST_NAME, room - sum(widths) - 2 * len(widths) - 1)
    first = min(max(len(name) for name, _ in texts), left)
    rule = "─" * (first + sum(widths) + 2 * len(widths) + 1)
    lines = [aligned([label(unit), *heads], first, widths), rule]
    lines += [aligned([name, *cells], first, widths) for name, cells in texts]
    lines.insert(-1, rule)
    return "\n".join(line.rstrip() for line in lines)


def _place(theme: str, organisation: str, scheme_id: str, kind: str) -> str:
    holder = "" if organisation == NOT_STATED else f" {organisation}"
    return f"{scheme_id or f'Theme {theme}'}{holder}" + (" (capital)" if kind == "capital" else "")


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
    return "not known" if pd.isna(pence) else f"{Decimal(int(pence)) / UNITS['millions']:,.1f}"


def answer(asked: Answer, assumption: str, unit: str, goal: Goal, target: Number) -> str:
    """Tell what value of an assumption brings a figure to its target, or that there is none."""
    return "\n".join(_told(asked, assumption, unit, goal, target))


def _told(asked: Answer, assumption: str, unit: str, goal: Goal, target: Number) -> Iterator[str]:
    wanted = _figure(target, goal)
    if asked.found and asked.value is not None and asked.reached is not None:
        yield f"{assumption}: {_value(asked.value, unit)}"
        yield f"With it {goal} is {_figure(asked.reached, goal)}; asked for: {wanted}."
        if asked.sides is not None:
            said = [f"{_figure(figure, goal)} at {_value(v, unit)}" for v, figure in asked.sides]
            yield f"It passes the target between two neighbouring values: {' and '.join(said)}."
        return
    yield f"No value of {assumption} brings {goal} to {wanted}."
    low, high = asked.lowest, asked.highest
    if low is not None and high is not None and low.figure == high.figure:
        yield f"  It does not move it: it is {_figure(low.figure, goal)} all along."
        return
    for name, point in (("lowest", asked.lowest), ("highest", asked.highest)):
        if point is not None:
            value, figure = point
            yield f"  {name} found: {_figure(figure, goal)}, at {_value(value, unit)}"


def _figure(number: Number, goal: Goal) -> str:
    return sterling(round(number)) if goal.unit == MONEY else f"{float(number):.4f}%"


def _value(value: int, unit: str) -> str:
    if unit in UNITS:
        return sterling(value)
    said = f"{(Decimal(value) / MILLIONTHS).normalize():,f}"
    return f"{said}%" if unit == "percent" else said

"""The pages of a scenario's workbook that are worked out anew when an assumption is changed.

Assumptions and savings programmes are inputs (`inputs`, `savings`); Effects says
what amounts of pounds do year by year; Walk takes every line through every step. The arithmetic is
that of `plan.workings` and `plan.savings`, printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bcf_model.expressions import WHOLE_RATE, Total, words
from bcf_model.plan import dated
from bcf_model.plan.bridge import ALLOCATION
from bcf_model.plan.words import (
    OPENING,
    PERCENT,
)
from bcf_model.plan.workings import (
    CARRIED,
    EFFECTS,
    OF_BASE,
    OF_PROGRAMMES,
    PARTED,
    RELEASED,
    STATED_OF,
    by_place,
    in_row,
    near_half,
)
from bcf_model.report.excel_book import Book
from bcf_model.report.scenario.grid import TOTAL, Entry, Field, Grid, Live, Names
from bcf_model.report.scenario.inputs import Rows, write_assumptions
from bcf_model.report.scenario.savings import write_savings
from bcf_model.report.scenario.view import View
from bcf_model.report.sheets import Heading
from bcf_model.tables import records
from bcf_model.years import spoken, year_before


@dataclass(frozen=True)
class LivePages:
    """The grids, in the order they follow from each other; savings where there are programmes."""

    assumptions: Grid
    savings: Grid | None
    effects: Grid
    walk: Grid


def write(book: Book, view: View) -> LivePages:
    """Write the live pages onto their tabs."""
    names = Names()
    assumed, rows = write_assumptions(book, view, names)
    saved = write_savings(book, view, names, assumed, rows) if len(view.table("savings")) else None
    effects = _effects(book, view, assumed, rows, saved)
    walked = _walk(book, view, assumed, rows, effects)
    return LivePages(assumed, saved, effects, walked)


def _effects(book: Book, view: View, assumed: Grid, rows: Rows, saved: Grid | None) -> Grid:
    projection = view.projection
    grid = Grid(
        book,
        "Effects",
        f"What amounts of pounds do, year by year: {view.perimeter}",
        (
            "An amount that starts part of the way through a year acts with a part in that year "
            "and with the rest in the next; what is not recurrent is reversed in the next.",
            f"In the year = {words(EFFECTS['in the year'])}. Signed as in the bridge.",
            "Investment in prevention is a constant: it does not follow the assumptions.",
        ),
        (
            Field("cause", Heading("Cause", width=28)),
            Field("kind", Heading("What it is", width=24)),
            Field("year", Heading("Year", width=11)),
            Field("step", Heading("Step", width=22)),
            Field("scope", Heading("Of", width=30)),
            Field("part", Heading("Part", width=14)),
            Field("months", Heading("Months", "number", 9)),
            Field("stated", Heading("Full-year value", "exact", 18)),
            Field("amount", Heading("Amount in the year", "exact", 18)),
        ),
    )
    assumptions = projection.scenario.tables["assumptions"]
    of_assumptions = len(dated.effects(assumptions, view.years))
    worked = view.table("savings_effects")
    worked = worked[worked["financial_year"].isin(view.years)]
    programmes = {row.programme: i for i, row in enumerate(records(view.table("savings")))}
    sides = [*records(worked)]
    for i, row in enumerate(records(projection.effects)):
        at, amount, stated = grid.rows, row.amount / 100, row.stated / 100
        entries: dict[str, Entry] = {
            "cause": row.cause, "year": spoken(row.financial_year), "step": row.step,
            "scope": row.scope, "part": row.part, "months": float(row.months),
        }  # fmt: skip
        if i < of_assumptions:
            start = _start(row.financial_year, row.part)
            place = rows.get((row.cause, start), rows.get((row.cause, ""), 0))
            entries["kind"] = "assumption"
            entries["stated"] = Live(assumed.ref(place, "amount"), stated)
            entries["amount"] = Live(grid.worked(at, EFFECTS[row.part]), amount)
        elif i < of_assumptions + len(sides):
            assert saved is not None
            side = sides[i - of_assumptions].side
            place = programmes[row.cause]
            entries["kind"] = f"savings programme, {side}"
            for key, expression, value in (
                ("stated", STATED_OF[side], stated),
                ("amount", OF_PROGRAMMES[side, row.part], amount),
            ):
                entries[key] = Live(saved.worked(place, expression, elsewhere=True), value)
        else:
            entries["kind"] = "investment in prevention"
            entries |= {"stated": stated, "amount": amount}
        grid.add(entries)
    if not grid.rows:
        grid.add({"cause": "No amount of pounds acts in this scenario.", "amount": 0.0})
    grid.name_columns("effect_", ("amount",))
    grid.filtered()
    return grid


def _start(year: str, part: str) -> str:
    """Give the year in which an amount began that acts now."""
    return year if part == "in the year" else year_before(year)


def _walk(book: Book, view: View, assumed: Grid, rows: Rows, effects: Grid) -> Grid:
    projection = view.projection
    grid = Grid(
        book,
        "Walk",
        f"Every line, step by step: {view.perimeter}",
        (
            "The rows of a line in a year stand together and sum to its closing, which is its "
            "opening in the next year.",
            f"A percentage adds {words(OF_BASE)}; the base is the line after the steps before.",
            f"An amount for several lines is parted: {words(PARTED)}.",
            f"Rows within 0.001p of a half penny, where a spreadsheet may round otherwise: "
            f"{near_half(view.walk)}.",
            "What prevention releases, and the weights, are constants: they do not follow the "
            "assumptions.",
        ),
        (
            Field("line", Heading("Line", width=18)),
            Field("year", Heading("Year", width=10)),
            Field("step", Heading("Step", width=22)),
            Field("cause", Heading("Cause", width=26)),
            Field("amount", Heading("Amount", "exact", 18)),
            Field("unit", Heading("Unit", width=10)),
            Field("base", Heading("Base", "exact", 18)),
            Field("rate", Heading("Rate, %", "rate", 14)),
            Field("whole", Heading("Whole amount", "exact", 18)),
            Field("weight", Heading("Weight", "number", 15)),
            Field("cumulative_weight", Heading("Weights so far", "number", 15)),
            Field("total_weight", Heading("All weights", "number", 15)),
            Field("group", Heading(view.group_label, width=16)),
            Field("organisation", Heading("Organisation", width=16)),
            Field("name", Heading("Name of the line", width=46)),
        ),
        naming=4,
    )
    frame = by_place(projection.bridge, view.walk)
    names = dict(zip(view.table("lines")["line"], view.table("lines")["name"], strict=True))
    ordered = [*records(frame)]
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for at, row in enumerate(ordered):
        starts.setdefault(row.place, at)
        ends[row.place] = at + 1
    taken = {(row.financial_year, row.number): at for at, row in enumerate(ordered) if row.taken}
    percentages = len(projection.rates)
    rates = [*records(projection.rates)]
    step_starts = _step_starts(ordered)
    for at, row in enumerate(ordered):

        def above(total: Total, row: Any = row, at: int = at) -> str:
            if total == CARRIED:
                place = row.place_before
                return f"SUM({grid.span(starts[place], ends[place], 'amount')})"
            return f"SUM({grid.span(starts[row.place], step_starts[at], 'amount')})"

        entries: dict[str, Entry] = {
            "line": row.line, "year": spoken(row.financial_year), "step": row.step,
            "cause": row.cause, "unit": row.unit, "group": row.group,
            "organisation": row.organisation, "name": names[row.line],
        }  # fmt: skip
        if row.unit == PERCENT:
            entry = rates[row.number]
            place = rows.get((entry.cause, entry.financial_year), rows.get((entry.cause, ""), 0))
            sign = "-" if row.taken else ""
            entries["rate"] = Live(f"{sign}{assumed.ref(place, 'rate')}", row.rate / WHOLE_RATE)
        elif row.unit != OPENING:
            entries["weight"] = float(row.weight)
            entries["cumulative_weight"] = float(row.cumulative_weight)
            entries["total_weight"] = float(row.total_weight)
            entries["whole"] = _whole(grid, row, effects, taken, percentages)
        first_year = row.financial_year == view.years[0]
        for key in ("base", "amount"):
            expression = in_row(key, row.unit, first_year=first_year)
            value = getattr(row, key) / 100
            if expression is not None:
                entries[key] = Live(grid.worked(at, expression, above), value)
            elif key == "amount":
                entries[key] = value
        grid.add(entries, TOTAL if row.unit == OPENING else None)
    grid.name_columns("walk_", ("amount", "line", "year", "step", "group", "organisation", "unit"))
    grid.filtered()
    return grid


def _step_starts(ordered: Sequence[Any]) -> list[int]:
    """Give of each row the first row of its step: a base is what stands above that."""
    found: list[int] = []
    for at, row in enumerate(ordered):
        before = ordered[at - 1] if at else None
        same = before is not None and (before.place, before.step_order) == (
            row.place, row.step_order,
        )  # fmt: skip
        found.append(found[-1] if same else at)
    return found


def _whole(
    grid: Grid, row: Any, effects: Grid, taken: dict[tuple[str, int], int], percentages: int
) -> Entry:
    """Give the amount that is parted: of an effect, of an allocation, or what was released."""
    whole = float(row.whole / 100)
    if row.number == RELEASED:
        return whole
    if row.step == ALLOCATION and row.number < percentages:
        return Live(f"-{grid.cell(taken[row.financial_year, row.number], 'amount')}", whole)
    return Live(effects.ref(row.number - percentages, "amount"), whole)


def released(view: View) -> int:
    """Give what prevention released, over all years, as it stands in the walk; in pence."""
    frame = by_place(view.projection.bridge, view.walk)
    return int(np.sum(frame.loc[frame["number"] == RELEASED, "amount"].to_numpy()))

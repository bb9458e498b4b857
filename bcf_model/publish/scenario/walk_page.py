"""The page Walk of a scenario's workbook: every line through every step (docs/method.md, 4).

The arithmetic is that of `plan.worked_columns`, printed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Expression,
    InRow,
    Total,
    words,
)
from bcf_model.core.tables import records
from bcf_model.plan.bridge import ALLOCATION, OF_PAYMENT, RELEASED, Bridge
from bcf_model.plan.words import FULL_PRICE, INFLATION, NOT_ALLOCATED, OPENING, PERCENT
from bcf_model.plan.worked_columns import (
    CARRIED,
    OF_BASE,
    PARTED,
    in_row,
    near_half,
)
from bcf_model.publish.excel_book import Book
from bcf_model.publish.scenario.formula_grid import TOTAL, Entry, Grid
from bcf_model.publish.scenario.homes import IF_NOTHING
from bcf_model.publish.scenario.lookups import View

BESIDE: Final = "Walk, nothing back"
_NAMED: Final = ("amount", "line", "year", "step", "cause", "group", "organisation", "kind",
                 "prevention", "unit")  # fmt: skip


@dataclass(frozen=True)
class Laid:
    """The rows of the walk in the order of their page, and where those of a place stand.

    Attributes:
        rows: of the walk, as `by_place` gives them.
        starts, ends: first row of each place, and the row after its last.
        step_starts: of each row, the first of its step: a base is what stands above that.
        releases: the row of each row of what is released.
    """

    rows: list[Any]
    starts: dict[str, int]
    ends: dict[str, int]
    step_starts: list[int]
    releases: dict[int, int]

    @staticmethod
    def out(frame: pd.DataFrame) -> "Laid":
        """Lay the walk out."""
        rows = [*records(frame)]
        starts: dict[str, int] = {}
        for at, row in enumerate(rows):
            starts.setdefault(row.place, at)
        ends = {row.place: at + 1 for at, row in enumerate(rows)}
        releases = {row.release: at for at, row in enumerate(rows) if row.number == RELEASED}
        return Laid(rows, starts, ends, _step_starts(rows), releases)

    def before_step(self, grid: Grid, at: int) -> Total:
        """Return the sum of what a line has before the step of a row."""
        start, end = self.starts[self.rows[at].place], self.step_starts[at]
        return grid.above(start, end, "amount")

    def year_before(self, grid: Grid, at: int) -> Total:
        """Return the sum of what the line of a row closed last year with."""
        place = self.rows[at].place_before
        return grid.above(self.starts[place], self.ends[place], "amount")


def by_place(bridge: Bridge, walk: pd.DataFrame) -> pd.DataFrame:
    """Order a walk in the order of its years and lines, so that the rows of a line stand together.

    Returns:
        The walk with `place`, `place_before` (blank in the first year), `taken`: whether it is
        what an allocation takes from the line that is not allocated, and `release`: which row of
        what prevention releases it comes of.
    """
    place = walk["financial_year"] + " " + walk["line"]
    years = dict(zip(bridge.years[1:], bridge.years, strict=False))
    before = walk["financial_year"].map(years)
    known = before.notna()
    taken = (walk["step"] == ALLOCATION) & (walk["line"] == NOT_ALLOCATED)
    order = {line: i for i, line in enumerate(bridge.lines["line"])}
    released = walk.index[walk["number"] == RELEASED]
    found = walk.assign(
        release=pd.Series(range(len(released)), released).reindex(walk.index, fill_value=-1),
        place=place,
        place_before=(before.where(known, "") + " " + walk["line"]).where(known, ""),
        taken=taken,
        line_order=walk["line"].map(order),
    )
    keys = ["financial_year", "line_order"]
    return found.sort_values(keys, kind="stable", ignore_index=True).drop(columns="line_order")


def begun(book: Book, view: View, beside: str = "") -> Grid:
    """Begin the page Walk: Released names its cells before they are written.

    Args:
        book: with a tab of that name.
        view: of the scenario.
        beside: `NOTHING_BACK`, of the same without any return on prevention; else blank.
    """
    releases = len(view.table("prevention")) > 0 and not beside
    return Grid(
        book,
        view,
        BESIDE if beside else "Walk",
        f"Every line, step by step,{beside}" if beside else "Every line, step by step",
        (
            "The rows of a line in a year stand together and sum to its closing, which is its "
            "opening in the next year.",
            f"A percentage adds {words(OF_BASE)}; the base is the line after the steps before.",
            f"An amount for several lines is parted: {words(PARTED)}.",
            f"Rows within 0.001p of a half penny, where a spreadsheet may round otherwise: "
            f"{near_half(view.figures.tables['walk' + beside])}.",
            "Weights are constants: they do not follow the assumptions.",
            *(("What prevention releases is worked out on the page Released.",) if releases
              else ()),
        ),
        page="Walk",
        naming=4,
    )  # fmt: skip


def write_walk(
    grid: Grid, view: View, laid: Laid, assumed: Grid, effects: Grid,
    given: Grid | None, paid: tuple[Grid | None, Mapping[tuple[str, str], int]],
) -> None:  # fmt: skip
    """Write every line, step by step; without `given` nothing is released."""
    year_before = dict(zip(view.years[1:], view.years, strict=False))
    projection = view.projection
    names = dict(zip(view.table("lines")["line"], view.table("lines")["name"], strict=True))
    taken = {(row.financial_year, row.number): at for at, row in enumerate(laid.rows) if row.taken}
    percentages = len(projection.rates)
    stated_in = projection.rates["row"].tolist()
    for at, row in enumerate(laid.rows):
        worked: dict[str, Expression] = {}
        entries: dict[str, Entry] = {"name": names[row.line]}
        if row.unit == PERCENT:
            rate = InRow(assumed.name, "rate", stated_in[row.number])
            entries["rate"], worked["rate"] = (
                row.rate / WHOLE_RATE,
                NIL - rate if row.taken else rate,
            )
        elif row.unit != OPENING:
            entries["weight"] = float(row.weight)
            entries["cumulative_weight"] = float(row.cumulative_weight)
            entries["total_weight"] = float(row.total_weight)
            entries["whole"] = float(row.whole / 100)
            if row.number == OF_PAYMENT:
                whole = _paid(row, paid, year_before.get(row.financial_year, ""))
            elif row.number == RELEASED:
                whole = None if given is None else InRow(given.name, "change", row.release)
            else:
                whole = _whole(grid, row, effects, taken, percentages)
            worked |= {} if whole is None else {"whole": whole}
        if row.number == OF_PAYMENT:
            worked["amount"] = Column("whole")
        first_year = row.financial_year == view.years[0]
        for key in ("base", "amount"):
            expression = in_row(key, row.unit, first_year=first_year)
            if expression is not None:
                of = laid.year_before if expression == CARRIED else laid.before_step
                entries[key] = getattr(row, key) / 100
                worked[key] = of(grid, at) if isinstance(expression, Total) else expression
        grid.add(entries, worked, TOTAL if row.unit == OPENING else None, row)
    prefix = "walk_" if grid.name == "Walk" else f"{IF_NOTHING}walk_"
    grid.name_columns(prefix, _NAMED)
    grid.filtered()


def _step_starts(ordered: Sequence[Any]) -> list[int]:
    """Return of each row the first row of its step: a base is what stands above that."""
    found: list[int] = []
    for at, row in enumerate(ordered):
        before = ordered[at - 1] if at else None
        same = before is not None and (before.place, before.step_order) == (
            row.place, row.step_order,
        )  # fmt: skip
        found.append(found[-1] if same else at)
    return found


def _paid(
    row: Any, paid: tuple[Grid | None, Mapping[tuple[str, str], int]], year_before: str
) -> Expression | None:
    """Return what payment by activity adds in a step; None for what the opening leaves out."""
    page, places = paid
    assert page is not None
    if row.step == FULL_PRICE:
        before = places.get((year_before, row.line))
        return None if before is None else InRow(page.name, "unpaid", before)
    at = places[row.financial_year, row.line]
    if row.step == INFLATION:
        return InRow(page.name, "repriced", at)
    return NIL - InRow(page.name, "unpaid", at)


def _whole(
    grid: Grid, row: Any, effects: Grid, taken: dict[tuple[str, int], int], percentages: int
) -> Expression:
    """Return the amount that is parted: of an effect, or of an allocation."""
    if row.step == ALLOCATION and row.number < percentages:
        return NIL - InRow(grid.name, "amount", taken[row.financial_year, row.number])
    return InRow(effects.name, "amount", row.number - percentages)

"""What prevention releases, in a scenario's workbook: worked out line by line, as in the engine.

The arithmetic is that of `plan.prevention.release`, printed (docs/method.md, 7). What can be taken
out of budgets (cashable) is a constant of a year; what is taken out depends on what lines have.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from bcf_model.core.expressions import words
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan.bridge import RELEASED
from bcf_model.plan.projection import SHIFT
from bcf_model.plan.worked_columns import LEFT, LEVEL, RELEASE, near_half
from bcf_model.publish.excel_book import Book
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario.formula_grid import Entry, Field, Grid, Live
from bcf_model.publish.scenario.lookups import View, who

TITLE: Final = "What prevention releases, line by line"


def released(view: View) -> pd.DataFrame:
    """Return what prevention releases, with all that the engine worked it out of.

    Returns:
        As `Releases.worked`. Pence: cashable (of the stream); base, what the line has before the
        step; put_back, released of the line last year; taken, by the streams before; room, what is
        then left; reached, the room of this line and those of the stream before it; most, of all
        its lines; level, what the stream releases; released, of this line; so_far, with the streams
        before; before, released last year by the same stream of the same line; change, in the
        bridge.
    """
    return view.projection.releases.worked(view.table("lines"))


def followed(view: View, worked: pd.DataFrame) -> View:
    """Return a view whose walk has a row for all that may be released, also where that is nil now.

    Args:
        view: of the scenario.
        worked: as `released` gives it.

    Returns:
        The view; its walk has a further column, the row of `worked` that a row comes of, or -1.
    """
    if worked.empty:
        return view.with_walk(view.walk.assign(release=-1), view.steps)
    order = view.projection.bridge.order
    kept = view.walk[view.walk["number"] != RELEASED]
    opened = kept[kept["financial_year"] == view.years[0]].drop_duplicates("line")
    of_lines = opened.set_index("line").loc[worked["line"]].reset_index()
    more = of_lines.assign(
        financial_year=worked["financial_year"], step_order=order.index(SHIFT) + 1, step=SHIFT,
        cause=worked["programme"], unit="pounds", base=0, rate=0, whole=worked["change"],
        weight=1, cumulative_weight=1, total_weight=1, amount=worked["change"],
        number=RELEASED,
    )  # fmt: skip
    parts = [kept.assign(release=-1), more.assign(release=np.arange(len(more)))]
    walk = pd.concat(parts, ignore_index=True)
    keys = ["financial_year", "step_order"]
    walk = walk.sort_values(keys, kind="stable", ignore_index=True).astype(view.walk.dtypes)
    acting = {*walk["step"]}
    return view.with_walk(walk, [step for step in order if step in acting])


def write_releases(
    book: Book, view: View, worked: pd.DataFrame, above: Callable[[int], str]
) -> Grid | None:
    """Write the page; there is none where nothing can be released.

    Args:
        book: with a tab of that name.
        view: of the scenario.
        worked: as `released` gives it.
        above: prints the cells whose sum is what the line of a row has before the step.
    """
    if worked.empty:
        return None
    grid = _begun(book, view, worked)
    rows = [*records(worked)]
    ends = {(row.financial_year, row.stream): at for at, row in enumerate(rows)}
    years = dict(zip(view.years[1:], view.years, strict=False))
    start: dict[tuple[str, int], int] = {}
    last: dict[tuple[str, str], int] = {}
    own: dict[tuple[str, int, str], int] = {}
    for at, row in enumerate(rows):
        year, before = row.financial_year, years.get(row.financial_year, "")
        first = start.setdefault((year, row.stream), at)
        found = {
            "base": f"ROUND(SUM({above(at)}),2)",
            "put_back": _cell(grid, last.get((before, row.line)), "so_far"),
            "taken": _cell(grid, last.get((year, row.line)), "so_far"),
            "before": _cell(grid, own.get((before, row.stream, row.line)), "released"),
            "reached": f"ROUND(SUM({grid.span(first, at + 1, 'room')}),2)",
            "most": grid.cell(ends[year, row.stream], "reached"),
            **{key: grid.worked(at, expression) for key, expression in RELEASE.items()},
        }
        found["released"] = f"IF({grid.cell(at, 'most')}>0,{found['released']},0)"
        entries: dict[str, Entry] = {
            "year": spoken(year), "line": row.line, "programme": row.programme,
            "payer": who(view, row.payer), "beneficiary": who(view, row.beneficiary),
            "cashable": row.cashable / 100,
        }  # fmt: skip
        for key, printed in found.items():
            value = getattr(row, key) / 100
            entries[key] = Live(printed, value) if printed else value
        grid.add(entries)
        last[year, row.line] = own[year, row.stream, row.line] = at
    grid.name_columns("release_", ("year", "released", "change"))
    grid.filtered()
    return grid


def _begun(book: Book, view: View, worked: pd.DataFrame) -> Grid:
    weights = worked.assign(
        base=0, rate=0, whole=worked["level"], weight=worked["room"],
        cumulative_weight=worked["reached"], total_weight=worked["most"].clip(lower=1),
    )  # fmt: skip
    return Grid(
        book,
        "Released",
        TITLE,
        (
            "A level, of the year: a stream of benefit releases what of it can be taken out of "
            "budgets (cashable), but no more than its lines have. Last year's releases are put "
            "back first, and what the streams before take in this year is taken off.",
            f"Left = {words(LEFT)} − taken before. The stream releases {words(LEVEL)}, parted "
            "over its lines by what is left of each, by cumulative rounding. The bridge gets the "
            "change on last year.",
            "What can be taken out of budgets is a constant: it does not follow the assumptions.",
            f"Rows within 0.001p of a half penny, where a spreadsheet may round otherwise: "
            f"{near_half(weights)}.",
        ),
        (
            Field("year", Heading("Year", width=10)),
            Field("line", Heading("Line", width=14)),
            Field("programme", Heading("Programme", width=18)),
            Field("payer", Heading("Paid by", width=17)),
            Field("beneficiary", Heading("Gains", width=17)),
            Field("cashable", Heading("Cashable", "exact", 13)),
            Field("base", Heading("Line before the step", "exact", 15)),
            Field("put_back", Heading("Put back of last year", "exact", 13)),
            Field("taken", Heading("Taken before", "exact", 13)),
            Field("room", Heading("Left", "exact", 15)),
            Field("reached", Heading("Left, so far", "exact", 15)),
            Field("most", Heading("Left of all lines", "exact", 15)),
            Field("level", Heading("The stream releases", "exact", 13)),
            Field("released", Heading("Of this line", "exact", 13)),
            Field("so_far", Heading("Taken, so far", "exact", 13)),
            Field("before", Heading("Of this line last year", "exact", 13)),
            Field("change", Heading("In the bridge", "exact", 13)),
        ),
        of=view.perimeter,
    )


def _cell(grid: Grid, at: int | None, key: str) -> str:
    """Return the address of a cell of an earlier row; blank where there is none."""
    return "" if at is None else grid.cell(at, key)

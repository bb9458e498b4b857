"""What prevention releases, in a scenario's workbook: worked out line by line, as in the engine.

The arithmetic is that of `plan.prevention.release`, printed (docs/method.md, 7): what is taken out
of budgets depends on what lines have.
"""

from collections.abc import Callable
from typing import Final

import pandas as pd

from bcf_model.core.expressions import NIL, Column, If, InRow, Total, words
from bcf_model.core.tables import records
from bcf_model.plan.positions import groups_of
from bcf_model.plan.worked_columns import LEFT, LEVEL, RELEASE, near_half
from bcf_model.publish.excel_book import Book
from bcf_model.publish.scenario.formula_grid import Grid
from bcf_model.publish.scenario.lookups import View

TITLE: Final = "What prevention releases, line by line"


def write_releases(book: Book, view: View, above: Callable[[int], Total]) -> Grid | None:
    """Write the page; there is none where nothing can be released.

    Args:
        book: with a tab of that name.
        view: of the scenario, whose walk has a row for all that may be released.
        above: gives the sum of what the line of a row has before the step.
    """
    worked = view.projection.releases.worked(view.table("lines"))
    if worked.empty:
        return None
    lines = view.table("lines")
    groups = dict(zip(lines["line"], groups_of(lines), strict=True))
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
        keys = ("financial_year", "programme", "payer", "beneficiary", "scope")
        of_stream = tuple((key, (getattr(row, key),)) for key in keys)
        worked_out = {
            "cashable": Total("cashable", table="prevention", of=of_stream),
            "base": above(at),
            "reached": grid.above(first, at + 1, "room"),
            "most": InRow(grid.name, "reached", ends[year, row.stream]),
            **RELEASE,
            "released": If(Column("most"), RELEASE["released"], NIL),
        }
        for key, column, earlier in (
            ("put_back", "so_far", last.get((before, row.line))),
            ("taken", "so_far", last.get((year, row.line))),
            ("before", "released", own.get((before, row.stream, row.line))),
        ):
            if earlier is not None:
                worked_out[key] = InRow(grid.name, column, earlier)
        grid.add({"group": groups[row.line]}, worked_out, row=row)
        last[year, row.line] = own[year, row.stream, row.line] = at
    named = ("year", "programme", "payer", "beneficiary", "group", "released", "change")
    grid.name_columns("release_", named)
    grid.filtered()
    return grid


def _begun(book: Book, view: View, worked: pd.DataFrame) -> Grid:
    weights = worked.assign(
        base=0, rate=0, whole=worked["level"], weight=worked["room"],
        cumulative_weight=worked["reached"], total_weight=worked["most"].clip(lower=1),
    )  # fmt: skip
    return Grid(
        book,
        view,
        "Released",
        TITLE,
        (
            "A level, of the year: a stream of benefit releases what of it can be taken out of "
            "budgets (cashable), but no more than its lines have. Last year's releases are put "
            "back first, and what the streams before take in this year is taken off.",
            f"Left = {words(LEFT)} − taken before. The stream releases {words(LEVEL)}, parted "
            "over its lines by what is left of each, by cumulative rounding. The bridge gets the "
            "change on last year.",
            f"Rows within 0.001p of a half penny, where a spreadsheet may round otherwise: "
            f"{near_half(weights)}.",
        ),
    )

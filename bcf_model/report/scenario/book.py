"""report.xlsx of a scenario: change an assumption, and the bridge follows, to the penny."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.money import label
from bcf_model.report.excel_book import DARK, LINE, NAVIGATION, Book, lines_in, quoted
from bcf_model.report.excel_file import (
    COVER,
    FACTS,
    RULED,
    UNDATED,
    begin_cover,
    cover_contents,
    master_check,
    only_settings,
    written,
)
from bcf_model.report.scenario import live as live_pages
from bcf_model.report.scenario.proof import CHECKED, chart, checks
from bcf_model.report.scenario.told import factor, headline, not_known
from bcf_model.report.scenario.view import Summed, View, span
from bcf_model.report.sheets import Heading, Money, Sheet
from bcf_model.years import spoken

LIVE_SUMS: Final = ("Bridge", "By theme", "By block", "By organisation", "Lines")
"""Pages whose amounts are formulas over the walk."""
REPLACED: Final = ("Assumptions", "Programmes")
"""Pages in whose place the workbook has one with inputs."""
CONSTANT: Final = (
    "Constants, as they were computed when the report was made: this page does not follow a "
    "changed assumption."
)
_COLUMN: Final = {"financial_year": "walk_year"}


class ScenarioBook(Book):
    """The report's book, with amounts that are sums over the walk.

    Attributes:
        constant: whether the page being written is one of constants.
        summed: the cell in which each sum over the walk stood first, by what it selects.
    """

    def __init__(self, file: xlsxwriter.Workbook, view: View, tabs: dict[str, Worksheet]) -> None:
        """Start with empty tabs."""
        settings = view.projection.plan.inputs.settings.model_copy(
            update={
                "title": f"{view.projection.scenario.settings.title}: {view.perimeter}",
                "financial_year": view.years[0],
            }
        )
        super().__init__(file, only_settings(settings), tabs)
        self.constant = False
        self.summed: dict[tuple[tuple[str, str], ...], str] = {}

    def money(self, tab: Worksheet, at: int, column: int, cell: Money, looks: Any) -> None:
        """Write an amount; one that is a sum over the walk as a formula."""
        if self.constant or not isinstance(cell, Summed):
            super().money(tab, at, column, cell, looks)
            return
        here = f"'{tab.get_name()}'!{xl_rowcol_to_cell(at, column, True, True)}"
        self.summed.setdefault(cell.where, here)
        tab.write_formula(at, column, f"={formula(cell)}", looks, cell.pence / 100)

    def headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        """Write the headings; on a page of constants say when they no longer belong to these."""
        super().headings(tab, top, headings)
        if self.constant:
            bold = self.format(bold=True, align="right", font_color="#842029")
            printed = '=IF(inputs_changed=0,"As reported","Inputs changed: not followed here")'
            tab.write_formula(NAVIGATION, len(headings) - 1, printed, bold, "As reported")


def formula(cell: Summed) -> str:
    """Print a sum over the walk."""
    chosen = "".join(
        f",{_COLUMN.get(column, f'walk_{column}')},{quoted(_shown(column, value))}"
        for column, value in cell.where
    )
    return f"ROUND(SUMIFS(walk_amount{chosen}),2)" if chosen else "ROUND(SUM(walk_amount),2)"


def _shown(column: str, value: str) -> str:
    return spoken(value) if column == "financial_year" else value


def workbook(view: View, pages: Sequence[Sheet]) -> bytes:
    """Write the workbook of a scenario.

    Args:
        view: of the scenario.
        pages: as laid out by `pages.sheets`.

    Returns:
        The bytes of an .xlsx file; the same scenario gives the same bytes.
    """
    settings = view.projection.scenario.settings
    shown = [sheet for sheet in pages if sheet.name not in REPLACED]
    titles = _titles(view, pages, shown)

    def fill(file: xlsxwriter.Workbook, tabs: dict[str, Worksheet]) -> None:
        book = ScenarioBook(file, view, tabs)
        live = live_pages.write(book, view)
        for sheet in shown:
            book.constant = sheet.name not in LIVE_SUMS
            book.page(_with_remark(sheet) if book.constant else sheet)
        book.constant = False
        chart(book, view, shown[0])
        checks(book, view, live)
        _cover(book, view, titles)

    return written(
        titles,
        fill,
        title=f"{settings.title}: {view.perimeter}",
        created=datetime.combine(settings.as_at, time()) if settings.as_at else UNDATED,
    )


def _with_remark(sheet: Sheet) -> Sheet:
    about = (*sheet.about, *(() if sheet.name == "Sources" else (CONSTANT,)))
    return Sheet(
        sheet.name, sheet.title, about, sheet.headings, sheet.rows, sheet.opening,
        sheet.in_workbook, sheet.naming,
    )  # fmt: skip


def _titles(view: View, pages: Sequence[Sheet], shown: Sequence[Sheet]) -> dict[str, str]:
    """Name the tabs in their order, each with what it shows."""
    of = {sheet.name: sheet.title for sheet in shown}
    first = [sheet.name for sheet in shown if sheet.name in LIVE_SUMS and sheet.opening]
    titles = {COVER: ""} | {name: of[name] for name in first}
    titles["Assumptions"] = "Assumptions: change them here"
    if any(sheet.name == "Programmes" for sheet in pages):
        titles["Savings"] = "Savings programmes: change them here"
    titles["Effects"] = "What amounts of pounds do, year by year"
    titles["Walk"] = "Every line, step by step"
    last = ("Lines", "Sources")
    titles |= {name: title for name, title in of.items() if name not in (*first, *last)}
    return titles | {"Lines": of["Lines"], "Checks": CHECKED, "Sources": of["Sources"]}


def _cover(book: ScenarioBook, view: View, titles: dict[str, str]) -> None:
    settings = view.projection.scenario.settings
    tab = begin_cover(book, settings.title, f"{view.perimeter}, {span(view)}")
    tab.set_row(0, LINE * 2 * lines_in(settings.title, 62) + 4)
    at = FACTS
    for name, text in _facts(view):
        looks = {"font_color": "#842029"} if name == "Not known" else {}
        tab.write_string(at, 0, name, book.format(**{"bold": True, **RULED}))
        tab.write_string(at, 1, text, book.format(text_wrap=True, **(RULED | looks)))
        tab.set_row(at, LINE * sum(lines_in(it, 100) for it in text.split("\n")) + 5)
        at += 1
    at += 1
    master_check(book, at)
    tab.write_string(at + 1, 0, "Inputs", book.format(bold=True, font_size=12))
    changed = '=IF(inputs_changed=0,"As reported",inputs_changed&" changed since the report")'
    tab.write_formula(
        at + 1, 1, changed, book.format(bold=True, font_size=12, font_color=DARK), "As reported"
    )
    pages = {name: title for name, title in titles.items() if name != COVER}
    cover_contents(book, at + 3, pages, "Contents")


def _facts(view: View) -> list[tuple[str, str]]:
    settings = view.projection.scenario.settings
    note = " ".join(settings.note.split())
    found = [
        ("Result", headline(view)),
        ("Scenario", view.name + "".join(f", on {it}" for it in
                                         view.projection.scenario.chain[1:])),
        ("Status", settings.status),
        ("Author", settings.author),
        ("As at", f"{settings.as_at.day} {settings.as_at:%B %Y}" if settings.as_at else ""),
        ("What it is", note),
        ("Sources", "\n".join(settings.sources)),
        ("Calibration", factor(view)),
        ("Not known", "\n".join(not_known(view))),
        (
            "To change an assumption",
            "Type over a pale yellow cell on the page Assumptions (or Savings): the bridge, its "
            "chart and the pages beside it follow. Pages of constants say so at their top.",
        ),
        (
            "Units and signs",
            f"Amounts are of {view.perimeter}, in pounds, shown in {label(view.unit)}; computed in "
            "whole pence. A step that adds to the budget is above nil, one that takes off it in "
            "(brackets).",
        ),
        ("Made with", f"bcf_model {__version__}; run.json beside this workbook lists its inputs."),
    ]  # fmt: skip
    return [(name, text) for name, text in found if text]

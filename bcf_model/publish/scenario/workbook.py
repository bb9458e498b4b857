"""report.xlsx of a scenario: change an assumption, and the bridge follows, to the penny."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from textwrap import shorten
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.figures import Figure
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import NAVIGATION, Book, pages_across, quoted
from bcf_model.publish.excel_file import COVER, UNDATED, only_settings, written
from bcf_model.publish.page import Heading, Money, Sheet
from bcf_model.publish.scenario import live_pages, releases_page
from bcf_model.publish.scenario.checks_page import CHECKED, checks
from bcf_model.publish.scenario.cover import write_cover
from bcf_model.publish.scenario.dependent_pages import Printed, laid_out
from bcf_model.publish.scenario.excel_bridge_chart import chart
from bcf_model.publish.scenario.lookups import View, span

FIRST: Final = ("Bridge", "By theme", "By block", "By organisation")
"""Pages read first; they are sums over the walk."""
REPLACED: Final = ("Assumptions", "Programmes", "Payments")
"""Pages in whose place the workbook has one with inputs."""
CONSTANT: Final = (
    "Constants, as they were computed when the report was made: this page does not follow a "
    "changed assumption."
)
_OF_FOOTER: Final = 90  # characters, so that it stays clear of the page number


class ScenarioBook(Book):
    """The report's book, with amounts that are sums over the walk.

    Attributes:
        constant: whether the page being written is one of constants.
    """

    def __init__(self, file: xlsxwriter.Workbook, view: View, tabs: dict[str, Worksheet]) -> None:
        """Start with empty tabs."""
        settings = view.projection.plan.inputs.settings
        super().__init__(file, only_settings(settings, view.figures), tabs)
        self._foot = f"{shorten(view.perimeter, _OF_FOOTER, placeholder='…')}, {span(view)}"
        self.constant = False

    def head(self, tab: Worksheet, title: str, about: Iterable[str]) -> None:
        """Write what stands above a table; the foot says what amounts are of, and which years."""
        super().head(tab, title, about)
        tab.set_footer(f"&L&8{self._foot.replace('&', '&&')}&R&8&A: page &P of &N")

    def money(self, tab: Worksheet, at: int, column: int, cell: Money, looks: Any) -> None:
        """Write an amount; one that is worked out of other pages as a formula."""
        if isinstance(cell, Printed):
            tab.write_formula(at, column, f"={cell.printed(at, column)}", looks, cell.pence / 100)
            return
        super().money(tab, at, column, cell, looks)

    def figure(self, tab: Worksheet, at: int, column: int, cell: Figure, looks: Any) -> None:
        """Write a sum over the walk; on a page of constants what it comes to."""
        if self.constant:
            tab.write_number(at, column, self.value(cell), looks)
        else:
            super().figure(tab, at, column, cell, looks)

    def formula(self, figure: Figure) -> str:
        """Print a sum over the walk."""
        chosen = "".join(
            f",walk_{key},{quoted(_shown(key, value))}" for key, (value,) in figure.selection
        )
        return f"ROUND(SUMIFS(walk_amount{chosen}),2)" if chosen else "ROUND(SUM(walk_amount),2)"

    def headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        """Write the headings; on a page of constants say when they no longer belong to these."""
        super().headings(tab, top, headings)
        if self.constant:
            bold = self.format(bold=True, align="right", font_color="#842029")
            printed = '=IF(inputs_changed=0,"As reported","Inputs changed: not followed here")'
            tab.write_formula(NAVIGATION, len(headings) - 1, printed, bold, "As reported")


def _shown(key: str, value: str) -> str:
    return spoken(value) if key == "year" else value


def workbook(view: View, pages: Sequence[Sheet]) -> bytes:
    """Write the workbook of a scenario.

    Args:
        view: of the scenario.
        pages: as laid out by `bridge_pages.sheets`.

    Returns:
        The bytes of an .xlsx file; the same scenario gives the same bytes.
    """
    settings = view.projection.scenario.settings
    released = releases_page.released(view)
    walked = releases_page.followed(view, released)
    following = {sheet.name: laid_out(walked, sheet) for sheet in pages}
    shown = [_fitted(view, following[sheet.name] or _with_remark(sheet)) for sheet in pages
             if sheet.name not in REPLACED]  # fmt: skip
    titles = _titles(pages, shown, len(released) > 0)

    def fill(file: xlsxwriter.Workbook, tabs: dict[str, Worksheet]) -> None:
        book = ScenarioBook(file, view, tabs)
        live = live_pages.write(book, walked, released)
        for sheet in shown:
            book.constant = following[sheet.name] is None
            book.page(sheet)
        book.constant = False
        chart(book, walked, shown[0])
        checks(book, walked, live)
        write_cover(book, view, titles)

    return written(
        titles,
        fill,
        title=f"{settings.title}: {view.perimeter}",
        created=datetime.combine(settings.as_at, time()) if settings.as_at else UNDATED,
    )


def _with_remark(sheet: Sheet) -> Sheet:
    about = (*sheet.about, *(() if sheet.name == "Sources" else (CONSTANT,)))
    return replace(sheet, about=about)


def _fitted(view: View, sheet: Sheet) -> Sheet:
    """Shorten the title of a page over several sheets of paper, on which a long one is cut."""
    if pages_across(sheet) == 1:
        return sheet
    about = (f"All amounts are of: {view.perimeter}.", *sheet.about)
    return replace(sheet, title=sheet.title.removesuffix(f": {view.perimeter}"), about=about)


def _titles(pages: Sequence[Sheet], shown: Sequence[Sheet], releases_any: bool) -> dict[str, str]:
    """Name the tabs in their order, each with what it shows."""
    of = {sheet.name: sheet.title for sheet in shown}
    first = [sheet.name for sheet in shown if sheet.name in FIRST]
    titles = {COVER: ""} | {name: of[name] for name in first}
    titles["Assumptions"] = "Assumptions: change them here"
    if any(sheet.name == "Programmes" for sheet in pages):
        titles["Savings"] = "Savings programmes: change them here"
    titles["Effects"] = "What amounts of pounds do, year by year"
    if releases_any:
        titles["Released"] = releases_page.TITLE
    if any(sheet.name == "Payments" for sheet in pages):
        titles["Payments"] = "Payment by activity: what of each year is payable"
    titles["Walk"] = "Every line, step by step"
    last = ("Lines", "Sources")
    titles |= {name: title for name, title in of.items() if name not in (*first, *last)}
    return titles | {"Lines": of["Lines"], "Checks": CHECKED, "Sources": of["Sources"]}

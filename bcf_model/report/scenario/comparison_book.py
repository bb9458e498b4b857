"""comparison.xlsx and comparison.html of scenarios; differences in the workbook are formulas."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final, cast

import pandas as pd
import xlsxwriter
from markupsafe import Markup
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.money import label
from bcf_model.report.charts import bars_in_words, draw
from bcf_model.report.excel_book import DARK, LINE, NAVIGATION, Book, Page, lines_in
from bcf_model.report.scenario.comparison_pages import Difference, blocks
from bcf_model.report.scenario.html import rendered, section
from bcf_model.report.scenario.told import UNSURE
from bcf_model.report.scenario.view import View
from bcf_model.report.sheets import Heading, Money, Sheet
from bcf_model.results import Results

_MADE: Final = datetime(2000, 1, 1)
"""No date of the run stands in the file: the same scenarios give the same bytes."""


class _Book(Book):
    """The report's book, for pages of constants whose differences are formulas."""

    def __init__(self, file: xlsxwriter.Workbook, view: View, tabs: dict[str, Worksheet]) -> None:
        settings = view.projection.plan.inputs.settings.model_copy(
            update={"title": f"Scenarios: {view.perimeter}", "financial_year": view.years[0]}
        )
        inputs = SimpleNamespace(settings=settings)
        super().__init__(file, cast(Results, SimpleNamespace(inputs=inputs)), tabs)

    def headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        super().headings(tab, top, headings)
        tab.write_blank(NAVIGATION, len(headings) - 1, None, self.format())  # no master check

    def money(self, tab: Worksheet, at: int, column: int, cell: Money, looks: Any) -> None:
        if not isinstance(cell, Difference):
            super().money(tab, at, column, cell, looks)
            return
        own = xl_rowcol_to_cell(at, column - cell.to_its_left)
        first = xl_rowcol_to_cell(at, 1, col_abs=True)
        tab.write_formula(at, column, f"=ROUND({own}-{first},2)", looks, cell.pence / 100)


def workbook(views: Sequence[View], pages: Sequence[Sheet]) -> bytes:
    """Write a comparison as a workbook.

    Returns:
        The bytes of an .xlsx file; the same scenarios give the same bytes.
    """
    stream = BytesIO()
    file = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title = f"Scenarios side by side: {views[0].perimeter}"
    comments = f"Made with bcf_model {__version__}"
    file.set_properties({"title": title, "comments": comments, "created": _MADE})
    names = ["Cover", *(sheet.name for sheet in pages)]
    book = _Book(file, views[0], {name: file.add_worksheet(name, Page) for name in names})
    for sheet in pages:
        book.page(sheet)
    _cover(book, views, pages)
    book.tabs["Cover"].activate()
    file.close()
    return stream.getvalue()


def _cover(book: _Book, views: Sequence[View], pages: Sequence[Sheet]) -> None:
    tab = book.tabs["Cover"]
    tab.hide_gridlines(2)
    tab.set_portrait()
    tab.set_paper(9)
    tab.fit_to_pages(1, 1)
    tab.set_column(0, 0, 28)
    tab.set_column(1, 1, 88)
    tab.set_row(0, 28)
    large = book.format(bold=True, font_size=18, font_color=DARK)
    tab.write_string(0, 0, "Scenarios side by side", large)
    middling = book.format(bold=True, font_size=13, font_color=DARK)
    tab.write_string(1, 0, views[0].perimeter, middling)
    facts = [
        (view.name, f"{view.projection.scenario.settings.title} "
                    f"({view.projection.scenario.settings.status})") for view in views
    ]  # fmt: skip
    facts += [
        ("Compared with", views[0].name),
        ("Amounts", f"Constants, in pounds, shown in {label(book.unit)}; differences are formulas. "
                    "Each scenario has a workbook of its own, whose assumptions can be changed."),
        ("Made with", f"bcf_model {__version__}"),
    ]  # fmt: skip
    for at, (name, said) in enumerate(facts, start=3):
        tab.write_string(at, 0, name, book.format(bold=True, valign="top"))
        tab.write_string(at, 1, said, book.format(text_wrap=True, valign="top"))
        tab.set_row(at, LINE * lines_in(said, 88) + 4)
    for at, sheet in enumerate(pages, start=3 + len(facts) + 1):
        link = book.format(font_color="#0563C1", underline=1)
        tab.write_url(at, 0, f"internal:'{sheet.name}'!A1", link, sheet.name)
        tab.write_string(at, 1, sheet.title, book.format())


def page(compared: pd.DataFrame, views: Sequence[View], pages: Sequence[Sheet]) -> str:
    """Write a comparison as one self-contained web page."""
    found = blocks(compared, views)
    unit = label(views[0].unit)
    title = f"Closing spending less that of {views[0].name}"
    chart = draw("scenarios", title, bars_in_words(found, unit), found) if found else ""
    return rendered(
        "scenario/comparison.html.j2",
        views=views,
        pool=views[0].projection.plan.inputs.settings.title,
        perimeter=views[0].perimeter,
        unit=unit,
        unsure=UNSURE,
        sections=[section(sheet, views[0].unit) for sheet in pages],
        chart=Markup(chart),
        version=__version__,
    )

"""audit.xlsx: the pages of an audit, in the look of the report. Text and numbers, no formulas."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Final, cast

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.audit.examine import Audit, Audited
from bcf_model.report.audit.pages import headline
from bcf_model.report.excel_book import DARK, LINE, NAVIGATION, WHOLE, Book, Page, lines_in
from bcf_model.report.sheets import Cell, Heading, Number, Sheet
from bcf_model.results import Results

_FINE: Final = "#,##0.0###_);(#,##0.0###);0_)"
_MADE: Final = datetime(2000, 1, 1)
"""No date of the run stands in the file: the same paper gives the same bytes."""

_NO_RESULTS: Final = SimpleNamespace(
    inputs=SimpleNamespace(settings=SimpleNamespace(unit="pounds"))
)


class _Book(Book):
    """The report's book, for pages that hold text and numbers only and need no results."""

    def __init__(self, file: xlsxwriter.Workbook, title: str, tabs: dict[str, Worksheet]) -> None:
        super().__init__(file, cast(Results, _NO_RESULTS), tabs)
        self._title = title

    def head(self, tab: Worksheet, title: str, about: Iterable[str]) -> None:
        tab.hide_gridlines(2)
        tab.set_landscape()
        tab.set_paper(9)
        tab.fit_to_pages(1, 0)
        tab.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        name = self._title[:100].replace("&", "&&")  # Excel takes 255 characters in all
        tab.set_footer(f"&L&8Audit: {name}&R&8&A: page &P of &N")
        tab.set_row(0, 24)
        tab.write_string(0, 0, title, self.format(bold=True, font_size=15, font_color=DARK))
        link = self.format(font_color="#0563C1", underline=1)
        tab.write_url(NAVIGATION, 0, "internal:Cover!A1", link, "Back to contents")
        for i, sentence in enumerate(about, start=NAVIGATION + 1):
            tab.write_string(i, 0, sentence, self.format(font_color="#444444"))

    def headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        super().headings(tab, top, headings)
        tab.write_blank(NAVIGATION, len(headings) - 1, None, self.format())  # no master check

    def _number_format(self, heading: Heading, cell: Cell) -> str:
        whole = not isinstance(cell, Number) or float(cell.value).is_integer()
        return WHOLE if whole else _FINE


def workbook(audit: Audit, audited: Audited, pages: tuple[Sheet, ...]) -> bytes:
    """Write the workbook of an audit.

    Returns:
        The bytes of an .xlsx file; the same audit gives the same bytes.
    """
    stream = BytesIO()
    file = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    file.set_properties(
        {
            "title": f"Audit: {audited.title}",
            "comments": f"Made with bcf_model {__version__}",
            "created": _MADE,
        }
    )
    names = ["Cover", *(page.name for page in pages)]
    book = _Book(file, audited.title, {name: file.add_worksheet(name, Page) for name in names})
    for page in pages:
        book.page(page)
    _cover(book, audit, audited, pages)
    book.tabs["Cover"].activate()
    file.close()
    return stream.getvalue()


def _cover(book: _Book, audit: Audit, audited: Audited, pages: tuple[Sheet, ...]) -> None:
    tab = book.tabs["Cover"]
    tab.hide_gridlines(2)
    tab.set_portrait()
    tab.set_paper(9)
    tab.fit_to_pages(1, 1)
    tab.set_column(0, 0, 24)
    tab.set_column(1, 1, 92)
    tab.set_row(0, 28)
    tab.set_row(1, 20)
    large = book.format(bold=True, font_size=18, font_color=DARK)
    tab.write_string(0, 0, audited.title, large)
    middling = book.format(bold=True, font_size=13, font_color=DARK)
    tab.write_string(1, 0, "Audit of the printed figures", middling)
    ruled = {"bottom": 4, "bottom_color": "#BBBBBB"}
    at = 3
    for name, said in facts(audit, audited):
        tab.write_string(at, 0, name, book.format(bold=True, valign="top", **ruled))
        tab.write_string(at, 1, said, book.format(text_wrap=True, valign="top", **ruled))
        tab.set_row(at, LINE * lines_in(said, 92) + 4)
        at += 1
    at += 1
    tab.set_row(at, 18)
    tab.write_string(at, 0, "Contents", book.format(bold=True, font_size=12))
    for at_row, page in enumerate(pages, start=at + 1):
        link = book.format(font_color="#0563C1", underline=1)
        tab.write_url(at_row, 0, f"internal:'{page.name}'!A1", link, page.name)
        tab.write_string(at_row, 1, page.title, book.format())


def facts(audit: Audit, audited: Audited) -> tuple[tuple[str, str], ...]:
    """Give what stands at the head of an audit, wherever it is read."""
    compared = "each against the computed one; " if audit.reperformed else ""
    return (
        ("Result", f"{headline(audit)}."),
        ("Paper", audited.source),
        ("Looked at", f"The printed figures: {compared}all of them together; tables against "
                      "tables; signs, percentages and units."),
        ("Rounding", "Every printed number counts as all it may have been rounded from: rounding "
                     "is never reported as an error."),
        ("Not looked at", "Whether the amounts themselves are true: no ledger was seen."),
        ("Made with", f"bcf_model {__version__}, from {len(audited.files)} "
                      f"{'file' if len(audited.files) == 1 else 'files'}; the page Method lists "
                      "each with its SHA-256."),
    )  # fmt: skip

"""audit.xlsx: the pages of an audit, in the look of the report. Text and numbers, no formulas."""

from collections.abc import Iterable
from types import SimpleNamespace

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.audit.examine import Audit, Audited
from bcf_model.publish.audit.pages import headline
from bcf_model.publish.excel_book import NAVIGATION
from bcf_model.publish.excel_file import (
    COVER,
    RULED,
    Unchecked,
    begin_cover,
    cover_contents,
    cover_facts,
    only_settings,
    written,
)
from bcf_model.publish.house_style import DARK, FINE, LINK, REMARK, WHOLE
from bcf_model.publish.page import Cell, Heading, Number, Sheet


class _Book(Unchecked):
    """The report's book, for pages that hold text and numbers only and need no results."""

    def __init__(self, file: xlsxwriter.Workbook, title: str, tabs: dict[str, Worksheet]) -> None:
        super().__init__(file, only_settings(SimpleNamespace(unit="pounds")), tabs)
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
        link = self.format(font_color=LINK, underline=1)
        tab.write_url(NAVIGATION, 0, "internal:Cover!A1", link, "Back to contents")
        for i, sentence in enumerate(about, start=NAVIGATION + 1):
            tab.write_string(i, 0, sentence, self.format(font_color=REMARK))

    def _number_format(self, heading: Heading, cell: Cell) -> str:
        whole = not isinstance(cell, Number) or float(cell.value).is_integer()
        return WHOLE if whole else FINE


def workbook(audit: Audit, audited: Audited, pages: tuple[Sheet, ...]) -> bytes:
    """Write the workbook of an audit.

    Returns:
        The bytes of an .xlsx file; the same audit gives the same bytes.
    """

    def fill(file: xlsxwriter.Workbook, tabs: dict[str, Worksheet]) -> None:
        book = _Book(file, audited.title, tabs)
        for page in pages:
            book.page(page)
        tab = begin_cover(book, audited.title, "Audit of the printed figures")
        at = cover_facts(book, facts(audit, audited), valign="top", **RULED)
        tab.set_row(at, 18)
        cover_contents(book, at, {page.name: page.title for page in pages}, "Contents")

    names = [COVER, *(page.name for page in pages)]
    return written(names, fill, title=f"Audit: {audited.title}")


def facts(audit: Audit, audited: Audited) -> tuple[tuple[str, str], ...]:
    """Return what stands at the head of an audit, wherever it is read."""
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

"""comparison.xlsx: agreements side by side, with a check that all account for the same variance."""

from collections.abc import Sequence
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.core.expressions import (
    NIL,
    AddedUp,
    Decimals,
    If,
    Named,
    Rounded,
    Whole,
    size_of,
)
from bcf_model.core.money import label
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import Book
from bcf_model.publish.excel_checks import PENNY
from bcf_model.publish.excel_file import COVER, begin_cover, cover_contents, cover_facts, written
from bcf_model.publish.house_style import HIDDEN, HOLDS_OR_FAILS, SHOWN
from bcf_model.publish.page import Sheet
from bcf_model.year.results import Results


def workbook(tried: Sequence[Results], pages: tuple[Sheet, ...]) -> bytes:
    """Write the comparison as a workbook. Every agreement must account for the same variance.

    Args:
        tried: the results under each agreement.
        pages: as laid out by `year_end_pages.sheets`.

    Returns:
        The bytes of an .xlsx file; the same results give the same bytes.
    """
    settings = tried[0].inputs.settings

    def fill(file: xlsxwriter.Workbook, tabs: dict[str, Worksheet]) -> None:
        book = Book(file, tried[0], tabs)
        for sheet in pages:
            book.page(sheet)
        _chart_and_check(book, pages[0], len(tried))
        _cover(book, pages, len(tried))

    return written(
        [COVER, *(sheet.name for sheet in pages)],
        fill,
        title=settings.title,
        created=datetime.combine(settings.as_at, time()),
    )


def _cover(book: Book, pages: tuple[Sheet, ...], agreements: int) -> None:
    settings = book.results.inputs.settings
    year = spoken(settings.financial_year)
    standing = settings.standing
    begin_cover(
        book, settings.title, f"{agreements} agreements on the {standing.spending} of {year}"
    )
    facts = (
        ("Position as at", settings.day),
        *((("Shares", standing.share_note.capitalize()),) if standing.share_note else ()),
        ("Source", settings.source),
        ("Signs", "Positive is a cost to the party; (brackets) a relief."),
        (
            "Working",
            "Beside this workbook each agreement has a folder of its own, with a whole report: "
            "its Workings page shows each share as a formula.",
        ),
        ("Made with", f"bcf_model {__version__}"),
    )
    at = cover_facts(book, facts)
    cover_contents(book, at, {sheet.name: sheet.title for sheet in pages})


def _chart_and_check(book: Book, sheet: Sheet, agreements: int) -> None:
    """Draw the bars, and see that each column of the table sums to the same variance."""
    tab, top = book.tabs[sheet.name], book.top(sheet)
    first, last, total = top + 1, top + len(sheet.rows) - 1, top + len(sheet.rows)
    number = book.format(num_format=HOLDS_OR_FAILS, align="right")
    tab.write_string(total + 1, 0, "Adds up to the same variance", book.format(italic=True))
    for column in range(1, agreements + 1):
        rows, whole = xl_range(first, column, last, column), xl_rowcol_to_cell(total, 1)
        difference = Rounded(AddedUp((Named(rows),)) - Named(whole))
        beyond = size_of(difference) - Decimals(PENNY)
        book.work(tab, (total + 1, column), If(beyond, Whole(1), NIL), number, 0)
    book.name("check_result", sheet.name, (total + 1, 1), (total + 1, agreements))
    results = AddedUp((Named("check_result"),))
    book.work(tab, (total + 2, 0), results, book.format(num_format=HIDDEN), 0)
    book.name("checks_failed", sheet.name, (total + 2, 0))
    chart = book.file.add_chart({"type": "bar"})
    shown = SHOWN[book.unit]
    for column in range(1, agreements + 1):
        chart.add_series(
            {
                "name": [sheet.name, top, column],
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, column, last, column],
                "data_labels": {"value": True, "num_format": shown},
            }
        )
    chart.set_title(
        {
            "name": f"{book.results.inputs.settings.standing.borne}, {label(book.unit)}",
            "name_font": {"size": 11},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": shown})
    chart.set_size({"width": 940, "height": 120 + 26 * agreements * max(2, last - first + 1)})
    said = "Bars of what each party bears under each agreement, as in the table above."
    tab.insert_chart(total + 4, 0, chart, {"description": said})

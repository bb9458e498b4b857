"""comparison.xlsx: agreements side by side, with a check that all account for the same variance."""

from collections.abc import Iterator, Sequence
from functools import partial

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

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
from bcf_model.publish.excel_book import Book, of_year
from bcf_model.publish.excel_checks import PENNY
from bcf_model.publish.excel_file import Cover, Fact, Workbook
from bcf_model.publish.house_style import HIDDEN, HOLDS_OR_FAILS, SHOWN
from bcf_model.publish.page import Sheet
from bcf_model.year.results import Results


def workbook(tried: Sequence[Results], pages: tuple[Sheet, ...]) -> Workbook:
    """Return the comparison as a workbook. Every agreement must account for the same variance.

    Args:
        tried: the results under each agreement.
        pages: as laid out by `pages.sheets`.
    """
    settings, standing = tried[0].inputs.settings, tried[0].inputs.settings.standing

    def fill(book: Book) -> None:
        book.write(pages)
        _chart_and_check(book, pages[0], len(tried), standing.borne)

    under = (
        f"{len(tried)} agreements on the {standing.spending} of {spoken(settings.financial_year)}"
    )
    return Workbook(
        settings.title,
        Cover(settings.title, under, [*_facts(tried[0])]),
        {sheet.name: sheet.title for sheet in pages},
        partial(Book, **of_year(tried[0])),
        fill,
        as_at=settings.as_at,
    )


def _facts(results: Results) -> Iterator[Fact]:
    settings = results.inputs.settings
    yield Fact("Position as at", settings.day)
    if settings.standing.share_note:
        yield Fact("Shares", settings.standing.share_note.capitalize())
    yield Fact("Source", settings.source)
    yield Fact("Signs", "Positive is a cost to the party; (brackets) a relief.")
    yield Fact(
        "Working",
        "Beside this workbook each agreement has a folder of its own, with a whole report: "
        "its Workings page shows each share as a formula.",
    )
    yield Fact("Made with", f"bcf_model {__version__}")


def _chart_and_check(book: Book, sheet: Sheet, agreements: int, borne: str) -> None:
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
            "name": f"{borne}, {label(book.unit)}",
            "name_font": {"size": 11},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": shown})
    chart.set_size({"width": 940, "height": 120 + 26 * agreements * max(2, last - first + 1)})
    said = "Bars of what each party bears under each agreement, as in the table above."
    tab.insert_chart(total + 4, 0, chart, {"description": said})

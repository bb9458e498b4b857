"""The files of a comparison: a workbook, a web page, a table, and a whole report under each."""

import csv
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import pandas as pd
import xlsxwriter

from bcf_model import __version__
from bcf_model.errors import DoesNotReconcile
from bcf_model.money import label, read_money, sterling
from bcf_model.report.charts import bars_in_words, draw
from bcf_model.report.comparison.html import page
from bcf_model.report.comparison.pages import blocks, sheets
from bcf_model.report.excel_book import DARK, LINE, SHOWN, Book, Page, lines_in
from bcf_model.report.sheets import Sheet
from bcf_model.report.write import contents as report_of
from bcf_model.report.write import table_csv, write_files
from bcf_model.results import Results
from bcf_model.tables import OWN_AGREEMENT, ComparisonOut
from bcf_model.years import spoken

WORKBOOK: Final = "comparison.xlsx"
WEB_PAGE: Final = "comparison.html"
TABLE: Final = "tables/comparison.csv"
_TAKEN: Final = {WORKBOOK, WEB_PAGE, TABLE.partition("/")[0]}
_NO_FOLDER: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]|^[. ]|[. ]$|^$')
_DEVICES: Final = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{it}{n}" for it in ("com", "lpt") for n in range(10)),
}
"""What a folder cannot be called: on Windows not, or it would be hidden or lost elsewhere."""


def write_comparison(
    compared: pd.DataFrame, tried: Sequence[Results], directory: str | Path
) -> list[Path]:
    """Write a comparison, and beside it the whole report under each agreement.

    Args:
        compared: `tables.ComparisonOut`.
        tried: the results under each agreement, the first being the one compared with.
        directory: made when missing; other files in it are left alone.

    Returns:
        The files of the comparison; each agreement's report is in a folder of its name.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    own = contents(compared, tried)
    reports = {
        f"{results.inputs.agreement.name}/{name}": data
        for results in tried
        for name, data in report_of(results).items()
    }
    written = write_files(own | reports, directory, lambda made: _read_back(made, compared))
    return written[: len(own)]


def trouble_with_names(agreements: Sequence[tuple[str, Path]]) -> str:
    """Say why agreements of these names cannot be told apart, or have folders; "" when they can.

    Args:
        agreements: those that are tried beside the pool's own, each with its name and where it is.
    """
    first: dict[str, tuple[str, Path]] = {}
    for name, path in agreements:
        other, earlier = first.setdefault(name.casefold(), (name, path))
        if path is not earlier:
            alike = f"are both called {name!r}" if name == other else "differ by capitals alone"
            return f"{earlier} and {path} {alike}: rename one of them"
        why = ""
        if name.casefold() == OWN_AGREEMENT.name:
            why = "the pool's own agreement is called so"
        elif name.casefold() in _TAKEN:
            what = "file" if "." in name else "folder"
            why = f"the comparison itself has a {what} of that name"
        elif _NO_FOLDER.search(name) or name.casefold().partition(".")[0] in _DEVICES:
            why = "a folder of that name cannot be made, or not on every computer"
        if why:
            return f"an agreement cannot be called {name!r}, as {path} is: {why}. Rename it"
    return ""


def contents(compared: pd.DataFrame, tried: Sequence[Results]) -> dict[str, bytes]:
    """Make the files of the comparison itself: the same results give the same bytes."""
    pages = sheets(compared, tried)
    chart = draw(
        "agreements",
        "What each party bears under each agreement",
        bars_in_words(blocks(compared, tried), label(tried[0].inputs.settings.unit)),
        blocks(compared, tried),
    )
    return {
        WORKBOOK: workbook(tried, pages),
        WEB_PAGE: page(tried, pages, chart).encode(),
        TABLE: table_csv(compared, ComparisonOut),
    }


def workbook(tried: Sequence[Results], pages: tuple[Sheet, ...]) -> bytes:
    """Write the comparison as a workbook. Every agreement must account for the same variance."""
    stream = BytesIO()
    file = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    settings = tried[0].inputs.settings
    file.set_properties(
        {"title": settings.title, "comments": f"Made with bcf_model {__version__}"}
        | {"created": pd.Timestamp(settings.as_at).to_pydatetime()}
    )
    names = ["Cover", *(page.name for page in pages)]
    book = Book(file, tried[0], {name: file.add_worksheet(name, Page) for name in names})
    for sheet in pages:
        book.page(sheet)
    _chart_and_check(book, pages[0], len(tried))
    _cover(book, pages, len(tried))
    book.tabs["Cover"].activate()
    file.close()
    return stream.getvalue()


def _chart_and_check(book: Book, sheet: Sheet, agreements: int) -> None:
    """Draw the bars, and see that each column of the table sums to the same variance."""
    tab, top = book.tabs[sheet.name], book.top(sheet)
    first, last, total = top + 1, top + len(sheet.rows) - 1, top + len(sheet.rows)
    number = book.format(num_format='"fails";;"holds"', align="right")
    tab.write_string(total + 1, 0, "Adds up to the same variance", book.format(italic=True))
    for column in range(1, agreements + 1):
        letter = chr(ord("A") + column) if column < 26 else ""  # noqa: PLR2004
        if letter:
            rows = f"{letter}{first + 1}:{letter}{last + 1}"
            failed = f"=IF(ABS(ROUND(SUM({rows})-$B{total + 1},2))<0.005,0,1)"
            tab.write_formula(total + 1, column, failed, number, 0)
    end = chr(ord("A") + min(agreements, 25))
    book.file.define_name("check_result", f"='{sheet.name}'!$B${total + 2}:${end}${total + 2}")
    hidden = book.format(num_format=";;;")
    tab.write_formula(total + 2, 0, "=SUM(check_result)", hidden, 0)
    book.file.define_name("checks_failed", f"='{sheet.name}'!$A${total + 3}")
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
    chart.set_title({"name": f"Borne, {label(book.unit)}", "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": shown})
    chart.set_size({"width": 940, "height": 120 + 26 * agreements * max(2, last - first + 1)})
    said = "Bars of what each party bears under each agreement, as in the table above."
    tab.insert_chart(total + 4, 0, chart, {"description": said})


def _cover(book: Book, pages: tuple[Sheet, ...], agreements: int) -> None:
    tab, settings = book.tabs["Cover"], book.results.inputs.settings
    tab.hide_gridlines(2)
    tab.set_portrait()
    tab.set_paper(9)
    tab.fit_to_pages(1, 1)
    tab.set_column(0, 0, 24)
    tab.set_column(1, 1, 92)
    tab.set_row(0, 28)
    large = book.format(bold=True, font_size=18, font_color=DARK)
    tab.write_string(0, 0, settings.title, large)
    year = f"{agreements} agreements on the outturn of {spoken(settings.financial_year)}"
    tab.write_string(1, 0, year, book.format(bold=True, font_size=13, font_color=DARK))
    facts = (
        ("Position as at", f"{settings.as_at.day} {settings.as_at:%B %Y}"),
        ("Source", settings.source),
        ("Signs", "Positive is a cost to the party; (brackets) a relief."),
        (
            "Working",
            "Beside this workbook each agreement has a folder of its own, with a whole report: "
            "its Workings page shows each share as a formula.",
        ),
        ("Made with", f"bcf_model {__version__}"),
    )
    for at, (name, said) in enumerate(facts, start=3):
        tab.write_string(at, 0, name, book.format(bold=True))
        tab.write_string(at, 1, said, book.format(text_wrap=True))
        tab.set_row(at, LINE * lines_in(said, 92) + 4)
    for at, sheet in enumerate(pages, start=3 + len(facts) + 1):
        link = book.format(font_color="#0563C1", underline=1)
        tab.write_url(at, 0, f"internal:'{sheet.name}'!A1", link, sheet.name)
        tab.write_string(at, 1, sheet.title, book.format())


def _read_back(made: Path, compared: pd.DataFrame) -> None:
    """Add up what was written, from the file itself."""
    with (made / TABLE).open(encoding="utf-8", newline="") as file:
        written = sum(read_money(row["borne"], "pounds").pence for row in csv.DictReader(file))
    if written != int(compared["borne"].sum()):
        message = f"borne in {TABLE} adds up to {sterling(written)}. Nothing was written."
        raise DoesNotReconcile(message)

"""The workbook: the report's pages with live formulas, each written with its computed value."""

import math
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.core.figures import Figure
from bcf_model.core.money import label
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import Book
from bcf_model.publish.excel_file import (
    COVER,
    RULED,
    begin_cover,
    cover_contents,
    cover_facts,
    master_check,
    written,
)
from bcf_model.publish.excel_proof import checks, register
from bcf_model.publish.house_style import DARK, GRIDLINE, SHOWN, WHOLE_POUNDS
from bcf_model.publish.page import Sheet
from bcf_model.year.results import Results


def workbook(results: Results, pages: tuple[Sheet, ...]) -> bytes:
    """Write the whole workbook.

    Returns:
        The bytes of an .xlsx file; the same results give the same bytes.
    """
    settings = results.inputs.settings
    names = [page.name for page in pages]
    at = names.index("Findings")

    def fill(file: xlsxwriter.Workbook, tabs: dict[str, Worksheet]) -> None:
        book = Book(file, results, tabs)
        for page in pages:
            book.name_columns(page)
        for page in pages:
            book.page(page)
        _summary_chart(book, next(page for page in pages if page.name == "Summary"))
        register(book)
        checks(book)
        _cover(book, {page.name: page.title for page in pages})

    return written(
        [COVER, *names[:at], "Checks", "Figures", *names[at:]],
        fill,
        title=f"{settings.title}, {spoken(settings.financial_year)}",
        subject=settings.board,
        # The date of the position, not of the run: the same inputs give the same bytes.
        created=datetime.combine(settings.as_at, time()),
    )


def _cover(book: Book, titles: dict[str, str]) -> None:
    settings = book.results.inputs.settings
    standing = settings.standing
    year = f"{standing.position} {spoken(settings.financial_year)}"
    tab = begin_cover(book, settings.title, year)
    everyone = book.results.inputs.organisations
    of_pool = everyone[everyone["organisation_kind"] != "provider"]
    partners = zip(of_pool["organisation"], of_pool["name"], strict=True)
    facts = (
        ("For", settings.board),
        ("Position as at", settings.day),
        *((("Shares", standing.share_note.capitalize()),) if standing.share_note else ()),
        ("Status", settings.status or "Not stated"),
        ("Source", settings.source),
        ("Partners", "; ".join(f"{name} ({code})" for code, name in partners)),
        (
            "Units",
            f"Amounts are in pounds and shown in {label(book.unit)}. They are computed in whole "
            "pence; the Inputs, Workings, Checks and Figures pages show pounds and pence.",
        ),
        (
            "Signs",
            "Spending is positive. Variance = expenditure − budget: positive is an overspend, "
            "(brackets) an underspend. Borne is positive where it costs the partner.",
        ),
        (
            "Rounding",
            "Half away from zero, to the penny, once for each share; figures shown in a larger "
            "unit are rounded on the page only, so they may not appear to add up.",
        ),
        (
            "Percentages",
            "Of budget; blank, with the reason beside, where the budget is nil or negative.",
        ),
        (
            "Cell colours",
            "Pale yellow: an amount from the inputs. Blue: headings and totals. "
            "Everything else is text, or a formula.",
        ),
        (
            "Made with",
            f"bcf_model {__version__}, from {len(book.results.inputs.files)} files; "
            "run.json beside this workbook lists each with its SHA-256.",
        ),
    )
    at = cover_facts(book, facts, **RULED)
    master_check(book, at)
    tab.set_row(at, 18)
    at += 2
    tab.set_row(at, 18)
    titles = titles | {
        "Checks": "Identities that must hold to the penny",
        "Figures": "Register of every figure, beside the engine's value",
    }
    pages = {name: titles[name] for name in book.tabs if name != COVER}
    cover_contents(book, at, pages, "Contents")


def _axis(lowest: float, highest: float) -> dict[str, float]:
    """Choose an axis of about six round steps, with room for a label beside the longest bar."""
    span = (highest - lowest) or 1.0
    size = 10.0 ** math.floor(math.log10(span / 6))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= span / 6)
    axis = {"major_unit": step}
    if lowest < 0:
        axis["min"] = math.floor((lowest - span / 10) / step) * step
    return axis


def _summary_chart(book: Book, page: Sheet) -> None:
    """Draw variance by theme beside the summary's table."""
    top = book.top(page) + 2  # past the headings and the group row
    last = top + len(book.results.inputs.themes) - 1
    variance = next(i for i, h in enumerate(page.headings) if h.text == "Variance")
    # Whole pounds do for a chart; and a label beside the longest bar needs room within the axis.
    shown = WHOLE_POUNDS if book.unit == "pounds" else SHOWN[book.unit]
    themes = book.results.inputs.themes["theme"]
    values = [book.results.figures.value(Figure.of("variance", theme=t)) for t in themes]
    pounds = [value / 100 for value in values if value is not None]
    if not pounds:
        return
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Variance",
            "categories": ["Summary", top, 0, last, 0],
            "values": ["Summary", top, variance, last, variance],
            "fill": {"color": DARK},
            "gap": 60,
            "data_labels": {"value": True, "num_format": shown},
        }
    )
    chart.set_title({"name": f"Variance by theme, {label(book.unit)} (positive: overspend)",
                     "name_font": {"size": 11}})  # fmt: skip
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": {"size": 9}})
    chart.set_x_axis(
        {
            "num_format": shown,
            "major_gridlines": {"visible": True, "line": {"color": GRIDLINE}},
            **_axis(min(0, *pounds), max(0, *pounds)),
        }
    )
    chart.set_size({"width": 940, "height": 60 + 34 * max(4, last - top + 1)})
    said = "Bar chart of the variance of each theme; the same figures stand in the table above."
    below = book.top(page) + len(page.rows) + 2
    book.tabs["Summary"].insert_chart(below, 0, chart, {"description": said})

"""The workbook: the report's pages with live formulas, each written with its computed value."""

import math
from datetime import datetime, time
from io import BytesIO

import xlsxwriter

from bcf_model import __version__
from bcf_model.figures import Figure
from bcf_model.money import label
from bcf_model.report.excel_book import DARK, LINE, SHOWN, Book, Page, lines_in
from bcf_model.report.excel_proof import checks, register
from bcf_model.report.sheets import Sheet
from bcf_model.results import Results
from bcf_model.years import spoken


def workbook(results: Results, pages: tuple[Sheet, ...]) -> bytes:
    """Write the whole workbook.

    Returns:
        The bytes of an .xlsx file; the same results give the same bytes.
    """
    stream = BytesIO()
    file = xlsxwriter.Workbook(
        stream,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    settings = results.inputs.settings
    file.set_properties(
        {
            "title": f"{settings.title}, {spoken(settings.financial_year)}",
            "subject": settings.board,
            "comments": f"Made with bcf_model {__version__}",
            # The date of the position, not of the run: the same inputs give the same bytes.
            "created": datetime.combine(settings.as_at, time()),
        }
    )
    names = [page.name for page in pages]
    at = names.index("Findings")
    names = ["Cover", *names[:at], "Checks", "Figures", *names[at:]]
    book = Book(file, results, {name: file.add_worksheet(name, Page) for name in names})
    for page in pages:
        book.name_columns(page)
    for page in pages:
        book.page(page)
    _summary_chart(book, next(page for page in pages if page.name == "Summary"))
    register(book)
    checks(book)
    _cover(book, {page.name: page.title for page in pages})
    book.tabs["Cover"].activate()
    file.close()
    return stream.getvalue()


def _cover(book: Book, titles: dict[str, str]) -> None:
    tab, settings = book.tabs["Cover"], book.results.inputs.settings
    tab.hide_gridlines(2)
    tab.set_portrait()
    tab.set_paper(9)
    tab.fit_to_pages(1, 1)
    tab.set_column(0, 0, 24)
    tab.set_column(1, 1, 92)
    tab.set_row(0, 28)
    tab.set_row(1, 20)
    tab.write_string(0, 0, settings.title, book.format(bold=True, font_size=18, font_color=DARK))
    year = f"Year-end position {spoken(settings.financial_year)}"
    tab.write_string(1, 0, year, book.format(bold=True, font_size=13, font_color=DARK))
    everyone = book.results.inputs.organisations
    of_pool = everyone[everyone["organisation_kind"] != "provider"]
    partners = zip(of_pool["organisation"], of_pool["name"], strict=True)
    facts = (
        ("For", settings.board),
        ("Position as at", f"{settings.as_at.day} {settings.as_at:%B %Y}"),
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
    for at, (name, said) in enumerate(facts, start=3):
        tab.write_string(at, 0, name, book.format(bold=True, bottom=4, bottom_color="#BBBBBB"))
        tab.write_string(at, 1, said, book.format(text_wrap=True, bottom=4, bottom_color="#BBBBBB"))
        tab.set_row(at, LINE * lines_in(said, 92) + 4)
    at = 3 + len(facts) + 1
    tab.write_string(at, 0, "Master check", book.format(bold=True, font_size=12))
    tab.write_formula(
        at, 1,
        '=IF(checks_failed=0,"All checks hold",checks_failed&" checks fail: see the Checks page")',
        book.format(bold=True, font_size=12, font_color=DARK), "All checks hold",
    )  # fmt: skip
    tab.set_row(at, 18)
    at += 2
    tab.set_row(at, 18)
    tab.write_string(at, 0, "Contents", book.format(bold=True, font_size=12))
    titles = titles | {
        "Checks": "Identities that must hold to the penny",
        "Figures": "Register of every figure, beside the engine's value",
    }
    for at_row, name in enumerate((n for n in book.tabs if n != "Cover"), start=at + 1):
        link = book.format(font_color="#0563C1", underline=1)
        tab.write_url(at_row, 0, f"internal:'{name}'!A1", link, name)
        tab.write_string(at_row, 1, titles[name], book.format())


_WHOLE_POUNDS = "#,##0_);(#,##0)"


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
    shown = _WHOLE_POUNDS if book.unit == "pounds" else SHOWN[book.unit]
    themes = book.results.inputs.themes["theme"]
    pounds = [book.results.figures.pence(Figure.of("variance", theme=t)) / 100 for t in themes]
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
            "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
            **_axis(min(0, *pounds), max(0, *pounds)),
        }
    )
    chart.set_size({"width": 940, "height": 60 + 34 * max(4, last - top + 1)})
    said = "Bar chart of the variance of each theme; the same figures stand in the table above."
    below = book.top(page) + len(page.rows) + 2
    book.tabs["Summary"].insert_chart(below, 0, chart, {"description": said})

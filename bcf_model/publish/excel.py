"""The workbook: the report's pages with live formulas, each written with its computed value."""

import math
from collections.abc import Iterator
from functools import partial
from typing import Final

from bcf_model import __version__
from bcf_model.core.figures import Figure
from bcf_model.core.money import label
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import Book, of_year
from bcf_model.publish.excel_file import MASTER_CHECK, RULED, Cover, Fact, Workbook
from bcf_model.publish.excel_proof import checks, register
from bcf_model.publish.house_style import DARK, GRIDLINE, SHOWN, WHOLE_POUNDS
from bcf_model.publish.page import Sheet
from bcf_model.year.results import Results


def workbook(results: Results, pages: tuple[Sheet, ...]) -> Workbook:
    """Return the whole workbook of a year, whose pages are laid out."""
    settings = results.inputs.settings
    titles = [(page.name, page.title) for page in pages]
    at = [page.name for page in pages].index("Findings")

    def fill(book: Book) -> None:
        book.write(pages)
        _summary_chart(book, results, next(page for page in pages if page.name == "Summary"))
        registered = register(book, results)
        checks(book, results, registered)

    return Workbook(
        f"{settings.title}, {spoken(settings.financial_year)}",
        Cover(
            settings.title,
            f"{settings.standing.position} {spoken(settings.financial_year)}",
            [*_facts(results)],
            [MASTER_CHECK],
            "Contents",
            RULED,
            spaced=True,
        ),
        dict([*titles[:at], *_PROOF, *titles[at:]]),
        partial(Book, **of_year(results)),
        fill,
        settings.board,
        settings.as_at,
    )


_PROOF: Final = (
    ("Checks", "Identities that must hold to the penny"),
    ("Figures", "Register of every figure, beside the engine's value"),
)


def _facts(results: Results) -> Iterator[Fact]:
    settings, standing = results.inputs.settings, results.inputs.settings.standing
    everyone = results.inputs.organisations
    of_pool = everyone[everyone["organisation_kind"] != "provider"]
    partners = zip(of_pool["organisation"], of_pool["name"], strict=True)
    yield Fact("For", settings.board)
    yield Fact("Position as at", settings.day)
    if standing.share_note:
        yield Fact("Shares", standing.share_note.capitalize())
    yield Fact("Status", settings.status or "Not stated")
    yield Fact("Source", settings.source)
    yield Fact("Partners", "; ".join(f"{name} ({code})" for code, name in partners))
    yield Fact(
        "Units",
        f"Amounts are in pounds and shown in {label(settings.unit)}. They are computed in whole "
        "pence; the Inputs, Workings, Checks and Figures pages show pounds and pence.",
    )
    yield Fact(
        "Signs",
        "Spending is positive. Variance = expenditure − budget: positive is an overspend, "
        "(brackets) an underspend. Borne is positive where it costs the partner.",
    )
    yield Fact(
        "Rounding",
        "Half away from zero, to the penny, once for each share; figures shown in a larger "
        "unit are rounded on the page only, so they may not appear to add up.",
    )
    yield Fact(
        "Percentages",
        "Of budget; blank, with the reason beside, where the budget is nil or negative.",
    )
    yield Fact(
        "Cell colours",
        "Pale yellow: an amount from the inputs. Blue: headings and totals. "
        "Everything else is text, or a formula.",
    )
    yield Fact(
        "Made with",
        f"bcf_model {__version__}, from {len(results.inputs.files)} files; "
        "run.json beside this workbook lists each with its SHA-256.",
    )


def _axis(lowest: float, highest: float) -> dict[str, float]:
    """Choose an axis of about six round steps, with room for a label beside the longest bar."""
    span = (highest - lowest) or 1.0
    size = 10.0 ** math.floor(math.log10(span / 6))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= span / 6)
    axis = {"major_unit": step}
    if lowest < 0:
        axis["min"] = math.floor((lowest - span / 10) / step) * step
    return axis


def _summary_chart(book: Book, results: Results, page: Sheet) -> None:
    """Draw variance by theme beside the summary's table."""
    top = book.top(page) + 2  # past the headings and the group row
    last = top + len(results.inputs.themes) - 1
    variance = next(i for i, h in enumerate(page.headings) if h.text == "Variance")
    # Whole pounds do for a chart; and a label beside the longest bar needs room within the axis.
    shown = WHOLE_POUNDS if book.unit == "pounds" else SHOWN[book.unit]
    themes = results.inputs.themes["theme"]
    values = [results.figures.value(Figure.of("variance", theme=t)) for t in themes]
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

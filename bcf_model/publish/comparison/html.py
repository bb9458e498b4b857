"""comparison.html: agreements side by side as one web page, in the look of the report."""

from collections.abc import Sequence

from markupsafe import Markup

from bcf_model.core.money import label, shown
from bcf_model.core.years import spoken
from bcf_model.publish.html_table import Column, Printed, Section, line, of_number, section
from bcf_model.publish.page import Cell, Heading, Money, Sheet
from bcf_model.publish.templates import rendered
from bcf_model.year.results import Results


def page(tried: Sequence[Results], pages: tuple[Sheet, ...], chart: str) -> str:
    """Write a comparison as one self-contained web page.

    Args:
        tried: the results under each agreement.
        pages: as laid out by `year_end_pages.sheets`.
        chart: the bars, as SVG.

    Returns:
        The page; the same results give the same text.
    """
    settings = tried[0].inputs.settings
    return rendered(
        "comparison/page.html.j2",
        settings=settings,
        year=spoken(settings.financial_year),
        unit=label(settings.unit),
        spending=settings.standing.spending,
        borne=settings.standing.borne,
        as_at=settings.day,
        sections=[_section(sheet, settings.unit) for sheet in pages],
        chart=Markup(chart),
        agreements=len(tried),
    )


def _section(sheet: Sheet, unit: str) -> Section:
    """Print a sheet; the unit of all its amounts stands at the head of the page."""

    def printed(cell: Cell, heading: Heading) -> Printed:
        said = cell if isinstance(cell, str) else ""
        text = shown(cell.pence, unit) if isinstance(cell, Money) else said
        return Printed(text, "" if heading.form == "text" else of_number(text))

    columns = (Column(it.text, "", "" if it.form == "text" else "n") for it in sheet.headings)
    return section(sheet, columns, (line(row, sheet.headings, printed) for row in sheet.rows))

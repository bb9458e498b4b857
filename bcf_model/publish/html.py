"""The report as one web page: no script, no request, readable on paper and on a phone.

Values come from the figures of the pages (`year_end_pages`); this module only words and places
them. The template escapes everything it is given, except the charts, which escape their own text.
"""

from typing import Any, Final

from bcf_model.core import money
from bcf_model.core.expressions import WHOLE_RATE, If, InRow, Sum, Total
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.findings import warnings_among
from bcf_model.core.money import percent
from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.publish.derivations import CLOSED, MOST_LINES, Derivations, of_year
from bcf_model.publish.headline import (
    by_bearer,
    by_theme,
    headline,
    of_the_pool,
    who_bears,
    who_bears_heading,
)
from bcf_model.publish.html_table import (
    SHORT,
    WIDE,
    Line,
    Printed,
    Section,
    column,
    line,
    number,
    of_number,
    only,
    said_in,
    section,
)
from bcf_model.publish.page import (
    Cell,
    Heading,
    Money,
    Number,
    Row,
    Sheet,
)
from bcf_model.publish.templates import rendered
from bcf_model.year.results import Results

_BESIDE: Final = 2  # characters between columns


def page(results: Results, pages: tuple[Sheet, ...]) -> str:
    """Write the whole report as one self-contained HTML page.

    Args:
        results: a calculated pool.
        pages: as laid out by `year_end_pages.sheets`. A Checks page is added to them.

    Returns:
        The page; the same results give the same text, byte for byte.
    """
    settings = results.inputs.settings
    derivations = of_year(results)
    writer = _Writer(results, derivations)
    sections = [writer.section(sheet) for sheet in (*pages, checks(results))]
    charts = {"Summary": by_theme(results)}
    if not settings.standing.no_share:
        charts["Revenue and capital"] = by_bearer(results)
    return rendered(
        "page.html.j2",
        settings=settings,
        year=spoken(settings.financial_year),
        position=settings.standing.position,
        as_at=settings.day,
        unit=money.label(settings.unit),
        shown_as=_SHOWN_AS[settings.unit],
        headline=headline(results),
        pool=of_the_pool(results, derivations.link),
        borne=who_bears(results, derivations.link),
        borne_heading=who_bears_heading(results),
        about_shares=settings.standing.about_shares,
        checks=len(results.checks),
        warnings=warnings_among(results.inputs.findings),
        sections=sections,
        charts=charts,
        lines=len(results.figures.tables["lines"]),
        most_lines=MOST_LINES,
        derivations=derivations.panels(),
        closed=CLOSED,
    )


_SHOWN_AS: Final = {
    "pounds": "Amounts are shown in pounds and pence",
    "thousands": "Amounts are shown in £000, rounded to whole thousands",
    "millions": "Amounts are shown in £m, rounded to three decimals",
}


def checks(results: Results) -> Sheet:
    """The identities that were found to hold, as a page."""
    rows = tuple(
        Row(
            "line",
            (said, Money(expected), Money(found), Money(difference)),
        )
        for said, expected, found, difference in records(results.outputs["checks"])
    )
    return Sheet(
        "Checks",
        "Checks",
        (
            f"All {len(rows)} checks hold: each pair of amounts is equal to the penny.",
            "A report is written only if every one of them holds.",
        ),
        (
            Heading("What must be equal", width=60),
            *(Heading(text, "exact", 18) for text in ("Expected", "Found", "Difference")),
        ),
        rows,
        opening=False,
    )


class _Writer:
    """Turns the cells of a sheet into text."""

    def __init__(self, results: Results, derivations: Derivations) -> None:
        self._results = results
        self._derivations = derivations
        self._unit = results.inputs.settings.unit

    def section(self, sheet: Sheet) -> Section:
        """Print a sheet."""
        lines = [self._line(row, sheet.headings) for row in sheet.rows]
        kept = _kept(sheet, lines)
        headings = [sheet.headings[place] for place in kept]
        longest = _longest(lines, len(sheet.headings))
        short = {
            place
            for place in kept
            if sheet.headings[place].form == "text" and longest[place] <= SHORT
        }
        widths = (_room(sheet.headings[place], longest[place]) for place in kept)
        return section(
            sheet,
            (column(heading, self._unit) for heading in headings),
            (only(line, kept, short) for line in lines),
            caption=self._caption(sheet),
            wide=sum(widths) > WIDE,
        )

    def _caption(self, sheet: Sheet) -> str:
        forms = {heading.form for heading in sheet.headings}
        unit = f", {money.label(self._unit)}" if "money" in forms else ""
        return f"{sheet.title}, {spoken(self._results.inputs.settings.financial_year)}{unit}"

    def _line(self, row: Row, headings: tuple[Heading, ...]) -> Line:
        totals = row.style in ("subtotal", "total")
        return line(row, headings, lambda cell, heading: self._cell(cell, heading, totals))

    def _cell(self, cell: Cell, heading: Heading, total: bool) -> Printed:
        text = self._text(cell, heading)
        style = "" if heading.form == "text" else of_number(text)
        if isinstance(cell, Figure):
            link = self._derivations.link(cell)
            named = str(cell) if link else ""  # what does not open is one of very many lines
            return Printed(text, style, named, cell.words if total else "", link)
        link = self._derivations.balancing(cell) if isinstance(cell, Sum) else ""
        return Printed(text, style, link=link)

    def _text(self, cell: Cell, heading: Heading) -> str:
        match cell:
            case If():
                return self._results.figures.text(cell)
            case None | str():
                return cell or ""
            case Figure():
                return self._value(self._results.figures.value(cell), cell, heading)
            case Money() | Sum() | Total():
                pence = self._pence(cell)
                return "" if pence is None else self._money(pence, heading)
            case Number(value):
                return number(value)
            case InRow(table, column, row):
                if self._results.figures.unknown(table, column, row):
                    return NOT_STATED
                return self._in_row(self._results.figures.column(table, column)[row], heading)

    def _pence(self, cell: Money | Sum | Total) -> int | None:
        if isinstance(cell, Money):
            return cell.pence
        if isinstance(cell, Total):
            return self._results.figures.total(cell)
        return self._results.figures.amount(cell)

    def _value(self, value: float | None, figure: Figure, heading: Heading) -> str:
        if value is None:
            return ""
        if MEASURES[figure.measure].unit == "rate":
            return percent(value)
        return self._money(int(value), heading)

    def _money(self, pence: int, heading: Heading) -> str:
        return money.shown(pence, "pounds" if heading.form == "exact" else self._unit)

    def _in_row(self, value: Any, heading: Heading) -> str:
        if heading.form in ("money", "exact"):
            return self._money(int(value), heading)
        if heading.form == "rate":
            return percent(int(value) / WHOLE_RATE)
        return number(value) if heading.form == "number" else str(value)


def _kept(sheet: Sheet, lines: list[Line]) -> list[int]:
    """Choose the columns to print, in order.

    On the pages shown open, numbers stand next to what they are numbers of, and text follows: on a
    phone they are seen first.
    """
    kept = said_in(sheet.headings, lines)
    if sheet.opening:
        kept.sort(key=lambda place: place > 0 and sheet.headings[place].form == "text")
    return kept


def _longest(lines: list[Line], columns: int) -> list[int]:
    """Return the longest text of each column, in characters."""
    said = [line.cells for line in lines if not line.spans]
    return [max((len(cells[place].text) for cells in said), default=0) for place in range(columns)]


def _room(heading: Heading, longest: int) -> int:
    """Return the room a column needs on paper, in characters: text may be broken, numbers not."""
    word = max(map(len, heading.text.split()))
    said = min(longest, heading.width) if heading.form == "text" else longest
    return _BESIDE + max(word, said)

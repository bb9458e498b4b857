"""The report as one web page: no script, no request, readable on paper and on a phone.

Values come from the figures of the pages (`pages`); this module only words and places them. The
template escapes everything it is given, except the charts, which escape their own text.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from bcf_model import money
from bcf_model.expressions import WHOLE_RATE
from bcf_model.figures import MEASURES, Figure, blank_reason
from bcf_model.money import percent
from bcf_model.report.derivations import CLOSED, Derivations
from bcf_model.report.position import (
    Chart,
    by_bearer,
    by_theme,
    headline,
    of_the_pool,
    who_bears,
    who_bears_heading,
)
from bcf_model.report.sheets import (
    IN_FORCE,
    BlankBecause,
    Cell,
    ColumnTotal,
    Heading,
    InRow,
    Money,
    Number,
    Row,
    RuleInForce,
    Sheet,
    Together,
)
from bcf_model.results import Results
from bcf_model.tables import records
from bcf_model.years import spoken

_WIDE: Final = 124  # characters: wider tables are printed on landscape pages
_BESIDE: Final = 2  # characters between columns
_LONG, _MIDDLING, _SHORT = 36, 18, 14  # characters: text columns, by the room they need


@dataclass(frozen=True)
class Printed:
    """A cell as printed: its text, its style, and the figure it shows, if it is one.

    Attributes:
        words: the figure told in words; for totals only, to keep the page light.
        link: to the derivation of the figure.
    """

    text: str
    style: str = ""
    figure: str = ""
    words: str = ""
    link: str = ""

    @property
    def attributes(self) -> Markup:
        """The attributes of its element, escaped. Here, as a template is slow at thousands."""
        said = f' class="{self.style}"' if self.style else ""
        if self.figure:
            said += f' data-figure="{escape(self.figure)}"'
        if self.words:
            said += f' title="{escape(self.words)}"'
        return Markup(said)

    @property
    def shown(self) -> Markup:
        """The text, as a link where there is something to open."""
        text = escape(self.text)
        return Markup(f'<a href="{self.link}">{text}</a>') if self.link and self.text else text


@dataclass(frozen=True)
class Line:
    """A row as printed; `spans` when its one cell crosses the table."""

    style: str
    cells: tuple[Printed, ...]
    spans: bool


@dataclass(frozen=True)
class Column:
    """A column heading as printed, with the unit of its amounts."""

    text: str
    unit: str
    style: str


@dataclass(frozen=True)
class Section:
    """A section of the page: a sheet as printed, in row groups, and its chart if it has one."""

    name: str
    anchor: str
    title: str
    caption: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    groups: tuple[tuple[Line, ...], ...]
    opening: bool
    wide: bool
    chart: Chart | None


def page(results: Results, pages: tuple[Sheet, ...]) -> str:
    """Write the whole report as one self-contained HTML page.

    Args:
        results: a calculated pool.
        pages: as laid out by `pages.sheets`. A Checks page is added to them.

    Returns:
        The page; the same results give the same text, byte for byte.
    """
    settings = results.inputs.settings
    derivations = Derivations(results)
    writer = _Writer(results, derivations)
    drawn = {"Summary": by_theme(results), "Revenue and capital": by_bearer(results)}
    sections = [writer.section(sheet, drawn.get(sheet.name)) for sheet in (*pages, checks(results))]
    template = _environment().from_string(
        resources.files("bcf_model.report").joinpath("page.html.j2").read_text(encoding="utf-8")
    )
    return template.render(
        settings=settings,
        year=spoken(settings.financial_year),
        as_at=f"{settings.as_at.day} {settings.as_at:%B %Y}",
        unit=money.label(settings.unit),
        shown_as=_SHOWN_AS[settings.unit],
        headline=headline(results),
        pool=of_the_pool(results, derivations.link),
        borne=who_bears(results, derivations.link),
        borne_heading=who_bears_heading(results),
        checks=len(results.checks),
        warnings=len(results.inputs.findings),
        opening=[section for section in sections if section.opening],
        reference=[section for section in sections if not section.opening],
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


def number(value: float) -> str:
    """Write a number that is no amount of money, as short as it is; brackets below nil.

    >>> number(382075.0), number(-13.74), number(100.0)
    ('382,075', '(13.74)', '100')
    """
    if isinstance(value, int):
        text = f"{abs(value):,}"
    else:
        text = f"{abs(value):,.8f}".rstrip("0").rstrip(".")
    return f"({text})" if value < 0 and text != "0" else text


class _Writer:
    """Turns the cells of a sheet into text."""

    def __init__(self, results: Results, derivations: Derivations) -> None:
        self._results = results
        self._derivations = derivations
        self._unit = results.inputs.settings.unit

    def section(self, sheet: Sheet, chart: Chart | None) -> Section:
        """Print a sheet."""
        lines = [self._line(row, sheet.headings) for row in sheet.rows]
        kept = _kept(sheet, lines)
        headings = [sheet.headings[place] for place in kept]
        longest = _longest(lines, len(sheet.headings))
        short = {
            place
            for place in kept
            if sheet.headings[place].form == "text" and longest[place] <= _SHORT
        }
        return Section(
            name=sheet.name,
            anchor=sheet.name.lower().replace(" ", "-"),
            title=sheet.title,
            caption=self._caption(sheet),
            about=tuple(sentence for sentence in sheet.about if sentence),
            columns=tuple(self._column(heading) for heading in headings),
            groups=_grouped(_only(line, kept, short) for line in lines),
            opening=sheet.opening,
            wide=sum(_room(sheet.headings[place], longest[place]) for place in kept) > _WIDE,
            chart=chart,
        )

    def _caption(self, sheet: Sheet) -> str:
        forms = {heading.form for heading in sheet.headings}
        unit = f", {money.label(self._unit)}" if "money" in forms else ""
        return f"{sheet.title}, {spoken(self._results.inputs.settings.financial_year)}{unit}"

    def _column(self, heading: Heading) -> Column:
        unit = {"money": money.label(self._unit), "exact": "£"}.get(heading.form, "")
        if heading.form != "text":
            return Column(heading.text, unit, "n")
        long = "long" if heading.width >= _LONG else ""
        return Column(heading.text, unit, long or ("mid" if heading.width >= _MIDDLING else ""))

    def _line(self, row: Row, headings: tuple[Heading, ...]) -> Line:
        spans = len(row.cells) == 1
        totals = row.style in ("subtotal", "total")
        cells = [
            self._cell(cell, heading, totals)
            for cell, heading in zip(row.cells, headings, strict=False)
        ]
        missing = [] if spans else [Printed("")] * (len(headings) - len(cells))
        return Line(row.style, (*cells, *missing), spans)

    def _cell(self, cell: Cell, heading: Heading, total: bool) -> Printed:
        text = self._text(cell, heading)
        style = "" if heading.form == "text" else "n"
        if style and text.startswith("("):
            style = "n neg"
        if isinstance(cell, Figure):
            link = self._derivations.link(cell)
            return Printed(text, style, str(cell), cell.words if total else "", link)
        link = self._derivations.balancing(cell) if isinstance(cell, Together) else ""
        return Printed(text, style, link=link)

    def _text(self, cell: Cell, heading: Heading) -> str:
        match cell:
            case None | str() | RuleInForce():
                return IN_FORCE if isinstance(cell, RuleInForce) else cell or ""
            case Figure():
                return self._value(self._results.figures.value(cell), cell, heading)
            case Money() | Together() | ColumnTotal():
                return self._money(self._pence(cell), heading)
            case Number(value):
                return number(value)
            case BlankBecause(budget):
                return blank_reason(self._results.figures.pence(budget))
            case InRow(table, column, row):
                return self._in_row(self._results.figures.column(table, column)[row], heading)

    def _pence(self, cell: Money | Together | ColumnTotal) -> int:
        if isinstance(cell, Money):
            return cell.pence
        if isinstance(cell, ColumnTotal):
            return sum(self._results.figures.column(cell.table, cell.column))
        return self._results.figures.together(cell.plus, cell.minus)

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

    A column of text in which no row says anything is left out. On the pages shown open, numbers
    stand next to what they are numbers of, and text follows: on a phone they are seen first.
    """
    said = [line.cells for line in lines if not line.spans]
    kept = [
        place
        for place, heading in enumerate(sheet.headings)
        if not heading.for_formulas
        if place == 0 or heading.form != "text" or any(cells[place].text for cells in said)
    ]
    if sheet.opening:
        kept.sort(key=lambda place: place > 0 and sheet.headings[place].form == "text")
    return kept


def _longest(lines: list[Line], columns: int) -> list[int]:
    """Give the longest text of each column, in characters."""
    said = [line.cells for line in lines if not line.spans]
    return [max((len(cells[place].text) for cells in said), default=0) for place in range(columns)]


def _room(heading: Heading, longest: int) -> int:
    """Give the room a column needs on paper, in characters: text may be broken, numbers not."""
    word = max(map(len, heading.text.split()))
    said = min(longest, heading.width) if heading.form == "text" else longest
    return _BESIDE + max(word, said)


def _only(line: Line, kept: list[int], short: set[int]) -> Line:
    """Keep some columns; those of short words are never broken."""
    if line.spans:
        return line
    cells = (
        replace(line.cells[place], style="s") if place in short else line.cells[place]
        for place in kept
    )
    return Line(line.style, tuple(cells), spans=False)


def _grouped(lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
    """Part the rows into row groups, each under its own headings; a total stands by itself."""
    groups: list[list[Line]] = []
    before = ""
    for line in lines:
        under_group = line.style == "heading" and before == "group"
        starts = line.style in ("group", "heading", "total") and not under_group
        if starts or not groups:
            groups.append([])
        groups[-1].append(line)
        before = line.style
    return tuple(map(tuple, groups))


def _environment() -> Environment:
    return Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )

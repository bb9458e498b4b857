"""The web page of any report: no script, no request, readable on paper and on a phone.

Values come from the cells of its pages; this module only words and places them. The template
escapes everything it is given, except charts and derivations, which escape their own text.
"""

from collections.abc import Mapping
from typing import Any, Final

from bcf_model.core.expressions import WHOLE_RATE, If, InRow, Sum, Total
from bcf_model.core.figures import Figure
from bcf_model.core.money import label, percent, shown
from bcf_model.core.tables import HELD_IN
from bcf_model.core.words import NOT_STATED
from bcf_model.publish.derivations import CLOSED
from bcf_model.publish.document import Document, Printing
from bcf_model.publish.house_style import LONG, PROSE, SHORT, WIDE
from bcf_model.publish.html_table import (
    Column,
    Line,
    Printed,
    Section,
    column,
    line,
    number,
    of_number,
    only,
    row_groups,
    said_in,
    word,
)
from bcf_model.publish.page import (
    Cell,
    Heading,
    Money,
    Number,
    Row,
    Sheet,
    amount_of,
)
from bcf_model.publish.templates import rendered

_BESIDE: Final = 2  # characters between columns
_A_SHEET: Final = 30
"""Rows: a longer table begins on a new sheet of paper, where columns are laid out by their text."""


def page(document: Document) -> str:
    """Write a report as one self-contained HTML page.

    Returns:
        The page; the same report gives the same text, byte for byte.
    """
    printing = document.printing
    return rendered(
        "page.html.j2",
        document=document,
        sections=[section(sheet, printing) for sheet in document.pages],
        derivations=printing.derivations,
        closed=CLOSED,
    )


def section(sheet: Sheet, printing: Printing) -> Section:
    """Print a page; columns of text in which no row says anything are left out."""
    cells, heads, by_text = _Cells(sheet, printing), sheet.headings, printing.by_text
    lines = [cells.line(row) for row in sheet.rows]
    longest = _longest(lines, len(heads))
    kept = said_in(heads, lines)
    texts = {i for i in kept if heads[i].form == "text"}
    if by_text and sheet.opening:  # on a phone, numbers are seen first, beside what they are of
        kept.sort(key=lambda i: i > 0 and i in texts)
    short = {i for i in texts if longest[i] <= SHORT} if by_text else ()
    widths = (_room(heads[i], longest[i]) if by_text else min(heads[i].width, LONG) for i in kept)
    wide = not printing.plain and sum(widths) > WIDE
    style = "wide" if wide else "" if by_text else None
    if by_text and len(lines) > _A_SHEET:
        style = f"{style} long"
    return Section(
        name=sheet.name,
        anchor=sheet.name.lower().replace(" ", "-"),
        title=sheet.title,
        listed=sheet.title.partition(": ")[0] if printing.listed_short else sheet.title,
        caption="" if printing.plain else _caption(sheet, printing),
        about=tuple(sentence for sentence in sheet.about if sentence),
        columns=tuple(_column(heads[i], printing) for i in kept),
        groups=row_groups(only(one, kept, short) for one in lines),
        opening=sheet.opening,
        wide=wide,
        style=style,
    )


def _caption(sheet: Sheet, printing: Printing) -> str:
    of_amounts = any(heading.form == "money" for heading in sheet.headings)
    return f"{sheet.title}{printing.when}{f', {label(printing.unit)}' if of_amounts else ''}"


def _column(heading: Heading, printing: Printing) -> Column:
    is_text = heading.form == "text"
    if printing.plain:
        return Column(heading.text, "", "" if is_text else "n")
    found = column(heading, printing.unit)
    is_prose = printing.prose and is_text and heading.width >= PROSE
    return found._replace(style="prose") if is_prose else found


class _Cells:
    """Prints the cells of one page."""

    def __init__(self, sheet: Sheet, printing: Printing) -> None:
        self._sheet, self._printing = sheet, printing
        self._decimals = _decimals(sheet) if printing.same_decimals else {}

    def line(self, row: Row) -> Line:
        """Print a row."""
        whole = row.style in ("subtotal", "total")
        return line(row, self._sheet.headings, lambda cell, head: self._cell(cell, head, whole))

    def _cell(self, cell: Cell, heading: Heading, whole: bool) -> Printed:
        text, derivations = self._text(cell, heading), self._printing.derivations
        printed = self._styled(text, heading)
        if derivations is None or not (text or self._printing.by_text):
            return printed
        if isinstance(cell, Sum):
            return printed._replace(link=derivations.balancing(cell))
        if isinstance(cell, InRow):
            figure = self._printing.figures.figure_of(cell)
            return printed._replace(link=derivations.link(figure)) if figure else printed
        if not isinstance(cell, Figure):
            return printed
        link, by_text = derivations.link(cell), self._printing.by_text
        named = str(cell) if link or not by_text else ""  # one of very many lines does not open
        words = cell.words if whole and by_text else ""
        return printed._replace(figure=named, words=words, link=link)

    def _styled(self, text: str, heading: Heading) -> Printed:
        if heading.form != "text":
            return Printed(text, of_number(text))
        if self._printing.unsure and heading.text == "Status" and text:
            return Printed(text, "s", mark=text in self._printing.unsure)
        if self._printing.plain or self._printing.by_text:
            return Printed(text)
        return word(text, heading)

    def _text(self, cell: Cell, heading: Heading) -> str:
        figures = self._printing.figures
        match cell:
            case None | str():
                return cell or ""
            case If():
                return figures.text(cell)
            case Number():
                return number(cell.value, self._decimals.get(heading))
            case Figure() if heading.form in ("rate", "percent"):
                return self._printing.rate(cell)
            case Figure() if heading.form == "number":
                value = figures.value(cell)
                return "" if value is None else number(value / HELD_IN["quantity"])
            case Money() | Figure() | Sum():
                return self._amount(amount_of(figures, cell), heading)
            case Total():
                return self._amount(figures.total(cell), heading)
            case InRow(table, name, row):
                if figures.unknown(table, name, row):
                    return NOT_STATED
                return self._in_row(figures.column(table, name)[row], heading)

    def _amount(self, pence: int | None, heading: Heading) -> str:
        unit = "pounds" if heading.form == "exact" else self._printing.unit
        return "" if pence is None else shown(pence, unit)

    def _in_row(self, value: Any, heading: Heading) -> str:
        if heading.form in ("money", "exact"):
            return self._amount(int(value), heading)
        if heading.form == "rate":
            return percent(int(value) / WHOLE_RATE)
        return number(value) if heading.form == "number" else str(value)


def _decimals(sheet: Sheet) -> Mapping[Heading, int]:
    """Return for each column how many decimals its numbers need."""
    found: dict[Heading, int] = {}
    for row in sheet.rows:
        for heading, cell in zip(sheet.headings, row.cells, strict=False):
            if isinstance(cell, Number):
                own = max(cell.decimals, len(number(cell.value).strip("()").partition(".")[2]))
                found[heading] = max(own, found.get(heading, 0))
    return found


def _longest(lines: list[Line], columns: int) -> list[int]:
    """Return the longest text of each column, in characters."""
    said = [line.cells for line in lines if not line.spans]
    return [max((len(cells[place].text) for cells in said), default=0) for place in range(columns)]


def _room(heading: Heading, longest: int) -> int:
    """Return the room a column needs on paper, in characters: text may be broken, numbers not."""
    longest_word = max(map(len, heading.text.split()))
    said = min(longest, heading.width) if heading.form == "text" else longest
    return _BESIDE + max(longest_word, said)

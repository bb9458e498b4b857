"""A sheet as it is printed on a web page: columns, and lines of cells in row groups.

`html` prints the cells; here they become lines, and lines row groups. The common style sheet
(`style.css`) says how each style looks.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from bcf_model.core.money import label
from bcf_model.publish.house_style import LONG, MIDDLING, OF_WORDS, SHORT
from bcf_model.publish.page import Cell, Heading, Row


class Printed(NamedTuple):
    """A cell as printed: its text, its style, and the figure it shows, if it is one.

    Attributes:
        words: the figure told in words; for totals only, to keep the page light.
        link: to the derivation of the figure.
        mark: that its reader must not take it for sure.
    """

    text: str
    style: str = ""
    figure: str = ""
    words: str = ""
    link: str = ""
    mark: bool = False

    @property
    def attributes(self) -> str:
        """The attributes of its element, escaped.

        A blank cell looks the same in every style, and has none: the page is lighter.
        """
        style = (
            f'"{self.style}"' if " " in self.style else self.style
        )  # thousands of cells have one
        said = f" class={style}" if self.style and self.text else ""
        if self.figure:
            said += f' data-figure="{escape(self.figure)}"'
        if self.words:
            said += f' title="{escape(self.words)}"'
        return said

    @property
    def shown(self) -> Markup:
        """The text, marked if it must be, and as a link where there is something to open."""
        text = escape(self.text)
        if self.mark:
            return Markup(f'<span class="unsure">{text}</span>')
        return Markup(f'<a href="{self.link}">{text}</a>') if self.link and self.text else text


class Line(NamedTuple):
    """A row as printed; `spans` when its one cell crosses the table."""

    style: str
    cells: tuple[Printed, ...]
    spans: bool

    @property
    def row(self) -> Markup:
        """Its cells as elements. Here, as a template is slow at thousands."""
        first, *others = self.cells
        named = f"<th scope=row{first.attributes}>{escape(first.text)}</th>"
        return Markup(named + "".join(f"<td{it.attributes}>{it.shown}</td>" for it in others))


class Column(NamedTuple):
    """A column heading as printed, with the unit of its amounts."""

    text: str
    unit: str
    style: str


class Section(NamedTuple):
    """A sheet as printed, in row groups.

    Attributes:
        name: of the sheet. anchor: what links to it. title: its heading.
        listed: its title in the list of contents.
        caption: of the table; a table without one is called by the title.
        about: sentences under the title. columns: headings. groups: of rows.
        opening: shown open; others are folded.
        wide: printed on a landscape page.
        style: of its element; None where it has none.
    """

    name: str
    anchor: str
    title: str
    listed: str
    caption: str
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    groups: tuple[tuple[Line, ...], ...]
    opening: bool
    wide: bool
    style: str | None


def column(heading: Heading, unit: str) -> Column:
    """Print a heading.

    Args:
        heading: of a column.
        unit: in which amounts are shown: pounds, thousands or millions.
    """
    if heading.form != "text":
        of_amounts = {"money": label(unit), "exact": "£"}.get(heading.form, "")
        return Column(heading.text, of_amounts, "n")
    long = "long" if heading.width >= LONG else ""
    return Column(heading.text, "", long or ("mid" if heading.width >= MIDDLING else ""))


def line(
    row: Row, headings: Sequence[Heading], printed: Callable[[Cell, Heading], Printed]
) -> Line:
    """Print a row; cells that it does not have are left blank.

    Args:
        row: of a sheet.
        headings: of all its columns.
        printed: prints a cell under its heading.
    """
    spans = len(row.cells) == 1
    cells = [printed(cell, heading) for cell, heading in zip(row.cells, headings, strict=False)]
    missing = [] if spans else [Printed("")] * (len(headings) - len(cells))
    return Line(row.style, (*cells, *missing), spans)


def word(text: str, heading: Heading) -> Printed:
    """Print text; a short one in a column of words is never broken."""
    short = heading.form == "text" and heading.width <= OF_WORDS and len(text) <= SHORT
    return Printed(text, "s" if short and text else "")


def of_number(text: str) -> str:
    """Return the style of a number as printed: what is below nil stands in brackets.

    >>> of_number("1,234"), of_number("(0.5)")
    ('n', 'n neg')
    """
    return "n neg" if text.startswith("(") else "n"


def number(value: float, decimals: int | None = None) -> str:
    """Write a number that is no amount of money; brackets below nil.

    Args:
        value: to be written.
        decimals: how many; as few as it has, where that is not said.

    >>> number(382075.0), number(-13.74), number(100.0)
    ('382,075', '(13.74)', '100')
    """
    if decimals is not None:
        text = f"{abs(value):,.{decimals}f}"
    elif isinstance(value, int):
        text = f"{abs(value):,}"
    else:
        text = f"{abs(value):,.8f}".rstrip("0").rstrip(".")
    return f"({text})" if value < 0 and text != "0" else text


def said_in(headings: Sequence[Heading], lines: Iterable[Line]) -> list[int]:
    """Choose the columns to print, in order: one of text in which no row says anything is none."""
    said = [line.cells for line in lines if not line.spans]
    return [
        place
        for place, heading in enumerate(headings)
        if not heading.for_formulas
        if place == 0 or heading.form != "text" or any(cells[place].text for cells in said)
    ]


def only(line: Line, kept: Iterable[int], short: Collection[int] = ()) -> Line:
    """Keep some columns of a line; those of short words are never broken."""
    if line.spans:
        return line
    cells = (
        line.cells[place]._replace(style="s") if place in short else line.cells[place]
        for place in kept
    )
    return Line(line.style, tuple(cells), spans=False)


def row_groups(lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
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

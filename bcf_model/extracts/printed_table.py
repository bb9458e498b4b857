"""A table as a paper prints it: its figures, each with its row, its heading, its unit and its cell.

A table of a ledger has lines to be counted; a printed one has figures to be held to each other.
So nothing is turned, scaled or added up here: a figure stays as printed, to its last digit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from bcf_model.core.money import NotMoney
from bcf_model.core.printed_numbers import RATES, ends, parse_print, scale
from bcf_model.extracts.headings import unit_named
from bcf_model.extracts.tables import ROWS_LOOKED_AT, Header
from bcf_model.extracts.totals import cell
from bcf_model.intake.extract_file import Grid

MOST_FIGURES: Final = 1_500
"""Of one table of a paper; what is more is a ledger."""
MOST_COLUMNS: Final = 24
MOST_PLACES: Final = 8
"""Decimals a transcription may have."""
_NOT_STATED: Final = re.compile(
    r"n\.?/?a\.?|not (?:stated|known|available|applicable)|tb[cd]|\.\.+|…|x|\?|unknown", re.I
)
_SAID_IN_IT: Final = ("percent", "thousands", "millions", "billions")
"""Units that a sign or a word behind a number says."""
_CODES: Final = (
    "cost_centre",
    "account",
    "project",
    "period",
    "year",
    "date",
    "document",
    "number",
)
"""Parts of columns whose numbers are no figures; a column of an organisation may hold some."""
_RATE: Final = re.compile(r"%|\bper ?cent(?:age)?\b", re.I)
_HALF: Final = 2

Key = tuple[int, int]
"""Row and column of a figure in its sheet, both counted from 0."""


@dataclass(frozen=True)
class PrintedFigure:
    """One figure of a table.

    Attributes:
        at: its row and column in the sheet, counted from 0.
        printed: as printed.
        unit: a key of `words.PRINTED_UNITS`; "" where nothing says it.
        decimals: it is printed with; of a dash the fewest of its column.
        low, high: what it may have been rounded from: pence, per cent or the number.
    """

    at: Key
    printed: str
    unit: str
    decimals: int
    low: Fraction
    high: Fraction

    @property
    def is_rate(self) -> bool:
        """Whether it is one thing divided by another, and never added up."""
        return self.unit in RATES


@dataclass(eq=False)
class PrintedTable:
    """A table of a paper, as it stands.

    Attributes:
        grid, header: the sheet and its headings.
        columns: those that hold figures, each with its heading.
        units: of each such column; "" where nothing says it.
        labels: of each row with a figure.
        left_out: headings of columns of words, codes or dates, which hold no figures.
        sections: of each row that only names what stands below it, its text.
        notes: rows below the last figure, and what they say.
        figures: by row and column.
        assumed: columns whose unit is only taken to be so until it is answered.
        not_stated: cells that say so: "n/a".
        texts: cells under a heading of figures that hold words.
    """

    grid: Grid
    header: Header
    columns: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    sections: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    figures: dict[Key, PrintedFigure] = field(default_factory=dict)
    assumed: set[int] = field(default_factory=set)
    not_stated: set[Key] = field(default_factory=set)
    texts: dict[Key, str] = field(default_factory=dict)

    def role(self, column: int) -> str:
        """Return the part a column plays, as ledgers call it; "" where its heading is not known."""
        return self.header.meanings[column].role

    def where(self, at: Key) -> str:
        """Name a cell, with its sheet where it has one."""
        place = cell(*at)
        return f"{self.grid.name}!{place}" if self.grid.name else place


def read_printed(grid: Grid, header: Header, unit: str, units: dict[str, str]) -> PrintedTable:
    """Read the figures of a table.

    Args:
        grid: the sheet.
        header: the headings of the table.
        unit: of amounts where neither heading, title nor figure says it; "" where not known.
        units: those said of single columns, by heading.
    """
    table = PrintedTable(grid, header)
    rows = range(header.start, header.end)
    first = _first_of_figures(grid, header, rows)
    stated = next((it for it in map(unit_named, _above(grid, header)) if it), "") or unit
    for column in range(first, len(grid.columns)):
        heading = _heading(header, column)
        if not _holds_figures(grid, header, rows, column):
            if _texts(grid, rows, column):
                table.left_out.append(heading)
            continue
        if heading in table.columns.values():
            heading = f"{heading} ({cell(0, column)[:-1]})"
        table.columns[column] = heading
        table.units[column] = units.get(heading) or _unit_of(grid, rows, column, heading, stated)
    for row in rows:
        _read_row(table, row, first)
    last = max((row for row, _ in table.figures), default=-1)
    table.notes = {row: text for row, text in table.sections.items() if row > last}
    table.sections = {row: text for row, text in table.sections.items() if row < last}
    _dashes(table)
    return table


def _above(grid: Grid, header: Header) -> list[str]:
    """Return what stands over the headings, nearest first."""
    rows = range(header.rows[0] - 1, -1, -1)
    return [text for row in rows for text in grid.row(row) if text]


def _heading(header: Header, column: int) -> str:
    over, text = header.above[column], header.texts[column]
    both = f"{over} {text}" if over and not text.startswith(over) else text
    return " ".join(both.split()) or f"column {cell(0, column)[:-1]}"


def _texts(grid: Grid, rows: range, column: int) -> list[str]:
    found = (grid.columns[column][row].strip() for row in rows)
    return [text for text in found if text and not _NOT_STATED.fullmatch(text)]


def _number(text: str) -> bool:
    return read_figure(text, "", (0, 0)) is not None


def _reads(text: str, unit: str) -> bool:
    try:
        parse_print(text, unit)
    except NotMoney:
        return False
    return True


def headings_by_figures(grid: Grid) -> int | None:
    """Return the row that stands over the first figures, where no heading in it is known.

    None where no number has a text above it.
    """
    over = [""] * len(grid.columns)
    rows = [-1] * len(grid.columns)
    for row in range(min(ROWS_LOOKED_AT, grid.height)):
        for column, text in enumerate(grid.row(row)):
            if not text:
                continue
            if _number(text) and over[column] and not _number(over[column]):
                return rows[column]
            over[column], rows[column] = text, row
    return None


def _first_of_figures(grid: Grid, header: Header, rows: range) -> int:
    """Return the column after the first that names its rows: what is left of it is a reference."""
    for column in range(len(grid.columns)):
        texts = _texts(grid, rows, column)
        if texts and sum(map(_number, texts)) * _HALF < len(texts):
            return column + 1
    return 0


def _holds_figures(grid: Grid, header: Header, rows: range, column: int) -> bool:
    """Return whether at least half of what stands in a column is numbers, and no code or date."""
    role = header.meanings[column].role
    texts = _texts(grid, rows, column)
    if not texts or role in _CODES:
        return False
    return sum(map(_number, texts)) * _HALF >= len(texts)


def _unit_of(grid: Grid, rows: range, column: int, heading: str, stated: str) -> str:
    """Return the unit of a column: by its heading, a % in most of it, the title or a £ in it."""
    texts = _texts(grid, rows, column)
    percent = sum("%" in text for text in texts)
    if percent * _HALF > len(texts) or (_RATE.search(heading) and not unit_named(heading)):
        return "percent"
    pounds = "pounds" if sum("£" in text for text in texts) * _HALF > len(texts) else ""
    return unit_named(heading) or stated or pounds


def _read_row(table: PrintedTable, row: int, first: int) -> None:
    texts = table.grid.row(row)
    label = " ".join(text for text in texts[:first] if text)
    headings = table.header.rows[-1]
    if headings >= 0 and texts == table.grid.row(headings):
        return  # the headings again, on the next page
    found = False
    for column in table.columns:
        text = texts[column]
        if not text:
            continue
        figure = read_figure(text, table.units[column], (row, column))
        if figure is not None:
            table.figures[row, column] = figure
            found = True
        elif _NOT_STATED.fullmatch(text):
            table.not_stated.add((row, column))
        else:
            table.texts[row, column] = text
    if found:
        table.labels[row] = label or f"row {row + 1}"
    elif label and any(at == row for at, _ in table.texts):
        return  # a row of words: they are asked of
    elif label or any(texts):
        said = label or " ".join(text for text in texts if text)
        table.sections[row] = said
        for column in [it for at, it in table.texts if at == row]:
            del table.texts[row, column]


def read_figure(text: str, unit: str, at: Key) -> PrintedFigure | None:
    """Read a figure in the unit of its column, or in the one that stands in it; None of words."""
    said = [one for one in _SAID_IN_IT if _reads(text, one)]
    if not _reads(text, unit or "pounds"):
        if len(said) != 1 or _reads(text, "pounds"):
            return None  # words; or pounds under a heading of percentages
        unit = said[0]
    places = parse_print(text, unit or "pounds").places or 0
    if places > MOST_PLACES:
        return None
    return with_decimals(PrintedFigure(at, text, unit, places, Fraction(0), Fraction(0)), places)


def with_decimals(figure: PrintedFigure, decimals: int) -> PrintedFigure:
    """Return a figure as printed to so many decimals."""
    unit = figure.unit or "pounds"
    low, high = (it * scale(unit) for it in ends(figure.printed, unit, decimals))
    return replace(figure, decimals=decimals, low=low, high=high)


def _dashes(table: PrintedTable) -> None:
    """Read a dash as nil to the fewest digits of its column: it has none of its own to count."""
    for column in table.columns:
        of = [it for (_, at), it in table.figures.items() if at == column]
        counted = [it.decimals for it in of if any(map(str.isdigit, it.printed))]
        for it in of:
            if not any(map(str.isdigit, it.printed)) and counted:
                table.figures[it.at] = with_decimals(it, min(counted))


def title_above(tables: Sequence[PrintedTable]) -> str:
    """Return the first text over the first table's headings; "" where there is none."""
    found = [_above(it.grid, it.header) for it in tables[:1]]
    return found[0][-1] if found and found[0] else ""

"""Where tables stand in a sheet: their headings, and the rows up to the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bcf_model.extracts.amounts import is_amount
from bcf_model.extracts.headings import MONEY, NAMES, Meaning, meaning, unit_named, year_named
from bcf_model.intake.extract_file import Grid
from bcf_model.intake.raw_table import letters_of

ROWS_LOOKED_AT: Final = 120
LONGEST_HEADING: Final = 120
_SAMPLE: Final = 200
_LEAST_KNOWN: Final = 2
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_KNOWN, _CELLS, _AMOUNTS = 3.0, 0.4, 6.0
"""What a row of headings scores: for each known name, each cell, and each column of amounts."""
_OF_THE_BEST: Final = 0.5
_KNOWN_OF_ALL: Final = 0.6
_MANY_TEXTS: Final = 3


@dataclass(frozen=True)
class Header:
    """The headings of a table, and where its rows stand; rows are counted from 0.

    Attributes:
        rows: the rows its headings stand in, one or two, and a row of units.
        end: the row after its last.
        texts: the heading of each column of the sheet.
        above: what stands over each, in headings of two rows.
        meanings: what each says.
    """

    rows: tuple[int, ...]
    end: int
    texts: tuple[str, ...]
    above: tuple[str, ...]
    meanings: tuple[Meaning, ...]

    @property
    def start(self) -> int:
        """The first row below the headings."""
        return self.rows[-1] + 1


@dataclass(frozen=True)
class Nearest:
    """The row that is most like headings, where none will do."""

    row: int
    known: int


def without_headings(grid: Grid) -> Header:
    """Take a whole sheet for a table without headings: its columns are called by their letters."""
    width = len(grid.columns)
    texts = tuple(letters_of(column) for column in range(1, width + 1))
    return Header((-1,), grid.height, texts, ("",) * width, (Meaning(),) * width)


def find_tables(grid: Grid, named: int | None = None) -> tuple[list[Header], Nearest]:
    """Find the tables of a sheet.

    Args:
        grid: the sheet.
        named: the row of headings where somebody said which, counted from 0.

    Returns:
        Their headings in order; and the row that is nearest to being headings.
    """
    if named is not None:
        return [_header(grid, named, grid.height)], Nearest(named, 0)
    scores: dict[int, tuple[float, float]] = {}
    nearest = Nearest(0, 0)
    for row in range(min(ROWS_LOOKED_AT, grid.height)):
        known = _known_in(grid, row)
        if known > nearest.known:
            nearest = Nearest(row, known)
        if score := _score(grid, row):
            scores[row] = score
    if not scores:
        return [], nearest
    best = max(scores, key=lambda row: (scores[row][0], -row))
    later = [row for row in _rows_with_names(grid) if row >= ROWS_LOOKED_AT]
    scores.update({row: score for row in later if (score := _score(grid, row))})
    enough = [
        row
        for row, (score, known) in scores.items()
        if row == best or (score >= _OF_THE_BEST * scores[best][0] and known >= _KNOWN_OF_ALL)
    ]
    starts: list[int] = []
    for row in sorted(enough):
        again = any(grid.row(row) == grid.row(other) for other in starts)
        if again or (starts and row <= _header(grid, starts[-1], grid.height).start):
            continue
        starts.append(row)
    ends = [*(_first_row(grid, row) for row in starts[1:]), grid.height]
    return [_header(grid, row, end) for row, end in zip(starts, ends, strict=True)], nearest


def _first_row(grid: Grid, row: int) -> int:
    return row - 1 if row and _joins_above(grid, row) else row


def _known_in(grid: Grid, row: int) -> int:
    return sum(bool(meaning(text).role) for text in grid.row(row) if len(text) <= LONGEST_HEADING)


def _score(grid: Grid, row: int) -> tuple[float, float] | None:
    """Return what a row scores as headings, and the part of its cells that is known."""
    texts = grid.row(row)
    cells = [text for text in texts if text]
    if len(cells) < _LEAST_KNOWN or any(
        len(it) > LONGEST_HEADING or (is_amount(it) and not _YEAR.fullmatch(it)) for it in cells
    ):
        return None
    said = [meaning(text) for text in texts]
    known = sum(bool(it.role) for it in said)
    of_money = [
        column
        for column, it in enumerate(said)
        if (it.role in MONEY or _under_money(grid, row, column))
        and _holds_amounts(grid, row, column)
    ]
    if known + len(of_money) < _LEAST_KNOWN or not known or not of_money:
        return None
    score = _KNOWN * known + _CELLS * len(cells) + _AMOUNTS * min(2, len(of_money))
    return score, known / len(cells)


def _under_money(grid: Grid, row: int, column: int) -> bool:
    """Return whether a heading stands under one of money: ICB under Outturn."""
    if not row or not grid.columns[column][row].strip():
        return False
    return meaning(_filled(grid, row - 1)[column]).role in MONEY


def _holds_amounts(grid: Grid, row: int, column: int) -> bool:
    """Return whether at least half of what stands in a column below a row is an amount."""
    of = grid.columns[column]
    codes = of.codes[row + 1 : row + 1 + _SAMPLE]
    below = [text for text in (of.texts[code].strip() for code in codes) if text]
    amounts = sum(is_amount(text) or text.startswith("=") or _foreign(text) for text in below)
    return bool(below) and amounts * 2 >= len(below)


def _foreign(text: str) -> bool:
    return bool(re.fullmatch(r"[(−-]?\s*[$€]\s*[\d,.]+\)?", text))


def _rows_with_names(grid: Grid) -> list[int]:
    """Return the rows of which two cells or more are known headings, as they are mostly written."""
    count = np.zeros(grid.height, np.int32)
    for column in grid.columns:
        texts = column.texts
        known = np.fromiter(map(_AS_WRITTEN.__contains__, texts), bool, len(texts))
        if known.any():
            count += known[column.codes]
    return [int(row) for row in np.flatnonzero(count >= _LEAST_KNOWN)]


_AS_WRITTEN: Final = frozenset(
    written for name in NAMES for written in (name, name.title(), name.capitalize(), name.upper())
)
"""Far down a file, headings are looked for only in these ways of writing: a million texts are."""


def _header(grid: Grid, row: int, end: int) -> Header:
    """Read the headings of a table, of two rows where the row above or below belongs to them."""
    rows = [row]
    if row and _joins_above(grid, row):
        rows.insert(0, row - 1)
    elif row + 1 < end and _joins_below(grid, row):
        rows.append(row + 1)
    if rows[-1] + 1 < end and _units_alone(grid, rows[-1] + 1):
        units: Sequence[str] = grid.row(rows[-1] + 1)
        rows.append(rows[-1] + 1)
    else:
        units = [""] * len(grid.columns)
    two = [it for it in rows if not _units_alone(grid, it)]
    above = _filled(grid, two[0]) if len(two) > 1 else [""] * len(grid.columns)
    below = grid.row(two[-1])
    often = {text for text in below if below.count(text) > 1}
    texts, meanings = [], []
    for column, (over, under, unit) in enumerate(zip(above, below, units, strict=True)):
        both = " ".join(part for part in (over, under) if part)
        text = both if under in often or not under else under
        texts.append(" ".join(part for part in (text, f"({unit})" if unit else "") if part))
        said = next((it for it in map(meaning, (both, under, over)) if it.role), Meaning())
        of_money = over and said.role not in MONEY and meaning(over).role in MONEY
        if of_money and _holds_amounts(grid, rows[-1], column):  # Council, under Outturn
            said = meaning(over)
        year = year_named(both)
        meanings.append(said._replace(year=said.year or year))
    return Header(tuple(rows), end, tuple(texts), tuple(above), tuple(meanings))


def _units_alone(grid: Grid, row: int) -> bool:
    cells = [text for text in grid.row(row) if text]
    return len(cells) > 1 and all(
        unit_named(it) and re.fullmatch(r"\(?£?[\s']*(?:0*|k|m|million|thousand)\)?s?", it)
        for it in cells
    )


def _joins_above(grid: Grid, row: int) -> bool:
    """Return whether the row above belongs to the headings of a row."""
    above, below = grid.row(row - 1), grid.row(row)
    texts = [text for text in above if text]
    if not texts or any(is_amount(it) and not _YEAR.fullmatch(it) for it in texts):
        return False
    if any(len(it) > LONGEST_HEADING for it in texts):
        return False
    merged = any(top == row and right > left for top, left, _, right in grid.seen.merged)
    over_blank = any(
        over and not under and _holds_anything(grid, row, column)
        for column, (over, under) in enumerate(zip(above, below, strict=True))
    )
    of_money = any(meaning(it).role in MONEY or unit_named(it) for it in texts)
    several = len(texts) > 1 and (of_money or len(texts) >= _MANY_TEXTS)
    return (merged and len(texts) > 1) or (over_blank and len(texts) > 1) or several


def _joins_below(grid: Grid, row: int) -> bool:
    """Return whether the row below names what stands under one heading of money: ICB, Council."""
    upper, lower = grid.row(row), grid.row(row + 1)
    if any(is_amount(it) and not _YEAR.fullmatch(it) for it in lower):
        return False
    filled = _filled(grid, row)
    under = [
        column
        for column, text in enumerate(lower)
        if text and not upper[column] and meaning(filled[column]).role in MONEY
    ]
    return bool(under)


def _holds_anything(grid: Grid, row: int, column: int) -> bool:
    of = grid.columns[column]
    return any(of.texts[code].strip() for code in of.codes[row + 1 : row + 1 + _SAMPLE])


def _filled(grid: Grid, row: int) -> list[str]:
    """Return the upper of two rows of headings, each text over all the columns it stands for."""
    texts = grid.row(row)
    spans = {
        column: grid.row(top - 1)[left - 1]
        for top, left, bottom, right in grid.seen.merged
        if top <= row + 1 <= bottom
        for column in range(left - 1, min(right, len(texts)))
    }
    filled, last = [], ""
    for column, text in enumerate(texts):
        if column in spans:
            filled.append(spans[column])
            last = ""
            continue
        if text:
            last = (
                text if meaning(text).role in MONEY or unit_named(text) or year_named(text) else ""
            )
        filled.append(text or last)
    return filled

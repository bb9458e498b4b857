"""Which rows of a table are totals: proved by the lines they are of, never believed.

A proof is of two lines or more, on every column of money the row has: one line proves nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.extracts.amounts import Parts
from bcf_model.intake.raw_table import letters_of
from bcf_model.intake.workbooks.xlsx_contents import Formula, Place, number_of

LABEL: Final = re.compile(
    r"\W*(?:(?:grand|sub|net|gross|overall|report|running|section|page)[\s-]*)?(?:sub[\s-]*)?"
    r"(?:totals?|sum)\b.*|.*\b(?:sub[\s-]?|grand )totals?\W*|.* totals?\W*",
    re.I,
)  # fmt: skip
ALONE: Final = re.compile(r"\W*(?:(?:grand|sub|overall|report)[\s-]*)?totals?\W*", re.I)
OVER_ALL: Final = re.compile(r"\W*(?:grand|overall|report)\b.*", re.I)
"""A total that is of all lines above it, or of none."""
_NET: Final = r"net(?: (?:position|(?:total )?(?:expenditure|spend|cost|income)))?"
_BALANCE: Final = (
    r"(?:(?:opening|closing) )?balance|balance [bc][/ ]?f|[bc]/f|"
    r"(?:balance )?(?:brought|carried) (?:forward|down)"
)
_BESIDE: Final = r"(?:of which|including|memo(?:randum)?|(?:prior|previous|last) year|change)\b.*"
WEAK: Final = re.compile(
    rf"(?:{_NET}|gross|all|overall|{_BALANCE})\W*|\W*{_BESIDE}|\*+", re.IGNORECASE
)
"""What a row may be called that is no line, and says no total."""
LABEL_WORDS: Final = ("total", "sum")
WEAK_WORDS: Final = ("net", "gross", "all", "balance", "*", "/f", "forward", "down",
              "of which", "including", "memo", "year", "change")  # fmt: skip
"""One of which is in every such label."""
LEAST_LINES: Final = 2
LEAST_UNLABELLED: Final = 3
FEW_LINES: Final = 2_000
"""Of a table up to so many lines, a sum of neighbours on one column of money is no accident."""
_NEAREST: Final = 40
_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_ADDS: Final = re.compile(
    r"(?:SUM\([^()]*\)|SUBTOTAL\(\s*\d+\s*,[^()]*\)|\$?[A-Z]+\$?\d+)(?:\+(?!$)|$)"
)


@dataclass(frozen=True)
class Proof:
    """What a row was found to be the sum of.

    Attributes:
        first, last: the rows its lines stand in, counted from 0 in the table.
        lines: how many they are.
        without_text: whether it leaves out amounts typed as text.
        how: in words, where they are no run of lines.
    """

    first: int
    last: int
    lines: int
    without_text: bool = False
    how: str = ""


@dataclass
class Sums:
    """Running sums of the lines of a table, on each column of money.

    Attributes:
        values: the amounts of each column.
        there: where there is one.
        lines: which rows are taken for lines.
        typed: by column, where an amount is typed as text.
        boundaries: rows before which a sum may begin.
    """

    values: Sequence[Parts]
    there: Sequence[NDArray[np.bool_]]
    lines: NDArray[np.bool_]
    typed: Sequence[NDArray[np.bool_]]
    boundaries: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Add up."""
        self.running = [_running(np.where(self.lines, it, 0)) for it in self.values]
        self.seen = [
            _running(np.where(self.lines & ~text, it, 0)) if text.any() else None
            for it, text in zip(self.values, self.typed, strict=True)
        ]
        self.count = _running(self.lines.astype(np.int64))

    def prove(self, row: int, least: int) -> Proof | None:
        """Return of which lines, back to a boundary, a row is the sum; None where of none."""
        columns = [at for at, there in enumerate(self.there) if there[row]]
        if not columns:
            return None
        near = self.boundaries[: np.searchsorted(self.boundaries, row, side="right")]
        starts = np.unique(np.append(near[-_NEAREST:], 0))[::-1]
        return self._among(row, columns, starts, least)

    def _among(
        self, row: int, columns: Sequence[int], starts: NDArray[np.int64], least: int
    ) -> Proof | None:
        lines = self.count[row] - self.count[starts]
        enough = lines >= least
        exact = enough.copy()
        for column in columns:
            running, value = self.running[column], self.values[column][row]
            exact &= running[row] - running[starts] == value
        if exact.any():
            return self._proof(row, int(starts[np.flatnonzero(exact)[0]]))
        if all(self.seen[column] is None for column in columns):
            return None
        nearly = enough.copy()
        for column in columns:
            running, seen, value = self.running[column], self.seen[column], self.values[column][row]
            holds = running[row] - running[starts] == value
            if seen is not None:
                holds |= seen[row] - seen[starts] == value
            nearly &= holds
        if nearly.any():
            return self._proof(row, int(starts[np.flatnonzero(nearly)[0]]), without_text=True)
        return None

    def _proof(self, row: int, start: int, *, without_text: bool = False) -> Proof:
        inside = np.flatnonzero(self.lines[start:row]) + start
        first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (start, start)
        return Proof(first, last, len(inside), without_text)

    def of_key(self, row: int, keys: Mapping[str, NDArray[np.bool_]]) -> Proof | None:
        """Return whether a row is the sum of the lines above that share one of its keys."""
        columns = [at for at, there in enumerate(self.there) if there[row]]
        for said, shared in keys.items():
            inside = np.flatnonzero(shared[:row] & self.lines[:row])
            if len(inside) >= LEAST_LINES and columns and all(
                int(self.values[at][inside].sum()) == int(self.values[at][row]) for at in columns
            ):  # fmt: skip
                return Proof(int(inside[0]), int(inside[-1]), len(inside), how=said)
        return None

    def neighbours(self, *, below: bool) -> dict[int, int]:
        """Return the lines that are the sum of the lines right below (or above), and of how many.

        Of two lines or more below, three above; never where the line itself is nil.
        """
        rows = np.flatnonzero(self.lines)
        if len(rows) <= LEAST_LINES:
            return {}
        values = [it[rows] for it in self.values]
        if not below:
            values = [it[::-1] for it in values]
        least = LEAST_LINES if below else LEAST_UNLABELLED
        columns = [it for it in values if it.any()]
        if not columns:
            return {}
        running = [_running(it) for it in columns]
        size = len(rows)
        first = running[0]
        order = np.argsort(first, kind="stable")
        ordered = first[order]
        at = np.arange(size)
        targets = first[at + 1] + columns[0]
        low = np.searchsorted(ordered, targets, "left")
        high = np.searchsorted(ordered, targets, "right")
        found: dict[int, int] = {}
        for line in np.flatnonzero((high > low) & (columns[0] != 0)).tolist():
            ends = order[low[line] : high[line]]
            ends = ends[ends >= line + 1 + least]
            for end in ends[:_NEAREST].tolist():
                if all(
                    run[end] - run[line + 1] == it[line]
                    for run, it in zip(running, columns, strict=True)
                ):
                    place = line if below else size - 1 - line
                    found[int(rows[place])] = end - line - 1
                    break
        return found


def _running(values: Parts) -> Parts:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])


def rows_added(text: str, column: int) -> list[tuple[int, int]] | None:
    """Return the first and last row of each range a formula adds up in its own column.

    Args:
        text: the formula without its equals sign.
        column: of the cell, A being 1.

    Returns:
        The ranges, rows counted from 1; None where it does anything else.

    >>> rows_added("SUM(E8:E11)", 5), rows_added("E12+E19", 5), rows_added("F8-E8", 7)
    ([(8, 11)], [(12, 12), (19, 19)], None)
    """
    said = text.replace(" ", "").replace("$", "")
    if "".join(it.group() for it in _ADDS.finditer(said)) != said or not said:
        return None
    ranges = []
    inner = re.sub(r"SUBTOTAL\(\d+,", "(", said)
    for found in _RANGE.finditer(inner):
        letters, first, other, last = found.groups()
        if number_of(letters) != column or (other and number_of(other) != column):
            return None
        ranges.append((int(first), int(last or first)))
    return ranges or None


def by_formula(
    formulas: Mapping[Place, Formula],
    place: Place,
    lines: NDArray[np.bool_],
    totals: Mapping[int, frozenset[int]],
    offset: int,
) -> frozenset[int] | None:
    """Return which lines a formula adds up, over totals above too; None where it does not.

    Args:
        formulas: of the sheet.
        place: of the cell.
        lines: which rows of the table are lines.
        totals: the lines of each total above, by its row in the table.
        offset: the row of the sheet, counted from 1, of the first row of the table.
    """
    formula = formulas.get(place)
    ranges = rows_added(formula.text, place[1]) if formula else None
    if ranges is None:
        return None
    found: list[int] = []
    for first, last in ranges:
        for number in range(first, min(last, place[0] - 1) + 1):
            row = number - offset
            if not 0 <= row < len(lines):
                return None
            if row in totals and first == last:
                found += totals[row]
            elif row in totals:
                return None  # lines and their total, added up together
            elif lines[row]:
                found.append(row)
    return frozenset(found) if found and len(found) == len(set(found)) else None


def cell(row: int, column: int) -> str:
    """Name a cell; both are counted from 0."""
    return f"{letters_of(column + 1)}{row + 1}"

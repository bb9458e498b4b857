"""A workbook's own totals: whether they add up what a person sees above them."""

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, Final

from bcf_model.core.findings import Finding
from bcf_model.core.money import NotMoney, read_money
from bcf_model.intake.raw_table import address
from bcf_model.intake.workbooks.xlsx_contents import Formula, Place, number_of

MOST_NAMED: Final = 3
_SUM: Final = re.compile(r"\b(SUM|SUMIFS|SUBTOTAL)\(([^()]*)\)", re.IGNORECASE)
_RANGE: Final = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([A-Za-z_][\w.]*))!)?"
    r"\$?([A-Z]{1,3})\$?([0-9]{1,7})?(?::\$?([A-Z]{1,3})\$?([0-9]{1,7})?)?"
)

Values = Sequence[Sequence[Any]]
"""Values of a sheet from its first row and column on; None where there is none."""
_Box = tuple[str, int, int, int, int]
"""Sheet, first row, first column, last row and last column of a range."""


def doubtful_totals(
    file: str, sheets: Mapping[str, Values], formulas: Mapping[str, Mapping[Place, Formula]]
) -> Iterator[Finding]:
    """Find totals that leave out an amount typed as text (BCF227), or are not of today (BCF026).

    A spreadsheet passes over text when it adds up a range; a person who reads the column does not.
    A total is only added up again where it is a plain SUM of ranges that were read.

    Args:
        file: the workbook.
        sheets: the values of its sheets.
        formulas: those of each sheet that add up ranges.
    """
    columns = _Columns(sheets)
    for sheet, of_sheet in formulas.items():
        for (row, column), formula in of_sheet.items():
            if not formula.calculated:
                continue  # said of its cell
            found = Finding("BCF227", file, row, sheet=sheet, cell=address(row, column))
            boxes, whole = _added_up(formula.text, sheet)
            left_out = [it for box in boxes for it in columns.texts(box)]
            if left_out:
                names = [f"{_place(sheet, *it[:3])} {it[3]!r}" for it in left_out[:MOST_NAMED]]
                more = len(left_out) - MOST_NAMED
                value = f"{formula.said} without {', '.join(names)}"
                value += f" and {more:,} more" if more > 0 else ""
                yield replace(found, value=value)
            elif whole and (total := columns.total(boxes)) is not None:
                stored = _number(formula.stored)
                if stored is not None and not math.isclose(
                    stored, total, rel_tol=1e-9, abs_tol=0.005
                ):
                    value = f"{formula.said}, stored as {stored:,.2f}"
                    yield replace(found, code="BCF026", value=value, expected=f"{total:,.2f}")


def _place(sheet: str, of: str, row: int, column: int) -> str:
    return address(row, column) if of == sheet else f"{of}!{address(row, column)}"


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _added_up(formula: str, sheet: str) -> tuple[list[_Box], bool]:
    """List the ranges a formula adds up, and whether it is their sum and nothing else."""
    boxes, whole = [], False
    for call in _SUM.finditer(formula):
        name, said = call[1].upper(), call[2].split(",")
        wanted = {"SUM": said, "SUMIFS": said[:1], "SUBTOTAL": said[1:]}[name]
        found = [_box(it.strip(), sheet) for it in wanted]
        boxes += [box for box in found if box]
        whole = name == "SUM" and call[0] == formula.strip() and None not in found
    return boxes, whole


def _box(text: str, sheet: str) -> _Box | None:
    found = _RANGE.fullmatch(text)
    if not found or (found[4] is None and found[5] is None):
        return None  # no range, or a name
    of = (found[1] or found[2] or sheet).replace("''", "'")
    left, top = number_of(found[3]), int(found[4] or 1)
    right = number_of(found[5]) if found[5] else left
    bottom = int(found[6] or (2**20 if found[5] else top))
    return of, min(top, bottom), min(left, right), max(top, bottom), max(left, right)


class _Columns:
    """The columns of all sheets, each looked through once: its texts, and its running sums."""

    def __init__(self, sheets: Mapping[str, Values]) -> None:
        self._sheets = sheets
        self._texts: dict[tuple[str, int], list[tuple[int, str]]] = {}
        self._sums: dict[tuple[str, int], list[float]] = {}

    def texts(self, box: _Box) -> list[tuple[str, int, int, str]]:
        """List the cells of a range with an amount typed as text."""
        of, top, _, bottom, _ = box
        found = []
        for column in self._inside(box):
            texts = self._amounts_as_text(of, column)
            first, last = bisect_left(texts, (top, "")), bisect_right(texts, (bottom + 1, ""))
            found += [(of, row, column, text) for row, text in texts[first:last]]
        return found

    def total(self, boxes: Sequence[_Box]) -> float | None:
        """Add up the numbers of ranges; None when one was not read, or holds what has no sum."""
        total = 0.0
        for box in boxes:
            of, top, _, bottom, _ = box
            if of not in self._sheets:
                return None
            for column in self._inside(box):
                sums = self._running(of, column)
                total += sums[min(bottom, len(sums) - 1)] - sums[min(top - 1, len(sums) - 1)]
        return total if math.isfinite(total) else None

    def _inside(self, box: _Box) -> range:
        values = self._sheets.get(box[0], ())
        return range(box[2], min(box[4], len(values[0]) if values else 0) + 1)

    def _amounts_as_text(self, of: str, column: int) -> list[tuple[int, str]]:
        key = of, column
        if key not in self._texts:
            self._texts[key] = [
                (row, line[column - 1])
                for row, line in enumerate(self._sheets[of], start=1)
                if isinstance(line[column - 1], str) and _is_amount(line[column - 1])
            ]
        return self._texts[key]

    def _running(self, of: str, column: int) -> list[float]:
        """Return the sum down to each row; not a number from where there is a date or an error."""
        key = of, column
        if key not in self._sums:
            numbers = (_to_add(line[column - 1]) for line in self._sheets[of])
            self._sums[key] = list(accumulate(numbers, initial=0.0))
        return self._sums[key]


def _to_add(value: Any) -> float:
    if isinstance(value, str) and not value.startswith("#"):
        return 0.0
    if value is None or isinstance(value, bool):
        return 0.0
    return float(value) if isinstance(value, int | float) else math.nan


def _is_amount(text: str) -> bool:
    try:
        return read_money(text, "millions").pence != 0
    except NotMoney:
        return False

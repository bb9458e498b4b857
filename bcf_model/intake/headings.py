"""Tables made of records of text: their headings stand in the row that has their known columns.

People write titles above a table, leave rows and columns blank, and spread capitals, blanks and
hyphens over its headings. A row of headings is found by the columns a table of that name has; where
two rows could be it, or rows of the table stand above it, nothing is read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from math import inf
from typing import Final

from bcf_model.core.findings import Finding
from bcf_model.core.package_files import rows_of
from bcf_model.core.whole_pool import KEPT_TABLES
from bcf_model.intake.raw_table import RawPool, RawTable, Seen, address, plain_name

LARGEST_COLUMNS: Final = 200
LOOKED_AT: Final = 120
"""Rows among which the headings are looked for."""
_ROOMS: Final = ("core", "plan", "extracts")
"""Those whose dictionaries have input tables."""
_FEWEST: Final = 2
"""Known names that a row of headings has at the least."""
_AMOUNT: Final = re.compile(r"[-+(£\s]*[0-9][0-9,.]*[)%\s]*")


@dataclass(frozen=True)
class Known:
    """The columns a table may have.

    Attributes:
        columns: all of them. needed: those it must have. money: those that hold amounts.
    """

    columns: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    money: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def _spelt(self) -> Mapping[str, str]:
        """Each name as it is mostly spelt, in lower case."""
        return {it.replace("_", sign): it for it in self.columns for sign in "_ -"}

    def among(self, record: Sequence[str]) -> set[str]:
        """Return the known columns that a row names."""
        spelt = self._spelt
        cells = (cell.strip().lower() for cell in record[:LARGEST_COLUMNS])
        return {spelt[cell] for cell in cells if cell in spelt}

    def all_in(self, record: Sequence[str]) -> bool:
        """Return whether a row names all columns the table must have."""
        found = self.among(record)
        return len(found) >= _FEWEST and self.needed <= found

    def likeness(self, record: Sequence[str]) -> float:
        """Return how much a row is like the headings: infinitely where all needed are there."""
        return inf if self.all_in(record) else len(self.among(record))


@cache
def known_of(table: str) -> Known:
    """Return the columns that the data dictionaries give a table by the name of its file."""
    named = table.replace("_", "")
    for room in _ROOMS:
        rows = [it for it in _dictionary(room) if it["table"].casefold() == named]
        if rows:
            columns = {it["column"] for it in rows}
            beside = {"page", "url"} if "source" in columns else set[str]()
            parts = {kind for kind, tables in KEPT_TABLES.items() if table in tables}
            return Known(
                frozenset(columns | beside | parts),
                frozenset(it["column"] for it in rows if not it["may_be_left_out"]),
                frozenset(it["column"] for it in rows if it["form"] == "money"),
            )
    return Known()


@cache
def _dictionary(room: str) -> Sequence[Mapping[str, str]]:
    return rows_of(f"bcf_model.{room}", "dictionary.csv")


def as_table(
    records: Sequence[Sequence[str]],
    file: str,
    sheet: str,
    pool: RawPool,
    seen: Seen | None = None,
    known: Known | None = None,
) -> RawTable | None:
    """Make a table of records of text; None, with findings, when they are none.

    Args:
        records: the rows, the first of them row 1.
        file: they stand in.
        sheet: they stand on; blank of a CSV file.
        pool: what is found is added to.
        seen: what a person sees of the sheet.
        known: the columns the table may have; those of the table the sheet is named after.
    """
    known = known_of(sheet) if known is None else known
    top = _top(records, known)
    if top is None:
        pool.add("BCF003", file, sheet=sheet)
        return None
    if isinstance(top, str):
        pool.add("BCF030", file, sheet=sheet, value=top, expected="one row of headings")
        return None
    laid = _Laid(records, top, known, file, sheet)
    wrong = [*laid.wrong()]
    pool.findings += wrong
    if wrong:
        return None
    if top:
        above = "row 1 is" if top == 1 else f"rows 1 to {top} are"
        value = f"in row {top + 1}; {above} left out"
        pool.add("BCF019", file, sheet=sheet, row=top + 1, value=value)
    named = laid.named
    return RawTable(
        file,
        sheet,
        tuple(laid.headings[i] for i in named),
        tuple(tuple(record[i] if i < len(record) else "" for i in named) for _, record in laid.body)
        if laid.ragged
        else tuple(tuple(record[i] for i in named) for _, record in laid.body),
        tuple(number for number, _ in laid.body),
        tuple(i + 1 for i in named),
        seen,
    )


def _top(records: Sequence[Sequence[str]], known: Known) -> int | str | None:
    """Return which row holds the headings, counted from 0; why none can; None where all is blank.

    It is the one with all columns the table must have. Where none has, it is the first row with
    anything in it, unless another has more of them.
    """
    filled = [i for i, record in enumerate(records[:LOOKED_AT]) if _is_filled(record)]
    if not filled:
        return next((i for i, record in enumerate(records) if _is_filled(record)), None)
    first, whole = filled[0], [i for i in filled if known.all_in(records[i])]
    if not whole:
        names = {i: known.among(records[i]) for i in filled}
        nearest = max(filled, key=lambda i: len(names[i]))
        if nearest == first or len(names[nearest]) < max(_FEWEST, len(names[first]) + 1):
            return first
        lacks = ", ".join(sorted(known.needed - names[nearest]))
        return f"none; the nearest is row {nearest + 1}, without {lacks}"
    top = whole[0]
    above = [i for i in filled if i < top]
    rivals = [*(i for i in above if _may_be_headings(records[i], known)), *whole]
    if len(rivals) == 1:
        heading = records[top]
        later = range(max(filled) + 1, len(records))
        rivals += [i for i in later if records[i] == heading][:1]
    if len(rivals) > 1:
        return "two: " + " and ".join(f"row {i + 1}" for i in rivals[:2])
    if rows := [i for i in above if _may_be_a_row(records, i, top, known)]:
        return f"row {top + 1}, with row {rows[0] + 1} above it, which may be one of the table"
    return top


def _is_filled(record: Sequence[str]) -> bool:
    return any(cell.strip() for cell in record)


def _may_be_headings(record: Sequence[str], known: Known) -> bool:
    """Return whether a row is half of known names, and has no amount."""
    names, filled = known.among(record), [cell for cell in record if cell.strip()]
    amounts = any(_AMOUNT.fullmatch(cell) for cell in filled)
    return len(names) >= _FEWEST and 2 * len(names) >= len(filled) and not amounts


def _may_be_a_row(records: Sequence[Sequence[str]], row: int, top: int, known: Known) -> bool:
    """Return whether a row above the headings has what a row of the table has, and no title has.

    That is an amount under one of its amounts, beside more than half of what a row must have; or,
    of a table without amounts, all that it must have, and no blank row between.
    """
    at = {plain_name(cell): i for i, cell in enumerate(records[top][:LARGEST_COLUMNS])}
    record = records[row]
    said = {name for name, i in at.items() if i < len(record) and record[i].strip()}
    if money := known.money & {*at}:
        amounts = any(_AMOUNT.fullmatch(record[at[name]]) for name in money & said)
        return amounts and 2 * len(known.needed & said) > len(known.needed)
    between = all(_is_filled(records[i]) for i in range(row, top))
    return known.needed <= said and (between or len(known.needed) > _FEWEST)


class _Laid:
    """Records under the row of their headings, and what is wrong with how they stand there."""

    def __init__(
        self, records: Sequence[Sequence[str]], top: int, known: Known, file: str, sheet: str
    ) -> None:
        """Take the rows that are not blank; blank columns at the right are none."""
        heading = records[top]
        self.written = len(heading)
        self.top, self.known, self.file, self.sheet = top, known, file, sheet
        self.body = [
            (number, record)
            for number, record in enumerate(records[top + 1 :], start=top + 2)
            if _is_filled(record)
        ]
        self.ragged = any(len(record) != self.written for _, record in self.body)
        self.width = _width(heading)
        if self.width < self.written:
            ends = (_width(record[: self.written]) for _, record in self.body)
            self.width = max(self.width, *ends, 0) if self.body else self.width
        self.headings = (
            [plain_name(cell) for cell in heading[: self.width]]
            if self.width <= LARGEST_COLUMNS
            else []
        )
        self.named = [i for i, it in enumerate(self.headings) if it]

    def _finding(self, code: str, row: int = 0, column: int | None = None, **said: str) -> Finding:
        """Return a finding of the table, a row of it, or a column counted from 0."""
        cell, name = "", ""
        if column is not None:
            cell = address(self.top + 1, column + 1) if self.sheet else ""
            name = self.headings[column] or f"number {column + 1}"
        value, expected = said.get("value", ""), said.get("expected", "")
        return Finding(code, self.file, row, name, value, expected, self.sheet, cell)

    def wrong(self) -> Iterator[Finding]:
        """Return what is wrong with the rows (BCF011) and columns (BCF010, 014, 015)."""
        if self.width > LARGEST_COLUMNS:
            value, expected = f"{self.width} columns", f"at most {LARGEST_COLUMNS}"
            yield self._finding("BCF014", value=value, expected=expected)
            return
        if self.ragged:
            yield from self._uneven()
        for i in {*range(self.width)} - {*self.named}:
            if any(record[i].strip() for _, record in self.body if len(record) > i):
                yield self._finding("BCF015", column=i)
        met: set[str] = set()
        for i in self.named:
            if self.headings[i] in met:
                yield self._finding("BCF010", self.top + 1, i)
            met.add(self.headings[i])

    def _uneven(self) -> Iterator[Finding]:
        """Return the rows with cells beyond the headings, and those cut off before what is needed.

        Needed is what each row of the table must have, and an amount that all others state.
        """
        places = {name: i for i, name in enumerate(self.headings) if name}
        needed = [places[name] for name in self.known.needed if name in places]
        for name in self.known.money & {*places}:
            at = places[name]
            if all(record[at].strip() for _, record in self.body if len(record) > at):
                needed.append(at)
        whole = all(len(record) > self.written for _, record in self.body)
        last = max(needed, default=-1 if self.known.columns else self.width - 1)
        for number, record in self.body:
            beyond = len(record) > self.written and (
                _is_filled(record[self.written :]) or (not whole and _may_be_moved(record))
            )
            if beyond or len(record) <= last:
                value, expected = f"{len(record)} cells", f"{self.written}"
                yield self._finding("BCF011", number, value=value, expected=expected)


def _may_be_moved(record: Sequence[str]) -> bool:
    """Return whether an unquoted comma may have moved the cells of a row to the right.

    >>> _may_be_moved(["A", "30", "000.01"]), _may_be_moved(["A", "30", "20.01"])
    (True, False)
    """
    return any(
        right[:1].isspace() or (_HUNDREDS.fullmatch(left) and _THOUSANDTHS.fullmatch(right))
        for left, right in pairwise(record)
    )


_HUNDREDS: Final = re.compile(r"[-−+(£\s]*[0-9]{1,3}")
_THOUSANDTHS: Final = re.compile(r"[0-9]{3}(?:\.[0-9]*)?[)\s-]*")
"""The two parts of an amount whose thousands an unquoted comma parts."""


def _width(record: Sequence[str]) -> int:
    """Return how many cells a row has up to the last that is not blank."""
    last = len(record)
    while last and not record[last - 1].strip():
        last -= 1
    return last

"""Amounts of an extract, exact: each text read once, in hundred-millionths of the unit stated."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.money import NotMoney, Pence, read_number
from bcf_model.core.words import UNITS
from bcf_model.intake.csv_text import Column

PLACES: Final = 8
"""Decimals that are kept: of millions down to the penny."""
PARTS: Final = 10**PLACES
LARGEST: Final = 9 * 10**18
"""Of a sum of amounts in such parts: beyond it a whole number of 64 bits is none."""
_NOISE: Final = Decimal("0.000000001")
_WHOLE: Final = r"-?(?:[1-9][0-9]{0,2}(?:,[0-9]{3}){1,2}|[0-9]{1,10})"
_FAST: Final = re.compile(rf"({_WHOLE})(?:\.([0-9]{{1,8}}))?")
"""What most amounts are; of so few digits that none is too large."""
_LARGEST_NUMBER: Final = 10**18
_TO_THE_PENNY: Final = re.compile(rf"(?:{_WHOLE}\.[0-9]{{2}}\n)++")
_AT_ONCE: Final = 4_096
_NIL: Final = {"-", "–", "—", "−", "nil"}

Parts = NDArray[np.int64]


class Read(NamedTuple):
    """A text that was read as an amount.

    Attributes:
        parts: hundred-millionths; None where it is no amount.
        decimals: that are written.
        reason: why it is none: of `NotMoney`, or `large`.
    """

    parts: int | None
    decimals: int = 0
    reason: str = ""


def read_text(text: str) -> Read:
    """Read an amount; a spreadsheet's noise beyond its fifteen digits is none of it.

    >>> read_text("1,200.50").parts, read_text("(3)").parts, read_text("inv 1").reason
    (120050000000, -300000000, 'text')
    """
    if found := _FAST.fullmatch(text):
        return Read(_parts(found), len(found[2] or ""))
    said = text.strip()
    if said.removeprefix("£").strip().lower() in _NIL:
        return Read(0)
    try:
        number = read_number(said)
    except NotMoney as problem:
        return Read(None, 0, problem.reason)
    exact = number.quantize(Decimal(1).scaleb(-PLACES)) if abs(number) < _LARGEST_NUMBER else number
    decimals = max(0, -int(number.as_tuple().exponent))
    if decimals > PLACES:
        if abs(exact - number) > _NOISE:
            return Read(None, decimals, "penny")
        decimals = max(0, -int(exact.normalize().as_tuple().exponent))
    return _kept(int(exact * PARTS), decimals)


def _parts(found: re.Match[str]) -> int:
    whole, after = found.groups("")
    return int(whole.replace(",", "") + after.ljust(PLACES, "0"))


def _kept(parts: int, decimals: int) -> Read:
    return Read(parts, decimals) if abs(parts) <= LARGEST else Read(None, 0, "large")


read = lru_cache(maxsize=2**16)(read_text)
"""The same, of few texts that are looked at often."""


def is_amount(text: str) -> bool:
    """Return whether a text is an amount."""
    return read(text).parts is not None


@dataclass(frozen=True, eq=False)
class Amounts:
    """The amounts of one column of a table; each array has one entry for each row.

    Attributes:
        column: of the sheet, counted from 0.
        parts: hundred-millionths of the unit; 0 where there is none.
        there: whether there is an amount.
        unread: whether there is something that is none.
        decimals: that are written.
    """

    column: int
    parts: Parts
    there: NDArray[np.bool_]
    unread: NDArray[np.bool_]
    decimals: NDArray[np.int8]

    def total(self, rows: NDArray[np.bool_]) -> int:
        """Add up the amounts of some rows."""
        return int(self.parts[rows].sum())


def read_column(column: Column, number: int, rows: slice) -> Amounts:
    """Read the amounts of a column, each distinct text once.

    Args:
        column: the texts.
        number: of the column, counted from 0.
        rows: those of the table.

    Raises:
        OverflowError: they come to more than can be added up.
    """
    codes = column.codes[rows]
    used = np.zeros(len(column.texts), bool)
    used[codes] = True
    parts = np.zeros(len(used), np.int64)
    there, unread = np.zeros(len(used), bool), np.zeros(len(used), bool)
    decimals = np.zeros(len(used), np.int8)
    places = np.flatnonzero(used)
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        texts = [column.texts[place] for place in some.tolist()]
        pence = _pence_at_once(texts)
        if pence is not None:
            parts[some], there[some], decimals[some] = pence * (PARTS // 100), True, 2
            continue
        for place, text in zip(some.tolist(), texts, strict=True):
            found = read_text(text)
            if found.parts is not None:
                parts[place], there[place], decimals[place] = found.parts, True, found.decimals
            else:
                unread[place] = found.reason != "blank"
    amounts = Amounts(number, parts[codes], there[codes], unread[codes], decimals[codes])
    if np.abs(amounts.parts.astype(np.float64)).sum() > LARGEST:
        raise OverflowError
    return amounts


def _pence_at_once(texts: Sequence[str]) -> Pence | None:
    """Return the pence of texts that are all written to the penny; None where one is not."""
    together = "\n".join(texts) + "\n"
    if not _TO_THE_PENNY.fullmatch(together):
        return None
    digits = together.replace(",", "").replace(".", "")
    pence = np.array(digits.split("\n")[:-1], dtype=np.int64)
    return pence if len(pence) == len(texts) else None


def pence_of(parts: Parts, unit: str) -> tuple[Pence, NDArray[np.bool_]]:
    """Return amounts in whole pence, and which of them are finer than a penny.

    >>> pence_of(np.array([150_000_000, 100_000]), "pounds")[0].tolist()
    [150, 0]
    """
    step = PARTS // UNITS[unit]
    whole, rest = np.divmod(parts, step)
    return whole, rest != 0


def written(parts: int) -> str:
    """Write an amount in the unit it is stated in, to the penny or finer.

    >>> written(4979197500000), written(-120050000000)
    ('49,791.975', '-1,200.50')
    """
    whole, rest = divmod(abs(parts), PARTS)
    decimals = f"{rest:0{PLACES}}".rstrip("0").ljust(2, "0")
    return f"{'-' if parts < 0 else ''}{whole:,}.{decimals}"


def pounds(pence: int) -> str:
    """Write whole pence as pounds.

    >>> pounds(-5)
    '-£0.05'
    """
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}.{rest:02}"


def any_of(arrays: Sequence[NDArray[np.bool_]], height: int) -> NDArray[np.bool_]:
    """Return in which rows any of several holds."""
    found = np.zeros(height, bool)
    for array in arrays:
        found |= array
    return found

"""Whole pence: read, round, share, write.

Money is int64 pence from the moment it is read. Pounds, £000 and £m exist in files and on pages.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.vocabulary import UNIT_LABELS, UNITS

Pence = NDArray[np.int64]

LARGEST_PENCE: Final = 10**14
"""£1 trillion: no pool is larger, and a hundred thousand such lines still add up inside int64."""

_INT64_MAX: Final = np.iinfo(np.int64).max

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+")
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}([ T][0-9:.]+)?")
_OTHER_CURRENCY = re.compile(
    "[$€¥₹¢]|\\b(?:EUR|USD|GBP)\\b", re.IGNORECASE
)
_NIL = {"-", "–", "—", "−", "nil"}
_MINUS = "-−"


@dataclass(frozen=True)
class NotMoney(Exception):  # noqa: N818 - it says what the text is
    """Text that is not an amount of money.

    Attributes:
        reason: `blank`, `currency`, `date`, `penny` (finer than a penny), `large` or `text`.
    """

    reason: str


@dataclass(frozen=True)
class Amount:
    """An amount read from text.

    Attributes:
        pence: whole pence; spending positive, income negative.
        dash: the text was a dash or "nil", read as zero.
    """

    pence: int
    dash: bool = False


def read_number(text: str) -> Decimal:
    """Read a number as finance people write it, without its currency, percent or unit sign.

    Commas group thousands; brackets, a leading or trailing minus (also U+2212) and a trailing CR
    make it negative; DR says positive. Two such signs at once are refused, as are exponents.

    Raises:
        NotMoney: for anything else.
    """
    rest = _SPACES.sub(" ", text).strip()
    if not rest:
        raise NotMoney("blank")
    if _OTHER_CURRENCY.search(rest):
        raise NotMoney("currency")
    if _DATE.fullmatch(rest):
        raise NotMoney("date")
    signs = 0
    negative = False
    if rest.startswith("(") and rest.endswith(")"):
        rest, signs, negative = rest[1:-1].strip(), signs + 1, True
    for mark, is_minus in (("CR", True), ("DR", False)):
        if rest.upper().endswith(mark):
            rest, signs, negative = rest[:-2].strip(), signs + 1, is_minus
    if rest[:1] and rest[0] in _MINUS:
        rest, signs, negative = rest[1:].strip(), signs + 1, True
    elif rest[-1:] and rest[-1] in _MINUS:
        rest, signs, negative = rest[:-1].strip(), signs + 1, True
    rest = rest.removeprefix("£").strip()
    if rest[:1] and rest[0] in _MINUS:  # £-12
        rest, signs, negative = rest[1:].strip(), signs + 1, True
    if signs > 1 or not _NUMBER.fullmatch(rest):
        raise NotMoney("text")
    number = Decimal(rest.replace(",", ""))
    return -number if negative else number


def read_money(text: str, unit: str) -> Amount:
    """Read one amount in a declared unit, to whole pence.

    Args:
        text: as typed, for example ``"£1,234.50"``, ``"(130)"`` or ``"12-"``.
        unit: `pounds`, `thousands` or `millions`.

    Raises:
        NotMoney: the text is blank, another currency, a date, finer than a penny (the decimals
            *written* count, so 1.230 pounds is refused too), too large, or no number at all.

    >>> read_money("(1,234.50)", "pounds").pence, read_money("1,927", "thousands").pence
    (-123450, 192700000)
    """
    if _SPACES.sub("", text).removeprefix("£").lower() in _NIL:
        return Amount(0, dash=True)
    number = read_number(text)
    places = -int(number.as_tuple().exponent)
    if places > len(str(UNITS[unit])) - 1:
        raise NotMoney("penny")
    if abs(number) * UNITS[unit] > LARGEST_PENCE:
        raise NotMoney("large")
    return Amount(int(number * UNITS[unit]))


def divide(numerator: Any, denominator: Any) -> Pence:
    """Divide whole numbers and round half away from zero, exactly.

    Args:
        numerator: int64 array or object array of Python integers.
        denominator: the same, of one shape with the numerator; never zero.

    Returns:
        int64 array. Excel's ROUND does the same; numpy's and Python's do not.

    >>> divide(np.array([5, -5, 4, 7]), np.array([2, 2, 3, -2])).tolist()
    [3, -3, 1, -4]
    """
    n, d = np.asarray(numerator), np.asarray(denominator)
    sign = np.sign(n) * np.sign(d)
    n, d = abs(n), abs(d)
    whole, rest = n // d, n % d
    rounded = sign * (whole + (rest >= d - rest))
    return rounded.astype(np.int64)


def multiply(left: Any, right: Any) -> NDArray[Any]:
    """Multiply whole numbers without ever overflowing.

    £13.7m × £382m in pence is past int64: where a product might be, Python integers take over.

    >>> multiply(np.array([1_373_700_000]), np.array([38_207_800_000])).tolist()
    [52486054860000000000]
    """
    a, b = np.asarray(left), np.asarray(right)
    if a.size and b.size and a.dtype != object and b.dtype != object:
        largest = max(abs(int(a.max())), abs(int(a.min())))
        if largest * max(abs(int(b.max())), abs(int(b.min()))) <= _INT64_MAX:
            return np.asarray(a * b)
    return np.asarray(a.astype(object) * b.astype(object))


def pounds(pence: int) -> str:
    """Write pence as pounds with two decimals, for machines.

    >>> pounds(-123450), pounds(5)
    ('-1234.50', '0.05')
    """
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def shown(pence: int, unit: str) -> str:
    """Write pence for people, in a unit, brackets for negatives: whole £000, £ with pence.

    >>> shown(-13_000_000, "thousands"), shown(123450, "pounds"), shown(-4, "thousands")
    ('(130)', '1,234.50', '(0)')
    """
    places = {"pounds": 2, "thousands": 0, "millions": 3}[unit]
    tenths = int(divide(np.array([abs(pence) * 10**places]), np.array([UNITS[unit]]))[0])
    text = f"{tenths // 10**places:,}"
    if places:
        text += f".{tenths % 10**places:0{places}d}"
    return f"({text})" if pence < 0 else text


def label(unit: str) -> str:
    """Give the sign of a unit, for headings.

    >>> label("thousands")
    '£000'
    """
    return UNIT_LABELS[unit]

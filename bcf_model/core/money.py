"""Whole pence: read, round, share, write.

Money is int64 pence from the moment it is read. Pounds, £000 and £m exist in files and on pages.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.words import UNIT_LABELS, UNITS

Pence = NDArray[np.int64]

MILLIONTHS: Final = 10**6
"""A percentage, a price, a count: each is kept in so many parts of one."""

LARGEST_PENCE: Final = 10**14
"""£1 trillion: no amount, and no column of amounts, is larger; so no sum ever leaves int64."""

_INT64: Final = np.iinfo(np.int64)

_GROUPING = ",\u00a0\u2007\u2009\u202f"
_UNGROUPED = dict.fromkeys(map(ord, _GROUPING))
"""What may stand between thousands: a comma, or a space no typist makes by accident."""

_NUMBER = re.compile(
    rf"(?:[0-9]+|[1-9][0-9]{{0,2}}([{_GROUPING}])[0-9]{{3}}(?:\1[0-9]{{3}})*)(?:\.[0-9]+)?|\.[0-9]+"
)
_POUND = re.compile(r"^([(−-]?\s*)£\s*")
_DATE = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})([ T][0-9:.]+)?")
_DAY, _MONTH_NUMBER = re.compile("0?[1-9]|[12][0-9]|3[01]"), re.compile("0?[1-9]|1[0-2]")
_MONTH = re.compile(
    r"([0-9]{1,2}[ -]?)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]?[0-9]{2,4}",
    re.I,
)
_OTHER_CURRENCY = re.compile(r"[$¢¥€₹]|\b(?:EUR|USD|CHF)\b", re.IGNORECASE)
_NIL = {"-", "–", "—", "−", "nil"}
_MINUS = "-−"


class NotMoney(Exception):
    """Text that is not an amount of money.

    Attributes:
        reason: `blank`, `currency`, `date`, `penny` (finer than a penny), `large` or `text`.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Amount:
    """An amount read from text.

    Attributes:
        pence: whole pence; spending positive, income negative.
        step: the step it is written in, in pence: the unit, or a tenth of it for each decimal.
        dash: the text was a dash or "nil", read as zero.
        plain: the text without a plus and needless noughts, where it had them; else "".
    """

    pence: int
    step: int = 1
    dash: bool = False
    plain: str = ""


def read_number(text: str) -> Decimal:
    """Read a number as finance people write it, without its currency, percent or unit sign.

    Commas group thousands, as do no-break and thin spaces; a plain space does not, for "210 210" is
    two amounts in one cell. Brackets, a leading or trailing minus (also U+2212) and a trailing CR
    make it negative; DR says positive. Two such signs at once are refused, as are exponents, a
    leading plus, and digits other than 0 to 9.

    Raises:
        NotMoney: for anything else.

    >>> [str(read_number(text)) for text in ("£(1,234.50)", "12-", "−£3", "7 CR", "5 DR")]
    ['-1234.50', '-12', '-3', '-7', '5']
    """
    rest = text.strip()
    if not rest:
        raise NotMoney(reason="blank")
    if _OTHER_CURRENCY.search(rest):
        raise NotMoney(reason="currency")
    if _is_date(rest):
        raise NotMoney(reason="date")
    rest, signs, negative = _POUND.sub(r"\1", rest), 0, False
    if rest.startswith("(") and rest.endswith(")"):
        rest, signs, negative = rest[1:-1].strip(), signs + 1, True
    for mark, is_minus in (("CR", True), ("DR", False)):
        if rest.upper().endswith(mark):
            rest, signs, negative = rest[:-2].strip(), signs + 1, is_minus
    if rest[:1] and rest[0] in _MINUS:
        rest, signs, negative = rest[1:].strip(), signs + 1, True
    elif rest[-1:] and rest[-1] in _MINUS:
        rest, signs, negative = rest[:-1].strip(), signs + 1, True
    if signs > 1 or not _NUMBER.fullmatch(rest):
        raise NotMoney(reason="text")
    number = Decimal(rest.translate(_UNGROUPED))
    return -number if negative else number


def _is_date(text: str) -> bool:
    """Return whether a text is a date: a day, a month and a year of two or four digits, or Mar-19.

    >>> [_is_date(text) for text in ("31/03/2019", "2019-03-31", "3/31/19", "12.3.4", "31.31.19")]
    [True, True, True, False, False]
    """
    if not (parts := _DATE.fullmatch(text)):
        return bool(_MONTH.fullmatch(text))
    one, _, two, three, _ = parts.groups()
    return any(
        _DAY.fullmatch(day) and _MONTH_NUMBER.fullmatch(month) and len(year) in digits
        for day, month, year, digits in (
            (one, two, three, (2, 4)),
            (two, one, three, (2, 4)),
            (three, two, one, (4,)),
        )
    )


def read_plain(text: str) -> Decimal:
    """Read a number that is no money: a percentage, a count, a ratio.

    It may have a minus before it, and commas between thousands. A £ sign, DR or CR, brackets or a
    minus behind it say that it is an amount, and are refused.

    Raises:
        NotMoney: for anything else.

    >>> str(read_plain("-1,234.5"))
    '-1234.5'
    """
    if re.search(r"£|[()]|(?:CR|DR|[-−])\s*$", text, re.IGNORECASE):
        raise NotMoney(reason="text")
    return read_number(text)


def read_money(text: str, unit: str) -> Amount:
    """Read one amount in a declared unit, to whole pence, that is within £1 trillion of nil.

    Raises:
        NotMoney: as of `read_amount`, or the amount is too large.

    >>> read_money("(1,234.50)", "pounds").pence, read_money("1,927", "thousands").pence
    (-123450, 192700000)
    """
    amount = read_amount(text, unit)
    if abs(amount.pence) > LARGEST_PENCE:
        raise NotMoney(reason="large")
    return amount


def read_amount(text: str, unit: str) -> Amount:
    """Read one amount in a declared unit, to whole pence, however large it is.

    Args:
        text: as typed, for example ``"£1,234.50"``, ``"(130)"`` or ``"12-"``. It may have a plus,
            and noughts beyond the penny, which say nothing; but 1.230 pounds may be 1,230.
        unit: `pounds`, `thousands` or `millions`.

    Raises:
        NotMoney: the text is blank, another currency, a date, finer than a penny, or no number at
            all.

    >>> read_amount("+1,000.1000", "pounds")
    Amount(pence=100010, step=1, dash=False, plain='1,000.10')
    """
    try:
        return _read_plain_amount(text, unit)
    except NotMoney:
        plain = _plain_amount(text, unit)
        if plain == text:
            raise
    amount = _read_plain_amount(plain, unit)
    return Amount(amount.pence, amount.step, amount.dash, plain)


_PLUS: Final = re.compile(rf"^\s*(£?)\s*\+\s*(?=£?\s*[0-9.{_GROUPING}]+\s*$)")
"""A plus that is the only sign of an amount."""
_NOUGHTS: Final = re.compile(r"([0-9]*)\.([0-9]+)")
_THREE: Final = 3
"""Digits between the marks of thousands."""


def _plain_amount(text: str, unit: str) -> str:
    """Return an amount without a plus, and without noughts beyond the penny."""
    most = len(str(UNITS[unit])) - 1

    def shorter(found: re.Match[str]) -> str:
        whole, decimals = found[1], found[2]
        may_be_thousands = len(decimals) == _THREE and 0 < len(whole) <= _THREE
        grouped = found.start() and text[found.start() - 1] in _GROUPING
        needless = len(decimals) > most and not decimals[most:].strip("0")
        if not needless or (may_be_thousands and not grouped):
            return found[0]
        return f"{whole}.{decimals[:most]}"

    text = _NOUGHTS.sub(shorter, text)
    return _PLUS.sub(r"\1", text)


def _read_plain_amount(text: str, unit: str) -> Amount:
    """Read an amount without a plus, and with no more decimals than its unit has."""
    if text.strip().removeprefix("£").strip().lower() in _NIL:
        return Amount(0, UNITS[unit], dash=True)
    number = read_number(text)
    decimals = -int(number.as_tuple().exponent)
    if decimals > len(str(UNITS[unit])) - 1:
        raise NotMoney(reason="penny")
    return Amount(int(number * UNITS[unit]), UNITS[unit] // 10**decimals)


def within_last_digit(amount: int, stated: int, step: int) -> bool:
    """Return whether an amount can be what was stated, rounded to the step it is written in.

    >>> within_last_digit(818_985_100, 818_990_000, 10_000), within_last_digit(5, 6, 1)
    (True, False)
    """
    return 2 * abs(amount - stated) <= step


def divide(numerator: Any, denominator: Any) -> Pence:
    """Divide whole numbers and round half away from zero, exactly.

    Args:
        numerator: int64 array or object array of Python integers.
        denominator: the same, of one shape with the numerator; never zero.

    Returns:
        int64 array. Excel's ROUND does the same; numpy's and Python's do not. A result beyond int64
        is an OverflowError.

    >>> divide(np.array([5, -5, 4, 7]), np.array([2, 2, 3, -2])).tolist()
    [3, -3, 1, -4]
    """
    try:
        rounded: Pence = _divided(numerator, denominator).astype(np.int64)
    except OverflowError:
        raise OverflowError(_FAR_TOO_LARGE) from None
    return rounded


_FAR_TOO_LARGE: Final = f"an amount comes to more than {LARGEST_PENCE // 10**14} trillion pounds"


def check_within_reach(amounts: Pence, of: Callable[[int], str]) -> None:
    """Check that amounts, added without their signs, are no more than one amount may be.

    Args:
        amounts: in pence, each well within int64.
        of: names the amount at a place.

    Raises:
        OverflowError: they come to more; the largest is named.
    """
    sizes = np.abs(amounts)
    if sizes.sum(dtype=np.float64) > LARGEST_PENCE:
        at = int(sizes.argmax())
        message = f"{of(at)} comes to {sterling(int(amounts[at]))}"
        raise OverflowError(message)


def scaled(amount: Any, by: Any, of: Any) -> Pence:
    """Return amount × by ÷ of, rounded half away from zero, exactly: a share of an amount.

    The same as `divide(multiply(amount, by), of)`. Where `of` is one positive number for all, as in
    most agreements, and nothing can overflow, it takes a third of the time.

    >>> scaled(np.array([5, -5, 4]), np.int64(1), np.int64(2)).tolist()
    [3, -3, 2]
    """
    a, b, whole = np.asarray(amount), np.asarray(by), np.asarray(of)
    plain = a.dtype == b.dtype == whole.dtype == np.int64 and whole.ndim == 0 and whole > 0
    if not plain or _largest(a) * _largest(b) + int(whole) > _INT64.max:
        return divide(multiply(a, b), whole)
    product = np.asarray(a * b)
    half = whole // 2
    if whole % 2 == 0:
        half = half - (product < 0)  # a half goes down below nil, and up above it
    return np.asarray((product + half) // whole)


def rounded(number: Fraction, decimals: int = 0) -> Fraction:
    """Round a number half away from zero, exactly.

    >>> rounded(Fraction(-5, 2)), rounded(Fraction(12345, 1000), 2)
    (Fraction(-3, 1), Fraction(247, 20))
    """
    steps = floor(abs(number) * 10**decimals + Fraction(1, 2))
    return Fraction(steps if number >= 0 else -steps, 10**decimals)


def ratio(numerator: Any, denominator: Any, digits: int) -> NDArray[np.float64]:
    """Divide whole numbers into a rate, rounded half away from zero to a number of decimals.

    >>> ratio(np.array([1, -2]), np.array([3, 3]), 4).tolist()
    [0.3333, -0.6667]
    """
    scaled = multiply(numerator, np.int64(10**digits))
    return np.asarray(_divided(scaled, denominator) / 10**digits, dtype=np.float64)


def is_near_half(amount: Any, by: Any, of: Any) -> NDArray[np.bool_]:
    """Mark where amount × by ÷ of is within a thousandth of a half, but not on it.

    The engine is exact. A spreadsheet calculates with 15 digits and may round such an amount the
    other way, so it is named rather than left to be found.

    >>> is_near_half(np.array([5, 4_999_999]), np.array([1, 1]), np.array([10, 10**7])).tolist()
    [False, True]
    """
    off = abs(2 * (abs(multiply(amount, by)) % of) - of)  # distance from a half, in 1 / (2 of)
    return np.asarray((off > 0) & (off * 500 < of), dtype=np.bool_)


def _divided(numerator: Any, denominator: Any) -> NDArray[Any]:
    n, d = _with_room(numerator), _with_room(denominator)
    sign = np.sign(n) * np.sign(d)
    n, d = abs(n), abs(d)
    whole, rest = n // d, n % d
    return np.asarray(sign * (whole + (rest >= d - rest)))


def _with_room(numbers: Any) -> NDArray[Any]:
    """Return an array whose numbers may be negated: −2⁶³ in int64 may not, so Python takes over."""
    array = np.asarray(numbers)
    if array.dtype == object or (array.dtype == np.int64 and array.min(initial=0) > _INT64.min):
        return array
    return array.astype(object)


def multiply(first: Any, *others: Any) -> NDArray[Any]:
    """Multiply whole numbers without ever overflowing.

    £13.7m × £382m in pence is past int64: where a product might be, Python integers take over.

    >>> multiply(np.array([1_373_700_000]), np.array([38_207_800_000])).tolist()
    [52486054860000000000]
    """
    product = np.asarray(first)
    for other in others:
        by = np.asarray(other)
        whole = product.dtype == by.dtype == np.int64
        if not whole or _largest(product) * _largest(by) > _INT64.max:
            product, by = product.astype(object), by.astype(object)
        product = np.asarray(product * by)
    return product


def _largest(array: NDArray[Any]) -> int:
    return max(int(array.max(initial=0)), -int(array.min(initial=0)))


def pounds(pence: int) -> str:
    """Write pence as pounds with two decimals, for machines.

    >>> pounds(-123450), pounds(5)
    ('-1234.50', '0.05')
    """
    sign = "-" if pence < 0 else ""
    pence = int(pence)
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def sterling(pence: int) -> str:
    """Write pence in a sentence: the sign of the pound, thousands grouped, a minus below nil.

    >>> sterling(-123450), sterling(5)
    ('-£1,234.50', '£0.05')
    """
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def shown(pence: int, unit: str) -> str:
    """Write pence for people, in a unit, brackets for negatives: whole £000, £ with pence.

    >>> shown(-13_000_000, "thousands"), shown(123450, "pounds"), shown(-4, "thousands")
    ('(130)', '1,234.50', '(0)')
    """
    places = {"pounds": 2, "thousands": 0, "millions": 3}[unit]
    step = UNITS[unit] // 10**places  # pence in the last digit shown
    whole, decimals = divmod((2 * abs(int(pence)) + step) // (2 * step), 10**places)
    text = f"{whole:,}.{decimals:0{places}d}" if places else f"{whole:,}"
    return f"({text})" if pence < 0 else text


def millions(pence: int) -> str:
    """Write pence in millions of pounds with one decimal, rounded half away from zero.

    >>> millions(125_000_000), millions(-8_900_000_000)
    ('1.3', '(89.0)')
    """
    tenth = UNITS["millions"] // 10
    tenths = (2 * abs(pence) + tenth) // (2 * tenth)
    text = f"{tenths // 10:,}.{tenths % 10}"
    return f"({text})" if pence < 0 else text


def percent(rate: float, decimals: int = 1) -> str:
    """Write a rate in percent, rounded half away from zero, in brackets below nil.

    >>> percent(0.0359615), percent(-0.0125), percent(0.03125, 2)
    ('3.6%', '(1.3%)', '3.13%')
    """
    return percentage(Decimal(repr(rate)) * 100, decimals)


def percentage(number: float | Decimal, decimals: int = 1) -> str:
    """Write a number of percent, rounded half away from zero, in brackets below nil.

    >>> percentage(3.125, 2), percentage(-0.25)
    ('3.13%', '(0.3%)')
    """
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    said = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"({abs(said):,}%)" if exact < 0 else f"{said:,}%"


def label(unit: str) -> str:
    """Return the sign of a unit, for headings.

    >>> label("thousands")
    '£000'
    """
    return UNIT_LABELS[unit]

"""Slips of the pen behind a figure that cannot be right: another unit, two digits exchanged."""

from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from bcf_model.audit.observations import Number, written
from bcf_model.core.printed_numbers import MONEY, RATES, ends, parse_print, scale
from bcf_model.core.words import PRINTED_UNITS

_UNIT_SLIPS: Final = (1_000, 1_000_000)
_PARTS: Final = {100: "a hundredth of", 1_000: "a thousandth of", 1_000_000: "a millionth of"}
_LEAST_MOVED: Final = 9
"""Steps of the last digit by which exchanging two digits moves a number, at least."""


def unit_slip(row: Any, low: Number | None, high: Number | None) -> str:
    """Return how a printed figure is what it must be but for its unit; "" where it is not.

    Args:
        row: the printed figure.
        low: the least it must be, in the unit it is printed in; None: there is no such end.
        high: the most.
    """
    if low is None or high is None or low <= 0 <= high:
        return ""
    for factor in (100,) if row.unit == "percent" else () if row.unit in RATES else _UNIT_SLIPS:
        ways = ((Fraction(1, factor), f"{factor:,} times"), (Fraction(factor), _PARTS[factor]))
        for times, way in ways:
            least, most = (end * times for end in _ends(row))
            if least <= high and low <= most:
                said = f"Printed, it is {way} that: a unit slip."
                return f"{said} {_in_unit(row, times)}".rstrip()
    return ""


def _in_unit(row: Any, times: Fraction) -> str:
    """Return in which unit the number as printed would be right, if there is one."""
    right = [unit for unit in MONEY if row.unit in MONEY and scale(unit) == scale(row.unit) * times]
    if not right:
        return ""
    number = parse_print(row.printed, row.unit).number
    digits = f"{number:,}" if number >= 0 else f"({-number:,})"
    return f"{digits} in {PRINTED_UNITS[right[0]]} would be right."


def transposition(row: Any, low: Number | None, high: Number | None) -> str:
    """Return which exchange of two digits would make a printed figure right; "" where none would.

    Digits next to each other come first. Where what the figure must be leaves room for more than
    one exchange, nothing is said.

    Args:
        row: the printed figure.
        low: the least it must be, in the unit it is printed in; None: there is no such end.
        high: the most.
    """
    read = parse_print(row.printed, row.unit)
    if low is None or high is None or row.rounded_to or read.places is None:
        return ""
    step = Fraction(1, 10**row.decimals)
    if high - low >= _LEAST_MOVED * step:
        return ""
    digits = str(abs(read.number).scaleb(row.decimals).quantize(Decimal(1)))
    sign = -1 if read.number < 0 else 1
    own_low, own_high = (end - Fraction(read.number) for end in _ends(row))
    for apart in (True, False):
        pairs = [(i, j) for i, j in combinations(range(len(digits)), 2) if (j - i == 1) == apart]
        found = set()
        for i, j in pairs:
            other = [*digits]
            other[i], other[j] = other[j], other[i]
            number = sign * Fraction(int("".join(other))) * step
            if digits[i] != digits[j] and number + own_low <= high and low <= number + own_high:
                found.add(number)
        if len(found) == 1:
            right = written(next(iter(found)), row)
            return f"Two digits are exchanged: {right} would be right, a transposition."
    return ""


def _ends(row: Any) -> tuple[Fraction, Fraction]:
    return ends(row.printed, row.unit, row.decimals, row.rounded, row.rounded_to)

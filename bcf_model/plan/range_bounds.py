"""What a value can be: the least and the most of it, and how much of a range lies beyond.

docs/method.md, 10. A value and the ends of its range lie within (BCF748); so does every draw.
"""

import math
from decimal import Decimal
from statistics import NormalDist
from typing import Final

from bcf_model.core.money import MILLIONTHS
from bcf_model.core.words import UNITS

P95: Final = NormalDist().inv_cdf(0.95)
"""Standard deviations from the mean to the 95th percentile."""
UNENDED: Final = frozenset({"normal", "lognormal"})
"""Shapes that reach beyond low and high."""

HUNDRED: Final = 100 * MILLIONTHS
BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "delivery": (0, HUNDRED),
    "return": (0, HUNDRED),
    "allocation": (0, HUNDRED),
    "efficiency": (0, HUNDRED),
    "savings": (-HUNDRED, HUNDRED),
    "deflator": (-99 * MILLIONTHS, 10 * HUNDRED),
    "discount": (-99 * MILLIONTHS, 10 * HUNDRED),
}
"""Least and most of a value that is no money, by its step, in millionths of the unit."""
OTHERS: Final = (-HUNDRED, 10 * HUNDRED)
"""The same of any other percentage."""

Ends = tuple[float, float]
"""The least and the most a draw may be."""
NO_ENDS: Final[Ends] = (-math.inf, math.inf)


def plain(millionths: int) -> str:
    """Write millionths as a number, with the decimals it has.

    >>> plain(1_234_500_000), plain(-500_000), plain(3_000_000)
    ('1,234.5', '-0.5', '3')
    """
    return f"{(Decimal(millionths) / MILLIONTHS).normalize():,f}"


def bounds(step: str, unit: str, low: float, high: float) -> Ends:
    """Return the least and the most a draw may be (docs/method.md, 10).

    An amount of pounds may be of either sign; so it is its range that says whether it may change
    sign: where low and high are on one side of nil, so is every draw.

    Args:
        step: what it acts on.
        unit: of the range.
        low: of the range, in millionths of the unit.
        high: the same.

    Returns:
        Millionths of the unit.

    >>> bounds("delivery", "percent", 40e6, 90e6)
    (0, 100000000)
    >>> bounds("investment", "thousands", 2e6, 9e6)
    (0.0, inf)
    """
    if unit in UNITS:
        return (0.0 if low >= 0 else -math.inf), (0.0 if high <= 0 else math.inf)
    return BOUNDS.get(step, OTHERS)


def cut_off(shape: str, low: float, value: float, high: float, ends: Ends) -> float:
    """Return the part of a range that lies beyond the ends of its value: F(least) + 1 − F(most).

    Args:
        shape: one of `words.SHAPES`.
        low: of the range.
        value: the scenario's own.
        high: of the range.
        ends: as `bounds` gives them, in the unit of the range.

    Returns:
        From 0 to 1; nil of a shape that ends at low and high.
    """
    if shape not in UNENDED or low == high:
        return 0.0
    least, most = ends
    if shape == "normal":
        of = NormalDist(value, (high - low) / (2 * P95))
        return of.cdf(least) + of.cdf(2 * value - most)  # 1 − F(most), to the last digit
    of = NormalDist(math.log(value), math.log(high / value) / P95)
    below = of.cdf(math.log(least)) if least > 0 else 0.0
    return below + of.cdf(2 * of.mean - math.log(most))

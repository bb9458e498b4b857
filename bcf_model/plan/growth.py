"""If nothing changes: the factor on percentages that makes spending grow as a paper says.

docs/method.md, 8.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from bcf_model.core.money import Pence, scaled
from bcf_model.plan.root_finding import Answer, Number, solve

PARTS: Final = 10**12
"""A factor is a whole number of these parts of one: it has 12 decimals."""

LARGEST_FACTOR: Final = 1_000_000
"""Beyond this the percentages are not what drives the growth, and no factor is looked for."""


def growth(closing: int, base: int) -> Fraction | None:
    """Return closing ÷ base − 1, exactly; none where the base is not above nil.

    >>> growth(121, 100)
    Fraction(21, 100)
    """
    return Fraction(closing, base) - 1 if base > 0 else None


def written(factor: int) -> str:
    """Write a factor with all of its decimals.

    >>> written(1_040_747_749_999)
    '1.040747749999'
    """
    return f"{factor // PARTS}.{factor % PARTS:012d}"


def scaled_rates(rates: Any, factor: int) -> Pence:
    """Multiply percentages by a factor, each rounded to a millionth of a percent.

    Args:
        rates: int64 millionths of a percent.
        factor: in `PARTS` of one.

    Returns:
        int64 millionths of a percent, rounded half away from zero: what the walk shows and uses.

    >>> import numpy as np
    >>> scaled_rates(np.array([2_000_000, -3]), PARTS // 2).tolist()
    [1000000, -2]
    """
    return scaled(rates, factor, PARTS)


def calibrated(growth_of: Callable[[int], Number | None], target: Number) -> Answer:
    """Find the factor, not below nil, at which spending grows by the target.

    Args:
        growth_of: gives the growth up to the target year, as a fraction of the base (0.21 for
            21 %), for a factor in `PARTS` of one. It is run for each factor tried, and must go one
            way with it.
        target: growth wanted, as a fraction of the base.

    Returns:
        The answer, its `value` the factor in `PARTS` of one. Not `found` where no factor from nil
        to `LARGEST_FACTOR` gives the target: what is scaled may be nil, or the amounts that are
        not scaled may already come to more. `lowest` and `highest` then say what can be reached.

    >>> answer = calibrated(lambda factor: Fraction(factor, PARTS) * Fraction(14, 100), 0.21)
    >>> answer.value / PARTS
    1.5
    """
    bounds = (0, LARGEST_FACTOR * PARTS)
    # Rounding to the penny makes growth go back and forth within a hair of the target: which of
    # the factors there is meant is said by the way it is looked for.
    return solve(growth_of, target, start=PARTS, step=PARTS, bounds=bounds, halving=True)

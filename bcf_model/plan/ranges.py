"""Drawing assumptions: what each of them may be, how likely that is, and which move together.

docs/method.md, 10. A range is low, value and high, in one unit, with a shape. A shape without ends
of its own is drawn only as far as a value of its step can go.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import records
from bcf_model.plan.range_bounds import NO_ENDS, P95, UNENDED, Ends, bounds

Draws = NDArray[np.float64]

ROUNDING: Final = 1e-9
"""How far below nil an eigenvalue may come by rounding alone."""
PEAK: Final = 4
"""How much a PERT range keeps to its most likely value."""


def draw(
    shape: str,
    low: float,
    value: float,
    high: float,
    count: int,
    random: np.random.Generator,
    chances: Sequence[int] = (),
    ends: Ends = NO_ENDS,
) -> Draws:
    """Draw one assumption.

    Args:
        shape: one of `plan.words.SHAPES`.
        low: not above value.
        value: the scenario's own; the most likely, the mean or the median, as the shape says.
        high: not below value.
        count: how many draws.
        random: where they come from.
        chances: of value, low and high, in percent; of a discrete range.
        ends: the least and the most a value may be; low and high are within them.

    Returns:
        `count` values, in the unit of the range, none beyond the ends.

    Raises:
        ValueError: low or high is beyond the ends; reading a scenario refuses that.
    """
    if not ends[0] <= low <= high <= ends[1]:
        message = f"a range of {low} to {high} goes beyond {ends[0]} to {ends[1]}"
        raise ValueError(message)
    if low == high:
        return np.full(count, float(value))
    if shape in UNENDED:
        return _drawn_within(shape, low, value, high, count, random, ends)
    match shape:
        case "uniform":
            return random.uniform(low, high, count)
        case "triangular":
            return random.triangular(low, value, high, count)
        case "pert":
            up = 1 + PEAK * (value - low) / (high - low)
            down = 1 + PEAK * (high - value) / (high - low)
            return low + (high - low) * random.beta(up, down, count)
        case "discrete":
            shares = np.array(chances) / sum(chances)
            return random.choice(np.array([value, low, high], dtype=float), count, p=shares)
    raise AssertionError(shape)


def _drawn_within(
    shape: str,
    low: float,
    value: float,
    high: float,
    count: int,
    random: np.random.Generator,
    ends: Ends,
) -> Draws:
    """Draw a shape that has no ends; what is beyond those of its value is drawn again.

    So its density is cut off at the ends and raised in proportion between them, and nothing heaps
    up at an end. Low and high are within the ends, so that one draw in ten at most is drawn again.
    """

    def some(count: int) -> Draws:
        if shape == "normal":
            return random.normal(value, (high - low) / (2 * P95), count)
        return np.asarray(value * np.exp(random.normal(0, np.log(high / value) / P95, count)))

    found = some(count)
    while len(beyond := np.flatnonzero((found < ends[0]) | (found > ends[1]))):
        found[beyond] = some(len(beyond))
    return found


def moments(
    shape: str, low: float, value: float, high: float, chances: Sequence[int] = ()
) -> tuple[float, float]:
    """Return the mean and the variance of a range, as theory has them; nothing of it cut off."""
    if low == high:
        return float(value), 0.0
    match shape:
        case "uniform":
            return (low + high) / 2, (high - low) ** 2 / 12
        case "triangular":
            squares = low**2 + value**2 + high**2
            return (low + value + high) / 3, (
                squares - low * value - low * high - value * high
            ) / 18
        case "pert":
            up = 1 + PEAK * (value - low) / (high - low)
            down = 1 + PEAK * (high - value) / (high - low)
            both = up + down
            spread = up * down / (both**2 * (both + 1))
            return low + (high - low) * up / both, (high - low) ** 2 * spread
        case "normal":
            return float(value), ((high - low) / (2 * P95)) ** 2
        case "lognormal":
            sigma = np.log(high / value) / P95
            return (
                float(value * np.exp(sigma**2 / 2)),
                float(value**2 * np.exp(sigma**2) * (np.exp(sigma**2) - 1)),
            )
        case "discrete":
            shares = np.array(chances) / sum(chances)
            places = np.array([value, low, high], dtype=float)
            mean = float(places @ shares)
            return mean, float((places - mean) ** 2 @ shares)
    raise AssertionError(shape)


def draw_all(
    ranged: pd.DataFrame,
    correlations: NDArray[np.float64],
    count: int,
    random: np.random.Generator,
    *,
    stated_first: bool = False,
) -> Draws:
    """Draw assumptions, those that are correlated together.

    Each is drawn by itself; then the draws of those with a correlation are put in the order of
    normal variables that have it. So each keeps its own shape to the last digit, and their ranks
    are correlated as those of the normal variables are.

    Args:
        ranged: one row per assumption: step, unit, shape; low, value, high (floats, in millionths
            of the unit) and chances (a tuple).
        correlations: square, one row and column per assumption; the identity for none.
        count: how many draws.
        random: where they come from.
        stated_first: whether the values stated stand before the draws.

    Returns:
        Draws × assumptions; those of one assumption lie together in memory.
    """
    every = np.empty((len(ranged), stated_first + count))
    every[:, :stated_first] = ranged["value"].to_numpy()[:, None]
    found = every[:, stated_first:]
    for row, own in zip(records(ranged), found, strict=True):
        ends = bounds(row.step, row.unit, row.low, row.high)
        own[:] = draw(row.shape, row.low, row.value, row.high, count, random, row.chances, ends)
    together = np.flatnonzero((correlations - np.eye(len(correlations))).any(axis=0))
    if len(together):
        root = square_root(correlations[np.ix_(together, together)])
        normal = root @ random.standard_normal((len(together), count))
        for k, of in zip(together, normal, strict=True):
            found[k, np.argsort(of)] = np.sort(found[k])
    return every.T


def square_of(rows: Sequence[tuple[str, Sequence[str]]], stated: pd.DataFrame) -> Draws:
    """Return the correlations between assumptions as a square.

    A pair holds for rows that hold in the same year, be it one of several.

    Args:
        rows: of each assumption that is drawn its name, and the years it holds in; a blank one for
            every year.
        stated: `tables.Correlations`.
    """
    found = np.eye(len(rows))
    place: dict[str, list[int]] = {}
    for i, (name, _) in enumerate(rows):
        place.setdefault(name, []).append(i)
    for row in records(stated):
        for i in place.get(row.first, ()):
            for j in place.get(row.second, ()):
                one, other = set(rows[i][1]), set(rows[j][1])
                if one & other or "" in one | other:
                    found[i, j] = found[j, i] = row.correlation / MILLIONTHS
    return found


def square_root(correlations: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return R with R Rᵀ = the correlations.

    Raises:
        ValueError: no variables could be correlated so.
    """
    sizes, directions = np.linalg.eigh(correlations)
    if sizes.min(initial=0) < -ROUNDING:
        message = "no variables could be correlated so"
        raise ValueError(message)
    return np.asarray(directions * np.sqrt(np.maximum(sizes, 0)))

"""Percentiles of many draws, and how far to trust them.

docs/method.md, 10. Up to a number of draws they are all kept, and percentiles are exact; beyond,
each outcome is counted in a histogram, whose width is the error of a percentile read off it, so
that memory does not grow with the draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]
Shares = Sequence[float] | Draws

KEPT: Final = 100_000
"""As many draws as are kept."""
BINS: Final = 4_000
ROOM: Final = 1.0
"""How far beyond the first draws a histogram reaches, in ranges of these."""
LEAST_SPAN: Final = 1e-6
"""Pence: draws closer together than this do not differ."""
NEAR: Final = 0.02
"""Percentiles this far to each side tell the density at one."""


class Kept:
    """All draws of all outcomes."""

    def __init__(self, outcomes: int, draws: int) -> None:
        """Make room for outcomes × draws."""
        self._amounts = np.empty((outcomes, draws))
        self._filled = 0
        self._sorted = False

    def add(self, some: Draws) -> None:
        """Add outcomes × draws."""
        until = self._filled + some.shape[1]
        self._amounts[:, self._filled : until] = some
        self._filled, self._sorted = until, False

    def at(self, shares: Shares) -> Draws:
        """Return percentiles: shares × outcomes; between two draws in a straight line."""
        if not self._sorted:
            self._amounts[:, : self._filled].sort(axis=1)
            self._sorted = True
        place = np.asarray(shares) * (self._filled - 1)
        below = np.floor(place).astype(np.intp)
        above = np.ceil(place).astype(np.intp)
        low, high = self._amounts[:, below], self._amounts[:, above]
        return np.asarray((low + (high - low) * (place - below)).T)

    @property
    def width(self) -> Draws:
        """Error of a percentile beside that of the draws: none."""
        return np.zeros(len(self._amounts))


@dataclass
class Counted:
    """How many draws of each outcome fall into each bin.

    The bins are laid out by the first draws. What falls beyond them is counted in the last bin on
    its side; `beyond` says how much that is.
    """

    low: Draws
    width: Draws
    counts: NDArray[np.int64]
    beyond: int = 0

    @staticmethod
    def like(some: Draws) -> "Counted":
        """Lay the bins out by the first draws, outcomes × draws, of which none is counted yet."""
        least, most = some.min(axis=1), some.max(axis=1)
        span = np.where(most - least > LEAST_SPAN, most - least, 1.0)
        low = least - ROOM * span
        width = (1 + 2 * ROOM) * span / BINS
        return Counted(low, width, np.zeros((len(some), BINS), dtype=np.int64))

    def add(self, some: Draws) -> None:
        """Add outcomes × draws."""
        place = np.floor((some - self.low[:, None]) / self.width[:, None])
        inside = np.clip(place, 0, BINS - 1)
        self.beyond += int((inside != place).sum())
        for k, bins in enumerate(inside.astype(np.intp)):
            self.counts[k] += np.bincount(bins, minlength=BINS)

    def at(self, shares: Shares) -> Draws:
        """Return percentiles: shares × outcomes; each the middle of its bin."""
        reached = self.counts.cumsum(axis=1)
        found = np.empty((len(shares), len(self.counts)))
        for i, share in enumerate(shares):
            wanted = max(share * reached[0, -1], 1)
            bins = np.array([np.searchsorted(row, wanted, side="left") for row in reached])
            found[i] = self.low + (bins + 0.5) * self.width
        return found


Found = Kept | Counted


def standard_errors(found: Found, shares: Sequence[float], count: int) -> Draws:
    """Return the standard error of each percentile: shares × outcomes.

    √(p(1−p) ÷ n) ÷ density, the density read off percentiles a little to each side. Of a single
    draw it is not known (NaN): nothing says how far apart draws are.
    """
    if count == 1:
        return np.full((len(shares), len(found.width)), np.nan)
    middle = np.array(shares)
    below, above = np.maximum(middle - NEAR, 0), np.minimum(middle + NEAR, 1)
    slope = (found.at(above) - found.at(below)) / (above - below)[:, None]
    return np.asarray(np.sqrt(middle * (1 - middle) / count)[:, None] * slope)

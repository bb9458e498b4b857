"""Percentiles of many draws, and how far to trust them.

docs/method.md, 10. Up to a number of draws they are all kept, and percentiles are exact; beyond,
each outcome is counted in a histogram, whose width is the error of a percentile read off it, so
that memory does not grow with the draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]

KEPT: Final = 100_000
"""As many draws as are kept."""
BINS: Final = 4_000
ROOM: Final = 1.0
"""How far beyond the first draws a histogram reaches, in ranges of these."""
NEAR: Final = 0.02
"""Percentiles this far to each side tell the density at one."""


@dataclass
class Kept:
    """All draws of all outcomes."""

    chunks: list[Draws] = field(default_factory=list)

    def add(self, some: Draws) -> None:
        """Take draws × outcomes in."""
        self.chunks.append(some)

    def at(self, shares: Sequence[float]) -> Draws:
        """Give percentiles: shares × outcomes."""
        return np.asarray(np.quantile(np.concatenate(self.chunks), shares, axis=0))

    @property
    def width(self) -> Draws:
        """Error of a percentile beside that of the draws: none."""
        return np.zeros(self.chunks[0].shape[1])


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
        """Lay the bins out by the first draws."""
        least, most = some.min(axis=0), some.max(axis=0)
        span = np.where(most > least, most - least, 1.0)
        low = least - ROOM * span
        width = (1 + 2 * ROOM) * span / BINS
        return Counted(low, width, np.zeros((some.shape[1], BINS), dtype=np.int64))

    def add(self, some: Draws) -> None:
        """Take draws × outcomes in."""
        place = np.floor((some - self.low) / self.width).astype(np.int64)
        inside = np.clip(place, 0, BINS - 1)
        self.beyond += int((inside != place).sum())
        for k in range(some.shape[1]):
            self.counts[k] += np.bincount(inside[:, k], minlength=BINS)

    def at(self, shares: Sequence[float]) -> Draws:
        """Give percentiles: shares × outcomes; each the middle of its bin."""
        reached = self.counts.cumsum(axis=1)
        found = np.empty((len(shares), len(self.counts)))
        for i, share in enumerate(shares):
            bins = np.array([np.searchsorted(row, share * row[-1], side="left") for row in reached])
            found[i] = self.low + (np.minimum(bins, BINS - 1) + 0.5) * self.width
        return found


Found = Kept | Counted


def standard_errors(found: Found, shares: Sequence[float], count: int) -> Draws:
    """Give the standard error of each percentile: shares × outcomes.

    √(p(1−p) ÷ n) ÷ density, the density read off percentiles a little to each side.
    """
    rows = []
    for share in shares:
        below, above = max(share - NEAR, 0.0), min(share + NEAR, 1.0)
        ends = found.at([below, above])
        slope = (ends[1] - ends[0]) / (above - below)
        rows.append(np.sqrt(share * (1 - share) / count) * slope)
    return np.array(rows)

"""Parting an amount over lines: exact, in their order, to the penny."""

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.money import scaled


def parted(whole: int, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Part an amount by cumulative rounding (docs/method.md, 4).

    Args:
        whole: pence.
        weights: not below nil, and not all nil.

    Returns:
        Pence, one for each weight; they sum to the amount.

    Raises:
        ValueError: there is an amount, and nothing to part it by.

    >>> parted(100, np.array([1, 1, 1])).tolist()
    [33, 34, 33]
    """
    total = int(weights.sum())
    if not total:
        if whole:
            message = "an amount is to be parted over lines that have nothing"
            raise ValueError(message)
        return np.zeros(len(weights), dtype=np.int64)
    reached = scaled(np.int64(whole), np.cumsum(weights), np.int64(total))
    return np.asarray(np.diff(reached, prepend=0), dtype=np.int64)


def weights_of(opening: NDArray[np.int64], chosen: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the weights of chosen lines: what they opened with, where above nil; 1 of one line."""
    if len(chosen) == 1:
        return np.ones(1, dtype=np.int64)
    weights = np.maximum(opening[chosen], 0)
    divisor = max(int(np.gcd.reduce(weights)), 1)
    return np.asarray(weights // divisor, dtype=np.int64)

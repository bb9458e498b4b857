"""Parting an amount over lines: exact, in their order, to the penny."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.expressions import evaluate, of_row
from bcf_model.plan.worked_columns import PARTED


def weighed(weights: NDArray[Any], axis: int = -1) -> dict[str, Any]:
    """Return the columns by which `PARTED` parts an amount over lines.

    Args:
        weights: one for each line, not below nil. Where all are nil, so are the parts.
        axis: that of the lines.
    """
    total = weights.sum(axis=axis, keepdims=weights.ndim > 1)
    return {
        "weight": weights,
        "cumulative_weight": weights.cumsum(axis=axis),
        "total_weight": np.where(total > 0, total, 1),
    }


def parted(whole: int, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Part an amount by cumulative rounding (docs/method.md, 4).

    Args:
        whole: pence.
        weights: not below nil, and not all nil.

    Returns:
        Pence, one for each weight; they sum to the amount.

    Raises:
        ValueError: as `check_parts`.

    >>> parted(100, np.array([1, 1, 1])).tolist()
    [33, 34, 33]
    """
    check_parts(whole, weights)
    return np.asarray(evaluate(PARTED, of_row(weighed(weights) | {"whole": whole})))


def check_parts(whole: int, weights: NDArray[np.int64]) -> None:
    """Check that an amount can be parted.

    Raises:
        ValueError: there is an amount, and nothing to part it by.
    """
    if whole and not weights.any():
        message = "an amount is to be parted over lines that have nothing"
        raise ValueError(message)


def weights_of(opening: NDArray[Any], chosen: NDArray[np.intp]) -> NDArray[Any]:
    """Return the weights of chosen lines: what they opened with, where above nil; 1 of one line.

    Whole pence are in their lowest terms; draws, on a second axis, are as they are.
    """
    if len(chosen) == 1:
        return np.ones_like(opening[chosen])
    weights = np.maximum(opening[chosen], 0)
    whole = weights.dtype == np.int64
    return np.asarray(weights // max(int(np.gcd.reduce(weights)), 1) if whole else weights)

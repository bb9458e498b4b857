"""Adding columns up by keys: exact, in the order of the keys, and as fast as counting.

What `frame.groupby(by, observed=True)[columns].sum()` gives, several times faster where the keys
are categories: every combination has a number, and rows of one number are added up in one pass. A
test holds the two to each other; docs/decisions/0008 says why it is here.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import MAX_PREC, Decimal, localcontext
from math import prod
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_EXACT: Final = 2.0**53
"""Whole numbers of a float64 are exact up to here: £90 trillion in pence."""


def grouped(frame: pd.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Find the combinations of keys that occur.

    Args:
        frame: the keys are categories in their order, or any text in the order it first occurs.
        by: at least one key.

    Returns:
        One row per combination, ordered by the keys; and for each row of the frame its number.
    """
    found, of_row = _combinations(frame, by)
    return pd.DataFrame(found), of_row


def _combinations(
    frame: pd.DataFrame, by: Sequence[str]
) -> tuple[Mapping[str, Any], NDArray[np.intp]]:
    """Find the same as `grouped`: the keys as arrays."""
    if frame.empty:
        return {name: frame[name].array for name in by}, np.zeros(0, dtype=np.intp)
    codes_of, values = zip(*(_counted(frame[name].array) for name in by), strict=True)
    sizes = tuple(map(len, values))
    if any((codes < 0).any() for codes in codes_of) or prod(sizes) >= 2**62:
        return _grouped_by_pandas(frame, by)
    number = np.ravel_multi_index(codes_of, sizes)
    if prod(sizes) <= 4 * len(frame) + 1_000_000:
        occurs = np.zeros(prod(sizes), dtype=bool)
        occurs[number] = True
        occurring = np.flatnonzero(occurs)
        of_row = (np.cumsum(occurs) - 1)[number]
    else:  # too many combinations to count them all
        occurring, of_row = np.unique(number, return_inverse=True)
    codes = np.unravel_index(occurring, sizes)
    return {
        name: pd.Categorical.from_codes(code, dtype=kind)
        if isinstance(kind, pd.CategoricalDtype)
        else held.take(code)
        for name, held, code in zip(by, values, codes, strict=True)
        for kind in [frame[name].dtype]
    }, of_row


def add_up(frame: pd.DataFrame, by: Sequence[str], columns: Sequence[str]) -> pd.DataFrame:
    """Add columns up for each combination of keys that occurs.

    Args:
        frame: keys as in `grouped`; columns of int64, pence.
        by: at least one key.
        columns: what to add up.

    Returns:
        One row per combination, ordered by the keys: keys first, then the sums as int64.
    """
    found, of_row = _combinations(frame, by)
    count = len(found[by[0]])
    sums = {name: total(frame[name].to_numpy(), of_row, count) for name in columns}
    return pd.DataFrame({**found, **sums})


def by_key(keys: pd.Series, amounts: pd.Series) -> dict[str, int]:
    """Add amounts up by a key: whole pence of each, in the order in which keys first occur.

    Args:
        keys: text, or categories, of which those that do not occur are left out.
        amounts: int64, pence, of the same rows.
    """
    codes, values = pd.factorize(keys.array)
    sums = total(amounts.to_numpy(), codes, len(values))
    return dict(zip(map(str, values), sums.tolist(), strict=True))


def of_each(keys: pd.Series, sums: Mapping[str, int]) -> NDArray[np.int64]:
    """Return for each key what it adds up to, as `by_key` gives it; nil where there is nothing."""
    if not sums:
        return np.zeros(len(keys), dtype=np.int64)
    return np.array([sums.get(key, 0) for key in keys.tolist()], dtype=np.int64)


def total(amounts: NDArray[np.int64], of_row: NDArray[np.intp], groups: int) -> NDArray[np.int64]:
    """Add amounts up by the number of their group, exactly."""
    if np.abs(amounts).sum(dtype=np.float64) < _EXACT:
        return np.bincount(of_row, weights=amounts, minlength=groups).astype(np.int64)
    sums = np.zeros(groups, dtype=np.int64)
    np.add.at(sums, of_row, amounts)
    return sums


def of_decimals(numbers: Iterable[Decimal]) -> Decimal:
    """Add numbers up exactly, however long, with as many decimals as the longest of them has.

    >>> of_decimals([Decimal("1.5"), Decimal("-0.25"), Decimal(10) ** 30])
    Decimal('1000000000000000000000000000001.25')
    """
    with localcontext(prec=MAX_PREC):
        return sum(numbers, Decimal(0))


def _counted(keys: Any) -> tuple[NDArray[np.intp], Any]:
    """Return the number of each key, below nil for a blank, and the keys in their order."""
    if isinstance(keys, pd.Categorical):
        return keys.codes.astype(np.intp), keys.categories
    return pd.factorize(keys)


def _grouped_by_pandas(
    frame: pd.DataFrame, by: Sequence[str]
) -> tuple[Mapping[str, Any], NDArray[np.intp]]:
    """Do the same for blank keys and endless combinations."""
    groups = frame.groupby(list(by), sort=True, observed=True, dropna=False)
    found = groups.size().index.to_frame(index=False)
    return {name: found[name].array for name in by}, np.asarray(groups.ngroup(), dtype=np.intp)

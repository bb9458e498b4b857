"""Scopes of a plan: the lines, funding or programmes an assumption acts on (docs/method.md, 3)."""

import functools
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.errors import UnknownScope
from bcf_model.plan.words import ALL, FUNDING_STEPS, NOT_ALLOCATED, PARAMETERS

LINE_KEYS: Final = ("line", "theme", "organisation", "category", "kind", "block", "prevention")
"""What lines are selected by: columns of `output_tables.PlanLines`."""

FUNDING_KEYS: Final = ("organisation", "funding")
PARAMETER_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "delivery": ("confidence",),
    "return": ("programme",),
}
"""What a parameter may be stated for; every other holds for all."""


def keys_of(step: str) -> tuple[str, ...]:
    """Return what the scope of a step, of funding or of a parameter may select by."""
    if step in FUNDING_STEPS:
        return FUNDING_KEYS
    return PARAMETER_KEYS.get(step, ()) if step in PARAMETERS else LINE_KEYS


@functools.cache
def parse(scope: str, keys: tuple[str, ...] = LINE_KEYS) -> Mapping[str, tuple[str, ...]]:
    """Read a scope other than `not allocated`.

    Args:
        scope: `all`, or key=value parts joined by `/`; several values of one key joined by `+`.
        keys: what it may select by.

    Returns:
        The values selected, by key; of `all` nothing.

    Raises:
        UnknownScope: it cannot be read.

    >>> parse("theme=1+2/organisation=SCC")
    {'theme': ('1', '2'), 'organisation': ('SCC',)}
    """
    if scope == ALL:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for part in scope.split("/"):
        key, sign, values = (text.strip() for text in part.partition("="))
        if not sign or key not in keys or key in found:
            known = [ALL, *(f"{known}=" for known in keys)]
            message = f"{', '.join(known)}, each once, joined by /" if keys else ALL
            raise UnknownScope(message)
        found[key] = tuple(value.strip() for value in values.split("+"))
        if not all(found[key]):
            message = f"a value after {key}=, several joined by +"
            raise UnknownScope(message)
    return found


def matches(scope: str, rows: pd.DataFrame, keys: tuple[str, ...] = LINE_KEYS) -> NDArray[np.bool_]:
    """Select rows.

    Args:
        scope: as `parse` reads it; of lines also `not allocated`, which selects that line alone.
        rows: `output_tables.PlanLines`; or funding, or programmes, with the columns of `keys`.
        keys: what the scope may select by.

    Returns:
        One boolean for each row. Only the scope `not allocated` selects the line of that name.

    Raises:
        UnknownScope: the scope cannot be read.
    """
    nowhere = np.zeros(len(rows), dtype=np.bool_)
    if keys == LINE_KEYS:
        nowhere = (rows["line"] == NOT_ALLOCATED).to_numpy(dtype=np.bool_)
        if scope == NOT_ALLOCATED:
            return nowhere
    chosen = ~nowhere
    for key, values in parse(scope, keys).items():
        chosen &= rows[key].isin(values).to_numpy(dtype=np.bool_)
    return chosen

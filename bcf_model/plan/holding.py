"""Which row of the assumptions holds: the one place that finds it (docs/method.md, 3)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from bcf_model.core.tables import records
from bcf_model.plan.scopes import PARAMETER_KEYS, parse


def each_year(assumptions: pd.DataFrame, years: Sequence[str]) -> Iterator[tuple[int, Any, str]]:
    """Return each row of the assumptions, and its place, with each year it holds in.

    Args:
        assumptions: in force (`inheritance.year_by_year`).
        years: those in which a row for every year holds.
    """
    for i, row in enumerate(records(assumptions)):
        for year in [row.year] if row.year else years:
            yield i, row, year


def by_year(assumptions: pd.DataFrame, years: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return the row of each assumption in each year it holds in, by its name and the year.

    No two rows of a name hold in one year.
    """
    return {(row.assumption, year): i for i, row, year in each_year(assumptions, years)}


def of_parameter(assumptions: pd.DataFrame, step: str, every: Iterable[str]) -> dict[str, int]:
    """Return the row of a parameter by what it holds for; of several the last.

    Args:
        assumptions: in force.
        step: delivery (by confidence), return (by programme), or one that holds for years.
        every: what a row for all holds for.
    """
    row_by_code: dict[str, int] = {}
    keys = PARAMETER_KEYS.get(step, ())
    for i, row in enumerate(records(assumptions)):
        if row.step == step:
            named = parse(row.scope, keys).get(keys[0]) if keys else (row.year,) * bool(row.year)
            row_by_code |= dict.fromkeys(named or every, i)
    return row_by_code


def values(assumptions: pd.DataFrame, step: str, every: Iterable[str]) -> dict[str, int]:
    """Return a parameter by what it holds for: millionths of a percent, or of a factor."""
    rows = of_parameter(assumptions, step, every)
    return {code: int(assumptions["value"].iloc[row]) for code, row in rows.items()}

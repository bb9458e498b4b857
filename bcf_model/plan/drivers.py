"""Population as data: cohorts of people, and how far spending follows their number.

docs/method.md, 4b. A driver becomes an assumption of the step `demand`, a percentage of every year,
so that the bridge takes it as any other.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Final

import pandas as pd

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import records, rows_of_each
from bcf_model.plan.inheritance import WHERE, with_more
from bcf_model.plan.range_bounds import plain

STEP: Final = "demand"
_DIGITS: Final = 40
"""Digits a root is worked to before it is rounded."""


def a_year(growth: int, years: int) -> Decimal:
    """Return the growth of one year, in millionths of a percent, that gives that of several.

    Args:
        growth: over all of them, in millionths of a percent.
        years: how many.

    >>> round(a_year(4_800_000, 10)), round(a_year(13_800_000, 10))
    (469937, 1301115)
    """
    with localcontext() as precise:
        precise.prec = _DIGITS
        whole = 1 + Decimal(growth) / WHOLE_RATE
        return (whole ** (Decimal(1) / years) - 1) * WHOLE_RATE


def with_drivers(
    assumptions: pd.DataFrame, drivers: pd.DataFrame, cohorts: pd.DataFrame
) -> pd.DataFrame:
    """Add what drivers come to before the assumptions of a scenario, where these do not state it.

    Args:
        assumptions: as `inheritance.placed` gives them, in force.
        drivers: likewise.
        cohorts: likewise.

    Returns:
        The same columns. A driver of a cohort there is not, is left out: it is an error.
    """
    known = {row.cohort: row for row in records(cohorts)}
    rows: list[dict[str, Any]] = []
    for (driver,), own in rows_of_each(drivers, "driver"):
        followed = [(row, known[row.cohort]) for row in records(own) if row.cohort in known]
        first = next(records(own))
        rows.append(
            {name: getattr(first, name) for name in ("scope", "status", "source", *WHERE)}
            | {
                "assumption": driver,
                "step": STEP,
                "value": _comes_to(followed),
                "unit": "percent",
                "note": "; ".join(_in_words(*it) for it in followed),
            }
        )
    return with_more(assumptions, rows)


def _comes_to(followed: list[tuple[Any, Any]]) -> int:
    """Return weight × elasticity × growth of a year, added up, in millionths of a percent."""
    with localcontext() as precise:
        precise.prec = _DIGITS
        parts = (
            a_year(cohort.growth, cohort.years) * row.weight * row.elasticity
            for row, cohort in followed
        )
        whole = sum(parts, Decimal(0)) / WHOLE_RATE / MILLIONTHS
        return int(whole.quantize(Decimal(1), ROUND_HALF_UP))


def _in_words(row: Any, cohort: Any) -> str:
    """Return what of a driver comes of one cohort."""
    grown = round(a_year(cohort.growth, cohort.years))
    said = f"{plain(row.weight)}% with {cohort.name}: {plain(grown)}% a year"
    over = f"{plain(cohort.growth)}% over {cohort.years} years, {cohort.vintage}"
    return f"{said} ({over}) × {plain(row.elasticity)}"

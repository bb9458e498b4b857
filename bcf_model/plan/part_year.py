"""Amounts that start part of the way through a year: what they do in it, and in the next.

Of an amount V that starts in period p (docs/method.md, 4): in its year V × (13 − p) ÷ 12, its part-
year effect; in the next the rest of V, its full-year effect, or the reversal of what was not
recurrent.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from bcf_model.core.money import scaled
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.core.years import next_year
from bcf_model.plan.words import IN_POUNDS, TAKEN_OFF
from bcf_model.plan.worked_columns import MONTHS

PARTS: Final = ("in the year", "rest", "reversal")
EFFECTS: Final = {
    "cause": "str",
    "financial_year": "str",
    "step": "str",
    "scope": "str",
    "part": "str",
    "months": "int64",
    "stated": "int64",
    "amount": "int64",
}
"""Columns of a table of effects: one row per cause, year and step. `stated` is the full-year value
with the sign it has in the bridge, `amount` what it comes to in that step."""


def effects(assumptions: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Return what amounts of pounds do, year by year.

    Args:
        assumptions: rows as `plan.load` gives them (`assumption`, `step`, `scope`, `year`, `unit`,
            `pence`, `recurrence`, `from_period`); others than pounds of a step are left out.
        years: years of the plan, in order.

    Returns:
        Columns of `EFFECTS`, one row per assumption, year and step, in the order of the
        assumptions.
    """
    rows = []
    in_pounds = assumptions["unit"].isin([*UNITS]) & assumptions["step"].isin(IN_POUNDS)
    for row in records(assumptions[in_pounds]):
        stated = -row.pence if row.step in TAKEN_OFF else row.pence
        for start in years if row.year == "" else [row.year]:
            rows += dated(
                row.assumption, row.step, row.scope, start, stated, row.from_period,
                row.recurrence, years,
            )  # fmt: skip
    return table(rows)


def dated(
    cause: str,
    step: str,
    scope: str,
    start: str,
    stated: int,
    from_period: int,
    recurrence: str,
    years: Sequence[str],
) -> list[tuple[str, str, str, str, str, int, int, int]]:
    """Return the rows of one amount, in years of the plan.

    Of what starts in the year before the plan that is what the next year has of it.
    """
    months = MONTHS + 1 - from_period
    in_year = part_year(stated, months)
    rows = [(cause, start, step, scope, "in the year", months, stated, in_year)]
    following = next_year(start)
    if recurrence == "non-recurrent":
        # What was already taken out as non-recurrent does not come back by itself.
        if step != "non-recurrent":
            rows.append(
                (cause, following, "non-recurrent", scope, "reversal", months, stated, -in_year)
            )
    elif months < MONTHS:
        rest = stated - in_year
        rows.append((cause, following, "full-year effects", scope, "rest", months, stated, rest))
    return [row for row in rows if row[1] in years]


def part_year(stated: int, months: int) -> int:
    """Return what falls in the year: r(V × months ÷ 12).

    >>> part_year(100_00, 5)
    4167
    """
    return int(scaled(np.int64(stated), np.int64(months), np.int64(MONTHS)))


def table(rows: list[tuple[str, str, str, str, str, int, int, int]]) -> pd.DataFrame:
    """Return rows their columns."""
    return pd.DataFrame(rows, columns=[*EFFECTS]).astype(EFFECTS)

"""Amounts that start part of the way through a year: what they do in it, and in the next.

Of an amount V that starts in period p (docs/method.md, 4): in its year V × (13 − p) ÷ 12, its part-
year effect; in the next the rest of V, its full-year effect, or the reversal of what was not
recurrent.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from bcf_model.core.words import UNITS
from bcf_model.core.years import next_year
from bcf_model.plan import holding, worked_columns
from bcf_model.plan.words import IN_POUNDS, TAKEN_OFF
from bcf_model.plan.worked_columns import LATER_STEPS, MONTHS, each_by_its_own

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
        assumptions; and `row`, the row of the assumption.
    """
    rows: list[tuple[str, str, str, str, str, int, int]] = []
    stated_in: list[int] = []
    for i, row, start in holding.each_year(assumptions, years):
        if row.unit in UNITS and row.step in IN_POUNDS:
            stated = -row.pence if row.step in TAKEN_OFF else row.pence
            rows += dated(
                row.assumption, row.step, row.scope, start, stated, row.from_period,
                row.recurrence, years,
            )  # fmt: skip
            stated_in += [i] * (len(rows) - len(stated_in))
    return table(rows).assign(row=np.array(stated_in, dtype=np.int64))


def dated(
    cause: str,
    step: str,
    scope: str,
    start: str,
    stated: int,
    from_period: int,
    recurrence: str,
    years: Sequence[str],
) -> list[tuple[str, str, str, str, str, int, int]]:
    """Return the rows of one amount, in years of the plan, without what they come to.

    Of what starts in the year before the plan that is what the next year has of it.
    """
    months = MONTHS + 1 - from_period
    parts = [("in the year", start, step)]
    # What was already taken out as non-recurrent does not come back by itself.
    if recurrence == "non-recurrent" and step != "non-recurrent":
        parts.append(("reversal", next_year(start), LATER_STEPS["reversal"]))
    elif recurrence != "non-recurrent" and months < MONTHS:
        parts.append(("rest", next_year(start), LATER_STEPS["rest"]))
    return [
        (cause, year, of_step, scope, part, months, stated)
        for part, year, of_step in parts
        if year in years
    ]


def table(rows: list[tuple[str, str, str, str, str, int, int]]) -> pd.DataFrame:
    """Return rows their columns, and what each comes to, to the penny.

    >>> table([("A", "2019-20", "demand", "all", "in the year", 5, 100_00)])["amount"].item()
    4167
    """
    stated = {name: of for name, of in EFFECTS.items() if name != "amount"}
    frame = pd.DataFrame(rows, columns=[*stated]).astype(stated)
    return frame.assign(amount=each_by_its_own(frame, frame["part"].map(worked_columns.EFFECTS)))

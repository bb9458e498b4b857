"""Checks of a scenario that is calculated: what can be seen of it only then."""

from typing import Any, Final

import pandas as pd

from bcf_model.findings import Finding
from bcf_model.money import sterling
from bcf_model.plan.words import NOT_ALLOCATED, OPENING
from bcf_model.tables import records

LINE: Final = ["financial_year", "line"]


def below_nil(scenario: str, walk: pd.DataFrame) -> list[Finding]:
    """Find lines that a scenario brings below nil (BCF755).

    Args:
        scenario: its name.
        walk: `outputs.Walk`, of all its years.

    Returns:
        One finding for each line that is nil or more at first and ends a year below nil: the first
        such year, what the line then has, and the steps that take from it. `not allocated` is left
        out: what is to be saved somewhere stands on it below nil.
    """
    steps = walk.groupby([*LINE, "step"], sort=False)["amount"].sum().reset_index()
    closing = steps.groupby(LINE, sort=False)["amount"].sum().reset_index()
    first = steps.drop_duplicates("line")  # a year begins with what each line opens with
    known = {*first.loc[first["amount"] < 0, "line"], NOT_ALLOCATED}
    found = []
    for row in records(closing[closing["amount"] < 0]):
        if row.line not in known:
            known.add(row.line)
            value = f"{row.line} closes {row.financial_year} at {sterling(row.amount)}"
            own = steps[(steps[LINE] == [row.financial_year, row.line]).all(axis=1)]
            value += f", after {_taken(own)}"
            found.append(Finding("BCF755", f"scenarios/{scenario}/scenario.toml", value=value))
    return found


def _taken(steps: Any) -> str:
    taken = steps[(steps["amount"] < 0) & (steps["step"] != OPENING)]
    return " and ".join(f"{row.step} of {sterling(row.amount)}" for row in records(taken))

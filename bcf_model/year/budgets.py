"""Budgets as they are stated: the closing budget of the year, and the initial one of the next."""

from typing import Final

import numpy as np
import pandas as pd

from bcf_model.core.settings import BudgetVersions
from bcf_model.core.tables import Budgets, StatedBudgets, typed

UNSTATED: Final = -1
"""The step of an amount that its version does not state; nil is for rows of other versions."""
_KEPT: Final = [meaning.name for meaning in Budgets.fields if meaning.name != "amount"]


def stated(budgets: pd.DataFrame, steps: tuple[int, ...], versions: BudgetVersions) -> pd.DataFrame:
    """Return the budgets that figures add up.

    A closing budget is what a paper states: it need not be the budget the year's lines
    have, and nothing here reconciles the two.

    Args:
        budgets: `tables.Budgets`, in pence.
        steps: for each row, the step its amount is written in; none where all are exact.
        versions: which version is the closing budget, and which next year's initial one.

    Returns:
        `tables.StatedBudgets`, one row for each row of either version, in their order.
    """
    step = np.array(steps or [1] * len(budgets), dtype=np.int64)
    step[step == 0] = UNSTATED
    named = {"closing_budget": versions.closing, "next_initial_budget": versions.next_initial}
    chosen = {
        name: np.array([bool(version) and it == version for it in budgets["version"]], dtype=bool)
        for name, version in named.items()
    }
    amounts = {
        name: np.where(of_version, budgets["amount"].to_numpy(dtype=np.int64), 0)
        for name, of_version in chosen.items()
    }
    written = {f"{name}_step": np.where(rows, step, 0) for name, rows in chosen.items()}
    whole = budgets[_KEPT].assign(**amounts, **written, position=np.arange(len(budgets)))
    named_rows = whole[np.logical_or.reduce([*chosen.values()])]
    return StatedBudgets.validate(typed(named_rows.reset_index(drop=True), StatedBudgets.types))

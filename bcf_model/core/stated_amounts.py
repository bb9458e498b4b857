"""What is stated of a line's budget, expenditure and variance, and what follows from it.

Any two of the three give the third. What neither is stated nor follows is not known: it is held as
nil with a step of nil beside it, and never counts as nil (`ledger.Ledger.lacks`).
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.core.figures import VARIANCE, row_by_row

AMOUNTS: Final = ("budget", "expenditure", "variance")
BESIDE_A_REASON: Final = (*AMOUNTS, "percent")
"""Columns of the commentary that are given to who writes a reason, and are not amounts of it."""


def step_of(name: str) -> str:
    """Return the name of the column that says to what step an amount is known.

    >>> step_of("budget")
    'budget_step'
    """
    return f"{name}_step"


def completed(
    amounts: Mapping[str, Any], steps: Mapping[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Work out the third of budget, expenditure and variance where two of them are stated.

    Args:
        amounts: each of `AMOUNTS`, int64 pence; whatever it holds where it is not stated.
        steps: for each, the step it is written in, in pence; nil where it is not stated.

    Returns:
        All three, nil where they are not known; and the step of each, nil there too. What follows
        from two rounded amounts is rounded by both.
    """
    stated = {name: np.asarray(steps[name], dtype=np.int64) > 0 for name in AMOUNTS}
    pence = {
        name: np.where(stated[name], np.asarray(amounts[name], dtype=np.int64), 0)
        for name in AMOUNTS
    }
    step = {name: np.asarray(steps[name], dtype=np.int64) for name in AMOUNTS}

    def follows(name: str, *of: str) -> Any:
        """Mark where an amount follows from the two others."""
        return ~stated[name] & stated[of[0]] & stated[of[1]]

    def together(first: str, second: str) -> Any:
        coarse = [np.where(step[name] > 1, step[name], 0) for name in (first, second)]
        return np.maximum(coarse[0] + coarse[1], 1)

    budget, spent = pence["budget"], pence["expenditure"]
    from_spent = follows("budget", "expenditure", "variance")
    from_budget = follows("expenditure", "budget", "variance")
    both = stated["budget"] & stated["expenditure"]
    found = pd.DataFrame(
        {
            "budget": np.where(from_spent, spent - pence["variance"], budget),
            "expenditure": np.where(from_budget, budget + pence["variance"], spent),
            "variance": np.where(both, spent - budget, pence["variance"]),
        },
        dtype="int64",
    )
    known = pd.DataFrame(
        {
            "budget": np.where(from_spent, together("expenditure", "variance"), step["budget"]),
            "expenditure": np.where(
                from_budget, together("budget", "variance"), step["expenditure"]
            ),
            "variance": np.where(
                follows("variance", "budget", "expenditure"),
                together("budget", "expenditure"),
                step["variance"],
            ),
        },
        dtype="int64",
    )
    return found, known


def with_variance(lines: pd.DataFrame) -> pd.DataFrame:
    """Return lines with their variance: expenditure − budget, or what is stated where one is not.

    Args:
        lines: with budget, expenditure (less what is unpaid), unpaid, the steps of all three
            amounts, and `alone`: the variance at full price, nil where it is not known.

    Returns:
        The lines, with a variance of nil where it is not known (its step says so).
    """
    both = (lines["budget_step"] > 0) & (lines["expenditure_step"] > 0)
    alone = np.where(lines["variance_step"] > 0, lines["alone"] - lines["unpaid"], 0)
    return lines.assign(
        expenditure=np.where(lines["expenditure_step"] > 0, lines["expenditure"], 0),
        variance=np.where(both, row_by_row(lines, VARIANCE), alone),
    )

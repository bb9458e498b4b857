"""Funding on many draws at once: said and acted on as in `funding`; nothing is rounded.

docs/method.md, 5 and 10. How an opening and a restatement share a recurrent amount between them
matters to what is shown, not to what a year comes to: so here they are one.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.plan.funding_statements import RECURRENT, Acting, said_by_year

Draws = NDArray[np.float64]


def drawn(
    funding: pd.DataFrame, assumptions: pd.DataFrame, years: Sequence[str], values: Draws
) -> dict[str, Draws]:
    """Return what funding comes to.

    Args:
        funding: as `funding.walk` takes it.
        assumptions: as that takes them.
        years: of the plan.
        values: assumptions × draws, in the order of the assumptions: millionths of a percent, or
            pence. Those of other steps may hold anything.

    Returns:
        Of each year of the plan the funding of all partners, in pence, draw by draw.
    """
    recurrent = np.zeros((1, 1))
    found = {}
    for said in said_by_year(funding, assumptions, years):
        base = np.where(said.is_recurrent[:, None], said.recurrent[:, None], recurrent)
        # No percentage acts on what is not allocated, the last of them.
        carried = ~said.is_recurrent & (np.arange(len(base)) < len(base) - 1)
        change = np.zeros((len(base), values.shape[1]))
        once = np.full(values.shape[1], float(said.once.sum()))
        for acting in said.acting:
            amounts = _amounts(acting, base, said.begun, carried, acting.sign * values[acting.row])
            if acting.recurrence == RECURRENT:
                change += amounts
            else:
                once += amounts.sum(axis=0)
        recurrent = base + change
        if said.year in years:
            found[said.year] = recurrent.sum(axis=0) + once
    return found


def _amounts(
    acting: Acting,
    base: Draws,
    begun: NDArray[np.bool_],
    carried: NDArray[np.bool_],
    number: Draws,
) -> Draws:
    """Work one assumption: what it adds to each funding, `not allocated` the last of them."""
    if acting.unit == "percent":
        return np.asarray(base * (acting.chosen & carried)[:, None] * (number / WHOLE_RATE))
    at = acting.chosen & begun
    if not at.any():
        return np.zeros_like(base)
    weight = np.maximum(base, 0) * at[:, None] if at.sum() > 1 else 1.0 * at[:, None]
    whole = weight.sum(axis=0)
    share = weight / np.where(whole > 0, whole, 1)
    nowhere = np.arange(len(base)) == len(base) - 1
    return np.asarray(number * np.where(whole > 0, share, nowhere[:, None]))

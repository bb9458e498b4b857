"""Reserves: what is released of each, what the risk share drew and paid in, and what is left."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.money import divide, multiply


def released(reserves: pd.DataFrame, achievement: pd.DataFrame) -> pd.DataFrame:
    """Return what of each reserve's opening balance can be called on.

    A reserve that a measure releases: round(opening × achieved ÷ planned), no less than nil and no
    more than the opening balance (docs/rules.md).

    Args:
        reserves: `tables.Reserves`.
        achievement: `tables.Achievement`.

    Returns:
        The reserves, with planned, achieved (nil where no measure releases it), released and
        unreleased, in pence.
    """
    of_measure = achievement.set_index("measure")[["planned", "achieved"]]
    named = of_measure.reindex(reserves["released_by"], fill_value=0)
    planned, achieved = named["planned"].to_numpy(), named["achieved"].to_numpy()
    opening = reserves["opening"].to_numpy()
    by_measure = (reserves["released_by"] != "").to_numpy()
    part = np.clip(achieved, 0, planned)
    earned = divide(multiply(opening, part), np.where(by_measure, planned, 1))
    free = np.where(by_measure, earned, opening).astype(np.int64)
    return reserves.assign(
        planned=planned, achieved=achieved, released=free, unreleased=opening - free
    )


def statement(reserves: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return what became of each reserve.

    Args:
        reserves: as `released` gives them.
        shares: `tables.Shares`.

    Returns:
        The reserves, with drawn (it met overspends), paid_in (underspends), borne (the one less
        the other) and closing, in pence: closing = released − borne.
    """
    of_reserves = shares[shares["bearer_kind"] == "reserve"]
    borne = of_reserves["borne"]

    def added(amounts: "pd.Series[int]") -> NDArray[np.int64]:
        sums = amounts.groupby(of_reserves["bearer"]).sum()
        by_reserve = sums.reindex(reserves["reserve"], fill_value=0)
        return np.asarray(by_reserve, dtype=np.int64)

    drawn, paid_in = added(borne.clip(lower=0)), added((-borne).clip(lower=0))
    return reserves.assign(
        drawn=drawn,
        paid_in=paid_in,
        borne=drawn - paid_in,
        closing=reserves["released"] - drawn + paid_in,
    )

"""Reserves: what is released of each, what the risk share drew and paid in, and what is left."""

import pandas as pd

from bcf_model.core.worked_columns import RELEASED, RESERVES, work_out


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
    named = of_measure.reindex(reserves["released_by"], fill_value=0).reset_index(drop=True)
    known = reserves.assign(planned=named["planned"].array, achieved=named["achieved"].array)
    return work_out(known, {"released": RELEASED, "unreleased": RESERVES["unreleased"]}, {})


def statement(reserves: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return what became of each reserve.

    Args:
        reserves: as `released` gives them.
        shares: `tables.Shares`.

    Returns:
        The reserves, with drawn (it met overspends), paid_in (underspends), borne (the one less
        the other) and closing, in pence: closing = released − borne.
    """
    worked = work_out(reserves, RESERVES, {"shares": shares})
    return worked.assign(borne=worked["drawn"] - worked["paid_in"])

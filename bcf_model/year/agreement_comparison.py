"""Agreements side by side on the same outturn: what each party bears under each of them."""

from collections.abc import Mapping

import pandas as pd

from bcf_model.core.stated_amounts import step_of
from bcf_model.core.words import MET_OUTSIDE, NOT_STATED, UNPAID_ACTIVITY


def compare(
    settled: Mapping[str, pd.DataFrame], payments: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Add what each party bears under each agreement beside what it bears under the first.

    Args:
        settled: by agreement, in order, the first being the one compared with:
            `tables.SettlementOut`, of the same lines.
        payments: by agreement: `tables.PaymentsOut`. What providers are not paid has rows of its
            own, so that the rows of every agreement sum to the variance at full price.

    Returns:
        `tables.ComparisonOut` without the year: agreement by agreement, each with every party that
        any of them names, in pence; the step of what is not known is nil.
    """
    parts = []
    for name, frame in settled.items():
        bears = frame.loc[
            ~frame["party"].isin([MET_OUTSIDE, NOT_STATED]),
            ["party", "party_kind", "borne", "met_outside", "balancing_payment"],
        ]
        unpaid = payments[name].groupby("provider", sort=False)["unpaid"].sum().reset_index()
        memo = unpaid.rename(columns={"provider": "party", "unpaid": "borne"})
        memo = memo.assign(party_kind=UNPAID_ACTIVITY, met_outside=0, balancing_payment=0)
        parts.append(pd.concat([bears, memo], ignore_index=True).assign(agreement=name))
    rows = pd.concat(parts, ignore_index=True)
    parties = rows[["party", "party_kind"]].drop_duplicates()
    every = pd.DataFrame({"agreement": list(settled)}).merge(parties, how="cross")
    found = every.merge(rows, on=["agreement", "party", "party_kind"], how="left", sort=False)
    keyed = found.set_index(["agreement", "party", "party_kind"])
    known = keyed.index.isin(rows.set_index(["agreement", "party", "party_kind"]).index)
    for column in ("borne", "met_outside", "balancing_payment"):
        # A party an agreement does not name bears nothing under it.
        amounts = keyed[column].where(known, 0)
        stated = amounts.notna().to_numpy()
        found[column] = amounts.where(stated, 0).to_numpy(dtype="int64")
        found[step_of(column)] = stated.astype("int64")
    first = found[found["agreement"] == next(iter(settled))]
    of_first = first.set_index(["party", "party_kind"])[["borne", step_of("borne")]]
    same = pd.MultiIndex.from_frame(found[["party", "party_kind"]])
    beside = of_first.reindex(same).reset_index(drop=True)
    found["difference"] = found["borne"] - beside["borne"].to_numpy()
    found[step_of("difference")] = found[step_of("borne")] * beside[step_of("borne")].to_numpy()
    return found

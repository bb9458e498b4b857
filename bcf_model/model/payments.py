"""Payment by activity: what a provider is paid above and below plan, before any risk share.

The blended payment of 2019/20 is of this kind: a fixed sum for the planned activity, and a part of
the price for what is above or below it (docs/rules.md, "Payment by activity").
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.figures import row_by_row
from bcf_model.workings import PAYMENTS


def work_out(payments: pd.DataFrame, activity: pd.DataFrame) -> pd.DataFrame:
    """Work out what is paid for activity above or below plan.

    Args:
        payments: `tables.Payments`.
        activity: `tables.Activity`; one row for each payment.

    Returns:
        `tables.PaymentsOut`, in the order of the payments. Pence; positive above plan.
    """
    frame = payments.drop(columns=["source", "note"]).merge(
        activity.drop(columns=["source", "note"]), on="scheme_id", how="left", sort=False
    )
    above = frame["actual"] >= frame["planned"]
    frame["share"] = np.where(above, frame["share_above"], frame["share_below"]).astype("int64")
    for name, expression in PAYMENTS.items():
        frame[name] = np.asarray(row_by_row(frame, expression), dtype=np.int64)
    return frame


def unpaid_by_line(worked: pd.DataFrame, scheme_ids: "pd.Series[str]") -> NDArray[np.int64]:
    """Give what is unpaid of each line, in pence; nil where nothing is paid by activity."""
    unpaid = worked.set_index("scheme_id")["unpaid"]
    return unpaid.reindex(scheme_ids, fill_value=0).to_numpy()

"""Payment by activity: what a provider is paid above and below plan, before any risk share.

The blended payment of 2019/20 is of this kind: a fixed sum for the planned activity, and a part of
the price for what is above or below it (docs/rules.md, "Payment by activity").
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import of_row, with_decimals
from bcf_model.core.figures import row_by_row
from bcf_model.core.sums import by_key, of_each
from bcf_model.core.tables import PaymentsOut
from bcf_model.core.worked_columns import PAYMENTS


def work_out(payments: pd.DataFrame, activity: pd.DataFrame) -> pd.DataFrame:
    """Work out what is paid for activity above or below plan.

    Args:
        payments: `tables.Payments`.
        activity: `tables.Activity`; one row for each payment.

    Returns:
        `tables.PaymentsOut`, in the order of the payments. Pence; positive above plan.
    """
    if payments.empty:
        return PaymentsOut.without_rows()
    frame = payments.drop(columns=["source", "note"]).merge(
        activity.drop(columns=["source", "note"]), on="scheme_id", how="left", sort=False
    )
    above = frame["actual"] >= frame["planned"]
    frame["share"] = np.where(above, frame["share_above"], frame["share_below"]).astype("int64")
    for name, expression in PAYMENTS.items():
        frame[name] = np.asarray(row_by_row(frame, expression), dtype=np.int64)
    return frame


def payable(terms: Any, known: Mapping[str, Any], rounded: Callable[[Any], Any]) -> dict[str, Any]:
    """Work out what is paid for activity that is projected, by the same expressions.

    Args:
        terms: share_above, share_below, reopens_at and share_beyond, in millionths of a percent.
        known: actual, planned and price (pence): fractions, or arrays with one for each draw.
        rounded: what rounds an amount to the penny; on draws, where nothing is rounded, nothing.

    Returns:
        What is known, `share`, and the columns of `worked_columns.PAYMENTS`. Pence; positive above
        plan.
    """
    above = np.asarray(known["actual"] >= known["planned"])
    share = np.where(above, terms.share_above, terms.share_below)
    row = {
        **known,
        "share": share if share.ndim else int(share),
        "reopens_at": terms.reopens_at,
        "share_beyond": terms.share_beyond,
    }
    for name, expression in PAYMENTS.items():
        row[name] = rounded(with_decimals(expression, of_row(row), rounded))
    return row


def unpaid_by_line(worked: pd.DataFrame, scheme_ids: "pd.Series[str]") -> NDArray[np.int64]:
    """Return what is unpaid of each line, in pence; nil where nothing is paid by activity."""
    return of_each(scheme_ids, by_key(worked["scheme_id"], worked["unpaid"]))

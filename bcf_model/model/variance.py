"""Variance of each scheme line, and added up every way a board asks for.

Defined as::

    variance = expenditure − budget        (positive: overspend)

The finest grain is summed once; coarser views are rolled up from it.
"""

from collections.abc import Sequence

import pandas as pd

from bcf_model.figures import VARIANCE, blank_reason, row_by_row, totals

YEAR = ("financial_year",)
AMOUNTS = ["budget", "expenditure", "variance"]


def by_scheme(amounts: pd.DataFrame, schemes: pd.DataFrame) -> pd.DataFrame:
    """Sum amounts to one row per financial year and scheme, with what the scheme is.

    Args:
        amounts: columns financial_year, scheme_id, budget, expenditure; any number of rows per
            year and scheme (months, cost centres), in pence.
        schemes: one row per scheme_id, with whatever describes it (theme, organisation, …).

    Returns:
        The schemes' columns with financial_year, budget, expenditure and variance, in the order
        of the schemes' first amounts. A scheme without amounts is not in it.
    """
    grouped = amounts.groupby([*YEAR, "scheme_id"], sort=False, observed=True, dropna=False)
    sums = grouped[["budget", "expenditure"]].sum().reset_index()
    position = pd.Index(schemes["scheme_id"]).get_indexer(pd.Index(sums["scheme_id"]))
    described = schemes.drop(columns=["scheme_id", "budget", "expenditure"], errors="ignore")
    about = described.take(position).reset_index(drop=True)
    sums["variance"] = row_by_row(sums, VARIANCE)
    return pd.concat([sums, about], axis=1)


def view(lines: pd.DataFrame, by: Sequence[str], keys: Sequence[str] = YEAR) -> pd.DataFrame:
    """Roll lines up to one row per key, and per value of each column named.

    Args:
        lines: as `by_scheme` gives them: one row per year and scheme.
        by: columns to keep apart, such as theme and organisation; none for the total.
        keys: what is never added together: the year, and the area where there are several.

    Returns:
        Keys, `by`, and budget, expenditure, variance in pence; in the declared order of the codes.
    """
    grouped = lines.groupby([*keys, *by], sort=True, observed=True, dropna=False)
    return grouped[AMOUNTS].sum().reset_index()


def with_percent(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the variance in percent of budget, and why it is blank where it is.

    A percentage of a nil or negative budget means nothing, so it is blank: see `blank_reason`.
    """
    return frame.assign(
        variance_percent=totals(frame, "variance_percent") * 100,
        percent_note=pd.Series([blank_reason(b) for b in frame["budget"]], dtype="str"),
    )

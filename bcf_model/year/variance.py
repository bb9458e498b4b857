"""Variance of each scheme line, and added up every way a board asks for.

Defined as::

    variance = expenditure − budget        (positive: overspend)

The finest grain is summed once; coarser views are rolled up from it.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bcf_model.core.expressions import RATE_DIGITS
from bcf_model.core.figures import VARIANCE, blank_reason, row_by_row, totals, unstated_reason
from bcf_model.core.stated_amounts import AMOUNTS, step_of
from bcf_model.core.sums import add_up

YEAR = ("financial_year",)


def by_scheme(amounts: pd.DataFrame, schemes: pd.DataFrame) -> pd.DataFrame:
    """Sum amounts to one row per financial year and scheme, with what the scheme is.

    Args:
        amounts: columns financial_year, scheme_id, budget, expenditure; any number of rows per
            year and scheme (months, cost centres), in pence.
        schemes: one row per scheme_id, with whatever describes it (theme, organisation, …).

    Returns:
        The schemes' columns with financial_year, budget, expenditure and variance, by year and
        scheme: in the order of their categories, or else of their first amounts. A scheme without
        amounts is not in it.
    """
    sums = add_up(amounts, [*YEAR, "scheme_id"], ["budget", "expenditure"])
    position = pd.Index(schemes["scheme_id"]).get_indexer(pd.Index(sums["scheme_id"]))
    described = schemes.drop(columns=["scheme_id", *AMOUNTS], errors="ignore")
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
        Where an amount is not known of some line, also a step for each: nil where it is lacking.
    """
    sums = add_up(lines, [*keys, *by], [*AMOUNTS])
    lost = {name: lines[step_of(name)] == 0 for name in AMOUNTS if step_of(name) in lines}
    if not any(rows.any() for rows in lost.values()):
        return sums
    counted = lines.assign(**{name: rows.astype("int64") for name, rows in lost.items()})
    counts = add_up(counted, [*keys, *by], [*lost])
    return sums.assign(**{step_of(name): (counts[name] == 0).astype("int64") for name in lost})


def views(
    lines: pd.DataFrame, wanted: Sequence[Sequence[str]], keys: Sequence[str] = YEAR
) -> list[pd.DataFrame]:
    """Roll lines up to several views: once to what they all can be added up from, then to each.

    Args:
        lines: as `by_scheme` gives them.
        wanted: for each view the columns to keep apart.
        keys: what is never added together.

    Returns:
        The views, in the order wanted; each as `view` gives it.
    """
    finest = view(lines, list(dict.fromkeys(name for by in wanted for name in by)), keys)
    return [view(finest, by, keys) for by in wanted]


def with_percent(frame: pd.DataFrame) -> pd.DataFrame:
    """Add the variance in percent of budget, and why it is blank where it is.

    A percentage of a nil or negative budget means nothing, and one of amounts that are not stated
    is not known, so it is blank: see `blank_reason` and `unstated_reason`.
    """
    percent = np.round(totals(frame, "variance_percent") * 100, RATE_DIGITS - 2)
    notes = [blank_reason(b) for b in frame["budget"]]
    lost = [
        name for name in AMOUNTS if step_of(name) in frame and (frame[step_of(name)] == 0).any()
    ]
    if lost:
        known = {name: frame[step_of(name)] > 0 for name in AMOUNTS}
        percent = np.where(known["budget"] & known["variance"], percent, np.nan)
        said = zip(known["budget"].tolist(), known["expenditure"].tolist(), notes, strict=True)
        notes = [unstated_reason(budget=b, expenditure=e) or note for b, e, note in said]
    return frame.assign(variance_percent=percent, percent_note=pd.Series(notes, dtype="str"))

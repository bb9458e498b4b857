"""The lines for the checks: the columns they are selected by, and their amounts."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from bcf_model.checks.code_index import LINE_KEYS
from bcf_model.core.figures import row_by_row
from bcf_model.core.money import LARGEST_PENCE
from bcf_model.core.stated_amounts import AMOUNTS, completed, step_of, with_variance
from bcf_model.core.worked_columns import PAYMENTS
from bcf_model.intake.drafts import Draft, Drafts

TERMS: Final = ("share_above", "share_below", "reopens_at", "share_beyond")
COUNTS: Final = ("planned", "actual", "price")


def line_keys(drafts: Drafts) -> pd.DataFrame | None:
    """Return what each line is selected by, its lead filled in; None when not all could be read."""
    draft = drafts.get("schemes")
    return None if draft is None or draft.broken & {*LINE_KEYS} else _keys(draft)


@lru_cache(maxsize=4)
def _keys(draft: Draft) -> pd.DataFrame:
    frame = pd.DataFrame({name: draft.cells[name] for name in LINE_KEYS}, dtype="str")
    frame["lead"] = frame["lead"].where(frame["lead"] != "", frame["organisation"])
    return frame


def line_amounts(drafts: Drafts) -> pd.DataFrame | None:
    """Return the lines with budget, expenditure and variance, in pence, and what of them is known.

    Expenditure is less what is unpaid of activity, as it will be shared. An amount that is not
    known is nil, and so is its step; the step of one that is, is a penny. None when an amount could
    not be read, or a line stands twice: every total would be wrong.
    """
    if line_keys(drafts) is None or not drafts.keys() >= {"payments", "activity"}:
        return None
    return _amounts(*(drafts[name] for name in ("schemes", "payments", "activity")))


@lru_cache(maxsize=4)
def _amounts(draft: Draft, payments: Draft, activity: Draft) -> pd.DataFrame | None:
    paid = Drafts({"payments": payments, "activity": activity})
    frame, unpaid = _keys(draft), unpaid_of_lines(paid)
    if unpaid is None or draft.broken & {*AMOUNTS} or not frame["scheme_id"].is_unique:
        return None
    less = [unpaid.get(code, 0) for code in draft.cells["scheme_id"]]
    stated = {name: [int(cell is not None) for cell in draft.cells[name]] for name in AMOUNTS}
    pence = {name: [cell or 0 for cell in draft.cells[name]] for name in AMOUNTS}
    found, known = completed(pence, stated)
    found = found.rename(columns={"variance": "alone"}).assign(unpaid=less)
    found["expenditure"] -= found["unpaid"]
    return with_variance(pd.concat([frame, found, known.rename(columns=step_of)], axis=1))


def known_variance(schemes: Draft, i: int) -> int | None:
    """Return the variance of a line at full price, in pence; None where it is not known."""
    budget, spent, variance = (schemes.cells[name][i] for name in AMOUNTS)
    if None not in (budget, spent):
        return int(spent - budget)
    return None if variance is None else int(variance)


def unpaid_of_lines(drafts: Drafts) -> dict[str, int] | None:
    """Return what is unpaid of each line paid for by activity, in pence; None if it is unclear."""
    worked = payments_worked(drafts)
    return None if worked is None else {row["scheme_id"]: int(row["unpaid"]) for row in worked}


def payments_worked(drafts: Drafts) -> list[dict[str, Any]] | None:
    """Work out the payments by activity (docs/rules.md); None when not all of them could be read.

    Returns:
        For each payment its terms and counts, the columns of `worked_columns.PAYMENTS`, and `i`,
        its row in the draft of activity.
    """
    if not drafts.keys() >= {"payments", "activity"}:
        return None
    payments, activity = drafts["payments"], drafts["activity"]
    if payments.broken & {"scheme_id", *TERMS} or activity.broken & {"scheme_id", *COUNTS}:
        return None
    counted = {code: [i, *rest] for i, code, *rest in activity.rows("scheme_id", *COUNTS)}
    rows = []
    for _, code, *terms in payments.rows("scheme_id", *TERMS):
        if code not in counted:
            return None  # said by payments_and_activity
        i, *counts = counted[code]
        if counts[0] < 1 or max(counts[:2]) * counts[2] > LARGEST_PENCE:
            return None  # said by whole_numbers_in_reach and activity_in_reach
        said = dict(zip((*TERMS, *COUNTS), (*terms, *counts), strict=True))
        above = said["actual"] >= said["planned"]
        rows.append({**said, "scheme_id": code, "i": i, "share": terms[0] if above else terms[1]})
    return list(_with_workings(rows))


def _with_workings(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if not rows:
        return
    frame = pd.DataFrame(rows)
    for name, expression in PAYMENTS.items():
        frame[name] = row_by_row(frame, expression)
    for row in frame.to_dict("records"):
        yield {str(name): value for name, value in row.items()}

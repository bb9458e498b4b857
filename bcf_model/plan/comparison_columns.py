"""What stands beside the amounts of a comparison: shares, break-even years, and percentiles."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import (
    BORNE,
    CLOSING,
    FUNDED,
    NO_PREVENTION,
    NOT_OWN,
    compare,
    in_order,
    stacked,
    why,
)
from bcf_model.plan.draws import TOTAL
from bcf_model.plan.output_tables import (
    ScenarioBreakEvensOut,
    ScenarioPercentilesOut,
    ScenarioSharesOut,
)
from bcf_model.plan.projection import Projection, not_payable
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.plan.words import ALL

CASH: Final = "cash"
DISCOUNTED: Final = "discounted"
_BREAK_EVENS: Final = ((CASH, "break_even"), (DISCOUNTED, "break_even_discounted"))
INVESTS_NOTHING: Final = "invests nothing"
_NO_KIND: Final = "no line says whether it is prevention"
_AMOUNTS: Final = ["mean", "p05", "p50", "p95", "standard_error"]
_LOOKED_AT: Final = ("p05", "p25", "p50", "p75", "p95")
"""Percentiles whose errors count, as on a scenario's own pages."""


def side_by_side(
    projections: Sequence[Projection], drawn: Sequence[Uncertainty | None] = ()
) -> dict[str, pd.DataFrame]:
    """Set scenarios side by side.

    Args:
        projections: of one perimeter; the first is the one compared with.
        drawn: draws of each, if they were drawn.

    Returns:
        A table for each of `output_tables.COMPARISON_TABLES`.
    """
    return {
        "comparison": compare(projections),
        "comparison_shares": shares(projections),
        "comparison_break_even": break_evens(projections),
        "comparison_percentiles": percentiles(projections, drawn),
    }


def shares(projections: Sequence[Projection]) -> pd.DataFrame:
    """Set prevention as a share of spending side by side.

    Returns:
        `output_tables.ScenarioSharesOut`; no rows where no scenario says which lines are
        prevention.
    """
    keys = ["financial_year", "measure"]
    each = [it.tables["prevention_share"] for it in projections]
    rows = pd.concat([frame[keys] for frame in each]).drop_duplicates()
    rows = rows.sort_values("financial_year", kind="stable")
    parts = []
    for frame in each:
        own = rows.merge(frame, on=keys, how="left")
        none = _NO_KIND if frame.empty else NOT_OWN
        note = own["percent_note"].where(own["percent_note"].notna(), none)
        parts.append(own.assign(note=note)[[*keys, "percent", "note"]])
    return stacked(ScenarioSharesOut, projections, parts)


def break_evens(projections: Sequence[Projection]) -> pd.DataFrame:
    """Set side by side when prevention has paid for itself, and to whom.

    Returns:
        `output_tables.ScenarioBreakEvensOut`; no rows where no scenario has a prevention programme.
    """
    each = [it.tables["payback"] for it in projections]
    named = dict.fromkeys(partner for frame in each for partner in frame["partner"])
    partners = sorted(named, key=lambda it: it == ALL)
    parts = []
    for it, frame in zip(projections, each, strict=True):
        own = {row.partner: row for row in records(frame)}
        rows = []
        for partner in partners:
            row = own.get(partner)
            invests = row is not None and row.invested != 0
            late = f"not by {spoken(it.years[-1])}" if invests else INVESTS_NOTHING
            none = late if own else NO_PREVENTION
            for measure, column in _BREAK_EVENS:
                year = getattr(row, column) if row is not None else ""
                rows.append((partner, measure, year, "" if year else none))
        columns = ["partner", "measure", "break_even", "note"]
        parts.append(pd.DataFrame(rows, columns=columns))
    return stacked(ScenarioBreakEvensOut, projections, parts)


def drawn_alike(drawn: Sequence[Uncertainty | None]) -> bool:
    """Return whether all were drawn, as often and from the same seed: else none are compared."""
    said = {(it.draws, it.seed) if it is not None else None for it in drawn}
    return len(said) == 1 and None not in said


def percentiles(
    projections: Sequence[Projection], drawn: Sequence[Uncertainty | None]
) -> pd.DataFrame:
    """Set side by side how sure scenarios are.

    Args:
        projections: of one perimeter.
        drawn: draws of each.

    Returns:
        `output_tables.ScenarioPercentilesOut`; no rows unless all were drawn alike.
    """
    each = [_percentiles(it) for it in drawn if it is not None] if drawn_alike(drawn) else []
    if not each:
        return stacked(ScenarioPercentilesOut, [], [])
    keys = ["financial_year", "measure", "organisation"]
    rows = in_order(pd.concat([frame[keys] for frame in each]).drop_duplicates())
    parts = []
    for it, frame in zip(projections, each, strict=True):
        own = rows.merge(frame, on=keys, how="left")
        shared = {*it.tables["shared"].dropna(subset=["borne"])["financial_year"]}
        # Who is no bearer where spending is shared bears nothing in any draw.
        known = (own["measure"] == BORNE) & own["financial_year"].isin(shared)
        own.loc[known & own["p50"].isna(), _AMOUNTS] = 0
        not_known = own["financial_year"].isin([*not_payable(it.tables["payments"])])
        own.loc[(own["measure"] == CLOSING) & not_known, _AMOUNTS] = float("nan")
        own["note"] = [
            why(it, row.financial_year, row.measure) if pd.isna(row.p50) else ""
            for row in records(own)
        ]
        parts.append(own)
    return stacked(ScenarioPercentilesOut, projections, parts)


def _percentiles(drawn: Uncertainty) -> pd.DataFrame:
    """Return the percentiles of what is compared, with the largest standard error of each."""
    frame = drawn.percentiles
    total = frame["measure"].isin([CLOSING, FUNDED]) & (frame["by"] == TOTAL)
    own = frame[total | (frame["measure"] == BORNE)]
    errors = own[[f"{name}_error" for name in _LOOKED_AT]].max(axis=1)
    return own.assign(
        organisation=own["key"].where(own["measure"] == BORNE, ALL),
        standard_error=errors + own["bin_width"],
    )[["financial_year", "measure", "organisation", *_AMOUNTS]]

"""Scenarios side by side: what goes into prevention, what comes back, when, and to whom."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import (
    ALL_YEARS,
    INVESTED,
    POSITION,
    PREVENTED,
    RELEASED,
    TO_COME,
    WORTH,
)
from bcf_model.plan.comparison_columns import CASH, DISCOUNTED
from bcf_model.publish.page import Cell, Row, Sheet
from bcf_model.publish.scenario.comparison_rows import headings, summed, why_blank
from bcf_model.publish.scenario.lookups import View, who

SHARES: Final = {
    "narrow": "Narrow share of spending: primary prevention",
    "wide": "Wide share: everything that is not treatment",
}
BREAK_EVENS: Final = {CASH: "Break-even, in cash", DISCOUNTED: "Break-even, discounted"}
TOGETHER: Final = "All together"


def prevention(tables: Mapping[str, pd.DataFrame], views: Sequence[View]) -> tuple[Sheet, ...]:
    """Lay out shares, investment, release, positions and break-even; nothing where there is none.

    Args:
        tables: as `comparison_columns` gives them.
        views: of each scenario.
    """
    compared = tables["comparison"]
    rows = compared[compared["measure"].isin(PREVENTED)]
    found = (*_shares(tables["comparison_shares"], views), *_flows(rows, views),
             *_paid_back(rows, tables["comparison_break_even"], views))  # fmt: skip
    if not found:
        return ()
    return (
        Sheet(
            "Prevention",
            f"Prevention, what it gives back, and to whom: {views[0].perimeter}",
            (
                "Released is what can be taken out of budgets. Net is released − invested: in "
                "(brackets) more was paid in.",
                "Break-even is the first year from which what was paid in is back for good. Net "
                "present value is in prices of the first year, discounted.",
                "Both end with the last year. Still to come is what these investments give back "
                "after it, as far as it can be taken out of budgets, in cash.",
                *why_blank(rows),
            ),
            headings("Prevention", 44, views, against=False),
            found,
        ),
    )


def _shares(shares: pd.DataFrame, views: Sequence[View]) -> Iterator[Row]:
    for measure, of_measure in shares.groupby("measure", sort=False):
        yield Row("group", (SHARES[str(measure)],))
        for year, own in of_measure.groupby("financial_year", sort=False):
            by = {row.scenario: row.note or f"{row.percent:.2f}%" for row in records(own)}
            yield _in_words(spoken(str(year)), by, views)


def _flows(rows: pd.DataFrame, views: Sequence[View]) -> Iterator[Row]:
    for measure, name in ((INVESTED, "Invested"), (RELEASED, "Released")):
        own = rows[rows["measure"] == measure]
        if len(own):
            yield Row("group", (name,))
        for year, of_year in own.groupby("financial_year", sort=False):
            yield summed("line", spoken(str(year)), of_year, views, against=False)


def _paid_back(
    rows: pd.DataFrame, break_evens: pd.DataFrame, views: Sequence[View]
) -> Iterator[Row]:
    """Return each partner's position in the last year, what it is worth, and its break-even."""
    if rows.empty:
        return
    last = rows.loc[rows["financial_year"] != ALL_YEARS, "financial_year"].max()
    position = rows[(rows["measure"] == POSITION) & (rows["financial_year"] == last)]
    for name, own in (
        (f"Net so far, at the end of {spoken(last)}", position),
        ("Net present value", rows[rows["measure"] == WORTH]),
        ("Still to come, not counted", rows[rows["measure"] == TO_COME]),
    ):
        yield Row("group", (name,))
        for partner, of_partner in own.groupby("organisation", sort=False):
            yield summed("line", who(views[0], str(partner)), of_partner, views, against=False)
        yield summed("subtotal", TOGETHER, own, views, against=False)
    for measure, of_measure in break_evens.groupby("measure", sort=False):
        yield Row("group", (BREAK_EVENS[str(measure)],))
        for partner, own in of_measure.groupby("partner", sort=False):
            yield _in_words(who(views[0], str(partner)), _when(own), views)


def _when(rows: pd.DataFrame) -> dict[str, str]:
    """Return the year of a break-even, or why there is none, by scenario."""
    return {row.scenario: spoken(row.break_even) or _short(row) for row in records(rows)}


def _short(row: Any) -> str:
    return str(row.note).removeprefix("it has ")


def _in_words(name: str, by: Mapping[str, str], views: Sequence[View]) -> Row:
    cells: list[Cell] = [by.get(view.name) for view in views]
    return Row("line", (name, *cells))

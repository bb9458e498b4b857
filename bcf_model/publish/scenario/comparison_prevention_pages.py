"""Scenarios side by side: what goes into prevention, what comes back, when, and to whom."""

from collections.abc import Iterator
from typing import Any, Final

from bcf_model.core.money import percentage
from bcf_model.core.tables import each, records
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
from bcf_model.publish.page import Row, Sheet
from bcf_model.publish.scenario.comparison_rows import Compared, headings, why_blank
from bcf_model.publish.scenario.lookups import who

_TITLES: Final = {
    "narrow": "Narrow share of spending: primary prevention",
    "wide": "Wide share: everything that is not treatment",
    CASH: "Break-even, in cash",
    DISCOUNTED: "Break-even, discounted",
}
TOGETHER: Final = "All together"
FLOWS: Final = {INVESTED: "Invested", RELEASED: "Released"}


def prevention(compared: Compared) -> tuple[Sheet, ...]:
    """Lay out shares, flows, positions and break-even; nothing where there is none."""
    found = (
        *_in_words(compared, "comparison_shares", "financial_year"),
        *_flows(compared),
        *_paid_back(compared),
        *_in_words(compared, "comparison_break_even", "partner"),
    )
    if not found:
        return ()
    return (
        Sheet(
            "Prevention",
            f"Prevention, what it gives back, and to whom: {compared.first.perimeter}",
            (
                "Released is what can be taken out of budgets. Net is released − invested: in "
                "(brackets) more was paid in.",
                "Break-even is the first year from which what was paid in is back for good. Net "
                "present value is in prices of the first year, discounted.",
                "Both end with the last year. Still to come is what these investments give back "
                "after it, as far as it can be taken out of budgets, in cash.",
                *why_blank(compared.rows(*PREVENTED)),
            ),
            headings("Prevention", 44, compared.views, against=False),
            found,
        ),
    )


def _flows(compared: Compared) -> Iterator[Row]:
    for measure, name in FLOWS.items():
        for i, (year,) in enumerate(each(compared.rows(measure), "financial_year")):
            yield from () if i else (Row("group", (name,)),)
            yield compared.row("line", spoken(year), against=False, year=year, measure=measure)


def last_of(compared: Compared) -> str:
    """Return the last year of which positions are known."""
    return max(year for (year,) in each(compared.rows(POSITION), "financial_year"))


def _paid_back(compared: Compared) -> Iterator[Row]:
    """Return each partner's position in the last year, and what it is worth."""
    if compared.rows(*PREVENTED).empty:
        return
    last = last_of(compared)
    for measure, year, name in (
        (POSITION, last, f"Net so far, at the end of {spoken(last)}"),
        (WORTH, ALL_YEARS, "Net present value"),
        (TO_COME, ALL_YEARS, "Still to come, not counted"),
    ):
        yield Row("group", (name,))
        where = {"measure": measure, "year": year}
        for (partner,) in each(compared.rows(measure), "organisation"):
            named = who(compared.first, partner)
            yield compared.row("line", named, against=False, organisation=partner, **where)
        yield compared.row("subtotal", TOGETHER, against=False, **where)


def _in_words(compared: Compared, table: str, key: str) -> Iterator[Row]:
    """Return what a table says in words: a group a measure, a row a year or partner."""
    frame = compared.tables[table]
    for (measure,) in each(frame, "measure"):
        yield Row("group", (_TITLES[measure],))
        for (of,) in each(frame, key):
            own = frame[(frame["measure"] == measure) & (frame[key] == of)]
            by = {row.scenario: _said(row) for row in records(own)}
            name = who(compared.first, of) if key == "partner" else spoken(of)
            yield Row("line", (name, *(by.get(view.name) for view in compared.views)))


def _said(row: Any) -> str:
    """Return a share in percent, or the year of a break-even; or why there is none."""
    if row.note:
        return str(row.note).removeprefix("it has ")
    return spoken(row.break_even) if hasattr(row, "break_even") else percentage(row.percent, 2)

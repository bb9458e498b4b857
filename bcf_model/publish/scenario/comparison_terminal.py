"""Scenarios side by side on a terminal: a table a question, a row a scenario.

Scenarios are rows, so that six of them fit where two do; what they are numbered is said first.
"""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import pandas as pd

from bcf_model.core.money import label, shown
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import (
    ALL_YEARS,
    BORNE,
    CLOSING,
    FUNDED,
    INVESTED,
    NO_HOLDER,
    NO_PREVENTION,
    POSITION,
    RELEASED,
    SAVED,
    TO_COME,
    WORTH,
    of_one_perimeter,
)
from bcf_model.plan.comparison_columns import CASH, DISCOUNTED, INVESTS_NOTHING, side_by_side
from bcf_model.plan.projection import Projection
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.plan.words import ALL
from bcf_model.publish.comparison.terminal import unit_for
from bcf_model.publish.page import Money, Sheet
from bcf_model.publish.scenario.comparison_pages import by_group, outcome
from bcf_model.publish.scenario.comparison_rows import Difference, why_blank
from bcf_model.publish.scenario.lookups import View, view, who
from bcf_model.publish.scenario.terminal import Table, laid_out

_SAVINGS: Final = {
    "gross savings": "Gross",
    "unidentified savings": "No plan",
    "risk-adjusted part-year savings": "In year",
    "risk-adjusted full-year savings": "Full year",
    "underlying savings": "Underlying",
}
_NARROW: Final = 40


def compared(
    projections: Sequence[Projection],
    room: int = 100,
    drawn: Sequence[Uncertainty | None] = (),
) -> str:
    """Lay a comparison out.

    Args:
        projections: several; the first is the one compared with.
        room: columns of the terminal. A table that is wider is parted, numbers are never cut.
        drawn: draws of each, if they were drawn.
    """
    views = [view(it) for it in projections]
    room = max(room, _NARROW)
    if not of_one_perimeter(projections):
        places = "; ".join(dict.fromkeys(it.perimeter for it in views))
        said = (
            f"Not compared: amounts of two perimeters are never set against each other ({places})."
        )
        return "\n".join(wrap(said, room))
    return "\n".join(_lines(side_by_side(projections, drawn), views, room))


def _lines(tables: Mapping[str, pd.DataFrame], views: Sequence[View], room: int) -> Iterator[str]:
    rows = tables["comparison"]
    for at, it in enumerate(views, start=1):
        yield from wrap(f"[{at}] {it.name}: {it.projection.scenario.settings.title}", room,
                        subsequent_indent="    ")  # fmt: skip
    unit = _unit(rows[rows["measure"] == CLOSING], views)
    last = max(year for it in views for year in it.years)
    found = (
        *_by_year(rows, views, unit),
        _savings(rows, views),
        *_prevention(tables, views, unit),
        _groups(by_group(rows, views, last), views, unit),
    )
    for table in found:
        if table:
            yield ""
            yield from laid_out(table, room, rule_before=("Total",))
    yield from _how_sure(tables["comparison_percentiles"], views, unit, room)
    yield ""
    for sentence in (*_meant(tables), *why_blank(rows[rows["note"] != NO_HOLDER])):
        yield from wrap(sentence, room, subsequent_indent="  ")


def _meant(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Return what the tables that are there do not say themselves."""
    rows = tables["comparison"]
    if rows["measure"].isin([*SAVED]).any():
        yield "Savings in their year, in a full year, and underlying: risk-adjusted."
    if len(tables["comparison_break_even"]):
        yield (
            "Net: released less invested, at the end of the plan. NPV: discounted. To come: after "
            "it, not counted. Break-even, in cash and discounted: none within the plan, or blank "
            "where nothing is invested."
        )
    yield "Every year, group and budget holder, each less [1]: comparison.xlsx."


def _unit(rows: pd.DataFrame, views: Sequence[View]) -> str:
    amounts = [int(it) for it in rows["amount"].dropna()]
    return unit_for(amounts) if views[0].unit != "pounds" else "pounds"


def _name(views: Sequence[View], at: int) -> str:
    return f"[{at + 1}] {views[at].name}"


def _all(amounts: "pd.Series[float]") -> float:
    return float(amounts.sum(skipna=False))


def _sums(rows: pd.DataFrame, view: View) -> dict[str, int]:
    """Add a scenario's amounts up by year; a year in which one is not known is left out."""
    own = rows[(rows["scenario"] == view.name) & (rows["note"] != NO_HOLDER)]
    sums = own.groupby("financial_year")["amount"].agg(_all)
    return {str(year): int(amount) for year, amount in sums.dropna().items()}


def _amounts(by: Mapping[str, int], columns: Sequence[str], unit: str) -> list[str]:
    return [shown(by[it], unit) if it in by else "" for it in columns]


def _across(
    heading: str, rows: pd.DataFrame, views: Sequence[View], unit: str, *, against: bool = False
) -> Table:
    """Return a row a scenario and a column a year; then, if asked for, each against the first."""
    years = sorted(rows["financial_year"].drop_duplicates())
    if not years:
        return []
    table = [[f"{heading}, {label(unit)}", *map(spoken, years)]]
    each = [_sums(rows, it) for it in views]
    table += [[_name(views, at), *_amounts(by, years, unit)] for at, by in enumerate(each)]
    for at, by in enumerate(each[1:] if against else (), start=2):
        more = {year: by[year] - each[0][year] for year in years if year in by and year in each[0]}
        if more:
            table.append([f"[{at}] less [1]", *_amounts(more, years, unit)])
    return table


def _by_year(rows: pd.DataFrame, views: Sequence[View], unit: str) -> Iterator[Table]:
    own = rows[rows["measure"].isin([CLOSING, FUNDED])]
    for measure, of_measure in own.groupby("measure", sort=False):
        heading = outcome(views[0], str(measure), ALL)
        yield _across(heading, of_measure, views, unit, against=True)
    borne = rows[rows["measure"] == BORNE]
    for bearer, of_bearer in borne.groupby("organisation", sort=False):
        yield _across(outcome(views[0], BORNE, str(bearer)), of_bearer, views, unit)


def _groups(sheet: Sheet, views: Sequence[View], unit: str) -> Table:
    """Return the groups of the last year, a column a scenario."""
    year = next(str(row.cells[0]) for row in sheet.rows)
    numbers = [f"[{at}]" for at in range(1, len(views) + 1)]
    table = [[f"Closing {year}, {label(unit)}", *numbers]]
    for row in sheet.rows[1:]:
        cells = [it for it in row.cells[1:] if not isinstance(it, Difference)][: len(views)]
        amounts = [shown(it.pence, unit) if isinstance(it, Money) else "" for it in cells]
        table.append([str(row.cells[0]), *amounts])
    return table


def _savings(rows: pd.DataFrame, views: Sequence[View]) -> Table:
    """Return what all programmes together promise, and what is expected of them."""
    own = rows[rows["measure"].isin([*SAVED])]
    if own.empty:
        return []
    unit = _unit(own, views)
    table = [[f"Savings, {label(unit)}", *_SAVINGS.values()]]
    for at, it in enumerate(views):
        mine = own[own["scenario"] == it.name].groupby("measure")["amount"].agg(_all)
        by = {str(measure): int(amount) for measure, amount in mine.dropna().items()}
        table.append([_name(views, at), *_amounts(by, [*_SAVINGS], unit)])
    return table


def _prevention(
    tables: Mapping[str, pd.DataFrame], views: Sequence[View], unit: str
) -> Iterator[Table]:
    rows, shares = tables["comparison"], tables["comparison_shares"]
    for measure, of_measure in shares.groupby("measure", sort=False):
        years = [*of_measure["financial_year"].drop_duplicates()]
        table = [[f"Prevention, {measure}", *map(spoken, years)]]
        for at, it in enumerate(views):
            own = of_measure[of_measure["scenario"] == it.name]
            percents = ["" if row.note else f"{row.percent:.2f}%" for row in records(own)]
            table.append([_name(views, at), *percents])
        yield table
    for measure, name in ((INVESTED, "Invested"), (RELEASED, "Released")):
        yield _across(name, rows[rows["measure"] == measure], views, unit)
    yield from _paid_back(tables, views, unit)


def _paid_back(
    tables: Mapping[str, pd.DataFrame], views: Sequence[View], unit: str
) -> Iterator[Table]:
    """Return of each partner, and of all, its position, what it is worth, and its break-even."""
    rows, found = tables["comparison"], tables["comparison_break_even"]
    position = rows[rows["measure"] == POSITION]
    last = position["financial_year"].max()
    for partner, of_partner in found.groupby("partner", sort=False):
        own = rows if partner == ALL else rows[rows["organisation"] == partner]
        dates = {(row.scenario, row.measure): _when(row) for row in records(of_partner)}
        heads = ["Net", "NPV", "To come", "Break-even", "Disc."]
        table = [[f"{who(views[0], str(partner))}, {label(unit)}", *heads]]
        for at, it in enumerate(views):
            amounts = [
                amount
                for measure, year in ((POSITION, last), (WORTH, ALL_YEARS), (TO_COME, ALL_YEARS))
                for amount in _amounts(_sums(own[own["measure"] == measure], it), [year], unit)
            ]
            when = dates[it.name, CASH], dates[it.name, DISCOUNTED]
            table.append([_name(views, at), *amounts, *when])
        yield table


def _when(row: Any) -> str:
    """Return the year of a break-even; nothing where there is nothing to get back."""
    if row.break_even:
        return spoken(row.break_even)
    return "" if row.note in (INVESTS_NOTHING, NO_PREVENTION) else "none"


def _how_sure(frame: pd.DataFrame, views: Sequence[View], unit: str, room: int) -> Iterator[str]:
    """Return the percentiles of each outcome in the last year that has any."""
    if len(frame):
        yield ""
        yield from wrap(f"Of 100 draws, so many are below, {label(unit)}", room)
    for key, of_outcome in frame.groupby(["measure", "organisation"], sort=False):
        measure, organisation = map(str, key)
        last = of_outcome["financial_year"].max()
        own = of_outcome[of_outcome["financial_year"] == last].set_index("scenario")
        name = outcome(views[0], measure, organisation)
        table = [[f"{spoken(last)}: {name}", "5", "50", "95", "error"]]
        for at, it in enumerate(views):
            found = own.loc[it.name, ["p05", "p50", "p95", "standard_error"]]
            amounts = ["" if pd.isna(pence) else shown(int(pence), unit) for pence in found]
            table.append([_name(views, at), *amounts])
        yield ""
        yield from laid_out(table, room)

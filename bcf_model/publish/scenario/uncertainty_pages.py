"""How sure a scenario is: pages of percentiles, breaches and drivers."""

from math import isnan
from typing import Any, Final

import pandas as pd

from bcf_model.core.tables import records, rows_of_each
from bcf_model.core.years import spoken
from bcf_model.plan.draws import TOTAL
from bcf_model.plan.output_tables import DRAWN_TABLES
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.publish.page import Cell, Heading, Money, Number, Row, Sheet, heads
from bcf_model.publish.scenario.lookups import View, of_scenario, who
from bcf_model.publish.scenario.sentences import said

PERCENTILES: Final = ("p05", "p25", "p50", "p75", "p95")
MEASURES: Final = {
    "closing": "Closing budget",
    "funding": "Funding",
    "gap": "Gap",
    "borne": "Borne",
    "cumulative position": "Cumulative position",
}
OUTCOMES: Final = {"gap": "the gap of {}", "closing": "the closing budget of {}"}
SHOWN_BY: Final = (TOTAL, "bearer", "partner")
NOT_KNOWN: Final = "not known"
"""What stands where one draw alone cannot tell."""


def tables(view: View, found: Uncertainty) -> dict[str, pd.DataFrame]:
    """Return the tables of draws, the name of the scenario before each row."""
    return {name: of_scenario(view, getattr(found, name)) for name in DRAWN_TABLES}


def sheets(view: View, found: Uncertainty) -> tuple[Sheet, ...]:
    """Lay out the pages of draws."""
    return (
        percentiles(view, found),
        *((breaches(found),) if len(found.breaches) else ()),
        *((drivers(view, found),) if len(found.drivers) else ()),
    )


def about(found: Uncertainty) -> str:
    """Return how often was drawn, and how to draw the same again."""
    draws = "1 draw" if found.draws == 1 else f"{found.draws:,} draws"
    return f"{draws}, seed {found.seed}: the same seed gives the same draws."


def percentiles(view: View, found: Uncertainty) -> Sheet:
    """One row per outcome in total, and per party: percentiles, the largest standard error."""
    rows: list[Row] = []
    frame = found.percentiles[found.percentiles["by"].isin(SHOWN_BY)]
    for (measure,), of_measure in rows_of_each(frame, "measure"):
        rows.append(Row("group", (MEASURES[measure],)))
        for row in records(of_measure):
            amounts = [Money(getattr(row, name)) for name in PERCENTILES]
            of = (_named(view, row), spoken(row.financial_year), Money(row.central))
            above, off = _known(row.percent_above), error(row)
            rows.append(Row("line", (*of, above, *amounts, _said(off))))
    notes = [
        about(found),
        f"Central case: every assumption at its stated value. {against_central(view, found)}",
        "Of 100 draws, 5 are below the first amount and 5 above the last. The standard error says "
        "how far a percentile of other draws would be from this one.",
        "Those by theme, organisation and block are in tables/percentiles.csv.",
    ]
    if found.percentiles["bin_width"].any():
        notes.append(
            "So many draws are counted in a histogram: the width of its bins is added to the "
            f"standard errors. {found.beyond:,} amounts beyond its ends are counted there."
        )
    return Sheet(
        "Percentiles",
        "How sure this is: percentiles of many draws",
        tuple(notes),
        (
            *heads(outcome=30, year=10),
            Heading("Central case", "money", 14),
            Heading("Draws above it in %", "number", 10),
            *(Heading(f"{int(name[1:])}%", "money", 14) for name in PERCENTILES),
            Heading("Standard error", "money", 12),
        ),
        tuple(rows),
    )


def error(row: Any) -> int | None:
    """Return the largest standard error of a row's percentiles, with the width of a histogram.

    None of a single draw, which says nothing of others.
    """
    largest = max(getattr(row, f"{name}_error") for name in PERCENTILES)
    return None if isnan(largest) else int(largest + row.bin_width)


def against_central(view: View, found: Uncertainty) -> str:
    """Return how many draws are above the central case: in closing spending of the last year.

    And in the gap, where that is passed more or less often, as funding is drawn too.
    """
    if found.draws == 1:
        return "One draw does not say how likely the central case is passed."
    frame = found.percentiles[found.percentiles["by"] == TOTAL]
    last = frame[frame["measure"].isin([*OUTCOMES])].drop_duplicates("measure", keep="last")
    rows = [*records(last.drop_duplicates("percent_above"))]
    parts = [
        f"{in_100(row.percent_above)} in 100 draws are above the central case of {outcome(row)}, "
        f"{said(view, row.central)} (standard error {in_tenths(row.percent_above_error)})."
        for row in rows
    ]
    return " ".join(parts)


def _said(pence: int | None) -> Cell:
    return NOT_KNOWN if pence is None else Money(pence)


def in_100(percent: float) -> str:
    """Return how many of 100 draws these are.

    >>> in_100(68.2), in_100(0.2), in_100(99.8), in_100(100.0)
    ('68', 'fewer than 1', 'more than 99', '100')
    """
    whole = round(percent)
    if whole == 0 and percent > 0:
        return "fewer than 1"
    return "more than 99" if whole == 100 and percent < 100 else str(whole)  # noqa: PLR2004


def in_tenths(percent: float) -> str:
    """Write a standard error in percent; of a single draw it is not known."""
    return NOT_KNOWN if isnan(percent) else f"{percent:.1f}"


def _known(number: float, decimals: int = 1) -> Cell:
    return NOT_KNOWN if isnan(number) else Number(round(number, decimals), decimals)


def _named(view: View, row: Any) -> str:
    return "Total" if row.by == TOTAL else who(view, row.key)


def breaches(found: Uncertainty) -> Sheet:
    """One row per limit and year: how likely spending passes it."""
    rows = [
        Row("line", (row.limit_name, spoken(row.financial_year), Money(row.limit),
                     _known(row.percent), _known(row.percent_error)))
        for row in records(found.breaches)
    ]  # fmt: skip
    return Sheet(
        "Limits",
        "How likely spending passes a limit",
        (about(found),),
        (
            *heads(limit=30, year=10),
            Heading("Not to be passed", "money", 16),
            *heads("number", passed_in_of_draws=(14, "Passed in % of draws"), standard_error=14),
        ),
        tuple(rows),
    )


def drivers(view: View, found: Uncertainty) -> Sheet:
    """One row per ranged assumption: what its ends do by themselves, the widest first."""
    first = next(records(found.drivers))
    rows = [
        Row("line", (row.assumption, when(view, row), Money(row.low), Money(row.high),
                     _known(row.rank_correlation, 2)))
        for row in records(found.drivers)
    ]  # fmt: skip
    return Sheet(
        "Drivers",
        f"What drives {outcome(first)}",
        (
            "Low and high: what the outcome changes by when this assumption alone is at that end "
            "of its range. Rank correlation: how its draws go with the outcome's.",
        ),
        (
            *heads(assumption=34, year=18),
            *heads("money", low=14, high=14),
            Heading("Rank correlation", "number", 12),
        ),
        tuple(rows),
    )


def when(view: View, row: Any) -> str:
    """Return which years a ranged assumption is for: one, every one, or every one but its own."""
    if row.year:
        return spoken(row.year)
    every = view.assumptions
    named = every.loc[every["assumption"] == row.assumption, "stated_for"].tolist()
    but = ", ".join(spoken(year) for year in view.years if year in named)
    return f"every year but {but}" if but else "every year"


def outcome(row: Any) -> str:
    """Name the outcome drivers are measured by: the gap of 2023/24."""
    return OUTCOMES[row.measure].format(spoken(row.financial_year))

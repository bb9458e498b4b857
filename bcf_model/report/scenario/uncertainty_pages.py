"""How sure a scenario is: pages of percentiles, breaches and drivers, and their charts."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from bcf_model.money import shown
from bcf_model.plan.draws import TOTAL
from bcf_model.plan.outputs import BreachOut, DriversOut, PercentilesOut
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.report.scenario.uncertainty_charts import Spread, Width, fan, tornado
from bcf_model.report.scenario.view import View, who
from bcf_model.report.sheets import Heading, Money, Number, Row, Sheet
from bcf_model.tables import Table, records
from bcf_model.years import spoken

TABLES: Final[Mapping[str, type[Table]]] = {
    "percentiles": PercentilesOut,
    "breaches": BreachOut,
    "drivers": DriversOut,
}
"""Tables of draws, each a file of its name."""

PERCENTILES: Final = ("p05", "p25", "p50", "p75", "p95")
MEASURES: Final = {
    "closing": "Closing budget",
    "funding": "Funding",
    "gap": "Gap",
    "borne": "Borne",
    "cumulative position": "Cumulative position",
}
SHOWN_BY: Final = (TOTAL, "bearer", "partner")
DRAWN: Final = 10
"""As many drivers as a chart shows."""


def tables(view: View, found: Uncertainty) -> dict[str, pd.DataFrame]:
    """Give the tables of draws, the name of the scenario before each row."""
    frames = {}
    for name in TABLES:
        frame = getattr(found, name).copy()
        frame.insert(0, "scenario", pd.Series([view.name] * len(frame), dtype="str"))
        frames[name] = frame
    return frames


def sheets(view: View, found: Uncertainty) -> tuple[Sheet, ...]:
    """Lay out the pages of draws."""
    return (
        percentiles(view, found),
        *((breaches(found),) if len(found.breaches) else ()),
        *((drivers(found),) if len(found.drivers) else ()),
    )


def about(found: Uncertainty) -> str:
    """Say how often was drawn, and how to draw the same again."""
    return f"{found.draws:,} draws, seed {found.seed}: the same seed gives the same draws."


def percentiles(view: View, found: Uncertainty) -> Sheet:
    """One row per outcome in total, and per party: percentiles, the largest standard error."""
    rows: list[Row] = []
    frame = found.percentiles[found.percentiles["by"].isin(SHOWN_BY)]
    for measure, of_measure in frame.groupby("measure", sort=False):
        rows.append(Row("group", (MEASURES[str(measure)],)))
        for row in records(of_measure):
            amounts = [Money(getattr(row, name)) for name in PERCENTILES]
            said = (_named(view, row), spoken(row.financial_year))
            rows.append(Row("line", (*said, *amounts, Money(error(row)))))
    notes = [
        about(found),
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
            Heading("Outcome", width=40),
            Heading("Year", width=10),
            *(Heading(f"{int(name[1:])}%", "money", 14) for name in PERCENTILES),
            Heading("Standard error", "money", 12),
        ),
        tuple(rows),
    )


def error(row: Any) -> int:
    """Give the largest standard error of a row's percentiles, with the width of a histogram."""
    return int(max(getattr(row, f"{name}_error") for name in PERCENTILES) + row.bin_width)


def _named(view: View, row: Any) -> str:
    return "Total" if row.by == TOTAL else who(view, row.key)


def breaches(found: Uncertainty) -> Sheet:
    """One row per limit and year: how likely spending passes it."""
    rows = [
        Row("line", (row.limit_name, spoken(row.financial_year), Money(row.limit),
                     Number(round(row.percent, 1)), Number(round(row.percent_error, 1))))
        for row in records(found.breaches)
    ]  # fmt: skip
    return Sheet(
        "Limits",
        "How likely spending passes a limit",
        (about(found),),
        (
            Heading("Limit", width=30),
            Heading("Year", width=10),
            Heading("Not to be passed", "money", 16),
            Heading("Passed in % of draws", "number", 14),
            Heading("Standard error", "number", 14),
        ),
        tuple(rows),
    )


def drivers(found: Uncertainty) -> Sheet:
    """One row per ranged assumption: what its ends do by themselves, the widest first."""
    first = next(records(found.drivers))
    rows = [
        Row("line", (row.assumption, spoken(row.year) if row.year else "every year",
                     Money(row.low), Money(row.high), Number(round(row.rank_correlation, 2))))
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
            Heading("Assumption", width=34),
            Heading("Year", width=12),
            Heading("Low", "money", 14),
            Heading("High", "money", 14),
            Heading("Rank correlation", "number", 12),
        ),
        tuple(rows),
    )


def outcome(row: Any) -> str:
    """Name the outcome drivers are measured by: the gap of 2023/24."""
    name = {"gap": "the gap", "closing": "the closing budget"}[row.measure]
    return f"{name} of {spoken(row.financial_year)}"


def charts(view: View, found: Uncertainty) -> dict[str, tuple[str, str]]:
    """Give the charts of these pages, by the name of the page: a caption, and an SVG."""
    funded = (found.percentiles["measure"] == "funding").any()
    line = " Broken line, or ring: funding, half of the draws below it." if funded else ""
    drawn = {
        "Percentiles": (
            "Closing budget. Line: half of the draws are below it. Dark: the middle half of the "
            f"draws. Light: 90 of 100. The scale does not begin at nil.{line}",
            fan_chart(view, found),
        )
    }
    if len(found.drivers):
        drawn["Drivers"] = (
            f"The {min(DRAWN, len(found.drivers))} widest. Outlined: the low end of a range alone; "
            "filled: the high end alone.",
            tornado_chart(view, found),
        )
    return drawn


def fan_chart(view: View, found: Uncertainty) -> str:
    """Draw closing spending year by year, with funding where it is stated."""
    rows = found.percentiles
    total = rows[rows["by"] == TOTAL]
    funding = total[total["measure"] == "funding"].set_index("financial_year")["p50"]
    opening = view.pence(financial_year=view.years[0], step="opening")
    years = [Spread("Opening", (opening,) * 5)]
    for row in records(total[total["measure"] == "closing"]):
        amounts = (int(row.p05), int(row.p25), int(row.p50), int(row.p75), int(row.p95))
        funded = funding.get(row.financial_year)
        label = spoken(row.financial_year)
        years.append(Spread(label, amounts, None if funded is None else int(funded)))
    last = years[-1]
    low, _, middle, _, high = (shown(pence, view.unit) for pence in last.amounts)
    said = (
        f"Of 100 draws, 5 come in {last.label} to less than {low}, 50 to less than {middle}, and 5 "
        f"to more than {high}."
    )
    return fan("fan", "How far spending may go", said, years, (low, middle, high))


def tornado_chart(view: View, found: Uncertainty) -> str:
    """Draw the widest drivers; nothing where no assumption has a range."""
    some = [*records(found.drivers.head(DRAWN))]
    if not some:
        return ""
    bars = [
        Width(
            f"{row.assumption}, {spoken(row.year)}" if row.year else row.assumption,
            row.low, row.high, shown(row.low, view.unit), shown(row.high, view.unit),
        )
        for row in some
    ]  # fmt: skip
    said = f"What each range changes {outcome(some[0])} by. " + " ".join(
        f"{bar.label}: {bar.low_amount} at its low end, {bar.high_amount} at its high end."
        for bar in bars
    )
    return tornado("tornado", f"What drives {outcome(some[0])}", said, bars)

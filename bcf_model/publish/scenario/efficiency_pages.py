"""Printed savings targets (CIP and QIPP), each in its perimeter, with the bases they imply."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from bcf_model.core.tables import Table, records
from bcf_model.core.years import spoken
from bcf_model.plan.efficiencies import AMOUNTS, implied_bases, totals
from bcf_model.plan.output_tables import EfficienciesOut, EfficienciesTotalOut
from bcf_model.plan.words import ALL
from bcf_model.publish.page import Cell, Heading, Money, Row, Sheet, heads
from bcf_model.publish.scenario.lookups import View, of_scenario, perimeter_name, who

TABLES: Final[Mapping[str, Table]] = {
    "efficiencies": EfficienciesOut,
    "efficiencies_total": EfficienciesTotalOut,
}
"""Tables of printed targets, each a file of its name."""


def tables(view: View) -> dict[str, pd.DataFrame]:
    """Return the tables of printed targets, the name of the scenario before each row; or none."""
    bases = _bases(view)
    if bases.empty:
        return {}
    found = {"efficiencies": bases, "efficiencies_total": totals(bases)}
    return {name: TABLES[name].validate(of_scenario(view, it)) for name, it in found.items()}


def sheets(view: View) -> tuple[Sheet, ...]:
    """Lay the page out, where there are targets for a year of the plan."""
    bases = _bases(view)
    return () if bases.empty else (_efficiencies(view, bases),)


def _bases(view: View) -> pd.DataFrame:
    """Return the targets of the years of the plan, of every perimeter: none of them is counted."""
    printed = view.projection.plan.tables["efficiencies"]
    own = printed["financial_year"].isin(view.years)
    return implied_bases(printed[own].reset_index(drop=True))


def _efficiencies(view: View, bases: pd.DataFrame) -> Sheet:
    rows: list[Row] = []
    for whole in records(totals(bases)):
        of = perimeter_name(view.projection, whole.perimeter)
        rows.append(Row("group", (f"{of}, {spoken(whole.financial_year)}",)))
        own = bases["perimeter"].eq(whole.perimeter) & bases["body"].ne(ALL)
        own &= bases["financial_year"].eq(whole.financial_year)
        rows += [Row("line", _target(view, row)) for row in records(bases[own])]
        targets = (Money(int(getattr(whole, name))) for name in AMOUNTS)
        told = "Together, as printed" if whole.printed_total else "Together"
        rows.append(Row("total", (told, *targets, *[None] * 5)))
    return Sheet(
        "Efficiencies",
        "Printed savings targets, and what they are a percentage of",
        (
            "Targets (CIP of providers, QIPP of commissioners) as the bodies printed them. They "
            "are beside the bridge: nothing here is taken off a budget, or added to one. "
            "Each group is of a perimeter of its own.",
            "A target and its percentage, as printed, imply a base: amount ÷ percentage. Both are "
            "rounded, so it lies between two ends; where the percentage may be nil, none is known.",
            "Bases are not added up: what a commissioner pays is a provider's income.",
        ),
        (
            Heading("Body", width=38),
            *heads("money", target=12, at_least=12, at_most=12),
            Heading("Printed as", width=11),
            *heads("money", implied_base=14, base_at_least=14, base_at_most=14),
            Heading("Source", width=46),
        ),
        tuple(rows),
    )


def _target(view: View, row: Any) -> tuple[Cell, ...]:
    bases: tuple[Cell, ...] = ("not known", None, None)
    if not pd.isna(row.base):
        bases = tuple(Money(int(it)) for it in (row.base, row.base_lowest, row.base_highest))
    targets = (Money(int(getattr(row, name))) for name in AMOUNTS)
    return (
        who(view, row.body),
        *targets,
        f"{row.printed_percent}%",
        *bases,
        row.source,
    )

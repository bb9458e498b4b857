"""Funding of a scenario: what is stated, what is carried forward, and what assumptions act on."""

from collections.abc import Iterator, Mapping
from typing import Any

from bcf_model.core.expressions import Expression
from bcf_model.explain.scenario_facts import ScenarioFacts, referred, rows_of, typed_node
from bcf_model.explain.tree import Node
from bcf_model.plan.figures import MEASURES
from bcf_model.plan.funding import RESTATED
from bcf_model.plan.funding_statements import RECURRENT
from bcf_model.plan.words import OPENING, PERCENT
from bcf_model.plan.worked_columns import OF_BASE, PARTED


def follows(row: Mapping[str, Any]) -> Expression | None:
    """Return how a step of funding follows from others of its row; None for what is stated."""
    if row["unit"] == PERCENT:
        return OF_BASE
    return PARTED if row["weight"] != row["total_weight"] else None


def of_step(facts: ScenarioFacts, column: str, row: Mapping[str, Any]) -> Iterator[Node]:
    """Explain a column of a step: by what was stated or carried, or by what it is a part of."""
    year, parted = row["financial_year"], {"step": row["step"], "cause": row["cause"]}
    if column == "base" and row["unit"] == PERCENT:
        yield from _begun(facts, row)
    elif column == "weight":
        walk = facts.figures.tables["funding_walk"]
        for other in rows_of(walk, {"financial_year": year, **parted}):
            yield from _begun(facts, other)
    elif column == "amount" and not row["cause"]:
        yield from _stated(facts, row)


def _begun(facts: ScenarioFacts, row: Mapping[str, Any]) -> Iterator[Node]:
    """Return what a funding has before the changes of a year: its opening, and what is restated."""
    at = {name: row[name] for name in ("financial_year", "organisation", "funding")}
    for step in (OPENING, RESTATED):
        if rows_of(facts.figures.tables["funding_walk"], {**at, "step": step}):
            yield _figure(facts, at, step=step)


def _stated(facts: ScenarioFacts, row: Mapping[str, Any]) -> Iterator[Node]:
    """Explain what a funding begins a year with, or what is stated again: the rows that say so."""
    years, year = facts.projection.years, row["financial_year"]
    at = {name: row[name] for name in ("organisation", "funding")}
    stated = [*facts.stated("funding", **at, recurrence=row["recurrence"])]
    if row["step"] == RESTATED:
        yield _figure(facts, {**at, "financial_year": year}, step=OPENING)
    if row["step"] == OPENING:
        before = years[years.index(year) - 1] if year != years[0] else ""
        carried = {"financial_year": before, **at, "recurrence": RECURRENT}
        if rows_of(facts.figures.tables["funding_walk"], carried):
            yield _figure(facts, carried)
            return
        year = max((it.financial_year for it in stated if it.financial_year < year), default=year)
    for own in stated:
        if own.financial_year == year:
            yield typed_node("funding", own)


def _figure(facts: ScenarioFacts, at: Mapping[str, str], **more: str) -> Node:
    keys = {"year" if name == "financial_year" else name: value for name, value in at.items()}
    figure = MEASURES.figure("funding_walk.amount", keys | more)
    return referred(figure, facts.pence(figure))

"""Savings programmes of a scenario: each column down to what was typed, delivered and phased."""

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from bcf_model.core.expressions import Expression, columns_in
from bcf_model.explain.scenario_facts import (
    ScenarioFacts,
    rows_of,
    source,
    value_in_words,
    worked_node,
)
from bcf_model.explain.tree import Node
from bcf_model.plan.savings import in_later_years, in_row
from bcf_model.plan.worked_columns import MONTHS


def programme(facts: ScenarioFacts, code: str) -> dict[str, Any]:
    """Return the row of a programme, as it is worked."""
    (row,) = rows_of(facts.figures.tables["savings"], {"programme": code})
    return row


def follows(column: str, row: Mapping[str, Any]) -> Expression | None:
    """Return how a column follows from others of its programme; None for what is typed."""
    return in_row(column, SimpleNamespace(**row))


def chain(
    facts: ScenarioFacts, expression: Expression, saving: Mapping[str, Any]
) -> Iterator[Node]:
    """Explain each column of a programme that an expression is made of, to what was typed."""
    for name in columns_in(expression):
        own = follows(name, saving)
        if own is not None:
            label = name.replace("_", " ").capitalize()
            node = worked_node(label, int(saving[name]), own, saving, "savings")
            yield node._replace(children=tuple(chain(facts, own, saving)))
        elif name == "adjusted_full_year":
            said = in_later_years(SimpleNamespace(**saving))
            yield Node("Adjusted full year", int(saving[name]), said=(f"Later years: {said}.",))
        elif name == "delivery":
            said = f"Delivery of what is {saving['confidence']}, as the scenario has it: "
            children = tuple(facts.parameter("delivery", saving["confidence"]))
            yield Node(f"{said}{value_in_words(saving[name], 'share')}", children=children)
        elif name in ("phased", "phased_to_date"):
            last = MONTHS if name == "phased" else saving["delivered_to"]
            profile = tuple(
                Node(f"Period {row.period}: {value_in_words(row.share, 'share')}",
                     sources=(source(row),))
                for row in facts.stated("phasing", profile=saving["profile"])
                if saving["start_period"] <= row.period <= last
            )  # fmt: skip
            yield Node(_phased(saving, name), children=profile)


def _phased(saving: Mapping[str, Any], column: str) -> str:
    """Return what part of a full year falls in a programme's own, and by which profile."""
    evenly, months = not saving["profile"], MONTHS + 1 - saving["start_period"]
    how = "evenly" if evenly else f"by the profile {saving['profile']} of phasing.csv"
    part = " of ".join(value_in_words(saving[it], "quantity") for it in (column, "phased_of"))
    name = column.replace("_", " ").capitalize()
    return f"{name}: {part}, {how}, in the {months} months from period {saving['start_period']}"

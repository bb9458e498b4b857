"""Who bears what of a plan: pot by pot, and each line by what it closes with and what is agreed."""

from bcf_model.core.figures import Figure
from bcf_model.explain.derivation import explain
from bcf_model.explain.scenario_facts import ScenarioFacts, rows_of
from bcf_model.explain.tree import Node


def share(facts: ScenarioFacts, i: int) -> Node:
    """Explain what one bears in a year: pot by pot, down to the rule and its clause."""
    row = facts.row("shared", i)
    year, bearer = row["financial_year"], row["bearer"]
    if year not in facts.shared_results:
        return Node(f"{year}, {bearer}", adds=True, said=(f"Blank: {row['share_note']}.",))
    borne = Figure.of("borne", bearer=bearer)
    tree = explain(facts.shared_results[year], borne, everything=facts.everything)
    node = _with_lines(facts, tree, year)._replace(label=f"{year}, {bearer}", adds=True)
    return node._replace(refers_to="")


def _with_lines(facts: ScenarioFacts, node: Node, year: str) -> Node:
    """Explain each line of a pot by the plan: what it closes with, less the agreed budget."""
    what, _, code = node.refers_to.partition(" ")
    if what != "line":
        children = tuple(_with_lines(facts, child, year) for child in node.children)
        return node._replace(children=children, refers_to=node.refers_to if facts.by_line else "")
    of_code = {"financial_year": year, "scheme_id": code}
    (row,) = rows_of(facts.projection.tables["agreed"], of_code)
    version = facts.projection.scenario.settings.agreed[year]
    closing = Figure("closing", (("year", (year,)), ("line", (row["line"],))))
    spent = facts.figure(closing)
    if not facts.by_line:
        spent = Node(str(closing), spent.pence, refers_to=str(closing))
    stated = tuple(facts.stating(version, row["line"], year))
    budget = Node("Less the agreed budget", -row["budget"], sources=stated)
    both = (spent, budget)
    if node.pence == row["variance"]:
        both = (spent._replace(adds=True), budget._replace(adds=True))
    return node._replace(sources=(), refers_to="", children=both)

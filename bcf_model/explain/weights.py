"""Weights that are measured: which contributions or budgets they are made of (docs/rules.md, 7)."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.agreement.rules import NET_COLUMN
from bcf_model.core.tables import records
from bcf_model.core.words import BASES, KINDS, NONE, VERSIONS, WITHOUT
from bcf_model.explain.facts import Facts
from bcf_model.explain.lines import line_of, part_of
from bcf_model.explain.tree import Node

LEFT_OUT: Final[dict[str, set[str]]] = {
    "": set(),
    "grants": {"grant"},
    "capital": {"capital"},
    "grants and capital": {"grant", "capital"},
}
"""The funding of contributions that a measure leaves out."""


def measured(facts: Facts, i: int) -> Node:
    """Explain what the bearers of a call are weighed by, each with what it is made of.

    Args:
        facts: the pool.
        i: a row of the working paper whose basis is measured.
    """
    row = facts.row("shares", i)
    rule = {name: facts.stated("rules", row["rule_id"], name) for name in _SAID}
    counts = _counted(facts, row, rule)
    tell = _contributions if row["basis"] == "contribution" else _budgets
    bearers = tuple(
        tell(facts, facts.figures.column("shares", "bearer")[j], rule, counts, row["part"])
        for j in facts.rows_by("shares", "call")[row["call"]]
    )
    over = rule["measured_over"] or "the lines netted, whatever their kind, grant or cause"
    over = "the whole pool" if over == "pool" else over
    without = f"; {WITHOUT[rule['without']]}" if rule["without"] else ""
    version = f"; {VERSIONS[rule['version']]}" if rule["version"] else ""
    return Node(
        "What the bearers are weighed by, together",
        sum(bearer.pence or 0 for bearer in bearers),
        said=(f"Basis {row['basis']}: {BASES[row['basis']]}.",
              f"Measured over {over}{version}{without}."),
        children=bearers,
    )  # fmt: skip


_SAID: Final = ("scope", "netting", "basis", "measured_over", "version", "without")


def _counted(facts: Facts, row: dict[str, Any], rule: dict[str, Any]) -> NDArray[np.bool_]:
    """Mark the pooled lines over which a call measures."""
    if rule["measured_over"]:
        return facts.covered(rule["measured_over"])
    counts = facts.covered(rule["scope"])
    if rule["netting"] != "scope":
        unit = facts.pooled[NET_COLUMN[rule["netting"]]].astype("str")
        counts = counts & (unit == row["unit"]).to_numpy()
    return counts


def _contributions(
    facts: Facts, bearer: str, rule: dict[str, Any], counts: NDArray[np.bool_], _: str
) -> Node:
    found = []
    for i, given in enumerate(records(facts.inputs.contributions)):
        if given.organisation != bearer or given.version != rule["version"]:
            continue
        its = facts.covered(given.to)
        if given.funding in LEFT_OUT[rule["without"]] or not its.any() or (its & ~counts).any():
            continue
        to = "the pool" if given.to == "pool" else given.to
        found.append(
            Node(
                f"Contribution to {to}, {given.funding}",
                int(given.amount),
                adds=True,
                said=facts.remark("contributions", i),
                sources=facts.sources("contributions", i),
            )
        )
    total = sum(one.pence or 0 for one in found)
    return Node(facts.bearer(bearer), total, adds=True, children=tuple(found))


def _budgets(
    facts: Facts, bearer: str, rule: dict[str, Any], counts: NDArray[np.bool_], part: str
) -> Node:
    lines = facts.pooled
    holder = lines["organisation" if rule["basis"] == "budget" else "lead"]
    own = counts & (holder == bearer).to_numpy()
    if "grant" in LEFT_OUT[rule["without"]]:
        own &= (lines["grant"] == NONE).to_numpy()
    if "capital" in LEFT_OUT[rule["without"]]:
        own &= (lines["kind"] != next(reversed(KINDS))).to_numpy()
    column, rows = facts.figures.column, lines.index[own].tolist()
    of_part = {
        column("parts", "scheme_id")[k]: k for k in facts.rows_by("parts", "part").get(part, [])
    }
    at = {i: of_part.get(column("lines", "scheme_id")[i]) for i in rows}
    budgets = {
        i: int(column("lines", "budget")[i] if k is None else column("parts", "budget")[k])
        for i, k in at.items()
    }

    def line_node(i: int) -> Node:
        k = at[i]
        if k is None:
            return line_of(facts, "budget", i)
        return part_of(facts, k, adds=True, column="budget")

    return Node(
        facts.bearer(bearer),
        sum(budgets.values()),
        adds=True,
        children=facts.parts(rows, budgets.__getitem__, line_node, "lines"),
    )

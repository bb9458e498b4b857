"""Weights that are measured: which contributions or budgets they are made of (docs/rules.md, 7)."""

from bcf_model.core.tables import records
from bcf_model.core.weights import unit_names
from bcf_model.core.words import BASIS, CONTRIBUTIONS, VERSIONS, WITHOUT
from bcf_model.explain.facts import Facts
from bcf_model.explain.lines import line_of, part_of
from bcf_model.explain.tree import Node


def measured(facts: Facts, i: int) -> Node:
    """Explain what the bearers of a call are weighed by, each with what it is made of.

    Args:
        facts: the pool.
        i: a row of the working paper whose basis is measured.
    """
    row = facts.row("shares", i)
    rule = next(records(facts.inputs.rules.iloc[[facts.place("rules", row["rule_id"])]]))
    weighed, names = facts.weights.of(rule), unit_names(facts.pooled, rule.netting)
    unit = 0 if rule.measured_over else names.index(row["unit"])
    basis = BASIS[rule.basis]
    tell = _contributions if basis.weighed_by == CONTRIBUTIONS else _budgets
    bearers = tuple(
        tell(facts, bearer, weighed.row[here & (weighed.bearer == bearer)].tolist(), row["part"])
        for here in [weighed.unit == unit]
        for j in facts.rows_by("shares", "call")[row["call"]]
        for bearer in [facts.figures.column("shares", "bearer")[j]]
    )
    over = rule.measured_over or "the lines netted, whatever their kind, grant or cause"
    over = "the whole pool" if over == "pool" else over
    without = f"; {WITHOUT[rule.without]}" if rule.without else ""
    version = f"; {VERSIONS[rule.version]}" if rule.version else ""
    return Node(
        "What the bearers are weighed by, together",
        sum(bearer.pence or 0 for bearer in bearers),
        said=(f"Basis {rule.basis}: {basis.meaning}.",
              f"Measured over {over}{version}{without}."),
        children=bearers,
    )  # fmt: skip


def _contributions(facts: Facts, bearer: str, rows: list[int], _: str) -> Node:
    """Explain the contributions of one bearer, by their rows."""
    parts = []
    for i in rows:
        to, funding, amount = (
            facts.stated("contributions", i, name) for name in ("to", "funding", "amount")
        )
        parts.append(
            Node(
                f"Contribution to {'the pool' if to == 'pool' else to}, {funding}",
                int(amount),
                adds=True,
                said=facts.remark("contributions", i),
                sources=facts.sources("contributions", i),
            )
        )
    total = sum(part.pence or 0 for part in parts)
    return Node(facts.bearer(bearer), total, adds=True, children=tuple(parts))


def _budgets(facts: Facts, bearer: str, pooled: list[int], part: str) -> Node:
    """Explain the budgets of one bearer, by their places among the pooled lines."""
    column, rows = facts.figures.column, facts.pooled.index[pooled].tolist()
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

"""Offsets: the overspends of a scope, met by its underspends (docs/rules.md, 11)."""

from collections.abc import Iterator
from typing import Any

from bcf_model.explain.facts import Facts
from bcf_model.explain.tree import Node


def offset(facts: Facts, row: dict[str, Any]) -> Iterator[Node]:
    """Explain with which pots a pot is offset: both sides, and the smaller of the two.

    Args:
        facts: the pool.
        row: of the working paper, with the basis offset.
    """
    own, other = ("Overspends", "Underspends") if row["variance"] >= 0 else (
        "Underspends", "Overspends",
    )  # fmt: skip
    sides = (_side(facts, own, row["call"]), _side(facts, other, row["against"]))
    used = abs(int(row["slice"]))
    yield Node(
        "Used to meet one another: the smaller of the two",
        used,
        said=("What is used so is not also returned; only the rest goes on to the next step.",),
        children=sides,
    )


def _side(facts: Facts, label: str, call: str) -> Node:
    """Explain one side: the size of each pot's variance."""
    rows = facts.rows_by("shares", "call").get(call, [])
    column = facts.figures.column
    sizes = column("shares", "weight")
    return Node(
        f"{label} of the scope, their size",
        sum(int(sizes[i]) for i in rows),
        children=facts.parts(
            rows,
            lambda i: int(sizes[i]),
            lambda i: Node(
                f"Pot {column('shares', 'pot')[i]}",
                int(sizes[i]),
                adds=True,
                refers_to=f"pot {column('shares', 'pot')[i]}",
            ),
            "pots",
        ),
    )

"""How a call divides its slice: weights, cumulative rounding, and who got the odd penny."""

from fractions import Fraction
from typing import Any, Final

import numpy as np

from bcf_model.core.expressions import evaluate, of_row
from bcf_model.core.words import BASIS
from bcf_model.core.worked_columns import REACHED, REACHED_BEFORE, SHARE
from bcf_model.explain.facts import Facts, in_words, percentage, with_numbers
from bcf_model.explain.tree import Node

REACHED_BY: Final = ("slice", "weight", "cumulative_weight", "total_weight")
"""The columns that say how far a row reaches into the slice of its call."""


def divided(facts: Facts, row: dict[str, Any]) -> Node:
    """Explain how a call divides its slice: the weight and the share of each bearer."""
    rows = [facts.row("shares", j) for j in facts.rows_by("shares", "call")[row["call"]]]
    if len(rows) == 1:
        said = "All of it falls on one bearer."
        return Node("Share of the call", int(row["share"]), said=(said,))
    return Node(
        f"Divided among {len(rows)} bearers, in the order of their rows",
        int(row["slice"]),
        said=(
            "Rounded to the penny, half away from zero, on the running total of the weights: the "
            "shares come to the slice.",
        ),
        children=tuple(
            Node(
                f"{facts.bearer(one['bearer'])}: {_weight(facts, one)}",
                int(one["share"]),
                adds=True,
                said=_odd_part(one),
            )
            for one in rows
        ),
    )


def _weight(facts: Facts, row: dict[str, Any]) -> str:
    reduced = f"{row['weight']:,} of {row['total_weight']:,}"
    if not BASIS[row["basis"]].states_shares:
        return f"weight {reduced}"
    stated = percentage(facts.stated("rules", row["rule_id"], "share"))
    return f"{stated} (weight {reduced})"


def _odd_part(row: dict[str, Any]) -> tuple[str, ...]:
    """Return what rounding gave a bearer, or took from it."""
    exact = Fraction(row["slice"] * row["weight"], row["total_weight"])
    off = Fraction(row["share"]) - exact
    if not off:
        return ()
    more = "more" if off > 0 else "less"
    return (f"By rounding, {_pence(abs(off))}p {more} than the exact part, {_exact(exact)}.",)


def _pence(part: Fraction) -> str:
    """Write a part of pence, to four digits."""
    return f"{float(part):.4g}"


def _exact(pence: Fraction) -> str:
    """Write an amount with four digits behind the penny."""
    size = abs(pence)
    whole = round(size * 10**4)
    sign = "-" if pence < 0 else ""
    return f"{sign}£{whole // 10**6:,}.{whole % 10**6:06d}".rstrip("0")


def cumulative(row: dict[str, Any]) -> Node:
    """Explain the cumulative rounding of one share, with its numbers."""
    amounts = {name: np.array([row[name]], dtype=np.int64) for name in REACHED_BY}
    reached, before = (int(evaluate(it, of_row(amounts))[0]) for it in (REACHED, REACHED_BEFORE))

    return Node(
        f"Share, by rounding on the running total: bearer {row['position']} of the call",
        int(row["share"]),
        formula=in_words(SHARE),
        children=(
            Node(
                "Up to and with this bearer",
                reached,
                adds=True,
                worked=with_numbers(REACHED, "shares", row),
            ),
            Node(
                "Less up to the bearer before",
                -before,
                adds=True,
                worked=with_numbers(REACHED_BEFORE, "shares", row),
            ),
        ),
    )

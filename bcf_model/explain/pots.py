"""Pots: which lines are netted, which way their net variance falls, and so which rules apply."""

from dataclasses import replace
from typing import Any

from bcf_model.core.expressions import Total
from bcf_model.core.money import sterling
from bcf_model.core.words import KINDS, NETTINGS, NONE
from bcf_model.core.worked_columns import BUDGET, POT_VARIANCE, in_row
from bcf_model.explain.facts import Facts, in_words, listed
from bcf_model.explain.lines import cause_of, line_of, part_of
from bcf_model.explain.tree import Node


def pot(facts: Facts, name: str) -> Node:
    """Explain the net variance of a pot: its lines, its direction, and the budget if it matters."""
    row = facts.row("shares", facts.rows_by("shares", "pot")[name][0])
    expression = in_row("shares", "variance", row)
    assert isinstance(expression, Total)
    if expression == POT_VARIANCE and not len(facts.inputs.causes):
        expression = replace(expression, name="variance")  # nothing is attributed in this pool
    return Node(
        f"Net variance of the pot {name}",
        int(row["variance"]),
        formula=in_words(expression),
        said=_what_it_is(facts, row),
        refers_to=f"pot {name}",
        children=(*_lines(facts, row), _direction(facts, row), *_budget(facts, row)),
    )


def referred(facts: Facts, name: str, *, adds: bool) -> Node:
    """Return the net variance of a pot, to be told elsewhere."""
    row = facts.row("shares", facts.rows_by("shares", "pot")[name][0])
    label = f"Net variance of the pot {name}"
    return Node(label, int(row["variance"]), adds=adds, refers_to=f"pot {name}")


def told_elsewhere(facts: Facts, i: int, *, taken_away: bool = False) -> Node:
    """Return what a row of the working paper came to, to be told elsewhere."""
    row = facts.row("shares", i)
    borne = int(row["borne"])
    label = f"{called(row)}: {facts.bearer(row['bearer'])}"
    return Node(label, -borne if taken_away else borne, adds=True, refers_to=f"share {i}")


def called(row: dict[str, Any]) -> str:
    """Return which call a row belongs to."""
    band = ""
    if row["band_from"] or row["band_to"]:
        start = row["band_from"] or "nil"
        band = f", band from {start}" + (f" to {row['band_to']}" if row["band_to"] else " upwards")
    return f"Rule {row['rule_id']}, step {row['step']}{band}"


def _what_it_is(facts: Facts, row: dict[str, Any]) -> tuple[str, ...]:
    netting = facts.stated("rules", row["rule_id"], "netting")
    scope = "the whole pool" if row["scope"] == "pool" else row["scope"]
    what = "the amounts" if row["cause"] != NONE else "the lines"
    kind = f"{row['kind']}, {row['part']}" if row["part"] else row["kind"]
    of_cause = f", attributed to {row['cause']}" if row["cause"] != NONE else ""
    grant = f", of the grant {row['grant']}" if row["grant"] != NONE else ""
    unit = f" ({row['unit']})" if row["unit"] else ""
    of_holder = (
        f"Of these it is the part of {facts.bearer(row['holder'])}: a rule in force has the basis "
        f"{'own' if _has_basis(facts, row, 'own') else 'lead'}.",
    )
    return (
        f"Netted: {what} of {scope}{of_cause}, {kind}{grant}; {NETTINGS[netting]}{unit}.",
        *(of_holder if row["holder"] else ()),
        f"{' and '.join(KINDS).capitalize()} are never netted together, nor one grant or cause "
        "and another.",
    )


def _has_basis(facts: Facts, row: dict[str, Any], basis: str) -> bool:
    of_pot = facts.rows_by("shares", "pot")[row["pot"]]
    return any(facts.figures.column("shares", "basis")[i] == basis for i in of_pot)


def _lines(facts: Facts, row: dict[str, Any]) -> tuple[Node, ...]:
    if row["part"]:
        parts = facts.rows_by("parts", "pot")[row["pot"]]
        return tuple(part_of(facts, i, adds=True) for i in parts)
    if row["cause"] != NONE:
        causes = facts.rows_by("causes", "pot")[row["pot"]]
        return tuple(cause_of(facts, i, adds=True) for i in causes)
    amounts = facts.figures.column("lines", "unattributed")
    return facts.parts(
        facts.rows_by("lines", "pot")[row["pot"]],
        lambda i: int(amounts[i]),
        lambda i: line_of(facts, "unattributed", i),
        "lines",
    )


def _direction(facts: Facts, row: dict[str, Any]) -> Node:
    """Return which way the netting group falls, and which rows of the rules are in force so."""
    rows = facts.rows_by("shares", "netted")[row["netted"]]
    names = list(dict.fromkeys(facts.figures.column("shares", "pot")[i] for i in rows))
    first = [facts.rows_by("shares", "pot")[name][0] for name in names]
    variance = facts.figures.column("shares", "variance")
    net = sum(variance[i] for i in first)
    way, because = ("over", "nil or above") if net >= 0 else ("under", "below nil")
    steps = dict.fromkeys(
        (facts.figures.column("shares", "rule_id")[i], facts.figures.column("shares", "step")[i])
        for i in rows
    )
    in_force = listed(f"{rule} (step {step})" for rule, step in steps)
    gone = _not_in_force(facts, row["scope"], row["part"])
    together, during = len(names) > 1, row["part"] or "for this whole year"
    return Node(
        f"Direction: {way}",
        net,
        said=(
            f"The net variance of the netting group {row['netted']} is {because}.",
            f"Rows of the rules in force here: {in_force}.",
            *((f"Not in force {during}: {listed(gone)}.",) if gone else ()),
        ),
        children=facts.parts(
            first,
            lambda i: int(variance[i]),
            lambda i: referred(facts, facts.figures.column("shares", "pot")[i], adds=True),
            "pots",
        )
        if together
        else (),
    )


def _not_in_force(facts: Facts, scope: str, part: str) -> list[str]:
    frame, in_force = facts.inputs.rules, facts.rules_in_force(part)
    of_scope = frame.loc[frame["scope"] == scope, "rule_id"]
    return [code for code in of_scope if code not in in_force]


def _budget(facts: Facts, row: dict[str, Any]) -> tuple[Node, ...]:
    """Explain the budget of the pot, where an edge or a limit is a percentage of it."""
    column = facts.figures.column
    stated = [
        column("shares", name)[i]
        for i in facts.rows_by("shares", "pot")[row["pot"]]
        for name in ("band_from", "band_to", "limit_stated")
    ]
    if not any(text.endswith("%") for text in stated):
        return ()
    table = "parts" if row["part"] else "lines"
    lines = facts.rows_by(table, "pot")[row["pot"]] if row["cause"] == NONE else []
    budgets = column(table, "budget")
    said = f"Of it are taken: {listed(dict.fromkeys(t for t in stated if t.endswith('%')))}."
    if row["budget"] < 0:
        said += f" {sterling(row['budget'])} is below nil, and counts as nil."
    return (
        Node(
            "Budget of the pot",
            int(row["budget"]),
            formula=in_words(in_row("shares", "budget", row) or BUDGET),
            said=(said,),
            children=facts.parts(
                lines,
                lambda i: int(budgets[i]),
                lambda i: (
                    part_of(facts, i, adds=True, column="budget")
                    if row["part"]
                    else line_of(facts, "budget", i)
                ),
                "lines",
            ),
        ),
    )

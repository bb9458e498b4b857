"""Reserves in a derivation: what is released, the balance around each row, and at the end."""

from collections.abc import Iterator
from typing import Any, Final

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.core.findings import one_of
from bcf_model.core.money import sterling
from bcf_model.explain.facts import Facts, percentage
from bcf_model.explain.pots import told_elsewhere
from bcf_model.explain.tree import Node

WRITTEN: Final = "closing/reserve="
"""In front of a reserve: how its closing balance is asked for."""


def closing(facts: Facts, code: str) -> Node:
    """Explain the closing balance of a reserve: what it could give, took in and gave.

    Raises:
        UnknownFigure: the pool has no such reserve.
    """
    known = facts.rows_by("reserves", "reserve")
    if code not in known:
        there = one_of(known, code) if known else "the pool has none"
        message = f"{WRITTEN}{code}: there is no such reserve; {there}"
        raise UnknownFigure(message)
    row = facts.row("reserves", known[code][0])
    name, standing = f"{WRITTEN}{code}", facts.inputs.settings.standing
    if lost := facts.figures.lacks(Figure.of("borne", bearer=code)):
        said: tuple[str, ...] = (f"Not given: {lost}. What is not stated is not nil.",)
        if standing.no_share:
            said = (f"What is left in {facts.bearer(code)}.", *standing.about_shares)
        return Node(name, said=said, refers_to=name, children=(released(facts, code),))
    borne = facts.figures.column("shares", "borne")
    rows = facts.rows_by("shares", "bearer").get(code, [])
    paid_in, drawn = [j for j in rows if borne[j] < 0], [j for j in rows if borne[j] > 0]
    start = "released of the opening balance" if row["released_by"] else "opening balance"
    pence = int(row["closing"])
    return Node(
        name,
        pence,
        formula=f"{start} + paid in − drawn",
        said=(f"{facts.bearer(code)}, as at the end of the year.", *facts.in_unit(pence)),
        refers_to=name,
        children=(
            released(facts, code),
            _moved(facts, "Paid in: underspends it took", int(row["paid_in"]), paid_in),
            _moved(facts, "Less drawn: overspends it met", -int(row["drawn"]), drawn),
        ),
    )


def _moved(facts: Facts, label: str, pence: int, rows: list[int]) -> Node:
    """Explain what went into a reserve, or out of it: row by row of the working paper."""
    borne = facts.figures.column("shares", "borne")
    return Node(
        label,
        pence,
        adds=True,
        said=() if rows else ("Nothing.",),
        children=facts.parts(
            rows,
            lambda j: -int(borne[j]),
            lambda j: told_elsewhere(facts, j, taken_away=True),
            "calls on it",
        ),
    )


def passed_on(facts: Facts, row: dict[str, Any]) -> str:
    """Return to which step goes what a bearer could not take."""
    column = facts.figures.column
    steps = {column("shares", "step")[j] for j in facts.rows_by("shares", "pot")[row["pot"]]}
    later = [step for step in steps if step > row["step"]]
    return f"passed on to step {min(later)}" if later else "left"


def balance(facts: Facts, i: int) -> Iterator[Node]:
    """Explain the balance of a reserve before a row, and after it."""
    row = facts.row("shares", i)
    above = [j for j in facts.rows_by("shares", "bearer")[row["bearer"]] if j < i]
    borne = facts.figures.column("shares", "borne")
    yield Node(
        "Balance of the reserve before",
        int(row["available"]),
        children=(
            released(facts, row["bearer"]),
            *facts.parts(
                above,
                lambda j: -int(borne[j]),
                lambda j: told_elsewhere(facts, j, taken_away=True),
                "calls on it",
            ),
        ),
    )
    over = int(row["share"] - row["borne"])
    said = []
    if over:
        said.append(f"Asked for {sterling(row['share'])}, it pays {sterling(row['borne'])}: "
                    f"{sterling(over)} is {passed_on(facts, row)}.")  # fmt: skip
    if row["borne"] < 0:
        said.append("A reserve takes in whatever it is given.")
    yield Node(
        "Balance of the reserve after",
        int(row["available"] - row["borne"]),
        said=tuple(said),
        children=(
            Node("Balance before", int(row["available"]), adds=True),
            Node("Less what it bears here", -int(row["borne"]), adds=True),
        ),
    )


def released(facts: Facts, code: str) -> Node:
    """Explain what of a reserve's opening balance can be called on."""
    row = facts.row("reserves", facts.rows_by("reserves", "reserve")[code][0])
    by = row["released_by"]
    if not by:
        return Node(
            "Opening balance, released in full",
            int(row["released"]),
            adds=True,
            said=facts.remark("reserves", code),
            sources=facts.sources("reserves", code),
        )
    planned, achieved = (percentage(int(row[name]))[:-1] for name in ("planned", "achieved"))
    return Node(
        f"Released of the opening balance, by the measure {by}",
        int(row["released"]),
        adds=True,
        formula="opening × achieved ÷ planned, rounded to the penny, from nil to the opening",
        worked=f"{sterling(row['opening'])} × {achieved} ÷ {planned}",
        said=(*facts.remark("reserves", code), *facts.remark("achievement", by)),
        sources=(*facts.sources("reserves", code), *facts.sources("achievement", by)),
    )

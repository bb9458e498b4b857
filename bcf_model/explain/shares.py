"""Figures over shares: of each pot, what each row of the rules gave the bearer, and why."""

from collections.abc import Iterator
from typing import Any, Final

from bcf_model.core.expressions import Column
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.money import sterling
from bcf_model.core.words import (
    BASIS,
    BEARER_KINDS,
    CARRIED_FORWARD,
    HELD,
    OUTSIDE,
    REST_OF_SCOPE,
)
from bcf_model.core.worked_columns import OFFERED, in_row
from bcf_model.core.year_parts import PRO_RATA_COLUMNS
from bcf_model.explain.division import cumulative, divided
from bcf_model.explain.facts import Facts, in_words, with_numbers
from bcf_model.explain.limits import over_parts, over_rules
from bcf_model.explain.lines import not_given, selected
from bcf_model.explain.offsets import offset
from bcf_model.explain.pots import called, referred, told_elsewhere
from bcf_model.explain.reserves import balance, passed_on
from bcf_model.explain.tree import LARGEST, Node
from bcf_model.explain.weights import measured

BORNE: Final = {
    "partner": MEASURES["borne"].meaning,
    "provider": "The part of a variance that a provider bears under the agreement, though it is no "
    "partner of the pool; positive is a cost to it",
    "reserve": "The part of a variance that a reserve meets under the agreement: above nil it is "
    "drawn from the reserve, below nil paid into it",
    CARRIED_FORWARD: "The part of a variance that the pool carries forward into the next year, and "
    "nobody bears in this one; above nil is an overspend",
    OUTSIDE: "The part of a variance that is left outside the pool, and nobody in it bears; above "
    "nil is an overspend",
    REST_OF_SCOPE: "The part of a variance that the rest of its scope meets: above nil an "
    "overspend that underspends there meet, below nil an underspend that meets overspends there",
}
"""What is said of an amount borne, by the kind of its bearer."""
BORNE_BY_SEVERAL: Final = (
    "The part of a variance that is borne under the agreement, by partners and others together; "
    "positive is a cost"
)


def _meaning(facts: Facts, figure: Figure, rows: list[int]) -> str:
    """Return what is borne, and by what kind of bearer; a bearer that is named has its kind."""
    column = facts.figures.column("shares", "bearer")
    bearers = dict(figure.selection).get("bearer") or dict.fromkeys(column[i] for i in rows)
    kinds = {facts.kind_of(bearer) for bearer in bearers}
    return BORNE[kinds.pop() if kinds else "partner"] if len(kinds) < 2 else BORNE_BY_SEVERAL  # noqa: PLR2004


def of_shares(facts: Facts, figure: Figure) -> Node:
    """Explain a figure over shares: its sum over pots, and of each pot over rows of the rules."""
    if reason := facts.figures.not_given(figure):
        said = (f"{BORNE['partner']}.", *selected(facts, figure), f"Blank: no share, for {reason}.")
        return Node(str(figure), formula=figure.words, said=said, refers_to=str(figure))
    if facts.figures.lacks(figure):
        return not_given(facts, figure, _unshared(facts, figure))
    pots: dict[str, list[int]] = {}
    rows = facts.figures.rows(figure).tolist()
    for i in rows:
        pots.setdefault(facts.figures.column("shares", "pot")[i], []).append(i)
    borne = facts.figures.column("shares", "borne")
    pence = facts.figures.pence(figure)
    groups = list(pots.values())
    return Node(
        str(figure),
        pence,
        formula=figure.words,
        said=(
            f"{_meaning(facts, figure, rows)}.",
            *selected(facts, figure),
            *facts.inputs.settings.standing.about_shares,
            f"{len(pots):,} pot{'' if len(pots) == 1 else 's'}.",
            *facts.in_unit(pence),
        ),
        refers_to=str(figure),
        children=facts.parts(
            range(len(groups)),
            lambda k: sum(borne[i] for i in groups[k]),
            lambda k: _of_pot(facts, groups[k]),
            "pots",
        ),
    )


def _unshared(facts: Facts, figure: Figure) -> tuple[Node, ...]:
    """Explain the lines of which it is not known who bears them, and by which rules it would be."""
    frame = facts.figures.tables["unshared"].iloc[facts.figures.lacking(figure)]
    rules = {str(code): [*rows] for code, rows in frame.groupby("scheme_id", sort=False)["rule_id"]}
    codes = [*rules] if facts.everything else [*rules][:LARGEST]
    told = [
        Node(
            f"Line {code}: its variance is not shared",
            said=(f"It would be by {', '.join(dict.fromkeys(rules[code]))}.",),
            refers_to=f"line {code}",
        )
        for code in codes
    ]
    if len(rules) > len(codes):
        told.append(Node(f"{len(rules) - len(codes):,} other lines, not shared either"))
    return tuple(told)


def _of_pot(facts: Facts, rows: list[int]) -> Node:
    """Explain what the rows of one pot come to."""
    name = facts.figures.column("shares", "pot")[rows[0]]
    borne = facts.figures.column("shares", "borne")
    return Node(
        f"Of the pot {name}",
        sum(borne[i] for i in rows),
        adds=True,
        children=(referred(facts, name, adds=False), *(told_elsewhere(facts, i) for i in rows)),
    )


def share(facts: Facts, i: int) -> Node:
    """Explain one row of the working paper: what a row of the rules gave its bearer, and why.

    Args:
        facts: the pool.
        i: position of the row.
    """
    row = facts.row("shares", i)
    code = row["rule_id"]
    expression = in_row("shares", "borne", row)
    assert expression is not None
    bearer = facts.bearer(row["bearer"])
    kind = BEARER_KINDS[row["bearer_kind"]]
    held = "" if row["bearer_kind"] != "partner" else f" It is {HELD[row['held']]}."
    steps = _offset_steps(facts, i) if BASIS[row["basis"]].offsets else _steps(facts, i)
    return Node(
        f"{called(row)}: {bearer}",
        int(row["borne"]),
        adds=True,
        formula="" if expression == Column("share") else in_words(expression),
        worked="" if expression == Column("share") else with_numbers(expression, "shares", row),
        said=(
            f"Clause: {row['clause']}.",
            f"Scope {row['scope']}, direction {row['direction']}, basis {row['basis']}: "
            f"{BASIS[row['basis']].meaning}.",
            f"Bearer: {kind[0].lower()}{kind[1:]}.{held}",
            *(_over_parts(facts, code) if row["part"] else ()),
            *_held_back(facts, row),
            *facts.remark("rules", code),
        ),
        sources=facts.sources("rules", code),
        refers_to=f"share {i}",
        children=tuple(steps),
    )


def _over_parts(facts: Facts, code: str) -> tuple[str, ...]:
    said, *amounts = (facts.stated("rules", code, n) for n in ("over_parts", *PRO_RATA_COLUMNS))
    return over_parts(said, *amounts)


def _steps(facts: Facts, i: int) -> Iterator[Node]:
    row = facts.row("shares", i)
    yield _offered(facts, i)
    yield from _band(row)
    if BASIS[row["basis"]].weighed_by:
        yield measured(facts, i)
    yield divided(facts, row)
    if row["total_weight"] != row["weight"]:
        yield cumulative(row)
    if row["bearer_kind"] == "reserve":
        yield from balance(facts, i)
    elif row["limit_stated"]:
        yield _limit(facts, row)
    yield from over_rules(facts, i)


def _offset_steps(facts: Facts, i: int) -> Iterator[Node]:
    row = facts.row("shares", i)
    yield _offered(facts, i)
    yield from offset(facts, row)
    yield cumulative(row)


def _offered(facts: Facts, i: int) -> Node:
    """Explain what a step is offered: what no earlier step took."""
    row = facts.row("shares", i)
    column = facts.figures.column
    earlier: dict[int, list[int]] = {}
    for j in facts.rows_by("shares", "pot")[row["pot"]]:
        if (step := column("shares", "step")[j]) < row["step"]:
            earlier.setdefault(step, []).append(j)
    label = f"Offered to step {row['step']}"
    if not earlier:
        return Node(
            label,
            int(row["offered"]),
            said=("All of the net variance of the pot: it is the first step.",),
        )
    taken = tuple(
        Node(
            f"Less what step {step} took",
            -sum(column("shares", "borne")[j] for j in rows),
            adds=True,
            children=tuple(told_elsewhere(facts, j, taken_away=True) for j in rows),
        )
        for step, rows in earlier.items()
    )
    return Node(
        f"{label}: what earlier steps left",
        int(row["offered"]),
        formula=in_words(OFFERED),
        children=(referred(facts, row["pot"], adds=True), *taken),
    )


def _band(row: dict[str, Any]) -> Iterator[Node]:
    """Explain the slice of what is offered that lies inside the band of the call."""
    if not row["band_from"] and not row["band_to"]:
        return
    edges = []
    for name, label, text in (
        ("floor", "Band begins", row["band_from"]),
        ("ceiling", "Band ends", row["band_to"]),
    ):
        if text:
            expression = in_row("shares", name, row)
            edges.append(
                Node(
                    f"{label}: {text}",
                    int(row[name]),
                    formula=in_words(expression) if expression else "",
                    worked=with_numbers(expression, "shares", row) if expression else "",
                )
            )
    expression = in_row("shares", "slice", row)
    assert expression is not None
    yield Node(
        "Slice of it inside the band",
        int(row["slice"]),
        formula=in_words(expression),
        worked=with_numbers(expression, "shares", row),
        children=tuple(edges),
    )


def _within_its_limit(row: dict[str, Any]) -> int:
    """Return what a row may take of its share by its own limit."""
    if not row["limit_stated"]:
        return int(row["share"])
    return max(-int(row["limit"]), min(int(row["limit"]), int(row["share"])))


def _held_back(facts: Facts, row: dict[str, Any]) -> tuple[str, ...]:
    """Return a sentence on what limits over several rules held back; nothing for nothing."""
    over = _within_its_limit(row) - int(row["borne"])
    if not row["under"] or not over:
        return ()
    return (f"Held back by {row['limits']}: {sterling(over)} is {passed_on(facts, row)}.",)


def _limit(facts: Facts, row: dict[str, Any]) -> Node:
    """Explain a limit, whether it was hit, and where the rest went."""
    expression = in_row("shares", "limit", row)
    over = int(row["share"]) - _within_its_limit(row)
    said = "Not reached."
    if over:
        said = f"Reached: {sterling(over)} of its share is {passed_on(facts, row)}."
    return Node(
        f"Limit: {row['limit_stated']}",
        int(row["limit"]),
        formula=in_words(expression) if expression else "",
        worked=with_numbers(expression, "shares", row) if expression else "",
        said=(said,),
    )

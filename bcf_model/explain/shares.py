"""Figures over shares: of each pot, what each row of the rules gave the bearer, and why."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from bcf_model.explain.facts import Facts, in_words, percentage, with_numbers
from bcf_model.explain.lines import selected
from bcf_model.explain.offsets import offset
from bcf_model.explain.pots import referred
from bcf_model.explain.tree import Node
from bcf_model.explain.weights import measured
from bcf_model.expressions import Column
from bcf_model.figures import MEASURES, Figure
from bcf_model.money import sterling
from bcf_model.vocabulary import BASES, BEARER_KINDS, HELD, MEASURED_BASES
from bcf_model.workings import OFFERED, REACHED, REACHED_BEFORE, SHARE, in_row


def of_shares(facts: Facts, figure: Figure) -> Node:
    """Tell a figure over shares: its sum over pots, and of each pot over the rows of the rules."""
    pots: dict[str, list[int]] = {}
    for i in facts.figures.rows(figure).tolist():
        pots.setdefault(facts.figures.column("shares", "pot")[i], []).append(i)
    borne = facts.figures.column("shares", "borne")
    pence = facts.figures.pence(figure)
    groups = list(pots.values())
    return Node(
        str(figure),
        pence,
        formula=figure.words,
        said=(
            f"{MEASURES[figure.measure].meaning}.",
            *selected(facts, figure),
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


def _of_pot(facts: Facts, rows: list[int]) -> Node:
    """Tell what the rows of one pot come to."""
    name = facts.figures.column("shares", "pot")[rows[0]]
    borne = facts.figures.column("shares", "borne")
    return Node(
        f"Of the pot {name}",
        sum(borne[i] for i in rows),
        adds=True,
        children=(referred(facts, name, adds=False), *(_told_elsewhere(facts, i) for i in rows)),
    )


def _told_elsewhere(facts: Facts, i: int, *, taken_away: bool = False) -> Node:
    row = facts.row("shares", i)
    borne = int(row["borne"])
    label = f"{_called(row)}: {facts.bearer(row['bearer'])}"
    return Node(label, -borne if taken_away else borne, adds=True, refers_to=f"share {i}")


def _called(row: dict[str, Any]) -> str:
    """Say which call a row belongs to."""
    band = ""
    if row["band_from"] or row["band_to"]:
        start = row["band_from"] or "nil"
        band = f", band from {start}" + (f" to {row['band_to']}" if row["band_to"] else " upwards")
    return f"Rule {row['rule_id']}, step {row['step']}{band}"


def share(facts: Facts, i: int) -> Node:
    """Tell one row of the working paper: what a row of the rules gave its bearer, and why.

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
    steps = _offset_steps(facts, i) if row["basis"] == "offset" else _steps(facts, i)
    return Node(
        f"{_called(row)}: {bearer}",
        int(row["borne"]),
        adds=True,
        formula="" if expression == Column("share") else in_words(expression),
        worked="" if expression == Column("share") else with_numbers(expression, "shares", row),
        said=(
            f"Clause: {row['clause']}.",
            f"Scope {row['scope']}, direction {row['direction']}, basis {row['basis']}: "
            f"{BASES[row['basis']]}.",
            f"Bearer: {kind[0].lower()}{kind[1:]}.{held}",
            *facts.remark("rules", code),
        ),
        sources=facts.sources("rules", code),
        refers_to=f"share {i}",
        children=tuple(steps),
    )


def _steps(facts: Facts, i: int) -> Iterator[Node]:
    row = facts.row("shares", i)
    yield _offered(facts, i)
    yield from _band(row)
    if row["basis"] in MEASURED_BASES:
        yield measured(facts, i)
    yield _divided(facts, row)
    if row["total_weight"] != row["weight"]:
        yield _cumulative(row)
    if row["bearer_kind"] == "reserve":
        yield from _balance(facts, i)
    elif row["limit_stated"]:
        yield _limit(facts, row)


def _offset_steps(facts: Facts, i: int) -> Iterator[Node]:
    row = facts.row("shares", i)
    yield _offered(facts, i)
    yield from offset(facts, row)
    yield _cumulative(row)


def _offered(facts: Facts, i: int) -> Node:
    """Tell what a step is offered: what no earlier step took."""
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
            children=tuple(_told_elsewhere(facts, j, taken_away=True) for j in rows),
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
    """Tell the slice of what is offered that lies inside the band of the call."""
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


def _divided(facts: Facts, row: dict[str, Any]) -> Node:
    """Tell how a call divides its slice: the weight and the share of each bearer."""
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
    if row["basis"] != "fixed":
        return f"weight {reduced}"
    stated = percentage(facts.stated("rules", row["rule_id"], "share"))
    return f"{stated} (weight {reduced})"


def _odd_part(row: dict[str, Any]) -> tuple[str, ...]:
    """Say what rounding gave a bearer, or took from it."""
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


def _cumulative(row: dict[str, Any]) -> Node:
    """Tell the cumulative rounding of one share, with its numbers."""
    before = int(row["cumulative_weight"] - row["weight"])
    total = int(row["total_weight"])

    def reached(weight: int) -> int:
        exact = Fraction(abs(int(row["slice"])) * weight, total)
        whole = int(exact + Fraction(1, 2))
        return whole if row["slice"] >= 0 else -whole

    return Node(
        f"Share, by rounding on the running total: bearer {row['position']} of the call",
        int(row["share"]),
        formula=in_words(SHARE),
        children=(
            Node(
                "Up to and with this bearer",
                reached(before + int(row["weight"])),
                adds=True,
                worked=with_numbers(REACHED, "shares", row),
            ),
            Node(
                "Less up to the bearer before",
                -reached(before),
                adds=True,
                worked=with_numbers(REACHED_BEFORE, "shares", row),
            ),
        ),
    )


def _limit(facts: Facts, row: dict[str, Any]) -> Node:
    """Tell a limit, whether it was hit, and where the rest went."""
    expression = in_row("shares", "limit", row)
    over = int(row["share"] - row["borne"])
    said = "Not reached."
    if over:
        said = f"Reached: {sterling(over)} of its share is {_passed_on(facts, row)}."
    return Node(
        f"Limit: {row['limit_stated']}",
        int(row["limit"]),
        formula=in_words(expression) if expression else "",
        worked=with_numbers(expression, "shares", row) if expression else "",
        said=(said,),
    )


def _passed_on(facts: Facts, row: dict[str, Any]) -> str:
    column = facts.figures.column
    steps = {column("shares", "step")[j] for j in facts.rows_by("shares", "pot")[row["pot"]]}
    later = [step for step in steps if step > row["step"]]
    return f"passed on to step {min(later)}" if later else "left"


def _balance(facts: Facts, i: int) -> Iterator[Node]:
    """Tell the balance of a reserve before a row, and after it."""
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
                lambda j: _told_elsewhere(facts, j, taken_away=True),
                "calls on it",
            ),
        ),
    )
    over = int(row["share"] - row["borne"])
    said = []
    if over:
        said.append(f"Asked for {sterling(row['share'])}, it pays {sterling(row['borne'])}: "
                    f"{sterling(over)} is {_passed_on(facts, row)}.")  # fmt: skip
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
    """Tell what of a reserve's opening balance can be called on."""
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

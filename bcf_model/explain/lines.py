"""Figures over lines: which lines, where each stands, and how a restated amount was worked."""

from decimal import Decimal
from typing import Any

from bcf_model.core.expressions import RATE_DIGITS
from bcf_model.core.figures import MEASURES, VARIANCE, Figure, blank_reason, unstated_reason
from bcf_model.core.money import percent, sterling
from bcf_model.core.stated_amounts import AMOUNTS
from bcf_model.core.worked_columns import LINES, PAYMENTS
from bcf_model.explain.actuals import from_ledgers
from bcf_model.explain.facts import Facts, in_words, percentage, with_numbers
from bcf_model.explain.tree import LARGEST, Node


def of_lines(facts: Facts, figure: Figure) -> Node:
    """Explain a figure over lines: its sum line by line, or its percentage as a quotient."""
    measure = MEASURES[figure.measure]
    if measure.unit == "rate":
        return _rate(facts, figure)
    rows = facts.figures.rows(figure).tolist()
    if facts.figures.lacks(figure):
        return not_given(facts, figure, _lacking(facts, figure.measure, rows))
    pence = facts.figures.pence(figure)
    amounts = facts.figures.column("lines", figure.measure)
    count = f"{len(rows):,} line{'' if len(rows) == 1 else 's'}"
    return Node(
        str(figure),
        pence,
        formula=figure.words,
        said=(
            f"{facts.meaning(figure)}.",
            *selected(facts, figure),
            f"{count}.",
            *facts.in_unit(pence),
        ),
        refers_to=str(figure),
        children=facts.parts(
            rows,
            lambda i: int(amounts[i]),
            lambda i: facts.once(line_of, figure.measure, i),
            "lines",
        ),
    )


def not_given(facts: Facts, figure: Figure, children: tuple[Node, ...]) -> Node:
    """Explain a figure that is blank: what it would be, and what it lacks."""
    return Node(
        str(figure),
        formula=figure.words,
        said=(
            f"{MEASURES[figure.measure].meaning}.",
            *selected(facts, figure),
            f"Not given: {facts.figures.lacks(figure)}. What is not stated is not nil.",
        ),
        refers_to=str(figure),
        children=children,
    )


def _lacking(facts: Facts, column: str, rows: list[int]) -> tuple[Node, ...]:
    """Explain the lines whose amount is not known: the first few, or all that are asked for."""
    lost = [i for i in rows if facts.figures.unknown("lines", column, i)]
    shown = lost if facts.everything else lost[:LARGEST]
    nodes = [facts.once(line_of, column, i) for i in shown]
    if len(lost) > len(shown):
        nodes.append(Node(f"{len(lost) - len(shown):,} other lines, not stated either"))
    return tuple(nodes)


def selected(facts: Facts, figure: Figure) -> tuple[str, ...]:
    """Return the full names of what a figure selects by."""
    tables = {
        "theme": "themes",
        "category": "categories",
        "organisation": "organisations",
        "lead": "organisations",
        "bearer": "organisations",
    }
    sentences = []
    for key, values in figure.selection:
        known = facts.names.get(tables.get(key, ""), {})
        if key == "bearer":
            known = facts.names["reserves"] | known
        named = [f"{key} {v} is {known[v]}" for v in values if known.get(v, v) != v]
        sentences += named
    return (f"{'; '.join(sentences)[0].upper()}{'; '.join(sentences)[1:]}.",) if sentences else ()


def _rate(facts: Facts, figure: Figure) -> Node:
    keys = {key: "+".join(values) for key, values in figure.selection}
    variance, budget = (Figure.of(name, **keys) for name in ("variance", "budget"))
    if facts.figures.lacks(figure):
        return not_given(facts, figure, (of_lines(facts, variance), of_lines(facts, budget)))
    above, below = (facts.figures.pence(one) for one in (variance, budget))
    value = facts.figures.value(figure)
    expression = MEASURES[figure.measure].expression
    if value is None:
        worked, said = "", (f"Blank: {blank_reason(below)}.",)
    else:
        worked = f"{sterling(above)} ÷ {sterling(below)} = {Decimal(repr(value)):f}"
        said = (
            f"Rounded once, to {RATE_DIGITS} decimals, half away from zero; printed as "
            f"{percent(value)}.",
        )
    return Node(
        str(figure),
        rate=value,
        formula=in_words(expression),
        worked=worked,
        said=(f"{MEASURES[figure.measure].meaning}.", *said),
        refers_to=str(figure),
        children=(of_lines(facts, variance), of_lines(facts, budget)),
    )


def line_of(facts: Facts, column: str, i: int) -> Node:
    """Explain one amount of a line, as a part of a sum.

    Args:
        facts: the pool.
        column: of the lines, such as expenditure.
        i: position of the line.
    """
    row = facts.row("lines", i)
    code = row["scheme_id"]
    if facts.figures.unknown("lines", column, i):
        return Node(
            f"{code} {row['scheme']}: {column} not {'known' if column == 'variance' else 'stated'}",
            said=facts.remark("schemes", code),
            sources=facts.sources("schemes", code),
            refers_to=f"line {code}",
        )
    pence = int(row[column])
    formula, worked = _worked(column, row)
    unpaid = column in {"expenditure", "variance", "unattributed"} and row["unpaid"]
    return Node(
        f"{code} {row['scheme']}",
        pence,
        adds=True,
        formula=formula,
        worked=worked,
        said=facts.remark("schemes", code),
        sources=facts.sources("schemes", code),
        refers_to=f"line {code}",
        children=(
            *(
                from_ledgers(facts, code, column)
                if column in ("budget", "expenditure") and not unpaid
                else ()
            ),
            *((_restated(facts, row),) if unpaid else ()),
            *((payment(facts, code),) if column == "unpaid" and row["unpaid"] else ()),
            *(_attributed(facts, code) if column == "unattributed" else ()),
        ),
    )


def _worked(column: str, row: dict[str, Any]) -> tuple[str, str]:
    if column == "variance" and not (row["budget_step"] and row["expenditure_step"]):
        return "as it is stated", ""
    if column == "variance" or (column == "unattributed" and not row["attributed"]):
        return in_words(VARIANCE), with_numbers(VARIANCE, "lines", row)
    if column == "unattributed" or (column == "expenditure" and row["unpaid"]):
        return in_words(LINES[column]), with_numbers(LINES[column], "lines", row)
    return "", ""


def _restated(facts: Facts, row: dict[str, Any], *, adds: bool = False) -> Node:
    """Explain how the expenditure of a line paid for by activity was restated."""
    code = row["scheme_id"]
    return Node(
        "Expenditure, restated for activity",
        int(row["expenditure"]),
        adds=adds,
        formula=in_words(LINES["expenditure"]),
        worked=with_numbers(LINES["expenditure"], "lines", row),
        children=(
            Node(
                "Expenditure as given, activity at full price",
                int(row["given"]),
                adds=True,
                sources=facts.sources("schemes", code),
                children=from_ledgers(facts, code, "expenditure"),
            ),
            payment(facts, code, taken_away=True),
        ),
    )


def payment(facts: Facts, code: str, *, taken_away: bool = False) -> Node:
    """Explain what a provider is not paid of the activity of a line, step by step."""
    row = facts.row("payments", facts.rows_by("payments", "scheme_id")[code][0])
    given = facts.row("lines", facts.rows_by("lines", "scheme_id")[code][0])
    way = "above" if row["actual"] >= row["planned"] else "below"
    labels = {
        "difference": "Difference from plan, at full price",
        "point": f"Point at which the payment reopens: {percentage(row['reopens_at'])} of plan",
        "within": "Part of the difference up to that point",
        "paid": f"Paid: {percentage(row['share'])} up to that point, "
        f"{percentage(row['share_beyond'])} beyond",
        "unpaid": "Unpaid: the difference, less what is paid",
    }
    unpaid = int(given["unpaid"])
    return Node(
        "Less what is unpaid" if taken_away else "What is unpaid",
        -unpaid if taken_away else unpaid,
        adds=True,
        said=(
            f"Provider {facts.bearer(row['provider'])}; planned {row['planned']:,} "
            f"{row['counted_in']}, actual {row['actual']:,}, {way} plan, at "
            f"{sterling(row['price'])} each.",
            f"Clause: {row['clause']}.",
        ),
        sources=(*facts.sources("payments", code), *facts.sources("activity", code)),
        children=tuple(
            Node(
                labels[name],
                int(row[name]),
                formula=in_words(expression),
                worked=with_numbers(expression, "payments", row),
            )
            for name, expression in PAYMENTS.items()
        ),
    )


def _attributed(facts: Facts, code: str) -> tuple[Node, ...]:
    """Explain what of a line's variance was attributed to causes, and so is ruled by itself."""
    of_line = facts.rows_by("causes", "scheme_id").get(code, [])
    return tuple(cause_of(facts, i, adds=False) for i in of_line)


def part_of(facts: Facts, i: int, *, adds: bool, column: str = "variance") -> Node:
    """Explain an amount of a line in a part of the year.

    Args:
        facts: the pool.
        i: position of the part among the parts.
        adds: whether it is a part of the sum above it.
        column: budget or variance.
    """
    row = facts.row("parts", i)
    at = int(row["row"])
    whole = column == "budget"
    return Node(
        f"{row['scheme_id']} {row['scheme']}, {row['part']}",
        int(row[column]),
        adds=adds,
        formula="" if whole else in_words(VARIANCE),
        worked="" if whole else with_numbers(VARIANCE, "parts", row),
        said=facts.remark("parts", at),
        sources=facts.sources("parts", at),
        refers_to=f"line {row['scheme_id']}" if adds else "",
    )


def _by_parts(facts: Facts, code: str) -> tuple[Node, ...]:
    """Explain what a line was in each part of the year, where its rules change within it."""
    of_line = facts.rows_by("parts", "scheme_id").get(code, [])
    return tuple(part_of(facts, i, adds=False) for i in of_line)


def cause_of(facts: Facts, i: int, *, adds: bool) -> Node:
    """Explain an amount attributed to a cause."""
    row = facts.row("causes", i)
    return Node(
        f"{row['scheme_id']}: attributed to {row['cause']}",
        int(row["amount"]),
        adds=adds,
        said=(f"Evidence: {row['evidence']}.", *facts.remark("causes", i)),
        sources=facts.sources("causes", i),
        refers_to=f"line {row['scheme_id']}" if adds else "",
    )


def line(facts: Facts, code: str) -> Node:
    """Explain all of one line: what it is, its amounts, and where they stand."""
    i = facts.rows_by("lines", "scheme_id")[code][0]
    row = facts.row("lines", i)
    lost = {name for name in AMOUNTS if facts.figures.unknown("lines", name, i)}
    pot = f"It is netted in the pot {row['pot']}." if row["pot"] else "Nothing of it is shared."
    if code in facts.rows_by("parts", "scheme_id"):
        pot = "Its rules change within the year: each part of it is netted by itself."
    rate = facts.figures.value(
        Figure.of("variance_percent", scheme=code, **_pooling(row["pooling"]))
    )
    of_budget = f"In percent: {'blank' if rate is None else percent(rate)}"
    because = f" ({blank_reason(row['budget'])})" if rate is None else " of budget"
    if lost:
        told = {name: name not in lost for name in ("budget", "expenditure")}
        because = f" ({unstated_reason(**told)})"
    restated = _restated(facts, row, adds=not lost) if row["unpaid"] else None
    parts = (
        _amount(facts, row, "expenditure", lost, 1) if restated is None else restated,
        _amount(facts, row, "budget", lost, -1),
    )
    return Node(
        f"Line {code}: {row['scheme']}",
        None if "variance" in lost else int(row["variance"]),
        formula=in_words(VARIANCE) if not lost or "variance" in lost else "as it is stated",
        worked="" if lost else with_numbers(VARIANCE, "lines", row),
        said=(
            f"Theme {row['theme']}, budget holder {facts.bearer(row['organisation'])}, category "
            f"{row['category']}, {row['kind']}, {row['pooling']}.",
            pot,
            f"{of_budget}{because}.",
            *_stated_to(row),
            *facts.remark("schemes", code),
            *_reason(facts, code),
        ),
        sources=facts.sources("schemes", code),
        refers_to=f"line {code}",
        children=(
            *parts,
            *_attributed(facts, code),
            *_by_parts(facts, code),
        ),
    )


def _amount(facts: Facts, row: dict[str, Any], name: str, lost: set[str], sign: int) -> Node:
    if name in lost:
        return Node(f"{name.capitalize()}: not stated")
    label = "Expenditure" if name == "expenditure" else "Less budget"
    children = from_ledgers(facts, row["scheme_id"], name, sign)
    return Node(label, sign * int(row[name]), adds=not lost, children=children)


def _pooling(pooling: str) -> dict[str, str]:
    return {} if pooling == "pooled" else {"pooling": pooling}


def _stated_to(row: dict[str, Any]) -> tuple[str, ...]:
    """Return to what step the amounts are written, where that is coarser than a penny."""
    step = max(row["budget_step"], row["expenditure_step"])
    return (f"Its amounts are stated to the nearest {sterling(step)}.",) if step > 1 else ()


def _reason(facts: Facts, code: str) -> tuple[str, ...]:
    if not facts.has("commentary", code):
        return ()
    owner = facts.stated("commentary", code, "owner")
    by = f" ({owner})" if owner else ""
    action = facts.stated("commentary", code, "action")
    return (
        f"Reason given{by}: {facts.stated('commentary', code, 'reason')}",
        *((f"Action: {action}",) if action else ()),
    )

"""Limits over several rules in a derivation: what each left a row, and what had been used of it."""

from collections.abc import Iterator
from typing import Any

from bcf_model.core.expressions import Leaf, Total, evaluate
from bcf_model.core.money import sterling
from bcf_model.core.words import COUNTED, NONE, OVER_PARTS
from bcf_model.core.worked_columns import Limited, in_row
from bcf_model.core.year_parts import stated_code
from bcf_model.explain.facts import Facts, in_words, with_numbers
from bcf_model.explain.pots import told_elsewhere
from bcf_model.explain.tree import Node


def over_rules(facts: Facts, i: int) -> Iterator[Node]:
    """Return what each limit that a row of the working paper counts towards left it.

    Args:
        facts: the pool.
        i: position of the row.
    """
    row = facts.row("shares", i)
    money = (row["kind"], row["grant"])
    labels = facts.rows_by("shares", "limits")
    for limit in row["under"]:
        above = sorted(
            k for label, rows in labels.items() if limit.code in label.split("+") for k in rows
        )
        above = [k for k in above if k < i]
        stated = facts.row("limits", facts.rows_by("limits", "limit_id")[limit.code][0])

        def total(leaf: Leaf, above: list[int] = above, amount: int = stated["amount"]) -> int:
            assert isinstance(leaf, Total)
            if leaf.name == "amount":
                return amount
            return sum(_borne(facts, k) for k in _chosen(facts, above, leaf))

        room = limit.room(money)
        yield Node(
            f"Left under the limit {limit.code}, before this row",
            int(evaluate(room, total)),
            formula=in_words(room),
            children=(
                _stated(facts, limit, stated),
                *_used(facts, limit, money, above),
            ),
        )


def _stated(facts: Facts, limit: Limited, stated: dict[str, Any]) -> Node:
    """Return a limit as the agreement states it."""
    expression, code = in_row("limits", "amount", stated), stated_code(limit.code)
    return Node(
        f"Limit {limit.code}: {stated['at_most']}",
        int(stated["amount"]),
        adds=True,
        formula=in_words(expression) if expression else "",
        worked=with_numbers(expression, "limits", stated) if expression else "",
        said=(
            f"Clause: {stated['clause']}.",
            f"It covers {stated['covers']}, and counts {stated['counts']}: "
            f"{COUNTED[stated['counts']]}.",
            *over_parts(stated["over_parts"], facts.stated("limits", code, "at_most")),
            *facts.remark("limits", code),
        ),
        sources=facts.sources("limits", code),
    )


def over_parts(said: str, *amounts: str) -> tuple[str, ...]:
    """Return what amounts mean where rules change within the year; nothing where they do not."""
    stated = " and ".join(filter(None, amounts))
    return (f"Stated: {stated}; over the parts of the year {OVER_PARTS[said]}.",) if said else ()


def _used(facts: Facts, limit: Limited, money: tuple[str, str], above: list[int]) -> Iterator[Node]:
    """Return what the rows above used of a limit; of a net one, by kind and grant."""
    if limit.counts != "net":
        total = limit.borne(above=True, sign=1 if limit.holds_over else -1)
        sign = -1 if limit.holds_over else 1
        label = "Less what the rows above bear" if limit.holds_over else "Less what they give up"
        yield _of_rows(facts, label, _chosen(facts, above, total), sign)
        return
    for kind, grant in limit.money:
        rows = _chosen(facts, above, limit.borne(above=True, money=(kind, grant)))
        said = kind if grant == NONE else f"{kind}, grant {grant}"
        net = sum(_borne(facts, k) for k in rows)
        if (kind, grant) == money or net >= 0:
            yield _of_rows(facts, f"Less what the rows above bear, net: {said}", rows, -1)
        else:
            why = f"{sterling(net)}, which is below nil: other money is not netted with it."
            yield Node(f"Less what the rows above bear, net: {said}", 0, adds=True, said=(why,))


def _of_rows(facts: Facts, label: str, rows: list[int], sign: int) -> Node:
    return Node(
        label,
        sign * sum(_borne(facts, k) for k in rows),
        adds=True,
        said=() if rows else ("Nothing.",),
        children=facts.parts(
            rows,
            lambda k: sign * _borne(facts, k),
            lambda k: told_elsewhere(facts, k, taken_away=sign < 0),
            "rows",
        ),
    )


def _chosen(facts: Facts, above: list[int], total: Total) -> list[int]:
    """Return those of some rows that a total over them adds up."""
    of = {name: values for name, values in total.of if name != "limits"}
    return [
        k
        for k in above
        if (not total.sign or _borne(facts, k) * total.sign > 0)
        and all(facts.figures.column("shares", name)[k] in values for name, values in of.items())
    ]


def _borne(facts: Facts, k: int) -> int:
    return int(facts.figures.column("shares", "borne")[k])

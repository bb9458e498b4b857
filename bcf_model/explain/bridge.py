"""The walk of a scenario: by year, by step, by cause, and line by line, down to what was typed.

An opening budget is the closing budget of the year before, or what the opening version states.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from bcf_model.core.expressions import WHOLE_RATE, words
from bcf_model.core.figures import Figure
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.years import spoken, year_before
from bcf_model.explain import prevention
from bcf_model.explain.facts import with_numbers
from bcf_model.explain.savings import chain, programme
from bcf_model.explain.scenario_facts import (
    ScenarioFacts,
    referred,
    rows_of,
    typed_node,
    worked_node,
)
from bcf_model.explain.tree import Node
from bcf_model.plan.activity import follow
from bcf_model.plan.bridge import ALLOCATION, OF_PAYMENT, RELEASED
from bcf_model.plan.figures import MEASURES
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.words import FULL_PRICE, INFLATION, OPENING, PERCENT, SHIFT
from bcf_model.plan.worked_columns import (
    EFFECTS,
    MONTHS,
    OF_BASE,
    OF_PROGRAMMES,
    PARTED,
)

CAUSE: Final = "cause "
"""What begins the name of a cause that is told once, and referred to."""
NAMED_BY_CAUSE: Final = {"assumptions": "assumption", "savings": "programme"}
"""The tables whose rows are a cause, each with the column that names it."""


def of_walk(facts: ScenarioFacts, figure: Figure, rows: Sequence[int]) -> tuple[Node, ...]:
    """Explain rows of the walk: by year, by step, by cause, and then line by line."""
    for key, column in (("year", "financial_year"), ("step", "step"), ("cause", "cause")):
        parts = facts.by("walk", column, rows)
        named = [name for name, values in figure.selection if len(values) == 1]
        if len(parts) == 1 and (key in named or "" in parts):
            continue
        return tuple(_of_part(facts, figure, key, value, own) for value, own in parts.items())
    return _of_lines(facts, figure, rows)


def _of_part(
    facts: ScenarioFacts, figure: Figure, key: str, value: str, rows: Sequence[int]
) -> Node:
    """Explain what of a figure is of one year, step or cause."""
    rest = tuple(it for it in figure.selection if it[0] != key)
    part = Figure("change" if key != "year" else figure.measure, (*rest, (key, (value,))))
    amounts = facts.figures.column("walk", "amount")
    node = Node(value or "opening", sum(amounts[i] for i in rows), adds=True)
    if key == "cause" and not facts.by_line:
        (year,), (step,) = (dict(part.selection)[it] for it in ("year", "step"))
        return node._replace(refers_to=f"{CAUSE}{year}/{step}/{value}")
    return node._replace(children=of_walk(facts, part, rows))


def cause_named(facts: ScenarioFacts, name: str) -> Node:
    """Explain a cause that is referred to: what it does in a year, by its own rows."""
    year, step, cause = name.removeprefix(CAUSE).split("/", 2)
    return Node(f"{cause}: {step}, {spoken(year)}",
                children=tuple(_in_short(facts, cause, year, step)))  # fmt: skip


def _of_lines(facts: ScenarioFacts, figure: Figure, rows: Sequence[int]) -> tuple[Node, ...]:
    chosen = dict(figure.selection)
    (year,), (step,) = chosen["year"], chosen["step"]
    (cause,) = chosen.get("cause", ("",))
    before = facts.projection.years.index(year) - 1
    if step == OPENING and before >= 0:
        rest = tuple(it for it in figure.selection if it[0] not in ("year", "step", "cause"))
        closing = Figure("closing", (("year", (facts.projection.years[before],)), *rest))
        if facts.by_line:
            return (facts.figure(closing)._replace(adds=True),)
        return (Node(str(closing), refers_to=str(closing)),)
    if step == OPENING:
        return facts.parts(rows, "walk", "amount", lambda i: _line(facts, i))
    if not facts.by_line:
        return tuple(_in_short(facts, cause, year, step))
    lines = facts.parts(rows, "walk", "amount", lambda i: _line(facts, i))
    return (*lines, *_causes(facts, cause, year, step))


def _in_short(facts: ScenarioFacts, cause: str, year: str, step: str) -> Iterator[Node]:
    """Explain a cause without its lines: by the rows it was typed in, and its streams."""
    yield from _causes(facts, cause, year, step)
    if step == SHIFT:
        yield from prevention.invested(facts, cause, year)
        yield from prevention.released(facts, cause, year)


def _line(facts: ScenarioFacts, i: int) -> Node:
    """Explain what one cause of a step does to one line."""
    row = facts.row("walk", i)
    expression = {PERCENT: OF_BASE, "pounds": PARTED}.get(row["unit"])
    if row["unit"] == "pounds" and row["weight"] == row["total_weight"]:
        expression = None
    sources: tuple[str, ...] = ()
    if row["unit"] == OPENING:
        version = facts.projection.scenario.settings.opening
        sources = tuple(facts.stating(version, row["line"]))
    code = row["line"]
    node = worked_node(facts.name_of(code), row["amount"], expression, row, "walk")
    if row["number"] == OF_PAYMENT and row["step"] == INFLATION:
        node = _repriced(facts, row, node)
    children: tuple[Node, ...] = (_base(facts, row),) if row["unit"] == PERCENT else ()
    if row["number"] == RELEASED:
        children = tuple(prevention.released(facts, row["cause"], row["financial_year"], line=code))
    elif row["step"] == SHIFT and row["unit"] != PERCENT:
        effect = facts.projection.effects.iloc[row["number"] - len(facts.projection.rates)]
        invested = prevention.invested(
            facts, row["cause"], row["financial_year"], scope=effect.scope
        )
        children = tuple(invested)
    elif row["step"] == ALLOCATION and row["unit"] != PERCENT:
        children = (_allocated(facts, row),)
    elif row["number"] == OF_PAYMENT:
        children = tuple(_of_payment(facts, row))
    if expression is PARTED:
        children = (*children, _weights(facts, row))
    return node._replace(adds=True, sources=sources, children=children)


def _of_payment(facts: ScenarioFacts, row: Mapping[str, Any]) -> Iterator[Node]:
    """Explain what payment by activity adds: what is unpaid of a year, or a price that is stated.

    What the opening leaves out is of the pool's own year, and of no figure of the plan.
    """
    code, year = row["line"], row["financial_year"]
    if row["step"] == INFLATION:
        stated = facts.stated("planned_activity", scheme_id=code, financial_year=year)
        yield from (typed_node("planned_activity", typed) for typed in stated)
        return
    year = year_before(year) if row["step"] == FULL_PRICE else year
    if year in facts.projection.years:
        yield referred(MEASURES.figure("payments.unpaid", {"year": year, "line": code}))


def _repriced(facts: ScenarioFacts, row: Mapping[str, Any], node: Node) -> Node:
    """Explain what a stated price adds; with its numbers where they can be written out in full."""
    made = facts.projection.bridge
    codes, expression = made.lines["line"], made.paid.repriced
    (worked,) = (
        it.worked
        for it in follow(made.paid, made.years, lambda place: int(made.numbers[place]))
        if it.year == row["financial_year"]
        and codes.iloc[made.paid.lines[it.line].at] == row["line"]
    )
    told = f"({words(expression)}), rounded to the penny"
    whole = {name: Fraction(worked[name]) * _PARTS[form] for name, form in _REPRICED.items()
             if name in worked}  # fmt: skip
    if any(number.denominator > 1 for number in whole.values()):
        return node._replace(formula=told)
    kept = {name: int(number) for name, number in whole.items()}
    return node._replace(
        formula=told,
        worked=f"({with_numbers(expression, 'walk', kept, _REPRICED)}), rounded to the penny",
    )


_REPRICED: Final = {
    "price": "money", "price_before": "money", "inflation_pounds": "money", "inflation": "share",
    "actual": "quantity", "actual_before": "quantity",
}  # fmt: skip
"""The forms of what a stated price is worked with."""
_PARTS: Final = {"money": 1, "share": WHOLE_RATE, "quantity": MILLIONTHS}
"""How many there are in one of what each form is kept in."""


def _weights(facts: ScenarioFacts, row: Mapping[str, Any]) -> Node:
    """Explain what an amount is parted by: what each of its lines opens the plan with, by name."""
    of_entry = {name: row[name] for name in ("financial_year", "step", "cause", "number", "unit")}
    openings = (
        Figure("change", (("year", facts.projection.years[:1]), ("line", (it["line"],)),
                          ("step", (OPENING,))))
        for it in rows_of(facts.figures.tables["walk"], of_entry)
    )  # fmt: skip
    children = tuple(referred(it, facts.pence(it)) for it in openings)
    return Node("Parted by what its lines open the plan with, where above nil", children=children)


def _allocated(facts: ScenarioFacts, row: Mapping[str, Any]) -> Node:
    """Explain what is allocated: a percentage of what stands on no line."""
    of_entry = {name: row[name] for name in ("financial_year", "step", "cause", "number")}
    (taken,) = rows_of(facts.figures.tables["walk"], of_entry | {"unit": PERCENT})
    node = worked_node("Taken off what is not allocated", taken["amount"], OF_BASE, taken, "walk")
    return node._replace(children=(_base(facts, taken),))


def _base(facts: ScenarioFacts, row: Mapping[str, Any]) -> Node:
    return facts.base_of(row["line"], row["financial_year"], row["step_order"], int(row["base"]))


def _causes(facts: ScenarioFacts, cause: str, year: str, step: str) -> Iterator[Node]:
    """Explain a cause: what it does in this year, and the rows it was typed in."""
    at = {"cause": cause, "financial_year": year, "step": step}
    typed: list[Node] = []
    for effect in rows_of(facts.projection.effects, at):
        label, part, pence = f"{cause}: {effect['part']}", effect["part"], effect["amount"]
        if effect["origin"] == "savings":
            side = facts.row("savings_effects", effect["row"])["side"]
            saving, expression = programme(facts, cause), OF_PROGRAMMES[side, part]
            node = worked_node(f"{cause}: {side}, {part}", pence, expression, saving, "savings")
            yield node._replace(children=tuple(chain(facts, expression, saving)))
            typed += facts.typed(cause, {"savings": "programme"}, year)
        else:
            whole = effect["months"] == MONTHS and part == "in the year"
            yield worked_node(
                label, pence, None if whole else EFFECTS[part], effect, "savings_effects"
            )
        if effect["origin"] == "assumption":
            typed.append(facts.assumption(effect["row"]))
    for rate in rows_of(facts.projection.rates, at):
        if rate["rate"] != rate["stated"]:
            stated, scaled = plain(rate["stated"]), plain(rate["rate"])
            yield Node(f"{cause}: {stated}% as stated, {scaled}% as calibrated")
        typed.append(facts.assumption(rate["row"]))
    yield from dict.fromkeys(typed)

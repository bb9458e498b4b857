"""Prevention of a scenario: what is invested, what comes back of it, and what of that is released.

A benefit is told by each row of investment it comes of, with the return, the lag and the factor on
it; what is released of it, by what its lines have: the budget before the step, what the year before
released and is put back, and what the streams before it take.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bcf_model.core.expressions import columns_in, references_in, words
from bcf_model.core.figures import Figure
from bcf_model.core.years import spoken
from bcf_model.explain.facts import with_numbers
from bcf_model.explain.scenario_facts import ScenarioFacts, referred, rows_of, typed_node
from bcf_model.explain.tree import Node
from bcf_model.plan import holding
from bcf_model.plan.figures import MEASURES, consists_of
from bcf_model.plan.positions import group_of, groups_of
from bcf_model.plan.prevention import STREAM
from bcf_model.plan.words import ALL, SHIFT
from bcf_model.plan.worked_columns import BENEFITS, LEVEL, RELEASE, net_of

RELEASED: Final = "release "
"""What begins the name of what one stream releases in a year: told once, and referred to."""
_FORMS: Final = {
    "investment": "money", "return_per_pound": "quantity", "factor": "quantity", "share": "share",
    "gross": "money", "percent": "share", "cashable": "money", "most": "money", "base": "money",
    "put_back": "money", "taken": "money",
}  # fmt: skip
_WHO: Final = {"invested": "payer", "released": "beneficiary", "to_come": "beneficiary"}
"""By which column of a stream an amount is a partner's."""
_RUNNING: Final = {"cumulative": "net", "cumulative_discounted": "discounted"}
"""A running total of positions, and what it adds up."""


def of_stream(facts: ScenarioFacts, row: Mapping[str, Any], column: str) -> Iterator[Node]:
    """Explain a level of one stream in one year, a row of prevention.csv."""
    stream = {name: row[name] for name in STREAM}
    year = row["financial_year"]
    if column == "invested" and not row["beneficiary"]:
        named = {name: stream[name] for name in ("programme", "payer", "scope")}
        for typed in facts.stated("prevention", financial_year=year, **named):
            yield typed_node("prevention", typed)
    elif column in BENEFITS and row["beneficiary"]:
        comes = facts.projection.years.index(year)
        yield from _given_back(facts, column, {**stream, "comes": comes})
    elif column == "released" and row["beneficiary"]:
        yield _referred(facts, year, facts.streams.index(stream))


def of_partner(facts: ScenarioFacts, figure: Figure, row: Mapping[str, Any]) -> Iterator[Node]:
    """Explain an amount of positions, payback, the matrix or the prevention share.

    Args:
        facts: the scenario.
        figure: that of the one amount, by all keys of its row.
        row: the row.
    """
    table, _, column = figure.measure.partition(".")
    chosen = {key: values[0] for key, values in figure.selection}
    years, year = facts.projection.years, chosen.get("year", "")
    so_far = years[: years.index(year) + 1] if year else years
    partner = chosen.get("partner", "")
    by_column = {_WHO[column]: partner} if column in _WHO and partner != ALL else {}
    if table == "matrix":
        yield from _of_matrix(facts, column, row)
    elif column == "to_come":
        yield from _to_come(facts, by_column)
    elif (made_of := consists_of(figure)) is not None:
        yield from map(referred, references_in(made_of))
    elif column in _WHO:
        if all(who in facts.figures.column("prevention", name) for name, who in by_column.items()):
            yield referred(MEASURES.figure(f"prevention.{column}", {"year": year, **by_column}))
    elif column in _RUNNING:
        for earlier in so_far:
            name = f"positions.{_RUNNING[column]}"
            yield referred(MEASURES.figure(name, {**chosen, "year": earlier}))
    elif partner != ALL:
        yield from _in_real_terms(facts, column, row, so_far)
    else:
        for partner in dict.fromkeys(facts.figures.column("positions", "partner")):
            if partner != ALL:
                own = MEASURES.figure(figure.measure, {"partner": partner, "year": year})
                yield referred(own)


def _in_real_terms(
    facts: ScenarioFacts, column: str, row: Mapping[str, Any], years: Sequence[str]
) -> Iterator[Node]:
    """Explain a net position in prices of the first year, and discounted or not."""
    assumptions = facts.projection.scenario.tables["assumptions"]
    expression = net_of(years, discounted=column == "discounted")
    steps = [name.split(" ", 1) for name in columns_in(expression)[1:]]
    rates = {f"{step} {year}": holding.values(assumptions, step, years).get(year, 0)
             for step, year in steps}  # fmt: skip
    forms = {"net": "money", **dict.fromkeys(rates, "share")}
    worked = with_numbers(expression, "positions", {**row, **rates}, forms)
    net = MEASURES.figure("positions.net", {"partner": row["partner"], "year": years[-1]})
    typed = [node for step, year in steps for node in facts.parameter(step, year)]
    yield Node(
        f"{column.capitalize()}, in prices of {spoken(years[0])}", int(row[column]),
        formula=words(expression), worked=worked, children=(referred(net), *typed),
    )  # fmt: skip


def _of_matrix(facts: ScenarioFacts, column: str, row: Mapping[str, Any]) -> Iterator[Node]:
    """Explain who gains by whose money on one group of lines, all years of the plan."""
    group = row["group"]
    pair = {name: row[name] for name in ("payer", "beneficiary")}
    lines = facts.projection.tables["lines"]
    if column == "released":
        code_of_group = groups_of(lines) == group
        for line in lines["line"][code_of_group]:
            yield from _streams_of(facts, **pair, line=line)
        return
    last = len(facts.projection.years)
    for benefit in rows_of(facts.benefits, pair):
        if benefit["comes"] < last and group_of(benefit["scope"], lines) == group:
            yield from _of_benefit(facts, column, benefit)


def _to_come(facts: ScenarioFacts, whose: Mapping[str, str]) -> Iterator[Node]:
    """Explain what a partner, or all of them, can still gain after the last year."""
    for benefit in rows_of(facts.benefits, whose):
        if benefit["comes"] >= len(facts.projection.years):
            yield from _of_benefit(facts, "cashable", benefit)


def _given_back(facts: ScenarioFacts, column: str, where: Mapping[str, Any]) -> Iterator[Node]:
    for benefit in rows_of(facts.benefits, where):
        yield from _of_benefit(facts, column, benefit)


def _of_benefit(facts: ScenarioFacts, column: str, benefit: Mapping[str, Any]) -> Iterator[Node]:
    """Explain a benefit of a row of investment, with the rows that it is worked out of."""
    if column == "cashable" and not benefit["in_time"]:
        return
    gross = _node(facts, "Gross benefit", "gross", benefit)
    gross = gross._replace(children=tuple(_typed(facts, benefit)))
    of_what = f"{benefit['programme']}: invested by {benefit['payer']} in "
    of_what += f"{spoken(benefit['financial_year'])}, given back to {benefit['beneficiary']}"
    node = _node(facts, of_what, column, benefit)
    children = gross.children if column == "gross" else (gross,)
    yield node._replace(adds=True, children=children)


def _node(facts: ScenarioFacts, label: str, column: str, row: Mapping[str, Any]) -> Node:
    expression = BENEFITS[column]
    worked = with_numbers(expression, "prevention", row, _FORMS)
    return Node(label, int(row[column]), formula=words(expression), worked=worked)


def _typed(facts: ScenarioFacts, benefit: Mapping[str, Any]) -> Iterator[Node]:
    """Return the rows a benefit hangs on: investment, return, lag and the factor on it."""
    programme = benefit["programme"]
    paid = [*facts.stated("prevention")][benefit["paid"]]
    yield typed_node("prevention", paid)
    named = {name: benefit[name] for name in ("programme", "beneficiary", "scope", "lag")}
    for row in facts.stated("returns", **named):
        yield typed_node("returns", row)
    for row in facts.stated("lags", lag=benefit["lag"], years_after=benefit["years_after"]):
        yield typed_node("lags", row)
    yield from facts.parameter("return", programme)


# -------------------------------------------------------------- released


def invested(facts: ScenarioFacts, programme: str, year: str, **named: str) -> Iterator[Node]:
    """Return the rows of investment that a step is the change of: of this year and the last."""
    for now in _two_years(facts, year):
        of_year = {"programme": programme, "financial_year": now, **named}
        for row in facts.stated("prevention", **of_year):
            yield typed_node("prevention", row)


def released(facts: ScenarioFacts, programme: str, year: str, **named: str) -> Iterator[Node]:
    """Explain the change of what a programme releases: its streams, this year and the last."""
    for now in _two_years(facts, year):
        yield from _streams_of(facts, financial_year=now, programme=programme, **named)


def _two_years(facts: ScenarioFacts, year: str) -> tuple[str, ...]:
    place = facts.projection.years.index(year)
    return facts.projection.years[max(place - 1, 0) : place + 1]


def _streams_of(facts: ScenarioFacts, **named: str) -> Iterator[Node]:
    """Return the releases of some streams, each by its name."""
    rows = rows_of(facts.releases, named) if len(facts.releases) else []
    for year, stream in dict.fromkeys((it["financial_year"], it["stream"]) for it in rows):
        yield _referred(facts, year, stream)


def _referred(facts: ScenarioFacts, year: str, stream: int) -> Node:
    name = f"{RELEASED}{year}/{stream}"
    return Node(_label(facts, year, stream), refers_to=name)


def _label(facts: ScenarioFacts, year: str, stream: int) -> str:
    of = facts.streams[stream]
    return (f"Released {spoken(year)} of {of['programme']}, invested by {of['payer']}, "
            f"to {of['beneficiary']} on {of['scope']}")  # fmt: skip


def released_of_stream(facts: ScenarioFacts, name: str) -> Node:
    """Explain what one stream releases in a year: what is cashable, as far as its lines go."""
    year, _, number = name.removeprefix(RELEASED).partition("/")
    stream = int(number)
    at = {"financial_year": year, "stream": stream}
    rows = rows_of(facts.releases, at) if len(facts.releases) else []
    label = _label(facts, year, stream)
    if not rows:
        return Node(label, 0, said=("Nothing of it is cashable.",),
                    children=tuple(_cashable(facts, year, stream)))  # fmt: skip
    worked = with_numbers(LEVEL, "prevention", rows[0], _FORMS)
    cashable = Node("Cashable", int(rows[0]["cashable"]),
                    children=tuple(_cashable(facts, year, stream)))  # fmt: skip
    room = Node("What its lines have", int(rows[0]["most"]),
                children=tuple(_room(facts, row) for row in rows))  # fmt: skip
    return Node(
        label, int(rows[0]["level"]), formula=words(LEVEL), worked=worked, children=(cashable, room)
    )


def _cashable(facts: ScenarioFacts, year: str, stream: int) -> Iterator[Node]:
    comes = facts.projection.years.index(year)
    yield from _given_back(facts, "cashable", {**facts.streams[stream], "comes": comes})


def _room(facts: ScenarioFacts, row: Mapping[str, Any]) -> Node:
    """Explain what one line has for a stream: its base, what is put back, and what is taken."""
    line, year = row["line"], row["financial_year"]
    place = facts.projection.years.index(year)
    before = rows_of(facts.releases, {"line": line})
    earlier = facts.projection.years[place - 1] if place else ""
    others = [
        _referred(facts, it["financial_year"], it["stream"])
        for it in before
        if it["financial_year"] == earlier
        or (it["financial_year"] == year and it["stream"] < row["stream"])
    ]
    step_order = facts.projection.bridge.order.index(SHIFT) + 1
    base = facts.base_of(line, year, step_order, int(row["base"]))
    return Node(
        facts.name_of(line), int(row["room"]), adds=True, formula=words(RELEASE["room"]),
        worked=with_numbers(RELEASE["room"], "prevention", row, _FORMS),
        children=(base, *others),
    )  # fmt: skip

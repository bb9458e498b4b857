"""Figures of indicators in a derivation: their numbers, how they are set against each other."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from bcf_model.core.expressions import Column, Total, replaced
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import percent, rounded
from bcf_model.core.tables import HELD_IN, records
from bcf_model.core.words import (
    ACTUAL,
    APPORTIONED,
    BETTER,
    LAST_YEAR,
    LATEST,
    LEVELS,
    MONTHS,
    NO,
    OVER,
    PERIOD_BASES,
    TARGET,
    WHOLE_YEAR,
)
from bcf_model.core.worked_columns import DIFFERENCE, PROJECTED
from bcf_model.explain.facts import Facts, in_words
from bcf_model.explain.tree import Node
from bcf_model.indicators.comparison import (
    COMPARED_WITH,
    Comparison,
    compared,
    implied,
    projected,
)
from bcf_model.indicators.series import Metric, Number, plain, spoken
from bcf_model.year.results import Results


def written(figures: Ledger, figure: Figure) -> str:
    """Write a figure that is a number: of an indicator, held in millionths, or a whole one."""
    value = figures.value(figure)
    held = HELD_IN["quantity"] if MEASURES[figure.measure].unit == "number" else 1
    return "" if value is None else plain(Fraction(int(value), held))


def names(results: Results) -> list[str]:
    """Name the figures of indicators, and of splits of a variance: all that are known.

    Of the latest period, and of each other that anything is stated of; that a target is not stated
    is told, too.
    """
    figures = results.figures
    found = [it for metric in results.metrics.values() for it in _figures(figures, metric)]
    split = figures.tables["price_volume"][["scheme_id", "version"]]
    parts = (
        Figure.of(measure, scheme=row.scheme_id, version=row.version)
        for row in records(split)
        for measure in MEASURES
        if MEASURES[measure].table == "price_volume"
    )
    found += [it for it in parts if not figures.lacks(it)]
    return [str(it) for it in found]


_OF_A_MONTH: Final = ("indicator_in_month", "indicator_printed")
"""Of the last month they are not what they are of the year."""
_LESS: Final = "To date, less to date of the month before."
_OF_A_TARGET: Final = ("indicator_difference", "indicator_percent")
"""They are named where no target is stated, too: they say so."""


def _figures(figures: Ledger, metric: Metric) -> Iterator[Figure]:
    known = {metric.latest} | ({WHOLE_YEAR, MONTHS[-1]} if metric.latest == WHOLE_YEAR else set())
    for period in (LATEST, *metric.periods):
        for table, key, values in (
            ("indicator_values", "series", LEVELS), ("indicators", "against", COMPARED_WITH),
        ):  # fmt: skip
            for measure in (name for name, it in MEASURES.items() if it.table == table):
                if period in known and measure not in _OF_A_MONTH:
                    continue  # it is told of the latest period
                for value in values:
                    figure = _figure_of(measure, metric, period, **{key: value})
                    of_target = value == TARGET and measure in _OF_A_TARGET
                    has = not figures.lacks(_figure_of("indicator", metric, period))
                    if not figures.lacks(figure) or (of_target and has):
                        yield figure


def _figure_of(measure: str, metric: Metric, period: str, **of: str) -> Figure:
    """Make a figure of an indicator, without what it need not say."""
    said = {"period": period, **of}
    named = {
        k: v for k, v in said.items() if (k, (v,)) not in MEASURES.usual[MEASURES[measure].table]
    }
    return Figure.of(measure, metric=metric.about.metric, **named)


def of_indicator(facts: Facts, figure: Figure) -> Node:
    """Explain a figure of an indicator, down to the rows it is stated in."""
    selected = {key: values[0] for key, values in figure.selection}
    metric = facts.results.metrics[selected["metric"]]
    period = selected.get("period", LATEST)
    at = metric.latest if period == LATEST else period
    measure = MEASURES[figure.measure]
    if measure.table == "indicator_values":
        series = selected.get("series", ACTUAL)
        in_month = figure.measure == "indicator_in_month"
        number = metric.in_month(series, at) if in_month else metric.at(series, at)
        node = _number(facts, figure, metric, series, number)
        return node._replace(said=(*_about(metric, at), *node.said))
    one = compared(metric, selected.get("against", TARGET), at)
    value = facts.figures.value(figure)
    if figure.measure == "indicator_printed":
        rows = metric.printed_difference(one.against, at).rows
        return _stated(facts, Node(str(figure), rate=value, said=_about(metric, at),
                                   refers_to=str(figure)), rows)  # fmt: skip
    is_rate = measure.unit == "rate"
    return Node(
        str(figure),
        rate=value if is_rate else None,
        number="" if is_rate else written(facts.figures, figure),
        formula=_formula(one, is_rate=is_rate),
        worked=_worked(one, is_rate=is_rate),
        said=(*_about(metric, at), *_judged(one), *_projection(metric, at, one.against)),
        refers_to=str(figure),
        children=tuple(
            _number(facts, _figure_of("indicator", metric, period, series=it), metric, it,
                            number)._replace(refers_to="")
            for it, number in ((ACTUAL, one.actual), (one.against, one.compared))
        ),
    )  # fmt: skip


def _formula(one: Comparison, *, is_rate: bool) -> str:
    """Return how a difference is worked out, in words: of what it is set against."""
    against = Column(one.against)
    said = {Column("compared"): against, Total("compared"): against}
    difference = replaced(DIFFERENCE, said)
    by = {**said, Total("difference"): difference}
    return in_words(replaced(MEASURES["indicator_percent"].expression, by) if is_rate
                    else difference)  # fmt: skip


def _worked(one: Comparison, *, is_rate: bool) -> str:
    if one.difference is None or one.actual.value is None or one.compared.value is None:
        return ""
    above = f"{plain(one.actual.value)} − {plain(one.compared.value)}"
    return f"({above}) ÷ {plain(one.compared.value)}" if is_rate else above


def _about(metric: Metric, period: str) -> tuple[str, ...]:
    about = metric.about
    said = f"{about.name}: {about.better} is better, so that {BETTER[about.better]}."
    basis = f"At {spoken(period)}; {PERIOD_BASES[about.period_basis]}."
    return (said, basis, *((f"Definition: {about.definition}.",) if about.definition else ()))


def _judged(one: Comparison) -> Iterator[str]:
    """Return what the difference says: favourable, met, its status; or why it is not given."""
    if one.difference is None:
        yield f"Not given: {one.lacks}. What is not stated is not nil."
        printed = one.metric.printed_difference(one.against, one.period)
        if printed.value is not None:
            yield (
                f"Only a percentage is printed: {plain(printed.value)}% of the {one.against}, as "
                "actual less what it is compared with."
            )
        return
    words = {"yes": "favourable", NO: "adverse"}
    base = "last year's number" if one.against == LAST_YEAR else f"the {one.against}"
    of_base = "" if one.part is None else f", {percent(float(one.part))} of {base}"
    said = words.get(one.favourable, "nil: neither favourable nor adverse")
    yield f"The difference is {said}{of_base}."
    if one.met:
        green, amber = (plain(limit * 100) for limit in one.metric.limits)
        yield (
            f"The target is {'not ' * (one.met == NO)}met: {one.status} (green when missed by no "
            f"more than {green}% of it, amber by no more than {amber}%)."
        )
    if one.of_denominators:
        yield one.of_denominators


def _projection(metric: Metric, period: str, against: str) -> tuple[str, ...]:
    value, method = projected(metric)
    if value is None or method == OVER or period != metric.latest or against != TARGET:
        return ()
    return (f"At the year end it is projected to be {plain(value)} ({method}).",)


def _number(facts: Facts, figure: Figure, metric: Metric, series: str, number: Number) -> Node:
    """Explain a number of an indicator: as it is stated, or from what it is worked out."""
    itself = figure.measure in ("indicator", "indicator_in_month")
    said = [f"Not given: {number.lacks}. What is not stated is not nil."] if number.lacks else []
    apportioned = metric.about.apportioned
    if number.value is not None and not number.printed and itself:
        whole = metric.at(series, WHOLE_YEAR).value
        if series == TARGET and apportioned and number.rows == metric.at(series, WHOLE_YEAR).rows:
            said.append(
                f"Apportioned from {plain(whole or Fraction(0))} for the year, "
                f"{APPORTIONED[apportioned]}, by cumulative rounding: months add up to it."
            )
        elif number.exact:
            of_month = figure.measure == "indicator_in_month"
            said.append(_LESS if of_month else "Months are added up.")
    if number.implied_denominator and number.denominator is None:
        said.append(f"No denominator is stated: {implied(number)}.")
    if figure.measure == "indicator_projected":
        return _projected(facts, figure, metric, _number(
            facts, _figure_of("indicator", metric, LATEST), metric, series, number
        ))  # fmt: skip
    quotient = number.numerator is not None and number.denominator and number.value is not None
    return _stated(facts, Node(
        str(figure),
        number=written(facts.figures, figure),
        formula="numerator × per ÷ denominator, rounded once" if quotient else "",
        worked=_divided(number) if quotient else "",
        said=tuple(said),
        refers_to=str(figure),
    ), number.rows)  # fmt: skip


def _stated(facts: Facts, node: Node, rows: Iterable[int]) -> Node:
    """Add to a node the rows in which it is stated, and what is remarked there."""
    remarks = (text for row in rows for text in facts.remark("metric_values", row))
    sources = (text for row in rows for text in facts.sources("metric_values", row))
    return node._replace(said=(*node.said, *remarks), sources=tuple(sources))


def _projected(facts: Facts, figure: Figure, metric: Metric, latest: Node) -> Node:
    """Explain what an indicator comes to at the end of the year, as projected."""
    _, method = projected(metric)
    expression = PROJECTED.get(method)
    return Node(
        str(figure),
        number=written(facts.figures, figure),
        formula=in_words(expression) if expression else method,
        said=(f"By {method}.",) if expression else (),
        refers_to=str(figure),
        children=(latest,),
    )


def _divided(number: Number) -> str:
    above, below = number.numerator or Fraction(0), number.denominator or Fraction(1)
    exact = rounded(above * number.per / below, 6)
    return f"{plain(above)} × {number.per:,} ÷ {plain(below)} = {plain(exact)}"

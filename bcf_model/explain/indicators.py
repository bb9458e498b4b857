"""Figures of indicators in a derivation: their numbers, how they are set against each other."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.money import rounded
from bcf_model.core.tables import HELD_IN
from bcf_model.core.words import (
    ACTUAL,
    APPORTIONED,
    BETTER,
    LATEST,
    LEVELS,
    MONTHS,
    PERIOD_BASES,
    TARGET,
    WHOLE_YEAR,
)
from bcf_model.explain.facts import Facts
from bcf_model.explain.tree import Node
from bcf_model.indicators.comparison import (
    COMPARED_WITH,
    NO,
    Comparison,
    compared,
    implied,
    projected,
)
from bcf_model.indicators.series import Metric, Number, plain, spoken
from bcf_model.year.results import Results


def written(millionths: float | int) -> str:
    """Write a number of an indicator that is held in millionths.

    >>> written(732_500_000)
    '732.5'
    """
    return plain(Fraction(int(millionths), HELD_IN["quantity"]))


def names(results: Results) -> list[str]:
    """Name the figures of indicators: of the latest period, and of each other that is stated."""
    return [str(it) for metric in results.metrics.values() for it in _figures(metric)]


def _figures(metric: Metric) -> Iterator[Figure]:
    known = {metric.latest} | ({WHOLE_YEAR, MONTHS[-1]} if metric.latest == WHOLE_YEAR else set())
    for period in (LATEST, *(it for it in metric.periods if it not in known)):
        of = metric.latest if period == LATEST else period
        numbers = {series: metric.at(series, of) for series in LEVELS}
        levels = [series for series, number in numbers.items() if number.value is not None]
        for series in levels:
            yield _figure_of("indicator", metric, period, series=series)
            if numbers[series].numerator is not None:
                yield _figure_of("indicator_numerator", metric, period, series=series)
        for measure in ("indicator_difference", "indicator_percent"):
            for against in COMPARED_WITH:
                if against in levels or (against == TARGET and ACTUAL in levels):
                    yield _figure_of(measure, metric, period, against=against)


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
        node = _number(facts, figure, metric, series, metric.at(series, at))
        return replace(node, said=(*_about(metric, at), *node.said))
    one = compared(metric, selected.get("against", TARGET), at)
    value = facts.figures.value(figure)
    is_rate = measure.unit == "rate"
    text = "" if value is None or is_rate else written(value)
    return Node(
        str(figure),
        rate=value if is_rate else None,
        number=text,
        formula=f"({ACTUAL} − {one.against}) ÷ {one.against}" if is_rate
        else f"{ACTUAL} − {one.against}",
        worked=_worked(one, is_rate=is_rate),
        said=(*_about(metric, at), *_judged(one), *_projection(metric, at, one.against)),
        refers_to=str(figure),
        children=tuple(
            _number(facts, _figure_of("indicator", metric, period, series=it), metric, it, number)
            for it, number in ((ACTUAL, one.actual), (one.against, one.compared))
        ),
    )  # fmt: skip


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
    yield f"The difference is {words.get(one.favourable, 'nil: neither favourable nor adverse')}."
    if one.met:
        green, amber = (plain(limit * 100) for limit in one.metric.limits)
        yield (
            f"The target is {'not ' * (one.met == NO)}met: {one.status} (green when missed by no "
            f"more than {green}% of it, amber by no more than {amber}%)."
        )
    if one.two_denominators:
        conclusion = "unchanged" if one.same_on_one else "not sure"
        yield (
            f"The two are not of one denominator: {implied(one.actual)}, {implied(one.compared)}. "
            f"On one of them the conclusion is {conclusion}."
        )


def _projection(metric: Metric, period: str, against: str) -> tuple[str, ...]:
    value, method = projected(metric)
    if value is None or period != metric.latest or against != TARGET:
        return ()
    return (f"At the year end it is projected to be {plain(value)} ({method}).",)


def _number(facts: Facts, figure: Figure, metric: Metric, series: str, number: Number) -> Node:
    """Explain a number of an indicator: as it is stated, or from what it is worked out."""
    value = facts.figures.value(figure)
    of_numerator = figure.measure == "indicator_numerator"
    said = [f"Not given: {number.lacks}. What is not stated is not nil."] if number.lacks else []
    apportioned = metric.about.apportioned
    if number.value is not None and not number.printed and not of_numerator:
        whole = metric.at(series, WHOLE_YEAR).value
        if series == TARGET and apportioned and number.rows == metric.at(series, WHOLE_YEAR).rows:
            said.append(
                f"Apportioned from {plain(whole or Fraction(0))} for the year, "
                f"{APPORTIONED[apportioned]}, by cumulative rounding: months add up to it."
            )
        elif number.exact:
            said.append("Months are added up.")
    if number.implied_denominator and number.denominator is None:
        said.append(f"No denominator is stated: {implied(number)}.")
    quotient = number.numerator is not None and number.denominator and number.value is not None
    return Node(
        str(figure),
        number="" if value is None else written(value),
        formula="numerator × per ÷ denominator, rounded once" if quotient else "",
        worked=_divided(number) if quotient else "",
        said=(*said, *(text for row in number.rows for text in facts.remark("metric_values", row))),
        sources=tuple(
            text for row in number.rows for text in facts.sources("metric_values", row)
        ),
        refers_to=str(figure),
    )  # fmt: skip


def _divided(number: Number) -> str:
    above, below = number.numerator or Fraction(0), number.denominator or Fraction(1)
    exact = rounded(above * number.per / below, 6)
    return f"{plain(above)} × {number.per:,} ÷ {plain(below)} = {plain(exact)}"

"""Checks of indicators: impossible numbers, and comparisons that would mislead a reader."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Final

from bcf_model.core.findings import Finding
from bcf_model.core.money import NotMoney, rounded
from bcf_model.core.printed_numbers import parse_print
from bcf_model.core.tables import OF_INDICATORS
from bcf_model.core.words import (
    ACTUAL,
    BY_WEIGHTS,
    LAST_YEAR,
    LEVELS,
    MONTHS,
    NO,
    NOT_AVAILABLE,
    PRINTED_DIFFERENCES,
    TARGET,
    WHOLE_YEAR,
    YES,
)
from bcf_model.core.years import year_before
from bcf_model.indicators.comparison import compared, favourable, implied
from bcf_model.indicators.series import Metric, Number, metrics_of, plain, unit_of
from bcf_model.intake.drafts import Draft, Drafts

_VALUES: Final = "metric_values"
_WHOLE: Final = 100
"""All people, in percent."""


def numbers(drafts: Drafts) -> Iterator[Finding]:
    """A number of an indicator can be read, and has the decimals stated (BCF602, BCF603)."""
    forms = {code: form for _, code, form in drafts.table("metrics").rows("metric", "form")}
    draft = drafts.table(_VALUES)
    columns = ("metric", "series", "value", "numerator", "denominator", "decimals")
    for i, metric, series, value, above, below, decimals in draft.rows(*columns):
        unit = unit_of(forms.get(metric, "count"), series)
        for column, text, of in (
            ("value", value, unit), ("numerator", above, "count"), ("denominator", below, "count"),
        ):  # fmt: skip
            if not text or text.casefold() == NOT_AVAILABLE:
                continue
            try:
                read = parse_print(text, of)
            except NotMoney:
                number = "a count" if of in ("count", "days") else f"a number in {of}"
                expected = f"{number}, blank, or '{NOT_AVAILABLE}'"
                yield draft.at(i).finding("BCF602", column, repr(text), expected)
                continue
            if column == "value" and read.places not in {decimals, None} and not read.about:
                said = f"{text!r} with {read.places}"
                yield draft.at(i).finding("BCF603", "decimals", said, str(decimals))


def stated_once(drafts: Drafts) -> Iterator[Finding]:
    """A number of an indicator is stated once, and a denominator once a year (BCF803)."""
    keys = {
        _VALUES: ("metric", "series", "period"),
        "denominators": ("denominator", "financial_year"),
        "volumes": ("scheme_id", "version", "cell"),
    }
    for table, columns in keys.items():
        draft, first = drafts.table(table), dict[tuple[str, ...], int]()
        for i, *key in draft.rows(*columns):
            if tuple(key) in first:
                value = f"{', '.join(key)}, as in row {draft.numbers[first[tuple(key)]]}"
                yield draft.at(i).finding("BCF803", columns[0], value)
            first.setdefault(tuple(key), i)


def contradictions(drafts: Drafts) -> Iterator[Finding]:
    """Numbers of an indicator do not contradict each other (BCF804)."""
    draft = drafts.table(_VALUES)
    for metric in _metrics(drafts).values():
        for (series, period), number in metric.numbers.items():
            if series not in LEVELS or number.value is None:
                continue
            if (said := _divided(number)) or (said := _of_year(metric, series, period, number)):
                yield draft.at(number.rows[0]).finding("BCF804", "value", *said)
        if metric.about.apportioned == BY_WEIGHTS and not metric.weights:
            at = drafts["metrics"].cells["metric"].index(metric.about.metric)
            expected = "twelve weights, not all of them nil, in the series 'weight'"
            yield drafts["metrics"].at(at).finding("BCF804", "apportioned", BY_WEIGHTS, expected)


def _divided(number: Number) -> tuple[str, str] | None:
    """Return what a printed rate is, and what its numerator and denominator come to."""
    above, below = number.numerator, number.denominator
    if not number.printed or above is None or not below or number.value is None:
        return None
    exact = above * number.per / below
    if abs(exact - number.value) * 2 <= number.step:
        return None
    came = rounded(exact, number.decimals)
    return plain(number.value), f"{plain(came)}, {plain(above)} × {number.per:,} ÷ {plain(below)}"


def _of_year(metric: Metric, series: str, period: str, number: Number) -> tuple[str, str] | None:
    """Return the number of a year, and what its months or quarters come to, if that is another."""
    if period != WHOLE_YEAR:
        return None
    parts = Metric(metric.about, {k: it for k, it in metric.numbers.items() if k[1] != period})
    added = parts.at(series, WHOLE_YEAR).value
    if added is None or added == number.value or number.value is None:
        return None
    noun = "months" if any((series, month) in metric.numbers for month in MONTHS) else "quarters"
    return plain(number.value), f"{plain(added)}, what its {noun} come to"


def signs(drafts: Drafts) -> Iterator[Finding]:
    """A printed difference goes the way the numbers beside it go (BCF811)."""
    for metric in _metrics(drafts).values():
        for (series, period), number in metric.numbers.items():
            if series not in PRINTED_DIFFERENCES or number.value is None:
                continue
            against, sign = PRINTED_DIFFERENCES[series]
            part = compared(metric, against, period).part
            if part is not None and part * number.value * sign < 0 and _shows(number, part):
                other = next(n for n, it in PRINTED_DIFFERENCES.items() if it == (against, -sign))
                value = f"{plain(number.value)}% in '{series}'"
                beside = f"{plain(rounded(part * 100 * sign, number.decimals))}%"
                expected = f"{beside}, or the series '{other}', if it is printed in that order"
                yield (
                    drafts[_VALUES].at(number.rows[0]).finding("BCF811", "series", value, expected)
                )


def _shows(number: Number, part: Fraction) -> bool:
    """Return whether a sign shows at the decimals printed: nil has none."""
    return rounded(part * 100, number.decimals) != 0


def denominators(drafts: Drafts) -> Iterator[Finding]:
    """An actual and its target are rates of one denominator (BCF812)."""
    for metric in _metrics(drafts).values():
        one = compared(metric, TARGET, metric.latest)
        if one.two_denominators:
            conclusion = "unchanged" if one.same_on_one else "not sure"
            yield drafts[_VALUES].at(one.compared.rows[0]).finding(
                "BCF812", "value", f"{implied(one.actual)}; {implied(one.compared)}",
                f"one denominator; on one, the conclusion is {conclusion}",
            )  # fmt: skip


def definitions(drafts: Drafts) -> Iterator[Finding]:
    """An indicator has one definition in all of its series (BCF813)."""
    for metric in _metrics(drafts).values():
        of = metric.about.definition
        for number in metric.numbers.values():
            if number.definition and number.definition != of:
                value = f"{number.definition!r} beside {of!r}"
                yield drafts[_VALUES].at(number.rows[0]).finding("BCF813", "definition", value)
                break


def bases(drafts: Drafts) -> Iterator[Finding]:
    """A target is stated of a period the actual is known of (BCF814)."""
    for metric in _metrics(drafts).values():
        one = compared(metric, TARGET, metric.latest)
        if one.mixed:
            expected = f"the {TARGET} of {one.period}"
            yield (
                drafts[_VALUES]
                .at(one.actual.rows[0])
                .finding("BCF814", "period", one.lacks, expected)
            )


def volumes(drafts: Drafts) -> Iterator[Finding]:
    """A variance is split by the one volume the budget of the line was set on (BCF805, BCF815)."""
    draft = drafts.table("volumes")
    of_line: dict[str, list[tuple[int, str, int, str]]] = {}
    for i, scheme, *said in draft.rows("scheme_id", "version", "planned", "budget_set_on"):
        of_line.setdefault(scheme, []).append((i, *said))
    for scheme, rows in of_line.items():
        words = {version: [it for _, of, _, it in rows if of == version] for _, version, *_ in rows}
        set_on = [version for version, said_of in words.items() if YES in said_of]
        for i, version, _, word in rows:
            if word == YES and version != set_on[0]:
                value = f"yes of {version!r} and of {set_on[0]!r}, both of {scheme!r}"
                yield draft.at(i).finding("BCF805", "budget_set_on", value, "yes of one of them")
            elif word != words[version][0]:
                value = f"yes and no of {version!r} of {scheme!r}"
                yield draft.at(i).finding("BCF805", "budget_set_on", value, words[version][0])
        if not set_on:
            stated = ", ".join(f"{planned:,} ({version})" for _, version, planned, _ in rows)
            value = f"{stated} of {scheme!r}"
            yield draft.at(rows[0][0]).finding("BCF815", "budget_set_on", value)


def quotients(drafts: Drafts) -> Iterator[Finding]:
    """A rate is stated with what it was divided from (BCF816)."""
    for metric in _metrics(drafts).values():
        lacking = [
            number
            for (series, _), number in metric.numbers.items()
            if series in LEVELS and number.value is not None and not number.exact
            if None in (number.numerator, number.denominator)
        ]
        if lacking:
            without = [name for name in ("numerator", "denominator")
                       if any(getattr(it, name) is None for it in lacking)]  # fmt: skip
            value = f"{len(lacking)} number{'s' * (len(lacking) > 1)} of {metric.about.metric!r}"
            yield (
                drafts[_VALUES]
                .at(lacking[0].rows[0])
                .finding("BCF816", without[0], value, f"the {' and the '.join(without)} of each")
            )


def statuses(drafts: Drafts) -> Iterator[Finding]:
    """A printed status is that of the figures (BCF817)."""
    for metric in _metrics(drafts).values():
        for (series, period), number in metric.numbers.items():
            one = compared(metric, TARGET, period)
            if series == ACTUAL and number.status and one.status not in ("", number.status):
                gap = "" if one.part is None else f", {plain(rounded(one.part * 100, 1))}% of it"
                expected = f"{one.status}: the difference from the target is "
                expected += f"{plain(one.difference or Fraction(0))}{gap}"
                yield (
                    drafts[_VALUES]
                    .at(number.rows[0])
                    .finding("BCF817", "status", repr(number.status), expected)
                )


def within_reach(drafts: Drafts) -> Iterator[Finding]:
    """A level is nil or more, a percentage at most 100, and no target asks for worse (BCF818)."""
    draft = drafts.table(_VALUES)
    for metric in _metrics(drafts).values():
        for (series, _), number in metric.numbers.items():
            if series not in LEVELS or number.value is None:
                continue
            percent = metric.about.form == "percent"
            if number.value < 0 or (percent and number.value > _WHOLE):
                value = f"{plain(number.value)}{'%' if percent else ''}"
                expected = "0 to 100%" if percent else "nil or more"
                yield draft.at(number.rows[0]).finding("BCF818", "value", value, expected)
        target, before = (metric.at(series, WHOLE_YEAR) for series in (TARGET, LAST_YEAR))
        if target.value is None or before.value is None:
            continue
        if favourable(metric, target.value - before.value) == NO:
            value = f"a target of {plain(target.value)}, last year {plain(before.value)}"
            expected = f"a target that is {metric.about.better}: {metric.about.better} is better"
            yield draft.at(target.rows[0]).finding("BCF818", "value", value, expected, mild=True)


def targets(drafts: Drafts) -> Iterator[Finding]:
    """A target that is not stated is not nil (BCF819)."""
    for metric in _metrics(drafts).values():
        of_target = [it for (series, _), it in metric.numbers.items() if series == TARGET]
        if any(it.value is not None for it in of_target):
            continue
        code = metric.about.metric
        draft, column = drafts[_VALUES], "value"
        at = of_target[0].rows[0] if of_target else -1
        if at < 0:
            draft, column = drafts["metrics"], "metric"
            at = draft.cells["metric"].index(code)
        yield draft.at(at).finding("BCF819", column, f"no target of {code!r}")


def complete(drafts: Drafts) -> Iterator[Finding]:
    """What was achieved is known of each month up to the latest (BCF820)."""
    for metric in _metrics(drafts).values():
        one = compared(metric, TARGET, metric.latest)
        rows = [it.rows[0] for (series, _), it in metric.numbers.items() if series == ACTUAL]
        if rows and one.actual.value is None:
            yield drafts[_VALUES].at(rows[-1]).finding("BCF820", "value", one.actual.lacks)


def _metrics(drafts: Drafts) -> Mapping[str, Metric]:
    """Read the indicators; none where a cell of theirs could not be read, or there is no year."""
    tables = {name: drafts.get(name) for name in OF_INDICATORS}
    if drafts.year is None or any(it is None or it.broken for it in tables.values()):
        return {}
    rows = {name: _rows(it) for name, it in tables.items() if it is not None}
    return metrics_of(rows, {ACTUAL: drafts.year, LAST_YEAR: year_before(drafts.year)})


def _rows(draft: Draft) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(**{name: column[i] for name, column in draft.cells.items()})
        for i in range(len(draft.numbers))
    ]

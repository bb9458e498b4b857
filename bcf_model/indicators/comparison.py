"""An indicator against its target, last year and the nation: by how much, and is it met."""

from fractions import Fraction
from typing import Any, Final, NamedTuple, cast

from bcf_model.core.expressions import (
    Column,
    Expression,
    Rounded,
    Whole,
    columns_in,
    of_row,
    replaced,
    unrounded,
)
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.money import rounded
from bcf_model.core.words import (
    ACTUAL,
    BY_SHAPE,
    LAST_YEAR,
    LEVELS,
    MONTHS,
    NO,
    OVER,
    STRAIGHT,
    TARGET,
    WHOLE_YEAR,
    YES,
)
from bcf_model.core.worked_columns import PROJECTED, of_indicator
from bcf_model.indicators.series import Metric, Number, plain, spoken

COMPARED_WITH: Final = tuple(series for series in LEVELS if series != ACTUAL)
LATEST_YEAR: Final = "the latest twelve months"
AS_TO_DATE: Final = "as in the year to date"
_PART: Final = MEASURES["indicator_percent"].expression


class Comparison(NamedTuple):
    """An indicator at a period, beside what it is compared with.

    Attributes:
        metric: the indicator. against: one of `COMPARED_WITH`. period: of both.
        actual: what was achieved. compared: what it is compared with.
    """

    metric: Metric
    against: str
    period: str
    actual: Number
    compared: Number

    def expression(self, column: str) -> Expression | None:
        """Return what a column of it is worked out by (`worked_columns.of_indicator`)."""
        return of_indicator(column, self.metric.judged_by(self.against))

    def _worked(self, expression: Expression | None) -> Any:
        """Return what it comes to, exactly; None where a number is not known."""
        numbers = {"actual": self.actual.value, "compared": self.compared.value}
        if expression is None or None in numbers.values():
            return None
        if "difference" in columns_in(expression):
            numbers["difference"] = self.difference
        return unrounded(expression, of_row(numbers))

    @property
    def difference(self) -> Fraction | None:
        """Actual less compared."""
        return cast("Fraction | None", self._worked(self.expression("difference")))

    @property
    def part(self) -> Fraction | None:
        """The difference as a part of what it is compared with; None where that is not above 0."""
        return cast("Fraction | None", self._worked(_PART))

    @property
    def favourable(self) -> str:
        """Whether the difference is favourable; blank where it is not known."""
        return self._worked(self.expression("favourable")) or ""

    @property
    def met(self) -> str:
        """Whether a target is met; blank where there is none, or it is not known."""
        return self._worked(self.expression("met")) or ""

    @property
    def status(self) -> str:
        """The status of a target by the thresholds, in percent of it; blank where not known."""
        return self._worked(self.expression("status")) or ""

    @property
    def two_denominators(self) -> bool:
        """Whether an actual and its target, which are of one year, are rates of two denominators.

        As far as their prints tell; two years have two.
        """
        ends, others = self.actual.implied_denominator, self.compared.implied_denominator
        if self.against != TARGET or ends is None or others is None:
            return False
        return max(ends[0], others[0]) > min(ends[1], others[1])

    @property
    def same_on_one(self) -> bool:
        """Whether on one denominator, whichever it is, the difference goes the same way."""
        above, other = self.actual.numerator, self.compared.numerator
        if above is None or other is None:
            return False
        return favourable(self.metric, above - other) == self.favourable

    @property
    def of_denominators(self) -> str:
        """What is to be said of two denominators; blank where there is one."""
        if not self.two_denominators:
            return ""
        conclusion = "unchanged" if self.same_on_one else "not sure"
        return (
            f"The two are not of one denominator: {implied(self.actual)}, "
            f"{implied(self.compared)}. On one of them the conclusion is {conclusion}."
        )

    @property
    def remark(self) -> str:
        """What must be known beside it: what it lacks, of which denominators, what is remarked."""
        lacks = f"{self.lacks[0].upper()}{self.lacks[1:]}." if self.lacks else ""
        notes = (f"{note.rstrip('.')}." for note in self._said("note"))
        return " ".join(filter(None, (lacks, self.of_denominators, *notes)))

    @property
    def source(self) -> str:
        """Where its numbers are stated."""
        return "; ".join(self._said("source"))

    def _said(self, column: str) -> list[str]:
        """Return what the rows of its numbers say in a column, each once."""
        rows = {row: it for it in self.metric.numbers.values() for row in it.rows}
        said = (getattr(rows[row], column) for row in (*self.actual.rows, *self.compared.rows))
        return [*dict.fromkeys(filter(None, said))]

    @property
    def mixed(self) -> tuple[str, ...]:
        """The periods of what it is compared with, where it is stated of none that fits."""
        if self.compared.value is not None or self.actual.value is None:
            return ()
        numbers = self.metric.numbers.items()
        return tuple(p for (s, p), it in numbers if s == self.against and it.value is not None)

    @property
    def lacks(self) -> str:
        """Why the difference is not known; blank where it is."""
        if self.mixed:
            stated = ", ".join(map(spoken, self.mixed))
            return f"the {self.against} is of {stated}, the actual of {spoken(self.period)}"
        return " and ".join(filter(None, (self.actual.lacks, self.compared.lacks)))


def favourable(metric: Metric, difference: Fraction | None) -> str:
    """Return whether a difference, actual less compared, is the better way."""
    one = Comparison(metric, "", "", Number(difference), Number(Fraction(0)))
    return one.favourable


def compared(metric: Metric, against: str, period: str) -> Comparison:
    """Place an indicator beside what it is compared with, like with like: at one period."""
    return Comparison(
        metric, against, period, metric.at(ACTUAL, period), metric.at(against, period)
    )


def projected(metric: Metric) -> tuple[Fraction | None, str]:
    """Project an indicator to the end of the year.

    Returns:
        The projection, rounded as the actual is printed, and the method by name; None where there
        is no method, as of a quarter.
    """
    period = metric.latest
    known = metric.at(ACTUAL, period)
    if known.value is None or period not in (WHOLE_YEAR, *MONTHS):
        return None, ""
    if period in (WHOLE_YEAR, MONTHS[-1]):
        return known.value, OVER
    if metric.about.period_basis == "rolling 12":
        return known.value, LATEST_YEAR
    if metric.about.form != "count":
        return known.value, AS_TO_DATE
    whole, so_far = metric.at(LAST_YEAR, WHOLE_YEAR).value, metric.at(LAST_YEAR, period).value
    by_shape = whole is not None and bool(so_far)
    method = BY_SHAPE if by_shape else STRAIGHT
    said = {"to_date": known.value, "last_year": whole, "last_year_to_date": so_far,
            "months": Fraction(MONTHS.index(period) + 1)}  # fmt: skip
    return rounded(unrounded(PROJECTED[method], of_row(said)), known.decimals), method


def projection_of(metric: Metric) -> Expression:
    """Return what the projection of an indicator is worked out of: figures of the latest period."""
    chosen, (_, method) = {"metric": metric.about.metric}, projected(metric)
    actual, last_year = (Figure.of("indicator", **chosen, **of)
                         for of in ({}, {"series": LAST_YEAR}))  # fmt: skip
    if method not in PROJECTED:
        return actual
    period = metric.latest
    by: dict[Expression, Expression] = {
        Column("to_date"): actual,
        Column("last_year_to_date"): last_year,
        Column("last_year"): Figure.of("indicator", **chosen, series=LAST_YEAR, period=WHOLE_YEAR),
        Column("months"): Whole(MONTHS.index(period) + 1),
    }
    return Rounded(replaced(PROJECTED[method], by), metric.at(ACTUAL, period).decimals)


def projected_met(metric: Metric, value: Fraction | None) -> str:
    """Return whether a projection meets the target of the year; blank where it is not known."""
    target = metric.at(TARGET, WHOLE_YEAR)
    if value is None or target.value is None:
        return ""
    return NO if favourable(metric, value - target.value) == NO else YES


def implied(number: Number) -> str:
    """Describe the denominators that a printed rate and its numerator can have.

    >>> rate = Number(Fraction(732), exact=False, numerator=Fraction(684), per=10**5, printed=True)
    >>> implied(rate)
    '684 at 732 per 100,000 is of 93,379 to 93,506'
    """
    ends = number.implied_denominator
    assert ends is not None and number.value is not None and number.numerator is not None
    return (
        f"{plain(number.numerator)} at {plain(number.value)} per {number.per:,} "
        f"is of {ends[0]:,} to {ends[1]:,}"
    )

"""An indicator against its target, last year and the nation: by how much, and is it met."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from bcf_model.core.money import rounded
from bcf_model.core.words import (
    ACTUAL,
    AMBER,
    GREEN,
    LAST_YEAR,
    LEVELS,
    MONTHS,
    RED,
    TARGET,
    WHOLE_YEAR,
)
from bcf_model.indicators.series import Metric, Number, plain, spoken

COMPARED_WITH: Final = tuple(series for series in LEVELS if series != ACTUAL)
YES, NO, NEITHER = "yes", "no", "neither"
OVER: Final = "the year is over"
LATEST_YEAR: Final = "the latest twelve months"
BY_SHAPE: Final = "last year's shape: to date × last year ÷ last year to date"
STRAIGHT: Final = "straight line: to date × 12 ÷ months"
AS_TO_DATE: Final = "as in the year to date"


@dataclass(frozen=True)
class Comparison:
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

    @property
    def difference(self) -> Fraction | None:
        """Actual less compared."""
        if self.actual.value is None or self.compared.value is None:
            return None
        return self.actual.value - self.compared.value

    @property
    def part(self) -> Fraction | None:
        """The difference as a part of what it is compared with; None where that is not above 0."""
        if self.difference is None or not self.compared.value or self.compared.value < 0:
            return None
        return self.difference / self.compared.value

    @property
    def favourable(self) -> str:
        """Whether the difference is favourable; blank where it is not known."""
        return favourable(self.metric, self.difference)

    @property
    def met(self) -> str:
        """Whether a target is met; blank where there is none, or it is not known."""
        if self.against != TARGET or not self.favourable:
            return ""
        return NO if self.favourable == NO else YES

    @property
    def status(self) -> str:
        """The status of a target by the thresholds, in percent of it; blank where not known."""
        if self.met != NO:
            return GREEN if self.met else ""
        missed = None if self.part is None else abs(self.part)
        green, amber = self.metric.limits
        if missed is None or missed > amber:
            return RED
        return GREEN if missed <= green else AMBER

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
    if difference is None:
        return ""
    if not difference:
        return NEITHER
    return YES if (difference > 0) == (metric.about.better == "higher") else NO


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
    if whole is not None and so_far:
        return rounded(known.value * whole / so_far, known.decimals), BY_SHAPE
    months = MONTHS.index(period) + 1
    return rounded(known.value * len(MONTHS) / months, known.decimals), STRAIGHT


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

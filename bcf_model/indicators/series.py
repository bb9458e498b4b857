"""What is stated of an indicator: its series, month by month, to date and of the year.

All numbers are exact fractions, in the unit they are printed in; what is rounded is rounded once,
half away from zero. A blank is not stated and never nil, and nothing is worked out from what is not
known: a number without a value says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, NamedTuple

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.money import MILLIONTHS, NotMoney, rounded
from bcf_model.core.printed_numbers import parse_print
from bcf_model.core.tables import HELD_IN
from bcf_model.core.words import (
    ACTUAL,
    BY_WEIGHTS,
    EVENLY,
    LAST_YEAR,
    LEVELS,
    MONTHS,
    NOT_AVAILABLE,
    NOT_STATED,
    PRINTED_DIFFERENCES,
    QUARTERS,
    TARGET,
    WEIGHT,
    WHOLE_YEAR,
)

SUPPRESSED: Final = "suppressed: it is printed as too small to be told"
_READ_AS: Final = {"count": "days", "rate": "per 100,000", "percent": "percent", "average": "each"}
"""The unit in which a number of each form is read: a count of days may say so."""
_RUNNING: Final = ("cumulative", "rolling 12")
"""Bases of which a month stands for more than itself."""


def plain(number: Fraction) -> str:
    """Write a number of at most six decimals, with commas between thousands.

    >>> plain(Fraction(56141)), plain(Fraction(-241, 10))
    ('56,141', '-24.1')
    """
    whole, rest = divmod(int(rounded(abs(number), 6) * MILLIONTHS), MILLIONTHS)
    text = f"{whole:,}.{rest:06}".rstrip("0").rstrip(".")
    return f"-{text}" if number < 0 and text != "0" else text


class Number(NamedTuple):
    """A number of an indicator, of one series and period.

    Attributes:
        value: None where it is not known. lacks: why, as a sentence goes on after "for".
        decimals: it is printed with, or worked to. exact: it is no rounded quotient.
        numerator, denominator: of a rate, a percentage or an average, where they are known.
        per: of a quotient, per how many of the denominator.
        printed: it stands in the file; otherwise it is worked out.
        rows: its rows of metric_values.csv, from 0.
        status, definition, source, note: as stated with it.
    """

    value: Fraction | None = None
    lacks: str = ""
    decimals: int = 0
    exact: bool = True
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    per: int = 1
    printed: bool = False
    rows: tuple[int, ...] = ()
    status: str = ""
    definition: str = ""
    source: str = ""
    note: str = ""

    @property
    def step(self) -> Fraction:
        """To what step it is known; nil where it is exact."""
        return Fraction(0) if self.exact else Fraction(1, 10**self.decimals)

    @property
    def implied_denominator(self) -> tuple[int, int] | None:
        """The least and the most whole denominator that its print and its numerator can have.

        The least is above the most where no whole number gives what is printed; None where nothing
        is implied, or nothing limits it.
        """
        if not self.printed or self.exact or self.numerator is None or self.value is None:
            return None
        low, high = (self.value + half * self.step / 2 for half in (-1, 1))
        if low <= 0:
            return None
        whole = self.numerator * self.per
        return ceil(whole / high), floor(whole / low)


@dataclass(frozen=True)
class Metric:
    """An indicator with all that is stated of it.

    Attributes:
        about: its row of metrics.csv.
        numbers: what is stated, by series and period.
        limits: by how much of the target it is missed and green, and amber, as parts of one.
    """

    about: Any
    numbers: Mapping[tuple[str, str], Number] = field(default_factory=dict)
    limits: tuple[Fraction, Fraction] = (Fraction(0), Fraction(5, 100))

    def judged_by(self, against: str) -> dict[str, str | int]:
        """Return what says how a difference is judged (`worked_columns.of_indicator`)."""
        green, amber = (int(limit * WHOLE_RATE) for limit in self.limits)
        return {"better": self.about.better, "against": against, "green": green, "amber": amber}

    def stated(self, series: str, period: str) -> Number:
        """Return a number as it is stated."""
        found = self.numbers.get((series, period))
        return found or Number(lacks=f"{_named(series, period)} is {NOT_STATED}")

    def at(self, series: str, period: str) -> Number:
        """Return what a series comes to at a period: of a month, in the year to its end."""
        if period == WHOLE_YEAR:
            return self._of_year(series)
        return self._to_date(series, period) if period in MONTHS else self.stated(series, period)

    def in_month(self, series: str, month: str) -> Number:
        """Return what a series comes to in one month; blank of a year or a quarter."""
        if month not in MONTHS:
            return Number(lacks=f"{spoken(month)} is not a month")
        place = MONTHS.index(month)
        if series == TARGET and self._is_apportioned(month):
            return self._apportioned(place, 1)
        if not self._running:
            return self.stated(series, month)
        if not self._counts or self.about.period_basis != "cumulative":
            return Number(lacks=f"{_named(series, month)} is not told apart")
        to_date = self._to_date(series, month)
        return _less(to_date, self._to_date(series, MONTHS[place - 1])) if place else to_date

    @property
    def latest(self) -> str:
        """The latest period of which the actual is known; the year where none is."""
        if self._of_year(ACTUAL).value is not None:
            return WHOLE_YEAR
        periods = QUARTERS if self.about.period_basis == "quarter" else MONTHS
        known = [it for it in periods if self.stated(ACTUAL, it).value is not None]
        return known[-1] if known else WHOLE_YEAR

    @property
    def periods(self) -> list[str]:
        """The periods anything is stated of, or apportioned to; the year and quarters as stated."""
        told = {period for (series, period) in self.numbers if series != WEIGHT}
        if self.weights and self.stated(TARGET, WHOLE_YEAR).value is not None:
            told |= {*MONTHS}
        return [it for it in (WHOLE_YEAR, *QUARTERS, *MONTHS) if it in told]

    def printed_difference(self, against: str, period: str) -> Number:
        """Return the percentage printed of a difference, as actual less what it is compared with.

        Its value is blank where none is printed.
        """
        for name, (of, sign) in PRINTED_DIFFERENCES.items():
            number = self.numbers.get((name, period))
            if of == against and number is not None and number.value is not None:
                return number._replace(value=sign * number.value)
        return Number()

    # -------------------------------------------------------------- to date

    @property
    def _counts(self) -> bool:
        return bool(self.about.form == "count")

    @property
    def _running(self) -> bool:
        return self.about.period_basis in _RUNNING

    def _of_year(self, series: str) -> Number:
        if (series, WHOLE_YEAR) in self.numbers:
            return self.stated(series, WHOLE_YEAR)
        if any((series, month) in self.numbers for month in MONTHS):
            return self._to_date(series, MONTHS[-1])
        if (
            self._counts
            and not self._running
            and all((series, q) in self.numbers for q in QUARTERS)
        ):
            return self._added([self.stated(series, quarter) for quarter in QUARTERS])
        return self.stated(series, WHOLE_YEAR)

    def _to_date(self, series: str, month: str) -> Number:
        upto = MONTHS[: MONTHS.index(month) + 1]
        if self._running and (series, month) in self.numbers:
            return self.stated(series, month)
        of_year = self.numbers.get((series, WHOLE_YEAR))
        rolls = self.about.period_basis == "rolling 12" and series == TARGET
        if of_year is not None and (month == MONTHS[-1] or rolls):
            return of_year
        if series == TARGET and self._is_apportioned(month):
            return self._apportioned(0, len(upto))
        if self._running:
            return self.stated(series, month)
        return self._added([self.stated(series, each) for each in upto])

    def _added(self, months: list[Number]) -> Number:
        """Add months or quarters up; of rates numerators and denominators, divided anew."""
        if len(months) == 1:
            return months[0]
        if lacking := [it.lacks for it in months if it.value is None]:
            return Number(lacks=lacking[0])
        rows = tuple(row for it in months for row in it.rows)
        decimals = max(it.decimals for it in months)
        if self._counts:
            return Number(_total(it.value for it in months), decimals=decimals, rows=rows)
        above, below = [it.numerator for it in months], [it.denominator for it in months]
        if None in above or None in below or not _total(below):
            return Number(lacks="the numerators and denominators of the months are not stated")
        return quotient(_total(above), _total(below), months[0].per, decimals, rows)

    def _is_apportioned(self, month: str) -> bool:
        return bool(self.about.apportioned) and (TARGET, month) not in self.numbers

    def _apportioned(self, first: int, months: int) -> Number:
        """Apportion the target of the year by cumulative rounding: months add up to it."""
        target = self.stated(TARGET, WHOLE_YEAR)
        weights = self.weights
        if target.value is None or not weights:
            return Number(lacks=target.lacks or "the weights of the months are not known")
        whole = _total(weights)
        ends = [
            rounded(target.value * _total(weights[:end]) / whole, target.decimals)
            for end in (first, first + months)
        ]
        return Number(ends[1] - ends[0], decimals=target.decimals, rows=target.rows)

    @property
    def weights(self) -> list[Fraction]:
        """The weights of the twelve months of a target; none where they are not known."""
        if not self._counts:
            return []
        if self.about.apportioned == EVENLY:
            return [Fraction(1)] * len(MONTHS)
        if self.about.apportioned == BY_WEIGHTS:
            stated = [self.stated(WEIGHT, month).value for month in MONTHS]
        else:
            stated = [self.in_month(LAST_YEAR, month).value for month in MONTHS]
        known = [weight for weight in stated if weight is not None and weight >= 0]
        return known if len(known) == len(MONTHS) and _total(known) > 0 else []


def quotient(
    above: Fraction, below: Fraction, per: int, decimals: int, rows: tuple[int, ...] = ()
) -> Number:
    """Divide: numerator × per ÷ denominator, rounded once."""
    return Number(
        rounded(above * per / below, decimals), decimals=decimals, exact=False,
        numerator=above, denominator=below, per=per, rows=rows,
    )  # fmt: skip


def _total(numbers: Iterable[Fraction | None]) -> Fraction:
    return sum((it for it in numbers if it is not None), Fraction(0))


def _less(later: Number, earlier: Number) -> Number:
    if later.value is None or earlier.value is None:
        return Number(lacks=later.lacks or earlier.lacks)
    rows = tuple(dict.fromkeys((*later.rows, *earlier.rows)))
    decimals = max(later.decimals, earlier.decimals)
    return Number(later.value - earlier.value, decimals=decimals, rows=rows)


def _named(series: str, period: str) -> str:
    named = "last year's number" if series == LAST_YEAR else f"the {series}"
    return f"{named} of {spoken(period)}"


def spoken(period: str) -> str:
    """Return a period as a sentence names it."""
    return "the year" if period == WHOLE_YEAR else period


# ------------------------------------------------------------------ from rows


def metrics_of(tables: Mapping[str, Iterable[Any]], years: Mapping[str, str]) -> dict[str, Metric]:
    """Read the indicators of a pool, by their codes.

    Args:
        tables: the rows of each of `OF_INDICATORS`.
        years: the financial year of `actual` and of `last year`.
    """
    about = {row.metric: row for row in tables["metrics"]}
    people = {
        (it.denominator, it.financial_year): Fraction(it.value, HELD_IN["quantity"])
        for it in tables["denominators"]
    }
    numbers: dict[str, dict[tuple[str, str], Number]] = {code: {} for code in about}
    for i, row in enumerate(tables["metric_values"]):
        if row.metric not in about:
            continue
        of = about[row.metric]
        year = years[LAST_YEAR if row.series == LAST_YEAR else ACTUAL]
        known = people.get((of.denominator, year))
        numbers[row.metric].setdefault((row.series, row.period), _read(i, row, of, known))
    limits = {
        it.metric: (Fraction(it.green_to, WHOLE_RATE), Fraction(it.amber_to, WHOLE_RATE))
        for it in tables["thresholds"]
    }
    return {
        code: Metric(row, numbers[code], limits.get(code, Metric.limits))
        for code, row in about.items()
    }


def _read(i: int, row: Any, about: Any, denominator: Fraction | None) -> Number:
    """Read a row of metric_values.csv; a rate that is not printed is worked out."""
    beside = {name: getattr(row, name) for name in ("status", "definition", "source", "note")}
    said = Number(decimals=row.decimals, rows=(i,), **beside)
    named = _named(row.series, row.period)
    number, lacks = read_print(row.value, unit_of(about.form, row.series))
    if row.series not in LEVELS:
        return said._replace(value=number, lacks=lacks and f"{named} is {lacks}", exact=False,
                       printed=True)  # fmt: skip
    if about.form == "count":
        return said._replace(value=number, lacks=lacks and f"{named} is {lacks}", printed=True)
    above, _ = read_print(row.numerator, "count")
    below, _ = read_print(row.denominator, "count")
    per = 100 if about.form == "percent" else about.per
    below = denominator if below is None and not row.denominator else below
    if number is None and lacks == NOT_STATED and above is not None and below:
        return quotient(above, below, per, row.decimals, (i,))._replace(**beside)
    return said._replace(value=number, lacks=lacks and f"{named} is {lacks}", exact=False,
                   numerator=above, denominator=below, per=per, printed=True)  # fmt: skip


def unit_of(form: str, series: str) -> str:
    """Return the unit a number of a series is printed in."""
    if series in PRINTED_DIFFERENCES:
        return "percent"
    return "count" if series == WEIGHT else _READ_AS[form]


def read_print(text: str, unit: str) -> tuple[Fraction | None, str]:
    """Read a number as printed; or why there is none, in words that follow "it is"."""
    if not text:
        return None, NOT_STATED
    if text.casefold() == NOT_AVAILABLE:
        return None, NOT_AVAILABLE
    try:
        read = parse_print(text, unit)
    except NotMoney:
        return None, "not to be read"
    return (None, SUPPRESSED) if read.about else (Fraction(read.number), "")

"""What a position is: plan, to date, forecast or outturn. The one place that words it.

Nothing within the year is called a year end or an outturn, and no share is given of what is no
result: every heading, sentence and file name asks here.
"""

from datetime import date
from typing import Final, NamedTuple

from bcf_model.core.words import FORECAST, OUTTURN, PLAN, TO_DATE
from bcf_model.core.years import last_day

BLOCKS: Final = "blocks"
"""The budget version that is the spending of the city's system, by block."""
MONTHS_AFTER: Final = 18
"""Months after the end of its year in which a position is still reported."""


class Standing(NamedTuple):
    """The basis of a position, and what is said because of it.

    Attributes:
        basis: a key of `words.POSITIONS`; blank where it is not known.
        position: what the whole is called, as the beginning of a heading.
        spending: what the expenditure is, in the middle of a sentence.
        expenditure: the heading of its column.
        budget: the name, as a version, of the budgets of the lines.
        spent: the same of their expenditure; blank where that is no year's amount.
        no_share: why no share is given, as a part of a sentence; blank where one is.
        provisional: what is said beside a share that is given and not final; blank for none.
    """

    basis: str
    position: str
    spending: str
    expenditure: str
    budget: str
    spent: str
    no_share: str = ""
    provisional: str = ""

    @property
    def borne(self) -> str:
        """Return the heading of the column of shares."""
        return "Borne, provisional" if self.provisional else "Borne"

    @property
    def share_note(self) -> str:
        """Return what stands beside a share: why it is blank, or that it is provisional."""
        return f"no share: {self.no_share}" if self.no_share else self.provisional

    @property
    def about_shares(self) -> tuple[str, ...]:
        """Return the sentence above a table of shares; none where they are final."""
        if self.no_share:
            return (f"No share is given: {self.no_share}.",)
        return (f"Shares are {self.provisional}.",) if self.provisional else ()

    def headed(self, when: str) -> str:
        """Return the position as the title of a page, with its date unless it is a year end."""
        return self.position if self.basis == OUTTURN else f"{self.position} as at {when}"


_STANDINGS: Final = {
    it.basis: it
    for it in (
        Standing(
            PLAN,
            "Plan",
            "planned spending",
            "Planned expenditure",
            "budget",
            "plan",
            no_share="this is a plan, and what is planned is no result to be shared",
        ),
        Standing(
            TO_DATE,
            "Position to date",
            "spending to date",
            "Expenditure to date",
            "budget",
            "",
            no_share="this is a position to date, and the agreement shares the result of a year",
        ),
        Standing(
            FORECAST,
            "Forecast position",
            "forecast spending",
            "Forecast expenditure",
            "budget",
            "forecast",
            provisional="provisional: of a forecast, not of a result",
        ),
        Standing(
            OUTTURN, "Year-end position", "outturn", "Expenditure", "year-end budget", "outturn"
        ),
        Standing(
            "",
            "Position",
            "spending as stated",
            "Expenditure",
            "budget",
            "",
            no_share="the position is of a day within the year, and its basis is not stated "
            "(set basis in the settings of the pool)",
        ),
    )
}


def standing(basis: str, as_at: date, year: str) -> Standing:
    """Return the standing of a position.

    Args:
        basis: as stated; blank where it is not: an outturn, once the year is over.
        as_at: day of the position.
        year: its financial year.
    """
    if not basis and as_at >= last_day(year):
        return _STANDINGS[OUTTURN]
    return _STANDINGS[basis]


def latest(year: str) -> date:
    """Return the last day on which a position of a year is still reported.

    >>> latest("2018-19").isoformat()
    '2020-09-30'
    """
    end = last_day(year)
    return date(end.year + MONTHS_AFTER // 12, 9, 30)


def measures_of(column: str, basis: str) -> tuple[str, ...]:
    """Return the measures of actuals.csv that an amount of a line is the sum of.

    Args:
        column: `budget` or `expenditure`.
        basis: of the position: where it is a forecast, the ledger's own forecast.

    >>> measures_of("expenditure", TO_DATE)
    ('expenditure', 'income')
    """
    if column != "expenditure":
        return (column,)
    return (FORECAST,) if basis == FORECAST else SPENT


SPENT: Final = ("expenditure", "income")
"""The measures of what was spent: income is below nil, and lessens it."""


def scheme_versions(standing: Standing) -> dict[str, str]:
    """Return the versions that are the pool's schemes, each with the column it is.

    They are called what they are at this position: an outturn only once the year is over.
    """
    named = {standing.budget: "budget", standing.spent: "expenditure"}
    return {name: column for name, column in named.items() if name}


def own_versions(standing: Standing) -> dict[str, str]:
    """Return the versions that need no row of budgets.csv, each with what it is."""
    column_of = {"budget": "the budget", "expenditure": f"the {standing.spending}"}
    schemes = {
        n: f"{column_of[c]} of each pooled scheme" for n, c in scheme_versions(standing).items()
    }
    return schemes | {BLOCKS: "the spending of the city's system by block"}

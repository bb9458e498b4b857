"""Where each table of a scenario stands in its workbook: the pages that figures are summed over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bcf_model.core.expressions import Column, Rounded, formula
from bcf_model.core.years import spoken
from bcf_model.plan.figures import NOTHING_BACK
from bcf_model.plan.words import ALL
from bcf_model.publish.excel_formulas import sum_over

IF_NOTHING: Final = "bare_"
"""What stands before the names of columns of a scenario without any return on prevention."""


class Home(NamedTuple):
    """The columns of a page that a measure is summed over.

    Attributes:
        prefix: of their names. amount: the column that is added up.
        called: a column of the table, by the name of the page's column, where that is another.
    """

    prefix: str
    amount: str
    called: Mapping[str, str] = {}


_YEAR: Final = "financial_year"
_BENEFITS: Final = ("gross", "cashable")
_YEARLY: Final = ("invested", "released", "net", "discounted", "cumulative",
                  "cumulative_discounted")  # fmt: skip
HOMES: Final[Mapping[str, Home]] = {
    **{name: Home("walk_", "amount") for name in ("closing", "change", "walk.amount")},
    "effects.amount": Home("effect_", "amount"),
    "releases.change": Home("release_", "change"),
    "payments.unpaid": Home("payment_", "unpaid"),
    "savings.adjusted_net": Home(
        "saving_", "adjusted_net", {"owner": "owner_code", "beneficiary": "beneficiary_code"}
    ),
    "funding_walk.amount": Home("funding_", "amount"),
    "prevention.invested": Home("invest_", "amount"),
    **{f"prevention.{name}": Home("benefit_", name) for name in _BENEFITS},
    **{f"matrix.{name}": Home("benefit_", name) for name in _BENEFITS},
    **{f"{table}.released": Home("release_", "released") for table in ("prevention", "matrix")},
    "payback.to_come": Home("benefit_", "to_come", {"partner": "beneficiary"}),
    **{f"positions.{name}": Home("position_", name) for name in _YEARLY},
}


def home_of(measure: str) -> Home | None:
    """Return where a measure is summed over; None where it has no page of its own."""
    home = HOMES.get(measure.removesuffix(NOTHING_BACK))
    if home is None or not measure.endswith(NOTHING_BACK):
        return home
    twice = home.prefix in ("walk_", "position_")
    return home._replace(prefix=IF_NOTHING + home.prefix) if twice else None


def summed_over(home: Home, criteria: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Print a sum over the rows of a page that have certain values in some columns.

    Args:
        home: the page's columns.
        criteria: columns of the table, each with the values a row may have.
    """
    chosen = [
        (f"{home.prefix}{home.called.get(column, column)}", values)
        if column != _YEAR
        else (f"{home.prefix}year", [*map(spoken, values)])
        for column, values in criteria
        if not (home.amount == "to_come" and [*values] == [ALL])
    ]  # fmt: skip
    summed = sum_over(f"{home.prefix}{home.amount}", chosen)
    return formula(Rounded(Column("")), lambda _: summed)

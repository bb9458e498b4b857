"""The variance of a line whose money follows activity: volume, mix, price, and what is apart.

Volume is told at planned prices, price is the rest: what comes of number and price together is in
it. Parts add up to the variance exactly. The arithmetic is `worked_columns.PRICE_VOLUME`.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any, Final, NamedTuple

from bcf_model.core.expressions import of_row, with_decimals
from bcf_model.core.money import rounded
from bcf_model.core.worked_columns import PRICE_VOLUME, of_split

NO_PRICES: Final = "the prices of its cells are not stated"
NOT_SET_ON: Final = (
    "the budget was not set on this volume: the split by it does not stand, and is shown beside "
    "those by others"
)
_PRICES: Final = ("planned_price", "actual_price")
NOT_STATED_OF_LINE: Final = "an amount of the line is not stated"


class Line(NamedTuple):
    """The amounts of a line, in pence.

    Attributes:
        budget: of the line. given: its expenditure at full price. unpaid: of it not paid.
    """

    budget: int
    given: int
    unpaid: int


def split(line: Line, cells: Iterable[Any]) -> dict[str, Any] | None:
    """Split the variance of a line by a planned volume, in pence.

    Args:
        line: its amounts.
        cells: rows of volumes.csv of one line and version; None where nothing is stated.

    Returns:
        Every column of `PRICE_VOLUME`; the parts add up to `variance`. `stated` names those that
        are constants, joined by +. None where several cells have no prices.
    """
    rows = list(cells)
    row = {"budget": line.budget, "given": line.given, "unpaid": -line.unpaid, **_numbers(rows)}
    known: dict[str, int] = {}
    prices = {name: [getattr(it, name) for it in rows] for name in _PRICES}
    stated = {name: each for name, each in prices.items() if None not in each}
    if len(rows) == 1:
        known |= {"mix": 0, **{name: price for name, [price] in stated.items()}}
        if "planned_price" not in stated and rows[0].linked_amount is not None:
            known["cost"] = rows[0].linked_amount
    elif stated == prices:
        known["cost"] = sum(it.planned * it.planned_price for it in rows)
        known["at_planned_prices"] = sum(it.actual * it.planned_price for it in rows)
        known["spent"] = sum(it.actual * it.actual_price for it in rows)
    else:
        return None
    if not line.unpaid:
        known["unpaid"] = 0
    worked = {name: Fraction(number) for name, number in (row | known).items()}
    for name in PRICE_VOLUME:
        if name not in worked and (expression := of_split(name, known)):
            worked[name] = with_decimals(expression, of_row(worked), rounded)
    return {
        **{name: None if value is None else int(value) for name, value in worked.items()},
        "stated": "+".join(known),
    }


def table(volumes: Iterable[Any], lines: Mapping[str, Line | None]) -> list[dict[str, Any]]:
    """Return a row for each line and planned volume, in the order stated.

    Args:
        volumes: rows of volumes.csv.
        lines: the amounts of each line; None where one of them is not stated.
    """

    def key(row: Any) -> tuple[str, str]:
        return row.scheme_id, row.version

    rows = list(volumes)
    order = {at: i for i, at in enumerate(dict.fromkeys(map(key, rows)))}
    found = []
    for (scheme, version), cells in groupby(sorted(rows, key=lambda row: order[key(row)]), key):
        of = list(cells)
        line = lines[scheme]
        parts = None if line is None else split(line, of)
        lost = NOT_STATED_OF_LINE if line is None else NO_PRICES
        stands = of[0].budget_set_on == "yes"
        found.append({
            "scheme_id": scheme,
            "version": version,
            "budget_set_on": of[0].budget_set_on,
            "source": of[0].source,
            "stated": "+".join(PRICE_VOLUME),
            **_numbers(of),
            **(parts or {}),
            "reason": lost if parts is None else "" if stands else NOT_SET_ON,
        })  # fmt: skip
    return found


def _numbers(rows: Iterable[Any]) -> dict[str, int]:
    """Return the planned and the actual number of all cells."""
    return {name: sum(getattr(row, name) for row in rows) for name in ("planned", "actual")}

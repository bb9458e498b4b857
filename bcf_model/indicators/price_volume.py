"""The variance of a line whose money follows activity: volume, mix, price, and what is apart.

Volume is told at planned prices, price is the rest: what comes of number and price together is in
it. Parts add up to the variance exactly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Final

from bcf_model.core.money import rounded

NO_PRICES: Final = "the prices of its cells are not stated"
NOT_SET_ON: Final = (
    "the budget was not set on this volume: the split by it does not stand, and is shown beside "
    "those by others"
)


@dataclass(frozen=True)
class Line:
    """The amounts of a line, in pence.

    Attributes:
        budget: of the line. given: its expenditure at full price. unpaid: of it not paid.
    """

    budget: int
    given: int
    unpaid: int


def split(line: Line, cells: Iterable[Any]) -> dict[str, int | None] | None:
    """Split the variance of a line by a planned volume, in pence.

    Args:
        line: its amounts.
        cells: rows of volumes.csv of one line and version.

    Returns:
        Prices on average, and the parts, which add up to `variance`; None where several cells have
        no prices.
    """
    rows = list(cells)
    prices = [Fraction(row.planned_price) for row in rows]
    linked = next((row.linked_amount for row in rows if row.linked_amount), line.budget)
    planned, actual = (_total(getattr(row, name) for row in rows) for name in ("planned", "actual"))
    if not all(prices):
        if len(rows) > 1:
            return None
        prices = [Fraction(linked) / planned]
    cost = _total(row.planned * price for row, price in zip(rows, prices, strict=True))
    spent = line.given - (line.budget - cost)
    if all(row.actual_price for row in rows):
        spent = _total(row.actual * row.actual_price for row in rows)
    elif len(rows) > 1:
        return None
    average = cost / planned
    volume = rounded((actual - planned) * average, 0)
    mix = rounded(
        _total(
            (row.actual - actual * row.planned / planned) * price
            for row, price in zip(rows, prices, strict=True)
        ),
        0,
    )
    unlinked = line.given - line.budget - (spent - cost)
    return {
        "planned_price": int(rounded(average, 0)),
        "actual_price": int(rounded(spent / actual, 0)) if actual else None,
        "volume": int(volume),
        "mix": int(mix),
        "price": int(spent - cost - volume - mix),
        "unlinked": int(unlinked),
        "unpaid": -line.unpaid,
        "variance": line.given - line.unpaid - line.budget,
    }


def table(volumes: Iterable[Any], lines: Mapping[str, Line | None]) -> list[dict[str, Any]]:
    """Return a row of price_volume.csv for each line and planned volume, in the order stated.

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
        lost = "an amount of the line is not stated" if line is None else NO_PRICES
        stands = of[0].budget_set_on == "yes"
        found.append({
            "scheme_id": scheme,
            "version": version,
            "budget_set_on": of[0].budget_set_on,
            "planned": sum(row.planned for row in of),
            "actual": sum(row.actual for row in of),
            **(parts or {}),
            "reason": lost if parts is None else "" if stands else NOT_SET_ON,
        })  # fmt: skip
    return found


def _total(numbers: Iterable[Fraction | int]) -> Fraction:
    return sum(map(Fraction, numbers), Fraction(0))

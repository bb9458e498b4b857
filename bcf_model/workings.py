"""The arithmetic of one row of each table that has computed columns (docs/rules.md).

Each column is an expression: calculated for all rows at once (`model`), printed into the workbook,
and told in words. Which expression a column of the risk share's working paper has depends on what
the row says: whether its band has an end, whether its bearer is limited, whether it is an offset.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from bcf_model.expressions import (
    NIL,
    Column,
    Expression,
    Least,
    Most,
    PartOf,
    Quotient,
    Rate,
    Total,
    held_between,
)
from bcf_model.figures import VARIANCE
from bcf_model.vocabulary import NONE

POT_VARIANCE: Final = Total("unattributed", sharing="pot", table="lines")
VARIANCE_OF_CAUSES: Final = Total("amount", sharing="pot", table="causes")
BUDGET: Final = Total("budget", sharing="pot", table="lines")
OFFERED: Final = Column("variance") - Total("borne", sharing="pot", above=True, before="step")
CUMULATIVE_WEIGHT: Final = Total("weight", sharing="call", up_to="position")
TOTAL_WEIGHT: Final = Total("weight", sharing="call")
SIZE: Final = Most(Column("variance"), NIL - Column("variance"))
USED: Final = Least(Total("weight", sharing="call"), Total("weight", sharing="call", to="against"))
"""Of an offset: the smaller of the overspends and the underspends."""

REACHED: Final = Quotient(Column("slice") * Column("cumulative_weight"), Column("total_weight"))
REACHED_BEFORE: Final = Quotient(
    Column("slice") * (Column("cumulative_weight") - Column("weight")), Column("total_weight")
)
SHARE: Final = REACHED - REACHED_BEFORE
"""Cumulative rounding: shares sum to the slice to the penny, in the agreement's order."""

BALANCE: Final = Column("limit") - Total("borne", sharing="bearer", above=True)
UP_TO: Final = held_between(Column("offered"), Column("edge"))
"""What is offered, up to where a band begins or ends: a slice is one of these less another."""

OPENING: Final = Total("released", sharing="reserve", table="reserves", to="bearer")
FROM_RESERVE: Final = Least(Column("share"), Most(Column("available"), NIL))
WITHIN_LIMIT: Final = held_between(Column("share"), Column("limit"))


def percent_of_budget(millionths: int) -> Expression:
    """Give a percentage of the pot's budget, of nil where that is negative, to the penny."""
    return PartOf(Most(Column("budget"), NIL), Rate(millionths))


def slice_of(*, has_floor: bool, has_ceiling: bool) -> Expression:
    """Give the part of what is offered that lies inside a band."""
    offered = Column("offered")
    up_to = held_between(offered, Column("ceiling")) if has_ceiling else offered
    return up_to - held_between(offered, Column("floor")) if has_floor else up_to


def borne_of(*, is_reserve: bool, is_limited: bool) -> Expression:
    """Give what a bearer takes of its share."""
    if is_reserve:
        return FROM_RESERVE
    return WITHIN_LIMIT if is_limited else Column("share")


LINES: Final[dict[str, Expression]] = {
    "unpaid": Total("unpaid", sharing="scheme_id", table="payments"),
    "expenditure": Column("given") - Column("unpaid"),
    "variance": VARIANCE,
    "attributed": Total("amount", sharing="scheme_id", table="causes"),
    "unattributed": Column("variance") - Column("attributed"),
}
"""Sign: positive is an overspend. What a pool has no use for is left out (`in_row`)."""

PAYMENTS: Final[dict[str, Expression]] = {
    "difference": (Column("actual") - Column("planned")) * Column("price"),
    "point": PartOf(Column("planned") * Column("price"), Column("reopens_at")),
    "within": held_between(Column("difference"), Column("point")),
    "paid": PartOf(Column("within"), Column("share"))
    + PartOf(Column("difference") - Column("within"), Column("share_beyond")),
    "unpaid": Column("difference") - Column("paid"),
}
"""Payment by activity, in the order in which the columns follow from each other."""

RESERVES: Final[dict[str, Expression]] = {
    "unreleased": Column("opening") - Column("released"),
    "drawn": Total("borne", sharing="bearer", to="reserve", table="shares", sign=1),
    "paid_in": NIL - Total("borne", sharing="bearer", to="reserve", table="shares", sign=-1),
    "closing": Column("released") - Column("drawn") + Column("paid_in"),
}
"""What a reserve bore of overspends is drawn; what it took of underspends, below nil, paid in."""


def in_row(table: str, column: str, row: Mapping[str, Any]) -> Expression | None:
    """Give the expression of a column in one row of a table; None for a constant.

    Args:
        table: lines, shares, payments, reserves or causes.
        column: its column.
        row: of the shares, what the row says (cause, basis, bearer_kind, band_from, band_to,
            limit_stated, variance); of the reserves, released_by; of others it does not matter.
    """
    if table == "shares":
        return _of_share(column, row)
    if (table, column) == ("reserves", "released"):
        return None if row["released_by"] else Column("opening")
    return {"lines": LINES, "payments": PAYMENTS, "reserves": RESERVES}.get(table, {}).get(column)


def _of_share(column: str, row: Mapping[str, Any]) -> Expression | None:
    found: Expression | None = _ALWAYS.get(column)
    offset, reserve = row["basis"] == "offset", row["bearer_kind"] == "reserve"
    match column:
        case "variance":
            found = POT_VARIANCE if row["cause"] == NONE else VARIANCE_OF_CAUSES
        case "floor" | "ceiling" | "limit":
            text = row[_STATED[column]]
            found = percent_of_budget(millionths(text)) if text.endswith("%") else None
            if column == "limit" and reserve:
                found = OPENING
        case "slice" if offset:
            found = USED if row["variance"] >= 0 else NIL - USED
        case "slice":
            found = slice_of(has_floor=row["band_from"] != "", has_ceiling=row["band_to"] != "")
        case "weight" if offset:
            found = SIZE
        case "available" if reserve:
            found = BALANCE
        case "borne":
            found = borne_of(is_reserve=reserve, is_limited=row["limit_stated"] != "")
    return found


def counts_pence(table: str, column: str, row: Mapping[str, Any]) -> bool:
    """Say whether a weight is an amount of money: of an offset it is the pot's variance."""
    return table == "shares" and row["basis"] == "offset" and column.endswith("weight")


_STATED: Final = {"floor": "band_from", "ceiling": "band_to", "limit": "limit_stated"}
_ALWAYS: Final = {
    "budget": BUDGET,
    "offered": OFFERED,
    "cumulative_weight": CUMULATIVE_WEIGHT,
    "total_weight": TOTAL_WEIGHT,
    "share": SHARE,
}


def millionths(percentage: str) -> int:
    """Read a percentage, such as 2.5%, in millionths of a percent.

    >>> millionths("2.5%")
    2500000
    """
    return int(Decimal(percentage.removesuffix("%").replace(",", "")) * 10**6)

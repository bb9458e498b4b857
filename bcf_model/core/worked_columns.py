"""The arithmetic of one row of each table that has computed columns (docs/rules.md).

Each column is an expression: calculated for all rows at once (`year`), printed into the workbook,
and told in words. Which expression a column of the risk share's working paper has depends on what
the row says: whether its band has an end, whether its bearer is limited, whether it is an offset.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import cache, reduce
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Expression,
    If,
    Leaf,
    Least,
    Most,
    PartOf,
    Quotient,
    Rate,
    Ratio,
    Total,
    WhereAboveNil,
    Whole,
    evaluate,
    held_between,
)
from bcf_model.core.figures import VARIANCE
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.sums import by_key, of_each
from bcf_model.core.words import (
    AMBER,
    BASIS,
    BY_SHAPE,
    GREEN,
    NEITHER,
    NO,
    NONE,
    RED,
    STRAIGHT,
    TARGET,
    YES,
)

POT_VARIANCE: Final = Total("unattributed", sharing="pot", table="lines")
VARIANCE_OF_CAUSES: Final = Total("amount", sharing="pot", table="causes")
VARIANCE_OF_PARTS: Final = Total("variance", sharing="pot", table="parts")
BUDGET: Final = Total("budget", sharing="pot", table="lines")
BUDGET_OF_PARTS: Final = Total("budget", sharing="pot", table="parts")
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
    """Return a percentage of the pot's budget, of nil where that is negative, to the penny."""
    return PartOf(Most(Column("budget"), NIL), Rate(millionths))


def slice_of(*, has_floor: bool, has_ceiling: bool) -> Expression:
    """Return the part of what is offered that lies inside a band."""
    offered = Column("offered")
    up_to = held_between(offered, Column("ceiling")) if has_ceiling else offered
    return up_to - held_between(offered, Column("floor")) if has_floor else up_to


@cache
def borne_of(
    *, is_reserve: bool, is_limited: bool, over: bool = False, under: bool = False
) -> Expression:
    """Return what a bearer takes of its share.

    Args:
        is_reserve: its balance limits it, and nothing else.
        is_limited: by its own row of the rules.
        over: by limits over several rules, on overspends.
        under: by such limits on underspends.
    """
    if is_reserve:
        return FROM_RESERVE
    borne = WITHIN_LIMIT if is_limited else Column("share")
    if over:
        borne = Least(borne, Most(Column("room"), NIL))
    return Most(borne, NIL - Most(Column("room_under"), NIL)) if under else borne


class Limited(NamedTuple):
    """A limit over several rules, as its arithmetic sees it.

    Attributes:
        code: of the limit. counts: overspends, underspends or net.
        money: kind and grant of what counts towards it, in order: a net limit nets each by itself.
        lines: what selects the lines it covers: columns, each with the values it may have.
        table: of which they are: lines, or parts where it stands in a part of the year.
    """

    code: str
    counts: str
    money: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    table: str = "lines"

    @property
    def holds_over(self) -> bool:
        """Whether it limits what is borne of overspends."""
        return self.counts != "underspends"

    @property
    def amount(self) -> Expression:
        """The limit in money."""
        return Total("amount", table="limits", of=(("limit_id", (self.code,)),))

    def borne(self, *, above: bool, sign: int = 0, money: tuple[str, str] | None = None) -> Total:
        """Return what counts towards it, of one sign or of one kind and grant."""
        of = [("limits", self.code)]
        of += [] if money is None else zip(("kind", "grant"), money, strict=True)
        chosen = tuple((name, (value,)) for name, value in of)
        return Total("borne", above=above, table="" if above else "shares", sign=sign, of=chosen)

    def counted(self, *, above: bool, but: tuple[str, str] | None = None) -> Expression:
        """Return what is used of it.

        Args:
            above: by the rows above the row at hand; else by all.
            but: this kind and grant counts whichever its sign: what is left is for a row of it.
        """
        if self.counts == "overspends":
            return self.borne(above=above, sign=1)
        if self.counts == "underspends":
            return NIL - self.borne(above=above, sign=-1)
        parts = [
            of if money == but else Most(of, NIL)
            for money in self.money
            for of in [self.borne(above=above, money=money)]
        ]
        return reduce(lambda one, other: one + other, parts[1:], parts[0]) if parts else NIL

    def room(self, money: tuple[str, str]) -> Expression:
        """Return what it leaves a row of this kind and grant, before the row."""
        if self.counts == "underspends":  # which are below nil
            return self.amount + self.borne(above=True, sign=-1)
        return self.amount - self.counted(above=True, but=money)


@cache
def room_of(limits: Sequence[Limited], money: tuple[str, str], *, over: bool) -> Expression | None:
    """Return what limits leave a row before it: the least of them; None where none is that way.

    Args:
        limits: those the row counts towards.
        money: its kind and grant.
        over: of overspends; else of underspends.
    """
    rooms = [one.room(money) for one in limits if one.holds_over == over]
    return reduce(Least, rooms) if rooms else None


LINES: Final[dict[str, Expression]] = {
    "unpaid": Total("unpaid", sharing="scheme_id", table="payments"),
    "expenditure": Column("given") - Column("unpaid"),
    "variance": VARIANCE,
    "attributed": Total("amount", sharing="scheme_id", table="causes"),
    "unattributed": Column("variance") - Column("attributed"),
}
"""Sign: positive is an overspend. What a pool has no use for is left out (`in_row`)."""

PARTS: Final[dict[str, Expression]] = {"variance": VARIANCE}
"""Of a line in a part of the year."""

PAYMENTS: Final[dict[str, Expression]] = {
    "difference": (Column("actual") - Column("planned")) * Column("price"),
    "point": PartOf(Column("planned") * Column("price"), Column("reopens_at")),
    "within": held_between(Column("difference"), Column("point")),
    "paid": PartOf(Column("within"), Column("share"))
    + PartOf(Column("difference") - Column("within"), Column("share_beyond")),
    "unpaid": Column("difference") - Column("paid"),
}
"""Payment by activity, in the order in which the columns follow from each other."""

RELEASED: Final = If(
    Column("planned"),
    Quotient(
        Column("opening") * Least(Most(Column("achieved"), NIL), Column("planned")),
        Most(Column("planned"), Whole(1)),
    ),
    Column("opening"),
)
"""What can be called on: what was achieved of a measure says, if one is planned; else all."""
RESERVES: Final[dict[str, Expression]] = {
    "unreleased": Column("opening") - Column("released"),
    "drawn": Total("borne", sharing="bearer", to="reserve", table="shares", sign=1),
    "paid_in": NIL - Total("borne", sharing="bearer", to="reserve", table="shares", sign=-1),
    "closing": Column("released") - Column("drawn") + Column("paid_in"),
}
"""What a reserve bore of overspends is drawn; what it took of underspends, below nil, paid in."""


def work_out(
    frame: pd.DataFrame, columns: Mapping[str, Expression], tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Compute columns of all rows, each from those before it and from totals of other tables.

    Args:
        frame: one row per row of the table.
        columns: each as its expression; a total is over the rows of another table that share a key.
        tables: by name, with amounts in whole pence.
    """
    worked = frame.copy()

    def leaf(of: Leaf) -> Any:
        if isinstance(of, Column):
            return worked[of.name].to_numpy()
        rows = tables[of.table]
        amounts = rows[of.name].where(np.sign(rows[of.name]) == of.sign, 0) if of.sign else (
            rows[of.name]
        )  # fmt: skip
        return of_each(worked[of.to or of.sharing], by_key(rows[of.sharing], amounts))

    for name, expression in columns.items():
        worked[name] = np.asarray(evaluate(expression, leaf), dtype=np.int64)
    return worked


DIFFERENCE: Final = Column("actual") - Column("compared")
"""Of an indicator; whether that is favourable the indicator says."""
PROJECTED: Final[dict[str, Expression]] = {
    BY_SHAPE: Ratio(Column("to_date") * Column("last_year"), Column("last_year_to_date")),
    STRAIGHT: Ratio(Column("to_date") * Whole(12), Column("months")),
}
"""What a count comes to at the end of the year, by how it is projected; rounded as printed."""

PRICE_VOLUME: Final[dict[str, Expression]] = {
    "budget": Total("budget", sharing="scheme_id", table="lines"),
    "given": Total("given", sharing="scheme_id", table="lines"),
    "cost": Column("budget"),
    "spent": Column("given") - (Column("budget") - Column("cost")),
    "planned_price": Quotient(Column("cost"), Column("planned")),
    "actual_price": WhereAboveNil(Column("actual"), Quotient(Column("spent"), Column("actual"))),
    "at_planned_prices": Quotient(Column("actual") * Column("cost"), Column("planned")),
    "volume": Quotient((Column("actual") - Column("planned")) * Column("cost"), Column("planned")),
    "mix": Quotient(
        Column("at_planned_prices") * Column("planned") - Column("actual") * Column("cost"),
        Column("planned"),
    ),
    "price": Column("spent") - Column("cost") - Column("volume") - Column("mix"),
    "unlinked": Column("given") - Column("budget") - (Column("spent") - Column("cost")),
    "unpaid": NIL - Total("unpaid", sharing="scheme_id", table="lines"),
    "variance": Column("volume")
    + Column("mix")
    + Column("price")
    + Column("unlinked")
    + Column("unpaid"),
}
"""Volume, mix and price of a line, in the order in which the columns follow from each other.

`cost` is what follows activity of the budget, `spent` of the expenditure; a row that states one of
its columns has it as a constant (`stated`).
"""


_AT_A_PRICE: Final = {
    "cost": ("planned_price", Column("planned") * Column("planned_price")),
    "spent": ("actual_price", Column("actual") * Column("actual_price")),
}
"""What follows activity, by the price that is stated of it."""


def of_split(column: str, stated: Collection[str]) -> Expression | None:
    """Return the expression of a column of `PRICE_VOLUME` in a row; None for a constant.

    Args:
        column: its column.
        stated: the columns that are constants.
    """
    if column in stated:
        return NIL if column in ("mix", "unpaid") else None
    price, at_a_price = _AT_A_PRICE.get(column, ("", NIL))
    return at_a_price if price in stated else PRICE_VOLUME.get(column)


def of_indicator(
    column: str, row: Mapping[str, Any], said: Mapping[str, str] | None = None
) -> Expression | None:
    """Return the expression of a column that says what a difference is, in texts; or of it.

    Args:
        column: difference, favourable, met or status.
        row: which way is `better`, what it is set `against`, and by how much of it a target is
            missed and still `green`, and `amber`, in millionths of a percent.
        said: what stands in place of `YES`, `NO` and `NEITHER`; these words, where it is None.
    """
    yes, no, neither = ((said or {}).get(word, word) for word in (YES, NO, NEITHER))
    adverse = Column("difference") if row["better"] == "lower" else NIL - Column("difference")

    def beyond(limit: str) -> Expression:
        return adverse * Rate(WHOLE_RATE) - Column("compared") * Rate(row[limit])

    if column in ("met", "status") and row["against"] != TARGET:
        return None
    return {
        "difference": DIFFERENCE,
        "favourable": If(adverse, no, If(NIL - adverse, yes, neither)),
        "met": If(adverse, no, yes),
        "status": If(adverse, If(beyond("amber"), RED, If(beyond("green"), AMBER, GREEN)), GREEN),
    }[column]


def in_row(table: str, column: str, row: Mapping[str, Any]) -> Expression | None:
    """Return the expression of a column in one row of a table; None for a constant.

    Args:
        table: lines, parts, shares, payments, reserves, limits, causes or price_volume.
        column: its column.
        row: of the shares, what the row says (part, cause, basis, bearer_kind, band_from, band_to,
            limit_stated, variance, kind, grant, and `under`, the limits it counts towards); of the
            reserves, released_by; of the limits, at_most and `under`, itself; of price_volume,
            `stated`, the columns that are constants; of others it does not matter.
    """
    if table == "shares":
        return _of_share(column, row)
    if table == "limits":
        return _of_limit(column, row)
    if (table, column) == ("reserves", "released"):
        return None if row["released_by"] else Column("opening")
    if table == "price_volume":
        return of_split(column, row["stated"].split("+"))
    return {
        "lines": LINES, "parts": PARTS, "payments": PAYMENTS, "reserves": RESERVES,
    }.get(table, {}).get(column)  # fmt: skip


def _of_share(column: str, row: Mapping[str, Any]) -> Expression | None:
    found: Expression | None = _ALWAYS.get(column)
    offset, reserve = BASIS[row["basis"]].offsets, row["bearer_kind"] == "reserve"
    match column:
        case "variance" if row["part"]:
            found = VARIANCE_OF_PARTS
        case "variance":
            found = POT_VARIANCE if row["cause"] == NONE else VARIANCE_OF_CAUSES
        case "budget" if row["part"]:
            found = BUDGET_OF_PARTS
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
        case "room" | "room_under":
            money = (row["kind"], row["grant"])
            found = room_of(row["under"], money, over=column == "room")
        case "borne":
            over = {one.holds_over for one in row["under"]}
            found = borne_of(
                is_reserve=reserve, is_limited=row["limit_stated"] != "",
                over=True in over, under=False in over,
            )  # fmt: skip
    return found


def _of_limit(column: str, row: Mapping[str, Any]) -> Expression | None:
    limit: Limited = row["under"][0]
    match column:
        case "budget":
            return Total("budget", table=limit.table, of=limit.lines)
        case "amount" if row["at_most"].endswith("%"):
            return percent_of_budget(millionths(row["at_most"]))
        case "counted":
            return limit.counted(above=False)
        case "left":
            return Column("amount") - Column("counted")
    return None


def counts_pence(table: str, column: str, row: Mapping[str, Any]) -> bool:
    """Return whether a weight is an amount of money: of an offset it is the pot's variance."""
    return table == "shares" and BASIS[row["basis"]].offsets and column.endswith("weight")


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
    return int(Decimal(percentage.removesuffix("%").replace(",", "")) * MILLIONTHS)

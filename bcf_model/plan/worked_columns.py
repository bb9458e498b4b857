"""The arithmetic of one row of the bridge, and of what goes into it (docs/method.md, 4 and 6).

Each column is an expression, as in `core.worked_columns`: evaluated in tests against the engine,
printed into the workbook of a scenario, and told in words. A `place` is a line in a year.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import NIL, Column, Expression, PartOf, Quotient, Total, Whole
from bcf_model.core.money import multiply
from bcf_model.plan.bridge import ALLOCATION, Bridge
from bcf_model.plan.part_year import MONTHS
from bcf_model.plan.words import NOT_ALLOCATED, OPENING, PAYMENT_STEPS

CARRIED: Final = Total("amount", sharing="place", to="place_before", above=True)
"""The opening of a later year: all rows of the line in the year before."""
BASE: Final = Total("amount", sharing="place", above=True, before="step_order")
"""What a percentage is taken of: the line after the steps before this one."""
OF_BASE: Final = PartOf(Column("base"), Column("rate"))
REACHED: Final = Quotient(Column("whole") * Column("cumulative_weight"), Column("total_weight"))
REACHED_BEFORE: Final = Quotient(
    Column("whole") * (Column("cumulative_weight") - Column("weight")), Column("total_weight")
)
PARTED: Final = REACHED - REACHED_BEFORE
"""Cumulative rounding: the parts of an amount sum to it to the penny, in the order of the lines."""

IN_THE_YEAR: Final = Quotient(Column("stated") * Column("months"), Whole(MONTHS))
EFFECTS: Final[dict[str, Expression]] = {
    "in the year": IN_THE_YEAR,
    "rest": Column("stated") - IN_THE_YEAR,
    "reversal": NIL - IN_THE_YEAR,
}
"""What an amount that starts in a period does in its year and in the next, by part."""

OF_PROGRAMMES: Final[dict[tuple[str, str], Expression]] = {
    ("saving", "in the year"): NIL - Column("adjusted_part_year"),
    ("saving", "rest"): NIL - Column("adjusted_full_year_effect"),
    ("saving", "reversal"): Column("reversal"),
    ("investment", "in the year"): Column("part_year_investment"),
    ("investment", "rest"): Column("full_year_investment"),
    ("investment", "reversal"): NIL - Column("reversal_of_investment"),
}
"""What a savings programme does to the bridge, by side and part: of the columns of its own row."""
STATED_OF: Final[dict[str, Expression]] = {
    "saving": NIL - Column("gross"),
    "investment": Column("investment"),
}
"""Full-year value of each side of a programme, signed as in the bridge."""

_WALK: Final[dict[tuple[str, str], Expression]] = {
    ("percent", "base"): BASE,
    ("percent", "amount"): OF_BASE,
    ("pounds", "amount"): PARTED,
}

OPENED: Final = -1
RELEASED: Final = -2
BY_ACTIVITY: Final = -3
"""Rows of the walk that come from no number of the bridge: openings, released prevention, and
payment by activity."""


def in_row(column: str, unit: str, *, first_year: bool) -> Expression | None:
    """Return the expression of a column of the walk; None for a constant.

    Args:
        column: base or amount; others are looked up, or constants.
        unit: of the row: opening, percent or pounds.
        first_year: whether it is the first year of the plan, whose openings are stated.
    """
    if (unit, column) == (OPENING, "amount"):
        return None if first_year else CARRIED
    return _WALK.get((unit, column))


def origins(bridge: Bridge, walk: pd.DataFrame) -> NDArray[np.int64]:
    """Return of each row of a walk which number of the bridge it comes from.

    Args:
        bridge: as it was walked.
        walk: `output_tables.Walk`, of that bridge.

    Returns:
        The place in `bridge.numbers`: first those of the percentages, then those of the amounts;
        `OPENED` for an opening, `RELEASED` for what prevention released, `BY_ACTIVITY` for what
        is unpaid of activity, or put back.
    """
    found = np.full(len(walk), RELEASED, dtype=np.int64)
    at = 0
    for year in bridge.years:
        found[at : at + len(bridge.lines)] = OPENED
        at += len(bridge.lines)
        for step in bridge.order:
            start = at
            for entry in bridge.entries.get((year, step), ()):
                # An allocation first takes from the line that is not allocated.
                rows = len(entry.lines) + (step == ALLOCATION)
                found[at : at + rows] = entry.number
                at += rows
            if step in PAYMENT_STEPS:
                found[start : start + len(bridge.paid.lines)] = BY_ACTIVITY
            of_step = (walk["financial_year"] == year) & (walk["step"] == step)
            at = start + int(of_step.sum())
    return found


def by_place(bridge: Bridge, walk: pd.DataFrame) -> pd.DataFrame:
    """Order a walk in the order of its years and lines, so that the rows of a line stand together.

    Returns:
        The walk with `number` (`origins`), `place`, `place_before` (blank in the first year) and
        `taken`: whether it is what an allocation takes from the line that is not allocated.
    """
    place = walk["financial_year"] + " " + walk["line"]
    years = dict(zip(bridge.years[1:], bridge.years, strict=False))
    before = walk["financial_year"].map(years)
    known = before.notna()
    taken = (walk["step"] == ALLOCATION) & (walk["line"] == NOT_ALLOCATED)
    order = {line: i for i, line in enumerate(bridge.lines["line"])}
    found = walk.assign(
        number=origins(bridge, walk),
        place=place,
        place_before=(before.where(known, "") + " " + walk["line"]).where(known, ""),
        taken=taken,
        line_order=walk["line"].map(order),
    )
    keys = ["financial_year", "line_order"]
    return found.sort_values(keys, kind="stable", ignore_index=True).drop(columns="line_order")


def near_half(walk: pd.DataFrame) -> int:
    """Count the rows within a thousandth of a penny of a half penny, but not on it.

    The engine is exact. A spreadsheet calculates with 15 digits, and may round such a row the other
    way.
    """
    near = np.zeros(len(walk), dtype=np.bool_)
    before = walk["cumulative_weight"] - walk["weight"]
    rates, whole_rate = walk["rate"].to_numpy(), np.full(len(walk), 10**8, dtype=np.int64)
    for amount, by, of in (
        (walk["base"], rates, whole_rate),
        (walk["whole"], walk["cumulative_weight"].to_numpy(), walk["total_weight"].to_numpy()),
        (walk["whole"], before.to_numpy(), walk["total_weight"].to_numpy()),
    ):
        off = abs(2 * (abs(multiply(amount.to_numpy(), by)) % of) - of)
        near |= ((off > 0) & (off * 500 < of)).astype(np.bool_)
    return int(near.sum())

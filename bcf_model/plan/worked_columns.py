"""The arithmetic of one row of the bridge, and of what goes into it (docs/method.md, 4 and 6).

Each column is an expression, as in `core.worked_columns`: the engine evaluates it, exactly or on
draws, the workbook of a scenario has it printed, and it is told in words. A `place` is a line in a
year.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Deflated,
    Expression,
    Leaf,
    Least,
    Most,
    PartOf,
    Quotient,
    Scaled,
    Total,
    Whole,
    of_row,
)
from bcf_model.core.figures import row_by_row
from bcf_model.core.money import MILLIONTHS, is_near_half
from bcf_model.plan.words import OPENING

MONTHS: Final = 12

CARRIED: Final = Total("amount", sharing="place", to="place_before", above=True)
"""The opening of a later year: all rows of the line in the year before."""
BASE: Final = Total("amount", sharing="place", above=True, before="step_order")
"""What a percentage is taken of: the line after the steps before this one."""
OF_BASE: Final = PartOf(Column("base"), Column("rate"))


def parted_by(whole: Column, reached: Column, weight: Column, total: Column) -> Expression:
    """Return the part of an amount that a row has by its weight, by cumulative rounding."""
    return Quotient(whole * reached, total) - Quotient(whole * (reached - weight), total)


PARTED: Final = parted_by(
    Column("whole"), Column("cumulative_weight"), Column("weight"), Column("total_weight")
)
"""Cumulative rounding: the parts of an amount sum to it to the penny, in the order of the lines."""

IN_THE_YEAR: Final = Quotient(Column("stated") * Column("months"), Whole(MONTHS))
EFFECTS: Final[dict[str, Expression]] = {
    "in the year": IN_THE_YEAR,
    "rest": Column("stated") - IN_THE_YEAR,
    "reversal": NIL - IN_THE_YEAR,
}
"""What an amount that starts in a period does in its year and in the next, by part."""
LATER_STEPS: Final = {"rest": "full-year effects", "reversal": "non-recurrent"}
"""The step of what it does in the next."""

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

LEFT: Final = Most(Column("base") + Column("put_back"), NIL)
"""What a line has once last year's release is put back, before any stream takes of it."""
LEVEL: Final = Least(Column("cashable"), Column("most"))
"""What a stream releases: what is cashable, but no more than all its lines have."""
RELEASE: Final[dict[str, Expression]] = {
    "room": LEFT - Column("taken"),
    "level": LEVEL,
    "released": parted_by(Column("level"), Column("reached"), Column("room"), Column("most")),
    "so_far": Column("taken") + Column("released"),
    "change": Column("before") - Column("released"),
}
"""What prevention releases of a line, stream by stream: `reached` is the room of this line and of
those before it, `most` that of all lines of the stream."""

GROSS: Final = Scaled(
    Column("investment"),
    (Column("return_per_pound"), Column("factor"), Column("share")),
    MILLIONTHS * MILLIONTHS * WHOLE_RATE,
)
BENEFITS: Final[dict[str, Expression]] = {
    "gross": GROSS,
    "cashable": PartOf(Column("gross"), Column("percent")),
}
"""What one row of investment gives back to one beneficiary in one year: return per pound and the
factor on it in millionths, the share of that year and what of it is cashable in percent."""
CASHABLE_LATER: Final = PartOf(GROSS, Column("percent"))
"""What can be taken out of budgets after the last year, of which no gross benefit is shown."""


def net_of(years: Sequence[str], *, discounted: bool) -> Expression:
    """Return the net position of the last of these years in prices of the first, and discounted.

    Its leaves are the column `net` and, for each later year, a column called `step year`.
    """
    steps = ("deflator", "discount") if discounted else ("deflator",)
    return Deflated(
        Column("net"), tuple(Column(f"{step} {year}") for year in years[1:] for step in steps)
    )


POSITIONS: Final[dict[str, Expression]] = {
    "net": Column("released") - Column("invested"),
    "cumulative": Total("net", sharing="partner", up_to="financial_year"),
    "cumulative_discounted": Total("discounted", sharing="partner", up_to="financial_year"),
}
"""A partner's position in one year; `net_of` has it in prices of the first year."""
OF_ALL: Final = ("invested", "released", "net", "deflated", "discounted")
"""Columns of all partners together: each is the sum of theirs, which are rounded."""

HELD: Final = Total("amount", sharing="place", above=True)
"""What a place has by the rows above."""
STATED_ANEW: Final = Column("whole") - HELD
"""What a recurrent amount of funding that is stated again adds to what was carried forward."""
WEIGHT: Final = Most(Column("base"), NIL)
"""An amount for several funds is parted by what each has before the changes of the year."""

AS_STATED: Final = {
    "base": 0, "rate": 0, "whole": 0, "weight": 1, "cumulative_weight": 1, "total_weight": 1,
}  # fmt: skip
"""What a row has in the columns that its amount does not follow from."""
Reading = Callable[[Expression, Callable[[Leaf], Any]], Any]
"""How an expression is read: `evaluate`, or on draws `unrounded`."""


def row_of(expression: Expression, known: Mapping[str, Any], read: Reading) -> dict[str, Any]:
    """Return the columns an amount follows from, and `amount`."""
    return {**known, "amount": read(expression, of_row(known))}


_WALK: Final[dict[tuple[str, str], Expression]] = {
    ("percent", "base"): BASE,
    ("percent", "amount"): OF_BASE,
    ("pounds", "amount"): PARTED,
}


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


def each_by_its_own(
    frame: pd.DataFrame, expressions: Iterable[Expression | None]
) -> NDArray[np.int64]:
    """Evaluate on each row of a table the expression it has; nil where it has none."""
    amounts = np.zeros(len(frame), dtype=np.int64)
    rows_by_expression: dict[Expression, list[int]] = {}
    for i, expression in enumerate(expressions):
        if expression is not None:
            rows_by_expression.setdefault(expression, []).append(i)
    for expression, at in rows_by_expression.items():
        amounts[at] = row_by_row(frame.iloc[at], expression)
    return amounts


def near_half(walk: pd.DataFrame) -> int:
    """Count the rows that lie within a thousandth of a penny of a half penny, but not on it."""
    base, rate, whole, weight, reached, total = (
        walk[name].to_numpy()
        for name in ("base", "rate", "whole", "weight", "cumulative_weight", "total_weight")
    )
    near = is_near_half(base, rate, np.full(len(walk), WHOLE_RATE, dtype=np.int64))
    for upto in (reached, reached - weight):
        near |= is_near_half(whole, upto, total)
    return int(np.count_nonzero(near))

"""Printed figures beside computed ones, each with its allowance.

A printed number stands for an interval: 1,927 in £000 says between 1,926.5 and 1,927.5. So does
every input that was itself rounded before it was typed. A computed total of n rounded amounts may
therefore differ from the printed one by half a unit for each of them, and half for the total.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pandas as pd

from bcf_model.cells import printed_number
from bcf_model.figures import MEASURES, Figure
from bcf_model.tables import records
from bcf_model.vocabulary import UNITS

AGREES = "agrees"
WITHIN = "within rounding"
OUTSIDE = "outside rounding"
NOT_COMPARABLE = "not comparable"
NOT_COMPUTED = "not computed"

Value = Callable[[Figure], int | float | None]
Count = Callable[[Figure], int]


def step_of(amounts: "pd.Series[int]", unit: str) -> int:
    """Give the step in which amounts are written, in pence: the unit, a tenth of it, and so on.

    It is the largest such step, down to the pound, that divides every amount. Where there are odd
    pence it is one penny, and that is exact: nothing was rounded.

    >>> step_of(pd.Series([1_927_00000, 130_00000]), "thousands")
    100000
    """
    step = UNITS[unit]
    while step >= UNITS["pounds"]:
        if (amounts % step == 0).all():
            return step
        step //= 10
    return 1


def compare(printed: pd.DataFrame, value: Value, amounts_behind: Count, step: int) -> pd.DataFrame:
    """Put each printed number beside the computed one.

    Args:
        printed: `tables.Published`.
        value: computes a figure (pence or rate).
        amounts_behind: counts the lines a figure adds up.
        step: the step in which the inputs are written, in pence (`step_of`).

    Returns:
        `tables.PublishedOut`, one row per printed number, in the printed unit.
    """
    slack = Fraction(step, 2) if step > 1 else Fraction(0)
    rows = [_row(row, value, amounts_behind, slack) for row in records(printed)]
    kept = ["published_id", "source", "label", "column", "printed", "unit", "figure"]
    computed = pd.DataFrame(rows, columns=[*_COMPUTED]).astype(_COMPUTED)
    return pd.concat([printed[kept], computed], axis=1)


_COMPUTED = {
    "computed": "float64",
    "difference": "float64",
    "lowest": "float64",
    "highest": "float64",
    "rounded_amounts": "int64",
    "verdict": "str",
}


def _row(row: Any, value: Value, amounts_behind: Count, slack: Fraction) -> list[Any]:
    blank = [float("nan")] * 4
    figure = Figure.parse(row.figure)
    if not figure.computable:
        return [*blank, 0, NOT_COMPUTED]
    is_rate = MEASURES[figure.measure].unit == "rate"
    lines = amounts_behind(figure)
    amounts = lines if figure.measure in {"budget", "expenditure"} else 2 * lines
    exact, low, high = _interval(figure, value, lines, amounts, slack)
    if exact is None or is_rate != (row.unit == "percent"):
        return [*blank, amounts, NOT_COMPARABLE]
    scale = Fraction(1, 100) if is_rate else Fraction(UNITS[row.unit])
    stated = Fraction(printed_number(row.printed, row.unit))
    half = Fraction(1, 2) / 10**row.decimals
    computed, lowest, highest = exact / scale, low / scale - half, high / scale + half
    if abs(stated - computed) <= half:
        verdict = AGREES
    else:
        verdict = WITHIN if lowest <= stated <= highest else OUTSIDE
    numbers = (computed, stated - computed, lowest, highest)
    return [*(round(float(n), 6) for n in numbers), amounts, verdict]


def _interval(
    figure: Figure, value: Value, lines: int, amounts: int, slack: Fraction
) -> tuple[Fraction | None, Fraction, Fraction]:
    """Give the exact value, the least and the most it could be, in pence or as a rate."""
    if MEASURES[figure.measure].unit == "money":
        exact = Fraction(value(figure) or 0)
        return exact, exact - amounts * slack, exact + amounts * slack
    budget = Fraction(value(Figure("budget", figure.selection)) or 0)
    spent = Fraction(value(Figure("expenditure", figure.selection)) or 0)
    if budget - lines * slack <= 0:
        return None, budget, budget
    # variance ÷ budget = expenditure ÷ budget − 1, of two amounts that were rounded independently
    corners = [
        (spent + s * lines * slack) / (budget + b * lines * slack) - 1
        for s in (-1, 1)
        for b in (-1, 1)
    ]
    return spent / budget - 1, min(corners), max(corners)

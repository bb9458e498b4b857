"""Printed figures beside computed ones, each with its allowance.

A printed number stands for an interval: 1,927 in £000 says between 1,926.5 and 1,927.5. So does
every input that was itself rounded before it was typed. A computed total of n rounded amounts may
therefore differ from the printed one by half a unit for each of them, and half for the total.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.errors import NotHeld, NotStated, UnknownFigure
from bcf_model.core.expressions import WHOLE_RATE, columns_in
from bcf_model.core.figures import MEASURES, OF_ONE_ROW, Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.printed_numbers import MONEY, parse_print
from bcf_model.core.stated_amounts import AMOUNTS, step_of
from bcf_model.core.tables import HELD_IN, records
from bcf_model.core.words import ACTUAL, TARGET

AGREES = "agrees"
WITHIN = "within rounding"
TURNED = "opposite sign"
"""It would agree, or lie within rounding, with its sign turned: taken away the other way round."""
OUTSIDE = "outside rounding"
NOT_COMPARABLE = "not comparable"
NOT_COMPUTED = "not computed"


class Rounding(NamedTuple):
    """What the rounding of the inputs may do to a figure.

    Attributes:
        amounts: how many of the amounts behind it were rounded before they were typed.
        budget: by how much, at most, its budget is out for that, in pence, or of stated budgets
            the figure itself; of an indicator, in millionths, what it is compared with.
        expenditure: the same of its expenditure, or of an indicator itself.
        apart: what its variance is out more than both together, or less below nil: a variance may
            be stated by itself.
    """

    amounts: int
    budget: Fraction
    expenditure: Fraction
    apart: Fraction = Fraction(0)

    @property
    def variance(self) -> Fraction:
        """By how much, at most, its variance is out."""
        return self.budget + self.expenditure + self.apart


Value = Callable[[Figure], int | float | None]


def rounding(figures: Ledger) -> Callable[[Figure], Rounding]:
    """Return what says of a figure how far the rounding of its inputs may carry it.

    An amount written in whole thousands may be half a thousand out; one written to the penny is
    exact. A share is out by its part of what its pot is out, and by a penny of its own.
    """
    return cache(_Roundings(figures).of_figure)


class _Roundings:
    """How far the figures of a pool may be out, by the steps its amounts are written in."""

    def __init__(self, figures: Ledger) -> None:
        """Keep the steps of the lines: half of one is how far an amount may be out."""
        self._figures = figures
        lines = figures.tables["lines"]
        steps = {name: figures.array("lines", step_of(name)) for name in AMOUNTS
                 if step_of(name) in lines}  # fmt: skip
        self._halves = {name: np.where(step > 1, step, 0) for name, step in steps.items()}
        both = self._halves["budget"] + self._halves["expenditure"]
        self._halves.setdefault("variance", both)
        # A variance stated by itself, of a line whose budget and expenditure are not.
        self._alone = (steps["budget"] == 0) & (steps["expenditure"] == 0)
        self._of_pot = cache(self._of_lines_of_pot)

    def of_figure(self, figure: Figure) -> Rounding:
        table, rows = MEASURES[figure.measure].table, self._figures.rows(figure)
        if table == "budgets":
            return self._of_budgets(figure)
        if table in OF_ONE_ROW:
            return self._of_indicator(figure)
        out = self._of_lines(rows) if table == "lines" else self._of_shares(rows)
        if figure.measure in {"budget", "expenditure"}:
            return out._replace(amounts=int((self._halves[figure.measure][rows] > 0).sum()))
        return out

    def _of_lines(self, rows: NDArray[np.intp]) -> Rounding:
        alone = rows[self._alone[rows]]
        counted = {"budget": rows, "expenditure": rows, "variance": alone}
        amounts = sum(int((self._halves[name][of] > 0).sum()) for name, of in counted.items())
        out = {name: Fraction(int(half[rows].sum()), 2) for name, half in self._halves.items()}
        both = out["budget"] + out["expenditure"]
        return Rounding(amounts, out["budget"], out["expenditure"], out["variance"] - both)

    def _of_lines_of_pot(self, pot: str) -> Rounding:
        return self._of_lines(np.flatnonzero(self._figures.array("lines", "pot") == pot))

    def _of_shares(self, rows: NDArray[np.intp]) -> Rounding:
        whole = Rounding(0, Fraction(0), Fraction(0))
        pots, weights, totals = (
            self._figures.column("shares", name) for name in ("pot", "weight", "total_weight")
        )
        for row in rows:
            pot = self._of_pot(pots[row])
            part = Fraction(weights[row], totals[row])
            penny = Fraction(1 if pot.amounts and part not in {0, 1} else 0)
            whole = Rounding(
                whole.amounts + pot.amounts,
                whole.budget + pot.budget * part,
                whole.expenditure + pot.expenditure * part + penny,
                whole.apart + pot.apart * part,
            )
        return whole

    def _of_budgets(self, figure: Figure) -> Rounding:
        rows = self._figures.rows(figure)
        names = columns_in(MEASURES[figure.measure].expression)
        steps = np.concatenate(
            [self._figures.array("budgets", step_of(name))[rows] for name in names]
        )
        rounded = steps[steps > 1]
        return Rounding(len(rounded), Fraction(int(rounded.sum()), 2), Fraction(0))

    def _of_indicator(self, figure: Figure) -> Rounding:
        table, rows = MEASURES[figure.measure].table, self._figures.rows(figure)
        if figure.measure == "indicator_printed":  # in millionths of a percent; it is a rate
            step = int(self._figures.array(table, step_of("printed"))[rows].sum())
            return Rounding(int(step > 1), Fraction(0), Fraction(step, 2 * WHOLE_RATE))
        steps = {name: self._figures.array(table, step_of(name))[rows]
                 for name in ("compared", "actual", "value")
                 if step_of(name) in self._figures.tables[table]}  # fmt: skip
        out = {
            name: Fraction(int(step.sum()), 2) for name, step in steps.items() if (step > 1).any()
        }
        nil = Fraction(0)
        whole = out.get("actual", nil) + out.get("value", nil)
        return Rounding(len(out), out.get("compared", nil), whole)


def compare(
    printed: pd.DataFrame, value: Value, rounded: Callable[[Figure], Rounding]
) -> pd.DataFrame:
    """Place each printed number beside the computed one.

    Args:
        printed: `tables.Published`.
        value: computes a figure (pence or rate).
        rounded: says what the rounding of its inputs may do to it (`rounding`).

    Returns:
        `tables.PublishedOut`, one row per printed number, in the printed unit.
    """
    rows = [_row(row, value, rounded) for row in records(printed)]
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


_SCALES: Final = {"rate": Fraction(1, 100), "number": Fraction(HELD_IN["quantity"])}
"""What one printed unit is of a figure that is no amount; of an amount, how many pence."""


def _row(row: Any, value: Value, rounded: Callable[[Figure], Rounding]) -> list[Any]:
    blank = [float("nan")] * 4
    figure = Figure.parse(row.figure)
    if not figure.computable:
        return [*blank, 0, NOT_COMPUTED]
    unit = MEASURES[figure.measure].unit
    try:
        exact, low, high = _interval(figure, value, rounded)
    except NotHeld:  # or something it needs is not stated
        return [*blank, 0, NOT_COMPUTED]
    except UnknownFigure:  # what the paper tells apart is shared together
        return [*blank, 0, NOT_COMPARABLE]
    amounts = rounded(figure).amounts
    read = parse_print(row.printed, row.unit)
    fits = row.unit == "percent" if unit == "rate" else (row.unit in MONEY) == (unit == "money")
    if exact is None or not fits or read.about:
        return [*blank, amounts, NOT_COMPARABLE]
    scale = _SCALES.get(unit) or Fraction(MONEY.get(row.unit, 1))
    stated = Fraction(read.number)
    half = Fraction(1, 2 * 10**row.decimals)
    computed, lowest, highest = exact / scale, low / scale - half, high / scale + half
    if abs(stated - computed) <= half:
        verdict = AGREES
    elif lowest <= stated <= highest:
        verdict = WITHIN
    else:
        verdict = TURNED if lowest <= -stated <= highest else OUTSIDE
    numbers = (computed, stated - computed, lowest, highest)
    return [*(round(float(n), 6) for n in numbers), amounts, verdict]


def _interval(
    figure: Figure, value: Value, rounded: Callable[[Figure], Rounding]
) -> tuple[Fraction | None, Fraction, Fraction]:
    """Return the exact value, the least and the most it could be, in pence or as a rate."""
    if MEASURES[figure.measure].unit != "rate" or figure.measure == "indicator_printed":
        exact, out = _stated(figure, value), rounded(figure)
        by = {"budget": out.budget, "expenditure": out.expenditure}
        slack = by.get(figure.measure, out.variance)
        return exact, exact - slack, exact + slack
    out = rounded(figure)
    budget, spent = (_stated(one, value) for one in divided(figure))
    if budget - out.budget <= 0:
        return None, budget, budget
    # variance ÷ budget = expenditure ÷ budget − 1, of two amounts that were rounded independently
    corners = [
        above / below
        for above in (spent - out.expenditure, spent + out.expenditure)
        for below in (budget - out.budget, budget + out.budget)
    ]
    return spent / budget - 1, min(corners) - 1, max(corners) - 1


def divided(figure: Figure) -> tuple[Figure, Figure]:
    """Return the two figures that a percentage is of: its base, and what is set against that."""
    if figure.measure != "indicator_percent":
        return Figure("budget", figure.selection), Figure("expenditure", figure.selection)
    selected = {key: "+".join(values) for key, values in figure.selection}
    against = selected.pop("against", TARGET)
    return (
        Figure.of("indicator", **selected, series=against),
        Figure.of("indicator", **selected, series=ACTUAL),
    )


def _stated(figure: Figure, value: Value) -> Fraction:
    """Return a figure, exactly.

    Raises:
        NotStated: it is not given, for something it needs is not stated.
    """
    computed = value(figure)
    if computed is None:
        message = f"{figure} is not given"
        raise NotStated(message)
    return Fraction(computed)

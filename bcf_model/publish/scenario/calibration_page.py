"""A calibrated scenario in its workbook: the factor is an input, and the growth it gives is live.

The engine looks for the factor (docs/method.md, 8); a workbook cannot. After another input is
changed it says what growth is reached, beside the target.
"""

from typing import Final, NamedTuple

from bcf_model.core.expressions import (
    Decimals,
    Expression,
    If,
    Joined,
    Named,
    Quotient,
    Whole,
    Written,
    evaluate,
    size_of,
)
from bcf_model.core.years import next_year, spoken
from bcf_model.plan.growth import written
from bcf_model.publish.scenario import sentences
from bcf_model.publish.scenario.lookups import View

FACTOR: Final = "calibration_factor"
REACHED: Final = "growth_reached"
"""Names of the cells with the factor, and with the growth it gives."""
_TWELVE: Final = 12
ONE_FACTOR: Final = (
    "The calibration factor is an input: it stays as it was found until bcf scenario is run again. "
    "After other changes growth may miss its target: the row under the factor says what is reached."
)
_NEAR: Final = 0.001
"""Percentage points: growth this near to its target has reached it."""
_HAIR: Final = 1e-9
"""Percentage points, by which a spreadsheet may take one from another otherwise."""
_SIX: Final = 6  # decimals of growth in percent


class Target(NamedTuple):
    """What spending of a calibrated scenario is to grow by.

    Attributes:
        percent: as stated. growth: what is reached, in percent, of the walk.
        own: whether it is stated for this scenario, and not for a base. setter: the one it is of.
        base_year, year: between which it is reached, in words.
    """

    percent: float
    growth: Expression
    own: bool
    setter: str
    base_year: str
    year: str

    def beyond(self, view: View, cell: Expression) -> Expression:
        """Return by how much growth in a cell misses the target: above nil where it does."""
        near = max(_NEAR, abs(reached(view, self) - self.percent))
        return size_of(cell - Decimals(f"{self.percent:.12g}")) - Decimals(f"{near + _HAIR:.12g}")


def target(view: View) -> Target | None:
    """Return the target of growth; None where no factor is used, or the years are another's."""
    found, aim = view.projection.factor, view.projection.scenario.settings.calibrate
    if found is None or found.value is None or aim is None:
        return None
    first = next_year(aim.base_year)
    if not {first, aim.year} <= {*view.years}:
        return None
    opening, closing = view.opening(first), view.closing(aim.year)
    if opening is None or closing is None or view.amount(opening) <= 0:
        return None
    setter = view.projection.scenario.set_by.get("calibrate", view.name)
    growth = Quotient((closing - opening) * Whole(100), opening, _SIX)
    return Target(aim.target, growth, setter == view.name, setter, spoken(aim.base_year),
                  spoken(aim.year))  # fmt: skip


def reached(view: View, of: Target) -> float:
    """Return the growth that is reached as reported, in percent."""
    return float(evaluate(of.growth, view.figures.pence))


def in_words(view: View) -> tuple[str, Expression | None]:
    """Return what percentages are multiplied by, and the growth that gives now; or blank."""
    of, aim = target(view), view.projection.scenario.settings.calibrate
    found = view.projection.factor
    if of is None or aim is None or found is None or found.value is None:
        return sentences.factor(view), None
    start = f"Percentages of {' and '.join(aim.steps)} are multiplied by "
    middle = ": with it, spending grows by "
    span = f"% from {of.base_year} to {of.year}"
    whose = "" if of.own else f" in {of.setter}"
    stated = f"; the target is {of.percent:g}%{whose}."
    missed = (
        f"; the target of {of.percent:g}% is not reached, for the factor stays as it was found "
        "until bcf scenario is run again."
    )
    value = f"{start}{written(found.value)}{middle}{_rounded(reached(view, of))}{span}{stated}"
    ends = If(of.beyond(view, Named(REACHED)), missed, stated) if of.own else stated
    factor, grown = Written(Named(FACTOR), _TWELVE), Written(Named(REACHED), 1)
    return value, Joined((start, factor, middle, grown, span, ends))


def _rounded(percent: float) -> str:
    """Write a percentage of six decimals with one, rounded half away from zero."""
    tenths = (abs(round(percent * 10**6)) * 2 + 10**5) // (2 * 10**5)
    return f"{'-' if percent < 0 and tenths else ''}{tenths // 10:,}.{tenths % 10}"

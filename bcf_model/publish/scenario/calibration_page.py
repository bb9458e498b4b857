"""A calibrated scenario in its workbook: the factor is an input, and the growth it gives is live.

The engine looks for the factor (docs/method.md, 8); a workbook cannot. After another input is
changed it says what growth is reached, beside the target.
"""

from typing import Final, NamedTuple

from bcf_model.core.years import next_year, spoken
from bcf_model.plan.growth import growth, written
from bcf_model.plan.words import OPENING
from bcf_model.publish.scenario import sentences
from bcf_model.publish.scenario.formula_grid import Live
from bcf_model.publish.scenario.lookups import View

FACTOR: Final = "calibration_factor"
REACHED: Final = "growth_reached"
"""Names of the cells with the factor, and with the growth it gives."""
DECIMALS: Final = "0.000000000000"
ONE_FACTOR: Final = (
    "The calibration factor is an input: it stays as it was found until bcf scenario is run again. "
    "After other changes growth may miss its target: the row under the factor says what is reached."
)
_NEAR: Final = 0.001
"""Percentage points: growth this near to its target has reached it."""


class Grown(NamedTuple):
    """Growth of a calibrated scenario.

    Attributes:
        reached: as reported, in percent. printed: the formula that gives it of the walk.
        target: stated, in percent. own: whether it is stated for this scenario, and not for a base.
        setter: the scenario it is stated for.
        base_year, year: between which it is reached, in words.
    """

    reached: float
    printed: str
    target: float
    own: bool
    setter: str
    base_year: str
    year: str

    def on_target(self, cell: str) -> str:
        """Print whether a cell with growth is at the target."""
        near = max(_NEAR, abs(self.reached - self.target))
        return f"ABS({cell}-{self.target:.12g})<={near:.12g}"


def grown(view: View) -> Grown | None:
    """Return the growth of a scenario; None where no factor is used, or the years are another's."""
    found, aim = view.projection.factor, view.projection.scenario.settings.calibrate
    if found is None or found.value is None or aim is None:
        return None
    first = next_year(aim.base_year)
    if not {first, aim.year} <= {*view.years}:
        return None
    base = view.pence(financial_year=first, step=OPENING)
    reached = growth(view.pence(financial_year=aim.year), base)
    if reached is None:
        return None
    closing = f'SUMIFS(walk_amount,walk_year,"{spoken(aim.year)}")'
    opening = f'SUMIFS(walk_amount,walk_year,"{spoken(first)}",walk_step,"{OPENING}")'
    setter = view.projection.scenario.set_by.get("calibrate", view.name)
    return Grown(
        round(reached * 10**8) / 10**6, f"ROUND(({closing}/{opening}-1)*100,6)", aim.target,
        setter == view.name, setter, spoken(aim.base_year), spoken(aim.year),
    )  # fmt: skip


def in_words(view: View) -> str | Live:
    """Return what percentages are multiplied by, and the growth that gives now; or blank."""
    of, aim = grown(view), view.projection.scenario.settings.calibrate
    found = view.projection.factor
    if of is None or aim is None or found is None or found.value is None:
        return sentences.factor(view)
    start = f"Percentages of {' and '.join(aim.steps)} are multiplied by "
    middle = ": with it, spending grows by "
    span = f"% from {of.base_year} to {of.year}"
    whose = "" if of.own else f" in {of.setter}"
    stated = f"; the target is {of.target:g}%{whose}."
    missed = (
        f"; the target of {of.target:g}% is not reached, for the factor stays as it was found "
        "until bcf scenario is run again."
    )
    value = f"{start}{written(found.value)}{middle}{_rounded(of.reached)}{span}{stated}"
    ends = f'IF({of.on_target(REACHED)},"{stated}","{missed}")' if of.own else f'"{stated}"'
    printed = f'"{start}"&FIXED({FACTOR},12)&"{middle}"&FIXED(ROUND({REACHED},1),1)&"{span}"&{ends}'
    return Live(printed, value)


def _rounded(percent: float) -> str:
    """Write a percentage of six decimals with one, rounded half away from zero."""
    tenths = (abs(round(percent * 10**6)) * 2 + 10**5) // (2 * 10**5)
    return f"{'-' if percent < 0 and tenths else ''}{tenths // 10:,}.{tenths % 10}"

"""The page Assumptions of a scenario's workbook: an input cell with a name for each."""

import math
from typing import Any, Final

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Differs,
    Expression,
    If,
    Named,
    Quotient,
    Rounded,
    Whole,
)
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.core.years import spoken
from bcf_model.plan import holding
from bcf_model.plan.growth import PARTS
from bcf_model.plan.range_bounds import bounds
from bcf_model.plan.words import (
    CONFIDENCES,
    FUNDING_STEPS,
    IN_PERCENT,
    IN_POUNDS,
    NUMBER,
    PERCENT,
    STEPS,
    TAKEN_OFF,
)
from bcf_model.publish.excel_book import Book
from bcf_model.publish.house_style import LONG_FACTOR, VALUE
from bcf_model.publish.scenario import calibration_page
from bcf_model.publish.scenario.calibration_page import Target
from bcf_model.publish.scenario.formula_grid import (
    LARGEST,
    Entry,
    Grid,
    Input,
    Names,
)
from bcf_model.publish.scenario.lookups import View

FOLLOWS: Final = "Pale yellow cells may be changed: the bridge follows. All others are worked out."
CHANGED: Final = Differs(Column("value"), Column("made"))
"""Whether an input was changed since the report was made."""
YEARLY: Final = ("deflator", "discount")
"""Percentages that say what a pound of a later year is worth."""


def write_assumptions(book: Book, view: View, names: Names) -> Grid:
    """Write the page: each assumption stands in the row it has among those in force."""
    said = view.assumptions
    without = {name for name in ("owner", "reviewed_on", "note") if not (said[name] != "").any()}
    without |= set() if (said["unit"] == PERCENT).any() else {"rate"}
    without |= set() if said["unit"].isin(UNITS).any() else {"amount"}
    grid = Grid(
        book,
        view,
        "Assumptions",
        "Assumptions",
        (
            FOLLOWS,
            "Each of them has a name, which stands beside it. Values are as stated: percentages as "
            "2 for 2%, amounts in the unit beside them; "
            f"{' and '.join(sorted(TAKEN_OFF))} are stated as what is taken off.",
            *((calibration_page.ONE_FACTOR,) if view.projection.factor is not None else ()),
        ),
        without=without,
    )
    several = said["assumption"].duplicated(keep=False)
    acting = _acting(view)
    for i, (row, again) in enumerate(zip(records(said), several, strict=True)):
        name = names.give("assume", row.assumption, row.year if again else "")
        _assumption(grid, view, i, row, name if i in acting else "")
    found = view.projection.factor
    if found is not None and found.value is not None:
        steps = view.projection.scenario.settings.calibrate
        factor = found.value / PARTS
        grid.add({
            "assumption": "calibration factor",
            "value": Input(factor, calibration_page.FACTOR, LONG_FACTOR, least=0),
            "unit": NUMBER, "step": " and ".join(steps.steps) if steps else "",
            "scope": "all percentages of these steps", "year": "every year",
            "made": factor, "changed": 0.0,
            "source": "Found so that the target is reached; it stays as found until bcf scenario "
                      "is run again.",
            "name": calibration_page.FACTOR,
        }, {"changed": CHANGED})  # fmt: skip
        grown = calibration_page.target(view)
        if grown is not None:
            _growth(grid, view, grown)
    if grid.rows:
        grid.name_columns("assumption_", ("changed",))
        grid.filtered()
    return grid


def _acting(view: View) -> set[int]:
    """Return the rows of the assumptions whose cells the workbook follows."""
    funded, invests = len(view.table("funding_walk")) > 0, len(view.table("prevention")) > 0
    acting = {*delivery_rows(view).values(), *(return_rows(view).values() if invests else ())}
    for i, row in enumerate(records(view.assumptions)):
        percent = row.unit == PERCENT and row.step in IN_PERCENT
        pounds = row.unit in UNITS and row.step in IN_POUNDS
        acts = percent or pounds or (row.step in FUNDING_STEPS and funded)
        acts = acts or (row.step in YEARLY and invests)
        if acts and row.year in ("", *view.years):
            acting.add(i)
    return acting


def delivery_rows(view: View) -> dict[str, int]:
    """Return, by confidence of a programme, the row that says how much is delivered."""
    used = {*view.table("savings")["confidence"]}
    rows = holding.of_parameter(view.assumptions, "delivery", CONFIDENCES)
    return {confidence: row for confidence, row in rows.items() if confidence in used}


def return_rows(view: View) -> dict[str, int]:
    """Return, by programme, the row that is a factor on what prevention returns."""
    programmes = view.projection.scenario.tables["prevention"]["programme"]
    return holding.of_parameter(view.assumptions, "return", programmes)


def yearly_rows(view: View, step: str) -> dict[str, int]:
    """Return, by year, the row that says a percentage for it: a deflator, or a discount."""
    return holding.of_parameter(view.assumptions, step, view.years)


def _ends(row: Any) -> tuple[float, float]:
    """Return the least and the most an assumption can be, in its own unit."""
    if row.unit in UNITS:
        return -LARGEST, LARGEST
    least, most = bounds(row.step, row.unit, -math.inf, math.inf)
    return least / MILLIONTHS, most / MILLIONTHS


def _assumption(grid: Grid, view: View, place: int, row: Any, name: str) -> None:
    """Write one; `name` is blank where nothing follows it."""
    value = row.value / MILLIONTHS
    entries: dict[str, Entry] = {
        "year": spoken(row.year) if row.year else "every year",
        "source": row.source or "no source", "name": name or "a constant here",
        "value": Input(value, name, VALUE, *_ends(row)) if name else value, "made": value,
        "changed": 0.0,
    }  # fmt: skip
    worked: dict[str, Expression] = {"changed": CHANGED} if name else {}
    takes_off = row.step in TAKEN_OFF | {"efficiency"}
    signed = NIL - Column("value") if takes_off else Column("value")
    if name and row.unit == PERCENT and row.step in (*STEPS, *FUNDING_STEPS, *YEARLY):
        target = view.projection.scenario.settings.calibrate
        scaled = target is not None and row.step in target.steps
        percent = signed * Named(calibration_page.FACTOR) if scaled else signed
        worked["rate"] = of_percent(percent)
        entries["rate"] = _rate(view, place, row, takes_off=takes_off) / WHOLE_RATE
    elif name and row.unit in UNITS:
        worked["amount"] = Rounded(signed * Whole(UNITS[row.unit] // 100))
        entries["amount"] = (-row.pence if takes_off else row.pence) / 100
    grid.add(entries, worked, row=row)


def of_percent(percent: Expression) -> Expression:
    """Return the rate of a percentage as stated: 2 of 2%."""
    return Quotient(percent, Whole(100), 8)


def _rate(view: View, place: int, row: Any, *, takes_off: bool) -> int:
    """Return a percentage as it acts: signed, and of a calibrated step scaled."""
    rates = view.projection.rates
    own = rates[rates["row"] == place]
    return int(own["rate"].iloc[0]) if len(own) else -row.value if takes_off else row.value


def _growth(grid: Grid, view: View, of: Target) -> None:
    """Write what spending grows by with the factor, beside the target."""
    reached, beyond = calibration_page.reached(view, of), of.beyond(view, Column("value"))
    said = f"The target is {of.percent:g}%" + ("." if of.own else f" in {of.setter}.")
    missed = f"The target of {of.percent:g}% is not reached: run bcf scenario again."
    at = grid.add({
        "assumption": "growth with this factor", "value": reached, "unit": PERCENT,
        "scope": f"spending, {of.year} over {of.base_year}", "made": reached,
        "status": "on target" if of.own else "", "source": said, "name": "worked out of the walk",
    }, {"value": of.growth} | ({
        "status": If(beyond, "differs", "on target"), "source": If(beyond, missed, said),
    } if of.own else {}))  # fmt: skip
    grid.name_cell(calibration_page.REACHED, at, "value")

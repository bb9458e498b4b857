"""The page Assumptions of a scenario's workbook: an input cell with a name for each."""

import math
from collections.abc import Iterable
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
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.core.years import spoken
from bcf_model.plan.growth import PARTS
from bcf_model.plan.range_bounds import MILLIONTHS, bounds
from bcf_model.plan.scopes import parse
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
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario import calibration_page
from bcf_model.publish.scenario.calibration_page import Target
from bcf_model.publish.scenario.formula_grid import (
    LARGEST,
    Entry,
    Field,
    Grid,
    Input,
    Names,
)
from bcf_model.publish.scenario.lookups import View

FOLLOWS: Final = "Pale yellow cells may be changed: the bridge follows. All others are worked out."
_RATE: Final = Field("rate", Heading("In the bridge, %", "rate", 13))
_AMOUNT: Final = Field("amount", Heading("In the bridge,", "exact", 16))
_SAID_AT_TIMES: Final = (
    (Field("owner", Heading("Owner", width=16)), "owner"),
    (Field("reviewed", Heading("Reviewed on", width=12)), "reviewed_on"),
    (Field("note", Heading("Remark", width=30)), "note"),
)
"""Columns left out where no assumption says it, each with its column of the table."""

CHANGED: Final = Differs(Column("value"), Column("made"))
"""Whether an input was changed since the report was made."""
YEARLY: Final = ("deflator", "discount")
"""Percentages that say what a pound of a later year is worth."""
Rows = dict[tuple[str, str], int]
"""The row of each assumption and year; the year is blank where one row holds for all."""


def write_assumptions(book: Book, view: View, names: Names) -> tuple[Grid, Rows]:
    """Write the page, and say in which row each assumption stands."""
    said = view.projection.scenario.tables["assumptions"]
    grid = Grid(
        book,
        "Assumptions",
        "Assumptions",
        (
            FOLLOWS,
            "Each of them has a name, which stands beside it. Values are as stated: percentages as "
            "2 for 2%, amounts in the unit beside them; "
            f"{' and '.join(sorted(TAKEN_OFF))} are stated as what is taken off.",
            *((calibration_page.ONE_FACTOR,) if view.projection.factor is not None else ()),
        ),
        (
            Field("assumption", Heading("Assumption", width=22)),
            Field("value", Heading("Value", "number", 14), VALUE),
            Field("unit", Heading("Unit", width=11)),
            Field("step", Heading("Acts on", width=16)),
            Field("scope", Heading("Of", width=18)),
            Field("year", Heading("Year", width=10)),
            *([_RATE] if (said["unit"] == PERCENT).any() else []),
            *([_AMOUNT] if said["unit"].isin(UNITS).any() else []),
            Field("made", Heading("As reported", "number", 11), VALUE),
            Field("changed", Heading("Changed", "number", 9)),
            Field("status", Heading("Status", width=12)),
            Field("source", Heading("Source", width=30)),
            *(field for field, column in _SAID_AT_TIMES if (said[column] != "").any()),
            Field("name", Heading("Name of the cell", width=40)),
        ),
        of=view.perimeter,
        unprinted=1,
    )
    rows: Rows = {}
    several = said["assumption"].duplicated(keep=False)
    acting = _acting(view)
    for row, again in zip(records(said), several, strict=True):
        key = (row.assumption, row.year)
        rows[key] = grid.rows
        name = names.give("assume", row.assumption, row.year if again else "")
        _assumption(grid, view, row, name if key in acting else "")
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
    return grid, rows


def _acting(view: View) -> set[tuple[str, str]]:
    """Return the assumptions whose cells the workbook follows."""
    said, years = view.projection.scenario.tables["assumptions"], view.years
    funded, invests = len(view.table("funding_walk")) > 0, len(view.table("prevention")) > 0
    held = {*delivery_rows(view).values(), *(return_rows(view).values() if invests else ())}
    found = set()
    for row in records(said):
        percent = row.unit == PERCENT and row.step in IN_PERCENT
        pounds = row.unit in UNITS and row.step in IN_POUNDS
        acts = percent or pounds or (row.step in FUNDING_STEPS and funded)
        acts = acts or (row.step in YEARLY and invests)
        in_plan = row.year == "" or row.year in years
        if (acts and in_plan) or (row.assumption, row.year) in held:
            found.add((row.assumption, row.year))
    return found


def delivery_rows(view: View) -> dict[str, tuple[str, str]]:
    """Return, by confidence of a programme, the assumption that says how much is delivered."""
    used = {*view.table("savings")["confidence"]}
    found = _last_rows(view, "delivery", "confidence", CONFIDENCES)
    return {confidence: key for confidence, key in found.items() if confidence in used}


def return_rows(view: View) -> dict[str, tuple[str, str]]:
    """Return, by programme, the assumption that is a factor on what prevention returns."""
    programmes = view.projection.scenario.tables["prevention"]["programme"]
    return _last_rows(view, "return", "programme", programmes)


def _last_rows(view: View, step: str, key: str, every: Iterable[str]) -> dict[str, tuple[str, str]]:
    said = view.projection.scenario.tables["assumptions"]
    found: dict[str, tuple[str, str]] = {}
    for row in records(said[said["step"] == step]):
        named = parse(row.scope, (key,)).get(key, tuple(every))
        found |= dict.fromkeys(named, (row.assumption, row.year))
    return found


def yearly_rows(view: View, step: str) -> dict[str, tuple[str, str]]:
    """Return, by year, the assumption that says a percentage for it: a deflator, or a discount."""
    said = view.projection.scenario.tables["assumptions"]
    found: dict[str, tuple[str, str]] = {}
    for row in records(said[said["step"] == step]):
        named = view.years if row.year == "" else [row.year]
        found |= dict.fromkeys(named, (row.assumption, row.year))
    return found


def _ends(row: Any) -> tuple[float, float]:
    """Return the least and the most an assumption can be, in its own unit."""
    if row.unit in UNITS:
        return -LARGEST, LARGEST
    least, most = bounds(row.step, row.unit, -math.inf, math.inf)
    return least / MILLIONTHS, most / MILLIONTHS


def _assumption(grid: Grid, view: View, row: Any, name: str) -> None:
    """Write one; `name` is blank where nothing follows it."""
    value = row.value / MILLIONTHS
    entries: dict[str, Entry] = {
        "assumption": row.assumption, "unit": row.unit, "step": row.step, "scope": row.scope,
        "year": spoken(row.year) if row.year else "every year", "status": row.status,
        "source": row.source or "no source", "owner": row.owner, "reviewed": row.reviewed_on,
        "note": row.note, "name": name or "a constant here",
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
        entries["rate"] = _rate(view, row, takes_off=takes_off) / WHOLE_RATE
    elif name and row.unit in UNITS:
        worked["amount"] = Rounded(signed * Whole(UNITS[row.unit] // 100))
        entries["amount"] = (-row.pence if takes_off else row.pence) / 100
    grid.add(entries, worked)


def of_percent(percent: Expression) -> Expression:
    """Return the rate of a percentage as stated: 2 of 2%."""
    return Quotient(percent, Whole(100), 8)


def _rate(view: View, row: Any, *, takes_off: bool) -> int:
    """Return a percentage as it acts: signed, and of a calibrated step scaled."""
    rates = view.projection.rates
    own = rates[(rates["cause"] == row.assumption) & (rates["step"] == row.step)]
    if row.year:
        own = own[own["financial_year"] == row.year]
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

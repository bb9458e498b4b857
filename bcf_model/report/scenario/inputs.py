"""The page Assumptions of a scenario's workbook: an input cell with a name for each."""

from typing import Any, Final

from bcf_model.expressions import WHOLE_RATE
from bcf_model.plan.scopes import parse
from bcf_model.plan.words import (
    CONFIDENCES,
    IN_PERCENT,
    IN_POUNDS,
    NUMBER,
    PERCENT,
    STEPS,
    TAKEN_OFF,
)
from bcf_model.report.excel_book import Book
from bcf_model.report.scenario.grid import VALUE, Entry, Field, Grid, Input, Live, Names
from bcf_model.report.scenario.view import View
from bcf_model.report.sheets import Heading
from bcf_model.tables import records
from bcf_model.vocabulary import UNITS
from bcf_model.years import spoken

CALIBRATION: Final = "calibration_factor"
FOLLOWS: Final = "Pale yellow cells may be changed: the bridge follows. All others are worked out."
_MILLION: Final = 10**6

Rows = dict[tuple[str, str], int]
"""The row of each assumption and year; the year is blank where one row holds for all."""


def write_assumptions(book: Book, view: View, names: Names) -> tuple[Grid, Rows]:
    """Write the page, and say in which row each assumption stands."""
    said = view.projection.scenario.tables["assumptions"]
    grid = Grid(
        book,
        "Assumptions",
        f"Assumptions: {view.perimeter}",
        (
            FOLLOWS,
            "Each of them has a name, which stands beside it. Values are as stated: percentages as "
            "2 for 2%, amounts in the unit beside them; "
            f"{' and '.join(sorted(TAKEN_OFF))} are stated as what is taken off.",
            "Assumptions on funding and on prevention are shown, and are constants here: to see "
            "what they do, change them in the scenario's files and run it again.",
        ),
        (
            Field("assumption", Heading("Assumption", width=26)),
            Field("value", Heading("Value", "number", 16), VALUE),
            Field("unit", Heading("Unit", width=11)),
            Field("step", Heading("Acts on", width=22)),
            Field("scope", Heading("Of", width=26)),
            Field("year", Heading("Year", width=11)),
            Field("rate", Heading("In the bridge, %", "rate", 16)),
            Field("amount", Heading("In the bridge,", "exact", 18)),
            Field("made", Heading("As reported", "number", 16), VALUE),
            Field("changed", Heading("Changed", "number", 10)),
            Field("status", Heading("Status", width=13)),
            Field("source", Heading("Source", width=46)),
            Field("owner", Heading("Owner", width=16)),
            Field("reviewed", Heading("Reviewed on", width=13)),
            Field("note", Heading("Remark", width=46)),
            Field("name", Heading("Name of the cell", width=40)),
        ),
    )
    rows: Rows = {}
    several = said["assumption"].duplicated(keep=False)
    acting = _acting(view)
    for row, again in zip(records(said), several, strict=True):
        key = (row.assumption, row.year)
        rows[key] = grid.rows
        name = names.give("assume", row.assumption, row.year if again else "")
        _assumption(grid, view, row, name if key in acting else "")
    calibrated = view.projection.factor
    if calibrated is not None and calibrated.value is not None:
        steps = view.projection.scenario.settings.calibrate
        factor = calibrated.value / 10**12
        grid.add({
            "assumption": "calibration factor",
            "value": Input(factor, CALIBRATION, "0.000000000000"),
            "unit": NUMBER, "step": " and ".join(steps.steps) if steps else "",
            "scope": "all percentages of these steps", "year": "every year",
            "made": factor, "changed": _changed(grid, grid.rows),
            "source": "Found so that the target of the scenario is reached; it is not found anew.",
            "name": CALIBRATION,
        })  # fmt: skip
    if grid.rows:
        grid.name_columns("assumption_", ("changed",))
        grid.filtered()
    return grid, rows


def _acting(view: View) -> set[tuple[str, str]]:
    """Give the assumptions whose cells the bridge follows."""
    said, years = view.projection.scenario.tables["assumptions"], view.years
    found = set()
    held = delivery_rows(view)
    for row in records(said):
        percent = row.unit == PERCENT and row.step in IN_PERCENT
        pounds = row.unit in UNITS and row.step in IN_POUNDS
        in_plan = row.year == "" or row.year in years
        if ((percent or pounds) and in_plan) or (row.assumption, row.year) in held.values():
            found.add((row.assumption, row.year))
    return found


def delivery_rows(view: View) -> dict[str, tuple[str, str]]:
    """Give, by confidence of a programme, the assumption that says how much is delivered."""
    said = view.projection.scenario.tables["assumptions"]
    found: dict[str, tuple[str, str]] = {}
    for row in records(said[said["step"] == "delivery"]):
        named = parse(row.scope, ("confidence",)).get("confidence", tuple(CONFIDENCES))
        found |= dict.fromkeys(named, (row.assumption, row.year))
    used = {*view.table("savings")["confidence"]}
    return {confidence: key for confidence, key in found.items() if confidence in used}


def _assumption(grid: Grid, view: View, row: Any, name: str) -> None:
    """Write one; `name` is blank where nothing follows it."""
    at = grid.rows
    value = row.value / _MILLION
    entries: dict[str, Entry] = {
        "assumption": row.assumption, "unit": row.unit, "step": row.step, "scope": row.scope,
        "year": spoken(row.year) if row.year else "every year", "status": row.status,
        "source": row.source or "no source", "owner": row.owner, "reviewed": row.reviewed_on,
        "note": row.note, "name": name or "a constant here",
        "value": Input(value, name) if name else value, "made": value,
        "changed": _changed(grid, at) if name else 0.0,
    }  # fmt: skip
    sign = "-" if row.step in TAKEN_OFF else ""
    if name and row.step in STEPS and row.unit == PERCENT:
        rates = view.projection.rates
        own = rates[(rates["cause"] == row.assumption) & (rates["step"] == row.step)]
        if row.year:
            own = own[own["financial_year"] == row.year]
        target = view.projection.scenario.settings.calibrate
        times = f"*{CALIBRATION}" if target is not None and row.step in target.steps else ""
        printed = f"ROUND({sign}{grid.cell(at, 'value')}{times}/100,8)"
        entries["rate"] = Live(printed, int(own["rate"].iloc[0]) / WHOLE_RATE)
    elif name and row.step in STEPS:
        sized = UNITS[row.unit] // 100
        printed = f"ROUND({sign}{grid.cell(at, 'value')}*{sized},2)"
        signed = -row.pence if sign else row.pence
        entries["amount"] = Live(printed, signed / 100)
    grid.add(entries)


def _changed(grid: Grid, at: int) -> Live:
    """Say whether a cell was changed since the report was made."""
    return Live(f"IF({grid.cell(at, 'value')}={grid.cell(at, 'made')},0,1)", 0)

"""Scenarios with one value changed: in their workbook, and in the engine."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import formualizer
import openpyxl

from bcf_model.plan.load import Scenario, load_scenario
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.variants import without_return
from bcf_model.report.scenario.write import Shown
from bcf_model.vocabulary import UNITS
from bcf_model.years import spoken

HERE = Path(__file__).resolve().parent
SHEFFIELD = HERE.parent / "inputs" / "sheffield-2018-19"
MADE_UP = HERE / "broken" / "plan"
"""A small pool with a plan of every kind, on which the broken ones are built; it is sound."""


def shown(pool: Path, name: str) -> Shown:
    """Calculate a scenario as the command does."""
    plan, scenario = load_scenario(pool, name)
    made = project(plan, scenario)
    pays = len(made.tables["prevention"]) > 0
    nothing = project(plan, without_return(scenario), made.factor) if pays else None
    return Shown(made, nothing)


def with_value(scenario: Scenario, assumption: str, value: float, year: str = "") -> Scenario:
    """Give a scenario in which one assumption has another value, in its own unit."""
    frame = scenario.tables["assumptions"].copy()
    chosen = (frame["assumption"] == assumption) & (frame["year"] == year)
    assert chosen.sum() == 1
    unit = str(frame.loc[chosen, "unit"].iloc[0])
    frame.loc[chosen, "value"] = round(value * 10**6)
    if unit in UNITS:
        frame.loc[chosen, "pence"] = round(value * UNITS[unit])
    return replace(scenario, tables={**scenario.tables, "assumptions": frame})


def with_programme(scenario: Scenario, programme: str, **pounds: float) -> Scenario:
    """Give a scenario in which amounts of one savings programme are others."""
    frame = scenario.tables["savings"].copy()
    for column, amount in pounds.items():
        frame.loc[frame["programme"] == programme, column] = round(amount * 100)
    return replace(scenario, tables={**scenario.tables, "savings": frame})


def changed(projection: Projection, scenario: Scenario) -> Projection:
    """Calculate a changed scenario with the calibration factor of the one that was reported."""
    return project(projection.plan, scenario, projection.factor)


def place_of(workbook: Path, name: str) -> tuple[str, str]:
    """Give the page and the cell that have a name."""
    book = openpyxl.load_workbook(workbook)
    page, _, cell = book.defined_names[name].attr_text.rpartition("!")
    return page.strip("'"), cell.replace("$", "")


def recalculated(workbook: Path, values: Mapping[str, float]) -> dict[str, list[list[Any]]]:
    """Change named cells, recalculate with formualizer, and give the values of every page."""
    plain = openpyxl.load_workbook(workbook)
    book = formualizer.load_workbook(str(workbook))
    for name, value in values.items():
        page, cell = place_of(workbook, name)
        at = plain[page][cell]
        book.set_value(page, at.row, at.column, value)
    book.evaluate_all()
    return {
        tab.title: [
            [book.get_value(tab.title, r, c) for c in range(1, tab.max_column + 1)]
            for r in range(1, tab.max_row + 1)
        ]
        for tab in plain
    }


def read(workbook: Path) -> dict[str, list[list[Any]]]:
    """Give the stored values of every page."""
    book = openpyxl.load_workbook(workbook, data_only=True)
    return {tab.title: [[cell.value for cell in row] for row in tab.iter_rows()] for tab in book}


def walked(pages: Mapping[str, list[list[Any]]]) -> dict[tuple[str, str], int]:
    """Give the closing of each year and line, in pence, added up from the page Walk."""
    rows = pages["Walk"]
    top = next(i for i, row in enumerate(rows) if row[0] == "Line")
    amount = next(i for i, text in enumerate(rows[top]) if str(text).startswith("Amount"))
    found: dict[tuple[str, str], int] = {}
    for row in rows[top + 1 :]:
        if row[0]:
            key = (str(row[1]), str(row[0]))
            found[key] = found.get(key, 0) + round(float(row[amount] or 0) * 100)
    return found


def closings(projection: Projection) -> dict[tuple[str, str], int]:
    """Give the same of the engine."""
    return {
        (spoken(str(year)), str(line)): int(pence)
        for (year, line), pence in projection.closing(["line"]).items()
    }


def totals(pages: Mapping[str, list[list[Any]]], page: str, name: str) -> list[int]:
    """Give the amounts of the rows of a name on a page, in pence, blanks left out."""
    rows = [row for row in pages[page] if row[0] == name]
    return [round(float(cell) * 100) for row in rows for cell in row[1:]
            if isinstance(cell, int | float)]  # fmt: skip

"""Scenarios with values changed: in their workbook, and in the engine."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import formualizer
import openpyxl

from bcf_model.core.expressions import If, Sum
from bcf_model.core.figures import Figure
from bcf_model.core.words import UNITS
from bcf_model.core.years import spoken
from bcf_model.plan.counterfactual import without_return
from bcf_model.plan.load import Plan, Scenario, load_scenario
from bcf_model.plan.projection import Projection, project
from bcf_model.publish.page import Cell, Money, Sheet, amount_of
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.write import Shown

_PROJECTED: dict[Hashable, Projection] = {}
"""By what the pool and the scenario are called, and each file they were read from."""


def project_once(plan: Plan, scenario: Scenario) -> Projection:
    """Calculate a scenario as it was loaded, from the same files once in a test process.

    Not of one that was changed since it was loaded. Whoever changes a frame copies it.
    """
    files = (*plan.inputs.files, *plan.files, *scenario.files)
    key = (plan.inputs.name, scenario.name, *((file.name, file.sha256) for file in files))
    if key not in _PROJECTED:
        _PROJECTED[key] = project(plan, scenario)
    return _PROJECTED[key]


@cache
def projected(pool: Path, name: str) -> Projection:
    """Calculate a scenario, once in a test process: whoever changes a frame copies it."""
    return project_once(*load_scenario(pool, name))


@cache
def shown(pool: Path, name: str) -> Shown:
    """Calculate a scenario as the command does."""
    made = projected(pool, name)
    plan, scenario = made.plan, made.scenario
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


def all_on_lines(scenario: Scenario) -> Scenario:
    """Return a scenario without what stands on no line: of what is left, somebody holds all."""
    tables = dict(scenario.tables)
    for name in ("assumptions", "savings"):
        tables[name] = tables[name][tables[name]["scope"] != "not allocated"].reset_index(drop=True)
    stated = tables["assumptions"]
    tables["assumptions"] = stated[stated["step"] != "allocation"].reset_index(drop=True)
    return replace(scenario, tables=tables)


def changed(projection: Projection, scenario: Scenario) -> Projection:
    """Calculate a changed scenario with the calibration factor of the one that was reported."""
    return project(projection.plan, scenario, projection.factor)


@dataclass(frozen=True)
class Input:
    """An input cell of a workbook, another value for it, and what the engine makes of that value.

    Attributes:
        name: of the cell.
        value: another than the one reported.
        row: its page and row: a programme has two inputs in one row.
        kind: the step the assumption acts on; "programme" and "factor" are no assumptions.
        change: gives a projection in which the scenario has the value, not calculated yet.
    """

    name: str
    value: float
    row: tuple[str, int]
    kind: str
    change: Callable[[Projection], Projection]


def with_inputs(projection: Projection, inputs: Iterable[Input]) -> Projection:
    """Have the engine calculate a scenario with the values of inputs."""
    for one in inputs:
        projection = one.change(projection)
    return changed(projection, projection.scenario)


def _assumption(projection: Projection, name: str, value: float, year: str) -> Projection:
    return replace(projection, scenario=with_value(projection.scenario, name, value, year))


def _programme(projection: Projection, name: str, **pounds: float) -> Projection:
    return replace(projection, scenario=with_programme(projection.scenario, name, **pounds))


def _investment(projection: Projection, at: int, value: float) -> Projection:
    scenario = projection.scenario
    frame = scenario.tables["prevention"].copy()
    frame.iloc[at, frame.columns.get_loc("investment")] = round(value * 100)
    changed_one = replace(scenario, tables={**scenario.tables, "prevention": frame})
    return replace(projection, scenario=changed_one)


def _factor(projection: Projection, value: float) -> Projection:
    assert projection.factor is not None
    return replace(projection, factor=replace(projection.factor, value=round(value * 10**12)))


def inputs_of(projection: Projection, workbook: Path) -> dict[str, Input]:
    """Give every input cell of a workbook, by name, with another value for each.

    No two are moved alike, so that none can stand for another; weights of delivery and parts of
    what is allocated stay below 100.
    """
    book = openpyxl.load_workbook(workbook)
    found: dict[str, Input] = {}
    rows = [*book["Assumptions"].iter_rows(values_only=True)]
    top = next(i for i, row in enumerate(rows) if row[0] == "Assumption")
    years = {spoken(year): year for year in projection.years}
    for at, cells in enumerate(rows[top + 1 :]):
        row = dict(zip(rows[top], cells, strict=True))
        name, kind, now = row["Name of the cell"], row["Acts on"], row["Value"]
        if name == "calibration_factor":
            value = round(now * 1.07, 12)
            found[name] = Input(
                name, value, ("Assumptions", at), "factor", partial(_factor, value=value)
            )
        elif name in book.defined_names:
            part = kind in ("delivery", "allocation")
            value = round(now * (0.9 if part else 1.13) + 0.17 + len(found) / 10, 2)
            year = years.get(row["Year"], "")
            change = partial(_assumption, name=row["Assumption"], value=value, year=year)
            found[name] = Input(name, value, ("Assumptions", at), kind, change)
    for programme in projection.tables["savings"]["programme"]:
        plain = re.sub(r"[^a-z0-9]+", "_", programme.casefold())
        for column, ending in (("gross", "gross"), ("investment", "costs")):
            name = f"saving_{plain}_{ending}"
            if name not in book.defined_names:
                continue  # a programme that saves, or costs, nothing: that is no input
            page, cell = place_of(book, name)
            at = book[page][cell]
            value = round(at.value * 1.07 + 12.34 + len(found), 2)
            change = partial(_programme, name=programme, **{column: value})
            found[name] = Input(name, value, (page, at.row), "programme", change)
    for at, row in enumerate(projection.scenario.tables["prevention"].itertuples()):
        name = _plain("invest", row.programme, row.payer, row.financial_year)
        if name in book.defined_names:
            page, cell = place_of(book, name)
            value = round(book[page][cell].value * 1.11 + 1234.56 + len(found), 2)
            change = partial(_investment, at=at, value=value)
            found[name] = Input(name, value, (page, book[page][cell].row), "investment", change)
    return found


def _plain(*words: str) -> str:
    return "_".join(re.sub(r"[^a-z0-9]+", "_", it.casefold()).strip("_") for it in words)


def place_of(book: openpyxl.Workbook, name: str) -> tuple[str, str]:
    """Give the page and the cell that have a name."""
    page, _, cell = book.defined_names[name].attr_text.rpartition("!")
    return page.strip("'"), cell.replace("$", "")


def recalculated(workbook: Path, values: Mapping[str, float]) -> dict[str, list[list[Any]]]:
    """Change named cells, recalculate with formualizer, and give the values of every page."""
    plain = openpyxl.load_workbook(workbook)
    book = formualizer.load_workbook(str(workbook))
    for name, value in values.items():
        page, cell = place_of(plain, name)
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


def saved_with(workbook: Path, values: Mapping[str, float], to: Path) -> Path:
    """Change named cells, and save without any stored result: all of it must be worked out."""
    book = openpyxl.load_workbook(workbook)
    for name, value in values.items():
        page, cell = place_of(book, name)
        book[page][cell] = value
    book.save(to)
    return to


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


def worked_out(own: View, sheet: Sheet) -> Sheet:
    """Put what figures come to in their place."""

    def amount(cell: Cell) -> Cell:
        if isinstance(cell, If):
            return own.figures.text(cell)
        if not isinstance(cell, Figure | Sum):
            return cell
        if isinstance(cell, Figure) and own.figures.measures[cell.measure].unit == "rate":
            return own.percent(cell)
        pence = amount_of(own.figures, cell)
        return None if pence is None else Money(pence)

    rows = tuple(row._replace(cells=tuple(map(amount, row.cells))) for row in sheet.rows)
    return sheet._replace(rows=rows)

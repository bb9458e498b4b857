"""The workbooks of scenarios: recalculated, and with inputs changed, against the engine."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bcf_model.plan.projection import Projection
from bcf_model.report.scenario.write import contents
from bcf_model.years import spoken
from tests.longer import LONG, longer
from tests.recalculate import differences, formualizer, libreoffice
from tests.scenario_reports import (
    MADE_UP,
    SHEFFIELD,
    Input,
    changed,
    closings,
    inputs_of,
    place_of,
    read,
    recalculated,
    saved_with,
    shown,
    totals,
    walked,
    with_inputs,
    with_programme,
)

MADE_UP_ONES = [(MADE_UP, name) for name in ("start", "child", "city")]
SHIPPED = [(SHEFFIELD, path.name) for path in sorted((SHEFFIELD / "scenarios").iterdir())]
EVERY = MADE_UP_ONES + (SHIPPED if LONG else SHIPPED[1:2])
IN_LIBREOFFICE = MADE_UP_ONES + SHIPPED if LONG else MADE_UP_ONES[:1]
"""All of them in `make long`."""
BY_THEMSELVES = {
    "start": [
        "assume_pay", "assume_prices_2020_21", "assume_grant_ends", "assume_new_team",
        "assume_winter", "assume_to_lines", "assume_amber", "assume_red", "calibration_factor",
        "saving_p1_gross", "saving_p1_costs",
    ],
    "child": ["saving_p3_gross"],
    "city": ["assume_growth"],
    "do-nothing-2023-24": ["assume_inflation", "calibration_factor"],
    "published-2019-20": ["assume_savings_target"],
    "savings-risk-adjusted": ["assume_delivery_of_savings", "saving_savings_target_gross"],
    "shift-to-prevention": ["assume_demography_acute"],
}  # fmt: skip
"""Inputs changed one by one in `make long`: percentages, amounts, weights, programmes, factors."""
ALL_AT_ONCE = [(*where, "all of them") for where in EVERY]
ONE_BY_ONE = [
    (*where, name) for where in MADE_UP_ONES + SHIPPED for name in BY_THEMSELVES.get(where[1], [])
]
CHANGES = ALL_AT_ONCE + (ONE_BY_ONE if LONG else [])
SAID = "this page does not follow a changed assumption"
NO_AMOUNTS = ("Cover", "Sources")
"""Pages with no table of amounts of the scenario."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Write each workbook once."""
    done = {}

    def write(pool, name):
        if (pool, name) not in done:
            one = shown(pool, name)
            path = tmp_path_factory.mktemp(name) / "report.xlsx"
            path.write_bytes(contents(one)["report.xlsx"])
            done[pool, name] = (one.projection, path)
        return done[pool, name]

    return write


def chosen(projection: Projection, workbook: Path, which: str) -> list[Input]:
    """Give one input of a workbook, or all of them."""
    inputs = inputs_of(projection, workbook)
    return [*inputs.values()] if which == "all of them" else [inputs[which]]


def follows(pages: Mapping[str, Any], again: Projection, inputs: Sequence[Input]) -> None:
    """Every line, the bridge, the parts and the checks are those of the engine; so is what is said.

    Args:
        pages: of the workbook with inputs changed, recalculated.
        again: the scenario with the same values, calculated by the engine.
        inputs: those that were changed.
    """
    assert walked(pages) == closings(again)
    whole = [int(again.closing()[year]) for year in again.years]
    assert totals(pages, "Bridge", "Closing budget")[: len(whole)] == whole
    groups = "By block" if (again.tables["lines"]["block"] != "").any() else "By theme"
    assert [row[-1] for row in pages[groups] if row[0] == "Total"] == [it / 100 for it in whole]
    if "Savings" in pages:
        top = next(row for row in pages["Savings"] if row[0] == "Programme")
        (row,) = [row for row in pages["Savings"] if row[0] == "All programmes"]
        assert (
            row[top.index("Underlying £")] == int(again.tables["savings"]["underlying"].sum()) / 100
        )
    checks = {row[4] for row in pages["Checks"] if row[4] in ("holds", "FAILS", "inputs changed")}
    assert checks == {"holds", "inputs changed"}
    cover = [row[:2] for row in pages["Cover"]]
    assert ["Master check", "All checks hold"] in cover
    rows = len({one.row for one in inputs})
    assert ["Inputs", f"{rows} changed since the report"] in cover


def words_above(page: list[list[Any]]) -> str:
    """Give what is said above the table of a page."""
    return " ".join(str(cell) for row in page[:8] for cell in row if cell)


def constants_say_so(workbook: Path, pages: Mapping[str, Any]) -> None:
    """A page without a formula among its amounts says that it is constant, and does stay the same.

    Args:
        workbook: as reported.
        pages: of the workbook with inputs changed, recalculated.
    """
    stored, constant = read(workbook), set()
    for tab in openpyxl.load_workbook(workbook):
        cells = [cell for row in tab.iter_rows(min_row=3) for cell in row]
        if tab.title not in NO_AMOUNTS and all(cell.data_type != "f" for cell in cells):
            constant.add(tab.title)
    for title, page in stored.items():
        if title in constant:
            assert "does not follow" in words_above(page), title
        if SAID in words_above(page):
            assert title in constant
            assert "As reported" in words_above(page)
            assert "Inputs changed: not followed here" in words_above(pages[title])
            assert page[8:] == pages[title][8:]


@longer
@pytest.mark.parametrize(("pool", "name"), EVERY, ids=lambda it: getattr(it, "name", it))
def test_no_value_changes(made, pool, name):
    projection, workbook = made(pool, name)
    found = formualizer(workbook)
    assert found["formula_cells"] > 100
    assert (found["status"], found["cache_cells_changed"], found["error_cells"]) == (
        "current",
        0,
        0,
    )
    assert walked(read(workbook)) == closings(projection)


@longer
@pytest.mark.parametrize(
    ("pool", "name", "which"), CHANGES, ids=lambda it: it if isinstance(it, str) else it.name
)
def test_changed_inputs_give_what_the_engine_gives(made, pool, name, which):
    projection, workbook = made(pool, name)
    inputs = chosen(projection, workbook, which)
    again = with_inputs(projection, inputs)
    assert closings(again) != closings(projection)
    pages = recalculated(workbook, {one.name: one.value for one in inputs})
    follows(pages, again, inputs)
    constants_say_so(workbook, pages)


def test_a_programme_that_saves_nothing(made):
    projection, workbook = made(MADE_UP, "child")
    again = changed(projection, with_programme(projection.scenario, "P3", gross=0))
    assert walked(recalculated(workbook, {"saving_p3_gross": 0})) == closings(again)


def test_a_factor_of_one_leaves_every_percentage_as_it_is_stated(made):
    projection, workbook = made(MADE_UP, "start")
    pages = recalculated(workbook, {"calibration_factor": 1.0})
    scenario = projection.scenario
    plain = changed(
        projection,
        type(scenario)(**{**vars(scenario), "settings": scenario.settings.model_copy(
            update={"calibrate": None})}),
    )  # fmt: skip
    assert walked(pages) == closings(plain)


def test_only_what_the_bridge_follows_is_an_input(made):
    projection, workbook = made(MADE_UP, "start")
    book = openpyxl.load_workbook(workbook)
    names = book.defined_names
    inputs = {name for name in names if name.startswith("assume_")}
    said = projection.scenario.tables["assumptions"]
    constants = {"most", "prices of all", "more money", "one-off", "red"}
    used = {*said["assumption"]} - constants
    assert len([name for name in names if name.startswith("assume_prices_")]) == 3
    assert len(inputs) == len(used) + 2 + 1  # prices by year; red holds for the unidentified too
    assert place_of(book, "assume_red")[0] == "Assumptions"


def test_every_kind_of_input_is_changed(made):
    """Else a kind that the small plan no longer has would be tried nowhere."""
    inputs = {**inputs_of(*made(MADE_UP, "start"))}
    assert {one.kind for one in inputs.values()} == {
        "inflation", "demand", "non-recurrent", "investment", "pressures", "allocation",
        "delivery", "factor", "programme",
    }  # fmt: skip


def test_every_year_and_step_stands_beside_what_was_reported(made):
    projection, workbook = made(MADE_UP, "start")
    checks = [row for row in read(workbook)["Checks"] if str(row[0]).endswith(", as reported")]
    walk = projection.tables["walk"]
    pairs = walk[["financial_year", "step"]].drop_duplicates()
    assert len(checks) == len(pairs) + len(projection.years)
    assert {row[0][:7] for row in checks} == {spoken(year) for year in projection.years}


@longer
def test_libreoffice_gives_the_same_as_written_and_after_changes(made, tmp_path):
    """One start for all of them: as written, with all inputs changed, and in `make long` by one."""
    written, tried = {}, {}
    for pool, name in IN_LIBREOFFICE:
        written[f"{name}.xlsx"] = shutil.copy(made(pool, name)[1], tmp_path / f"{name}.xlsx")
        for which in ["all of them", *(BY_THEMSELVES.get(name, []) if LONG else [])]:
            projection, workbook = made(pool, name)
            inputs = chosen(projection, workbook, which)
            to = tmp_path / f"{name} with {which}.xlsx"
            saved_with(workbook, {one.name: one.value for one in inputs}, to)
            tried[to] = (projection, workbook, inputs)
    found = libreoffice([*written.values(), *tried], tmp_path / "scratch")
    for name, path in written.items():
        assert differences(path, found[name]) == [], name
    for path, (projection, workbook, inputs) in tried.items():
        again = with_inputs(projection, inputs)
        assert closings(again) != closings(projection), path.stem
        pages = read(found[path.name])
        follows(pages, again, inputs)
        constants_say_so(workbook, pages)

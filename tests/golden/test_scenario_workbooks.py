"""The workbooks of scenarios: recalculated, and with an assumption changed, against the engine."""

import shutil

import openpyxl
import pytest

from bcf_model.report.scenario.write import contents
from bcf_model.years import spoken
from tests.longer import LONG, longer
from tests.recalculate import differences, formualizer, libreoffice
from tests.scenario_reports import (
    MADE_UP,
    SHEFFIELD,
    changed,
    closings,
    place_of,
    read,
    recalculated,
    shown,
    totals,
    walked,
    with_programme,
    with_value,
)

MADE_UP_ONES = [(MADE_UP, name) for name in ("start", "child", "city")]
SHIPPED = [(SHEFFIELD, path.name) for path in sorted((SHEFFIELD / "scenarios").iterdir())]
EVERY = MADE_UP_ONES + (SHIPPED if LONG else SHIPPED[1:2])
IN_LIBREOFFICE = MADE_UP_ONES[:1] + (SHIPPED if LONG else [])
"""All of them in `make long`."""


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


AT_ONCE = {
    (MADE_UP, "start"): {
        ("pay", ""): ("assume_pay", 3.2),
        ("prices", "2020-21"): ("assume_prices_2020_21", -1.75),
        ("grant ends", "2019-20"): ("assume_grant_ends", 2.05),
        ("new team", "2020-21"): ("assume_new_team", 1234.57),
        ("winter", "2020-21"): ("assume_winter", 333.33),
        ("to lines", "2019-20"): ("assume_to_lines", 80),
        ("amber", ""): ("assume_amber", 33.3),
    },
    (MADE_UP, "child"): {("growth", ""): ("assume_growth", 4)},
    (MADE_UP, "city"): {("growth", ""): ("assume_growth", 1.1)},
    (SHEFFIELD, "published-2019-20"): {
        ("savings-target", "2019-20"): ("assume_savings_target", 26.5)
    },
}
ONE_BY_ONE = {
    (SHEFFIELD, "do-nothing-2023-24"): {("inflation", ""): ("assume_inflation", 2.75)},
    (SHEFFIELD, "shift-to-prevention"): {
        ("demography acute", ""): ("assume_demography_acute", 1.3)
    },
}
CHANGES = [(*where, said) for where, said in AT_ONCE.items()]
CHANGES += [
    (*where, {key: cell})
    for where, said in {**AT_ONCE, **ONE_BY_ONE}.items()
    for key, cell in said.items()
    if LONG
]
"""Several at once; each by itself in `make long`."""


@longer
@pytest.mark.parametrize(
    ("pool", "name", "changes"), CHANGES, ids=lambda it: it if isinstance(it, str) else ""
)
def test_a_changed_assumption_gives_what_the_engine_gives(made, pool, name, changes):
    projection, workbook = made(pool, name)
    pages = recalculated(workbook, dict(changes.values()))
    scenario = projection.scenario
    for (assumption, year), (_, value) in changes.items():
        scenario = with_value(scenario, assumption, value, year)
    again = changed(projection, scenario)
    assert walked(pages) == closings(again) != closings(projection)
    whole = [int(again.closing()[year]) for year in again.years]
    assert totals(pages, "Bridge", "Closing budget")[: len(whole)] == whole
    groups = "By block" if (again.tables["lines"]["block"] != "").any() else "By theme"
    assert [row[-1] for row in pages[groups] if row[0] == "Total"] == [it / 100 for it in whole]
    checks = {row[4] for row in pages["Checks"] if row[4] in ("holds", "FAILS", "inputs changed")}
    assert checks == {"holds", "inputs changed"}
    cover = [row[:2] for row in pages["Cover"]]
    assert ["Master check", "All checks hold"] in cover
    assert ["Inputs", f"{len(changes)} changed since the report"] in cover


def test_a_changed_programme_gives_what_the_engine_gives(made):
    projection, workbook = made(MADE_UP, "child")
    values = {"saving_p1_gross": 7654.32, "saving_p1_costs": 1500.5, "saving_p3_gross": 0}
    pages = recalculated(workbook, values)
    scenario = with_programme(projection.scenario, "P1", gross=7654.32, investment=1500.5)
    again = changed(projection, with_programme(scenario, "P3", gross=0))
    assert walked(pages) == closings(again) != closings(projection)
    saved = again.tables["savings"]
    (row,) = [row for row in pages["Savings"] if row[0] == "All programmes"]
    top = next(row for row in pages["Savings"] if row[0] == "Programme")
    at = top.index("Underlying £")
    assert row[at] == int(saved["underlying"].sum()) / 100


def test_a_changed_factor_scales_every_percentage(made):
    projection, workbook = made(MADE_UP, "start")
    pages = recalculated(workbook, {"calibration_factor": 1.0})
    scenario = projection.scenario
    plain = changed(
        projection,
        type(scenario)(**{**vars(scenario), "settings": scenario.settings.model_copy(
            update={"calibrate": None})}),
    )  # fmt: skip
    assert walked(pages) == closings(plain)


def test_what_is_constant_says_so(made):
    _, workbook = made(MADE_UP, "city")
    stored = read(workbook)
    pages = recalculated(workbook, {"assume_growth": 9})
    for page in ("Prevention", "Positions", "Who gains", "Break-even", "Gap"):
        if page not in pages:
            continue
        said = " ".join(str(cell) for row in stored[page][:8] for cell in row if cell)
        assert "does not follow a changed assumption" in said and "As reported" in said
        now = " ".join(str(cell) for row in pages[page][:8] for cell in row if cell)
        assert "Inputs changed: not followed here" in now
        assert stored[page][8:] == pages[page][8:]


def test_only_what_the_bridge_follows_is_an_input(made):
    projection, workbook = made(MADE_UP, "start")
    names = openpyxl.load_workbook(workbook).defined_names
    inputs = {name for name in names if name.startswith("assume_")}
    said = projection.scenario.tables["assumptions"]
    constants = {"most", "prices of all", "more money", "one-off", "red"}
    used = {*said["assumption"]} - constants
    assert len([name for name in names if name.startswith("assume_prices_")]) == 3
    assert len(inputs) == len(used) + 2 + 1  # prices by year; red holds for the unidentified too
    assert place_of(workbook, "assume_red")[0] == "Assumptions"


def test_every_year_and_step_stands_beside_what_was_reported(made):
    projection, workbook = made(MADE_UP, "start")
    checks = [row for row in read(workbook)["Checks"] if str(row[0]).endswith(", as reported")]
    walk = projection.tables["walk"]
    pairs = walk[["financial_year", "step"]].drop_duplicates()
    assert len(checks) == len(pairs) + len(projection.years)
    assert {row[0][:7] for row in checks} == {spoken(year) for year in projection.years}


@longer
def test_libreoffice_gives_the_same_as_written_and_after_a_change(made, tmp_path):
    """One start for all of them; as written, those of `IN_LIBREOFFICE`."""
    written = {}
    for pool, name in IN_LIBREOFFICE:
        written[f"{name}.xlsx"] = tmp_path / f"{name}.xlsx"
        shutil.copy(made(pool, name)[1], written[f"{name}.xlsx"])
    projection, workbook = made(MADE_UP, "start")
    page, cell = place_of(workbook, "assume_pay")
    book = openpyxl.load_workbook(workbook)
    book[page][cell] = 2.9
    book.save(tmp_path / "changed.xlsx")
    found = libreoffice([*written.values(), tmp_path / "changed.xlsx"], tmp_path / "scratch")
    for name, path in written.items():
        assert differences(path, found[name]) == []
    expected = closings(changed(projection, with_value(projection.scenario, "pay", 2.9)))
    assert walked(read(found["changed.xlsx"])) == expected != closings(projection)

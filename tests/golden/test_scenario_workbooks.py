"""The workbooks of scenarios: recalculated, and with inputs changed, against the engine."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.expressions import If, Sum
from bcf_model.core.figures import Figure
from bcf_model.core.years import spoken
from bcf_model.plan.counterfactual import without_return
from bcf_model.plan.load import Scenario, load_scenario
from bcf_model.plan.projection import Projection, project
from bcf_model.publish.contents import contents
from bcf_model.publish.scenario.lookups import view
from bcf_model.publish.scenario.sentences import headline
from bcf_model.publish.scenario.shared_pages import RULE_CHANGED
from bcf_model.publish.scenario.workbook import pages_that_follow, with_nil
from bcf_model.publish.scenario.write import document, to_show
from tests.longer import LONG, longer, slow
from tests.make.places import PLAN, SHEFFIELD
from tests.make.plans import random_plan
from tests.make.recalculate import differences, formualizer, libreoffice
from tests.make.scenario_reports import (
    Input,
    changed,
    closings,
    inputs_of,
    place_of,
    projected,
    read,
    recalculated,
    saved_with,
    shown,
    totals,
    walked,
    with_inputs,
    with_programme,
    with_value,
)

pytestmark = slow  # each recalculates whole workbooks

MADE_UP_ONES = [(PLAN, name) for name in ("start", "child", "city")]
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
            path.write_bytes(contents(document(one))["report.xlsx"])
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
    shows = view(again)
    assert ["Result", headline(shows)] in cover
    opening, closing = map(shows.amount, (shows.opening(), shows.closing(again.years[-1])))
    assert [f"Opening, {spoken(again.years[0])}", opening / 100] in cover
    assert [f"Closing, {spoken(again.years[-1])}", closing / 100] in cover
    assert ["Change", pytest.approx((closing - opening) / 100)] in cover


def every_figure_follows(
    pages: Mapping[str, Any], projection: Projection, again: Projection
) -> None:
    """Each cell of each page that follows is the engine's figure of the changed scenario.

    Args:
        pages: of the workbook with inputs changed, recalculated.
        projection: as it was reported. again: with the same inputs changed, by the engine.
    """
    seen, compared = with_nil(view(projection, without(projection))), 0
    figures = with_nil(view(again, without(again)))
    for name, sheet in pages_that_follow(seen).items():
        first = sheet.headings[0].text
        top = next(at for at, row in enumerate(pages[name]) if row[0] == first)
        for row, found in zip(sheet.rows, pages[name][top + 1 :], strict=False):
            for heading, shown_in, value in zip(sheet.headings, row.cells, found, strict=False):
                cell = on_any_basis(shown_in)
                where = (name, row.cells[0], heading.text)
                if isinstance(cell, If):
                    assert value == figures.figures.text(cell), where
                elif isinstance(cell, Figure) and heading.form == "percent":
                    assert value == pytest.approx(figures.rate(cell), abs=1e-9), where
                elif value == RULE_CHANGED:
                    assert isinstance(cell, Figure) and cell.measure.startswith(("borne", "gap"))
                elif isinstance(cell, Figure | Sum) and figures.figures.amount(cell) is not None:
                    assert round(value * 100) == figures.figures.amount(cell), where
                    compared += 1
    assert compared > 10


def on_any_basis(cell: Any) -> Any:
    """Give a figure however one has to pay: of the changed scenario that may not be known."""
    if not isinstance(cell, Figure):
        return cell
    return Figure(cell.measure, tuple(it for it in cell.selection if it[0] != "basis"))


def without(projection: Projection) -> Projection | None:
    if projection.tables["prevention"].empty:
        return None
    return changed(projection, without_return(projection.scenario))


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
    every_figure_follows(pages, projection, again)
    constants_say_so(workbook, pages)


@longer
@pytest.mark.parametrize("seed", range(1, 21))
def test_the_workbook_of_a_random_plan_follows_every_input(tmp_path, seed):
    """Its amounts are the engine's as written, and after every input is changed at once."""
    pool = random_plan(seed).write(tmp_path / "pool")
    for name in ("start", "child"):
        try:
            projection = project(*load_scenario(pool, name))
        except DataHasErrors:
            continue  # no factor gives the growth that it asks for
        workbook = tmp_path / f"{name}.xlsx"
        workbook.write_bytes(contents(document(to_show(projection)))["report.xlsx"])
        found = formualizer(workbook)
        assert (found["status"], found["error_cells"]) == ("current", 0), name
        inputs = chosen(projection, workbook, "all of them")
        pages = recalculated(workbook, {one.name: one.value for one in inputs})
        every_figure_follows(pages, projection, with_inputs(projection, inputs))


def test_a_programme_that_saves_nothing(made):
    projection, workbook = made(PLAN, "child")
    again = changed(projection, with_programme(projection.scenario, "P3", gross=0))
    assert walked(recalculated(workbook, {"saving_p3_gross": 0})) == closings(again)


def test_a_factor_of_one_leaves_every_percentage_as_it_is_stated(made):
    projection, workbook = made(PLAN, "start")
    pages = recalculated(workbook, {"calibration_factor": 1.0})
    scenario = projection.scenario
    plain = changed(
        projection,
        type(scenario)(**{**vars(scenario), "settings": scenario.settings.model_copy(
            update={"calibrate": None})}),
    )  # fmt: skip
    assert walked(pages) == closings(plain)


def test_only_what_the_bridge_follows_is_an_input(made):
    projection, workbook = made(PLAN, "start")
    book = openpyxl.load_workbook(workbook)
    names = book.defined_names
    inputs = {name for name in names if name.startswith("assume_")}
    said = projection.scenario.tables["assumptions"]
    constants = {"most", "prices of all", "red"}
    used = {*said["assumption"]} - constants
    assert len([name for name in names if name.startswith("assume_prices_")]) == 3
    assert len(inputs) == len(used) + 2 + 1  # prices by year; red holds for the unidentified too
    assert place_of(book, "assume_red")[0] == "Assumptions"


def test_an_input_takes_only_what_it_can_be(made):
    book = openpyxl.load_workbook(made(PLAN, "start")[1])
    page, cell = place_of(book, "assume_amber")
    held = [it for it in book[page].data_validations.dataValidation if cell in str(it.sqref)]
    assert [(it.type, it.formula1, it.formula2, it.allowBlank) for it in held] == [
        ("decimal", "0.0", "100.0", False)
    ]
    rules = {
        (page.title, str(it.sqref)) for page in book for it in page.data_validations.dataValidation
    }
    inputs = {place_of(book, it) for it in book.defined_names if it.startswith("assume_")}
    assert inputs <= rules


# ------------------------------------------------------------------ prevention

MILLION = 10**6


def giving_back_more(scenario: Scenario, growth: float) -> Scenario:
    """Give a scenario whose prevention gives back more than its lines have, of shared lines.

    Args:
        scenario: one of prevention, with two returns.
        growth: of every line, in percent.
    """
    more = scenario.tables["returns"].assign(
        return_per_pound=[150 * MILLION, 70 * MILLION],
        cashable=60 * MILLION,
        scope=["block=community", "all"],
    )
    changed_one = replace(scenario, tables={**scenario.tables, "returns": more})
    return with_value(changed_one, "growth", growth)


GROWTH = [(3.5, -35), (-100, 20), (3.5, 40), (-35, 3.5), (-99.99, 3.5)]
"""As reported, and then."""


@longer
@pytest.mark.parametrize(("reported", "now"), GROWTH if LONG else GROWTH[:2])
def test_what_prevention_releases_follows(tmp_path, reported, now):
    """No more is released than lines have, in the order of the streams, whatever is changed."""
    city = projected(PLAN, "city")
    made, again = (
        project(city.plan, giving_back_more(city.scenario, growth)) for growth in (reported, now)
    )
    levels = [it.tables["prevention"].groupby("financial_year")["released"].sum()
              for it in (made, again)]  # fmt: skip
    assert (levels[0] != levels[1]).any()
    assert made.tables["prevention"]["not_released"].any()
    workbook = tmp_path / "report.xlsx"
    workbook.write_bytes(contents(document(to_show(made)))["report.xlsx"])
    found = formualizer(workbook)
    assert (found["status"], found["cache_cells_changed"], found["error_cells"]) == (
        "current", 0, 0,
    )  # fmt: skip
    assert walked(read(workbook)) == closings(made)
    pages = recalculated(workbook, {"assume_growth": now})
    follows(pages, again, [inputs_of(made, workbook)["assume_growth"]])
    rows = pages["Released"]
    (top,) = [row for row in rows if row[0] == "Year"]
    year, of_line = top.index("Year"), top.index("Of this line £")
    for when, pence in levels[1].items():
        released = [row[of_line] for row in rows if row[year] == spoken(str(when))]
        assert round(sum(released) * 100) == pence


def test_what_is_released_adds_up_on_the_page_of_checks(made):
    _, workbook = made(PLAN, "city")
    said = "What prevention takes out up to 2023/24 = its level then"
    (row,) = [row for row in read(workbook)["Checks"] if row[0] == said]
    assert row[1:5] == [row[1], row[1], 0, "holds"]


# ------------------------------------------------------------------ growth that is reached


def growth_of(pages: Mapping[str, Any]) -> dict[str, Any]:
    rows = pages["Assumptions"]
    (top,) = [row for row in rows if row[0] == "Assumption"]
    (row,) = [row for row in rows if row[0] == "growth with this factor"]
    return dict(zip(top, row, strict=True))


def calibration_of(pages: Mapping[str, Any]) -> str:
    (said,) = [row[1] for row in pages["Cover"] if row[0] == "Calibration"]
    return str(said)


def grown_by(projection: Projection) -> float:
    """Give growth over all years of a plan, in percent."""
    shows = view(projection)
    begins, ends = shows.opening(), shows.closing(projection.years[-1])
    return 100 * (shows.amount(ends) / shows.amount(begins) - 1)


def test_growth_is_shown_beside_its_target_and_no_longer_claimed_when_it_is_missed(made):
    projection, workbook = made(PLAN, "start")
    written = read(workbook)
    row = growth_of(written)
    assert row["Value"] == pytest.approx(5, abs=0.001)
    assert (row["Status"], row["Source"]) == ("on target", "The target is 5%.")
    assert calibration_of(written).endswith(
        "grows by 5.0% from 2018/19 to 2021/22; the target is 5%."
    )
    again = changed(projection, with_value(projection.scenario, "pay", 4))
    pages = recalculated(workbook, {"assume_pay": 4})
    row = growth_of(pages)
    assert row["Value"] == pytest.approx(grown_by(again), abs=1e-6)
    assert row["Status"] == "differs"
    assert row["Source"] == "The target of 5% is not reached: run bcf scenario again."
    said = calibration_of(pages)
    assert f"grows by {grown_by(again):.1f}% from 2018/19 to 2021/22" in said
    assert "the target of 5% is not reached, for the factor stays as it was found" in said


def test_a_target_of_the_base_is_not_that_of_a_scenario_built_on_it(made):
    _, workbook = made(PLAN, "child")
    written = read(workbook)
    assert not growth_of(written)["Status"]
    assert growth_of(written)["Source"] == "The target is 5% in start."
    assert calibration_of(written).endswith("; the target is 5% in start.")


# ------------------------------------------------------------------ on paper


def widths(tab: Any) -> list[float]:
    """Give the width of each column that is printed."""
    area = openpyxl.utils.cell.range_boundaries(str(tab.print_area).rpartition("!")[2])
    letters = map(openpyxl.utils.get_column_letter, range(1, area[2] + 1))
    return [tab.column_dimensions[letter].width for letter in letters]


@longer
@pytest.mark.parametrize(
    ("pool", "name"),
    [*MADE_UP_ONES, *(SHIPPED if LONG else SHIPPED[3:4])],
    ids=lambda it: getattr(it, "name", it),
)
def test_live_pages_print_with_their_headings_and_a_whole_title(made, pool, name):
    projection, workbook = made(pool, name)
    book = openpyxl.load_workbook(workbook)
    perimeter = view(projection).perimeter
    for page in ("Assumptions", "Savings", "Effects", "Released", "Walk"):
        if page not in book.sheetnames:
            continue
        tab = book[page]
        assert tab.page_setup.orientation == "landscape"
        assert tab.print_title_rows
        across, title = tab.page_setup.fitToWidth or 1, str(tab["A1"].value)
        if across > 1:  # what is printed again on every page cuts a title that is longer
            first, last = tab.print_title_cols.replace("$", "").split(":")
            numbers = [openpyxl.utils.column_index_from_string(it) for it in (first, last)]
            assert 1.6 * len(title) <= 1.2 * sum(widths(tab)[numbers[0] - 1 : numbers[1]]), page
            assert f"All amounts are of: {perimeter}." in words_above(read(workbook)[page])
        else:
            assert title.endswith(f": {perimeter}")
            assert not tab.print_title_cols
        limit = 245 * across
        assert sum(widths(tab)) <= limit
    assert book["Assumptions"].page_setup.fitToWidth in (None, 1)


def test_a_page_of_many_years_has_a_title_that_is_not_cut(tmp_path):
    scenario = projected(PLAN, "city").scenario
    longer_one = scenario.settings.model_copy(update={"last_year": "2033-34"})
    made = project(projected(PLAN, "city").plan, replace(scenario, settings=longer_one))
    workbook = tmp_path / "report.xlsx"
    workbook.write_bytes(contents(document(to_show(made)))["report.xlsx"])
    pages = read(workbook)
    assert pages["Lines"][0][0] == "Every line"
    assert f"All amounts are of: {view(made).perimeter}." in words_above(pages["Lines"])
    assert pages["By block"][0][0] == f"By block: {view(made).perimeter}"


def test_the_foot_of_a_page_says_what_amounts_are_of_and_nothing_is_cut(made):
    projection, workbook = made(SHEFFIELD, "published-2019-20")
    for tab in openpyxl.load_workbook(workbook):
        if tab.title != "Cover":
            left = tab.oddFooter.left.text
            assert left == f"{view(projection).perimeter}, 2019/20", tab.title


def test_no_budget_holder_without_a_budget_in_any_year(made):
    _, workbook = made(SHEFFIELD, "savings-risk-adjusted")
    rows = [row for row in read(workbook)["By organisation"][4:] if row[0]]
    assert len(rows) == 3 and all(any(row[1:]) for row in rows)
    _, workbook = made(PLAN, "start")  # amounts that are not allocated have no holder
    names = {row[0] for row in read(workbook)["By organisation"]}
    assert "Holder not stated" in names


def test_every_kind_of_input_is_changed(made):
    """Else a kind that the small plan no longer has would be tried nowhere."""
    inputs = {**inputs_of(*made(PLAN, "start"))}
    assert {one.kind for one in inputs.values()} == {
        "inflation", "demand", "non-recurrent", "investment", "pressures", "allocation",
        "delivery", "factor", "programme", "uplift", "funding change",
    }  # fmt: skip


def test_every_year_and_step_stands_beside_what_was_reported(made):
    projection, workbook = made(PLAN, "start")
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

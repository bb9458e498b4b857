"""A scenario in force: what it says, what it has from its bases and the pool, and who set it."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.intake.folder import read_scenario
from bcf_model.intake.raw_table import RawPool
from bcf_model.plan import load as loading
from bcf_model.plan.in_force import in_force
from bcf_model.plan.inheritance import chances_of, replaced, year_by_year
from bcf_model.plan.load import (
    Scenario,
    check_plans,
    check_scenario,
    check_scenarios,
    load_plan,
    load_scenario,
    scenario_names,
    scenarios_listed,
)
from bcf_model.plan.words import STEPS
from bcf_model.pool import check_pool, load
from tests.longer import slow
from tests.make.places import PLAN


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return shutil.copytree(PLAN, tmp_path / "plan")


def put(pool: Path, name: str, **files: str) -> None:
    folder = pool / "scenarios" / name
    folder.mkdir(exist_ok=True)
    for file, text in files.items():
        ending = ".toml" if file == "scenario" else ".csv"
        (folder / f"{file}{ending}").write_text(text.lstrip(), encoding="utf-8")


def scenario(pool: Path, name: str) -> Scenario:
    return load_scenario(pool, name)[1]


def row(of: Scenario, table: str, key: str, code: str) -> pd.Series:
    frame = of.tables[table]
    return frame[frame[key] == code].iloc[0]


@slow
def test_settings_come_from_the_scenario_that_says_them() -> None:
    child = scenario(PLAN, "child")
    assert child.chain == ("child", "start")
    assert (child.settings.title, child.settings.status) == (
        "Less growth, and one more programme",
        "illustrative",
    )
    assert (child.settings.opening, child.settings.author) == ("closing", "")
    assert child.set_by["opening"] == "start"
    assert child.set_by["status"] == "child"
    assert "author" not in child.set_by, "author is each scenario's own"
    assert "order" not in child.set_by
    assert child.settings.order == tuple(STEPS)
    assert child.years == ("2019-20", "2020-21", "2021-22")


@slow
def test_a_row_replaces_the_row_with_the_same_key() -> None:
    child, start = scenario(PLAN, "child"), scenario(PLAN, "start")
    changed = row(child, "assumptions", "assumption", "growth")
    assert (changed["value"], changed["set_by"]) == (750_000, "child")
    assert changed["place"] == "scenarios/child/assumptions.csv, row 2"
    before = row(start, "assumptions", "assumption", "growth")
    assert (before["value"], before["set_by"]) == (1_250_000, "start")
    assert before["place"] == "scenarios/start/assumptions.csv, row 5"
    codes = [[*s.tables["assumptions"]["assumption"]] for s in (child, start)]
    assert codes[0] == codes[1], "it stands where the other stood"


@slow
def test_a_new_row_is_added_to_those_of_the_pool() -> None:
    savings = scenario(PLAN, "child").tables["savings"]
    assert [*savings["programme"]] == ["P1", "P2", "P3"]
    assert [*savings["set_by"]] == ["plan", "plan", "child"]
    assert savings["place"][0] == "savings.csv, row 2"
    assert savings["place"][2] == "scenarios/child/savings.csv, row 2"


@slow
def test_a_row_of_the_pool_is_replaced_with_all_its_rows(pool: Path) -> None:
    put(pool, "child", phasing="profile,period,share\nlate,12,100\n")
    phasing = scenario(pool, "child").tables["phasing"]
    assert [*zip(phasing["period"], phasing["share"], strict=True)] == [(12, 100_000_000)]
    assert len(scenario(pool, "start").tables["phasing"]) == 2


@slow
def test_a_base_of_a_base(pool: Path) -> None:
    put(
        pool,
        "grandchild",
        scenario='title = "Later"\nbase = "child"\nlast_year = "2022-23"\n',
        assumptions="assumption,step,scope,year,value,unit,source\npay,inflation,all,,3,percent,x\n",
    )
    found = scenario(pool, "grandchild")
    assert found.chain == ("grandchild", "child", "start")
    set_by = {name: found.set_by[name] for name in ("title", "last_year", "first_year")}
    assert set_by == {"title": "grandchild", "last_year": "grandchild", "first_year": "start"}
    setters = {
        code: row(found, "assumptions", "assumption", code)["set_by"]
        for code in ("pay", "growth", "winter")
    }
    assert setters == {"pay": "grandchild", "growth": "child", "winter": "start"}
    assert row(found, "savings", "programme", "P3")["set_by"] == "child"
    assert found.years[-1] == "2022-23"
    assert [file.name for file in found.files if file.name.endswith("scenario.toml")] == [
        "scenarios/grandchild/scenario.toml",
        "scenarios/child/scenario.toml",
        "scenarios/start/scenario.toml",
    ]


@slow
def test_a_blank_setting_takes_back_what_the_base_says(pool: Path) -> None:
    said = 'opening = "closing"\nsplit = "outturn"\nfirst_year = "2019-20"\n'
    put(pool, "whole", scenario=f'title = "A"\n{said}agreed = {{2019-20 = "initial"}}\n')
    put(pool, "taken", scenario='title = "B"\nbase = "whole"\nsplit = ""\nagreed = {}\n')
    (pool / "savings.csv").unlink()  # it saves on lines of an organisation
    found = scenario(pool, "taken")
    assert (found.settings.split, found.set_by["split"]) == ("", "taken")
    assert (found.settings.agreed, found.set_by["agreed"]) == ({}, "taken")
    assert scenario(pool, "whole").settings.split == "outturn"


def test_a_row_for_one_year_stands_in_place_of_the_row_for_every_year() -> None:
    frame = scenario(PLAN, "start").tables["assumptions"]
    prices = frame[frame["assumption"] == "prices"]
    assert [*zip(prices["year"], prices["value"], strict=True)] == [
        ("2019-20", 1_500_000),
        ("2020-21", 1_000_000),
        ("2021-22", 1_000_000),
    ]
    assert [place[-5:] for place in prices["place"]] == ["row 3", "row 4", "row 4"]
    assert [*frame.loc[frame["assumption"] == "pay", "year"]] == [""], "only where one is named"


def test_years_and_keys_of_tiny_tables() -> None:
    said = pd.DataFrame({"assumption": ["a", "a", "b"], "year": ["", "2020-21", ""], "value": 1})
    expanded = year_by_year(said, ["2019-20", "2020-21", "2021-22"])
    assert [*zip(expanded["assumption"], expanded["year"], strict=True)] == [
        ("a", "2019-20"),
        ("a", "2021-22"),
        ("a", "2020-21"),
        ("b", ""),
    ]
    base = pd.DataFrame({"k": ["x", "y", "x", "z"], "n": [1, 2, 3, 4]})
    own = pd.DataFrame({"k": ["w", "x"], "n": [5, 6]})
    merged = replaced(base, own, ["k"])
    assert [*zip(merged["k"], merged["n"], strict=True)] == [("x", 6), ("y", 2), ("z", 4), ("w", 5)]
    assert merged["n"].dtype == "int64"


@slow
def test_values_ranges_and_chances_are_numbers() -> None:
    start = scenario(PLAN, "start")
    ends = row(start, "assumptions", "assumption", "grant ends")
    assert (ends["value"], ends["pence"], bool(ends["ranged"])) == (1_200_000, 120_000, False)
    assert (ends["low"], ends["high"]) == (0, 0)
    growth = row(start, "assumptions", "assumption", "growth")
    assert (growth["low"], growth["high"], growth["pence"]) == (500_000, 2_500_000, 0)
    assert bool(growth["ranged"])
    amber = row(start, "assumptions", "assumption", "amber")
    assert [amber[f"chance_{of}"] for of in ("value", "low", "high")] == [50, 30, 20]
    types = start.tables["assumptions"].dtypes.astype("str")
    assert {types[n] for n in ("value", "low", "high", "pence", "chance_low")} == {"int64"}
    assert types["ranged"] == "bool"
    assert chances_of("60/30") is None


@slow
def test_a_base_s_correlation_needs_both_ranges() -> None:
    both = {name: scenario(PLAN, name).tables["correlations"] for name in ("start", "child")}
    assert len(both["start"]) == 3
    assert [*zip(both["child"]["first"], both["child"]["second"], strict=True)] == [
        ("pay", "amber")
    ]


def test_an_inherited_row_of_a_year_outside_the_plan_is_no_error(pool: Path) -> None:
    text = 'title = "Short"\nbase = "start"\nlast_year = "2020-21"\n'
    text += '[calibrate]\ntarget = 1.0\nbase_year = "2018-19"\nyear = "2020-21"\n'
    put(pool, "child", scenario=text + 'steps = ["demand"]\n')
    assert scenario(pool, "child").years == ("2019-20", "2020-21")


def test_amounts_of_the_plan_are_in_the_unit_of_the_pool(pool: Path) -> None:
    plan, _ = load_scenario(PLAN, "start")
    assert [*plan.tables["budgets"]["amount"][:2]] == [16_500_000, 3_000_000]
    assert plan.tables["budgets"]["place"][0] == "budgets.csv, row 2"
    assert {*plan.tables} == {
        "budgets", "virements", "funding", "savings", "phasing", "planned_activity",
        "efficiencies", "blocks", "perimeters",
    }  # fmt: skip
    assert plan.inputs.name == "plan"
    # Two are the pool's own tables; no line of this pool is paid by activity.
    of_pool = {"budgets.csv", "perimeters.csv"}
    own = {f"{name}.csv" for name in plan.tables} - of_pool - {"planned_activity.csv"}
    assert {file.name for file in plan.files} == own
    assert {file.name for file in plan.inputs.files} >= of_pool


def test_a_pool_s_report_does_not_read_its_plans(pool: Path) -> None:
    before = load(pool).files
    (pool / "virements.csv").write_bytes(b"\x00")
    put(pool, "start", scenario="no settings")
    inputs, findings = check_pool(pool)
    assert findings == []
    assert inputs is not None
    assert inputs.files == before
    assert {f.code for f in check_plans(pool, inputs)} == {"BCF005"}


def test_a_pool_with_errors_still_has_its_plan_cells_looked_at(pool: Path) -> None:
    text = (pool / "funding.csv").read_text(encoding="utf-8")
    (pool / "funding.csv").write_text(text.replace("150000", "lots"), encoding="utf-8")
    assert [f.code for f in check_plans(pool, None)] == ["BCF202"]
    (pool / "themes.csv").unlink()
    loaded, findings = check_scenario(pool, "start")
    assert loaded is None
    assert {"BCF002", "BCF202"} <= {f.code for f in findings}


def test_a_scenario_that_is_not_there() -> None:
    loaded, findings = check_scenario(PLAN, "strat")
    assert loaded is None
    assert [(f.code, f.file) for f in findings] == [("BCF701", "scenarios")]
    assert "'start'?" in findings[0].sentence
    with pytest.raises(DataHasErrors):
        load_scenario(PLAN, "strat")


def test_a_plan_of_other_budgets_has_their_versions() -> None:
    plan = load_plan(PLAN)
    budgets = plan.tables["budgets"]
    version = str(budgets["version"].iloc[0])
    other = replace(plan, tables={**plan.tables, "budgets": budgets.assign(amount=7)})
    assert set(other.stated_versions.lines(version)["opening"]) == {7}
    assert set(plan.stated_versions.lines(version)["opening"]) != {7}


def test_several_scenarios_are_checked_as_each_is_by_itself(pool: Path) -> None:
    text = (pool / "funding.csv").read_text(encoding="utf-8")
    (pool / "funding.csv").write_text(text.replace("150000", "150000.00"), encoding="utf-8")
    names = ["child", "strat", "start"]
    several = check_scenarios(pool, names)
    assert [*several] == names
    for name, (loaded, findings) in several.items():
        alone, of_it = check_scenario(pool, name)
        assert findings == of_it
        assert (loaded is None) == (alone is None) == (name == "strat")
        assert loaded is None or alone is None or loaded[1].chain == alone[1].chain
    (pool / "themes.csv").unlink()
    assert {one for one, _ in check_scenarios(pool, names).values()} == {None}


def test_a_pool_without_scenarios(pool: Path) -> None:
    shutil.rmtree(pool / "scenarios")
    assert scenario_names(pool) == []
    (finding,) = check_scenario(pool, "start")[1]
    assert "it has none" in finding.sentence


@slow
def test_a_workbook_has_the_scenarios_of_its_sheets(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    _as_workbook(PLAN, book)
    assert scenario_names(book) == []
    (missing,) = check_scenario(book, "start")[1]
    assert (missing.code, missing.sheet) == ("BCF701", "scenarios")
    held = openpyxl.load_workbook(book)
    for name, rows in {
        "scenarios": [
            ("scenario", "setting", "value"),
            ("start", "title", "Start"), ("start", "opening", "closing"),
            ("start", "first_year", "2019-20"), ("start", "sources.1", "invented"),
            ("start", "split", "year-end budget"),
            ("start", "sources.2.source", "also"), ("start", "sources.2.page", 3),
            ("child", "title", "Child"), ("child", "base", "start"), ("child", "note", None),
        ],
        "drivers": [("scenario", "driver"), ("nobody", "x")],
    }.items():  # fmt: skip
        sheet = held.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held.save(book)
    assert scenario_names(book) == ["child", "nobody", "start"]
    assert [it.code for it in check_pool(book)[1]] == []
    loaded, _ = check_scenario(book, "child")
    assert loaded is not None
    (_, child) = loaded
    assert child.chain == ("child", "start")
    assert (child.settings.opening, child.settings.first_year) == ("closing", "2019-20")
    assert load_scenario(book, "start")[1].settings.sources == ("invented", "also, page 3")
    (finding, *_) = check_scenario(book, "nobody")[1]
    assert (finding.code, finding.sheet, finding.value) == ("BCF034", "scenarios", "'nobody'")


@slow
def test_no_row_of_a_workbook_is_passed_over(tmp_path: Path) -> None:
    """A row that says of no scenario is found; a column `scenario` elsewhere is not known."""
    book = tmp_path / "plan.xlsx"
    _as_workbook(PLAN, book)
    held = openpyxl.load_workbook(book)
    for name, rows in {
        "scenarios": [("scenario", "setting", "value"), (None, "title", "A")],
        "lags": [("lag", "year", "percent"), ("own", 1, "100%")],
    }.items():
        sheet = held.create_sheet(name)
        for row in rows:
            sheet.append(row)
    themes = held["themes"]
    themes.cell(1, themes.max_column + 1).value = "scenario"
    themes.cell(3, themes.max_column).value = "A"
    held.save(book)
    found = [(it.code, it.sheet, it.row) for it in check_pool(book)[1]]
    assert ("BCF035", "scenarios", 2) in found and ("BCF035", "lags", 2) in found
    assert ("BCF009", "themes", 0) in found


@slow
def test_what_is_wrong_with_a_scenario_of_a_workbook_is_told_by_its_cell(tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    _as_workbook(PLAN, book)
    held = openpyxl.load_workbook(book)
    sheet = held.create_sheet("scenarios")
    for row in (("scenario", "setting", "value"), ("a", "title", "A"), ("a", "first_year", "soon")):
        sheet.append(row)
    held.save(book)
    (finding,) = check_scenario(book, "a")[1]
    assert (finding.code, finding.sheet, finding.cell) == ("BCF104", "scenarios", "C3")


def test_a_plan_sheet_of_a_workbook_is_looked_at(tmp_path: Path, pool: Path) -> None:
    text = (pool / "virements.csv").read_text(encoding="utf-8")
    (pool / "virements.csv").write_text(text.replace(",-1000,", ",-900,"), encoding="utf-8")
    book = tmp_path / "plan.xlsx"
    _as_workbook(pool, book)
    inputs, findings = check_pool(book)
    assert findings == []
    (finding,) = check_plans(book, inputs)
    assert (finding.code, finding.sheet, finding.row) == ("BCF736", "virements", 3)


def _as_workbook(pool: Path, book: Path) -> None:
    settings = {
        "title": "Anytown", "board": "Board", "financial_year": "2018-19", "unit": "pounds",
        "as_at": "2019-03-31", "source": "invented",
    }  # fmt: skip
    with pd.ExcelWriter(book) as writer:
        pairs = pd.DataFrame([*settings.items()], columns=["setting", "value"])
        pairs.to_excel(writer, sheet_name="pool", index=False)
        for file in sorted(pool.glob("*.csv")):
            table = pd.read_csv(file, dtype=str, keep_default_na=False)
            table.to_excel(writer, sheet_name=file.stem, index=False)


@slow
def test_what_is_in_force_is_told_within_eighty_columns() -> None:
    told = in_force(*load_scenario(PLAN, "child"))
    lines = told.splitlines()
    assert max(map(len, lines)) <= 80
    at = lines.index("  growth: demand, theme=1/kind=revenue")
    assert [line.strip() for line in lines[at + 1 : at + 4]] == [
        "0.75 percent, scaled 0.555857 percent, every year",
        "invented (illustrative)",
        "[scenarios/child/assumptions.csv, row 2]",
    ]
    assert "  opening     closing  [start]" in lines
    assert "      [plan: savings.csv, row 2]" in lines


def test_scenarios_are_listed_with_title_and_status(pool: Path) -> None:
    put(pool, "worse", scenario="titel = 1\n")
    assert scenarios_listed(pool) == [
        ("child", "Less growth, and one more programme", "illustrative"),
        ("city", "A shift towards prevention", "illustrative"),
        ("start", "If nothing else is done", "invented"),
        ("worse", "", "its settings have errors"),
    ]


@slow
def test_a_scenario_is_read_once_however_many_are_built_on_it(
    pool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: Path, name: str, tables: Sequence[str]) -> RawPool:
        read.append(name)
        return read_scenario(path, name, tables)

    monkeypatch.setattr(loading, "read_scenario", counted)
    before = check_plans(pool, load(pool))
    read.clear()
    base = "start"
    for depth in range(12):
        put(pool, f"deep-{depth}", scenario=f'title = "Deep"\nbase = "{base}"\n')
        base = f"deep-{depth}"
    found = check_plans(pool, load(pool))
    assert sorted(read) == scenario_names(pool)
    assert {*before} <= {*found}
    assert len(scenario(pool, base).chain) == 13

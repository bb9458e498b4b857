"""Population as data: what a year's growth is, and what drivers of demand come to."""

from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.plan.drivers import a_year
from bcf_model.plan.load import check_scenario
from bcf_model.plan.projection import Projection
from bcf_model.publish.scenario import population_page
from bcf_model.publish.scenario.lookups import view
from tests.longer import tries
from tests.make.small_plans import plan

COHORTS = """cohort,name,growth,years,vintage,source
all,all people,4.8,10,ONS 2018,invented
older,people over 65,13.8,10,ONS 2018,invented
"""
DRIVERS = """driver,scope,cohort,weight,elasticity,source
people,line=L1,all,50,1,invented
people,line=L1,older,50,1,invented
"""


def driven(
    folder: Path, drivers: str = DRIVERS, cohorts: str = COHORTS, rows: tuple = ()
) -> Projection:
    """Calculate a scenario with drivers of demand."""
    stated(folder, drivers, cohorts)
    return plan(folder, rows)


def stated(folder: Path, drivers: str, cohorts: str) -> None:
    own = folder / "scenarios" / "plan"
    own.mkdir(parents=True, exist_ok=True)
    (own / "drivers.csv").write_text(drivers, encoding="utf-8")
    (own / "cohorts.csv").write_text(cohorts, encoding="utf-8")


def test_half_with_all_people_and_half_with_those_over_65(tmp_path: Path) -> None:
    """(0.469937 + 1.301115) ÷ 2 = 0.885526 %; of £1,000 that is £8.86."""
    found = driven(tmp_path)
    (said,) = found.scenario.tables["assumptions"].to_dict("records")
    assert (said["assumption"], said["step"], said["value"]) == ("people", "demand", 885_526)
    assert said["place"] == "scenarios/plan/drivers.csv, row 2"
    assert (
        "50% with people over 65: 1.301115% a year (13.8% over 10 years, ONS 2018)" in said["note"]
    )
    walk = found.tables["walk"]
    assert walk[walk["step"] == "demand"]["amount"].tolist() == [8_86]


def test_elasticity_and_what_follows_no_one(tmp_path: Path) -> None:
    found = driven(tmp_path, DRIVERS.replace("older,50,1", "older,20,0.5"))
    assert found.scenario.tables["assumptions"]["value"].tolist() == [
        round(0.5 * 469_936.6 + 0.2 * 0.5 * 1_301_115.1)
    ]


def test_an_assumption_of_the_same_name_stands_in_place_of_a_driver(tmp_path: Path) -> None:
    other = ("people", "demand", "line=L1", "", 2, "percent", "", "", "")
    assert driven(tmp_path, rows=(other,)).scenario.tables["assumptions"]["value"].tolist() == [
        2_000_000
    ]


def test_the_page_says_what_follows_whom_and_at_what_rate_it_acts(tmp_path: Path) -> None:
    (page,) = population_page.sheets(view(driven(tmp_path)))
    assert [heading.text for heading in page.headings[:7]] == [
        "Cohort", "Growth", "Over", "Of a year", "Weight", "Elasticity", "Rate",
    ]  # fmt: skip
    assert [row.cells[:7] for row in page.rows] == [
        ("people",),
        ("all people", "4.8%", "10 years", "0.469937%", "50%", "1", None),
        ("people over 65", "13.8%", "10 years", "1.301115%", "50%", "1", None),
        ("Acts on line L1, every year", *[None] * 5, "0.885526%"),
    ]


def test_the_page_shows_what_stands_in_place_of_a_driver_and_none_is_made_without(
    tmp_path: Path,
) -> None:
    other = ("people", "demand", "line=L1", "2019-20", 2, "percent", "", "", "")
    (page,) = population_page.sheets(view(driven(tmp_path / "one", rows=(other,))))
    acting = [row.cells for row in page.rows if row.style == "subtotal"]
    assert ("Acts on line L1, 2019/20", "2%") in {(it[0], it[6]) for it in acting}
    assert any("assumptions.csv" in str(it[-2]) for it in acting)
    (tmp_path / "none").mkdir()
    assert population_page.sheets(view(plan(tmp_path / "none", ()))) == ()


@given(growth=st.integers(-50_000_000, 100_000_000), years=st.integers(1, 50))
@tries(50, 500)
def test_a_year_compounds_to_all_the_years(growth: int, years: int) -> None:
    once = 1 + float(a_year(growth, years)) / 1e8
    assert isclose(once**years, 1 + growth / 1e8, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("drivers", "cohorts", "code"),
    [
        (DRIVERS.replace("older", "oldest"), COHORTS, "BCF778"),
        (DRIVERS, COHORTS.replace("13.8,10,ONS 2018", "13.8,10,ONS 2014"), "BCF779"),
        (DRIVERS.replace("older,50", "older,51"), COHORTS, "BCF748"),
        (DRIVERS.replace("older", "all"), COHORTS, "BCF721"),
        (DRIVERS.replace("line=L1,older", "line=L2,older"), COHORTS, "BCF757"),
        (DRIVERS.replace("line=L1", "line=L9"), COHORTS, "BCF405"),
    ],
)
def test_what_is_found_of_bad_ones(tmp_path: Path, drivers: str, cohorts: str, code: str) -> None:
    driven(tmp_path)
    stated(tmp_path, drivers, cohorts)
    assert code in {it.code for it in check_scenario(tmp_path, "plan")[1]}

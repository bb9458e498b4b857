"""A scenario, calculated from its files: small pools, answered by hand."""

import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.core.errors import DataHasErrors, UnknownFigure
from bcf_model.plan.goal_seek import backwards, read_goal
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import Projection, project
from tests.longer import LONG, longer, slow
from tests.make.places import PLAN

HEADINGS = "assumption,step,scope,year,value,unit,source\n"
OWN = {"scenario": 'title = "Tried"\nopening = "year-end budget"\nfirst_year = "2019-20"\n'}
CITY = (
    'title = "City"\nperimeter = "city"\nopening = "blocks"\n'
    'first_year = "2019-20"\nlast_year = "2020-21"\n'
)


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return shutil.copytree(PLAN, tmp_path / "plan")


def put(pool: Path, name: str, settings: str, *rows: str, **tables: str) -> None:
    folder = pool / "scenarios" / name
    folder.mkdir()
    (folder / "scenario.toml").write_text(settings, encoding="utf-8")
    said = HEADINGS + "".join(f"{row},invented\n" for row in rows)
    (folder / "assumptions.csv").write_text(said, encoding="utf-8")
    for table, text in tables.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")


def projected(pool: Path, name: str) -> Projection:
    return project(*load_scenario(pool, name))


def by_line(found: Projection, year: str) -> dict[str, int]:
    walk = found.tables["walk"]
    rows = walk[walk["financial_year"] == year]
    return {str(k): int(v) for k, v in rows.groupby("line", sort=False)["amount"].sum().items()}


def agree(pool: Path) -> None:
    """Agree for 2019-20 what the schemes' budgets were in 2018-19."""
    rows = [
        ("1", "ICB", "S1", "revenue", "120000.00"), ("1", "Council", "S2", "revenue", "45678.90"),
        ("2", "ICB", "S3", "revenue", "30000.01"), ("2", "Council", "S4", "capital", "64000.00"),
        ("2", "Council", "S5", "revenue", "0"), ("2", "Council", "S6", "revenue", "0"),
    ]  # fmt: skip
    text = "".join(f"agreed,2019-20,{','.join(row)},invented,\n" for row in rows)
    with (pool / "budgets.csv").open("a", encoding="utf-8") as file:
        file.write(text)


AGREED = OWN["scenario"] + '[agreed]\n2019-20 = "agreed"\n'
NO_SAVINGS = (
    "programme,name,owner,beneficiary,perimeter,scope,financial_year,gross,confidence,source\n"
    "P1,Other work,ICB,ICB,city,all,2019-20,0,green,invented\n"
    "P2,More of it,ICB,ICB,city,all,2019-20,0,green,invented\n"
)


@slow
def test_without_assumptions_or_programmes_it_gives_the_opening_back(pool: Path) -> None:
    put(pool, "same", OWN["scenario"] + 'last_year = "2021-22"\n', savings=NO_SAVINGS)
    found = projected(pool, "same")
    lines = found.tables["lines"].set_index("line")["opening"].to_dict()
    for year in ("2019-20", "2020-21", "2021-22"):
        assert by_line(found, year) == lines
    assert sum(lines.values()) == 25_967_891


@slow
def test_programmes_of_another_perimeter_are_shown_and_not_counted(pool: Path) -> None:
    put(pool, "same", OWN["scenario"], savings=NO_SAVINGS)
    found = projected(pool, "same")
    assert found.not_counted["programme"].tolist() == ["P1", "P2"]
    assert len(found.tables["savings"]) == 0


@slow
def test_a_year_with_an_agreed_budget_is_shared(pool: Path) -> None:
    """S1 is of category A, own variance: 10 % of 120,000.00 over; S3 of B."""
    agree(pool)
    put(pool, "more", AGREED, "growth,demand,line=S1,2019-20,10,percent",
        "care,pressures,line=S3,2019-20,300,pounds", savings=NO_SAVINGS)  # fmt: skip
    shared = projected(pool, "more").tables["shared"]
    # S3: 300.00 as 33.333333 to 66.666667.
    assert dict(zip(shared["bearer"], shared["borne"].tolist(), strict=True)) == {
        "ICB": 1_200_000 + 10_000, "Council": 20_000,
    }  # fmt: skip


@slow
def test_what_is_not_allocated_leaves_no_share(pool: Path) -> None:
    agree(pool)
    put(pool, "more", AGREED, "found,savings,not allocated,2019-20,500,pounds",
        savings=NO_SAVINGS)  # fmt: skip
    shared = projected(pool, "more").tables["shared"]
    assert shared["bearer"].tolist() == ["ICB", "Council"]
    assert shared["borne"].isna().all()
    assert shared["share_note"].str.startswith("-£500.00 stands on no line").all()


@slow
def test_a_year_without_an_agreed_budget_has_a_gap_and_no_shares(pool: Path) -> None:
    """Funding is 260,000.00 recurrent and 5,000.00 of reserves."""
    put(pool, "more", OWN["scenario"], "growth,demand,line=S1,2019-20,10,percent",
        savings=NO_SAVINGS)  # fmt: skip
    found = projected(pool, "more")
    assert len(found.tables["shared"]) == 0
    spending = 25_967_891 + 1_200_000
    gap = found.tables["gap"].iloc[0]
    assert (gap["spending"], gap["funding"]) == (spending, 26_500_000)
    assert gap["gap"] == spending - 26_500_000


@slow
def test_the_pools_funding_is_not_the_citys(pool: Path) -> None:
    put(pool, "grown", CITY, "growth,demand,all,,2,percent")
    assert len(projected(pool, "grown").tables["gap"]) == 0


CALIBRATED = CITY + (
    '[calibrate]\ntarget = 21\nbase_year = "2018-19"\nyear = "2020-21"\nsteps = ["demand"]\n'
)


@slow
def test_growth_is_calibrated_by_one_factor(pool: Path) -> None:
    """Two years of 10 %, where 5 % is stated: a factor of two."""
    put(pool, "grown", CALIBRATED, "growth,demand,all,,5,percent")
    found = projected(pool, "grown")
    assert found.factor is not None
    assert found.factor.value == pytest.approx(2 * 10**12, rel=1e-6)  # the least that reaches it
    assert found.closing().tolist() == [110_000_000, 121_000_000]


@slow
def test_a_scenario_on_a_calibrated_one_keeps_its_factor(pool: Path) -> None:
    """Its own changes would be taken out again, were it calibrated anew."""
    put(pool, "grown", CALIBRATED, "growth,demand,all,,5,percent")
    put(pool, "less", 'title = "Less"\nbase = "grown"\n',
        "cut,savings,block=acute,2020-21,1000,pounds")  # fmt: skip
    found = projected(pool, "less")
    assert found.factor is not None
    assert found.factor.value == pytest.approx(2 * 10**12, rel=1e-6)
    assert found.closing().tolist() == [110_000_000, 121_000_000 - 100_000]


@slow
def test_growth_that_cannot_be_reached_is_a_finding(pool: Path) -> None:
    put(pool, "grown", CALIBRATED, "growth,demand,all,,0,percent")
    with pytest.raises(DataHasErrors) as raised:
        projected(pool, "grown")
    (finding,) = raised.value.findings
    assert (finding.code, finding.file) == ("BCF753", "scenarios/grown/scenario.toml")


PREVENTION = {
    "prevention": "programme,name,payer,scope,financial_year,investment,source\n"
    "help,Earlier help,ICB,block=prevention,2019-20,1000,invented\n",
    "returns": "programme,beneficiary,scope,return_per_pound,cashable,lag,source\n"
    "help,Council,block=acute,2,50,next,invented\n",
    "lags": "lag,years_after,share,source\nnext,0,40,invented\nnext,1,60,invented\n",
}


@slow
def test_prevention_moves_money_and_releases_what_can_be_taken_out(pool: Path) -> None:
    """1,000 gives 2,000, half of it cashable: 400 at once and 600 a year later."""
    put(pool, "help", CITY, **PREVENTION)
    found = projected(pool, "help")
    assert by_line(found, "2019-20") == {
        "acute": 60_000_000 - 40_000, "community": 36_000_000, "prevention": 4_000_000 + 100_000,
        "not allocated": 0,
    }  # fmt: skip
    assert by_line(found, "2020-21") == {
        "acute": 60_000_000 - 60_000, "community": 36_000_000, "prevention": 4_000_000,
        "not allocated": 0,
    }  # fmt: skip
    positions = found.tables["positions"].set_index(["partner", "financial_year"])["cumulative"]
    assert positions.to_dict() == {
        ("ICB", "2019-20"): -100_000, ("ICB", "2020-21"): -100_000,
        ("Council", "2019-20"): 40_000, ("Council", "2020-21"): 100_000,
        ("all", "2019-20"): -60_000, ("all", "2020-21"): 0,
    }  # fmt: skip
    payback = found.tables["payback"].set_index("partner")["break_even"].to_dict()
    assert payback == {"ICB": "", "Council": "", "all": "2020-21"}, (
        "who invests nothing has nothing back"
    )


@slow
def test_what_the_lag_puts_after_the_last_year_is_beside_it_and_in_no_sum(pool: Path) -> None:
    """Of 1,000 a half is cashable: 400 at once, 600 after the plan's only year."""
    put(pool, "help", CITY.replace("2020-21", "2019-20"), **PREVENTION)
    payback = projected(pool, "help").tables["payback"].set_index("partner")
    assert payback["to_come"].to_dict() == {"ICB": 0, "Council": 60_000, "all": 60_000}
    assert payback["released"].to_dict() == {"ICB": 0, "Council": 40_000, "all": 40_000}
    assert payback["break_even"].to_list() == ["", "", ""]


@slow
def test_the_matrix_has_the_group_of_what_was_taken_out(pool: Path) -> None:
    """Both blocks give, by what they have; what is cashable is of both."""
    returns = PREVENTION["returns"].replace("block=acute", "block=acute+community")
    put(pool, "help", CITY, **PREVENTION | {"returns": returns})
    found = projected(pool, "help")
    matrix = found.tables["matrix"].set_index("group")[["gross", "cashable", "released"]]
    assert matrix.T.to_dict("list") == {
        "several": [200_000, 100_000, 0],
        "acute": [0, 0, 62_500],
        "community": [0, 0, 37_500],
    }


def what_return_pays_for_itself(pool: Path) -> None:
    """With half of it cashable, a pound must give back two: the factor on 2 is one."""
    put(pool, "help", CITY, "returns,return,all,,0.5,number", **PREVENTION)
    plan, scenario = load_scenario(pool, "help")
    answer = backwards(plan, scenario, "returns", read_goal("position/year=2020-21"), 0)
    assert (answer.found, answer.reached) == (True, 0)
    assert answer.value == pytest.approx(1_000_000, abs=20)  # a penny is 10 millionths of it


def what_saving_closes_the_gap(pool: Path) -> None:
    put(pool, "less", OWN["scenario"], "found,savings,not allocated,2019-20,1,pounds",
        savings=NO_SAVINGS)  # fmt: skip
    plan, scenario = load_scenario(pool, "less")
    answer = backwards(plan, scenario, "found", read_goal("gap/year=2019-20"), -600_000)
    assert (answer.value, answer.reached) == (25_967_891 - 26_500_000 + 600_000, -600_000)


def what_share_of_prevention(pool: Path) -> None:
    """5 % of all: 40 + x = 5 % × (1,000 + x) thousands, so x is 10,526.3158."""
    put(pool, "more", CITY, "more,investment,block=prevention,2019-20,1,pounds")
    plan, scenario = load_scenario(pool, "more")
    goal = read_goal("prevention share/year=2019-20")
    answer = backwards(plan, scenario, "more", goal, 5)
    assert answer.value == 1_052_632
    assert abs(Fraction(answer.reached or 0) - 5) < Fraction(1, 10**5)


QUESTIONS = [what_share_of_prevention, what_return_pays_for_itself, what_saving_closes_the_gap]
"""Each tries dozens of values: one in `make test`, all of them in `make long`."""


@slow
@longer
@pytest.mark.parametrize("question", QUESTIONS if LONG else QUESTIONS[:1])
def test_backwards(pool: Path, question: Callable[[Path], None]) -> None:
    question(pool)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gaps/year=2019-20", "gap"),
        ("gap", "gap/year="),
        ("closing/year=2019-20/theme=1/block=x", "closing/year="),
        ("gap/year=2019-20/theme=1", "gap/year="),
        ("prevention share/year=2019-20/measure=all", "narrow"),
    ],
)
def test_a_goal_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(UnknownFigure, match=said):
        read_goal(text)


@slow
def test_a_goal_or_an_assumption_the_scenario_does_not_have(pool: Path) -> None:
    put(pool, "grown", CITY, "growth,demand,all,,2,percent")
    plan, scenario = load_scenario(pool, "grown")
    with pytest.raises(UnknownFigure, match="gap"):
        backwards(plan, scenario, "growth", read_goal("gap/year=2019-20"), 0)
    with pytest.raises(UnknownFigure, match="growth"):
        backwards(plan, scenario, "grwth", read_goal("closing/year=2019-20"), 0)


@slow
def test_a_plan_may_open_with_its_own_years_agreed_budget(pool: Path) -> None:
    """What is not delivered of savings that stand in the budget is then the year's variance."""
    agree(pool)
    settings = 'title = "In the year"\nopening = "agreed"\nfirst_year = "2019-20"\n'
    put(pool, "unagreed", settings, savings=NO_SAVINGS)
    with pytest.raises(DataHasErrors, match="first_year"):
        projected(pool, "unagreed")
    put(pool, "year", settings + '[agreed]\n2019-20 = "agreed"\n',
        "in the budget,savings,line=S1,2019-20,-600,pounds",
        "delivered,savings,line=S1,2019-20,450,pounds", savings=NO_SAVINGS)  # fmt: skip
    shared = projected(pool, "year").tables["shared"]
    borne = dict(zip(shared["bearer"], shared["borne"].tolist(), strict=True))
    assert borne == {"ICB": 15_000, "Council": 0}


@slow
def test_what_is_invested_and_released_stands_in_the_step_of_the_shift(pool: Path) -> None:
    put(pool, "help", CITY, **PREVENTION)
    walk = projected(pool, "help").tables["walk"]
    rows = walk[walk["step"] != "opening"]
    assert set(rows["cause"]) == {"help"}
    columns = ["financial_year", "line", "step", "amount"]
    assert rows[columns].to_numpy().tolist() == [
        ["2019-20", "prevention", "shift", 100_000],
        ["2019-20", "acute", "shift", -40_000],
        ["2020-21", "prevention", "shift", -100_000],
        ["2020-21", "acute", "shift", -20_000],
    ]


@slow
def test_tables_that_are_not_asked_for_are_left_out_and_change_no_other() -> None:
    plan, scenario = load_scenario(PLAN, "city")
    every = project(plan, scenario)
    for name, table in every.tables.items():
        alone = project(plan, scenario, every.factor, {name}).tables
        assert [*alone] == [name]
        pd.testing.assert_frame_equal(alone[name], table)

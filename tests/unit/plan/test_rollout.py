"""Roll-outs with matched funding: what each payer pays, by year, and what is found of bad ones."""

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.core.errors import DataHasErrors
from bcf_model.explain.scenario_figures import Scenario
from bcf_model.explain.tree import walk
from bcf_model.plan.load import check_scenario
from bcf_model.plan.projection import Projection
from bcf_model.plan.rollout import parts
from bcf_model.plan.tables import TABLES
from bcf_model.publish.scenario import rollout_page
from bcf_model.publish.scenario.lookups import view
from tests.longer import tries
from tests.make.small_plans import plan
from tests.oracle.plan_facts import rolled_out

WAVES = """programme,name,wave,units,people_share,year,from_period,full_after,cost,scope,source
networks,Teams in networks,tested,4,33,,,,0,line=L1,invented
networks,Teams in networks,first,3,18.2,2019-20,7,,240000,line=L1,invented
networks,Teams in networks,second,4,24.4,2020-21,1,,240000,line=L1,invented
networks,Teams in networks,third,4,24.4,2020-21,7,,240000,line=L1,invented
"""
HALVES = """programme,payer,share,source
networks,ICB,50,invented
networks,Council,50,invented
"""
THREE_YEARS = 'last_year = "2021-22"\n'
YEARS = ("2019-20", "2020-21", "2021-22")
LAST = 2025


def rolled(folder: Path, waves: str = WAVES, payers: str = HALVES) -> Projection:
    """Calculate a scenario with a roll-out."""
    own = folder / "scenarios" / "plan"
    own.mkdir(parents=True)
    (own / "rollout.csv").write_text(waves, encoding="utf-8")
    (own / "rollout_payers.csv").write_text(payers, encoding="utf-8")
    return plan(folder, [], THREE_YEARS)


def cost(found: Projection, payer: str) -> list[int]:
    """Give what is spent of the roll-out by year: what its causes have added so far."""
    walk = found.tables["walk"]
    own = walk[walk["cause"].str.startswith("networks ") & walk["cause"].str.contains(payer)]
    by_year = own.groupby("financial_year")["amount"].sum()
    return by_year.reindex(YEARS, fill_value=0).cumsum().tolist()


def codes(pool: Path) -> set[str]:
    return {it.code for it in check_scenario(pool, "plan")[1]}


def test_three_networks_in_october_then_four_in_april_and_four_in_october(tmp_path: Path) -> None:
    found = rolled(tmp_path)
    assert cost(found, "") == [360_000_00, 2_160_000_00, 2_640_000_00]
    for payer in ("ICB", "Council"):
        assert cost(found, payer) == [180_000_00, 1_080_000_00, 1_320_000_00]
    assert not codes(tmp_path) & {"BCF734", "BCF748", "BCF776"}


def test_a_ramp_of_two_periods_spends_a_third_more_in_each(tmp_path: Path) -> None:
    """From December: a third of a month in it, two in January, three in February and March."""
    found = rolled(tmp_path, WAVES.replace("2019-20,7,,", "2019-20,9,2,"))
    assert cost(found, "")[0] == (1 + 2 + 3 + 3) * 20_000_00
    assert cost(found, "")[1:] == [2_160_000_00, 2_640_000_00]


def test_units_people_and_cost_by_year_and_payer(tmp_path: Path) -> None:
    table = rolled(tmp_path).tables["rollout"].set_index(["financial_year", "payer"])
    everyone = table.xs("all", level="payer")
    assert everyone["units_live"].tolist() == [7, 15, 15]
    assert everyone["units"].tolist() == [15, 15, 15]
    assert everyone["people_share"].tolist() == [51_200_000, 100_000_000, 100_000_000]
    assert everyone["cost"].tolist() == [360_000_00, 2_160_000_00, 2_640_000_00]
    assert table["cost"].xs("ICB", level="payer").tolist() == [
        180_000_00, 1_080_000_00, 1_320_000_00,
    ]  # fmt: skip


def test_the_page_says_it_year_by_year_and_its_status(tmp_path: Path) -> None:
    found = view(rolled(tmp_path))
    (page,) = rollout_page.sheets(found)
    shown = {
        str(row.cells[0]): [
            cell if isinstance(cell, str) or cell is None else found.amount(cell) // 100
            for cell in row.cells[1:]
        ]
        for row in page.rows
    }
    assert shown["Units live"] == ["7 of 15", "15 of 15", "15 of 15"]
    assert shown["People reached"] == ["51.2%", "100%", "100%"]
    assert shown["Cost"] == [360_000, 2_160_000, 2_640_000]
    assert "Teams in networks (status not stated)" in shown
    assert "Paid by Board: 50% (status not stated)" in shown


def test_the_cost_of_a_payer_is_explained_down_to_the_wave(tmp_path: Path) -> None:
    tree = Scenario(rolled(tmp_path)).explain("rollout.cost/year=2019-20/payer=ICB")
    assert tree.pence == 180_000_00
    sources = " ".join(it for node in walk(tree) for it in node.sources)
    assert "scenarios/plan/rollout.csv, row 3" in sources
    assert "row 4" not in sources


def test_four_networks_live_before_the_plan_serve_people_and_add_no_cost(tmp_path: Path) -> None:
    found = rolled(tmp_path, WAVES.replace(",,,,0,", ",,,,1,"))
    assert "BCF776" in codes(tmp_path)
    assert cost(found, "") == [360_000_00, 2_160_000_00, 2_640_000_00]


def test_each_part_stands_where_its_wave_is_stated(tmp_path: Path) -> None:
    said = rolled(tmp_path).scenario.tables["assumptions"]
    assert said["assumption"].tolist()[:2] == ["networks first ICB", "networks first Council"]
    assert said["place"].tolist()[0] == "scenarios/plan/rollout.csv, row 3"
    assert {*said["step"]} == {"investment"}


def test_an_assumption_of_the_name_of_a_part_stands_in_place_of_it(tmp_path: Path) -> None:
    other = ("networks first ICB", "investment", "line=L1", "2019-20", 5, "pounds", "", "", "")
    own = tmp_path / "scenarios" / "plan"
    own.mkdir(parents=True)
    (own / "rollout.csv").write_text(WAVES, encoding="utf-8")
    (own / "rollout_payers.csv").write_text(HALVES, encoding="utf-8")
    found = plan(tmp_path, [other], THREE_YEARS)
    said = found.scenario.tables["assumptions"].set_index("assumption")["pence"]
    assert said["networks first ICB"] == 5_00
    assert said["networks first Council"] == 360_000_00


@pytest.mark.parametrize(
    ("waves", "payers", "code"),
    [
        (WAVES, HALVES.replace("Council,50", "Council,40"), "BCF734"),
        (WAVES, "programme,payer,share,source\n", "BCF734"),
        (WAVES, HALVES.replace("Council,", "Somebody,"), "BCF733"),
        (WAVES, HALVES + "others,ICB,100,invented\n", "BCF777"),
        (WAVES.replace("18.2", "18.3"), HALVES, "BCF748"),
        (WAVES.replace("240000", "-240000"), HALVES, "BCF746"),
        (WAVES.replace("first", "second"), HALVES, "BCF721"),
        (WAVES.replace("2019-20", "2018-19"), HALVES, "BCF725"),
        (WAVES.replace("line=L1", "line=L9"), HALVES, "BCF405"),
    ],
)
def test_what_is_found_of_a_bad_one(tmp_path: Path, waves: str, payers: str, code: str) -> None:
    rolled(tmp_path)
    own = tmp_path / "scenarios" / "plan"
    (own / "rollout.csv").write_text(waves, encoding="utf-8")
    (own / "rollout_payers.csv").write_text(payers, encoding="utf-8")
    assert code in codes(tmp_path)


def test_a_cost_that_is_not_stated_is_refused_and_said_what_to_do_about(tmp_path: Path) -> None:
    """The bridge has no amount that is not known, and nil would be a guess."""
    rolled(tmp_path)
    stated = WAVES.replace("2020-21,7,,240000", "2020-21,7,,not stated")
    (tmp_path / "scenarios/plan/rollout.csv").write_text(stated, encoding="utf-8")
    scenario, found = check_scenario(tmp_path, "plan")
    assert scenario is None
    (said,) = (it for it in found if it.file.endswith("rollout.csv"))
    assert (said.code, said.row, said.column) == ("BCF202", 5, "cost")
    assert said.expected.endswith("state an estimate, marked as one")


WAVE = st.fixed_dictionaries(
    {
        "units": st.integers(1, 20),
        "cost": st.integers(0, 10**9),
        "year": st.sampled_from(["", *YEARS]),
        "from_period": st.integers(1, 12),
        "full_after": st.integers(0, 30),
    }
)
SHARES = st.sampled_from([(100.0,), (50.0, 50.0), (33.333333, 66.666667), (10.0, 65.5, 24.5)])


@given(waves=st.lists(WAVE, max_size=4), shares=SHARES)
@tries(30, 300)
def test_what_is_paid_is_as_a_second_model_has_it(waves: list[dict], shares: tuple) -> None:
    rows = [
        dict.fromkeys(TABLES["Rollout"].types, "") | wave | {"programme": "P", "wave": f"{i}"}
        for i, wave in enumerate(waves)
    ]
    paying = [
        {"programme": "P", "payer": f"payer {i}", "share": round(share * 10**6)}
        for i, share in enumerate(shares)
    ]
    frame = pd.DataFrame(rows, columns=[*TABLES["Rollout"].types])
    paid: dict[tuple[str, str], int] = {}
    for part in parts(frame, pd.DataFrame(paying)):
        begins = int(part.year[:4])
        for year in range(begins, LAST + 1):
            of_year = Fraction(part.pence * (13 - part.from_period if year == begins else 12), 12)
            key = (part.payer, f"{year}-{(year + 1) % 100:02}")
            paid[key] = paid.get(key, 0) + int(of_year + Fraction(1, 2))
    for (_, payer, year), pence in rolled_out(rows, paying, LAST).items():
        assert paid.get((payer, year), 0) == pence
    assert sum(part.pence for part in parts(frame, pd.DataFrame(paying))) == sum(
        row["units"] * row["cost"] for row in rows if row["year"]
    )


def test_a_roll_out_that_costs_nothing_has_its_units_and_no_cost(tmp_path: Path) -> None:
    """All its units are live before the plan: there is no part that any payer pays."""
    heading, first, *_ = WAVES.splitlines()
    found = rolled(tmp_path, f"{heading}\n{first}\n")
    rows = found.tables["rollout"]
    assert (rows["units_live"] == rows["units"]).all()
    assert (rows["cost"] == 0).all()


OF_THAT_NAME = """programme,name,owner,beneficiary,perimeter,scope,financial_year,gross,confidence
a b c ICB,Invented,ICB,ICB,pool,line=L1,2019-20,100,green
"""


@pytest.mark.parametrize(
    ("programmes", "savings"), [({"a b": "c", "a": "b c"}, ""), ({"a": "b c"}, OF_THAT_NAME)]
)
def test_names_that_run_together_are_found(
    tmp_path: Path, programmes: dict[str, str], savings: str
) -> None:
    """Under one name either roll-out would be said to cost what both causes add."""
    own = tmp_path / "scenarios" / "plan"
    own.mkdir(parents=True)
    if savings:
        (own / "savings.csv").write_text(savings, encoding="utf-8")
    waves = [
        f"{name},One,{wave},1,10,2019-20,1,,100,line=L1,x" for name, wave in programmes.items()
    ]
    (own / "rollout.csv").write_text("\n".join([WAVES.splitlines()[0], *waves]), encoding="utf-8")
    paid = [f"{name},ICB,100,x" for name in programmes]
    payers = "\n".join([HALVES.splitlines()[0], *paid])
    (own / "rollout_payers.csv").write_text(payers, encoding="utf-8")
    with pytest.raises(DataHasErrors, match="'a b c ICB', as in"):
        plan(tmp_path, [], THREE_YEARS)

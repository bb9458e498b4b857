"""National figures: they act where a scenario asks for them and states none, with their source."""

from pathlib import Path

import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.explain.scenario_figures import Scenario
from bcf_model.explain.tree import walk
from bcf_model.plan.load import check_scenario
from bcf_model.plan.national import figures
from bcf_model.plan.projection import Projection
from bcf_model.plan.words import NATIONAL
from tests.make.small_plans import plan

RED_PROGRAMME = """programme,name,owner,beneficiary,perimeter,scope,financial_year,gross,confidence
P1,Fewer agency nurses,ICB,ICB,pool,line=L1,2019-20,100,red
P2,Fewer visits,Council,Council,pool,line=L2,2019-20,50,green
"""
TAKEN = 'national = ["delivery", "discount"]\n'
RED_AT_HALF = ("red", "delivery", "confidence=red", "", 50, "percent", "", "", "")


def saved(found: Projection) -> dict[str, int]:
    walked = found.tables["walk"]
    return walked[walked["step"] == "savings"].set_index("line")["amount"].to_dict()


def codes(pool: Path) -> set[str]:
    return {it.code for it in check_scenario(pool, "plan")[1]}


def test_each_is_of_a_step_that_can_be_taken_and_names_its_source():
    national = figures()
    assert {*national["step"]} == {*NATIONAL}
    assert (national["source"].str.len() > 20).all()
    assert {*national["status"]} == {"sourced"}
    assert not national["assumption"].duplicated().any()


def test_none_acts_unless_it_is_asked_for(tmp_path):
    found = plan(tmp_path, [], savings=RED_PROGRAMME)
    assert saved(found) == {"L1": -100_00, "L2": -50_00}
    assert "BCF771" in codes(tmp_path)


def test_four_fifths_of_a_red_programme_are_delivered_and_a_green_one_is_counted_in_full(tmp_path):
    found = plan(tmp_path, [], TAKEN, savings=RED_PROGRAMME)
    assert saved(found) == {"L1": -80_00, "L2": -50_00}
    assert "BCF771" not in codes(tmp_path)


def test_what_the_scenario_states_stands_in_place_of_it(tmp_path):
    found = plan(tmp_path, [RED_AT_HALF], TAKEN, savings=RED_PROGRAMME)
    assert saved(found) == {"L1": -50_00, "L2": -50_00}
    stated = found.scenario.tables["assumptions"]
    assert stated["assumption"].tolist() == [
        "usual delivery of amber", "usual delivery of unidentified", "Green Book discount rate",
        "red",
    ]  # fmt: skip


def test_a_discount_rate_of_its_own_is_the_only_one(tmp_path):
    own = ("ours", "discount", "all", "2019-20", 2, "percent", "", "", "")
    found = plan(tmp_path, [own], TAKEN)
    of_discount = found.scenario.tables["assumptions"].query("step == 'discount'")
    assert of_discount["assumption"].tolist() == ["ours"]


def test_its_source_is_told_where_a_figure_is_explained(tmp_path):
    told = Scenario(plan(tmp_path, [], TAKEN, savings=RED_PROGRAMME)).explain(
        "change/line=L1/step=savings"
    )
    sources = " ".join(source for node in walk(told) for source in node.sources)
    assert "bcf_model/reference/national.csv, row 3; National Audit Office" in sources


@pytest.mark.parametrize("said", ['["growth"]', '["delivery", "delivery"]'])
def test_what_is_not_there_cannot_be_taken(tmp_path, said):
    with pytest.raises(DataHasErrors, match="each once of delivery, discount"):
        plan(tmp_path, [], f"national = {said}\n")


def test_a_scope_that_cannot_be_read_is_a_finding_as_before(tmp_path):
    with pytest.raises(DataHasErrors):
        plan(tmp_path, [("x", "delivery", "colour=red", "", 5, "percent", "", "", "")], TAKEN)
    assert "BCF405" in codes(tmp_path)

"""Money moved between lines, or invested in prevention, as a plan is asked backwards; by hand."""

import shutil
from pathlib import Path

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given

from bcf_model.core.errors import UnknownFigure
from bcf_model.plan.goal_seek import backwards, read_goal, read_target
from bcf_model.plan.goal_seek_moves import read_asked, with_value
from bcf_model.plan.load import Plan, Scenario, check_scenario, load_scenario
from bcf_model.plan.projection import project
from bcf_model.plan.root_finding import Answer
from bcf_model.publish.scenario.answers_terminal import answer
from tests.longer import tries
from tests.make.small_plans import SCENARIO, plan, scenario

YEAR = "2019-20"
NEXT = "2020-21"
CITY = 'perimeter = "city"\n'
BLOCKS = """block,name,prevention,share,source
acute,Hospital,treatment,90,invented
community,Care at home,treatment,7,invented
prevention,Prevention,primary,3,invented
"""
PERIMETERS = """perimeter,name,financial_year,amount,source
city,The city,2018-19,1000,invented
"""
INVESTS = """programme,name,payer,scope,financial_year,investment,double_running,source
help,Earlier help,ICB,line=L2,2019-20,9,0,invented
help,Earlier help,Council,line=L2,2019-20,3,0,invented
"""
RETURNS = """programme,beneficiary,scope,return_per_pound,cashable,lag,source
help,ICB,line=L1,2,100,next,invented
"""
LAGS = "lag,years_after,share,source\nnext,1,100,invented\n"
FUNDING = """organisation,funding,financial_year,recurrence,amount,source
ICB,contribution,2019-20,recurrent,1400,invented
"""


def asked(pool: Path, text: str, goal: str, target: str) -> tuple[Answer, str]:
    """Ask a plan backwards; give the answer, and what is said of it."""
    made, one = load_scenario(pool, "plan")
    sought, aim = read_asked(made, one, text), read_goal(goal)
    found = backwards(made, one, sought, aim, read_target(target, aim))
    return found, answer(found, sought, aim, read_target(target, aim))


def closes(made: Plan, one: Scenario) -> list[int]:
    """Give what hospital, care at home and prevention close the year with, in pence."""
    closing = project(made, one).closing(["line"])[YEAR]
    return [int(closing[block]) for block in ("acute", "community", "prevention")]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """£1,000 spent by a city: £900 in hospital, £70 at home, £30 on prevention."""
    folder = tmp_path_factory.mktemp("city")
    plan(folder, [], blocks=BLOCKS, perimeters=PERIMETERS)
    (folder / "scenarios" / "plan").rename(folder / "scenarios" / "pool")
    scenario(folder, [], SCENARIO.replace("year-end budget", "blocks") + CITY)
    return folder


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """£1,000 on L1 and £500 on L2 for two years; £12 invested gives £24 a year later."""
    folder = tmp_path_factory.mktemp("pool")
    plan(folder, [], f'last_year = "{NEXT}"\n', funding=FUNDING)
    for name, text in (("prevention", INVESTS), ("returns", RETURNS), ("lags", LAGS)):
        (folder / "scenarios" / "plan" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


# ------------------------------------------------------------------ by hand


def test_what_must_move_to_prevention(city: Path) -> None:
    """Of £1,000, 5 % is £50: £20 more than there is."""
    shift = "shift from block=acute to block=prevention"
    found, said = asked(city, shift, f"prevention share/year={YEAR}", "5")
    assert (found.value, found.reached) == (2000, 5)
    assert said.splitlines()[:2] == [
        f"{shift}: £20.00, from 2019/20 on",
        f"With it prevention share/year={YEAR} is 5.0000%; asked for: 5.0000%.",
    ]
    assert "as much on block=prevention; recurrent, from 2019-20." in said


def test_what_is_found_can_be_kept_as_it_says(city: Path, tmp_path: Path) -> None:
    """Two rows of the step shift: £20 off hospital, £20 onto prevention; nothing is found wrong."""
    folder = shutil.copytree(city, tmp_path / "city")
    kept = folder / "scenarios" / "kept"
    kept.mkdir()
    (kept / "scenario.toml").write_text('title = "Kept"\nbase = "plan"\n', encoding="utf-8")
    rows = [("off", "shift", "block=acute", YEAR, -20, "pounds", "invented"),
            ("onto", "shift", "block=prevention", YEAR, 20, "pounds", "invented")]  # fmt: skip
    columns = ["assumption", "step", "scope", "year", "value", "unit", "source"]
    pd.DataFrame(rows, columns=columns).to_csv(kept / "assumptions.csv", index=False)
    loaded, findings = check_scenario(folder, "kept")
    assert loaded is not None
    assert not [it for it in findings if it.code == "BCF773"]
    assert closes(*loaded) == [88_000, 7000, 5000]


def test_no_more_moves_than_the_line_has(city: Path) -> None:
    """All £70 of care at home bring prevention to £100, which is 10 %; 12 % is not reached."""
    shift = "shift from block=community to block=prevention"
    found, said = asked(city, shift, f"prevention share/year={YEAR}", "12")
    assert not found.found
    assert found.nearest == (7000, 10)
    assert said.splitlines() == [
        f"No value of {shift}/year={YEAR} between £0.00 and £70.00 brings prevention "
        f"share/year={YEAR} to 12.0000%.",
        "At £70.00 it is 10.0000%, the nearest found.",
    ]


def test_of_several_lines_none_is_brought_below_nil(city: Path) -> None:
    """Of £970 on two lines all can move: each gives what it has."""
    made, one = load_scenario(city, "plan")
    shift = read_asked(made, one, "shift from prevention=treatment to block=prevention")
    assert (shift.least, shift.most) == (0, 97_000)
    assert closes(made, with_value(one, shift, shift.most)) == [0, 0, 100_000]


def test_what_is_invested_to_close_the_gap(pool: Path) -> None:
    """£1,500 against £1,400 in the second year: £50 invested in the first gives £100 back."""
    found, said = asked(pool, "help", f"gap/year={NEXT}", "0")
    assert (found.value, found.reached) == (5000, 0)
    assert said.startswith("help: £50.00, in 2019/20 (replaces £12.00)\n")
    made, one = load_scenario(pool, "plan")
    parts = with_value(one, read_asked(made, one, "help"), 5000).tables["prevention"]
    assert parts["investment"].tolist() == [3750, 1250], "three quarters by the ICB, as before"


def test_an_investment_is_not_below_nil(pool: Path) -> None:
    """The gap of the first year only grows with what is invested in it: £100 with nothing."""
    found, said = asked(pool, f"help/year={YEAR}", f"gap/year={YEAR}", "50")
    assert not found.found
    assert found.nearest == (0, 10_000)
    assert "between £0.00 and £1,000.00" in said, "what the other line has"
    assert said.endswith("At £0.00 it is £100.00, the nearest found.")


def test_a_shift_moves_no_total(pool: Path) -> None:
    _, said = asked(pool, f"shift from line=L1 to line=L2/year={NEXT}", f"gap/year={NEXT}", "0")
    assert "It does not move it" in said


# ------------------------------------------------------------------ what holds always


@tries(3, 60)
@given(value=st.integers(0, 90_000))
def test_what_is_moved_comes_off_and_goes_onto_lines(
    loaded: tuple[Plan, Scenario], value: int
) -> None:
    """Whatever is moved: the total stays, and no line is below nil."""
    made, one = loaded
    text = "shift from block=acute to block=prevention"
    moved = with_value(one, read_asked(made, one, text), value)
    assert closes(made, moved) == [90_000 - value, 7000, 3000 + value]


@pytest.fixture(scope="module")
def loaded(city: Path) -> tuple[Plan, Scenario]:
    return load_scenario(city, "plan")


# ------------------------------------------------------------------ what cannot be asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shift from block=acute", "as in shift from block=acute to block=prevention"),
        ("shift from block=acut to block=prevention", "'block=acut' has no line"),
        ("shift from blok=acute to block=prevention", "'blok=acute' is no scope"),
        ("shift from all to block=prevention", "have a line in common"),
        ("shift from block=acute to block=prevention/year=2030-31", "nothing is moved in"),
        ("help", "no assumption 'help'"),
    ],
)
def test_what_cannot_be_moved(loaded: tuple[Plan, Scenario], text: str, said: str) -> None:
    with pytest.raises(UnknownFigure, match=said.replace("(", r"\(")):
        read_asked(*loaded, text)


def test_a_programme_has_the_years_it_invests_in(pool: Path) -> None:
    with pytest.raises(UnknownFigure, match="help invests nothing in '2020-21'"):
        read_asked(*load_scenario(pool, "plan"), f"help/year={NEXT}")

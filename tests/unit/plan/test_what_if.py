"""A scenario with other values: what is calculated is what is kept, and nothing else moves."""

import csv
import io
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.core.errors import CannotWrite, UnknownFigure
from bcf_model.core.tables import records
from bcf_model.plan.load import Scenario, check_what_if, load_scenario
from bcf_model.plan.projection import project
from bcf_model.plan.what_if import changes, files_of
from bcf_model.publish.scenario.write import write_inputs
from tests.longer import slow
from tests.make.places import PLAN


@pytest.fixture(scope="module")
def start() -> Scenario:
    return load_scenario(PLAN, "start")[1]


def rows(base: Scenario, *asked: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(files_of(base, asked)["assumptions.csv"].decode()))]


def test_the_files_say_what_is_other_and_on_what_they_are_built(start: Scenario) -> None:
    said = tomllib.loads(files_of(start, ["pay=3"])["scenario.toml"].decode())
    assert said == {
        "title": "If nothing else is done: pay 3%",
        "base": "start",
        "status": "illustrative",
    }
    (row,) = rows(start, "pay=3")
    assert (row["assumption"], row["step"], row["scope"], row["value"], row["unit"]) == (
        "pay", "inflation", "organisation=ICB", "3", "percent",
    )  # fmt: skip
    assert row["source"] == "Set for this scenario, in place of what start has"


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("pay=3", ("1", "4")),  # its range is 1 to 4
        ("pay=4%", ("1", "4")),
        ("pay=4.5", ("", "")),
        ("amber=80", ("40", "80")),
        ("amber=39.9", ("", "")),
        ("most=250", ("", "")),  # it has none
    ],
)
def test_a_range_is_kept_where_the_value_is_in_it(
    start: Scenario, asked: str, kept: tuple[str, str]
) -> None:
    (row,) = rows(start, asked)
    assert (row["low"], row["high"]) == kept


def test_a_value_for_every_year_is_set_in_each_year_it_is_stated_for(start: Scenario) -> None:
    assert [row["year"] for row in rows(start, "prices=2")] == ["2019-20", "2020-21", "2021-22"]
    assert [row["year"] for row in rows(start, "prices/year=2020-21=2")] == ["2020-21"]
    assert [row["year"] for row in rows(start, "pay=3")] == [""]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["pay"], "'pay' sets nothing"),
        (["b" * 200], f"'{'b' * 80}…' sets nothing"),
        (["=4"], "has no assumption ''"),
        (["pay="], "sets nothing"),
        (["wages=4"], "has no assumption 'wages'"),
        (["pay=four"], "'four' cannot be read: it is to be a percentage, such as 4 or 4.5%"),
        (["pay=2000"], "pay cannot be 2,000%: it is from -100% to 1,000%"),
        (["most/year=2019-20=5"], "no value for year '2019-20'"),
        (["pay=3", "pay=4"], "pay is set twice"),
        (["prices=3", "prices/year=2019-20=4"], "set twice"),
        (["pay=4.1234567"], "'4.1234567' has more than 6 decimals: it is to be a percentage"),
        (["one-off=2.505"], "'2.505' is finer than a penny: it is to be pounds"),
        (["one-off=2,000,000,000,000"], "is beyond £1 trillion: it is to be pounds"),
        (["one-off=5%"], "'5%' cannot be read: it is to be pounds, such as 250,000"),
    ],
)
def test_what_cannot_be_set_is_refused(start: Scenario, asked: list[str], said: str) -> None:
    with pytest.raises(UnknownFigure, match=said):
        files_of(start, asked)


def test_what_is_set_is_said_with_what_stood_there(start: Scenario) -> None:
    asked = ["pay=3", "prices=2", "prices/year=2020-21=4", "most=250"]
    assert changes(start, asked) == [
        "pay: 3% instead of 2%",
        "prices: 2% instead of 1.5%, 1%",
        "prices in 2020/21: 4% instead of 1%",
        "most: £250,000.00 instead of £300,000.00",
    ]


@slow
@pytest.mark.parametrize("asked", [["pay=-1.5", "amber=0"], ["prices/year=2020-21=7.25"]])
def test_what_is_kept_gives_what_was_calculated(tmp_path: Path, asked: list[str]) -> None:
    pool = Path(shutil.copytree(PLAN, tmp_path / "plan"))
    checked, files = check_what_if(pool, "start", lambda base: files_of(base, asked), "--set")
    tried = checked["what-if"][0]
    assert tried is not None
    write_inputs(files, pool / "scenarios" / "kept")
    first, second = project(*tried), project(*load_scenario(pool, "kept"))
    assert first.factor == second.factor
    for name, frame in first.tables.items():
        kept = second.tables[name].replace("kept", "what-if")
        columns = [c for c in frame.columns if c not in ("place", "set_by", "scenario")]
        pd.testing.assert_frame_equal(frame[columns], kept[columns])


@pytest.mark.parametrize("name", ["city", "CITY"])  # one folder on some systems
def test_a_name_that_is_taken_is_left_as_it_is(name: str) -> None:
    with pytest.raises(UnknownFigure, match="there is a scenario city already"):
        check_what_if(PLAN, "start", lambda base: files_of(base, ["pay=3"]), "--set", name)


def test_of_two_that_keep_a_scenario_at_once_the_first_stands(tmp_path: Path) -> None:
    files = {"scenario.toml": b"first"}
    write_inputs(files, tmp_path / "race")
    with pytest.raises(CannotWrite, match="already: nothing was kept"):
        write_inputs({"scenario.toml": b"second"}, tmp_path / "race")
    assert (tmp_path / "race" / "scenario.toml").read_bytes() == b"first"


def test_a_plain_number_is_no_percentage() -> None:
    base = load_scenario(PLAN, "city")[1]
    (name,) = {
        row.assumption for row in records(base.tables["assumptions"]) if row.unit == "number"
    }
    with pytest.raises(UnknownFigure, match="'5%' cannot be read: it is to be a number, such as"):
        files_of(base, [f"{name}=5%"])


def test_a_name_that_no_scenario_can_have_is_a_sentence() -> None:
    with pytest.raises(UnknownFigure, match="'a/b' cannot be a scenario's name: it is to be a let"):
        check_what_if(PLAN, "start", lambda b: files_of(b, ["pay=3"]), "--set", "a/b")

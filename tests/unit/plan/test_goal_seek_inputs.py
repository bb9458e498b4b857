"""Which assumption is asked for, in which years, and what it can be."""

from dataclasses import dataclass

import pandas as pd
import pytest

from bcf_model.core.errors import UnknownFigure
from bcf_model.plan.goal_seek_inputs import Replaced, changed, read_sought, read_value, written

YEARS = ("2019-20", "2020-21", "2021-22")


@dataclass(frozen=True)
class Said:
    """What is read of a scenario: its assumptions, and the years of its plan."""

    tables: dict[str, pd.DataFrame]
    years: tuple[str, ...] = YEARS


ROWS = [
    ("team", "investment", "2020-21", "thousands", 2_000_000, 200_000, True, 1_000_000, 3_500_000),
    ("growth", "demand", "2019-20", "percent", 3_000_000, 0, False, 0, 0),
    ("growth", "demand", "2021-22", "percent", 3_000_000, 0, False, 0, 0),
    ("growth", "demand", "2020-21", "percent", 4_000_000, 0, True, 1_000_000, 5_000_000),
    ("sure", "delivery", "", "percent", 80_000_000, 0, False, 0, 0),
    ("pay", "inflation", "", "percent", 2_000_000, 0, False, 0, 0),
    ("both", "savings", "2019-20", "percent", 1_000_000, 0, False, 0, 0),
    ("both", "investment", "2020-21", "percent", 1_000_000, 0, False, 0, 0),
    ("mixed", "investment", "2019-20", "percent", 1_000_000, 0, False, 0, 0),
    ("mixed", "investment", "2020-21", "pounds", 1_000_000, 100, False, 0, 0),
    ("worth", "discount", "2019-20", "percent", 1_000_000, 0, False, 0, 0),
    ("worth", "savings", "2020-21", "percent", 1_000_000, 0, False, 0, 0),
    ("in/out", "return", "", "number", 1_000_000, 0, False, 0, 0),
    ("a/year=2019-20", "discount", "", "percent", 1_000_000, 0, False, 0, 0),
]
COLUMNS = ["assumption", "step", "year", "unit", "value", "pence", "ranged", "low", "high"]
SAID = Said({"assumptions": pd.DataFrame(ROWS, columns=COLUMNS)})


def values(of: Said, name: str) -> list[tuple[str, int, int]]:
    frame = of.tables["assumptions"]
    rows = frame[frame["assumption"] == name]
    return list(zip(rows["year"], rows["value"], rows["pence"], strict=True))


def test_without_a_year_it_is_in_every_year_it_is_stated_for() -> None:
    growth = read_sought(SAID, "growth")
    assert (growth.assumption, growth.year, growth.unit) == ("growth", "", "percent")
    assert growth.replaces == (
        Replaced(("2019-20", "2021-22"), 3_000_000),
        Replaced(("2020-21",), 4_000_000, 1_000_000, 5_000_000),
    )
    assert growth.every
    assert str(growth) == "growth"
    both = read_sought(SAID, "both")
    assert (both.every, both.years) == (False, ("2019-20", "2020-21"))
    assert read_sought(SAID, "pay").every


def test_with_a_year_it_is_that_one() -> None:
    growth = read_sought(SAID, "growth/year=2020-21")
    assert growth.replaces == (Replaced(("2020-21",), 4_000_000, 1_000_000, 5_000_000),)
    assert (growth.every, growth.years, str(growth)) == (
        False, ("2020-21",), "growth/year=2020-21",
    )  # fmt: skip
    pay = read_sought(SAID, "pay/year=2021-22")
    assert (pay.every, pay.years, pay.replaces) == (
        False, ("2021-22",), (Replaced(("",), 2_000_000),),
    )  # fmt: skip


def test_money_and_its_range_are_in_pence() -> None:
    team = read_sought(SAID, "team")
    assert team.replaces == (Replaced(("2020-21",), 200_000, 100_000, 350_000),)
    assert (team.least, team.most) == (-(10**14), 10**14)


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("sure", 0, 100), ("growth", -100, 1000), ("in/out", 0, 100),
        ("both", -100, 100),  # what both of its steps can be
        ("both/year=2019-20", -100, 100), ("both/year=2020-21", -100, 1000),
        ("a/year=2019-20", -99, 1000), ("worth", -99, 100),
    ],
)  # fmt: skip
def test_it_is_within_what_the_step_can_be(name: str, least: int, most: int) -> None:
    sought = read_sought(SAID, name)
    assert (sought.least, sought.most) == (least * 10**6, most * 10**6)


def test_a_name_may_have_a_stroke_or_look_like_a_year() -> None:
    assert read_sought(SAID, "in/out").assumption == "in/out"
    odd = read_sought(SAID, "a/year=2019-20")
    assert (odd.assumption, odd.year) == ("a/year=2019-20", "")
    with pytest.raises(UnknownFigure, match=r"^in/out \(return\) holds in every year"):
        read_sought(SAID, "in/out/year=2019-20")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("grwth", "no assumption 'grwth'; 'growth'?"),
        ("grwth/year=2019-20", "no assumption 'grwth'; 'growth'?"),
        ("sure/year=2019-20", "sure (delivery) holds in every year: leave the year out"),
        ("pay/year=2018-19", "pay has no value for year '2018-19'; one of 2019-20, 2020-21, 2021"),
        ("pay/year=", "pay has no value for year ''; one of 2019-20"),
        ("growth/year=", "growth has no value for year ''; one of 2019-20, 2020-21, 2021-22"),
        ("both/year=2021-22", "both has no value for year '2021-22'; one of 2019-20, 2020-21"),
        ("mixed", "mixed is in percent and in pounds: name a year, as in mixed/year=2019-20"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(text: str, said: str) -> None:
    with pytest.raises(UnknownFigure) as refused:
        read_sought(SAID, text)
    assert said in str(refused.value)
    assert read_sought(SAID, "mixed/year=2020-21").unit == "pounds"


def test_a_scenario_without_assumptions_has_none() -> None:
    nothing = Said({"assumptions": SAID.tables["assumptions"].head(0)})
    with pytest.raises(UnknownFigure, match="'team'; it has none"):
        read_sought(nothing, "team")


def test_an_assumption_is_changed_in_all_its_rows_and_the_scenario_is_left_as_it_was() -> None:
    before = SAID.tables["assumptions"].copy()
    grown = changed(SAID, read_sought(SAID, "growth"), 7)
    assert values(grown, "growth") == [("2019-20", 7, 0), ("2021-22", 7, 0), ("2020-21", 7, 0)]
    assert values(grown, "pay") == values(SAID, "pay")
    more = changed(SAID, read_sought(SAID, "team"), 350_000)
    assert values(more, "team") == [("2020-21", 3_500_000, 350_000)]
    pd.testing.assert_frame_equal(SAID.tables["assumptions"], before)


def test_one_year_is_changed_and_the_others_stay() -> None:
    grown = changed(SAID, read_sought(SAID, "growth/year=2021-22"), 7)
    assert values(grown, "growth") == [
        ("2019-20", 3_000_000, 0), ("2021-22", 7, 0), ("2020-21", 4_000_000, 0),
    ]  # fmt: skip


def test_one_year_of_a_row_for_every_year_becomes_a_row_of_its_own() -> None:
    paid = changed(SAID, read_sought(SAID, "pay/year=2020-21"), 7)
    assert values(paid, "pay") == [
        ("2019-20", 2_000_000, 0), ("2020-21", 7, 0), ("2021-22", 2_000_000, 0),
    ]  # fmt: skip
    assert len(paid.tables["assumptions"]) == len(ROWS) + 2
    assert (paid.tables["assumptions"].dtypes == SAID.tables["assumptions"].dtypes).all()
    assert values(paid, "sure") == values(SAID, "sure")


def test_a_value_is_in_the_unit_of_its_assumption() -> None:
    assert read_value("1.25", "thousands") == 125_000
    assert read_value("1.25%", "percent") == 1_250_000
    assert read_value("-0.5", "number") == -500_000
    with pytest.raises(
        UnknownFigure, match="'much' cannot be read: it is to be thousands of pounds, such as 250"
    ):
        read_value("much", "thousands")


def test_a_value_is_written_as_its_unit_is() -> None:
    assert written(125_050, "thousands") == "£1,250.50"
    assert written(1_250_000, "percent") == "1.25%"
    assert written(1_000_000_000, "percent") == "1,000%"
    assert written(-500_000, "number") == "-0.5"


def test_it_is_written_as_it_is_read() -> None:
    for text in ("growth", "growth/year=2020-21", "in/out"):
        assert str(read_sought(SAID, text)) == text

"""Which row of the assumptions holds: tables of a few rows."""

import pandas as pd

from bcf_model.plan import holding

YEARS = ("2019-20", "2020-21")
SAID = pd.DataFrame(
    [
        ("pay", "inflation", "all", "", 2),
        ("growth", "demand", "all", "2020-21", 3),
        ("most", "delivery", "all", "", 90),
        ("some", "delivery", "confidence=amber+red", "", 50),
        ("prices", "deflator", "all", "", 2),
        ("dear", "deflator", "all", "2020-21", 4),
        ("back", "return", "programme=walks", "", 7),
    ],
    columns=["assumption", "step", "scope", "year", "value"],
)


def test_a_row_for_every_year_holds_in_each_and_one_for_a_year_in_that() -> None:
    named = SAID.head(2)
    rows = [(i, row.assumption, year) for i, row, year in holding.each_year(named, YEARS)]
    assert rows == [(0, "pay", "2019-20"), (0, "pay", "2020-21"), (1, "growth", "2020-21")]
    assert holding.by_year(named, YEARS) == {(name, year): i for i, name, year in rows}


def test_of_several_rows_of_a_parameter_the_last_holds() -> None:
    assert holding.of_parameter(SAID, "delivery", ["green", "amber"]) == {
        "green": 2, "amber": 3, "red": 3,
    }  # fmt: skip
    assert holding.values(SAID, "delivery", ["green"]) == {"green": 90, "amber": 50, "red": 50}


def test_a_parameter_of_whole_years_holds_by_year_and_one_nobody_states_for_nothing() -> None:
    assert holding.of_parameter(SAID, "deflator", YEARS) == {"2019-20": 4, "2020-21": 5}
    assert holding.of_parameter(SAID, "return", ["walks", "falls"]) == {"walks": 6}
    assert holding.of_parameter(SAID, "discount", YEARS) == {}

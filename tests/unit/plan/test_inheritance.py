"""Rows that know where they stood, and the numbers of assumptions: tables of a few rows."""

import pandas as pd
import pytest

from bcf_model.core.findings import Place
from bcf_model.core.money import LARGEST_PENCE
from bcf_model.core.tables import InputTable
from bcf_model.intake.drafts import Draft
from bcf_model.plan.inheritance import (
    chances_of,
    held,
    measured,
    of_drawn,
    placed,
    replaced,
    with_place,
    year_by_year,
)
from bcf_model.plan.tables import PLAN_TABLES, SCENARIO_TABLES

LAGS: InputTable = next(table for table in (*PLAN_TABLES, *SCENARIO_TABLES) if table.name == "lags")
WHERE = ["set_by", "place"]


def test_a_draft_becomes_a_table_that_says_where_each_row_stood() -> None:
    cells = {
        "lag": ["slow", "slow"], "years_after": [0, 1], "share": [40, 60], "source": ["x", ""],
        "note": ["", ""],
    }  # fmt: skip
    found = placed(Draft("book.xlsx", "Lags", (4, 6), cells, {}, frozenset()), LAGS, "base")
    assert [*found.columns] == [*cells, *WHERE]
    assert found[["lag", "years_after", "share", *WHERE]].to_numpy().tolist() == [
        ["slow", 0, 40, "base", Place("book.xlsx", 4, "Lags")],
        ["slow", 1, 60, "base", Place("book.xlsx", 6, "Lags")],
    ]
    types = found.dtypes.astype("str")
    assert types[["lag", "years_after", "share"]].tolist() == ["str", *["int64"] * 2]


def test_one_column_says_where_each_row_stood() -> None:
    frame = pd.DataFrame({"lag": ["a", "b"], "set_by": "base"}, index=[5, 9])
    frame["place"] = [Place("lags.csv", row) for row in (2, 4)]
    found = with_place(frame)
    assert [*found.columns] == ["lag", "set_by", "place"]
    assert found["place"].to_dict() == {5: "lags.csv, row 2", 9: "lags.csv, row 4"}


def test_rows_of_a_key_replace_all_rows_of_that_key() -> None:
    base = pd.DataFrame({"k": ["x", "y", "x", "x"], "m": [1, 1, 1, 2], "n": [1, 2, 3, 4]})
    own = pd.DataFrame({"k": ["x", "w", "x"], "m": [1, 1, 1], "n": [5, 6, 7]})
    assert replaced(base, own, ["k"])["n"].tolist() == [5, 7, 2, 6]
    assert replaced(base, own, ["k", "m"])["n"].tolist() == [5, 7, 2, 4, 6]


YEARS = ["2019-20", "2020-21", "2021-22"]


def test_a_row_for_every_year_gives_way_in_years_another_names() -> None:
    said = pd.DataFrame(
        [("a", ""), ("a", "2020-21"), ("b", ""), ("c", "2019-20"), ("a", "2018-19")],
        columns=["assumption", "year"],
    )
    assert list(year_by_year(said, YEARS).itertuples(index=False, name=None)) == [
        ("a", "2019-20", ""), ("a", "2021-22", ""), ("a", "2020-21", "2020-21"), ("b", "", ""),
        ("c", "2019-20", "2019-20"), ("a", "2018-19", "2018-19"),
    ]  # fmt: skip
    assert held(year_by_year(said, YEARS)) == {
        ("a", ""): ("2019-20", "2021-22"), ("a", "2020-21"): ("2020-21",), ("b", ""): ("",),
        ("c", "2019-20"): ("2019-20",), ("a", "2018-19"): ("2018-19",),
    }  # fmt: skip


def assumed(*rows: tuple[int, str, str, str, str]) -> pd.DataFrame:
    """Give value (millionths), unit, low, high and chances; rows are numbered from 7."""
    columns = ["value", "unit", "low", "high", "chances"]
    return pd.DataFrame(rows, columns=columns, index=range(7, 7 + len(rows)))


def test_values_ends_and_chances_are_numbers() -> None:
    found = measured(
        assumed(
            (1_500_000, "thousands", "1", "2.25", "60/30/10"),
            (1_500_000, "percent", "-0.5", "", ""),
            (-2_000_000, "pounds", "", "3", "5 / 15/80"),
            (9, "pounds", "", "", "most"),  # less than a tenth of a penny
            (1_000_000, "millions", "0", "1", ""),
        )
    )
    columns = ["low", "high", "ranged", "pence", "chance_value", "chance_low", "chance_high"]
    assert [*found.index] == [7, 8, 9, 10, 11]
    assert found[columns].to_numpy(dtype=object).tolist() == [
        [1_000_000, 2_250_000, True, 150_000, 60, 30, 10],
        [-500_000, 0, False, 0, 0, 0, 0],
        [0, 3_000_000, False, -200, 5, 15, 80],
        [0, 0, False, 0, 0, 0, 0],
        [0, 1_000_000, True, 100_000_000, 0, 0, 0],
    ]
    types = found.dtypes.astype("str")
    assert types[columns].tolist() == ["int64", "int64", "bool", *["int64"] * 4]


@pytest.mark.parametrize("sign", [1, -1])
def test_an_amount_far_too_large_is_held_beyond_what_is_allowed(sign: int) -> None:
    """£2 trillion is 200 times ten to the power of 12 pence."""
    found = measured(assumed(*((sign * millions * 10**6, "millions", "", "", "")
                               for millions in (1_999_999, 2_000_000, 2_000_001))))  # fmt: skip
    assert found["pence"].tolist() == [
        sign * 199_999_900_000_000, sign * 2 * LARGEST_PENCE, sign * 2 * LARGEST_PENCE,
    ]  # fmt: skip


def test_correlations_of_others_are_kept_where_both_are_drawn() -> None:
    said = pd.DataFrame({"assumption": ["a", "b", "c"], "ranged": [True, True, False]})
    pairs = pd.DataFrame(
        [("c", "a", "base"), ("a", "b", "base"), ("a", "c", "base"), ("c", "d", "own")],
        columns=["first", "second", "set_by"],
    )
    found = of_drawn(pairs, said, "own")
    assert found["first"].tolist() == ["a", "c"]
    assert [*found.index] == [0, 1]
    assert [*found.columns] == [*pairs.columns]


@pytest.mark.parametrize("text", ["60/30", "60/30/10/0", "6000/0/0", "a/b/c", " 60/30/10", ""])
def test_chances_that_cannot_be_read(text: str) -> None:
    assert chances_of(text) is None
    assert chances_of("100 / 0 /0") == (100, 0, 0)

"""What a scenario makes each partner bear, and what no rule can share."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bcf_model.check import load
from bcf_model.plan.sharing import against_agreed, of_schemes, scheme_lines, shared

POOL = load(Path(__file__).resolve().parents[1] / "broken" / "plan")
AGAINST = pd.DataFrame(
    [
        ("2019-20", "S1", "1", "ICB", "S1", 100, 107),
        ("2019-20", "S3", "2", "ICB", "S3", 100, 400),
        ("2019-20", "theme 2", "2", "not stated", "", 0, 11),
    ],
    columns=[
        "financial_year", "line", "theme", "organisation", "scheme_id", "budget", "expenditure",
    ],
).assign(variance=lambda frame: frame["expenditure"] - frame["budget"])  # fmt: skip


def borne(**of_s3: str) -> dict[str, int]:
    schemes = POOL.schemes.copy()
    for name, word in of_s3.items():
        schemes.loc[schemes["scheme_id"] == "S3", name] = word
    found = shared(replace(POOL, schemes=schemes), AGAINST)
    return dict(zip(found["bearer"], found["borne"].tolist(), strict=True))


def test_each_line_is_borne_by_the_rules_of_its_category() -> None:
    """S1 by its holder; of 300 on S3 a third by the ICB; no rule for what has no scheme."""
    assert borne() == {"ICB": 107, "Council": 200, "not shared": 11}


def test_what_is_not_pooled_is_shared_by_nobody() -> None:
    assert borne(pooling="aligned") == {"ICB": 7, "Council": 0, "not shared": 311}


def test_what_has_no_category_is_shared_by_nobody() -> None:
    assert borne(category="not stated") == {"ICB": 7, "Council": 0, "not shared": 311}


def lines(*codes: str) -> pd.DataFrame:
    """Give lines of schemes of theme 1, held by the ICB, each of which opens with 30.00."""
    columns = ["line", "theme", "organisation", "scheme_id", "opening"]
    return pd.DataFrame([(code, "1", "ICB", code, 30_00) for code in codes], columns=columns)


CLOSING = pd.DataFrame(
    [("2019-20", "S1", 31_00), ("2019-20", "S2", 7), ("2020-21", "S1", 99)],
    columns=["financial_year", "line", "amount"],
)


def test_spending_is_set_against_what_was_agreed_for_lines_of_either() -> None:
    found = against_agreed(
        CLOSING, {"2019-20": lines("S3", "S1"), "2020-21": lines("S1")}, lines("S1", "S2")
    )
    columns = ["financial_year", "line", "budget", "expenditure", "variance"]
    assert found[columns].to_numpy().tolist() == [
        ["2019-20", "S1", 30_00, 31_00, 1_00],
        ["2019-20", "S2", 0, 7, 7],
        ["2019-20", "S3", 30_00, 0, -30_00],
        ["2020-21", "S1", 30_00, 99, -29_01],
        ["2020-21", "S2", 0, 0, 0],
    ]
    assert found["scheme_id"].tolist() == found["line"].tolist()
    assert [*found.index] == [*range(5)]


def test_no_year_agreed_is_no_rows_of_the_same_columns() -> None:
    none, some = (against_agreed(CLOSING, it, lines("S1")) for it in ({}, {"2019-20": lines()}))
    assert none.empty
    assert [*none.dtypes.items()] == [*some.dtypes.items()]


def test_a_scheme_is_found_by_its_line_of_the_year() -> None:
    schemes = pd.DataFrame({"scheme_id": ["S3", "S9", "S1"], "category": ["A", "B", "C"]})
    of_year = AGAINST.assign(variance=[7, 300, 11])
    assert of_schemes(schemes, of_year).tolist() == [1, -1, 0]
    found = scheme_lines(schemes, of_year)
    assert found[["scheme_id", "category", "budget", "variance"]].to_numpy().tolist() == [
        ["S3", "A", 100, 300], ["S1", "C", 100, 7],
    ]  # fmt: skip
    assert [*found.index] == [0, 1]

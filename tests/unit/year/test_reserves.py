"""Reserves: what is released, and what became of it."""

import numpy as np
import pandas as pd
import pytest

from bcf_model.year.reserves import released, statement


def achieved(planned: int, result: int) -> pd.DataFrame:
    return pd.DataFrame({"measure": ["beds"], "planned": [planned], "achieved": [result]})


def reserves(*rows: tuple[str, int, str]) -> pd.DataFrame:
    """Reserves from (code, opening balance, measure that releases it)."""
    return pd.DataFrame(rows, columns=["reserve", "opening", "released_by"])


@pytest.mark.parametrize(
    ("result", "free"),
    [
        (7, 18),  # 25 × 7 ÷ 10 = 17.5, rounded away from nil
        (10, 25),
        (11, 25),  # no more than all of it
        (0, 0),
        (-3, 0),  # no less than nothing
    ],
)
def test_a_measure_releases_a_reserve_in_proportion_to_what_was_achieved(result, free):
    found = released(reserves(("pot", 25, "beds")), achieved(10, result))
    assert found[["planned", "achieved"]].to_numpy().tolist() == [[10, result]]
    assert found[["released", "unreleased"]].to_numpy().tolist() == [[free, 25 - free]]


def test_a_reserve_without_a_measure_is_released_in_full():
    found = released(reserves(("pot", 25, "beds"), ("risk", 40, "")), achieved(4, 1))
    assert found["planned"].tolist() == [4, 0]
    assert found["achieved"].tolist() == [1, 0]
    assert found["released"].tolist() == [6, 40]  # 25 ÷ 4 = 6.25
    assert found["unreleased"].tolist() == [19, 0]
    assert found["released"].dtype == np.int64


def test_a_reserve_closes_with_what_was_not_drawn_and_what_was_paid_in():
    table = reserves(("pot", 25, ""), ("risk", 40, ""), ("idle", 9, "")).assign(
        released=[20, 40, 9]
    )
    rows = [
        ("risk", "reserve", 5),
        ("ICB", "partner", 100),  # no reserve
        ("pot", "reserve", 11),
        ("risk", "reserve", -3),
        ("risk", "reserve", 8),
        ("pot", "reserve", 0),
    ]
    shares = pd.DataFrame(rows, columns=["bearer", "bearer_kind", "borne"])
    found = statement(table, shares)
    columns = ["drawn", "paid_in", "borne", "closing"]
    assert found[columns].to_numpy().tolist() == [
        [11, 0, 11, 9],  # of what was released: 20 − 11
        [13, 3, 10, 30],  # 40 − 13 + 3
        [0, 0, 0, 9],
    ]

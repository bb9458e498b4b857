"""What moves with a ranged assumption, and by how much: tables of a few rows."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bcf_model.plan.holding import of_parameter
from bcf_model.plan.sensitivities import bridge_numbers, drivers, ranged, returns
from bcf_model.plan.words import CONFIDENCES

FIRST, SECOND = YEARS = ("2019-20", "2020-21")


def assumed(*rows: tuple[str, str, str, str, str, bool]) -> pd.DataFrame:
    """Give assumption, step, scope, year, unit and whether it has a range."""
    columns = ["assumption", "step", "scope", "year", "unit", "ranged"]
    said = pd.DataFrame(rows, columns=columns)
    return said.assign(stated_for=said["year"]).assign(
        low=1, value=2, high=4, shape="uniform", chance_value=60, chance_low=30, chance_high=10
    )


SAID = assumed(
    ("pay", "inflation", "all", "", "percent", True),
    ("growth", "demand", "all", FIRST, "percent", False),
    ("growth", "demand", "all", SECOND, "percent", True),
    ("limit", "discount", "all", "", "percent", True),  # in no budget: not drawn
    ("team", "investment", "all", FIRST, "thousands", True),
    ("cut", "savings", "all", "", "pounds", True),
    ("trim", "savings", "all", "", "percent", True),
    ("pay", "inflation", "all", SECOND, "percent", True),
    ("some", "delivery", "confidence=amber", "", "percent", True),
    ("back", "return", "all", "", "number", True),
    ("more", "uplift", "all", "", "percent", True),
)
PAY, GROWTH, TEAM, CUT, TRIM, LATER_PAY, SOME, BACK = range(8)
"""Positions of those that are drawn."""


def test_what_is_drawn_has_a_range_and_goes_into_a_budget() -> None:
    found = ranged(SAID)
    assert found["assumption"].tolist() == [
        "pay", "growth", "team", "cut", "trim", "pay", "some", "back", "more",
    ]  # fmt: skip
    assert [*found.columns] == [
        "assumption", "step", "scope", "year", "unit", "shape", "low", "value", "high", "chances",
        "holds",
    ]  # fmt: skip
    assert found.iloc[1].tolist() == [
        "growth", "demand", "all", SECOND, "percent", "uniform", 1.0, 2.0, 4.0, [60, 30, 10],
        (SECOND,),
    ]  # fmt: skip
    assert [*found.index] == [*range(9)]
    assert drivers(SAID, found) == [
        PAY, -1, GROWTH, -1, TEAM, CUT, TRIM, LATER_PAY, SOME, BACK, len(found) - 1,
    ]  # fmt: skip


def test_what_was_stated_in_one_row_is_one_whatever_years_it_holds_in() -> None:
    rows = assumed(
        ("pay", "inflation", "all", FIRST, "percent", True),
        ("pay", "inflation", "all", "2021-22", "percent", True),
        ("pay", "inflation", "all", SECOND, "percent", True),
    ).assign(stated_for=["", "", SECOND])
    found = ranged(rows)
    assert [*zip(found["year"], found["holds"], strict=True)] == [
        ("", (FIRST, "2021-22")), (SECOND, (SECOND,)),
    ]  # fmt: skip
    assert drivers(rows, found) == [0, 0, 1]


def projection(factor: int | None = None, calibrated: tuple[str, ...] = ("demand",)):
    """Give what is read of a scenario that was calculated."""
    rates = pd.DataFrame(
        [
            ("inflation", 3), ("inflation", 0), ("inflation", 7), ("demand", 1), ("demand", 2),
            ("savings", 6),
        ],
        columns=["step", "row"],
    )  # fmt: skip
    effects = pd.DataFrame(
        [
            ("team", "in the year", 9, "assumption", 4),
            ("team", "rest", 9, "assumption", 4),
            ("cut", "in the year", 12, "assumption", 5),
            ("cut", "reversal", 6, "assumption", 5),
            ("growth", "in the year", 12, "assumption", 1),
            ("P1", "in the year", 12, "savings", 0),
            ("P1", "in the year", 12, "savings", 1),
            ("P2", "in the year", 12, "savings", 2),
            ("P3", "in the year", 12, "savings", 3),
            ("pay", "in the year", 12, "prevention", 0),
        ],
        columns=["cause", "part", "months", "origin", "row"],
    )
    planned = pd.DataFrame(
        [
            (FIRST, "saving", -600), (FIRST, "investment", 50), (FIRST, "saving", -7),
            (SECOND, "saving", -900), ("2021-22", "saving", -1),
        ],
        columns=["financial_year", "side", "planned"],
    )  # fmt: skip
    savings = {"programme": ["P1", "P2", "P3"], "confidence": ["amber", "green", "amber"]}
    prevention = pd.DataFrame({"programme": ["walks", "falls", "walks"]})
    calibrate = SimpleNamespace(steps=calibrated) if calibrated else None
    return SimpleNamespace(
        years=YEARS, rates=rates, effects=effects,
        factor=None if factor is None else SimpleNamespace(value=factor),
        factors={"walks": 500_000},
        scenario=SimpleNamespace(
            settings=SimpleNamespace(calibrate=calibrate),
            tables={"assumptions": SAID, "prevention": prevention},
        ),
        tables={"savings": pd.DataFrame(savings), "savings_effects": planned},
    )  # fmt: skip


def test_each_number_of_the_bridge_moves_with_its_own_row() -> None:
    """A thousandth of a thousand pounds is a pound: 0.1 pence for each millionth of £000."""
    found = bridge_numbers(projection(), ranged(SAID))
    assert found == {
        1: (PAY, 1),
        2: (LATER_PAY, 1),
        4: (GROWTH, 1),
        5: (TRIM, -1),
        6: (TEAM, pytest.approx(0.1 * 9 / 12)),
        7: (TEAM, pytest.approx(0.1 * 3 / 12)),
        8: (CUT, pytest.approx(-0.0001)),
        9: (CUT, pytest.approx(0.0001 * 6 / 12)),  # taken off, and half of it put back
        11: (SOME, -6e-6),
        14: (SOME, -9e-6),
    }


@pytest.mark.parametrize(
    ("factor", "calibrated", "slope"),
    [
        (1_500_000_000_000, ("demand",), 1.5),
        (1_500_000_000_000, ("inflation",), 1),
        (1_500_000_000_000, (), 1),
        (0, ("demand",), 0),
        (None, ("demand",), 1),
    ],
)
def test_a_percentage_that_was_scaled_moves_as_much_more(
    factor: int | None, calibrated: tuple[str, ...], slope: float
) -> None:
    found = bridge_numbers(projection(factor, calibrated), ranged(SAID))
    assert found[4] == (GROWTH, slope)
    assert found[5] == (TRIM, -1)


def test_of_several_rows_for_a_parameter_the_last_holds_range_or_none() -> None:
    said = assumed(
        ("every", "delivery", "all", "", "percent", True),
        ("some", "delivery", "confidence=amber+red", "", "percent", True),
        ("red", "delivery", "confidence=red", "", "percent", False),
        ("pay", "inflation", "all", "", "percent", True),
    )
    held, driven_by = of_parameter(said, "delivery", CONFIDENCES), drivers(said, ranged(said))
    found = {code: driven_by[row] for code, row in held.items()}
    assert found == {"green": 0, "amber": 1, "red": -1, "unidentified": 0}


def test_the_factor_on_a_return_is_what_is_stated_and_one_where_nothing_is() -> None:
    factor, by = returns(projection(), ranged(SAID), ["falls", "walks", "gone"])
    assert factor.tolist() == [1_000_000, 500_000, 1_000_000]
    assert by.tolist() == [BACK, BACK, -1]
    assert (factor.dtype, by.dtype) == (np.float64, np.intp)


@pytest.mark.parametrize(
    ("name", "numbers"), [("growth", {4}), ("team", {6, 7}), ("cut", {8, 9}), ("some", {11, 14})]
)
def test_the_first_that_is_drawn_drives_as_any_other(name: str, numbers: set[int]) -> None:
    found = bridge_numbers(projection(), ranged(SAID[SAID["assumption"] == name]))
    assert {place: by for place, (by, _) in found.items()} == dict.fromkeys(numbers, 0)

"""The Shaping Sheffield plan's savings, and what scenarios to 2023/24 take from them.

The numbers are typed from section 7.4 of the plan a second time.
"""

import csv
from fractions import Fraction

import pytest

from bcf_model.plan.efficiencies import implied_bases, totals
from bcf_model.plan.load import load_plan
from tests.longer import slow
from tests.make.places import SHEFFIELD
from tests.make.scenario_reports import projected

PRINTED = {"SCH": 8, "SHSC": 3, "STH": 21, "CCG": 15, "SCC": 42, "PCS": 0}
MILLION = 100_000_000


def test_around_half_is_what_the_plan_says_and_42_of_89_lie_within_it() -> None:
    """42 of 89, each to the nearest million, are 46.4 % to 48.0 %: half to the nearest tenth."""
    whole = sum(PRINTED.values())
    assert whole == 89
    low, high = (Fraction(2 * 42 + off, 2 * whole - off) for off in (-1, 1))
    assert [round(float(it), 3) for it in (low, Fraction(42, 89), high)] == [0.464, 0.472, 0.480]
    assert Fraction(45, 100) <= low
    assert high <= Fraction(55, 100)


@slow
def test_the_savings_are_of_bases_that_are_not_the_citys() -> None:
    """£89m are printed; the bases they imply come to about £2.6bn where the city spends £1.1bn."""
    bases = implied_bases(load_plan(SHEFFIELD).tables["efficiencies"])
    assert totals(bases)["amount"].tolist() == [89 * MILLION]
    assert 2_590 * MILLION < bases["base"].sum() < 2_610 * MILLION


def test_what_falls_in_the_city_is_marked_illustrative_row_by_row() -> None:
    folder = SHEFFIELD / "scenarios" / "savings-in-the-city-2023-24"
    with (folder / "savings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(row["note"].startswith("illustrative: £") for row in rows)
    amounts = [int(row["gross"].replace(",", "")) for row in rows]
    recurs = [row["recurrence"] == "recurrent" for row in rows]
    assert sum(amounts) == 46_000
    assert sum(it for it, again in zip(amounts, recurs, strict=True) if again) == 34_500


@slow
def test_the_pool_to_2023_24_is_short_of_the_reserves_it_uses_once() -> None:
    """2019/20 has no gap by construction; a year later the council's funding lacks £11m."""
    made = projected(SHEFFIELD, "pool-2023-24")
    gap = made.tables["gap"].set_index(["financial_year", "organisation"])
    for who in ("all", "CCG", "SCC"):
        assert gap["gap"]["2019-20", who] == 0
        assert gap["note"]["2019-20", who] == ""
    short = gap["funding"]["2020-21", "SCC"] - gap["funding"]["2019-20", "SCC"]
    assert short == pytest.approx(11_616_417_844 * 0.02 - 11 * MILLION, abs=1)
    assert made.scenario.by_method == ("2020-21", "2021-22", "2022-23", "2023-24")
    said = made.scenario.tables["assumptions"]
    assert set(said["owner"]) == {"commissioner (illustrative)"}
    assert set(said["status"]) == {"illustrative"}
    assert set(said["reviewed_on"]) == {""}

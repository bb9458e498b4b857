"""How sure a scenario is: against theory, across seeds, and where the answer is known."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bcf_model.plan import uncertainty
from bcf_model.plan.load import load_scenario
from bcf_model.plan.outputs import BreachOut, DriversOut, PercentilesOut
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.ranges import moments
from bcf_model.plan.uncertainty import SHARES, Uncertainty, simulate
from tests.small_plans import SOUND, plan

PENCE = 100
RANGES: list[tuple[Any, ...]] = [
    ("even", "pressures", "line=L1", "2019-20", 100, "pounds", 0, 200, "uniform"),
    ("peak", "investment", "line=L1", "2019-20", 30, "pounds", 10, 80, "triangular"),
    ("near", "demand", "line=L2", "2019-20", 10, "pounds", -30, 60, "pert"),
    ("round", "savings", "line=L2", "2019-20", 40, "pounds", 20, 60, "normal"),
]
NAMES = [f"p{round(100 * share):02d}" for share in SHARES]


def row(found: Uncertainty, measure: str = "closing", year: str = "2019-20") -> Any:
    frame = found.percentiles
    own = frame[(frame["measure"] == measure) & (frame["financial_year"] == year)]
    return next(own[own["key"] == ""].itertuples())


@cache
def start() -> Projection:
    return project(*load_scenario(SOUND, "start"))


def test_a_sum_of_ranges_has_the_mean_and_the_variance_of_theory(tmp_path: Path) -> None:
    """£1,500 and four amounts, one of them taken off, that have nothing to do with each other."""
    count = 40_000
    found = row(simulate(plan(tmp_path, RANGES), count, 1))
    each = [moments(shape, low, value, high) for *_, value, _, low, high, shape in RANGES]
    signs = [1, 1, 1, -1]
    mean = PENCE * (1500 + sum(s * m for s, (m, _) in zip(signs, each, strict=True)))
    variance = PENCE**2 * sum(v for _, v in each)
    assert abs(found.mean - mean) < 3 * (variance / count) ** 0.5 + 1
    # of a sum near to normal, the variance of the variance is about 2σ⁴ ÷ n
    assert abs(found.standard_deviation**2 - variance) < 3 * variance * (2 / count) ** 0.5


def test_without_ranges_every_draw_is_the_scenario(tmp_path: Path) -> None:
    rows = [("growth", "demand", "all", "", 10, "percent", "", "", "")]
    found = simulate(plan(tmp_path, rows, 'last_year = "2020-21"'), 300, 1)
    told = row(found, year="2020-21")
    assert {told.mean, *(getattr(told, name) for name in NAMES)} == {1815_00}
    assert told.standard_deviation == 0
    assert not len(found.drivers)
    assert not found.percentiles[[f"{name}_error" for name in NAMES]].to_numpy().any()


def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    one, again, other = (simulate(start(), 400, seed) for seed in (1, 1, 2))
    for name in ("percentiles", "breaches", "drivers"):
        assert getattr(one, name).equals(getattr(again, name))
    assert not one.percentiles.equals(other.percentiles)


def test_percentiles_of_two_seeds_are_within_their_standard_errors(tmp_path: Path) -> None:
    """Four standard errors of a difference: √2 of each."""
    made = plan(tmp_path, RANGES)
    one, other = (simulate(made, 4_000, seed).percentiles for seed in (1, 2))
    for name in NAMES:
        apart = abs(one[name] - other[name])
        assert (apart <= 4 * 2**0.5 * one[f"{name}_error"] + 1).all()


def test_beyond_the_draws_that_are_kept_a_histogram_says_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same draws, counted: within the bin's width, and the rest is exactly the same."""
    exact = simulate(start(), 12_000, 1)
    monkeypatch.setattr(uncertainty, "KEPT", 11_999)
    counted = simulate(start(), 12_000, 1)
    assert not exact.percentiles["bin_width"].any()
    assert counted.beyond == 0
    width = counted.percentiles["bin_width"]
    assert (width > 0).any()
    for name in NAMES:
        apart = abs(counted.percentiles[name] - exact.percentiles[name])
        assert (apart <= width + exact.percentiles[f"{name}_error"] + 1).all()
    same = ["mean", "standard_deviation"]
    assert counted.percentiles[same].equals(exact.percentiles[same])
    assert counted.breaches.equals(exact.breaches)
    assert counted.drivers.equals(exact.drivers)


def with_limits(tmp_path: Path, *limits: Sequence[Any]) -> Uncertainty:
    even = ("even", "pressures", "line=L1", "", 100, "pounds", 0, 200, "uniform")
    rows = [even, *limits]
    return simulate(plan(tmp_path, rows, 'last_year = "2020-21"'), 20_000, 1)


def test_how_likely_a_limit_is_passed(tmp_path: Path) -> None:
    """£1,500 and between nil and £200: above £1,650 one time in four."""
    limit = ("most", "limit", "all", "2019-20", 1650, "pounds", "", "", "")
    breaches = with_limits(tmp_path, limit).breaches
    told = next(breaches.itertuples())
    assert (told.limit_name, told.financial_year, told.limit) == ("most", "2019-20", 1650_00)
    assert told.percent_error == pytest.approx(100 * (0.25 * 0.75 / 20_000) ** 0.5, rel=0.05)
    assert abs(told.percent - 25) < 4 * told.percent_error


def test_a_limit_without_a_year_is_of_every_year_and_several_are_apart(tmp_path: Path) -> None:
    """In the second year the same amount is added again: above £1,750 half of the time."""
    limits = [
        ("a", "limit", "all", "", 1750, "pounds", "", "", ""),
    ]
    breaches = with_limits(tmp_path, *limits).breaches
    assert list(zip(breaches["limit_name"], breaches["financial_year"], strict=True)) == [
        ("a", "2019-20"), ("a", "2020-21"),
    ]  # fmt: skip
    assert breaches["percent"][0] == 0
    # 2 × U(0, 200) is above 250 with chance 3 in 8
    assert breaches["percent"][1] == pytest.approx(37.5, abs=4 * breaches["percent_error"][1])


def test_what_is_spent_up_to_the_limit_does_not_pass_it(tmp_path: Path) -> None:
    limit = ("most", "limit", "all", "", 1500, "pounds", "", "", "")
    assert simulate(plan(tmp_path, [limit]), 10, 1).breaches["percent"].tolist() == [0]


def test_drivers_stand_by_width_with_their_sign(tmp_path: Path) -> None:
    drivers = simulate(plan(tmp_path, RANGES), 2_000, 1).drivers
    assert drivers["assumption"].tolist() == ["even", "near", "peak", "round"]
    ends = drivers.set_index("assumption")[["low", "high"]]
    assert ends.loc["even"].tolist() == [-100_00, 100_00]
    assert ends.loc["round"].tolist() == [20_00, -20_00], "more saved is less spent"
    ranks = drivers.set_index("assumption")["rank_correlation"]
    assert ranks["round"] < -0.05 < 0.05 < ranks["peak"] < ranks["even"]
    assert ranks["even"] > 0.85


def test_a_single_driver_goes_all_the_way_with_the_outcome(tmp_path: Path) -> None:
    drivers = simulate(plan(tmp_path, RANGES[3:]), 500, 1).drivers
    assert drivers["rank_correlation"].tolist() == pytest.approx([-1])


def test_ranks_of_what_is_equal_are_their_middle() -> None:
    found = uncertainty._ranks(np.array([[5.0, 1, 5, 9], [1, 1, 1, 1]]))
    assert (found + 1.5).tolist() == [[1.5, 0, 1.5, 3], [1.5, 1.5, 1.5, 1.5]]
    assert uncertainty._together(found, found[0]).tolist() == [1, 0]


def test_the_gap_is_what_drivers_are_measured_by_where_there_is_funding() -> None:
    drivers = simulate(start(), 200, 1).drivers
    assert set(drivers["measure"]) == {"gap"}
    assert set(drivers["financial_year"]) == {"2021-22"}


def spread(folder: Path, correlation: float | None) -> float:
    """Standard deviation of the sum of two ranges of the same width."""
    folder.mkdir()
    rows = [
        (name, "pressures", f"line={line}", "2019-20", 100, "pounds", 0, 200, "uniform")
        for name, line in (("one", "L1"), ("two", "L2"))
    ]
    plan(folder, rows)
    said = {}
    if correlation is not None:
        said["correlations"] = f"first,second,correlation,source\none,two,{correlation},invented\n"
    for name, text in said.items():
        (folder / "scenarios" / "plan" / f"{name}.csv").write_text(text, encoding="utf-8")
    return float(
        row(simulate(project(*load_scenario(folder, "plan")), 20_000, 1)).standard_deviation
    )


def test_assumptions_that_move_together_widen_a_sum_and_others_narrow_it(tmp_path: Path) -> None:
    """Of uniform ranges whose normal variables are correlated r: 6 ÷ π × arcsin(r ÷ 2)."""
    alone = PENCE * 200 / 12**0.5
    for k, r in enumerate((None, 0.9, -0.9)):
        of_ranks = 6 / np.pi * np.arcsin((r or 0) / 2)
        theory = alone * (2 + 2 * of_ranks) ** 0.5
        assert spread(tmp_path / str(k), r) == pytest.approx(theory, rel=0.03)


def test_a_tick_is_told_of_every_draw() -> None:
    told: list[int] = []
    simulate(start(), 2 * uncertainty.AT_ONCE + 7, 1, told.append)
    assert told == [uncertainty.AT_ONCE, uncertainty.AT_ONCE, 7]


def test_tables_are_as_they_are_described() -> None:
    found = simulate(start(), 100, 1)
    for model, frame in (
        (PercentilesOut, found.percentiles), (BreachOut, found.breaches),
        (DriversOut, found.drivers),
    ):  # fmt: skip
        columns = [*model.to_schema().columns]
        whole = frame.assign(scenario="start")[columns]
        model.validate(whole.astype({"scenario": "str"}))
        assert frame.columns.tolist() == columns[1:]

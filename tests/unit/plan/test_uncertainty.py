"""How sure a scenario is: against theory, across seeds, and where the answer is known."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bcf_model.plan import uncertainty
from bcf_model.plan.draws import MEASURE, make_ready
from bcf_model.plan.load import check_scenario, load_scenario
from bcf_model.plan.output_tables import BreachOut, DriversOut, PercentilesOut
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.ranges import moments
from bcf_model.plan.uncertainty import SHARES, Uncertainty, simulate
from tests.longer import slow
from tests.make.places import PLAN
from tests.make.scenario_reports import all_on_lines
from tests.make.small_plans import outcomes_of, plan

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
    return project(*load_scenario(PLAN, "start"))


@slow
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


@slow
def test_without_ranges_every_draw_is_the_scenario(tmp_path: Path) -> None:
    rows = [("growth", "demand", "all", "", 10, "percent", "", "", "")]
    found = simulate(plan(tmp_path, rows, 'last_year = "2020-21"'), 300, 1)
    told = row(found, year="2020-21")
    assert {told.mean, *(getattr(told, name) for name in NAMES)} == {1815_00}
    assert told.standard_deviation == 0
    assert not len(found.drivers)
    assert not found.percentiles[[f"{name}_error" for name in NAMES]].to_numpy().any()


@slow
def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    one, again, other = (simulate(start(), 400, seed) for seed in (1, 1, 2))
    for name in ("percentiles", "breaches", "drivers"):
        assert getattr(one, name).equals(getattr(again, name))
    assert not one.percentiles.equals(other.percentiles)


@slow
def test_percentiles_of_two_seeds_are_within_their_standard_errors(tmp_path: Path) -> None:
    """Four standard errors of a difference: √2 of each."""
    made = plan(tmp_path, RANGES)
    one, other = (simulate(made, 4_000, seed).percentiles for seed in (1, 2))
    for name in NAMES:
        apart = abs(one[name] - other[name])
        assert (apart <= 4 * 2**0.5 * one[f"{name}_error"] + 1).all()


@slow
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


@slow
def test_how_likely_a_limit_is_passed(tmp_path: Path) -> None:
    """£1,500 and between nil and £200: above £1,650 one time in four."""
    limit = ("most", "limit", "all", "2019-20", 1650, "pounds", "", "", "")
    breaches = with_limits(tmp_path, limit).breaches
    told = next(breaches.itertuples())
    assert (told.limit_name, told.financial_year, told.limit) == ("most", "2019-20", 1650_00)
    assert told.percent_error == pytest.approx(100 * (0.25 * 0.75 / 20_000) ** 0.5, rel=0.05)
    assert abs(told.percent - 25) < 4 * told.percent_error


@slow
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


@slow
def test_what_is_spent_up_to_the_limit_does_not_pass_it(tmp_path: Path) -> None:
    limit = ("most", "limit", "all", "", 1500, "pounds", "", "", "")
    assert simulate(plan(tmp_path, [limit]), 10, 1).breaches["percent"].tolist() == [0]


@slow
def test_the_central_case_is_the_scenario_itself() -> None:
    placed = project(start().plan, all_on_lines(start().scenario))
    found = simulate(placed, 50, 1).percentiles
    assert found["central"].tolist() == outcomes_of(placed, make_ready(placed)).tolist()
    assert set(found["measure"]) >= {"closing", "funding", "gap", "borne"}


@slow
def test_how_many_draws_are_above_the_central_case(tmp_path: Path) -> None:
    """Of a triangle from 0 to 100 with its top at 20, 80 in 100 lie above the top."""
    ranged = ("more", "pressures", "line=L1", "2019-20", 20, "pounds", 0, 100, "triangular")
    told = row(simulate(plan(tmp_path, [ranged]), 20_000, 1))
    assert told.central == 1520_00
    assert told.percent_above_error == pytest.approx(100 * (0.8 * 0.2 / 20_000) ** 0.5, rel=0.02)
    assert abs(told.percent_above - 80) < 4 * told.percent_above_error


@slow
def test_no_draw_is_above_what_it_equals() -> None:
    """Nothing is drawn, so that only rounding could tell a draw from the scenario."""
    found = simulate(project(*load_scenario(PLAN, "city")), 20, 1).percentiles
    assert not found["percent_above"].any()
    assert not found["percent_above_error"].any()


@slow
def test_one_draw_tells_nothing_of_others() -> None:
    found = simulate(start(), 1, 1)
    errors = [name for name in found.percentiles if name.endswith("_error")]
    assert len(errors) == len(SHARES) + 1
    assert found.percentiles[[*errors, "standard_deviation"]].isna().all(axis=None)
    assert found.breaches["percent_error"].isna().all()
    assert found.drivers["rank_correlation"].isna().all()
    two = simulate(start(), 2, 1)
    assert not two.percentiles.isna().any(axis=None)
    assert not two.drivers["rank_correlation"].isna().any()


@slow
def test_drivers_stand_by_width_with_their_sign(tmp_path: Path) -> None:
    drivers = simulate(plan(tmp_path, RANGES), 2_000, 1).drivers
    assert drivers["assumption"].tolist() == ["even", "near", "peak", "round"]
    ends = drivers.set_index("assumption")[["low", "high"]]
    assert ends.loc["even"].tolist() == [-100_00, 100_00]
    assert ends.loc["round"].tolist() == [20_00, -20_00], "more saved is less spent"
    ranks = drivers.set_index("assumption")["rank_correlation"]
    assert ranks["round"] < -0.05 < 0.05 < ranks["peak"] < ranks["even"]
    assert ranks["even"] > 0.85


@slow
def test_a_single_driver_goes_all_the_way_with_the_outcome(tmp_path: Path) -> None:
    drivers = simulate(plan(tmp_path, RANGES[3:]), 500, 1).drivers
    assert drivers["rank_correlation"].tolist() == pytest.approx([-1])


def test_ranks_of_what_is_equal_are_their_middle() -> None:
    found = uncertainty._ranks(np.array([[5.0, 1, 5, 9], [1, 1, 1, 1]]))
    assert (found + 1.5).tolist() == [[1.5, 0, 1.5, 3], [1.5, 1.5, 1.5, 1.5]]
    assert uncertainty._correlations(found, found[0]).tolist() == [1, 0]


@slow
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


@slow
def test_assumptions_that_move_together_widen_a_sum_and_others_narrow_it(tmp_path: Path) -> None:
    """Of uniform ranges whose normal variables are correlated r: 6 ÷ π × arcsin(r ÷ 2)."""
    alone = PENCE * 200 / 12**0.5
    for k, r in enumerate((None, 0.9, -0.9)):
        of_ranks = 6 / np.pi * np.arcsin((r or 0) / 2)
        theory = alone * (2 + 2 * of_ranks) ** 0.5
        assert spread(tmp_path / str(k), r) == pytest.approx(theory, rel=0.03)


EVERY = ("more", "pressures", "line=L1", "", 100, "pounds", 0, 200, "uniform")
ONE_YEAR = ("more", "pressures", "line=L1", "2020-21", 100, "pounds", 0, 200, "uniform")
OTHER = ("other", "pressures", "line=L2", "", 10, "pounds", 0, 20, "uniform")
THREE_YEARS = 'last_year = "2021-22"\n'


@slow
def test_what_is_stated_for_every_year_is_drawn_once_though_a_year_has_its_own(
    tmp_path: Path,
) -> None:
    """Of X in the first and the third year and Y in the second: the variance of 2 X + Y."""
    found = simulate(plan(tmp_path, [EVERY, ONE_YEAR], THREE_YEARS), 20_000, 1)
    theory = PENCE * (200**2 / 12 * (2**2 + 1)) ** 0.5
    assert row(found, year="2021-22").standard_deviation == pytest.approx(theory, rel=0.02)
    drivers = found.drivers[["assumption", "year", "low", "high"]]
    assert drivers.to_numpy().tolist() == [
        ["more", "", -200_00, 200_00], ["more", "2020-21", -100_00, 100_00],
    ]  # fmt: skip


@slow
def test_a_correlation_is_with_the_rows_that_were_stated(tmp_path: Path) -> None:
    """0.7 with each of two is possible, with each of three it would not be."""
    plan(tmp_path, [EVERY, ONE_YEAR, OTHER], THREE_YEARS)
    text = "first,second,correlation,source\nmore,other,0.7,invented\n"
    own = tmp_path / "scenarios" / "plan"
    (own / "correlations.csv").write_text(text, encoding="utf-8")
    found, findings = check_scenario(tmp_path, "plan")
    assert found is not None
    assert not [it for it in findings if it.code == "BCF743"]
    (own / "correlations.csv").write_text(text.replace("0.7", "-0.75"), encoding="utf-8")
    found, findings = check_scenario(tmp_path, "plan")
    assert found is None
    (said,) = (it for it in findings if it.code == "BCF743")
    assert said.value == "those between more (2019-20, 2021-22), more (2020-21), other"
    assert said.expected == "-0.7 to 0.7 here, with the others as they are", "1 ÷ √2"


@slow(first=1)
@pytest.mark.parametrize(
    ("stated", "place", "could_be"),
    [
        ("a,b,0.9 b,c,0.9 a,c,-0.9", 4, "0.62 to 1 here, with the others as they are"),
        ("a,b,0.9 b,c,0.9 c,d,0.1", 3, "-0.43 to 0.43 here, with the others as they are"),
        ("a,b,1 b,c,1 c,d,1 a,c,-1 a,d,-1", 6, ""),  # no one of them alone
    ],
)
def test_which_correlation_could_be_another(
    tmp_path: Path, stated: str, place: int, could_be: str
) -> None:
    plan(tmp_path, [(name, *EVERY[1:]) for name in "abcd"])
    rows = "".join(f"{row},invented\n" for row in stated.split())
    path = tmp_path / "scenarios" / "plan" / "correlations.csv"
    path.write_text(f"first,second,correlation,source\n{rows}", encoding="utf-8")
    (said,) = (it for it in check_scenario(tmp_path, "plan")[1] if it.code == "BCF743")
    assert (said.row, said.expected) == (place, could_be)


@slow
def test_what_is_wrong_in_a_row_of_several_years_is_said_once(tmp_path: Path) -> None:
    plan(tmp_path, [EVERY, ONE_YEAR], THREE_YEARS)
    path = tmp_path / "scenarios" / "plan" / "assumptions.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("line=L1", "line=L9", 1), "utf-8")
    _, findings = check_scenario(tmp_path, "plan")
    assert [(it.code, it.row) for it in findings if it.column == "scope"] == [("BCF405", 2)]


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
        columns = [*model.types]
        whole = frame.assign(scenario="start")[columns]
        model.validate(whole.astype({"scenario": "str"}))
        assert frame.columns.tolist() == columns[1:]


@slow
def test_a_single_draw_is_every_percentile(tmp_path: Path) -> None:
    found = simulate(plan(tmp_path, RANGES), 1, 1)
    told = row(found)
    assert {getattr(told, name) for name in NAMES} == {told.mean}
    assert found.beyond == 0


@slow
@pytest.mark.parametrize("count", [2, 3])
def test_a_few_draws_spread_as_a_sample_does(tmp_path: Path, count: int) -> None:
    """Of two or three draws 5 % and 95 % lie a known part of the way to their neighbours."""
    told = row(simulate(plan(tmp_path, RANGES), count, 1))
    if count == 2:
        own = [told.p50 - (told.p95 - told.p05) / 1.8, told.p50 + (told.p95 - told.p05) / 1.8]
    else:
        own = [(told.p05 - 0.1 * told.p50) / 0.9, told.p50, (told.p95 - 0.1 * told.p50) / 0.9]
    assert told.mean == pytest.approx(np.mean(own), abs=3)
    assert told.standard_deviation == pytest.approx(np.std(own, ddof=1), abs=3)
    assert told.standard_deviation > 100


@slow
def test_what_does_not_vary_does_not_spread_however_few_are_drawn(tmp_path: Path) -> None:
    assert row(simulate(plan(tmp_path, []), 2, 1)).standard_deviation == 0


@slow
def test_as_many_draws_as_may_be_kept_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(tmp_path, RANGES)
    exact = simulate(made, 300, 1).percentiles
    monkeypatch.setattr(uncertainty, "KEPT", 300)
    assert simulate(made, 300, 1).percentiles.equals(exact)


@slow
def test_five_thousand_are_drawn_at_a_time(tmp_path: Path) -> None:
    """Part of what a seed means: with other chunks the same seed would give other draws."""
    told: list[int] = []
    simulate(plan(tmp_path, RANGES), 5_001, 1, told.append)
    assert told == [5_000, 1]


@slow
@pytest.mark.parametrize(("limit", "percent"), [(1, 100), (9000, 0)])
def test_a_single_draw_passes_a_limit_or_does_not(tmp_path: Path, limit: int, percent: int) -> None:
    said = ("most", "limit", "all", "", limit, "pounds", "", "", "")
    told = next(simulate(plan(tmp_path, [*RANGES, said]), 1, 1).breaches.itertuples())
    assert told.percent == percent


@slow
def test_the_error_of_a_chance_is_that_of_so_many_draws(tmp_path: Path) -> None:
    said = ("most", "limit", "all", "", 1650, "pounds", "", "", "")
    told = next(simulate(plan(tmp_path, [*RANGES, said]), 50, 1).breaches.itertuples())
    passed = told.percent / 100
    assert 50 * passed == pytest.approx(round(50 * passed))
    assert 0 < passed < 1
    assert told.percent_error == pytest.approx(100 * (passed * (1 - passed) / 50) ** 0.5)


def test_a_limit_of_a_year_outside_the_plan_is_of_nothing_that_is_drawn() -> None:
    """A scenario may have it from its base, which goes further."""
    said = pd.DataFrame(
        [("far", "limit", "2030-31", 7), ("near", "limit", "2019-20", 8), ("x", "demand", "", 9)],
        columns=["assumption", "step", "year", "pence"],
    )
    outcomes = pd.DataFrame(
        [
            ("closing", "2019-20", "theme", "1"), ("closing", "2019-20", "total", ""),
            ("gap", "2019-20", "total", ""),
        ],
        columns=MEASURE,
    )  # fmt: skip
    projection = SimpleNamespace(
        years=["2019-20"],
        scenario=SimpleNamespace(tables={"assumptions": said}),
        tables={"payments": pd.DataFrame(columns=["financial_year", "line", "note"])},
    )
    found = uncertainty._limits(projection, SimpleNamespace(outcomes=outcomes))
    assert found.to_numpy().tolist() == [["near", "2019-20", 1, 8]]


def test_ranks_that_are_equal_share_what_they_would_have() -> None:
    found = uncertainty._ranks(np.array([[1.0, 5, 1, 9]]))
    assert (found + 1.5).tolist() == [[0.5, 2, 0.5, 3]]
    two = uncertainty._ranks(np.array([[1.0, 2], [2, 1]]))
    assert uncertainty._correlations(two, two[0]).tolist() == [1, -1]

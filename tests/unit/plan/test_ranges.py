"""Ranges: each shape has the mean and the spread it should have, and keeps within its ends."""

import numpy as np
import pandas as pd
import pytest

from bcf_model.plan.ranges import P95, draw, draw_all, moments, square_of, square_root

COUNT = 200_000
RANGES = {
    "uniform": (10, 12, 20),
    "triangular": (10, 12, 20),
    "pert": (10, 12, 20),
    "normal": (8, 10, 12),
    "lognormal": (5, 10, 20),
    "discrete": (10, 12, 20),
}
CHANCES = (60, 30, 10)


def drawn(shape: str, count: int = COUNT, seed: int = 1) -> np.ndarray:
    low, value, high = RANGES[shape]
    return draw(shape, low, value, high, count, np.random.default_rng(seed), CHANCES)


@pytest.mark.parametrize("shape", RANGES)
def test_mean_and_variance_are_those_of_theory(shape: str) -> None:
    """Within four standard errors, of the mean and of the variance."""
    found = drawn(shape)
    low, value, high = RANGES[shape]
    mean, variance = moments(shape, low, value, high, CHANCES)
    assert abs(found.mean() - mean) < 4 * (variance / COUNT) ** 0.5
    fourth = ((found - mean) ** 4).mean()
    assert abs(found.var() - variance) < 4 * ((fourth - variance**2) / COUNT) ** 0.5


def test_moments_by_hand() -> None:
    assert moments("uniform", 0, 3, 6) == (3, 3)
    assert moments("triangular", 0, 3, 9) == (4, 3.5)
    assert moments("pert", 0, 3, 6) == pytest.approx((3, 36 / 4 / 7))
    assert moments("discrete", 0, 10, 20, (50, 25, 25)) == (10, 50)
    assert moments("normal", 10 - P95, 10, 10 + P95) == (10, 1)
    assert moments("triangular", 5, 5, 5) == (5, 0)


@pytest.mark.parametrize("shape", ["uniform", "triangular", "pert"])
def test_nothing_lies_outside_the_range(shape: str) -> None:
    found = drawn(shape)
    assert found.min() >= RANGES[shape][0]
    assert found.max() <= RANGES[shape][2]


def test_ends_of_normal_and_lognormal_are_percentiles() -> None:
    assert np.percentile(drawn("normal"), [5, 50, 95]) == pytest.approx([8, 10, 12], abs=0.03)
    assert np.percentile(drawn("lognormal"), [50, 95]) == pytest.approx([10, 20], rel=0.01)


def test_discrete_outcomes_come_as_often_as_stated() -> None:
    found = drawn("discrete")
    assert [(found == value).mean() for value in (12, 10, 20)] == pytest.approx(
        [0.6, 0.3, 0.1], abs=0.005
    )


def test_a_range_without_width_is_its_value() -> None:
    for shape in RANGES:
        assert draw(shape, 7, 7, 7, 3, np.random.default_rng(1), CHANCES).tolist() == [7, 7, 7]


def test_the_same_seed_gives_the_same_draws() -> None:
    assert (drawn("pert", 50) == drawn("pert", 50)).all()
    assert (drawn("pert", 50) != drawn("pert", 50, seed=2)).any()


def ranged() -> pd.DataFrame:
    of = ("pressures", "pounds")
    shapes = ("pert", "uniform", "normal")
    rows = [(*of, shape, *map(float, RANGES[shape]), CHANCES) for shape in shapes]
    return pd.DataFrame(rows, columns=["step", "unit", "shape", "low", "value", "high", "chances"])


def test_correlated_ranges_keep_their_shape_and_take_the_correlation() -> None:
    wanted = np.array([[1, 0.8, 0], [0.8, 1, 0], [0, 0, 1]])
    found = draw_all(ranged(), wanted, COUNT, np.random.default_rng(1))
    alone = draw_all(ranged(), np.eye(3), COUNT, np.random.default_rng(1))
    assert (np.sort(found[:, :2], axis=0) == np.sort(alone[:, :2], axis=0)).all()
    ranks = np.argsort(np.argsort(found, axis=0), axis=0)
    by_rank = np.corrcoef(ranks.T)
    # Of normal variables correlated r, the ranks are correlated 6 ÷ π × arcsin(r ÷ 2).
    assert by_rank[0, 1] == pytest.approx(6 / np.pi * np.arcsin(0.4), abs=0.01)
    assert abs(by_rank[0, 2]) < 0.01


def test_what_is_cut_off_keeps_its_ranks_too() -> None:
    """The first is cut off at 100 %; what is drawn again is put in order with the rest."""
    rows = [("delivery", "percent", "normal", 65e6, 80e6, 95e6, CHANCES)]
    frame = pd.concat([ranged(), pd.DataFrame(rows, columns=ranged().columns)], ignore_index=True)
    wanted = np.eye(4)
    wanted[0, 3] = wanted[3, 0] = 0.8
    found = draw_all(frame, wanted, COUNT, np.random.default_rng(1))
    assert 99e6 < found[:, 3].max() <= 100e6
    ranks = np.argsort(np.argsort(found, axis=0), axis=0)
    by_rank = np.corrcoef(ranks.T)
    assert by_rank[0, 3] == pytest.approx(6 / np.pi * np.arcsin(0.4), abs=0.01)


def test_the_values_stated_may_stand_before_the_draws() -> None:
    bare = draw_all(ranged(), np.eye(3), 5, np.random.default_rng(1))
    found = draw_all(ranged(), np.eye(3), 5, np.random.default_rng(1), stated_first=True)
    assert found[0].tolist() == ranged()["value"].tolist()
    assert found[1:].tolist() == bare.tolist()


def test_what_moves_exactly_together_has_the_same_ranks() -> None:
    found = draw_all(ranged().iloc[:2], np.ones((2, 2)), 100, np.random.default_rng(3))
    assert (np.argsort(found[:, 0]) == np.argsort(found[:, 1])).all()


def test_correlations_nothing_could_have() -> None:
    wrong = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    with pytest.raises(ValueError, match="no variables"):
        square_root(wrong)
    assert square_root(np.eye(2)) @ square_root(np.eye(2)).T == pytest.approx(np.eye(2))


def test_a_pair_holds_in_each_year_and_with_what_holds_for_every_year() -> None:
    rows = [("pay", ["2019-20"]), ("pay", ["2020-21"]), ("growth", [""]), ("demand", ["2020-21"])]
    stated = pd.DataFrame(
        [("pay", "growth", 500_000), ("demand", "pay", -250_000)],
        columns=["first", "second", "correlation"],
    )
    assert square_of(rows, stated).tolist() == [
        [1, 0, 0.5, 0],
        [0, 1, 0.5, -0.25],
        [0.5, 0.5, 1, 0],
        [0, -0.25, 0, 1],
    ]
    assert square_of([], stated.head(0)).shape == (0, 0)


def test_rows_that_never_hold_in_the_same_year_are_no_pair() -> None:
    """Each is overridden in another year: the overriding rows never meet."""
    rows = [("a", ["1", "3"]), ("a", ["2"]), ("b", ["2", "3"]), ("b", ["1"])]
    stated = pd.DataFrame([("a", "b", 500_000)], columns=["first", "second", "correlation"])
    assert square_of(rows, stated)[:2, 2:].tolist() == [[0.5, 0.5], [0.5, 0]]


def test_a_range_may_reach_the_ends_and_not_go_beyond() -> None:
    random = np.random.default_rng(1)
    found = draw("uniform", 0, 1, 2, 50, random, ends=(0, 2))
    assert 0 <= found.min() <= found.max() <= 2
    for ends, said in (((1, 3), "1 to 3"), ((-1, 1), "-1 to 1")):
        with pytest.raises(ValueError, match=f"a range of 0 to 2 goes beyond {said}$"):
            draw("uniform", 0, 1, 2, 50, random, ends=ends)


def test_a_shape_that_is_not_there_is_the_programs_fault() -> None:
    with pytest.raises(AssertionError, match="round"):
        draw("round", 0, 1, 2, 50, np.random.default_rng(1))
    with pytest.raises(AssertionError, match="round"):
        moments("round", 0, 1, 2)


def test_what_is_not_correlated_stays_in_the_order_in_which_it_was_drawn() -> None:
    random = np.random.default_rng(1)
    each = [draw(shape, *RANGES[shape], 30, random) for shape in ranged()["shape"]]
    together = np.array([[1, 0, 0.5], [0, 1, 0], [0.5, 0, 1]])
    alone = draw_all(ranged(), np.eye(3), 30, np.random.default_rng(1))
    some = draw_all(ranged(), together, 30, np.random.default_rng(1))
    assert alone.T.tolist() == [own.tolist() for own in each]
    assert some[:, 1].tolist() == each[1].tolist()
    assert some[:, 0].tolist() != each[0].tolist()

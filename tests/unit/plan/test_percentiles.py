"""Percentiles: exact while all draws are kept, within a bin of that beyond."""

import numpy as np
import pytest

from bcf_model.plan.percentiles import BINS, Counted, Kept, standard_errors

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


def kept(*rows: list[float]) -> Kept:
    found = Kept(len(rows), len(rows[0]))
    found.add(np.array(rows, dtype=np.float64))
    return found


def counted(draws: np.ndarray, first: int) -> Counted:
    found = Counted.like(draws[:, :first])
    for start in range(0, draws.shape[1], first):
        found.add(draws[:, start : start + first])
    return found


def test_percentiles_of_what_is_kept_are_between_draws_in_a_straight_line() -> None:
    found = kept([3, 1, 2, 5, 4], [7, 7, 7, 7, 7])
    assert found.at([0, 0.25, 0.5, 0.875, 1]).tolist() == [[1, 7], [2, 7], [3, 7], [4.5, 7], [5, 7]]
    assert found.width.tolist() == [0, 0]


def test_what_is_kept_may_come_in_chunks() -> None:
    draws = np.random.default_rng(1).normal(size=(3, 101))
    found = Kept(3, 101)
    for part in (draws[:, :50], draws[:, 50:100], draws[:, 100:]):
        found.add(part)
    assert found.at(SHARES) == pytest.approx(np.quantile(draws, SHARES, axis=1))
    assert draws[0, 0] != found.at([0])[0, 0], "the draws themselves are left as they are"


def test_one_draw_is_every_percentile() -> None:
    assert kept([12.0]).at(SHARES).tolist() == [[12.0]] * len(SHARES)


def test_a_histogram_gives_percentiles_within_half_a_bin() -> None:
    draws = np.random.default_rng(2).normal([[0], [1e9]], [[1], [1e7]], size=(2, 40_000))
    found = counted(draws, 5_000)
    exact = np.quantile(draws, SHARES, axis=1)
    between_draws = 1e-3 * draws.std(axis=1)
    assert (abs(found.at(SHARES) - exact) <= found.width / 2 + between_draws).all()
    assert found.beyond == 0
    assert found.counts.sum(axis=1).tolist() == [40_000, 40_000]


def test_what_falls_beyond_a_histogram_is_counted_and_said() -> None:
    """The first draws lie from 0 to 1, so the bins from −1 to 2: 3 of 10 draws fall beyond."""
    first = np.linspace(0, 1, 10)[None]
    found = counted(
        np.concatenate([first, [[5, 0.5, 0.5, -9, 0.5, 0.5, 0.5, 0.5, 0.5, 2.5]]], 1), 10
    )
    assert found.beyond == 3
    assert found.counts.sum() == 20
    assert (found.counts[0, 0], found.counts[0, -1]) == (1, 2)
    assert found.at([0, 1])[:, 0] == pytest.approx([-1, 2], abs=3 / BINS)


def test_an_outcome_that_does_not_vary_is_its_own_percentile() -> None:
    found = counted(np.full((1, 20), 123456789.0), 10)
    assert found.at(SHARES)[:, 0] == pytest.approx([123456789.0] * 5, abs=found.width[0])
    assert found.beyond == 0


@pytest.mark.parametrize("keep", [True, False])
def test_standard_errors_are_those_of_theory(keep: bool) -> None:
    """Of uniform draws the density is 1: √(p(1 − p) ÷ n)."""
    draws = np.random.default_rng(3).random((1, 20_000))
    found = kept(draws[0].tolist()) if keep else counted(draws, 5_000)
    errors = standard_errors(found, SHARES, 20_000)[:, 0]
    theory = [(p * (1 - p) / 20_000) ** 0.5 for p in SHARES]
    assert errors == pytest.approx(theory, rel=0.12)


def test_percentiles_of_other_draws_are_as_far_off_as_their_errors_say() -> None:
    """Of 200 seeds, the spread of each percentile is its standard error, give or take a fifth."""
    found = [
        kept(np.random.default_rng(seed).normal(size=2_000).tolist()).at(SHARES)[:, 0]
        for seed in range(200)
    ]
    first = kept(np.random.default_rng(0).normal(size=20_000).tolist())
    told = standard_errors(first, SHARES, 2_000)[:, 0]
    assert np.std(found, axis=0) == pytest.approx(told, rel=0.2)


@pytest.mark.parametrize(
    ("first", "low", "width"),
    [
        ([4.0, 0.0], -4.0, 0.003),  # 12 in 4,000 bins: as much again to each side
        ([7.25, 7.0, 7.5], 6.5, 0.000375),
        ([7.0, 7.0], 6.0, 0.00075),  # what does not vary has bins all the same: a penny to each
        ([7.0, 7.0 + 5e-7], 6.0, 0.00075),  # nor does this
    ],
)
def test_bins_are_laid_out_by_the_first_draws(first: list[float], low: float, width: float) -> None:
    found = Counted.like(np.array([first]))
    assert (found.low.tolist(), found.width.tolist()) == ([low], [pytest.approx(width)])
    assert found.counts.shape == (1, 4_000)
    assert not found.counts.any()
    assert found.beyond == 0


def test_near_an_end_the_density_is_read_off_as_far_as_there_are_draws() -> None:
    """Evenly from 0 to 1 it is 1, wherever it is read."""
    found = kept([k / 100 for k in range(101)])
    errors = standard_errors(found, (0.0, 0.01, 0.99, 1.0), 101)[:, 0]
    assert errors == pytest.approx([0, (0.01 * 0.99 / 101) ** 0.5, (0.99 * 0.01 / 101) ** 0.5, 0])

"""Calibration against closed forms: one percentage, several years, amounts beside them."""

from fractions import Fraction

import numpy as np
import pytest

from bcf_model.plan.growth import PARTS, calibrated, growth, scaled_rates


def test_one_percentage_of_one_year_is_scaled_to_the_target() -> None:
    """4 % × f = 21 %: f = 5.25."""
    answer = calibrated(
        lambda factor: Fraction(4, 100) * Fraction(factor, PARTS), Fraction(21, 100)
    )
    assert answer.value == 5_250_000_000_000
    assert answer.sides is None


def test_five_years_of_one_percentage_are_a_fifth_root() -> None:
    """(1 + 0.04 f)⁵ = 1.21: f = (1.21^(1/5) − 1) ÷ 0.04."""

    def grown(factor: int) -> Fraction:
        return (1 + Fraction(4, 100) * Fraction(factor, PARTS)) ** 5 - 1

    answer = calibrated(grown, Fraction(21, 100))
    assert answer.value is not None
    assert answer.value / PARTS == pytest.approx((1.21**0.2 - 1) / 0.04, abs=2e-12)
    low, high = answer.sides or ()
    assert low.figure < Fraction(21, 100) < high.figure
    assert high.value - low.value == 1


def test_an_amount_that_is_not_scaled_leaves_the_rest_to_the_percentage() -> None:
    """10 % comes from amounts: 2 % × f has to bring 11 %."""
    answer = calibrated(lambda factor: 0.10 + 0.02 * factor / PARTS, 0.21)
    assert answer.value is not None
    assert answer.value / PARTS == pytest.approx(5.5, abs=1e-11)


def test_the_factor_may_be_nil_and_below_one() -> None:
    def grown(factor: int) -> Fraction:
        return Fraction(21, 100) + Fraction(factor, PARTS)

    assert calibrated(grown, Fraction(21, 100)).value == 0
    assert calibrated(grown, Fraction(71, 100)).value == PARTS // 2


def test_a_target_below_what_amounts_bring_is_not_reached() -> None:
    answer = calibrated(lambda factor: Fraction(3, 10) + Fraction(factor, PARTS), Fraction(21, 100))
    assert (answer.value, answer.found) == (None, False)
    assert answer.lowest is not None
    assert answer.lowest == (0, Fraction(3, 10))


def test_without_percentages_no_factor_helps() -> None:
    assert not calibrated(lambda factor: Fraction(1, 100), Fraction(21, 100)).found


def test_percentages_below_nil_bring_a_fall() -> None:
    answer = calibrated(lambda factor: -Fraction(1, 50) * Fraction(factor, PARTS), Fraction(-1, 10))
    assert answer.value == 5 * PARTS


@pytest.mark.parametrize("base", [0, -5])
def test_growth_on_nothing_means_nothing(base: int) -> None:
    assert growth(10, base) is None
    assert growth(90, 100) == Fraction(-1, 10)


def test_a_scaled_percentage_is_rounded_half_away_from_zero() -> None:
    rates = np.array([1_000_000, 5, -5, 0])
    assert scaled_rates(rates, PARTS // 2).tolist() == [500_000, 3, -3, 0]
    assert scaled_rates(rates, 1_234_567_890_123).tolist() == [1_234_568, 6, -6, 0]


def test_growth_on_a_penny_is_growth() -> None:
    assert growth(3, 1) == 2


def test_no_factor_beyond_a_million_is_looked_for() -> None:
    answer = calibrated(lambda factor: Fraction(factor, 10**6 * PARTS), Fraction(2))
    assert not answer.found
    assert answer.highest == (10**6 * PARTS, 1)


def test_of_several_factors_that_reach_the_target_it_is_the_one_bisection_comes_to() -> None:
    """From 1 up to 2, then always halfway, never where a straight line would end."""
    asked: list[int] = []

    def grown(factor: int) -> Fraction:
        asked.append(factor)
        return Fraction(factor * 1_000 // PARTS, 10_000)

    answer = calibrated(grown, Fraction(16, 100))
    halves = [factor for factor in asked if PARTS < factor < 2 * PARTS]
    assert halves[:3] == [PARTS * 3 // 2, PARTS * 7 // 4, PARTS * 13 // 8]
    assert answer.value == PARTS * 16 // 10

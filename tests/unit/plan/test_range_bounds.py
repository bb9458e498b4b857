"""What a value can be: how much of a range lies beyond, and that what is left has its moments."""

from math import erf, exp, inf, log, pi, sqrt

import numpy as np
import pytest

from bcf_model.plan.range_bounds import NO_ENDS, P95, bounds, cut_off
from bcf_model.plan.ranges import draw

COUNT = 200_000
CASES = {
    "both ends": ("normal", 5, 50, 95, (0, 100)),
    "most": ("normal", 60, 80, 100, (0, 100)),
    "least": ("normal", 0, 3, 6, (0, inf)),
    "lognormal": ("lognormal", 20, 60, 100, (0, 100)),
    "lognormal, both": ("lognormal", 25, 60, 100, (20, 110)),
}


def phi(x: float) -> float:
    return exp(-x * x / 2) / sqrt(2 * pi)


def reached(x: float) -> float:
    return (1 + erf(x / sqrt(2))) / 2


def standard(
    shape: str, low: float, value: float, high: float, ends: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Give the mean and the deviation of the normal variable, and the ends in its deviations."""
    if shape == "normal":
        mean, sigma, (least, most) = value, (high - low) / (2 * P95), ends
    else:
        mean, sigma = log(value), log(high / value) / P95
        least, most = (log(end) if end > 0 else -inf for end in ends)
    return mean, sigma, (least - mean) / sigma, (most - mean) / sigma


def of_theory(
    shape: str, low: float, value: float, high: float, ends: tuple[float, float]
) -> tuple[float, float]:
    """Give the mean and the variance of what lies within: textbook closed forms."""
    mean, sigma, a, b = standard(shape, low, value, high, ends)
    whole = reached(b) - reached(a)
    if shape == "lognormal":
        first, second = (
            exp(k * mean + (k * sigma) ** 2 / 2)
            * (reached(b - k * sigma) - reached(a - k * sigma))
            / whole
            for k in (1, 2)
        )
        return first, second - first**2
    edge = (phi(a) - phi(b)) / whole
    ends_weighed = sum(s * x * phi(x) for s, x in ((1, a), (-1, b)) if abs(x) < inf) / whole
    return mean + sigma * edge, sigma**2 * (1 + ends_weighed - edge**2)


@pytest.mark.parametrize("case", CASES)
def test_what_is_drawn_is_the_range_within_its_ends(case: str) -> None:
    """Within four standard errors: of mean and variance, and of how much lies up to a point."""
    shape, low, value, high, ends = CASES[case]
    found = draw(shape, low, value, high, COUNT, np.random.default_rng(1), (), ends)
    assert ends[0] <= found.min()
    assert found.max() <= ends[1]
    mean, variance = of_theory(*CASES[case])
    assert abs(found.mean() - mean) < 4 * (variance / COUNT) ** 0.5
    fourth = ((found - mean) ** 4).mean()
    assert abs(found.var() - variance) < 4 * ((fourth - variance**2) / COUNT) ** 0.5
    centre, sigma, a, b = standard(*CASES[case])
    for x in np.linspace(-1.5, 1.5, 7):
        at = centre + x * sigma
        share = (reached(x) - reached(a)) / (reached(b) - reached(a))
        part = (found <= (at if shape == "normal" else exp(at))).mean()
        assert abs(part - share) < 4 * (share * (1 - share) / COUNT) ** 0.5


@pytest.mark.parametrize("case", CASES)
def test_nothing_heaps_up_at_an_end(case: str) -> None:
    shape, low, value, high, ends = CASES[case]
    found = draw(shape, low, value, high, COUNT, np.random.default_rng(1), (), ends)
    assert len(np.unique(found)) == COUNT


@pytest.mark.parametrize("case", CASES)
def test_how_much_is_cut_off(case: str) -> None:
    """F(a) + 1 − F(b), as theory has it and as often as it is drawn without ends."""
    shape, low, value, high, ends = CASES[case]
    *_, a, b = standard(*CASES[case])
    part = cut_off(*CASES[case])
    assert part == pytest.approx(reached(a) + 1 - reached(b))
    free = draw(shape, low, value, high, COUNT, np.random.default_rng(2))
    beyond = ((free < ends[0]) | (free > ends[1])).mean()
    assert abs(beyond - part) < 4 * (part * (1 - part) / COUNT) ** 0.5


def test_ends_at_the_percentiles_cut_off_a_tenth() -> None:
    assert cut_off("normal", 8, 10, 12, (8, 12)) == pytest.approx(0.1)
    assert cut_off("normal", 8, 10, 12, (-inf, 12)) == pytest.approx(0.05)
    assert cut_off("lognormal", 8, 10, 12, (0, 12)) == pytest.approx(0.05)
    assert cut_off("normal", 8, 10, 12, NO_ENDS) == 0
    assert cut_off("pert", 8, 10, 12, (8, 12)) == 0
    assert cut_off("normal", 10, 10, 10, (10, 10)) == 0


def test_bounds_by_step_and_unit() -> None:
    million = 10**6
    for step in ("delivery", "allocation", "efficiency"):
        assert bounds(step, "percent", 0, 5) == (0, 100 * million)
    for step in ("inflation", "demand", "uplift"):
        assert bounds(step, "percent", 0, 5) == (-100 * million, 1000 * million)
    assert bounds("savings", "percent", 0, 5) == (-100 * million, 100 * million)
    assert bounds("return", "number", 1, 5) == (0, 100 * million)


@pytest.mark.parametrize("unit", ["pounds", "thousands", "millions"])
def test_an_amount_stays_on_the_side_of_nil_its_range_is_on(unit: str) -> None:
    assert bounds("savings", unit, 0, 5) == (0, inf)
    assert bounds("pressures", unit, -5, 0) == (-inf, 0)
    assert bounds("pressures", unit, -5, 5) == NO_ENDS


def test_a_range_beyond_its_ends_is_not_drawn() -> None:
    """Else nothing might ever lie within, and it would be drawn again without end."""
    for low, value, high in ((-1, 50, 101), (-1, 0, 1), (99, 100, 101)):
        with pytest.raises(ValueError, match="goes beyond 0 to 100"):
            draw("normal", low, value, high, 5, np.random.default_rng(1), (), (0, 100))

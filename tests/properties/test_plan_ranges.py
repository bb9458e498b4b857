"""Laws of ranges: no draw is beyond what its value can be, and nothing else is changed by that."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from bcf_model.core.words import UNITS
from bcf_model.plan.range_bounds import BOUNDS, OTHERS, UNENDED, bounds
from bcf_model.plan.ranges import draw
from bcf_model.plan.words import ACTS_ON, SHAPES, UNITS_TAKEN
from tests.longer import tries

FEW = tries(60, 1_000)
COUNT = 300
ACTING = st.sampled_from([(step, unit) for step in ACTS_ON for unit in UNITS_TAKEN[step]])


@st.composite
def stated(drawing: st.DrawFn) -> tuple[str, str, str, float, float, float]:
    """Give step, unit, shape, low, value and high of a range that a scenario may state."""
    step, unit = drawing(ACTING)
    shape = drawing(st.sampled_from([*SHAPES]))
    least, most = (-(10**12), 10**12) if unit in UNITS else BOUNDS.get(step, OTHERS)
    if shape == "lognormal":
        least = max(least, 1)
    three = drawing(st.lists(st.integers(least, most), min_size=3, max_size=3, unique=True))
    low, value, high = sorted(three)
    if shape == "normal":
        value = (low + high) / 2
    return step, unit, shape, float(low), float(value), float(high)


@FEW
@given(stated(), st.integers(0, 2**32 - 1))
def test_no_draw_is_beyond_what_its_value_can_be(of: tuple, seed: int) -> None:
    step, unit, *range_ = of
    least, most = bounds(step, unit, range_[1], range_[3])
    found = draw(*range_, COUNT, np.random.default_rng(seed), (60, 30, 10), (least, most))
    assert len(found) == COUNT
    assert (found >= least).all()
    assert (found <= most).all()
    free = draw(*range_, COUNT, np.random.default_rng(seed), (60, 30, 10))
    within = (free >= least) & (free <= most)
    assert (found[within] == free[within]).all()
    assert range_[0] in UNENDED or within.all()


@FEW
@given(stated(), st.integers(0, 2**32 - 1))
def test_what_is_drawn_next_is_the_same_where_no_draw_was_beyond(of: tuple, seed: int) -> None:
    step, unit, *range_ = of
    ends = bounds(step, unit, range_[1], range_[3])
    one, other = np.random.default_rng(seed), np.random.default_rng(seed)
    free = draw(*range_, 20, one, (60, 30, 10))
    assume(((free >= ends[0]) & (free <= ends[1])).all())
    assert (draw(*range_, 20, other, (60, 30, 10), ends) == free).all()
    assert one.random() == other.random()

"""An end of what a figure may be is proved by multiples of bounds that add up to it, exactly."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bcf_model.audit.bounds import Bound
from bcf_model.audit.leeway import ONE, proved_end

A, B, C = (("", name) for name in "abc")
WHOLE = st.integers(-1000, 1000).map(Fraction)


def alone(unknown, low, high) -> Bound:
    return Bound({unknown: Fraction(1)}, low, high, figure=0)


SUM = Bound({A: Fraction(1), B: Fraction(-1), C: Fraction(-1)}, Fraction(0), Fraction(0))


@given(WHOLE, WHOLE)
def test_a_sum_is_at_least_the_least_of_its_parts_together(low_b, low_c) -> None:
    by = [(alone(B, low_b, low_b + 1), 1), (alone(C, low_c, low_c + 1), 1)]
    end = proved_end({A: Fraction(1)}, None, 1, by, [SUM])
    assert end is not None
    assert end.value == low_b + low_c
    assert sum(part.multiple * part.end for part in end.parts) == end.value


@given(st.integers(1, 1000).map(Fraction), WHOLE)
def test_a_percentage_is_at_most_the_ends_of_what_it_divides(base, divided) -> None:
    way = 1 if divided > 0 else -1  # of a smaller base more where what is divided is above nil
    by = [(alone(A, divided - 1, divided), -1), (alone(B, base, base), way)]
    end = proved_end({A: Fraction(1)}, {B: Fraction(1)}, -1, by, [])
    if divided:
        assert end is not None
        assert end.value == 100 * divided / base
        assert sum(part.multiple * part.end for part in end.parts) == 0


def test_what_the_bounds_do_not_give_is_not_proved() -> None:
    assert proved_end({A: Fraction(1)}, None, 1, [(alone(B, Fraction(1), None), 1)], []) is None
    wrong_way = [(Bound({A: Fraction(1)}, None, Fraction(5)), -1)]
    assert proved_end({A: Fraction(1)}, None, 1, wrong_way, []) is None


def test_no_figure_is_called_as_the_number_one_is() -> None:
    assert "\0" in ONE[1]

"""Solving backwards: what is found, what is not, and what is said of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.plan.root_finding import Answer, Point, solve


@pytest.mark.parametrize("between", [None, (-1_000, 1_000_000_000)])
def test_a_rising_figure_is_reached(between: tuple[int, int] | None) -> None:
    answer = solve(lambda value: 3 * value + 7, 3_000_007, between)
    assert (answer.value, answer.reached, answer.found) == (1_000_000, 3_000_007, True)
    assert answer.sides is None


@pytest.mark.parametrize("between", [None, (5, -400_000_000)])
def test_a_falling_figure_is_reached(between: tuple[int, int] | None) -> None:
    answer = solve(lambda value: 100 - value, 12_345_778, between)
    assert (answer.value, answer.reached, answer.found) == (-12_345_678, 12_345_778, True)


def test_where_the_figure_jumps_over_the_target_both_sides_are_told() -> None:
    answer = solve(lambda value: 10 * value, 37)
    assert (answer.value, answer.reached, answer.found) == (4, 40, True)
    assert answer.sides == (Point(3, 30), Point(4, 40))


def test_a_cliff_is_told_from_both_sides() -> None:
    answer = solve(lambda value: 0 if value < 1_234_567 else 1_000, 600)
    assert answer.sides == (Point(1_234_566, 0), Point(1_234_567, 1_000))
    assert (answer.value, answer.reached) == (1_234_567, 1_000)


@pytest.mark.parametrize("sign", [1, -1])
def test_of_two_values_equally_near_it_is_the_lower(sign: int) -> None:
    answer = solve(lambda value: sign * 10 * value, sign * 35)
    assert answer.value == 3
    assert answer.sides == (Point(3, sign * 30), Point(4, sign * 40))


def test_a_flat_figure_has_no_answer() -> None:
    answer = solve(lambda value: 5, 6)
    assert (answer.value, answer.reached, answer.found, answer.sides) == (None, None, False, None)
    assert answer.lowest is not None
    assert answer.highest is not None
    assert answer.lowest.figure == answer.highest.figure == 5


def test_a_figure_that_is_there_already_needs_no_search() -> None:
    answer = solve(lambda value: 5, 5, start=70)
    there = Point(70, 5)
    assert answer == Answer(70, 5, True, there, there, None, 1, (-(10**14), 10**14), there)


def test_what_lies_outside_the_two_values_is_not_found() -> None:
    answer = solve(lambda value: value, 11, (0, 10))
    assert (answer.value, answer.found) == (None, False)
    assert (answer.lowest, answer.highest, answer.tried) == (Point(0, 0), Point(10, 10), 2)
    assert (answer.within, answer.nearest) == ((0, 10), Point(10, 10))


@pytest.mark.parametrize("target", [0, 10])
def test_the_two_values_themselves_may_be_the_answer(target: int) -> None:
    assert solve(lambda value: value, target, (0, 10)).value == target


def test_the_doubling_stops_at_its_bounds() -> None:
    asked = []

    def figure(value: int) -> int:
        asked.append(value)
        return value

    assert not solve(figure, 5_000, start=10, step=1, bounds=(0, 100)).found
    assert (min(asked), max(asked)) == (9, 100)  # nine is farther off than ten: not that way
    assert solve(figure, 100, start=10, step=1, bounds=(0, 100)).value == 100


def test_a_figure_that_levels_off_is_looked_for_up_to_the_bounds() -> None:
    answer = solve(lambda value: min(value, 40), 50, bounds=(0, 1_000_000))
    assert not answer.found
    assert answer.highest is not None
    assert answer.highest.figure == 40


def test_a_flat_part_is_crossed() -> None:
    """Nothing moves below a threshold: as a saving under the budget of a line does not."""
    answer = solve(lambda value: max(value - 50_000_000, 0), 12, step=1)
    assert answer.value == 50_000_012


@pytest.mark.parametrize("start", [0, 900_000_000])
def test_a_value_without_a_figure_ends_the_search_that_way(start: int) -> None:
    answer = solve(lambda value: value if value < 800_000_000 else None, 850_000_000, start=start)
    assert (answer.value, answer.found) == (None, False)


def test_a_gap_in_the_figures_between_two_values_is_no_answer() -> None:
    answer = solve(lambda value: value if value in (0, 100) else None, 20, (0, 100))
    assert (answer.found, answer.lowest, answer.highest) == (False, Point(0, 0), Point(100, 100))
    assert answer.nearest == Point(0, 0)


def test_where_no_value_has_a_figure_none_is_nearest() -> None:
    answer = solve(lambda value: None, 20, (100, 0))
    assert (answer.found, answer.nearest, answer.within) == (False, None, (0, 100))


def test_of_two_values_found_equally_near_the_lower_is_the_nearest() -> None:
    answer = solve(lambda value: value if value in (0, 100) else None, 50, (0, 100))
    assert answer.nearest == Point(0, 0)


def test_after_each_try_it_is_told_how_many_there_were() -> None:
    told: list[int] = []
    answer = solve(lambda value: 3 * value, 3_000_000, (0, 10**9), tell=told.append)
    assert told == list(range(1, answer.tried + 1))


def test_figures_may_be_fractions_of_any_kind() -> None:
    assert solve(lambda value: Fraction(value, 3), Fraction(1_000, 3)).value == 1_000
    assert solve(lambda value: value / 1_000_000, 0.25).value == 250_000


def test_each_value_is_tried_once_and_the_same_are_tried_again() -> None:
    runs: list[list[int]] = []
    for _ in range(2):
        asked: list[int] = []

        def figure(value: int, asked: list[int] = asked) -> int:
            asked.append(value)
            return 7 * value

        answer = solve(figure, 123_456_789)
        assert answer.tried == len(asked) == len(set(asked))
        runs.append(asked)
    assert runs[0] == runs[1]


def test_a_straight_line_takes_a_few_tries_and_a_bent_one_at_most_twice_those_of_halving() -> None:
    straight = solve(lambda value: 7 * value + 3, 7 * 123_456_789 + 3, (0, 10**12))
    assert straight.value == 123_456_789
    assert straight.tried <= 5
    bent = solve(lambda value: value**9, 987_654_321**9, (0, 10**12))
    assert bent.value == 987_654_321
    assert bent.tried <= 2 * 40 + 2


@given(st.lists(st.integers(0, 50), min_size=2, max_size=60), st.data())
def test_closing_in_ends_where_walking_from_the_low_end_does(
    rises: list[int], data: st.DataObject
) -> None:
    figures = [sum(rises[: i + 1]) for i in range(len(rises))]
    target = data.draw(st.integers(figures[0], figures[-1]))
    answer = solve(figures.__getitem__, target, (0, len(figures) - 1))
    passed = next(i for i, figure in enumerate(figures) if figure >= target)
    if figures[passed] == target:
        assert answer.value == passed
    else:
        assert answer.sides is not None
        assert [side.value for side in answer.sides] == [passed - 1, passed]


def test_the_search_steps_up_and_down_from_nil_and_twice_as_far_each_time() -> None:
    """One percent, or £10,000, first; down leads away, and is given up."""
    asked = []

    def figure(value: int) -> int:
        asked.append(value)
        return value

    solve(figure, 10_000_000)
    assert asked[:7] == [
        0, 1_000_000, -1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000,
    ]  # fmt: skip
    assert asked[7:] == [10_000_000, 9_000_000, 9_999_999], "by the line, halfway, by the line"


def test_where_nothing_moves_the_search_goes_as_far_as_an_amount_may() -> None:
    asked = []

    def figure(value: int) -> int:
        asked.append(value)
        return 5

    assert not solve(figure, 6).found
    assert (min(asked), max(asked)) == (-(10**14), 10**14)


def test_of_values_that_all_reach_the_target_it_is_the_lower_end() -> None:
    answer = solve(lambda value: max(value - 50, 0), 0, (0, 100))
    assert (answer.value, answer.reached, answer.sides) == (0, 0, None)
    assert answer.tried == 2


@pytest.mark.parametrize("sign", [1, -1])
def test_of_a_flat_part_at_the_target_it_is_the_lowest_value(sign: int) -> None:
    answer = solve(lambda value: sign * (value // 10), sign * 5, (0, 100))
    assert (answer.value, answer.reached, answer.sides) == (50, sign * 5, None)


def test_the_line_is_followed_no_further_than_next_to_an_end() -> None:
    """A cliff at one end makes the line reach the target at the other, where it was looked."""
    far = 10**9
    answer = solve(lambda value: value if value < 100 else far, 1, (0, 100))
    assert (answer.value, answer.tried) == (1, 3)  # 0, 100, and next to 0
    answer = solve(lambda value: value if value > 0 else -far, 99, (0, 100))
    assert (answer.value, answer.tried) == (99, 5)  # 0, 100, next to 100, halfway, next to 99

"""What is told of an answer to a question asked backwards."""

from fractions import Fraction

import pytest

from bcf_model.plan.goal_seek import Goal
from bcf_model.plan.goal_seek_inputs import Replaced, Sought
from bcf_model.plan.root_finding import Answer, Point, solve
from bcf_model.publish.scenario.answers_terminal import answer

GAP, SHARE = Goal("gap", "2019-20"), Goal("prevention share", "2019-20")
HUNDRED = 100_000_000


def sought(*replaced: Replaced, year: str = "", every: bool = True) -> Sought:
    return Sought("growth", year, every, "percent", replaced, 0, HUNDRED)


GROWTH = sought(Replaced(("",), 3_000_000))


def test_what_is_reached_exactly_is_no_way_off() -> None:
    found = solve(lambda value: value, 2_500_000, (0, HUNDRED))
    assert answer(found, GROWTH, GAP, 2_500_000).splitlines() == [
        "growth: 2.5%, in every year (replaces 3%)",
        "With it gap/year=2019-20 is £25,000.00; asked for: £25,000.00.",
    ]


def test_the_two_sides_of_the_target_and_how_near_it_is() -> None:
    found = solve(lambda value: 10 * value, 37, (0, 10))
    assert answer(found, GROWTH, GAP, 37).splitlines()[1:] == [
        "With it gap/year=2019-20 is £0.40; asked for: £0.37. It is £0.03 above.",
        "It passes the target between two neighbouring values: £0.30 at 0.000003% and £0.40 at "
        "0.000004%.",
    ]
    below = solve(lambda value: 10 * value, 33, (0, 10))
    assert "is £0.30; asked for: £0.33. It is £0.03 below." in answer(below, GROWTH, GAP, 33)


@pytest.mark.parametrize("sign", [1, -1])
def test_percentages_have_as_many_decimals_as_tell_them_apart(sign: int) -> None:
    found = solve(
        lambda value: sign * (5 + Fraction(value - 4, 10**7) / 3),
        sign * 5 + Fraction(1, 10**8),
        (0, 10),
    )
    said = answer(found, GROWTH, SHARE, sign * 5 + Fraction(1, 10**8)).splitlines()
    near = "5.00000000" if sign > 0 else "-5.00000000"
    wanted = "5.00000001" if sign > 0 else "-4.99999999"
    assert said[1] == (
        f"With it prevention share/year=2019-20 is {near}%; asked for: {wanted}%. "
        "It is 0.00000001 percentage points below."
    )
    sides = said[2].split(": ")[1]
    assert (
        sides
        == {
            1: "5.00000000% at 0.000004% and 5.00000003% at 0.000005%.",
            -1: "-4.99999997% at 0.000003% and -5.00000000% at 0.000004%.",
        }[sign]
    )


def test_how_near_it_is_has_as_many_decimals_as_it_needs() -> None:
    """At four decimals the two differ by rounding alone, and their difference would be nil."""
    target = Fraction("4.9999499")
    found = solve(lambda value: Fraction("4.99994") + Fraction(value, 10**5), target, (0, 10))
    said = answer(found, GROWTH, SHARE, target).splitlines()[1]
    assert said.endswith(
        "is 4.9999500%; asked for: 4.9999499%. It is 0.0000001 percentage points above."
    )


def test_half_of_the_last_decimal_is_rounded_away_from_nil() -> None:
    for sign in (1, -1):
        target = sign * Fraction("5.00005")
        found = solve(lambda value, target=target: target + value, target, (0, 1))
        minus = "-" if sign < 0 else ""
        assert f"is {minus}5.0001%; asked for: {minus}5.0001%." in answer(
            found, GROWTH, SHARE, target
        )


def test_a_percentage_has_four_decimals_where_these_will_do() -> None:
    found = solve(lambda value: Fraction(value, 10**6), 5, (0, HUNDRED))
    assert "is 5.0000%; asked for: 5.0000%." in answer(found, GROWTH, SHARE, 5)


def test_what_is_next_to_nil_is_not_taken_for_nil() -> None:
    found = solve(lambda value: Fraction(value - 3, 10**7) - Fraction(1, 10**8), 0, (0, 10))
    said = answer(found, GROWTH, SHARE, 0)
    assert (
        "is -0.00000001%; asked for: 0.00000000%. It is 0.00000001 percentage points below." in said
    )


def test_none_is_found_and_what_comes_nearest() -> None:
    none = solve(lambda value: HUNDRED - value, -5, (0, HUNDRED))
    assert answer(none, GROWTH, GAP, -5).splitlines() == [
        "No value of growth between 0% and 100% brings gap/year=2019-20 to -£0.05.",
        "At 100% it is £0.00, the nearest found.",
    ]


def test_what_does_not_move_or_is_not_there() -> None:
    flat = solve(lambda value: 7, 5, (0, HUNDRED))
    assert answer(flat, GROWTH, GAP, 5).endswith("\nIt does not move it: it is £0.07 all along.")
    nothing = solve(lambda value: None, 5, (0, HUNDRED))
    assert answer(nothing, GROWTH, GAP, 5).endswith(
        "\nAt neither of the two is there such a figure."
    )


FOUND = Answer(2_000_000, 5, True, Point(0, 0), Point(0, 0), None, 1, (0, HUNDRED), Point(0, 0))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (GROWTH, "in every year (replaces 3%)"),
        (sought(Replaced(("",), 2_000_000)), "in every year (as it is)"),
        (
            sought(Replaced(("2019-20", "2021-22"), 2_000_000), Replaced(("2020-21",), 4_000_000)),
            "in every year (replaces 4% in 2020/21)",
        ),
        (
            sought(
                Replaced(("2019-20", "2020-21", "2021-22"), 1), Replaced(("2023-24",), 3),
                every=False,
            ),
            "in 2019/20, 2020/21, 2021/22 and 2023/24 (replaces 0.000001% in 2019/20, 2020/21 "
            "and 2021/22, 0.000003% in 2023/24)",
        ),
        (
            sought(Replaced(("",), 3_000_000), year="2020-21", every=False),
            "in 2020/21 (replaces 3%)",
        ),
    ],
)  # fmt: skip
def test_what_it_stands_in_place_of_is_said(asked: Sought, said: str) -> None:
    assert answer(FOUND, asked, GAP, 5).splitlines()[0] == f"growth: 2%, {said}"


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (2_000_000, 3_000_000, False), (1_000_000, 2_000_000, False),
        (2_000_001, 3_000_000, True), (1_000_000, 1_999_999, True),
    ],
)  # fmt: skip
def test_a_range_that_does_not_hold_the_value_is_told_of_once(
    low: int, high: int, told: bool
) -> None:
    rows = [Replaced((f"{y}-{y - 1999}",), y, low, high) for y in (2019, 2020)]
    said = answer(FOUND, sought(*rows), GAP, 5).splitlines()[2:]
    assert len(said) == told
    if told:
        assert said[0].endswith("%, does not hold that: state another with it.")

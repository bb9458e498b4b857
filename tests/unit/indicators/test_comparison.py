"""An indicator against its target: the worked examples of the paper, and others by hand."""

from fractions import Fraction

import pytest

from bcf_model.core.words import OVER
from bcf_model.indicators.comparison import (
    AS_TO_DATE,
    BY_SHAPE,
    LATEST_YEAR,
    STRAIGHT,
    compared,
    projected,
    projected_met,
)
from tests.make.indicators import metric, months, row


@pytest.mark.parametrize(
    ("actual", "other", "difference", "percent"),
    [
        ("56,141", "55,901", 240, "0.429"),  # Sheffield 2018/19, para 5.1
        ("56,141", "45,235", 10_906, "24.110"),
        ("28,126", "27,979", 147, "0.525"),  # para 5.2
        ("26,244", "17,130", 9_114, "53.205"),  # para 5.3
        ("26,244", "32,168", -5_924, "-18.416"),
        ("5,980", "5,680", 300, "5.282"),  # Bury 2016/17, printed 5 %
    ],
)
def test_differences_by_hand(actual: str, other: str, difference: int, percent: str) -> None:
    it = compared(metric(("actual", "year", actual), ("target", "year", other)), "target", "year")
    assert it.difference == difference
    assert it.part is not None
    assert f"{float(it.part * 100):.3f}" == percent
    assert it.favourable == ("no" if difference > 0 else "yes")
    assert it.met == ("no" if difference > 0 else "yes")


def test_points_and_percent_are_two_things() -> None:
    """Herefordshire 2022-23: 90 % against 91.6 % is 1.6 points, 1.7 % of the target: amber."""
    it = metric(("actual", "year", "90"), ("target", "year", "91.6", {"decimals": 1}),
                form="percent", better="higher")  # fmt: skip
    one = compared(it, "target", "year")
    assert one.difference == Fraction(-16, 10)
    assert one.part is not None and f"{float(one.part * 100):.1f}" == "-1.7"
    assert (one.favourable, one.met, one.status) == ("no", "no", "amber")


def test_a_plan_for_the_year_is_not_set_beside_a_quarter() -> None:
    """Herefordshire 2022-23: planned 1,106 for the year, 605 in a quarter."""
    it = metric(("actual", "quarter 1", "605"), ("target", "year", "1,106"), period_basis="quarter")
    one = compared(it, "target", it.latest)
    assert (one.difference, one.met, one.status) == (None, "", "")
    assert one.lacks == "the target is of the year, the actual of quarter 1"


@pytest.mark.parametrize(
    ("better", "actual", "status"),
    [
        ("lower", 100, "green"), ("lower", 105, "amber"), ("lower", 106, "red"),
        ("lower", 50, "green"), ("higher", 100, "green"), ("higher", 95, "amber"),
        ("higher", 94, "red"),
    ],
)  # fmt: skip
def test_status_by_the_usual_thresholds(better: str, actual: int, status: str) -> None:
    it = metric(("actual", "year", str(actual)), ("target", "year", "100"), better=better)
    assert compared(it, "target", "year").status == status


def test_thresholds_of_the_pool_come_first() -> None:
    limits = row("thresholds", metric="M", green_to=2_000_000, amber_to=10_000_000)
    for actual, status in ((102, "green"), (103, "amber"), (110, "amber"), (111, "red")):
        it = metric(("actual", "year", str(actual)), ("target", "year", "100"), thresholds=[limits])
        assert compared(it, "target", "year").status == status


def test_a_target_of_nil_is_no_missing_one() -> None:
    it = metric(("actual", "year", "3"), ("target", "year", "0"))
    one = compared(it, "target", "year")
    assert (one.difference, one.part, one.met, one.status) == (3, None, "no", "red")
    none = compared(metric(("actual", "year", "3")), "target", "year")
    assert (none.difference, none.met, none.status) == (None, "", "")
    assert none.lacks == "the target of the year is not stated"


def test_no_difference_is_neither_way_and_meets_the_target() -> None:
    it = metric(("actual", "year", "3"), ("target", "year", "3"), ("last year", "year", "3"))
    assert compared(it, "target", "year").favourable == "neither"
    assert compared(it, "target", "year").met == "yes"
    assert compared(it, "last year", "year").met == ""


def test_projections_are_named() -> None:
    """By hand: last year 100 and 110 of 1,200; 105 + 115 = 220 × 1,200 ÷ 210 = 1,257.14."""
    last = months("last year", 100, 110, *[99] * 10)
    so_far = months("actual", 105, 115)
    assert projected(metric(*so_far, *last)) == (1257, BY_SHAPE)
    assert projected(metric(*so_far)) == (1320, STRAIGHT)
    assert projected(metric(("actual", "year", "9"))) == (9, OVER)
    assert projected(metric(*so_far, period_basis="rolling 12")) == (115, LATEST_YEAR)
    percent = metric(("actual", "month 1", "80"), form="percent")
    assert projected(percent) == (80, AS_TO_DATE)
    assert projected(metric(("actual", "quarter 1", "9"), period_basis="quarter")) == (None, "")
    assert projected(metric()) == (None, "")


def test_a_projection_is_held_to_the_target_of_the_year() -> None:
    it = metric(*months("actual", 105, 115), ("target", "year", "1,300"))
    assert projected_met(it, Fraction(1320)) == "no"
    assert projected_met(it, Fraction(1300)) == "yes"
    assert projected_met(metric(), Fraction(1)) == projected_met(it, None) == ""


def test_two_denominators_and_the_same_conclusion() -> None:
    """684 at 732 and 725 at 768 have no denominator in common; 684 is below 725 on any one."""
    of = {"form": "rate", "per": 100_000}
    it = metric(("actual", "year", "732", {"numerator": "684"}),
                ("target", "year", "768", {"numerator": "725"}), **of)  # fmt: skip
    one = compared(it, "target", "year")
    assert one.two_denominators
    assert one.same_on_one
    turned = compared(metric(("actual", "year", "732", {"numerator": "730"}),
                             ("target", "year", "768", {"numerator": "725"}), **of),
                      "target", "year")  # fmt: skip
    assert not turned.same_on_one
    alike = compared(metric(("actual", "year", "725", {"numerator": "684"}),
                            ("target", "year", "768", {"numerator": "725"}), **of),
                     "target", "year")  # fmt: skip
    assert not alike.two_denominators

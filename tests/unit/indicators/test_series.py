"""What is stated of an indicator, month by month, to date and of the year."""

from fractions import Fraction

import pytest

from bcf_model.core.words import MONTHS
from bcf_model.indicators.series import Metric, Number
from tests.make.indicators import metric, months, row


def to_date(it: Metric, series: str, month: int) -> Fraction | None:
    return it.at(series, f"month {month}").value


def test_months_are_added_up_and_the_last_is_the_year() -> None:
    it = metric(*months("actual", 10, 12, 11))
    assert [to_date(it, "actual", m) for m in (1, 2, 3)] == [10, 22, 33]
    assert it.latest == "month 3"
    whole = metric(*months("actual", *range(1, 13)))
    assert whole.latest == "year" and whole.at("actual", "year").value == 78


def test_cumulative_months_are_taken_apart() -> None:
    it = metric(*months("actual", 10, 22, 33), period_basis="cumulative")
    assert [it.in_month("actual", m).value for m in MONTHS[:3]] == [10, 12, 11]
    assert to_date(it, "actual", 3) == 33


def test_what_is_not_known_is_not_nil_and_says_why() -> None:
    it = metric(("actual", "month 1", "5"), ("actual", "month 3", "7"), ("target", "year", ""),
                ("last year", "month 1", "not available"), ("national", "year", "<5"))  # fmt: skip
    assert it.at("actual", "month 3") == Number(lacks="the actual of month 2 is not stated")
    assert it.at("target", "year").lacks == "the target of the year is not stated"
    assert it.at("last year", "month 1").lacks == "last year's number of month 1 is not available"
    assert it.at("national", "year").lacks.startswith("the national of the year is suppressed")
    assert it.in_month("actual", "month 2").value is None


def test_a_year_that_is_stated_is_its_last_month_to_date() -> None:
    for basis in ("month", "cumulative", "rolling 12"):
        it = metric(("actual", "year", "56,141"), period_basis=basis)
        assert to_date(it, "actual", 12) == 56_141
        assert it.latest == "year"


def test_rolling_twelve_months_at_march_are_the_year() -> None:
    it = metric(*months("actual", *[700] * 11, 684), ("target", "year", "725"),
                period_basis="rolling 12")  # fmt: skip
    assert it.at("actual", "year").value == 684
    assert to_date(it, "target", 5) == 725, "twelve months are a year, whichever they end with"
    assert it.in_month("actual", "month 3").value is None


@pytest.mark.parametrize(("target", "decimals"), [("100", 0), ("7", 0), ("17,130", 0), ("0.5", 1)])
def test_a_target_by_months_adds_to_the_target(target: str, decimals: int) -> None:
    it = metric(("target", "year", target, {"decimals": decimals}), apportioned="evenly")
    each = [it.in_month("target", month).value for month in MONTHS]
    assert None not in each
    assert sum(each) == it.at("target", "year").value == to_date(it, "target", 12)
    assert [to_date(it, "target", m) for m in (1, 2)] == [each[0], each[0] + each[1]]


def test_a_target_is_apportioned_by_weights_or_last_year() -> None:
    """By hand: 100 × 1 ÷ 13 = 7.69…, × 2 ÷ 13 = 15.38…: 8, then 7."""
    by_weights = metric(("target", "year", "100"), *months("weight", 1, 1, 1, *[1] * 8, 2),
                        apportioned="by weights")  # fmt: skip
    assert [by_weights.in_month("target", m).value for m in MONTHS[:2]] == [8, 7]
    assert by_weights.in_month("target", MONTHS[-1]).value == 100 - 85
    by_year = metric(("target", "year", "50"), *months("last year", *[10] * 11, 0),
                     apportioned="by last year")  # fmt: skip
    assert to_date(by_year, "target", 11) == 50
    assert to_date(by_year, "target", 1) == 5


def test_a_target_without_weights_or_not_apportioned_is_not_known_by_month() -> None:
    assert to_date(metric(("target", "year", "100")), "target", 1) is None
    some = metric(("target", "year", "100"), *months("weight", 1, 2), apportioned="by weights")
    assert some.at("target", "month 1").lacks == "the weights of the months are not known"


def test_a_rate_is_worked_from_what_is_counted() -> None:
    """By hand: 725 × 100,000 ÷ 94,401 = 768.0003; 684 of the same is 724.57, printed 724.6."""
    people = row("denominators", denominator="65", financial_year="2018-19", value=94_401 * 10**6)
    it = metric(
        ("actual", "year", "", {"numerator": "684", "decimals": 1}),
        ("target", "year", "", {"numerator": "725"}),
        form="rate", per=100_000, denominator="65", denominators=[people],
    )  # fmt: skip
    assert it.at("actual", "year").value == Fraction(7246, 10)
    assert it.at("target", "year").value == 768
    assert it.at("actual", "year").implied_denominator is None, "it is stated"


def test_rates_of_months_are_divided_anew() -> None:
    of = [{"numerator": "1", "denominator": "2"}, {"numerator": "0", "denominator": "10"}]
    it = metric(*(("actual", f"month {i}", "", {**of[i - 1], "decimals": 1}) for i in (1, 2)),
                form="percent")  # fmt: skip
    assert [to_date(it, "actual", m) for m in (1, 2)] == [50, Fraction(83, 10)]
    printed = metric(*(("actual", f"month {i}", "50") for i in (1, 2)), form="percent")
    assert printed.at("actual", "month 2").value is None


def test_a_print_and_its_numerator_imply_a_denominator() -> None:
    """By hand: 684 × 100,000 ÷ 732.5 = 93,378.8; ÷ 731.5 = 93,506.5. 725: 94,339.6; 94,462.5."""
    it = metric(("actual", "year", "732", {"numerator": "684"}),
                ("target", "year", "768", {"numerator": "725"}),
                form="rate", per=100_000)  # fmt: skip
    assert it.at("actual", "year").implied_denominator == (93_379, 93_506)
    assert it.at("target", "year").implied_denominator == (94_340, 94_462)
    nil = metric(("actual", "year", "0", {"numerator": "0"}), form="rate", per=1000)
    assert nil.at("actual", "year").implied_denominator is None


def test_a_printed_difference_is_turned_to_actual_less_what_it_is_set_against() -> None:
    it = metric(("target less actual", "month 1", "-24.6%", {"decimals": 1}),
                ("actual less last year", "month 1", "6.5%", {"decimals": 1}))  # fmt: skip
    assert it.printed_difference("target", "month 1").value == Fraction(246, 10)
    assert it.printed_difference("last year", "month 1").value == Fraction(65, 10)
    assert it.printed_difference("national", "month 1").value is None
    assert it.periods == ["month 1"]


def test_quarters_stand_for_themselves() -> None:
    it = metric(("actual", "quarter 3", "81"), ("actual", "quarter 4", "84"),
                form="percent", period_basis="quarter")  # fmt: skip
    assert it.latest == "quarter 4"
    assert it.at("actual", "quarter 4").value == 84
    assert it.at("actual", "year").value is None

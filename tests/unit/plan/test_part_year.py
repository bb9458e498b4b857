"""What an amount does in the year it starts in, and in the next."""

import pandas as pd

from bcf_model.plan.part_year import effects

YEARS = ["2019-20", "2020-21", "2021-22"]


def assumed(**said: object) -> pd.DataFrame:
    row = {
        "assumption": "A", "step": "investment", "scope": "all", "year": "2019-20",
        "unit": "thousands", "pence": 1200_00, "recurrence": "recurrent", "from_period": 1,
    }  # fmt: skip
    return pd.DataFrame([row | said])


def rows(**said: object) -> list[tuple[str, str, str, int]]:
    found = effects(assumed(**said), YEARS)
    columns = ("financial_year", "step", "part", "amount")
    return list(found[list(columns)].itertuples(index=False, name=None))


def test_from_april_it_acts_in_full_and_goes_on() -> None:
    assert rows() == [("2019-20", "investment", "in the year", 1200_00)]


def test_from_november_five_months_fall_in_the_year_and_seven_in_the_next() -> None:
    assert rows(from_period=8) == [
        ("2019-20", "investment", "in the year", 500_00),
        ("2020-21", "full-year effects", "rest", 700_00),
    ]


def test_what_is_not_recurrent_is_taken_out_again() -> None:
    assert rows(from_period=8, recurrence="non-recurrent") == [
        ("2019-20", "investment", "in the year", 500_00),
        ("2020-21", "non-recurrent", "reversal", -500_00),
    ]


def test_a_saving_lowers_the_budget_and_its_reversal_raises_it() -> None:
    assert rows(step="savings", recurrence="non-recurrent") == [
        ("2019-20", "savings", "in the year", -1200_00),
        ("2020-21", "non-recurrent", "reversal", 1200_00),
    ]


def test_what_was_not_recurrent_in_the_opening_does_not_come_back() -> None:
    assert rows(step="non-recurrent") == [("2019-20", "non-recurrent", "in the year", -1200_00)]


def test_without_a_year_it_starts_anew_every_year() -> None:
    assert rows(year="", from_period=7) == [
        ("2019-20", "investment", "in the year", 600_00),
        ("2020-21", "full-year effects", "rest", 600_00),
        ("2020-21", "investment", "in the year", 600_00),
        ("2021-22", "full-year effects", "rest", 600_00),
        ("2021-22", "investment", "in the year", 600_00),
    ]


def test_the_year_after_the_last_is_not_planned() -> None:
    assert rows(year="2021-22", from_period=7) == [("2021-22", "investment", "in the year", 600_00)]


def test_what_began_in_the_year_before_the_plan_is_completed_in_its_first() -> None:
    """A scenario may begin later than its base, whose amounts it has."""
    assert rows(year="2018-19", from_period=7) == [("2019-20", "full-year effects", "rest", 600_00)]
    assert rows(year="2018-19", recurrence="non-recurrent") == [
        ("2019-20", "non-recurrent", "reversal", -1200_00)
    ]
    assert rows(year="2017-18", from_period=7) == []


def test_percentages_and_parameters_are_no_amounts() -> None:
    assert rows(unit="percent") == []
    assert rows(step="limit") == []


def test_the_two_parts_make_the_whole_to_the_penny() -> None:
    for period in range(1, 13):
        both = effects(assumed(pence=1_00, from_period=period), YEARS)["amount"]
        assert both.sum() == 1_00
    assert rows(pence=-1_00, from_period=8)[0][3] == -42

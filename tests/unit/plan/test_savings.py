"""Savings programmes: tables small enough for paper. Amounts are pence."""

import pandas as pd
import pytest

from bcf_model.core.expressions import words
from bcf_model.core.tables import records
from bcf_model.plan import output_tables, tables
from bcf_model.plan.savings import (
    effects,
    in_row,
    owners_and_beneficiaries,
    parted_by_perimeter,
    summary,
    worked,
)

HALF = 50_000_000  # 50 %, in millionths of a percent


def programmes(*rows: dict[str, object]) -> pd.DataFrame:
    """Give programmes with what a test leaves out: £1.20 saved from April 2019 on, green."""
    usual = {
        "programme": "P", "name": "Programme", "owner": "SCC", "beneficiary": "SCC",
        "perimeter": "pool", "scope": "theme=1", "financial_year": "2019-20", "gross": 120,
        "confidence": "green",
    }  # fmt: skip
    usual |= {m.name: m.default for m in tables.Savings.fields if m.default is not None}
    frame = pd.DataFrame([usual | row for row in rows], columns=[*usual])
    return frame[[m.name for m in tables.Savings.fields]]


def phasing(**profiles: dict[int, int]) -> pd.DataFrame:
    """Give profiles: percent by period."""
    rows = [
        {"profile": name, "period": period, "share": percent * 10**6, "source": "", "note": ""}
        for name, shares in profiles.items()
        for period, percent in shares.items()
    ]
    columns = [m.name for m in tables.Phasing.fields]
    return pd.DataFrame(rows, columns=columns).astype({"period": "int64", "share": "int64"})


def one(row: dict[str, object], delivery: dict[str, int] | None = None, **profiles) -> dict:
    """Work one programme."""
    found = worked(programmes(row), phasing(**profiles), delivery or {})
    return found.iloc[0].to_dict()


def bridge(row: dict[str, object], delivery: dict[str, int] | None = None) -> list[tuple]:
    """Give what one programme does to the bridge: year, step, planned and expected."""
    found = effects(worked(programmes(row), phasing(), delivery or {}))
    output_tables.SavingsEffects.validate(
        found.assign(scenario="base")[[*output_tables.SavingsEffects.types]]
    )
    kept = found[["side", "financial_year", "step", "planned", "amount"]]
    return list(kept.itertuples(index=False, name=None))


def test_half_a_year_saves_half_and_the_other_half_in_the_next():
    found = one({"start_period": 7})  # from 1 October: 6 of 12 months
    assert (found["phased"], found["phased_of"]) == (6_000_000, 12_000_000)
    assert found["part_year_effect"] == 60
    assert found["full_year_effect"] == 60
    assert found["adjusted_full_year"] == found["underlying"] == 120


def test_what_is_worked_out_is_the_table_of_the_data_dictionary():
    found = worked(programmes({}, {"programme": "Q"}), phasing(), {})
    output_tables.SavingsOut.validate(
        found.assign(scenario="base")[[*output_tables.SavingsOut.types]]
    )
    assert worked(programmes(), phasing(), {}).empty


def test_rounding_is_half_away_from_zero():
    # 7 × 6 ÷ 12 = 3.5 → 4; half of 4 is 2; half of 7 is 3.5 → 4, so 2 more follow
    found = one({"gross": 7, "start_period": 7}, {"green": HALF})
    assert found["part_year_effect"] == 4
    assert found["full_year_effect"] == 3
    assert found["adjusted_part_year"] == 2
    assert found["adjusted_full_year"] == 4
    assert found["adjusted_full_year_effect"] == 2


def test_a_profile_is_counted_from_the_start_period_on():
    shares = {1: 10, 6: 40, 12: 50}
    whole = one({"profile": "late"}, late=shares)
    assert (whole["phased"], whole["phased_of"]) == (100_000_000, 100_000_000)
    assert (whole["part_year_effect"], whole["full_year_effect"]) == (120, 0)
    later = one({"profile": "late", "start_period": 7}, late=shares)
    assert (later["part_year_effect"], later["full_year_effect"]) == (60, 60)


def test_a_profile_that_is_not_there_is_the_programs_fault():
    with pytest.raises(KeyError, match="gone"):
        one({"profile": "gone"}, late={1: 100})


def test_the_investment_is_phased_alike_and_spent_whatever_is_delivered():
    found = one({"investment": 24, "start_period": 7}, {"green": HALF})
    assert found["net"] == 96
    assert (found["part_year_investment"], found["full_year_investment"]) == (12, 12)
    assert found["adjusted_net"] == 60 - 24


def test_what_is_not_recurrent_has_no_full_year_effect_and_is_not_underlying():
    found = one({"recurrence": "non-recurrent", "start_period": 7, "investment": 24})
    assert found["part_year_effect"] == 60
    assert found["full_year_effect"] == found["full_year_investment"] == 0
    assert found["adjusted_full_year_effect"] == found["underlying"] == 0
    assert (found["reversal"], found["reversal_of_investment"]) == (60, 12)
    recurrent = one({"start_period": 7, "investment": 24})
    assert recurrent["reversal"] == recurrent["reversal_of_investment"] == 0


@pytest.mark.parametrize(
    ("start", "to", "delivered", "plan", "slippage"),
    [
        (1, 6, 50, 60, 10),  # half of the year: 60 planned, 50 came
        (7, 9, 40, 30, -10),  # 3 months of 12: 10 more came than were planned
        (7, 6, 0, 0, 0),  # not begun by then
        (7, 3, 5, 0, -5),  # nothing was to come before July, but something did
        (1, 12, 0, 120, 120),
        (1, 0, 0, 0, 0),  # not counted
    ],
)
def test_slippage_is_plan_less_delivered(start, to, delivered, plan, slippage):
    found = one({"start_period": start, "delivered_to": to, "delivered": delivered})
    assert (found["plan_to_date"], found["slippage"]) == (plan, slippage)


def test_the_plan_to_date_follows_the_profile():
    found = one({"profile": "late", "delivered_to": 6}, late={1: 10, 6: 40, 12: 50})
    assert found["plan_to_date"] == 60  # 10 % and 40 % of 120


def test_delivery_is_by_confidence_and_everything_where_nothing_is_said():
    rows = programmes(
        {"programme": "G"}, {"programme": "R", "confidence": "red"},
        {"programme": "U", "confidence": "unidentified"},
    )  # fmt: skip
    found = worked(rows, phasing(), {"red": HALF, "unidentified": 0})
    assert found["adjusted_full_year"].tolist() == [120, 60, 0]
    assert found["identified"].tolist() == ["yes", "yes", "no"]


def test_the_bridge_of_a_recurrent_programme():
    row = {"start_period": 7, "investment": 24}
    assert bridge(row, {"green": HALF}) == [
        ("saving", "2019-20", "savings", -60, -30),
        ("saving", "2020-21", "full-year effects", -60, -30),
        ("investment", "2019-20", "investment", 12, 12),
        ("investment", "2020-21", "full-year effects", 12, 12),
    ]


def test_the_bridge_of_a_programme_that_is_not_recurrent():
    row = {"recurrence": "non-recurrent", "investment": 24, "financial_year": "1999-00"}
    assert bridge(row, {"green": HALF}) == [
        ("saving", "1999-00", "savings", -120, -60),
        ("saving", "2000-01", "non-recurrent", 120, 60),
        ("investment", "1999-00", "investment", 24, 24),
        ("investment", "2000-01", "non-recurrent", -24, -24),
    ]


def test_nothing_follows_a_full_year_and_no_investment_has_no_rows():
    assert bridge({}) == [("saving", "2019-20", "savings", -120, -120)]


def test_a_saving_of_which_nothing_is_delivered_keeps_its_row():
    assert bridge({}, {"green": 0}) == [("saving", "2019-20", "savings", -120, 0)]


def test_effects_stand_in_the_order_of_the_programmes_and_name_their_lines():
    rows = programmes({"programme": "B", "start_period": 4, "scope": "theme=2"}, {"programme": "A"})
    found = effects(worked(rows, phasing(), {}))
    assert found["cause"].tolist() == ["B", "B", "A"]
    assert found["scope"].tolist() == ["theme=2", "theme=2", "theme=1"]
    assert found["part"].tolist() == ["in the year", "rest", "in the year"]
    assert found["months"].tolist() == [9, 9, 12]
    assert found["stated"].tolist() == [-120, -120, -120]
    assert effects(worked(programmes(), phasing(), {})).empty


def test_another_perimeter_is_not_counted():
    rows = programmes({"programme": "A"}, {"programme": "B", "perimeter": "city"})
    counted, not_counted = parted_by_perimeter(rows, "pool")
    assert counted["programme"].tolist() == ["A"]
    assert not_counted["programme"].tolist() == ["B"]


SEVERAL = programmes(
    {"programme": "A", "owner": "STH", "beneficiary": "CCG"},
    {"programme": "B", "owner": "SCC", "confidence": "red", "gross": 10, "investment": 3},
    {"programme": "C", "owner": "STH", "beneficiary": "CCG", "confidence": "unidentified"},
    {"programme": "D", "owner": "STH", "beneficiary": "STH", "recurrence": "non-recurrent",
     "gross": 30},
    {"programme": "E", "owner": "STH", "perimeter": "city", "gross": 1000},
)  # fmt: skip


def test_a_summary_keeps_perimeters_apart_and_unidentified_on_lines_of_their_own():
    found = summary(worked(SEVERAL, phasing(), {"red": HALF}), "owner")
    output_tables.SavingsSummaryOut.validate(
        found.assign(scenario="base")[[*output_tables.SavingsSummaryOut.types]]
    )
    columns = ["perimeter", "group", "identified", "programmes", "gross", "adjusted_net"]
    assert found[columns].to_numpy().tolist() == [
        ["pool", "STH", "yes", 2, 150, 150],
        ["pool", "STH", "no", 1, 120, 120],
        ["pool", "SCC", "yes", 1, 10, 2],  # half of 10, less 3
        ["city", "STH", "yes", 1, 1000, 1000],
    ]
    assert found["underlying"].tolist() == [120, 120, 2, 1000]


def test_a_summary_by_confidence_is_in_the_order_of_the_words():
    found = summary(worked(SEVERAL, phasing(), {}), "confidence")
    pool = found[found["perimeter"] == "pool"]
    assert pool["group"].tolist() == ["green", "red", "unidentified"]
    assert pool["identified"].tolist() == ["yes", "yes", "no"]
    assert pool["net"].tolist() == [150, 7, 120]
    assert set(found["by"]) == {"confidence"}


def test_who_delivers_may_not_be_whose_budget_it_relieves():
    found = owners_and_beneficiaries(worked(SEVERAL, phasing(), {"red": HALF}))
    assert found.columns.tolist() == ["CCG", "SCC", "STH"]
    assert found.index.tolist() == [
        ("pool", "STH", "yes"), ("pool", "STH", "no"), ("pool", "SCC", "yes"),
        ("city", "STH", "yes"),
    ]  # fmt: skip
    assert found.to_numpy().tolist() == [[120, 0, 30], [120, 0, 0], [0, 2, 0], [0, 1000, 0]]


def test_a_column_can_be_told_and_is_nil_where_it_does_not_hold():
    once, again = records(
        worked(programmes({"recurrence": "non-recurrent"}, {"programme": "Q"}), phasing(), {})
    )
    assert in_row("underlying", once) is None
    assert in_row("gross", again) is None
    told = in_row("part_year_effect", again)
    assert told is not None
    assert words(told) == "gross × phased ÷ phased of, rounded to the penny"


def test_programmes_parted_by_perimeter_keep_their_columns_and_are_counted_anew():
    rows = programmes({"perimeter": "city"}, {"programme": "A"}, {"perimeter": "city"})
    for part in parted_by_perimeter(rows, "pool"):
        assert [*part.columns] == [*rows.columns]
        assert [*part.index] == [*range(len(part))]


def test_effects_are_numbered_anew_in_the_order_of_the_programmes():
    rows = programmes({"start_period": 7, "investment": 24}, {"programme": "Q"})
    assert [*effects(worked(rows, phasing(), {})).index] == [0, 1, 2, 3, 4]


def test_what_was_delivered_in_all_periods_is_the_fact_of_the_year():
    """12.4m planned and 10.15m delivered in 12 of 12 periods: 10.15m, whatever delivery says.

    Later years carry the value reached, so that the next year takes nothing off and puts none back.
    """
    row = {"gross": 1240, "delivered": 1015, "delivered_to": 12}
    found = one(row, {"green": 90_000_000})
    assert (found["adjusted_part_year"], found["adjusted_full_year"]) == (1015, 1015)
    assert (found["carries"], found["slippage"]) == ("reached", 225)
    assert bridge(row, {"green": 90_000_000}) == [("saving", "2019-20", "savings", 0, -1015)]


def test_what_was_delivered_of_half_a_year_is_half_of_what_was_reached():
    """From October 620 were planned and 500 came: a full year is 1,000, 500 more in the next."""
    row = {"gross": 1240, "start_period": 7, "delivered": 500, "delivered_to": 12}
    found = one(row, {"green": HALF})
    assert (found["adjusted_part_year"], found["adjusted_full_year"]) == (500, 1000)
    assert bridge(row) == [
        ("saving", "2019-20", "savings", 0, -500),
        ("saving", "2020-21", "full-year effects", 0, -500),
    ]


def test_more_than_planned_is_a_fact_too():
    found = one({"gross": 120, "delivered": 150, "delivered_to": 12}, {"green": HALF})
    assert (found["adjusted_part_year"], found["adjusted_full_year"]) == (150, 150)


def test_what_was_delivered_to_date_is_a_fact_and_the_rest_is_expected():
    """50 of the 60 planned by September came; of the other 60 half: 80 in the year.

    Its year is not over, so later years carry gross × delivery, 60: 20 less than in the year.
    """
    row = {"gross": 120, "delivered": 50, "delivered_to": 6}
    found = one(row, {"green": HALF})
    assert (found["adjusted_part_year"], found["adjusted_full_year"]) == (80, 60)
    assert found["carries"] == "planned"
    assert bridge(row, {"green": HALF}) == [
        ("saving", "2019-20", "savings", -60, -80),
        ("saving", "2020-21", "full-year effects", -60, 20),
    ]


@pytest.mark.parametrize(("stated", "carried"), [("£0.90", 90), ("75%", 90), ("£0", 0)])
def test_later_years_carry_what_the_programme_states(stated: str, carried: int):
    row = {"gross": 120, "delivered": 100, "delivered_to": 12, "later_years": stated}
    found = one(row)
    assert (found["adjusted_part_year"], found["adjusted_full_year"]) == (100, carried)
    assert found["carries"] == "stated"
    assert found["adjusted_full_year_effect"] == carried - 100


def test_a_saving_made_once_falls_away_as_it_was_delivered():
    row = {"recurrence": "non-recurrent", "delivered": 100, "delivered_to": 12}
    assert bridge(row, {"green": HALF}) == [
        ("saving", "2019-20", "savings", 0, -100),
        ("saving", "2020-21", "non-recurrent", 0, 100),
    ]


def test_a_year_in_which_nothing_is_phased_says_nothing_of_a_full_year():
    """A profile that is over before the programme starts: gross × delivery, and said so."""
    row = {"gross": 120, "start_period": 7, "profile": "early", "delivered": 5, "delivered_to": 12}
    found = one(row, {"green": HALF}, early={1: 100})
    assert (found["adjusted_part_year"], found["adjusted_full_year"]) == (5, 60)
    assert found["carries"] == "planned"

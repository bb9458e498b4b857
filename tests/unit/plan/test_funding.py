"""Funding and the gap: tables small enough for paper. Amounts are pence."""

import pandas as pd
import pytest

from bcf_model.plan import output_tables, tables
from bcf_model.plan.funding import ORDER, closing, walk

PERCENT = 1_000_000  # millionths of a percent
YEARS = ["2019-20", "2020-21"]


def funding(*rows: tuple[str, str, str, int] | tuple[str, str, str, int, str]) -> pd.DataFrame:
    """Give organisation, funding, year, amount, and recurrence where it is not recurrent."""
    columns = ["organisation", "funding", "financial_year", "amount", "recurrence"]
    full = [(*row, "recurrent") if len(row) == 4 else row for row in rows]
    frame = pd.DataFrame(full, columns=columns)
    frame = frame.assign(source="", note="", kind="not stated", balance=None)
    return frame.astype(dict(tables.Funding.types))[[*tables.Funding.types]]


def assumed(*rows: dict[str, object]) -> pd.DataFrame:
    """Give assumptions with what a test leaves out; `value` is percent, or pence of pounds."""
    columns = ["assumption", "step", "scope", "year", "value", "unit", "recurrence"]
    usual = {"assumption": "a", "scope": "all", "year": "", "recurrence": "recurrent"}
    full = []
    for row in rows:
        unit = "pounds" if row["step"] == "funding change" else "percent"
        full.append(usual | {"unit": unit} | row)
    frame = pd.DataFrame(full, columns=columns)
    percent = frame["unit"] == "percent"
    value = frame["value"].astype("float64")
    return frame.assign(
        pence=value.where(~percent, 0).astype("int64"),
        value=(value * PERCENT).where(percent, 0).astype("int64"),
    )


def steps(walked: pd.DataFrame, year: str, organisation: str = "CCG") -> list[tuple]:
    """Give the steps of one partner in one year, with their amounts."""
    own = walked[(walked["financial_year"] == year) & (walked["organisation"] == organisation)]
    return list(own[["step", "amount"]].itertuples(index=False, name=None))


def test_a_year_is_last_years_recurrent_uplifted_changed_and_made_more_efficient():
    stated = funding(("CCG", "minimum", "2018-19", 1000))
    said = assumed(
        {"step": "uplift", "value": 5},
        {"step": "efficiency", "value": 1.25},
        {"step": "funding change", "value": 30, "year": "2019-20"},
    )
    found = walk(stated, said, YEARS)
    output_tables.FundingWalk.validate(
        found.assign(scenario="base")[[*output_tables.FundingWalk.types]]
    )
    # percentages are of the 1,000 it opens with, whatever is agreed on top: 12.5 rounds to 13
    assert steps(found, "2019-20") == [
        ("opening", 1000), ("funding change", 30), ("uplift", 50), ("efficiency", -13),
    ]  # fmt: skip
    # and in the next year of all that was recurrent: 5 % of 1,067 is 53.35, 1.25 % is 13.3375
    assert steps(found, "2020-21") == [("opening", 1067), ("uplift", 53), ("efficiency", -13)]


def test_several_percentages_of_a_step_are_of_the_same_amount():
    said = assumed(
        {"assumption": "a", "step": "uplift", "value": 10},
        {"assumption": "b", "step": "uplift", "value": 10},
    )
    found = walk(funding(("CCG", "minimum", "2018-19", 1000)), said, YEARS[:1])
    assert steps(found, "2019-20") == [("opening", 1000), ("uplift", 100), ("uplift", 100)]
    assert found["cause"].tolist() == ["", "a", "b"]
    assert found["base"].tolist() == [0, 1000, 1000]
    assert found["rate"].tolist() == [0, 10 * PERCENT, 10 * PERCENT]
    assert set(found["weight"]) == set(found["cumulative_weight"]) == {1}
    assert set(found["total_weight"]) == {1}


def test_the_first_year_stated_is_as_stated():
    said = assumed({"step": "uplift", "value": 5})
    found = walk(funding(("CCG", "minimum", "2019-20", 1000)), said, YEARS)
    assert steps(found, "2019-20") == [("opening", 1000)]
    assert steps(found, "2020-21") == [("opening", 1000), ("uplift", 50)]


def test_a_later_statement_says_what_it_is_from_then_on():
    stated = funding(("CCG", "minimum", "2018-19", 1000), ("CCG", "minimum", "2020-21", 900))
    said = assumed(
        {"step": "uplift", "value": 5}, {"step": "funding change", "value": 7, "year": "2020-21"}
    )
    found = walk(stated, said, [*YEARS, "2021-22"])
    assert steps(found, "2019-20") == [("opening", 1000), ("uplift", 50)]
    # what is stated has the uplift in it; an amount agreed on top has not
    assert steps(found, "2020-21") == [("opening", 1050), ("restated", -150), ("funding change", 7)]
    assert steps(found, "2021-22") == [("opening", 907), ("uplift", 45)]


def test_what_a_change_left_is_restated_too():
    stated = funding(
        ("SCC", "reserves", "2018-19", 40, "non-recurrent"), ("SCC", "reserves", "2020-21", 50)
    )
    said = assumed({"step": "funding change", "value": 5, "year": "2019-20"})
    found = walk(stated, said, YEARS)
    assert steps(found, "2019-20", "SCC") == [("funding change", 5)]
    assert steps(found, "2020-21", "SCC") == [("opening", 5), ("restated", 45)]


def test_what_is_not_recurrent_is_there_in_its_own_year_only():
    stated = funding(
        ("SCC", "core", "2018-19", 100), ("SCC", "reserves", "2019-20", 40, "non-recurrent")
    )
    said = assumed(
        {"step": "funding change", "value": 9, "year": "2019-20", "scope": "funding=core",
         "recurrence": "non-recurrent"},
        {"step": "uplift", "value": 10},
    )  # fmt: skip
    found = walk(stated, said, YEARS)
    assert steps(found, "2019-20", "SCC") == [
        ("opening", 100), ("uplift", 10), ("non-recurrent funding", 9),
        ("non-recurrent funding", 40),
    ]  # fmt: skip
    assert steps(found, "2020-21", "SCC") == [("opening", 110), ("uplift", 11)]
    total = closing(found, ())
    assert total[["recurrent", "non_recurrent", "amount"]].to_numpy().tolist() == [
        [110, 49, 159], [121, 0, 121],
    ]  # fmt: skip


def test_reserves_may_be_used_again_in_a_later_year():
    stated = funding(("SCC", "reserves", "2018-19", 40, "non-recurrent"))
    change = {"step": "funding change", "value": 5, "recurrence": "non-recurrent"}
    found = walk(stated, assumed(change | {"scope": "funding=reserves"}), YEARS[:1])
    assert steps(found, "2019-20", "SCC") == [("non-recurrent funding", 5)]


def test_an_amount_for_several_is_parted_by_what_they_open_with():
    stated = funding(
        ("CCG", "minimum", "2018-19", 200), ("SCC", "core", "2018-19", 100),
        ("SCC", "debt", "2018-19", -50),
    )  # fmt: skip
    said = assumed({"step": "funding change", "value": 100, "unit": "thousands"})
    found = walk(stated, said, YEARS[:1])
    part = found[found["step"] == "funding change"]
    assert set(part["unit"]) == {"pounds"}  # whatever unit it is stated in
    assert part["amount"].tolist() == [67, 33, 0]  # 66.67 → 67; what is below nil takes nothing
    assert part["cumulative_weight"].tolist() == [2, 3, 3]
    assert part["total_weight"].tolist() == [3, 3, 3]
    assert set(part["whole"]) == {100}


def test_in_a_year_that_is_restated_it_is_parted_by_what_is_stated():
    stated = funding(
        ("CCG", "minimum", "2018-19", 200), ("SCC", "core", "2018-19", 100),
        ("CCG", "minimum", "2019-20", 100),
    )  # fmt: skip
    said = assumed({"step": "funding change", "value": 100, "year": "2019-20"})
    found = walk(stated, said, YEARS[:1])
    assert found[found["step"] == "funding change"]["amount"].tolist() == [50, 50]


def test_an_amount_that_nothing_says_how_to_part_is_shown_by_itself():
    stated = funding(
        ("CCG", "grant", "2018-19", 0),
        ("SCC", "grant", "2018-19", 0),
        ("CCG", "core", "2018-19", 5),
    )
    said = assumed({"step": "funding change", "value": 100, "scope": "funding=grant"})
    found = walk(stated, said, YEARS[:1])
    assert steps(found, "2019-20", "not allocated") == [("funding change", 100)]
    assert closing(found, ())["amount"].tolist() == [105]


def test_no_percentage_acts_on_what_is_not_allocated():
    stated = funding(("CCG", "grant", "2018-19", 0), ("SCC", "grant", "2018-19", 0))
    said = assumed(
        {"step": "funding change", "value": 100, "year": "2019-20"}, {"step": "uplift", "value": 10}
    )
    found = walk(stated, said, YEARS)
    assert steps(found, "2020-21", "not allocated") == [("opening", 100)]


def test_a_scope_holds_those_it_names():
    stated = funding(
        ("CCG", "minimum", "2018-19", 1000), ("SCC", "core", "2018-19", 100),
        ("SCC", "grant", "2018-19", 200),
    )  # fmt: skip
    said = assumed(
        {"step": "uplift", "value": 1, "scope": "organisation=SCC/funding=core"},
        {"step": "efficiency", "value": 1, "scope": "organisation=CCG+SCC/funding=minimum+grant"},
    )
    found = walk(stated, said, YEARS[:1]).query("step != 'opening'")
    assert found[["funding", "step", "amount"]].to_numpy().tolist() == [
        ["minimum", "efficiency", -10], ["core", "uplift", 1], ["grant", "efficiency", -2],
    ]  # fmt: skip


def test_years_before_the_plan_count_only_where_they_are_named():
    stated = funding(("CCG", "minimum", "2017-18", 1000))
    said = assumed(
        {"step": "uplift", "value": 10}, {"step": "uplift", "value": 1, "year": "2018-19"}
    )
    found = walk(stated, said, YEARS[:1])
    assert steps(found, "2019-20") == [("opening", 1010), ("uplift", 101)]


def test_nothing_is_funded_before_it_is_stated():
    stated = funding(("CCG", "minimum", "2020-21", 1000))
    said = assumed({"step": "funding change", "value": 10})
    found = walk(stated, said, YEARS)
    assert set(found["financial_year"]) == {"2020-21"}
    assert steps(found, "2020-21") == [("opening", 1000), ("funding change", 10)]


def test_without_funding_there_is_nothing():
    found = walk(funding(), assumed({"step": "uplift", "value": 1}), YEARS)
    assert found.empty
    assert walk(funding(("CCG", "m", "2019-20", 1)), assumed(), []).empty


def test_other_steps_are_not_funding():
    said = assumed({"step": "inflation", "value": 5})
    found = walk(funding(("CCG", "minimum", "2018-19", 1000)), said, YEARS[:1])
    assert steps(found, "2019-20") == [("opening", 1000)]


def test_what_is_not_stated_is_not_carried_forward_and_an_amount_stated_later_opens_anew():
    """1,000, then not stated, then 1,200 of which 5 % are put on in the year after."""
    stated = funding(
        ("CCG", "minimum", "2019-20", 1000), ("CCG", "minimum", "2020-21", None),
        ("CCG", "minimum", "2022-23", 1200), ("SCC", "own", "2019-20", 7),
    )  # fmt: skip
    years = ["2019-20", "2020-21", "2021-22", "2022-23", "2023-24"]
    found = walk(stated, assumed({"step": "uplift", "value": 5, "scope": "funding=minimum"}), years)
    assert steps(found, "2020-21") == steps(found, "2021-22") == []
    assert steps(found, "2022-23") == [("opening", 1200)]
    assert steps(found, "2023-24") == [("opening", 1200), ("uplift", 60)]
    assert [steps(found, year, "SCC") for year in years] == [[("opening", 7)]] * 5


def test_an_amount_for_several_of_which_one_is_not_stated_leaves_all_of_them_unknown():
    stated = funding(
        ("CCG", "minimum", "2019-20", 1000), ("SCC", "own", "2019-20", None),
        ("SCC", "grant", "2019-20", 5),
    )  # fmt: skip
    said = assumed({"step": "funding change", "value": 9, "scope": "funding=minimum+own"})
    found = walk(stated, said, YEARS)
    assert found[["funding", "amount"]].to_numpy().tolist() == [["grant", 5], ["grant", 5]]


@pytest.mark.parametrize("by", [(), ("organisation",), ("organisation", "funding")])
def test_closing_adds_up_as_finely_as_it_is_asked(by):
    stated = funding(
        ("CCG", "minimum", "2019-20", 7), ("CCG", "additional", "2019-20", 5),
        ("SCC", "core", "2019-20", 3),
    )  # fmt: skip
    found = closing(walk(stated, assumed(), YEARS[:1]), by)
    assert found["amount"].tolist() == {0: [15], 1: [12, 3], 2: [7, 5, 3]}[len(by)]


def test_the_order_is_the_one_stated():
    said = assumed(
        {"assumption": "e", "step": "efficiency", "value": 1},
        {"assumption": "u", "step": "uplift", "value": 1},
        {"assumption": "f", "step": "funding change", "value": 1},
    )
    stated = funding(
        ("CCG", "minimum", "2018-19", 100), ("CCG", "minimum", "2019-20", 5, "non-recurrent")
    )
    found = walk(stated, said, YEARS[:1])
    assert found["step"].tolist() == [step for step in ORDER if step != "restated"]
    assert found["step_order"].is_monotonic_increasing


def test_what_is_no_amount_of_pounds_has_nothing_to_part_and_only_a_percentage_has_a_rate():
    stated = funding(("CCG", "minimum", "2018-19", 200), ("SCC", "core", "2018-19", 100))
    said = assumed(
        {"step": "uplift", "value": 10, "scope": "organisation=CCG"},
        {"step": "funding change", "value": 30},
    )
    found = walk(stated, said, YEARS[:1])
    columns = [
        "organisation", "step", "unit", "base", "rate", "whole", "weight", "cumulative_weight",
        "total_weight", "amount",
    ]  # fmt: skip
    assert found[columns].to_numpy().tolist() == [
        ["CCG", "opening", "stated", 0, 0, 0, 1, 1, 1, 200],
        ["CCG", "funding change", "pounds", 0, 0, 30, 2, 2, 3, 20],
        ["CCG", "uplift", "percent", 200, 10 * PERCENT, 0, 1, 1, 1, 20],
        ["SCC", "opening", "stated", 0, 0, 0, 1, 1, 1, 100],
        ["SCC", "funding change", "pounds", 0, 0, 30, 1, 3, 3, 10],
    ]


def test_an_amount_for_what_has_not_begun_does_not_hold_up_the_next():
    stated = funding(("CCG", "minimum", "2018-19", 200), ("SCC", "core", "2020-21", 100))
    said = assumed(
        {"assumption": "a", "step": "funding change", "value": 7, "scope": "organisation=SCC"},
        {"assumption": "b", "step": "funding change", "value": 30, "scope": "organisation=CCG"},
    )
    found = walk(stated, said, YEARS)
    assert steps(found, "2019-20") == [("opening", 200), ("funding change", 30)]
    assert steps(found, "2019-20", "SCC") == []
    assert steps(found, "2020-21", "SCC") == [("opening", 100), ("funding change", 7)]

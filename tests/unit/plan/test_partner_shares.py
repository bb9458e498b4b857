"""What a scenario makes each partner bear, and what no rule can share."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bcf_model.core.tables import Inputs
from bcf_model.plan.partner_shares import (
    against_agreed,
    of_schemes,
    opening_balances,
    plan_terms,
    scheme_lines,
    shareable,
    shared,
)
from bcf_model.plan.projection import project
from bcf_model.pool import load
from tests.longer import slow
from tests.make.places import INPUTS, PLAN
from tests.make.small_plans import shared_pool

POOL = load(PLAN)
AGAINST = pd.DataFrame(
    [
        ("2019-20", "S1", "1", "ICB", "S1", 100, 107),
        ("2019-20", "S3", "2", "ICB", "S3", 100, 400),
        ("2019-20", "theme 2", "2", "not stated", "", 0, 11),
    ],
    columns=[
        "financial_year", "line", "theme", "organisation", "scheme_id", "budget", "expenditure",
    ],
).assign(variance=lambda frame: frame["expenditure"] - frame["budget"])  # fmt: skip


PARTED = AGAINST[AGAINST["scheme_id"] != ""]


def said(against: pd.DataFrame, split: str = "", pool: Inputs = POOL, **of_s3: str) -> list[Any]:
    """Return what each bears, and why not, where S3 is changed."""
    schemes = pool.schemes.copy()
    for name, word in of_s3.items():
        schemes.loc[schemes["scheme_id"] == "S3", name] = word
    found = shared(replace(pool, schemes=schemes), against, split)
    assert [*found["bearer"]] == ["ICB", "Council"]
    notes = found["share_note"].unique().tolist()
    return [*found["borne"].astype("object").where(found["borne"].notna(), None), *notes]


def test_each_line_is_borne_by_the_rules_of_its_category() -> None:
    """S1 by its holder; of 300 on S3 a third by the ICB."""
    assert said(PARTED) == [107, 200, ""]


def test_what_is_stated_by_theme_gives_no_share_and_says_what_to_add() -> None:
    *none, why = said(AGAINST)
    assert none == [None, None]
    assert why == (
        "what is agreed or spent on theme 2 is not parted by scheme, so nobody holds it: add the "
        'setting split, the version by whose schemes it is parted (such as split = "year-end '
        'budget", above [agreed]), or state it by scheme in budgets.csv'
    )


def test_a_theme_that_is_on_budget_is_nobodys_all_the_same() -> None:
    """What its schemes are over and under by is not known."""
    on_budget = AGAINST.assign(expenditure=AGAINST["budget"] + 11, budget=AGAINST["budget"] + 11)
    assert said(on_budget.assign(variance=0))[:2] == [None, None]


def test_a_theme_of_which_nothing_is_stated_is_nothing_to_share() -> None:
    assert said(AGAINST.assign(expenditure=[107, 400, 0], variance=[7, 300, 0])) == [107, 200, ""]


def test_a_theme_that_a_split_does_not_part_is_to_be_stated_by_scheme() -> None:
    assert said(AGAINST, "outturn")[2] == (
        "what is agreed or spent on theme 2 is not parted among schemes by 'outturn', so nobody "
        "holds it: state it by scheme in budgets.csv"
    )


def test_what_stands_on_no_line_gives_no_share() -> None:
    nowhere = AGAINST.assign(line=["S1", "S3", "not allocated"])
    assert said(nowhere) == [
        None, None,
        "£0.11 stands on no line (not allocated), so nobody holds it: name the lines it is for, or "
        "part it by a row of the step allocation",
    ]  # fmt: skip
    assert said(nowhere.assign(variance=[7, 300, 0])) == [107, 200, ""]


@pytest.mark.parametrize("of_s3", [{"pooling": "aligned"}, {"category": "not stated"}])
def test_a_line_under_no_rule_gives_no_share(of_s3: dict[str, str]) -> None:
    *none, why = said(PARTED, **of_s3)
    assert none == [None, None]
    assert why.startswith("no rule covers S3: state its category in schemes.csv")
    assert said(PARTED.assign(variance=[7, 0]), **of_s3) == [7, 0, ""]


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("", "2019-03-31"), ("2020-04-01", ""), ("", "2019-09-30"), ("2019-10-01", "")],
)
def test_a_year_over_all_of_which_no_rule_is_in_force_gives_no_share(
    begins: str, ends: str
) -> None:
    """What a line is in the parts of a planned year nobody states."""
    rules = POOL.rules.copy()
    dated = ["in_force_from", "in_force_to"]
    rules.loc[rules["basis"] == "fixed", dated] = [begins, ends]
    *none, why = said(PARTED, pool=replace(POOL, rules=rules))
    assert none == [None, None]
    assert why.startswith("no rule is in force over all of 2019/20 for S3")
    rules.loc[rules["basis"] == "fixed", dated] = ["2019-04-01", "2020-03-31"]
    assert said(PARTED, pool=replace(POOL, rules=rules)) == [107, 200, ""]


def test_a_rule_that_measures_budgets_has_nothing_to_share_by_where_they_are_nil() -> None:
    rules = POOL.rules.copy()
    rules.loc[rules["basis"] == "fixed", ["basis", "share"]] = ["budget", 0]
    by_budget = replace(POOL, rules=rules)
    assert said(PARTED, pool=by_budget)[2] == ""
    *none, why = said(PARTED.assign(budget=0), pool=by_budget)
    assert none == [None, None]
    assert why.startswith("a rule shares by budgets or contributions that are nil")


def test_a_reserve_of_which_the_balance_is_not_known_gives_no_share() -> None:
    """A plan of the pool's year leaves nothing that could be carried forward."""
    planned = RESERVES.settings.model_copy(update={"basis": "plan"})
    assert opening_balances(replace(RESERVES, settings=planned)) is None
    found = shared(replace(RESERVES, settings=planned), over_on_w1({"2020-21": 3000_00}))
    assert found["borne"].isna().all()
    assert found["share_note"].str.contains("reserves hold").all()


def test_a_year_without_shares_leaves_its_reserves_unknown() -> None:
    against = over_on_w1({"2020-21": 3000_00, "2021-22": 3000_00})
    against.loc[against["financial_year"] == "2020-21", "scheme_id"] = ""
    assert shared(RESERVES, against)["borne"].isna().all()


def lines(*codes: str) -> pd.DataFrame:
    """Give lines of schemes of theme 1, held by the ICB, each of which opens with 30.00."""
    columns = ["line", "theme", "organisation", "scheme_id", "opening"]
    return pd.DataFrame([(code, "1", "ICB", code, 30_00) for code in codes], columns=columns)


CLOSING = pd.DataFrame(
    [("2019-20", "S1", 31_00), ("2019-20", "S2", 7), ("2020-21", "S1", 99)],
    columns=["financial_year", "line", "amount"],
)


def test_spending_is_set_against_what_was_agreed_for_lines_of_either() -> None:
    found = against_agreed(
        CLOSING, {"2019-20": lines("S3", "S1"), "2020-21": lines("S1")}, lines("S1", "S2")
    )
    columns = ["financial_year", "line", "budget", "expenditure", "variance"]
    assert found[columns].to_numpy().tolist() == [
        ["2019-20", "S1", 30_00, 31_00, 1_00],
        ["2019-20", "S2", 0, 7, 7],
        ["2019-20", "S3", 30_00, 0, -30_00],
        ["2020-21", "S1", 30_00, 99, -29_01],
        ["2020-21", "S2", 0, 0, 0],
    ]
    assert found["scheme_id"].tolist() == found["line"].tolist()
    assert [*found.index] == [*range(5)]


def test_no_year_agreed_is_no_rows_of_the_same_columns() -> None:
    none, some = (against_agreed(CLOSING, it, lines("S1")) for it in ({}, {"2019-20": lines()}))
    assert none.empty
    assert [*none.dtypes.items()] == [*some.dtypes.items()]


def test_a_scheme_is_found_by_its_line_of_the_year() -> None:
    schemes = pd.DataFrame({"scheme_id": ["S3", "S9", "S1"], "category": ["A", "B", "C"]})
    of_year = AGAINST.assign(variance=[7, 300, 11])
    assert of_schemes(schemes, of_year).tolist() == [1, -1, 0]
    found = scheme_lines(schemes, of_year)
    assert found[["scheme_id", "category", "budget", "variance"]].to_numpy().tolist() == [
        ["S3", "A", 100, 300], ["S1", "C", 100, 7],
    ]  # fmt: skip
    assert [*found.columns] == [
        "scheme_id", "category", "financial_year", "budget", "expenditure", "variance",
    ]  # fmt: skip
    assert [*found.index] == [0, 1]


RESERVES = load(INPUTS / "agreements" / "12-ordered-calls")
"""A risk pool of £4,000.00 is called first, then £1,000.00 not committed; then it is 60 to 40."""


def over_on_w1(years: dict[str, int]) -> pd.DataFrame:
    """Give what W1 is over by in each year, in pence."""
    return pd.concat(
        AGAINST.head(1).assign(
            financial_year=year, line="W1", scheme_id="W1", expenditure=100 + over, variance=over
        )
        for year, over in years.items()
    )


@slow
def test_a_reserve_goes_into_a_year_with_what_the_year_before_left() -> None:
    """Over by £3,000 twice and then by £500; nothing is called in the pool's own year."""
    schemes = RESERVES.schemes
    schemes = schemes.assign(expenditure=schemes["budget"])
    inputs = replace(RESERVES, schemes=schemes, control_totals=RESERVES.control_totals.head(0))
    assert opening_balances(inputs) == {"RISK": 4000_00, "SPARE": 1000_00}
    years = {"2020-21": 3000_00, "2021-22": 3000_00, "2022-23": 500_00}
    found = shared(inputs, over_on_w1(years))
    by_year = found.pivot_table("borne", "financial_year", "bearer", sort=False)
    assert by_year[["RISK", "SPARE", "CCG", "Council"]].to_numpy().tolist() == [
        [3000_00, 0, 0, 0],
        [1000_00, 1000_00, 600_00, 400_00],
        [0, 0, 300_00, 200_00],
    ]


def test_what_the_pools_own_year_calls_is_gone() -> None:
    assert opening_balances(RESERVES) == {"RISK": 0, "SPARE": 0}
    assert opening_balances(POOL) == {}


def test_a_plan_has_no_cause_attributed_and_no_reserve_yet() -> None:
    inputs = load(INPUTS / "agreements" / "11-cause-based-override")
    assert len(inputs.causes)
    terms = plan_terms(inputs)
    assert not len(terms.causes)
    assert [*terms.causes.columns][:3] == [*inputs.causes.columns][:3]
    assert (terms.reserves, [*terms.rules["rule_id"]]) == ({}, [*inputs.rules["rule_id"]])


def test_rules_can_share_pooled_schemes_with_a_category() -> None:
    schemes = POOL.schemes.copy()
    schemes.loc[schemes["scheme_id"] == "S1", "pooling"] = "aligned"
    schemes.loc[schemes["scheme_id"] == "S3", "category"] = "not stated"
    found = shareable(replace(POOL, schemes=schemes))
    left = [code for code in schemes["scheme_id"] if code not in ("S1", "S3")]
    assert found["scheme_id"].tolist() == left
    assert [*found.index] == [*range(len(left))]
    assert {*found.columns} <= {*schemes.columns}


@slow
def test_a_reserve_no_rule_calls_in_a_year_is_whole_in_the_next() -> None:
    """The risk pool is called from 2021-22 on; before, £2,000 of £3,000 is the partners'."""
    schemes, rules = RESERVES.schemes, RESERVES.rules.copy()
    rules.loc[rules["rule_id"] == "R2", "in_force_from"] = "2021-04-01"
    inputs = replace(
        RESERVES, schemes=schemes.assign(expenditure=schemes["budget"]), rules=rules,
        control_totals=RESERVES.control_totals.head(0),
    )  # fmt: skip
    years = {"2020-21": 3000_00, "2021-22": 3000_00, "2022-23": 1500_00}
    found = shared(inputs, over_on_w1(years))
    borne = found.set_index(["financial_year", "bearer"])["borne"]
    assert ("2020-21", "RISK") not in borne.index
    assert [int(borne[year, "RISK"]) for year in ("2021-22", "2022-23")] == [3000_00, 1000_00]
    assert [int(borne[year, "SPARE"]) for year in years] == [1000_00, 0, 0]
    assert [int(borne[year, "CCG"]) for year in years] == [1200_00, 0, 300_00]


@slow
def test_years_follow_each_other_in_whatever_order_their_budgets_are_named(tmp_path: Path) -> None:
    """What a reserve pays in one year it has not in the next."""
    made = shared_pool(tmp_path, INPUTS / "agreements" / "12-ordered-calls", 1, growth=1.5)
    settings, pays = made.scenario.settings, made.tables["shared"]
    assert pays.groupby("bearer")["borne"].nunique().max() > 1, "a reserve runs dry"
    turned = settings.model_copy(update={"agreed": dict(reversed(settings.agreed.items()))})
    again = project(made.plan, replace(made.scenario, settings=turned))
    assert again.tables["shared"].equals(pays)

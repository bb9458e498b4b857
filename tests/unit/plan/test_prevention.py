"""Prevention on tiny tables: what it gives back, how much of it can be released, who gains."""

import numpy as np
import pandas as pd
import pytest

from bcf_model.plan import output_tables, prevention
from bcf_model.plan import positions as position
from tests.make.small_plans import plan

YEARS = ["2019-20", "2020-21", "2021-22", "2022-23"]
WHOLE = 100_000_000
"""100 %, in millionths of a percent."""


def programmes(*rows: tuple) -> pd.DataFrame:
    names = ["programme", "payer", "scope", "financial_year", "investment", "double_running"]
    return pd.DataFrame(rows, columns=names)


def returns(*rows: tuple) -> pd.DataFrame:
    names = ["programme", "beneficiary", "scope", "return_per_pound", "cashable", "lag"]
    return pd.DataFrame(rows, columns=names)


def lag(name: str = "slow", *shares: int) -> pd.DataFrame:
    parts = [share * 1_000_000 for share in shares or (0, 50, 50)]
    return pd.DataFrame({"lag": name, "years_after": range(len(parts)), "share": parts})


# £100 in each of two years, £3 back on each £1: half of it a year later, half two years later; half
# of that can be taken out.
FALLS = programmes(
    ("falls", "SCC", "block=prevention", "2019-20", 10_000, 1),
    ("falls", "SCC", "block=prevention", "2020-21", 10_000, 1),
)
FEWER = returns(("falls", "CCG", "block=acute", 3_000_000, WHOLE // 2, "slow"))


def worked(factor: int = prevention.MILLIONTHS, **parts: pd.DataFrame) -> pd.DataFrame:
    given = {"programmes": FALLS, "returns": FEWER, "lags": lag()} | parts
    return prevention.streams(**given, years=YEARS, factor=factor)


def all_released(found: pd.DataFrame) -> pd.DataFrame:
    """Give streams of which all that is cashable is released."""
    got = found[found["beneficiary"] != ""]
    by_year = {year: own["cashable"].to_numpy() for year, own in got.groupby("financial_year")}
    return prevention.with_released(found, by_year)


def validate(model: output_tables.Table, found: pd.DataFrame) -> None:
    """Hold what was worked out to its table, once the scenario's name stands before it."""
    model.validate(found.assign(scenario=pd.Series(["any"] * len(found), dtype="str")))


def of(found: pd.DataFrame, beneficiary: str, column: str) -> list[int]:
    return found.loc[found["beneficiary"] == beneficiary, column].to_list()


def test_a_benefit_comes_when_the_lag_says() -> None:
    found = worked()
    assert of(found, "", "invested") == [10_000, 10_000, 0, 0]
    assert of(found, "", "gross") == [0, 0, 0, 0]
    assert of(found, "CCG", "invested") == [0, 0, 0, 0]
    assert of(found, "CCG", "gross") == [0, 15_000, 30_000, 15_000]
    assert of(found, "CCG", "cashable") == [0, 7_500, 15_000, 7_500]
    assert of(found, "", "scope") == ["block=prevention"] * 4
    assert of(found, "CCG", "scope") == ["block=acute"] * 4


def test_nothing_comes_back_at_factor_nil() -> None:
    found = worked(factor=0)
    assert found["invested"].sum() == 20_000
    assert not found[["gross", "cashable"]].any(axis=None)
    pd.testing.assert_frame_equal(
        found[[*prevention.STREAM, "invested"]], worked()[[*prevention.STREAM, "invested"]]
    )


def test_a_factor_may_be_of_one_programme() -> None:
    both = pd.concat([FALLS, FALLS.assign(programme="walks")])
    gives = pd.concat([FEWER, FEWER.assign(programme="walks")])
    found = prevention.streams(both, gives, lag(), YEARS, {"walks": 500_000})
    gross = found.groupby("programme")["gross"].sum()
    assert gross.to_dict() == {"falls": 60_000, "walks": 30_000}


def test_nothing_can_be_taken_out_while_two_services_run_side_by_side() -> None:
    found = worked(programmes=FALLS.assign(double_running=2))
    assert of(found, "CCG", "gross") == [0, 15_000, 30_000, 15_000]
    assert of(found, "CCG", "cashable") == [0, 0, 7_500, 7_500]


def test_each_row_is_rounded_half_away_from_zero_and_then_its_cashable_part() -> None:
    one = programmes(("falls", "SCC", "line=S1", "2019-20", 1, 0))
    back = returns(("falls", "CCG", "line=S2", 3_000_000, WHOLE // 2, "slow"))
    found = worked(programmes=one, returns=back)
    assert of(found, "CCG", "gross") == [0, 2, 2, 0]  # 1.5 each
    assert of(found, "CCG", "cashable") == [0, 1, 1, 0]


def test_an_investment_before_or_after_the_plan_counts_for_nothing() -> None:
    late = FALLS.assign(financial_year=["2018-19", "2023-24"])
    found = worked(programmes=late)
    assert found.empty
    assert found["invested"].dtype == found["cashable"].dtype == np.dtype("int64")


def test_what_would_come_after_the_last_year_is_not_counted() -> None:
    last = FALLS.assign(financial_year=["2021-22", "2022-23"])
    assert of(worked(programmes=last), "CCG", "gross") == [0, 0, 0, 15_000]


def test_two_payers_and_two_beneficiaries_are_four_streams_of_benefit() -> None:
    two = programmes(
        ("falls", "SCC", "line=S1", "2019-20", 300, 0),
        ("falls", "CCG", "line=S2", "2019-20", 100, 0),
    )
    back = returns(
        ("falls", "STH", "line=S3", 1_000_000, WHOLE, "now"),
        ("falls", "SCC", "line=S4", 2_000_000, WHOLE, "now"),
    )
    found = worked(programmes=two, returns=back, lags=lag("now", 100))
    first = found[found["financial_year"] == "2019-20"]
    assert first[["payer", "beneficiary", "invested", "gross"]].to_numpy().tolist() == [
        ["SCC", "", 300, 0],
        ["CCG", "", 100, 0],
        ["SCC", "STH", 0, 300],
        ["SCC", "SCC", 0, 600],
        ["CCG", "STH", 0, 100],
        ["CCG", "SCC", 0, 200],
    ]


def test_amounts_past_64_bits_are_still_exact() -> None:
    large = programmes(("falls", "SCC", "line=S1", "2019-20", 10**13 + 1, 0))
    back = returns(("falls", "CCG", "line=S2", 3_170_000, WHOLE, "now"))
    found = worked(programmes=large, returns=back, lags=lag("now", 100))
    assert of(found, "CCG", "gross")[0] == 31_700_000_000_003


# ------------------------------------------------------------------ release


def released(cashable: list, before: list, reduces: list, budgets: list) -> prevention.Release:
    return prevention.release(
        np.array(cashable), np.array(before), np.array(reduces, dtype=bool), np.array(budgets)
    )


def test_no_more_is_released_than_the_budget() -> None:
    found = released([150], [[0]], [[1]], [100])
    assert found.released.tolist() == [[100]]
    assert found.not_released.tolist() == [50]


def test_a_level_is_compared_with_the_budget_before_any_release() -> None:
    """A line of 100 that gave 60 last year has 40 left, and can go on giving 60."""
    found = released([60], [[60]], [[1]], [40])
    assert found.released.tolist() == [[60]]
    assert found.not_released.tolist() == [0]


def test_what_is_released_no_longer_is_put_back() -> None:
    assert released([10], [[60]], [[1]], [40]).released.tolist() == [[10]]


def test_programmes_share_the_budget_in_the_stated_order() -> None:
    found = released([70, 70], [[0], [0]], [[1], [1]], [100])
    assert found.released.tolist() == [[70], [30]]
    assert found.not_released.tolist() == [0, 40]
    assert [row["room"].tolist() for row in found.rows] == [[100], [30]]


def test_a_release_is_parted_by_what_its_lines_have_left() -> None:
    found = released([10, 90], [[0, 0, 0]] * 2, [[1, 1, 0], [1, 1, 1]], [30, 10, -50])
    assert found.released.tolist() == [[8, 2, 0], [22, 8, 0]]  # 7.5 is 8, and the rest
    assert found.not_released.tolist() == [0, 60]


@pytest.mark.parametrize("budget", [0, -100])
def test_where_there_is_no_budget_nothing_is_released(budget: int) -> None:
    found = released([50], [[0]], [[1]], [budget])
    assert (found.released.tolist(), found.not_released.tolist()) == ([[0]], [50])


def test_a_programme_that_reduces_no_line_releases_nothing() -> None:
    found = released([50], [[0, 0]], [[0, 0]], [10, 10])
    assert (found.released.tolist(), found.not_released.tolist()) == ([[0, 0]], [50])


def test_draws_are_released_side_by_side_and_not_rounded() -> None:
    cashable = np.array([[10.0], [90.0]])
    found = prevention.release(
        cashable, np.zeros((2, 1, 2)), np.array([[True, True]]), np.array([30.0, 10.0])
    )
    assert found.released.tolist() == [[[7.5, 2.5]], [[30.0, 10.0]]]
    assert found.not_released.tolist() == [[0.0], [50.0]]


def test_what_was_released_is_set_beside_its_stream() -> None:
    found = prevention.with_released(worked(), {"2020-21": np.array([7_000])})
    assert of(found, "CCG", "released") == [0, 7_000, 0, 0]
    assert of(found, "CCG", "not_released") == [0, 500, 15_000, 7_500]
    assert of(found, "", "not_released") == [0, 0, 0, 0]
    validate(output_tables.PreventionOut, found)


# ------------------------------------------------------------------ positions


def test_positions_are_of_each_partner_and_of_all() -> None:
    found = position.positions(all_released(worked()), YEARS, {}, {})
    validate(output_tables.PositionsOut, found)
    assert found["partner"].unique().tolist() == ["SCC", "CCG", "all"]
    net = {partner: own["net"].to_list() for partner, own in found.groupby("partner")}
    assert net == {
        "SCC": [-10_000, -10_000, 0, 0],
        "CCG": [0, 7_500, 15_000, 7_500],
        "all": [-10_000, -2_500, 15_000, 7_500],
    }
    together = found[found["partner"] == "all"]
    assert together["cumulative"].to_list() == [-10_000, -12_500, 2_500, 10_000]


def test_an_amount_is_deflated_then_discounted_and_rounded_once() -> None:
    deflators = {"2019-20": 50_000_000, "2020-21": 2_000_000, "2021-22": 0}
    discounts = dict.fromkeys(YEARS, 3_500_000)
    found = position.positions(all_released(worked()), YEARS, deflators, discounts)
    got = found[found["partner"] == "CCG"]
    # 7,500 ÷ 1.02 = 7,352.94; ÷ 1.035 = 7,104.29. 15,000 ÷ 1.02 ÷ 1.035² = 13,728.10
    assert got["deflated"].to_list() == [0, 7_353, 14_706, 7_353]
    assert got["discounted"].to_list() == [0, 7_104, 13_728, 6_632]
    paid = found[found["partner"] == "SCC"]
    assert paid["discounted"].to_list()[0] == -10_000  # the first year is not deflated


@pytest.mark.parametrize(
    ("invested", "cumulative", "year"),
    [
        ([100, 0, 0, 0], [-100, -50, 0, 50], "2021-22"),
        ([100, 0, 0, 0], [-100, 10, -5, 3], "2022-23"),  # not yet for good in the second
        ([100, 0, 0, 0], [-100, -60, -20, -1], None),
        ([0, 0, 0, 0], [0, 10, 20, 30], None),  # nothing to get back
        ([0, 0, 10, 0], [5, 9, 1, 4], "2021-22"),  # not before it invested
        ([10, 0, 0, 0], [0, 0, 0, 0], "2019-20"),
    ],
)
def test_break_even(invested: list[int], cumulative: list[int], year: str | None) -> None:
    assert position.break_even(YEARS, invested, cumulative) == year


def test_positions_are_summed_up() -> None:
    discounts = dict.fromkeys(YEARS, 100_000_000)  # worth half a year later
    found = position.positions(all_released(worked()), YEARS, {}, discounts)
    table = position.paybacks(found, {"CCG": 700})
    validate(output_tables.PaybackOut, table)
    assert table.to_numpy().tolist() == [
        ["SCC", 20_000, 0, -20_000, -15_000, 0, "", ""],
        ["CCG", 0, 30_000, 30_000, 8_438, 700, "", ""],  # 3,750 + 3,750 + 937.5
        ["all", 20_000, 30_000, 10_000, -6_562, 700, "2021-22", ""],
    ]


def still_to_come(
    programmes: pd.DataFrame, years: list[str], factor: int = prevention.MILLIONTHS
) -> dict[str, int]:
    return prevention.to_come(prevention.benefits(programmes, FEWER, lag(), years, factor), years)


@pytest.mark.parametrize(
    ("years", "still"),
    [(YEARS, 0), (YEARS[:3], 7_500), (YEARS[:2], 7_500 + 15_000), (YEARS[:1], 15_000)],
)
def test_what_comes_after_the_last_year_is_still_to_come(years: list[str], still: int) -> None:
    """Of £100 that gives £150 in cash over two years; £100 of a year not planned gives nothing."""
    assert still_to_come(FALLS, years) == {"CCG": still}


def test_what_comes_while_both_run_is_not_to_come() -> None:
    late = FALLS.head(1).assign(double_running=2)
    assert still_to_come(late, YEARS[:1]) == {
        "CCG": 7_500
    }  # the half of the second year after; that of the first never


def test_nothing_is_to_come_without_a_return() -> None:
    assert still_to_come(FALLS, YEARS[:1], 0) == {"CCG": 0}
    assert still_to_come(FALLS.head(0), YEARS[:1], 0) == {}


TAKEN = ["payer", "beneficiary", "line", "released"]
NOTHING_TAKEN = pd.DataFrame([], columns=TAKEN).astype({"released": "int64"})
THEMES = pd.DataFrame(
    {
        "line": ["a", "b", "c", "not allocated"],
        "theme": ["1", "1", "2", ""],
        "organisation": ["CCG", "SCC", "CCG", "not stated"],
        "block": "",
    }
)


def matrix_of(*scopes: str, released: tuple = ()) -> list[list]:
    """Give the matrix of one programme that gives 1,000, half of it cashable, on each scope."""
    given_back = returns(*(("falls", "CCG", it, 100_000, WHOLE // 2, "at once") for it in scopes))
    at_once = FALLS.head(1).assign(double_running=0)
    moved = worked(programmes=at_once, returns=given_back, lags=lag("at once", 100))
    taken = pd.DataFrame(released, columns=TAKEN)
    table = position.matrix(moved, THEMES, taken)
    validate(output_tables.MatrixOut, table)
    return table.to_numpy().tolist()


def test_the_matrix_says_whose_money_gains_whom_and_on_which_theme() -> None:
    """What lies over several themes stands on none of them; what was taken out, where it was."""
    taken = (("SCC", "CCG", "a", 300), ("SCC", "CCG", "c", 200), ("SCC", "CCG", "b", 60))
    found = matrix_of("theme=1", "organisation=CCG", "not allocated", released=taken)
    assert found == [
        ["SCC", "CCG", "1", 1_000, 500, 360],
        ["SCC", "CCG", "several", 1_000, 500, 0],
        ["SCC", "CCG", "not allocated", 1_000, 500, 0],
        ["SCC", "CCG", "2", 0, 0, 200],
    ]


def test_a_block_is_a_group_of_the_matrix() -> None:
    blocks = THEMES.assign(theme="", block=["acute", "acute", "ongoing", ""])
    moved = worked(returns=FEWER.assign(scope="block=acute"))
    table = position.matrix(moved, blocks, NOTHING_TAKEN)
    assert table.to_numpy().tolist() == [["SCC", "CCG", "acute", 60_000, 30_000, 0]]


def test_no_programme_gives_empty_tables() -> None:
    found = all_released(worked(programmes=FALLS.head(0), returns=FEWER.head(0)))
    validate(output_tables.PreventionOut, found)
    assert found.empty
    assert position.matrix(found, THEMES, NOTHING_TAKEN).empty
    table = position.positions(found, YEARS, {}, {})
    validate(output_tables.PositionsOut, table)
    assert table.empty
    validate(output_tables.PaybackOut, position.paybacks(table, {}))


# ------------------------------------------------------------------ shares

LINES = pd.DataFrame(
    {
        "line": ["acute", "prevention", "community", "not allocated"],
        "prevention": ["treatment", "primary", "tertiary", ""],
    }
)


def closing(*amounts: int, year: str = "2019-20") -> pd.DataFrame:
    return pd.DataFrame({"financial_year": year, "line": LINES["line"], "closing": amounts})


def test_the_share_is_counted_narrow_and_wide() -> None:
    table = position.shares(
        pd.concat([closing(85, 3, 8, 4), closing(40, 5, 5, 0, year="2020-21")]), LINES
    )
    validate(output_tables.PreventionShareOut, table)
    assert table.drop(columns="percent_note").to_numpy().tolist() == [
        ["2019-20", "narrow", 3, 100, 3.0],
        ["2019-20", "wide", 11, 100, 11.0],
        ["2020-21", "narrow", 5, 50, 10.0],
        ["2020-21", "wide", 10, 50, 20.0],
    ]


@pytest.mark.parametrize(("acute", "said"), [(-3, "nil"), (-9, "negative")])
def test_a_share_of_nothing_is_blank(acute: int, said: str) -> None:
    table = position.shares(closing(acute, 3, 0, 0), LINES)
    validate(output_tables.PreventionShareOut, table)
    assert table["percent"].isna().all()
    assert table["percent_note"].str.contains(said).all()
    assert table["prevention"].to_list() == [3, 3]


def test_a_pool_without_blocks_has_no_share() -> None:
    table = position.shares(closing(1, 2, 3, 4), LINES.assign(prevention=""))
    validate(output_tables.PreventionShareOut, table)
    assert table.empty


@pytest.mark.parametrize(("acute", "percent"), [(0, 100.0), (1, 50.0), (2, 33.3333333)])
def test_a_share_is_a_percentage_of_seven_decimals(acute: int, percent: float) -> None:
    assert position.shares(closing(acute, 1, 0, 0), LINES)["percent"].to_list() == [percent] * 2


def test_rows_of_the_system_are_numbered_on_after_those_of_partners() -> None:
    found = position.positions(all_released(worked()), YEARS, {}, {})
    assert [*found.index] == [*range(12)]


def test_a_draw_is_released_in_full_from_less_than_a_penny() -> None:
    found = prevention.release(
        np.array([[0.25]]), np.zeros((1, 1, 2)), np.array([[True, True]]), np.array([0.375, 0.125])
    )
    assert found.released.tolist() == [[[0.1875, 0.0625]]]
    assert found.not_released.tolist() == [[0.0]]


SCHEMES = """scheme_id,theme,organisation,scheme,category,kind,prevention,budget,expenditure
L1,1,ICB,One,A,revenue,{},1000,1000
L2,1,Council,Two,A,revenue,{},500,500
"""


@pytest.mark.parametrize(
    ("one", "other", "shares"),
    [
        ("primary", "secondary", {"narrow": pytest.approx(66.6666667), "wide": 100}),
        ("treatment", "tertiary", {"narrow": 0, "wide": pytest.approx(33.3333333)}),
        ("treatment", "treatment", {"narrow": 0, "wide": 0}),
        ("primary", "", {}),
        ("", "", {}),
    ],
)
def test_a_pool_whose_schemes_say_what_they_are_has_a_share_of_its_own(
    tmp_path, one, other, shares
):
    """Of £1,500, £1,000 are of the first; where one says nothing, no share is known."""
    made = plan(tmp_path, [], schemes=SCHEMES.format(one, other))
    rows = made.tables["prevention_share"]
    assert dict(zip(rows["measure"], rows["percent"], strict=True)) == shares


def test_an_assumption_may_name_the_lines_that_prevent(tmp_path):
    row = ("more", "investment", "prevention=primary", "2019-20", 50, "pounds", "", "", "")
    made = plan(tmp_path, [row], schemes=SCHEMES.format("primary", "treatment"))
    assert made.closing(["line"])["2019-20"].to_dict()["L1"] == 1050_00

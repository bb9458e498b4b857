"""Laws of prevention that hold whatever is invested, returned, delayed and left to reduce."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.plan import positions as position
from bcf_model.plan import prevention
from tests.longer import slow, tries

YEARS = ["2019-20", "2020-21", "2021-22", "2022-23", "2023-24"]
LINES = ("a", "b", "c")
PARTNERS = ("CCG", "SCC", "STH")
PERCENT = 1_000_000
LATER = ["2024-25", "2025-26", "2026-27"]
"""As far as any lag reaches after the last year."""
THEMES = pd.DataFrame({"line": LINES, "theme": ["1", "1", "2"], "block": ""})
FEW = tries(12, 100)
"""Each example is five years of several programmes."""


@st.composite
def programmes(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Up to three programmes, each with investments, returns and one of two lags."""
    names = st.sampled_from(["one", "two", "three"])
    partners = st.sampled_from(PARTNERS)
    paid = st.tuples(
        names, partners, st.sampled_from(YEARS), st.integers(0, 10**7), st.integers(0, 2)
    )
    back = st.tuples(
        names,
        partners,
        st.sampled_from(["a", "b", "c", "a+b", "a+b+c"]),
        st.integers(0, 8_000_000),
        st.integers(0, 100 * PERCENT),
        st.sampled_from(["soon", "late"]),
    )
    lags = [("soon", 0, 60), ("soon", 1, 40), ("late", 1, 30), ("late", 2, 30), ("late", 3, 40)]
    return {
        "programmes": pd.DataFrame(
            draw(st.lists(paid, max_size=4)),
            columns=["programme", "payer", "financial_year", "investment", "double_running"],
        )
        .assign(scope="line=p")
        .astype({"investment": "int64", "double_running": "int64"}),
        "returns": pd.DataFrame(
            draw(st.lists(back, max_size=4)),
            columns=[
                "programme", "beneficiary", "scope", "return_per_pound", "cashable", "lag",
            ],
        ).astype({"return_per_pound": "int64", "cashable": "int64"}),
        "lags": pd.DataFrame(
            [(lag, k, percent * PERCENT) for lag, k, percent in lags],
            columns=["lag", "years_after", "share"],
        ),
    }  # fmt: skip


BUDGETS = st.lists(st.integers(-(10**6), 10**8), min_size=len(LINES), max_size=len(LINES))


def walked(
    parts: Mapping[str, pd.DataFrame], budgets: list[int], factor: int = prevention.MILLIONTHS
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Release year by year from lines that nothing else changes; give also the lines' budgets."""
    found = prevention.streams(**parts, years=YEARS, factor=factor)
    own = found[found["beneficiary"] != ""]
    scopes = own.loc[own["financial_year"] == YEARS[0], "scope"]
    reduces = np.array([[line in scope.split("+") for line in LINES] for scope in scopes])
    reduces = reduces.reshape(len(scopes), len(LINES)).astype(bool)
    running = np.array(budgets, dtype=np.int64)
    before = np.zeros(reduces.shape, dtype=np.int64)
    levels, left = {}, {}
    for year in YEARS:
        cashable = own.loc[own["financial_year"] == year, "cashable"].to_numpy()
        release = prevention.release(cashable, before, reduces, running)
        running = running + before.sum(axis=0) - release.released.sum(axis=0)
        levels[year], left[year] = release.released.sum(axis=1), running
        assert (release.not_released == cashable - levels[year]).all()
        assert ((release.released == 0) | reduces).all()
        before = release.released
    return prevention.with_released(found, levels), left


@slow
@FEW
@given(programmes(), BUDGETS)
def test_released_is_part_of_cashable_and_that_of_gross(
    parts: dict[str, pd.DataFrame], budgets: list[int]
) -> None:
    moved, _ = walked(parts, budgets)
    assert (moved["released"] >= 0).all()
    assert (moved["released"] <= moved["cashable"]).all()
    assert (moved["cashable"] <= moved["gross"]).all()


@slow
@FEW
@given(programmes(), BUDGETS)
def test_no_line_is_brought_below_nil(parts: dict[str, pd.DataFrame], budgets: list[int]) -> None:
    moved, left = walked(parts, budgets)
    room = sum(max(budget, 0) for budget in budgets)
    assert (moved.groupby("financial_year")["released"].sum() <= room).all()
    for running in left.values():
        assert (running >= np.minimum(budgets, 0)).all()
        assert (running <= budgets).all()


@slow
@FEW
@given(programmes(), BUDGETS)
def test_what_is_not_released_had_no_budget_left(
    parts: dict[str, pd.DataFrame], budgets: list[int]
) -> None:
    moved, left = walked(parts, budgets)
    for row in moved[moved["not_released"] > 0].itertuples():
        lines = [i for i, line in enumerate(LINES) if line in row.scope.split("+")]
        assert all(left[row.financial_year][i] <= 0 for i in lines)


@slow
@FEW
@given(programmes(), BUDGETS)
def test_without_a_return_the_position_is_what_was_invested(
    parts: dict[str, pd.DataFrame], budgets: list[int]
) -> None:
    moved, left = walked(parts, budgets, factor=0)
    assert all((running == budgets).all() for running in left.values())
    table = position.positions(moved, YEARS, {}, {})
    assert (table["net"] == -table["invested"]).all()
    paid = parts["programmes"].groupby("financial_year")["investment"].sum()
    system = table[table["partner"] == "all"].set_index("financial_year")["invested"]
    assert all(system.get(year, 0) == paid.get(year, 0) for year in YEARS)
    assert set(position.paybacks(table, {})["break_even"]) <= {""}


@slow
@FEW
@given(programmes(), BUDGETS)
def test_the_matrix_sums_to_the_positions(
    parts: dict[str, pd.DataFrame], budgets: list[int]
) -> None:
    moved, _ = walked(parts, budgets)
    table = position.positions(moved, YEARS, {}, {})
    benefits = moved[moved["beneficiary"] != ""].rename(columns={"scope": "line"})
    taken = benefits.assign(line="a").drop(columns=["gross", "cashable"])
    scopes = moved.assign(scope="line=" + moved["scope"])
    matrix = position.matrix(scopes, THEMES, taken)
    for name in ("gross", "cashable", "released"):
        assert matrix[name].sum() == moved[name].sum()
    got = matrix.groupby("beneficiary")["released"].sum()
    summed = position.paybacks(table, {}).set_index("partner")
    for partner in set(summed.index) - {"all"}:
        assert summed.loc[partner, "released"] == got.get(partner, 0)
    if len(summed):
        assert summed.loc["all", "released"] == got.sum()
        partners = table[table["partner"] != "all"].groupby("financial_year")
        amounts = ["invested", "released", "net", "deflated", "discounted", "cumulative"]
        system = table[table["partner"] == "all"].set_index("financial_year")[amounts]
        pd.testing.assert_frame_equal(partners[amounts].sum(), system)


@slow
@FEW
@given(programmes(), st.integers(0, 2 * prevention.MILLIONTHS))
def test_what_is_to_come_is_what_a_longer_plan_would_count(
    parts: dict[str, pd.DataFrame], factor: int
) -> None:
    def cashable(years: list[str]) -> "pd.Series[int]":
        found = prevention.streams(**parts, years=years, factor=factor)
        return found[found["beneficiary"] != ""].groupby("beneficiary")["cashable"].sum()

    given_back = prevention.benefits(**parts, years=YEARS, factor=factor)
    still = prevention.to_come(given_back, YEARS)
    more = cashable(YEARS + LATER) - cashable(YEARS)
    assert more.to_dict() == still


@slow
@FEW
@given(programmes(), BUDGETS)
def test_at_no_inflation_and_no_discount_amounts_are_cash(
    parts: dict[str, pd.DataFrame], budgets: list[int]
) -> None:
    moved, _ = walked(parts, budgets)
    nil = dict.fromkeys(YEARS, 0)
    table = position.positions(moved, YEARS, nil, nil)
    assert (table["deflated"] == table["net"]).all()
    assert (table["cumulative_discounted"] == table["cumulative"]).all()


@slow
@FEW
@given(programmes(), st.integers(1, 20 * PERCENT))
def test_a_pound_later_is_worth_no_more_than_a_pound_now(
    parts: dict[str, pd.DataFrame], percent: int
) -> None:
    moved, _ = walked(parts, [10**12] * len(LINES))
    table = position.positions(moved, YEARS, {}, dict.fromkeys(YEARS, percent))
    assert (table["discounted"].abs() <= table["net"].abs()).all()
    assert (np.sign(table["net"]) * table["discounted"] >= 0).all()


@slow
@FEW
@given(programmes(), BUDGETS, st.integers(0, 3 * PERCENT), st.integers(0, 3 * PERCENT))
def test_a_better_return_breaks_even_no_later(
    parts: dict[str, pd.DataFrame], budgets: list[int], one: int, other: int
) -> None:
    """Of the system, and of lines reduced by one scope alone: the rest only shares the budget."""
    parts = parts | {"returns": parts["returns"].assign(scope="a+b+c")}
    ends = []
    for factor in sorted((one, other)):
        moved, _ = walked(parts, budgets, factor)
        table = position.positions(moved, YEARS, {}, {})
        system = table[table["partner"] == "all"]
        year = position.break_even(
            YEARS if len(system) else [],
            system["invested"].to_list(),
            system["cumulative"].to_list(),
        )
        ends.append(YEARS.index(year) if year is not None else len(YEARS))
    assert ends[1] <= ends[0]

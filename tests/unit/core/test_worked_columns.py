"""The arithmetic of computed columns: which expression a row has, and what it comes to."""

from typing import Any

import numpy as np
import pytest

from bcf_model.core.expressions import NIL, Column, Expression, Leaf, Total, evaluate
from bcf_model.core.words import NONE
from bcf_model.core.worked_columns import (
    BALANCE,
    BUDGET,
    BUDGET_OF_PARTS,
    CUMULATIVE_WEIGHT,
    FROM_RESERVE,
    LINES,
    OFFERED,
    OPENING,
    PAYMENTS,
    POT_VARIANCE,
    RESERVES,
    SHARE,
    SIZE,
    TOTAL_WEIGHT,
    UP_TO,
    USED,
    VARIANCE_OF_CAUSES,
    VARIANCE_OF_PARTS,
    WITHIN_LIMIT,
    borne_of,
    counts_pence,
    in_row,
    millionths,
    percent_of_budget,
    slice_of,
)


def value(expression: Expression, **known: int) -> int:
    """Evaluate with columns as named, and totals as `sum_of_` their column."""

    def leaf(node: Leaf) -> Any:
        return np.int64(known[f"sum_of_{node.name}" if isinstance(node, Total) else node.name])

    return int(evaluate(expression, leaf))


def row(**said: object) -> dict[str, object]:
    """What a row of the shares says."""
    plain = {"cause": NONE, "basis": "fixed", "bearer_kind": "partner", "variance": 1, "under": ()}
    return plain | dict.fromkeys(["part", "band_from", "band_to", "limit_stated"], "") | said


# ------------------------------------------------------------------ what they come to


def test_what_a_step_is_offered_is_what_earlier_steps_left():
    assert value(OFFERED, variance=10, sum_of_borne=4) == 6
    assert OFFERED.right == Total("borne", sharing="pot", above=True, before="step")


@pytest.mark.parametrize(("variance", "size"), [(7, 7), (-7, 7), (0, 0)])
def test_the_size_of_a_variance(variance, size):
    assert value(SIZE, variance=variance) == size


def test_an_offset_uses_the_smaller_side():
    def leaf(node: Leaf) -> Any:
        return np.int64(3 if node.to else 8)

    assert int(evaluate(USED, leaf)) == 3


@pytest.mark.parametrize(
    ("weight", "cumulative", "share"),
    [(1, 1, 3), (1, 2, 4), (1, 3, 3), (3, 3, 10)],  # of 10 in thirds: 3.33, 6.67 and 10
)
def test_a_share_is_by_cumulative_rounding(weight, cumulative, share):
    found = value(SHARE, slice=10, weight=weight, cumulative_weight=cumulative, total_weight=3)
    assert found == share


def test_the_balance_of_a_reserve_is_what_stands_above_less():
    assert value(BALANCE, limit=10, sum_of_borne=4) == 6
    assert BALANCE.right == Total("borne", sharing="bearer", above=True)


@pytest.mark.parametrize(
    ("share", "available", "borne"), [(5, 8, 5), (5, 3, 3), (5, 0, 0), (5, -1, 0), (-5, 3, -5)]
)
def test_a_reserve_pays_no_more_than_it_has_and_takes_in_everything(share, available, borne):
    assert value(FROM_RESERVE, share=share, available=available) == borne
    assert borne_of(is_reserve=True, is_limited=True) is FROM_RESERVE


@pytest.mark.parametrize(("share", "borne"), [(5, 3), (2, 2), (-5, -3), (-2, -2)])
def test_a_limit_holds_both_ways(share, borne):
    assert value(WITHIN_LIMIT, share=share, limit=3) == borne
    assert value(UP_TO, offered=share, edge=3) == borne
    assert borne_of(is_reserve=False, is_limited=True) is WITHIN_LIMIT
    assert borne_of(is_reserve=False, is_limited=False) == Column("share")


@pytest.mark.parametrize(("budget", "amount"), [(1000, 25), (-1000, 0), (0, 0), (20, 1), (19, 0)])
def test_a_percentage_of_a_negative_budget_is_nil(budget, amount):
    assert value(percent_of_budget(2_500_000), budget=budget) == amount  # 2.5 % of 20: 0.5 → 1


@pytest.mark.parametrize("offered", [4, 8, 15, -4, -8, -15])
def test_a_band_holds_what_lies_between_its_edges(offered):
    sign, size = np.sign(offered), abs(offered)
    edges = {"offered": offered, "floor": 5, "ceiling": 10}
    inside = {4: 0, 8: 3, 15: 5}[size]
    assert value(slice_of(has_floor=True, has_ceiling=True), **edges) == sign * inside
    assert value(slice_of(has_floor=False, has_ceiling=True), **edges) == sign * min(size, 10)
    assert value(slice_of(has_floor=True, has_ceiling=False), **edges) == sign * max(size - 5, 0)
    assert value(slice_of(has_floor=False, has_ceiling=False), **edges) == offered


def test_a_line():
    assert value(LINES["expenditure"], given=10, unpaid=3) == 7
    assert value(LINES["variance"], expenditure=10, budget=4) == 6
    assert value(LINES["unattributed"], variance=10, attributed=4) == 6


def test_a_payment_by_activity():
    """10 above a plan of 100 at £3: 30, of which 5 % of 300, so 15, at one share; 15 at another."""
    known = {"planned": 100, "actual": 110, "price": 3, "reopens_at": 5_000_000}
    known |= {"share": 20_000_000, "share_beyond": 60_000_000}
    for name, expression in PAYMENTS.items():
        known[name] = value(expression, **known)
    steps = ("difference", "point", "within", "paid", "unpaid")
    assert [known[name] for name in steps] == [30, 15, 15, 3 + 9, 18]


def test_a_reserve():
    assert value(RESERVES["unreleased"], opening=10, released=4) == 6
    assert value(RESERVES["drawn"], sum_of_borne=4) == 4
    assert value(RESERVES["paid_in"], sum_of_borne=-3) == 3
    assert value(RESERVES["closing"], released=10, drawn=4, paid_in=3) == 9


def test_what_is_drawn_and_what_is_paid_in_are_sums_of_one_sign():
    signs = []
    evaluate(
        RESERVES["drawn"] - RESERVES["paid_in"], lambda leaf: np.int64(signs.append(leaf.sign) or 0)
    )
    assert signs == [1, -1]


# ------------------------------------------------------------------ which a row has


@pytest.mark.parametrize(
    ("column", "said", "expected"),
    [
        ("variance", {}, POT_VARIANCE),
        ("variance", {"cause": "price"}, VARIANCE_OF_CAUSES),
        ("variance", {"part": "2022-04-01 to 2022-06-30"}, VARIANCE_OF_PARTS),
        ("budget", {}, BUDGET),
        ("budget", {"part": "2022-04-01 to 2022-06-30"}, BUDGET_OF_PARTS),
        ("offered", {}, OFFERED),
        ("cumulative_weight", {}, CUMULATIVE_WEIGHT),
        ("total_weight", {}, TOTAL_WEIGHT),
        ("share", {}, SHARE),
        ("floor", {}, None),
        ("floor", {"band_from": "£5", "band_to": "2%"}, None),
        ("floor", {"band_from": "2%"}, percent_of_budget(2_000_000)),
        ("ceiling", {"band_from": "2%", "band_to": "3%"}, percent_of_budget(3_000_000)),
        ("limit", {}, None),
        ("limit", {"limit_stated": "£5"}, None),
        ("limit", {"limit_stated": "1%"}, percent_of_budget(1_000_000)),
        ("limit", {"bearer_kind": "reserve"}, OPENING),
        ("ceiling", {"bearer_kind": "reserve"}, None),
        ("slice", {}, slice_of(has_floor=False, has_ceiling=False)),
        ("slice", {"band_from": "£5"}, slice_of(has_floor=True, has_ceiling=False)),
        ("slice", {"band_to": "£5"}, slice_of(has_floor=False, has_ceiling=True)),
        ("slice", {"basis": "offset"}, USED),
        ("slice", {"basis": "offset", "variance": 0}, USED),
        ("slice", {"basis": "offset", "variance": -1}, NIL - USED),
        ("weight", {}, None),
        ("weight", {"basis": "offset"}, SIZE),
        ("available", {}, None),
        ("available", {"bearer_kind": "reserve"}, BALANCE),
        ("borne", {}, Column("share")),
        ("borne", {"limit_stated": "£5"}, WITHIN_LIMIT),
        ("borne", {"bearer_kind": "reserve"}, FROM_RESERVE),
        ("clause", {}, None),
    ],
)
def test_the_expression_of_a_share(column, said, expected):
    assert in_row("shares", column, row(**said)) == expected


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("lines", "expenditure", LINES["expenditure"]),
        ("payments", "paid", PAYMENTS["paid"]),
        ("reserves", "closing", RESERVES["closing"]),
        ("lines", "scheme_id", None),
        ("causes", "amount", None),
    ],
)
def test_the_expression_of_other_tables(table, column, expected):
    assert in_row(table, column, {}) == expected


def test_what_no_measure_releases_follows_the_opening_balance():
    assert in_row("reserves", "released", {"released_by": ""}) == Column("opening")
    assert in_row("reserves", "released", {"released_by": "NEL"}) is None


def test_only_the_weights_of_an_offset_are_money():
    offset, fixed = row(basis="offset"), row()
    weights = ("weight", "cumulative_weight", "total_weight")
    assert [counts_pence("shares", column, offset) for column in weights] == [True] * 3
    assert counts_pence("shares", "weight", fixed) is False
    assert counts_pence("shares", "slice", offset) is False
    assert counts_pence("lines", "weight", offset) is False


@pytest.mark.parametrize(
    ("text", "expected"), [("2.5%", 2_500_000), ("1,000%", 10**9), ("0.000001%", 1)]
)
def test_millionths(text, expected):
    assert millionths(text) == expected

"""Volume, mix and price: worked by hand, and sums that are exact whatever the numbers are."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.indicators.price_volume import NO_PRICES, NOT_SET_ON, Line, split, table
from tests.make.places import SHEFFIELD
from tests.make.shipped import results_of

PARTS = ("volume", "mix", "price", "unlinked", "unpaid")
THEME_5 = Line(6_369_800_000, 6_930_700_000, 0)


def cell(planned: int, actual: int, **said: object) -> SimpleNamespace:
    """Make a row of volumes.csv; prices in pence."""
    usual = {"scheme_id": "L", "version": "contract", "cell": "", "planned_price": None,
             "actual_price": None, "linked_amount": None, "budget_set_on": "yes",
             "source": ""}  # fmt: skip
    return SimpleNamespace(**{**usual, "planned": planned, "actual": actual, **said})


@pytest.mark.parametrize(
    ("planned", "price", "volume", "rest"),
    [
        (45_235, 140_816, 1_535_736_461, -974_836_461),  # the BCF target: £1,408.16 each
        (55_901, 113_948, 27_347_489, 533_552_511),  # last year: £1,139.48 each
    ],
)
def test_theme_5_of_sheffield_turns_over_with_the_plan(
    planned: int, price: int, volume: int, rest: int
) -> None:
    """£5,609,000.00 over: volume £15,357,364.61 or £273,474.89, by what is taken as plan."""
    found = split(THEME_5, [cell(planned, 56_141)])
    assert found is not None
    assert (found["planned_price"], found["actual_price"]) == (price, 123_452)
    assert [found[name] for name in PARTS] == [volume, 0, rest, 0, 0]
    assert volume + rest == found["variance"] == 560_900_000


def test_mix_of_two_cells() -> None:
    """By hand: £180,800 = volume 40 × £1,400 + mix £104,000 + price £20,800."""
    cells = [cell(800, 780, planned_price=100_000, actual_price=101_000),
             cell(200, 260, planned_price=300_000, actual_price=305_000)]  # fmt: skip
    found = split(Line(140_000_000, 158_080_000, 0), cells)
    assert found is not None
    assert [found[name] for name in PARTS] == [5_600_000, 10_400_000, 2_080_000, 0, 0]
    assert found["variance"] == 18_080_000


def test_beds_to_date() -> None:
    """5,040 days planned at £200, 5,000 for £1,025,750.50: volume −£8,000, price £25,750.50."""
    found = split(Line(100_800_000, 102_575_050, 0), [cell(5_040, 5_000)])
    assert found is not None
    assert (found["volume"], found["price"]) == (-800_000, 2_575_050)


def test_what_does_not_follow_activity_and_what_is_not_paid_stand_apart() -> None:
    """£20,000 of the budget is a fixed sum; 100 at £50 became 110 at £60, £300 of it not paid."""
    line = Line(budget=2_500_000, given=2_720_000, unpaid=30_000)
    [row] = [cell(100, 110, planned_price=5_000, actual_price=6_000, linked_amount=500_000)]
    found = split(line, [row])
    assert found is not None
    assert [found[name] for name in PARTS] == [50_000, 0, 110_000, 60_000, -30_000]
    assert found["variance"] == 190_000


def test_a_price_of_nil_is_stated_and_not_blank() -> None:
    """By hand: 10 planned free of charge became 12 at £5: £60 of price, and £100 fixed as before.

    Where none of the budget is linked, none of it follows activity.
    """
    found = split(Line(10_000, 16_000, 0), [cell(10, 12, planned_price=0, actual_price=500)])
    assert found is not None
    assert [found[name] for name in ("cost", "spent", *PARTS)] == [0, 6_000, 0, 0, 6_000, 0, 0]
    unlinked = split(Line(10_000, 16_000, 0), [cell(10, 12, linked_amount=0)])
    assert unlinked is not None
    assert (unlinked["cost"], unlinked["volume"], unlinked["price"]) == (0, 0, 6_000)
    free = split(Line(10_000, 0, 0), [cell(10, 12, actual_price=0)])
    assert free is not None and (free["spent"], free["actual_price"]) == (0, 0)


def test_what_follows_activity_at_a_stated_price_is_worked_out_by_it() -> None:
    """A constant is what is stated: of one cell its prices, of several what they cost."""
    prices = {"planned_price": 1_000, "actual_price": 1_100}
    one, several = (split(Line(100_000, 121_000, 0), cells) for cells in (
        [cell(100, 110, **prices)], [cell(60, 60, **prices), cell(40, 50, **prices)]
    ))  # fmt: skip
    assert one is not None and several is not None
    assert set(one["stated"].split("+")) == {"planned_price", "actual_price", "mix", "unpaid"}
    assert {"cost", "spent", "at_planned_prices"} <= set(several["stated"].split("+"))
    of_both = ("cost", "spent", "at_planned_prices", *PARTS)
    assert [one[name] for name in of_both] == [several[name] for name in of_both]


def test_no_activity_with_a_cost_is_price() -> None:
    found = split(Line(100_000, 40_000, 0), [cell(10, 0)])
    assert found is not None
    assert found["actual_price"] is None
    assert (found["volume"], found["price"]) == (-100_000, 40_000)


def test_cells_without_prices_and_lines_without_amounts_are_blank() -> None:
    bare = [cell(1, 2, cell="a"), cell(3, 4, cell="b", version="contract")]
    [row] = table(bare, {"L": Line(100, 200, 0)})
    assert (row["planned"], row["actual"], row["reason"]) == (4, 6, NO_PRICES)
    [row] = table([cell(1, 2)], {"L": None})
    assert row["reason"] == "an amount of the line is not stated" and "volume" not in row


def test_what_the_budget_was_not_set_on_is_told_beside_the_others() -> None:
    frame = results_of(SHEFFIELD).frame("price_volume")
    assert frame["volume"].tolist() == [15_357_364.61, 273_474.89]
    assert frame["price"].tolist() == [-9_748_364.61, 5_335_525.11]
    assert set(frame["reason"]) == {NOT_SET_ON} and set(frame["budget_set_on"]) == {"no"}


PENCE, NUMBERS = st.integers(0, 10**9), st.integers(0, 10**5)
CELLS = st.tuples(st.integers(1, 10**5), NUMBERS, PENCE, PENCE)


@given(st.integers(-(10**9), 10**9), PENCE, PENCE, st.lists(CELLS, min_size=1, max_size=4))
def test_parts_add_up_to_the_variance(
    budget: int, given_pence: int, unpaid: int, cells: list[tuple[int, int, int, int]]
) -> None:
    linked = max(budget // 2, 0)
    rows = [
        cell(p, a, planned_price=x, actual_price=y, linked_amount=linked) for p, a, x, y in cells
    ]
    found = split(Line(budget, given_pence, unpaid), rows)
    if found is None:
        assert len(rows) > 1
        return
    assert sum(found[name] or 0 for name in PARTS) == found["variance"]
    assert found["variance"] == given_pence - unpaid - budget
    if len(rows) == 1:
        assert found["mix"] == 0

"""Calls worked on arrays: bands, limits, reserves and offsets on a handful of pots."""

from typing import Any

import numpy as np
import pytest

from bcf_model.agreement.call_parts import Bearer, Call, Edge, Part, Pots, Ruled
from bcf_model.agreement.calls import bear

NOBODY = np.zeros(0, dtype=np.int64)
MANY = 2**17 + 5  # more pots than are worked at a time


def pots(variance: Any, **said: Any) -> Pots:
    """Pots of budget 1,000, each its own unit, all of one year and netted together."""
    amounts = np.asarray(variance, dtype=np.int64)
    count = amounts.shape[-1]
    nil = np.zeros(count, dtype=np.intp)
    plain = {"budget": np.full(count, 1000), "unit": np.arange(count), "together": nil, "year": nil}
    return Pots(amounts, **{k: np.asarray(v) for k, v in (plain | said).items()})


def call(*weights: Any, step: int = 1, floor: Any = None, ceiling: Any = None) -> Call:
    """A call whose bearers are weights, or bearers."""
    bearers = [w if isinstance(w, Bearer) else Bearer(0, w) for w in weights]
    return Call(step, floor, ceiling, tuple(bearers))


def ruled(*calls: Call, of: Any = (0,)) -> Ruled:
    return Ruled(0, np.asarray(of, dtype=np.intp), calls)


def borne(parts: list[Part]) -> list[list[int]]:
    return [np.asarray(part.borne).tolist() for part in parts]


OFFSET = Call(1, None, None, (Bearer(0, 0),), offset=True)


def test_a_slice_is_divided_by_cumulative_rounding():
    found = bear(pots([10, -10]), [ruled(call(1, 1, 1), of=[0, 1])], NOBODY)
    assert borne(found) == [[3, -3], [4, -4], [3, -3]]
    assert [part.position for part in found] == [1, 2, 3]
    assert [int(part.cumulative_weight) for part in found] == [1, 2, 3]
    assert [int(part.total_weight) for part in found] == [3, 3, 3]


def test_a_weight_of_each_netting_unit():
    by_unit = [np.array([1, 3]), np.array([3, 1])]
    found = bear(pots([8, 8], unit=[1, 0]), [ruled(call(*by_unit), of=[0, 1])], NOBODY)
    assert borne(found) == [[6, 2], [2, 6]]


def test_a_unit_on_budget_needs_nothing_to_be_shared_by():
    """The second unit has no weights, the third one below nil: of neither is there a total."""
    by_unit = [np.array([3, 0, -1]), np.array([1, 0, 5])]
    found = bear(pots([8, 0, 0]), [ruled(call(*by_unit), of=[0, 1, 2])], NOBODY)
    assert borne(found) == [[6, 0, 0], [2, 0, 0]]
    assert found[0].total_weight.tolist() == [4, 0, 0]


@pytest.mark.parametrize("weights", [(0, 0), (-1, 5), (5, -1), (-3, -1)])
@pytest.mark.parametrize("variance", [2, -1])
def test_a_variance_cannot_be_shared_by_what_is_nil_or_below(weights, variance):
    with pytest.raises(ValueError, match="to be shared by what is nil, or below nil"):
        bear(pots([variance]), [ruled(call(*weights))], NOBODY)
    by_unit = [np.array([1, weight]) for weight in weights]  # nor where another unit can be shared
    with pytest.raises(ValueError, match="to be shared by what is nil, or below nil"):
        bear(pots([7, variance]), [ruled(call(*by_unit), of=[0, 1])], NOBODY)


def test_who_has_no_weight_bears_nothing():
    assert borne(bear(pots([7]), [ruled(call(1, 0, 0))], NOBODY)) == [[7], [0], [0]]
    assert borne(bear(pots([7]), [ruled(call(0, 1))], NOBODY)) == [[0], [7]]


def test_bands_in_pence_and_in_percent_of_budget():
    bands = [
        call(1, ceiling=Edge(pence=5)),
        call(1, floor=Edge(pence=5), ceiling=Edge(millionths=2_000_000)),  # 2 % of 1,000 is 20
        call(1, floor=Edge(millionths=2_000_000)),
    ]
    found = bear(pots([33, -12, 4]), [ruled(*bands, of=[0, 1, 2])], NOBODY)
    assert borne(found) == [[5, -5, 4], [15, -7, 0], [13, 0, 0]]
    assert [np.asarray(part.floor).tolist() for part in found] == [0, 5, [20, 20, 20]]
    assert [np.asarray(part.ceiling).tolist() for part in found] == [5, [20, 20, 20], 0]
    assert np.asarray(found[1].slice).tolist() == [15, -7, 0]


def test_what_limits_leave_goes_to_the_next_step():
    limited = Bearer(0, 1, limit=Edge(pence=3))
    # The step stands second: calls are worked by step, in whatever order they are said.
    steps = ruled(call(1, 1, step=2), call(limited, 1), of=[0, 1])
    found = bear(pots([20, -4]), [steps], NOBODY)
    assert [part.call.step for part in found] == [1, 1, 2, 2]
    assert borne(found) == [[3, -2], [10, -2], [4, 0], [3, 0]]
    assert [np.asarray(part.offered).tolist() for part in found[1:3]] == [[20, -4], [7, 0]]
    assert np.asarray(found[0].limit).tolist() == 3


def test_a_limit_of_each_netting_unit():
    limited = Bearer(0, 1, own_limit=np.array([4, 9]))
    found = bear(
        pots([20, 20], unit=[1, 0]), [ruled(call(limited), call(1, step=2), of=[0, 1])], NOBODY
    )
    assert borne(found) == [[9, 4], [11, 16]]


def test_a_step_that_takes_a_band_leaves_the_rest_however_many_bear_it():
    steps = ruled(call(1, 1, ceiling=Edge(pence=6)), call(1, step=2), call(1, step=3))
    assert borne(bear(pots([10]), [steps], NOBODY)) == [[3], [3], [4], [0]]


# ------------------------------------------------------------------ reserves

FROM_FIRST, FROM_SECOND = Bearer(0, 1, reserve=0), Bearer(1, 1, reserve=1)


def test_a_reserve_takes_in_before_it_pays_in_the_order_of_the_pots():
    rule = ruled(call(FROM_FIRST), call(1, step=2), of=[0, 1, 2, 3])
    found = bear(pots([7, -4, 0, 9]), [rule], np.array([8]))
    # 8 and the 4 paid in: 7 to the first, 5 of 9 to the last; nil counts as over
    assert borne(found) == [[7, -4, 0, 5], [0, 0, 0, 4]]
    assert found[0].available.tolist() == [12, 8, 5, 5]
    assert found[0].limit == 8


def test_a_reserve_called_by_two_scopes_pays_by_pot_and_keeps_its_balance_for_the_next_step():
    first = ruled(call(FROM_FIRST), call(FROM_FIRST, step=2), call(1, step=3), of=[0, 3])
    second = ruled(call(FROM_FIRST), call(1, step=3), of=[1, 2])
    found = bear(pots([5, 2, -3, 6]), [first, second], np.array([9]))
    assert borne(found) == [[5, 5], [2, -3], [0, 0], [0, 1], [0, 0]]
    assert found[0].available.tolist() == [12, 5]
    assert found[1].available.tolist() == [7, 9]
    assert found[2].available.tolist() == [0, 0]


def test_what_a_reserve_keeps_is_there_in_the_next_step():
    rule = ruled(call(FROM_FIRST, ceiling=Edge(pence=4)), call(FROM_FIRST, step=2), call(1, step=3))
    found = bear(pots([10]), [rule], np.array([7]))
    assert borne(found) == [[4], [3], [3]]
    assert [part.available.tolist() for part in found[:2]] == [[7], [3]]


def test_a_reserve_holds_what_was_paid_in_before():
    found = bear(pots([-4, 20, -3]), [ruled(call(FROM_FIRST), of=[0, 1, 2])], np.array([10]))
    assert borne(found) == [[-4, 17, -3]]
    assert found[0].available.tolist() == [10, 17, 14]  # 10, 10 + 4 + 3, 10 + 4


def test_two_reserves_each_with_its_own_balance_beside_a_partner():
    rule = ruled(call(FROM_FIRST, FROM_SECOND, 2), call(1, step=2))
    found = bear(pots([40]), [rule], np.array([3, 50]))
    assert borne(found) == [[3], [10], [20], [7]]
    assert [int(part.limit) for part in found[:3]] == [3, 50, 0]


def test_two_rows_of_one_pot_are_paid_in_the_order_of_the_rows():
    twice = ruled(call(FROM_FIRST, FROM_FIRST), call(1, step=2), of=[0, 1])
    found = bear(pots([6, 6]), [twice], np.array([8]))
    assert borne(found) == [[3, 2], [3, 0], [0, 4]]
    assert [part.available.tolist() for part in found[:2]] == [[8, 2], [5, 0]]


def test_each_year_and_each_draw_has_the_whole_balance():
    rule = ruled(call(FROM_FIRST), call(1, step=2), of=[0, 1, 2])
    found = bear(pots([[5, 5, 5], [-2, 9, 1]], year=[0, 1, 0]), [rule], np.array([6]))
    assert borne(found) == [[[5, 5, 1], [-2, 6, 1]], [[0, 0, 4], [0, 3, 0]]]
    assert found[0].available.tolist() == [[6, 6, 1], [6, 6, 8]]


def test_each_draw_may_open_with_a_balance_of_its_own():
    rule = ruled(call(FROM_FIRST, FROM_SECOND), call(1, step=2))
    found = bear(pots([[8], [8]]), [rule], np.array([[3, 1], [9, 2]]))
    assert borne(found) == [[[3], [4]], [[1], [2]], [[4], [2]]]
    assert [part.limit.tolist() for part in found[:2]] == [[3, 9], [1, 2]]


def test_an_empty_reserve_pays_nothing():
    rule = ruled(call(FROM_FIRST), call(1, step=2), of=[0, 1])
    found = bear(pots([5, -2]), [rule], np.array([-4]))
    assert borne(found) == [[0, -2], [5, 0]]


# ------------------------------------------------------------------ offsets


def test_overspends_are_met_by_underspends_in_proportion():
    over, under = ruled(OFFSET, call(1, step=2), of=[0, 2]), ruled(OFFSET, call(1, step=2), of=[1])
    found = bear(pots([6, -4, 2]), [over, under], NOBODY)
    # 4 of 8: 3 of the 6, 1 of the 2
    assert borne(found) == [[3, 1], [-4], [3, 1], [0]]
    first, second = found[:2]
    assert (first.position, first.slice.tolist(), second.slice.tolist()) == (0, [4, 4], [-4])
    assert (first.weight.tolist(), second.weight.tolist()) == ([6, 2], [4])
    assert (first.cumulative_weight.tolist(), second.cumulative_weight.tolist()) == ([6, 8], [4])
    assert (first.total_weight.tolist(), second.total_weight.tolist()) == ([8, 8], [4])
    assert first.offered.tolist() == [6, 2]
    # no band, no limit, no reserve
    assert (first.floor, first.ceiling, first.limit, first.available) == (0, 0, 0, 0)


def test_only_pots_that_belong_together_are_set_off():
    rule = ruled(OFFSET, call(1, step=2), of=[0, 1, 2, 3])
    found = bear(pots([6, -4, 2, -9], together=[0, 1, 1, 0]), [rule], NOBODY)
    assert borne(found) == [[6, -2, 2, -6], [0, -2, 0, -3]]


def test_each_draw_is_set_off_by_itself():
    rule = ruled(OFFSET, call(1, step=2), of=[0, 1])
    found = bear(pots([[6, -4], [0, 0], [-1, 5]]), [rule], NOBODY)
    assert borne(found)[0] == [[4, -4], [0, 0], [-1, 1]]
    assert found[0].total_weight.tolist() == [[6, 4], [0, 0], [1, 5]]


# ------------------------------------------------------------------ in blocks


@pytest.mark.parametrize("count", [MANY, 2**17, 2**16 + 1])
def test_many_pots_come_to_what_each_comes_to_by_itself(count):
    variance = np.arange(count) - count // 3
    even, odd = np.arange(0, count, 2), np.arange(1, count, 2)
    rules = [ruled(call(1, 2), of=even), ruled(call(1, ceiling=Edge(pence=50)), of=odd)]
    total = np.zeros((2, count), dtype=np.int64)
    found = bear(pots(variance), rules, NOBODY)
    for part in found:
        total[part.position - 1, part.ruled.pots] += part.borne
    thirds = np.trunc(variance[even] / 3 + np.sign(variance[even]) * 0.5).astype(np.int64)
    assert (total[0, even] == thirds).all()
    assert (total[1, even] == variance[even] - thirds).all()
    assert (total[0, odd] == np.clip(variance[odd], -50, 50)).all()
    # In blocks only where there are more than two blocks' worth.
    assert len(found) == (3 * 3 if count == MANY else 3)


@pytest.mark.parametrize("first", [OFFSET, call(FROM_FIRST)])
def test_pots_that_have_to_do_with_each_other_are_never_parted(first):
    variance = np.zeros(MANY, dtype=np.int64)
    variance[0], variance[-1] = 9, -5
    every = np.arange(MANY)
    found = bear(pots(variance), [ruled(first, call(1, step=2), of=every)], np.array([0]))
    assert found[0].borne[[0, -1]].tolist() == [5, -5]
    assert len(found) == 2


def test_what_leaves_some():
    assert [
        call(1).leaves_some,
        call(1, Bearer(0, 1, limit=Edge(5))).leaves_some,
        call(Bearer(0, 1, own_limit=5)).leaves_some,
        call(1, FROM_FIRST).leaves_some,
        OFFSET.leaves_some,
    ] == [False, True, True, True, True]

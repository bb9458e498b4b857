"""Exact proofs of contradiction, and what HiGHS proposes held to them."""

from fractions import Fraction

import pytest

from bcf_model.audit.bounds import Bound, proved
from bcf_model.audit.smallest import apart, conflicts, equally_small, fewest, telling
from bcf_model.audit.system import System, Undecided


def bound(low, high, figure=None, **terms) -> Bound:
    return Bound({(u, ""): Fraction(f) for u, f in terms.items()}, low, high, Fraction(1), figure)


def test_two_bounds_contradict_each_other_only_beyond_their_ends():
    apart_by = Fraction(1, 10**30)
    at_least = bound(Fraction(1), None, x=1)
    beyond = bound(None, Fraction(1) - apart_by, x=1)
    assert proved([at_least, beyond]) == (at_least, beyond)
    assert proved([at_least, bound(None, Fraction(1), x=1)]) == ()
    assert proved([at_least, bound(None, Fraction(2), x=1)]) == ()
    assert proved([at_least]) == ()


def test_multiples_are_found_exactly():
    # x + y ≥ 3, 3x ≤ 4, 7y ≤ 11: 4/3 + 11/7 = 61/21 < 3
    proof = [
        bound(Fraction(3), None, x=1, y=1),
        bound(None, Fraction(4), x=3),
        bound(None, Fraction(11), y=7),
    ]
    assert proved(proof) == tuple(proof)
    proof[0] = bound(Fraction(61, 21), None, x=1, y=1)
    assert proved(proof) == ()


def test_what_is_superfluous_is_left_out():
    proof = (bound(Fraction(1), None, x=1), bound(None, Fraction(0), x=1))
    assert proved([*proof, bound(Fraction(5), None, y=1)]) == proof
    # two ways to contradict the first: neither is proved here
    assert proved([*proof, bound(None, Fraction(-1), x=1)]) == ()


def test_an_end_that_is_not_there_contradicts_nothing():
    assert proved([bound(Fraction(1), None, x=1), bound(Fraction(0), None, x=1)]) == ()
    assert proved([bound(Fraction(1), None, x=1), bound(Fraction(0), None, x=-1)]) != ()


def test_nil_must_lie_between_the_ends_of_an_empty_sum():
    assert proved([bound(Fraction(1), Fraction(2))]) != ()
    assert proved([bound(Fraction(-2), Fraction(-1))]) != ()
    assert proved([bound(Fraction(0), Fraction(1))]) == ()


def test_a_sum_that_must_equal_its_end_counts_either_way():
    equal = bound(Fraction(0), Fraction(0), x=1, y=-1)
    for x, y in (
        ((Fraction(2), None), (None, Fraction(1))),
        ((None, Fraction(1)), (Fraction(2), None)),
    ):
        assert len(proved([equal, bound(*x, x=1), bound(*y, y=1)])) == 3


def test_the_worst_breach_comes_first():
    system = System(
        [
            bound(Fraction(0), Fraction(1), 0, x=1), bound(Fraction(2), Fraction(3), 1, x=1),
            bound(Fraction(0), Fraction(1), 2, y=1), bound(Fraction(9), Fraction(10), 3, y=1),
        ],
        Fraction(1),
    )  # fmt: skip
    assert {b.figure for b in system.conflict()} == {2, 3}
    assert {b.figure for b in system.conflict({3})} == {0, 1}
    assert system.conflict({1, 2}) == ()
    assert {b.figure for b in system.conflict()} == {2, 3}


def test_what_fractions_do_not_bear_out_is_undecided(monkeypatch):
    system = System(
        [bound(Fraction(2), None, 0, x=1), bound(None, Fraction(1), 1, x=1)], Fraction(1)
    )
    monkeypatch.setattr("bcf_model.audit.system.proved", lambda _: ())
    with pytest.raises(Undecided) as problem:
        system.conflict()
    assert problem.value.figures == {0, 1}


def test_ranges():
    system = System(
        [bound(Fraction(1), Fraction(2), 0, x=1), bound(Fraction(10), Fraction(20), 1, y=1)],
        Fraction(1, 100),
    )
    x, y = {("x", ""): Fraction(1)}, {("y", ""): Fraction(1)}
    assert system.range(x | y, None, ()) == pytest.approx((11, 22))
    assert system.range(x, y, ()) == pytest.approx((5, 20))
    assert system.range(x, None, {0}) == (None, None)
    assert system.range(x, y, {0}) == (None, None)


def test_small_hitting_sets():
    a, b, c = frozenset({1, 2}), frozenset({2, 3}), frozenset({7, 8})
    assert fewest([a, b]) == {2}
    assert equally_small([a], 1, 9) == ((frozenset({1}), frozenset({2})), True)
    assert equally_small([a], 1, 1)[1] is False
    assert set(map(frozenset, apart([a, c, b]))) == {frozenset({a, b}), frozenset({c})}
    # {1, 2, 7} is explained by whatever explains {1, 2}
    assert telling([a, a | {7}, c]) == [a, c]


def test_a_search_that_is_cut_short_says_so_and_still_explains_everything():
    bounds = [bound(Fraction(0), Fraction(1), 2 * i, **{f"x{i}": 1}) for i in range(5)]
    bounds += [bound(Fraction(5), Fraction(6), 2 * i + 1, **{f"x{i}": 1}) for i in range(5)]
    system = System(bounds, Fraction(1))
    whole = conflicts(system.conflict)
    assert [(c.smallest, c.complete, len(c.choices)) for c in whole] == [(True, True, 2)] * 5
    cut = conflicts(system.conflict, most_proofs=1)
    assert not any(conflict.smallest for conflict in cut)
    chosen = frozenset[int]().union(*(conflict.choices[0] for conflict in cut))
    assert system.conflict(chosen) == ()

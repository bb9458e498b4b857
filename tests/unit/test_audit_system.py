"""What bounds say together: the worst breach, held to an exact proof, and ranges."""

from fractions import Fraction

import numpy as np
import pytest

from bcf_model.audit.bounds import Bound
from bcf_model.audit.system import System, Undecided


def bound(low, high, figure=None, **terms) -> Bound:
    return Bound({(u, ""): Fraction(f) for u, f in terms.items()}, low, high, Fraction(1), figure)


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


def test_a_breach_is_measured_in_half_steps():
    """x is out by 4 of its half step 1, y by 8 of its half step 10."""
    x, y = {("x", ""): Fraction(1)}, {("y", ""): Fraction(1)}
    system = System(
        [
            Bound(x, Fraction(0), Fraction(1), Fraction(1), 0),
            Bound(x, Fraction(5), Fraction(6), Fraction(1), 1),
            Bound(y, Fraction(0), Fraction(1), Fraction(10), 2),
            Bound(y, Fraction(9), Fraction(10), Fraction(10), 3),
        ],
        Fraction(1),
    )
    assert {b.figure for b in system.conflict()} == {0, 1}


@pytest.mark.parametrize(
    ("millionths", "found"), [(Fraction(19, 10), False), (Fraction(21, 10), True)]
)
def test_a_breach_below_a_millionth_of_the_half_step_is_not_looked_at(millionths, found):
    """Two bounds apart by so much of a half step are each broken by half of it."""
    gap, half = millionths / 10**6, Fraction(500)
    at_least = Bound({("x", ""): Fraction(1)}, Fraction(1000), None, half, 0)
    at_most = Bound({("x", ""): Fraction(1)}, None, 1000 - gap * half, half, 1)
    conflict = System([at_least, at_most], Fraction(1000)).conflict()
    assert conflict == ((at_least, at_most) if found else ())


def test_a_figure_without_a_half_step_can_be_broken_too():
    exact = [
        Bound({("x", ""): Fraction(1)}, Fraction(n), Fraction(n), Fraction(0), n) for n in (1, 2)
    ]
    assert {b.figure for b in System(exact, Fraction(1)).conflict()} == {1, 2}


def test_what_always_holds_is_never_broken_but_may_be_part_of_a_proof():
    fact = Bound({("x", ""): Fraction(1)}, Fraction(9), Fraction(9))
    print_of = bound(Fraction(0), Fraction(1), 0, x=1)
    system = System([fact, print_of], Fraction(1))
    assert system.conflict() == (fact, print_of)
    assert system.conflict({0}) == ()


def test_a_figure_that_a_bound_presumes_is_left_out_with_it():
    x = {("x", ""): Fraction(1)}
    high = Bound(x, Fraction(2), None, Fraction(1), 0, frozenset({5}))
    system = System([high, bound(None, Fraction(1), 1, x=1)], Fraction(1))
    assert len(system.conflict()) == 2
    assert system.conflict({5}) == ()
    assert len(system.conflict()) == 2


def test_what_fractions_do_not_bear_out_is_undecided(monkeypatch):
    system = System(
        [bound(Fraction(2), None, 0, x=1), bound(None, Fraction(1), 1, x=1)], Fraction(1)
    )
    monkeypatch.setattr("bcf_model.audit.system.proved", lambda _: ())
    with pytest.raises(Undecided) as problem:
        system.conflict()
    assert problem.value.figures == {0, 1}
    assert str(problem.value) == "[0, 1]"


def proposing(monkeypatch, bounds: list[Bound], multiples: list[float]) -> System:
    """Give a system whose programme proposes a multiple for each end of a bound."""
    system = System(bounds, Fraction(1))
    monkeypatch.setattr(system, "_worst_breach", lambda _: (1.0, np.array(multiples)))
    return system


X_IS_TWO_OR_MORE = bound(Fraction(2), None, 0, x=1)
X_IS_ONE_AT_MOST = bound(None, Fraction(1), 1, x=1)
X_IS_BELOW_TWO = bound(None, Fraction(3, 2), 2, x=1)


def test_a_multiple_that_is_nil_but_for_floating_point_is_left_out(monkeypatch):
    three = [X_IS_TWO_OR_MORE, X_IS_ONE_AT_MOST, X_IS_BELOW_TWO]
    system = proposing(monkeypatch, three, [-50.0, 50.0, 3e-7])
    assert system.conflict() == (X_IS_TWO_OR_MORE, X_IS_ONE_AT_MOST)


def test_a_small_multiple_that_counts_is_not_taken_for_nil(monkeypatch):
    large = bound(None, Fraction(10**9), 1, x=10**9)
    system = proposing(monkeypatch, [X_IS_TWO_OR_MORE, large], [1.0, -1e-9])
    assert system.conflict() == (X_IS_TWO_OR_MORE, large)


def test_where_multiples_do_not_tell_bounds_are_spared_one_by_one(monkeypatch):
    """Without x ≤ 1 there is still x ≤ 1.5, which then cannot be spared; y never matters."""
    four = [X_IS_TWO_OR_MORE, X_IS_ONE_AT_MOST, X_IS_BELOW_TWO, bound(Fraction(5), None, 3, y=1)]
    system = proposing(monkeypatch, four, [1.0, 1.0, 1.0, 1.0])
    assert system.conflict() == (X_IS_TWO_OR_MORE, X_IS_BELOW_TWO)


def test_what_no_sparing_proves_is_undecided(monkeypatch):
    system = proposing(monkeypatch, [X_IS_TWO_OR_MORE], [1.0])
    with pytest.raises(Undecided) as problem:
        system.conflict()
    assert problem.value.figures == {0}


def test_a_programme_that_gives_up_is_a_fault(monkeypatch):
    monkeypatch.setattr("bcf_model.audit.programme.solve", lambda _: False)
    with pytest.raises(RuntimeError, match="HiGHS gave up"):
        System([X_IS_TWO_OR_MORE], Fraction(1)).conflict()


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
    assert system.range({}, None, ()) == (0, 0)
    assert system.range({}, y, ()) == (0, 0)
    # 2x − y: 2 − 20 to 4 − 10
    less = {("x", ""): Fraction(2), ("y", ""): Fraction(-1)}
    assert system.range(less, None, ()) == pytest.approx((-18, -6))
    assert system.range(less, y, ()) == pytest.approx((-90, -60))


def test_ranges_of_what_no_bound_names():
    system = System([bound(Fraction(1), Fraction(2), 0, x=1)], Fraction(1))
    x, y = {("x", ""): Fraction(1)}, {("y", ""): Fraction(1)}
    assert system.range(y, None, ()) == (None, None)
    assert system.range(x | y, None, ()) == (None, None)
    assert system.range(x, y, ()) == (None, None)
    assert system.range(y, x, ()) == (None, None)


@pytest.mark.parametrize(
    ("x", "y", "low", "high"),
    [
        ((1, 2), (10, 20), 5, 20),
        ((-4, -2), (10, 20), -40, -10),
        ((-4, 2), (10, 20), -40, 20),
        ((None, 2), (10, 20), None, 20),
        ((1, None), (10, 20), 5, None),
        ((1, 2), (0, 20), 5, None),  # of a base that may be nil there is no most
        ((1, 2), (10, None), 0, 20),
    ],
)
def test_the_range_of_a_percentage(x, y, low, high):
    ends = [None if end is None else Fraction(end) for end in (*x, *y)]
    bounds = [bound(*ends[:2], 0, x=1), bound(*ends[2:], 1, y=1)]
    for unit in (Fraction(1), Fraction(5)):
        found = System(bounds, unit).range(bounds[0].terms, bounds[1].terms, ())
        assert found == (low and pytest.approx(low), high and pytest.approx(high))


def test_a_range_is_limited_from_one_side_alone():
    system = System(
        [bound(Fraction(3), None, 0, x=1), bound(None, Fraction(4), 1, y=1)], Fraction(2)
    )
    x, y = {("x", ""): Fraction(1)}, {("y", ""): Fraction(1)}
    assert system.range(x, None, ()) == (pytest.approx(3), None)
    assert system.range(y, None, ()) == (None, pytest.approx(4))

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


@pytest.mark.parametrize("gap", [Fraction(1, 10**k) for k in (0, 4, 8)])
@pytest.mark.parametrize("digits", [3, 9, 15])
def test_a_contradiction_is_found_however_large_the_amounts_and_small_the_gap(digits, gap):
    """A print in millions, up to its very end, and one in pence just beyond."""
    edge = Fraction(10**digits)
    x = {("x", ""): Fraction(1)}
    coarse = Bound(x, edge - 10**6, edge, Fraction(10**6, 2), 0)
    fine = Bound(x, edge + gap, edge + gap + 1, Fraction(1, 2), 1)
    assert System([coarse, fine], Fraction(1)).conflict() == (coarse, fine)
    touching = Bound(x, edge, edge + 1, Fraction(1, 2), 1)
    assert System([coarse, touching], Fraction(1)).conflict() == ()


def test_what_merely_touches_at_an_end_that_is_no_whole_grain_fits():
    """3x is 1 at most and 1 at least: x is a third."""
    third = [bound(None, Fraction(1), 0, x=3), bound(Fraction(1, 3), None, 1, x=1)]
    assert System(third, Fraction(1)).conflict() == ()


def test_the_last_digit_of_a_large_amount_counts():
    """90 billion pounds and a penny more than the sum of two amounts."""
    half = Fraction(1, 2)
    a, b, t = 51_188_734_607_81, 38_811_265_392_19, 90_000_000_000_00
    for beyond, wrong in ((0, False), (1, False), (2, True), (3, True)):
        total = bound(t + beyond - half, t + beyond + half, 2, a=1, b=1)
        system = System(
            [bound(a - half, a + half, 0, a=1), bound(b - half, b + half, 1, b=1), total],
            Fraction(1),
        )
        assert bool(system.conflict()) is wrong
        assert system.conflict({0}) == ()
        low, high = system.range({("a", ""): Fraction(1)}, None, {0})
        assert low == pytest.approx(t + beyond - b - 1)
        assert (low, high) == (t + beyond - b - 1, t + beyond - b + 1)


def test_amounts_far_from_what_is_printed_are_found():
    """x is printed 12 digits wrong: without that print, the others leave it three units."""
    system = System(
        [bound(Fraction(10**14), Fraction(10**14 + 1), 0, x=1),
         bound(Fraction(7), Fraction(8), 1, y=1), bound(Fraction(20), Fraction(21), 2, x=3, y=1)],
        Fraction(1),
    )  # fmt: skip
    assert len(system.conflict()) == 3
    assert system.conflict({0}) == ()
    assert system.range({("x", ""): Fraction(1)}, None, {0}) == (
        pytest.approx(4), pytest.approx(14 / 3),
    )  # fmt: skip


def test_what_fractions_do_not_bear_out_is_undecided(monkeypatch):
    """Nothing is proved, and no amounts fit: named are the figures that those it came to break."""
    system = System(
        [bound(Fraction(2), None, 0, x=1), bound(None, Fraction(1), 1, x=1)], Fraction(1)
    )
    monkeypatch.setattr("bcf_model.audit.system.proved", lambda _: ())
    with pytest.raises(Undecided) as problem:
        system.conflict()
    assert problem.value.figures == {0, 1}
    assert str(problem.value) == "[0, 1]"


def test_a_programme_that_leads_nowhere_leaves_undecided_what_is_broken(monkeypatch):
    """The centre is what is printed: of x twice, the first; y fits."""
    monkeypatch.setattr("bcf_model.audit.programme.solve", lambda _: False)
    system = System(
        [X_IS_TWO_OR_MORE, X_IS_ONE_AT_MOST, bound(Fraction(5), None, 3, y=1)], Fraction(1)
    )
    with pytest.raises(Undecided) as problem:
        system.conflict()
    assert len(problem.value.figures) == 1
    assert problem.value.figures < {0, 1}
    with pytest.raises(Undecided):
        system.range({("x", ""): Fraction(1)}, None, problem.value.figures)
    # what breaks nothing as it is printed needs no programme to tell
    assert System([bound(Fraction(5), None, 3, y=1)], Fraction(1)).conflict() == ()


def proposing(monkeypatch, bounds: list[Bound], multiples: list[float]) -> System:
    """Make a system whose programme moves nothing and proposes a multiple for each end."""
    system = System(bounds, Fraction(1))
    monkeypatch.setattr(system, "_least_breach", lambda *_: np.array(multiples))
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
    """Without y, and without the first of two that x breaks, the rest is proved at once."""
    four = [bound(Fraction(5), None, 3, y=1), X_IS_ONE_AT_MOST, X_IS_TWO_OR_MORE, X_IS_BELOW_TWO]
    system = proposing(monkeypatch, four, [1.0, 1.0, 1.0, 1.0])
    found = system.conflict()
    assert len(found) == 2
    assert X_IS_TWO_OR_MORE in found


def test_what_no_sparing_proves_is_undecided(monkeypatch):
    fits_not = [X_IS_TWO_OR_MORE, X_IS_ONE_AT_MOST]
    system = proposing(monkeypatch, fits_not, [1.0, 0.0])
    with pytest.raises(Undecided):
        system.conflict()


def test_an_amount_is_never_moved_out_of_what_it_always_is():
    """x is 3 to 4 always, in thirds of a grain too; a print of 9 is broken, not the fact."""
    always = Bound({("x", ""): Fraction(-3)}, Fraction(-12), Fraction(-9))
    system = System([always, bound(Fraction(9), None, 0, x=1)], Fraction(1))
    assert {b.figure for b in system.conflict()} == {None, 0}
    assert system.conflict({0}) == ()
    assert system.range({("x", ""): Fraction(1)}, None, {0}) == (pytest.approx(3), pytest.approx(4))


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
    assert system.range(x, {("y", ""): Fraction(-1)}, ()) is None  # no such base is above nil
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

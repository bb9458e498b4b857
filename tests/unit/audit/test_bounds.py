"""Bounds on sums, and the exact proof that some contradict others."""

from fractions import Fraction

from bcf_model.audit.bounds import Bound, proved, put_in, without_equations


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


NIL = (Fraction(0), Fraction(0))


def terms(**factors: int) -> dict[tuple[str, str], Fraction]:
    return {(u, ""): Fraction(f) for u, f in factors.items()}


def test_equations_are_put_into_the_other_bounds():
    """t = a + b, and all = t + c: what is printed of all is one of a + b + c."""
    bounds = [
        bound(*NIL, t=1, c=1, all=-1), bound(*NIL, a=1, b=1, t=-1),
        bound(Fraction(1), Fraction(2), 0, all=1), bound(Fraction(3), None, 1, t=1),
    ]  # fmt: skip
    left, solved = without_equations(bounds)
    assert [b.terms for b in left] == [terms(a=1, b=1, c=1), terms(a=1, b=1)]
    assert [(b.low, b.high, b.figure) for b in left] == [(1, 2, 0), (3, None, 1)]
    assert put_in(terms(all=2, a=-2, x=1), solved) == terms(b=2, c=2, x=1)


def test_an_equation_that_says_nothing_new_leaves_nothing():
    """v = e - b and v = v1 + v2, where e, b, v1 and v2 are made of the same lines."""
    bounds = [
        bound(*NIL, e=1, b=-1, v=-1), bound(*NIL, e1=1, e2=1, e=-1), bound(*NIL, b1=1, b2=1, b=-1),
        bound(*NIL, e1=1, b1=-1, v1=-1), bound(*NIL, e2=1, b2=-1, v2=-1),
        bound(*NIL, v1=1, v2=1, v=-1), bound(Fraction(0), None, 0, v=1),
    ]  # fmt: skip
    [left], _ = without_equations(bounds)
    assert left.terms == terms(e1=1, e2=1, b1=-1, b2=-1)


def test_only_what_always_holds_and_is_nil_is_an_equation():
    exact = [
        bound(*NIL, 0, x=1, y=-1),
        bound(Fraction(1), Fraction(1), x=1),
        bound(Fraction(0), None, x=1),
    ]
    assert without_equations(exact) == (exact, {})
    # an unknown that is always nil is gone
    assert without_equations([bound(*NIL, x=1), bound(*NIL, 0, x=1, y=1)])[0][0].terms == terms(y=1)

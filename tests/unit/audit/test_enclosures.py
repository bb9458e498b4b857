"""Between which ends sums lie by what is printed, and which sign that gives a percentage."""

from fractions import Fraction

import pandas as pd
import pytest

from bcf_model.audit.bounds import Bound
from bcf_model.audit.enclosures import Enclosures, by_size, sign_of
from bcf_model.audit.statements import Paper, Statement


def terms(**factors: int) -> dict[tuple[str, str], Fraction]:
    return {("", name): Fraction(factor) for name, factor in factors.items()}


def amount(place: int, low: int, high: int, quantity: str = "", sums=(), **factors) -> Statement:
    """Give a print of a sum: of the quantity alone, unless the factors say otherwise."""
    of = terms(**factors) if factors else terms(**{quantity: 1})
    return Statement(place, quantity, Fraction(low), Fraction(high), of, sums=sums)


def percentage(low: int, high: int, divided: dict, base: dict) -> Statement:
    return Statement(9, "p", Fraction(low), Fraction(high), divided, base)


def of(*statements: Statement, facts: tuple[Bound, ...] = ()) -> Enclosures:
    return Enclosures(Paper(pd.DataFrame(), statements, facts))


A, B = amount(0, 9, 11, "a"), amount(1, 19, 22, "b")

# ------------------------------------------------------------------ sums


def test_a_sum_is_looked_up_as_printed_or_part_by_part():
    enclosed = of(A, B, amount(2, 28, 29, "t", a=1, b=1))
    assert enclosed.of_sum(terms(a=1, b=1)) == (28, 29)
    # 9 − 22 to 11 − 19; and 2 × 9 + 3 × 19 to 2 × 11 + 3 × 22
    assert enclosed.of_sum(terms(a=1, b=-1)) == (-13, -8)
    assert enclosed.of_sum(terms(a=2, b=3)) == (75, 88)
    assert enclosed.of_sum({}) == (0, 0)
    assert enclosed.of_sum(terms(a=1, x=1)) is None


def test_several_prints_of_one_sum_narrow_it():
    assert of(amount(0, 9, 11, "a"), amount(1, 10, 14, "a")).of_sum(terms(a=1)) == (10, 11)
    assert of(amount(0, 10, 14, "a"), amount(1, 9, 11, "a")).of_sum(terms(a=1)) == (10, 11)
    assert of(amount(0, 9, 11, "a"), amount(1, 11, 14, "a")).of_sum(terms(a=1)) == (11, 11)


def test_of_two_prints_that_have_nothing_in_common_all_between_them_may_be():
    assert of(amount(0, 9, 11, "a"), amount(1, 13, 14, "a")).of_sum(terms(a=1)) == (9, 14)
    assert of(amount(0, 13, 14, "a"), amount(1, 9, 11, "a")).of_sum(terms(a=1)) == (9, 14)


def test_what_always_holds_is_known_too_where_it_has_both_ends():
    one = terms(a=1)
    assert of(facts=(Bound(one, Fraction(3), Fraction(4)),)).of_sum(one) == (3, 4)
    assert of(facts=(Bound(one, Fraction(3), None),)).of_sum(one) is None
    assert of(facts=(Bound(one, None, Fraction(4)),)).of_sum(one) is None


def test_a_percentage_says_nothing_of_an_amount():
    assert of(percentage(1, 2, terms(a=1), terms(b=1))).of_sum(terms(a=1)) is None


# ------------------------------------------------------------------ printed quantities


def test_of_quantities_added_up_and_taken_away():
    enclosed = of(A, B)
    assert enclosed.of_parts(((1, "a"), (1, "b"))) == (28, 33)
    assert enclosed.of_parts(((1, "b"), (-1, "a"))) == (8, 13)
    assert enclosed.of_parts(((1, "a"), (1, "x"))) is None
    assert enclosed.of_parts(()) == (0, 0)


def test_the_finer_print_of_a_quantity_counts():
    coarse, fine = amount(0, 0, 20, "a"), amount(1, 9, 10, "a")
    for two in ((coarse, fine), (fine, coarse)):
        assert of(*two).of_parts(((1, "a"),)) == (9, 10)
    # as fine as each other: the first
    assert of(amount(0, 1, 3, "a"), amount(1, 2, 4, "a")).of_parts(((1, "a"),)) == (1, 3)
    # far from nil and wide, near to nil and narrow, below it and above
    for wide, narrow in (((90, 99), (8, 9)), ((-99, -90), (-9, -8)), ((8, 19), (97, 99))):
        two = amount(0, *wide, "a"), amount(1, *narrow, "a")
        assert of(*two).of_parts(((1, "a"),)) == narrow


def test_what_else_a_quantity_could_be_worked_out_from():
    enclosed = of(amount(2, 0, 1, "v", sums=(((1, "e"), (-1, "b")), ((1, "x"), (1, "y")))))
    assert enclosed.sums_of("v") == [((1, "e"), (-1, "b")), ((1, "x"), (1, "y"))]
    assert enclosed.sums_of("e") == [((1, "v"), (1, "b"))]  # e = v + b
    assert enclosed.sums_of("b") == [((-1, "v"), (1, "e"))]  # b = e − v
    assert enclosed.sums_of("y") == [((1, "v"), (-1, "x"))]
    assert enclosed.sums_of("other") == []


# ------------------------------------------------------------------ signs


@pytest.mark.parametrize(
    ("ends", "sign"),
    [
        (None, 0), ((-1, 1), 0), ((0, 1), 0), ((-1, 0), 0), ((0, 0), 0),
        ((Fraction(1, 9), 1), 1), ((1, 2), 1), ((-2, -1), -1), ((-1, Fraction(-1, 9)), -1),
    ],
)  # fmt: skip
def test_the_sign_of_what_lies_between_two_ends(ends, sign):
    assert sign_of(ends) == sign


# ------------------------------------------------------------------ percentages


SIGNS = {-1: (-9, -8), 1: (8, 9), 0: (-1, 1)}


def printed(divided: int, base: int) -> Enclosures:
    return of(amount(0, *SIGNS[divided], "v"), amount(1, *SIGNS[base], "b"))


@pytest.mark.parametrize(
    ("rate", "divided", "base", "is_by_size"),
    [
        (1, 1, -1, True),  # an overspend of an income, told as an overspend
        (-1, -1, -1, True),
        (1, -1, -1, False),
        (-1, 1, -1, False),
        (0, 0, -1, False),  # nil tells nothing
        (0, 1, -1, False),
        (1, 0, -1, False),
        (1, 1, 1, False),
        (1, 1, 0, False),
    ],
)
def test_a_percentage_may_be_of_the_size_of_a_negative_base(rate, divided, base, is_by_size):
    one = percentage(*SIGNS[rate], terms(v=1), terms(b=1))
    assert by_size(one, printed(divided, base)) is is_by_size


def test_an_amount_is_no_percentage_of_a_size():
    assert by_size(A, of(A)) is False

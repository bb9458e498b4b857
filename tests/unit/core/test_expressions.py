"""The small language: each node in its three readings."""

from fractions import Fraction

import numpy as np
import pytest

from bcf_model.core.expressions import (
    NIL,
    AddedUp,
    Column,
    Counted,
    Decimals,
    Differs,
    Expression,
    FoundBy,
    If,
    InRow,
    Joined,
    Known,
    Named,
    NumberIn,
    PartOf,
    Product,
    Quotient,
    Rounded,
    Sum,
    Total,
    WhereAboveNil,
    Whole,
    Written,
    added,
    evaluate,
    formula,
    of_row,
    replaced,
    size_of,
    to_the_penny,
    unrounded,
    with_decimals,
    words,
)
from bcf_model.core.money import rounded

A, B, C = Column("a"), Column("b"), Column("c")


@pytest.mark.parametrize(
    ("expression", "printed", "told"),
    [
        (A, "a", "a"),
        (Column("total_weight"), "total_weight", "total weight"),
        (Total("a"), "a", "sum of a"),
        (
            Total("my_weight", sharing="the_pot"),
            "my_weight",
            "sum of my weight over the rows of the same the pot",
        ),
        (
            Total("a", sharing="pot", up_to="its_place"),
            "a",
            "sum of a over the rows of the same pot, up to this its place",
        ),
        (
            Total("a", sharing="pot", sign=1),
            "a",
            "sum of a over the rows of the same pot, of amounts above nil",
        ),
        (
            Total("a", sharing="pot", sign=-1),
            "a",
            "sum of a over the rows of the same pot, of amounts below nil",
        ),
        (A + B, "a+b", "a + b"),
        (A - B, "a-b", "a − b"),
        (A - (B - C), "a-(b-c)", "a − (b − c)"),
        (A - B - C, "a-b-c", "a − b − c"),
        (A + B * C, "a+b*c", "a + b × c"),
        ((A + B) * (B - C), "(a+b)*(b-c)", "(a + b) × (b − c)"),
        (A * B * C, "a*b*c", "a × b × c"),
        (Quotient(A, B), "ROUND(a/b,2)", "a ÷ b, rounded to the penny"),
        (Quotient(A * C, B), "ROUND(a*c/b,2)", "a × c ÷ b, rounded to the penny"),
        (Quotient(A + C, B), "ROUND((a+c)/b,2)", "(a + c) ÷ b, rounded to the penny"),
        (Quotient(A, B * C), "ROUND(a/(b*c),2)", "a ÷ (b × c), rounded to the penny"),
        (Quotient(A, B + C), "ROUND(a/(b+c),2)", "a ÷ (b + c), rounded to the penny"),
        (Quotient(A, B, 6), "ROUND(a/b,6)", "a ÷ b, rounded to 6 decimals"),
        (
            Quotient(A, B) - Quotient(C, B),
            "ROUND(a/b,2)-ROUND(c/b,2)",
            "a ÷ b, rounded to the penny − (c ÷ b, rounded to the penny)",
        ),
        (WhereAboveNil(B, A), 'IF(b>0,a,"")', "a; blank unless b is above nil"),
    ],
)
def test_printed_and_told(expression, printed, told):
    assert formula(expression, lambda leaf: leaf.name) == printed
    assert words(expression) == told


VALUES = {"a": [7, -7, 5, 0], "b": [2, 2, -10, 3], "c": [1, 10, 100, 1000]}


def found(expression: Expression) -> list:
    return evaluate(expression, lambda leaf: np.array(VALUES[leaf.name])).tolist()


def test_evaluated():
    assert found(A + B) == [9, -5, -5, 3]
    assert found(A - B) == [5, -9, 15, -3]
    assert found(A - (B - C)) == [6, 1, 115, 997]
    assert found(A * B) == [14, -14, -50, 0]
    # 3.5 → 4, −3.5 → −4, −0.5 → −1: a half goes away from nil
    assert found(Quotient(A, B)) == [4, -4, -1, 0]
    assert found(Quotient(A, C, 6)) == [7.0, -0.7, 0.05, 0.0]


def test_on_draws_a_quotient_is_not_rounded():
    draws = {"a": np.array([7.0, -7.0]), "b": np.array([2.0, 2.0]), "c": np.array([10.0, 4.0])}
    assert unrounded(Quotient(A * B, C), of_row(draws)).tolist() == pytest.approx([1.4, -3.5])
    parts = Quotient(A * B, C) - Quotient(A * (B - Whole(1)), C)
    assert unrounded(parts, of_row(draws)).tolist() == pytest.approx([0.7, -1.75])


def test_blank_where_the_test_is_not_above_nil():
    rate = WhereAboveNil(Column("b"), Quotient(Column("a"), Column("b"), 6))
    values = {"a": [1, 1, 1], "b": [4, 0, -4]}
    result = evaluate(rate, lambda leaf: np.array(values[leaf.name]))
    assert result[0] == 0.25
    assert np.isnan(result[1:]).all()


@pytest.mark.parametrize("reading", [evaluate, formula])
def test_what_is_no_expression_is_the_programs_fault(reading):
    with pytest.raises(AssertionError):
        reading(Expression(), lambda leaf: leaf.name)
    with pytest.raises(AssertionError):
        words(Expression())


def test_operators_make_nodes():
    assert Sum(A, B, 1) == A + B
    assert Sum(A, B, -1) == A - B
    assert Product(A, B) == A * B


@pytest.mark.parametrize(("left", "right", "differs"), [("a", "b", 1), ("a", "a", 0)])
def test_two_texts_that_differ(left, right, differs):
    both = Differs(InRow("t", "name", 0), right)
    assert evaluate(both, lambda _: left) == differs
    assert formula(both, lambda _: "$A$1") == f'IF($A$1="{right}",0,1)'
    assert words(both) == f'one where name is not "{right}", else nil'


def test_a_choice_by_whether_two_differ_prints_what_is_chosen_where_they_are_the_same_first():
    choice = If(Differs(A, B), "moved", "as it was")
    assert formula(choice, lambda leaf: leaf.name) == 'IF(a=b,"as it was","moved")'
    assert words(choice) == '"as it was" if a is b, else "moved"'
    assert evaluate(choice, lambda _: np.int64(1)) == "as it was"


def test_whole_pence_are_rounded_as_they_are():
    assert evaluate(Rounded(A), lambda _: np.int64(7)) == 7
    assert formula(Rounded(A + B), lambda leaf: leaf.name) == "ROUND(a+b,2)"
    assert words(Rounded(A + B)) == "a + b"


def test_a_sum_of_several_is_one_function_of_one_is_itself_and_of_none_is_nil():
    assert added([A, B]) == AddedUp((A, B))
    assert (added([A]), added([])) == (A, NIL)
    assert evaluate(added([A, B, A]), of_row({"a": 2, "b": 5})) == 9
    assert formula(added([A, B]), lambda leaf: leaf.name) == "SUM(a,b)"
    assert words(added([A, B])) == "the sum of a, b"


@pytest.mark.parametrize(
    ("amount", "decimals", "of", "written"),
    [
        (125_000_000, 1, 10**6, "1.3"),  # £1.25m: a half is one
        (123_456, 2, 1, "1,234.56"),
        (-50, 0, 1, "-1"),
    ],
)
def test_an_amount_is_written_as_a_workbook_writes_it(amount, decimals, of, written):
    assert evaluate(Written(A, decimals, of), lambda _: amount) == written


def test_how_a_workbook_writes_an_amount():
    assert formula(Written(A, 2), lambda leaf: leaf.name) == "FIXED(a,2)"
    assert formula(Written(A, 1, 10**6), lambda leaf: leaf.name) == "FIXED(ROUND(a,-5)/1000000,1)"
    assert words(Written(A, 1, 10**6)) == "a with 1 decimals, in units of 1,000,000"


def test_texts_that_are_joined():
    said = Joined(("by ", Written(A, 0), If(A, " more", " less")))
    assert evaluate(said, lambda _: np.int64(700)) == "by 7 more"
    assert formula(said, lambda _: "x") == '"by "&FIXED(x,0)&IF(x>0," more"," less")'
    assert (
        words(said) == '"by ", then a with 0 decimals, then " more" if a is above nil, else " less"'
    )


@pytest.mark.parametrize(("held", "known"), [(np.int64(0), 1), ("not stated", 0)])
def test_a_text_is_no_number(held, known):
    assert evaluate(Known(A), lambda _: held) == known
    assert formula(Known(A), lambda _: "B5") == "COUNT(B5)"
    assert words(Known(A)) == "one where a is known, else nil"


@pytest.mark.parametrize(("held", "number"), [("not given", 0), (-3, -3)])
def test_a_text_counts_as_nil_where_a_number_is_asked_for(held, number):
    assert evaluate(NumberIn(A), lambda _: held) == number
    assert formula(NumberIn(A), lambda _: "B5") == "N(B5)"
    assert words(NumberIn(A)) == "a, nil where it is no number"


def test_a_cell_found_by_the_text_above_it():
    row = {"amounts": [3, 4], "years": ["2024/25", "2025/26"], "chosen": "2025/26"}
    found = FoundBy(Named("amounts"), Named("chosen"), Named("years"))
    assert evaluate(found, lambda leaf: row[leaf.name]) == row["amounts"][1]
    assert formula(found, lambda leaf: leaf.name) == "INDEX(amounts,1,MATCH(chosen,years,0))"
    assert words(found) == "what of amounts stands where chosen stands in years"


def test_a_difference_is_rounded_to_the_decimals_it_is_looked_at_with():
    assert formula(Rounded(A, 6), lambda leaf: leaf.name) == "ROUND(a,6)"


@pytest.mark.parametrize(
    ("decimals", "pence", "comes_to"),
    [(2, Fraction(5, 2), 3), (3, Fraction(1, 8), Fraction(1, 10)), (0, Fraction(14_951), 15_000)],
)
def test_pence_are_rounded_to_decimals_of_pounds(decimals, pence, comes_to):
    """As a workbook does: 0.125p is £0.00125, and £0.001 to three decimals; £149.51 is £150."""
    found = with_decimals(Rounded(A, decimals), of_row({"a": pence}), rounded)
    assert found == comes_to


def test_whole_pence_are_rounded_to_whole_pounds():
    row = {"a": np.array([14_950, -14_950, 14_949])}
    assert evaluate(Rounded(A, 0), of_row(row)).tolist() == [15_000, -15_000, 14_900]
    assert evaluate(Rounded(A, 6), of_row(row)).tolist() == row["a"].tolist()


def test_a_number_with_decimals():
    assert evaluate(Decimals("0.005"), lambda _: 0) == 0.005
    assert formula(A - Decimals("0.005"), lambda leaf: leaf.name) == "a-0.005"
    assert words(Decimals("0.005")) == "0.005"


def test_parts_for_which_others_stand():
    before = Total("a", above=True)
    found = replaced(PartOf(before, A) + B, {before: InRow("t", "a", 3)})
    assert found == PartOf(InRow("t", "a", 3), A) + B
    chosen = If(A, "more", added([A, B]))
    assert replaced(chosen, {A: Named("x")}) == If(Named("x"), "more", added([Named("x"), B]))


@pytest.mark.parametrize("once", [A, NIL - A, Quotient(A, B), Counted("x", "holds")])
def test_what_is_to_the_penny_is_not_rounded_again(once):
    assert to_the_penny(once) == once
    assert to_the_penny(once + B) == Rounded(once + B)


@pytest.mark.parametrize("amount", [-3, 0, 3])
def test_the_size_of_an_amount(amount):
    assert evaluate(size_of(A), lambda _: amount) == abs(amount)

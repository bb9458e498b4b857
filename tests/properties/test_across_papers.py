"""What holds of any numbers set side by side, whatever papers print."""

from fractions import Fraction

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.audit.across import AGREE, TWO_THINGS, pairs
from bcf_model.checks.quantities import worked
from bcf_model.intake.drafts import Draft, Drafts
from tests.make.across import papers, quantities

prints = st.tuples(st.integers(-9999, 9999), st.integers(0, 2))


def written(number: int, decimals: int) -> str:
    return f"{number / 10**decimals:.{decimals}f}"


@given(prints, prints)
def test_two_prints_of_one_thing_agree_exactly_when_their_intervals_meet(one, other):
    """In units of a hundredth of the smallest step, each print is its number and half a step."""
    ends = [(100 * n * 10 ** (2 - d), 50 * 10 ** (2 - d)) for n, d in (one, other)]
    (first, half), (second, other_half) = ends
    texts = [written(*it) for it in (one, other)]
    printed = papers(*[("a", text, "thousands") for text in texts])
    [pair] = pairs(printed, quantities(("a", "scc", "2019-20")))
    assert (pair.verdict == AGREE) == (abs(first - second) <= half + other_half)


@given(st.lists(prints, min_size=1, max_size=4), prints)
def test_another_perimeter_changes_nothing_and_adds_no_money(numbers, more):
    """What was said of the others stands, and of the new one only that it is another thing."""
    named = [(f"q{i}", written(*it), "thousands") for i, it in enumerate(numbers)]
    stated = quantities(*[(name, "scc", "2019-20") for name, _, _ in named])
    before = pairs(papers(*named), stated)
    beside = quantities(("new", "another perimeter", "2019-20"))
    after = pairs(
        papers(*named, ("new", written(*more), "thousands")),
        pd.concat([stated, beside], ignore_index=True),
    )
    told = [(it.one.code, it.other.code, it.verdict, it.reason) for it in after]
    assert [it for it in told if it[1] != f"P{len(numbers) + 1}"] == [
        (it.one.code, it.other.code, it.verdict, it.reason) for it in before
    ]
    assert {it[2:] for it in told if it[1] == f"P{len(numbers) + 1}"} == {
        (TWO_THINGS, "another perimeter")
    }


PERIMETERS = ("scc", "ccg", "not stated")
stated_parts = st.lists(
    st.tuples(st.sampled_from("+-"), prints, st.sampled_from(PERIMETERS)), min_size=2, max_size=4
)


@given(stated_parts, st.sampled_from(PERIMETERS))
def test_amounts_of_two_perimeters_are_never_added_nor_one_taken_from_the_other(parts, own):
    """A sum is refused, or is of amounts of its own perimeter: then it is what they come to."""
    signs = ["+", *(sign for sign, _, _ in parts[1:])]
    names = [f"q{i}" for i in range(len(parts))]
    worked_from = " ".join(f"{sign} stated/{it}" for sign, it in zip(signs, names, strict=True))
    stated = quantities(
        *((name, of, "2019-20") for name, (_, _, of) in zip(names, parts, strict=True)),
        ("sum", own, "2019-20", "", worked_from.removeprefix("+ ")),
    )
    numbers = [written(*number) for _, number, _ in parts]
    printed = papers(*((name, it, "thousands") for name, it in zip(names, numbers, strict=True)))
    drafts = Drafts({"published": draft(printed), "quantities": draft(stated)})
    refused = [(it.code, it.column) for it in worked(drafts)]
    if {of for _, _, of in parts} != {own} or own == "not stated":
        assert refused == [("BCF606", "worked_from")]
        return
    assert refused == []
    [sums] = {it.other.number.middle for it in pairs(printed, stated) if it.other.place is None}
    pence = [Fraction(it) * 100_000 for it in numbers]
    assert sums == sum(it if sign == "+" else -it for sign, it in zip(signs, pence, strict=True))


def draft(frame):
    """Read a table as it would be read of a file."""
    cells = {name: frame[name].tolist() for name in frame}
    return Draft("", "", tuple(range(2, len(frame) + 2)), cells, cells, frozenset())

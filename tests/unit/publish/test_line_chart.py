"""Lines over months: what is drawn lies where the numbers say, and words do not run into others."""

import re
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from bcf_model.publish.line_chart import DASHED, LEAST, RINGED, SOLID, Series, apart, lines

MONTHS = tuple("AMJJASONDJFM")
NUMBERS = st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), min_size=12, max_size=12)
KNOWN = NUMBERS.filter(lambda it: any(number is not None for number in it))


def series(numbers: list[int | None], style: str, name: str = "a") -> Series:
    return Series(name, numbers, ["" if it is None else str(it) for it in numbers], style)


@given(st.lists(KNOWN, min_size=1, max_size=3))
def test_a_chart_is_sound_and_higher_numbers_are_higher(several: list[list[int | None]]) -> None:
    styles = (SOLID, DASHED, RINGED)
    drawn = [series(it, style) for it, style in zip(several, styles, strict=False)]
    root = ElementTree.fromstring(lines("c", "Stays & days", "In words", drawn, MONTHS))
    assert [it.tag for it in root[:2]] == ["title", "desc"]
    paths = [it for it in root.iter() if it.tag == "polyline"]
    assert len(paths) == len(drawn)
    places = []
    for path, numbers in zip(paths, several, strict=True):
        known = [it for it in numbers if it is not None]
        points = [tuple(map(float, it.split(","))) for it in path.get("points", "").split()]
        assert len(points) == len(known), "a month without a number has no point"
        places += [(number, y) for number, (_, y) in zip(known, points, strict=True)]
        assert all(left < right for (left, _), (right, _) in pairwise(points))
    places.sort()
    assert all(below >= above for (_, below), (_, above) in pairwise(places))


@given(st.lists(st.floats(0, 150), min_size=1, max_size=4))
def test_words_above_each_other_can_be_read(places: list[float]) -> None:
    moved = apart(sorted(places), 150)
    assert all(lower - upper >= LEAST - 1e-9 for upper, lower in pairwise(moved))
    assert moved[-1] <= 150 or len(moved) * LEAST > 150


def test_a_line_that_ends_early_says_in_which_month() -> None:
    numbers = [3, 4, *[None] * 10]
    text = lines("c", "t", "d", [series(numbers, RINGED, "actual")], MONTHS)
    assert ">4 actual, M</text>" in text
    assert len(re.findall("<circle", text)) == 2

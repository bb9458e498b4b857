"""Charts: bars where they belong, words that fit, and nothing a browser could misread."""

import re
from xml.etree import ElementTree

import pytest

from bcf_model.publish.charts import (
    NARROWEST,
    Bar,
    Block,
    bars_in_words,
    draw,
    ems,
    in_words,
    wrapped,
)


def block(heading: str, pence: int, remark: str = "1.0%") -> Block:
    amount = f"({-pence})" if pence < 0 else str(pence)
    return Block(heading, remark, (Bar("", pence, amount),))


def bars(svg: str) -> list[tuple[str, float, float]]:
    """Each bar: its class, where it starts and how wide it is, in percent."""
    found = re.findall(r'<rect class="(\w+)" x="([\d.]+)%" y="\d+" width="([\d.]+)%"', svg)
    return [(way, float(x), float(width)) for way, x, width in found]


def test_an_overspend_runs_right_of_the_zero_line_and_an_underspend_left_of_it():
    svg = draw("c", "Title", "Words", [block("A", 300), block("B", -100)])
    (over, start, width), (under, left, other) = bars(svg)
    assert (over, under) == ("over", "under")
    assert left == 0
    assert left + other == pytest.approx(start, abs=0.02)  # both touch the zero line
    assert width == pytest.approx(3 * other, abs=0.05)  # one scale


def test_nothing_is_drawn_for_nil_and_something_for_a_penny():
    svg = draw("c", "Title", "Words", [block("A", 0), block("B", 1), block("C", 10**14)])
    (_, _, penny), (_, start, all_of_it) = bars(svg)
    assert penny > 0
    assert start + all_of_it < 100


@pytest.mark.parametrize("amounts", [[0, 0], [5], [-5], [-7, -3], []])
def test_every_pool_can_be_drawn(amounts: list[int]):
    blocks = [block(str(amount), amount) for amount in amounts]
    svg = draw("c", "Title", in_words(blocks, "£000", "0"), blocks)
    ElementTree.fromstring(svg)
    assert all(x >= 0 and x + width <= 100 for _, x, width in bars(svg))


def test_parts_are_never_stacked():
    parts = (Bar("Revenue", 900, "900"), Bar("Capital", -200, "(200)"))
    (_, start, _), (_, left, width) = bars(draw("c", "T", "W", [Block("SCC", "700 in all", parts)]))
    assert left + width == pytest.approx(start, abs=0.02)


def test_text_is_text_whatever_it_says():
    evil = "\"><img src=x> <script>alert('&')</script>"
    blocks = [Block(evil, evil, (Bar(evil, 1, evil),))]
    svg = draw("c", evil, bars_in_words(blocks, evil), blocks)
    kinds = {node.tag for node in ElementTree.fromstring(svg).iter()}
    assert kinds == {"svg", "title", "desc", "g", "text", "rect", "line"}
    assert "<img" not in svg


def test_the_words_name_the_largest_values():
    blocks = [block("Ongoing Care", 9414, "6.7%"), block("Grants", -2136, "no %"), block("X", 0)]
    assert in_words(blocks, "£000", "7,278") == (
        "One bar for each of 3, in £000: 1 over budget, 1 under, 1 on budget. "
        "Largest overspend: Ongoing Care, 9414 (6.7% of budget). "
        "Largest underspend: Grants, (2136). Total: 7,278."
    )


def test_a_tall_chart_is_drawn_in_parts_each_with_its_words():
    blocks = [block(f"Theme {number}", number) for number in range(40)]
    svg = draw("c", "Title", "Words", blocks)
    parts = [ElementTree.fromstring(part) for part in svg.split("\n")]
    names = [part.attrib["aria-labelledby"] for part in parts]
    assert len(parts) > 1 and len(set(names)) == len(names)
    assert all(part.find("title").text and part.find("desc").text for part in parts)
    assert sum(len(part.findall("g")) for part in parts) == 40


def test_long_names_are_broken_to_fit_the_narrowest_phone():
    for name in ("Preventing avoidable admissions and helping people " * 2, "W" * 80, "医" * 80):
        room = NARROWEST / 13 - 5
        assert all(ems(line) <= room for line in wrapped(name, room))
        assert "".join(wrapped(name, room)).replace(" ", "") == name.replace(" ", "")

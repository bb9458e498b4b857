"""Sheets as printed on any web page: cells, columns and row groups."""

import pytest

from bcf_model.publish.html_table import (
    Column,
    Line,
    Printed,
    column,
    line,
    number,
    of_number,
    only,
    row_groups,
    said_in,
    word,
)
from bcf_model.publish.page import Cell, Heading, Row, Style

EVIL = '"><script>alert(1)</script>'
HEADINGS = (Heading("Line", width=40), Heading("Remark", width=16), Heading("Amount", "number", 9))


def as_text(cell: Cell, heading: Heading) -> Printed:
    text = cell if isinstance(cell, str) else ""
    return Printed(text, "n") if heading.form == "number" else word(text, heading)


def printed(*cells: Cell, style: Style = "line") -> Line:
    return line(Row(style, cells), HEADINGS, as_text)


@pytest.mark.parametrize(
    ("value", "said"),
    [(100.0, "100"), (-0.5, "(0.5)"), (1234.56789, "1,234.56789"), (10**17 + 1, f"{10**17 + 1:,}")],
)
def test_numbers_are_as_short_as_they_are(value: float, said: str):
    assert number(value) == said


def test_numbers_have_as_many_decimals_as_are_asked_for():
    assert [number(it, 2) for it in (100, -0.5, 0.0)] == ["100.00", "(0.50)", "0.00"]


def test_what_is_below_nil_is_marked_and_no_other():
    assert [of_number(text) for text in ("(1)", "1", "0", "")] == ["n neg", "n", "n", "n"]


def test_a_cell_escapes_all_it_is_given():
    cell = Printed(EVIL, "n", figure=EVIL, words=EVIL, link="#w1")
    for markup in (cell.attributes, cell.shown, Printed(EVIL, mark=True).shown):
        assert "<script" not in markup and "&#34;&gt;" in markup


def test_a_cell_is_a_link_or_marked_only_where_it_is_said():
    assert Printed("5").shown == "5" and Printed("5").attributes == ""
    assert Printed("5", link="#w1").shown == '<a href="#w1">5</a>'
    assert Printed("", link="#w1").shown == ""
    assert Printed("invented", mark=True).shown == '<span class="unsure">invented</span>'


def test_a_short_word_is_never_broken_but_only_in_a_column_of_words():
    narrow, broad = Heading("Kind", width=20), Heading("Remark", width=21)
    assert word("fourteen chars", narrow).style == "s"
    assert [word(text, narrow).style for text in ("fifteen chars..", "")] == ["", ""]
    assert word("short", broad).style == ""
    assert word("short", Heading("Sum", "number", 9)).style == ""


def test_a_column_says_its_unit_and_its_room():
    assert column(Heading("Budget", "money", 9), "thousands") == Column("Budget", "£000", "n")
    assert column(Heading("Budget", "exact", 9), "thousands") == Column("Budget", "£", "n")
    assert column(Heading("%", "rate", 9), "thousands") == Column("%", "", "n")
    styles = [column(Heading("", width=width), "pounds").style for width in (17, 18, 35, 36)]
    assert styles == ["", "mid", "mid", "long"]


def test_a_row_has_a_cell_for_every_column_or_crosses_them_all():
    whole = printed("Theme 1", style="group")
    assert whole.spans and [cell.text for cell in whole.cells] == ["Theme 1"]
    part = printed("A", "b")
    assert not part.spans and [cell.text for cell in part.cells] == ["A", "b", ""]


def test_a_column_of_text_that_says_nothing_is_left_out_and_no_other():
    lines = [printed("A", "", None), printed("Crosses", style="group"), printed("", None, None)]
    assert said_in(HEADINGS, lines) == [0, 2]
    assert said_in(HEADINGS, [*lines, printed("A", "b")]) == [0, 1, 2]
    assert said_in(HEADINGS, []) == [0, 2]
    behind = Heading("Row", "number", 9, for_formulas=True)
    assert said_in((*HEADINGS[:1], behind), []) == [0]


def test_columns_are_kept_in_the_order_that_is_asked_for():
    kept = only(printed("A", "b", "3"), [2, 0], short={0})
    assert kept.cells == (Printed("3", "n"), Printed("A", "s"))
    crossing = printed("Crosses", style="group")
    assert only(crossing, [0, 2]) == crossing


def test_a_heading_under_a_group_belongs_to_it_and_a_total_stands_by_itself():
    styles: list[Style] = [
        "line", "group", "heading", "line", "heading", "line", "subtotal", "total",
        "group", "line", "total",
    ]  # fmt: skip
    groups = row_groups([printed("A", "b", style=style) for style in styles])
    assert [[it.style for it in group] for group in groups] == [
        ["line"],
        ["group", "heading", "line"],
        ["heading", "line", "subtotal"],
        ["total"],
        ["group", "line"],
        ["total"],
    ]
    assert row_groups([]) == ()

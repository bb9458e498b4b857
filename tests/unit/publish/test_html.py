"""The web page of any report: the parts that it has, and how its tables are laid out."""

from bcf_model.publish.document import (
    Box,
    Document,
    Drawing,
    Head,
    KeyFigure,
    Printing,
    Proof,
)  # fmt: skip
from bcf_model.publish.html import page, section
from bcf_model.publish.page import Heading, Money, Number, Row, Sheet

EVIL = '"><script>alert(1)</script>'
HEADINGS = (Heading("Line", width=40), Heading("Remark", width=16), Heading("Amount", "money", 9))
FIRST = Sheet(
    "First page", f"{EVIL}: more", ("", EVIL), HEADINGS, (Row("line", (EVIL, "b", Money(-300))),)
)
SECOND = Sheet("Second", "Second", (), HEADINGS, (), opening=False)


def document(*pages: Sheet, printing: Printing | None = None, **parts: object) -> Document:
    """Make a report of a few pages, and of the parts given."""
    said = {"title": EVIL, "head": Head(EVIL, EVIL), "foot": EVIL, "tables": {}, **parts}
    return Document(
        name="report", workbook=bytes, pages=pages, printing=printing or Printing(), **said
    )


def test_a_table_without_a_caption_is_called_by_its_title():
    with_one, without = (
        page(document(FIRST, printing=Printing(plain=plain))) for plain in (False, True)
    )
    assert '<caption id="first-page-caption"><span>' in with_one and "more, £</span>" in with_one
    assert 'aria-labelledby="first-page-caption"' in with_one
    assert "<caption" not in without and 'aria-label="&#34;&gt;&lt;script' in without
    assert "<small>£</small>" in with_one and "<small>£</small>" not in without


def test_pages_are_listed_opening_ones_first_and_the_others_are_folded():
    found = page(document(FIRST, SECOND, printing=Printing(listed_short=True)))
    contents = found[found.index('<h2 id="contents">') : found.index("</nav>")]
    opening, _, reference = contents.partition("<h3>Reference, folded</h3>")
    assert '<a href="#first-page">' in opening and "more" not in opening
    assert '<a href="#second">Second</a>' in reference
    assert found.count("<details") == 1 and found.count("<section ") == 1
    alone = page(document(FIRST, listed=False))
    assert "Reference" not in alone and "<nav" not in alone and "<section>" in alone


def test_a_part_that_a_report_does_not_have_leaves_nothing():
    plain = page(document(FIRST))
    for mark in ('"board"', '"status"', '"headline"', '"position"', '"proof"', "<figure", "<dl"):
        assert mark not in plain.partition("</style>")[2], mark
    sum_of_all = KeyFigure("Sum", "5", "over", total=True)
    whole = page(
        document(
            FIRST,
            head=Head("T", "W", "The board", "Draft"),
            headline="On budget",
            key_figures=[Box("Keys", ["Said"], figures=[sum_of_all])],
            proof=Proof(3, 1),
            notes=Box("Not known", [EVIL]),
            about=Box("How to read", ["first"], {"Unit": ["one", "two"]}),
            drawings={"First page": [Drawing("Bars", "<svg></svg>", "up", "down", "cut")]},
        )
    )
    for said in (
        '<p class="board">The board</p>', '<p class="status">Draft</p>', ">On budget</p>",
        '<div class="sum"><dt>Sum</dt><dd><b>5</b> <span>over</span></dd></div>', "<p>Said</p>",
        "All 3 checks hold", "One warning about the data",
        "<dt>Unit</dt>\n<dd>one</dd>\n<dd>two</dd>",
        "<figure>\n<figcaption><b>Bars</b> <span><i class=\"over\"></i>up</span> "
        "<span><i></i>down</span> <span>cut</span></figcaption>\n<svg></svg>\n</figure>",
    ):  # fmt: skip
        assert said in whole, said
    assert "<script" not in whole


def test_drawings_stand_where_they_belong():
    drawings = [
        Drawing(place, "<svg></svg>", place=place) for place in ("beside", "below", "above")
    ]
    found = page(document(FIRST, drawings={"First page": [*drawings, drawings[0]]}))
    order = [
        found.index(f"<figcaption>{place}") if place != "<table" else found.index(place)
        for place in ("above", "<table", "below", "beside")
    ]
    assert order == sorted(order)
    assert found.count("<figcaption>beside") == 2 and found.count('<div class="years">') == 1


def test_what_is_below_nil_is_marked_in_the_unit_of_the_report_or_to_the_penny():
    headings = (Heading("Line"), Heading("Amount", "money"), Heading("Exact", "exact"))
    sheet = Sheet("P", "P", (), headings, (Row("line", ("a", Money(-123456), Money(123456))),))
    (group,) = section(sheet, Printing("thousands")).groups
    assert [(it.text, it.style) for it in group[0].cells[1:]] == [
        ("(1)", "n neg"),
        ("1,234.56", "n"),
    ]


def test_columns_are_laid_out_by_what_is_printed_in_them_where_that_is_asked():
    rows = tuple(Row("line", ("a", "short", Money(1))) for _ in range(31))
    sheet = Sheet("P", "P", (), HEADINGS, rows)
    plain, by_text = (section(sheet, Printing(by_text=it)) for it in (False, True))
    assert [it.text for it in plain.columns] == ["Line", "Remark", "Amount"]
    assert [it.text for it in by_text.columns] == ["Line", "Amount", "Remark"]
    assert (plain.style, by_text.style) == (None, " long")


def test_a_long_table_of_wide_columns_is_printed_on_landscape_pages():
    headings = tuple(Heading(str(i), "number", 30) for i in range(5))
    sheet = Sheet("P", "P", (), headings, (Row("line", tuple(map(Number, range(5)))),))
    assert section(sheet, Printing()).style == "wide"
    assert section(sheet, Printing(plain=True)).style is None
    assert section(sheet, Printing(by_text=True)).style == ""


def test_a_status_that_is_not_sure_is_marked():
    sheet = Sheet("P", "P", (), (Heading("Status"),), (Row("line", ("invented",)),))
    one, other = (
        section(sheet, Printing(unsure=it)).groups[0][0].cells[0] for it in (["invented"], ())
    )
    assert one.mark and not other.mark


def test_a_template_escapes_what_it_is_given_and_leaves_none_of_its_own_marks():
    found = page(document(FIRST, SECOND))
    assert "<script" not in found and "{{" not in found and "{%" not in found and "{#" not in found
    assert found.count("<style>") == 1 and ".why, .closed {" in found

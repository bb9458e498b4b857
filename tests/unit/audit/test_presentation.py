"""Signs, orders of subtraction, units and percentages: what a reader may misread."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bcf_model.audit.observations import Observation
from bcf_model.audit.presentation import Turned, as_meant, observations, read_turned
from bcf_model.audit.statements import Paper
from tests.make.audit_papers import Row, rate, read, row, total


def paper_of(*rows: Row) -> Paper:
    paper, findings = read(*rows)
    assert paper is not None, findings
    return paper


def said_of(*rows: Row) -> list[Observation]:
    return [*observations(*as_meant(paper_of(*rows)))]


def changes(*lines: tuple[str, str, str], **more: str) -> list[Row]:
    """Give lines of two years (X, Y) and a column of changes, Y less X as it is declared."""
    rows = []
    for n, (x, y, change) in enumerate(lines, start=1):
        rows += [
            row(f"x{n}", x, column="X"), row(f"y{n}", y, column="Y"),
            total(f"c{n}", change, f"y{n} - x{n}", column="Change", **more),
        ]  # fmt: skip
    return rows


REVERSED = (("10", "14", "(4)"), ("50", "41", "9"))  # X less Y
FITTING = ("10", "17", "7")

# ------------------------------------------------------------------ columns


def test_a_column_that_fits_only_the_other_way_is_turned_round():
    paper, turned = as_meant(paper_of(*changes(*REVERSED)))
    assert turned == (Turned("table 1", "Change", (2, 5), whole=True, read=True),)
    assert read_turned(turned) == {2, 5}
    # (4) is read as 4: 3.5 to 4.5 thousand, in pence
    assert (paper.by_place[2].low, paper.by_place[2].high) == (350_000, 450_000)
    assert (paper.by_place[5].low, paper.by_place[5].high) == (-950_000, -850_000)
    assert (paper.by_place[0].low, paper.by_place[0].high) == (950_000, 1_050_000)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        ([*REVERSED, FITTING], True),  # two against one
        ([REVERSED[0], FITTING], False),  # one against one: an exception
        ([*REVERSED, FITTING, FITTING], False),  # two against two
        ([*REVERSED, FITTING, FITTING, FITTING], False),
    ],
)
def test_a_column_is_turned_round_by_more_than_half_of_what_tells(lines, whole):
    paper, turned = as_meant(paper_of(*changes(*lines)))
    wrong_way = (
        tuple(range(2, 3 * len(lines), 3)) if whole else (2, 5)[: lines.count(REVERSED[1]) + 1]
    )
    assert turned == (Turned("table 1", "Change", wrong_way, whole=whole, read=whole),)
    assert read_turned(turned) == (set(wrong_way) if whole else set())
    assert (paper.by_place[2].low > 0) is whole


def test_one_figure_the_other_way_alone_is_left_as_it_is():
    assert as_meant(paper_of(*changes(REVERSED[0])))[1] == ()


def test_what_fits_both_ways_or_neither_tells_nothing():
    both, neither = ("10", "10", "0"), ("10", "14", "90")
    _, turned = as_meant(paper_of(*changes(both, neither, REVERSED[0])))
    assert turned == ()
    _, turned = as_meant(paper_of(*changes(both, neither, *REVERSED)))
    assert turned == (Turned("table 1", "Change", (2, 5, 8, 11), whole=True, read=True),)


@pytest.mark.parametrize(
    ("x", "y", "change", "is_turned"),
    # 39.5 to 40.5 less 9.5 to 10.5: 29 to 31, and (31) is (30.5) to (31.5)
    [("10", "40", "(31)", True), ("10", "40", "(32)", False),
     ("40", "10", "31", True), ("40", "10", "32", False),
     ("10", "40", "(29)", True), ("10", "40", "(28)", False)],
)  # fmt: skip
def test_what_only_touches_fits(x, y, change, is_turned):
    _, turned = as_meant(paper_of(*changes((x, y, change), REVERSED[1])))
    assert bool(turned) is is_turned


def test_a_total_is_no_difference():
    """Lines that contradict their total the other way round are no habit of a column."""
    rows = [row("a", "10"), row("b", "20")]
    rows += [total(f"t{i}", "(30)", "a + b", column="Total") for i in range(3)]
    assert as_meant(paper_of(*rows))[1] == ()


def test_of_several_sums_only_the_differences_tell_the_order():
    rows = [*changes(*REVERSED), total("c3", "(5)", "c1 + c2; y3 - x3", column="Change"),
            row("x3", "60", column="X"), row("y3", "55", column="Y")]  # fmt: skip
    _, turned = as_meant(paper_of(*rows))
    # c1 + c2 and y3 − x3 are (5) as declared, and so is c3
    assert turned == (Turned("table 1", "Change", (2, 5, 6), whole=True, read=True),)


def test_columns_of_two_tables_are_looked_at_apart():
    rows = [*changes(REVERSED[0]), *[
        r | {"published_id": r["published_id"] + "z", "source": "table 2 row 1",
             "sum_of": "y1z - x1z" if "sum_of" in r else ""}
        for r in changes(REVERSED[0])
    ]]  # fmt: skip
    assert as_meant(paper_of(*rows))[1] == ()


# ------------------------------------------------------------------ words


WORDS = {"column": "text", "source": "paragraph 1", "label": "underspend"}


def test_a_number_in_words_is_read_with_the_sign_of_the_tables():
    rows = [row("v", "(27)"), row("s", "27", figure="v") | WORDS]
    paper, turned = as_meant(paper_of(*rows))
    assert turned == (Turned("paragraph 1", "text", (1,), whole=False, read=True),)
    assert (paper.by_place[1].low, paper.by_place[1].high) == (-2_750_000, -2_650_000)
    [said] = observations(paper, turned)
    assert said.sentence == (
        "s (paragraph 1: underspend) prints 27; by the tables its sign is the opposite. The words "
        "of the sentence must say which way it goes."
    )
    assert (said.kind, said.severity, said.places) == ("presentation", "low", (1,))


@pytest.mark.parametrize("rows", [
    [row("v", "27"), row("s", "27", figure="v") | WORDS],
    [row("v", "0"), row("s", "0", figure="v") | WORDS],
    [row("v", "(27)"), row("s", "30", figure="v") | WORDS],
    [row("s", "27", figure="v") | WORDS, row("s2", "(27)", figure="v") | WORDS],
])  # fmt: skip
def test_a_number_in_words_that_needs_no_turning(rows):
    assert as_meant(paper_of(*rows))[1] == ()


def test_words_may_tell_what_the_tables_print_only_the_parts_of():
    rows = [row("b", "100"), row("e", "73"), total("s", "27", "e - b") | WORDS]
    _, turned = as_meant(paper_of(*rows))
    assert turned == (Turned("paragraph 1", "text", (2,), whole=False, read=True),)


def test_a_percentage_in_words_is_left_alone():
    rows = [row("b", "100"), row("e", "73"), total("v", "(27)", "e - b"),
            rate("p", "27%", "v / b") | WORDS]  # fmt: skip
    assert as_meant(paper_of(*rows))[1] == ()


# ------------------------------------------------------------------ sentences on signs


def test_a_column_in_the_other_order_is_told_by_its_headings():
    [said] = said_of(*changes(*REVERSED))
    assert said.sentence == (
        "The column 'Change' of table 1 (c1 to c2, 2 figures) is printed in the other order of "
        "subtraction: 'X' less 'Y'. Its brackets mean the opposite of those in the other columns "
        "of differences, and a reader will take growth for reduction."
    )
    assert (said.kind, said.severity, said.places) == ("presentation", "medium", (2, 5))


def test_the_first_figure_printed_again_elsewhere_is_shown_beside():
    again = [row("d2", "(9)", figure="c2", source="table 3 row 1", column="Other"),
             row("d1", "4", figure="c1", source="table 3 row 2", column="Other")]  # fmt: skip
    [said] = said_of(*changes(*REVERSED), *again)
    assert said.sentence.endswith(
        "a reader will take growth for reduction. d2 (table 3 row 1: d2, Other) prints (9) for "
        "what c2 prints as 9."
    )


def test_exceptions_in_a_column_are_named():
    *_, said = said_of(*changes(REVERSED[0], FITTING, FITTING))
    assert said.sentence == (
        "In the column 'Change' of table 1, c1 fit the figures beside them only with the opposite "
        "sign; the other figures of the column fit as printed."
    )
    assert (said.severity, said.places) == ("medium", (2,))


def test_an_order_that_headings_do_not_tell_is_told_in_words():
    """Both years stand under one heading, or a difference has three parts."""
    one_heading = [
        r | {"column": "Amount"} if r["column"] == "Y" else r for r in changes(*REVERSED)
    ]
    one_heading = [r | {"column": "Amount"} if r["column"] == "X" else r for r in one_heading]
    [said] = said_of(*one_heading)
    assert ": what should be added is taken away, and the reverse. Its brackets" in said.sentence
    three = [
        r | {"sum_of": f"{r['sum_of']} + z"} if "sum_of" in r else r for r in changes(*REVERSED)
    ]
    [said] = said_of(*three, row("z", "0", column="Z"))
    assert ": what should be added is taken away, and the reverse. Its brackets" in said.sentence


def test_the_heading_is_that_of_the_first_table_print():
    again = [row("x1t", "10", figure="x1", source="para 9", column="text"),
             row("x1b", "10", figure="x1", source="table 2", column="Again")]  # fmt: skip
    [said] = said_of(again[0], *changes(*REVERSED), again[1])
    assert "'X' less 'Y'" in said.sentence


# ------------------------------------------------------------------ units


def test_a_number_in_another_unit_than_most_of_its_column():
    lines = [row("a", "10"), row("b", "20"), row("d", "5%")]
    [said] = said_of(*lines)
    assert said.sentence == (
        "d (table 1 row d: d, Budget) is printed as 5%, in %, in a column of £000 ('Budget')."
    )
    assert (said.kind, said.severity, said.places) == ("presentation", "low", (2,))


def test_without_a_majority_no_unit_is_the_usual_one():
    assert said_of(row("a", "10"), row("d", "5%")) == []
    assert said_of(row("d", "5%"), row("e", "6%"), row("a", "10"), row("b", "20")) == []
    # the next column is looked at all the same
    two = [row("a", "10"), row("d", "5%")]
    more = [row("f", "1", column="Z"), row("g", "2", column="Z"), row("h", "3%", column="Z")]
    assert [said.places for said in said_of(*two, *more)] == [(4,)]


def test_words_and_other_tables_are_no_part_of_a_column():
    lines = [row("a", "10"), row("b", "20")]
    assert said_of(*lines, row("d", "5%", source="table 2")) == []
    text = [row(f"s{i}", "1", column="text") for i in range(2)]
    assert said_of(*text, row("s", "5%", column="text")) == []


# ------------------------------------------------------------------ percentages


def percentages(*bases_and_rates: tuple[str, str, str], **more: str) -> list[Observation]:
    rows = []
    for n, (base, divided, printed) in enumerate(bases_and_rates):
        rows += [row(f"b{n}", base, column="B", **more), row(f"v{n}", divided, column="V", **more),
                 rate(f"p{n}", printed, f"v{n} / b{n}", **more)]  # fmt: skip
    return said_of(*rows)


def test_percentages_of_something_need_no_word():
    assert percentages(("200", "30", "15%"), ("200", "(30)", "(15%)"), ("200", "0", "0%")) == []


@pytest.mark.parametrize(
    ("printed", "divided", "means"),
    [
        ("120%", "(156)", "A percentage above nil here means an amount below nil."),
        ("(120%)", "156", "A percentage below nil here means an amount above nil."),
        ("120%", "156", "It is divided by the base without its sign; the paper should say so."),
        ("(120%)", "(156)", "It is divided by the base without its sign; the paper should say so."),
        ("1%", "(1)", "A percentage above nil here means an amount below nil."),
        ("(1%)", "1", "A percentage below nil here means an amount above nil."),
    ],
)
def test_a_percentage_of_a_negative_base(printed, divided, means):
    [said] = percentages(("(130)", divided, printed))
    assert said.sentence == (
        f"p0 (table 1 row p0: p0, %) prints {printed}, a percentage of a negative base. {means} It "
        "should be left out, or explained."
    )
    assert (said.kind, said.severity, said.places) == ("presentation", "low", (2,))


def test_a_percentage_of_nil_with_something_to_divide():
    [said] = percentages(("0", "3", "0%"))
    assert said.sentence == (
        "p0 (table 1 row p0: p0, %) prints 0%, of a base that is nil after rounding, though there "
        "is something to divide: no percentage has a meaning here, and none should be printed."
    )
    assert (said.severity, said.places) == ("low", (2,))


def test_percentages_of_nil_are_listed_by_table():
    said = percentages(("0", "0", "0%"), ("5", "1", "20%"), ("0", "0", "0%"))
    assert [one.sentence for one in said] == [
        "In table 1, 2 percentages are of a base of nil, and have no meaning: p0, p2. A dash or a "
        "blank would say so."
    ]
    assert (said[0].severity, said[0].places) == ("low", (2, 8))


def test_a_percentage_of_what_is_not_printed_is_passed_over():
    """b is only in words, as a sum of lines: nothing says what it is; the next is looked at."""
    paper = paper_of(row("v", "5"), row("b", "0"), rate("p", "0%", "v / b"), row("w", "0"),
                     rate("q", "0%", "w / b"))  # fmt: skip
    lost = replace(paper.by_place[2], base={("", "x"): Fraction(1)})
    kept = [lost if s.place == 2 else s for s in paper.statements]
    said = [*observations(replace(paper, statements=tuple(kept)), ())]
    assert [one.places for one in said if "nil" in one.sentence] == [(4,)]

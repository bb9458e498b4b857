"""One thing printed in two tables: where they differ, by how much, and whether it nets out."""

from dataclasses import replace

import pytest

from bcf_model.audit.cross_table import compared, net_differences, observations, table
from bcf_model.audit.observations import Observation
from bcf_model.audit.statements import Paper
from tests.make.audit_papers import Row, rate, read, row, total


def paper_of(*rows: Row) -> Paper:
    paper, findings = read(*rows)
    assert paper is not None, findings
    return paper


def again(code: str, printed: str, figure: str, **more: str) -> Row:
    """Print a figure again in the column Plan of table 2."""
    own = {"figure": figure, "source": f"table 2 row {code}", "column": "Plan"}
    return row(code, printed, **own | more)


def said_of(*rows: Row) -> list[Observation]:
    return [*observations(paper_of(*rows))]


A, B, C = row("a", "10"), row("b", "20"), row("c", "30")

# ------------------------------------------------------------------ what is compared


@pytest.mark.parametrize(
    ("printed", "differs"), [("10", False), ("11", False), ("12", True), ("9", False), ("8", True)]
)
def test_two_prints_differ_beyond_half_a_step_of_each(printed, differs):
    found = compared(paper_of(A, again("a2", printed, "a")))
    assert [[(p.one.place, p.other.place) for p in pairs] for pairs in found] == (
        [[(0, 1)]] if differs else []
    )


def test_a_finer_print_leaves_less_room():
    """10 is 9.5 to 10.5; 10.6 is 10.55 to 10.65."""
    [[pair]] = compared(paper_of(A, again("a2", "10.6", "a")))
    assert pair.difference == 60_000
    assert not pair.within_rounding


def test_columns_that_differ_are_shown_with_all_they_share():
    rows = [A, B, C, again("b2", "20", "b"), again("a2", "19", "a"), again("z", "1", "z")]
    [[first, second]] = compared(paper_of(*rows))
    assert (first.meaning, first.difference) == ("a", 900_000)
    assert (second.meaning, second.difference) == ("b", 0)


def test_percentages_and_second_prints_in_one_column_are_left_out():
    rows = [A, B, rate("p", "50%", "a / b", figure="r"),
            rate("p2", "90%", "a / b", figure="r", source="table 2 row 1")]  # fmt: skip
    assert compared(paper_of(*rows)) == []
    # within one column the first print counts: the other is no second table
    twice = row("a2", "99", figure="a")
    assert compared(paper_of(A, twice)) == []
    [[pair]] = compared(paper_of(A, twice, again("a3", "50", "a")))
    assert (pair.one.place, pair.other.place) == (0, 2)


def test_every_two_columns_are_compared_once():
    rows = [A, again("a2", "19", "a"), again("a3", "28", "a", source="table 3 row 1")]
    found = compared(paper_of(*rows))
    assert [(p.one.place, p.other.place) for [p] in found] == [(0, 1), (0, 2), (1, 2)]


def test_a_closing_budget_is_taken_for_the_budget():
    rows = [row("P1", "10", figure="budget/theme=1"),
            again("P2", "19", "closing_budget/theme=1"),
            again("P3", "5", "closing_budgets")]  # fmt: skip
    [[pair]] = compared(paper_of(*rows))
    assert pair.meaning == "budget/theme=1"
    [said] = said_of(*rows)
    assert said.severity == "medium"
    assert said.sentence.endswith(
        "P1: 10 (P1) and 19 (P2), +9. The difference is in £000. Either they report different "
        "things, and the paper should say which, or one of them is wrong."
    )


def test_a_print_of_the_same_figure_beside_one_of_another_is_no_certain_error():
    rows = [row("P1", "10", figure="budget/theme=1"), row("P2", "10", figure="budget/theme=2"),
            again("P3", "19", "closing_budget/theme=1"),
            again("P4", "19", "budget/theme=2")]  # fmt: skip
    [said] = said_of(*rows)
    assert said.severity == "medium"
    assert "Either they report different things" in said.sentence


# ------------------------------------------------------------------ totals and parts


def test_what_other_pairs_are_parts_of_is_a_total():
    rows = [A, B, total("t", "30", "a + b"),
            again("a2", "14", "a"), again("b2", "16", "b"), again("t2", "30", "t")]  # fmt: skip
    [pairs] = compared(paper_of(*rows))
    assert [(pair.meaning, pair.part) for pair in pairs] == [("a", True), ("b", True), ("t", False)]


def test_a_total_whose_parts_are_not_in_both_tables_counts_as_a_part():
    rows = [A, B, total("t", "30", "a + b"), again("t2", "40", "t")]
    [[pair]] = compared(paper_of(*rows))
    assert pair.part


def test_a_total_of_one_measure_beside_one_taken_for_it():
    rows = [row(f"P{n}", "10", figure=f"budget/theme={n}") for n in (1, 2)]
    rows += [total("P3", "20", "P1 + P2", figure="budget")]
    rows += [again(f"Q{n}", "14", f"closing_budget/theme={n}") for n in (1, 2)]
    [pairs] = compared(paper_of(*rows, again("Q3", "28", "closing_budget")))
    assert [pair.part for pair in pairs] == [True, True, False]


def test_what_has_no_lines_is_no_part_of_everything():
    paper = paper_of(A, B, again("a2", "14", "a"), again("b2", "16", "b"))
    without = tuple(
        replace(one, terms={}) if one.quantity == "b" else one for one in paper.statements
    )
    [pairs] = compared(replace(paper, statements=without))
    assert [(pair.meaning, pair.part) for pair in pairs] == [("a", True), ("b", True)]


# ------------------------------------------------------------------ sentences


def test_one_figure():
    [said] = said_of(A, again("a2", "19", "a", label="A again"))
    assert said.sentence == (
        "table 1, 'Budget', and table 2, 'Plan', print two values for the same thing in one "
        "figure, beyond rounding: a: 10 (a) and 19 (a2), +9. The difference is in £000. They "
        "cannot both be right."
    )
    assert (said.kind, said.severity, said.places) == ("cross-table", "high", (0, 1))


def test_differences_that_net_out():
    rows = [A, B, C, again("a2", "14", "a"), again("b2", "15", "b"), again("c2", "30", "c")]
    [said] = said_of(*rows)
    assert said.sentence == (
        "table 1, 'Budget', and table 2, 'Plan', print two values for the same thing in 2 of 3 "
        "figures, beyond rounding: a: 10 (a) and 14 (a2), +4; b: 20 (b) and 15 (b2), −5. "
        "In £000, +4 and −5 net out, within rounding. They cannot both be right."
    )
    assert said.places == (0, 3, 1, 4)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        # two parts, each half a step in each table: 2 in all
        ("16", "+4 and −4 net out, within rounding."),
        ("14", "+4 and −6 net out, within rounding."),
        ("13", "+4 and −7 do not net out: −3 in all."),
        ("25", "+9 and 0 do not net out: +9 in all."),
        ("21", None),  # one alone beyond rounding
    ],
)
def test_whether_differences_net_out(second, said):
    [one] = said_of(A, B, again("a2", "14", "a"), again("b2", second, "b"))
    assert f"in {2 if said else 1} of 2 figures" in one.sentence
    assert (f" In £000, {said}" in one.sentence) is bool(said)
    assert ("net out" in one.sentence) is bool(said)


def test_differences_below_nil_alone():
    [one] = said_of(A, B, again("a2", "6", "a"), again("b2", "16", "b"))
    assert " In £000, 0 and −8 do not net out: −8 in all." in one.sentence


def test_pence_apart_add_up_too():
    cents = {"unit": "pounds", "decimals": "2"}
    rows = [row(c, n) | cents for c, n in (("a", "1.00"), ("b", "2.00"))]
    rows += [again(f"{c}2", n, c) | cents for c, n in (("a", "1.02"), ("b", "1.98"))]
    [one] = said_of(*rows)
    assert " In £, +0.02 and −0.02 net out, within rounding." in one.sentence
    # four halves of a penny leave 2 pence, and not 3
    rows[2:] = [again(f"{c}2", n, c) | cents for c, n in (("a", "1.05"), ("b", "1.98"))]
    [one] = said_of(*rows)
    assert " In £, +0.05 and −0.02 do not net out: +0.03 in all." in one.sentence


def test_a_penny_counts():
    """+1, +5 and −3 pence: 3 in all, which six halves of a penny allow."""
    cents = {"unit": "pounds", "decimals": "2"}
    rows = [row(c, n) | cents for c, n in (("a", "1.00"), ("b", "2.00"), ("c", "3.00"))]
    changed = (("a", "1.01"), ("b", "2.05"), ("c", "2.97"))
    rows += [again(f"{c}2", n, c) | cents for c, n in changed]
    [one] = said_of(*rows)
    assert " In £, +0.06 and −0.03 net out, within rounding." in one.sentence


def test_a_total_does_not_count_twice():
    rows = [A, B, total("t", "30", "a + b"),
            again("a2", "14", "a"), again("b2", "27", "b"), again("t2", "41", "t")]  # fmt: skip
    [one] = said_of(*rows)
    assert "in 3 of 3 figures" in one.sentence
    assert "+11 and 0 do not net out: +11 in all." in one.sentence
    # one part alone beyond rounding, and its total, are not said to net out
    [one] = said_of(
        *rows[:3], again("a2", "14", "a"), again("b2", "20", "b"), again("t2", "34", "t")
    )
    assert "net out" not in one.sentence
    # the rounding of a total is no room for its parts: a and b leave 2, and are 3 apart
    [one] = said_of(
        *rows[:3], again("a2", "14", "a"), again("b2", "13", "b"), again("t2", "27", "t")
    )
    assert "+4 and −7 do not net out: −3 in all." in one.sentence


def test_a_number_in_words_is_named_by_its_place():
    words = again("a2", "19", "a", source="paragraph 4", column="text")
    [said] = said_of(A, words)
    assert said.sentence.startswith("table 1, 'Budget', and paragraph 4 print two values")


# ------------------------------------------------------------------ the table


def test_the_table_has_a_row_for_each_pair():
    rows = [A, B, total("t", "30", "a + b"),
            again("a2", "14.5", "a"), again("b2", "20", "b"), again("t2", "35", "t")]  # fmt: skip
    frame = table(paper_of(*rows))
    assert frame.to_dict("records") == [
        {"label": "a", "first_id": "a", "first_place": "table 1: Budget", "first_printed": "10",
         "second_id": "a2", "second_place": "table 2: Plan", "second_printed": "14.5",
         "unit": "thousands", "difference": 4.5, "level": "part", "verdict": "two values"},
        {"label": "b", "first_id": "b", "first_place": "table 1: Budget", "first_printed": "20",
         "second_id": "b2", "second_place": "table 2: Plan", "second_printed": "20",
         "unit": "thousands", "difference": 0, "level": "part", "verdict": "within rounding"},
        {"label": "t", "first_id": "t", "first_place": "table 1: Budget", "first_printed": "30",
         "second_id": "t2", "second_place": "table 2: Plan", "second_printed": "35",
         "unit": "thousands", "difference": 5, "level": "total", "verdict": "two values"},
    ]  # fmt: skip


def test_the_net_of_two_columns_is_that_of_their_parts():
    rows = [A, B, total("t", "30", "a + b"),
            again("a2", "14.5", "a"), again("b2", "18", "b"), again("t2", "35", "t")]  # fmt: skip
    net = net_differences(table(paper_of(*rows)))
    assert net == {("table 1: Budget", "table 2: Plan"): 2.5}


def test_a_paper_that_agrees_gives_an_empty_table_with_its_columns():
    frame = table(paper_of(A, again("a2", "10", "a")))
    assert len(frame) == 0
    assert frame.dtypes.astype(str)["difference"] == "float64"

"""Tiny papers in which the wrong figure is known."""

import pytest

from tests.make.audit_papers import audited, explanations, must_lie, rate, row, total

LINES = (row("a", "10"), row("b", "20"), row("c", "30"))


@pytest.mark.parametrize("printed", ["59", "60", "61"])
def test_a_total_within_rounding_of_its_lines_is_not_accused(printed):
    # three halves and half: the total of three rounded amounts may be up to 2 away from theirs
    audit = audited(*LINES, total("t", printed, "a + b + c"))
    assert explanations(audit) == []
    assert not audit.something_is_wrong
    assert len(audit.tables["audit"]) == 0


@pytest.mark.parametrize(("printed", "wrong"), [("62", False), ("63", True), ("57", True)])
def test_what_touches_an_end_is_no_contradiction(printed, wrong):
    """62 = 60 + 4 × 0.5 could have been, with every amount on its edge; 63 could not."""
    assert audited(*LINES, total("t", printed, "a + b + c")).something_is_wrong is wrong


def test_one_wrong_total_that_another_sum_confirms():
    # the total is printed 70; two sub totals that add up to 60 clear the lines
    audit = audited(
        *LINES,
        row("d", "40"),
        total("ab", "30", "a + b"),
        total("cd", "70", "c + d"),
        total("t", "110", "ab + cd; a + b + c + d"),
    )
    assert explanations(audit) == [[{"t"}]]
    # ab + cd: 30 ± 0.5 + 70 ± 0.5
    assert must_lie(audit, "t") == (99, 101)
    figures = audit.tables["audit_figures"].set_index("published_id")
    assert figures["together"]["t"] == "must be wrong"
    assert set(figures["together"].drop("t")) == {"consistent"}


def test_equally_small_explanations_are_all_listed():
    """A total of two lines, out by 10: it may be the total or either line."""
    audit = audited(row("a", "10"), row("b", "20"), total("t", "40", "a + b"))
    assert explanations(audit) == [[{"a"}, {"b"}, {"t"}]]
    # a = t − b: 40 ± 0.5 − 20 ± 0.5, and so on
    assert must_lie(audit, "a") == (19, 21)
    assert must_lie(audit, "b") == (29, 31)
    assert must_lie(audit, "t") == (29, 31)
    frame = audit.tables["audit"]
    assert frame["choice"].tolist() == ["", "1 of 3", "2 of 3", "3 of 3"]
    assert (
        "At least one of them is wrong, and 3 choices are equally small: a; b; t."
        in frame["sentence"][0]
    )


def test_two_explanations_when_the_other_line_is_confirmed():
    audit = audited(
        row("a", "10"),
        row("b", "20"),
        total("t", "40", "a + b"),
        row("b2", "20", column="Again", figure="b", source="table 2 row 1"),
    )
    assert explanations(audit) == [[{"a"}, {"t"}]]


def test_conflicts_that_have_nothing_to_do_with_each_other_stay_apart():
    audit = audited(
        row("a", "10"), total("t", "15", "a"), row("b", "10"), total("u", "15", "b"),
        total("all", "30", "t + u"),
    )  # fmt: skip
    # t = u = 15 fits the total: each line is its own conflict
    assert explanations(audit) == [[{"a"}], [{"b"}]]


def test_a_line_nobody_limits_has_no_ends():
    audit = audited(row("a", "10"), row("b", "20", figure="a", source="table 2"), row("c", "5"))
    [[first, second]] = explanations(audit)
    assert (first, second) == ({"a"}, {"b"})
    assert must_lie(audit, "a") == (19.5, 20.5)


# ------------------------------------------------------------------ percentages


@pytest.mark.parametrize(
    ("printed", "wrong"),
    # 3 ± 0.5 of 20 ± 0.5: 2.5 ÷ 20.5 = 12.2 % to 3.5 ÷ 19.5 = 17.9 %, and half a percent
    [("12%", False), ("18%", False), ("19%", True), ("11%", True), ("(15%)", True)],
)
def test_a_percentage_is_an_interval_too(printed, wrong):
    audit = audited(
        row("b", "20"), row("e", "23"), total("v", "3", "e - b"), rate("p", printed, "v / b")
    )
    assert audit.something_is_wrong is wrong


def test_a_wrong_percentage_is_named_alone_when_its_amounts_confirm_each_other():
    audit = audited(
        row("b", "200"), row("e", "230"), total("v", "30", "e - b"), rate("p", "5%", "v / b")
    )
    assert explanations(audit) == [[{"p"}]]
    # e − b lies within 29.5 and 30.5, and b within 199.5 and 200.5
    low, high = must_lie(audit, "p")
    assert low == pytest.approx(100 * 29.5 / 200.5, abs=1e-6)
    assert high == pytest.approx(100 * 30.5 / 199.5, abs=1e-6)


@pytest.mark.parametrize(
    ("variance", "printed", "wrong"),
    [
        # −156 of −130: 120 %; an overspend of 156 of −130: −120 %
        ("(156)", "120%", False),
        ("156", "(120%)", False),
        # of the size of the base: the sign of the variance is kept
        ("(156)", "(120%)", False),
        ("156", "120%", False),
        ("(156)", "130%", True),
        ("156", "(130%)", True),
    ],
)
def test_a_percentage_of_a_negative_budget(variance, printed, wrong):
    spent = {"(156)": "(286)", "156": "26"}[variance]
    audit = audited(
        row("b", "(130)"),
        row("e", spent),
        total("v", variance, "e - b"),
        rate("p", printed, "v / b"),
    )
    assert audit.something_is_wrong is wrong
    assert "negative base" in audit.tables["audit"]["sentence"].iloc[-1]


def test_a_percentage_of_nil_is_no_contradiction_and_is_said():
    audit = audited(
        row("b", "0"), row("e", "1"), total("v", "1", "e - b"), rate("p", "0%", "v / b")
    )
    assert not audit.something_is_wrong
    [said] = audit.tables["audit"]["sentence"]
    assert "no percentage has a meaning" in said
    figures = audit.tables["audit_figures"].set_index("published_id")
    assert figures["why_not"]["p"] == "a percentage of nil"


def test_a_base_printed_with_the_wrong_sign_does_not_accuse_its_percentage():
    """b is printed (200) and should be 200: e − v confirms that, and only b is wrong."""
    audit = audited(
        row("b", "(200)"), row("e", "230"), total("v", "30", "e - b"), rate("p", "15%", "v / b"),
        total("t", "200", "b"),
    )  # fmt: skip
    assert explanations(audit) == [[{"b"}]]


def test_a_variance_with_the_wrong_sign_does_not_accuse_a_percentage_of_a_negative_budget():
    """v is printed 156 and should be (156): with it, 120 % would look like one of the size."""
    audit = audited(
        row("b", "(130)"), row("e", "(286)"), total("v", "156", "e - b"),
        rate("p", "120%", "v / b"), total("e2", "(286)", "e"), total("b2", "(130)", "b"),
    )  # fmt: skip
    assert explanations(audit) == [[{"v"}]]


def test_a_negative_zero_is_a_zero():
    audit = audited(row("a", "(0)"), total("t", "1", "a + b"), row("b", "0"))
    assert not audit.something_is_wrong


# ------------------------------------------------------------------ signs and units


def test_a_column_in_the_other_order_of_subtraction_is_one_observation():
    audit = audited(
        row("x1", "10", column="This year"), row("y1", "14", column="Next year"),
        row("x2", "50", column="This year"), row("y2", "41", column="Next year"),
        total("c1", "(4)", "y1 - x1", column="Change"),
        total("c2", "9", "y2 - x2", column="Change"),
    )  # fmt: skip
    assert not audit.something_is_wrong
    [one] = audit.tables["audit"].to_dict("records")
    assert (one["kind"], one["severity"]) == ("presentation", "medium")
    assert "'This year' less 'Next year'" in one["sentence"]


def test_a_wrong_figure_of_such_a_column_is_told_in_the_sign_of_the_column():
    """X less Y throughout: 50 less 40 should be printed 10, and 30 is printed."""
    rows = []
    for n, x, y, change in (
        ("1", "10", "14", "(4)"),
        ("2", "50", "41", "9"),
        ("3", "50", "40", "30"),
    ):
        rows += [row(f"x{n}", x, column="X"), row(f"y{n}", y, column="Y"),
                 row(f"x{n}b", x, figure=f"x{n}", source="table 2"),
                 row(f"y{n}b", y, figure=f"y{n}", source="table 3"),
                 total(f"c{n}", change, f"y{n} - x{n}", column="Change")]  # fmt: skip
    audit = audited(*rows)
    assert explanations(audit) == [[{"c3"}]]
    assert must_lie(audit, "c3") == (9, 11)
    said = audit.tables["audit"].iloc[0]
    assert "it must be between 9 and 11." in said["sentence"]
    assert said["distance"] == 30 - 0.5 - 11


def test_one_figure_with_the_wrong_sign_is_wrong_and_not_a_habit():
    pairs = (("1", "10", "14", "4"), ("2", "50", "41", "(9)"), ("3", "50", "41", "9"))
    rows = []
    for n, x, y, change in pairs:
        rows += [row(f"x{n}", x, column="X"), row(f"y{n}", y, column="Y"),
                 total(f"c{n}", change, f"y{n} - x{n}", column="Change")]  # fmt: skip
    audit = audited(*rows)
    assert [{"c3"} in choices for choices in explanations(audit)] == [True]
    said = audit.tables["audit"]
    assert (said["kind"] == "presentation").sum() == 1
    assert "c3 fit the figures beside them only with the opposite sign" in said["sentence"].iloc[-1]


def test_words_may_carry_a_sign():
    """An underspend of 27 printed in a sentence without brackets is no contradiction."""
    text = row("s", "27", column="text", figure="v", source="paragraph 1")
    audit = audited(row("b", "100"), row("e", "73"), total("v", "(27)", "e - b"), text)
    assert not audit.something_is_wrong
    assert audit.tables["audit"]["severity"].tolist() == ["low"]


def test_words_beside_a_column_in_the_other_order_of_subtraction():
    rows = []
    for n, x, y, change in (("1", "10", "14", "(4)"), ("2", "50", "41", "9")):
        rows += [row(f"x{n}", x, column="X"), row(f"y{n}", y, column="Y"),
                 total(f"c{n}", change, f"y{n} - x{n}", column="Change")]  # fmt: skip
    text = row("s", "4", column="text", figure="c1", source="paragraph 1")
    audit = audited(*rows, text)
    assert not audit.something_is_wrong
    [one] = audit.tables["audit"].to_dict("records")
    assert "prints 4 for what c1 prints as (4)" in one["sentence"]


def test_a_headline_in_millions_against_its_table():
    head = {"unit": "millions", "decimals": "1", "column": "text", "source": "paragraph 1"}
    right = row("h", "£13.7m", figure="v") | head
    assert not audited(row("v", "13,737"), right).something_is_wrong
    # 13.5 says 13.45 to 13.55 million
    wrong = row("h", "£13.5m", figure="v") | head
    audit = audited(row("v", "13,737"), wrong)
    assert explanations(audit) == [[{"v"}, {"h"}]]
    assert "cross-table" in set(audit.tables["audit"]["kind"])


def test_a_number_in_another_unit_than_its_column():
    audit = audited(*LINES, row("d", "0%"))
    [one] = audit.tables["audit"].to_dict("records")
    assert "printed as 0%, in %, in a column of £000" in one["sentence"]


# ------------------------------------------------------------------ cross-table


def test_two_tables_that_differ_and_net_out():
    first = [row(c, n) for c, n in (("a", "10"), ("b", "20"))]
    again = [
        row(f"{c}2", n, figure=c, source=f"table 2 row {c}") for c, n in (("a", "14"), ("b", "16"))
    ]
    audit = audited(*first, *again)
    frame = audit.tables["audit_cross_table"]
    assert frame["difference"].tolist() == [4, -4]
    said = audit.tables["audit"]
    [one] = said[said["kind"] == "cross-table"]["sentence"]
    assert "In £000, +4 and −4 net out, within rounding." in one


def test_two_tables_that_agree_are_not_listed():
    audit = audited(*LINES, row("a2", "10", figure="a", source="table 2 row 1"))
    assert len(audit.tables["audit_cross_table"]) == 0

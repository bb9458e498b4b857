"""All printed figures together: what is tested, what is not and why, and what a figure could be."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bcf_model.audit import joint
from bcf_model.audit.joint import Consistency, consistency
from bcf_model.audit.readings import Readings
from bcf_model.audit.statements import Paper
from bcf_model.audit.system import Undecided
from tests.make.audit_papers import Row, rate, read, row, total


def paper_of(*rows: Row) -> Paper:
    paper, findings = read(*rows)
    assert paper is not None, findings
    return paper


def taken_together(*rows: Row, **limits: int) -> Consistency:
    return consistency(paper_of(*rows), **limits)


def choices(found: Consistency) -> list[list[set[int]]]:
    return [[set(choice) for choice in conflict.choices] for conflict in found.conflicts]


A, B = row("a", "10"), row("b", "20")

# ------------------------------------------------------------------ what is tested


def test_figures_that_can_be_rounded_from_one_set_of_amounts():
    found = taken_together(A, B, total("t", "31", "a + b"))
    assert found == Consistency((), {}, 3, {})


def test_why_a_figure_is_not_tested():
    rows = [A, B, row("nil", "0"), rate("p", "5%", ""),
            rate("q", "5%", "a / nil"), rate("r", "50%", "a / b")]  # fmt: skip
    found = taken_together(*rows)
    assert found.untested == {
        3: "it is not said what it is a percentage of", 4: "a percentage of nil",
    }  # fmt: skip
    assert found.tested == 4
    assert choices(found) == []


def test_what_comes_after_a_figure_that_is_not_tested_is_tested_all_the_same():
    rows = [A, B, row("nil", "0"), rate("q", "5%", "a / nil"), rate("r", "90%", "a / b"),
            row("a2", "10", figure="a", source="table 2"),
            row("b2", "20", figure="b", source="table 2")]  # fmt: skip
    found = taken_together(*rows)
    assert choices(found) == [[{4}]]
    assert found.untested == {3: "a percentage of nil"}


def test_a_percentage_of_what_is_not_printed_is_not_tested():
    paper = paper_of(A, B, rate("p", "90%", "a / b"), rate("r", "50%", "a / b"))
    lost = replace(paper.by_place[2], base={("", "x"): Fraction(1)})
    kept = tuple(lost if s.place == 2 else s for s in paper.statements)
    found = consistency(replace(paper, statements=kept))
    assert found.untested == {2: "a percentage of what is not printed"}
    assert found.tested == 3


def test_a_base_with_one_sign_here_and_another_there_is_tested_all_the_same():
    """b is printed (200), and 230 less 30 says 200; and 230 is never 10 % of 30."""
    rows = [row("b", "(200)"), row("e", "230"), total("v", "30", "e - b"),
            rate("p", "15%", "v / b"), rate("q", "10%", "e / v")]  # fmt: skip
    found = taken_together(*rows)
    assert found.untested == {}
    assert choices(found) == [[{0}, {1}], [{4}]]


def test_what_is_undecided_is_left_out_and_the_rest_looked_at_again(monkeypatch):
    asked = []

    class Doubting(Readings):
        def __init__(self, paper):
            super().__init__(paper)
            self.places = {s.place for s in paper.statements}

        def conflict(self, without=()):
            asked.append(self.places)
            if 2 in self.places:
                raise Undecided(frozenset({2}))
            if 1 in self.places:
                raise Undecided(frozenset({1}))
            return super().conflict(without)

    monkeypatch.setattr(joint, "Readings", Doubting)
    rows = [A, B, row("c", "90", figure="a", source="table 2"), row("d", "5"), rate("p", "5%", "")]
    found = taken_together(*rows)
    assert asked[:3] == [{0, 1, 2, 3}, {0, 1, 3}, {0, 3}]
    assert found.untested == {
        1: "beyond the reach of the arithmetic used",
        2: "beyond the reach of the arithmetic used",
        4: "it is not said what it is a percentage of",
    }
    assert list(found.untested) == [1, 2, 4]
    assert found.tested == 2


def test_of_what_is_undecided_the_percentages_are_given_up_first(monkeypatch):
    class Doubting(Readings):
        def conflict(self, without=()):
            if self._rates:
                raise Undecided(frozenset({0, 1, 3}))
            return super().conflict(without)

    monkeypatch.setattr(joint, "Readings", Doubting)
    found = taken_together(A, B, total("t", "40", "a + b"), rate("r", "50%", "a / b"))
    assert list(found.untested) == [3]
    assert choices(found) == [[{0}, {1}, {2}]]


def test_an_end_that_is_undecided_is_left_out(monkeypatch):
    def undecided(*_):
        raise Undecided(frozenset())

    monkeypatch.setattr(Readings, "range", undecided)
    found = taken_together(A, B, total("t", "40", "a + b"))
    assert len(found.conflicts) == 1
    assert found.ranges == {}


def test_amounts_are_tested_where_percentages_of_next_to_nothing_are_beyond_reach():
    """3,983 less 1 is no 3,999, whatever a percentage of 600,000 does to the arithmetic."""
    rows = []
    for code, parts, budget, outturn, variance, percent in (
        ("t", "", "1", "3,983", "3,999", "607,795.4%"),
        ("u", "", "1", "4,000", "3,999", "607,795.9%"),
        ("s", "tu", "1", "8,000", "7,999", "607,795.7%"),
        ("a", "s", "1", "8,000", "7,999", "607,795.7%"),
    ):
        sums = {letter: " + ".join(part + letter for part in parts) for letter in "bev"}
        both = "; ".join(filter(None, (sums["v"], f"{code}e - {code}b")))
        rows += [total(f"{code}b", budget, sums["b"]), total(f"{code}e", outturn, sums["e"])]
        rows += [total(f"{code}v", variance, both), rate(f"{code}p", percent, f"{code}v / {code}b")]
    assert taken_together(*rows).conflicts


# ------------------------------------------------------------------ percentages as bounds


@pytest.mark.parametrize(
    ("base", "divided", "printed", "wrong"),
    [
        # 29.5 ÷ 200.5 = 14.71 % and 30.5 ÷ 199.5 = 15.29 %: printed 14 to 14.4 up to 15.5 or not
        ("200", "30", "15%", False), ("200", "30", "14%", True), ("200", "30", "16%", True),
        ("200", "30", "14.7%", False), ("200", "30", "15.3%", False),
        ("200", "30", "14.6%", True), ("200", "30", "15.4%", True),
        # both below nil, and each of them
        ("(200)", "(30)", "15.3%", False), ("(200)", "(30)", "15.4%", True),
        ("(200)", "30", "(15.3%)", False), ("(200)", "30", "(15.4%)", True),
        ("(200)", "30", "15.3%", False), ("(200)", "30", "15.4%", True),
        ("200", "(30)", "(15.3%)", False), ("200", "(30)", "(15.4%)", True),
    ],
)  # fmt: skip
def test_a_percentage_is_held_to_both_its_amounts(base, divided, printed, wrong):
    found = taken_together(row("b", base), row("v", divided), rate("p", printed, "v / b"))
    assert bool(found.conflicts) is wrong


def test_an_accusation_rests_on_the_print_that_tells_the_sign():
    """The base may be the wrong one too, for by its sign the percentage is read."""
    found = taken_together(row("b", "200"), row("v", "30"), rate("p", "90%", "v / b"))
    assert choices(found) == [[{0}, {1}, {2}]]
    [conflict] = found.conflicts
    assert conflict.proofs == (frozenset({0, 1, 2}),)


def test_a_sign_that_others_confirm_is_no_premise():
    """b and again b: leaving out one of them leaves the sign, and only the percentage explains."""
    rows = [row("b", "200"), row("v", "30"), rate("p", "(15%)", "v / b"),
            row("v2", "30", figure="v", source="table 2"),
            total("t", "200", "b")]  # fmt: skip
    assert choices(taken_together(*rows)) == [[{2}]]


def test_what_is_divided_is_a_premise_where_it_tells_of_what_size_is_meant():
    """(120 %) of (130) is 156; by the print (156) it is read as one of the size of the base."""
    rows = [row("b", "(130)"), row("v", "(156)"), rate("p", "(150%)", "v / b"),
            total("b2", "(130)", "b")]  # fmt: skip
    found = taken_together(*rows)
    # v may be wrong, or the percentage: with another sign of v it would be read otherwise
    assert choices(found) == [[{1}, {2}]]
    # 149.5 to 150.5 % of 129.5 to 130.5, in the sign that is printed
    assert found.ranges[0, 0, 1] == (pytest.approx(-196.4025), pytest.approx(-193.6025))


# ------------------------------------------------------------------ what a figure could be


def test_between_which_ends_a_figure_lies_by_all_others():
    found = taken_together(A, B, total("t", "40", "a + b"))
    assert choices(found) == [[{0}, {1}, {2}]]
    assert found.ranges == {(0, 0, 0): (19, 21), (0, 1, 1): (29, 31), (0, 2, 2): (29, 31)}


def test_ends_are_told_in_the_unit_of_each_figure():
    """13,737 thousand beside £13.5m: the one says 13.7365 to 13.7375 million."""
    millions = {"unit": "millions", "decimals": "1", "source": "table 2"}
    found = taken_together(row("v", "13,737"), row("h", "£13.5m", figure="v") | millions)
    assert found.ranges == {
        (0, 0, 0): (13450, 13550),
        (0, 1, 1): (Fraction("13.7365"), Fraction("13.7375")),
    }


def test_the_ends_of_a_percentage_are_in_percent():
    rows = [row("b", "200"), row("v", "30"), rate("p", "90%", "v / b"),
            total("b2", "200", "b"), total("v2", "30", "v")]  # fmt: skip
    found = taken_together(*rows)
    assert choices(found) == [[{2}]]
    # to six decimals, of 29.5 ÷ 200.5 and 30.5 ÷ 199.5
    assert found.ranges == {(0, 0, 2): (Fraction("14.713217"), Fraction("15.288221"))}


def test_the_first_choice_of_every_other_conflict_is_left_out():
    """a is 10 or 15, and b 20 or 25; t holds both: what a must be rests on one of b's two."""
    rows = [row("a", "10"), total("a2", "15", "a"), row("b", "20"), total("b2", "25", "b"),
            total("t", "35", "a + b; a2 + b2")]  # fmt: skip
    found = taken_together(*rows)
    for (at, number, place), (low, high) in found.ranges.items():
        choice = found.conflicts[at].choices[number]
        assert place in choice
        assert low is None or low <= high
    assert all(conflict.smallest for conflict in found.conflicts)


def test_conflicts_have_ranges_of_their_own():
    rows = [row("a", "10"), total("t", "15", "a"), row("b", "20"), total("u", "28", "b"),
            row("t2", "15", figure="t", source="table 2"),
            row("u2", "28", figure="u", source="table 2")]  # fmt: skip
    found = taken_together(*rows)
    assert choices(found) == [[{0}], [{2}]]
    assert found.ranges == {(0, 0, 0): (14.5, 15.5), (1, 0, 2): (27.5, 28.5)}


def test_the_others_choice_does_not_limit_a_range():
    """b is surely wrong (28 twice elsewhere); a is printed with two values, each of which fits."""
    rows = [row("a", "10"), row("a2", "16", figure="a", source="table 2"),
            row("b", "20"), total("u", "28", "b"),
            row("u2", "28", figure="u", source="table 2")]  # fmt: skip
    found = taken_together(*rows)
    assert choices(found) == [[{0}, {1}], [{2}]]
    assert found.ranges == {
        (0, 0, 0): (15.5, 16.5), (0, 1, 1): (9.5, 10.5), (1, 0, 2): (27.5, 28.5),
    }  # fmt: skip


def test_limits_of_the_search_are_handed_on():
    rows = [A, B, total("t", "40", "a + b")]
    [cut] = taken_together(*rows, most_listed=1).conflicts
    assert (len(cut.choices), cut.complete) == (1, False)
    [given_up] = taken_together(*rows, most_proofs=1).conflicts
    assert given_up.smallest is False

"""A percentage in every sign its base may have: who is accused, who is cleared, and what it is."""

import pytest

from bcf_model.audit import readings
from bcf_model.audit.bounds import figures_of
from bcf_model.audit.readings import Readings
from bcf_model.audit.system import Undecided
from tests.longer import slow
from tests.make.audit_papers import Row, rate, read, row, total

V, B = row("v", "30"), row("b", "200")


def of(*rows: Row) -> Readings:
    paper, findings = read(*rows)
    assert paper is not None, findings
    return Readings(paper)


def contradicted(*rows: Row, without: tuple[int, ...] = ()) -> set[int]:
    return set(figures_of(of(*rows).conflict(without)))


def test_a_print_that_tells_the_sign_is_part_of_the_contradiction():
    assert contradicted(V, B, rate("p", "90%", "v / b")) == {0, 1, 2}
    assert contradicted(V, B, rate("p", "15%", "v / b")) == set()


def test_without_the_base_two_percentages_still_contradict_each_other():
    """Whatever b is, above nil or below, 30 is not a half of it and a quarter too."""
    rows = [V, B, rate("p", "50%", "v / b"), rate("q", "25%", "v / b")]
    assert contradicted(*rows, without=(1,)) == {2, 3}
    assert contradicted(*rows, without=(0,)) == {2, 3}
    assert contradicted(*rows, without=(0, 1)) == {2, 3}
    assert contradicted(*rows, without=(1, 2)) == contradicted(*rows, without=(1, 3)) == set()
    # a half of it, and a quarter of its size, have a sign for each
    below = [V, B, rate("p", "50%", "v / b"), rate("q", "(50%)", "v / b")]
    assert contradicted(*below, without=(1,)) == set()
    assert contradicted(*below, without=(0, 1)) == set()


def test_a_base_of_nil_is_no_way_out():
    """Of nil, 0 is any percentage; but of nil none is printed."""
    rows = [row("v", "0"), B, rate("p", "50%", "v / b"), rate("q", "25%", "v / b")]
    assert contradicted(*rows, without=(1,)) == {2, 3}


def test_without_the_base_a_percentage_may_be_one_of_a_base_below_nil():
    """v is 30, and b more than nil by nobody's word: 30 is (15 %) of (200)."""
    rows = [V, B, rate("p", "(15%)", "v / b"), row("c", "(200)", figure="b", source="table 2")]
    assert contradicted(*rows, without=(1,)) == set()
    assert contradicted(*rows, without=(3,)) == {0, 1, 2}
    twice = [*rows[:3], total("t", "230", "v + b")]
    assert contradicted(*twice, without=(1,)) == {0, 2, 3}


@pytest.mark.parametrize(
    ("divided", "printed", "fits"),
    [("30", "15%", True), ("30", "(15%)", True), ("(30)", "15%", True), ("(30)", "(15%)", True),
     ("30", "20%", False), ("(30)", "(20%)", False)],
)  # fmt: skip
def test_below_nil_both_ways_to_divide_are_ways(divided, printed, fits):
    rows = [row("v", divided), row("b", "(200)"), rate("p", printed, "v / b")]
    assert contradicted(*rows) == (set() if fits else {0, 1, 2})


def test_what_is_divided_tells_the_way_only_while_it_counts():
    """(15 %) of the size of (200) is (30), of (200) itself 30: without v it may be either."""
    rows = [row("v", "(30)"), row("b", "(200)"), rate("p", "(15%)", "v / b"),
            total("t", "(170)", "v + b")]  # fmt: skip
    assert contradicted(*rows) == {0, 1, 3}
    assert contradicted(*rows, without=(0,)) == set()
    low, high = of(*rows).range(read(*rows)[0].by_place[0], (0,))  # type: ignore[union-attr]
    # 169.5 to 170.5 less 199.5 to 200.5 in £000, and 14.5 to 15.5 % of the latter, in pence
    assert (low, high) == (pytest.approx(2_900_000), pytest.approx(3_100_000))


@slow
def test_no_figure_of_a_contradiction_in_every_reading_is_superfluous():
    rows = [V, B, rate("p", "50%", "v / b"), rate("q", "25%", "v / b"), row("x", "7"),
            total("y", "230", "v + b")]  # fmt: skip
    for without in ((), (0,), (1,), (2,), (3,), (5,), (0, 1), (1, 5)):
        found = contradicted(*rows, without=without)
        assert found
        for figure in found:
            rest = {*range(len(rows))} - (found - {figure})
            assert contradicted(*rows, without=tuple(rest)) == set()


def test_after_too_many_readings_the_percentages_are_undecided(monkeypatch):
    monkeypatch.setattr(readings, "_MOST_READINGS", 0)
    rows = [V, B, rate("p", "50%", "v / b"), rate("q", "25%", "v / b")]
    with pytest.raises(Undecided) as problem:
        of(*rows).conflict((1,))
    assert problem.value.figures <= {2, 3}


def test_of_prints_that_differ_in_sign_either_may_be_the_one():
    rows = [V, B, row("c", "(200)", figure="b", source="table 2"), rate("p", "90%", "v / b")]
    assert of(*rows).untested == {}
    assert contradicted(*rows, without=(1,)) == {0, 2, 3}
    assert contradicted(*rows, without=(2,)) == {0, 1, 3}
    nil = [V, B, row("c", "0", figure="b", source="table 2"), rate("p", "90%", "v / b")]
    assert of(*nil).untested == {3: "a percentage of nil"}


def test_what_cannot_be_read_is_named_with_the_reason():
    rows = [row("v", "0"), B, rate("p", "5%", "b / v"), rate("q", "0%", "v / b")]
    assert of(*rows).untested == {2: "a percentage of nil"}


def test_the_ends_of_a_percentage_whose_base_is_not_known_either():
    rows = [V, B, rate("p", "90%", "v / b"), total("t", "(170)", "v + b")]
    paper, _ = read(*rows)
    assert paper is not None
    low, high = Readings(paper).range(paper.by_place[2], (1, 2))
    # b is (170) less v: of its size, 29.5 ÷ 200 to 30.5 ÷ 200, for it is printed above nil
    assert (low, high) == (pytest.approx(14.75), pytest.approx(15.25))


def test_ends_are_of_what_the_others_agree_on():
    paper, _ = read(V, B, total("t", "300", "v + b"))
    assert paper is not None
    with pytest.raises(Undecided):
        Readings(paper).range(paper.by_place[0], ())

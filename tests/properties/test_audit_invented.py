"""Papers invented from seeds: sound ones, ones with mistakes, and tiny ones tried in every way.

`make long` asks for thousands; of each kind some are tried every day.
"""

from fractions import Fraction
from itertools import product

import pytest

from bcf_model.audit.examine import Audit
from tests.longer import LONG, longer, slow
from tests.make.audit_papers import Row, audited
from tests.make.invented_papers import small, sound, with_mistakes
from tests.oracle.audit import PENCE, Oracle

AT_ONCE = 25
"""Papers to a test, so that two processes share them."""


def seeds(some: int, more: int) -> pytest.MarkDecorator:
    """Have a test try the seeds from one to another: some daily, more in `make long`."""
    ends = range(0, more if LONG else some, AT_ONCE)
    return pytest.mark.parametrize("seed", [range(i, i + AT_ONCE) for i in ends], ids=str)


def undecided(audit: Audit) -> set[str]:
    return {*audit.consistency.untested.values()} - {"a percentage of nil"}


@slow
@longer
@seeds(25, 5_000)
def test_every_wrong_paper_ends_with_a_verdict_on_every_figure(seed: range) -> None:
    for paper in seed:
        audit = audited(*with_mistakes(sound(paper, 2, 2), paper, paper % 4 + 1)[0])
        assert undecided(audit) == set(), paper
        assert all(conflict.smallest for conflict in audit.consistency.conflicts), paper
        told = audit.tables["audit"]
        assert audit.something_is_wrong == (told["severity"] == "high").any(), paper
        assert audit.fewest_wrong <= paper % 4 + 1, paper


@slow
@longer
@seeds(25, 300)
def test_no_figure_of_a_sound_paper_is_accused(seed: range) -> None:
    for paper in seed:
        audit = audited(*sound(paper))
        assert not audit.something_is_wrong, paper
        assert set(audit.tables["audit"]["kind"]) <= {"presentation"}, paper
        assert undecided(audit) == set(), paper


@slow
@longer
@seeds(25, 1_000)
def test_a_mistake_is_named_wherever_there_is_no_paper_without_one(seed: range) -> None:
    """Whether it can be told from rounding, the second auditor says."""
    for paper in seed:
        rows, [code] = with_mistakes(sound(paper), paper, 1)
        audit = audited(*rows)
        tested = Oracle(rows).places - audit.consistency.untested.keys()
        assert audit.something_is_wrong != Oracle(rows).consistent(tested), paper
        if audit.something_is_wrong:
            said = audit.tables["audit_figures"].set_index("published_id")["together"]
            assert said[code] in {"must be wrong", "may be wrong"}, paper


def every_explanation(audit: Audit) -> set[frozenset[int]]:
    """List the smallest explanations of the whole: one choice of every conflict."""
    choices = (conflict.choices for conflict in audit.consistency.conflicts)
    return {frozenset[int]().union(*chosen) for chosen in product(*choices)}


def is_read_as_printed(audit: Audit) -> bool:
    """Say whether no column was taken to be printed the other way round."""
    return not audit.tables["audit"]["sentence"].str.contains("opposite|other order").any()


@slow
@longer
@seeds(50, 2_000)
def test_the_explanations_are_those_of_trying_every_set_of_figures(seed: range) -> None:
    """A figure may be wrong only if without it, and as few others as will do, the rest fits."""
    for paper in seed:
        rows: list[Row] = small(paper)
        audit = audited(*rows)
        if not is_read_as_printed(audit):
            continue
        assert undecided(audit) == set(), paper
        oracle = Oracle(rows)
        smallest = oracle.smallest(oracle.places - audit.consistency.untested.keys())
        assert every_explanation(audit) == smallest, paper
        assert audit.fewest_wrong == len(min(smallest)), paper
        said = audit.tables["audit_figures"]["together"].tolist()
        named = {i for i, word in enumerate(said) if word in {"must be wrong", "may be wrong"}}
        sure = {i for i, word in enumerate(said) if word == "must be wrong"}
        assert named == frozenset[int]().union(*smallest), paper
        assert sure == frozenset.intersection(*smallest), paper


@slow
@longer
@seeds(25, 500)
def test_a_figure_may_be_what_it_is_said_it_must_be_between_and_nothing_beyond(seed: range) -> None:
    near = Fraction(2, 10**6)  # ends are told to six decimals
    for paper in seed:
        rows: list[Row] = small(paper)
        audit, oracle = audited(*rows), Oracle(rows)
        if not is_read_as_printed(audit):
            continue
        conflicts, ranges = audit.consistency.conflicts, audit.consistency.ranges
        assert ranges.keys() == {
            (at, number, place)
            for at, conflict in enumerate(conflicts)
            for number, choice in enumerate(conflict.choices)
            for place in choice
        }
        for (at, number, place), (low, high) in ranges.items():
            if rows[place]["unit"] == "percent":
                continue
            others = (c.choices[0] for i, c in enumerate(conflicts) if i != at)
            left_out = conflicts[at].choices[number].union(*others)
            held = oracle.places - audit.consistency.untested.keys() - left_out
            unit = PENCE[rows[place]["unit"]]
            for end, way in ((low, -1), (high, 1)):
                if end is None:
                    continue
                at_the_end = unit * (end - near), unit * (end + near)
                assert oracle.could_be(place, *at_the_end, held), paper
                far = unit * (end + way * near)
                beyond = (None, far) if way < 0 else (far, None)
                # Of a base that is left out the ends are told for the sign that is printed.
                if not any(rows[other]["unit"] == "percent" for other in held):
                    assert not oracle.could_be(place, *beyond, held), paper

"""The fewest figures that must be wrong: hitting sets, conflicts kept apart, a search cut short."""

from collections.abc import Collection
from fractions import Fraction

import pytest

from bcf_model.audit import smallest
from bcf_model.audit.bounds import Bound
from bcf_model.audit.smallest import (
    Conflict,
    FindConflict,
    apart,
    conflicts,
    equally_small,
    fewest,
    named,
    telling,
)
from bcf_model.audit.system import System


def sets(*figures: set[int]) -> list[frozenset[int]]:
    return [*map(frozenset, figures)]


def finder(*proofs: set[int]) -> FindConflict:
    """Give what finds the first of some contradictions that is not left out."""

    def find(without: Collection[int]) -> tuple[Bound, ...]:
        left = (proof for proof in proofs if not proof & {*without})
        return tuple(Bound({}, None, None, figure=f) for f in sorted(next(left, ())))

    return find


def explained(*proofs: set[int], **limits: int) -> tuple[Conflict, ...]:
    return conflicts(finder(*proofs), **limits)


def choices(found: tuple[Conflict, ...]) -> list[list[set[int]]]:
    return [[set(choice) for choice in conflict.choices] for conflict in found]


# ------------------------------------------------------------------ hitting sets


def test_small_hitting_sets():
    a, b, c = sets({1, 2}, {2, 3}, {7, 8})
    assert fewest([a, b]) == {2}
    assert len(fewest([a, c])) == 2
    assert set(map(frozenset, apart([a, c, b]))) == {frozenset({a, b}), frozenset({c})}


def test_equally_small_sets_are_listed_in_order():
    a, b, c = sets({1, 2}, {2, 3}, {7, 8})
    assert equally_small([a], 1, 9) == ((frozenset({1}), frozenset({2})), True)
    assert equally_small([a], 1, 2) == ((frozenset({1}), frozenset({2})), True)
    assert equally_small([a, b], 1, 9) == ((frozenset({2}),), True)
    assert equally_small([a, sets({1, 3})[0], b], 2, 9)[0] == tuple(sets({1, 2}, {1, 3}, {2, 3}))
    assert equally_small([b, c], 2, 9)[0] == tuple(sets({2, 7}, {2, 8}, {3, 7}, {3, 8}))


def test_a_list_that_is_too_long_is_cut():
    found, complete = equally_small(sets({1, 2, 3}), 1, 2)
    assert len(found) == 2
    assert set(found) < set(sets({1}, {2}, {3}))
    assert complete is False


def test_proofs_are_apart_unless_a_chain_of_figures_ties_them():
    a, b, c, d = sets({1, 2}, {3, 4}, {5, 6}, {2, 3})
    assert apart([a, b, c]) == [[a], [b], [c]]
    assert apart([a, b, c, d]) == [[c], [b, a, d]]
    assert apart([a, d, b]) == [[a, d, b]]


@pytest.mark.parametrize("steps", [10_000, 1])
def test_a_search_that_takes_too_long_is_handed_to_a_programme(monkeypatch, steps):
    """What comes of it is the same."""
    monkeypatch.setattr(smallest, "_MOST_STEPS", steps)
    smallest._hitting.cache_clear()
    ring = sets(
        *({i, (i + 1) % 9} for i in range(9))
    )  # of nine in a ring, five hold one of each two
    assert len(fewest(ring)) == 5
    assert all(fewest(ring) & two for two in ring)
    found, complete = equally_small(ring, 5, 40)
    assert (len(found), complete) == (9, True)  # two neighbours, and every second one after them
    assert equally_small(ring, 5, 4)[1] is False
    assert len(equally_small(ring, 5, 4)[0]) == 4
    smallest._hitting.cache_clear()


def test_of_two_proofs_with_nothing_in_common_no_one_figure_holds_both():
    assert smallest._hitting(tuple(sets({1, 2}, {3, 4})), (), 1) is None
    assert smallest._hitting((), (), None) == frozenset()


# ------------------------------------------------------------------ proofs that tell


def test_a_proof_that_is_explained_anyway_tells_nothing():
    a, c = sets({1, 2}, {7, 8})
    # {1, 2, 7} is explained by whatever explains {1, 2}
    assert telling([a, a | {7}, c]) == [a, c]
    assert telling([c, a]) == [a, c]
    assert telling([]) == []


def test_a_proof_that_some_fewest_figures_miss_tells():
    # 1 explains both; 2 alone would explain only the first
    assert telling(sets({1, 2}, {1, 3})) == sets({1, 2}, {1, 3})
    # each of {1, 2} and {3, 4} may be explained without 1 and 3
    assert telling(sets({1, 2}, {3, 4}, {1, 3, 5})) == sets({1, 2}, {3, 4}, {1, 3, 5})
    # {1} and {2} are sure: what holds one of them is explained
    assert telling(sets({1}, {2}, {1, 3}, {2, 3, 4})) == sets({1}, {2})


def test_a_proof_that_later_ones_make_needless_is_left_out():
    # {1, 3, 4} was missed by 2; with {3, 4, 5} the one fewest figure is 3, which it holds
    assert telling(sets({1, 2, 3}, {1, 3, 4}, {3, 4, 5})) == sets({1, 2, 3}, {3, 4, 5})


def test_figures_that_no_fewest_choice_names_are_cleared():
    assert named(sets({1, 2}, {2, 3})) == sets({2})
    assert named(sets({1, 2, 5}, {1, 2, 6})) == sets({1, 2})
    assert named(sets({1, 2}, {7, 8, 9})) == sets({1, 2}, {7, 8, 9})
    # any two of 1, 2 and 3 explain these; what holds a whole smaller proof says no more
    assert named(sets({1, 2}, {1, 3}, {2, 3}, {1, 2, 3})) == sets({1, 2}, {1, 3}, {2, 3})


# ------------------------------------------------------------------ conflicts


def test_nothing_contradicted_is_no_conflict():
    assert explained() == ()


def test_a_figure_of_every_proof_must_be_wrong():
    [one] = explained({1, 2}, {2, 3})
    assert one.choices == (frozenset({2}),)
    assert set(one.proofs) == set(sets({1, 2}, {2, 3}))
    assert one.smallest is True
    assert one.complete is True


@pytest.mark.parametrize("others", [({2, 3},), ({1, 3},), ({2, 3}, {1, 3})])
def test_every_choice_is_tried_on_the_whole(others):
    """Whichever of 1 and 2 is tried first, the other proofs come to light."""
    found = explained({1, 2}, *others)
    sure = {1, 2}.intersection(*others)
    expected = [sure] if sure else [{1, 2}, {1, 3}, {2, 3}]
    assert choices(found) == [expected]
    assert set(found[0].proofs) == {frozenset({1, 2}), *map(frozenset, others)}


def test_conflicts_come_in_the_order_of_the_first_figure_they_name():
    found = explained({5, 9}, {3, 4}, {1, 2, 6})
    assert choices(found) == [[{1}, {2}, {6}], [{3}, {4}], [{5}, {9}]]
    assert [conflict.proofs for conflict in found] == [
        (frozenset({1, 2, 6}),), (frozenset({3, 4}),), (frozenset({5, 9}),),
    ]  # fmt: skip


def test_a_choice_is_tried_with_the_first_of_the_other_conflicts():
    """With 1 or 2, and 3 or 4, left out: nothing is left; with only one of them, something is."""
    found = explained({1, 2}, {3, 4}, {2, 9, 3}, {1, 8, 4})
    assert all(conflict.smallest and conflict.complete for conflict in found)
    one = {frozenset[int]().union(*(c.choices[0] for c in found))}
    for choice in one:
        assert not finder({1, 2}, {3, 4}, {2, 9, 3}, {1, 8, 4})(choice)


def test_proofs_of_several_are_all_behind_their_conflict():
    [one] = explained({1, 2}, {1, 3}, {2, 3})
    assert set(one.proofs) == set(sets({1, 2}, {1, 3}, {2, 3}))
    assert choices((one,)) == [[{1, 2}, {1, 3}, {2, 3}]]


def test_no_more_choices_are_listed_than_asked_for():
    [one] = explained({1, 2, 3}, most_listed=2)
    assert (len(one.choices), one.complete, one.smallest) == (2, False, True)
    [one] = explained({1, 2, 3}, most_listed=3)
    assert (len(one.choices), one.complete) == (3, True)


def test_forty_choices_are_listed_unless_told_otherwise():
    [whole] = explained({*range(40)})
    assert (len(whole.choices), whole.complete) == (40, True)
    [cut] = explained({*range(41)})
    assert (len(cut.choices), cut.complete) == (40, False)


# ------------------------------------------------------------------ a search cut short


@pytest.mark.parametrize(("most", "settled"), [(1, False), (2, False), (3, True)])
def test_the_search_ends_after_so_many_proofs(most, settled):
    found = explained({1, 2}, {3, 4}, most_proofs=most)
    assert [(c.smallest, c.complete) for c in found] == [(settled, settled)] * 2
    assert [len(c.choices) for c in found] == [2 if settled else 1] * 2


def test_three_hundred_proofs_are_looked_for_unless_told_otherwise():
    given_up = explained(*({i} for i in range(300)))
    assert not any(c.smallest for c in given_up)
    assert choices(given_up) == [[{i}] for i in range(300)]


def test_a_search_that_gives_up_adds_the_first_figure_of_each_further_proof():
    """Of 1, 2 and 3 any two would do; what is chosen first leaves one proof, and its first."""
    [one] = explained({1, 2}, {1, 3}, {2, 3}, most_proofs=1)
    assert choices((one,)) == [[{1, 2}]]
    assert (one.smallest, one.complete) == (False, False)
    assert one.proofs[0] == {1, 2}
    assert len(one.proofs) == 2


def test_each_conflict_has_its_own_part_of_what_was_chosen():
    found = explained({5, 6}, {1, 2}, most_proofs=1)
    first, second = (conflict.choices[0] for conflict in found)
    assert first < {1, 2}
    assert second < {5, 6}
    assert [conflict.proofs for conflict in found] == [
        (frozenset({1, 2}),), (frozenset({5, 6}),),
    ]  # fmt: skip


def bound(low, high, figure=None, **terms) -> Bound:
    return Bound({(u, ""): Fraction(f) for u, f in terms.items()}, low, high, Fraction(1), figure)


def test_a_search_that_is_cut_short_says_so_and_still_explains_everything():
    bounds = [bound(Fraction(0), Fraction(1), 2 * i, **{f"x{i}": 1}) for i in range(5)]
    bounds += [bound(Fraction(5), Fraction(6), 2 * i + 1, **{f"x{i}": 1}) for i in range(5)]
    system = System(bounds, Fraction(1))
    whole = conflicts(system.conflict)
    assert [(c.smallest, c.complete, len(c.choices)) for c in whole] == [(True, True, 2)] * 5
    cut = conflicts(system.conflict, most_proofs=1)
    assert not any(conflict.smallest for conflict in cut)
    chosen = frozenset[int]().union(*(conflict.choices[0] for conflict in cut))
    assert system.conflict(chosen) == ()

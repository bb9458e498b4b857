"""The fewest printed figures that must be wrong, all ways to choose them, and the proof.

Figures that contradict each other are a *proof*: at least one of them is wrong. A choice of figures
explains everything when it holds one of every proof. The fewest that hold one of every proof found
so far are worked out (a minimum hitting set); left out of the system, either nothing is
contradicted any more, and no fewer could do, or a further proof turns up, and so on.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from typing import Final

import numpy as np

from bcf_model.audit import programme
from bcf_model.audit.bounds import Bound, figures_of

MOST_LISTED: Final = 40
"""Equally small choices that are worked out and listed for one conflict."""
MOST_PROOFS: Final = 300
"""Contradictions looked for before the search ends with what it has."""
_MOST_STEPS: Final = 10_000
"""Steps of a search for a hitting set before an integer programme is asked instead."""

FindConflict = Callable[[Collection[int]], tuple[Bound, ...]]
"""Gives bounds that contradict each other without some figures, or none: `System.conflict`."""


@dataclass(frozen=True)
class Conflict:
    """Printed figures that cannot all be right, and nothing to do with those of other conflicts.

    Attributes:
        proofs: sets of figures of which at least one each is wrong, none superfluous.
        choices: the smallest sets of figures that would explain every proof if they were wrong.
        smallest: whether it is proved that no fewer would do.
        complete: whether all choices of this size are listed.
    """

    proofs: tuple[frozenset[int], ...]
    choices: tuple[frozenset[int], ...]
    smallest: bool
    complete: bool


def conflicts(
    find: FindConflict, most_listed: int = MOST_LISTED, most_proofs: int = MOST_PROOFS
) -> tuple[Conflict, ...]:
    """Find every conflict, with its smallest sets of figures that must be wrong.

    Args:
        find: `System.conflict` of the system.
        most_listed: how many equally small choices to list for each.
        most_proofs: after how many contradictions the search ends with what it has. A number and
            no time, so that the same paper gives the same findings.

    Returns:
        In the order of the first figures they name. Every choice listed, with the first choice of
        the other conflicts, leaves nothing contradicted.
    """
    search = _Search(find, most_proofs)
    search.explain()
    return search.listed(most_listed)


class _Search:
    """The proofs found so far."""

    def __init__(self, find: FindConflict, most_proofs: int) -> None:
        self._find = find
        self._most = most_proofs
        self.proofs: list[frozenset[int]] = []

    def explain(self) -> None:
        """Search for proofs until the fewest figures that hold one of each explain everything."""
        while self.may_go_on and self._look(_union(map(fewest, apart(self.proofs)))):
            pass

    @property
    def may_go_on(self) -> bool:
        """Whether the number of proofs allows for a further round."""
        return len(self.proofs) < self._most

    def _look(self, without: frozenset[int]) -> bool:
        """Search for proofs without some figures; each further one without the one before."""
        seen = len(self.proofs)
        left_out = without
        while found := self._find(left_out):
            self.proofs.append(figures_of(found))
            left_out |= self.proofs[-1]
        return len(self.proofs) > seen

    def _holds(self, choice: frozenset[int]) -> bool:
        """Return whether a choice explains everything; if not, keep the proof of that."""
        found = self._find(choice)
        if found:
            self.proofs.append(figures_of(found))
        return not found

    def listed(self, most: int) -> tuple[Conflict, ...]:
        """List the equally small choices of each conflict, each tried on the whole system."""
        while self.may_go_on:
            groups = apart(named(telling(self.proofs)))
            first = [*map(fewest, groups)]
            found, holding = [], True
            for at, group in enumerate(groups):
                others = _union((*first[:at], *first[at + 1 :]))
                choices, complete = equally_small(group, len(first[at]), most)
                behind = tuple(p for p in self.proofs if any(known <= p for known in group))
                found.append(Conflict(behind, choices, True, complete))
                tried = (self._holds(choice | others) for choice in choices)
                holding = all(tried) and holding
            if holding:
                return _in_order(found)
        return self._given_up()

    def _given_up(self) -> tuple[Conflict, ...]:
        """Add a figure of each further proof to the fewest so far, until all is explained."""
        chosen = _union(map(fewest, apart(self.proofs)))
        while found := self._find(chosen):
            self.proofs.append(figures_of(found))
            chosen |= {min(self.proofs[-1])}
        return _in_order(
            Conflict(tuple(group), (chosen & _union(group),), False, False)
            for group in apart(self.proofs)
        )


def telling(proofs: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Leave out proofs that the fewest figures of the others explain anyway, however chosen.

    Such a proof only ties together what has nothing to do with each other.
    """
    kept: list[frozenset[int]] = []
    left = sorted(proofs, key=lambda proof: (len(proof), sorted(proof)))
    while True:
        groups = apart(kept)
        missed = next((proof for proof in left if _may_miss(proof, groups)), None)
        if missed is None:
            break
        kept.append(missed)
        left.remove(missed)
    # What came early may have become needless since: the longest first.
    for proof in kept[::-1]:
        others = [other for other in kept if other is not proof]
        if not _may_miss(proof, apart(others)):
            kept = others
    return kept


def named(proofs: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Keep of each proof the figures that some fewest choice names; the others are cleared.

    Conflicts that only have a cleared figure in common have nothing to do with each other.
    """
    found = []
    for group in apart(proofs):
        size = len(fewest(group))
        kept = {
            figure
            for figure in sorted(_union(group))
            if _hitting((*group, frozenset({figure})), (), size) is not None
        }
        found += [proof & kept for proof in group]
    # What holds one of a proof holds one of every larger proof.
    return [proof for proof in dict.fromkeys(found) if not any(other < proof for other in found)]


def _may_miss(proof: frozenset[int], groups: list[list[frozenset[int]]]) -> bool:
    """Return whether some fewest figures of each group hold none of a proof."""
    return all(
        all(known - proof for known in group)
        and _hitting(tuple(known - proof for known in group), (), len(fewest(group))) is not None
        for group in groups
        if _union(group) & proof
    )


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset[int]().union(*sets)


def _in_order(found: Iterable[Conflict]) -> tuple[Conflict, ...]:
    return tuple(sorted(found, key=lambda conflict: min(map(min, conflict.choices))))


def apart(proofs: Iterable[frozenset[int]]) -> list[list[frozenset[int]]]:
    """Part proofs into groups that have no figure in common."""
    groups: list[tuple[set[int], list[frozenset[int]]]] = []
    for proof in proofs:
        figures, held = set(proof), [proof]
        rest = []
        for group in groups:
            if group[0] & proof:
                figures |= group[0]
                held = group[1] + held
            else:
                rest.append(group)
        groups = [*rest, (figures, held)]
    return [held for _, held in groups]


def fewest(proofs: Sequence[frozenset[int]]) -> frozenset[int]:
    """Choose the fewest figures that hold one of every proof."""
    chosen = _hitting(tuple(proofs), (), None)
    assert chosen is not None  # all figures together always do
    return chosen


def equally_small(
    proofs: Sequence[frozenset[int]], size: int, most: int
) -> tuple[tuple[frozenset[int], ...], bool]:
    """List the sets of `size` figures that hold one of every proof, and whether these are all.

    Args:
        proofs: which no fewer figures explain.
        size: of the sets.
        most: how many sets to list.
    """
    try:
        found = list(islice(_every_hitting(proofs, size), most + 1))
    except _TooMany:
        found = []
        while len(found) <= most and (one := _hitting(tuple(proofs), tuple(found), size)):
            found.append(one)
    return tuple(sorted(found[:most], key=sorted)), len(found) <= most


@lru_cache(maxsize=2**14)
def _hitting(
    proofs: tuple[frozenset[int], ...], but: tuple[frozenset[int], ...], size: int | None
) -> frozenset[int] | None:
    """Choose figures that hold one of every proof, but not those of a choice known already.

    Args:
        proofs: which no fewer than `size` figures explain.
        but: the choices known already.
        size: how many figures to choose; None for the fewest.
    """
    if not but:
        try:
            sizes = count() if size is None else (size,)
            tried = (next(_every_hitting(proofs, number), None) for number in sizes)
            return next((f for f in tried if f is not None), None)
        except _TooMany:
            pass
    return _hitting_by_programme(proofs, but, size)


class _TooMany(Exception):
    """A search has gone on for too long."""


def _every_hitting(proofs: Iterable[frozenset[int]], size: int) -> Iterator[frozenset[int]]:
    """Search for the sets of `size` figures, or fewer, that hold one of every proof.

    One figure after another of a proof not held yet is chosen; those tried before are then barred,
    so that no set comes twice.

    Raises:
        _TooMany: it takes too many steps.
    """
    steps = 0

    def search(
        left: list[frozenset[int]], chosen: frozenset[int], room: int
    ) -> Iterator[frozenset[int]]:
        nonlocal steps
        steps += 1
        if steps > _MOST_STEPS:
            raise _TooMany
        if not left:
            yield chosen
        elif _apart_at_least(left) <= room:
            proof = min(left, key=len)
            for figure in sorted(proof):
                yield from search([p for p in left if figure not in p], chosen | {figure}, room - 1)
                left = [p - {figure} for p in left]

    yield from search(list(proofs), frozenset(), size)


def _apart_at_least(proofs: list[frozenset[int]]) -> int:
    """Count some proofs that have no figure in common: each needs a figure of its own."""
    held, found = set[int](), 0
    for proof in sorted(proofs, key=len):
        if held.isdisjoint(proof):
            held |= proof
            found += 1
    return found


def _hitting_by_programme(
    proofs: tuple[frozenset[int], ...], but: tuple[frozenset[int], ...], size: int | None
) -> frozenset[int] | None:
    """Choose figures as `_hitting` does, by an integer programme."""
    figures = sorted(_union(proofs))
    column = {figure: i for i, figure in enumerate(figures)}
    sums = [[(column[f], 1.0) for f in sorted(held)] for held in (*proofs, *but)]
    low = [1.0] * len(proofs) + [0.0] * len(but)
    high = [float("inf")] * len(proofs) + [len(known) - 1.0 for known in but]
    if size is not None:
        sums.append([(i, 1.0) for i in range(len(figures))])
        low.append(size)
        high.append(size)
    costs, least = np.ones(len(figures)), np.zeros(len(figures))
    model = programme.make(sums, np.array(low), np.array(high), costs, least, choices=True)
    if not programme.solve(model):
        return None
    values = model.getSolution().col_value
    return frozenset(f for f, i in column.items() if values[i] > 1 / 2)

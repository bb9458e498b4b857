"""Are there any unrounded amounts from which all printed figures could have been rounded?"""

from dataclasses import dataclass, replace
from fractions import Fraction

from bcf_model.audit.leeway import End
from bcf_model.audit.readings import Readings
from bcf_model.audit.smallest import MOST_LISTED, MOST_PROOFS, Conflict, conflicts
from bcf_model.audit.statements import Paper
from bcf_model.audit.system import Range, Undecided
from bcf_model.core.printed_numbers import scale
from bcf_model.core.tables import records


@dataclass(frozen=True)
class Consistency:
    """What the printed figures say together.

    Attributes:
        conflicts: figures that cannot all be right, apart from those of other conflicts.
        ranges: for each conflict, choice and figure (its row) of the choice, between which ends it
            lies by all others, in the printed unit to six decimals; None where nothing limits it.
            Left out where it cannot be said.
        tested: how many figures were taken together.
        untested: for each other row, why it was not.
    """

    conflicts: tuple[Conflict, ...]
    ranges: dict[tuple[int, int, int], Range]
    tested: int
    untested: dict[int, str]


def consistency(
    paper: Paper, most_listed: int = MOST_LISTED, most_proofs: int = MOST_PROOFS
) -> Consistency:
    """Take all printed figures of a paper together.

    Args:
        paper: with the figures of each column in the sign they are meant in (`presentation`).
        most_listed: how many equally small explanations to list for each conflict.
        most_proofs: after how many contradictions the search ends with what it has.
    """
    undecided: frozenset[int] = frozenset()
    while True:
        kept = tuple(s for s in paper.statements if s.place not in undecided)
        tested = replace(paper, statements=kept)
        said = Readings(tested)
        try:
            explained = conflicts(said.conflict, most_listed, most_proofs)
            break
        except Undecided as problem:  # not certain, so nobody is accused of it
            # It is percentages of next to nothing that strain the arithmetic: what the amounts
            # say without them may well be certain.
            rates = {place for place in problem.figures if paper.by_place[place].base is not None}
            undecided |= rates or problem.figures
    beyond = dict.fromkeys(undecided, "beyond the reach of the arithmetic used")
    return Consistency(
        explained,
        _ranges(tested, said, explained),
        len(kept) - len(said.untested),
        dict(sorted({**paper.untested, **said.untested, **beyond}.items())),
    )


def _ranges(
    paper: Paper, said: Readings, explained: tuple[Conflict, ...]
) -> dict[tuple[int, int, int], Range]:
    rows = list(records(paper.printed))
    found = {}
    for at, conflict in enumerate(explained):
        others = _of_others(explained, at)
        for number, choice in enumerate(conflict.choices):
            for place in sorted(choice):
                try:
                    ends = said.range(paper.by_place[place], choice | others)
                except Undecided:
                    continue
                unit = scale(rows[place].unit)
                found[at, number, place] = (_in_unit(ends[0], unit), _in_unit(ends[1], unit))
    return found


class Leeway:
    """What the printed figures of a paper leave for one another, as far as they can be right.

    Args:
        paper: as for `consistency`.
        found: what that gave.
    """

    def __init__(self, paper: Paper, found: Consistency) -> None:
        """Read what was taken together."""
        kept = tuple(s for s in paper.statements if s.place not in found.untested)
        self._paper, self._found = paper, found
        self._said = Readings(replace(paper, statements=kept))

    def left_out(self, place: int) -> list[frozenset[int]]:
        """Return for each conflict the figures that are left out where a figure is looked at.

        They are the first choice of figures that would explain it: of its own conflict, the first
        that names it.
        """
        return [
            next((choice for choice in conflict.choices if place in choice), conflict.choices[0])
            for conflict in self._found.conflicts
        ]

    def of(self, place: int) -> tuple[End, End]:
        """Prove between which ends a figure lies by the others, but those left out.

        Args:
            place: its row.

        Raises:
            Undecided: it cannot be said.
        """
        without = frozenset({place}).union(*self.left_out(place))
        return self._said.leeway(self._paper.by_place[place], without)


def _of_others(explained: tuple[Conflict, ...], at: int) -> frozenset[int]:
    first = (other.choices[0] for i, other in enumerate(explained) if i != at)
    return frozenset[int]().union(*first)


def _in_unit(end: Fraction | None, unit: Fraction) -> Fraction | None:
    return None if end is None else round(end / unit, 6)

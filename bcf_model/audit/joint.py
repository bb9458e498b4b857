"""Are there any unrounded amounts from which all printed figures could have been rounded?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

from bcf_model.audit.bounds import Bound, Terms
from bcf_model.audit.enclosures import Enclosures, ratio, sign_of
from bcf_model.audit.smallest import MOST_LISTED, MOST_PROOFS, Conflict, conflicts
from bcf_model.audit.statements import Paper, Statement
from bcf_model.audit.system import System, Undecided
from bcf_model.prints import scale
from bcf_model.tables import records

Range = tuple[float | None, float | None]


@dataclass(frozen=True)
class Consistency:
    """What the printed figures say together.

    Attributes:
        conflicts: figures that cannot all be right, apart from those of other conflicts.
        ranges: for each conflict, choice and figure (its row) of the choice, between which ends it
            lies by all others, in the printed unit; None where nothing limits it.
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
    untested = dict(paper.untested)
    undecided: frozenset[int] = frozenset()
    while True:
        kept = tuple(s for s in paper.statements if s.place not in undecided)
        tested = replace(paper, statements=kept)
        found, no_sign = _bounds(tested)
        system = System(found, _finest(tested))
        try:
            explained = conflicts(system.conflict, most_listed, most_proofs)
            break
        except Undecided as problem:  # not certain, so nobody is accused of it
            # It is percentages of next to nothing that strain the arithmetic: what the amounts
            # say without them may well be certain.
            rates = {place for place in problem.figures if paper.by_place[place].base is not None}
            undecided |= rates or problem.figures
    untested |= no_sign | dict.fromkeys(undecided, "beyond the reach of the arithmetic used")
    return Consistency(
        explained,
        _ranges(tested, system, explained),
        len(kept) - len(no_sign),
        dict(sorted(untested.items())),
    )


def _finest(paper: Paper) -> Fraction:
    """Give the finest printed step of an amount, in pence."""
    steps = [2 * s.half for s in paper.statements if s.base is None]
    return min(steps, default=Fraction(1))


def _bounds(paper: Paper) -> tuple[list[Bound], dict[int, str]]:
    """Write every statement as bounds on sums; and say of the others why they cannot be.

    A printed p ± h percent of a base B above nil says (p − h)·B ≤ 100·V ≤ (p + h)·B. It is said
    only as long as the sign of B is: by its own print, unless others confirm it.
    """
    enclosures = Enclosures(paper)
    found, untested = list(paper.facts), dict[int, str]()
    for one in paper.statements:
        if one.base is None:
            found.append(Bound(one.terms, one.low, one.high, one.half, one.place))
            continue
        base, divided = enclosures.of_sum(one.base), ratio(one, enclosures)
        if base is None or divided is None:
            untested[one.place] = (
                "a percentage of nil" if base else "a percentage of what is not printed"
            )
            continue
        presumes = _presumed(one, enclosures)
        if presumes is None:
            untested[one.place] = "a percentage of what has one sign here and another there"
            continue
        half = one.half / 100 * min(map(abs, base))
        low, high = (_less(*divided, rate / 100) for rate in (one.low, one.high))
        found.append(Bound(low, Fraction(0), None, half, one.place, presumes))
        found.append(Bound(high, None, Fraction(0), half, one.place, presumes))
    return found, untested


def _presumed(one: Statement, enclosures: Enclosures) -> frozenset[int] | None:
    """Give the prints that alone tell the signs a percentage is read by.

    Returns:
        None where the prints contradict each other in that.
    """
    assert one.base is not None
    telling = [(one.base, one.of)]
    if sign_of(enclosures.of_sum(one.base)) < 0 and sign_of(enclosures.of_sum(one.terms)):
        # Whether it is a percentage of the base or of its size, what is divided tells (`by_size`).
        telling.append((one.terms, one.over))
    found = frozenset[int]()
    for terms, quantity in telling:
        confirmed = enclosures.confirmed(terms, quantity)
        if confirmed is None:
            return None
        found |= frozenset() if confirmed else enclosures.prints_of(terms)
    return found


def _less(terms: Terms, base: Terms, rate: Fraction) -> Terms:
    """Give a sum less a rate of another."""
    nil = Fraction(0)
    sums = {u: terms.get(u, nil) - rate * base.get(u, nil) for u in {**terms, **base}}
    return {unknown: factor for unknown, factor in sums.items() if factor}


def _ranges(
    paper: Paper, system: System, explained: tuple[Conflict, ...]
) -> dict[tuple[int, int, int], Range]:
    enclosures = Enclosures(paper)
    rows = list(records(paper.printed))
    found = {}
    for at, conflict in enumerate(explained):
        others = _of_others(explained, at)
        for number, choice in enumerate(conflict.choices):
            for place in sorted(choice):
                statement = paper.by_place[place]
                ends = _range(statement, enclosures, system, choice | others)
                unit = scale(rows[place].unit)
                found[at, number, place] = (_in_unit(ends[0], unit), _in_unit(ends[1], unit))
    return found


def _of_others(explained: tuple[Conflict, ...], at: int) -> frozenset[int]:
    first = (other.choices[0] for i, other in enumerate(explained) if i != at)
    return frozenset[int]().union(*first)


def _range(
    statement: Statement, enclosures: Enclosures, system: System, without: Collection[int]
) -> Range:
    if statement.base is None:
        return system.range(statement.terms, None, without)
    divided = ratio(statement, enclosures)
    assert divided is not None  # it was tested
    return system.range(*divided, without)


def _in_unit(end: float | None, unit: Fraction) -> float | None:
    return None if end is None else round(end / float(unit), 6)

"""Bounds on sums of unknown, unrounded amounts, and the exact proof that some contradict others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Unknown = tuple[str, str]
"""What is unknown: a measure and the line (or the code) it is of."""

Terms = Mapping[Unknown, Fraction]
"""A sum of unknowns, each with its factor."""


@dataclass(frozen=True)
class Bound:
    """Least and most that a sum of unknowns may be.

    Attributes:
        terms: the sum.
        low, high: its ends, which belong to it; None where there is none.
        half: half a printed step, in the unit of the sum: what a breach is measured in.
        figure: the printed figure that says so, by its row; None for what always holds.
        presumes: further printed figures without which it would not be said.
    """

    terms: Terms
    low: Fraction | None
    high: Fraction | None
    half: Fraction = Fraction(1)
    figure: int | None = None
    presumes: frozenset[int] = frozenset()

    @property
    def figures(self) -> frozenset[int]:
        """The printed figures behind it; none for what always holds."""
        return self.presumes if self.figure is None else self.presumes | {self.figure}


@dataclass(frozen=True)
class Side:
    """One end of a bound: the sum is at least (`way` 1) or at most (`way` −1) `end`."""

    bound: Bound
    way: int

    @property
    def end(self) -> Fraction:
        """The end itself."""
        end = self.bound.low if self.way > 0 else self.bound.high
        assert end is not None
        return end


def contradiction(sides: Sequence[Side]) -> bool:
    """Prove, in exact fractions, that sides contradict each other and that none is superfluous.

    By Farkas' lemma sides contradict each other if some positive multiples of them add up to
    "nil is at least something above nil". If the multiples that make the unknowns cancel are
    unique but for their scale, and none is nil, no side can be spared.
    """
    multiples = _cancelling([side.bound.terms for side in sides])
    if multiples is None:
        return False
    for scale in (1, -1):
        signed = [scale * multiple for multiple in multiples]
        # A sum that must equal its end may be taken either way.
        one_way = all(
            m * side.way > 0 or side.bound.low == side.bound.high
            for m, side in zip(signed, sides, strict=True)
        )
        if one_way and sum(m * side.end for m, side in zip(signed, sides, strict=True)) > 0:
            return True
    return False


def _cancelling(sums: Sequence[Terms]) -> list[Fraction] | None:
    """Give the multiples at which sums of unknowns cancel, when they are unique but for scale."""
    equations: dict[Unknown, dict[int, Fraction]] = {}
    for i, terms in enumerate(sums):
        for unknown, factor in terms.items():
            if factor:
                equations.setdefault(unknown, {})[i] = factor
    solved: dict[int, dict[int, Fraction]] = {}  # a multiple, in terms of those not solved
    for raw in sorted(equations.values(), key=len):
        equation = _put_in(raw, solved)
        if not equation:
            continue
        pivot = min(equation)
        factor = equation.pop(pivot)
        rule = {i: -f / factor for i, f in equation.items()}
        for i, known in solved.items():
            if pivot in known:
                solved[i] = _put_in(known, {pivot: rule})
        solved[pivot] = rule
    free = [i for i in range(len(sums)) if i not in solved]
    if len(free) != 1:
        return None
    found = [Fraction(1) if i == free[0] else solved[i].get(free[0], Fraction(0))
             for i in range(len(sums))]  # fmt: skip
    return found if all(found) else None


def _put_in(
    equation: Mapping[int, Fraction], solved: Mapping[int, Mapping[int, Fraction]]
) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for i, factor in equation.items():
        for j, part in solved[i].items() if i in solved else ((i, Fraction(1)),):
            found[j] = found.get(j, Fraction(0)) + factor * part
    return {i: factor for i, factor in found.items() if factor}


def figures_of(sides: Collection[Side]) -> frozenset[int]:
    """Give the printed figures behind sides."""
    return frozenset[int]().union(*(side.bound.figures for side in sides))

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


def proved(bounds: Sequence[Bound]) -> tuple[Bound, ...]:
    """Prove, in exact fractions, that bounds contradict each other.

    By Farkas' lemma they do if multiples of them, at which the unknowns cancel, add up to "nil is
    at least something above nil". Where such multiples are unique but for their scale, no bound
    that has one can be spared.

    Returns:
        The bounds that contradict each other, none superfluous; none when nothing is proved.
    """
    multiples = _cancelling([bound.terms for bound in bounds])
    if multiples is None:
        return ()
    held = [(b, m) for b, m in zip(bounds, multiples, strict=True) if m]
    for either_way in (held, [(b, -m) for b, m in held]):
        ends = [(b.low if m > 0 else b.high, m) for b, m in either_way]
        least = sum((m * end for end, m in ends if end is not None), Fraction(0))
        if least > 0 and all(end is not None for end, _ in ends):
            return tuple(bound for bound, _ in held)
    return ()


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
    one = {free[0]: {free[0]: Fraction(1)}}
    return [(solved | one)[i].get(free[0], Fraction(0)) for i in range(len(sums))]


def _put_in(
    equation: Mapping[int, Fraction], solved: Mapping[int, Mapping[int, Fraction]]
) -> dict[int, Fraction]:
    found: dict[int, Fraction] = {}
    for i, factor in equation.items():
        for j, part in solved[i].items() if i in solved else ((i, Fraction(1)),):
            found[j] = found.get(j, Fraction(0)) + factor * part
    return {i: factor for i, factor in found.items() if factor}


def figures_of(bounds: Collection[Bound]) -> frozenset[int]:
    """Give the printed figures behind bounds."""
    return frozenset[int]().union(*(bound.figures for bound in bounds))

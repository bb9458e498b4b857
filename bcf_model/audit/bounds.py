"""Bounds on sums of unknown, unrounded amounts, and the exact proof that some contradict others."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

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
    """

    terms: Terms
    low: Fraction | None
    high: Fraction | None
    half: Fraction = Fraction(1)
    figure: int | None = None

    @property
    def is_equation(self) -> bool:
        """Whether it always holds that the sum is nil: one of its unknowns need not be unknown."""
        return self.figure is None and self.low == self.high == 0


def proved(bounds: Sequence[Bound]) -> tuple[Bound, ...]:
    """Prove, in exact fractions, that bounds contradict each other.

    By Farkas' lemma they do if multiples of them, at which the unknowns cancel, add up to "nil is
    at least something above nil". Where such multiples are unique but for their scale, no bound
    that has one can be spared.

    Returns:
        The bounds that contradict each other, none superfluous; none when nothing is proved.
    """
    multiples = cancelling([bound.terms for bound in bounds])
    if multiples is None:
        return ()
    held = [(b, m) for b, m in zip(bounds, multiples, strict=True) if m]
    for either_way in (held, [(b, -m) for b, m in held]):
        ends = [(b.low if m > 0 else b.high, m) for b, m in either_way]
        least = sum((m * end for end, m in ends if end is not None), Fraction(0))
        if least > 0 and all(end is not None for end, _ in ends):
            return tuple(bound for bound, _ in held)
    return ()


def cancelling(sums: Sequence[Terms]) -> list[Fraction] | None:
    """Compute the multiples at which sums cancel, when they are unique but for their scale."""
    equations: dict[Unknown, dict[int, Fraction]] = {}
    for i, terms in enumerate(sums):
        for unknown, factor in terms.items():
            equations.setdefault(unknown, {})[i] = factor
    solved = _solved(sorted(equations.values(), key=len))
    free = [i for i in range(len(sums)) if i not in solved]
    if len(free) != 1:
        return None
    one = {free[0]: {free[0]: Fraction(1)}}
    return [(solved | one)[i].get(free[0], Fraction(0)) for i in range(len(sums))]


def without_equations(
    bounds: Sequence[Bound],
) -> tuple[list[Bound], dict[Unknown, dict[Unknown, Fraction]]]:
    """Add what sums of unknowns always are into the bounds, so that no equation is left.

    An equation that only says again what the others say leaves nothing: what is left cannot be
    broken by a rounding of its own, and no search gets stuck in what says the same thing twice.

    Returns:
        The bounds that are no equations, over fewer unknowns; and what each unknown that is gone
        is a sum of, for `put_in`.
    """
    solved = _solved(bound.terms for bound in bounds if bound.is_equation)
    left = [
        replace(bound, terms=put_in(bound.terms, solved))
        for bound in bounds
        if not bound.is_equation
    ]
    return left, solved


def without_repeats(equations: Iterable[Bound]) -> list[Bound]:
    """Leave out equations that only say again what those before them say."""
    kept: list[Bound] = []
    solved: dict[Unknown, dict[Unknown, Fraction]] = {}
    for one in equations:
        if put_in(one.terms, solved):
            kept.append(one)
            solved = _solved(it.terms for it in kept)
    return kept


Key = TypeVar("Key", bound=Hashable)


def _solved(equations: Iterable[Mapping[Key, Fraction]]) -> dict[Key, dict[Key, Fraction]]:
    """Solve equations, each a sum that is nil, for the last unknown of each."""
    solved: dict[Key, dict[Key, Fraction]] = {}
    for raw in equations:
        equation = put_in(raw, solved)
        if not equation:
            continue
        pivot, factor = equation.popitem()
        rule = {pivot: {key: -f / factor for key, f in equation.items()}}
        for key, known in solved.items():
            if pivot in known:
                solved[key] = put_in(known, rule)
        solved |= rule
    return solved


def put_in(
    equation: Mapping[Key, Fraction], solved: Mapping[Key, Mapping[Key, Fraction]]
) -> dict[Key, Fraction]:
    """Add what is solved into a sum.

    Args:
        equation: the sum.
        solved: what each key that is to go is a sum of.
    """
    found: dict[Key, Fraction] = {}
    for key, factor in equation.items():
        if key not in solved:
            found[key] = found.get(key, Fraction(0)) + factor
            continue
        for other, part in solved[key].items():
            found[other] = found.get(other, Fraction(0)) + factor * part
    return {key: factor for key, factor in found.items() if factor}


def figures_of(bounds: Collection[Bound]) -> frozenset[int]:
    """Collect the printed figures behind bounds."""
    return frozenset(bound.figure for bound in bounds if bound.figure is not None)

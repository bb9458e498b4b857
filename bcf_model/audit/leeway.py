"""The end of what a figure may be, proved: multiples of other figures' bounds that add up to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from bcf_model.audit.bounds import Bound, Terms, Unknown, cancelling, without_repeats

ONE: Final[Unknown] = ("", "\0one")
"""Stands for the number one among the unknowns; no figure is called so."""


@dataclass(frozen=True)
class Part:
    """What one bound adds to an end.

    Attributes:
        multiple: how often it is added; below nil it is taken away.
        bound: with the one end that counts; an equation has both, at nil.
    """

    multiple: Fraction
    bound: Bound

    @property
    def end(self) -> Fraction:
        """Return the end of the bound that counts."""
        found = self.bound.high if self.bound.low is None else self.bound.low
        assert found is not None
        return found


@dataclass(frozen=True)
class End:
    """One end of what a figure may be.

    Attributes:
        value: in pence, or in percent; None where nothing limits it.
        parts: what adds up to it. Of an amount, the multiples of the sums of the parts come to the
            amount, and the multiples of their ends to `value`. Of a percentage, the multiples of
            the sums come to what is divided less `value` percent of its base, times 100, and those
            of their ends to nil.
    """

    value: Fraction | None
    parts: tuple[Part, ...] = ()


def proved_end(
    terms: Terms,
    base: Terms | None,
    way: int,
    by: Sequence[tuple[Bound, int]],
    equations: Sequence[Bound],
) -> End | None:
    """Prove the least (1) or the most (−1) that a sum, or a percentage of a base, may be.

    Args:
        terms: the sum, or what is divided.
        base: what it is a percentage of, above nil; None for a sum.
        way: which end.
        by: the bounds that limit it, each with its end that counts.
        equations: what always holds besides.

    Returns:
        The end with its proof; None where the bounds do not prove one.
    """
    held = [
        replace(bound, low=bound.low if its > 0 else None, high=bound.high if its < 0 else None)
        for bound, its in by
    ]
    ways = [its for _, its in by]
    always = without_repeats(equations)
    target = terms if base is None else {u: 100 * factor for u, factor in terms.items()}
    one = {ONE: Fraction(1)} if base is None else base
    rows = [_less_its_end(part) for part in held]
    multiples = cancelling([target, one, *rows, *(it.terms for it in always)])
    if multiples is None or not multiples[0]:
        return None
    value, *of = (-multiple / multiples[0] for multiple in multiples[1:])
    if any(multiple * its * way < 0 for multiple, its in zip(of, ways, strict=False)):
        return None
    parts = zip(of, [*held, *always], strict=True)
    return End(value, tuple(Part(multiple, bound) for multiple, bound in parts if multiple))


def _less_its_end(bound: Bound) -> Terms:
    end = Part(Fraction(1), bound).end
    return {**bound.terms, ONE: -end} if end else bound.terms

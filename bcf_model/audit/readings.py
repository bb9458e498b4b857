"""What a percentage says: it depends on the sign of its base, which nothing may tell for sure.

A printed p ± h percent of a base B says (p − h)·B ≤ 100·V ≤ (p + h)·B of what is divided, V, where
B is above nil. Below nil it says the reverse; or, in papers that divide by the size of B, the
same of −B. So a percentage has three readings. It is read by the signs that are printed; but
figures contradict each other only if they do so in every reading that they leave open.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from bcf_model.audit.bounds import Bound, Terms, Unknown, figures_of, put_in, without_equations
from bcf_model.audit.enclosures import Enclosures, sign_of
from bcf_model.audit.leeway import End, proved_end
from bcf_model.audit.statements import Paper, Statement
from bcf_model.audit.system import Limiting, Range, System, Undecided

_NOT_NIL: Final = Fraction(1, 10**4)
"""What part of the finest printed step a base is at least, or it is nil: of nil there is no
percentage."""
_MOST_READINGS: Final = 400
"""Readings looked at for one contradiction before its percentages are given up as undecided."""
_BASE, _SIZE = "base", "size"
Choice = tuple[str, object]
"""What a reading takes otherwise than the print does: the sign of a base, or whether a percentage
of a base below nil is one of its size."""


@dataclass(frozen=True)
class _Rate:
    """A percentage, read by what is printed.

    Attributes:
        divided: what is divided; base: by what, turned so that by its print it is above nil.
        below: whether its print is below nil.
        by_size: whether, below nil, it is divided by the size.
        low, high: what it may have been rounded from, as a part of one.
        half: what a breach is measured in.
        against: for a choice other than the print's, prints any of which alone contradicts it.
    """

    place: int
    divided: Terms
    base: Terms
    below: bool
    by_size: bool
    low: Fraction
    high: Fraction
    half: Fraction
    against: Mapping[str, tuple[Bound, ...]]

    @property
    def sign(self) -> Choice:
        """The choice of the sign of the base, the same for all percentages of it."""
        return _BASE, _key(self.base)

    @property
    def size(self) -> Choice:
        """The choice whether it is one of the size of its base."""
        return _SIZE, self.place

    def is_below(self, otherwise: frozenset[Choice]) -> bool:
        """Return whether a reading takes the base to be below nil."""
        return self.below is not (self.sign in otherwise)

    def read(self, otherwise: frozenset[Choice]) -> tuple[Terms, Terms]:
        """Read what is divided by what, so that the divisor is above nil."""
        base = _times(self.base, -1) if self.sign in otherwise else self.base
        by_size = self.by_size is not (self.size in otherwise)
        turned = self.is_below(otherwise) and not by_size
        return _times(self.divided, -1) if turned else self.divided, base

    def bounds(self, otherwise: frozenset[Choice], least: Fraction) -> tuple[Bound, ...]:
        """Write it as bounds, in a reading."""
        divided, base = self.read(otherwise)
        low, high = (_less(divided, base, rate) for rate in (self.low, self.high))
        return (
            Bound(low, Fraction(0), None, self.half, self.place),
            Bound(high, None, Fraction(0), self.half, self.place),
            Bound(base, least, None, self.half, self.place),
        )


class Readings:
    """All that a paper says, in every reading of its percentages.

    Args:
        paper: with the figures of each column in the sign they are meant in (`presentation`).

    Attributes:
        untested: for each row that cannot be taken together with the others, why.
    """

    def __init__(self, paper: Paper) -> None:
        """Write every statement as bounds on sums of what is not known from the others."""
        self._unit = _finest(paper)
        enclosures = Enclosures(paper)
        amounts = [
            Bound(s.terms, s.low, s.high, s.half, s.place) for s in paper.statements if not s.base
        ]
        said = [*paper.facts, *amounts]
        self._amounts, self._solved = without_equations(said)
        stated = (bound for bound in said if not bound.is_equation)
        self._stated = {id(its): own for its, own in zip(self._amounts, stated, strict=True)}
        self._equations = tuple(bound for bound in said if bound.is_equation)
        self._prints: dict[object, list[Bound]] = {}
        for bound in self._amounts:
            if bound.figure is not None:
                self._prints.setdefault(_key(bound.terms), []).append(bound)
        self._rates: dict[int, _Rate] = {}
        self.untested: dict[int, str] = {}
        self._rate_of = {one.place: one for one in paper.statements if one.base is not None}
        for one in self._rate_of.values():
            assert one.base is not None
            if enclosures.of_sum(one.base) is None:
                self.untested[one.place] = "a percentage of what is not printed"
            elif sign := self._sign(one.base, enclosures):
                self._rates[one.place] = self._rate(one, sign, enclosures)
            else:
                self.untested[one.place] = "a percentage of nil"
        self._whole: dict[frozenset[Choice], System] = {}
        self._part = lru_cache(maxsize=2**10)(self._of_some)
        self._left = 0
        self._fits = frozenset[Choice]()

    def _sign(self, base: Terms, enclosures: Enclosures) -> int:
        """Compute the sign of a base by what is printed: of prints that differ in it, the first."""
        if sign := sign_of(enclosures.of_sum(base)):
            return sign
        prints = self._prints.get(_key(put_in(base, self._solved)), ())
        signs = [
            sign_of((b.low, b.high)) for b in prints if b.low is not None and b.high is not None
        ]
        return signs[0] if signs and all(signs) else 0

    def _rate(self, one: Statement, sign: int, enclosures: Enclosures) -> _Rate:
        assert one.base is not None
        ends = enclosures.of_sum(one.base)
        assert ends is not None
        printed = sign_of((one.low, one.high))
        base = _times(put_in(one.base, self._solved), sign)
        divided, way = put_in(one.terms, self._solved), sign_of(enclosures.of_sum(one.terms))
        return _Rate(
            one.place,
            divided,
            base,
            below=sign < 0,
            by_size=printed != 0 and printed == way,
            low=one.low / 100,
            high=one.high / 100,
            half=one.half / 100 * min(map(abs, ends)),
            # Of a base below nil, what is divided has one sign in one reading, another in the other
            against={
                _BASE: self._above_nil(base),
                _SIZE: self._above_nil(_times(divided, way)) if printed else (),
            },
        )

    def _above_nil(self, terms: Terms) -> tuple[Bound, ...]:
        """List the prints of a sum, as such or turned round, by which it is above nil."""
        as_such, turned = (self._prints.get(_key(_times(terms, way)), ()) for way in (1, -1))
        return (
            *(b for b in as_such if b.low is not None and b.low > 0),
            *(b for b in turned if b.high is not None and b.high < 0),
        )

    # ------------------------------------------------------------ contradictions

    def conflict(self, without: Collection[int] = ()) -> tuple[Bound, ...]:
        """Find bounds of figures that contradict each other in every reading; none superfluous.

        Args:
            without: the printed figures to leave out.

        Returns:
            The bounds; none when in some reading some amounts break none.

        Raises:
            Undecided: for some figures it cannot be said.
        """
        self._left, self._fits = _MOST_READINGS, frozenset()
        found = self._of_all(frozenset()).conflict(without)
        rates = figures_of(found) & self._rates.keys()
        if not rates:
            return found
        within = self._of_these(figures_of(found))
        if within and len(rates) == 1:
            return within
        found = within or self._in_every_reading(None, without)
        # Several readings, or several bounds of one figure, need not all have needed it.
        for figure in sorted(figures_of(found)):
            found = self._of_these(figures_of(found) - {figure}) or found
        return found

    def _of_these(self, held: frozenset[int]) -> tuple[Bound, ...]:
        """Find bounds of some figures that contradict each other in every reading, if decided."""
        try:
            return self._in_every_reading(held)
        except Undecided:
            return ()

    def _in_every_reading(
        self,
        held: frozenset[int] | None,
        without: Collection[int] = (),
        otherwise: frozenset[Choice] = frozenset(),
        chosen: frozenset[Choice] = frozenset(),
    ) -> tuple[Bound, ...]:
        """Find bounds that contradict each other however what is not chosen yet is read.

        Args:
            held: the figures that count; None for all.
            without: the printed figures to leave out of these.
            otherwise: what is read otherwise than the print does.
            chosen: the choices that are made.

        Returns:
            Those of every reading together; none when some reading contradicts nothing.
        """
        system = self._of_all(otherwise) if held is None else self._part(held, otherwise)
        found = system.conflict(without)
        if not found:
            self._fits = otherwise
        proofs = found
        for choice, rate in self._open(found, otherwise, chosen).items():
            # Of what was tried before, only the print is left.
            chosen |= {choice}
            other = self._at_odds(rate, choice[0], held, without, figures_of(proofs))
            if not other:
                self._left -= 1
                if self._left < 0:
                    raise Undecided(figures_of(found) & self._rates.keys())
                other = self._in_every_reading(held, without, otherwise | {choice}, chosen)
            if not other:
                return ()
            proofs += other
        return proofs

    def _open(
        self, proof: tuple[Bound, ...], otherwise: frozenset[Choice], chosen: frozenset[Choice]
    ) -> dict[Choice, _Rate]:
        """List the choices that a proof rests on and that are not made yet, with a percentage."""
        found = dict[Choice, _Rate]()
        for place in sorted(figures_of(proof) & self._rates.keys()):
            rate = self._rates[place]
            found.setdefault(rate.sign, rate)
            if rate.is_below(otherwise) and rate.low != -rate.high:
                found[rate.size] = rate
        return {choice: rate for choice, rate in found.items() if choice not in chosen}

    def _at_odds(
        self,
        rate: _Rate,
        kind: str,
        held: frozenset[int] | None,
        without: Collection[int],
        known: frozenset[int],
    ) -> tuple[Bound, ...]:
        """Find a print that alone contradicts a choice, if possible one that is known."""
        prints = [
            bound
            for bound in rate.against[kind]
            if (held is None or bound.figure in held) and bound.figure not in without
        ]
        first = min(prints, key=lambda bound: bound.figure not in known, default=None)
        if first is None:
            return ()
        return first, Bound(rate.base, Fraction(0), None, rate.half, rate.place)

    def _of_all(self, otherwise: frozenset[Choice]) -> System:
        """Combine all bounds into one system, in a reading."""
        if otherwise not in self._whole:
            if len(self._whole) > 2**4:  # all but the first, which is asked for again and again
                self._whole = dict(list(self._whole.items())[:1])
            rates = (bound for r in self._rates.values() for bound in self._read(r, otherwise))
            self._whole[otherwise] = System([*self._amounts, *rates], self._unit)
        return self._whole[otherwise]

    def _of_some(self, held: frozenset[int], otherwise: frozenset[Choice]) -> System:
        """Add the bounds of some figures into a system, with what always holds of the same."""
        amounts = [bound for bound in self._amounts if bound.figure in held]
        rates = [b for p in sorted(held & self._rates.keys())
                 for b in self._read(self._rates[p], otherwise)]  # fmt: skip
        known: set[Unknown] = {u for bound in (*amounts, *rates) for u in bound.terms}
        facts = [b for b in self._amounts if b.figure is None and not known.isdisjoint(b.terms)]
        return System([*facts, *amounts, *rates], self._unit)

    def _read(self, rate: _Rate, otherwise: frozenset[Choice]) -> tuple[Bound, ...]:
        return rate.bounds(otherwise, _NOT_NIL * self._unit)

    # ------------------------------------------------------------ ranges

    def range(self, statement: Statement, without: Collection[int]) -> Range:
        """Compute between which ends a figure lies by all others but some.

        Args:
            statement: the figure.
            without: the figures to leave out, this one too.

        Returns:
            In pence, or in percent; None for an end that nothing limits. By the signs that are
            printed, where the others fit these.

        Raises:
            Undecided: it cannot be said, or the others contradict each other.
        """
        return self._limiting(statement, without)[0].ends

    def _limiting(
        self, statement: Statement, without: Collection[int]
    ) -> tuple[Limiting, Terms, Terms | None]:
        """Compute between which ends a figure lies, with the sums it was read as."""
        if against := self.conflict(without):
            raise Undecided(figures_of(against))
        system = self._of_all(self._fits)
        if statement.base is None:
            sums: list[tuple[Terms, Terms | None]] = [(put_in(statement.terms, self._solved), None)]
        else:
            rate = self._rates[statement.place]
            readings = self._fits, self._fits | {rate.sign}
            sums = [rate.read(reading) for reading in readings]
        for terms, base in sums:
            if found := system.limiting(terms, base, without):
                return found, terms, base
        raise Undecided(frozenset({statement.place}))

    def leeway(self, statement: Statement, without: Collection[int]) -> tuple[End, End]:
        """Prove, in exact fractions, between which ends a figure lies by all others but some.

        Args, Raises: as `range`; it is undecided too where fractions do not bear an end out.

        Returns:
            The least and the most, each with the multiples of what is printed, and of what always
            holds, that add up to it.
        """
        found, terms, base = self._limiting(statement, without)
        whole = self._as_stated(terms, statement.terms)
        of = None if base is None else self._as_stated(base, statement.base or {})
        low, high = (
            proved_end(
                whole, of, way, [(self._stating(bound), its) for bound, its in by], self._equations
            )
            if end is not None
            else End(None)
            for end, by, way in zip(found.ends, found.by, (1, -1), strict=True)
        )
        if low is None or high is None:
            raise Undecided(frozenset({statement.place}))
        return low, high

    def _as_stated(self, terms: Terms, stated: Terms) -> Terms:
        """Return a sum as it is stated, before equations were put in: as such, or turned round."""
        return stated if put_in(stated, self._solved) == terms else _times(stated, -1)

    def _stating(self, bound: Bound) -> Bound:
        """Return a bound as it is stated, before equations were put in."""
        if id(bound) in self._stated:
            return self._stated[id(bound)]
        assert bound.figure is not None
        rate, one = self._rates[bound.figure], self._rate_of[bound.figure]
        assert one.base is not None
        ways = (1, -1)
        for base in (_times(one.base, way) for way in ways):
            if put_in(base, self._solved) == bound.terms:
                return replace(bound, terms=base)
            for divided in (_times(one.terms, way) for way in ways):
                for part in (rate.low, rate.high):
                    less = _less(divided, base, part)
                    if put_in(less, self._solved) == bound.terms:
                        return replace(bound, terms=less)
        raise AssertionError(bound)


def _finest(paper: Paper) -> Fraction:
    """Compute the finest printed step of an amount, in pence."""
    steps = [2 * s.half for s in paper.statements if s.base is None]
    return min(steps, default=Fraction(1))


def _key(terms: Terms) -> frozenset[object]:
    return frozenset(terms.items())


def _times(terms: Terms, factor: int) -> Terms:
    return {unknown: factor * f for unknown, f in terms.items()}


def _less(terms: Terms, base: Terms, rate: Fraction) -> Terms:
    """Compute a sum less a rate of another."""
    nil = Fraction(0)
    sums = {u: terms.get(u, nil) - rate * base.get(u, nil) for u in {**terms, **base}}
    return {unknown: factor for unknown, factor in sums.items() if factor}

"""What printed figures say together, as a linear programme, and why it has no solution.

The programme looks for amounts that break no bound; where there are none, bounds that contradict
each other are named, none of them superfluous. HiGHS counts in floating point, sixteen digits in
all, and only proposes: that amounts break no bound is worked out in whole numbers, and that bounds
contradict each other is proved in exact fractions (`bounds.proved`). The programme is about what
the amounts are away from a centre, at first what is printed, then what was proposed before: of an
amount of thirteen digits the last is as plain to it as of one of four.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bcf_model.audit import programme
from bcf_model.audit.bounds import Bound, Terms, figures_of, proved

LEAST_BREACH: Final = Fraction(1, 10**6)
"""By how much of its half step a bound may be broken by amounts that are taken to fit, where no
contradiction is proved: far below what rounding could hide."""

_NILS: Final = (1e-7, 1e-11)
"""Below what part of the largest a multiple is taken for nil: the exact proof says which is right.
"""
_LEAST_HALF, _MOST_HALF = 0.01, 1e4
"""In units: what a breach is measured in, so that coarse and fine prints fit one programme."""
_INSIDE: Final = -1e-3
"""How far inside all bounds, in half steps, amounts are looked for where they can be."""
_GRAINS: Final = 2**40
"""Into how many grains a unit is divided: amounts proposed are taken to whole grains."""
_WITHIN: Final = 1e4
"""How far from the centre, in units, floating point is sure of a billionth of a unit."""
_MOST_CENTRES: Final = 6

Range = tuple[Fraction | None, Fraction | None]
"""The least and the most; None where nothing limits it."""

Floats = NDArray[np.float64]
Whole = NDArray[np.object_]
"""Whole numbers of any size."""


class Undecided(Exception):
    """The programme finds neither amounts that fit nor a contradiction that fractions bear out.

    Attributes:
        figures: the printed figures without which the amounts it came to would fit.
    """

    def __init__(self, figures: frozenset[int]) -> None:
        """Keep the figures."""
        super().__init__(sorted(figures))
        self.figures = figures


class _End(NamedTuple):
    """A row of the programme: of which bound, at least (1) or at most (−1), what."""

    of: int
    way: int
    end: Fraction


class System:
    """Bounds looked at together.

    Args:
        bounds: in one unit throughout; no equations (`bounds.without_equations`).
        unit: what one is to be counted as 1 in floating point: the finest printed step.
    """

    def __init__(self, bounds: Sequence[Bound], unit: Fraction) -> None:
        """Number the unknowns, and take each as it is printed."""
        self.bounds = list(bounds)
        self.unit = unit
        unknowns = dict.fromkeys(u for b in bounds for u in b.terms)
        self._columns = {unknown: i for i, unknown in enumerate(unknowns)}
        self._ends = [
            _End(i, way, end)
            for i, bound in enumerate(self.bounds)
            for way, end in ((1, bound.low), (-1, bound.high))
            if end is not None
        ]
        # Whole grains to a penny: what is printed, and half a step of it, is whole grains too.
        self._grain = Fraction(1, 2 ** max(1, int(_GRAINS / unit).bit_length()))
        self._centre = self._as_printed()
        self._at_this_centre: Whole | None = None

    def _as_printed(self) -> Whole:
        """Compute what is printed of each unknown alone, most finely, in grains; else nil."""
        centre = _whole([0] * (len(self._columns) + 1))  # the last stands for no unknown
        alone = (b for b in self.bounds if len(b.terms) == 1)
        for bound in sorted(alone, key=lambda b: b.half, reverse=True):
            [(unknown, factor)] = bound.terms.items()
            ends = [end for end in (bound.low, bound.high) if end is not None]
            if ends:
                middle = sum(ends) / len(ends) / factor
                centre[self._columns[unknown]] = round(middle / self._grain)
        return centre

    # ------------------------------------------------------------ contradictions

    def conflict(self, without: Collection[int] = ()) -> tuple[Bound, ...]:
        """Find bounds that contradict each other, none superfluous; the worst breach first.

        Args:
            without: the printed figures to leave out.

        Returns:
            The bounds; none when some amounts break no bound.

        Raises:
            Undecided: neither such amounts nor a proof of a contradiction was found.
        """
        fits, found, proposed = self._looked_for(without)
        if fits or found:
            return found
        if found := self._spared(proposed):
            return found
        broken = self._broken(self._held(without))
        # Where only what always holds is broken, which figures are to blame nothing tells.
        figures = figures_of([self.bounds[self._ends[row].of] for row in broken])
        raise Undecided(figures or figures_of(self.bounds) - frozenset(without))

    def _looked_for(
        self, without: Collection[int] = ()
    ) -> tuple[bool, tuple[Bound, ...], list[Bound]]:
        """Search for amounts that break no bound, from one centre after another, or for a proof.

        Returns:
            Whether the amounts at the centre fit; bounds proved to contradict each other; and, with
            neither, those that the programme last proposed.
        """
        held, proposed = self._held(without), list[list[Bound]]()
        for _ in range(_MOST_CENTRES):
            away = self._away()
            scale = max(1.0, float((self._way * away)[held].max(initial=0.0)) / _WITHIN)
            multiples = self._least_breach(held, away / scale, scale)
            broken = self._broken(held)
            if not len(broken):
                return True, (), []
            proposed = self._proposed(multiples) or proposed
            for bounds in proposed:
                if found := proved(bounds):
                    return False, found, []
            if scale == 1 and all(map(self._is_slight, broken)):
                return True, (), []
        return False, (), proposed[-1] if proposed else []

    def _proposed(self, multiples: Floats) -> list[list[Bound]]:
        """List the bounds that contradict each other, as far as floating point tells."""
        found = []
        for nil in _NILS if multiples.any() else ():
            at = np.flatnonzero(np.abs(multiples) > nil * np.abs(multiples).max())
            # Both ends of one bound stand in two rows.
            found.append([self.bounds[i] for i in dict.fromkeys(self._ends[row].of for row in at)])
        return found

    def _spared(self, bounds: Sequence[Bound]) -> tuple[Bound, ...]:
        """Leave out one bound after another as long as the rest contradict each other."""
        kept = list(bounds)
        for bound in bounds:
            rest = [other for other in kept if other is not bound]
            fits, found, _ = System(rest, self.unit)._looked_for()
            if found:
                return found
            if not fits:
                kept = rest
        return proved(kept)

    # ------------------------------------------------------------ in whole numbers

    @cached_property
    def _sums(self) -> tuple[Whole, NDArray[np.intp], NDArray[np.intp], Whole]:
        """Write the sums of the bounds in whole numbers.

        Returns:
            The factors, one bound after another; the column of each; where each bound begins; and
            by what each bound was multiplied.
        """
        factors, columns, starts, multiples = list[int](), list[int](), list[int](), list[int]()
        for bound in self.bounds:
            ends = [e / self._grain for e in (bound.low, bound.high) if e is not None]
            by = lcm(*(f.denominator for f in (*bound.terms.values(), *ends)))
            starts.append(len(factors))
            factors += [0, *(int(f * by) for f in bound.terms.values())]
            columns += [len(self._columns), *(self._columns[u] for u in bound.terms)]
            multiples.append(by)
        return _whole(factors), np.array(columns), np.array(starts), _whole(multiples)

    @cached_property
    def _rows(self) -> tuple[NDArray[np.intp], Whole, Whole]:
        """Write the ends of the bounds in whole numbers: of which bound, the end, times what."""
        of = np.array([row.of for row in self._ends], dtype=np.intp)
        times = self._sums[3][of]
        ends = [int(r.end / self._grain * by) for r, by in zip(self._ends, times, strict=True)]
        return of, _whole(ends), times

    @cached_property
    def _way(self) -> NDArray[np.intp]:
        return np.array([row.way for row in self._ends], dtype=np.intp)

    @cached_property
    def _figures(self) -> NDArray[np.intp]:
        """List the printed figure behind each row; −1 for none."""
        figures = (self.bounds[row.of].figure for row in self._ends)
        return np.array([-1 if f is None else f for f in figures], dtype=np.intp)

    def _held(self, without: Collection[int]) -> NDArray[np.bool_]:
        """Return of each row whether it counts when some printed figures are left out."""
        return ~np.isin(self._figures, sorted(without))

    def _gaps(self) -> Whole:
        """Compute how far each end lies above the centre, in whole numbers."""
        if self._at_this_centre is None:
            factors, columns, starts, _ = self._sums
            of, ends, _ = self._rows
            sums: Whole = _whole([])
            if len(starts):
                sums = np.add.reduceat(factors * self._centre[columns], starts)
            self._at_this_centre = ends - sums[of]
        return self._at_this_centre

    def _away(self) -> Floats:
        """Compute how far each end lies above the centre, in units."""
        away: Floats = (self._gaps() / self._rows[2]).astype(np.float64)
        away *= float(self._grain / self.unit)
        return away

    def _broken(self, held: NDArray[np.bool_]) -> NDArray[np.intp]:
        """List the rows that the amounts at the centre break."""
        return np.flatnonzero(held & (self._way * self._gaps() > 0).astype(bool))

    def _is_slight(self, row: int) -> bool:
        """Return whether the amounts at the centre break a row by next to nothing."""
        breach = Fraction(int(abs(self._gaps()[row])), int(self._rows[2][row])) * self._grain
        return breach <= LEAST_BREACH * max(self.bounds[self._ends[row].of].half, self.unit / 100)

    # ------------------------------------------------------------ the programme

    @cached_property
    def _least_breach_model(self) -> Any:
        """Make the programme: the least t such that no end is broken by more than t half steps."""
        last = len(self._columns)
        rows = []
        for row in self._ends:
            bound = self.bounds[row.of]
            factors = self._row(bound.terms)
            if bound.figure is not None:
                half = min(_MOST_HALF, max(_LEAST_HALF, float(bound.half / self.unit)))
                factors.append((last, row.way * half))
            rows.append(factors)
        endless = np.full(len(rows), np.inf)
        least = np.append(np.full(last, -np.inf), _INSIDE)
        return programme.make(rows, -endless, endless, np.append(np.zeros(last), 1.0), least)

    def _row(self, terms: Terms) -> list[tuple[int, float]]:
        return [(self._columns[u], float(f)) for u, f in terms.items()]

    def _least_breach(self, held: NDArray[np.bool_], away: Floats, scale: float) -> Floats:
        """Move the centre to where the worst breach is least.

        Args:
            held: the rows that count.
            away: how far their ends lie above the centre, in so many units.
            scale: how many.

        Returns:
            The multiple of each row that limits the breach, nil for all others; nil for all where
            the programme leads nowhere.
        """
        model = self._least_breach_model
        self._limit(held, away)
        solved = programme.solve(model)
        solution = model.getSolution()
        moved = np.array(solution.col_value[: len(self._columns)]) * scale
        if len(moved) == len(self._columns) and np.isfinite(moved).all():
            self._move(moved)
        return np.array(solution.row_dual) if solved else np.zeros(len(away))

    def _limit(self, held: NDArray[np.bool_], away: Floats) -> None:
        """Limit the rows that count, and no others."""
        low = np.where(held & (self._way > 0), away, -np.inf)
        high = np.where(held & (self._way < 0), away, np.inf)
        every = np.arange(len(away), dtype="int32")
        self._least_breach_model.changeRowsBounds(len(away), every, low, high)

    def _move(self, by: Floats) -> None:
        """Move the centre, in units, but not out of what an unknown always is."""
        self._at_this_centre = None
        grains = by * float(self.unit / self._grain)
        self._centre[:-1] += _whole([round(float(g)) for g in grains])
        for column, low, high in self._always:
            at = self._centre[column]
            at = at if low is None else max(at, low)
            self._centre[column] = at if high is None else min(at, high)

    @cached_property
    def _always(self) -> list[tuple[int, int | None, int | None]]:
        """List the unknowns that always lie between two ends, and these, in whole grains."""
        found = []
        for bound in self.bounds:
            if bound.figure is None and len(bound.terms) == 1:
                [(unknown, factor)] = bound.terms.items()
                per = factor * self._grain
                low, high = (None if e is None else e / per for e in (bound.low, bound.high))
                if per < 0:
                    low, high = high, low
                found.append(
                    (
                        self._columns[unknown],
                        None if low is None else ceil(low),
                        None if high is None else floor(high),
                    )
                )
        return found

    # ------------------------------------------------------------ ranges

    def range(self, terms: Terms, base: Terms | None, without: Collection[int]) -> Range | None:
        """Compute the least and the most a sum, or a percentage of a base, may be.

        Args:
            terms: the sum, or what is divided.
            base: what it is a percentage of, above nil; None for a sum.
            without: the printed figures to leave out. The others must not contradict each other.

        Returns:
            In the unit of the bounds, or in percent; None for an end that nothing limits. None
            where no base above nil fits.

        Raises:
            Undecided: the programme leads nowhere.
        """
        found = self.limiting(terms, base, without)
        return None if found is None else found.ends

    def limiting(
        self, terms: Terms, base: Terms | None, without: Collection[int]
    ) -> "Limiting | None":
        """Compute the same as `range`, with the ends of bounds that limit it."""
        if not terms:
            return Limiting((Fraction(0), Fraction(0)), ((), ()))
        if any(u not in self._columns for u in {*terms, *(base or ())}):
            return Limiting((None, None), ((), ()))
        self._looked_for(without)
        held = self._held(without)
        found = self._sum(terms, held) if base is None else self._ratio(terms, base, held)
        if found is None:
            return None
        ends, multiples = found
        by = tuple(
            tuple(
                (self.bounds[end.of], end.way)
                for end in (self._ends[row] for row in np.flatnonzero(np.abs(of) > _MULTIPLE))
            )
            for of in multiples
        )
        return Limiting(ends, (by[0], by[1]))

    def _sum(self, terms: Terms, held: NDArray[np.bool_]) -> "_Solved":
        """Compute between which ends a sum lies, by the programme of the least breach."""
        model, count = self._least_breach_model, len(self._columns)
        self._limit(held, self._away())
        cost = np.zeros(count + 1)
        for column, factor in self._row(terms):
            cost[column] = factor
        try:
            for breach in (0.0, float(LEAST_BREACH)):  # what was found to fit may do so only just
                model.changeColBounds(count, breach, breach)
                if found := _ends_of(model, cost):
                    (low, high), multiples = found
                    at = self._at_centre(terms)
                    ends = [None if it is None else at + it * self.unit for it in (low, high)]
                    return (ends[0], ends[1]), multiples
        finally:
            model.changeColBounds(count, _INSIDE, np.inf)
            _set_cost(model, np.append(np.zeros(count), 1.0))
        raise Undecided(frozenset())

    def _at_centre(self, terms: Terms) -> Fraction:
        """Compute what a sum is at the centre."""
        at = sum(f * int(self._centre[self._columns[u]]) for u, f in terms.items())
        return at * self._grain

    def _ratio(self, terms: Terms, base: Terms, held: NDArray[np.bool_]) -> "_Solved | None":
        """Compute between which ends a percentage lies, with all amounts divided by its base.

        Divided by the base (Charnes and Cooper), a ratio becomes a sum: the unknowns are then
        distances from the centre ÷ base, one more is the base at the centre ÷ base.
        """
        count, away = len(self._columns), self._away()
        at = self._at_centre(base)
        size = max(abs(at), self.unit)
        per = max(Fraction(1), size / self.unit / 10**6)  # in so many units distances are counted
        beside = float(self.unit * per / size)
        rows, low, high = [], list[float](), list[float]()
        for row in np.flatnonzero(held):
            end = self._ends[row]
            # The sum less an end of it, divided by the base, is at least or at most nil.
            less = (count, -float(away[row]) / float(per))
            rows.append([*self._row(self.bounds[end.of].terms), less])
            low.append(0.0 if end.way > 0 else -np.inf)
            high.append(0.0 if end.way < 0 else np.inf)
        own = [(column, factor * beside) for column, factor in self._row(base)]
        rows.append([*own, (count, float(at / size))])
        least = np.append(np.full(count, -np.inf), 0.0)
        ends = np.array([*low, 1.0]), np.array([*high, 1.0])
        cost = np.zeros(count + 1)
        for column, factor in self._row(terms):
            cost[column] = 100 * factor * beside
        cost[count] = float(100 * self._at_centre(terms) / size)
        found = _ends_of(programme.make(rows, *ends, cost, least), cost)
        if found is None:
            return None
        multiples = [np.zeros(len(held)), np.zeros(len(held))]
        for of_all, of_held in zip(multiples, found[1], strict=True):
            of_all[held] = of_held[:-1]  # the last row says that the base, divided by itself, is 1
        return found[0], multiples


class Limiting(NamedTuple):
    """Between which ends a sum lies, and why.

    Attributes:
        ends: as `System.range` gives them.
        by: for each end, the bounds that limit it: at least (1) or at most (−1).
    """

    ends: Range
    by: tuple[tuple[tuple[Bound, int], ...], tuple[tuple[Bound, int], ...]]


_MULTIPLE: Final = 1e-7
"""From what size the multiple of a row counts: the exact proof says whether that was right."""
_Solved = tuple[Range, list[Floats]]
"""Ends, and for each the multiples of the rows by which it is limited."""


def _ends_of(model: Any, cost: Floats) -> _Solved | None:
    """Compute the least and the most of a sum in a programme; None where it has no solution.

    Raises:
        Undecided: the programme leads nowhere.
    """
    ends: list[Fraction | None] = []
    multiples: list[Floats] = []
    for way in (1, -1):
        _set_cost(model, way * cost)
        solved = programme.solve(model)
        duals = np.array(model.getSolution().row_dual)
        multiples.append(duals if solved else np.zeros(model.getNumRow()))
        if solved:
            ends.append(way * Fraction(model.getObjectiveValue()))
        elif programme.endless(model):
            ends.append(None)
        elif programme.impossible(model):
            return None
        else:
            raise Undecided(frozenset())
    return (ends[0], ends[1]), multiples


def _set_cost(model: Any, cost: Floats) -> None:
    model.changeColsCost(len(cost), np.arange(len(cost), dtype="int32"), cost)


def _whole(numbers: Sequence[int]) -> Whole:
    found: Whole = np.empty(len(numbers), dtype=object)
    found[:] = numbers
    return found

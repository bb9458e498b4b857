"""What printed figures say together, as a linear programme, and why it has no solution.

The programme looks for amounts that break no bound; where there are none, bounds that contradict
each other are named, none of them superfluous. HiGHS counts in floating point and only proposes:
nothing is called impossible that `bounds.proved` does not prove in exact fractions.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.audit import programme
from bcf_model.audit.bounds import Bound, Terms, figures_of, proved

LEAST_BREACH: Final = 1e-6
"""By how much of its half step a bound must be broken before it is looked at: far above what
floating point gets wrong, far below what rounding could hide."""

_NILS: Final = (1e-7, 1e-11)
"""Below what part of the largest a multiple is taken for nil: the exact proof says which is right.
"""
_LEAST_HALF: Final = 0.01


class Undecided(Exception):
    """The programme proposes a contradiction that exact fractions do not bear out.

    Attributes:
        figures: the printed figures it is about.
    """

    def __init__(self, figures: frozenset[int]) -> None:
        """Keep the figures."""
        super().__init__(sorted(figures))
        self.figures = figures


class System:
    """Bounds looked at together.

    Args:
        bounds: in one unit throughout.
        unit: what one is to be counted as 1 in floating point: the finest printed step.
    """

    def __init__(self, bounds: Sequence[Bound], unit: Fraction) -> None:
        """Number the unknowns."""
        self.bounds = list(bounds)
        self.unit = unit
        unknowns = dict.fromkeys(u for b in bounds for u in b.terms)
        self._columns = {unknown: i for i, unknown in enumerate(unknowns)}
        self._left_out: set[int] = set()

    # ------------------------------------------------------------ contradictions

    def conflict(self, without: Collection[int] = ()) -> tuple[Bound, ...]:
        """Find bounds that contradict each other, none superfluous; the worst breach first.

        Args:
            without: the printed figures to leave out.

        Returns:
            The bounds; none when some amounts break no bound.

        Raises:
            Undecided: a breach was found that exact fractions do not bear out.
        """
        breach, multiples = self._worst_breach(frozenset(without))
        if breach <= LEAST_BREACH:
            return ()
        held: list[Bound] = []
        for nil in _NILS:
            at = np.flatnonzero(np.abs(multiples) > nil * np.abs(multiples).max())
            # Both ends of one bound stand in two rows.
            held = [self.bounds[i] for i in dict.fromkeys(self._ends[row][0] for row in at)]
            if found := proved(held):
                return found
        if found := proved(self._spared(held)):
            return found
        raise Undecided(figures_of(held))

    def _spared(self, bounds: Sequence[Bound]) -> list[Bound]:
        """Leave out one bound after another as long as the rest still contradict each other."""
        kept = list(bounds)
        for bound in bounds:
            rest = [other for other in kept if other is not bound]
            if rest and System(rest, self.unit)._worst_breach(frozenset())[0] > LEAST_BREACH:
                kept = rest
        return kept

    @cached_property
    def _ends(self) -> list[tuple[int, int, Fraction]]:
        """Give the rows of the programme: of which bound, at least (1) or at most (−1), what."""
        return [
            (i, way, end)
            for i, bound in enumerate(self.bounds)
            for way, end in ((1, bound.low), (-1, bound.high))
            if end is not None
        ]

    @cached_property
    def _rows_of(self) -> dict[int, list[int]]:
        """Give the rows of the programme that a printed figure stands behind."""
        found: dict[int, list[int]] = {}
        for row, (i, _, _) in enumerate(self._ends):
            for figure in self.bounds[i].figures:
                found.setdefault(figure, []).append(row)
        return found

    @cached_property
    def _least_breach_model(self) -> tuple[Any, NDArray[np.float64], NDArray[np.float64]]:
        """Make the programme: the least t such that no end is broken by more than t half steps."""
        last = len(self._columns)
        low, high = np.full(len(self._ends), -np.inf), np.full(len(self._ends), np.inf)
        rows = []
        for i, (of, way, end) in enumerate(self._ends):
            bound = self.bounds[of]
            (low if way > 0 else high)[i] = float(end / self.unit)
            row = self._row(bound.terms)
            if bound.figure is not None:
                half = max(_LEAST_HALF, float(bound.half / self.unit))
                row.append((last, way * half))
            rows.append(row)
        cost = np.append(np.zeros(last), 1.0)
        least = np.append(np.full(last, -np.inf), 0.0)
        return programme.make(rows, low, high, cost, least), low, high

    def _row(self, terms: Terms) -> list[tuple[int, float]]:
        return [(self._columns[u], float(f)) for u, f in terms.items()]

    def _worst_breach(self, without: frozenset[int]) -> tuple[float, NDArray[np.float64]]:
        model, low, high = self._least_breach_model
        left_out = {row for figure in without for row in self._rows_of.get(figure, ())}
        free = np.array(sorted(left_out - self._left_out), dtype="int32")
        held = np.array(sorted(self._left_out - left_out), dtype="int32")
        endless = np.full(len(free), np.inf)
        model.changeRowsBounds(len(free), free, -endless, endless)
        model.changeRowsBounds(len(held), held, low[held], high[held])
        self._left_out = left_out
        if not programme.solve(model):  # some t always is enough
            message = f"HiGHS gave up: {model.modelStatusToString(model.getModelStatus())}"
            raise RuntimeError(message)
        solution = model.getSolution()
        return float(model.getObjectiveValue()), np.array(solution.row_dual)

    # ------------------------------------------------------------ ranges

    def range(
        self, terms: Terms, base: Terms | None, without: Collection[int]
    ) -> tuple[float | None, float | None]:
        """Give the least and the most a sum, or a percentage of a base, may be.

        Args:
            terms: the sum, or what is divided.
            base: what it is a percentage of, above nil; None for a sum.
            without: the printed figures to leave out. The others must not contradict each other.

        Returns:
            In the unit of the bounds, or in percent; None where nothing limits it.
        """
        if not terms:
            return 0.0, 0.0
        if any(u not in self._columns for u in {*terms, *(base or ())}):
            return None, None
        model = self._range_model(frozenset(without), base)
        scale = float(self.unit) if base is None else 100.0
        cost = np.zeros(model.getNumCol())
        for column, factor in self._row(terms):
            cost[column] = factor * scale
        ends: list[float | None] = []
        for way in (1, -1):
            model.changeColsCost(len(cost), np.arange(len(cost), dtype="int32"), way * cost)
            bounded = programme.solve(model)
            ends.append(way * float(model.getObjectiveValue()) if bounded else None)
        return ends[0], ends[1]

    def _range_model(self, without: frozenset[int], base: Terms | None) -> Any:
        """Make the programme of the bounds; for a ratio, with all amounts divided by its base.

        Divided by the base (Charnes and Cooper), a ratio becomes a sum: the unknowns are then
        amounts ÷ base, one more is 1 ÷ base, and the base itself is 1.
        """
        kept = [bound for bound in self.bounds if not bound.figures & without]
        rows, low, high = [], list[float](), list[float]()
        least = np.full(len(self._columns), -np.inf)
        for bound in kept:
            ends = [None if e is None else float(e / self.unit) for e in (bound.low, bound.high)]
            if base is None:
                rows.append(self._row(bound.terms))
                low.append(-np.inf if ends[0] is None else ends[0])
                high.append(np.inf if ends[1] is None else ends[1])
                continue
            # The sum less an end of it, divided by the base, is at least or at most nil.
            for end, limits in zip(ends, ((0.0, np.inf), (-np.inf, 0.0)), strict=True):
                if end is not None:
                    rows.append([*self._row(bound.terms), (len(self._columns), -end)])
                    low.append(limits[0])
                    high.append(limits[1])
        if base is not None:
            rows.append(self._row(base))
            low.append(1.0)
            high.append(1.0)
            least = np.append(least, 0.0)
        return programme.make(rows, np.array(low), np.array(high), np.zeros(len(least)), least)

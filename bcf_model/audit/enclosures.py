"""Between which ends a sum of unknowns lies, by what is printed of it or of its parts."""

from fractions import Fraction

from bcf_model.audit.bounds import Terms
from bcf_model.audit.statements import Interval, Paper, Statement, Sum


class Enclosures:
    """Looks up between which ends sums and quantities lie, by what is printed of them.

    Args:
        paper: whose statements and facts are looked up.
    """

    def __init__(self, paper: Paper) -> None:
        """Note what is printed of each sum and of each quantity."""
        self._of_sum: dict[frozenset[object], Interval] = {}
        self._of_quantity: dict[str, Interval] = {}
        self._sums: dict[str, list[Sum]] = {}
        for statement in paper.statements:
            if statement.base is None:
                self._note(statement)
        for fact in paper.facts:
            if fact.low is not None and fact.high is not None:
                self._bound(fact.terms, fact.low, fact.high)

    def _note(self, statement: Statement) -> None:
        self._bound(statement.terms, statement.low, statement.high)
        ends = statement.low, statement.high
        # Of two prints of one quantity, the finer one says more.
        known = self._of_quantity.setdefault(statement.quantity, ends)
        if ends[1] - ends[0] < known[1] - known[0]:
            self._of_quantity[statement.quantity] = ends
        for made_of in statement.sums:
            # a = b − c says as much of b and of c.
            whole = ((-1, statement.quantity), *made_of)
            for sign, quantity in whole:
                rest = tuple((-sign * s, q) for s, q in whole if q != quantity)
                self._sums.setdefault(quantity, []).append(rest)

    def _bound(self, terms: Terms, low: Fraction, high: Fraction) -> None:
        before = self._of_sum.get(_key(terms), (low, high))
        narrowed = max(low, before[0]), min(high, before[1])
        # Two prints that have nothing in common: all that is sure is that it lies among them.
        if narrowed[0] > narrowed[1]:
            narrowed = min(low, before[0]), max(high, before[1])
        self._of_sum[_key(terms)] = narrowed

    def of_sum(self, terms: Terms) -> Interval | None:
        """Return the ends of a sum: printed as such, or else the sum of what is printed of each."""
        if not terms:
            return Fraction(0), Fraction(0)
        whole = self._of_sum.get(_key(terms))
        return self._part_by_part(terms) if whole is None else whole

    def _part_by_part(self, terms: Terms) -> Interval | None:
        low = high = Fraction(0)
        for unknown, factor in terms.items():
            one = self._of_sum.get(frozenset({(unknown, Fraction(1))}))
            if one is None:
                return None
            ends = sorted(factor * end for end in one)
            low, high = low + ends[0], high + ends[1]
        return low, high

    def of_parts(self, parts: Sum) -> Interval | None:
        """Return the ends of what printed quantities add up to; None where one is not printed."""
        low = high = Fraction(0)
        for sign, quantity in parts:
            one = self._of_quantity.get(quantity)
            if one is None:
                return None
            low += one[0] if sign > 0 else -one[1]
            high += one[1] if sign > 0 else -one[0]
        return low, high

    def sums_of(self, quantity: str) -> list[Sum]:
        """Return what else printed a quantity could be worked out from."""
        return self._sums.get(quantity, [])


def _key(terms: Terms) -> frozenset[object]:
    return frozenset(terms.items())


def sign_of(ends: Interval | None) -> int:
    """Return the sign of what lies between two ends: 1, −1, or 0 where it is not sure."""
    if ends is None or ends[0] <= 0 <= ends[1]:
        return 0
    return 1 if ends[0] > 0 else -1


def by_size(statement: Statement, enclosures: Enclosures) -> bool:
    """Return whether a percentage of a negative base is printed as one of the base's size.

    Some papers divide by the size of a negative base, so that an overspend keeps its sign. Where
    only that fits the signs printed, it is what the paper means.
    """
    if statement.base is None or sign_of(enclosures.of_sum(statement.base)) >= 0:
        return False
    printed = sign_of((statement.low, statement.high))
    return printed != 0 and printed == sign_of(enclosures.of_sum(statement.terms))

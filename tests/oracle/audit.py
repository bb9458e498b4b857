"""A second auditor, slow and simple: every set of figures tried, in whole numbers throughout.

Nothing here comes from bcf_model. A set of figures is consistent when some amounts, some sign of
each base and some way to divide by one below nil could have been printed so. Whether there are
such amounts is a simplex of its own (Bland's rule, pivots that keep whole numbers whole); what is
above nil is above an infinitely small amount, carried along beside the ends.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import lcm

PENCE = {"pounds": 100, "thousands": 100_000, "millions": 100_000_000}

Sum = dict[str, Fraction]
Below = tuple[Sum, Fraction, int]
"""A sum of amounts is at most an end, plus so many times next to nothing."""


class Oracle:
    """A transcription, read.

    Args:
        rows: as they would be typed; codes hold letters and digits only.
    """

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._amounts: dict[int, list[Below]] = {}
        self._rates: dict[int, tuple[Sum, Sum, Fraction, Fraction]] = {}
        self._known: dict[str, Sum] = {}
        rows = list(rows)
        of = {r["published_id"]: r.get("figure") or r["published_id"] for r in rows}
        of |= {figure: figure for figure in of.values()}
        ends = {}
        for place, row in enumerate(rows):
            half = Fraction(1, 2 * 10 ** int(row["decimals"]))
            number = _number(row["printed"])
            ends[place] = (number - half, number + half)
        for row in rows:
            for text in filter(None, row.get("sum_of", "").split(";")):
                whole = of[row["published_id"]]
                self._always(_less(_sum(text, of), {whole: Fraction(1)}))
        for place, row in enumerate(rows):
            low, high = ends[place]
            if row["unit"] == "percent":
                above, below = (self._in(_sum(t, of)) for t in row["percent_of"].split("/"))
                self._rates[place] = above, below, low / 100, high / 100
            else:
                terms, unit = self._in({of[row["published_id"]]: Fraction(1)}), PENCE[row["unit"]]
                self._amounts[place] = [
                    (terms, high * unit, 0),
                    (_times(terms, -1), -low * unit, 0),
                ]

    @property
    def places(self) -> frozenset[int]:
        return frozenset(self._amounts) | frozenset(self._rates)

    def _always(self, equation: Sum) -> None:
        """Keep what a sum that is nil says: one amount is a sum of others."""
        left = self._in(equation)
        if left:
            name = max(left)
            rule = _times({n: f for n, f in left.items() if n != name}, -1 / left[name])
            self._known = {n: _put(s, name, rule) for n, s in self._known.items()} | {name: rule}

    def _in(self, terms: Sum) -> Sum:
        for name in [n for n in terms if n in self._known]:
            terms = _put(terms, name, self._known[name])
        return terms

    def consistent(self, places: Iterable[int]) -> bool:
        """Say whether some amounts could have been printed so."""
        return self._consistent(places, [])

    def _consistent(self, places: Iterable[int], ends: list[Below]) -> bool:
        held = sorted(places)
        fixed = [end for p in held if p in self._amounts for end in self._amounts[p]]
        return self._read(fixed + ends, [p for p in held if p in self._rates])

    def could_be(
        self, place: int, low: Fraction | None, high: Fraction | None, places: Iterable[int]
    ) -> bool:
        """Say whether, by some figures, an amount may lie between two ends, in pence."""
        up, down = (terms for terms, _, _ in self._amounts[place])
        ends = [(up, high, 0)] if high is not None else []
        ends += [(down, -low, 0)] if low is not None else []
        return self._consistent(places, ends)

    def _read(self, fixed: list[Below], rates: list[int]) -> bool:
        """Try every reading of the percentages, one after another."""
        if not _can_be(fixed):
            return False
        if not rates:
            return True
        above, below, low, high = self._rates[rates[0]]
        minus = _times(below, -1)
        for divided, base in ((above, below), (_times(above, -1), minus), (above, minus)):
            said = [(_less(_times(base, low), divided), Fraction(0), 0),
                    (_less(divided, _times(base, high)), Fraction(0), 0),
                    (_times(base, -1), Fraction(0), -1)]  # fmt: skip
            if self._read(fixed + said, rates[1:]):
                return True
        return False

    def smallest(self, places: Iterable[int]) -> set[frozenset[int]]:
        """Find the smallest sets of figures whose leaving out makes the rest consistent."""
        held = frozenset(places)
        sizes = (
            {frozenset(s) for s in combinations(sorted(held), n) if self.consistent(held - {*s})}
            for n in range(len(held) + 1)
        )
        return next(filter(None, sizes))


def _number(printed: str) -> Fraction:
    bare = Fraction(Decimal(re.sub(r"[^\d.]", "", printed)))
    return -bare if printed.startswith("(") else bare


def _sum(text: str, of: Mapping[str, str]) -> Sum:
    found: Sum = {}
    for sign, name in re.findall(r"([+-]?)\s*(\w+)", text):
        found = _less(found, {of[name]: Fraction(1 if sign == "-" else -1)})
    return found


def _times(terms: Sum, factor: Fraction | int) -> Sum:
    return {name: f * factor for name, f in terms.items() if factor}


def _less(one: Sum, other: Sum) -> Sum:
    found = {n: one.get(n, Fraction(0)) - other.get(n, Fraction(0)) for n in {**one, **other}}
    return {name: f for name, f in found.items() if f}


def _put(terms: Sum, name: str, rule: Sum) -> Sum:
    if name not in terms:
        return terms
    rest = {n: f for n, f in terms.items() if n != name}
    return _less(rest, _times(rule, -terms[name]))


def _can_be(ends: list[Below]) -> bool:
    """Say whether amounts of any sign keep below all ends.

    Every amount is one that is not below nil less a common one, z; every sum may be exceeded by a
    common w, which is to come down to nil (the first phase of the simplex).
    """
    names = sorted({name for terms, _, _ in ends for name in terms})
    table = []
    for terms, end, small in ends:
        row = [terms.get(name, Fraction(0)) for name in names]
        row.append(-sum(row, Fraction(0)))
        by = lcm(*(number.denominator for number in (*row, end)))
        # In whole numbers; w counts for one in each row, whatever that is in the row's own.
        table.append([*(int(number * by) for number in row), -1, int(end * by), small * by])
    if not table:
        return True
    w, columns = len(names) + 1, len(names) + 2
    inside, outside = [*range(columns)], [*range(columns, columns + len(table))]
    worst = min(range(len(table)), key=lambda i: table[i][-2:])
    if table[worst][-2:] >= [0, 0]:
        return True
    scale = 1

    def pivot(at: int, column: int, scale: int) -> int:
        own, by = table[at], table[at][column]
        for i, row in enumerate(table):
            if i != at:
                part = row[column]
                table[i] = [(by * a - part * b) // scale for a, b in zip(row, own, strict=True)]
                table[i][column] = -part
        own[column] = scale
        if by < 0:
            for i, row in enumerate(table):
                table[i] = [-a for a in row]
            by = -by
        inside[column], outside[at] = outside[at], inside[column]
        return by

    scale = pivot(worst, w, scale)
    while w in outside:
        at = outside.index(w)
        entering = [c for c in range(columns) if table[at][c] > 0]
        if not entering:  # w cannot come down any further
            return table[at][-2:] <= [0, 0]
        column = min(entering, key=lambda c: inside[c])
        limits = [i for i, row in enumerate(table) if row[column] > 0]
        leaving = min(limits, key=lambda i: (
            Fraction(table[i][-2], table[i][column]), Fraction(table[i][-1], table[i][column]),
            outside[i] != w, outside[i]))  # fmt: skip
        scale = pivot(leaving, column, scale)
    return True

"""The lines of a ledger under its rules: whose each line is, and what each rule comes to.

Lines of the same keys and period are one to the rules, and patterns are held against each distinct
text once; so a million lines take seconds, and the order in which they stand changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.money import MILLIONTHS, divide
from bcf_model.core.sums import total
from bcf_model.extracts.lines import Lines
from bcf_model.extracts.patterns import Distinct, Machine, Pattern, folded
from bcf_model.extracts.rules import LAST_PERIOD, Rule

MAPPED, EXCLUDED, UNRULED, TWICE, OUT_OF_YEAR = range(5)
"""What becomes of a line."""
MOST_LETTERS: Final = 20_000_000
"""Letters that wildcards and expressions may be held against in all, and texts that ranges may."""
MOST_TRIED: Final = 500_000_000
"""Times that a rule may be held against lines of the same keys."""

Numbers = NDArray[np.int64]


class TooMuch(Exception):
    """The rules are more than can be held against these lines in bounded time."""


@dataclass(frozen=True, eq=False)
class MappedLines:
    """Whose the lines of a ledger are; every array has one entry for each.

    Attributes:
        lines: of the ledger. rules: those they are under. year: of the pool.
        became: one of `MAPPED` to `OUT_OF_YEAR`.
        rule: position of the rule a line is under, −1 for none.
        other: that of the second rule of its priority, −1 for none.
    """

    lines: Lines
    rules: Sequence[Rule]
    year: str
    became: Numbers
    rule: Numbers
    other: Numbers


class Amount(NamedTuple):
    """What a rule comes to for one scheme in one period.

    Attributes:
        rule: its position. scheme: "" where the lines are no scheme's. period: 0: not stated.
        pence: signed as the ledger's. share: in millionths of a percent.
        lines: the positions of the lines it is of, in their order.
    """

    rule: int
    scheme: str
    period: int
    pence: int
    share: int
    lines: NDArray[np.intp]


def mapped(lines: Lines, rules: Sequence[Rule], year: str) -> MappedLines:
    """Map the lines of a ledger.

    Args:
        lines: of the ledger, each of a stated year.
        rules: sound ones.
        year: of the pool, as 2024-25: lines of another are never mapped.

    Raises:
        TooMuch: rules and texts are too many.
    """
    count = len(lines.pence)
    of_year = np.fromiter((it == year for it in lines.years), dtype=bool, count=count)
    inside = np.flatnonzero(of_year)
    columns = {
        name: _column(lines.keys[name])
        for name in dict.fromkeys(name for rule in rules for name in rule.conditions)
        if name in lines.keys
    }
    number, first = _alike([lines.periods[inside], *(it[inside] for _, it in columns.values())])
    groups = inside[first]
    keys = {name: (texts, codes[groups]) for name, (texts, codes) in columns.items()}
    rule, other = np.full(count, -1), np.full(count, -1)
    rule[inside], other[inside] = (it[number] for it in _ruled(rules, keys, lines.periods[groups]))
    excludes = np.array([it.excludes for it in rules] + [False])[rule]
    became = np.select(
        [~of_year, other >= 0, rule < 0, excludes],
        [OUT_OF_YEAR, TWICE, UNRULED, EXCLUDED],
        default=MAPPED,
    )
    return MappedLines(lines, rules, year, became, rule, other)


def _column(texts: Sequence[str]) -> tuple[Distinct, Numbers]:
    """Return the texts of a column, each once as it is compared, and the number of each line's."""
    at: dict[str, int] = {}
    fold: dict[str, int] = {}
    codes = np.empty(len(texts), dtype=np.int64)
    for i, text in enumerate(texts):
        code = fold.get(text)
        if code is None:
            code = fold[text] = at.setdefault(folded(text), len(at))
        codes[i] = code
    return Distinct([*at]), codes


def _alike(columns: Sequence[Numbers]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the lines that are alike in every column.

    Returns:
        For each line the number of those it is alike with; and one line of each number.
    """
    number = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        both = number * (int(column.max(initial=0)) + 1) + column
        number = np.unique(both, return_inverse=True)[1]
    return number, np.unique(number, return_index=True)[1]


def _ruled(
    rules: Sequence[Rule], keys: Mapping[str, tuple[Distinct, Numbers]], periods: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the rule of each group of lines, and the second of its priority; −1 for none."""
    found = _Texts(keys)
    count = len(periods)
    rule, other = np.full(count, -1), np.full(count, -1)
    ranks = np.array([it.priority for it in rules] + [0])
    tried = 0
    for at in sorted(range(len(rules)), key=lambda i: rules[i].priority):
        one = rules[at]
        if any(name not in keys for name in one.conditions):
            continue  # the extract has no such column
        hit = found.groups(one, count)
        tried += len(hit)
        if tried > MOST_TRIED:
            raise TooMuch
        if one.first or one.last:  # which period a line is of must then be known
            period = periods[hit]
            hit = hit[(period >= max(one.first, 1)) & (period <= (one.last or LAST_PERIOD))]
        first = hit[rule[hit] < 0]
        again = hit[(rule[hit] >= 0) & (other[hit] < 0)]
        again = again[ranks[rule[again]] == one.priority]
        rule[first] = at
        other[again] = at
    return rule, other


class _Texts:
    """The groups of lines whose texts fit patterns, each pattern held against each text once."""

    def __init__(self, keys: Mapping[str, tuple[Distinct, Numbers]]) -> None:
        self._keys = keys
        self._letters = 0
        self._known: dict[tuple[str, tuple[Pattern, ...]], list[int]] = {}
        self._of_text: dict[str, tuple[NDArray[np.intp], Numbers]] = {}
        for name, (among, codes) in keys.items():
            ends = np.cumsum(np.bincount(codes, minlength=len(among.texts)))
            self._of_text[name] = np.argsort(codes, kind="stable"), ends

    def groups(self, rule: Rule, count: int) -> NDArray[np.intp]:
        """Return the groups that fit all conditions of a rule."""
        fits = {name: self._fitting(name, rule.conditions[name]) for name in rule.conditions}
        if not fits:
            return np.arange(count)
        sizes = {name: self._size(name, texts) for name, texts in fits.items()}
        narrow = min(sizes, key=lambda name: sizes[name])
        hit = self._having(narrow, fits[narrow])
        for name, texts in fits.items():
            if name != narrow and len(hit):
                codes = self._keys[name][1][hit]
                hit = hit[np.isin(codes, np.array(texts, dtype=np.int64))]
        return hit

    def _size(self, name: str, texts: Sequence[int]) -> int:
        ends = self._of_text[name][1]
        at = np.array(texts, dtype=np.intp)
        return int((ends[at] - np.where(at > 0, ends[at - 1], 0)).sum())

    def _having(self, name: str, texts: Sequence[int]) -> NDArray[np.intp]:
        order, ends = self._of_text[name]
        parts = [order[(ends[it - 1] if it else 0) : ends[it]] for it in texts]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.intp)

    def _fitting(self, name: str, patterns: tuple[Pattern, ...]) -> list[int]:
        """Return the texts of a column that fit one of some patterns.

        Raises:
            TooMuch: so many letters were never meant.
        """
        known = self._known.get((name, patterns))
        if known is not None:
            return known
        among, fits = self._keys[name][0], dict[int, None]()
        for pattern in patterns:
            candidates = pattern.candidates(among)
            machine = isinstance(pattern, Machine)
            self._letters += sum(len(among.texts[i]) for i in candidates) if machine else 0
            self._letters += len(candidates)
            if self._letters > MOST_LETTERS:
                raise TooMuch
            if isinstance(pattern, Machine):
                candidates = [i for i in candidates if pattern.automaton.finds(among.texts[i])]
            fits.update(dict.fromkeys(candidates))
        found = self._known[name, patterns] = sorted(fits)
        return found


def amounts(it: MappedLines) -> list[Amount]:
    """Return what each rule comes to, by period and scheme; then what no rule takes, by period.

    What several schemes share is split on the total of rule and period, by cumulative rounding as
    the risk share is: it hangs on no order of lines, and the parts make the total.
    """
    kept = np.flatnonzero(np.isin(it.became, (MAPPED, EXCLUDED, UNRULED)))
    if not len(kept):
        return []
    rule, period = it.rule[kept], it.lines.periods[kept]
    keys = np.where(rule < 0, len(it.rules), rule) * 100 + period
    values, group = np.unique(keys, return_inverse=True)
    sums = total(it.lines.pence[kept], group, len(values)).tolist()
    order = np.argsort(group, kind="stable")
    of_group = np.split(kept[order], np.cumsum(np.bincount(group))[:-1])
    found = []
    for key, pence, at in zip(values.tolist(), sums, of_group, strict=True):
        rule_at, of_period = divmod(key, 100)
        schemes = it.rules[rule_at].schemes if rule_at < len(it.rules) else ()
        number = rule_at if rule_at < len(it.rules) else -1
        for scheme, part, share in _split(pence, schemes):
            found.append(Amount(number, scheme, of_period, part, share, at))
    return found


def _split(pence: int, schemes: Sequence[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Split an amount by shares that make 100.

    >>> _split(5, [("S1", 55_000_000), ("S2", 45_000_000)])
    [('S1', 3, 55000000), ('S2', 2, 45000000)]
    """
    if not schemes:
        return [("", pence, 100 * MILLIONTHS)]
    running = np.cumsum([share for _, share in schemes]).astype(object)
    reached = divide(running * pence, np.full(len(schemes), 100 * MILLIONTHS, dtype=object))
    parts = np.diff(reached, prepend=0).tolist()
    return [(code, part, share) for (code, share), part in zip(schemes, parts, strict=True)]

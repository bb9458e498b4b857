"""Totals among the lines: rows that say they are one, and rows that are the sum of others.

A total pasted as a line is counted twice. That a row is one is proved by its amounts: they are those
of the lines above or below it, of all others, or of those that share its codes. A row that says
"total" and is no line, for want of a code, is set aside before cells are read (`set_aside`).
"""

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.cells import tidy
from bcf_model.drafts import Draft, Drafts, quoted
from bcf_model.findings import Finding
from bcf_model.money import NotMoney, read_money, sterling
from bcf_model.raw import RawTable

MONEY: Final = ("budget", "expenditure")
KEYS: Final = ("theme", "organisation", "category", "kind", "pooling")
"""The codes by which lines may be added up."""
NEEDED: Final = ("scheme_id", "theme", "organisation", "scheme", "category", "kind")
"""What a line must have; a row without one of these is none."""
MOST_KEYS: Final = 3
MOST_GROUPED: Final = 50_000
"""Beyond so many lines they are not added up by their codes: it would take too long."""
PLAIN: Final = 1_000
"""Fewer steps than this make a round sum, which may well be a coincidence."""

_SAID: Final = r"(?:(?:grand|sub|net|gross|overall|report|pool|running)[ -]*)?totals?"
_STARTS: Final = re.compile(rf"{_SAID}\b|(?:tot|subtot|sum)(?:[-_. ]?[0-9]*)$", re.I)
_ENDS: Final = re.compile(rf"\b{_SAID}$", re.I)
_OF_THE_WHOLE: Final = re.compile(
    r"better care fund|bcf|pooled|pool|fund|budgets?|expenditure|spend|outturn|lines|schemes?|all|"
    r"theme|organisation|category|of|for|the|and|in|by|per",
    re.I,
)
"""What may stand beside the word without making it the name of something."""


def _words(text: str) -> str:
    return tidy(text).strip(" :.-–—*=").casefold()


def says_total(text: str) -> bool:
    """Say whether a name or code may be that of a total.

    >>> [says_total(text) for text in ("Sub-total Home First", "ICB total:", "TOTAL", "Totnes")]
    [True, True, True, False]
    """
    said = _words(text)
    return bool(_STARTS.match(said) or _ENDS.search(said))


def is_total_of(text: str, names: Sequence[str]) -> tuple[bool, str]:
    """Say whether a name is that of a total and of nothing else, and of which code's lines it is.

    Args:
        text: the name.
        names: what a total may be of: codes and full names of the pool.

    >>> is_total_of("Sub-total: Home First", ["Home First"]), is_total_of("Grand total", [])
    ((True, 'Home First'), (True, ''))
    >>> is_total_of("Total mobility equipment", ["Home First"])
    (False, '')
    """
    said = _words(text)
    if not says_total(said):
        return False, ""
    bare = _STARTS.sub("", said, count=1) if _STARTS.match(said) else _ENDS.sub("", said)
    rest = _words(bare)
    for name in sorted(names, key=len, reverse=True):
        if name and re.fullmatch(rf"(?:(?:{_OF_THE_WHOLE.pattern})\W*)*{re.escape(_words(name))}",
                                 rest):
            return True, name
    return not re.sub(r"\W", "", re.sub(rf"\b(?:{_OF_THE_WHOLE.pattern})\b", "", rest)), ""


# ------------------------------------------------------------------ rows that are no lines


@dataclass(frozen=True)
class Total:
    """A row that says total and is no line: where it stood, and its amounts in pence.

    Attributes:
        at: how many lines stand above it.
        number: its row. label: what it says.
        pence: by column of money, its amount; steps: the step each is written in.
    """

    at: int
    number: int
    label: str
    pence: Mapping[str, int]
    steps: Mapping[str, int]


def set_aside(table: RawTable | None, unit: str | None) -> tuple[RawTable | None, list[Total]]:
    """Part the rows that say total, and lack what a line must have, from the lines.

    A line may be called a total, and want for a code: such a row stays, and what it wants is said.

    Args:
        table: the lines as text.
        unit: of their amounts; without one nothing is set aside.
    """
    if table is None or unit is None or not {*NEEDED, *MONEY} <= {*table.columns}:
        return table, []
    at = {name: table.columns.index(name) for name in (*NEEDED, *MONEY)}
    totals, lines = [], []
    for i, row in enumerate(table.rows):
        said = [row[at[name]] for name in NEEDED]
        label = next((text for text in said if says_total(text)), "")
        lacks = sum(not tidy(text) for text in said)
        bare = says_total(said[0]) or is_total_of(label, [])[0]
        if label and lacks > (0 if bare else 1) and (read := _amounts(row, at, unit)):
            pence = {name: amount for name, (amount, _) in read.items()}
            steps = {name: step for name, (_, step) in read.items()}
            totals.append(Total(len(lines), table.numbers[i], tidy(label), pence, steps))
        else:
            lines.append(i)
    kept = replace(
        table,
        rows=tuple(table.rows[i] for i in lines),
        numbers=tuple(table.numbers[i] for i in lines),
    )
    return kept, totals


def _amounts(row: Sequence[str], at: Mapping[str, int], unit: str) -> dict[str, tuple[int, int]]:
    """Read the amounts of a row; none where one of them cannot be read."""
    found = {}
    for name in MONEY:
        if tidy(row[at[name]]):
            try:
                amount = read_money(row[at[name]], unit)
            except NotMoney:
                return {}
            found[name] = (amount.pence, amount.step)
    return found


# ------------------------------------------------------------------ sums


@dataclass(frozen=True)
class Sum:
    """Lines that are added up: how many, in words, and what they come to by column of money."""

    count: int
    words: str
    pence: Mapping[str, int]
    lines: Sequence[int]
    is_all: bool = False


class _Lines:
    """The lines of a pool, ready to be added up."""

    def __init__(self, draft: Draft, chosen: Sequence[int]) -> None:
        """Keep the amounts and codes of some of the rows."""
        self.chosen = list(chosen)
        self.amounts = np.array(
            [[draft.cells[name][i] for i in self.chosen] for name in MONEY], dtype=np.int64
        ).reshape(len(MONEY), len(self.chosen))
        self.upto = np.concatenate(
            [np.zeros((len(MONEY), 1), np.int64), np.cumsum(self.amounts, axis=1)], axis=1
        )
        self.filled = np.concatenate([[0], np.cumsum(self.amounts.any(axis=0))])
        self.codes = {name: draft.cells[name] for name in KEYS}

    def run(self, begin: int, end: int, words: str) -> Sum:
        """Add up the lines from one place to another."""
        totals = (self.upto[:, end] - self.upto[:, begin]).tolist()
        count = int(self.filled[end] - self.filled[begin])
        pence = dict(zip(MONEY, totals, strict=True))
        lines = range(begin, end)
        return Sum(count, words.format(count), pence, lines, (begin, end) == (0, len(self.chosen)))

    def groups(self) -> Iterator[tuple[tuple[str, ...], Mapping[tuple[str, ...], list[int]]]]:
        """Part the lines by each few of their codes that are not the same everywhere."""
        rows = {name: [self.codes[name][i] for i in self.chosen] for name in KEYS}
        keys = [name for name in KEYS if len({*rows[name]}) > 1]
        if len(self.chosen) > MOST_GROUPED:
            return
        for many in range(1, MOST_KEYS + 1):
            for by in itertools.combinations(keys, many):
                parts: dict[tuple[str, ...], list[int]] = {}
                for place, codes in enumerate(zip(*(rows[name] for name in by), strict=True)):
                    parts.setdefault(codes, []).append(place)
                yield by, parts

    def group(self, by: Sequence[str], codes: Sequence[str], places: Sequence[int]) -> Sum:
        """Add up lines that share their codes."""
        named = " and ".join(f"{name} {code}" for name, code in zip(by, codes, strict=True))
        taken = self.amounts[:, list(places)]
        pence = dict(zip(MONEY, taken.sum(axis=1).tolist(), strict=True))
        count = int(taken.any(axis=0).sum())
        return Sum(count, f"the {count} lines of {named}", pence, places)


_ABOVE, _BELOW, _ALL = "the {} lines above", "the {} lines below", "all {} other lines"


def _proof(
    lines: _Lines, at: int, pence: Mapping[str, int], steps: Mapping[str, int], fewest: int
) -> Sum | None:
    """Find the lines that a row which says total is the sum of; the nearest sum, exact first.

    Args:
        lines: those it may be the sum of.
        at: how many of them stand above it.
        pence: its amounts. steps: those they are written in: half of one is rounding.
        fewest: how many lines it must be the sum of.
    """

    def off(found: Mapping[str, int]) -> int | None:
        apart = {name: abs(found[name] - amount) for name, amount in pence.items()}
        near = all(2 * gap <= steps[name] for name, gap in apart.items())
        return sum(apart.values()) if near else None

    candidates: list[Sum] = []
    for begins, ends, words in (
        (np.arange(at), np.full(at, at), _ABOVE),
        (np.full(len(lines.chosen) - at, at), np.arange(at + 1, len(lines.chosen) + 1), _BELOW),
        (np.zeros(1, int), np.full(1, len(lines.chosen)), _ALL),
    ):
        near = np.ones(len(begins), dtype=bool)
        for k, name in enumerate(MONEY):
            if name in pence:
                apart = abs(lines.upto[k, ends] - lines.upto[k, begins] - pence[name])
                near &= 2 * apart <= steps[name]
        places = np.flatnonzero(near)
        candidates += [lines.run(int(begins[p]), int(ends[p]), words) for p in places]
    for by, parts in lines.groups():
        candidates += [lines.group(by, codes, places) for codes, places in parts.items()]
    fitting = [
        (gap, k, one)
        for k, one in enumerate(candidates)
        if one.count >= fewest and (gap := off(one.pence)) is not None
    ]
    return min(fitting)[2] if fitting else None


def _unsaid(lines: _Lines) -> dict[int, Sum]:
    """Find the lines that are the sum of others, though nothing in them says so."""
    found: dict[int, Sum] = {}
    many = len(lines.chosen)
    amounts = list(zip(*lines.amounts.tolist(), strict=True))
    upto = list(zip(*lines.upto.tolist(), strict=True))
    whole = upto[-1]
    steps = tuple(math.gcd(*(abs(pair[k]) for pair in amounts)) or 1 for k in range(len(MONEY)))

    def plain(pair: tuple[int, int], one: Sum) -> bool:
        """Say whether a sum is no coincidence: two columns that differ, or a sum that is not round."""
        parts = [amounts[place] for place in one.lines]
        differ = any(budget != spent for budget, spent in parts)
        nothing = any(not any(part[k] for part in parts) for k in range(len(MONEY)))
        if differ and not nothing:
            return one.count >= 2
        many_steps = any(abs(pair[k]) // steps[k] >= PLAIN for k in range(len(MONEY)))
        return one.count >= 3 and (one.is_all or many_steps)

    begun: dict[tuple[int, ...], int] = {upto[0]: 0}
    for place, pair in enumerate(amounts):
        start = begun.get(tuple(u - a for u, a in zip(upto[place], pair, strict=True)))
        begun.setdefault(upto[place + 1], place + 1)
        if any(pair) and start is not None and start < place:
            one = lines.run(start, place, _ABOVE)
            one = replace(one, is_all=start == 0 and place == many - 1)
            if plain(pair, one):
                found[place] = one
    ended: dict[tuple[int, ...], int] = {upto[many]: many}
    for place in reversed(range(many)):
        pair = amounts[place]
        end = ended.get(tuple(u + a for u, a in zip(upto[place + 1], pair, strict=True)))
        ended.setdefault(upto[place], place)
        if any(pair) and end is not None and end > place + 1 and place not in found:
            one = replace(lines.run(place + 1, end, _BELOW), is_all=place == 0 and end == many)
            if plain(pair, one):
                found[place] = one
    for place, pair in enumerate(amounts):
        if any(pair) and place not in found and whole == tuple(2 * a for a in pair):
            others = [other for other in range(many) if other != place]
            count = sum(any(amounts[other]) for other in others)
            pence = dict(zip(MONEY, pair, strict=True))
            one = Sum(count, _ALL.format(count), pence, others, is_all=True)
            if plain(pair, one):
                found[place] = one
    for by, parts in lines.groups():
        for codes, places in parts.items():
            halves = lines.amounts[:, places].sum(axis=1)
            for place in places:
                pair = amounts[place]
                if any(pair) and place not in found and (halves == 2 * np.array(pair)).all():
                    others = [other for other in places if other != place]
                    one = lines.group(by, codes, others)
                    if plain(pair, one):
                        found[place] = one
    return found


# ------------------------------------------------------------------ findings


def totals_among_lines(
    drafts: Drafts, totals: Sequence[Total], unit: str | None
) -> Iterator[Finding]:
    """Rows that are totals of lines, or say so (BCF506 to BCF508).

    Args:
        drafts: the tables; the lines without the rows set aside.
        totals: those rows.
        unit: of the amounts.
    """
    draft = drafts.get("schemes")
    if draft is None or unit is None or draft.broken & {*MONEY}:
        return
    known = _names(drafts)
    rows = range(len(draft.numbers))
    called = {
        i: label
        for i in rows
        if (label := _label(draft, i)) and not draft.cells["counts_as"][i]
    }
    uncalled = [i for i in rows if i not in called]
    lines = _Lines(draft, uncalled)
    summed: list[int] = []
    for i, label in called.items():
        above = sum(other < i for other in uncalled)
        pence = {name: draft.cells[name][i] for name in MONEY}
        steps = {name: read_money(draft.texts[name][i], unit).step for name in MONEY}
        bare, of = is_total_of(label, [*known])
        if any(pence.values()) and (one := _proof(lines, above, pence, steps, 1 if bare else 2)):
            value = f"{_said(pence)} of {quoted(label)}, those of {one.words}"
            summed.append(i)
            yield draft.finding("BCF506", i, "scheme", value=value)
        elif bare:
            summed.append(i)
            wanted = _wanted(lines, above, of, known)
            yield draft.finding("BCF508", i, "scheme", **_apart(label, pence, wanted))
    for total in totals:
        bare, of = is_total_of(total.label, [*known])
        above = sum(other < total.at for other in uncalled)
        where = {"sheet": draft.sheet}
        if one := _proof(lines, above, total.pence, total.steps, 1 if bare else 2):
            value = f"{_said(total.pence)} of {quoted(total.label)}, those of {one.words}"
            yield Finding("BCF507", draft.file, total.number, "scheme", value, **where)
        else:
            wanted = _wanted(lines, above, of, known)
            said = _apart(total.label, total.pence, wanted)
            yield Finding("BCF508", draft.file, total.number, "scheme", **said, **where)
    kept = [i for i in rows if i not in summed]
    for place, one in _unsaid(_Lines(draft, kept)).items():
        i = kept[place]
        if not draft.cells["counts_as"][i] and i not in called:
            pence = {name: draft.cells[name][i] for name in MONEY}
            value = f"{_said(pence)}, those of {one.words}"
            yield draft.finding("BCF506", i, "scheme", value=value, mild=True)


def _label(draft: Draft, i: int) -> str:
    """Give the name or the code of a line that says total; nothing where neither does."""
    said = [draft.cells[name][i] or "" for name in ("scheme", "scheme_id")]
    return next((text for text in said if says_total(text)), "")


def _names(drafts: Drafts) -> dict[str, tuple[str, str]]:
    """Give the codes and names a total may be of, each with the column and the code it selects."""
    found: dict[str, tuple[str, str]] = {}
    for table, column in (("themes", "theme"), ("organisations", "organisation"),
                          ("categories", "category")):  # fmt: skip
        if table in drafts:
            for _, code, name in drafts[table].rows(column, "name"):
                found.setdefault(code, (column, code))
                found.setdefault(name, (column, code))
    return found


def _wanted(lines: _Lines, above: int, of: str, known: Mapping[str, tuple[str, str]]) -> Sum:
    """Give the lines a row that says total should be the sum of."""
    if of:
        column, code = known[of]
        places = [p for p, i in enumerate(lines.chosen) if lines.codes[column][i] == code]
        return lines.group([column], [code], places)
    if above:
        return lines.run(0, above, _ABOVE)
    return lines.run(0, len(lines.chosen), _BELOW)


def _said(pence: Mapping[str, int]) -> str:
    return " and ".join(f"{name} {sterling(amount)}" for name, amount in pence.items())


def _apart(label: str, pence: Mapping[str, int], wanted: Sum) -> dict[str, str]:
    """Say by how much a row that says total is off."""
    gaps = {name: wanted.pence[name] - amount for name, amount in pence.items()}
    off = {name: gap for name, gap in gaps.items() if gap}
    said = " and ".join(
        f"{name} {sterling(wanted.pence[name])}, {sterling(abs(gap))} {'more' if gap > 0 else 'less'}"
        for name, gap in off.items()
    )
    value = f"{_said({name: pence[name] for name in off})} of {quoted(label)}"
    return {"value": value, "expected": f"{said}: that is what {wanted.words} come to"}

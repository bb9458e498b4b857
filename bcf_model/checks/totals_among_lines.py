"""Checks for totals among the lines: rows called a total, and rows that are sums of others.

A total pasted as a line is counted twice. That a row is one is proved by its amounts: they are
those of the lines above or below it, of all others, or of those that share its codes. A row that
says "total" and is no line, for want of a code, is set aside before cells are read (`set_aside`).
"""

import itertools
import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from bcf_model.core.findings import Finding
from bcf_model.core.money import NotMoney, read_money, sterling, within_last_digit
from bcf_model.core.words import NOT_STATED
from bcf_model.intake.cells import tidy
from bcf_model.intake.drafts import Draft, Drafts, quoted
from bcf_model.intake.raw_table import RawTable

MONEY: Final = ("budget", "expenditure")
KEYS: Final = ("theme", "organisation", "category", "kind", "pooling")
"""The codes by which lines may be added up."""
NEEDED: Final = ("scheme_id", "theme", "organisation", "scheme", "category", "kind")
"""What a line must have; a row without one of these is none."""
MOST_KEYS: Final = 3
MOST_NAMED: Final = 10
MOST_GROUPED: Final = 50_000
"""Beyond so many lines they are not added up by their codes: it would take too long."""
FEWEST: Final = 2
"""A sum of one line proves nothing; of one amount, a sum of two does not."""
PLAIN: Final = 1_000
"""So many steps make an amount that is hardly another's by chance; a round one has fewer."""

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
    """Return whether a name or code may be that of a total.

    >>> [says_total(text) for text in ("Sub-total Home First", "ICB total:", "TOTAL", "Totnes")]
    [True, True, True, False]
    """
    said = _words(text)
    return bool(_STARTS.match(said) or _ENDS.search(said))


def is_total_of(text: str, names: Sequence[str]) -> tuple[bool, str]:
    """Return whether a name is that of a total and of nothing else, and of which code's lines.

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
        if name and re.fullmatch(
            rf"(?:(?:{_OF_THE_WHOLE.pattern})\W*)*{re.escape(_words(name))}", rest
        ):
            return True, name
    return not re.sub(r"\W", "", re.sub(rf"\b(?:{_OF_THE_WHOLE.pattern})\b", "", rest)), ""


# ------------------------------------------------------------------ rows that are no lines


class Total(NamedTuple):
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
    totals, lines = list[Total](), list[int]()
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
    kept = table._replace(
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
    """Lines that are added up: how many, in words, and what they come to by column of money.

    `lines` are their places. `by` and `codes` say what they share; `is_all`, that they are all
    others; `is_whole`, that they are all from the first on, or all of one code.
    """

    count: int
    words: str
    pence: Mapping[str, int]
    lines: Sequence[int]
    by: Sequence[str] = ()
    codes: Sequence[str] = ()
    is_all: bool = False
    is_whole: bool = False


def _stated_columns(draft: Draft) -> list[str]:
    """List the columns of money that every line states: of another, no sum is known."""
    return [name for name in MONEY if None not in draft.cells[name]]


class _Lines:
    """The lines of a pool, ready to be added up; nil in a column that not every line states."""

    def __init__(self, draft: Draft, chosen: Sequence[int]) -> None:
        """Keep the amounts and codes of some of the rows."""
        self.chosen = list(chosen)
        stated = _stated_columns(draft)
        self.amounts = np.array(
            [
                [draft.cells[name][i] if name in stated else 0 for i in self.chosen]
                for name in MONEY
            ],
            dtype=np.int64,
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
        whole = begin == 0 or self.section(begin, end)
        return Sum(count, words.format(count), pence, range(begin, end), is_whole=whole)

    def section(self, begin: int, end: int) -> bool:
        """Return whether a run is all lines of one code that stand together."""

        def code(name: str, place: int) -> str:
            inside = 0 <= place < len(self.chosen)
            return self.codes[name][self.chosen[place]] if inside else ""

        return any(
            len({code(name, place) for place in range(begin, end)}) == 1
            and code(name, begin) not in (code(name, begin - 1), code(name, end + 1))
            for name in KEYS[:3]
        )

    @cached_property
    def groups(self) -> list[Sum]:
        """Add up all lines, and those that share a few codes which are not the same everywhere."""
        found = [self.sum_of((), (), range(len(self.chosen)))]
        rows = {name: [self.codes[name][i] for i in self.chosen] for name in KEYS}
        keys = [name for name in KEYS if len({*rows[name]}) > 1]
        for many in range(1, MOST_KEYS + 1 if len(self.chosen) <= MOST_GROUPED else 1):
            for by in itertools.combinations(keys, many):
                parts: dict[tuple[str, ...], list[int]] = {}
                for place, codes in enumerate(zip(*(rows[name] for name in by), strict=True)):
                    parts.setdefault(codes, []).append(place)
                found += [self.sum_of(by, codes, places) for codes, places in parts.items()]
        return found

    def sum_of(self, by: Sequence[str], codes: Sequence[str], places: Sequence[int]) -> Sum:
        """Add up lines that share their codes; all lines where they are by none."""
        named = " and ".join(f"{name} {code}" for name, code in zip(by, codes, strict=True))
        taken = self.amounts[:, list(places)]
        pence = dict(zip(MONEY, taken.sum(axis=1).tolist(), strict=True))
        count = int(taken.any(axis=0).sum())
        words = f"the {count} lines of {named}" if by else f"all {count} other lines"
        return Sum(count, words, pence, places, by, codes, not by, len(by) <= 1)


_ABOVE, _BELOW = "the {} lines above", "the {} lines below"


def _proof(lines: _Lines, above: int, total: Total, fewest: int) -> Sum | None:
    """Find the lines that a row which says total is the sum of; the nearest sum, exact first.

    Args:
        lines: those it may be the sum of.
        above: how many of them stand above it.
        total: the row; half the step its amounts are written in is rounding.
        fewest: how many lines it must be the sum of.
    """
    if not any(total.pence.values()):
        return None
    candidates = list[Sum]()
    for begins, ends, words in (
        (np.arange(above), np.full(above, above), _ABOVE),
        (
            np.full(len(lines.chosen) - above, above),
            np.arange(above, len(lines.chosen)) + 1,
            _BELOW,
        ),
    ):
        near = np.ones(len(begins), dtype=bool)
        for name, amount in total.pence.items():
            upto = lines.upto[MONEY.index(name)]
            near &= 2 * abs(upto[ends] - upto[begins] - amount) <= total.steps[name]
        candidates += [lines.run(int(begins[p]), int(ends[p]), words) for p in np.flatnonzero(near)]
    candidates += lines.groups
    fitting = [
        (sum(abs(one.pence[name] - amount) for name, amount in total.pence.items()), k)
        for k, one in enumerate(candidates)
        if one.count >= fewest
        and all(
            within_last_digit(one.pence[name], amount, total.steps[name])
            for name, amount in total.pence.items()
        )
    ]
    return candidates[min(fitting)[1]] if fitting else None


def _unsaid(lines: _Lines) -> dict[int, tuple[Sum, bool]]:
    """Find the lines that are the sum of others, though they need not be called a total.

    Where the lines differ in both amounts, two that make a whole are enough: all others, all above,
    or all of a code. Where one amount is nil, or both are the same, three are. Other sums, and of
    one amount all that leave a line out, count only where amounts are not so round that one is
    easily the sum of some others.

    Returns:
        For each line its sum, and whether that can hardly be by chance.
    """
    found: dict[int, tuple[Sum, bool]] = {}
    budget, spent = lines.amounts.tolist()
    steps = [_steps(budget), _steps(spent)]
    ways = max(steps[0], 1) * _steps(list(lines.amounts[1] - lines.amounts[0]))
    for place, one in _candidates(lines):
        parts = lines.amounts[:, list(one.lines)]
        if (parts[0] != parts[1]).any() and parts.any(axis=1).all():
            no_chance = one.count >= FEWEST and ways >= PLAIN * len(budget)
            counts = no_chance or (one.count >= FEWEST and one.is_whole)
        else:
            no_chance = False
            counts = one.count > FEWEST and (one.is_all or max(steps) >= PLAIN)
        if counts and (place not in found or no_chance > found[place][1]):
            found[place] = (one, no_chance)
    return found


def _steps(amounts: Sequence[int]) -> int:
    """Count the steps in which amounts are written that make the largest of them."""
    return int(max(map(abs, amounts), default=0)) // (math.gcd(*map(int, amounts)) or 1)


def _candidates(lines: _Lines) -> Iterator[tuple[int, Sum]]:
    """Return the lines that are the sum of others, each with these."""
    many = len(lines.chosen)
    amounts = np.transpose(lines.amounts).tolist()
    upto = [tuple(pair) for pair in np.transpose(lines.upto).tolist()]
    begun, ended = dict[tuple[int, ...], int](), dict[tuple[int, ...], int]()
    for place, pair in enumerate(amounts):
        begun.setdefault(upto[place], place)
        begin = begun.get((upto[place][0] - pair[0], upto[place][1] - pair[1]), place)
        if any(pair) and begin < place:
            one = lines.run(begin, place, _ABOVE)
            yield place, replace(one, is_all=begin == 0 and place == many - 1)
    for place, pair in reversed([*enumerate(amounts)]):
        ended.setdefault(upto[place + 1], place + 1)
        end = ended.get((upto[place + 1][0] + pair[0], upto[place + 1][1] + pair[1]), place)
        if any(pair) and end > place + 1:
            one = lines.run(place + 1, end, _BELOW)
            yield place, replace(one, is_all=place == 0 and end == many)
    for group in lines.groups:
        for place in group.lines:
            if any(amounts[place]) and [*group.pence.values()] == [2 * a for a in amounts[place]]:
                others = [other for other in group.lines if other != place]
                yield place, lines.sum_of(group.by, group.codes, others)


# ------------------------------------------------------------------ findings


def totals_among_lines(drafts: Drafts) -> Iterator[Finding]:
    """Rows that are totals of lines, or say so (BCF506 to BCF508); among them those set aside."""
    draft, unit = drafts.get("schemes"), drafts.unit
    if draft is None or unit is None or draft.broken & {*MONEY}:
        return
    stated = _stated_columns(draft)
    if not stated:
        return
    known, summed = _names(drafts), set()
    called = [*_lines_called_total(draft, unit, [*known])]
    lines = _Lines(draft, sorted({*range(len(draft.numbers))} - {one.at for one in called}))
    for k, total in enumerate((*called, *(_of_columns(total, stated) for total in drafts.aside))):
        is_line = k < len(called)
        if not is_line and not total.pence:
            continue
        above = bisect_left(lines.chosen, total.at)
        bare, of = is_total_of(total.label, [*known])
        wanted = _sum_expected(lines, above, total, of, known)
        value = expected = code = ""
        if one := _proof(lines, above, total, 1 if bare else FEWEST):
            value = f"{_in_words(total.pence)} of {quoted(total.label)}, those of {one.words}"
            code = "BCF506" if is_line else "BCF507"
        elif not is_line or wanted.count:
            value, expected = _apart(total, wanted)
            code = "BCF508"
        if code:
            summed.add(total.at if is_line else -1)
            at = replace(draft.at(), row=total.number)
            yield at.finding(code, "scheme", value, expected)
    kept = [i for i in range(len(draft.numbers)) if i not in summed]
    for place, (one, no_chance) in _unsaid(_Lines(draft, kept)).items():
        i = kept[place]
        if not draft.cells["counts_as"][i]:
            label = _label(draft, i)
            pence = {name: draft.cells[name][i] for name in stated}
            value = f"{_in_words(pence)}{' of ' * bool(label)}{quoted(label)}, those of {one.words}"
            mild = not (label and no_chance)
            yield draft.at(i).finding("BCF506", "scheme", value, mild=mild)


def _of_columns(total: Total, stated: Sequence[str]) -> Total:
    """Return a row set aside with the amounts alone of which a sum is known."""
    return total._replace(pence={n: pence for n, pence in total.pence.items() if n in stated})


def _lines_called_total(draft: Draft, unit: str, names: Sequence[str]) -> Iterator[Total]:
    """Return the lines that are called a total and nothing else, but for those declared lines."""
    for i, number in enumerate(draft.numbers):
        said = [draft.cells[name][i] or "" for name in ("scheme", "scheme_id")]
        label = next((text for text in said if is_total_of(text, names)[0]), "")
        if label and not draft.cells["counts_as"][i]:
            stated = _stated_columns(draft)
            pence = {name: draft.cells[name][i] for name in stated}
            steps = {name: draft.steps[name][i] for name in stated}
            yield Total(i, number, label, pence, steps)


def _label(draft: Draft, i: int) -> str:
    """Return the name or the code of a line that says total; nothing where neither does."""
    said = [draft.cells[name][i] or "" for name in ("scheme", "scheme_id")]
    return next((text for text in said if says_total(text)), "")


def _names(drafts: Drafts) -> dict[str, tuple[str, str]]:
    """Return the codes and names a total may be of, each with the column and code it selects."""
    column_and_code: dict[str, tuple[str, str]] = {}
    for table, column in (("themes", "theme"), ("organisations", "organisation"),
                          ("categories", "category")):  # fmt: skip
        for _, code, name in drafts.table(table).rows(column, "name"):
            column_and_code.setdefault(code, (column, code))
            column_and_code.setdefault(name, (column, code))
    return column_and_code


def _sum_expected(
    lines: _Lines, above: int, total: Total, of: str, known: Mapping[str, tuple[str, str]]
) -> Sum:
    """Return the lines a row that says total should be the sum of: of several, the nearest sum.

    They are those of the code it names; of none, those above it, all, or all of one code.
    """
    if of:
        column, code = known[of]
        places = [p for p, i in enumerate(lines.chosen) if lines.codes[column][i] == code]
        return lines.sum_of([column], [code], places)
    first = lines.run(0, above, _ABOVE) if above else lines.run(0, len(lines.chosen), _BELOW)
    others = (one for one in lines.groups if len(one.by) <= 1 and one.count >= FEWEST)

    def gap(one: Sum) -> int:
        return sum(abs(one.pence[name] - amount) for name, amount in total.pence.items())

    return min([first, *others], key=gap)


def _in_words(pence: Mapping[str, int]) -> str:
    return " and ".join(f"{name} {sterling(amount)}" for name, amount in pence.items())


def _apart(total: Total, wanted: Sum) -> tuple[str, str]:
    """Return by how much a row that says total is off: what was found, and what was expected."""
    off = {n: gap for n, amount in total.pence.items() if (gap := wanted.pence[n] - amount)}
    value = f"{_in_words({name: total.pence[name] for name in off})} of {quoted(total.label)}"
    said = " and ".join(
        f"{name} {sterling(wanted.pence[name])}, {sterling(abs(gap))} "
        + ("more" if gap > 0 else "less")
        for name, gap in off.items()
    )
    return value, f"{said}: that is what {wanted.words} come to"


# ------------------------------------------------------------------ versions of the budget


def totals_among_budgets(drafts: Drafts) -> Iterator[Finding]:
    """A version does not state a sum beside its parts (BCF516).

    That is a row without a scheme, or without an organisation, that has the amount of the two or
    more rows of the same version, theme and kind that do name one.
    """
    draft = drafts.get("budgets")
    if draft is None:
        return
    rows = [*draft.rows("version", "theme", "kind", "organisation", "scheme_id", "amount")]
    parts: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for i, *of, organisation, scheme, amount in rows:
        if amount and organisation != NOT_STATED:
            parts[(*of, "")].append((i, amount))
            if scheme:
                parts[(*of, organisation)].append((i, amount))
    for i, *of, organisation, scheme, amount in rows:
        if amount and not scheme:
            by = "" if organisation == NOT_STATED else organisation
            made_of = [part for part in parts[(*of, by)] if part[0] != i]
            if len(made_of) > 1 and sum(part for _, part in made_of) == amount:
                numbers = ", ".join(str(draft.numbers[at]) for at, _ in made_of[:MOST_NAMED])
                more = ", …" if len(made_of) > MOST_NAMED else ""
                value = f"{sterling(amount)} of {of[0]!r}, those of {len(made_of)} rows"
                yield draft.at(i).finding("BCF516", "amount", f"{value} (row {numbers}{more})")

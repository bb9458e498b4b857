"""The reconciliation of a ledger: what became of its lines comes to what the ledger comes to."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from bcf_model.core.errors import NotAsDescribed
from bcf_model.core.findings import Finding, listed
from bcf_model.core.money import pounds
from bcf_model.core.sums import total
from bcf_model.extracts.lines import KEYS
from bcf_model.extracts.mapping import (
    EXCLUDED,
    MAPPED,
    OUT_OF_YEAR,
    TWICE,
    UNRULED,
    MappedLines,
    Numbers,
)

NAMES: Final = {
    MAPPED: "mapped",
    EXCLUDED: "excluded",
    UNRULED: "no rule",
    TWICE: "two rules",
    OUT_OF_YEAR: "out of year",
}
"""What each is called, in the order they are told."""
_MONEY: Final = 18
"""Columns an amount takes on the screen."""
_WORDS: Final = 44


class Part(NamedTuple):
    """What became of some lines: its name, their number, what they come to, and of what they are.

    Attributes:
        pence: signed as the ledger's.
        remark: which rules, schemes, cost centres or years.
    """

    name: str
    lines: int
    pence: int
    remark: str


class Reconciliation(NamedTuple):
    """The parts of a ledger in the order of `NAMES`, and the ledger itself."""

    parts: tuple[Part, ...]
    lines: int
    pence: int


def reconciled(it: MappedLines) -> Reconciliation:
    """Reconcile a ledger: mapped + excluded + no rule + two rules + out of year = ledger.

    Raises:
        NotAsDescribed: they do not, and the program is at fault.
    """
    sums = total(it.lines.pence, it.became, len(NAMES)).tolist()
    counts = np.bincount(it.became, minlength=len(NAMES)).tolist()
    parts = tuple(
        Part(name, counts[state], sums[state], _REMARKS[state](it) if counts[state] else "")
        for state, name in NAMES.items()
    )
    whole = Reconciliation(parts, len(it.lines.pence), int(it.lines.pence.sum(dtype=np.int64)))
    if (sum(counts), sum(sums)) != whole[1:]:
        message = "the parts of a ledger do not come to the ledger"
        raise NotAsDescribed(message)
    return whole


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _of_mapped(it: MappedLines) -> str:
    rules = [it.rules[i] for i in np.unique(it.rule[it.became == MAPPED]).tolist()]
    schemes = {code for rule in rules for code, _ in rule.schemes}
    return f"{_count(len(rules), 'rule')}, {_count(len(schemes), 'scheme')}"


def _of_excluded(it: MappedLines) -> str:
    rules = [it.rules[i] for i in np.unique(it.rule[it.became == EXCLUDED]).tolist()]
    return "; ".join(f"rule {rule.code}: {rule.note}" for rule in rules)


def _of_unruled(it: MappedLines) -> str:
    name, texts = _told_by(it, np.flatnonzero(it.became == UNRULED))
    return _count(len({*texts}), name.replace("_", " ")) if name else ""


def _of_twice(it: MappedLines) -> str:
    return "; ".join(f"rules {a} and {b}" for a, b in _pairs(it))


def _of_other_years(it: MappedLines) -> str:
    at = np.flatnonzero(it.became == OUT_OF_YEAR).tolist()
    return listed(sorted({it.lines.years[i] or "no year stated" for i in at}))


_REMARKS: Final[dict[int, Callable[[MappedLines], str]]] = {
    MAPPED: _of_mapped,
    EXCLUDED: _of_excluded,
    UNRULED: _of_unruled,
    TWICE: _of_twice,
    OUT_OF_YEAR: _of_other_years,
}


def _told_by(it: MappedLines, at: Numbers) -> tuple[str, list[str]]:
    """Return the first key the ledger has, and its text of some lines; blank where it has none."""
    name = next((key for key in KEYS if key in it.lines.keys), "")
    return name, [it.lines.keys[name][i] for i in at.tolist()] if name else []


def _pairs(it: MappedLines) -> dict[tuple[str, str], list[int]]:
    """Return the lines under two rules, by the codes of these."""
    found: dict[tuple[str, str], list[int]] = {}
    for i in np.flatnonzero(it.became == TWICE).tolist():
        codes = (it.rules[it.rule[i]].code, it.rules[it.other[i]].code)
        found.setdefault(codes, []).append(i)
    return found


def of_no_year(it: MappedLines) -> Iterator[Finding]:
    """Find the lines that state no year: whether they are of the pool's, nobody knows (BCF933)."""
    if at := [i for i, year in enumerate(it.lines.years) if not year]:
        yield _found(it, "BCF933", at, "")


def _found(
    it: MappedLines, code: str, at: Sequence[int], value: str, *, mild: bool = False
) -> Finding:
    """Return a finding about some lines, where the first stands: their number and sum in it."""
    pence = int(it.lines.pence[list(at)].sum(dtype=np.int64))
    value = f"{value}{_count(len(at), 'line')}, {_grouped(pence)}"
    row, cell = int(it.lines.rows[at[0]]), it.lines.cells[at[0]]
    return Finding(
        code, it.lines.file, row, value=value, sheet=it.lines.sheet, cell=cell, mild=mild
    )


def findings(it: MappedLines, name: str, *, strict: bool = False) -> Iterator[Finding]:
    """Find what a mapping leaves over (BCF920 to 923 and 933).

    Args:
        it: what was mapped.
        name: of the ledger.
        strict: whether lines without a rule are an error.
    """
    if at := np.flatnonzero(it.became == UNRULED).tolist():
        yield _found(it, "BCF920", at, _largest(it), mild=not strict)
    for (one, other), at in _pairs(it).items():
        yield _found(it, "BCF921", at, f"rules {one} and {other}: ")
    if at := [i for i in np.flatnonzero(it.became == OUT_OF_YEAR).tolist() if it.lines.years[i]]:
        yield _found(it, "BCF922", at, f"{_of_other_years(it)}: ")
    yield from of_no_year(it)
    used = {*it.rule.tolist(), *it.other.tolist()}
    for i, rule in enumerate(it.rules):
        if i not in used:
            lacks = [key for key in rule.conditions if key not in it.lines.keys]
            value = f"rule {rule.code}"
            value += f": {name} has no {listed(lacks).replace('_', ' ')}" if lacks else ""
            yield rule.place.finding("BCF923", "rule", value)


def by_text(it: MappedLines, state: int) -> list[tuple[str, int, int]]:
    """Return what lines of a state come to by their first key: its text, lines and pence.

    The largest stand first, whatever their sign.
    """
    at = np.flatnonzero(it.became == state)
    texts = _told_by(it, at)[1] or [""] * len(at)
    known = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    group = np.array([known[text] for text in texts], dtype=np.intp)
    sums = total(it.lines.pence[at], group, len(known)).tolist()
    counts = np.bincount(group, minlength=len(known)).tolist()
    found = [*zip(known, counts, sums, strict=True)]
    return sorted(found, key=lambda row: (-abs(row[2]), row[0]))


def _largest(it: MappedLines) -> str:
    """Return how many texts have no rule, and the largest of them."""
    texts = by_text(it, UNRULED)
    told = _of_unruled(it)
    return f"{told}, largest {texts[0][0] or 'without one'}: " if told else ""


def _grouped(pence: int) -> str:
    """Write pence with thousands grouped, as a ledger does."""
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def on_screen(name: str, found: Reconciliation) -> list[str]:
    """Return the reconciliation as lines of a screen, amounts below each other."""

    def row(words: str, pence: int, after: str = "") -> str:
        return f"{words:<{_WORDS}}{_grouped(pence):>{_MONEY}}{after}"

    said = [row(f"{name}: {_count(found.lines, 'line')}", found.pence)]
    width = max(len(f"{part.lines:,}") for part in found.parts)
    for part in found.parts:
        words = f"  {part.name:<12}{part.lines:>{width},}"
        inside = f"{words}  {part.remark}" if part.remark else words
        short = len(inside) < _WORDS
        said.append(
            row(inside if short else words, part.pence, "" if short else f"  {part.remark}")
        )
    return [*said, row("  together", found.pence, "  = ledger, to the penny")]


def table(found: Reconciliation) -> list[tuple[str, str, str, str]]:
    """Return the reconciliation as a table of text, headings first; amounts in pounds."""
    parts = [(it.name, str(it.lines), pounds(it.pence), it.remark) for it in found.parts]
    whole = ("ledger", str(found.lines), pounds(found.pence), "")
    return [("what", "lines", "amount", "remark"), *parts, whole]

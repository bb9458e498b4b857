"""A paper typed out with no pool behind it: printed figures, and which of them others add up to.

The file has the columns of a pool's `published.csv`, with `figure` a free code, and five more:

- `sum_of`: what the figure adds up and takes away, as ``P2 + P3 - P4``;
- `percent_of`: of a percentage, rate, average or price, what is divided by what, as ``P4 / P2`` or
  ``P3 - P2 / P2``.
- `rounded`, `rounded_to`: how the paper rounds, and to what, where it says so;
- `paper`: the title of the paper.

The first two name figures by their `figure` or, where that is blank or stands for itself,
`published_id`. A code may hold + − / where the longest code that is known can be read.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pandas as pd

from bcf_model.audit.bounds import Bound, Unknown
from bcf_model.audit.statements import Paper, Statement, interval, rough
from bcf_model.checks.figure_references import printed_numbers
from bcf_model.core.findings import Check, Finding, has_errors, run_checks
from bcf_model.core.printed_numbers import MONEY, RATES
from bcf_model.core.tables import Failure, InputTable, SourceFile, Transcription, records
from bcf_model.core.words import PRINTED_UNITS
from bcf_model.intake.drafts import Draft, Drafts, draft_table
from bcf_model.intake.folder import read_pool
from bcf_model.intake.raw_table import RawPool

_SIGNS = {"+": 1, "-": -1, "−": -1}
_END = re.compile(r"\s*([+\-−]|$)")
"""What follows a name: a sign, or nothing more."""

_COLUMNS = (
    (
        "sum_of",
        "percent_of",
        "a blank cell: this is an amount; in sum_of goes what it adds up, as P2 + P3 - P4",
    ),
    (
        "percent_of",
        "sum_of",
        "a blank cell: percentages and rates are not added up; "
        "in percent_of goes what is divided by what, as P4 / P2",
    ),
)
"""Of an amount and of a rate: its column, the other's, and what is to stand in that."""


Parts = list[tuple[int, str]]


class _Unread(Exception):
    """A sum that cannot be read; its text says what was expected."""

    code = "BCF601"


class _OfItself(_Unread):
    """A figure that its own sum names."""

    code = "BCF604"


def check_transcription(path: str | Path) -> tuple[Paper | None, list[Finding], list[SourceFile]]:
    """Read a transcription.

    Args:
        path: a CSV file (`tables.Transcription`).

    Returns:
        The paper, or None when there is an error; every finding; the file with its SHA-256.
    """
    file = Path(path)
    if not file.is_file():
        expected = "a pool, or a CSV file of printed figures"
        return None, [Finding("BCF001", "", value=str(file), expected=expected)], []
    raw = read_pool(file.parent, [file.stem])
    findings = [found for found in raw.findings if found.file == file.name]
    if findings and file.stem not in raw.tables:
        return None, findings, []
    draft = draft_table(raw, InputTable(file.stem, Transcription, required=True), None, findings)
    if draft is None:
        return None, findings, []
    findings += run_checks(CHECKS, Drafts({"published": draft}))
    paper = None if has_errors(findings) else _paper(draft, findings)
    return paper, findings, _source(raw, file, draft)


def _source(raw: RawPool, file: Path, draft: Draft) -> list[SourceFile]:
    return [SourceFile(file.name, raw.hashes[file.name], len(draft.numbers))]


def _twice(drafts: Drafts) -> Iterator[Finding]:
    """A code stands once (BCF301)."""
    draft = drafts["published"]
    first: dict[str, int] = {}
    for i, code in draft.rows("published_id"):
        if Failure("published_id", i, "unique") in draft.failing:
            value = f"{code!r}, the same code in row {draft.numbers[first[code]]}"
            yield draft.at(i).finding("BCF301", "published_id", value)
        first.setdefault(code, i)


def _two_things(drafts: Drafts) -> Iterator[Finding]:
    """A code that is a figure too stands for that figure (BCF605): a sum could mean either."""
    draft = drafts["published"]
    prints: dict[str, int] = {}
    for i, figure in draft.rows("figure"):
        prints.setdefault(figure, i)
    for i, code, figure in draft.rows("published_id", "figure"):
        if code in prints and figure not in {"", code}:
            row = draft.numbers[prints[code]]
            value = f"{code!r}, the figure of row {row}, while this row's own is {figure!r}"
            expected = "a code that is no figure of another row"
            yield draft.at(i).finding("BCF605", "published_id", value, expected)


CHECKS: Final[tuple[Check[Drafts], ...]] = (_twice, _two_things, printed_numbers)
"""What is looked at in the figures of a paper once their cells are read."""


def _paper(draft: Draft, findings: list[Finding]) -> Paper | None:
    frame = pd.DataFrame(
        {n: pd.Series(draft.cells[n], dtype=kind) for n, kind in Transcription.types.items()}
    )
    frame = Transcription.validate(frame)
    printed = frame.drop(columns=["sum_of", "percent_of", "paper"])
    printed["figure"] = frame["figure"].where(frame["figure"] != "", frame["published_id"])
    known, kinds = _names_of(printed), _kinds(printed)
    statements, facts, untested = list[Statement](), list[Bound](), dict[int, str]()
    added: dict[str, tuple[int, list[Parts]]] = {}
    for i, row in enumerate(records(frame)):
        quantity = printed["figure"].iloc[i]
        is_rate = row.unit in RATES
        column, other, blank = _COLUMNS[is_rate]
        if said := getattr(row, other):
            findings.append(draft.at(i).finding("BCF601", other, said, blank))
            continue
        try:
            if is_rate:
                if not row.percent_of:
                    untested[i] = _DIVIDED[row.unit == "percent"]
                    continue
                upper, lower = _ratio(row.percent_of, known)
                _comparable(row.unit, upper, lower, kinds)
                if said := rough(row):
                    untested[i] = said
                    continue
                low, high = interval(row)
                terms, base = _terms(upper), _terms(lower)
                statements.append(Statement(i, quantity, low, high, terms, base))
                continue
            texts = [text for text in row.sum_of.split(";") if text.strip()]
            sums = [_sum(text, known, quantity) for text in texts]
            for parts in sums:
                _one_kind([*parts, (1, quantity)], kinds)
        except _Unread as problem:
            findings.append(
                draft.at(i).finding(problem.code, column, getattr(row, column),
                              str(problem))
            )  # fmt: skip
            continue
        added.setdefault(quantity, (i, []))[1].extend(sums)
        own = {("", quantity): Fraction(1)}
        for parts in sums:
            less = _terms([*parts, (-1, quantity)])
            facts.append(Bound(less, Fraction(0), Fraction(0)))
        if said := rough(row):
            untested[i] = said
            continue
        low, high = interval(row)
        statements.append(Statement(i, quantity, low, high, own, sums=tuple(map(tuple, sums))))
    for i in _beyond(added):
        expected = f"sums of sums that count no figure more than {_MOST_COUNTED:,} times"
        findings.append(draft.at(i).finding("BCF601", "sum_of", frame["sum_of"][i], expected))
    if has_errors(findings):
        return None
    rests_on = (
        "What adds up to what, and what is a percentage of what, is taken from the transcription.",
    )
    titles = tuple(dict.fromkeys(title for title in frame["paper"] if title))
    return Paper(printed, tuple(statements), tuple(facts), untested, rests_on, titles)


_DIVIDED: Final = (
    "it is not said what is divided by what",
    "it is not said what it is a percentage of",
)
"""Why a rate, and why a percentage, says nothing."""


_MOST_COUNTED: Final = 10**9
"""How often a sum may count one figure, by way of others that count it: beyond that no paper adds
up, and what half a printed step comes to in it is beyond any number."""


def _beyond(added: Mapping[str, tuple[int, list[Parts]]]) -> Iterator[int]:
    """Find the first sum that counts a figure too often, by its row; none where sums go round."""
    parts_of = {
        quantity: {part for parts in sums for _, part in parts}
        for quantity, (_, sums) in added.items()
    }
    counted: dict[str, int] = {}
    with suppress(CycleError):  # each is then said of the other, and they are looked at together
        for quantity in TopologicalSorter(parts_of).static_order():
            i, sums = added.get(quantity, (0, []))
            counted[quantity] = max(
                (sum(counted[p] for _, p in parts) for parts in sums), default=1
            )
            if counted[quantity] > _MOST_COUNTED:
                yield i
                return


def _kinds(printed: pd.DataFrame) -> dict[str, str]:
    """Return what each quantity is an amount of: money, or its unit."""
    units = zip(printed["figure"], printed["unit"], strict=True)
    return {figure: "money" if unit in MONEY else unit for figure, unit in units}


def _one_kind(parts: Parts, kinds: Mapping[str, str]) -> str:
    """Return what the parts of a sum are amounts of.

    Raises:
        _Unread: they are of several kinds.
    """
    kinds_added = dict.fromkeys(kinds[quantity] for _, quantity in parts)
    if len(kinds_added) > 1:
        message = f"amounts of one kind to add up; here are {' and '.join(kinds_added)}"
        raise _Unread(message)
    return next(iter(kinds_added))


def _comparable(unit: str, upper: Parts, lower: Parts, kinds: Mapping[str, str]) -> None:
    """Check that a quotient can be printed in its unit.

    Raises:
        _Unread: a percentage of another kind of thing, or a price of what is no money.
    """
    divided, by = _one_kind(upper, kinds), _one_kind(lower, kinds)
    fits = {
        "percent": divided == by,
        "pounds each": divided == "money" != by,
    }.get(unit, "money" not in {divided, by})
    if not fits:
        message = (
            f"what is divided and by what to give {PRINTED_UNITS[unit]}; not {divided} by {by}"
        )
        raise _Unread(message)


class _Names(dict[str, str | None]):
    """For each code or figure the quantity it names; None for a percentage or a rate."""

    @cached_property
    def lengths(self) -> list[int]:
        """The lengths names have, the greatest first."""
        return sorted(set(map(len, self)), reverse=True)


def _names_of(printed: pd.DataFrame) -> _Names:
    """Return what the codes and figures of a paper name."""
    known = _Names()
    for row in records(printed):
        of = None if row.unit in RATES else row.figure
        for name in (row.published_id, row.figure):
            if name not in known or known[name] is None:
                known[name] = of
    return known


def _sum(text: str, known: _Names, own: str | None = None) -> Parts:
    """Read a sum such as ``a + b - c``.

    Args:
        text: the sum.
        known: of `_known`.
        own: the quantity that is said to be this sum.

    Raises:
        _Unread: it names what is not printed, or a percentage, or cannot be read.
        _OfItself: it names its own quantity, by whatever code: nothing would be said of it.
    """
    parts: Parts = []
    rest = text.strip()
    while rest:
        sign = _SIGNS.get(rest[0], 0)  # a name is read up to the next sign: only the first has none
        rest = rest[1:].lstrip() if sign else rest
        name = _longest(rest, known)
        quantity = known[name]
        if quantity is None:
            message = f"amounts to add up; {name} is a percentage or a rate"
            raise _Unread(message)
        if quantity == own:
            message = f"a sum without {name}, which is the figure itself"
            raise _OfItself(message)
        parts.append((sign or 1, quantity))
        rest = rest[len(name) :].lstrip()
    if not parts:
        message = "at least one figure to add up"
        raise _Unread(message)
    return parts


def _longest(text: str, known: _Names) -> str:
    """Return the longest known name a text begins with, up to a sign or its end.

    Raises:
        _Unread: there is none.
    """
    for length in known.lengths:
        name = text[:length]
        if name in known and _END.match(text, len(name)):
            return name
    first = re.split(r"[+\-−]", text, maxsplit=1)[0].strip()
    message = f"figures or codes of this file; {first[:60]!r} is none"
    raise _Unread(message)


def _ratio(text: str, known: _Names) -> tuple[Parts, Parts]:
    """Read what is divided by what, as ``a / b`` or ``a - b / b``.

    Raises:
        _Unread: it cannot be read.
    """
    problem = _Unread("what is divided by what, as P4 / P2")
    for i, letter in enumerate(text):
        if letter == "/":  # a code may hold one too: the first that parts two sums counts
            try:
                return _sum(text[:i], known), _sum(text[i + 1 :], known)
            except _Unread as failed:
                problem = failed
    raise problem


def _terms(parts: Parts) -> dict[Unknown, Fraction]:
    factors: dict[Unknown, Fraction] = {}
    for sign, quantity in parts:
        factors["", quantity] = factors.get(("", quantity), Fraction(0)) + sign
    return {unknown: factor for unknown, factor in factors.items() if factor}

"""What can be wrong with the data: findings are rows, each with where, what and what to do.

`CATALOGUE` is the whole list, read from findings.csv; docs/findings.md is made from it. Codes are
stable: a code is never used again for something else.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, Final, NamedTuple, TypeVar

from bcf_model.core.package_files import rows_of

MOST_LISTED: Final = 20
MOST_COMPARED: Final = 1000
"""Beyond so many words, a list is cut short and a slip is not looked for among the rest."""
MOST_NAMED: Final = 5
"""So many codes are named where there is no choice to make."""
_MOST_WEIGHED: Final = 3
"""Words that a slip is compared with letter by letter: those that share most with it."""
_MOST_SHARED: Final = 200
"""Words looked at for pairs of letters they share with a slip, its rarest pairs first."""
_LONGEST_SLIP: Final = 60
_LONGEST_WORD: Final = 80
_LONGEST_SAID: Final = 800
_ALIKE: Final = 0.6
"""Of two words: the least part of their letters they have in common, in order."""


class Kind(NamedTuple):
    """One kind of finding: its severity, what it means, and the usual remedy.

    The severity is `error` (nothing is calculated), `warning` (worth a look) or `note` (something
    was read with some leniency, which changes nothing). `mild_where` says where it is a warning, of
    a kind that is else an error.
    """

    severity: str
    meaning: str
    remedy: str
    mild_where: str


CATALOGUE: Final = {
    row["code"]: Kind(row["severity"], row["meaning"], row["remedy"], row["mild_where"])
    for row in rows_of("bcf_model.core", "findings.csv")
}


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the data, or worth a look.

    Attributes:
        code: a key of `CATALOGUE`.
        file: the file's name inside the pool ("" when the pool itself is missing).
        row: the row as a spreadsheet counts it, headings being row 1; 0 when it is the whole file.
        column: the heading; "" when it is the whole row.
        value: what was found.
        expected: what would have been right.
        sheet: the worksheet, when the pool is a workbook.
        cell: its address there, such as F10; "" when it is no single cell.
        mild: it is a warning, of a kind that is else an error (`Kind.mild_where`).
    """

    code: str
    file: str
    row: int = 0
    column: str = ""
    value: str = ""
    expected: str = ""
    sheet: str = ""
    cell: str = ""
    mild: bool = False

    def __post_init__(self) -> None:
        """Make every text one that can be shown: what was found may hold any sign, and be long."""
        for name in ("file", "column", "sheet", "value", "expected"):
            said = brief if name in ("value", "expected") else printable
            object.__setattr__(self, name, said(getattr(self, name)))

    @property
    def severity(self) -> str:
        """`error` (nothing is calculated), `warning` or `note`."""
        return "warning" if self.mild else CATALOGUE[self.code].severity

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return CATALOGUE[self.code].remedy

    @property
    def place(self) -> str:
        """Where it is, in words a reader can follow."""
        parts = [self.file or "the pool"]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        row = [f"row {self.row}"] if self.row else []
        row += [f"column {self.column}"] if self.column else []
        if self.cell:
            parts.append(f"{self.cell} ({', '.join(row)})" if row else self.cell)
        else:
            parts += row
        return ", ".join(parts)

    @property
    def sentence(self) -> str:
        """The finding in one sentence, without its remedy."""
        said = f"{self.place}: {CATALOGUE[self.code].meaning}"
        if self.value:
            said += f": found {self.value}"
        if self.expected:
            said += f"; expected {self.expected}"
        return said


@dataclass(frozen=True)
class Place:
    """Where something stands, be it of a pool, a plan or a paper: what every check points at.

    Attributes:
        file: the file's name.
        row: as a spreadsheet counts it; 0 for the whole file, or the whole of a column.
        sheet: the worksheet, when it is a workbook.
    """

    file: str
    row: int = 0
    sheet: str = ""

    def finding(
        self, code: str, column: str = "", value: str = "", expected: str = "", **more: Any
    ) -> Finding:
        """Return what is wrong here; `more` are further fields of a `Finding`."""
        return Finding(code, self.file, self.row, column, value, expected, self.sheet, **more)

    def __str__(self) -> str:
        """Return it in words a reader can follow."""
        return self.finding("").place


NOWHERE: Final = Place("")

Checked = TypeVar("Checked")
Check = Callable[[Checked], Iterable[Finding]]
"""Looks at one thing, and returns what is wrong with it: the tables of a pool, a plan, a paper."""


def run_checks(checks: Iterable[Check[Checked]], checked: Checked) -> Iterator[Finding]:
    """Return what the checks of a list find, in their order."""
    for check in checks:
        yield from check(checked)


FIELDS: Final = {
    "code": "Code of the finding",
    "severity": "error, warning or note",
    "file": "File it is in",
    "sheet": "Worksheet, where the pool is a workbook",
    "cell": "Its cell there, such as F10",
    "row": "Row as a spreadsheet counts it; blank where it is of the whole file",
    "column": "Heading of the column; blank where it is of the whole row",
    "value": "What was found",
    "expected": "What would have been right",
    "meaning": "What is wrong",
    "remedy": "What to do",
}
"""Columns of findings.csv, each with what it says: all text but `row`, a whole number."""


def as_rows(findings: Iterable[Finding]) -> list[dict[str, str | int]]:
    """Return findings as plain rows, `FIELDS` in order, for CSV, JSON and pages."""
    return [
        {
            "code": f.code,
            "severity": f.severity,
            "file": f.file,
            "sheet": f.sheet,
            "cell": f.cell,
            "row": f.row or "",
            "column": f.column,
            "value": f.value,
            "expected": f.expected,
            "meaning": CATALOGUE[f.code].meaning,
            "remedy": f.remedy,
        }
        for f in findings
    ]


def warnings_among(findings: Iterable[Finding]) -> int:
    """Count the warnings: notes change nothing, and are none."""
    return sum(f.severity == "warning" for f in findings)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether anything stands in the way of a calculation."""
    return any(f.severity == "error" for f in findings)


def printable(text: str) -> str:
    r"""Write out what cannot be printed: a line end, a tab, or what would steer a terminal.

    >>> printable("a\x1bb"), printable("Café")
    ('a\\x1bb', 'Café')
    """
    if text.isprintable():
        return text
    return "".join(it if it.isprintable() else ascii(it)[1:-1] for it in text)


def brief(text: str) -> str:
    """Cut a text in which something very long is repeated; nothing in it steers a terminal.

    >>> brief("there is no 'b'"), brief(f"there is no {'b' * 99}")[-5:]
    ("there is no 'b'", 'bbbb…')
    """
    if text.isprintable() and len(text) <= _LONGEST_WORD:
        return text
    pattern = rf"\S{{{_LONGEST_WORD + 1},}}"
    cut = re.sub(pattern, lambda it: f"{it[0][:_LONGEST_WORD]}…", printable(text))
    return cut if len(cut) <= _LONGEST_SAID else f"{cut[:_LONGEST_SAID]}…"


def listed(codes: Sequence[str]) -> str:
    """Return the first few of some codes, and how many more there are.

    >>> listed(["A", "B"]), listed([*"ABCDEFG"])
    ('A, B', 'A, B, C, D, E and 2 more')
    """
    more = len(codes) - MOST_NAMED
    return ", ".join(codes[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group findings of one kind in one column of one table, each group where its first stood.

    Of errors each file and sheet is named. Warnings of tables of one name are together, such as
    those of many scenarios; and those of whole files and sheets that are none of a pool's.
    """
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for it in findings:
        table = (it.sheet or it.file.rpartition("/")[2]) if it.row or it.column else ""
        where = (it.file, it.sheet) if it.severity == "error" else (table,)
        groups.setdefault((it.code, it.severity, it.column, *where), []).append(it)
    return list(groups.values())


def one_of(words: Iterable[str], found: str = "") -> str:
    """List the words allowed, the likeliest one first when `found` looks like a slip.

    However many words and slips there are, the work for one is bounded by counts: thousands of
    lines under names that are not declared must not keep anybody waiting.
    """
    known = tuple(islice(words, MOST_COMPARED))
    if not known:
        return "one that is stated: there is none yet"
    listed = ", ".join(known[:MOST_LISTED]) + (", …" if len(known) > MOST_LISTED else "")
    near = _likeliest(found, known) if found else ""
    return f"{near!r}? (one of {listed})" if near else f"one of {listed}"


def like_one_of(words: Iterable[str], found: str) -> str:
    """Return the word that `found` looks like a slip of; "" when it is much like none."""
    return _likeliest(found, tuple(islice(words, MOST_COMPARED)))


def _likeliest(found: str, known: tuple[str, ...]) -> str:
    """Return the word that `found` is most like; "" when it is much like none."""
    folded, holders = _holders_of_pairs(known)
    slip = found.casefold()[:_LONGEST_SLIP]
    shared: dict[str, int] = defaultdict(int)
    left = _MOST_SHARED
    for among in sorted((holders[pair] for pair in _pairs(slip) if pair in holders), key=len):
        for word in among[:left]:
            shared[word] += 1
        left -= len(among)
        if left <= 0:
            break
    likeness = SequenceMatcher(b=slip)
    best, nearest = _ALIKE, ""
    for word in sorted(shared, key=lambda word: -shared[word])[:_MOST_WEIGHED]:
        likeness.set_seq1(word)
        if (ratio := likeness.ratio()) > best or (ratio == best and not nearest):
            best, nearest = ratio, folded[word]
    return nearest


@lru_cache(maxsize=8)
def _holders_of_pairs(
    known: tuple[str, ...],
) -> tuple[Mapping[str, str], Mapping[str, Sequence[str]]]:
    """Return each word by how it is compared, and for each pair of letters the words with it."""
    folded = {word.casefold(): word for word in known}
    holders: dict[str, list[str]] = defaultdict(list)
    for word in folded:
        for pair in _pairs(word[:_LONGEST_SLIP]):
            holders[pair].append(word)
    return folded, dict(holders)


def _pairs(word: str) -> list[str]:
    """Return the pairs of neighbouring letters of a word, its two ends included, each once."""
    ended = f"\x02{word}\x03"
    return list(dict.fromkeys(map("".join, pairwise(ended))))

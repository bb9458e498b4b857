"""Tables as CSV and the web page, held against what they should be: row, column and line."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final

from bcf_model.verify.row_matching import Outcome, aligned, contrast, quoted

SAME_CONTENT: Final = "same content, other bytes"
_LABELS: Final = (
    "scheme_id", "published_id", "check", "pot", "scope", "category_group", "theme",
    "organisation", "category", "kind", "code", "file", "row", "column", "bearer",
)  # fmt: skip
"""Columns that say what a row of a year end is about."""
_LABELS_OF_SCENARIOS: Final = (
    "scenario", "financial_year", "measure", "line", "programme", "partner", "payer",
    "beneficiary", "cause", "step", "assumption", "year", "limit_name", "by", "key", "group",
    "organisation", "bearer",
)  # fmt: skip
"""The same of a row of a scenario."""
_MOST_IN_A_LABEL: Final = {_LABELS: 3, _LABELS_OF_SCENARIOS: 5}

Rows = list[list[str]]


def compare_csv(found: bytes, expected: bytes) -> Outcome:
    """Compare a CSV table with the one that should stand there, cell by cell."""
    try:
        rows = _rows(found)
    except UnicodeDecodeError as problem:
        return Outcome((_undecodable(found, problem),))
    except csv.Error as problem:
        return Outcome((f"it cannot be read as a table: {problem}",))
    good = _rows(expected)
    if rows == good:
        return Outcome(notes=(f"{SAME_CONTENT}: the cells are equal, quotes or line ends are not",))
    return Outcome(tuple(rows_differ(rows, good)))


def rows_differ(rows: Rows, good: Rows) -> list[str]:
    """Compare the rows of a table with those that should stand there, headings first in both.

    Args:
        rows: as they are.
        good: as they should be.
    """
    labels = [_label(row, good[0]) for row in rows], [_label(row, good[0]) for row in good]
    labels[1][0] = "headings"
    said: list[str] = []
    for i, j in aligned([*map(tuple, rows)], [*map(tuple, good)], *labels):
        if j is None and i is not None:
            said.append(f"row {i + 1} should not be there: {quoted(', '.join(rows[i]))}")
        elif i is None and j is not None:
            said.append(f"row {j + 1}{_in_brackets(labels[1][j])} is missing")
        elif i is not None and j is not None and rows[i] != good[j]:
            place = f"row {i + 1}{_in_brackets(labels[1][j])}"
            said += _row_differs(place, rows[i], good[j], good[0])
    return said


def _rows(data: bytes) -> Rows:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def _row_differs(place: str, row: list[str], good: list[str], headings: list[str]) -> list[str]:
    if len(row) != len(good):
        return [f"{place}: has {len(row)} cells, should have {len(good)}"]
    said = []
    for heading, is_, should in zip(headings, row, good, strict=True):
        if is_ != should:
            holds, expected = contrast(is_, should)
            said.append(f"{place}, column {heading}: holds {holds}, should hold {expected}")
    return said


def _label(row: list[str], headings: list[str]) -> str:
    cells = dict(zip(headings, row, strict=False))
    labels = _LABELS_OF_SCENARIOS if headings[0] == "scenario" else _LABELS
    named = [cells[name] for name in labels if cells.get(name)]
    return " / ".join(named[: _MOST_IN_A_LABEL[labels]])


def _in_brackets(label: str) -> str:
    return f" ({quoted(label)[1:-1]})" if label else ""


def compare_html(found: bytes, expected: bytes) -> Outcome:
    """Compare the web page with the one that should stand there, line by line.

    A row of a table is one line of the page, so that what changed in it is named by its section,
    row and column.
    """
    good = expected.decode().split("\n")
    try:
        text = found.decode("utf-8")
    except UnicodeDecodeError as problem:
        return Outcome((_undecodable(found, problem),))
    lines = text.replace("\r\n", "\n").split("\n")
    if lines == good:
        return Outcome(notes=(f"{SAME_CONTENT}: only line ends differ",))
    places = _places(good)
    said: list[str] = []
    at = 0
    for i, j in aligned(lines, good, lines, good):
        at = at if j is None else j
        if j is None and i is not None:
            where = f"line {i + 1}{places[at].under}"
            said.append(f"{where}: should not be there: {quoted(lines[i].strip())}")
        elif i is None and j is not None:
            where = f"line {j + 1}{places[j].under}"
            said.append(f"{where}: is missing: {quoted(good[j].strip())}")
        elif i is not None and j is not None and lines[i] != good[j]:
            said += _line_differs(f"line {i + 1}{places[j].under}", lines[i], good[j], places[j])
    return Outcome(tuple(said))


@dataclass(frozen=True)
class _Place:
    """Where a line of the page stands: under which heading, in a table of which columns."""

    under: str
    columns: tuple[str, ...]


_CELL: Final = re.compile(r"<(?:td|th)\b[^<>]*>(?:<a\b[^<>]*>)?([^<]*)(?:</a>)?</(?:td|th)>")
"""A cell of text, or a link. Takes time in proportion to a line, whatever is written there."""
_COLUMN: Final = re.compile(r"<th\b[^>]*>(.*?)</th>")
_TAG: Final = re.compile(r"<[^<>]*>")
_HEADING: Final = re.compile(r"<h[1-3]\b[^>]*>(.*?)</h[1-3]>")


def _places(good: Sequence[str]) -> list[_Place]:
    found: list[_Place] = []
    under, heads = "", False
    columns: tuple[str, ...] = ()
    for line in good:
        if headings := _HEADING.findall(line):
            under, columns = f", under {quoted(_plain(headings[-1]))}", ()
        if "<thead>" in line:
            heads, columns = True, ()
        if heads:
            columns = (*columns, *map(_plain, _COLUMN.findall(line)))
        heads = heads and "</thead>" not in line
        found.append(_Place(under, columns))
    return found


def _line_differs(where: str, line: str, good: str, place: _Place) -> list[str]:
    cells = _CELL.findall(line)
    right = _CELL.findall(good)
    texts = [(_plain(a), _plain(b)) for a, b in zip(cells, right, strict=False)]
    changed = [n for n, (a, b) in enumerate(texts) if a != b]
    # What is not text of a cell may hide it or show it: then the line itself is given.
    of_cells = len(cells) == len(right) and _CELL.sub("", line) == _CELL.sub("", good)
    if not changed or not of_cells:
        holds, expected = contrast(line.strip(), good.strip())
        return [f"{where}: is written {holds}, should be {expected}"]
    said = []
    for n in changed:
        holds, expected = contrast(*texts[n])
        column = f", column {place.columns[n]}" if n < len(place.columns) else ""
        row = _in_brackets(_plain(right[0]))
        said.append(f"{where}, row{row}{column}: says {holds}, should say {expected}")
    return said


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _undecodable(data: bytes, problem: UnicodeDecodeError) -> str:
    line = data[: problem.start].count(b"\n") + 1
    return f"it is no UTF-8 text: byte 0x{data[problem.start]:02X} in line {line}"

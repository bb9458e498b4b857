"""Text of separated cells, in whatever way a program wrote it: its letters, its separator.

A file of a million lines comes as columns, each text kept once: rows of their own would take ten
times the memory.
"""

import csv
import gc
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, islice, zip_longest
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
LARGEST_WIDTH: Final = 2_000
LARGEST_TABLE: Final = 40_000_000
"""Cells of a file, blank ones that fill up its rows included."""
_LOOKED_AT: Final = 400
_AT_ONCE: Final = 4_000
_FEW: Final = 1_000
_HOW_UTF_16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class NoText(Exception):
    """What is no separated text; says what it is, the code it is told under, and its row."""

    def __init__(self, value: str, code: str = "BCF005", expected: str = "", row: int = 0) -> None:
        """Keep what is told."""
        super().__init__(value)
        self.code, self.expected, self.row = code, expected, row


@dataclass
class Column:
    """One column: the texts it holds, and for every row which of them.

    Attributes:
        texts: each once, as far as that saves anything: of a column of numbers that all differ
            they are as many as its rows.
        codes: for each row the place of its text in `texts`.
    """

    texts: list[str] = field(default_factory=list)
    codes: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))

    def __getitem__(self, row: int) -> str:
        """Return the text of a row, counted from 0."""
        return self.texts[int(self.codes[row])]

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """Which of its texts are more than spaces."""
        size = len(self.texts)
        spaces = np.fromiter(map(str.isspace, self.texts), bool, size)
        filled: NDArray[np.bool_] = np.fromiter(map(bool, self.texts), bool, size) & ~spaces
        return filled

    @cached_property
    def together(self) -> str:
        """All its texts in lower case, to see in one go that a word is in none of them."""
        return "\n".join(self.texts).lower()


def columns_of(records: Iterable[Sequence[str]]) -> list[Column]:
    """Make columns of rows, those that are shorter filled up; blank ones at the right go.

    Raises:
        NoText: more cells than can be read.
    """
    made: list[_Growing] = []
    height, source = 0, iter(records)
    while chunk := list(islice(source, _AT_ONCE)):
        widest = max(map(len, chunk))
        width = max(widest, len(made))
        if widest > LARGEST_WIDTH or width * (height + len(chunk)) > LARGEST_TABLE:
            said = f"{widest:,} columns in {height + len(chunk):,} rows"
            expected = f"at most {LARGEST_WIDTH:,} columns, and {LARGEST_TABLE:,} cells"
            raise NoText(said, "BCF014", expected)
        made += [_Growing(height) for _ in range(width - len(made))]
        cells = [*zip_longest(*chunk, fillvalue="")]
        cells += [("",) * len(chunk)] * (width - len(cells))
        for column, texts in zip(made, cells, strict=True):
            column.add(texts)
        height += len(chunk)
    columns = [it.column() for it in made]
    while columns and not columns[-1].filled.any():
        columns.pop()
    return columns


class _Growing:
    """A column that is being read; blank as far as the rows above were too short for it.

    Its texts are numbered as they first come. Where most of some rows are new, such as document
    numbers, each is kept as it comes from there on.
    """

    def __init__(self, blank: int) -> None:
        self.index: dict[str, int] = defaultdict(count().__next__)
        self.index[""]  # the first
        self.varied: list[str] | None = None
        self.parts = [np.zeros(blank, np.int32)]

    def add(self, texts: Sequence[str]) -> None:
        """Add the texts of some rows."""
        if self.varied is not None:
            size = len(self.varied)
            self.varied += texts
            self.parts.append(np.arange(size, size + len(texts), dtype=np.int32))
            return
        known = len(self.index)
        codes = map(self.index.__getitem__, texts)
        self.parts.append(np.fromiter(codes, np.int32, len(texts)))
        if 2 * (len(self.index) - known) > len(texts) > _FEW:
            self.varied = list(self.index)

    def column(self) -> Column:
        texts = list(self.index) if self.varied is None else self.varied
        return Column(texts, np.concatenate(self.parts))


UTF_8: Final = "UTF-8"
UTF_16: Final = "UTF-16"
WINDOWS: Final = "Windows-1252"
"""How letters are written."""
_EXPECTED: Final = "CSV UTF-8"
_MANY: Final = 0.4
"""Of the bytes of a text: the least part that are blank where each letter has two of them."""


def read_text(data: bytes) -> tuple[str, str]:
    """Read bytes as text, and say how: its byte order mark, else UTF-8, else Windows-1252.

    Raises:
        NoText: they are binary, or a letter is none of these.
    """
    how = next((it for mark, it in _HOW_UTF_16.items() if data.startswith(mark)), "")
    if not how and b"\0" in data:
        start = data[:_LOOKED_AT]
        marked = len(start) > 1 and start.count(0) > _MANY * len(start)
        message = "UTF-16 without the mark that says so" if marked else "binary data"
        raise NoText(message, expected=_EXPECTED)
    try:
        if how:
            return data[2:].decode(how), UTF_16
        return data.decode("utf-8-sig"), UTF_8
    except UnicodeDecodeError as problem:
        if how:
            message = "UTF-16 that is cut off or damaged"
            raise NoText(message, expected=_EXPECTED) from problem
        try:
            return data.decode("cp1252"), WINDOWS
        except UnicodeDecodeError as other:
            line = data[: problem.start].count(b"\n") + 1
            said = f"byte 0x{data[other.start]:02X} in line {line}"
            raise NoText(said, expected=_EXPECTED) from other


def line_not_utf8(data: bytes) -> int:
    """Return the first line with a byte that is no UTF-8; nil where there is none."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return data[: problem.start].count(b"\n") + 1
    return 0


def separator_of(text: str, score: Callable[[Sequence[str]], float] | None = None) -> str:
    r"""Return the sign that parts the cells.

    That is the one stated (`sep=;`); or the one by which a row is most like headings, as far as it
    is known what those are; or the one by which rows have most cells, most steadily.

    Args:
        text: of the file.
        score: how much the cells of a row are like headings: nil, or infinitely, or between.

    >>> separator_of("a;b;c\n1;2,5;3\n"), separator_of("one word")
    (';', ',')
    """
    if stated := _stated(text):
        return stated
    start = text[: 2**18].splitlines(keepends=True)[:_LOOKED_AT]
    best, likeliest = 0.0, ""
    for separator in SEPARATORS if score else ():
        found = max(map(score, _parted(start, separator)), default=0.0) if score else 0.0
        if found == inf:
            return separator
        if found > best:
            best, likeliest = found, separator
    if likeliest or (score and any("," in line for line in start)):
        return likeliest or ","

    def steady(separator: str) -> float:
        widths = [len(row) for row in _parted(start, separator) if any(row)]
        most = max(set(widths), key=lambda it: (widths.count(it), it), default=1)
        return (most - 1) * widths.count(most) / max(1, len(widths))

    return max(SEPARATORS, key=steady)


_STATED: Final = "sep="


def _stated(text: str) -> str:
    """Return the separator that the first line of a text states, as Excel writes it."""
    said = text[: len(_STATED) + 1].lower()
    return said[-1] if said.startswith(_STATED) and said[-1] in SEPARATORS else ""


def _parted(lines: Sequence[str], separator: str) -> list[list[str]]:
    """Return the cells of some lines; none where they cannot be parted so."""
    try:
        return [*csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return []


def rows_of_text(text: str, separator: str) -> Iterator[list[str]]:
    """Return the rows of a text; a first line that only states the separator is no row of it.

    Raises:
        NoText: the rows cannot be told apart.
    """
    text = text.partition("\n")[2] if _stated(text) else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error as problem:
        raise NoText(str(problem), "BCF007", row=reader.line_num) from problem


def read_separated(data: bytes) -> tuple[list[Column], str, str]:
    """Read a file of separated cells.

    Returns:
        Its columns, its separator in words, and how its letters are written.

    Raises:
        NoText: it is none, or cannot be parted.
    """
    text, letters = read_text(data)
    separator = separator_of(text)
    with _no_garbage():
        return columns_of(rows_of_text(text, separator)), SEPARATORS[separator], letters


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Collect no garbage while millions of texts are made: it takes most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()

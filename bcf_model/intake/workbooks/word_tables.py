"""The tables of a Word document: their cells as text, and the paragraph that stands over each.

Read with the standard library, piece by piece and counted (`guard.py`), as workbooks are: nothing
of a document is run, followed or fetched, and one that declares a document type is refused.
"""

from dataclasses import dataclass, field
from typing import Final

from bcf_model.intake.raw_table import Seen
from bcf_model.intake.workbooks.guard import Archive, Damaged, Reader, local, stream

DOCUMENT: Final = "word/document.xml"
MOST_CELLS: Final = 100_000
WIDEST: Final = 256
"""Columns of a table; a cell that claims to stand over more is no cell of a paper."""
LONGEST_TEXT: Final = 40_000
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARK: Final = "*"
_BETWEEN: Final = {"p", "br", "tab", "cr"}
"""Elements after which a new word begins."""


@dataclass
class WordTable:
    """One table: its rows, the first being the paragraph over it, and its merged cells."""

    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def seen(self) -> Seen:
        """Return what a person sees of it beside its cells."""
        return Seen(merged=tuple(self.merged))


class _Tables(Reader):
    """Collects tables as a document goes by; one inside a cell is part of the text of the cell."""

    def __init__(self) -> None:
        self.tables: list[WordTable] = []
        self.depth = self.cells = 0
        self.before, self.text = "", list[str]()
        self.in_text = self.raised = False
        self.span, self.size = 1, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        value = next((it for key, it in attributes.items() if local(key) == "val"), "")
        if tag == "tbl":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(WordTable([[self.before]]))
        elif tag == "tr" and self.depth == 1:
            self.tables[-1].rows.append([])
        elif tag == "tc" and self.depth == 1:
            self.text, self.span, self.size = [], 1, 0
        elif tag == "p" and not self.depth:
            self.text, self.size = [], 0
        elif tag == "gridSpan":
            self.span = int(value) if value.isdecimal() and 0 < int(value) <= WIDEST else 1
        elif tag == "r":
            self.raised = False
        elif tag == "vertAlign":
            self.raised = value == "superscript"
        self.in_text = tag == "t"
        if tag in _BETWEEN:
            self.text.append(" ")

    def data(self, text: str) -> None:
        if not self.in_text:
            return
        self.size += len(text)
        if self.size > LONGEST_TEXT:
            message = f"a text of over {LONGEST_TEXT:,} characters"
            raise Damaged(message, "large", "shorter ones")
        self.text.append(_as_mark(text) if self.raised else text)

    def end(self, name: str) -> None:
        tag = local(name)
        self.in_text = False
        if tag == "tbl":
            self.depth -= 1
            self.before = ""
        elif tag == "tc" and self.depth == 1:
            self._cell()
        elif tag == "p" and not self.depth:
            self.before = " ".join("".join(self.text).split()) or self.before

    def _cell(self) -> None:
        self.cells += self.span
        rows = self.tables[-1].rows
        at = len(rows[-1])
        if self.cells > MOST_CELLS or at + self.span > WIDEST:
            message = f"tables of over {MOST_CELLS:,} cells or {WIDEST} columns"
            raise Damaged(message, "large", "smaller ones")
        rows[-1] += [" ".join("".join(self.text).split()), *[""] * (self.span - 1)]
        if self.span > 1:
            self.tables[-1].merged.append((len(rows), at + 1, len(rows), at + self.span))


def _as_mark(text: str) -> str:
    """Return what is raised as a footnote's mark: a digit of it would else be one of the number."""
    marks = text.translate(_RAISED)
    return "".join(it if not it.isalpha() else _MARK for it in marks)


def word_tables(archive: Archive) -> list[WordTable]:
    """Read the tables of a Word document.

    Raises:
        Damaged: the document is damaged, declares a document type, or is too large.
    """
    reader = _Tables()
    stream(archive.pieces(DOCUMENT), DOCUMENT, reader)
    return reader.tables

"""An OpenDocument spreadsheet (.ods), counted as it goes by."""

import itertools
import re
from collections.abc import Mapping
from typing import Final

from bcf_model.intake.raw_table import Look
from bcf_model.intake.workbooks.guard import Archive, Damaged, Reader, local, stream
from bcf_model.intake.workbooks.sheet_counts import Book, Counted

CONTENT: Final = "content.xml"
TRUTH: Final = '"TRUE";"TRUE";"FALSE"'
_SHOWN: Final = ("TRUE", "FALSE")
"""What a truth shows as; where a formula gives it, LibreOffice writes the number 1 or 0."""
_SIGNS: Final = {"GBP": "£"}
_CALC: Final = ":calcext:"
"""In the name of attributes that say a second time what a value is."""
_LONGEST_ERROR: Final = 20
_LAST: Final = 2**20
_TIMES: Final = re.compile("[1-9][0-9]{0,6}")


def count_document(archive: Archive) -> dict[str, Counted]:
    """Count the sheets of an OpenDocument spreadsheet.

    Raises:
        Damaged: it claims what it cannot be, or has a password.
    """
    if "META-INF/manifest.xml" in archive:
        stream(archive.pieces("META-INF/manifest.xml"), "META-INF/manifest.xml", _Manifest())
    reader = _Document()
    stream(archive.pieces(CONTENT), CONTENT, reader)
    return reader.book.sheets


class _Manifest(Reader):
    """Looks for what is encrypted."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "encryption-data":
            message = "a password"
            raise Damaged(message, "password")


class _Document(Reader):
    """Counts the cells of a document: one that is repeated is as many as it says."""

    def __init__(self) -> None:
        self.book = Book()
        self._sheet = Counted()
        self._style = ""
        self._hiding = set[str]()
        self._open: list[str] = []
        self._row = self._rows = self._column = self._columns = 0
        self._at = 0
        self._cell: dict[str, str] = {}
        self._text = ""
        self._comment: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        plain_name = local(name)
        said = {local(key): value for key, value in attributes.items() if _CALC not in key}
        self._open.append(plain_name)
        if plain_name == "table" and "table-cell" not in self._open:
            hidden = said.get("style-name") in self._hiding
            self._sheet = self.book.add(said.get("name", ""), hidden=hidden)
            self._row = self._rows = self._at = 0
        elif plain_name == "style":
            self._style = said.get("name", "")
        elif plain_name == "table-properties" and said.get("display") == "false":
            self._hiding.add(self._style)
        elif plain_name == "table-column":
            number = _repeated(said, "number-columns-repeated")
            if said.get("visibility") in ("collapse", "filter"):
                last = min(self._at + number, 2**14)
                self._sheet.hidden_columns.update(range(self._at + 1, last + 1))
            self._at += number
        elif plain_name == "table-row":
            self._row, self._rows = self._row + self._rows, 0
            self._rows = _repeated(said, "number-rows-repeated")
            self._column = self._columns = 0
            if said.get("visibility") in ("collapse", "filter"):
                last = min(self._row + self._rows, _LAST)
                self._sheet.hidden_rows.update(range(self._row + 1, last + 1))
        elif plain_name in ("table-cell", "covered-table-cell"):
            self._column += self._columns
            self._columns = _repeated(said, "number-columns-repeated")
            self._cell, self._text = said, ""
        elif plain_name == "annotation":
            self._comment = []
        elif plain_name == "p" and self._comment:
            self._comment.append("\n")

    def data(self, text: str) -> None:
        if self._comment is None and "p" in self._open:
            self._text = self._text or text[:_LONGEST_ERROR]
        elif self._comment is not None and self._open[-1] not in ("date", "creator"):
            self._comment.append(text)

    def end(self, name: str) -> None:
        closed = self._open.pop()
        if closed == "annotation" and self._comment is not None:
            lines = "".join(self._comment).split("\n")
            said = "\n".join(" ".join(line.split()) for line in lines).strip()
            self._sheet.comments.append((self._row + 1, self._column + 1, said))
            self._comment = None
        elif closed in ("table-cell", "covered-table-cell"):
            self._keep(covered=closed != "table-cell")

    def _keep(self, *, covered: bool) -> None:
        """Note what is to be known of a cell, once it is whole."""
        said, sheet = self._cell, self._sheet
        row, column = self._row + 1, self._column + 1
        kind = said.get("value-type", "")
        formula = said.get("formula")
        if not kind and formula is None and not self._text:
            return
        last = self._row + self._rows, self._column + self._columns
        sheet.fill(*last)
        self.book.count(self._rows * self._columns)
        truth = kind == "float" and self._text in _SHOWN
        looks = "" if covered else "boolean" if truth else kind
        number_format = {
            "percentage": "0%",
            "boolean": TRUTH,
            "currency": f'"{_SIGNS.get(said.get("currency", ""), said.get("currency", ""))}"0',
        }.get(looks)
        for place in itertools.product(range(row, last[0] + 1), range(column, last[1] + 1)):
            if number_format:
                sheet.formats[place] = number_format
            if formula is not None and not kind:
                sheet.looks[place] = Look("BCF026", f"{formula}, without a result")
            elif formula is not None and self._text.startswith(("#", "Err:")):
                sheet.failed(*place)
        down = _repeated(said, "number-rows-spanned")
        across = _repeated(said, "number-columns-spanned")
        if (down, across) != (1, 1):
            sheet.merged.append((row, column, row + down - 1, column + across - 1))


def _repeated(said: Mapping[str, str], key: str) -> int:
    text = said.get(key, "1")
    if not _TIMES.fullmatch(text):
        message = f"a cell repeated {text[:20]!r} times"
        raise Damaged(message)
    return int(text)

"""A binary workbook (.xlsb), counted record by record."""

import struct
from collections.abc import Iterator
from typing import Final

from bcf_model.intake.workbooks.guard import Archive, Damaged
from bcf_model.intake.workbooks.sheet_counts import Book, Counted
from bcf_model.intake.workbooks.xlsx_contents import LARGEST_READ, links_of

BINARY: Final = "xl/workbook.bin"
_ROW, _CELLS, _ERRORS, _MERGED, _LISTED, _BLANK = 0, range(1, 12), (3, 11), 176, 156, 1
"""Kinds of records of a binary workbook: a row, cells, errors among these, merged cells, sheets."""
_WORKSHEET: Final = "/worksheet"


def count_binary(archive: Archive) -> dict[str, Counted]:
    """Count the sheets of a binary workbook (.xlsb).

    Raises:
        Damaged: it claims what it cannot be.
    """
    links, book = links_of(archive.pieces, BINARY), Book()
    for kind, body in _binary_records(archive.read(BINARY, LARGEST_READ)):
        if kind == _LISTED:
            link, rest = _binary_text(body[8:])
            name, _ = _binary_text(rest)
            what, part = links.get(link, ("", ""))
            sheet = book.add(name, hidden=int.from_bytes(body[:4], "little") != 0)
            if what.endswith(_WORKSHEET):
                _count_sheet(archive.read(part, LARGEST_READ), sheet, book)
    return book.sheets


def _count_sheet(data: bytes, sheet: Counted, book: Book) -> None:
    row = 0
    for kind, body in _binary_records(data):
        if kind == _ROW:
            row = int.from_bytes(body[:4], "little") + 1
        elif kind in _CELLS:
            book.count()
            column = int.from_bytes(body[:4], "little") + 1
            if kind != _BLANK:
                sheet.fill(row, column)
            if kind in _ERRORS:
                sheet.failed(row, column)
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack("<4I", body[:16])
            sheet.merged.append((top + 1, left + 1, bottom + 1, right + 1))


def _binary_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Return kind and body of each record: both kind and size are written seven bits a byte."""
    at = 0
    while at < len(data):
        kind, at = _seven_bits(data, at, 2)
        size, at = _seven_bits(data, at, 4)
        if at + size > len(data):
            message = "damage: a record that is cut short"
            raise Damaged(message)
        yield kind, data[at : at + size]
        at += size


def _seven_bits(data: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place in range(most):
        byte = data[at + place] if at + place < len(data) else 0
        number |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return number, at + place + 1


def _binary_text(data: bytes) -> tuple[str, bytes]:
    """Read a text that begins with its length, and give what stands behind it."""
    end = 4 + 2 * int.from_bytes(data[:4], "little")
    return data[4:end].decode("utf-16-le", "replace"), data[end:]

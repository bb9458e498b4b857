"""A workbook of Excel 97 to 2003 (.xls), counted record by record."""

import struct
from typing import Final

from bcf_model.intake.raw_table import OLD, Look
from bcf_model.intake.workbooks.guard import Damaged
from bcf_model.intake.workbooks.sheet_counts import Book, Counted

_BOF, _BOUND, _PASSWORD, _FORMULA, _BOOL_OR_ERROR = 0x809, 0x85, 0x2F, 0x06, 0x205
_MANY_CELLS: Final = 0xBD
_CELLS: Final = (0x06, 0x27E, 0x203, 0xFD, 0x204, 0x205, 0xD6, _MANY_CELLS)
"""Kinds of records that hold cells which are not blank; one of them holds those of several columns,
and ends with the last."""
_LOOKED_AT: Final = 16
_ROW, _NO_HEIGHT, _COLUMNS = 0x208, 0x20, 0x7D
_VERSION: Final = 0x600
_NO_NUMBER: Final = b"\xff\xff"
_ERROR_RESULT, _BLANK_RESULT = 2, 3


def count_old(file: bytes) -> dict[str, Counted]:
    """Count the sheets of a workbook of Excel 97 to 2003.

    Raises:
        Damaged: it claims what it cannot be, has a password, or is older.
    """
    starts: dict[int, str] = {}
    book, sheet, at = Book(), Counted(), 0
    data = _workbook_stream(file)
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + size].ljust(_LOOKED_AT, b"\0")
        if kind == _BOF:
            if int.from_bytes(body[:2], "little") != _VERSION:
                message = "a workbook of Excel 95 or older"
                raise Damaged(message)
            sheet = book.sheets.get(starts.get(at, ""), Counted())
        elif kind == _PASSWORD:
            message = "a password"
            raise Damaged(message, "password")
        elif kind == _BOUND:
            wide = body[7] & 1
            name = body[8 : 8 + body[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1")
            starts[int.from_bytes(body[:4], "little")] = name
            book.add(name, hidden=body[4] & 3 != 0)
        elif kind in _CELLS:
            book.count()
            last = int.from_bytes(body[size - 2 : size], "little") if kind == _MANY_CELLS else 0
            _count_record(kind, body, last, sheet)
        elif kind == _ROW and body[12] & _NO_HEIGHT:
            sheet.hidden_rows.add(int.from_bytes(body[:2], "little") + 1)
        elif kind == _COLUMNS and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            sheet.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        at += 4 + size
    return book.sheets


def _count_record(kind: int, body: bytes, last: int, sheet: Counted) -> None:
    row, column = (number + 1 for number in struct.unpack_from("<HH", body))
    sheet.fill(row, max(column, last + 1))
    if kind == _BOOL_OR_ERROR and body[7:8] == b"\x01":
        sheet.failed(row, column)
    elif kind == _FORMULA and body[12:14] == _NO_NUMBER:
        if body[6] == _ERROR_RESULT:
            sheet.failed(row, column)
        elif body[6] == _BLANK_RESULT:
            sheet.looks[row, column] = Look("BCF026", "a formula with a blank result")


_SECTORS: Final = (512, 4096)
"""Bytes of a sector: what is put together never grows beyond the file."""
_NO_WORKBOOK: Final = f"{OLD}, or one of another program, that is damaged"
_END: Final = 0xFFFFFFF0
_SMALL_STREAM: Final = 4096


def _workbook_stream(data: bytes) -> bytes:
    """Take the stream of the workbook out of a compound file, as .xls files are.

    Raises:
        Damaged: the file is none, has a password, or is damaged.
    """
    try:
        size = 1 << struct.unpack_from("<H", data, 30)[0]
        if size not in _SECTORS:
            raise Damaged(_NO_WORKBOOK)
        tables = [*struct.unpack_from("<109I", data, 76)]
        following = struct.unpack_from("<I", data, 68)[0]
        needed = len(data) // size * 4 // size + 2
        while following < _END and len(tables) < needed:
            more = _numbers(data[(following + 1) * size : (following + 2) * size])
            tables += more[:-1]
            following = more[-1]
        sectors = [
            number
            for table in tables[:needed]
            if table < _END
            for number in _numbers(data[(table + 1) * size : (table + 2) * size])
        ]
        folder = _chain(data, sectors, struct.unpack_from("<I", data, 48)[0], size, size)
        entries = dict(_listed(folder[at : at + 128]) for at in range(0, len(folder) - 127, 128))
        if "EncryptedPackage" in entries:
            message = "a password"
            raise Damaged(message, "password")
        first, length = entries.get("Workbook", entries.get("WORKBOOK", (_END, 0)))
        if length >= _SMALL_STREAM:
            return _chain(data, sectors, first, size, size)[:length]
        root = _chain(data, sectors, entries["Root Entry"][0], size, size)
        small = _numbers(_chain(data, sectors, struct.unpack_from("<I", data, 60)[0], size, size))
        return _chain(root, small, first, 64, 0)[:length]
    except Damaged:
        raise
    except (struct.error, KeyError, IndexError, UnicodeDecodeError) as problem:
        raise Damaged(_NO_WORKBOOK) from problem


def _listed(entry: bytes) -> tuple[str, tuple[int, int]]:
    """Return the name of a stream, its first sector and its length."""
    first, length = struct.unpack_from("<II", entry, 116)
    return entry[: max(0, entry[64] - 2)].decode("utf-16-le"), (first, length)


def _numbers(data: bytes) -> list[int]:
    return [*struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])]


def _chain(data: bytes, following: list[int], first: int, size: int, offset: int) -> bytes:
    """Combine the sectors of a stream; never more than there are."""
    found, sector = bytearray(), first
    for _ in range(len(following)):
        if sector >= _END:
            break
        found += data[offset + sector * size : offset + (sector + 1) * size]
        sector = following[sector]
    return bytes(found)

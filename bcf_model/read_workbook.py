"""A pool in one workbook: a sheet a table, every cell as the text a person would have typed."""

import functools
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from bcf_model.findings import one_of
from bcf_model.raw import SETTINGS, WORKBOOK, ZIP, RawPool, as_table, disguise, file_bytes

LARGEST_UNPACKED: Final = 200 * 2**20
LARGEST_SHEET: Final = 5_000_000
"""Cells of a sheet, blank ones between others included: the reader makes room for each."""


def read_workbook(
    path: Path, table_names: Sequence[str], pool: RawPool, beside: Sequence[str] = ()
) -> None:
    """Read a pool's sheets into the pool; what is wrong with the file becomes findings.

    Sheets named in `beside` may stand there too, and are not read now.
    """
    file = path.name
    pool.settings_file, pool.settings_sheet = file, SETTINGS
    data = file_bytes(path, pool)
    sheets = None if data is None else _sheets(data, [SETTINGS, *table_names], file, pool)
    if sheets is None:
        pool.unreadable.update(table_names)
        return
    for sheet, rows in sheets.items():
        if rows is None and sheet in beside:
            continue
        if rows is None:
            expected = one_of([SETTINGS, *table_names], sheet)
            pool.add("BCF013", file, sheet=sheet, expected=expected)
        elif sheet == SETTINGS:
            pool.settings = _settings_of(rows, file, pool)
        elif table := as_table([[_cell(cell) for cell in row] for row in rows], file, sheet, pool):
            pool.tables[sheet] = table
        else:
            pool.unreadable.add(sheet)
    if SETTINGS not in sheets:
        pool.add("BCF002", file, sheet=SETTINGS, expected="columns setting and value")


Rows = list[list[Any]]


def _sheets(
    data: bytes, wanted: Sequence[str], file: str, pool: RawPool
) -> dict[str, Rows | None] | None:
    """Open a workbook; a sheet that is not wanted is named, not read.

    All its parts are unpacked once beforehand: what is damaged, or would fill the memory, never
    reaches the reader.
    """
    # Imported here: only a workbook needs it.
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    if (what := disguise(data)) and what != ZIP:
        pool.add("BCF004", file, value=what, expected=WORKBOOK)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                value, most = f"{unpacked / 2**20:,.0f} MB unpacked", LARGEST_UNPACKED >> 20
                pool.add("BCF014", file, value=value, expected=f"at most {most} MB")
                return None
            if damaged := archive.testzip():
                pool.add("BCF004", file, value=f"damaged at {damaged}", expected=WORKBOOK)
                return None
            unread = {
                name: _unread_cells(archive.read(part))
                for name, part in _parts(archive).items()
                if name in wanted
            }
        for name, (height, width, _) in unread.items():
            if height * width > LARGEST_SHEET:
                value = f"{height:,} rows by {width:,} columns"
                expected = f"at most {LARGEST_SHEET:,} cells; look for a stray one"
                pool.add("BCF014", file, sheet=name, value=value, expected=expected)
                return None
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            name: _put_back(
                book.get_sheet_by_name(name).to_python(skip_empty_area=False), unread[name][2]
            )
            if name in wanted
            else None
            for name in book.sheet_names
        }
    except Exception as problem:  # zip, XML and calamine each have many ways to say "damaged"
        value = f"not a workbook, or a damaged one ({problem})"
        pool.add("BCF004", file, value=value, expected=WORKBOOK)
        return None


_SPACE: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the part of the archive each sheet is in."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    found = {}
    for sheet in book.iter(f"{_SPACE}sheet"):
        target = targets[sheet.get(_LINK)]
        found[sheet.get("name", "")] = target[1:] if target[:1] == "/" else f"xl/{target}"
    return found


_PREFIX: Final = rb"(?:[^\s<>/:]+:)?"
_AT: Final = rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']"
_FORMULA: Final = rb"<%bf\b[^>]*(?:/>|>([^<]*)</%bf>)\s*" % (_PREFIX, _PREFIX)
_CELL: Final = re.compile(rb"<%bc[\s/>]" % _PREFIX)
_PLACED_CELL: Final = re.compile(rb"<%bc\s[^>]*?%b([^>]*)>" % (_PREFIX, _AT))
_ERROR_CELL: Final = re.compile(
    rb"<%bc\b([^>]*\bt=[\"']e[\"'][^>]*)>\s*(?:%b)?<%bv>([^<]*)<" % (_PREFIX, _FORMULA, _PREFIX)
)
_NOT_CALCULATED: Final = re.compile(
    rb"<%bc\b([^>]*)>\s*%b(?:<%bv\s*(?:/>|></%bv>)\s*)?</%bc>"
    % (_PREFIX, _FORMULA, _PREFIX, _PREFIX, _PREFIX)
)


def _unread_cells(xml: bytes) -> tuple[int, int, dict[tuple[int, int], str]]:
    """Measure a sheet, and find the cells calamine gives as blank although they are not.

    These are errors such as #REF!, and formulas never calculated: a blank in an optional column
    would quietly become its default. Measured, because calamine makes room for every cell up to
    the last one, and one that stood far enough away would end the program.

    Returns:
        Its rows and columns, and the text of those cells by row and column, from 0.
    """
    placed = _PLACED_CELL.findall(xml)
    if b"\0" in xml or len(placed) != len(_CELL.findall(xml)):
        message = "a cell does not say where it stands"
        raise ValueError(message)
    filled = [(letters, int(row)) for letters, row, rest in placed if rest[-1:] != b"/"]
    height = max((row for _, row in filled), default=0)
    width = max((_column_number(letters) for letters in {c for c, _ in filled}), default=0)
    found = {}
    for cell in _NOT_CALCULATED.finditer(xml):
        if not re.search(rb"\bt=[\"']str[\"']", cell[1]):  # a formula whose result is ""
            found[_place(cell[1])] = f"={(cell[2] or b'').decode(errors='replace')}"
    for cell in _ERROR_CELL.finditer(xml):
        found[_place(cell[1])] = cell[3].decode(errors="replace")
    return height, width, found


def _place(attributes: bytes) -> tuple[int, int]:
    at = re.search(_AT, attributes)
    assert at is not None  # every cell says where it stands
    return int(at[2]) - 1, _column_number(at[1]) - 1


def _column_number(letters: bytes) -> int:
    return functools.reduce(lambda number, letter: number * 26 + letter - 64, letters, 0)


def _put_back(rows: Rows, cells: Mapping[tuple[int, int], str]) -> Rows:
    height = max([len(rows), *(row + 1 for row, _ in cells)])
    width = max([*map(len, rows), *(column + 1 for _, column in cells)], default=0)
    whole = [[*row, *[""] * (width - len(row))] for row in rows]
    whole += [[""] * width for _ in range(height - len(rows))]
    for (row, column), text in cells.items():
        whole[row][column] = text
    return whole


def _cell(cell: object) -> str:
    """Give a workbook cell as the text a person would have typed.

    A spreadsheet keeps 15 significant digits; beyond them lies only binary noise.
    """
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            # Fixed notation: 15 significant digits never need more than 20 decimals for money.
            text = f"{cell:.15g}"
            return f"{cell:.10f}".rstrip("0").rstrip(".") if "e" in text else text
        case datetime():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)


def _settings_of(rows: Rows, file: str, pool: RawPool) -> dict[str, Any]:
    """Read settings from a sheet of two columns; `commentary.over_pounds` names a nested one."""
    settings: dict[str, Any] = {}
    for number, (first, second) in enumerate(((*row, "", "")[:2] for row in rows), start=1):
        name = re.sub(r"\s+", "_", str(first).strip().lower())
        if not name or (number == 1 and name == "setting"):
            continue
        *outer, last = name.split(".")
        inner = settings
        for part in outer:
            inner = inner.setdefault(part, {})
            if not isinstance(inner, dict):
                break
        if not isinstance(inner, dict) or last in inner:
            where = {"row": number, "column": name, "sheet": SETTINGS}
            pool.add("BCF104", file, value="it a second time", expected="one row", **where)
            continue
        whole = isinstance(second, float) and second.is_integer()
        inner[last] = int(second) if whole else second
    return settings

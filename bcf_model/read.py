"""The only door in: a folder of CSV files, or one workbook, as text that knows where it stood.

Nothing is interpreted here. Every cell becomes text; every row keeps its number as a spreadsheet
counts it. What a file cannot be is a finding; nothing raises.
"""

import csv
import functools
import hashlib
import io
import re
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from bcf_model.findings import Finding, one_of

LARGEST_FILE: Final = 50 * 2**20
LARGEST_UNPACKED: Final = 200 * 2**20
LARGEST_SHEET: Final = 5_000_000
"""Cells of a sheet, blank ones between others included: the reader makes room for each."""
LARGEST_COLUMNS: Final = 200
LARGEST_ROWS: Final = 2**20
"""As many as a sheet holds."""
LARGEST_SETTINGS: Final = 32 * 2**10
SETTINGS: Final = "pool"
"""Name of the settings: the file pool.toml, or the sheet of two columns, setting and value."""


@dataclass(frozen=True)
class RawTable:
    """One table as text.

    Attributes:
        file: the file's name; sheet: the worksheet, or "".
        columns: headings, trimmed, in lower case, spaces as underscores.
        rows: one tuple of cells for each row that is not wholly blank, padded to the headings.
        numbers: the row number of each, headings being row 1.
    """

    file: str
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


@dataclass
class RawPool:
    """A pool as text, and what was wrong with its files."""

    name: str
    settings: dict[str, Any] | None = None
    settings_file: str = ""
    settings_sheet: str = ""
    tables: dict[str, RawTable] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)

    def add(self, code: str, file: str, **where: Any) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, file, **where))


def read_pool(path: Path, table_names: Sequence[str]) -> RawPool:
    """Read a pool.

    Args:
        path: a folder holding `pool.toml` and one CSV file per table, or an .xlsx workbook holding
            a sheet per table and a sheet `pool` of settings.
        table_names: the tables to look for; other files are noted, not read.
    """
    pool = RawPool(_name(path))
    try:
        if path.is_dir():
            _read_folder(path, table_names, pool)
        elif path.is_file():
            _read_workbook(path, table_names, pool)
        else:
            pool.add("BCF001", "", value=_printable(str(path)), expected="a folder or a workbook")
    except OSError as problem:
        value = f"{_printable(str(path))} ({problem.strerror})"
        pool.add("BCF001", "", value=value, expected="a readable pool")
    return pool


def _name(path: Path) -> str:
    """Name the pool after its folder, wherever a link to it stands, or after its workbook."""
    try:
        return path.stem if path.is_file() else path.resolve().name
    except (OSError, RuntimeError, ValueError):  # a loop of links, or no path at all
        return path.name


def _read_folder(folder: Path, table_names: Sequence[str], pool: RawPool) -> None:
    wanted = {f"{name}.csv": name for name in table_names}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        if path.name == f"{SETTINGS}.toml":
            pool.settings_file = path.name
            data = _bytes(path, pool, LARGEST_SETTINGS)
            if data is not None:
                _parse_settings(data, pool)
        elif path.name in wanted:
            data = _bytes(path, pool)
            table = _parse_csv(data, path.name, pool) if data is not None else None
            if table is None:
                pool.unreadable.add(wanted[path.name])
            else:
                pool.tables[wanted[path.name]] = table
        elif path.suffix.lower() not in {".md", ".txt", ".pdf"} and not path.is_dir():
            expected = one_of([*wanted, f"{SETTINGS}.toml"], path.name)
            pool.add("BCF013", _printable(path.name), expected=expected)
    if not pool.settings_file:
        pool.add("BCF002", f"{SETTINGS}.toml", expected="title, board, year, unit, date, source")


def _printable(name: str) -> str:
    """Give a file's name as it can be shown: it may hold any byte."""
    return name if name.isprintable() else ascii(name)[1:-1]


def _bytes(path: Path, pool: RawPool, most: int = LARGEST_FILE) -> bytes | None:
    try:
        if not path.is_file() and path.exists():
            what = "a folder" if path.is_dir() else "no ordinary file"
            pool.add("BCF004", path.name, value=what, expected="a file")
            return None
        if (size := path.stat().st_size) > most:
            expected = f"at most {most / 2**20:g} MB"
            pool.add("BCF014", path.name, value=f"{size / 2**20:,.2f} MB", expected=expected)
            return None
        data = path.read_bytes()
    except OSError as problem:
        pool.add("BCF017", path.name, value=problem.strerror or str(problem))
        return None
    pool.hashes[path.name] = hashlib.sha256(data).hexdigest()
    return data


_WORKBOOK: Final = "an .xlsx workbook, or a folder of CSV files"
_ZIP: Final = "an Excel workbook (or another zip file)"
_DISGUISES: Final = (
    (b"PK\x03\x04", _ZIP),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
)


def _disguise(data: bytes) -> str:
    """Say what a file really is when it is no text table; "" when nothing gives it away."""
    for magic, what in _DISGUISES:
        if data.startswith(magic):
            return what
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "a web page" if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")) else ""


def _text(data: bytes, file: str, pool: RawPool) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        pool.add("BCF005", file, value="UTF-16 ('Unicode text')", expected="CSV UTF-8")
        return None
    if b"\x00" in data:
        pool.add("BCF005", file, value="binary data", expected="CSV UTF-8")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as utf8:
        line = data[: utf8.start].count(b"\n") + 1
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            value = f"byte 0x{data[utf8.start]:02X} in line {line}"
            pool.add("BCF005", file, value=value, expected="CSV UTF-8")
            return None
        pool.add("BCF006", file, value=f"first in line {line}", expected="CSV UTF-8")
        return text


def _parse_settings(data: bytes, pool: RawPool) -> None:
    text = _text(data, pool.settings_file, pool)
    if text is None:
        return
    try:
        pool.settings = tomllib.loads(text)
    except (ValueError, RecursionError) as problem:  # malformed; an endless number; nested too deep
        found = re.search(r"line (\d+)", str(problem))
        pool.add(
            "BCF101",
            pool.settings_file,
            row=int(found[1]) if found else 0,
            value=str(problem),
            expected='name = "text", name = 12 or name = 2019-03-31',
        )


def _parse_csv(data: bytes, file: str, pool: RawPool) -> RawTable | None:
    if disguise := _disguise(data):
        pool.add("BCF004", file, value=disguise, expected="CSV text")
        return None
    text = _text(data, file, pool)
    if text is None:
        return None
    if separator := _other_separator(text):
        pool.add("BCF016", file, row=1, value=separator, expected="commas")
        return None
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records.extend(islice(reader, LARGEST_ROWS + 1))
    except csv.Error as problem:
        pool.add("BCF007", file, row=len(records) + 1, value=str(problem))
        return None
    if len(records) > LARGEST_ROWS:
        value, expected = f"more than {LARGEST_ROWS:,} rows", "no more than a sheet holds"
        pool.add("BCF014", file, value=value, expected=expected)
        return None
    return _table(records, file, "", pool)


def _other_separator(text: str) -> str:
    """Give the headings when they are parted by semicolons, tabs or bars; "" when by commas."""
    start = text[:2000].strip().splitlines()
    if start and "," not in start[0] and re.search(r'["\w][;\t|]["\w]|^"?sep=', start[0]):
        return start[0][:60]
    return ""


def _table(
    records: Sequence[Sequence[str]], file: str, sheet: str, pool: RawPool
) -> RawTable | None:
    """Make a table of records of text: the first that is not blank is the headings."""
    first = next((i for i, r in enumerate(records) if any(c.strip() for c in r)), None)
    if first is None:
        pool.add("BCF003", file, sheet=sheet)
        return None
    headings = [re.sub(r"\s+", "_", cell.strip().lower()) for cell in records[first]]
    if len(headings) > LARGEST_COLUMNS:
        pool.add(
            "BCF014", file, sheet=sheet, value=f"{len(headings)} columns",
            expected=f"at most {LARGEST_COLUMNS}",
        )  # fmt: skip
        return None
    body = [
        (number, record)
        for number, record in enumerate(records[first + 1 :], start=first + 2)
        if any(cell.strip() for cell in record)
    ]
    width = len(headings)
    sound = True
    for number, record in body:
        if len(record) != width:
            pool.add(
                "BCF011", file, sheet=sheet, row=number,
                value=f"{len(record)} cells", expected=f"{width}",
            )  # fmt: skip
            sound = False
    named = [i for i, heading in enumerate(headings) if heading]
    for i in set(range(width)) - set(named):
        if any(r[i].strip() for _, r in body if len(r) > i):
            pool.add("BCF015", file, sheet=sheet, column=f"number {i + 1}")
            sound = False
    seen: set[str] = set()
    for i in named:
        if headings[i] in seen:
            pool.add("BCF010", file, sheet=sheet, row=first + 1, column=headings[i])
            sound = False
        seen.add(headings[i])
    if not sound:
        return None
    return RawTable(
        file,
        sheet,
        tuple(headings[i] for i in named),
        tuple(tuple(record[i] for i in named) for _, record in body),
        tuple(number for number, _ in body),
    )


# ------------------------------------------------------------------ workbooks


def _read_workbook(path: Path, table_names: Sequence[str], pool: RawPool) -> None:
    file = path.name
    pool.settings_file, pool.settings_sheet = file, SETTINGS
    data = _bytes(path, pool)
    sheets = None if data is None else _sheets(data, [SETTINGS, *table_names], file, pool)
    if sheets is None:
        pool.unreadable.update(table_names)
        return
    for sheet, rows in sheets.items():
        if rows is None:
            expected = one_of([SETTINGS, *table_names], sheet)
            pool.add("BCF013", file, sheet=sheet, expected=expected)
        elif sheet == SETTINGS:
            pool.settings = _settings_of(rows, file, pool)
        elif table := _table([[_cell(cell) for cell in row] for row in rows], file, sheet, pool):
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

    if (what := _disguise(data)) and what != _ZIP:
        pool.add("BCF004", file, value=what, expected=_WORKBOOK)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                value, most = f"{unpacked / 2**20:,.0f} MB unpacked", LARGEST_UNPACKED >> 20
                pool.add("BCF014", file, value=value, expected=f"at most {most} MB")
                return None
            if damaged := archive.testzip():
                pool.add("BCF004", file, value=f"damaged at {damaged}", expected=_WORKBOOK)
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
        pool.add("BCF004", file, value=value, expected=_WORKBOOK)
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

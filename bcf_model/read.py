"""The only door in: a folder of CSV files, or one workbook, as text that knows where it stood.

Nothing is interpreted here. Every cell becomes text; every row keeps its number as a spreadsheet
counts it. What a file cannot be is a finding; nothing raises.
"""

import csv
import hashlib
import io
import re
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from bcf_model.findings import Finding, one_of

LARGEST_FILE: Final = 50 * 2**20
LARGEST_UNPACKED: Final = 200 * 2**20
LARGEST_COLUMNS: Final = 200
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
    pool = RawPool(path.stem if path.is_file() else path.resolve().name)
    try:
        if path.is_dir():
            _read_folder(path, table_names, pool)
        elif path.is_file():
            _read_workbook(path, table_names, pool)
        else:
            pool.add("BCF001", "", value=str(path), expected="a folder or a workbook")
    except OSError as problem:
        pool.add("BCF001", "", value=f"{path} ({problem.strerror})", expected="a readable pool")
    return pool


def _read_folder(folder: Path, table_names: Sequence[str], pool: RawPool) -> None:
    wanted = {f"{name}.csv": name for name in table_names}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.is_dir():
            continue
        if path.name == f"{SETTINGS}.toml":
            pool.settings_file = path.name
            data = _bytes(path, pool)
            if data is not None:
                _parse_settings(data, pool)
        elif path.name in wanted:
            data = _bytes(path, pool)
            table = _parse_csv(data, path.name, pool) if data is not None else None
            if table is None:
                pool.unreadable.add(wanted[path.name])
            else:
                pool.tables[wanted[path.name]] = table
        elif path.suffix.lower() not in {".md", ".txt", ".pdf"}:
            expected = one_of([*wanted, f"{SETTINGS}.toml"], path.name)
            pool.add("BCF013", path.name, expected=expected)
    if not pool.settings_file:
        pool.add("BCF002", f"{SETTINGS}.toml", expected="title, board, year, unit, date, source")


def _bytes(path: Path, pool: RawPool) -> bytes | None:
    if path.stat().st_size > LARGEST_FILE:
        size = f"{path.stat().st_size / 2**20:,.0f} MB"
        pool.add("BCF014", path.name, value=size, expected=f"at most {LARGEST_FILE >> 20} MB")
        return None
    data = path.read_bytes()
    pool.hashes[path.name] = hashlib.sha256(data).hexdigest()
    return data


_DISGUISES: Final = (
    (b"PK\x03\x04", "an Excel workbook (or another zip file)"),
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
    except tomllib.TOMLDecodeError as problem:
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
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records.extend(reader)
    except csv.Error as problem:
        pool.add("BCF007", file, row=len(records) + 1, value=str(problem))
        return None
    if records and len(records[0]) == 1 and re.search(r"\w[;\t|]\w", records[0][0]):
        pool.add("BCF016", file, row=1, value=records[0][0][:60], expected="commas")
        return None
    return _table(records, file, "", pool)


def _table(records: Sequence[Sequence[str]], file: str, sheet: str, pool: RawPool) -> RawTable | None:
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
        if len(record) != width and any(c.strip() for c in record[width:]) or len(record) < width:
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


def _read_workbook(path: Path, table_names: Sequence[str], pool: RawPool) -> None:
    # Imported here: only a workbook needs it.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # noqa: PLC0415

    file = path.name
    pool.settings_file, pool.settings_sheet = file, SETTINGS
    data = _bytes(path, pool)
    if data is None:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        value = _disguise(data) or "not a workbook"
        pool.add("BCF004", file, value=value, expected="an .xlsx workbook, or a folder of CSV files")
        return
    if unpacked > LARGEST_UNPACKED:
        value, most = f"{unpacked / 2**20:,.0f} MB unpacked", LARGEST_UNPACKED >> 20
        pool.add("BCF014", file, value=value, expected=f"at most {most} MB")
        return
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, PasswordError) as problem:
        pool.add("BCF004", file, value=str(problem), expected="an .xlsx workbook")
        return
    for sheet in book.sheet_names:
        if sheet not in table_names and sheet != SETTINGS:
            expected = one_of([SETTINGS, *table_names], sheet)
            pool.add("BCF013", file, sheet=sheet, expected=expected)
            continue
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        records = [[_cell(cell) for cell in row] for row in cells]
        if sheet == SETTINGS:
            pool.settings = _settings_of(cells)
            continue
        table = _table(records, file, sheet, pool)
        if table is None:
            pool.unreadable.add(sheet)
        else:
            pool.tables[sheet] = table
    if SETTINGS not in book.sheet_names:
        pool.add("BCF002", file, sheet=SETTINGS, expected="columns setting and value")


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


def _settings_of(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Read settings from a sheet of two columns; `commentary.over_pounds` names a nested one."""
    plain: Callable[[Any], Any] = lambda v: int(v) if isinstance(v, float) and v.is_integer() else v  # noqa: E731
    settings: dict[str, Any] = {}
    for row in rows:
        name = str(row[0]).strip() if row else ""
        value = plain(row[1]) if len(row) > 1 else ""
        if not name or (name, str(value).strip().lower()) == ("setting", "value"):
            continue
        *outer, last = name.split(".")
        inner = settings
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value.strip() if isinstance(value, str) else value
    return settings

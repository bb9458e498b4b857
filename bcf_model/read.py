"""The only door in: a folder of CSV files, or one workbook, as text that knows where it stood.

Nothing is interpreted here. Every cell becomes text; every row keeps its number as a spreadsheet
counts it. What a file cannot be is a finding; nothing raises.
"""

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from bcf_model.findings import one_of
from bcf_model.raw import SETTINGS, RawPool, RawTable, as_table, disguise, file_bytes
from bcf_model.read_workbook import read_workbook

LARGEST_ROWS: Final = 2**20
"""As many as a sheet holds."""
LARGEST_SETTINGS: Final = 32 * 2**10


def read_pool(path: Path, table_names: Sequence[str], agreement: RawPool | None = None) -> RawPool:
    """Read a pool.

    Args:
        path: a folder holding `pool.toml` and one CSV file per table, or an .xlsx workbook holding
            a sheet per table and a sheet `pool` of settings.
        table_names: the tables to look for; other files are noted, not read.
        agreement: one whose tables stand in place of the pool's.
    """
    pool = RawPool(printable(_name(path)))
    try:
        if path.is_dir():
            _read_folder(path, {f"{name}.csv": name for name in table_names}, SETTINGS, pool)
            if not pool.settings_file:
                expected = "title, board, year, unit, date, source"
                pool.add("BCF002", f"{SETTINGS}.toml", expected=expected)
        elif path.is_file():
            read_workbook(path, table_names, pool)
        else:
            pool.add("BCF001", "", value=printable(str(path)), expected="a folder or a workbook")
    except OSError as problem:
        value = f"{printable(str(path))} ({problem.strerror})"
        pool.add("BCF001", "", value=value, expected="a readable pool")
    return pool if agreement is None else _with_agreement(pool, agreement)


def read_agreement(path: Path, pool: Path, table_names: Sequence[str]) -> RawPool:
    """Read an agreement that is to be tried on a pool.

    Args:
        path: a rules table as CSV, or a folder holding `rules.csv`, any of the other tables of an
            agreement, and `agreement.toml`.
        pool: the folder or workbook it is tried on: from there on its files are named.
        table_names: the tables an agreement may have; the first it must.
    """
    name, found = _shown(path, pool), RawPool(printable(_name(path)))
    expected = f"a CSV file, or a folder with {table_names[0]}.csv"
    try:
        if path.is_dir():
            tables = {f"{table}.csv": table for table in table_names}
            _read_folder(path, tables, "agreement", found)
            if table_names[0] not in {*found.tables, *found.unreadable}:
                found.add("BCF002", f"{table_names[0]}.csv", expected=expected)
        elif path.is_file():
            _read_table(path, table_names[0], found)
        else:
            found.add("BCF018", "", expected=expected)
    except OSError as problem:
        found.add("BCF018", "", value=problem.strerror or str(problem), expected=expected)
    if table_names[0] not in found.tables:
        found.unreadable.add(table_names[0])
    folder = name if path.is_dir() else name.rpartition("/")[0]

    def full(file: str) -> str:
        return "/".join(part for part in (folder, file) if part) if file else name

    found.settings_file = full(found.settings_file) if found.settings_file else ""
    found.tables = {n: replace(t, file=full(t.file)) for n, t in found.tables.items()}
    found.hashes = {full(file): sha256 for file, sha256 in found.hashes.items()}
    found.findings = [replace(finding, file=full(finding.file)) for finding in found.findings]
    return found


def _shown(path: Path, pool: Path) -> str:
    """Name an agreement from the pool's folder on; one that lies elsewhere with its folder."""
    try:
        base = pool if pool.is_dir() else pool.parent
        return printable(path.resolve().relative_to(base.resolve()).as_posix())
    except (OSError, RuntimeError, ValueError):
        parts = (path.name,) if path.is_dir() else path.parts[-2:]
        return printable("/".join(parts))


def _with_agreement(pool: RawPool, agreement: RawPool) -> RawPool:
    """Put the tables of an agreement in place of the pool's, and all that was said of those."""
    tables = {*agreement.tables, *agreement.unreadable}
    files = {f"{table}.csv" for table in tables}
    own = [f for f in pool.findings if f.file not in files and f.sheet not in tables]
    return replace(
        pool,
        tables={n: t for n, t in pool.tables.items() if n not in tables} | agreement.tables,
        unreadable=pool.unreadable - tables | agreement.unreadable,
        hashes={n: h for n, h in pool.hashes.items() if n not in files} | agreement.hashes,
        findings=[*own, *agreement.findings],
        agreement=agreement,
    )


def _name(path: Path) -> str:
    """Name the pool after its folder, wherever a link to it stands, or after its workbook."""
    try:
        return path.stem if path.is_file() else path.resolve().name
    except (OSError, RuntimeError, ValueError):  # a loop of links, or no path at all
        return path.name


def _read_folder(folder: Path, wanted: Mapping[str, str], settings: str, pool: RawPool) -> None:
    """Read the files of a folder: its tables by the names of their files, and its settings."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")):
            continue
        if path.name == f"{settings}.toml":
            pool.settings_file = path.name
            data = file_bytes(path, pool, LARGEST_SETTINGS)
            if data is not None:
                _parse_settings(data, pool)
        elif path.name in wanted:
            _read_table(path, wanted[path.name], pool)
        elif path.suffix.lower() not in {".md", ".txt", ".pdf"} and not path.is_dir():
            expected = one_of([*wanted, f"{settings}.toml"], path.name)
            pool.add("BCF013", printable(path.name), expected=expected)


def _read_table(path: Path, name: str, pool: RawPool) -> None:
    data = file_bytes(path, pool)
    table = _parse_csv(data, path.name, pool) if data is not None else None
    if table is None:
        pool.unreadable.add(name)
    else:
        pool.tables[name] = table


def printable(name: str) -> str:
    """Give a file's name as it can be shown: it may hold any byte."""
    return name if name.isprintable() else ascii(name)[1:-1]


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
    if what := disguise(data):
        pool.add("BCF004", file, value=what, expected="CSV text")
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
    return as_table(records, file, "", pool)


def _other_separator(text: str) -> str:
    """Give the headings when they are parted by semicolons, tabs or bars; "" when by commas."""
    start = text[:2000].strip().splitlines()
    if start and "," not in start[0] and re.search(r'["\w][;\t|]["\w]|^"?sep=', start[0]):
        return start[0][:60]
    return ""

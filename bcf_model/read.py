"""The only door in: a folder of CSV files, or one workbook, as text that knows where it stood.

Nothing is interpreted here. Every cell becomes text; every row keeps its number as a spreadsheet
counts it. What a file cannot be is a finding; nothing raises.
"""

import csv
import io
import re
import tomllib
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from bcf_model.findings import one_of
from bcf_model.raw import SETTINGS, RawPool, RawTable, as_table, disguise, file_bytes
from bcf_model.read_workbook import read_workbook

LARGEST_ROWS: Final = 2**20
"""As many as a sheet holds."""
LARGEST_SETTINGS: Final = 32 * 2**10


def read_pool(path: Path, table_names: Sequence[str]) -> RawPool:
    """Read a pool.

    Args:
        path: a folder holding `pool.toml` and one CSV file per table, or an .xlsx workbook holding
            a sheet per table and a sheet `pool` of settings.
        table_names: the tables to look for; other files are noted, not read.
    """
    pool = RawPool(printable(_name(path)))
    try:
        if path.is_dir():
            _read_folder(path, table_names, pool)
        elif path.is_file():
            read_workbook(path, table_names, pool)
        else:
            pool.add("BCF001", "", value=printable(str(path)), expected="a folder or a workbook")
    except OSError as problem:
        value = f"{printable(str(path))} ({problem.strerror})"
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
            data = file_bytes(path, pool, LARGEST_SETTINGS)
            if data is not None:
                _parse_settings(data, pool)
        elif path.name in wanted:
            data = file_bytes(path, pool)
            table = _parse_csv(data, path.name, pool) if data is not None else None
            if table is None:
                pool.unreadable.add(wanted[path.name])
            else:
                pool.tables[wanted[path.name]] = table
        elif path.suffix.lower() not in {".md", ".txt", ".pdf"} and not path.is_dir():
            expected = one_of([*wanted, f"{SETTINGS}.toml"], path.name)
            pool.add("BCF013", printable(path.name), expected=expected)
    if not pool.settings_file:
        pool.add("BCF002", f"{SETTINGS}.toml", expected="title, board, year, unit, date, source")


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

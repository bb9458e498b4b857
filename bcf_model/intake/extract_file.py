"""The door in of files that are no pool's: an extract of a ledger, as sheets of columns of text."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bcf_model.core.findings import Finding
from bcf_model.intake.csv_text import Column, NoText, columns_of, read_separated
from bcf_model.intake.raw_table import (
    OLD,
    ZIP,
    RawPool,
    Seen,
    disguise,
    file_bytes,
    unread,
    within,
)
from bcf_model.intake.workbook import every_sheet, every_word_table
from bcf_model.intake.workbooks.xlsx_contents import Formula, Place

LARGEST_EXTRACT: Final = 200 * 2**20
LEDGERS: Final = "ledgers"
"""The folder of a pool that says how each extract is read."""


@dataclass(frozen=True)
class Grid:
    """A sheet as columns of text; rows and columns are counted from 0, as places from 1.

    Attributes:
        name: of the worksheet; "" of a CSV file.
        columns: its columns.
        height: how many rows it has.
        seen: what else a person sees of it.
        formulas: those never calculated, and those that add up ranges.
        typed: the places of numbers typed as text.
    """

    name: str
    columns: list[Column]
    height: int
    seen: Seen = field(default_factory=Seen)
    formulas: Mapping[Place, Formula] = field(default_factory=dict)
    typed: frozenset[Place] = frozenset()

    def row(self, number: int) -> list[str]:
        """Return the texts of a row, trimmed."""
        return [column[number].strip() for column in self.columns]


@dataclass(frozen=True)
class Extract:
    """A file that was read, or what is wrong with it.

    Attributes:
        file: its name.
        kind: what it is, in words, such as "CSV, commas, UTF-8".
        sheets: those with anything in them.
        findings: what is wrong with the file itself.
        sha256: of its bytes.
    """

    file: str
    kind: str = ""
    sheets: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""


def read_file(path: Path) -> Extract:
    """Read a file of any kind; what is wrong with it becomes findings, and nothing raises."""
    found = RawPool(path.name)
    try:
        if not path.exists():
            found.add("BCF001", "", value=f"nothing at {path}", expected="a file")
            return Extract(path.name, findings=tuple(found.findings))
        data = file_bytes(path, found, LARGEST_EXTRACT)
    except OSError as problem:
        found.add("BCF001", "", value=f"{unread(problem)} at {path}", expected="a file")
        data = None
    if data is None:
        return Extract(path.name, findings=tuple(found.findings))
    sha256 = found.hashes[path.name]
    what = disguise(data)
    if what == ZIP and path.suffix.lower() == ".docx":
        return _document(path, data, found, sha256)
    if what in {ZIP, OLD}:
        return _workbook(path, data, found, sha256)
    if what:
        found.add("BCF004", path.name, value=what, expected="CSV text, or a workbook")
        return Extract(path.name, findings=tuple(found.findings))
    try:
        columns, separator, letters = read_separated(data)
    except NoText as problem:
        told = {"row": problem.row, "value": str(problem), "expected": problem.expected}
        found.add(problem.code, path.name, **told)
        return Extract(path.name, findings=tuple(found.findings))
    if not columns:
        found.add("BCF003", path.name)
        return Extract(path.name, findings=tuple(found.findings))
    grid = Grid("", columns, len(columns[0].codes))
    return Extract(path.name, f"CSV, {separator}, {letters}", (grid,), (), sha256)


def _workbook(path: Path, data: bytes, found: RawPool, sha256: str) -> Extract:
    sheets = every_sheet(data, path.name, found)
    grids = []
    for name, (cells, formulas) in sheets.items():
        try:
            columns = columns_of(cells.texts)
        except NoText as problem:
            found.add(problem.code, path.name, value=str(problem), sheet=name)
            continue
        if columns:
            height = len(columns[0].codes)
            kept = {place: it for place, it in formulas.items() if place[1] <= len(columns)}
            typed = frozenset(
                (row, column)
                for row, line in enumerate(cells.values, start=1)
                for column, value in enumerate(line, start=1)
                if isinstance(value, str) and any(map(str.isdigit, value))
            )
            grids.append(Grid(name, columns, height, cells.seen, kept, typed))
    if not grids and not found.findings:
        found.add("BCF003", path.name)
    return Extract(path.name, "workbook", tuple(grids), tuple(found.findings), sha256)


def _document(path: Path, data: bytes, found: RawPool, sha256: str) -> Extract:
    """Return the tables of a Word document, each as a sheet."""
    tables = every_word_table(data, path.name, found)
    if tables is None:
        if not found.findings:
            found.add("BCF004", path.name, value="no Word document", expected="a table in Word")
        return Extract(path.name, findings=tuple(found.findings))
    grids = []
    for number, table in enumerate(tables, start=1):
        name = f"table {number}"
        try:
            columns = columns_of(table.rows)
        except NoText as problem:
            found.add(problem.code, path.name, value=str(problem), sheet=name)
            continue
        if columns:
            grids.append(Grid(name, columns, len(columns[0].codes), table.seen))
    if not grids and not found.findings:
        found.add("BCF003", path.name)
    return Extract(path.name, "Word document", tuple(grids), tuple(found.findings), sha256)


def read_ledgers(pool: Path) -> tuple[dict[str, dict[str, Any]], list[Finding]]:
    """Read how the extracts of a pool are read: by name, what `ledgers/NAME.toml` says."""
    read: dict[str, dict[str, Any]] = {}
    found = RawPool(pool.name)
    try:
        folder = within(pool, LEDGERS)
        files = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    except OSError as problem:
        found.add("BCF017", LEDGERS, value=unread(problem))
        files = []
    for path in files:
        data = file_bytes(path, found, 2**20)
        if data is None:
            continue
        try:
            read[path.stem] = tomllib.loads(data.decode())
        except (ValueError, RecursionError) as problem:
            found.add("BCF101", f"{LEDGERS}/{path.name}", value=str(problem))
    return read, found.findings

"""What was read before anything is understood: tables of text, and how they are made of records."""

import errno
import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from bcf_model.core.findings import Finding
from bcf_model.core.whole_pool import KEPT_TABLES

LARGEST_FILE: Final = 50 * 2**20

OF_TEMPLATE: Final = ("Cover", "Checklist", "Example", "Lists")
"""Sheets of the template that are for who fills it in, and hold nothing of the pool."""
OF_CHECK: Final = tuple(f"Checklist {number}" for number in range(2, 10))
"""Sheets of a marked copy, where the name of the template's own was taken."""


class Look(NamedTuple):
    """What a person sees of a cell of a workbook, where its text alone does not say it.

    Attributes:
        code: the finding that is to be made of it where it matters.
        shown: what is seen, in words of that finding.
        scale: how many times smaller an amount is shown than it is.
    """

    code: str
    shown: str
    scale: int = 1


@dataclass(frozen=True)
class Seen:
    """What a person sees of a sheet beside its cells; rows and columns are counted from 1.

    Attributes:
        looks: of single cells, by row and column.
        hidden: whether the sheet itself is hidden.
        hidden_rows, hidden_columns: those that are not shown.
        merged: first row, first column, last row and last column of each merged cell.
        comments: row, column and text of each.
        faint: row and column of each cell whose text has the colour of the cell.
    """

    looks: Mapping[tuple[int, int], Look] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    comments: tuple[tuple[int, int, str], ...] = ()
    faint: frozenset[tuple[int, int]] = frozenset()


class RawTable(NamedTuple):
    """One table as text.

    Attributes:
        file: the file's name; sheet: the worksheet, or "".
        columns: headings as `plain_name` writes them.
        rows: one tuple of cells for each row that is not wholly blank, padded to the headings.
        numbers: the row number of each, as a spreadsheet counts it.
        at: the number of each column in its file, from 1.
        seen: what a person sees of the sheet; None of a CSV file.
        separator: what parts its cells in a CSV file.
    """

    file: str
    sheet: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    at: tuple[int, ...] = ()
    seen: Seen | None = None
    separator: str = ","


@dataclass
class RawPool:
    """A pool as text, the bytes of its files, and what was wrong with them.

    `settings_cells` says in which cell of a workbook each setting stands.
    `agreement` is one that is tried on the pool, as it was read: its tables stand here as well,
    in place of the pool's own.
    """

    name: str
    settings: dict[str, Any] | None = None
    settings_file: str = ""
    settings_sheet: str = ""
    settings_cells: dict[str, str] = field(default_factory=dict)
    tables: dict[str, RawTable] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    data: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    agreement: "RawPool | None" = None

    def add(self, code: str, file: str, **where: Any) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, file, **where))

    def letters(self, table: str) -> dict[str, str]:
        """Return, by heading, the letters of the columns of a table; none of a CSV file."""
        found = self.tables.get(table)
        if found is None or not found.sheet:
            return {}
        return {name: letters_of(at) for name, at in zip(found.columns, found.at, strict=True)}

    def addressed(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings with the address of their cell, such as F10, if it is in a workbook."""
        letters = {table: self.letters(table) for table in self.tables}

        def cell(found: Finding) -> str:
            if not found.sheet or found.cell:
                return found.cell
            if found.sheet == self.settings_sheet:
                return self.settings_cells.get(found.column, "")
            column = letters.get(found.sheet, {}).get(found.column)
            return f"{column}{found.row}" if found.row and column else ""

        return [replace(found, cell=at) if (at := cell(found)) else found for found in findings]


def plain_name(text: str) -> str:
    """Return a name of a column, a sheet or a file as it is compared.

    >>> plain_name(" Scheme ID "), plain_name("scheme-id")
    ('scheme_id', 'scheme_id')
    """
    return _BETWEEN_WORDS.sub("_", text.strip().lower())


_BETWEEN_WORDS: Final = re.compile(r"[\s_-]+")


def plain_file(name: str) -> str:
    """Return the name of a file as it is compared.

    >>> plain_file("Control totals .CSV"), plain_file("Scenarios")
    ('control_totals.csv', 'scenarios')
    """
    stem, dot, ending = name.rpartition(".")
    return f"{plain_name(stem)}.{plain_name(ending)}" if dot else plain_name(name)


def address(row: int, column: int) -> str:
    """Name a cell by its row and column, both counted from 1.

    >>> address(7, 28)
    'AB7'
    """
    return f"{letters_of(column)}{row}"


def letters_of(column: int) -> str:
    """Name a column, 1 being A.

    >>> letters_of(28)
    'AB'
    """
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def unread(problem: OSError) -> str:
    """Return why a file or folder could not be read."""
    said = {
        errno.ELOOP: "a link that leads back to itself",
        errno.ENOENT: "nothing: it is gone, or a link to it leads nowhere",
        errno.EACCES: "one that you may not read",
        errno.EPERM: "one that you may not read",
        errno.ENAMETOOLONG: "a name longer than a file can have",
    }
    return said.get(problem.errno or 0) or problem.strerror or str(problem)


def by_name(paths: Iterable[Path], names: Collection[str]) -> dict[str, list[Path]]:
    """Return what stands in a folder, by the name it has or means; what is hidden is left out."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        if not path.name.startswith((".", "~$")):
            plain = plain_file(path.name)
            found.setdefault(plain if plain in names else path.name, []).append(path)
    return found


def within(pool: Path, name: str) -> Path:
    """Return a file or folder of a pool, in whatever capitals its name is written.

    Two of one name are an error of the pool (BCF025); until then the plain one is meant.
    """
    plain = pool / name
    if is_there(plain) or plain.is_file() or not is_there(pool):
        return plain
    return by_name(sorted(pool.iterdir()), (name,)).get(name, [plain])[0]


def is_there(folder: Path) -> bool:
    """Return whether there is a folder, as far as can be seen."""
    try:
        return folder.is_dir()
    except OSError:  # inside one that cannot be read
        return False


def file_bytes(path: Path, pool: RawPool, most: int = LARGEST_FILE) -> bytes | None:
    """Read a file and note its SHA-256; None, with a finding, when it cannot be one of a pool."""
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
        pool.add("BCF017", path.name, value=unread(problem), expected="a file that can be read")
        return None
    pool.hashes[path.name] = hashlib.sha256(data).hexdigest()
    pool.data[path.name] = data
    return data


WORKBOOKS: Final = frozenset((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"))
"""How the names of workbooks end."""
WORKBOOK: Final = "an .xlsx workbook, or a folder of CSV files"
ZIP: Final = "an Excel workbook (or another zip file)"
OLD: Final = "an old or password-protected Excel file"
_DISGUISES: Final = (
    (b"PK\x03\x04", ZIP),
    (b"\xd0\xcf\x11\xe0", OLD),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
)


def rows_of(table: RawTable, kind: str = "", name: str = "") -> RawTable | None:
    """Return the rows of a sheet that are the pool's own, or those of something kept beside it.

    Args:
        table: as it stands; its columns `KEPT_TABLES`, if it has any, say what each row is of.
        kind: of what the rows are wanted; blank for the pool.
        name: of that.

    Returns:
        The table without these columns; None where no row is of it. A row that says only what it
        is of is none: a table without rows was stated.
    """
    parted = [
        i
        for i, column in enumerate(table.columns)
        if table.sheet in KEPT_TABLES.get(column, ())  # elsewhere it is a column nobody knows
    ]
    if kind not in ("", *(table.columns[i] for i in parted)):
        return None
    if not parted:
        return table
    wanted = [name if table.columns[i] == kind else "" for i in parted]
    mine = [
        i
        for i, row in enumerate(table.rows)
        if [" ".join(row[at].split()) for at in parted] == wanted
    ]
    if not mine and (table.rows or kind):
        return None
    own = [i for i in range(len(table.columns)) if i not in parted]
    mine = [i for i in mine if any(table.rows[i][at].strip() for at in own)]
    seen = replace(table.seen, comments=()) if table.seen and kind else table.seen
    return RawTable(
        table.file,
        table.sheet,
        tuple(table.columns[at] for at in own),
        tuple(tuple(table.rows[i][at] for at in own) for i in mine),
        tuple(table.numbers[i] for i in mine),
        tuple(table.at[at] for at in own),
        seen,
    )


def disguise(data: bytes) -> str:
    """Return what a file really is when it is no text table; "" when nothing gives it away."""
    for magic, what in _DISGUISES:
        if data.startswith(magic):
            return what
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "a web page" if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")) else ""

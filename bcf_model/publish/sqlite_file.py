"""The tables of a report as one SQLite file: amounts in whole pence, beside a view in pounds.

A table has the name, the columns and the order of rows of its CSV. A blank cell of the CSV is NULL;
text is as it was typed, for a value of a database never becomes a formula. What each table and
column means stands in the file itself, in its tables `tables` and `columns`.

It is made in memory, page by page in one order, so that the same tables give the same bytes.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, Final, NamedTuple

from bcf_model.core.errors import BcfError, CannotWrite
from bcf_model.core.findings import brief
from bcf_model.core.tables import TABLES, WRITTEN_IN, FieldMeaning, Table, sign_of

FILES: Final = {
    "report": "tables.sqlite",
    "comparison": "comparison-tables.sqlite",
    "audit": "audit-tables.sqlite",
}
"""What it is called beside the workbook of each kind: two kinds may stand in one folder."""

IN_POUNDS: Final = "_pounds"
"""What follows the name of a table in that of its view, where it has amounts."""

Value = int | float | str | bytes | None
"""What a cell holds; bytes only in a file that somebody changed."""

_OLDEST: Final = "3.36"
"""The first version of SQLite that makes and reads a file in memory wherever it was built."""
_BEGINS: Final = b"SQLite format 3\0"
_WHOLE: Final = ("money", "whole", "weight")
_ABOUT: Final = {"tables": TABLES["TablesOut"], "columns": TABLES["ColumnsOut"]}
"""What says of every table and view, these two as well, what it is; after all others."""


class NotReadable(BcfError):
    """Bytes are no SQLite file, or a damaged one; says why."""


class Stored(NamedTuple):
    """A table as it is stored: its description, and its rows in order, cells by column."""

    model: Table
    rows: Sequence[Sequence[Value]]


class Held(NamedTuple):
    """A table of a file: the headings of its columns, and its rows in order."""

    headings: tuple[str, ...]
    rows: list[tuple[Value, ...]]


def stored(value: Any, text: str, meaning: FieldMeaning) -> Value:
    """Return what a cell is stored as: whole pence, a number, or text as it was typed.

    Args:
        value: what the table holds.
        text: what the CSV says: a number that is no amount is the one that stands there.
        meaning: of its column.
    """
    if not text:
        return None
    if meaning.type == "str":
        return str(value)
    if meaning.form in _WHOLE:
        return int(value) if meaning.form == "money" else int(text)
    return float(text)


def sqlite_bytes(tables: Mapping[str, Stored]) -> bytes:
    """Make the file.

    Args:
        tables: by the name each gets, in the order in which they are listed.

    Raises:
        CannotWrite: the SQLite of this Python cannot make a file in memory.
    """
    described = {**{name: it.model for name, it in tables.items()}, **_ABOUT}
    views = {f"{name}{IN_POUNDS}": name for name, it in described.items() if _has_amounts(it)}
    models = described | {view: described[name] for view, name in views.items()}
    rows = {name: len(tables[views.get(name, name)].rows) for name in models if name not in _ABOUT}
    columns = [row for name, it in models.items() for row in _described(name, it, name in views)]
    rows |= {"tables": len(models), "columns": len(columns)}
    listed = [
        (name, "view" if name in views else "table", rows[name], _row_of(it))
        for name, it in models.items()
    ]
    held = {name: it.rows for name, it in tables.items()} | {"tables": listed, "columns": columns}
    with closing(_in_memory()) as file:
        file.execute("PRAGMA page_size = 4096")
        file.execute("BEGIN")
        for name, it in described.items():
            columns_of = ", ".join(map(_as_column, it.fields))
            file.execute(f"CREATE TABLE {_quoted(name)} ({columns_of})")
            # Names are quoted, and every value is a parameter: no text of a pool is ever SQL.
            places = ", ".join("?" for _ in it.fields)
            file.executemany(f"INSERT INTO {_quoted(name)} VALUES ({places})", held[name])
        for view, name in views.items():
            shown = ", ".join(map(_in_view, described[name].fields))
            file.execute(f"CREATE VIEW {_quoted(view)} AS SELECT {shown} FROM {_quoted(name)}")
        file.execute("COMMIT")
        file.execute("VACUUM")
        return file.serialize()


def read_definitions(data: bytes) -> dict[str, str]:
    """Return how each table and view of a file is defined, by its kind and name.

    Raises:
        NotReadable: it is no SQLite file, or damaged.
    """
    with _opened(data) as file:
        found = file.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")
        return {f"{kind} {name}": str(sql) for kind, name, sql in found}


def read_tables(data: bytes, most: Mapping[str, int | None]) -> dict[str, Held]:
    """Read tables of a file, whose definitions are known to be sound (`read_definitions`).

    Args:
        data: the bytes of the file.
        most: how many rows are read of each table that is wanted, at most; None for all.

    Raises:
        NotReadable: one is not there, or damaged.
    """
    found = {}
    with _opened(data) as file:
        for name, rows in most.items():
            wanted = file.execute(f"SELECT * FROM {_quoted(name)} ORDER BY rowid")
            headings = tuple(it[0] for it in wanted.description)
            found[name] = Held(headings, list(islice(wanted, rows)))
    return found


@contextmanager
def _opened(data: bytes) -> Iterator[sqlite3.Connection]:
    if not data.startswith(_BEGINS):
        message = "it is no SQLite file"
        raise NotReadable(message)
    with closing(_in_memory()) as file:
        try:
            file.execute("PRAGMA trusted_schema = OFF")
            file.deserialize(data)
            yield file
        except (sqlite3.Error, UnicodeDecodeError) as problem:  # the second of what it complains of
            raise NotReadable(brief(str(problem))) from problem


def _in_memory() -> sqlite3.Connection:
    if not hasattr(sqlite3.Connection, "serialize"):
        message = (
            f"no SQLite file can be made here: this Python has SQLite {sqlite3.sqlite_version}, "
            f"and {_OLDEST} or later is needed. Leave out --export, or use another Python."
        )
        raise CannotWrite(message)
    return sqlite3.connect(":memory:", isolation_level=None)


def _row_of(model: Table) -> str:
    """Return what one row of a table is; the file that a description names is a CSV."""
    file, _, said = model.grain.partition(".csv: ")
    return said or file


def _has_amounts(model: Table) -> bool:
    return any(it.form == "money" for it in model.fields)


def _described(name: str, model: Table, in_pounds: bool) -> list[tuple[Value, ...]]:
    """Return the rows of `columns` for one table, or for its view in pounds."""
    return [
        (
            name,
            it.name,
            "pence" if it.form == "money" and not in_pounds else WRITTEN_IN[it.form] or None,
            sign_of(it) or None,
            it.meaning,
        )
        for it in model.fields
    ]


def _in_view(meaning: FieldMeaning) -> str:
    name = _quoted(meaning.name)
    return f"{name} / 100.0 AS {name}" if meaning.form == "money" else name


def _as_column(meaning: FieldMeaning) -> str:
    name = _quoted(meaning.name)
    if meaning.type == "str":
        return f"{name} TEXT"
    return f"{name} INTEGER" if meaning.form in _WHOLE else f"{name} REAL"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

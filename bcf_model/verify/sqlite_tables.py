"""The tables of an SQLite file held against what they should be: table, row and column."""

from collections.abc import Iterator, Mapping
from typing import Final

from bcf_model.publish.sqlite_file import NotReadable, Value, read_definitions, read_tables
from bcf_model.verify.row_matching import Outcome, contrast, quoted
from bcf_model.verify.text_files import SAME_CONTENT, rows_differ

_ROOM: Final = 4
_BESIDE: Final = 1_000
"""Of a table up to four times the rows it should have are read, and a few."""


def compare_sqlite(found: bytes, expected: bytes) -> Outcome:
    """Compare an SQLite file with the one that should stand there, value by value.

    First how tables and views are defined: of a table that is defined otherwise nothing is read,
    for what somebody else defined may do anything.
    """
    try:
        good, held = read_definitions(expected), read_definitions(found)
        said = list(_definitions_differ(held, good))
        tables = [name.partition(" ")[2] for name in good if name.startswith("table ")]
        right = read_tables(expected, dict.fromkeys(tables))
        alike = [it for it in tables if held.get(f"table {it}") == good[f"table {it}"]]
        most = {it: _ROOM * len(right[it].rows) + _BESIDE for it in alike}
        for name, it in read_tables(found, most).items():
            rows, wanted = (
                [list(one.headings), *(list(map(_shown, row)) for row in one.rows)]
                for one in (it, right[name])
            )
            if rows != wanted:
                said += [f"table {name}, {one}" for one in rows_differ(rows, wanted)]
    except NotReadable as problem:
        return Outcome((f"it cannot be compared: {problem}",))
    if said:
        return Outcome(tuple(said))
    return Outcome(notes=(f"{SAME_CONTENT}: every value is equal, stored otherwise",))


def _definitions_differ(held: Mapping[str, str], good: Mapping[str, str]) -> Iterator[str]:
    for name in {**good, **held}:
        if name not in held:
            yield f"{name} is missing"
        elif name not in good:
            yield f"{quoted(name)} should not be there"
        elif held[name] != good[name]:
            holds, expected = contrast(held[name], good[name])
            yield f"{name} is defined as {holds}, should be {expected}"


def _shown(value: Value) -> str:
    """Write a value, no two alike: NULL is blank, and text that could be taken for another quoted.

    >>> [_shown(it) for it in (None, 1, 1.0, "1", "", "A1", b"A")]
    ['', '1', '1.0', "'1'", "''", 'A1', "x'41'"]
    """
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if not isinstance(value, str):
        return str(value)
    return (
        f"'{value}'" if not value or value.startswith(("'", "x'")) or _is_number(value) else value
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

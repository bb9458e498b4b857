"""Checks for rows that are no lines: the heading of a section, or a note, left among the lines.

Whoever pastes an outturn leaves them in. Such a row lacks every cell a line must have but one: that
is said once of the row, in place of each cell it lacks.
"""

from bcf_model.core.findings import Finding, Place
from bcf_model.intake.cells import tidy
from bcf_model.intake.raw_table import RawTable

_NAMES = ("scheme_id", "scheme")


def set_aside(table: RawTable | None) -> tuple[RawTable | None, list[Finding]]:
    """Part the rows of which one cell alone is filled, with words, from the lines.

    A code alone is a line that is not filled in yet, and stays.

    Args:
        table: the lines as text.

    Returns:
        The table without them, and an error for each: no pool is calculated while they stand there.
    """
    if table is None or not {*_NAMES} <= {*table.columns}:
        return table, []
    columns = [table.columns.index(name) for name in _NAMES]
    findings, lines = list[Finding](), list[int]()
    for i, row in enumerate(table.rows):
        filled = [at for at, text in enumerate(row) if tidy(text)]
        text = tidy(row[filled[0]]) if len(filled) == 1 and filled[0] in columns else ""
        if " " in text and any(map(str.isalpha, text)):
            place = Place(table.file, table.numbers[i], table.sheet)
            findings.append(place.finding("BCF940", value=f"{text!r} and nothing beside it"))
        else:
            lines.append(i)
    if not findings:
        return table, []
    kept = table._replace(
        rows=tuple(table.rows[i] for i in lines),
        numbers=tuple(table.numbers[i] for i in lines),
    )
    return kept, findings

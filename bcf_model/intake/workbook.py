"""A pool in one workbook: a sheet a table, every cell as the text of what a person sees."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from bcf_model.core.findings import one_of
from bcf_model.intake.as_displayed import told
from bcf_model.intake.raw_table import (
    OLD,
    SETTINGS,
    WORKBOOK,
    ZIP,
    RawPool,
    RawTable,
    address,
    as_table,
    disguise,
    file_bytes,
)
from bcf_model.intake.workbooks.guard import Archive, Damaged
from bcf_model.intake.workbooks.older_formats import NOT_SEEN, XLS, other_kind, read_other
from bcf_model.intake.workbooks.totals import doubtful_totals
from bcf_model.intake.workbooks.xlsx_contents import Formula, Place, claims
from bcf_model.intake.workbooks.xlsx_values import Cells, Sheets, read_values, sums

_CODES: Final = {"large": "BCF014", "twice": "BCF025"}
_SAVE_AGAIN: Final = {
    "password": "a copy without it",
    "strict": "a copy saved as an ordinary Excel workbook (.xlsx)",
}


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
    for name, sheet in sheets.items():
        if sheet is None and name in beside:
            continue
        if sheet is None:
            expected = one_of([SETTINGS, *table_names], name)
            pool.add("BCF013", file, sheet=name, expected=expected)
        elif name == SETTINGS:
            pool.settings = _settings_of(sheet, file, pool)
            pool.findings.extend(told(_two_columns(sheet, file), {}, {"value": "quantity"}))
        elif table := as_table(sheet.texts, file, name, pool, sheet.seen):
            pool.tables[name] = table
        else:
            pool.unreadable.add(name)
    if SETTINGS not in sheets:
        pool.add("BCF002", file, sheet=SETTINGS, expected="columns setting and value")


def every_sheet(
    data: bytes, file: str, pool: RawPool
) -> dict[str, tuple[Cells, Mapping[Place, Formula]]]:
    """Read all sheets of a workbook of any kind, with the formulas of each that add up.

    None of it, with a finding, when it cannot be read.
    """
    opened = _opened(data, None, file, pool)
    if opened is None:
        return {}
    sheets, formulas = opened
    return {name: (it, formulas.get(name, {})) for name, it in sheets.items() if it is not None}


def _sheets(data: bytes, wanted: Sequence[str], file: str, pool: RawPool) -> Sheets | None:
    """Read the sheets of a workbook of any kind; None, with a finding, when it cannot be read."""
    opened = _opened(data, wanted, file, pool)
    if opened is None:
        return None
    sheets, formulas = opened
    values = {name: sheet.values for name, sheet in sheets.items() if sheet}
    pool.findings.extend(doubtful_totals(file, values, formulas))
    return sheets


_Formulas = Mapping[str, Mapping[Place, Formula]]


def _opened(
    data: bytes, wanted: Sequence[str] | None, file: str, pool: RawPool
) -> tuple[Sheets, _Formulas] | None:
    """Read sheets, all where none is named, and their formulas that add up."""
    try:
        if (what := disguise(data)) and what not in (ZIP, OLD):
            raise Damaged(what)
        if not what and data and b"\0" not in data:
            message = "not a workbook, but text, such as CSV"
            raise Damaged(message, expected=f"{WORKBOOK} such as schemes.csv")
        archive = None if what == OLD else Archive(data)
        if archive is None or other_kind(archive):
            kind = XLS if archive is None else other_kind(archive)
            found = read_other(data, kind, wanted, archive)
            pool.add("BCF027", file, value=f"{kind}, read without {NOT_SEEN[kind]}")
            return {name: None if it is None else Cells(*it) for name, it in found.items()}, {}
        claimed = claims(archive, wanted)
        formulas = {name: sums(sheet) for name, sheet in claimed.sheets.items()}
        return read_values(data, claimed), formulas
    except Damaged as problem:
        code, expected = _CODES.get(problem.kind, "BCF004"), problem.expected
        expected = expected or _SAVE_AGAIN.get(problem.kind, WORKBOOK)
        pool.add(
            code, file, value=str(problem), expected=expected,
            sheet=problem.sheet, cell=problem.cell,
        )  # fmt: skip
        return None


def _settings_of(sheet: Cells, file: str, pool: RawPool) -> dict[str, Any]:
    """Read settings from a sheet of two columns; `commentary.over_pounds` names a nested one."""
    settings: dict[str, Any] = {}
    for number, texts in enumerate(sheet.texts, start=1):
        name = re.sub(r"\s+", "_", "".join(texts[:1]).strip().lower())
        if not name or (number == 1 and name == "setting"):
            continue
        *outer, last = name.split(".")
        inner = settings
        for part in outer:
            inner = inner.setdefault(part, {})
            if not isinstance(inner, dict):
                break
        if not isinstance(inner, dict) or last in inner:
            where = {"row": number, "column": name, "sheet": SETTINGS, "cell": address(number, 1)}
            pool.add("BCF104", file, value="it a second time", expected="one row", **where)
            continue
        cell = pool.settings_cells[name] = address(number, 2)
        look = sheet.seen.looks.get((number, 2))
        if look and look.code == "BCF223" and name.endswith("percent"):
            value = texts[1]
            said = {"column": name, "sheet": SETTINGS, "cell": cell, "value": repr(value)}
            pool.add("BCF223", file, row=number, expected=f"{value}% or {look.shown}%", **said)
        inner[last] = _setting(sheet, number)
    return settings


def _two_columns(sheet: Cells, file: str) -> RawTable:
    """Return the settings as a table, for what a person sees of it."""
    rows = [
        (number, (*line, "", "")[:2])
        for number, line in enumerate(sheet.texts, start=1)
        if any(cell.strip() for cell in line[:2])
    ]
    texts, numbers = tuple(line for _, line in rows), tuple(number for number, _ in rows)
    return RawTable(file, SETTINGS, ("setting", "value"), texts, numbers, (1, 2), sheet.seen)


def _setting(sheet: Cells, row: int) -> Any:
    """Return the value of a setting: text as it is seen, a percentage, a number or a date."""
    text = [*sheet.texts[row - 1], "", ""][1]
    value = [*sheet.values[row - 1], None, None][1]
    look = sheet.seen.looks.get((row, 2))
    if look and look.code == "BCF222":
        value = float(text.removesuffix("%"))
    if isinstance(value, bool) or not isinstance(value, int | float | datetime):
        return text
    if look and look.code == "BCF026":
        return text
    return int(value) if isinstance(value, float) and value.is_integer() else value

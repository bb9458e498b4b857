"""A pool in one workbook: a sheet a table, every cell as the text of what a person sees."""

import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bcf_model.findings import one_of
from bcf_model.raw import (
    OLD,
    SETTINGS,
    WORKBOOK,
    ZIP,
    Look,
    RawPool,
    RawTable,
    Seen,
    address,
    as_table,
    disguise,
    file_bytes,
    printable,
)
from bcf_model.seen import told
from bcf_model.workbooks.claims import LARGEST_SHEET, Claims, Formula, Place, Sheet, claims
from bcf_model.workbooks.formats import shown
from bcf_model.workbooks.guard import Archive, Damaged
from bcf_model.workbooks.other import NOT_SEEN, XLS, other_kind, read_other
from bcf_model.workbooks.totals import doubtful_totals

Rows = list[list[Any]]
_LONGEST_PROBLEM: Final = 200
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
            pool.add("BCF013", file, sheet=printable(name), expected=expected)
        elif name == SETTINGS:
            pool.settings = _settings_of(sheet, file, pool)
            pool.findings.extend(told(_two_columns(sheet, file), {}, {"value": "quantity"}))
        elif table := as_table(sheet.texts, file, name, pool, sheet.seen):
            pool.tables[name] = table
        else:
            pool.unreadable.add(name)
    if SETTINGS not in sheets:
        pool.add("BCF002", file, sheet=SETTINGS, expected="columns setting and value")


@dataclass(frozen=True)
class Cells:
    """A sheet that was read, from its first row and column on.

    Attributes:
        values: of the cells, as the file holds them; None where there is none.
        texts: the same as a person sees them.
        seen: what else a person sees.
    """

    values: Rows = field(repr=False)
    texts: list[list[str]] = field(repr=False)
    seen: Seen


Sheets = dict[str, Cells | None]
"""By name; None of one that is not wanted."""


def _sheets(data: bytes, wanted: Sequence[str], file: str, pool: RawPool) -> Sheets | None:
    """Read the sheets of a workbook of any kind; None, with a finding, when it cannot be read."""
    try:
        if (what := disguise(data)) and what not in (ZIP, OLD):
            raise Damaged(what)
        archive = None if what == OLD else Archive(data)
        if archive is None or other_kind(archive):
            kind = XLS if archive is None else other_kind(archive)
            found = read_other(data, kind, wanted, archive)
            pool.add("BCF027", file, value=f"{kind}, read without {NOT_SEEN[kind]}")
            return {name: None if it is None else Cells(*it) for name, it in found.items()}
        claimed = claims(archive, wanted)
        with warnings.catch_warnings(action="ignore"):  # what it says of parts that are not read
            sheets = _read(data, claimed)
            sums = {name: _sums(sheet) for name, sheet in claimed.sheets.items()}
        values = {name: sheet.values for name, sheet in sheets.items() if sheet}
        pool.findings.extend(doubtful_totals(file, values, sums))
        return sheets
    except Damaged as problem:
        code, expected = _CODES.get(problem.kind, "BCF004"), problem.expected
        expected = expected or _SAVE_AGAIN.get(problem.kind, WORKBOOK)
        pool.add(
            code, file, value=printable(str(problem)), expected=expected,
            sheet=printable(problem.sheet), cell=problem.cell,
        )  # fmt: skip
        return None


def _read(data: bytes, claimed: Claims) -> Sheets:
    """Read the values of what was counted.

    Raises:
        Damaged: the library refuses a part, or finds other sheets than were counted.
    """
    # Imported here: only a workbook needs it, and it takes a third of a second.
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415

    parts = {tab.name: tab.part for tab in claimed.tabs if tab.name in claimed.sheets}
    for name, sheet in claimed.sheets.items():
        if sheet.height * sheet.width > LARGEST_SHEET:
            value = f"{sheet.height:,} rows by {sheet.width:,} columns"
            expected = f"at most {LARGEST_SHEET:,} cells; look for a stray one"
            raise Damaged(value, "large", expected, name)
    reading = "the workbook"
    try:
        reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.valid_files = list(parts.values())  # no charts, properties, themes or other sheets
        reader.read()
        found = {sheet.title: sheet for sheet in reader.wb.worksheets}
        sheets: Sheets = {}
        for tab in claimed.tabs:
            reading = f"{tab.part}, sheet {tab.name},"
            sheets[tab.name] = (
                _cells(found[tab.name], claimed.sheets[tab.name], tab.state != "visible")
                if tab.name in parts
                else None
            )
    except Exception as problem:  # it has many ways to say that it cannot read a part
        said = " ".join(str(problem).split())[:_LONGEST_PROBLEM]
        message = f"{reading} that cannot be read ({said})"
        raise Damaged(message) from problem
    return sheets


def _cells(tab: Any, sheet: Sheet, hidden: bool) -> Cells:
    """Read the cells of a sheet that was counted."""
    looks: dict[tuple[int, int], Look] = {}
    values, texts = [], []
    rows = tab.iter_rows(max_row=sheet.height, max_col=sheet.width) if sheet.height else ()
    for row, cells in enumerate(islice(rows, sheet.height), start=1):
        values.append([cell.value for cell in cells])
        texts.append(line := [""] * sheet.width)
        for column, cell in enumerate(cells, start=1):
            if cell.value is None:
                look = Look("BCF213", "") if cell.data_type == "e" else None
                line[column - 1] = "#ERROR!" if look else ""
            elif cell.data_type == "e":
                line[column - 1], look = str(cell.value), Look("BCF213", "")
            else:
                line[column - 1], look = shown(cell.value, cell.number_format)
            if look:
                looks[row, column] = look
    for (row, column), formula in sheet.formulas.items():
        if not formula.calculated:
            stored = "without a result" if not formula.stored else f"stored as {formula.stored}"
            texts[row - 1][column - 1] = f"={formula.text}"
            looks[row, column] = Look("BCF026", f"={formula.text}, {stored}")
    columns = (range(first, last + 1) for first, last in sheet.hidden_columns)
    seen = Seen(
        looks,
        hidden,
        frozenset(sheet.hidden_rows),
        frozenset(column for run in columns for column in run),
        tuple(sheet.merged),
        tuple(sheet.comments),
    )
    return Cells(values, texts, seen)


def _sums(sheet: Sheet) -> dict[Place, Formula]:
    """Give the formulas that add up ranges, each as it stands in its own cell."""
    from openpyxl.formula.translate import Translator  # noqa: PLC0415

    found = {}
    for place, formula in sheet.formulas.items():
        text = formula.text
        if formula.origin != place:
            moved = Translator(f"={text}", address(*formula.origin))
            text = str(moved.translate_formula(address(*place))).removeprefix("=")
        found[place] = replace(formula, text=text)
    return found


def _settings_of(sheet: Cells, file: str, pool: RawPool) -> dict[str, Any]:
    """Read settings from a sheet of two columns; `commentary.over_pounds` names a nested one."""
    settings: dict[str, Any] = {}
    for number, texts in enumerate(sheet.texts, start=1):
        name = re.sub(r"\s+", "_", texts[0].strip().lower())
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
        pool.settings_cells[name] = address(number, 2)
        inner[last] = _setting(sheet, number)
    return settings


def _two_columns(sheet: Cells, file: str) -> RawTable:
    """Give the settings as a table, for what a person sees of it."""
    rows = [
        (number, (*line, "", "")[:2])
        for number, line in enumerate(sheet.texts, start=1)
        if any(cell.strip() for cell in line[:2])
    ]
    texts, numbers = tuple(line for _, line in rows), tuple(number for number, _ in rows)
    return RawTable(file, SETTINGS, ("setting", "value"), texts, numbers, (1, 2), sheet.seen)


def _setting(sheet: Cells, row: int) -> Any:
    """Give the value of a setting: text as it is seen, a percentage, a number or a date."""
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

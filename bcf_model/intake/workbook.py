"""A pool in one workbook: a sheet a table, every cell as the text of what a person sees."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bcf_model.core.findings import Finding, like_one_of, listed, one_of
from bcf_model.core.whole_pool import PARTS, SETTINGS
from bcf_model.intake.as_displayed import told
from bcf_model.intake.csv_text import NoText, read_text, rows_of_text, separator_of
from bcf_model.intake.headings import LOOKED_AT, as_table, known_of
from bcf_model.intake.plain_form import plain_settings
from bcf_model.intake.raw_table import (
    OF_CHECK,
    OF_TEMPLATE,
    OLD,
    WORKBOOK,
    ZIP,
    RawPool,
    RawTable,
    address,
    disguise,
    file_bytes,
    plain_name,
    rows_of,
)
from bcf_model.intake.workbooks.guard import Archive, Damaged
from bcf_model.intake.workbooks.older_formats import NOT_SEEN, XLS, other_kind, read_other
from bcf_model.intake.workbooks.totals import doubtful_totals
from bcf_model.intake.workbooks.word_tables import DOCUMENT, WordTable, word_tables
from bcf_model.intake.workbooks.xlsx_contents import Formula, Place, claims
from bcf_model.intake.workbooks.xlsx_values import Cells, Sheets, read_values, sums

_CODES: Final = {"large": "BCF014", "twice": "BCF025"}
_SAVE_AGAIN: Final = {
    "password": "a copy without it",
    "strict": "a copy saved as an ordinary Excel workbook (.xlsx)",
}


_STATED: Final[Mapping[str, Any]] = {"[]": [], "{}": {}, '""': ""}
"""What a setting says that is stated, and is a list, settings of its own or a text of nothing."""


def read_workbook(
    path: Path, table_names: Sequence[str], pool: RawPool, beside: Sequence[str] = ()
) -> None:
    """Read a pool's sheets into the pool; what is wrong with the file becomes findings.

    Sheets named in `beside` may stand there too, and are not read now.
    """
    file = path.name
    pool.settings_file, pool.settings_sheet = file, SETTINGS
    data = file_bytes(path, pool)
    sheets = None if data is None else _sheets(data, (SETTINGS, *table_names), file, pool)
    if sheets is None:
        pool.unreadable.update(table_names)
        return
    known = (*beside, *map(plain_name, (*OF_TEMPLATE, *OF_CHECK)), *PARTS.values())
    others = [name for name, it in sheets.items() if it is None and plain_name(name) not in known]
    _not_read(others, [SETTINGS, *table_names], file, pool)
    for name, sheet in sheets.items():
        if sheet is None:
            continue
        if name == SETTINGS:
            pool.settings = _settings_of(sheet, file, pool)
            plain_settings(pool)
            pool.findings.extend(told(_two_columns(sheet, file), {}, {"value": "quantity"}))
        elif table := as_table(sheet.texts, file, name, pool, sheet.seen):
            if own := rows_of(table):
                pool.tables[name] = own
        else:
            pool.unreadable.add(name)
    if SETTINGS not in sheets:
        pool.add("BCF002", file, sheet=SETTINGS, expected="columns setting and value")


def _not_read(sheets: Sequence[str], wanted: Sequence[str], file: str, pool: RawPool) -> None:
    """Name the sheets that are no tables in one note, and each that is like one by itself."""
    slips = [name for name in sheets if like_one_of(wanted, name)]
    for name in slips:
        pool.add("BCF013", file, sheet=name, expected=one_of(wanted, name))
    if others := [repr(name) for name in sheets if name not in slips]:
        number = "1 sheet" if len(others) == 1 else f"{len(others):,} sheets"
        pool.add("BCF031", file, value=f"{number}: {listed(others)}")


def read_part(path: Path, table_names: Sequence[str], part: RawPool, kind: str) -> None:
    """Read what a workbook says of one of its scenarios, or agreements, by its name.

    What is wrong with the workbook as a whole is left to `read_workbook`.

    Args:
        path: of the workbook.
        table_names: the tables it may have.
        part: what is read into: it has the name.
        kind: one of `PARTS`.
    """
    sheet_name = PARTS[kind]
    whole = RawPool(part.name)
    tables = _tables(path, table_names, kind, whole)
    part.findings += [f for f in whole.findings if f.sheet in table_names]
    part.unreadable |= whole.unreadable
    for table, found in tables.items():
        if isinstance(found, RawTable):
            if (own := rows_of(found, kind, part.name)) is not None:
                part.tables[table] = own
        elif _holds(found, part.name):
            part.settings_file, part.settings_sheet = path.name, sheet_name
            part.settings = _settings_of(found, path.name, part, sheet_name, part.name)
            plain_settings(part)


def orphans(path: Path, table_names: Sequence[str], beside: Sequence[str], pool: RawPool) -> None:
    """Find rows on the sheets of scenarios that do not say of which they are (BCF035).

    Args:
        path: of the workbook.
        table_names: the tables of scenarios.
        beside: those of them that the pool may have too.
        pool: what is found is added to.
    """
    for name, found in _tables(path, table_names, "scenario", RawPool(path.stem)).items():
        if not isinstance(found, RawTable):
            lines = enumerate(found.texts[1:], start=2)
            rows = [n for n, (own, *said) in lines if not own.strip() and "".join(said).strip()]
        else:
            own = None if name in beside else rows_of(found)
            rows = [*own.numbers] if own else []
        if rows:
            pool.add("BCF035", path.name, sheet=name, row=rows[0], column="scenario")


def names_of(path: Path, table_names: Sequence[str], kind: str) -> list[str]:
    """Name the scenarios, or agreements, of which a workbook has rows or settings; in order."""
    found = set()
    for it in _tables(path, table_names, kind, RawPool(path.stem)).values():
        if isinstance(it, RawTable):
            at = it.columns.index(kind) if kind in it.columns else -1
            found |= {" ".join(row[at].split()) for row in it.rows if at >= 0}
        else:
            found |= {" ".join(line[0].split()) for line in it.texts[1:] if line}
    return sorted(found - {""})


def _tables(
    path: Path, names: Sequence[str], kind: str, pool: RawPool
) -> dict[str, RawTable | Cells]:
    """Read tables of a workbook with the rows of all that it holds, and the sheet of settings."""
    data = file_bytes(path, pool)
    sheets = None if data is None else _sheets(data, (PARTS[kind], *names), path.name, pool)
    found: dict[str, RawTable | Cells] = {}
    for name, sheet in (sheets or {}).items():
        if sheet is None:
            continue
        if name == PARTS[kind]:
            found[name] = sheet
        elif table := as_table(sheet.texts, path.name, name, pool, sheet.seen):
            found[name] = table
        else:
            pool.unreadable.add(name)
    return found


def _holds(sheet: Cells, name: str) -> bool:
    return any(line and " ".join(line[0].split()) == name for line in sheet.texts[1:])


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


def every_word_table(data: bytes, file: str, pool: RawPool) -> list[WordTable] | None:
    """Read the tables of a Word document; None of what is none, or, with a finding, is damaged."""
    try:
        archive = Archive(data)
        return word_tables(archive) if DOCUMENT in archive else None
    except Damaged as problem:
        pool.add("BCF004", file, value=str(problem), expected=problem.expected or "a Word document")
        return None


def _sheets(data: bytes, wanted: Sequence[str], file: str, pool: RawPool) -> Sheets | None:
    """Read the sheets of a workbook of any kind; None, with a finding, when it cannot be read."""
    sheets, findings = _read(data, tuple(wanted), file)
    pool.findings.extend(findings)
    return sheets


@lru_cache(maxsize=4)  # each scenario of a workbook is read from the same sheets of it
def _read(
    data: bytes, wanted: tuple[str, ...], file: str
) -> tuple[Sheets | None, tuple[Finding, ...]]:
    pool = RawPool(file)
    sheets = _sheets_of(data, wanted, file, pool)
    return sheets, tuple(pool.findings)


def _sheets_of(data: bytes, wanted: Sequence[str], file: str, pool: RawPool) -> Sheets | None:
    """Read sheets, with a finding for each total that is doubtful."""
    opened = _opened(data, wanted, file, pool)
    if opened is None:
        return None
    sheets, formulas = opened
    names = _names(sheets, file, pool)
    if names is None:
        return None
    sheets = {names[name]: it for name, it in sheets.items()}
    formulas = {names[name]: it for name, it in formulas.items()}
    values = {name: sheet.values for name, sheet in sheets.items() if sheet}
    pool.findings.extend(doubtful_totals(file, values, formulas))
    return sheets


def _names(sheets: Sheets, file: str, pool: RawPool) -> dict[str, str] | None:
    """Return the names of the tables that sheets are called, in whatever capitals; None for two."""
    names = {name: plain_name(name) if it else name for name, it in sheets.items()}
    if twins := [name for name, many in Counter(names.values()).items() if many > 1]:
        same = [real for real, name in names.items() if name == twins[0]]
        value = f"2 sheets called {' and '.join(map(repr, same[:2]))}"
        pool.add("BCF025", file, value=value, expected="one", sheet=same[0])
        return None
    for real, name in names.items():
        if real != name:
            pool.add("BCF033", file, value=f"{real!r} for {name}", sheet=name)
    return names


def _only_text(data: bytes, wanted: Sequence[str]) -> Damaged:
    """Return what a text with the name of a workbook is: a table of a pool, if it has its columns.

    Args:
        data: of the file.
        wanted: names of the tables that a pool may have.
    """
    message, expected = "not a workbook, but text, such as CSV", f"{WORKBOOK} such as schemes.csv"
    try:
        text, _ = read_text(data)
    except NoText:
        return Damaged(message, expected=expected)
    for name in wanted:
        known = known_of(name)
        start = islice(rows_of_text(text[:_START], separator_of(text, known.likeness)), LOOKED_AT)
        try:
            headed = bool(known.needed) and any(map(known.all_in, start))
        except NoText:
            continue
        if headed:
            message = f"CSV text with the name of a workbook, one table of a pool: {name}"
            expected = f"it as {name}.csv in the folder of a pool, or as a sheet of an .xlsx"
            break
    return Damaged(message, expected=expected)


_START: Final = 2**18
"""Letters of a text among which its headings are looked for."""
_Formulas = Mapping[str, Mapping[Place, Formula]]


def _opened(
    data: bytes, wanted: Sequence[str] | None, file: str, pool: RawPool
) -> tuple[Sheets, _Formulas] | None:
    """Read sheets, all where none is named, and their formulas that add up."""
    try:
        if (what := disguise(data)) and what not in (ZIP, OLD):
            raise Damaged(what)
        if not what and data and b"\0" not in data:
            raise _only_text(data, wanted or ())
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


def _settings_of(
    sheet: Cells, file: str, pool: RawPool, sheet_name: str = SETTINGS, of: str = ""
) -> dict[str, Any]:
    """Read settings: `commentary.over_pounds` names a nested one, `sources.2` one of a list.

    Args:
        sheet: of two columns, the setting and its value; one more before them where it says of
            what they are.
        file: they stand in.
        sheet_name: they stand on.
        pool: they are read into.
        of: whose they are; blank for the pool.
    """
    settings: dict[str, Any] = {}
    first = 1 if of else 0  # column of the name, counted from 0
    for number, texts in enumerate(sheet.texts, start=1):
        if of and " ".join("".join(texts[:1]).split()) != of:
            continue
        name = re.sub(r"\s+", "_", "".join(texts[first : first + 1]).strip().lower())
        value = "".join(texts[first + 1 : first + 2]).strip()
        if name == "setting" and (number == 1 or value.lower() == "value"):
            if number > 1:
                where = {"sheet": sheet_name, "row": number, "value": f"in row {number}"}
                pool.add("BCF019", file, **where)
            continue
        if not name or not value:
            continue  # a setting of the template that nobody filled in
        *outer, last = name.split(".")
        inner = settings
        for part in outer:
            inner = inner.setdefault(part, {})
            if not isinstance(inner, dict):
                break
        if not isinstance(inner, dict) or last in inner:
            cell = address(number, first + 1)
            where = {"row": number, "column": name, "sheet": sheet_name, "cell": cell}
            pool.add("BCF104", file, value="it a second time", expected="one row", **where)
            continue
        cell = pool.settings_cells[name] = address(number, first + 2)
        look = sheet.seen.looks.get((number, first + 2))
        if look and look.code == "BCF223" and name.endswith("percent"):
            said = {"column": name, "sheet": sheet_name, "cell": cell, "value": repr(value)}
            pool.add("BCF223", file, row=number, expected=f"{value}% or {look.shown}%", **said)
        inner[last] = _setting(sheet, number, first + 1)
    return {name: _with_lists(value) for name, value in settings.items()}


def _with_lists(value: Any) -> Any:
    """Return a setting whose inner ones are numbered from 1 as a list."""
    if isinstance(value, str):
        return _STATED.get(value, value)
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(it) for name, it in value.items()}
    numbered = [str(number) for number in range(1, len(inner) + 1)]
    return [inner[it] for it in numbered] if inner and {*inner} == {*numbered} else inner


def _two_columns(sheet: Cells, file: str) -> RawTable:
    """Return the settings as a table, for what a person sees of it."""
    rows = [
        (number, (*line, "", "")[:2])
        for number, line in enumerate(sheet.texts, start=1)
        if any(cell.strip() for cell in line[:2])
    ]
    texts, numbers = tuple(line for _, line in rows), tuple(number for number, _ in rows)
    return RawTable(file, SETTINGS, ("setting", "value"), texts, numbers, (1, 2), sheet.seen)


def _setting(sheet: Cells, row: int, at: int) -> Any:
    """Return the value of a setting: text as it is seen, a percentage, a number or a date."""
    text = sheet.texts[row - 1][at]
    value = [*sheet.values[row - 1], *[None] * (at + 1)][at]
    look = sheet.seen.looks.get((row, at + 1))
    if look and look.code == "BCF222":
        value = float(text.removesuffix("%"))
    if isinstance(value, bool) or not isinstance(value, int | float | datetime):
        return text
    if look and look.code == "BCF026":
        return text
    return int(value) if isinstance(value, float) and value.is_integer() else value

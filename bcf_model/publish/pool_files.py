"""A pool written again as its own inputs: as the files of a folder, or as one workbook.

Text stays as it was typed: a code such as 01 or 3-1, an amount with its noughts, a percentage with
its sign. A number is a number in a workbook only where it is read again as the same text.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.tables import InputTable
from bcf_model.core.whole_pool import PARTS, POOL_ITSELF, SETTINGS, Stated, WholePool
from bcf_model.publish.excel_file import UNDATED
from bcf_model.publish.house_style import AS_TEXT, DARK, DAY, LARGE_COUNT, POUNDS, TYPE, WHITE

_NUMBERS: Final = {"money", "share", "percent", "quantity", "whole"}
"""Forms of cells that may be numbers."""
_PLAIN: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
_MOST_DIGITS: Final = 15
"""As many as a spreadsheet keeps."""
_PENCE: Final = 2  # decimals of pounds
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_NOTHING: Final = {"[]": [], "{}": {}, '""': ""}
"""How a setting is written that is stated, and is nothing."""
_WIDTHS: Final = (9, 44)  # characters: the least and the most of a column
Sheet = tuple[Sequence[str], Sequence[Sequence[Any]]]


# ------------------------------------------------------------------ a folder


def folder_files(whole: WholePool) -> dict[str, bytes]:
    """Return the files of a pool by their names in its folder."""
    files = {}
    for (kind, name), said in whole.items():
        folder = f"{PARTS[kind]}/{name}/" if kind else ""
        if said.settings or not kind:
            files[f"{folder}{kind or SETTINGS}.toml"] = settings_file(said.settings)
        for table, (columns, rows) in said.tables.items():
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows((columns, *rows))
            files[f"{folder}{table}.csv"] = text.getvalue().encode()
    return files


def settings_file(settings: Mapping[str, Any]) -> bytes:
    """Return settings as a TOML file: those that have settings of their own stand last."""
    own = {name: it for name, it in settings.items() if isinstance(it, Mapping) and it}
    lines = [f"{_key(name)} = {_toml(it)}" for name, it in settings.items() if name not in own]
    for name, inner in own.items():
        lines += ["", f"[{_key(name)}]", *(f"{_key(it)} = {_toml(inner[it])}" for it in inner)]
    return "".join(f"{line}\n" for line in lines).encode()


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _toml(name)


def _toml(value: Any) -> str:
    match value:
        case str():
            lines = [_escaped(line) for line in value.split("\n")]
            return f'"{lines[0]}"' if len(lines) == 1 else '"""\n' + "\n".join(lines) + '"""'
        case bool():
            return str(value).lower()
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case Mapping():
            return f"{{ {', '.join(f'{_key(name)} = {_toml(it)}' for name, it in value.items())} }}"
        case list() | tuple():
            return f"[{', '.join(map(_toml, value))}]"
    return repr(value)


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


# ------------------------------------------------------------------ a workbook


def pool_workbook(whole: WholePool, tables: Iterable[InputTable]) -> bytes:
    """Return a pool as a workbook: a sheet for each table, and one or more for settings.

    Args:
        whole: the pool.
        tables: all that it may have, in the order of the sheets.
    """
    stream = io.BytesIO()
    file = new_workbook(stream)
    looks = Looks(file)
    kinds = {table.name: table for table in tables}
    for name, sheet in sheets_of(whole, kinds).items():
        tab = file.add_worksheet(name)
        write_sheet(tab, looks, sheet, forms_of(kinds.get(name)))
    file.close()
    return stream.getvalue()


def new_workbook(stream: io.BytesIO) -> xlsxwriter.Workbook:
    """Begin a workbook in memory; text in it never becomes a formula or a link."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    file = xlsxwriter.Workbook(stream, options)
    file.set_properties({"created": UNDATED})
    return file


class Looks:
    """The formats of a workbook of inputs."""

    def __init__(self, file: xlsxwriter.Workbook, **cells: Any) -> None:
        """Make them; `cells` are the looks of all cells but the headings."""

        def made(**looks: Any) -> Any:
            return file.add_format({**TYPE, **looks})

        self.heading = made(bold=True, font_color=WHITE, bg_color=DARK, text_wrap=True,
                            valign="top", locked=True)  # fmt: skip
        self.text = made(num_format=AS_TEXT, valign="top", **cells)
        self.wrapped = made(num_format=AS_TEXT, valign="top", text_wrap=True, **cells)
        self.number = made(valign="top", **cells)
        self.whole = made(num_format=LARGE_COUNT, valign="top", **cells)
        self.pounds = made(num_format=POUNDS, valign="top", **cells)
        self.day = made(num_format=DAY, valign="top", align="left", **cells)

    def column(self, form: str) -> Any:
        """Return the looks of a column that is yet to be filled in."""
        return self.number if form in _NUMBERS else self.day if form == "date" else self.text


def forms_of(table: InputTable | None) -> dict[str, str]:
    """Return the form of each column of a table, by its heading; none of settings."""
    return {} if table is None else {name: it.form for name, it in table.model.in_file.items()}


def sheets_of(whole: WholePool, names: Iterable[str]) -> dict[str, Sheet]:
    """Return the headings and rows of each sheet, the settings of the pool first.

    Args:
        whole: the pool.
        names: of its tables, in order.
    """
    sheets: dict[str, Sheet] = {
        SETTINGS: (("setting", "value"), [*_pairs(whole[POOL_ITSELF].settings)])
    }
    for name in names:
        if sheet := _sheet(whole, name):
            sheets[name] = sheet
    for kind, name in PARTS.items():
        rows = [
            (own, *pair)
            for (of, own), said in whole.items()
            if of == kind
            for pair in _pairs(said.settings)
        ]
        if rows:
            sheets[name] = ((kind, "setting", "value"), rows)
    return sheets


def _sheet(whole: WholePool, name: str) -> Sheet | None:
    """Return a table of a pool and of all that is kept in it; a column says of which a row is."""
    having: dict[tuple[str, str], Stated] = {
        key: said for key, said in whole.items() if name in said.tables
    }
    if not having:
        return None
    lead = [kind for kind in PARTS if any(of == kind for of, _ in having)]
    columns = [*dict.fromkeys(it for said in having.values() for it in said.tables[name][0])]
    rows = []
    for (kind, own), said in having.items():
        named = [own if it == kind else "" for it in lead]
        headings, cells = said.tables[name]
        if kind and not cells:
            rows.append([*named, *[""] * len(columns)])  # a table without rows was stated
        for row in cells:
            at = dict(zip(headings, row, strict=True))
            rows.append([*named, *(at.get(it, "") for it in columns)])
    return (*lead, *columns), rows


def _pairs(settings: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Return settings with their values: `a.b` names one inside, `a.2` the second of a list."""
    for name, value in settings.items():
        inner = value
        if isinstance(value, list | tuple):
            inner = {str(number): it for number, it in enumerate(value, start=1)}
        if isinstance(inner, Mapping) and inner:
            yield from _pairs(inner, f"{before}{name}.")
        else:
            yield f"{before}{name}", next((it for it, of in _NOTHING.items() if of == value), value)


def write_sheet(tab: Worksheet, looks: Looks, sheet: Sheet, forms: Mapping[str, str]) -> None:
    """Write headings and rows onto a tab, the headings as they are called; frozen."""
    columns, rows = sheet
    for at, name in enumerate(columns):
        tab.write_string(0, at, name, looks.heading)
        longest = max((len(str(row[at])) for row in rows), default=0)
        tab.set_column(at, at, min(max(_WIDTHS[0], len(name) + 2, longest + 1), _WIDTHS[1]),
                       looks.column(forms.get(name, "")))  # fmt: skip
    for i, row in enumerate(rows, start=1):
        for at, (name, cell) in enumerate(zip(columns, row, strict=True)):
            write_cell(tab, looks, (i, at), cell, forms.get(name, ""))
    tab.freeze_panes(1, 0)
    tab.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def write_cell(
    tab: Worksheet, looks: Looks, at: tuple[int, int], cell: Any, form: str = ""
) -> None:
    """Write what a cell says; a blank is not written."""
    match cell:
        case str():
            number = _number(cell) if form in _NUMBERS else None
            if number is not None:
                _, _, decimals = cell.partition(".")
                amount = looks.pounds if decimals else looks.whole
                fits = form == "money" and len(decimals) in (0, _PENCE)
                tab.write_number(*at, number, amount if fits else looks.number)
            elif form == "date" and _is_day(cell):
                tab.write_datetime(*at, datetime.fromisoformat(cell), looks.day)
            elif cell.strip():
                wrap = len(cell) >= _WIDTHS[1]
                tab.write_string(*at, cell, looks.wrapped if wrap else looks.text)
        case date():
            tab.write_datetime(*at, cell, looks.day)
        case int() | float() if not isinstance(cell, bool) and abs(cell) < float("inf"):
            tab.write_number(*at, cell, looks.number)
        case _:
            tab.write_string(*at, str(cell), looks.text)


def _number(text: str) -> float | None:
    """Return the number a text is, where a workbook gives the same text back; else None."""
    digits = text.lstrip("-").replace(".", "").lstrip("0")
    if not _PLAIN.fullmatch(text) or text == "-0" or len(digits) > _MOST_DIGITS:
        return None
    return float(text)


_FIRST_DAY: Final = "1900-03-01"
"""Before it workbooks count days that never were."""


def _is_day(text: str) -> bool:
    """Return whether a text is a day as it is written by `date.isoformat`."""
    try:
        return date.fromisoformat(text).isoformat() == text >= _FIRST_DAY
    except ValueError:
        return False

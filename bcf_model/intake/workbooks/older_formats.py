"""Workbooks openpyxl does not read (.xls, .xlsb, .ods): counted here, and read by calamine.

calamine makes room for every cell up to the last one, gives errors as blanks, and knows no number
format. So what a file claims is counted first, its errors are found, and what would hang on a
format is marked: a number up to 1 in a column of percentages may be a percentage or a fraction.
"""

from collections.abc import Iterable
from typing import Any, Final

from bcf_model.intake.raw_table import Look, Seen, plain_name
from bcf_model.intake.workbooks.guard import Archive, Damaged
from bcf_model.intake.workbooks.number_formats import plain, shown
from bcf_model.intake.workbooks.ods import CONTENT, TRUTH, count_document
from bcf_model.intake.workbooks.separate_process import NotRead, read_apart
from bcf_model.intake.workbooks.sheet_counts import Counted
from bcf_model.intake.workbooks.xls import count_old
from bcf_model.intake.workbooks.xlsb import BINARY, count_binary
from bcf_model.intake.workbooks.xlsx_contents import LARGEST_SHEET

XLS, XLSB, ODS = ".xls", ".xlsb", ".ods"
NOT_SEEN: Final = {
    XLS: "number formats and comments",
    XLSB: "number formats, hidden rows and columns, and comments",
    ODS: "formats that show thousands",
}
"""What of a workbook of each kind is not seen."""


def other_kind(archive: Archive) -> str:
    """Return of which other kind a zipped workbook is; "" of an .xlsx."""
    if CONTENT in archive:
        return ODS
    return XLSB if BINARY in archive else ""


def read_other(
    data: bytes, kind: str, wanted: Iterable[str] | None, archive: Archive | None = None
) -> dict[str, tuple[list[list[Any]], list[list[str]], Seen] | None]:
    """Read the sheets of a workbook of another kind than .xlsx.

    Args:
        data: the bytes of the file.
        kind: `.xls`, `.xlsb` or `.ods`.
        wanted: the sheets to read, as `plain_name` writes them; others are given as None. None for
            all.
        archive: its parts, where it is a zip file.

    Returns:
        By sheet: values, texts as a person sees them, and what else a person sees.

    Raises:
        Damaged: it claims what it cannot be, or cannot be read.
    """
    wanted = None if wanted is None else set(wanted)
    if archive is None:
        counted = count_old(data)
    else:
        counted = count_document(archive) if kind == ODS else count_binary(archive)
        archive.check()
    for name, sheet in counted.items():
        if sheet.height * sheet.width > LARGEST_SHEET:
            value = f"{sheet.height:,} rows by {sheet.width:,} columns"
            expected = f"at most {LARGEST_SHEET:,} cells; look for a stray one"
            raise Damaged(value, "large", expected, name)
    try:
        named = [name for name in counted if wanted is None or plain_name(name) in wanted]
        sheets = read_apart(data, named)
    except NotRead as problem:
        message = f"not a workbook, or a damaged one ({problem})"
        raise Damaged(message) from problem
    return {
        name: _cells(held["values"], counted[name], held["merged"], kind) if held else None
        for name, held in sheets.items()
    }


def _cells(
    values: list[list[Any]], sheet: Counted, merged: list[list[int]], kind: str
) -> tuple[list[list[Any]], list[list[str]], Seen]:
    looks, texts = {}, []
    for row, line in enumerate(values, start=1):
        texts.append(said := [""] * len(line))
        for column, value in enumerate(line, start=1):
            number_format = sheet.formats.get((row, column), "")
            held = bool(value) if number_format == TRUTH else value
            said[column - 1], look = shown(held, number_format)
            doubtful = kind != ODS and isinstance(value, int | float) and 0 < abs(value) <= 1
            if doubtful and not isinstance(value, bool):
                look = Look("BCF223", plain(value * 100))
            if look:
                looks[row, column] = look
    for (row, column), look in sheet.looks.items():
        if row <= len(texts) and column <= len(texts[row - 1]):
            texts[row - 1][column - 1] = texts[row - 1][column - 1] or "#ERROR!"
        looks[row, column] = look
    seen = Seen(
        looks,
        sheet.hidden,
        frozenset(sheet.hidden_rows),
        frozenset(sheet.hidden_columns),
        (*sheet.merged, *((a, b, c, d) for a, b, c, d in merged)),
        tuple(sheet.comments),
    )
    return values, texts, seen

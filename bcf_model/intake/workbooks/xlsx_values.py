"""The values of an .xlsx workbook, read with openpyxl once what the file claims was counted."""

import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from bcf_model.intake.raw_table import Look, Seen, address
from bcf_model.intake.workbooks.guard import Damaged
from bcf_model.intake.workbooks.number_formats import shown
from bcf_model.intake.workbooks.xlsx_contents import LARGEST_SHEET, Claims, Formula, Place, Sheet

Rows = list[list[Any]]
_LONGEST_PROBLEM: Final = 200


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


def read_values(data: bytes, claimed: Claims) -> Sheets:
    """Read the values of what was counted.

    Raises:
        Damaged: the library refuses a part, or finds other sheets than were counted.
    """
    # Imported here: only a workbook needs it, and it takes a third of a second.
    from openpyxl.reader.excel import ExcelReader, apply_stylesheet  # noqa: PLC0415

    parts = {tab.name: tab.part for tab in claimed.tabs if tab.name in claimed.sheets}
    for name, sheet in claimed.sheets.items():
        if sheet.height * sheet.width > LARGEST_SHEET:
            value = f"{sheet.height:,} rows by {sheet.width:,} columns"
            expected = f"at most {LARGEST_SHEET:,} cells; look for a stray one"
            raise Damaged(value, "large", expected, name)
    reading, sheets = "xl/workbook.xml, or a part it names,", Sheets()
    try:
        with warnings.catch_warnings(action="ignore"):  # what it says of parts that are not read
            reader = ExcelReader(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            reader.valid_files = [*parts.values()]  # no other sheets
            # As its `read` does, without properties, themes, and names, whose text may be endless.
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            reader.read_worksheets()
            found = {sheet.title: sheet for sheet in reader.wb.worksheets}
            for tab in claimed.tabs:
                reading = f"{tab.part}, sheet {tab.name},"
                sheets[tab.name] = (
                    _cells(found[tab.name], claimed.sheets[tab.name], hidden=tab.state != "visible")
                    if tab.name in parts
                    else None
                )
    except Exception as problem:  # it has many ways to say that it cannot read a part
        said = " ".join(str(problem).split())[:_LONGEST_PROBLEM]
        message = f"{reading} that cannot be read ({said})"
        raise Damaged(message) from problem
    return sheets


def _cells(tab: Any, sheet: Sheet, *, hidden: bool) -> Cells:
    """Read the cells of a sheet that was counted."""
    looks: dict[tuple[int, int], Look] = {}
    faint: set[tuple[int, int]] = set()
    styles: dict[tuple[int, int], bool] = {}
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
            if cell.value is not None and _is_faint(cell, styles):
                faint.add((row, column))
    for (row, column), formula in sheet.formulas.items():
        if not formula.calculated:
            stored = "without a result" if not formula.stored else f"stored as {formula.stored}"
            texts[row - 1][column - 1] = formula.said
            looks[row, column] = Look("BCF026", f"{formula.said}, {stored}")
    seen = Seen(
        looks,
        hidden,
        frozenset(sheet.hidden_rows),
        frozenset(_covered(sheet.hidden_columns, sheet.width)),
        tuple(sheet.merged),
        tuple(sheet.comments),
        frozenset(faint),
    )
    return Cells(values, texts, seen)


def _is_faint(cell: Any, styles: dict[tuple[int, int], bool]) -> bool:
    """Return whether the text of a cell has the colour of the cell, as of every cell so styled."""
    style = cell.style_array.fontId, cell.style_array.fillId
    if style not in styles:
        fill = cell.fill
        paper = _colour(fill.fgColor) if fill.fill_type == "solid" else _WHITE
        styles[style] = cell.font.color is not None and _colour(cell.font.color) == paper
    return styles[style]


_WHITE: Final = ("FFFFFF", 0.0)
_WHITES: Final = {"theme": (0,), "indexed": (1, 9, 65)}
"""Numbers that stand for white: of a theme, as every theme begins, and of the old palette."""


def _colour(colour: Any) -> tuple[str, float]:
    """Return a colour as what can be compared, and how much lighter or darker it is made."""
    if colour.value in _WHITES.get(colour.type, ()):
        return _WHITE[0], colour.tint
    name = colour.rgb[-6:].upper() if colour.type == "rgb" else f"{colour.type} {colour.value}"
    return name, colour.tint


def _covered(runs: Iterable[tuple[int, int]], last_of_all: int) -> Iterator[int]:
    """Return each number that is in one of the runs, once."""
    done = 0
    for first, last in sorted(runs):
        yield from range(max(first, done + 1), min(last, last_of_all) + 1)
        done = max(done, last)


def sums(sheet: Sheet) -> dict[Place, Formula]:
    """Return the formulas that add up ranges, each as it stands in its own cell.

    Of one that was never calculated nothing is added up: it is left as it was written.
    """
    from openpyxl.formula.translate import Translator  # noqa: PLC0415

    found = {}
    for place, formula in sheet.formulas.items():
        text = formula.text
        if formula.calculated and formula.origin != place:
            try:
                moved = Translator(f"={text}", address(*formula.origin))
                text = str(moved.translate_formula(address(*place))).removeprefix("=")
            except Exception:  # a formula that cannot be parted is not looked at
                continue
        found[place] = formula._replace(text=text)
    return found

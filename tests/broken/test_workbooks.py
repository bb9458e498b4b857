"""The gallery of bad workbooks: each is the sound pool with one defect, and what the user is told.

What is wrong with a table is in the gallery of folders; here is what only a workbook can have.
"""

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill

from bcf_model.pool import check_pool
from tests.longer import slow
from tests.make.workbooks import (
    NAMES,
    binary,
    converted,
    packed,
    replaced,
    sound_cells,
    unpacked,
    workbook,
)

SOUND_BUDGET = 35_352_495
SCHEMES = f"xl/worksheets/sheet{NAMES.index('schemes') + 1}.xml"
RULES = f"xl/worksheets/sheet{NAMES.index('rules') + 1}.xml"
Told = list[tuple[str, str, str, str]]
"""Code, severity, sheet and cell of each finding."""


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    """Write the sound pool as a workbook, once openpyxl changed it."""
    book = openpyxl.load_workbook(workbook(path, sound_cells()))
    change(book)
    book.save(path)
    return path


def told(path: Path) -> tuple[Told, str]:
    """Say what is found, without what an openpyxl-written book may add."""
    inputs, findings = check_pool(path)
    assert (inputs is None) == any(f.severity == "error" for f in findings)
    if inputs is not None:
        assert inputs.schemes["budget"].sum() == SOUND_BUDGET
    said = [(f.code, f.severity, f.sheet, f.cell) for f in findings]
    return said, " / ".join(f.sentence for f in findings)


def _percent(book: Any) -> None:
    for row in (3, 4, 5):
        cell = book["rules"].cell(row, 7)
        cell.value, cell.number_format = cell.value / 100, "0.000000%"


def _percent_setting(book: Any) -> None:
    rows = {row[0].value: row[1] for row in book["pool"].iter_rows()}
    cell = rows["commentary.over_percent"]
    cell.value, cell.number_format = cell.value / 100, "0%"


def _fraction(book: Any) -> None:
    book["rules"]["G3"].value = 0.6


def _hidden_row(book: Any) -> None:
    book["schemes"].row_dimensions[4].hidden = True
    book["schemes"].row_dimensions[400].hidden = True


def _hidden_columns(book: Any) -> None:
    book["schemes"].column_dimensions["H"].width = 0
    book["schemes"].column_dimensions["H"].hidden = True
    book["themes"].sheet_state = "veryHidden"


def _shows_nothing(book: Any) -> None:
    book["schemes"]["H4"].number_format = ";;;"


def _white(book: Any) -> None:
    for row, colour in ((3, "FFFFFFFF"), (4, Color(theme=0)), (5, Color(indexed=9))):
        book["schemes"].cell(row, 8).font = Font(color=colour)
    book["schemes"]["A1"].font = Font(color="FFFFFFFF")
    book["schemes"]["A1"].fill = PatternFill("solid", "FF003366")  # white on blue is no secret
    book["schemes"]["B2"].font = Font(color="FFC00000")
    book["schemes"]["B2"].fill = PatternFill("solid", "00C00000")


def _comment(book: Any) -> None:
    book["schemes"]["I4"].comment = Comment("Accrual of £40k to come\n" + "x" * 200, "A Lead")


def _thread(book: Any) -> None:
    said = (
        "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    Why?"
    )
    book["schemes"]["I4"].comment = Comment(said, "tc={1}")


def _merged(book: Any) -> None:
    for row in (3, 4):
        book["schemes"].cell(row, 2).value = None
    book["schemes"].merge_cells("B2:B4")


def _merged_amount(book: Any) -> None:
    book["schemes"].merge_cells("H2:H3")


def _merged_across(book: Any) -> None:
    book["schemes"].merge_cells("E2:F2")


def _merged_heading(book: Any) -> None:
    book["schemes"].merge_cells("B1:B2")


def _merged_blanks(book: Any) -> None:
    book["schemes"].merge_cells("K2:K4")
    book["schemes"].merge_cells("K5:L5")


def _thousands(book: Any) -> None:
    for row in (2, 3):
        book["schemes"].cell(row, 8).number_format = "#,##0,"


def _thousands_of_thousands(book: Any) -> None:
    _thousands(book)
    rows = {row[0].value: row[1] for row in book["pool"].iter_rows()}
    rows["unit"].value = "thousands"


def _euros(book: Any) -> None:
    book["schemes"]["H4"].number_format = "[$€-2] #,##0.00"


def _date_code(book: Any) -> None:
    cell = book["schemes"]["A4"]
    cell.value, cell.number_format = datetime.datetime(2026, 3, 1), "d-mmm"


def _power_code(book: Any) -> None:
    cell = book["schemes"]["A4"]
    cell.value, cell.number_format = 50.0, "0.00E+00"


GALLERY: dict[str, tuple[Callable[[Any], None], Told, str]] = {
    "percent cells": (
        _percent,
        [("BCF222", "note", "rules", "G3")],
        "found 3 cells, the first 0.33333333 is 33.333333%",
    ),
    "a setting in percent": (
        _percent_setting,
        [("BCF222", "note", "pool", "B10")],
        "1 cell 0.015 is 1.5%",
    ),
    "a fraction": (
        _fraction,
        [("BCF223", "error", "rules", "G3")],
        "found '0.6'; expected 0.6% or 60%",
    ),
    "a hidden row": (
        _hidden_row,
        [("BCF020", "warning", "schemes", "")],
        "found 1 row (4), budget £30,000.01, expenditure £29,999.98",
    ),
    "a hidden column and a hidden sheet": (
        _hidden_columns,
        [("BCF020", "warning", "schemes", ""), ("BCF020", "warning", "themes", "")],
        "column H, £353,524.95 in all",
    ),
    "a format that shows nothing": (
        _shows_nothing,
        [("BCF020", "warning", "schemes", "H4")],
        "a format that shows nothing",
    ),
    "a comment": (
        _comment,
        [("BCF023", "warning", "schemes", "I4")],
        f"'Accrual of £40k to come {'x' * 55}…'",
    ),
    "a thread of comments": (_thread, [("BCF023", "warning", "schemes", "I4")], "found 'Why?'"),
    "a merged name": (_merged, [("BCF024", "note", "schemes", "B2")], "found '1' in B2:B4"),
    "a merged amount": (_merged_amount, [("BCF028", "error", "schemes", "H2")], "found H2:H3"),
    "text in the colour of its cell": (
        _white,
        [("BCF020", "warning", "schemes", "B2"), ("BCF020", "warning", "schemes", "H3")],
        "found 3 cells, the first in the colour of its cell, £157,179.28",
    ),
    "merged blanks": (_merged_blanks, [], ""),
    "merged across": (_merged_across, [("BCF028", "error", "schemes", "F2")], "found E2:F2"),
    "a merged heading": (_merged_heading, [("BCF028", "error", "schemes", "B2")], "found B1:B2"),
    "thousands shown": (
        _thousands,
        [("BCF226", "warning", "schemes", "H2")],
        "2 cells, the first 120 stands for 120000",
    ),
    "a code that is a date": (
        _date_code,
        [("BCF224", "error", "schemes", "A4")],
        "found 1 March 2026, shown 1-Mar (perhaps 1-3, or 3-1 with American settings)",
    ),
    "a code that is a power": (
        _power_code,
        [("BCF224", "error", "schemes", "A4")],
        "found 50, shown 5.00E+01",
    ),
    "euros": (_euros, [("BCF204", "error", "schemes", "H4")], "found '€30000.01'"),
}


@pytest.mark.parametrize("name", GALLERY)
def test_a_workbook_gives_these_findings_and_no_others(tmp_path: Path, name: str) -> None:
    change, expected, words = GALLERY[name]
    said, sentences = told(changed(tmp_path / "x.xlsx", change))
    assert [it for it in said if it[0] not in ("BCF308", "BCF301")] == expected
    assert words in sentences


def test_amounts_shown_in_thousands_where_the_unit_is_thousands(tmp_path: Path) -> None:
    """£120,000 may be meant, or £120m: both readings are told."""
    said, sentences = told(changed(tmp_path / "x.xlsx", _thousands_of_thousands))
    assert ("BCF029", "error", "schemes", "H2") in said
    assert "found 120 shown, 120000 stored; expected what is shown to be in thousands" in (
        sentences
    )


# ------------------------------------------------------------------ formulas


def with_formula(path: Path, cell: str, formula: str, value: Any, *, saved: bool) -> Path:
    """Write the sound pool with a formula in `schemes` and its stored result.

    Args:
        path: of the workbook.
        cell: where the formula stands.
        formula: with its equals sign.
        value: the result that is stored.
        saved: whether a spreadsheet program saved it, or another one wrote it, as xlsxwriter does:
            such a workbook asks to be calculated when it is opened.
    """

    def finish(book: Any) -> None:
        book.get_worksheet_by_name("schemes").write_formula(cell, formula, None, value)

    workbook(path, sound_cells(), finish)
    return replaced(path, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"") if saved else path


def test_a_nil_that_a_program_stored_is_not_believed(tmp_path: Path) -> None:
    """xlsxwriter stores 0 with every formula it is given no result for: 30,000.01 would be nil."""
    path = with_formula(tmp_path / "x.xlsx", "H4", "=SUM(Z1:Z9)", 0, saved=False)
    said, sentences = told(path)
    assert said == [("BCF026", "error", "schemes", "H4")]
    assert "found =SUM(Z1:Z9), stored as 0; expected a result" in sentences


def test_a_blank_that_a_program_stored_is_not_believed(tmp_path: Path) -> None:
    path = with_formula(tmp_path / "x.xlsx", "G4", '=IF(TRUE,"aligned","")', "", saved=False)
    assert told(path)[0] == [("BCF026", "error", "schemes", "G4")]


def test_a_formula_openpyxl_wrote_has_no_result(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["schemes"]["G4"].value = '=IF(TRUE,"aligned","")'

    assert told(changed(tmp_path / "x.xlsx", change))[0] == [("BCF026", "error", "schemes", "G4")]


@slow
@pytest.mark.parametrize(
    ("cell", "formula", "value", "saved"),
    [
        ("H7", "=0*1", 0, True),  # nil, and a spreadsheet program has calculated it
        ("H4", "=30000+0.01", 30000.01, True),
        ("H4", "=30000+0.01", 30000.01, False),  # what is not nil, a program has calculated
    ],
)
def test_a_result_is_believed(
    tmp_path: Path, cell: str, formula: str, value: Any, saved: bool
) -> None:
    assert told(with_formula(tmp_path / "x.xlsx", cell, formula, value, saved=saved))[0] == []


# ------------------------------------------------------------------ the workbook's own totals


def with_total(path: Path, formula: str, stored: float, typed: str = "") -> Path:
    """Write the sound pool with a control total that the workbook adds up itself."""
    sheets = sound_cells()
    if typed:
        sheets["schemes"][3][7] = typed
    totals = sheets["control_totals"]

    def finish(book: Any) -> None:
        at = totals[0].index("amount")
        sheet = book.get_worksheet_by_name("control_totals")
        sheet.write_formula(1, at, formula, None, stored)

    return workbook(path, sheets, finish)


def test_a_total_that_leaves_out_text_is_named(tmp_path: Path) -> None:
    """SUM passes over '30,000.01' where it was typed as text; who reads the column does not."""
    path = with_total(tmp_path / "x.xlsx", "=SUM(schemes!H2:H7)", 311_179.27, "30,000.01")
    said, sentences = told(path)
    assert ("BCF227", "error", "control_totals", "B2") in said
    assert "found =SUM(schemes!H2:H7) without schemes!H4 '30,000.01'" in sentences


def test_a_total_of_yesterday_is_named(tmp_path: Path) -> None:
    path = with_total(tmp_path / "x.xlsx", "=SUM(schemes!H2:H7)", 341_179.27)
    said, sentences = told(path)
    assert ("BCF026", "error", "control_totals", "B2") in said
    assert "stored as 341,179.27; expected 341,179.28" in sentences


@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(schemes!H2:H7)",
        "=SUM('schemes'!$H$2:$H$5,schemes!H6:H7)",
        "=SUM(schemes!H:H)-schemes!H8",
        "=SUBTOTAL(109,schemes!H2:H7)",
        '=SUMIFS(schemes!H2:H8,schemes!G2:G8,"pooled")',
        "=SUM(Elsewhere!A1:A9)",
        "=SUM(schemes!H2:H7 schemes!H2:H7)",
        "=SUM(of_the_pool)",
    ],
)
def test_a_total_that_is_right_or_not_known_is_left_alone(tmp_path: Path, formula: str) -> None:
    assert told(with_total(tmp_path / "x.xlsx", formula, 341_179.28))[0] == []


# ------------------------------------------------------------------ what cannot be


def with_part(path: Path, part: str, old: bytes, new: bytes) -> Path:
    return replaced(workbook(path, sound_cells()), part, old, new)


CANNOT_BE: dict[str, tuple[str, bytes, bytes, str, str, str]] = {
    # part, what stands there, what is put there, code, cell, words
    "two cells": (SCHEMES, b'r="B2"', b'r="A2"', "BCF025", "A2", "cell A2 a second time"),
    "two rows": (SCHEMES, b'<row r="3"', b'<row r="2"', "BCF025", "", "row 2 a second time"),
    "a cell of another row": (SCHEMES, b'r="B2"', b'r="B9"', "BCF004", "", "where it stands"),
    "no number": (SCHEMES, b"<v>30000.01</v>", b"<v>3_0</v>", "BCF004", "H4", "'3_0' where a n"),
    "not a number": (SCHEMES, b"<v>30000.01</v>", b"<v>nan</v>", "BCF004", "H4", "'nan' where a"),
    "two values": (
        SCHEMES, b"<v>30000.01</v>", b"<v>1</v><v>2</v>", "BCF004", "H4", "two values in one cell"
    ),
    "a value in pieces": (SCHEMES, b"<v>30000.01</v>", b"<v>3<b/></v>", "BCF004", "H4", "<b> with"),
    "a row of something else": (
        SCHEMES, b"</row>", b"<x/></row>", "BCF004", "", "<x> where no cell can stand"
    ),
    "far away": (
        SCHEMES, b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        "BCF014", "", "1,048,576 rows by 16,384 columns",
    ),
    "a document type": (
        SCHEMES, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet', "BCF004", "",
        "declares a document type",
    ),
    "another namespace": (
        SCHEMES, b"spreadsheetml/2006/main", b"elsewhere", "BCF004", "", "not in Excel's namespace"
    ),
    "strict": (
        "xl/workbook.xml", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main", "BCF004", "",
        "Strict Open XML, which few programs read; expected a copy saved as an ordinary",
    ),
    "two sheets of a name": (
        "xl/workbook.xml", b'name="themes"', b'name="Schemes"', "BCF025", "",
        "2 sheets called 'Schemes' and 'schemes'",
    ),
    "two sheets in a part": (
        "xl/_rels/workbook.xml.rels", b"sheet2.xml", b"sheet1.xml", "BCF025", "", "in one part"
    ),
    "merged over each other": (
        SCHEMES, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:K9"/><mergeCell '
        b'ref="A1:K9"/></mergeCells>', "BCF004", "", "merged cells that overlap",
    ),
    "nested too deep": (
        SCHEMES, b"</sheetData>", b"</sheetData>" + b"<a>" * 60 + b"</a>" * 60, "BCF004", "",
        "elements within each other, more than 40 deep",
    ),
    "a format nobody defined": (
        "xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="x"/></cellXfs>', "BCF004", "",
        "that cannot be read",
    ),
    "a format longer than any": (
        "xl/styles.xml", b"</cellXfs>", b'</cellXfs><numFmts><numFmt numFmtId="200" formatCode="'
        + b"[" * 256 + b'"/></numFmts>', "BCF004", "",
        "xl/styles.xml: a number format of 256 characters; expected at most 255, as Excel allows",
    ),
    "what follows the rows before them": (
        SCHEMES, b"<sheetData>", b'<conditionalFormatting sqref="A1 A2"/><sheetData>', "BCF004", "",
        "<conditionalFormatting> before the end of the rows",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CANNOT_BE)
def test_what_cannot_be_is_refused_in_words(tmp_path: Path, name: str) -> None:
    part, old, new, code, cell, words = CANNOT_BE[name]
    inputs, [finding] = check_pool(with_part(tmp_path / "x.xlsx", part, old, new))
    assert inputs is None
    assert (finding.code, finding.cell) == (code, cell)
    assert words in finding.sentence


def test_every_error_has_its_place_and_the_rest_is_checked(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for cell, said in (("H4", "#SPILL!"), ("G5", "#CALC!"), ("K6", "#BLOCKED!")):
            book["schemes"][cell].value, book["schemes"][cell].data_type = said, "e"
        book["schemes"]["I2"].value = "about 5"

    said, sentences = told(changed(tmp_path / "x.xlsx", change))
    cells = {"H4": "BCF213", "G5": "BCF213", "K6": "BCF213", "I2": "BCF202"}
    assert {cell: code for code, _, _, cell in said} == cells
    assert "x.xlsx, sheet schemes, H4 (row 4, column budget): A cell holds a spr" in sentences


def test_two_parts_whose_names_differ_in_capitals(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", sound_cells())
    parts = unpacked(path.read_bytes())
    path.write_bytes(packed({**parts, SCHEMES.upper(): parts[SCHEMES]}))
    _, [finding] = check_pool(path)
    assert finding.code == "BCF025"
    assert f"{SCHEMES} and {SCHEMES.upper()}" in finding.value


def test_cells_that_do_not_say_where_they_stand_follow_each_other(tmp_path: Path) -> None:
    """As some programs write them: the rule is that of the format, and of openpyxl."""
    path = workbook(tmp_path / "x.xlsx", sound_cells())
    parts = unpacked(path.read_bytes())
    for name in parts:
        if name.startswith("xl/worksheets/"):
            parts[name] = re.sub(rb'(<c|<row) r="[A-Z]*[0-9]+"', rb"\1", parts[name])
    blanks = re.compile(rb"<c/>")
    assert not blanks.search(parts[SCHEMES])
    path.write_bytes(packed(parts))
    codes = {finding.code for finding in check_pool(path)[1]}
    assert not codes & {"BCF004", "BCF025"}


# ------------------------------------------------------------------ other kinds of workbook


def _all_percent(book: Any) -> None:
    for row in range(2, 7):
        cell = book["rules"].cell(row, 7)
        cell.value, cell.number_format = round(cell.value / 100, 8), "0%"
    _percent_setting(book)


def _much(book: Any) -> None:
    _merged(book)
    _hidden_row(book)
    _comment(book)
    book["schemes"]["G5"].value = "=1/0"


def _stray(book: Any) -> None:
    book["themes"].cell(60_000, 200).value = "stray"


def _calculated(book: Any) -> None:
    book["schemes"]["H7"].value = "=H2-H2"


OTHERS = {"sound": str, "percent": _all_percent, "much": _much, "stray": _stray}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[Told, str]]:
    """Say what is found of the sound pool, changed in several ways, as each kind of workbook."""
    folder = tmp_path_factory.mktemp("other")
    paths = [changed(folder / f"{name}.xlsx", change) for name, change in OTHERS.items()]
    found = {}
    for kind in ("ods", "xls"):
        found |= {(path.stem, kind): told(path) for path in converted(paths, kind)}
    calculated = changed(folder / "calculated.xlsx", _calculated)
    (path,) = converted([calculated], "xlsx:Calc MS Excel 2007 XML")
    found["calculated", "xlsx"] = told(path)
    path = folder / "sound.xlsb"
    path.write_bytes(binary(sound_cells()))
    found["sound", "xlsb"] = told(path)
    return found


Saved = dict[tuple[str, str], tuple[Told, str]]


@slow
def test_a_workbook_a_spreadsheet_program_saved_is_believed(saved: Saved) -> None:
    """A nil is a nil, once it was calculated."""
    assert saved["calculated", "xlsx"][0] == []


@slow
@pytest.mark.parametrize("kind", ["ods", "xls", "xlsb"])
def test_a_workbook_of_another_kind_is_read(saved: Saved, kind: str) -> None:
    said, sentences = saved["sound", kind]
    assert said == [("BCF027", "warning", "", "")]
    assert f"found .{kind}, read without " in sentences


@slow
def test_a_percentage_of_an_old_workbook_is_refused_with_both_readings(saved: Saved) -> None:
    """In .xls 60% is 0.6, and 100% is 1: nobody can tell it from six tenths of a percent."""
    said, sentences = saved["percent", "xls"]
    assert [it for it in said if it[1] == "error"] == [
        ("BCF223", "error", sheet, cell)
        for sheet, cell in [("pool", "B10"), *(("rules", f"G{row}") for row in range(2, 7))]
    ]
    assert "G2 (row 2, column share)" in sentences
    assert "found '1'; expected 1% or 100%" in sentences
    said, sentences = saved["percent", "ods"]
    assert said == [
        ("BCF027", "warning", "", ""),
        ("BCF222", "note", "pool", "B10"),
        ("BCF222", "note", "rules", "G2"),
    ]


@slow
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_what_is_hidden_merged_remarked_on_or_an_error_in_other_kinds(
    saved: Saved, kind: str
) -> None:
    said = {it for it in saved["much", kind][0] if it[0] != "BCF027"}
    comment = {("BCF023", "warning", "schemes", "I4")} if kind == "ods" else set()
    assert said == comment | {
        ("BCF213", "error", "schemes", "G5"),
        ("BCF020", "warning", "schemes", ""),
        ("BCF024", "note", "schemes", "B2"),
    }


@slow
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_a_stray_cell_far_away_in_other_kinds(saved: Saved, kind: str) -> None:
    said, sentences = saved["stray", kind]
    assert said == [("BCF014", "error", "themes", "")]
    assert "60,000 rows by 200 columns" in sentences


def test_an_error_in_a_binary_workbook_has_its_place(tmp_path: Path) -> None:
    sheets = sound_cells()
    sheets["schemes"][3][sheets["schemes"][0].index("pooling")] = None
    path = tmp_path / "x.xlsb"
    path.write_bytes(binary(sheets))
    assert ("BCF213", "error", "schemes", "G4") in told(path)[0]


def test_passwords_are_said(tmp_path: Path) -> None:
    """A file with a password is a compound file that holds another."""
    name = "EncryptedPackage".encode("utf-16-le")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\x00\x06\x00" + bytes(10)
    header += (1).to_bytes(4, "little") + (1).to_bytes(4, "little")  # one table; folder in sector 1
    header = header.ljust(60, b"\0") + b"\xfe\xff\xff\xff" + bytes(4) + b"\xfe\xff\xff\xff"
    header = header.ljust(76, b"\0") + bytes(4) + b"\xff\xff\xff\xff" * 108
    table = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff\xff\xff\xff" * 126
    entry = name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little")
    path = tmp_path / "x.xlsx"
    path.write_bytes(header + table + entry.ljust(512, b"\0"))
    _, [finding] = check_pool(path)
    assert (finding.code, finding.value) == ("BCF004", "a password")
    assert finding.expected == "a copy without it"

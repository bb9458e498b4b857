"""The marked copy: every finding in its cell, and nothing else of the workbook changed."""

import io
import os
import re
import shutil
import struct
import time
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from openpyxl.comments import Comment

from bcf_model.cli import cli
from bcf_model.core.findings import CATALOGUE, Finding
from bcf_model.intake.as_displayed import told
from bcf_model.intake.raw_table import LARGEST_FILE, RawTable, Seen
from bcf_model.pool import check_pool
from bcf_model.publish.marked_copy import NotPatched, marked_copy
from bcf_model.publish.marked_mirror import mirror, sheet_names
from bcf_model.publish.marks import MOST_COMMENTS, cell_of, comment, link_to, marks
from tests.longer import longer
from tests.make.places import SOUND
from tests.make.recalculate import differences, libreoffice
from tests.make.workbooks import binary, converted, replaced, sound_cells
from tests.make.workbooks import workbook as workbook_of
from tests.unit.test_pool import FORMULA_INJECTIONS

ABOUT = "A copy."
FIRST = {"error": "Error: ", "warning": "Warning: ", "note": "Note: "}
BORDER = {"error": "medium", "warning": "mediumDashed", "note": "dotted"}
HOSTILE = "It's \"a\" <b> & 'c'! of 31 signs"


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def picture() -> io.BytesIO:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    row = zlib.compress(b"\0\xff\0\0")
    parts = ((b"IHDR", head), (b"IDAT", row), (b"IEND", b""))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*it) for it in parts))


def full(sheet: str = HOSTILE) -> bytes:
    """A workbook with everything that a library may lose."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    tab, other = book.add_worksheet(sheet), book.add_worksheet("Checklist")
    pounds = book.add_format({"num_format": "£#,##0.00", "bold": True, "bg_color": "#00FF00"})
    tab.set_column(6, 6, 12, pounds)
    for row in range(5):
        tab.write_number(row, 0, row + 1, pounds)
        tab.write_formula(row, 1, f"=A{row + 1}*2", None, 2 * (row + 1))
    tab.write_comment(0, 0, "her own words", {"author": "Her"})
    tab.insert_image(8, 1, "dot.png", {"image_data": picture()})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": [sheet, 0, 0, 4, 0]})
    tab.insert_chart(10, 1, chart)
    tab.data_validation(0, 3, 9, 3, {"validate": "list", "source": ["a", "b"]})
    tab.conditional_format(0, 0, 4, 0, {"type": "cell", "criteria": ">", "value": 3,
                                        "format": pounds})  # fmt: skip
    tab.merge_range("E1:F2", "merged")
    tab.add_table("H1:I4", {"columns": [{"header": "one"}, {"header": "two"}]})
    tab.set_footer("&CPage &P")
    tab.protect("secret")
    other.write_string(0, 0, "hers")
    book.define_name("mine", "=Checklist!$A$1")
    book.close()
    return stream.getvalue()


def at(cell: str, code: str = "BCF201", sheet: str = HOSTILE, **said: str) -> Finding:
    row = int(re.sub("[A-Z]", "", cell))
    return Finding(code, "book.xlsx", row, "column", sheet=sheet, cell=cell, **said)


def by_severity(severity: str) -> str:
    return next(code for code, kind in CATALOGUE.items() if kind.severity == severity)


FOUND = [
    at("A1", by_severity("error"), value="nil", expected="one"),
    at("A1", by_severity("note")),
    at("B2", by_severity("warning")),
    at("C3", by_severity("note")),
    at("G900", by_severity("error")),
    at("XFD1", by_severity("error")),
    Finding("BCF002", "book.xlsx", sheet=HOSTILE),
    Finding("BCF001", ""),
]


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def test_every_finding_stands_in_its_cell_and_on_the_checklist() -> None:
    assert len(HOSTILE) == 31
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(parts(full()), FOUND, ABOUT)))
    tab, listed = book[HOSTILE], book["Checklist 2"]
    assert book.sheetnames == [HOSTILE, "Checklist", "Checklist 2"]
    for mark in marks(FOUND):
        cell = tab[mark.cell]
        assert cell.border.left.style == BORDER[mark.severity], mark.cell
        for it in mark.found:
            assert (
                f"{FIRST[it.severity]}{it.code}. {CATALOGUE[it.code].meaning}" in cell.comment.text
            )
            assert it.remedy in cell.comment.text
    assert tab["A1"].comment.text.startswith("her own words\n\nError: ")
    assert len({tab[it].fill.fgColor.rgb for it in ("A1", "B2", "C3")}) == 3
    links = {
        cell.coordinate: cell.hyperlink.location
        for row in listed.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    rows = [row for row in listed.iter_rows() if str(row[1].value).startswith("BCF")]
    assert len(rows) == len(FOUND)
    found = sorted(FOUND, key=lambda it: [*FIRST].index(it.severity))
    for row, it in zip(rows, found, strict=True):
        assert row[0].value == it.severity.capitalize() and row[6].value == it.remedy
        assert links.get(row[2].coordinate) == (
            link_to(it.sheet, cell_of(it)) if it.sheet else None
        )
    assert (
        listed["A2"].value
        == f"{sum(it.severity == 'error' for it in FOUND)} errors, 1 warning, 2 notes."
    )


def test_nothing_of_hers_is_lost() -> None:
    data = full()
    copy = marked_copy(parts(data), FOUND, ABOUT)
    before, after = parts(data), parts(copy)
    patched = {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert {name for name in before if before[name] != after[name]} == patched
    assert after.keys() - before.keys() == {"xl/worksheets/sheetBcf1.xml"}
    old, new = (openpyxl.load_workbook(io.BytesIO(it), data_only=True) for it in (data, copy))
    for name in old.sheetnames:
        for row in old[name].iter_rows():
            for cell in row:
                other = new[name][cell.coordinate]
                assert (cell.value, cell.number_format, repr(cell.font), repr(cell.protection)) == (
                    other.value, other.number_format, repr(other.font), repr(other.protection)
                )  # fmt: skip
        assert old[name].protection.sheet == new[name].protection.sheet
        assert len(old[name].data_validations.dataValidation) == len(
            new[name].data_validations.dataValidation
        )
    assert new[HOSTILE]["G900"].number_format == "£#,##0.00"  # as its column, though it is new
    assert new[HOSTILE]["B5"].value == 10


def test_what_is_found_becomes_neither_a_formula_nor_markup() -> None:
    found = [at(f"C{i}", value=text, expected=text) for i, text in enumerate(FORMULA_INJECTIONS, 1)]
    found.append(at("D1", value="_x0041_"))
    for data in (
        marked_copy(parts(full()), found, ABOUT),
        mirror({HOSTILE: [[text] for text in FORMULA_INJECTIONS]}, found, ABOUT),
    ):
        book = openpyxl.load_workbook(io.BytesIO(data))
        listed = book[next(it for it in reversed(book.sheetnames) if it.startswith("Checklist"))]
        texts = {cell.value for row in listed.iter_rows() for cell in row if cell.data_type != "n"}
        assert {it.value for it in found if "_x" not in it.value} <= texts
        assert not any(cell.data_type == "f" for row in listed.iter_rows() for cell in row)
        links = [cell.hyperlink for row in listed.iter_rows() for cell in row if cell.hyperlink]
        assert len(links) == len(found) and all(it.location and not it.id for it in links)
    text = parts(marked_copy(parts(full()), found, ABOUT))["xl/worksheets/sheetBcf1.xml"]
    assert b"_x005F_x0041_" in text and b"<script>" not in text and b"<f>" not in text


def test_ten_thousand_findings_are_marked_and_listed_and_the_first_commented() -> None:
    found = [at(f"C{row}") for row in range(1, 10_001)]
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(parts(full()), found, ABOUT)))
    tab, listed = book[HOSTILE], book["Checklist 2"]
    assert sum(row[2].comment is not None for row in tab.iter_rows()) == MOST_COMMENTS
    assert {tab[f"C{row}"].border.left.style for row in range(1, 10_001)} == {"medium"}
    assert listed.max_row > 10_000
    assert "10,000" in " ".join(str(listed[f"A{row}"].value) for row in range(1, 6))


def test_a_sheet_without_cells_and_comments_is_given_them() -> None:
    found = [at(cell, sheet="Plain") for cell in ("B2", "A2", "C9", "A1")]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("Plain")
    tab = openpyxl.load_workbook(io.BytesIO(marked_copy(parts(stream.getvalue()), found, ABOUT)))[
        "Plain"
    ]
    assert [tab[it.cell].comment is not None for it in found] == [True] * 4


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part, text in parts(data).items():
            assert part != name or old in text
            file.writestr(part, text.replace(old, new) if part == name else text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (SHEET, b"</sheetData>", b"</sheetDat>"),
        (SHEET, b"<worksheet ", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet "),
        (SHEET, b"<worksheet ", b"<x:worksheet xmlns:x='a' "),
        (SHEET, b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
        (SHEET, b'r="A1"', b'r="?1"'),
        ("xl/styles.xml", b"<cellXfs", b"<cellXf"),
        ("xl/workbook.xml", b"spreadsheetml/2006/main", b"spreadsheetml/2006/strict"),
        ("xl/comments1.xml", b"commentList", b"commentLost"),
        ("xl/drawings/vmlDrawing1.vml", b"</xml>", b"</xm>"),
        ("[Content_Types].xml", b"<Types", b"<Typ"),
    ],
)
def test_what_cannot_be_patched_without_risk_is_refused(name: str, old: bytes, new: bytes) -> None:
    with pytest.raises(NotPatched):
        marked_copy(parts(changed(full(), name, old, new)), FOUND, ABOUT)


@pytest.mark.parametrize("length", [0, 4, 900, -40])
def test_a_damaged_file_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / "bad.xlsx").write_bytes(full()[:length])
    done = bcf("check", tmp_path / "bad.xlsx", "-o", tmp_path / "checked.xlsx")
    assert done.exit_code == 3 and "Traceback" not in done.output
    book = openpyxl.load_workbook(tmp_path / "checked.xlsx")
    assert book.sheetnames == ["Checklist"] and book["Checklist"]["A2"].value.startswith("1 error")


def test_a_part_that_is_missing_is_refused() -> None:
    for name in ("xl/workbook.xml", "_rels/.rels", SHEET, "xl/styles.xml", "[Content_Types].xml"):
        given = parts(full())
        del given[name]
        with pytest.raises(NotPatched):
            marked_copy(given, FOUND, ABOUT)


def test_a_signature_that_holds_no_longer_is_said() -> None:
    out = io.BytesIO(full())
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("_xmlsignatures/sig1.xml", "<a/>")
    listed = openpyxl.load_workbook(io.BytesIO(marked_copy(parts(out.getvalue()), FOUND, ABOUT)))
    assert "signature" in str(listed["Checklist 2"]["A4"].value)


# ------------------------------------------------------------------ the command


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A pool with a theme that is not there, and a formula that was never calculated."""
    assert bcf("convert", SOUND, tmp_path / "hers.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "hers.xlsx")
    book["schemes"]["B2"], book["schemes"]["H3"] = "nope", "=1+1"
    book["schemes"]["D3"].comment = Comment("her own", "Her")
    book.save(tmp_path / "hers.xlsx")
    return tmp_path / "hers.xlsx"


def test_the_copy_is_marked_and_her_file_is_as_it_was(workbook: Path, tmp_path: Path) -> None:
    before = workbook.read_bytes()
    plain = bcf("check", workbook)
    done = bcf("check", workbook, "-o", tmp_path / "checked.xlsx")
    assert done.exit_code == plain.exit_code == 3
    assert done.stdout.startswith(plain.stdout)
    assert workbook.read_bytes() == before
    tab = openpyxl.load_workbook(tmp_path / "checked.xlsx")["schemes"]
    assert tab["B2"].comment.text.startswith("Error: BCF302")
    assert tab["H3"].comment.text.startswith("Error: BCF026")
    assert tab["H3"].value == "=1+1" and tab["D3"].comment.text.startswith("her own")


@pytest.mark.parametrize("form", ["json", "csv"])
def test_other_forms_stay_what_they_are(workbook: Path, tmp_path: Path, form: str) -> None:
    plain = bcf("check", workbook, "--format", form)
    done = bcf("check", workbook, "--format", form, "-o", tmp_path / "checked.xlsx")
    assert done.stdout == plain.stdout and "checked.xlsx" in done.stderr


@pytest.mark.parametrize("how", ["same", "hard", "symbolic", "dangling", "other"])
def test_nothing_that_stands_is_overwritten(workbook: Path, tmp_path: Path, how: str) -> None:
    out = workbook if how == "same" else tmp_path / "there.xlsx"
    if how == "hard":
        os.link(workbook, out)
    elif how in ("symbolic", "dangling"):
        out.symlink_to(workbook if how == "symbolic" else tmp_path / "gone.xlsx")
    elif how == "other":
        out.write_text("mine")
    before = workbook.read_bytes()
    done = bcf("check", workbook, "-o", out)
    assert done.exit_code == 1 and "is there already, and is left as it is" in done.stderr
    assert workbook.read_bytes() == before


def test_a_copy_has_the_ending_of_a_workbook_and_lies_beside_the_pool(tmp_path: Path) -> None:
    pool = shutil.copytree(SOUND, tmp_path / "pool")
    assert bcf("check", pool, "-o", tmp_path / "checked.csv").exit_code == 2
    assert bcf("check", pool, "-o", pool / "checked.xlsx").exit_code == 2
    assert not (pool / "checked.xlsx").exists()


def test_of_a_folder_the_cells_are_shown_as_they_were_read(tmp_path: Path) -> None:
    pool = shutil.copytree(SOUND, tmp_path / "pool")
    text = (pool / "schemes.csv").read_text(encoding="utf-8")
    (pool / "schemes.csv").write_text(text.replace("S1,1,", "S1,nope,", 1), encoding="utf-8")
    done = bcf("check", pool, "-o", tmp_path / "checked.xlsx")
    assert done.exit_code == 3 and "the cells as they were read" in done.stdout
    book = openpyxl.load_workbook(tmp_path / "checked.xlsx")
    assert book["schemes"]["B2"].comment.text.startswith("Error: BCF302")
    assert book["schemes"]["B2"].value == "nope" and "pool.toml" in book.sheetnames
    assert str(book["Checklist"]["A3"].value).startswith("The cells of pool as they were read")
    assert bcf("check", pool).stdout in done.stdout


def test_prefixed_xml_is_mirrored_and_said(workbook: Path, tmp_path: Path) -> None:
    data = workbook.read_bytes()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts(data).items():
            said = text
            if name.startswith("xl/worksheets/sheet"):
                said = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", text).replace(
                    b"xmlns=", b"xmlns:x="
                )
            file.writestr(name, said)
    workbook.write_bytes(out.getvalue())
    done = bcf("check", workbook, "-o", tmp_path / "checked.xlsx")
    assert done.exit_code == 3 and "the cells as they were read" in done.stdout, done.stderr
    book = openpyxl.load_workbook(tmp_path / "checked.xlsx")
    assert "and no copy of it" in str(book["Checklist"]["A3"].value)


def test_a_ledger_is_no_pool_and_nothing_is_written(tmp_path: Path) -> None:
    rows = [f"400{i},Homecare {i},{100 + i}.50" for i in range(1, 9)]
    (tmp_path / "ledger.csv").write_text("\n".join(["Cost Centre,Description,Amount", *rows]))
    done = bcf("check", tmp_path / "ledger.csv", "-o", tmp_path / "checked.xlsx")
    assert done.exit_code == 3 and "not written" in done.stdout
    assert not (tmp_path / "checked.xlsx").exists()


def test_names_of_sheets_are_ones_that_excel_takes() -> None:
    wanted = ["a/b", "A-B", "x" * 40, "x" * 41, "'", "history", "a:b?"]
    names = sheet_names(wanted)
    assert len({it.casefold() for it in names}) == len(wanted)
    with xlsxwriter.Workbook(io.BytesIO(), {"in_memory": True}) as book:
        assert [book.add_worksheet(it).get_name() for it in names] == names


def test_a_finding_whose_row_and_column_are_known_has_its_cell(workbook: Path) -> None:
    found = check_pool(workbook)[1]
    assert found and all(it.cell for it in found if it.row and it.column)


def test_the_copy_of_a_filled_template_is_checked_as_the_template(tmp_path: Path) -> None:
    assert bcf("template", tmp_path / "hers.xlsx", "--from", SOUND).exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "hers.xlsx")
    book["schemes"]["B2"] = "nope"
    book.save(tmp_path / "hers.xlsx")
    assert bcf("check", tmp_path / "hers.xlsx", "-o", tmp_path / "copy.xlsx").exit_code == 3
    assert "Checklist 2" in openpyxl.load_workbook(tmp_path / "copy.xlsx").sheetnames
    hers, copy = (check_pool(tmp_path / name)[1] for name in ("hers.xlsx", "copy.xlsx"))
    assert [(it.code, it.cell) for it in copy] == [(it.code, it.cell) for it in hers]


def test_what_a_copy_says_is_no_comment_of_hers(workbook: Path, tmp_path: Path) -> None:
    hers = [it for it in check_pool(workbook)[1] if it.code == "BCF023"]
    book = openpyxl.load_workbook(workbook)
    book["schemes"]["E3"].comment = Comment("Error: BCF999 is what I call this", "Her")
    book.save(workbook)
    assert bcf("check", workbook, "-o", tmp_path / "copy.xlsx").exit_code == 3
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    book["schemes"]["B2"] = "1"
    cell = book["schemes"]["D3"]
    assert cell.comment.text.startswith("her own\n\nWarning: BCF023")
    cell.comment = Comment(f"{cell.comment.text}\n\nI did that", "Her")
    book.save(tmp_path / "copy.xlsx")
    found = [it for it in check_pool(tmp_path / "copy.xlsx")[1] if it.code == "BCF023"]
    assert [it.value for it in hers] == ["'her own'"]
    assert {it.cell: it.value for it in found} == {
        "D3": "'her own I did that'", "E3": "'Error: BCF999 is what I call this'",
    }  # fmt: skip


def test_every_comment_of_a_copy_is_known_for_what_it_is() -> None:
    """Of every code, with all it may say, and of a cell of which more is said than is shown."""
    every = [at("A1", code, value="one", expected="two") for code in CATALOGUE]
    for found in ([every[0]] * 30, *([it, replace(it, value="", expected="")] for it in every)):
        [mark] = marks(found)
        text = "\n\n".join(f"{first}{rest}" for first, rest in comment(mark))
        assert comments_told(f"before\n\n{text}\n\nafter") == ["'before after'"]
        assert comments_told(text) == []


def comments_told(text: str) -> list[str]:
    seen = Seen({}, False, frozenset(), frozenset(), (), ((2, 1, text),), frozenset())
    table = RawTable("x.xlsx", "schemes", ("a",), (("1",),), (2,), (1,), seen)
    return [it.value for it in told(table, {}, {})]


# ------------------------------------------------------------------ other kinds of workbooks


def other_kind(kind: str, folder: Path) -> Path:
    """Write the workbook of a pool with an unknown theme in B2 as another kind."""
    sheets = sound_cells()
    sheets["schemes"][1][1] = "nope"
    path = workbook_of(folder / "hers.xlsx", sheets)
    if kind == "xlsm":
        made = replaced(
            path, "[Content_Types].xml",
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )  # fmt: skip
        return made.rename(folder / "hers.xlsm")
    if kind == "xlsb":
        (folder / "hers.xlsb").write_bytes(binary(sheets))
        return folder / "hers.xlsb"
    return converted([path], kind)[0]


@pytest.mark.parametrize("kind", ["xlsm", "xlsb", "ods", "xls"])
def test_of_every_kind_of_workbook_a_copy_is_marked(kind: str, tmp_path: Path) -> None:
    """With macros it is her own workbook; of what is none of Excel's today, the cells."""
    hers = other_kind(kind, tmp_path)
    before = hers.read_bytes()
    mine, wrong = ("xlsm", "xlsx") if kind == "xlsm" else ("xlsx", "xlsm")
    refused = bcf("check", hers, "-o", tmp_path / f"checked.{wrong}")
    assert refused.exit_code == 2 and not (tmp_path / f"checked.{wrong}").exists()
    done = bcf("check", hers, "-o", tmp_path / f"checked.{mine}")
    assert done.exit_code == 3, done.output
    assert ("the cells as they were read" in done.stdout) == (kind != "xlsm")
    book = openpyxl.load_workbook(tmp_path / f"checked.{mine}")
    assert book["schemes"]["B2"].value == "nope"
    assert book["schemes"]["B2"].comment.text.startswith("Error: BCF302")
    assert hers.read_bytes() == before
    again = {(it.code, it.cell) for it in check_pool(tmp_path / f"checked.{mine}")[1]}
    assert ("BCF302", "B2") in again and "BCF023" not in {code for code, _ in again}


def test_ten_thousand_findings_are_listed_and_the_first_commented_in_a_mirror() -> None:
    found = [at(f"C{row}", sheet="schemes") for row in range(1, 10_001)]
    begun = time.perf_counter()
    made = mirror({"schemes": [["x"] * 3] * 10_000}, found, ABOUT)
    assert time.perf_counter() - begun < 60 and len(made) < 5 * 2**20
    book = openpyxl.load_workbook(io.BytesIO(made))
    tab, listed = book["schemes"], book["Checklist"]
    assert sum(row[2].comment is not None for row in tab.iter_rows()) == MOST_COMMENTS
    assert {tab[f"C{row}"].border.left.style for row in range(1, 10_001)} == {"medium"}
    assert sum(str(row[1].value) == "BCF201" for row in listed.iter_rows()) == 10_000
    assert f"the first {MOST_COMMENTS} marked cells" in str(listed["A4"].value)


def test_of_a_file_too_large_to_read_the_size_is_said(tmp_path: Path) -> None:
    with (tmp_path / "hers.xlsx").open("wb") as file:
        file.write(full())
        file.truncate(LARGEST_FILE + 1)
    done = bcf("check", tmp_path / "hers.xlsx", "-o", tmp_path / "checked.xlsx")
    assert done.exit_code == 3 and "Traceback" not in done.output
    listed = openpyxl.load_workbook(tmp_path / "checked.xlsx")["Checklist"]
    assert "50 MB" in str(listed["A3"].value) and "50 MB" in done.stdout.splitlines()[-1]


@longer
def test_libreoffice_gives_the_same(tmp_path: Path) -> None:
    found = [it for it in FOUND if it.cell != "XFD1"]  # every cell up to the last is compared
    (tmp_path / "checked.xlsx").write_bytes(marked_copy(parts(full()), found, ABOUT))
    saved = libreoffice([tmp_path / "checked.xlsx"], tmp_path / "scratch")
    assert differences(tmp_path / "checked.xlsx", saved["checked.xlsx"]) == []
    book = openpyxl.load_workbook(saved["checked.xlsx"])
    for mark in marks(found):
        assert book[HOSTILE][mark.cell].comment is not None

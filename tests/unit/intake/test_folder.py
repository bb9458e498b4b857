"""The only door in: folders, workbooks, and what is neither."""

import datetime
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bcf_model.core.findings import Finding
from bcf_model.intake import folder as read
from bcf_model.pool import check_pool
from tests.longer import slow
from tests.make.places import SOUND
from tests.make.workbooks import NAMES, replaced, sound_cells, workbook


@pytest.mark.parametrize("manifest", ["run.json", "comparison.json"])
def test_a_report_is_no_pool(tmp_path: Path, manifest: str) -> None:
    (tmp_path / manifest).write_text("{}")
    assert codes(tmp_path) == ["BCF021"]
    (tmp_path / "pool.toml").write_text("")
    assert "BCF021" not in codes(tmp_path), "a pool in which a report was left is a pool"


def codes(path: Path) -> list[str]:
    inputs, findings = check_pool(path)
    assert (inputs is None) == any(f.severity == "error" for f in findings)
    return [f.code for f in findings]


def one(path: Path) -> Finding:
    _, [finding] = check_pool(path)
    return finding


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    """A copy of the sound pool to be spoiled."""
    folder = tmp_path / "pool"
    folder.mkdir()
    for path in SOUND.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


# ------------------------------------------------------------------ where the pool should be


def test_no_pool(tmp_path: Path) -> None:
    assert one(tmp_path / "nowhere").sentence == (
        "the pool: What was named is not there, or cannot be read: found nothing at "
        f"{tmp_path / 'nowhere'}; expected a folder or a workbook"
    )
    assert one(tmp_path / "null\0byte").code == "BCF001"
    long = one(tmp_path / ("long" * 100))
    assert (long.code, "a name longer than a file can have" in long.value) == ("BCF001", True)
    assert len(long.value) < 250


def test_a_device_is_no_pool() -> None:
    found = one(Path("/dev/null"))
    assert found.code == "BCF001"
    assert found.value == "neither a folder nor an ordinary file at /dev/null"


def test_a_loop_of_links(tmp_path: Path, pool: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert one(loop).value == f"a link that leads nowhere at {loop}"
    (pool / "themes.csv").unlink()
    (pool / "themes.csv").symlink_to(pool / "themes.csv")
    [finding] = check_pool(pool)[1]
    assert (finding.code, finding.file) == ("BCF017", "themes.csv")
    assert finding.value == "a link that leads back to itself"


def test_a_link_to_a_pool_is_the_pool(tmp_path: Path, pool: Path) -> None:
    (tmp_path / "link").symlink_to(pool)
    inputs, findings = check_pool(tmp_path / "link")
    assert (inputs.name if inputs else "", findings) == ("pool", [])


def test_a_folder_that_may_not_be_read(pool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    finding = one(pool)
    assert finding.code == "BCF001"
    assert finding.value == f"one that you may not read at {pool}"


@pytest.mark.parametrize("name", ["schemes.csv", "pool.toml", "published.csv"])
def test_a_file_open_elsewhere_or_gone(
    pool: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == name:
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [(f.code, f.file, f.value) for f in check_pool(pool)[1]] == [
        ("BCF017", name, "one that you may not read")
    ]

    monkeypatch.undo()
    listed = list(pool.iterdir())
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    (pool / name).unlink()
    finding = one(pool)
    assert (finding.code, finding.file) == ("BCF017", name)
    assert finding.value == "nothing: it is gone, or a link to it leads nowhere"


@pytest.mark.parametrize("name", ["schemes.csv", "pool.toml"])
def test_a_folder_named_like_a_file(pool: Path, name: str) -> None:
    (pool / name).unlink()
    (pool / name).mkdir()
    assert (one(pool).code, one(pool).value) == ("BCF004", "a folder")
    assert "or correct its name" in one(pool).remedy


def test_a_pipe_named_like_a_file_is_not_waited_for(pool: Path) -> None:
    (pool / "schemes.csv").unlink()
    os.mkfifo(pool / "schemes.csv")
    assert (one(pool).code, one(pool).value) == ("BCF004", "no ordinary file")


@slow
def test_files_beside_the_tables(pool: Path) -> None:
    for name in ("README.md", "paper.pdf", ".DS_Store", "~$schemes.csv", "notes.txt"):
        (pool / name).write_text("not a table", encoding="utf-8")
    (pool / "old").mkdir()
    assert check_pool(pool)[1] == []
    (pool / "Scheme.csv").write_text("", encoding="utf-8")
    assert "'schemes.csv'?" in one(pool).expected


def test_a_file_name_of_odd_bytes_can_be_printed(pool: Path) -> None:
    Path(os.fsdecode(os.fsencode(pool) + b"/\xff\x1b[31m.csv")).write_bytes(b"")
    finding = one(pool)
    assert finding.code == "BCF013"
    finding.sentence.encode()
    assert finding.sentence.isprintable()


# ------------------------------------------------------------------ CSV


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    raw = read.RawPool("")
    data = b'\xef\xbb\xbf\r\n Scheme ID ,note\r\n\r\nS1,"two\r\nlines"\r\n,\r\nS2,\r\n'
    table = read._parse_csv(data, "x.csv", raw)
    assert table is not None
    assert [(it.code, it.value) for it in raw.findings] == [
        ("BCF019", "in row 2; row 1 is left out")
    ]
    assert table.columns == ("scheme_id", "note")
    assert table.rows == (("S1", "two\r\nlines"), ("S2", ""))
    assert table.numbers == (4, 6)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(pool: Path, end: str) -> None:
    for path in pool.glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", end.encode()))
    assert check_pool(pool)[1] == []


@pytest.mark.parametrize(
    ("start", "separator"),
    [
        (b"scheme_id;theme\n", ";"),
        (b'"scheme_id";"theme"\n', ";"),
        (b"scheme_id\ttheme\n", "\t"),
        (b"scheme_id|theme\n", "|"),
        (b"sep=;\nscheme_id;theme\n", ";"),
        (b"scheme_id,theme\na;b;c;d,1;2;3;4\n", ","),
    ],
)
def test_other_separators(start: bytes, separator: str) -> None:
    raw = read.RawPool("")
    table = read._parse_csv(start, "x.csv", raw)
    assert table is not None
    assert (table.columns, table.separator) == (("scheme_id", "theme"), separator)
    assert [f.code for f in raw.findings] == ["BCF022"] * (separator != ",")


def test_blank_columns_at_the_right_are_no_columns(pool: Path) -> None:
    path = pool / "themes.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b",,\n"))
    assert check_pool(pool)[1] == []


def test_a_row_too_long_is_never_read_shifted(pool: Path) -> None:
    # "30,000.01" unquoted fills the blank note at the end: the cells moved one to the right.
    path = pool / "schemes.csv"
    path.write_bytes(path.read_bytes().replace(b"30000.01", b"30,000.01"))
    assert codes(pool) == ["BCF011"]


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 10_000,
        "a = " + "{b = " * 3_000,
        "a = " + "9" * 5_000,
        "title = 'a\0b'",
        "= 1",
        "title",
    ],
)
def test_settings_no_parser_should_survive(pool: Path, text: str) -> None:
    (pool / "pool.toml").write_text(text, encoding="utf-8")
    assert codes(pool) in (["BCF101"], ["BCF005"])
    said = " ".join(it.value for it in check_pool(pool)[1])
    assert "recursion" not in said and "sys." not in said  # Python's own words are no help


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("over_pounds", "true"),
        ("over_pounds", "1.5"),
        ("over_pounds", '"1.000"'),
        ("over_pounds", "0x" + "f" * 6_000),
        ("over_percent", "nan"),
        ("over_percent", "inf"),
        ("over_percent", "-1"),
    ],
)
def test_thresholds(pool: Path, setting: str, value: str) -> None:
    text = (pool / "pool.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(setting)]
    (pool / "pool.toml").write_text("\n".join([*lines, f"{setting} = {value}"]), encoding="utf-8")
    assert (one(pool).code, one(pool).column) == ("BCF104", f"commentary.{setting}")


def test_deeply_nested_unknown_settings(pool: Path) -> None:
    with (pool / "pool.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + ".".join("a" * 500) + " = 1\n")
    assert (one(pool).code, one(pool).column) == ("BCF103", "commentary.a")


def test_settings_too_large(pool: Path) -> None:
    (pool / "pool.toml").write_bytes(b"#" * 2**20)
    assert codes(pool) == ["BCF014"]


# ------------------------------------------------------------------ large and hostile files


def test_sixty_megabytes(pool: Path) -> None:
    with (pool / "schemes.csv").open("wb") as file:
        file.truncate(60 * 2**20)
    assert "60.00 MB" in one(pool).sentence


def test_sixteen_thousand_columns(pool: Path) -> None:
    (pool / "themes.csv").write_text(",".join(f"c{i}" for i in range(16_384)), encoding="utf-8")
    assert "16384 columns" in one(pool).sentence


@slow
def test_a_cell_of_ten_megabytes(pool: Path) -> None:
    path = pool / "themes.csv"
    path.write_bytes(path.read_bytes().replace(b"Leaving hospital", b"a" * 10 * 2**20))
    assert codes(pool) == ["BCF007"]
    path.write_bytes(b'theme,name\n1,"' + b"a,\n" * 10**6)
    assert codes(pool) == ["BCF007"]


def test_more_rows_than_a_sheet_holds(pool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST_ROWS", 3)
    (pool / "themes.csv").write_bytes(b"theme,name\n1,a\n2,b\n3,c\n")
    assert "BCF014" in codes(pool)


# ------------------------------------------------------------------ workbooks


@slow
def test_a_workbook_reads_as_its_folder_does(tmp_path: Path) -> None:
    of_folder, _ = check_pool(SOUND)
    of_workbook, findings = check_pool(workbook(tmp_path / "sound.xlsx", sound_cells()))
    assert findings == []
    assert of_folder is not None
    assert of_workbook is not None
    assert of_workbook.name == of_folder.name
    assert of_workbook.settings == of_folder.settings
    for name in NAMES:
        left, right = getattr(of_folder, name), getattr(of_workbook, name)
        if name == "published":  # the form of a printed number is text: "£0.011m"
            left, right = left.drop(columns="printed"), right.drop(columns="printed")
        pd.testing.assert_frame_equal(left, right)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "cell", "code"),
    [
        ("schemes", 4, "budget", datetime.date(2019, 3, 31), "BCF205"),
        ("schemes", 4, "budget", 1234.565, "BCF203"),
        ("schemes", 4, "budget", 2e12, "BCF207"),
        ("schemes", 4, "budget", "about 5", "BCF202"),
        ("schemes", 4, "scheme", "=A1", "BCF208"),
        ("rules", 2, "step", 1.5, "BCF215"),
        ("rules", 2, "share", 110, "BCF216"),
        ("control_totals", 2, "amount", 1, "BCF502"),
        ("pool", 5, "", "shillings", "BCF104"),
        ("pool", 6, "", 43555, "BCF104"),
        ("pool", 2, "", "=A1", "BCF104"),
    ],
)
def test_cells_of_a_workbook(
    tmp_path: Path, sheet: str, row: int, column: str, cell: Any, code: str
) -> None:
    sheets = sound_cells()
    at = sheets[sheet][0].index(column) if column else 1
    sheets[sheet][row - 1][at] = cell
    finding = one(workbook(tmp_path / "x.xlsx", sheets))
    assert (finding.code, finding.file, finding.sheet) == (code, "x.xlsx", sheet)
    if column:
        assert (finding.row, finding.column) == (row, column)


@pytest.mark.parametrize("at", ["G4", "H4", "K4"])  # pooling and note may be blank, this may not
@pytest.mark.parametrize(
    ("formula", "result", "code"), [("=1/0", "#DIV/0!", "BCF213"), ("=B2", "#REF!", "BCF213")]
)
def test_errors_in_a_workbook_are_not_blanks(
    tmp_path: Path, at: str, formula: str, result: str, code: str
) -> None:
    def finish(book: Any) -> None:
        book.get_worksheet_by_name("schemes").write_formula(at, formula, None, result)

    finding = one(workbook(tmp_path / "x.xlsx", sound_cells(), finish))
    assert (finding.code, finding.row, finding.value) == (code, 4, repr(result))


def test_a_formula_never_calculated_is_not_blank(tmp_path: Path) -> None:
    def finish(book: Any) -> None:
        book.get_worksheet_by_name("schemes").write_formula("G4", "=B2", None, 7)

    path = workbook(tmp_path / "x.xlsx", sound_cells(), finish)
    part = f"xl/worksheets/sheet{NAMES.index('schemes') + 1}.xml"
    replaced(path, part, b"<f>B2</f><v>7</v>", b"<f>B2</f><v></v>")
    finding = one(path)
    assert (finding.code, finding.column, finding.cell) == ("BCF026", "pooling", "G4")
    assert finding.value == "=B2, without a result"


def test_a_formula_with_a_result_is_its_result(tmp_path: Path) -> None:
    def finish(book: Any) -> None:
        sheet = book.get_worksheet_by_name("schemes")
        sheet.write_formula("H4", "=30000+0.01", None, 30000.01)
        sheet.write_formula("K4", '=""', None, "x")

    path = workbook(tmp_path / "x.xlsx", sound_cells(), finish)
    part = f"xl/worksheets/sheet{NAMES.index('schemes') + 1}.xml"
    replaced(path, part, b"<v>x</v>", b"<v></v>")  # as Excel writes a text of no length
    replaced(path, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")  # and as it writes a workbook
    assert check_pool(path)[1] == []


@slow
def test_other_sheets_missing_sheets_and_settings_twice(tmp_path: Path) -> None:
    sheets = sound_cells()
    sheets["Notes"] = [["anything"]]
    assert [(f.code, f.sheet) for f in check_pool(workbook(tmp_path / "a.xlsx", sheets))[1]] == [
        ("BCF031", "")
    ]
    del sheets["Notes"], sheets["pool"]
    assert [(f.code, f.sheet) for f in check_pool(workbook(tmp_path / "b.xlsx", sheets))[1]] == [
        ("BCF002", "pool")
    ]
    sheets = sound_cells()
    del sheets["themes"]
    sheets["pool"].append(["Unit", "thousands"])
    sheets["pool"].append(["title.short", "x"])
    assert [(f.code, f.sheet) for f in check_pool(workbook(tmp_path / "c.xlsx", sheets))[1]] == [
        ("BCF104", "pool"),
        ("BCF104", "pool"),
        ("BCF002", "themes"),
    ]


@slow
def test_a_stray_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    def finish(book: Any) -> None:
        book.get_worksheet_by_name("themes").write_string(1_048_575, 16_383, "stray")

    finding = one(workbook(tmp_path / "x.xlsx", sound_cells(), finish))
    assert (finding.code, finding.sheet) == ("BCF014", "themes")
    assert "1,048,576 rows by 16,384 columns" in finding.sentence


@pytest.mark.parametrize("kept", [0, 1, 3, 4, 30, 500, 5_000, -1, -22, -500])
def test_a_truncated_workbook(tmp_path: Path, kept: int) -> None:
    path = workbook(tmp_path / "x.xlsx", sound_cells())
    path.write_bytes(path.read_bytes()[:kept])
    assert one(path).code == "BCF004"


@slow
def test_a_workbook_with_any_byte_changed_never_fails(tmp_path: Path) -> None:
    path = workbook(tmp_path / "x.xlsx", sound_cells())
    data = path.read_bytes()
    for at in range(0, len(data), len(data) // 60):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        codes(path)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b"</workbook>", b""),
        ("xl/workbook.xml", b"rId3", b"rId99"),
        ("xl/_rels/workbook.xml.rels", b"worksheets/sheet2.xml", b"worksheets/../../no.xml"),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"</wrong>"),
        ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="AAAA99999999"'),
        ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="a0"'),
        ("xl/worksheets/sheet1.xml", b'c r="A1"', b'c z=">" r="XFD1048576"'),
        ("xl/worksheets/sheet1.xml", b'r="1" ', b'r="1048576" '),
        ("xl/worksheets/sheet1.xml", b'<c r="A1"', b"<c"),
        ("xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>99999999999</v>"),
        ("xl/sharedStrings.xml", b"<sst", b'<!DOCTYPE a [<!ENTITY b "c">]><sst'),
        ("xl/sharedStrings.xml", b"</sst>", b""),
    ],
)
def test_a_workbook_of_broken_xml_never_fails(
    tmp_path: Path, part: str, old: bytes, new: bytes
) -> None:
    path = workbook(tmp_path / "x.xlsx", sound_cells())
    codes(replaced(path, part, old, new))


def test_what_is_not_a_workbook(tmp_path: Path) -> None:
    open_document = io.BytesIO()
    with zipfile.ZipFile(open_document, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office:document-content/>")
    for data, said in {
        b"": "not a workbook",
        b"scheme_id,theme\n": "not a workbook",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000): "password-protected Excel file",
        b"%PDF-1.7": "a PDF",
        b"<html><table>": "a web page",
        open_document.getvalue(): "content.xml is damaged",
    }.items():
        path = tmp_path / "x.xlsx"
        path.write_bytes(data)
        finding = one(path)
        assert finding.code == "BCF004"
        assert said in finding.sentence

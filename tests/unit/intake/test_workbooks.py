"""What a workbook claims, shows and adds up; and that no file hangs, ends or fills the program."""

import datetime
import io
import subprocess
import sys
from pathlib import Path
from random import Random

import openpyxl
import pytest

from bcf_model import pool
from bcf_model.intake.as_displayed import as_seen
from bcf_model.intake.raw_table import Look, RawTable, Seen
from bcf_model.intake.workbooks import guard, xlsx_contents
from bcf_model.intake.workbooks.guard import Archive, Damaged, Reader, stream
from bcf_model.intake.workbooks.number_formats import day_shown, shown
from bcf_model.intake.workbooks.ods import TRUTH, count_document
from bcf_model.intake.workbooks.separate_process import NotRead, read_apart
from bcf_model.intake.workbooks.sheet_counts import Counted
from bcf_model.intake.workbooks.totals import doubtful_totals
from bcf_model.intake.workbooks.xlsx_contents import Formula, place_of
from bcf_model.pool import check_pool
from tests.longer import LONG, longer, slow
from tests.make.places import SOUND
from tests.make.workbooks import (
    binary,
    hostile,
    lying,
    mutated,
    packed,
    sound_cells,
    unpacked,
    workbook,
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return workbook(tmp_path_factory.mktemp("sound") / "x.xlsx", sound_cells()).read_bytes()


# ------------------------------------------------------------------ what a format shows


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.2, "0%", "20%"),
        (0.07, "0.00%", "7%"),
        (0.006, "0.0%", "0.6%"),
        (-0.125, "0.0%;[Red]-0.0%", "-12.5%"),
        (1 / 3, f"0.{'0' * 30}%", "33.3333333333333%"),
        (1e27, "0.00%", f"{int(1e27 * 100)}%"),
        (1e307, "0%", str(int(1e307))),  # no float is a hundred times as much
        (1, "0%;(0%)", "100%"),
        (0.5, "#,##0.00;[Red]-0%", "0.5"),
        (-0.5, "#,##0.00;[Red]-0%", "-50%"),
        (0.6, "[<1]0%;0.0", "60%"),
        (60, "[<1]0%;0.0", "60"),
        (20, '0"%"', "20%"),
        (20, r"0\%", "20%"),
        (0.2, '0.0" percent, not %"', "0.2%"),
        (250000, '"£"#,##0', "£250000"),
        (-250000.5, '_-"£"* #,##0.00_-;-"£"* #,##0.00_-;_-"£"* "-"??_-;_-@_-', "-£250000.5"),
        (250000, "[$£-809]#,##0", "£250000"),
        (250000, "[$€-2] #,##0", "€250000"),
        (250000, '"$"#,##0_);("$"#,##0)', "250000"),  # a format known by number: of any country
        (7, "000", "007"),
        (7.5, "000", "7.5"),
        (1e-05, "General", "0.00001"),
        (0.1 + 0.2, "General", "0.3"),
        (4980.7 - 4804.15, "0.0", "176.55"),
        (1000.00000001, "General", "1000.00000001"),
        (True, "General", "TRUE"),
        ("0.2", "0%", "0.2"),
        (datetime.datetime(2019, 3, 31), "dd/mm/yyyy", "2019-03-31"),
        (datetime.time(12, 30), "h:mm", "12:30:00"),
        (datetime.timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
    ],
)
def test_a_cell_is_the_text_a_person_sees(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format)[0] == text


@pytest.mark.parametrize(
    ("value", "number_format", "look"),
    [
        (412_000, "#,##0,", Look("BCF226", "412", 1000)),
        (412_000, '#,##0.0,"k"', Look("BCF226", "412", 1000)),
        (4_120_000, "0.00,,", Look("BCF226", "4.12", 10**6)),
        (412_000, "#,##0", None),
        (412_000, '#,##0" ,"', None),
        (5, ";;;", Look("BCF020", "nothing")),
        (0, "0;-0;;@", None),  # a nil that is not shown is a nil
        (50.0, "0.00E+00", Look("BCF224", "50, shown 5.00E+01")),
        (0.5, "0%", Look("BCF222", "0.5 is 50%")),
        (0.495, "0%", Look("BCF222", "0.495 is 49.5%, shown 50%")),
        (-0.12345, '0.0#%;[Red]-0.0%" a.b"', Look("BCF222", "-0.12345 is -12.345%, shown -12.3%")),
    ],
)
def test_what_is_told_of_a_cell(value: float, number_format: str, look: Look | None) -> None:
    assert shown(value, number_format)[1] == look


def test_a_format_may_have_as_many_commas_as_it_likes() -> None:
    text, look = shown(20_000_000.5, "0" + 110 * ",")
    assert (text, look and look.code) == ("20000000.5", "BCF226")


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("d-mmm", "1-Mar"),
        ("mmm-yy", "Mar-26"),
        ("dd/mm/yyyy", "01/03/2026"),
        ('[$-809]dddd" "d mmmm yyyy;@', "Sunday 1 March 2026"),
        ("d/m/yy h:mm", "2026-03-01"),
    ],
)
def test_a_day_as_it_is_shown(number_format: str, text: str) -> None:
    assert day_shown(datetime.date(2026, 3, 1), number_format) == text


def test_a_quantity_in_percent_is_the_percentage() -> None:
    """Planned and achieved are written as 4.2 for 4.2%."""
    seen = Seen({(2, 1): Look("BCF222", "0.042 is 4.2%"), (3, 1): Look("BCF222", "1 is 100%")})
    found = RawTable("x.xlsx", "achievement", ("planned",), (("4.2%",), ("3",)), (2, 3), (1,), seen)
    assert as_seen(found, "planned", "quantity", [None, None]) == (["4.2", "3"], {})
    assert as_seen(found, "planned", "share", [None, None]) == (["4.2%", "3"], {})


# ------------------------------------------------------------------ what is claimed


@pytest.mark.parametrize(
    ("address", "place"),
    [("A1", (1, 1)), ("XFD1048576", (2**20, 2**14)), ("XFE1", None), ("A1048577", None)],
)
def test_the_places_a_sheet_has(address: str, place: tuple[int, int] | None) -> None:
    assert place_of(address) == place


def claimed(data: bytes) -> xlsx_contents.Claims:
    return xlsx_contents.claims(Archive(data), ["schemes", "pool"])


def of_document(styles: str, cell: str, style: str = "ta2") -> Counted:
    """Return what is counted of a document of one sheet with one cell."""
    names = " ".join(f'xmlns:{it}="urn:{it}"' for it in ("office", "style", "table", "text"))
    content = f"""<office:document-content {names}>
<office:automatic-styles>{styles}</office:automatic-styles><office:body>
<table:table table:name="rules" table:style-name="{style}"><table:table-row>{cell}
</table:table-row></table:table></office:body></office:document-content>"""
    return count_document(Archive(packed({"content.xml": content.encode()})))["rules"]


@pytest.mark.parametrize(("style", "hidden"), [("ta1", False), ("ta2", True), ("ta3", False)])
def test_a_sheet_of_a_document_is_hidden_by_its_style(style: str, *, hidden: bool) -> None:
    styles = "".join(
        f'<style:style style:name="{name}" style:family="table">'
        f'<style:table-properties table:display="{display}"/></style:style>'
        for name, display in (("ta1", "true"), ("ta2", "false"))
    )
    assert of_document(styles, "", style).hidden is hidden


@pytest.mark.parametrize(("text", "is_truth"), [("TRUE", True), ("FALSE", True), ("1", False)])
def test_a_number_of_a_document_that_shows_as_true_is_no_number(
    text: str, *, is_truth: bool
) -> None:
    """LibreOffice writes =TRUE() as the number 1, with the text a person sees beside it."""
    cell = f'<table:table-cell office:value-type="float"><text:p>{text}</text:p></table:table-cell>'
    assert (of_document("", cell).formats == {(1, 1): TRUTH}) is is_truth


@slow
def test_a_lie_about_its_size_is_stopped_at_the_limit(
    sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked_so_far: list[int] = []
    inflated = Archive._inflated

    def counted(*args: object) -> object:
        for piece in inflated(*args):  # type: ignore[arg-type]
            unpacked_so_far.append(len(piece))
            yield piece

    monkeypatch.setattr(Archive, "_inflated", counted)
    noise = Random(1).randbytes(1_000_000) * 12
    data = lying(unpacked(sound), "xl/media/a.png", noise)
    with pytest.raises(Damaged, match="MB unpacked"):
        Archive(data, 5_000_000).check()
    assert sum(unpacked_so_far) < 5_000_000 + 2 * 2**16


def test_an_entry_that_is_not_what_it_says_is_damaged(sound: bytes) -> None:
    data = lying(unpacked(sound), "xl/media/a.png", b"0123456789 and more")
    with pytest.raises(Damaged, match=r"xl/media/a.png is damaged: it is not what the file says"):
        claimed(data)


@pytest.mark.parametrize(
    ("limit", "most", "words"),
    [
        ("LARGEST_CELLS", 50, "more than 50 cells"),
        ("LARGEST_OTHERS", 50, "more than 50 rows, formats and the like"),
        ("LARGEST_READ", 2**12, "in the sheets that are read"),
        ("LONGEST_VALUE", 10, "over 10 characters in cell"),
    ],
)
def test_everything_is_counted(
    sound: bytes, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, words: str
) -> None:
    monkeypatch.setattr(xlsx_contents, limit, most)
    with pytest.raises(Damaged, match=words) as refused:
        cells = [["a text, in its cell"]]
        claimed(sound if limit != "LONGEST_VALUE" else inline(cells))
    assert refused.value.kind == "large"
    assert refused.value.expected


def inline(cells: list[list[str]]) -> bytes:
    """Write a sheet `schemes` whose texts stand in its cells."""
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.title = "schemes"
    for row in cells:
        book.active.append(row)
    book.save(file)
    parts = unpacked(file.getvalue())
    name = "xl/worksheets/sheet1.xml"
    text = b'<c r="A1" t="inlineStr"><is><t>%b</t></is></c>' % cells[0][0].encode()
    begin, end = parts[name].index(b"<c "), parts[name].index(b"</row>")
    return packed({**parts, name: parts[name][:begin] + text + parts[name][end:]})


def test_more_parts_than_a_workbook_has() -> None:
    few = packed([(f"xl/{number}", b"") for number in range(guard.MOST_PARTS + 1)])
    with pytest.raises(Damaged, match="2,001 parts"):
        Archive(few)
    many = packed([(f"xl/{number}{'x' * 200}", b"") for number in range(5_000)])
    with pytest.raises(Damaged, match="a list of parts larger than a workbook has"):
        Archive(many)


def test_shared_formulas_are_added_up_where_they_stand(sound: bytes) -> None:
    name = "xl/worksheets/sheet1.xml"
    parts = unpacked(sound)
    row = (
        b'<row r="900"><c r="A900"><f t="shared" ref="A900:B900" si="0">SUM(A1:A9)</f><v>1</v></c>'
        b'<c r="B900"><f t="shared" si="0"/><v>2</v></c></row></sheetData>'
    )
    data = packed({**parts, name: parts[name].replace(b"</sheetData>", row)})
    found = xlsx_contents.claims(Archive(data), [claimed(sound).tabs[0].name])
    (sheet,) = found.sheets.values()
    assert sheet.formulas == {
        (900, 1): Formula("SUM(A1:A9)", "1", calculated=True, origin=(900, 1)),
        (900, 2): Formula("SUM(A1:A9)", "2", calculated=True, origin=(900, 1)),
    }


def test_totals_of_many_sheets_are_worked_out_once() -> None:
    values = [[float(row), "5.00" if row == 7 else None] for row in range(1, 11)]
    formulas = {
        "t": {
            (11, 1): Formula("SUM(A1:A10)", "55", calculated=True, origin=(11, 1)),
            (12, 1): Formula("SUM(A1:A10)", "54", calculated=True, origin=(12, 1)),
            (13, 1): Formula("SUM(A10:A1,A2)", "57", calculated=True, origin=(13, 1)),
            (14, 1): Formula("ROUND(SUM(A1:B10),2)", "54", calculated=True, origin=(14, 1)),
            (15, 1): Formula("SUM(A1:A10)", None, calculated=False, origin=(15, 1)),
            (16, 1): Formula("SUM(first:second!A1:A10)", "1", calculated=True, origin=(16, 1)),
        }
    }
    found = [*doubtful_totals("x.xlsx", {"t": values}, formulas)]
    assert [(f.code, f.cell) for f in found] == [("BCF026", "A12"), ("BCF227", "A14")]
    assert found[1].value == "=ROUND(SUM(A1:B10),2) without B7 '5.00'"


# ------------------------------------------------------------------ XML


class _Nothing(Reader):
    pass


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "declares a document type"),
        ('<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16"), "declares a document type"),
        (b"<a>" * 41, "more than 40 deep"),
        (b"<a>" + b"<b/>" * 200 + b"</a>", "more than 100 elements"),
        (b"<a", "is damaged"),
        (b"", "is damaged"),
        (b'<?xml version="1.0" encoding="x-none"?><a/>', "is damaged"),
    ],
)  # fmt: skip
def test_xml_that_goes_by_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Damaged, match=words):
        stream([data], "p.xml", _Nothing(), most=100)


def test_a_tag_without_end_is_refused_long_before_its_end() -> None:
    given: list[int] = []

    def pieces() -> object:
        yield b"<a x='"
        while True:
            given.append(1)
            yield b" " * 2**16

    with pytest.raises(Damaged, match="a tag without end"):
        stream(pieces(), "p.xml", _Nothing())  # type: ignore[arg-type]
    assert len(given) < 20


# ------------------------------------------------------------------ hostile files

_READ = """
import resource, sys
from bcf_model.pool import check_pool
check_pool(sys.argv[1])
def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = most()
for path in sys.argv[2:]:
    inputs, findings = check_pool(path)
    print(path, inputs is None, *dict.fromkeys(f.code for f in findings))
print(most() - before)
"""


@slow
def test_hostile_workbooks_neither_hang_nor_fill_the_memory(tmp_path: Path, sound: bytes) -> None:
    """Each is refused, or read for what it is, by a process that lives on in its memory."""
    (tmp_path / "sound.xlsx").write_bytes(sound)
    paths = []
    for name, data in hostile(sound).items():
        paths.append(tmp_path / f"{name}.xlsx")
        paths[-1].write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(tmp_path / "sound.xlsx"), *map(str, paths)],
        capture_output=True, text=True, timeout=300, check=False,
        cwd=Path(pool.__file__).parents[1],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    *said, grown = done.stdout.splitlines()
    assert len(said) == len(paths)
    accepted = {line.rpartition("/")[2].partition(".xlsx")[0] for line in said if " False" in line}
    harmless = {"brackets around days", "quotes to print", "ranges to print", "titles to print"}
    assert accepted <= {"blank cells", "hidden", "formats"} | harmless
    assert int(grown) <= 150


@slow
@longer
def test_a_workbook_changed_at_random_never_fails(tmp_path: Path, sound: bytes) -> None:
    """What can still be calculated is what it was, or something is told."""
    for kind, data in (("xlsx", sound), ("xlsb", binary(sound_cells()))):
        for seed in range(200 if LONG else 30):
            path = tmp_path / f"x.{kind}"
            path.write_bytes(mutated(data, Random(f"{kind} {seed}")))
            inputs, findings = check_pool(path)
            assert (inputs is None) == any(f.severity == "error" for f in findings)


def test_a_large_directory_in_the_form_of_large_files() -> None:
    """zipfile believes the record for large files before the ordinary one."""
    end = b"PK\x05\x06" + bytes(18)
    large = b"PK\x06\x06" + bytes(36) + (2**21).to_bytes(8, "little") + bytes(8)
    with pytest.raises(Damaged, match="a list of parts larger than a workbook has"):
        Archive(large + b"PK\x06\x07" + bytes(16) + end)


@slow
def test_a_folder_is_read_without_what_only_workbooks_need() -> None:
    said = (
        "import sys; from bcf_model.pool import check_pool; check_pool(sys.argv[1]);"
        "print({'openpyxl', 'python_calamine', 'lxml'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", said, str(SOUND)],
        capture_output=True, text=True, timeout=120, check=True,
        cwd=Path(pool.__file__).parents[1],
    )  # fmt: skip
    assert done.stdout.strip() == "set()"


def test_what_ends_the_library_ends_a_process_apart_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(NotRead):
        read_apart(b"PK\x03\x04 and no more", ["pool"])
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NotRead, match="it stopped the library that reads it"):
        read_apart(b"", ["pool"])

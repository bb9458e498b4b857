"""A report that was touched is found out, and the place is named; one that was not is cleared."""

import csv
import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

import hypothesis.strategies as st
import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given, settings

import bcf_model
from bcf_model import cli
from bcf_model.report import excel, write
from bcf_model.verify import workbook_cells, workbook_parts
from bcf_model.verify.text_files import compare_csv, compare_html
from bcf_model.verify.told import MOST_SAID, told
from bcf_model.verify.verification import NoPool, NoReport, Verification, verify
from bcf_model.verify.workbook import compare_workbook
from tests.longer import LONG, longer, tries

SELFTEST = Path(str(resources.files("bcf_model.reference"))) / "selftest"
Change = Callable[[bytes], bytes]


@cache
def files_made() -> dict[str, bytes]:
    """Give the files of the small pool's report."""
    return write.contents(bcf_model.run(bcf_model.load(SELFTEST)))


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return files_made()


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return shutil.copytree(SELFTEST, tmp_path / "inputs" / "selftest")


@pytest.fixture
def report(
    made: dict[str, bytes], pool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Stand in a folder that holds a pool and its report."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "outputs" / "selftest"
    for name, data in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.cli, ["verify", *map(str, words)])


def said_of(found: Verification, file: str) -> list[str]:
    it = next(it for it in found.files if it.file == file)
    return [it.verdict, *it.said]


def others_agree(found: Verification, *but: str) -> bool:
    return all(it.verdict == "as it should be" for it in found.files if it.file not in but)


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert text.count(old) >= 1, f"{old} is not in {path.name}"
    path.write_bytes(text.replace(old, new, 1).encode())


UNKNOWN = "6 files; whether any changed since cannot be known without a sound run.json"


# ------------------------------------------------------------------ untouched


def test_an_untouched_report_is_cleared(report: Path) -> None:
    before = {p: p.read_bytes() for p in report.parent.parent.rglob("*") if p.is_file()}
    done = bcf(report)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[1] == "Inputs: inputs/selftest, 6 files, none changed since"
    assert "  report.xlsx: as it should be" in lines
    assert lines[-1] == "The report is what these inputs and this version give."
    assert {p: p.read_bytes() for p in report.parent.parent.rglob("*") if p.is_file()} == before


def test_every_file_of_the_report_is_judged(report: Path, made: dict[str, bytes]) -> None:
    assert [it.file for it in verify(report).files] == list(made)
    assert {it.verdict for it in verify(report).files} == {"as it should be"}


def test_the_shipped_pool_is_cleared_too(
    sheffield: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sheffield.parent.parent)
    bcf_model.write_report(bcf_model.run(bcf_model.load(sheffield)), tmp_path / "out")
    assert verify(tmp_path / "out").agrees


# ------------------------------------------------------------------ CSV tables


def test_a_changed_csv_cell_is_named(report: Path, made: dict[str, bytes]) -> None:
    changed(report / "tables" / "variance.csv", "2000.00", "2000.01")
    found = verify(report)
    assert said_of(found, "tables/variance.csv") == [
        "differs",
        "it is changed since run.json was written",
        'row 5 (S4 / 2 / CCG), column budget: holds "2000.01", should hold "2000.00"',
    ]
    assert others_agree(found, "tables/variance.csv")
    done = bcf(report)
    assert done.exit_code == cli.REPORT_DIFFERS == 5
    answer = "The report is NOT what these inputs and this version give: 1 of"
    assert f"{answer} {len(made)} files differ." in done.stdout


def test_an_added_a_missing_and_a_changed_row_are_told_apart(made: dict[str, bytes]) -> None:
    good = made["tables/variance.csv"]
    rows = good.decode().splitlines(keepends=True)
    extra = rows[3].replace("S3", "S9")
    added = "".join([*rows[:3], extra, rows[3].replace("-130.05", "-131.05"), *rows[4:]])
    said = compare_csv(added.encode(), good).differences
    assert len(said) == 2
    assert said[0].startswith("row 4 should not be there: ")
    assert said[1].startswith("row 5 (S3 / 1 / Council), column budget: holds ")
    shorter = compare_csv("".join([*rows[:3], *rows[4:]]).encode(), good).differences
    assert shorter == ("row 4 (S3 / 1 / Council) is missing",)


def test_cells_written_otherwise_are_the_same_content(report: Path, made: dict[str, bytes]) -> None:
    path = report / "tables" / "variance.csv"
    rows = list(csv.reader(io.StringIO(made["tables/variance.csv"].decode())))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    found = verify(report)
    assert found.agrees
    assert said_of(found, "tables/variance.csv")[0] == "same content"
    assert "(1 file of the same content in other bytes)" in told(found)
    assert bcf(report).exit_code == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfea\x00", "it is no UTF-8 text: byte 0xFF in line 1"),
        (b'a,"b', "it cannot be read as a table: "),
        (b"", "row 1 (headings) is missing"),
        (b"\x00" * 50, "row 1 should not be there: "),
    ],
)
def test_a_damaged_table_is_a_sentence(made: dict[str, bytes], data: bytes, said: str) -> None:
    found = compare_csv(data, made["tables/variance.csv"])
    assert any(it.startswith(said) for it in found.differences), found


PICKS = st.tuples(*[st.integers(0, 10**6)] * 3)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=200, deadline=None)
@given(PICKS, TEXTS)
def test_any_changed_cell_of_a_table_is_named(picks: tuple[int, int, int], text: str) -> None:
    made = files_made()
    tables = [name for name in made if name.endswith(".csv")]
    name = tables[picks[0] % len(tables)]
    rows = list(csv.reader(io.StringIO(made[name].decode())))
    row = picks[1] % len(rows)
    column = picks[2] % len(rows[row])
    heading = rows[0][column]
    assume(rows[row][column] != text)
    rows[row][column] = text
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    (said,) = compare_csv(stream.getvalue().encode(), made[name]).differences
    assert said.startswith(f"row {row + 1}")
    assert f", column {heading}: holds " in said


# ------------------------------------------------------------------ the workbook


def repacked(data: bytes, changes: Mapping[str, Change | bytes | None]) -> bytes:
    """Pack a workbook anew with some parts changed, added (bytes) or left out (None)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            change = changes.get(entry.filename, lambda it: it)
            if callable(change):
                new.writestr(entry, change(old.read(entry)))
        for name, change in changes.items():
            if isinstance(change, bytes):
                new.writestr(name, change)
    return stream.getvalue()


def part_of(data: bytes, sheet: str) -> str:
    parts = workbook_parts.unpack(data)
    return next(tab.part for tab in workbook_parts.tabs(parts) if tab.name == sheet)


def with_xml(data: bytes, sheet: str, old: str, new: str) -> bytes:
    def change(xml: bytes) -> bytes:
        after, count = re.subn(old.encode(), new.encode(), xml, count=1)
        assert count == 1, f"{old} is not in {sheet}"
        return after

    return repacked(data, {part_of(data, sheet): change})


def differences(found: bytes, made: dict[str, bytes]) -> tuple[str, ...]:
    return compare_workbook(found, made["report.xlsx"]).differences


@pytest.fixture(scope="module")
def book(made: dict[str, bytes]) -> bytes:
    return made["report.xlsx"]


def cell(reference: str) -> str:
    """Match a cell with a formula: its opening, formula and value, each a group."""
    return rf'(<c r="{reference}"[^>]*>)<f>([^<]*)</f><v>([^<]*)</v>'


def test_a_value_changed_but_not_its_formula(book: bytes, made: dict[str, bytes]) -> None:
    said = differences(with_xml(book, "Summary", cell("B8"), r"\1<f>\2</f><v>871.05</v>"), made)
    assert said == (
        "Summary!B8 (1 Staying well, Budget £): its stored value is 871.05, should be 870.05; "
        "its formula is as it should be",
    )


def test_a_formula_changed_but_not_its_value(book: bytes, made: dict[str, bytes]) -> None:
    said = differences(with_xml(book, "Summary", cell("B8"), r"\1<f>870+0.05</f><v>\3</v>"), made)
    assert said == (
        'Summary!B8 (1 Staying well, Budget £): its formula is "=870+0.05", should be '
        '"=ROUND(SUMIFS(line_budget,line_theme,"1",line_pooling,"pooled"),2)"; its stored value is '
        "as it should be",
    )


def test_a_formula_replaced_by_a_number(book: bytes, made: dict[str, bytes]) -> None:
    (said,) = differences(with_xml(book, "Summary", cell("B8"), r"\1<v>\3</v>"), made)
    assert said.startswith(
        "Summary!B8 (1 Staying well, Budget £): holds the number 870.05, should hold the formula "
    )
    assert said.endswith("which gives the number 870.05")


def test_an_amount_of_the_inputs_page(book: bytes, made: dict[str, bytes]) -> None:
    (said,) = differences(with_xml(book, "Inputs", r"<v>2033\.35</v>", "<v>2033.36</v>"), made)
    assert re.fullmatch(
        r"Inputs!I\d+ \(S4, Expenditure £\): holds 2033.36, should hold 2033.35", said
    )


def test_a_number_that_became_text(book: bytes, made: dict[str, bytes]) -> None:
    new = r'\1 t="inlineStr"><is><t>2033.35</t></is>'
    (said,) = differences(
        with_xml(book, "Inputs", r'(<c r="I\d+" s="\d+")><v>2033\.35</v>', new), made
    )
    assert 'holds the text "2033.35", should hold the number "2033.35"' in said


def test_a_cell_added_and_a_cell_emptied(book: bytes, made: dict[str, bytes]) -> None:
    (said,) = differences(with_xml(book, "Summary", cell("B8"), r"\1"), made)
    assert said.startswith("Summary!B8 (1 Staying well, Budget £): is blank, should hold the form")
    blank = r'<c r="B7" s="(\d+)"/>'
    (said,) = differences(with_xml(book, "Summary", blank, r'<c r="B7" s="\1"><v>5</v></c>'), made)
    assert said == "Summary!B7 (By theme, Budget £): holds the number 5, should be blank"


def test_a_changed_shared_text(book: bytes, made: dict[str, bytes]) -> None:
    def change(xml: bytes) -> bytes:
        assert xml.count(b">Home care<") == 1
        return xml.replace(b">Home care<", b">Home cure<")

    said = differences(repacked(book, {"xl/sharedStrings.xml": change}), made)
    assert any(
        re.match(r'Inputs!B\d+ \(S4, Scheme\): holds "Home cure", should hold "Home care"', it)
        for it in said
    )
    assert any(it.startswith("Variance!A") for it in said)
    assert len(said) == 6, "two lines of that name, on three pages"


def test_texts_in_another_order_are_the_same_cells(book: bytes, made: dict[str, bytes]) -> None:
    """As another program saves them: what cells refer to by number is looked up.

    It is not passed over in silence, or whoever turns them round could hide a row with it.
    """
    parts = workbook_parts.unpack(book)
    count = len(workbook_cells.texts(parts))

    def turned(xml: bytes) -> bytes:
        head, *entries, tail = re.split(rb"(?=<si>)|(?=</sst>)", xml)
        return head + b"".join(reversed(entries)) + tail

    def renumbered(xml: bytes) -> bytes:
        return re.sub(
            rb't="s"><v>(\d+)</v>',
            lambda it: b't="s"><v>%d</v>' % (count - 1 - int(it[1])),
            xml,
        )

    changes: dict[str, Change] = {tab.part: renumbered for tab in workbook_parts.tabs(parts)}
    said = differences(repacked(book, {**changes, "xl/sharedStrings.xml": turned}), made)
    assert said
    assert all("every cell holds what it should, but it is written otherwise" in it for it in said)


def test_a_renamed_sheet(book: bytes, made: dict[str, bytes]) -> None:
    renamed = repacked(
        book, {"xl/workbook.xml": lambda it: it.replace(b'name="Memo"', b'name="Memos"')}
    )
    assert differences(renamed, made) == ('sheet "Memo" has been renamed to "Memos"',)


def test_a_sheet_renamed_and_changed(book: bytes, made: dict[str, bytes]) -> None:
    spoilt = with_xml(book, "Summary", cell("B8"), r"\1<f>\2</f><v>1</v>")
    renamed = repacked(
        spoilt, {"xl/workbook.xml": lambda it: it.replace(b'name="Summary"', b'name="Sum"')}
    )
    said = differences(renamed, made)
    assert said[0] == 'sheet "Summary" has been renamed to "Sum"'
    assert said[1].startswith("Sum!B8 (1 Staying well, Budget £): its stored value is 1,")
    assert len(said) == 2


def test_a_hidden_sheet_and_sheets_out_of_order(book: bytes, made: dict[str, bytes]) -> None:
    hidden = repacked(
        book,
        {"xl/workbook.xml": lambda it: it.replace(b'name="Memo"', b'name="Memo" state="hidden"')},
    )
    assert differences(hidden, made) == ("sheet \"Memo\" is 'hidden', should be 'visible'",)
    swap = rb'(<sheet name="Summary".*?/>)(<sheet name="Variance".*?/>)'
    turned = repacked(book, {"xl/workbook.xml": lambda it: re.sub(swap, rb"\2\1", it)})
    assert differences(turned, made) == ("the sheets stand in another order than they should",)


def test_an_added_and_a_removed_sheet(book: bytes, made: dict[str, bytes]) -> None:
    entry = rb'(<sheet name="Memo"[^>]*/>)'
    gone = repacked(book, {"xl/workbook.xml": lambda it: re.sub(entry, b"", it)})
    assert 'sheet "Memo" is missing' in differences(gone, made)
    twice = rb'\1<sheet name="Extra" sheetId="99" r:id="rId2"/>'
    more = repacked(book, {"xl/workbook.xml": lambda it: re.sub(entry, twice, it)})
    assert differences(more, made) == ('sheet "Extra" should not be there',)


def test_an_added_row_at_the_end(book: bytes, made: dict[str, bytes]) -> None:
    row = '<row r="900"><c r="A900" t="inlineStr"><is><t>Slush fund</t></is></c></row></sheetData>'
    (said,) = differences(with_xml(book, "Inputs", "</sheetData>", row), made)
    assert said == 'sheet "Inputs": row 900 should not be there: "Slush fund"'


def test_a_row_put_between_others_and_one_taken_out(book: bytes, made: dict[str, bytes]) -> None:
    def lowered(xml: bytes, start: int, by: int) -> bytes:
        def row(it: re.Match[bytes]) -> bytes:
            number = int(it[2])
            return it[1] + b"%d" % (number + by if number >= start else number) + b'"'

        return re.sub(rb'(<(?:row|c) r="[A-Z]*)(\d+)"', row, xml)

    new = b'<row r="9"><c r="A9"><v>77</v></c></row>'

    def put(xml: bytes) -> bytes:
        at = xml.index(b'<row r="9"')
        return xml[:at] + new + lowered(xml[at:], 9, 1)

    part = part_of(book, "Summary")
    (said,) = differences(repacked(book, {part: put}), made)
    assert said == 'sheet "Summary": row 9 should not be there: "77"'

    def taken(xml: bytes) -> bytes:
        at, end = xml.index(b'<row r="9"'), xml.index(b'<row r="10"')
        return xml[:at] + lowered(xml[end:], 10, -1)

    (said,) = differences(repacked(book, {part: taken}), made)
    assert said == 'sheet "Summary": row 9 is missing: "2 Coming home"'


def test_rows_that_stand_lower_than_they_should(book: bytes, made: dict[str, bytes]) -> None:
    def lowered(xml: bytes) -> bytes:
        return re.sub(rb'(<(?:row|c) r="[A-Z]*)(\d+)"', lambda it: b'%s1%s"' % (it[1], it[2]), xml)

    said = differences(repacked(book, {part_of(book, "Findings"): lowered}), made)
    assert said == ('sheet "Findings": row 11 should be row 1',)


def test_a_name_led_elsewhere(book: bytes, made: dict[str, bytes]) -> None:
    """The values stay as they are, until the workbook is recalculated."""

    def change(xml: bytes) -> bytes:
        assert b"<definedName name=\"line_budget\">'Inputs'!$H$" in xml
        return xml.replace(b"line_budget\">'Inputs'!$H$", b"line_budget\">'Inputs'!$I$")

    (said,) = differences(repacked(book, {"xl/workbook.xml": change}), made)
    assert said.startswith('the name "line_budget" refers to "\'Inputs\'!$I$')


def test_looks_are_part_of_what_is_seen(book: bytes, made: dict[str, bytes]) -> None:
    def change(xml: bytes) -> bytes:
        assert b"#,##0.00" in xml
        return xml.replace(b"#,##0.00", b"#,##9.99")

    (said,) = differences(repacked(book, {"xl/styles.xml": change}), made)
    assert said.startswith('the part "xl/styles.xml" is not as it should be')
    (said,) = differences(with_xml(book, "Summary", '<row r="7"', '<row r="7" hidden="1"'), made)
    assert said.startswith('sheet "Summary": every cell holds what it should, but it is written')
    macro = repacked(book, {"xl/vbaProject.bin": b"macro"})
    assert differences(macro, made) == ('the part "xl/vbaProject.bin" should not be in the file',)
    chart = differences(repacked(book, {"xl/charts/chart1.xml": None}), made)
    assert chart == ('the part "xl/charts/chart1.xml" is missing from the file',)


def test_another_packing_is_the_same_content(report: Path, book: bytes) -> None:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new,
    ):
        for entry in reversed(old.infolist()):
            new.writestr(entry.filename, old.read(entry))
    (report / "report.xlsx").write_bytes(stream.getvalue())
    found = verify(report)
    assert found.agrees
    assert said_of(found, "report.xlsx") == [
        "same content",
        "same content, other bytes: every part is equal, packed otherwise",
    ]
    manifest = json.loads((report / "run.json").read_text())
    workbook_parts_sha = write.hashlib.sha256(stream.getvalue()).hexdigest()
    manifest["outputs"][0]["sha256"] = workbook_parts_sha
    (report / "run.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    assert said_of(verify(report), "run.json") == [
        "same content",
        "lists report.xlsx as it stands, whose bytes differ but not its content",
    ]


def saved_elsewhere(book: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Save a workbook, once changed, with a program that calculates nothing."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    change(opened)
    stream = io.BytesIO()
    opened.save(stream)
    return stream.getvalue()


def the_cell(opened: openpyxl.Workbook, sheet: str, value: object) -> str:
    """Find the one cell of a sheet that holds this."""
    (found,) = [it.coordinate for row in opened[sheet] for it in row if it.value == value]
    return str(found)


UNCALCULATED = re.compile(
    r"([\d,]+) formulas have no stored value: the file was saved without being calculated"
)


def test_a_changed_cell_comes_before_formulas_that_were_not_calculated(
    report: Path, book: bytes, made: dict[str, bytes]
) -> None:
    where: dict[str, str] = {}

    def change(opened: openpyxl.Workbook) -> None:
        where["amount"] = the_cell(opened, "Inputs", 2033.35)
        opened["Inputs"][where["amount"]] = 2033.36
        opened["Summary"]["B8"] = "=870+0.05"

    saved = saved_elsewhere(book, change)
    said = differences(saved, made)
    assert said[0] == (
        f"Inputs!{where['amount']} (S4, Expenditure £): holds 2033.36, should hold 2033.35"
    )
    assert said[1].startswith(
        'Summary!B8 (1 Staying well, Budget £): its formula is "=870+0.05", should be "=ROUND('
    )
    assert "stored value" not in said[1]
    counted = [found for it in said if (found := UNCALCULATED.fullmatch(it))]
    formulas = sum(
        str(it.value).startswith("=")
        for tab in openpyxl.load_workbook(io.BytesIO(saved))
        for row in tab
        for it in row
    )
    assert [it[1] for it in counted] == [f"{formulas:,}"]
    assert not [it for it in said[2:] if re.match(r"[\w ]+![A-Z]+\d+", it)], "no other cell"
    (report / "report.xlsx").write_bytes(saved)
    done = bcf(report)
    assert done.exit_code == 5
    assert f"    Inputs!{where['amount']} (S4, Expenditure £): holds 2033.36" in done.stdout


def test_one_formula_without_a_stored_value(book: bytes, made: dict[str, bytes]) -> None:
    bare = with_xml(book, "Summary", cell("B8"), r"\1<f>\2</f>")
    one = "1 formula has no stored value: the file was saved without being calculated"
    assert differences(bare, made) == (one,)


def test_changed_formulas_come_before_stored_values(book: bytes, made: dict[str, bytes]) -> None:
    spoilt = with_xml(book, "Summary", cell("B8"), r"\1<f>\2</f><v>871.05</v>")
    spoilt = with_xml(spoilt, "Summary", cell("B9"), r"\1<f>1+1</f><v>\3</v>")
    spoilt = with_xml(spoilt, "Inputs", r"<v>2033\.35</v>", "<v>2033.36</v>")
    said = differences(spoilt, made)
    assert [re.split(r"[ :]", it)[0][:8] for it in said] == ["Inputs!I", "Summary!", "Summary!"]
    assert "its formula is" in said[1] and said[2].startswith("Summary!B8 ")


def test_a_blank_is_called_blank(book: bytes, made: dict[str, bytes]) -> None:
    (said,) = differences(
        with_xml(book, "Summary", r'<c r="B8"( s="\d+")><f>([^<]*)</f><v>[^<]*</v>',
                 r'<c r="B8"\1 t="str"><f>\2</f><v></v>'),
        made,
    )  # fmt: skip
    assert said == (
        "Summary!B8 (1 Staying well, Budget £): its stored value is blank, should be "
        "870.05; its formula is as it should be"
    )
    (said,) = differences(with_xml(book, "Inputs", r"<v>2033\.35</v>", "<v></v>"), made)
    assert re.fullmatch(
        r"Inputs!I\d+ \(S4, Expenditure £\): is blank, should hold the number 2033.35", said
    )
    row = '<row r="900"><c r="A900"><f>1+1</f></c></row></sheetData>'
    said, count = differences(with_xml(book, "Inputs", "</sheetData>", row), made)
    assert said == 'sheet "Inputs": row 900 should not be there: blank'
    assert count.startswith("1 formula has no stored value")


def test_how_formulas_are_calculated_is_no_part_of_them(
    book: bytes, made: dict[str, bytes]
) -> None:
    """Other programs add such attributes to every formula when they save."""

    def noted(xml: bytes) -> bytes:
        return xml.replace(b"<f>", b'<f aca="false" ca="1" xml:space="preserve">')

    def also_changed(xml: bytes) -> bytes:
        assert xml.count(b"<v>2033.35</v>") == 1
        return noted(xml).replace(b"<v>2033.35</v>", b"<v>2033.36</v>")

    tabs = workbook_parts.tabs(workbook_parts.unpack(book))
    changes: dict[str, Change | bytes | None] = {tab.part: noted for tab in tabs}
    said = differences(repacked(book, changes), made)
    assert said
    assert all("every cell holds what it should, but it is written otherwise" in it for it in said)
    changes[part_of(book, "Inputs")] = also_changed
    said = differences(repacked(book, changes), made)
    assert re.fullmatch(
        r"Inputs!I\d+ \(S4, Expenditure £\): holds 2033.36, should hold 2033.35", said[0]
    )
    assert not [it for it in said if "formula" in it]


def test_quotes_a_sheet_does_not_need_are_no_change(book: bytes, made: dict[str, bytes]) -> None:
    part = part_of(book, "Settlement")

    def unquoted(xml: bytes) -> bytes:
        assert b"'Summary'!" in xml
        return xml.replace(b"'Summary'!", b"Summary!")

    (said,) = differences(repacked(book, {part: unquoted}), made)
    assert "every cell holds what it should, but it is written otherwise" in said
    (said,) = differences(
        repacked(book, {part: lambda it: unquoted(it).replace(b"Summary!$F$12", b"Memo!$F$12")}),
        made,
    )
    assert 'its formula is "=ROUND(Memo!$F$12-' in said


def test_a_shared_formula_is_still_told(book: bytes, made: dict[str, bytes]) -> None:
    new = r'\1<f t="shared" si="0" aca="false">\2</f><v>\3</v>'
    (said,) = differences(with_xml(book, "Summary", cell("B8"), new), made)
    assert 'its formula is "=[si=0 t=shared]ROUND(' in said


_BOMB = b"0" * 200_000_000
_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"xl/worksheets/sheet2.xml": _BOMB}, "it unpacks to "),
        ({"xl/sharedStrings.xml": _ENTITIES}, "sharedStrings.xml: its XML declares a document ty"),
        ({"xl/workbook.xml": _ENTITIES}, "xl/workbook.xml: its XML declares a document type"),
        ({"xl/worksheets/sheet2.xml": _ENTITIES}, "sheet2.xml: its XML declares a document type"),
        ({"xl/workbook.xml": None}, "xl/workbook.xml is missing"),
        ({"xl/workbook.xml": b"<workbook"}, "xl/workbook.xml is damaged"),
        ({"xl/worksheets/sheet2.xml": None}, "the part of sheet 'Summary' is missing"),
        (
            {"xl/worksheets/sheet2.xml": b"<w><sheetData><c><v>1</v></c></sheetData></w>"},
            "sheet2.xml: a cell does not say where it stands",
        ),
        (
            {
                "xl/worksheets/sheet2.xml": b"<w><sheetData><c r='A1'><v>1</v></c>"
                b"<c r='A1'><v>2</v></c></sheetData></w>"
            },
            "cell A1 stands in a sheet twice",
        ),
        (
            {
                "xl/worksheets/sheet2.xml": b"<w><sheetData><c r='A1' t='s'><v>9999</v></c>"
                b"</sheetData></w>"
            },
            "the text of cell A1 is missing",
        ),
        (
            {"xl/worksheets/sheet2.xml": b'<?xml version="1.0" encoding="x-none"?><w/>'},
            "sheet2.xml is damaged",
        ),
    ],
    ids=lambda it: it[:30] if isinstance(it, str) else "",
)
def test_a_hostile_part_is_a_sentence(
    book: bytes, made: dict[str, bytes], changes: dict[str, bytes | None], said: str
) -> None:
    gone = dict.fromkeys(changes)
    (found,) = differences(repacked(repacked(book, gone), changes), made)
    assert found.startswith("it cannot be compared: ")
    assert said in found


def test_a_damaged_workbook_is_a_sentence(book: bytes, made: dict[str, bytes]) -> None:
    middle = len(book) // 2
    flipped = book[:middle] + bytes(255 - it for it in book[middle : middle + 40])
    for data in (b"", b"%PDF-1.7", book[:-400], book[:3000], flipped + book[middle + 40 :]):
        (said,) = differences(data, made)
        assert said.startswith("it cannot be compared: it is no workbook, or a damaged one (")
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = repacked(book, {"xl/styles.xml": lambda it: it, "xl/a.xml": b"1"})
        stream = io.BytesIO(twice)
        with zipfile.ZipFile(stream, "a") as more:
            more.writestr("xl/workbook.xml", b"<workbook/>")
    assert differences(stream.getvalue(), made) == ("it cannot be compared: it holds a part twice",)


@tries(40, 300)
@given(PICKS, st.integers(10**7, 10**8))
def test_any_changed_cell_of_the_workbook_is_named(
    picks: tuple[int, int, int], number: int
) -> None:
    """Another value, another formula, another stored value under the formula, or nothing."""
    made = files_made()
    book = made["report.xlsx"]
    parts = workbook_parts.unpack(book)
    tabs = workbook_parts.tabs(parts)
    tab = tabs[picks[0] % len(tabs)]
    held, _ = workbook_cells.cells(parts, tab.part, workbook_cells.texts(parts))
    places = [(row, column) for row in held for column in held[row]]
    row, column = places[picks[1] % len(places)]
    where = workbook_cells.place(row, column)
    cell = re.search(rb'<c r="%s"([^>]*)>(.*?)</c>' % where.encode(), parts[tab.part])
    assert cell is not None
    start = b'<c r="%s"' % where.encode()
    plain = start + re.sub(rb' t="\w+"', b"", cell[1])
    new = [b"%s><v>%d</v></c>" % (plain, number), b""]
    if formula := re.search(rb"<f>.*?</f>", cell[2]):
        value = cell[2].replace(formula[0], b"")
        new += [
            b"%s%s><f>1+%d</f>%s</c>" % (start, cell[1], number, value),
            b"%s>%s<v>%d</v></c>" % (plain, formula[0], number),
        ]
    put = new[picks[2] % len(new)]
    after = parts[tab.part].replace(cell[0], put, 1)
    (said,) = differences(repacked(book, {tab.part: lambda _: after}), made)
    if not put and len(held[row]) == 1:
        assert said.startswith(f'sheet "{tab.name}": row {row} is missing: ')
    else:
        assert said.startswith((f"{tab.name}!{where}: ", f"{tab.name}!{where} ("))


# ------------------------------------------------------------------ the web page


def test_a_changed_number_of_the_page_is_named(report: Path) -> None:
    page = (report / "report.html").read_text(encoding="utf-8")
    row = next(it for it in page.split("\n") if "S4" in it and "2,033.35" in it)
    changed(report / "report.html", row, row.replace("2,033.35", "2,003.35"))
    verdict, since, said = said_of(verify(report), "report.html")
    assert (verdict, since) == ("differs", "it is changed since run.json was written")
    assert re.match(
        r'line \d+, under "Budget, expenditure and variance by theme and organisation", '
        r'row \(Home care\), column Expenditure £: says "2,003.35", should say "2,033.35"',
        said,
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Underspend of", "Overspend of", ">Overspend of"),
        ("</body>", "<script>alert(1)</script>\n</body>", 'should not be there: "<script>alert'),
        ("</h1>", "</h1 >", "is written "),
        ("font-weight: 700", "font-weight: 100", "is written "),
        ('data-figure="variance"', 'data-figure="budget"', "is written "),
        ("<footer>", "", "is written "),
    ],
)
def test_any_other_change_of_the_page_is_shown(
    made: dict[str, bytes], old: str, new: str, said: str
) -> None:
    page = made["report.html"].decode()
    assert old in page
    found = compare_html(page.replace(old, new, 1).encode(), made["report.html"]).differences
    assert len(found) == 1
    assert said in found[0]
    assert found[0].startswith("line ")


def test_a_line_taken_out_of_the_page(made: dict[str, bytes]) -> None:
    lines = made["report.html"].decode().split("\n")
    at = next(n for n, it in enumerate(lines) if "S4" in it)
    (said,) = compare_html("\n".join(lines[:at] + lines[at + 1 :]).encode(),
                           made["report.html"]).differences  # fmt: skip
    assert said.startswith(f'line {at + 1}, under "Budget, expenditure and variance by')
    assert ": is missing: " in said


def test_a_page_of_other_line_ends_or_no_text(made: dict[str, bytes]) -> None:
    good = made["report.html"]
    assert compare_html(good.replace(b"\n", b"\r\n"), good).differences == ()
    assert compare_html(good.replace(b"\n", b"\r\n"), good).notes
    (said,) = compare_html(good[:100] + b"\xff" + good[100:], good).differences
    assert said.startswith("it is no UTF-8 text: byte 0xFF in line ")
    one_line = b"<td>" * 100_000
    assert compare_html(one_line, good).differences


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**7), st.characters(exclude_categories=["Cs"]))
def test_any_changed_character_of_the_page_is_found(pick: int, new: str) -> None:
    made = files_made()
    page = made["report.html"].decode()
    at = pick % len(page)
    assume(new != page[at])
    said = compare_html((page[:at] + new + page[at + 1 :]).encode(), made["report.html"])
    line = page[:at].count("\n") + 1
    assert said.differences
    assert said.differences[0].startswith((f"line {line},", f"line {line}:"))


# ------------------------------------------------------------------ run.json


def test_a_changed_value_of_the_manifest_is_named(report: Path) -> None:
    path = report / "run.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    right = manifest["control_totals"]["computed_pounds"]["budget"]
    manifest["control_totals"]["computed_pounds"]["budget"] = "1.00"
    manifest["checks_held"] = True
    manifest["approved_by"] = "the auditor"
    del manifest["warnings"]
    path.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    found = verify(report)
    held = len(bcf_model.run(bcf_model.load(SELFTEST)).checks)
    assert said_of(found, "run.json") == [
        "differs",
        f'control_totals, computed_pounds, budget: holds "1.00", should hold "{right}"',
        f'checks_held: holds "true", should hold "{held}"',
        "warnings: is missing",
        "approved_by: should not be there",
    ]
    assert others_agree(found, "run.json")


def test_a_forged_hash_does_not_help(report: Path) -> None:
    """Whoever changes a table and run.json with it is found out: all of it is made again."""
    table = report / "tables" / "variance_total.csv"
    before = write.hashlib.sha256(table.read_bytes()).hexdigest()
    changed(table, "variance", "Variance")
    after = write.hashlib.sha256(table.read_bytes()).hexdigest()
    changed(report / "run.json", before, after)
    found = verify(report)
    assert said_of(found, "tables/variance_total.csv")[:2] == [
        "differs", "it is as run.json lists it",
    ]  # fmt: skip
    assert said_of(found, "run.json") == [
        "differs",
        f'outputs, tables/variance_total.csv, sha256: holds "{after}", should hold "{before}"',
    ]


HOSTILE = {
    "cut short": b'{"pool": "selftest", "versions": {',
    "empty": b"",
    "a list": b"[1, 2]",
    "text": b'"pool"',
    "no pool": b"{}",
    "nested": b"[" * 200_000,
    "nested objects": b'{"a":' * 200_000,
    "a number without end": b'{"pool": ' + b"9" * 5000 + b"}",
    "said twice": b'{"pool": "a", "pool": "b"}',
    "no UTF-8": b'{"pool": "\xff"}',
    "binary": bytes(range(256)),
    "versions": b'{"pool": "a", "versions": [1]}',
    "a version that steers": b'{"pool": "a", "versions": {"python": "\\u001b[2J"}}',
    "inputs": b'{"pool": "a", "versions": {}, "inputs": "all"}',
    "an input": b'{"pool": "a", "versions": {}, "inputs": [["x"]]}',
    "a hash": b'{"pool": "a", "versions": {}, "inputs": [{"file": "x", "sha256": "12"}]}',
    "names within names": b'{"pool": "a", "' + b"x" * 10**6 + b'": {"a": {"b": 1}}}',
    "too large": b" " * (9 * 2**20),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_damaged_manifest_is_a_sentence(report: Path, data: bytes) -> None:
    (report / "run.json").write_bytes(data)
    done = bcf(report)
    assert done.exit_code == 5, done.output
    assert "run.json: differs" in done.stdout
    assert "nothing else was compared" in done.stdout
    assert "\x1b" not in done.output


FEW = HOSTILE if LONG else ["cut short", "no UTF-8", "an input"]


@longer
@pytest.mark.parametrize("name", FEW)
def test_with_the_pool_the_rest_is_compared(report: Path, pool: Path, name: str) -> None:
    (report / "run.json").write_bytes(HOSTILE[name])
    done = bcf(report, "--pool", pool)
    assert done.exit_code == 5
    assert "report.xlsx: as it should be" in done.stdout
    assert "none changed since" not in done.stdout
    assert UNKNOWN in done.stdout


@pytest.mark.parametrize(
    "name", ["../selftest", "/etc", "..", ".", "", "a\\u0000b", "a\\nb", "C:\\\\x"]
)
def test_a_manifest_cannot_choose_where_is_looked(report: Path, name: str) -> None:
    changed(report / "run.json", '"pool": "selftest"', f'"pool": "{name}"')
    done = bcf(report)
    assert done.exit_code == 2
    assert "no plain name, as its pool: give it with --pool" in " ".join(done.stderr.split())


def test_a_long_name_of_a_pool_is_not_found(report: Path) -> None:
    changed(report / "run.json", '"pool": "selftest"', '"pool": "' + "ü" * 200 + '"')
    assert bcf(report).exit_code == 2


# ------------------------------------------------------------------ inputs


def test_a_changed_input_is_named_and_what_it_would_give(report: Path, pool: Path) -> None:
    changed(pool / "schemes.csv", "600.00", "601.00")
    done = bcf(report)
    assert done.exit_code == 5
    words = " ".join(done.stdout.split())
    assert "1 not as they were" in words
    assert "Input schemes.csv has changed since: its SHA-256 is " in words
    assert 'column expenditure: holds "600.00", should hold "601.00"' in words
    assert "it is as run.json lists it" in words
    assert "files differ, 1 input changed." in words


def test_an_input_that_changes_no_figure_still_counts(report: Path, pool: Path) -> None:
    with (pool / "themes.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("\n\n")
    found = verify(report)
    assert not found.agrees
    (said,) = found.changed
    assert said.startswith("themes.csv has changed since")
    assert said_of(found, "tables/variance.csv") == ["as it should be"]


def test_new_and_missing_inputs(report: Path, pool: Path) -> None:
    (pool / "commentary.csv").write_text("scheme_id,reason,owner\nS6,Pay,A. Nother\n")
    found = verify(report)
    assert found.changed == ("commentary.csv is new: the report was made without it",)
    (pool / "commentary.csv").unlink()
    (pool / "categories.csv").unlink()
    done = bcf(report)
    assert done.exit_code == cli.DATA_HAS_ERRORS
    assert "Input categories.csv is missing: the report was made from it too." in done.stdout
    assert "ERROR BCF002  categories.csv: A table is missing" in done.stderr


def test_inputs_with_errors_leave_with_3(report: Path, pool: Path) -> None:
    changed(pool / "schemes.csv", "600.00", "about 600")
    done = bcf(report)
    assert done.exit_code == 3
    assert "Input schemes.csv has changed since" in done.stdout
    assert "The report cannot be made again." in done.stderr


def test_a_pool_elsewhere_under_another_name(report: Path, pool: Path, tmp_path: Path) -> None:
    moved = pool.rename(tmp_path / "copy of the pool")
    done = bcf(report)
    assert done.exit_code == 2
    assert "looked for inputs/selftest and selftest" in " ".join(done.stderr.split())
    done = bcf(report, "--pool", moved)
    assert done.exit_code == 0, done.output
    assert 'Note: the pool is called "selftest" in run.json.' in done.stdout
    assert bcf(report, "--pool", tmp_path / "nowhere").exit_code == 2


def test_a_pool_in_one_workbook_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    for file in sorted(SELFTEST.glob("*.csv")):
        tab = book.create_sheet(file.stem)
        with file.open(encoding="utf-8", newline="") as rows:
            for row in csv.reader(rows):
                tab.append(row)
    tab = book.create_sheet("pool")
    for row in (("title", "T"), ("board", "B"), ("financial_year", "2018-19"), ("unit", "pounds"),
                ("as_at", "2019-03-31"), ("source", "S")):  # fmt: skip
        tab.append(row)
    del book["Sheet"]
    Path("inputs").mkdir()
    book.save("inputs/one.xlsx")
    bcf_model.write_report(bcf_model.run(bcf_model.load("inputs/one.xlsx")), "outputs/one")
    done = bcf("outputs/one")
    assert done.exit_code == 0, done.output
    assert "Inputs: inputs/one.xlsx, 1 file, none changed since" in done.stdout


@pytest.mark.parametrize(
    ("place", "listed"),
    [
        ("inputs/selftest/agreements/draft", "agreements/draft/rules.csv"),
        ("revised", "revised/rules.csv"),
        ("revised/draft-rules.csv", "revised/draft-rules.csv"),
        ("draft-rules.csv", "draft-rules.csv"),
    ],
)
def test_a_report_of_an_agreement_says_which_is_missing(
    report: Path, pool: Path, tmp_path: Path, place: str, listed: str
) -> None:
    agreement = Path(place)
    rules = agreement if agreement.suffix else agreement / "rules.csv"
    rules.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(pool / "rules.csv", rules)
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool, agreement)), report)
    done = bcf(report)
    words = " ".join(done.stderr.replace("│", " ").split())
    assert done.exit_code == 2
    assert "was made under an agreement that was tried in place of the pool's own" in words
    assert f"run.json lists {listed}" in words
    assert "give that agreement with --agreement" in words
    assert "has changed" not in done.output and "is missing" not in done.output
    with pytest.raises(NoReport):
        verify(report, pool)
    done = bcf(report, "--agreement", agreement)
    assert done.exit_code == 0, done.output


def test_inputs_that_went_missing_are_no_agreement(report: Path, pool: Path) -> None:
    """Of a report under the pool's own agreement they are still said to be missing."""
    (pool / "perimeters.csv").unlink(missing_ok=True)
    (pool / "rules.csv").unlink()
    assert "rules.csv is missing: the report was made from it too" in verify(report).changed


# ------------------------------------------------------------------ files and versions


def test_missing_and_extra_files(report: Path) -> None:
    (report / "tables" / "memo.csv").unlink()
    (report / "minutes.docx").write_text("mine")
    (report / "tables" / "more\x1b.csv").write_text("mine")
    found = verify(report)
    assert said_of(found, "tables/memo.csv") == ["missing"]
    assert found.notes == (
        "minutes.docx is no part of the report, and was not looked at",
        "tables/more\\x1b.csv is no part of the report, and was not looked at",
    )
    assert bcf(report).exit_code == 5


def test_an_extra_file_alone_is_a_note(report: Path) -> None:
    (report / "minutes.docx").write_text("mine")
    done = bcf(report)
    assert done.exit_code == 0
    assert "Note: minutes.docx is no part of the report, and was not looked at." in done.stdout


def test_what_is_no_file_is_not_opened(report: Path) -> None:
    for name in ("report.html", "report.xlsx", "tables/memo.csv", "tables/variance.csv"):
        (report / name).unlink()
    (report / "report.html").mkdir()
    os.mkfifo(report / "report.xlsx")
    (report / "tables" / "memo.csv").symlink_to(report / "tables" / "memo.csv")
    (report / "tables" / "variance.csv").write_bytes(b"0" * 3 * 2**20)
    found = verify(report)
    assert said_of(found, "report.html") == ["differs", "it is no ordinary file"]
    assert said_of(found, "report.xlsx") == ["differs", "it is no ordinary file"]
    assert said_of(found, "tables/memo.csv")[0] == "differs"
    assert said_of(found, "tables/variance.csv")[1].startswith("it has 3,145,728 bytes, far more")


def test_no_report_and_no_manifest(report: Path, pool: Path, tmp_path: Path) -> None:
    assert bcf(tmp_path / "nowhere").exit_code == 2
    assert bcf(report / "report.html").exit_code == 2
    (report / "run.json").unlink()
    done = bcf(report)
    assert done.exit_code == 2
    assert "has no run.json, which names the pool" in " ".join(done.stderr.split())
    with pytest.raises(NoPool):
        verify(report)
    found = verify(report, pool)
    assert said_of(found, "run.json") == ["missing"]
    assert others_agree(found, "run.json")
    assert not found.agrees
    assert UNKNOWN in told(found) and "none changed since" not in told(found)


def test_a_folder_of_reports_is_no_report(report: Path, pool: Path) -> None:
    shutil.copytree(report, report.parent / "other")
    (report.parent / "drafts").mkdir()
    for more in ((), ("--pool", pool)):
        done = bcf(report.parent, *more)
        said = " ".join(done.stderr.replace("│", " ").split())
        assert done.exit_code == 2
        assert f"{report.parent} is no report itself" in said
        assert f"verify each by itself: {report.parent / 'other'}, {report}." in said
        assert "One of an agreement that was tried needs --agreement" in said
        assert "drafts" not in said


def test_another_library_of_the_same_content_is_a_note(report: Path) -> None:
    versions = {**write.versions_in_use(), "pandas": "9.9.9"}
    results = bcf_model.run(bcf_model.load("inputs/selftest"))
    for name, data in write.contents(results, versions).items():
        (report / name).write_bytes(data)
    done = bcf(report)
    assert done.exit_code == 0, done.output
    here = write.versions_in_use()["pandas"]
    assert f"Note: made with pandas 9.9.9, here it is {here}." in done.stdout


def test_another_version_of_the_package_is_said(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(excel, "__version__", "0.0.1")
        older.setattr(write, "__version__", "0.0.1")
        results = bcf_model.run(bcf_model.load("inputs/selftest"))
        for name, data in write.contents(results).items():
            (report / name).write_bytes(data)
    found = verify(report)
    assert found.notes == (f"made with bcf_model 0.0.1, here it is {bcf_model.__version__}",)
    said = said_of(found, "report.xlsx")
    assert any(it.startswith("Cover!B") and "bcf_model 0.0.1" in it for it in said)
    assert not found.agrees


def test_a_report_that_states_no_versions_is_not_cleared(report: Path) -> None:
    manifest = json.loads((report / "run.json").read_text(encoding="utf-8"))
    manifest["versions"] = {}
    (report / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    said = said_of(verify(report), "run.json")
    assert said[0] == "differs"
    assert "versions, bcf_model: is missing" in said


def test_what_was_planted_cannot_steer_the_terminal(report: Path) -> None:
    changed(report / "tables" / "variance.csv", "Home care", "\x1b[2J\x1b]0;pwned\x07")
    changed(report / "report.html", "Home care", "\x1b[2J")
    done = bcf(report)
    assert done.exit_code == 5
    assert "\x1b" not in done.output
    assert r"\x1b[2J" in done.stdout


def test_a_part_by_a_name_that_steers_is_written_out(report: Path, book: bytes) -> None:
    name = "xl/worksheets/\x1b[2J.xml"
    changes: dict[str, Change | bytes | None] = {
        "xl/_rels/workbook.xml.rels": lambda it: it.replace(b"sheet2.xml", b"&#x7f;[2J.xml"),
        "xl/worksheets/\x7f[2J.xml": b"<broken",
        name: b"<broken",
    }
    (report / "report.xlsx").write_bytes(repacked(book, changes))
    done = bcf(report)
    assert done.exit_code == 5
    assert r"\x7f[2J.xml is damaged" in " ".join(done.stdout.split())
    assert "\x7f" not in done.output and "\x1b" not in done.output


def test_a_long_list_is_cut_and_counted(report: Path) -> None:
    path = report / "tables" / "variance.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    text = "\n".join(",".join("x" for _ in row) for row in rows) + "\n"
    path.write_text(text, encoding="utf-8")
    cells = sum(map(len, rows))
    done = bcf(report)
    assert f"    and {cells + 1 - MOST_SAID:,} more like these." in done.stdout.splitlines()


def test_the_help_says_how_it_leaves() -> None:
    words = " ".join(CliRunner().invoke(cli.cli, ["verify", "--help"]).stdout.split())
    assert "Leaves with 0 when" in words and "with 5 when it is not" in words


def test_the_report_of_a_scenario_is_not_verified_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(
        '{"pool": "x", "scenario": "more", "versions": {}, "inputs": [], "outputs": []}',
        encoding="utf-8",
    )
    found = CliRunner().invoke(cli.cli, ["verify", str(tmp_path)])
    assert found.exit_code == 2
    assert "report of a scenario" in found.output

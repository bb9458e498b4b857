"""A workbook that was touched is found out, and the cell is named; one saved again is cleared."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import openpyxl
import pytest
from hypothesis import given

from bcf_model.intake.raw_table import address
from bcf_model.verify import workbook_cells, workbook_parts
from bcf_model.verify.verification import verify
from bcf_model.verify.workbook import compare_workbook
from tests.longer import slow, tries
from tests.make.verified import (
    PICKS,
    Change,
    bcf,
    files_made,
    part_of,
    repacked,
    said_of,
    with_xml,
)


def differences(found: bytes, made: dict[str, bytes]) -> tuple[str, ...]:
    return compare_workbook(found, made["report.xlsx"]).differences


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


@slow
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


@slow
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
    workbook_parts_sha = hashlib.sha256(stream.getvalue()).hexdigest()
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


@slow
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


@slow
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
    part = part_of(book, "Figures")

    def unquoted(xml: bytes) -> bytes:
        assert b"'Summary'!" in xml
        return xml.replace(b"'Summary'!", b"Summary!")

    (said,) = differences(repacked(book, {part: unquoted}), made)
    assert "every cell holds what it should, but it is written otherwise" in said
    (said,) = differences(
        repacked(
            book, {part: lambda it: unquoted(it).replace(b"N(Summary!$F$12)", b"N(Memo!$F$12)")}
        ),
        made,
    )
    assert 'its formula is "=N(Memo!$F$12)"' in said


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
        ({"xl/worksheets/sheet2.xml": _BOMB}, "191 MB unpacked"),
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
        assert said.startswith("it cannot be compared: ")
        assert "not a workbook, or a damaged one (" in said or "is damaged" in said
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = repacked(book, {"xl/styles.xml": lambda it: it, "xl/a.xml": b"1"})
        stream = io.BytesIO(twice)
        with zipfile.ZipFile(stream, "a") as more:
            more.writestr("xl/workbook.xml", b"<workbook/>")
    (said,) = differences(stream.getvalue(), made)
    assert said == "it cannot be compared: two parts of one name: xl/workbook.xml"


@slow
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
    where = address(row, column)
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

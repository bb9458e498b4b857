"""A table of a paper becomes a transcription: what is found, what is asked, what is refused."""

import openpyxl
import pytest

from bcf_model.extracts.transcribe import as_text, read_paper
from bcf_model.intake.extract_file import read_file
from tests.make.printed_tables import (
    answered,
    as_csv,
    codes,
    read,
    run,
    sums,
    transcription,
    word,
)

TABLE = as_csv(
    [
        ["Westmere pool, outturn (£000)"],
        [],
        ["Scheme", "Budget", "Outturn", "Variance", "%"],
        ["Community"],
        ["Reablement", "1,204", "1,251*", "47", "3.9%"],
        ["Client income", "(240)", "(251)", "(11)", "4.6%"],
        ["Sub total", "964", "1,000", "36", "3.7%"],
        ["Residential"],
        ["Nursing", "500", "-", "(500)", "(100%)"],
        ["Care homes", "1,000", "1,001", "1", "0.1%"],
        ["Sub total", "1,500", "1,001", "(499)", "(33.3%)"],
        ["Grand total", "2,464", "2,001", "(463)", "(18.8%)"],
        ["* with winter money"],
    ]
)


def test_sections_brackets_dashes_marks_and_notes(tmp_path):
    reading = read(tmp_path, TABLE)
    assert codes(reading) == []
    rows = transcription(reading)
    assert len(rows) == 28
    assert rows[1] == {
        "published_id": "P002", "source": "table 1 row 5", "label": "Reablement",
        "column": "Outturn", "printed": "1,251*", "unit": "thousands", "decimals": "0",
        "figure": "", "sum_of": "", "percent_of": "", "paper": "Westmere pool, outturn (£000)",
        "note": "cell C5",
    }  # fmt: skip
    by_id = {row["published_id"]: row for row in rows}
    assert by_id["P003"]["sum_of"] == "P002 - P001"
    assert by_id["P004"]["percent_of"] == "P003 / P001"
    assert by_id["P009"]["sum_of"] == "P001 + P005"
    assert by_id["P009"]["label"] == "Community: Sub total"
    assert by_id["P021"]["sum_of"] == "P013 + P017"
    assert by_id["P025"]["sum_of"] == "P009 + P021"
    assert by_id["P027"]["sum_of"] == "P011 + P023; P026 - P025"
    assert by_id["P028"]["unit"] == "percent"
    assert "28 figures · 23 relations proved · 0 said, and not holding · 0 questions" in as_text(
        reading, "again"
    )


def test_a_wrong_total_is_asked_and_by_its_ready_answer_stands_in_the_transcription(tmp_path):
    wrong = TABLE.replace("2,001", "2,010")
    reading = read(tmp_path, wrong)
    assert [it.key for it in reading.questions] == ["BCF943 Grand total", "BCF943 Variance"]
    assert "C12 prints 2,010, its parts come to 2,001" in as_text(reading, "again")
    assert sums(read(tmp_path, wrong, ready=True)) == sums(read(tmp_path, TABLE))
    given = {"BCF943 Grand total": "line"}
    none = answered(tmp_path, wrong, given, ready=True)
    assert ("Grand total", "Outturn") not in sums(none)
    assert ("Community: Sub total", "Outturn") in sums(none)


def test_what_only_the_numbers_suggest_is_asked_and_by_its_ready_answer_is_no_total(tmp_path):
    text = "Scheme,Budget £000,Outturn £000\nA,10,11\nB,25,29\nPooled,35,40\nC,7,8\n"
    reading = read(tmp_path, text)
    assert [it.key for it in reading.questions] == ["BCF944 Pooled"]
    assert sums(read(tmp_path, text, ready=True)) == {}
    taken = answered(tmp_path, text, {"BCF944 Pooled": "total"})
    assert sums(taken)["Pooled", "Budget £000"] == [{"+A|Budget £000", "+B|Budget £000"}]


def test_a_unit_nobody_states_is_asked_and_has_no_ready_answer(tmp_path):
    text = "Scheme,Budget,Outturn\nA,1,2\nB,3,4\nTotal,4,6\n"
    assert codes(read(tmp_path, text, ready=True)) == ["BCF942"]
    rows = transcription(read(tmp_path, text, unit="millions"))
    assert {row["unit"] for row in rows} == {"millions"}


def test_a_figure_says_its_own_unit(tmp_path):
    rows = transcription(read(tmp_path, "Scheme,Budget £000\nA,£0.9m\nB,400\n"))
    assert [(row["printed"], row["unit"], row["decimals"]) for row in rows] == [
        ("£0.9m", "millions", "1"), ("400", "thousands", "0"),
    ]  # fmt: skip


def test_not_stated_is_never_nil(tmp_path):
    """A total that needs what is not stated is neither proved nor accused."""
    text = "Scheme,Budget £000,Outturn £000\nA,10,11\nB,20,n/a\nC,5,\nTotal,35,50\n"
    reading = read(tmp_path, text)
    assert codes(reading) == []
    assert ("Total", "Budget £000") in sums(reading)
    assert ("Total", "Outturn £000") not in sums(reading)
    assert len(transcription(reading)) == 6


def test_budget_less_outturn_where_the_numbers_say_so(tmp_path):
    text = "Scheme,Budget £000,Outturn £000,Variance £000\nA,10,12,(2)\nB,20,15,5\nC,7,7,0\n"
    found = sums(read(tmp_path, text))
    assert found["A", "Variance £000"] == [{"+A|Budget £000", "-A|Outturn £000"}]


def test_a_total_across_and_no_echo_of_it(tmp_path):
    text = "Scheme,ICB £000,Council £000,Total £000\nA,10,12,22\nB,21,25,46\nC,1,2,3\n"
    reading = read(tmp_path, text)
    assert codes(reading) == []
    assert sums(reading)["A", "Total £000"] == [{"+A|ICB £000", "+A|Council £000"}]


def test_two_rows_of_headings_and_merged_cells_of_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Scheme", "Budget £000", None, "Outturn £000", None],
        [None, "ICB", "Council", "ICB", "Council"],
        ["A", 10, 20, 11, 21], ["B", 1, 2, 3, 4], ["Total", 11, 22, 14, 25],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("D1:E1")
    book.save(path := tmp_path / "table.xlsx")
    reading = read_paper(read_file(path), {}, ready=False, title="T", source="S", page="7")
    rows = transcription(reading)
    assert rows[0]["column"] == "Budget £000 ICB"
    assert rows[0]["source"] == "S, page 7, table 1 row 3"
    assert rows[-1]["sum_of"] == "P004 + P008"


def test_a_table_in_word_with_a_raised_mark(tmp_path):
    """A footnote's 1 behind 204 is no digit of it."""
    rows = [["Scheme", "Budget £000"], ["A", run("204", "1")], ["B", "6"], ["Total", "210"]]
    path = word(tmp_path / "paper.docx", rows, above="Table 3: the pool")
    reading = read_paper(read_file(path), {}, ready=False, title="", source="", page="")
    assert reading.title == "Table 3: the pool"
    assert [it["printed"] for it in transcription(reading)] == ["204¹", "6", "210"]
    assert transcription(reading)[-1]["sum_of"] == "P001 + P002"


def test_a_word_document_that_declares_a_type_is_refused(tmp_path):
    path = word(tmp_path / "paper.docx", [["A", "1"]], before='<!DOCTYPE w [<!ENTITY a "b">]>')
    reading = read_paper(read_file(path), {}, ready=True, title="", source="", page="")
    assert reading.refused
    assert codes(reading) == ["BCF004"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\nfoo,bar\n", ["BCF941"]),
        ("Amount £000\n1\n2\n4\n", []),
        ("1\n2\n4\n", ["BCF941"]),
        ("Scheme,Budget £000\n<b>A</b>,=1+1\nB,(see note)\nC,3\nD,4\nE,5\n", ["BCF945"]),
        ("Scheme,Budget £000\nA,nil\nB,-\nTotal,0\n", []),
        ("Scheme,Actual £000\n" + "".join(f"L{i},{i}\n" for i in range(2_000)), ["BCF946"]),
        ("Scheme,Other,Sum\nA,1,x1\n", ["BCF942"]),
    ],
)  # fmt: skip
def test_hostile_tables(tmp_path, text, said):
    reading = read(tmp_path, text)
    assert codes(reading) == said
    assert as_text(reading, "again")


def test_headings_nobody_knows_are_those_over_the_first_figures(tmp_path):
    text = "(£000)\n,Opening pot,Closing pot\nTheme 1\nA,1,2\nB,3,4\nTotal,4,6\n"
    reading = read(tmp_path, text)
    assert codes(reading) == []
    assert sums(reading)["Total", "Closing pot"] == [{"+A|Closing pot", "+B|Closing pot"}]


def test_pounds_under_percent_are_words(tmp_path):
    reading = read(tmp_path, "Scheme,Budget £000,%\nA,1,£5\nB,2,3%\nC,3,4%\n")
    assert "BCF945" in codes(reading)


def test_a_table_without_headings_is_read_to_its_last_row(tmp_path):
    reading = answered(tmp_path, "A,1\nB,2\nTotal,3\n", {"heading": "none", "unit": "pounds"})
    assert codes(reading) == []
    assert [it["printed"] for it in transcription(reading)] == ["1", "2", "3"]
    assert sums(reading)["Total", "B"] == [{"+A|B", "+B|B"}]

"""A table or a page of a report that was touched is found out, and the place is named."""

import csv
import io
import re
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

import bcf_model
from bcf_model.commands.options import REPORT_DIFFERS
from bcf_model.verify.summary import summarise
from bcf_model.verify.text_files import compare_csv, compare_html
from bcf_model.verify.verification import verify
from tests.longer import slow, tries
from tests.make.verified import (
    PICKS,
    TEXTS,
    bcf,
    changed,
    files_made,
    others_agree,
    said_of,
)

# ------------------------------------------------------------------ untouched


@slow
def test_an_untouched_report_is_cleared(report: Path) -> None:
    before = {p: p.read_bytes() for p in report.parent.parent.rglob("*") if p.is_file()}
    done = bcf(report)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[1] == "Inputs: inputs/selftest, 6 files, none changed since"
    assert "  report.xlsx: as it should be" in lines
    assert lines[-1] == "The report is what these inputs and this version give."
    assert {p: p.read_bytes() for p in report.parent.parent.rglob("*") if p.is_file()} == before


@slow
def test_every_file_of_the_report_is_judged(report: Path, made: dict[str, bytes]) -> None:
    assert [it.file for it in verify(report).files] == list(made)
    assert {it.verdict for it in verify(report).files} == {"as it should be"}


@slow
def test_the_shipped_pool_is_cleared_too(
    sheffield: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sheffield.parent.parent)
    bcf_model.write_report(bcf_model.run(bcf_model.load(sheffield)), tmp_path / "out")
    assert verify(tmp_path / "out").agrees


# ------------------------------------------------------------------ CSV tables


@slow
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
    assert done.exit_code == REPORT_DIFFERS == 5
    answer = "The report is NOT what these inputs and this version give: 1 of"
    assert f"{answer} {len(made)} files differs." in done.stdout


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


@slow
def test_cells_written_otherwise_are_the_same_content(report: Path, made: dict[str, bytes]) -> None:
    path = report / "tables" / "variance.csv"
    rows = list(csv.reader(io.StringIO(made["tables/variance.csv"].decode())))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    found = verify(report)
    assert found.agrees
    assert said_of(found, "tables/variance.csv")[0] == "same content"
    assert "(1 file of the same content in other bytes)" in summarise(found)
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


@tries(60, 400)
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


@tries(25, 200)
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

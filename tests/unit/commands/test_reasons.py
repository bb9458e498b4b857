"""The commentary: given out with the amounts that ask for it, filled in, and quoted."""

import csv
from pathlib import Path
from shutil import copytree

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from bcf_model.core.findings import Finding
from bcf_model.explain.derivation import piece
from bcf_model.explain.facts import Facts
from bcf_model.pool import check_pool, load
from bcf_model.publish.house_style import GIVEN, TO_FILL_IN
from bcf_model.publish.year_end_pages import largest
from bcf_model.year.pipeline import run
from tests.make.places import SHEFFIELD, SOUND

SAID = {
    2: ("More people were admitted", "Beds are counted each week", "Head of finance"),
    4: ("Care homes cost more", "The price is agreed anew", "Commissioner"),
    7: ("Posts stood empty", "", ""),
}


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def heads(sheet) -> list[str]:
    return [str(cell.value).lower().replace(" ", "_") for cell in sheet[1]]


def cells(path: Path) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(path)["commentary"]
    rows = sheet.iter_rows(min_row=2, values_only=True)
    return [dict(zip(heads(sheet), row, strict=True)) for row in rows]


def type_in(path: Path, said: dict[int, tuple[str, ...]]) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["commentary"]
    for row, texts in said.items():
        for name, text in zip(("reason", "action", "owner"), texts, strict=True):
            sheet.cell(row, heads(sheet).index(name) + 1).value = text or None
    book.save(path)


@pytest.fixture
def sheffield(tmp_path: Path) -> Path:
    path = tmp_path / "T.xlsx"
    result = bcf("template", path, "--from", SHEFFIELD)
    assert result.exit_code == 0, result.output
    return path


def of_commentary(path: Path) -> list[Finding]:
    _, findings = check_pool(path)
    return [f for f in findings if "commentary" in (f.sheet or f.file)]


def test_each_line_above_the_limits_has_a_row_with_its_amounts(sheffield: Path) -> None:
    asked = run(load(SHEFFIELD)).commentary
    rows = cells(sheffield)
    assert [row["scheme_id"] for row in rows] == asked["scheme_id"].tolist()
    for name in ("budget", "expenditure", "variance"):  # the pool is in thousands
        assert [row[name] * 100_000 for row in rows] == asked[name].tolist()
    assert rows[0]["percent"] == "8.8%"
    assert {row[name] for row in rows for name in ("reason", "action", "owner")} == {None}


def test_what_is_given_is_grey_and_what_is_asked_for_yellow(sheffield: Path) -> None:
    sheet = openpyxl.load_workbook(sheffield)["commentary"]
    names = heads(sheet)
    given = {names.index(name) for name in ("budget", "expenditure", "variance", "percent")}
    asked = range(names.index("reason"), names.index("owner") + 1)
    wide = [it for it in sheet.column_dimensions.values() for _ in range(it.min, it.max + 1)]
    colours = ["#" + it.fill.fgColor.rgb[2:] for it in wide]
    assert {colours[at] for at in given} == {GIVEN}
    assert {"#" + sheet.cell(2, at + 1).fill.fgColor.rgb[2:] for at in given} == {GIVEN}
    assert {colours[at] for at in asked} == {TO_FILL_IN}


def test_nothing_filled_in_is_as_if_it_were_not_there(sheffield: Path) -> None:
    inputs, _ = check_pool(sheffield)
    assert inputs is not None
    assert inputs.commentary.empty
    (note,) = of_commentary(sheffield)
    assert (note.code, note.severity, note.value) == ("BCF454", "note", "7 rows")
    assert largest(run(inputs)) == largest(run(load(SHEFFIELD)))


def test_reasons_that_were_typed_are_quoted_with_action_and_owner(
    sheffield: Path, tmp_path: Path
) -> None:
    type_in(sheffield, SAID)
    assert bcf("check", sheffield).exit_code == 0
    result = bcf("report", sheffield, "-o", tmp_path / "X")
    assert result.exit_code == 0, result.output
    page = (tmp_path / "X" / "report.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(tmp_path / "X" / "report.xlsx")
    printed = {str(cell.value) for row in book["Largest variances"] for cell in row}
    for texts in SAID.values():
        assert {*texts} - {""} <= printed
        assert all(text in page for text in texts)
    assert "7 lines; 4 of them without a reason." in page
    first = cells(sheffield)[0]["scheme_id"]
    told = piece(Facts(run(load(sheffield))), f"line {first}").said
    assert "Action: Beds are counted each week" in told


def test_convert_keeps_every_row_as_it_was_typed(sheffield: Path, tmp_path: Path) -> None:
    type_in(sheffield, SAID)
    assert bcf("convert", sheffield, tmp_path / "DIR").exit_code == 0
    with (tmp_path / "DIR" / "commentary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert [rows[i - 2]["reason"] for i in SAID] == [it[0] for it in SAID.values()]
    assert rows[0]["variance"] == "5609"
    assert bcf("convert", tmp_path / "DIR", tmp_path / "again.xlsx").exit_code == 0
    assert load(tmp_path / "again.xlsx").commentary.equals(load(sheffield).commentary)


def test_the_next_template_keeps_the_reasons_and_asks_for_the_rest(
    sheffield: Path, tmp_path: Path
) -> None:
    type_in(sheffield, SAID)
    assert bcf("template", tmp_path / "N.xlsx", "--from", sheffield).exit_code == 0
    rows, before = cells(tmp_path / "N.xlsx"), cells(sheffield)
    assert rows[:3] == [before[i - 2] for i in SAID]
    codes = [row["scheme_id"] for row in rows]
    assert sorted(codes) == sorted(row["scheme_id"] for row in before)


def test_an_action_without_a_reason_is_an_error(sheffield: Path) -> None:
    type_in(sheffield, {3: ("", "Somebody looks into it", "")})
    found = [f for f in of_commentary(sheffield) if f.severity == "error"]
    assert [(f.code, f.row, f.column) for f in found] == [("BCF201", 3, "reason")]


def test_of_a_pool_with_errors_no_rows_are_made_and_that_is_said(tmp_path: Path) -> None:
    pool = Path(copytree(SOUND, tmp_path / "pool"))
    schemes = pool / "schemes.csv"
    schemes.write_text(schemes.read_text().replace("S1,1,ICB", "S1,9,ICB"))
    result = bcf("template", tmp_path / "T.xlsx", "--from", pool)
    assert result.exit_code == 0
    assert "No rows for reasons were added: the pool has errors" in result.output
    assert [row["scheme_id"] for row in cells(tmp_path / "T.xlsx")] == ["S1", "S4"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("13,750.13", []), ("", []), ("13,750.12", ["BCF453"]), ("0", ["BCF453"])],
)
def test_an_amount_that_is_no_longer_the_pools_is_named_and_never_counted(
    tmp_path: Path, given: str, expected: list[str]
) -> None:
    pool = Path(copytree(SOUND, tmp_path / "pool"))
    (pool / "commentary.csv").write_text(f'scheme_id,variance,reason\nS4,"{given}",Beds\n')
    found = of_commentary(pool)
    assert [f.code for f in found] == expected
    assert run(load(pool)).outputs["variance"].equals(run(load(SOUND)).outputs["variance"])

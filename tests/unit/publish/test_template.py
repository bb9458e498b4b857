"""The workbook to be filled in: what it holds, and that what is filled in is a pool."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from bcf_model.commands.books import _every_table
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.intake.raw_table import OF_TEMPLATE
from bcf_model.pool import check_pool, load
from bcf_model.publish.template import CHECKLIST, COVER, EXAMPLE, LISTS, examples, spoken
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.places import PLAN, SOUND
from tests.make.recalculate import libreoffice

SETTINGS = {
    "title": "Anytown pooled fund", "board": "Anytown board", "financial_year": "2024-25",
    "unit": "pounds", "as_at": "2025-03-31", "source": "Invented",
}  # fmt: skip


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    path = tmp_path / "pool.xlsx"
    assert bcf("template", path).exit_code == 0
    return path


def filled_in(path: Path) -> Path:
    """Fill in the settings, and the rows of the worked example, as a person would."""
    book = openpyxl.load_workbook(path)
    for row in book["pool"].iter_rows(min_row=2):
        name = row[0].value.lower().replace(" ", "_")
        row[1].value = SETTINGS.get(name)
    for name, rows in examples().items():
        heads = [cell.value for cell in book[name][1]]
        for i, row in enumerate(rows, start=2):
            for column, text in row.items():
                book[name].cell(i, heads.index(spoken(column)) + 1).value = text
    book.save(path)
    return path


def test_it_has_a_sheet_for_every_table_and_headings_that_stay_in_sight(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    tables = [table.name for table in _every_table()]
    expected = [COVER, CHECKLIST, "pool", *tables, "scenarios", EXAMPLE, LISTS]
    assert book.sheetnames == expected
    assert book[LISTS].sheet_state == "hidden"
    assert all(book[name].freeze_panes == "A2" for name in tables)
    assert {COVER, CHECKLIST, EXAMPLE, LISTS} == {*OF_TEMPLATE}


def test_a_list_is_of_words_or_of_the_codes_of_another_sheet(blank: Path) -> None:
    book = openpyxl.load_workbook(blank)
    sheet = book["schemes"]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    by_column = {str(it.sqref).split("2")[0]: it for it in sheet.data_validations.dataValidation}
    kind, theme = by_column[heads["Kind"]], by_column[heads["Theme"]]
    sheet_name, _, cells = kind.formula1.partition("!")
    words = [row[0].value for row in book[sheet_name.strip("'")][cells.replace("$", "")]]
    assert (words, kind.errorStyle) == (["revenue", "capital"], None)
    assert (theme.formula1, theme.errorStyle) == ("'themes'!$A$2:$A$1001", "warning")
    budget = by_column[heads["Budget"]]
    assert (budget.formula1, budget.formula2) == ("-1000000000000", "1000000000000")
    assert "in the unit stated on the sheet pool" in budget.prompt


def test_nothing_but_what_is_missing_is_found_of_a_blank_one(blank: Path) -> None:
    inputs, found = check_pool(blank)
    assert inputs is None
    missing = {("BCF012", it.name) for it in _every_table() if it.required}
    assert {(it.code, it.sheet) for it in found} == missing | {("BCF102", "pool")}
    assert {it.column for it in found if it.sheet == "pool"} == {*SETTINGS}


def test_filled_in_with_the_worked_example_it_is_sound_and_reports(
    blank: Path, tmp_path: Path
) -> None:
    done = bcf("check", filled_in(blank))
    assert (done.exit_code, "0 errors, 0 warnings" in done.stdout) == (0, True), done.stdout
    assert int(load(blank).schemes["expenditure"].sum()) == 206_155_050
    done = bcf("report", blank, "-o", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "report.xlsx").is_file()


@pytest.mark.parametrize("pool", [SOUND, PLAN], ids=lambda it: it.name)
def test_made_from_a_pool_it_is_that_pool(pool: Path, tmp_path: Path) -> None:
    path = tmp_path / f"{pool.name}.xlsx"
    assert bcf("template", path, "--from", pool).exit_code == 0
    (made, found), (typed, none) = check_pool(path), check_pool(pool)
    assert made is not None
    assert typed is not None
    for table in INPUT_TABLES:
        said, of_pool = (getattr(it, table.name) for it in (made, typed))
        pd.testing.assert_frame_equal(said, of_pool)
    asked = len(run(typed).commentary.query("reason == ''"))
    assert none == []
    assert [(f.code, f.value) for f in found] == [("BCF454", f"{asked} rows")]
    assert checklist(path)[1] == "Complete"


def checklist(path: Path) -> tuple[dict[tuple[str, str], Any], str]:
    """What the checklist says of each cell, and the cover of all, by the results stored."""
    book = openpyxl.load_workbook(path, data_only=True)
    rows = [*book[CHECKLIST].iter_rows(min_row=5, values_only=True)]
    return {(row[0], row[2]): row[3] for row in rows}, book[COVER]["A2"].value


def test_every_line_of_the_checklist_leads_to_its_cell(blank: Path) -> None:
    found, said = checklist(blank)
    assert (said, found["pool", "B2"], found["schemes", "A2"]) == ("Incomplete", "No", "No")
    assert found["contributions", "A2"] == "not begun"
    book = openpyxl.load_workbook(blank)
    links = [row[2].hyperlink.location for row in book[CHECKLIST].iter_rows(min_row=5)]
    assert links == [f"'{sheet}'!{cell}" for sheet, cell in found]


@slow
def test_the_checklist_follows_what_is_filled_in(blank: Path, tmp_path: Path) -> None:
    full = filled_in(blank)
    book = openpyxl.load_workbook(full)
    book["schemes"]["A3"] = None  # the code of the second line
    book["contributions"]["A2"] = "ICB"  # a row that is begun
    begun = tmp_path / "begun.xlsx"
    book.save(begun)
    made = libreoffice([full, begun], tmp_path)
    found, said = checklist(made[full.name])
    assert (said, {*found.values()}) == ("Complete", {"Yes", "not begun"})
    found, said = checklist(made[begun.name])
    assert said == "Incomplete"
    missing = {place for place, result in found.items() if result == "No"}
    assert ("schemes", "A2") in missing
    assert {sheet for sheet, _ in missing} == {"schemes", "contributions"}


def test_nothing_that_stands_is_overwritten(blank: Path) -> None:
    before = blank.read_bytes()
    done = bcf("template", blank)
    assert (done.exit_code, blank.read_bytes() == before) == (1, True)
    assert bcf("template", blank.parent / "pool.csv").exit_code == 2

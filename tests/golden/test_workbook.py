"""The workbook is a second model: other programs recalculate it, and no value changes."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

import bcf_model
from bcf_model.report.excel import workbook
from bcf_model.report.pages import sheets
from tests.odd_pence import write_odd_pence_pool
from tests.recalculate import differences, formualizer, formulas, libreoffice

ROOT = Path(__file__).resolve().parent.parent.parent
POOLS = ("sheffield", "odd pence")


@pytest.fixture(scope="module", params=POOLS)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the workbook of a pool."""
    scratch = tmp_path_factory.mktemp("pool")
    pool = ROOT / "inputs" / "sheffield-2018-19"
    if request.param == "odd pence":
        pool = write_odd_pence_pool(scratch / "odd-pence")
    results = bcf_model.run(bcf_model.load(pool))
    path = scratch / "report.xlsx"
    path.write_bytes(workbook(results, sheets(results)))
    return path


def test_formualizer_changes_no_value(report: Path) -> None:
    said = formualizer(report)
    assert said["cache_cells_changed"] == 0
    assert said["error_cells"] == 0
    assert said["unknown_functions"] == []
    assert said["formula_cells"] > 1000


def test_libreoffice_changes_no_value(report: Path, tmp_path: Path) -> None:
    assert differences(report, libreoffice(report, tmp_path)) == []


def test_a_wrong_stored_value_would_be_found(report: Path, tmp_path: Path) -> None:
    """Both programs do recalculate: a stored value that is wrong does not survive them."""
    spoilt = tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(report) as old, zipfile.ZipFile(spoilt, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/worksheets/sheet2.xml":  # Summary
                data, changed = re.subn(rb"(</f><v>)\d[\d.]*(</v>)", rb"\g<1>1\2", data, count=1)
                assert changed == 1
            new.writestr(item, data)
    assert formualizer(spoilt)["cache_cells_changed"] == 1
    assert [row[0] for row in differences(spoilt, libreoffice(spoilt, tmp_path))] == ["Summary"]


def test_a_changed_input_fails_the_checks(report: Path, tmp_path: Path) -> None:
    """Change one amount: the figures follow, and the master check says so."""
    book = openpyxl.load_workbook(report)
    headings = next(r for r in book["Inputs"].iter_rows(values_only=True) if "Budget £" in r)
    book["Inputs"].cell(book["Inputs"].max_row, headings.index("Budget £") + 1).value = 123.45
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    after = openpyxl.load_workbook(libreoffice(changed, tmp_path), data_only=True)
    cells = [cell.value for row in after["Cover"].iter_rows() for cell in row]
    assert any("checks fail" in str(value) for value in cells)
    assert "All checks hold" not in cells


def test_formulas_keep_to_old_and_safe_functions(report: Path) -> None:
    """No volatile function, none that an old council Excel or LibreOffice lacks."""
    used = {
        name
        for formula in formulas(report).values()
        for name in re.findall(r"([A-Z]+)\(", re.sub(r"'[^']*'|\"[^\"]*\"", "", formula))
    }
    assert used <= {"ABS", "COUNTIFS", "IF", "N", "ROUND", "SUM", "SUMIFS"}


def test_what_a_reader_sums_is_live(report: Path) -> None:
    """On every page of results, an amount is a formula over the inputs, never a constant."""
    book = openpyxl.load_workbook(report)
    for name in (
        "Summary",
        "Variance",
        "Risk share",
        "Revenue and capital",
        "Memo",
        "Largest variances",
    ):
        numbers = [
            cell.coordinate
            for row in book[name].iter_rows()
            for cell in row
            if isinstance(cell.value, int | float)
        ]
        assert numbers == [], name


def test_the_same_results_give_the_same_bytes() -> None:
    results = [bcf_model.run(bcf_model.load(ROOT / "inputs" / "sheffield-2018-19")) for _ in "12"]
    first, second = (workbook(r, sheets(r)) for r in results)
    assert first == second

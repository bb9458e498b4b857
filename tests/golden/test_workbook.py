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


@pytest.mark.parametrize("pence", [1, -1])
def test_a_changed_penny_fails_the_checks(report: Path, tmp_path: Path, pence: int) -> None:
    """Change one amount by a penny: the figures follow, and the checks say so on every page."""
    book = openpyxl.load_workbook(report)
    inputs = book["Inputs"]
    headings = next(r for r in inputs.iter_rows(values_only=True) if "Budget £" in r)
    amount = inputs.cell(inputs.max_row, headings.index("Budget £") + 1)
    amount.value = round(amount.value + pence / 100, 2)
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    after = openpyxl.load_workbook(libreoffice(changed, tmp_path), data_only=True)
    results = {row[0]: row[4] for row in after["Checks"].iter_rows(min_col=1, values_only=True)}
    for check in (
        "Budget of the file = of the report, with lines beside the pool",
        "Figures that differ from those computed when the report was made",
    ):
        assert results[check] == "FAILS"
    failing = list(results.values()).count("FAILS")
    for page in after:
        said = [str(value) for row in page.iter_rows(values_only=True) for value in row]
        assert "All checks hold" not in said, page.title
        assert [text for text in said if text.startswith(f"{failing} checks fail")], page.title


def test_formulas_keep_to_old_and_safe_functions(report: Path) -> None:
    """No volatile function, none that an old council Excel or LibreOffice lacks."""
    used = {
        name
        for formula in formulas(report).values()
        for name in re.findall(r"([A-Z]+)\(", re.sub(r"'[^']*'|\"[^\"]*\"", "", formula))
    }
    assert used <= {"ABS", "COUNTIFS", "IF", "ISNUMBER", "N", "ROUND", "SUM", "SUMIFS"}


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


def inputs_column(book: openpyxl.Workbook, heading: str) -> tuple[int, int]:
    """Give the column of a heading of Inputs, and the row of the headings."""
    for row in book["Inputs"].iter_rows():
        for cell in row:
            if cell.value == heading:
                return cell.column, cell.row
    raise KeyError(heading)


def checks_that_fail(changed: Path, scratch: Path) -> list[str]:
    """Recalculate a changed workbook; give the checks that fail. Cover must say the same."""
    after = openpyxl.load_workbook(libreoffice(changed, scratch), data_only=True)
    failing = [row[0] for row in after["Checks"].iter_rows(values_only=True) if "FAILS" in row]
    cover = [str(cell.value) for row in after["Cover"].iter_rows() for cell in row]
    assert ("All checks hold" not in cover) == bool(failing)
    return failing


@pytest.mark.parametrize("text", ["tbc", "#REF!"])
def test_text_among_the_amounts_fails_the_checks(report: Path, tmp_path: Path, text: str) -> None:
    """A sum over a text is an error, and an error is no agreement."""
    book = openpyxl.load_workbook(report)
    column, top = inputs_column(book, "Budget £")
    book["Inputs"].cell(top + 1, column).value = text
    book.save(tmp_path / "changed.xlsx")
    failing = checks_that_fail(tmp_path / "changed.xlsx", tmp_path)
    assert "Figures that differ from those computed when the report was made" in failing


def test_a_line_below_the_last_fails_the_checks(report: Path, tmp_path: Path) -> None:
    """It is in no named range, so in no figure; the whole column still sees it."""
    book = openpyxl.load_workbook(report)
    column, _ = inputs_column(book, "Budget £")
    book["Inputs"].cell(book["Inputs"].max_row + 1, column).value = 5_000_000
    book.save(tmp_path / "changed.xlsx")
    assert checks_that_fail(tmp_path / "changed.xlsx", tmp_path) == [
        "Budget in the lines = in the whole column of Inputs"
    ]


def test_a_change_of_direction_is_named(tmp_path: Path) -> None:
    """The self-test's shared category is over, and split in halves; 300 less, and it is under."""
    results = bcf_model.run(bcf_model.load(ROOT / "bcf_model" / "reference" / "selftest"))
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook(results, sheets(results)))
    book = openpyxl.load_workbook(path)
    column, top = inputs_column(book, "Expenditure £")
    spent = [book["Inputs"].cell(row, column) for row in range(top + 1, top + 9)]
    next(cell for cell in spent if cell.value == 600).value = 300
    book.save(tmp_path / "changed.xlsx")
    failing = checks_that_fail(tmp_path / "changed.xlsx", tmp_path)
    assert "Rules in Workings whose direction no longer applies" in failing


def test_a_large_pool_keeps_within_what_excel_takes(tmp_path: Path) -> None:
    """No formula over 8,192 characters, no text to look for over 255; and it recalculates."""
    pool = write_odd_pence_pool(tmp_path / "pool", lines=700)
    schemes = "+".join(f"S{i}" for i in range(700) if i % 11)
    (pool / "control_totals.csv").write_text(f"figure,amount\nbudget/scheme={schemes},0\n")
    _, findings = bcf_model.check_pool(pool)
    total = next(f for f in findings if f.code == "BCF502").value.split(" in ")[0]
    (pool / "control_totals.csv").write_text(f'figure,amount\nbudget/scheme={schemes},"{total}"\n')
    results = bcf_model.run(bcf_model.load(pool))
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook(results, sheets(results)))
    assert max(map(len, formulas(path).values())) <= 8_192
    assert max(map(len, results.figures.column("shares", "pot"))) <= 255
    assert formualizer(path)["cache_cells_changed"] == 0

"""The workbook of a pool that leaves things out: recalculated it leaves them blank, never nil."""

from pathlib import Path

import openpyxl
import pytest

from bcf_model.pool import load
from bcf_model.publish.excel import workbook
from bcf_model.publish.excel_file import workbook_bytes
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.recalculate import differences, formualizer, libreoffice
from tests.unit.test_amounts_not_stated import POOLS, pool


def written(which: str, folder: Path) -> Path:
    """Write the workbook of one of the small pools."""
    head, lines, tables = POOLS[which]
    (folder / "pool").mkdir(parents=True)
    results = run(load(pool(folder / "pool", *lines, head=head, **tables)))
    path = folder / f"{which.replace(' ', '-')}.xlsx"
    path.write_bytes(workbook_bytes(workbook(results, sheets(results))))
    return path


@slow
def test_no_value_changes(tmp_path: Path) -> None:
    for which in POOLS:
        report = formualizer(written(which, tmp_path / which))
        assert (report["status"], report["error_cells"]) == ("current", 0), which


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    folder = tmp_path_factory.mktemp("books")
    books = {which: written(which, folder / which) for which in POOLS}
    stated = openpyxl.load_workbook(books["one amount"])
    page = stated["Inputs"]
    (cell,) = (c for row in page for c in row if c.value == "not stated" and not c.font.b)
    cell.value = 190
    filled = folder / "filled-in.xlsx"
    stated.save(filled)
    after = libreoffice([*books.values(), filled], folder / "scratch")
    found = {which: (path, after[path.name]) for which, path in books.items()}
    return found | {"filled in": (filled, after[filled.name])}


@slow
@pytest.mark.parametrize("which", POOLS)
def test_no_value_changes_in_libreoffice(
    recalculated: dict[str, tuple[Path, Path]], which: str
) -> None:
    assert differences(*recalculated[which]) == []


@slow
def test_an_amount_that_is_filled_in_is_counted(
    recalculated: dict[str, tuple[Path, Path]],
) -> None:
    """And the checks say that this is no longer the report as issued."""
    book = openpyxl.load_workbook(recalculated["filled in"][1], data_only=True)
    rows = {row[0]: row for row in book["Summary"].iter_rows(values_only=True)}
    assert rows["Total of the pool"][1:4] == (650, 680, 30)
    assert rows["Eastmere CCG"][5] is None  # what it bears is worked out when it is made again
    (status,) = (c for row in book["Summary"].iter_rows(max_row=3, values_only=True) for c in row
                 if c and "check" in str(c).lower())  # fmt: skip
    assert "fail" in status

"""The workbook of every example agreement, recalculated from its formulas alone."""

from pathlib import Path

import pytest

from bcf_model.report.excel import workbook
from bcf_model.report.pages import sheets
from tests.longer import LONG, longer
from tests.recalculate import differences, formualizer, libreoffice
from tests.shipped import AGREEMENTS, results_of

EXAMPLES = AGREEMENTS if LONG else AGREEMENTS[10:21:3]
IN_LIBREOFFICE = AGREEMENTS if LONG else [AGREEMENTS[14]]


def written(example: Path, folder: Path) -> Path:
    results, path = results_of(example), folder / f"{example.name}.xlsx"
    path.write_bytes(workbook(results, sheets(results)))
    return path


@longer
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_no_value_changes(example, tmp_path):
    found = formualizer(written(example, tmp_path))
    assert found["formula_cells"] > 400
    assert (found["status"], found["cache_cells_changed"], found["error_cells"]) == (
        "current",
        0,
        0,
    )


@longer
def test_no_value_changes_in_libreoffice(tmp_path):
    workbooks = [written(example, tmp_path) for example in IN_LIBREOFFICE]
    recalculated = libreoffice(workbooks, tmp_path / "scratch")
    for path in workbooks:
        assert differences(path, recalculated[path.name]) == [], path.name

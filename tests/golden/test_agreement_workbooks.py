"""The workbook of every example agreement, recalculated from its formulas alone."""

from pathlib import Path

import pytest

from bcf_model.publish.excel import workbook
from bcf_model.publish.excel_file import workbook_bytes
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import LONG, longer, slow
from tests.make.agreements import random_agreement
from tests.make.places import AGREEMENTS
from tests.make.pools import inputs_of
from tests.make.recalculate import differences, formualizer, libreoffice
from tests.make.shipped import results_of

EXAMPLES = AGREEMENTS if LONG else [*AGREEMENTS[10:21:3], *AGREEMENTS[24:26]]
IN_LIBREOFFICE = AGREEMENTS if LONG else [AGREEMENTS[14], *AGREEMENTS[24:26]]
LIMITED = (286, 304, 121, 232, 93) if LONG else (286,)
"""Random agreements with every kind of limit over several rules, and rows that count to several."""


def written(example: Path, folder: Path) -> Path:
    return book(results_of(example), folder / f"{example.name}.xlsx")


def book(results: Results, path: Path) -> Path:
    path.write_bytes(workbook_bytes(workbook(results, sheets(results))))
    return path


@slow(first=1)
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


@slow
@longer
@pytest.mark.parametrize("seed", LIMITED)
def test_no_value_changes_under_limits_of_every_kind(seed, tmp_path):
    results = run(inputs_of(random_agreement(seed)))
    held = results.outputs["risk_share_workings"]
    assert (held["limits"].str.contains("+", regex=False)).any()
    found = formualizer(book(results, tmp_path / "limited.xlsx"))
    assert (found["cache_cells_changed"], found["error_cells"]) == (0, 0)


@slow
@longer
def test_no_value_changes_in_libreoffice(tmp_path):
    workbooks = [written(example, tmp_path) for example in IN_LIBREOFFICE]
    limited = run(inputs_of(random_agreement(LIMITED[0])))
    workbooks.append(book(limited, tmp_path / "limited.xlsx"))
    recalculated = libreoffice(workbooks, tmp_path / "scratch")
    for path in workbooks:
        assert differences(path, recalculated[path.name]) == [], path.name

"""The workbook of every example agreement, recalculated from its formulas alone."""

import os
from pathlib import Path

import pytest

from bcf_model.check import load
from bcf_model.pipeline import run
from bcf_model.report.write import write_report
from tests.recalculate import differences, formualizer, libreoffice

AGREEMENTS = Path(__file__).resolve().parent.parent.parent / "inputs" / "agreements"
EVERY = sorted(AGREEMENTS.iterdir())
EXAMPLES = EVERY if os.environ.get("BCF_LONG") else EVERY[10:21:2]
"""All of them in `make long`."""


def written(example: Path, folder: Path) -> Path:
    write_report(run(load(example)), folder)
    return folder / "report.xlsx"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_no_value_changes(example, tmp_path):
    found = formualizer(written(example, tmp_path))
    assert found["formula_cells"] > 400
    assert (found["status"], found["cache_cells_changed"], found["error_cells"]) == (
        "current",
        0,
        0,
    )


@pytest.mark.parametrize("name", ["12-ordered-calls", "15-caps-collars-tiers"])
def test_no_value_changes_in_libreoffice(name, tmp_path):
    workbook = written(AGREEMENTS / name, tmp_path)
    assert differences(workbook, libreoffice(workbook, tmp_path / "scratch")) == []

"""The public names, pinned; and what they promise a notebook."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import bcf_model
from tests.longer import slow

PUBLIC = {
    "__version__",
    "BcfError",
    "DataHasErrors",
    "Figure",
    "check_pool",
    "load",
    "run",
    "write_report",
}


def test_the_public_names() -> None:
    assert set(bcf_model.__all__) == PUBLIC
    assert all(getattr(bcf_model, name) is not None for name in PUBLIC)
    assert set(dir(bcf_model)) == PUBLIC


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forecast'"):
        _ = bcf_model.forecast


@slow
def test_from_folder_to_frame_in_three_lines(sheffield: Path) -> None:
    pool = bcf_model.load(sheffield)
    results = bcf_model.run(pool)
    frame = results.frame("variance")
    assert isinstance(frame, pd.DataFrame)
    assert frame["variance"].sum() == 13_740_000.0  # pounds
    assert list(frame.columns[:4]) == ["financial_year", "theme", "organisation", "scheme_id"]


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, bcf_model; print({'pandas', 'pandera', 'numpy', 'click'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_public_name_stays_what_it_is(sheffield: Path) -> None:
    """No module of the same name takes its place once something has been loaded."""
    for _ in range(2):
        inputs, findings = bcf_model.check_pool(sheffield)
        assert inputs is not None
        assert [finding.code for finding in findings] == ["BCF501"]
        assert callable(bcf_model.load)
        assert callable(bcf_model.run)

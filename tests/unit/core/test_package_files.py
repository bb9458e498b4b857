"""Files of data inside the package: read row by row, complete, and in what is installed."""

import zipfile
from collections import Counter
from pathlib import Path

import pytest
from flit_core import buildapi

from bcf_model.core.package_files import rows_of
from tests.make.places import ROOT

PACKAGE = ROOT / "bcf_model"


def test_no_code_of_a_finding_is_said_twice() -> None:
    """The second would silently replace the first."""
    codes = Counter(row["code"] for row in rows_of("bcf_model.core", "findings.csv"))
    assert [code for code, times in codes.items() if times > 1] == []


def test_a_row_that_is_too_short_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spoilt_data").mkdir()
    (tmp_path / "spoilt_data" / "__init__.py").touch()
    (tmp_path / "spoilt_data" / "codes.csv").write_text("code,meaning\nA,first\nB\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="zip"):
        rows_of("spoilt_data", "codes.csv")


def test_a_wheel_holds_every_file_of_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PACKAGE.parent)
    with zipfile.ZipFile(tmp_path / buildapi.build_wheel(str(tmp_path))) as wheel:
        held = set(wheel.namelist())
    data = {path.relative_to(PACKAGE.parent).as_posix() for path in PACKAGE.rglob("*.csv")}
    assert "bcf_model/core/findings.csv" in data
    assert data - held == set()

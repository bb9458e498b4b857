"""The report of a year: its files, the columns sold, the same bytes, and its manifest."""

import csv
import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

import bcf_model
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.places import SHEFFIELD
from tests.make.shipped import results_of


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


@pytest.fixture(scope="module")
def written(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a report, for tests that only read it."""
    folder = tmp_path_factory.mktemp("written")
    bcf_model.write_report(results, folder)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@slow
def test_the_files_of_a_report(results: Results, tmp_path: Path) -> None:
    written = bcf_model.write_report(results, tmp_path / "new" / "folder")
    names = {str(path.relative_to(tmp_path / "new" / "folder")) for path in written}
    tables = {"variance", "risk_share", "risk_share_summary", "findings"}
    assert {"report.xlsx", "report.html", "run.json"} <= names
    assert {f"tables/{name}.csv" for name in tables} <= names
    present = {p for p in (tmp_path / "new" / "folder").rglob("*") if p.is_file()}
    assert present == set(written), "nothing else is left behind"


@slow
def test_the_columns_sold(written: Path) -> None:
    assert list(rows(written / "tables" / "variance.csv")[0])[:11] == [
        "financial_year", "theme", "organisation", "scheme_id", "scheme", "category", "kind",
        "budget", "expenditure", "variance", "variance_percent",
    ]  # fmt: skip
    assert list(rows(written / "tables" / "risk_share.csv")[0]) == [
        "financial_year", "part", "scope", "category", "step", "bearer", "borne", "share_note",
    ]  # fmt: skip
    first = rows(written / "tables" / "risk_share_summary.csv")[0]
    assert first == {
        "financial_year": "2018-19", "category_group": "A+B", "organisation": "CCG",
        "budget": "158244000.00", "expenditure": "164187000.00", "variance": "5943000.00",
        "borne": "5943000.00", "share_note": "",
    }  # fmt: skip


@slow
def test_the_same_inputs_give_the_same_bytes(results: Results, tmp_path: Path) -> None:
    again = bcf_model.run(bcf_model.load(SHEFFIELD))
    for name, one in (("a", results), ("b", again)):
        bcf_model.write_report(one, tmp_path / name)
    files = [p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()]
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


@slow
def test_the_manifest_lists_what_went_in_and_out(written: Path) -> None:
    manifest = json.loads((written / "run.json").read_text())
    schemes = next(f for f in manifest["inputs"] if f["file"] == "schemes.csv")
    source = (SHEFFIELD / "schemes.csv").read_bytes()
    assert schemes == {
        "file": "schemes.csv", "sha256": hashlib.sha256(source).hexdigest(), "rows": 52,
    }  # fmt: skip
    for output in manifest["outputs"]:
        data = (written / output["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == output["sha256"]
    assert manifest["as_at"] == "2019-03-31"
    assert manifest["control_totals"]["computed_pounds"]["variance"] == "13740000.00"
    assert manifest["control_totals"]["stated"]["budget"] == "382075000.00"
    assert (manifest["checks_held"], manifest["warnings"]) == (42, 5)


@slow
def test_numbers_in_csv_are_never_quoted_like_text(written: Path) -> None:
    frame = pd.read_csv(written / "tables" / "variance.csv")
    assert frame["variance"].sum() == 13_740_000.0
    assert (frame["variance"] < 0).any()

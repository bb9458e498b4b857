"""The gallery of bad pools: each is a sound pool with one defect (`gallery`).

`expected.csv` says what the user is told about each: one row per finding, and a phrase of its
sentence. A pool can be built and looked at with `python -m tests.broken.gallery <folder>`.
"""

import csv
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from bcf_model import pool as check
from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import CATALOGUE
from bcf_model.pool import check_pool, load
from tests.broken.gallery import (
    AGREEMENT,
    AGREEMENTS,
    CHANGES,
    CHANGING,
    MEASURED,
    MEASURES,
    POOLS,
    build,
)
from tests.broken.imports import MENDED
from tests.longer import slow
from tests.make.places import BROKEN, SOUND

FOLDERS = sorted([*AGREEMENTS, *CHANGES, *MEASURES, *POOLS])
NOT_IN_A_FOLDER = {
    "BCF021": "of a report: tests/broken/test_remedies.py",
    "BCF106": "of a position and a control total together: tests/unit/core/test_basis.py",
    **dict.fromkeys(
        (
            "BCF020",
            "BCF023",
            "BCF024",
            "BCF025",
            "BCF026",
            "BCF027",
            "BCF028",
            "BCF029",
            "BCF031",
            "BCF222",
            "BCF224",
            "BCF226",
            "BCF227",
        ),
        "of a workbook: tests/broken/test_workbooks.py",
    ),
    **dict.fromkeys(
        (
            "BCF901",
            "BCF902",
            "BCF903",
            "BCF904",
            "BCF905",
            "BCF906",
            "BCF907",
            "BCF908",
            "BCF909",
            "BCF910",
            "BCF911",
            "BCF912",
            "BCF913",
            "BCF914",
            "BCF915",
            "BCF916",
            "BCF918",
        ),
        "of an extract, which is no pool: tests/unit/extracts/",
    ),
    **dict.fromkeys(
        ("BCF941", "BCF942", "BCF943", "BCF944", "BCF945", "BCF946"),
        "of a table of a paper, which is no pool: tests/unit/extracts/test_transcribe.py",
    ),
    "BCF505": "of a pool when it is calculated: tests/unit/year/test_pipeline.py",
    "BCF753": "of a scenario when it is calculated: tests/unit/plan/test_projection.py",
    "BCF759": "of a pool with payment by activity: tests/unit/plan/test_activity.py",
    "BCF760": "of a scenario when it is calculated: tests/unit/plan/test_activity.py",
    "BCF761": "of a scenario when it is calculated: tests/unit/plan/checks/test_results.py",
    "BCF764": "of a scenario when it is calculated: tests/unit/plan/test_activity.py",
    "BCF762": "of a scenario when it is calculated: tests/unit/plan/checks/test_results.py",
    "BCF771": "of one scenario's savings and its delivery: tests/unit/plan/test_national.py",
    "BCF774": "of a scenario when it is calculated: tests/unit/plan/test_gap.py",
    "BCF001": "a pool that is not there: tests/unit/intake/test_folder.py",
    "BCF017": "a file that cannot be opened: tests/unit/intake/test_folder.py",
    "BCF018": "an agreement that is not there: tests/unit/test_agreement_of_a_pool.py",
    "BCF034": "of scenarios in a workbook: tests/unit/plan/test_load.py",
    "BCF035": "of scenarios in a workbook: tests/unit/plan/test_load.py",
    **dict.fromkeys(MENDED, "of an import into a pool: tests/broken/imports.py"),
    "BCF604": "of a transcription, which is no pool: tests/unit/audit/test_transcription.py",
    "BCF605": "of a transcription, which is no pool: tests/unit/audit/test_transcription.py",
}


def expected_findings(folder: Path = BROKEN) -> dict[str, list[dict[str, str]]]:
    by_folder = defaultdict(list)
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_folder[row["folder"]].append(row)
    return by_folder


EXPECTED = expected_findings()


def test_the_sound_pool_has_no_finding() -> None:
    inputs, findings = check_pool(SOUND)
    assert findings == []
    assert inputs is not None
    assert inputs.schemes["budget"].sum() == 35_352_495


def test_sheffield_has_six_findings(sheffield: Path) -> None:
    inputs, findings = check_pool(sheffield)
    assert inputs is not None
    assert [(f.code, f.severity, f.file, f.row, f.column) for f in findings] == [
        ("BCF819", "note", "metric_values.csv", 31, "value"),
        ("BCF816", "warning", "metric_values.csv", 47, "denominator"),
        ("BCF812", "warning", "metric_values.csv", 48, "value"),
        ("BCF816", "warning", "metric_values.csv", 49, "numerator"),
        ("BCF501", "warning", "schemes.csv", 31, "budget"),
        ("BCF815", "warning", "volumes.csv", 2, "budget_set_on"),
    ]


def test_the_agreement_of_many_parts_has_no_finding() -> None:
    inputs, findings = check_pool(AGREEMENT)
    assert findings == []
    assert inputs is not None
    assert {"fixed", "own", "contribution", "offset"} == set(inputs.rules["basis"])


def test_the_pool_whose_rules_change_has_no_finding() -> None:
    inputs, findings = check_pool(CHANGING)
    assert findings == []
    assert inputs is not None
    assert len(inputs.parts) == 4


def test_the_pool_with_indicators_has_no_finding() -> None:
    inputs, findings = check_pool(MEASURED)
    assert findings == []
    assert inputs is not None
    assert len(inputs.metrics) == 3


def test_every_folder_is_expected_and_there() -> None:
    assert sorted(EXPECTED) == FOLDERS
    assert len(POOLS) >= 128
    assert len(AGREEMENTS) >= 56
    assert len(CHANGES) >= 8
    assert len(MEASURES) >= 15


@slow(first=80)
@pytest.mark.parametrize("folder", FOLDERS)
def test_folder_gives_these_findings_and_no_others(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = build(folder, tmp_path)
    names = {path.name for path in (*broken.sound.iterdir(), *broken.edited.iterdir())}
    there = {path.name for path in broken.edited.iterdir()} if broken.agreement else names
    assert len([n for n in there if content(broken.sound, n) != content(broken.edited, n)]) == 1
    inputs, findings = check_pool(broken.pool, broken.agreement)
    found = [(f.code, f.severity, f.file, str(f.row or ""), f.column) for f in findings]
    expected = EXPECTED[folder]
    assert found == [(e["code"], e["severity"], e["file"], e["row"], e["column"]) for e in expected]
    for finding, row in zip(findings, expected, strict=True):
        assert row["words"] in finding.sentence
    if any(f.severity == "error" for f in findings):
        assert inputs is None
        looked_through = {(broken.pool, broken.agreement): (inputs, findings)}
        monkeypatch.setattr(check, "check_pool", lambda *asked: looked_through[asked])
        with pytest.raises(DataHasErrors) as raised:
            load(broken.pool, broken.agreement)
        assert raised.value.findings == tuple(findings)
    else:
        assert inputs is not None
        assert inputs.findings == tuple(findings)


def content(pool: Path, name: str) -> bytes | None:
    path = pool / name
    return path.read_bytes() if path.is_file() else None


def test_every_code_is_shown() -> None:
    every = [*EXPECTED.values(), *expected_findings(BROKEN / "scenarios").values()]
    shown = {row["code"] for rows in every for row in rows}
    assert shown | set(NOT_IN_A_FOLDER) == set(CATALOGUE)
    assert not shown & set(NOT_IN_A_FOLDER)


def test_every_kind_of_finding_has_a_remedy() -> None:
    for code, kind in CATALOGUE.items():
        assert kind.severity in {"error", "warning", "note"}, code
        assert kind.meaning, code
        assert kind.remedy.endswith("."), code


DEFECTS = (
    # file, what stands in the sound pool, what is put there, the finding
    ("pool.toml", '"2018-19"', '"2018"', "BCF104"),
    ("pool.toml", "status", "state", "BCF103"),
    ("organisations.csv", "council", "county", "BCF211"),
    ("organisations.csv", "Anytown Integrated Care Board", "", "BCF201"),
    ("themes.csv", "Leaving hospital", "n/a", "BCF212"),
    ("categories.csv", "Capital grants", "=A1", "BCF208"),
    ("schemes.csv", "S3,1,", "S2,1,", "BCF305"),
    ("schemes.csv", "Reablement,B", "Reablement,Z", "BCF304"),
    ("schemes.csv", "S5,2,Council", "S5,2,Concil", "BCF303"),
    ("schemes.csv", '"121,234.56"', "lots", "BCF202"),
    ("schemes.csv", "30000.01", "30000.012", "BCF203"),
    ("schemes.csv", '"64,000.00"', "€64000", "BCF204"),
    ("schemes.csv", '"61,750.25"', "31/03/2019", "BCF205"),
    ("rules.csv", "66.666667", "66", "BCF403"),
    ("rules.csv", "category=C,under", "category=X,under", "BCF405"),
    ("rules.csv", "either,1,own,budget holder", "either,1,own,ICB", "BCF409"),
    ("commentary.csv", "S4,", "S9,", "BCF308"),
    ("control_totals.csv", "expenditure/theme=1", "outturn/theme=1", "BCF601"),
    ("published.csv", "£0.011m", "£0.011bn", "BCF602"),
    ("published.csv", "percent,0,", "percent,1,", "BCF603"),
)


def test_twenty_defects_are_found_in_one_pass(tmp_path: Path) -> None:
    pool = shutil.copytree(SOUND, tmp_path / "pool")
    for file, sound, broken, _ in DEFECTS:
        text = (pool / file).read_text(encoding="utf-8")
        assert text.count(sound) == 1, sound
        (pool / file).write_text(text.replace(sound, broken), encoding="utf-8")
    inputs, findings = check_pool(pool)
    assert inputs is None
    assert check_pool(pool) == (None, findings), "looked through again, it is the same"
    places = {(f.file, f.code) for f in findings}
    assert places >= {(file, code) for file, _, _, code in DEFECTS}
    assert len(DEFECTS) == 20

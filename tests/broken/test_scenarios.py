"""The gallery of bad plans: each is the sound plan with one defect (`gallery`).

The folder `plan` is a sound pool with a table of every kind and three scenarios.
`scenarios/expected.csv` says what the user is told about each broken one.
"""

import csv
import shutil
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import Finding, has_errors, run_checks
from bcf_model.core.tables import Inputs
from bcf_model.plan.checks.results import CHECKS, Calculated
from bcf_model.plan.load import check_plans, check_scenarios, load_scenario, scenario_names
from bcf_model.pool import check_pool
from tests.broken.gallery import PLANS, build
from tests.longer import LONG, longer, slow
from tests.make.places import BROKEN, PLAN
from tests.make.scenario_reports import project_once

GALLERY = BROKEN / "scenarios"
FOLDERS = PLANS


def expected_findings() -> dict[str, list[dict[str, str]]]:
    by_folder = defaultdict(list)
    with (GALLERY / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_folder[row["folder"]].append(row)
    return by_folder


EXPECTED = expected_findings()
ONE_OF_EACH = sorted({rows[0]["code"]: folder for folder, rows in EXPECTED.items()}.values())
"""A folder for each finding: looked at in `make test`, and all of them in `make long`."""
OF_THE_POOL = {"budgets.csv", "schemes.csv"}
"""Files of the plan that are the pool's own as well: its report says what is wrong with them."""
WITHOUT = {"start": ["city"], "city": ["child", "start"]}
"""By scenario, those that have nothing to do with it."""


def broken(folder: str, scratch: Path) -> tuple[Path, str]:
    """Give the sound plan with one file changed, and the name of that file.

    Scenarios that do not have that file are left out of it, but for `make long`.
    """
    pool = build(f"plan:{folder}", scratch).pool
    files = {path.relative_to(pool) for path in pool.rglob("*") if path.is_file()}
    (changed,) = (
        file
        for file in files
        if not (PLAN / file).exists() or (PLAN / file).read_bytes() != (pool / file).read_bytes()
    )
    *scenario, _ = changed.parts
    for name in [] if LONG else WITHOUT.get(scenario[-1] if scenario else "", []):
        shutil.rmtree(pool / "scenarios" / name)
    return pool, changed.as_posix()


def calculated(pool: Path) -> list[Finding]:
    """Give what is found of scenarios only when they are calculated.

    A scenario that the defect leaves as it is was calculated before.
    """
    checked = check_scenarios(pool, scenario_names(pool))
    tables = {name: project_once(*both).tables for name, (both, _) in checked.items() if both}
    assert tables.keys() == checked.keys()
    return [
        finding
        for name, own in tables.items()
        for finding in run_checks(CHECKS, Calculated(name, own))
    ]


@slow
def test_the_sound_plan_has_no_finding() -> None:
    inputs, findings = check_pool(PLAN)
    assert findings == []
    assert check_plans(PLAN, inputs) == []
    assert calculated(PLAN) == []
    assert scenario_names(PLAN) == ["child", "city", "start"]


def test_every_folder_is_expected_and_there() -> None:
    assert sorted(EXPECTED) == FOLDERS
    assert len(FOLDERS) >= 100


@lru_cache
def of_the_sound_plan() -> tuple[Inputs | None, list[Finding]]:
    return check_pool(PLAN)


@slow(first=1)
@longer
@pytest.mark.parametrize("folder", FOLDERS if LONG else ONE_OF_EACH)
def test_folder_gives_these_findings_and_no_others(folder: str, tmp_path: Path) -> None:
    pool, changed = broken(folder, tmp_path)
    of_plans_only = changed.startswith("scenarios/")
    inputs, of_the_pool = of_the_sound_plan() if of_plans_only else check_pool(pool)
    if EXPECTED[folder][0]["file"] not in OF_THE_POOL:
        assert inputs is not None, "a broken plan leaves the report as it is"
        assert of_the_pool == []
    findings = [*of_the_pool, *check_plans(pool, inputs)]
    if not has_errors(findings):
        findings += calculated(pool)
    found = [(f.code, f.severity, f.file, str(f.row or ""), f.column) for f in findings]
    expected = EXPECTED[folder]
    assert found == [(e["code"], e["severity"], e["file"], e["row"], e["column"]) for e in expected]
    for finding, row in zip(findings, expected, strict=True):
        assert row["words"] in finding.sentence


@slow
@longer
@pytest.mark.parametrize("folder", FOLDERS if LONG else ONE_OF_EACH[::15])
def test_what_is_broken_cannot_be_loaded(folder: str, tmp_path: Path) -> None:
    pool, _ = broken(folder, tmp_path)
    wrong = set()
    for name, (loaded, findings) in check_scenarios(pool, scenario_names(pool)).items():
        errors = [f for f in findings if f.severity == "error"]
        assert (loaded is None) == bool(errors)
        if errors:
            wrong |= {*errors}
            with pytest.raises(DataHasErrors) as raised:
                load_scenario(pool, name)
            assert raised.value.findings == tuple(findings)
    assert len(wrong) == sum(row["severity"] == "error" for row in EXPECTED[folder])

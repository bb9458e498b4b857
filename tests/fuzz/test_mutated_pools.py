"""Thousands of spoilt pools and scenarios: each is told what is wrong, or is calculated soundly.

A few in `make test`, 5,000 in `make long`. What fails names its seed: `spoilt` makes it again.
"""

import random
import re
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import CATALOGUE, Finding, has_errors
from bcf_model.plan.checks.results import Calculated, below_nil
from bcf_model.plan.load import check_plans, check_scenarios, scenario_names
from bcf_model.pool import check_pool, load
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.fuzz.mutations import MUTATIONS, as_saved_elsewhere, folder_files, rows_of, written
from tests.longer import LONG, longer, slow
from tests.make.places import AGREEMENTS, BROKEN, PLAN, ROOT
from tests.make.pools import files_of, random_pool
from tests.make.scenario_reports import project_once

CHUNKS = 10
POOLS, PLANS, COMMANDS, SAVED = (4_500, 500, 200, 200) if LONG else (60, 10, 4, 8)
SOUND = [
    *AGREEMENTS,
    BROKEN / "agreement",
    ROOT / "bcf_model" / "reference" / "selftest",
]
PLAIN = re.compile(r"-?\d+(\.\d{1,2})?")
PENCE = {"pounds": 100, "thousands": 100_000, "millions": 10**8}


@cache
def sound(name: str) -> dict[str, bytes]:
    """Read the files of a sound pool: its folder from here on, or the seed it is drawn from."""
    if name.isdigit():
        with files_of(random_pool(int(name), lines=6)) as folder:
            return folder_files(Path(folder))
    return folder_files(ROOT / name)


def spoilt(seed: int, base: Path | None = None) -> tuple[dict[str, bytes], str]:
    """Return the files of a spoilt pool, and what was done to which."""
    draw = random.Random(seed)
    names = [str(path.relative_to(ROOT)) for path in SOUND] + [str(i) for i in range(20)]
    name = str(base.relative_to(ROOT)) if base else draw.choice(names)
    files, said = draw.choice(MUTATIONS)(sound(name), draw)
    return files, f"seed {seed}: {name}, {said}"


def are_told(findings: list[Finding]) -> None:
    """Check that each finding is of the catalogue and makes a sentence one can read."""
    for finding in findings:
        assert finding.code in CATALOGUE
        assert finding.sentence.isprintable() and len(finding.sentence) < 2_000, finding.code
        for slip in ("Traceback", "datetime.", "NoneType", "dtype", "<class"):
            assert slip not in finding.sentence, finding.sentence


def spent(files: dict[str, bytes]) -> int | None:
    """Add up the budgets of a pool by another way than the engine's, in pence.

    None where a cell is not a plain number, or the rows are not what a plain reader takes them for.
    """
    if not {"pool.toml", "schemes.csv"} <= {*files}:  # under a name that is read all the same
        return None
    unit = re.search(r'(?m)^unit *= *"(\w+)"', files["pool.toml"].decode("utf-8", "replace"))
    try:
        head, *rows = rows_of(files["schemes.csv"])
        texts = [row[head.index("budget")] for row in rows if any(row)]
    except (KeyError, ValueError, IndexError, UnicodeDecodeError):
        return None
    if unit is None or unit[1] not in PENCE or not all(map(PLAIN.fullmatch, texts)):
        return None
    return int(sum(map(Decimal, texts)) * PENCE[unit[1]])


def calculated(folder: Path) -> Results | None:
    """Check a pool, and calculate it if it is sound; None where it is not."""
    inputs, findings = check_pool(folder)
    are_told(findings)
    assert (inputs is None) == has_errors(findings)
    if inputs is None:
        return None
    try:
        return run(inputs)
    except DataHasErrors as refused:  # a stated total is not what was computed
        are_told([*refused.findings])
        assert has_errors(refused.findings)
        return None


@slow(first=1)
@longer
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_spoilt_pool_is_told_or_calculated(chunk: int) -> None:
    accepted = 0
    for seed in range(chunk, POOLS, CHUNKS):
        files, said = spoilt(seed)
        with tempfile.TemporaryDirectory() as scratch:
            try:
                results = calculated(written(files, Path(scratch)))
            except Exception as problem:
                raise AssertionError(said) from problem
        if results is not None:
            accepted += 1
            assert (results.outputs["checks"]["difference"] == 0).all(), said
            expected = spent(files)
            assert expected is None or results.inputs.schemes["budget"].sum() == expected, said
    assert accepted < POOLS // CHUNKS, "something must have been spoilt"


@slow(first=1)
@longer
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_spoilt_plan_is_told_or_calculated(chunk: int) -> None:
    for seed in range(chunk, PLANS, CHUNKS):
        files, said = spoilt(seed, PLAN)
        with tempfile.TemporaryDirectory() as scratch:
            folder = written(files, Path(scratch) / PLAN.name)
            try:
                inputs, findings = check_pool(folder)
                of_plans = check_plans(folder, inputs)
                are_told([*findings, *of_plans])
                if inputs is not None and not has_errors(of_plans):
                    checked = check_scenarios(folder, scenario_names(folder))
                    for name, (sound_one, _) in checked.items():
                        assert sound_one is not None
                        walk = project_once(*sound_one).tables["walk"]
                        are_told([*below_nil(Calculated(name, {"walk": walk}))])
            except Exception as problem:
                raise AssertionError(said) from problem


@slow(first=1)
@longer
@pytest.mark.parametrize("command", ["check", "report", "scenario"])
def test_a_command_on_a_spoilt_pool_leaves_with_a_code_and_a_sentence(command: str) -> None:
    for seed in range(COMMANDS):
        files, said = spoilt(seed, PLAN if command == "scenario" else None)
        with tempfile.TemporaryDirectory() as scratch:
            pool, out = written(files, Path(scratch) / "pool"), Path(scratch) / "out"
            words = [command, str(pool), *(["start"] if command == "scenario" else [])]
            done = CliRunner().invoke(cli, words + ([] if command == "check" else ["-o", str(out)]))
            assert done.exit_code in {0, 2, 3}, (said, done.output)
            assert done.exception is None or isinstance(done.exception, SystemExit), said
            assert "Traceback" not in done.output and "the program failed" not in done.output, said
            assert out.exists() == (done.exit_code == 0 and command != "check"), said


@slow
@longer
def test_a_pool_saved_by_another_program_is_the_same_pool() -> None:
    for seed in range(SAVED):
        draw = random.Random(seed)
        name = str(draw.choice(SOUND).relative_to(ROOT))
        with tempfile.TemporaryDirectory() as scratch:
            first = run(load(written(sound(name), Path(scratch) / "first")))
            files, _ = as_saved_elsewhere(sound(name), draw)
            second = run(load(written(files, Path(scratch) / "second")))
        for table, frame in first.outputs.items():
            assert frame.equals(second.outputs[table]), (seed, name, table)

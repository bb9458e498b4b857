"""The example of docs/scenarios.md is worked as the guide says."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from tests.longer import slow
from tests.make.places import ROOT, SHEFFIELD

GUIDE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
NAME = "next-three-years"


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    """Sheffield's pool with the guide's scenario, as a reader would have typed it."""
    pool = tmp_path / "my-pool"
    shutil.copytree(SHEFFIELD, pool)
    folder = pool / "scenarios" / NAME
    folder.mkdir()
    for section in GUIDE.split("\n## "):
        title, blocks = section.partition("\n")[0], re.findall(r"```\w+\n(.*?)```", section, re.S)
        for file in re.findall(r"`(\w+\.(?:csv|toml))`", title):
            (folder / file).write_text(blocks[0], encoding="utf-8")
    return pool


def bcf(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [*map(str, arguments)], env={"COLUMNS": "100"})
    assert done.exit_code == 0, done.output
    return done.output


@slow
def test_it_gives_what_the_guide_prints(pool: Path, tmp_path: Path) -> None:
    assert len([*(pool / "scenarios" / NAME).iterdir()]) == 4
    printed = re.search(r"```text\n(.*?)```", GUIDE, re.S)
    assert printed is not None
    assert printed[1] in bcf("scenario", pool, NAME, "-o", tmp_path / "reports")


@slow
def test_its_other_commands_can_be_typed(pool: Path, tmp_path: Path) -> None:
    shown = bcf("scenario", pool, NAME, "--show")
    assert "reablement team" in shown
    reports = tmp_path / "reports"
    bcf("scenario", pool, NAME, "--draws", 50, "-o", reports)
    assert "as it should be" in bcf("verify", reports / NAME, "--pool", pool)
    other = pool / "agreements" / "whole-pool-by-contribution"
    said = " ".join(bcf("scenario", pool, NAME, "--agreement", other, "-o", reports).split())
    assert "CCG bears £102,185 and Sheffield City Council bears £47,815; under the pool's" in said
    goal = ("delivery of savings", "gap/year=2019-20", "--to", 0)
    assert "asked for: £0.00" in bcf("solve", pool, NAME, *goal)

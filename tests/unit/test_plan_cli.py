"""`bcf scenario --show`, the list of scenarios, and what `bcf check` says of plans."""

import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from bcf_model.cli import DATA_HAS_ERRORS, cli

BROKEN = Path(__file__).resolve().parents[1] / "broken"
PLAN = BROKEN / "plan"


def bcf(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_scenarios_are_listed() -> None:
    said = bcf("scenario", PLAN)
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "child  Less growth, and one more programme (illustrative)",
        "city   A shift towards prevention (illustrative)",
        "start  If nothing else is done (invented)",
    ]


def test_what_is_in_force_is_shown_with_its_places() -> None:
    said = bcf("scenario", PLAN, "child", "--show")
    assert said.exit_code == 0
    assert "[scenarios/start/assumptions.csv, row 2]" in said.output
    assert "city" not in said.output.split()
    assert bcf("scenario", PLAN, "--show").output.count("\nSettings\n") == 3


def test_a_scenario_with_errors_is_not_shown(tmp_path: Path) -> None:
    assert bcf("scenario", PLAN, "chid", "--show").exit_code == DATA_HAS_ERRORS
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    shutil.copytree(BROKEN / "scenarios" / "lag-not-100", pool, dirs_exist_ok=True)
    said = bcf("scenario", pool, "city", "--show")
    assert said.exit_code == DATA_HAS_ERRORS
    assert "BCF734" in said.output
    assert bcf("scenario", pool, "child", "--show").exit_code == 0


def test_a_check_looks_at_plans_and_a_report_does_not(tmp_path: Path) -> None:
    pool = shutil.copytree(PLAN, tmp_path / "plan")
    shutil.copytree(BROKEN / "scenarios" / "lag-not-100", pool, dirs_exist_ok=True)
    said = bcf("check", pool)
    assert said.exit_code == DATA_HAS_ERRORS
    assert "scenarios/city/lags.csv, row 3" in said.output
    assert "The report can be made" in said.output
    assert bcf("check", PLAN).output == "0 errors, 0 warnings.\n"
    assert bcf("report", pool, "-o", tmp_path / "report").exit_code == 0

"""A pool's own files, written again: what is refused, and what is said."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from bcf_model.pool import load
from bcf_model.publish.first_pool import first_pool
from tests.longer import slow
from tests.make.places import ROOT, SOUND


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def test_a_folder_becomes_a_workbook_that_is_checked_alike(tmp_path: Path) -> None:
    done = bcf("convert", SOUND, tmp_path / "sound.xlsx")
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'sound.xlsx'}: 8 tables\n"
    assert bcf("check", tmp_path / "sound.xlsx").stdout == bcf("check", SOUND).stdout
    assert [path.name for path in tmp_path.iterdir()] == ["sound.xlsx"]


@pytest.mark.parametrize("name", ["pool.xlsx", "pool"])
def test_nothing_that_stands_is_overwritten(tmp_path: Path, name: str) -> None:
    there = tmp_path / name
    if there.suffix:
        there.write_text("mine")
    else:
        there.mkdir()
        (there / "mine.txt").write_text("mine")
    done = bcf("convert", SOUND, there)
    assert done.exit_code == 1
    assert f"{there} is there already, and is left as it is" in done.stderr
    assert "mine" in (there if there.is_file() else there / "mine.txt").read_text()


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "pool").mkdir()
    assert bcf("convert", SOUND, tmp_path / "pool").exit_code == 0
    assert (tmp_path / "pool" / "pool.toml").is_file()


def test_what_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    pool = shutil.copytree(SOUND, tmp_path / "pool")
    (pool / "rules.csv").write_bytes(b"%PDF-1.4")
    done = bcf("convert", pool, tmp_path / "pool.xlsx")
    assert done.exit_code == 3
    assert "BCF004" in done.stderr and "Nothing was written." in done.stderr
    assert not (tmp_path / "pool.xlsx").exists()


def test_a_result_that_was_never_calculated_is_not_written_as_text(tmp_path: Path) -> None:
    assert bcf("convert", SOUND, tmp_path / "pool.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "pool.xlsx")
    book["schemes"]["H2"] = "=1+1"
    book.save(tmp_path / "pool.xlsx")
    done = bcf("convert", tmp_path / "pool.xlsx", tmp_path / "pool")
    assert done.exit_code == 3
    assert "BCF026" in done.stderr and "sheet schemes, H2" in done.stderr
    assert not (tmp_path / "pool").exists()


def test_what_a_workbook_cannot_hold_is_refused_and_named(tmp_path: Path) -> None:
    pool = shutil.copytree(SOUND, tmp_path / "pool")
    text = (pool / "themes.csv").read_text(encoding="utf-8").splitlines()
    (pool / "themes.csv").write_text("\n".join([*text, f"9,{'x' * 40_000},,"]), encoding="utf-8")
    done = bcf("convert", pool, tmp_path / "pool.xlsx")
    assert done.exit_code == 1
    assert "themes of the pool" in done.stderr and "Nothing was written." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["pool"]


def test_agreements_of_a_workbook_are_compared_as_those_of_a_folder(tmp_path: Path) -> None:
    pool = shutil.copytree(SOUND, tmp_path / "pool")
    (pool / "agreements").mkdir()
    shutil.copy(pool / "rules.csv", pool / "agreements" / "draft.csv")
    assert bcf("convert", pool, tmp_path / "pool.xlsx").exit_code == 0
    told = bcf("risk-share", tmp_path / "pool.xlsx")
    assert "draft" in told.stdout
    assert told.stdout == bcf("risk-share", pool).stdout
    named = f"{tmp_path / 'pool.xlsx'}/agreements/draft"
    assert bcf("risk-share", tmp_path / "pool.xlsx", "--agreement", named).stdout == told.stdout
    other = f"{tmp_path / 'pool.xlsx'}/agreements/other"
    done = bcf("risk-share", tmp_path / "pool.xlsx", "--agreement", other)
    assert (done.exit_code, "BCF018" in done.stderr) == (3, True)


def test_a_scenario_is_not_kept_beside_a_workbook(tmp_path: Path) -> None:
    assert bcf("convert", SOUND, tmp_path / "pool.xlsx").exit_code == 0
    done = bcf("scenario", tmp_path / "pool.xlsx", "a", "--set", "inflation=3", "--save", "b")
    assert done.exit_code == 2
    assert "bcf convert" in done.stderr


def test_a_folder_to_begin_with_is_a_sound_pool_and_says_that_it_is_invented(
    tmp_path: Path,
) -> None:
    done = bcf("init", tmp_path / "mine")
    assert done.exit_code == 0
    assert "0 errors, 0 warnings" in bcf("check", tmp_path / "mine" / "pool").stdout
    assert load(tmp_path / "mine" / "pool").settings.title.startswith("Invented")
    again = bcf("init", tmp_path / "mine")
    assert (again.exit_code, "left as it is" in again.stderr) == (1, True)


@slow
@pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell")
def test_the_file_to_double_click_makes_the_report_or_says_what_to_correct(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "my pool's"
    assert bcf("init", folder).exit_code == 0
    run = [str(folder / "run.command")]
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=120,
                          stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = (ROOT / "docs" / "first-report.md").read_text(encoding="utf-8")
    section = page.partition("## 3.")[2].partition("## 4.")[0]
    said = re.findall(r"^- `([^`]+)`", section, re.MULTILINE)
    assert len(said) == 3 and all((folder / "report" / name).exists() for name in said)
    (folder / "pool" / "rules.csv").unlink()
    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=120,
                          stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.returncode == 3
    assert "BCF002" in done.stderr and "What is to be corrected stands above" in done.stdout


def test_the_file_for_windows_names_this_python_and_ends_its_lines_as_windows_does() -> None:
    files, programs = first_pool("C:\\100% mine\\python.exe")
    text = files["run.bat"].decode()
    assert 'set "PYTHON=C:\\100%% mine\\python.exe"' in text
    assert text.count("\n") == text.count("\r\n") == len(text.splitlines())
    assert "{" not in text and programs == ("run.command",)
    assert "{" not in files["run.command"].decode() + files["READ ME.txt"].decode()


def test_the_page_for_who_begins_names_files_and_commands_that_are_there() -> None:
    page = (ROOT / "docs" / "first-report.md").read_text(encoding="utf-8")
    files, _ = first_pool("python")
    for name in ("run.bat", "run.command", "pool/schemes.csv", "pool/rules.csv", "pool/pool.toml"):
        assert name in files and name.rpartition("/")[2] in page
    commands = {*re.findall(r"bin/bcf (\w+)", page), *re.findall(r"Scripts\\bcf (\w+)", page)}
    assert commands == {"init", "template", "check", "report"} and commands <= {*cli.commands}

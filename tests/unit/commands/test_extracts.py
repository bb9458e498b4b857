"""bcf import: what it prints, what it writes, and the codes it leaves with."""

import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from tests.make.places import SOUND

SURE = "Cost Centre,Account,Amount,DR/CR\nB1,1,12.50,DR\nB2,2,2.25,CR\nGrand total,,10.25,DR\n"
ASKS = "Cost Centre,Account,Amount\nB1,1,12\nB2,2,30\n"


def run(*said: object) -> Result:
    return CliRunner().invoke(cli, ["import", *map(str, said)])


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return shutil.copytree(SOUND, tmp_path / "pool")


def file_of(folder: Path, text: str) -> Path:
    (folder / "GL.csv").write_text(text, encoding="utf-8")
    return folder / "GL.csv"


def kept(pool: Path) -> list[str]:
    return sorted(it.name for it in pool.glob("ledgers/*"))


def test_the_plan_says_what_each_step_found_and_writes_nothing(tmp_path: Path, pool: Path) -> None:
    before = sorted(pool.rglob("*"))
    done = run(file_of(tmp_path, SURE), "--plan", "--as", "council", "--into", pool)
    assert done.exit_code == 0, done.output
    for line in (
        "GL.csv: CSV, commas, UTF-8",
        "  Headings     row 1",
        "  Total        row 4 'Grand total' 10.25 = the 2 lines. Kept as a check.",
        "  Amount       'Amount', signed by 'DR/CR' (DR adds, CR takes away)",
        "  Unit         pounds, because pence are shown",
        "  Nothing to ask.   Right? Write:",
    ):
        assert line in done.output
    assert "2, rows 2 to 3" in done.output
    assert sorted(pool.rglob("*")) == before


def test_a_question_leaves_with_6_and_an_answer_ready_to_paste(tmp_path: Path, pool: Path) -> None:
    path = file_of(tmp_path, ASKS)
    done = run(path, "--as", "council", "--into", pool)
    assert done.exit_code == 6
    assert "BCF905" in done.output
    assert f"bcf import {path} --answer unit=pounds --plan" in done.output
    assert kept(pool) == []
    assert run(path, "--answer", "unit=pounds", "--as", "council", "--into", pool).exit_code == 0
    assert kept(pool) == ["council.toml"]
    again = run(path, "--into", pool)
    assert again.exit_code == 0
    assert "It is read as ledgers/council.toml says." in again.output


def test_what_is_refused_leaves_with_3(tmp_path: Path) -> None:
    done = run(file_of(tmp_path, "B1,1,12.50\nB2,2,2.25\n"), "--plan")
    assert done.exit_code == 3
    assert "row 1: B1 | 1 | 12.50" in done.output
    assert run(tmp_path / "nothing.csv", "--plan").exit_code == 3


def test_a_file_that_changed_leaves_with_3_and_keeps_what_was(tmp_path: Path, pool: Path) -> None:
    run(file_of(tmp_path, SURE), "--as", "council", "--into", pool)
    before = (pool / "ledgers" / "council.toml").read_bytes()
    done = run(
        file_of(tmp_path, SURE.replace("Account", "Text")), "--as", "council", "--into", pool
    )
    assert done.exit_code == 3
    assert "column 'Account' is gone; column 'Text' is new" in done.output
    assert (pool / "ledgers" / "council.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["--answer", "unit"], "expected KEY=VALUE"),
        (["--answer", "unit=pence"], "pounds or thousands or millions"),
        (["--answer", "table=x", "--answer", "unit=pounds"], "expected Cost Centre"),
        (["--answer", "frob=1", "--answer", "unit=pounds"], "nothing of the file asks for that"),
        (["--answer", "unit=pounds", "--answer", "unit=millions"], "two answers"),
        (["--answer", "heading=x"], "the number of the row"),
        (["--answer", "heading=99"], "a row of the file"),
        (["--as", "council"], "--into POOL"),
        (["--as", "../x", "--into", "."], "a name of letters"),
        (["--into", "."], "with its pool.toml"),
    ],
)
def test_a_wrong_call_leaves_with_2(
    said: list[str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(file_of(tmp_path, ASKS), *said)
    assert done.exit_code == 2, done.output
    assert why in done.output


def test_check_says_of_a_ledger_that_it_is_one(tmp_path: Path) -> None:
    path = file_of(tmp_path, SURE)
    done = CliRunner().invoke(cli, ["check", str(path)])
    assert done.exit_code == 3
    assert "This looks like a ledger (2 lines, £10.25). To take it in: bcf import" in done.output
    assert (
        "looks like" not in CliRunner().invoke(cli, ["check", str(path), "--format", "csv"]).output
    )


def test_a_change_that_is_right_is_accepted_once_and_kept_with_its_date(
    tmp_path: Path, pool: Path
) -> None:
    run(file_of(tmp_path, SURE), "--as", "council", "--into", pool)
    changed = file_of(tmp_path, SURE.replace("Account", "Text"))
    refused = run(changed, "--into", pool)
    assert (refused.exit_code, "--answer BCF908=accept" in refused.output) == (3, True)
    done = run(changed, "--into", pool, "--answer", "BCF908=accept")
    assert done.exit_code == 0, done.output
    text = (pool / "ledgers" / "council.toml").read_text(encoding="utf-8")
    kept = tomllib.loads(text)
    assert kept["confirmed"]["accepted"] == "column 'Account' is gone; column 'Text' is new"
    assert kept["confirmed"]["on"] == date.today()
    assert "BCF908" not in kept["answers"]
    assert "read as ledgers/council.toml says" in run(changed, "--into", pool).output
    again = run(file_of(tmp_path, SURE.replace("Account", "Frob")), "--into", pool)
    assert again.exit_code == 3  # what was accepted was that change, and no other
    wrong = run(changed, "--into", pool, "--answer", "BCF908=yes")
    assert (wrong.exit_code, "expected accept" in wrong.output) == (2, True)
    changed = file_of(tmp_path, SURE.replace("Account", "Text"))
    unasked = run(changed, "--into", pool, "--answer", "BCF908=accept")
    assert (unasked.exit_code, "nothing of the file asks for that" in unasked.output) == (2, True)


def test_a_write_that_is_refused_names_no_option_that_import_has_not(
    tmp_path: Path, pool: Path
) -> None:
    (pool / "ledgers").write_text("", encoding="utf-8")
    done = run(file_of(tmp_path, SURE), "--as", "council", "--into", pool)
    assert done.exit_code != 0
    assert "with -o" not in done.output
    assert "import again" in done.output


def test_without_a_terminal_nothing_is_waited_for(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["import", str(file_of(tmp_path, ASKS))], input="pounds\n" * 9)
    assert (done.exit_code, "leave it open" in done.output) == (6, False)


def test_at_a_terminal_each_question_is_put_once(
    tmp_path: Path, pool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bcf_model.commands.extracts._at_a_terminal", lambda: True)
    said = ["import", str(file_of(tmp_path, ASKS)), "--as", "council", "--into", str(pool)]
    left = CliRunner().invoke(cli, said, input="\n" * 9)
    assert (left.exit_code, left.output.count("leave it open")) == (6, 1)
    assert kept(pool) == []
    done = CliRunner().invoke(cli, said, input="pounds\n")
    assert done.exit_code == 0, done.output
    assert done.output.count("leave it open") == 1
    assert "--answer unit=pounds" in done.output
    answers = tomllib.loads((pool / "ledgers" / "council.toml").read_text(encoding="utf-8"))
    assert answers["answers"] == {"unit": "pounds"}

"""Commands that write into a user's own folder, killed at any moment, and two of them at once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from bcf_model.publish.first_pool import POOL
from tests.longer import slow
from tests.make.places import ROOT, SOUND

TABLE = "Scheme,Budget £000,Outturn £000\nA,1,3\nB,2,5\nTotal,3,8\n"
OUTTURN = (
    ("Scheme", "Name", "Risk category", "Budget £", "Outturn £", "Lead"),
    ("1", "Nursing", "Own", 100.5, 120.25, "ICB"), ("2", "Beds", "Shared", 200.5, 190.75, "MBC"),
    (None, "Total", None, "=SUM(D2:D3)", "=SUM(E2:E3)", None),
)  # fmt: skip
ANSWERS = ("kind Lines=revenue", "year=2024-25")


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


def files_in(folder: Path) -> dict[str, bytes]:
    """Give what stands in a folder, without what a run holds there for as long as it goes on."""
    found = {it.relative_to(folder): it for it in sorted(folder.rglob("*")) if it.is_file()}
    return {
        name.as_posix(): it.read_bytes()
        for name, it in found.items()
        if not any(part.startswith(".bcf-") for part in name.parts)
    }


def started(*words: str | Path) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, *map(str, words)], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def killed(folder: Path, *words: str | Path, code: int = 0) -> list[Path]:
    """Kill a command at each touch of a folder; give what it left of it, the whole run's last."""
    run = started(Path(__file__).with_name("killed_command.py"), folder, *words)
    said, _ = run.communicate(timeout=300)
    assert run.returncode == code, said
    left = sorted(folder.parent.glob("[0-9][0-9][0-9]-*"))
    assert any("rename" in it.name for it in left), "it was killed as it put a file in place"
    return [*left, folder]


def nothing_is_half_written(before: dict[str, bytes], left: list[Path]) -> None:
    after = files_in(left[-1])
    assert after != before
    for folder in left:
        for name, data in files_in(folder).items():
            assert data in (before.get(name), after.get(name)), (folder.name, name)


def spoiled_workbook(folder: Path) -> Path:
    assert bcf("convert", SOUND, folder / "hers.xlsx").exit_code == 0
    book = openpyxl.load_workbook(folder / "hers.xlsx")
    book["schemes"]["B2"] = "nope"
    book.save(folder / "hers.xlsx")
    return folder / "hers.xlsx"


def outturn(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Lines"
    for row in OUTTURN:
        book.active.append(row)
    book.save(folder / "outturn.xlsx")
    return folder / "outturn.xlsx"


def importing(file: Path, pool: Path) -> list[str | Path]:
    return ["import", file, *(it for said in ANSWERS for it in ("--answer", said)), "--into", pool]


@slow
def test_a_marked_copy_stands_whole_or_not_at_all(tmp_path: Path) -> None:
    hers, out = spoiled_workbook(tmp_path), tmp_path / "there" / "out"
    out.mkdir(parents=True)
    left = killed(out, "check", hers, "-o", out / "checked.xlsx", code=3)
    nothing_is_half_written({}, left)
    for folder in left[:-1]:
        assert files_in(folder) in ({}, files_in(out))
    unfinished = next(it for it in left if not files_in(it))
    assert bcf("check", hers, "-o", unfinished / "checked.xlsx").exit_code == 3
    assert files_in(unfinished) == files_in(out)
    assert not list(unfinished.glob(".bcf-*"))


@slow
def test_a_transcription_stands_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    out = tmp_path / "there" / "out"
    out.mkdir(parents=True)
    words = ("audit", "--transcribe", tmp_path / "table.csv", "--yes", "--as", out / "kept.csv",
             "-o", out / "report")  # fmt: skip
    left = killed(out, *words)
    nothing_is_half_written({}, left)
    assert {"kept.csv" in files_in(it) for it in left} == {True, False}


@slow
@pytest.mark.parametrize("begun", [False, True], ids=["new", "begun"])
def test_an_imported_outturn_stands_whole_or_is_taken_in_again(
    tmp_path: Path, *, begun: bool
) -> None:
    """A new pool of which some files are there is not sound; the same command completes it."""
    file, out = outturn(tmp_path), tmp_path / "there" / "out"
    out.parent.mkdir()
    if begun:
        assert bcf("init", tmp_path / "mine").exit_code == 0
        shutil.copytree(tmp_path / "mine" / POOL, out)
    else:
        out.mkdir()
    before = files_in(out)
    left = killed(out, *importing(file, out))
    nothing_is_half_written(before, left)
    after, tried = files_in(out), list[dict[str, bytes]]()
    for folder in left[:-1]:
        if (there := files_in(folder)) in tried:
            continue
        tried.append(there)
        if there != after and not begun and there:
            assert "pool.toml" in there and "schemes.csv" not in there, folder.name
            assert bcf("check", folder).exit_code == 3
        again = bcf(*importing(file, folder))
        assert (again.exit_code, files_in(folder)) == (0, after), (folder.name, again.output)
    assert len(tried) > 2, "it was killed between two files"


@slow
def test_of_two_at_once_each_is_whole_or_refused(tmp_path: Path) -> None:
    hers, file = spoiled_workbook(tmp_path), outturn(tmp_path)
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    kept, out = tmp_path / "kept" / "kept.csv", tmp_path / "out"
    for folder in (kept.parent, out, tmp_path / "one", tmp_path / "alone"):
        folder.mkdir()
    every = [
        (["check", hers, "-o", out / "checked.xlsx"], 3),
        (["audit", "--transcribe", tmp_path / "table.csv", "--yes", "--as", kept,
          "-o", tmp_path / "report"], 0),
        (importing(file, tmp_path / "one"), 0),
    ]  # fmt: skip
    for words, code in every:
        runs = [started("-m", "bcf_model", *words) for _ in range(2)]
        said = [it.communicate(timeout=120)[0] for it in runs]
        codes = sorted(it.returncode for it in runs)
        assert code in codes and not any("Traceback" in it for it in said), said
        assert codes in ([code, code], sorted([code, 1]), sorted([code, 2])), said
    assert bcf("check", hers, "-o", tmp_path / "alone" / "checked.xlsx").exit_code == 3
    assert files_in(out) == files_in(tmp_path / "alone")
    assert bcf(*importing(file, tmp_path / "other")).exit_code == 0
    assert files_in(tmp_path / "one") == files_in(tmp_path / "other")
    assert not [*tmp_path.rglob(".bcf-*")]

"""The command line: what it prints, where, and how it leaves."""

import csv
import errno
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bcf_model import __version__
from bcf_model.cli import cli
from bcf_model.core.errors import DoesNotReconcile
from bcf_model.year import pipeline
from tests.longer import slow

COMMANDS = ("check", "report", "selftest")
SELFTEST = Path(str(resources.files("bcf_model.reference"))) / "selftest"


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@slow
def test_report_prints_the_headline_and_where_the_files_are(
    sheffield: Path, tmp_path: Path
) -> None:
    done = bcf("report", sheffield, "-o", tmp_path / "out")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    total = next(line for line in lines if line.startswith("Total of the pool"))
    assert total.split()[-4:] == ["382,075", "395,815", "13,740", "3.6%"]
    council = next(line for line in lines if "Sheffield City Council" in line)
    assert council.split()[-5:] == ["121,730", "129,542", "7,812", "6.4%", "7,812"]
    assert "All 42 checks hold. 0 errors, 5 warnings, 1 note." in lines
    for name in ("report.xlsx", "report.html", "run.json", "tables"):
        assert any(str(tmp_path / "out" / name) in line for line in lines)
        assert (tmp_path / "out" / name).exists()
    assert "BCF501" in done.stderr


@slow
def test_a_report_goes_into_outputs_under_the_name_of_its_pool(
    sheffield: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert bcf("report", sheffield).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["outputs"]
    assert (tmp_path / "outputs" / "sheffield-2018-19" / "report.xlsx").is_file()


@slow
def test_headline_columns_stand_under_each_other(sheffield: Path, tmp_path: Path) -> None:
    lines = bcf("report", sheffield, "-o", tmp_path).stdout.splitlines()
    themes = lines[lines.index("By theme") + 1 : lines.index("By organisation")]
    rows = [line for line in themes[:-2] if "%" in line]  # a long name has a line more, above
    assert len(rows) == 7
    assert len({row.rfind("%") for row in rows}) == 1


def test_check_lists_findings_and_leaves_with_3(tmp_path: Path) -> None:
    done = bcf("check", tmp_path)
    assert done.exit_code == 3
    assert "ERROR BCF002  schemes.csv: A file (or sheet) is missing" in done.stdout
    assert "    → " in done.stdout
    assert done.stdout.rstrip().endswith("Nothing can be calculated from this pool.")


@slow
def test_check_of_a_sound_pool_leaves_with_0(sheffield: Path) -> None:
    done = bcf("check", sheffield)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "0 errors, 5 warnings, 1 note.")


@slow
def test_check_for_machines(sheffield: Path) -> None:
    found = json.loads(bcf("check", sheffield, "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(bcf("check", sheffield, "--format", "csv").stdout)))
    assert [(f["code"], f["file"], f["row"], f["column"]) for f in found] == [
        ("BCF819", "metric_values.csv", 31, "value"),
        ("BCF816", "metric_values.csv", 47, "denominator"),
        ("BCF812", "metric_values.csv", 48, "value"),
        ("BCF816", "metric_values.csv", 49, "numerator"),
        ("BCF501", "schemes.csv", 31, "budget"),
        ("BCF815", "volumes.csv", 2, "budget_set_on"),
    ]
    assert len(rows) == 6
    assert rows[4]["remedy"] == "Correct the sign, unless the line is net of income."


def test_report_of_bad_data_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "pool").mkdir()
    done = bcf("report", tmp_path / "pool", "-o", tmp_path / "out")
    assert done.exit_code == 3
    assert "Nothing was calculated" in done.stderr
    assert not (tmp_path / "out").exists()


def test_wrong_usage_leaves_with_2() -> None:
    assert bcf("report").exit_code == 2
    assert bcf("check", "x", "--format", "xml").exit_code == 2
    assert bcf("explode").exit_code == 2


def test_what_the_program_raises_is_one_line_and_leaves_with_1(
    sheffield: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        message = "Variance by theme = of all lines: expected £1.00, found £2.00"
        raise DoesNotReconcile(message)

    monkeypatch.setattr(pipeline, "run", fails)
    done = bcf("report", sheffield)
    assert done.exit_code == 1
    assert "Error: Variance by theme" in done.stderr
    assert "Traceback" not in done.output


@slow
def test_a_fault_of_the_program_is_said_to_be_one(
    sheffield: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "run", lambda _: 1 / 0)
    done = bcf("report", sheffield)
    assert done.exit_code == 1
    assert "ZeroDivisionError" in done.stderr
    assert "fault in bcf" in done.stderr
    monkeypatch.setenv("BCF_DEBUG", "1")
    assert isinstance(bcf("report", sheffield).exception, ZeroDivisionError)


def test_stopped_by_hand_it_leaves_with_130(
    sheffield: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "run", stopped)
    done = bcf("report", sheffield)
    assert done.exit_code == 130
    assert done.stderr.splitlines()[-1] == "Stopped."
    assert "130 it was stopped" in " ".join(bcf("--help").stdout.split())


@slow
def test_where_the_report_cannot_be_written(sheffield: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = bcf("report", sheffield, "-o", tmp_path / "taken" / "deeper")
    assert done.exit_code == 2
    assert "a file stands where a folder is needed" in " ".join(done.stderr.split())
    assert "Traceback" not in done.output
    assert (tmp_path / "taken").read_text() == "a file"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str) -> None:
    said = bcf(command, "--help").stdout
    assert "Example:" in said
    assert f"bcf {command}" in said


def test_version() -> None:
    assert __version__ in bcf("--version").stdout


@slow
def test_selftest() -> None:
    done = bcf("selftest")
    assert done.exit_code == 0
    assert "equal to the stored pence" in done.stdout


def test_help_imports_neither_pandas_nor_pandera() -> None:
    code = (
        "import sys\nfrom bcf_model.cli import cli\n"
        "cli(['--help'], standalone_mode=False)\n"
        "print(sorted({'pandas', 'pandera', 'numpy', 'pydantic', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_python_m_is_bcf() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bcf_model", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"bcf, version {__version__}\n"


def test_a_report_is_not_written_into_its_pool(sheffield: Path) -> None:
    before = sorted(path.name for path in sheffield.iterdir())
    done = bcf("report", sheffield, "-o", sheffield)
    assert done.exit_code == 2
    assert "into the pool itself" in done.stderr
    assert sorted(path.name for path in sheffield.iterdir()) == before


def test_a_report_without_a_folder_is_not_written_inside_its_pool(
    sheffield: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(sheffield)
    done = bcf("report", ".")
    assert done.exit_code == 2
    assert "into the pool itself" in done.stderr
    assert not (sheffield / "outputs").exists()


@pytest.mark.parametrize("inside", ["deeper", "deeper/still"])
@pytest.mark.parametrize("command", ["report", "audit"])
def test_nothing_is_written_inside_a_pool(sheffield: Path, command: str, inside: str) -> None:
    done = bcf(command, sheffield, "-o", sheffield / inside)
    assert done.exit_code == 2
    assert "into the pool itself: choose another folder" in done.stderr
    assert not (sheffield / inside).exists()


def test_a_pool_that_would_be_the_tables_of_its_report_is_not_written_over(tmp_path: Path) -> None:
    pool = shutil.copytree(SELFTEST, tmp_path / "tables")
    before = sorted(path.name for path in pool.iterdir())
    done = bcf("report", pool, "-o", tmp_path)
    assert done.exit_code == 2
    assert sorted(path.name for path in pool.iterdir()) == before


@pytest.mark.parametrize("command", ["report", "audit", "risk-share", "verify", "check", "explain"])
def test_an_empty_path_is_not_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = bcf(command, "")
    assert done.exit_code == 2
    assert "nothing is named" in done.stderr
    if command in {"report", "audit", "risk-share"}:
        done = bcf(command, SELFTEST, "-o", "")
        assert done.exit_code == 2
        assert "Invalid value for '-o' / '--output': nothing is named" in done.stderr
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["report", "audit", "risk-share", "verify", "check", "explain"])
def test_a_name_no_file_can_have_is_wrong_usage(command: str) -> None:
    done = bcf(command, "x" * 300)
    assert done.exit_code == 2 and "its name is longer than a file can have" in done.stderr


def test_a_loop_of_links_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    done = bcf("report", tmp_path / "loop", "-o", tmp_path / "loop")
    assert done.exit_code == 3
    assert "fault in bcf" not in done.output


# ------------------------------------------------------------------ nothing named, nowhere to write


@pytest.mark.parametrize(
    "words",
    [
        ("check", ""), ("report", "POOL", "-o", ""), ("scenario", "POOL", ""),
        ("scenario", "POOL", "."), ("scenario", "POOL", ".."), ("explain", "POOL", "/="),
        ("scenario", "POOL", " ", "--show"), ("scenario", "POOL", "start", ""),
        ("solve", "POOL", "", "x", "gap/year=2019-20", "--to", "0"),
        ("solve", "POOL", "x", "", "gap/year=2019-20", "--to", "0"),
        ("solve", "POOL", "x", "y", "", "--to", "0"), ("solve", "POOL", "x", "y", "z", "--to", ""),
        ("solve", "POOL", "x", "y", "z", "--to", "0", "--between", "", "1"),
        ("movement", "POOL", "", ""), ("movement", "POOL", "outturn", " "),
        ("explain", "POOL", ""), ("explain", "POOL", "", "--list"), ("audit", ""),
        ("verify", ""), ("verify", "POOL", "--pool", ""), ("risk-share", "POOL", "--agreement", ""),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_names_nothing_is_wrong_usage(words: tuple[str, ...]) -> None:
    done = bcf(*(SELFTEST if word == "POOL" else word for word in words))
    assert done.exit_code == 2
    assert "nothing is named" in done.stderr


@pytest.mark.parametrize("name", ["two\nlines", "a\x1b[31mb", "x" * 5_000], ids=["n", "e", "x"])
@pytest.mark.parametrize(
    "words",
    [
        ("scenario", "POOL", "NAME"), ("scenario", "POOL", "NAME", "--show"),
        ("movement", "POOL", "NAME", "b"), ("explain", "POOL", "NAME"),
        ("explain", "POOL", "NAME", "--list"), ("explain", "POOL", "a", "--scenario", "NAME"),
        ("explain", "POOL", "a", "--scenario", "b", "--against", "NAME"),
        ("solve", "POOL", "NAME", "a", "b", "--to", "0"),
        ("solve", "POOL", "a", "NAME", "b", "--to", "0"),
        ("solve", "POOL", "a", "b", "NAME", "--to", "0"),
        ("solve", "POOL", "a", "b", "c", "--to", "NAME"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_nothing_is_called_is_refused_in_one_short_sentence(
    words: tuple[str, ...], name: str
) -> None:
    done = bcf(*({"POOL": SELFTEST, "NAME": name}.get(word, word) for word in words))
    assert done.exit_code == 2
    [said] = [line for line in done.stderr.splitlines() if line.startswith("Error")]
    assert "nothing has such a name: " in said
    assert said.isprintable()
    assert len(said) < 300
    assert done.stderr.endswith(f"{said}\n")


@pytest.mark.parametrize("command", ["report", "audit", "scenario", "risk-share"])
@pytest.mark.parametrize("place", ["/dev/null", "file", "file/x", "a\0b", "x" * 300])
def test_an_output_that_is_no_folder_is_wrong_usage(
    tmp_path: Path, command: str, place: str
) -> None:
    (tmp_path / "file").write_text("mine")
    done = bcf(command, SELFTEST, "-o", tmp_path / place)
    assert done.exit_code == 2
    assert "Invalid value for '-o'" in done.stderr
    assert place not in ("/dev/null", "file") or "it exists and is not a folder" in done.stderr
    assert (tmp_path / "file").read_text() == "mine"


def in_shell(said: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run bcf as a shell would: ``$0`` and what follows are the program and its words."""
    command = ["bash", "-o", "pipefail", "-c", f'"$0" -m bcf_model "$@" {said}']
    return subprocess.run(
        [*command, sys.executable, *map(str, words)],
        check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@slow
@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&- 2>&-", "| true"])
def test_output_that_nobody_reads_changes_no_exit_code(closed: str, tmp_path: Path) -> None:
    for words, code in (
        (("check", SELFTEST), 0), (("check", tmp_path / "nowhere"), 3), (("report", ""), 2),
        (("report", SELFTEST, "-o", tmp_path / "out"), 0),
    ):  # fmt: skip
        done = in_shell(closed, *words)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
    assert (tmp_path / "out" / "run.json").is_file()


@slow
def test_output_that_cannot_be_written_is_said_once() -> None:
    for words in (("check", SELFTEST), ("--help",), ("explain", SELFTEST, "--list")):
        done = in_shell(">/dev/full", *words)
        assert done.returncode == 1
        assert done.stderr.endswith(
            "Error: the output cannot be written: No space left on device.\n"
        )
        assert "Traceback" not in done.stderr
    assert in_shell(">/dev/full 2>/dev/full", "check", SELFTEST).returncode == 1


@pytest.mark.parametrize("name", ["scenarios", "agreements"])
def test_a_folder_of_a_pool_that_cannot_be_read_is_never_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    pool = shutil.copytree(SELFTEST, tmp_path / "pool")
    (pool / name).mkdir()
    real = Path.iterdir

    def barred(path: Path) -> Iterator[Path]:
        if path.name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "iterdir", barred)
    done = bcf("scenario" if name == "scenarios" else "risk-share", pool)
    assert done.exit_code == 1
    assert f"{pool / name}: Permission denied" in done.stderr
    if name == "scenarios":
        done = bcf("check", pool)
        assert done.exit_code == 3
        assert "ERROR BCF017  scenarios: A file cannot be opened" in done.stdout

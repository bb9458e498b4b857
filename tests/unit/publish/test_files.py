"""The door out: whole files or none, and one run at a time."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import bcf_model
from bcf_model.core.errors import CannotWrite
from bcf_model.publish import files
from bcf_model.year.results import Results
from tests.longer import LONG, longer, slow
from tests.make.odd_pence import write_odd_pence_pool
from tests.make.places import ROOT, SHEFFIELD
from tests.make.shipped import results_of


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


def files_in(folder: Path) -> dict[str, bytes]:
    """Give the files of a report by name; a staging folder that was left is no part of it."""
    found = {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {n: p.read_bytes() for n, p in found.items() if not n.startswith(".bcf-")}


@slow
def test_other_files_in_the_folder_are_left_alone(results: Results, tmp_path: Path) -> None:
    (tmp_path / "minutes.docx").write_text("mine")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "mine.csv").write_text("mine too")
    bcf_model.write_report(results, tmp_path)
    assert (tmp_path / "minutes.docx").read_text() == "mine"
    assert (tmp_path / "tables" / "mine.csv").read_text() == "mine too"


@slow
def test_a_failure_while_staging_leaves_the_previous_report(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bcf_model.write_report(results, tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        bcf_model.write_report(results, tmp_path)
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@slow
def test_a_file_that_cannot_be_replaced_leaves_the_previous_report(
    results: Results, tmp_path: Path
) -> None:
    """A folder stands where a table should go: the files renamed before it are put back."""
    pool = write_odd_pence_pool(tmp_path / "pool")
    out = tmp_path / "out"
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool)), out)
    (out / "tables" / "memo.csv").unlink()
    (out / "tables" / "memo.csv").mkdir()
    before = files_in(out)
    with pytest.raises(CannotWrite, match=r"memo\.csv"):
        bcf_model.write_report(results, out)
    assert files_in(out) == before
    assert (out / "tables" / "memo.csv").is_dir()
    assert not list(out.glob(".bcf-*"))


# ------------------------------------------------------------------ killed


@pytest.fixture(scope="module")
def pool_and_reports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Give a pool, the report of what it was before, and the report it should have now."""
    folder = tmp_path_factory.mktemp("killed")
    pool = write_odd_pence_pool(folder / "pool", lines=6)
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool)), folder / "before")
    write_odd_pence_pool(pool, lines=7)
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool)), folder / "after")
    return pool, folder / "before", folder / "after"


def killed_runs(pool: Path, before: Path, scratch: Path, number: int) -> list[tuple[str, Path]]:
    """Kill a run at each touch of its folder: what it was about to do, and what it left."""
    program = Path(__file__).with_name("killed_run.py")
    command = [sys.executable, program, pool, before, scratch, str(number)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        _, said = run.communicate(timeout=120)
    finally:
        run.kill()
    assert run.returncode == 0, said
    return [(left.name.split("-")[1], left) for left in sorted(scratch.glob("*-*"))]


def as_its_manifest_says(report: dict[str, bytes]) -> bool:
    manifest = json.loads(report["run.json"])
    return all(
        hashlib.sha256(report.get(output["file"], b"")).hexdigest() == output["sha256"]
        for output in manifest["outputs"]
    )


INTERRUPTS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


@slow
@longer
@pytest.mark.parametrize("number", INTERRUPTS if LONG else INTERRUPTS[:1])
def test_an_interrupted_run_leaves_a_whole_report(
    pool_and_reports: tuple[Path, Path, Path], tmp_path: Path, number: signal.Signals
) -> None:
    """The earlier report or the new one: interrupts wait until all files are renamed."""
    pool, before, after = pool_and_reports
    runs = killed_runs(pool, before, tmp_path, number)
    assert {"open", "os.mkdir", "os.rename", "shutil.rmtree"} <= {touch for touch, _ in runs}
    for touch, left in runs:
        report = files_in(left)
        assert report in (files_in(before), files_in(after)), (left.name, touch)
        assert as_its_manifest_says(report)


@slow
def test_a_mixture_left_by_a_killed_run_shows_and_is_mended(
    pool_and_reports: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """SIGKILL cannot be held back: inside the renames a mixture is admitted (decision 6)."""
    pool, before, after = pool_and_reports
    runs = killed_runs(pool, before, tmp_path, signal.SIGKILL)
    results = bcf_model.run(bcf_model.load(pool))
    whole = (files_in(before), files_in(after))
    renames = [at for at, (touch, _) in enumerate(runs) if touch == "os.rename"]
    mixtures = [at for at, (_, left) in enumerate(runs) if files_in(left) not in whole]
    assert mixtures, "a kill between two renames was tried"
    assert renames[0] < mixtures[0] and mixtures[-1] <= renames[-1]
    assert files_in(tmp_path / "out") == whole[1]
    for at in mixtures:
        assert not as_its_manifest_says(files_in(runs[at][1])), runs[at]
    for at in (mixtures[0], mixtures[len(mixtures) // 2], mixtures[-1]):
        left = runs[at][1]
        bcf_model.write_report(results, left)
        assert files_in(left) == whole[1], left.name


@slow
def test_what_a_killed_run_left_is_cleared_and_told(
    results: Results, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    left = tmp_path / ".bcf-unfinished-abc"
    (left / "tables").mkdir(parents=True)
    (left / "report.html").write_text("half")
    (tmp_path / ".bcf-lock").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.txt").write_text("mine")
    (tmp_path / ".bcf-unfinished-link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / ".bcf-unfinished-file").write_text("mine")
    bcf_model.write_report(results, tmp_path)
    assert caplog.messages == [f"Cleared {left}: a run that was stopped had left it."]
    others = {p.name for p in tmp_path.iterdir() if p.name.startswith(".bcf")}
    assert others == {".bcf-unfinished-link", ".bcf-unfinished-file"}, "no folders of a run"
    assert (tmp_path / "elsewhere" / "mine.txt").read_text() == "mine"


# ------------------------------------------------------------------ two at once


class Barrier:
    """Holds the first run that reaches it between writing and renaming, until let on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, step: str = "_put_in_place") -> None:
        self.reached, self.on, self._real = threading.Event(), threading.Event(), None
        self._real = getattr(files, step)
        monkeypatch.setattr(files, step, self)

    def __call__(self, *args: object) -> None:
        if not self.reached.is_set():
            self.reached.set()
            assert self.on.wait(60)
        self._real(*args)


def small(pool: Path, lines: int) -> Results:
    return bcf_model.run(bcf_model.load(write_odd_pence_pool(pool, lines=lines)))


@slow
def test_a_second_run_waits_and_then_writes_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = small(tmp_path / "one", 6), small(tmp_path / "other", 7)
    bcf_model.write_report(other, tmp_path / "expected")
    barrier, out = Barrier(monkeypatch), tmp_path / "out"
    monkeypatch.setattr(files, "_PATIENCE", 60)
    with ThreadPoolExecutor() as runs:
        first = runs.submit(bcf_model.write_report, one, out)
        assert barrier.reached.wait(60)
        second = runs.submit(bcf_model.write_report, other, out)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        staged = list(out.glob(".bcf-unfinished-*"))
        assert len(staged) == 1, "what is in use is not disturbed"
        barrier.on.set()
        assert first.result() and second.result()
    assert files_in(out) == files_in(tmp_path / "expected")
    assert not list(out.glob(".bcf-*"))


@slow
def test_a_second_run_is_refused_where_the_first_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the folder itself, whatever it is called, and with reports in folders inside it."""
    one, other = small(tmp_path / "one", 6), small(tmp_path / "other", 7)
    barrier, out = Barrier(monkeypatch), tmp_path / "out"
    monkeypatch.setattr(files, "_PATIENCE", 0.1)
    (tmp_path / "link").symlink_to(out)
    with ThreadPoolExecutor() as runs:
        first = runs.submit(bcf_model.write_report, one, out)
        assert barrier.reached.wait(60)
        for name in (out, tmp_path / "link"):
            with pytest.raises(CannotWrite, match=r"another run is writing into .*out: nothing"):
                bcf_model.write_report(other, name)
        with pytest.raises(CannotWrite, match=r"another run is writing into .*out: nothing"):
            files.write_files({"out/run.json": b"{}"}, tmp_path, lambda _: None)
        barrier.on.set()
        assert first.result()
    assert as_its_manifest_says(files_in(out))
    assert json.loads((out / "run.json").read_text())["pool"] == "one"
    assert not list(out.glob(".bcf-*"))


@slow
def test_a_lock_is_let_go_with_a_run_that_is_killed(results: Results, tmp_path: Path) -> None:
    program = (
        "import os, sys; from bcf_model.publish import files\n"
        "files.write_files({'a': b'1'}, sys.argv[1], lambda _: os.kill(os.getpid(), 9))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, tmp_path]
    done = subprocess.run(command, check=False, env=environment, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert {p.name[:8] for p in tmp_path.iterdir()} == {".bcf-loc", ".bcf-unf"}
    bcf_model.write_report(results, tmp_path)
    assert not list(tmp_path.glob(".bcf-*"))


@slow
def test_a_folder_that_cannot_be_locked_is_refused(results: Results, tmp_path: Path) -> None:
    (tmp_path / ".bcf-lock").mkdir()
    with pytest.raises(CannotWrite, match=r"cannot write into .*, or not lock it: Is a directory"):
        bcf_model.write_report(results, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [".bcf-lock"]


# ------------------------------------------------------------------ what is no more


def test_files_of_the_earlier_report_that_are_no_more_go_with_it(tmp_path: Path) -> None:
    def manifest(*names: str, sha256: str = "") -> bytes:
        shown = sha256 or hashlib.sha256(b"old").hexdigest()
        return json.dumps({"outputs": [{"file": it, "sha256": shown} for it in names]}).encode()

    def write_these(**named: bytes) -> None:
        files.write_files({**named}, out, lambda _: None)

    out, beside = tmp_path / "out", tmp_path / "beside.csv"
    beside.write_bytes(b"old")
    names = ("tables/a.csv", "tables/worked-on.csv", "b.csv", "../beside.csv", "\0", "x" * 300)
    listed = manifest(*names, str(beside))
    write_these(**dict.fromkeys(names[:3], b"old"), **{"run.json": listed})
    (out / "tables" / "worked-on.csv").write_bytes(b"new")
    (out / "mine.csv").write_bytes(b"old")
    write_these(**{"b.csv": b"newer", "run.json": manifest("b.csv")})
    kept = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert kept == {"b.csv", "run.json", "tables/worked-on.csv", "mine.csv"}
    assert beside.read_bytes() == b"old", "whoever wrote a manifest cannot remove what is elsewhere"


def test_what_a_killed_run_had_put_in_place_goes_with_what_it_left(tmp_path: Path) -> None:
    """Killed between two renames: its first file stands there, its manifest is still unfinished."""
    new = hashlib.sha256(b"new").hexdigest()
    listed = json.dumps({"outputs": [{"file": "theirs.csv", "sha256": new}]}).encode()
    (tmp_path / ".bcf-unfinished-abc").mkdir()
    (tmp_path / ".bcf-unfinished-abc" / "run.json").write_bytes(listed)
    (tmp_path / "theirs.csv").write_bytes(b"new")
    files.write_files({"ours.csv": b"ours", "run.json": b"{}"}, tmp_path, lambda _: None)
    assert sorted(it.name for it in tmp_path.iterdir()) == ["ours.csv", "run.json"]


def test_what_is_no_more_is_put_back_where_the_report_cannot_be_replaced(tmp_path: Path) -> None:
    old = hashlib.sha256(b"old").hexdigest()
    listed = json.dumps({"outputs": [{"file": "a.csv", "sha256": old}]}).encode()
    files.write_files({"a.csv": b"old", "run.json": listed}, tmp_path, lambda _: None)
    (tmp_path / "b.csv").mkdir()
    with pytest.raises(CannotWrite, match=r"b\.csv"):
        files.write_files({"b.csv": b"new", "run.json": b"{}"}, tmp_path, lambda _: None)
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    assert (tmp_path / "run.json").read_bytes() == listed


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (NotADirectoryError(20, "Not a directory"), "a file stands where a folder is needed"),
        (FileNotFoundError(2, "No such file"), r"the place cannot be written \(No such file\)"),
        (PermissionError(13, "Permission denied"), r"the place cannot be written \(Permission "),
    ],
)
def test_a_folder_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(CannotWrite, match=f"cannot make the folder .*out: {words}") as refused:
        files.write_files({"a.csv": b""}, tmp_path / "out", print)
    assert "another program" not in str(refused.value)

"""The only door out: the report's files, whole or not at all, and one run at a time.

Everything is written into a staging folder beside the files it replaces, read back and compared,
and only then renamed into place, the manifest last. A run that is interrupted before that leaves
the previous report as it was. Whoever writes into a folder holds a lock on it.
"""

import csv
import hashlib
import io
import json
import logging
import os
import platform
import re
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from bcf_model import __version__
from bcf_model.core.errors import CannotWrite, DoesNotReconcile
from bcf_model.core.expressions import Total
from bcf_model.core.figures import Figure
from bcf_model.core.findings import FIELDS, Finding, as_rows, warnings_among
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import pounds, read_money, sterling
from bcf_model.core.tables import (
    HELD_IN,
    OUTPUT_TABLES,
    OWN_AGREEMENT,
    Inputs,
    SourceFile,
    Table,
    records,
)
from bcf_model.core.words import MANIFESTS
from bcf_model.publish.excel import workbook
from bcf_model.publish.html import page
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.results import Results

MANIFEST: Final = MANIFESTS[0]
INPUTS: Final = "inputs"
"""The folder in a report that holds what it was made from, if that is put beside it."""
_STAGING: Final = ".bcf-unfinished-"
_LOCK: Final = ".bcf-lock"
"""A file the system locks for as long as a run writes; it goes with the run, also if killed."""
_PATIENCE: Final = 10.0
"""Seconds a run waits for another that writes into its folder."""
_VERSIONS: Final = ("numpy", "pandas", "pandera", "pydantic", "xlsxwriter", "jinja2")
_NUMBER: Final = re.compile(r"[-+]£?[0-9][0-9.,]*[%mk]?")
_LOG: Final = logging.getLogger(__name__)
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_report(
    results: Results, directory: str | Path, *, with_inputs: bool = False
) -> list[Path]:
    """Write the whole report.

    Args:
        results: of `run`.
        directory: made when missing; other files in it are left alone.
        with_inputs: put the files it was made from beside it, so that the folder alone is enough
            to explain and to verify it.

    Returns:
        The files written, the workbook first, the manifest last.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    files = contents(results, with_inputs=with_inputs)
    return write_files(files, directory, lambda made: _read_back(made, results))


def write_files(
    files: Mapping[str, bytes], directory: str | Path, read_back: Callable[[Path], None]
) -> list[Path]:
    """Write files into a folder, all of them or none.

    Args:
        files: their bytes by name, in the order in which they are put in place.
        directory: made when missing; other files in it are left alone.
        read_back: looks at the files in the folder given, before they are put in place; it raises
            where they are not what they should be.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
    """
    target = Path(directory)
    try:
        with _only_writer(target, files):
            listed = _manifests(target, files)
            for unfinished in _unfinished(target):
                listed += _manifests(unfinished, files)
                shutil.rmtree(unfinished)
                _LOG.warning("Cleared %s: a run that was stopped had left it.", unfinished)
            staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=target))
            try:
                for name, data in files.items():
                    path = staging / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with path.open("wb") as out:
                        out.write(data)
                        out.flush()
                        os.fsync(out.fileno())
                read_back(staging)
                with _uninterrupted():
                    _put_in_place(staging, target, list(files), _no_more(target, files, listed))
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as problem:
        name = Path(problem.filename).name if problem.filename else "the files"
        message = (
            f"cannot write {name} in {directory}: {problem.strerror}. If it is open in another "
            "program, close it there; otherwise choose another folder with -o."
        )
        raise CannotWrite(message) from problem
    return [target / name for name in files]


@contextmanager
def _only_writer(target: Path, files: Iterable[str]) -> Iterator[None]:
    """Hold the lock on the folder of each report that is written, made when missing.

    The folders of reports lie in each other (those of scenarios in their comparison's), and each
    may be written by itself: so each that has a manifest has a lock, always taken in one order.
    The file that is locked is removed before it is let go: what is left is what the manifest lists.

    Raises:
        CannotWrite: another run goes on writing into one of them.
    """
    folders = {target, *((target / name).parent for name in files if is_manifest(name))}
    with ExitStack() as held:
        for folder in sorted({_made(folder) for folder in folders}):
            # An empty file that anybody may lock: another user's run must not be barred by it.
            lock = FileLock(folder / _LOCK, mode=0o666, fallback_to_soft=False)
            try:
                lock.acquire(timeout=_PATIENCE)
            except Timeout as problem:
                message = (
                    f"another run is writing into {folder}: nothing was written. Run the command "
                    "again when that has ended, or choose another folder with -o."
                )
                raise CannotWrite(message) from problem
            except OSError as problem:
                message = (
                    f"cannot write into {folder}, or not lock it: {problem.strerror}. Choose "
                    "another folder with -o."
                )
                raise CannotWrite(message) from problem
            held.callback(_let_go, lock)
        yield


def is_manifest(name: str) -> bool:
    """Return whether a file of a report is a manifest, by its name."""
    return PurePosixPath(name).name in MANIFESTS


def _made(folder: Path) -> Path:
    """Make a folder when it is missing; return where it really is."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _let_go(lock: FileLock) -> None:
    """Remove the file of a lock, then let it go: a run that waits for it sees that it is gone."""
    with suppress(OSError):  # Windows removes nothing that is open: there it goes when let go
        Path(lock.lock_file).unlink()
    lock.release()


def _put_in_place(staging: Path, target: Path, names: list[str], gone: list[str]) -> None:
    """Rename every file into place, and take away those that are no more.

    If one cannot be renamed, those that it would have replaced are put back.
    """
    earlier = staging / "earlier"
    moved: list[str] = []
    try:
        for name in (*gone, *names):
            for folder in (earlier / name, target / name):
                folder.parent.mkdir(parents=True, exist_ok=True)
            if (target / name).is_file():
                _keep(target / name, earlier / name)
            moved.append(name)
            if name in gone:
                (target / name).unlink()
            else:
                (staging / name).replace(target / name)
    except OSError:
        for name in moved:
            if (earlier / name).is_file():
                (earlier / name).replace(target / name)
            elif (target / name).is_file():
                (target / name).unlink()
        raise
    emptied = {str(it) for name in gone for it in PurePosixPath(name).parents[:-1]}
    for inside in sorted(emptied, reverse=True):  # what is inside another first
        with suppress(OSError):  # other files are in it
            (target / inside).rmdir()


Listed = list[tuple[str, dict[str, str]]]
"""Of manifests: the folder each is of, named from the target on, and the SHA-256 of its files."""


def _manifests(folder: Path, names: Iterable[str]) -> Listed:
    """Read the manifests of these names that stand in a folder; what is none lists nothing."""
    found = []
    for name in filter(is_manifest, names):
        try:
            data = (folder / name).read_bytes() if (folder / name).is_file() else b"{}"
            listed = {str(it["file"]): str(it["sha256"]) for it in json.loads(data)["outputs"]}
        except (OSError, ValueError, RecursionError, LookupError, TypeError):
            continue
        found.append((str(PurePosixPath(name).parent), listed))
    return found


def _no_more(target: Path, names: Collection[str], manifests: Listed) -> list[str]:
    """Name the files of reports about to be replaced that the new ones do not have.

    They are those that earlier manifests list, or those of runs that were killed while they put
    them in place, and unchanged since: what anybody else put there, or worked on, is left alone.
    """
    found = {
        name: None
        for folder, listed in manifests
        for file, sha256 in listed.items()
        for name in [(PurePosixPath(folder) / file).as_posix()]
        if name not in names and _is_still(target / name, target / folder, sha256)
    }
    return list(found)


def _is_still(file: Path, folder: Path, sha256: str) -> bool:
    """Return whether a file lies in a folder, wherever its name leads, and has the bytes it had."""
    try:
        inside = file.resolve().is_relative_to(folder.resolve())
        return inside and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    except (OSError, RuntimeError, ValueError):  # no name a file could have, or one not to be read
        return False


def _keep(file: Path, as_file: Path) -> None:
    """Keep a file under a second name, so that at no moment it is missing under its first."""
    try:
        as_file.hardlink_to(file)
    except OSError:  # a file system without such links
        shutil.copy2(file, as_file)


def contents(
    results: Results, versions: Mapping[str, str] | None = None, *, with_inputs: bool = False
) -> dict[str, bytes]:
    """Make every file of the report: the same results give the same bytes.

    Args:
        results: of `run`.
        versions: what the report says it was made with; the versions in use, unless a report made
            elsewhere is made again.
        with_inputs: with the files it was made from.

    Returns:
        The bytes by name, the manifest last: it lists the others.
    """
    versions = versions_in_use() if versions is None else versions
    pages = sheets(results, versions)
    files = {
        "report.xlsx": workbook(results, pages),
        "report.html": page(results, pages).encode(),
    }
    for name in OUTPUT_TABLES:
        files[f"tables/{name}.csv"] = _csv(results, name)
    files["tables/findings.csv"] = findings_csv(results.inputs.findings).encode()
    if with_inputs:
        files |= inputs_beside(results.inputs, results.inputs.files)
    files[MANIFEST] = _manifest(results, files, versions, with_inputs=with_inputs)
    return files


def inputs_beside(inputs: Inputs, files: Iterable[SourceFile]) -> dict[str, bytes]:
    """Return the files of a pool by where they stand beside its report.

    A folder keeps its name, in the folder `inputs`; so does a workbook. An agreement that was
    tried stands in the pool, as its files are named. A file that is none of a pool's, which the
    report warns of, was not read: another stands in its place that says so.

    Args:
        inputs: the pool.
        files: those to put there.
    """
    astray = (f for f in inputs.findings if f.code == "BCF013" and not f.sheet)
    every = {_inside(finding.file): _ASTRAY for finding in astray}
    every |= {_inside(file.name): file.data for file in files}
    folder = f"{INPUTS}/{inputs.name}" if "pool.toml" in every else INPUTS
    return {f"{folder}/{name}": data for name, data in every.items()}


_ASTRAY: Final = b"A file of this name stood here. It is none of a pool's, and was not read.\n"


def _inside(name: str) -> str:
    """Return the name of an input without what would lead out of the folder it is put into."""
    return "/".join(part for part in PurePosixPath(name).parts if part not in ("..", "/"))


def agreement_beside(inputs: Inputs) -> str:
    """Name the agreement that was tried, in the pool beside its report; "" for the pool's own.

    It is the one file of its name, or the folder that holds its files.
    """
    if inputs.agreement.name == OWN_AGREEMENT.name:
        return ""
    files = [PurePosixPath(_inside(file.name)) for file in inputs.files]
    tried = [it for it in files if len(it.parts) > 1]
    if len(tried) > 1:
        return str(tried[0].parent)
    named = [it for it in tried or files if it.stem == inputs.agreement.name]
    return str(named[0] if named else tried[0].parent)


def _csv(results: Results, name: str) -> bytes:
    return table_csv(results.outputs[name], OUTPUT_TABLES[name])


def table_csv(frame: pd.DataFrame, model: Table) -> bytes:
    """Return a table as CSV: pounds, percentages and numbers as read, text made harmless."""
    columns = []
    for meaning in model.fields:
        values = frame[meaning.name]
        columns.append([_text(value, meaning.form) for value in values.tolist()])
    return _rows([list(frame.columns), *(list(row) for row in zip(*columns, strict=True))]).encode()


def _text(value: Any, form: str) -> str:
    if value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if form == "money":
        return pounds(value)
    if form in HELD_IN:
        return f"{(Decimal(value) / HELD_IN[form]).normalize():f}"
    if isinstance(value, float):
        return f"{value:.4f}" if form == "percent" else f"{value:.6f}".rstrip("0").rstrip(".")
    return harmless(value) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """Keep text from becoming a formula in a spreadsheet that opens the CSV; numbers are none.

    >>> harmless("=1+1"), harmless("Reablement"), harmless("-0.2%")
    ("'=1+1", 'Reablement', '-0.2%')
    """
    is_formula = text.startswith(_STARTS_A_FORMULA) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def findings_csv(findings: "tuple[Finding, ...] | list[Finding]") -> str:
    """Return findings as CSV text, `findings.FIELDS` in order."""
    rows = [[harmless(str(row[name])) for name in FIELDS] for row in as_rows(findings)]
    return _rows([list(FIELDS), *rows])


def _rows(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def versions_in_use() -> dict[str, str]:
    """Return the version of this package, of Python and of each library that shapes a report."""
    return {
        "bcf_model": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _VERSIONS},
    }


def _manifest(
    results: Results, files: dict[str, bytes], versions: Mapping[str, str], *, with_inputs: bool
) -> bytes:
    settings = results.inputs.settings
    standing = settings.standing
    tried = agreement_beside(results.inputs) if with_inputs else ""
    whole = {
        measure: results.figures.value(Figure.of(measure))
        for measure in ("budget", "expenditure", "variance", "borne")
        if not results.figures.not_given(Figure.of(measure))
    }
    total = {name: None if value is None else pounds(int(value)) for name, value in whole.items()}
    manifest = {
        "pool": results.inputs.name,
        "title": settings.title,
        "financial_year": settings.financial_year,
        "as_at": settings.as_at.isoformat(),
        "basis": standing.basis or "not stated",
        **({"shares": standing.share_note} if standing.share_note else {}),
        "unit_of_inputs": settings.unit,
        **({"agreement": tried} if tried else {}),
        "versions": dict(versions),
        "inputs": [
            {"file": file.name, "sha256": file.sha256, "rows": file.rows}
            for file in results.inputs.files
        ],
        "outputs": [
            {"file": name, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ],
        "control_totals": {
            "computed_pounds": total,
            "stated": {
                str(row.figure): pounds(int(row.amount))
                for row in records(results.inputs.control_totals)
            },
        },
        "checks_held": len(results.checks),
        "warnings": warnings_among(results.inputs.findings),
    }
    return (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()


def written_total(table: Path, column: str) -> int:
    """Add up a column of a table that was written, from the file itself, in pence."""
    with table.open(encoding="utf-8", newline="") as file:
        cells = [row[column] for row in csv.DictReader(file)]
    pence = [read_money(cell, "pounds").pence for cell in cells if cell]
    ledger = Ledger({table.stem: pd.DataFrame({column: pence}, dtype="int64")})
    return ledger.total(Total(column, table=table.stem)) or 0


def _read_back(staging: Path, results: Results) -> None:
    """Add up what was written, from the files themselves: nothing may be lost on the way out."""
    for name, column, figure in (
        ("variance", "budget", Figure.of("budget")),
        ("variance", "expenditure", Figure.of("expenditure")),
        ("variance", "variance", Figure.of("variance")),
        ("risk_share", "borne", Figure.of("borne")),
        ("settlement", "borne", Figure.of("borne")),
    ):
        if results.figures.not_given(figure):
            continue
        if figure.measure == "borne" and results.figures.lacks(figure):
            continue  # of a bearer of whose share only a part is known nothing is written
        written = written_total(staging / "tables" / f"{name}.csv", column)
        computed = int(results.figures.so_far(figure) or 0)
        if written != computed:
            message = (
                f"{column} in {name}.csv adds up to {sterling(written)}, computed was "
                f"{sterling(computed)}. No report was written."
            )
            raise DoesNotReconcile(message)


def _unfinished(target: Path) -> list[Path]:
    """Return what killed runs left in a folder: who holds its lock knows that none goes on."""
    left = sorted(target.glob(f"{_STAGING}*"))
    return [folder for folder in left if folder.is_dir() and not folder.is_symlink()]


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold interrupts back for the moment in which files are renamed, then let them through."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    held: list[int] = []
    names = [n for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]
    before = {n: signal.signal(getattr(signal, n), lambda s, _: held.append(s)) for n in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
        for number in held:
            signal.raise_signal(number)

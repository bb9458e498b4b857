"""The only door out: the report's files, whole or not at all.

Everything is written into a staging folder beside the files it replaces, read back and compared,
and only then renamed into place, the manifest last. A run that is interrupted before that leaves
the previous report as it was.
"""

import csv
import hashlib
import io
import json
import os
import platform
import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model import __version__
from bcf_model.errors import CannotWrite, DoesNotReconcile
from bcf_model.figures import Figure
from bcf_model.findings import FIELDS, Finding, as_rows, warnings_among
from bcf_model.money import pounds, read_money, sterling
from bcf_model.report.excel import workbook
from bcf_model.report.html import page
from bcf_model.report.pages import sheets
from bcf_model.results import Results
from bcf_model.tables import OUTPUT_TABLES, Table, fields, records

MANIFEST: Final = "run.json"
_STAGING: Final = ".bcf-unfinished-"
_ABANDONED_AFTER: Final = 3600  # seconds
_VERSIONS: Final = ("numpy", "pandas", "pandera", "pydantic", "xlsxwriter", "jinja2")
_NUMBER: Final = re.compile(r"[-+]£?[0-9][0-9.,]*[%mk]?")
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_report(results: Results, directory: str | Path) -> list[Path]:
    """Write the whole report.

    Args:
        results: of `run`.
        directory: made when missing; other files in it are left alone.

    Returns:
        The files written, the workbook first, the manifest last.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    return write_files(contents(results), directory, lambda made: _read_back(made, results))


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
        target.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(target)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=target))
        try:
            for name, data in files.items():
                path = staging / name
                path.parent.mkdir(exist_ok=True)
                with path.open("wb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
            read_back(staging)
            with _uninterrupted():
                _put_in_place(staging, target, list(files))
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


def _put_in_place(staging: Path, target: Path, names: list[str]) -> None:
    """Rename every file into place; if one cannot be, put back those that it would replace."""
    earlier = staging / "earlier"
    moved: list[str] = []
    try:
        for name in names:
            for folder in (earlier / name, target / name):
                folder.parent.mkdir(parents=True, exist_ok=True)
            if (target / name).is_file():
                _keep(target / name, earlier / name)
            moved.append(name)
            (staging / name).replace(target / name)
    except OSError:
        for name in moved:
            if (earlier / name).is_file():
                (earlier / name).replace(target / name)
            elif (target / name).is_file():
                (target / name).unlink()
        raise


def _keep(file: Path, as_file: Path) -> None:
    """Keep a file under a second name, so that at no moment it is missing under its first."""
    try:
        as_file.hardlink_to(file)
    except OSError:  # a file system without such links
        shutil.copy2(file, as_file)


def contents(results: Results, versions: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """Make every file of the report: the same results give the same bytes.

    Args:
        results: of `run`.
        versions: what the report says it was made with; the versions in use, unless a report made
            elsewhere is made again.

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
    files[MANIFEST] = _manifest(results, files, versions)
    return files


def _csv(results: Results, name: str) -> bytes:
    return table_csv(results.outputs[name], OUTPUT_TABLES[name])


def table_csv(frame: pd.DataFrame, model: type[Table]) -> bytes:
    """Give a table as CSV: pounds, percentages and numbers as they are sold, text made harmless."""
    columns = []
    for meaning in fields(model):
        values = frame[meaning.name]
        columns.append([_text(value, meaning.form) for value in values.tolist()])
    return _rows([list(frame.columns), *(list(row) for row in zip(*columns, strict=True))]).encode()


def _text(value: Any, form: str) -> str:
    if isinstance(value, float) and np.isnan(value):
        return ""
    if form == "money":
        return pounds(value)
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
    """Give findings as CSV text, `findings.FIELDS` in order."""
    rows = [[harmless(str(row[name])) for name in FIELDS] for row in as_rows(findings)]
    return _rows([list(FIELDS), *rows])


def _rows(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def versions_in_use() -> dict[str, str]:
    """Give the version of this package, of Python and of each library that shapes a report."""
    return {
        "bcf_model": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _VERSIONS},
    }


def _manifest(results: Results, files: dict[str, bytes], versions: Mapping[str, str]) -> bytes:
    settings = results.inputs.settings
    total = {
        measure: pounds(results.figures.pence(Figure.of(measure)))
        for measure in ("budget", "expenditure", "variance", "borne")
    }
    manifest = {
        "pool": results.inputs.name,
        "title": settings.title,
        "financial_year": settings.financial_year,
        "as_at": settings.as_at.isoformat(),
        "unit_of_inputs": settings.unit,
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


def _read_back(staging: Path, results: Results) -> None:
    """Add up what was written, from the files themselves: nothing may be lost on the way out."""
    for name, column, figure in (
        ("variance", "budget", Figure.of("budget")),
        ("variance", "expenditure", Figure.of("expenditure")),
        ("variance", "variance", Figure.of("variance")),
        ("risk_share", "borne", Figure.of("borne")),
        ("settlement", "borne", Figure.of("borne")),
    ):
        with (staging / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            written = sum(read_money(row[column], "pounds").pence for row in csv.DictReader(file))
        computed = results.figures.pence(figure)
        if written != computed:
            message = (
                f"{column} in {name}.csv adds up to {sterling(written)}, computed was "
                f"{sterling(computed)}. No report was written."
            )
            raise DoesNotReconcile(message)


def _clear_abandoned(target: Path) -> None:
    """Remove what a killed run left; a run still going on is younger than an hour."""
    for folder in target.glob(f"{_STAGING}*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER:
            shutil.rmtree(folder, ignore_errors=True)


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

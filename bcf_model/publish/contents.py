"""The files of any report: its workbook, web page and tables, what they were made from, a manifest.

Written whole, read back, or not at all (`files`).
"""

import csv
import hashlib
import io
import json
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model import __version__
from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.expressions import Total
from bcf_model.core.findings import FIELDS, Finding, as_rows
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import pounds, read_money, sterling
from bcf_model.core.tables import (
    HELD_IN,
    OWN_AGREEMENT,
    FieldMeaning,
    FindingsOut,
    Inputs,
    SourceFile,
    Table,
    frame_of,
)
from bcf_model.core.whole_pool import PARTS
from bcf_model.core.words import MANIFESTS
from bcf_model.publish import sqlite_file
from bcf_model.publish.document import Document, Manifest
from bcf_model.publish.excel_file import workbook_bytes
from bcf_model.publish.files import write_files
from bcf_model.publish.html import page

MANIFEST: Final = MANIFESTS[0]
INPUTS: Final = "inputs"
"""The folder in a report that holds what it was made from, if that is put beside it."""
_VERSIONS: Final = ("numpy", "pandas", "pandera", "pydantic", "xlsxwriter", "jinja2")
_NUMBER: Final = re.compile(r"[-+]£?[0-9][0-9.,]*[%mk]?")
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write(
    documents: Mapping[str, Document], directory: str | Path, *, sqlite: bool = False
) -> list[Path]:
    """Write reports, all of them or none.

    Args:
        documents: by the folder each is put into; "" is the directory itself.
        directory: made when missing; other files in it are left alone.
        sqlite: write the tables of each as one SQLite file too.

    Returns:
        The files written.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
        DoesNotReconcile: what was written does not add up to what was computed.
    """
    documents = {folder: replace(it, sqlite=sqlite) for folder, it in documents.items()}
    files = {
        (PurePosixPath(folder) / name).as_posix(): data
        for folder, document in documents.items()
        for name, data in contents(document).items()
    }

    def read_back(made: Path) -> None:
        for folder, document in documents.items():
            _read_back(made / folder, document)

    return write_files(files, directory, read_back)


def contents(document: Document) -> dict[str, bytes]:
    """Make every file of a report: the same report gives the same bytes.

    Returns:
        The bytes by name, the manifest last: it lists the others.
    """
    files = {
        f"{document.name}.xlsx": workbook_bytes(document.workbook()),
        f"{document.name}.html": page(document).encode(),
    }
    for name, (frame, model) in document.tables.items():
        files[f"{name}.csv"] = table_csv(frame, model)
    if document.sqlite:
        files[sqlite_file.FILES[document.name]] = _sqlite(document)
    if document.put_beside:
        files |= inputs_beside(document.put_beside, document.sources)
    if document.manifest:
        files[document.manifest.file] = _manifest(document.manifest, document.sources, files)
    return files


def _sqlite(document: Document) -> bytes:
    found = {}
    for name, (frame, model) in document.tables.items():
        columns = [
            [
                sqlite_file.stored(value, text, it)
                for value, text in zip(frame[it.name].tolist(), texts, strict=True)
            ]
            for it, texts in zip(model.fields, _texts(frame, model), strict=True)
        ]
        rows = [*zip(*columns, strict=True)]
        found[PurePosixPath(name).name] = sqlite_file.Stored(model, rows)
    return sqlite_file.sqlite_bytes(found)


def _manifest(
    manifest: Manifest, sources: Iterable[SourceFile], files: Mapping[str, bytes]
) -> bytes:
    said = {
        **manifest.facts,
        "versions": dict(manifest.versions),
        "inputs": [{"file": it.name, "sha256": it.sha256, "rows": it.rows} for it in sources],
        "outputs": [
            {"file": name, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ],
        **manifest.results,
    }
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()


def _read_back(made: Path, document: Document) -> None:
    """Add up what was written, from the files themselves: nothing may be lost on the way out.

    Raises:
        DoesNotReconcile: a row is missing, or a column comes to something else.
    """
    for name, (frame, _) in document.tables.items():
        stated = [it for it in document.read_back if it.table == name]
        found: list[list[tuple[str, int]]] = [[] for _ in stated]
        rows, file_name = 0, f"{PurePosixPath(name).name}.csv"
        with (made / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                rows += 1
                for one, amounts in zip(stated, found, strict=True):
                    if cell := row[one.column]:
                        amounts.append((row.get(one.by, ""), read_money(cell, "pounds").pence))
        for one, amounts in zip(stated, found, strict=True):
            ledger = Ledger({name: pd.DataFrame(amounts, columns=["by", "pence"])})
            for value in {**one.pence, **dict(amounts)}:
                of_value = Total("pence", table=name, of=(("by", (value,)),))
                pence = ledger.total(of_value) or 0
                if pence != one.pence.get(value, 0):
                    where = f" of {value}" if value else ""
                    message = (
                        f"{one.column}{where} in {file_name} adds up to {sterling(pence)}, "
                        f"computed was {sterling(one.pence.get(value, 0))}. Nothing was written."
                    )
                    raise DoesNotReconcile(message)
        if rows != len(frame):
            message = f"{file_name} holds {rows} rows of {len(frame)}. Nothing was written."
            raise DoesNotReconcile(message)
    if document.sqlite:
        _read_sqlite_back(made, document)


def _read_sqlite_back(made: Path, document: Document) -> None:
    """Hold each cell of the SQLite file against the CSV of its table.

    Raises:
        DoesNotReconcile: one does not say the same.
    """
    file_name = sqlite_file.FILES[document.name]
    tables = {PurePosixPath(name).name: name for name in document.tables}
    most = {it: len(document.tables[name][0]) + 1 for it, name in tables.items()}
    held = sqlite_file.read_tables((made / file_name).read_bytes(), most)
    for table, name in tables.items():
        fields = document.tables[name][1].fields
        with (made / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        alike = len(rows) == len(held[table].rows) and all(
            _says(value, text, it)
            for row, values in zip(rows, held[table].rows, strict=True)
            for text, value, it in zip(row, values, fields, strict=True)
        )
        if not alike:
            message = f"{table} in {file_name} is not what {table}.csv says. Nothing was written."
            raise DoesNotReconcile(message)


def _says(value: Any, text: str, meaning: FieldMeaning) -> bool:
    """Return whether a cell of the SQLite file says what the CSV says."""
    if value is None or text == "":
        return value is None and text == ""
    if isinstance(value, str):
        return harmless(value) == text
    return pounds(value) == text if meaning.form == "money" else float(text) == value


def versions_in_use() -> dict[str, str]:
    """Return the version of this package, of Python and of each library that shapes a report."""
    return {
        "bcf_model": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _VERSIONS},
    }


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
    settings = any(name.strip().lower() == "pool.toml" for name in every)
    folder = f"{INPUTS}/{inputs.name}" if settings else INPUTS
    return {f"{folder}/{name}": data for name, data in every.items()}


_ASTRAY: Final = b"A file of this name stood here. It is none of a pool's, and was not read.\n"


def _inside(name: str) -> str:
    """Return the name of an input without what would lead out of the folder it is put into."""
    return "/".join(part for part in PurePosixPath(name).parts if part not in ("..", "/"))


def agreement_beside(inputs: Inputs) -> str:
    """Name the agreement that was tried, in the pool beside its report; "" for the pool's own.

    It is the one file of its name, or the folder that holds its files; or it is in the workbook,
    the only file there is.
    """
    if inputs.agreement.name == OWN_AGREEMENT.name:
        return ""
    files = [PurePosixPath(_inside(file.name)) for file in inputs.files]
    if len(files) == 1:
        return f"{files[0]}/{PARTS['agreement']}/{inputs.agreement.name}"
    tried = [it for it in files if len(it.parts) > 1]
    if len(tried) > 1:
        return str(tried[0].parent)
    named = [it for it in tried or files if it.stem == inputs.agreement.name]
    return str(named[0] if named else tried[0].parent)


def table_csv(frame: pd.DataFrame, model: Table) -> bytes:
    """Return a table as CSV: pounds, percentages and numbers as read, text made harmless."""
    rows = zip(*_texts(frame, model), strict=True)
    return _rows([[it.name for it in model.fields], *map(list, rows)]).encode()


def _texts(frame: pd.DataFrame, model: Table) -> list[list[str]]:
    """Return what the cells of each column of a table are in its CSV."""
    columns = [(frame[it.name].tolist(), it.form) for it in model.fields]
    return [[_text(value, form) for value in values] for values, form in columns]


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


def findings_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return findings as a table, `tables.FindingsOut`."""
    rows = as_rows(findings)
    columns = {name: [row[name] for row in rows] for name in FIELDS}
    return frame_of(columns | {"row": [it or None for it in columns["row"]]}, FindingsOut.types)


def findings_csv(findings: Sequence[Finding]) -> str:
    """Return findings as CSV text, `findings.FIELDS` in order."""
    return table_csv(findings_table(findings), FindingsOut).decode()


def csv_of(rows: Sequence[Sequence[str]], *, as_typed: bool = False) -> bytes:
    """Return a table of text, headings first, as CSV: made harmless unless it is a user's own."""
    said = [[text if as_typed else harmless(text) for text in row] for row in rows]
    return _rows(said).encode()


def _rows(rows: list[list[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()

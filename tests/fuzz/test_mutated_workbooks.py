"""Hundreds of spoilt workbooks: each is told what is wrong, or is the pool it shows.

A few in `make test`, 300 in `make long`.
"""

import io
import random
import re
import tempfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from bcf_model.pool import load
from bcf_model.year.pipeline import run
from tests.fuzz.mutations import MUTATIONS, Files, rows_of, written
from tests.fuzz.test_mutated_pools import ROOT, SOUND, calculated, sound
from tests.longer import LONG, longer, slow

BOOKS, SAME = (300, 60) if LONG else (12, 4)
CHUNKS = 4
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?")
TEXTS = {"scheme_id", "theme", "category", "organisation", "scope", "rule_id", "step", "figure"}


def book_of(files: Files) -> bytes:
    """Write a pool as the workbook a person would have: a sheet a table, numbers as numbers."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("pool")
        for i, (name, value) in enumerate(_settings(files)):
            sheet.write_row(i, 0, [name, value])
        for file in sorted(files):
            if not file.endswith(".csv") or "/" in file:
                continue
            sheet = book.add_worksheet(file.removesuffix(".csv"))
            head, *rows = rows_of(files[file])
            sheet.write_row(0, 0, head)
            for i, row in enumerate(rows, 1):
                for j, text in enumerate(row):
                    if NUMBER.fullmatch(text) and head[min(j, len(head) - 1)] not in TEXTS:
                        sheet.write_number(i, j, float(text))
                    elif text:
                        sheet.write_string(i, j, text[:32_000])
    return stream.getvalue()


def _settings(files: Files) -> list[tuple[str, str | float]]:
    rows: list[tuple[str, str | float]] = [("setting", "value")]
    for name, value in tomllib.loads(files["pool.toml"].decode("utf-8")).items():
        inner = value if isinstance(value, dict) else {"": value}
        for last, one in inner.items():
            plain = one if isinstance(one, int | float) else str(one)
            rows.append((f"{name}.{last}".rstrip("."), plain))
    return rows


HOSTILE = (
    (b'<c r="B2"', b'<c r="XFD1048576"'),
    (b'<c r="B2"', b'<c r="A2"'),
    (b'<c r="B2"', b'<c r="B99999999999"'),
    (b'<c r="B2"', b"<c"),
    (b'<row r="2"', b'<row r="1048576"'),
    (b'<row r="2"', b'<row r="2" hidden="1"'),
    (b"<sheetData>", b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'),
    (b"<v>", b"<f>1+1</f><v>"),
    (b"<v>0</v>", b"<f>1+1</f>"),
    (b' t="s"', b' t="e"'),
    (b' t="s"', b' t="b"'),
    (b' t="s"', b' t="d"'),
    (b' t="s"', b""),
    (b"<v>1</v>", b"<v>999999</v>"),
    (b"<v>1</v>", b"<v>1e308</v>"),
    (b"<v>1</v>", b"<v>NaN</v>"),
    (b"<?xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><?xml"),
    (b"<worksheet", b"<worksheet xmlns:q='q' q:x='"),
    (b"spreadsheetml/2006/main", b"spreadsheetml/2006/other"),
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
     b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (b"</worksheet>", b""),
    (b"</worksheet>", b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'),
    (b"</worksheet>", b'<mergeCells><mergeCell ref="A2:B4"/></mergeCells></worksheet>'),
    (b'name="schemes"', b'name="themes"'),
    (b'name="schemes"', b'name="schemes" state="hidden"'),
    (b'name="schemes"', b'name="Schemes"'),
    (b'Target="worksheets/sheet2.xml"', b'Target="worksheets/sheet1.xml"'),
    (b'Target="worksheets/sheet2.xml"', b'Target="../../../etc/passwd"'),
    (b'Target="worksheets/sheet2.xml"', b'Target="http://127.0.0.1/x" TargetMode="External"'),
    (b'r:id="rId2"', b'r:id="rId77"'),
    (b"<cellXfs", b"<cellXfs><xf numFmtId='9'/></cellXfs><cellXfs"),
    (b"</workbook>", b'<calcPr fullCalcOnLoad="1"/></workbook>'),
    (b"</workbook>", b'<workbookPr date1904="1"/></workbook>'),
)  # fmt: skip
"""In one of the parts: what stands there, and what is put there."""


def tampered(book: bytes, draw: random.Random) -> tuple[bytes, str]:
    """Change a workbook beneath its cells: its parts, their names, or bytes of the file."""
    how = draw.choice(["xml"] * 6 + ["bytes", "cut", "part out", "part twice", "part bytes"])
    if how == "cut":
        return book[: draw.randrange(len(book))], how
    if how == "bytes":
        changed = bytearray(book)
        for _ in range(draw.choice([1, 4, 40])):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        return bytes(changed), how
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    at = draw.randrange(len(parts))
    if how == "xml":
        old, new = draw.choice(HOSTILE)
        there = [i for i, (_, data) in enumerate(parts) if old in data]
        if there:
            at = draw.choice(there)
            data = parts[at][1].replace(old, new, draw.choice([1, 1, -1]))
            parts[at] = (parts[at][0], data)
        how = f"{parts[at][0]}: {old[:40]!r} now {new[:40]!r}"
    elif how == "part out":
        how = f"{parts.pop(at)[0]} left out"
    elif how == "part twice":
        name, data = parts[at]
        parts.append((draw.choice([name.upper(), name, f"/{name}", f"../{name}"]), data))
        how = f"{name} twice"
    else:
        changed = bytearray(parts[at][1])
        changed[draw.randrange(len(changed))] = draw.randrange(256)
        parts[at] = (parts[at][0], bytes(changed))
        how = f"a byte of {parts[at][0]}"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data)
    return stream.getvalue(), how


def spoilt_book(seed: int) -> tuple[bytes, str]:
    """Return a spoilt workbook, and what was done to which pool."""
    draw = random.Random(seed)
    name = str(draw.choice(SOUND).relative_to(ROOT))
    files, said = sound(name), ""
    if draw.random() < 0.4:
        try:
            changed, said = draw.choice(MUTATIONS)(files, draw)
            book = book_of(changed)
        except (ValueError, KeyError, IndexError):  # no workbook can be made of that
            book, said = book_of(files), ""
    else:
        book = book_of(files)
    if not said or draw.random() < 0.3:
        book, also = tampered(book, draw)
        said = f"{said}; {also}"
    return book, f"seed {seed}: {name}, {said}"


@slow(first=1)
@longer
@pytest.mark.filterwarnings("ignore:Duplicate name", "ignore::UserWarning:openpyxl")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_spoilt_workbook_is_told_or_calculated(chunk: int) -> None:
    for seed in range(chunk, BOOKS, CHUNKS):
        data, said = spoilt_book(seed)
        with tempfile.TemporaryDirectory() as scratch:
            (Path(scratch) / "pool.xlsx").write_bytes(data)
            try:
                calculated(Path(scratch) / "pool.xlsx")
            except Exception as problem:
                raise AssertionError(said) from problem


@slow(first=1)
@longer
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_a_workbook_is_the_pool_of_its_tables(chunk: int) -> None:
    for seed in range(chunk, SAME, CHUNKS):
        name = str(SOUND[seed % len(SOUND)].relative_to(ROOT))
        with tempfile.TemporaryDirectory() as scratch:
            folder = run(load(written(sound(name), Path(scratch) / "pool")))
            (Path(scratch) / "pool.xlsx").write_bytes(book_of(sound(name)))
            book = run(load(Path(scratch) / "pool.xlsx"))
        for table, frame in folder.outputs.items():
            assert frame.equals(book.outputs[table]), (name, table)

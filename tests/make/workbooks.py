"""Workbooks for tests: the sound pool as sheets, and what someone made of it, by mistake or not."""

import csv
import datetime
import io
import re
import shutil
import struct
import subprocess
import tomllib
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
import xlsxwriter

from bcf_model.core.tables import INPUT_TABLES
from tests.make.places import SOUND

NAMES = [table.name for table in INPUT_TABLES if (SOUND / f"{table.name}.csv").exists()]
NUMBERS = {"budget", "expenditure", "amount", "share", "step", "decimals"}
Cells = dict[str, list[list[Any]]]


def sound_cells() -> Cells:
    """The sound pool as sheets: numbers as numbers, text as text."""
    sheets: Cells = {}
    for name in NAMES:
        with (SOUND / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            heads, *rows = csv.reader(file)
        sheets[name] = [list(heads)] + [
            [
                as_number(cell) if head in NUMBERS else cell
                for head, cell in zip(heads, row, strict=True)
            ]
            for row in rows
        ]
    settings = tomllib.loads((SOUND / "pool.toml").read_text(encoding="utf-8"))
    nested = settings.pop("commentary")
    sheets["pool"] = [["setting", "value"], *map(list, settings.items())]
    sheets["pool"] += [[f"commentary.{name}", value] for name, value in nested.items()]
    return sheets


def as_number(text: str) -> float:
    sign = -1 if text.startswith("(") else 1
    return sign * float(text.strip("()").replace(",", "").replace("£", ""))


def workbook(path: Path, sheets: Cells, finish: Callable[[Any], None] = lambda _: None) -> Path:
    book = xlsxwriter.Workbook(str(path))
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(i, j, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(i, j, cell)
                else:
                    sheet.write_number(i, j, cell)
    finish(book)
    book.close()
    return path


def replaced(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Write a workbook again with bytes of one part changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


# ------------------------------------------------------------------ what others make of them

ODD = (
    b"", b"0", b"-1", b"1", b"99999999999", b"1048576", b"16384", b"XFD1048576", b"A0", b"NaN",
    b"1e999", b"true", b"\xc2\xa3", b"&#x7f;", b"&amp;", b"&", b"<", b"]]>", b"e", b"s", b"str",
    b"A1:XFD1048576", b"../../x.xml", b"http://www.w3.org/1999/xhtml", b"\xff", b"#REF!", b"0%",
)  # fmt: skip
"""What may stand in a workbook where nobody expects it."""


def packed(parts: Mapping[str, bytes] | Sequence[tuple[str, bytes]]) -> bytes:
    """Pack parts into a zip file; of a sequence even two of one name."""
    file = io.BytesIO()
    pairs = parts.items() if isinstance(parts, Mapping) else parts
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, data in pairs:
            archive.writestr(name, data)
    return file.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Unpack a zip file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def mutated(data: bytes, chance: Random) -> bytes:
    """Change a workbook at random: its bytes, or its parts and what stands in them.

    Args:
        data: of a sound workbook: .xlsx, .ods, .xlsb or .xls.
        chance: decides what is changed.
    """
    if not data.startswith(b"PK") or chance.random() < 0.2:
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5, 20))):
            changed[chance.randrange(len(data))] = chance.choice((0, 1, 127, 255, 64))
        kept = chance.choice((len(data), len(data), chance.randrange(len(data))))
        return bytes(changed[:kept])
    parts = [*unpacked(data).items()]
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(parts))
        name, held = parts[at]
        match chance.randrange(12):
            case 0:
                parts.append((chance.choice((name, name.upper(), name.title())), held))
            case 1:
                del parts[at]
                if not parts:
                    break
            case 2:
                parts[at] = (parts[chance.randrange(len(parts))][0], held)
            case _:
                parts[at] = (name, _spoiled(held, chance))
    return packed(parts)


def converted(paths: Sequence[Path], kind: str) -> list[Path]:
    """Have LibreOffice save workbooks as another kind, in one start of the program."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    folder = paths[0].parent
    out = folder / kind.partition(":")[0]
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    command = [program, home, "--headless", "--convert-to", kind, "--outdir", str(out)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return [out / path.with_suffix(f".{out.name}").name for path in paths]


def _spoiled(held: bytes, chance: Random) -> bytes:
    """Change what stands in a part: a tag, an attribute or a piece of text."""
    tags = [*re.finditer(rb"<[^<>]+>", held)]
    values = [*re.finditer(rb'="([^"<>]*)"', held), *re.finditer(rb">([^<>]+)<", held)]
    if not tags or not values or chance.random() < 0.1:
        at = chance.randrange(len(held) + 1)
        return held[:at] + chance.choice(ODD) * chance.choice((1, 1, 1000)) + held[at:]
    tag, value = chance.choice(tags), chance.choice(values)
    match chance.randrange(5):
        case 0:
            return held[: tag.start()] + held[tag.end() :]
        case 1:
            return held[: tag.end()] + tag[0] + held[tag.end() :]
        case 2:
            other = chance.choice(tags)[0]
            return held[: tag.start()] + other + held[tag.end() :]
        case 3:
            other = chance.choice(values)[1]
            return held[: value.start(1)] + other + held[value.end(1) :]
    return held[: value.start(1)] + chance.choice(ODD) + held[value.end(1) :]


def binary(sheets: Cells) -> bytes:
    """Write sheets as a binary workbook (.xlsb): text, numbers, truths; None is an error."""
    listed = b"".join(
        _record(156, struct.pack("<II", 0, number) + _text(f"rId{number}") + _text(name))
        for number, name in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Target="worksheets/sheet{number}.bin" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.bin": _record(131) + _record(143) + listed + _record(144) + _record(132),
        "xl/_rels/workbook.bin.rels": f"<Relationships>{links}</Relationships>".encode(),
    }
    for number, rows in enumerate(sheets.values(), start=1):
        size = struct.pack("<4I", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
        held = b"".join(
            _record(0, struct.pack("<I13x", row)) + b"".join(map(_cell, range(len(line)), line))
            for row, line in enumerate(rows)
        )
        body = _record(129) + _record(148, size) + _record(145) + held + _record(146) + _record(130)
        parts[f"xl/worksheets/sheet{number}.bin"] = body
    return packed(parts)


def _record(kind: int, body: bytes = b"") -> bytes:
    def sevens(number: int) -> bytes:
        last = number < 128
        return bytes([number & 127 | (0 if last else 128)]) + (b"" if last else sevens(number >> 7))

    return sevens(kind) + sevens(len(body)) + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(column: int, value: Any) -> bytes:
    head = struct.pack("<II", column, 0)
    match value:
        case None:
            return _record(3, head + b"\x07")
        case "":
            return b""
        case bool():
            return _record(4, head + bytes([value]))
        case int() | float():
            return _record(5, head + struct.pack("<d", value))
    return _record(6, head + _text(str(value)))


def lying(parts: Mapping[str, bytes], name: str, held: bytes, said: int = 10) -> bytes:
    """Pack parts, one of which says that it is shorter than it is, with the sum of that much."""
    data = bytearray(packed({**parts, name: held}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        length = int.from_bytes(data[at + 28 : at + 30], "little")
        if data[at + 46 : at + 46 + length] == name.encode():
            local = int.from_bytes(data[at + 42 : at + 46], "little")
            for place in (at + 16, local + 14):
                struct.pack_into("<I", data, place, zlib.crc32(held[:said]))
                struct.pack_into("<I", data, place + 8, said)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def hostile(sound: bytes) -> dict[str, bytes]:
    """Make workbooks that are to hang a reader, to end it or to fill its memory; by their name.

    Args:
        sound: the bytes of a sound .xlsx workbook.
    """
    parts = unpacked(sound)
    name = "xl/worksheets/sheet1.xml"
    head, _, tail = parts[name].partition(b"</sheetData>")

    def sheet(more: bytes) -> bytes:
        return packed({**parts, name: head + more + b"</sheetData>" + tail})

    def of(part: str, before: bytes, more: bytes) -> bytes:
        return packed({**parts, part: parts[part].replace(before, more + before)})

    cells = b"".join(b'<row r="%d">%b</row>' % (n, b"<c/>" * 1000) for n in range(100, 164))
    styles = parts["xl/styles.xml"]
    brackets = styles.replace(b"dd/mm/yyyy", b"d" + b"[" * 254)

    def rows(cell: bytes) -> bytes:
        """Write 100,000 cells, each of which holds another number."""
        return b"".join(
            b'<row r="%d">%b</row>' % (n, b"".join(cell % (n * m % 9973) for m in range(1000)))
            for n in range(100, 200)
        )

    def printed(kind: bytes, said: bytes) -> bytes:
        """Define what is printed of the first sheet."""
        name = b'<definedName name="_xlnm.%b" localSheetId="0">%b</definedName>' % (kind, said)
        return of("xl/workbook.xml", b"<calcPr", b"<definedNames>%b</definedNames>" % name)

    chance = Random(1)
    return {
        "open tags": packed({**parts, name: b"<worksheet><sheetData>" + b"<c " * 400_000}),
        "blanks": sheet(b" " * (220 << 20)),
        "blanks nobody reads": packed({**parts, "xl/media/a.png": bytes(220 << 20)}),
        "far away": sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "blank cells": sheet(cells),
        "nested": sheet(b"<row>" + b"<a>" * 1_000_000),
        "a long tag": sheet(b'<row x="' + b"\t\n" * 10_000_000 + b'"/>'),
        "merged": of(name, b"<pageMargins", b'<mergeCells><mergeCell ref="A1:XFD1048576"/>'
                     b"</mergeCells>"),
        "hidden": of(name, b"<sheetData>", b"<cols>%b</cols>"
                     % (b'<col min="1" max="16384" hidden="1"/>' * 900)),
        "formats": of("xl/styles.xml", b"</cellXfs>", b'<xf numFmtId="0" fontId="0"/>' * 8_000),
        "quotes": of("xl/styles.xml", b"<fonts", b'<numFmts><numFmt numFmtId="200" formatCode="'
                     b'%b"/></numFmts>' % (b"&quot;;" * 30_000)),
        "entities": packed({**parts, name: b'<!DOCTYPE a [<!ENTITY b "%b"><!ENTITY d "%b">]><a>%b'
                            % (b"c" * 1_000, b"&b;" * 1_000, b"&d;" * 1_000) + b"</a>"}),
        "a lie": lying(parts, "xl/workbook.xml", b" " * (220 << 20)),
        "many parts": packed([(f"xl/{n}", b"") for n in range(20_000)]),
        "sums": sheet(b"".join(
            b'<row r="%d"><c r="A%d"><f>SUM(A1:XFD1048576,%b)</f><v>1</v></c></row>'
            % (n, n, b",".join([b"B1:XFD1048576"] * 40)) for n in range(100, 900))),
        "brackets": packed({**parts, "xl/styles.xml": brackets.replace(b"[" * 254, b"[" * 99_999)}),
        "brackets in many styles": packed({**parts, "xl/styles.xml": brackets.replace(
            b"</cellXfs>", b"".join(b'<xf numFmtId="164" xfId="%d"/>' % chance.randrange(99_999)
                                    for _ in range(100_000)) + b"</cellXfs>")}),
        "brackets around days": packed({
            **parts, "xl/styles.xml": brackets,
            name: head + rows(b'<c s="1"><v>%d</v></c>') + b"</sheetData>" + tail}),
        "a long formula of many cells": sheet(
            b'<row r="99"><c><f t="shared" ref="A99:ALL199" si="0">%b</f></c></row>'
            % b"+".join(b"A%d" % chance.randrange(9_999) for _ in range(6_000))
            + rows(b'<c s="%d"><f t="shared" si="0"/></c>').replace(b's="', b's="0" cm="')),
        "quotes to print": printed(b"Print_Area", b"'" * 100_000),
        "ranges to print": printed(b"Print_Area", b",".join(b"A%d" % n for n in range(1, 60_000))),
        "titles to print": printed(b"Print_Titles", b"1" * 100_000),
    }  # fmt: skip

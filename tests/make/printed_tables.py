"""Tables as papers print them, written in tests, and how they are read."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from bcf_model.extracts.transcribe import Reading, read_paper, rows_of
from bcf_model.intake.extract_file import read_file

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def read(folder: Path, text: str, *, ready: bool = False, **given: str) -> Reading:
    return answered(folder, text, given, ready=ready)


def answered(folder: Path, text: str, given: dict[str, str], *, ready: bool = False) -> Reading:
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return read_paper(read_file(path), given, ready=ready, title="", source="", page="")


def transcription(reading: Reading) -> list[dict[str, str]]:
    headings, *rows = rows_of(reading)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def codes(reading: Reading) -> list[str]:
    return [*(it.code for it in reading.findings), *(it.code for it in reading.questions)]


def sums(reading: Reading) -> dict[tuple[str, str], list[set[str]]]:
    """Return what each figure adds up, by label and heading, as labels and headings, signed."""
    rows = transcription(reading)
    named = {row["published_id"]: f"{row['label']}|{row['column']}" for row in rows}
    found: dict[tuple[str, str], list[set[str]]] = {}
    for row in rows:
        for text in filter(None, row["sum_of"].split("; ")):
            signed = ("+ " + text.removeprefix("+ ")).split()
            parts = {f"{s}{named[c]}" for s, c in zip(signed[::2], signed[1::2], strict=True)}
            found.setdefault((row["label"], row["column"]), []).append(parts)
    return found


def word(path: Path, rows: Iterable[Iterable[str]], above: str = "", before: str = "") -> Path:
    """Write a Word document of one table; a cell that begins with < is its own XML."""
    lines = ""
    for row in rows:
        cells = (it if it.startswith("<w:") else run(it) for it in row)
        lines += "<w:tr>" + "".join(f"<w:tc><w:p>{it}</w:p></w:tc>" for it in cells) + "</w:tr>"
    body = f"<w:p>{run(above)}</w:p><w:tbl>{lines}</w:tbl>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        text = f"{before}<w:document {_WORD}><w:body>{body}</w:body></w:document>"
        archive.writestr("word/document.xml", text)
    return path


def run(text: str, raised: str = "") -> str:
    up = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{}</w:t></w:r>'
    return f"<w:r><w:t>{escape(text)}</w:t></w:r>" + (up.format(raised) if raised else "")

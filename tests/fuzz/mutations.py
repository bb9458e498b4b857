"""Sound pools and scenarios as files, and what hands, programs and accidents do to such files.

A pool is a mapping of file name to bytes. A mutation takes the files and a generator of random
numbers, and returns other files with one sentence on what was done: by the seed anyone can do it
again.
"""

import csv
import io
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

Files = Mapping[str, bytes]
Mutation = Callable[[Files, random.Random], tuple[dict[str, bytes], str]]

CELLS: Final = (
    "", " ", "0", "-", "nil", "n/a", "tbc", "1", "-1", "0.001", "1e9", "1,23", "1,234.567",
    "12.3.4", "£1.50", "$5", "(5)", "5-", "5 CR",
    "999999999999999", "1" * 40, "nan", "inf", "TRUE", "#REF!",
    "=1+1", "+cmd", "@x", "2018-19", "31/03/2019", "2019-03-31", "50%", "0.5", "100.0000001", "all",
    "pool", "category=A", "theme=1+2", "not stated", "own", "budget holder", "carried forward",
    "outside", "CCG", "council", "either", "over", "x" * 3000, "é", "\u202e", "\u200b", "\ufeff",
    "a\nb", "a\x00b", "'1", "１２", "½", "−5", "10 000", "None", "null", "<b>", "{{x}}",
    "a/b", "a*b",
)  # fmt: skip
"""What stands in cells of other people's files, or was put there to hurt."""
NAMES: Final = ("", "note", "amount", "Budget", "budget ", "scheme_id", "x" * 300, "=a", "share")


def folder_files(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder and of those in it, by their path in it."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*"))
             if p.is_file()}  # fmt: skip
    return {name: data for name, data in found.items() if not name.startswith("agreements/")}


def written(files: Files, folder: Path) -> Path:
    """Write files to a folder, and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def rows_of(data: bytes) -> list[list[str]]:
    """Read the rows of a CSV file."""
    return [*csv.reader(io.StringIO(data.decode("utf-8"), newline=""))]


def csv_of(rows: list[list[str]], end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    """Write rows as CSV."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=end, quoting=quoting).writerows(rows)
    return file.getvalue().encode("utf-8")


def _table(files: Files, draw: random.Random) -> str:
    return draw.choice([name for name in files if name.endswith(".csv")])


def cell(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Change one to three cells of a table."""
    name = _table(files, draw)
    rows, done = rows_of(files[name]), []
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        if len(rows) > 1:
            i = draw.randrange(1, len(rows))
            j = draw.randrange(len(rows[i]))
            donor = draw.choice(rows[1:])
            text = draw.choice([draw.choice(CELLS), draw.choice(CELLS), draw.choice(donor)])
            done.append(f"row {i + 1}, {rows[0][j] if j < len(rows[0]) else j}: {text[:40]!r}")
            rows[i][j] = text
    return {**files, name: csv_of(rows)}, f"{name} {'; '.join(done)}"


def column(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Leave a column out, repeat it, rename it, or exchange two headings."""
    name = _table(files, draw)
    rows = rows_of(files[name])
    j = draw.randrange(len(rows[0]))
    how = draw.choice(["left out", "twice", "renamed", "exchanged", "blank"])
    if how == "left out":
        rows = [row[:j] + row[j + 1 :] for row in rows]
    elif how == "twice":
        rows = [[*row, *row[j : j + 1]] for row in rows]
    elif how == "renamed":
        rows[0][j] = draw.choice(NAMES)
    elif how == "exchanged":
        k = draw.randrange(len(rows[0]))
        rows[0][j], rows[0][k] = rows[0][k], rows[0][j]
    else:
        rows = [rows[0], *([*row[:j], "", *row[j + 1 :]] for row in rows[1:])]
    return {**files, name: csv_of(rows)}, f"{name} column {j + 1} {how}"


def row(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Leave a row out, repeat, move, cut or lengthen it; put a blank one or headings between."""
    name = _table(files, draw)
    rows = rows_of(files[name])
    i = draw.randrange(len(rows))
    how = draw.choice(["left out", "twice", "moved", "cut", "longer", "blank", "headings", "none"])
    if how == "left out":
        rows.pop(i)
    elif how == "twice":
        rows.insert(i, rows[i])
    elif how == "moved":
        rows.insert(draw.randrange(len(rows)), rows.pop(i))
    elif how == "cut":
        rows[i] = rows[i][: draw.randrange(len(rows[i]) + 1)]
    elif how == "longer":
        rows[i] = [*rows[i], draw.choice(CELLS)]
    elif how == "none":
        rows = rows[:1]
    else:
        rows.insert(i, [] if how == "blank" else rows[0])
    return {**files, name: csv_of(rows)}, f"{name} row {i + 1} {how}"


def file(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Leave a file out, empty it, cut it short, change bytes, or put one in another's place."""
    name = draw.choice([*files])
    data = files[name]
    how = draw.choice(["left out", "empty", "cut", "bytes", "another's", "renamed", "nul"])
    if how == "left out":
        return {n: d for n, d in files.items() if n != name}, f"{name} left out"
    if how == "renamed":
        other = draw.choice([name.upper(), name + ".bak", name.replace(".", " ."), "~$" + name])
        return {**{n: d for n, d in files.items() if n != name}, other: data}, f"{name}: {other}"
    if how == "bytes":
        changed = bytearray(data)
        for _ in range(draw.choice([1, 1, 2, 8])):
            if changed:
                changed[draw.randrange(len(changed))] = draw.randrange(256)
        data = bytes(changed)
    else:
        data = {
            "empty": b"",
            "cut": data[: draw.randrange(len(data) + 1)],
            "another's": files[draw.choice([*files])],
            "nul": data + b"\0" * draw.choice([1, 512]),
        }[how]
    return {**files, name: data}, f"{name} {how}"


def settings(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Change, repeat or leave out a line of the settings, or write nonsense there."""
    name = draw.choice([n for n in files if n.endswith(".toml")])
    lines = files[name].decode("utf-8").splitlines()
    i = draw.randrange(len(lines))
    key = lines[i].partition("=")[0]
    how = draw.choice(["left out", "twice", "value", "value", "nonsense"])
    if how == "left out":
        lines.pop(i)
    elif how == "twice":
        lines.insert(i, lines[i])
    elif how == "value":
        values = (
            "0",
            "-1",
            "1.5",
            '""',
            '"x"',
            "true",
            "[]",
            "{}",
            "2019-03-31",
            "1e400",
            '"2031-32"',
        )
        lines[i] = f"{key}= {draw.choice(values)}"
    else:
        lines.insert(i, draw.choice(["[", "a.b.c = 1", "x = ", "\x00", "[a]\n[a]", "[" * 500]))
    return {**files, name: "\n".join(lines).encode("utf-8")}, f"{name} line {i + 1} {how}"


def encoding(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Save a file in another encoding, or twice over."""
    name = draw.choice([*files])
    text = files[name].decode("utf-8")
    how = draw.choice(["utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "twice", "cp037"])
    if how == "twice":
        data = text.encode("utf-8").decode("latin-1").encode("utf-8")
    else:
        data = text.encode(how, errors="replace")
    return {**files, name: data}, f"{name} in {how}"


def separator(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Save a table with another separator or other quotation marks."""
    name = _table(files, draw)
    file = io.StringIO(newline="")
    delimiter, quote = draw.choice(";\t|:"), draw.choice("\"'")
    csv.writer(file, delimiter=delimiter, quotechar=quote).writerows(rows_of(files[name]))
    return {**files, name: file.getvalue().encode()}, f"{name} parted by {delimiter!r}, {quote}"


def two(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Do two things."""
    once, first = draw.choice(ONE)(files, draw)
    try:
        twice, second = draw.choice(ONE)(once, draw)
    except (UnicodeDecodeError, csv.Error, IndexError):  # the first left nothing that can be read
        return once, first
    return twice, f"{first}; {second}"


ONE: Final[tuple[Mutation, ...]] = (
    cell, cell, cell, cell, column, row, row, file, settings, encoding, separator,
)  # fmt: skip
MUTATIONS: Final[tuple[Mutation, ...]] = (*ONE, two, two)


def as_saved_elsewhere(files: Files, draw: random.Random) -> tuple[dict[str, bytes], str]:
    """Save every table as another program may, which changes no meaning.

    Columns in another order, a mark at the start, other line ends, everything in quotation marks,
    blank lines at the end.
    """
    found = {}
    for name, data in files.items():
        if not name.endswith(".csv"):
            found[name] = data
            continue
        rows = rows_of(data)
        order = draw.sample(range(len(rows[0])), len(rows[0]))
        rows = [[cells[j] for j in order] for cells in rows]
        end = draw.choice(["\n", "\r\n"])
        quoting = draw.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
        text = csv_of(rows, end, quoting) + end.encode() * draw.choice([0, 0, 1, 3])
        found[name] = (b"\xef\xbb\xbf" if draw.random() < 0.5 else b"") + text
    return found, "columns in another order"

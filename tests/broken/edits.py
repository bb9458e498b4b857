"""Edits of a pool's files, cell by cell: how a sound pool is broken, and how one is mended.

An edit is a row of a CSV: file, row, column and what is typed there.

- A row number and a column: the cell; row 1 is the headings, and a column that is not there is
  added at the end. `number 3` is the third column, whatever its heading.
- A row number and no column: the row itself is taken out; with text, its line becomes that text.
- `new` and a column: a cell of a new row at the end; a column that comes again begins another.
- No row: a column of a CSV, taken out; a setting of a TOML file, as it is written there, or taken
  out.
- No row and no column: the file, taken out; with `sound`, as it is in the sound pool; with
  `from CODEC`, saved as UTF-8; with `with commas`, saved as CSV; with another name, renamed.
"""

import csv
import io
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

Edit = Mapping[str, str]


def read_edits(file: Path, *keys: str) -> dict[tuple[str, ...], list[Edit]]:
    """Read edits, by the columns that say what they belong to."""
    found = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found[tuple(row[key] for key in keys)].append(row)
    return found


def apply(pool: Path, edits: Iterable[Edit], sound: Path) -> None:
    """Make edits in a folder; `sound` is where a file is fetched from that is to be as it was."""
    by_file = defaultdict(list)
    for edit in edits:
        by_file[edit["file"]].append(edit)
    for name, of_file in by_file.items():
        path = pool / name
        whole = [edit["typed"] for edit in of_file if not edit["row"] and not edit["column"]]
        for typed in whole:
            _whole(path, typed, sound / name)
        cells = [edit for edit in of_file if edit["row"] or edit["column"]]
        if cells and path.suffix == ".toml":
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            for edit in cells:
                text = _set(text, edit["column"], edit["typed"])
            path.write_text(text, encoding="utf-8")
        elif cells:
            path.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            path.write_text(_edited(text, cells), encoding="utf-8")


def _whole(path: Path, typed: str, sound: Path) -> None:
    if typed == "":
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    elif typed == "sound":
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(sound, path)
    elif typed.startswith("from "):
        path.write_text(path.read_bytes().decode(typed[5:]), encoding="utf-8")
    elif typed == "with commas":
        text = path.read_text(encoding="utf-8")
        separator = "\t" if "\t" in text else ";"
        path.write_text(
            "".join(map(_line, csv.reader(io.StringIO(text), delimiter=separator))),
            encoding="utf-8",
        )
    else:
        path.rename(path.with_name(typed))


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """Edit the lines of a CSV; a line nobody touches stays as it was written."""
    lines = text.splitlines(keepends=True)
    gone, new = set(), list[dict[str, str]]()
    for edit in (e for e in edits if e["row"].isdecimal() and not e["column"] and e["typed"]):
        lines[int(edit["row"]) - 1] = edit["typed"] + "\n"
    heads = next(csv.reader(lines[:1]), [])

    def place(column: str) -> int:
        return int(column[7:]) - 1 if column.startswith("number ") else heads.index(column)

    def cells(number: int) -> list[str]:
        return next(csv.reader([lines[number - 1]]))

    for edit in edits:
        row, column, typed = edit["row"], edit["column"], edit["typed"]
        if not row:
            at = place(column)
            records = [next(csv.reader([line]), []) for line in lines]
            lines = [_line(record[:at] + record[at + 1 :]) for record in records]
            heads.pop(at)
        elif row == "new":
            if not new or column in new[-1]:
                new.append({})
            new[-1][column] = typed
        elif not column:
            gone |= {int(row)} if not typed else set()
        else:
            if column not in heads and not column.startswith("number "):
                heads.append(column)
                records = [next(csv.reader([line]), []) for line in lines] or [[]]
                lines = [_line([*record, ""]) for record in records]
                lines[0] = _line(heads)
            changed = cells(int(row))
            changed[place(column)] = typed
            lines[int(row) - 1] = _line(changed)
            heads = changed if row == "1" else heads
    kept = [line for number, line in enumerate(lines, 1) if number not in gone]
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    return "".join([*kept, *(_line([row.get(head, "") for head in heads]) for row in new)])


def _set(text: str, name: str, value: str) -> str:
    """Set a setting, in its table where its name has a point; a blank value takes it out."""
    *table, key = name.split(".")
    lines = text.splitlines()
    begin = 0
    if table:
        heading = f"[{'.'.join(table)}]"
        if heading not in lines:
            lines += ["", heading]
        begin = lines.index(heading) + 1
    end = next((i for i in range(begin, len(lines)) if lines[i].startswith("[")), len(lines))
    at = [i for i in range(begin, end) if re.match(rf"{re.escape(key)}\s*=", lines[i])]
    for i in reversed(at):
        del lines[i]
    if value:
        lines.insert(at[0] if at else begin if table else end, f"{key} = {value}")
    return "\n".join(lines) + "\n"

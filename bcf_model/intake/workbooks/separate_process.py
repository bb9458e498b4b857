"""calamine in a process apart: what would end this one, or fill its memory, ends that one alone.

Of .xls files changed at random in a byte or more, one in 150 made calamine panic, and one in 750
ended the process. Run as a program this reads a workbook from standard input, and writes what its
sheets hold as JSON: it imports nothing of this package, so it need not be found.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

LONGEST: Final = 60
"""Seconds after which it is stopped."""
MOST_MEMORY: Final = 2**30


class NotRead(Exception):
    """A workbook that calamine cannot read; says why."""


def read_apart(data: bytes, wanted: Sequence[str]) -> dict[str, dict[str, Any] | None]:
    """Read the sheets of a workbook in a process apart.

    Args:
        data: the bytes of the file.
        wanted: names of the sheets to read; others are given as None.

    Returns:
        By sheet, in order: `values`, rows of cells from the first row and column on; and `merged`,
        first row, first column, last row and last column of each merged cell, counted from 1.

    Raises:
        NotRead: it is damaged, or the process ended.
    """
    command = [sys.executable, "-I", __file__, *wanted]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST, check=True)
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as problem:
        message = "it stopped the library that reads it"
        raise NotRead(message) from problem
    if "problem" in said:
        raise NotRead(said["problem"])
    return {name: sheet and _with_dates(sheet) for name, sheet in said["sheets"]}


def _with_dates(sheet: dict[str, Any]) -> dict[str, Any]:
    return {**sheet, "values": [[_value(cell) for cell in row] for row in sheet["values"]]}


_KINDS: Final[dict[str, Callable[[str], Any]]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def _value(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    ((kind, text),) = cell.items()
    return _KINDS[kind](text) if kind in _KINDS else timedelta(seconds=text)


def _plain(cell: Any) -> dict[str, Any]:
    """Write what JSON has no word for."""
    if isinstance(cell, timedelta):
        return {"timedelta": cell.total_seconds()}
    return {type(cell).__name__: cell.isoformat()}


def main() -> None:
    """Read the workbook on standard input, and write its sheets, or what is wrong with it."""
    try:
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, OSError, ValueError):
        pass  # not on every system: what the file claims was counted before
    from io import BytesIO  # noqa: PLC0415

    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        sheets = []
        for name in book.sheet_names:
            tab = book.get_sheet_by_name(name) if name in sys.argv[1:] else None
            merged = tab.merged_cell_ranges or () if tab else ()
            held = tab and {
                "values": tab.to_python(skip_empty_area=False),
                "merged": [[a + 1, b + 1, c + 1, d + 1] for (a, b), (c, d) in merged],
            }
            sheets.append((name, held))
        said: dict[str, Any] = {"sheets": sheets}
    except Exception as problem:  # it has many ways to say "damaged"
        said = {"problem": str(problem)}
    json.dump(said, sys.stdout, default=_plain)


if __name__ == "__main__":
    main()

"""What someone begins with: a folder with a small invented pool, and a file to double-click."""

import shlex
from collections.abc import Mapping
from datetime import date
from typing import Final

from bcf_model.core.whole_pool import POOL_ITSELF, Stated
from bcf_model.publish.pool_files import folder_files
from bcf_model.publish.template import examples

POOL, REPORT = "pool", "report"
ON_WINDOWS, ELSEWHERE, TO_READ = "run.bat", "run.command", "READ ME.txt"
_SETTINGS: Final = {
    "title": "Invented example: put your own in place of every row",
    "board": "Anytown Health and Wellbeing Board",
    "financial_year": "2024-25",
    "unit": "pounds",
    "as_at": date(2025, 3, 31),
    "basis": "outturn",
    "source": "Invented",
    "status": "Invented",
}
_WINDOWS: Final = """@echo off
rem Checks the pool in this folder, makes its report and opens it.
chcp 65001 >nul
cd /d "%~dp0"
set "PYTHON={python}"
if exist "%PYTHON%" (
  "%PYTHON%" -m bcf_model report {pool} -o {report}
) else (
  bcf report {pool} -o {report}
)
if errorlevel 1 (
  echo.
  echo No report was made. What is to be corrected stands above.
) else (
  start "" "{report}\\report.html"
)
pause
"""
_ELSEWHERE: Final = """#!/bin/sh
# Checks the pool in this folder, makes its report and opens it.
cd "$(dirname "$0")" || exit 1
python={python}
if [ -x "$python" ]; then set -- "$python" -m bcf_model; else set -- bcf; fi
if "$@" report {pool} -o {report}; then
  left=0
  if [ -t 1 ]; then
    open {report}/report.html 2>/dev/null || xdg-open {report}/report.html 2>/dev/null
  fi
else
  left=$?
  echo
  echo "No report was made. What is to be corrected stands above."
fi
if [ -t 0 ]; then
  printf 'Press Enter to close this window. '
  read -r _
fi
exit "$left"
"""
_TO_READ: Final = """Double-click {windows} on Windows, {elsewhere} on a Mac or on Linux.
It checks what stands in the folder {pool}, makes the report and opens it.

The report is in the folder {report}: report.xlsx for Excel, report.html for reading.

What stands in {pool} is invented. Open each file there in Excel, put your own rows in place of
those, and save it as it is: CSV UTF-8. Of {pool}.toml, a text file, change what stands between the
quotation marks. Then double-click again.
"""


def first_pool(python: str) -> tuple[Mapping[str, bytes], tuple[str, ...]]:
    """Return the files of a folder to begin with, by name, and which of them are run.

    Args:
        python: the program that has this package.
    """
    grids = {}
    for name, rows in examples().items():
        columns = tuple(dict.fromkeys(it for row in rows for it in row))
        grids[name] = (columns, tuple(tuple(row.get(it, "") for it in columns) for row in rows))
    pool = folder_files({POOL_ITSELF: Stated(_SETTINGS, grids)})
    named = {"pool": POOL, "report": REPORT, "windows": ON_WINDOWS, "elsewhere": ELSEWHERE}
    windows = _WINDOWS.format(python=python.replace("%", "%%"), **named)
    files = {f"{POOL}/{name}": data for name, data in pool.items()}
    files[ON_WINDOWS] = windows.replace("\n", "\r\n").encode()
    files[ELSEWHERE] = _ELSEWHERE.format(python=shlex.quote(python), **named).encode()
    files[TO_READ] = _TO_READ.format(**named).replace("\n", "\r\n").encode()
    return files, (ELSEWHERE,)

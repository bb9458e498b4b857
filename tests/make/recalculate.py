"""Two independent spreadsheet programs that recalculate a workbook from its formulas alone."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

# Without this, LibreOffice shows the stored results and proves nothing.
_RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def formualizer(workbook: Path) -> dict[str, Any]:
    """Recalculate with formualizer; give its report."""
    command = [sys.executable, "-m", "formualizer", "recalc", workbook, "--check", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return json.loads(done.stdout)


def libreoffice(workbooks: Iterable[Path], scratch: Path) -> dict[str, Path]:
    """Recalculate with LibreOffice, recalculation forced; give what it saved, by file name.

    One start for all of them: starting takes longer than recalculating. The first is opened as it
    was written, the others without what a printed page repeats.
    """
    first, *others = workbooks
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = scratch / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATE_ALWAYS)
    subprocess.run(
        [
            program,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            scratch / "recalculated",
            first,
            *(without_print_titles(path, scratch / "bare" / path.name) for path in others),
        ],
        capture_output=True,
        check=True,
        timeout=900,
    )
    return {path.name: scratch / "recalculated" / path.name for path in (first, *others)}


def without_print_titles(workbook: Path, to: Path) -> Path:
    """Copy a workbook without the names of the rows and columns that each printed page repeats.

    LibreOffice goes through every one of the 16,384 columns of such a row, which takes
    longer than all else; no value and no formula depends on it.
    """
    to.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(to, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "xl/workbook.xml":
                data = re.sub(
                    rb'<definedName [^>]*"_xlnm.Print_Titles".*?</definedName>', b"", data
                )
            new.writestr(item, data)
    return to


def differences(before: Path, after: Path) -> list[tuple[str, str, Any, Any]]:
    """List the cells whose value differs by more than binary noise: page, cell, before, after."""
    old = openpyxl.load_workbook(before, data_only=True)
    new = openpyxl.load_workbook(after, data_only=True)
    found = []
    for page in old:
        for row in page.iter_rows():
            for cell in row:
                then, now = cell.value, new[page.title][cell.coordinate].value
                if isinstance(then, int | float) and isinstance(now, int | float):
                    same = abs(then - now) <= 1e-9 * max(1, abs(then))
                else:
                    same = (then or "") == (now or "")
                if not same:
                    found.append((page.title, cell.coordinate, then, now))
    return found


def formulas(workbook: Path) -> dict[tuple[str, str], str]:
    """Give every formula of a workbook by page and cell."""
    book = openpyxl.load_workbook(workbook)
    return {
        (page.title, cell.coordinate): cell.value
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }

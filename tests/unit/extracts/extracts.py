"""Tiny extracts, written in a test, and what the plan says of them."""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from bcf_model.extracts.plan import Plan, lines_of
from bcf_model.extracts.take_in import plan_file


def plan_text(folder: Path, text: str | bytes, name: str = "ledger.csv", **given: str) -> Plan:
    """Write a file and make its plan."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return plan_file(path, given)[0]


def plan_rows(folder: Path, rows: Iterable[Sequence[object]], **given: str) -> Plan:
    """Write rows as CSV and make their plan."""
    import csv

    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return plan_text(folder, out.getvalue(), **given)


def plan_answered(folder: Path, text: str, given: Mapping[str, str]) -> Plan:
    """The same, of answers whose keys are no names."""
    path = folder / "ledger.csv"
    path.write_text(text, encoding="utf-8")
    return plan_file(path, given)[0]


def plan_book(folder: Path, sheets: Mapping[str, Any], **given: str) -> Plan:
    """Write a workbook, its sheets by name, each rows and what is merged, and make its plan."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, (rows, merged) in sheets.items():
        tab = book.create_sheet(name)
        for row in rows:
            tab.append(list(row))
        for area in merged:
            tab.merge_cells(area)
    book.save(path := folder / "outturn.xlsx")
    return plan_file(path, given)[0]


def codes(plan: Plan) -> list[str]:
    """Return what is said of a file, by code."""
    return [*(it.code for it in plan.findings), *(it.code for it in plan.questions)]


def pence(plan: Plan) -> list[int]:
    """Return the lines of a plan that asks nothing."""
    assert plan.status == "sure", [it.sentence for it in plan.findings] + [
        it.finding.sentence for it in plan.questions
    ]
    assert plan.chosen is not None
    return lines_of(plan.chosen).pence.tolist()


def totals(plan: Plan) -> list[tuple[int, int]]:
    """Return the rows set aside as totals, and of how many lines each is."""
    assert plan.chosen is not None
    return [(plan.chosen.at(it.row), it.lines) for it in plan.chosen.totals]

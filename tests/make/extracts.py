"""Lines of a ledger and rules as tests write them: small CSV tables, read as they would be."""

import csv
import io

import numpy as np

from bcf_model.core.findings import Finding
from bcf_model.extracts.lines import KEYS, Lines
from bcf_model.extracts.rules import Rule, rules_of
from bcf_model.intake.raw_table import RawPool, RawTable

YEAR = "2024-25"
RULES_FILE = "ledgers/ledger.rules.csv"


def raw_rules(text: str) -> RawPool:
    """Read a table of rules as text, without a file."""
    heads, *rows = csv.reader(io.StringIO(text.strip()))
    raw = RawPool("tiny")
    numbers = tuple(range(2, len(rows) + 2))
    table = RawTable(RULES_FILE, "", tuple(heads), tuple(map(tuple, rows)), numbers)
    raw.tables["rules"] = table
    return raw


def rules_read(
    text: str, schemes: tuple[str, ...] = ("S1", "S2", "S3")
) -> tuple[tuple[Rule, ...] | None, list[Finding]]:
    """Read rules written as CSV: those that are sound, and what is found."""
    findings: list[Finding] = []
    return rules_of(raw_rules(text), schemes, findings), findings


def sound_rules(text: str) -> tuple[Rule, ...]:
    rules, findings = rules_read(text)
    assert findings == []
    assert rules is not None
    return rules


def ledger(text: str, file: str = "ledger.csv", sheet: str = "") -> Lines:
    """Read lines written as CSV: keys, year, period and pence; headings in row 1."""
    heads, *rows = csv.reader(io.StringIO(text.strip()))
    column = {name: [row[i] for row in rows] for i, name in enumerate(heads)}
    count = len(rows)
    return Lines(
        file,
        sheet,
        np.arange(2, count + 2),
        [f"F{i}" if sheet else "" for i in range(2, count + 2)],
        {name: column[name] for name in KEYS if name in column},
        column.get("year", [YEAR] * count),
        np.array([int(it) for it in column.get("period", ["1"] * count)], dtype=np.int64),
        np.array([int(it) for it in column["pence"]], dtype=np.int64),
    )


def case_of_leftovers(text: str) -> Lines:
    """Read an extract of four columns whose periods are written 202401: April 2024."""
    heads, *rows = csv.reader(io.StringIO(text.strip()))
    assert heads == ["Cost Centre", "Account", "Period", "Amount"]
    years = [f"{row[2][:4]}-{int(row[2][2:4]) + 1:02d}" for row in rows]
    out = ["cost_centre,account,year,period,pence"]
    out += [
        f"{row[0]},{row[1]},{year},{int(row[2][4:])},{round(float(row[3]) * 100)}"
        for row, year in zip(rows, years, strict=True)
    ]
    return ledger("\n".join(out))

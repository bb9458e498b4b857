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


POOL = {
    "pool.toml": """
title = "Riverside Better Care Fund (invented)"
board = "Riverside Health and Wellbeing Board (invented)"
financial_year = "2024-25"
unit = "pounds"
as_at = 2025-03-31
source = "Invented"
""",
    "organisations.csv": """organisation,name,organisation_kind
ICB,An ICB,nhs
RC,A council,council
""",
    "themes.csv": "theme,name\n1,Prevention\n2,Home First\n",
    "categories.csv": "category,name\nS,Shared\nO,Own\n",
    "rules.csv": """rule_id,scope,direction,step,basis,bearer,share,clause
R1,category=O,either,1,own,budget holder,100,3.1
R2,category=S,either,1,fixed,ICB,60,3.2
R3,category=S,either,1,fixed,RC,40,3.2
""",
    "schemes.csv": """scheme_id,theme,organisation,scheme,category,kind,budget,expenditure
S1,1,ICB,Falls prevention,O,revenue,50.00,
S2,2,RC,Reablement at home,S,revenue,60.00,
S3,2,RC,Carers,S,revenue,70.00,
""",
    "ledgers/ledger.rules.csv": """rule,priority,cost_centre,scheme_id,measure,share,note
1,10,A1,S1,expenditure,100,
2,10,A4040,S1,expenditure,55,
2,10,A4040,S2,expenditure,45,
3,10,A9,,exclude,100,in the other ledger
4,20,A2,S2,budget,100,
5,20,A3,S2,income,100,
""",
}
"""A small pool whose expenditure is left to its ledger, file by file."""

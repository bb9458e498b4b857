"""What the checks find in tiny tables written in a test: read as files are, without files."""

import csv
import io

from bcf_model.core.findings import Finding
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.intake.drafts import Drafts, draft_table
from bcf_model.intake.raw_table import RawPool, RawTable
from bcf_model.pool import look_through

YEAR = "2018-19"
TABLES = {
    "organisations": """
organisation,name,organisation_kind
CCG,A group,nhs
Council,A council,council
Trust,A trust,provider
""",
    "themes": """
theme,name
1,One
2,Two
""",
    "categories": """
category,name
A,Alone
B,Both
""",
    "schemes": """
scheme_id,theme,organisation,scheme,category,kind,budget,expenditure,lead,grant,pooling
S1,1,CCG,a,A,revenue,100,110,,,
S2,2,Council,b,B,revenue,200,190,,,
S3,1,Council,c,B,revenue,300,330,CCG,,
S4,2,CCG,d,B,capital,400,400,,DFG,
S5,2,Council,e,A,revenue,500,505,,,aligned
""",
    "payments": """
scheme_id,provider,share_above,share_below,reopens_at,share_beyond,clause
S1,Trust,20,20,10,70,3.1
""",
    "activity": """
scheme_id,planned,actual,price,counted_in
S1,100,105,£1,stays
""",
}
RULES = "rule_id,scope,direction,step,basis,bearer,clause"
WHOLE_POOL = f"""
{RULES},share
W,pool,either,1,fixed,CCG,1,100
"""
"""A sound set of rules, for tests of something else."""


def drafted(tables: dict[str, str], year: str | None = YEAR) -> tuple[Drafts, list[Finding]]:
    """Read tables written as CSV; those not given are small and sound. Give cells' findings too."""
    raw, findings = RawPool("tiny"), list[Finding]()
    for name, text in {**TABLES, **tables}.items():
        heads, *rows = csv.reader(io.StringIO(text.strip()))
        numbers = tuple(range(2, len(rows) + 2))
        raw.tables[name] = RawTable(
            f"{name}.csv", "", tuple(heads), tuple(map(tuple, rows)), numbers
        )
    read = {t.name: draft_table(raw, t, "pounds", findings) for t in INPUT_TABLES}
    known = {name: draft for name, draft in read.items() if draft is not None}
    return Drafts(known, "pounds", year), findings


def found(year: str | None = YEAR, **tables: str) -> list[Finding]:
    """Look through tables written as CSV."""
    drafts, findings = drafted(tables, year)
    return [*findings, *look_through(drafts)]


def codes(year: str | None = YEAR, **tables: str) -> list[str]:
    """Give the codes of what is found."""
    return [finding.code for finding in found(year, **tables)]

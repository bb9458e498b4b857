"""Papers for the tests of the audit, as they would be typed, and what the audit makes of them."""

import csv
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bcf_model.audit.examine import Audit, audit_transcription
from bcf_model.audit.statements import Paper
from bcf_model.audit.transcription import check_transcription
from bcf_model.core.findings import Finding
from bcf_model.core.tables import Transcription

Row = dict[str, str]


def row(code: str, printed: str, *, column: str = "Budget", **more: str) -> Row:
    """Give a row of a transcription: an amount in £000, or a percentage when it has that sign."""
    unit = "percent" if printed.rstrip(")").endswith("%") else "thousands"
    digits = printed.strip("()%").partition(".")[2]
    own = {"published_id": code, "source": f"table 1 row {code}", "label": code, "column": column}
    return own | {"printed": printed, "unit": unit, "decimals": str(len(digits))} | more


def total(code: str, printed: str, sum_of: str, **more: str) -> Row:
    return row(code, printed, sum_of=sum_of, **more)


def rate(code: str, printed: str, percent_of: str, **more: str) -> Row:
    return row(code, printed, percent_of=percent_of, **({"column": "%"} | more))


def write(rows: Iterable[Row], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        names = [meaning.name for meaning in Transcription.fields]
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(*rows: Row) -> tuple[Paper | None, list[Finding]]:
    with tempfile.TemporaryDirectory() as folder:
        paper, findings, _ = check_transcription(write(rows, Path(folder) / "paper.csv"))
    return paper, findings


def audited(*rows: Row) -> Audit:
    paper, findings = read(*rows)
    assert paper is not None, findings
    return audit_transcription(paper)


def explanations(audit: Audit) -> list[list[set[str]]]:
    """Give for each conflict the equally small sets of figures, by their codes."""
    codes = audit.tables["audit_figures"]["published_id"].tolist()
    return [
        [{codes[place] for place in choice} for choice in conflict.choices]
        for conflict in audit.consistency.conflicts
    ]


def must_lie(audit: Audit, code: str) -> tuple[float, float]:
    """Give between which ends the audit says a figure must lie."""
    frame = audit.tables["audit"]
    chosen = frame[(frame["published_id"] == code) & (frame["kind"] == "joint consistency")]
    [(low, high)] = chosen[["lowest", "highest"]].itertuples(index=False)
    return low, high

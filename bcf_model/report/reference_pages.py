"""The pages behind the report: printed figures, workings, inputs, rules, findings, dictionary."""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from bcf_model.findings import as_rows
from bcf_model.report.sheets import Heading, InRow, Number, Row, RuleInForce, Sheet
from bcf_model.results import Results
from bcf_model.tables import INPUT_TABLES, OUTPUT_TABLES, fields, records
from bcf_model.vocabulary import UNIT_LABELS


def published(results: Results) -> Sheet:
    """Each printed number beside the computed one, with what rounding allows."""
    frame = results.outputs["published"]
    rows = [
        Row(
            "line",
            (
                line.published_id,
                line.source,
                line.label,
                line.column,
                line.printed,
                UNIT_LABELS[line.unit],
                *(
                    None if pd.isna(number) else Number(number)
                    for number in (line.computed, line.difference, line.lowest, line.highest)
                ),
                Number(line.rounded_amounts),
                line.verdict,
                line.figure,
            ),
        )
        for line in records(frame)
    ]
    if not rows:
        rows.append(Row("heading", ("No printed figures were given for this pool.",)))
    counts = frame["verdict"].value_counts()
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return Sheet(
        "Published",
        "Printed figures beside the computed ones",
        (
            "All in the printed unit. A computed figure adds up amounts that were themselves "
            "rounded, so the printed one may lie anywhere from lowest to highest: half a unit for "
            "each rounded amount, and half for the printed number.",
            f"{len(frame)} printed numbers: {said}." if rows and len(frame) else "",
            "'Not computed' is a number about something these inputs do not hold; 'not comparable' "
            "is a percentage of a nil or negative budget, a number printed in another unit, or a "
            "share of categories that are shared together with others.",
        ),
        (
            Heading("Ref", width=7),
            Heading("Where", width=24),
            Heading("Label", width=48),
            Heading("Column", width=28),
            Heading("Printed", width=11),
            Heading("Unit", width=7),
            *(
                Heading(text, "number", 12)
                for text in ("Computed", "Difference", "Lowest", "Highest")
            ),
            Heading("Rounded amounts", "number", 10),
            Heading("Verdict", width=17),
            Heading("Figure", width=42),
        ),
        tuple(rows),
        opening=False,
        in_workbook=("As computed when the report was made: this page follows no change.",),
    )


_SHARE_HEADINGS: Final = {
    "pot": Heading("Pot", width=30),
    "scope": Heading("Scope", width=18),
    "rule_id": Heading("Rule id", width=9),
    "basis": Heading("Basis", width=8),
    "direction": Heading("Direction", width=10),
    "step": Heading("Step", "number", 6),
    "position": Heading("Position", "number", 9),
    "bearer": Heading("Bearer", width=14),
    "category": Heading("Category", width=11),
    "kind": Heading("Kind", width=9),
    "variance": Heading("Variance of the pot", "exact", 18),
    "weight": Heading("Weight", "number", 10),
    "cumulative_weight": Heading("Cumulative weight", "number", 12),
    "total_weight": Heading("Total weight", "number", 10),
    "borne": Heading("Borne", "exact", 18),
    "clause": Heading("Clause", width=56),
}


def workings(results: Results) -> Sheet:
    """The risk share's working paper: every pot, its bearers, weights and shares."""
    shares = results.figures.tables["shares"]
    rows = tuple(
        Row(
            "line",
            (*(InRow("shares", column, i) for column in _SHARE_HEADINGS), RuleInForce(i)),
        )
        for i in range(len(shares))
    )
    return Sheet(
        "Workings",
        "Risk share, worked",
        (
            "A pot is what is netted before it is shared. Each bearer in turn bears "
            "ROUND(variance × cumulative weight ÷ total weight) less the same for the bearers "
            "before it: the parts add up to the variance, to the penny.",
        ),
        (*_SHARE_HEADINGS.values(), Heading("Rule", width=18)),
        rows,
        opening=False,
        in_workbook=(
            "Which lines make a pot, and which rule applies to it, is fixed when the report is "
            "made. If a change turns a scope from over to under, the last column says that its "
            "rule is no longer in force, and the check fails: make the report again.",
        ),
    )


_LINE_HEADINGS: Final = {
    "scheme_id": Heading("Scheme id", width=15),
    "theme": Heading("Theme", width=8),
    "organisation": Heading("Organisation", width=13),
    "scheme": Heading("Scheme", width=58),
    "category": Heading("Category", width=11),
    "kind": Heading("Kind", width=9),
    "pooling": Heading("Pooling", width=9),
    "budget": Heading("Budget", "exact", 18),
    "expenditure": Heading("Expenditure", "exact", 18),
    "variance": Heading("Variance", "exact", 18),
    "pot": Heading("Pot", width=34),
    "source": Heading("Source", width=24),
    "note": Heading("Remark", width=40),
}


def lines(results: Results) -> Sheet:
    """The inputs, line by line, in pounds: what every formula of the workbook reads."""
    count = len(results.figures.tables["lines"])
    rows = tuple(
        Row("line", tuple(InRow("lines", column, i) for column in _LINE_HEADINGS))
        for i in range(count)
    )
    return Sheet(
        "Inputs",
        "Inputs, line by line",
        ("What every figure of the report adds up, in pounds.",),
        tuple(_LINE_HEADINGS.values()),
        rows,
        opening=False,
        in_workbook=(
            "Every figure of this workbook, but those of Published, is a formula over this page. "
            "Change an amount here and they follow; Checks will then say that this no longer is "
            "the report as issued. To move a line to another category, make the report again.",
        ),
    )


def rules(results: Results) -> Sheet:
    """The agreement as data: one row per scope, direction, step and bearer."""
    rows = tuple(
        Row(
            "line",
            (
                rule.rule_id,
                rule.scope,
                rule.direction,
                Number(rule.step),
                rule.basis,
                rule.bearer,
                Number(rule.share / 10**6),
                rule.clause,
                rule.source,
                rule.note,
            ),
        )
        for rule in records(results.inputs.rules)
    )
    return Sheet(
        "Rules",
        "The risk share rules in force",
        (
            "As given in rules.csv. Nothing is borne that a row here does not say.",
            "Whether a scope is over or under, and so which of its rows apply, is decided by its "
            "net variance, revenue and capital each by its own; nil counts as over.",
        ),
        (
            Heading("Rule", width=10),
            Heading("Scope", width=22),
            Heading("Direction", width=10),
            Heading("Step", "number", 6),
            Heading("Basis", width=9),
            Heading("Bearer", width=16),
            Heading("Share %", "number", 9),
            Heading("Clause", width=60),
            Heading("Source", width=16),
            Heading("Remark", width=44),
        ),
        rows,
        opening=False,
    )


def findings(results: Results) -> Sheet:
    """What was noticed about the data. Errors stop a report, so these are warnings."""
    rows = [
        Row("line", tuple(str(row[key]) for key in _FINDING_HEADINGS))
        for row in as_rows(results.inputs.findings)
    ]
    if not rows:
        rows.append(Row("heading", ("Nothing was found.",)))
    return Sheet(
        "Findings",
        "Findings about the data",
        ("Warnings only: with an error in the data, nothing is calculated.",),
        tuple(_FINDING_HEADINGS.values()),
        tuple(rows),
    )


_FINDING_HEADINGS: Final = {
    "code": Heading("Code", width=9),
    "severity": Heading("Severity", width=10),
    "file": Heading("File", width=18),
    "row": Heading("Row", width=6),
    "column": Heading("Column", width=14),
    "value": Heading("Found", width=24),
    "expected": Heading("Expected", width=24),
    "meaning": Heading("Meaning", width=36),
    "remedy": Heading("Remedy", width=46),
}


def dictionary() -> Sheet:
    """Every column of every table, in and out."""
    tables: Iterable[tuple[str, str, type]] = [
        *((f"{table.name}.csv", "in", table.model) for table in INPUT_TABLES),
        *((f"tables/{name}.csv", "out", model) for name, model in OUTPUT_TABLES.items()),
    ]
    rows = tuple(
        Row(
            "line",
            (
                file,
                way,
                meaning.name,
                meaning.form,
                meaning.meaning,
                ", ".join(meaning.words or ()),
            ),
        )
        for file, way, model in tables
        for meaning in fields(model)
    )
    return Sheet(
        "Data dictionary",
        "Data dictionary",
        ("Every column of every table that goes in or comes out. Money comes out in pounds.",),
        (
            Heading("Table", width=40),
            Heading("In or out", width=10),
            Heading("Column", width=20),
            Heading("Form", width=10),
            Heading("Meaning", width=60),
            Heading("Words allowed", width=36),
        ),
        rows,
        opening=False,
    )

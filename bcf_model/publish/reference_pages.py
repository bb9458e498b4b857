"""The pages behind the report: printed figures, inputs, findings, dictionary."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from bcf_model.core.findings import as_rows, grouped
from bcf_model.core.tables import INPUT_TABLES, OF_INDICATORS, WRITTEN_IN, Table, records
from bcf_model.core.words import NONE, NOT_COMPUTED, NOT_STATED, PRINTED_UNITS
from bcf_model.publish.page import Heading, Money, Number, Row, Sheet, columns, heads
from bcf_model.publish.table_pages import rows_of, without
from bcf_model.publish.terminal import the_rest
from bcf_model.year.results import Results


def published(results: Results) -> Sheet:
    """Each printed number beside the computed one, with what rounding allows.

    What is not computed has nothing beside it: it is counted here, and stands in the table.
    """
    frame = results.outputs["published"]
    rows = []
    for line in records(frame[frame["verdict"] != NOT_COMPUTED]):
        named = (line.published_id, line.source, line.label, line.column, line.printed)
        numbers = (line.computed, line.difference, line.lowest, line.highest)
        compared = (None if pd.isna(it) else Number(it) for it in numbers)
        counted = (Number(line.rounded_amounts), line.verdict, line.figure)
        rows.append(Row("line", (*named, PRINTED_UNITS[line.unit], *compared, *counted)))
    if not rows:
        none = (
            "None of the printed figures is computed here."
            if len(frame)
            else ("No printed figures were given for this pool.")
        )
        rows.append(Row("heading", (none,)))
    counts = frame["verdict"].value_counts()
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
    return Sheet(
        "Published",
        "Printed figures beside the computed ones",
        (
            "All in the printed unit. A computed figure adds up amounts that were themselves "
            "rounded, so the printed one may lie anywhere from lowest to highest: half a unit for "
            "each rounded amount, and half for the printed number.",
            f"{len(frame)} printed numbers: {said}." if len(frame) else "",
            "'Opposite sign' is a number that would agree, or lie within rounding, with the sign "
            "turned: the paper takes away the other way round.",
            "'Not computed' is a number about something these inputs do not hold, as of another "
            "paper: it is in published.csv and not here. 'Not comparable' is a percentage of a nil "
            "or negative budget, a number printed in another unit, or a share of categories that "
            "are shared together with others.",
        ),
        (
            *heads(ref=7, where=24, label=46, column=26, printed=11, unit=7),
            *(
                Heading(text, "number", 12)
                for text in ("Computed", "Difference", "Lowest", "Highest")
            ),
            Heading("Rounded amounts", "number", 10),
            *heads(verdict=17, figure=36),
        ),
        tuple(rows),
        opening=False,
        in_workbook=("As computed when the report was made: this page follows no change.",),
    )


_LINE_HEADINGS: Final = (
    columns(scheme_id=15, scheme=58, theme=9, organisation=15, category=11, kind=9, pooling=9)
    | columns(lead=9, terms=12, grant=10, transfer_to=12)
    | columns("exact", budget=18, given=(18, "Expenditure as given"))
    | columns("exact", unpaid=(18, "Unpaid activity"), expenditure=18, variance=18)
    | columns("exact", attributed=(18, "Attributed to a cause"))
    | columns("exact", unattributed=(18, "Not attributed"))
    | columns(pot=34, source=24, note=(40, "Remark"))
)


def lines(results: Results) -> Sheet:
    """The inputs, line by line, in pounds: what every formula of the workbook reads."""
    frame = results.figures.tables["lines"]
    idle = {
        "lead": (frame["lead"].astype("str") == frame["organisation"].astype("str")).all(),
        "terms": (frame["terms"] == NOT_STATED).all(),
        "grant": (frame["grant"] == NONE).all(),
        "transfer_to": (frame["transfer_to"] == "").all(),
        **dict.fromkeys(("given", "unpaid"), results.inputs.payments.empty),
        **dict.fromkeys(("attributed", "unattributed"), results.inputs.causes.empty),
    }
    stated = " and the stated budgets" if len(results.figures.tables.get("budgets", ())) else ""
    headings = without(_LINE_HEADINGS, idle)
    return Sheet(
        "Inputs",
        "Inputs, line by line",
        ("What every figure of the report adds up, in pounds.",),
        tuple(headings.values()),
        rows_of(results, "lines", headings),
        opening=False,
        naming=2,
        in_workbook=(
            "Every figure of this workbook, but those of Published"
            f"{stated}, is a formula over this page. "
            "Change an amount here and they follow; Checks will then say that this no longer is "
            "the report as issued. To move a line to another category, make the report again.",
        ),
    )


def findings(results: Results) -> Sheet:
    """What was noticed about the data. Errors stop a report, so these are warnings and notes.

    Of one kind at most `MOST_OF_A_KIND` are shown, shared among the columns they are about, and
    of each column how many there are.
    """
    rows = []
    groups = grouped(results.inputs.findings)
    columns = Counter(group[0].code for group in groups)
    for group in groups:
        most = max(1, MOST_OF_A_KIND // columns[group[0].code])
        rows += [
            Row("line", tuple(str({**row, "file": _sheet_of(row)}[k]) for k in _FINDING_HEADINGS))
            for row in as_rows(group[:most])
        ]
        if len(group) > most:
            more = f"{the_rest(group, most)}; all are in tables/findings.csv"
            rows.append(Row("heading", (more,)))
    if not rows:
        rows.append(Row("heading", ("Nothing was found.",)))
    return Sheet(
        "Findings",
        "Findings about the data",
        ("Warnings and notes: with an error in the data, nothing is calculated.",),
        tuple(_FINDING_HEADINGS.values()),
        tuple(rows),
    )


MOST_OF_A_KIND: Final = 50
"""Findings of one kind that are shown on the page."""


def _sheet_of(row: Mapping[str, str | int]) -> str:
    """Name the file of a finding and, in a workbook, its sheet and cell."""
    parts = (row["file"], row["sheet"] and f"sheet {row['sheet']}", row["cell"])
    return ", ".join(str(part) for part in parts if part)


_FINDING_HEADINGS: Final = columns(
    code=9, severity=10, file=18, row=6, column=14, value=(24, "Found"), expected=24
) | columns(meaning=36, remedy=46)


def dictionary(results: Results) -> Sheet:
    """Every column of every table, in and out; of indicators where the pool has any."""
    tables: Iterable[tuple[str, str, Table]] = [
        *(
            (f"{table.name}.csv", "in", table.model)
            for table in INPUT_TABLES
            if table.name not in (*OF_INDICATORS, "volumes", "perimeters", "quantities", "actuals")
            or len(getattr(results.inputs, table.name))
        ),
        *((f"tables/{name}.csv", "out", model) for name, model in results.models.items()),
    ]
    rows = []
    for file, way, model in tables:
        for it in model.fields:
            form = it.form if way == "in" else WRITTEN_IN[it.form]
            cells = (file, way, it.name, form, it.meaning, ", ".join(it.words or ()))
            rows.append(Row("line", cells))
    return Sheet(
        "Data dictionary",
        "Data dictionary",
        (
            "Every column of every table that goes in or comes out. What comes out is in the unit "
            "named: pounds, percent (80 for 80%) or a number; a weight counts only against others.",
        ),
        (
            *heads(table=40, in_or_out=10, column=20, form_or_unit=(14, "Form, or unit")),
            *heads(meaning=60, words_allowed=36),
        ),
        tuple(rows),
        opening=False,
    )


def checks(results: Results) -> Sheet:
    """The identities that were found to hold, as a page."""
    rows = tuple(
        Row("line", (said, *map(Money, amounts)))
        for said, *amounts in records(results.outputs["checks"])
    )
    return Sheet(
        "Checks",
        "Checks",
        (
            f"All {len(rows)} checks hold: each pair of amounts is equal to the penny.",
            "A report is written only if every one of them holds.",
        ),
        (
            Heading("What must be equal", width=60),
            *(Heading(text, "exact", 18) for text in ("Expected", "Found", "Difference")),
        ),
        rows,
        opening=False,
    )

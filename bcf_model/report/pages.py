"""The pages of the report, in the order they are read."""

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from bcf_model.figures import MEASURES, Figure
from bcf_model.findings import as_rows
from bcf_model.report.sheets import (
    BlankBecause,
    Cell,
    Heading,
    InRow,
    Number,
    Row,
    RuleInForce,
    Sheet,
    Style,
)
from bcf_model.results import Results
from bcf_model.tables import INPUT_TABLES, OUTPUT_TABLES, fields, records
from bcf_model.vocabulary import KINDS, NOT_STATED, UNIT_LABELS

MONEY: Final = ("budget", "expenditure", "variance")
VARIANCE_COLUMNS: Final = (*MONEY, "variance_percent")


def sheets(results: Results) -> tuple[Sheet, ...]:
    """Lay out the whole report, in the order it is read."""
    return (
        summary(results),
        by_theme_and_organisation(results),
        risk_share(results),
        revenue_and_capital(results),
        memo(results),
        largest(results),
        published(results),
        workings(results),
        lines(results),
        rules(results),
        findings(results),
        dictionary(),
    )


def _money_headings(width: int = 13) -> tuple[Heading, ...]:
    return (
        *(Heading(MEASURES[m].label, "money", width) for m in MONEY),
        Heading("Variance %", "rate", 11),
    )


def _figures(**selected: str) -> tuple[Figure, ...]:
    return tuple(Figure.of(measure, **selected) for measure in VARIANCE_COLUMNS)


def _because(**selected: str) -> BlankBecause:
    return BlankBecause(Figure.of("budget", **selected))


def organisation_names(results: Results) -> dict[str, str]:
    """Give each partner's full name by its code."""
    frame = results.inputs.organisations
    return dict(zip(frame["organisation"], frame["name"], strict=True))


def theme_names(results: Results) -> dict[str, str]:
    """Give each theme's code and name, as printed, by its code."""
    frame = results.inputs.themes
    return {
        code: f"{code} {name}" for code, name in zip(frame["theme"], frame["name"], strict=True)
    }


def summary(results: Results) -> Sheet:
    """The headline: every theme, and the position of every organisation."""
    rows = [Row("group", ("By theme",))]
    for code, name in theme_names(results).items():
        rows.append(Row("line", (name, *_figures(theme=code), None, _because(theme=code))))
    rows.append(Row("total", ("Total of the pool", *_figures(), None, _because())))
    rows.append(Row("group", ("By organisation",)))
    for code, name in organisation_names(results).items():
        borne = Figure.of("borne", bearer=code)
        own = _figures(organisation=code)
        rows.append(Row("line", (name, *own, borne, _because(organisation=code))))
    rows.append(Row("total", ("All organisations", *_figures(), Figure.of("borne"), _because())))
    return Sheet(
        "Summary",
        "Year-end position",
        (
            "Variance is expenditure − budget: positive is an overspend.",
            "Borne is what each organisation, over all themes, bears of it under the agreement.",
        ),
        (
            Heading("Position", width=48),
            *_money_headings(),
            Heading("Borne", "money", 13),
            Heading("Note", width=24),
        ),
        tuple(rows),
    )


def by_theme_and_organisation(results: Results) -> Sheet:
    """The paper's table: every line by theme and organisation, with subtotals and totals."""
    frame = results.outputs["variance"]
    source = dict(
        zip(results.inputs.schemes["scheme_id"], results.inputs.schemes["source"], strict=True)
    )
    organisations = organisation_names(results)
    rows: list[Row] = []
    for theme, theme_name in theme_names(results).items():
        rows.append(Row("group", (theme_name,)))
        for organisation, name in organisations.items():
            chosen = frame[(frame["theme"] == theme) & (frame["organisation"] == organisation)]
            if chosen.empty:
                rows.append(Row("heading", (f"{name}: no scheme in the pool",)))
                continue
            rows.append(Row("heading", (name,)))
            for line in records(chosen):
                rows.append(
                    Row(
                        "line",
                        (
                            line.scheme,
                            line.scheme_id,
                            line.category,
                            *_figures(scheme=line.scheme_id),
                            _because(scheme=line.scheme_id),
                            source[line.scheme_id],
                        ),
                    )
                )
            own = {"theme": theme, "organisation": organisation}
            cells: tuple[Cell, ...] = (
                f"Sub total, {name}",
                None,
                None,
                *_figures(**own),
                _because(**own),
            )
            rows.append(Row("subtotal", cells))
        cells = (f"Theme {theme} total", None, None, *_figures(theme=theme), _because(theme=theme))
        rows.append(Row("total", cells))
    rows.append(Row("total", ("Total of the pool", None, None, *_figures(), _because())))
    return Sheet(
        "Variance",
        "Budget, expenditure and variance by theme and organisation",
        (),
        (
            Heading("Scheme", width=58),
            Heading("Scheme id", width=13),
            Heading("Category", width=10),
            *_money_headings(),
            Heading("Note", width=24),
            Heading("Source", width=24),
        ),
        tuple(rows),
        in_workbook=("Lines, subtotals and totals are formulas over the Inputs page.",),
    )


def risk_share(results: Results) -> Sheet:
    """The risk share summary: own lines and what is borne, by category group and organisation."""
    names = organisation_names(results)
    said = dict(
        zip(results.inputs.categories["category"], results.inputs.categories["name"], strict=True)
    )
    said[NOT_STATED] = "nothing is borne through it"
    frame = results.outputs["risk_share_summary"]
    rows: list[Row] = []
    for group in results.groups:
        own = frame[frame["category_group"] == group]
        meaning = "; ".join(said[code] for code in group.split("+"))
        shown = "Category not stated" if group == NOT_STATED else group.replace("+", " + ")
        rows.append(Row("group", (f"{shown}: {meaning}",)))
        for code in own["organisation"]:
            selected = {"category": group, "organisation": code}
            borne = Figure.of("borne", category=group, bearer=code)
            cells: tuple[Cell, ...] = (
                names[code],
                *_figures(**selected),
                borne,
                _because(**selected),
            )
            rows.append(Row("line", cells))
    rows.append(Row("group", ("Summary",)))
    for code, name in names.items():
        borne = Figure.of("borne", bearer=code)
        cells = (name, *_figures(organisation=code), borne, _because(organisation=code))
        rows.append(Row("subtotal", cells))
    rows.append(Row("total", ("Total of the pool", *_figures(), Figure.of("borne"), _because())))
    return Sheet(
        "Risk share",
        "Risk share summary",
        (
            "Budget, expenditure and variance are those of the organisation's own budget lines; "
            "borne is its part of the variance under the agreement (see Rules and Workings).",
        ),
        (
            Heading("Category and organisation", width=58),
            *_money_headings(),
            Heading("Borne", "money", 13),
            Heading("Note", width=24),
        ),
        tuple(rows),
    )


def revenue_and_capital(results: Results) -> Sheet:
    """Both positions and the combined one: an underspend on capital offsets no revenue."""
    names = organisation_names(results)
    frame = results.outputs["revenue_capital"]
    rows: list[Row] = []
    for kind in KINDS:
        own = frame[frame["kind"] == kind]
        if own.empty:
            continue
        rows.append(Row("group", (kind.capitalize(),)))
        for code in own["organisation"]:
            selected = {"kind": kind, "organisation": code}
            borne = Figure.of("borne", kind=kind, bearer=code)
            cells: tuple[Cell, ...] = (
                names[code],
                *_figures(**selected),
                borne,
                _because(**selected),
            )
            rows.append(Row("line", cells))
        borne = Figure.of("borne", kind=kind)
        cells = (f"{kind.capitalize()} position", *_figures(kind=kind), borne, _because(kind=kind))
        rows.append(Row("subtotal", cells))
    rows.append(Row("total", ("Combined position", *_figures(), Figure.of("borne"), _because())))
    return Sheet(
        "Revenue and capital",
        "Revenue and capital, kept apart",
        (
            "An underspend on a capital grant does not offset an overspend on revenue: they are "
            "never netted before they are shared. The combined position is for information.",
        ),
        (
            Heading("Kind and organisation", width=48),
            *_money_headings(),
            Heading("Borne", "money", 13),
            Heading("Note", width=24),
        ),
        tuple(rows),
    )


def memo(results: Results) -> Sheet:
    """Aligned budgets, outside the pool; beside the pool's own for each theme they belong to."""
    names, themes = organisation_names(results), theme_names(results)
    frame = results.outputs["memo"]
    rows: list[Row] = []
    for theme, of_theme in frame.groupby("theme", sort=False):
        code = str(theme)
        rows.append(Row("group", (themes[code],)))
        for line in records(of_theme):
            selected = {"scheme": line.scheme_id, "pooling": "aligned"}
            cells: tuple[Cell, ...] = (
                f"{line.scheme} ({names[line.organisation]})",
                *_figures(**selected),
                _because(**selected),
            )
            rows.append(Row("line", cells))
        sums: tuple[tuple[str, str, Style], ...] = (
            ("Aligned, outside the pool", "aligned", "subtotal"),
            ("In the pool", "pooled", "subtotal"),
            ("Both together", "pooled+aligned", "total"),
        )
        for said, pooling, style in sums:
            selected = {"theme": code, "pooling": pooling}
            rows.append(Row(style, (said, *_figures(**selected), _because(**selected))))
    if frame.empty:
        rows.append(Row("heading", ("No budget is aligned to this pool.",)))
    return Sheet(
        "Memo",
        "Memo: aligned budgets, outside the pool",
        ("These lines are no part of the pool: they enter no total and no risk share.",),
        (Heading("Budget line", width=58), *_money_headings(), Heading("Note", width=24)),
        tuple(rows),
    )


def largest(results: Results) -> Sheet:
    """Variances over the thresholds, largest first, each with its reason or the lack of one."""
    limits = results.inputs.settings.commentary
    names = organisation_names(results)

    def explained(line: Any) -> Row:
        pooling = {} if line.pooling == "pooled" else {"pooling": line.pooling}
        figures = _figures(scheme=line.scheme_id, **pooling)
        reason = line.reason or "No reason given"
        holder = names[line.organisation]
        return Row("line", (line.scheme, line.scheme_id, holder, *figures, reason, line.owner))

    rows = [explained(line) for line in records(results.commentary)]
    without = int((results.commentary["reason"] == "").sum())
    if not rows:
        rows.append(Row("heading", ("No variance is above the thresholds.",)))
    if len(results.volunteered):
        rows.append(Row("group", ("Reasons given for other lines",)))
        rows += [explained(line) for line in records(results.volunteered)]
    return Sheet(
        "Largest variances",
        "Largest variances and their reasons",
        (
            f"Lines more than £{limits.over_pounds:,} and more than {limits.over_percent:g}% over "
            "or under budget; where the budget is nil or negative, pounds alone decide.",
            f"{len(results.commentary)} lines; {without} of them without a reason.",
        ),
        (
            Heading("Scheme", width=40),
            Heading("Scheme id", width=13),
            Heading("Budget holder", width=24),
            *_money_headings(),
            Heading("Reason", width=44),
            Heading("Given by", width=16),
        ),
        tuple(rows),
    )


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

"""A pool, looked through in one pass: typed inputs, and everything wrong with it.

`CHECKS` is the list of what is looked at once the cells are read; to add one, add a function to
the module of `checks` it belongs to, and name it there. Of the rules it sees those in force;
`CHECKS_OF_ROWS` see all rows that were written. Nothing here changes a value: what is in doubt is
a finding.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from bcf_model.checks import (
    actuals,
    amounts,
    bands,
    budgets,
    call_rows,
    codes,
    commentary,
    contributions,
    coverage,
    figure_references,
    headings_among_lines,
    indicators,
    limits,
    not_stated,
    plausibility,
    quantities,
    ring_fence,
    rules,
    rules_in_force,
    totals_among_lines,
    year_facts,
    year_parts,
)
from bcf_model.checks import basis as position
from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import Check, Finding, Place, has_errors, run_checks
from bcf_model.core.settings import Settings
from bcf_model.core.stated_amounts import AMOUNTS, completed
from bcf_model.core.tables import (
    AGREEMENT_TABLES,
    FOR_PLANS,
    FOR_SCENARIOS,
    INPUT_TABLES,
    WITH_THE_RULES,
    Agreement,
    Inputs,
    Places,
    SourceFile,
    Table,
    frame_of,
)
from bcf_model.intake.drafts import (
    Draft,
    Drafts,
    draft_table,
    read_agreement_settings,
    read_settings,
    unit_of,
    year_of,
)
from bcf_model.intake.folder import read_agreement, read_beside, read_pool
from bcf_model.intake.plain_form import Names
from bcf_model.intake.raw_table import RawPool

PoolCheck = Check[Drafts]

CHECKS_OF_ROWS: Final[tuple[PoolCheck, ...]] = (
    codes.unique_codes,
    codes.bearers_apart,
    codes.reserved_codes,
    codes.plain_words,
    codes.references,
    codes.kinds_of_organisation,
    codes.same_line_twice,
    codes.whole_numbers_in_reach,
    limits.limit_rules,
    year_parts.parts_make_the_year,
)

CHECKS: Final[tuple[PoolCheck, ...]] = (
    codes.unused,
    amounts.negative_budgets,
    amounts.amounts_in_reach,
    amounts.not_stated_nil,
    amounts.something_pooled,
    actuals.of_the_pool,
    actuals.taken_once,
    actuals.stated_once,
    not_stated.blanks,
    not_stated.amounts_stated,
    not_stated.holders,
    not_stated.prevention,
    not_stated.budgets,
    plausibility.units_of_rows,
    totals_among_lines.totals_among_budgets,
    year_facts.facts_of_the_pool,
    year_facts.causes_attributed,
    year_facts.causes_within_variance,
    year_facts.reserves_sound,
    year_facts.plans_above_nil,
    year_facts.payments_and_activity,
    year_facts.activity_in_reach,
    year_facts.activity_reopens,
    year_facts.at_full_price,
    year_facts.transfers_to_another,
    commentary.of_these_amounts,
    contributions.contributions_sound,
    budgets.versions,
    budgets.schemes,
    rules.rule_bearers,
    rules.words_in_use,
    limits.limit_bearers,
    year_parts.parts_come_to_the_line,
    figure_references.figures,
    figure_references.scopes,
    figure_references.printed_numbers,
    quantities.perimeters,
    quantities.worked,
    indicators.numbers,
    indicators.stated_once,
    indicators.contradictions,
    indicators.signs,
    indicators.denominators,
    indicators.definitions,
    indicators.bases,
    indicators.volumes,
    indicators.quotients,
    indicators.statuses,
    indicators.within_reach,
    indicators.targets,
    indicators.complete,
    plausibility.something_entered,
    year_parts.facts_of_parts,
    amounts.control_totals,
)

CHECKS_OF_SCOPES: Final[tuple[PoolCheck, ...]] = (
    call_rows.rule_shares,
    call_rows.bearers_once,
    call_rows.rows_agree,
    call_rows.rule_directions,
    bands.rule_bands,
    bands.rule_steps,
    bands.rule_offsets,
    limits.limit_covers,
    contributions.rule_measures,
)
"""What is looked at of each scope: in each part of the year, or over all of it if none changes."""

CHECKS_OF_RULES: Final[tuple[PoolCheck, ...]] = (
    limits.limits_apart,
    coverage.rule_coverage,
    coverage.transfers_shared,
    ring_fence.reserves_keep_apart,
)
"""What is looked at of all rules that are in force together: in each part of the year."""

CHECKS_OF_SUMS: Final[tuple[PoolCheck, ...]] = (
    totals_among_lines.totals_among_lines,
    contributions.come_to_budgets,
)
"""What is looked at of what the lines come to."""

CHECKS_OF_SETTINGS: Final[tuple[PoolCheck, ...]] = (
    budgets.named,
    position.stated,
    not_stated.left_out,
)
"""What is looked at of what the settings name."""


def load(path: str | Path, agreement: str | Path | None = None) -> Inputs:
    """Load a pool that must be sound.

    Args:
        path: a folder of CSV files or an .xlsx workbook.
        agreement: one to try instead of the pool's own: a rules table as CSV, or a folder holding
            `rules.csv` and any other table of an agreement.

    Raises:
        DataHasErrors: with every finding; nothing can be calculated from such data.
    """
    inputs, findings = check_pool(path, agreement)
    if inputs is None:
        raise DataHasErrors(findings)
    return inputs


def check_pool(
    path: str | Path, agreement: str | Path | None = None
) -> tuple[Inputs | None, list[Finding]]:
    """Check a pool.

    Args:
        path: a folder of CSV files or an .xlsx workbook.
        agreement: one to try instead of the pool's own, as for `load`. Its tables stand in place
            of the pool's.

    Returns:
        The typed inputs, or None when there is an error; and every finding, in the order of the
        files and rows.
    """
    tried = None
    if agreement is not None:
        tried = read_agreement(Path(agreement), Path(path), AGREEMENT_TABLES)
    names = [table.name for table in INPUT_TABLES]
    raw = read_pool(Path(path), names, tried, FOR_PLANS, WITH_THE_RULES, FOR_SCENARIOS)
    findings = list(raw.findings)
    if any(f.code == "BCF001" for f in findings):
        return None, findings
    settings = read_settings(raw, findings)
    said = read_agreement_settings(raw.agreement, findings)
    unit = unit_of(raw)
    lines, headings = headings_among_lines.set_aside(raw.tables.get("schemes"))
    findings += headings
    lines, totals = totals_among_lines.set_aside(lines, unit)
    if lines is not None:
        raw.tables["schemes"] = lines
    reasons, unfilled = commentary.set_aside(raw.tables.get("commentary"))
    findings += unfilled
    if reasons is not None:
        raw.tables["commentary"] = reasons
    tables: dict[str, Draft] = {}
    called = Names.of(raw.tables)
    for table in INPUT_TABLES:
        draft = draft_table(raw, table, unit, findings, called)
        if draft is not None:
            tables[table.name] = draft
    stood = Place(raw.settings_file, sheet=raw.settings_sheet)
    drafts = Drafts(tables, unit, year_of(raw), settings, stood, aside=totals)
    brought = () if raw.agreement is None else raw.agreement.tables
    drafts, of_ledgers = actuals.with_actuals(amounts.totals_that_stand(drafts, brought))
    settings, findings = drafts.settings, findings + of_ledgers
    drafts = not_stated.without_blanks(drafts)
    findings += [*look_through(drafts), *run_checks(CHECKS_OF_SUMS, drafts)]
    findings = _without_used(findings, Path(path), called)
    findings += run_checks(CHECKS_OF_SETTINGS, drafts)
    findings = raw.addressed(_without_echoes(findings))
    findings.sort(key=lambda f: (f.file != raw.settings_file, f.file, f.sheet, f.row))
    if has_errors(findings) or settings is None:
        return None, findings
    return _inputs(raw, settings, said, drafts, findings), findings


def look_through(drafts: Drafts) -> Iterator[Finding]:
    """Return what the checks find; of rules that are not in force only that they are not."""
    yield from run_checks(CHECKS_OF_ROWS, drafts)
    dated = replace(drafts, parts=year_parts.stated_parts(drafts))
    yield from rules_in_force.rule_dates(dated)
    in_force = rules_in_force.in_force(dated)
    yield from run_checks(CHECKS, in_force)
    for checks, apart in ((CHECKS_OF_SCOPES, True), (CHECKS_OF_RULES, False)):
        views = year_parts.views(in_force, apart=apart)
        yield from year_parts.together(
            {part: [*run_checks(checks, view)] for part, view in views.items()}
        )


def _without_used(findings: list[Finding], path: Path, names: Names) -> list[Finding]:
    """Leave out the codes that seem unused, and are named by a plan, a scenario or an agreement."""
    if all(f.code != "BCF307" for f in findings):
        return findings
    tables = read_beside(path, FOR_PLANS, (*AGREEMENT_TABLES, *FOR_SCENARIOS))
    return [f for f in findings if f.code != "BCF307" or not codes.used_beside(f, tables, names)]


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Leave out the warnings about a cell that has an error: they only repeat it."""

    def cell(finding: Finding) -> tuple[str, str, int, str]:
        return finding.file, finding.sheet, finding.row, finding.column

    wrong = {cell(f) for f in findings if f.severity == "error" and f.row}
    return [f for f in findings if f.severity == "error" or cell(f) not in wrong]


def _inputs(
    raw: RawPool,
    settings: Settings,
    agreement: Agreement,
    drafts: Drafts,
    findings: list[Finding],
) -> Inputs:
    frames = {table.name: _frame(drafts[table.name], table.model) for table in INPUT_TABLES}
    known, steps = completed(
        dict(frames["schemes"]), {name: _steps(drafts["schemes"], name) for name in AMOUNTS}
    )
    frames["schemes"] = frames["schemes"].assign(**known)
    steps.index = pd.Index(frames["schemes"]["scheme_id"])
    return Inputs(
        name=raw.name,
        settings=settings,
        steps=steps,
        budget_steps=tuple(_steps(drafts["budgets"], "amount")),
        control_steps=tuple(_steps(drafts["control_totals"], "amount")),
        files=_source_files(raw, drafts),
        places={
            n: Places(d.file, d.sheet, d.numbers, raw.letters(n))
            for n, d in drafts.items()
            if d.file
        },
        agreement=agreement,
        findings=tuple(findings),
        **frames,
    )


def _frame(draft: Draft, table: Table) -> pd.DataFrame:
    """Return a table as described."""
    if not draft.numbers:
        return table.without_rows()
    types = table.types
    return frame_of({name: _held(draft.cells[name], kind) for name, kind in types.items()}, types)


def _held(cells: list[Any], kind: str) -> list[Any]:
    """Return the values of a column; an amount that is not stated is nil, or blank."""
    unstated, held = ("", None) if kind == "Int64" else (None, 0)
    return [held if cell == unstated else cell for cell in cells]


def _steps(draft: Draft, column: str) -> list[int]:
    """Return the step in which each amount of a column is written; nil: it is not stated."""
    return draft.steps.get(column) or [0] * len(draft.numbers)


def _source_files(raw: RawPool, drafts: Drafts) -> tuple[SourceFile, ...]:
    rows: dict[str, int] = defaultdict(int)
    for draft in drafts.values():
        rows[draft.file] += len(draft.numbers)
    return tuple(
        SourceFile(name, raw.hashes[name], rows[name], raw.data[name])
        for name in sorted(raw.hashes)
    )

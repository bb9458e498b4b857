"""A pool, looked through in one pass: typed inputs, and everything wrong with it.

`CHECKS` is the list of what is looked at once the cells are read; to add a rule, add a function to
the module of `checks` it belongs to, and name it there. Nothing here changes a value: what is in
doubt is a finding.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from bcf_model.checks import amounts, codes, named, rules
from bcf_model.drafts import Draft, Drafts, draft_table, read_settings, unit_of
from bcf_model.errors import DataHasErrors
from bcf_model.findings import Finding, has_errors
from bcf_model.money import read_money
from bcf_model.raw import RawPool
from bcf_model.read import read_pool
from bcf_model.settings import Settings
from bcf_model.tables import INPUT_TABLES, Inputs, SourceFile

CHECKS: Final[tuple[Callable[[Drafts], Iterator[Finding]], ...]] = (
    codes.unique_codes,
    codes.reserved_codes,
    codes.plain_words,
    codes.references,
    codes.unused,
    codes.same_line_twice,
    codes.whole_numbers_in_reach,
    amounts.negative_budgets,
    amounts.amounts_in_reach,
    amounts.not_stated_nil,
    amounts.something_pooled,
    rules.rule_bearers,
    rules.rule_shares,
    rules.rule_bases,
    rules.rule_directions,
    rules.rule_coverage,
    named.figures,
    named.printed_numbers,
)


def load(path: str | Path) -> Inputs:
    """Load a pool that must be sound.

    Args:
        path: a folder of CSV files or an .xlsx workbook.

    Raises:
        DataHasErrors: with every finding; nothing can be calculated from such data.
    """
    inputs, findings = check_pool(path)
    if inputs is None:
        raise DataHasErrors(findings)
    return inputs


def check_pool(path: str | Path) -> tuple[Inputs | None, list[Finding]]:
    """Check a pool.

    Args:
        path: a folder of CSV files or an .xlsx workbook.

    Returns:
        The typed inputs, or None when there is an error; and every finding, in the order of the
        files and rows.
    """
    raw = read_pool(Path(path), [table.name for table in INPUT_TABLES])
    findings = list(raw.findings)
    if any(f.code == "BCF001" for f in findings):
        return None, findings
    settings = read_settings(raw, findings)
    unit = unit_of(raw)
    drafts: dict[str, Draft] = {}
    for table in INPUT_TABLES:
        draft = draft_table(raw, table, unit, findings)
        if draft is not None:
            drafts[table.name] = draft
    for looked_at in CHECKS:
        findings.extend(looked_at(drafts))
    if unit:
        findings.extend(amounts.control_totals(drafts, unit))
    findings = _without_echoes(findings)
    findings.sort(key=lambda f: (f.file != raw.settings_file, f.file, f.sheet, f.row))
    if has_errors(findings) or settings is None:
        return None, findings
    return _inputs(raw, settings, drafts, findings), findings


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Leave out the warnings about a cell that has an error: they only repeat it."""

    def cell(finding: Finding) -> tuple[str, str, int, str]:
        return finding.file, finding.sheet, finding.row, finding.column

    wrong = {cell(f) for f in findings if f.severity == "error" and f.row}
    return [f for f in findings if f.severity == "error" or cell(f) not in wrong]


def _inputs(raw: RawPool, settings: Settings, drafts: Drafts, findings: list[Finding]) -> Inputs:
    frames = {}
    for table in INPUT_TABLES:
        frame = pd.DataFrame(
            {
                name: pd.Series(drafts[table.name].cells[name], dtype=_dtype(column.dtype))
                for name, column in table.model.to_schema().columns.items()
            }
        )
        frames[table.name] = table.model.validate(frame)
    return Inputs(
        name=raw.name,
        settings=settings,
        steps=_steps(drafts["schemes"], settings.unit),
        files=_source_files(raw, drafts),
        findings=tuple(findings),
        **frames,
    )


def _steps(schemes: Draft, unit: str) -> pd.DataFrame:
    """Give the step in which each amount of each line is written."""
    typed = {
        name: [read_money(text, unit).step for text in schemes.texts[name]]
        for name in ("budget", "expenditure")
    }
    return pd.DataFrame(typed, index=schemes.cells["scheme_id"]).astype("int64")


def _dtype(column_type: Any) -> str:
    return "int64" if str(column_type) == "int64" else "str"


def _source_files(raw: RawPool, drafts: Drafts) -> tuple[SourceFile, ...]:
    rows: dict[str, int] = defaultdict(int)
    for draft in drafts.values():
        rows[draft.file] += len(draft.numbers)
    return tuple(SourceFile(name, raw.hashes[name], rows[name]) for name in sorted(raw.hashes))

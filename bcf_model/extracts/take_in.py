"""An extract, taken in: from its file to its plan, and to its lines once that is confirmed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from bcf_model.core.findings import Finding, has_errors
from bcf_model.core.whole_pool import SETTINGS
from bcf_model.core.words import UNITS
from bcf_model.extracts.amounts import PARTS, pounds
from bcf_model.extracts.answers import QUESTIONS, quoted
from bcf_model.extracts.lines import Lines
from bcf_model.extracts.measure import spent_in
from bcf_model.extracts.plan import SURE, Plan, lines_of, make_plan
from bcf_model.extracts.saved import ACCEPT, CHANGED, answers_in, changes, find_again
from bcf_model.intake.extract_file import Extract, Grid, read_file, read_ledgers
from bcf_model.intake.headings import LOOKED_AT, known_of
from bcf_model.intake.raw_table import plain_name


def plan_file(
    path: Path, given: Mapping[str, str], pool: Path | None = None, name: str = ""
) -> tuple[Plan, str]:
    """Make the plan of a file, with the answers a pool keeps for it.

    Args:
        path: of the file.
        given: answers, which stand before those kept.
        pool: the pool's folder, where there is one.
        name: of the ledger; "" to find it by the headings.

    Returns:
        The plan, and the name of the ledger it is known as; "" where it is not known.
    """
    extract = read_file(path)
    plan = make_plan(extract, given)
    if pool is None:
        return plan, ""
    ledgers, findings = read_ledgers(pool)
    if findings:
        return replace(plan, findings=(*plan.findings, *findings)), ""
    known = [name] if name in ledgers else []
    if not name:
        known = find_again(ledgers, extract.file, plan.tables)
    if len(known) > 1:
        value = f"the headings of {' and of '.join(known)}"
        found = Finding("BCF908", extract.file, value=value, expected="those of one, named by --as")
        return replace(plan, findings=(*plan.findings, found)), ""
    if not known:
        return plan, ""
    saved = ledgers[known[0]]
    plan = make_plan(extract, {**answers_in(saved), **given})
    found_changes = changes(saved, plan, known[0])
    if found_changes and plan.answers.choose(CHANGED, (ACCEPT,)):
        said = "; ".join(it.value for it in found_changes)
        return replace(plan, accepted=said), known[0]
    return replace(plan, findings=(*plan.findings, *found_changes)), known[0]


def read_extract(path: Path, pool: Path) -> tuple[Lines | None, list[Finding]]:
    """Read the lines of an extract that a pool knows.

    Args:
        path: of the file.
        pool: the folder whose `ledgers/NAME.toml` says how it is read: found by the headings.

    Returns:
        Its lines, in whole pence; None where it is not known, asks, is refused or has changed.
        And what is to be said of it, errors too where there are no lines.
    """
    plan, name = plan_file(path, {}, pool)
    findings = [*plan.findings, *(it.finding for it in plan.questions)]
    if not name and not has_errors(plan.findings):
        expected = f"a file in {pool.name}/ledgers that has its headings: bcf import --as NAME"
        findings.append(Finding("BCF908", path.name, value="none known", expected=expected))
    if plan.status != SURE or plan.chosen is None or not name:
        return None, findings
    return lines_of(plan.chosen), findings


def _is_of_a_pool(sheet: Grid, tables: Collection[str]) -> bool:
    """Return whether a sheet is called as a pool's are, or has the headings of one."""
    if plain_name(sheet.name) in {SETTINGS, *tables}:
        return True
    rows = [sheet.row(number) for number in range(min(sheet.height, LOOKED_AT))]
    return any(known_of(name).all_in(row) for name in tables for row in rows)


def looks_like_ledger(path: Path, tables: Collection[str]) -> str:
    """Return in a sentence that a file that is no pool is a ledger; "" of what is none.

    Args:
        path: of the file.
        tables: names of the tables a pool has: a file with one of them is meant as a pool's.
    """
    extract: Extract = read_file(path)
    if plain_name(path.stem) in tables or any(_is_of_a_pool(it, tables) for it in extract.sheets):
        return ""
    plan = make_plan(extract, {})
    found = [it for it in plan.tables if it.lines.any()]
    if not found:
        return ""
    what = f"{len(found)} tables"
    if len(found) == 1:
        (table,) = found
        count = int(table.lines.sum())
        what = f"{count:,} line{'' if count == 1 else 's'}"
        if table.unit and table.spent:
            what += f", {pounds(spent_in(table) * UNITS[table.unit] // PARTS)}"
    stops = {it.finding.code for it in plan.questions} | {it.code for it in plan.findings}
    then = "" if not stops & QUESTIONS else " It asks what is not certain."
    how = f"bcf import {quoted(str(path))} --plan"
    return f"This looks like a ledger ({what}). To take it in: {how}.{then}"

"""An extract taken into a pool: its lines mapped and reconciled, and kept as the pool's actuals.

Nothing is written here: what is to be written is handed back whole, or not at all.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from bcf_model.checks import actuals as checks
from bcf_model.checks import codes
from bcf_model.core.findings import Finding, Place, has_errors, listed, run_checks
from bcf_model.core.money import LARGEST_PENCE, pounds, sterling
from bcf_model.core.tables import INPUT_TABLES, Actuals
from bcf_model.core.words import EXCLUDED, UNMAPPED
from bcf_model.extracts import reconciliation
from bcf_model.extracts.lines import KEYS, Lines
from bcf_model.extracts.mapping import (
    OUT_OF_YEAR,
    UNRULED,
    Amount,
    MappedLines,
    TooMuch,
    amounts,
    mapped,
)
from bcf_model.extracts.rules import Rule, in_percent, rules_of
from bcf_model.intake.cells import CODE, LONGEST_CODE
from bcf_model.intake.drafts import (
    Draft,
    Drafts,
    draft_table,
    read_settings,
    unit_of,
    year_of,
)
from bcf_model.intake.folder import LEDGERS, read_pool, read_rules
from bcf_model.intake.raw_table import RawPool, RawTable, plain_file

Text = Sequence[Sequence[str]]
"""A table as text, headings first."""
MOST_PLACES: Final = 300
"""Runs of cells beyond which the places of an amount are its first and its last."""


@dataclass(frozen=True)
class Taken:
    """What became of an extract.

    Attributes:
        said: for the screen, line by line.
        findings: what is wrong, or worth a look.
        tables: what is to be written, by the names of files in the pool's folder; nothing where
            there is an error.
        before: of the files that are replaced, what stood in them; None of one that was not there.
    """

    said: tuple[str, ...]
    findings: tuple[Finding, ...]
    tables: Mapping[str, Text] = field(default_factory=dict)
    before: Mapping[str, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Standing:
    """A pool as an import finds it, and the rules of the ledger.

    Attributes:
        raw: its settings, schemes and actuals. year: of the pool.
        schemes: names by code. actuals: those it has already. rules: of the ledger.
    """

    raw: RawPool
    year: str
    schemes: Mapping[str, str]
    actuals: Draft
    rules: tuple[Rule, ...]


_FILE: Final = "actuals.csv"
_TABLES: Final = tuple(it for it in INPUT_TABLES if it.name in ("schemes", "actuals"))


def standing(pool: Path, name: str) -> tuple[Standing | None, list[Finding]]:
    """Read what an import must know of a pool; None, with findings, where that is not sound."""
    raw = read_pool(pool, [it.name for it in _TABLES])
    own = {raw.settings_file, "", *(f"{it.name}.csv" for it in _TABLES)}
    findings = [it for it in raw.findings if it.file in own or plain_file(it.file) in own]
    if not pool.is_dir():
        findings.append(Finding("BCF001", "", value=raw.name, expected="the folder of a pool"))
    if len(name) > LONGEST_CODE or not CODE.fullmatch(name):
        findings.append(Finding("BCF210", "", value=repr(name), expected="a name for the ledger"))
    if has_errors(findings):
        return None, findings
    read_settings(raw, findings)
    tables = {it.name: draft_table(raw, it, unit_of(raw), findings) for it in _TABLES}
    schemes, kept, year = tables["schemes"], tables["actuals"], year_of(raw)
    if has_errors(findings) or schemes is None or kept is None or year is None:
        return None, findings
    named = {code: scheme for _, code, scheme in schemes.rows("scheme_id", "scheme")}
    table = read_rules(pool, name)
    findings += table.findings
    rules: tuple[Rule, ...] | None = ()
    if table.tables or table.unreadable:
        rules = rules_of(table, [*named], findings)
    if rules is None or has_errors(findings):
        return None, findings
    return Standing(raw, year, named, kept, rules), findings


def take_in(
    lines: Lines, name: str, pool: Path, *, again: bool = False, strict: bool = False
) -> Taken:
    """Take an extract into a pool: map its lines, reconcile them, and keep what they come to.

    Args:
        lines: of the extract.
        name: of the ledger: its rules are `ledgers/NAME.rules.csv`.
        pool: its folder.
        again: whether its periods stand in place of those taken already (`--replace`).
        strict: whether lines without a rule are an error.

    Returns:
        What is to be kept; of a ledger that has no rules yet, nothing but how it would be mapped.
    """
    found, findings = standing(pool, name)
    if found is None:
        return Taken((), tuple(findings))
    if np.abs(lines.pence).sum(dtype=np.float64) > LARGEST_PENCE:
        return Taken((), (*findings, Finding("BCF939", lines.file, sheet=lines.sheet)))
    try:
        it = mapped(lines, found.rules, found.year)
    except TooMuch:
        value = f"{len(found.rules):,} rules, {len(lines.pence):,} lines"
        where = Place(f"{LEDGERS}/{name}.rules.csv")
        return Taken((), (*findings, where.finding("BCF931", value=value)))
    whole = reconciliation.reconciled(it)
    said = reconciliation.on_screen(name, whole)
    left = [*reconciliation.findings(it, name, strict=strict)]
    if not found.rules and not strict:
        said.append(
            f"  No rules yet: write {LEDGERS}/{name}.rules.csv, or let --propose draft them."
        )
        mild = [it for it in left if it.severity != "error"]
        return Taken(tuple(said), (*findings, *mild))
    findings += left
    digest = extract_of(lines)
    rows, replaced = _kept(found.actuals, it, name, digest, findings, again=again)
    new = _rows(it, name, digest)
    if not has_errors(findings):
        told, table = _together(found, rows, new)
        findings += told
    if has_errors(findings):
        return Taken((*said, "Nothing was written."), tuple(findings))
    after = sum(row.amount.pence for row in new)
    if replaced.lines:
        said.append(
            f"  Replaced: {replaced.told}, {sterling(replaced.pence)} before, {sterling(after)} now"
        )
    tables: dict[str, Text] = {
        f"{LEDGERS}/{name}.reconciliation.csv": reconciliation.table(whole),
        f"{LEDGERS}/{name}.unmapped.csv": leftovers(it),
    }
    if not found.rules:
        said.append(
            f"  No rules yet: write {LEDGERS}/{name}.rules.csv, or let --propose draft them."
        )
    elif new:
        tables[_FILE] = table
    before = {_FILE: found.raw.data.get(_FILE)}
    return Taken(tuple(said), tuple(findings), tables, before)


def extract_of(lines: Lines) -> str:
    """Return the digest of an extract: the same for the same lines, in whatever rows they stand.

    Keys, year, period and amount of each line count; the rows they stand in do not.
    """
    columns = [lines.keys[name] for name in KEYS if name in lines.keys]
    numbers = (lines.periods.tolist(), lines.pence.tolist())
    said = sorted(
        "\x1f".join(map(str, row)) for row in zip(lines.years, *numbers, *columns, strict=True)
    )
    heads = "\x1f".join(name for name in KEYS if name in lines.keys)
    whole = "\x1e".join((heads, *said)).encode("utf-8", "surrogatepass")
    return f"L{hashlib.sha256(whole).hexdigest()[:32]}"


# ------------------------------------------------------------------ what is there already


class _Replaced(NamedTuple):
    """What an import replaces: how many rows, what they came to, and of which periods."""

    lines: int
    pence: int
    told: str


def _kept(
    draft: Draft,
    it: MappedLines,
    name: str,
    digest: str,
    findings: list[Finding],
    *,
    again: bool,
) -> tuple[list[int], _Replaced]:
    """Find the rows of the actuals that stay, and what those that go came to (BCF932)."""
    new = {int(period) for period in np.unique(it.lines.periods[it.became != OUT_OF_YEAR])}
    gone: list[int] = []
    for i, ledger, period, extract in draft.rows("ledger", "period", "extract"):
        if ledger != name and extract == digest:
            value = f"the same lines as {ledger}"
            findings.append(Finding("BCF932", it.lines.file, value=value, sheet=it.lines.sheet))
            break
        if ledger == name and (period in new or 0 in (period, *new)):
            gone.append(i)
    if gone and not again:
        same = digest in {draft.cells["extract"][i] for i in gone}
        periods = _periods(draft.cells["period"][i] for i in gone)
        value = f"{'the same lines' if same else 'other lines'} of {name}, {periods}"
        findings.append(Finding("BCF932", it.lines.file, value=value, sheet=it.lines.sheet))
    pence = sum(draft.cells["amount"][i] or 0 for i in gone)
    told = _periods(draft.cells["period"][i] for i in gone)
    stay = sorted({*range(len(draft.numbers))} - {*gone})
    return stay, _Replaced(len(gone), pence, told)


def _periods(periods: Iterable[int]) -> str:
    """Name periods: 1 to 3 and 5."""
    named = sorted({*periods})
    if 0 in named:
        return "of no stated period" if named == [0] else "of stated and unstated periods"
    said = [str(a) if a == b else f"{a} to {b}" for a, b in _runs(named)]
    return f"period{'' if len(named) == 1 else 's'} {listed(said)}"


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of numbers that follow on each other: the first and the last of each.

    >>> _runs([5, 1, 2, 3])
    [(1, 3), (5, 5)]
    """
    ordered = np.unique(np.array(numbers, dtype=np.int64))
    if not len(ordered):
        return []
    breaks = np.flatnonzero(np.diff(ordered) > 1)
    first = ordered[np.concatenate(([0], breaks + 1))].tolist()
    last = ordered[np.concatenate((breaks, [len(ordered) - 1]))].tolist()
    return [*zip(first, last, strict=True)]


# ------------------------------------------------------------------ what is new


class _Row(NamedTuple):
    """A new row of the actuals: what it is of, and its cells by column."""

    amount: Amount
    cells: Mapping[str, str]


def _rows(it: MappedLines, name: str, digest: str) -> list[_Row]:
    """Return what a ledger adds to the actuals of its pool."""
    found = []
    for amount in amounts(it):
        rule = it.rules[amount.rule] if amount.rule >= 0 else None
        measure = UNMAPPED if rule is None else EXCLUDED if rule.excludes else rule.measure
        cells = {
            "scheme_id": amount.scheme,
            "measure": measure,
            "financial_year": it.year,
            "period": str(amount.period or ""),
            "amount": pounds(amount.pence),
            "unit": "pounds",
            "ledger": name,
            "rule": "" if rule is None else rule.code,
            "share": f"{in_percent(amount.share)}%",
            "lines": str(len(amount.lines)),
            "file": it.lines.file,
            "sheet": it.lines.sheet,
            "cells": places(it.lines, amount.lines.tolist()),
            "extract": digest,
            "note": "" if rule is None else rule.note,
        }
        found.append(_Row(amount, cells))
    return found


def places(lines: Lines, at: Sequence[int]) -> str:
    """Name the cells of some amounts, F4:F9+F12; of a file without cells its rows.

    Where they would fill a page, they are the first and the last of each column, with their number:
    the rule and the period then tell which of them are meant.
    """
    columns: dict[str, list[int]] = {}
    for i in at:
        columns.setdefault(lines.cells[i].rstrip("0123456789"), []).append(i)
    runs = {it: _runs(lines.rows[columns[it]].tolist()) for it in sorted(columns)}
    many = sum(map(len, runs.values())) > MOST_PLACES
    if many:
        runs = {it: [(of_column[0][0], of_column[-1][1])] for it, of_column in runs.items()}
    said = "+".join(
        f"{it}{a}" if a == b else f"{it}{a}:{it}{b}" if it else f"{a}-{b}"
        for it, of_column in runs.items()
        for a, b in of_column
    )
    said += f", {len(at):,} among them" if many else ""
    return said if any(columns) else f"row{'' if said.isdecimal() else 's'} {said}"


def _together(
    found: Standing, stay: Sequence[int], new: Sequence[_Row]
) -> tuple[list[Finding], Text]:
    """Join the rows that stay and the new ones, and look at them as the next check will."""
    raw = found.raw.tables.get("actuals")
    old = raw.columns if raw is not None else ()
    columns = [name for name in Actuals.in_file if name in old or name in Actuals.types]
    rows = [] if raw is None else [dict(zip(old, raw.rows[i], strict=True)) for i in stay]
    rows += [dict(row.cells) for row in new]
    body = [tuple(row.get(name, "") for name in columns) for row in rows]
    numbers = tuple(range(2, len(body) + 2))
    table = RawTable(_FILE, "", tuple(columns), tuple(body), numbers)
    tried = replace(found.raw, tables={**found.raw.tables, "actuals": table}, findings=[])
    said: list[Finding] = []
    unit = unit_of(tried)
    drafts = {it.name: draft_table(tried, it, unit, said) for it in _TABLES}
    known = {name: draft for name, draft in drafts.items() if draft is not None}
    together = Drafts(known, unit, found.year, read_settings(tried, []))
    said += run_checks(_CHECKS, together)
    return [it for it in said if it.severity == "error"], (tuple(columns), *body)


_CHECKS: Final = (
    codes.references,
    codes.whole_numbers_in_reach,
    checks.of_the_pool,
    checks.taken_once,
    checks.stated_once,
)
"""What is looked at before a table of actuals is written."""


def leftovers(it: MappedLines) -> Text:
    """Return the lines no rule takes and those of another year, added up by all that tells them.

    The largest stand first.
    """
    lines = it.lines
    columns = [name for name in KEYS if name in lines.keys]
    periods, pence = lines.periods.tolist(), lines.pence.tolist()
    heads = ("what", *columns, "financial_year", "period", "lines", "amount", "first")
    texts = [lines.keys[name] for name in columns]
    sums: dict[tuple[object, ...], list[int]] = {}
    for state in (UNRULED, OUT_OF_YEAR):
        for i in np.flatnonzero(it.became == state).tolist():
            key = (state, *(of_key[i] for of_key in texts), lines.years[i], periods[i])
            at = sums.setdefault(key, [0, 0, i])
            at[0] += 1
            at[1] += pence[i]
    ordered = sorted(sums.items(), key=lambda row: (-abs(row[1][1]), row[0]))
    return [
        heads,
        *(
            (
                reconciliation.NAMES[int(str(state))],
                *map(str, key),
                str(period or ""),
                str(count),
                pounds(of_key),
                lines.cells[first] or f"row {lines.rows[first]}",
            )
            for (state, *key, period), (count, of_key, first) in ordered
        ),
    ]

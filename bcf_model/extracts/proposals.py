"""Rules drafted from names: nothing is mapped by them until somebody has accepted them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from bcf_model.core.findings import Finding, has_errors
from bcf_model.core.money import pounds, sterling
from bcf_model.core.tables import InputTable
from bcf_model.extracts.actuals import Standing, Taken, Text, standing
from bcf_model.extracts.lines import Lines
from bcf_model.extracts.mapping import UNRULED, MappedLines, TooMuch, mapped
from bcf_model.extracts.names import likeliest
from bcf_model.extracts.patterns import folded
from bcf_model.extracts.reconciliation import of_no_year
from bcf_model.extracts.rules import RULES, TABLES, rules_of
from bcf_model.intake.drafts import draft_table
from bcf_model.intake.folder import LEDGERS, read_rules
from bcf_model.intake.raw_table import RawPool, RawTable

PROPOSALS: Final = InputTable("proposals", TABLES["Proposals"], required=True, may_be_blank=True)
MOST_NAMES: Final = 500
"""The largest by amount are looked at."""
PRIORITY: Final = 50
_CODES: Final = ("cost_centre", "project", "account")
_NAMES: Final = ("description", "supplier", "organisation")
_OWN: Final = re.compile(r"P([0-9]{1,9})")


class _Named(NamedTuple):
    """Lines without a rule that have one code and one name, and what they come to."""

    code: str
    name: str
    pence: int


def propose(lines: Lines, name: str, pool: Path) -> Taken:
    """Draft a rule for each name of lines without one that is likeliest a scheme's.

    Args:
        lines: of the extract.
        name: of the ledger.
        pool: its folder.

    Returns:
        What is said, and the table `ledgers/NAME.proposed.csv`, the largest amount first.
    """
    found, findings = standing(pool, name)
    if found is None:
        return Taken((), tuple(findings))
    try:
        it = mapped(lines, found.rules, found.year)
    except TooMuch:
        return Taken((), (*findings, Finding("BCF931", f"{LEDGERS}/{name}.rules.csv")))
    findings += of_no_year(it)
    if has_errors(findings):
        return Taken((), tuple(findings))
    by_code = next((key for key in _CODES if key in lines.keys), "")
    by_name = next((key for key in _NAMES if key in lines.keys), "")
    named = _names(it, by_code, by_name)
    rows: list[dict[str, str]] = []
    proposed = 0
    number = _last_number(found) + 1
    for one in named[:MOST_NAMES]:
        scheme, score = likeliest(one.name, found.schemes)
        if not scheme:
            continue
        alone = one.code and sum(other.code == one.code for other in named) == 1
        row = {
            "rule": f"P{number + len(rows)}",
            "priority": str(PRIORITY),
            "scheme_id": scheme,
            "measure": "expenditure",
            "share": "100",
            "note": "proposed from its name",
            "score": str(score),
            "amount": pounds(one.pence),
            "name": one.name,
            "scheme": found.schemes[scheme],
        }
        row |= {by_code: as_pattern(one.code)} if one.code else {}
        row |= {} if alone else {by_name: as_pattern(one.name)}
        rows.append(row)
        proposed += one.pence
    heads = tuple(PROPOSALS.model.types)
    table = [heads, *(tuple(row.get(it, "") for it in heads) for row in rows)]
    whole = sum(one.pence for one in named)
    file = f"{LEDGERS}/{name}.proposed.csv"
    said = (
        f"{name}: {_rules(len(rows))} proposed for {sterling(proposed)} of {sterling(whole)} that "
        "has no rule and a name.",
        f"Nothing is mapped by them. Remove from {file} what is not so, then accept the rest.",
    )
    return Taken(said, tuple(findings), {file: table})


def _names(it: MappedLines, by_code: str, by_name: str) -> list[_Named]:
    """Return what has no rule by code and name, the largest first, whatever its sign."""
    if not by_name:
        return []
    sums: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for i in np.flatnonzero(it.became == UNRULED).tolist():
        code = it.lines.keys[by_code][i] if by_code else ""
        name = it.lines.keys[by_name][i]
        key = folded(code), folded(name)
        first.setdefault(key, (code, name))
        sums[key] = sums.get(key, 0) + int(it.lines.pence[i])
    found = [_Named(*first[key], pence) for key, pence in sums.items() if key[1]]
    return sorted(found, key=lambda one: (-abs(one.pence), one.code, one.name))


def as_pattern(text: str) -> str:
    """Write a text as the cell of a rule that fits it alone.

    >>> as_pattern("Care + support (*)"), as_pattern("~A..B"), as_pattern("-5")
    ('Care [+] support ([*])', '[~]A[.].B', '[-]5')
    """
    said = re.sub(r"[*?\[+]", lambda it: f"[{it[0]}]", text).replace("..", "[.].")
    return f"[{said[0]}]{said[1:]}" if re.match(r"[~=@'#-]", said) else said


def _last_number(found: Standing) -> int:
    """Return the last number of the rules that were proposed before and accepted."""
    return max((int(it[1]) for rule in found.rules if (it := _OWN.fullmatch(rule.code))), default=0)


def accept(proposed: RawPool, name: str, pool: Path) -> Taken:
    """Add proposed rules to those of a ledger, which must then be sound.

    Args:
        proposed: the table `proposals`, less what was not accepted.
        name: of the ledger.
        pool: its folder.

    Returns:
        What is said, and the table `ledgers/NAME.rules.csv`: its rows as they stood, and the new.
    """
    found, findings = standing(pool, name)
    if found is None:
        return Taken((), tuple(findings))
    findings += proposed.findings
    draft_table(proposed, PROPOSALS, "pounds", findings)
    if has_errors(findings):
        return Taken((), tuple(findings))
    new = _rows(proposed.tables["proposals"])
    raw = read_rules(pool, name)
    own = raw.tables.get("rules")
    rows = [*(_rows(own) if own else ()), *new]
    columns = tuple(
        it for it in RULES.model.in_file if any(it in row for row in rows) or it in _NEEDED
    )
    body = tuple(tuple(row.get(it, "") for it in columns) for row in rows)
    numbers = tuple(range(2, len(body) + 2))
    file = f"{LEDGERS}/{name}.rules.csv"
    raw.tables["rules"] = RawTable(file, "", columns, body, numbers)
    rules_of(raw, [*found.schemes], findings)
    if has_errors(findings):
        return Taken(("Nothing was written.",), tuple(findings))
    said = f"{name}: {_rules(len(new))} accepted. What is accepted is applied at every import."
    table: Text = [columns, *body]
    return Taken((said,), tuple(findings), {file: table} if new else {}, {file: raw.data.get(file)})


def _rules(number: int) -> str:
    return f"{number:,} rule{'' if number == 1 else 's'}"


_NEEDED: Final = ("rule", "priority", "scheme_id")


def _rows(table: RawTable) -> Sequence[Mapping[str, str]]:
    """Return the rows of a table by column, those of a proposal without what only it says."""
    return [
        {
            name: cell
            for name, cell in zip(table.columns, row, strict=True)
            if name in RULES.model.types
        }
        for row in table.rows
    ]

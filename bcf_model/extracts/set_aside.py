"""Which rows of a table are set aside as totals, and which ask whether they are."""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.extracts import totals
from bcf_model.extracts.amounts import is_amount, written
from bcf_model.extracts.answers import Answers
from bcf_model.extracts.headings import SPENT
from bcf_model.extracts.table import (
    AGAIN,
    ASKED,
    BLANK,
    LINE,
    SECTION,
    TOTAL,
    UNREAD,
    Table,
    Total,
    holds,
    key_columns,
    label_of,
    matches,
)

_FREE_TEXT: Final = frozenset(("supplier", "description"))
_MOST_SHOWN: Final = 3
_CALCULATED: Final = frozenset(("variance", "balance"))


def find_totals(table: Table, answers: Answers) -> None:
    """Set aside the rows that are proved to be totals; ask of those that only say so."""
    kinds, height = table.kinds, len(table.kinds)
    lines = (kinds == LINE) | (kinds == UNREAD)
    if not lines.any():
        return
    keys = np.zeros(height, np.int64)
    labelled, alone, weak = (np.zeros(height, bool) for _ in range(3))
    for column in key_columns(table):
        keys += holds(table, column)
        labelled |= matches(table, column, totals.LABEL, totals.LABEL_WORDS)
        alone |= matches(table, column, totals.ALONE, totals.LABEL_WORDS)
        weak |= matches(table, column, totals.WEAK, totals.WEAK_WORDS)
    plain = lines & ~labelled & ~weak
    typical = int(np.ceil(np.median(keys[plain if plain.any() else lines])))
    few = (keys <= max(1, typical // 2)) & (keys < max(typical, 1))
    dated = np.zeros(height, bool)
    for role in ("date", "document"):
        if role in table.keys:
            dated |= holds(table, table.keys[role]) & ~matches(
                table, table.keys[role], totals.LABEL, totals.LABEL_WORDS
            )
    many = dated & (keys >= typical)
    named = ((labelled | weak) & few) | (alone & ~many & (typical <= 1))
    suspect = labelled & ~named & ~many
    candidates = lines & (named | suspect | few) & ~many
    proved: dict[int, frozenset[int]] = {}
    weakly: list[int] = []
    sums = _sums(table, lines & ~(candidates & (named | suspect | (keys == 0))), candidates)
    for row in np.flatnonzero(candidates).tolist():
        label = label_of(table, row)
        proof = _proof(table, sums, row, label, proved, named=bool(named[row]))
        if proof and named[row]:
            _set_aside(table, row, label, proof, proved, sums)
        elif named[row]:
            weakly.append(row)
        elif proof or keys[row] == 0:
            _ask_of(table, answers, row, label, proof, "BCF904")
        elif suspect[row] and (alone[row] or _in_a_code(table, row)):
            _ask_of(table, answers, row, label, None, "BCF903")
    for row in weakly:
        label = label_of(table, row)
        one = sums.prove(row, least=1)
        within = one and next(
            (it for it in table.totals if it.row > row and _covers(proved, it.row, one)), None
        )
        if one and within:
            how = f"row {table.at(within.row)} {within.label!r} holds without it"
            proof = totals.Proof(one.first, one.last, one.lines, how=how)
            _set_aside(table, row, label, proof, proved, sums)
        else:
            _ask_of(table, answers, row, label, None, "BCF903")
    table.totals.sort(key=lambda it: it.row)
    _after_the_last(table, answers)
    _unlabelled(table, answers, sums)


def _proof(
    table: Table,
    sums: totals.Sums,
    row: int,
    label: str,
    proved: Mapping[int, frozenset[int]],
    *,
    named: bool,
) -> totals.Proof | None:
    """Return what a row is the sum of: its formula's lines, those above it, or those of a key."""
    formula = _by_formula(table, row, sums.lines, proved) if named else None
    proof = formula or sums.prove(row, totals.LEAST_LINES)
    if proof is None and named:
        proof = sums.of_key(row, _same_keys(table, row, label))
    if proof and totals.OVER_ALL.fullmatch(label) and proof.lines < sums.count[row]:
        return None
    return proof


def _covers(proved: Mapping[int, frozenset[int]], row: int, one: totals.Proof) -> bool:
    """Return whether a total over several lines is over this one too."""
    return len(proved.get(row, ())) >= totals.LEAST_LINES and one.first in proved[row]


def _in_a_code(table: Table, row: int) -> bool:
    """Return whether it is a column of codes, not of free text, that says total."""
    return any(
        totals.LABEL.fullmatch(table.grid.columns[column][table.rows.start + row].strip())
        for column in key_columns(table)
        if table.roles[column] not in _FREE_TEXT
    )


def _sums(table: Table, lines: NDArray[np.bool_], candidates: NDArray[np.bool_]) -> totals.Sums:
    height = len(lines)
    sections = np.flatnonzero(candidates | np.isin(table.kinds, (BLANK, SECTION, AGAIN)))
    boundaries = np.unique(np.concatenate([[0], sections, sections + 1])).astype(np.int64)
    offset = table.rows.start + 1
    typed = []
    for column in table.money:
        of_column = np.zeros(height, bool)
        rows = [r - offset for r, c in table.grid.typed if c == column + 1]
        of_column[[row for row in rows if 0 <= row < height]] = True
        typed.append(of_column)
    values = [it.parts for it in table.money.values()]
    there = [
        it.there if table.roles[column] not in _CALCULATED or len(table.money) == 1
        else np.zeros(height, bool)
        for column, it in table.money.items()
    ]  # fmt: skip
    return totals.Sums(values, there, lines, typed, boundaries)


def _same_keys(table: Table, row: int, label: str) -> dict[str, NDArray[np.bool_]]:
    """Return, in words, which rows share a name with a total: what its label or its cells say."""
    rest = re.sub(
        r"^\W*(?:sub[\s-]*)?totals?(?: for| of)?[\s:-]*|[\s:-]*totals?\W*$", "", label, flags=re.I
    )
    said: dict[str, NDArray[np.bool_]] = {}
    for column in key_columns(table):
        of = table.grid.columns[column]
        own = of[table.rows.start + row].strip()
        for text in {own, rest} - {"", label}:
            codes = [at for at, it in enumerate(of.texts) if it.strip() == text]
            if codes:
                shared = np.isin(of.codes[table.rows], codes)
                shared[row] = False
                said[f"{table.heading(column)} {text}"] = shared
    return said


def _by_formula(
    table: Table, row: int, lines: NDArray[np.bool_], proved: Mapping[int, frozenset[int]]
) -> totals.Proof | None:
    """Return what the formulas of a row add up, where all of them add up the same lines."""
    offset, found, without = table.rows.start + 1, set[frozenset[int]](), False
    columns = [it for it in table.money if table.roles[it] not in _CALCULATED]
    for column in columns or list(table.money):
        place = (row + offset, column + 1)
        if place not in table.grid.formulas:
            return None
        covered = totals.by_formula(table.grid.formulas, place, lines, proved, offset)
        if covered is None:
            return None
        found.add(covered)
        without |= any((it + offset, column + 1) in table.grid.typed for it in covered)
    if len(found) != 1:
        return None
    covered = found.pop()
    between = np.flatnonzero(lines[min(covered) : row]) + min(covered)
    if len(between) != len(covered):
        return None  # it leaves out a line that stands among its own
    return totals.Proof(min(covered), max(covered), len(covered), without, "its formula")


def _leaves_out(table: Table, row: int, proof: totals.Proof) -> None:
    """Note that the workbook's own total leaves out amounts typed as text."""
    offset = table.rows.start + 1
    for column, it in table.money.items():
        if table.roles[column] in _CALCULATED:
            continue
        inside = range(proof.first, proof.last + 1)
        left = [r for r in inside if (r + offset, column + 1) in table.grid.typed and it.there[r]]
        formula = table.grid.formulas.get((row + offset, column + 1))
        if not left:
            continue
        lines = np.flatnonzero(table.lines[proof.first : proof.last + 1]) + proof.first
        seen = written(int(it.parts[[r for r in lines if r not in left]].sum()))
        whole = written(int(it.parts[lines].sum()))
        cells = ", ".join(
            f"{totals.cell(table.rows.start + r, column)} "
            f"{table.grid.columns[column][table.rows.start + r].strip()!r}"
            for r in left[:_MOST_SHOWN]
        )
        own = f" {formula.said}" if formula else ""
        at = totals.cell(table.rows.start + row, column)
        said = f"{at}{own} without {cells}, which is text: {seen} in the workbook, {whole} in the "
        table.fault("BCF918", f"{said}lines", row, table.heading(column), at)


def _set_aside(
    table: Table,
    row: int,
    label: str,
    proof: totals.Proof,
    proved: dict[int, frozenset[int]],
    sums: totals.Sums,
) -> None:
    table.kinds[row] = TOTAL
    inside = np.flatnonzero(sums.lines[proof.first : proof.last + 1]) + proof.first
    proved[row] = frozenset(inside.tolist())
    if proof.without_text:
        _leaves_out(table, row, proof)
    amounts = {c: int(it.parts[row]) for c, it in table.money.items() if it.there[row]}
    table.totals.append(Total(row, label, amounts, proof.lines, proof.how))


def _ask_of(
    table: Table, answers: Answers, row: int, label: str, proof: totals.Proof | None, code: str
) -> None:
    """Ask whether a row is a total or a line, by what stands there."""
    column, value = _first_amount(table, row)
    name = label or f"(no name) {value}"
    key = f"{code} {name}"
    lines = proof.lines if proof else 0
    if _answered(table, answers, key, Total(row, label, {}, lines, "as answered")):
        return
    if code == "BCF903":
        above = int(table.lines[:row].sum())
        said = f"{name!r} {value}; no lines above come to it ({above:,} of them)"
    elif proof:
        said = f"{name!r} {value}, which is the sum of {proof.lines:,} lines"
    else:
        said = f"{value} with no name beside it"
    table.kinds[row] = ASKED
    table.ask(code, key, said, ("total", "line"), row, table.heading(column) if column >= 0 else "")


def _answered(table: Table, answers: Answers, key: str, total: Total) -> bool:
    """Return whether it was answered what a row is; one that is a total is set aside."""
    answer = answers.choose(key, ("total", "line"))
    if answer == "total":
        table.kinds[total.row] = TOTAL
        table.totals.append(total)
    return answer is not None


def _first_amount(table: Table, row: int) -> tuple[int, str]:
    order = sorted(table.money, key=lambda it: table.roles[it] not in SPENT)
    for column in order:
        if table.money[column].there[row]:
            return column, written(int(table.money[column].parts[row]))
    return -1, "without an amount"


def _after_the_last(table: Table, answers: Answers) -> None:
    """Ask of lines below the last total: a memorandum, last year's figures, or lines."""
    if not table.totals:
        return
    last = table.totals[-1]
    after = np.flatnonzero(table.lines & (np.arange(len(table.kinds)) > last.row))
    if not len(after):
        return
    key = f"BCF904 after {last.label}"
    answer = answers.choose(key, ("total", "line"))
    if answer == "line":
        return
    table.kinds[after] = ASKED if answer is None else TOTAL
    if answer is None:
        row = int(after[0])
        said = (
            f"{len(after):,} below the last total, {last.label!r}, first {label_of(table, row)!r}"
        )
        said += f" {_first_amount(table, row)[1]}: they are in no total"
        table.ask("BCF904", key, said, ("total", "line"), row)


def _unlabelled(table: Table, answers: Answers, sums: totals.Sums) -> None:
    """Ask of lines that are the sum of all lines above them, though nothing says total."""
    lines = table.lines
    many = int(lines.sum())
    columns = [it for it in sums.values if it.any()]
    if many <= totals.LEAST_UNLABELLED or not columns:
        return
    if many <= totals.FEW_LINES or len(columns) > 1:
        return  # looked for among all its neighbours, in `find_parents`
    running, count = sums.running[0], sums.count
    value = sums.values[0]
    hits = lines & (value != 0) & (running[:-1] == value) & (
        count[:-1] >= totals.LEAST_UNLABELLED
    )  # fmt: skip
    for row in np.flatnonzero(hits).tolist():
        proof = totals.Proof(0, row - 1, int(count[row]))
        _ask_of(table, answers, row, label_of(table, row), proof, "BCF904")


def find_parents(table: Table, answers: Answers) -> None:
    """Ask of lines that are the sum of those right below or above them: 1 of 1.1 and 1.2."""
    lines = table.lines
    many = int(lines.sum())
    if many <= totals.LEAST_LINES:
        return
    sums = _sums(table, lines, np.zeros(len(lines), bool))
    sums.values = [
        it.parts for column, it in table.money.items()
        if table.roles[column] not in _CALCULATED or len(table.money) == 1
    ]  # fmt: skip
    columns = sum(bool(it[lines].any()) for it in sums.values)
    found = {row: (number, "below") for row, number in sums.neighbours(below=True).items()}
    for row, number in sums.neighbours(below=False).items():
        found.setdefault(row, (number, "above"))
    if many > totals.FEW_LINES and columns == 1:
        covered = sum(number + 1 for number, _ in found.values())
        if covered * 2 < many:
            found = {r: it for r, it in found.items() if _prefix(table, r, it[0])}
    elif many > totals.FEW_LINES and len(found) * 100 < many and columns == 1:
        found = {}
    for row in sorted(found):
        number, where = found[row]
        label = label_of(table, row)
        name = table.grid.row(table.rows.start + row)
        names = [text for text in name if text and not is_amount(text)]
        shown = label if not names or names[0] == label else f"{label} {names[0]}"
        key = f"BCF904 {shown}"
        if _answered(table, answers, key, Total(row, shown, {}, number, "as answered")):
            continue
        _, value = _first_amount(table, row)
        table.kinds[row] = ASKED
        said = f"{shown!r} {value}, which is exactly the sum of the {number:,} lines {where}"
        table.ask("BCF904", key, said, ("total", "line"), row)
    table.totals.sort(key=lambda it: it.row)


def _prefix(table: Table, row: int, number: int) -> bool:
    """Return whether the codes of the lines below begin with that of the line."""
    codes = key_columns(table)[:1]
    if not codes:
        return False
    of = table.grid.columns[codes[0]]
    own, start = of[table.rows.start + row].strip(), table.rows.start + row + 1
    below = [of[it].strip() for it in range(start, min(start + number, table.rows.stop))]
    return bool(own) and all(it.startswith(own) and it != own for it in below)

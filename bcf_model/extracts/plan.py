"""The plan of an extract: how it would be read, in sentences; sure, asking, or refused."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from json import dumps
from typing import Any, Final

import numpy as np

from bcf_model.core.findings import Finding, has_errors
from bcf_model.core.money import Pence
from bcf_model.core.words import UNIT_LABELS, UNITS
from bcf_model.extracts import table as of_table
from bcf_model.extracts.amounts import PARTS, pence_of, pounds, written
from bcf_model.extracts.answers import QUESTIONS, Answers, Question, quoted
from bcf_model.extracts.headings import month_of, year_named
from bcf_model.extracts.lines import KEYS, Lines
from bcf_model.extracts.measure import UNREAD_DAYS, organisation_of, parts_of, spent_in
from bcf_model.extracts.recognise import understand
from bcf_model.extracts.table import Table, Total, label_of
from bcf_model.extracts.tables import Nearest, find_tables, without_headings
from bcf_model.extracts.totals import cell
from bcf_model.intake.extract_file import Extract

SURE, ASKS, REFUSED = "sure", "asks", "refused"
_MOST_SHOWN: Final = 3
_ROWS_SHOWN: Final = 5
_COLUMNS_SHOWN: Final = 8
_MOST_PASTED: Final = 20
_LONGEST_SHOWN: Final = 60
_LABEL: Final = 13
_WIDTH: Final = 50
_LAST_MONTH: Final = 12


@dataclass(frozen=True)
class Plan:
    """How a file would be read.

    Attributes:
        extract: the file.
        tables: those that were found.
        chosen: the one that would be taken in; None where it is not certain.
        questions: what is to be answered first.
        findings: everything else that is to be said.
        answers: those given.
        first_rows: of a file in which no table was found.
        accepted: what of a file that is not as it was confirmed was answered to be right.
    """

    extract: Extract
    tables: tuple[Table, ...]
    chosen: Table | None
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    answers: Answers
    first_rows: tuple[str, ...] = ()
    accepted: str = ""

    @property
    def status(self) -> str:
        """`sure` where nothing is asked, `asks`, or `refused`."""
        if has_errors(self.findings) or not self.tables:
            return REFUSED
        return ASKS if self.questions else SURE


def make_plan(extract: Extract, given: Mapping[str, str]) -> Plan:
    """Make the plan of a file, under the answers given."""
    answers = Answers(given)
    tables: list[Table] = []
    nearest: list[tuple[str, Nearest]] = []
    heading = answers.take("heading")
    row = int(heading) - 1 if heading and heading.isdecimal() and int(heading) > 0 else None
    if heading not in (None, "none") and row is None:
        answers.refuse("heading", "the number of the row of headings, or none")
    sheets = extract.sheets
    wanted = answers.given.get("table")
    if heading is not None and len(sheets) > 1:
        sheets = tuple(it for it in sheets if it.name == wanted) or sheets[:1]
    for grid in sheets:
        if heading == "none":
            found, near = [without_headings(grid)], Nearest(0, 0)
        elif row is not None and row >= grid.height:
            answers.refuse("heading", f"a row of the file, which has {grid.height:,}")
            found, near = [], Nearest(0, 0)
        else:
            found, near = find_tables(grid, row)
        nearest.append((grid.name, near))
        for header in found:
            tables.append(understand(grid, header, extract.file, answers))
    _name(tables)
    if not tables:
        return _nothing(extract, answers, nearest)
    choice = answers.choose("table", [it.name for it in tables])
    chosen = next((it for it in tables if it.name == choice), None)
    chosen = tables[0] if len(tables) == 1 else chosen
    asked = settled(chosen, answers) if chosen else []
    findings = [*extract.findings, *(it.finding for it in asked if it.code not in QUESTIONS)]
    questions = [it for it in asked if it.code in QUESTIONS]
    if chosen is None:
        said = "; ".join(f"{it.name!r}, {_counted(it)}" for it in tables)
        names = tuple(it.name for it in tables)
        questions.append(Question("BCF910", tables[0].place(), "table", said, names))
    return Plan(extract, tuple(tables), chosen, tuple(questions), tuple(findings), answers)


def settled(table: Table, answers: Answers) -> list[Question]:
    """Return what a table asks, and what is wrong with it, under the answers given.

    A total of the workbook that leaves out what is typed as text is wrong, and its lines are not:
    that the lines count is answered once for a sheet (BCF918).
    """
    passed = [it for it in table.questions if it.code == "BCF918"]
    asked = [it for it in table.questions if it not in passed]
    key = f"BCF918 {table.name}"
    if passed and answers.choose(key, ("lines",)) is None:
        said = "; ".join(it.said for it in passed)
        asked.append(replace(passed[0], key=key, said=said, choices=("lines",)))
    return asked


def _counted(table: Table) -> str:
    count = int(table.lines.sum())
    return f"{count:,} line{'' if count == 1 else 's'} from row {table.at(0)}"


def _name(tables: Sequence[Table]) -> None:
    """Name each table: by its sheet, by its first heading where the sheet has several."""
    names: list[str] = []
    for table in tables:
        of_sheet = sum(it.grid.name == table.grid.name for it in tables)
        first = next((text for text in table.header.texts if text), "table")
        name = table.grid.name if of_sheet == 1 and table.grid.name else first
        if of_sheet > 1 and table.grid.name:
            name = f"{table.grid.name}, {first}"
        number = 1 + sum(it == name or it.startswith(f"{name} (") for it in names)
        table.name = name if number == 1 else f"{name} ({number})"
        names.append(table.name)


def _nothing(extract: Extract, answers: Answers, nearest: Iterable[tuple[str, Nearest]]) -> Plan:
    """Make the plan of a file without a table: its first rows, and what to do."""
    sheet, near = max(nearest, key=lambda it: it[1].known, default=("", Nearest(0, 0)))
    shown: list[str] = []
    findings = list(extract.findings)
    if extract.sheets:
        grid = next(it for it in extract.sheets if it.name == sheet)
        for number in range(min(_ROWS_SHOWN, grid.height)):
            cells = [text[:_LONGEST_SHOWN] for text in grid.row(number)[:_COLUMNS_SHOWN]]
            shown.append(f"row {number + 1}: {' | '.join(cells)}")
        known = f"{near.known} known heading{'' if near.known == 1 else 's'}"
        value = f"nothing; nearest is row {near.row + 1}, with {known}"
        findings.append(Finding("BCF901", extract.file, sheet=sheet, value=value))
    return Plan(extract, (), None, (), tuple(findings), answers, tuple(shown))


# ------------------------------------------------------------------ lines


def lines_of(table: Table) -> Lines:
    """Return the lines of a table that is understood, in whole pence."""
    start, columns = table.rows.start, table.spent
    is_line = table.lines
    parts = parts_of(table)
    taken: list[np.ndarray[Any, np.dtype[np.int64]]] = []
    pence: list[Pence] = []
    of_column: list[np.ndarray[Any, np.dtype[np.int64]]] = []
    if table.form == "debit and credit":
        there = is_line & (table.money[columns[0]].there | table.money[columns[1]].there)
        rows = np.flatnonzero(there)
        taken, of_column = [rows], [np.full(len(rows), columns[0], np.int64)]
        pence = [pence_of(parts[columns[0]] + parts[columns[1]], table.unit)[0][rows]]
    else:
        for column in columns:
            rows = np.flatnonzero(is_line & table.money[column].there)
            taken.append(rows)
            of_column.append(np.full(len(rows), column, np.int64))
            pence.append(pence_of(parts[column], table.unit)[0][rows])
    rows = np.concatenate(taken)
    by_column = np.concatenate(of_column)
    order = np.lexsort((by_column, rows))
    rows, by_column = rows[order], by_column[order]
    keys = {
        role: _texts(table, column, rows) for role, column in table.keys.items() if role in KEYS
    }
    if table.form == "wide":
        keys["organisation"] = [organisation_of(table, it) for it in by_column.tolist()]
    if table.section is not None:
        names = {it: label_of(table, it) for it in np.unique(table.section).tolist() if it >= 0}
        keys["section"] = [names.get(it, "") for it in table.section[rows].tolist()]
    years, periods = _when(table, rows, by_column)
    cells = (
        list(map(cell, (rows + start).tolist(), by_column.tolist()))
        if table.grid.name
        else [""] * len(rows)
    )
    return Lines(
        table.file, table.grid.name, rows + start + 1, cells, keys, years, periods,
        np.concatenate(pence)[order],
    )  # fmt: skip


def _texts(table: Table, column: int, rows: np.ndarray[Any, np.dtype[np.int64]]) -> list[str]:
    of = table.grid.columns[column]
    stripped = np.array([text.strip() for text in of.texts], object)
    texts: list[str] = stripped[of.codes[table.rows][rows]].tolist()
    return texts


def _when(
    table: Table,
    rows: np.ndarray[Any, np.dtype[np.int64]],
    by_column: np.ndarray[Any, np.dtype[np.int64]],
) -> tuple[list[str], np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the financial year and the period of each line, as far as they are stated."""
    stated = set[int]()
    if table.form == "months":
        said = table.header.meanings
        periods = np.array([said[it].period for it in by_column.tolist()], np.int64)
        years = [said[it].year or table.year for it in by_column.tolist()]
        return years, periods
    column = table.keys.get("period", table.keys.get("date"))
    period_at, year_at = np.zeros(1, np.int64), np.array([table.year], object)
    codes = np.zeros(len(rows), np.int64)
    if column is not None:
        of = table.grid.columns[column]
        codes = of.codes[table.rows][rows].astype(np.int64)
        period_at = np.zeros(len(of.texts), np.int64)
        year_at = np.full(len(of.texts), "", object)
        for code in np.flatnonzero(np.bincount(codes)).tolist():
            text = of.texts[code].strip()
            period_at[code], year = period_of(text, table.period_as)
            # A period that has a year, and is not read, may be of another one than the table.
            year_at[code] = year or ("" if _DATED.fullmatch(text) else table.year)
            if year:
                stated.add(code)
    years = year_at[codes].tolist()
    if "year" in table.keys:
        named = {text: year_named(text) for text in {*_texts(table, table.keys["year"], rows)}}
        of_row = _texts(table, table.keys["year"], rows)
        of_period = codes.tolist() if column is not None else [-1] * len(rows)
        years = [
            year if at in stated else named[text] or year
            for year, at, text in zip(years, of_period, of_row, strict=True)
        ]
    return years, period_at[codes]


_DATED: Final = re.compile(r"(\d{4})[/-]?(\d\d)")
"""A year, and a period of it."""


def period_of(text: str, how: str) -> tuple[int, str]:
    """Read a period: a number from 1, April, to 13, the closing one; a month; a day; 202401.

    Args:
        text: as it stands.
        how: of six digits, whether they are of the `financial` or the `calendar` year; "" where
            that is not known, and they are not read.

    >>> period_of("P03", ""), period_of("202401", "financial"), period_of("202401", "calendar")
    ((3, ''), (1, '2024-25'), (10, '2023-24'))
    >>> period_of("202401", "")
    (0, '')
    """
    if how == UNREAD_DAYS:
        return 0, ""
    if found := _DATED.fullmatch(text):
        year, number = int(found[1]), int(found[2])
        if how == "financial" and 1 <= number <= _LAST_MONTH + 1:
            return number, f"{year}-{(year + 1) % 100:02}"
        if how == "calendar" and 1 <= number <= _LAST_MONTH:
            return month_of(f"{year}-{number:02}-01")
        return 0, ""
    if re.fullmatch(r"0?\d|1[0-3]", text):
        return int(text), ""
    return month_of(text)


# ------------------------------------------------------------------ what is kept of it


def facts_of(table: Table) -> dict[str, Any]:
    """Return how a table is read, without its rows and counts: what is confirmed once.

    A further month is one more column of the same kind, and no other way of reading.
    """
    named = {role: table.heading(column) for role, column in table.keys.items()}
    spent = [table.heading(it) for it in table.spent]
    if table.form == "months":
        spent = ["months"]
    return {
        "sheet": table.grid.name,
        "headings": sorted(
            text
            for text, said in zip(table.header.texts, table.header.meanings, strict=True)
            if text and said.role != "month"
        ),
        "columns": dict(sorted(named.items())),
        "amount": spent,
        "form": table.form,
        "unit": table.unit,
        "spending": "negative" if table.spending < 0 else "positive",
        "period": table.period_as,
    }


def digest(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 of how a table is read."""
    return sha256(dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# ------------------------------------------------------------------ the screen


def as_text(
    plan: Plan,
    *,
    file: str,
    into: str = "POOL",
    name: str = "NAME",
    together: Collection[Table] = (),
) -> str:
    """Write a plan for the screen: what each step found, what is asked, and what to do next.

    Args:
        plan: the plan.
        file: the path it was called with.
        into: the pool, as it was called.
        name: of the ledger.
        together: the tables of an outturn, which are taken in at once.
    """
    file, command = quoted(file), "bcf import"
    said = [f"{plan.extract.file}: {plan.extract.kind}"] if plan.extract.kind else []
    for table in plan.tables:
        if len(plan.tables) > 1:
            wanted = any(table is it for it in (plan.chosen, *together))
            mark = " (wanted)" if wanted else " (left out)" if together else ""
            said.append(f"  {table.name!r}{mark}")
        said += _of_table(table)
        if table is not plan.chosen and len(plan.tables) > 1 and not together:
            said += [f"  {it.code}, if it is wanted: {it.said}" for it in table.questions]
    for found in plan.findings:
        said.append(f"  {found.severity.upper()} {found.code}  {found.sentence}.")
        said.append(f"    → {found.remedy}")
    said += [f"    {row}" for row in plan.first_rows]
    if plan.questions:
        many = len(plan.questions)
        said.append(f"  {many:,} question{'' if many == 1 else 's'}")
        for it in plan.questions:
            said.append(f"    {it.code}  {it.finding.sentence.partition('; expected ')[0]}.")
            said.append(f"      Answer:  {' or '.join(it.choices)}")
        asked = [f"{it.key}={it.choices[0]}" for it in plan.questions[:_MOST_PASTED]]
        before = [f"{key}={value}" for key, value in plan.answers.given.items()]
        said.append("  Such as:")
        pasted = " ".join(f"--answer {quoted(it)}" for it in (*before, *asked))
        then = f"--into {quoted(into)}" if together else "--plan"
        said.append(f"    {command} {file} {pasted} {then}")
    if plan.status == SURE and plan.chosen is not None:
        given = "".join(f" --answer {quoted(f'{k}={v}')}" for k, v in plan.answers.given.items())
        said.append("  Nothing to ask.   Right? Write:")
        said.append(f"    {command} {file}{given} --as {name} --into {into}")
    return "\n".join(said)


def _line(label: str, text: str) -> str:
    return f"  {label:<{_LABEL}}{text}"


def _of_table(table: Table) -> list[str]:
    start = table.rows.start
    rows = [row + 1 for row in table.header.rows if row >= 0]
    where = f"row{'s' if len(rows) > 1 else ''} {' and '.join(map(str, rows))}" if rows else "none"
    said = [_line("Headings", where)]
    lines = np.flatnonzero(table.lines)
    if not len(lines):
        return [*said, _line("Lines", "none")]
    span = f"{len(lines):,}, rows {start + int(lines[0]) + 1} to {start + int(lines[-1]) + 1}"
    spent = spent_in(table) if table.spent else 0
    amount = f"{written(spent):>{_WIDTH - len(span)}}" if table.spent else ""
    said.append(_line("Lines", f"{span}{amount}"))
    if left := _left_out(table):
        said.append(_line("Left out", left))
    for place, total in enumerate(table.totals):
        if place == _MOST_SHOWN:
            said.append(
                _line("", f"… and {len(table.totals) - place:,} more totals, each kept as a check")
            )
            break
        said.append(_line("Total" if not place else "", _of_total(table, total)))
    if table.spent:
        said.append(_line("Amount", _amount(table)))
    if table.unit:
        because = f"{table.unit}, {table.unit_because}"
        if table.unit != "pounds" and table.spent:
            pence = spent * UNITS[table.unit] // PARTS
            because += f" ({UNIT_LABELS[table.unit]} {written(spent)} = {pounds(pence)})"
        said.append(_line("Unit", because))
    if table.spending < 0:
        said.append(_line("Sign", "spending is negative here, and is turned"))
    if table.year:
        said.append(_line("Year", table.year))
    for place, (label, named) in enumerate(_columns(table)):
        said.append(_line("Columns" if not place else "", f"{label}{named}"))
    beside = [
        f"{table.heading(column)!r} {written(it.total(table.lines))}"
        for column, it in table.money.items()
        if column not in table.spent and it.there.any()
    ]
    if beside:
        said.append(_line("Beside it", " · ".join(beside)))
    return [*said, *(_line("", text) for text in table.remarks if not text.startswith("signed by"))]


def _left_out(table: Table) -> str:
    named = {
        of_table.BLANK: "blank",
        of_table.AGAIN: "headings again",
        of_table.SECTION: "section, filled down",
        of_table.FOOTER: "after the last line",
        of_table.EMPTY: "without an amount",
    }
    first = max(0, table.header.rows[0])
    parts = [f"row{'s 1 to' if first > 1 else ''} {first} above"] if first else []
    for kind, what in named.items():
        rows = [table.at(it) for it in np.flatnonzero(table.kinds == kind).tolist()]
        if rows:
            shown = ", ".join(map(str, rows[:_MOST_SHOWN]))
            more = f" and {len(rows) - _MOST_SHOWN:,} more" if len(rows) > _MOST_SHOWN else ""
            parts.append(f"row{'s' if len(rows) > 1 else ''} {shown}{more} {what}")
    return " · ".join(parts)


def _of_total(table: Table, total: Total) -> str:
    label = f"row {table.at(total.row)} {total.label!r}"
    said = [it for it in (*table.spent, *total.amounts) if it in total.amounts]
    said = said[: 2 if table.form == "debit and credit" else 1]
    shown = [written(total.amounts[it] * table.spending) for it in dict.fromkeys(said)]
    amount = f" {' and '.join(shown)}" if shown else ""
    lines = f"the {total.lines:,} line{'' if total.lines == 1 else 's'}"
    if total.how == "as answered":
        return f"{label}: left out, as answered."
    how = (
        f" by {total.how}" if total.how == "its formula" else f" ({total.how})" if total.how else ""
    )
    return f"{label}{amount} = {lines}{how}. Kept as a check."


def _amount(table: Table) -> str:
    names = [repr(table.heading(it)) for it in table.spent]
    signed = next((f", {text}" for text in table.remarks if text.startswith("signed by")), "")
    if table.form == "debit and credit":
        return f"{names[0]} less {names[1]}{signed}"
    if len(names) > 1:
        return f"{names[0]} to {names[-1]}, {len(names)} columns, each amount a line{signed}"
    return f"{names[0]}{signed}"


def _columns(table: Table) -> list[tuple[str, str]]:
    used = [f"{role} {table.heading(it)!r}" for role, it in table.keys.items() if role != "sign"]
    known = {*table.keys.values(), *table.money}
    rest = [
        repr(text) for column, text in enumerate(table.header.texts) if text and column not in known
    ]
    found = [("", " · ".join(used))] if used else []
    return [*found, ("not used: ", ", ".join(rest))] if rest else found

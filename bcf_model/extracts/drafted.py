"""A pool drafted from an outturn by scheme: its schemes, and what they name.

Nothing is guessed. What no sheet says is asked, or left blank for `bcf check` to name the cell; and
no table that has rows of its own is overwritten: what is new is proposed beside it.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from bcf_model.core.findings import Finding, has_errors, listed
from bcf_model.core.money import sterling
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.core.whole_pool import SETTINGS
from bcf_model.core.words import OUTTURN, UNITS
from bcf_model.core.years import last_day
from bcf_model.extracts.amounts import PARTS, pence_of, read_text, written
from bcf_model.extracts.answers import Answers, Question
from bcf_model.extracts.measure import titles
from bcf_model.extracts.plan import SURE, Plan, settled
from bcf_model.extracts.table import Table, label_of
from bcf_model.extracts.totals import cell
from bcf_model.intake.cells import CODE, LONGEST_CODE
from bcf_model.intake.drafts import unit_of, year_of
from bcf_model.intake.folder import read_pool
from bcf_model.intake.raw_table import RawPool

Text = Sequence[Sequence[str]]
"""A table as text, headings first."""
NOT_STATED: Final = "not stated"
_NO_PARTNER: Final = frozenset(
    ("joint", "both", "shared", "pooled", "pool", "all", "various", "tbc", "n/a", "-", "?")
)
_WITH_SCHEMES: Final = frozenset(("organisations", "themes", "categories", "rules"))
"""Tables that a pool with schemes must have: begun with their headings, where nothing is known."""
_OF_A_LEDGER: Final = frozenset(("cost_centre", "account", "period", "date", "document"))
_HEADED: Final = {
    "theme": re.compile(r"(?:bcf |programme )?themes?", re.I),
    "category": re.compile(r"(?:risk[ -]?share )?(?:risk )?categor(?:y|ies)|risk[ -]?share", re.I),
    "kind": re.compile(r"kind|(?:revenue|rev)[ /]*(?:or )?[ /]*(?:capital|cap)", re.I),
    "note": re.compile(r"(?:comment|note|remark)s?", re.I),
}
"""Headings of an outturn that a ledger has not."""
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "organisations": ("organisation", "name", "organisation_kind", "source"),
    "themes": ("theme", "name", "source"),
    "categories": ("category", "name", "source"),
    "schemes": (
        "scheme_id", "theme", "organisation", "scheme", "category", "kind", "budget",
        "expenditure", "source", "note",
    ),
    "control_totals": ("figure", "amount", "source"),
    "rules": ("rule_id", "scope", "direction", "step", "basis", "bearer", "share", "clause"),
    "commentary": ("scheme_id", "reason"),
}  # fmt: skip


class Row(NamedTuple):
    """A line of an outturn, as a scheme; amounts in pence, None where none is stated."""

    scheme_id: str
    theme: str
    organisation: str
    scheme: str
    category: str
    kind: str
    budget: int | None
    expenditure: int | None
    source: str
    note: str
    table: str

    def amount(self, name: str) -> int:
        """Return the budget or the expenditure; nil of one that is not stated."""
        return (self.budget if name == "budget" else self.expenditure) or 0


@dataclass
class Drafted:
    """What would become of an outturn.

    Attributes:
        plan: of the file, asking what a pool needs to know beside.
        taken: the tables that are taken in, in order.
        said: for the screen, line by line.
        findings: what is wrong, or worth a look.
        tables: what is to be written, by the names of files in the pool's folder.
        texts: other files.
        before: of the files that are replaced, what stood in them; None of one that was not there.
    """

    plan: Plan
    taken: tuple[Table, ...] = ()
    said: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    tables: dict[str, Text] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    before: dict[str, bytes | None] = field(default_factory=dict)


def is_outturn(table: Table) -> bool:
    """Return whether a table is one of schemes with their budgets, and none of a ledger's lines."""
    budgets = any(table.roles[column] == "budget" for column in table.money)
    named = "description" in table.keys and not _OF_A_LEDGER & table.keys.keys()
    return named and budgets and table.form == "one"


def draft(plan: Plan, pool: Path, example: Mapping[str, bytes]) -> Drafted:
    """Draft the tables of a pool from the sheets of an outturn.

    Args:
        plan: of the file, made with the answers given.
        pool: the folder; it need not be there.
        example: what an invented pool to begin with consists of, by file: it is nobody's own, and
            is replaced while it stands as it came.
    """
    chosen = [it for it in plan.tables if is_outturn(it) and _wanted(plan, it)]
    raw = read_pool(pool, [it.name for it in INPUT_TABLES]) if pool.is_dir() else RawPool(pool.name)
    own = {name for name, data in raw.data.items() if example.get(name) != data}
    asked: list[Question] = []
    faults = list(plan.extract.findings)
    for table in chosen:
        mine = settled(table, plan.answers)
        asked += [
            *(it for it in mine if it.key),
            *_holders(table, chosen, plan.answers),
            *_kinds(table, plan.answers),
        ]
        faults += [it.finding for it in mine if not it.key]
        table.keys |= _headed(table)  # shown as columns that are used
    year = year_of(raw) if raw.settings_file in own else None
    asked += _years(chosen, year)
    faults += _of_another_year(chosen, year, plan.extract.file)
    asked = [*{it.key: it for it in asked}.values()]
    plan = replace(plan, chosen=None, questions=tuple(asked), findings=tuple(faults))
    found = Drafted(plan, tuple(chosen))
    if plan.status == SURE:
        rows = [row for table in chosen for row in _rows(table, plan.answers, found.findings)]
        if not has_errors(found.findings):
            _write(found, rows, raw, own)
    return found


def _wanted(plan: Plan, table: Table) -> bool:
    return plan.chosen is None or plan.chosen is table


# ------------------------------------------------------------------ what is asked


def _years(tables: Sequence[Table], year: str | None) -> list[Question]:
    """Ask for the year, where neither the sheets nor the pool state one, or the sheets several."""
    years = sorted({it.year for it in tables} - {""})
    if len(years) == 1 or (not years and year):
        return []
    said = listed(years) if years else "none"
    return [Question("BCF913", tables[0].place(), "year", said, tuple(years) or ("2024-25",))]


def _of_another_year(tables: Sequence[Table], year: str | None, file: str) -> list[Finding]:
    years = {it.year for it in tables} - {""}
    if not year or not years or year in years:
        return []
    return [Finding("BCF914", file, value=listed(sorted(years)), expected=year)]


def _holders(table: Table, tables: Sequence[Table], answers: Answers) -> list[Question]:
    """Ask who holds the lines that name no partner."""
    asked = []
    for text in dict.fromkeys(
        _text(table, table.keys.get("organisation"), it) for it in _at(table)
    ):
        key = _holder_key(table, text)
        if _is_partner(text):
            continue
        said = answers.take(key)
        if said is not None and (said == NOT_STATED or _is_code(said)):
            continue
        if said is not None:
            answers.refuse(key, f"the code of a partner, or {NOT_STATED}")
        own = _partners([table])
        choices = tuple(dict.fromkeys([*own, *_partners(tables), NOT_STATED]))
        count = sum(_text(table, table.keys.get("organisation"), it) == text for it in _at(table))
        lines = f"{count:,} line{'' if count == 1 else 's'}"
        said = f"{lines} of {table.name!r}" + (f" that say {text!r}" if text else " that say none")
        asked.append(Question("BCF911", table.place(), key, said, choices))
    return asked


def _kinds(table: Table, answers: Answers) -> list[Question]:
    """Ask whether lines are revenue or capital, where neither a column nor a title says so."""
    if "kind" in _headed(table) or _kind_of(table, answers):
        return []
    said = f"{int(table.lines.sum()):,} lines of {table.name!r}"
    return [Question("BCF912", table.place(), f"kind {table.name}", said, ("revenue", "capital"))]


def _kind_of(table: Table, answers: Answers) -> str:
    answer = answers.choose(f"kind {table.name}", ("revenue", "capital"))
    above = " ".join(titles(table)).lower()
    named = [it for it in ("revenue", "capital") if re.search(rf"\b{it}\b", above)]
    return answer or (named[0] if len(named) == 1 else "")


def _holder_key(table: Table, text: str) -> str:
    return f"holder {table.name}, {text}" if text else f"holder {table.name}"


def _is_partner(text: str) -> bool:
    return _is_code(text) and text.lower() not in _NO_PARTNER


def _is_code(text: str) -> bool:
    return len(text) <= LONGEST_CODE and bool(CODE.fullmatch(text))


def _partners(tables: Iterable[Table]) -> list[str]:
    """Return the partners that lines name, in order."""
    return list(
        dict.fromkeys(
            text
            for table in tables
            for text in (_text(table, table.keys.get("organisation"), it) for it in _at(table))
            if _is_partner(text)
        )
    )


# ------------------------------------------------------------------ lines as schemes


def _at(table: Table) -> list[int]:
    """Return the rows of the sheet its lines stand in, counted from 0."""
    lines: list[int] = (np.flatnonzero(table.lines) + table.rows.start).tolist()
    return lines


def _text(table: Table, column: int | None, row: int) -> str:
    return "" if column is None else table.grid.columns[column][row].strip()


def _headed(table: Table) -> dict[str, int]:
    """Return the columns that a ledger has not, by what they say of a scheme."""
    return {
        role: column
        for column, text in reversed([*enumerate(table.header.texts)])
        for role, pattern in _HEADED.items()
        if column not in table.money and pattern.fullmatch(text.strip())
    }


def _money(table: Table) -> tuple[int, int]:
    """Return the columns of the budget and of the outturn."""
    return next(it for it in table.money if table.roles[it] == "budget"), table.spent[0]


def _rows(table: Table, answers: Answers, findings: list[Finding]) -> Iterator[Row]:
    """Yield a scheme for each line of a table."""
    headed, columns = _headed(table), _money(table)
    comments: dict[int, list[str]] = {}
    for row, _, text in table.grid.seen.comments:
        comments.setdefault(row, []).append(" ".join(text.split()))
    amounts = {it: pence_of(table.money[it].parts * table.spending, table.unit) for it in columns}
    for at in _at(table):
        row = at - table.rows.start
        stated = [it for it in columns if table.money[it].there[row]]
        for column in (it for it in stated if amounts[it][1][row]):
            amount = f"{written(int(table.money[column].parts[row]))}, finer than a penny"
            name, where = table.heading(column), cell(at, column)
            findings.append(table.place(row).finding("BCF907", name, amount, cell=where))
        budget, spent = (int(amounts[it][0][row]) if it in stated else None for it in columns)
        holder = _text(table, table.keys.get("organisation"), at)
        if not _is_partner(holder):
            holder = answers.take(_holder_key(table, holder)) or ""
        section = -1 if table.section is None else int(table.section[row])
        places = " and ".join(cell(at, it) for it in stated) if table.grid.name else f"row {at + 1}"
        note = [_text(table, headed.get("note"), at), *comments.get(at + 1, [])]
        kind = _text(table, headed.get("kind"), at).lower() if "kind" in headed else ""
        yield Row(
            _text(table, table.keys.get("project"), at),
            _text(table, headed.get("theme"), at) or (label_of(table, section) * (section >= 0)),
            holder,
            _text(table, table.keys["description"], at),
            _text(table, headed.get("category"), at),
            kind or _kind_of(table, answers),
            budget,
            spent,
            ", ".join(it for it in (table.file, table.grid.name, places) if it),
            "; ".join(it for it in note if it),
            table.name,
        )


# ------------------------------------------------------------------ tables of the pool


def _write(found: Drafted, rows: Sequence[Row], raw: RawPool, own: Collection[str]) -> None:
    """Lay the drafted tables where the pool has none of its own, and beside them where it has."""
    unit = (unit_of(raw) if raw.settings_file in own else None) or "pounds"
    source = found.plan.extract.file
    names = {name: _named(raw, own, name) for name in ("organisations", "themes", "categories")}
    codes = {
        "organisations": _codes(names["organisations"], [it.organisation for it in rows]),
        "themes": _codes(names["themes"], [it.theme for it in rows], numbered=True),
        "categories": _codes(names["categories"], [it.category for it in rows]),
    }
    drafted: dict[str, list[list[str]]] = {"schemes": []}
    for name, of in codes.items():
        new = {text: code for text, code in of.items() if code not in names[name].values()}
        said = {text: "" if name == "organisations" else text for text in new}
        extra = [""] if name == "organisations" else []
        drafted[name] = [[code, said[text], *extra, source] for text, code in new.items()]
    schemes = [
        [
            it.scheme_id,
            codes["themes"].get(it.theme, ""),
            codes["organisations"].get(it.organisation, it.organisation),
            it.scheme,
            codes["categories"].get(it.category, ""),
            it.kind,
            *("" if p is None else _amount(p, unit) for p in (it.budget, it.expenditure)),
            it.source,
            it.note,
        ]
        for it in rows
    ]
    drafted["schemes"] = schemes
    drafted["control_totals"] = _control_totals(found.taken, rows, codes, unit)
    drafted |= {"rules": [], "commentary": []}
    for name, lines in drafted.items():
        _place(found, raw, own, name, lines)
    if "schemes.csv" in found.tables:  # put in place last: without them nothing can be calculated
        found.tables["schemes.csv"] = found.tables.pop("schemes.csv")
    if raw.settings_file not in own:
        found.texts[f"{SETTINGS}.toml"] = _settings(found.taken, source)
        found.before[f"{SETTINGS}.toml"] = raw.data.get(f"{SETTINGS}.toml")
    _tell(found, rows, schemes)


def _place(
    found: Drafted, raw: RawPool, own: Collection[str], name: str, lines: list[list[str]]
) -> None:
    """Lay a drafted table in its file, or propose of it what a table that has rows has not."""
    file = f"{name}.csv"
    table = raw.tables.get(name)
    if not lines and file in own:
        return
    if (file not in own or table is None or not table.rows) and name not in raw.unreadable:
        if lines or file in raw.data or (name in _WITH_SCHEMES and "schemes.csv" in found.tables):
            found.tables[file] = [[*_HEADS[name]], *lines]
            found.before[file] = raw.data.get(file)
        return
    there = [] if table is None else _as_known(table.columns, table.rows, _HEADS[name])
    new = [line for line in lines if _same(line) not in map(_same, there)]
    if not new:
        return
    found.tables[f"{name}.proposed.csv"] = [[*_HEADS[name]], *new]
    found.before[f"{name}.proposed.csv"] = raw.data.get(f"{name}.proposed.csv")
    keys = {line[0] for line in there}
    changed = sum(line[0] in keys for line in new)
    value = f"{len(new):,} rows of the workbook, {changed:,} of which are there with other cells"
    found.findings.append(Finding("BCF916", file, value=value, expected=f"{name}.proposed.csv"))


def _same(line: Sequence[str]) -> tuple[object, ...]:
    """Return a row so that one amount written in two ways is the same."""
    return tuple(read_text(it).parts if read_text(it).parts is not None else it for it in line)


def _as_known(
    columns: Sequence[str], rows: Iterable[Sequence[str]], heads: Sequence[str]
) -> list[list[str]]:
    at = [columns.index(it) if it in columns else None for it in heads]
    return [["" if it is None else row[it].strip() for it in at] for row in rows]


def _named(raw: RawPool, own: Collection[str], name: str) -> dict[str, str]:
    """Return the codes a pool's own table has, by code and by name in small letters."""
    table = raw.tables.get(name)
    if table is None or f"{name}.csv" not in own:
        return {}
    named: dict[str, str] = {}
    for code, said in _as_known(table.columns, table.rows, _HEADS[name][:2]):
        named |= {said.lower(): code} if said else {}
        named[code.lower()] = code
    return named


def _codes(
    named: Mapping[str, str], texts: Iterable[str], *, numbered: bool = False
) -> dict[str, str]:
    """Return the code of each text: one the pool has, the text itself, or the next number."""
    codes: dict[str, str] = {}
    numbers = (str(it) for it in range(1, 10**6) if str(it) not in named.values())
    for text in texts:
        if not text or text in codes or text == NOT_STATED:
            continue
        known = named.get(text.lower())
        codes[text] = known or (text if _is_code(text) and not numbered else next(numbers))
    return codes


def _amount(pence: int, unit: str) -> str:
    return written(pence * (PARTS // UNITS[unit]))


def _control_totals(
    tables: Sequence[Table],
    rows: Sequence[Row],
    codes: Mapping[str, Mapping[str, str]],
    unit: str,
) -> list[list[str]]:
    """Return the totals of the sheets that some selection of the schemes is proved by.

    A sheet's own total is over all its lines, by its proof. It becomes a control total where a
    holder, a kind or both select just these lines; one that passes over amounts never does.
    """
    found: list[list[str]] = []
    for table in tables:
        mine = [it for it in rows if it.table == table.name]
        over_all = [it for it in table.totals if it.lines == len(mine) and it.how != _ANSWERED]
        selected = _selection(mine, rows, codes["organisations"]) if mine else None
        leaves_out = any(it.code == "BCF918" for it in table.questions)
        if not over_all or selected is None or leaves_out:
            continue
        row = over_all[-1].row + table.rows.start
        for figure, column in zip(("budget", "expenditure"), _money(table), strict=True):
            there = column in over_all[-1].amounts or (row + 1, column + 1) in table.grid.formulas
            if there and all(getattr(it, figure) is not None for it in mine):
                total = _amount(sum(it.amount(figure) for it in mine), unit)
                places = (table.file, table.grid.name, cell(row, column) * bool(table.grid.name))
                found.append([figure + selected, total, ", ".join(filter(None, places))])
    return found


def _selection(mine: Sequence[Row], rows: Sequence[Row], codes: Mapping[str, str]) -> str | None:
    """Return how a figure selects the rows of one sheet and no others; None where it cannot."""
    if len(mine) == len(rows):
        return ""
    first, code = mine[0], codes.get(mine[0].organisation)
    holder = [] if code is None else [(f"/organisation={code}", first.organisation, "")]
    kind = [(f"/kind={first.kind}", "", first.kind)]
    both = [(holder[0][0] + kind[0][0], first.organisation, first.kind)] if holder else []
    for said, organisation, of in (*holder, *kind, *both):
        picked = [
            it
            for it in rows
            if it.organisation == (organisation or it.organisation) and it.kind == (of or it.kind)
        ]
        if picked == [*mine]:
            return said
    return None


_ANSWERED: Final = "as answered"


def _settings(tables: Sequence[Table], source: str) -> str:
    """Write pool.toml; the board, which no outturn names, is left for her who knows it."""
    above = [text for table in tables for text in titles(table)]
    year = next(it.year for it in tables if it.year)
    provisional = any(re.search(r"\bprovisional\b", it, re.I) for it in above)
    stated = {
        "title": next((it for it in above if read_text(it).parts is None), source),
        "board": "",
        "financial_year": year,
        "unit": "pounds",
        "basis": OUTTURN,
        "source": source,
        "status": "Provisional" if provisional else "Not stated",
    }
    said = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in stated.items()]
    return "\n".join([*said, f"as_at = {last_day(year).isoformat()}", ""])


# ------------------------------------------------------------------ the screen


def _tell(found: Drafted, rows: Sequence[Row], schemes: Sequence[Sequence[str]]) -> None:
    """Note what would be written, and which cells are left for her to fill in."""
    for table in found.taken:
        mine = [it for it in rows if it.table == table.name]
        sums = " · ".join(
            f"{name} {sterling(sum(it.amount(name) for it in mine))}"
            for name in ("budget", "expenditure")
        )
        found.said.append(f"  {table.name}: {len(mine):,} schemes · {sums}")
    whole = [sterling(sum(it.amount(name) for it in rows)) for name in ("budget", "expenditure")]
    found.said.append(
        f"  Together: {len(rows):,} schemes · budget {whole[0]} · expenditure {whole[1]}"
    )
    for at, name in enumerate(_HEADS["schemes"][:6]):
        blank = [it[8] for it in schemes if not it[at]]
        if blank:
            value = (
                f"{name} of {len(blank):,} scheme{'' if len(blank) == 1 else 's'}, first {blank[0]}"
            )
            found.findings.append(Finding("BCF915", "schemes.csv", column=name, value=value))
    for name, column in (("organisations", "name and organisation_kind"), (SETTINGS, "board")):
        new = f"{name}.csv" in found.tables or f"{name}.toml" in found.texts
        if new:
            file = f"{name}.{'toml' if name == SETTINGS else 'csv'}"
            found.findings.append(Finding("BCF915", file, value=column))
    if len(found.tables.get("rules.csv", ())) == 1:
        found.findings.append(
            Finding("BCF915", "rules.csv", value="who bears what, by the agreement")
        )

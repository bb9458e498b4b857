"""From raw text to typed inputs and findings: everything wrong with a pool, in one pass.

`CHECKS` is the list of what is looked at once the cells are read; to add a rule, add a function
and name it there. Nothing here changes a value: what is in doubt is a finding.
"""

import functools
import reprlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from pydantic import ValidationError

from bcf_model.cells import LONGEST_TEXT, WHOLE_SHARE, places, printed_number, read_cell, tidy
from bcf_model.errors import DataHasErrors
from bcf_model.figures import MEASURES, VARIANCE, Figure, Ledger, row_by_row
from bcf_model.findings import Finding, has_errors, one_of
from bcf_model.money import LARGEST_PENCE, NotMoney, label, pounds
from bcf_model.read import RawPool, RawTable, read_pool
from bcf_model.settings import Settings
from bcf_model.tables import INPUT_TABLES, FieldMeaning, Inputs, InputTable, SourceFile, fields
from bcf_model.vocabulary import BUDGET_HOLDER, KINDS, NOT_STATED, POOLINGS, UNITS


@dataclass(frozen=True)
class Draft:
    """A table whose cells were read one by one; a cell that could not be is None.

    Attributes:
        cells: one list for each column; texts: the same as it stood in the file.
        numbers: the row number of each.
        broken: the columns with a cell that could not be read.
    """

    file: str
    sheet: str
    numbers: tuple[int, ...]
    cells: Mapping[str, list[Any]]
    texts: Mapping[str, list[str]]
    broken: frozenset[str]

    def finding(self, code: str, i: int, column: str = "", **said: str) -> Finding:
        """Point at the i-th row."""
        return Finding(code, self.file, self.numbers[i], column, sheet=self.sheet, **said)

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Give (i, value, …) for the rows in which all these columns could be read."""
        for i, values in enumerate(zip(*(self.cells[c] for c in columns), strict=True)):
            if None not in values:
                yield i, *values


Drafts = Mapping[str, Draft]

LONGEST_QUOTED: Final = 60

LINE_KEYS: Final = ("scheme_id", "theme", "organisation", "category", "kind", "pooling")
"""The columns a line is selected by."""


def load(path: str | Path) -> Inputs:
    """Load a pool that must be sound.

    Args:
        path: a folder of CSV files or an .xlsx workbook.

    Raises:
        DataHasErrors: with every finding; nothing can be calculated from such data.
    """
    inputs, findings = check(path)
    if inputs is None:
        raise DataHasErrors(findings)
    return inputs


def check(path: str | Path) -> tuple[Inputs | None, list[Finding]]:
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
    settings = _settings(raw, findings)
    unit = _unit(raw)
    drafts: dict[str, Draft] = {}
    for table in INPUT_TABLES:
        draft = _draft(raw, table, unit, findings)
        if draft is not None:
            drafts[table.name] = draft
    for looked_at in CHECKS:
        findings.extend(looked_at(drafts))
    if unit:
        findings.extend(_control_totals(drafts, unit))
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


def _settings(raw: RawPool, findings: list[Finding]) -> Settings | None:
    if raw.settings is None:
        return None
    try:
        return Settings.model_validate(raw.settings)
    except ValidationError as problem:
        for error in problem.errors():
            name = ".".join(str(part) for part in error["loc"])
            code = {"missing": "BCF102", "extra_forbidden": "BCF103"}.get(error["type"], "BCF104")
            expected = {
                "BCF102": _setting_meaning(error["loc"]),
                "BCF103": one_of(_settings_beside(error["loc"]), str(error["loc"][-1])),
                "BCF104": _SAID.get(error["type"], error["msg"].removeprefix("Value error, ")),
            }[code]
            value = "" if code == "BCF102" else _brief(error["input"])
            findings.append(
                Finding(
                    code,
                    raw.settings_file,
                    column=name,
                    value=value,
                    expected=expected,
                    sheet=raw.settings_sheet,
                )
            )
        return None


_SAID: Final = {
    "bool_type": "true or false",
    "float_type": "a number",
    "greater_than_equal": "0 or more",
    "int_type": "a whole number",
    "less_than_equal": "a smaller number",
    "model_type": "settings of its own, as in commentary.over_pounds",
    "string_too_long": "a shorter text",
    "string_too_short": "some text",
    "string_type": "text, in quotation marks",
}
"""What pydantic expected, by its name for the mistake."""


def _unit(raw: RawPool) -> str | None:
    """Give the unit of the amounts, whatever else is wrong with the settings; None if unknown."""
    unit = (raw.settings or {}).get("unit")
    return unit if isinstance(unit, str) and unit in UNITS else None


def _settings_beside(place: tuple[int | str, ...]) -> list[str]:
    """Name the settings known where an unknown one stands."""
    model: Any = Settings
    for part in place[:-1]:
        model = model.model_fields[part].annotation
    return list(model.model_fields)


def _brief(value: object) -> str:
    """Show a setting's value, however long, deep or large it is."""
    if isinstance(value, str):
        return _quoted(value) or "nothing"
    try:
        return reprlib.repr(value)
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "an endless number"


def _setting_meaning(place: tuple[int | str, ...]) -> str:
    described = Settings.model_fields.get(str(place[0]))
    return (described.description or "").lower() if described else ""


def _draft(
    raw: RawPool, table: InputTable, unit: str | None, findings: list[Finding]
) -> Draft | None:
    known = {meaning.name: meaning for meaning in fields(table.model)}
    found = raw.tables.get(table.name)
    if found is None:
        if table.name in raw.unreadable:
            return None
        if table.required:
            in_folder = not raw.settings_sheet
            findings.append(
                Finding(
                    "BCF002",
                    f"{table.name}.csv" if in_folder else raw.settings_file,
                    sheet="" if in_folder else table.name,
                    expected=", ".join(n for n, m in known.items() if m.default is None),
                )
            )
            return None
        return Draft("", "", (), {name: [] for name in known}, {}, frozenset())
    wrong = list(_wrong_columns(found, known))
    if not found.rows and not table.may_be_blank:
        wrong.append(Finding("BCF012", found.file, sheet=found.sheet))
    findings.extend(wrong)
    if any(f.code != "BCF009" for f in wrong):
        return None
    cells: dict[str, list[Any]] = {}
    texts: dict[str, list[str]] = {}
    broken = set()
    for name, meaning in known.items():
        if name not in found.columns:
            cells[name] = [meaning.default] * len(found.rows)
            continue
        at = found.columns.index(name)
        texts[name] = [row[at] for row in found.rows]
        cell = functools.cache(functools.partial(read_cell, meaning=meaning, unit=unit))
        read = [cell(text) for text in texts[name]]  # most columns say the same few things
        cells[name] = [value for value, _ in read]
        for i, (value, problems) in enumerate(read):
            if value is None:
                broken.add(name)
            for problem in problems:
                findings.append(
                    Finding(
                        problem.code,
                        found.file,
                        found.numbers[i],
                        name,
                        value=_shown(texts[name][i]),
                        expected=problem.expected,
                        sheet=found.sheet,
                    )
                )
    return Draft(found.file, found.sheet, found.numbers, cells, texts, frozenset(broken))


def _wrong_columns(found: RawTable, known: Mapping[str, FieldMeaning]) -> Iterator[Finding]:
    """A table has the columns it must have (BCF008), and no others (BCF009)."""
    for name, meaning in known.items():
        if name not in found.columns and meaning.default is None:
            yield Finding("BCF008", found.file, column=name, sheet=found.sheet)
    for name in found.columns:
        if name not in known:
            expected = one_of([n for n in known if n not in found.columns] or known, name)
            yield Finding("BCF009", found.file, column=name, expected=expected, sheet=found.sheet)


def _quoted(text: str) -> str:
    shown = tidy(text)
    if len(shown) > LONGEST_QUOTED:
        shown = shown[: LONGEST_QUOTED - 1] + "…"
    return repr(shown) if shown else ""


def _shown(text: str) -> str:
    """Quote a cell; of one that is too long, say how long it is."""
    length = len(tidy(text))
    return _quoted(text) if length <= LONGEST_TEXT else f"{length:,} characters"


# ------------------------------------------------------------------ codes and names


def _unique_codes(drafts: Drafts) -> Iterator[Finding]:
    """A code stands once; and two codes are two to a spreadsheet as well (BCF301, 305, 306)."""
    for table in INPUT_TABLES:
        draft = drafts.get(table.name)
        if draft is None:
            continue
        schema = table.model.to_schema()
        for name, column in schema.columns.items():
            if not column.unique:
                continue
            first: dict[str, int] = {}
            alike: dict[str, str] = {}
            for i, code in draft.rows(name):
                if code in first:
                    yield _twice(draft, table.name, name, first[code], i)
                    continue
                first[code] = i
                other = alike.setdefault(_as_spreadsheet(code), code)
                if other != code:
                    where = f"{other!r} in row {draft.numbers[first[other]]}"
                    yield draft.finding("BCF306", i, name, value=f"{code!r}, beside {where}")


def _twice(draft: Draft, table: str, name: str, first: int, again: int) -> Finding:
    earlier = f"the same code in row {draft.numbers[first]}"
    value = f"{draft.cells[name][again]!r}, {earlier}"
    code = "BCF301"
    if table == "schemes":
        homes = [(draft.cells["theme"][i], draft.cells["organisation"][i]) for i in (first, again)]
        if homes[0] != homes[1]:
            code = "BCF305"
            value += f" (theme {homes[0][0]}, {homes[0][1]}; theme {homes[1][0]}, {homes[1][1]})"
    return draft.finding(code, again, name, value=value)


def _as_spreadsheet(code: str) -> str:
    """Give what SUMIFS compares: capitals and full width do not count, and "01" is 1."""
    plain = unicodedata.normalize("NFKC", code).casefold()
    try:
        return str(float(plain.replace("_", " ")))  # Python alone reads 1_0 as 10
    except ValueError:
        return plain


def _references(drafts: Drafts) -> Iterator[Finding]:
    """A code used is a code declared (BCF302, 303, 304, 308)."""
    codes = {
        "themes": "BCF302",
        "organisations": "BCF303",
        "categories": "BCF304",
        "schemes": "BCF308",
    }
    declared = _declared(drafts)
    for table in INPUT_TABLES:
        for meaning in fields(table.model):
            known = declared.get(meaning.name)
            if not meaning.refers_to or table.name not in drafts or known is None:
                continue
            expected = functools.cache(functools.partial(one_of, known))
            for i, code in drafts[table.name].rows(meaning.name):
                if code not in known:
                    yield drafts[table.name].finding(
                        codes[meaning.refers_to],
                        i,
                        meaning.name,
                        value=repr(code),
                        expected=expected(code),
                    )


Declared = Mapping[str, Mapping[str, None]]


def _declared(drafts: Drafts) -> Declared:
    """List the codes declared for each column that names one, and each key of a figure.

    A column is left out where not all of its codes could be read.
    """
    declared = {"kind": dict.fromkeys(KINDS), "pooling": dict.fromkeys(POOLINGS)}
    for table, column, also in (
        ("themes", "theme", ()),
        ("organisations", "organisation", ()),
        ("categories", "category", (NOT_STATED,)),
        ("schemes", "scheme_id", ()),
    ):
        if table in drafts and column not in drafts[table].broken:
            declared[column] = dict.fromkeys([*drafts[table].cells[column], *also])
    for key, column in (("bearer", "organisation"), ("scheme", "scheme_id")):
        if column in declared:
            declared[key] = declared[column]
    return declared


def _astray(schemes: Draft, declared: Declared, *columns: str) -> set[int]:
    """Find the lines with a code nobody declared in one of these columns."""
    return {
        i
        for column in columns
        if column in declared
        for i, code in schemes.rows(column)
        if code not in declared[column]
    }


def _unused(drafts: Drafts) -> Iterator[Finding]:
    """A theme, organisation or category that no line uses (BCF307)."""
    schemes = drafts.get("schemes")
    if schemes is None:
        return
    declared, rules = _declared(drafts), drafts.get("rules")
    for table, name in (
        ("themes", "theme"),
        ("organisations", "organisation"),
        ("categories", "category"),
    ):
        if table not in drafts or name in schemes.broken or _astray(schemes, declared, name):
            continue  # the code astray may be meant for the one that seems unused
        used = set(schemes.cells[name])
        if table == "organisations":
            if rules is None or "bearer" in rules.broken:
                continue
            used |= set(rules.cells["bearer"])
        for i, code in drafts[table].rows(name):
            if code not in used:
                yield drafts[table].finding("BCF307", i, name, value=repr(code))


def _same_line_twice(drafts: Drafts) -> Iterator[Finding]:
    """The same theme, organisation and name under two codes (BCF309)."""
    if "schemes" not in drafts:
        return
    draft = drafts["schemes"]
    first: dict[tuple[str, ...], int] = {}
    for i, *line in draft.rows("theme", "organisation", "scheme", "pooling"):
        key, codes = tuple(line), draft.cells["scheme_id"]
        if key in first and codes[i] != codes[first[key]]:
            value = f"{line[2]!r}, also in row {draft.numbers[first[key]]}"
            yield draft.finding("BCF309", i, "scheme", value=value)
        first.setdefault(key, i)


def _reserved_codes(drafts: Drafts) -> Iterator[Finding]:
    """Words that mean something to the model cannot be a code (BCF210)."""
    for table, name, word in (
        ("organisations", "organisation", BUDGET_HOLDER),
        ("categories", "category", NOT_STATED),
    ):
        if table in drafts:
            for i, code in drafts[table].rows(name):
                if code.casefold() == word:
                    expected = f"another code: '{word}' has a meaning of its own"
                    yield drafts[table].finding(
                        "BCF210", i, name, value=repr(code), expected=expected
                    )


def _whole_numbers_in_reach(drafts: Drafts) -> Iterator[Finding]:
    """A whole number lies within the bounds its table gives it (BCF215)."""
    for table in INPUT_TABLES:
        for name, column in table.model.to_schema().columns.items():
            if table.name not in drafts or (column.metadata or {})["form"] != "whole":
                continue
            draft, bounds = drafts[table.name], [check.statistics for check in column.checks]
            least = max((b["min_value"] for b in bounds if "min_value" in b), default=0)
            most = min((b["max_value"] for b in bounds if "max_value" in b), default=10**9)
            for i, number in draft.rows(name):
                if not least <= number <= most:
                    expected = f"{least} or more" if number < least else f"at most {most}"
                    yield draft.finding(
                        "BCF215", i, name, value=repr(str(number)), expected=expected
                    )


# ------------------------------------------------------------------ amounts


def _negative_budgets(drafts: Drafts) -> Iterator[Finding]:
    """A negative budget may be right: net lines exist (BCF501)."""
    if "schemes" in drafts:
        draft = drafts["schemes"]
        for i, budget in draft.rows("budget"):
            if budget < 0:
                yield draft.finding("BCF501", i, "budget", value=_quoted(draft.texts["budget"][i]))


def _amounts_in_reach(drafts: Drafts) -> Iterator[Finding]:
    """A column adds up to no more than one amount may be: no sum can then leave int64 (BCF207)."""
    if "schemes" in drafts:
        draft = drafts["schemes"]
        for column in ("budget", "expenditure"):
            total = sum(abs(amount) for _, amount in draft.rows(column))
            if total > LARGEST_PENCE:
                value = f"£{pounds(total)} in the column, whatever their signs"
                yield Finding("BCF207", draft.file, 0, column, value=value, sheet=draft.sheet)


def _not_stated_nil(drafts: Drafts) -> Iterator[Finding]:
    """Nothing may be borne through a category that is not stated (BCF406)."""
    if "schemes" in drafts:
        draft = drafts["schemes"]
        columns = ("category", "pooling", "budget", "expenditure")
        for i, category, pooling, budget, expenditure in draft.rows(*columns):
            if (category, pooling) == (NOT_STATED, "pooled") and budget != expenditure:
                value = f"a variance of £{pounds(expenditure - budget)}"
                expected = "a category, or no variance"
                yield draft.finding("BCF406", i, "category", value=value, expected=expected)


def _lines(drafts: Drafts) -> pd.DataFrame | None:
    """Give the lines as a frame with their variance, when all of them could be read."""
    draft = drafts.get("schemes")
    columns = [*LINE_KEYS, "budget", "expenditure"]
    if draft is None or draft.broken & {*columns}:
        return None
    frame = pd.DataFrame({name: draft.cells[name] for name in columns})
    if not frame["scheme_id"].is_unique:
        return None  # said by _unique_codes; every total would be wrong, and say it again
    for name in ("budget", "expenditure"):
        frame[name] = frame[name].astype("int64")
    return frame.assign(variance=row_by_row(frame, VARIANCE))


def _control_totals(drafts: Drafts, unit: str) -> Iterator[Finding]:
    """A total the user states is the total of the lines (BCF502, BCF503)."""
    lines = _lines(drafts)
    if lines is None or "control_totals" not in drafts:
        return
    draft, ledger, declared = drafts["control_totals"], Ledger({"lines": lines}), _declared(drafts)
    for i, text, expected in draft.rows("figure", "amount"):
        figure = Figure.parse(text)
        measure = MEASURES.get(figure.measure)
        if (
            measure is None
            or (measure.table, measure.unit) != ("lines", "money")
            or (measure.expression is None)
        ):
            said = "budget, expenditure or variance, of the lines"
            yield draft.finding("BCF601", i, "figure", value=repr(text), expected=said)
            continue
        keys = [key for key, _ in figure.selection if key in LINE_KEYS]
        if [*_unknown_values(figure, declared)] or _astray(drafts["schemes"], declared, *keys):
            continue  # said by _figures and _references
        found = ledger.value(figure)
        assert isinstance(found, int)
        if found != expected:
            factor = _thousands_between(found, expected)
            yield draft.finding(
                "BCF503" if factor else "BCF502",
                i,
                "amount",
                value=f"£{pounds(found)} in the lines, read in {label(unit)}",
                expected=f"£{pounds(expected)}, a difference of £{pounds(found - expected)}",
            )


def _thousands_between(found: int, expected: int) -> bool:
    """Say whether two amounts differ by about a factor of 1,000 or 1,000,000."""
    if 0 in (found, expected):
        return False
    ratio = Decimal(found) / Decimal(expected)
    return any(
        abs(ratio / f - 1) < Decimal("0.01") for f in map(Decimal, ("1e3", "1e6", "1e-3", "1e-6"))
    )


# ------------------------------------------------------------------ the risk share rules


def _rule_bearers(drafts: Drafts) -> Iterator[Finding]:
    """Bearers are partners, and agree with the basis (BCF404, BCF409)."""
    if "rules" not in drafts or "organisations" not in drafts:
        return
    draft, partners = drafts["rules"], _declared(drafts).get("organisation")
    if partners is None:
        return
    for i, basis, bearer in draft.rows("basis", "bearer"):
        if basis == "own" and bearer != BUDGET_HOLDER:
            yield draft.finding(
                "BCF409", i, "bearer", value=repr(bearer), expected=repr(BUDGET_HOLDER)
            )
        elif basis != "own" and bearer == BUDGET_HOLDER:
            expected = one_of(partners)
            yield draft.finding("BCF409", i, "bearer", value=repr(bearer), expected=expected)
        elif basis != "own" and bearer not in partners:
            expected = one_of(partners, bearer)
            yield draft.finding("BCF404", i, "bearer", value=repr(bearer), expected=expected)


def _rule_shares(drafts: Drafts) -> Iterator[Finding]:
    """Shares of a scope, direction and step make 100 (BCF403); a bearer stands once (BCF402)."""
    if "rules" not in drafts:
        return
    draft = drafts["rules"]
    if {"scope", "direction", "step"} & draft.broken:
        return
    calls: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for i, *call in draft.rows("scope", "direction", "step"):
        calls[tuple(call)].append(i)
    bearers, shares = draft.cells["bearer"], draft.cells["share"]
    for (scope, direction, step), rows in calls.items():
        first: dict[str, int] = {}
        for i in rows:
            if bearers[i] in first:
                value = f"{bearers[i]!r} again, as in row {draft.numbers[first[bearers[i]]]}"
                yield draft.finding("BCF402", i, "bearer", value=value)
            if bearers[i] is not None:
                first.setdefault(bearers[i], i)
        if any(shares[i] is None for i in rows):
            continue
        total = sum(shares[i] for i in rows)
        if total != WHOLE_SHARE:
            numbers = ", ".join(str(draft.numbers[i]) for i in rows)
            where = f"{scope}, {direction}, step {step} (row {numbers})"
            missing = Decimal(abs(WHOLE_SHARE - total)) / 10**6
            yield draft.finding(
                "BCF403",
                rows[0],
                "share",
                value=f"{Decimal(total) / 10**6:f}% for {where}",
                expected=f"100%, {missing:f}% {'more' if total < WHOLE_SHARE else 'less'}",
            )


def _rule_directions(drafts: Drafts) -> Iterator[Finding]:
    """Each scope is ruled both ways, once, in one step (BCF402, BCF407, BCF408)."""
    if "rules" not in drafts:
        return
    draft = drafts["rules"]
    if {"scope", "direction", "step"} & draft.broken:
        return
    by_scope: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for i, scope, direction, step in draft.rows("scope", "direction", "step"):
        by_scope[scope].append((i, direction, step))
    for scope, rows in by_scope.items():
        directions = {direction for _, direction, _ in rows}
        if "either" in directions and len(directions) > 1:
            i = next(i for i, direction, _ in rows if direction != "either")
            value = f"{scope} is ruled for 'either' and for {draft.cells['direction'][i]!r}"
            yield draft.finding("BCF402", i, "direction", value=value)
        elif len(directions) == 1 and "either" not in directions:
            other = "under" if "over" in directions else "over"
            yield draft.finding(
                "BCF407", rows[0][0], "direction", value=f"{scope}, {directions.pop()} only",
                expected=f"a rule for {other} too, or 'either'",
            )  # fmt: skip
        first_step: dict[str, int] = {}
        for _, direction, step in rows:
            first_step[direction] = min(step, first_step.get(direction, step))
        for i, direction, step in rows:
            if step > first_step[direction]:
                yield draft.finding("BCF408", i, "step", value=f"step {step} of {scope}")


def _rule_coverage(drafts: Drafts) -> Iterator[Finding]:
    """Each line of the pool is under exactly one scope (BCF401, BCF402); none is idle (BCF410)."""
    if "rules" not in drafts or "schemes" not in drafts:
        return
    rules, schemes = drafts["rules"], drafts["schemes"]
    if schemes.broken & {*LINE_KEYS}:
        return
    declared = _declared(drafts)
    astray = _astray(schemes, declared, "theme", "organisation", "category")
    ledger = Ledger({"lines": pd.DataFrame({name: schemes.cells[name] for name in LINE_KEYS})})
    covering: list[list[int]] = [[] for _ in schemes.numbers]
    clear = "scope" not in rules.broken
    scopes: dict[str, int] = {}
    for i, scope in rules.rows("scope"):
        scopes.setdefault(scope, i)
    for scope, i in scopes.items():
        figure = scope_figure(scope)
        known = not [*_unknown_values(figure, declared)]
        clear = clear and known
        lines = np.flatnonzero(ledger.rows(figure)).tolist()
        if not lines and known and not astray:
            yield rules.finding("BCF410", i, "scope", value=repr(scope))
        for line in lines:
            covering[line].append(i)
    for line, rows in enumerate(covering):
        category, pooling = schemes.cells["category"][line], schemes.cells["pooling"][line]
        name = f"{schemes.cells['scheme_id'][line]} (category {category})"
        needs_rule = pooling == "pooled" and category != NOT_STATED and line not in astray
        if not rows and needs_rule and clear:
            expected = f"a rule with scope category={category}, or wider"
            yield schemes.finding("BCF401", line, "category", value=name, expected=expected)
        if len(rows) > 1:
            under = " and ".join(
                f"{rules.cells['scope'][i]!r} (rules row {rules.numbers[i]})" for i in rows
            )
            yield schemes.finding("BCF402", line, "scheme_id", value=f"{name} under {under}")


def scope_figure(scope: str) -> Figure:
    """Give the figure whose rows are the lines of a rule's scope."""
    return Figure.of("budget") if scope == "pool" else Figure.parse(f"budget/{scope}")


# ------------------------------------------------------------------ figures


def _figures(drafts: Drafts) -> Iterator[Finding]:
    """A figure or scope selects by codes that exist (BCF601, BCF405)."""
    declared = _declared(drafts)
    for table, name, code in (
        ("control_totals", "figure", "BCF601"),
        ("published", "figure", "BCF601"),
        ("rules", "scope", "BCF405"),
    ):
        if table not in drafts:
            continue
        draft = drafts[table]
        for i, text in draft.rows(name):
            figure = scope_figure(text) if name == "scope" else Figure.parse(text)
            for value, expected in _unknown_values(figure, declared):
                said = f"{value!r} in {text}"
                yield draft.finding(code, i, name, value=said, expected=expected)


def _unknown_values(figure: Figure, declared: Declared) -> Iterator[tuple[str, str]]:
    """Give the codes a figure selects by that nobody declared, each with what was expected."""
    for key, values in figure.selection:
        for value in values if key in declared else ():
            if value not in declared[key]:
                yield value, one_of(declared[key], value)


def _printed_numbers(drafts: Drafts) -> Iterator[Finding]:
    """A printed number can be read, and has the decimals stated (BCF602, BCF603)."""
    if "published" not in drafts:
        return
    draft = drafts["published"]
    for i, printed, unit, decimals in draft.rows("printed", "unit", "decimals"):
        try:
            number = printed_number(printed, unit)
        except NotMoney:
            yield draft.finding(
                "BCF602", i, "printed", value=repr(printed), expected=f"a number in {unit}"
            )
            continue
        if places(number) != decimals:
            value = f"{printed!r} with {places(number)}"
            yield draft.finding("BCF603", i, "decimals", value=value, expected=str(decimals))


CHECKS: Final[tuple[Callable[[Drafts], Iterator[Finding]], ...]] = (
    _unique_codes,
    _reserved_codes,
    _references,
    _unused,
    _same_line_twice,
    _whole_numbers_in_reach,
    _negative_budgets,
    _amounts_in_reach,
    _not_stated_nil,
    _rule_bearers,
    _rule_shares,
    _rule_directions,
    _rule_coverage,
    _figures,
    _printed_numbers,
)


# ------------------------------------------------------------------ the sound pool


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
        files=_source_files(raw, drafts),
        findings=tuple(findings),
        **frames,
    )


def _dtype(column_type: Any) -> str:
    return "int64" if str(column_type) == "int64" else "str"


def _source_files(raw: RawPool, drafts: Drafts) -> tuple[SourceFile, ...]:
    rows: dict[str, int] = defaultdict(int)
    for draft in drafts.values():
        rows[draft.file] += len(draft.numbers)
    return tuple(SourceFile(name, raw.hashes[name], rows[name]) for name in sorted(raw.hashes))

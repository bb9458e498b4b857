"""Codes and names: each stands once, is declared where it is used, and is used where declared."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bcf_model.checks.code_index import PLACES, PROVIDER, bearers, declared_codes
from bcf_model.core.findings import Finding, one_of
from bcf_model.core.package_files import rows_of
from bcf_model.core.tables import INPUT_TABLES, Failure, FieldMeaning
from bcf_model.core.words import NOT_STATED, ROLES
from bcf_model.intake.drafts import Draft, Drafts
from bcf_model.intake.plain_form import NO_NAMES, Names
from bcf_model.intake.raw_table import RawTable, plain_file


def unique_codes(drafts: Drafts) -> Iterator[Finding]:
    """A code stands once; and two codes are two to a spreadsheet as well (BCF301, 305, 306).

    That a code stands twice, pandera has seen.
    """
    for table in drafts.kinds:
        draft = drafts.get(table.name)
        if draft is None:
            continue
        for name in (it.name for it in table.model.fields if it.unique):
            first: dict[str, int] = {}
            alike: dict[str, str] = {}
            for i, code in draft.rows(name):
                if Failure(name, i, "unique") in draft.failing:
                    yield _twice(draft, table.name, name, first[code], i)
                    continue
                first.setdefault(code, i)
                other = alike.setdefault(_as_spreadsheet(code), code)
                if other != code:
                    where = f"{other!r} in row {draft.numbers[first[other]]}"
                    yield draft.at(i).finding("BCF306", name, f"{code!r}, beside {where}")


def _twice(draft: Draft, table: str, name: str, first: int, again: int) -> Finding:
    earlier = f"the same code in row {draft.numbers[first]}"
    value = f"{draft.cells[name][again]!r}, {earlier}"
    code = "BCF301"
    if table == "schemes":
        homes = [(draft.cells["theme"][i], draft.cells["organisation"][i]) for i in (first, again)]
        if homes[0] != homes[1]:
            code = "BCF305"
            value += f" (theme {homes[0][0]}, {homes[0][1]}; theme {homes[1][0]}, {homes[1][1]})"
    return draft.at(again).finding(code, name, value)


def _as_spreadsheet(code: str) -> str:
    """Return what SUMIFS compares: capitals and full width do not count, "01" is 1, and so on.

    A spreadsheet keeps 15 digits of a number, and takes "1-2" and "01-02" for one date.
    """
    plain = unicodedata.normalize("NFKC", code).casefold()
    try:
        return f"{float(plain.replace('_', ' ')):.15g}"  # Python alone reads 1_0 as 10
    except ValueError:
        return re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain)


def plain_words(drafts: Drafts) -> Iterator[Finding]:
    """A spreadsheet takes TRUE and FALSE for something else than text (BCF210)."""
    expected = "a code that no spreadsheet takes for true or false"
    for table in drafts.kinds:
        draft = drafts.table(table.name)
        for name in (it.name for it in table.model.fields if it.form == "code"):
            for i, code in draft.rows(name):
                if code.casefold() in {"true", "false"}:
                    yield draft.at(i).finding("BCF210", name, repr(code), expected)


HOMES: Final = {
    "themes": ("theme", "BCF302"),
    "organisations": ("organisation", "BCF303"),
    "categories": ("category", "BCF304"),
    "schemes": ("scheme_id", "BCF308"),
    "achievement": ("measure", "BCF310"),
    "metrics": ("metric", "BCF801"),
    "denominators": ("denominator", "BCF802"),
}
"""For each table whose codes others use: its codes, and the finding when there is none."""


def references(drafts: Drafts) -> Iterator[Finding]:
    """A code used is a code declared (BCF302, 303, 304, 308, 310, 801, 802).

    Of a bearer, which several tables declare, its own checks say it.
    """
    declared = declared_codes(drafts)
    for table, meaning in _referring():
        if table not in drafts or len(meaning.refers_to) > 1:
            continue
        home, finding = HOMES[meaning.refers_to[0]]
        known = declared.get(home)
        if known is None:
            continue
        if not may_be_unstated(table, meaning):
            known = {code: None for code in known if code != NOT_STATED}
        expected = functools.cache(functools.partial(one_of, known))
        for i, code in drafts[table].rows(meaning.name):
            if code not in known and code != meaning.default:
                value = repr(code)
                yield drafts[table].at(i).finding(finding, meaning.name, value, expected(code))


def may_be_unstated(table: str, meaning: FieldMeaning) -> bool:
    """Return whether a code may be the words `not stated`: of a scheme line, or by default."""
    of_line = table == "schemes" and meaning.name in ("lead", "category")
    return of_line or meaning.default == NOT_STATED


def _referring() -> Iterator[tuple[str, FieldMeaning]]:
    """Return each column that names a code of another table, with its table."""
    for table in INPUT_TABLES:
        for meaning in table.model.fields:
            if meaning.refers_to:
                yield table.name, meaning


def kinds_of_organisation(drafts: Drafts) -> Iterator[Finding]:
    """A provider is paid by activity; whatever else an organisation does, partners do (BCF311)."""
    known = bearers(drafts) or {}
    for table, meaning in _referring():
        if meaning.refers_to != ("organisations",) or table not in drafts:
            continue
        needed = PROVIDER if meaning.name == PROVIDER else "partner"
        for i, code in drafts[table].rows(meaning.name):
            if known.get(code) in ({"partner", PROVIDER} - {needed}):
                value = f"{code!r}, a {known[code]}"
                yield drafts[table].at(i).finding("BCF311", meaning.name, value, f"a {needed}")


def unused(drafts: Drafts) -> Iterator[Finding]:
    """A code that is declared, and that nothing uses (BCF307)."""
    if "schemes" not in drafts:
        return
    declared, used = declared_codes(drafts), _used(drafts)
    spoken = {"", NOT_STATED, *ROLES, *declared.get("bearer", ())}
    for table, name in _DECLARED_AS.items():
        if table not in drafts or table not in used or table == "schemes":
            continue
        if used[table] - {*drafts[table].cells[name], *declared.get(name, ()), *spoken}:
            continue  # the code astray may be meant for the one that seems unused
        for i, code in drafts[table].rows(name):
            if code not in used[table]:
                yield drafts[table].at(i).finding("BCF307", name, repr(code))


_DECLARED_AS: Final = {**{table: name for table, (name, _) in HOMES.items()}, "reserves": "reserve"}
"""For each table that declares codes, its column of them."""

SELECTED_BY: Final = {
    "themes": ("theme",),
    "organisations": ("organisation", "lead", "transfer", "bearer"),
    "categories": ("category",),
    "reserves": ("bearer",),
    "metrics": ("metric",),
}
"""For each table whose codes others use: the keys of a scope or a figure that name them."""


@functools.cache
def naming() -> Mapping[tuple[str, str], tuple[frozenset[str], bool]]:
    """Return each column that may name codes, of a pool, its plans and agreements.

    Returns:
        By table, as its file is called, and heading: the tables of the codes that a cell of it is,
        and whether a cell selects by codes, as in theme=1/organisation=CCG+SCC. Both dictionaries
        say it.
    """
    rows = [row for room in ("core", "plan") for row in rows_of(f"bcf_model.{room}", _DICTIONARY)]
    found = {
        (row["table"].casefold(), row["column"]): (
            frozenset(row["refers_to"].split()),
            row["form"] in {"scope", "cover", "figure"} or row["column"] == "scope",
        )
        for row in rows
    }
    return {place: it for place, it in found.items() if any(it)}


_DICTIONARY: Final = "dictionary.csv"


def _named(table: str, column: str, home: str, cells: Iterable[str]) -> set[str]:
    """Return the codes of one table that a column of another names."""
    homes, selects = naming().get((table.replace("_", ""), column), (frozenset[str](), False))
    parts = (part.partition("=") for text in cells for part in text.split("/")) if selects else ()
    keys = SELECTED_BY.get(home, ())
    selected = (code for key, _, values in parts if key in keys for code in values.split("+"))
    return {*(cells if home in homes else ()), *selected}


def used_beside(finding: Finding, tables: Iterable[RawTable], names: Names = NO_NAMES) -> bool:
    """Return whether a code that the pool's own tables do not use is named by another.

    Args:
        finding: BCF307, of the code.
        tables: of its plan, its scenarios and the agreements kept with it; one of another name is
            the rules of an agreement.
        names: what the codes are called.
    """
    home = next(table for table, name in _DECLARED_AS.items() if name == finding.column)
    known = {table for table, _ in naming()}
    for table in tables:
        name = table.sheet or plain_file(table.file).removesuffix(".csv")
        name = name.replace("_", "")
        for at, heading in enumerate(table.columns):
            cells = {row[at].strip() for row in table.rows}
            cells |= {code for text in cells for code in names.codes(text, (home,))}
            named = _named(name if name in known else "rules", heading, home, cells)
            if any(repr(code) == finding.value for code in named):
                return True
    return False


def _used(drafts: Drafts) -> dict[str, set[str]]:
    """Return the codes used of each table; none of a table where not all uses could be read."""
    codes: dict[str, set[str]] = {}
    for home in _DECLARED_AS:
        uses = [
            (table, meaning.name) for table, meaning in _referring() if home in meaning.refers_to
        ]
        if all(table in drafts and name not in drafts[table].broken for table, name in uses):
            codes[home] = {
                code
                for table in INPUT_TABLES
                for name in table.model.types
                if (table.name.replace("_", ""), name) in naming()
                for code in _named(
                    table.name, name, home, {it for _, it in drafts.table(table.name).rows(name)}
                )
            }
    return codes


def same_line_twice(drafts: Drafts) -> Iterator[Finding]:
    """The same theme, organisation and name under two codes (BCF309)."""
    draft = drafts.table("schemes")
    first: dict[tuple[str, ...], int] = {}
    for i, *line in draft.rows("theme", "organisation", "scheme", "pooling"):
        key, codes = tuple(line), draft.cells["scheme_id"]
        if key in first and codes[i] != codes[first[key]]:
            value = f"{line[2]!r}, also in row {draft.numbers[first[key]]}"
            yield draft.at(i).finding("BCF309", "scheme", value)
        first.setdefault(key, i)


def bearers_apart(drafts: Drafts) -> Iterator[Finding]:
    """A reserve and an organisation do not have one code (BCF301, BCF306): rules name both."""
    if not drafts.keys() >= {"organisations", "reserves"}:
        return
    draft, organisations = drafts["reserves"], drafts["organisations"]
    alike = {_as_spreadsheet(code): (i, code) for i, code in organisations.rows("organisation")}
    for i, code in draft.rows("reserve"):
        if _as_spreadsheet(code) in alike:
            at, other = alike[_as_spreadsheet(code)]
            where = f"organisation {other!r} in row {organisations.numbers[at]}"
            value = f"{code!r}, beside {where} of organisations"
            yield draft.at(i).finding("BCF301" if code == other else "BCF306", "reserve", value)


RESERVED: Final = (*ROLES, *PLACES, NOT_STATED)
"""Words that mean something of their own wherever a code could stand."""


def reserved_codes(drafts: Drafts) -> Iterator[Finding]:
    """Words that mean something to the model cannot be a code (BCF210)."""
    for table in INPUT_TABLES:
        draft = drafts.table(table.name)
        for meaning in table.model.fields:
            if meaning.form != "code" or meaning.refers_to:
                continue
            for i, code in draft.rows(meaning.name):
                if code.casefold() in RESERVED and code != meaning.default:
                    expected = f"another code: '{code.casefold()}' has a meaning of its own"
                    yield draft.at(i).finding("BCF210", meaning.name, repr(code), expected)


def whole_numbers_in_reach(drafts: Drafts) -> Iterator[Finding]:
    """A whole number lies within the bounds its table gives it, as pandera has seen (BCF215)."""
    for table in drafts.kinds:
        draft = drafts.table(table.name)
        for it in table.model.fields:
            if it.form != "whole":
                continue
            name = it.name
            for i, number in draft.rows(name):
                if Failure(name, i, "bounds") in draft.failing:
                    least = it.bounds.get("ge", 0)
                    low = number < least
                    expected = f"{least} or more" if low else f"at most {it.bounds['le']}"
                    yield draft.at(i).finding("BCF215", name, repr(str(number)), expected)

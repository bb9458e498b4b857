"""Codes and names: each stands once, is declared where it is used, and is used where declared."""

import functools
import re
import unicodedata
from collections.abc import Iterator

from bcf_model.checks.declared import astray, declared_codes
from bcf_model.drafts import Draft, Drafts
from bcf_model.findings import Finding, one_of
from bcf_model.tables import INPUT_TABLES, fields
from bcf_model.vocabulary import BUDGET_HOLDER, NOT_STATED


def unique_codes(drafts: Drafts) -> Iterator[Finding]:
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
    """Give what SUMIFS compares: capitals and full width do not count, "01" is 1, and so on.

    A spreadsheet keeps 15 digits of a number, and takes "1-2" and "01-02" for one date.
    """
    plain = unicodedata.normalize("NFKC", code).casefold()
    try:
        return f"{float(plain.replace('_', ' ')):.15g}"  # Python alone reads 1_0 as 10
    except ValueError:
        return re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain)


def plain_words(drafts: Drafts) -> Iterator[Finding]:
    """A spreadsheet takes TRUE and FALSE for something else than text (BCF210)."""
    for table in INPUT_TABLES:
        if table.name in drafts:
            for meaning in fields(table.model):
                if meaning.form == "code":
                    for i, code in drafts[table.name].rows(meaning.name):
                        if code.casefold() in {"true", "false"}:
                            yield drafts[table.name].finding(
                                "BCF210", i, meaning.name, value=repr(code)
                            )


def references(drafts: Drafts) -> Iterator[Finding]:
    """A code used is a code declared (BCF302, 303, 304, 308)."""
    codes = {
        "themes": "BCF302",
        "organisations": "BCF303",
        "categories": "BCF304",
        "schemes": "BCF308",
    }
    declared = declared_codes(drafts)
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


def unused(drafts: Drafts) -> Iterator[Finding]:
    """A theme, organisation or category that no line uses (BCF307)."""
    schemes = drafts.get("schemes")
    if schemes is None:
        return
    declared, rules = declared_codes(drafts), drafts.get("rules")
    for table, name in (
        ("themes", "theme"),
        ("organisations", "organisation"),
        ("categories", "category"),
    ):
        if table not in drafts or name in schemes.broken or astray(schemes, declared, name):
            continue  # the code astray may be meant for the one that seems unused
        used = set(schemes.cells[name])
        if table == "organisations":
            if rules is None or "bearer" in rules.broken:
                continue
            used |= set(rules.cells["bearer"])
        for i, code in drafts[table].rows(name):
            if code not in used:
                yield drafts[table].finding("BCF307", i, name, value=repr(code))


def same_line_twice(drafts: Drafts) -> Iterator[Finding]:
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


def reserved_codes(drafts: Drafts) -> Iterator[Finding]:
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


def whole_numbers_in_reach(drafts: Drafts) -> Iterator[Finding]:
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

"""Versions of the budget: stated once, for one year, and what of them the settings name."""

from collections.abc import Iterator
from typing import Any, Final

from bcf_model.core.findings import Finding, one_of
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import next_year
from bcf_model.intake.drafts import Drafts

_PLACE: Final = ("version", "theme", "organisation", "scheme_id", "kind")


def versions(drafts: Drafts) -> Iterator[Finding]:
    """A version is stated once, and for one year (BCF721, 738)."""
    draft = drafts.table("budgets")
    rows: dict[tuple[Any, ...], int] = {}
    years: dict[str, int] = {}
    for i, version, theme, organisation, scheme, kind in draft.rows(*_PLACE):
        key = (version, scheme) if scheme else (version, theme, organisation, kind)
        if (earlier := rows.setdefault(key, i)) != i:
            value = f"{', '.join(key)}, as in row {draft.numbers[earlier]}"
            yield draft.at(i).finding("BCF721", "version", value)
    for i, version, year in draft.rows("version", "financial_year"):
        first = years.setdefault(version, i)
        if year != (stated := draft.cells["financial_year"][first]):
            value = f"{year} of {version!r}"
            expected = f"{stated}, as in row {draft.numbers[first]}"
            yield draft.at(i).finding("BCF738", "financial_year", value, expected)


def schemes(drafts: Drafts) -> Iterator[Finding]:
    """What is stated of a scheme is what the scheme is (BCF737)."""
    if not drafts.keys() >= {"budgets", "schemes"}:
        return
    columns, lines = ("scheme_id", "theme", "organisation", "kind"), drafts["schemes"]
    known = {code: dict(zip(columns, (code, *rest), strict=True))
             for _, code, *rest in lines.rows(*columns)}  # fmt: skip
    declared = {column: {*lines.cells[column]} for column in columns}
    for i, scheme, *stated in drafts["budgets"].rows(*columns):
        for column, value in zip(columns[1:], stated, strict=True):
            if scheme not in known or value == NOT_STATED or value not in declared[column]:
                continue  # said by references
            if value != (is_so := known[scheme][column]):
                said = f"{value!r} for {scheme}"
                yield drafts["budgets"].at(i).finding("BCF737", column, said, repr(is_so))


def named(drafts: Drafts) -> Iterator[Finding]:
    """The versions the settings name are there, each of its year (BCF704, 705)."""
    settings = drafts.settings
    if "budgets" not in drafts or settings is None:
        return
    years = {v: year for _, v, year in drafts["budgets"].rows("version", "financial_year")}
    wanted = {
        "closing": settings.financial_year,
        "next_initial": next_year(settings.financial_year),
    }
    for name, year in wanted.items():
        version = getattr(settings.budgets, name)
        at, value = f"budgets.{name}", repr(version)
        if version and version not in years:
            expected = one_of(years, version) if years else "a version of budgets.csv: it has none"
            yield drafts.stood.finding("BCF704", at, value, expected)
        elif version and years[version] != year:
            value += f", of {years[version]}"
            yield drafts.stood.finding("BCF705", at, value, f"a version of {year}")

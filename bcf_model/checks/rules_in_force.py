"""The rules and limits in force, which alone are checked against each other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bcf_model.checks.agreement_rows import named
from bcf_model.core.findings import Finding, listed
from bcf_model.core.year_parts import Part
from bcf_model.core.years import first_day, last_day, spoken
from bcf_model.intake.drafts import Draft, Drafts

ALWAYS: Final = ("0001-01-01", "9999-12-31")
"""What a blank in_force_from and in_force_to mean."""

DATES: Final = ("in_force_from", "in_force_to")


DATED: Final = {"rules": "scope", "limits": "bearer"}
"""The tables whose rows have dates, each with what a row stands for: another may take its place."""


def rule_dates(drafts: Drafts) -> Iterator[Finding]:
    """A rule, or a limit, is in force for all of a year or none of it (BCF421 to BCF423).

    Where the year is stated in parts, that is so of each of them.
    """
    for table, key in DATED.items():
        if table in drafts:
            yield from _dates_of(drafts[table], key, drafts.year, drafts.parts)


def _dates_of(
    draft: Draft, key: str, year: str | None, parts: Sequence[Part] | None
) -> Iterator[Finding]:
    gone = {i for i, begins, ends in _spans(draft) if year and _gone(begins, ends, year)}
    standing = {code for i, code in enumerate(draft.cells[key]) if i not in gone}
    for i, begins, ends in _spans(draft):
        value = f"{_span(*(draft.cells[name][i] for name in DATES))} in {named(draft, i)}"
        if begins > ends:
            yield draft.at(i).finding("BCF421", "in_force_to", value)
        elif year and parts is not None and not _aligned(begins, ends, year, parts):
            first, last = first_day(year).isoformat(), last_day(year).isoformat()
            column = "in_force_from" if begins > first else "in_force_to"
            expected = f"all of {first} to {last}, or none of it"
            if parts:
                expected = f"all or none of each part: {listed([str(part) for part in parts])}"
            yield draft.at(i).finding("BCF422", column, value, expected)
        elif year and i in gone and draft.cells[key][i] not in standing:
            column = "in_force_from" if begins > last_day(year).isoformat() else "in_force_to"
            what = "rule" if key == "scope" else "limit"
            expected = f"a {what} for {draft.cells[key][i]} in {spoken(year)}"
            yield draft.at(i).finding("BCF423", column, value, expected)


def in_force(drafts: Drafts) -> Drafts:
    """Leave out the rules and limits that are not in force on any day of the year.

    Where it cannot be told which are, because a date is wrong or the year is not known, there are
    none at all: nothing is said about them that may not be so. What limits hold back hangs on the
    rules.
    """
    year, parts = drafts.year, drafts.parts
    tables = {name: table for name, table in drafts.items() if name not in DATED}
    for name in DATED.keys() & drafts.keys():
        draft = drafts[name]
        spans = list(_spans(draft))
        clear = len(spans) == len(draft.numbers) and all(
            begins <= ends
            and (
                (begins, ends) == ALWAYS
                if year is None
                else _aligned(begins, ends, year, parts or ())
            )
            for _, begins, ends in spans
        )
        if clear:
            kept = [i for i, begins, ends in spans if year is None or not _gone(begins, ends, year)]
            tables[name] = draft.only(kept)
    if "rules" not in tables:
        tables = {name: table for name, table in tables.items() if name not in DATED}
    return replace(drafts, tables=tables)


def _spans(draft: Draft) -> Iterator[tuple[int, str, str]]:
    """Return (row, first day in force, last day in force) where both could be read."""
    for i, begins, ends in draft.rows(*DATES):
        yield i, begins or ALWAYS[0], ends or ALWAYS[1]


def _span(begins: str, ends: str) -> str:
    """Return from when to when, in words that fit where one of the two is blank."""
    if begins and ends:
        return f"{begins} to {ends}"
    return f"from {begins} on" if begins else f"up to {ends}"


def _gone(begins: str, ends: str, year: str) -> bool:
    """Return whether a span touches no day of the year. ISO dates sort as they stand."""
    return begins <= ends and (
        begins > last_day(year).isoformat() or ends < first_day(year).isoformat()
    )


def _aligned(begins: str, ends: str, year: str, parts: Sequence[Part]) -> bool:
    """Return whether a span has all of each part between its days, or none of it."""
    whole = Part(first_day(year).isoformat(), last_day(year).isoformat())
    return all(
        (begins <= part.first and ends >= part.last) or begins > part.last or ends < part.first
        for part in parts or (whole,)
    )

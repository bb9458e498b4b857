"""Figures and scopes named in a file, and numbers printed in a paper."""

from collections.abc import Iterator
from typing import Final

from bcf_model.checks.code_index import declared_codes, unknown_in_scope, unknown_values
from bcf_model.core.figures import Cover, Figure, scope_parts
from bcf_model.core.findings import Finding
from bcf_model.core.money import NotMoney
from bcf_model.core.printed_numbers import expected_print, parse_print
from bcf_model.intake.drafts import Drafts


def figures(drafts: Drafts) -> Iterator[Finding]:
    """A figure selects by codes that exist (BCF601)."""
    declared = declared_codes(drafts)
    for table in ("control_totals", "published"):
        draft = drafts.table(table)
        for i, text in draft.rows("figure"):
            for value, expected in unknown_values(Figure.parse(text), declared):
                said = f"{value!r} in {text}"
                yield draft.at(i).finding("BCF601", "figure", said, expected)


SCOPES: Final = (
    ("rules", "scope"), ("rules", "measured_over"), ("limits", "covers"), ("contributions", "to"),
)  # fmt: skip
"""The columns that select lines, each with its table."""


def scopes(drafts: Drafts) -> Iterator[Finding]:
    """A scope selects by codes that exist (BCF405)."""
    declared = declared_codes(drafts)
    for table, name in SCOPES:
        draft = drafts.table(table)
        for i, text in draft.rows(name):
            if not text:
                continue  # measured over what is netted
            lines = Cover.parse(text).lines if name == "covers" else scope_parts(text)[0]
            for value, expected in unknown_in_scope(lines, declared):
                said = f"{value!r} in {text}"
                yield draft.at(i).finding("BCF405", name, said, expected)


def printed_numbers(drafts: Drafts) -> Iterator[Finding]:
    """A printed number can be read, and has the decimals stated (BCF602, BCF603).

    So can what it was rounded to, where the table has a column for it.
    """
    draft = drafts.table("published")
    coarser = draft.rows("rounded_to", "unit") if "rounded_to" in draft.cells else ()
    for i, text, unit in coarser:
        try:
            sound = not text or parse_print(text, unit).number > 0
        except NotMoney:
            sound = False
        if not sound:
            expected = f"a number in {unit} above nil, such as 100"
            yield draft.at(i).finding("BCF602", "rounded_to", repr(text), expected)
    for i, printed, unit, decimals in draft.rows("printed", "unit", "decimals"):
        try:
            read = parse_print(printed, unit)
        except NotMoney:
            expected = expected_print(printed, unit)
            yield draft.at(i).finding("BCF602", "printed", repr(printed), expected)
            continue
        if read.places not in {decimals, None}:
            value = f"{printed!r} with {read.places}"
            yield draft.at(i).finding("BCF603", "decimals", value, str(decimals))

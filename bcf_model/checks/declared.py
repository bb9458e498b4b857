"""Which codes are declared, and which are used without being so."""

from collections.abc import Iterator, Mapping
from typing import Final

from bcf_model.drafts import Draft, Drafts
from bcf_model.figures import Figure
from bcf_model.findings import one_of
from bcf_model.vocabulary import KINDS, NOT_STATED, POOLINGS

LINE_KEYS: Final = ("scheme_id", "theme", "organisation", "category", "kind", "pooling")
"""The columns a line is selected by."""

Declared = Mapping[str, Mapping[str, None]]


def declared_codes(drafts: Drafts) -> Declared:
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


def astray(schemes: Draft, declared: Declared, *columns: str) -> set[int]:
    """Find the lines with a code nobody declared in one of these columns."""
    return {
        i
        for column in columns
        if column in declared
        for i, code in schemes.rows(column)
        if code not in declared[column]
    }


def unknown_values(figure: Figure, declared: Declared) -> Iterator[tuple[str, str]]:
    """Give the codes a figure selects by that nobody declared, each with what was expected."""
    for key, values in figure.selection:
        for value in values if key in declared else ():
            if value not in declared[key]:
                yield value, one_of(declared[key], value)

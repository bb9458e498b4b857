"""Codes that are declared, and codes that are used without a declaration."""

from collections.abc import Iterator, Mapping
from typing import Final

from bcf_model.core.figures import Figure
from bcf_model.core.findings import one_of
from bcf_model.core.words import (
    ACTUAL,
    CARRIED_FORWARD,
    HELD,
    KINDS,
    LATEST,
    LEVELS,
    NOT_STATED,
    OUTSIDE,
    PERIODS,
    POOLINGS,
    REST_OF_SCOPE,
)
from bcf_model.intake.drafts import Draft, Drafts

LINE_KEYS: Final = (
    "scheme_id", "theme", "organisation", "category", "kind", "pooling", "lead", "terms", "grant",
)  # fmt: skip
"""The columns a line is selected by."""

PROVIDER: Final = "provider"
"""The kind of organisation that is no partner."""

PLACES: Final = (CARRIED_FORWARD, OUTSIDE)
"""Bearers that are no organisation and no reserve: carried forward, and outside the pool."""

OPEN_KEYS: Final = ("grant", "terms")
"""Keys whose codes no table declares: a rule may wait for a line that has one."""

Declared = Mapping[str, Mapping[str, None]]


def declared_codes(drafts: Drafts) -> Declared:
    """List the codes declared for each column that names one, and each key of a figure.

    A column is left out where not all of its codes could be read.
    """
    declared = {
        "kind": dict.fromkeys(KINDS),
        "pooling": dict.fromkeys(POOLINGS),
        "held": dict.fromkeys(HELD),
        "series": dict.fromkeys(LEVELS),
        "against": dict.fromkeys(level for level in LEVELS if level != ACTUAL),
        "period": dict.fromkeys([LATEST, *PERIODS]),
    }
    for table, column, also in (
        ("themes", "theme", ()),
        ("organisations", "organisation", ()),
        ("categories", "category", (NOT_STATED,)),
        ("schemes", "scheme_id", ()),
        ("schemes", "grant", ()),
        ("schemes", "terms", ()),
        ("achievement", "measure", ()),
        ("rules", "rule_id", ()),
        ("metrics", "metric", ()),
        ("denominators", "denominator", ()),
    ):
        if table in drafts and column not in drafts[table].broken:
            declared[column] = dict.fromkeys([*drafts[table].cells[column], *also])
    for key, column in (
        ("lead", "organisation"),
        ("transfer", "organisation"),
        ("scheme", "scheme_id"),
        ("rule", "rule_id"),
    ):
        if column in declared:
            declared[key] = declared[column]
    for column in ("organisation", "lead"):
        # A figure may ask for the lines of which nobody says whose they are, where there are any.
        if column in declared and "schemes" in drafts and NOT_STATED in (
            *drafts["schemes"].cells["organisation"], *drafts["schemes"].cells["lead"],
        ):  # fmt: skip
            declared[column] = {**declared[column], NOT_STATED: None}
    if (known := bearers(drafts)) is not None:
        declared["bearer"] = dict.fromkeys([*known, REST_OF_SCOPE])
    return declared


def bearers(drafts: Drafts) -> dict[str, str] | None:
    """Return who may bear a variance, with its kind; None where not all of them could be read.

    The kind is `partner`, `provider` or `reserve`, of a place its own name, and `organisation`
    where it could not be read.
    """
    if not drafts.keys() >= {"organisations", "reserves"}:
        return None
    organisations, reserves = drafts["organisations"], drafts["reserves"]
    if "organisation" in organisations.broken or "reserve" in reserves.broken:
        return None
    kinds = organisations.cells["organisation_kind"]
    kind_of_bearer = {
        code: PROVIDER if kinds[i] == PROVIDER else "partner" if kinds[i] else "organisation"
        for i, code in organisations.rows("organisation")
    }
    kind_of_bearer |= {
        code: "reserve" for _, code in reserves.rows("reserve") if code not in kind_of_bearer
    }
    return kind_of_bearer | {place: place for place in PLACES}


def astray(schemes: Draft, declared: Declared, *columns: str) -> set[int]:
    """Find the lines with a code nobody declared in one of these columns."""
    return {
        i
        for column in columns
        if column in declared
        for i, code in schemes.rows(column)
        if code not in declared[column] and (code or column != "lead")
    }


def unknown_values(figure: Figure, declared: Declared) -> Iterator[tuple[str, str]]:
    """Return the codes a figure selects by that nobody declared, each with what was expected."""
    for key, values in figure.selection:
        for value in values if key in declared else ():
            if value not in declared[key]:
                yield value, one_of(declared[key], value)


def unknown_in_scope(lines: Figure, declared: Declared) -> Iterator[tuple[str, str]]:
    """Return the codes of a scope not declared anywhere; a grant or term not used yet may stand."""
    closed = {key: codes for key, codes in declared.items() if key not in OPEN_KEYS}
    return unknown_values(lines, closed)

"""Rows of rules and limits, from what partners say in words (docs/rules.md)."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bcf_model.core.words import BASIS

_RULES: Final = ("rule_id", "scope", "direction", "step", "band_from", "band_to", "basis",
                 "bearer", "share", "version", "clause")  # fmt: skip
_LIMITS: Final = ("limit_id", "bearer", "at_most", "covers", "clause")


@dataclass(frozen=True)
class Borne:
    """Who bears a part of a variance.

    Attributes:
        basis: of `words.BASIS`.
        shares: of each who bears, as a percentage; blank where the basis measures it.
        up_to: where this part ends, as £250,000 or 5%; "" for all there is.
        version: which contributions; "" where none are measured.
        clause: which says so.
    """

    basis: str
    shares: Mapping[str, str]
    clause: str
    up_to: str = ""
    version: str = ""


@dataclass(frozen=True)
class Terms:
    """What is agreed for the lines of one scope.

    Attributes:
        scope: as the rules write it.
        over, under: who bears an overspend, and an underspend: step by step, each of one or
            several parts, one beyond the other.
        at_most: of each whose overspends are limited, the most it bears in a year, with its clause.
    """

    scope: str
    over: Sequence[Sequence[Borne]]
    under: Sequence[Sequence[Borne]]
    at_most: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def alone(bearer: str, clause: str) -> Borne:
    """Return that one bears all there is: a partner, a reserve or a place."""
    return Borne("fixed", {bearer: "100"}, clause)


def by_role(basis: str, clause: str) -> Borne:
    """Return that whoever holds, or leads, a line bears what arises on it."""
    return Borne(basis, {BASIS[basis].bearer: "100"}, clause)


def files_of(agreed: Sequence[Terms]) -> dict[str, bytes]:
    """Write an agreement as the files of its folder: rules.csv, and limits.csv where there are any.

    Args:
        agreed: for each scope, in order.
    """
    rules: list[dict[str, Any]] = []
    limits: list[dict[str, Any]] = []
    for terms in agreed:
        for way, steps in _directions(terms):
            for step, parts in enumerate(steps, start=1):
                begins = ""
                for part in parts:
                    rules += _rows(part, terms.scope, way, step, begins)
                    begins = part.up_to
        limits += [
            {"bearer": who, "at_most": most, "covers": terms.scope, "clause": clause}
            for who, (most, clause) in terms.at_most.items()
        ]
    files = {"rules.csv": _csv(_RULES, _numbered("rule_id", "R", rules))}
    if limits:
        files["limits.csv"] = _csv(_LIMITS, _numbered("limit_id", "L", limits))
    return files


def _directions(terms: Terms) -> list[tuple[str, Sequence[Sequence[Borne]]]]:
    """Return the directions of a scope: one row for both where both say the same."""
    if terms.over == terms.under:
        return [("either", terms.over)]
    return [("over", terms.over), ("under", terms.under)]


def _rows(part: Borne, scope: str, direction: str, step: int, begins: str) -> list[dict[str, Any]]:
    return [
        {
            "scope": scope, "direction": direction, "step": step, "band_from": begins,
            "band_to": part.up_to, "basis": part.basis, "bearer": bearer, "share": share,
            "version": part.version, "clause": part.clause,
        }
        for bearer, share in part.shares.items()
    ]  # fmt: skip


def _numbered(name: str, letter: str, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: f"{letter}{number}", **row} for number, row in enumerate(rows, start=1)]


def _csv(headings: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    written = csv.DictWriter(text, headings, lineterminator="\n")
    written.writeheader()
    written.writerows(rows)
    return text.getvalue().encode()

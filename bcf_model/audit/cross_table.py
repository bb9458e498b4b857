"""The same thing printed in two tables with two values: where they differ, and by how much in all.

Two prints may be of one quantity, or of two measures that a reader must take for one (`SAME`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from bcf_model.audit.observations import (
    HIGH,
    MEDIUM,
    Observation,
    in_text,
    pounds_written,
    table_of,
)
from bcf_model.audit.statements import Paper, Statement
from bcf_model.core.printed_numbers import scale
from bcf_model.core.tables import records, rows_of_each
from bcf_model.core.words import PRINTED_UNITS

SAME: Final = {"closing_budget": "budget"}
"""Measures a reader takes for one: the budget as at the year end, and the budget of the year in a
table for the whole year. They differ only if one of them is not what its heading says."""


@dataclass(frozen=True)
class Pair:
    """One thing, printed in two columns.

    Attributes:
        meaning: what it is; one, other: its prints, in the order of the paper.
        part: no other thing that both columns print is a part of it.
    """

    meaning: str
    one: Statement
    other: Statement
    part: bool = True

    @property
    def difference(self) -> Fraction:
        """The second less the first, in pence."""
        return (self.other.low + self.other.high - self.one.low - self.one.high) / 2

    @property
    def within_rounding(self) -> bool:
        """Whether both may have been rounded from one amount."""
        return abs(self.difference) <= self.one.half + self.other.half


def compared(paper: Paper) -> list[list[Pair]]:
    """Place beside each other what two columns both print, where they differ beyond rounding.

    Returns:
        For each two columns, what both print. Columns that agree throughout are left out.
    """
    rows = list(records(paper.printed))
    columns: dict[tuple[str, str], dict[str, Statement]] = {}
    for one in paper.statements:
        if one.base is None:
            row = rows[one.place]
            held = columns.setdefault((table_of(row.source), row.column), {})
            held.setdefault(meaning(one), one)
    found, keys = [], list(columns)
    for i, key in enumerate(keys):
        for other in keys[i + 1 :]:
            common = [m for m in columns[key] if m in columns[other]]
            pairs = [Pair(m, columns[key][m], columns[other][m]) for m in common]
            if not all(pair.within_rounding for pair in pairs):
                found.append(_parts_marked(pairs))
    return found


def meaning(statement: Statement) -> str:
    """Return what a reader takes a quantity for."""
    measure, slash, selection = statement.quantity.partition("/")
    return f"{SAME.get(measure, measure)}{slash}{selection}"


def _parts_marked(pairs: list[Pair]) -> list[Pair]:
    """Mark what is a part and what a total, so that no difference counts twice."""
    held = {id(pair): _unknowns(pair.one) for pair in pairs}
    names = {pair.one.quantity for pair in pairs} | {pair.other.quantity for pair in pairs}

    def is_total(pair: Pair) -> bool:
        own = held[id(pair)]
        declared = {name for s in (pair.one, pair.other) for sum_ in s.sums for _, name in sum_}
        return any(h < own for h in held.values() if h) or bool(declared & names)

    return [Pair(p.meaning, p.one, p.other, not is_total(p)) for p in pairs]


def _unknowns(statement: Statement) -> frozenset[Any]:
    return frozenset(statement.terms)


def observations(paper: Paper) -> Iterator[Observation]:
    """Return of each two columns that differ where, by how much, and whether it nets out."""
    rows = list(records(paper.printed))
    for pairs in compared(paper):
        apart = [pair for pair in pairs if not pair.within_rounding]
        unit = rows[pairs[0].one.place].unit
        first, second = (_column(rows[p.place]) for p in (pairs[0].one, pairs[0].other))
        listed = "; ".join(_pair_in_words(pair, rows, unit) for pair in apart)
        count = f"{len(apart)} of {len(pairs)} figures" if len(pairs) > 1 else "one figure"
        same = all(pair.one.quantity == pair.other.quantity for pair in apart)
        end = (
            "They cannot both be right."
            if same
            else "Either they report different things, and the paper should say which, or one of "
            "them is wrong."
        )
        said = (
            f"{first} and {second} print two values for the same thing in {count}, beyond "
            f"rounding: {listed}.{_net(pairs, unit)} {end}"
        )
        places = tuple(p.place for pair in apart for p in (pair.one, pair.other))
        yield Observation("cross-table", HIGH if same else MEDIUM, places, said)


def _column(row: Any) -> str:
    return row.source if in_text(row) else f"{table_of(row.source)}, '{row.column}',"


def _pair_in_words(pair: Pair, rows: list[Any], unit: str) -> str:
    one, other = rows[pair.one.place], rows[pair.other.place]
    return (
        f"{one.label}: {one.printed} ({one.published_id}) and {other.printed} "
        f"({other.published_id}), {pounds_written(pair.difference, unit)}"
    )


def _net(pairs: list[Pair], unit: str) -> str:
    """Return whether the differences of the parts cancel."""
    parts = [pair.difference for pair in pairs if pair.part]
    up = sum((d for d in parts if d > 0), Fraction(0))
    down = sum((d for d in parts if d < 0), Fraction(0))
    if sum(pair.part and not pair.within_rounding for pair in pairs) <= 1:
        return f" The difference is in {PRINTED_UNITS[unit]}."  # one alone cannot net out
    rounding = sum((p.one.half + p.other.half for p in pairs if p.part), Fraction(0))
    ends = f"{pounds_written(up, unit)} and {pounds_written(down, unit)}"
    if abs(up + down) <= rounding:
        return f" In {PRINTED_UNITS[unit]}, {ends} net out, within rounding."
    net = pounds_written(up + down, unit)
    return f" In {PRINTED_UNITS[unit]}, {ends} do not net out: {net} in all."


def table(paper: Paper) -> pd.DataFrame:
    """Return every pair, one row each: `tables.AuditCrossTableOut`."""
    rows = list(records(paper.printed))
    found = []
    for pairs in compared(paper):
        for pair in pairs:
            one, other = rows[pair.one.place], rows[pair.other.place]
            unit = scale(one.unit)
            found.append(
                [
                    one.label,
                    one.published_id,
                    f"{table_of(one.source)}: {one.column}",
                    one.printed,
                    other.published_id,
                    f"{table_of(other.source)}: {other.column}",
                    other.printed,
                    one.unit,
                    round(float(pair.difference / unit), 6),
                    "part" if pair.part else "total",
                    "within rounding" if pair.within_rounding else "two values",
                ]
            )
    return pd.DataFrame(found, columns=[*COLUMNS]).astype(COLUMNS)


def net_differences(pairs: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return what the differences of the parts of each two columns come to, in the printed unit.

    Args:
        pairs: `table`.
    """
    parts = pairs[pairs["level"] == "part"]
    return {
        (first, second): round(float(own["difference"].sum()), 6)
        for (first, second), own in rows_of_each(parts, "first_place", "second_place")
    }


COLUMNS: Final = {
    "label": "str",
    "first_id": "str",
    "first_place": "str",
    "first_printed": "str",
    "second_id": "str",
    "second_place": "str",
    "second_printed": "str",
    "unit": "str",
    "difference": "float64",
    "level": "str",
    "verdict": "str",
}

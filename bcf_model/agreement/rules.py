"""The rules table, read into calls that can be worked (docs/rules.md, 1 to 8).

Nothing is borne here: this module only says which rows are in force, which lines a scope covers,
what is netted within it, and with which weights a call divides.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Bearer, Call, Edge
from bcf_model.core.figures import scope_parts
from bcf_model.core.ledger import Covered, cover_of
from bcf_model.core.tables import records
from bcf_model.core.words import KINDS, NONE, PARTED_BY
from bcf_model.core.year_parts import dates_of
from bcf_model.core.years import whole_year
from bcf_model.intake.cells import CONTRIBUTION, read_edge

WAYS: Final = ("over", "under")
_Rule = tuple[int, Any]
"""A row of the rules, with its number."""
NET_COLUMN: Final = {
    "theme": "theme",
    "category": "category",
    "holder": "organisation",
    "line": "scheme_id",
}
"""The column of the lines that each netting tells apart."""


@dataclass(frozen=True)
class Scope:
    """What the rows of one scope say together.

    Attributes:
        name: as written. netting: what is netted. first: code of its first row.
        causes: whose attributed amounts it covers; `none` for what has no cause.
        lines: which lines it covers. unit: the netting unit of each, -1 for other lines.
        calls: for each way, over and under, the calls in order.
        parted_by: for each way, the column of the lines by which pots are parted: organisation
            where a row in force has the basis own, lead where it is lead; blank for neither.
    """

    name: str
    netting: str
    first: str
    causes: tuple[str, ...]
    lines: NDArray[np.bool_]
    unit: NDArray[np.intp]
    calls: Mapping[str, tuple[Call, ...]]
    parted_by: Mapping[str, str]


def in_force(rows: pd.DataFrame, year: str) -> pd.DataFrame:
    """Return the rules, or limits, whose dates cover the whole year, in order, numbered anew."""
    counts = [whole_year(year, *days) for days in dates_of(rows)]
    return rows[np.array(counts, dtype=np.bool_)].reset_index(drop=True)


def units(lines: pd.DataFrame, netting: str) -> NDArray[np.intp]:
    """Number the netting unit of each line, in declared order; 0 for all when all are netted."""
    if netting == "scope":
        return np.zeros(len(lines), dtype=np.intp)
    column = lines[NET_COLUMN[netting]]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.intp)
    return pd.factorize(column)[0]


def scopes(
    lines: pd.DataFrame,
    rules: pd.DataFrame,
    contributions: pd.DataFrame,
    reserves: Sequence[str],
) -> list[Scope]:
    """Read the rules into scopes, each with its calls.

    Args:
        lines: pooled lines, with budget, organisation, lead, kind, grant and what scopes select by.
        rules: `tables.Rules`, those in force.
        contributions: `tables.Contributions`.
        reserves: codes of the reserves, in order.
    """
    covered = cover_of(lines)
    number = {code: i for i, code in enumerate(reserves)}
    of_scope: dict[str, list[_Rule]] = defaultdict(list)
    for rule in enumerate(records(rules)):
        of_scope[rule[1].scope].append(rule)
    found = []
    for name, rows in of_scope.items():
        here, first = covered(name), rows[0][1]
        unit = np.where(here, units(lines, first.netting), -1)
        calls: dict[str, tuple[Call, ...]] = {}
        parted_by: dict[str, str] = {}
        for way in WAYS:
            chosen = [rule for rule in rows if rule[1].direction in (way, "either")]
            if len(chosen) == len(rows) and calls:  # ruled either way: read once
                calls[way], parted_by[way] = calls[WAYS[0]], parted_by[WAYS[0]]
            else:
                calls[way] = tuple(
                    _call(call, lines, unit, covered, contributions, number)
                    for call in _in_order(chosen)
                )
                parted_by[way] = _parted_by({row.basis for _, row in chosen})
        causes = scope_parts(name)[1]
        found.append(
            Scope(name, first.netting, first.rule_id, causes, here, unit, calls, parted_by)
        )
    return found


def _parted_by(bases: set[str]) -> str:
    return next((column for basis, column in PARTED_BY.items() if basis in bases), "")


def _in_order(rows: Sequence[_Rule]) -> list[list[_Rule]]:
    """Part rows into calls: by step, then where the band begins, then in the order of rows."""

    def begins(key: tuple[Any, ...]) -> tuple[Any, ...]:
        edge = read_edge(key[1]) if key[1] else None
        return (key[0], (edge.pence + edge.millionths) if edge else 0)

    parted: dict[tuple[Any, ...], list[_Rule]] = defaultdict(list)
    for rule in rows:
        parted[rule[1].step, rule[1].band_from, rule[1].band_to].append(rule)
    return [parted[key] for key in sorted(parted, key=begins)]


def edge(text: str) -> Edge | None:
    """Read an edge or a limit; None for a blank."""
    if not text:
        return None
    read = read_edge(text)
    return Edge(read.pence, read.millionths)


def _call(
    rows: Sequence[_Rule],
    lines: pd.DataFrame,
    unit: NDArray[np.intp],
    covered: Covered,
    contributions: pd.DataFrame,
    reserves: Mapping[str, int],
) -> Call:
    each = [row for _, row in rows]
    first = each[0]
    measured = _measured(first, each, lines, unit, covered, contributions)
    weights = _reduced(measured)
    bearers = []
    for k, (number, row) in enumerate(rows):
        own = row.limit == CONTRIBUTION
        bearers.append(
            Bearer(
                rule=number,
                weight=weights[k],
                limit=None if own else edge(row.limit),
                own_limit=_for_units(np.maximum(measured[k], 0)) if own else None,
                reserve=reserves.get(row.bearer, -1),
            )
        )
    return Call(
        int(first.step), edge(first.band_from), edge(first.band_to), tuple(bearers),
        offset=first.basis == "offset",
    )  # fmt: skip


def _reduced(weights: NDArray[np.int64]) -> list[Any]:
    """Return weights as the smallest whole numbers: 50:50 as 1:1, so that a reader can follow."""
    divisor = np.maximum(np.gcd.reduce(weights, axis=0), 1)
    reduced = weights // divisor
    if (reduced == reduced[:, :1]).all():  # the same for every unit
        return [int(weight) for weight in reduced[:, 0]]
    return list(reduced)


def _for_units(weight: NDArray[np.int64]) -> Any:
    """Return a weight as one number where it is the same for every netting unit."""
    return int(weight[0]) if len(weight) == 1 else weight


def _measured(
    first: Any,
    rows: Sequence[Any],
    lines: pd.DataFrame,
    unit: NDArray[np.intp],
    covered: Covered,
    contributions: pd.DataFrame,
) -> NDArray[np.int64]:
    """Return the weight of each bearer (rows) in each netting unit (columns), before reduction."""
    if first.basis not in {"contribution", "commissioned", "budget"}:
        share = np.array([row.share for row in rows], dtype=np.int64)
        return np.where(share.sum() == 0, 1, share)[:, None]
    if first.measured_over:
        unit = np.where(covered(first.measured_over), 0, -1)
    count = int(unit.max(initial=0)) + 1
    weights = np.zeros((len(rows), count), dtype=np.int64)
    if first.basis == "contribution":
        _add_contributions(weights, first, rows, unit, covered, contributions)
        return weights
    holder = lines["organisation"] if first.basis == "budget" else lines["lead"]
    counts = unit >= 0
    if first.without in {"grants", "grants and capital"}:
        counts &= (lines["grant"] == NONE).to_numpy()
    if first.without in {"capital", "grants and capital"}:
        counts &= (lines["kind"] != next(reversed(KINDS))).to_numpy()
    budget = lines["budget"].to_numpy()
    for k, row in enumerate(rows):
        own = counts & (holder == row.bearer).to_numpy()
        np.add.at(weights[k], unit[own], budget[own])
    return weights


def _add_contributions(
    weights: NDArray[np.int64],
    first: Any,
    rows: Sequence[Any],
    unit: NDArray[np.intp],
    covered: Covered,
    contributions: pd.DataFrame,
) -> None:
    """Add each contribution to the unit that holds all the lines it is for."""
    left_out = {"grants": {"grant"}, "capital": {"capital"}, "": set()}.get(
        first.without, {"grant", "capital"}
    )
    position = {row.bearer: k for k, row in enumerate(rows)}
    for row in records(contributions):
        counts = row.version == first.version and row.funding not in left_out
        if not counts or row.organisation not in position:
            continue
        among = np.unique(unit[covered(row.to)])
        if len(among) == 1 and among[0] >= 0:
            weights[position[row.organisation], among[0]] += row.amount

"""The rules table, read into calls that can be worked (docs/rules.md, 1 to 8).

Nothing is borne here: this module only says which rows are in force, which lines a scope covers,
what is netted within it, and with which weights a call divides.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Bearer, Call, Edge
from bcf_model.core.figures import scope_parts
from bcf_model.core.tables import records
from bcf_model.core.weights import Weights
from bcf_model.core.words import BASIS, PARTED_BY
from bcf_model.core.year_parts import dates_of
from bcf_model.core.years import whole_year
from bcf_model.intake.cells import CONTRIBUTION, read_edge

WAYS: Final = ("over", "under")
_Rule = tuple[int, Any]
"""A row of the rules, with its number."""


class Scope(NamedTuple):
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
    weights = Weights(lines, contributions)
    number = {code: i for i, code in enumerate(reserves)}
    of_scope: dict[str, list[_Rule]] = defaultdict(list)
    for rule in enumerate(records(rules)):
        of_scope[rule[1].scope].append(rule)
    found = []
    for name, rows in of_scope.items():
        first = rows[0][1]
        unit = weights.netted(name, first.netting)
        calls: dict[str, tuple[Call, ...]] = {}
        parted_by: dict[str, str] = {}
        for way in WAYS:
            chosen = [rule for rule in rows if rule[1].direction in (way, "either")]
            if len(chosen) == len(rows) and calls:  # ruled either way: read once
                calls[way], parted_by[way] = calls[WAYS[0]], parted_by[WAYS[0]]
            else:
                calls[way] = tuple(_call(call, weights, number) for call in _in_order(chosen))
                parted_by[way] = _parted_by({row.basis for _, row in chosen})
        causes = scope_parts(name)[1]
        found.append(
            Scope(name, first.netting, first.rule_id, causes, unit >= 0, unit, calls, parted_by)
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


def _call(rows: Sequence[_Rule], weights: Weights, reserves: Mapping[str, int]) -> Call:
    each = [row for _, row in rows]
    first = each[0]
    measured = _measured(first, each, weights)
    reduced = _reduced(measured)
    bearers = []
    for k, (number, row) in enumerate(rows):
        own = row.limit == CONTRIBUTION
        bearers.append(
            Bearer(
                rule=number,
                weight=reduced[k],
                limit=None if own else edge(row.limit),
                own_limit=_for_units(np.maximum(measured[k], 0)) if own else None,
                reserve=reserves.get(row.bearer, -1),
            )
        )
    return Call(
        int(first.step), edge(first.band_from), edge(first.band_to), tuple(bearers),
        offset=BASIS[first.basis].offsets,
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


def _measured(first: Any, rows: Sequence[Any], weights: Weights) -> NDArray[np.int64]:
    """Return the weight of each bearer (rows) in each netting unit (columns), before reduction."""
    if not BASIS[first.basis].weighed_by:
        share = np.array([row.share for row in rows], dtype=np.int64)
        return np.where(share.sum() == 0, 1, share)[:, None]
    weighed = weights.of(first)
    count = int(weights.units(first).max(initial=0)) + 1
    found = np.zeros((len(rows), count), dtype=np.int64)
    for k, row in enumerate(rows):
        own = weighed.bearer == row.bearer
        np.add.at(found[k], weighed.unit[own], weighed.pence[own])
    return found

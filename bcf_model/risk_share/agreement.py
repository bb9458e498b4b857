"""The rules table, read into calls that can be worked (docs/rules.md, 1 to 8).

Nothing is borne here: this module only says which rows are in force, which lines a scope covers,
what is netted within it, and with which weights a call divides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.cells import CONTRIBUTION, read_edge
from bcf_model.figures import scope_parts
from bcf_model.ledger import Ledger
from bcf_model.risk_share.calls import Bearer, Call, Edge
from bcf_model.tables import records
from bcf_model.vocabulary import KINDS, NONE, NOT_STATED, PARTED_BY
from bcf_model.years import whole_year

Cover = Callable[[str], NDArray[np.bool_]]
WAYS: Final = ("over", "under")
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
    counts = [whole_year(year, row.in_force_from, row.in_force_to) for row in records(rows)]
    return rows[np.array(counts, dtype=np.bool_)].reset_index(drop=True)


def cover_of(lines: pd.DataFrame) -> Cover:
    """Give what marks the lines a scope names, whatever their cause.

    A line whose category is not stated is never among them.

    Args:
        lines: pooled lines.
    """
    ledger = Ledger({"lines": lines})
    stated = (lines["category"] != NOT_STATED).to_numpy()

    @cache
    def covered(scope: str) -> NDArray[np.bool_]:
        found = np.zeros(len(lines), dtype=bool)
        found[ledger.rows(scope_parts(scope)[0])] = True
        return found & stated

    return covered


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
    found, covered = [], cover_of(lines)
    number = {code: i for i, code in enumerate(reserves)}
    for name, rows in rules.groupby("scope", sort=False):
        here = covered(str(name))
        netting = rows["netting"].iloc[0]
        unit = np.where(here, units(lines, netting), -1)
        calls: dict[str, tuple[Call, ...]] = {}
        parted_by: dict[str, str] = {}
        for way in WAYS:
            either = set(rows["direction"]) == {"either"}
            chosen = rows if either else rows[rows["direction"].isin([way, "either"])]
            if len(chosen) == len(rows) and calls:  # ruled either way: read once
                calls[way], parted_by[way] = calls[WAYS[0]], parted_by[WAYS[0]]
            else:
                calls[way] = tuple(
                    _call(call, lines, unit, covered, contributions, number)
                    for call in _in_order(chosen)
                )
                parted_by[way] = _parted_by(set(chosen["basis"]))
        found.append(
            Scope(
                str(name), netting, rows["rule_id"].iloc[0], scope_parts(str(name))[1],
                here, unit, calls, parted_by,
            )
        )  # fmt: skip
    return found


def _parted_by(bases: set[str]) -> str:
    return next((column for basis, column in PARTED_BY.items() if basis in bases), "")


def _in_order(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Part rows into calls: by step, then where the band begins, then in the order of rows."""

    def begins(key: tuple[Any, ...]) -> tuple[Any, ...]:
        edge = read_edge(key[1]) if key[1] else None
        return (key[0], (edge.pence + edge.millionths) if edge else 0)

    if len(rows) == 1:
        return [rows]
    parted = rows.groupby(["step", "band_from", "band_to"], sort=False)
    return [call for _, call in sorted(parted, key=lambda item: begins(item[0]))]


def edge(text: str) -> Edge | None:
    """Read an edge or a limit; None for a blank."""
    if not text:
        return None
    read = read_edge(text)
    return Edge(read.pence, read.millionths)


def _call(
    rows: pd.DataFrame,
    lines: pd.DataFrame,
    unit: NDArray[np.intp],
    covered: Cover,
    contributions: pd.DataFrame,
    reserves: Mapping[str, int],
) -> Call:
    each = list(records(rows))
    first = each[0]
    measured = _measured(first, rows, lines, unit, covered, contributions)
    weights = _reduced(measured)
    bearers = []
    for k, row in enumerate(each):
        own = row.limit == CONTRIBUTION
        bearers.append(
            Bearer(
                rule=int(rows.index[k]),
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
    """Give weights as the smallest whole numbers: 50:50 as 1:1, so that a reader can follow."""
    divisor = np.maximum(np.gcd.reduce(weights, axis=0), 1)
    reduced = weights // divisor
    if (reduced == reduced[:, :1]).all():  # the same for every unit
        return [int(weight) for weight in reduced[:, 0]]
    return list(reduced)


def _for_units(weight: NDArray[np.int64]) -> Any:
    """Give a weight as one number where it is the same for every netting unit."""
    return int(weight[0]) if len(weight) == 1 else weight


def _measured(
    first: Any,
    rows: pd.DataFrame,
    lines: pd.DataFrame,
    unit: NDArray[np.intp],
    covered: Cover,
    contributions: pd.DataFrame,
) -> NDArray[np.int64]:
    """Give the weight of each bearer (rows) in each netting unit (columns), before reduction."""
    if first.basis not in {"contribution", "commissioned", "budget"}:
        share = rows["share"].to_numpy(dtype=np.int64)
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
    for k, bearer in enumerate(rows["bearer"]):
        own = counts & (holder == bearer).to_numpy()
        np.add.at(weights[k], unit[own], budget[own])
    return weights


def _add_contributions(
    weights: NDArray[np.int64],
    first: Any,
    rows: pd.DataFrame,
    unit: NDArray[np.intp],
    covered: Cover,
    contributions: pd.DataFrame,
) -> None:
    """Add each contribution to the unit that holds all the lines it is for."""
    left_out = {"grants": {"grant"}, "capital": {"capital"}, "": set()}.get(
        first.without, {"grant", "capital"}
    )
    position = {bearer: k for k, bearer in enumerate(rows["bearer"])}
    for row in records(contributions):
        counts = row.version == first.version and row.funding not in left_out
        if not counts or row.organisation not in position:
            continue
        among = np.unique(unit[covered(row.to)])
        if len(among) == 1 and among[0] >= 0:
            weights[position[row.organisation], among[0]] += row.amount

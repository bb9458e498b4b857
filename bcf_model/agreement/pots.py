"""Who bears what: the agreement's rules applied to the year's variance (docs/rules.md).

A scope covers parcels; what is netted in it is a netting group, whose net variance says which
direction's rows apply; what those rows divide is a *pot*. The calls of the rows are worked by
`calls`, and laid out by `working_paper`.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Pots, Ruled
from bcf_model.agreement.calls import bear
from bcf_model.agreement.limit_use import NO_LIMITS
from bcf_model.agreement.limits import limits, on_pots
from bcf_model.agreement.parcels import Terms, parcels_of
from bcf_model.agreement.rules import WAYS, Scope
from bcf_model.agreement.working_paper import YEAR, laid_out, texts
from bcf_model.core.sums import grouped, total
from bcf_model.core.weights import unit_names
from bcf_model.core.words import MEASURED_BASES, NONE

APART: Final = ("scope", "kind", "grant", "cause")
"""What is never netted together within a scope."""


def share(
    lines: pd.DataFrame, terms: Terms, keys: Sequence[str] = YEAR
) -> tuple[pd.DataFrame, "pd.Series[Any]", list[str]]:
    """Apply the rules to the lines.

    Args:
        lines: one row per key and scheme of the pool: theme, organisation, category, kind, lead,
            terms, grant, budget, variance.
        terms: the agreement, and the facts of the year.
        keys: what is never netted: the year, and the area where there are several. Weights that
            are measured are measured over all the lines: then there is one year and area only.

    Raises:
        ValueError: a rule measures, and there are several years or areas.

    Returns:
        The shares, one row per key, pot, call and bearer (`tables.Shares`; with further keys in
        front); for each line the name of its pot, blank where nothing is shared; and the same for
        each attributed amount.
    """
    measures = terms.rules["basis"].isin(MEASURED_BASES).any()
    if measures and len(lines[[*keys]].drop_duplicates()) > 1:
        message = "rules that measure are applied to one year and area at a time"
        raise ValueError(message)
    parcels = parcels_of(lines, terms, keys)
    groups, group = grouped(parcels.frame, [*keys, *APART, "unit"])
    over = total(parcels.amount, group, len(groups)) >= 0
    pots, of_parcel = into_pots(parcels.frame, parcels.scopes, keys, over[group])
    pots["variance"] = total(parcels.amount, of_parcel, len(pots))
    pots["budget"] = total(parcels.budget, of_parcel, len(pots))
    for label in ("theme", "category"):
        codes = _joined_codes(parcels.frame[label], of_parcel, len(pots))
        pots[label] = pd.Series(codes, dtype="str")
    _name(pots, parcels.scopes, lines, keys)
    of_pots = shared_of(pots, keys)
    opening = np.array(list(terms.reserves.values()), dtype=np.int64)
    held = NO_LIMITS
    if not terms.limits.empty:
        whole = (np.arange(len(of_parcel)), of_parcel)
        year = of_pots.year[of_parcel]
        held = on_pots(limits(lines, terms), parcels, terms, pots, whole, year)
    ruled = ruled_of(pots, parcels.scopes)
    parts = bear(of_pots, ruled, opening, held, np.array(terms.left(), dtype=np.int64))
    names = np.append(pots["pot"].to_numpy(dtype=object), "")
    is_line = parcels.cause < 0
    of_line = np.full(len(lines), len(pots))
    of_line[parcels.line[is_line]] = of_parcel[is_line]
    of_cause = np.full(len(terms.causes), len(pots))
    of_cause[parcels.cause[~is_line]] = of_parcel[~is_line]
    shares = laid_out(pots, parts, terms, keys, held)
    line_pots = pd.Categorical.from_codes(of_line, dtype=pd.CategoricalDtype(names.tolist()))
    return shares, pd.Series(line_pots, index=lines.index), names[of_cause].tolist()


def into_pots(
    parcels: pd.DataFrame, scopes: Sequence[Scope], keys: Sequence[str], over: NDArray[np.bool_]
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Divide parcels into pots: by what is never netted, the direction that rules, and the holder.

    Args:
        parcels: the frame of `Parcels`; a parcel may stand in it again for the other direction.
        scopes: of the codes of the column scope.
        keys: what is never netted beside `APART`.
        over: of each parcel the direction that rules it.

    Returns:
        The pots, in order: keys, `APART`, unit, holder and under; and the pot of each parcel.
    """
    held = parcels.assign(holder=_holders(parcels, scopes, over), under=~over)
    return grouped(held, [*keys, *APART, "unit", "holder", "under"])


def shared_of(pots: pd.DataFrame, keys: Sequence[str]) -> Pots:
    """Return pots as the calls of an agreement take them; nil where they have no amounts yet."""
    nil = np.zeros(len(pots), dtype=np.int64)
    variance, budget = (
        pots[name].to_numpy() if name in pots else nil for name in ("variance", "budget")
    )
    unit = pots["unit"].cat.codes.to_numpy().astype(np.intp)
    together = grouped(pots, [*keys, *APART])[1]
    return Pots(variance, budget, unit, together, grouped(pots, list(keys))[1])


def _holders(
    parcels: pd.DataFrame, scopes: Sequence[Scope], over: NDArray[np.bool_]
) -> "pd.Series[Any]":
    """Return whose part of its netting group each parcel is; blank where the group is one pot."""
    scope = parcels["scope"].cat.codes.to_numpy()
    names = parcels["organisation"].cat.categories
    holders = pd.CategoricalDtype(["", *names])
    code = np.zeros(len(parcels), dtype=np.intp)
    for column in ("organisation", "lead"):
        parted = np.array(
            [[one.parted_by[way] == column for one in scopes] for way in WAYS], dtype=np.bool_
        )
        here = parted[np.where(over, 0, 1), scope]
        own = pd.Categorical(parcels[column], categories=names).codes.astype(np.intp)
        code[here] = own[here] + 1
    return pd.Series(pd.Categorical.from_codes(code, dtype=holders), index=parcels.index)


def _name(pots: pd.DataFrame, found: list[Scope], lines: pd.DataFrame, keys: Sequence[str]) -> None:
    """Name each pot by all that keeps it apart, its scope by the first rule that has it.

    No two pots of a table have the same name, and none is longer than a spreadsheet can look for.
    """
    scope = pots["scope"].cat.codes.to_numpy()
    names = {one.netting: unit_names(lines, one.netting) for one in found}
    numbers = pots["unit"].cat.codes.tolist()
    unit = [names[found[s].netting][u] for s, u in zip(scope.tolist(), numbers, strict=True)]
    first = np.array([one.first for one in found], dtype=object)[scope]
    apart = [*(texts(pots[key]) for key in keys), first, texts(pots["kind"])]
    for name in ("grant", "cause"):
        if len(pots[name].cat.categories) > 1:
            named = {v: "" if v == NONE else f"{name} {v}" for v in pots[name].cat.categories}
            apart.append(texts(pots[name], named.__getitem__))
    if any(unit):
        apart.append(np.array(unit, dtype=object))
    pots["unit_name"] = unit
    pots["netted"] = [" | ".join(filter(None, row)) for row in zip(*apart, strict=True)]
    holder = texts(pots["holder"], lambda v: f" | {v}" if v else "")
    pots["pot"] = (pots["netted"].to_numpy(dtype=object) + holder).tolist()


def _joined_codes(codes: "pd.Series[Any]", pot: NDArray[np.intp], pots: int) -> list[str]:
    """Return for each pot the codes of its lines, joined by +, in declared order."""
    names = codes.cat.categories
    held = np.zeros((pots, len(names)), dtype=bool)
    held[pot, codes.cat.codes] = True
    packed = np.packbits(held, axis=1)
    kinds, kind = np.unique(packed, axis=0, return_inverse=True)  # few pots differ in this
    bits = np.unpackbits(kinds, axis=1, count=len(names)).astype(bool)
    labels = np.array(["+".join(names[row]) for row in bits], dtype=object)
    return list(labels[kind.ravel()]) if pots else []


def ruled_of(pots: pd.DataFrame, scopes: Sequence[Scope]) -> list[Ruled]:
    """Place each pot under the calls of its scope and direction."""
    scope, under = pots["scope"].cat.codes.to_numpy(), pots["under"].to_numpy()
    return [
        Ruled(i, here, one.calls[way])
        for i, one in enumerate(scopes)
        for way in WAYS
        for here in [np.flatnonzero((scope == i) & (under == (way == "under")))]
        if len(here)
    ]

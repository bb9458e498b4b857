"""Parcels: what rules are applied to (docs/rules.md, 2).

Lines, less what causes were attributed to, and the attributed amounts. Each is found its scope and
its netting unit here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.rules import Scope, scopes
from bcf_model.core.tables import Contributions, Limits
from bcf_model.core.words import NONE

NOT_ANY: Final = -1
"""The position of what there is not: no scope, no cause."""


@dataclass(frozen=True)
class Terms:
    """What an agreement and the facts of the year say.

    Attributes:
        rules: `tables.Rules`, those in force. limits: `tables.Limits`, the same.
        contributions: `tables.Contributions`.
        causes: scheme_id, cause, amount: variance attributed.
        reserves: code of each reserve, and the pence it can pay.
        kinds: what each bearer is (`words.BEARER_KINDS`), by its code.
        earlier: `tables.Shares` of the parts of the year before: reserves hold what those left in
            them, and what they bear counts towards limits.
    """

    rules: pd.DataFrame
    contributions: pd.DataFrame = field(default_factory=Contributions.without_rows)
    causes: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"scheme_id": [], "cause": [], "amount": []})
    )
    reserves: Mapping[str, int] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    limits: pd.DataFrame = field(default_factory=Limits.without_rows)
    earlier: pd.DataFrame | None = None

    def left(self) -> list[int]:
        """Return what each reserve can pay, in pence, after the parts of the year before."""
        if self.earlier is None:
            return [*self.reserves.values()]
        borne = self.earlier.groupby("bearer")["borne"].sum()
        return [held - int(borne.get(name, 0)) for name, held in self.reserves.items()]


class Parcels(NamedTuple):
    """What rules are applied to: lines and attributed amounts, those that a scope covers.

    Attributes:
        frame: one row per parcel: the keys, APART, unit, and codes of its line.
        line: position of the line of each parcel. cause: position in the causes; -1 for a line.
        amount: its variance, in pence. budget: of its line; nil for an attributed amount.
        scopes: the scopes, by the codes of the column scope.
    """

    frame: pd.DataFrame
    line: NDArray[np.intp]
    cause: NDArray[np.intp]
    amount: NDArray[np.int64]
    budget: NDArray[np.int64]
    scopes: list[Scope]


def parcels_of(lines: pd.DataFrame, terms: Terms, keys: Sequence[str]) -> Parcels:
    """Find the scope and netting unit of each line and attributed amount."""
    found = scopes(lines, terms.rules, terms.contributions, list(terms.reserves))
    scope = np.full(len(lines), NOT_ANY)
    unit = np.zeros(len(lines), dtype=np.intp)
    place = line_of(lines, terms.causes)
    cause_scope = np.full(len(place), NOT_ANY)
    cause_unit = np.zeros(len(place), dtype=np.intp)
    caused = terms.causes["cause"].tolist()
    for i, one in enumerate(found):
        if NONE in one.causes:
            scope[one.lines] = i
            unit[one.lines] = one.unit[one.lines]
        for k in range(len(place)):
            if caused[k] in one.causes and one.lines[place[k]]:
                cause_scope[k], cause_unit[k] = i, one.unit[place[k]]
    shared, of_cause = np.flatnonzero(scope >= 0), np.flatnonzero(cause_scope >= 0)
    line = np.concatenate([shared, place[of_cause]]) if len(of_cause) else shared
    attributed = terms.causes["amount"].to_numpy(dtype=np.int64)
    unattributed = lines["variance"].to_numpy().copy()
    np.subtract.at(unattributed, place, attributed)
    columns = [*keys, "kind", "grant", "organisation", "lead", "theme", "category"]
    codes = np.concatenate([scope[shared], cause_scope[of_cause]])
    causes = pd.CategoricalDtype([NONE, *sorted(set(caused) - {NONE})])
    called = [NONE] * len(shared) + [caused[k] for k in of_cause]
    numbers = np.concatenate([unit[shared], cause_unit[of_cause]])
    described = {name: lines[name].array.take(line) for name in columns}
    frame = pd.DataFrame(
        {
            **described,
            "scope": pd.Categorical.from_codes(
                codes, dtype=pd.CategoricalDtype([one.name for one in found])
            ),
            "cause": pd.Categorical(called, dtype=causes)
            if len(of_cause)
            else pd.Categorical.from_codes(np.zeros(len(shared), dtype=int), dtype=causes),
            "unit": pd.Categorical.from_codes(
                numbers, dtype=pd.CategoricalDtype([*range(int(numbers.max(initial=0)) + 1)])
            ),
            "grant": _none_first(described["grant"]),
        }
    )
    return Parcels(
        frame,
        line,
        np.concatenate([np.full(len(shared), NOT_ANY), of_cause]),
        np.concatenate([unattributed[shared], attributed[of_cause]]),
        np.concatenate(
            [lines["budget"].to_numpy()[shared], np.zeros(len(of_cause), dtype=np.int64)]
        ),
        found,
    )


def line_of(lines: pd.DataFrame, causes: pd.DataFrame) -> NDArray[np.intp]:
    """Return the position of the line that each attributed amount belongs to."""
    if causes.empty:  # of many years a line stands many times, and nothing is attributed
        return np.zeros(0, dtype=np.intp)
    place_of_line = pd.Index(lines["scheme_id"]).get_indexer(pd.Index(causes["scheme_id"]))
    return np.asarray(place_of_line, dtype=np.intp)


def _none_first(grant: Any) -> pd.Categorical:
    values = pd.Categorical(grant)
    order = [NONE, *sorted(set(values.categories) - {NONE})]
    return pd.Categorical(values, categories=order)

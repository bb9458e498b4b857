"""What an agreement makes of £100,000 on one line, all else on budget: for who reads its rules."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from bcf_model.agreement.outturns import Prepared, prepare, rerun
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.rules import WAYS, scopes
from bcf_model.core.errors import NothingToShareBy
from bcf_model.core.words import NONE

AMOUNT: Final = 100_000_00
"""Pence over or under on the one line."""


class Example(NamedTuple):
    """Who bears an amount on the largest line of a scope.

    Attributes:
        scope: as the rules write it. scheme_id: of the line.
        borne: for each way, over and under, what each who bears anything bears, in pence; below nil
            of an underspend. Nobody, where it would be shared by weights that are nil.
    """

    scope: str
    scheme_id: str
    borne: Mapping[str, Mapping[str, int]]


def of_each_scope(lines: pd.DataFrame, terms: Terms) -> list[Example]:
    """Work the example for each scope that has lines, in the order of the rules.

    A scope of causes has none: what it rules is an amount that was attributed.

    Args:
        lines: pooled lines of one year, as `pots.share` takes them, each without a variance.
        terms: the rules and limits in force all year, and the facts of the year without causes.
    """
    named = scopes(lines, terms.rules, terms.contributions, list(terms.reserves))
    covers = {it.name: np.flatnonzero(it.lines) for it in named if it.causes == (NONE,)}
    budget, codes = lines["budget"].to_numpy(), lines["scheme_id"].tolist()
    largest = {name: int(at[np.argmax(budget[at])]) for name, at in covers.items() if len(at)}
    ready = prepare(lines, terms)
    pence = dict(zip(WAYS, (AMOUNT, -AMOUNT), strict=True))
    return [
        Example(name, str(codes[at]), {way: _borne(ready, at, of) for way, of in pence.items()})
        for name, at in largest.items()
    ]


def _borne(ready: Prepared, line: int, pence: int) -> dict[str, int]:
    """Return who bears an amount on one line, all else on budget."""
    variances = np.zeros((1, len(ready.cell)), dtype=np.int64)
    variances[0, line] = pence
    try:
        (bears,) = rerun(ready, variances)
    except NothingToShareBy:
        return {}
    return {who: int(of) for who, of in zip(ready.bearers, bears, strict=True) if of}

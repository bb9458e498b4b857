"""The outcomes of the scenario itself: the central case, which its draws stand beside.

docs/method.md, 10. Amounts are those of the scenario's own tables, to the penny.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.tables import records
from bcf_model.plan.draws import TOTAL, Chain
from bcf_model.plan.words import ALL

OTHERS: Final = (
    ("funding", "gap", "organisation", "funding"),
    ("gap", "gap", "organisation", "gap"),
    ("borne", "shared", "bearer", "borne"),
    ("cumulative position", "positions", "partner", "cumulative"),
)
"""Measures that stand in a table: its name, the columns of whose it is, and of the amount."""


def central(chain: Chain) -> NDArray[np.int64]:
    """Return what each outcome of a chain is in the scenario, in whole pence."""
    return np.array([*_closing(chain), *_others(chain)], dtype=np.int64)


def _closing(chain: Chain) -> Iterator[int]:
    """Return closing spending: of each year, for each group of lines."""
    projection = chain.projection
    walk = projection.tables["walk"]
    rows = (walk[name].tolist() for name in ("financial_year", "line", "amount"))
    closing: Counter[tuple[str, str]] = Counter()
    for year, line, amount in zip(*rows, strict=True):
        closing[year, line] += amount
    lines = projection.bridge.lines["line"].tolist()
    for year in projection.years:
        of_line = [closing[year, line] for line in lines]
        for _, _, at in chain.groups:
            yield sum(of_line[place] for place in at)


def _others(chain: Chain) -> Iterator[int]:
    known: dict[tuple[str, str, str], int] = {}
    for measure, table, key, amount in OTHERS:
        frame = chain.projection.tables[table]
        columns = (frame[name].tolist() for name in ("financial_year", key, amount))
        known |= {(measure, year, of): pence for year, of, pence in zip(*columns, strict=True)}
    for row in records(chain.outcomes):
        if row.measure != "closing":
            of = ALL if row.by == TOTAL else row.key
            yield known.get((row.measure, row.financial_year, of), 0)

"""What each partner bears in many draws: `sharing`, made ready once for each year.

docs/method.md, 10. A penny cannot be divided, so what is shared is rounded to the penny; a reserve
goes into a year with what the draw left in it the year before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bcf_model.plan import sharing
from bcf_model.plan.projection import Projection
from bcf_model.risk_share.reruns import Prepared, rerun

Draws = NDArray[np.float64]


@dataclass(frozen=True)
class SharedYear:
    """A year with an agreed budget, made ready for the risk share of many draws.

    Attributes:
        at: positions of its lines among those of the scenario. spent: whether anything can be
            spent on them; where not, the position means nothing.
        budget: agreed, in pence.
        agreement: ready for the same lines.
        reserves: for each reserve its position among the bearers; -1 where no rule calls it.
    """

    at: NDArray[np.intp]
    spent: NDArray[np.bool_]
    budget: NDArray[np.int64]
    agreement: Prepared
    reserves: NDArray[np.intp]


def make_ready(projection: Projection) -> dict[str, SharedYear]:
    """Make the years with an agreed budget ready, in their order."""
    lines, against = projection.bridge.lines, projection.tables["agreed"]
    place = {code: i for i, code in enumerate(lines["line"])}
    inputs, found = projection.plan.inputs, {}
    balances = sharing.opening_balances(inputs) if len(against) else {}
    for year, of_year in against.groupby("financial_year", sort=False):
        schemes = sharing.scheme_lines(inputs, of_year)
        of_scheme = of_year[of_year["scheme_id"] != ""].set_index("scheme_id")["line"]
        codes = of_scheme.loc[schemes["scheme_id"]]
        ready = sharing.prepared(schemes, sharing.year_terms(inputs, str(year), balances))
        column = {bearer: k for k, bearer in enumerate(ready.bearers)}
        found[str(year)] = SharedYear(
            np.array([place.get(code, 0) for code in codes], dtype=np.intp),
            np.array([code in place for code in codes], dtype=np.bool_),
            schemes["budget"].to_numpy(dtype=np.int64),
            ready,
            np.array([column.get(reserve, -1) for reserve in balances], dtype=np.intp),
        )
    return found


class Sharing:
    """Shares year after year, the reserves carried from one to the next."""

    def __init__(self, shared: Mapping[str, SharedYear]) -> None:
        """Start with what the agreement says each reserve holds."""
        self._shared = shared
        self._held: NDArray[np.int64] | None = None

    def borne(self, year: str, closing: Draws) -> Draws:
        """Share the variances of a year; years come in their order.

        Args:
            year: any of the plan.
            closing: lines × draws, in pence.

        Returns:
            Bearers × draws, in pence; nobody where the year has no agreed budget.
        """
        ready = self._shared.get(year)
        if ready is None:
            return np.zeros((0, closing.shape[1]))
        spent = closing[ready.at]
        spent[~ready.spent] = 0
        variance = np.rint(spent, out=spent).astype(np.int64)
        variance -= ready.budget[:, None]
        bears = rerun(ready.agreement, variance.T, self._held)
        if len(ready.reserves):
            before = ready.agreement.opening if self._held is None else self._held
            drawn = np.zeros((len(bears), len(ready.reserves)), dtype=np.int64)
            called = ready.reserves >= 0
            drawn[:, called] = bears[:, ready.reserves[called]]
            self._held = before - drawn
        return bears.T.astype(np.float64)

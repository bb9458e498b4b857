"""What each partner bears in many draws: `partner_shares`, made ready once for each year.

docs/method.md, 10. A penny cannot be divided, so what is shared is rounded to the penny; a reserve
goes into a year with what the draw left in it the year before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bcf_model.agreement.outturns import Prepared, measures, prepare, rerun_spent, with_budget
from bcf_model.plan import partner_shares
from bcf_model.plan.projection import Projection

Draws = NDArray[np.float64]


@dataclass(frozen=True)
class DrawnYear:
    """A year with an agreed budget, made ready for the risk share of many draws.

    Attributes:
        at: positions of its lines among those of the scenario; -1 where that has no such line, and
            nothing is spent.
        agreement: ready for the same lines and what was agreed for them.
        reserves: for each reserve its position among the bearers; -1 where no rule calls it.
    """

    at: NDArray[np.intp]
    agreement: Prepared
    reserves: NDArray[np.intp]


def make_ready(projection: Projection) -> dict[str, DrawnYear]:
    """Make the years of which shares are given ready, in their order.

    Years in which the same rules are in force, on the same lines, differ only in what was agreed:
    their agreement is made ready once.
    """
    against, inputs = projection.tables["agreed"], projection.plan.inputs
    if against.empty:
        return {}
    place = {code: i for i, code in enumerate(projection.bridge.lines["line"])}
    schemes, agreement = partner_shares.shareable(inputs), partner_shares.plan_terms(inputs)
    balances = partner_shares.opening_balances(inputs) or {}
    shared = projection.tables["shared"]
    given = {*shared.loc[shared["share_note"] == "", "financial_year"]}
    known: dict[tuple[Any, ...], Prepared] = {}
    found = {}
    for year, of_year in against.groupby("financial_year", sort=False):
        if year not in given:
            continue
        terms = partner_shares.year_terms(agreement, str(year), balances)
        of_scheme = partner_shares.of_schemes(schemes, of_year)
        has_line = of_scheme >= 0
        at = of_scheme[has_line]
        budget = of_year["budget"].to_numpy()[at]
        rows = (*terms.rules["rule_id"].tolist(), *terms.limits["limit_id"].tolist())
        same = (*rows, *has_line, *(budget if measures(terms) else ()))
        if same not in known:
            known[same] = prepare(partner_shares.scheme_lines(schemes, of_year), terms)
        ready = with_budget(known[same], budget)
        column = {bearer: k for k, bearer in enumerate(ready.bearers)}
        codes = of_year["line"].to_numpy()[at].tolist()
        found[str(year)] = DrawnYear(
            np.array([place.get(code, -1) for code in codes], dtype=np.intp),
            ready,
            np.array([column.get(reserve, -1) for reserve in balances], dtype=np.intp),
        )
    return found


class Sharing:
    """Shares year after year, the reserves carried from one to the next."""

    def __init__(self, shared: Mapping[str, DrawnYear]) -> None:
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
        nothing = np.zeros(closing.shape[1])
        spent = (np.rint(closing[at]) if at >= 0 else nothing for at in ready.at.tolist())
        bears = rerun_spent(ready.agreement, spent, len(nothing), self._held)
        if len(ready.reserves):
            before = ready.agreement.opening if self._held is None else self._held
            drawn = np.zeros((len(bears), len(ready.reserves)), dtype=np.int64)
            called = ready.reserves >= 0
            drawn[:, called] = bears[:, ready.reserves[called]]
            self._held = before - drawn
        return bears.T.astype(np.float64)

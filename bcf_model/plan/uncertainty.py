"""How sure a scenario is: percentiles, breaches of a limit, and what drives the spread.

docs/method.md, 10.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.tables import in_units, records, typed
from bcf_model.plan import holding
from bcf_model.plan.base_case import central
from bcf_model.plan.draws import TOTAL, Chain, headlines, make_ready, run_draws
from bcf_model.plan.output_tables import DRAWN_TABLES, BreachOut, DriversOut, PercentilesOut, types
from bcf_model.plan.percentiles import KEPT, Counted, Found, Kept, standard_errors
from bcf_model.plan.projection import Projection, not_payable
from bcf_model.plan.ranges import draw_all, square_of

Draws = NDArray[np.float64]

AT_ONCE: Final = 5_000
"""Draws worked at a time: part of what a seed means, so never anything else."""
RANKED: Final = 1_000
"""The first draws, whose ranks are compared: a correlation of so many is known to 0.03."""
SHARES: Final = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)

HALF_A_PENNY: Final = 0.5
"""A draw that is less above another is not above it: it would be the same, rounded."""

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Uncertainty:
    """What many draws of a scenario come to.

    Attributes:
        draws, seed: how many, and from where.
        percentiles: `output_tables.PercentilesOut`. breaches: `output_tables.BreachOut`.
        drivers: `output_tables.DriversOut`, the widest first.
        beyond: outcomes that fell beyond a histogram, and are counted in its last bins.
    """

    draws: int
    seed: int
    percentiles: pd.DataFrame
    breaches: pd.DataFrame
    drivers: pd.DataFrame
    beyond: int

    def frame(self, name: str) -> pd.DataFrame:
        """Return percentiles, breaches or drivers in the units they are written in; a new frame.

        Raises:
            BcfError: there is no such table.
        """
        return in_units({it: getattr(self, it) for it in DRAWN_TABLES}, DRAWN_TABLES, name)


def simulate(
    projection: Projection, draws: int, seed: int, tick: Tick = lambda _: None
) -> Uncertainty:
    """Draw a scenario many times.

    Args:
        projection: the scenario, calculated.
        draws: how many times.
        seed: the same seed gives the same draws, whatever the machine has.
        tick: told how many draws were worked, each time some were.

    Returns:
        Amounts in whole pence. Without any range every draw is the scenario itself.
    """
    chain = make_ready(projection)
    rows = [*zip(chain.ranged["assumption"], chain.ranged["holds"], strict=True)]
    together = square_of(rows, projection.scenario.tables["correlations"])
    random = np.random.default_rng(seed)
    limits = _limits(projection, chain)
    limit, of = limits["limit"].to_numpy()[:, None], limits["at"].to_numpy()
    over = np.zeros(len(limits), dtype=np.int64)
    found: Found = Kept(len(chain.outcomes), draws if draws <= KEPT else 0)
    sums, squares, stated = (np.zeros(len(chain.outcomes)) for _ in range(3))
    above = np.zeros(len(chain.outcomes), dtype=np.int64)
    ranked = np.zeros((0, len(chain.ranged))), np.zeros(0)
    for start in range(0, draws, AT_ONCE):
        size = min(AT_ONCE, draws - start)
        values = draw_all(chain.ranged, together, size, random, stated_first=True)
        amounts = run_draws(chain, values)
        stated, amounts = amounts[:, 0].copy(), amounts[:, 1:]
        if not start:
            found = Counted.like(amounts) if draws > KEPT else found
            ranked = values[1 : RANKED + 1], amounts[_headline(chain), :RANKED].copy()
        found.add(amounts)
        # What is stated is a middle that all draws are near to: sums of squares round off least
        # there. It went the same way as the draws, so none is above it by rounding alone.
        amounts -= stated[:, None]
        sums += amounts.sum(axis=1)
        squares += np.einsum("ij,ij->i", amounts, amounts)
        over += (amounts[of] > limit - stated[of, None]).sum(axis=1)
        above += (amounts > HALF_A_PENNY).sum(axis=1)
        tick(size)
    means = stated + sums / draws
    variances = np.maximum(squares - sums**2 / draws, 0) / max(draws - 1, 1)
    deviations = np.sqrt(variances) if draws > 1 else np.full(len(means), np.nan)
    return Uncertainty(
        draws,
        seed,
        _percentiles(chain, found, draws, means, deviations, above),
        _breaches(limits, over, draws),
        _drivers(chain, *ranked),
        found.beyond if isinstance(found, Counted) else 0,
    )


def _headline(chain: Chain) -> int:
    """Return what drivers are measured by: the gap of the last year, or its closing total."""
    totals = {row.measure: i for i, row in enumerate(records(chain.outcomes)) if row.by == TOTAL}
    return totals.get("gap", totals["closing"])


def _percentiles(
    chain: Chain,
    found: Found,
    draws: int,
    means: Draws,
    deviations: Draws,
    above: NDArray[np.int64],
) -> pd.DataFrame:
    at, errors = found.at(SHARES), standard_errors(found, SHARES, draws)
    amounts = {"mean": means, "standard_deviation": deviations, "bin_width": found.width}
    for share, row, error in zip(SHARES, at, errors, strict=True):
        name = f"p{round(100 * share):02d}"
        amounts |= {name: row, f"{name}_error": error}
    percent, percent_error = _in_percent(above, draws)
    columns = types(PercentilesOut)
    told = {name: np.rint(own).astype(columns[name]) for name, own in amounts.items()}
    told |= {"central": central(chain), "percent_above": percent}
    frame = pd.DataFrame(told | {"percent_above_error": percent_error})
    return typed(pd.concat([chain.outcomes, frame], axis=1), columns)


def _in_percent(count: NDArray[np.int64], draws: int) -> tuple[Draws, Draws]:
    """Return how many of the draws these are, and its standard error; of one draw none is known."""
    share = count / draws
    error = np.sqrt(share * (1 - share) / draws)
    return 100 * share, 100 * error if draws > 1 else np.full(len(error), np.nan)


def _pence(amounts: Draws) -> NDArray[np.int64]:
    return np.rint(amounts).astype(np.int64)


def _limits(projection: Projection, chain: Chain) -> pd.DataFrame:
    """Return the limits stated on spending, each with the outcome it is about."""
    assumptions = projection.scenario.tables["assumptions"]
    unknown = not_payable(projection.tables["payments"])
    place = {
        row.financial_year: i
        for i, row in enumerate(records(chain.outcomes))
        if (row.measure, row.by) == ("closing", TOTAL) and row.financial_year not in unknown
    }
    rows = [
        (row.assumption, year, place[year], row.pence)
        for _, row, year in holding.each_year(assumptions, projection.years)
        if row.step == "limit" and year in place
    ]
    columns = {"limit_name": "str", "financial_year": "str", "at": "int64", "limit": "int64"}
    return typed(pd.DataFrame(rows, columns=[*columns]), columns)


def _breaches(limits: pd.DataFrame, over: NDArray[np.int64], draws: int) -> pd.DataFrame:
    percent, percent_error = _in_percent(over, draws)
    frame = limits.assign(percent=percent, percent_error=percent_error)
    columns = types(BreachOut)
    return typed(frame, columns)


def _drivers(chain: Chain, values: Draws, outcomes: Draws) -> pd.DataFrame:
    """Compute what each ranged assumption does alone, and how its ranks go with the outcome's."""
    ranged, columns = chain.ranged, types(DriversOut)
    one_at_a_time = np.tile(chain.stated[:, None], 2 * len(ranged) + 1)
    for k, row in enumerate(records(ranged)):
        one_at_a_time[k, 2 * k : 2 * k + 2] = row.low, row.high
    parts = [
        headlines(chain, one_at_a_time[:, at : at + AT_ONCE].T)
        for at in range(0, one_at_a_time.shape[1], AT_ONCE)
    ]
    *ends, stated = np.concatenate(parts)
    low, high = np.array(ends[0::2]) - stated, np.array(ends[1::2]) - stated
    outcome = chain.outcomes.iloc[_headline(chain)]
    frame = pd.DataFrame(
        {
            "measure": outcome["measure"],
            "financial_year": outcome["financial_year"],
            "assumption": ranged["assumption"],
            "year": ranged["year"],
            "low": _pence(low),
            "high": _pence(high),
            "rank_correlation": _rank_correlations(values, outcomes),
        }
    )
    order = np.argsort(-np.abs(high - low), kind="stable")
    return typed(frame.iloc[order].reset_index(drop=True), columns)


def _rank_correlations(values: Draws, outcomes: Draws) -> Draws:
    """Return how the ranks of each assumption go with the outcome's; of one draw none is known."""
    if len(outcomes) == 1:
        return np.full(values.shape[1], np.nan)
    return _correlations(_ranks(values.T), _ranks(outcomes[None])[0])


def _ranks(some: Draws) -> Draws:
    """Return ranks in each row, less their mean; what is equal has the middle of its ranks."""
    ranks = np.empty_like(some)
    in_turn = np.arange(some.shape[1]) - (some.shape[1] - 1) / 2
    for row, own in zip(some, ranks, strict=True):
        order = np.argsort(row)
        ordered = row[order]
        own[order] = in_turn
        if (ordered[1:] == ordered[:-1]).any():
            _, equal, sizes = np.unique(row, return_inverse=True, return_counts=True)
            own[:] = (np.bincount(equal, own) / sizes)[equal]
    return ranks


def _correlations(some: Draws, others: Draws) -> Draws:
    """Return the correlation of each row with the others; nil where one of them does not vary."""
    both = np.sqrt(np.einsum("ij,ij->i", some, some) * (others @ others))
    return np.asarray(some @ others / np.where(both > 0, both, 1))

"""How sure a scenario is: percentiles, breaches of a limit, and what drives the spread.

docs/method.md, 10.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.plan.draws import MEASURE, TOTAL, Chain, correlations_of, make_ready, run_draws
from bcf_model.plan.percentiles import KEPT, Counted, Found, Kept, standard_errors
from bcf_model.plan.projection import Projection
from bcf_model.plan.ranges import draw_all
from bcf_model.plan.tables import BreachOut, DriversOut, PercentilesOut, types
from bcf_model.tables import records

Draws = NDArray[np.float64]

AT_ONCE: Final = 2_500
"""Draws worked at a time: part of what a seed means, so never anything else."""
SHARES: Final = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
RANKED: Final = 20_000
"""Draws whose ranks are compared."""

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Uncertainty:
    """What many draws of a scenario come to.

    Attributes:
        draws, seed: how many, and from where.
        percentiles: `tables.PercentilesOut`. breaches: `tables.BreachOut`.
        drivers: `tables.DriversOut`, the widest first.
        beyond: outcomes that fell beyond a histogram, and are counted in its last bins.
    """

    draws: int
    seed: int
    percentiles: pd.DataFrame
    breaches: pd.DataFrame
    drivers: pd.DataFrame
    beyond: int


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
    together = correlations_of(chain, projection.scenario.tables["correlations"])
    random = np.random.default_rng(seed)
    found: Found = Kept()
    limits = _limits(projection, chain)
    over = np.zeros(len(limits), dtype=np.int64)
    count = len(chain.outcomes)
    sums, squares, first = np.zeros(count), np.zeros(count), np.zeros(count)
    ranked: list[tuple[Draws, Draws]] = []
    for start in range(0, draws, AT_ONCE):
        size = min(AT_ONCE, draws - start)
        values = draw_all(chain.ranged, together, size, random)
        amounts = run_draws(chain, values)
        if not start:
            first = amounts[0]
            found = Counted.like(amounts) if draws > KEPT else found
        found.add(amounts)
        sums += (amounts - first).sum(axis=0)
        squares += ((amounts - first) ** 2).sum(axis=0)
        over += (amounts[:, limits["at"]] > limits["limit"].to_numpy()).sum(axis=0)
        if start < RANKED:
            ranked.append((values, amounts[:, _headline(chain)]))
        tick(size)
    means = first + sums / draws
    deviations = np.sqrt(np.maximum(squares - sums**2 / draws, 0) / max(draws - 1, 1))
    return Uncertainty(
        draws,
        seed,
        _percentiles(chain, found, draws, means, deviations),
        _breaches(limits, over, draws),
        _drivers(chain, ranked),
        found.beyond if isinstance(found, Counted) else 0,
    )


def _headline(chain: Chain) -> int:
    """Give the outcome drivers are measured by: the gap of the last year, or its closing total."""
    outcomes = chain.outcomes
    total = outcomes[outcomes["by"] == TOTAL]
    gaps = total[total["measure"] == "gap"]
    return int((gaps if len(gaps) else total[total["measure"] == "closing"]).index[-1])


def _percentiles(
    chain: Chain, found: Found, draws: int, means: Draws, deviations: Draws
) -> pd.DataFrame:
    at, errors = found.at(SHARES), standard_errors(found, SHARES, draws)
    frame = chain.outcomes[MEASURE].assign(
        mean=_pence(means), standard_deviation=_pence(deviations)
    )
    for share, row, error in zip(SHARES, at, errors, strict=True):
        name = f"p{round(100 * share):02d}"
        frame[name] = _pence(row)
        frame[f"{name}_error"] = _pence(error)
    columns = types(PercentilesOut)
    return frame.assign(bin_width=_pence(found.width))[[*columns]].astype(columns)


def _pence(amounts: Draws) -> NDArray[np.int64]:
    return np.rint(amounts).astype(np.int64)


def _limits(projection: Projection, chain: Chain) -> pd.DataFrame:
    """Give the limits stated on spending, each with the outcome it is about."""
    assumptions = projection.scenario.tables["assumptions"]
    outcomes = chain.outcomes
    total = outcomes[(outcomes["measure"] == "closing") & (outcomes["by"] == TOTAL)]
    place = {year: i for i, year in total["financial_year"].items()}
    rows = [
        (row.assumption, year, place[year], row.pence)
        for row in records(assumptions[assumptions["step"] == "limit"])
        for year in (projection.years if row.year == "" else [row.year])
        if year in place
    ]
    columns = {"limit_name": "str", "financial_year": "str", "at": "int64", "limit": "int64"}
    return pd.DataFrame(rows, columns=[*columns]).astype(columns)


def _breaches(limits: pd.DataFrame, over: NDArray[np.int64], draws: int) -> pd.DataFrame:
    chance = over / max(draws, 1)
    error = np.sqrt(chance * (1 - chance) / max(draws, 1))
    frame = limits.assign(percent=100 * chance, percent_error=100 * error)
    columns = types(BreachOut)
    return frame[[*columns]].astype(columns)


def _drivers(chain: Chain, ranked: Sequence[tuple[Draws, Draws]]) -> pd.DataFrame:
    """Say what each ranged assumption does by itself, and how its ranks go with the outcome's."""
    ranged, at = chain.ranged, _headline(chain)
    columns = types(DriversOut)
    if not len(ranged):
        return pd.DataFrame(columns=[*columns]).astype(columns)
    one_at_a_time = np.tile(chain.stated, (2 * len(ranged), 1))
    for k, row in enumerate(records(ranged)):
        one_at_a_time[2 * k, k], one_at_a_time[2 * k + 1, k] = row.low, row.high
    outcome = run_draws(chain, one_at_a_time)[:, at]
    central = run_draws(chain, chain.stated[None])[0, at]
    values = np.concatenate([some for some, _ in ranked])
    ends = np.concatenate([some for _, some in ranked])
    outcomes = chain.outcomes.iloc[at]
    frame = pd.DataFrame(
        {
            "measure": outcomes["measure"],
            "financial_year": outcomes["financial_year"],
            "assumption": ranged["assumption"],
            "year": ranged["year"],
            "low": outcome[0::2] - central,
            "high": outcome[1::2] - central,
            "rank_correlation": [_by_rank(values[:, k], ends) for k in range(len(ranged))],
        }
    )
    widest = (frame["high"] - frame["low"]).abs().sort_values(ascending=False, kind="stable")
    pence = frame.assign(low=_pence(frame["low"].to_numpy()), high=_pence(frame["high"].to_numpy()))
    return pence.loc[widest.index, [*columns]].reset_index(drop=True).astype(columns)


def _by_rank(some: Draws, others: Draws) -> float:
    """Give the rank correlation; nil where one of them does not vary."""
    if some.min() == some.max() or others.min() == others.max():
        return 0.0
    ranks = np.array([np.argsort(np.argsort(column)) for column in (some, others)])
    return float(np.corrcoef(ranks)[0, 1])

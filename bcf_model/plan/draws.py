"""Many draws of a scenario at once: the whole chain, the risk share included, without rounding.

docs/method.md, 10. A projection is made ready once: which numbers each ranged assumption drives,
and how steeply. A chunk of draws is then walked as one array, the draws on its last axis.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.plan import bridge, driven, funding_draws, prevention, shared_draws
from bcf_model.plan.driven import MILLIONTHS, Driven
from bcf_model.plan.projection import SHIFT, Projection, Releases
from bcf_model.plan.words import ALL, FUNDING_STEPS
from bcf_model.tables import records
from bcf_model.vocabulary import UNITS

Draws = NDArray[np.float64]
TOTAL: Final = "total"
MEASURE: Final = ["measure", "financial_year", "by", "key"]
"""What tells one outcome from another."""


@dataclass(frozen=True)
class Chain:
    """A projection made ready for many draws.

    Attributes:
        projection: the scenario, calculated.
        ranged: as `driven.ranged` gives it.
        numbers: what each number of the bridge that moves is driven by.
        streams: of benefit, at returns as stated. factor: on each of them, as stated.
        factor_driver: the ranged assumption that drives it; -1 for none.
        groups: kind, key and positions of the lines that closing amounts are added up over.
        funded: funding of each year that has any, as stated.
        shared: years with an agreed budget.
        partners: whose positions are looked at, the system's last.
        outcomes: one row per outcome, `MEASURE`.
    """

    projection: Projection
    ranged: pd.DataFrame
    numbers: Mapping[int, Driven]
    streams: pd.DataFrame
    factor: Draws
    factor_driver: NDArray[np.intp]
    groups: Sequence[tuple[str, str, NDArray[np.intp]]]
    funded: Mapping[str, int]
    shared: Mapping[str, shared_draws.SharedYear]
    partners: tuple[str, ...]
    outcomes: pd.DataFrame

    @property
    def stated(self) -> Draws:
        """The values the scenario itself has, one for each ranged assumption."""
        return self.ranged["value"].to_numpy(dtype=np.float64)

    @property
    def funding_is_drawn(self) -> bool:
        """Whether funding differs from draw to draw."""
        return bool(self.funded) and bool(self.ranged["step"].isin([*FUNDING_STEPS]).any())


def make_ready(projection: Projection) -> Chain:
    """Make a projection ready for draws."""
    ranged = driven.ranged(projection.scenario.tables["assumptions"])
    streams, own = _streams(projection)
    factor, factor_driver = driven.returns(projection, ranged, own["programme"].tolist())
    groups = _groups(projection.bridge.lines)
    gap = projection.tables["gap"]
    funded = dict(zip(gap["financial_year"], gap["funding"].astype(int), strict=True))
    shared = shared_draws.make_ready(projection)
    partners = tuple(projection.tables["payback"]["partner"])
    rows = [("closing", year, by, key) for year in projection.years for by, key, _ in groups]
    rows += [("funding", year, TOTAL, "") for year in funded]
    rows += [("gap", year, TOTAL, "") for year in funded]
    for year, ready in shared.items():
        rows += [("borne", year, "bearer", bearer) for bearer in ready.agreement.bearers]
    rows += [
        ("cumulative position", year, "partner", partner)
        for year in projection.years
        for partner in partners
    ]
    return Chain(
        projection, ranged, driven.bridge_numbers(projection, ranged), streams, factor,
        factor_driver, groups, funded, shared, partners, pd.DataFrame(rows, columns=MEASURE),
    )  # fmt: skip


def _groups(lines: pd.DataFrame) -> list[tuple[str, str, NDArray[np.intp]]]:
    """Say which lines make up each closing amount that is looked at."""
    chosen = [(TOTAL, "", np.arange(len(lines)))]
    for by in ("theme", "organisation", "block"):
        of_line = lines[by].to_numpy()
        keys = [key for key in dict.fromkeys(of_line) if key]
        if len(set(of_line)) > 1:
            chosen += [(by, key, np.flatnonzero(of_line == key)) for key in keys]
    return chosen


def _streams(projection: Projection) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the streams of benefit at returns as stated: of every year, and each once."""
    said = projection.scenario.tables
    every = prevention.streams(
        said["prevention"], said["returns"], said["lags"], projection.years, prevention.AS_STATED
    )
    benefits = every[every["beneficiary"] != ""]
    return benefits, benefits.drop_duplicates(prevention.STREAM)


def run_draws(chain: Chain, values: Draws) -> Draws:
    """Run the whole chain on draws.

    Args:
        chain: as `make_ready` gives it.
        values: draws × ranged assumptions, in millionths of their units; quickest where those of
            one assumption lie together in memory.

    Returns:
        Outcomes × draws, in pence. Amounts of the bridge are not rounded; those shared are, as a
        penny cannot be divided.
    """
    releasing = _Releasing.of(chain, values)
    closing = _closing(chain, values, releasing)
    found = [amounts[at].sum(axis=0) for amounts in closing for _, _, at in chain.groups]
    funded = _funded(chain, values)
    found.extend(funded.values())
    for year, amounts in zip(chain.projection.years, closing, strict=True):
        if year in funded:
            found.append(amounts.sum(axis=0) - funded[year])
    for bears in shared_draws.borne(chain.shared, closing):
        found.extend(bears)
    found.extend(releasing.positions(chain))
    return np.stack(found)


def headlines(chain: Chain, values: Draws) -> Draws:
    """Run the chain as far as the gap of the last year, or its closing spending, draw by draw."""
    amounts: Draws = _closing(chain, values, _Releasing.of(chain, values))[-1].sum(axis=0)
    funded = _funded(chain, values)
    last = chain.projection.years[-1]
    return amounts - funded[last] if last in funded else amounts


def _closing(chain: Chain, values: Draws, releasing: "_Releasing") -> Draws:
    made, stated, drawn = chain.projection.bridge, chain.stated, values.T
    numbers = made.numbers.tolist()

    def number(place: int) -> Any:
        moved = chain.numbers.get(place)
        if moved is None:
            return numbers[place]
        at_nil = numbers[place] - moved.slope * stated[moved.by]
        return moved.slope * drawn[moved.by] + at_nil

    return bridge.walk_draws(made, number, len(values), releasing.change)


def _funded(chain: Chain, values: Draws) -> dict[str, Draws]:
    """Give funding, by year: as stated where no range touches it."""
    if not chain.funding_is_drawn:
        return {year: np.full(len(values), float(f)) for year, f in chain.funded.items()}
    said, known = chain.projection.scenario.tables, driven.places(chain.ranged)
    assumptions = said["assumptions"]
    numbers = np.zeros((len(assumptions), len(values)))
    for row, own in zip(records(assumptions), numbers, strict=True):
        by = known.get((row.assumption, row.year), -1)
        pence = UNITS[row.unit] / MILLIONTHS if row.unit in UNITS else 1
        own[:] = (row.value if by < 0 else values[:, by]) * pence
    found = funding_draws.drawn(said["funding"], assumptions, chain.projection.years, numbers)
    return {year: found[year] for year in chain.funded}


@dataclass
class _Releasing:
    """Releases of prevention on draws, while they are walked."""

    cashable: Mapping[str, Draws]
    reduces: NDArray[np.bool_]
    before: Draws
    levels: dict[str, Draws]

    @staticmethod
    def of(chain: Chain, values: Draws) -> "_Releasing":
        """Start with nothing released."""
        releases = Releases.of(chain.streams, chain.projection.bridge.lines)
        factor = np.broadcast_to(chain.factor, (len(values), len(chain.factor))).copy()
        moved = np.flatnonzero(chain.factor_driver >= 0)
        factor[:, moved] = values[:, chain.factor_driver[moved]]
        by_year = {
            str(year): own["cashable"].to_numpy(dtype=np.float64) * factor / MILLIONTHS
            for year, own in chain.streams.groupby("financial_year", sort=False)
        }
        shape = (len(values), *releases.reduces.shape)
        return _Releasing(by_year, releases.reduces, np.zeros(shape), {})

    def change(self, year: str, step: str, running: Draws) -> Draws | None:
        """Give what a year's release changes on each line: lines × draws."""
        if step != SHIFT or not len(self.reduces):
            return None
        found = prevention.release(self.cashable[year], self.before, self.reduces, running.T)
        change = (self.before - found.released).sum(axis=1)
        self.before, self.levels[year] = found.released, found.released.sum(axis=-1)
        return np.asarray(change.T)

    def positions(self, chain: Chain) -> Iterator[Draws]:
        """Give the cumulative position of each partner, year by year."""
        moved = chain.projection.tables["prevention"]
        own = chain.streams.drop_duplicates(prevention.STREAM)["beneficiary"].to_numpy()
        so_far = dict.fromkeys(chain.partners, np.zeros(len(self.before)))
        for year in chain.projection.years:
            paid = moved[moved["financial_year"] == year]
            for partner in chain.partners:
                every = partner == ALL
                invested = paid.loc[every | (paid["payer"] == partner), "invested"].sum()
                net = np.full(len(self.before), -float(invested))
                if year in self.levels:
                    net += self.levels[year][:, every | (own == partner)].sum(axis=1)
                so_far[partner] = so_far[partner] + net
                yield so_far[partner]

"""Many draws of a scenario at once: the whole chain, the risk share included, without rounding.

docs/method.md, 10. A projection is made ready once: which numbers each ranged assumption drives,
and how steeply. A chunk of draws is then walked as one array, the draws on its last axis.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import records, rows_of_each
from bcf_model.core.words import UNITS
from bcf_model.plan import bridge, funding, partner_share_draws, prevention, sensitivities
from bcf_model.plan.funding_statements import keys_of
from bcf_model.plan.projection import Projection, Releases
from bcf_model.plan.sensitivities import Driven
from bcf_model.plan.words import ALL, FUNDING_STEPS, OWN_LINES, SHIFT

Draws = NDArray[np.float64]
TOTAL: Final = "total"
MEASURE: Final = ["measure", "financial_year", "by", "key"]
"""What tells one outcome from another."""


@dataclass(frozen=True)
class Chain:
    """A projection made ready for many draws.

    Attributes:
        projection: the scenario, calculated.
        ranged: as `sensitivities.ranged` gives it.
        numbers: what each number of the bridge that moves is driven by.
        benefits: what prevention may release.
        groups: kind and key of each closing amount looked at, and which lines it is the sum of.
        funded: gaps that are known, year by year, that of all first.
        shared: years with an agreed budget.
        outcomes: one row per outcome, `MEASURE`.
    """

    projection: Projection
    ranged: pd.DataFrame
    numbers: Mapping[int, Driven]
    benefits: "Benefits"
    groups: Sequence[tuple[str, str, Sequence[int]]]
    funded: "Sequence[Funded]"
    shared: Mapping[str, partner_share_draws.DrawnYear]
    outcomes: pd.DataFrame

    @property
    def stated(self) -> Draws:
        """The values the scenario itself has, one for each ranged assumption."""
        return self.ranged["value"].to_numpy(dtype=np.float64)

    @property
    def funding_is_drawn(self) -> bool:
        """Whether funding differs from draw to draw."""
        return bool(self.funded) and bool(self.ranged["step"].isin([*FUNDING_STEPS]).any())


class Funded(NamedTuple):
    """Whose spending is set against its funding in a year.

    Attributes:
        code: a partner, or all together. funding: as stated, in pence.
        lines: those whose closing amounts it pays. held: in pence, agreed for its own lines.
        bearer: its place among those who bear the variance; None where it bears none.
    """

    year: str
    code: str
    funding: int
    lines: Sequence[int]
    held: int = 0
    bearer: int | None = None

    def short_by(self, closing: Draws, borne: Draws, funding: Draws) -> Draws:
        """Return spending less funding, draw by draw; positive is a shortfall."""
        short = self.held - funding
        short += _sum(closing, self.lines) if len(self.lines) else 0
        return short if self.bearer is None else short + borne[self.bearer]


def make_ready(projection: Projection) -> Chain:
    """Make a projection ready for draws."""
    ranged = sensitivities.ranged(projection.scenario.tables["assumptions"])
    benefits = Benefits.of(projection, ranged)
    groups = _groups(projection.bridge.lines)
    shared = partner_share_draws.make_ready(projection)
    funded = [*_funded_by_whom(projection, shared)]
    rows = [("closing", year, by, key) for year in projection.years for by, key, _ in groups]
    rows += [("funding", it.year, TOTAL, "") for it in funded if it.code == ALL]
    rows += [("gap", it.year, TOTAL, "") for it in funded if it.code == ALL]
    rows += [("gap", it.year, "partner", it.code) for it in funded if it.code != ALL]
    for year, ready in shared.items():
        rows += [("borne", year, "bearer", bearer) for bearer in ready.agreement.bearers]
    rows += [
        ("cumulative position", year, "partner", partner)
        for year in projection.years
        for partner in benefits.partners
    ]
    outcomes = pd.DataFrame(rows, columns=MEASURE)
    numbers = sensitivities.bridge_numbers(projection, ranged)
    return Chain(projection, ranged, numbers, benefits, groups, funded, shared, outcomes)


def _funded_by_whom(
    projection: Projection, shared: Mapping[str, partner_share_draws.DrawnYear]
) -> Iterator[Funded]:
    """Return the gaps that are known: of all, of lines held, or by the agreement.

    Who bears nothing in the scenario itself may do so in a draw: a reserve is none the less here.
    """
    holders = projection.bridge.lines["organisation"]
    known = projection.tables["gap"].dropna(subset="gap")
    for (year,), of_year in rows_of_each(known, "financial_year"):
        bearers = shared[year].agreement.bearers if year in shared else ()
        for row in records(of_year):
            one = Funded(year, row.organisation, int(row.funding), ())
            if one.code == ALL:
                yield one._replace(lines=range(len(holders)))
            elif row.basis == OWN_LINES:
                yield one._replace(lines=np.flatnonzero(holders == one.code).tolist())
            else:
                bearer = bearers.index(one.code) if one.code in bearers else None
                yield one._replace(held=int(row.held), bearer=bearer)
        every = {*projection.tables["gap"].query("financial_year == @year")["organisation"]}
        for place, code in enumerate(bearers):
            if code not in every:
                yield Funded(year, code, 0, (), bearer=place)


def _groups(lines: pd.DataFrame) -> list[tuple[str, str, Sequence[int]]]:
    """Return which lines make up each closing amount that is looked at."""
    chosen: list[tuple[str, str, Sequence[int]]] = [(TOTAL, "", range(len(lines)))]
    for by in ("theme", "organisation", "block"):
        of_line = lines[by].to_numpy()
        keys = [key for key in dict.fromkeys(of_line) if key]
        if len(set(of_line)) > 1:
            chosen += [(by, key, np.flatnonzero(of_line == key).tolist()) for key in keys]
    return chosen


@dataclass(frozen=True)
class Benefits:
    """What prevention may release, and what was paid for it.

    Attributes:
        cashable: of each year, for each stream of benefit, at returns as stated, in pence.
        reduces: streams × lines. factor: on each stream, in millionths, as stated.
        driver: the ranged assumption that drives the factor; -1 for none.
        partners: whose positions are looked at, the system's last.
        gains: partners × streams, whether the one has the benefit of the other.
        invested: of each year, what each partner pays, in pence.
    """

    cashable: Mapping[str, Draws]
    reduces: NDArray[np.bool_]
    factor: Draws
    driver: NDArray[np.intp]
    partners: tuple[str, ...]
    gains: NDArray[np.bool_]
    invested: Mapping[str, Draws]

    @staticmethod
    def of(projection: Projection, ranged: pd.DataFrame) -> "Benefits":
        """Read them off a projection."""
        said, moved = projection.scenario.tables, projection.tables["prevention"]
        if said["prevention"].empty:
            none = np.zeros((0, len(projection.bridge.lines)), dtype=np.bool_)
            nil = np.zeros(0)
            return Benefits({}, none, nil, nil.astype(np.intp), (), none[:, :0], {})
        every = prevention.streams(
            said["prevention"], said["returns"], said["lags"],
            projection.years, MILLIONTHS,
        )  # fmt: skip
        streams = every[every["beneficiary"] != ""]
        own = streams.drop_duplicates(prevention.STREAM)
        by_year = streams.groupby("financial_year", sort=False)["cashable"]
        partners = tuple(projection.tables["payback"]["partner"])
        gainers = own["beneficiary"].tolist()
        gains = [[partner in (gainer, ALL) for gainer in gainers] for partner in partners]
        invested = {}
        for year in projection.years:
            paid = moved[moved["financial_year"] == year]
            each = [paid.loc[(paid["payer"] == p) | (p == ALL), "invested"].sum() for p in partners]
            invested[year] = np.array(each, dtype=np.float64)
        return Benefits(
            {str(year): cashable.to_numpy(dtype=np.float64) for year, cashable in by_year},
            Releases.of(every, projection.bridge.lines).reduces,
            *sensitivities.returns(projection, ranged, own["programme"].tolist()),
            partners,
            np.array(gains, dtype=np.bool_).reshape(len(partners), len(gainers)),
            invested,
        )


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
    releasing = _Releasing(chain.benefits, values)
    sharing = partner_share_draws.Sharing(chain.shared)
    funded = _funding(chain, values)
    spent: list[Draws] = []
    gaps: dict[bool, list[Draws]] = {True: [], False: []}
    borne: list[Draws] = []
    for year, closing in _closing_by_year(chain, values, releasing):
        spent += [_sum(closing, at) for _, _, at in chain.groups]
        bears = sharing.borne(year, closing)
        for one, funding_drawn in funded:
            if one.year == year:
                gaps[one.code == ALL].append(one.short_by(closing, bears, funding_drawn))
        borne += [*bears]
    whole = [funding_drawn for one, funding_drawn in funded if one.code == ALL]
    return np.array([*spent, *whole, *gaps[True], *gaps[False], *borne, *releasing.positions()])


def _sum(closing: Draws, at: Sequence[int]) -> Draws:
    """Add lines up where they stand: to pick them out would copy them first."""
    found: Draws = closing[at[0]].copy()
    for line in at[1:]:
        found += closing[line]
    return found


def headlines(chain: Chain, values: Draws) -> Draws:
    """Run the chain as far as the gap of the last year, or its closing spending, draw by draw."""
    walked = dict(_closing_by_year(chain, values, _Releasing(chain.benefits, values)))
    last = chain.projection.years[-1]
    amounts: Draws = walked[last].sum(axis=0)
    funded = [it for one, it in _funding(chain, values) if (one.year, one.code) == (last, ALL)]
    return amounts - funded[0] if funded else amounts


def _closing_by_year(
    chain: Chain, values: Draws, releasing: "_Releasing"
) -> Iterator[tuple[str, Draws]]:
    """Walk the bridge: each year with its closing amounts, lines × draws."""
    made, stated, drawn = chain.projection.bridge, chain.stated, values.T
    numbers = made.numbers.tolist()

    def number(place: int) -> Any:
        moved = chain.numbers.get(place)
        if moved is None:
            return numbers[place]
        at_nil = numbers[place] - moved.slope * stated[moved.by]
        if moved.slope == 1 and at_nil == 0:
            return drawn[moved.by]  # most percentages: what is drawn is the number itself
        return moved.slope * drawn[moved.by] + at_nil

    return bridge.walk_draws(made, number, len(values), releasing.change)


def _funding(chain: Chain, values: Draws) -> list[tuple[Funded, Draws]]:
    """Return funding, by whose it is: as stated where no range touches it."""
    if not chain.funding_is_drawn:
        return [(it, np.full(len(values), float(it.funding))) for it in chain.funded]
    said = chain.projection.scenario.tables
    assumptions = said["assumptions"]
    driven_by = sensitivities.drivers(assumptions, chain.ranged)
    numbers = np.zeros((len(assumptions), len(values)))
    for row, by, own in zip(records(assumptions), driven_by, numbers, strict=True):
        pence = UNITS[row.unit] / MILLIONTHS if row.unit in UNITS else 1
        own[:] = (row.value if by < 0 else values[:, by]) * pence
    found = funding.drawn(said["funding"], assumptions, chain.projection.years, numbers)
    owner = keys_of(said["funding"])["organisation"].to_numpy()
    return [
        (it, found[it.year][(owner == it.code) | (it.code == ALL)].sum(axis=0))
        for it in chain.funded
    ]


class _Releasing:
    """Releases of prevention on draws, while they are walked."""

    def __init__(self, benefits: Benefits, values: Draws) -> None:
        """Start with nothing released."""
        self._benefits = benefits
        self._factor = np.broadcast_to(
            benefits.factor / MILLIONTHS, (len(values), len(benefits.factor))
        ).copy()
        moved = np.flatnonzero(benefits.driver >= 0)
        self._factor[:, moved] = values[:, benefits.driver[moved]] / MILLIONTHS
        self._before = np.zeros((len(values), *benefits.reduces.shape))
        self._released: dict[str, Draws] = {}

    def change(self, year: str, step: str, running: Draws) -> Draws | None:
        """Return what a year's release changes on each line: lines × draws."""
        of = self._benefits
        if step != SHIFT or not len(of.reduces):
            return None
        cashable = of.cashable[year] * self._factor
        found = prevention.release(cashable, self._before, of.reduces, running.T)
        change = (self._before - found.released).sum(axis=1)
        self._before, self._released[year] = found.released, found.released.sum(axis=-1)
        return np.asarray(change.T)

    def positions(self) -> Iterator[Draws]:
        """Return the cumulative position of each partner, year by year."""
        of, count = self._benefits, len(self._factor)
        so_far = np.zeros((len(of.partners), count))
        for year, invested in of.invested.items():
            released = self._released.get(year, np.zeros((count, len(of.reduces))))
            so_far = so_far + of.gains @ released.T - invested[:, None]
            yield from so_far

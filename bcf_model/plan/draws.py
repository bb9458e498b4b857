"""Many draws of a scenario at once: the whole chain, the risk share included, without rounding.

docs/method.md, 10. A projection is made ready once: which number of its bridge each ranged
assumption drives, and how steeply. A chunk of draws is then walked as one array.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.expressions import WHOLE_RATE
from bcf_model.plan import bridge, prevention, sharing
from bcf_model.plan.dated import MONTHS
from bcf_model.plan.growth import PARTS
from bcf_model.plan.projection import SHIFT, Projection, Releases
from bcf_model.plan.scopes import parse
from bcf_model.plan.words import CONFIDENCES, STEPS, TAKEN_OFF
from bcf_model.risk_share.reruns import Prepared, rerun
from bcf_model.tables import records
from bcf_model.vocabulary import UNITS
from bcf_model.years import year_before

Draws = NDArray[np.float64]
MILLIONTHS: Final = 10**6
DRAWN: Final = frozenset(STEPS) | {"delivery", "return"}
"""Steps and parameters whose ranges are drawn."""
TOTAL: Final = "total"
MEASURE: Final = ["measure", "financial_year", "by", "key"]
"""What tells one outcome from another."""


@dataclass(frozen=True)
class SharedYear:
    """A year with an agreed budget, made ready for the risk share of many draws.

    Attributes:
        at: positions of its lines among those of the scenario; the number of lines for a line
            nothing is spent on. budget: agreed, in pence. agreement: ready for the same lines.
        reserves: positions of the reserves among the bearers.
    """

    at: NDArray[np.intp]
    budget: NDArray[np.int64]
    agreement: Prepared
    reserves: NDArray[np.intp]


@dataclass(frozen=True)
class Chain:
    """A projection made ready for many draws.

    Attributes:
        ranged: assumptions with a range, one row each: assumption, year, shape, low, value, high
            (millionths of their unit, as floats) and chances.
        driver: for each number of the bridge the ranged assumption that drives it; -1 for none.
        slope: by how much it moves with a millionth.
        streams: of benefit, at returns as stated. factors: for each of them, the factor stated and
            the ranged assumption that drives it.
        groups: lines × outcomes, what closing amounts are added up into.
        outcomes: one row per outcome, `MEASURE`.
    """

    projection: Projection
    ranged: pd.DataFrame
    driver: NDArray[np.intp]
    slope: Draws
    streams: pd.DataFrame
    factor: Draws
    factor_driver: NDArray[np.intp]
    groups: Draws
    outcomes: pd.DataFrame
    funding: Mapping[str, int]
    shared: Mapping[str, SharedYear]
    partners: tuple[str, ...]

    @property
    def stated(self) -> Draws:
        """The values the scenario itself has."""
        return self.ranged["value"].to_numpy(dtype=np.float64)


def make_ready(projection: Projection) -> Chain:
    """Make a projection ready for draws."""
    assumptions = projection.scenario.tables["assumptions"]
    chosen = assumptions["ranged"].astype(bool) & assumptions["step"].isin(DRAWN)
    ranged = _ranged(assumptions[chosen].reset_index(drop=True))
    driver, slope = _drivers(projection, ranged)
    streams, factor, factor_driver = _benefits(projection, ranged)
    groups, outcomes = _groups(projection)
    gap = projection.tables["gap"]
    funded = dict(zip(gap["financial_year"], gap["funding"].astype(int), strict=True))
    shared = _shared_years(projection)
    moved = projection.tables["prevention"]
    partners = [p for p in projection.tables["payback"]["partner"] if p]
    more = [("gap", year, TOTAL, "") for year in projection.years if year in funded]
    for year, ready in shared.items():
        more += [("borne", year, "bearer", bearer) for bearer in ready.agreement.bearers]
    if len(moved):
        more += [
            ("cumulative position", year, "partner", partner)
            for year in projection.years
            for partner in partners
        ]
    every = pd.concat([outcomes, pd.DataFrame(more, columns=MEASURE)], ignore_index=True)
    return Chain(
        projection, ranged, driver, slope, streams, factor, factor_driver, groups, every, funded,
        shared, tuple(partners),
    )  # fmt: skip


def _ranged(rows: pd.DataFrame) -> pd.DataFrame:
    three = rows[["chance_value", "chance_low", "chance_high"]].to_numpy().tolist()
    chances = pd.Series(three, index=rows.index, dtype=object)
    kept = rows[["assumption", "step", "scope", "year", "unit", "shape"]]
    ends = {name: rows[name].to_numpy(dtype=np.float64) for name in ("low", "value", "high")}
    return kept.assign(**ends, chances=chances)


def _drivers(projection: Projection, ranged: pd.DataFrame) -> tuple[NDArray[np.intp], Draws]:
    """Find what each number of the bridge moves with."""
    rates, effects = projection.rates, projection.effects
    place = {(r.assumption, r.year): i for i, r in enumerate(records(ranged))}
    units = {r.assumption: r.unit for r in records(ranged)}
    steps = {r.assumption: r.step for r in records(ranged)}

    def of(cause: str, year: str) -> int:
        return place.get((cause, year), place.get((cause, ""), -1))

    driver = np.full(len(rates) + len(effects), -1, dtype=np.intp)
    slope = np.zeros(len(driver))
    calibrate = projection.scenario.settings.calibrate
    for i, row in enumerate(records(rates)):
        driver[i] = of(row.cause, row.financial_year)
        slope[i] = -1 if row.step in TAKEN_OFF else 1
        if calibrate is not None and projection.factor is not None:
            found = projection.factor.value
            slope[i] *= found / PARTS if found and row.step in calibrate.steps else 1
    confidence = _confidences(projection)
    delivery = _named(ranged, "delivery", "confidence", tuple(CONFIDENCES))
    planned = projection.tables["savings_effects"]
    planned = planned[planned["financial_year"].isin(projection.years)].reset_index(drop=True)
    first = (effects["origin"] == "savings").to_numpy().argmax() if len(planned) else 0
    for i, row in enumerate(records(effects)):
        at = len(rates) + i
        if row.origin == "assumption":
            start = (
                row.financial_year if row.part == "in the year" else year_before(row.financial_year)
            )
            driver[at] = of(row.cause, start)
            if driver[at] >= 0:
                sign = -1 if steps[row.cause] in TAKEN_OFF else 1
                slope[at] = (
                    sign * _part(row.part, row.months) * UNITS[units[row.cause]] / MILLIONTHS
                )
        elif row.origin == "savings":
            own = planned.iloc[i - int(first)]
            if own["side"] == "saving":
                driver[at] = delivery.get(confidence[row.cause], -1)
                slope[at] = own["planned"] / WHOLE_RATE
    return driver, slope


def _part(part: str, months: int) -> float:
    inside = months / MONTHS
    return {"in the year": inside, "rest": 1 - inside, "reversal": -inside}[part]


def _confidences(projection: Projection) -> dict[str, str]:
    savings = projection.tables["savings"]
    return dict(zip(savings["programme"], savings["confidence"], strict=True))


def _named(ranged: pd.DataFrame, step: str, key: str, every: Sequence[str]) -> dict[str, int]:
    """Give which ranged parameter holds for each confidence, or programme."""
    found: dict[str, int] = {}
    for i, row in enumerate(records(ranged)):
        if row.step == step:
            found |= dict.fromkeys(parse(row.scope, (key,)).get(key, tuple(every)), i)
    return found


def _benefits(
    projection: Projection, ranged: pd.DataFrame
) -> tuple[pd.DataFrame, Draws, NDArray[np.intp]]:
    """Give the streams of benefit at returns as stated, and what their factor moves with."""
    said = projection.scenario.tables
    every = prevention.streams(
        said["prevention"], said["returns"], said["lags"], projection.years, prevention.AS_STATED
    )
    benefits = every[every["beneficiary"] != ""]
    own = benefits.drop_duplicates(["programme", "payer", "beneficiary", "scope"])
    programmes = said["prevention"]["programme"].unique().tolist()
    stated = projection.factors
    moving = _named(ranged, "return", "programme", programmes)
    factor = np.array([stated.get(p, MILLIONTHS) for p in own["programme"]], dtype=np.float64)
    driver = np.array([moving.get(p, -1) for p in own["programme"]], dtype=np.intp)
    return benefits, factor, driver


def _groups(projection: Projection) -> tuple[Draws, pd.DataFrame]:
    """Say which lines make up each closing amount that is looked at."""
    lines = projection.bridge.lines
    chosen = [(TOTAL, "", np.ones(len(lines), dtype=bool))]
    for by in ("theme", "organisation", "block"):
        for key in dict.fromkeys(lines[by]):
            if key and len(set(lines[by])) > 1:
                chosen.append((by, key, (lines[by] == key).to_numpy()))
    matrix = np.array([mask for _, _, mask in chosen], dtype=np.float64).T
    rows = [("closing", year, by, key) for year in projection.years for by, key, _ in chosen]
    return matrix, pd.DataFrame(rows, columns=MEASURE)


def _shared_years(projection: Projection) -> dict[str, SharedYear]:
    lines, against = projection.bridge.lines, projection.tables["agreed"]
    place = {code: i for i, code in enumerate(lines["line"])}
    inputs, found = projection.plan.inputs, {}
    balances = sharing.opening_balances(inputs) if len(against) else {}
    for year, of_year in against.groupby("financial_year", sort=False):
        schemes = sharing.scheme_lines(inputs, of_year)
        of_scheme = of_year[of_year["scheme_id"] != ""].set_index("scheme_id")["line"]
        codes = of_scheme.loc[schemes["scheme_id"]]
        terms = sharing.year_terms(inputs, str(year), balances)
        ready = sharing.prepared(schemes, terms)
        found[str(year)] = SharedYear(
            np.array([place.get(code, len(lines)) for code in codes], dtype=np.intp),
            schemes["budget"].to_numpy(dtype=np.int64),
            ready,
            np.array(
                [ready.bearers.index(r) for r in balances if r in ready.bearers], dtype=np.intp
            ),
        )
    return found


def run_draws(chain: Chain, values: Draws) -> Draws:
    """Run the whole chain on draws.

    Args:
        chain: as `make_ready` gives it.
        values: draws × ranged assumptions, in millionths of their units.

    Returns:
        Draws × outcomes, in pence; amounts of the bridge are not rounded, those shared are rounded
        to the penny, as a penny cannot be divided.
    """
    made = chain.projection.bridge
    numbers = np.broadcast_to(made.numbers.astype(np.float64), (len(values), len(made.numbers)))
    moved = np.flatnonzero(chain.driver >= 0)
    if len(moved):
        numbers = numbers.copy()
        away = values - chain.stated
        numbers[:, moved] += away[:, chain.driver[moved]] * chain.slope[moved]
    releasing = _Releasing.of(chain, values)
    closing = bridge.walk_draws(made, numbers, releasing.change if releasing else None)
    found = [np.concatenate([amounts @ chain.groups for amounts in closing], axis=1)]
    for i, year in enumerate(made.years):
        if year in chain.funding:
            found.append(closing[i].sum(axis=1, keepdims=True) - chain.funding[year])
    held: NDArray[np.int64] | None = None
    for year, ready in chain.shared.items():
        amounts = closing[made.years.index(year)]
        spent = np.concatenate([amounts, np.zeros((len(values), 1))], axis=1)[:, ready.at]
        variance = np.rint(spent).astype(np.int64) - ready.budget
        borne = rerun(ready.agreement, variance, held)
        if len(ready.agreement.opening):
            before = ready.agreement.opening if held is None else held
            drawn = np.zeros((len(values), len(ready.agreement.opening)), dtype=np.int64)
            drawn[:, : len(ready.reserves)] = borne[:, ready.reserves]
            held = before - drawn
        found.append(borne.astype(np.float64))
    if releasing is not None:
        found.append(releasing.positions(chain))
    return np.concatenate(found, axis=1)


@dataclass
class _Releasing:
    """Releases of prevention on draws."""

    cashable: Mapping[str, Draws]
    reduces: NDArray[np.bool_]
    before: Draws
    levels: dict[str, Draws]

    @staticmethod
    def of(chain: Chain, values: Draws) -> "_Releasing | None":
        """Start with nothing released; None where there is nothing to release."""
        releases = Releases.of(chain.streams, chain.projection.bridge.lines)
        if not len(releases.reduces):
            return None
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
        """Give what a year's release changes on each line."""
        if step != SHIFT:
            return None
        found = prevention.release(self.cashable[year], self.before, self.reduces, running)
        change = (self.before - found.released).sum(axis=1)
        self.before, self.levels[year] = found.released, found.released.sum(axis=-1)
        return np.asarray(change)

    def positions(self, chain: Chain) -> Draws:
        """Give the cumulative position of each partner, year by year."""
        moved = chain.projection.tables["prevention"]
        own = chain.streams.drop_duplicates(["programme", "payer", "beneficiary", "scope"])
        found: list[Draws] = []
        so_far = np.zeros((1, 1))
        for year in chain.projection.years:
            paid = moved[moved["financial_year"] == year].groupby("payer")["invested"].sum()
            columns = []
            for partner in chain.partners:
                every = partner == chain.partners[-1]
                mine = np.ones(len(own), dtype=bool) if every else own["beneficiary"] == partner
                invested = paid.sum() if every else paid.get(partner, 0)
                columns.append(self.levels[year][:, np.asarray(mine)].sum(axis=1) - invested)
            so_far = np.asarray(so_far + np.array(columns).T)
            found.append(so_far)
        return np.concatenate(found, axis=1)


def correlations_of(chain: Chain, stated: pd.DataFrame) -> NDArray[np.float64]:
    """Give the correlations between ranged assumptions as a square.

    Args:
        chain: as `make_ready` gives it.
        stated: `tables.Correlations`. A pair holds for rows of the same year.
    """
    found = np.eye(len(chain.ranged))
    names, years = chain.ranged["assumption"].tolist(), chain.ranged["year"].tolist()
    for row in records(stated):
        for i, j in ((i, j) for i in range(len(names)) for j in range(len(names))):
            if (names[i], names[j]) == (row.first, row.second) and years[i] == years[j]:
                found[i, j] = found[j, i] = row.correlation / MILLIONTHS
    return found

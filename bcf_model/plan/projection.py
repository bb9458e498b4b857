"""A scenario, calculated: every step of docs/method.md on one screen. Touches no file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.expressions import evaluate, of_row
from bcf_model.core.findings import Place
from bcf_model.core.money import MILLIONTHS, percent
from bcf_model.core.tables import in_units, records, typed
from bcf_model.core.years import next_year
from bcf_model.plan import (
    activity,
    bridge,
    budget_versions,
    funding,
    gap,
    growth,
    holding,
    part_year,
    partner_shares,
    positions,
    prevention,
    rollout,
    savings,
)
from bcf_model.plan.load import Plan, Scenario
from bcf_model.plan.output_tables import PROJECTION_TABLES, types
from bcf_model.plan.root_finding import Answer
from bcf_model.plan.scopes import matches
from bcf_model.plan.settings import Calibration
from bcf_model.plan.words import CONFIDENCES, IN_PERCENT, PERCENT, POOL, SHIFT, TAKEN_OFF
from bcf_model.plan.worked_columns import MONTHS, OF_BASE, RELEASE

IN_PENCE: Final = ("difference", "point", "within", "paid", "unpaid")
RATES: Final = {
    "cause": "str",
    "financial_year": "str",
    "step": "str",
    "scope": "str",
    "stated": "int64",
    "rate": "int64",
    "row": "int64",
}
"""Columns of a table of percentages: `stated` in millionths of a percent, signed as in the bridge;
`rate` the same after calibration; `row`, of the assumption it is stated in."""


@dataclass(frozen=True)
class Projection:
    """A scenario, calculated.

    Attributes:
        plan, scenario: what it was calculated from.
        bridge: as it was walked.
        rates, effects: the percentages and the amounts it was walked with (`RATES`,
            `part_year.EFFECTS`).
        tables: one frame for each of `output_tables.PROJECTION_TABLES`, money in whole pence.
        numbers: of each row of the walk, which number of the bridge it comes from (`bridge.walk`).
        releases: what prevention released, as it was walked.
        not_counted: savings programmes of another perimeter, which are never added to these.
        factor: what the percentages of the calibrated steps were multiplied by; None for nothing.
    """

    plan: Plan
    scenario: Scenario
    bridge: bridge.Bridge
    rates: pd.DataFrame
    effects: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    numbers: "pd.Series[int]"
    releases: "Releases"
    not_counted: pd.DataFrame
    factor: Answer | None = None

    @property
    def years(self) -> tuple[str, ...]:
        """Years of the plan."""
        return self.bridge.years

    @property
    def factors(self) -> dict[str, int]:
        """Factors on the returns of prevention programmes, in millionths."""
        return factors_of(self.scenario)

    def frame(self, name: str) -> pd.DataFrame:
        """Return one table in the units it is written in: pounds, percent, numbers; a new frame.

        Raises:
            BcfError: there is no such table.
        """
        return in_units(self.tables, PROJECTION_TABLES, name)

    def closing(self, by: Sequence[str] = ()) -> "pd.Series[Any]":
        """Return closing spending by year and further columns of the walk, in pence."""
        walk = self.tables["walk"]
        return walk.groupby(["financial_year", *by], sort=False)["amount"].sum()


@dataclass
class Releases:
    """Prevention while it is walked: what was released so far.

    Attributes:
        streams: of benefit, every stream in every year.
        reduces: streams × lines. found: of each year that was walked.
        keep_nil: whether the bridge has a row also where nothing is released now.
    """

    streams: pd.DataFrame
    reduces: NDArray[np.bool_]
    found: dict[str, prevention.Release] = field(default_factory=dict)
    keep_nil: bool = False

    @staticmethod
    def of(streams: pd.DataFrame, lines: pd.DataFrame, *, keep_nil: bool = False) -> "Releases":
        """Start with nothing released."""
        benefits = streams[streams["beneficiary"] != ""]
        own = benefits.drop_duplicates(["programme", "payer", "beneficiary", "scope"])
        reduces = np.zeros((len(own), len(lines)), dtype=np.bool_)
        for i, scope in enumerate(own["scope"]):
            reduces[i] = matches(scope, lines)
        return Releases(benefits, reduces, keep_nil=keep_nil)

    @property
    def levels(self) -> dict[str, NDArray[np.int64]]:
        """What was released of each stream, by year."""
        return {year: found.released.sum(axis=-1) for year, found in self.found.items()}

    def entries(
        self, year: str, step: str, running: NDArray[np.int64]
    ) -> list[tuple[bridge.Entry, int]]:
        """Release what is cashable in a year, as far as there is budget for it."""
        if step != SHIFT or not len(self.reduces):
            return []
        now = self.streams[self.streams["financial_year"] == year]
        cashable = now["cashable"].to_numpy(dtype=np.int64)
        before = np.zeros(self.reduces.shape, dtype=np.int64)
        for last in self.found.values():
            before = last.released
        self.found[year] = found = prevention.release(cashable, before, self.reduces, running)
        one, names = np.ones(1, dtype=np.int64), now["programme"].to_list()
        change = before - found.released
        kept = self.reduces if self.keep_nil else change
        return [
            (
                bridge.Entry(names[i], "pounds", np.array([line]), one, bridge.RELEASED),
                int(change[i, line]),
            )
            for i, line in zip(*np.nonzero(kept), strict=True)
        ]

    def worked(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Return all that the release is worked out of (`worked_columns.RELEASE`), in pence.

        Returns:
            A row per year, stream and line it reduces, in the order in which they are released;
            none where nothing can be released in the year, or be put back of the year before,
            unless those of nil are kept.
        """
        parts, before = [], np.zeros(len(self.reduces), dtype=np.bool_)
        for year, found in self.found.items():
            own = self.streams[self.streams["financial_year"] == year]
            acts = (own["cashable"] != 0).to_numpy() | self.keep_nil
            for i, said in enumerate(records(own[["programme", "payer", "beneficiary", "scope"]])):
                row = {**found.rows[i], **said._asdict(), "line": lines["line"].to_numpy()}
                row["change"] = evaluate(RELEASE["change"], of_row(row))
                if acts[i] or before[i]:
                    frame = pd.DataFrame(
                        {name: np.broadcast_to(it, len(lines)) for name, it in row.items()}
                    )
                    parts.append(frame[self.reduces[i]].assign(financial_year=year, stream=i))
            before = acts
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def by_line(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Return payer, beneficiary, line and released, all years together, where it is not nil."""
        streams = self.streams.drop_duplicates(["programme", "payer", "beneficiary", "scope"])
        whole = np.zeros(self.reduces.shape, dtype=np.int64)
        for of_year in self.found.values():
            whole += of_year.released
        stream, line = np.nonzero(whole)
        partners = streams[["payer", "beneficiary"]].iloc[stream].reset_index(drop=True)
        of_line = lines["line"].iloc[line].reset_index(drop=True)
        return partners.assign(line=of_line, released=whole[stream, line])


def project(
    plan: Plan,
    scenario: Scenario,
    factor: Answer | None = None,
    wanted: Collection[str] = PROJECTION_TABLES,
    *,
    keep_nil: bool = False,
) -> Projection:
    """Calculate a scenario.

    Args:
        plan: the pool, sound.
        scenario: one of its own, sound.
        factor: of the percentages that are calibrated, where it was found before; it is looked for
            when left out.
        wanted: the tables to lay out, where not all of them are asked for.
        keep_nil: whether the walk has a row for all that is saved, invested in prevention, or may
            be released, also where that comes to nil: in a workbook it need not stay so.

    Returns:
        Everything the reports show; amounts in whole pence.

    Raises:
        DataHasErrors: an amount goes beyond what one may be (BCF764), or no factor makes spending
            grow as it should (BCF753).
    """
    try:
        return _projected(plan, scenario, factor, wanted, keep_nil=keep_nil)
    except OverflowError as problem:
        place = Place(f"scenarios/{scenario.name}/scenario.toml")
        raise DataHasErrors([place.finding("BCF764", "", str(problem))]) from None


def _projected(
    plan: Plan,
    scenario: Scenario,
    factor: Answer | None,
    wanted: Collection[str],
    *,
    keep_nil: bool,
) -> Projection:
    worked = _Worked(plan, scenario, factor, keep_nil=keep_nil)
    named = {
        name: _named(
            scenario.name, name, getattr(worked, f"{name}_table"), whole=wanted is PROJECTION_TABLES
        )
        for name in PROJECTION_TABLES
        if name in wanted
    }
    numbers = worked.walk_table["number"]
    return Projection(
        plan, scenario, worked.bridge, worked.rates, worked.effects, named, numbers,
        worked.releases, worked.not_counted, worked.factor,
    )  # fmt: skip


class _Worked:
    """The tables of a scenario: each is worked out when it is first asked for."""

    def __init__(
        self, plan: Plan, scenario: Scenario, factor: Answer | None, *, keep_nil: bool
    ) -> None:
        """Prepare the bridge, its percentages multiplied by the factor of a calibrated scenario."""
        self._plan, self._scenario = plan, scenario
        self._settings, self._said = scenario.settings, scenario.tables
        self._years, self._assumptions = scenario.years, scenario.tables["assumptions"]
        self.lines_table = self._lines_of(self._settings.opening)
        counted, self.not_counted = savings.parted_by_perimeter(
            self._said["savings"], self._settings.perimeter
        )
        delivery = holding.values(self._assumptions, "delivery", CONFIDENCES)
        self.savings_table = savings.worked(counted, self._said["phasing"], delivery)
        self.savings_effects_table = savings.effects(self.savings_table, keep_nil=keep_nil)
        self._streams = streams_of(scenario)
        self.effects = effects_of(
            self._assumptions,
            self.savings_effects_table,
            self._streams,
            self._years,
            keep_nil=keep_nil,
        )
        self.rates = rates_of(self._assumptions, self._years)
        self.factor = self._factor() if factor is None else factor
        if self.factor is not None and self._settings.calibrate is not None:
            found = _found(self.factor, scenario)
            self.rates = scaled(self.rates, self._settings.calibrate, found)
        self.bridge = self._bridge()
        self.releases = Releases.of(self._streams, self.lines_table, keep_nil=keep_nil)

    def _lines_of(self, version: str) -> pd.DataFrame:
        versions, split = self._plan.stated_versions, self._settings.split
        return budget_versions.opening_lines(versions, version, split)

    def _agreed_lines(self, year: str) -> pd.DataFrame:
        """Return the lines of the agreed budget of a year: as stated, or grown by the method."""
        lines, method = self._lines_of(self._settings.agreed[year]), self._settings.agreed_method
        if method is None:
            return lines
        grows = (lines["kind"] == "revenue").to_numpy()
        amount = lines["opening"].to_numpy(dtype=np.int64)
        rate = np.int64(round(method.percent * MILLIONTHS))
        for _ in (later for later in self._scenario.by_method if later <= year):
            more = evaluate(OF_BASE, of_row({"base": amount, "rate": rate}))
            amount = amount + np.where(grows, more, 0)
        return lines.assign(opening=amount)

    def _bridge(self) -> bridge.Bridge:
        paid = paid_lines(self._plan, self._scenario, self.lines_table)
        moved_by = activity.steps_moved(self.rates, self.effects, self._assumptions["step"])
        return bridge.prepare(
            self.lines_table,
            self.rates,
            self.effects,
            self._years,
            self._settings.order,
            paid,
            moved_by,
        )

    def _factor(self) -> Answer | None:
        """Find the factor that reaches the target of growth: that of a base is left as it is."""
        if self._scenario.calibrated_by is not None:
            return project(self._plan, self._scenario.calibrated_by, wanted=()).factor
        if self._settings.calibrate is None:
            return None
        return calibration(self._settings.calibrate, self._bridge(), self.rates, self._streams)

    @cached_property
    def _walked(self) -> tuple[pd.DataFrame, Any]:
        """The bridge as it is walked, and what is released on the way."""
        return bridge.walk(self.bridge, self.releases.entries), self.releases.levels

    @property
    def walk_table(self) -> pd.DataFrame:
        return self._walked[0]

    @cached_property
    def _closing(self) -> pd.DataFrame:
        by_line = self.walk_table.groupby(["financial_year", "line"], sort=False)
        return by_line["amount"].sum().reset_index()

    @cached_property
    def payments_table(self) -> pd.DataFrame:
        return payable_of(self.bridge, self._closing)

    @cached_property
    def funding_walk_table(self) -> pd.DataFrame:
        return funding.walk(funding_of(self._scenario), self._assumptions, self._years)

    @cached_property
    def funding_sources_table(self) -> pd.DataFrame:
        return gap.sources(funding_of(self._scenario), self._assumptions, self._years)

    @cached_property
    def gap_table(self) -> pd.DataFrame:
        # What is payable of a year and not known, leaves its spending unknown: it is not shared.
        known = [year for year in self._years if year not in not_payable(self.payments_table)]
        holders = self.lines_table.set_index("line")["organisation"]
        spent = self._closing[self._closing["financial_year"].isin(known)]
        spent = spent.assign(organisation=spent["line"].map(holders), spending=spent["amount"])
        organisations = self._plan.inputs.organisations
        partners = organisations.loc[organisations["organisation_kind"] != "provider"]
        return gap.gaps(
            gap.Facts(
                spent,
                self.agreed_table,
                self.shared_table,
                frozenset(self._settings.agreed),
                self.funding_sources_table,
                min(funding_of(self._scenario)["financial_year"], default=""),
                partners["organisation"].tolist(),
            )
        )

    @property
    def rollout_table(self) -> pd.DataFrame:
        said = (self._said["rollout"], self._said["rollout_payers"])
        return rollout.by_year(*said, self.walk_table, self._years)

    @cached_property
    def prevention_table(self) -> pd.DataFrame:
        return prevention.with_released(self._streams, self._walked[1])

    @cached_property
    def positions_table(self) -> pd.DataFrame:
        by_year = (
            holding.values(self._assumptions, step, self._years)
            for step in ("deflator", "discount")
        )
        return positions.positions(self.prevention_table, self._years, *by_year)

    @cached_property
    def payback_table(self) -> pd.DataFrame:
        to_come = prevention.to_come(benefits_of(self._scenario), self._years)
        return positions.paybacks(self.positions_table, to_come)

    @cached_property
    def matrix_table(self) -> pd.DataFrame:
        return positions.matrix(
            self.prevention_table, self.lines_table, self.releases.by_line(self.lines_table)
        )

    @cached_property
    def prevention_share_table(self) -> pd.DataFrame:
        return positions.shares(
            self._closing.rename(columns={"amount": "closing"}), self.lines_table
        )

    @cached_property
    def agreed_table(self) -> pd.DataFrame:
        plan, settings = self._plan, self._settings
        agreed = {
            year: self._agreed_lines(year)
            for year in shared_years(plan, self._years, not_payable(self.payments_table))
            if year in settings.agreed
            and not budget_versions.unshared_because(plan.inputs)
            and not plan.not_in_both(settings.opening, settings.agreed[year])
        }
        return partner_shares.against_agreed(self._closing, agreed, self.lines_table)

    @cached_property
    def shared_table(self) -> pd.DataFrame:
        return partner_shares.shared(self._plan.inputs, self.agreed_table, self._settings.split)


def paid_lines(
    plan: Plan, scenario: Scenario, lines: pd.DataFrame
) -> tuple[activity.PaidLine, ...]:
    """Return the lines of a scenario of the pool that are paid by activity."""
    version, budgets = scenario.settings.opening, plan.tables["budgets"]
    years = dict(zip(budgets["version"], budgets["financial_year"], strict=True))
    year = years.get(version, plan.inputs.settings.financial_year)
    planned = scenario.tables["planned_activity"]
    return activity.paid_lines(plan.inputs, planned, (version, year), lines)


def payable_of(made: bridge.Bridge, closing: pd.DataFrame) -> pd.DataFrame:
    """Return what is payable of each line paid by activity, year by year.

    Args:
        made: the bridge, as it was walked.
        closing: financial_year, line, amount (pence).

    Returns:
        `output_tables.PlannedPaymentsOut` without its first column.
    """
    amounts = closing.set_index(["financial_year", "line"])["amount"].to_dict()
    codes, rows = made.lines["line"].tolist(), []
    for one in activity.follow(made.paid, made.years, lambda place: int(made.numbers[place])):
        line, worked = made.paid.lines[one.line], one.worked
        code = codes[line.at] if line.at >= 0 else line.row.scheme_id
        closes = int(amounts.get((one.year, code), 0))
        here = {name: float(worked[name]) for name in IN_PENCE if name in worked and not one.why}
        unpaid = 0 if one.why else int(worked["unpaid"])
        known = {} if line.unknown else {
            "actual": round(worked["actual"] * MILLIONTHS),
            "price": round(worked["price"] * MILLIONTHS / 100),
        }  # fmt: skip
        rows.append({
            "financial_year": one.year, "line": code, "provider": line.row.provider,
            "counted_in": line.row.counted_in, "planned": line.planned.get(one.year),
            "reopens_at": line.row.reopens_at, "share_beyond": line.row.share_beyond,
            "full_price": closes + unpaid, "payable": None if one.why else float(closes),
            "note": one.why, "share": worked.get("share"), **known, **here,
        })  # fmt: skip
    columns = types(PROJECTION_TABLES["payments"])
    return typed(pd.DataFrame(rows, columns=[*columns]), columns)


def not_payable(payable: pd.DataFrame) -> dict[str, list[str]]:
    """Return the years in which what is payable is not known, each with the lines and why."""
    lines_by_year: dict[str, list[str]] = {}
    for row in records(payable[payable["note"] != ""]):
        lines_by_year.setdefault(row.financial_year, []).append(f"{row.line}: {row.note}")
    return lines_by_year


def shared_years(
    plan: Plan, years: Sequence[str], unknown: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return the years of which it is known what is shared, where a budget is agreed.

    A reserve goes from one year to the next: after a year in which it is not known what is payable,
    nobody knows what it holds.
    """
    first = min(unknown, default="")
    after = bool(first) and len(plan.inputs.reserves) > 0
    return [year for year in years if year not in unknown and not (after and year > first)]


def _found(factor: Answer, scenario: Scenario) -> int:
    """Return the factor.

    Raises:
        DataHasErrors: no factor makes spending grow so.
    """
    if factor.found and factor.value is not None:
        return factor.value
    said = scenario.settings.calibrate
    reached = [percent(float(end.figure)) for end in (factor.lowest, factor.highest) if end]
    value = f"{said.target:g}%" if said else ""
    expected = f"between {' and '.join(reached)}" if reached else "percentages that can be scaled"
    file = f"scenarios/{scenario.set_by.get('calibrate', scenario.name)}/scenario.toml"
    raise DataHasErrors([Place(file).finding("BCF753", "calibrate", value, expected)])


def _named(scenario: str, table: str, frame: pd.DataFrame, *, whole: bool) -> pd.DataFrame:
    """Write the scenario's name before the rows of a table, and check that it is as described.

    Of a projection that is not whole it is not checked: that is a try, and is not given out.
    """
    model = PROJECTION_TABLES[table]
    named = frame.reset_index(drop=True).assign(scenario=scenario)
    laid_out = typed(named, {"scenario": "str"} | types(model))
    return model.validate(laid_out) if whole else laid_out


def streams_of(scenario: Scenario) -> pd.DataFrame:
    """Spread what a scenario invests in prevention, and what that gives back, over its years."""
    return prevention.streams(*_prevention_of(scenario))


def benefits_of(scenario: Scenario) -> pd.DataFrame:
    """Return what each row of investment gives back, year by year, as `prevention.benefits`."""
    return prevention.benefits(*_prevention_of(scenario))


def _prevention_of(scenario: Scenario) -> tuple[Any, ...]:
    said = scenario.tables
    factors = factors_of(scenario)
    return said["prevention"], said["returns"], said["lags"], scenario.years, factors


def factors_of(scenario: Scenario) -> dict[str, int]:
    """Return the factors on the returns of prevention programmes, in millionths."""
    said = scenario.tables
    return holding.values(said["assumptions"], "return", said["prevention"]["programme"])


def funding_of(scenario: Scenario) -> pd.DataFrame:
    """Return the funding that counts: the pool's own is for plans of the pool."""
    rows = scenario.tables["funding"]
    if scenario.settings.perimeter == POOL:
        return rows
    return rows[rows["set_by"].isin(scenario.chain)].reset_index(drop=True)


def effects_of(
    assumptions: pd.DataFrame,
    of_savings: pd.DataFrame,
    streams: pd.DataFrame,
    years: Sequence[str],
    *,
    keep_nil: bool = False,
) -> pd.DataFrame:
    """Combine every amount of pounds the bridge is walked with.

    Args:
        assumptions: those in force.
        of_savings: as `savings.effects` gives it.
        streams: as `streams_of` gives them.
        years: those of the plan.
        keep_nil: whether there is a row also for what comes to nil.

    Returns:
        Columns of `part_year.EFFECTS`; `origin`: assumption, savings or prevention; and `row`, of
        the assumption, of `of_savings` or of the stream that is invested in.
    """
    columns = {**part_year.EFFECTS, "row": "int64"}
    placed = of_savings.assign(row=np.arange(len(of_savings)))
    some = [
        part_year.effects(assumptions, years),
        placed[placed["financial_year"].isin(years)][[*columns]],
        invested(streams, keep_nil=keep_nil),
    ]
    origins = ("assumption", "savings", "prevention")
    named = [frame.assign(origin=origin) for frame, origin in zip(some, origins, strict=True)]
    return pd.concat(named, ignore_index=True).astype(columns | {"origin": "str"})


def invested(streams: pd.DataFrame, *, keep_nil: bool = False) -> pd.DataFrame:
    """Return what investment in prevention changes: that of a year less that of the year before."""
    rows, paid = [], streams[streams["beneficiary"] == ""]
    last = paid.groupby(["programme", "payer", "scope"], sort=False)["invested"].shift(fill_value=0)
    changes = paid.assign(change=paid["invested"] - last)
    changes = changes if keep_nil else changes[changes["change"] != 0]
    for row in records(changes):
        named = (row.programme, row.financial_year, SHIFT, row.scope)
        rows.append((*named, "in the year", MONTHS, row.change))
    return part_year.table(rows).assign(row=changes.index.to_numpy(dtype=np.int64))


def rates_of(assumptions: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Return the percentages the bridge is walked with, year by year."""
    rows = []
    for i, row, year in holding.each_year(assumptions, years):
        if row.unit == PERCENT and row.step in IN_PERCENT:
            rate = -row.value if row.step in TAKEN_OFF else row.value
            rows.append((row.assumption, year, row.step, row.scope, rate, rate, i))
    return pd.DataFrame(rows, columns=[*RATES]).astype(RATES)


def scaled(rates: pd.DataFrame, calibrate: Calibration, factor: int) -> pd.DataFrame:
    """Multiply the percentages of the calibrated steps by the factor."""
    chosen = rates["step"].isin(calibrate.steps)
    more = growth.scaled_rates(rates["stated"].to_numpy(dtype=np.int64), factor)
    return rates.assign(rate=np.where(chosen, more, rates["stated"]).astype(np.int64))


def calibration(
    calibrate: Calibration, unscaled: bridge.Bridge, rates: pd.DataFrame, streams: pd.DataFrame
) -> Answer:
    """Find the factor on percentages at which spending grows by the target (docs/method.md, 8)."""
    first = next_year(calibrate.base_year)
    until = unscaled.years[: unscaled.years.index(calibrate.year) + 1]
    short = replace(unscaled, years=until)

    def grown(factor: int) -> Fraction | None:
        some = scaled(rates, calibrate, factor)["rate"].to_numpy(dtype=np.int64)
        numbers = np.concatenate([some, unscaled.numbers[len(some) :]])
        releases = Releases.of(streams, unscaled.lines)
        try:
            reached = bridge.totals(replace(short, numbers=numbers), releases.entries)
        except OverflowError:  # so large a factor is no answer
            return None
        return growth.growth(reached[calibrate.year][1], reached[first][0])

    return growth.calibrated(grown, Fraction(str(calibrate.target)) / 100)

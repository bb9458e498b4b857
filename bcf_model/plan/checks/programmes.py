"""Checks of a scenario's programmes: savings, prevention, what it returns, and when."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from bcf_model.core.errors import UnknownScope
from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.findings import Check, Finding
from bcf_model.core.money import MILLIONTHS, sterling
from bcf_model.core.tables import records
from bcf_model.core.words import RED
from bcf_model.plan import holding
from bcf_model.plan.checks.assumptions import selected_lines
from bcf_model.plan.checks.context import (
    CheckedPlan,
    codes_findings,
    scope_findings,
    shares_findings,
    twice,
)
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.rollout import causes
from bcf_model.plan.words import CONFIDENCES, EVERY_PERIOD

MOST_RETURNED: Final = 1_000
"""Pounds of benefit of each pound: evidence that claims more is a slip of the pen."""


def savings(plan: CheckedPlan) -> Iterator[Finding]:
    """A programme of the scenario's perimeter saves on lines there are (BCF722, BCF750).

    A red one is not counted in full (BCF771).
    """
    in_full = delivered(plan).get(RED, WHOLE_RATE) == WHOLE_RATE
    for row in records(plan.tables["savings"]):
        counted = row.perimeter == plan.settings.perimeter
        if counted and not [*scope_findings(plan, row)]:
            yield from selected_lines(plan, row, in_pounds=True)
        if counted and in_full and row.confidence == RED and row.delivered_to < EVERY_PERIOD:
            yield row.place.finding("BCF771", "confidence", f"{row.programme!r} at 100%")


def delivered(plan: CheckedPlan) -> dict[str, int]:
    """Return what is delivered of savings by confidence, millionths of a percent, where stated."""
    try:
        return holding.values(plan.tables["assumptions"], "delivery", CONFIDENCES)
    except UnknownScope:  # said by the checks of assumptions
        return {}


def prevention(plan: CheckedPlan) -> Iterator[Finding]:
    """A programme invests above nil, once a year, in lines there are (BCF721, 746, 747, 752).

    It is one programme, with one name and one double running (BCF757).
    """
    frame = plan.tables["prevention"]
    yield from codes_findings(plan, "prevention", {"payer": ("body", "BCF733")})
    yield from twice(frame, ("programme", "financial_year", "payer", "scope"), "financial_year")
    for column in ("name", "double_running"):  # its payers, lines and years may be several
        yield from _one_of(frame, column)
    returning = {*plan.tables["returns"]["programme"]}
    for row in records(frame):
        wrong = [*scope_findings(plan, row)]
        yield from wrong or selected_lines(plan, row, in_pounds=True)
        if row.investment < 0:
            yield row.place.finding("BCF746", "investment", sterling(row.investment))
        if plan.years and row.double_running >= len(plan.years):
            value, most = f"{row.double_running} years", len(plan.years) - 1
            expected = f"at most {most}: the plan has {len(plan.years)}"
            yield row.place.finding("BCF747", "double_running", value, expected)
    for row in records(frame.drop_duplicates("programme")):
        if row.programme not in returning:
            yield row.place.finding("BCF752", "programme", repr(row.programme))


def _one_of(frame: pd.DataFrame, column: str, of: str = "programme") -> Iterator[Finding]:
    first: dict[str, Any] = {}
    for row in records(frame):
        code = getattr(row, of)
        earlier = first.setdefault(code, row)
        own, its = getattr(row, column), getattr(earlier, column)
        if own != its:
            value, expected = (
                f"{own!r}, of {code}",
                f"{its!r}, as in row {earlier.place.row}",
            )
            yield row.place.finding("BCF757", column, value, expected)


def returns(plan: CheckedPlan) -> Iterator[Finding]:
    """What returns is of a programme, to someone, on lines there are, at some time."""
    columns = {
        "programme": ("programme", "BCF732"),
        "beneficiary": ("body", "BCF733"),
        "lag": ("lag", "BCF731"),
    }
    yield from codes_findings(plan, "returns", columns)
    frame = plan.tables["returns"]
    yield from twice(frame, ("programme", "beneficiary", "scope"), "scope")
    for row in records(frame):
        wrong = [*scope_findings(plan, row)]
        yield from wrong or selected_lines(plan, row, in_pounds=True)
        if row.return_per_pound < 0:
            value = f"{row.return_per_pound / MILLIONTHS:g} of each £1"
            yield row.place.finding("BCF746", "return_per_pound", value)
        elif row.return_per_pound > MOST_RETURNED * MILLIONTHS:
            value = f"{row.return_per_pound // MILLIONTHS:,} of each £1"
            yield row.place.finding(
                "BCF748", "return_per_pound", value, f"at most {MOST_RETURNED:,}"
            )


def lags(plan: CheckedPlan) -> Iterator[Finding]:
    """A lag has each year once, and makes 100 % (BCF721, BCF734)."""
    frame = plan.tables["lags"]
    yield from twice(frame, ("lag", "years_after"), "years_after")
    yield from shares_findings(frame, "lag", WHOLE_RATE)


def rollout(plan: CheckedPlan) -> Iterator[Finding]:
    """A wave is stated once, costs nil or more, and serves no more people than there are.

    BCF721, BCF746, BCF748, BCF757; one live before the plan adds no cost (BCF776). What its cost
    does to the bridge is checked as the assumptions it becomes; one that becomes none, here.
    """
    frame = plan.tables["rollout"]
    yield from twice(frame, ("programme", "wave"), "wave")
    yield from _one_of(frame, "name")
    people: dict[str, int] = {}
    for row in records(frame):
        if row.cost < 0:
            yield row.place.finding("BCF746", "cost", sterling(row.cost))
        if not row.year:
            yield from scope_findings(plan, row)
        if row.cost > 0 and not row.year:
            yield row.place.finding("BCF776", "cost", f"{sterling(row.cost)} of each", sterling(0))
        people[row.programme] = people.get(row.programme, 0) + row.people_share
        if people[row.programme] > WHOLE_RATE:
            value = f"{plain(people[row.programme])} % of people so far, in {row.programme}"
            yield row.place.finding("BCF748", "people_share", value, "at most 100 % in all")


def rollout_payers(plan: CheckedPlan) -> Iterator[Finding]:
    """Payers are partners or bodies, each once, of a roll-out there is, and pay all of it.

    BCF721, BCF733, BCF734, BCF777.
    """
    columns = {"programme": ("roll-out", "BCF777"), "payer": ("body", "BCF733")}
    yield from codes_findings(plan, "rollout_payers", columns)
    frame = plan.tables["rollout_payers"]
    yield from twice(frame, ("programme", "payer"), "payer")
    yield from shares_findings(frame, "programme", WHOLE_RATE)
    paid = {*frame["programme"]}
    for row in records(plan.tables["rollout"].drop_duplicates("programme")):
        if row.programme not in paid:
            value = f"no payer of {row.programme} in rollout_payers.csv"
            yield row.place.finding("BCF734", "programme", value, "100 %")


def rollout_names(plan: CheckedPlan) -> Iterator[Finding]:
    """What a payer pays of a wave has a name of its own in the bridge (BCF721).

    Codes may run together: wave c of programme "a b", and wave "b c" of programme a.
    """
    payers = plan.tables["rollout_payers"]
    named: dict[str, Any] = {}
    for table, column in (("savings", "programme"), ("prevention", "programme"),
                          ("drivers", "driver")):  # fmt: skip
        named |= {getattr(row, column): row for row in records(plan.tables[table])}
    for wave in records(plan.tables["rollout"]):
        own = payers.loc[payers["programme"] == wave.programme, "payer"]
        for name in (name for payer in own for name in causes(wave, payer)):
            other = named.setdefault(name, wave)
            same = getattr(other, "wave", None) == wave.wave and other.programme == wave.programme
            if other is not wave and not same:
                yield wave.place.finding("BCF721", "wave", f"{name!r}, as in {other.place}")


def drivers(plan: CheckedPlan) -> Iterator[Finding]:
    """A driver follows cohorts there are, each once, of one vintage, with 100 % at most.

    BCF721, BCF748, BCF757, BCF778, BCF779. Its scope is checked as the assumption it becomes.
    """
    yield from codes_findings(plan, "drivers", {"cohort": ("cohort", "BCF778")})
    frame, cohorts = plan.tables["drivers"], plan.tables["cohorts"]
    yield from twice(frame, ("driver", "cohort"), "cohort")
    yield from _one_of(frame, "scope", of="driver")
    vintage = dict(zip(cohorts["cohort"], cohorts["vintage"], strict=True))
    weights: dict[str, int] = {}
    vintages: dict[str, str] = {}
    for row in records(frame):
        weights[row.driver] = weights.get(row.driver, 0) + row.weight
        if weights[row.driver] > WHOLE_RATE:
            value = f"{plain(weights[row.driver])} % so far, of {row.driver}"
            yield row.place.finding("BCF748", "weight", value, "at most 100 % in all")
        own = vintage.get(row.cohort, "")
        first = vintages.setdefault(row.driver, own)
        if own and first and own != first:
            value = f"{own!r}, of {row.driver}"
            yield row.place.finding("BCF779", "cohort", value, repr(first))


CHECKS: Final[tuple[Check[CheckedPlan], ...]] = (
    savings,
    prevention,
    returns,
    lags,
    rollout,
    rollout_payers,
    rollout_names,
    drivers,
)

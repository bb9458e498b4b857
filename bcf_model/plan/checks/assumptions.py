"""Checks of assumptions: what they act on, in which unit and year, and where they come from."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from bcf_model.core.errors import UnknownScope
from bcf_model.core.findings import Check, Finding
from bcf_model.core.money import LARGEST_PENCE, MILLIONTHS, sterling
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.core.years import spoken
from bcf_model.plan.checks.context import CheckedPlan, scope_findings
from bcf_model.plan.checks.settings import SURE
from bcf_model.plan.range_bounds import BOUNDS, OTHERS
from bcf_model.plan.scopes import FUNDING_KEYS, LINE_KEYS, keys_of, matches, parse
from bcf_model.plan.words import (
    GROWS,
    NOT_ALLOCATED,
    PARAMETERS,
    PERCENT,
    SHIFT,
    STEPS,
    UNITS_TAKEN,
)


def units(plan: CheckedPlan) -> Iterator[Finding]:
    """A unit is one the step takes (BCF723)."""
    for row in records(plan.tables["assumptions"]):
        if row.unit not in (known := UNITS_TAKEN[row.step]):
            value = f"{row.unit!r} of {row.step}"
            yield row.place.finding("BCF723", "unit", value, " or ".join(known))


def amounts(plan: CheckedPlan) -> Iterator[Finding]:
    """A value, low and high are amounts, or what a percentage can be (BCF203, BCF207, BCF748)."""
    for row in records(plan.tables["assumptions"]):
        columns = ("value", *(("low", "high") if row.ranged else ()))
        if row.unit in UNITS:
            for column in columns:
                pence, rest = divmod(getattr(row, column) * UNITS[row.unit], MILLIONTHS)
                if rest and column == "value":  # what is drawn is no whole penny
                    yield row.place.finding("BCF203", column, _shown(row.value), "whole pence")
                elif abs(pence) > LARGEST_PENCE:
                    yield row.place.finding("BCF207", column, sterling(pence))
        else:
            least, most = BOUNDS.get(row.step, OTHERS)
            for column in columns:
                if not least <= (said := getattr(row, column)) <= most:
                    value = f"{_shown(said)} {row.unit} of {row.step}"
                    expected = f"{_shown(least)} to {_shown(most)}"
                    yield row.place.finding("BCF748", column, value, expected)


def dated(plan: CheckedPlan) -> Iterator[Finding]:
    """Only an amount of pounds is non-recurrent, only one on lines begins in a period (BCF724)."""
    for row in records(plan.tables["assumptions"]):
        in_pounds = row.unit in UNITS and row.step not in PARAMETERS
        of_lines = in_pounds and row.step in STEPS
        if row.recurrence != "recurrent" and not in_pounds:
            value = f"{row.recurrence!r} of {row.step} in {row.unit}"
            yield row.place.finding("BCF724", "recurrence", value, "blank, or an amount of pounds")
        if row.from_period != 1 and not of_lines:
            value = f"period {row.from_period} of {row.step} in {row.unit}"
            expected = "blank, or an amount of pounds on lines"
            yield row.place.finding("BCF724", "from_period", value, expected)


FOR_ALL_YEARS: Final = frozenset({"delivery", "return"})
"""Parameters of programmes, which have years of their own."""


def years(plan: CheckedPlan) -> Iterator[Finding]:
    """A scenario's own assumptions are of years of its plan, and some of every year (BCF725)."""
    if not plan.years:
        return
    for row in records(plan.tables["assumptions"]):
        if row.year and row.step in FOR_ALL_YEARS:
            yield row.place.finding(
                "BCF725", "year", row.year, f"blank: {row.step} holds in every year"
            )
        elif row.year and row.set_by == plan.name and row.year not in plan.years:
            # A wave of a roll-out that names no year was live before the plan.
            of_wave = row.place.file.endswith("rollout.csv")
            blank = "if it was live before" if of_wave else "for every year"
            expected = f"{plan.years[0]} to {plan.years[-1]}, or blank {blank}"
            yield row.place.finding("BCF725", "year", row.year, expected)


def scopes(plan: CheckedPlan) -> Iterator[Finding]:
    """A scope can be read, names what there is, and selects something (BCF405, 722, 750)."""
    for row in records(plan.tables["assumptions"]):
        keys = keys_of(row.step)
        wrong = [*scope_findings(plan, row, keys)]
        yield from wrong
        if wrong:
            continue
        if keys == LINE_KEYS:
            yield from selected_lines(plan, row, in_pounds=row.unit in UNITS)
        elif keys == FUNDING_KEYS:
            funding = plan.tables["funding"]
            if not matches(row.scope, funding, FUNDING_KEYS).any():
                yield row.place.finding("BCF722", "scope", f"{row.scope}, of funding")


def selected_lines(plan: CheckedPlan, row: Any, *, in_pounds: bool) -> Iterator[Finding]:
    """A scope selects lines, and an amount can be parted over them (BCF722, BCF750)."""
    if plan.lines is None:
        return
    chosen = plan.lines[matches(row.scope, plan.lines)]
    parted = in_pounds or getattr(row, "step", "") == "allocation"
    if not len(chosen):
        value = f"{row.scope}, of the lines of {plan.settings.opening!r}"
        yield row.place.finding("BCF722", "scope", value)
    elif getattr(row, "step", "") == "allocation" and row.scope == NOT_ALLOCATED:
        value = f"{row.scope}: that is what an allocation parts"
        yield row.place.finding("BCF722", "scope", value, "lines, or all")
    elif parted and len(chosen) > 1 and int(chosen["opening"].max()) <= 0:
        yield row.place.finding("BCF750", "scope", f"{row.scope}, {len(chosen)} lines")


def parameters(plan: CheckedPlan) -> Iterator[Finding]:
    """A parameter has one value a year (BCF749)."""
    first: dict[tuple[str, str, str], Any] = {}
    for row in records(plan.tables["assumptions"]):
        if row.step not in PARAMETERS:
            continue
        try:
            parts = parse(row.scope, keys_of(row.step))
        except UnknownScope:
            continue  # said by scopes
        of = next(iter(parts.values()), ("",))
        for key in ((row.step, year, one) for year in plan.years_of(row.year) for one in of):
            earlier = first.setdefault(key, row)
            if earlier is not row:
                value = f"{' '.join(part for part in key if part)}, as in row {earlier.place.row}"
                yield row.place.finding("BCF749", "scope", value)
                break


def sourced(plan: CheckedPlan) -> Iterator[Finding]:
    """An assumption says where it comes from (BCF744, BCF745)."""
    for row in records(plan.tables["assumptions"]):
        if not row.source:
            code = "BCF745" if row.status in SURE else "BCF744"
            yield row.place.finding(code, "source", f"nothing, and the status {row.status}")


def rates(plan: CheckedPlan) -> Iterator[Finding]:
    """A rate of growth below 0.05 % is asked about: 3 % may be typed as 0.03 (BCF772)."""
    for row in records(plan.tables["assumptions"]):
        if row.unit == PERCENT and row.step in GROWS and 0 < abs(row.value) < _NEXT_TO_NOTHING:
            value = f"{_shown(row.value)}% of {row.step}"
            expected = f"{_shown(row.value)}%, or {_shown(row.value * 100)}%"
            yield row.place.finding("BCF772", "value", value, expected)


def moves(plan: CheckedPlan) -> Iterator[Finding]:
    """What is moved to some lines is taken off others in the same year (BCF773)."""
    moved = [row for row in records(plan.tables["assumptions"]) if row.step == SHIFT]
    for year in plan.years:
        legs = [row for row in moved if row.year in ("", year)]
        if left := sum(row.pence for row in legs):
            value = f"{sterling(left)} in {spoken(year)}, all legs together"
            yield legs[-1].place.finding("BCF773", "value", value, sterling(0))
            return


_NEXT_TO_NOTHING: Final = MILLIONTHS // 20


def _shown(millionths: int) -> str:
    return f"{(Decimal(millionths) / MILLIONTHS).normalize():f}"


CHECKS: Final[tuple[Check[CheckedPlan], ...]] = (
    units,
    amounts,
    dated,
    years,
    scopes,
    parameters,
    sourced,
    rates,
    moves,
)

"""Payment by activity in a plan: what of a projected year's spending is payable.

docs/method.md, 8a. Demand moves activity, inflation moves price. What is payable is worked by the
terms and the expressions of the year's own payments (`year.payments`): exactly, or on many draws.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import (
    WHOLE_RATE,
    Column,
    Expression,
    Ratio,
    Whole,
    of_row,
    with_decimals,
)
from bcf_model.core.money import rounded
from bcf_model.core.settings import Settings
from bcf_model.core.tables import Inputs, records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.intake.cells import read_edge
from bcf_model.plan.apportion import parted
from bcf_model.plan.words import FULL_PRICE, INFLATION, PERCENT, UNPAID
from bcf_model.year import payments

MOVES: Final = {INFLATION: "price", "demand": "actual"}
"""What each step moves of a line that is paid by activity; others move neither."""

GROWN: Final[dict[str, Expression]] = {
    "price": Column("price_before") * (Whole(1) + Column("inflation")),
    "actual": Column("actual_before") * (Whole(1) + Column("demand")),
}
"""What percentages make of last year's price and activity; neither is rounded."""
ADDED: Final[dict[str, Expression]] = {
    "price": Ratio(Column("inflation_pounds"), Column("actual_before")),
    "actual": Ratio(Column("demand_pounds"), Column("price")),
}
"""What amounts of pounds add to it."""
REPRICED: Final = {
    then: (Column("price") - Column("price_before") * (Whole(1) + Column("inflation")))
    * Column(then)
    - Column("inflation_pounds")
    for then in ("actual_before", "actual")
}
"""What a stated price adds to spending beyond inflation, by the activity there is when inflation
comes: last year's, or where demand comes before it this year's."""
NOT_PLANNED: Final = "no activity is planned for the year"
_STEP_OF: Final = {moved: step for step, moved in MOVES.items()}


class Mover(NamedTuple):
    """An entry of the bridge that moves the activity or the price of a line.

    Attributes:
        moves: price or actual. unit: percent or pounds. number: place of its number.
        weights: of all lines of the entry. at: place of the line among these.
    """

    moves: str
    unit: str
    number: int
    weights: NDArray[np.int64]
    at: int


@dataclass(frozen=True)
class PaidLine:
    """A line paid by activity.

    Attributes:
        row: its row of the payments and of the activity of the pool's own year.
        at: its position among the lines of the scenario; -1 where it is none by itself.
        actual, price: activity and price (pence) that the opening is for.
        unpaid: what the opening leaves out, in pence: of the outturn what was not paid.
        planned: activity planned of a year. prices: price stated of a year, in pence.
        unknown: why what is payable is known in no year; blank where it may be.
    """

    row: Any
    at: int
    actual: int
    price: int
    unpaid: int
    planned: Mapping[str, int]
    prices: Mapping[str, int]
    unknown: str = ""


Movers = Mapping[tuple[int, str], Sequence[Mover]]
"""By position among the paid lines, and year."""


@dataclass(frozen=True)
class Paid:
    """The lines paid by activity, and what moves each of them in each year.

    Attributes:
        repriced: what a stated price adds to spending, one of `REPRICED`.
    """

    lines: tuple[PaidLine, ...] = ()
    movers: Movers | None = None
    repriced: Expression = REPRICED["actual_before"]


class _How(NamedTuple):
    """How numbers are worked: exactly, or draw by draw without rounding."""

    number: Callable[[Any], Any]
    over: Callable[[Any, int], Any]
    part: Callable[[Any, NDArray[np.int64], int], Any]
    rounded: Callable[[Any], Any]


def _part(whole: int, weights: NDArray[np.int64], at: int) -> Fraction:
    return Fraction(int(parted(int(whole), weights)[at]))


def _share(whole: Any, weights: NDArray[np.int64], at: int) -> Any:
    return whole * (weights[at] / max(int(weights.sum()), 1))


_EXACT: Final = _How(
    Fraction,
    Fraction,
    _part,
    rounded,
)
_DRAWN: Final = _How(float, lambda number, whole: number / whole, _share, lambda number: number)


class Payable(NamedTuple):
    """A line paid by activity in one year.

    Attributes:
        line: position among the paid lines. why: why what is payable is not known; blank if it is.
        worked: price, actual and what moves them; of a stated price, `repriced`; where it is
            known, planned and the columns of `worked_columns.PAYMENTS`. Pence, with decimals.
    """

    line: int
    year: str
    why: str
    worked: Mapping[str, Any]


def paid_lines(
    inputs: Inputs, planned: pd.DataFrame, version: tuple[str, str], lines: pd.DataFrame
) -> tuple[PaidLine, ...]:
    """Return the lines of a scenario that are paid by activity.

    Args:
        inputs: the pool.
        planned: `tables.PlannedActivity`, in force.
        version: the opening, and the financial year it is a budget of.
        lines: `output_tables.PlanLines`.

    Returns:
        One for each payment whose line the scenario has, by itself or inside a line of its theme.
        A budget is for the activity planned in its year, the outturn for the actual.
    """
    place = {code: i for i, code in enumerate(lines["line"]) if code}
    schemes = inputs.schemes.set_index("scheme_id")
    worked = payments.work_out(inputs.payments, inputs.activity)
    found = []
    for row in records(worked):
        at = place.get(row.scheme_id, -1)
        if at >= 0 or _inside(lines, schemes.loc[row.scheme_id]):
            found.append(_paid_line(row, at, planned, version, inputs.settings))
    return tuple(found)


def _inside(lines: pd.DataFrame, scheme: Any) -> bool:
    """Return whether a scheme is part of a line that is stated by theme."""
    if scheme["pooling"] != "pooled":
        return False
    by_theme = (lines["scheme_id"] == "") & (lines["theme"] == scheme["theme"])
    holder = lines["organisation"].isin([NOT_STATED, scheme["organisation"]])
    return bool((by_theme & holder & (lines["kind"] == scheme["kind"])).any())


def _paid_line(
    row: Any, at: int, planned: pd.DataFrame, version: tuple[str, str], settings: Settings
) -> PaidLine:
    own_year = settings.financial_year
    stated = [it for it in records(planned) if it.scheme_id == row.scheme_id]
    by_year = {own_year: row.planned} | {it.financial_year: it.planned for it in stated}
    prices = {it.financial_year: read_edge(it.price).pence for it in stated if it.price}
    name, year = version
    actual, price = by_year.get(year, 0), row.price if year == own_year else prices.get(year, 0)
    unpaid, unknown = 0, ""
    if name == settings.standing.spent:  # spending is for the activity there was
        actual, unpaid = row.actual, row.unpaid
    if at < 0:
        unknown = f"{name!r} states its theme, and not the line by itself"
    elif year not in by_year:
        unknown = f"no activity is planned for {spoken(year)}, the year of {name!r}"
    elif year != own_year and year not in prices:
        unknown = f"no price is stated for {spoken(year)}, the year of {name!r}"
    return PaidLine(row, at, actual, price, unpaid, by_year, prices, unknown)


def steps_moved(
    rates: pd.DataFrame, effects: pd.DataFrame, steps: "pd.Series[str]"
) -> dict[int, str]:
    """Return the step each number of a bridge comes of, where that moves activity or price.

    An amount of pounds is of the step it was stated for, also where a later year has the rest of
    it, or takes it out again.

    Args:
        rates: percentages the bridge is walked with, in their order.
        effects: amounts the same.
        steps: of the assumptions of the scenario.
    """
    stated = effects["row"].where(effects["origin"] == "assumption", -1)
    rows = [*rates["row"], *stated]
    return {
        i: steps.iloc[row] for i, row in enumerate(rows) if row >= 0 and steps.iloc[row] in MOVES
    }


def follow(
    paid: Paid, years: Sequence[str], number: Callable[[int], Any], *, drawn: bool = False
) -> Iterator[Payable]:
    """Follow each line that is paid by activity from year to year.

    Args:
        paid: the lines, with what moves them.
        years: of the plan.
        number: given the place of a number of the bridge, one, or an array with one per draw.
        drawn: whether numbers are draws: nothing is rounded then, and nothing is looked at.

    Yields:
        Each line in each year, line by line.
    """
    how = _DRAWN if drawn else _EXACT
    for i, line in enumerate(paid.lines):
        now: dict[str, Any] = {
            "price": how.number(line.price),
            "actual": how.number(line.actual),
        }
        why = line.unknown
        for year in years:
            if not why:
                own = (paid.movers or {}).get((i, year), ())
                now, why = _moved(line.prices.get(year), now, own, number, how)
                if year in line.prices:
                    repriced = with_decimals(paid.repriced, of_row(now), how.rounded)
                    now |= {"repriced": how.rounded(repriced)}
            missing = "" if year in line.planned else NOT_PLANNED
            if why or missing:
                yield Payable(i, year, why or missing, now)
                continue
            known = now | {"planned": how.number(line.planned[year])}
            yield Payable(i, year, "", payments.payable(line.row, known, how.rounded))


def _moved(
    stated: int | None,
    before: Mapping[str, Any],
    movers: Sequence[Mover],
    number: Callable[[int], Any],
    how: _How,
) -> tuple[dict[str, Any], str]:
    """Return price and activity of a year, with what moves them, and why they are not known.

    A price that is stated of the year has inflation in it.
    """
    drawn = how is _DRAWN
    row: dict[str, Any] = {f"{name}_before": before[name] for name in _STEP_OF}
    why = ""
    for name, step in _STEP_OF.items():
        own = [it for it in movers if it.moves == name]
        percent = sum(number(it.number) for it in own if it.unit == PERCENT)
        amounts = [how.part(number(it.number), it.weights, it.at) for it in own
                   if it.unit != PERCENT]  # fmt: skip
        row |= {step: how.over(percent, WHOLE_RATE), f"{step}_pounds": sum(amounts)}
        if name == "price" and stated is not None:
            row[name] = how.number(stated)
            continue
        by = _DIVIDED_BY[name]
        inside = {**row, by: np.where(row[by] == 0, np.inf, row[by])} if drawn else row
        if amounts and not drawn and not row[by]:
            why, amounts = f"an amount of {step} acts where {_SAID[by]} is nil", []
        expression = GROWN[name] + ADDED[name] if amounts else GROWN[name]
        row[name] = with_decimals(expression, of_row(inside), how.rounded)
        if not drawn and row[name] < 0:
            why = f"{_SAID[name]} would be below nil"
    return row, why


_DIVIDED_BY: Final = {"price": "actual_before", "actual": "price"}
_SAID: Final = {"price": "the price", "actual": "activity", "actual_before": "activity"}


Amounts = Mapping[tuple[str, str], Mapping[int, Any]]
"""Pence by year and step, and position of the line."""


def amounts(
    paid: Paid, years: Sequence[str], number: Callable[[int], Any], known: Amounts | None = None
) -> Amounts:
    """Return what payment by activity adds to lines in the bridge, where it is known.

    Args:
        paid: as `follow` takes it.
        years: of the plan.
        number: given the place of a number, one, or an array with one for each draw.
        known: on draws, where nothing is rounded, the amounts of the scenario itself: draws are
            of these years and lines alone.

    Returns:
        In inflation what a stated price adds; in the last step what is unpaid is taken off, and in
        the next year's first it is put back, as is in the first year what the opening leaves out.
    """
    after = dict(pairwise(years))
    found: dict[tuple[str, str], dict[int, Any]] = {}
    for line in paid.lines if years else ():
        if line.unpaid and not line.unknown:
            found.setdefault((years[0], FULL_PRICE), {})[line.at] = line.unpaid
    for one in follow(paid, years, number, drawn=known is not None):
        at, year = paid.lines[one.line].at, one.year
        if one.why or (known is not None and at not in known.get((year, UNPAID), ())):
            continue
        unpaid = one.worked["unpaid"]
        found.setdefault((year, UNPAID), {})[at] = -unpaid
        found.setdefault((after.get(year, ""), FULL_PRICE), {})[at] = unpaid
        if "repriced" in one.worked:
            found.setdefault((year, INFLATION), {})[at] = one.worked["repriced"]
    return found

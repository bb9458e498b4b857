"""The bridge: from one budget to the next, an ordered walk that ties to the penny per line.

docs/method.md, 4. A bridge is prepared once, as the entries of each year and step; it is then
walked with the numbers of the scenario, exactly, or with the numbers of many draws at once, where
nothing is rounded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import evaluate, unrounded
from bcf_model.core.money import check_within_reach
from bcf_model.core.tables import records, typed
from bcf_model.core.years import spoken
from bcf_model.plan import activity
from bcf_model.plan.activity import MOVES, REPRICED, Mover, Paid, PaidLine
from bcf_model.plan.apportion import check_parts, weighed, weights_of
from bcf_model.plan.output_tables import Walk, types
from bcf_model.plan.scopes import matches
from bcf_model.plan.words import (
    BY_ACTIVITY,
    FULL_PRICE,
    INFLATION,
    OPENING,
    PERCENT,
    UNPAID,
)
from bcf_model.plan.worked_columns import AS_STATED, OF_BASE, PARTED, Reading, row_of

Amounts = NDArray[np.int64]
Draws = NDArray[np.float64]
ALLOCATION: Final = "allocation"
ACTIVITY: Final = "activity"
"""The unit of a row of payment by activity."""
NOTHING_PAID: Final = Paid()

OPENED: Final = -1
RELEASED: Final = -2
OF_PAYMENT: Final = -3
"""Rows of the walk that come from no number of the bridge: openings, released prevention, and
payment by activity."""


class Entry(NamedTuple):
    """One cause in one step of one year.

    Attributes:
        cause: assumption or programme. unit: percent or pounds.
        lines: positions of the lines it acts on. weights: theirs, for an amount that is parted.
        number: place of its number: millionths of a percent, or pence; signed as in the bridge.
            `RELEASED` of what prevention released.
    """

    cause: str
    unit: str
    lines: NDArray[np.intp]
    weights: Amounts
    number: int


Further = Callable[[str, str, Amounts], Sequence[tuple[Entry, int]]]
"""Entries that depend on what a line has when its step comes: given the year, the step and the
running amounts, the entries with their numbers."""


@dataclass(frozen=True)
class Bridge:
    """A bridge made ready to be walked.

    Attributes:
        lines: `output_tables.PlanLines`. years, order: as they are walked.
        entries: of each year and step. numbers: those of the scenario, by place.
        paid: lines paid by activity; where there are any, the steps back to full price and unpaid
            activity stand first and last in the order.
    """

    lines: pd.DataFrame
    years: tuple[str, ...]
    order: tuple[str, ...]
    entries: Mapping[tuple[str, str], tuple[Entry, ...]]
    numbers: Amounts
    paid: Paid = NOTHING_PAID

    def by_activity(self) -> activity.Amounts:
        """Return what payment by activity adds to lines, where known."""
        return activity.amounts(self.paid, self.years, lambda place: int(self.numbers[place]))


def prepare(
    lines: pd.DataFrame,
    rates: pd.DataFrame,
    effects: pd.DataFrame,
    years: Sequence[str],
    order: Sequence[str],
    paid: Sequence[PaidLine] = (),
    steps_moved: Mapping[int, str] | None = None,
) -> Bridge:
    """Make a bridge ready.

    Args:
        lines: `output_tables.PlanLines`.
        rates: percentages: cause, financial_year, step, scope, rate (millionths of a percent,
            signed as in the bridge).
        effects: amounts: columns of `part_year.EFFECTS`.
        years: of the plan.
        order: steps, as they are walked.
        paid: lines that are paid by activity.
        steps_moved: the step each number comes of that moves their activity or price.

    Returns:
        The numbers of its entries are first those of the rates, then those of the effects, in
        their order.
    """
    opening = lines["opening"].to_numpy(dtype=np.int64)
    entries: dict[tuple[str, str], list[Entry]] = {}
    start = 0
    for unit, frame in (("percent", rates), ("pounds", effects)):
        for i, row in enumerate(records(frame), start=start):
            chosen = np.flatnonzero(matches(row.scope, lines))
            entry = Entry(row.cause, unit, chosen, weights_of(opening, chosen), i)
            entries.setdefault((row.financial_year, row.step), []).append(entry)
        start += len(frame)
    numbers = np.concatenate([rates["rate"].to_numpy(), effects["amount"].to_numpy()])
    return Bridge(
        lines,
        tuple(years),
        (FULL_PRICE, *order, UNPAID) if paid else tuple(order),
        {place: tuple(some) for place, some in entries.items()},
        numbers.astype(np.int64),
        _paid(paid, entries, order, steps_moved or {}) if paid else NOTHING_PAID,
    )


def _paid(
    paid: Sequence[PaidLine],
    entries: Mapping[tuple[str, str], Sequence[Entry]],
    order: Sequence[str],
    steps_moved: Mapping[int, str],
) -> Paid:
    """Return the lines paid by activity with the entries that move their activity or price."""
    movers: dict[tuple[int, str], list[Mover]] = {}
    moving = [(year, entry) for (year, _), some in entries.items() for entry in some
              if entry.number in steps_moved]  # fmt: skip
    for year, entry in moving:
        moves = MOVES[steps_moved[entry.number]]
        for i, line in enumerate(paid):
            for at in np.flatnonzero(entry.lines == line.at).tolist():
                mover = Mover(moves, entry.unit, entry.number, entry.weights, at)
                movers.setdefault((i, year), []).append(mover)
    demand_first = order.index("demand") < order.index(INFLATION)
    return Paid(tuple(paid), movers, REPRICED["actual" if demand_first else "actual_before"])


def walk(bridge: Bridge, further: Further | None = None) -> pd.DataFrame:
    """Walk a bridge with the scenario's own numbers.

    Args:
        bridge: as `prepare` gives it.
        further: entries known only when their step comes.

    Returns:
        `output_tables.Walk` without its first column: of each year and line the opening, and a row
        for each cause of each step. A year's rows of a line sum to its closing, which is the next
        year's opening. A last column, `number`, says which number a row comes from: its place in
        the bridge's, or `OPENED`, `RELEASED`, `OF_PAYMENT`.
    """
    return _laid_out(bridge.lines, list(_parts(bridge, further)))


def totals(bridge: Bridge, further: Further | None = None) -> dict[str, tuple[int, int]]:
    """Return for each year what all lines together open and close with, as `walk` has it."""
    totals_by_year: dict[str, tuple[int, int]] = {}
    for part in _parts(bridge, further):
        amount = int(part["amount"].sum())
        opening, closing = totals_by_year.get(part["year"], (amount, 0))
        totals_by_year[part["year"]] = opening, closing + amount
    return totals_by_year


def _parts(bridge: Bridge, further: Further | None) -> Iterator[dict[str, Any]]:
    running = bridge.lines["opening"].to_numpy(dtype=np.int64).copy()
    by_activity = bridge.by_activity()
    places = np.arange(len(running))
    for year in bridge.years:
        named = partial(_named, bridge.lines, year)
        yield _opened(year, running)
        for place, step in enumerate(bridge.order, start=1):
            known = bridge.entries.get((year, step), ())
            some = [(entry, int(bridge.numbers[entry.number])) for entry in known]
            if further is not None:
                some += further(year, step, running)
            change = np.zeros_like(running)
            for entry, number in some:
                for at, unit, worked in _worked(step, entry, number, running, evaluate):
                    check_parts(worked.get("whole", 0), entry.weights)
                    change[at] += worked["amount"]
                    check_within_reach(running + change, named)
                    yield AS_STATED | worked | {
                        "year": year, "order": place, "step": step, "cause": entry.cause,
                        "unit": unit, "number": entry.number, "at": places[at],
                    }  # fmt: skip
            if of_lines := by_activity.get((year, step)):
                part = _paid_by_activity(of_lines, named)
                np.add.at(change, part["at"], part["amount"])
                check_within_reach(running + change, named)
                yield part | {"year": year, "order": place, "step": step}
            running = running + change


def _named(lines: pd.DataFrame, year: str, at: int) -> str:
    return f"{lines['line'].iloc[at]} in {spoken(year)}"


def _paid_by_activity(of_lines: Mapping[int, Any], named: Callable[[int], str]) -> dict[str, Any]:
    """Return what payment by activity adds in a step: one amount for each line."""
    exact = np.array([*map(int, of_lines.values())], dtype=object)
    check_within_reach(exact, lambda place: named([*of_lines][place]))
    amount = exact.astype(np.int64)
    return AS_STATED | {
        "cause": BY_ACTIVITY, "unit": ACTIVITY, "at": np.array([*of_lines], dtype=np.intp),
        "whole": amount, "amount": amount, "number": OF_PAYMENT,
    }  # fmt: skip


def _opened(year: str, running: Amounts) -> dict[str, Any]:
    return AS_STATED | {
        "year": year, "order": 0, "step": OPENING, "cause": "", "unit": OPENING,
        "at": np.arange(len(running)), "whole": running, "amount": running, "number": OPENED,
    }  # fmt: skip


def _worked(
    step: str, entry: Entry, number: Any, running: NDArray[Any], read: Reading
) -> Iterator[tuple[Any, str, dict[str, Any]]]:
    """Work one entry: lines, unit, and the columns of what it adds to each of them.

    Args:
        step: in which it acts.
        entry: of that step.
        number: its own: one, or an array with one for each draw.
        running: what lines have before the step: exactly, or lines × draws.
        read: how the expressions are read on these.
    """
    # One line is looked at where it stands; an array of positions would copy it.
    single = len(entry.lines) == 1
    at: Any = slice(entry.lines[0], entry.lines[0] + 1) if single else entry.lines
    if entry.unit == PERCENT and step != ALLOCATION:
        yield at, PERCENT, row_of(OF_BASE, {"base": running[at], "rate": number}, read)
        return
    if step == ALLOCATION:
        nowhere = slice(len(running) - 1, None)  # `not allocated` is the last line
        taken = row_of(OF_BASE, {"base": running[nowhere], "rate": -number}, read)
        yield nowhere, PERCENT, taken
        number = -taken["amount"].sum(axis=0)
    weights = entry.weights.reshape(-1, *[1] * (running.ndim - 1))
    yield at, "pounds", row_of(PARTED, weighed(weights, axis=0) | {"whole": number}, read)


def _laid_out(lines: pd.DataFrame, parts: list[dict[str, Any]]) -> pd.DataFrame:
    sizes = [len(part["at"]) for part in parts]

    def column(name: str) -> NDArray[Any]:
        return np.concatenate(
            [np.broadcast_to(part[name], size) for part, size in zip(parts, sizes, strict=True)]
        )

    at = column("at")
    frame = pd.DataFrame(
        {
            "financial_year": column("year"),
            **{
                name: lines[name].to_numpy()[at]
                for name in ("line", "theme", "organisation", "block")
            },
            "step_order": column("order"),
            "step": column("step"),
            "cause": column("cause"),
            "unit": column("unit"),
            "base": column("base"),
            "rate": column("rate"),
            "whole": column("whole"),
            "weight": column("weight"),
            "cumulative_weight": column("cumulative_weight"),
            "total_weight": column("total_weight"),
            "amount": column("amount"),
            "number": column("number"),
        }
    )
    return typed(frame, types(Walk) | {"number": "int64"})


def walk_draws(
    bridge: Bridge,
    number: Callable[[int], Any],
    count: int,
    further: Callable[[str, str, Draws], Draws | None] | None = None,
) -> Iterator[tuple[str, Draws]]:
    """Walk a bridge with many numbers at once; nothing is rounded.

    Args:
        bridge: as `prepare` gives it.
        number: given the place of a number, one for all draws, or an array with one for each:
            millionths of a percent, or pence.
        count: how many draws.
        further: given year, step and the running amounts (lines × draws), what to add to them.

    Yields:
        Each year with its closing amounts, lines × draws, in pence: an array that is walked on in
        the next year, so that it need not be copied.
    """
    opening = bridge.lines["opening"].to_numpy(dtype=np.float64)
    running = np.repeat(opening[:, None], count, axis=1)
    by_activity = activity.amounts(bridge.paid, bridge.years, number, bridge.by_activity())
    for year in bridge.years:
        for step in bridge.order:
            added = further(year, step, running) if further is not None else None
            # Every entry of a step acts on what is there before it: all are worked, then added.
            changes = [
                (at, worked["amount"])
                for entry in bridge.entries.get((year, step), ())
                for at, _, worked in _worked(step, entry, number(entry.number), running, unrounded)
            ]
            for at, change in changes:
                running[at] += change
            for line, amount in by_activity.get((year, step), {}).items():
                running[line] += amount
            if added is not None:
                running += added
        yield year, running

"""What is sought besides an assumption: money moved between lines, or invested in prevention.

docs/method.md, 9. Neither is below nil; and neither is more than the lines it comes off have.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.errors import UnknownFigure, UnknownScope
from bcf_model.core.findings import brief, one_of
from bcf_model.core.money import LARGEST_PENCE, MILLIONTHS
from bcf_model.core.words import UNITS
from bcf_model.plan.apportion import parted, weights_of
from bcf_model.plan.goal_seek_inputs import (
    OF_A_YEAR,
    Replaced,
    Sought,
    changed,
    read_sought,
)
from bcf_model.plan.load import Plan, Scenario
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.scopes import matches
from bcf_model.plan.words import SHIFT

_FROM: Final = f"{SHIFT} from "
_TO: Final = " to "
WRITTEN: Final = f"{_FROM}block=acute{_TO}block=prevention"
"""How a shift is asked for."""


@dataclass(frozen=True)
class Shift(Sought):
    """An amount moved from some lines to others, in a year and all after it.

    Attributes:
        off, onto: scopes of lines.
    """

    off: str = ""
    onto: str = ""

    def put(self, scenario: Scenario, value: int) -> Scenario:
        """Return a scenario in which so much is moved: two more assumptions, one for each leg."""
        stated = scenario.tables["assumptions"]
        legs = [self._leg(stated, scope, pence)
                for scope, pence in ((self.off, -value), (self.onto, value))]  # fmt: skip
        whole = pd.concat([stated, *legs], ignore_index=True).astype(stated.dtypes.to_dict())
        return replace(scenario, tables={**scenario.tables, "assumptions": whole})

    def _leg(self, stated: pd.DataFrame, scope: str, pence: int) -> pd.DataFrame:
        nothing = {name: "" if kind == "str" else 0 for name, kind in stated.dtypes.items()}
        leg = nothing | {
            "assumption": f"{self.assumption}: {scope}", "step": SHIFT, "scope": scope,
            "year": self.year, "stated_for": self.year, "recurrence": "recurrent",
            "from_period": 1, "unit": "pounds", "pence": pence,
            "value": pence * MILLIONTHS // UNITS["pounds"],
        }  # fmt: skip
        return pd.DataFrame([leg])


@dataclass(frozen=True)
class Investment(Sought):
    """What is invested in a prevention programme, by all who pay for it; in one year or in each."""

    def put(self, scenario: Scenario, value: int) -> Scenario:
        """Return a scenario in which so much is invested a year, parted over who pays as it is."""
        stated = scenario.tables["prevention"].copy()
        own = stated["programme"] == self.assumption
        for year in self.years:
            at = np.flatnonzero(own & (stated["financial_year"] == year))
            parts = stated["investment"].to_numpy(dtype=np.int64)[at]
            weights = weights_of(parts if parts.any() else np.ones_like(parts), np.arange(len(at)))
            stated.loc[at, "investment"] = parted(value, weights)
        return replace(scenario, tables={**scenario.tables, "prevention": stated})


def read_asked(plan: Plan, scenario: Scenario, text: str) -> Sought:
    """Read what is sought: an assumption, a programme of prevention, or a shift between lines.

    Args:
        plan: the pool.
        scenario: one of its own.
        text: as in growth, earlier help, or shift from block=acute to block=prevention; each may
            be followed by /year=2022-23.

    Raises:
        UnknownFigure: there is no such assumption or programme, or nothing that could be moved.
    """
    name = text.partition(OF_A_YEAR)[0].strip()
    if name not in {*scenario.tables["assumptions"]["assumption"]}:
        if name.startswith(_FROM):
            return _shift(project(plan, scenario), text)
        if name in {*scenario.tables["prevention"]["programme"]}:
            return _investment(project(plan, scenario), text)
    return read_sought(scenario, text)


def with_value(scenario: Scenario, sought: Sought, value: int) -> Scenario:
    """Return a scenario in which what is sought has a value, in pence or millionths of its unit."""
    if isinstance(sought, Shift | Investment):
        return sought.put(scenario, value)
    return changed(scenario, sought, value)


def _shift(found: Projection, text: str) -> Shift:
    legs, _, year = text.strip().rpartition(OF_A_YEAR)
    if not legs:
        legs, year = text.strip(), found.years[0]
    if year not in found.years:
        message = f"nothing is moved in {brief(year)!r}; {one_of(found.years, year)}"
        raise UnknownFigure(message)
    off, to, onto = legs.removeprefix(_FROM).partition(_TO)
    if not to:
        message = f"a shift says between which lines, as in {WRITTEN}"
        raise UnknownFigure(message)
    both = [_lines(found, scope.strip()) for scope in (off, onto)]
    if (both[0] & both[1]).any():
        message = f"{off} and {onto} have a line in common: nothing would move there"
        raise UnknownFigure(message)
    after = found.years[found.years.index(year) :]
    return Shift(
        legs, year, False, found.plan.inputs.settings.unit, (Replaced(after, 0),), 0,
        _most(found, both[0], year), off.strip(), onto.strip(),
    )  # fmt: skip


def _lines(found: Projection, scope: str) -> NDArray[np.bool_]:
    """Return which lines a scope is of; an amount must be such as can be parted over them."""
    lines = found.bridge.lines
    try:
        chosen = matches(scope, lines)
    except UnknownScope as problem:
        message = f"{brief(scope)!r} is no scope: it is {problem}"
        raise UnknownFigure(message) from problem
    weights = weights_of(lines["opening"].to_numpy(dtype=np.int64), np.flatnonzero(chosen))
    if not weights.any():
        message = f"{brief(scope)!r} has no line that opens with anything"
        raise UnknownFigure(message)
    return chosen


def _most(found: Projection, chosen: NDArray[np.bool_], year: str) -> int:
    """Return the most that can be moved off lines so that none of them closes the year below nil.

    An amount is parted over them by what they opened with.
    """
    lines = found.bridge.lines
    closes = _closes(found, year)[chosen]
    weights = weights_of(lines["opening"].to_numpy(dtype=np.int64), np.flatnonzero(chosen))
    whole = int(weights.sum())
    each = [max(int(has), 0) * whole // int(part) for has, part in zip(closes, weights, strict=True)
            if part]  # fmt: skip
    return min(each)


def _investment(found: Projection, text: str) -> Investment:
    name, of_a_year, year = text.strip().partition(OF_A_YEAR)
    name = name.strip()
    rows = found.scenario.tables["prevention"]
    rows = rows[(rows["programme"] == name) & rows["financial_year"].isin(found.years)]
    by_year = {str(it): int(of) for it, of in rows.groupby("financial_year")["investment"].sum()
               .items()}  # fmt: skip
    if not by_year:
        message = f"{name} invests nothing in a year of the plan"
        raise UnknownFigure(message)
    if of_a_year and year not in by_year:
        message = f"{name} invests nothing in {brief(year)!r}; {one_of(sorted(by_year), year)}"
        raise UnknownFigure(message)
    kept = {year: by_year[year]} if of_a_year else by_year
    years_by_amount: dict[int, tuple[str, ...]] = {}
    for one, amount in sorted(kept.items()):
        years_by_amount[amount] = (*years_by_amount.get(amount, ()), one)
    others = ~np.any([matches(scope, found.bridge.lines) for scope in {*rows["scope"]}], axis=0)
    return Investment(
        name, year, not year and {*found.years} <= {*by_year},
        found.plan.inputs.settings.unit,
        tuple(Replaced(years, amount) for amount, years in years_by_amount.items()), 0,
        _has(found, others, min(kept)),
    )  # fmt: skip


def _has(found: Projection, chosen: NDArray[np.bool_], year: str) -> int:
    """Return what lines have above nil in a year."""
    return min(int(np.maximum(_closes(found, year)[chosen], 0).sum()), LARGEST_PENCE)


def _closes(found: Projection, year: str) -> NDArray[np.int64]:
    """Return what each line closes a year with, in pence."""
    by_line = found.closing(["line"])[year]
    of_each = by_line.reindex(found.bridge.lines["line"], fill_value=0)
    return np.asarray(of_each.to_numpy(dtype=np.int64))


def how_kept(sought: Sought) -> list[str]:
    """Return how a value of it is kept, where it is no assumption."""
    if isinstance(sought, Shift):
        return [
            "To keep it, state two rows of the step shift in assumptions.csv: what comes off "
            f"{sought.off}, below nil, and as much on {sought.onto}; recurrent, from {sought.year}."
        ]
    if isinstance(sought, Investment):
        return ["To keep it, state it in prevention.csv, parted over who pays as it is now."]
    return []

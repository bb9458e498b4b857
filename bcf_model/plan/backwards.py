"""Backwards: what value of one assumption brings a figure of a scenario to what it should be.

docs/method.md, 9.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from bcf_model.errors import UnknownFigure
from bcf_model.findings import one_of
from bcf_model.money import NotMoney, read_money, read_number
from bcf_model.plan.load import Plan, Scenario
from bcf_model.plan.positions import COUNTED
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.solve import Answer, Number, solve
from bcf_model.plan.words import ALL
from bcf_model.vocabulary import UNITS

MILLIONTHS: Final = 10**6
NARROW, WIDE = COUNTED
PER_CENT: Final = "percent"
MONEY: Final = "money"


@dataclass(frozen=True)
class Goal:
    """A figure of a scenario, as it is written: measure/year=…/key=value.

    Attributes:
        measure: a key of `MEASURES`. year: financial year. key, value: what it is of; blank for
            all.
    """

    measure: str
    year: str
    key: str = ""
    value: str = ""

    def __str__(self) -> str:
        """Write it as `read_goal` reads it."""
        of = f"/{self.key}={self.value}" if self.key else ""
        return f"{self.measure}/year={self.year}{of}"

    @property
    def unit(self) -> str:
        """Say what it is counted in: money (pence), or percent."""
        return MEASURES[self.measure].unit


@dataclass(frozen=True)
class _Measure:
    """A measure a goal may be stated in, what it may be of, and how it is read off."""

    unit: str
    keys: tuple[str, ...]
    read: Callable[[Projection, Goal], Number | None]


def _gap(found: Projection, goal: Goal) -> Number | None:
    rows = found.tables["gap"]
    rows = rows[rows["financial_year"] == goal.year]
    return int(rows["gap"].sum()) if len(rows) else None


def _closing(found: Projection, goal: Goal) -> Number | None:
    rows = found.tables["walk"]
    rows = rows[rows["financial_year"] == goal.year]
    if goal.key:
        rows = rows[rows[goal.key] == goal.value]
    return int(rows["amount"].sum()) if len(rows) else None


def _share(found: Projection, goal: Goal) -> Number | None:
    rows = found.tables["prevention_share"]
    measure = goal.value or NARROW
    rows = rows[(rows["financial_year"] == goal.year) & (rows["measure"] == measure)]
    prevention, spending = int(rows["prevention"].sum()), int(rows["spending"].sum())
    return Fraction(100 * prevention, spending) if spending > 0 else None


def _position(found: Projection, goal: Goal) -> Number | None:
    rows = found.tables["positions"]
    partner = goal.value or ALL
    rows = rows[(rows["financial_year"] == goal.year) & (rows["partner"] == partner)]
    return int(rows["cumulative"].sum()) if len(rows) else None


def _borne(found: Projection, goal: Goal) -> Number | None:
    rows = found.tables["shared"]
    rows = rows[(rows["financial_year"] == goal.year) & (rows["bearer"] == goal.value)]
    return int(rows["borne"].sum()) if len(rows) else None


MEASURES: Final = {
    "gap": _Measure(MONEY, (), _gap),
    "closing": _Measure(MONEY, ("theme", "organisation", "block", "line"), _closing),
    "prevention share": _Measure(PER_CENT, ("measure",), _share),
    "position": _Measure(MONEY, ("partner",), _position),
    "borne": _Measure(MONEY, ("bearer",), _borne),
}
"""What may be aimed at. A prevention share is in percent, `measure=narrow` or `wide`; a position is
cumulative, of one partner or of all."""


def read_goal(text: str) -> Goal:
    """Read a goal, as in gap/year=2023-24 or closing/year=2023-24/theme=4.

    Raises:
        UnknownFigure: it cannot be read.
    """
    measure, *parts = text.strip().split("/")
    if measure not in MEASURES:
        message = f"there is no figure {measure!r} to aim at; {one_of(MEASURES, measure)}"
        raise UnknownFigure(message)
    said = dict(part.partition("=")[::2] for part in parts)
    year = said.pop("year", "")
    known = MEASURES[measure].keys
    if not year or len(said) + 1 != len(parts) or len(said) > 1 or not {*said} <= {*known}:
        example = f"{measure}/year=2023-24" + (f"/{known[0]}=…" if known else "")
        message = f"a figure to aim at is written {example}"
        raise UnknownFigure(message)
    key, value = next(iter(said.items()), ("", ""))
    if key == "measure" and value not in (NARROW, WIDE):
        message = f"a prevention share is measured {NARROW} or {WIDE}, not {value!r}"
        raise UnknownFigure(message)
    return Goal(measure, year, key, value)


def units_of(scenario: Scenario, assumption: str) -> str:
    """Give the unit of an assumption.

    Raises:
        UnknownFigure: the scenario has no such assumption.
    """
    stated = scenario.tables["assumptions"]
    rows = stated[stated["assumption"] == assumption]
    if rows.empty:
        known = list(dict.fromkeys(stated["assumption"]))
        what = one_of(known, assumption) if known else "it has none"
        message = f"the scenario has no assumption {assumption!r}; {what}"
        raise UnknownFigure(message)
    return str(rows["unit"].iloc[0])


def read_target(text: str, goal: Goal) -> Number:
    """Read what a figure is to be: pounds, in pence; or a percentage.

    Raises:
        UnknownFigure: it cannot be read.
    """
    try:
        if goal.unit == MONEY:
            return read_money(text, "pounds").pence
        return Fraction(read_number(text.strip().removesuffix("%")))
    except NotMoney:
        message = f"{text!r} is no {'amount of pounds' if goal.unit == MONEY else 'percentage'}"
        raise UnknownFigure(message) from None


def read_value(text: str, unit: str) -> int:
    """Read a value of an assumption in its own unit: in pence, or millionths of the unit.

    Raises:
        UnknownFigure: it cannot be read.
    """
    try:
        if unit in UNITS:
            return read_money(text, unit).pence
        return int(read_number(text.strip().removesuffix("%")) * MILLIONTHS)
    except NotMoney:
        message = f"{text!r} is no number of {unit}"
        raise UnknownFigure(message) from None


def changed(scenario: Scenario, assumption: str, value: int) -> Scenario:
    """Give a scenario in which an assumption is another, in all its rows.

    Args:
        scenario: as loaded.
        assumption: its name.
        value: whole pence where it is money, else millionths of its unit.
    """
    stated = scenario.tables["assumptions"].copy()
    at = stated["assumption"] == assumption
    unit = units_of(scenario, assumption)
    if unit in UNITS:
        stated.loc[at, "pence"] = value
        stated.loc[at, "value"] = value * MILLIONTHS // UNITS[unit]
    else:
        stated.loc[at, "value"] = value
    return replace(scenario, tables={**scenario.tables, "assumptions": stated})


def backwards(
    plan: Plan,
    scenario: Scenario,
    assumption: str,
    goal: Goal,
    target: Number,
    between: tuple[int, int] | None = None,
) -> Answer:
    """Find the value of an assumption at which a figure is what it should be.

    Args:
        plan: the pool.
        scenario: one of its own.
        assumption: its name; all its rows take the one value.
        goal: the figure.
        target: pence, or percent.
        between: values between which to look, in pence or millionths; found by doubling when left
            out.

    Returns:
        The answer, in pence where the assumption is money, else in millionths of its unit. The
        factor of a calibration stays as it was found.

    Raises:
        UnknownFigure: the scenario does not have the assumption, or not the figure.
    """
    units_of(scenario, assumption)
    first = project(plan, scenario)
    read = MEASURES[goal.measure].read
    if read(first, goal) is None:
        message = f"the scenario has no figure {goal}"
        raise UnknownFigure(message)
    stated = first.scenario.tables["assumptions"]
    row = stated[stated["assumption"] == assumption].iloc[0]
    now = int(row["pence"] if row["unit"] in UNITS else row["value"])

    def value_of(value: int) -> Number | None:
        return read(project(plan, changed(scenario, assumption, value), first.factor), goal)

    return solve(value_of, target, between, start=now)

"""Backwards: what value of one assumption brings a figure of a scenario to what it should be.

docs/method.md, 9.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

import pandas as pd

from bcf_model.core.errors import DataHasErrors, UnknownFigure
from bcf_model.core.expressions import columns_in, unrounded
from bcf_model.core.figures import Figure
from bcf_model.core.findings import brief, one_of
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import NotMoney, read_money, read_plain
from bcf_model.plan.comparison import NOT_PAYABLE
from bcf_model.plan.figures import MEASURES, NARROW, WIDE
from bcf_model.plan.goal_seek_inputs import Sought
from bcf_model.plan.goal_seek_moves import read_asked, with_value
from bcf_model.plan.load import Plan, Scenario
from bcf_model.plan.projection import Projection, not_payable, project
from bcf_model.plan.root_finding import Answer, Number, Tell, solve

PER_CENT: Final = "percent"
MONEY: Final = "money"


@dataclass(frozen=True)
class Goal:
    """A figure of a scenario, as it is written: measure/year=…/key=value.

    Attributes:
        measure: a key of `AIMS`. year: financial year. key, value: what it is of; blank for all.
    """

    measure: str
    year: str
    key: str = ""
    value: str = ""

    def __str__(self) -> str:
        """Write it as `read_goal` reads it."""
        return str(self.figure)

    @property
    def figure(self) -> Figure:
        """Return the figure, of the year and of what else it says."""
        named = ((self.key, (self.value,)),) if self.key else ()
        return Figure(self.measure, (("year", (self.year,)), *named))

    @property
    def unit(self) -> str:
        """Return what it is counted in: money (pence), or percent."""
        return PER_CENT if MEASURES[self.measure].unit == "rate" else MONEY


class _Aim(NamedTuple):
    """What a goal may say of a measure.

    Attributes:
        keys: it may be selected by, besides the year; a goal names one of them at most.
        lacking: why a year may have no rows.
    """

    keys: tuple[str, ...]
    lacking: str


AIMS: Final = {
    "gap": _Aim(("organisation",), "no funding is stated for that year"),
    "closing": _Aim(("theme", "organisation", "block", "line"), ""),
    "prevention share": _Aim(
        ("measure",), "no block of spending says which kind of prevention it is"
    ),
    "position": _Aim(("partner",), "the scenario has no prevention programme"),
    "borne": _Aim(("bearer",), "no budget is agreed for that year"),
}
"""The measures of `plan.figures` that may be aimed at. A prevention share is in percent,
`measure=narrow` or `wide`; a position is cumulative, of one partner or of all; what is borne is of
one bearer, which is always named."""

_NOTED: Final = {"borne": "share_note", "gap": "note"}
"""The column that says why an amount of a measure is blank."""


def figure(projection: Projection, goal: Goal) -> Number | None:
    """Read a figure off a scenario that is calculated, unrounded; none where it has none."""
    rows, measure = _rows(projection, goal), MEASURES[goal.measure]
    if not rows[[*columns_in(measure.expression)]].notna().any(axis=None):
        return None
    kind, whole = (int, 1) if goal.unit == MONEY else (Fraction, 100)
    value = unrounded(measure.expression, lambda total: kind(int(rows[total.name].sum())))
    return None if value is None else whole * value


def _rows(projection: Projection, goal: Goal) -> pd.DataFrame:
    table, of_year = MEASURES[goal.measure].table, _of_year(projection, goal)
    if goal.measure == "borne" and not goal.key:
        return of_year.head(0)
    ledger = Ledger({table: of_year}, measures=MEASURES)
    return of_year.iloc[ledger.rows(goal.figure)]


def _of_year(projection: Projection, goal: Goal) -> pd.DataFrame:
    rows = projection.tables[MEASURES[goal.measure].table]
    if goal.measure == "closing" and goal.year in not_payable(projection.tables["payments"]):
        return rows.head(0)
    return rows[rows["financial_year"] == goal.year]


def why_not(projection: Projection, goal: Goal) -> str:
    """Return why a scenario does not have a figure."""
    aim, rows = AIMS[goal.measure], _of_year(projection, goal)
    if goal.year not in projection.years:
        return f"a year of the plan is {one_of(projection.years)}"
    if rows.empty:
        return (
            NOT_PAYABLE if goal.year in not_payable(projection.tables["payments"]) else aim.lacking
        )
    if _rows(projection, goal).empty:
        key = goal.key or aim.keys[0]
        known = [value for value in dict.fromkeys(rows[key]) if value]
        if not known:
            return f"no line has a {key}"
        needs = "" if goal.key else f"say of which {key}, as in {goal}/{key}={known[0]}; "
        return f"{needs}a {key} is {one_of(known, goal.value)}"
    if goal.measure in _NOTED:
        return str(_rows(projection, goal)[_NOTED[goal.measure]].iloc[0])
    return "spending of that year is not above nil"


def read_goal(text: str) -> Goal:
    """Read a goal, as in gap/year=2023-24 or closing/year=2023-24/theme=4.

    Raises:
        UnknownFigure: it cannot be read.
    """
    measure, *parts = text.strip().split("/")
    if measure not in AIMS:
        message = f"there is no figure {brief(measure)!r} to aim at; {one_of(AIMS, measure)}"
        raise UnknownFigure(message)
    selected = dict(part.partition("=")[::2] for part in parts)
    year = selected.pop("year", "")
    known = AIMS[measure].keys
    if (
        not year
        or len(selected) + 1 != len(parts)
        or len(selected) > 1
        or not {*selected} <= {*known}
    ):
        example = f"{measure}/year=2023-24" + (f"/{known[0]}=…" if known else "")
        message = f"a figure to aim at is written {example}"
        raise UnknownFigure(message)
    key, value = next(iter(selected.items()), ("", ""))
    if key == "measure" and value not in (NARROW, WIDE):
        message = f"a prevention share is measured {NARROW} or {WIDE}, not {brief(value)!r}"
        raise UnknownFigure(message)
    return Goal(measure, year, key, value)


def read_target(text: str, goal: Goal) -> Number:
    """Read what a figure is to be: pounds, in pence; or a percentage.

    Raises:
        UnknownFigure: it cannot be read.
    """
    try:
        if goal.unit == MONEY:
            return read_money(text, "pounds").pence
        return Fraction(read_plain(text.strip().removesuffix("%")))
    except NotMoney:
        message = (
            f"{brief(text)!r} is no {'amount of pounds' if goal.unit == MONEY else 'percentage'}"
        )
        raise UnknownFigure(message) from None


def backwards(
    plan: Plan,
    scenario: Scenario,
    assumption: str | Sought,
    goal: Goal,
    target: Number,
    between: tuple[int, int] | None = None,
    tell: Tell = lambda _: None,
) -> Answer:
    """Find the value of an assumption at which a figure is what it should be.

    Args:
        plan: the pool.
        scenario: one of its own.
        assumption: its name, or name/year=…, every row of which takes the one value; or what else
            `goal_seek_moves.read_asked` reads, or has read.
        goal: the figure.
        target: pence, or percent.
        between: values between which to look, in pence or millionths; found by doubling when left
            out.
        tell: called after each try, with how many there were.

    Returns:
        The answer, in pence where the assumption is money, else in millionths of its unit, and
        within what it can be. The factor of a calibration stays as it was found.

    Raises:
        UnknownFigure: the scenario does not have the assumption, or not the figure; or a value to
            look between is beyond what the assumption can be.
    """
    sought = (
        assumption if isinstance(assumption, Sought) else read_asked(plan, scenario, assumption)
    )
    for value in between or ():
        sought.refuse_beyond(value)
    first = project(plan, scenario)
    if figure(first, goal) is None:
        message = f"the scenario has no figure {goal}: {why_not(first, goal)}"
        raise UnknownFigure(message)

    wanted = {MEASURES[goal.measure].table, "payments"}

    def value_of(value: int) -> Number | None:
        one = with_value(scenario, sought, value)
        try:
            return figure(project(plan, one, first.factor, wanted), goal)
        except DataHasErrors:  # it goes beyond what an amount may be: no answer
            return None

    now = sought.replaces[0].value
    return solve(
        value_of, target, between, start=now, bounds=(sought.least, sought.most), tell=tell
    )

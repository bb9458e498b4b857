"""What is sought when a plan is asked backwards: a value of one assumption, within what it can be.

docs/method.md, 9.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.findings import brief, one_of
from bcf_model.core.money import (
    LARGEST_PENCE,
    MILLIONTHS,
    NotMoney,
    read_money,
    read_plain,
    sterling,
)
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.plan.checks.assumptions import FOR_ALL_YEARS
from bcf_model.plan.load import Scenario
from bcf_model.plan.range_bounds import BOUNDS, OTHERS, plain
from bcf_model.plan.words import PERCENT

OF_A_YEAR: Final = "/year="
EVERY_YEAR: Final = ""


@dataclass(frozen=True)
class Replaced:
    """A value in force that another stands in place of, in pence or millionths of its unit.

    Attributes:
        years: in which it holds; blank alone for every year of the plan.
        low, high: the ends of its range; None where it has none.
    """

    years: tuple[str, ...]
    value: int
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Sought:
    """A value of an assumption, in one year or in all it is stated for.

    Attributes:
        assumption: its name. year: the one year; blank for all its years.
        every: it is for every year of the plan. unit: of its value.
        replaces: the values it stands in place of, in the order of their years.
        least, most: what it can be, in pence where it is money, else in millionths of its unit.
    """

    assumption: str
    year: str
    every: bool
    unit: str
    replaces: tuple[Replaced, ...]
    least: int
    most: int

    def __str__(self) -> str:
        """Write it as `read_sought` reads it."""
        return f"{self.assumption}{OF_A_YEAR}{self.year}" if self.year else self.assumption

    @property
    def years(self) -> tuple[str, ...]:
        """Years in which the value is to hold; blank alone for every year."""
        return (self.year,) if self.year else tuple(y for own in self.replaces for y in own.years)

    def refuse_beyond(self, value: int) -> None:
        """Check that a value is within what the assumption can be.

        Raises:
            UnknownFigure: it is beyond that.
        """
        if not self.least <= value <= self.most:
            said, low, high = (written(it, self.unit) for it in (value, self.least, self.most))
            message = f"{self} cannot be {said}: it is from {low} to {high}"
            raise UnknownFigure(message)


def read_sought(scenario: Scenario, text: str) -> Sought:
    """Read which assumption is asked for, as in growth, or growth/year=2023-24.

    Raises:
        UnknownFigure: the scenario does not have it, or not in that year, or in several units.
    """
    stated = scenario.tables["assumptions"]
    known = list(dict.fromkeys(stated["assumption"]))
    name, of_a_year, year = (text, "", "") if text in known else text.partition(OF_A_YEAR)
    if name not in known:
        what = one_of(known, name) if known else "it has none"
        message = f"the scenario has no assumption {brief(name)!r}; {what}"
        raise UnknownFigure(message)
    rows = [row for row in records(stated) if row.assumption == name]
    if of_a_year:
        rows = _of_year(scenario, rows, year)
    units = list(dict.fromkeys(row.unit for row in rows))
    if len(units) > 1:
        message = f"{name} is in {' and in '.join(units)}: name a year, as in {name}{OF_A_YEAR}"
        message += f"{rows[0].year}"
        raise UnknownFigure(message)
    limits = [_limits(row) for row in rows]
    least, most = max(low for low, _ in limits), min(high for _, high in limits)
    every = not year and (rows[0].year == EVERY_YEAR or {*scenario.years} <= {r.year for r in rows})
    return Sought(name, year, every, units[0], _by_value(rows), least, most)


def _of_year(scenario: Scenario, rows: list[Any], year: str) -> list[Any]:
    """Return the row that says what an assumption is in one year."""
    name, own = rows[0].assumption, [row for row in rows if row.year == year != EVERY_YEAR]
    if not own and rows[0].year == EVERY_YEAR:
        if rows[0].step in FOR_ALL_YEARS:
            message = f"{name} ({rows[0].step}) holds in every year: leave the year out"
            raise UnknownFigure(message)
        own = rows if year in scenario.years else []
    if not own:
        years = scenario.years if rows[0].year == EVERY_YEAR else sorted(row.year for row in rows)
        message = f"{name} has no value for year {brief(year)!r}; {one_of(years)}"
        raise UnknownFigure(message)
    return own


def _limits(row: Any) -> tuple[int, int]:
    """Return what a value can be: what the scenario would refuse is not sought (BCF207, BCF748)."""
    if row.unit in UNITS:
        return -LARGEST_PENCE, LARGEST_PENCE
    return BOUNDS.get(row.step, OTHERS)


def _by_value(rows: list[Any]) -> tuple[Replaced, ...]:
    """Combine years in which an assumption has the same value and range."""
    years: dict[tuple[int, int | None, int | None], list[str]] = {}
    for row in sorted(rows, key=lambda row: row.year):
        pence = UNITS.get(row.unit, MILLIONTHS)
        ends = [end * pence // MILLIONTHS if row.ranged else None for end in (row.low, row.high)]
        value = row.pence if row.unit in UNITS else row.value
        years.setdefault((value, ends[0], ends[1]), []).append(row.year)
    return tuple(Replaced(tuple(own), *said) for said, own in years.items())


def read_value(text: str, unit: str) -> int:
    """Read a value of an assumption in its own unit: in pence, or millionths of the unit.

    Raises:
        UnknownFigure: it cannot be read, or is finer than what is kept; says what it is to be.
    """
    try:
        if unit in UNITS:
            return read_money(text, unit).pence
        stated = text.strip().removesuffix("%") if unit == PERCENT else text
        value = read_plain(stated) * MILLIONTHS
        if value % 1:
            raise NotMoney(reason="fine")
        return int(value)
    except NotMoney as problem:
        why = _NOT_READ.get(problem.reason, "cannot be read")
        message = f"{brief(text)!r} {why}: it is to be {_SUCH_AS[unit]}"
        raise UnknownFigure(message) from None


_NOT_READ: Final = {
    "large": "is beyond £1 trillion",
    "penny": "is finer than a penny",
    "fine": "has more than 6 decimals",
}
_SUCH_AS: Final = {
    "pounds": "pounds, such as 250,000",
    "thousands": "thousands of pounds, such as 250",
    "millions": "millions of pounds, such as 10.5",
    PERCENT: "a percentage, such as 4 or 4.5%",
    "number": "a number, such as 0.9",
}


def written(value: int, unit: str) -> str:
    """Write a value of an assumption for people: pounds, a percentage, or a plain number."""
    if unit in UNITS:
        return sterling(value)
    said = plain(value)
    return f"{said}%" if unit == PERCENT else said


def changed(scenario: Scenario, sought: Sought, value: int) -> Scenario:
    """Return a scenario in which an assumption is another, in its one year or in all its rows.

    Args:
        scenario: as loaded.
        sought: what is changed.
        value: whole pence where it is money, else millionths of its unit.
    """
    stated = scenario.tables["assumptions"]
    of_it = stated["assumption"] == sought.assumption
    if sought.year and not (of_it & (stated["year"] == sought.year)).any():
        stated = _each_year(stated, sought.assumption, scenario.years)
        of_it = stated["assumption"] == sought.assumption
    at = of_it & (stated["year"] == sought.year) if sought.year else of_it
    stated = stated.copy()
    if sought.unit in UNITS:
        stated.loc[at, "pence"] = value
        stated.loc[at, "value"] = value * MILLIONTHS // UNITS[sought.unit]
    else:
        stated.loc[at, "value"] = value
    return replace(scenario, tables={**scenario.tables, "assumptions": stated})


def _each_year(stated: pd.DataFrame, name: str, years: tuple[str, ...]) -> pd.DataFrame:
    """Split an assumption of one row for every year into a row for each, so that one can differ."""
    rows = [
        each
        for row in records(stated)
        for each in ([row._replace(year=y) for y in years] if row.assumption == name else [row])
    ]
    return pd.DataFrame(rows, columns=stated.columns).astype(stated.dtypes.to_dict())

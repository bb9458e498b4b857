"""Checks of a scenario that is calculated: what can be seen of it only then."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import pandas as pd

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import Check, Finding, Place, run_checks
from bcf_model.core.money import sterling
from bcf_model.core.tables import records
from bcf_model.plan.load import Plan, Scenario
from bcf_model.plan.projection import project
from bcf_model.plan.words import NOT_ALLOCATED, OPENING

LINE: Final = ["financial_year", "line"]
LOOKED_AT: Final = ("walk", "funding_walk", "funding_sources", "payments")
"""The tables of a projection that these checks look at."""


class Calculated(NamedTuple):
    """A scenario that is calculated: its name, and the tables of its projection (`LOOKED_AT`)."""

    scenario: str
    tables: Mapping[str, pd.DataFrame]

    @property
    def file(self) -> Place:
        """The file of its settings, at which all that is found of it points."""
        return Place(f"scenarios/{self.scenario}/scenario.toml")


def spending_below_nil(calculated: Calculated) -> Iterator[Finding]:
    """Find a plan that is to save more than all its lines spend (BCF762).

    What is to be saved somewhere stands on `not allocated`, and no line shows that it is too much.
    """
    walk = calculated.tables["walk"]
    closing = walk.groupby("financial_year", sort=False)["amount"].sum()
    opening = walk[(walk["financial_year"] == closing.index[0]) & (walk["step"] == OPENING)]
    if int(opening["amount"].sum()) < 0:
        return
    for year, amount in closing.items():
        if amount < 0:
            own = walk[walk["financial_year"] == year]
            steps = own.groupby("step", sort=False)["amount"].sum().reset_index()
            value = f"all lines together close {year} at {sterling(int(amount))}"
            value += f", after {_reductions(steps)}"
            yield calculated.file.finding("BCF762", "", value, "nil or more")
            return


def funding_below_nil(calculated: Calculated) -> Iterator[Finding]:
    """Find funding that comes to less than nil, year by year (BCF761)."""
    funding_walk = calculated.tables["funding_walk"]
    keys = ["financial_year", "organisation", "funding"]
    for (year, partner, kind), own in funding_walk.groupby(keys, sort=False):
        comes_to = int(own["amount"].sum())
        if comes_to >= 0 or partner == NOT_ALLOCATED:
            continue
        before = int(own.loc[own["step"] == OPENING, "amount"].sum())
        taken = own[(own["amount"] < 0) & (own["step"] != OPENING)]
        by = [f"{row.cause or row.step} of {sterling(row.amount)}" for row in records(taken)]
        value = f"{kind} of {partner} comes to {sterling(comes_to)} in {year}"
        value += f": {sterling(before)} at its opening" + (f", {' and '.join(by)}" if by else "")
        expected = f"nil or more: it is {sterling(-comes_to)} more than there is"
        yield calculated.file.finding("BCF761", "", value, expected)


def reserves_used_up(calculated: Calculated) -> Iterator[Finding]:
    """Find reserves of which more is used than they hold (BCF774): each once, in its first year."""
    sources = calculated.tables["funding_sources"]
    beyond = sources[(sources["closing"] < 0).fillna(value=False)]
    for row in records(beyond.drop_duplicates(["organisation", "funding", "balance_from"])):
        value = f"{row.funding} of {row.organisation} holds {sterling(row.opening)} at first in "
        value += f"{row.financial_year}, and {sterling(row.amount)} of it is used"
        expected = f"at most what it holds: that is {sterling(-row.closing)} more"
        yield calculated.file.finding("BCF774", "", value, expected)


def not_payable(calculated: Calculated) -> Iterator[Finding]:
    """Find lines paid by activity of which it is not known what is payable (BCF760)."""
    payments = calculated.tables["payments"]
    unknown = payments[payments["note"] != ""]
    for (line, note), own in unknown.groupby(["line", "note"], sort=False):
        value = f"{line} in {', '.join(own['financial_year'])}: {note}"
        yield calculated.file.finding("BCF760", "", value)


def below_nil(calculated: Calculated) -> Iterator[Finding]:
    """Find lines that a scenario brings below nil (BCF755).

    Returns:
        One finding for each line that is nil or more at first and ends a year below nil: the first
        such year, what the line then has, and the steps that take from it. `not allocated` is left
        out: what is to be saved somewhere stands on it below nil.
    """
    walk = calculated.tables["walk"]
    steps = walk.groupby([*LINE, "step"], sort=False)["amount"].sum().reset_index()
    closing = steps.groupby(LINE, sort=False)["amount"].sum().reset_index()
    first = steps.drop_duplicates("line")  # a year begins with what each line opens with
    known = {*first.loc[first["amount"] < 0, "line"], NOT_ALLOCATED}
    for row in records(closing[closing["amount"] < 0]):
        if row.line not in known:
            known.add(row.line)
            value = f"{row.line} closes {row.financial_year} at {sterling(row.amount)}"
            own = steps[(steps[LINE] == [row.financial_year, row.line]).all(axis=1)]
            value += f", after {_reductions(own)}"
            yield calculated.file.finding("BCF755", "", value)


def _reductions(steps: Any) -> str:
    taken = steps[(steps["amount"] < 0) & (steps["step"] != OPENING)]
    return " and ".join(f"{row.step} of {sterling(row.amount)}" for row in records(taken))


CHECKS: Final[tuple[Check[Calculated], ...]] = (
    below_nil,
    spending_below_nil,
    funding_below_nil,
    reserves_used_up,
    not_payable,
)


def found_of(plan: Plan, scenario: Scenario) -> list[Finding]:
    """Calculate a scenario, and return what can be seen of it only then."""
    try:
        tables = project(plan, scenario, wanted=LOOKED_AT).tables
    except DataHasErrors as problem:
        return [*problem.findings]
    return [*run_checks(CHECKS, Calculated(scenario.name, tables))]

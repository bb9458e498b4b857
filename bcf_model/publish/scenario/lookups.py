"""What every page of a scenario looks things up in: its walk by group, and names for codes.

A *group* is a theme, or a block of the city's spending, or the line that is not allocated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from bcf_model.core.expressions import Expression, evaluate
from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import percent
from bcf_model.core.tables import Agreement, records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.figures import consists_of, ledger_of, of_walk
from bcf_model.plan.projection import Projection
from bcf_model.plan.words import NOT_ALLOCATED, OPENING, POOL
from bcf_model.publish.page import Cell, Form, Heading, amount_of

ALLOCATED_NOWHERE: Final = "Not allocated to a line"


@dataclass(frozen=True)
class View:
    """A projection, and what its pages need over and over.

    Attributes:
        projection: what is shown. figures: any figure of it.
        nothing_back: the same without any return on prevention; None where there is none.
        groups: name of each group by its code, in order. organisations: name by code.
        steps: those that act anywhere, in the order they are walked.
        perimeter: in words: what the amounts are of.
        unit: in which amounts are shown.
    """

    projection: Projection
    nothing_back: Projection | None
    figures: Ledger
    groups: dict[str, str]
    organisations: dict[str, str]
    steps: tuple[str, ...]
    perimeter: str
    unit: str

    @property
    def walk(self) -> pd.DataFrame:
        """Its walk, with `group` and `number`."""
        return self.figures.tables["walk"]

    @property
    def years(self) -> tuple[str, ...]:
        """Years of the plan."""
        return self.projection.years

    @property
    def assumptions(self) -> pd.DataFrame:
        """The assumptions in force."""
        return self.projection.scenario.tables["assumptions"]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.projection.scenario.name

    @property
    def agreement(self) -> Agreement:
        """The agreement by which it is shared."""
        return self.projection.plan.inputs.agreement

    @property
    def by_block(self) -> bool:
        """Whether its groups are blocks, and not themes."""
        return bool((self.projection.tables["lines"]["block"] != "").any())

    @property
    def group_label(self) -> str:
        """What a group is called in a heading."""
        return "Block" if self.by_block else "Theme"

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the projection."""
        return self.projection.tables[name]

    def figure(self, measure: str, /, **where: str) -> Figure | None:
        """Return a figure, selected by what is not blank; None where no row is."""
        chosen = tuple((key, (value,)) for key, value in where.items() if value)
        figure = Figure(measure, chosen)
        return figure if len(self.figures.rows(figure)) else None

    def summed(self, **where: str) -> Figure | None:
        """Return the figure that adds rows of the walk up; None where there are none."""
        figure = of_walk(where)
        return figure if len(self.figures.rows(figure)) else None

    def amount(self, cell: Cell | Expression) -> int:
        """Return the pence of an amount on a page; nil where there is none."""
        return amount_of(self.figures, cell) or 0

    def rate(self, figure: Figure) -> float | str:
        """Return a rate; why it is blank, where its whole is not above nil."""
        made_of = consists_of(figure)
        assert made_of is not None
        rate = evaluate(made_of, self.figures.pence)
        return rate if isinstance(rate, str) else float(rate)

    def percent(self, figure: Figure) -> str:
        """Return a rate in percent; why it is blank, where its whole is not above nil."""
        rate = self.rate(figure)
        return rate if isinstance(rate, str) else percent(rate, 2)

    def pence(self, **where: str) -> int:
        """Return the pence of such a sum; nil where there are no rows."""
        return self.amount(self.summed(**where))

    def opening(self, year: str = "", **where: str) -> Figure | None:
        """Return what a year, or the plan, opens with."""
        return self.summed(financial_year=year or self.years[0], step=OPENING, **where)

    def closing(self, year: str, **where: str) -> Figure | None:
        """Return what a year closes with."""
        return self.summed(financial_year=year, **where)


def view(projection: Projection, nothing_back: Projection | None = None) -> View:
    """Prepare a projection for its pages, with the same without any return on prevention."""
    inputs = projection.plan.inputs
    figures = ledger_of(projection, nothing_back)
    walk = figures.tables["walk"]
    acting = {*walk["step"]}
    names = dict(zip(inputs.organisations["organisation"], inputs.organisations["name"],
                     strict=True))  # fmt: skip
    return View(
        projection,
        nothing_back,
        figures,
        _groups(projection, [*walk["group"].drop_duplicates()]),
        names,
        tuple(step for step in projection.bridge.order if step in acting),
        perimeter_name(projection),
        inputs.settings.unit,
    )


def _groups(projection: Projection, occurring: Sequence[str]) -> dict[str, str]:
    """Name the groups, in the order of the pool's themes or blocks; `not allocated` at last."""
    themes = projection.plan.inputs.themes
    named = {row.theme: f"{row.theme} {row.name}" for row in records(themes)}
    blocks = projection.plan.tables["blocks"]
    named |= dict(zip(blocks["block"], blocks["name"], strict=True))
    lines = projection.tables["lines"]
    named |= {row.line: row.line.capitalize() for row in records(lines[lines["theme"] == ""])
              if not row.block}  # fmt: skip
    named[NOT_ALLOCATED] = ALLOCATED_NOWHERE
    found = {code: name for code, name in named.items() if code in occurring}
    walk = projection.tables["walk"]
    nowhere = walk[walk["line"] == NOT_ALLOCATED]
    if not nowhere["amount"].any():
        found.pop(NOT_ALLOCATED, None)
    return found


def perimeter_name(projection: Projection) -> str:
    """Return what the amounts of a scenario are of."""
    code = projection.scenario.settings.perimeter
    known = projection.plan.tables["perimeters"].set_index("perimeter")["name"]
    named = str(known[code]) if code in known.index else code
    return projection.plan.inputs.settings.title if code == POOL else named


def of_scenario(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with the name of the scenario before each row."""
    named = frame.copy()
    named.insert(0, "scenario", pd.Series([view.name] * len(frame), dtype="str"))
    return named


def by_year(years: Iterable[str], width: int = 14, form: Form = "money") -> tuple[Heading, ...]:
    """Return a column for each year."""
    return tuple(Heading(spoken(year), form, width) for year in years)


def who(view: View, code: str) -> str:
    """Name a party by its code."""
    return {NOT_STATED: "Not stated", "all": "All together"}.get(
        code, view.organisations.get(code, code)
    )


def span(view: View) -> str:
    """Return which years are shown."""
    first, last = view.years[0], view.years[-1]
    return spoken(first) if first == last else f"{spoken(first)} to {spoken(last)}"

"""What the pages of a comparison have in common: a column per scenario, and one per difference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from bcf_model.core.expressions import Sum
from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import OWN_AGREEMENT, each
from bcf_model.core.years import spoken
from bcf_model.plan.comparison_columns import side_by_side
from bcf_model.plan.figures import ledger_of_comparison
from bcf_model.plan.projection import Projection
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.publish.page import Heading, Row, Style
from bcf_model.publish.scenario.lookups import View, view


@dataclass(frozen=True)
class Compared:
    """Scenarios side by side: their views, the first compared with, and the tables of all."""

    tables: Mapping[str, pd.DataFrame]
    views: Sequence[View]

    @classmethod
    def of(
        cls, projections: Sequence[Projection], drawn: Sequence[Uncertainty | None] = ()
    ) -> "Compared":
        """Set scenarios of one perimeter side by side, with their draws, if they were drawn."""
        views = [view(it) for it in projections]
        # An agreement that is tried may name others.
        every = {code: name for it in reversed(views) for code, name in it.organisations.items()}
        named = [replace(it, organisations=every) for it in views]
        return cls(side_by_side(projections, drawn), named)

    @cached_property
    def figures(self) -> Ledger:
        """Any figure of the comparison."""
        return ledger_of_comparison(self.tables)

    @property
    def first(self) -> View:
        """The scenario the others are compared with."""
        return self.views[0]

    @property
    def tried(self) -> list[View]:
        """Those under another agreement than the pool's own."""
        return [it for it in self.views if it.agreement != OWN_AGREEMENT]

    def rows(self, *measures: str, **where: str) -> pd.DataFrame:
        """Return the rows of certain measures that have these values in their columns."""
        frame = self.tables["comparison"]
        kept = frame["measure"].isin(measures)
        for column, value in where.items():
            kept &= frame[column] == value
        return frame[kept]

    def figure(
        self, view: View, /, column: str = "comparison.amount", **where: str
    ) -> Figure | None:
        """Return a figure of a scenario, selected by what is not blank; None where it has none."""
        chosen = {"scenario": view.name} | {key: value for key, value in where.items() if value}
        found = Figure(column, tuple((key, (value,)) for key, value in chosen.items()))
        return found if len(self.figures.rows(found)) else None

    def less_first(self, view: View, /, **where: str) -> Sum | None:
        """Return an amount of a scenario less that of the first; None unless both are known."""
        own, first = self.figure(view, **where), self.figure(self.first, **where)
        if own is None or first is None or self.figures.amount(own - first) is None:
            return None
        return own - first

    def row(self, style: Style, name: str, *, against: bool = True, **where: str) -> Row:
        """Lay out an amount scenario by scenario, blank for one that does not know it.

        Args:
            style: of the row.
            name: its first cell.
            against: whether differences to the first follow.
            where: what is added up: year, measure, group and organisation.
        """
        others = self.views[1:] if against else ()
        amounts = (self.figure(view, **where) for view in self.views)
        return Row(style, (name, *amounts, *(self.less_first(view, **where) for view in others)))


def headings(
    first: str, width: int, views: Sequence[View], *, against: bool = True
) -> tuple[Heading, ...]:
    """Head a page: names of rows, a column per scenario, and one per difference to the first."""
    others = views[1:] if against else ()
    return (
        Heading(first, width=width),
        *(Heading(view.name, "money", 18) for view in views),
        *(Heading(f"{view.name} less {views[0].name}", "money", 20) for view in others),
    )


def why_blank(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return of rows of a comparison which scenario's are blank, and why; one sentence a reason."""
    said = []
    blank = rows[rows["note"] != ""]
    for name, note in each(blank, "scenario", "note"):
        own = blank[(blank["scenario"] == name) & (blank["note"] == note)]
        years = [spoken(year) for year in own["financial_year"].drop_duplicates() if year]
        when = f" in {', '.join(years)}" if years else ""
        said.append(f"Blank for {name}{when}: {note}.")
    return tuple(said)

"""The book of a scenario's workbook: figures are sums over the pages of its tables."""

from textwrap import shorten
from typing import Any, Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import Rounded, Sum, Total, formula, references_in
from bcf_model.core.figures import Figure
from bcf_model.plan.figures import consists_of
from bcf_model.publish.excel_book import EMPTY, Book, stands_at
from bcf_model.publish.scenario.homes import HOMES, home_of, summed_over
from bcf_model.publish.scenario.lookups import View, span
from bcf_model.publish.scenario.shared_pages import InYear, SharedYearBook

STATED: Final = ("agreed.budget", "funding_sources.opening")
"""Figures that are as somebody stated them, whatever is assumed."""
_OF_FOOTER: Final = 90  # characters, so that it stays clear of the page number


class ScenarioBook(Book):
    """The book of pages, with figures that are sums over the pages of a scenario's tables."""

    def __init__(self, file: xlsxwriter.Workbook, tabs: dict[str, Worksheet], view: View) -> None:
        """Start with empty tabs; the foot says what amounts are of, and which years."""
        foot = f"{shorten(view.perimeter, _OF_FOOTER, placeholder='…')}, {span(view)}"
        super().__init__(file, tabs, view.figures, unit=view.unit, foot=foot)
        self._view = view
        self.shared: dict[str, SharedYearBook] = {}

    def value(self, figure: Figure) -> float | str:
        """Return a figure as the workbook shows it; of a rate that is blank, why it is."""
        is_rate = self.figures.measures[figure.measure].unit == "rate"
        return self._view.rate(figure) if is_rate else super().value(figure)

    def figure(self, tab: Worksheet, at: int, column: int, cell: Figure, looks: Any) -> None:
        """Write a figure by where it stands, or as its formula; of constants what it comes to."""
        value = self.value(cell)
        if value is EMPTY:
            tab.write_blank(at, column, None, looks)
        elif self.constant or cell.measure in STATED:
            tab.write_number(at, column, value, looks)
        else:
            self.work(tab, (at, column), cell, looks, value)
        if value is not EMPTY and not self.constant:
            self.place.setdefault(cell, stands_at(tab, at, column))

    def printed(self, leaf: Any) -> str:
        """Print a leaf; a figure of a shared year by the pages of that year."""
        of_year = isinstance(leaf, InYear)
        return self.shared[leaf.year].printed(leaf.figure) if of_year else super().printed(leaf)

    def total(self, of: Total) -> str:
        """Print a total over rows of the page that a table of the scenario stands on."""
        return summed_over(HOMES[f"{of.table}.{of.name}"], of.of)

    def formula(self, figure: Figure) -> str:
        """Print a figure: a sum over the page its table stands on, or what it is made of."""
        if figure.measure == "borne":
            chosen = dict(figure.selection)
            return self.shared[chosen["year"][0]].borne(*chosen.get("bearer", ("",)))
        home, made_of = home_of(figure.measure), consists_of(figure)
        if home is not None:
            return summed_over(home, self.figures.criteria(figure))
        assert made_of is not None
        chosen = dict(figure.selection)
        if any(it.measure == "borne" for it in references_in(made_of)):
            amount = Rounded(made_of) if isinstance(made_of, Sum) else made_of
            return self.shared[chosen["year"][0]].in_force(amount, self.printed)
        return self.sum_of(made_of) if isinstance(made_of, Sum) else formula(made_of, self.printed)

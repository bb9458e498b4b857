"""The book of a scenario's workbook: figures are sums over the pages of its tables."""

from collections.abc import Iterable
from textwrap import shorten
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import NIL, Differs, Expression, If, Named, Sum, Total, formula
from bcf_model.core.figures import Figure
from bcf_model.plan.figures import consists_of
from bcf_model.publish.excel_book import NAVIGATION, Book
from bcf_model.publish.excel_file import only_settings
from bcf_model.publish.house_style import WRONG
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario.homes import HOMES, home_of, summed_over
from bcf_model.publish.scenario.lookups import View, span
from bcf_model.publish.scenario.shared_pages import InYear, SharedYearBook

STATED: Final = ("agreed.budget",)
"""Figures that are as somebody stated them, whatever is assumed."""
_OF_FOOTER: Final = 90  # characters, so that it stays clear of the page number


INPUTS_CHANGED: Final = Named("inputs_changed")
AS_REPORTED: Final = "As reported"


def as_reported(otherwise: Expression | str) -> If:
    """Choose what stands where an input was changed since the report was made."""
    return If(Differs(INPUTS_CHANGED, NIL), otherwise, AS_REPORTED)


class ScenarioBook(Book):
    """The report's book, with figures that are sums over the pages of a scenario's tables.

    Attributes:
        constant: whether the page being written is one of constants.
    """

    def __init__(self, file: xlsxwriter.Workbook, view: View, tabs: dict[str, Worksheet]) -> None:
        """Start with empty tabs."""
        settings = view.projection.plan.inputs.settings
        super().__init__(file, only_settings(settings, view.figures), tabs)
        self._view = view
        self.shared: dict[str, SharedYearBook] = {}
        self._foot = f"{shorten(view.perimeter, _OF_FOOTER, placeholder='…')}, {span(view)}"
        self.constant = False

    def head(self, tab: Worksheet, title: str, about: Iterable[str]) -> None:
        """Write what stands above a table; the foot says what amounts are of, and which years."""
        super().head(tab, title, about)
        tab.set_footer(f"&L&8{self._foot.replace('&', '&&')}&R&8&A: page &P of &N")

    def figure(self, tab: Worksheet, at: int, column: int, cell: Figure, looks: Any) -> None:
        """Write a figure by where it stands, or as its formula; of constants what it comes to."""
        value = self.results.figures.value(cell)
        rate = self.results.figures.measures[cell.measure].unit == "rate"
        if value is None and not rate:
            tab.write_blank(at, column, None, looks)
            return
        shown = self._view.rate(cell) if rate else self.value(cell)
        if self.constant or cell.measure in STATED:
            tab.write_number(at, column, shown, looks)
        else:
            self.work(tab, (at, column), cell, looks, shown)
        if self.constant:
            return
        here = f"'{tab.get_name()}'!{xl_rowcol_to_cell(at, column, True, True)}"
        self.place.setdefault(cell, here)

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
            return summed_over(home, self.results.figures.criteria(figure))
        assert made_of is not None
        return self.sum_of(made_of) if isinstance(made_of, Sum) else formula(made_of, self.printed)

    def headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        """Write the headings; on a page of constants say when they no longer belong to these."""
        super().headings(tab, top, headings)
        if self.constant:
            bold = self.format(bold=True, align="right", font_color=WRONG)
            said = as_reported("Inputs changed: not followed here")
            self.work(tab, (NAVIGATION, len(headings) - 1), said, bold, AS_REPORTED)

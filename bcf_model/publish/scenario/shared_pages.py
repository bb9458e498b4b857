"""The years of a plan in which a variance is shared: the year end's own pages, once for each year.

Spending is that of the walk, the agreed budget is as it is stated, and the shares are worked as in
a year end's workbook (`table_pages.workings`), by the rules in force when the report was made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bcf_model.core.expressions import Counted, Expression, If, InRow, Reference, Whole, formula
from bcf_model.core.figures import Figure
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import Book, of_year
from bcf_model.publish.page import IN_FORCE, Sheet
from bcf_model.publish.reference_pages import lines
from bcf_model.publish.scenario.homes import HOMES, Home, summed_over
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.table_pages import limits, reserves, workings
from bcf_model.year.results import Results

RULE_CHANGED: Final = "another rule applies: run bcf scenario again"
"""What stands in the place of a share where a variance has turned from over to under, or back."""
_CALLED: Final = {
    "Inputs": ("Agreed", "Spending against the agreed budget, line by line"),
    "Workings": ("Shares", "Who bears it, worked"),
    "Limits": ("Limits", "Limits over several rules"),
    "Reserves": ("Reserves", "Reserves named by the agreement"),
}
"""What each page is called, before its year, and its title."""


@dataclass(frozen=True)
class InYear(Reference):
    """A figure of a year that is shared, by the year end's own pages."""

    year: str
    figure: Figure


class SharedYearBook(Book):
    """The pages of one year, in the workbook of a scenario.

    Args:
        book: the scenario's. year: the financial year.
        results: of the year, kept. line_of: the line of the walk of each scheme.
        before: the year before that is shared, whose reserves are carried on.
    """

    inputs: frozenset[tuple[str, str]] = frozenset()

    def __init__(
        self,
        book: Book,
        year: str,
        results: Results,
        line_of: Mapping[str, str],
        before: "SharedYearBook | None",
    ) -> None:
        """Start with empty tabs."""
        super().__init__(book.file, book.tabs, **of_year(results))
        self.results = results
        self.tag = f"y{year.replace('-', '_')}_"
        self._year, self._line_of, self._before = year, line_of, before

    def borne(self, bearer: str) -> str:
        """Print what one bears, or all together; or that another rule applies."""
        figure = Figure.of("borne", **({"bearer": bearer} if bearer else {}))
        if ("shares", "borne") not in self.on_a_page:
            return "0"
        return self.in_force(figure, self.printed)

    def in_force(self, amount: Expression, printed: Callable[[Any], str]) -> str:
        """Print an amount that hangs on shares; or that another rule applies."""
        if ("shares", "borne") not in self.on_a_page:
            return formula(amount, printed)
        in_force = Counted(self.called("shares", "in_force"), IN_FORCE)
        lost = Whole(len(self.figures.tables["shares"])) - in_force
        by_leaf = {leaf: self.printed(leaf) for leaf in (in_force,)}
        return formula(If(lost, RULE_CHANGED, amount), lambda it: by_leaf.get(it) or printed(it))

    def _in_row(self, page: Sheet, tab: Any, at: int, column: int, cell: InRow, looks: Any) -> None:
        held = self.figures.column(cell.table, cell.column)[cell.row]
        if (cell.table, cell.column) == ("lines", "expenditure"):
            code = self.figures.column("lines", "scheme_id")[cell.row]
            of_line = [("financial_year", [self._year]), ("line", [self._line_of[code]])]
            printed = summed_over(HOMES["closing"], of_line)
        elif (cell.table, cell.column) == ("reserves", "opening") and self._before is not None:
            code = self.figures.column("reserves", "reserve")[cell.row]
            closed = Home(self._before.called("reserves"), "closing")
            printed = summed_over(closed, [("reserve", [code])])
        else:
            super()._in_row(page, tab, at, column, cell, looks)
            return
        tab.write_formula(at, column, printed, looks, held / 100)


def pages_of(year: str, results: Results) -> tuple[Sheet, ...]:
    """Lay the pages of a year out."""
    tables = results.figures.tables
    pages = [lines(results)]
    pages += [reserves(results)] if len(tables["reserves"]) else []
    pages += [limits(results)] if len(tables["limits"]) else []
    found = []
    for page in (*pages, workings(results)):
        name, title = _CALLED[page.name]
        above = () if page.name == "Inputs" else page.about
        found.append(page._replace(name=f"{name} {year}", title=f"{title}, {spoken(year)}",
                             about=above, in_workbook=()))  # fmt: skip
    return tuple(found)


def write_shared(book: Book, view: View, years: Mapping[str, Results]) -> dict[str, SharedYearBook]:
    """Write the pages of every year; return who knows its shares, by year."""
    agreed = view.table("agreed")
    line_of = dict(zip(agreed["scheme_id"], agreed["line"], strict=True))
    found: dict[str, SharedYearBook] = {}
    before: SharedYearBook | None = None
    for year, results in years.items():
        before = found[year] = SharedYearBook(book, year, results, line_of, before)
        before.write(pages_of(year, results))
    return found

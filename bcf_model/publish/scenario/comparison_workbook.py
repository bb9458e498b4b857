"""comparison.xlsx of scenarios: pages of constants, whose differences are formulas."""

from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.core.figures import Figure
from bcf_model.core.money import label
from bcf_model.publish.excel_file import (
    COVER,
    Unchecked,
    begin_cover,
    cover_contents,
    cover_facts,
    only_settings,
    written,
)
from bcf_model.publish.page import Money, Sheet
from bcf_model.publish.scenario.comparison_rows import Compared
from bcf_model.publish.scenario.lookups import View

_WIDTHS = (28, 88)


class _Book(Unchecked):
    """The report's book, for pages of constants whose differences are formulas."""

    def __init__(
        self, file: xlsxwriter.Workbook, compared: Compared, tabs: dict[str, Worksheet]
    ) -> None:
        view = compared.first
        settings = view.projection.plan.inputs.settings.model_copy(
            update={"title": f"Scenarios: {view.perimeter}", "financial_year": view.years[0]}
        )
        super().__init__(file, only_settings(settings, compared.figures), tabs)

    def figure(self, tab: Worksheet, at: int, column: int, cell: Figure, looks: Any) -> None:
        """Write a figure as a constant; differences in its row refer to where it stands there."""
        self.place[cell] = xl_rowcol_to_cell(at, column, col_abs=column == 1)
        pence = self.results.figures.amount(cell)
        if pence is None:
            tab.write_blank(at, column, None, looks)
        else:
            self.money(tab, at, column, Money(pence), looks)


def workbook(compared: Compared, pages: Sequence[Sheet]) -> bytes:
    """Write a comparison as a workbook.

    Returns:
        The bytes of an .xlsx file; the same scenarios give the same bytes.
    """

    def fill(file: xlsxwriter.Workbook, tabs: dict[str, Worksheet]) -> None:
        book = _Book(file, compared, tabs)
        for sheet in pages:
            book.page(sheet)
        _cover(book, compared.views, pages)

    title = f"Scenarios side by side: {compared.first.perimeter}"
    return written([COVER, *(sheet.name for sheet in pages)], fill, title=title)


def _cover(book: _Book, views: Sequence[View], pages: Sequence[Sheet]) -> None:
    begin_cover(book, "Scenarios side by side", views[0].perimeter, _WIDTHS)
    facts = [
        (view.name, f"{view.projection.scenario.settings.title} "
                    f"({view.projection.scenario.settings.status})") for view in views
    ]  # fmt: skip
    facts += [
        ("Compared with", views[0].name),
        ("Amounts", f"Constants, in pounds, shown in {label(book.unit)}; differences are formulas. "
                    "Each scenario has a workbook of its own, whose assumptions can be changed."),
        ("Made with", f"bcf_model {__version__}"),
    ]  # fmt: skip
    at = cover_facts(book, facts, _WIDTHS[1], valign="top")
    cover_contents(book, at, {sheet.name: sheet.title for sheet in pages})

"""comparison.xlsx and comparison.html of scenarios; differences in the workbook are formulas."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import xlsxwriter
from markupsafe import Markup
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model import __version__
from bcf_model.core.money import label, shown
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import CLOSING
from bcf_model.publish.charts import Bar, Block, bars_in_words, draw
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
from bcf_model.publish.scenario.comparison_rows import Difference, summed
from bcf_model.publish.scenario.html import section, status
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.templates import rendered

_WIDTHS = (28, 88)


class _Book(Unchecked):
    """The report's book, for pages of constants whose differences are formulas."""

    def __init__(self, file: xlsxwriter.Workbook, view: View, tabs: dict[str, Worksheet]) -> None:
        settings = view.projection.plan.inputs.settings.model_copy(
            update={"title": f"Scenarios: {view.perimeter}", "financial_year": view.years[0]}
        )
        super().__init__(file, only_settings(settings), tabs)

    def money(self, tab: Worksheet, at: int, column: int, cell: Money, looks: Any) -> None:
        if not isinstance(cell, Difference):
            super().money(tab, at, column, cell, looks)
            return
        own = xl_rowcol_to_cell(at, column - cell.to_its_left)
        first = xl_rowcol_to_cell(at, 1, col_abs=True)
        tab.write_formula(at, column, f"=ROUND({own}-{first},2)", looks, cell.pence / 100)


def workbook(views: Sequence[View], pages: Sequence[Sheet]) -> bytes:
    """Write a comparison as a workbook.

    Returns:
        The bytes of an .xlsx file; the same scenarios give the same bytes.
    """

    def fill(file: xlsxwriter.Workbook, tabs: dict[str, Worksheet]) -> None:
        book = _Book(file, views[0], tabs)
        for sheet in pages:
            book.page(sheet)
        _cover(book, views, pages)

    title = f"Scenarios side by side: {views[0].perimeter}"
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


def page(compared: pd.DataFrame, views: Sequence[View], pages: Sequence[Sheet]) -> str:
    """Write a comparison as one self-contained web page."""
    found = blocks(compared, views)
    unit = label(views[0].unit)
    title = f"Closing spending less that of {views[0].name}"
    chart = draw("scenarios", title, bars_in_words(found, unit), found) if found else ""
    return rendered(
        "scenario/comparison.html.j2",
        views=views,
        pool=views[0].projection.plan.inputs.settings.title,
        perimeter=views[0].perimeter,
        unit=unit,
        status=status,
        sections=[section(views[0], sheet) for sheet in pages],
        chart=Markup(chart),
    )


def blocks(compared: pd.DataFrame, views: Sequence[View]) -> list[Block]:
    """Return the chart: by year, how far each scenario's closing is from the first's."""
    closing = compared[compared["measure"] == CLOSING]
    found = []
    for year, own in closing.groupby("financial_year", sort=True):
        differences = summed("total", "", own, views).cells[1 + len(views) :]
        bars = tuple(
            Bar(view.name, cell.pence, shown(cell.pence, view.unit))
            for view, cell in zip(views[1:], differences, strict=True)
            if isinstance(cell, Difference)
        )
        if bars:
            found.append(Block(spoken(str(year)), f"less {views[0].name}", bars))
    return found

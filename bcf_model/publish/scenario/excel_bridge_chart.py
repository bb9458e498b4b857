"""The chart of a scenario's workbook: a waterfall of the bridge, which follows the assumptions."""

from typing import Any, Final

from xlsxwriter.utility import xl_rowcol_to_cell

from bcf_model.core.expressions import (
    NIL,
    Expression,
    FoundBy,
    Least,
    Most,
    Named,
    NumberIn,
    Rounded,
)
from bcf_model.core.money import label
from bcf_model.core.words import UNITS
from bcf_model.core.years import spoken
from bcf_model.publish.house_style import (
    DARK,
    GRIDLINE,
    INPUT,
    INPUT_EDGE,
    ON_AN_AXIS,
    ON_BARS,
    REMARK,
    SHOWN,
    WHITE,
    WHOLE_BAR,
)
from bcf_model.publish.page import Sheet
from bcf_model.publish.scenario.bridge_charts import Scale, falls
from bcf_model.publish.scenario.excel_book import ScenarioBook
from bcf_model.publish.scenario.lookups import View

ALL_YEARS: Final = "All years"
_TAKES_OFF: Final = 6
"""The column of the chart's data that holds what is taken off."""


def chart(book: ScenarioBook, view: View, sheet: Sheet) -> None:
    """Draw the bridge as a waterfall under its table: columns stacked on invisible ones."""
    tab = book.tabs[sheet.name]
    several = len(view.years) > 1
    top = book.top(sheet) + len(sheet.rows) + 2
    first_row = book.top(sheet) + 1
    columns = len(view.years) + several
    heads = [*(spoken(year) for year in view.years), *([ALL_YEARS] if several else [])]
    chosen = heads[-1]
    bold = book.format(bold=True)
    tab.write_string(top, 0, "The chart shows", bold)
    pick = book.format(bold=True, bg_color=INPUT, border=1, border_color=INPUT_EDGE, align="right")
    tab.write_string(top, 1, chosen, pick)
    if several:
        tab.data_validation(top, 1, top, 1, {"validate": "list", "source": heads})
    picked = xl_rowcol_to_cell(top, 1, True, True)
    for i, name in enumerate(heads, start=2):  # what the choice is looked up in
        tab.write_string(top, i, name, book.format(font_color=WHITE, align="right"))
    ends = [xl_rowcol_to_cell(top, i, True, True) for i in (2, 1 + columns)]
    among = ":".join(ends)
    data = top + 27
    texts = ("Step", "Amount", "Reached", "Hidden", "Budget", "Adds", "Takes off")
    for i, text in enumerate(texts):
        looks = {"bold": True, "bottom": 1, "font_color": REMARK}
        tab.write_string(data, i, text, book.format(**looks, align="right" if i else "left"))
    tab.write_string(data - 1, 0, "What the chart is drawn from", bold)
    pounds = book.format(num_format=SHOWN[book.unit], align="right", font_color=REMARK)
    bars = _bars(view, sheet, columns)
    names = [str(row.cells[0]) for row in sheet.rows]
    for i, name in enumerate(names):
        at, row = data + 1 + i, first_row + i
        whole = i in (0, len(names) - 1)
        start, end = (0, bars[i].end) if whole else (bars[i].start, bars[i].end)
        moved = end - start
        source = f"{xl_rowcol_to_cell(row, 1)}:{xl_rowcol_to_cell(row, columns)}"
        amount = NumberIn(FoundBy(Named(source), Named(picked), Named(among)))
        own, so_far, before = map(Named, (f"B{at + 1}", f"C{at + 1}", f"C{at}"))
        tab.write_string(at, 0, name, book.format(font_color=REMARK))
        book.work(tab, (at, 1), amount, pounds, moved / 100)
        cells: list[tuple[Expression, float]] = (
            [(own, end / 100), (NIL, 0), (own, end / 100), (NIL, 0), (NIL, 0)]
            if whole
            else [
                (Rounded(before + own), end / 100),
                (Least(before, so_far), min(start, end) / 100),
                (NIL, 0),
                (Most(own, NIL), max(moved, 0) / 100),
                (Most(NIL - own, NIL), max(-moved, 0) / 100),
            ]
        )
        for column, (cell, value) in enumerate(cells, start=2):
            book.work(tab, (at, column), cell, pounds, value)
    _draw(book, view, sheet, top, data, len(names), Scale.over(bars))
    tab.set_portrait()
    tab.fit_to_pages(1, 1)


def _bars(view: View, sheet: Sheet, columns: int) -> list[Any]:
    """Return the bars of the last column as they were reported."""
    cells = ((str(row.cells[0]), row.cells[columns]) for row in sheet.rows)
    amounts = [(name, it if isinstance(it, Expression) else None) for name, it in cells]
    return falls(amounts, view.amount, view.unit)


def _draw(
    book: ScenarioBook, view: View, sheet: Sheet, top: int, data: int, bars: int, scale: Scale
) -> None:
    figure = book.file.add_chart({"type": "column", "subtype": "stacked"})
    first, last = data + 1, data + bars
    shown, (above, below) = ON_AN_AXIS[book.unit], ON_BARS[book.unit]
    for column, colour, labels in ((3, "", ""), (4, WHOLE_BAR, above), (5, DARK, above),
                                   (_TAKES_OFF, WHITE, below)):  # fmt: skip
        series: dict[str, Any] = {
            "name": [sheet.name, data, column],
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, column, last, column],
            "gap": 40,
        }
        if not colour:
            series |= {"fill": {"none": True}, "border": {"none": True}}
        else:
            outlined = column == _TAKES_OFF
            series |= {"fill": {"color": colour},
                       "border": {"color": DARK if outlined else colour}}  # fmt: skip
            series["data_labels"] = {
                "value": True, "num_format": labels, "position": "inside_end",
                "font": {"size": 9, "color": DARK if outlined else WHITE},
            }  # fmt: skip
        figure.add_series(series)
    begins = f"; the axis begins at {_in_unit(scale, book.unit)}" if scale.is_cut else ""
    figure.set_title({
        "name": f"From opening to closing budget, {label(book.unit)}{begins}",
        "name_font": {"size": 11},
    })  # fmt: skip
    figure.set_legend({"position": "bottom", "delete_series": [0]})
    axis: dict[str, Any] = {
        "num_format": shown,
        "num_font": {"size": 9},
        "major_gridlines": {"visible": True, "line": {"color": GRIDLINE}},
    }
    if scale.is_cut:
        axis["min"] = scale.lowest / 100
    figure.set_y_axis(axis)
    figure.set_x_axis({"num_font": {"size": 9}, "label_position": "low"})
    figure.set_size({"width": 940, "height": 470})
    words = "Waterfall of the bridge: the same amounts stand in the table above and below it."
    book.tabs[sheet.name].insert_chart(top + 2, 0, figure, {"description": words})


def _in_unit(scale: Scale, unit: str) -> str:
    """Write where the axis begins, in the unit it is shown in."""
    said = f"{scale.lowest // UNITS[unit]:,}"
    return f"£{said}" if unit == "pounds" else f"{label(unit)} {said}"

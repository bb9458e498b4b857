"""The one writer of a workbook's pages: rows onto tabs, and one format for one look.

Amounts are in pounds, shown in the pool's unit by number format. What a cell is worked out by is
printed by `excel_formulas`. Text cells never become formulas or links.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from textwrap import wrap
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Differs,
    Expression,
    If,
    InRow,
    Joined,
    Known,
    Named,
    Rounded,
    Sum,
    Total,
    WhereAboveNil,
    Whole,
    added,
    columns_in,
    formula,
    references_in,
)
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import label
from bcf_model.core.tables import HELD_IN
from bcf_model.core.words import NOT_STATED
from bcf_model.core.worked_columns import counts_pence, in_row
from bcf_model.core.years import spoken
from bcf_model.publish.excel_formulas import Decided, Formulas, MadeOf, quoted
from bcf_model.publish.house_style import (
    ABOUT_WIDTH,
    DARK,
    DECIMALS,
    INPUT,
    LINK,
    PALE,
    PALER,
    PERCENT,
    RATE,
    REMARK,
    SHOWN,
    TYPE,
    WHITE,
    WHOLE,
    WRONG,
)
from bcf_model.publish.page import (
    Cell,
    Heading,
    Money,
    Number,
    Row,
    Sheet,
    Style,
)
from bcf_model.year.results import Results

INPUTS: Final = {
    ("lines", "budget"),
    ("lines", "given"),
    ("lines", "expenditure"),
    ("causes", "amount"),
    ("parts", "budget"),
    ("parts", "expenditure"),
    ("price_volume", "planned"),
    ("price_volume", "actual"),
    ("payments", "planned"),
    ("payments", "actual"),
    ("payments", "price"),
    ("reserves", "opening"),
    ("budgets", "closing_budget"),
    ("budgets", "next_initial_budget"),
}
_AMOUNTS: Final = ("budget", "given", "expenditure", "variance")
"""Columns of the lines that may hold the words `not stated` instead of an amount."""
_RATES: Final = {"rate": RATE, "percent": PERCENT}
LINE: Final = 13.5  # points
WRAPPED_FROM: Final = 16  # characters
_BESIDE_A_HEADING: Final = 3  # characters: bold type, and clear of its neighbour
_ONE_PAGE: Final = 245
"""Characters: a wider table on one page of paper would be printed at less than six points."""
_OF_SEVERAL: Final = 200
ALL_HOLD: Final = "All checks hold"
INPUTS_CHANGED: Final = Named("inputs_changed")
AS_REPORTED: Final = "As reported"
LONGEST_FOOT: Final = 100
"""Characters of a title at the foot of a page: Excel takes 255 in all."""
NAVIGATION: Final = 1  # the row under the title


class _EmptyText(str):
    """The text "" as a formula's stored result.

    xlsxwriter takes a plain "" to mean "not calculated" and leaves its type out, so that other
    programs read a number there; what is not equal to "" is written as the text it is.
    """

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


EMPTY: Final = _EmptyText("")
_OF_FIGURES: Final = Figure | Sum


class Page(Worksheet):  # type: ignore[misc] # xlsxwriter has no types
    """A worksheet that writes a formula as it is given.

    xlsxwriter looks for thirty names of newer functions in every formula, to put a prefix before
    them. None of ours is newer, and looking takes as long as writing.
    """

    def _prepare_formula(self, formula: str, *_: Any, **__: Any) -> str:
        return formula.removeprefix("=")

    # A cell is named by its row and column: nothing looks whether it is named as in A1.
    write_blank = Worksheet.write_blank.__wrapped__
    write_formula = Worksheet.write_formula.__wrapped__
    write_number = Worksheet.write_number.__wrapped__
    write_string = Worksheet.write_string.__wrapped__


class Book(Formulas):
    """What the pages share while they are written.

    Args:
        file: the workbook being written.
        tabs: the worksheet of each page, in the order of the workbook.
        figures: gives what figures come to.
        unit: in which amounts are shown. foot: stands at the foot of every sheet of paper.
        decided: adds what decides which expressions a row of a table has.
        made_of: gives what a number of an indicator is worked out of.
        decimals: how a number that is no amount looks, where it is not whole.
        has_checks: whether there is a page of checks, whose result stands on every page.
        constant: whether figures of the first page are constants.

    Attributes:
        whole_column: for each column of the lines, the column of the page it stands in.
        constant: whether figures of the page being written are constants.
        inputs: columns that may be changed.
    """

    inputs: AbstractSet[tuple[str, str]] = INPUTS

    def __init__(
        self,
        file: xlsxwriter.Workbook,
        tabs: dict[str, Worksheet],
        figures: Ledger,
        *,
        unit: str,
        foot: str,
        decided: Decided | None = None,
        made_of: MadeOf | None = None,
        decimals: str = DECIMALS,
        has_checks: bool = True,
        constant: bool = False,
    ) -> None:
        """Start with empty tabs."""
        super().__init__(figures, decided, made_of)
        self.file, self.tabs = file, tabs
        self.unit, self._foot = unit, foot
        self._decimals, self._has_checks = decimals, has_checks
        self.whole_column: dict[str, str] = {}
        self.constant = constant
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._looks: dict[tuple[Any, ...], Any] = {}
        self._first: Heading | None = None  # the leading column of the page being written

    # -------------------------------------------------------------- formats

    def format(self, **properties: Any) -> Any:
        """Return a format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format({**TYPE, "valign": "vcenter", **properties})
        return self._formats[key]

    def _cell_format(self, heading: Heading, style: Style, cell: Cell, tall: bool) -> Any:
        number = "@" if heading.form == "text" else self._number_format(heading, cell)
        # Asked for every cell of the workbook: worked out once for each kind of cell.
        kind = (heading, style, heading is self._first, number, self._is_input(cell), tall)
        if kind not in self._looks:
            self._looks[kind] = self.format(**_looks(*kind))
        return self._looks[kind]

    def _is_input(self, cell: Cell) -> bool:
        """Return whether a cell may be changed."""
        if not isinstance(cell, InRow):
            return self._is_stated(cell) and cell not in self.place
        if self._stands_alone(cell):
            return True
        if cell.column == "expenditure" and ("lines", "given") in self.on_a_page:
            return False  # it is worked out there
        is_listed = (cell.table, cell.column) in self.inputs
        return is_listed and not self._of_several_cells(cell)

    def _number_format(self, heading: Heading, cell: Cell) -> str:
        if heading.form == "money":
            return SHOWN[self.unit]
        if heading.form == "exact":
            return SHOWN["pounds"]
        if heading.form in _RATES:
            return _RATES[heading.form]
        if isinstance(cell, Figure):
            value = self.value(cell)
            return WHOLE if isinstance(value, str) or value.is_integer() else self._decimals
        whole = not isinstance(cell, Number) or (
            float(cell.value).is_integer() and not cell.decimals
        )
        return WHOLE if whole else self._decimals

    # -------------------------------------------------------------- a page

    def top(self, page: Sheet) -> int:
        """Return the row of the headings, counted from 0."""
        return NAVIGATION + 2 + len(about_lines(page))

    def name_columns(self, page: Sheet) -> None:
        """Name each column of a page whose rows are those of a table; a total is none of them."""
        width = len(page.rows[0].cells) if page.rows else 0
        start = self.top(page) + 1
        count = sum(row.style == "line" for row in page.rows)
        for column in range(width):
            # What is not known in the first row may be in another.
            cells = (row.cells[column] for row in page.rows if column < len(row.cells))
            first = next((cell for cell in cells if cell is not None), None)
            for table, name in _column_of(first):
                self.on_a_page[table, name] = (page.name, start, column)
                if table == "lines":
                    letter = xl_col_to_name(column, True)
                    self.whole_column[name] = f"'{page.name}'!{letter}:{letter}"
                ends = ((start, column), (start + count - 1, column))
                self.name(self.called(table, name), page.name, *ends)

    def write(self, pages: Iterable[Sheet]) -> None:
        """Write pages onto their tabs, once all their columns have names."""
        every = tuple(pages)
        for page in every:
            self.name_columns(page)
        for page in every:
            self.page(page)

    def page(self, page: Sheet) -> None:
        """Write one page onto its tab."""
        tab, top, across = self.tabs[page.name], self.top(page), pages_across(page)
        if across > 1:  # what stands above the columns that are printed again must fit into them
            self.head(tab, page.title, ())
            self._about(tab, about_lines(page), page.naming)
            tab.fit_to_pages(across, 0)
            tab.repeat_columns(0, page.naming - 1)
        else:
            self.head(tab, page.title, about_lines(page))
        self.headings(tab, top, page.headings)
        self._first = page.headings[0]
        for i, row in enumerate(page.rows, start=top + 1):
            self.row(page, tab, i, row)
        if page.rows and all(row.style == "line" for row in page.rows):
            tab.autofilter(top, 0, top + len(page.rows), len(page.headings) - 1)
        tab.freeze_panes(top + 1, page.naming)

    def head(self, tab: Worksheet, title: str, about: Iterable[str]) -> None:
        """Write what every page has above its table, and how it prints."""
        tab.hide_gridlines(2)
        tab.set_landscape()
        tab.set_paper(9)
        tab.fit_to_pages(1, 0)
        tab.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        tab.set_footer(f"&L&8{self._foot.replace('&', '&&')}&R&8&A: page &P of &N")
        tab.set_row(0, 24)
        tab.write_string(0, 0, title, self.format(bold=True, font_size=15, font_color=DARK))
        tab.write_url(
            NAVIGATION, 0, "internal:Cover!A1",
            self.format(font_color=LINK, underline=1), "Back to contents",
        )  # fmt: skip
        self._about(tab, about, 0)

    def _about(self, tab: Worksheet, about: Iterable[str], column: int) -> None:
        for i, sentence in enumerate(about, start=NAVIGATION + 1):
            tab.write_string(i, column, sentence, self.format(font_color=REMARK))

    def headings(self, tab: Worksheet, top: int, headings: tuple[Heading, ...]) -> None:
        """Write the headings in row `top`, and the master check above the last of them.

        On a page of constants it is whether they still belong to the inputs.
        """
        lines = 1
        for column, heading in enumerate(headings):
            tab.set_column(column, column, heading.width)
            looks = {"bold": True, "font_color": WHITE, "bg_color": DARK, "text_wrap": True}
            if heading.form != "text":
                looks |= {"align": "right", "indent": 1}  # digits keep clear of a bracket there
            elif column:
                looks |= {"align": "left", "indent": 1}
            unit = {"money": f" {label(self.unit)}", "exact": " £"}.get(heading.form, "")
            tab.write_string(top, column, heading.text + unit, self.format(**looks))
            room = max(1, heading.width - _BESIDE_A_HEADING)
            lines = max(lines, len(wrap(heading.text + unit, room, break_long_words=False)))
        tab.set_row(top, lines * LINE + 6)
        tab.freeze_panes(top + 1, 1)
        tab.repeat_rows(top)
        # The master check stands on every page, in the column that is sure to be there.
        at = (NAVIGATION, len(headings) - 1)
        colour, said, value = DARK, all_hold("Checks"), ALL_HOLD
        if self.constant:
            colour, value = WRONG, AS_REPORTED
            said = as_reported("Inputs changed: not followed here")
        if self._has_checks:
            bold = self.format(bold=True, align="right", font_color=colour)
            self.work(tab, at, said, bold, value)
        else:
            tab.write_blank(*at, None, self.format())

    def row(self, page: Sheet, tab: Worksheet, at: int, row: Row) -> None:
        """Write one row of a page."""
        self._in_row_at_hand.clear()
        lines = [
            lines_in(self._text(cell), heading.width)
            for heading, cell in zip(page.headings, row.cells, strict=False)
            if _wraps(heading, row.style)
        ]
        # Text at the very top of the first row would be printed half under the headings.
        first = at == self.top(page) + 1
        tall = max(lines, default=1) > 1 and not first
        room = _ROOM[row.style] + (_UNDER_HEADINGS if first else 0)
        tab.set_row(at, LINE * max(lines, default=1) + room)
        for column, heading in enumerate(page.headings):
            cell = self._given(row.cells[column]) if column < len(row.cells) else None
            looks = self._cell_format(heading, row.style, cell, tall)
            match cell:
                case _ if cell is None or self._not_shared(cell):
                    tab.write_blank(at, column, None, looks)
                case str():
                    tab.write_string(at, column, cell, looks)
                case Money():
                    tab.write_number(at, column, cell.pence / 100, looks)
                case Number(value):
                    tab.write_number(at, column, value, looks)
                case Sum():
                    pence = self.figures.amount(cell)
                    result = EMPTY if pence is None else pence / 100
                    printed = quoted("") if pence is None else self.sum_of(cell)
                    tab.write_formula(at, column, printed, looks, result)
                case Figure():
                    self.figure(tab, at, column, cell, looks)
                case If():
                    said = self.figures.text(cell) or EMPTY
                    printed = formula(cell, self.printed).replace(f"'{page.name}'!", "")
                    tab.write_formula(at, column, printed, looks, said)
                case Total():
                    self._column_total(tab, at, column, cell, looks)
                case InRow():
                    self._in_row(page, tab, at, column, cell, looks)

    def _given(self, cell: Cell) -> Cell:
        """Return a cell; nothing for one whose figures are not given."""
        if not isinstance(cell, _OF_FIGURES):
            return cell
        return None if any(map(self.figures.not_given, references_in(cell))) else cell

    def _column_total(self, tab: Worksheet, at: int, column: int, cell: Total, looks: Any) -> None:
        """Write the sum of a column of a table; nothing where an amount in it is not known."""
        whole = self.figures.total(cell)
        if whole is None:
            tab.write_blank(at, column, None, looks)
            return
        self.work(tab, (at, column), Rounded(cell), looks, whole / 100)

    def work(
        self, tab: Worksheet, at: tuple[int, int], cell: Expression, looks: Any, value: float | str
    ) -> None:
        """Write a cell that is worked out, and what it comes to."""
        tab.write_formula(*at, formula(cell, self.printed), looks, value)

    def name(self, name: str, page: str, *ends: tuple[int, int]) -> None:
        """Name a cell of a page, or all from one to another; each by its row and column."""
        cells = (xl_rowcol_to_cell(row, column, True, True) for row, column in ends)
        self.file.define_name(name, f"'{page}'!{':'.join(cells)}")

    def figure(self, tab: Worksheet, at: int, column: int, cell: Figure, looks: Any) -> None:
        """Write a figure as its formula, and remember where it stood first; or as a constant."""
        value, here = self.value(cell), stands_at(tab, at, column)
        first = here if self.constant else self.place.setdefault(cell, here)
        if not self.constant and not self._is_stated(cell):
            tab.write_formula(at, column, self.formula(cell), looks, value)
        elif first != here:
            self.work(tab, (at, column), Named(first), looks, value)
        elif isinstance(value, str):
            tab.write_blank(at, column, None, looks)
        else:
            tab.write_number(at, column, value, looks)
        is_absolute = not self.constant or column == 1  # the first of those compared
        self._in_row_at_hand[cell] = xl_rowcol_to_cell(at, column, col_abs=is_absolute)

    def _is_stated(self, cell: Cell) -> bool:
        """Return whether a figure is a number of an indicator as it is stated: it may be typed."""
        if not isinstance(cell, Figure) or cell.measure not in MEASURES:
            return False
        return MEASURES[cell.measure].table == "indicator_values" and self.made_of(cell) is None

    def value(self, figure: Figure) -> float | str:
        """Return a figure as the workbook shows it: pounds, a rate, a number, or nothing."""
        value = self.figures.value(figure)
        if value is None:
            return EMPTY
        unit = self.figures.measures[figure.measure].unit
        return value / {"money": 100, "number": HELD_IN["quantity"]}.get(unit, 1)

    def _text(self, cell: Cell) -> str:
        if isinstance(cell, InRow):
            return str(self.figures.column(cell.table, cell.column)[cell.row])
        return cell if isinstance(cell, str) else ""

    def _in_row(
        self, page: Sheet, tab: Worksheet, at: int, column: int, cell: InRow, looks: Any
    ) -> None:
        value = self.figures.column(cell.table, cell.column)[cell.row]
        if isinstance(value, str):
            tab.write_string(at, column, value, looks)
            return
        scale = {"exact": 100, "rate": WHOLE_RATE}.get(page.headings[column].form, 1)
        if counts_pence(cell.table, cell.column, self.said(cell)):
            scale = 100
        number = int(value) / scale
        said = self.said(cell)
        expression = None if self._is_given(cell) else in_row(cell.table, cell.column, said)
        lost = self.figures.unknown(cell.table, cell.column, cell.row)
        if expression is None or (cell.table in ("reserves", "limits", "price_volume") and lost):
            if lost:
                tab.write_string(at, column, NOT_STATED, looks)
            else:
                tab.write_number(at, column, number, looks)
            return
        refer = self.reference(at, cell.table)
        expression = self.in_full(expression, cell.table, said)
        if self._stands_alone(cell):
            tab.write_number(at, column, number, looks)
            return
        is_exact = page.headings[column].form == "exact" and not isinstance(
            expression, WhereAboveNil
        )
        exactly = Rounded(expression) if is_exact else expression
        if lost:  # once it is stated, what follows from it is worked out
            needed = [Column(name) for name in columns_in(expression) if name in _AMOUNTS]
            some_lost = Differs(added(map(Known, needed)), Whole(len(needed)))
            printed = formula(If(some_lost, NOT_STATED, exactly), refer)
            tab.write_formula(at, column, printed, looks, NOT_STATED)
            return
        tab.write_formula(at, column, formula(exactly, refer), looks, number)

    def _is_given(self, cell: InRow) -> bool:
        """Return whether an amount is as it was typed: expenditure, where nothing restates it."""
        return (cell.table, cell.column) == ("lines", "expenditure") and (
            "lines",
            "given",
        ) not in self.on_a_page

    def _of_several_cells(self, cell: InRow) -> bool:
        """Return whether a number of a split is added up over cells that have their own prices."""
        of_split = cell.table == "price_volume"
        return of_split and "at_planned_prices" in self.said(cell)["stated"]

    def _stands_alone(self, cell: InRow) -> bool:
        """Return whether a variance is as it was typed: neither budget nor expenditure is known."""
        unknown = self.figures.unknown
        return (cell.table, cell.column) == ("lines", "variance") and (
            not unknown("lines", "variance", cell.row)
            and (unknown("lines", "budget", cell.row) or unknown("lines", "expenditure", cell.row))
        )

    def _not_shared(self, cell: Cell) -> bool:
        """Return whether a cell is an unknown share: no page holds what it would add up."""
        figures = self.figures
        if not isinstance(cell, Figure) or figures.measures[cell.measure].table != "shares":
            return False
        return bool(figures.lacks(cell))


def _column_of(cell: Cell) -> tuple[tuple[str, str], ...]:
    """Return the column of a table that a cell of its page is of: what follows of a row is one."""
    if isinstance(cell, InRow):
        return ((cell.table, cell.column),)
    of_rows = isinstance(cell, If) and any(isinstance(it, InRow) for it in references_in(cell))
    return (("shares", "in_force"),) if of_rows else ()


def of_year(results: Results) -> dict[str, Any]:
    """Return what a book of a year is given: its figures, unit and foot, and what decides a row."""
    settings = results.inputs.settings
    return {
        "figures": results.figures,
        "unit": settings.unit,
        "foot": f"{settings.title[:LONGEST_FOOT]}, {spoken(settings.financial_year)}",
        "decided": results.said,
        "made_of": results.made_of,
    }


def stands_at(tab: Worksheet, row: int, column: int) -> str:
    """Return the address of a cell, from any page."""
    return f"'{tab.get_name()}'!{xl_rowcol_to_cell(row, column, True, True)}"


def as_reported(otherwise: Expression | str) -> If:
    """Choose what stands where an input was changed since the report was made."""
    return If(Differs(INPUTS_CHANGED, NIL), otherwise, AS_REPORTED)


def all_hold(where: str) -> If:
    """Choose what the master check says: how many checks fail, and where to see them."""
    failed = Named("checks_failed")
    return If(Differs(failed, NIL), Joined((failed, f" checks fail: see {where}")), ALL_HOLD)


_STYLES: Final[dict[Style, dict[str, Any]]] = {
    "group": {"bold": True, "bg_color": PALE, "font_color": DARK},
    "heading": {"bold": True, "italic": True},
    "line": {},
    "subtotal": {"bold": True, "top": 1, "bg_color": PALER},
    "total": {"bold": True, "top": 1, "bottom": 6, "bg_color": PALE},
}


_ROOM: Final[dict[Style, float]] = {
    "group": 7,
    "heading": 4,
    "line": 1,
    "subtotal": 3,
    "total": 5,
}
"""Points of room a row has beside its text."""
_UNDER_HEADINGS: Final = 3
"""Further points for the first row."""


def _looks(
    heading: Heading, style: Style, leading: bool, number: str, is_input: bool, tall: bool
) -> dict[str, Any]:
    """Return how a cell looks: by its column, its row, and whether it is the leading column.

    In a tall row, of several lines of text, every cell begins at the top.
    """
    looks: dict[str, Any] = {"num_format": number, **_STYLES[style]}
    if heading.form != "text":
        looks["align"] = "right"
    elif not leading:
        looks |= {"align": "left", "indent": 1}  # clear of the number on its left
    if _wraps(heading, style):
        looks["text_wrap"] = True
    if style == "line" and tall:
        looks["valign"] = "top"
    if is_input:
        looks["bg_color"] = INPUT
    return looks


def _wraps(heading: Heading, style: str) -> bool:
    """Return whether a cell's text is wrapped: long text in an ordinary row."""
    return heading.form == "text" and heading.width >= WRAPPED_FROM and style == "line"


def lines_in(text: str, width: int) -> int:
    """Estimate the lines text takes in a column; programs do not all fit row heights themselves."""
    room = max(8, int(width * 1.15))
    return 1 if len(text) <= room else len(_lines_of(text, room))


def pages_across(page: Sheet) -> int:
    """Return over how many pages of paper the columns of a page run, so that it can be read.

    The columns that name a row stand on each of them.
    """
    widths = [heading.width for heading in page.headings]
    if sum(widths) <= _ONE_PAGE:
        return 1
    naming = sum(widths[: page.naming])
    return -(-(sum(widths) - naming) // (_OF_SEVERAL - naming))


def about_lines(page: Sheet) -> list[str]:
    """Return the lines under a page's title."""
    return wrapped(*page.about, *page.in_workbook)


def wrapped(*sentences: str) -> list[str]:
    """Break sentences into lines that stay beside the table."""
    return [line for sentence in sentences for line in _lines_of(sentence, ABOUT_WIDTH)]


@lru_cache(maxsize=4096)
def _lines_of(text: str, room: int) -> tuple[str, ...]:
    """Break text into lines; what stands above a page is asked for by every row of it."""
    return tuple(wrap(text, room))

"""A page of a scenario's workbook whose cells are formulas of each other.

Where `excel_book` turns figures into formulas over whole columns, a grid knows the place of every
cell, so that the formula of one can name another: rows of a walk follow from each other.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple, cast

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bcf_model.core.expressions import (
    WHOLE_RATE,
    Column,
    Expression,
    InRow,
    Total,
    formula,
    to_the_penny,
)
from bcf_model.core.money import LARGEST_PENCE, MILLIONTHS
from bcf_model.core.package_files import rows_of
from bcf_model.core.years import spoken
from bcf_model.publish.excel_book import LINE, NAVIGATION, Book, lines_in, pages_across, wrapped
from bcf_model.publish.house_style import (
    DARK,
    EXACT_RATE,
    FACTOR,
    INPUT,
    INPUT_EDGE,
    LARGE_COUNT,
    PALER,
    REMARK,
    SHOWN,
    VALUE,
)
from bcf_model.publish.page import Heading, Sheet
from bcf_model.publish.scenario.lookups import View, who

TOTAL: Final = {"bold": True, "top": 1, "bg_color": PALER}
"""How a row that sums up looks."""
NUMBERS: Final = {
    "exact": SHOWN["pounds"],
    "rate": EXACT_RATE,
    "number": LARGE_COUNT,
    "text": "@",
}
_NUMBERS: Final = {"value": VALUE, "factor": FACTOR}
"""Further forms of columns: how their numbers look."""
_SIZES: Final = {"exact": 100, "rate": WHOLE_RATE, "number": 1, "text": 0}
"""What a number of each form is divided by, to be shown; a text is not."""
_NAME: Final = re.compile(r"[^a-z0-9]+")


LARGEST: Final = LARGEST_PENCE / 100
"""No amount is larger, in pounds."""


@dataclass(frozen=True)
class Input:
    """A number that may be changed, with the name of its cell, and what it may be changed to."""

    value: float
    name: str
    number: str = VALUE
    least: float = -LARGEST
    most: float = LARGEST


Entry = str | float | Input | None
"""What a cell holds; a number that is worked out stands there with its expression."""


class Field(NamedTuple):
    """A column of a page, as `columns.csv` has it.

    Attributes:
        key: the name formulas know it by. heading: above it. number: how numbers look, where they
            do not look as all of its form.
        of: the column of a row of the table that it shows; blank for none. kind: partner (named by
            its code), millionths, or blank. screen: whether it is for the screen alone.
    """

    key: str
    heading: Heading
    number: str
    of: str
    kind: str
    screen: bool

    def entry(self, view: View, row: Any) -> Entry:
        """Return what a row of a table shows here: pounds of pence, a rate, a text or a number."""
        value = getattr(row, self.of)
        if self.of == "financial_year":
            return spoken(value)
        if self.kind == "partner":
            return who(view, value)
        size = MILLIONTHS if self.kind == "millionths" else _SIZES[self.heading.form]
        return value / size if size > 1 else float(value) if size else value


@cache
def _fields() -> dict[str, tuple[Field, ...]]:
    """Read the columns of each page."""
    by_page: dict[str, list[Field]] = {}
    for row in rows_of("bcf_model.publish.scenario", "columns.csv"):
        number, form = _NUMBERS.get(row["form"], ""), row["form"]
        form = "number" if number else form
        kind, _, of = row["of"].rpartition(" ")
        kind = "millionths" if row["form"] == "factor" else kind
        heading = Heading(row["heading"], cast("Any", form), int(row["width"]))
        field = Field(row["column"], heading, number, of, kind, bool(row["screen"]))
        by_page.setdefault(row["page"], []).append(field)
    return {page: tuple(fields) for page, fields in by_page.items()}


def fields_of(
    view: View, page: str, without: Collection[str], hidden: Collection[str]
) -> list[Field]:
    """Return the columns of a page: first those that are printed, last those that are hidden.

    Args:
        view: whose groups are themes, or blocks.
        page: as `columns.csv` names it.
        without: columns that are left out.
        hidden: more columns for the screen alone.
    """
    named = [
        it._replace(
            heading=it.heading._replace(text=it.heading.text.format(group=view.group_label)),
            screen=it.screen or it.key in hidden,
        )
        for it in _fields()[page]
        if it.key not in without
    ]
    return sorted(named, key=lambda it: (it.screen, it.key in hidden))


class Grid:
    """One page, written row by row.

    Attributes:
        name: of its tab. fields: its columns. first: row of its first line, counted from 0.
    """

    def __init__(
        self,
        book: Book,
        view: View,
        name: str,
        title: str,
        about: Sequence[str],
        *,
        page: str = "",
        without: Collection[str] = (),
        hidden: Collection[str] = (),
        naming: int = 1,
    ) -> None:
        """Write what stands above the table: its columns are those of `page`, or of its name."""
        self._book, self._view, self.name, of = book, view, name, view.perimeter
        self.fields = tuple(fields_of(view, page or name, without, hidden))
        unprinted = len([it for it in self.fields if it.screen])
        self.tab: Worksheet = book.tabs[name]
        self._place = {field.key: i for i, field in enumerate(self.fields)}
        headings = tuple(field.heading for field in self.fields)
        self._printed = len(headings) - unprinted
        printed = headings[: self._printed]
        across = pages_across(Sheet(name, title, (), printed, (), naming=naming))
        # What stands above columns that are printed again on every page must fit into them: it
        # is cut where they end.
        beside = naming if across > 1 else 0
        book.head(self.tab, title if beside else f"{title}: {of}", ())
        lines = wrapped(*([f"All amounts are of: {of}."] if beside else []), *about)
        for i, line in enumerate(lines, start=NAVIGATION + 1):
            self.tab.write_string(i, beside, line, book.format(font_color=REMARK))
        if across > 1:
            self.tab.fit_to_pages(across, 0)
            self.tab.repeat_columns(0, naming - 1)
        self.top = NAVIGATION + 2 + len(lines)
        self.first = self.top + 1
        self.rows = 0
        for i, field in enumerate(self.fields):
            book.on_a_page[name, field.key] = (name, self.first, i)
        book.headings(self.tab, self.top, headings)
        if unprinted:  # the master check stands above the last column
            above = xl_rowcol_to_cell(NAVIGATION, len(headings) - 1)
            bold = book.format(bold=True, align="right", font_color=DARK)
            self.tab.write_formula(NAVIGATION, self._printed - 1, above, bold, "All checks hold")
        self.tab.freeze_panes(self.first, naming)

    def has(self, key: str) -> bool:
        """Return whether there is a column of that name."""
        return key in self._place

    def above(self, start: int, end: int, key: str) -> Total:
        """Return the sum of a column from one row up to, and not with, another."""
        return Total(key, table=self.name, rows=(start, end))

    def add(
        self,
        entries: Mapping[str, Entry],
        worked: Mapping[str, Expression] = MappingProxyType({}),
        looks: dict[str, Any] | None = None,
        row: Any = None,
    ) -> int:
        """Write the next row; give its number, counted from 0.

        Args:
            entries: what its cells hold that no column of the table says.
            worked: how some of them are worked out, of columns of the row and of other cells.
            looks: of the row.
            row: of the table.
        """
        if row is not None:
            shown = {it.key: it.entry(self._view, row) for it in self.fields
                     if it.of and it.key not in entries}  # fmt: skip
            entries = shown | {**entries}
        at = self.first + self.rows
        texts = [
            lines_in(str(entries[field.key]), field.heading.width)
            for field in self.fields
            if field.heading.form == "text" and isinstance(entries.get(field.key), str)
            if field.heading.width >= _WRAPS
        ]
        tall = max(texts, default=1)
        self.tab.set_row(at, LINE * tall + (5 if looks or self.rows == 0 else 3))
        for field in self.fields:
            self._write(at, field, entries.get(field.key), worked.get(field.key), looks or {})
        self.rows += 1
        return self.rows - 1

    def _write(
        self, at: int, field: Field, entry: Entry, worked: Expression | None, looks: dict[str, Any]
    ) -> None:
        column, form = self._place[field.key], field.heading.form
        said: dict[str, Any] = {"num_format": field.number or NUMBERS[form], **looks}
        if form == "text":
            said |= {"text_wrap": field.heading.width >= _WRAPS}
            said |= {"align": "left", "indent": 1} if column else {}
        else:
            said["align"] = "right"
        if isinstance(entry, Input):
            said |= {"bg_color": INPUT, "num_format": entry.number, "border": 1,
                     "border_color": INPUT_EDGE}  # fmt: skip
            self.tab.write_number(at, column, entry.value, self._book.format(**said))
            self._book.name(entry.name, self.name, (at, column))
            ends = f"{entry.least:,.0f} and {entry.most:,.0f}"
            self.tab.data_validation(at, column, at, column, {
                "validate": "decimal", "criteria": "between",
                "minimum": entry.least, "maximum": entry.most, "ignore_blank": False,
                "error_title": "Not what it can be",
                "error_message": f"A number between {ends}; a percentage as 2 for 2%.",
            })  # fmt: skip
        elif worked is not None:
            exactly = to_the_penny(worked) if form == "exact" else worked
            printed = formula(exactly, lambda leaf: self._leaf(at, leaf))
            self.tab.write_formula(at, column, printed, self._book.format(**said), entry)
        elif isinstance(entry, str):
            self.tab.write_string(at, column, entry, self._book.format(**said))
        elif entry is None:
            self.tab.write_blank(at, column, None, self._book.format(**said))
        else:
            self.tab.write_number(at, column, entry, self._book.format(**said))

    def name_cell(self, name: str, row: int, key: str) -> None:
        """Name a cell."""
        self._book.name(name, self.name, (self.first + row, self._place[key]))

    def name_columns(self, prefix: str, keys: Iterable[str], rows: int | None = None) -> None:
        """Name columns of the rows written so far; all of them, or the first."""
        last = max(self.rows if rows is None else rows, 1) - 1
        for key in keys:
            ends = ((self.first + row, self._place[key]) for row in (0, last))
            self._book.name(f"{prefix}{key}", self.name, *ends)

    def filtered(self) -> None:
        """Add a filter over the rows written so far, which are all."""
        if self.rows:
            self.tab.autofilter(self.top, 0, self.top + self.rows, len(self.fields) - 1)
        self.printed()

    def printed(self) -> None:
        """Print the rows written so far, without the columns for the screen."""
        self.tab.print_area(0, 0, self.top + self.rows, self._printed - 1)

    def _leaf(self, at: int, leaf: Any) -> str:
        """Print a column of the row `at` of its tab, or a cell or a total of a page."""
        match leaf:
            case Column(name):
                return str(xl_rowcol_to_cell(at, self._place[name], col_abs=True))
            case InRow(table, column, row) if table == self.name:
                return self._leaf(self.first + row, Column(column))
        return self._book.printed(leaf).replace(f"'{self.name}'!", "")


_WRAPS: Final = 16  # characters


class Names:
    """Names of cells: valid in a spreadsheet, and each given once."""

    def __init__(self) -> None:
        """Start with none given."""
        self._given: set[str] = set()

    def give(self, *words: str) -> str:
        """Make a name of words.

        >>> names = Names()
        >>> names.give("assume", "pay & prices", "2019-20"), names.give("assume", "Pay, prices",
        ...                                                             "2019-20")
        ('assume_pay_prices_2019_20', 'assume_pay_prices_2019_20_2')
        """
        plain = "_".join(filter(None, (_NAME.sub("_", w.casefold()).strip("_") for w in words)))
        plain, number = plain[:200], 1
        name = plain
        while name in self._given:
            number += 1
            name = f"{plain}_{number}"
        self._given.add(name)
        return name

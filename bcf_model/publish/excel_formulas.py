"""What prints the formulas of a workbook: each leaf of an expression as the cells it stands for.

A figure becomes SUMIFS over the Inputs (or Workings) page, whose columns have names: budget of the
lines is `line_budget`, and so on. A figure of one line is looked up by its code, once: a sum over
all lines for each of them would take a time that grows with their square.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from bcf_model.core.expressions import (
    Column,
    Counted,
    Differs,
    Expression,
    If,
    InRow,
    Known,
    Leaf,
    Named,
    Rounded,
    Sum,
    Total,
    Whole,
    added,
    columns_in,
    formula,
    references_in,
    replaced,
)
from bcf_model.core.figures import MEASURES, OF_INDICATORS, Figure, Unstated
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import HELD_IN
from bcf_model.core.words import NOT_STATED
from bcf_model.core.worked_columns import in_row

PREFIX: Final = {
    "lines": "line_",
    "shares": "share_",
    "causes": "cause_",
    "parts": "part_",
    "payments": "payment_",
    "reserves": "reserve_",
    "budgets": "stated_",
    "limits": "limit_",
    "price_volume": "split_",
}
_DECIDING: Final = {
    "shares": (
        "part", "cause", "basis", "bearer_kind", "band_from", "band_to", "limit_stated", "variance",
        "kind", "grant", "limits",
    ),
    "reserves": ("released_by",),
    "limits": ("limit_id", "at_most"),
    "price_volume": ("stated",),
}  # fmt: skip
"""What decides which expressions a row of a table has (`worked_columns.in_row`)."""
STANDS_FOR: Final = {
    ("shares", "offered"): "variance",
    ("shares", "call"): "pot",
    ("lines", "unattributed"): "variance",
    ("lines", "given"): "expenditure",
}
"""A column that a page leaves out because it would only repeat another."""
UNIQUE: Final = {"lines": "scheme_id"}
"""Of a table, the column by which one row is found, in whatever order its rows stand."""
JOINED_CODES: Final = {"limits"}
"""Columns of the shares that join several codes by +."""
LONGEST_FORMULA: Final = 8_000
"""Characters: Excel refuses more than 8,192."""
Decided = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Adds to what a row of a table says what decides which expressions it has: `Results.said`."""


MadeOf = Callable[[Figure], Expression | None]
"""Gives what a number of an indicator is made of; None of one as stated: `Results.made_of`."""


class Formulas:
    """Prints expressions by where tables and figures stand in a workbook.

    Attributes:
        figures: any figure of the report, and its tables.
        place: the cell in which each figure stood first.
        on_a_page: the columns of tables that stand on a page, each with a name: the page, its first
            row and its column, counted from 0.
        tag: what the names of its columns begin with.
    """

    tag = ""

    def __init__(
        self, figures: Ledger, decided: Decided | None = None, made_of: MadeOf | None = None
    ) -> None:
        """Start with no table on any page."""
        self.figures = figures
        self.made_of = made_of or (lambda _: None)
        self.place: dict[Figure, str] = {}
        self.on_a_page: dict[tuple[str, str], tuple[str, int, int]] = {}
        self._decided = decided or (lambda _, said: said)
        self._by_value: dict[tuple[str, str], dict[Any, list[int]]] = {}
        self._in_row_at_hand: dict[Figure, str] = {}  # cells; they move with it when it is sorted

    def called(self, table: str, column: str = "") -> str:
        """Return the name of a column of a table that stands on a page."""
        return f"{self.tag}{PREFIX[table]}{column}"

    def formula(self, figure: Figure) -> str:
        """Print a figure as a formula over the pages that hold its table.

        What it is made of is read from the own row, where it stands there already.
        """
        measure = MEASURES[figure.measure]
        if measure.table in OF_INDICATORS:
            return self._of_indicator(figure)
        cells, chosen = self._selected(figure)

        def total(leaf: Leaf) -> str:
            assert isinstance(leaf, Total)  # a measure is made of totals
            if beside := self._in_row_at_hand.get(Figure(leaf.name, figure.selection)):
                return beside
            name = self._named(measure.table, leaf.name)
            if (measure.table, name) not in self.on_a_page:
                return "0"  # nothing of it in this pool
            if chosen is None:
                return cells(name)
            if chosen == [""]:
                return f"SUM({cells(name)})"
            sums = [f"SUMIFS({cells(name)}{each})" for each in chosen]
            return sums[0] if len(sums) == 1 else f"({'+'.join(sums) or 0})"

        printed = formula(measure.expression, total)
        printed = f"ROUND({printed},2)" if measure.unit == "money" else printed
        if self.figures.lacks(figure):
            return f'IF({self._unstated(figure)}>0,"",{printed})'
        return printed

    def _of_indicator(self, figure: Figure) -> str:
        """Print a figure of an indicator: by the cells of what it is made of, or as stated."""
        made_of = self.made_of(figure)
        if made_of is None:
            value = self.figures.value(figure)
            return quoted("") if value is None else f"{value / HELD_IN['quantity']:.15g}"
        if self.figures.lacks(figure):
            parts = references_in(made_of)
            unknown = Differs(added(map(Known, parts)), Whole(len(parts)))
            made_of = If(unknown, "", made_of)
        return formula(made_of, self.printed)

    def total(self, of: Total) -> str:
        """Print a total over rows of a table that stands on a page."""
        if not of.of:
            return sum_over(self.called(of.table, of.name), ())
        return self._over(of, of.table, lambda name: self.called(of.table, name))

    def _selected(self, figure: Figure) -> tuple[Callable[[str], str], list[str] | None]:
        """Return what prints the cells of a column that hold a figure's rows, and its criteria.

        The criteria stand once for each choice among several values; there are none, where the
        cell of one row is found by its code.
        """
        table = MEASURES[figure.measure].table
        criteria = [
            (self.called(table, column), values)
            for column, values in self.figures.criteria(figure)
            # A column that is on no page says the same in every row: it keeps all, or none.
            if (table, column) in self.on_a_page or not values
        ]
        key = self.called(table, UNIQUE.get(table, ""))
        codes = dict(criteria).get(key, ())
        if len(codes) == 1 == len(self.figures.rows(figure)):
            place = self._row_of(key, quoted(*codes), *self.figures.rows(figure))
            return lambda name: f"INDEX({self.called(table, name)},{place})", None
        return lambda name: self.called(table, name), each_of(criteria)

    def _unstated(self, figure: Figure) -> str:
        """Print how many of the amounts a figure needs are not stated."""
        measure = MEASURES[figure.measure]
        cells, chosen = self._selected(figure)
        counts = [
            f"COUNTIFS({cells(self._named(measure.table, name))},{quoted(NOT_STATED)}{each})"
            for name in columns_in(measure.expression)
            for each in ([""] if chosen is None else chosen)
        ]
        return "+".join(counts) or "0"

    def sum_of(self, cell: Sum) -> str:
        """Print a sum of the cells in which figures stand; of one that stands nowhere, of it."""
        return formula(Rounded(cell), self.printed)

    def printed(self, leaf: Any) -> str:
        """Print a leaf: the cell in which it stands; of one that stands nowhere, its formula."""
        match leaf:
            case InRow(table, column, row):
                page, start, place = self.on_a_page[table, column]
                return f"'{page}'!{xl_rowcol_to_cell(start + row, place, True, True)}"
            case Total(name, table=table, rows=(first, end)):
                page, start, place = self.on_a_page[table, name]
                ends = (
                    xl_rowcol_to_cell(start + row, place, col_abs=True) for row in (first, end - 1)
                )
                return f"SUM('{page}'!{':'.join(ends)})"
            case Named(name):
                return name
            case Total():
                return self.total(leaf)
            case Counted(column, text):
                return f"COUNTIFS({column},{quoted(text)})"
            case Unstated(figure):
                return self._unstated(figure)
        return self._in_row_at_hand.get(leaf) or self.place.get(leaf) or self.formula(leaf)

    def _named(self, table: str, name: str) -> str:
        """Return the column that stands on a page for this one: itself, or what it would repeat."""
        if (table, name) in self.on_a_page:
            return name
        return STANDS_FOR.get((table, name), name)

    def said(self, cell: InRow) -> dict[str, Any]:
        """Return what decides a row's expressions."""
        column = self.figures.column
        own = {name: column(cell.table, name)[cell.row] for name in _DECIDING.get(cell.table, ())}
        return self._decided(cell.table, own) if cell.table in ("shares", "limits") else own

    def in_full(self, expression: Expression, table: str, said: Mapping[str, Any]) -> Expression:
        """Return an expression with what it reads of columns that stand on no page put in."""
        nowhere: dict[Expression, Expression] = {
            Column(name): inlined
            for name in columns_in(expression)
            if (table, self._named(table, name)) not in self.on_a_page
            if (inlined := in_row(table, name, said)) is not None
        }
        whole = replaced(expression, nowhere)
        return whole if whole == expression else self.in_full(whole, table, said)

    def reference(self, at: int, table: str) -> Callable[[Leaf], str]:
        """Return what prints a column of the row at hand, or a total over rows of its page."""

        def own(name: str) -> str:
            *_, place = self.on_a_page[table, self._named(table, name)]
            return str(xl_rowcol_to_cell(at, place, col_abs=True))

        def above(name: str) -> str:
            _, start, place = self.on_a_page[table, self._named(table, name)]
            letter = xl_col_to_name(place, True)
            return f"{letter}${start}:{letter}{at}"

        def refer(leaf: Leaf) -> str:
            if isinstance(leaf, Column):
                return own(leaf.name)
            over = leaf.table or table

            def column(name: str) -> str:
                return above(name) if leaf.above else self.called(over, self._named(over, name))

            if leaf.of:
                return self._over(leaf, over, column)
            if near := self._near(leaf, table, at):
                return near
            said_so = f"{column(leaf.name)},{column(leaf.sharing)},{own(leaf.to or leaf.sharing)}"
            if leaf.before:
                said_so += f',{column(leaf.before)},"<"&{own(leaf.before)}'
            if leaf.up_to:
                said_so += f',{column(leaf.up_to)},"<="&{own(leaf.up_to)}'
            if leaf.sign:
                said_so += f',{column(leaf.name)},"{">" if leaf.sign > 0 else "<"}0"'
            return f"SUMIFS({said_so})"

        return refer

    def _near(self, leaf: Total, table: str, at: int) -> str:
        """Print a total over rows of one key, as of the row `at`, by where these rows stand.

        One of another table is looked up by its key; those of the own table stand one under
        another, as the rows of a pot do. Blank where neither is so: they are searched for.
        """
        key = leaf.to or leaf.sharing
        _, start, own = self.on_a_page[table, self._named(table, key)]
        row, over = at - start, leaf.table or table
        rows = self._rows_with(over, leaf.sharing).get(self.figures.column(table, key)[row], [])
        if leaf.sign or (rows and rows[-1] - rows[0] >= len(rows)):
            return ""
        _, first, place = self.on_a_page[over, self._named(over, leaf.name)]
        if over != table:
            if len(rows) != 1:
                return ""
            code = str(xl_rowcol_to_cell(at, own, col_abs=True))
            found = self._row_of(self.called(over, leaf.sharing), code, *rows)
            return f"INDEX({self.called(over, self._named(over, leaf.name))},{found})"
        if leaf.above:
            rows = [it for it in rows if it < row]
        for column, is_up_to in ((leaf.before, False), (leaf.up_to, True)):
            held = self.figures.column(table, column) if column else []
            rows = [it for it in rows if not held or held[it] < held[row] + is_up_to]
        ends = [xl_rowcol_to_cell(first + it, place, col_abs=True) for it in rows[:1] + rows[-1:]]
        return "0" if not rows else ends[0] if len(rows) == 1 else f"SUM({':'.join(ends)})"

    def _rows_with(self, table: str, column: str) -> dict[Any, list[int]]:
        """Return the rows of a table by what they have in a column; worked out once."""
        if (table, column) not in self._by_value:
            by_value: dict[Any, list[int]] = {}
            for row, held in enumerate(self.figures.column(table, column)):
                by_value.setdefault(held, []).append(row)
            self._by_value[table, column] = by_value
        return self._by_value[table, column]

    def _row_of(self, codes: str, code: str, row: int) -> str:
        """Print the place of a code among others, looked at first where it stood.

        It is looked for only where it was moved from its place: programs search unsorted codes from
        the top, for each line anew.
        """
        return f"IF(INDEX({codes},{row + 1})={code},{row + 1},MATCH({code},{codes},0))"

    def _over(self, leaf: Total, table: str, column: Callable[[str], str]) -> str:
        """Print a total over the rows that have certain values in some columns.

        A column that is on no page says the same in every row.
        """
        sign = f',{column(leaf.name)},"{">" if leaf.sign > 0 else "<"}0"' if leaf.sign else ""
        chosen = {name: values for name, values in leaf.of if (table, name) in self.on_a_page}
        for name in chosen.keys() & JOINED_CODES:
            labels = dict.fromkeys(self.figures.column(table, name))
            chosen[name] = tuple(v for v in labels if set(v.split("+")) & set(chosen[name]))
        said = [(column(name), values) for name, values in chosen.items()]
        sums = [f"SUMIFS({column(leaf.name)}{sign}{each})" for each in each_of(said)]
        return sums[0] if len(sums) == 1 else f"({'+'.join(sums) or 0})"


def each_of(criteria: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Print what rows are selected by, after a comma: once for each choice among several values.

    Args:
        criteria: names of columns, each with the values that a row may have in it.
    """
    named = [*criteria]
    return [
        "".join(f",{name},{quoted(it)}" for (name, _), it in zip(named, values, strict=True))
        for values in product(*(allowed for _, allowed in named))
    ]


def sum_over(amounts: str, criteria: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Print the sum of a column over the rows that each have one of some values in others."""
    chosen = [*criteria]
    if not chosen:
        return f"SUM({amounts})"
    return "+".join(f"SUMIFS({amounts}{each})" for each in each_of(chosen)) or "0"


def quoted(text: str) -> str:
    """Write text as a formula's text."""
    return '"' + text.replace('"', '""') + '"'

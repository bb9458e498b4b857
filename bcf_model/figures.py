"""The figure: a measure over a selection of rows. Every printed number is one.

Defined once here, a figure is computed (`value`), written into the workbook as a live formula
(`report.excel` prints the same expression), told in words (`Figure.words`) and compared with a
number printed in a paper (`model.published`).

It is written ``measure/key=value/key=value``; ``+`` joins several values of one key::

    variance/theme=4/organisation=SCC
    borne/category=A+B/bearer=CCG
    budget                                  (the whole pool)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.errors import UnknownFigure
from bcf_model.expressions import (
    RATE_DIGITS,
    Column,
    Expression,
    Leaf,
    Quotient,
    Total,
    WhereAboveNil,
    evaluate,
    words,
)

# Column expressions: row by row within a table. Sign: positive is an overspend.
VARIANCE: Final = Column("expenditure") - Column("budget")

POT_VARIANCE: Final = Total("variance", sharing="pot")
"""Over lines: the net variance of a pot. What follows is over the pot's shares."""

CUMULATIVE_WEIGHT: Final = Total("weight", sharing="pot", up_to="position")
TOTAL_WEIGHT: Final = Total("weight", sharing="pot")
BORNE: Final = Quotient(
    Column("variance") * Column("cumulative_weight"), Column("total_weight")
) - Quotient(
    Column("variance") * (Column("cumulative_weight") - Column("weight")), Column("total_weight")
)
"""Cumulative rounding: shares sum to the variance to the penny, in the agreement's order."""


IN_ROW: Final = {
    ("lines", "variance"): ("lines", VARIANCE),
    ("shares", "variance"): ("lines", POT_VARIANCE),
    ("shares", "cumulative_weight"): ("shares", CUMULATIVE_WEIGHT),
    ("shares", "total_weight"): ("shares", TOTAL_WEIGHT),
    ("shares", "borne"): ("shares", BORNE),
}
"""For each computed column of a table: the table its totals run over, and its expression."""


_T = TypeVar("_T")


@dataclass(frozen=True)
class Measure:
    """What is added up, and how it is shown.

    Attributes:
        name: as written in a figure.
        label: as printed in a heading.
        table: `lines` or `shares`: the table whose rows are selected.
        unit: `money` (pence in the engine, pounds in the workbook) or `rate`.
        expression: of totals over the selection; None for a number this pool's inputs do not
            hold, which a paper may print all the same.
        meaning: one sentence.
    """

    name: str
    label: str
    table: str
    unit: str
    expression: Expression | None
    meaning: str


_ALL: Final = (
    Measure("budget", "Budget", "lines", "money", Total("budget"), "Agreed budget of the year"),
    Measure(
        "expenditure", "Expenditure", "lines", "money", Total("expenditure"), "Outturn of the year"
    ),
    Measure(
        "variance",
        "Variance",
        "lines",
        "money",
        Total("variance"),
        "Expenditure − budget; positive is an overspend",
    ),
    Measure(
        "variance_percent",
        "Variance %",
        "lines",
        "rate",
        WhereAboveNil(Total("budget"), Quotient(Total("variance"), Total("budget"), RATE_DIGITS)),
        "Variance as a share of budget; blank where the budget is nil or negative",
    ),
    Measure(
        "borne",
        "Borne",
        "shares",
        "money",
        Total("borne"),
        "The part of a variance a partner bears under the agreement; positive is a cost to it",
    ),
    Measure(
        "closing_budget", "Closing budget", "lines", "money", None, "Budget as at the year end"
    ),
    Measure(
        "next_initial_budget",
        "Next year's initial budget",
        "lines",
        "money",
        None,
        "Initial budget of the following year",
    ),
    Measure(
        "budget_change",
        "Change in budget",
        "lines",
        "money",
        None,
        "Next year's initial budget − closing budget; positive is growth",
    ),
)
MEASURES: Final = {m.name: m for m in _ALL}

STATED: Final = "stated"
"""The measure of a number a paper states about something outside the pool: ``stated/its-name``."""

_COLUMN_OF: Final = {
    "lines": {
        "theme": "theme",
        "organisation": "organisation",
        "category": "category",
        "kind": "kind",
        "scheme": "scheme_id",
        "pooling": "pooling",
    },
    "shares": {
        "category": "category",
        "kind": "kind",
        "bearer": "bearer",
    },
}

Selection = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Figure:
    """A measure over a selection of rows.

    Attributes:
        measure: a key of `MEASURES`, or ``stated/<name>``.
        selection: (key, values) pairs, in the order of the keys above; empty for the whole pool.
            Lines are those of the pool unless `pooling` says otherwise.
    """

    measure: str
    selection: Selection = ()

    @staticmethod
    def of(measure: str, /, **selected: str) -> "Figure":
        """Make a figure from keywords; a value may join several with "+".

        Raises:
            UnknownFigure: the measure or a key does not exist.

        >>> str(Figure.of("variance", organisation="SCC", theme="4"))
        'variance/theme=4/organisation=SCC'
        """
        if measure not in MEASURES:
            message = f"no measure is called {measure!r}; there are {', '.join(MEASURES)}"
            raise UnknownFigure(message)
        known = _COLUMN_OF[MEASURES[measure].table]
        for key, values in selected.items():
            if key not in known:
                message = f"{measure} cannot be selected by {key!r}, only by {', '.join(known)}"
                raise UnknownFigure(message)
            if not all(values.split("+")):
                message = f"{key} has a blank value"
                raise UnknownFigure(message)
        return Figure(
            measure, tuple((k, tuple(selected[k].split("+"))) for k in known if k in selected)
        )

    @staticmethod
    def parse(text: str) -> "Figure":
        """Read a figure as written in a file or on the command line.

        Raises:
            UnknownFigure: it cannot be read.
        """
        measure, *parts = text.strip().split("/")
        if measure == STATED:
            if len(parts) != 1 or not parts[0]:
                message = "a stated number is written stated/<name>"
                raise UnknownFigure(message)
            return Figure(f"{STATED}/{parts[0]}")
        pairs = [part.partition("=") for part in parts]
        keys = [key for key, _, _ in pairs]
        if not all(sign for _, sign, _ in pairs) or len(set(keys)) < len(keys):
            message = "a selection is written key=value, each key once"
            raise UnknownFigure(message)
        return Figure.of(measure, **{key: value for key, _, value in pairs})

    @staticmethod
    def of_scope(scope: str) -> "Figure":
        """Give the figure that adds up the lines of a rule's scope: their budget.

        Raises:
            UnknownFigure: the scope cannot be read.
        """
        return Figure("budget") if scope == "pool" else Figure.parse(f"budget/{scope}")

    def __str__(self) -> str:
        """Write it as `parse` reads it."""
        return "/".join([self.measure, *(f"{k}={'+'.join(v)}" for k, v in self.selection)])

    @property
    def computable(self) -> bool:
        """Whether the engine computes this figure from the pool's own inputs."""
        return self.measure in MEASURES and MEASURES[self.measure].expression is not None

    @property
    def words(self) -> str:
        """Tell it in words: what is added up over which rows."""
        if self.measure not in MEASURES:
            return "stated by the paper about something outside the pool"
        measure = MEASURES[self.measure]
        if measure.expression is None:
            return measure.meaning
        where = " and ".join(f"{k} {' or '.join(v)}" for k, v in self.selection)
        rows = "lines" if measure.table == "lines" else "shares"
        return f"{words(measure.expression)}, over {rows} of {where or 'the whole pool'}"


class Ledger:
    """The tables figures select from. What is asked for twice is looked up once.

    Args:
        tables: `lines` (`tables.Lines`) and `shares` (`tables.Shares`), in whole pence.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Keep the tables."""
        self.tables = dict(tables)
        self._known: dict[tuple[Any, ...], Any] = {}

    def _once(self, make: Callable[..., _T], *asked: Any) -> _T:
        if (make, asked) not in self._known:
            self._known[make, asked] = make(*asked)
        return cast(_T, self._known[make, asked])

    def column(self, table: str, name: str) -> list[Any]:
        """Give a column as plain values."""
        return self._once(self._column, table, name)

    def _column(self, table: str, name: str) -> list[Any]:
        return self.tables[table][name].tolist()

    def criteria(self, figure: Figure) -> list[tuple[str, list[str]]]:
        """Give the columns a figure selects by, each with the values its rows may have.

        Lines are those of the pool, unless the figure says otherwise. A share that several
        categories bear together is labelled with all of them ("A+B"); it belongs to a selection
        that names every one.
        """
        return self._criteria(MEASURES[figure.measure].table, figure.selection)

    def _criteria(self, table: str, selection: Selection) -> list[tuple[str, list[str]]]:
        chosen = list(selection)
        if table == "lines" and not any(key == "pooling" for key, _ in chosen):
            chosen.append(("pooling", ("pooled",)))
        found = []
        for key, values in chosen:
            column = _COLUMN_OF[table][key]
            places = self._once(self._places, table, column)
            held = [value for value in dict.fromkeys(values) if value in places]
            if (table, key) == ("shares", "category"):
                held += [v for v in places if "+" in v and set(v.split("+")) <= set(values)]
            found.append((column, held))
        return found

    def rows(self, figure: Figure) -> NDArray[np.intp]:
        """Give the positions of the rows that a figure adds up, in order."""
        table = MEASURES[figure.measure].table
        return self._once(self._rows, table, figure.selection)

    def _rows(self, table: str, selection: Selection) -> NDArray[np.intp]:
        nowhere, everywhere = np.zeros(0, dtype=np.intp), np.arange(len(self.tables[table]))
        held = [
            np.concatenate([nowhere, *(places[value] for value in values)])
            for column, values in self._criteria(table, selection)
            for places in [self._once(self._places, table, column)]
        ]
        # From the fewest rows on, so that one line of a large pool is found at once.
        held.sort(key=len)
        found = held[0] if held else everywhere
        for among in held[1:]:
            if len(among) < len(everywhere):
                found = found[np.isin(found, among, assume_unique=True)]
        return np.sort(found)

    def _places(self, table: str, column: str) -> dict[str, NDArray[np.intp]]:
        """Give for each value of a column the positions of its rows."""
        found = self.tables[table].groupby(column, sort=False, observed=True).indices
        return cast(dict[str, NDArray[np.intp]], found)

    def value(self, figure: Figure) -> int | float | None:
        """Compute a figure.

        Returns:
            Whole pence, or a rate; None where a rate is blank. A selection of no rows is nil.

        Raises:
            UnknownFigure: the pool's inputs do not hold it.
        """
        if not figure.computable:
            message = f"{figure} is not computed from this pool's inputs"
            raise UnknownFigure(message)
        return self._once(self._value, figure)

    def _value(self, figure: Figure) -> int | float | None:
        measure = MEASURES[figure.measure]
        assert measure.expression is not None  # computable
        rows = self.rows(figure)

        def total(leaf: Leaf) -> Any:
            column = self._once(self._array, measure.table, leaf.name)
            return np.array([column[rows].sum(dtype=np.int64)])

        result = evaluate(measure.expression, total)[0]
        if measure.unit == "money":
            return int(result)
        return None if np.isnan(result) else float(result)

    def _array(self, table: str, name: str) -> NDArray[np.int64]:
        return self.tables[table][name].to_numpy()

    def pence(self, figure: Figure) -> int:
        """Compute a figure that is an amount of money, in whole pence."""
        value = self.value(figure)
        if not isinstance(value, int):
            message = f"{figure} is not an amount of money"
            raise UnknownFigure(message)
        return value

    def amounts_behind(self, figure: Figure) -> int:
        """Count the lines behind a figure; for a share, the lines of every pot it has part in."""
        rows = self.rows(figure)
        if MEASURES[figure.measure].table == "lines":
            return len(rows)
        pots = self.tables["shares"]["pot"].iloc[rows]
        return int(self.tables["lines"]["pot"].isin(pots).sum())


def totals(frame: pd.DataFrame, measure: str) -> Any:
    """Evaluate a measure on rows that already are totals: one value for each row of the frame."""
    expression = MEASURES[measure].expression
    assert expression is not None
    return evaluate(expression, lambda leaf: frame[leaf.name].to_numpy())


def row_by_row(frame: pd.DataFrame, expression: Expression) -> Any:
    """Evaluate a column expression on each row of a table; totals share a key within the table."""

    def leaf(node: Leaf) -> Any:
        column = frame[node.name]
        if isinstance(node, Total):
            grouped = column.groupby(frame[node.sharing], sort=False)
            # A running total follows the rows, which stand in the order of `up_to`.
            column = grouped.cumsum() if node.up_to else grouped.transform("sum")
        return column.to_numpy()

    return evaluate(expression, leaf)


def blank_reason(budget: int) -> str:
    """Say why a percentage of budget is blank: the budget is nil or negative."""
    if budget > 0:
        return ""
    return "no %: budget is nil" if budget == 0 else "no %: budget is negative"

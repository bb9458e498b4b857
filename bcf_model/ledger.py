"""The tables figures select from, and what any figure comes to."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.errors import UnknownFigure
from bcf_model.expressions import Leaf, evaluate
from bcf_model.figures import COLUMN_OF, MEASURES, Figure, Selection

_T = TypeVar("_T")


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
            column = COLUMN_OF[table][key]
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

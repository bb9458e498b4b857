"""The tables figures select from, and what any figure comes to."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.errors import NotHeld, UnknownFigure
from bcf_model.expressions import Leaf, columns_in, evaluate
from bcf_model.figures import COLUMN_OF, JOINED, MEASURES, Figure, Selection
from bcf_model.findings import one_of
from bcf_model.vocabulary import NOT_STATED, POOLINGS

_T = TypeVar("_T")
_ALL = "+".join(POOLINGS)
_NOWHERE = {NOT_STATED, ""}
"""What a stated budget has in a column by which it is not stated."""


class Ledger:
    """The tables figures select from. What is asked for twice is looked up once.

    Args:
        tables: `lines` (`tables.Lines`), `shares` (`tables.Shares`), `budgets`
            (`tables.StatedBudgets`; none where no budget is stated) and the facts behind them, in
            whole pence.
        codes: the codes a key may name, where the lines do not say.
        not_given: tables of which no figure is given, each with the reason: such a figure is
            blank.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        codes: Mapping[str, Sequence[str]] | None = None,
        not_given: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the tables."""
        self.tables = dict(tables)
        self.codes = dict(codes or {})
        self._not_given = dict(not_given or {})
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
            if table == "shares" and key in JOINED:
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

    def not_given(self, figure: Figure) -> str:
        """Return why a figure is not given; blank where it is."""
        return self._not_given.get(MEASURES[figure.measure].table, "")

    def value(self, figure: Figure) -> int | float | None:
        """Compute a figure.

        Returns:
            Whole pence, or a rate; None where a rate is blank, or the figure is not given. Codes
            that are declared but have no rows give nil.

        Raises:
            NotHeld: the pool's inputs do not hold it.
            UnknownFigure: it names a code they do not know, or what is shared together.
        """
        if not figure.computable:
            message = f"{figure} is not computed from this pool's inputs"
            raise NotHeld(message)
        self._once(self._require, figure)
        return None if self.not_given(figure) else self._once(self._value, figure)

    def _require(self, figure: Figure) -> None:
        """See that a figure names codes that exist, and what can be told apart."""
        table = MEASURES[figure.measure].table
        for key, values in figure.selection:
            known = self._once(self._declared, key)
            for value in values:
                if known and value not in known:
                    message = f"{figure}: there is no {key} {value!r}; {one_of(known, value)}"
                    raise UnknownFigure(message)
        chosen = dict(figure.selection)
        if table == "shares":
            self._require_apart(figure)
        if table == "budgets":
            self._require_stated(figure)
        if table == "lines" and "scheme" in chosen and not len(self.rows(figure)):
            everywhere = Figure.of(figure.measure, scheme="+".join(chosen["scheme"]), pooling=_ALL)
            if "pooling" not in chosen and len(self.rows(everywhere)):
                message = f"{figure}: the scheme is aligned; add /pooling=aligned"
                raise UnknownFigure(message)

    def _require_apart(self, figure: Figure) -> None:
        """See that no share a figure reaches is of further themes or categories as well."""
        joined = {key: set(values) for key, values in figure.selection if key in JOINED}
        rest = tuple((key, values) for key, values in figure.selection if key not in JOINED)
        rows = self._once(self._rows, "shares", rest)
        labels = self.tables["shares"][[*joined]].iloc[rows].drop_duplicates()
        for row in labels.to_dict("records"):
            parts = {key: set(str(row[key]).split("+")) for key in joined}
            reached = all(parts[key] & joined[key] for key in joined)
            for key, named in joined.items():
                if reached and not parts[key] <= named:
                    message = f"{figure}: {key} {row[key]} are shared together, and not apart"
                    raise UnknownFigure(message)

    def _require_stated(self, figure: Figure) -> None:
        """See that the budgets a figure adds up are stated, and by what it selects them by."""
        table = self.tables.get("budgets")
        for name in columns_in(MEASURES[figure.measure].expression):
            stated = None if table is None else table[table[f"{name}_step"] > 0]
            if stated is None or stated.empty:
                message = f"{figure} is not computed from this pool's inputs"
                raise NotHeld(message)
            for key, values in figure.selection:
                stated = stated[stated[COLUMN_OF["budgets"][key]].isin([*values, *_NOWHERE])]
            for key, _ in figure.selection:
                if stated[COLUMN_OF["budgets"][key]].isin(_NOWHERE).any():
                    message = f"{figure}: the {name.replace('_', ' ')} is not stated by {key}"
                    raise NotHeld(message)

    def _declared(self, key: str) -> Mapping[str, Any]:
        """Give the codes a key may name, as keys; none where the tables do not say."""
        home = {"scheme": "scheme_id", "rule": "rule_id"}.get(key, key)
        if key in self.codes:
            return dict.fromkeys(self.codes[key])
        column = self.tables["lines"].get(home)
        if column is None:
            return {}
        if isinstance(column.dtype, pd.CategoricalDtype):
            return dict.fromkeys(map(str, column.cat.categories))
        return self._once(self._places, "lines", home) if key == "scheme" else {}

    def _value(self, figure: Figure) -> int | float | None:
        measure = MEASURES[figure.measure]
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

    def together(self, plus: Sequence[Figure], minus: Sequence[Figure] = ()) -> int | None:
        """Add amounts of money up, less others, in whole pence; None where one is not given."""
        if any(map(self.not_given, (*plus, *minus))):
            return None
        return sum(map(self.pence, plus)) - sum(map(self.pence, minus))

    def pence(self, figure: Figure) -> int:
        """Compute a figure that is an amount of money, in whole pence.

        Raises:
            NotHeld: it is not given, or as `value`.
            UnknownFigure: it is no amount of money, or as `value`.
        """
        value = self.value(figure)
        if reason := self.not_given(figure):
            message = f"{figure} is not given: {reason}"
            raise NotHeld(message)
        if not isinstance(value, int):
            message = f"{figure} is not an amount of money"
            raise UnknownFigure(message)
        return value

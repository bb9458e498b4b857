"""The tables figures select from, and what any figure comes to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.errors import NotHeld, NotStated, UnknownFigure
from bcf_model.core.expressions import (
    Expression,
    If,
    InRow,
    Leaf,
    Total,
    columns_in,
    evaluate,
    references_in,
)
from bcf_model.core.figures import (
    COLUMN_OF,
    JOINED,
    MEASURES,
    OF_INDICATORS,
    OF_ONE_ROW,
    SAID_BY,
    Figure,
    Measure,
    Measures,
    Selection,
    Unstated,
    amounts_and_keys,
    scope_parts,
)
from bcf_model.core.findings import listed, one_of
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.words import NOT_STATED, POOLINGS

_T = TypeVar("_T")
_ALL = "+".join(POOLINGS)
_NOWHERE = {NOT_STATED, ""}
"""What a stated budget has in a column by which it is not stated."""
_KNOWN_BY: Final = {"given": "expenditure", "unattributed": "variance"}
"""For a column of the lines, the one whose step says whether it is known, if it is another."""


class Ledger:
    """The tables figures select from. What is asked for twice is looked up once.

    Args:
        tables: `lines` (`tables.Lines`), `shares` (`tables.Shares`), `budgets`
            (`tables.StatedBudgets`; none where no budget is stated) and the facts behind them, in
            whole pence; and `unshared` (`agreement.unknown_variances`), where it is not known who
            bears what.
        codes: the codes a key may name, where the lines do not say.
        not_given: tables of which no figure is given, each with the reason: such a figure is
            blank.
        measures: what may be asked for; of other tables than those of a year end, a figure that
            is blank in a row is not known, and a code is one that a row has.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        codes: Mapping[str, Sequence[str]] | None = None,
        not_given: Mapping[str, str] | None = None,
        measures: Measures = MEASURES,
    ) -> None:
        """Keep the tables."""
        self.tables = dict(tables)
        self.measures = measures
        self.codes = dict(codes or {})
        self._not_given = dict(not_given or {})
        self._known: dict[tuple[Any, ...], Any] = {}

    @classmethod
    def over(cls, tables: Mapping[str, pd.DataFrame], models: Mapping[str, Any]) -> "Ledger":
        """Return what gives the figures of tables that are written, each a `tables.Table`."""
        return cls(tables, measures=Measures(*amounts_and_keys(models), {}))

    def _once(self, make: Callable[..., _T], *asked: Any) -> _T:
        key = make.__name__, *asked
        try:
            value: _T = self._known[key]
        except KeyError:
            value = self._known[key] = make(*asked)
        return value

    def column(self, table: str, name: str) -> list[Any]:
        """Return a column as plain values."""
        return self._once(self._column, table, name)

    def _column(self, table: str, name: str) -> list[Any]:
        return self.tables[table][name].tolist()

    def array(self, table: str, name: str) -> NDArray[Any]:
        """Return a column as an array."""
        return self._once(self._array, table, name)

    def criteria(self, figure: Figure) -> list[tuple[str, list[str]]]:
        """Return the columns a figure selects by, each with the values its rows may have.

        Lines are those of the pool, unless the figure says otherwise. A share that several
        categories bear together is labelled with all of them ("A+B"); it belongs to a selection
        that names every one.
        """
        return self._criteria(*self._of_measure(figure))

    def _of_measure(self, figure: Figure) -> tuple[str, Selection]:
        """Return the table of a figure, and its selection with what is usual of its measure."""
        table, selection = self.measures[figure.measure].table, figure.selection
        if usual := self.measures.usual_of.get(figure.measure):
            named = {key for key, _ in selection}
            named |= {SAID_BY[key] for key in named & SAID_BY.keys()}
            selection = (*selection, *(it for it in usual if it[0] not in named))
        return table, selection

    def _criteria(self, table: str, selection: Selection) -> list[tuple[str, list[str]]]:
        named = {key for key, _ in selection}
        usual = [it for it in self.measures.usual.get(table, ()) if it[0] not in named]
        found = []
        for key, values in (*selection, *usual):
            column = self.measures.columns[table][key]
            places = self._once(self._places, table, column)
            held = [value for value in dict.fromkeys(values) if value in places]
            if table == "shares" and key in JOINED:
                held += [v for v in places if "+" in v and set(v.split("+")) <= set(values)]
            found.append((column, held))
        return found

    def rows(self, figure: Figure) -> NDArray[np.intp]:
        """Return the positions of the rows that a figure adds up, in order."""
        return self._once(self._rows, *self._of_measure(figure))

    def _rows(self, table: str, selection: Selection) -> NDArray[np.intp]:
        nowhere, everywhere = np.zeros(0, dtype=np.intp), np.arange(len(self.tables[table]))
        criteria = self._criteria(table, selection)
        held = [
            np.concatenate([nowhere, *(places[value] for value in values)])
            for column, values in criteria
            for places in [self._once(self._places, table, column)]
        ]
        if not held:
            return everywhere
        # From the fewest rows on, so that one line of a large pool is found at once.
        fewest = min(range(len(held)), key=lambda i: len(held[i]))
        found = held[fewest]
        for i, (column, values) in enumerate(criteria):
            if i != fewest and len(held[i]) < len(everywhere):
                numbers, number_of = self._once(self._numbered, table, column)
                wanted = np.zeros(len(number_of) + 1, dtype=np.bool_)  # at last, of no value
                wanted[[number_of[value] for value in values]] = True
                found = found[wanted[numbers[found]]]
        return np.sort(found)

    def _numbered(self, table: str, column: str) -> tuple[NDArray[np.intp], dict[str, int]]:
        """Return a number for the value of each row of a column, and that of each value."""
        numbers = np.full(len(self.tables[table]), -1, dtype=np.intp)
        number_of = {}
        for number, (value, rows) in enumerate(self._once(self._places, table, column).items()):
            numbers[rows] = number_of[value] = number
        return numbers, number_of

    def _places(self, table: str, column: str) -> dict[str, NDArray[np.intp]]:
        """Return for each value of a column the positions of its rows."""
        codes, values = pd.factorize(self.tables[table][column].array)
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes + 1, minlength=len(values) + 1))
        return dict(zip(map(str, values), np.split(order, ends)[1:], strict=False))

    def not_given(self, figure: Figure) -> str:
        """Return why no figure of its table is given; blank where one may be."""
        return self._not_given.get(self.measures[figure.measure].table, "")

    def value(self, figure: Figure) -> int | float | None:
        """Compute a figure.

        Returns:
            Whole pence, or a rate; None where a rate is blank, and where something that is needed
            is not stated (`lacks`). Codes that are declared but have no rows give nil.

        Raises:
            NotHeld: the pool's inputs do not hold it.
            UnknownFigure: it names a code they do not know, or what is shared together.
        """
        if figure.measure not in self.measures:
            message = f"{figure} is not computed from this pool's inputs"
            raise NotHeld(message)
        self._once(self._require, figure)
        return self._once(self._value, figure)

    def _require(self, figure: Figure) -> None:
        """Check that a figure names codes that exist, and what can be told apart."""
        table = self.measures[figure.measure].table
        for key, values in figure.selection:
            if table in COLUMN_OF:
                known = self._once(self._declared, key)
            elif table not in self.tables or self.tables[table].empty:
                whose = {
                    **dict.fromkeys(OF_INDICATORS, "pool has no indicators"),
                    "price_volume": "pool states no volumes",
                }.get(table, f"scenario has no rows of {table}")
                message = f"{figure} is not computed: the {whose}"
                raise NotHeld(message)
            elif key in self.codes:
                known = self._declared(key)
            else:
                known = self._once(self._places, table, self.measures.columns[table][key])
            for value in values:
                if (known or table not in COLUMN_OF) and value not in known:
                    message = f"{figure}: there is no {key} {value!r}; {one_of(known, value)}"
                    raise UnknownFigure(message)
        chosen = dict(figure.selection)
        if table == "shares":
            self._require_apart(figure)
        if table == "budgets":
            self._require_stated(figure)
        if table in OF_ONE_ROW:
            self._require_one(figure)
        if table == "lines" and "scheme" in chosen and not len(self.rows(figure)):
            everywhere = Figure.of(figure.measure, scheme="+".join(chosen["scheme"]), pooling=_ALL)
            if "pooling" not in chosen and len(self.rows(everywhere)):
                message = f"{figure}: the scheme is aligned; add /pooling=aligned"
                raise UnknownFigure(message)

    def _require_one(self, figure: Figure) -> None:
        """Check that a figure is of one number of an indicator or a split: none is added up."""
        if not len(self.rows(figure)):
            message = f"{figure} is not computed: nothing is stated of that period"
            raise NotHeld(message)
        if len(self.rows(figure)) > 1:
            keys = ", ".join(self.measures.columns[self.measures[figure.measure].table])
            message = f"{figure} is not of one number alone: name one by {keys}"
            raise UnknownFigure(message)

    def _require_apart(self, figure: Figure) -> None:
        """Check that no share a figure reaches is of further themes or categories as well."""
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
        """Check that the budgets a figure adds up are stated, and by what it selects them by."""
        for name in columns_in(self.measures[figure.measure].expression):
            rows = self._once(self._stating, name)
            if not rows:
                message = f"{figure} is not computed from this pool's inputs"
                raise NotHeld(message)
            columns = {key: self.column("budgets", COLUMN_OF["budgets"][key])
                       for key, _ in figure.selection}  # fmt: skip
            for key, values in figure.selection:
                rows = [row for row in rows if columns[key][row] in {*values, *_NOWHERE}]
            for key, column in columns.items():
                if any(column[row] in _NOWHERE for row in rows):
                    message = f"{figure}: the {name.replace('_', ' ')} is not stated by {key}"
                    raise NotHeld(message)

    def _stating(self, name: str) -> list[int]:
        """Return the rows of the stated budgets that state a version."""
        if "budgets" not in self.tables:
            return []
        return [i for i, step in enumerate(self.column("budgets", step_of(name))) if step > 0]

    def _declared(self, key: str) -> Mapping[str, Any]:
        """Return the codes a key may name, as keys; none where the tables do not say."""
        home = {"scheme": "scheme_id", "rule": "rule_id"}.get(key, key)
        if key in self.codes:
            return dict.fromkeys(self.codes[key])
        column = self.tables["lines"].get(home)
        if column is None:
            return {}
        if isinstance(column.dtype, pd.CategoricalDtype):
            return dict.fromkeys(map(str, column.cat.categories))
        return self._once(self._places, "lines", home) if key == "scheme" else {}

    def lacks(self, figure: Figure) -> str:
        """Return what a figure needs that nobody stated; "" where it has all it needs.

        The reason of a blank, in words that follow "not given: ".
        """
        if figure.measure not in self.measures:
            return ""
        if reason := self.not_given(figure):
            return reason
        return self._once(self._lacks, figure.measure, figure.selection)

    def _lacks(self, name: str, selection: Selection) -> str:
        measure = self.measures[name]
        if measure.table == "budgets":
            return self._unstated_budgets(measure, selection)
        if measure.table == "shares":
            rows = self._lacking(selection)
            if not len(rows):
                return ""
            codes = self.column("unshared", "scheme_id")
            unknown = listed([*dict.fromkeys(codes[row] for row in rows)])
            return f"who bears the variance of {unknown} is not known"
        if measure.table in OF_ONE_ROW:
            return self._unknown_number(measure, selection)
        if measure.table not in COLUMN_OF:
            rows = self._once(self._rows, measure.table, selection)
            blank = [name for name in columns_in(measure.expression)
                     if self._once(self._blank, measure.table, name)[rows].any()]  # fmt: skip
            return f"the {listed(blank).replace('_', ' ')} is not known" if blank else ""
        found = []
        for column in dict.fromkeys(_KNOWN_BY.get(n, n) for n in columns_in(measure.expression)):
            marks = self._unknown(measure.table, column)
            if not marks.any():
                continue
            rows = self._once(self._rows, measure.table, selection)
            if len(lost := rows[marks[rows]]):
                schemes = self.column(measure.table, "scheme_id")
                lines = [schemes[row] for row in lost]
                verb = "known" if column == "variance" else "stated"
                found.append(f"the {column} of {listed(lines)} is not {verb}")
        return " and ".join(found)

    def _unknown_number(self, measure: Measure, selection: Selection) -> str:
        """Return why a number of an indicator, or of a split, is not known."""
        rows = self._once(self._rows, measure.table, selection)
        names = [*columns_in(measure.expression)]
        if not any(self._once(self._blank, measure.table, name)[rows].any() for name in names):
            return ""
        reason = self.column(measure.table, "reason")[rows[0]]
        return str(reason) or f"the {listed(names)} is not known"

    def _blank(self, table: str, name: str) -> NDArray[np.bool_]:
        return self.tables[table][name].isna().to_numpy()

    def lacking(self, figure: Figure) -> NDArray[np.intp]:
        """Return the rows of `unshared` that say why a figure of shares is blank."""
        return self._once(self._lacking, figure.selection)

    def _lacking(self, selection: Selection) -> NDArray[np.intp]:
        if "unshared" not in self.tables:
            return np.zeros(0, dtype=np.intp)
        return self._rows("unshared", selection)

    def unknown(self, table: str, column: str, row: int) -> bool:
        """Return whether an amount of one row is not known, and so no nil."""
        return bool(self._unknown(table, _KNOWN_BY.get(column, column))[row])

    def total(self, of: Total) -> int | None:
        """Add a column up over the rows it says, in pence; None where an amount is not known."""
        rows: Iterable[int] = range(len(self.tables[of.table]))
        for i, (name, values) in enumerate(of.of):
            places = self._once(self._places, of.table, name)
            column = self.column(of.table, name)
            rows = [row for row in rows if str(column[row]) in values] if i else [
                row for value in values for row in places.get(value, ())
            ]  # fmt: skip
        unknown, chosen = self._unknown(of.table, _KNOWN_BY.get(of.name, of.name)), [*rows]
        return None if unknown[chosen].any() else self._total(of.table, of.name, chosen)

    def _unknown(self, table: str, name: str) -> NDArray[np.bool_]:
        """Mark the rows in which an amount is not known: those whose step is nil."""
        return self._once(self._marked, table, name)

    def _marked(self, table: str, name: str) -> NDArray[np.bool_]:
        frame = self.tables[table]
        if step_of(name) not in frame:
            return frame[name].isna().to_numpy(dtype=bool)
        # Of a stated budget nil says that the row is of the other version.
        step = np.asarray(frame[step_of(name)])
        return step < 0 if table == "budgets" else step == 0

    def _unstated_budgets(self, measure: Measure, selection: Selection) -> str:
        """Return what is not stated of the budgets that are added up, or set side by side.

        Of each code that is asked for something is stated; a change is of two budgets, each of
        which is stated of every theme, organisation and scheme that the other is stated of. What
        one leaves out is not nil.
        """
        rows = self._rows("budgets", selection).tolist()
        columns = [c for c in COLUMN_OF["budgets"].values() if c in self.tables["budgets"]]
        told = [c for c in columns if c != "kind" and _NOWHERE.isdisjoint(self._codes_in(c))]
        stated, unstated = {}, []
        for name in columns_in(measure.expression):
            step, label = self.column("budgets", step_of(name)), f"the {name.replace('_', ' ')} of "
            places = {self._place(told, row) for row in rows if step[row] != 0}
            stated[name] = label, places
            for key, values in selection:
                codes = self._once(self._codes_of, name, COLUMN_OF["budgets"][key])
                unstated += [f"{label}{key} {value}" for value in values if value not in codes]
            unstated += [
                label + _spelt(columns, self._place(columns, row)) for row in rows if step[row] < 0
            ]
        everywhere = sorted({place for _, places in stated.values() for place in places})
        for label, places in stated.values():
            unstated += [label + _spelt(told, it) for it in everywhere if it not in places]
        return f"{listed([*dict.fromkeys(unstated)])} is not stated" if unstated else ""

    def _place(self, columns: Sequence[str], row: int) -> tuple[str, ...]:
        """Return what is stated of the place of a budget: its theme, organisation and so on."""
        return tuple(self.column("budgets", column)[row] for column in columns)

    def _codes_in(self, column: str) -> Mapping[str, Any]:
        return self._once(self._places, "budgets", column)

    def _codes_of(self, name: str, column: str) -> set[str]:
        """Return the codes of which a version is stated, or said to be unknown."""
        steps = self.column("budgets", step_of(name))
        return {code for code, step in zip(self.column("budgets", column), steps, strict=True)
                if step != 0}  # fmt: skip

    def _value(self, figure: Figure) -> int | float | None:
        return None if self.lacks(figure) else self.so_far(figure)

    def so_far(self, figure: Figure) -> int | float | None:
        """Compute a figure from what is stated, whatever it lacks: for checks, never for pages."""
        measure = self.measures[figure.measure]
        rows = self.rows(figure)

        def total(leaf: Leaf) -> Any:
            return np.array([self._total(measure.table, leaf.name, rows)])

        result = evaluate(measure.expression, total)[0]
        if measure.unit != "rate":
            return int(result)
        return None if np.isnan(result) else float(result)

    def _total(self, table: str, name: str, rows: Any) -> int:
        """Evaluate a total: a column over some rows, in pence."""
        return int(self.array(table, name)[rows].astype(np.int64).sum())

    def _array(self, table: str, name: str) -> NDArray[Any]:
        return self.tables[table][name].to_numpy()

    def amount(self, expression: Expression) -> int | None:
        """Compute an expression of figures in whole pence; None where one of them is not given."""
        if any(self.value(figure) is None for figure in references_in(expression)):
            return None
        return int(evaluate(expression, self.pence))

    def text(self, choice: If) -> str:
        """Return the text that a choice between texts comes to."""
        return str(evaluate(choice, self._leaf))

    def _leaf(self, leaf: Any) -> Any:
        """Return what a leaf comes to: pence, a count, or the text of a cell."""
        match leaf:
            case InRow(table, column, row):
                return self.column(table, column)[row]
            case Total():
                return self.total(leaf)
            case Unstated(figure):
                return self._count_unstated(figure)
            case Figure() if self.measures[leaf.measure].unit == "number":
                return self.value(leaf)
        return self.pence(leaf)

    def figure_of(self, cell: InRow) -> Figure | None:
        """Return the figure that a cell of a table of `OF_ONE_ROW` is; None of any other."""
        keys = OF_ONE_ROW.get(cell.table)
        if keys is None:
            return None
        where = {key: self.column(cell.table, of)[cell.row] for key, of in keys.items()}
        of_column = (name for name, it in self.measures.items()
                     if (it.table, it.expression) == (cell.table, Total(cell.column)))  # fmt: skip
        name = next(of_column, "")
        return self.measures.figure(name, where) if name else None

    def _count_unstated(self, figure: Figure) -> int:
        measure, rows = self.measures[figure.measure], self.rows(figure)
        names = [_KNOWN_BY.get(name, name) for name in columns_in(measure.expression)]
        return int(np.count_nonzero([self._unknown(measure.table, it)[rows] for it in names]))

    def pence(self, figure: Figure) -> int:
        """Compute a figure that is an amount of money, in whole pence.

        Raises:
            NotStated: it is not given, for something it needs is not stated.
            UnknownFigure: as `value`; or it is no amount of money.
        """
        value = self.value(figure)
        if value is None and (reason := self.lacks(figure)):
            message = f"{figure} is not given: {reason}"
            raise NotStated(message)
        if self.measures[figure.measure].unit != "money" or not isinstance(value, int):
            message = f"{figure} is not an amount of money"
            raise UnknownFigure(message)
        return value


def _spelt(columns: Sequence[str], place: Sequence[str]) -> str:
    """Return a place in words: what is known of it."""
    known = zip(columns, place, strict=True)
    said = [f"{column.removesuffix('_id')} {v}" for column, v in known if v not in _NOWHERE]
    return ", ".join(said) or "the whole"


Covered = Callable[[str], NDArray[np.bool_]]
"""Marks the lines that a scope names."""
Named = Callable[[str], NDArray[np.intp]]
"""Gives the positions of the lines that a scope names."""


def cover_of(lines: pd.DataFrame) -> Covered:
    """Return what marks the pooled lines a scope names, as `named_by` finds them."""
    named = named_by(lines)

    @cache
    def covered(scope: str) -> NDArray[np.bool_]:
        marked = np.zeros(len(lines), dtype=bool)
        marked[named(scope)] = True
        return marked

    return covered


def named_by(lines: pd.DataFrame) -> Named:
    """Return what finds the pooled lines a scope names, whatever their cause.

    A line whose category is not stated is never among them.
    """
    ledger = Ledger({"lines": lines})
    stated = (lines["category"] != NOT_STATED).to_numpy()

    @cache
    def named(scope: str) -> NDArray[np.intp]:
        rows = ledger.rows(scope_parts(scope)[0])
        return rows[stated[rows]]

    return named

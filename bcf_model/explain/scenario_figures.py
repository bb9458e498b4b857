"""The figures of a scenario: what can be asked for, and how each came about, down to a row.

A figure of the walk is told by `bridge`, what is borne by `plan_shares`. A figure of another table
is told by its rows: how each follows from its own columns, and what was typed for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from bcf_model.core.expressions import Column, Expression, columns_in, words
from bcf_model.core.figures import Figure
from bcf_model.core.money import sterling
from bcf_model.core.tables import records
from bcf_model.core.years import spoken, year_before
from bcf_model.explain import bridge, funding, prevention, savings
from bcf_model.explain.plan_shares import share
from bcf_model.explain.scenario_facts import (
    FORMS,
    ScenarioFacts,
    typed_node,
    value_in_words,
    worked_node,
)
from bcf_model.explain.tree import Node
from bcf_model.plan import rollout
from bcf_model.plan.figures import MEASURES, TABLE_OF, consists_of
from bcf_model.plan.savings import HOLDS_FOR
from bcf_model.plan.words import ALL, PERCENT
from bcf_model.plan.worked_columns import OF_PROGRAMMES

FOLLOWS: Final[dict[tuple[str, str], Expression]] = {
    ("gap", "gap"): Column("spending") - Column("funding"),
    ("gap", "spending"): Column("held") + Column("borne"),
    ("gap", "funding"): Column("recurrent") + Column("non_recurrent"),
    ("funding_sources", "amount"): Column("recurrent") + Column("non_recurrent"),
    ("funding_sources", "closing"): Column("opening") - Column("amount"),
    ("agreed", "variance"): Column("expenditure") - Column("budget"),
    ("positions", "net"): Column("released") - Column("invested"),
    ("payback", "net"): Column("released") - Column("invested"),
    ("prevention", "not_released"): Column("cashable") - Column("released"),
}
"""Columns that follow from others of their row; those of savings `plan.savings` gives."""
NAMES: Final = {
    "cause": bridge.NAMED_BY_CAUSE,
    "programme": {"savings": "programme"},
    "line": {"planned_activity": "scheme_id"},
}
"""A column of a calculated table that names rows of what was typed: the tables and their columns.
"""
SPENT: Final = {
    ("agreed", "expenditure"): {"year": "financial_year", "line": "line"},
}
"""Columns that are closing budgets, with the keys that select these."""
TO_COME: Final = Column("part_year_effect") - Column("plan_to_date")
"""What of a saving is still to come, on which the percentage of delivery acts."""
_SAID: Final = {"whole", "share", "quantity", "text"}
"""Forms of the columns of a row that are told beside its amount."""
_KEYS: Final = {
    "year": "financial_year", "partner": "partner", "bearer": "bearer", "programme": "programme",
    "payer": "payer", "beneficiary": "beneficiary", "group": "group", "measure": "measure",
    "line": "line", "organisation": "organisation", "funding": "funding", "step": "step",
    "cause": "cause", "side": "side", "part": "part",
}  # fmt: skip
"""Keys that name a row of a table, each with its column; other texts describe it."""


class Scenario(ScenarioFacts):
    """A calculated scenario, and the derivations of its figures."""

    def names(self) -> list[str]:
        """Name the figures of its reports: of each table by its keys, row by row."""
        return [str(it) for it in dict.fromkeys(self._named())]

    def _named(self) -> Iterator[Figure]:
        for year in self.projection.years:
            yield Figure("closing", (("year", (year,)),))
        walk = self.figures.tables["walk"]
        for key in ("group", "organisation", "line"):
            for year, code in walk[["financial_year", key]].drop_duplicates().to_numpy().tolist():
                yield Figure("closing", (("year", (year,)), (key, (code,))))
        for year, step in walk[["financial_year", "step"]].drop_duplicates().to_numpy().tolist():
            yield Figure("change", (("year", (year,)), ("step", (step,))))
        for name, measure in MEASURES.items():
            table = self.figures.tables[measure.table]
            if measure.table in ("walk", "plan") or table.empty:
                continue
            keys = {k: c for k, c in MEASURES.columns[measure.table].items() if k in _KEYS}
            chosen = table[[*keys.values()]]
            for row in chosen.drop_duplicates().to_numpy().tolist():
                named = zip(keys, row, strict=True)
                yield Figure(name, tuple((key, (value,)) for key, value in named if value))

    def explain(self, name: str) -> Node:
        """Explain how a figure came about.

        Raises:
            UnknownFigure: it cannot be read, or names what the scenario does not have.
            NotHeld: the scenario has no table of it.
        """
        return self.figure(MEASURES.read(name))

    def _of(self, figure: Figure) -> Node:
        measure, node = MEASURES[figure.measure], self.value_of(str(figure))
        said = [f"{measure.meaning}."]
        if lacks := self.figures.lacks(figure):
            said.append(f"Blank: {lacks}.")
        rows = self.figures.rows(figure).tolist()
        if measure.table == "walk":
            children = bridge.of_walk(self, figure, rows)
        elif measure.table == "shared":
            children = tuple(share(self, i) for i in rows)
        else:
            children = self._of_rows(figure, measure.table, rows)
        adds = measure.unit == "money"
        return node._replace(
            formula=words(measure.expression),
            said=tuple(said),
            children=tuple(child._replace(adds=adds and child.adds) for child in children),
        )

    def about(self) -> dict[str, str]:
        """Return what JSON says of it."""
        return {"pool": self.projection.plan.inputs.name, "scenario": self.projection.scenario.name}

    def piece(self, name: str) -> Node:
        """Explain what is referred to by this name (`Node.refers_to`)."""
        if name.startswith(bridge.CAUSE):
            return bridge.cause_named(self, name)
        if name.startswith(prevention.RELEASED):
            return prevention.released_of_stream(self, name)
        return self.explain(name)

    # -------------------------------------------------------------- other tables

    def _of_rows(self, figure: Figure, table: str, rows: Sequence[int]) -> tuple[Node, ...]:
        """Explain rows of a table: how each follows from its own columns, and what was typed."""
        columns = columns_in(MEASURES[figure.measure].expression)
        return tuple(
            node
            for column in columns
            for node in self.parts(rows, table, column, partial(self._cell, table, column))
        )

    def _cell(self, table: str, column: str, i: int) -> Node:
        """Explain an amount of one row: by others of the row, and by the rows it was typed in."""
        row, name = self.row(table, i), TABLE_OF.get(table, table)
        forms = FORMS[name]
        expression = None if row[column] is None else _follows(table, column, row)
        keys = [str(row[it]) for it in MEASURES.columns[table].values() if it in _KEYS.values()]
        label = ", ".join(it for it in keys if it) or table
        said = [
            f"{it.replace('_', ' ').capitalize()}: {value_in_words(row[it], forms[it])}"
            for it in row
            if it in forms and it not in (column, "scenario") and it not in _KEYS.values()
            if row[it] not in ("", None) and (forms[it] == "money") is (expression is None)
            if forms[it] in _SAID | {"money"} and it not in ("source", "evidence")
        ]
        year = str(row.get("financial_year", ""))
        typed = [
            node
            for it, named in NAMES.items()
            if row.get(it) and _hangs_on_typed(table, column, row)
            for node in self.typed(str(row[it]), named, year)
        ]
        amount = None if row[column] is None else int(row[column])
        node = worked_node(f"{label}: {column.replace('_', ' ')}", amount, expression, row, name)
        rolled_out = table == "rollout"
        parts = (
            self._rolled_out(row) if rolled_out else self._parts_of(table, column, expression, row)
        )
        children = (*parts, *typed)
        return node._replace(adds=True, said=tuple(said), children=children)

    def _spent(self, columns: Mapping[str, str], row: Mapping[str, Any], pence: int) -> Node:
        """Explain what is spent: a closing budget; on a line the plan does not open with, nil."""
        keys = {key: str(row[column]) for key, column in columns.items()}
        if keys.get("line") in {None, *self.projection.tables["lines"]["line"]}:
            return self.figure(MEASURES.figure("closing", keys))
        return Node("Nothing is spent: the plan opens with no such line", pence)

    def _parts_of(
        self, table: str, column: str, expression: Expression | None, row: Mapping[str, Any]
    ) -> Iterator[Node]:
        """Explain the columns a column follows from, or is by itself of another table."""
        year = str(row.get("financial_year", ""))
        for name in columns_in(expression) if expression is not None else (column,):
            if (table, name) in SPENT:
                yield self._spent(SPENT[table, name], row, int(row[name]))
            elif table == "savings_effects" and name in ("amount", "planned"):
                saving = savings.programme(self, row["cause"])
                effect = OF_PROGRAMMES[row["side"], row["part"]]
                acted_on = TO_COME if (row["side"], name) == ("saving", "planned") else effect
                yield from savings.chain(self, acted_on, saving)
            elif (table, name) == ("agreed", "budget"):
                version = self.projection.scenario.settings.agreed[year]
                sources = tuple(self.stating(version, str(row["line"]), year))
                yield Node("Agreed budget", int(row[name]), sources=sources)
            elif table in ("gap", "funding_sources"):
                yield from self._of_gap(table, name, row)
            elif table == "funding_walk":
                yield from funding.of_step(self, name, row)
            elif table == "prevention":
                for node in prevention.of_stream(self, row, name):
                    yield node._replace(adds=node.adds and expression is None)
            elif table in ("positions", "payback", "matrix", "prevention_share"):
                yield from prevention.of_partner(self, _named_by(f"{table}.{name}", row), row)
            elif expression is None:
                continue
            elif table == "savings":
                yield from savings.chain(self, Column(name), row)
            elif (table, name) in FOLLOWS:
                yield self.figure(_named_by(f"{table}.{name}", row))

    def _of_gap(self, table: str, name: str, row: Mapping[str, Any]) -> Iterator[Node]:
        """Explain what one has to pay, what funds it, and what its reserves hold."""
        whose = {} if row["organisation"] == ALL else {"organisation": row["organisation"]}
        if row[name] is None:
            return
        if name in ("recurrent", "non_recurrent"):
            source = {"funding": row["funding"]} if table == "funding_sources" else {}
            wanted = whose | source | {"financial_year": row["financial_year"]}
            for i, it in enumerate(records(self.figures.tables["funding_walk"])):
                of_it = all(getattr(it, key) == value for key, value in wanted.items())
                if of_it and (it.recurrence == "recurrent") is (name == "recurrent"):
                    yield self._cell("funding_walk", "amount", i)
        elif table == "gap" and name in ("held", "borne"):
            made_of = consists_of(_named_by(f"gap.{name}", row))
            if isinstance(made_of, Figure):
                yield self.figure(made_of)
        elif name == "opening":
            yield from self._opening_balance(row)
        else:
            yield self.figure(_named_by(f"{table}.{name}", row))

    def _opening_balance(self, row: Mapping[str, Any]) -> Iterator[Node]:
        """Explain what a reserve holds at first: as it is stated, or as the year before left it."""
        year, years = row["financial_year"], self.projection.years
        if year not in (row["balance_from"], years[0]):
            before = dict(row) | {"financial_year": year_before(year)}
            yield self.figure(_named_by("funding_sources.closing", before))
            return
        of = {"organisation": row["organisation"], "funding": row["funding"]}
        for own in self.stated("funding", **of):
            used = row["balance_from"] <= own.financial_year < year
            if used or own.financial_year == row["balance_from"]:
                yield typed_node("funding", own)
            if own.financial_year == row["balance_from"] < year and own.balance is not None:
                spent = sterling(own.balance - row["opening"])
                held = f"{sterling(own.balance)} when {spoken(row['balance_from'])} begins"
                yield Node(f"{held}, less {spent} used year by year before {spoken(year)}")

    def _rolled_out(self, row: Mapping[str, Any]) -> Iterator[Node]:
        """Explain what a roll-out costs: what its parts have added to budgets so far."""
        said, years = self.projection.scenario.tables, self.projection.years
        of = [
            cause
            for wave in records(said["rollout"])
            for payer in records(said["rollout_payers"])
            if wave.programme == payer.programme == row["programme"]
            if row["payer"] in (ALL, payer.payer)
            for cause in rollout.causes(wave, payer.payer)
        ]
        until = years[: years.index(row["financial_year"]) + 1]
        cost = rollout.spent(self.figures.tables["walk"], of, until)
        if cost is not None:
            yield self.figure(cost)


def _named_by(measure: str, row: Mapping[str, Any]) -> Figure:
    """Return the figure of a measure that a row's own keys select."""
    keys = MEASURES.columns[MEASURES[measure].table].items()
    return MEASURES.figure(
        measure,
        {key: str(row[name]) for key, name in keys if key in (*_KEYS, "basis") and row.get(name)},
    )


def _hangs_on_typed(table: str, column: str, row: Mapping[str, Any]) -> bool:
    """Return whether an amount hangs on what is typed of its row, and is not nil for all of it."""
    match table, column:
        case "savings", _:
            return HOLDS_FOR.get(column) in (None, row["recurrence"])
        case "savings_effects", "planned":
            return bool(row["planned"])
        case "funding_walk", "base" | "whole":
            return column == "whole" and row["unit"] != PERCENT
    return True


def _follows(table: str, column: str, row: Mapping[str, Any]) -> Expression | None:
    """Return how a column follows from others of its row; None for what is typed or looked up."""
    if table == "savings":
        return savings.follows(column, row)
    if (table, column) == ("funding_walk", "amount"):
        return funding.follows(row)
    return FOLLOWS.get((table, column))

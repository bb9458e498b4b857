"""The derivation of a scenario's figures, down to the row of the assumption and its source.

A figure of the walk is told step by step, cause by cause and line by line; an opening budget is
the closing budget of the year before, or what the opening version states. A figure of another table
is told by its rows: how each follows from its own columns, and what was typed for it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.core.expressions import Column, Expression, columns_in, words
from bcf_model.core.figures import Figure
from bcf_model.core.money import sterling
from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.explain.derivation import explain
from bcf_model.explain.facts import with_numbers
from bcf_model.explain.tree import LARGEST, Node
from bcf_model.plan.budget_versions import line_code
from bcf_model.plan.figures import MEASURES, TABLE_OF, ledger_of
from bcf_model.plan.inheritance import of_pool
from bcf_model.plan.output_tables import PROJECTION_TABLES
from bcf_model.plan.partner_shares import shared_years
from bcf_model.plan.projection import Projection
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.savings import in_later_years, in_row
from bcf_model.plan.scopes import parse
from bcf_model.plan.tables import SCENARIO_TABLES
from bcf_model.plan.words import NUMBER, OPENING, PERCENT
from bcf_model.plan.worked_columns import (
    EFFECTS,
    LATER_STEPS,
    MONTHS,
    OF_BASE,
    OF_PROGRAMMES,
    PARTED,
)
from bcf_model.year.results import Results

FOLLOWS: Final[dict[tuple[str, str], Expression]] = {
    ("gap", "gap"): Column("spending") - Column("funding"),
    ("gap", "funding"): Column("recurrent") + Column("non_recurrent"),
    ("agreed", "variance"): Column("expenditure") - Column("budget"),
    ("positions", "net"): Column("released") - Column("invested"),
    ("payback", "net"): Column("released") - Column("invested"),
    ("prevention", "not_released"): Column("cashable") - Column("released"),
}
"""Columns that follow from others of their row; those of savings `plan.savings` gives."""
NAMES: Final = {"cause": ("assumption", "programme"), "programme": ("programme",),
                "line": ("scheme_id",), "funding": ("funding",)}  # fmt: skip
"""A column of a calculated table that names rows of what was typed, and the columns it names."""
_FORMS: Final = {
    table: {meaning.name: meaning.form for meaning in model.fields}
    for table, model in PROJECTION_TABLES.items()
}
_SAID: Final = {"whole", "share", "quantity", "text"}
"""Forms of the columns of a row that are told beside its amount."""


class Scenario:
    """A calculated scenario, as derivations look at it.

    Args:
        projection: of `project`.
        everything: whether every part of a long sum is told, or only the largest.
        by_line: whether what a cause does is told line by line, or by its own rows alone, to which
            it then refers: for a page on which thousands of figures open.
    """

    def __init__(
        self, projection: Projection, *, everything: bool = False, by_line: bool = True
    ) -> None:
        """Keep the projection."""
        self.projection = projection
        self.figures = ledger_of(projection)
        self.everything = everything
        self.by_line = by_line
        self._known: dict[Figure, Node] = {}

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

    def value_of(self, name: str) -> Node:
        """Return a figure with its value alone.

        Raises:
            UnknownFigure, NotHeld: as `Ledger.value`.
        """
        figure = MEASURES.read(name)
        value = self.figures.value(figure)
        if MEASURES[figure.measure].unit == "rate":
            return Node(name, rate=value)
        return Node(name, None if value is None else int(value))

    def explain(self, name: str) -> Node:
        """Explain how a figure came about.

        Raises:
            UnknownFigure: it cannot be read, or names what the scenario does not have.
            NotHeld: the scenario has no table of it.
        """
        return self._figure(MEASURES.read(name))

    def _figure(self, figure: Figure) -> Node:
        """Explain a figure, once: a year's closing budget is the opening of every later one."""
        if figure not in self._known:
            self._known[figure] = self._of(figure)
        return self._known[figure]

    def _of(self, figure: Figure) -> Node:
        measure, node = MEASURES[figure.measure], self.value_of(str(figure))
        said = [f"{measure.meaning}."]
        if lacks := self.figures.lacks(figure):
            said.append(f"Blank: {lacks}.")
        rows = self.figures.rows(figure).tolist()
        if measure.table == "walk":
            children = self._of_walk(figure, rows)
        elif measure.table == "shared":
            children = tuple(self._share(i) for i in rows)
        else:
            children = self._of_rows(figure, measure.table, rows)
        adds = measure.unit == "money"
        return replace(
            node,
            formula=words(measure.expression),
            said=tuple(said),
            children=tuple(replace(child, adds=adds and child.adds) for child in children),
        )

    def about(self) -> dict[str, str]:
        """Return what JSON says of it."""
        return {"pool": self.projection.plan.inputs.name, "scenario": self.projection.scenario.name}

    # -------------------------------------------------------------- the walk

    def _of_walk(self, figure: Figure, rows: Sequence[int]) -> tuple[Node, ...]:
        """Explain rows of the walk: by year, by step, by cause, and then line by line."""
        for key, column in (("year", "financial_year"), ("step", "step"), ("cause", "cause")):
            parts = self._by("walk", column, rows)
            named = [name for name, _ in figure.selection]
            if len(parts) == 1 and (key in named or "" in parts):
                continue
            return tuple(self._of_part(figure, key, value, own) for value, own in parts.items())
        return self._of_lines(figure, rows)

    def _of_part(self, figure: Figure, key: str, value: str, rows: Sequence[int]) -> Node:
        """Explain what of a figure is of one year, step or cause."""
        rest = tuple(it for it in figure.selection if it[0] != key)
        part = Figure("change" if key != "year" else figure.measure, (*rest, (key, (value,))))
        amounts = self.figures.column("walk", "amount")
        node = Node(value or "opening", sum(amounts[i] for i in rows), adds=True)
        if key == "cause" and not self.by_line:
            (year,), (step,) = (dict(part.selection)[it] for it in ("year", "step"))
            return replace(node, refers_to=f"{_CAUSE}{year}/{step}/{value}")
        return replace(node, children=self._of_walk(part, rows))

    def piece(self, name: str) -> Node:
        """Explain what is referred to by this name (`Node.refers_to`)."""
        if not name.startswith(_CAUSE):
            return self.explain(name)
        year, step, cause = name.removeprefix(_CAUSE).split("/", 2)
        return Node(f"{cause}: {step}, {spoken(year)}",
                    children=tuple(self._causes(cause, year, step)))  # fmt: skip

    def _of_lines(self, figure: Figure, rows: Sequence[int]) -> tuple[Node, ...]:
        chosen = dict(figure.selection)
        (year,), (step,) = chosen["year"], chosen["step"]
        before = self.projection.years.index(year) - 1
        if not self.by_line and (step != OPENING or before >= 0):
            return self._not_by_line(figure, step, before)
        if step == OPENING and before >= 0:
            rest = tuple(it for it in figure.selection if it[0] not in ("year", "step", "cause"))
            earlier = (("year", (self.projection.years[before],)), *rest)
            return (replace(self._figure(Figure("closing", earlier)), adds=True),)
        lines = self._parts(rows, "walk", "amount", self._line)
        if step == OPENING:
            return lines
        (cause,) = chosen.get("cause", ("",))
        return (*lines, *self._causes(cause, year, step))

    def _not_by_line(self, figure: Figure, step: str, before: int) -> tuple[Node, ...]:
        """Explain a step of one cause by its own rows; an opening by the year before."""
        chosen = dict(figure.selection)
        if step == OPENING:
            rest = tuple(it for it in figure.selection if it[0] not in ("year", "step", "cause"))
            name = str(Figure("closing", (("year", (self.projection.years[before],)), *rest)))
            return (Node(name, refers_to=name),)
        year, cause = chosen["year"][0], chosen.get("cause", ("",))[0]
        return tuple(self._causes(cause, year, step))

    def _line(self, i: int) -> Node:
        """Explain what one cause of a step does to one line."""
        row = self._row("walk", i)
        expression = {PERCENT: OF_BASE, "pounds": PARTED}.get(row["unit"])
        alone = row["unit"] == "pounds" and row["weight"] == row["total_weight"]
        sources: tuple[str, ...] = ()
        if row["unit"] == OPENING:
            version = self.projection.scenario.settings.opening
            sources = tuple(self._stating(version, row["line"]))
        node = _worked_node(
            self._name_of(row["line"]), row["amount"], None if alone else expression, row, "walk"
        )
        base: tuple[Node, ...] = (self._base(row),) if row["unit"] == PERCENT else ()
        if expression is PARTED and not alone:
            base = (self._weights(row),)
        return replace(node, adds=True, sources=sources, children=base)

    def _base(self, row: Mapping[str, Any]) -> Node:
        """Explain what a percentage is taken of: the steps of its line before, each by its name."""
        at = {"financial_year": row["financial_year"], "line": row["line"]}
        before = [it for it in _rows_of(self.figures.tables["walk"], at)
                  if it["step_order"] < row["step_order"]]  # fmt: skip
        amounts: dict[str, int] = {}
        for it in before:
            amounts[it["step"]] = amounts.get(it["step"], 0) + int(it["amount"])
        where = (("year", (at["financial_year"],)), ("line", (at["line"],)))
        parts = tuple(
            Node(name, pence, adds=True, refers_to=name)
            for step, pence in amounts.items()
            for name in [str(Figure("change", (*where, ("step", (step,)))))]
        )
        return Node("Base: the line after the steps before", int(row["base"]), children=parts)

    def _weights(self, row: Mapping[str, Any]) -> Node:
        """Explain what an amount is parted by: what lines have after the steps before, by name."""
        of_year = _rows_of(self.figures.tables["walk"], {"financial_year": row["financial_year"]})
        before = {it["step"] for it in of_year if it["step_order"] < row["step_order"]}
        steps = dict.fromkeys(it["step"] for it in of_year if it["step"] in before)
        year = ("year", (row["financial_year"],))
        names = [str(Figure("change", (year, ("step", (step,))))) for step in steps]
        children = tuple(Node(name, refers_to=name) for name in names)
        return Node("Parted by what the lines have after the steps before", children=children)

    def _stating(self, version: str, code: str) -> Iterator[str]:
        """Return where the budget of a line is stated: the rows of a version."""
        plan, split = self.projection.plan, self.projection.scenario.settings.split
        line = self._lines[code]
        yield f"version {version}"
        for block in records(plan.tables["blocks"]):
            if line.block and block.block == line.block:
                yield _source(block)
        stated = [it for it in records(plan.tables["budgets"]) if it.version == version]
        for budget in stated:
            at_all = budget.organisation in (NOT_STATED, line.organisation)
            of_theme = (budget.theme, budget.kind) == (line.theme, line.kind) and at_all
            parted = split and not budget.scheme_id and of_theme
            if line_code(budget) == line.line or parted:
                yield _source(budget) + (f"; parted by version {split}" if parted else "")
        for scheme in () if stated or line.block else records(of_pool(plan.inputs, "schemes")):
            if scheme.scheme_id == line.scheme_id:
                yield str(scheme.place)

    def _causes(self, cause: str, year: str, step: str) -> Iterator[Node]:
        """Explain a cause: what it does in this year, and the rows it was typed in."""
        at = {"cause": cause, "financial_year": year, "step": step}
        of_savings = _rows_of(self.figures.tables["savings_effects"], at)
        for effect in of_savings:
            (saving,) = _rows_of(self.figures.tables["savings"], {"programme": cause})
            expression = OF_PROGRAMMES[effect["side"], effect["part"]]
            node = _worked_node(
                f"{cause}: {effect['side']}, {effect['part']}", effect["amount"],
                expression, saving, "savings",
            )  # fmt: skip
            yield replace(node, children=tuple(self._chain(expression, saving)))
        for effect in () if of_savings else _rows_of(self.projection.effects, at):
            whole = effect["months"] == MONTHS and effect["part"] == "in the year"
            yield _worked_node(
                f"{cause}: {effect['part']}", effect["amount"],
                None if whole else EFFECTS[effect["part"]], effect, "savings_effects",
            )  # fmt: skip
        rates = self.projection.rates
        scaled = rates[(rates["cause"] == cause) & (rates["financial_year"] == year)]
        for rate in records(scaled[scaled["step"] == step]):
            if rate.rate != rate.stated:
                yield Node(
                    f"{cause}: {plain(rate.stated)}% as stated, {plain(rate.rate)}% as calibrated"
                )
        at_year = self.projection.years.index(year)
        if step in LATER_STEPS.values() and at_year:
            year = self.projection.years[at_year - 1]
        yield from self._typed(cause, ("assumption", "programme"), year)

    # -------------------------------------------------------------- other tables

    def _of_rows(self, figure: Figure, table: str, rows: Sequence[int]) -> tuple[Node, ...]:
        """Explain rows of a table: how each follows from its own columns, and what was typed."""
        columns = columns_in(MEASURES[figure.measure].expression)
        return tuple(
            node
            for column in columns
            for node in self._parts(rows, table, column, partial(self._cell, table, column))
        )

    def _cell(self, table: str, column: str, i: int) -> Node:
        """Explain an amount of one row: by others of the row, and by the rows it was typed in."""
        row, name = self._row(table, i), TABLE_OF.get(table, table)
        forms = _FORMS[name]
        expression = _follows(table, column, row)
        keys = [str(row[it]) for it in MEASURES.columns[table].values() if it in _KEYS.values()]
        label = ", ".join(it for it in keys if it) or table
        said = [
            f"{it.replace('_', ' ').capitalize()}: {_value_in_words(row[it], forms[it])}"
            for it in row
            if it in forms and it not in (column, "scenario") and it not in _KEYS.values()
            if row[it] not in ("", None) and (forms[it] == "money") is (expression is None)
            if forms[it] in _SAID | {"money"} and it not in ("source", "evidence")
        ]
        year = str(row.get("financial_year", ""))
        typed = [
            node
            for it, named in NAMES.items()
            if row.get(it)
            for node in self._typed(str(row[it]), named, year)
        ]
        amount = None if row[column] is None else int(row[column])
        node = _worked_node(f"{label}: {column.replace('_', ' ')}", amount, expression, row, name)
        children = (*self._parts_of(table, column, expression, row), *typed)
        return replace(node, adds=True, said=tuple(said), children=children)

    def _parts_of(
        self, table: str, column: str, expression: Expression | None, row: Mapping[str, Any]
    ) -> Iterator[Node]:
        """Explain the columns a column follows from, or is by itself of another table."""
        year = str(row.get("financial_year", ""))
        for name in columns_in(expression) if expression is not None else (column,):
            if (table, name) == ("gap", "spending"):
                yield self._figure(Figure("closing", (("year", (year,)),)))
            elif (table, name) == ("savings_effects", "amount"):
                programme = {"programme": row["cause"]}
                (saving,) = _rows_of(self.figures.tables["savings"], programme)
                yield from self._chain(OF_PROGRAMMES[row["side"], row["part"]], saving)
            elif (table, name) == ("agreed", "expenditure"):
                of_line = (("year", (year,)), ("line", (str(row["line"]),)))
                yield self._figure(Figure("closing", of_line))
            elif (table, name) == ("agreed", "budget"):
                version = self.projection.scenario.settings.agreed[year]
                sources = tuple(self._stating(version, str(row["line"])))
                yield Node("Agreed budget", int(row[name]), sources=sources)
            elif table == "gap" and name in ("recurrent", "non_recurrent"):
                yield from self._funded(year, recurs=name == "recurrent")
            elif (table, name) == ("funding_walk", "amount") and row["step"] == OPENING:
                yield from self._carried(row)
            elif expression is None:
                continue
            elif table == "savings":
                yield from self._chain(Column(name), row)
            elif (table, name) in FOLLOWS:
                selection = tuple(
                    (key, (str(row[column]),))
                    for key, column in MEASURES.columns[table].items()
                    if key in _KEYS and row[column]
                )
                yield self._figure(Figure(f"{table}.{name}", selection))

    def _funded(self, year: str, *, recurs: bool) -> Iterator[Node]:
        """Explain the funding of a year: each row of its walk."""
        for i, row in enumerate(records(self.figures.tables["funding_walk"])):
            if row.financial_year == year and (row.recurrence == "recurrent") is recurs:
                yield self._cell("funding_walk", "amount", i)

    def _carried(self, row: Mapping[str, Any]) -> Iterator[Node]:
        """Explain what funding begins a year with: what recurs of it in the year before."""
        at = {name: row[name] for name in ("organisation", "funding")} | {"recurrence": "recurrent"}
        before = self.projection.years.index(row["financial_year"]) - 1
        if before < 0:
            return
        year = self.projection.years[before]
        own = _rows_of(self.figures.tables["funding_walk"], {"financial_year": year, **at})
        if own and sum(it["amount"] for it in own) == row["amount"]:
            keys = {"year": year, **at}
            name = str(MEASURES.figure("funding_walk.amount", keys))
            yield Node(name, int(row["amount"]), refers_to=name)

    # -------------------------------------------------------------- savings

    def _chain(self, expression: Expression, saving: Mapping[str, Any]) -> Iterator[Node]:
        """Explain each column of a programme that an expression is made of, to what was typed."""
        for name in columns_in(expression):
            own = _follows("savings", name, saving)
            if own is not None:
                label = name.replace("_", " ").capitalize()
                node = _worked_node(label, int(saving[name]), own, saving, "savings")
                yield replace(node, children=tuple(self._chain(own, saving)))
            elif name == "adjusted_full_year":
                said = in_later_years(SimpleNamespace(**saving))
                yield Node("Adjusted full year", int(saving[name]), said=(f"Later years: {said}.",))
            elif name == "delivery":
                said = f"Delivery of what is {saving['confidence']}, as the scenario has it: "
                children = tuple(self._delivery(saving["confidence"]))
                yield Node(f"{said}{_value_in_words(saving[name], 'share')}", children=children)
            elif name == "phased":
                yield Node(_phased(saving), children=tuple(self._profile(saving["profile"])))

    def _delivery(self, confidence: str) -> Iterator[Node]:
        """Return the row that says what is delivered of a confidence: of several the last."""
        found = [
            row
            for row in records(self.projection.scenario.tables["assumptions"])
            if row.step == "delivery"
            and confidence in parse(row.scope, ("confidence",)).get("confidence", (confidence,))
        ]
        for row in found[-1:]:
            yield Node(_row_in_words("assumptions", row), sources=(_source(row),))

    def _profile(self, profile: str) -> Iterator[Node]:
        """Return the rows of a profile."""
        for row in records(self.projection.scenario.tables["phasing"]):
            if row.profile == profile:
                share = _value_in_words(row.share, "share")
                yield Node(f"Period {row.period}: {share}", sources=(_source(row),))

    # -------------------------------------------------------------- shares

    @cached_property
    def _shared(self) -> dict[str, Results]:
        """The years of the plan that are shared, each as the results of a year."""
        plan, against = self.projection.plan, self.projection.tables["agreed"]
        return shared_years(plan.inputs, against, self.projection.scenario.settings.split)

    def _share(self, i: int) -> Node:
        """Explain what one bears in a year: pot by pot, down to the rule and its clause."""
        row = self._row("shared", i)
        year, bearer = row["financial_year"], row["bearer"]
        if year not in self._shared:
            return Node(f"{year}, {bearer}", adds=True, said=(f"Blank: {row['share_note']}.",))
        borne = Figure.of("borne", bearer=bearer)
        tree = explain(self._shared[year], borne, everything=self.everything)
        node = replace(self._with_lines(tree, year), label=f"{year}, {bearer}", adds=True)
        return replace(node, refers_to="")

    def _with_lines(self, node: Node, year: str) -> Node:
        """Explain each line of a pot by the plan: what it closes with, less the agreed budget."""
        what, _, code = node.refers_to.partition(" ")
        if what != "line":
            children = tuple(self._with_lines(child, year) for child in node.children)
            return replace(
                node, children=children, refers_to=node.refers_to if self.by_line else ""
            )
        of_code = {"financial_year": year, "scheme_id": code}
        (row,) = _rows_of(self.projection.tables["agreed"], of_code)
        version = self.projection.scenario.settings.agreed[year]
        closing = Figure("closing", (("year", (year,)), ("line", (row["line"],))))
        spent = self._figure(closing)
        if not self.by_line:
            spent = Node(str(closing), spent.pence, refers_to=str(closing))
        stated = tuple(self._stating(version, row["line"]))
        budget = Node("Less the agreed budget", -row["budget"], sources=stated)
        both = (spent, budget)
        if node.pence == row["variance"]:
            both = (replace(spent, adds=True), replace(budget, adds=True))
        return replace(node, sources=(), refers_to="", children=both)

    # -------------------------------------------------------------- what was typed

    def _typed(self, name: str, columns: Sequence[str], year: str) -> Iterator[Node]:
        """Return the rows of the inputs that a name is of, in force in a year."""
        for table in SCENARIO_TABLES:
            for row in self._stated[table.name]:
                of = {getattr(row, column, "") for column in columns}
                when = {getattr(row, it) for it in ("year", "financial_year") if hasattr(row, it)}
                if name in of and (not when or "" in when or not year or year >= min(when)):
                    if table.name == "assumptions" and year and not when & {"", year}:
                        continue
                    yield Node(_row_in_words(table.name, row), sources=(_source(row),))

    # -------------------------------------------------------------- rows

    def _row(self, table: str, i: int) -> dict[str, Any]:
        named = self.figures.tables[table].columns
        row = {name: self.figures.column(table, name)[i] for name in named}
        return {name: None if pd.isna(value) else value for name, value in row.items()}

    def _by(self, table: str, column: str, rows: Iterable[int]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        values = self.figures.column(table, column)
        for i in rows:
            found.setdefault(values[i], []).append(i)
        return found

    def _parts(
        self, rows: Sequence[int], table: str, column: str, tell: Callable[[int], Node]
    ) -> tuple[Node, ...]:
        """Explain the parts of a sum: all of a few; of many the largest, and the rest in one."""
        amounts = self.figures.column(table, column)
        if self.everything or len(rows) <= LARGEST + 1:
            return tuple(map(tell, rows))
        by_size = sorted(rows, key=lambda i: -abs(amounts[i]))
        rest = sum(amounts[i] for i in by_size[LARGEST:])
        label = f"{len(rows) - LARGEST:,} others, each smaller"
        others = Node(label, rest, adds=True, said=("--all tells each of them.",))
        return (*map(tell, by_size[:LARGEST]), others)

    @cached_property
    def _stated(self) -> dict[str, list[Any]]:
        """The rows of the scenario's own tables."""
        tables = self.projection.scenario.tables
        return {table.name: [*records(tables[table.name])] for table in SCENARIO_TABLES}

    @cached_property
    def _lines(self) -> dict[str, Any]:
        return {row.line: row for row in records(self.projection.tables["lines"])}

    def _name_of(self, line: str) -> str:
        name = self._lines[line].name
        return line if name == line else f"{line} {name}"


_CAUSE: Final = "cause "
"""What begins the name of a cause that is told once, and referred to."""
_KEYS: Final = {
    "year": "financial_year", "partner": "partner", "bearer": "bearer", "programme": "programme",
    "payer": "payer", "beneficiary": "beneficiary", "group": "group", "measure": "measure",
    "line": "line", "organisation": "organisation", "funding": "funding", "step": "step",
    "cause": "cause", "side": "side", "part": "part",
}  # fmt: skip
"""Keys that name a row of a table, each with its column; other texts describe it."""


def _rows_of(frame: pd.DataFrame, where: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of a table that have these values."""
    chosen = np.ones(len(frame), dtype=np.bool_)
    for column, value in where.items():
        chosen &= frame[column].to_numpy() == value
    rows = frame.iloc[np.flatnonzero(chosen)].to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _worked_node(
    label: str, pence: int | None, expression: Expression | None, row: Mapping[str, Any], table: str
) -> Node:
    """Return an amount with how it follows from its row, in words and in numbers."""
    if expression is None:
        return Node(label, pence)
    worked = with_numbers(expression, table, row, _FORMS[table])
    return Node(label, pence, formula=words(expression), worked=worked)


def _follows(table: str, column: str, row: Mapping[str, Any]) -> Expression | None:
    """Return how a column follows from others of its row; None for what is typed or looked up."""
    if table == "savings":
        return in_row(column, SimpleNamespace(**row))
    return FOLLOWS.get((table, column))


def _phased(saving: Mapping[str, Any]) -> str:
    """Return what part of a full year falls in a programme's own, and by which profile."""
    evenly, months = not saving["profile"], MONTHS + 1 - saving["start_period"]
    how = "evenly" if evenly else f"by the profile {saving['profile']} of phasing.csv"
    part = " of ".join(_value_in_words(saving[it], "quantity") for it in ("phased", "phased_of"))
    return f"Phased: {part}, {how}, in the {months} months from period {saving['start_period']}"


def _value_in_words(value: Any, form: str) -> str:
    if form == "money":
        return sterling(int(value))
    if form in ("share", "quantity"):
        return f"{plain(int(value))}{'%' if form == 'share' else ''}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _row_in_words(table: str, row: Any) -> str:
    """Return a row that was typed in a few words."""
    if table == "assumptions":
        unit = {PERCENT: "%", NUMBER: ""}.get(row.unit, f" {row.unit}")
        said = f"{row.assumption}: {row.step}, {row.scope}, {plain(row.value)}{unit}"
        return f"{said}, {row.year or 'every year'}"
    name = getattr(row, "programme", "") or getattr(row, "funding", "") or row.scheme_id
    amounts = {
        it: getattr(row, it) for it in ("gross", "investment", "amount", "return_per_pound")
        if getattr(row, it, 0)
    }  # fmt: skip
    said = ", ".join(
        f"{it.replace('_', ' ')} {plain(value) if it == 'return_per_pound' else sterling(value)}"
        for it, value in amounts.items()
    )
    year = getattr(row, "financial_year", "")
    return ", ".join(it for it in (f"{name}: {table.replace('_', ' ')}", year, said) if it)


def _source(row: Any) -> str:
    """Return where a row stands, and what its source column says."""
    return "; ".join(it for it in (row.place, getattr(row, "source", "")) if it)

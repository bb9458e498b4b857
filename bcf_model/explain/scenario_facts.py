"""What derivations of a scenario are told from: its tables, and the rows that were typed for it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.core.expressions import Expression, words
from bcf_model.core.figures import Figure
from bcf_model.core.money import sterling
from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.explain.facts import with_numbers
from bcf_model.explain.tree import LARGEST, Node
from bcf_model.plan import holding
from bcf_model.plan.budget_versions import line_code, opening_lines
from bcf_model.plan.figures import MEASURES, ledger_of
from bcf_model.plan.inheritance import of_pool
from bcf_model.plan.output_tables import PROJECTION_TABLES
from bcf_model.plan.partner_shares import shared_years
from bcf_model.plan.prevention import STREAM
from bcf_model.plan.projection import Projection, benefits_of, funding_of
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.tables import SCENARIO_TABLES
from bcf_model.plan.words import CITY, NUMBER, PERCENT
from bcf_model.year.results import Results

FORMS: Final = {
    table: {meaning.name: meaning.form for meaning in model.fields}
    for table, model in PROJECTION_TABLES.items()
}
"""The form of each column of a calculated table."""
_WORTH_SAYING: Final = ("gross", "investment", "amount", "balance", "return_per_pound")


class ScenarioFacts(ABC):
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

    def figure(self, figure: Figure) -> Node:
        """Explain a figure, once: a year's closing budget is the opening of every later one."""
        if figure not in self._known:
            self._known[figure] = self._of(figure)
        return self._known[figure]

    @abstractmethod
    def _of(self, figure: Figure) -> Node:
        """Explain a figure that was not explained before: by subject, in `scenario_figures`."""

    def value_of(self, name: str) -> Node:
        """Return a figure with its value alone.

        Raises:
            UnknownFigure, NotHeld: as `Ledger.value`.
        """
        figure = MEASURES.read(name)
        if MEASURES[figure.measure].unit == "rate":
            return Node(name, rate=self.figures.value(figure))
        return Node(name, self.pence(figure))

    def pence(self, figure: Figure) -> int | None:
        """Return what a figure comes to; None where it is blank."""
        value = self.figures.value(figure)
        return None if value is None else int(value)

    # -------------------------------------------------------------- rows of calculated tables

    def row(self, table: str, i: int) -> dict[str, Any]:
        """Return a row of a calculated table as plain values; None for a blank."""
        named = self.figures.tables[table].columns
        row = {name: self.figures.column(table, name)[i] for name in named}
        return {name: None if pd.isna(value) else value for name, value in row.items()}

    def by(self, table: str, column: str, rows: Iterable[int]) -> dict[str, list[int]]:
        """Part rows of a table by the value of a column, in order."""
        rows_by_value: dict[str, list[int]] = {}
        values = self.figures.column(table, column)
        for i in rows:
            rows_by_value.setdefault(values[i], []).append(i)
        return rows_by_value

    def parts(
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
    def lines(self) -> dict[str, Any]:
        """The lines of the plan, and those of agreed budgets it does not open with, by code."""
        plan, settings = self.projection.plan, self.projection.scenario.settings
        agreed = [
            opening_lines(plan.stated_versions, version, settings.split)
            for version in settings.agreed.values()
        ]
        frames = [*agreed, self.projection.tables["lines"]]
        return {row.line: row for frame in frames for row in records(frame)}

    def name_of(self, line: str) -> str:
        """Return the code and the name of a line."""
        name = self.lines[line].name
        return line if name == line else f"{line} {name}"

    def base_of(self, line: str, year: str, step_order: int, pence: int) -> Node:
        """Explain what a line has before a step: each step before it, by its name."""
        of_line = rows_of(self.figures.tables["walk"], {"financial_year": year, "line": line})
        before = (row["step"] for row in of_line if row["step_order"] < step_order)
        changes = (
            MEASURES.figure("change", {"year": year, "line": line, "step": step})
            for step in dict.fromkeys(before)
        )
        steps = tuple(referred(it, self.pence(it), adds=True) for it in changes)
        return Node("Base: the line after the steps before", pence, children=steps)

    # -------------------------------------------------------------- what is worked once

    @cached_property
    def benefits(self) -> pd.DataFrame:
        """What each row of investment in prevention gives back (`prevention.benefits`)."""
        return benefits_of(self.projection.scenario)

    @cached_property
    def releases(self) -> pd.DataFrame:
        """What prevention releases, by year, stream and line (`Releases.worked`)."""
        return self.projection.releases.worked(self.projection.tables["lines"])

    @cached_property
    def streams(self) -> list[dict[str, str]]:
        """The streams of benefit of prevention, in the order in which they are released."""
        streams = self.projection.releases.streams[STREAM].drop_duplicates()
        return [dict(zip(STREAM, row, strict=True)) for row in streams.to_numpy().tolist()]

    @cached_property
    def shared_results(self) -> dict[str, Results]:
        """The years of the plan that are shared, each as the results of a year."""
        plan, against = self.projection.plan, self.projection.tables["agreed"]
        return shared_years(plan.inputs, against, self.projection.scenario.settings.split)

    # -------------------------------------------------------------- what was typed

    def stated(self, table: str, **named: Any) -> Iterator[Any]:
        """Return the rows in force of one of the scenario's own tables that have these values.

        None stands for a blank.
        """
        for row in self._stated[table]:
            if all(getattr(row, column) == value for column, value in named.items()):
                yield row

    @cached_property
    def _stated(self) -> dict[str, list[Any]]:
        scenario = self.projection.scenario
        tables = {**scenario.tables, "funding": funding_of(scenario)}
        plain = {it.name: tables[it.name].astype(object) for it in SCENARIO_TABLES}
        return {name: [*records(it.where(it.notna(), None))] for name, it in plain.items()}

    def typed(self, name: str, columns: Mapping[str, str], year: str) -> Iterator[Node]:
        """Return the rows of some tables that a name is of, by its column, in force in a year."""
        for table, column in columns.items():
            if table == "assumptions":
                held = self._held_by_year.get((name, year))
                yield from () if held is None else (self.assumption(held),)
                continue
            for row in self.stated(table, **{column: name}):
                if not year or row.financial_year <= year:
                    yield typed_node(table, row)

    @cached_property
    def _held_by_year(self) -> dict[tuple[str, str], int]:
        assumptions = self.projection.scenario.tables["assumptions"]
        return holding.by_year(assumptions, self.projection.years)

    def assumption(self, row: int) -> Node:
        """Return a row of the assumptions, with where it stands."""
        return typed_node("assumptions", self._stated["assumptions"][row])

    def parameter(self, step: str, code: str) -> Iterator[Node]:
        """Return the assumption of a parameter that holds for a confidence, programme or year."""
        assumptions = self.projection.scenario.tables["assumptions"]
        held = holding.of_parameter(assumptions, step, [code]).get(code)
        yield from () if held is None else (self.assumption(held),)

    def _by_method(self, year: str) -> str:
        scenario = self.projection.scenario
        if scenario.settings.agreed_method is None or year not in scenario.by_method:
            return ""
        method, years = scenario.settings.agreed_method, scenario.by_method.index(year) + 1
        return (
            f", {years} year{'s' if years > 1 else ''} on by the illustrative method "
            f"{method.name!r}: {method.percent:g}% a year on revenue"
        )

    def stating(self, version: str, code: str, year: str = "") -> Iterator[str]:
        """Return where the budget of a line is stated: the rows of a version.

        Args:
            version: the name of one.
            code: of the line.
            year: of the agreed budget it is, which may follow by a method.
        """
        plan, split = self.projection.plan, self.projection.scenario.settings.split
        line = self.lines[code]
        yield f"version {version}{self._by_method(year)}"
        for block in records(plan.tables["blocks"]):
            if line.block and block.block == line.block:
                yield source(block)
                for whole in records(plan.tables["perimeters"]):
                    if whole.perimeter == CITY:
                        yield source(whole)
        stated = [it for it in records(plan.tables["budgets"]) if it.version == version]
        for budget in stated:
            at_all = budget.organisation in (NOT_STATED, line.organisation)
            of_theme = (budget.theme, budget.kind) == (line.theme, line.kind) and at_all
            parted = split and not budget.scheme_id and of_theme
            if line_code(budget) == line.line or parted:
                yield source(budget) + (f"; parted by version {split}" if parted else "")
        for scheme in () if stated or line.block else records(of_pool(plan.inputs, "schemes")):
            if scheme.scheme_id == line.scheme_id:
                yield str(scheme.place)


def rows_of(frame: pd.DataFrame, where: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table that have these values."""
    chosen = np.ones(len(frame), dtype=np.bool_)
    for column, value in where.items():
        chosen &= frame[column].to_numpy() == value
    rows = frame.iloc[np.flatnonzero(chosen)].to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def referred(figure: Figure, pence: int | None = None, *, adds: bool = False) -> Node:
    """Return a figure that is told by itself."""
    return Node(str(figure), pence, adds=adds, refers_to=str(figure))


def worked_node(
    label: str, pence: int | None, expression: Expression | None, row: Mapping[str, Any], table: str
) -> Node:
    """Return an amount with how it follows from its row, in words and in numbers."""
    if expression is None:
        return Node(label, pence)
    worked = with_numbers(expression, table, row, FORMS[table])
    return Node(label, pence, formula=words(expression), worked=worked)


def typed_node(table: str, row: Any) -> Node:
    """Return a row that was typed, with where it stands."""
    return Node(_row_in_words(table, row), sources=(source(row),))


def value_in_words(value: Any, form: str) -> str:
    """Write a value by the form of its column: pounds, a percentage, a number or a text."""
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
    if table == "lags":
        return f"{row.lag}: {value_in_words(row.share, 'share')}, {row.years_after} years after"
    if table == "planned_activity":
        at = f" at {row.price}" if row.price else ""
        return f"{row.scheme_id}: {row.planned:,} planned for {spoken(row.financial_year)}{at}"
    name = getattr(row, "programme", "") or getattr(row, "funding", "") or row.scheme_id
    amounts = {it: getattr(row, it, 0) for it in _WORTH_SAYING}
    amounts = {it: value for it, value in amounts.items() if not pd.isna(value) and value}
    said = ", ".join(
        f"{it.replace('_', ' ')} {plain(value) if it == 'return_per_pound' else sterling(value)}"
        for it, value in amounts.items()
    )
    year = getattr(row, "financial_year", "")
    return ", ".join(it for it in (f"{name}: {table.replace('_', ' ')}", year, said) if it)


def source(row: Any) -> str:
    """Return where a row stands, and what its source column says."""
    return "; ".join(it for it in (row.place, getattr(row, "source", "")) if it)

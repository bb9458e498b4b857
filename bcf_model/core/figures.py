"""The figure: a measure over a selection of rows. Every printed number is one.

Defined once here, a figure is computed (`Ledger.value`), written into the workbook as a live
formula (`publish.excel_formulas` prints the same expression), told in words (`Figure.words`) and
compared with a number printed in a paper (`year.published`).

It is written ``measure/key=value/key=value``; ``+`` joins several values of one key::

    variance/theme=4/organisation=SCC
    borne/category=A+B/bearer=CCG
    budget                                  (the whole pool)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.expressions import (
    RATE_DIGITS,
    WHOLE_RATE,
    Column,
    Expression,
    Quotient,
    Reference,
    Total,
    WhereAboveNil,
    Whole,
    evaluate,
    leaves_in,
    words,
)
from bcf_model.core.words import ACTUAL, LATEST, NONE, TARGET

Selection = tuple[tuple[str, tuple[str, ...]], ...]
"""Keys, each with the values that are chosen."""

# Column expressions: row by row within a table. Sign: positive is an overspend.
VARIANCE: Final = Column("expenditure") - Column("budget")
VERSION: Final = "version"
"""A key whose value is free text: it stands last, and holds all that follows it."""


@dataclass(frozen=True)
class Measure:
    """What is added up, and how it is shown.

    Attributes:
        name: as written in a figure.
        label: as printed in a heading.
        table: the table whose rows are selected: `lines`, `shares` or `budgets`; of a scenario,
            any table of it.
        unit: `money` (pence in the engine, pounds in the workbook), `rate`, `whole`, or `number`
            (of an indicator: millionths of the unit it is printed in).
        expression: of totals over the selection, which alone says what their rows are.
        meaning: one sentence.

    Raises:
        ValueError: a total of it has rows of its own.
    """

    name: str
    label: str
    table: str
    unit: str
    expression: Expression
    meaning: str

    def __post_init__(self) -> None:
        """Check that the selection of a figure says which rows are added up, and nothing else."""
        own = [leaf for leaf in leaves_in(self.expression) if leaf != Total(leaf.name)]
        if own:
            message = f"{self.name}: a measure adds up the rows of its figures, not those of {own}"
            raise ValueError(message)


class Measures(dict[str, Measure]):
    """The measures of a kind of report, by name.

    Args:
        measures: in the order in which they are named.
        columns: of each table, the column of each key its rows are selected by.
        usual: of a table, what is selected where a figure does not say otherwise.
        usual_of: the same of a measure, beside what is usual of its table.
    """

    def __init__(
        self,
        measures: Iterable[Measure],
        columns: Mapping[str, Mapping[str, str]],
        usual: Mapping[str, Selection],
        usual_of: Mapping[str, Selection] = MappingProxyType({}),
    ) -> None:
        """Keep them."""
        super().__init__({it.name: it for it in measures})
        self.columns = columns
        self.usual, self.usual_of = usual, usual_of

    def figure(self, measure: str, selected: Mapping[str, str]) -> "Figure":
        """Make a figure of a measure and what it is selected by; "+" joins several values.

        Raises:
            UnknownFigure: the measure or a key does not exist, or a value is blank.
        """
        if measure not in self:
            message = f"no measure is called {measure!r}; there are {', '.join(self)}"
            raise UnknownFigure(message)
        known, chosen = self.columns[self[measure].table], dict[str, tuple[str, ...]]()
        for key, values in selected.items():
            if key not in known:
                message = f"{measure} cannot be selected by {key!r}, only by {', '.join(known)}"
                raise UnknownFigure(message)
            chosen[key] = tuple(sorted({*_each(key, values)}))
            if not all(chosen[key]):
                message = f"{key} has a blank value"
                raise UnknownFigure(message)
        return Figure(measure, tuple((key, chosen[key]) for key in known if key in chosen))

    def read(self, text: str) -> "Figure":
        """Read a figure as written in a file or on the command line.

        Raises:
            UnknownFigure: it cannot be read.
        """
        named, sign, version = text.strip().partition(f"/{VERSION}=")
        measure, *parts = named.split("/")
        pairs = [part.partition("=") for part in parts]
        pairs += [(VERSION, sign, version)] if sign else []
        keys = [key for key, _, _ in pairs]
        if not all(sign for _, sign, _ in pairs) or len(set(keys)) < len(keys):
            message = "a selection is written key=value, each key once"
            raise UnknownFigure(message)
        return self.figure(measure, {key: value for key, _, value in pairs})

    def words(self, figure: "Figure") -> str:
        """Describe a figure in words: what is added up over which rows."""
        measure = self[figure.measure]
        where = " and ".join(f"{k} {' or '.join(v)}" for k, v in figure.selection)
        return f"{words(measure.expression)}, over {measure.table} of {where or 'the whole pool'}"


def _each(key: str, values: str) -> list[str]:
    return [values] if key == VERSION else values.split("+")


KEY_OF: Final = {"financial_year": "year"}
"""What a column is called as a key, where that is another name."""
SAID_BY: Final = {"cause": "step"}
"""A key that says what another would: a cause is of a step, and none of the opening."""


def amounts_and_keys(
    tables: Mapping[str, Any],
) -> tuple[list[Measure], dict[str, dict[str, str]]]:
    """Return a measure, called table.column, for each column of money in tables that are written.

    And of each table, a `tables.Table`, the columns of text, by the keys that select its rows.
    """
    measures = [
        Measure(f"{table}.{it.name}", f"{table.replace('_', ' ')}: {it.name}".capitalize(), table,
                "money", Total(it.name), it.meaning)
        for table, model in tables.items() for it in model.fields if it.form == "money"
    ]  # fmt: skip
    keys = {
        table: {KEY_OF.get(it.name, it.name): it.name for it in model.fields if it.form == "text"}
        for table, model in tables.items()
    }
    return measures, keys


_ALL: Final = (
    Measure("budget", "Budget", "lines", "money", Total("budget"), "Agreed budget of the year"),
    Measure(
        "expenditure", "Expenditure", "lines", "money", Total("expenditure"), "Spending of the year"
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
        "given",
        "Expenditure as given",
        "lines",
        "money",
        Total("given"),
        "Expenditure before what providers are not paid is taken out",
    ),
    Measure(
        "unpaid",
        "Unpaid activity",
        "lines",
        "money",
        Total("unpaid"),
        "Activity at full price that its provider is not paid: a memo beside the pool",
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
        "closing_budget",
        "Closing budget",
        "budgets",
        "money",
        Total("closing_budget"),
        "Closing budget of the year, as stated in budgets.csv",
    ),
    Measure(
        "next_initial_budget",
        "Next year's initial budget",
        "budgets",
        "money",
        Total("next_initial_budget"),
        "Initial budget of the following year",
    ),
    Measure(
        "budget_change",
        "Change in budget",
        "budgets",
        "money",
        Total("next_initial_budget") - Total("closing_budget"),
        "Next year's initial budget − closing budget; positive is growth",
    ),
    Measure(
        "indicator",
        "Indicator",
        "indicator_values",
        "number",
        Total("value"),
        "A number of one indicator: of a series, at a period, in the unit it is printed in",
    ),
    Measure(
        "indicator_numerator",
        "Numerator",
        "indicator_values",
        "number",
        Total("numerator"),
        "What was counted, of an indicator that is a rate, a percentage or an average",
    ),
    Measure(
        "indicator_difference",
        "Difference of an indicator",
        "indicators",
        "number",
        Total("difference"),
        "Actual − target (or what it is set against), at one period; whether that is favourable "
        "the indicator says",
    ),
    Measure(
        "indicator_percent",
        "Difference of an indicator, %",
        "indicators",
        "rate",
        WhereAboveNil(
            Total("compared"), Quotient(Total("difference"), Total("compared"), RATE_DIGITS)
        ),
        "The same as a share of the target, or of what it is set against",
    ),
    Measure(
        "indicator_printed",
        "Difference of an indicator as printed, %",
        "indicators",
        "rate",
        Quotient(Total("printed"), Whole(WHOLE_RATE), RATE_DIGITS),
        "A percentage that is printed without its numbers, as actual less what it is set against",
    ),
    *(
        Measure(f"indicator_{name}", label, "indicator_values", unit, Total(name), meaning)
        for name, label, unit, meaning in (
            ("in_month", "Indicator in the month", "number",
             "What a series comes to in one month alone"),
            ("projected", "Projection of an indicator", "number",
             "What the actual comes to at the end of the year, as projected"),
            ("denominator_from", "Least denominator", "whole",
             "The least denominator that a printed rate and its numerator can have"),
            ("denominator_to", "Most denominator", "whole",
             "The most denominator they can have"),
        )
    ),
    *(
        Measure(name, label, "price_volume", unit, Total(column), meaning)
        for name, column, label, unit, meaning in (
            ("planned_volume", "planned", "Planned number", "whole", "Planned number of a line"),
            ("actual_volume", "actual", "Actual number", "whole", "Actual number of a line"),
            ("planned_price", "planned_price", "Planned price", "money",
             "What follows activity of the budget, for one that is planned"),
            ("actual_price", "actual_price", "Actual price", "money",
             "What follows activity of the expenditure, for one"),
            ("volume", "volume", "Volume", "money", "(Actual − planned number) × planned price"),
            ("mix", "mix", "Mix", "money", "What cells other than planned cost, at planned prices"),
            ("price", "price", "Price", "money",
             "The rest of what follows activity: prices, and number and price together"),
            ("unlinked", "unlinked", "Not linked", "money",
             "Variance of what does not follow activity"),
        )
    ),
)  # fmt: skip
OF_INDICATORS: Final = {
    "indicator_values": {"metric": "metric", "series": "series", "period": "period"},
    "indicators": {"metric": "metric", "against": "against", "period": "period"},
}
"""The tables of indicators, each with the column of each key; a figure is of one row of them."""
OF_ONE_ROW: Final = {
    **OF_INDICATORS, "price_volume": {"scheme": "scheme_id", VERSION: VERSION},
}  # fmt: skip
"""Those, and the table of the lines whose money follows activity."""
STATED: Final = "stated"
"""The measure of a number a paper states about something outside the pool: ``stated/its-name``."""

COLUMN_OF: Final[dict[str, dict[str, str]]] = {
    "lines": {
        "theme": "theme",
        "organisation": "organisation",
        "category": "category",
        "kind": "kind",
        "scheme": "scheme_id",
        "pooling": "pooling",
        "lead": "lead",
        "terms": "terms",
        "grant": "grant",
        "transfer": "transfer_to",
    },
    "shares": {
        "theme": "theme",
        "category": "category",
        "kind": "kind",
        "grant": "grant",
        "bearer": "bearer",
        "held": "held",
        "rule": "rule_id",
    },
    "budgets": {
        "theme": "theme",
        "organisation": "organisation",
        "kind": "kind",
        "scheme": "scheme_id",
    },
}
COLUMN_OF["unshared"] = COLUMN_OF["shares"]
_LATEST: Final = ("period", (LATEST,))
MEASURES: Final = Measures(
    _ALL,
    COLUMN_OF | OF_ONE_ROW,
    {
        "lines": (("pooling", ("pooled",)),),
        "indicator_values": (("series", (ACTUAL,)), _LATEST),
        "indicators": (("against", (TARGET,)), _LATEST),
    },
)
"""Those of a year end. Lines are those of the pool, and a number of an indicator is the actual of
its latest period, against the target, unless a figure says otherwise."""

JOINED: Final = ("theme", "category")
"""Keys by which a pot's lines may differ: a share is then labelled with all of them, as in A+B."""


@dataclass(frozen=True)
class Figure(Reference):
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
        return MEASURES.figure(measure, selected)

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
        return MEASURES.read(text)

    @staticmethod
    def of_scope(scope: str) -> "Figure":
        """Return the figure that adds up the lines of a rule's scope: their budget.

        Raises:
            UnknownFigure: the scope cannot be read.
        """
        return Figure("budget") if scope == "pool" else Figure.parse(f"budget/{scope}")

    def __str__(self) -> str:
        """Write it as `parse` reads it."""
        return "/".join([self.measure, *(f"{k}={'+'.join(v)}" for k, v in self.selection)])

    @property
    def computable(self) -> bool:
        """Whether the engine computes this figure, where the pool's inputs hold what it takes."""
        return self.measure in MEASURES

    @property
    def words(self) -> str:
        """Describe it in words: what is added up over which rows."""
        if self.measure not in MEASURES:
            return "stated by the paper about something outside the pool"
        return MEASURES.words(self)


def told_with(figure: Figure) -> str:
    """Return the figure of `OF_ONE_ROW` whose derivation tells all numbers of a row, as written."""
    chosen = {key: values[0] for key, values in figure.selection}
    series = chosen.pop("series", ACTUAL)
    if MEASURES[figure.measure].table == "price_volume":
        return str(Figure("price", figure.selection))
    against = {} if series in (ACTUAL, TARGET) else {"against": series}
    return str(Figure.of("indicator_difference", **chosen, **against))


@lru_cache(maxsize=2**14)
def scope_parts(scope: str) -> tuple[Figure, tuple[str, ...]]:
    """Read a rule's scope.

    Returns:
        The figure that adds up its lines (their budget), and the causes whose attributed amounts
        it covers; without the key `cause`, what no cause was attributed to.

    Raises:
        UnknownFigure: the scope cannot be read.
    """
    parts = scope.split("/")
    causes = [part.removeprefix("cause=") for part in parts if part.startswith("cause=")]
    rest = [part for part in parts if not part.startswith("cause=")]
    if len(causes) > 1 or (causes and not all(causes[0].split("+"))):
        message = "a cause is written cause=code, once"
        raise UnknownFigure(message)
    named = tuple(sorted(set(causes[0].split("+")))) if causes else (NONE,)
    return Figure.of_scope("/".join(rest) or "pool"), named


@dataclass(frozen=True)
class Cover:
    """What a limit covers: rows of the risk share, by their lines, cause, rule and step.

    Attributes:
        lines: the figure that adds up the lines (their budget).
        causes: of attributed amounts, those of these causes alone; empty for all, and for what no
            cause was attributed to.
        rules, steps: codes and numbers; empty for all.
    """

    lines: Figure
    causes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()

    @staticmethod
    def parse(text: str) -> "Cover":
        """Read what `covers` says: a scope, which may have the keys rule and step.

        Raises:
            UnknownFigure: it cannot be read.

        >>> str(Cover.parse("step=3+2/category=B+A"))
        'category=A+B/step=2+3'
        """
        named: dict[str, tuple[str, ...]] = {}
        rest = []
        for part in text.split("/"):
            key, _, values = part.partition("=")
            if key not in ("rule", "step"):
                rest.append(part)
            elif key in named or not all(values.split("+")):
                message = f"a {key} is written {key}=code, once"
                raise UnknownFigure(message)
            else:
                named[key] = tuple(sorted(set(values.split("+"))))
        steps = named.get("step", ())
        if not all(step.isdecimal() and int(step) for step in steps):
            message = "a step is a number, from 1"
            raise UnknownFigure(message)
        scope = "/".join(rest) or "pool"
        lines, causes = scope_parts(scope)
        return Cover(
            lines,
            causes if "cause=" in scope else (),
            named.get("rule", ()),
            tuple(sorted(map(int, steps))),
        )

    def __str__(self) -> str:
        """Write it as `parse` reads it."""
        named = {"cause": self.causes, "rule": self.rules, "step": self.steps}
        keys = [f"{key}={'+'.join(map(str, values))}" for key, values in named.items() if values]
        return "/".join([self.scope, *keys] if self.lines.selection else keys) or self.scope

    def of_cause(self, cause: str) -> bool:
        """Return whether it covers what was attributed to a cause, or to none."""
        return not self.causes or cause in self.causes

    def of_rule(self, code: str, step: int) -> bool:
        """Return whether it covers the rows of a rule, in a step."""
        return (not self.rules or code in self.rules) and (not self.steps or step in self.steps)

    @property
    def scope(self) -> str:
        """Return what selects its lines, as a rule's scope says it."""
        return str(self.lines).partition("/")[2] or "pool"


def totals(frame: pd.DataFrame, measure: str) -> Any:
    """Evaluate a measure on rows that already are totals: one value for each row of the frame."""
    return row_by_row(frame, MEASURES[measure].expression)


def row_by_row(frame: pd.DataFrame, expression: Expression) -> Any:
    """Evaluate an expression of a row's own columns on each row of a table."""
    return evaluate(expression, lambda leaf: frame[leaf.name].to_numpy())


@dataclass(frozen=True)
class Unstated(Reference):
    """How many of the amounts that a figure needs nobody stated."""

    figure: Figure


def blank_reason(budget: int) -> str:
    """Return why a percentage of budget is blank: the budget is nil or negative."""
    if budget > 0:
        return ""
    return "no %: budget is nil" if budget == 0 else "no %: budget is negative"


def unstated_reason(*, budget: bool, expenditure: bool) -> str:
    """Return which of budget and expenditure is not stated, as a reason; "" where both are.

    >>> unstated_reason(budget=True, expenditure=False)
    'expenditure not stated'
    """
    lost = [name for name, known in (("budget", budget), ("expenditure", expenditure)) if not known]
    return f"{' and '.join(lost)} not stated" if lost else ""

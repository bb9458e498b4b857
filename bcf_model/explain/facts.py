"""What derivations are told from: the tables of a run, and where their rows stood."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields as parts_of
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from bcf_model.agreement.rules import in_force
from bcf_model.core.expressions import Column, Expression, Leaf, Least, Most, Sum, words
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.core.money import MILLIONTHS, label, shown, sterling
from bcf_model.core.tables import LimitsOut, Lines, PaymentsOut, Shares
from bcf_model.core.weights import Weights
from bcf_model.core.words import POOLINGS
from bcf_model.core.worked_columns import counts_pence
from bcf_model.core.year_parts import Part, in_part
from bcf_model.explain.tree import LARGEST, Node
from bcf_model.intake.cells import tidy
from bcf_model.year.results import Results

_CODES: Final = {
    "schemes": "scheme_id",
    "rules": "rule_id",
    "limits": "limit_id",
    "reserves": "reserve",
    "achievement": "measure",
    "payments": "scheme_id",
    "activity": "scheme_id",
    "commentary": "scheme_id",
}
"""The column by which a row of an input table is found."""
_FORMS: Final = {
    table: {meaning.name: meaning.form for meaning in model.fields}
    for table, model in (
        ("lines", Lines),
        ("parts", Lines),
        ("payments", PaymentsOut),
        ("shares", Shares),
        ("limits", LimitsOut),
    )
}


class Facts:
    """A calculated pool, as derivations look at it.

    Args:
        results: of `run`.
        everything: whether every part of a long sum is told, or only the largest.
    """

    def __init__(self, results: Results, *, everything: bool = False) -> None:
        """Keep the results."""
        self.results = results
        self.figures = results.figures
        self.inputs = results.inputs
        self.everything = everything
        self._told: dict[tuple[Any, ...], Any] = {}

    def once(self, tell: Callable[..., Any], *asked: Any) -> Any:
        """Return what is told of these facts: a line is a part of many figures, and told once."""
        if (tell, asked) not in self._told:
            self._told[tell, asked] = tell(self, *asked)
        return self._told[tell, asked]

    def row(self, table: str, i: int) -> dict[str, Any]:
        """Return a row of a calculated table as plain values."""
        row = {name: cells[i] for name, cells in self.once(_columns_of, table).items()}
        return self.results.said(table, row) if table in ("shares", "limits") else row

    def rows_by(self, table: str, column: str) -> dict[str, list[int]]:
        """Return the positions of the rows of a table by the value of a column, in order."""
        if (table, column) not in self._by:
            found: dict[str, list[int]] = defaultdict(list)
            for i, value in enumerate(self.figures.column(table, column)):
                found[value].append(i)
            self._by[table, column] = dict(found)
        return self._by[table, column]

    @cached_property
    def _by(self) -> dict[tuple[str, str], dict[str, list[int]]]:
        return {}

    # -------------------------------------------------------------- names

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """The names of codes, by the table that declares them."""
        names_by_table = {}
        for table, code in (
            ("organisations", "organisation"),
            ("themes", "theme"),
            ("categories", "category"),
            ("reserves", "reserve"),
        ):
            frame = getattr(self.inputs, table)
            names_by_table[table] = dict(zip(frame[code], frame["name"], strict=True))
        return names_by_table

    def bearer(self, code: str) -> str:
        """Return a bearer's code and name."""
        name = self.names["organisations"].get(code) or self.names["reserves"].get(code, "")
        return f"{code} ({name})" if name and name != code else code

    def kind_of(self, bearer: str) -> str:
        """Return the kind of a bearer: a key of `words.BEARER_KINDS`."""
        if bearer in self.names["reserves"]:
            return "reserve"
        if bearer not in self.names["organisations"]:
            return bearer  # a place is its own kind
        columns = self._columns("organisations")
        kind = columns["organisation_kind"][columns["organisation"].index(bearer)]
        return "provider" if kind == "provider" else "partner"

    # -------------------------------------------------------------- where it is stated

    @cached_property
    def _rows(self) -> dict[str, dict[str, int]]:
        return {
            table: {code: i for i, code in enumerate(getattr(self.inputs, table)[column])}
            for table, column in _CODES.items()
        }

    def has(self, table: str, code: str) -> bool:
        """Return whether an input table has a row of this code."""
        return code in self._rows[table]

    def place(self, table: str, row: int | str) -> int:
        """Return the position of a row of an input table: by its position, or by its code."""
        return row if isinstance(row, int) else self._rows[table][row]

    def stated(self, table: str, row: int | str, column: str) -> Any:
        """Return a cell of an input table."""
        return self._columns(table)[column][self.place(table, row)]

    def _columns(self, table: str) -> dict[str, list[Any]]:
        if table not in self._inputs:
            frame = getattr(self.inputs, table)
            self._inputs[table] = {name: frame[name].tolist() for name in frame.columns}
        return self._inputs[table]

    @cached_property
    def _inputs(self) -> dict[str, dict[str, list[Any]]]:
        return {}

    def sources(self, table: str, row: int | str) -> tuple[str, ...]:
        """Return where a row stands: file and row number, and what its source column names."""
        at = self.place(table, row)
        found = []
        places = self.inputs.places.get(table)
        if places is not None:
            found.append(str(places.at(at)))
        if source := self._columns(table)["source"][at]:
            found.append(tidy(source))
        return tuple(found)

    def remark(self, table: str, row: int | str) -> tuple[str, ...]:
        """Return the remark of a row, as a sentence; nothing for none."""
        note = self.stated(table, row, "note")
        return (f"Remark: {note}.".replace("..", "."),) if note else ()

    def rules_in_force(self, part: str) -> set[str]:
        """Return the codes of the rules in force in a part of the year; in all of it for blank."""
        rules = self.inputs.rules
        if part:
            return set(in_part(rules, Part(*part.split(" to ")))["rule_id"])
        return set(in_force(rules, self.inputs.settings.financial_year)["rule_id"])

    @cached_property
    def pooled(self) -> pd.DataFrame:
        """The lines of the pool, numbered as in the table of all lines."""
        lines = self.figures.tables["lines"]
        return lines[lines["pooling"] == next(iter(POOLINGS))]

    @cached_property
    def weights(self) -> Weights:
        """What the rules measure over the pooled lines."""
        return Weights(self.pooled, self.inputs.contributions)

    def meaning(self, figure: Figure) -> str:
        """Return what a measure means; of expenditure, what it is at this position."""
        if figure.measure == "expenditure":
            spending = self.inputs.settings.standing.spending
            return f"{spending[0].upper()}{spending[1:]} of the year"
        return MEASURES[figure.measure].meaning

    def in_unit(self, pence: int) -> tuple[str, ...]:
        """Return an amount in the pool's unit; nothing where that is pounds."""
        unit = self.inputs.settings.unit
        return () if unit == "pounds" else (f"In {label(unit)}: {shown(pence, unit)}.",)

    # -------------------------------------------------------------- long sums

    def parts(
        self,
        rows: Sequence[int],
        amount: Callable[[int], int],
        tell: Callable[[int], Node],
        noun: str,
    ) -> tuple[Node, ...]:
        """Explain the parts of a sum: all of a few; of many the largest, and the rest in one node.

        Args:
            rows: one for each part, in order.
            amount: gives the pence of a part.
            tell: gives its node.
            noun: what the parts are, in the plural.
        """
        if self.everything or len(rows) <= LARGEST + 1:
            return tuple(tell(i) for i in rows)
        by_size = sorted(rows, key=lambda i: -abs(amount(i)))
        rest = by_size[LARGEST:]
        others = Node(
            f"{len(rest):,} other {noun}, each smaller",
            sum(map(amount, rest)),
            adds=True,
            said=(f"The {LARGEST} largest are told one by one.",),
        )
        return (*(tell(i) for i in by_size[:LARGEST]), others)


def _columns_of(facts: Facts, table: str) -> dict[str, list[Any]]:
    names = facts.figures.tables[table].columns
    return {name: facts.figures.column(table, name) for name in names}


def with_numbers(
    expression: Expression,
    table: str,
    row: Mapping[str, Any],
    forms: Mapping[str, str] | None = None,
) -> str:
    """Explain an expression of a row's own columns with its numbers instead of their names.

    Amounts below nil are in brackets.

    Args:
        expression: what to tell.
        table: lines, parts, payments, shares or limits.
        row: the values of its columns.
        forms: those of its columns, of another table than these.
    """

    def said(leaf: Leaf) -> Leaf:
        value = row[leaf.name]
        form = (forms or _FORMS[table])[leaf.name]
        if form == "money" or counts_pence(table, leaf.name, row):
            return Column(f"({sterling(value)})" if value < 0 else sterling(value))
        if form == "quantity":  # kept in millionths
            return Column(percentage(value).removesuffix("%"))
        return Column(percentage(value) if form == "share" else f"{value:,}")

    return _told(expression, said)


def in_words(expression: Expression) -> str:
    """Explain an expression in words; what is held between a size and its negative is called so.

    >>> from bcf_model.core.expressions import held_between
    >>> in_words(held_between(Column("share"), Column("limit")))
    'share, held between −limit and limit'
    """
    return _told(expression, lambda leaf: leaf)


def _told(expression: Expression, said: Callable[[Leaf], Leaf]) -> str:
    told = words(_put_in(expression, said))
    return told[1:-1] if isinstance(expression, Most) and told.startswith("(") else told


def _put_in(expression: Expression, said: Callable[[Leaf], Leaf]) -> Expression:
    if isinstance(expression, Leaf):
        return said(expression)
    inner: dict[str, Any] = {}
    for part in parts_of(expression):  # type: ignore[arg-type] # every expression is a dataclass
        value = getattr(expression, part.name)
        if isinstance(value, tuple):
            inner[part.name] = tuple(_put_in(each, said) for each in value)
        elif isinstance(value, Expression):
            inner[part.name] = _put_in(value, said)
    match made := replace(expression, **inner):  # type: ignore[type-var]
        case Most(Least(held, size), Sum(_, again, -1)) if size == again:
            return Column(f"({words(held)}, held between −{words(size)} and {words(size)})")
    return made


def percentage(millionths: int) -> str:
    """Write a percentage kept in millionths.

    >>> percentage(62_500_000)
    '62.5%'
    """
    whole, rest = divmod(millionths, MILLIONTHS)
    return f"{whole:,}.{rest:06d}".rstrip("0").rstrip(".") + "%"


def listed(found: Iterable[str]) -> str:
    """Join a few words with commas."""
    return ", ".join(found)

"""What the figures of a printed table are of each other: said by headings, proved by the numbers.

A total is looked for among the rows above it, back to the beginning of its section, of all
sections, or of what no total holds yet. A column of variances, percentages or totals is looked for
among the other columns. What is said is taken; where the numbers do not come to it, that is what
an auditor looks for, and it is shown. What only the numbers suggest is asked, never taken.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from bcf_model.core.printed_numbers import MONEY
from bcf_model.extracts.headings import MONEY as OF_MONEY
from bcf_model.extracts.printed_table import Key, PrintedFigure, PrintedTable
from bcf_model.extracts.totals import LABEL, LEAST_LINES, LEAST_UNLABELLED, OVER_ALL, WEAK

_DIFFERENCE: Final = re.compile(
    r"\b(?:variances?|var|difference|change|movement|increase|decrease|(?:over|under)[ -]?spend"
    r"|over|under)\b", re.I,
)  # fmt: skip
_TOTAL: Final = re.compile(r"\btotals?\b", re.I)
_OUTTURN: Final = ("actual", "ytd", "forecast", "amount", "net", "gross")
_HALF: Final = 2
_LEAST_ROWS: Final = 3
_NEAREST: Final = 3
"""Beginnings of sections back to which a row that says no total may be one."""

Parts = tuple[tuple[int, Key], ...]
"""Figures, each added (1) or taken away (−1)."""


@dataclass(frozen=True)
class Relation:
    """One figure, and what it is of others.

    Attributes:
        of: the figure.
        parts: what it adds up and takes away; of a percentage, what is divided.
        base: of a percentage, by what; None of a sum.
        holds: whether the numbers come to it, within what was rounded.
        low, high: what its parts come to, ends included, in pence or per cent.
    """

    of: Key
    parts: Parts
    base: Key | None
    holds: bool
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Family:
    """Relations of one row or one column that stand or fall together.

    Attributes:
        name: the label of the row, or the heading of the column.
        said: in words, what it is.
        by_heading: whether a word says it; else only the numbers do.
        relations: its relations; none where a heading says it and nothing was found to come to it.
        is_row: whether it is of a row.
    """

    name: str
    said: str
    by_heading: bool
    relations: tuple[Relation, ...]
    is_row: bool

    @property
    def failing(self) -> list[Relation]:
        """Return those that do not hold."""
        return [it for it in self.relations if not it.holds]


Take = Callable[[Family], bool]
"""Asks whether a family is taken."""


def find_relations(table: PrintedTable, take: Take) -> list[Family]:
    """Find what the figures of a table are of each other; returns what was taken."""
    rows = find_sums(table, take)
    return [*rows, *find_columns(table, take, {it.of[0] for one in rows for it in one.relations})]


# ------------------------------------------------------------------ rows


def find_sums(table: PrintedTable, take: Take) -> list[Family]:
    """Find the rows that are the sum of rows above them, from the top."""
    found: list[Family] = []
    items, starts = list[int](), [0]
    for row in sorted({*table.labels, *table.sections}):
        if row in table.sections:
            starts.append(len(items))
            continue
        label = table.labels[row]
        says = bool(LABEL.fullmatch(label))
        best = _best(table, row, items, starts, says or bool(_TOTAL.search(label)))
        family = best and _family(table, row, best[1], says)
        if best is None or not family or not take(family):
            items.append(row)
            continue
        found.append(family)
        del items[best[0] :]
        items.append(row)
        starts = [*(it for it in starts if it <= best[0]), len(items)]
    return found


def _best(
    table: PrintedTable, row: int, items: Sequence[int], starts: Sequence[int], says: bool
) -> tuple[int, list[int]] | None:
    """Return from which item on a row is a sum, and of which rows; None where of none."""
    order = sorted({it for it in starts if it < len(items)}, reverse=True)
    if not says:
        order = order[:_NEAREST]
    if OVER_ALL.fullmatch(table.labels[row]):
        order.reverse()
    tried: list[tuple[int, list[int]]] = []
    for start in order:
        whole = list(items[start:])
        plain = [it for it in whole if not WEAK.fullmatch(table.labels[it])]
        tried += [(start, it) for it in ([plain, whole] if plain != whole else [whole]) if it]
    tried.sort(key=lambda it: len(it[1]) < LEAST_LINES)
    if not says:
        tried = [it for it in tried if _suggested(table, _sums_of(table, row, it[1]))]
    if not tried:
        return None
    return max(tried, key=lambda it: sum(one.holds for one in _sums_of(table, row, it[1])))


def _suggested(table: PrintedTable, sums: Sequence[Relation]) -> bool:
    """Return whether numbers by themselves suggest a total: in two columns, or of three rows.

    In one column at least they come to it as printed: of small numbers rounding allows too much.
    """
    least = min((len(it.parts) for it in sums), default=0)
    enough = least >= (LEAST_LINES if len(sums) > 1 else LEAST_UNLABELLED)
    exact = [it for it in sums if it.low + it.high == _twice(table.figures[it.of])]
    moved = any(it.low > 0 or it.high < 0 for it in exact)
    return enough and moved and all(it.holds for it in sums)


def _twice(figure: PrintedFigure) -> Fraction:
    return figure.low + figure.high


def _sums_of(table: PrintedTable, row: int, rows: Sequence[int]) -> list[Relation]:
    """Return, of each column, that a row is the sum of others.

    Where a part is blank or not stated, it is one only if the others come to it: what is not
    stated is not nil, so nothing is accused for want of it.
    """
    found = []
    for column in table.columns:
        figure = table.figures.get((row, column))
        inside = [(it, column) for it in rows if (it, column) in table.figures]
        if figure is None or figure.is_rate or not inside:
            continue
        if any(_kind(table.figures[it]) != _kind(figure) for it in inside):
            continue
        relation = _sum(table, figure, tuple((1, it) for it in inside))
        if relation.holds or len(inside) == len(rows):
            found.append(relation)
    return found


def _family(table: PrintedTable, row: int, rows: Sequence[int], says: bool) -> Family | None:
    sums = _sums_of(table, row, rows)
    if not says and _TOTAL.search(table.labels[row]):
        says = any(it.holds for it in sums)  # a word among others: "Theme 1 total - at home"
        sums = sums if says else []
    if not sums:
        return None
    said = f"the sum of rows {', '.join(_runs([it + 1 for it in rows]))}"
    return Family(_named(table, row), said, says, tuple(sums), is_row=True)


def _named(table: PrintedTable, row: int) -> str:
    """Return the label of a row, with its row where others have the same."""
    label = table.labels[row]
    again = list(table.labels.values()).count(label) > 1
    return f"{label} (row {row + 1})" if again else label


def _runs(numbers: Iterable[int]) -> Iterator[str]:
    """Write numbers as runs: 5 to 7, 9."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    for first, last in runs:
        yield str(first) if first == last else f"{first} to {last}"


# ------------------------------------------------------------------ columns


class _Form(NamedTuple):
    """A form a column may have: columns added and taken away, and divided by another, in words."""

    parts: tuple[tuple[int, int], ...]
    base: int | None
    said: str
    base_row: int | None = None


def find_columns(table: PrintedTable, take: Take, totals: set[int]) -> list[Family]:
    """Find the columns that are a difference, a percentage or a sum of others."""
    found: list[Family] = []
    related = set[int]()
    said = {it: _says(table, it) for it in table.columns}
    for column in sorted(table.columns, key=lambda it: not said[it]):  # those that say so first
        if not said[column] and (column in related or table.role(column) in OF_MONEY):
            continue
        is_rate = table.units[column] == "percent"
        forms = _rates(table, column, totals) if is_rate else _amounts(table, column)
        family = _column(table, column, forms, said[column])
        if family is None:
            continue
        if not is_rate:
            related |= {at[1] for one in family.relations for _, at in (*one.parts, (1, one.of))}
        if take(family):
            found.append(family)
    return found


def _says(table: PrintedTable, column: int) -> bool:
    """Return whether a column says by its heading that it is of others."""
    total = bool(LABEL.fullmatch(table.columns[column]))
    return table.units[column] == "percent" or total or _is_difference(table, column)


def _is_difference(table: PrintedTable, column: int) -> bool:
    return table.role(column) == "variance" or bool(_DIFFERENCE.search(table.columns[column]))


def _column(table: PrintedTable, column: int, forms: Sequence[_Form], says: bool) -> Family | None:
    """Return what a column is: the form most of its rows come to, the likeliest first."""
    heading = table.columns[column]
    best: tuple[Fraction, _Form, list[Relation]] | None = None
    for form in forms:
        relations = _of_form(table, column, form, to_the_end=says)
        if not relations or (not says and len(relations) < _LEAST_ROWS):
            continue
        share = Fraction(sum(it.holds for it in relations), len(relations))
        if best is None or share > best[0]:
            best = share, form, relations
    enough = Fraction(1, _HALF) if says else Fraction(1)
    if best is not None and best[0] >= enough:
        moved = says or any(it.low > 0 or it.high < 0 for it in best[2])
        return Family(heading, best[1].said, says, tuple(best[2]), is_row=False) if moved else None
    if says and forms:
        return Family(heading, "", says, (), is_row=False)
    return None


def _of_form(table: PrintedTable, column: int, form: _Form, *, to_the_end: bool) -> list[Relation]:
    """Return what each row comes to; of what no heading says, up to the first that does not."""
    found: list[Relation] = []
    for row in table.labels:
        if found and not found[-1].holds and not to_the_end:
            break
        figure = table.figures.get((row, column))
        parts = tuple((sign, (row, other)) for sign, other in form.parts)
        there = [at for _, at in parts if at in table.figures]
        base = None if form.base is None else (_or(form.base_row, row), form.base)
        if figure is None or len(there) < len(parts) or (base and base not in table.figures):
            continue
        if base is None:
            if not figure.is_rate and all(
                _kind(table.figures[it]) == _kind(figure) for it in there
            ):
                found.append(_sum(table, figure, parts))
        elif figure.unit == "percent" and (rate := _rate(table, figure, parts, base)):
            found.append(rate)
    return found


def _or(row: int | None, own: int) -> int:
    return own if row is None else row


def _amounts(table: PrintedTable, column: int) -> list[_Form]:
    """Return the differences and sums a column may be, the likeliest first."""
    others = [it for it in _of_amounts(table) if it != column]
    names = table.columns
    left = [it for it in others if it < column]
    sums = [
        _Form(tuple((1, it) for it in left[at:]), None, _added(names, left[at:]))
        for at in range(len(left) - 1)
    ]
    pairs = sorted(
        ((a, b) for a in others for b in others if a != b),
        key=lambda it: (
            _unlike(table, *it),
            max(it) > column,
            abs(column - it[0]) + abs(column - it[1]),
        ),
    )  # fmt: skip
    differences = [_Form(((1, a), (-1, b)), None, f"{names[a]} − {names[b]}") for a, b in pairs]
    if LABEL.fullmatch(names[column]) and not _is_difference(table, column):
        return sums
    return differences if _is_difference(table, column) else [*sums, *differences]


def _unlike(table: PrintedTable, one: int, other: int) -> int:
    """Return how far two columns are from what was spent less its budget."""
    roles = table.role(one), table.role(other)
    straight = roles[0] in _OUTTURN and roles[1] == "budget"
    turned = roles[1] in _OUTTURN and roles[0] == "budget"
    return 0 if straight else 1 if turned else 2


def _rates(table: PrintedTable, column: int, totals: set[int]) -> list[_Form]:
    """Return what a column of percentages may be of, the likeliest first."""
    amounts, names = _of_amounts(table), table.columns
    simple = sorted(
        ((a, b) for a in amounts for b in amounts if a != b),
        key=lambda it: (
            not _is_difference(table, it[0]), table.role(it[1]) != "budget", abs(column - it[0]),
        ),
    )  # fmt: skip
    forms = [_Form(((1, a),), b, f"{names[a]} ÷ {names[b]}") for a, b in simple]
    forms += [
        _Form(((1, a), (-1, b)), b, f"({names[a]} − {names[b]}) ÷ {names[b]}")
        for a, b in sorted(simple, key=lambda it: _unlike(table, *it))
    ]
    if totals:
        last = max(totals)
        forms += [
            _Form(((1, a),), a, f"{names[a]} ÷ {names[a]} of row {last + 1}", last) for a in amounts
        ]
    return forms


def _of_amounts(table: PrintedTable) -> list[int]:
    return [it for it in table.columns if table.units[it] != "percent"]


def _added(names: dict[int, str], columns: Sequence[int]) -> str:
    return " + ".join(names[it] for it in columns)


# ------------------------------------------------------------------ proofs


def _kind(figure: PrintedFigure) -> str:
    """Return what a figure is an amount of, as the audit takes it."""
    return "money" if figure.unit in MONEY else figure.unit


def _ends(table: PrintedTable, parts: Parts) -> tuple[Fraction, Fraction]:
    low = high = Fraction(0)
    for sign, at in parts:
        it = table.figures[at]
        low += it.low if sign > 0 else -it.high
        high += it.high if sign > 0 else -it.low
    return low, high


def _sum(table: PrintedTable, figure: PrintedFigure, parts: Parts) -> Relation:
    low, high = _ends(table, parts)
    holds = low <= figure.high and figure.low <= high
    return Relation(figure.at, parts, None, holds, low, high)


def _rate(table: PrintedTable, figure: PrintedFigure, parts: Parts, base: Key) -> Relation | None:
    """Return that a percentage is of its parts.

    None where they are of two kinds, are rates themselves, or may be divided by nil.
    """
    kinds = {_kind(table.figures[at]) for at in (*(it for _, it in parts), base)}
    if len(kinds) > 1 or table.figures[base].is_rate:
        return None
    divided, by = _ends(table, parts), _ends(table, ((1, base),))
    if by[0] <= 0 <= by[1]:
        return None
    corners = [one * 100 / other for one in divided for other in by]
    low, high = min(corners), max(corners)
    holds = low <= figure.high and figure.low <= high
    return Relation(figure.at, parts, base, holds, low, high)

"""A small language for arithmetic that is written once and read three ways.

An expression is *evaluated* on tables (whole pence, exact, vectorised), *printed* as an Excel
formula, and *told* in words. What cannot be said in it is probably not something an auditor could
re-perform. The vocabulary:

- leaves: `Column` of the own row, `Total` over a selection or the rows sharing a key, `Reference`
  to a figure, `Whole` number, `Rate`;
- arithmetic: `Sum`, `Product`, `Ratio`, `Least` and `Most` of two;
- rounded once: `PartOf` an amount by a rate, `Quotient`, `Scaled` by several factors, `Deflated` by
  the rates of several years;
- choices: `If` above nil, else; `WhereAboveNil`, blank elsewhere.

What a leaf comes to is the caller's business: each reading takes a function from leaf to array or
to text. The readings: `evaluate`, `with_decimals` and `unrounded`, `formula`, `words`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np

from bcf_model.core.money import MILLIONTHS, divide, multiply, ratio, scaled

PENNY: Final = 0
"""Round to the penny: the engine counts pence, so nothing is left to scale."""
_OF_POUNDS: Final = 2
"""Decimals of pounds: what is held in pence is a whole number of them."""

RATE_DIGITS: Final = 9
"""A rate is rounded once, to nine decimals: a percentage to seven."""


class Expression:
    """Base of all expressions; gives them their operators."""

    def __add__(self, other: "Expression") -> "Sum":
        """Add."""
        return Sum(self, other, 1)

    def __sub__(self, other: "Expression") -> "Sum":
        """Take away."""
        return Sum(self, other, -1)

    def __mul__(self, other: "Expression") -> "Expression":
        """Multiply."""
        return Product(self, other)


class Reference(Expression):
    """Base of a leaf that says by itself which rows it is of: a figure, a cell of a table."""


@dataclass(frozen=True)
class InRow(Reference):
    """The value of a column in one row of a table; rows are counted from 0."""

    table: str
    column: str
    row: int


@dataclass(frozen=True)
class Column(Expression):
    """The value of a column in the row at hand."""

    name: str


@dataclass(frozen=True)
class Total(Expression):
    """The sum of a column: over a figure's selection, or over the rows of the same `sharing` key.

    Attributes:
        name: the column added up.
        sharing: the key its rows have in common with the row at hand; none for a selection.
        up_to: only rows whose `up_to` column is not beyond the row at hand: a running total.
        above: only rows that stand above the row at hand; with `before`, only those of them whose
            `before` column is less than here.
        table: whose rows are added up; the own table's when blank.
        to: the column of the row at hand that the key is compared with, where its name is another.
        sign: 1 for amounts above nil only, -1 for amounts below nil only; 0 for all.
        of: only rows that have one of these values in each of these columns; of a column that
            joins several codes by +, one of them.
        rows: only these rows of `table`: from the first, counted from 0, up to and not with the
            second.
    """

    name: str
    sharing: str = ""
    up_to: str = ""
    above: bool = False
    before: str = ""
    table: str = ""
    to: str = ""
    sign: int = 0
    of: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Whole(Expression):
    """A whole number that is no amount of money: the same in pence and in pounds."""

    number: int


@dataclass(frozen=True)
class Decimals(Expression):
    """A number with decimals, as it is written, in the unit of a workbook's cells."""

    number: str


@dataclass(frozen=True)
class Sum(Expression):
    """left + right, or left − right when `sign` is -1."""

    left: Expression
    right: Expression
    sign: int


@dataclass(frozen=True)
class AddedUp(Expression):
    """The sum of several, or of the cells of names; a workbook leaves out what is no number."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Product(Expression):
    """left × right, of whole numbers."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Rate(Expression):
    """A percentage, in millionths of a percent; a workbook has it as a fraction."""

    millionths: int


@dataclass(frozen=True)
class Written(Expression):
    """An amount as text: in a unit of so many pounds, with decimals, rounded half away from zero.

    Attributes:
        of: pounds that make one.
        parts: how many of what is evaluated make one of what a workbook has: pence of a pound.
    """

    amount: Expression
    decimals: int
    of: int = 1
    parts: int = 100


@dataclass(frozen=True)
class Joined(Expression):
    """Texts one after the other, of which some are chosen or written."""

    parts: tuple["Expression | str", ...]


@dataclass(frozen=True)
class PartOf(Expression):
    """An amount × a rate, rounded half away from zero to the penny."""

    amount: Expression
    rate: Expression


@dataclass(frozen=True)
class Scaled(Expression):
    """An amount × several factors, rounded half away from zero to the penny, once.

    Attributes:
        by: the factors, each a whole number of parts; a workbook has each as a number.
        of: how many parts the product of ones would have.
    """

    amount: Expression
    by: tuple[Expression, ...]
    of: int


@dataclass(frozen=True)
class Deflated(Expression):
    """An amount ÷ (1 + rate) for each of several rates, rounded half away from zero, once.

    Attributes:
        rates: each in millionths of a percent, above −100 %.
    """

    amount: Expression
    rates: tuple[Expression, ...]


@dataclass(frozen=True)
class Named(Reference):
    """A number with a name of its own: in a workbook, the name or the address of its cell."""

    name: str


@dataclass(frozen=True)
class Counted(Reference):
    """How many cells of a column with a name hold a text."""

    column: str
    text: str


@dataclass(frozen=True)
class Rounded(Expression):
    """An amount to the penny: whole pence are; a sum of pounds in a workbook may be off a hair.

    Attributes:
        decimals: of pounds; more where amounts are compared that may differ by less; or of a
            number that is no amount.
    """

    amount: Expression
    decimals: int = _OF_POUNDS


@dataclass(frozen=True)
class Known(Expression):
    """One where a cell holds a number, else nil: a text, or an error, is none."""

    cell: Expression


@dataclass(frozen=True)
class NumberIn(Expression):
    """What a cell holds where that is a number; nil where it is blank or a text."""

    cell: Expression


@dataclass(frozen=True)
class FoundBy(Expression):
    """The cell of a row that stands where a text stands in a row of texts."""

    cells: Expression
    text: Expression
    texts: Expression


@dataclass(frozen=True)
class Differs(Expression):
    """One where two differ, else nil; either may be a text."""

    left: "Expression | str"
    right: "Expression | str"


@dataclass(frozen=True)
class If(Expression):
    """`above` where `test` is above nil, else `otherwise`; either may be a text."""

    test: Expression
    above: "Expression | str"
    otherwise: "Expression | str"


@dataclass(frozen=True)
class Least(Expression):
    """The lesser of two."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Most(Expression):
    """The greater of two."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Quotient(Expression):
    """numerator ÷ denominator, rounded half away from zero: to the penny, or as a rate."""

    numerator: Expression
    denominator: Expression
    digits: int = PENNY


@dataclass(frozen=True)
class Ratio(Expression):
    """numerator ÷ denominator, not rounded: of numbers that are no amounts of money."""

    numerator: Expression
    denominator: Expression


@dataclass(frozen=True)
class WhereAboveNil(Expression):
    """`value` where `test` is above nil; blank elsewhere, where it is not even computed."""

    test: Expression
    value: Expression


WHOLE_RATE: Final = 100 * MILLIONTHS
"""100 %, in millionths of a percent."""

Leaf = Column | Total
NIL: Final = Whole(0)


def held_between(value: Expression, size: Expression) -> Expression:
    """Return value, but no more than size and no less than −size."""
    return Most(Least(value, size), NIL - size)


def columns_in(expression: Expression) -> tuple[str, ...]:
    """Name the columns an expression is made of, each once.

    >>> columns_in(Total("expenditure") - Total("budget"))
    ('expenditure', 'budget')
    """
    return tuple(dict.fromkeys(leaf.name for leaf in leaves_in(expression)))


def leaves_in(expression: Expression) -> Iterator[Leaf]:
    """Return the columns and totals an expression is made of, from left to right."""
    if isinstance(expression, Leaf):
        yield expression
    else:
        for part in _parts_of(expression):
            yield from leaves_in(part)


def references_in(expression: Expression) -> tuple[Any, ...]:
    """Return the references an expression is made of, from left to right, each once."""
    if isinstance(expression, Reference):
        return (expression,)
    inside = map(references_in, _parts_of(expression))
    return tuple(dict.fromkeys(it for some in inside for it in some))


def _parts_of(expression: Expression) -> Iterator[Expression]:
    """Return the expressions an expression is put together of, from left to right."""
    for part in fields(expression):  # type: ignore[arg-type]
        held = getattr(expression, part.name)
        parts = held if isinstance(held, tuple) else (held,)
        yield from (it for it in parts if isinstance(it, Expression))


def added(parts: Iterable[Expression]) -> Expression:
    """Return the sum of several; nil where there is none."""
    several = tuple(parts)
    return AddedUp(several) if len(several) > 1 else several[0] if several else NIL


def size_of(amount: Expression) -> Expression:
    """Return how far an amount is from nil."""
    return Most(amount, NIL - amount)


def to_the_penny(amount: Expression) -> Expression:
    """Return an amount rounded to the penny, once: a leaf and a division are."""
    divided = Column | Reference | Whole | PartOf | Scaled | Deflated | Quotient | Rounded
    inside = amount.right if isinstance(amount, Sum) and amount.left == NIL else amount
    return amount if isinstance(inside, divided) else Rounded(amount)


def replaced(expression: Expression, by: Mapping[Expression, Expression]) -> Expression:
    """Return an expression in which others stand for some of its parts."""
    if expression in by:
        return by[expression]

    def of(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(map(of, part))
        return replaced(part, by) if isinstance(part, Expression) else part

    parts = {it.name: of(getattr(expression, it.name)) for it in fields(expression)}  # type: ignore[arg-type]
    return type(expression)(**parts)


def of_row(row: Mapping[str, Any]) -> Callable[[Leaf], Any]:
    """Return what finds a column in a row: a number, or an array, for each name."""
    return lambda leaf: row[leaf.name]


def evaluate(expression: Expression, leaf: Callable[[Any], Any]) -> Any:
    """Evaluate on arrays.

    Args:
        expression: what to compute.
        leaf: gives the int64 array (any one shape) of a column or a total.

    Returns:
        int64 array of whole pence (or counts); float64 with NaN for blank when it is a rate.
    """
    match expression:
        case Column() | Total() | Reference():
            return leaf(expression)
        case Sum(left, right, sign):
            return evaluate(left, leaf) + sign * evaluate(right, leaf)
        case Product(left, right):
            return multiply(evaluate(left, leaf), evaluate(right, leaf))
        case Whole(number) | Rate(number):
            return np.int64(number)
        case PartOf() | Scaled() | Deflated() | Quotient():
            return _divided(expression, lambda part: evaluate(part, leaf))
        case AddedUp() | Decimals() | Rounded() | Known() | NumberIn() | Differs():
            return _in_workbook(expression, lambda part: evaluate(part, leaf))
        case FoundBy() | Joined() | Written():
            return _in_workbook(expression, lambda part: evaluate(part, leaf))
        case If(test, above, otherwise):
            there = evaluate(test, leaf) > 0
            if np.size(there) == 1:  # of one figure, whose ends may be texts
                chosen = above if np.all(there) else otherwise
                return _side(chosen, lambda end: evaluate(end, leaf))
            assert isinstance(above, Expression) and isinstance(otherwise, Expression)
            return np.where(there, evaluate(above, leaf), evaluate(otherwise, leaf))
        case Least(left, right):
            return np.minimum(evaluate(left, leaf), evaluate(right, leaf))
        case Most(left, right):
            return np.maximum(evaluate(left, leaf), evaluate(right, leaf))
        case WhereAboveNil(test, value):
            there = evaluate(test, leaf) > 0
            result = np.full(there.shape, np.nan)
            result[there] = evaluate(value, lambda name: leaf(name)[there])
            return result
    raise AssertionError(expression)


def _divided(expression: Expression, at: Callable[[Expression], Any]) -> Any:
    """Evaluate what is divided and rounded once."""
    match expression:
        case PartOf(amount, rate):
            return scaled(at(amount), at(rate), np.int64(WHOLE_RATE))
        case Scaled(amount, factors, whole):
            product = multiply(*map(at, (amount, *factors)))
            return divide(product, np.full(np.shape(product), whole, dtype=object))
        case Deflated(amount, rates):
            above = multiply(at(amount), *[np.int64(WHOLE_RATE)] * len(rates))
            below = multiply(np.int64(1), *(WHOLE_RATE + at(rate) for rate in rates))
            return divide(above, np.full(np.shape(above), below, dtype=object))
        case Quotient(Product(amount, by), of, digits) if not digits:
            return scaled(at(amount), at(by), at(of))
        case Quotient(numerator, denominator, digits):
            above, below = at(numerator), at(denominator)
            return ratio(above, below, digits) if digits else divide(above, below)
    raise AssertionError(expression)


def with_decimals(
    expression: Expression, leaf: Callable[[Leaf], Any], rounded: Callable[[Any], Any]
) -> Any:
    """Evaluate on numbers that have decimals: fractions, or arrays of draws.

    Args:
        expression: what to compute; what is blank below nil, or a choice, of one number alone.
        leaf: gives the number, or the array, of a column or a total; pence.
        rounded: what is done where an amount is rounded to the penny; on draws, nothing.
    """

    def at(part: Expression) -> Any:
        return with_decimals(part, leaf, rounded)

    match expression:
        case Column() | Total():
            return leaf(expression)
        case Sum(Quotient(Product(amount, by), of), Quotient(Product(same, less), below), -1) if (
            rounded is _as_is and (same, below) == (amount, of)
        ):  # where nothing is rounded, a part is the amount by its own weight
            return at(amount) * ((at(by) - at(less)) / at(of))
        case Sum(left, right, sign):
            return at(left) + sign * at(right)
        case Product(left, right):
            return at(left) * at(right)
        case Whole(number) | Rate(number):
            return number
        case Rounded(amount, decimals) if decimals != _OF_POUNDS:
            step = Fraction(10) ** (_OF_POUNDS - decimals)
            return rounded(at(amount) / step) * step
        case Rounded(amount):
            return rounded(at(amount))
        case PartOf(amount, rate):
            return rounded(at(amount) * at(rate) / WHOLE_RATE)
        case Quotient(Product(amount, by), of):
            return rounded(at(amount) * (at(by) / at(of)))  # a share is often one for all draws
        case Quotient(numerator, denominator):
            return rounded(at(numerator) / at(denominator))
        case Ratio(numerator, denominator):
            return at(numerator) / at(denominator)
    return _chosen(expression, at)


def _chosen(expression: Expression, at: Callable[[Expression], Any]) -> Any:
    """Evaluate what is one number, or text, or another."""
    match expression:
        case WhereAboveNil(test, value):
            return at(value) if at(test) > 0 else None
        case If(test, above, otherwise):
            return _side(above if at(test) > 0 else otherwise, at)
        case Least(left, right):
            return np.minimum(at(left), at(right))
        case Most(left, right):
            return np.maximum(at(left), at(right))
    raise AssertionError(expression)


def unrounded(expression: Expression, leaf: Callable[[Leaf], Any]) -> Any:
    """Evaluate on draws, arrays of float64: nothing is rounded."""
    return with_decimals(expression, leaf, _as_is)


def _as_is(amount: Any) -> Any:
    return amount


def formula(expression: Expression, leaf: Callable[[Any], str]) -> str:
    """Print as an Excel formula in pounds, without the leading "=".

    Args:
        expression: what to print.
        leaf: gives the reference or the SUMIFS of a column or a total.
    """
    match expression:
        case Column() | Total() | Reference():
            return leaf(expression)
        case Sum(left, right, sign):
            second = formula(right, leaf)
            if isinstance(right, Sum):
                second = f"({second})"
            if left == NIL:
                return f"-{second}"
            return f"{formula(left, leaf)}{'+' if sign > 0 else '-'}{second}"
        case Product(left, right):
            return "*".join(
                f"({formula(side, leaf)})" if isinstance(side, Sum) else formula(side, leaf)
                for side in (left, right)
            )
        case Whole(number) | Decimals(number):
            return str(number)
        case Rate(millionths):
            return f"{Decimal(millionths) / WHOLE_RATE:f}"
        case PartOf() | Scaled() | Deflated() | Quotient():
            return f"ROUND({_division(expression, lambda part: formula(part, leaf))})"
        case Ratio(numerator, denominator):
            return f"{formula(numerator, leaf)}/{formula(denominator, leaf)}"
    return _choice(expression, lambda part: formula(part, leaf))


def _choice(expression: Expression, at: Callable[[Expression], str]) -> str:
    """Print what is one thing or another, or what is rounded for itself."""
    match expression:
        case Rounded(amount, decimals):
            return f"ROUND({at(amount)},{decimals})"
        case AddedUp(parts):
            return f"SUM({','.join(map(at, parts))})"
        case Joined(parts):
            return "&".join(_end(it, at) for it in parts)
        case Written(amount, decimals, of):  # a half is one before it is divided
            size = (
                f"ROUND({at(amount)},{decimals + 1 - len(str(of))})/{of}" if of > 1 else at(amount)
            )
            return f"FIXED({size},{decimals})"
        case Least(left, right) | Most(left, right):
            chosen = "MIN" if isinstance(expression, Least) else "MAX"
            return f"{chosen}({at(left)},{at(right)})"
        case Known(cell):
            return f"COUNT({at(cell)})"
        case NumberIn(cell):
            return f"N({at(cell)})"
        case FoundBy(cells, text, texts):
            return f"INDEX({at(cells)},1,MATCH({at(text)},{at(texts)},0))"
        case Differs():
            return at(If(expression, Whole(1), NIL))
        case If(Differs(left, right), above, otherwise):
            return f"IF({_end(left, at)}={_end(right, at)},{_end(otherwise, at)},{_end(above, at)})"
        case If(test, above, otherwise):
            return f"IF({at(test)}>0,{_end(above, at)},{_end(otherwise, at)})"
        case WhereAboveNil(test, value):
            return f'IF({at(test)}>0,{at(value)},"")'
    raise AssertionError(expression)


def _division(expression: Expression, at: Callable[[Expression], str]) -> str:
    """Print a division and, after a comma, its decimals: in pounds the penny is the second."""

    def factor(part: Expression) -> str:
        return f"({at(part)})" if isinstance(part, Sum) else at(part)

    match expression:
        case PartOf(amount, rate):
            return f"{factor(amount)}*{at(rate)},2"
        case Scaled(amount, factors, _):
            return f"{'*'.join(map(factor, (amount, *factors)))},2"
        case Deflated(amount, rates):
            below = "".join(f"/(1+{at(rate)})" for rate in rates)
            return f"{factor(amount)}{below},2"
        case Quotient(numerator, denominator, digits):
            below = at(denominator)
            below = below if isinstance(denominator, Leaf | Whole) else f"({below})"
            return f"{factor(numerator)}/{below},{digits or 2}"
    raise AssertionError(expression)


def _in_workbook(expression: Expression, at: Callable[[Expression], Any]) -> Any:
    """Evaluate what a workbook compares, writes and rounds by itself."""
    match expression:
        case AddedUp(parts):
            whole = np.int64(0)
            for part in parts:
                whole = whole + at(part)
            return whole
        case Decimals(number):
            return float(number)
        case Rounded(amount, decimals) if decimals < _OF_POUNDS:
            pence, step = at(amount), 10 ** (_OF_POUNDS - decimals)
            return divide(pence, np.full(np.shape(pence), step)) * step
        case Rounded(amount):
            return at(amount)
        case Known(cell):
            return np.int64(not isinstance(at(cell), str))
        case NumberIn(cell):
            return np.int64(0) if isinstance(held := at(cell), str) else held
        case FoundBy(cells, text, texts):
            return at(cells)[[*at(texts)].index(at(text))]
        case Differs(left, right):
            return np.asarray(_side(left, at) != _side(right, at)).astype(np.int64)
        case Joined(parts):
            return "".join(str(_side(it, at)) for it in parts)
        case Written(amount, decimals, of, parts):
            written = Decimal(int(at(amount))) / (of * parts)
            return f"{written.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
    raise AssertionError(expression)


def _side(side: Expression | str, found: Callable[[Expression], Any]) -> Any:
    return side if isinstance(side, str) else found(side)


def _end(end: Expression | str, printed: Callable[[Expression], str]) -> str:
    """Print one end of a choice: an expression, or a text in quotation marks."""
    return '"' + end.replace('"', '""') + '"' if isinstance(end, str) else printed(end)


def words(expression: Expression) -> str:
    """Describe in words.

    >>> words(Column("expenditure") - Column("budget"))
    'expenditure − budget'
    """
    match expression:
        case Column(name) | InRow(_, name) | Named(name):
            return name.replace("_", " ")
        case Total():
            return _total_words(expression)
        case Rate(millionths):
            return f"{Decimal(millionths) / MILLIONTHS:f}%"
        case Decimals(written):
            return written
        case PartOf() | Scaled() | Deflated() | Quotient():
            return _division_words(expression)
        case Whole(number):
            return "nil" if number == 0 else f"{number:,}"
        case Sum(left, right, sign):
            if left == NIL:
                return f"−{_bracketed(right)}"
            return f"{words(left)} {'+' if sign > 0 else '−'} {_bracketed(right)}"
        case Product(left, right):
            return f"{_bracketed(left)} × {_bracketed(right)}"
        case Ratio(numerator, denominator):
            return f"{words(numerator)} ÷ {words(denominator)}"
    return _choice_words(expression)


def _choice_words(expression: Expression) -> str:
    match expression:
        case Rounded(amount):
            return words(amount)
        case AddedUp(parts):
            return f"the sum of {', '.join(map(words, parts))}"
        case Joined(parts):
            return ", then ".join(_end(it, words) for it in parts)
        case Written(amount, decimals, of):
            unit = f", in units of {of:,}" if of > 1 else ""
            return f"{words(amount)} with {decimals} decimals{unit}"
        case Least(left, right) | Most(left, right):
            chosen = "lesser" if isinstance(expression, Least) else "greater"
            return f"the {chosen} of {words(left)} and {words(right)}"
        case Known(cell):
            return f"one where {words(cell)} is known, else nil"
        case NumberIn(cell):
            return f"{words(cell)}, nil where it is no number"
        case FoundBy(cells, text, texts):
            return f"what of {words(cells)} stands where {words(text)} stands in {words(texts)}"
        case Differs(left, right):
            return f"one where {_end(left, words)} is not {_end(right, words)}, else nil"
        case If(Differs(left, right), above, otherwise):
            same = f"{_end(left, words)} is {_end(right, words)}"
            return f"{_end(otherwise, words)} if {same}, else {_end(above, words)}"
        case If(test, above, otherwise):
            return (
                f"{_end(above, words)} if {words(test)} is above nil, else {_end(otherwise, words)}"
            )
        case WhereAboveNil(test, value):
            return f"{words(value)}; blank unless {words(test)} is above nil"
    raise AssertionError(expression)


def _division_words(expression: Expression) -> str:
    match expression:
        case PartOf(amount, rate):
            return f"{_bracketed(amount)} × {words(rate)}, rounded to the penny"
        case Scaled(amount, factors, _):
            said = " × ".join(map(_bracketed, (amount, *factors)))
            return f"{said}, rounded to the penny"
        case Deflated(amount, rates):
            below = "".join(f" ÷ (1 + {words(rate)})" for rate in rates)
            return f"{_bracketed(amount)}{below}, rounded to the penny"
        case Quotient(numerator, denominator, digits):
            to = f"to {digits} decimals" if digits else "to the penny"
            below = words(denominator)
            below = below if isinstance(denominator, Leaf | Whole) else f"({below})"
            return f"{_bracketed(numerator)} ÷ {below}, rounded {to}"
    raise AssertionError(expression)


def _total_words(total: Total) -> str:
    said = f"sum of {total.name.replace('_', ' ')}"
    rows = "rows above" if total.above else "rows"
    if total.sharing and total.to and total.to != total.sharing:
        said += f" over the {rows} whose {_plain(total.sharing)} is this {_plain(total.to)}"
    elif total.sharing:
        said += f" over the {rows} of the same {_plain(total.sharing)}"
    if total.of:
        of = " and ".join(f"{_plain(name)} {' or '.join(values)}" for name, values in total.of)
        said += f" over the {rows} of {of}"
    if total.table:
        said += f" on the {_plain(total.table)}"
    if total.before:
        said += f", of an earlier {_plain(total.before)}"
    if total.sign:
        said += f", of amounts {'above' if total.sign > 0 else 'below'} nil"
    return said + (f", up to this {_plain(total.up_to)}" if total.up_to else "")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _bracketed(expression: Expression) -> str:
    said = words(expression)
    return said if isinstance(expression, Column | Total | Product | Whole) else f"({said})"

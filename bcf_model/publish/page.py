"""What a page of the report is: a title, its sentences and one table, laid out in figures.

Written once, for the workbook, the web page and the terminal. A page does no sums: a cell is a
`Figure`, and each writer asks for its value, or prints its formula.
"""

from typing import Final, Literal, NamedTuple

from bcf_model.core.errors import NotHeld
from bcf_model.core.expressions import AddedUp, Expression, If, InRow, Sum, Total
from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger


class Money(NamedTuple):
    """An amount that is a constant on its page, in whole pence."""

    pence: int


class Number(NamedTuple):
    """A number that is no amount of money: a count, or a printed figure in its own unit.

    Attributes:
        decimals: it is printed with so many, or more where its column needs them.
    """

    value: float
    decimals: int = 0


Cell = str | Figure | Sum | If | Total | Money | Number | InRow | None
"""A `Sum` is one of figures, an `If` a choice between texts, an `InRow` what its row says or is
worked out; a `Total` that of a column whose rows stand above it on its page."""


IN_FORCE: Final = "in force"

Style = Literal["group", "heading", "line", "subtotal", "total"]
Form = Literal["text", "money", "exact", "rate", "percent", "number"]


class Heading(NamedTuple):
    """A column of a page.

    Attributes:
        text: unique on its page. form: `text`, `money`, `exact` (money to the penny), `rate`,
            `percent` (a rate of two decimals) or `number`. width: in characters. for_formulas: left
            out where nothing is calculated.
    """

    text: str
    form: Form = "text"
    width: int = 12
    for_formulas: bool = False


def columns(form: Form = "text", /, **widths: int | tuple[int, str]) -> dict[str, Heading]:
    """Return headings of one form, each by the name of its column.

    Args:
        form: of all of them.
        widths: in characters; with the text of a heading that is not just the name in words.

    >>> columns(scheme_id=13)
    {'scheme_id': Heading(text='Scheme id', form='text', width=13, for_formulas=False)}
    """
    stated = {name: it if isinstance(it, tuple) else (it, "") for name, it in widths.items()}
    return {
        name: Heading(text or name.replace("_", " ").capitalize(), form, width)
        for name, (width, text) in stated.items()
    }


def heads(form: Form = "text", /, **widths: int | tuple[int, str]) -> tuple[Heading, ...]:
    """Return the same without the names of their columns."""
    return tuple(columns(form, **widths).values())


class Row(NamedTuple):
    """A row of a page; its style says what it is: group, heading, line, subtotal, total."""

    style: Style
    cells: tuple[Cell, ...]


class Sheet(NamedTuple):
    """One page.

    Attributes:
        name: of its tab. title: its heading. about: sentences under the title.
        headings: columns; rows: the table.
        opening: shown open on the web page (reference pages are folded).
        in_workbook: further sentences, about formulas, that are true in the workbook only.
        naming: how many of its first columns name a row: they stay in sight, and are printed
            again on every page that a wide table runs over.
    """

    name: str
    title: str
    about: tuple[str, ...]
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    opening: bool = True
    in_workbook: tuple[str, ...] = ()
    naming: int = 1


def amount_of(figures: Ledger, cell: Cell | Expression) -> int | None:
    """Return the pence of a cell that is an amount of money, constant or figure; else None."""
    if isinstance(cell, Money):
        return cell.pence
    return figures.amount(cell) if isinstance(cell, Figure | Sum | AddedUp) else None


def given(figures: Ledger, figure: Figure) -> Figure | None:
    """Return a figure, or None where the inputs do not hold it: its cell is then blank."""
    try:
        figures.value(figure)
    except NotHeld:
        return None
    return figure

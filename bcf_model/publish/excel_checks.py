"""The page of checks of every workbook: what must be, what is, and how many checks fail."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from bcf_model.core.expressions import (
    AddedUp,
    Column,
    Counted,
    Decimals,
    Expression,
    If,
    Known,
    Named,
    Rounded,
    Whole,
    formula,
    size_of,
    to_the_penny,
)
from bcf_model.publish.excel_book import NAVIGATION, Book, wrapped
from bcf_model.publish.excel_formulas import quoted
from bcf_model.publish.house_style import BEHIND_WRONG, COUNT, FAINT, SHOWN, WRONG
from bcf_model.publish.page import Heading

CHECKS: Final = "Checks"
FAILS: Final = "FAILS"
HOLDS: Final = "holds"
PENNY: Final = "0.005"
"""Pounds: amounts nearer to each other than this are the same."""
_EXPECTED, _FOUND, _DIFFERENCE, _RESULT = range(1, 5)
_PLACES: Final = {"expected": _EXPECTED, "found": _FOUND, "difference": _DIFFERENCE}
_ADDED_UP: Final = 200  # cells: a formula has a longest length
_PARTS_FROM: Final = 6  # the first column to the right of the checks


class Check(NamedTuple):
    """What two sides must both come to: pence, or a count.

    Attributes:
        name: in words. expected, found: how each side is worked out; None for a constant.
        comes_to: what both came to when the report was made.
        is_count: whether it is no amount of money.
        if_changed: the result where an input was changed since then; blank for what holds even so.
    """

    name: str
    expected: Expression | None
    found: Expression | None
    comes_to: int
    is_count: bool = False
    if_changed: str = ""


def verdict(difference: Expression, limit: str, good: str) -> If:
    """Choose what is said of a difference: whether it is within a limit; an error is not."""
    return If(Known(difference), If(size_of(difference) - Decimals(limit), FAILS, good), FAILS)


def write_checks(
    book: Book, about: Sequence[str], widths: tuple[int, ...], checks: Sequence[Check]
) -> int:
    """Write the page, and the master check.

    Args:
        book: whose other pages are written.
        about: sentences under its title.
        widths: of its columns but for the last.
        checks: in order.

    Returns:
        The row of the master check, counted from 0.
    """
    tab, lines = book.tabs[CHECKS], wrapped(*about)
    book.head(tab, CHECKS, lines)
    top = NAVIGATION + 2 + len(lines)
    amounts = zip(("Expected", "Found", "Difference"), widths[1:], strict=True)
    book.headings(tab, top, (
        Heading("Check", width=widths[0]),
        *(Heading(text, "exact", width) for text, width in amounts),
        Heading("Result", width=18),
    ))  # fmt: skip
    money = book.format(num_format=SHOWN["pounds"], align="right")
    count = book.format(num_format=COUNT, align="right")
    at = top
    for at, check in enumerate(checks, start=top + 1):
        tab.write_string(at, 0, check.name, book.format())
        looks, value = (count, check.comes_to) if check.is_count else (money, check.comes_to / 100)
        for column, side in ((_EXPECTED, check.expected), (_FOUND, check.found)):
            if side is None:
                tab.write_number(at, column, value, looks)
            else:
                exact = side if check.is_count else to_the_penny(_in_parts(book, at, side))
                _write(book, (at, column), exact, looks, value)
        _write(book, (at, _DIFFERENCE), Rounded(Column("found") - Column("expected")), looks, 0)
        result = verdict(Column("difference"), PENNY, HOLDS)
        if check.if_changed:
            result = If(Named("inputs_changed"), check.if_changed, result)
        _write(book, (at, _RESULT), result, book.format(align="left", indent=1), HOLDS)
    book.name("check_result", CHECKS, (top + 1, _RESULT), (at, _RESULT))
    good = dict.fromkeys((HOLDS, *(it.if_changed for it in checks if it.if_changed)))
    failed: Expression = Whole(at - top)
    for said in good:
        failed = failed - Counted("check_result", said)
    total = {"bold": True, "top": 1, "bottom": 6}
    tab.write_string(at + 2, 0, "Checks that fail", book.format(**total))
    _write(book, (at + 2, 1), failed, book.format(**total, num_format=COUNT, align="right"), 0)
    book.name("checks_failed", CHECKS, (at + 2, 1))
    tab.conditional_format(
        top + 1, _RESULT, at, _RESULT,
        {"type": "cell", "criteria": "==", "value": quoted(FAILS),
         "format": book.format(bold=True, bg_color=BEHIND_WRONG, font_color=WRONG)},
    )  # fmt: skip
    return at + 2


def _write(book: Book, at: tuple[int, int], side: Expression, looks: Any, value: Any) -> None:
    """Write a cell of the page, whose columns are known by name in its row."""

    def leaf(it: Any) -> str:
        own = isinstance(it, Column)
        return str(xl_rowcol_to_cell(at[0], _PLACES[it.name])) if own else book.printed(it)

    book.tabs[CHECKS].write_formula(*at, formula(side, leaf), looks, value)


def _in_parts(book: Book, row: int, side: Expression) -> Expression:
    """Add many cells up in parts, to the right of the checks; few as they are."""
    if not isinstance(side, AddedUp) or len(side.parts) <= _ADDED_UP:
        return side
    looks, cells = book.format(num_format=SHOWN["pounds"], font_color=FAINT), []
    for column, start in enumerate(range(0, len(side.parts), _ADDED_UP), start=_PARTS_FROM):
        part = AddedUp(side.parts[start : start + _ADDED_UP])
        value = (book.figures.amount(part) or 0) / 100
        _write(book, (row, column), Rounded(part), looks, value)
        cells.append(Named(xl_rowcol_to_cell(row, column)))
    return AddedUp(tuple(cells))

"""Pages as aligned text: long names over several lines, numbers in one, totals under a rule."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Final

from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import percent, shown
from bcf_model.publish.page import Cell, Heading, Row, Sheet, amount_of

LEAST_NAME: Final = 16
NARROW: Final = 40
_PARTED_NAME: Final = (24, 44)
"""How many columns of a parted table a name has at least, where there are as many, and at most."""
SMALL: Final = 100_000_000
"""£1m, in pence: amounts that are all below it are shown in pounds."""
Written = Callable[[Cell], str]
"""Writes a cell in text."""


def table(headings: Iterable[str], rows: Iterable[Row]) -> Sheet:
    """Return a page that is a table alone, for a terminal; its first column names a row."""
    name, *others = headings
    columns = (Heading(name), *(Heading(text, "money") for text in others))
    return Sheet("", "", (), columns, tuple(rows))


def amounts(figures: Ledger, unit: str, nil: str = "") -> Written:
    """Return what writes the cells of a page: amounts, rates in percent, and words.

    Args:
        figures: which give what its figures come to.
        unit: in which amounts are shown.
        nil: how an amount of nil is written, if not as any other.
    """

    def written(cell: Cell) -> str:
        if cell is None or isinstance(cell, str):
            return cell or ""
        if isinstance(cell, Figure) and figures.measures[cell.measure].unit == "rate":
            rate = figures.value(cell)
            return "n/a" if rate is None else percent(rate, 2)
        pence = amount_of(figures, cell)
        if pence is None:
            return ""
        return shown(pence, unit) if pence or not nil else nil

    return written


def laid_out(page: Sheet, written: Written, room: int, *, parted: bool = False) -> Iterator[str]:
    """Lay the table of a page out; under headings of groups its rows are indented.

    Args:
        page: its first column names a row; the others are set to the right.
        written: writes a cell.
        room: columns of the terminal; names are wrapped to fit, numbers never.
        parted: lay a table that is wider out in parts, one under another.
    """
    indent = "  " if any(row.style == "group" for row in page.rows) else ""
    heads = [heading.text for heading in page.headings]
    rows = [(row.style, [*map(written, row.cells)]) for row in page.rows]
    for style, cells in rows:
        cells[0] = cells[0] if style in {"group", "total"} else indent + cells[0]
    lines = [heads, *(cells for _, cells in rows if len(cells) > 1)]
    first, *widths = (max(map(len, column)) for column in zip_longest(*lines, fillvalue=""))
    if parted:
        least, most = _PARTED_NAME
        first = min(first, most, max(least, room // 2))
        parts = _parts(widths, room - first - 1)
    else:
        first = min(first, max(LEAST_NAME, room - 1 - _width(widths)))
        parts = [[*range(len(widths))]]
    for number, part in enumerate(parts):
        if number:
            yield ""
        some = [widths[i] for i in part]
        rule = "─" * (first + 1 + _width(some))
        yield from (*aligned([heads[0], *(heads[i + 1] for i in part)], first, some), rule)
        for at, (style, cells) in enumerate(rows):
            if style == "group" or len(cells) == 1:
                yield from [""] if at and style == "group" else []
                by = "" if style == "group" else indent
                yield from wrap(cells[0].strip(), max(room, NARROW), initial_indent=by,
                                subsequent_indent=by)  # fmt: skip
                continue
            if style == "total" and rows[at - 1][0] != "total":
                yield rule
            of_part = [cells[i + 1] for i in part if i + 1 < len(cells)]
            yield from aligned([cells[0], *of_part], first, some)


def _width(widths: Sequence[int]) -> int:
    return sum(widths) + 2 * len(widths)


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Part columns so that each part has room; one column at least."""
    parts: list[list[int]] = [[]]
    for i in range(len(widths)):
        if parts[-1] and _width([widths[at] for at in (*parts[-1], i)]) > room:
            parts.append([])
        parts[-1].append(i)
    return parts


def aligned(cells: Sequence[str], first: int, widths: Sequence[int]) -> Iterator[str]:
    """Lay one row out: a long name over several lines, numbers under each other beside its last."""
    indent = cells[0][: len(cells[0]) - len(cells[0].lstrip())]
    if len(cells[0]) > first:
        *above, name = wrap(cells[0].strip(), first, initial_indent=indent,
                            subsequent_indent=f"{indent}  ")  # fmt: skip
        yield from above
    else:
        name = cells[0]
    # A closing bracket hangs in the margin, so that digits stand under digits.
    hung = [cell if cell.endswith(")") else f"{cell} " for cell in cells[1:]]
    numbers = [cell.rjust(width + 2) for cell, width in zip(hung, widths, strict=False)]
    yield (name.ljust(first + 1) + "".join(numbers)).rstrip()


def unit_for(amounts: Iterable[int], stated: str = "thousands") -> str:
    """Choose £000; or £ where all amounts are small, or one that is not nil would be shown as 0.

    Amounts of a pool that are stated in pounds stay so.

    >>> unit_for([0, 100_000_000]), unit_for([99_999_999]), unit_for([100_000_000, -49_999])
    ('thousands', 'pounds', 'pounds')
    """
    there = [abs(pence) for pence in amounts if pence]
    lost = any(shown(pence, "thousands") == shown(0, "thousands") for pence in there)
    small = stated == "pounds" or max(there, default=0) < SMALL
    return "pounds" if lost or small else "thousands"

"""The headline on a terminal, and findings as a person reads them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from textwrap import fill
from typing import Final

from bcf_model.core.figures import Figure
from bcf_model.core.findings import Finding, grouped
from bcf_model.core.money import NotMoney, label, percent, read_number, shown
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.publish.page import Sheet
from bcf_model.year.results import Results

UNIT = "thousands"
LEAST_NAME = 16
MOST_PLACES: Final = 3
"""Places of one kind of finding in one column that are shown, unless all are asked for."""
_AMOUNTS: Final = {
    meaning.name
    for table in INPUT_TABLES
    for meaning in table.model.fields
    if meaning.form == "money"
}
"""Columns that hold amounts."""


def headline(results: Results, page: Sheet, room: int = 100) -> str:
    """Lay the summary page out as aligned text, in £000.

    Args:
        results: of `run`.
        page: the page `year_end_pages.summary` gives.
        room: columns of the terminal; names are cut to fit, numbers never.
    """
    rows = [
        (
            row.style,
            [
                str(row.cells[0]),
                *(
                    _shown(results, cell) if isinstance(cell, Figure) else ""
                    for cell, heading in zip(row.cells[1:], page.headings[1:], strict=False)
                    if heading.form in {"money", "rate"}
                ),
            ],
        )
        for row in page.rows
    ]
    heads = [
        "%" if h.form == "rate" else h.text for h in page.headings if h.form in {"money", "rate"}
    ]
    rows = [
        (style, [cells[0] if style in {"group", "total"} else f"  {cells[0]}", *cells[1:]])
        for style, cells in rows
    ]
    body = [cells for _, cells in rows]
    widths = [
        max(len(head), *(len(cells[i]) for cells in body if len(cells) > i))
        for i, head in enumerate(heads, start=1)
    ]
    left = max(LEAST_NAME, room - sum(widths) - 2 * len(widths) - 1)
    first = min(max(len(cells[0]) for cells in body), left)
    rule = "─" * (first + sum(widths) + 2 * len(widths) + 1)
    lines = [aligned([label(UNIT), *heads], first, widths), rule]
    for style, cells in rows:
        if style == "group":
            lines += ["", cells[0]] if lines[-1] != rule else [cells[0]]
            continue
        if style == "total":
            lines.append(rule)
        lines.append(aligned(cells, first, widths))
    return "\n".join(lines)


def aligned(cells: Sequence[str], first: int, widths: Sequence[int]) -> str:
    """Lay one row out: the name cut to its room, numbers under each other."""
    name = cells[0] if len(cells[0]) <= first else f"{cells[0][: first - 1]}…"
    # A closing bracket hangs in the margin, so that digits stand under digits.
    hung = [cell if cell.endswith(")") else f"{cell} " for cell in cells[1:]]
    numbers = [cell.rjust(width + 2) for cell, width in zip(hung, widths, strict=False)]
    return (name.ljust(first + 1) + "".join(numbers)).rstrip()


def _shown(results: Results, figure: Figure) -> str:
    value = results.figures.value(figure)
    if results.figures.lacks(figure):
        return "not given"
    if value is None:
        return "" if results.figures.not_given(figure) else "n/a"
    if isinstance(value, int):
        return shown(value, UNIT)
    return percent(value)


def findings(
    found: Sequence[Finding], command: str = "bcf check", *, everything: bool = False
) -> str:
    """List findings, one paragraph each: what, where, found, expected, remedy.

    Args:
        found: the findings.
        command: which lists every one of them when asked for --all.
        everything: list all. Otherwise, of many of one kind in one column, the first few, with
            how many there are and, of amounts, what they come to.
    """
    said = []
    for group in [[it] for it in found] if everything else grouped(found):
        many = len(group) > MOST_PLACES
        remedy = fill(group[0].remedy, 96, initial_indent="    → ", subsequent_indent="      ")
        for it in group[:MOST_PLACES]:
            said.append(f"{it.severity.upper()} {it.code}  {it.sentence}.")
            said += [] if many else [remedy]
        if many:
            more = f"{the_rest(group, MOST_PLACES)}: {command} --all lists every one."
            said += [fill(more, 96, initial_indent="    ", subsequent_indent="      "), remedy]
    return "\n".join(said)


def the_rest(group: Sequence[Finding], shown: int) -> str:
    """Count the findings of a group beyond those shown; of amounts, say what all come to.

    Args:
        group: findings of one kind in one column, as `findings.grouped` gives them.
        shown: how many of them stand above.
    """
    count = f"… and {len(group) - shown:,} more of {group[0].code}" if shown else group[0].code
    first = replace(group[0], row=0).place
    said = f"{count} in {first}: {len(group):,} in all"
    total = _total(group)
    return said if total is None else f"{said}, together {total:,} as written"


def _total(group: Sequence[Finding]) -> Decimal | None:
    """Add up the amounts found, in the unit of their file; None where they are no amounts."""
    if group[0].column not in _AMOUNTS:
        return None
    try:
        return sum((read_number(it.value.strip("'")) for it in group), Decimal(0))
    except NotMoney:
        return None


def tally(found: Sequence[Finding]) -> str:
    """Count errors, warnings and, where there are any, notes in one sentence."""
    number = Counter(f.severity for f in found)
    counted = [_count(number[severity], severity) for severity in ("error", "warning")]
    counted += [_count(number["note"], "note")] if number["note"] else []
    return f"{', '.join(counted)}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

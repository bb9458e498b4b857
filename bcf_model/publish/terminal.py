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
from bcf_model.core.sums import of_decimals
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.publish.page import Cell, Row, Sheet
from bcf_model.publish.text import laid_out, table
from bcf_model.year.results import Results

UNIT = "thousands"
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
        room: columns of the terminal; names are wrapped to fit, numbers never.
    """
    kept = [i for i, it in enumerate(page.headings) if it.form in {"money", "rate"}]
    heads = [page.headings[i].text if page.headings[i].form == "money" else "%" for i in kept]
    rows = (
        Row(it.style, tuple(map(dict(enumerate(it.cells)).get, (0, *kept)))) for it in page.rows
    )

    def written(cell: Cell) -> str:
        return _shown(results, cell) if isinstance(cell, Figure) else str(cell or "")

    return "\n".join(laid_out(table([label(UNIT), *heads], rows), written, room))


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
    places = {(it.file, it.sheet) for it in group}
    where = replace(group[0], row=0, cell="")
    if len(places) > 1:
        tables = "files" if len({file for file, _ in places}) > 1 else "sheets"
        where = replace(where, file=f"{len(places):,} {tables}", sheet="")
    said = f"{count} in {where.place}: {len(group):,} in all"
    total = _total(group) if len(places) == 1 else None
    return said if total is None else f"{said}, together {total:,} as written"


def _total(group: Sequence[Finding]) -> Decimal | None:
    """Add up the amounts found, in the unit of their file; None where they are no amounts."""
    if group[0].column not in _AMOUNTS:
        return None
    try:
        return of_decimals(read_number(it.value.strip("'")) for it in group)
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

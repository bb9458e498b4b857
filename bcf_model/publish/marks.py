"""What is said of a pool's findings in a workbook: in the cell itself, and on a checklist."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from bcf_model.core.findings import CATALOGUE, Finding
from bcf_model.publish.excel_book import LINE, lines_in

CHECKLIST: Final = "Checklist"
SEVERITIES: Final = ("error", "warning", "note")
"""The gravest first."""
MOST_COMMENTS: Final = 200
"""Comments on one sheet: beyond them Excel is slow to open it. The rest is on the checklist."""
_MOST_IN_A_CELL: Final = 8
"""Findings that one comment says in full."""
HEADINGS: Final = (
    ("Kind", 10), ("Code", 9), ("Go to", 20), ("What is wrong", 40), ("Found", 26),
    ("Expected", 30), ("What to do", 46),
)  # fmt: skip
"""Of the checklist, each with the width of its column in characters."""
GO_TO: Final = 2
"""The column of the checklist that leads to the cell, from 0."""


class Mark(NamedTuple):
    """A cell that something is said of.

    Attributes:
        sheet, cell: where it is.
        found: what was found there, the gravest first.
    """

    sheet: str
    cell: str
    found: tuple[Finding, ...]

    @property
    def severity(self) -> str:
        """The gravest."""
        return self.found[0].severity


def cell_of(found: Finding) -> str:
    """Return the cell a finding is shown in: its own, or the first of its row; "" for none."""
    return found.cell or (f"A{found.row}" if found.row else "")


def marks(found: Iterable[Finding]) -> list[Mark]:
    """Gather findings by the cell they are shown in, the gravest first; those of no cell go."""
    cells: dict[tuple[str, str], list[Finding]] = {}
    for it in found:
        if it.sheet and (cell := cell_of(it)):
            cells.setdefault((it.sheet, cell), []).append(it)
    gathered = [
        Mark(*place, tuple(sorted(of, key=lambda it: SEVERITIES.index(it.severity))))
        for place, of in cells.items()
    ]
    return sorted(gathered, key=lambda it: SEVERITIES.index(it.severity))


def comment(mark: Mark) -> list[tuple[str, str]]:
    """Return the comment of a cell: the first words of each finding, and what follows them."""
    said = [(f"{it.severity.capitalize()}: ", _sentences(it)) for it in mark.found]
    more = len(said) - _MOST_IN_A_CELL
    said = said[:_MOST_IN_A_CELL]
    return [*said, ("", f"{more:,} more: see the sheet of findings.")] if more > 0 else said


def _sentences(it: Finding) -> str:
    lines = [f"{it.code}. {CATALOGUE[it.code].meaning}."]
    lines += [f"Found: {it.value}."] if it.value else []
    lines += [f"Expected: {it.expected}."] if it.expected else []
    return "\n".join([*lines, f"What to do: {it.remedy}"])


def line(it: Finding) -> tuple[str, ...]:
    """Return the cells of a finding on the checklist, as `HEADINGS` has them."""
    place = it.place if not it.sheet else f"{it.sheet} {cell_of(it)}".strip()
    said = CATALOGUE[it.code].meaning
    return it.severity.capitalize(), it.code, place, said, it.value, it.expected, it.remedy


def height(cells: Iterable[str]) -> float:
    """Return the height, in points, of a row of the checklist."""
    wide = (width for _, width in HEADINGS)
    return LINE * max(lines_in(it, to) for it, to in zip(cells, wide, strict=True)) + 2


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings for the checklist: the gravest first, else as they stand."""
    return sorted(found, key=lambda it: SEVERITIES.index(it.severity))


def counts(found: Sequence[Finding]) -> str:
    """Count the findings of each kind in one sentence."""
    number = Counter(it.severity for it in found)
    said = [f"{number[it]:,} {it}{'' if number[it] == 1 else 's'}" for it in SEVERITIES]
    return f"{', '.join(said)}."


def free_name(taken: Iterable[str]) -> str:
    """Return a name for the checklist that no sheet has: Checklist, or with a number."""
    folded = {it.casefold() for it in taken}
    names = (CHECKLIST, *(f"{CHECKLIST} {number}" for number in range(2, len(folded) + 3)))
    return next(it for it in names if it.casefold() not in folded)


def link_to(sheet: str, cell: str) -> str:
    """Return where a link within a workbook leads, apostrophes doubled as Excel has them.

    >>> link_to("Ann's", "B2")
    "'Ann''s'!B2"
    """
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'!{cell or 'A1'}"

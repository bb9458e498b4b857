"""The headline on a terminal, and findings as a person reads them."""

from collections import Counter
from collections.abc import Sequence
from textwrap import fill

from bcf_model.figures import Figure
from bcf_model.findings import Finding
from bcf_model.money import label, percent, shown
from bcf_model.report.sheets import Sheet
from bcf_model.results import Results

UNIT = "thousands"
LEAST_NAME = 16


def headline(results: Results, page: Sheet, room: int = 100) -> str:
    """Lay the summary page out as aligned text, in £000.

    Args:
        results: of `run`.
        page: the page `pages.summary` gives.
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
    if value is None:
        return "n/a"
    if isinstance(value, int):
        return shown(value, UNIT)
    return percent(value)


def findings(found: Sequence[Finding]) -> str:
    """List findings, one paragraph each: what, where, found, expected, remedy."""
    said = []
    for finding in found:
        said.append(f"{finding.severity.upper()} {finding.code}  {finding.sentence}.")
        said.append(fill(finding.remedy, 96, initial_indent="    → ", subsequent_indent="      "))
    return "\n".join(said)


def tally(found: Sequence[Finding]) -> str:
    """Count errors, warnings and, where there are any, notes in one sentence."""
    number = Counter(f.severity for f in found)
    counted = [_count(number[severity], severity) for severity in ("error", "warning")]
    counted += [_count(number["note"], "note")] if number["note"] else []
    return f"{', '.join(counted)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

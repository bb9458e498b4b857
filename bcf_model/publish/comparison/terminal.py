"""A comparison of agreements on a terminal."""

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Final

import pandas as pd

from bcf_model.core.money import label, shown
from bcf_model.publish.comparison.pages import not_given, settlements
from bcf_model.publish.page import Money
from bcf_model.publish.terminal import LEAST_NAME, aligned
from bcf_model.year.results import Results


def comparison(compared: pd.DataFrame, tried: Sequence[Results], room: int = 100) -> str:
    """Lay a comparison of agreements out as aligned text.

    Args:
        compared: `tables.ComparisonOut`.
        tried: the results under each agreement.
        room: columns of the terminal; names are cut to fit, numbers never.
    """
    page = settlements(compared, tried)
    unit = unit_for(
        cell.pence for row in page.rows for cell in row.cells if isinstance(cell, Money)
    )
    standing = tried[0].inputs.settings.standing
    heads = [standing.borne, "Difference", "Pays (receives)"]
    body = []
    for row in page.rows:
        amounts = [shown(c.pence, unit) if isinstance(c, Money) else "" for c in row.cells[1:]]
        body.append([f"  {row.cells[0]}", *(amounts[:1] if row.style == "total" else amounts)])
    widths = [
        max(len(head), 11, *(len(cells[i]) for cells in body if len(cells) > i))
        for i, head in enumerate(heads, start=1)
    ]
    left = max(LEAST_NAME, room - sum(widths) - 2 * len(widths) - 1)
    named = (cells[0] for cells, row in zip(body, page.rows, strict=True) if len(row.cells) > 1)
    first = min(max(map(len, named)), left)
    rule = "─" * (first + sum(widths) + 2 * len(widths) + 1)
    lines = [aligned([label(unit), *heads], first, widths), rule]
    for row, cells in zip(page.rows, body, strict=True):
        if len(row.cells) > 1:
            lines.append(aligned(cells, first, widths))
            lines += [""] if row.style == "total" else []
            continue
        indent = "" if row.style == "group" else "  "
        said = fill(
            str(row.cells[0]), max(room, 40), initial_indent=indent, subsequent_indent=indent
        )
        lines += said.splitlines()
    lines += ["", *standing.about_shares] if standing.about_shares else []
    blanks = [fill(sentence, max(room, 40)) for sentence in not_given(compared, tried)]
    return "\n".join(["\n".join(lines).rstrip(), *blanks])


SMALL: Final = 100_000_000
"""£1m, in pence: amounts that are all below it are shown in pounds."""


def unit_for(amounts: Iterable[int]) -> str:
    """Choose £000; or £ where all amounts are small, or one that is not nil would be shown as 0.

    >>> unit_for([0, 100_000_000]), unit_for([99_999_999]), unit_for([100_000_000, -49_999])
    ('thousands', 'pounds', 'pounds')
    """
    there = [abs(pence) for pence in amounts if pence]
    lost = any(shown(pence, "thousands") == shown(0, "thousands") for pence in there)
    return "pounds" if lost or max(there, default=0) < SMALL else "thousands"

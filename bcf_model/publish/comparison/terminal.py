"""A comparison of agreements on a terminal."""

from collections.abc import Sequence
from textwrap import fill
from typing import Final

import pandas as pd

from bcf_model.core.money import label
from bcf_model.publish.comparison.pages import not_given, settlements
from bcf_model.publish.page import Money, Row
from bcf_model.publish.text import NARROW, amounts, laid_out, table, unit_for
from bcf_model.year.results import Results

_LEAST: Final = 11
"""Columns that amounts borne, and their differences, have at least."""


def comparison(compared: pd.DataFrame, tried: Sequence[Results], room: int = 100) -> str:
    """Lay a comparison of agreements out as aligned text.

    Args:
        compared: `tables.ComparisonOut`.
        tried: the results under each agreement.
        room: columns of the terminal; names are wrapped to fit, numbers never.
    """
    page, standing = settlements(compared, tried), tried[0].inputs.settings.standing
    unit = unit_for(
        cell.pence for row in page.rows for cell in row.cells if isinstance(cell, Money)
    )
    heads = [standing.borne.rjust(_LEAST), "Difference".rjust(_LEAST), "Pays (receives)"]
    # Of an agreement the total is what all its rows bear: the last of them.
    rows = (Row("subtotal", it.cells[:2]) if it.style == "total" else it for it in page.rows)
    shows = table([label(unit), *heads], rows)
    lines = [*laid_out(shows, amounts(tried[0].figures, unit), room)]
    lines += ["", *standing.about_shares] if standing.about_shares else []
    lines += [fill(sentence, max(room, NARROW)) for sentence in not_given(compared, tried)]
    return "\n".join(lines)

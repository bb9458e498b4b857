"""Blocks of the city's spending as they are printed: between what each of them lies."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from bcf_model.core.basis import BLOCKS
from bcf_model.core.tables import Table, records
from bcf_model.plan.blocks import printed_blocks
from bcf_model.plan.output_tables import BlocksOut
from bcf_model.plan.words import CITY
from bcf_model.publish.page import Heading, Money, Row, Sheet, heads
from bcf_model.publish.scenario.lookups import View, of_scenario
from bcf_model.publish.scenario.sentences import said

TABLES: Final[Mapping[str, Table]] = {"blocks": BlocksOut}
AMOUNTS: Final = ("amount", "amount_lowest", "amount_highest")


def tables(view: View) -> dict[str, pd.DataFrame]:
    """Return the table of printed blocks, the name of the scenario before each row; or none."""
    if view.projection.scenario.settings.opening != BLOCKS:
        return {}
    return {"blocks": BlocksOut.validate(of_scenario(view, _printed(view)))}


def _printed(view: View) -> pd.DataFrame:
    stated = view.projection.plan.tables
    return printed_blocks(stated["blocks"], stated["perimeters"])


def sheets(view: View) -> tuple[Sheet, ...]:
    """Lay the page out, where the scenario opens with blocks."""
    if view.projection.scenario.settings.opening != BLOCKS:
        return ()
    perimeters = view.projection.plan.tables["perimeters"].set_index("perimeter")
    whole, step = (int(perimeters[name][CITY]) for name in ("amount", "rounded_to"))
    exactly = (
        f"is printed as {said(view, whole)}, to the nearest {said(view, step)}"
        if step
        else f"is {said(view, whole)}"
    )
    remark = str(perimeters["note"][CITY])
    rows = []
    for row in records(_printed(view)):
        amounts = (Money(int(getattr(row, name))) for name in AMOUNTS)
        rows.append(Row("line", (row.name, f"{row.share:g}%", *amounts, row.source)))
    return (
        Sheet(
            "Blocks",
            f"Shares of spending as printed, and what they come to: {view.perimeter}",
            (
                f"The whole {exactly}. The bridge opens with each share of it, as printed.",
                f"{remark[:1].upper()}{remark[1:].rstrip('.')}." if remark else "",
                "A printed share stands for all that is rounded to it, and so does a printed "
                "whole: a block lies between the two ends.",
            ),
            (
                *heads(block=38, printed_as=11),
                *heads("money", comes_to=14, at_least=14, at_most=14),
                Heading("Source", width=58),
            ),
            tuple(rows),
        ),
    )

"""How sure a scenario is, on a terminal: percentiles, what each bears, limits and drivers."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any, Final

import pandas as pd

from bcf_model.core.money import label, shown
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan.draws import TOTAL
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.publish.comparison.terminal import unit_for
from bcf_model.publish.scenario.lookups import View, who
from bcf_model.publish.scenario.sentences import said
from bcf_model.publish.scenario.terminal import laid_out
from bcf_model.publish.scenario.uncertainty_pages import (
    MEASURES,
    NOT_KNOWN,
    about,
    against_central,
    error,
    in_100,
    in_tenths,
    outcome,
    when,
)

SHOWN: Final = {
    "central": "central case",
    "p05": "5 in 100 are below",
    "p50": "half are below",
    "p95": "5 in 100 are above",
}
WIDEST: Final = 3


def told(view: View, found: Uncertainty, room: int = 100) -> str:
    """Describe what many draws of a scenario come to.

    Args:
        view: of the scenario.
        found: its draws.
        room: columns of the terminal.
    """
    return "\n".join(_lines(view, found, max(room, 40)))


def _lines(view: View, found: Uncertainty, room: int) -> Iterator[str]:
    frame = found.percentiles
    amounts = [int(pence) for pence in frame["p50"]]
    unit = unit_for(amounts if view.unit != "pounds" else [])
    yield from wrap(f"{view.name}: {about(found)}", room)
    yield from wrap(against_central(view, found), room)
    total = frame[frame["by"] == TOTAL]
    for measure in ("closing", "gap"):
        rows = total[total["measure"] == measure]
        if len(rows):
            yield ""
            yield from laid_out(_table(MEASURES[measure], rows, unit), room)
    borne = frame[frame["measure"] == "borne"]
    for bearer, rows in borne.groupby("key", sort=False):
        yield ""
        yield from laid_out(_table(f"Borne by {who(view, str(bearer))}", rows, unit), room)
    if len(found.breaches):
        yield ""
    for row in records(found.breaches):
        yield from wrap(
            f"Spending of {spoken(row.financial_year)} passes {row.limit_name} "
            f"({said(view, row.limit)}) in {row.percent:.1f}% of the draws "
            f"(standard error {in_tenths(row.percent_error)}).",
            room,
        )
    if len(found.drivers):
        yield ""
        yield from wrap(f"What moves {outcome(next(records(found.drivers)))} most", room)
    for row in records(found.drivers.head(WIDEST)):
        again = (found.drivers["assumption"] == row.assumption).sum() > 1
        of = f", {when(view, row)}" if row.year or again else ""
        yield from wrap(
            f"- {row.assumption}{of}: {said(view, row.low)} at its low end, "
            f"{said(view, row.high)} at its high end",
            room,
        )
    if found.beyond:
        yield from wrap(
            f"{found.beyond:,} amounts fell beyond the histogram, and are counted at its ends.",
            room,
        )


def _table(heading: str, rows: pd.DataFrame, unit: str) -> list[list[str]]:
    every = [*records(rows)]

    def line(words: str, amounts: list[Any]) -> list[str]:
        return [words, *(NOT_KNOWN if it is None else shown(int(it), unit) for it in amounts)]

    return [
        [f"{heading}, {label(unit)}", *(spoken(row.financial_year) for row in every)],
        *(line(words, [getattr(row, name) for row in every]) for name, words in SHOWN.items()),
        line("largest standard error", [error(row) for row in every]),
        ["above the central case, of 100", *(in_100(row.percent_above) for row in every)],
    ]

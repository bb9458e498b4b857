"""How sure a scenario is, on a terminal: percentiles, what each bears, limits and drivers."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any, Final

from bcf_model.core.money import label, percentage
from bcf_model.core.tables import each, records
from bcf_model.core.years import spoken
from bcf_model.plan.draws import TOTAL
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.publish.page import Money, Row, Sheet
from bcf_model.publish.scenario.lookups import View, who
from bcf_model.publish.scenario.sentences import said
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
from bcf_model.publish.text import NARROW, amounts, laid_out, table, unit_for

SHOWN: Final = {
    "central": "central case",
    "p05": "5 in 100 are below",
    "p50": "half are below",
    "p95": "5 in 100 are above",
}
OF_EACH: Final = (("gap", "partner", "Gap of {}"), ("borne", "bearer", "Borne by {}"))
WIDEST: Final = 3


def told(view: View, found: Uncertainty, room: int = 100) -> str:
    """Describe what many draws of a scenario come to.

    Args:
        view: of the scenario.
        found: its draws.
        room: columns of the terminal.
    """
    return "\n".join(_lines(view, found, max(room, NARROW)))


def _lines(view: View, found: Uncertainty, room: int) -> Iterator[str]:
    frame = found.percentiles
    unit = unit_for(map(int, frame["p50"]), view.unit)
    yield from wrap(f"{view.name}: {about(found)}", room)
    yield from wrap(against_central(view, found), room)
    total = frame[frame["by"] == TOTAL]
    outcomes = [(MEASURES[it], total[total["measure"] == it]) for it in ("closing", "gap")]
    for measure, by, words in OF_EACH:
        rows = frame[(frame["measure"] == measure) & (frame["by"] == by)]
        outcomes += [(words.format(who(view, key)), rows[rows["key"] == key])
                     for (key,) in each(rows, "key")]  # fmt: skip
    for name, rows in outcomes:
        if len(rows):
            page = _table(name, [*records(rows)], unit)
            yield from ("", *laid_out(page, amounts(view.figures, unit), room, parted=True))
    if len(found.breaches):
        yield ""
    for row in records(found.breaches):
        yield from wrap(
            f"Spending of {spoken(row.financial_year)} passes {row.limit_name} "
            f"({said(view, row.limit)}) in {percentage(row.percent)} of the draws "
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


def _table(name: str, rows: Sequence[Any], unit: str) -> Sheet:
    def across(words: str, found: Iterable[int | None]) -> Row:
        return Row("line", (words, *(NOT_KNOWN if it is None else Money(int(it)) for it in found)))

    above = (in_100(row.percent_above) for row in rows)
    return table(
        [f"{name}, {label(unit)}", *(spoken(row.financial_year) for row in rows)],
        [
            *(across(words, (getattr(row, name) for row in rows)) for name, words in SHOWN.items()),
            across("largest standard error", map(error, rows)),
            Row("line", ("above the central case, of 100", *above)),
        ],
    )

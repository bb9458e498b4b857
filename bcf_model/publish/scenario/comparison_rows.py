"""What the pages of a comparison have in common: a column per scenario, and one per difference."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bcf_model.core.years import spoken
from bcf_model.plan.comparison import NO_HOLDER
from bcf_model.publish.page import Cell, Heading, Money, Row, Style
from bcf_model.publish.scenario.lookups import View


@dataclass(frozen=True)
class Difference(Money):
    """An amount of a scenario less that of the first.

    Attributes:
        to_its_left: how many columns to the left its scenario's amount stands.
    """

    to_its_left: int = 0


def headings(
    first: str, width: int, views: Sequence[View], *, against: bool = True
) -> tuple[Heading, ...]:
    """Head a page: names of rows, a column per scenario, and one per difference to the first."""
    others = views[1:] if against else ()
    return (
        Heading(first, width=width),
        *(Heading(view.name, "money", 18) for view in views),
        *(Heading(f"{view.name} less {views[0].name}", "money", 20) for view in others),
    )


def summed(
    style: Style, name: str, rows: pd.DataFrame, views: Sequence[View], *, against: bool = True
) -> Row:
    """Add rows of `plan.outputs.ScenariosOut` up, scenario by scenario.

    Args:
        style: of the row.
        name: its first cell.
        rows: of one measure; what one scenario has by holder, another may have without: both sums
            are known.
        views: of each scenario. One that does not know an amount has a blank cell.
        against: whether differences to the first follow.
    """
    placed = rows[rows["note"] != NO_HOLDER]
    known = {
        str(key): int(own["amount"].sum())
        for key, own in placed.groupby("scenario", sort=False)
        if own["amount"].notna().all()
    }
    cells: list[Cell] = [name, *(_money(known.get(view.name)) for view in views)]
    first = known.get(views[0].name)
    for view in views[1:] if against else ():
        more = known.get(view.name)
        if first is None or more is None:
            cells.append(None)
        else:
            cells.append(Difference(more - first, len(views) - 1))
    return Row(style, tuple(cells))


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


def why_blank(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return of rows of a comparison which scenario's are blank, and why; one sentence a reason."""
    said = []
    blank = rows[rows["note"] != ""]
    for key, own in blank.groupby(["scenario", "note"], sort=False):
        name, note = map(str, key)
        years = [spoken(year) for year in own["financial_year"].drop_duplicates() if year]
        when = f" in {', '.join(years)}" if years else ""
        said.append(f"Blank for {name}{when}: {note}.")
    return tuple(said)

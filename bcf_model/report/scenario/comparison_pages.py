"""Scenarios side by side: in total by year, and by theme or block and budget holder."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from bcf_model.money import shown
from bcf_model.plan.comparison import BORNE, CLOSING, FUNDED
from bcf_model.plan.sharing import NOT_SHARED
from bcf_model.plan.words import NOT_ALLOCATED
from bcf_model.report.charts import Bar, Block
from bcf_model.report.scenario.told import headline, not_known
from bcf_model.report.scenario.view import ALLOCATED_NOWHERE, View, who
from bcf_model.report.sheets import Cell, Heading, Money, Row, Sheet, Style
from bcf_model.vocabulary import NOT_STATED
from bcf_model.years import spoken


@dataclass(frozen=True)
class Difference(Money):
    """An amount of a scenario less that of the first.

    Attributes:
        to_its_left: how many columns to the left its scenario's amount stands.
    """

    to_its_left: int = 0


def sheets(compared: pd.DataFrame, views: Sequence[View]) -> tuple[Sheet, ...]:
    """Lay a comparison out.

    Args:
        compared: `plan.outputs.ScenariosOut`.
        views: of each scenario, the first being the one compared with.
    """
    return in_total(compared, views), by_group(compared, views), scenarios(views)


def _headings(first: str, width: int, views: Sequence[View]) -> tuple[Heading, ...]:
    return (
        Heading(first, width=width),
        *(Heading(view.name, "money", 18) for view in views),
        *(Heading(f"{view.name} less {views[0].name}", "money", 20) for view in views[1:]),
    )


def _row(
    style: Style, name: str, views: Sequence[View], found: dict[str, tuple[int, float]]
) -> Row:
    """Give amounts, then differences; nothing where a scenario does not know it."""
    cells: list[Cell] = [name]
    cells += [Money(found[view.name][0]) if view.name in found else None for view in views]
    for view in views[1:]:
        difference = found[view.name][1] if view.name in found else float("nan")
        known = not pd.isna(difference) and views[0].name in found
        cells.append(Difference(int(difference), len(views) - 1) if known else None)
    return Row(style, tuple(cells))


def _summed(rows: pd.DataFrame) -> dict[str, tuple[int, float]]:
    """Add the rows of each scenario up."""
    found = {}
    for name, own in rows.groupby("scenario", sort=False):
        difference = float("nan") if own["difference"].isna().any() else own["difference"].sum()
        found[str(name)] = (int(own["amount"].sum()), float(difference))
    return found


def in_total(compared: pd.DataFrame, views: Sequence[View]) -> Sheet:
    """Closing spending, gap and what each bears, year by year."""
    rows = []
    for year, of_year in compared.groupby("financial_year", sort=True):
        rows.append(Row("group", (spoken(str(year)),)))
        closing = of_year[of_year["measure"] == CLOSING]
        rows.append(_row("subtotal", "Closing spending", views, _summed(closing)))
        gap = of_year[of_year["measure"] == FUNDED]
        if len(gap):
            rows.append(_row("line", "Gap to funding", views, _summed(gap)))
        borne = of_year[of_year["measure"] == BORNE]
        for bearer, own in borne.groupby("organisation", sort=False):
            name = (
                "Not shared" if bearer == NOT_SHARED else f"Borne by {who(views[0], str(bearer))}"
            )
            rows.append(_row("line", name, views, _summed(own)))
    return Sheet(
        "Comparison",
        f"Scenarios side by side: {views[0].perimeter}",
        (
            f"Differences are to {views[0].name}: positive costs more, in (brackets) less.",
            "Borne is of spending above or below the agreed budget. Blank: not known there.",
        ),
        _headings("In total", 40, views),
        tuple(rows),
    )


def by_group(compared: pd.DataFrame, views: Sequence[View], year: str = "") -> Sheet:
    """Closing spending by theme or block and budget holder, in every year or in one."""
    closing = compared[compared["measure"] == CLOSING]
    names = {code: name for view in views for code, name in view.groups.items()}
    apart = (closing["organisation"] != NOT_STATED).any()
    rows = []
    for of, of_year in closing.groupby("financial_year", sort=True):
        if year not in ("", of):
            continue
        rows.append(Row("group", (spoken(str(of)),)))
        for key, own in of_year.groupby(["group", "organisation"], sort=False):
            group, holder = map(str, key)
            if group == NOT_ALLOCATED and not own["amount"].any():
                continue
            name = names.get(group, ALLOCATED_NOWHERE)
            if apart and group != NOT_ALLOCATED:
                name += f", {holder}"
            rows.append(_row("line", name, views, _summed(own)))
        rows.append(_row("total", "Total", views, _summed(of_year)))
    said = views[0].group_label.lower()
    return Sheet(
        f"By {said}",
        f"Closing spending by {said}: {views[0].perimeter}",
        (f"Differences are to {views[0].name}.",),
        _headings(views[0].group_label, 46, views),
        tuple(rows),
    )


def scenarios(views: Sequence[View]) -> Sheet:
    """What each scenario is, and what is not known of it."""
    rows = []
    for view in views:
        settings = view.projection.scenario.settings
        said = (settings.title, settings.status, headline(view), " ".join(not_known(view)))
        rows.append(Row("line", (view.name, *said, " ".join(settings.note.split()))))
    return Sheet(
        "Scenarios",
        "The scenarios compared",
        ("Each has a report of its own, in the folder of its name.",),
        (
            Heading("Name", width=24),
            Heading("Title", width=36),
            Heading("Status", width=14),
            Heading("Result", width=40),
            Heading("What is not known", width=60),
            Heading("What it is", width=80),
        ),
        tuple(rows),
    )


def blocks(compared: pd.DataFrame, views: Sequence[View]) -> list[Block]:
    """Give the chart: by year, how far each scenario's closing is from the first's."""
    closing = compared[(compared["measure"] == CLOSING) & compared["difference"].notna()]
    found = []
    for year, own in closing.groupby("financial_year", sort=True):
        sums = own.groupby("scenario")["difference"].sum()
        bars = tuple(
            Bar(view.name, int(sums[view.name]), shown(int(sums[view.name]), view.unit))
            for view in views[1:]
            if view.name in sums.index
        )
        if bars:
            found.append(Block(spoken(str(year)), f"less {views[0].name}", bars))
    return found

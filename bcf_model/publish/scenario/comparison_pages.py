"""Scenarios side by side: what each comes to, by theme or block, what is saved, and how sure."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import BORNE, CLOSING, FUNDED, NO_HOLDER, SAVED
from bcf_model.plan.words import NOT_ALLOCATED
from bcf_model.publish.page import Heading, Money, Row, Sheet
from bcf_model.publish.scenario.comparison_prevention_pages import prevention
from bcf_model.publish.scenario.comparison_rows import headings, summed, why_blank
from bcf_model.publish.scenario.lookups import ALLOCATED_NOWHERE, View, who
from bcf_model.publish.scenario.sentences import headline, not_known

SAVINGS: Final = {
    "gross savings": "Gross, in a full year",
    "unidentified savings": "of it unidentified",
    "non-recurrent savings": "of it non-recurrent",
    "risk-adjusted part-year savings": "Risk-adjusted, in its year",
    "risk-adjusted full-year savings": "Risk-adjusted, in a full year",
    "underlying savings": "Underlying: recurrent, risk-adjusted, less costs",
}
_OF_BORNE: Final = ("Borne is of spending above or below the agreed budget.",)
_NOT_ALIKE: Final = "Not every scenario states who holds its budgets: no differences are given."
PERCENTILES: Final = {"p05": "5%", "p50": "50%", "p95": "95%"}


def sheets(
    tables: Mapping[str, pd.DataFrame], views: Sequence[View], about_draws: str = ""
) -> tuple[Sheet, ...]:
    """Lay a comparison out.

    Args:
        tables: as `plan.side_by_side` gives them.
        views: of each scenario, the first being the one compared with.
        about_draws: how often each was drawn, where they were.
    """
    compared = tables["comparison"]
    return (
        in_total(compared, views),
        *savings(compared, views),
        *prevention(tables, views),
        *percentiles(tables["comparison_percentiles"], views, about_draws),
        by_group(compared, views),
        *by_holder(compared, views),
        scenarios(views),
    )


def outcome(view: View, measure: str, organisation: str) -> str:
    """Name an outcome: closing spending, the gap, or what somebody bears."""
    if measure != BORNE:
        return {CLOSING: "Closing spending", FUNDED: "Gap to funding"}[measure]
    return f"Borne by {who(view, organisation)}"


def in_total(compared: pd.DataFrame, views: Sequence[View]) -> Sheet:
    """Closing spending, gap and what each bears, year by year."""
    own = compared[compared["measure"].isin([CLOSING, FUNDED, BORNE])]
    rows = []
    for year, of_year in own.groupby("financial_year", sort=True):
        rows.append(Row("group", (spoken(str(year)),)))
        closing = of_year[of_year["measure"] == CLOSING]
        rows.append(summed("subtotal", outcome(views[0], CLOSING, ""), closing, views))
        others = of_year[of_year["measure"] != CLOSING]
        for key, some in others.groupby(["measure", "organisation"], sort=False):
            measure, organisation = map(str, key)
            rows.append(summed("line", outcome(views[0], measure, organisation), some, views))
    return Sheet(
        "Comparison",
        f"Scenarios side by side: {views[0].perimeter}",
        (
            f"Differences are to {views[0].name}: positive costs more, in (brackets) less.",
            *(_OF_BORNE if (own["measure"] == BORNE).any() else ()),
            *why_blank(own[own["note"] != NO_HOLDER]),
        ),
        headings("In total", 40, views),
        tuple(rows),
    )


def by_group(compared: pd.DataFrame, views: Sequence[View], year: str = "") -> Sheet:
    """Closing spending by theme or block, in every year or in one."""
    closing = compared[compared["measure"] == CLOSING]
    names = _groups(views)
    rows = []
    for of, of_year in closing.groupby("financial_year", sort=True):
        if year not in ("", of):
            continue
        rows.append(Row("group", (spoken(str(of)),)))
        for group, own in of_year.groupby("group", sort=False):
            if not _is_nothing(str(group), own):
                name = names.get(str(group), ALLOCATED_NOWHERE)
                rows.append(summed("line", name, own, views))
        rows.append(summed("total", "Total", of_year, views))
    said = views[0].group_label.lower()
    return Sheet(
        f"By {said}",
        f"Closing spending by {said}: {views[0].perimeter}",
        (f"Differences are to {views[0].name}.", *why_blank(closing[closing["note"] != NO_HOLDER])),
        headings(views[0].group_label, 46, views),
        tuple(rows),
    )


def by_holder(compared: pd.DataFrame, views: Sequence[View]) -> tuple[Sheet, ...]:
    """The same by budget holder too; nothing where no scenario says who they are."""
    closing = compared[compared["measure"] == CLOSING]
    if not (closing["organisation"] != NOT_STATED).any():
        return ()
    names, alike = _groups(views), not (closing["note"] == NO_HOLDER).any()
    rows = []
    for of, of_year in closing.groupby("financial_year", sort=True):
        rows.append(Row("group", (spoken(str(of)),)))
        for key, own in of_year.groupby(["group", "organisation"], sort=False):
            group, holder = map(str, key)
            if not _is_nothing(group, own):
                named = "holder not stated" if holder == NOT_STATED else who(views[0], holder)
                name = names.get(group, ALLOCATED_NOWHERE)
                if group != NOT_ALLOCATED:
                    name += f", {named}"
                rows.append(summed("line", name, own, views, against=alike))
        rows.append(summed("total", "Total", of_year, views, against=alike))
    to_first = f"Differences are to {views[0].name}." if alike else _NOT_ALIKE
    return (
        Sheet(
            "By holder",
            f"Closing spending by {views[0].group_label.lower()} and budget holder: "
            f"{views[0].perimeter}",
            (to_first, *why_blank(closing)),
            headings(f"{views[0].group_label} and budget holder", 54, views, against=alike),
            tuple(rows),
        ),
    )


def _groups(views: Sequence[View]) -> dict[str, str]:
    return {code: name for view in views for code, name in view.groups.items()}


def _is_nothing(group: str, rows: pd.DataFrame) -> bool:
    """Return whether rows are of a line that is only there for what is known in total."""
    return group == NOT_ALLOCATED and not rows["amount"].any()


def savings(compared: pd.DataFrame, views: Sequence[View]) -> tuple[Sheet, ...]:
    """What programmes promise and what is expected of them; nothing where there are none."""
    own = compared[compared["measure"].isin([*SAVED])]
    if own.empty:
        return ()
    by_year = {f"Begin in {spoken(str(year))}": of_year
               for year, of_year in own.groupby("financial_year", sort=True)}  # fmt: skip
    parts = by_year if len(by_year) == 1 else by_year | {"All programmes": own}
    # Where the first has none there is nothing to be set against.
    against = bool(own["difference"].notna().any())
    to_first = f"Differences are to {views[0].name}: positive saves more, in (brackets) less."
    rows = []
    for title, part in parts.items():
        rows.append(Row("group", (title,)))
        for measure, name in SAVINGS.items():
            of_measure = part[part["measure"] == measure]
            rows.append(summed("line", name, of_measure, views, against=against))
    return (
        Sheet(
            "Savings",
            f"What savings programmes deliver: {views[0].perimeter}",
            (
                "A saving is above nil. Risk-adjusted is × the percentage that is expected to be "
                "delivered. Gross and risk-adjusted are before what programmes cost.",
                to_first if against else "",
                *why_blank(own),
            ),
            headings("Programmes by the year they begin in", 44, views, against=against),
            tuple(rows),
        ),
    )


def percentiles(frame: pd.DataFrame, views: Sequence[View], about_draws: str) -> tuple[Sheet, ...]:
    """How sure each outcome is, scenario under scenario; nothing where they were not drawn."""
    rows = []
    keys = ["financial_year", "measure", "organisation"]
    for key, of_outcome in frame.groupby(keys, sort=False):
        year, measure, organisation = map(str, key)
        rows.append(Row("group", (f"{outcome(views[0], measure, organisation)}, {spoken(year)}",)))
        for row in records(of_outcome):
            found = (row.p05, row.p50, row.p95, row.standard_error)
            amounts = (None if pd.isna(it) else Money(int(it)) for it in found)
            rows.append(Row("line", (row.scenario, *amounts)))
    if not rows:
        return ()
    return (
        Sheet(
            "Percentiles",
            f"How sure each is: {views[0].perimeter}",
            (
                f"Each: {about_draws}",
                "Of 100 draws, 5 are below the first amount and 5 above the last. The standard "
                "error says how far a percentile of other draws would be from this one.",
                *why_blank(frame),
            ),
            (
                Heading("Outcome and scenario", width=44),
                *(Heading(text, "money", 16) for text in PERCENTILES.values()),
                Heading("Standard error", "money", 16),
            ),
            tuple(rows),
        ),
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

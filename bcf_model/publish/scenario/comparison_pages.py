"""Scenarios side by side: what each comes to, by theme or block, what is saved, and how sure."""

from collections.abc import Iterator, Sequence
from typing import Final

from bcf_model.core.figures import Figure
from bcf_model.core.tables import each
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import BORNE, CLOSING, FUNDED, NO_HOLDER, SAVED
from bcf_model.plan.words import ALL, NOT_ALLOCATED
from bcf_model.publish.page import Heading, Row, Sheet, heads
from bcf_model.publish.scenario.agreement_sentences import told
from bcf_model.publish.scenario.comparison_prevention_pages import prevention
from bcf_model.publish.scenario.comparison_rows import Compared, headings, why_blank
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
PERCENTILES: Final = {"mean": "Mean", "p05": "5%", "p50": "50%", "p95": "95%"}


def sheets(compared: Compared, about_draws: str = "") -> tuple[Sheet, ...]:
    """Lay a comparison out; `about_draws` says how often each was drawn, where they were."""
    return (
        in_total(compared),
        *savings(compared),
        *prevention(compared),
        *percentiles(compared, about_draws),
        by_group(compared),
        *by_holder(compared),
        scenarios(compared.views),
    )


def outcome(view: View, measure: str, organisation: str) -> str:
    """Name an outcome: closing spending, the gap of all or of one, or what somebody bears."""
    if measure == CLOSING:
        return "Closing spending"
    if measure == FUNDED and organisation == ALL:
        return "Gap to funding"
    return f"{'Gap of' if measure == FUNDED else 'Borne by'} {who(view, organisation)}"


def in_total(compared: Compared) -> Sheet:
    """Closing spending, gap and what each bears, year by year."""
    views, own = compared.views, compared.rows(CLOSING, FUNDED, BORNE)
    rows = []
    for (year,) in each(own, "financial_year"):
        rows.append(Row("group", (spoken(year),)))
        closing = outcome(views[0], CLOSING, "")
        rows.append(compared.row("subtotal", closing, year=year, measure=CLOSING))
        others = compared.rows(FUNDED, BORNE, financial_year=year)
        for measure, organisation in each(others, "measure", "organisation"):
            name = outcome(views[0], measure, organisation)
            rows.append(
                compared.row("line", name, year=year, measure=measure, organisation=organisation)
            )
        if compared.tried and (others["measure"] == BORNE).any():
            rows.append(compared.row("total", "Variance", year=year, measure=BORNE))
    return Sheet(
        "Comparison",
        f"Scenarios side by side: {views[0].perimeter}",
        (
            *told(compared),
            f"Differences are to {views[0].name}: positive costs more, in (brackets) less.",
            *(_OF_BORNE if (own["measure"] == BORNE).any() else ()),
            *why_blank(own[own["note"] != NO_HOLDER]),
        ),
        headings("In total", 40, views),
        tuple(rows),
    )


def by_group(compared: Compared) -> Sheet:
    """Closing spending by theme or block, in every year."""
    first, closing = compared.first, compared.rows(CLOSING)
    said = first.group_label.lower()
    return Sheet(
        f"By {said}",
        f"Closing spending by {said}: {first.perimeter}",
        (f"Differences are to {first.name}.", *why_blank(closing[closing["note"] != NO_HOLDER])),
        headings(first.group_label, 46, compared.views),
        tuple(_every_year(compared, "group")),
    )


def by_holder(compared: Compared) -> tuple[Sheet, ...]:
    """The same by budget holder too; nothing where no scenario says who they are."""
    first, closing = compared.first, compared.rows(CLOSING)
    if not (closing["organisation"] != NOT_STATED).any():
        return ()
    alike = not (closing["note"] == NO_HOLDER).any()
    named = f"{first.group_label} and budget holder"
    return (
        Sheet(
            "By holder",
            f"Closing spending by {first.group_label.lower()} and budget holder: {first.perimeter}",
            (f"Differences are to {first.name}." if alike else _NOT_ALIKE, *why_blank(closing)),
            headings(named, 54, compared.views, against=alike),
            tuple(_every_year(compared, "group", "organisation", against=alike)),
        ),
    )


def _every_year(compared: Compared, *keys: str, against: bool = True) -> Iterator[Row]:
    for (year,) in each(compared.rows(CLOSING), "financial_year"):
        yield Row("group", (spoken(year),))
        yield from closing_of(compared, year, *keys, against=against)


def closing_of(compared: Compared, year: str, *keys: str, against: bool = True) -> Iterator[Row]:
    """Return closing spending of a year by group, or by budget holder too, and the total.

    A line that is there only for what is known in total is left out where there is nothing on it.
    """
    rows, where = compared.rows(CLOSING, financial_year=year), {"year": year, "measure": CLOSING}
    nowhere = rows["group"] == NOT_ALLOCATED
    names = {code: name for view in compared.views for code, name in view.groups.items()}
    for group, *holder in each(rows if rows[nowhere]["amount"].any() else rows[~nowhere], *keys):
        name = names.get(group, ALLOCATED_NOWHERE)
        if holder and group != NOT_ALLOCATED:
            stated = holder != [NOT_STATED]
            name += f", {who(compared.first, *holder) if stated else 'holder not stated'}"
        chosen = where | dict(zip(keys, (group, *holder), strict=True))
        yield compared.row("line", name, against=against, **chosen)
    yield compared.row("total", "Total", against=against, **where)


def savings(compared: Compared) -> tuple[Sheet, ...]:
    """What programmes promise and what is expected of them; nothing where there are none."""
    own, first = compared.rows(*SAVED), compared.first
    if own.empty:
        return ()
    years = [year for (year,) in each(own, "financial_year")]
    parts = {f"Begin in {spoken(year)}": year for year in years}
    if len(years) > 1:
        parts["All programmes"] = ""
    # Where the first has none there is nothing to be set against.
    against = bool(own["difference"].notna().any())
    to_first = f"Differences are to {first.name}: positive saves more, in (brackets) less."
    rows = []
    for title, year in parts.items():
        rows.append(Row("group", (title,)))
        for measure, name in SAVINGS.items():
            rows.append(compared.row("line", name, against=against, year=year, measure=measure))
    return (
        Sheet(
            "Savings",
            f"What savings programmes deliver: {first.perimeter}",
            (
                "A saving is above nil. Risk-adjusted is × the percentage that is expected to be "
                "delivered. Gross and risk-adjusted are before what programmes cost.",
                to_first if against else "",
                *why_blank(own),
            ),
            headings("Programmes by the year they begin in", 44, compared.views, against=against),
            tuple(rows),
        ),
    )


def percentiles(compared: Compared, about_draws: str) -> tuple[Sheet, ...]:
    """How sure each outcome is, scenario under scenario; nothing where they were not drawn."""
    frame, first = compared.tables["comparison_percentiles"], compared.first
    rows = []
    for year, measure, organisation in each(frame, "financial_year", "measure", "organisation"):
        rows.append(Row("group", (f"{outcome(first, measure, organisation)}, {spoken(year)}",)))
        where = {"year": year, "measure": measure, "organisation": organisation}
        rows += [Row("line", (view.name, *sureness(compared, view, **where)))
                 for view in compared.views]  # fmt: skip
    if not rows:
        return ()
    return (
        Sheet(
            "Percentiles",
            f"How sure each is: {first.perimeter}",
            (
                f"Each: {about_draws}",
                "Of 100 draws, 5 are below the amount under 5% and 5 above that under 95%. The "
                "standard error says how far a percentile of other draws would be from this one.",
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


def sureness(compared: Compared, view: View, **where: str) -> list[Figure | None]:
    """Return the percentiles of an outcome of a scenario, and their standard error."""
    columns = (f"comparison_percentiles.{name}" for name in (*PERCENTILES, "standard_error"))
    return [compared.figure(view, column, **where) for column in columns]


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
        (*heads(name=24, title=36, status=14, result=40, what_is_not_known=60, what_it_is=80),),
        tuple(rows),
    )

"""Scenarios side by side on a terminal: a table a question, a row a scenario.

Scenarios are rows, so that six of them fit where two do; what they are numbered is said first.
"""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from bcf_model.core.money import label, percentage
from bcf_model.core.tables import each, records
from bcf_model.core.years import spoken
from bcf_model.plan.comparison import (
    ALL_YEARS,
    BORNE,
    CLOSING,
    FUNDED,
    NO_HOLDER,
    NO_PREVENTION,
    POSITION,
    SAVED,
    TO_COME,
    WORTH,
    of_one_perimeter,
)
from bcf_model.plan.comparison_columns import CASH, DISCOUNTED, INVESTS_NOTHING
from bcf_model.plan.projection import Projection
from bcf_model.plan.uncertainty import Uncertainty
from bcf_model.plan.words import ALL
from bcf_model.publish.page import Cell, Row, Sheet
from bcf_model.publish.scenario.agreement_sentences import told
from bcf_model.publish.scenario.comparison_pages import closing_of, outcome, sureness
from bcf_model.publish.scenario.comparison_prevention_pages import FLOWS, last_of
from bcf_model.publish.scenario.comparison_rows import Compared, why_blank
from bcf_model.publish.scenario.lookups import View, perimeter_name, who
from bcf_model.publish.text import NARROW, amounts, laid_out, table, unit_for

Columns = Mapping[str, Mapping[str, str]]
"""What an amount of each column is of, by its heading."""
_SAVINGS: Final[Columns] = {
    "Gross": {"measure": "gross savings"},
    "No plan": {"measure": "unidentified savings"},
    "In year": {"measure": "risk-adjusted part-year savings"},
    "Full year": {"measure": "risk-adjusted full-year savings"},
    "Underlying": {"measure": "underlying savings"},
}


def compared(
    projections: Sequence[Projection],
    room: int = 100,
    drawn: Sequence[Uncertainty | None] = (),
    *,
    written: bool = True,
) -> str:
    """Lay a comparison out.

    Args:
        projections: several; the first is the one compared with.
        room: columns of the terminal. A table that is wider is parted, numbers are never cut.
        drawn: draws of each, if they were drawn.
        written: a workbook holds what is left out here.
    """
    room = max(room, NARROW)
    if of_one_perimeter(projections):
        return "\n".join(_lines(Compared.of(projections, drawn), room, written=written))
    places = "; ".join(dict.fromkeys(map(perimeter_name, projections)))
    said = f"Not compared: amounts of two perimeters are never set against each other ({places})."
    return "\n".join(wrap(said, room))


def _lines(found: Compared, room: int, *, written: bool) -> Iterator[str]:
    for name, it in _numbered(found):
        yield from wrap(f"{name}: {it.projection.scenario.settings.title}", room,
                        subsequent_indent="    ")  # fmt: skip
    for sentence in told(found):
        yield from ("", *wrap(sentence, room))
    unit = _unit(found, CLOSING)

    def laid(pages: Iterator[Sheet], unit: str) -> Iterator[str]:
        for page in pages:
            yield from ("", *laid_out(page, amounts(found.figures, unit), room, parted=True))

    yield from laid(_by_year(found, unit), unit)
    of_savings = _unit(found, *SAVED)  # what all programmes together promise, and what is expected
    saved = _SAVINGS if len(found.rows(*SAVED)) else {}
    yield from laid(_across(found, f"Savings, {label(of_savings)}", saved), of_savings)
    yield from laid(_prevention(found, unit), unit)
    yield from laid(_groups(found, unit), unit)
    if len(found.tables["comparison_percentiles"]):
        yield from ("", *wrap(f"Of 100 draws, so many are below, {label(unit)}", room))
    yield from laid(_how_sure(found), unit)
    yield ""
    rows = found.tables["comparison"]
    for sentence in (*_meant(found, written=written), *why_blank(rows[rows["note"] != NO_HOLDER])):
        yield from wrap(sentence, room, subsequent_indent="  ")


def _meant(found: Compared, *, written: bool) -> Iterator[str]:
    """Return what the tables that are there do not say themselves."""
    if len(found.rows(*SAVED)):
        yield "Savings in their year, in a full year, and underlying: risk-adjusted."
    if len(found.tables["comparison_break_even"]):
        yield (
            "Net: released less invested, at the end of the plan. NPV: discounted. To come: after "
            "it, not counted. Break-even, in cash and discounted: none within the plan, or blank "
            "where nothing is invested."
        )
    if written:
        yield "Every year, group and budget holder, each less [1]: comparison.xlsx."


def _unit(found: Compared, *measures: str) -> str:
    return unit_for(map(int, found.rows(*measures)["amount"].dropna()), found.first.unit)


def _numbered(found: Compared) -> Iterator[tuple[str, View]]:
    """Return the scenarios, each with its number and name."""
    for at, view in enumerate(found.views, start=1):
        yield f"[{at}] {view.name}", view


def _across(
    found: Compared, heading: str, columns: Columns, *, against: bool = False
) -> Iterator[Sheet]:
    """Lay out a row a scenario; then, if asked for, each against the first."""
    rows = [
        Row("line", (name, *(found.figure(view, **where) for where in columns.values())))
        for name, view in _numbered(found)
    ]
    for at, view in enumerate(found.views[1:] if against else (), start=2):
        cells = [found.less_first(view, **where) for where in columns.values()]
        rows += [Row("line", (f"[{at}] less [1]", *cells))] if any(cells) else []
    if columns:
        yield table([heading, *columns], rows)


def _years(found: Compared, measure: str, **where: str) -> Columns:
    years = sorted(year for (year,) in each(found.rows(measure, **where), "financial_year"))
    return {spoken(year): {"measure": measure, "year": year, **where} for year in years}


def _by_year(found: Compared, unit: str) -> Iterator[Sheet]:
    closing = f"{outcome(found.first, CLOSING, ALL)}, {label(unit)}"
    yield from _across(found, closing, _years(found, CLOSING), against=True)
    for (code,) in each(found.rows(FUNDED), "organisation"):
        heading = f"{outcome(found.first, FUNDED, code)}, {label(unit)}"
        yield from _across(found, heading, _years(found, FUNDED, organisation=code), against=True)
    for (bearer,) in each(found.rows(BORNE), "organisation"):
        heading = f"{outcome(found.first, BORNE, bearer)}, {label(unit)}"
        years = _years(found, BORNE, organisation=bearer)
        yield from _across(found, heading, years, against=bool(found.tried))


def _prevention(found: Compared, unit: str) -> Iterator[Sheet]:
    shares = found.tables["comparison_shares"]
    for (measure,) in each(shares, "measure"):
        of_measure = shares[shares["measure"] == measure]
        years = [spoken(year) for (year,) in each(of_measure, "financial_year")]
        rows = []
        for name, view in _numbered(found):
            own = records(of_measure[of_measure["scenario"] == view.name])
            percents = ("" if it.note else percentage(it.percent, 2) for it in own)
            rows.append(Row("line", (name, *percents)))
        yield table([f"Prevention, {measure}", *years], rows)
    for measure, name in FLOWS.items():
        yield from _across(found, f"{name}, {label(unit)}", _years(found, measure))
    yield from _paid_back(found, unit)


def _paid_back(found: Compared, unit: str) -> Iterator[Sheet]:
    """Return of each partner, and of all, its position, what it is worth, and its break-even."""
    break_evens = found.tables["comparison_break_even"]
    dates = {(it.scenario, it.partner, it.measure): _when(it) for it in records(break_evens)}
    heads = ["Net", "NPV", "To come", "Break-even", "Disc."]
    for (partner,) in each(break_evens, "partner"):
        whose = "" if partner == ALL else partner
        amounts_of = ((POSITION, last_of(found)), (WORTH, ALL_YEARS), (TO_COME, ALL_YEARS))
        rows = []
        for name, view in _numbered(found):
            cells: list[Cell] = [
                found.figure(view, measure=measure, year=year, organisation=whose)
                for measure, year in amounts_of
            ]
            cells += [dates[view.name, partner, of] for of in (CASH, DISCOUNTED)]
            rows.append(Row("line", (name, *cells)))
        yield table([f"{who(found.first, partner)}, {label(unit)}", *heads], rows)


def _when(row: Any) -> str:
    """Return the year of a break-even; nothing where there is nothing to get back."""
    if row.break_even:
        return spoken(row.break_even)
    return "" if row.note in (INVESTS_NOTHING, NO_PREVENTION) else "none"


def _groups(found: Compared, unit: str) -> Iterator[Sheet]:
    """Return the groups of the last year, a column a scenario."""
    last = max(year for view in found.views for year in view.years)
    numbers = (f"[{at}]" for at, _ in enumerate(found.views, start=1))
    rows = closing_of(found, last, "group", against=False)
    yield table([f"Closing {spoken(last)}, {label(unit)}", *numbers], rows)


def _how_sure(found: Compared) -> Iterator[Sheet]:
    """Return the percentiles of each outcome in the last year that has any."""
    frame = found.tables["comparison_percentiles"]
    for measure, organisation in each(frame, "measure", "organisation"):
        own = (frame["measure"] == measure) & (frame["organisation"] == organisation)
        last = max(year for (year,) in each(frame[own], "financial_year"))
        where = {"year": last, "measure": measure, "organisation": organisation}
        rows = [Row("line", (name, *sureness(found, view, **where)))
                for name, view in _numbered(found)]  # fmt: skip
        name = f"{spoken(last)}: {outcome(found.first, measure, organisation)}"
        yield table([name, "mean", "5", "50", "95", "error"], rows)

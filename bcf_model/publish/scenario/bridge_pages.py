"""The pages of a scenario: the bridge, in total, by theme or block, by organisation and by line."""

from collections.abc import Iterator, Sequence
from typing import Final

from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.projection import not_payable
from bcf_model.plan.words import OPENING, PAYMENT_STEPS, STEPS
from bcf_model.publish.page import Cell, Heading, Row, Sheet, heads
from bcf_model.publish.scenario import (
    block_pages,
    efficiency_pages,
    movement_pages,
    population_page,
    rollout_page,
)
from bcf_model.publish.scenario.assumption_pages import assumptions, sources
from bcf_model.publish.scenario.lookups import View, by_year, who
from bcf_model.publish.scenario.money_pages import (
    funding,
    gap,
    not_counted,
    payments,
    risk_share,
    savings,
    savings_matrix,
)
from bcf_model.publish.scenario.prevention_pages import matrix, payback, positions, shares, streams
from bcf_model.publish.scenario.sentences import printed_totals

SAID: Final = {step: step[:1].upper() + step[1:] for step in STEPS | PAYMENT_STEPS}
ROUNDED: Final = (
    "A percentage acts on what a line has after the steps before it, rounded to the penny per line."
)


def sheets(view: View) -> tuple[Sheet, ...]:
    """Lay out every page of a scenario, in the order they are read."""
    tables = view.projection.tables
    return (
        bridge(view),
        by_group(view),
        *((by_organisation(view),) if _told_apart(view) else ()),
        *movement_pages.sheets(view),
        assumptions(view),
        *((savings(view), savings_matrix(view)) if len(tables["savings"]) else ()),
        *((not_counted(view),) if len(view.projection.not_counted) else ()),
        *population_page.sheets(view),
        *rollout_page.sheets(view),
        *block_pages.sheets(view),
        *efficiency_pages.sheets(view),
        *((payments(view),) if len(tables["payments"]) else ()),
        *((gap(view), funding(view)) if len(tables["gap"]) else ()),
        *((shares(view),) if len(tables["prevention_share"]) else ()),
        *(
            (streams(view), matrix(view), positions(view), payback(view))
            if len(tables["prevention"])
            else ()
        ),
        *((risk_share(view),) if len(tables["agreed"]) else ()),
        lines(view),
        sources(view),
    )


def bridge(view: View) -> Sheet:
    """From the opening to the closing budget: one row per step, one column per year."""
    years = view.years
    headings = [Heading("Step", width=30), *by_year(years, 15)]
    if len(years) > 1:
        headings.append(Heading("All years", "money", 15))
    rows = [_step("line", "Opening budget", [view.opening(year) for year in years], view.opening())]
    for step in view.steps:
        cells = [view.summed(financial_year=year, step=step) for year in years]
        rows.append(_step("line", SAID[step], cells, view.summed(step=step)))
    cells = [view.closing(year) for year in years]
    rows.append(_step("total", "Closing budget", cells, cells[-1]))
    if len(years) == 1:
        rows = [Row(row.style, row.cells[:2]) for row in rows]
    return Sheet(
        "Bridge",
        f"From opening to closing budget: {view.perimeter}",
        (
            "Each step adds to the budget, or in (brackets) takes off it; a year's closing is the "
            "next year's opening.",
            *_at_full_price(view),
            *printed_totals(view),
        ),
        tuple(headings),
        tuple(rows),
        in_workbook=(
            "Every amount is a formula over the Walk page, which follows the Assumptions.",
        ),
    )


def _at_full_price(view: View) -> Iterator[str]:
    """Return in which years a closing budget is at full price, for what is payable is not known."""
    years = [spoken(year) for year in not_payable(view.table("payments"))]
    if years:
        yield (
            f"In {' and '.join(years)} what is payable of lines paid by activity is not known: the "
            "closing budget stands at full price there."
        )


def _step(style: str, name: str, cells: Sequence[Cell], whole: Cell) -> Row:
    return Row("total" if style == "total" else "line", (name, *cells, whole))


def by_group(view: View) -> Sheet:
    """The same by theme or block: one row for each in every year."""
    rows = []
    for year in view.years:
        if len(view.years) > 1:
            rows.append(Row("group", (spoken(year),)))
        for code, name in view.groups.items():
            cells = [view.summed(financial_year=year, group=code, step=s) for s in view.steps]
            opening = view.opening(year, group=code)
            closing = view.closing(year, group=code)
            rows.append(Row("line", (name, opening, *cells, closing)))
        cells = [view.summed(financial_year=year, step=step) for step in view.steps]
        whole = ("Total", view.opening(year), *cells, view.closing(year))
        rows.append(Row("total", whole))
    said = view.group_label.lower()
    return Sheet(
        f"By {said}",
        f"By {said}: {view.perimeter}",
        (ROUNDED,),
        (
            Heading(view.group_label, width=46),
            Heading("Opening", "money", 13),
            *(Heading(SAID[step], "money", 13) for step in view.steps),
            Heading("Closing", "money", 13),
        ),
        tuple(rows),
        in_workbook=(
            "Every amount is a formula over the Walk page, which follows the Assumptions.",
        ),
    )


def _told_apart(view: View) -> bool:
    return view.walk.loc[view.walk["organisation"] != NOT_STATED, "organisation"].nunique() > 0


def by_organisation(view: View) -> Sheet:
    """Budget holders: what each opens with, and closes with in every year."""
    rows = []
    holders = [*view.walk["organisation"].drop_duplicates()]
    for code in sorted(holders, key=lambda it: it == NOT_STATED):
        closing = [view.closing(year, organisation=code) for year in view.years]
        name = "Holder not stated" if code == NOT_STATED else who(view, code)
        rows.append(Row("line", (name, view.opening(organisation=code), *closing)))
    whole = [view.closing(year) for year in view.years]
    rows.append(Row("total", ("Total", view.opening(), *whole)))
    return Sheet(
        "By organisation",
        f"By budget holder: {view.perimeter}",
        (),
        (
            Heading("Organisation", width=40),
            Heading("Opening", "money", 14),
            *(Heading(f"Closing {spoken(year)}", "money", 14) for year in view.years),
        ),
        tuple(rows),
    )


def lines(view: View) -> Sheet:
    """Every line: what it opens with, and closes with in every year."""
    rows = []
    for line in records(view.table("lines")):
        closing = [view.closing(year, line=line.line) for year in view.years]
        group = view.groups.get(line.block or line.theme, "")
        opening = view.summed(financial_year=view.years[0], step=OPENING, line=line.line)
        rows.append(Row("line", (line.name, line.line, group, opening, *closing)))
    whole = [view.closing(year) for year in view.years]
    rows.append(Row("total", ("Total", None, None, view.opening(), *whole)))
    return Sheet(
        "Lines",
        f"Every line: {view.perimeter}",
        (
            "Each step of each line, with its cause, is in tables/walk.csv and on the workbook's "
            "Walk page.",
        ),
        (
            *heads(line=46, code=14),
            Heading(view.group_label, width=34),
            Heading("Opening", "money", 14),
            *(Heading(f"Closing {spoken(year)}", "money", 14) for year in view.years),
        ),
        tuple(rows),
        opening=False,
    )

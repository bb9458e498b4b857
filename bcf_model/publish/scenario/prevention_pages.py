"""Prevention: its share of spending, what is invested and released, who pays and who gains."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.words import ALL, NOT_ALLOCATED, SEVERAL
from bcf_model.publish.page import Cell, Heading, Money, Row, Sheet
from bcf_model.publish.scenario.lookups import ALLOCATED_NOWHERE, View, who

_MEASURES: Final = {
    "narrow": "Narrow: primary prevention",
    "wide": "Wide: everything that is not treatment",
}
_LEVELS: Final = {
    "invested": "Invested",
    "gross": "Gross benefit",
    "cashable": "of it can be taken out of budgets",
    "released": "Released: taken out",
    "not_released": "Not released: no budget left",
}
NOTHING_BACK: Final = "If nothing comes back"
NOTHING_PAID: Final = "invests nothing"


def shares(view: View, nothing_back: View | None) -> Sheet:
    """Prevention as a share of spending, narrow and wide."""
    rows = _shares(view)
    if nothing_back is not None:
        rows += [Row("group", (NOTHING_BACK,)), *_shares(nothing_back)]
    return Sheet(
        "Prevention share",
        f"Prevention as a share of spending: {view.perimeter}",
        ("Of closing budgets. Narrow is what papers call prevention.",),
        (
            Heading("Measure", width=44),
            *(Heading(spoken(year), width=11) for year in view.years),
        ),
        tuple(rows),
    )


def _shares(view: View) -> list[Row]:
    frame = view.table("prevention_share")
    rows = []
    for measure, name in _MEASURES.items():
        own = frame[frame["measure"] == measure]
        cells = [row.percent_note or f"{row.percent:.2f}%" for row in records(own)]
        rows.append(Row("line", (name, *cells)))
    return rows


def _amounts(frame: pd.DataFrame, column: str, years: Sequence[str]) -> list[Cell]:
    by_year = frame.groupby("financial_year")[column].sum()
    return [Money(int(by_year.get(year, 0))) for year in years]


def streams(view: View) -> Sheet:
    """Programme by programme: invested, gross, cashable and released, year by year."""
    frame, said = view.table("prevention"), view.projection.scenario.tables["prevention"]
    names = dict(zip(said["programme"], said["name"], strict=True))
    rows = []
    for programme, own in frame.groupby("programme", sort=False):
        stated = said.loc[said["programme"] == programme, "status"].drop_duplicates()
        statuses = ", ".join("status not stated" if it == NOT_STATED else it for it in stated)
        rows.append(Row("group", (f"{names[str(programme)]} ({statuses})",)))
        for column, name in _LEVELS.items():
            whole = Money(int(own[column].sum()))
            rows.append(Row("line", (name, *_amounts(own, column, view.years), whole)))
    return Sheet(
        "Prevention",
        f"Invested in prevention, and what comes back: {view.perimeter}",
        (
            "Levels, of each year. Gross benefit is not money: only what can be taken out of "
            "budgets is released, and only as far as there is a budget.",
        ),
        (
            Heading("Programme", width=44),
            *(Heading(spoken(year), "money", 13) for year in view.years),
            Heading("All years", "money", 13),
        ),
        tuple(rows),
    )


def matrix(view: View) -> Sheet:
    """Who pays against who gains, by theme or block of the lines reduced, all years together."""
    frame, label = view.table("matrix"), view.group_label
    gains = [*frame["beneficiary"].drop_duplicates()]
    groups = {**view.groups, NOT_ALLOCATED: ALLOCATED_NOWHERE, SEVERAL: f"Several {label.lower()}s"}
    rows = []
    for column, title in (("released", "Released"), ("cashable", "Can be taken out of budgets"),
                          ("gross", "Gross benefit")):  # fmt: skip
        rows.append(Row("group", (title,)))
        for payer, paid in frame.groupby("payer", sort=False):
            name = f"Paid by {who(view, str(payer))}"
            for group, said in groups.items():
                own = paid[paid["group"] == group]
                if own[column].any():
                    rows.append(Row("line", (name, said, *_gained(own, column, gains))))
            rows.append(Row("subtotal", (name, "Together", *_gained(paid, column, gains))))
    return Sheet(
        "Who gains",
        f"Who pays for prevention, and who gains: {view.perimeter}",
        (
            f"All years together, {spoken(view.years[0])} to {spoken(view.years[-1])}.",
            f"Released stands in the {label.lower()} it was taken out of; benefit of lines in "
            f"several {label.lower()}s is parted over none.",
        ),
        (
            Heading("Who pays", width=44),
            Heading(f"{label} reduced", width=34),
            *(Heading(f"To {who(view, code)}", "money", 18) for code in gains),
            Heading("Total", "money", 14),
        ),
        tuple(rows),
    )


def _gained(own: pd.DataFrame, column: str, gains: Sequence[str]) -> list[Cell]:
    by = own.groupby("beneficiary")[column].sum()
    return [*(Money(int(by.get(code, 0))) for code in gains), Money(int(by.sum()))]


def positions(view: View, nothing_back: View | None) -> Sheet:
    """Each partner's position, year by year: released less invested."""
    rows = _positions(view)
    if nothing_back is not None:
        rows += [Row("heading", (f"{NOTHING_BACK}, all together",))]
        rows += _positions(nothing_back, (ALL,))[1:]
    return Sheet(
        "Positions",
        f"What each has paid in and got back: {view.perimeter}",
        ("Net is released − invested: in (brackets) more was paid in. In cash.",),
        (
            Heading("Partner", width=44),
            *(Heading(spoken(year), "money", 13) for year in view.years),
        ),
        tuple(rows),
    )


def _positions(view: View, partners: tuple[str, ...] = ()) -> list[Row]:
    rows = []
    for partner, own in view.table("positions").groupby("partner", sort=False):
        if partners and partner not in partners:
            continue
        rows.append(Row("group", (who(view, str(partner)),)))
        for column, name in (("invested", "Invested"), ("released", "Released"), ("net", "Net"),
                             ("cumulative", "Net, so far")):  # fmt: skip
            style = "subtotal" if column == "cumulative" else "line"
            rows.append(Row("subtotal" if style == "subtotal" else "line",
                            (name, *_amounts(own, column, view.years))))  # fmt: skip
    return rows


def payback(view: View, nothing_back: View | None) -> Sheet:
    """Over all years: net, net present value, and the year in which it is back."""
    rows = _paybacks(view)
    if nothing_back is not None:
        rows += [Row("group", (NOTHING_BACK,)), *_paybacks(nothing_back)]
    last = spoken(view.years[-1])
    return Sheet(
        "Break-even",
        f"Break-even and net present value of prevention: {view.perimeter}",
        (
            "Break-even is the first year from which what was paid in is back for good. "
            "Net present value is in prices of the first year, discounted; it enters no budget.",
            f"Both end with {last}. Still to come is what these investments give back after it, as "
            "far as it can be taken out of budgets, in cash: how much of it is released then "
            "depends on budgets that are not projected.",
        ),
        (
            Heading("Partner", width=40),
            *(Heading(text, "money", 14) for text in ("Invested", "Released", "Net")),
            Heading("Net present value", "money", 14),
            Heading("Still to come, not counted", "money", 16),
            Heading("Break-even, cash", width=16),
            Heading("Break-even, discounted", width=16),
        ),
        tuple(rows),
    )


def _paybacks(view: View) -> list[Row]:
    rows = []
    for row in records(view.table("payback")):
        levels = (row.invested, row.released, row.net, row.net_present_value, row.to_come)
        amounts = map(Money, levels)
        when = (_when(view, row.break_even, row.invested),
                _when(view, row.break_even_discounted, row.invested))  # fmt: skip
        style = "total" if row.partner == ALL else "line"
        rows.append(Row("total" if style == "total" else "line",
                        (who(view, row.partner), *amounts, *when)))  # fmt: skip
    return rows


def _when(view: View, year: str, invested: int) -> str:
    if year:
        return spoken(year)
    return f"not by {spoken(view.years[-1])}" if invested else NOTHING_PAID

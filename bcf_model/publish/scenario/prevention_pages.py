"""Prevention: its share of spending, what is invested and released, who pays and who gains."""

from typing import Final

from bcf_model.core.figures import Figure
from bcf_model.core.tables import rows_of_each
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.figures import NOTHING_BACK, break_even
from bcf_model.plan.words import ALL, NOT_ALLOCATED, SEVERAL
from bcf_model.publish.page import Cell, Heading, Row, Sheet, Style, heads
from bcf_model.publish.scenario.lookups import ALLOCATED_NOWHERE, View, by_year, who

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
_IF_NOTHING: Final = NOTHING_BACK.strip().capitalize()


def _figure(measure: str, /, **where: str) -> Figure:
    return Figure(measure, tuple((key, (value,)) for key, value in where.items() if value))


def shares(view: View) -> Sheet:
    """Prevention as a share of spending, narrow and wide."""
    rows = _shares(view, "")
    if view.nothing_back is not None:
        rows += [Row("group", (_IF_NOTHING,)), *_shares(view, NOTHING_BACK)]
    return Sheet(
        "Prevention share",
        f"Prevention as a share of spending: {view.perimeter}",
        ("Of closing budgets. Narrow is what papers call prevention.",),
        (
            Heading("Measure", width=44),
            *by_year(view.years, 11, "percent"),
        ),
        tuple(rows),
    )


def _shares(view: View, beside: str) -> list[Row]:
    rows = []
    for measure, name in _MEASURES.items():
        cells: list[Cell] = [
            _figure("prevention share" + beside, year=year, measure=measure) for year in view.years
        ]
        rows.append(Row("line", (name, *cells)))
    return rows


def streams(view: View) -> Sheet:
    """Programme by programme: invested, gross, cashable and released, year by year."""
    frame, said = view.table("prevention"), view.projection.scenario.tables["prevention"]
    names = dict(zip(said["programme"], said["name"], strict=True))
    rows = []
    for programme in frame["programme"].drop_duplicates():
        stated = said.loc[said["programme"] == programme, "status"].drop_duplicates()
        statuses = ", ".join("status not stated" if it == NOT_STATED else it for it in stated)
        rows.append(Row("group", (f"{names[programme]} ({statuses})",)))
        for column, name in _LEVELS.items():
            cells = [_figure(f"prevention.{column}", programme=programme, year=year)
                     for year in (*view.years, "")]  # fmt: skip
            rows.append(Row("line", (name, *cells)))
    return Sheet(
        "Prevention",
        f"Invested in prevention, and what comes back: {view.perimeter}",
        (
            "Levels, of each year. Gross benefit is not money: only what can be taken out of "
            "budgets is released, and only as far as there is a budget.",
        ),
        (
            Heading("Programme", width=44),
            *by_year(view.years, 13),
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
        for (payer,), paid in rows_of_each(frame, "payer"):
            name = f"Paid by {who(view, payer)}"
            for group, said in groups.items():
                if paid.loc[paid["group"] == group, column].any():
                    cells = _gained(column, gains, payer=payer, group=group)
                    rows.append(Row("line", (name, said, *cells)))
            cells = _gained(column, gains, payer=payer)
            rows.append(Row("subtotal", (name, "Together", *cells)))
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


def _gained(column: str, gains: list[str], **where: str) -> list[Cell]:
    return [_figure(f"matrix.{column}", beneficiary=code, **where) for code in (*gains, "")]


def positions(view: View) -> Sheet:
    """Each partner's position, year by year: released less invested."""
    rows = []
    for partner in view.table("payback")["partner"]:
        rows.append(Row("group", (who(view, partner),)))
        rows += _positions(view, partner, "")
    if view.nothing_back is not None:
        rows += [Row("heading", (f"{_IF_NOTHING}, all together",))]
        rows += _positions(view, ALL, NOTHING_BACK)
    return Sheet(
        "Positions",
        f"What each has paid in and got back: {view.perimeter}",
        ("Net is released − invested: in (brackets) more was paid in. In cash.",),
        (
            Heading("Partner", width=44),
            *by_year(view.years, 13),
        ),
        tuple(rows),
    )


def _positions(view: View, partner: str, beside: str) -> list[Row]:
    rows = []
    for column, name in (("invested", "Invested"), ("released", "Released"), ("net", "Net"),
                         ("cumulative", "Net, so far")):  # fmt: skip
        cells = [_figure(f"positions.{column}{beside}", partner=partner, year=year)
                 for year in view.years]  # fmt: skip
        rows.append(Row("subtotal" if column == "cumulative" else "line", (name, *cells)))
    return rows


def payback(view: View) -> Sheet:
    """Over all years: net, net present value, and the year in which it is back."""
    rows = _paybacks(view, "")
    if view.nothing_back is not None:
        rows += [Row("group", (_IF_NOTHING,)), *_paybacks(view, NOTHING_BACK)]
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
            *heads("money", net_present_value=14),
            *heads("money", still_to_come_not_counted=(16, "Still to come, not counted")),
            *heads(break_even_cash=(16, "Break-even, cash")),
            *heads(break_even_discounted=(16, "Break-even, discounted")),
        ),
        tuple(rows),
    )


def _paybacks(view: View, beside: str) -> list[Row]:
    rows = []
    for partner in view.table("payback")["partner"]:
        amounts = [
            _figure(f"payback.{column}{beside}", partner=partner)
            for column in ("invested", "released", "net", "net_present_value", "to_come")
        ]
        back: list[Cell] = [
            break_even(view.years, partner, f"positions.{column}", beside)
            for column in ("cumulative", "cumulative_discounted")
        ]
        style: Style = "total" if partner == ALL else "line"
        rows.append(Row(style, (who(view, partner), *amounts, *back)))
    return rows

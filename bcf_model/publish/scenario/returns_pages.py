"""Prevention in a scenario's workbook: what is invested is an input, what comes back is worked out.

The arithmetic is that of `plan.worked_columns.BENEFITS` and `net_of`, printed (docs/method.md, 7).
"""

from collections.abc import Mapping
from typing import Any, Final

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Differs,
    Expression,
    InRow,
    Total,
    added,
    replaced,
    words,
)
from bcf_model.core.figures import Figure
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan.positions import group_of
from bcf_model.plan.prevention import benefits
from bcf_model.plan.words import ALL
from bcf_model.plan.worked_columns import (
    BENEFITS,
    CASHABLE_LATER,
    MILLIONTHS,
    OF_ALL,
    POSITIONS,
    net_of,
)
from bcf_model.publish.excel_book import Book
from bcf_model.publish.house_style import FACTOR, POUNDS
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario.assumptions_page import (
    FOLLOWS,
    YEARLY,
    Rows,
    return_rows,
    yearly_rows,
)
from bcf_model.publish.scenario.formula_grid import (
    Entry,
    Field,
    Grid,
    Input,
    Names,
)
from bcf_model.publish.scenario.homes import IF_NOTHING
from bcf_model.publish.scenario.lookups import View, who

INVESTED: Final = "What is invested in prevention: change it here"
GIVEN_BACK: Final = "What comes back of each investment, and when"
BY_YEAR: Final = "What each pays in and gets back, year by year"
POSITIONS_PAGE, BESIDE = "Positions by year", "If nothing comes back"
_YEARLY: Final = {
    "invested": "Invested", "released": "Released", "net": "Net",
    "deflated": "Net, in prices of the first year", "discounted": "The same, discounted",
    "cumulative": "Net, so far", "cumulative_discounted": "Discounted, so far",
}  # fmt: skip
LATER: Final = "later"
_PENCE: Final = 100


def write_investments(book: Book, view: View, names: Names) -> tuple[Grid, dict[int, int]]:
    """Write what is invested, row by row as it was typed.

    Returns:
        The page, and the row of it for each row of `prevention.csv` that is of a year of the plan.
    """
    grid = Grid(
        book,
        "Investments",
        INVESTED,
        (FOLLOWS, "Amounts are levels: of the year, not changes on the year before."),
        (
            Field("title", Heading("Programme", width=34)),
            Field("paid_by", Heading("Who pays", width=26)),
            Field("scope", Heading("Invested in", width=24)),
            Field("year", Heading("Year", width=10)),
            Field("amount", Heading("Invested", "exact", 16)),
            Field("made", Heading("As reported", "exact", 16)),
            Field("changed", Heading("Changed", "number", 9)),
            Field("status", Heading("Status", width=12)),
            Field("source", Heading("Source", width=40)),
            Field("cell", Heading("Name of the cell", width=40)),
            Field("programme", Heading("Code of the programme", width=16)),
            Field("payer", Heading("Code of who pays", width=16)),
        ),
        of=view.perimeter,
        unprinted=3,
    )
    stated, rows = view.projection.scenario.tables["prevention"], {}
    several = stated.duplicated(["programme", "payer", "financial_year"], keep=False)
    for i, (row, again) in enumerate(zip(records(stated), several, strict=True)):
        if row.financial_year not in view.years:
            continue
        parts = (row.programme, row.payer, *([row.scope] if again else []), row.financial_year)
        name, amount = names.give("invest", *parts), row.investment / _PENCE
        rows[i] = grid.rows
        grid.add({
            "title": row.name, "paid_by": who(view, row.payer), "scope": row.scope,
            "year": spoken(row.financial_year), "made": amount,
            "amount": Input(amount, name, POUNDS, least=0),
            "changed": 0.0, "status": row.status, "source": row.source or "no source",
            "cell": name, "programme": row.programme, "payer": row.payer,
        }, {"changed": Differs(Column("amount"), Column("made"))})  # fmt: skip
    grid.name_columns("invest_", ("amount", "changed", "programme", "payer", "scope", "year"))
    grid.filtered()
    return grid, rows


def write_benefits(
    book: Book, view: View, invested: tuple[Grid, Mapping[int, int]], assumed: Grid, rows: Rows
) -> Grid:
    """Write what each investment gives back to each beneficiary in each year.

    Args:
        book: with a tab of that name.
        view: of the scenario.
        invested: the page Investments, and where its rows stand.
        assumed: the page Assumptions.
        rows: where those stand.
    """
    grid = Grid(
        book,
        "Benefits",
        GIVEN_BACK,
        (
            f"Gross benefit = {words(BENEFITS['gross'])}. Of it can be taken out of budgets: "
            f"{words(BENEFITS['cashable'])}; nothing while an old service runs beside the new one.",
            "What comes after the last year of the plan is still to come, and is in no other sum.",
        ),
        (
            Field("programme", Heading("Programme", width=18)),
            Field("payer", Heading("Paid by", width=16)),
            Field("beneficiary", Heading("Gains", width=16)),
            Field("scope", Heading("Lines reduced", width=22)),
            Field("year", Heading("Year", width=10)),
            Field("investment", Heading("Invested", "exact", 15)),
            Field("return_per_pound", Heading("Return per £1", "number", 11), FACTOR),
            Field("factor", Heading("Factor on it", "number", 11), FACTOR),
            Field("share", Heading("Of it in this year", "rate", 12)),
            Field("percent", Heading("Can be taken out", "rate", 12)),
            Field("gross", Heading("Gross benefit", "exact", 15)),
            Field("cashable", Heading("Can be taken out", "exact", 15)),
            Field("to_come", Heading("Still to come", "exact", 15)),
            Field("group", Heading(f"{view.group_label} reduced", width=16)),
        ),
        of=view.perimeter,
    )
    scenario, (page, places) = view.projection.scenario, invested
    by_programme = return_rows(view)
    lines = view.table("lines")
    frame = benefits(
        scenario.tables["prevention"], scenario.tables["returns"], scenario.tables["lags"],
        view.years, view.projection.factors,
    )  # fmt: skip
    groups = {scope: group_of(scope, lines) for scope in frame["scope"].drop_duplicates()}
    for row in records(frame):
        stands = row.comes < len(view.years)
        own = by_programme.get(row.programme)
        entries: dict[str, Entry] = {
            "programme": row.programme, "payer": row.payer, "beneficiary": row.beneficiary,
            "scope": row.scope, "year": spoken(view.years[row.comes]) if stands else LATER,
            "investment": row.investment / _PENCE,
            "return_per_pound": row.return_per_pound / MILLIONTHS,
            "factor": row.factor / MILLIONTHS,
            "share": row.share / WHOLE_RATE, "percent": row.percent / WHOLE_RATE,
            "group": groups[row.scope],
        }  # fmt: skip
        worked: dict[str, Expression] = {
            "investment": InRow(page.name, "amount", places[row.paid]),
            **({} if own is None else {"factor": InRow(assumed.name, "value", rows[own])}),
        }
        taken_out = "cashable" if stands else "to_come"
        entries[taken_out] = row.cashable / _PENCE if row.in_time else 0.0
        if row.in_time:
            worked[taken_out] = BENEFITS["cashable"] if stands else CASHABLE_LATER
        if stands:
            entries["gross"], worked["gross"] = row.gross / _PENCE, BENEFITS["gross"]
        grid.add(entries, worked)
    keys = ("programme", "payer", "beneficiary", "scope", "year", "group")
    grid.name_columns("benefit_", (*keys, "gross", "cashable", "to_come"))
    grid.filtered()
    return grid


def write_positions(book: Book, view: View, assumed: Grid, rows: Rows, beside: str = "") -> Grid:
    """Write the position of each partner, year by year, and of all together.

    Args:
        book: with a tab of that name, in which figures are told where they stand.
        view: of the scenario.
        assumed: the page Assumptions.
        rows: where those stand.
        beside: `NOTHING_BACK`, of the same without any return on prevention; else blank.
    """
    frame = view.figures.tables["positions" + beside]
    grid = Grid(
        book,
        BESIDE if beside else POSITIONS_PAGE,
        f"{BY_YEAR},{beside}" if beside else BY_YEAR,
        (
            f"Net = {words(POSITIONS['net'])}. In prices of the first year, and discounted, it is "
            "divided by 1 + the percentage of each later year.",
        ),
        (
            Field("who", Heading("Partner", width=34)),
            Field("year", Heading("Year", width=10)),
            *(Field(name, Heading(text, "exact", 17)) for name, text in _YEARLY.items()),
            Field("partner", Heading("Code", width=12)),
        ),
        of=view.perimeter,
        unprinted=1,
    )
    by_step = {step: yearly_rows(view, step) for step in YEARLY}
    first = 0
    for row in records(frame):
        at, years = grid.rows, view.years[: view.years.index(row.financial_year) + 1]
        first = at if len(years) == 1 else first
        so_far: dict[Expression, Expression] = {
            it: grid.above(first, at + 1, it.name)
            for it in POSITIONS.values() if isinstance(it, Total)
        }  # fmt: skip
        rates: dict[Expression, Expression] = {
            Column(f"{step} {year}"): InRow(assumed.name, "rate", rows[said]) if said else NIL
            for step in YEARLY for year in years for said in [by_step[step].get(year)]
        }  # fmt: skip
        worked: dict[str, Expression] = {
            "invested": _flow("invested", "payer", row),
            "released": NIL if beside else _flow("released", "beneficiary", row),
            "deflated": replaced(net_of(years, discounted=False), rates),
            "discounted": replaced(net_of(years, discounted=True), rates),
            **{name: replaced(it, so_far) for name, it in POSITIONS.items()},
        }
        if row.partner == ALL:  # each partner has a row for each year above
            others = range(at % len(view.years), at, len(view.years))
            worked |= {name: added(InRow(grid.name, name, i) for i in others) for name in OF_ALL}
        grid.add({"who": who(view, row.partner), "year": spoken(row.financial_year),
                  "partner": row.partner}
                 | {name: getattr(row, name) / _PENCE for name in worked}, worked)  # fmt: skip
        selection = (("partner", (row.partner,)), ("year", (row.financial_year,)))
        for name in _YEARLY:
            stands = book.printed(InRow(grid.name, name, at))
            book.place[Figure(f"positions.{name}{beside}", selection)] = stands
    prefix = f"{IF_NOTHING if beside else ''}position_"
    grid.name_columns(prefix, (*_YEARLY, "partner", "year"))
    grid.filtered()
    return grid


def _flow(name: str, key: str, row: Any) -> Expression:
    """Return what one partner pays in, or what is released to it, in a year."""
    of = (("financial_year", (row.financial_year,)), (key, (row.partner,)))
    return Total(name, table="prevention", of=of)

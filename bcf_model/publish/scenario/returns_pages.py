"""Prevention in a scenario's workbook: what is invested is an input, what comes back is worked out.

The arithmetic is that of `plan.worked_columns.BENEFITS` and `net_of`, printed (docs/method.md, 7).
"""

from collections.abc import Mapping
from typing import Any, Final

from bcf_model.core.expressions import WHOLE_RATE, Column, Expression, Sum, Total, formula, words
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
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario.assumptions_page import (
    FOLLOWS,
    YEARLY,
    Rows,
    changed_cell,
    return_rows,
    yearly_rows,
)
from bcf_model.publish.scenario.formula_grid import (
    Entry,
    Field,
    Grid,
    Input,
    Live,
    Names,
)
from bcf_model.publish.scenario.homes import HOMES, IF_NOTHING, summed_over
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
_FACTOR: Final = "0.0#####"


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
            "amount": Input(amount, name, "#,##0.00_);(#,##0.00)", least=0),
            "changed": changed_cell(grid, "amount"), "status": row.status,
            "source": row.source or "no source", "cell": name, "programme": row.programme,
            "payer": row.payer,
        })  # fmt: skip
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
            Field("return_per_pound", Heading("Return per £1", "number", 11), _FACTOR),
            Field("factor", Heading("Factor on it", "number", 11), _FACTOR),
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
        at = grid.rows
        stands = row.comes < len(view.years)
        own = by_programme.get(row.programme)
        factor: Entry = row.factor / MILLIONTHS
        if own is not None:
            factor = Live(assumed.ref(rows[own], "value"), row.factor / MILLIONTHS)
        entries: dict[str, Entry] = {
            "programme": row.programme, "payer": row.payer, "beneficiary": row.beneficiary,
            "scope": row.scope, "year": spoken(view.years[row.comes]) if stands else LATER,
            "investment": Live(page.ref(places[row.paid], "amount"), row.investment / _PENCE),
            "return_per_pound": row.return_per_pound / MILLIONTHS, "factor": factor,
            "share": row.share / WHOLE_RATE, "percent": row.percent / WHOLE_RATE,
            "group": groups[row.scope],
        }  # fmt: skip
        gross = Live(grid.worked(at, BENEFITS["gross"]), row.gross / _PENCE)
        taken_out: Entry = 0.0
        if row.in_time:
            of_gross = BENEFITS["cashable"] if stands else CASHABLE_LATER
            taken_out = Live(grid.worked(at, of_gross), row.cashable / _PENCE)
        entries |= {"gross": gross, "cashable": taken_out} if stands else {"to_come": taken_out}
        grid.add(entries)
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

        def total(of: Total, at: int = at, first: int = first) -> str:
            if of.above:
                return _of_partners(grid, at, len(view.years), of.name)
            return grid.sum_of(first, at + 1, of.name)

        def rate(leaf: Column, at: int = at) -> str:
            step, _, year = leaf.name.partition(" ")
            if step == "net":
                return grid.cell(at, "net")
            said = by_step[step].get(year)
            return "0" if said is None else assumed.ref(rows[said], "rate")

        found: dict[str, str] = {
            "invested": _flow("prevention.invested", "payer", row),
            "released": "0" if beside else _flow("prevention.released", "beneficiary", row),
            "deflated": formula(net_of(years, discounted=False), rate),
            "discounted": formula(net_of(years, discounted=True), rate),
            **{name: grid.worked(at, it, total) for name, it in POSITIONS.items()},
        }
        if row.partner == ALL:
            found |= {name: grid.worked(at, Total(name, sharing="year", above=True), total)
                      for name in OF_ALL}  # fmt: skip
        amounts = {name: Live(printed, getattr(row, name) / _PENCE)
                   for name, printed in found.items()}  # fmt: skip
        grid.add({"who": who(view, row.partner), "year": spoken(row.financial_year),
                  "partner": row.partner} | amounts)  # fmt: skip
        selection = (("partner", (row.partner,)), ("year", (row.financial_year,)))
        for name in _YEARLY:
            book.place[Figure(f"positions.{name}{beside}", selection)] = grid.ref(at, name)
    prefix = f"{IF_NOTHING if beside else ''}position_"
    grid.name_columns(prefix, (*_YEARLY, "partner", "year"))
    grid.filtered()
    return grid


def _of_partners(grid: Grid, at: int, years: int, name: str) -> str:
    """Print the sum over the rows above of the same year: each partner has a row for each year."""
    whole: Expression = Column(str(at % years))
    for row in range(at % years + years, at, years):
        whole = Sum(whole, Column(str(row)), 1)
    return formula(whole, lambda leaf: grid.cell(int(leaf.name), name))


def _flow(measure: str, key: str, row: Any) -> str:
    """Print what one partner pays in, or what is released to it, in a year."""
    return summed_over(HOMES[measure], [("financial_year", [row.financial_year]),
                                        (key, [row.partner])])  # fmt: skip

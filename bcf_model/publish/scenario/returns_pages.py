"""Prevention in a scenario's workbook: what is invested is an input, what comes back is worked out.

The arithmetic is that of `plan.worked_columns.BENEFITS` and `net_of`, printed (docs/method.md, 7).
"""

from collections.abc import Mapping
from typing import Any, Final

from bcf_model.core.expressions import (
    NIL,
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
    OF_ALL,
    POSITIONS,
    net_of,
)
from bcf_model.publish.excel_book import Book
from bcf_model.publish.house_style import POUNDS
from bcf_model.publish.scenario.assumptions_page import (
    FOLLOWS,
    YEARLY,
    return_rows,
    yearly_rows,
)
from bcf_model.publish.scenario.formula_grid import (
    Entry,
    Grid,
    Input,
    Names,
)
from bcf_model.publish.scenario.homes import IF_NOTHING
from bcf_model.publish.scenario.lookups import View

INVESTED: Final = "What is invested in prevention: change it here"
GIVEN_BACK: Final = "What comes back of each investment, and when"
BY_YEAR: Final = "What each pays in and gets back, year by year"
POSITIONS_PAGE, BESIDE = "Positions by year", "If nothing comes back"
_YEARLY: Final = (
    "invested", "released", "net", "deflated", "discounted", "cumulative", "cumulative_discounted",
)  # fmt: skip
LATER: Final = "later"
_PENCE: Final = 100


def write_investments(book: Book, view: View, names: Names) -> tuple[Grid, dict[int, int]]:
    """Write what is invested, row by row as it was typed.

    Returns:
        The page, and the row of it for each row of `prevention.csv` that is of a year of the plan.
    """
    grid = Grid(
        book,
        view,
        "Investments",
        INVESTED,
        (FOLLOWS, "Amounts are levels: of the year, not changes on the year before."),
    )
    stated, rows = view.projection.scenario.tables["prevention"], {}
    several = stated.duplicated(["programme", "payer", "financial_year"], keep=False)
    for i, (row, again) in enumerate(zip(records(stated), several, strict=True)):
        if row.financial_year not in view.years:
            continue
        parts = (row.programme, row.payer, *([row.scope] if again else []), row.financial_year)
        name = names.give("invest", *parts)
        rows[i] = grid.rows
        grid.add({
            "amount": Input(row.investment / _PENCE, name, POUNDS, least=0),
            "changed": 0.0, "source": row.source or "no source", "cell": name,
        }, {"changed": Differs(Column("amount"), Column("made"))}, row=row)  # fmt: skip
    grid.name_columns("invest_", ("amount", "changed", "programme", "payer", "scope", "year"))
    grid.filtered()
    return grid, rows


def write_benefits(
    book: Book, view: View, invested: tuple[Grid, Mapping[int, int]], assumed: Grid
) -> Grid:
    """Write what each investment gives back to each beneficiary in each year.

    Args:
        book: with a tab of that name.
        view: of the scenario.
        invested: the page Investments, and where its rows stand.
        assumed: the page Assumptions.
    """
    grid = Grid(
        book,
        view,
        "Benefits",
        GIVEN_BACK,
        (
            f"Gross benefit = {words(BENEFITS['gross'])}. Of it can be taken out of budgets: "
            f"{words(BENEFITS['cashable'])}; nothing while an old service runs beside the new one.",
            "What comes after the last year of the plan is still to come, and is in no other sum.",
        ),
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
            "year": spoken(view.years[row.comes]) if stands else LATER, "group": groups[row.scope],
        }  # fmt: skip
        worked: dict[str, Expression] = {
            "investment": InRow(page.name, "amount", places[row.paid]),
            **({} if own is None else {"factor": InRow(assumed.name, "value", own)}),
        }
        taken_out = "cashable" if stands else "to_come"
        entries[taken_out] = row.cashable / _PENCE if row.in_time else 0.0
        if row.in_time:
            worked[taken_out] = BENEFITS["cashable"] if stands else CASHABLE_LATER
        if stands:
            entries["gross"], worked["gross"] = row.gross / _PENCE, BENEFITS["gross"]
        grid.add(entries, worked, row=row)
    keys = ("programme", "payer", "beneficiary", "scope", "year", "group")
    grid.name_columns("benefit_", (*keys, "gross", "cashable", "to_come"))
    grid.filtered()
    return grid


def write_positions(book: Book, view: View, assumed: Grid, beside: str = "") -> Grid:
    """Write the position of each partner, year by year, and of all together.

    Args:
        book: with a tab of that name, in which figures are told where they stand.
        view: of the scenario.
        assumed: the page Assumptions.
        beside: `NOTHING_BACK`, of the same without any return on prevention; else blank.
    """
    frame = view.figures.tables["positions" + beside]
    grid = Grid(
        book,
        view,
        BESIDE if beside else POSITIONS_PAGE,
        f"{BY_YEAR},{beside}" if beside else BY_YEAR,
        (
            f"Net = {words(POSITIONS['net'])}. In prices of the first year, and discounted, it is "
            "divided by 1 + the percentage of each later year.",
        ),
        page=POSITIONS_PAGE,
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
            Column(f"{step} {year}"): NIL if at is None else InRow(assumed.name, "rate", at)
            for step in YEARLY for year in years for at in [by_step[step].get(year)]
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
        grid.add({}, worked, row=row)
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

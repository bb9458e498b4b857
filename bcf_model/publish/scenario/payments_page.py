"""The page Payments of a scenario's workbook: what of activity is payable, worked as in the engine.

The arithmetic is that of `plan.activity` and of the year's own payments
(`worked_columns.PAYMENTS`), printed.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from bcf_model.core.expressions import WHOLE_RATE, Column, Expression, Leaf, formula, words
from bcf_model.core.tables import records
from bcf_model.core.worked_columns import PAYMENTS
from bcf_model.core.years import spoken
from bcf_model.plan.activity import ADDED, GROWN, MOVES, NOT_PLANNED, Mover, follow
from bcf_model.plan.words import PERCENT, UNPAID
from bcf_model.publish.excel_book import Book
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario.assumptions_page import Rows
from bcf_model.publish.scenario.formula_grid import VALUE, Entry, Field, Grid, Live
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.money_pages import PAID_BY
from bcf_model.publish.scenario.walk_page import Laid

Places = Mapping[tuple[str, str], int]
"""The row of each year and line of which it is known what is payable."""

_PENCE: Final = 100
_MONEY: Final = {
    "difference": "Difference at full price",
    "point": "Reopens at, in money",
    "within": "Difference up to there",
    "paid": "Of it payable",
    "unpaid": "Unpaid",
}


def write_payments(
    book: Book, view: View, walked: Grid, laid: Laid, assumed: Grid, rows: Rows
) -> tuple[Grid | None, Places]:
    """Write the page; there is none where no line is paid by activity.

    Args:
        book: with a tab of that name.
        view: of the scenario, as `releases_page.followed` gives it.
        walked: the page Walk, begun.
        laid: where its rows stand.
        assumed: the page Assumptions.
        rows: where those stand.

    Returns:
        The page, and the row of each year and line whose payable amount is known.
    """
    made = view.projection.bridge
    if not made.paid.lines:
        return None, {}
    grid = _begun(book, view)
    of_walk = {(row.number, row.place): at for at, row in enumerate(laid.rows)}
    unpaid_at = {row.place: at for at, row in enumerate(laid.rows) if row.step == UNPAID}
    rates, codes = [*records(view.projection.rates)], made.lines["line"].tolist()
    found: dict[tuple[str, str], int] = {}

    def moved(place: str, mover: Mover) -> str:
        if mover.unit != PERCENT:
            return walked.ref(of_walk[mover.number, place], "amount")
        own = rates[mover.number]
        at = rows.get((own.cause, own.financial_year), rows.get((own.cause, ""), 0))
        return assumed.ref(at, "rate")

    for one in follow(made.paid, made.years, lambda place: int(made.numbers[place])):
        line, at, worked = made.paid.lines[one.line], grid.rows, one.worked
        code = codes[line.at] if line.at >= 0 else line.row.scheme_id
        place = f"{one.year} {code}"
        first = one.year == made.years[0]
        entries: dict[str, Entry] = {
            "line": code, "year": spoken(one.year), "counted_in": line.row.counted_in,
            "reopens_at": line.row.reopens_at / WHOLE_RATE,
            "share_beyond": line.row.share_beyond / WHOLE_RATE, "note": one.why,
        }  # fmt: skip
        if one.why in ("", NOT_PLANNED):
            own = (made.paid.movers or {}).get((one.line, one.year), ())
            for name in MOVES.values():
                value = _sold(name, worked[f"{name}_before"])
                said = value if first else Live(grid.cell(at - 1, name), value)
                entries[f"{name}_before"] = said
            entries |= _moves(own, worked, partial(moved, place))
            entries |= {
                name: _worked(grid, at, name, own, _sold(name, worked[name]))
                for name in MOVES.values()
            }
            if one.year in line.prices:
                entries["price"] = line.prices[one.year] / _PENCE
        if not one.why:
            found[one.year, code] = at
            start = laid.starts[place]
            whole = (
                f"ROUND(SUM('{walked.name}'!{walked.span(start, unpaid_at[place], 'amount')}),2)"
            )
            closes = view.pence(financial_year=one.year, line=code)
            unpaid = int(worked["unpaid"])
            entries |= {
                "planned": float(line.planned[one.year]),
                "share": Live(
                    f"IF({grid.cell(at, 'actual')}>={grid.cell(at, 'planned')},"
                    f"{line.row.share_above / WHOLE_RATE!r},{line.row.share_below / WHOLE_RATE!r})",
                    int(worked["share"]) / WHOLE_RATE,
                ),
                "full_price": Live(whole, (closes + unpaid) / _PENCE),
                **{
                    name: Live(grid.worked(at, PAYMENTS[name]), int(worked[name]) / _PENCE)
                    for name in _MONEY
                },
                "payable": Live(
                    grid.worked(at, Column("full_price") - Column("unpaid")), closes / _PENCE
                ),
            }
        grid.add(entries)
    grid.name_columns("payment_", ("unpaid",))
    grid.filtered()
    return grid, found


def _sold(name: str, value: Any) -> float:
    """Return a price in pounds, or activity as it is."""
    return float(value) / (_PENCE if name == "price" else 1)


def _moves(
    own: Sequence[Mover], worked: Mapping[str, Any], moved: Callable[[Mover], str]
) -> dict[str, Entry]:
    """Return what percentages and amounts of pounds of each step come to, for a line."""
    found: dict[str, Entry] = {}
    for step, name in MOVES.items():
        for key, of, is_percent in ((step, 1, True), (f"{step}_pounds", _PENCE, False)):
            cells = [moved(it) for it in own
                     if it.moves == name and (it.unit == PERCENT) == is_percent]  # fmt: skip
            value = float(worked[key]) / of
            found[key] = Live("+".join(cells), value) if cells else value
    return found


def _worked(grid: Grid, at: int, name: str, own: Sequence[Mover], value: float) -> Live:
    """Print price or activity: it is no amount of money, and is not rounded."""
    pounds = any(it.moves == name and it.unit != PERCENT for it in own)
    expression: Expression = GROWN[name] + ADDED[name] if pounds else GROWN[name]

    def refer(leaf: Leaf) -> str:
        return grid.cell(at, leaf.name)

    return Live(formula(expression, refer), value)


def _begun(book: Book, view: View) -> Grid:
    return Grid(
        book,
        "Payments",
        "Payment by activity",
        (
            PAID_BY,
            f"Price = {words(GROWN['price'])}; amounts of pounds add {words(ADDED['price'])}.",
            f"Activity = {words(GROWN['actual'])}; amounts of pounds add "
            f"{words(ADDED['actual'])}. Neither is rounded.",
            f"Difference = {words(PAYMENTS['difference'])}. Of it payable = "
            f"{words(PAYMENTS['paid'])}.",
        ),
        (
            Field("line", Heading("Line", width=16)),
            Field("year", Heading("Year", width=10)),
            Field("counted_in", Heading("Counted in", width=16)),
            Field("price_before", Heading("Price before", "number", 12), VALUE),
            Field("inflation", Heading("Inflation, %", "rate", 11)),
            Field("inflation_pounds", Heading("Inflation in pounds", "exact", 13)),
            Field("price", Heading("Price", "number", 12), VALUE),
            Field("actual_before", Heading("Activity before", "number", 12), VALUE),
            Field("demand", Heading("Demand, %", "rate", 11)),
            Field("demand_pounds", Heading("Demand in pounds", "exact", 13)),
            Field("actual", Heading("Activity", "number", 12), VALUE),
            Field("planned", Heading("Planned", "number", 12), VALUE),
            Field("full_price", Heading("Line at full price", "exact", 15)),
            Field("reopens_at", Heading("Reopens at", "rate", 11)),
            Field("share", Heading("Paid up to there", "rate", 11)),
            Field("share_beyond", Heading("Paid beyond", "rate", 11)),
            *(Field(name, Heading(text, "exact", 14)) for name, text in _MONEY.items()),
            Field("payable", Heading("Payable in all", "exact", 15)),
            Field("note", Heading("Why it is not known", width=30)),
        ),
        of=view.perimeter,
        naming=2,
    )

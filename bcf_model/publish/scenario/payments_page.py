"""The page Payments of a scenario's workbook: what of activity is payable, worked as in the engine.

The arithmetic is that of `plan.activity` and of the year's own payments
(`worked_columns.PAYMENTS`), printed.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from bcf_model.core.expressions import (
    WHOLE_RATE,
    Column,
    Expression,
    If,
    InRow,
    Rate,
    added,
    words,
)
from bcf_model.core.worked_columns import PAYMENTS
from bcf_model.core.years import spoken
from bcf_model.plan.activity import ADDED, GROWN, MOVES, NOT_PLANNED, Mover, follow
from bcf_model.plan.words import PERCENT, UNPAID
from bcf_model.publish.excel_book import Book
from bcf_model.publish.scenario.formula_grid import Entry, Grid
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.money_pages import PAID_BY
from bcf_model.publish.scenario.walk_page import Laid

Places = Mapping[tuple[str, str], int]
"""The row of each year and line of which it is known what is payable."""

_PENCE: Final = 100
_MONEY: Final = ("difference", "point", "within", "paid", "unpaid")


def write_payments(
    book: Book, view: View, walked: Grid, laid: Laid, assumed: Grid
) -> tuple[Grid | None, Places]:
    """Write the page; there is none where no line is paid by activity.

    Args:
        book: with a tab of that name.
        view: of the scenario, whose walk has a row for all that may come to something.
        walked: the page Walk, begun.
        laid: where its rows stand.
        assumed: the page Assumptions.

    Returns:
        The page, and the row of each year and line whose payable amount is known.
    """
    made = view.projection.bridge
    if not made.paid.lines:
        return None, {}
    grid = _begun(book, view)
    of_walk = {(row.number, row.place): at for at, row in enumerate(laid.rows)}
    unpaid_at = {row.place: at for at, row in enumerate(laid.rows) if row.step == UNPAID}
    stated_in, codes = view.projection.rates["row"].tolist(), made.lines["line"].tolist()
    found: dict[tuple[str, str], int] = {}

    def moved(place: str, mover: Mover) -> Expression:
        if mover.unit != PERCENT:
            return InRow(walked.name, "amount", of_walk[mover.number, place])
        return InRow(assumed.name, "rate", stated_in[mover.number])

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
        by: dict[str, Expression] = {}
        if one.why in ("", NOT_PLANNED):
            own = (made.paid.movers or {}).get((one.line, one.year), ())
            for name in MOVES.values():
                entries[f"{name}_before"] = _in_its_unit(name, worked[f"{name}_before"])
                entries[name] = _in_its_unit(name, worked[name])
                by[name] = _grown(name, own)
                if not first:
                    by[f"{name}_before"] = InRow(grid.name, name, at - 1)
            by |= _moves(own, partial(moved, place))
            entries |= {key: float(worked[key]) / of for key, of in _MOVED.items()}
            if one.year in line.prices:
                entries["price"] = line.prices[one.year] / _PENCE
                entries["repriced"] = float(worked["repriced"]) / _PENCE
                by |= {"repriced": made.paid.repriced}
                del by["price"]
        if not one.why:
            found[one.year, code] = at
            priced = ("full_price", "payable")
            of_line = {it: view.figure(f"payments.{it}", year=one.year, line=code) for it in priced}
            entries |= {
                "planned": float(line.planned[one.year]),
                "share": int(worked["share"]) / WHOLE_RATE,
                **{name: view.amount(it) / _PENCE for name, it in of_line.items()},
                **{name: int(worked[name]) / _PENCE for name in _MONEY},
            }
            shares = (Rate(int(it)) for it in (line.row.share_below, line.row.share_above))
            by |= {
                "share": If(Column("planned") - Column("actual"), *shares),
                "full_price": walked.above(laid.starts[place], unpaid_at[place], "amount"),
                **{name: PAYMENTS[name] for name in _MONEY},
                "payable": Column("full_price") - Column("unpaid"),
            }
        grid.add(entries, by)
    grid.name_columns("payment_", ("unpaid",))
    grid.filtered()
    return grid, found


def _in_its_unit(name: str, value: Any) -> float:
    """Return a price in pounds, or activity as it is."""
    return float(value) / (_PENCE if name == "price" else 1)


_MOVED: Final = {key: of for step in MOVES for key, of in ((step, 1), (f"{step}_pounds", _PENCE))}
"""What percentages and amounts of pounds of each step come to, with the parts each is in."""


def _moves(own: Sequence[Mover], moved: Callable[[Mover], Expression]) -> dict[str, Expression]:
    """Return what percentages and amounts of pounds of each step come to, for a line."""
    found: dict[str, Expression] = {}
    for step, name in MOVES.items():
        for key, is_percent in ((step, True), (f"{step}_pounds", False)):
            cells = [moved(it) for it in own
                     if it.moves == name and (it.unit == PERCENT) == is_percent]  # fmt: skip
            if cells:
                found[key] = added(cells)
    return found


def _grown(name: str, own: Sequence[Mover]) -> Expression:
    """Return what price or activity comes to: it is no amount of money, and is not rounded."""
    pounds = any(it.moves == name and it.unit != PERCENT for it in own)
    return GROWN[name] + ADDED[name] if pounds else GROWN[name]


def _begun(book: Book, view: View) -> Grid:
    priced = any(one.prices for one in view.projection.bridge.paid.lines)
    return Grid(
        book,
        view,
        "Payments",
        "Payment by activity",
        (
            PAID_BY,
            f"Price = {words(GROWN['price'])}; amounts of pounds add {words(ADDED['price'])}.",
            f"Activity = {words(GROWN['actual'])}; amounts of pounds add "
            f"{words(ADDED['actual'])}. Neither is rounded.",
            f"Difference = {words(PAYMENTS['difference'])}. Of it payable = "
            f"{words(PAYMENTS['paid'])}.",
            *(
                (f"A stated price adds {words(view.projection.bridge.paid.repriced)}.",)
                if priced
                else ()
            ),
        ),
        without=() if priced else ("repriced",),
        naming=2,
    )

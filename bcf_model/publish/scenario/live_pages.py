"""The pages of a scenario's workbook that are worked out anew when an assumption is changed.

Assumptions and savings programmes are inputs (`assumptions_page`, `savings_page`); Effects says
what amounts of pounds do year by year; Released what prevention takes out of budgets
(`releases_page`); Walk takes every line through every step (`walk_page`). The arithmetic is that
of `plan.worked_columns` and `plan.savings`, printed.
"""

from dataclasses import dataclass
from typing import Any

from bcf_model.core.expressions import (
    Column,
    Expression,
    InRow,
    Total,
    columns_in,
    replaced,
    words,
)
from bcf_model.core.tables import records
from bcf_model.plan.figures import NOTHING_BACK
from bcf_model.plan.worked_columns import EFFECTS, OF_PROGRAMMES, STATED_OF
from bcf_model.publish.excel_book import Book
from bcf_model.publish.scenario.assumptions_page import write_assumptions
from bcf_model.publish.scenario.formula_grid import Entry, Grid, Names
from bcf_model.publish.scenario.funding_page import write_funding
from bcf_model.publish.scenario.lookups import View
from bcf_model.publish.scenario.payments_page import write_payments
from bcf_model.publish.scenario.releases_page import write_releases
from bcf_model.publish.scenario.returns_pages import (
    write_benefits,
    write_investments,
    write_positions,
)
from bcf_model.publish.scenario.savings_page import write_savings
from bcf_model.publish.scenario.walk_page import Laid, begun, by_place, write_walk


@dataclass(frozen=True)
class LivePages:
    """The grids, in the order they follow from each other.

    There are savings where there are programmes, investments and releases where prevention is
    invested in, and payments where a line is paid by activity.
    """

    assumptions: Grid
    savings: Grid | None
    investments: Grid | None
    effects: Grid
    released: Grid | None
    payments: Grid | None
    walk: Grid


def write(book: Book, view: View) -> LivePages:
    """Write the live pages onto their tabs.

    Args:
        book: with a tab for each.
        view: of the scenario, with a row for all that may come to something (`project`).
    """
    names, invests = Names(), len(view.table("prevention")) > 0
    assumed = write_assumptions(book, view, names)
    saved = write_savings(book, view, names, assumed) if len(view.table("savings")) else None
    invested = write_investments(book, view, names) if invests else None
    effects = _effects(book, view, assumed, saved)
    walked, laid = begun(book, view), Laid.out(by_place(view.projection.bridge, view.walk))

    def above(release: int) -> Total:
        return laid.before_step(walked, laid.releases[release])

    given = None
    if invested is not None:
        write_benefits(book, view, invested, assumed)
        given = write_releases(book, view, above)
        write_positions(book, view, assumed)
    paid, places = write_payments(book, view, walked, laid, assumed)
    write_walk(walked, view, laid, assumed, effects, given, (paid, places))
    if view.nothing_back is not None:
        write_positions(book, view, assumed, NOTHING_BACK)
        beside = view.figures.tables["walk" + NOTHING_BACK]
        laid = Laid.out(by_place(view.projection.bridge, beside))
        page = begun(book, view, NOTHING_BACK)
        write_walk(page, view, laid, assumed, effects, None, (paid, places))
    write_funding(book, view, assumed)
    return LivePages(
        assumed, saved, None if invested is None else invested[0], effects, given, paid, walked
    )


def _effects(book: Book, view: View, assumed: Grid, saved: Grid | None) -> Grid:
    projection = view.projection
    grid = Grid(
        book,
        view,
        "Effects",
        "What amounts of pounds do, year by year",
        (
            "An amount that starts part of the way through a year acts with a part in that year "
            "and with the rest in the next; what is not recurrent is reversed in the next.",
            f"In the year = {words(EFFECTS['in the year'])}. Signed as in the bridge.",
            *(() if len(projection.effects) else ("Nothing acts here: this does not follow.",)),
        ),
    )
    programmes = {row.programme: i for i, row in enumerate(records(view.table("savings")))}
    for row in records(projection.effects):
        worked: dict[str, Expression] = {}
        entries: dict[str, Entry] = {}
        if row.origin == "assumption":
            entries["kind"] = "assumption"
            worked["stated"] = InRow(assumed.name, "amount", row.row)
            worked["amount"] = EFFECTS[row.part]
        elif row.origin == "savings":
            assert saved is not None
            side = view.table("savings_effects")["side"].iloc[row.row]
            place = programmes[row.cause]
            entries["kind"] = f"savings programme, {side}"
            for key, of_row in (
                ("stated", STATED_OF[side]), ("amount", OF_PROGRAMMES[side, row.part]),
            ):  # fmt: skip
                columns = columns_in(of_row)
                if all(map(saved.has, columns)):  # one that is left out is nil, whatever is changed
                    there: dict[Expression, Expression] = {
                        Column(it): InRow(saved.name, it, place) for it in columns
                    }
                    worked[key] = replaced(of_row, there)
        else:
            entries["kind"] = "investment in prevention"
            payer = view.table("prevention")["payer"].iloc[row.row]
            worked |= dict.fromkeys(("stated", "amount"), _invested(view, row, payer))
        grid.add(entries, worked, row=row)
    if not grid.rows:
        grid.add({"cause": "No amount of pounds acts in this scenario.", "amount": 0.0})
    grid.name_columns("effect_", ("amount",))
    grid.filtered()
    return grid


def _invested(view: View, row: Any, payer: str) -> Expression:
    """Return what investment changes in a year: that of the year less that of the year before."""
    of = (("programme", (row.cause,)), ("payer", (payer,)), ("scope", (row.scope,)))
    before = dict(zip(view.years[1:], view.years, strict=False)).get(row.financial_year)
    level, last = (
        Total("invested", table="prevention", of=(*of, ("financial_year", (year or "",))))
        for year in (row.financial_year, before)
    )
    return level if before is None else level - last

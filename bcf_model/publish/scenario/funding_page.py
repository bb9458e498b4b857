"""Funding in a scenario's workbook, step by step: worked out as in the engine.

The arithmetic is that of `plan.funding`, printed (docs/method.md, 5).
"""

from collections.abc import Sequence
from typing import Any, Final

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Expression,
    InRow,
    Most,
    Total,
    added,
    replaced,
    words,
)
from bcf_model.core.tables import records
from bcf_model.plan import holding
from bcf_model.plan.funding import RESTATED
from bcf_model.plan.funding_statements import RECURRENT
from bcf_model.plan.words import NOT_ALLOCATED, OPENING, PERCENT
from bcf_model.plan.worked_columns import HELD, OF_BASE, PARTED, STATED_ANEW, WEIGHT
from bcf_model.publish.excel_book import Book
from bcf_model.publish.scenario.formula_grid import TOTAL, Entry, Grid
from bcf_model.publish.scenario.lookups import View

TITLE: Final = "Funding, step by step"
NAME: Final = "Funding by step"
_PENCE: Final = 100
_BEFORE: Final = (OPENING, RESTATED)
"""The steps before the changes of a year."""
Place = tuple[str, str, str]
"""A year, an organisation and its funding."""


def write_funding(book: Book, view: View, assumed: Grid) -> Grid | None:
    """Write the page; there is none where no funding is stated.

    Args:
        book: with a tab of that name.
        view: of the scenario.
        assumed: the page Assumptions.
    """
    frame = view.table("funding_walk")
    if frame.empty:
        return None
    page = _Page(_begun(book, view), view, [*records(frame)], assumed)
    for at in range(len(page.rows)):
        page.write(at)
    page.grid.name_columns(
        "funding_", ("amount", "year", "organisation", "funding", "step", "cause", "recurrence")
    )
    page.grid.filtered()
    return page.grid


class _Page:
    """The page while it is written.

    Args:
        grid: begun. view: of the scenario. rows: of the table, those of a place together.
        assumed: the page Assumptions.
    """

    def __init__(self, grid: Grid, view: View, rows: Sequence[Any], assumed: Grid) -> None:
        """Find out where the rows of each place, and of each amount that is parted, stand."""
        self.grid, self.view, self.rows = grid, view, rows
        self._assumed = assumed
        self._stands = holding.by_year(view.assumptions, view.years)
        self._places: dict[Place, list[int]] = {}
        self._parted: dict[tuple[str, ...], list[int]] = {}
        for at, row in enumerate(rows):
            self._places.setdefault(_place(row), []).append(at)
            if row.unit not in (PERCENT, _STATED):
                of = (row.financial_year, row.cause, row.step, row.recurrence)
                self._parted.setdefault(of, []).append(at)

    def write(self, at: int) -> None:
        """Write one row."""
        row, grid = self.rows[at], self.grid
        entries: dict[str, Entry] = {}
        worked: dict[str, Expression] = {}
        if row.unit == PERCENT:
            stands, base = self._base(at)
            entries |= {"base": base, "rate": row.rate / WHOLE_RATE}
            worked |= stands | self._said(row, "rate", "rate") | {"amount": OF_BASE}
        elif row.unit != _STATED:
            weights, by = self._weights(at)
            entries |= weights | {"whole": row.whole / _PENCE}
            worked |= by | self._said(row, "amount", "whole") | {"amount": PARTED}
        elif row.step == OPENING and (left := self._left(row)):
            worked["amount"] = left
        elif row.step == RESTATED:
            entries["whole"] = self._pounds(self._stood(at))
            above = grid.above(self._places[_place(row)][0], at, "amount")
            worked["amount"] = replaced(STATED_ANEW, {HELD: above})
        grid.add(entries, worked, TOTAL if row.step == OPENING else None, row)

    def _said(self, row: Any, key: str, column: str) -> dict[str, Expression]:
        """Return the cell of the assumption a column comes of; none where it is of no input."""
        at = self._stands.get((row.cause, row.financial_year))
        return {} if at is None else {column: InRow(self._assumed.name, key, at)}

    def _left(self, row: Any) -> Total | None:
        """Return the sum of what is recurrent of the year before; none in the first year."""
        years = dict(zip(self.view.years[1:], self.view.years, strict=False))
        before = (years.get(row.financial_year, ""), row.organisation, row.funding)
        stood = [i for i in self._places.get(before, []) if self.rows[i].recurrence == RECURRENT]
        return self.grid.above(stood[0], stood[-1] + 1, "amount") if stood else None

    def _stood(self, at: int) -> Expression:
        """Return what the changes of a year act on: what was carried forward, or is stated."""
        place = dict(zip(("year", "organisation", "funding"), _place(self.rows[at]), strict=True))
        steps = (self.view.figure("funding_walk.amount", **place, step=step) for step in _BEFORE)
        return added(it for it in steps if it)

    def _pounds(self, amount: Expression) -> float:
        return (self.view.figures.amount(amount) or 0) / _PENCE

    def _base(self, at: int) -> tuple[dict[str, Expression], float]:
        """Return the cells of what the changes of a year act on, and what it is in pounds."""
        stood = [i for i in self._places[_place(self.rows[at])] if self.rows[i].step in _BEFORE]
        if not stood:
            return {}, 0.0
        above = self.grid.above(stood[0], stood[-1] + 1, "amount")
        return {"base": above}, self._pounds(self._stood(at))

    def _weights(self, at: int) -> tuple[dict[str, Entry], dict[str, Expression]]:
        """Return by what an amount is parted: by what each fund has before the changes."""
        row, page = self.rows[at], self.grid.name
        others = self._parted[row.financial_year, row.cause, row.step, row.recurrence]
        if len(others) == 1 or row.organisation == NOT_ALLOCATED:
            return dict.fromkeys(("weight", "cumulative_weight", "total_weight"), 1.0), {}
        stands, base = self._base(at)
        weights, k = [Most(self._stood(i), NIL) for i in others], others.index(at)
        before = [InRow(page, "cumulative_weight", i) for i in others[:k][-1:]]
        return {
            "base": base, "weight": self._pounds(weights[k]),
            "cumulative_weight": self._pounds(added(weights[: k + 1])),
            "total_weight": self._pounds(added(weights)),
        }, stands | {
            "weight": WEIGHT, "cumulative_weight": added([Column("weight"), *before]),
            "total_weight": InRow(page, "cumulative_weight", others[-1]),
        }  # fmt: skip


_STATED: Final = "stated"
_AS_STATED: Final = ("Nothing acts here on what is stated for one year: this does not follow.",)


def _is_constant(view: View) -> bool:
    """Return whether everything on the page is as it is stated."""
    walked = view.table("funding_walk")
    years = walked["financial_year"].nunique()
    return years == 1 and not (walked["unit"] != _STATED).any()


def _place(row: Any) -> Place:
    return row.financial_year, row.organisation, row.funding


def _begun(book: Book, view: View) -> Grid:
    return Grid(
        book,
        view,
        NAME,
        TITLE,
        (
            "A year opens with the recurrent amount the year before left; the first, and what is "
            "stated again, as stated.",
            f"A percentage adds {words(OF_BASE)}; the base is what stands there before the changes "
            f"of the year. An amount for several funds is parted: {words(PARTED)}.",
            *(_AS_STATED if _is_constant(view) else ()),
        ),
        naming=3,
    )

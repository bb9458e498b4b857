"""The page Savings of a scenario's workbook: programmes as inputs, worked out as in the engine."""

from typing import Final

import pandas as pd

from bcf_model.core.expressions import (
    Column,
    Differs,
    Expression,
    InRow,
    Most,
    words,
)
from bcf_model.core.tables import records
from bcf_model.plan import savings
from bcf_model.publish.excel_book import Book
from bcf_model.publish.house_style import POUNDS
from bcf_model.publish.scenario.assumptions_page import FOLLOWS, delivery_rows, of_percent
from bcf_model.publish.scenario.formula_grid import TOTAL, Entry, Grid, Input, Names
from bcf_model.publish.scenario.lookups import View

_MONEY: Final = (
    "net", "part_year_effect", "full_year_effect", "part_year_investment", "full_year_investment",
    "adjusted_part_year", "adjusted_full_year", "adjusted_full_year_effect", "adjusted_net",
    "reversal", "reversal_of_investment", "underlying", "plan_to_date", "delivered", "slippage",
)  # fmt: skip
_OF_COSTS: Final = ("part_year_investment", "full_year_investment", "reversal_of_investment")
_IN_THE_NEXT: Final = ("full_year_effect", "full_year_investment", "adjusted_full_year_effect")
_FACTS: Final = (
    "What was delivered is a fact: a programme that was counted saves in its year "
    f"{words(savings.FACTS_FIRST)}.",
    f"Delivered in all periods, later years carry {words(savings.VALUE_REACHED)}, unless it states "
    "another value.",
)
_TO_DATE: Final = ("plan_to_date", "delivered", "slippage")
_CHANGED: Final = Most(
    Differs(Column("gross"), Column("made")), Differs(Column("investment"), Column("cost_made"))
)


def write_savings(book: Book, view: View, names: Names, assumed: Grid) -> Grid:
    """Write the page: gross and investment are inputs, the rest is worked out of them."""
    frame = view.table("savings")
    shown = [key for key in _MONEY if _occurs(frame, key)]
    grid = Grid(
        book,
        view,
        "Savings",
        "Savings programmes",
        (
            FOLLOWS,
            "A saving is above nil, and so is what it costs. What a programme does not save, or "
            "cost, in the report cannot be changed here: no line of the walk would take it up.",
            f"Saves in its year = {words(savings.SAVINGS['part_year_effect'])}. Risk-adjusted = "
            f"{words(savings.SAVINGS['adjusted_full_year'])}.",
            *(_FACTS if frame["delivered_to"].any() else ()),
            "What no programme has is left out; the columns from Phased on are not printed.",
        ),
        without={*_MONEY} - {*shown},
        hidden=() if frame["investment"].any() else ("investment",),
    )
    delivery = delivery_rows(view)
    for row in records(frame):
        saved, cost = (names.give("saving", row.programme, it) for it in ("gross", "costs"))
        entries: dict[str, Entry] = {
            "gross": Input(row.gross / 100, saved, POUNDS) if row.gross else 0.0,
            "investment": Input(row.investment / 100, cost, POUNDS) if row.investment else 0.0,
            "changed": 0.0,
        }
        worked: dict[str, Expression] = {"changed": _CHANGED}
        if row.confidence in delivery:
            stated = InRow(assumed.name, "value", delivery[row.confidence])
            worked["delivery"] = of_percent(stated)
        of_row = {key: savings.in_row(key, row) for key in shown}
        worked |= {key: it for key, it in of_row.items() if it is not None}
        grid.add(entries, worked, row=row)
    count = grid.rows
    named = ("changed", "owner_code", "beneficiary_code", "identified", "adjusted_net")
    grid.name_columns("saving_", named, count)
    summed = ["gross", "investment", *shown]
    grid.add(
        {"name": "All programmes"}
        | {key: view.amount(view.figure(f"savings.{key}")) / 100 for key in summed},
        {key: grid.above(0, count, key) for key in summed},
        TOTAL,
    )
    grid.printed()
    return grid


def _occurs(frame: pd.DataFrame, key: str) -> bool:
    """Return whether a column can be other than nil, whatever is changed."""
    if key in _OF_COSTS and not frame["investment"].any():
        return False
    if key in _TO_DATE and not frame[["phased_to_date", "delivered"]].any(axis=None):
        return False
    if key in _IN_THE_NEXT and (frame["phased"] == frame["phased_of"]).all():
        known = (frame["delivered_to"] != 0) | (frame["later_years"] != "")
        return key == "adjusted_full_year_effect" and bool(known.any())
    holds = savings.HOLDS_FOR.get(key)
    return holds is None or bool((frame["recurrence"] == holds).any())

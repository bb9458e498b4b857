"""The page Savings of a scenario's workbook: programmes as inputs, worked out as in the engine."""

from typing import Final

import pandas as pd

from bcf_model.core.expressions import (
    WHOLE_RATE,
    Column,
    Differs,
    Expression,
    InRow,
    Most,
    words,
)
from bcf_model.core.tables import records
from bcf_model.core.years import spoken
from bcf_model.plan import savings
from bcf_model.plan.savings import MILLIONTHS
from bcf_model.publish.excel_book import Book
from bcf_model.publish.house_style import POUNDS
from bcf_model.publish.page import Heading
from bcf_model.publish.scenario.assumptions_page import FOLLOWS, Rows, delivery_rows, of_percent
from bcf_model.publish.scenario.formula_grid import TOTAL, Entry, Field, Grid, Input, Names
from bcf_model.publish.scenario.lookups import View, who

_MONEY: Final = (
    ("net", "Net"),
    ("part_year_effect", "Saves in its year"),
    ("full_year_effect", "More in the next"),
    ("part_year_investment", "Costs in its year"),
    ("full_year_investment", "Costs more in the next"),
    ("adjusted_part_year", "Risk-adjusted, in its year"),
    ("adjusted_full_year", "Risk-adjusted, full year"),
    ("adjusted_full_year_effect", "Risk-adjusted, more in the next"),
    ("adjusted_net", "Risk-adjusted net"),
    ("reversal", "Saving that falls away"),
    ("reversal_of_investment", "Cost that falls away"),
    ("underlying", "Underlying"),
    ("plan_to_date", "Plan to date"),
    ("delivered", "Delivered"),
    ("slippage", "Slippage"),
)
_COSTS: Final = Field("investment", Heading("Costs, full year", "exact", 14))
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
_UNPRINTED: Final = (
    Field("phased", Heading("Phased", "number", 13)),
    Field("phased_to_date", Heading("Phased to date", "number", 13)),
    Field("phased_of", Heading("Out of", "number", 13)),
    Field("made", Heading("Gross, as reported", "exact", 14)),
    Field("cost_made", Heading("Costs, as reported", "exact", 14)),
    Field("changed", Heading("Changed", "number", 10)),
    Field("owner_code", Heading("Code of the owner", width=14)),
    Field("beneficiary_code", Heading("Code of whom it relieves", width=14)),
    Field("identified", Heading("Identified", width=10)),
)
"""What formulas need, and a reader of a print does not."""


def write_savings(book: Book, view: View, names: Names, assumed: Grid, rows: Rows) -> Grid:
    """Write the page: gross and investment are inputs, the rest is worked out of them."""
    frame = view.table("savings")
    shown = [(key, text) for key, text in _MONEY if _occurs(frame, key)]
    costs, has_costs = [_COSTS], bool(frame["investment"].any())
    fields = (
        Field("name", Heading("Programme", width=24)),
        Field("gross", Heading("Gross, full year", "exact", 14)),
        *(costs if has_costs else []),
        Field("delivery", Heading("Delivery, %", "rate", 12)),
        *(Field(key, Heading(text, "exact", 14)) for key, text in shown),
        Field("confidence", Heading("Confidence", width=12)),
        Field("year", Heading("Starts in", width=10)),
        Field("recurrence", Heading("Recurrence", width=13)),
        Field("owner", Heading("Owner", width=16)),
        Field("beneficiary", Heading("Relieves", width=16)),
        Field("scope", Heading("Saves on", width=16)),
    )
    unprinted = (*_UNPRINTED, *([] if has_costs else costs))
    grid = Grid(
        book,
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
        (*fields, *unprinted),
        of=view.perimeter,
        unprinted=len(unprinted),
    )
    delivery = delivery_rows(view)
    for row in records(frame):
        saved, cost = (names.give("saving", row.programme, it) for it in ("gross", "costs"))
        entries: dict[str, Entry] = {
            "name": row.name,
            "gross": Input(row.gross / 100, saved, POUNDS) if row.gross else 0.0,
            "investment": Input(row.investment / 100, cost, POUNDS) if row.investment else 0.0,
            "made": row.gross / 100, "cost_made": row.investment / 100,
            "phased": row.phased / MILLIONTHS,
            "phased_to_date": row.phased_to_date / MILLIONTHS,
            "phased_of": row.phased_of / MILLIONTHS, "delivered": row.delivered / 100,
            "confidence": row.confidence, "year": spoken(row.financial_year),
            "recurrence": row.recurrence, "owner": who(view, row.owner),
            "beneficiary": who(view, row.beneficiary), "scope": row.scope,
            "owner_code": row.owner, "beneficiary_code": row.beneficiary,
            "identified": row.identified,
            "changed": 0.0, "delivery": row.delivery / WHOLE_RATE,
            **{key: getattr(row, key) / 100 for key, _ in shown},
        }  # fmt: skip
        worked: dict[str, Expression] = {"changed": _CHANGED}
        if row.confidence in delivery:
            stated = InRow(assumed.name, "value", rows[delivery[row.confidence]])
            worked["delivery"] = of_percent(stated)
        of_row = {key: savings.in_row(key, row) for key, _ in shown}
        grid.add(entries, worked | {key: it for key, it in of_row.items() if it is not None})
    count = grid.rows
    named = ("changed", "owner_code", "beneficiary_code", "identified", "adjusted_net")
    grid.name_columns("saving_", named, count)
    summed = ["gross", "investment", *(key for key, _ in shown)]
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

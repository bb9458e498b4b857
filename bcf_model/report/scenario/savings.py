"""The page Savings of a scenario's workbook: programmes as inputs, worked out as in the engine."""

from typing import Final

from bcf_model.expressions import WHOLE_RATE, words
from bcf_model.plan import savings
from bcf_model.report.excel_book import Book
from bcf_model.report.scenario.grid import TOTAL, Entry, Field, Grid, Input, Live, Names
from bcf_model.report.scenario.inputs import FOLLOWS, Rows, delivery_rows
from bcf_model.report.scenario.view import View, who
from bcf_model.report.sheets import Heading
from bcf_model.tables import records
from bcf_model.years import spoken

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


def write_savings(book: Book, view: View, names: Names, assumed: Grid, rows: Rows) -> Grid:
    """Write the page: gross and investment are inputs, the rest is worked out of them."""
    frame = view.table("savings")
    grid = Grid(
        book,
        "Savings",
        f"Savings programmes: {view.perimeter}",
        (
            FOLLOWS,
            "A saving is above nil, and so is what it costs. What a programme does not cost in the "
            "report cannot be changed here: no line of the walk would take it up.",
            f"Saves in its year = {words(savings.SAVINGS['part_year_effect'])}. Risk-adjusted = "
            f"{words(savings.SAVINGS['adjusted_full_year'])}.",
        ),
        (
            Field("name", Heading("Programme", width=30)),
            Field("gross", Heading("Gross, full year", "exact", 15)),
            Field("investment", Heading("Costs, full year", "exact", 15)),
            Field("delivery", Heading("Delivery, %", "rate", 14)),
            *(Field(key, Heading(text, "exact", 15)) for key, text in _MONEY),
            Field("phased", Heading("Phased", "number", 13)),
            Field("phased_to_date", Heading("Phased to date", "number", 13)),
            Field("phased_of", Heading("Out of", "number", 13)),
            Field("confidence", Heading("Confidence", width=13)),
            Field("year", Heading("Starts in", width=11)),
            Field("recurrence", Heading("Recurrence", width=14)),
            Field("owner", Heading("Owner", width=28)),
            Field("beneficiary", Heading("Relieves", width=28)),
            Field("scope", Heading("Saves on", width=26)),
            Field("made", Heading("Gross, as reported", "exact", 15)),
            Field("cost_made", Heading("Costs, as reported", "exact", 15)),
            Field("changed", Heading("Changed", "number", 10)),
        ),
    )
    delivery = delivery_rows(view)
    for row in records(frame):
        at = grid.rows
        pound = "#,##0.00_);(#,##0.00)"
        cost = names.give("saving", row.programme, "costs")
        entries: dict[str, Entry] = {
            "name": row.name,
            "gross": Input(row.gross / 100, names.give("saving", row.programme, "gross"), pound),
            "investment": Input(row.investment / 100, cost, pound) if row.investment else 0.0,
            "made": row.gross / 100, "cost_made": row.investment / 100,
            "phased": float(row.phased), "phased_to_date": float(row.phased_to_date),
            "phased_of": float(row.phased_of), "delivered": row.delivered / 100,
            "confidence": row.confidence, "year": spoken(row.financial_year),
            "recurrence": row.recurrence, "owner": who(view, row.owner),
            "beneficiary": who(view, row.beneficiary), "scope": row.scope,
            "changed": Live(
                f"IF(AND({grid.cell(at, 'gross')}={grid.cell(at, 'made')},"
                f"{grid.cell(at, 'investment')}={grid.cell(at, 'cost_made')}),0,1)", 0,
            ),
        }  # fmt: skip
        expected = row.delivery / WHOLE_RATE
        entries["delivery"] = expected
        if row.confidence in delivery:
            said = assumed.ref(rows[delivery[row.confidence]], "value")
            entries["delivery"] = Live(f"ROUND({said}/100,8)", expected)
        for key, _ in _MONEY:
            expression = savings.in_row(key, row.recurrence)
            if expression is not None:
                entries[key] = Live(grid.worked(at, expression), getattr(row, key) / 100)
            elif key != "delivered":
                entries[key] = 0.0
        grid.add(entries)
    count = grid.rows
    grid.name_columns("saving_", ("changed",), count)
    summed = ["gross", "investment", *(key for key, _ in _MONEY)]
    grid.add(
        {"name": "All programmes"}
        | {key: Live(f"ROUND(SUM({grid.span(0, count, key)}),2)",
                     int(frame[key].sum()) / 100) for key in summed},
        TOTAL,
    )  # fmt: skip
    return grid

"""The figures of a scenario: a measure over rows of one of its tables, as at the year end.

What a scenario is asked for by name (`closing/year=2023-24/theme=4`) is a measure below; any other
amount is its table and column (`savings.delivered/programme=…`).
"""

from collections.abc import Mapping
from typing import Any, Final

from bcf_model.core.expressions import RATE_DIGITS, Quotient, Total, WhereAboveNil
from bcf_model.core.figures import Figure, Measure, Measures
from bcf_model.core.ledger import Ledger
from bcf_model.plan.comparison import (
    BORNE,
    CLOSING,
    FUNDED,
    INVESTED,
    POSITION,
    RELEASED,
    SAVED,
    TO_COME,
    WORTH,
)
from bcf_model.plan.output_tables import PROJECTION_TABLES
from bcf_model.plan.positions import COUNTED
from bcf_model.plan.projection import Projection
from bcf_model.plan.words import ALL

NARROW, WIDE = COUNTED
_NAMED: Final = (
    Measure("closing", "Closing budget", "walk", "money", Total("amount"),
            "What a year closes with: its opening budget and every step of it"),
    Measure("change", "Change", "walk", "money", Total("amount"),
            "What a step of the bridge adds to the budget; below nil it takes off it"),
    Measure("gap", "Gap", "gap", "money", Total("gap"),
            "Closing spending − funding; positive is a shortfall"),
    Measure("position", "Cumulative position", "positions", "money", Total("cumulative"),
            "Released − invested, of this year and those before it; above nil is a gain"),
    Measure("borne", "Borne", "shared", "money", Total("borne"),
            "What a partner bears of the difference to the agreed budget; positive is a cost"),
    Measure("prevention share", "Prevention share", "prevention_share", "rate",
            WhereAboveNil(Total("spending"),
                          Quotient(Total("prevention"), Total("spending"), RATE_DIGITS)),
            "Spending on prevention as a share of all spending"),
)  # fmt: skip
TABLE_OF: Final = {"plan": "lines"}
"""A table of the ledger that has another name among those of a projection: lines of a year end are
another table."""
_TABLES: Final = {
    {"lines": "plan"}.get(name, name): model for name, model in PROJECTION_TABLES.items()
}
_OF_ROWS: Final = (
    Measure(f"{table}.{column.name}", f"{table.replace('_', ' ')}: {column.name}".capitalize(),
            table, "money", Total(column.name), column.meaning)
    for table, model in _TABLES.items()
    for column in model.fields
    if column.form == "money"
)  # fmt: skip
_KEY_OF: Final = {"financial_year": "year"}
_KEYS: Final = {
    table: {
        _KEY_OF.get(column.name, column.name): column.name
        for column in model.fields
        if column.form == "text" and column.name != "scenario"
    }
    for table, model in _TABLES.items()
}
_KEYS["walk"]["group"] = "group"
MEASURES: Final = Measures(
    (*_NAMED, *_OF_ROWS),
    _KEYS,
    {
        "positions": (("partner", (ALL,)),),
        "payback": (("partner", (ALL,)),),
        "prevention_share": (("measure", (NARROW,)),),
    },
)
"""A position is that of all partners, and a prevention share the narrow one, unless a figure says
otherwise."""


def of_walk(where: Mapping[str, str]) -> Figure:
    """Return the figure that adds up the walk's rows with these values in its columns."""
    chosen = tuple((_KEY_OF.get(column, column), (value,)) for column, value in where.items())
    return Figure("change" if "step" in where else "closing", chosen)


_COMPARED: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    CLOSING: ("closing", {"group": "group", "organisation": "organisation"}),
    FUNDED: ("gap", {}),
    BORNE: ("borne", {"organisation": "bearer"}),
    INVESTED: ("positions.invested", {"organisation": "partner"}),
    RELEASED: ("positions.released", {"organisation": "partner"}),
    POSITION: ("position", {"organisation": "partner"}),
    WORTH: ("payback.net_present_value", {"organisation": "partner"}),
    TO_COME: ("payback.to_come", {"organisation": "partner"}),
}
"""A measure of a comparison: that of a figure, and the columns that select it with their keys."""


def of_comparison(row: Mapping[str, Any]) -> Figure:
    """Return the figure that a row of a comparison (`output_tables.ScenariosOut`) shows."""
    of_year = {"year": row["financial_year"]} if row["financial_year"] else {}
    if row["measure"] in SAVED:
        column, must_be = SAVED[row["measure"]]
        return MEASURES.figure(f"savings.{column}", {**of_year, **must_be})
    measure, keys = _COMPARED[row["measure"]]
    return MEASURES.figure(measure, of_year | {key: row[name] for name, key in keys.items()})


def ledger_of(projection: Projection) -> Ledger:
    """Return what gives any figure of a scenario.

    The walk has two columns more: `group`, the block or the theme of a line, or the line itself;
    and `number`, that of the bridge which a row comes of.
    """
    tables = {table: projection.tables[TABLE_OF.get(table, table)] for table in _TABLES}
    walk = tables["walk"]
    group = walk["block"].where(walk["block"] != "", walk["theme"])
    tables["walk"] = walk.assign(
        group=group.where(group != "", walk["line"]), number=projection.numbers
    )
    return Ledger(tables, measures=MEASURES)

"""The figures of a scenario: a measure over rows of one of its tables, as at the year end.

What a scenario is asked for by name (`closing/year=2023-24/theme=4`) is a measure below; any other
amount is its table and column (`savings.delivered/programme=…`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from bcf_model.core.expressions import (
    NIL,
    RATE_DIGITS,
    Expression,
    If,
    Quotient,
    Sum,
    Total,
    WhereAboveNil,
)
from bcf_model.core.figures import (
    KEY_OF,
    Figure,
    Measure,
    Measures,
    amounts_and_keys,
    blank_reason,
)
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import each
from bcf_model.core.years import spoken
from bcf_model.plan.budget_versions import PLACE
from bcf_model.plan.comparison import (
    BORNE,
    CLOSING,
    FUNDED,
    INVESTED,
    NO_HOLDER,
    POSITION,
    RELEASED,
    SAVED,
    TO_COME,
    WORTH,
)
from bcf_model.plan.output_tables import COMPARISON_TABLES, PROJECTION_TABLES, Movement
from bcf_model.plan.positions import COUNTED
from bcf_model.plan.projection import Projection
from bcf_model.plan.words import (
    AGREED_AND_SHARE,
    ALL,
    NO_LINES,
    OWN_LINES,
    PAYMENT_STEPS,
    SHARE_ALONE,
    STEPS,
)

NARROW, WIDE = COUNTED
_NAMED: Final = (
    Measure("closing", "Closing budget", "walk", "money", Total("amount"),
            "What a year closes with: its opening budget and every step of it"),
    Measure("change", "Change", "walk", "money", Total("amount"),
            "What a step of the bridge adds to the budget; below nil it takes off it"),
    Measure("gap", "Gap", "gap", "money", Total("gap"),
            "What is to be paid − funding; positive is a shortfall"),
    Measure("position", "Cumulative position", "positions", "money", Total("cumulative"),
            "Released − invested, of this year and those before it; above nil is a gain"),
    Measure("borne", "Borne", "shared", "money", Total("borne"),
            "What a partner bears of the difference to the agreed budget; positive is a cost"),
    Measure("prevention share", "Prevention share", "prevention_share", "rate",
            WhereAboveNil(Total("spending"),
                          Quotient(Total("prevention"), Total("spending"), RATE_DIGITS)),
            "Spending on prevention as a share of all spending"),
)  # fmt: skip
NOTHING_PAID: Final = "invests nothing"
"""What stands in the place of a break-even for a partner that pays nothing in."""
TABLE_OF: Final = {"plan": "lines"}
"""A table of the ledger that has another name among those of a projection: lines of a year end are
another table."""
_TABLES: Final = {
    {"lines": "plan"}.get(name, name): model for name, model in PROJECTION_TABLES.items()
}
_OF_ROWS, _COLUMNS = amounts_and_keys(_TABLES)
_KEYS: Final = {
    table: {key: column for key, column in keys.items() if key != "scenario"}
    for table, keys in _COLUMNS.items()
}
_KEYS["walk"] |= {name: name for name in ("group", "kind", "prevention")}
_USUAL: Final = {
    "gap": (("organisation", (ALL,)),),
    "positions": (("partner", (ALL,)),),
    "payback": (("partner", (ALL,)),),
    "rollout": (("payer", (ALL,)),),
    "prevention_share": (("measure", (NARROW,)),),
}
"""A gap, a cost and a position are those of all, and a prevention share the narrow one, unless a
figure says otherwise."""
_WITHOUT_OPENING: Final = (("step", (*STEPS, *PAYMENT_STEPS)),)
"""Of no step by name, a change is closing less opening."""
NOTHING_BACK: Final = " if nothing comes back"
"""What the measures of a second projection are called: that without any return on prevention."""
_TWICE: Final = ("walk", "positions", "payback", "prevention_share")
_EVERY: Final = (*_NAMED, *_OF_ROWS)
MEASURES: Final = Measures(
    (
        *_EVERY,
        *(
            replace(it, name=it.name + NOTHING_BACK, table=it.table + NOTHING_BACK)
            for it in _EVERY
            if it.table in _TWICE
        ),
    ),
    _KEYS | {table + NOTHING_BACK: _KEYS[table] for table in _TWICE},
    _USUAL | {table + NOTHING_BACK: _USUAL[table] for table in _TWICE if table in _USUAL},
    dict.fromkeys(("change", "change" + NOTHING_BACK), _WITHOUT_OPENING),
)


def consists_of(figure: Figure) -> Expression | None:
    """Return the figures that a figure is made of; None for one that only adds up rows of a table.

    docs/method.md, 5, 7 and 10: closing spending less funding, released less invested, and so on.
    """
    beside = NOTHING_BACK if figure.measure.endswith(NOTHING_BACK) else ""
    chosen = dict(figure.selection)

    def of(measure: str, **more: tuple[str, ...]) -> Figure:
        return Figure(measure + beside, tuple((chosen | more).items()))

    match figure.measure.removesuffix(beside):
        case "gap" | "gap.spending" | "gap.held" | "gap.recurrent" | "gap.funding" | "gap.gap":
            return _of_gap(figure.measure.removeprefix("gap."), chosen)
        case "gap.non_recurrent" | "gap.borne":
            return _of_gap(figure.measure.removeprefix("gap."), chosen)
        case "agreed.expenditure":
            return of("closing")
        case "agreed.variance":
            return of("agreed.expenditure") - of("agreed.budget")
        case "prevention.not_released":
            return of("prevention.cashable") - of("prevention.released")
        case "position":
            return of("positions.cumulative")
        case "payback.invested" | "payback.released" | "payback.net" as name:
            return of(name.replace("payback", "positions"))
        case "prevention_share.spending" | "prevention_share.prevention" as name:
            counted = tuple(sorted(COUNTED[chosen.pop("measure", (NARROW,))[0]]))
            return of("closing", **({} if "spending" in name else {"prevention": counted}))
        case "payback.net_present_value":
            return of("positions.discounted")
        case "prevention share":
            kinds = tuple(sorted(COUNTED[chosen.pop("measure", (NARROW,))[0]]))
            whole, part = of("closing"), of("closing", prevention=kinds)
            blank = If(NIL - whole, blank_reason(-1), blank_reason(0))
            return If(whole, Quotient(part, whole, RATE_DIGITS), blank)
    return NIL if beside and figure.measure.startswith("payback.to_come") else None


def _of_gap(column: str, selection: Mapping[str, tuple[str, ...]]) -> Expression:
    """Return the figures that a gap, or a part of one, is made of.

    Of one partner its basis is selected too, which says what it has to pay.
    """
    chosen = dict(selection)
    basis = chosen.pop("basis", (OWN_LINES,))
    who = chosen.pop("organisation", (ALL,))
    one = {} if who == (ALL,) else {"organisation": who}

    def of(measure: str, **more: tuple[str, ...]) -> Figure:
        return Figure(measure, tuple((chosen | more).items()))

    funded = "funding_walk.amount"
    if column == "recurrent":
        return of(funded, **one, recurrence=("recurrent",))
    if column == "non_recurrent":
        return of(funded, **one, recurrence=("non-recurrent",))
    bears: Expression = of("borne", bearer=who) if one else of("borne")
    held: Expression = of("agreed.budget", **one)
    if basis != (AGREED_AND_SHARE,):
        held = NIL if basis in ((SHARE_ALONE,), (NO_LINES,)) else of("closing", **one)
        bears = bears if basis == (SHARE_ALONE,) else NIL
    pays = held if bears == NIL else bears if held == NIL else held + bears
    paid_by = of(funded, **one)
    parts = {"held": held, "borne": bears, "spending": pays, "funding": paid_by}
    return parts.get(column, pays - paid_by)


def left_in_reserve(since: str, years: Sequence[str], organisation: str, name: str) -> Figure | Sum:
    """Return what is left of a reserve once it was used in these years.

    Args:
        since: the year with whose opening balance it begins.
        years: in which it is used.
        organisation: whose it is.
        name: what it is called as a source of funding.
    """
    of = (("organisation", (organisation,)), ("funding", (name,)))
    opening = Figure("funding_sources.opening", (("year", (since,)), *of))
    used = Figure("funding_walk.amount", (("year", tuple(years)), *of))
    return Sum(opening, used, -1) if years else opening


def break_even(years: Sequence[str], partner: str, cumulative: str, beside: str) -> If:
    """Return the year in which what a partner invested is back for good (docs/method.md, 7).

    Args:
        years: of the plan.
        partner: its code, or all.
        cumulative: the measure that says how far: positions.cumulative, or the same discounted.
        beside: what is put after the names of measures: nothing, or `NOTHING_BACK`.

    Returns:
        A choice between texts: a year, or what stands where none is that year.
    """

    def of(measure: str, *some: str) -> Figure:
        return Figure(measure + beside, (("partner", (partner,)), ("year", some)))

    found: Expression | str = spoken(years[0])
    for before, year in pairwise(years):
        begun = years[: years.index(year)]
        so_far = If(of("positions.invested", *begun), found, spoken(year))
        found = If(NIL - of(cumulative, before), spoken(year), so_far)
    never = f"not by {spoken(years[-1])}"
    found = If(NIL - of(cumulative, years[-1]), never, found)
    return If(of("positions.invested", *years), found, NOTHING_PAID)


def of_walk(where: Mapping[str, str]) -> Figure:
    """Return the figure that adds up the walk's rows with these values in its columns."""
    chosen = tuple((KEY_OF.get(column, column), (value,)) for column, value in where.items())
    return Figure("change" if "step" in where else "closing", chosen)


_COMPARED: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    CLOSING: ("closing", {"group": "group", "organisation": "organisation"}),
    FUNDED: ("gap", {"organisation": "organisation"}),
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
    chosen = {key: row[name] for name, key in keys.items() if row[name] != ALL}
    return MEASURES.figure(measure, of_year | chosen)


def ledger_of_comparison(tables: Mapping[str, pd.DataFrame]) -> Ledger:
    """Return what gives any figure of a comparison, such as comparison.amount/scenario=…/year=….

    What one scenario has by holder, another may have without: a row that is blank for that alone
    is no part of a figure of `comparison_columns.side_by_side`, and so both are known.
    """
    compared = tables["comparison"]
    placed = compared[compared["note"] != NO_HOLDER]
    return Ledger.over({**tables, "comparison": placed}, COMPARISON_TABLES)


def ledger_of_movement(found: pd.DataFrame, budgets: Mapping[str, "pd.Series[Any]"]) -> Ledger:
    """Return what gives any figure of a movement (`output_tables.Movement`) and its two versions.

    Of a place whose budget one does not state, in pence, version.amount is blank.
    """
    places = each(found, *PLACE)
    rows = [(name, *place, of.get(place)) for name, of in budgets.items() for place in places]
    stated = pd.DataFrame(rows, columns=["to_version", *PLACE, "amount"])
    return Ledger.over(
        {"movement": found, "version": stated}, {"movement": Movement, "version": Movement}
    )


def ledger_of(projection: Projection, nothing_back: Projection | None = None) -> Ledger:
    """Return what gives any figure of a scenario.

    The walk has columns more: `group`, the block or the theme of a line, or the line itself; what
    `kind` of budget and of `prevention` the line is; and `number`, that of the bridge which a row
    comes of.

    Args:
        projection: of the scenario.
        nothing_back: of the same without any return on prevention, if its figures are asked for.
    """
    tables = _tables_of(projection)
    second = {} if nothing_back is None else _tables_of(nothing_back)
    tables |= {t + NOTHING_BACK: second.get(t, tables[t].head(0)) for t in _TWICE}
    return Ledger(tables, {"prevention": [*COUNTED[WIDE]]}, measures=MEASURES)


def _tables_of(projection: Projection) -> dict[str, pd.DataFrame]:
    tables = {table: projection.tables[TABLE_OF.get(table, table)] for table in _TABLES}
    walk, lines = tables["walk"], projection.tables["lines"].set_index("line")
    group = walk["block"].where(walk["block"] != "", walk["theme"])
    of_line = {name: walk["line"].map(lines[name]).astype("str") for name in ("kind", "prevention")}
    tables["walk"] = walk.assign(
        group=group.where(group != "", walk["line"]), number=projection.numbers, **of_line
    )
    return tables

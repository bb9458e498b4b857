"""Savings programmes: what each saves in its year and the next, how sure that is, and what slipped.

docs/method.md, 6. A saving is stated above nil, and so is what it costs; both change sign in the
bridge. Nothing here adds amounts of two perimeters.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import (
    NIL,
    WHOLE_RATE,
    Column,
    Expression,
    PartOf,
    Quotient,
    Rate,
    columns_in,
)
from bcf_model.core.figures import row_by_row
from bcf_model.core.money import MILLIONTHS, sterling
from bcf_model.core.sums import add_up, grouped, total
from bcf_model.core.tables import records, typed
from bcf_model.core.years import next_year
from bcf_model.intake.cells import read_edge
from bcf_model.plan import output_tables
from bcf_model.plan.words import (
    CONFIDENCES,
    EVERY_PERIOD,
    IDENTIFIED,
    PLANNED,
    REACHED,
    RECURRENCES,
    STATED,
)
from bcf_model.plan.worked_columns import (
    LATER_STEPS,
    MONTHS,
    OF_PROGRAMMES,
    STATED_OF,
    each_by_its_own,
)

YES: Final = "yes"
NO: Final = "no"

SAVINGS: Final[dict[str, Expression]] = {
    "net": Column("gross") - Column("investment"),
    "part_year_effect": Quotient(Column("gross") * Column("phased"), Column("phased_of")),
    "full_year_effect": Column("gross") - Column("part_year_effect"),
    "part_year_investment": Quotient(Column("investment") * Column("phased"), Column("phased_of")),
    "full_year_investment": Column("investment") - Column("part_year_investment"),
    "plan_to_date": Quotient(Column("gross") * Column("phased_to_date"), Column("phased_of")),
    "adjusted_part_year": PartOf(Column("part_year_effect"), Column("delivery")),
    "adjusted_full_year": PartOf(Column("gross"), Column("delivery")),
    "adjusted_full_year_effect": Column("adjusted_full_year") - Column("adjusted_part_year"),
    "adjusted_net": Column("adjusted_full_year") - Column("investment"),
    "reversal": Column("adjusted_part_year"),
    "reversal_of_investment": Column("part_year_investment"),
    "underlying": Column("adjusted_net"),
    "slippage": Column("plan_to_date") - Column("delivered"),
}
"""What is worked out of each programme, in the order in which columns follow from each other."""

FACTS_FIRST: Final = Column("delivered") + PartOf(
    Column("part_year_effect") - Column("plan_to_date"), Column("delivery")
)
"""What a programme that was counted saves in its year: what was delivered is a fact, and delivery
is a percentage of what is still to come. Of one delivered in all periods nothing is to come."""
VALUE_REACHED: Final = Quotient(Column("delivered") * Column("phased_of"), Column("phased"))
"""What was delivered in all periods of its year, for a full year."""

HOLDS_FOR: Final = {
    "full_year_effect": "recurrent",
    "full_year_investment": "recurrent",
    "adjusted_full_year_effect": "recurrent",
    "underlying": "recurrent",
    "reversal": "non-recurrent",
    "reversal_of_investment": "non-recurrent",
}
"""Columns that are nil for a programme of another recurrence."""

_SUMMED: Final = (
    "programmes", "gross", "investment", "net", "part_year_effect", "full_year_effect",
    "adjusted_part_year", "adjusted_full_year", "adjusted_net", "underlying",
    "plan_to_date", "delivered", "slippage",
)  # fmt: skip


def in_row(column: str, row: Any) -> Expression | None:
    """Return the expression of a column of a programme; None for a constant, or nil.

    Args:
        column: of `output_tables.SavingsOut`.
        row: what the programme says: recurrence, delivered_to, carries and later_years.
    """
    if HOLDS_FOR.get(column, row.recurrence) != row.recurrence:
        return None
    if column == "adjusted_part_year" and row.delivered_to:
        return FACTS_FIRST
    if column == "adjusted_full_year" and row.carries != PLANNED:
        return VALUE_REACHED if row.carries == REACHED else _stated(row.later_years)
    return SAVINGS.get(column)


def _stated(later_years: str) -> Expression | None:
    """Return the value a programme states for later years, where that is a part of its gross."""
    rate = read_edge(later_years).millionths
    return PartOf(Column("gross"), Rate(rate)) if rate else None


def parted_by_perimeter(
    programmes: pd.DataFrame, perimeter: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part programmes into those that count in a scenario, and those that do not.

    Args:
        programmes: `tables.Savings`; a `perimeter` each.
        perimeter: that of the scenario.

    Returns:
        Those of this perimeter, and those of any other, which are shown as not counted.
    """
    own = programmes["perimeter"] == perimeter
    return programmes[own].reset_index(drop=True), programmes[~own].reset_index(drop=True)


def worked(
    programmes: pd.DataFrame, phasing: pd.DataFrame, delivery: Mapping[str, int]
) -> pd.DataFrame:
    """Work out programmes.

    Args:
        programmes: `tables.Savings`.
        phasing: `tables.Phasing`; every profile the programmes name.
        delivery: percentage that is delivered, in millionths of a percent, by confidence; 100 %
            where it says nothing.

    Returns:
        `output_tables.SavingsOut` without its first column, the scenario; in the order of the
        programmes. Pence; a saving and a cost are above nil, slippage above nil is adverse.

    Raises:
        KeyError: a programme names a profile that is not there; reading a plan refuses that.
    """
    frame = programmes.reset_index(drop=True)
    confidence = frame["confidence"].to_list()
    phased = _phased(frame, phasing)
    frame = frame.assign(
        identified=_text([YES if c in IDENTIFIED else NO for c in confidence]),
        delivery=np.array([delivery.get(c, WHOLE_RATE) for c in confidence], dtype=np.int64),
        carries=_text(_carries(frame, phased["phased"])),
        **phased,
    )
    kinds = [*records(frame)]
    for name in SAVINGS:
        frame[name] = _worked(frame, kinds, name)
    return frame[[*output_tables.types(output_tables.SavingsOut)]]


def _carries(frame: pd.DataFrame, phased: NDArray[np.int64]) -> list[Any]:
    """Return what later years carry of each programme, a word of `CARRIES`."""
    over = (frame["delivered_to"] == EVERY_PERIOD).to_numpy() & (phased != 0)
    reached = np.where(over, REACHED, PLANNED)
    return [*np.where(frame["later_years"] != "", STATED, reached)]


def _worked(frame: pd.DataFrame, kinds: Sequence[Any], name: str) -> NDArray[np.int64]:
    """Work a column out: of each programme by its own expression, those of one kind together."""
    expressions = [in_row(name, row) for row in kinds]
    amounts = each_by_its_own(frame, expressions)
    if name == "adjusted_full_year":
        for i, row in enumerate(kinds):
            if expressions[i] is None:
                amounts[i] = read_edge(row.later_years).pence
    return amounts


def _phased(frame: pd.DataFrame, phasing: pd.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Return the part of a full year that falls in each programme's year, and up to date."""
    start, to = frame["start_period"].to_numpy(), frame["delivered_to"].to_numpy()
    profile = frame["profile"].to_list()
    evenly = frame["profile"].to_numpy() == ""
    reached = {"": MILLIONTHS * np.arange(MONTHS + 1, dtype=np.int64)} | _reached(phasing)

    def between(last: NDArray[np.int64]) -> NDArray[np.int64]:
        last = np.maximum(last, start - 1)  # nothing falls before the start
        found = [
            reached[name][end] - reached[name][first - 1]
            for name, first, end in zip(profile, start, last, strict=True)
        ]
        return np.array(found, dtype=np.int64)

    return {
        "phased": between(np.full(len(frame), MONTHS, dtype=np.int64)),
        "phased_to_date": between(to),
        "phased_of": np.where(evenly, MILLIONTHS * MONTHS, WHOLE_RATE).astype(np.int64),
    }


def _reached(phasing: pd.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Return what each profile has reached by the end of each period, from period 0 on."""
    found = {}
    for name, rows in phasing.groupby("profile", sort=False):
        shares = np.zeros(MONTHS + 1, dtype=np.int64)
        np.add.at(shares, rows["period"].to_numpy(), rows["share"].to_numpy())
        found[str(name)] = np.cumsum(shares)
    return found


def effects(savings: pd.DataFrame, *, keep_nil: bool = False) -> pd.DataFrame:
    """Return what programmes do to the budgets of their own year and of the next.

    Args:
        savings: as `worked` gives them.
        keep_nil: whether rows that come to nil are kept: in a workbook they need not stay so.

    Returns:
        `output_tables.SavingsEffects` without its first column: per programme the saving, then
        what it costs, each in its year and then in the next. Signed as in the bridge: a saving is
        below nil. `planned` is what of it the percentage of delivery acts on; rows of which that
        and the amount are nil are left out. A cost is spent whether or not the saving comes, so its
        delivery is 100 %. Years beyond those of a plan are given too.
    """
    years = savings["financial_year"]
    following = _text([next_year(year) for year in years])
    savings = savings.assign(
        to_come=savings["part_year_effect"] - savings["plan_to_date"],
        to_come_in_later_years=savings["gross"].where(savings["carries"] == PLANNED, 0)
        - (savings["part_year_effect"] - savings["plan_to_date"]),
    )
    parts = []
    for (side, part), worked_of in OF_PROGRAMMES.items():
        step, delivery = _SIDES[side]
        amount = row_by_row(savings, worked_of)
        planned = row_by_row(savings, _TO_COME[part]) if delivery else amount
        holds = HOLDS_FOR.get(columns_in(worked_of)[0], "")
        found = {
            "place": np.arange(len(savings)),
            "cause": savings["programme"],
            "side": side,
            "financial_year": years if part == "in the year" else following,
            "step": LATER_STEPS.get(part, step),
            "scope": savings["scope"],
            "part": part,
            "months": MONTHS + 1 - savings["start_period"],
            "stated": row_by_row(savings, STATED_OF[side]),
            "planned": planned,
            "delivery": savings[delivery] if delivery else WHOLE_RATE,
            "amount": amount,
        }
        there = savings["recurrence"].isin([holds] if holds else [*RECURRENCES])
        parts.append(pd.DataFrame(found)[there & ((planned != 0) | (amount != 0) | keep_nil)])
    types = output_tables.types(output_tables.SavingsEffects)
    ordered = pd.concat(parts).sort_values("place", kind="stable", ignore_index=True)
    return typed(ordered, types)


_SIDES: Final = {"saving": ("savings", "delivery"), "investment": ("investment", "")}
"""The step of each side in its year, and the column of its delivery; 100 % where there is none."""
_TO_COME: Final = {
    "in the year": NIL - Column("to_come"),
    "rest": NIL - Column("to_come_in_later_years"),
    "reversal": Column("to_come"),
}
"""What of a saving the percentage of delivery acts on, by part."""


def in_later_years(row: Any) -> str:
    """Write in words what later years carry of a programme, a row as `worked` gives it."""
    if row.recurrence != "recurrent":
        return "nothing: it saves once"
    if row.carries == STATED:
        return f"the value it states: {row.later_years}"
    if row.carries == REACHED:
        return f"what it reached: {sterling(row.delivered)} delivered in all periods"
    return "gross × delivery"


def summary(savings: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add programmes up; what is not identified stands on lines of its own.

    Args:
        savings: as `worked` gives them.
        by: owner, beneficiary, confidence or recurrence.

    Returns:
        `output_tables.SavingsSummaryOut` without its first column: one row per perimeter, group and
        whether it is identified. Confidences and recurrences stand in their order, others as they
        first occur.
    """
    in_order = {"confidence": [*CONFIDENCES], "recurrence": [*RECURRENCES]}
    ordered = _ordered(savings, "perimeter").assign(
        by=_text([by] * len(savings)),
        group=_ordered(savings, by, in_order.get(by))[by],
        identified=_ordered(savings, "identified", [YES, NO])["identified"],
        programmes=np.ones(len(savings), dtype=np.int64),
    )
    keys = ["perimeter", "by", "group", "identified"]
    return add_up(ordered, keys, _SUMMED).astype(dict.fromkeys(keys, "str"))


def owners_and_beneficiaries(savings: pd.DataFrame) -> pd.DataFrame:
    """Place who is to deliver savings against whose budget they relieve.

    Args:
        savings: as `worked` gives them.

    Returns:
        The full-year, risk-adjusted net value in pence: one row per perimeter, owner and whether it
        is identified (the index), one column per beneficiary; nil where there is no programme.
    """
    keys = ["perimeter", "owner", "identified"]
    ordered = _ordered(_ordered(savings, "perimeter"), "owner")
    found, of_row = grouped(_ordered(ordered, "identified", [YES, NO]), keys)
    net = savings["adjusted_net"].to_numpy()
    columns = {
        name: total(np.where(savings["beneficiary"] == name, net, 0), of_row, len(found))
        for name in savings["beneficiary"].drop_duplicates()
    }
    index = pd.MultiIndex.from_frame(found.astype(dict.fromkeys(keys, "str")))
    return pd.DataFrame(columns, index=index)


def _ordered(frame: pd.DataFrame, name: str, order: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a column an order: as said, or as its values first occur."""
    values = frame[name]
    categories = [*values.drop_duplicates()] if order is None else [*order]
    return frame.assign(**{name: pd.Categorical(values, categories=categories, ordered=True)})


def _text(values: list[Any]) -> "pd.Series[str]":
    return pd.Series(values, dtype="str")

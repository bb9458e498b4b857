"""Funding: from one year's contributions to the next, and the gap to what is spent.

docs/method.md, 5: the rule agreements use. A year opens with last year's recurrent funding, last
year's recurrent changes included. Percentages are of that, before this year's changes; what is not
recurrent is added in its own year only. Money put in is above nil.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.money import Pence, scaled
from bcf_model.core.sums import add_up
from bcf_model.core.tables import typed
from bcf_model.plan import output_tables
from bcf_model.plan.apportion import parted, weights_of
from bcf_model.plan.funding_statements import RECURRENT, Said, keys_of, said_by_year
from bcf_model.plan.scopes import FUNDING_KEYS
from bcf_model.plan.words import NOT_ALLOCATED, OPENING

RESTATED: Final = "restated"
NON_RECURRENT: Final = "non-recurrent funding"
ORDER: Final = (OPENING, RESTATED, "funding change", "uplift", "efficiency", NON_RECURRENT)
"""The steps, in the order in which they are walked."""

STATED: Final = "stated"
"""The unit of an amount that is stated, or that last year left."""


class _Part(NamedTuple):
    """What one cause does in one year, funding by funding, and how that is worked.

    Attributes:
        at: positions of the funding; every other array has one number for each of them.
    """

    step: str
    cause: str
    recurrence: str
    unit: str
    at: NDArray[np.intp]
    amount: Pence
    base: Pence
    weight: Pence
    rate: int = 0
    whole: int = 0


def walk(funding: pd.DataFrame, assumptions: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Walk funding from the year for which it is first stated to the last year of a plan.

    Args:
        funding: `tables.Funding`, of any years, also before the plan.
        assumptions: rows of `tables.Assumptions` with `pence`; those of other steps are left out.
            One for every year acts in the years of the plan, one that names a year in that year.
        years: years of the plan, in order.

    Returns:
        `output_tables.FundingWalk` without its first column, for the years of the plan, in the
        order of year, funding and step. Funding has no rows before it is stated. In a year for
        which its recurrent amount is stated, percentages do not act on it, for what is stated has
        them in it; amounts of pounds do. An amount for several of which none has anything recurrent
        stands on `not allocated`, where no percentage acts: nothing says how to part it.
    """
    keys = keys_of(funding)
    recurrent = np.zeros(len(keys), dtype=np.int64)
    known = np.zeros(len(keys), dtype=np.bool_)  # recurrent in this year or before it
    placed = (keys["organisation"] != NOT_ALLOCATED).to_numpy(dtype=np.bool_)
    rows: list[tuple[Any, ...]] = []
    for stated in said_by_year(funding, assumptions, years):
        amount, said = stated.recurrent, stated.is_recurrent
        known = known | (recurrent != 0)
        opened = np.where(said & ~known, amount, recurrent)
        said_again, known = said & known, known | said
        base = np.where(said, amount, opened)
        parts = [
            _as_stated(OPENING, opened, known),
            _as_stated(RESTATED, amount - opened, said_again),
            *_assumed(stated, base, known & ~said & placed),
            _as_stated(NON_RECURRENT, stated.once, stated.is_once, "non-recurrent"),
        ]
        recurrent = np.zeros(len(keys), dtype=np.int64)
        for part in parts:
            if part.recurrence == RECURRENT:
                np.add.at(recurrent, part.at, part.amount)
        if stated.year in years:
            rows += _rows(stated.year, keys, parts)
    types = output_tables.types(output_tables.FundingWalk)
    return typed(pd.DataFrame(rows, columns=[*types]), types)


def _as_stated(
    step: str, amount: Pence, which: NDArray[np.bool_], recurrence: str = RECURRENT
) -> _Part:
    at = np.flatnonzero(which)
    nil = np.zeros(len(at), dtype=np.int64)
    return _Part(step, "", recurrence, STATED, at, amount[at], nil, nil + 1)


def _assumed(said: Said, base: Pence, carried: NDArray[np.bool_]) -> Iterator[_Part]:
    """Work the assumptions of a year.

    Args:
        said: of the year. Amounts act on what has begun.
        base: what each funding has before them.
        carried: whether its recurrent amount comes from an earlier year: percentages act on it.
    """
    for acting in said.acting:
        step = acting.step if acting.recurrence == RECURRENT else NON_RECURRENT
        number = acting.sign * acting.number
        if acting.unit == "percent":
            at = np.flatnonzero(acting.chosen & carried)
            amount = scaled(base[at], np.int64(number), np.int64(WHOLE_RATE))
            one = np.ones(len(at), dtype=np.int64)
            yield _Part(
                step, acting.name, acting.recurrence, "percent", at, amount, base[at], one,
                rate=number,
            )  # fmt: skip
            continue
        at = np.flatnonzero(acting.chosen & said.begun)
        if not len(at):
            continue
        weight = weights_of(base, at)
        if not weight.sum():
            at, weight = np.array([len(base) - 1]), np.ones(1, dtype=np.int64)
        yield _Part(
            step, acting.name, acting.recurrence, "pounds", at, parted(number, weight),
            np.zeros(len(at), dtype=np.int64), weight, whole=number,
        )  # fmt: skip


def _rows(year: str, keys: pd.DataFrame, parts: Sequence[_Part]) -> list[tuple[Any, ...]]:
    """Lay the parts of a year out: funding by funding, each in the order of the steps."""
    names = [*keys.itertuples(index=False, name=None)]
    found = []
    for part in parts:
        order = ORDER.index(part.step)
        reached = np.cumsum(part.weight) if part.unit == "pounds" else part.weight
        for i, place in enumerate(part.at):
            row = (
                year, *names[place], order, part.step, part.cause, part.recurrence,
                part.unit, part.base[i], part.rate, part.whole, part.weight[i], reached[i],
                reached[-1], part.amount[i],
            )  # fmt: skip
            found.append(((int(place), order), row))
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def closing(walked: pd.DataFrame, by: Sequence[str] = FUNDING_KEYS) -> pd.DataFrame:
    """Add up what funding comes to.

    Args:
        walked: as `walk` gives it.
        by: organisation, funding, both or neither.

    Returns:
        One row per financial year and `by`: recurrent, non_recurrent, and amount, which is both;
        pence.
    """
    recurs, amount = walked["recurrence"] == RECURRENT, walked["amount"]
    apart = walked.assign(recurrent=amount.where(recurs, 0), non_recurrent=amount.where(~recurs, 0))
    keys = ["financial_year", *by]
    sums = add_up(apart, keys, ["recurrent", "non_recurrent", "amount"])
    return sums.astype(dict.fromkeys(keys, "str"))


def gap(spending: pd.DataFrame, walked: pd.DataFrame, since: str) -> pd.DataFrame:
    """Set what is spent against what funds it.

    Args:
        spending: one row per financial_year, with `spending`, its closing amount in pence.
        walked: as `walk` gives it.
        since: first year for which funding is stated; blank where none is.

    Returns:
        `output_tables.GapOut` without its first column, one row per year from then on, also where
        nothing is left of what was stated; no gap is shown before. Positive is a shortfall.
    """
    begun = spending["financial_year"] >= since if since else np.zeros(len(spending), np.bool_)
    funded = closing(walked, ()).rename(columns={"amount": "funding"})
    known = spending.loc[begun, ["financial_year", "spending"]]
    left = funded.set_index("financial_year").reindex(known["financial_year"], fill_value=0)
    found = known.merge(left.reset_index(), on="financial_year")
    types = output_tables.types(output_tables.GapOut)
    return typed(found.assign(gap=found["spending"] - found["funding"]), types)

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

from bcf_model.expressions import WHOLE_RATE
from bcf_model.money import Pence, scaled
from bcf_model.plan import tables
from bcf_model.plan.scopes import FUNDING_KEYS, matches
from bcf_model.plan.spread import parted, weights_of
from bcf_model.plan.words import FUNDING_STEPS, NOT_ALLOCATED, OPENING
from bcf_model.sums import add_up
from bcf_model.tables import records

RESTATED: Final = "restated"
NON_RECURRENT: Final = "non-recurrent funding"
ORDER: Final = (OPENING, RESTATED, "funding change", "uplift", "efficiency", NON_RECURRENT)
"""The steps, in the order in which they are walked."""

STATED: Final = "stated"
"""The unit of an amount that is stated, or that last year left."""

_RECURRENT: Final = "recurrent"
_TAKEN_OFF: Final = "efficiency"


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
        `tables.FundingWalk` without its first column, for the years of the plan, in the order of
        year, funding and step. Funding has no rows before it is stated. In a year for which its
        recurrent amount is stated, percentages do not act on it, for what is stated has them in
        it; amounts of pounds do. An amount for several of which none has anything recurrent
        stands on `not allocated`: nothing says how to part it.
    """
    keys = _keys(funding)
    acting = assumptions[assumptions["step"].isin([*FUNDING_STEPS])]
    recurrent = np.zeros(len(keys), dtype=np.int64)
    known = np.zeros(len(keys), dtype=np.bool_)  # recurrent in this year or before it
    begun = known.copy()  # stated for this year or before it, recurrent or not
    rows: list[tuple[Any, ...]] = []
    for year in sorted({*funding["financial_year"], *acting["year"], *years} - {""}):
        of_year = funding[funding["financial_year"] == year]
        recurs = of_year["recurrence"] == _RECURRENT
        amount, said = _stated(of_year[recurs], keys)
        extra, said_once = _stated(of_year[~recurs], keys)
        known = known | (recurrent != 0)
        opened = np.where(said & ~known, amount, recurrent)
        said_again, known, begun = said & known, known | said, begun | said | said_once
        base = np.where(said, amount, opened)
        named = acting["year"].isin([year, ""] if year in years else [year])
        parts = [
            _as_stated(OPENING, opened, known),
            _as_stated(RESTATED, amount - opened, said_again),
            *_assumed(acting[named], keys, base, begun, known & ~said),
            _as_stated(NON_RECURRENT, extra, said_once, "non-recurrent"),
        ]
        recurrent = np.zeros(len(keys), dtype=np.int64)
        for part in parts:
            if part.recurrence == _RECURRENT:
                np.add.at(recurrent, part.at, part.amount)
        if year in years:
            rows += _rows(year, keys, parts)
    types = tables.types(tables.FundingWalk)
    return pd.DataFrame(rows, columns=[*types]).astype(types)


def _keys(funding: pd.DataFrame) -> pd.DataFrame:
    """Give every funding in the order in which it is first stated; `not allocated` at last."""
    keys = funding[[*FUNDING_KEYS]].drop_duplicates()
    nowhere = pd.DataFrame([[NOT_ALLOCATED, ""]], columns=[*FUNDING_KEYS])
    return pd.concat([keys, nowhere], ignore_index=True)


def _stated(rows: pd.DataFrame, keys: pd.DataFrame) -> tuple[Pence, NDArray[np.bool_]]:
    """Give what rows of one year state of each funding, and of which they state anything."""
    place = {key: i for i, key in enumerate(keys.itertuples(index=False, name=None))}
    amount, said = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.bool_)
    for row in records(rows):
        amount[place[row.organisation, row.funding]] += row.amount
        said[place[row.organisation, row.funding]] = True
    return amount, said


def _as_stated(
    step: str, amount: Pence, which: NDArray[np.bool_], recurrence: str = _RECURRENT
) -> _Part:
    at = np.flatnonzero(which)
    nil = np.zeros(len(at), dtype=np.int64)
    return _Part(step, "", recurrence, STATED, at, amount[at], nil, nil + 1)


def _assumed(
    acting: pd.DataFrame,
    keys: pd.DataFrame,
    base: Pence,
    begun: NDArray[np.bool_],
    carried: NDArray[np.bool_],
) -> Iterator[_Part]:
    """Work the assumptions of a year.

    Args:
        acting: the assumptions.
        keys: of the funding.
        base: what each has before them.
        begun: whether it is stated for this year or before it: amounts act on it.
        carried: whether its recurrent amount comes from an earlier year: percentages act on it.
    """
    for row in records(acting):
        sign = -1 if row.step == _TAKEN_OFF else 1
        step = row.step if row.recurrence == _RECURRENT else NON_RECURRENT
        chosen = matches(row.scope, keys, FUNDING_KEYS)
        if row.unit == "percent":
            at = np.flatnonzero(chosen & carried)
            amount = scaled(base[at], np.int64(sign * row.value), np.int64(WHOLE_RATE))
            one = np.ones(len(at), dtype=np.int64)
            yield _Part(
                step, row.assumption, row.recurrence, "percent", at, amount, base[at], one,
                rate=sign * row.value,
            )  # fmt: skip
            continue
        at = np.flatnonzero(chosen & begun)
        if not len(at):
            continue
        weight = weights_of(base, at)
        if not weight.sum():
            at, weight = np.array([len(keys) - 1]), np.ones(1, dtype=np.int64)
        whole = sign * row.pence
        yield _Part(
            step, row.assumption, row.recurrence, "pounds", at, parted(whole, weight),
            np.zeros(len(at), dtype=np.int64), weight, whole=whole,
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
    recurs, amount = walked["recurrence"] == _RECURRENT, walked["amount"]
    apart = walked.assign(recurrent=amount.where(recurs, 0), non_recurrent=amount.where(~recurs, 0))
    keys = ["financial_year", *by]
    sums = add_up(apart, keys, ["recurrent", "non_recurrent", "amount"])
    return sums.astype(dict.fromkeys(keys, "str"))


def gap(spending: pd.DataFrame, walked: pd.DataFrame) -> pd.DataFrame:
    """Set what is spent against what funds it.

    Args:
        spending: one row per financial_year, with `spending`, its closing amount in pence.
        walked: as `walk` gives it.

    Returns:
        `tables.GapOut` without its first column, one row per year that has both; a year without
        funding has no gap, and no row. Positive is a shortfall.
    """
    funded = closing(walked, ()).rename(columns={"amount": "funding"})
    found = spending[["financial_year", "spending"]].merge(funded, on="financial_year", how="inner")
    types = tables.types(tables.GapOut)
    return found.assign(gap=found["spending"] - found["funding"])[[*types]].astype(types)

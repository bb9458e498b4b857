"""Funding: from one year's contributions to the next.

docs/method.md, 5: the rule agreements use. A year opens with last year's recurrent funding, last
year's recurrent changes included. Percentages are of that, before this year's changes; what is not
recurrent is added in its own year only. Money put in is above nil.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import evaluate, unrounded
from bcf_model.core.money import Pence, check_within_reach
from bcf_model.core.sums import add_up
from bcf_model.core.tables import typed
from bcf_model.core.years import spoken
from bcf_model.plan import output_tables
from bcf_model.plan.apportion import weighed, weights_of
from bcf_model.plan.funding_statements import RECURRENT, Said, keys_of, said_by_year
from bcf_model.plan.scopes import FUNDING_KEYS
from bcf_model.plan.words import NOT_ALLOCATED, OPENING, PERCENT
from bcf_model.plan.worked_columns import AS_STATED, OF_BASE, PARTED, Reading, row_of

Draws = NDArray[np.float64]
RESTATED: Final = "restated"
NON_RECURRENT: Final = "non-recurrent funding"
ORDER: Final = (OPENING, RESTATED, "funding change", "uplift", "efficiency", NON_RECURRENT)
"""The steps, in the order in which they are walked."""

STATED: Final = "stated"
"""The unit of an amount that is stated, or that last year left."""


class _Change(NamedTuple):
    """What one cause does in one year, funding by funding, and how that is worked.

    Attributes:
        at: positions of the funding. worked: columns of a row, one number for each of these, or
            one for all; on draws funding × draws.
    """

    step: str
    cause: str
    recurrence: str
    unit: str
    at: NDArray[np.intp]
    worked: Mapping[str, Any]


def walk(
    funding: pd.DataFrame,
    assumptions: pd.DataFrame,
    years: Sequence[str],
    *,
    every_year: bool = False,
) -> pd.DataFrame:
    """Walk funding from the year for which it is first stated to the last year of a plan.

    Args:
        funding: `tables.Funding`, of any years, also before the plan.
        assumptions: rows of `tables.Assumptions` with `pence`; those of other steps are left out.
            One for every year acts in the years of the plan, one that names a year in that year.
        years: years of the plan, in order.
        every_year: whether the years before the plan have rows too.

    Returns:
        `output_tables.FundingWalk` without its first column, for the years of the plan, in the
        order of year, funding and step. Funding has no rows before it is stated, nor in a year in
        which it is not known what it comes to. In a year for
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
        known = (known | (recurrent != 0)) & ~stated.lost
        recurrent = np.where(stated.lost, 0, recurrent)
        opened = np.where(said & ~known, amount, recurrent)
        said_again, known = said & known, known | said
        base = np.where(said, amount, opened)
        numbers = [acting.sign * acting.number for acting in stated.acting]
        parts = [
            _as_stated(OPENING, opened, known),
            _as_stated(RESTATED, amount - opened, said_again),
            *_assumed(stated, base, known & ~said & placed, numbers, evaluate),
            _as_stated(NON_RECURRENT, stated.once, stated.is_once, "non-recurrent"),
        ]
        recurrent = np.zeros(len(keys), dtype=np.int64)
        for part in parts:
            if part.recurrence == RECURRENT:
                recurrent[part.at] += part.worked["amount"]
        check_within_reach(recurrent, partial(_named, keys, stated.year))
        if every_year or stated.year in years:
            rows += _rows(stated.year, keys, parts, ~stated.unknown)
    types = output_tables.types(output_tables.FundingWalk)
    return typed(pd.DataFrame(rows, columns=[*types]), types)


def drawn(
    funding: pd.DataFrame, assumptions: pd.DataFrame, years: Sequence[str], values: Draws
) -> dict[str, Draws]:
    """Return what funding comes to on many draws at once; nothing is rounded.

    How an opening and a restatement share a recurrent amount between them matters to what is
    shown, not to what a year comes to: so here they are one.

    Args:
        funding: as `walk` takes it.
        assumptions: as `walk` takes them.
        years: of the plan.
        values: assumptions × draws, in the order of the assumptions: millionths of a percent, or
            pence. Those of other steps may hold anything.

    Returns:
        Of each year of the plan what each of `keys_of(funding)` comes to: fundings × draws, pence.
    """
    keys, count = keys_of(funding), values.shape[1]
    placed = (keys["organisation"] != NOT_ALLOCATED).to_numpy(dtype=np.bool_)
    recurrent = np.zeros((len(keys), count))
    funding_by_year = {}
    for stated in said_by_year(funding, assumptions, years):
        is_stated = stated.is_recurrent
        base = np.where(is_stated[:, None], stated.recurrent[:, None], recurrent)
        base = np.where(stated.lost[:, None], 0.0, base)
        recurrent, once = base.copy(), np.tile(stated.once[:, None].astype(float), count)
        numbers = [acting.sign * values[acting.row] for acting in stated.acting]
        for part in _assumed(stated, base, placed & ~is_stated, numbers, unrounded):
            if part.recurrence == RECURRENT:
                recurrent[part.at] += part.worked["amount"]
            else:
                once[part.at] += part.worked["amount"]
        if stated.year in years:
            funding_by_year[stated.year] = recurrent + once
    return funding_by_year


def _named(keys: pd.DataFrame, year: str, at: int) -> str:
    return f"{' of '.join(keys.iloc[at][::-1])} in {spoken(year)}"


def _as_stated(
    step: str, amount: Pence, which: NDArray[np.bool_], recurrence: str = RECURRENT
) -> _Change:
    at = np.flatnonzero(which)
    return _Change(step, "", recurrence, STATED, at, AS_STATED | {"amount": amount[at]})


def _assumed(
    said: Said,
    base: NDArray[Any],
    carried: NDArray[np.bool_],
    numbers: Sequence[Any],
    read: Reading,
) -> Iterator[_Change]:
    """Work the assumptions of a year.

    Args:
        said: of the year. Amounts act on what has begun.
        base: what each funding has before them: exactly, or funding × draws.
        carried: whether its recurrent amount comes from an earlier year: percentages act on it.
        numbers: one for each of them, signed, or an array with one for each draw.
        read: how the expressions are read on these.
    """
    nowhere = np.array([len(base) - 1])
    for acting, number in zip(said.acting, numbers, strict=True):
        step = acting.step if acting.recurrence == RECURRENT else NON_RECURRENT
        named = (step, acting.name, acting.recurrence)
        if acting.unit == PERCENT:
            at = np.flatnonzero(acting.chosen & carried)
            worked = row_of(OF_BASE, {"base": base[at], "rate": number}, read)
            yield _Change(*named, PERCENT, at, worked)
            continue
        at = np.flatnonzero(acting.chosen & said.begun)
        weights = weights_of(base, at)
        some = weights.sum(axis=0) > 0
        for there, lines, of in ((some, at, weights), (~some, nowhere, np.ones_like(base[-1:]))):
            if len(at) and there.any():
                known = weighed(of, axis=0) | {"whole": number * there}
                yield _Change(*named, "pounds", lines, row_of(PARTED, known, read))


def _rows(
    year: str, keys: pd.DataFrame, parts: Sequence[_Change], known: NDArray[np.bool_]
) -> list[tuple[Any, ...]]:
    """Lay the parts of a year out: funding by funding that is known, in the order of the steps."""
    names = [*keys.itertuples(index=False, name=None)]
    placed_rows = []
    for part in parts:
        order = ORDER.index(part.step)
        worked = {**AS_STATED, **part.worked}
        columns = [np.broadcast_to(worked[name], len(part.at)) for name in (*AS_STATED, "amount")]
        for place, *row in zip(part.at, *columns, strict=True):
            if not known[place]:
                continue
            labels = (order, part.step, part.cause, part.recurrence, part.unit)
            placed_rows.append(((int(place), order), (year, *names[place], *labels, *row)))
    return [row for _, row in sorted(placed_rows, key=lambda item: item[0])]


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

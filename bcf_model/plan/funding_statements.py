"""What is said of funding: year by year what is stated, and which assumptions act.

docs/method.md, 5.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.money import Pence
from bcf_model.core.tables import records
from bcf_model.core.years import years_from
from bcf_model.plan.scopes import FUNDING_KEYS, matches
from bcf_model.plan.words import FUNDING_STEPS, NOT_ALLOCATED, PERCENT

RECURRENT: Final = "recurrent"
_TAKEN_OFF: Final = "efficiency"


class Acting(NamedTuple):
    """An assumption that acts in a year.

    Attributes:
        row: its position among the assumptions. sign: -1 for what is taken off.
        number: millionths of a percent, or pence, as stated.
        chosen: for each funding, whether its scope selects it.
    """

    row: int
    name: str
    step: str
    recurrence: str
    unit: str
    sign: int
    number: int
    chosen: NDArray[np.bool_]


class Said(NamedTuple):
    """What is said of one year; every array has one number for each funding, `keys_of` them.

    Attributes:
        recurrent, is_recurrent: stated as recurrent, and whether anything is. once, is_once: the
            same of what is not recurrent.
        begun: whether a row is for this year or one before it, recurrent or not.
        lost: whether its recurrent amount is not known before the changes of the year: not in
            later years either, until one is stated.
        unknown: whether what it comes to in the year is not known.
        acting: the assumptions of the year, but for those of which nobody can say what they do.
    """

    year: str
    recurrent: Pence
    is_recurrent: NDArray[np.bool_]
    once: Pence
    is_once: NDArray[np.bool_]
    begun: NDArray[np.bool_]
    lost: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    acting: tuple[Acting, ...]


def said_by_year(
    funding: pd.DataFrame, assumptions: pd.DataFrame, years: Sequence[str]
) -> Iterator[Said]:
    """Return what is said of each year, from the first stated to the last of the plan.

    Args:
        funding: as `funding.walk` takes it.
        assumptions: as `funding.walk` takes them.
        years: of the plan.
    """
    keys = keys_of(funding)
    acts = np.flatnonzero(assumptions["step"].isin([*FUNDING_STEPS]))
    every = [
        (row.year, Acting(
            int(i), row.assumption, row.step, row.recurrence, row.unit,
            -1 if row.step == _TAKEN_OFF else 1,
            row.value if row.unit == "percent" else row.pence,
            matches(row.scope, keys, FUNDING_KEYS),
        ))
        for i, row in zip(acts, records(assumptions.iloc[acts]), strict=True)
    ]  # fmt: skip
    begun, lost = np.zeros((2, len(keys)), dtype=np.bool_)
    named_at_all = {*funding["financial_year"], *(y for y, _ in every), *years} - {""}
    # Years of which nothing is said are walked too: a reserve is used in them.
    for year in years_from(min(named_at_all), max(named_at_all)) if named_at_all else ():
        of_year = funding[funding["financial_year"] == year]
        recurs = of_year["recurrence"] == RECURRENT
        amount, said, unsaid = _stated(of_year[recurs], keys)
        extra, said_once, unsaid_once = _stated(of_year[~recurs], keys)
        begun = begun | said | said_once | unsaid | unsaid_once
        named = (year, "") if year in years else (year,)
        acting = [one for of, one in every if of in named]
        lost = lost & ~said | unsaid
        lost_then, unknown, acting = _lost(lost, begun, acting)
        unknown = unknown | unsaid_once
        yield Said(year, amount, said, extra, said_once, begun, lost, unknown, tuple(acting))
        lost = lost_then


def _lost(
    lost: NDArray[np.bool_], begun: NDArray[np.bool_], acting: Sequence[Acting]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[Acting]]:
    """Return what is lost after a year and unknown in it, and the assumptions that are worked.

    Pounds for several are parted by what each has: where that is not known of one, no part is.
    """
    then, unknown, known = lost.copy(), lost.copy(), []
    for one in acting:
        at = one.chosen & begun
        if one.unit == PERCENT or at.sum() <= 1 or not (at & lost).any():
            known.append(one)
            continue
        unknown |= at
        if one.recurrence == RECURRENT:
            then |= at
    return then, unknown, known


def keys_of(funding: pd.DataFrame) -> pd.DataFrame:
    """Return every funding in the order in which it is first stated; `not allocated` at last."""
    keys = funding[[*FUNDING_KEYS]].drop_duplicates()
    nowhere = pd.DataFrame([[NOT_ALLOCATED, ""]], columns=[*FUNDING_KEYS])
    return pd.concat([keys, nowhere], ignore_index=True)


def _stated(
    rows: pd.DataFrame, keys: pd.DataFrame
) -> tuple[Pence, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return what rows of one year state of each funding, of which, and of which `not stated`."""
    place = {key: i for i, key in enumerate(keys.itertuples(index=False, name=None))}
    amount, (said, unsaid) = np.zeros(len(keys), np.int64), np.zeros((2, len(keys)), np.bool_)
    for row in records(rows):
        at = place[row.organisation, row.funding]
        if pd.isna(row.amount):
            unsaid[at] = True
        else:
            amount[at] += row.amount
            said[at] = True
    return amount, said, unsaid

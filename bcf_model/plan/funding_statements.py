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
from bcf_model.plan.scopes import FUNDING_KEYS, matches
from bcf_model.plan.words import FUNDING_STEPS, NOT_ALLOCATED

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
        begun: whether it is stated for this year or before it, recurrent or not.
        acting: the assumptions of the year.
    """

    year: str
    recurrent: Pence
    is_recurrent: NDArray[np.bool_]
    once: Pence
    is_once: NDArray[np.bool_]
    begun: NDArray[np.bool_]
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
    begun = np.zeros(len(keys), dtype=np.bool_)
    for year in sorted({*funding["financial_year"], *(y for y, _ in every), *years} - {""}):
        of_year = funding[funding["financial_year"] == year]
        recurs = of_year["recurrence"] == RECURRENT
        amount, said = _stated(of_year[recurs], keys)
        extra, said_once = _stated(of_year[~recurs], keys)
        begun = begun | said | said_once
        named = (year, "") if year in years else (year,)
        acting = tuple(one for of, one in every if of in named)
        yield Said(year, amount, said, extra, said_once, begun, acting)


def keys_of(funding: pd.DataFrame) -> pd.DataFrame:
    """Return every funding in the order in which it is first stated; `not allocated` at last."""
    keys = funding[[*FUNDING_KEYS]].drop_duplicates()
    nowhere = pd.DataFrame([[NOT_ALLOCATED, ""]], columns=[*FUNDING_KEYS])
    return pd.concat([keys, nowhere], ignore_index=True)


def _stated(rows: pd.DataFrame, keys: pd.DataFrame) -> tuple[Pence, NDArray[np.bool_]]:
    """Return what rows of one year state of each funding, and of which they state anything."""
    place = {key: i for i, key in enumerate(keys.itertuples(index=False, name=None))}
    amount, said = np.zeros(len(keys), dtype=np.int64), np.zeros(len(keys), dtype=np.bool_)
    for row in records(rows):
        amount[place[row.organisation, row.funding]] += row.amount
        said[place[row.organisation, row.funding]] = True
    return amount, said

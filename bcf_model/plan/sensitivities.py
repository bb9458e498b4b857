"""What moves with a ranged assumption: numbers of the bridge, parameters, and funding.

docs/method.md, 10. Whatever is driven is a straight line of the value drawn, so it is told by the
position of what drives it and by its slope.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.plan import holding
from bcf_model.plan.growth import PARTS
from bcf_model.plan.inheritance import held
from bcf_model.plan.projection import Projection
from bcf_model.plan.words import CONFIDENCES, FUNDING_STEPS, STEPS, TAKEN_OFF
from bcf_model.plan.worked_columns import MONTHS

DRAWN: Final = frozenset(STEPS) | frozenset(FUNDING_STEPS) | {"delivery", "return"}
"""Steps and parameters whose ranges are drawn."""


class Driven(NamedTuple):
    """What a number moves with: a ranged assumption, and by how much for a millionth of it."""

    by: int
    slope: float


def ranged(assumptions: pd.DataFrame) -> pd.DataFrame:
    """Return the assumptions that are drawn: what was stated in one row is drawn once.

    Args:
        assumptions: of a scenario, as loaded.

    Returns:
        One row each: assumption, step, scope, year (as it was stated: blank for every year), unit,
        shape; low, value and high in millionths of the unit, as floats; chances, of value, low and
        high; and `holds`, the years of its rows in force: a blank one where it is every year.
    """
    chosen = assumptions["ranged"].astype(bool) & assumptions["step"].isin(DRAWN)
    every = assumptions[chosen]
    holds = held(every)
    once = len(holds) == len(every)
    rows = every if once else every.drop_duplicates(["assumption", "stated_for"])
    rows = rows.reset_index(drop=True)
    three = rows[["chance_value", "chance_low", "chance_high"]].to_numpy().tolist()
    kept = rows[["assumption", "step", "scope", "stated_for", "unit", "shape"]]
    ends = {name: rows[name].to_numpy(dtype=np.float64) for name in ("low", "value", "high")}
    return kept.rename(columns={"stated_for": "year"}).assign(
        **ends,
        chances=pd.Series(three, index=rows.index, dtype=object),
        holds=pd.Series([*holds.values()], index=rows.index, dtype=object),
    )


def drivers(assumptions: pd.DataFrame, drawn: pd.DataFrame) -> list[int]:
    """Return of each row of the assumptions which ranged one it is: its position; -1 for none.

    Args:
        assumptions: of the scenario, those without a range as well.
        drawn: as `ranged` gives it.
    """
    held_in = zip(drawn["assumption"].tolist(), drawn["holds"].tolist(), strict=True)
    place = {(name, year): i for i, (name, years) in enumerate(held_in) for year in years}
    return [place.get((row.assumption, row.year), -1) for row in records(assumptions)]


def bridge_numbers(projection: Projection, drawn: pd.DataFrame) -> dict[int, Driven]:
    """Find what each number of the bridge moves with; those that move with nothing are left out.

    Args:
        projection: whose bridge it is.
        drawn: as `ranged` gives it.
    """
    rates, effects, rows = projection.rates, projection.effects, [*records(drawn)]
    assumptions = projection.scenario.tables["assumptions"]
    driven_by = drivers(assumptions, drawn)
    delivery = holding.of_parameter(assumptions, "delivery", CONFIDENCES)
    savings, planned = projection.tables["savings"], projection.tables["savings_effects"]
    confidence = dict(zip(savings["programme"], savings["confidence"], strict=True))
    found: dict[int, Driven] = {}
    for i, row in enumerate(records(rates)):
        sign = -1 if row.step in TAKEN_OFF else 1
        found[i] = Driven(driven_by[row.row], sign * _scaled_by(projection, row.step))
    for i, row in enumerate(records(effects), start=len(rates)):
        if row.origin == "assumption" and (by := driven_by[row.row]) >= 0:
            sign = -1 if rows[by].step in TAKEN_OFF else 1
            pence = sign * UNITS[rows[by].unit] / MILLIONTHS
            found[i] = Driven(by, pence * _part(row.part, row.months))
        elif row.origin == "savings" and planned["side"].iloc[row.row] == "saving":
            stated = delivery.get(confidence[row.cause])
            by = -1 if stated is None else driven_by[stated]
            found[i] = Driven(by, planned["planned"].iloc[row.row] / WHOLE_RATE)
    return {i: driven for i, driven in found.items() if driven.by >= 0}


def _scaled_by(projection: Projection, step: str) -> float:
    """Return what the percentages of a step were multiplied by, to reach a target of growth."""
    calibrate, factor = projection.scenario.settings.calibrate, projection.factor
    if calibrate is None or factor is None or factor.value is None or step not in calibrate.steps:
        return 1.0
    return factor.value / PARTS


def _part(part: str, months: int) -> float:
    inside = months / MONTHS
    return {"in the year": inside, "rest": 1 - inside, "reversal": -inside}[part]


def returns(
    projection: Projection, drawn: pd.DataFrame, programmes: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the factor on the return of each programme, in millionths, and what drives it.

    Args:
        projection: the scenario, calculated.
        drawn: as `ranged` gives it.
        programmes: in the order wanted.
    """
    said = projection.scenario.tables
    driven_by = drivers(said["assumptions"], drawn)
    rows = holding.of_parameter(said["assumptions"], "return", said["prevention"]["programme"])
    moving = {programme: driven_by[row] for programme, row in rows.items()}
    factor = np.array([projection.factors.get(p, MILLIONTHS) for p in programmes], dtype=np.float64)
    return factor, np.array([moving.get(p, -1) for p in programmes], dtype=np.intp)

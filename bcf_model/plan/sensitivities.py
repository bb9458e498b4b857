"""What moves with a ranged assumption: numbers of the bridge, parameters, and funding.

docs/method.md, 10. Whatever is driven is a straight line of the value drawn, so it is told by the
position of what drives it and by its slope.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import records
from bcf_model.core.words import UNITS
from bcf_model.core.years import year_before
from bcf_model.plan.growth import PARTS
from bcf_model.plan.inheritance import held
from bcf_model.plan.projection import Projection
from bcf_model.plan.scopes import parse
from bcf_model.plan.words import CONFIDENCES, FUNDING_STEPS, STEPS, TAKEN_OFF
from bcf_model.plan.worked_columns import MONTHS

DRAWN: Final = frozenset(STEPS) | frozenset(FUNDING_STEPS) | {"delivery", "return"}
"""Steps and parameters whose ranges are drawn."""
Key = tuple[str, str]
"""What tells a row of the assumptions: its name and its year."""


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


def places(drawn: pd.DataFrame) -> dict[Key, int]:
    """Return the position of each ranged assumption, by name and each year it holds in."""
    held_in = zip(drawn["assumption"].tolist(), drawn["holds"].tolist(), strict=True)
    return {(name, year): i for i, (name, years) in enumerate(held_in) for year in years}


def bridge_numbers(projection: Projection, drawn: pd.DataFrame) -> dict[int, Driven]:
    """Find what each number of the bridge moves with; those that move with nothing are left out.

    Args:
        projection: whose bridge it is.
        drawn: as `ranged` gives it.
    """
    rates, effects, known = projection.rates, projection.effects, places(drawn)
    rows = [*records(drawn)]
    delivery = parameter(
        projection.scenario.tables["assumptions"], known, "delivery", "confidence", [*CONFIDENCES]
    )
    confidence = _by_programme(projection, "confidence")
    planned = iter(_planned(projection))
    found: dict[int, Driven] = {}
    for i, row in enumerate(records(rates)):
        by = _driver(known, row.cause, row.financial_year)
        if by >= 0:
            sign = -1 if row.step in TAKEN_OFF else 1
            found[i] = Driven(by, sign * _scaled_by(projection, row.step))
    for i, row in enumerate(records(effects), start=len(rates)):
        if row.origin == "assumption":
            in_year = row.part == "in the year"
            start = row.financial_year if in_year else year_before(row.financial_year)
            by = _driver(known, row.cause, start)
            if by >= 0:
                sign = -1 if rows[by].step in TAKEN_OFF else 1
                pence = sign * UNITS[rows[by].unit] / MILLIONTHS
                found[i] = Driven(by, pence * _part(row.part, row.months))
        elif row.origin == "savings":
            effect = next(planned)
            by = delivery.get(confidence[row.cause], -1) if effect.side == "saving" else -1
            if by >= 0:
                found[i] = Driven(by, effect.planned / WHOLE_RATE)
    return found


def _driver(known: Mapping[Key, int], cause: str, year: str) -> int:
    return known.get((cause, year), known.get((cause, ""), -1))


def _scaled_by(projection: Projection, step: str) -> float:
    """Return what the percentages of a step were multiplied by, to reach a target of growth."""
    calibrate, factor = projection.scenario.settings.calibrate, projection.factor
    if calibrate is None or factor is None or factor.value is None or step not in calibrate.steps:
        return 1.0
    return factor.value / PARTS


def _part(part: str, months: int) -> float:
    inside = months / MONTHS
    return {"in the year": inside, "rest": 1 - inside, "reversal": -inside}[part]


def _by_programme(projection: Projection, column: str) -> dict[str, str]:
    savings = projection.tables["savings"]
    return dict(zip(savings["programme"], savings[column], strict=True))


def _planned(projection: Projection) -> list[Any]:
    """Return the effects of savings within the plan, in the order in which the bridge has them."""
    effects = projection.tables["savings_effects"]
    return [*records(effects[effects["financial_year"].isin(projection.years)])]


def parameter(
    assumptions: pd.DataFrame, known: Mapping[Key, int], step: str, key: str, every: Sequence[str]
) -> dict[str, int]:
    """Return what drives a parameter, by what it holds for; of several rows the last holds.

    Args:
        assumptions: of the scenario, those without a range as well.
        known: as `places` gives it.
        step: the parameter.
        key: of its scopes.
        every: what a scope of all holds for.

    Returns:
        The position of a ranged assumption, by confidence or programme; -1 where the row that
        holds has no range.
    """
    found: dict[str, int] = {}
    for row in records(assumptions[assumptions["step"] == step]):
        by = known.get((row.assumption, row.year), -1)
        found |= dict.fromkeys(parse(row.scope, (key,)).get(key, tuple(every)), by)
    return found


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
    every = said["prevention"]["programme"].unique().tolist()
    moving = parameter(said["assumptions"], places(drawn), "return", "programme", every)
    factor = np.array([projection.factors.get(p, MILLIONTHS) for p in programmes], dtype=np.float64)
    return factor, np.array([moving.get(p, -1) for p in programmes], dtype=np.intp)

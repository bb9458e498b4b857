"""Roll-outs with matched funding: units that go live in waves, and who pays what of their cost.

docs/method.md, 4a. What each payer pays of a wave becomes an assumption of the step `investment`,
so that the bridge, its pages and draws take it as any other amount that starts in a period.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from bcf_model.core.expressions import Sum
from bcf_model.core.figures import Figure
from bcf_model.core.money import MILLIONTHS, sterling
from bcf_model.core.tables import records, rows_of_each
from bcf_model.core.years import next_year
from bcf_model.plan.apportion import parted
from bcf_model.plan.inheritance import WHERE, with_more
from bcf_model.plan.output_tables import RolloutOut, types
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.words import ALL
from bcf_model.plan.worked_columns import MONTHS

STEP: Final = "investment"


class Part(NamedTuple):
    """What one payer pays of a wave from a period on, in a full year.

    Attributes:
        assumption: its name. row: of the wave. payer: a code, and the share it pays.
        year, from_period: from when. pence: of a full year.
    """

    assumption: str
    row: Any
    payer: str
    share: int
    year: str
    from_period: int
    pence: int


def causes(wave: Any, payer: str) -> list[str]:
    """Name what a payer pays of a wave, each part of its ramp: as assumptions, and in the bridge.

    Args:
        wave: a row of `tables.Rollout`.
        payer: a code.
    """
    name, several = f"{wave.programme} {wave.wave} {payer}", wave.full_after + 1
    if several == 1:
        return [name]
    return [f"{name} {i} of {several}" for i in range(1, several + 1)]


def parts(rollout: pd.DataFrame, payers: pd.DataFrame) -> Iterator[Part]:
    """Part what waves cost in a full year over their payers and over the periods of their ramp.

    Args:
        rollout: `tables.Rollout`.
        payers: `tables.RolloutPayers`.

    Yields:
        Of each wave that goes live in a year, payer by payer, each part of its ramp; they sum to
        units × cost. A wave that is live before the plan adds nothing, nor does one nobody pays.
    """
    for wave in records(rollout):
        own = payers[payers["programme"] == wave.programme]
        shares = own["share"].to_numpy(dtype=np.int64)
        if not wave.year or not shares.any():
            continue
        by_payer = parted(wave.units * wave.cost, shares).tolist()
        for paying, pence in zip(records(own), by_payer, strict=True):
            names = causes(wave, paying.payer)
            steps = parted(pence, np.ones(len(names), dtype=np.int64)).tolist()
            for i, (name, step) in enumerate(zip(names, steps, strict=True)):
                later, period = divmod(wave.from_period - 1 + i, MONTHS)
                year = _after(wave.year, later)
                yield Part(name, wave, paying.payer, paying.share, year, period + 1, step)


def _after(year: str, years: int) -> str:
    for _ in range(years):
        year = next_year(year)
    return year


def with_rollout(
    assumptions: pd.DataFrame, rollout: pd.DataFrame, payers: pd.DataFrame
) -> pd.DataFrame:
    """Add what roll-outs cost before the assumptions of a scenario, where these do not state it.

    Args:
        assumptions: as `inheritance.placed` gives them, in force.
        rollout: likewise.
        payers: likewise.

    Returns:
        The same columns; each part of a wave stands where the wave is stated.
    """
    rows = [
        {name: getattr(part.row, name) for name in ("scope", "status", "source", *WHERE)}
        | {
            "assumption": part.assumption,
            "step": STEP,
            "year": part.year,
            "value": part.pence * (MILLIONTHS // 100),
            "unit": "pounds",
            "from_period": part.from_period,
            "note": _in_words(part),
        }
        for part in parts(rollout, payers)
    ]
    return with_more(assumptions, rows)


def _in_words(part: Part) -> str:
    """Return what a part is a part of, and what is remarked of its wave."""
    units = f"{part.row.units} unit{'s' * (part.row.units != 1)}"
    said = f"{units} at {sterling(part.row.cost)}, {plain(part.share)}% of it paid by {part.payer}"
    return "; ".join(it for it in (said, part.row.note) if it)


def spent(walk: pd.DataFrame, of: Sequence[str], years: Sequence[str]) -> Figure | None:
    """Return the figure of what causes cost in the last of these years; None where nothing.

    It is what they have added to budgets so far, so it is before inflation and demand.

    Args:
        walk: `output_tables.Walk`.
        of: names of causes (`causes`).
        years: of the plan, up to the one that is asked for.
    """
    rows = walk[walk["cause"].isin(of) & walk["financial_year"].isin(years)]
    if rows.empty:
        return None
    acting = tuple(year for year in years if year in {*rows["financial_year"]})
    begun = tuple(cause for cause in of if cause in {*rows["cause"]})
    return Figure("change", (("year", acting), ("cause", begun)))


def together(costs: Iterable[Figure | None]) -> Figure | Sum | None:
    """Return the sum of costs, where there are any."""
    whole: Figure | Sum | None = None
    for cost in costs:
        whole = cost if whole is None else whole if cost is None else whole + cost
    return whole


def by_year(
    rollout: pd.DataFrame, payers: pd.DataFrame, walk: pd.DataFrame, years: Sequence[str]
) -> pd.DataFrame:
    """Work out how far roll-outs are at the end of each year, and what each payer pays in it.

    Args:
        rollout: `tables.Rollout`.
        payers: `tables.RolloutPayers`.
        walk: `output_tables.Walk`.
        years: of the plan.

    Returns:
        `output_tables.RolloutOut` without its first column.
    """
    rows: list[dict[str, Any]] = []
    if rollout.empty:
        return RolloutOut.without_rows()
    own = pd.DataFrame([*parts(rollout, payers)], columns=[*Part._fields])
    of_cause = walk.groupby(["cause", "financial_year"], sort=False)["amount"].sum()
    for (programme,), waves in rows_of_each(rollout, "programme"):
        paying = payers.loc[payers["programme"] == programme, "payer"].tolist()
        of_it = [row.programme == programme for row in own["row"]]
        of_programme = own[np.array(of_it, dtype=np.bool_)]
        for i, year in enumerate(years):
            live = waves[waves["year"] <= year]  # a blank year is before every other
            for payer in (ALL, *paying):
                of_payer = of_programme[(of_programme["payer"] == payer) | (payer == ALL)]
                keys = product(of_payer["assumption"], years[: i + 1])
                rows.append({
                    "programme": programme, "financial_year": year, "payer": payer,
                    "units": int(waves["units"].sum()), "units_live": int(live["units"].sum()),
                    "people_share": int(live["people_share"].sum()),
                    "cost": sum(int(of_cause.get(key, 0)) for key in keys),
                })  # fmt: skip
    return pd.DataFrame(rows, columns=[*types(RolloutOut)])

"""Scenarios side by side: what each comes to, and how far it is from the first.

Only scenarios of one perimeter are compared: amounts of two are never set against each other.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from bcf_model.plan.outputs import ScenariosOut, types
from bcf_model.plan.projection import Projection
from bcf_model.plan.words import ALL

CLOSING: Final = "closing"
FUNDED: Final = "gap"
BORNE: Final = "borne"
_KEYS: Final = ["financial_year", "measure", "group", "organisation"]


def of_one_perimeter(projections: Sequence[Projection]) -> bool:
    """Say whether scenarios may be compared."""
    return len({it.scenario.settings.perimeter for it in projections}) == 1


def compare(projections: Sequence[Projection]) -> pd.DataFrame:
    """Set scenarios side by side.

    Args:
        projections: of one perimeter; the first is the one compared with.

    Returns:
        `tables.ScenariosOut`: of each scenario a row per year, measure, group and organisation in
        which any of them has an amount; nil where this one has none. A year, a gap or a share that
        a scenario does not know is left out, and where the first does not know it the difference
        is blank.
    """
    each = [_amounts(it) for it in projections]
    names = [it.scenario.name for it in projections]
    known = [_known(frame) for frame in each]
    rows = pd.concat([frame.reset_index()[_KEYS] for frame in each]).drop_duplicates()
    rows = _in_order(rows)
    parts = []
    for name, amounts, has in zip(names, each, known, strict=True):
        there = [pair in has for pair in zip(rows["financial_year"], rows["measure"], strict=True)]
        own = rows[there].reset_index(drop=True)
        index = pd.MultiIndex.from_frame(own)
        first = each[0].reindex(index, fill_value=0).to_numpy(dtype=np.float64)
        in_first = [pair in known[0] for pair in
                    zip(own["financial_year"], own["measure"], strict=True)]  # fmt: skip
        own.insert(0, "scenario", name)
        own["amount"] = amounts.reindex(index, fill_value=0).to_numpy(dtype=np.int64)
        own["difference"] = np.where(in_first, own["amount"] - first, np.nan)
        parts.append(own)
    whole = pd.concat(parts, ignore_index=True)
    return ScenariosOut.validate(whole.astype({"scenario": "str"} | types(ScenariosOut)))


def _known(amounts: "pd.Series[int]") -> set[tuple[str, str]]:
    """Give the years and measures that a scenario has."""
    index = amounts.index
    years, measures = index.get_level_values(0), index.get_level_values(1)
    return set(zip(map(str, years), map(str, measures), strict=True))


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Put rows in the order of years and measures; groups as they first occur."""
    order = [CLOSING, FUNDED, BORNE]
    ranked = rows.assign(rank=[order.index(measure) for measure in rows["measure"]])
    ordered = ranked.sort_values(["financial_year", "rank"], kind="stable")
    return ordered[_KEYS].reset_index(drop=True)


def _amounts(projection: Projection) -> "pd.Series[int]":
    """Give what a scenario comes to, by year, measure, group and organisation; pence."""
    walk = projection.tables["walk"]
    group = walk["block"].where(walk["block"] != "", walk["theme"])
    closing = walk.assign(group=group.where(group != "", walk["line"]), measure=CLOSING)
    gap = projection.tables["gap"].rename(columns={"gap": "amount"})
    gap = gap.assign(measure=FUNDED, group=ALL, organisation=ALL)
    borne = projection.tables["shared"].rename(columns={"borne": "amount", "bearer": "group"})
    borne = borne.assign(measure=BORNE, organisation=borne["group"], group=ALL)
    rows = pd.concat([frame[[*_KEYS, "amount"]] for frame in (closing, gap, borne)])
    text = rows.astype(dict.fromkeys(_KEYS, "str"))
    summed: pd.Series[int] = text.groupby(_KEYS, sort=False)["amount"].sum()
    return summed

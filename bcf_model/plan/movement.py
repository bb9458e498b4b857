"""What moved in a scenario's first year: to the agreed budget, or to what the year closes with.

docs/method.md, 2 and 4. Two versions are compared as they are stated (`budget_versions.movement`);
where no other version is agreed, the causes are those of the bridge.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from bcf_model.core.expressions import Total
from bcf_model.core.figures import Measure, Measures
from bcf_model.core.ledger import Ledger
from bcf_model.core.sums import add_up
from bcf_model.core.tables import each, typed
from bcf_model.plan import budget_versions
from bcf_model.plan.output_tables import MovementOut, types
from bcf_model.plan.projection import Projection
from bcf_model.plan.words import CAUSE_NOT_STATED, NOT_ALLOCATED, OPENING

PLACE: Final = ("theme", "block", "organisation", "scheme_id", "kind")
_SIDES: Final = ("earlier", "later")
_KEYS: Final = {"versions": PLACE, "movement": (*PLACE, "step", "cause")}
MEASURES: Final = Measures(
    (
        Measure("earlier", "Earlier", "versions", "money", Total("earlier"), "The earlier budget"),
        Measure("later", "Later", "versions", "money", Total("later"), "The later budget"),
        Measure("moved", "Moved", "movement", "money", Total("amount"), "Later − earlier"),
    ),
    {table: {name: name for name in names} for table, names in _KEYS.items()},
    {},
)
"""Those of a movement, by place; of what moved, by step and cause too."""


@dataclass(frozen=True)
class Moved:
    """A movement, and what it is between.

    Attributes:
        earlier: version the scenario opens with.
        later: the version agreed for the first year, or what that year closes with, in words.
        agreed: whether it is a version.
        figures: any figure of `MEASURES`; its table `versions` has both budgets by `PLACE`, a
            place blank in the one that does not state it.
        table: `output_tables.MovementOut` without its first column: rows sum to later − earlier;
            blank where one of the two does not state the place.
        left_out: by version, the places of which it states no budget, in words.
        unexplained: ups and downs without a cause together, in pence, of places both state.
        in_total_only: what the bridge has of the year on no theme: `step`, `cause` and `amount`.
    """

    earlier: str
    later: str
    agreed: bool
    figures: Ledger
    table: pd.DataFrame
    unexplained: int
    in_total_only: pd.DataFrame
    left_out: Mapping[str, list[str]] = field(default_factory=dict)


def moved(projection: Projection) -> Moved:
    """Return what moved in the first year of a scenario.

    To the version that is agreed for that year, where it is another than the opening; else to what
    the year closes with, by step and cause of the bridge.
    """
    settings, year = projection.scenario.settings, projection.years[0]
    later = settings.agreed.get(year, "")
    nowhere = _of_first_year(projection)
    nowhere = nowhere[(nowhere["line"] == NOT_ALLOCATED) & (nowhere["step"] != OPENING)]
    in_total_only = add_up(nowhere, ["step", "cause"], ["amount"])
    lost: dict[str, list[str]] = {}
    if later and later != settings.opening:
        budgets, table, lost = _between_versions(projection, settings.opening, later)
    else:
        later = f"closing of {year}"
        budgets, table = _in_the_bridge(projection)
        table = table.assign(from_version=settings.opening, to_version=later)
    columns = types(MovementOut) | {"amount": str(table["amount"].dtype)}
    plain = typed(table.reset_index(drop=True), columns)
    agreed = later == settings.agreed.get(year)
    unknown = plain.loc[plain["cause"] == CAUSE_NOT_STATED, "amount"].dropna()
    return Moved(
        settings.opening,
        later,
        agreed,
        _ledger_of(budgets, plain),
        plain,
        int(unknown.abs().sum()),
        in_total_only,
        lost,
    )


Both = tuple["pd.Series[Any]", "pd.Series[Any]"]


def _ledger_of(budgets: Both, table: pd.DataFrame) -> Ledger:
    """Return what gives the figures of a movement; a budget that is not stated is blank."""
    sides = pd.concat(dict(zip(_SIDES, budgets, strict=True)), axis=1).astype("Int64")
    places = dict.fromkeys([*sides.index, *each(table, *PLACE)])
    sides = sides.reindex(pd.MultiIndex.from_tuples([*places], names=PLACE))
    return Ledger({"versions": sides.reset_index(), "movement": table}, measures=MEASURES)


def _between_versions(
    projection: Projection, earlier: str, later: str
) -> tuple[Both, pd.DataFrame, dict[str, list[str]]]:
    versions = projection.plan.stated_versions
    sums = budget_versions.budgets_by_place(versions, earlier, later)
    table = budget_versions.movement(versions, earlier, later)
    lost = budget_versions.not_given(table, sums)
    found = []
    for name in (earlier, later):
        frame = sums[name].reset_index().assign(block="")
        found.append(frame.groupby([*PLACE], sort=False)["opening"].sum())
    return (found[0], found[1]), table.assign(block="", step=""), lost


def _in_the_bridge(projection: Projection) -> tuple[Both, pd.DataFrame]:
    lines = projection.tables["lines"].set_index("line")
    walk = _of_first_year(projection)
    of_line = {name: walk["line"].map(lines[name]).astype("str") for name in ("scheme_id", "kind")}
    walk = walk.assign(**of_line)
    opening = walk["step"] == OPENING
    table = add_up(walk[~opening], [*PLACE, "step", "cause"], ["amount"])
    before = walk[opening].groupby([*PLACE], sort=False)["amount"].sum()
    return (before, walk.groupby([*PLACE], sort=False)["amount"].sum()), table


def _of_first_year(projection: Projection) -> pd.DataFrame:
    walk = projection.tables["walk"]
    return walk[walk["financial_year"] == projection.years[0]]

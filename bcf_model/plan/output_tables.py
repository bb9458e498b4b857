"""Every table that is worked out of a plan: what `bcf scenario` and its like write.

Money is int64 whole pence, signed as a bridge amount unless a column says otherwise.
"""

from typing import Final

from bcf_model.core.tables import Table
from bcf_model.plan.tables import TABLES

AgreedOut: Final = TABLES["AgreedOut"]
BlocksOut: Final = TABLES["BlocksOut"]
BreachOut: Final = TABLES["BreachOut"]
DriversOut: Final = TABLES["DriversOut"]
EfficienciesOut: Final = TABLES["EfficienciesOut"]
EfficienciesTotalOut: Final = TABLES["EfficienciesTotalOut"]
FundingSourcesOut: Final = TABLES["FundingSourcesOut"]
FundingWalk: Final = TABLES["FundingWalk"]
GapOut: Final = TABLES["GapOut"]
MatrixOut: Final = TABLES["MatrixOut"]
Movement: Final = TABLES["Movement"]
MovementOut: Final = TABLES["MovementOut"]
PaybackOut: Final = TABLES["PaybackOut"]
PercentilesOut: Final = TABLES["PercentilesOut"]
PlanLines: Final = TABLES["PlanLines"]
PlannedPaymentsOut: Final = TABLES["PlannedPaymentsOut"]
PositionsOut: Final = TABLES["PositionsOut"]
PreventionOut: Final = TABLES["PreventionOut"]
PreventionShareOut: Final = TABLES["PreventionShareOut"]
RolloutOut: Final = TABLES["RolloutOut"]
SavingsEffects: Final = TABLES["SavingsEffects"]
SavingsOut: Final = TABLES["SavingsOut"]
SavingsSummaryOut: Final = TABLES["SavingsSummaryOut"]
ScenarioBreakEvensOut: Final = TABLES["ScenarioBreakEvensOut"]
ScenarioPercentilesOut: Final = TABLES["ScenarioPercentilesOut"]
ScenarioSharesOut: Final = TABLES["ScenarioSharesOut"]
ScenariosOut: Final = TABLES["ScenariosOut"]
SharedOut: Final = TABLES["SharedOut"]
Walk: Final = TABLES["Walk"]


def types(table: Table) -> dict[str, str]:
    """Return the columns of a table that is worked out, each with the type of its numbers or text.

    The scenario is left out: it is added to the rows of all of them at once.
    """
    return {name: kind for name, kind in table.types.items() if name != "scenario"}


PROJECTION_TABLES: Final[dict[str, Table]] = {
    "lines": PlanLines,
    "walk": Walk,
    "funding_walk": FundingWalk,
    "payments": PlannedPaymentsOut,
    "funding_sources": FundingSourcesOut,
    "gap": GapOut,
    "savings": SavingsOut,
    "savings_effects": SavingsEffects,
    "rollout": RolloutOut,
    "prevention": PreventionOut,
    "positions": PositionsOut,
    "payback": PaybackOut,
    "matrix": MatrixOut,
    "prevention_share": PreventionShareOut,
    "agreed": AgreedOut,
    "shared": SharedOut,
}
"""What `bcf scenario` writes of each scenario; every row begins with its name."""

DRAWN_TABLES: Final[dict[str, Table]] = {
    "percentiles": PercentilesOut,
    "breaches": BreachOut,
    "drivers": DriversOut,
}
"""What `bcf scenario --draws` writes of each scenario besides."""

COMPARISON_TABLES: Final[dict[str, Table]] = {
    "comparison": ScenariosOut,
    "comparison_shares": ScenarioSharesOut,
    "comparison_break_even": ScenarioBreakEvensOut,
    "comparison_percentiles": ScenarioPercentilesOut,
}
"""What `bcf scenario` writes of several scenarios, beside their folders."""

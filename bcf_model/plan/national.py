"""National figures that a scenario takes where it states none: bcf_model/reference/national.csv.

They are rows of assumptions.csv like any other, with source and status; none acts unless a
scenario names its step in the setting `national`.
"""

from collections.abc import Collection
from typing import Final

import pandas as pd

from bcf_model.core.errors import UnknownScope
from bcf_model.core.package_files import read
from bcf_model.core.tables import records
from bcf_model.intake.drafts import draft_table
from bcf_model.intake.folder import SCENARIO, scenario_as_typed
from bcf_model.plan.holding import of_parameter
from bcf_model.plan.inheritance import placed, replaced
from bcf_model.plan.scopes import PARAMETER_KEYS
from bcf_model.plan.tables import KEYS, SCENARIO_TABLES
from bcf_model.plan.words import CONFIDENCES

SET_BY: Final = "national figures"
_FILE: Final = "bcf_model/reference/national.csv"
_TABLE: Final = next(table for table in SCENARIO_TABLES if table.name == "assumptions")


def with_national(assumptions: pd.DataFrame, steps: Collection[str]) -> pd.DataFrame:
    """Add national figures before the assumptions of a scenario, where these state none.

    Args:
        assumptions: as `inheritance.placed` gives them, in force.
        steps: of `words.NATIONAL`.

    Returns:
        The same columns. A national delivery stands for a confidence that no assumption names, a
        national discount where there is no other.
    """
    try:
        stated = {step: _named(assumptions, step) for step in steps}
    except UnknownScope:  # found by the checks of assumptions
        return assumptions
    national = figures()
    wanted = [
        row.step in stated and not _named(national.iloc[[i]], row.step) & stated[row.step]
        for i, row in enumerate(records(national))
    ]
    return replaced(national[wanted], assumptions, KEYS["assumptions"])


def _named(assumptions: pd.DataFrame, step: str) -> set[str]:
    """Return what a parameter is stated for: confidences, or the whole plan."""
    named = of_parameter(assumptions, step, CONFIDENCES)
    return {*named} if step in PARAMETER_KEYS else {step} if named else set()


def figures() -> pd.DataFrame:
    """Read all national figures: `tables.Assumptions`, each row placed."""
    folder, _, name = _FILE.rpartition("/")
    files = {f"{SCENARIO}.toml": b"", "assumptions.csv": read(folder.replace("/", "."), name)}
    draft = draft_table(scenario_as_typed(SET_BY, files, _FILE), _TABLE, None, [])
    assert draft is not None
    return placed(draft, _TABLE, SET_BY)

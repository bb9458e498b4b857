"""The same scenario with one thing changed, to be shown beside it."""

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from bcf_model.plan.load import Scenario
from bcf_model.plan.words import ALL, NUMBER

NO_RETURN: Final = "no return"
"""The assumption that is added: a factor of nil on every return."""


def without_return(scenario: Scenario) -> Scenario:
    """Return a scenario in which nothing comes back of what is invested in prevention.

    Args:
        scenario: as loaded.

    Returns:
        The same, with one more assumption at the end: a factor of nil on the return of every
        programme. The last of several rows holds (docs/method.md, 7).
    """
    said = scenario.tables["assumptions"]
    row: dict[str, Any] = {
        str(name): "" if str(kind).startswith("str") else kind.type(0)
        for name, kind in said.dtypes.items()
    }
    row |= {"assumption": NO_RETURN, "step": "return", "scope": ALL, "unit": NUMBER}
    row |= {"recurrence": "recurrent", "set_by": scenario.name}
    added = pd.DataFrame([row], columns=said.columns).astype(said.dtypes.to_dict())
    changed = pd.concat([said, added], ignore_index=True)
    return replace(scenario, tables={**scenario.tables, "assumptions": changed})

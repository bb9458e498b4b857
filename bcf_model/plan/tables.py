"""Every table a plan reads: the data dictionary of budgets to come (docs/method.md).

What is worked out of them is in `output_tables`.

Money is int64 whole pence, signed as a bridge amount unless a column says otherwise. A `quantity`
is in millionths of what its unit says.
"""

from collections.abc import Iterable
from typing import Final

from bcf_model.core import words as core_words
from bcf_model.core.tables import FOR_PLANS, FOR_SCENARIOS, InputTable, tables_of
from bcf_model.plan import words

TABLES: Final = tables_of("bcf_model.plan", vars(core_words) | vars(words))
Assumptions: Final = TABLES["Assumptions"]
Efficiencies: Final = TABLES["Efficiencies"]
Funding: Final = TABLES["Funding"]
Phasing: Final = TABLES["Phasing"]
Savings: Final = TABLES["Savings"]

KEYS: Final[dict[str, tuple[str, ...]]] = {
    "assumptions": ("assumption", "year"),
    "funding": ("organisation", "funding", "financial_year", "recurrence"),
    "savings": ("programme",),
    "phasing": ("profile",),
    "planned_activity": ("scheme_id", "financial_year"),
    "prevention": ("programme",),
    "returns": ("programme",),
    "lags": ("lag",),
    "correlations": ("first", "second"),
    "rollout": ("programme",),
    "rollout_payers": ("programme",),
    "cohorts": ("cohort",),
    "drivers": ("driver",),
}
"""By what a scenario's rows replace those of its base: all of its rows with the same key."""


def _files(names: Iterable[str]) -> tuple[InputTable, ...]:
    """Return tables by the names of their files; any may be left out, or be blank."""
    models = {name: TABLES[name.title().replace("_", "")] for name in names}
    return tuple(InputTable(*it, required=False, may_be_blank=True) for it in models.items())


PLAN_TABLES: Final = _files(FOR_PLANS)
"""Tables a pool may add for its plans."""
SCENARIO_TABLES: Final = _files(FOR_SCENARIOS)
"""Tables a scenario may bring."""

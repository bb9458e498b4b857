"""Every table a plan reads: the data dictionary of budgets to come (docs/method.md).

What is worked out of them is in `output_tables`.

Money is int64 whole pence, signed as a bridge amount unless a column says otherwise. A `quantity`
is in millionths of what its unit says.
"""

from typing import Final

from bcf_model.core import words as core_words
from bcf_model.core.tables import InputTable, tables_of
from bcf_model.plan import words

TABLES: Final = tables_of("bcf_model.plan", vars(core_words) | vars(words))
Assumptions: Final = TABLES["Assumptions"]
DiscountRates: Final = TABLES["DiscountRates"]
Efficiencies: Final = TABLES["Efficiencies"]
Funding: Final = TABLES["Funding"]
NationalContributions: Final = TABLES["NationalContributions"]
Phasing: Final = TABLES["Phasing"]
Savings: Final = TABLES["Savings"]
UsualDelivery: Final = TABLES["UsualDelivery"]

PLAN_TABLES: Final = (
    InputTable("virements", TABLES["Virements"], required=False, may_be_blank=True),
    InputTable("funding", TABLES["Funding"], required=False, may_be_blank=True),
    InputTable("savings", TABLES["Savings"], required=False, may_be_blank=True),
    InputTable("phasing", TABLES["Phasing"], required=False, may_be_blank=True),
    InputTable("planned_activity", TABLES["PlannedActivity"], required=False, may_be_blank=True),
    InputTable("efficiencies", TABLES["Efficiencies"], required=False, may_be_blank=True),
    InputTable("blocks", TABLES["Blocks"], required=False, may_be_blank=True),
    InputTable("perimeters", TABLES["Perimeters"], required=False, may_be_blank=True),
)
"""Tables a pool may add for its plans."""

SCENARIO_TABLES: Final = (
    InputTable("assumptions", TABLES["Assumptions"], required=False, may_be_blank=True),
    InputTable("funding", TABLES["Funding"], required=False, may_be_blank=True),
    InputTable("savings", TABLES["Savings"], required=False, may_be_blank=True),
    InputTable("phasing", TABLES["Phasing"], required=False, may_be_blank=True),
    InputTable("planned_activity", TABLES["PlannedActivity"], required=False, may_be_blank=True),
    InputTable("prevention", TABLES["Prevention"], required=False, may_be_blank=True),
    InputTable("returns", TABLES["Returns"], required=False, may_be_blank=True),
    InputTable("lags", TABLES["Lags"], required=False, may_be_blank=True),
    InputTable("correlations", TABLES["Correlations"], required=False, may_be_blank=True),
)
"""Tables a scenario may bring."""

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
}
"""By what a scenario's rows replace those of its base: all of its rows with the same key."""

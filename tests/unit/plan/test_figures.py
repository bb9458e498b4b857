"""Figures of a movement between two versions."""

import pandas as pd

from bcf_model.core.figures import Figure
from bcf_model.plan.budget_versions import PLACE
from bcf_model.plan.figures import ledger_of_movement

ONE, TWO = ("1", "ICB", "S1", "revenue"), ("2", "ICB", "S2", "revenue")
FOUND = pd.DataFrame(
    [(*ONE, "virement", 30), (*ONE, "cause not stated", -5), (*TWO, "cause not stated", None)],
    columns=[*PLACE, "cause", "amount"],
).assign(from_version="old", to_version="new")
BUDGETS = {"old": pd.Series({ONE: 100, TWO: 7}), "new": pd.Series({ONE: 125})}


def amount(column: str, *where: tuple[str, str]) -> int | None:
    chosen = tuple((key, (value,)) for key, value in where)
    return ledger_of_movement(FOUND, BUDGETS).amount(Figure(f"{column}.amount", chosen))


def test_a_change_is_what_all_causes_of_it_come_to():
    assert amount("movement", ("scheme_id", "S1")) == 25
    assert amount("movement", ("cause", "virement")) == 30
    assert amount("movement", ("scheme_id", "S2"), ("cause", "virement")) == 0


def test_what_needs_a_budget_that_is_not_stated_is_not_known():
    old, new = ("to_version", "old"), ("to_version", "new")
    assert (amount("version", old), amount("version", new)) == (107, None)
    assert amount("version", new, ("theme", "1")) == 125
    assert amount("movement", ("theme", "2")) is None and amount("movement") is None

"""The settlement: who pays and who receives, worked by hand."""

import pandas as pd

from bcf_model.core.words import MET_OUTSIDE, OUTSIDE
from bcf_model.year.settlement import contributed, settle

IN_THE_POOL = "in the pool"


def lines(*rows: tuple[str, int]) -> pd.DataFrame:
    """Lines from (organisation, variance)."""
    return pd.DataFrame(rows, columns=["organisation", "variance"])


def shares(*rows: tuple[str, str, int, str]) -> pd.DataFrame:
    """Shares from (bearer, bearer_kind, borne, held)."""
    return pd.DataFrame(rows, columns=["bearer", "bearer_kind", "borne", "held"])


COLUMNS = [
    "party", "party_kind", "contribution", "own_variance", "borne", "met_outside",
    "balancing_payment",
]  # fmt: skip


def test_each_pays_what_it_bears_in_the_pool_less_the_variance_on_its_own_lines():
    found = settle(
        lines(("ICB", 10), ("Council", -4), ("ICB", 3)),
        shares(
            ("Council", "partner", 2, IN_THE_POOL),
            ("Risk pool", "reserve", 1, IN_THE_POOL),
            ("ICB", "partner", 4, IN_THE_POOL),
            ("Council", "partner", 3, OUTSIDE),
            ("Acute", "provider", -1, OUTSIDE),  # no partner: it is not met by one
        ),
        ["ICB", "Council", "Trust"],
        {"ICB": 70, "Council": 30},
    )
    assert list(found) == COLUMNS
    assert found.to_numpy().tolist() == [
        ["ICB", "partner", 70, 13, 4, 0, -9],
        ["Council", "partner", 30, -4, 5, 3, 6],
        ["Trust", "partner", 0, 0, 0, 0, 0],
        # whoever else bears follows in the order of the shares, not of the alphabet
        ["Risk pool", "reserve", 0, 0, 1, 0, 1],
        ["Acute", "provider", 0, 0, -1, 0, -1],
        [MET_OUTSIDE, "partner", 0, 0, 0, 0, 3],
    ]
    assert found["balancing_payment"].sum() == 0


def test_where_nothing_is_met_outside_the_pool_nothing_is_said_of_it():
    found = settle(lines(("ICB", 5)), shares(("ICB", "partner", 5, IN_THE_POOL)), ["ICB"], {})
    assert found.to_numpy().tolist() == [["ICB", "partner", 0, 5, 5, 0, 0]]


def test_a_settlement_of_nobody_is_still_in_whole_pence():
    found = settle(lines(), shares(), [], {})
    types = [str(kind) for kind in found.dtypes]
    assert (len(found), types) == (0, ["str"] * 2 + ["int64"] * 5)


# ------------------------------------------------------------------ what each contributes

BUDGETS = pd.DataFrame({"organisation": ["ICB", "Council", "ICB"], "budget": [5, 7, 6]})


def contributions(*rows: tuple[str, str, int]) -> pd.DataFrame:
    """Contributions from (organisation, version, amount)."""
    return pd.DataFrame(rows, columns=["organisation", "version", "amount"])


def versions(*named: str) -> pd.DataFrame:
    return pd.DataFrame({"version": list(named)})


STATED = contributions(
    ("ICB", "revised", 60), ("ICB", "opening", 50), ("Council", "opening", 40),
    ("ICB", "opening", 2),
)  # fmt: skip


def test_the_version_the_rules_name_is_added_up_by_partner():
    found, said = contributed(STATED, versions("", "revised"), BUDGETS)
    assert found == {"ICB": 60}
    assert said == "contributions as revised in the year"


def test_the_first_version_stated_stands_where_the_rules_name_none():
    found, said = contributed(STATED, versions("", ""), BUDGETS)
    assert found == {"ICB": 52, "Council": 40}
    assert said == "contributions agreed at the start of the year"


def test_a_version_the_rules_name_that_is_not_stated_is_passed_over():
    found, _ = contributed(STATED, versions("paid"), BUDGETS)
    assert found == {"ICB": 52, "Council": 40}


def test_budgets_of_own_lines_stand_in_where_no_contributions_are_stated():
    found, said = contributed(contributions(), versions("opening"), BUDGETS)
    assert found == {"ICB": 11, "Council": 7}
    assert said.endswith("the budget of each partner's own lines stands in")

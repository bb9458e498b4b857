"""Years made ready for draws: once where only their budgets differ, each by itself elsewhere."""

from pathlib import Path

import numpy as np
import pytest

from bcf_model.plan.draws import make_ready, run_draws
from tests.longer import slow
from tests.make.small_plans import (
    FILES,
    POOL,
    SCENARIO,
    at_values,
    outcomes_of,
    pennies,
    plan,
    scenario,
)

YEARS = ("2019-20", "2020-21")
AGREED = "[agreed]\n" + "".join(f'{year} = "agreed {year}"\n' for year in YEARS)
BUDGETS = """version,financial_year,theme,organisation,scheme_id,amount
agreed 2019-20,2019-20,1,ICB,L1,1000
agreed 2019-20,2019-20,1,Council,L2,500
agreed 2020-21,2020-21,1,ICB,L1,200
agreed 2020-21,2020-21,1,Council,L2,1400
"""
RANGES = [(f"growth {code}", "demand", f"line={code}", "", 10, "percent", -40, 40, "uniform")
          for code in ("L1", "L2")]  # fmt: skip
HEADER = "rule_id,scope,direction,step,basis,bearer,share,clause"
BANDED = f"""{HEADER},band_from,band_to
R1,pool,either,1,fixed,ICB,60,7,,5%
R2,pool,either,1,fixed,Council,40,7,,5%
R3,pool,either,1,fixed,Council,100,7,5%,
"""
MEASURED = f"""{HEADER}
R1,pool,either,1,budget,ICB,,7
R2,pool,either,1,budget,Council,,7
"""
DATED = f"""{HEADER},in_force_from,in_force_to
R1,pool,either,1,fixed,ICB,60,7,,2020-03-31
R2,pool,either,1,fixed,Council,40,7,,2020-03-31
R3,pool,either,1,fixed,Council,100,7,2020-04-01,
"""
ONE_WAY = f"""{HEADER}
R1,pool,over,1,fixed,ICB,60,7
R2,pool,over,1,fixed,Council,40,7
R3,pool,under,1,own,budget holder,100,7
"""


@slow
@pytest.mark.parametrize(
    ("rules", "once"),
    [(BANDED, True), (MEASURED, False), (DATED, False), (ONE_WAY, True)],
    ids=["bands in percent of budget", "shares by budget", "other rules later", "one way"],
)
def test_each_year_is_shared_on_its_own_budgets_and_by_its_own_rules(
    tmp_path: Path, rules: str, *, once: bool
) -> None:
    settings = f'last_year = "{YEARS[-1]}"\n{AGREED}'
    chain = make_ready(plan(tmp_path, RANGES, settings, budgets=BUDGETS, rules=rules))
    first, second = (chain.shared[year].agreement for year in YEARS)
    assert (first.ruled is second.ruled) == once
    assert (first.pots.budget != second.pots.budget).any()
    values = np.array([[-40.0, -30], [-2, 7], [10, 10], [40, 40]]) * 10**6
    drawn = run_draws(chain, values)
    for k, own in enumerate(values):
        exact = at_values(chain, own)
        assert abs(drawn[:, k] - outcomes_of(exact, chain)).max() <= pennies(exact)


@slow
def test_on_a_line_that_was_agreed_and_opens_at_nil_nothing_is_spent(tmp_path: Path) -> None:
    """The plan opens with nil on L2: the £500 agreed there are an underspend in every draw."""
    opening = "before,2018-19,1,ICB,L1,1000\nbefore,2018-19,1,Council,L2,0\n"
    for name, text in (FILES | {"rules": BANDED, "budgets": BUDGETS + opening}).items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    (tmp_path / "pool.toml").write_text(POOL, encoding="utf-8")
    settings = SCENARIO.replace("year-end budget", "before")
    agreed = f'[agreed]\n{YEARS[0]} = "agreed {YEARS[0]}"\n'
    chain = make_ready(scenario(tmp_path, RANGES[:1], settings + agreed))
    assert chain.shared[YEARS[0]].at.tolist() == [0, 1]
    drawn = run_draws(chain, np.array([[0.0], [20]]) * 10**6)
    borne = drawn[(chain.outcomes["measure"] == "borne").to_numpy()]
    assert borne.sum(axis=0).tolist() == [-500_00, -300_00]

"""Draws: each is what the scenario would be, had it stated the values drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bcf_model.plan.draws import headlines, make_ready, run_draws
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import Projection, project
from tests.longer import LONG, longer, slow
from tests.make.places import INPUTS, PLAN
from tests.make.scenario_reports import projected
from tests.make.small_plans import (
    MILLIONTHS,
    at_values,
    outcomes_of,
    pennies,
    plan,
    shared_pool,
    with_ranges,
)

AGREEMENTS = INPUTS / "agreements"
MOVED = {
    "start": {
        "pay": (-3, 5), "prices": (0, 4), "growth": (0, 9), "grant ends": (0.2, 3),
        "new team": (-500, 4000), "winter": (100, 900), "known in total": (-1, 6),
        "to lines": (0, 100), "more money": (-5, 8), "one-off": (0, 700), "amber": (0, 100),
        "red": (5, 60),
    },
    "city": {"growth": (-4, 9), "less return": (0, 100)},
}  # fmt: skip


def sound(name: str) -> Projection:
    return projected(PLAN, name)


def ranged(name: str, *only: str) -> Projection:
    found = sound(name)
    some = {k: v for k, v in MOVED[name].items() if not only or k in only}
    return with_ranges(found, some)


@slow
@pytest.mark.parametrize("name", MOVED)
def test_at_the_stated_values_draws_are_the_scenario(name: str) -> None:
    found = ranged(name)
    chain = make_ready(found)
    assert set(chain.ranged["assumption"]) == set(MOVED[name])
    drawn = run_draws(chain, np.tile(chain.stated, (3, 1)))
    assert drawn.shape == (len(chain.outcomes), 3)
    assert abs(drawn - outcomes_of(found, chain)[:, None]).max() <= pennies(found)


DAILY = {"pay", "new team", "red", "more money", "less return"}
"""One of each kind: a percentage, pounds for part of a year, delivery, funding, a return."""


@slow
@longer
@pytest.mark.parametrize(
    ("name", "moved"), [(n, a) for n in MOVED for a in MOVED[n] if LONG or a in DAILY]
)
def test_each_driver_alone_is_the_scenario_with_that_value(name: str, moved: str) -> None:
    """A percentage, pounds for part of a year, what is reversed, delivery, return, funding."""
    chain = make_ready(ranged(name, moved))
    rows = len(chain.ranged)
    for end in ("low", "high"):
        values = np.tile(chain.stated, (rows, 1))
        values[np.diag_indices(rows)] = chain.ranged[end]
        drawn = run_draws(chain, values)
        for k in range(rows):
            exact = at_values(chain, values[k])
            wanted = outcomes_of(exact, chain)
            assert abs(drawn[:, k] - wanted).max() <= pennies(exact)
            stated = run_draws(chain, chain.stated[None])[:, 0]
            assert abs(drawn[:, k] - stated).max() > 100, "the range moves something"


@slow
@pytest.mark.parametrize("name", MOVED)
def test_all_at_once_are_the_scenario_with_those_values(name: str) -> None:
    chain = make_ready(ranged(name))
    low, high = (chain.ranged[end].to_numpy() for end in ("low", "high"))
    values = np.rint(low + (high - low) * np.random.default_rng(3).random((4, len(low))))
    drawn = run_draws(chain, values)
    for k in range(len(values)):
        exact = at_values(chain, values[k])
        assert abs(drawn[:, k] - outcomes_of(exact, chain)).max() <= pennies(exact)


@slow
def test_a_release_stops_where_there_is_no_budget_left() -> None:
    """At a hundred times the return, more could be taken out of acute care than it has."""
    chain = make_ready(ranged("city", "less return"))
    drawn = run_draws(chain, np.array([[100.0 * MILLIONTHS]]))
    acute = (chain.outcomes["by"] == "block") & (chain.outcomes["key"] == "acute")
    assert abs(drawn[acute.to_numpy()]).min() < 1


@slow
def test_a_drawn_release_is_shared_over_the_partners() -> None:
    chain = make_ready(ranged("city"))
    drawn = run_draws(chain, np.tile(chain.stated, (1, 1)))
    of = chain.outcomes["measure"] == "cumulative position"
    kinds = chain.outcomes[of].assign(amount=drawn[of.to_numpy(), 0])
    for _, year in kinds.groupby("financial_year"):
        own = year.set_index("key")["amount"]
        assert own["all"] == pytest.approx(own.drop("all").sum())


@slow
def test_without_ranges_there_is_nothing_to_draw() -> None:
    found = with_ranges(sound("start"), {})
    chain = make_ready(found)
    drawn = run_draws(chain, np.zeros((2, 0)))
    assert abs(drawn - outcomes_of(found, chain)[:, None]).max() <= pennies(found)


@slow
def test_a_factor_of_nil_moves_nothing() -> None:
    """Percentages that were scaled to nil stay so in every draw."""
    found = ranged("start", "pay")
    assert found.factor is not None
    nil = replace(found, factor=replace(found.factor, value=0))
    assert make_ready(nil).numbers == {
        place: driven._replace(slope=0.0) for place, driven in make_ready(found).numbers.items()
    }


@slow
def test_of_several_rows_for_a_parameter_the_last_holds_and_has_the_range(tmp_path: Path) -> None:
    savings = """programme,name,owner,beneficiary,perimeter,scope,financial_year,gross,confidence
P1,One,ICB,ICB,pool,line=L1,2019-20,100,green
P2,Two,ICB,ICB,pool,line=L2,2019-20,50,red
"""
    every = ("every", "delivery", "all", "", 50, "percent", 20, 80, "uniform")
    green = ("green", "delivery", "confidence=green", "", 90, "percent", "", "", "")
    chain = make_ready(plan(tmp_path, [every, green], savings=savings))
    drawn = run_draws(chain, np.array([[20.0], [80.0]]) * MILLIONTHS)
    # £1,500 less 90 % of £100, less 20 % or 80 % of £50
    assert drawn[0].tolist() == [1400_00, 1370_00]


@slow
def test_years_of_one_assumption_may_have_units_of_their_own(tmp_path: Path) -> None:
    rows = [
        ("team", "investment", "line=L1", "2019-20", 10, "percent", 5, 15, "uniform"),
        ("team", "investment", "line=L1", "2020-21", 2, "thousands", 1, 3, "uniform"),
        ("team", "investment", "line=L1", "2021-22", 7, "pounds", 6, 9, "uniform"),
    ]
    chain = make_ready(plan(tmp_path, rows, 'last_year = "2021-22"'))
    drawn = run_draws(chain, np.array([[15.0, 3, 9]]) * MILLIONTHS)
    total = (chain.outcomes["measure"] == "closing") & (chain.outcomes["by"] == "total")
    assert drawn[total.to_numpy(), 0].tolist() == [1650_00, 4650_00, 4659_00]


@slow
def test_funding_is_drawn(tmp_path: Path) -> None:
    """£1,000 and £3,000: an uplift of the first, and a change parted 1 to 3, both drawn."""
    funding = """organisation,funding,financial_year,recurrence,amount
ICB,minimum,2018-19,recurrent,1000
Council,additional,2018-19,recurrent,3000
Council,reserves,2020-21,non-recurrent,40
"""
    rows = [
        ("more", "uplift", "organisation=ICB", "", 2, "percent", 0, 10, "uniform"),
        ("agreed", "funding change", "all", "2019-20", 400, "pounds", 0, 800, "uniform"),
        ("less", "efficiency", "all", "2020-21", 1, "percent", 0, 10, "uniform"),
    ]
    chain = make_ready(plan(tmp_path, rows, 'last_year = "2020-21"', funding=funding))
    drawn = run_draws(chain, np.array([[10.0, 800, 10], [0, 0, 0]]) * MILLIONTHS)
    found = {
        (row.measure, row.financial_year, row.key): drawn[row.Index].round(6).tolist()
        for row in chain.outcomes.itertuples()
    }
    # 1,000 + 10 % + 200, and 3,000 + 600;
    # then 1,300 + 10 % − 10 %, 3,600 − 10 %, and 40 of reserves
    assert found["funding", "2019-20", ""] == [4900_00, 4000_00]
    assert found["funding", "2020-21", ""] == [4580_00, 4040_00]
    assert found["gap", "2020-21", ""] == [1500_00 - 4580_00, 1500_00 - 4040_00]
    assert found["gap", "2020-21", "ICB"] == [1000_00 - 1300_00, 1000_00 - 1000_00]
    assert found["gap", "2020-21", "Council"] == [500_00 - 3280_00, 500_00 - 3040_00]
    assert headlines(chain, chain.stated[None]).shape == (1,)


SHARED = [
    ("12-ordered-calls", 4),
    ("15-caps-collars-tiers", 12),
    ("25-limit-over-several-rules", 8),
]
MORE = [("12-ordered-calls", 0.5), ("07-shared-core-own-rest", 10), ("23-netted-by-partner", 10)]


@slow
@longer
@pytest.mark.parametrize(("pool", "spread"), [*SHARED, *(MORE if LONG else [])])
def test_each_draw_is_shared_as_that_outturn_would_be(
    tmp_path: Path, pool: str, spread: float
) -> None:
    """Reserves are carried from year to year; bands, caps and directions are those of the draw."""
    chain = make_ready(shared_pool(tmp_path, AGREEMENTS / pool, spread))
    low, high = (chain.ranged[end].to_numpy() for end in ("low", "high"))
    values = np.rint(low + (high - low) * np.random.default_rng(5).random((5, len(low))))
    drawn = run_draws(chain, values)
    borne = (chain.outcomes["measure"] == "borne").to_numpy()
    assert borne.any()
    for k in range(len(values)):
        exact = at_values(chain, values[k])
        assert abs(drawn[:, k] - outcomes_of(exact, chain)).max() <= pennies(exact)


@slow
def test_the_gaps_of_all_who_pay_are_the_gap_in_every_draw(tmp_path: Path) -> None:
    """Each pays what is agreed for its lines and what it bears; a reserve pays what it bears."""
    shared_pool(tmp_path, AGREEMENTS / "12-ordered-calls", 8, 2)
    (tmp_path / "scenarios" / "plan" / "funding.csv").write_text(
        "organisation,funding,financial_year,recurrence,amount\n"
        "CCG,minimum,2021-22,recurrent,900\nCouncil,base,2021-22,recurrent,70\n",
        encoding="utf-8",
    )
    chain = make_ready(project(*load_scenario(tmp_path, "plan")))
    low, high = (chain.ranged[end].to_numpy() for end in ("low", "high"))
    drawn = run_draws(chain, low + (high - low) * np.random.default_rng(7).random((9, len(low))))
    gaps = chain.outcomes[chain.outcomes["measure"] == "gap"]
    assert {"CCG", "Council", "RISK", "SPARE"} <= {*gaps["key"]}
    for _, of_year in gaps.groupby("financial_year"):
        whole = drawn[of_year.index[of_year["by"] == "total"]].sum(axis=0)
        parts = drawn[of_year.index[of_year["by"] == "partner"]].sum(axis=0)
        assert abs(whole - parts).max() <= len(chain.projection.bridge.lines) + 1
        assert np.ptp(whole) > 100


@slow
def test_a_reserve_no_rule_calls_is_not_drawn_for_another(tmp_path: Path) -> None:
    """RISK, named first, is called by no rule: what SPARE pays out is SPARE's alone."""
    shared_pool(tmp_path, AGREEMENTS / "12-ordered-calls", 8, 2)
    rules = (tmp_path / "rules.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "control_totals.csv").unlink()
    kept = [line for line in rules if ",RISK," not in line]
    (tmp_path / "rules.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    chain = make_ready(project(*load_scenario(tmp_path, "plan")))
    ready = chain.shared["2021-22"]
    assert ready.reserves.tolist() == [-1, ready.agreement.bearers.index("SPARE")]
    values = np.tile(chain.ranged["high"].to_numpy(), (1, 1))
    drawn = run_draws(chain, values)
    exact = at_values(chain, values[0])
    assert abs(drawn[:, 0] - outcomes_of(exact, chain)).max() <= pennies(exact)

"""The expressions of the bridge, evaluated row by row, are what the engine computed."""

from itertools import pairwise

import pandas as pd
import pytest

from bcf_model.expressions import Column, evaluate
from bcf_model.plan import dated, workings
from bcf_model.plan.projection import project
from bcf_model.plan.variants import without_return
from bcf_model.plan.words import OPENING
from bcf_model.tables import records
from tests.scenario_reports import MADE_UP, SHEFFIELD, shown

SCENARIOS = [
    (MADE_UP, "start"),
    (MADE_UP, "child"),
    (MADE_UP, "city"),
    (SHEFFIELD, "shift-to-prevention"),
]


@pytest.fixture(scope="module", params=SCENARIOS, ids=lambda it: it[1])
def projection(request):
    return shown(*request.param).projection


def test_every_row_of_the_walk_follows_from_the_rows_above_it(projection):
    frame = workings.by_place(projection.bridge, projection.tables["walk"])
    units = set()
    for at, row in enumerate(records(frame)):
        above = frame.iloc[:at]

        def leaf(it, row=row, above=above):
            if isinstance(it, Column):
                return getattr(row, it.name)
            chosen = above[above[it.sharing] == getattr(row, it.to or it.sharing)]
            if it.before:
                chosen = chosen[chosen[it.before] < getattr(row, it.before)]
            return int(chosen[it.name].sum())

        first_year = row.financial_year == projection.years[0]
        for column in ("base", "amount"):
            expression = workings.in_row(column, row.unit, first_year=first_year)
            if expression is not None:
                assert int(evaluate(expression, leaf)) == getattr(row, column), (at, column)
                units.add((row.unit, column))
    assert {("opening", "amount"), ("percent", "base"), ("percent", "amount")} <= units


def test_every_row_of_the_walk_knows_its_number(projection):
    walk = projection.tables["walk"].assign(
        number=workings.origins(projection.bridge, projection.tables["walk"])
    )
    causes = [*projection.rates["cause"], *projection.effects["cause"]]
    years = [*projection.rates["financial_year"], *projection.effects["financial_year"]]
    steps = [*projection.rates["step"], *projection.effects["step"]]
    numbered = walk[walk["number"] >= 0]
    for row in records(numbered):
        said = (causes[row.number], years[row.number], steps[row.number])
        assert said == (row.cause, row.financial_year, row.step)
    assert {*numbered["number"]} == {*range(len(causes))}
    assert (walk.loc[walk["number"] == workings.OPENED, "step"] == OPENING).all()
    assert (walk.loc[walk["number"] == workings.RELEASED, "step"] == "shift").all()
    released = walk.loc[walk["number"] == workings.RELEASED, "amount"].abs().sum()
    assert (released > 0) == (len(projection.tables["prevention"]) > 0)


def test_rows_of_a_line_stand_together_and_nothing_is_lost(projection):
    walk = projection.tables["walk"]
    frame = workings.by_place(projection.bridge, walk)
    places = frame["place"].tolist()
    assert len(set(places)) == 1 + sum(a != b for a, b in pairwise(places))
    for column in ("amount", "base", "whole"):
        assert sorted(frame[column]) == sorted(walk[column])


def test_what_amounts_do_year_by_year_is_what_the_engine_says(projection):
    said = projection.scenario.tables["assumptions"]
    own = dated.effects(said, projection.years)
    parts = set()
    for row in records(own):
        found = evaluate(workings.EFFECTS[row.part], lambda it, row=row: getattr(row, it.name))
        assert int(found) == row.amount
        parts.add(row.part)
    if projection.scenario.name == "start":
        assert parts == {"in the year", "rest", "reversal"}


def test_what_programmes_do_to_the_bridge_is_what_the_engine_says(projection):
    saved = projection.tables["savings"].set_index("programme", drop=False)
    effects = projection.tables["savings_effects"]
    for row in records(effects):
        programme = saved.loc[row.cause]

        def leaf(it, programme=programme):
            return programme[it.name]

        assert int(evaluate(workings.OF_PROGRAMMES[row.side, row.part], leaf)) == row.amount
        assert int(evaluate(workings.STATED_OF[row.side], leaf)) == row.stated


def test_rows_near_a_half_penny_are_counted():
    plain = {"base": 0, "rate": 0, "whole": 0, "weight": 1, "cumulative_weight": 1,
             "total_weight": 1}  # fmt: skip
    rows = [
        plain | {"base": 100, "rate": 500_001},  # 0.500001 p
        plain | {"base": 100, "rate": 500_000},  # on a half: both round it away from nil
        plain | {"base": 100, "rate": 600_000},
        plain | {"whole": 500_001, "weight": 1, "cumulative_weight": 1, "total_weight": 1_000_000},
    ]
    assert [workings.near_half(pd.DataFrame([row])) for row in rows] == [1, 0, 0, 1]


def test_without_return_only_what_comes_back_is_gone():
    one = shown(MADE_UP, "city").projection
    nothing = project(one.plan, without_return(one.scenario))
    assert one.tables["prevention"]["released"].sum() > 0
    assert nothing.tables["prevention"]["released"].sum() == 0
    assert nothing.tables["prevention"]["gross"].sum() == 0
    pd.testing.assert_series_equal(
        nothing.tables["prevention"]["invested"], one.tables["prevention"]["invested"]
    )
    added = without_return(one.scenario).tables["assumptions"]
    pd.testing.assert_frame_equal(added.iloc[:-1], one.scenario.tables["assumptions"])

"""The expressions of the bridge, evaluated row by row, are what the engine computed."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from bcf_model.core.expressions import Column, evaluate
from bcf_model.core.tables import records
from bcf_model.plan import bridge, part_year, worked_columns
from bcf_model.plan.counterfactual import without_return
from bcf_model.plan.projection import Releases, project
from bcf_model.plan.words import OPENING
from bcf_model.publish.scenario.walk_page import by_place
from tests.longer import slow
from tests.make.places import PLAN, SHEFFIELD
from tests.make.scenario_reports import shown

SCENARIOS = [
    (PLAN, "start"),
    (PLAN, "child"),
    (PLAN, "city"),
    (SHEFFIELD, "shift-to-prevention"),
]


@pytest.fixture(scope="module", params=SCENARIOS, ids=lambda it: it[1])
def projection(request):
    return shown(*request.param).projection


@slow
def test_every_row_of_the_walk_follows_from_the_rows_above_it(projection):
    walk = projection.tables["walk"].assign(number=projection.numbers)
    frame = by_place(projection.bridge, walk)
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
            expression = worked_columns.in_row(column, row.unit, first_year=first_year)
            if expression is not None:
                assert int(evaluate(expression, leaf)) == getattr(row, column), (at, column)
                units.add((row.unit, column))
    assert {("opening", "amount"), ("percent", "base"), ("percent", "amount")} <= units


@slow
def test_every_row_of_the_walk_knows_its_number(projection):
    walk = projection.tables["walk"].assign(number=projection.numbers)
    causes = [*projection.rates["cause"], *projection.effects["cause"]]
    years = [*projection.rates["financial_year"], *projection.effects["financial_year"]]
    steps = [*projection.rates["step"], *projection.effects["step"]]
    numbered = walk[walk["number"] >= 0]
    for row in records(numbered):
        said = (causes[row.number], years[row.number], steps[row.number])
        assert said == (row.cause, row.financial_year, row.step)
    assert {*numbered["number"]} == {*range(len(causes))}
    assert (walk.loc[walk["number"] == bridge.OPENED, "step"] == OPENING).all()
    assert (walk.loc[walk["number"] == bridge.RELEASED, "step"] == "shift").all()
    released = walk.loc[walk["number"] == bridge.RELEASED, "amount"].abs().sum()
    assert (released > 0) == (len(projection.tables["prevention"]) > 0)


@slow
def test_rows_of_a_line_stand_together_and_nothing_is_lost(projection):
    walk = projection.tables["walk"].assign(number=projection.numbers)
    frame = by_place(projection.bridge, walk)
    places = frame["place"].tolist()
    assert len(set(places)) == 1 + sum(a != b for a, b in pairwise(places))
    for column in ("amount", "base", "whole"):
        assert sorted(frame[column]) == sorted(walk[column])


@slow(first=1)
def test_what_amounts_do_year_by_year_is_what_the_engine_says(projection):
    said = projection.scenario.tables["assumptions"]
    own = part_year.effects(said, projection.years)
    parts = set()
    for row in records(own):
        found = evaluate(
            worked_columns.EFFECTS[row.part], lambda it, row=row: getattr(row, it.name)
        )
        assert int(found) == row.amount
        parts.add(row.part)
    if projection.scenario.name == "start":
        assert parts == {"in the year", "rest", "reversal"}


@slow(first=1)
def test_what_programmes_do_to_the_bridge_is_what_the_engine_says(projection):
    saved = projection.tables["savings"].set_index("programme", drop=False)
    effects = projection.tables["savings_effects"]
    for row in records(effects):
        programme = saved.loc[row.cause]

        def leaf(it, programme=programme):
            return programme[it.name]

        assert int(evaluate(worked_columns.OF_PROGRAMMES[row.side, row.part], leaf)) == row.amount
        assert int(evaluate(worked_columns.STATED_OF[row.side], leaf)) == row.stated


def test_rows_near_a_half_penny_are_counted():
    plain = {"base": 0, "rate": 0, "whole": 0, "weight": 1, "cumulative_weight": 1,
             "total_weight": 1}  # fmt: skip
    rows = [
        plain | {"base": 100, "rate": 500_001},  # 0.500001 p
        plain | {"base": 100, "rate": 500_000},  # on a half: both round it away from nil
        plain | {"base": 100, "rate": 600_000},
        plain | {"whole": 500_001, "weight": 1, "cumulative_weight": 1, "total_weight": 1_000_000},
    ]
    assert [worked_columns.near_half(pd.DataFrame([row])) for row in rows] == [1, 0, 0, 1]


def test_without_return_only_what_comes_back_is_gone():
    one = shown(PLAN, "city").projection
    nothing = project(one.plan, without_return(one.scenario))
    assert one.tables["prevention"]["released"].sum() > 0
    assert nothing.tables["prevention"]["released"].sum() == 0
    assert nothing.tables["prevention"]["gross"].sum() == 0
    pd.testing.assert_series_equal(
        nothing.tables["prevention"]["invested"], one.tables["prevention"]["invested"]
    )
    added = without_return(one.scenario).tables["assumptions"]
    pd.testing.assert_frame_equal(added.iloc[:-1], one.scenario.tables["assumptions"])


LINES = pd.DataFrame({"line": ["L1", "L2", "not allocated"], "opening": [300, 100, 0]}).assign(
    theme=["1", "1", ""], organisation="ICB", kind="revenue", category="", block="", prevention=""
)
YEARS = ["2019-20", "2020-21"]


def small() -> tuple[bridge.Bridge, pd.DataFrame]:
    """Walk two years of two lines: 43 not allocated, half of it parted, and 10 released on L2."""
    rates = pd.DataFrame(
        [
            ("parted", YEARS[0], "allocation", "all", 50_000_000),
            ("one", YEARS[0], "demand", "line=L1", 10_000_000),
            ("both", YEARS[1], "demand", "all", 10_000_000),
        ],
        columns=["cause", "financial_year", "step", "scope", "rate"],
    )
    effects = part_year.table(
        [("late", YEARS[0], "pressures", "not allocated", "in the year", 12, 43)]
    )
    order = ["pressures", "shift", "allocation", "demand"]
    made = bridge.prepare(LINES, rates, effects, YEARS, order)

    def further(year: str, step: str, running: np.ndarray) -> list[tuple[bridge.Entry, int]]:
        one = np.ones(1, dtype=np.int64)
        entry = bridge.Entry("released", "pounds", np.array([1]), one, bridge.RELEASED)
        return [(entry, -10)] if step == "shift" else []

    return made, bridge.walk(made, further)


def test_a_small_walk_knows_its_numbers_and_stands_by_year_and_line():
    frame = by_place(*small())
    columns = ["financial_year", "line", "step", "number", "amount", "place_before", "taken"]
    first, second = YEARS
    assert [*frame[columns].itertuples(index=False, name=None)] == [
        (first, "L1", "opening", -1, 300, "", False),
        (first, "L1", "allocation", 0, 17, "", False),
        (first, "L1", "demand", 1, 32, "", False),
        (first, "L2", "opening", -1, 100, "", False),
        (first, "L2", "shift", -2, -10, "", False),
        (first, "L2", "allocation", 0, 5, "", False),
        (first, "not allocated", "opening", -1, 0, "", False),
        (first, "not allocated", "pressures", 3, 43, "", False),
        (first, "not allocated", "allocation", 0, -22, "", True),
        (second, "L1", "opening", -1, 349, "2019-20 L1", False),
        (second, "L1", "demand", 2, 35, "2019-20 L1", False),
        (second, "L2", "opening", -1, 95, "2019-20 L2", False),
        (second, "L2", "shift", -2, -10, "2019-20 L2", False),
        (second, "L2", "demand", 2, 9, "2019-20 L2", False),
        (second, "not allocated", "opening", -1, 21, "2019-20 not allocated", False),
    ]
    assert frame["place"].tolist()[::8] == ["2019-20 L1", "2019-20 not allocated"]
    assert "line_order" not in frame.columns
    assert [*frame.index] == [*range(15)]


def test_a_release_is_laid_out_line_by_line_and_put_back_in_the_next_year():
    said = [("P", "ICB", "ICB", "line=L1+L2", year, cashable)
            for year, cashable in zip([*YEARS, "2021-22"], (100, 0, 0), strict=True)]  # fmt: skip
    names = ["programme", "payer", "beneficiary", "scope", "financial_year", "cashable"]
    found = Releases.of(pd.DataFrame(said, columns=names), LINES)
    for year, running in (
        (YEARS[0], [300, 100, 0]), (YEARS[1], [225, 75, 0]), ("2021-22", [300, 100, 0])
    ):  # fmt: skip
        found.entries(year, "shift", np.array(running))
    columns = ["financial_year", "line", "put_back", "room", "reached", "most", "level", "released",
               "so_far", "before", "change"]  # fmt: skip
    worked = found.worked(LINES)[columns]
    assert [*worked.itertuples(index=False, name=None)] == [
        (YEARS[0], "L1", 0, 300, 300, 400, 100, 75, 75, 0, -75),
        (YEARS[0], "L2", 0, 100, 400, 400, 100, 25, 25, 0, -25),
        (YEARS[1], "L1", 75, 300, 300, 400, 0, 0, 0, 75, 75),
        (YEARS[1], "L2", 25, 100, 400, 400, 0, 0, 0, 25, 25),
    ]
    assert found.levels[YEARS[0]].tolist() == [100]


def test_what_is_looked_up_or_constant_has_no_expression():
    assert worked_columns.in_row("amount", "opening", first_year=True) is None
    assert worked_columns.in_row("amount", "opening", first_year=False) is worked_columns.CARRIED
    for unit, column, expression in (
        ("percent", "base", worked_columns.BASE), ("percent", "amount", worked_columns.OF_BASE),
        ("pounds", "amount", worked_columns.PARTED), ("pounds", "base", None),
        ("opening", "base", None),
    ):  # fmt: skip
        for first_year in (True, False):
            assert worked_columns.in_row(column, unit, first_year=first_year) is expression


@pytest.mark.parametrize(
    ("base", "rate", "near"),
    [
        (1, 50_099_999, 1),
        (1, 50_100_000, 0),  # a thousandth of a penny from it
        (1, 49_900_001, 1),
        (1, 49_900_000, 0),
        (-1, 50_099_999, 1),
        (1, -50_099_999, 1),
        (3, 50_000_001, 1),
        (1, 50_000_000, 0),
    ],
)
def test_near_is_within_a_thousandth_of_a_penny(base: int, rate: int, near: int):
    row = {"base": base, "rate": rate, "whole": 0, "weight": 1, "cumulative_weight": 1,
           "total_weight": 1}  # fmt: skip
    assert worked_columns.near_half(pd.DataFrame([row])) == near


def test_what_the_lines_above_have_reached_may_be_near_a_half_penny():
    row = {"base": 0, "rate": 0, "whole": 500_001, "weight": 699_999,
           "cumulative_weight": 700_000, "total_weight": 1_000_000}  # fmt: skip
    near = [row, row, row | {"weight": 700_000}]
    assert worked_columns.near_half(pd.DataFrame(near)) == 2


@pytest.mark.parametrize(
    ("side", "part", "amount"),
    [
        ("saving", "in the year", -30),
        ("saving", "rest", -20),
        ("saving", "reversal", 31),
        ("investment", "in the year", 12),
        ("investment", "rest", 8),
        ("investment", "reversal", -13),
    ],
)
def test_a_saving_takes_off_a_cost_puts_on_and_a_reversal_undoes_it(
    side: str, part: str, amount: int
):
    row = {
        "gross": 60, "investment": 20, "adjusted_part_year": 30, "adjusted_full_year_effect": 20,
        "reversal": 31, "part_year_investment": 12, "full_year_investment": 8,
        "reversal_of_investment": 13,
    }  # fmt: skip
    found = evaluate(worked_columns.OF_PROGRAMMES[side, part], lambda it: row[it.name])
    assert int(found) == amount
    stated = evaluate(worked_columns.STATED_OF[side], lambda it: row[it.name])
    assert int(stated) == {"saving": -60, "investment": 20}[side]


@pytest.mark.parametrize(("total", "near"), [(1001, 1), (999, 1), (499, 0)])
def test_an_odd_number_of_parts_is_near_a_half_penny_at_its_middle(total: int, near: int):
    """501 ÷ 1001 is 0.5005; 500 ÷ 999 is the same; 250 ÷ 499 is 0.501, a thousandth off."""
    row = {"base": 0, "rate": 0, "whole": (total + 1) // 2, "weight": 1, "cumulative_weight": 1,
           "total_weight": total}  # fmt: skip
    assert worked_columns.near_half(pd.DataFrame([row])) == near

"""Linear programmes small enough to solve by hand."""

import numpy as np
import pytest
from highspy import HighsModelStatus

from bcf_model.audit.programme import endless, impossible, make, solve

FREE = (-np.inf, np.inf)


def programme(rows, cost, least, *, choices=False):
    """Make a programme of rows (low, high, factors by column)."""
    low, high = (np.array([row[i] for row in rows], dtype="float64") for i in (0, 1))
    factors = [list(row[2].items()) for row in rows]
    return make(factors, low, high, np.array(cost), np.array(least), choices=choices)


def test_the_least_cost_of_a_sum_with_a_least():
    # x + y ≥ 3, x ≤ 1, and y costs twice as much: x = 1, y = 2
    rows = [(3, np.inf, {0: 1.0, 1: 1.0}), (-np.inf, 1, {0: 1.0})]
    model = programme(rows, [1.0, 2.0], [0.0, 0.0])
    assert solve(model)
    assert model.getObjectiveValue() == 5
    assert list(model.getSolution().col_value) == [1, 2]


def test_what_is_not_limited_or_contradicts_itself_has_no_best_solution():
    limitless = programme([(0, np.inf, {0: 1.0})], [-1.0], [-np.inf])
    assert solve(limitless) is False
    assert (endless(limitless), impossible(limitless)) == (True, False)
    nothing = programme([(2, np.inf, {0: 1.0}), (-np.inf, 1, {0: 1.0})], [1.0], [-np.inf])
    assert solve(nothing) is False
    assert (endless(nothing), impossible(nothing)) == (False, True)


def test_a_column_has_a_least_of_its_own():
    model = programme([(*FREE, {0: 1.0})], [3.0], [-2.0])
    assert solve(model) is True
    assert model.getObjectiveValue() == -6


def test_choices_are_nought_or_one():
    # a gain for each: both are chosen, once
    model = programme([(*FREE, {0: 1.0, 1: 1.0})], [-1.0, -1.0], [0.0, 0.0], choices=True)
    assert solve(model)
    assert model.getObjectiveValue() == -2
    # 2a + 2b + 2c ≤ 3: one of them whole, not one and a half
    rows = [(-np.inf, 3, {0: 2.0, 1: 2.0, 2: 2.0})]
    model = programme(rows, [-1.0] * 3, [0.0] * 3, choices=True)
    assert solve(model)
    assert model.getObjectiveValue() == -1
    assert solve(model := programme(rows, [-1.0] * 3, [0.0] * 3))
    assert model.getObjectiveValue() == -1.5


def test_the_settings_make_every_run_alike(capfd):
    for choices, solver in ((False, "simplex"), (True, "choose")):
        model = programme([(0, 1, {0: 1.0})], [1.0], [0.0], choices=choices)
        assert model.getOptionValue("threads")[1] == 1
        assert model.getOptionValue("solver")[1] == solver
        assert model.getOptionValue("primal_feasibility_tolerance")[1] == 1e-9
        assert model.getOptionValue("dual_feasibility_tolerance")[1] == 1e-9
        assert solve(model)
    assert capfd.readouterr().out == ""


class Scripted:
    """Stands for HiGHS: what it says after each run."""

    def __init__(self, *statuses: HighsModelStatus) -> None:
        self.statuses, self.done = list(statuses), []

    def run(self) -> None:
        self.done.append("run")

    def clearSolver(self) -> None:
        self.done.append("clear")

    def setOptionValue(self, option: str, value: int) -> None:
        self.done.append(f"{option.split('_')[1]} {value}")

    def getModelStatus(self) -> HighsModelStatus:
        return self.statuses[self.done.count("run") - 1]


@pytest.mark.parametrize("unsettled", [HighsModelStatus.kUnknown, HighsModelStatus.kNotset])
def test_a_run_that_settles_nothing_begins_anew_in_one_way_after_another(unsettled):
    model = Scripted(unsettled, HighsModelStatus.kOptimal)
    assert solve(model) is True
    ways = [("strategy 1", "scale 2"), ("strategy 1", "scale 0"), ("strategy 4", "scale 0"),
            ("strategy 4", "scale 2")]  # fmt: skip
    assert model.done == ["run", "clear", *ways[0], "run", *ways[0]]
    model = Scripted(unsettled, unsettled, unsettled, HighsModelStatus.kInfeasible)
    assert solve(model) is False
    model = Scripted(*[unsettled] * 5)
    assert solve(model) is False
    again = [step for way in ways for step in ("clear", *way, "run", *ways[0])]
    assert model.done == ["run", *again]


def test_bounds_that_all_but_coincide_are_settled():
    """Two rows that differ by a ten millionth: the default way leads nowhere."""
    rows = [(0, np.inf, {0: 2060.29995, 1: 2061.29995, 2: 0.04}),
            (-np.inf, 0, {0: 2060.30005, 1: 2061.30005, 2: -0.04}),
            (1e-4, np.inf, {0: -1.0, 1: -1.0, 2: 0.04})]  # fmt: skip
    model = programme(rows, [0.0, 0.0, 1.0], [-np.inf, -np.inf, -0.001])
    assert solve(model) is True
    assert model.getObjectiveValue() == pytest.approx(-0.001)


def test_a_run_that_settles_it_is_not_repeated():
    model = Scripted(HighsModelStatus.kInfeasible)
    assert solve(model) is False
    assert model.done == ["run"]

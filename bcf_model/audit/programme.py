"""Linear programmes, as HiGHS takes them: one thread, no output, the same answer every time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray

_FEASIBLE: Final = 1e-9
_SETTLED: Final = {
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kInfeasible,
}

_AS_EVER: Final = {"simplex_strategy": 1, "simplex_scale_strategy": 2}
"""The dual simplex, with rows and columns brought to one scale."""
_OTHER_WAYS: Final = (
    _AS_EVER,
    {"simplex_strategy": 1, "simplex_scale_strategy": 0},
    {"simplex_strategy": 4, "simplex_scale_strategy": 0},
    {"simplex_strategy": 4, "simplex_scale_strategy": 2},
)
"""What is tried, each from scratch, where the first run settles nothing: scale 0 is as it stands,
strategy 4 the primal simplex."""

Floats = NDArray[np.float64]


def make(
    rows: Sequence[Sequence[tuple[int, float]]],
    low: Floats,
    high: Floats,
    cost: Floats,
    least: Floats,
    *,
    choices: bool = False,
) -> Any:
    """Make a programme that minimises a cost.

    Args:
        rows: sums of columns, as (column, factor); they lie between `low` and `high`.
        low: the least of each row, or minus infinity.
        high: the most of each row, or infinity.
        cost: of each column.
        least: the least each column may be.
        choices: the columns are 0 or 1.
    """
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(cost), len(rows)
    programme.col_cost_ = cost
    programme.col_lower_ = least
    programme.col_upper_ = np.full(len(cost), 1.0 if choices else np.inf)
    programme.row_lower_, programme.row_upper_ = low, high
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.cumsum([0, *map(len, rows)], dtype="int32")
    programme.a_matrix_.index_ = np.array([c for row in rows for c, _ in row], dtype="int32")
    programme.a_matrix_.value_ = np.array([v for row in rows for _, v in row], dtype="float64")
    if choices:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("solver", "choose" if choices else "simplex"),
        ("primal_feasibility_tolerance", _FEASIBLE),
        ("dual_feasibility_tolerance", _FEASIBLE),
        # The presolve may say of a programme that it is endless or impossible, and no more.
        ("presolve", "choose" if choices else "off"),
    ):
        model.setOptionValue(option, value)
    model.passModel(programme)
    return model


def solve(model: Any) -> bool:
    """Solve a programme, from scratch where what is known from the last time leads nowhere.

    Returns:
        Whether there is a best solution.
    """
    model.run()
    for way in _OTHER_WAYS:
        if model.getModelStatus() in _SETTLED:
            break
        model.clearSolver()
        _set(model, way)
        model.run()
        _set(model, _AS_EVER)
    return bool(model.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def _set(model: Any, options: Mapping[str, int]) -> None:
    for option, value in options.items():
        model.setOptionValue(option, value)


def endless(model: Any) -> bool:
    """Return whether nothing limits the cost of a programme that was solved."""
    return bool(model.getModelStatus() == highspy.HighsModelStatus.kUnbounded)


def impossible(model: Any) -> bool:
    """Return whether a programme that was solved has no solution."""
    return bool(model.getModelStatus() == highspy.HighsModelStatus.kInfeasible)

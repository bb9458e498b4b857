"""An amount parted over lines: to the penny, in their order."""

import numpy as np
import pytest

from bcf_model.plan.apportion import parted, weights_of


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        (100, [1, 1, 1], [33, 34, 33]),  # reached: 33.3, 66.7, 100
        (-100, [1, 1, 1], [-33, -34, -33]),
        (1, [1, 1], [1, 0]),  # half a penny goes away from nil
        (7, [0, 2, 0, 5], [0, 2, 0, 5]),
        (0, [0, 0], [0, 0]),
        (0, [3, 4], [0, 0]),
        (5, [1], [5]),
    ],
)
def test_parts_sum_to_the_amount(whole: int, weights: list[int], parts: list[int]) -> None:
    found = parted(whole, np.array(weights, dtype=np.int64))
    assert found.tolist() == parts
    assert found.dtype == np.int64


@pytest.mark.parametrize("whole", [1, -1])
def test_an_amount_with_nothing_to_part_it_by_is_a_fault(whole: int) -> None:
    with pytest.raises(ValueError, match="lines that have nothing"):
        parted(whole, np.zeros(2, dtype=np.int64))


@pytest.mark.parametrize(
    ("chosen", "weights"),
    [
        ([0], [1]),
        ([2], [1]),  # of one line, whatever it has
        ([0, 1], [2, 3]),  # 20 to 30
        ([1, 0], [3, 2]),
        ([0, 2], [1, 0]),  # what is below nil takes nothing
        ([2, 3], [0, 0]),
        ([0, 4], [20, 1]),
    ],
)
def test_weights_are_openings_above_nil_in_their_lowest_terms(
    chosen: list[int], weights: list[int]
) -> None:
    found = weights_of(np.array([20, 30, -5, 0, 1]), np.array(chosen))
    assert found.tolist() == weights
    assert found.dtype == np.int64

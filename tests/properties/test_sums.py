"""Sums by keys are what pandas gives for the same keys, to the penny."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.core import sums
from tests.longer import slow

WORDS = ["", "A", "B", "a.b", "Ünit", "9"]
AMOUNTS = st.one_of(st.integers(-(10**6), 10**6), st.integers(-(2**55), 2**55))


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Frames of two or three keys, categories or plain text, and two amounts."""
    rows = draw(st.integers(0, 30))

    def key() -> pd.Series:
        words = draw(st.lists(st.sampled_from(WORDS), min_size=rows, max_size=rows))
        if draw(st.booleans()):
            return pd.Series(pd.Categorical(words, categories=WORDS, ordered=draw(st.booleans())))
        return pd.Series(words, dtype="str")

    amounts = st.lists(AMOUNTS, min_size=rows, max_size=rows)
    return pd.DataFrame(
        {
            "year": key(),
            "theme": key(),
            "kind": key(),
            "budget": pd.Series(draw(amounts), dtype="int64"),
            "spent": pd.Series(draw(amounts), dtype="int64"),
        }
    )


@slow
@given(frames(), st.sampled_from([["year"], ["year", "theme"], ["kind", "year", "theme"]]))
def test_sums_are_those_of_pandas(frame: pd.DataFrame, by: list[str]) -> None:
    got = sums.add_up(frame, by, ["budget", "spent"])
    expected = frame.groupby(by, observed=True)[["budget", "spent"]].sum().reset_index()
    # Plain text stands in the order it first occurs; pandas sorts it.
    order = ["kind", "year", "theme"]
    got, expected = (f.sort_values([k for k in order if k in by]) for f in (got, expected))
    pd.testing.assert_frame_equal(
        got.reset_index(drop=True), expected.reset_index(drop=True), check_dtype=len(frame) > 0
    )


@slow
@given(frames())
def test_every_row_is_in_the_group_of_its_keys(frame: pd.DataFrame) -> None:
    found, of_row = sums.grouped(frame, ["theme", "kind"])
    assert not found.duplicated().any()
    again = found.iloc[of_row].reset_index(drop=True)
    assert (again.astype(str) == frame[["theme", "kind"]].astype(str)).all(axis=None)


@pytest.mark.parametrize("size", [10, 3_000])
def test_many_combinations_are_added_up_as_well(size: int) -> None:
    """3,000 × 3,000 combinations of which a few occur."""
    names = pd.CategoricalDtype([f"c{i}" for i in range(size)])
    frame = pd.DataFrame(
        {
            "a": pd.Categorical.from_codes([0, size - 1, 0], dtype=names),
            "b": pd.Categorical.from_codes([size - 1, 0, size - 1], dtype=names),
            "pence": np.array([1, 20, 300], dtype="int64"),
        }
    )
    assert sums.add_up(frame, ["a", "b"], ["pence"])["pence"].tolist() == [301, 20]


def test_blank_keys_are_kept_apart_not_lost() -> None:
    frame = pd.DataFrame(
        {"theme": pd.Categorical(["1", None, "1"]), "pence": np.array([1, 20, 300], dtype="int64")}
    )
    assert sums.add_up(frame, ["theme"], ["pence"])["pence"].tolist() == [301, 20]


def test_beyond_the_exact_whole_numbers_of_a_float() -> None:
    amounts = np.array([2**60, 1, -(2**60), 1], dtype="int64")
    groups = np.array([0, 0, 0, 1])
    assert sums.total(amounts, groups, 2).tolist() == [1, 1]

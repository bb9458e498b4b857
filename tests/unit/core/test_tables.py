"""A table is given back as it is, or refused; what a file says is refused cell by cell."""

import pandas as pd
import pytest
from pandera.config import config_context

from bcf_model.core.errors import NotAsDescribed
from bcf_model.core.money import LARGEST_PENCE
from bcf_model.core.tables import (
    INPUT_TABLES,
    NOTHING,
    OUTPUT_TABLES,
    REACH,
    Lines,
    Problem,
    Rules,
    Schemes,
    Table,
    each,
    records,
    rows_of_each,
    typed,
)
from tests.longer import LONG, longer
from tests.make.places import AGREEMENTS, SHEFFIELD
from tests.make.shipped import results_of

MODELS = [
    Lines,
    *dict.fromkeys([*(table.model for table in INPUT_TABLES), *OUTPUT_TABLES.values()]),
]
WRONG = {"gt": 0, "ge": -1, "le": 10**6}


def rows_of(model: Table) -> pd.DataFrame:
    """Make two rows that are as described."""
    frame = {}
    for it in model.fields:
        if it.words is not None and it.form != "money":
            cells = [next(iter(it.words))] * 2
        elif it.type in ("int64", "float64", "Int64"):
            cells = [1, 2]
        else:
            cells = ["a", "b"]
        frame[it.name] = pd.Series(cells, dtype=it.type)
    return pd.DataFrame(frame)


@longer
@pytest.mark.parametrize("model", MODELS if LONG else MODELS[::4], ids=lambda model: model.name)
def test_what_is_not_as_described_is_refused(model: Table) -> None:
    sound = rows_of(model)
    assert model.validate(sound) is sound, "without a copy"
    defects = [sound.assign(more=1), sound.iloc[:, 1:]]
    for it in model.fields:
        defects.append(sound.assign(**{it.name: pd.Series([True, False])}))
        if not it.nullable and it.type != "int64":
            blank = sound[it.name].copy()
            blank[1] = None
            defects.append(sound.assign(**{it.name: blank}))
        if it.unique:
            defects.append(sound.assign(**{it.name: sound[it.name].iloc[0]}))
        listed = it.words is not None and it.form != "money"
        for bad in [*(WRONG[name] for name in it.bounds), *["no such word"] * listed]:
            wrong = sound[it.name].astype("object").copy()
            wrong[1] = bad
            if it.type != "Int64":  # it holds no text
                wrong = wrong.astype(it.type)
            defects.append(sound.assign(**{it.name: wrong}))
    for defect in defects:
        with pytest.raises(NotAsDescribed):
            model.validate(defect)


def test_a_table_without_rows_has_its_columns_and_types() -> None:
    empty = Rules.without_rows()
    assert Rules.validate(empty) is empty
    assert Rules.validate(empty) is empty, "again, from what is known"
    for defect in (empty.iloc[:, 1:], empty.assign(step=empty["rule_id"])):
        with config_context(validation_enabled=False):
            Rules.validate(defect)
        with pytest.raises(NotAsDescribed, match="the table Rules is not as described"):
            Rules.validate(defect)


def test_cells_of_a_file_are_refused_each_for_what_it_fails() -> None:
    cells = {
        "scheme_id": ["S1", "S1", None, None, Problem("BCF210")],
        "kind": ["revenue", "captial", "revenue", "capital", "revenue"],
        "budget": [1, LARGEST_PENCE + 1, Problem("BCF202"), NOTHING, -LARGEST_PENCE],
    }
    expected = {
        *[("scheme_id", 1, "unique"), ("scheme_id", 2, "blank"), ("scheme_id", 3, "blank")],
        *[("scheme_id", 4, "form"), ("kind", 1, "words")],
        *[("budget", 1, "reach"), ("budget", 2, "form")],
    }
    failures = [tuple(it) for it in Schemes.failures(cells)]
    assert {*failures} == expected and len(failures) == len(expected)
    step = {"step": [0, 1, 10**9]}
    beyond = {("step", 0, "bounds"), ("step", 2, "bounds"), ("step", 2, "reach")}
    assert {*Rules.failures(step)} == beyond
    with config_context(validation_enabled=False):
        assert not Schemes.failures(cells) and not Rules.failures(step)


def test_what_a_form_reaches_is_what_the_program_counts_with() -> None:
    assert REACH["money"] == (-LARGEST_PENCE, LARGEST_PENCE)
    assert REACH["pounds"] == (0, LARGEST_PENCE)
    assert REACH["share"] == REACH["percent"] == (0, 100 * 10**6)


@pytest.mark.parametrize("pool", [SHEFFIELD, AGREEMENTS[14]], ids=lambda path: path.name)
def test_tables_that_leave_the_pipeline_are_as_described(pool) -> None:
    results = results_of(pool)
    for name, model in OUTPUT_TABLES.items():
        frame = results.outputs[name]
        assert model.validate(frame) is frame, name
        model.schema.validate(frame)


def test_rows_are_those_of_pandas() -> None:
    frame = results_of(SHEFFIELD).inputs.schemes
    rows = list(records(frame))
    assert rows == list(frame.itertuples(index=False))
    assert [*map(type, rows[0])] == [*map(type, next(frame.itertuples(index=False)))]
    assert list(records(frame.iloc[:0])) == []


def test_rows_stand_with_those_of_the_same_values_in_the_order_of_the_first() -> None:
    frame = pd.DataFrame({"a": ["y", "x", "y"], "b": ["1", "1", "1"], "c": [1, 2, 3]})
    found = {values: own["c"].tolist() for values, own in rows_of_each(frame, "a", "b")}
    assert [*found.items()] == [(("y", "1"), [1, 3]), (("x", "1"), [2])]
    assert [*rows_of_each(frame.iloc[:0], "a")] == []


def test_columns_are_typed_as_pandas_types_them() -> None:
    kinds = {"b": "str", "a": "int64", "c": "float64", "d": "Int64", "e": "str"}
    frame = pd.DataFrame(
        {
            "a": [1.0, 2.0],
            "b": pd.Categorical(["x", "y"]),
            "c": [3, 4],
            "d": [5.0, float("nan")],
            "e": ["", "z"],
            "more": 0,
        },
        index=[7, 3],
    )
    pd.testing.assert_frame_equal(typed(frame, kinds), frame[[*kinds]].astype(kinds))
    pd.testing.assert_frame_equal(
        typed(frame.head(0), kinds), frame.head(0)[[*kinds]].astype(kinds)
    )


def test_what_stands_in_columns_is_given_once_in_the_order_of_rows() -> None:
    frame = pd.DataFrame({"year": ["2", "1", "2"], "of": ["b", "a", "b"], "more": [1, 2, 3]})
    assert each(frame, "year", "of") == [("2", "b"), ("1", "a")]
    assert each(frame.head(0), "year") == []

"""A table is given back as it is, or refused: whatever pandera would refuse of it."""

import pandas as pd
import pandera.pandas as pa
import pytest

from bcf_model.core.tables import INPUT_TABLES, OUTPUT_TABLES, Lines, Table, records, typed
from tests.longer import LONG, longer
from tests.make.places import AGREEMENTS, SHEFFIELD
from tests.make.shipped import results_of

MODELS = [
    Lines,
    *dict.fromkeys([*(table.model for table in INPUT_TABLES), *OUTPUT_TABLES.values()]),
]
WRONG = {
    "isin": ("no such word", "allowed_values"),
    "greater_than": (0, "min_value"),
    "greater_than_or_equal_to": (-1, "min_value"),
    "less_than_or_equal_to": (10**6, "max_value"),
}


def rows_of(model: Table) -> pd.DataFrame:
    """Make two rows that are as described."""
    frame = {}
    for name, column in model.schema.columns.items():
        said = {check.name: check.statistics for check in column.checks}
        if "isin" in said:
            cells = [said["isin"]["allowed_values"][0]] * 2
        elif model.types[name] in ("int64", "float64", "Int64"):
            cells = [1, 2]
        else:
            cells = ["a", "b"]
        frame[name] = pd.Series(cells, dtype=model.types[name])
    return pd.DataFrame(frame)


@longer
@pytest.mark.parametrize("model", MODELS if LONG else MODELS[::4], ids=lambda model: model.name)
def test_what_is_not_as_described_is_refused(model: Table) -> None:
    sound = rows_of(model)
    assert model.validate(sound) is sound, "without a copy: pandera was not asked"
    defects = [sound.assign(more=1), sound.iloc[:, 1:]]
    for name, column in model.schema.columns.items():
        defects.append(sound.assign(**{name: pd.Series([True, False])}))
        if not column.nullable and model.types[name] != "int64":
            blank = sound[name].copy()
            blank[1] = None
            defects.append(sound.assign(**{name: blank}))
        if column.unique:
            defects.append(sound.assign(**{name: sound[name].iloc[0]}))
        for check in column.checks:
            wrong = sound[name].astype("object").copy()
            wrong[1] = WRONG[check.name][0]
            if model.types[name] != "Int64":  # it holds no text
                wrong = wrong.astype(model.types[name])
            defects.append(sound.assign(**{name: wrong}))
    for defect in defects:
        with pytest.raises((pa.errors.SchemaError, pa.errors.SchemaErrors)):
            model.validate(defect)


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

from decimal import Decimal

import pandas as pd

from bcf_model.core.sums import add_up, by_key, of_decimals, of_each


def test_what_each_key_adds_up_to_is_found_again_for_any_keys():
    sums = by_key(pd.Series(["b", "a", "b"]), pd.Series([1, 20, 300]))
    assert of_each(pd.Series(["a", "c", "b", "a"]), sums).tolist() == [20, 0, 301, 20]
    assert of_each(pd.Series(["a"]), {}).tolist() == [0]


def test_of_no_rows_the_columns_are_left_with_their_types():
    frame = pd.DataFrame({"key": pd.Categorical([], categories=["a"]), "pence": [0][:0]})
    found = add_up(frame.astype({"pence": "int64"}), ["key"], ["pence"])
    assert found.dtypes.astype("str").tolist() == ["category", "int64"]
    assert found.empty


def test_decimals_are_added_up_exactly_however_long():
    assert str(of_decimals([Decimal("1.50"), Decimal("2")])) == "3.50"
    assert of_decimals([Decimal(10) ** 40, Decimal("0.01"), -(Decimal(10) ** 40)]) == Decimal(
        "0.01"
    )
    assert of_decimals([]) == 0

"""Figures of tables that are written."""

import pandas as pd

from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import ComparisonOut

ROWS = pd.DataFrame(
    {"agreement": ["a", "a", "b", "b"], "party": ["X", "Y", "X", "Y"], "borne": [1, 20, 300, None]}
).astype({"borne": "Int64"})
FIGURES = Ledger.over({"compared": ROWS}, {"compared": ComparisonOut})


def borne(**where: str) -> int | None:
    chosen = tuple((key, (value,)) for key, value in where.items())
    return FIGURES.amount(Figure("compared.borne", chosen))


def test_a_column_of_money_is_added_up_over_the_rows_of_some_texts():
    assert (borne(agreement="a"), borne(party="X"), borne(agreement="a", party="Y")) == (
        21,
        301,
        20,
    )


def test_what_a_blank_is_part_of_is_not_known():
    assert (borne(agreement="b"), borne(party="Y"), borne()) == (None, None, None)
    assert borne(agreement="b", party="X") == 300

"""What a caller is given: pounds, in frames of his own."""

import pandas as pd
import pytest

from bcf_model.core.errors import BcfError
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import OUTPUT_TABLES
from bcf_model.year.results import Results

RISK_SHARE = pd.DataFrame(
    {
        "financial_year": ["2018-19", "2018-19"],
        "part": "",
        "scope": "pool",
        "category": "A",
        "step": [1, 2],
        "bearer": ["CCG", "SCC"],
        "borne": [123_456, -5],
        "share_note": "",
    }
)


@pytest.fixture
def results() -> Results:
    return Results(
        inputs=None,
        figures=Ledger({}),
        outputs={"risk_share": RISK_SHARE.copy()},
        commentary=pd.DataFrame(),
        volunteered=pd.DataFrame(),
        groups=("A",),
        checks=(),
        near_half=pd.DataFrame(),
        limited={},
    )


def test_money_is_in_pounds_and_nothing_else_is_changed(results):
    frame = results.frame("risk_share")
    assert frame["borne"].tolist() == [1234.56, -0.05]
    assert frame["step"].tolist() == [1, 2]
    assert list(frame) == list(OUTPUT_TABLES["risk_share"].types)


def test_every_call_gives_a_new_frame(results):
    first = results.frame("risk_share")
    first["borne"] = 0.0
    first.loc[0, "scope"] = "changed"
    again = results.frame("risk_share")
    assert again["borne"].tolist() == [1234.56, -0.05]
    assert again["scope"].tolist() == ["pool", "pool"]
    pd.testing.assert_frame_equal(results.outputs["risk_share"], RISK_SHARE)


def test_a_table_that_does_not_exist_is_said_to_be_so(results):
    with pytest.raises(BcfError) as problem:
        results.frame("riskshare")
    assert str(problem.value) == "there is no table 'riskshare'; there are risk_share"

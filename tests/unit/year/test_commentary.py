"""Which variances need a reason."""

import numpy as np
import pandas as pd
import pytest

from bcf_model.year.commentary import needed, volunteered

BY_SCHEME = pd.DataFrame(
    {
        "scheme_id": ["S1", "S2", "S3", "S4", "S5", "S6"],
        "variance": [10_000, -10_001, 20_000, 50_000, -20_000, 0],
        "variance_percent": [5.0, -5.0, 4.9, np.nan, 10.0, 0.0],
    }
)
REASONS = pd.DataFrame(
    {
        "scheme_id": ["S5", "S1"],
        "reason": ["Fewer beds", "Pay"],
        "owner": ["A. Nother", "B"],
        "action": ["Close the ward", ""],
    }
)

SAID = ["reason", "action", "owner"]


@pytest.mark.parametrize(
    ("over_pounds", "over_percent", "expected"),
    [
        # £100 is not above £100; £100.01 under is; of two of £200 the first in the report is first
        (100, 0.0, ["S4", "S3", "S5", "S2"]),
        (99, 0.0, ["S4", "S3", "S5", "S2", "S1"]),
        # 5 % is not above 5 %, either way; without a percentage pounds alone decide
        (0, 5.0, ["S4", "S5"]),
        (0, 4.95, ["S4", "S5", "S2", "S1"]),
        (0, 0.0, ["S4", "S3", "S5", "S2", "S1"]),  # a variance of nil needs no reason
        (500, 0.0, []),
        (499, 100.0, ["S4"]),
    ],
)
def test_both_thresholds_must_be_passed(over_pounds, over_percent, expected):
    found = needed(BY_SCHEME, REASONS, over_pounds, over_percent)
    assert found["scheme_id"].tolist() == expected


def test_the_reason_stands_beside_its_line_or_is_blank():
    found = needed(BY_SCHEME, REASONS, 100, 0).set_index("scheme_id")
    assert found.loc["S5", SAID].tolist() == ["Fewer beds", "Close the ward", "A. Nother"]
    assert found.loc["S4", SAID].tolist() == ["", "", ""]
    assert list(found.columns) == ["variance", "variance_percent", "reason", "action", "owner"]


def test_equal_variances_keep_the_order_of_the_report():
    names = [f"S{i}" for i in range(500)]
    sizes = [100 + i % 2 for i in range(500)]
    found = needed(
        pd.DataFrame({"scheme_id": names, "variance": sizes, "variance_percent": 1.0}),
        REASONS,
        over_pounds=0,
        over_percent=0,
    )
    assert found["scheme_id"].tolist() == names[1::2] + names[::2]


def test_a_line_may_have_an_owner_of_its_own():
    """A column of the same name on the lines is not that of the commentary."""
    lines = BY_SCHEME.assign(owner="of the line", reason="its own")
    found = needed(lines, REASONS, 100, 0).set_index("scheme_id")
    assert found.loc[["S5", "S4"], "owner"].tolist() == ["A. Nother", ""]
    others = volunteered(lines, REASONS, found.reset_index())
    assert others[["scheme_id", "reason", "owner"]].to_numpy().tolist() == [["S1", "Pay", "B"]]


def test_a_reason_nobody_asked_for_is_kept():
    lines = pd.DataFrame(
        {"scheme_id": ["S1", "S2", "S3"], "pooling": ["pooled", "pooled", "aligned"]}
    )
    reasons = pd.DataFrame(
        {
            "scheme_id": ["S3", "S1"],
            "reason": ["Beside the pool", "Winter"],
            "action": ["", ""],
            "owner": ["", "CFO"],
        }
    )
    found = volunteered(lines, reasons, asked_for=pd.DataFrame({"scheme_id": ["S1"]}))
    assert found[["scheme_id", "reason", "owner"]].to_numpy().tolist() == [
        ["S3", "Beside the pool", ""]
    ]

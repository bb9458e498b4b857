"""What a scenario makes each partner bear, and what no rule can share."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from bcf_model.check import load
from bcf_model.plan.sharing import shared

POOL = load(Path(__file__).resolve().parents[1] / "broken" / "plan")
AGAINST = pd.DataFrame(
    [
        ("2019-20", "S1", "1", "ICB", "S1", 100, 107),
        ("2019-20", "S3", "2", "ICB", "S3", 100, 400),
        ("2019-20", "theme 2", "2", "not stated", "", 0, 11),
    ],
    columns=[
        "financial_year", "line", "theme", "organisation", "scheme_id", "budget", "expenditure",
    ],
).assign(variance=lambda frame: frame["expenditure"] - frame["budget"])  # fmt: skip


def borne(**of_s3: str) -> dict[str, int]:
    schemes = POOL.schemes.copy()
    for name, word in of_s3.items():
        schemes.loc[schemes["scheme_id"] == "S3", name] = word
    found = shared(replace(POOL, schemes=schemes), AGAINST)
    return dict(zip(found["bearer"], found["borne"].tolist(), strict=True))


def test_each_line_is_borne_by_the_rules_of_its_category() -> None:
    """S1 by its holder; of 300 on S3 a third by the ICB; no rule for what has no scheme."""
    assert borne() == {"ICB": 107, "Council": 200, "not shared": 11}


def test_what_is_not_pooled_is_shared_by_nobody() -> None:
    assert borne(pooling="aligned") == {"ICB": 7, "Council": 0, "not shared": 311}


def test_what_has_no_category_is_shared_by_nobody() -> None:
    assert borne(category="not stated") == {"ICB": 7, "Council": 0, "not shared": 311}

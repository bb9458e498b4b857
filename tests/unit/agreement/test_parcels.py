"""Parcels: lines less what was attributed, and attributed amounts, each under its scope."""

import numpy as np
import pandas as pd

from bcf_model.agreement.parcels import Parcels, Terms, parcels_of
from tests.make.small_tables import YEAR, lines_of, rules_of

CODES = {
    "organisation": ["ICB", "Council"],
    "category": ["A", "B", "not stated"],
    "kind": ["revenue", "capital"],
    "theme": ["1", "2"],
    "grant": ["iBCF", "none"],  # not in the order in which they are told
}


def lines(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    """Lines from (theme, category, grant, variance), with budgets of 10, 20, 30, …"""
    frame = pd.DataFrame(rows, columns=["theme", "category", "grant", "variance"])
    frame["scheme_id"] = [f"L{i}" for i in range(1, len(frame) + 1)]
    frame["budget"] = np.arange(1, len(frame) + 1) * 10
    frame = frame.assign(
        financial_year="2019-20", organisation="ICB", kind="revenue", pooling="pooled"
    )
    for name, codes in CODES.items():
        frame[name] = pd.Categorical(frame[name], codes, ordered=True)
    return lines_of(frame)


LINES = lines(
    ("1", "A", "none", 9), ("2", "B", "none", 4), ("2", "A", "iBCF", -5),
    ("1", "not stated", "none", 0),
)  # fmt: skip


def parcels(rules: dict[str, str], *causes: tuple[str, str, int]) -> Parcels:
    """Parcels of LINES; rules from scope to netting, causes as (line, cause, amount)."""
    frame = pd.DataFrame({
        "scope": list(rules), "netting": list(rules.values()), "basis": "fixed", "bearer": "ICB",
        "rule_id": [f"R{i}" for i, _ in enumerate(rules, 1)], "direction": "either", "step": 1,
        "share": 100, "clause": "7",
    })  # fmt: skip
    attributed = pd.DataFrame(causes, columns=["scheme_id", "cause", "amount"])
    return parcels_of(LINES, Terms(rules_of(frame), causes=attributed), YEAR)


def named(found: Parcels, column: str) -> list[str]:
    return found.frame[column].astype("str").tolist()


def test_what_is_attributed_stands_apart_from_what_is_left_of_its_line():
    found = parcels(
        {"pool": "theme", "category=A/cause=price+demand": "line"},
        ("L3", "price", -7),
        ("L1", "demand", 2),
        ("L2", "price", 1),  # of a line the second scope does not cover: no scope has it
        ("L1", "weather", 3),  # of a cause no scope names
    )
    # left of the lines: 9 − 2 − 3, 4 − 1 and −5 + 7; a category not stated is no parcel
    assert found.amount.tolist() == [4, 3, 2, -7, 2]
    assert found.line.tolist() == [0, 1, 2, 2, 0]
    assert found.cause.tolist() == [-1, -1, -1, 0, 1]
    assert found.budget.tolist() == [10, 20, 30, 0, 0]
    assert named(found, "cause") == ["none", "none", "none", "price", "demand"]
    assert named(found, "scope") == ["pool"] * 3 + ["category=A/cause=price+demand"] * 2
    # by theme in the pool; by line, of which the third is number 2, in the other
    assert found.frame["unit"].tolist() == [0, 1, 1, 2, 0]
    assert named(found, "theme") == ["1", "2", "2", "2", "1"]
    assert found.frame.index.tolist() == [0, 1, 2, 3, 4]
    codes = ["kind", "grant", "organisation", "lead", "theme", "category"]
    assert list(found.frame) == [*YEAR, *codes, "scope", "cause", "unit"]
    assert [one.name for one in found.scopes] == ["pool", "category=A/cause=price+demand"]


def test_none_is_the_first_cause_and_the_first_grant_and_the_rest_by_name():
    found = parcels({"pool": "scope", "cause=price+demand": "scope"}, *[
        ("L1", "price", 1), ("L1", "demand", 1),
    ])  # fmt: skip
    assert found.frame["cause"].cat.categories.tolist() == ["none", "demand", "price"]
    assert found.frame["grant"].cat.categories.tolist() == ["none", "iBCF"]


def test_a_line_no_scope_covers_is_no_parcel():
    found = parcels({"category=B": "scope"})
    assert (found.line.tolist(), found.amount.tolist(), found.cause.tolist()) == ([1], [4], [-1])
    assert (named(found, "theme"), found.frame.index.tolist()) == (["2"], [0])


def test_nothing_covered_gives_no_parcels():
    found = parcels({"category=B/theme=1": "scope"})
    assert (len(found.frame), found.amount.tolist(), found.budget.tolist()) == (0, [], [])

"""Which lines a scope of a plan selects."""

import pandas as pd
import pytest

from bcf_model.core.errors import UnknownScope
from bcf_model.plan.scopes import FUNDING_KEYS, keys_of, matches, parse

LINES = pd.DataFrame(
    {
        "line": ["S1", "S2", "theme 2", "not allocated"],
        "theme": ["1", "1", "2", ""],
        "organisation": ["ICB", "Council", "not stated", "not stated"],
        "category": ["A", "B", "", ""],
        "kind": ["revenue", "capital", "revenue", "revenue"],
        "block": "",
        "prevention": "",
    }
)


@pytest.mark.parametrize(
    ("scope", "selected"),
    [
        ("all", "111"),
        ("not allocated", "0001"),
        ("theme=1", "11"),
        ("theme=1+2", "111"),
        ("theme=1/organisation=Council", "01"),
        ("theme = 1 / kind = revenue", "1"),
        ("organisation=not stated", "001"),
        ("kind=revenue", "101"),
        ("line=S2+theme 2", "011"),
        ("line=not allocated", "0"),
        ("theme=9", "0"),
    ],
)
def test_lines(scope: str, selected: str) -> None:
    wanted = [sign == "1" for sign in selected.ljust(4, "0")]
    assert matches(scope, LINES).tolist() == wanted


@pytest.mark.parametrize(
    "scope", ["", "theme", "theme=", "theme=1+", "team=1", "theme=1/theme=2", "all/theme=1", "pool"]
)
def test_what_cannot_be_read(scope: str) -> None:
    with pytest.raises(UnknownScope):
        parse(scope)


def test_funding_and_parameters_have_keys_of_their_own() -> None:
    funding = pd.DataFrame({"organisation": ["ICB", "Council"], "funding": ["minimum", "minimum"]})
    assert matches("organisation=ICB/funding=minimum", funding, FUNDING_KEYS).tolist() == [
        True,
        False,
    ]
    assert matches("all", funding, FUNDING_KEYS).tolist() == [True, True]
    assert keys_of("uplift") == FUNDING_KEYS
    assert keys_of("delivery") == ("confidence",)
    assert keys_of("return") == ("programme",)
    assert keys_of("discount") == ()
    with pytest.raises(UnknownScope):
        parse("theme=1", keys_of("discount"))
    with pytest.raises(UnknownScope):
        matches("not allocated", funding, FUNDING_KEYS)


def test_what_cannot_be_read_is_told_what_can() -> None:
    with pytest.raises(UnknownScope, match=r"^all, confidence=, each once, joined by /$"):
        parse("team=1", keys_of("delivery"))
    with pytest.raises(UnknownScope, match=r"^all$"):
        parse("team=1", keys_of("discount"))
    with pytest.raises(UnknownScope, match=r"^a value after theme=, several joined by \+$"):
        parse("theme=")

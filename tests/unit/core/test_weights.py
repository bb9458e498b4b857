"""Who is weighed by what: units, contributions that count, and budgets that are left out."""

from typing import Any, NamedTuple

import pandas as pd
import pytest

from bcf_model.core.weights import NO_LINE, NOT_MEASURED, Weights, unit_names, units


class Rule(NamedTuple):
    basis: str
    scope: str = "pool"
    netting: str = "scope"
    measured_over: str = ""
    version: str = ""
    without: str = ""


LINES = pd.DataFrame(
    [
        ("1", "A", "CCG", "CCG", "revenue", "none", 100),
        ("2", "A", "SCC", "CCG", "revenue", "iBCF", 20),
        ("3", "B", "SCC", "SCC", "capital", "none", 3),
        ("4", "not stated", "SCC", "SCC", "revenue", "none", 5000),
    ],
    columns=["scheme_id", "category", "organisation", "lead", "kind", "grant", "budget"],
).assign(theme="T", pooling="pooled", terms="", transfer_to="", budget_step=1)
CONTRIBUTIONS = pd.DataFrame(
    [
        ("CCG", "opening", "pool", "core", 7),
        ("SCC", "opening", "category=A", "grant", 5),
        ("SCC", "opening", "category=B", "core", 2),
        ("SCC", "revised", "category=B", "core", 9),
        ("SCC", "opening", "theme=T/category=B/organisation=CCG", "core", 4),
    ],
    columns=["organisation", "version", "to", "funding", "amount"],
)


def weighed(rule: Rule) -> list[tuple[str, int, int]]:
    of = Weights(LINES, CONTRIBUTIONS).of(rule)
    return [(whose, int(u), int(pence)) for whose, u, _, pence in zip(*of, strict=True)]


def test_a_line_without_a_category_is_in_no_unit() -> None:
    of = Weights(LINES, CONTRIBUTIONS).units(Rule("budget", netting="line"))
    assert of.tolist() == [0, 1, 2, NOT_MEASURED]


def test_what_is_measured_over_a_scope_is_one_unit() -> None:
    rule = Rule("budget", scope="category=A", netting="line", measured_over="category=A+B")
    assert Weights(LINES, CONTRIBUTIONS).units(rule).tolist() == [0, 0, 0, NOT_MEASURED]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("budget"), [("CCG", 0, 100), ("SCC", 0, 20), ("SCC", 0, 3)]),
        (Rule("commissioned"), [("CCG", 0, 100), ("CCG", 0, 20), ("SCC", 0, 3)]),
        (Rule("budget", without="grants"), [("CCG", 0, 100), ("SCC", 0, 3)]),
        (Rule("budget", without="capital"), [("CCG", 0, 100), ("SCC", 0, 20)]),
        (Rule("budget", without="grants and capital"), [("CCG", 0, 100)]),
        (
            Rule("contribution", version="opening"),
            [("CCG", 0, 7), ("SCC", 0, 5), ("SCC", 0, 2)],
        ),
        (Rule("contribution", version="opening", without="grants"), [("CCG", 0, 7), ("SCC", 0, 2)]),
        (
            Rule("contribution", netting="category", version="opening"),
            [("SCC", 0, 5), ("SCC", 1, 2)],
        ),
    ],
)
def test_what_weighs(rule: Rule, expected: list[tuple[str, int, int]]) -> None:
    assert weighed(rule) == expected


def test_a_contribution_for_no_line_is_in_no_unit() -> None:
    first, last = Weights(LINES, CONTRIBUTIONS).spread(Rule("contribution", netting="category"))
    assert (first.tolist(), last.tolist()) == ([0, 0, 1, 1, NO_LINE], [1, 0, 1, 1, NO_LINE])


def test_a_budget_that_is_not_stated_is_unclear_and_a_nil_one_of_nobody_is_not() -> None:
    lines: Any = LINES.assign(budget_step=[0, 1, 1, 1], budget=[0, 0, 3, 1])
    lines["organisation"] = ["CCG", "not stated", "not stated", "SCC"]
    weights = Weights(lines, CONTRIBUTIONS)
    assert weights.unclear(Rule("budget")).tolist() == [True, False, True, False]
    assert not weights.unclear(Rule("contribution")).any()


def test_units_have_names_in_the_order_of_their_numbers() -> None:
    assert units(LINES, "category").tolist() == [0, 0, 1, 2]
    assert unit_names(LINES, "category") == ["A", "B", "not stated"]
    assert (units(LINES, "scope").tolist(), unit_names(LINES, "scope")) == ([0] * 4, [""])


def test_a_budget_that_weighs_nothing_leaves_nothing_unclear() -> None:
    lines = LINES.assign(budget_step=[1, 0, 0, 1])  # of the grant and the capital line
    weights = Weights(lines, CONTRIBUTIONS)
    assert weights.unclear(Rule("budget")).tolist() == [False, True, True, False]
    assert weights.unclear(Rule("budget", without="capital")).tolist() == [
        False,
        True,
        False,
        False,
    ]
    assert not weights.unclear(Rule("budget", without="grants and capital")).any()

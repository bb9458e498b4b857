"""The rules read into calls: which rows, in which order, over which lines, with which weights."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from bcf_model.agreement.call_parts import Edge
from bcf_model.agreement.rules import Scope, edge, in_force, scopes
from bcf_model.core.tables import Contributions
from bcf_model.core.weights import units
from tests.make.small_tables import lines_of, rules_of

CODES = {
    "organisation": ["ICB", "Council"],
    "category": ["A", "B", "not stated"],
    "kind": ["revenue", "capital"],
    "theme": ["1", "2", "3"],
    "lead": ["ICB", "Council"],
}


def lines(*rows: tuple, **said: Any) -> pd.DataFrame:
    """Lines from (organisation, theme, category, budget)."""
    frame = pd.DataFrame(rows, columns=["organisation", "theme", "category", "budget"])
    frame["scheme_id"] = [f"L{i}" for i in range(1, len(frame) + 1)]
    plain = {"kind": "revenue", "pooling": "pooled", "variance": 0, "lead": frame["organisation"]}
    frame = frame.assign(**plain | said)
    for name, codes in CODES.items():
        frame[name] = pd.Categorical(frame[name], codes, ordered=True)
    return lines_of(frame)


LINES = lines(("ICB", "1", "A", 60), ("Council", "2", "A", 40), ("Council", "3", "B", 500))


def rules(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rules of the pool, in fixed shares and either way unless a row says otherwise."""
    plain = {"scope": "pool", "direction": "either", "step": 1, "basis": "fixed", "bearer": "ICB"}
    frame = pd.DataFrame([plain | {"rule_id": f"R{i}"} | row for i, row in enumerate(rows, 1)])
    columns = ["band_from", "band_to", "limit", "version", "measured_over", "without"]
    return rules_of(frame.fillna(dict.fromkeys([c for c in columns if c in frame], "")))


def contributions(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    """Contributions from (organisation, version, to, funding, amount)."""
    columns = ["organisation", "version", "to", "funding", "amount"]
    return pd.DataFrame(rows, columns=columns)


def read(
    agreement: pd.DataFrame, given: pd.DataFrame | None = None, of: pd.DataFrame = LINES
) -> list[Scope]:
    return scopes(
        of, agreement, Contributions.without_rows() if given is None else given, ["risk pool"]
    )


def weights(scope: Scope) -> list[Any]:
    """The weights of the first call: numbers, or a list for the netting units."""
    return [np.asarray(bearer.weight).tolist() for bearer in scope.calls["over"][0].bearers]


# ------------------------------------------------------------------ rows in force


def test_only_rows_that_hold_all_year_are_in_force():
    table = rules(
        {"in_force_from": "2019-10-01", "in_force_to": ""},
        {"in_force_from": "2018-04-01", "in_force_to": "2021-03-31"},
        {"in_force_from": "", "in_force_to": "2020-03-30"},
        {"in_force_from": "", "in_force_to": ""},
    )
    found = in_force(table, "2019-20")
    assert found["rule_id"].tolist() == ["R2", "R4"]
    assert found.index.tolist() == [0, 1]  # numbered anew
    assert list(found) == list(table)


# ------------------------------------------------------------------ scopes


def test_a_scope_says_which_lines_it_covers_and_what_is_netted():
    first, second = read(
        rules(
            {"scope": "category=A", "netting": "theme"},
            {"scope": "category=B/cause=price+demand", "netting": "scope"},
            {"scope": "category=A", "netting": "theme", "step": 2},
        )
    )
    assert (first.name, first.netting, first.first, first.causes) == (
        "category=A", "theme", "R1", ("none",),
    )  # fmt: skip
    assert first.lines.tolist() == [True, True, False]
    assert first.unit.tolist() == [0, 1, -1]
    assert (second.first, second.causes) == ("R2", ("demand", "price"))
    assert second.unit.tolist() == [-1, -1, 0]
    assert [call.step for call in first.calls["over"]] == [1, 2]
    assert [bearer.rule for call in first.calls["over"] for bearer in call.bearers] == [0, 2]


def test_each_direction_has_its_own_rows_and_what_parts_its_pots():
    (found,) = read(
        rules(
            {"direction": "over", "basis": "lead", "bearer": "lead commissioner"},
            {"direction": "under", "step": 2},
            {"direction": "either", "step": 3, "basis": "own", "bearer": "budget holder"},
        )
    )
    assert {way: [call.step for call in calls] for way, calls in found.calls.items()} == {
        "over": [1, 3], "under": [2, 3],
    }  # fmt: skip
    assert found.parted_by == {"over": "organisation", "under": "organisation"}
    each_way = rules({"direction": "over", "basis": "lead"}, {"direction": "under"})
    assert read(each_way)[0].parted_by == {"over": "lead", "under": ""}


def test_where_all_rows_hold_either_way_the_calls_of_both_ways_are_the_same():
    (found,) = read(rules({}, {"bearer": "Council"}))
    assert found.calls["over"] is found.calls["under"]
    assert found.parted_by == {"over": "", "under": ""}


def test_netting_units_are_numbered_in_declared_order():
    table = lines(("Council", "3", "B", 1), ("ICB", "1", "A", 1), ("Council", "1", "A", 1))
    found = {
        netting: units(table, netting).tolist()
        for netting in ("scope", "theme", "category", "holder", "line")
    }
    assert found == {
        "scope": [0, 0, 0], "theme": [2, 0, 0], "category": [1, 0, 0], "holder": [1, 0, 1],
        "line": [0, 1, 2],
    }  # fmt: skip


# ------------------------------------------------------------------ calls in order


def test_calls_stand_by_step_and_then_by_where_the_band_begins():
    (found,) = read(
        rules(
            {"step": 2},
            {"band_from": "£10"},
            {"band_from": "£9", "band_to": "£10"},
            {"band_to": "£9"},
        )
    )
    told = [(call.step, call.floor, call.ceiling) for call in found.calls["over"]]
    assert told == [
        (1, None, Edge(pence=900)),
        (1, Edge(pence=900), Edge(pence=1000)),
        (1, Edge(pence=1000), None),
        (2, None, None),
    ]


def test_bands_in_percent_stand_by_where_they_begin():
    (found,) = read(rules({"band_from": "10%"}, {"band_from": "9.5%", "band_to": "10%"}))
    assert [call.floor for call in found.calls["over"]] == [
        Edge(millionths=9_500_000), Edge(millionths=10_000_000),
    ]  # fmt: skip


def test_bands_that_begin_alike_stand_in_the_order_of_their_rows():
    (found,) = read(rules({"band_to": "£9"}, {"band_to": "£10"}, {"band_from": "£0"}))
    ends = [call.ceiling for call in found.calls["over"]]
    assert ends == [Edge(pence=900), Edge(pence=1000), None]


def test_a_blank_is_no_edge():
    assert (edge(""), edge("£5"), edge("5%")) == (None, Edge(pence=500), Edge(millionths=5_000_000))


# ------------------------------------------------------------------ bearers


def test_a_bearer_has_its_limit_and_the_number_of_its_reserve():
    (found,) = read(
        rules(
            {"bearer": "risk pool", "share": 30 * 10**6},
            {"bearer": "ICB", "share": 70 * 10**6, "limit": "£5"},
        )
    )
    (call,) = found.calls["over"]
    assert [(b.reserve, b.weight, b.limit, b.own_limit) for b in call.bearers] == [
        (0, 3, None, None), (-1, 7, Edge(pence=500), None),
    ]  # fmt: skip
    assert not call.offset


def test_a_role_has_the_whole_weight_without_a_percentage():
    own, offset = read(
        rules(
            {"scope": "category=A", "basis": "own", "bearer": "budget holder", "share": 0},
            {"scope": "category=B", "basis": "offset", "bearer": "rest of the scope", "share": 0},
        )
    )
    assert (weights(own), weights(offset)) == ([1], [1])
    assert [scope.calls["over"][0].offset for scope in (own, offset)] == [False, True]


# ------------------------------------------------------------------ weights that are measured

BY_BUDGET = [{"basis": "budget", "bearer": "ICB"}, {"basis": "budget", "bearer": "Council"}]
BY_CONTRIBUTION = [
    {"basis": "contribution", "bearer": name, "version": "opening"} for name in ("ICB", "Council")
]


def every(rows: list[dict[str, Any]], **said: Any) -> pd.DataFrame:
    return rules(*(row | said for row in rows))


def test_budgets_are_measured_over_the_lines_of_the_scope():
    assert weights(read(every(BY_BUDGET, scope="category=A"))[0]) == [3, 2]  # 60 to 40
    assert weights(read(every(BY_BUDGET))[0]) == [1, 9]  # 60 to 540
    (found,) = read(every(BY_BUDGET, scope="category=A", measured_over="theme=1+3"))
    assert weights(found) == [3, 25]  # 60 to 500


def test_budgets_are_measured_in_each_netting_unit():
    table = lines(
        ("ICB", "1", "A", 60), ("Council", "1", "A", 40), ("Council", "2", "A", 7),
        ("ICB", "3", "B", 1),
    )  # fmt: skip
    (found,) = read(every(BY_BUDGET, scope="category=A", netting="theme"), of=table)
    assert weights(found) == [[3, 0], [2, 1]]


def test_commissioned_budgets_are_those_of_the_lead():
    table = lines(("ICB", "1", "A", 60), ("ICB", "2", "A", 40), lead=["ICB", "Council"])
    rows = [row | {"basis": "commissioned"} for row in BY_BUDGET]
    assert weights(read(every(rows), of=table)[0]) == [3, 2]
    assert weights(read(every(BY_BUDGET), of=table)[0]) == [1, 0]


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ("", [107, 130]),
        ("grants", [7, 30]),
        ("capital", [5, 6]),  # 100 to 120
        ("grants and capital", [0, 1]),  # nil to 20
    ],
)
def test_grants_and_capital_are_left_out_of_budgets(without, expected):
    table = lines(
        ("ICB", "1", "A", 100), ("Council", "1", "A", 100), ("ICB", "1", "A", 7),
        ("Council", "1", "A", 10), ("Council", "1", "A", 20),
        grant=["iBCF", "iBCF", "none", "none", "none"],
        kind=["revenue", "revenue", "capital", "capital", "revenue"],
    )  # fmt: skip
    assert weights(read(every(BY_BUDGET, without=without), of=table)[0]) == expected


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ("", [111, 23]),
        ("grants", [11, 3]),
        ("capital", [101, 23]),
        ("grants and capital", [1, 3]),
    ],
)
def test_grants_and_capital_are_left_out_of_contributions(without, expected):
    given = contributions(
        ("ICB", "opening", "pool", "core", 1),
        ("ICB", "opening", "pool", "capital", 10),
        ("ICB", "opening", "pool", "grant", 100),
        ("Council", "opening", "pool", "core", 3),
        ("Council", "opening", "pool", "grant", 20),
        ("Council", "revised", "pool", "core", 777),  # another version
        ("Trust", "opening", "pool", "core", 888),  # bears nothing here
    )
    assert weights(read(every(BY_CONTRIBUTION, without=without), given)[0]) == expected


def test_a_contribution_belongs_to_the_unit_that_holds_all_its_lines():
    given = contributions(
        ("ICB", "opening", "theme=1", "core", 2),
        ("Council", "opening", "theme=1", "core", 3),
        ("Council", "opening", "theme=2", "core", 5),
        ("Council", "opening", "pool", "core", 100),  # for lines of several units
        ("Council", "opening", "theme=3", "core", 1000),  # for lines outside the scope
    )
    (found,) = read(every(BY_CONTRIBUTION, scope="category=A", netting="theme"), given)
    assert weights(found) == [[2, 0], [3, 1]]
    (found,) = read(every(BY_CONTRIBUTION, scope="category=A", measured_over="theme=3"), given)
    assert weights(found) == [0, 1]


def test_a_limit_of_what_a_bearer_contributes():
    given = contributions(
        ("ICB", "opening", "pool", "core", 40), ("Council", "opening", "pool", "core", 60)
    )
    (found,) = read(every(BY_CONTRIBUTION, limit="contribution"), given)
    (call,) = found.calls["over"]
    told = [(b.weight, b.limit, b.own_limit) for b in call.bearers]
    assert told == [(2, None, 40), (3, None, 60)]  # pence, not reduced


def test_a_limit_of_what_a_bearer_contributes_to_each_netting_unit():
    given = contributions(
        ("ICB", "opening", "theme=1", "core", 40), ("ICB", "opening", "theme=2", "core", 8)
    )
    (found,) = read(
        every(BY_CONTRIBUTION[:1], scope="category=A", netting="theme", limit="contribution"), given
    )
    (bearer,) = found.calls["over"][0].bearers
    assert (bearer.weight, bearer.own_limit.tolist()) == (1, [40, 8])


def test_an_agreement_is_read_where_no_line_is_in_its_scope():
    assert weights(read(every(BY_BUDGET, scope="category=B/theme=1"))[0]) == [0, 0]
    nobody = LINES.iloc[:0]
    assert weights(read(every(BY_BUDGET), of=nobody)[0]) == [0, 0]

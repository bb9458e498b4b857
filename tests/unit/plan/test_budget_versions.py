"""The lines a plan opens with, and what moved between two versions."""

from datetime import date

import pandas as pd
import pytest

from bcf_model.core.basis import standing
from bcf_model.core.figures import Figure
from bcf_model.plan.budget_versions import (
    Versions,
    budgets_by_place,
    movement,
    not_given,
    opening_lines,
    own_frame,
    version_names,
)
from bcf_model.plan.figures import ledger_of_movement

SCHEMES = pd.DataFrame(
    [
        ("S1", "1", "ICB", "Nursing", "A", "revenue", "pooled", 300, 330),
        ("S2", "1", "Council", "Carers", "B", "revenue", "pooled", 100, 90),
        ("S3", "2", "Council", "Home care", "B", "revenue", "pooled", -50, -40),
        ("S4", "2", "Council", "Adaptations", "B", "capital", "pooled", 70, 70),
        ("S5", "2", "Council", "Public health", "B", "revenue", "aligned", 999, 999),
    ],
    columns=[
        "scheme_id", "theme", "organisation", "scheme", "category", "kind", "pooling", "budget",
        "expenditure",
    ],
).assign(prevention="")  # fmt: skip
BUDGETS = pd.DataFrame(
    [
        ("before", "2018-19", "1", "not stated", "", "revenue", 400),
        ("before", "2018-19", "2", "not stated", "", "revenue", -50),
        ("before", "2018-19", "2", "not stated", "", "capital", 70),
        ("after", "2019-20", "1", "not stated", "", "revenue", 402),
        ("after", "2019-20", "2", "not stated", "", "capital", 90),
        ("fine", "2019-20", "1", "not stated", "S1", "revenue", 310),
        ("fine", "2019-20", "1", "Council", "", "revenue", 95),
    ],
    columns=[
        "version", "financial_year", "theme", "organisation", "scheme_id", "kind", "amount",
    ],
)  # fmt: skip
VIREMENTS = pd.DataFrame(
    [
        ("before", "after", "virement", "1", "not stated", "", "revenue", -10),
        ("before", "after", "virement", "2", "not stated", "", "capital", 10),
        ("before", "after", "new grant", "2", "not stated", "", "capital", 4),
        ("before", "fine", "virement", "1", "not stated", "", "revenue", 77),
    ],
    columns=[
        "from_version", "to_version", "cause", "theme", "organisation", "scheme_id", "kind",
        "amount",
    ],
)  # fmt: skip
FRAMES = {
    "schemes": SCHEMES,
    "own": own_frame(standing("outturn", date(2019, 3, 31), "2018-19")),
    "budgets": BUDGETS,
    "virements": VIREMENTS,
    "themes": pd.DataFrame({"theme": ["1", "2"], "name": ["Staying well", "Coming home"]}),
    "blocks": pd.DataFrame(
        {
            "block": ["acute", "prevention"],
            "name": ["Acute care", "Prevention"],
            "prevention": ["treatment", "primary"],
            "share": [97_000_000, 3_000_000],
        }
    ),
    "perimeters": pd.DataFrame({"perimeter": ["city"], "amount": [1_01]}),
}
VERSIONS = Versions(FRAMES)


def opened(version: str, split: str = "") -> dict[str, int]:
    lines = opening_lines(VERSIONS, version, split)
    return dict(zip(lines["line"], lines["opening"].tolist(), strict=True))


def test_the_schemes_own_columns_are_versions() -> None:
    budget = {"S1": 300, "S2": 100, "S3": -50, "S4": 70, "not allocated": 0}
    assert opened("year-end budget") == budget
    assert opened("outturn") == {"S1": 330, "S2": 90, "S3": -40, "S4": 70, "not allocated": 0}


def test_a_version_by_theme_has_a_line_for_each() -> None:
    assert opened("after") == {"theme 1": 402, "theme 2 capital": 90, "not allocated": 0}


def test_two_kinds_of_one_theme_are_two_lines() -> None:
    assert opened("before") == {
        "theme 1": 400, "theme 2": -50, "theme 2 capital": 70, "not allocated": 0,
    }  # fmt: skip


def test_a_version_may_name_schemes_and_holders() -> None:
    assert opened("fine") == {"S1": 310, "theme 1 Council": 95, "not allocated": 0}


def test_the_code_of_a_line_is_the_same_in_every_version() -> None:
    """Lines of two versions are compared by it: capital is not met by revenue."""
    assert {*opened("after")} & {*opened("before")} == {
        "theme 1", "theme 2 capital", "not allocated",
    }  # fmt: skip


def test_a_line_of_a_scheme_is_held_by_the_schemes_holder() -> None:
    lines = opening_lines(VERSIONS, "fine")
    assert lines["organisation"].tolist() == ["ICB", "Council", "not stated"]


def test_blocks_are_parts_of_the_citys_spending() -> None:
    assert opened("blocks") == {"acute": 98, "prevention": 3, "not allocated": 0}
    lines = opening_lines(VERSIONS, "blocks")
    assert lines["prevention"].tolist() == ["treatment", "primary", ""]


def test_a_theme_is_split_by_what_its_schemes_have() -> None:
    """402 as 300 to 100: 301.5 and 100.5, a half going away from nil; capital to capital."""
    assert opened("after", "year-end budget") == {
        "S1": 302, "S2": 100, "S4": 90, "not allocated": 0,
    }  # fmt: skip
    lines = opening_lines(VERSIONS, "after", "year-end budget")
    assert lines["organisation"].tolist() == ["ICB", "Council", "Council", "not stated"]


def test_what_has_nothing_to_be_split_by_keeps_its_line() -> None:
    """Revenue of theme 2 is below nil in the version it would be split by."""
    found = opened("before", "year-end budget")
    assert found == {"S1": 300, "S2": 100, "theme 2": -50, "S4": 70, "not allocated": 0}


def test_only_schemes_take_part_in_a_split() -> None:
    """What the version it is split by states by theme is not of a scheme."""
    assert opened("after", "fine") == {"S1": 402, "theme 2 capital": 90, "not allocated": 0}


def test_a_holder_named_is_split_over_its_own_schemes() -> None:
    assert opened("fine", "year-end budget") == {"S1": 310, "S2": 95, "not allocated": 0}


def moved(earlier: str, later: str) -> list[tuple[str, str, str, int]]:
    found = movement(VERSIONS, earlier, later)
    columns = ["theme", "kind", "cause", "amount"]
    return list(found[columns].itertuples(index=False, name=None))


def test_what_virements_do_not_explain_has_a_row_also_when_nil() -> None:
    assert moved("before", "after") == [
        ("1", "revenue", "virement", -10),
        ("1", "revenue", "cause not stated", 12),
        ("2", "revenue", "cause not stated", 50),
        ("2", "capital", "virement", 10),
        ("2", "capital", "new grant", 4),
        ("2", "capital", "cause not stated", 6),
    ]


def test_virements_between_other_versions_do_not_count() -> None:
    assert moved("after", "before") == [
        ("1", "revenue", "cause not stated", -2),
        ("2", "capital", "cause not stated", -20),
        ("2", "revenue", "cause not stated", -50),
    ]


@pytest.mark.parametrize("pair", [("before", "after"), ("outturn", "before"), ("after", "outturn")])
def test_a_movement_adds_up_to_the_difference(pair: tuple[str, str]) -> None:
    earlier, later = pair
    difference = sum(opened(later).values()) - sum(opened(earlier).values())
    assert movement(VERSIONS, earlier, later)["amount"].sum() == difference


def test_schemes_are_compared_one_by_one_where_both_name_them() -> None:
    found = movement(VERSIONS, "year-end budget", "outturn")
    assert dict(zip(found["scheme_id"], found["amount"].tolist(), strict=True)) == {
        "S1": 30, "S2": -10, "S3": 10, "S4": 0,
    }  # fmt: skip


def test_versions_are_the_pools_own_and_those_stated() -> None:
    stated = ["before", "after", "fine"]
    assert version_names(VERSIONS) == ["year-end budget", "outturn", "blocks", *stated]
    without = Versions(FRAMES | {"blocks": FRAMES["blocks"].head(0)})
    assert version_names(without) == ["year-end budget", "outturn", *stated]


def test_a_line_has_what_its_version_and_its_scheme_say() -> None:
    lines = opening_lines(VERSIONS, "fine")
    assert [*lines.index] == [0, 1, 2]
    columns = ["line", "name", "theme", "organisation", "scheme_id", "category", "kind", "opening"]
    assert lines[columns].to_numpy().tolist() == [
        ["S1", "Nursing", "1", "ICB", "S1", "A", "revenue", 310],
        ["theme 1 Council", "Staying well", "1", "Council", "", "", "revenue", 95],
        ["not allocated", "Not allocated to a line", "", "not stated", "", "", "revenue", 0],
    ]
    assert not lines[["block", "prevention"]].to_numpy().any()


def test_two_versions_are_added_up_by_what_both_tell_apart() -> None:
    """One of them has a row without a scheme, and both name every holder."""
    found = budgets_by_place(VERSIONS, "fine", "year-end budget")
    assert {name: [*sums.items()] for name, sums in found.items()} == {
        "fine": [(("1", "ICB", "", "revenue"), 310), (("1", "Council", "", "revenue"), 95)],
        "year-end budget": [
            (("1", "ICB", "", "revenue"), 300), (("1", "Council", "", "revenue"), 100),
            (("2", "Council", "", "revenue"), -50), (("2", "Council", "", "capital"), 70),
        ],
    }  # fmt: skip
    blurred = budgets_by_place(VERSIONS, "outturn", "after")["outturn"]
    assert blurred.to_dict() == {
        ("1", "not stated", "", "revenue"): 420, ("2", "not stated", "", "revenue"): -40,
        ("2", "not stated", "", "capital"): 70,
    }  # fmt: skip


def test_what_moved_stands_in_the_order_of_both_versions() -> None:
    """Places of the first as they stand in it, then those that only the second has."""
    found = movement(VERSIONS, "fine", "year-end budget")
    columns = ["theme", "organisation", "kind", "amount"]
    amounts = [int(amount) if pd.notna(amount) else None for amount in found["amount"]]
    assert found[columns].assign(amount=pd.Series(amounts, dtype=object)).to_numpy().tolist() == [
        ["1", "ICB", "revenue", -10],
        ["1", "Council", "revenue", 5],
        ["2", "Council", "revenue", None],  # of theme 2 the first states nothing: that is not nil
        ["2", "Council", "capital", None],
    ]


def test_a_virement_of_what_neither_version_states_is_shown_and_nothing_is_added_up() -> None:
    """Of theme 3 neither states anything; of theme 1 both do, so that no capital there is nil."""
    columns = [*VIREMENTS.columns]
    rows = [
        ("before", "after", "virement", "3", "not stated", "", "revenue", -7),
        ("before", "after", "virement", "1", "not stated", "", "capital", 7),
    ]
    more = pd.concat([VIREMENTS, pd.DataFrame(rows, columns=columns)], ignore_index=True)
    versions = Versions(FRAMES | {"virements": more})
    found = movement(versions, "before", "after")
    own = found[(found["theme"] == "3") | (found["kind"] == "capital")]
    amounts = own["amount"].astype(object).where(own["amount"].notna(), None)
    assert [*zip(own["theme"], own["cause"], amounts, strict=True)] == [
        ("2", "virement", 10), ("2", "new grant", 4), ("2", "cause not stated", 6),
        ("3", "virement", -7), ("3", "cause not stated", None),
        ("1", "virement", 7), ("1", "cause not stated", -7),
    ]  # fmt: skip
    budgets = budgets_by_place(versions, "before", "after")
    assert not_given(found, budgets) == {"before": ["theme 3"], "after": ["theme 3"]}
    assert ledger_of_movement(found, budgets).amount(Figure("movement.amount", ())) is None


def test_nothing_moves_between_versions_that_have_nothing() -> None:
    assert movement(VERSIONS, "not there", "nor there").empty

"""Who bears what: tables small enough for paper, one rule at a time."""

import pandas as pd
import pytest

from bcf_model.agreement.working_paper import by_scope, groups, near_half
from bcf_model.core.ledger import cover_of
from tests.make.small_tables import share

PARTNERS = ["CCG", "SCC", "Trust"]
CATEGORIES = pd.DataFrame({"category": ["A", "B", "C"], "summary_group": ["", "", ""]})


def lines(*rows: tuple) -> pd.DataFrame:
    """Lines from (organisation, category, kind, variance[, pooling])."""
    frame = pd.DataFrame(
        [(row if len(row) > 4 else (*row, "pooled")) for row in rows],
        columns=["organisation", "category", "kind", "variance", "pooling"],
    )
    frame["financial_year"] = "2018-19"
    frame["theme"] = [str(i % 2 + 1) for i in range(len(frame))]
    frame["scheme_id"] = [f"S{i}" for i in range(1, len(frame) + 1)]
    declared = {
        "organisation": PARTNERS,
        "category": ["A", "B", "C", "not stated"],
        "kind": ["revenue", "capital"],
    }
    for name, codes in declared.items():
        frame[name] = pd.Categorical(frame[name], codes, ordered=True)
    return frame


def rules(*rows: tuple) -> pd.DataFrame:
    """Rules from (scope, direction, basis, bearer, percentage[, step])."""
    frame = pd.DataFrame(
        [(row if len(row) > 5 else (*row, 1)) for row in rows],
        columns=["scope", "direction", "basis", "bearer", "share", "step"],
    )
    frame["share"] = (frame["share"] * 10**6).astype("int64")
    names = [f"R{i}" for i in range(1, len(frame) + 1)]
    return frame.assign(rule_id=names, clause=[f"c{n}" for n in names], source="", note="")


OWN = ("pool", "either", "own", "budget holder", 100)


def borne(found: pd.DataFrame) -> list[tuple]:
    """The shares as (kind, bearer, borne)."""
    return list(zip(found["kind"], found["bearer"], found["borne"], strict=True))


# ------------------------------------------------------------------ scopes


def test_each_line_knows_the_scope_it_falls_under():
    table = lines(
        ("CCG", "A", "revenue", 1),
        ("CCG", "B", "capital", 1),
        ("CCG", "C", "revenue", 1),
        ("CCG", "A", "revenue", 1, "aligned"),
        ("CCG", "not stated", "revenue", 0),
    )
    agreement = rules(
        ("category=A+B", "either", "own", "budget holder", 100),
        ("category=C/kind=revenue", "either", "own", "budget holder", 100),
    )
    expected = ["category=A+B", "category=A+B", "category=C/kind=revenue", "", ""]
    covered = cover_of(table)
    for scope in agreement["scope"]:
        assert covered(scope).tolist() == [name == scope for name in expected]
    assert covered("pool").tolist() == [True, True, True, False, False]


# ------------------------------------------------------------------ the bases


def test_own_each_holder_bears_its_own_net_variance():
    table = lines(
        ("SCC", "A", "revenue", 10),
        ("CCG", "A", "revenue", 5),
        ("SCC", "B", "revenue", -3),
        ("SCC", "A", "capital", -8),
    )
    found, pots = share(table, rules(OWN))
    # SCC nets 10 − 3 of revenue; its capital stands alone; partners in declared order
    assert borne(found) == [("revenue", "CCG", 5), ("revenue", "SCC", 7), ("capital", "SCC", -8)]
    assert found["holder"].tolist() == ["CCG", "SCC", "SCC"]
    assert found["category"].tolist() == ["A", "A+B", "A"]
    assert pots.tolist() == [found["pot"][i] for i in (1, 0, 1, 2)]
    assert found["pot"].is_unique


def test_fixed_the_net_variance_of_the_scope_is_split_in_the_stated_order():
    table = lines(("CCG", "C", "revenue", 100), ("SCC", "C", "revenue", -95))
    found, pots = share(
        table,
        rules(
            ("category=C", "either", "fixed", "SCC", 50),
            ("category=C", "either", "fixed", "CCG", 50),
        ),
    )
    # Net 5: SCC is named first and bears 2.5 → 3; CCG what is left.
    assert borne(found) == [("revenue", "SCC", 3), ("revenue", "CCG", 2)]
    assert found["weight"].tolist() == [1, 1]  # 50:50 told as 1:1
    assert found["cumulative_weight"].tolist() == [1, 2]
    assert found["total_weight"].tolist() == [2, 2]
    assert found["position"].tolist() == [1, 2]
    assert found["holder"].tolist() == ["", ""]
    assert found["variance"].tolist() == [5, 5]
    assert found["clause"].tolist() == ["cR1", "cR2"]
    assert set(pots) == {found["pot"][0]}


def test_thirds_and_a_partner_who_bears_nothing():
    agreement = rules(
        ("pool", "either", "fixed", "CCG", 33.333333),
        ("pool", "either", "fixed", "SCC", 0),
        ("pool", "either", "fixed", "Trust", 66.666667),
    )
    # −10 × 33.333333 % = −3.3333333 → −3; the rest −7
    found, _ = share(lines(("CCG", "A", "revenue", -10)), agreement)
    assert borne(found) == [("revenue", "CCG", -3), ("revenue", "SCC", 0), ("revenue", "Trust", -7)]


# ------------------------------------------------------------------ directions

EACH_WAY = rules(
    ("category=A", "over", "fixed", "SCC", 100, 2),
    ("category=A", "under", "own", "budget holder", 100),
)


@pytest.mark.parametrize(
    ("ccg", "scc", "expected"),
    [
        (5, -4, [("revenue", "SCC", 1)]),  # over by 1
        (4, -5, [("revenue", "CCG", 4), ("revenue", "SCC", -5)]),  # under by 1: each its own
        (5, -5, [("revenue", "SCC", 0)]),  # nil counts as over
    ],
)
def test_the_net_variance_of_the_scope_decides_which_rule_applies(ccg, scc, expected):
    found, _ = share(lines(("CCG", "A", "revenue", ccg), ("SCC", "A", "revenue", scc)), EACH_WAY)
    assert borne(found) == expected


def test_revenue_and_capital_each_go_their_own_way():
    """Revenue is over by 10, capital under by 30; their sum decides nothing."""
    found, _ = share(lines(("CCG", "A", "revenue", 10), ("CCG", "A", "capital", -30)), EACH_WAY)
    # In the order of the steps: that of the rule for underspends is the first.
    assert borne(found) == [("capital", "CCG", -30), ("revenue", "SCC", 10)]
    assert found["direction"].tolist() == ["under", "over"]
    assert found["rule_id"].tolist() == ["R2", "R1"]
    assert found["step"].tolist() == [1, 2]


def test_each_year_goes_its_own_way_and_is_never_netted_with_another():
    table = lines(
        ("CCG", "A", "revenue", 10), ("CCG", "A", "revenue", -4), ("SCC", "A", "revenue", 1)
    )
    table["financial_year"] = ["2018-19", "2019-20", "2018-19"]
    found, pots = share(table, EACH_WAY)
    assert found["financial_year"].tolist() == ["2018-19", "2019-20"]
    assert borne(found) == [("revenue", "SCC", 11), ("revenue", "CCG", -4)]
    assert pots.nunique() == 2
    found, _ = share(table.assign(area="West"), EACH_WAY, keys=("area", "financial_year"))
    assert found["area"].tolist() == ["West", "West"]
    assert borne(found) == [("revenue", "SCC", 11), ("revenue", "CCG", -4)]


def test_the_same_pot_of_two_years_is_split_in_each():
    """Cumulative rounding starts again: 1 is 1 + 0 in each year, not 1, 0, 1, 0 of one long pot."""
    table = lines(("CCG", "A", "revenue", 1), ("CCG", "A", "revenue", 1))
    table["financial_year"] = ["2018-19", "2019-20"]
    halves = rules(("pool", "either", "fixed", "CCG", 50), ("pool", "either", "fixed", "SCC", 50))
    found, _ = share(table, halves)
    assert found["borne"].tolist() == [1, 0, 1, 0]
    assert found["total_weight"].tolist() == [2, 2, 2, 2]


# ------------------------------------------------------------------ what is not shared


def test_nothing_is_borne_outside_the_pool_or_through_a_category_not_stated():
    table = lines(
        ("CCG", "A", "revenue", 7, "aligned"),
        ("CCG", "not stated", "revenue", 0),
        ("SCC", "A", "revenue", 2),
    )
    found, pots = share(table, rules(OWN))
    assert borne(found) == [("revenue", "SCC", 2)]
    assert pots.tolist()[:2] == ["", ""]
    assert pots.tolist()[2] != ""


def test_nothing_to_share_is_an_empty_table():
    found, pots = share(lines(("CCG", "not stated", "revenue", 0)), rules(OWN))
    assert len(found) == 0
    assert pots.tolist() == [""]
    assert by_scope(found, CATEGORIES)["borne"].sum() == 0


# ------------------------------------------------------------------ near a half


def pot(variance: int, *weights: int) -> pd.DataFrame:
    """The shares of one pot; what each bears does not matter here."""
    running = pd.Series(weights).cumsum()
    return pd.DataFrame(
        {
            "slice": variance,
            "weight": weights,
            "cumulative_weight": running,
            "total_weight": sum(weights),
        }
    )


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        # 1 × 4,995 ÷ 10,000 = 0.4995: 0.0005 from a half. It is the end of the first share, and
        # the start of the second.
        (pot(1, 4995, 5005), [0, 1]),
        (pot(-1, 4995, 5005), [0, 1]),
        (pot(1, 5005, 4995), [0, 1]),
        (pot(1, 4995, 5, 5000), [0, 1]),  # 0.4995 and 0.5: the third starts on the half itself
        (pot(1, 4995, 4000, 1005), [0, 1]),  # 0.4995 and 0.8995
        (pot(1, 1, 1), []),  # 0.5: on the half, where a spreadsheet is right
        (pot(5, 50, 50), []),
        (pot(1, 499, 501), []),  # 0.499: a thousandth off is far enough
        (pot(1, 4991, 5009), [0, 1]),  # 0.4991
        (pot(1, 250, 251), [0, 1]),  # 0.4990020: of an odd whole, half a part from a half
        (pot(3, 1, 2), []),
        (pot(0, 4995, 5005), []),
        # 10¹⁴ × 3,333,333 ÷ 10⁸ is whole; beyond int64 on the way
        (pot(10**14, 3_333_333, 96_666_667), []),
        # 10¹⁴ + 1 leaves 0.49995 of it
        (pot(10**14 + 1, 49_995_000, 50_005_000), [0, 1]),
    ],
)
def test_a_share_close_to_a_half_but_not_on_it_is_named(shares, expected):
    assert near_half(shares).index.tolist() == expected


# ------------------------------------------------------------------ added up


def test_by_scope_sums_kinds_and_holders_and_names_every_category():
    table = lines(
        ("CCG", "B", "revenue", 5),
        ("CCG", "A", "capital", -2),
        ("SCC", "A", "revenue", 1),
        ("SCC", "C", "revenue", 4),
    )
    agreement = rules(
        ("category=A+B", "either", "own", "budget holder", 100),
        ("category=C", "over", "fixed", "Trust", 100),
        ("category=C", "under", "fixed", "CCG", 100, 3),
    )
    found = by_scope(share(table, agreement)[0], CATEGORIES)
    columns = ["scope", "category", "step", "bearer", "borne"]
    # CCG: 5 of revenue less 2 of capital. No pot spans A and B; the scope does.
    assert found[columns].to_numpy().tolist() == [
        ["category=A+B", "A+B", 1, "CCG", 3],
        ["category=A+B", "A+B", 1, "SCC", 1],
        ["category=C", "C", 1, "Trust", 4],
    ]


# ------------------------------------------------------------------ groups of the summary


def shares_of(*labels: str) -> pd.DataFrame:
    return pd.DataFrame({"category": pd.Series(labels, dtype="str")})


@pytest.mark.parametrize(
    ("summary_group", "spanned", "expected"),
    [
        (["", "", ""], [], ["A", "B", "C"]),
        (["X", "", "X"], [], ["A+C", "B"]),
        (["", "", ""], ["A", "C"], ["A", "B", "C"]),
        (["", "", ""], ["C+B"], ["A", "B+C"]),  # one pot spans two groups: they merge
        (["X", "X", ""], ["A+B"], ["A+B", "C"]),  # within one group already
        (["X", "", "X"], ["A+B"], ["A+B+C"]),  # a spanned group brings all its own
        (["", "", ""], ["A+B", "B+C"], ["A+B+C"]),  # one after another
        (["", "", ""], ["A+B"], ["A+B", "C"]),  # in the order of their first categories
    ],
)
def test_groups(summary_group, spanned, expected):
    categories = CATEGORIES.assign(summary_group=summary_group)
    table = lines(("CCG", "A", "revenue", 1))
    assert groups(shares_of(*spanned), categories, table) == expected


def test_lines_not_stated_are_a_group_of_their_own_when_they_are_in_the_pool():
    table = lines(("CCG", "A", "revenue", 1), ("CCG", "not stated", "revenue", 0))
    assert groups(shares_of("A"), CATEGORIES, table) == ["A", "B", "C", "not stated"]
    table["pooling"] = "aligned"
    assert groups(shares_of("A"), CATEGORIES, table) == ["A", "B", "C"]

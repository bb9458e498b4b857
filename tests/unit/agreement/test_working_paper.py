"""The working paper: its rows in the order in which they follow from each other, and its names."""

import pandas as pd

from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.pots import share
from bcf_model.agreement.working_paper import by_scope
from bcf_model.core.tables import Shares
from tests.make.small_tables import lines_of, rules_of

CODES = {
    "organisation": ["ICB", "Council"],
    "category": ["A", "B", "not stated"],
    "kind": ["revenue", "capital"],
    "theme": ["1", "2"],
}
KINDS = {"ICB": "partner", "Council": "partner", "risk pool": "reserve", "other pool": "reserve"}


def lines(*rows: tuple[str, str, int], **said: object) -> pd.DataFrame:
    """Lines from (organisation, category, variance), in odd numbers of theme 1, in even of 2."""
    frame = pd.DataFrame(rows, columns=["organisation", "category", "variance"])
    frame["scheme_id"] = [f"L{i}" for i in range(1, len(frame) + 1)]
    frame["theme"] = [str(i % 2 + 1) for i in range(len(frame))]
    plain = {"financial_year": "2019-20", "kind": "revenue", "pooling": "pooled", "budget": 1000}
    frame = frame.assign(**plain | said)
    for name, codes in CODES.items():
        frame[name] = pd.Categorical(frame[name], codes, ordered=True)
    return lines_of(frame)


def worked(
    table: pd.DataFrame,
    *rows: dict[str, object],
    causes: tuple[tuple[str, str, int], ...] = (),
    **reserves: int,
) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Shares, pots of the lines and pots of the attributed amounts.

    A rule is of the pool, fixed, either way and the ICB's own unless it says otherwise.
    """
    plain = {"scope": "pool", "direction": "either", "step": 1, "basis": "fixed", "bearer": "ICB"}
    named = [plain | {"rule_id": f"R{i}"} | row for i, row in enumerate(rows, 1)]
    rules = pd.DataFrame(named).assign(share=50 * 10**6, clause="7")
    texts = {name: "" for name in ("band_from", "band_to", "limit") if name in rules}
    terms = Terms(
        rules_of(rules.fillna(texts | {"netting": "scope"})),
        causes=pd.DataFrame(causes, columns=["scheme_id", "cause", "amount"]),
        reserves={name.replace("_", " "): amount for name, amount in reserves.items()},
        kinds=KINDS,
    )
    shares, pots, of_causes = share(table, terms)
    return shares, pots.astype("str").tolist(), of_causes


def told(shares: pd.DataFrame, *columns: str) -> list[tuple]:
    return list(zip(*(shares[column].tolist() for column in columns), strict=True))


OWN = {"basis": "own", "bearer": "budget holder"}
OFFSET = {"basis": "offset", "bearer": "rest of the scope", "netting": "line"}

# ------------------------------------------------------------------ pots and their names


def test_a_pot_is_named_by_all_that_keeps_it_apart():
    table = lines(
        ("ICB", "A", 9), ("Council", "A", 4), ("ICB", "B", -6), ("ICB", "A", 2),
        ("ICB", "not stated", 0),
        kind=["revenue", "revenue", "revenue", "capital", "revenue"],
        grant=["none", "none", "iBCF", "none", "none"],
    )  # fmt: skip
    shares, of_lines, of_causes = worked(
        table,
        {"scope": "category=A"},
        {"scope": "category=A", "bearer": "Council"},
        OWN | {"scope": "category=B", "netting": "line"},
        {"scope": "category=A/cause=price", "bearer": "Council"},
        causes=(("L1", "price", 4), ("L2", "weather", 1), ("L4", "price", -1)),
    )
    revenue, capital = "2019-20 | R1 | revenue", "2019-20 | R1 | capital"
    by_line = "2019-20 | R3 | revenue | grant iBCF | L3"
    prices = ["2019-20 | R4 | revenue | cause price", "2019-20 | R4 | capital | cause price"]
    assert of_lines == [revenue, revenue, f"{by_line} | ICB", capital, ""]
    assert of_causes == [prices[0], "", prices[1]]  # of weather no scope has a rule
    # 9 − 4 + 4 − 1 = 8 in halves; −6; 2 + 1 = 3, of which 2 and 1; the prices by themselves
    assert told(shares, "pot", "bearer", "variance", "borne") == [
        (revenue, "ICB", 8, 4),
        (revenue, "Council", 8, 4),
        (capital, "ICB", 3, 2),
        (capital, "Council", 3, 1),
        (f"{by_line} | ICB", "ICB", -6, -6),
        (prices[0], "Council", 4, 4),
        (prices[1], "Council", -1, -1),
    ]
    assert shares["netted"].tolist() == [revenue] * 2 + [capital] * 2 + [by_line] + prices
    assert shares["theme"].tolist() == ["1+2"] * 2 + ["2"] * 2 + ["1", "1", "2"]
    assert shares["holder"].tolist() == [""] * 4 + ["ICB", "", ""]
    assert shares["unit"].tolist() == [""] * 4 + ["L3", "", ""]
    # what is attributed has no budget of its own
    assert shares["budget"].tolist() == [2000] * 2 + [1000] * 2 + [1000, 0, 0]


def test_pots_are_parted_by_the_lead_where_the_lead_bears():
    table = lines(("ICB", "A", 9), ("ICB", "A", 4), lead=["Council", "ICB"])
    shares, of_lines, _ = worked(table, {"basis": "lead", "bearer": "lead commissioner"})
    assert told(shares, "bearer", "borne") == [("ICB", 4), ("Council", 9)]
    assert shares["holder"].tolist() == ["ICB", "Council"]
    assert [name.rpartition(" | ")[2] for name in of_lines] == ["Council", "ICB"]


def test_the_working_paper_has_the_columns_and_types_of_its_table():
    declared = list(Shares.types.items())
    table = lines(("ICB", "A", 9), ("ICB", "A", -4), ("ICB", "not stated", 0))
    for rows in ([OWN], [OFFSET, {"netting": "line", "step": 2}], [OWN | {"scope": "category=B"}]):
        shares, _, _ = worked(table, *rows)
        assert [(name, str(kind)) for name, kind in shares.dtypes.items()] == declared


def test_a_pot_on_budget_with_nothing_to_share_it_by_has_no_rows():
    table = lines(("ICB", "A", 8), ("ICB", "A", 0), ("ICB", "A", 0), budget=[30, 0, 10])
    shares, _, _ = worked(table, {"basis": "budget", "netting": "line"})
    assert told(shares, "unit", "borne", "total_weight") == [("L1", 8, 1), ("L3", 0, 1)]


# ------------------------------------------------------------------ the order of rows


def test_what_pays_into_a_reserve_comes_before_what_draws_on_it():
    """Of the pots by line, in each step; a pot's other rows stay beside it."""
    table = lines(("ICB", "A", 6), ("Council", "A", 0), ("Council", "A", -4), ("ICB", "A", 2))
    shares, _, _ = worked(
        table,
        {"netting": "line", "bearer": "risk pool"},
        {"netting": "line", "bearer": "ICB"},
        {"netting": "line", "step": 2, "bearer": "Council"},
        risk_pool=1,
    )
    # the reserve has 1 and 2 paid in: 3 for the first line, and nothing for the last
    assert told(shares, "unit", "step", "bearer", "borne", "entry") == [
        ("L3", 1, "risk pool", -2, 1),
        ("L3", 1, "ICB", -2, 2),
        ("L1", 1, "risk pool", 3, 1),
        ("L1", 1, "ICB", 3, 2),
        ("L2", 1, "risk pool", 0, 1),
        ("L2", 1, "ICB", 0, 2),
        ("L4", 1, "risk pool", 0, 1),
        ("L4", 1, "ICB", 1, 2),
        ("L1", 2, "Council", 0, 3),
        ("L2", 2, "Council", 0, 3),
        ("L3", 2, "Council", 0, 3),
        ("L4", 2, "Council", 1, 3),
    ]
    kinds = dict(zip(shares["bearer"], shares["bearer_kind"], strict=True))
    assert kinds == {"risk pool": "reserve", "ICB": "partner", "Council": "partner"}


def test_what_pays_in_at_a_later_step_comes_first_there_alone():
    table = lines(("ICB", "A", -5), ("Council", "A", 3))
    shares, _, _ = worked(
        table,
        {"netting": "line", "limit": "£0.01"},
        {"netting": "line", "step": 2, "bearer": "other pool"},
        {"netting": "line", "step": 3},
        risk_pool=0,
        other_pool=2,
    )
    assert told(shares, "unit", "step", "borne", "available") == [
        ("L1", 1, -1, 0), ("L2", 1, 1, 0), ("L1", 2, -4, 2), ("L2", 2, 2, 6),
        ("L1", 3, 0, 0), ("L2", 3, 0, 0),
    ]  # fmt: skip


def test_each_year_is_laid_out_by_itself():
    table = lines(("ICB", "A", 9), ("ICB", "A", 4), financial_year=["2019-20", "2020-21"])
    shares, _, _ = worked(table, {"limit": "£0.01"}, {"step": 2})
    assert told(shares, "financial_year", "step", "borne") == [
        ("2019-20", 1, 1), ("2019-20", 2, 8), ("2020-21", 1, 1), ("2020-21", 2, 3),
    ]  # fmt: skip


# ------------------------------------------------------------------ calls


def test_a_call_is_named_after_its_pot_with_step_and_band_where_there_are_several():
    table = lines(("ICB", "A", 9), ("ICB", "B", 4))
    shares, (several, alone), _ = worked(
        table,
        {"scope": "category=A", "band_from": "£0.02", "band_to": "£0.05"},
        {"scope": "category=A", "band_from": "£0.02", "band_to": "£0.05", "bearer": "Council"},
        {"scope": "category=A", "band_to": "£0.02"},
        {"scope": "category=A", "step": 2},
        {"scope": "category=B"},
    )
    assert told(shares, "call", "position", "borne") == [
        (f"{several} | step 1 | band 1", 1, 2),
        (f"{several} | step 1 | band 2", 1, 2),
        (f"{several} | step 1 | band 2", 2, 1),
        (alone, 1, 4),
        (f"{several} | step 2", 1, 4),
    ]
    assert shares["against"].tolist() == [""] * 5


def test_a_pot_with_one_call_keeps_its_name():
    table = lines(("ICB", "A", 9), ("ICB", "A", 4))
    shares, (name, _), _ = worked(table, {}, {"bearer": "Council"})
    assert told(shares, "call", "against", "position") == [(name, "", 1), (name, "", 2)]


SET_OFF = "offset | 2019-20 | pool | revenue | none | none"
OVER, UNDER = f"{SET_OFF} | over", f"{SET_OFF} | under"


def test_an_offset_is_one_call_on_each_side_of_it():
    table = lines(("ICB", "A", 6), ("ICB", "A", -4), ("ICB", "A", 2), ("ICB", "A", 0))
    shares, (first, second, third, nil), _ = worked(table, OFFSET, {"netting": "line", "step": 2})
    # 4 of the 8 over are met: 3 of the 6 and 1 of the 2. On budget there is nothing to meet.
    assert told(shares, "unit", "call", "against", "position", "borne") == [
        ("L1", OVER, UNDER, 1, 3),
        ("L2", UNDER, OVER, 1, -4),
        ("L3", OVER, UNDER, 2, 1),
        ("L1", f"{first} | step 2", "", 1, 3),
        ("L2", f"{second} | step 2", "", 1, 0),
        ("L3", f"{third} | step 2", "", 1, 1),
        ("L4", nil, "", 1, 0),
    ]


def test_an_offset_beside_a_pot_that_has_no_part_in_it():
    table = lines(("ICB", "A", 6), ("ICB", "A", -6), ("ICB", "B", 3))
    rules = OFFSET | {"scope": "category=A"}, {"scope": "category=B"}
    shares, (_, _, other), _ = worked(table, *rules)
    sides = [OVER.replace("pool", "category=A"), UNDER.replace("pool", "category=A")]
    assert shares["call"].tolist() == [*sides, other]
    assert shares["against"].tolist() == [*reversed(sides), ""]


# ------------------------------------------------------------------ added up


def test_by_scope_follows_the_order_of_the_working_paper():
    rules = [{"scope": "category=B", "bearer": "ICB"}, {"scope": "category=A", "bearer": "Council"}]
    shares, _, _ = worked(lines(("ICB", "A", 1), ("ICB", "B", 2)), *rules)
    found = by_scope(shares, pd.DataFrame({"category": ["A", "B"]}))
    assert told(found, "scope", "bearer", "borne") == [
        ("category=B", "ICB", 2), ("category=A", "Council", 1),
    ]  # fmt: skip

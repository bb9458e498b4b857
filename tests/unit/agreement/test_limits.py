"""Limits over several rules, one law at a time, on tables small enough for paper."""

import shutil

import numpy as np
import pandas as pd
import pytest

from bcf_model.agreement.outturns import prepare, rerun, with_budget
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.pots import share
from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import Cover, Figure
from bcf_model.core.tables import Limits
from bcf_model.explain.derivation import explain
from bcf_model.explain.tree import Node
from bcf_model.plan.partner_shares import plan_terms, year_terms
from bcf_model.pool import check_pool, load
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.places import AGREEMENTS
from tests.make.shipped import results_of
from tests.make.small_tables import YEAR, lines_of, rules_of

EXAMPLE = next(path for path in AGREEMENTS if path.name.startswith("25"))
OUTSIDE = "outside the pool"


def lines(*rows: tuple) -> pd.DataFrame:
    """Lines from (organisation, category, kind, variance[, budget])."""
    full = [(*row, 0)[:5] for row in rows]
    columns = ["organisation", "category", "kind", "variance", "budget"]
    frame = pd.DataFrame(full, columns=columns).assign(financial_year="2024-25", pooling="pooled")
    frame["scheme_id"] = [f"S{i}" for i in range(1, len(frame) + 1)]
    declared = {
        "organisation": ["ICB", "Council"],
        "category": ["A", "B", "C", "not stated"],
        "kind": ["revenue", "capital"],
    }
    for name, codes in declared.items():
        frame[name] = pd.Categorical(frame[name], codes, ordered=True)
    return lines_of(frame)


def rules(*rows: tuple) -> pd.DataFrame:
    """Rules from (scope, direction, step, bearer, percentage), and what else a row says."""
    columns = ["scope", "direction", "step", "bearer", "share"]
    said = [
        {"basis": "fixed", **dict(zip(columns, row[:5], strict=True)), **dict(*row[5:])}
        for row in rows
    ]
    frame = pd.DataFrame(said)
    frame["share"] *= 10**6
    frame["rule_id"] = [f"R{i}" for i in range(1, len(frame) + 1)]
    texts = frame.columns.difference(["share", "step"])
    return rules_of(frame.assign(clause="c", **frame[texts].fillna("")))


def limits(*rows: tuple[str, ...]) -> pd.DataFrame:
    """Limits from (bearer, at_most[, covers[, counts]])."""
    frame = pd.DataFrame(
        [(*row, "pool", "overspends")[:4] if len(row) == 2 else (*row, "overspends")[:4]
         for row in rows],
        columns=["bearer", "at_most", "covers", "counts"],
    )  # fmt: skip
    frame["limit_id"] = [f"L{i}" for i in range(1, len(frame) + 1)]
    defaults = {m.name: m.default or "" for m in Limits.fields if m.name not in frame}
    return frame.assign(**defaults) if rows else Limits.without_rows()


def worked(table: pd.DataFrame, agreement: pd.DataFrame, *held: tuple[str, ...], **facts):
    """The working paper under some limits."""
    terms = Terms(agreement, limits=limits(*held), **facts)
    shares, _, _ = share(table, terms, facts.get("keys", YEAR))
    assert shares["borne"].sum() == table["variance"].sum()
    return shares


def borne(shares: pd.DataFrame) -> list[tuple]:
    return [(row.rule_id, row.kind, row.bearer, row.borne) for row in shares.itertuples()]


def by_bearer(shares: pd.DataFrame) -> dict[str, int]:
    return shares.groupby("bearer", sort=False)["borne"].sum().to_dict()


TAKER = ("pool", "over", 2, OUTSIDE, 100)
ALL_ICB = rules(("pool", "over", 1, "ICB", 100), TAKER, ("pool", "under", 1, "ICB", 100))
TWO_SCOPES = rules(
    ("category=B", "over", 1, "ICB", 60), ("category=B", "over", 1, "Council", 40),
    ("category=B", "over", 2, OUTSIDE, 100), ("category=B", "under", 1, "ICB", 100),
    ("category=A", "over", 1, "ICB", 60), ("category=A", "over", 1, "Council", 40),
    ("category=A", "over", 2, OUTSIDE, 100), ("category=A", "under", 1, "ICB", 100),
)  # fmt: skip


# ------------------------------------------------------------------ what it is for


def test_a_reserve_a_band_and_the_rest_up_to_a_limit_each():
    """Worked by hand: 150,000; 275,000 and 225,000; then 125,000 and 175,000; 596,495 to others."""
    agreement = rules(
        ("pool", "over", 1, "RISK", 100),
        ("pool", "over", 2, "ICB", 55, {"band_to": "£500,000"}),
        ("pool", "over", 2, "Council", 45, {"band_to": "£500,000"}),
        ("pool", "over", 2, "ICB", 0, {"band_from": "£500,000", "basis": "budget"}),
        ("pool", "over", 2, "Council", 0, {"band_from": "£500,000", "basis": "budget"}),
        ("pool", "over", 3, OUTSIDE, 100),
        ("pool", "under", 1, "carried forward", 100),
    )
    table = lines(
        ("ICB", "A", "revenue", 1_000_000_00, 47_165_100),
        ("Council", "A", "revenue", 546_495_00, 35_722_000),
    )
    facts = {"reserves": {"RISK": 150_000_00}, "kinds": {"RISK": "reserve"}}
    shares = worked(table, agreement, ("ICB", "£400,000"), ("Council", "£400,000"), **facts)
    assert [(row.rule_id, row.share, row.borne) for row in shares.itertuples()] == [
        ("R1", 1_546_495_00, 150_000_00),
        ("R2", 275_000_00, 275_000_00),
        ("R3", 225_000_00, 225_000_00),
        ("R4", 510_130_97, 125_000_00),
        ("R5", 386_364_03, 175_000_00),
        ("R6", 596_495_00, 596_495_00),
    ]
    assert shares["limits"].tolist() == ["", "L1", "L2", "L1", "L2", ""]
    assert shares["room"].tolist() == [0, 400_000_00, 400_000_00, 125_000_00, 175_000_00, 0]


def test_a_limit_over_two_scopes_lets_through_no_more_than_itself():
    """£300 in all: written in each scope it let £360 through (£300 of one, £60 of the other)."""
    table = lines(("ICB", "A", "revenue", 100_00), ("ICB", "B", "revenue", 600_00))
    shares = worked(table, TWO_SCOPES, ("ICB", "£300", "category=A+B"))
    # B is ruled first: 360 held to 300, and of A's 60 nothing is left
    assert by_bearer(shares) == {"ICB": 300_00, "Council": 280_00, OUTSIDE: 120_00}
    assert borne(shares)[-2:] == [
        ("R3", "revenue", OUTSIDE, 60_00), ("R7", "revenue", OUTSIDE, 60_00),
    ]  # fmt: skip


def test_rows_and_steps_it_does_not_cover_do_not_count():
    table = lines(("ICB", "A", "revenue", 100), ("ICB", "B", "revenue", 100))
    for covers in ("category=A", "rule=R5", "kind=revenue/category=A/step=1"):
        shares = worked(table, TWO_SCOPES, ("ICB", "£0.10", covers))
        assert by_bearer(shares) == {"ICB": 70, "Council": 80, OUTSIDE: 50}, covers
    assert by_bearer(worked(table, TWO_SCOPES, ("ICB", "£0.10", "step=2"))) == {
        "ICB": 120, "Council": 80, OUTSIDE: 0,
    }  # fmt: skip


# ------------------------------------------------------------------ what counts


def test_underspends_give_nothing_back_unless_it_is_net():
    table = lines(("ICB", "A", "revenue", -50), ("ICB", "B", "revenue", 100))
    held = [
        by_bearer(worked(table, TWO_SCOPES, ("ICB", "£0.30", "pool", counts)))
        for counts in ("overspends", "net")
    ]
    assert held[0] == {"ICB": -50 + 30, "Council": 40, OUTSIDE: 30}
    assert held[1] == {"ICB": -50 + 60, "Council": 40, OUTSIDE: 0}  # 60 − 50 is within 30
    # of the underspend 30 are its own; the last step for underspends must take the rest
    agreement = pd.concat([TWO_SCOPES, TWO_SCOPES.tail(1).assign(step=2, rule_id="R9")])
    agreement.loc[agreement["rule_id"] == "R9", "bearer"] = "carried forward"
    shares = worked(
        table, agreement.reset_index(drop=True), ("ICB", "£0.30", "pool", "underspends")
    )
    assert by_bearer(shares) == {"ICB": 60 - 30, "Council": 40, OUTSIDE: 0, "carried forward": -20}


@pytest.mark.parametrize("counts", ["overspends", "net"])
def test_revenue_and_capital_both_count_and_are_never_netted(counts):
    over = lines(("ICB", "A", "revenue", 70), ("ICB", "A", "capital", 60))
    shares = worked(over, ALL_ICB, ("ICB", "£1", "pool", counts))
    assert borne(shares) == [
        ("R1", "revenue", "ICB", 70), ("R1", "capital", "ICB", 30),
        ("R2", "revenue", OUTSIDE, 0), ("R2", "capital", OUTSIDE, 30),
    ]  # fmt: skip
    apart = lines(("ICB", "A", "revenue", 130), ("ICB", "A", "capital", -60))
    shares = worked(apart, ALL_ICB, ("ICB", "£1", "pool", counts))
    assert by_bearer(shares) == {"ICB": 100 - 60, OUTSIDE: 30}


def test_a_net_limit_nets_each_grant_by_itself():
    table = lines(("ICB", "A", "revenue", 130), ("ICB", "A", "revenue", -60)).assign(
        grant=["none", "iBCF"]
    )
    shares = worked(table, ALL_ICB, ("ICB", "£1", "pool", "net"))
    assert by_bearer(shares) == {"ICB": 100 - 60, OUTSIDE: 30}


def test_what_counts_first_is_the_earlier_step_whatever_the_order_of_scopes():
    agreement = rules(
        ("category=A", "over", 1, "Council", 100, {"limit": "£0.50"}),
        ("category=A", "over", 2, "ICB", 100), ("category=A", "over", 3, OUTSIDE, 100),
        ("category=A", "under", 1, "ICB", 100),
        ("category=B", "over", 1, "ICB", 100), ("category=B", "over", 2, OUTSIDE, 100),
        ("category=B", "under", 1, "ICB", 100),
    )  # fmt: skip
    table = lines(("ICB", "A", "revenue", 100), ("ICB", "B", "revenue", 80))
    shares = worked(table, agreement, ("ICB", "£1"))
    found = {row.rule_id: row.borne for row in shares.itertuples()}
    assert found == {"R1": 50, "R5": 80, "R2": 20, "R6": 0, "R3": 30}


def test_who_bears_its_own_variance_is_the_holder():
    agreement = rules(
        ("pool", "either", 1, "budget holder", 100, {"basis": "own"}),
        ("pool", "either", 2, OUTSIDE, 100),
    )
    table = lines(("ICB", "A", "revenue", 90), ("Council", "A", "revenue", 70))
    shares = worked(table, agreement, ("Council", "£0.10"))
    assert by_bearer(shares) == {"ICB": 90, "Council": 10, OUTSIDE: 60}
    assert shares["limits"].tolist() == ["", "L1", "", ""]


def test_a_row_takes_the_least_of_what_several_limits_leave():
    table = lines(("ICB", "A", "revenue", 100), ("ICB", "B", "revenue", 100))
    shares = worked(
        table, TWO_SCOPES, ("ICB", "£0.70"), ("ICB", "£0.40", "category=B"), ("Council", "£9")
    )
    rows = [
        (r.rule_id, r.limits, r.room, r.borne) for r in shares.itertuples() if r.bearer == "ICB"
    ]
    assert rows == [("R1", "L1+L2", 40, 40), ("R5", "L1", 30, 30)]


def test_a_row_has_its_own_limit_besides():
    agreement = rules(("pool", "over", 1, "ICB", 100, {"limit": "£0.60"}), TAKER,
                      ("pool", "under", 1, "ICB", 100))  # fmt: skip
    table = lines(("ICB", "A", "revenue", 100), ("ICB", "A", "capital", 100))
    shares = worked(table, agreement, ("ICB", "£1"))
    assert [b for *_, b in borne(shares)] == [60, 40, 40, 60]


def test_attributed_amounts_count_unless_it_covers_others():
    agreement = rules(
        ("pool", "over", 1, "ICB", 100), TAKER, ("pool", "under", 1, "ICB", 100),
        ("cause=late", "either", 1, "ICB", 100), ("cause=late", "either", 2, OUTSIDE, 100),
    )  # fmt: skip
    table = lines(("ICB", "A", "revenue", 100))
    causes = pd.DataFrame({"scheme_id": ["S1"], "cause": ["late"], "amount": [30]})
    expected = {"pool": [50, 0], "cause=late": [70, 30], "cause=none": [50, 30]}
    for covers, parts in expected.items():
        shares = worked(table, agreement, ("ICB", "£0.50", covers), causes=causes)
        mine = shares[shares["bearer"] == "ICB"]
        assert mine["borne"].tolist() == parts, covers


def test_every_year_has_its_limits_anew():
    keys = ["financial_year"]
    table = pd.concat(
        [lines(("ICB", "A", "revenue", v)).assign(financial_year=y)
         for y, v in (("2023-24", 80), ("2024-25", 90))]
    ).reset_index(drop=True)  # fmt: skip
    shares, _, _ = share(table, Terms(ALL_ICB, limits=limits(("ICB", "£0.50"))), keys)
    found = shares.groupby(["financial_year", "bearer"])["borne"].sum().tolist()
    assert found == [50, 30, 50, 40]


# ------------------------------------------------------------------ percentages, and many outturns


def test_a_percentage_is_of_the_budget_of_the_lines_covered():
    table = lines(("ICB", "A", "revenue", 30, 250), ("ICB", "B", "revenue", 30, 500))
    for covers, amount in (("pool", 15), ("category=A", 5), ("category=B/step=1", 10)):
        shares = worked(table, ALL_ICB.assign(netting="category"), ("ICB", "2%", covers))
        mine = shares[(shares["bearer"] == "ICB") & (shares["limits"] == "L1")]
        assert mine["room"].iloc[0] == amount  # 2 % of 750, of 250 and of 500


@slow
def test_many_outturns_at_once_and_on_other_budgets():
    table = lines(("ICB", "A", "revenue", 0, 250), ("Council", "B", "capital", 0, 500))
    terms = Terms(
        TWO_SCOPES,
        limits=limits(("ICB", "4%"), ("Council", "£0.20", "pool", "net")),
        kinds=dict.fromkeys(["ICB", "Council", OUTSIDE], "partner"),
    )
    outturns = np.array([[100, 100], [-40, 90], [70, -10], [0, 0], [-5, -5]])
    for budget in (np.array([250, 500]), np.array([1000, -200])):
        ready = with_budget(prepare(table, terms), budget)
        for variance, row in zip(outturns, rerun(ready, outturns), strict=True):
            shares, _, _ = share(table.assign(variance=variance, budget=budget), terms)
            alone = shares.groupby("bearer")["borne"].sum().reindex(ready.bearers, fill_value=0)
            assert row.tolist() == alone.tolist()


def test_a_plan_has_the_limits_in_force_in_each_year(tmp_path):
    pool = tmp_path / "pool"
    shutil.copytree(EXAMPLE, pool)
    rows = (pool / "limits.csv").read_text(encoding="utf-8").splitlines()
    dated = [f"{rows[0]},in_force_from", f"{rows[1]},", f"{rows[2]},2020-04-01"]
    (pool / "limits.csv").write_text("\n".join(dated) + "\n", encoding="utf-8")
    (pool / "control_totals.csv").unlink()
    terms = plan_terms(load(pool))
    held = {year: year_terms(terms, year, {}).limits["limit_id"].tolist()
            for year in ("2019-20", "2020-21")}  # fmt: skip
    assert held == {"2019-20": ["L1"], "2020-21": ["L1", "L2"]}


@slow
def test_an_agreement_that_is_tried_brings_its_own_limits_or_none(tmp_path):
    tried = tmp_path / "tried"
    tried.mkdir()
    shutil.copy(EXAMPLE / "rules.csv", tried)
    shutil.copy(EXAMPLE / "limits.csv", tried)
    own, _ = check_pool(EXAMPLE, tried)
    assert own is not None
    assert own.limits["limit_id"].tolist() == ["L1", "L2"]
    (tried / "limits.csv").unlink()
    none, findings = check_pool(EXAMPLE, tried)
    assert none is None
    assert {(f.code, f.row) for f in findings} == {("BCF408", 9)}  # nothing is left for the board
    rules_alone = (tried / "rules.csv").read_text(encoding="utf-8").splitlines()
    without = "\n".join(row for row in rules_alone if not row.startswith("R8")) + "\n"
    (tried / "rules.csv").write_text(without, encoding="utf-8")
    inputs = load(EXAMPLE, tried)
    assert len(inputs.limits) == 0
    assert "limits.csv" not in {file.name for file in inputs.files}
    assert len(run(inputs).outputs["limits"]) == 0


# ------------------------------------------------------------------ what it covers, what is told


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("pool", "pool"),
        ("pool/step=2", "step=2"),
        ("rule=R2+R1", "rule=R1+R2"),
        ("step=10+2/cause=late/category=B+A", "category=A+B/cause=late/step=2+10"),
    ],
)
def test_what_a_limit_covers_is_read_and_written(text, read):
    assert str(Cover.parse(text)) == read
    assert str(Cover.parse(read)) == read


@pytest.mark.parametrize(
    "text", ["step=two", "step=0", "rule=", "rule=R1/rule=R2", "colour=red", "category=A+", "step"]
)
def test_what_cannot_be_read_is_no_cover(text):
    with pytest.raises(UnknownFigure):
        Cover.parse(text)


def every(node: Node) -> list[Node]:
    return [node, *(inner for child in node.children for inner in every(child))]


def test_a_derivation_tells_what_was_left_and_what_was_held_back():
    told = explain(results_of(EXAMPLE), Figure.of("borne", rule="R6", kind="revenue"))
    nodes = {node.label: node for node in every(told)}
    room = nodes["Left under the limit L1, before this row"]
    assert room.pence == 1_250_00
    assert [(part.label, part.pence) for part in room.children] == [
        ("Limit L1: £4,000", 4_000_00), ("Less what the rows above bear", -2_750_00),
    ]  # fmt: skip
    row = next(node for node in every(told) if node.label.startswith("Rule R6"))
    assert "Held back by L1: £3,779.68 is passed on to step 3." in row.said


def test_the_table_of_limits_says_what_is_left():
    found = results_of(EXAMPLE).outputs["limits"]
    columns = ["limit_id", "bearer", "budget", "amount", "counted", "left"]
    assert found[columns].to_numpy().tolist() == [
        ["L1", "CCG", 205_000_00, 4_000_00, 4_000_00, 0],
        ["L2", "Council", 205_000_00, 4_000_00, 4_000_00, 0],
    ]

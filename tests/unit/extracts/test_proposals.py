from pathlib import Path

import pytest

from bcf_model.extracts.actuals import take_in
from bcf_model.extracts.patterns import read_pattern
from bcf_model.extracts.proposals import accept, as_pattern, propose
from bcf_model.intake.folder import read_proposals
from bcf_model.publish.pool_tables import write_tables
from tests.make.extracts import POOL, ledger
from tests.unit.extracts.test_actuals import codes, rows
from tests.unit.extracts.test_patterns import fitting

PROPOSED = "ledgers/ledger.proposed.csv"
RULES = "ledgers/ledger.rules.csv"
LEDGER = """
cost_centre,description,pence
A1,Falls,100
B1,REABLEMENT,500
B2,Carers,900
B2,Corporate recharge,50
B2,corporate  RECHARGE,50
B3,Reablement (home),-700
"""


def test_names_are_proposed_the_largest_amount_first_and_nothing_is_mapped(pool):
    before = take_in(ledger(LEDGER), "ledger", pool).said
    taken = propose(ledger(LEDGER), "ledger", pool)
    assert list(taken.tables) == [PROPOSED]
    write_tables(taken.tables, pool)
    said = [(it["rule"], it["cost_centre"], it["description"], it["scheme_id"], it["score"],
             it["amount"]) for it in rows(pool, PROPOSED)]  # fmt: skip
    assert said == [
        ("P1", "B2", "Carers", "S3", "100", "9.00"),
        ("P2", "B3", "", "S2", "100", "-7.00"),
        ("P3", "B1", "", "S2", "94", "5.00"),
    ]
    assert (
        taken.said[0] == "ledger: 3 rules proposed for £7.00 of £8.00 that has no rule and a name."
    )
    assert take_in(ledger(LEDGER), "ledger", pool).said == before


def test_what_is_accepted_is_a_rule_beside_the_others(pool):
    write_tables(propose(ledger(LEDGER), "ledger", pool).tables, pool)
    taken = accept(read_proposals(pool / PROPOSED), "ledger", pool)
    assert codes(taken) == []
    write_tables(taken.tables, pool, [RULES])
    text = (pool / RULES).read_text(encoding="utf-8")
    assert "description" in text.splitlines()[0]
    assert len(text.splitlines()) == len(POOL[RULES].splitlines()) + 3
    amounts = {it["scheme_id"]: it["amount"] for it in [
        dict(zip(table[0], row, strict=True))
        for table in [take_in(ledger(LEDGER), "ledger", pool).tables["actuals.csv"]]
        for row in table[1:]] if it["rule"].startswith("P1")}  # fmt: skip
    assert amounts == {"S3": "9.00"}
    again = propose(ledger(LEDGER.replace("REABLEMENT", "Home")), "ledger", pool)
    assert all(row[0] != "P1" for row in again.tables[PROPOSED])


def test_what_is_accepted_twice_is_an_error_and_nothing_is_written(pool):
    write_tables(propose(ledger(LEDGER), "ledger", pool).tables, pool)
    proposed = read_proposals(pool / PROPOSED)
    write_tables(accept(proposed, "ledger", pool).tables, pool, [RULES])
    again = accept(proposed, "ledger", pool)
    assert {*codes(again)} == {"BCF924", "BCF928"}
    assert again.tables == {}


def test_a_proposal_that_is_none_is_refused(pool, tmp_path: Path):
    assert codes(accept(read_proposals(tmp_path / "nowhere.csv"), "ledger", pool)) == ["BCF017"]
    table = tmp_path / "proposed.csv"
    table.write_text("rule,priority,scheme_id\nP1,x,S1\n", encoding="utf-8")
    assert codes(accept(read_proposals(table), "ledger", pool)) == ["BCF215"]
    table.write_text("rule,priority,scheme_id\nP1,1,S9\n", encoding="utf-8")
    assert codes(accept(read_proposals(table), "ledger", pool)) == ["BCF925"]


def test_the_first_rules_of_a_ledger_may_be_accepted_ones(pool):
    (pool / RULES).unlink()
    write_tables(propose(ledger(LEDGER), "ledger", pool).tables, pool)
    write_tables(accept(read_proposals(pool / PROPOSED), "ledger", pool).tables, pool, [RULES])
    assert rows(pool, RULES)[0]["rule"] == "P1"


def test_a_ledger_without_names_has_no_proposals(pool):
    assert len(propose(ledger("cost_centre,pence\nA8,5"), "ledger", pool).tables[PROPOSED]) == 1


def test_of_lines_of_no_year_nothing_can_be_proposed(pool):
    taken = propose(ledger("cost_centre,description,year,pence\nB1,Carers,,5"), "ledger", pool)
    assert codes(taken) == ["BCF933"]


@pytest.mark.parametrize(
    "text",
    ["a*b", "what?", "[x]", "C + D", "A..B", "~tilde", "=1+1", "@home", "-5", "'quoted", "#1"],
)
def test_a_text_is_written_as_the_pattern_that_fits_it_alone(text):
    cell = as_pattern(text)
    assert read_pattern(cell)
    assert fitting(cell, text, text + "x", "x" + text) == [text]

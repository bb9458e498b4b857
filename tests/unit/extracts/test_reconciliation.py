from hypothesis import given
from hypothesis import strategies as st

from bcf_model.extracts.mapping import mapped
from bcf_model.extracts.reconciliation import findings, on_screen, reconciled, table
from tests.make.extracts import YEAR, case_of_leftovers, ledger, sound_rules
from tests.unit.extracts.test_mapping import LEFTOVERS, LINE, RULE, RULES, lines_of, table_of


def test_every_part_is_told_and_together_they_are_the_ledger():
    found = reconciled(mapped(case_of_leftovers(LEFTOVERS), sound_rules(RULES), YEAR))
    assert [(it.name, it.lines, it.pence, it.remark) for it in found.parts] == [
        ("mapped", 1, 5, "1 rule, 2 schemes"),
        ("excluded", 0, 0, ""),
        ("no rule", 1, 700, "1 cost centre"),
        ("two rules", 1, 10_000, "rules 1 and 2"),
        ("out of year", 1, 900, "2025-26"),
    ]
    assert found[1:] == (4, 11_605)
    assert table(found)[-1] == ("ledger", "4", "116.05", "")


def test_amounts_stand_below_each_other_on_the_screen():
    found = reconciled(mapped(case_of_leftovers(LEFTOVERS), sound_rules(RULES), YEAR))
    said = on_screen("ledger", found)
    assert said[0].startswith("ledger: 4 lines ")
    assert said[-1].split("  ")[-1] == "= ledger, to the penny"
    ends = {line.index(".") for line in said}
    assert len(ends) == 1


def test_what_is_left_over_is_found_where_it_first_stands():
    it = mapped(case_of_leftovers(LEFTOVERS), sound_rules(RULES), YEAR)
    found = [(f.code, f.severity, f.row, f.value) for f in findings(it, "ledger")]
    assert found == [
        ("BCF920", "warning", 4, "1 cost centre, largest A9999: 1 line, 7.00"),
        ("BCF921", "error", 2, "rules 1 and 2: 1 line, 100.00"),
        ("BCF922", "warning", 5, "2025-26: 1 line, 9.00"),
    ]
    strict = [f.severity for f in findings(it, "ledger", strict=True)]
    assert strict[0] == "error"


def test_rules_that_fit_nothing_and_lines_of_no_year_are_told():
    rules = sound_rules("rule,priority,project,account,scheme_id\n1,1,P1,,S1\n2,1,,9,S2\n3,2,,1,S3")
    it = mapped(ledger("account,year,pence\n1,,5\n1,2024-25,5"), rules, YEAR)
    found = [(f.code, f.row, f.value) for f in findings(it, "ledger")]
    assert found == [
        ("BCF933", 2, "1 line, 0.05"),
        ("BCF923", 2, "rule 1: ledger has no project"),
        ("BCF923", 3, "rule 2"),
    ]


@given(st.lists(LINE, min_size=1, max_size=12), st.lists(RULE, min_size=1, max_size=5))
def test_the_parts_come_to_any_ledger_under_any_rules(rows, rules):
    found = reconciled(mapped(lines_of(rows), sound_rules(table_of(rules)), YEAR))
    assert sum(it.pence for it in found.parts) == sum(row[-1] for row in rows) == found.pence
    assert sum(it.lines for it in found.parts) == len(rows)

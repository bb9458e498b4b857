import time

import pytest

from tests.make.extracts import rules_read, sound_rules

HEAD = "rule,priority,cost_centre,account,from_period,to_period,scheme_id,measure,share,note"


def found(*rows: str) -> list[tuple[str, int, str]]:
    findings = rules_read("\n".join((HEAD, *rows)))[1]
    return [(it.code, it.row, it.column) for it in findings]


def test_rows_of_a_rule_are_one_rule_with_its_shares():
    rules = sound_rules(f"{HEAD}\n3,10,A4040,,,,S1,,55,\n3,10,a4040,,,,S2,expenditure,45,joint")
    (rule,) = rules
    assert (rule.code, rule.priority, rule.measure) == ("3", 10, "expenditure")
    assert rule.schemes == (("S1", 55_000_000), ("S2", 45_000_000))


def test_what_a_table_leaves_out_is_any_and_whole():
    (rule,) = sound_rules("rule,priority,scheme_id\n1,10,S1")
    assert (rule.conditions, rule.first, rule.last) == ({}, 0, 0)
    assert rule.schemes == (("S1", 100_000_000),)


def test_lines_that_are_excluded_are_no_schemes():
    (rule,) = sound_rules(f"{HEAD}\n1,10,,9*,,,,exclude,,income is in the other ledger")
    assert rule.excludes
    assert rule.schemes == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["1,10,A1,,,,S1,,55,", "1,10,A1,,,,S2,,44.999999,"], ("BCF924", 2, "share")),
        (["1,10,A1,,,,S1,,,", "1,10,A1,,,,S2,,,"], ("BCF924", 2, "share")),
        (["1,10,A1,,,,S9,,,"], ("BCF925", 2, "scheme_id")),
        (["1,10,A1..B10,,,,S1,,,"], None),
        (["1,10,A1..10,,,,S1,,,"], ("BCF926", 2, "cost_centre")),
        (["1,10,,~(a+)+,,,S1,,,"], ("BCF927", 2, "account")),
        (["1,10,A1,,,,S1,,50,", "1,20,A1,,,,S2,,50,"], ("BCF928", 3, "priority")),
        (["1,10,A1,,,,S1,,50,", "1,10,A2,,,,S2,,50,"], ("BCF928", 3, "cost_centre")),
        (["1,10,A1,,,,S1,,50,", "1,10,A1,,,,S2,budget,50,"], ("BCF928", 3, "measure")),
        (["1,10,A1,,,,S1,,50,", "1,10,A1,,,,S1,,50,"], ("BCF928", 3, "scheme_id")),
        (["1,10,A1,,,,,,,"], ("BCF929", 2, "scheme_id")),
        (["1,10,A1,,,,,exclude,,"], ("BCF929", 2, "note")),
        (["1,10,A1,,,,S1,exclude,,why"], ("BCF929", 2, "scheme_id")),
        (["1,10,A1,,14,,S1,,,"], ("BCF930", 2, "from_period")),
        (["1,10,A1,,7,6,S1,,,"], ("BCF930", 2, "to_period")),
        (["1,10,A1,,,,S1,spending,,"], ("BCF211", 2, "measure")),
        (["1,10,A1,,,,S1,,0.55,"], ("BCF223", 2, "share")),
        (["1,,A1,,,,S1,,,"], ("BCF201", 2, "priority")),
    ],
)
def test_each_slip_is_found_where_it_stands(rows, expected):
    assert found(*rows) == ([expected] if expected else [])


def test_rules_with_an_error_are_none():
    rules, findings = rules_read(f"{HEAD}\n1,10,A1,,,,S9,,,")
    assert rules is None
    assert "'S9'" in findings[0].sentence


def test_ten_thousand_rules_are_read_in_bounded_time():
    begun = time.perf_counter()
    rows = [f"{i},10,A{i:05}..A{i + 1:05},*{i}*,,,S1,,," for i in range(10_000)]
    assert found(*rows) == []
    assert time.perf_counter() - begun < 20

import fnmatch
import time
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.extracts.lines import Lines
from bcf_model.extracts.mapping import (
    EXCLUDED,
    MAPPED,
    OUT_OF_YEAR,
    TWICE,
    UNRULED,
    Amount,
    TooMuch,
    amounts,
    mapped,
)
from tests.make.extracts import YEAR, case_of_leftovers, ledger, sound_rules

LEFTOVERS = """
Cost Centre,Account,Period,Amount
A4250,4230,202401,100.00
A4040,4230,202401,0.05
A9999,4230,202401,7.00
A4040,4230,202501,9.00
"""
RULES = """
rule,priority,cost_centre,account,scheme_id,measure,share
1,10,A42??,,S1,expenditure,100
2,10,A4250,,S2,expenditure,100
3,10,A4040,,S1,expenditure,55
3,10,A4040,,S2,expenditure,45
"""


def sums(found: list[Amount]) -> dict[tuple[int, str, int], int]:
    return {(it.rule, it.scheme, it.period): it.pence for it in found}


def test_lines_are_mapped_twice_not_at_all_or_of_another_year():
    found = mapped(case_of_leftovers(LEFTOVERS), sound_rules(RULES), YEAR)
    assert found.became.tolist() == [TWICE, MAPPED, UNRULED, OUT_OF_YEAR]
    assert found.rule.tolist() == [0, 2, -1, -1]
    assert found.other.tolist() == [1, -1, -1, -1]
    assert sums(amounts(found)) == {(2, "S1", 1): 3, (2, "S2", 1): 2, (-1, "", 1): 700}


def test_the_lowest_priority_wins_wherever_its_rule_stands():
    rules = sound_rules("rule,priority,account,scheme_id\n1,20,,S1\n2,10,42*,S2\n3,20,,S3")
    found = mapped(ledger("account,pence\n4230,100\n5,200"), rules, YEAR)
    assert found.became.tolist() == [MAPPED, TWICE]
    assert found.rule.tolist() == [1, 0]
    assert found.other.tolist() == [-1, 2]


def test_all_cells_of_a_row_must_fit():
    rules = sound_rules("rule,priority,cost_centre,description,scheme_id\n1,1,A*,~home first,S1")
    lines = ledger(
        "cost_centre,description,pence\nA1,The HOME  First team,1\nA1,Home,2\nB1,home first,4"
    )
    assert mapped(lines, rules, YEAR).became.tolist() == [MAPPED, UNRULED, UNRULED]


def test_a_rule_of_a_column_that_the_extract_has_not_fits_nothing():
    rules = sound_rules("rule,priority,project,scheme_id\n1,1,*,S1")
    assert mapped(ledger("account,pence\n1,5"), rules, YEAR).became.tolist() == [UNRULED]


def test_a_rule_of_some_periods_takes_no_line_of_an_unknown_one():
    rules = sound_rules(
        "rule,priority,from_period,to_period,scheme_id\n1,1,,6,S1\n2,1,7,,S2\n3,2,,,S3"
    )
    found = mapped(ledger("period,pence\n1,1\n6,1\n7,1\n13,1\n0,1"), rules, YEAR)
    assert found.rule.tolist() == [0, 0, 1, 1, 2]


def test_what_is_excluded_is_kept_apart():
    rules = sound_rules(
        "rule,priority,account,scheme_id,measure,note\n1,1,9,,exclude,why\n2,2,,S1,,"
    )
    found = mapped(ledger("account,pence\n9,-20\n1,50"), rules, YEAR)
    assert found.became.tolist() == [EXCLUDED, MAPPED]
    assert sums(amounts(found)) == {(0, "", 1): -20, (1, "S1", 1): 50}


def test_of_no_lines_and_of_no_rules_there_is_nothing_to_map():
    none = ledger("account,pence\n1,5")
    none = replace(none, rows=none.rows[:0], cells=[], keys={"account": []}, years=[],
                   periods=none.periods[:0], pence=none.pence[:0])  # fmt: skip
    assert amounts(mapped(none, sound_rules(RULES), YEAR)) == []
    found = mapped(ledger("account,pence\n1,5"), (), YEAR)
    assert found.became.tolist() == [UNRULED]


# ------------------------------------------------------------------ laws

CODES = st.sampled_from(["A1", "A2", "A10", "b1", ""])
CELLS = st.sampled_from(["", "A1", "a*", "A1..A9", "b1+A10", "?1"])
LINE = st.tuples(
    CODES, CODES, st.sampled_from([YEAR, YEAR, YEAR, "2025-26"]), st.integers(0, 13),
    st.integers(-(10**6), 10**6),
)  # fmt: skip
RULE = st.tuples(
    st.integers(1, 3), CELLS, CELLS, st.sampled_from(["", "3"]), st.sampled_from(["", "9"]),
    st.sampled_from([("S1",), ("S2",), ("",), ("S1", "S2"), ("S3", "S1", "S2")]),
    st.integers(2, 97),
)  # fmt: skip
Drawn = tuple[int, str, str, str, str, tuple[str, ...], int]


def lines_of(rows: list[tuple[str, str, str, int, int]]) -> Lines:
    text = "\n".join(",".join(map(str, row)) for row in rows)
    return ledger(f"cost_centre,account,year,period,pence\n{text}")


def shares_of(rule: Drawn) -> list[int]:
    """Give shares that make 100, in percent."""
    first = rule[6]
    return {1: [100], 2: [first, 100 - first], 3: [1, first, 99 - first]}[len(rule[5])]


def table_of(rules: list[Drawn]) -> str:
    out = ["rule,priority,cost_centre,account,from_period,to_period,scheme_id,measure,share,note"]
    for number, rule in enumerate(rules):
        priority, centre, account, first, last, schemes, _ = rule
        measure = "expenditure" if schemes[0] else "exclude"
        out += [
            f"R{number},{priority},{centre},{account},{first},{last},{scheme},{measure},{share},why"
            for scheme, share in zip(schemes, shares_of(rule), strict=True)
        ]
    return "\n".join(out)


def fits(cell: str, code: str) -> bool:
    """Say whether a code fits a cell, of those that are drawn here."""
    code = code.lower()
    if cell == "A1..A9":
        return code in {f"a{i}" for i in range(1, 10)}
    return not cell or any(fnmatch.fnmatchcase(code, it) for it in cell.lower().split("+"))


def line_by_line(
    rows: list[tuple[str, str, str, int, int]], rules: list[Drawn]
) -> tuple[list[int], Counter[tuple[int, str, int]]]:
    """Map line by line, in fractions: what became of each, and the amounts."""
    became, exact = [], Counter[tuple[int, int]]()
    for centre, account, year, period, pence in rows:
        fitting = [
            i
            for i, (_, at_centre, at_account, first, last, *_) in enumerate(rules)
            if fits(at_centre, centre)
            and fits(at_account, account)
            and not ((first or last) and period == 0)
            and int(first or 0) <= period <= int(last or 13)
        ]
        best = min((rules[i][0] for i in fitting), default=0)
        winners = [i for i in fitting if rules[i][0] == best]
        if year != YEAR:
            became.append(OUT_OF_YEAR)
        elif len(winners) > 1:
            became.append(TWICE)
        else:
            at = winners[0] if winners else -1
            state = UNRULED if at < 0 else MAPPED if rules[at][5][0] else EXCLUDED
            became.append(state)
            exact[at, period] += pence
    parts = Counter[tuple[int, str, int]]()
    for (at, period), pence in exact.items():
        schemes = rules[at][5] if at >= 0 else ("",)
        reached = share = 0
        for scheme, of_scheme in zip(schemes, shares_of(rules[at]), strict=False):
            share += of_scheme if at >= 0 else 100
            part = Fraction(pence * share, 100)
            up_to = int(abs(part) + Fraction(1, 2)) * (1 if part > 0 else -1)
            parts[at, scheme, period] = up_to - reached
            reached = up_to
    return became, parts


@given(st.lists(LINE, min_size=1, max_size=12), st.lists(RULE, min_size=1, max_size=5))
def test_a_slow_mapping_of_line_after_line_agrees(rows, rules):
    found = mapped(lines_of(rows), sound_rules(table_of(rules)), YEAR)
    became, parts = line_by_line(rows, rules)
    assert found.became.tolist() == became
    assert sums(amounts(found)) == parts


@given(st.data(), st.lists(LINE, min_size=1, max_size=12), st.lists(RULE, min_size=1, max_size=5))
def test_a_ledger_maps_alike_in_any_order(data, rows, rules):
    read = sound_rules(table_of(rules))
    again = data.draw(st.permutations(range(len(rows))))
    one, other = (mapped(lines_of(it), read, YEAR) for it in (rows, [rows[i] for i in again]))
    assert one.became[list(again)].tolist() == other.became.tolist()
    assert sums(amounts(one)) == sums(amounts(other))


@given(st.lists(LINE, min_size=1, max_size=12), st.lists(RULE, min_size=1, max_size=5))
def test_what_is_split_adds_up_to_what_is_mapped(rows, rules):
    found = mapped(lines_of(rows), sound_rules(table_of(rules)), YEAR)
    kept = np.isin(found.became, (MAPPED, EXCLUDED, UNRULED))
    assert sum(it.pence for it in amounts(found)) == found.lines.pence[kept].sum()


# ------------------------------------------------------------------ hostile


def test_rules_beyond_all_bounds_are_refused_in_bounded_time():
    begun = time.perf_counter()
    rows = "\n".join(f"{i},1,~a{i}.*b|c{i},S1" for i in range(10_000))
    rules = sound_rules(f"rule,priority,description,scheme_id\n{rows}")
    texts = "\n".join(f"{'ab' * 50}{i},1" for i in range(1_000))
    with pytest.raises(TooMuch):
        mapped(ledger(f"description,pence\n{texts}"), rules, YEAR)
    assert time.perf_counter() - begun < 60


def test_many_lines_and_many_rules_take_seconds():
    count = 100_000
    keys = [f"A{i % 5_000:05}" for i in range(count)]
    rows = "\n".join(f"{i},1,A{i:05},S1" for i in range(5_000))
    rules = sound_rules(f"rule,priority,cost_centre,scheme_id\n{rows}")
    lines = Lines(
        "big.csv", "", np.arange(count), [""] * count, {"cost_centre": keys}, [YEAR] * count,
        np.ones(count, dtype=np.int64), np.ones(count, dtype=np.int64),
    )  # fmt: skip
    begun = time.perf_counter()
    found = amounts(mapped(lines, rules, YEAR))
    assert time.perf_counter() - begun < 10
    assert sum(it.pence for it in found) == count

"""Totals among the lines, rows in another unit, nothing entered, contributions off budget."""

from dataclasses import replace

import pytest

from bcf_model.checks.contributions import come_to_budgets
from bcf_model.checks.totals_among_lines import (
    Total,
    is_total_of,
    says_total,
    set_aside,
    totals_among_lines,
)
from bcf_model.core.findings import Finding
from bcf_model.core.settings import Settings
from bcf_model.intake.raw_table import RawTable
from bcf_model.pool import look_through
from tests.make.drafted import WHOLE_POOL, drafted

HEADINGS = "scheme_id,theme,organisation,scheme,category,kind,budget,expenditure"
LINES = """S1,1,CCG,Falls,A,revenue,412000.00,398250.10
S2,2,CCG,Beds,B,revenue,2745125.00,3390005.20
S3,1,Council,Carers,A,revenue,655000.00,602375.30
S4,2,Council,Reablement,B,revenue,3980500.00,3799220.40"""


def among(rows: str, lines: str = LINES, headings: str = HEADINGS) -> list[Finding]:
    """Give what is found of totals, in a table of lines and some rows more."""
    text = [line.split(",") for line in f"{lines}\n{rows}".strip().splitlines()]
    heads = tuple(headings.split(","))
    numbers = tuple(range(2, len(text) + 2))
    table = RawTable("schemes.csv", "", heads, tuple(map(tuple, text)), numbers)
    kept, aside = set_aside(table, "pounds")
    assert kept is not None
    schemes = "\n".join([headings, *(",".join(row) for row in kept.rows)])
    return [*totals_among_lines(replace(drafted({"schemes": schemes})[0], aside=aside))]


def said(rows: str, lines: str = LINES, headings: str = HEADINGS) -> list[tuple[str, str, int]]:
    return [(f.code, f.severity, f.row) for f in among(rows, lines, headings)]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("T,1,CCG,Total,A,revenue,7792625.00,8189851.00", "error"),
        ("TOTAL,1,CCG,Everything,A,revenue,7792625.00,8189851.00", "error"),
        ("T,2,CCG,Sub-total two,B,revenue,6725625.00,7189225.60", "error"),
        ("T,2,CCG,Home first total spend on beds,B,revenue,6725625.00,7189225.60", "warning"),
        ("T,2,CCG,Total of Home first,B,revenue,6725625.00,7189225.60", "error"),
        ("T,2,CCG,Home first,B,revenue,6725625.00,7189225.60", "warning"),
        ("T,1,CCG,Winter,A,revenue,7792625.00,8189851.00", "warning"),
        ("T,1,CCG,Winter,A,revenue,7792625.00,8189851.01", ""),
        ("T,1,CCG,Total mobility equipment,A,revenue,7792625.00,8189851.01", ""),
        ("T,1,CCG,Winter,A,revenue,0,0", ""),
        ("T,1,CCG,Winter,A,revenue,3980500.00,3799220.40", ""),  # the same as one line
    ],
)
def test_a_line_that_is_the_sum_of_others(row: str, found: str) -> None:
    assert said(row) == ([("BCF506", found, 6)] if found else [])


def test_a_line_declared_a_line_is_one() -> None:
    headings, lines = f"{HEADINGS},counts_as", LINES.replace("\n", ",\n") + ","
    total = "T,1,CCG,Total,A,revenue,7792625.00,8189851.00,{}"
    assert said(total.format(""), lines, headings) == [("BCF506", "error", 6)]
    assert said(total.format("line"), lines, headings) == []
    off = "T,1,CCG,Total,A,revenue,7792625.00,8189861.00,{}"
    assert said(off.format(""), lines, headings) == [("BCF508", "error", 6)]
    assert said(off.format("Line"), lines, headings) == []


@pytest.mark.parametrize(
    "row", [",,,Total,,,{}", "Total,,,,,,{}", ",2,,Grand total:,,,{}", "T9,,,TOTAL,,,{}"]
)
def test_a_row_of_totals_that_is_no_line_is_left_out_and_said(row: str) -> None:
    assert said(row.format("7792625.00,8189851.00")) == [("BCF507", "warning", 6)]
    assert said(row.format("7792625,8189851")) == [("BCF507", "warning", 6)]
    assert said(row.format("7792625.00,")) == [("BCF507", "warning", 6)]
    [off] = among(row.format("7792625.00,8189861.00"))
    assert (off.code, off.severity) == ("BCF508", "error")
    assert off.value.startswith("expenditure £8,189,861.00")
    assert off.expected == (
        "expenditure £8,189,851.00, £10.00 less: that is what the 4 lines above come to"
    )


def test_a_line_that_wants_for_a_code_stays_a_line() -> None:
    row = "S9,1,CCG,Total mobility equipment,,revenue,1.00,2.00"
    heads = tuple(HEADINGS.split(","))
    table = RawTable("schemes.csv", "", heads, (tuple(row.split(",")),), (2,))
    assert set_aside(table, "pounds") == (table, [])


def test_subtotals_and_their_total_are_each_found() -> None:
    rows = "\n".join(
        [
            "a,1,CCG,x,A,revenue,10.01,11.02",
            "b,1,CCG,y,A,revenue,20.03,19.04",
            ",1,,Sub-total,,,30.04,30.06",
            "c,2,CCG,x,A,revenue,5.05,6.06",
            "d,2,CCG,y,A,revenue,7.07,8.08",
            ",2,,Sub-total,,,12.12,14.14",
            ",,,Total,,,42.16,44.20",
        ]
    )
    assert said(rows, "") == [("BCF507", "warning", row) for row in (4, 7, 8)]


def test_parents_above_their_parts_are_found() -> None:
    rows = "\n".join(
        [
            "1,1,CCG,Urgent care,A,revenue,900,950",
            "1.1,1,CCG,UCR,A,revenue,400,450",
            "1.2,1,CCG,Beds,A,revenue,500,500",
            "2,2,CCG,Prevention,A,revenue,300,310",
            "2.1,2,CCG,Falls,A,revenue,100,110",
            "2.2,2,CCG,Carers,A,revenue,200,200",
        ]
    )
    assert said(rows, "") == [("BCF506", "warning", 2), ("BCF506", "warning", 5)]


def test_a_round_sum_of_one_amount_is_a_coincidence_unless_it_is_of_all_others() -> None:
    """Spending as budgeted: one amount, not two."""
    spent = [100, 200, 300, 600, 800]
    rows = [f"L{b},{1 + b % 2},CCG,x{b},A,revenue,{b},{b}" for b in spent]
    assert said("\n".join(rows), "") == []
    assert said("\n".join(rows[:4]), "") == [("BCF506", "warning", 5)]


def test_a_name_that_begins_as_a_total_does_is_not_refused_for_a_round_sum() -> None:
    rows = "a,1,CCG,x,A,revenue,100,100\nb,1,CCG,y,A,revenue,200,200\nd,2,CCG,y,A,revenue,900,900"
    rows += "\nc,1,CCG,Total hearing loss service,A,revenue,{0},{0}"
    assert said(rows.format(300), "") == []
    assert said(rows.format(1200), "") == [("BCF506", "warning", 5)]


def test_lines_known_by_their_totals_alone_are_lines() -> None:
    rows = "A,1,CCG,Total One,A,revenue,5,6\nB,2,CCG,Total Two,A,revenue,7,8"
    assert said(rows, "") == []


def test_what_may_be_called_a_total() -> None:
    names = ["One", "Home First", "2"]
    totals = "Total;SUB-TOTAL;grand total:;Total budget;Total for theme 2;One total;Totals"
    for text in f"{totals};Total Home First;Subtotal 3;Total BCF pool".split(";"):
        assert is_total_of(text, [*names, "3"])[0], text
    for text in (
        "Total care at home",
        "Totnes",
        "Summary care",
        "Total One to one support",
        "Stot",
    ):
        assert not is_total_of(text, names)[0], text
    assert not says_total("Totalizer")
    assert Total(0, 2, "Total", {}, {}).label == "Total"


# ------------------------------------------------------------------ units, nothing, contributions


NO_ACTIVITY = {"payments": "scheme_id", "activity": "scheme_id"}


def codes(schemes: str = "", basis: str = "", **tables: str) -> list[str]:
    tables |= {"schemes": f"{HEADINGS}\n{schemes}"} if schemes else {}
    drafts, _ = drafted(
        {"rules": WHOLE_POOL, "payments": "scheme_id", "activity": "scheme_id"} | tables
    )
    found = look_through(replace(drafts, settings=Settings.model_construct(basis=basis)))
    return [f.code for f in found if f.code[:4] == "BCF5"]


def test_a_line_in_thousands_beside_others_in_pounds() -> None:
    assert codes(LINES) == []
    assert codes(LINES.replace("3390005.20", "3390.01")) == ["BCF509"]
    assert codes(LINES.replace("412000.00", "412.00")) == ["BCF509"]
    assert codes(LINES.replace("3390005.20", "339.01")) == []  # a hundredth of that is no unit
    all_off = "S1,1,CCG,a,A,revenue,1000,1\nS2,1,CCG,b,A,revenue,2000,2"
    assert codes(all_off) == []  # none is out of step with the others


def test_a_version_in_thousands_beside_the_one_before() -> None:
    heads = "version,financial_year,theme,organisation,amount\n"
    rows = "a,2018-19,1,CCG,1000\na,2018-19,2,CCG,2000\nb,2018-19,1,CCG,1100\nb,2018-19,2,CCG,{}"
    assert codes(budgets=heads + rows.format("2100")) == []
    assert codes(budgets=heads + rows.format("2.1")) == ["BCF509"]


def test_nothing_entered_and_one_thing_entered_twice() -> None:
    nothing = "S1,1,CCG,a,A,revenue,{0},{1}\nS2,1,CCG,b,A,revenue,{0},{1}"
    assert codes(nothing.format(7, 0)) == ["BCF510"]
    assert codes(nothing.format(0, 7)) == ["BCF510"]
    assert codes(nothing.format(0, 0)) == ["BCF510", "BCF510"]
    assert codes(nothing.format(7, 7)) == ["BCF515"]
    assert codes(nothing.format(7, 7).splitlines()[0]) == []  # one line may well be on budget
    assert codes(nothing.format(7, 0), "plan") == []  # nothing need be spent of a plan
    assert codes(nothing.format(7, 7), "plan") == []  # or all of it will be
    assert codes(nothing.format(0, 7), "plan") == ["BCF510"]


def test_a_budget_beside_its_parts() -> None:
    heads = "version,financial_year,theme,organisation,scheme_id,amount\n"
    parts = "a,2018-19,1,CCG,S1,5\na,2018-19,1,Council,S3,7\n"
    assert codes(budgets=heads + parts) == []
    assert codes(budgets=heads + parts + "a,2018-19,1,,,12") == ["BCF516"]
    assert codes(budgets=heads + parts + "a,2018-19,1,,,13") == []
    assert codes(budgets=heads + parts + "b,2018-19,1,,,12") == []
    assert codes(budgets=heads + parts + "a,2018-19,2,,,12") == []


CONTRIBUTIONS = "organisation,version,to,amount\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("CCG,opening,pool,600\nCouncil,opening,pool,400", ""),
        ("CCG,opening,pool,600\nCouncil,opening,pool,300", "£1,000.00"),
        ("CCG,opening,theme=1,400\nCouncil,opening,theme=2,600", ""),
        ("CCG,opening,theme=1,300\nCouncil,opening,theme=2,700", "£400.00"),
        ("CCG,opening,theme=1,400", ""),  # nothing is said of the others
        ("CCG,opening,pool,900\nCouncil,opening,theme=2,100", ""),  # overlapping: added together
        ("CCG,opening,pool,700\nCCG,revised,pool,1000", ""),
        ("CCG,opening,pool,1000\nCCG,revised,pool,700", ""),
        ("CCG,opening,pool,700\nCCG,revised,pool,800", "revised"),
        ("CCG,opening,pool,1000\nCCG,paid,pool,250", ""),
    ],
)
def test_contributions_come_to_the_budgets_they_are_for(rows: str, words: str) -> None:
    drafts, _ = drafted({"rules": WHOLE_POOL, "contributions": CONTRIBUTIONS + rows})
    found = [*come_to_budgets(drafts)]
    assert [f.code for f in found if f.row == found[0].row] == (["BCF513"] if words else [])
    assert words in "".join(f.sentence for f in found)

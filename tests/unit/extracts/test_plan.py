"""Each kind of extract, with its brothers: what is read, what is asked, and what is refused."""

from pathlib import Path

import pytest

from bcf_model.extracts.plan import as_text, lines_of, make_plan
from bcf_model.extracts.take_in import looks_like_ledger, plan_file
from tests.unit.extracts.extracts import (
    codes,
    pence,
    plan_answered,
    plan_book,
    plan_rows,
    plan_text,
    totals,
)

HEAD = ["Cost Centre", "Account", "Amount"]


def lines(plan):
    return lines_of(plan.chosen)


# ------------------------------------------------------------------ totals


def test_totals_of_cost_centres_and_of_all_are_proved_and_left_out(tmp_path: Path) -> None:
    rows = [
        ["Anytown Council"], [], ["Costc", "Account", "Text", "Amount"],
        ["B1", "1", "one", "1,000.10"], ["B1", "2", "two", "-0.10"],
        ["Total B1", "", "", "1,000.00"], [],
        ["B2", "1", "three", "5.25"], ["B2", "1", "four", "4.75"], ["Total B2", "", "", "10.00"],
        ["Grand total", "", "", "1,010.00"], ["Printed 2 May"],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert pence(plan) == [100010, -10, 525, 475]
    assert totals(plan) == [(6, 2), (10, 2), (11, 4)]
    assert "row 12 after the last line" in as_text(plan, file="x.csv")


def test_a_total_that_no_lines_come_to_is_asked_once_and_answered(tmp_path: Path) -> None:
    text = "Cost Centre,Account,Amount\nB1,1,10.00\nB2,2,20.00\nGrand total,,29.99\n"
    asked = plan_text(tmp_path, text)
    assert [(it.code, it.key) for it in asked.questions] == [("BCF903", "BCF903 Grand total")]
    assert asked.status == "asks"
    assert pence(plan_answered(tmp_path, text, {"BCF903 Grand total": "total"})) == [1000, 2000]
    assert pence(plan_answered(tmp_path, text, {"BCF903 Grand total": "line"})) == [
        1000, 2000, 2999,
    ]  # fmt: skip


def test_a_total_over_one_line_proves_nothing(tmp_path: Path) -> None:
    rows = [HEAD, ["B1", "1", "10.00"], ["Total", "", "10.00"]]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF903"]


def test_a_total_over_one_line_is_believed_where_one_over_all_holds_without_it(
    tmp_path: Path,
) -> None:
    rows = [
        HEAD, ["B1", "1", "10.00"], ["Total B1", "", "10.00"],
        ["B2", "1", "5.00"], ["B2", "2", "6.00"], ["Total B2", "", "11.00"],
        ["Grand total", "", "21.00"],
    ]  # fmt: skip
    assert pence(plan_rows(tmp_path, rows)) == [1000, 500, 600]


def test_a_supplier_called_total_with_a_date_and_a_number_is_a_line(tmp_path: Path) -> None:
    rows = [
        ["Date", "Invoice No", "Supplier", "Amount"],
        ["01/04/2024", "17", "Cranes", "25.00"], ["02/04/2024", "18", "Tiles", "25.00"],
        ["03/04/2024", "19", "Total Fitting", "50.00"], ["03/04/2024", "20", "Total", "60.50"],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert plan.chosen.totals == []
    answers = {it.key: "line" for it in plan.questions}
    path = tmp_path / "ledger.csv"
    assert pence(plan_file(path, answers)[0]) == [2500, 2500, 5000, 6050]


def test_a_bare_amount_that_the_lines_come_to_is_asked(tmp_path: Path) -> None:
    rows = [HEAD, ["B1", "1", "1.50"], ["B1", "2", "2.25"], ["B2", "2", "4.00"], ["", "", "7.75"]]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF904"]


def test_an_unlabelled_line_that_is_the_sum_of_three_above_is_asked(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["B1", "1", "1.51"],
        ["B2", "2", "2.27"],
        ["B3", "3", "4.09"],
        ["B4", "4", "7.87"],
    ]
    asked = plan_rows(tmp_path, rows)
    assert codes(asked) == ["BCF904"]
    assert "the sum of the 3 lines above" in asked.questions[0].said


@pytest.mark.parametrize("code", ["2.1", "2-1", "Z9"])
def test_a_parent_before_its_lines_is_asked(code: str, tmp_path: Path) -> None:
    rows = [
        ["Ref", "Scheme", "Budget £", "Outturn £"], ["1", "Falls", "10", "11"],
        ["2", "Homes", "70", "75"], [code, "Beds", "30", "31"], ["2.2", "Visits", "40", "44"],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert [it.key for it in plan.questions] == ["BCF904 2 Homes"]
    answered = plan_file(tmp_path / "ledger.csv", {"BCF904 2 Homes": "total"})[0]
    assert pence(answered) == [1100, 3100, 4400]


def test_a_total_of_lines_that_lie_apart_is_proved_by_the_key_it_names(tmp_path: Path) -> None:
    rows = [
        ["Cost Centre", "Organisation", "Amount"], ["B1", "ICB", "1.10"], ["B2", "LA", "7.00"],
        ["B3", "ICB", "2.20"], ["B4", "LA", "9.00"], ["Total ICB", "", "3.30"],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert pence(plan) == [110, 700, 220, 900]
    assert "Organisation ICB" in plan.chosen.totals[0].how


def test_what_is_carried_and_brought_forward_is_counted_once(tmp_path: Path) -> None:
    rows = [
        HEAD, ["B1", "1", "1.10"], ["B1", "2", "2.30"], ["Carried forward", "", "3.40"],
        ["Brought forward", "", "3.40"], ["B2", "2", "5.00"], ["Grand Total", "", "8.40"],
    ]  # fmt: skip
    assert pence(plan_rows(tmp_path, rows)) == [110, 230, 500]


@pytest.mark.parametrize(
    ("name", "code"),
    [("Memorandum: grants", "BCF903"), ("Prior year", "BCF903"), ("B9", "BCF904")],
)
def test_what_stands_below_the_last_total_is_asked(name: str, code: str, tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["B1", "1", "1.10"],
        ["B2", "2", "2.30"],
        ["Total", "", "3.40"],
        [name, "", "7.00"],
    ]
    asked = plan_rows(tmp_path, rows)
    assert codes(asked) == [code]
    (key,) = [it.key for it in asked.questions]
    assert pence(plan_file(tmp_path / "ledger.csv", {key: "total"})[0]) == [
        110, 230,
    ]  # fmt: skip


def test_a_part_that_is_told_again_is_asked(tmp_path: Path) -> None:
    rows = [HEAD, ["B1", "1", "1.10"], ["B2", "2", "2.30"], ["of which care", "", "1.50"]]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF903"]


def test_a_grand_total_of_some_of_the_lines_is_asked(tmp_path: Path) -> None:
    rows = [
        HEAD, ["B1", "1", "1.10"], ["B1", "2", "2.30"], [], ["B2", "2", "5.00"],
        ["B2", "3", "7.00"], ["Grand Total", "", "12.00"],
    ]  # fmt: skip
    assert codes(plan_rows(tmp_path, rows)) == ["BCF903"]


@pytest.mark.parametrize(
    "row",
    [["NPower", "Total", "3.40"], ["Total Gas & Power", "x", "3.40"], ["Total", "3", "3.40"]],
)
def test_a_line_with_all_its_names_is_never_set_aside_unasked(
    row: list[str], tmp_path: Path
) -> None:
    rows = [["Supplier", "Account", "Amount"], ["One", "1", "1.10"], ["Two", "2", "2.30"], row]
    plan = plan_rows(tmp_path, rows)
    assert codes(plan) == ["BCF904"]
    assert plan.chosen.totals == []


def test_net_expenditure_below_the_lines_is_no_line(tmp_path: Path) -> None:
    rows = [HEAD, ["B1", "1", "1.10"], ["B1", "2", "2.30"], ["Net expenditure", "", "3.40"]]
    assert pence(plan_rows(tmp_path, rows)) == [110, 230]


def test_totals_behind_the_name_as_a_pivot_has_them(tmp_path: Path) -> None:
    rows = [
        HEAD, ["B1", "1", "1.10"], ["", "2", "2.30"], ["B1 Total", "", "3.40"],
        ["B2", "1", "4.00"], ["", "2", "5.00"], ["B2 Total", "", "9.00"],
        ["Grand Total", "", "12.40"],
    ]  # fmt: skip
    assert pence(plan_rows(tmp_path, rows)) == [110, 230, 400, 500]


# ------------------------------------------------------------------ the amount


def test_dr_adds_and_cr_takes_away(tmp_path: Path) -> None:
    rows = [
        ["Cost Centre", "Account", "Amount", "D/C"], ["B1", "1", "9.00", "D"],
        ["B1", "2", "2.00", "C"], ["Total", "", "7.00", "D"],
    ]  # fmt: skip
    assert pence(plan_rows(tmp_path, rows)) == [900, -200]


def test_an_amount_below_nil_beside_a_word_is_asked(tmp_path: Path) -> None:
    rows = [
        ["Cost Centre", "Account", "Amount", "DR/CR"], ["B1", "1", "90.00", "DR"],
        ["B1", "2", "-2.00", "CR"],
    ]  # fmt: skip
    assert codes(plan_rows(tmp_path, rows)) == ["BCF906"]
    assert pence(plan_rows(tmp_path, rows, sign="word")) == [9000, 200]
    assert pence(plan_rows(tmp_path, rows, sign="amount")) == [9000, -200]


def test_an_amount_with_neither_word_is_refused(tmp_path: Path) -> None:
    rows = [
        ["Cost Centre", "Account", "Amount", "DR/CR"], ["B1", "1", "9.00", "DR"],
        ["B1", "2", "2.00", ""],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert (plan.status, codes(plan)) == ("refused", ["BCF907"])


@pytest.mark.parametrize("words", [("", "CR"), ("+", "-"), ("DR", "")])
def test_one_word_of_two_is_not_enough(words: tuple[str, str], tmp_path: Path) -> None:
    rows = [["Cost Centre", "Amount", "DR/CR"], *([f"B{it}", "5.00", it] for it in words)]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF907"]


@pytest.mark.parametrize(("currency", "expected"), [("EUR", ["BCF907"]), ("GBP", []), ("", [])])
def test_a_column_that_says_another_currency_is_heeded(
    currency: str, expected: list[str], tmp_path: Path
) -> None:
    rows = [["Cost Centre", "Curr.", "Amount"], ["B1", "GBP", "5.00"], ["B2", currency, "6.00"]]
    assert codes(plan_rows(tmp_path, rows)) == expected


def test_the_month_alone_beside_the_year_to_date_is_asked(tmp_path: Path) -> None:
    rows = [["Cost Centre", "In month actual", "YTD Actual"], ["B1", "5.00", "17.00"]]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF902"]


def test_debit_less_credit(tmp_path: Path) -> None:
    rows = [
        ["Account", "Cost Centre", "Debit", "Credit"], ["1", "B1", "80.00", ""],
        ["2", "B1", "", "3.50"], ["Total", "", "80.00", "3.50"],
    ]  # fmt: skip
    assert pence(plan_rows(tmp_path, rows)) == [8000, -350]


def test_a_total_of_debits_and_credits_is_told_with_both(tmp_path: Path) -> None:
    rows = [
        ["Account", "Cost Centre", "Debit", "Credit"], ["1", "B1", "80.00", ""],
        ["2", "B1", "20.50", ""], ["3", "B2", "", "30.25"], ["", "Total", "100.50", "30.25"],
    ]  # fmt: skip
    said = as_text(plan_rows(tmp_path, rows), file="x.csv")
    assert "row 5 'Total' 100.50 and 30.25 = the 3 lines" in said


def test_debit_less_credit_beside_an_amount_that_differs_is_asked(tmp_path: Path) -> None:
    rows = [
        ["Account", "Cost Centre", "Debit", "Credit", "Amount"], ["1", "B1", "8.00", "", "8.00"],
        ["2", "B1", "", "3.50", "-3.40"],
    ]  # fmt: skip
    asked = plan_rows(tmp_path, rows)
    assert codes(asked) == ["BCF902"]
    assert pence(plan_rows(tmp_path, rows, amount="debit - credit")) == [800, -350]
    rows[2][4] = "-3.50"
    assert pence(plan_rows(tmp_path, rows)) == [800, -350]


def test_a_trailing_minus_semicolons_and_windows_letters(tmp_path: Path) -> None:
    text = "Cost Ctr;Cost element name;Val.in rep.cur.\nB1;caf\xe9;2,250.00\nB1;fees;250.00-\n"
    text += "*;;2,000.00\n"
    plan = plan_text(tmp_path, text.encode("cp1252"))
    assert pence(plan) == [225000, -25000]
    assert plan.extract.kind == "CSV, semicolons, Windows-1252"


def test_months_are_a_line_each_and_the_year_to_date_a_check(tmp_path: Path) -> None:
    rows = [
        ["Cost Centre", "Account", "Annual Budget", "Apr-24", "May-24", "YTD Actual"],
        ["B1", "1", "9.00", "1.00", "2.00", "3.00"], ["B2", "1", "9.00", "4.00", "5.50", "9.50"],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert pence(plan) == [100, 200, 400, 550]
    found = lines(plan)
    assert found.periods.tolist() == [1, 2, 1, 2]
    assert found.years == ["2024-25"] * 4
    assert found.rows.tolist() == [2, 2, 3, 3]
    assert "BCF909" in codes(plan)


def test_months_that_do_not_come_to_the_year_to_date_are_asked(tmp_path: Path) -> None:
    rows = [
        ["Cost Centre", "Account", "P1", "P2", "YTD"], ["B1", "1", "1.00", "2.00", "3.00"],
        ["B2", "1", "4.00", "5.50", "9.51"],
    ]  # fmt: skip
    assert codes(plan_rows(tmp_path, rows)) == ["BCF902"]
    assert pence(plan_rows(tmp_path, rows, amount="months")) == [100, 200, 400, 550]
    assert pence(plan_rows(tmp_path, rows, amount="YTD")) == [300, 951]


def test_a_column_for_each_organisation_is_unpivoted(tmp_path: Path) -> None:
    rows = [
        ["Scheme", "Outturn £", "", ""], ["", "ICB", "Council", "Total"],
        ["Falls", "10", "20", "30"], ["Beds", "5", "", "5"],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert pence(plan) == [1000, 2000, 500]
    assert lines(plan).keys["organisation"] == ["ICB", "Council", "ICB"]
    rows[2][3] = "31"
    assert "BCF902" in codes(plan_rows(tmp_path, rows))


def test_net_or_gross_is_asked_and_how_they_hang_together_is_told(tmp_path: Path) -> None:
    rows = [
        ["Supplier", "Net", "VAT", "Gross"], ["One", "10.00", "2.00", "12.00"],
        ["Two", "5.00", "1.00", "6.00"],
    ]  # fmt: skip
    plan = plan_rows(tmp_path, rows)
    assert codes(plan) == ["BCF902"]
    assert "Net + VAT = Gross in 2 of 2 rows" in plan.questions[0].said
    assert pence(plan_rows(tmp_path, rows, amount="Gross")) == [1200, 600]


def test_amounts_under_a_heading_nobody_knows_are_asked(tmp_path: Path) -> None:
    rows = [["Cost Centre", "Amount", "Frobs"], ["B1", "1.50", "2.50"], ["B2", "3.50", "4.25"]]
    plan = plan_rows(tmp_path, rows)
    assert [it.key for it in plan.questions] == ["column.Frobs"]
    answered = plan_file(tmp_path / "ledger.csv", {"column.Frobs": "not used"})[0]
    assert pence(answered) == [150, 350]


# ------------------------------------------------------------------ headings, unit, sign


def test_two_rows_of_headings_sections_and_text_in_brackets(tmp_path: Path) -> None:
    rows = [
        ["Anytown BCF"], ["£000 unless stated"], ["Scheme", "", "2024/25", "", ""],
        ["Ref", "Name", "Budget", "Outturn", "Variance"], ["Staying well"],
        ["1", "Falls", 8000.5, 8100.25, "=D6-C6"], ["2", "Fees", "(300.5)", -310, "=D7-C7"],
        ["", "Sub-total", "=SUM(C6:C7)", "=SUM(D6:D7)", "=SUM(E6:E7)"],
    ]  # fmt: skip
    plan = plan_book(tmp_path, {"NHS": (rows, ["A3:B3", "C3:E3"])})
    assert codes(plan) == ["BCF918"]
    [asked] = plan.questions
    assert asked.finding.cell == "C8" and asked.finding.expected == '--answer "BCF918 NHS=lines"'
    assert "8,000.50 in the workbook, 7,700.00 in the lines" in asked.said
    answered = plan_book(tmp_path, {"NHS": (rows, ["A3:B3", "C3:E3"])}, **{"BCF918 NHS": "lines"})
    assert answered.status == "sure" and pence(answered) == [810025000, -31000000]
    wrong = plan_book(tmp_path, {"NHS": (rows, ["A3:B3", "C3:E3"])}, **{"BCF918 NHS": "workbook"})
    assert wrong.status == "asks" and "BCF918 NHS" in wrong.answers.refused
    rows[6][2] = -300.5
    plan = plan_book(tmp_path, {"NHS": (rows, ["A3:B3", "C3:E3"])})
    assert pence(plan) == [810025000, -31000000]
    assert plan.chosen.unit == "thousands"
    assert lines(plan).keys["section"] == ["Staying well"] * 2
    assert lines(plan).cells == ["D6", "D7"]


def test_a_formula_that_leaves_out_a_line_proves_no_total(tmp_path: Path) -> None:
    rows = [
        ["Ref", "Scheme", "Outturn £"], ["1", "Falls", 8.5], ["2", "Beds", 7.25],
        ["3", "Aids", 5],
        ["", "Total", "=SUM(C2:C3)"],
    ]  # fmt: skip
    assert codes(plan_book(tmp_path, {"NHS": (rows, [])})) == ["BCF903"]
    rows[-1][-1] = "=SUM(C2:C4)"
    assert pence(plan_book(tmp_path, {"NHS": (rows, [])})) == [850, 725, 500]


def test_a_line_that_is_a_formula_never_calculated_is_refused(tmp_path: Path) -> None:
    rows = [["Ref", "Scheme", "Outturn £"], ["1", "Falls", 8.5], ["2", "Beds", "=C2*2"]]
    plan = plan_book(tmp_path, {"NHS": (rows, [])})
    assert codes(plan) == ["BCF907"]
    assert "never calculated" in plan.findings[0].value


def test_two_blocks_are_two_tables_and_one_is_chosen(tmp_path: Path) -> None:
    text = (
        "Scheme,Budget £,Outturn £\nFalls,12.00,12.50\nBeds,3.00,2.80\nTotal,15.00,15.30\n,,\n"
        "Supplier,Budget £,Outturn £\nOne,9.00,9.00\nTwo,6.00,6.30\nTotal,15.00,15.30\n"
    )
    plan = plan_text(tmp_path, text)
    assert [it.code for it in plan.questions] == ["BCF910"]
    assert [it.name for it in plan.tables] == ["Scheme", "Supplier"]
    assert pence(plan_text(tmp_path, text, table="Supplier")) == [900, 630]
    assert pence(plan_text(tmp_path, text, table="Scheme")) == [1250, 280]


def test_the_headings_of_the_next_page_are_no_line_and_no_table(tmp_path: Path) -> None:
    rows = [HEAD, ["B1", "1", "1.10"], ["B2", "1", "2.20"], [], HEAD, ["B3", "1", "3.45"]]
    assert pence(plan_rows(tmp_path, rows)) == [110, 220, 345]


def test_the_unit_is_asked_where_nothing_says_it(tmp_path: Path) -> None:
    rows = [HEAD, ["B1", "1", "6,412"], ["B2", "1", "43,380"]]
    plan = plan_rows(tmp_path, rows)
    assert codes(plan) == ["BCF905"]
    assert "largest 43,380.00; sum 49,792.00" in plan.questions[0].said
    assert pence(plan_rows(tmp_path, rows, unit="thousands")) == [641200000, 4338000000]
    assert "--answer unit=pounds" in as_text(plan, file="x.csv")


@pytest.mark.parametrize(
    "title", ["Figures in 000s", "£'000", "(thousands)", "in thousands", "£k unless stated"]
)
def test_thousands_are_seen_however_they_are_stated(title: str, tmp_path: Path) -> None:
    rows = [[title], HEAD, ["B1", "1", "1.25"], ["B2", "2", "2.50"]]
    assert pence(plan_rows(tmp_path, rows)) == [125000, 250000]


@pytest.mark.parametrize("title", ["Payments over £500", "Spend above £25,000", "Paid to 1,000"])
def test_an_amount_in_a_title_is_no_unit(title: str, tmp_path: Path) -> None:
    rows = [[title], HEAD, ["B1", "1", "12"], ["B2", "2", "25"]]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF905"]


def test_two_units_that_are_stated_are_asked(tmp_path: Path) -> None:
    rows = [["All in £000"], ["Scheme", "Budget £m", "Outturn"], ["Falls", "1", "2"]]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF905"]


def test_an_answer_against_what_is_stated_is_asked_again(tmp_path: Path) -> None:
    rows = [["Scheme", "Outturn £000"], ["Falls", "12"], ["Beds", "25"]]
    assert pence(plan_rows(tmp_path, rows)) == [1200000, 2500000]
    assert codes(plan_rows(tmp_path, rows, unit="pounds")) == ["BCF905"]


def test_an_amount_finer_than_a_penny_is_never_rounded(tmp_path: Path) -> None:
    rows = [["Scheme", "Outturn £"], ["Falls", "12.345"], ["Beds", "25"]]
    plan = plan_rows(tmp_path, rows)
    assert codes(plan) == ["BCF907"]
    assert "finer than a penny" in plan.findings[0].value
    rows[0][1] = "Outturn £000"
    assert pence(plan_rows(tmp_path, rows)) == [1234500, 2500000]


@pytest.mark.parametrize("title", ["I&E (income + / expenditure -)", "Month 12"])
def test_whether_spending_is_negative_is_asked_and_never_turned_by_itself(
    title: str, tmp_path: Path
) -> None:
    rows = [[title], HEAD, ["B1", "1", "-10.00"], ["B2", "2", "3.00"], ["", "Net", "-7.00"]]
    assert codes(plan_rows(tmp_path, rows)) == ["BCF906"]
    assert pence(plan_rows(tmp_path, rows, spending="negative")) == [1000, -300]
    assert pence(plan_rows(tmp_path, rows, spending="positive")) == [-1000, 300]


def test_a_file_without_headings_is_refused_and_read_once_columns_are_named(
    tmp_path: Path,
) -> None:
    text = "K1,Ann,10.50\nK2,Bea,20.75\nK3,Cy,30.00\n"
    plan = plan_text(tmp_path, text)
    assert (plan.status, codes(plan)) == ("refused", ["BCF901"])
    shown = as_text(plan, file="x.csv")
    assert "row 1: K1 | Ann | 10.50" in shown
    assert "--answer heading=none --answer column.C=amount" in shown
    given = {"heading": "none", "column.C": "amount", "column.A": "cost_centre"}
    answered = plan_answered(tmp_path, text, given)
    assert pence(answered) == [1050, 2075, 3000]
    assert lines(answered).keys["cost_centre"] == ["K1", "K2", "K3"]


def test_headings_in_words_nobody_knows_are_read_from_the_row_named(tmp_path: Path) -> None:
    text = "Foo,Bar,Baz\nK1,Ann,10.50\nK2,Bea,20.75\n"
    given = {"heading": "1", "column.Baz": "amount", "column.Foo": "account"}
    assert pence(plan_answered(tmp_path, text, given)) == [1050, 2075]


@pytest.mark.parametrize("amount", ["$94.06", "€94.06", "94.06 USD"])
def test_another_currency_is_refused_by_its_column(amount: str, tmp_path: Path) -> None:
    rows = [[*HEAD], ["B1", "1", amount], ["B2", "1", amount]]
    plan = plan_rows(tmp_path, rows)
    assert plan.status == "refused"
    assert any(it.code in {"BCF901", "BCF907"} for it in plan.findings)
    rows[1][2] = rows[2][2] = "94.06"
    assert pence(plan_rows(tmp_path, rows)) == [9406, 9406]
    rows[0][2] = "Amount ($)"
    assert codes(plan_rows(tmp_path, rows)) == ["BCF907"]


def test_six_digits_of_a_period_are_not_guessed(tmp_path: Path) -> None:
    text = "Cost Centre,Period,Amount\nB1,202401,1.50\nB2,202412,2.25\n"
    assert lines(plan_text(tmp_path, text)).periods.tolist() == [0, 0]
    financial = lines(plan_text(tmp_path, text, period="financial"))
    assert (financial.periods.tolist(), financial.years) == ([1, 12], ["2024-25"] * 2)
    calendar = lines(plan_text(tmp_path, text, period="calendar"))
    assert (calendar.periods.tolist(), calendar.years) == ([10, 9], ["2023-24", "2024-25"])
    closing = plan_text(tmp_path, text.replace("202412", "202413"))
    assert lines(closing).periods.tolist() == [1, 13]


def test_a_day_is_read_day_first(tmp_path: Path) -> None:
    text = "Date,Supplier,Amount\n03/04/2024,One,1.50\n31/03/2025,Two,2.25\n"
    found = lines(plan_text(tmp_path, text))
    assert (found.periods.tolist(), found.years) == ([1, 12], ["2024-25"] * 2)


def test_of_days_with_the_month_first_none_is_read(tmp_path: Path) -> None:
    text = "Date,Supplier,Amount\n12/31/2024,One,1.50\n04/01/2024,Two,2.25\n"
    plan = plan_text(tmp_path, text)
    assert lines(plan).periods.tolist() == [0, 0]
    assert "has the month first" in as_text(plan, file="x.csv")


# ------------------------------------------------------------------ a desk


def test_a_small_desk_comes_to_what_it_was_made_of(tmp_path: Path) -> None:
    """An outturn of two sheets by hand, invented: budgets 41.5 and 19.25 thousand."""

    def sheet(title, first, second):
        rows = [
            [f"{title} outturn 2023/24"], ["£000"], [], ["Scheme", "", "2023/24", "", "Lead"],
            ["No", "Name", "Budget", "Outturn", ""], ["Home"], *first, [], ["Care"], *second, [],
            ["", f"Total {title}", f"=C{6 + len(first)}+C{9 + len(first) + len(second)}"],
        ]  # fmt: skip
        return rows, ["A4:B4", "C4:D4", "E4:E5"]

    nhs = sheet("NHS", [["1", "Falls", 11.5, 12, "ICB"], ["2", "Aids", 20, 19.75, "ICB"]],
                [["3", "Beds", 6, 6.5, "ICB"], ["4", "Fees", 4, 4, "ICB"]])  # fmt: skip
    plan = plan_book(tmp_path, {"NHS": nhs, "Notes": ([["Made by hand"]], [])})
    assert [it.name for it in plan.tables] == ["NHS"]
    (table,) = plan.tables
    assert int(table.money[2].parts[table.lines].sum()) == 41_50000000
    assert plan.questions[0].code == "BCF903"  # its formula adds up two lines of four
    answered = plan_file(tmp_path / "outturn.xlsx", {"BCF903 Total NHS": "total"})[0]
    assert sum(pence(answered)) == 42_250_00


# ------------------------------------------------------------------ hostile


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "BCF003"),
        (b"\n\n\n", "BCF003"),
        (bytes(range(256)) * 40, "BCF005"),
        (b"Cost Centre,Amount\n" + b"x" * 200_000, "BCF007"),
        (b'Cost Centre,Amount\n"A1,1.00\nA2,2.00\n', "BCF007"),
        (b"," * 3_000 + b"\n", "BCF014"),
        (b"PK\x03\x04 nothing", "BCF004"),
        (b"\xd0\xcf\x11\xe0 nothing", "BCF004"),
        (b"%PDF-1.7", "BCF004"),
        (b"<html><table><tr><td>1</td></tr></table>", "BCF004"),
        (b"\xff\xfeC\x00o\x00", "BCF901"),
        (b"\xff\xfeC\x00o", "BCF005"),
        (b"caf\x81,1\n", "BCF005"),
    ],
)
def test_what_is_no_ledger_is_a_sentence(data: bytes, code: str, tmp_path: Path) -> None:
    plan = plan_text(tmp_path, data)
    assert plan.status == "refused"
    assert code in codes(plan)
    assert as_text(plan, file="x")


def test_headings_over_totals_alone_are_refused(tmp_path: Path) -> None:
    rows = [HEAD, ["B1", "1", "1.50"], ["", "Total", "1.50"]]
    plan = plan_rows(tmp_path, rows, **{})
    assert plan.status == "asks"
    given = {"BCF903 Total": "total"}
    assert pence(plan_file(tmp_path / "ledger.csv", given)[0]) == [150]
    plan = plan_rows(tmp_path, [HEAD, ["", "Total", "1.50"]])
    answered = plan_file(tmp_path / "ledger.csv", {it.key: "total" for it in plan.questions})[0]
    assert codes(answered) == ["BCF901"]


def test_a_thousand_columns_are_read(tmp_path: Path) -> None:
    width = 1_000
    head = ["Cost Centre", "Amount", *(f"Note {it}" for it in range(width - 2))]
    plan = plan_rows(tmp_path, [head, ["B1", "1.25", *[""] * (width - 2)], ["B2", "2.50"]])
    assert pence(plan) == [125, 250]


def test_an_error_in_a_cell_of_an_amount_is_refused(tmp_path: Path) -> None:
    rows = [["Ref", "Scheme", "Outturn £"], ["1", "Falls", 8.5], ["2", "Beds", "#REF!"]]
    assert codes(plan_book(tmp_path, {"NHS": (rows, [])})) == ["BCF907"]


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    plan, _ = plan_file(tmp_path / "nothing.csv", {})
    assert (plan.status, codes(plan)) == ("refused", ["BCF001"])
    assert plan_file(tmp_path, {})[0].status == "refused"


@pytest.mark.parametrize("text", ["Amount\n1.00\n", "a,b\n1,2\n", ",,,\n,,\n", "Total\n", '"\n"\n'])
def test_little_tables_end_in_a_sentence(text: str, tmp_path: Path) -> None:
    plan = plan_text(tmp_path, text)
    assert plan.status == "refused"
    assert plan.findings


# ------------------------------------------------------------------ looks like a ledger


def test_a_ledger_is_told_from_a_pools_table(tmp_path: Path) -> None:
    ledger = tmp_path / "GL.csv"
    ledger.write_text("Cost Centre,Account,Amount\nB1,1,10.00\nB2,2,20.05\n", encoding="utf-8")
    said = looks_like_ledger(ledger, ["schemes"])
    assert said.startswith("This looks like a ledger (2 lines, £30.05). To take it in: bcf import")
    assert looks_like_ledger(ledger.rename(tmp_path / "schemes.csv"), ["schemes"]) == ""
    (tmp_path / "note.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert looks_like_ledger(tmp_path / "note.csv", []) == ""


def test_nothing_is_a_plan_of_nothing(tmp_path: Path) -> None:
    extract = plan_text(tmp_path, "").extract
    assert make_plan(extract, {}).tables == ()

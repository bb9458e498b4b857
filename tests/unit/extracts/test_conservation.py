"""Nothing is lost: whatever the table, every amount under its headings is in one kind of row."""

import csv
import io
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.money import NotMoney, read_number
from bcf_model.extracts import recognise
from bcf_model.extracts.amounts import PARTS, read_text
from bcf_model.extracts.answers import Answers
from bcf_model.extracts.plan import Plan, lines_of, make_plan
from bcf_model.extracts.table import ASKED, LINE, TOTAL
from bcf_model.intake.csv_text import read_separated
from bcf_model.intake.extract_file import Extract, Grid
from tests.longer import tries

AMOUNTS = st.integers(-10_000_000, 10_000_000)
NAMES = st.text("ABCab12 -", min_size=1, max_size=5).map(str.strip).filter(bool)
CELLS = st.one_of(
    st.sampled_from(
        ["", "", "Total", "Grand total", "Sub-total B1", "B1", "B2", "x", "-", "nil", "£12.50",
         "(3.00)", "2.50-", "7 CR", "$5.00", "1,200.50", "Amount", "Net", "*", "31/03/2025"]
    ),
    AMOUNTS.map(lambda it: f"{it / 100:.2f}"),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6),
)  # fmt: skip


def text_of(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def planned(rows: list[list[str]], **answers: str) -> Plan:
    columns, _, _ = read_separated(text_of(rows))
    grids = (Grid("", columns, len(columns[0].codes)),) if columns else ()
    return make_plan(Extract("x.csv", "CSV", grids), answers)


def independently(rows: list[list[str]], column: int, first: int, end: int) -> list[Decimal]:
    """The amounts under a heading, read by the house's own reader, cell by cell."""
    found = []
    for row in rows[first:end]:
        text = row[column].strip() if column < len(row) else ""
        try:
            found.append(read_number(text))
        except (NotMoney, InvalidOperation):
            if text.removeprefix("£").strip().lower() in {"-", "–", "—", "−", "nil"}:
                found.append(Decimal(0))
    return found


@tries(60, 2_000)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=12),
    st.permutations(["Cost Centre", "Account", "Amount", "Budget"]),
    st.integers(0, 3),
)
def test_lines_totals_and_what_is_asked_are_all_there_is(body, head, above) -> None:
    """Of any table of text."""
    rows = [[f"Title {it}"] for it in range(above)] + [list(head), *body]
    plan = planned(rows)
    read, _, _ = read_separated(text_of(rows))
    height = len(read[0].codes) if read else 0
    grid = [[column[row] for column in read] for row in range(height)]
    for table in plan.tables:
        for column, it in table.money.items():
            said = independently(grid, column, table.rows.start, table.rows.stop)
            held = [
                abs(Decimal(int(part)) / PARTS)
                for part, there, kind in zip(it.parts, it.there, table.kinds, strict=True)
                if there and kind in {LINE, TOTAL, ASKED, recognise.UNREAD, recognise.AGAIN}
            ]
            assert sorted(map(abs, said)) == sorted(held)


@tries(100, 3_000)
@given(st.one_of(CELLS, st.text("0123456789.,-()£ CRDnil–", max_size=14)))
def test_the_quick_reading_is_the_houses_own(text: str) -> None:
    said = text.strip()
    try:
        exact = int(read_number(said) * PARTS)
    except NotMoney:
        nil = said.removeprefix("£").strip().lower() in {"-", "–", "—", "−", "nil"}
        exact = 0 if nil else None
    assert read_text(text).parts == exact


LEDGER = st.lists(st.tuples(NAMES, NAMES, AMOUNTS.filter(bool)), min_size=3, max_size=9)


def pounds(pence: int) -> str:
    return f"{pence / 100:,.2f}"


def answered(rows: list[list[str]], **given: str) -> list[int]:
    """The lines once everything is answered: lines stay lines, and spending is above nil."""
    answers = dict(given)
    for _ in range(3):
        plan = planned(rows, **answers)
        if not plan.questions:
            break
        for it in plan.questions:
            answers.setdefault(it.key, {"BCF904": "line", "BCF906": "positive"}[it.code])
    assert plan.status == "sure", [it.finding.sentence for it in plan.questions]
    return sorted(lines_of(plan.chosen).pence.tolist())


def ledger(lines: list[tuple[str, str, int]]) -> list[list[str]]:
    return [["Cost Centre", "Account", "Amount"], *([a, b, pounds(it)] for a, b, it in lines)]


@tries(40, 500)
@given(LEDGER, st.permutations([0, 1, 2]), st.integers(0, 4), st.data())
def test_columns_in_another_order_titles_and_blank_rows_change_nothing(
    lines, order, titles, data
) -> None:
    rows = [[row[it] for it in order] for row in ledger(lines)]
    for _ in range(2):
        rows.insert(data.draw(st.integers(1, len(rows))), ["", "", ""])
    rows = [[f"Report {it}"] for it in range(titles)] + rows
    assert answered(rows) == sorted(it for _, _, it in lines)


@tries(40, 500)
@given(LEDGER)
def test_a_total_that_is_added_changes_nothing(lines) -> None:
    rows = ledger(lines)
    rows.append(["Grand total", "", pounds(sum(it for _, _, it in lines))])
    assert answered(rows) == sorted(it for _, _, it in lines)
    rows[-1][2] = pounds(sum(it for _, _, it in lines) + 1)
    assert any(it.code == "BCF903" for it in planned(rows).questions)


@tries(40, 500)
@given(LEDGER)
def test_thousands_and_pounds_say_the_same(lines) -> None:
    rows = ledger(lines)
    rows[0][2] = "Amount £000"
    for row, (_, _, it) in zip(rows[1:], lines, strict=True):
        row[2] = f"{Decimal(it) / 100_000:f}"
    assert answered(rows) == sorted(it for _, _, it in lines)


@tries(40, 500)
@given(LEDGER)
def test_dr_and_cr_and_debit_and_credit_say_the_same(lines) -> None:
    signed = [["Cost Centre", "Account", "Amount", "DR/CR"]] + [
        [a, b, pounds(abs(it)), "DR" if it > 0 else "CR"] for a, b, it in lines
    ]
    apart = [["Cost Centre", "Account", "Debit", "Credit"]] + [
        [a, b, pounds(it) if it > 0 else "", pounds(-it) if it < 0 else ""] for a, b, it in lines
    ]
    expected = sorted(it for _, _, it in lines)
    assert answered(signed) == expected
    assert answered(apart) == expected


def test_an_amount_that_is_lost_stops_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ledger([("B1", "1", 100), ("B2", "2", 250)])
    columns, _, _ = read_separated(text_of(rows))
    grid = Grid("", columns, 3)
    whole = recognise.find_totals

    def loses(table, answers: Answers) -> None:
        whole(table, answers)
        table.kinds[0] = recognise.BLANK

    monkeypatch.setattr(recognise, "find_totals", loses)
    with pytest.raises(DoesNotReconcile, match=r"3\.50 in 2 amounts, of which 2\.50 in 1"):
        make_plan(Extract("x.csv", "CSV", (grid,)), {})


def test_a_file_is_read_the_same_from_disk(tmp_path: Path) -> None:
    from bcf_model.extracts.take_in import plan_file

    rows = ledger([("B1", "1", 100), ("B2", "2", 250)])
    (tmp_path / "x.csv").write_bytes(text_of(rows))
    plan, _ = plan_file(tmp_path / "x.csv", {})
    assert lines_of(plan.chosen).pence.tolist() == [100, 250]

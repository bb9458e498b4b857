import csv
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.core.errors import CannotWrite
from bcf_model.core.figures import Figure
from bcf_model.extracts.actuals import Taken, extract_of, places, take_in
from bcf_model.extracts.lines import Lines
from bcf_model.pool import check_pool, load
from bcf_model.publish.pool_tables import write_tables
from bcf_model.year.pipeline import run
from tests.make.extracts import POOL, case_of_leftovers, ledger
from tests.unit.extracts.test_mapping import LEFTOVERS

YEAR_OF_ROWS = "cost_centre,period,pence\n" + "\n".join(
    f"A4040,{m},{100 * m}" for m in range(1, 13)
)


def kept(taken: Taken, pool: Path) -> Taken:
    """Write what is to be written; give what was taken."""
    assert [it.sentence for it in taken.findings if it.severity == "error"] == []
    write_tables(taken.tables, pool, before=taken.before)
    return taken


def taken_in(lines: Lines, pool: Path, **how: bool) -> Taken:
    return kept(take_in(lines, "ledger", pool, **how), pool)


def rows(pool: Path, name: str = "actuals.csv") -> list[Mapping[str, str]]:
    with (pool / name).open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def codes(taken: Taken) -> list[str]:
    return [it.code for it in taken.findings]


def found(pool: Path) -> list[tuple[str, str]]:
    return [(it.code, it.severity) for it in check_pool(pool)[1]]


def test_amounts_are_kept_by_scheme_and_period_with_where_they_stand(pool):
    text = "cost_centre,period,pence\nA1,1,1000\nA4040,1,5\nA1,1,2000\nA9,1,-7\nA8,2,300"
    taken_in(ledger(text, "GL.xlsx", "Lines"), pool)
    found = [
        (it["scheme_id"], it["measure"], it["period"], it["amount"], it["rule"], it["cells"])
        for it in rows(pool)
    ]
    assert found == [
        ("S1", "expenditure", "1", "30.00", "1", "F2+F4"),
        ("S1", "expenditure", "1", "0.03", "2", "F3"),
        ("S2", "expenditure", "1", "0.02", "2", "F3"),
        ("", "excluded", "1", "-0.07", "3", "F5"),
        ("", "unmapped", "2", "3.00", "", "F6"),
    ]
    assert {(it["ledger"], it["file"], it["sheet"]) for it in rows(pool)} == {
        ("ledger", "GL.xlsx", "Lines")
    }


def test_what_is_mapped_twice_stops_all_and_the_reconciliation_is_told(pool):
    (pool / "ledgers" / "ledger.rules.csv").write_text(
        "rule,priority,cost_centre,scheme_id,share\n1,10,A42??,S1,100\n2,10,A4250,S2,100\n"
        "3,10,A4040,S1,55\n3,10,A4040,S2,45\n"
    )
    taken = take_in(case_of_leftovers(LEFTOVERS), "ledger", pool)
    assert codes(taken) == ["BCF920", "BCF921", "BCF922"]
    assert taken.tables == {}
    said = "\n".join(taken.said)
    for amount in ("116.05", "0.05", "7.00", "100.00", "9.00", "rules 1 and 2", "= ledger"):
        assert amount in said
    assert taken.said[-1] == "Nothing was written."
    assert not (pool / "actuals.csv").exists()


def test_with_all_periods_in_the_sum_is_the_outturn_and_is_shared(pool):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    assert found(pool) == [("BCF313", "warning")]
    inputs = load(pool)
    assert inputs.settings.basis == ""
    assert inputs.schemes["expenditure"].tolist() == [4290, 3510, 0]
    assert inputs.steps["expenditure"].tolist() == [1, 1, 0]
    assert len(run(inputs).outputs["risk_share"])


def test_a_pool_reports_the_same_with_its_sums_typed_into_its_lines(pool):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    of_ledger = run(load(pool)).outputs
    (pool / "actuals.csv").unlink()
    typed = POOL["schemes.csv"].replace("50.00,", "50.00,42.90").replace("60.00,", "60.00,35.10")
    (pool / "schemes.csv").write_text(typed.replace("70.00,", "70.00,not stated"))
    stated = run(load(pool)).outputs
    assert of_ledger.keys() == stated.keys()
    for name, table in stated.items():
        pd.testing.assert_frame_equal(of_ledger[name], table, obj=name)


def test_until_then_the_position_is_to_date_and_no_share_is_given(pool):
    taken_in(ledger("cost_centre,period,pence\nA4040,1,1000\nA4040,3,1000"), pool)
    assert found(pool) == [("BCF936", "warning"), ("BCF313", "warning")]
    inputs = load(pool)
    assert inputs.settings.basis == "to date"
    assert inputs.settings.standing.no_share
    said = next(it.value for it in inputs.findings if it.code == "BCF936")
    assert said == "ledger lacks periods 2, 4, 5, 6, 7 and 5 more"
    with (pool / "pool.toml").open("a") as settings:
        settings.write('basis = "outturn"\n')
    assert ("BCF936", "error") in found(pool)


def test_every_ledger_must_have_every_period(pool):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    (pool / "ledgers" / "nhs.rules.csv").write_text(POOL["ledgers/ledger.rules.csv"])
    kept(take_in(ledger("cost_centre,period,pence\nA1,1,5"), "nhs", pool), pool)
    assert ("BCF936", "warning") in found(pool)


def test_a_period_without_lines_can_be_said_to_be_in(pool):
    taken_in(ledger(YEAR_OF_ROWS.replace("A4040,8,800\n", "")), pool)
    assert ("BCF936", "warning") in found(pool)
    with (pool / "actuals.csv").open("a") as file:
        cells = {"measure": "unmapped", "financial_year": "2024-25", "period": "8",
                 "amount": "0.00", "unit": "pounds", "ledger": "ledger"}  # fmt: skip
        file.write(",".join(cells.get(name, "") for name in rows(pool)[0]) + "\n")
    assert found(pool) == [("BCF313", "warning")]


def test_a_ledger_of_no_periods_is_of_a_year_only_where_that_is_said(pool):
    taken_in(ledger("cost_centre,period,pence\nA1,0,1000"), pool)
    assert ("BCF936", "warning") in found(pool)
    with (pool / "pool.toml").open("a") as settings:
        settings.write('basis = "outturn"\n')
    assert found(pool) == [("BCF313", "warning"), ("BCF313", "warning")]


def test_a_scheme_that_no_line_reaches_stays_not_stated(pool):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    figures = run(load(pool)).figures
    assert figures.lacks(Figure.parse("expenditure/scheme=S3"))
    assert not figures.lacks(Figure.parse("expenditure/scheme=S1"))


def test_income_lessens_the_expenditure_and_a_budget_is_one(pool):
    schemes = POOL["schemes.csv"].replace("60.00", "")
    (pool / "schemes.csv").write_text(schemes)
    text = f"{YEAR_OF_ROWS}\nA3,1,-1000\nA2,1,6000"
    taken_in(ledger(text), pool)
    inputs = load(pool)
    assert inputs.schemes["expenditure"].tolist() == [4290, 2510, 0]
    assert inputs.schemes["budget"].tolist() == [5000, 6000, 7000]


def test_amounts_are_in_pounds_whatever_the_unit_of_the_pool(pool):
    settings = POOL["pool.toml"].replace('"pounds"', '"thousands"')
    (pool / "pool.toml").write_text(settings)
    taken_in(ledger(YEAR_OF_ROWS), pool)
    assert load(pool).schemes["expenditure"].tolist() == [4290, 3510, 0]


def test_the_same_extract_comes_in_once_in_whatever_order(pool):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    head, *body = YEAR_OF_ROWS.splitlines()
    again = take_in(ledger("\n".join((head, *reversed(body)))), "ledger", pool)
    assert codes(again)[-1] == "BCF932"
    assert "the same lines" in again.findings[-1].value
    assert again.tables == {}
    (pool / "ledgers" / "other.rules.csv").write_text(POOL["ledgers/ledger.rules.csv"])
    other = take_in(ledger(YEAR_OF_ROWS), "other", pool, again=True)
    assert other.findings[-1].value == "the same lines as ledger"


def test_a_period_that_is_in_is_replaced_only_when_that_is_meant(pool):
    taken_in(ledger("cost_centre,period,pence\nA1,1,1000\nA1,2,1000"), pool)
    later = ledger("cost_centre,period,pence\nA1,2,1500\nA1,3,1000")
    assert "period 2" in take_in(later, "ledger", pool).findings[-1].value
    taken = taken_in(later, pool, again=True)
    assert taken.said[-1].strip() == "Replaced: period 2, £10.00 before, £25.00 now"
    assert [(it["period"], it["amount"]) for it in rows(pool)] == [
        ("1", "10.00"),
        ("2", "15.00"),
        ("3", "10.00"),
    ]


def test_an_amount_stated_otherwise_is_an_error_and_nothing_is_written(pool):
    schemes = POOL["schemes.csv"].replace("50.00,", "50.00,42.90")
    (pool / "schemes.csv").write_text(schemes)
    taken_in(ledger(YEAR_OF_ROWS), pool)
    (pool / "actuals.csv").unlink()
    (pool / "schemes.csv").write_text(schemes.replace("42.90", "42.91"))
    taken = take_in(ledger(YEAR_OF_ROWS), "ledger", pool)
    assert codes(taken)[-1] == "BCF934"
    assert taken.tables == {}


def test_what_somebody_else_changed_meanwhile_is_not_written_over(pool):
    taken = take_in(ledger(YEAR_OF_ROWS), "ledger", pool)
    (pool / "actuals.csv").write_text("another's\n")
    with pytest.raises(CannotWrite, match="changed meanwhile"):
        write_tables(taken.tables, pool, before=taken.before)
    assert (pool / "actuals.csv").read_text() == "another's\n"
    assert not (pool / "ledgers" / "ledger.unmapped.csv").exists()


def test_what_is_left_over_is_listed_the_largest_first(pool):
    text = "cost_centre,year,period,pence\nA8,2024-25,1,100\nA7,2024-25,1,-900\nA1,2025-26,1,50"
    taken_in(ledger(text), pool)
    found = [(it["what"], it["cost_centre"], it["amount"], it["first"]) for it in rows(
        pool, "ledgers/ledger.unmapped.csv")]  # fmt: skip
    assert found == [
        ("no rule", "A7", "-9.00", "row 3"),
        ("no rule", "A8", "1.00", "row 2"),
        ("out of year", "A1", "0.50", "row 4"),
    ]
    assert rows(pool, "ledgers/ledger.reconciliation.csv")[-1]["amount"] == "-7.50"


def test_slips_of_a_table_of_actuals_are_found(pool):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    text = (pool / "actuals.csv").read_text()
    lines = text.splitlines()
    (pool / "actuals.csv").write_text("\n".join([*lines, lines[1]]))
    assert ("BCF935", "error") in found(pool)
    (pool / "actuals.csv").write_text(text.replace("S1,", "S9,", 1))
    assert ("BCF308", "error") in found(pool)
    (pool / "actuals.csv").write_text(text.replace("S1,", ",", 1))
    assert ("BCF938", "error") in found(pool)
    (pool / "actuals.csv").write_text(text.replace("2024-25", "2023-24", 1))
    assert ("BCF938", "error") in found(pool)
    (pool / "actuals.csv").write_text(
        text.replace("expenditure", "unmapped", 1).replace("S1", "", 1)
    )
    assert ("BCF937", "warning") in found(pool)
    (pool / "actuals.csv").write_text(text)
    digest = rows(pool)[0]["extract"]
    (pool / "actuals.csv").write_text(text.replace(digest, "Lother", 1))
    assert ("BCF935", "error") in found(pool)


def test_a_figure_is_explained_down_to_the_rows_of_the_ledger(pool):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    told = CliRunner().invoke(cli, ["explain", str(pool), "expenditure/scheme=S1", "--all"])
    assert told.exit_code == 0, told.output
    assert "ledger, period 12, rule 2" in told.output
    assert "55% of 1 line" in told.output
    assert "actuals.csv, row 2" in told.output
    assert "ledger.csv, row 13" in told.output


def test_a_report_is_verified_with_its_actuals(pool, tmp_path):
    taken_in(ledger(YEAR_OF_ROWS), pool)
    out = tmp_path / "report"
    made = CliRunner().invoke(cli, ["report", str(pool), "-o", str(out)])
    assert made.exit_code == 0, made.output
    assert "actuals.csv" in (out / "run.json").read_text()
    assert CliRunner().invoke(cli, ["verify", str(out), "--pool", str(pool)]).exit_code == 0
    text = (pool / "actuals.csv").read_text()
    (pool / "actuals.csv").write_text(text.replace("0.55", "0.56", 1))
    changed = CliRunner().invoke(cli, ["verify", str(out), "--pool", str(pool)])
    assert changed.exit_code != 0


def test_without_rules_all_is_unmapped_and_said_so(pool):
    (pool / "ledgers" / "ledger.rules.csv").unlink()
    taken = take_in(ledger("cost_centre,year,pence\nA1,2024-25,5\nA1,,5"), "ledger", pool)
    assert codes(taken) == ["BCF920"]
    assert "No rules yet" in taken.said[-1]
    assert taken.tables == {}
    strict = take_in(ledger("cost_centre,pence\nA1,5"), "ledger", pool, strict=True)
    assert strict.tables == {}


@pytest.mark.parametrize("name", ["", "../up", "a/b", "x" * 61])
def test_a_name_that_is_none_is_refused(pool, name):
    assert codes(take_in(ledger("cost_centre,pence\nA1,5"), name, pool)) == ["BCF210"]


def test_a_pool_that_is_not_there_or_has_errors_is_refused(pool, tmp_path):
    lines = ledger("cost_centre,pence\nA1,5")
    assert "BCF001" in codes(take_in(lines, "ledger", tmp_path / "nowhere"))
    (pool / "pool.toml").write_text('title = "x"\n')
    assert "BCF102" in codes(take_in(lines, "ledger", pool))
    (pool / "actuals.csv").write_text("nothing\n1\n")
    assert "BCF008" in codes(take_in(lines, "ledger", pool))


def test_rules_too_wide_and_sums_too_large_end_in_a_finding(pool, monkeypatch):
    monkeypatch.setattr("bcf_model.extracts.mapping.MOST_LETTERS", 1)
    (pool / "ledgers" / "ledger.rules.csv").write_text(
        "rule,priority,cost_centre,scheme_id\n1,1,~1,S1\n"
    )
    assert codes(take_in(ledger("cost_centre,pence\nA1,5"), "ledger", pool)) == ["BCF931"]
    large = ledger(f"cost_centre,pence\nA1,{10**14}\nA1,1")
    assert codes(take_in(large, "ledger", pool)) == ["BCF939"]


def test_an_extract_is_told_by_its_lines_alone():
    one = ledger("cost_centre,pence\nA1,5\nA2,6")
    assert extract_of(one) == extract_of(ledger("cost_centre,pence\nA2,6\nA1,5", "other.csv"))
    assert extract_of(one) != extract_of(ledger("cost_centre,pence\nA2,6\nA1,5\nA1,5"))
    assert extract_of(one) != extract_of(ledger("account,pence\nA2,6\nA1,5"))


def test_places_too_many_to_name_are_told_by_their_ends():
    count = 3000
    text = "account,pence\n" + "\n".join("1,1" for _ in range(count))
    assert places(ledger(text), range(count)) == "rows 2-3001"
    assert places(ledger(text), range(0, count, 2)) == "rows 2-3000, 1,500 among them"
    assert places(ledger(text, sheet="A"), range(0, count, 2)) == "F2:F3000, 1,500 among them"

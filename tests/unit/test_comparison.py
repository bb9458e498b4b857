"""Agreements side by side on one outturn."""

import csv
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from bcf_model.check import load
from bcf_model.cli import cli
from bcf_model.pipeline import compare, run

SHEFFIELD = Path(__file__).resolve().parent.parent.parent / "inputs" / "sheffield-2018-19"


@pytest.fixture(scope="module")
def tried() -> list:
    found = sorted((SHEFFIELD / "agreements").iterdir())
    return [run(load(SHEFFIELD)), *(run(load(SHEFFIELD, path)) for path in found)]


def test_every_agreement_accounts_for_the_same_variance(tried):
    compared = compare(tried)
    sums = compared.groupby("agreement", sort=False)["borne"].sum()
    assert sums.index.tolist() == [results.inputs.agreement.name for results in tried]
    assert set(sums) == {1_374_000_000}
    assert (compared.groupby("agreement")["difference"].sum() == 0).all()
    own = compared[compared["agreement"] == "own"]
    assert (own["difference"] == 0).all() and (own["balancing_payment"] == 0).all()


def test_what_the_three_alternatives_move(tried):
    compared = compare(tried).set_index(["agreement", "party"])
    # Worked by hand in the README of each agreement.
    assert compared.loc[("c-by-contribution", "CCG"), "difference"] == 34_178_129
    assert compared.loc[("whole-pool-by-contribution", "SCC"), "borne"] == 437_759_654
    blended = compared.loc["theme-5-blended-payment"]
    assert blended.loc["CCG", "difference"] == -448_720_000
    assert blended.loc["STH", "party_kind"] == "unpaid activity"
    assert blended.loc["STH", "borne"] == 448_720_000


def test_the_command_writes_a_workbook_a_page_a_table_and_each_report(tmp_path):
    done = CliRunner().invoke(
        cli, ["risk-share", str(SHEFFIELD), "-o", str(tmp_path / "out")], env={"COLUMNS": "120"}
    )
    assert done.exit_code == 0, done.output
    for said in ("Illustrative", "stands in", "(unpaid, a memo)", "comparison.xlsx"):
        assert said in done.output
    out = tmp_path / "out"
    with (out / "tables" / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["agreement"] for row in rows} == {path.name for path in out.iterdir()
                                                  if path.is_dir()} - {"tables"}  # fmt: skip
    assert (out / "theme-5-blended-payment" / "report.xlsx").is_file()
    page = (out / "comparison.html").read_text(encoding="utf-8")
    assert "<svg" in page and "<script" not in page and "Illustrative" in page
    book = openpyxl.load_workbook(out / "comparison.xlsx", data_only=True)
    table = [[cell.value for cell in row] for row in book["Comparison"].iter_rows()]
    ccg = next(row for row in table if row[0] == "NHS Sheffield CCG")
    assert ccg[1:5] == [5928000, 6269781.29, 1440800, 9362403.46]


def test_two_agreements_of_one_name_are_refused(tmp_path):
    (tmp_path / "own").mkdir()
    agreement = ["--agreement", str(tmp_path / "own")]
    done = CliRunner().invoke(cli, ["risk-share", str(SHEFFIELD), *agreement])
    assert done.exit_code == 2
    assert "one name" in done.output


def test_an_agreement_with_errors_compares_nothing(tmp_path):
    rules = (
        (SHEFFIELD / "rules.csv").read_text(encoding="utf-8").replace("category=A", "category=X")
    )
    (tmp_path / "wrong.csv").write_text(rules, encoding="utf-8")
    agreement = ["--agreement", str(tmp_path / "wrong.csv")]
    done = CliRunner().invoke(cli, ["risk-share", str(SHEFFIELD), *agreement])
    assert done.exit_code == 3
    assert "wrong.csv" in done.output and "Nothing was compared" in done.output


def test_a_report_under_another_agreement_is_verified_with_it(tmp_path):
    agreement = str(SHEFFIELD / "agreements" / "c-by-contribution")
    out = str(tmp_path / "out")
    made = ["risk-share", str(SHEFFIELD), "--agreement", agreement, "-o", out]
    assert CliRunner().invoke(cli, made).exit_code == 0
    report = [f"{out}/c-by-contribution", "--pool", str(SHEFFIELD)]
    done = CliRunner().invoke(cli, ["verify", *report, "--agreement", agreement])
    assert done.exit_code == 0, done.output
    # Without it the rules are the pool's own: not what this report was made from.
    assert CliRunner().invoke(cli, ["verify", *report]).exit_code == 5

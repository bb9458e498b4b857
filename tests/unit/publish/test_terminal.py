"""The headline on a terminal."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import bcf_model
from bcf_model.cli import cli
from bcf_model.core.findings import Finding
from bcf_model.publish.reference_pages import MOST_OF_A_KIND
from bcf_model.publish.reference_pages import findings as findings_page
from bcf_model.publish.terminal import findings, headline
from bcf_model.publish.year_end_pages import summary
from tests.longer import slow
from tests.make.odd_pence import write_odd_pence_pool
from tests.make.places import INPUTS

LINES = (
    "S1,1,ICB,Nil budget,A,revenue,pooled,0,3000.00",
    "S2,R&D x,ICB,On budget,A,revenue,pooled,5000.00,5000.00",
    "S3,a.b,ICB,Income,A,revenue,pooled,-2000.00,-3000.00",
)


@slow
def test_a_percentage_of_no_budget_is_not_available(tmp_path: Path) -> None:
    pool = write_odd_pence_pool(tmp_path / "pool")
    heading, *_ = (pool / "schemes.csv").read_text(encoding="utf-8").splitlines()
    (pool / "schemes.csv").write_text("\n".join([heading, *LINES]) + "\n", encoding="utf-8")
    results = bcf_model.run(bcf_model.load(pool))
    rows = [line.split() for line in headline(results, summary(results)).splitlines()]
    said = {row[0]: row[-4:] for row in rows if len(row) > 4}
    assert said["1"] == ["0", "3", "3", "n/a"]
    assert said["R&D"] == ["5", "5", "0", "0.0%"]
    assert said["a.b"] == ["(2)", "(3)", "(1)", "n/a"]


@slow
def test_who_else_bears_is_named_once() -> None:
    example = INPUTS / "agreements" / "18-provider-gain-and-loss"
    results = bcf_model.run(bcf_model.load(example))
    said = headline(results, summary(results))
    assert "By organisation, and who else bears" in said
    assert said.count("Northshire Hospitals Trust") == 1


# ------------------------------------------------------------------ many findings

NEGATIVE = Finding("BCF501", "schemes.csv", 2, "budget", "'(1,000.50)'")


@slow
def test_of_many_of_a_kind_the_first_few_are_shown_with_count_and_sum() -> None:
    many = [replace(NEGATIVE, row=row) for row in range(2, 3002)]
    other = Finding("BCF206", "schemes.csv", 2, "expenditure", "'-'", "0")
    said = " ".join(findings([*many, other]).split())
    assert said.count("WARNING BCF501") == 3 and "row 4, column budget" in said
    assert (
        "… and 2,997 more of BCF501 in schemes.csv, column budget: 3,000 in all, together "
        "-3,001,500.00 as written: bcf check --all lists every one. → Correct the sign"
    ) in said
    assert said.count("→") == 2
    assert "audit --all" in findings(many, "bcf audit")
    assert findings(many, everything=True).count("WARNING BCF501") == 3000


@pytest.mark.parametrize(
    ("column", "value"), [("budget", "'about -5'"), ("budget", ""), ("theme", "'12'")]
)
def test_only_amounts_are_added_up(column: str, value: str) -> None:
    many = [replace(NEGATIVE, column=column, value=value)] * 5
    assert "5 in all: bcf check" in " ".join(findings(many).split())


def test_many_files_are_told_together() -> None:
    astray = [Finding("BCF013", f"{i}.csv") for i in range(300)]
    assert "… and 297 more of BCF013 in 300 files: 300 in all: bcf" in findings(astray)
    odd = [Finding("BCF515", f"scenarios/{i}/funding.csv", 2, "amount", "'1'") for i in range(5)]
    assert "BCF515 in 5 files, column amount: 5 in all: bcf check" in " ".join(
        findings(odd).split()
    )
    sheets = [Finding("BCF013", "x.xlsx", sheet=f"Notes {i}") for i in range(5)]
    assert "more of BCF013 in 5 sheets: 5 in all" in findings(sheets)


def test_up_to_three_of_a_kind_are_told_as_ever() -> None:
    few = [replace(NEGATIVE, row=row) for row in (2, 3, 4)]
    assert findings(few) == findings(few, everything=True)


@slow
def test_a_page_holds_at_most_fifty_of_a_kind_and_the_tables_all(tmp_path: Path) -> None:
    pool = write_odd_pence_pool(tmp_path / "pool")
    heading, *_ = (pool / "schemes.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"S{i},1,ICB,Line {i},A,revenue,pooled,-1.00,-" for i in range(200)]
    (pool / "schemes.csv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")
    results = bcf_model.run(bcf_model.load(pool))
    rows = findings_page(results).rows
    for code in ("BCF501", "BCF206"):
        shown = [row for row in rows if row.style == "line" and row.cells[0] == code]
        assert len(shown) == MOST_OF_A_KIND
    said = [str(row.cells[0]) for row in rows if row.style == "heading"]
    assert (
        "… and 150 more of BCF501 in schemes.csv, column budget: 200 in all, together -200.00 as "
        "written; all are in tables/findings.csv"
    ) in said
    bcf_model.write_report(results, tmp_path / "out")
    with (tmp_path / "out" / "tables" / "findings.csv").open(encoding="utf-8", newline="") as file:
        assert sum(row["code"] == "BCF501" for row in csv.DictReader(file)) == 200
    run = CliRunner().invoke
    assert run(cli, ["check", str(pool)]).stdout.count("WARNING BCF501") == 3
    assert run(cli, ["check", str(pool), "--all"]).stdout.count("WARNING BCF501") == 200
    assert run(cli, ["check", str(pool), "--format", "csv"]).stdout.count("BCF501") == 200

"""The page for auditors: every amount and cell it names is that of the shipped pool."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from bcf_model.cli import cli
from bcf_model.commands.options import DATA_HAS_ERRORS, REPORT_DIFFERS
from bcf_model.core.figures import Figure
from bcf_model.core.money import shown
from bcf_model.core.tables import records
from bcf_model.publish import write
from bcf_model.publish.contents import contents
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.places import ROOT, SHEFFIELD
from tests.make.shipped import results_of

PAGE = ROOT / "docs" / "for-auditors.md"
FIGURE = Figure.of("borne", category="A+B", bearer="CCG")


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


@pytest.fixture(scope="module")
def books(results: Results) -> tuple[openpyxl.Workbook, openpyxl.Workbook]:
    """Give the workbook with its formulas, and with its stored values."""
    data = contents(write.document(results))["report.xlsx"]
    return openpyxl.load_workbook(BytesIO(data)), openpyxl.load_workbook(
        BytesIO(data), data_only=True
    )


def table(*rows: tuple[str, ...]) -> str:
    """Write rows as a table, the first as its headings."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def pounds(pence: int) -> str:
    return shown(pence, "pounds")


def at(tab: Worksheet, heading: str, label: str, first: str) -> str:
    """Find the cell in the row that begins with a label, under a heading."""
    rows = list(tab.iter_rows())
    top = next(row for row in rows if row[0].value == first)
    column = next(cell.column for cell in top if str(cell.value).startswith(heading))
    row = next(cells[0].row for cells in rows if cells[0].value == label)
    return str(tab.cell(row, column).coordinate)


def rule_block(results: Results) -> str:
    rows = [
        (it.rule_id, it.scope, it.direction, it.basis, it.bearer, it.clause, it.source)
        for it in records(results.inputs.rules)
        if it.rule_id in ("R-A", "R-B")
    ]
    return table(("Rule", "Scope", "Direction", "Basis", "Bearer", "Clause", "Source"), *rows)


def lines_block(results: Results, book: openpyxl.Workbook) -> str:
    lines = results.figures.tables["lines"]
    own = lines[
        (lines["category"] == "B")
        & (lines["organisation"] == "CCG")
        & (lines["pooling"] == "pooled")
    ]
    rows = [
        (
            it.scheme_id,
            it.scheme,
            pounds(it.budget),
            pounds(it.expenditure),
            pounds(it.expenditure - it.budget),
            at(book["Inputs"], "Variance", it.scheme_id, "Scheme id"),
        )
        for it in records(own)
    ]
    budget, spent = int(own["budget"].sum()), int(own["expenditure"].sum())
    total = ("Sum", "", pounds(budget), pounds(spent), pounds(spent - budget), "")
    heads = ("Line", "Scheme", "Budget £", "Expenditure £", "Variance £", "Inputs, cell")
    return table(heads, *rows, total)


def shares_block(results: Results, book: openpyxl.Workbook) -> str:
    shares = results.figures.tables["shares"]
    own = shares[shares["category"].isin(["A", "B"]) & (shares["bearer"] == "CCG")]
    rows = [
        (
            it.rule_id,
            it.kind,
            pounds(it.variance),
            f"{it.cumulative_weight} ÷ {it.total_weight}",
            pounds(it.borne),
            at(book["Workings"], "Borne", it.pot, "Pot"),
        )
        for it in records(own)
    ]
    assert [row[0] for row in rows] == ["R-A", "R-B"]
    total = ("Sum", "", "", "", pounds(results.figures.pence(FIGURE)), "")
    assert sum(int(it) for it in own["borne"]) == results.figures.pence(FIGURE)
    heads = ("Rule", "Kind", "Variance £", "Weight", "Borne £", "Workings, cell")
    return table(heads, *rows, total)


def cell_block(books: tuple[openpyxl.Workbook, openpyxl.Workbook], results: Results) -> str:
    formulas, values = books
    register = formulas["Figures"]
    place = next(row[6].value for row in register.iter_rows() if row[0].value == str(FIGURE))
    sheet, _, where = str(place).rpartition("!")
    name = sheet.strip("'")
    stored = values[name][where].value
    assert round(stored * 100) == results.figures.pence(FIGURE)
    return "\n".join(
        [
            f"On the *{name}* page it stands in cell {where}, where the stored value is",
            f"{pounds(round(stored * 100))} and the formula is:",
            "",
            "```text",
            str(formulas[name][where].value),
            "```",
        ]
    )


def blocks(text: str) -> dict[str, str]:
    """Give what stands between each pair of marks."""
    return dict(re.findall(r"<!-- (\w+) -->\n(.*?)<!-- end -->", text, re.S))


@slow
@pytest.mark.parametrize("name", ["rule", "lines", "shares", "cell"])
def test_the_walk_is_that_of_the_pool(
    name: str, results: Results, books: tuple[openpyxl.Workbook, openpyxl.Workbook]
) -> None:
    should = {
        "rule": lambda: rule_block(results),
        "lines": lambda: lines_block(results, books[0]),
        "shares": lambda: shares_block(results, books[0]),
        "cell": lambda: cell_block(books, results),
    }[name]()
    stands = blocks(PAGE.read_text(encoding="utf-8"))[name].strip()
    assert stands == should, f"between <!-- {name} --> and <!-- end --> should stand:\n{should}"


def test_no_amount_and_no_cell_stands_outside_what_is_compared() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rest = re.sub(r"<!-- \w+ -->\n.*?<!-- end -->", "", text, flags=re.S)
    assert re.findall(r"£\d|\d,\d{3}|\d\.\d\d|\b[A-Z]{1,2}\d+\b", rest) == []
    assert len(blocks(text)) == 4


def test_the_page_names_the_figure_it_walks(results: Results) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"`{FIGURE}`" in text
    assert "NHS Sheffield CCG" in list(results.inputs.organisations["name"])


@slow
def test_the_commands_do_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = re.findall(r"^\$ bcf (.*)$", PAGE.read_text(encoding="utf-8"), re.M)
    done = ["report", "verify", "scenario", "verify", "report", "verify", "explain"]
    assert [it.split()[0] for it in commands] == done
    (tmp_path / "inputs").symlink_to(ROOT / "inputs")
    monkeypatch.chdir(tmp_path)
    said = []
    for command in commands:
        done = CliRunner().invoke(cli, command.split())
        assert done.exit_code == 0, done.output
        said.append(done.stdout)
    assert "The report is what these inputs and this version give." in said[1]
    assert "The reports are what these inputs and this version give." in said[3]
    assert "Inputs: for-the-auditor/inputs/sheffield-2018-19" in said[5]
    assert said[6].startswith("variance/theme=4/organisation=SCC")


def test_the_codes_it_leaves_with_are_those_of_the_command_line() -> None:
    codes = re.findall(r"^\| (\d) \|", PAGE.read_text(encoding="utf-8"), re.M)
    usage = 2
    assert [int(it) for it in codes] == [0, usage, DATA_HAS_ERRORS, REPORT_DIFFERS]


@slow
def test_the_pages_it_names_are_those_of_the_workbook(
    books: tuple[openpyxl.Workbook, openpyxl.Workbook],
) -> None:
    named = {"Assurance", "Rules", "Inputs", "Workings", "Figures", "Checks", "Findings"}
    text = PAGE.read_text(encoding="utf-8")
    assert named <= set(books[0].sheetnames)
    assert all(f"*{name}*" in text for name in named)

"""A netting unit without a variance may also be one nobody contributes to: it has no rows."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.pool import check_pool, load
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.small_tables import share

FILES = {
    "pool.toml": """
title = "Contributions for theme 1 only"
board = "Northshire Health and Wellbeing Board"
financial_year = "2019-20"
unit = "pounds"
as_at = 2020-03-31
source = "Invented"
status = "Invented"
""",
    "categories.csv": "category,name\nC,Jointly managed\n",
    "themes.csv": "theme,name\n1,Staying well\n2,Coming home\n",
    "organisations.csv": "organisation,name,organisation_kind\n"
    "ICB,ICB,nhs\nCouncil,Council,council\n",
    "contributions.csv": "organisation,version,to,funding,amount\n"
    "ICB,opening,theme=1,core,30.00\nCouncil,opening,theme=1,core,10.00\n",
    "rules.csv": "rule_id,scope,direction,step,basis,bearer,version,netting,clause\n"
    "R1,pool,either,1,contribution,ICB,opening,theme,7\n"
    "R2,pool,either,1,contribution,Council,opening,theme,7\n",
}
LINES = "scheme_id,theme,organisation,scheme,category,kind,budget,expenditure\n"


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def schemes(pool: Path, theme_1: str, *theme_2: str) -> None:
    rows = [f"L1,1,ICB,Nursing,C,revenue,{theme_1}"]
    rows += [f"L{i},2,Council,Home care {i},C,revenue,{it}" for i, it in enumerate(theme_2, 2)]
    (pool / "schemes.csv").write_text(LINES + "\n".join(rows) + "\n", encoding="utf-8")


def test_a_theme_on_budget_without_contributions(pool: Path) -> None:
    """Of 8.00 over in theme 1, three quarters and one; theme 2 has nothing to divide."""
    schemes(pool, "40.00,48.00", "50.00,50.00")
    inputs, findings = check_pool(pool)
    assert (findings, inputs is not None) == ([], True)
    assert inputs is not None
    shares = run(inputs).outputs["risk_share_workings"]
    assert list(zip(shares["unit"], shares["bearer"], shares["borne"], strict=True)) == [
        ("1", "ICB", 600),
        ("1", "Council", 200),
    ]


def test_a_variance_nobody_contributes_to_is_a_finding(pool: Path) -> None:
    """Also where the variances of the theme's lines cancel: they are a group of their own."""
    schemes(pool, "40.00,48.00", "50.00,51.00", "50.00,49.00")
    _, findings = check_pool(pool)
    assert [finding.code for finding in findings] == ["BCF440"]


@slow
def test_its_whole_report_is_written(pool: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    schemes(pool, "40.00,48.00", "50.00,50.00")
    to = tmp_path_factory.mktemp("out") / "report"
    assert CliRunner().invoke(cli, ["report", str(pool), "-o", str(to)]).exit_code == 0
    told = CliRunner().invoke(cli, ["explain", str(pool), "borne/bearer=ICB"])
    assert (told.exit_code, "£6.00" in told.output) == (0, True)


def test_a_line_budget_below_nil_is_no_weight() -> None:
    """By budget, netted by theme: theme 2 has income only, and came out on budget."""
    columns = ["organisation", "theme", "category", "kind", "budget", "variance"]
    rows = [
        ("ICB", "1", "C", "revenue", 300, 8),
        ("Council", "1", "C", "revenue", 100, 0),
        ("Council", "2", "C", "revenue", -500, 0),
    ]
    lines = pd.DataFrame(rows, columns=columns).assign(financial_year="2019-20", pooling="pooled")
    lines["scheme_id"] = ["L1", "L2", "L3"]
    for name in ("organisation", "category", "kind"):
        lines[name] = pd.Categorical(lines[name], lines[name].unique(), ordered=True)
    rules = pd.DataFrame({
        "rule_id": ["R1", "R2"], "scope": "pool", "direction": "either", "step": 1,
        "basis": "budget", "bearer": ["ICB", "Council"], "netting": "theme", "share": 0,
        "clause": "7",
    })  # fmt: skip
    shares, _ = share(lines, rules)
    assert list(zip(shares["unit"], shares["bearer"], shares["borne"], strict=True)) == [
        ("1", "ICB", 6),
        ("1", "Council", 2),
    ]


def test_measured_weights_are_those_of_one_year() -> None:
    """Contributions state no year: of two years together they would be counted for both."""
    columns = ["financial_year", "organisation", "category", "kind", "budget", "variance"]
    rows = [("2018-19", "ICB", "C", "revenue", 1, 1), ("2019-20", "ICB", "C", "revenue", 1, 1)]
    lines = pd.DataFrame(rows, columns=columns).assign(pooling="pooled", scheme_id=["L1", "L2"])
    for name in ("organisation", "category", "kind"):
        lines[name] = pd.Categorical(lines[name], lines[name].unique(), ordered=True)
    lines.loc[2] = lines.loc[1].replace({"L2": "L3"})
    lines["kind"] = ["revenue", "revenue", "capital"]
    for name in ("organisation", "category", "kind"):
        lines[name] = pd.Categorical(lines[name], lines[name].unique(), ordered=True)
    rules = pd.DataFrame(
        {"rule_id": ["R1", "R2"], "scope": ["kind=revenue", "kind=capital"], "direction": "either",
         "step": 1, "bearer": "ICB", "netting": "scope", "share": 100, "clause": "7"}
    )  # fmt: skip
    with pytest.raises(ValueError, match="one year and area"):
        share(lines, rules.assign(basis=["budget", "fixed"]))
    shares, _ = share(lines, rules.assign(basis="fixed"))
    assert shares["borne"].tolist() == [1, 1, 1]


@slow
def test_a_share_is_refused_only_where_its_own_pots_are_of_more(pool: Path) -> None:
    """Category D is netted by theme; that C has one pot over both themes is not its concern."""
    (pool / "categories.csv").write_text("category,name\nC,Joint\nD,By theme\n", encoding="utf-8")
    rules = "rule_id,scope,direction,step,basis,bearer,share,netting,clause\n"
    rules += "R1,category=C,either,1,fixed,ICB,100,scope,7\n"
    rules += "R2,category=D,either,1,fixed,ICB,100,theme,8\n"
    (pool / "rules.csv").write_text(rules, encoding="utf-8")
    (pool / "contributions.csv").unlink()
    rows = ["L1,1,ICB,Nursing,C,revenue,20.00,21.00",
            "L2,2,Council,Home care,C,revenue,20.00,22.00",
            "L3,2,Council,Reablement,D,revenue,20.00,24.00"]  # fmt: skip
    (pool / "schemes.csv").write_text(LINES + "\n".join(rows) + "\n", encoding="utf-8")
    figures = run(load(pool)).figures
    assert figures.pence(Figure.parse("borne/theme=2/category=D")) == 4_00
    assert figures.pence(Figure.parse("borne/theme=1+2/category=C+D")) == 7_00
    for apart in ("borne/theme=2/category=C", "borne/theme=2"):
        with pytest.raises(UnknownFigure, match="shared together"):
            figures.pence(Figure.parse(apart))
    (pool / "control_totals.csv").write_text(
        "figure,amount\nborne/theme=2,6.00\n", encoding="utf-8"
    )
    told = CliRunner().invoke(cli, ["check", str(pool)])
    assert told.exit_code == 3, "bcf check finds what only the year's figures show"
    assert "BCF505  control_totals.csv, row 2" in told.output

"""Stated budgets: which rows are the closing budget and the next initial one, and their checks."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.figures import Figure
from bcf_model.core.findings import Finding
from bcf_model.core.settings import BudgetVersions
from bcf_model.explain.derivation import explain
from bcf_model.explain.tree import Node
from bcf_model.pool import check_pool, load
from bcf_model.publish.contents import contents
from bcf_model.publish.write import document
from bcf_model.publish.year_end_pages import next_year, sheets
from bcf_model.year.budgets import stated
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.drafted import WHOLE_POOL, codes, found
from tests.make.places import PLAN

HEADS = "version,financial_year,theme,organisation,scheme_id,kind,amount"
BUDGETS = pd.DataFrame(
    {
        "version": ["old", "closing", "closing", "initial"],
        "financial_year": ["2017-18", "2018-19", "2018-19", "2019-20"],
        "theme": ["1", "1", "2", "1"],
        "organisation": "not stated",
        "scheme_id": "",
        "kind": ["revenue", "revenue", "capital", "revenue"],
        "amount": [900, 1_000, 50, 1_200],
        "source": "p. 1",
        "note": "",
    }
)


def test_the_settings_say_which_version_is_which() -> None:
    frame = stated(
        BUDGETS, (1, 1, 100, 1), BudgetVersions(closing="closing", next_initial="initial")
    )
    assert frame["closing_budget"].tolist() == [1_000, 50, 0]
    assert frame["next_initial_budget"].tolist() == [0, 0, 1_200]
    assert frame["closing_budget_step"].tolist() == [1, 100, 0]
    assert frame["next_initial_budget_step"].tolist() == [0, 0, 1]
    assert frame["position"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("versions", "rows"),
    [(BudgetVersions(), 0), (BudgetVersions(closing="closing"), 2)],
)
def test_without_a_setting_no_version_is_taken_for_one(versions: BudgetVersions, rows: int) -> None:
    frame = stated(BUDGETS, (), versions)
    assert len(frame) == rows
    assert (frame["closing_budget_step"] == 1).all()


# ------------------------------------------------------------------ checks


def test_a_version_is_stated_once_and_for_one_year() -> None:
    rows = f"""
{HEADS}
closing,2018-19,1,,,revenue,5
closing,2018-19,1,,,revenue,6
closing,2018-19,1,,,capital,7
closing,2019-20,2,,,revenue,8
by scheme,2018-19,1,CCG,S1,revenue,9
by scheme,2018-19,1,,S1,revenue,9
"""
    told = [(f.code, f.row) for f in found(rules=WHOLE_POOL, budgets=rows)]
    assert [it for it in told if it[0] != "BCF319"] == [  # one leaves a theme out, too
        ("BCF721", 3),
        ("BCF721", 7),
        ("BCF738", 5),
    ]


def test_what_is_stated_of_a_scheme_is_what_the_scheme_is() -> None:
    rows = f"""
{HEADS}
closing,2018-19,2,,S1,revenue,5
closing,2018-19,2,CCG,S2,revenue,5
closing,2018-19,1,,S3,capital,5
closing,2018-19,2,CCG,S4,capital,5
"""
    assert [(f.code, f.row, f.column) for f in found(rules=WHOLE_POOL, budgets=rows)] == [
        ("BCF737", 2, "theme"),
        ("BCF737", 3, "organisation"),
        ("BCF737", 4, "kind"),
    ]


def test_a_code_nobody_declared_is_said_once() -> None:
    assert codes(rules=WHOLE_POOL, budgets=f"{HEADS}\nclosing,2018-19,9,,S1,revenue,5") == [
        "BCF302"
    ]
    assert codes(rules=WHOLE_POOL, budgets=f"{HEADS}\nclosing,2018-19,1,,S9,revenue,5") == [
        "BCF308"
    ]


def test_amounts_add_up_to_no_more_than_one_amount_may_be() -> None:
    rows = "\n".join(f"v{n},2018-19,1,,,revenue,900000000000" for n in range(2))
    both = [f"v{n},2018-19,2,,,revenue,1" for n in range(2)]
    budgets = "\n".join([HEADS, rows, *both])
    assert codes(rules=WHOLE_POOL, budgets=budgets) == ["BCF207"]


# ------------------------------------------------------------------ in a pool


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return shutil.copytree(PLAN, tmp_path / "plan")


def versions(pool: Path, **named: str) -> Path:
    with (pool / "pool.toml").open("a", encoding="utf-8") as file:
        file.write("[budgets]\n" + "".join(f'{name} = "{it}"\n' for name, it in named.items()))
    return pool


def findings(pool: Path) -> list[Finding]:
    return check_pool(pool)[1]


def results(pool: Path) -> Results:
    return run(load(pool))


def test_a_version_named_is_there_and_of_its_year(pool: Path) -> None:
    versions(pool, closing="initial", next_initial="intial")
    assert [(f.code, f.file, f.column, f.value, f.expected) for f in findings(pool)] == [
        ("BCF705", "pool.toml", "budgets.closing", "'initial', of 2019-20", "a version of 2018-19"),
        ("BCF704", "pool.toml", "budgets.next_initial", "'intial'",
         "'initial'? (one of closing, initial, by scheme)"),
    ]  # fmt: skip


def test_without_budgets_no_version_can_be_named(pool: Path) -> None:
    (pool / "budgets.csv").unlink()
    [finding] = findings(versions(pool, closing="closing"))
    assert finding.code == "BCF704"
    assert finding.expected == "a version of budgets.csv: it has none"


def test_budgets_with_errors_stop_the_report(pool: Path) -> None:
    """A report that left them out would print less than the pool says, and not say so."""
    (pool / "budgets.csv").write_bytes(b"\x00")
    assert [f.code for f in findings(pool)] == ["BCF005"]
    with pytest.raises(DataHasErrors):
        load(pool)


def test_budgets_are_an_input_of_the_report(pool: Path) -> None:
    assert "budgets.csv" in {file.name for file in load(pool).files}


@slow
def test_the_pages_of_both_years(pool: Path) -> None:
    assert not {"Next year", "Budgets"} & {page.name for page in sheets(results(pool))}
    both = results(versions(pool, closing="closing", next_initial="initial"))
    assert {"Next year", "Budgets"} <= {page.name for page in sheets(both)}
    rows = [
        [cell if isinstance(cell, str) else both.figures.pence(cell) for cell in row.cells]
        for row in next_year(both).rows
        if all(isinstance(cell, str | Figure) for cell in row.cells)
    ]
    lines = both.figures.pence(Figure.of("budget"))
    assert rows[-1] == ["Total", lines, 25_900_000, 26_100_000, 200_000]
    assert rows[-2][0] == "Capital"
    assert rows[-2][2:] == [6_400_000, 6_000_000, -400_000]


@slow
def test_one_version_alone_has_no_page_of_change(pool: Path) -> None:
    one = results(versions(pool, closing="closing"))
    assert [p.name for p in sheets(one) if p.name in ("Next year", "Budgets")] == ["Budgets"]


@slow
def test_a_control_total_of_a_stated_budget(pool: Path) -> None:
    versions(pool, closing="closing", next_initial="initial")
    totals = "figure,amount\nbudget_change,2000\nclosing_budget/theme=2,94000\n"
    (pool / "control_totals.csv").write_text(totals, encoding="utf-8")
    checked = results(pool)
    assert contents(document(checked))["report.xlsx"]
    assert any("closing_budget/theme=2" in str(check) for check in checked.checks)
    (pool / "control_totals.csv").write_text(totals.replace("2000", "2001"), encoding="utf-8")
    with pytest.raises(DataHasErrors) as raised:
        results(pool)
    assert raised.value.findings[0].code == "BCF502"


def test_where_a_stated_budget_comes_from(pool: Path) -> None:
    both = results(versions(pool, closing="closing", next_initial="initial"))
    tree = explain(both, Figure.of("budget_change", theme="2"))
    assert tree.pence == sum(adding(tree)) == -300_000
    assert adding(tree) == [-3_000_000, -6_400_000, 3_100_000, 6_000_000]
    assert tree.children[0].sources == ("budgets.csv, row 3", "invented")
    said = explain(both, Figure.of("closing_budget")).said
    assert any("is another statement" in one and "nothing here says why" in one for one in said)


@slow
def test_a_closing_budget_that_is_the_budget_says_so(pool: Path) -> None:
    lines = results(pool).figures
    places = [(theme, kind) for theme in ("1", "2") for kind in ("revenue", "capital")]
    amounts = [lines.pence(Figure.of("budget", theme=theme, kind=kind)) for theme, kind in places]
    rows = [
        f"all,2018-19,{theme},,,{kind},{amount / 100}"
        for (theme, kind), amount in zip(places, amounts, strict=True)
    ]
    heads = "version,financial_year,theme,organisation,scheme_id,kind,amount"
    (pool / "budgets.csv").write_text("\n".join([heads, *rows]) + "\n", encoding="utf-8")
    same = results(versions(pool, closing="all"))
    assert "The budget of the year's lines is the same." in (
        explain(same, Figure.of("closing_budget")).said
    )


def adding(node: Node) -> list[int]:
    return [child.pence or 0 for child in node.children if child.adds]

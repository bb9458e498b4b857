"""Every derivation proves its figure: worked again from what it prints, and by changed inputs."""

import csv
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bcf_model.core.errors import DataHasErrors
from bcf_model.explain.derivation import YearEnd
from bcf_model.explain.scenario_figures import Scenario
from bcf_model.explain.tree import Node, plain, walk
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import project
from bcf_model.pool import load
from bcf_model.publish.derivations import figures_on
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.places import PLAN, SHEFFIELD, SOUND
from tests.oracle.printed import again, pounds

OF_PLANS = ("child", "start", "city")


@cache
def of_year(pool: Path) -> YearEnd:
    results = run(load(pool))
    return YearEnd(results, figures_on(sheets(results)), everything=True)


@cache
def of_plan(name: str) -> Scenario:
    return Scenario(project(*load_scenario(PLAN, name)), everything=True)


def proved(told: YearEnd | Scenario) -> int:
    """Work every figure that is listed out again from what its derivation prints."""
    names = told.names()
    for name in names:
        tree = told.explain(name)
        assert (tree.pence, tree.rate) == (told.value_of(name).pence, told.value_of(name).rate)
        assert again(plain(tree)) == tree.pence, name
    return len(names)


def test_a_formula_is_worked_from_its_text() -> None:
    assert pounds("£10.00 × 33.5%, rounded to the penny − (£1.00 × (3 − 1) ÷ 3, rounded to the "
                  "penny)") == pytest.approx(2.68)  # fmt: skip
    assert pounds("(-£5.00, held between −£3.00 and £3.00)") == -3
    assert pounds("the lesser of £2.00 and (the greater of -£1.00 and nil)") == 0


@slow
@pytest.mark.parametrize("name", OF_PLANS)
def test_figures_of_a_plan_are_worked_again_from_what_is_printed(name: str) -> None:
    assert proved(of_plan(name)) > 50


@slow(first=1)
@pytest.mark.parametrize("pool", [SOUND, SHEFFIELD], ids=lambda it: it.name)
def test_figures_of_a_year_are_worked_again_from_what_is_printed(pool: Path) -> None:
    assert proved(of_year(pool)) > 30


# ------------------------------------------------------------------ changed inputs

Told = YearEnd | Scenario


def rows_named(told: Told) -> dict[str, set[str]]:
    """Give the rows of the inputs that each derivation names, itself or by what it refers to."""
    trees: dict[str, Node] = {}
    found: dict[str, set[str]] = {}

    def rows(name: str) -> set[str]:
        if name not in found:
            found[name] = set()
            trees[name] = told.explain(name)
            for node in walk(trees[name]):
                found[name] |= {row for it in node.sources for row in ROW.findall(it)}
                if isinstance(told, Scenario) and node.refers_to not in ("", name):
                    found[name] |= rows(node.refers_to)
        return found[name]

    return {name: rows(name) for name in told.names()}


ROW = re.compile(r"[\w./-]+\.csv, row \d+")


def changed_cells(folder: Path, table: str, columns: tuple[str, ...]) -> Iterator[str]:
    """Change each amount of a table by a little, one at a time, and give its row while it is so.

    What is nil does nothing, so no derivation names it: it is left alone.
    """
    path = folder / table
    text = path.read_text("utf-8")
    rows = [*csv.reader(text.splitlines())]
    for i, row in enumerate(rows[1:], start=1):
        for j, name in enumerate(rows[0]):
            if name in columns and re.fullmatch(r"\(?-?[\d,.]+\)?", row[j]):
                cell = row[j].replace(",", "").replace("(", "-").rstrip(")")
                if not float(cell):
                    continue
                new = [*map(list, rows)]
                new[i][j] = f"{float(cell) + 1:.2f}"
                with path.open("w", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerows(new)
                yield f"{table}, row {i + 1}"
    path.write_text(text, "utf-8")


def values(told: Told) -> dict[str, tuple]:
    return {name: (it.pence, it.rate) for name in told.names() for it in [told.value_of(name)]}


def compared(before: Told, table: str, columns: tuple[str, ...], make, pool: Path, to: Path) -> int:
    """Check that only figures change whose derivation names the row; count the changes."""
    shutil.copytree(pool, to)
    named, was, changes = rows_named(before), values(before), 0
    for row in changed_cells(to, table, columns):
        try:
            now = values(make(to))
        except DataHasErrors:
            continue
        changed = {name for name in was if now.get(name) != was[name]}
        naming = {name for name, rows in named.items() if row in rows}
        assert changed <= naming, f"{row}: {sorted(changed - naming)[:5]}"
        changes += len(changed)
    return changes


def without_totals(to: Path) -> Path:
    """Write a small pool in which no total is stated that a changed amount would break."""
    shutil.copytree(SOUND, to)
    (to / "control_totals.csv").unlink()
    return to


def year_of(pool: Path) -> YearEnd:
    results = run(load(pool))
    return YearEnd(results, figures_on(sheets(results)), everything=True)


@slow
def test_a_changed_line_changes_only_figures_of_the_year_that_name_it(tmp_path) -> None:
    pool = without_totals(tmp_path / "pool")
    amounts = ("budget", "expenditure")
    assert compared(year_of(pool), "schemes.csv", amounts, year_of, pool, tmp_path / "it") > 100


LINES = {
    "S1": ("1", "ICB", "revenue", 120_000),
    "S2": ("1", "Council", "revenue", 45_000),
    "S3": ("2", "ICB", "revenue", 30_000),
    "S4": ("2", "Council", "capital", 64_000),
}


def by_scheme(to: Path) -> Path:
    """Write the small plan with budgets stated line by line, and growth as it is stated.

    Where budgets are parted, or growth is calibrated, every amount follows from every other.
    """
    shutil.copytree(PLAN, to)
    rows = ["version,financial_year,theme,organisation,scheme_id,kind,amount,source,note"]
    for version, year, more in (("closing", "2018-19", 0), ("initial", "2019-20", 500)):
        for code, (theme, organisation, kind, amount) in LINES.items():
            rows.append(
                f"{version},{year},{theme},{organisation},{code},{kind},{amount + more},invented,"
            )
    (to / "budgets.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (to / "virements.csv").unlink()
    settings = to / "scenarios" / "start" / "scenario.toml"
    said = settings.read_text("utf-8").partition("[calibrate]")[0]
    settings.write_text(said.replace('split = "year-end budget"\n', ""), "utf-8")
    return to


def child_of(pool: Path) -> Scenario:
    return Scenario(project(*load_scenario(pool, "child")), everything=True)


@slow
@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("budgets.csv", ("amount",)),
        ("funding.csv", ("amount",)),
        ("savings.csv", ("gross", "investment", "delivered")),
        ("scenarios/start/assumptions.csv", ("value",)),
        ("scenarios/child/assumptions.csv", ("value",)),
        ("scenarios/child/savings.csv", ("gross",)),
    ],
)
def test_a_changed_input_changes_only_figures_of_a_plan_that_name_it(
    table, columns, tmp_path
) -> None:
    pool = by_scheme(tmp_path / "plan")
    assert compared(child_of(pool), table, columns, child_of, pool, tmp_path / "it") > 20

"""Any figure of a scenario is explained, down to the row of the assumption and its source."""

import json
import re
import shutil
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.core.figures import row_by_row
from bcf_model.explain.scenario_figures import FOLLOWS, Scenario
from bcf_model.explain.tree import Node, walk
from bcf_model.plan.figures import MEASURES, NOTHING_BACK, TABLE_OF
from bcf_model.plan.gap import of_all
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import Projection, project
from tests.longer import slow
from tests.make.places import PLAN as SMALL
from tests.make.places import SHEFFIELD

SHIFT = (SHEFFIELD, "shift-to-prevention")
TRIED = ((SMALL, "city"), (SMALL, "child"), SHIFT, (SHEFFIELD, "savings-risk-adjusted"))


@cache
def projected(pool: Path, name: str) -> Projection:
    return project(*load_scenario(pool, name))


@cache
def told(pool: Path, name: str) -> dict[str, Node]:
    of = Scenario(projected(pool, name), everything=True)
    return {it: of.explain(it) for it in of.names()}


@slow(first=1)
@pytest.mark.parametrize("of", TRIED, ids=lambda it: it[1])
def test_parts_come_to_the_whole_at_every_step(of) -> None:
    checked = 0
    for tree in told(*of).values():
        for node in walk(tree):
            parts = [child.pence for child in node.children if child.adds]
            if parts and node.pence is not None:
                assert sum(it or 0 for it in parts) == node.pence, node.label
                checked += 1
    assert checked > 100


@slow(first=1)
@pytest.mark.parametrize("opening", ["year-end budget", "outturn", "closing 2018-19"])
def test_a_budget_agreed_of_other_lines_than_the_opening_is_explained(
    opening: str, tmp_path: Path
) -> None:
    pool = tmp_path / "pool"
    shutil.copytree(SHEFFIELD, pool, ignore=shutil.ignore_patterns("scenarios"))
    folder = pool / "scenarios" / "growth"
    folder.mkdir(parents=True)
    (folder / "scenario.toml").write_text(
        f'title = "Growth"\nstatus = "illustrative"\nopening = "{opening}"\n'
        'first_year = "2019-20"\n\n[agreed]\n"2019-20" = "initial 2019-20"\n',
        encoding="utf-8",
    )
    of = Scenario(project(*load_scenario(pool, "growth")), everything=True)
    trees = {name: of.explain(name) for name in of.names()}
    budget = trees["agreed.budget/year=2019-20/line=theme 4/organisation=not stated"]
    assert "version initial 2019-20" in " ".join(
        source for node in walk(budget) for source in node.sources
    )


def test_funding_of_a_plan_of_the_city_names_no_row_that_is_for_plans_of_the_pool() -> None:
    plan, scenario = load_scenario(SMALL, "city")
    row = scenario.tables["funding"].iloc[[0]]
    first, then = scenario.settings.first_year, projected(SMALL, "city").years[1]
    funding = pd.concat(
        [
            row.assign(financial_year=first, set_by="pool", place="funding.csv, row 99"),
            row.assign(financial_year=then, set_by="city", place="own.csv, row 2"),
        ],
        ignore_index=True,
    ).assign(recurrence="recurrent", amount=[7, 5])
    tables = {**scenario.tables, "funding": funding}
    of = Scenario(project(plan, replace(scenario, tables=tables)), everything=True)
    tree = walk(of.explain(f"gap/year={then}"))
    named = " | ".join(source for node in tree for source in node.sources)
    assert "own.csv, row 2" in named
    assert "funding.csv, row 99" not in named


@slow(first=1)
@pytest.mark.parametrize("of", TRIED, ids=lambda it: it[1])
def test_a_closing_budget_is_what_its_rows_of_the_walk_come_to(of) -> None:
    rows = projected(*of).tables["walk"].to_dict("records")
    trees = told(*of)
    for year in projected(*of).years:
        for line in {row["line"] for row in rows}:
            own = [r["amount"] for r in rows if (r["financial_year"], r["line"]) == (year, line)]
            assert trees[f"closing/year={year}/line={line}"].pence == sum(own)


@slow(first=1)
@pytest.mark.parametrize("of", TRIED, ids=lambda it: it[1])
def test_a_percentage_worked_by_hand_from_what_is_printed_gives_the_amount(of) -> None:
    found = 0
    for node in {id(it): it for tree in told(*of).values() for it in walk(tree)}.values():
        if node.formula == "base × rate, rounded to the penny" and node.pence is not None:
            base, rate = re.fullmatch(
                r"\(?(-?£[\d,.]+|−£[\d,.]+)\)? × (-?[\d.,]+)%, rounded to the penny", node.worked
            ).groups()
            pence = Fraction(re.sub("[£,]", "", base.replace("−", "-"))) * 100
            exact = pence * Fraction(rate.replace(",", "")) / 100
            away = int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
            assert away == node.pence
            found += 1
    assert found > 10 or of[1] not in ("shift-to-prevention", "child")


def prevention() -> Node:
    return Scenario(projected(*SHIFT)).explain("closing/year=2020-21/line=prevention")


def test_an_amount_is_followed_to_the_assumption_and_its_source() -> None:
    tree = prevention()
    sources = {source for node in walk(tree) for source in node.sources}
    assert any(it.startswith("blocks.csv, row 9; Shaping Sheffield plan") for it in sources)
    assert any(
        it.startswith("scenarios/do-nothing-2023-24/assumptions.csv, row 10; Sheffield health")
        for it in sources
    )
    calibrated = [node.label for node in walk(tree) if "as calibrated" in node.label]
    assert "inflation: 2% as stated, 2.081495% as calibrated" in calibrated
    assert tree.pence == 40_367_271_99


def test_an_opening_budget_is_the_closing_budget_of_the_year_before() -> None:
    tree = prevention()
    (opening,) = [child for child in tree.children if child.label == "opening"]
    (before,) = opening.children
    assert before.label == "closing/year=2019-20/line=prevention"
    assert before.pence == opening.pence


@slow(first=1)
@pytest.mark.parametrize("of", TRIED, ids=lambda it: it[1])
def test_an_opening_budget_names_the_row_that_states_it(of) -> None:
    projection, year = projected(*of), projected(*of).years[0]
    scenario = Scenario(projection)
    for row in projection.tables["lines"].to_dict("records"):
        if row["opening"]:
            (node,) = scenario.explain(
                f"change/year={year}/line={row['line']}/step=opening"
            ).children
            assert node.pence == row["opening"]
            assert any(", row " in source for source in node.sources), node


@slow(first=1)
@pytest.mark.parametrize("of", TRIED, ids=lambda it: it[1])
def test_what_is_told_to_follow_does(of) -> None:
    tables = projected(*of).tables
    for (table, column), expression in FOLLOWS.items():
        frame = tables[TABLE_OF.get(table, table)]
        frame = frame[frame[column].notna()]
        assert row_by_row(frame, expression).tolist() == frame[column].tolist()


def test_every_amount_of_every_table_is_a_figure() -> None:
    named = {it.partition("/")[0] for it in Scenario(projected(SMALL, "child")).names()}
    have = {
        it for it, measure in MEASURES.items()
        if measure.table not in ("walk", "plan") and NOTHING_BACK not in it
        and len(projected(SMALL, "child").tables[measure.table])
    }  # fmt: skip
    assert named == have | {"closing", "change"}


def asked(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["explain", str(SMALL), *words, "--scenario", "child"])
    return done.exit_code, done.output


@slow
def test_the_command_tells_a_figure_of_a_scenario() -> None:
    code, said = asked("gap/year=2020-21")
    assert code == 0
    assert "Spending − funding: " in said
    assert "closing/year=2020-21" in said


@slow
def test_the_command_gives_a_figure_of_a_scenario_as_json() -> None:
    code, said = asked("gap/year=2020-21", "--format", "json")
    assert code == 0
    found = json.loads(said)
    assert (found["scenario"], found["tree"]["pence"]) == ("child", gap())


def gap() -> int:
    frame = of_all(projected(SMALL, "child").tables["gap"]).set_index("financial_year")
    return int(frame["gap"]["2020-21"])


@slow
def test_the_command_lists_the_figures_of_a_scenario() -> None:
    code, said = asked("--list", "closing/year=2020-21/organisation")
    assert code == 0
    assert len(said.splitlines()) == 3


@slow(first=1)
@pytest.mark.parametrize(
    ("figure", "why"),
    [
        ("closing/year=2031-32", "there is no year '2031-32'"),
        ("closing/when=2020-21", "closing cannot be selected by 'when'"),
        ("position/year=2020-21", "the scenario has no rows of positions"),
        ("variance/theme=1", "no measure is called 'variance'"),
        ("gap/year", "a selection is written key=value"),
    ],
)
def test_what_a_scenario_does_not_have_is_a_sentence(figure: str, why: str) -> None:
    code, said = asked(figure)
    assert code == 2
    assert why in " ".join(said.split())


def test_a_scenario_that_is_not_there_is_a_finding() -> None:
    done = CliRunner().invoke(cli, ["explain", str(SMALL), "gap", "--scenario", "nobody"])
    assert done.exit_code == 3
    assert "Traceback" not in done.output


def test_a_saving_is_told_step_by_step_down_to_what_was_typed() -> None:
    tree = Scenario(projected(SMALL, "child")).explain("savings.underlying/programme=P1")
    told = {node.label: node for node in walk(tree)}
    assert "£3,600.00 − £1,000.00" in told["Adjusted net"].worked
    assert told["Adjusted full year"].worked == "£6,000.00 × 60%, rounded to the penny"
    assert "P1: savings, 2019-20, gross £6,000.00, investment £1,000.00" in told
    (row,) = (it for label, it in told.items() if label.startswith("Delivery of what is amber"))
    assert row.children[0].sources[0].startswith("scenarios/start/assumptions.csv, row 13")
    effect = Scenario(projected(SMALL, "child")).explain("change/year=2019-20/step=savings")
    phased = [node for node in walk(effect) if node.label.startswith("Phased: 100 of 100")]
    assert [it.sources[0] for it in phased[0].children] == [
        "phasing.csv, row 2; invented",
        "phasing.csv, row 3; invented",
    ]


@slow
def test_a_share_of_a_plan_is_told_down_to_the_rule_its_clause_and_the_line() -> None:
    of = projected(SHEFFIELD, "savings-risk-adjusted")
    scenario = Scenario(of)
    shared = of.tables["shared"].to_dict("records")
    for row in shared:
        name = f"borne/year={row['financial_year']}/bearer={row['bearer']}"
        tree = scenario.explain(name)
        assert tree.pence == row["borne"]
        nodes = [*walk(tree)]
        assert any(said.startswith("Clause: ") for node in nodes for said in node.said)
        assert any(node.label.startswith("closing/year=2019-20/line=") for node in nodes)
        for node in nodes:
            parts = [child.pence for child in node.children if child.adds]
            assert not parts or sum(it or 0 for it in parts) == node.pence


@pytest.mark.parametrize("of", TRIED, ids=lambda it: it[1])
def test_a_change_of_a_year_is_its_closing_less_its_opening(of) -> None:
    explained = Scenario(projected(*of))
    for year in projected(*of).years:
        closing, opening, change = (
            explained.explain(f"{name}/year={year}{step}").pence
            for name, step in (("closing", ""), ("change", "/step=opening"), ("change", ""))
        )
        assert closing is not None and opening and change == closing - opening
    every = explained.explain("change")
    assert every.pence == sum(it.pence or 0 for it in every.children)
    labels = {it.label for of_year in every.children for it in of_year.children}
    assert "opening" not in labels

"""Two issues of a report: what changed of lines, partners, rules and findings, and why."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import bcf_model
from bcf_model.cli import cli
from bcf_model.plan.load import load_scenario
from bcf_model.plan.projection import project
from bcf_model.publish.scenario.write import to_show, write_scenarios
from bcf_model.verify.report_changes import Change, NoIssue, changes, read_issue
from tests.longer import slow
from tests.make.places import PLAN, SOUND

CHECKED = ("control_totals.csv", "published.csv")
"""What an invented change of an amount would have to be followed in."""


def issue(folder: Path, name: str, *edits: tuple[str, str, str]) -> Path:
    """Write a report of the sound pool, with its inputs, after edits: a file, what in it, and what
    stands there instead."""
    pool = folder / name / "pool"
    shutil.copytree(SOUND, pool)
    for file in CHECKED:
        (pool / file).unlink()
    for file, old, new in edits:
        path = pool / f"{file}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    report = folder / name / "report"
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool)), report, with_inputs=True)
    return report


def between(earlier: Path, later: Path) -> list[Change]:
    return changes(read_issue(earlier), read_issue(later))


def of(found: list[Change], about: str) -> dict[tuple[str, str], tuple[object, object, str]]:
    return {(it.what, it.measure): (it.earlier, it.later, it.cause) for it in found
            if it.about == about}  # fmt: skip


SPENT = ("schemes", '"£95,250.50"', '"£98,250.50"')
SHARED = ("rules", "33.333333", "50"), ("rules", "66.666667", "50")


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return issue(tmp_path_factory.mktemp("issue"), "draft")


@pytest.fixture
def draft(tmp_path: Path, drafted: Path) -> Path:
    return shutil.copytree(drafted, tmp_path / "draft")


def test_the_same_report_has_no_changes(tmp_path: Path, draft: Path) -> None:
    assert between(draft, draft) == []
    assert between(draft, issue(tmp_path, "again")) == []


def test_what_was_spent_moves_a_line_its_partners_and_their_shares(tmp_path, draft) -> None:
    found = between(draft, issue(tmp_path, "final", SPENT))
    assert of(found, "line") == {
        ("S4", "expenditure"): (95_250_50, 98_250_50, ""),
        ("S4", "variance"): (13_750_13, 16_750_13, "expenditure +£3,000.00"),
    }
    partners = of(found, "partner")
    assert partners["Council", "own_variance"][:2] == (9_892_57, 12_892_57)
    before, after, cause = partners["ICB", "borne"]
    assert after - before == 1_000_00  # a third of it, by clause 7.2
    assert cause == "the lines (schemes.csv)"
    assert of(found, "input schemes.csv")["S4", "expenditure"][:2] == ("£95,250.50", "£98,250.50")


def test_a_rule_moves_shares_and_no_line(tmp_path: Path, draft: Path) -> None:
    found = between(draft, issue(tmp_path, "final", *SHARED))
    assert of(found, "line") == {}
    assert of(found, "input rules.csv") == {
        ("R2", "share"): ("33.333333", "50", ""), ("R3", "share"): ("66.666667", "50", ""),
    }  # fmt: skip
    cause = "the agreement and what is stated with it (rules.csv)"
    assert of(found, "partner")["ICB", "borne"][2] == cause


@slow
def test_lines_and_rules_are_told_apart_where_both_have_their_inputs(tmp_path, draft) -> None:
    final = issue(tmp_path, "final", SPENT, *SHARED)
    before, after, cause = of(between(draft, final), "partner")["ICB", "borne"]
    # The pot of category B: £13,750.10 before, £16,750.10 after; a third of it, and then a half.
    of_lines, of_rules = 1_000_00, 8_375_05 - 5_583_37
    assert after - before == of_lines + of_rules
    assert cause == (
        "the lines +£1,000.00, the agreement and what is stated with it (rules.csv) +£2,791.68"
    )
    bare = tmp_path / "bare"
    pool = tmp_path / "final" / "pool"
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool)), bare)
    cause = of(between(draft, bare), "partner")["ICB", "borne"][2]
    assert cause.startswith("the lines and the agreement, which are not told apart here")


def test_lines_that_came_and_went_and_findings(tmp_path: Path, draft: Path) -> None:
    final = issue(tmp_path, "final", ("schemes", "S6,2,Council,Client", "S8,2,Council,Client"))
    lines = of(between(draft, final), "line")
    assert lines["S6", "variance"] == (-250_00, None, "gone")
    assert lines["S8", "variance"] == (None, -250_00, "new")


def test_another_version_is_told(tmp_path: Path, draft: Path) -> None:
    later = tmp_path / "later"
    shutil.copytree(draft, later)
    manifest = json.loads((later / "run.json").read_text(encoding="utf-8"))
    manifest["versions"]["pandas"] = "9.9"
    (later / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert of(between(draft, later), "version")["pandas", ""][1] == "9.9"


@slow
def test_a_scenario_is_compared_by_line_and_year(tmp_path: Path) -> None:
    shown = [to_show(project(*load_scenario(PLAN, name)), None) for name in ("start", "child")]
    write_scenarios(shown, tmp_path)
    found = between(tmp_path / "start", tmp_path / "child")
    closings = of(found, "line")
    for (what, _), (before, after, _) in closings.items():
        line, _, year = what.partition(" / ")
        for name, value in (("start", before), ("child", after)):
            walk = shown[("start", "child").index(name)].projection.tables["walk"]
            own = walk[(walk["line"] == line) & (walk["financial_year"] == year)]
            assert own["amount"].sum() == (value or 0)
    assert closings


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda at: (at / "run.json").unlink(), "it has no run.json"),
        (lambda at: (at / "run.json").write_text("{"), "cut short or damaged"),
        (lambda at: (at / "tables" / "variance.csv").write_bytes(b"\xff"), "is no table that"),
        (lambda at: (at / "tables" / "settlement.csv").write_text("a,b\n1\n"), "is no table that"),
        (lambda at: (at / "tables" / "variance.csv").write_text(""), "is no table that"),
        (lambda at: (at / "tables" / "variance.csv").unlink(), "variance.csv is missing"),
    ],
)  # fmt: skip
def test_a_spoilt_report_is_a_sentence(draft: Path, spoil, why: str) -> None:
    spoil(draft)
    with pytest.raises(NoIssue, match=why):
        read_issue(draft)


def test_the_command(tmp_path: Path, draft: Path) -> None:
    final = issue(tmp_path, "final", SPENT)
    done = CliRunner().invoke(cli, ["diff", str(draft), str(final)])
    assert done.exit_code == 0
    assert "S4 expenditure: £95,250.50 → £98,250.50 (+£3,000.00)" in done.output
    done = CliRunner().invoke(cli, ["diff", str(draft), str(final), "--format", "json"])
    assert {it["about"] for it in json.loads(done.output)} >= {"line", "partner", "share"}
    done = CliRunner().invoke(cli, ["diff", str(draft), str(draft)])
    assert done.output.endswith("nothing changed.\n")
    done = CliRunner().invoke(cli, ["diff", str(draft), str(tmp_path)])
    assert done.exit_code == 2
    assert "is no report" in done.output

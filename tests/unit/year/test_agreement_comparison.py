"""Agreements side by side on one outturn."""

import csv
import shutil
from importlib import resources
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from bcf_model.cli import cli
from bcf_model.publish.comparison.terminal import comparison
from bcf_model.year.pipeline import compare
from tests.longer import slow
from tests.make.places import SHEFFIELD
from tests.make.shipped import checked, work_out_once, worked

EXAMPLES = SHEFFIELD.parent / "agreements"
SELFTEST = Path(str(resources.files("bcf_model.reference"))) / "selftest"


@pytest.fixture(scope="module")
def tried() -> list:
    found = sorted((SHEFFIELD / "agreements").iterdir())
    return [worked(checked(SHEFFIELD, path)[0]) for path in (None, *found)]


@slow
def test_every_agreement_accounts_for_the_same_variance(tried):
    compared = compare(tried)
    sums = compared.groupby("agreement", sort=False)["borne"].sum()
    assert sums.index.tolist() == [results.inputs.agreement.name for results in tried]
    assert set(sums) == {1_374_000_000}
    assert (compared.groupby("agreement")["difference"].sum() == 0).all()
    own = compared[compared["agreement"] == "own"]
    assert (own["difference"] == 0).all() and (own["balancing_payment"] == 0).all()


@slow
def test_what_the_alternatives_move(tried):
    compared = compare(tried).set_index(["agreement", "party"])
    # Worked by hand in the README of each agreement.
    assert compared.loc[("c-by-contribution", "CCG"), "difference"] == 34_178_129
    assert compared.loc[("whole-pool-by-contribution", "SCC"), "borne"] == 437_759_654
    blended = compared.loc["theme-5-blended-payment"]
    assert blended.loc["CCG", "difference"] == -448_720_000
    assert blended.loc["STH", "party_kind"] == "unpaid activity"
    assert blended.loc["STH", "borne"] == 448_720_000
    thirds = compared.loc["mental-health-in-thirds"]["borne"]
    assert thirds.loc[["CCG", "SCC", "SHSC"]].tolist() == [597_933_333, 767_933_334, 8_133_333]
    net = compared.loc["mental-health-in-thirds-net-of-the-grant"]["borne"]
    assert net.loc[["CCG", "SCC", "SHSC"]].tolist() == [607_733_333, 763_033_334, 3_233_333]


@slow
def test_the_command_writes_a_workbook_a_page_a_table_and_each_report(tmp_path, monkeypatch):
    work_out_once(monkeypatch)
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
    by_agreement = [5928000, 654400, 6269781.29, 5979333.33, 6077333.33, 1440800, 9362403.46]
    assert ccg[1:8] == by_agreement


def risk_share(*words):
    done = CliRunner().invoke(cli, ["risk-share", *map(str, words)])
    return done.exit_code, " ".join(done.output.split())


def made(folder: Path) -> Path:
    """Make an agreement that would do, but for its name."""
    folder.mkdir(parents=True)
    shutil.copy(SHEFFIELD / "rules.csv", folder)
    return folder


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("own", "cannot be called 'own', as {}: the pool's own agreement is called so"),
        ("Own", "cannot be called 'Own', as {}: the pool's own agreement is called so"),
        ("tables", "cannot be called 'tables', as {}: the comparison itself has a folder"),
        ("Tables", "cannot be called 'Tables', as {}: the comparison itself has a folder"),
        ("comparison.xlsx", "as {}: the comparison itself has a file of that name"),
        ("a?b", "as {}: a folder of that name cannot be made, or not on every computer"),
        ("NUL", "as {}: a folder of that name cannot be made, or not on every computer"),
        ("a\nb", "a folder of that name cannot be made, or not on every computer"),
        ("50 % each.", "as {}: a folder of that name cannot be made, or not on every computer"),
    ],
)
def test_a_name_the_comparison_cannot_use_is_refused(tmp_path, name, why):
    folder = made(tmp_path / name)
    code, said = risk_share(SHEFFIELD, "--agreement", folder, "-o", tmp_path / "out")
    assert code == 2
    assert why.format(f"{folder} is") in said and "Rename it" in said
    assert not (tmp_path / "out").exists()


def test_names_that_cannot_be_told_apart_are_refused(tmp_path):
    one, other, third = (made(tmp_path / n) for n in ("a/draft", "b/draft", "c/Draft"))
    code, said = risk_share(SHEFFIELD, "--agreement", one, "--agreement", other)
    assert (code, f"{one} and {other} are both called 'draft': rename one" in said) == (2, True)
    code, said = risk_share(SHEFFIELD, "--agreement", one, "--agreement", third)
    assert (code, f"{one} and {third} differ by capitals alone" in said) == (2, True)


@slow
def test_a_folder_is_named_whole(tmp_path):
    one, other = (made(tmp_path / name) for name in ("terms-1.1", "terms-1.2"))
    code, said = risk_share(SHEFFIELD, "--agreement", one, "--agreement", other)
    assert code == 0
    assert "terms-1.1: terms-1.1" in said and "terms-1.2: terms-1.2" in said


@pytest.fixture
def pool(tmp_path) -> Path:
    return shutil.copytree(SELFTEST, tmp_path / "pool")


def everything_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


@pytest.mark.parametrize("inside", ["pool", "pool/compared", "draft", "draft/deep/er", "."])
def test_a_comparison_is_not_written_into_what_it_is_made_from(pool, tmp_path, inside):
    draft = made(tmp_path / "draft")
    before = everything_in(tmp_path)
    code, said = risk_share(pool, "--agreement", draft, "-o", tmp_path / inside)
    whose = "the pool" if inside.startswith("pool") else "an agreement"
    assert code == 2
    assert f"the comparison would be written into {whose} itself: choose another folder" in said
    assert everything_in(tmp_path) == before


def test_a_link_does_not_hide_that_it_is_the_pool(pool, tmp_path):
    (tmp_path / "link").symlink_to(pool)
    code, said = risk_share(pool, "-o", tmp_path / "link" / "deeper")
    assert code == 2 and "into the pool itself" in said


def printed(*words) -> list[list[str]]:
    output = CliRunner().invoke(cli, ["risk-share", *map(str, words)]).stdout
    return [line.split() for line in output.splitlines()]


@slow
def test_amounts_that_are_small_are_printed_in_pounds():
    lines = printed(EXAMPLES / "12-ordered-calls")
    assert lines[0][0] == "£"
    assert ["Northshire", "Council", "800.03", "0.00", "(1,200.01)"] in lines
    assert ["Variance", "7,000.07"] in lines


@slow
def test_a_small_difference_of_large_amounts_is_not_printed_as_nil(tried):
    compared = compare(tried)
    assert comparison(compared, tried).startswith("£000 ")
    compared.loc[0, "difference"] = 49_999
    assert comparison(compared, tried).splitlines()[4].split()[-2:] == ["499.99", "0.00"]
    compared.loc[0, "difference"] = -50_000
    assert comparison(compared, tried).splitlines()[4].split()[-2:] == ["(1)", "0"]


@slow
def test_prices_are_spoken_of_where_activity_is_paid_for(pool, tmp_path):
    lines = printed(EXAMPLES / "19-blended-payment")
    assert any(line[:4] == ["Variance", "at", "full", "price"] for line in lines)
    assert risk_share(pool, "-o", tmp_path / "out")[0] == 0
    page = (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    assert "full price" not in page and ">Variance<" in page


@slow
@pytest.mark.parametrize("room", [40, 80, 200])
def test_a_comparison_fits_the_terminal(tried, room):
    lines = comparison(compare(tried), tried, room).splitlines()
    numbers = [line for line in lines if line.startswith("  NHS Sheffield")]
    assert len(numbers) == len(tried)
    assert len({len(line.rstrip(")")) for line in numbers}) == 1
    assert max(map(len, lines)) <= max(room, 62)


@slow
def test_what_is_found_twice_is_said_once(pool):
    shutil.copy(pool / "rules.csv", pool / "again.csv")
    shutil.copy(pool / "rules.csv", pool / "once-more.csv")
    words = ["--agreement", pool / "again.csv", "--agreement", pool / "once-more.csv"]
    code, said = risk_share(pool, *words)
    assert code == 0 and said.count("BCF501") == 1


@slow
def test_beside_a_pool_stand_folders_and_rules(pool):
    made(pool / "agreements" / "halves")
    (pool / "agreements" / "README.md").write_text("about them")
    (pool / "agreements" / ".hidden").mkdir()
    shutil.copy(pool / "rules.csv", pool / "agreements" / "again.csv")
    shutil.copy(pool / "rules.csv", pool / "agreements" / "halves")
    code, said = risk_share(pool)
    assert code == 0 and "again: again" in said and "halves: halves" in said
    assert "README" not in said and "hidden" not in said


@slow
def test_an_agreement_with_errors_compares_nothing(tmp_path):
    rules = (
        (SHEFFIELD / "rules.csv").read_text(encoding="utf-8").replace("category=A", "category=X")
    )
    (tmp_path / "wrong.csv").write_text(rules, encoding="utf-8")
    agreement = ["--agreement", str(tmp_path / "wrong.csv")]
    done = CliRunner().invoke(cli, ["risk-share", str(SHEFFIELD), *agreement])
    assert done.exit_code == 3
    assert "wrong.csv" in done.output and "Nothing was compared" in done.output


@slow
def test_a_report_under_another_agreement_is_verified_with_it(tmp_path):
    agreement = str(SHEFFIELD / "agreements" / "c-by-contribution")
    out = str(tmp_path / "out")
    made = ["risk-share", str(SHEFFIELD), "--agreement", agreement, "-o", out]
    assert CliRunner().invoke(cli, made).exit_code == 0
    report = [f"{out}/c-by-contribution", "--pool", str(SHEFFIELD)]
    done = CliRunner().invoke(cli, ["verify", *report, "--agreement", agreement])
    assert done.exit_code == 0, done.output
    # Without it the rules are the pool's own: not what this report was made from.
    forgotten = CliRunner().invoke(cli, ["verify", *report])
    assert (forgotten.exit_code, "--agreement" in forgotten.output) == (2, True)

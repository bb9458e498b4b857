"""`bcf import` from an extract to what its pool keeps: rules, leftovers, proposals, replacing."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from tests.make.extracts import POOL

RULES = """rule,priority,cost_centre,scheme_id,share
1,10,A42??,S1,100
2,20,A4250,S2,100
3,10,A4040,S1,55
3,10,A4040,S2,45
"""
LEDGER = """Cost Centre,Account,Period,Amount
A4250,4230,202401,100.00
A4040,4230,202401,0.05
A9999,4230,202401,7.00
A4040,4230,202501,9.00
"""
NAMED = """Cost Centre,Description,Period,Amount
A1,Falls clinic,202401,100.00
B1,Reablement,202401,30.00
"""


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    folder = tmp_path / "riverside"
    for name, text in (POOL | {"ledgers/gl.rules.csv": RULES}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    return folder


def imported(pool: Path, text: str, *words: str) -> Result:
    file = pool.parent / "gl.csv"
    file.write_text(text, encoding="utf-8")
    said = ["import", str(file), "--into", str(pool), "--answer", "period=financial", *words]
    return CliRunner().invoke(cli, said)


def there(pool: Path) -> dict[str, bytes]:
    return {
        path.relative_to(pool).as_posix(): path.read_bytes()
        for path in pool.rglob("*")
        if path.is_file()
    }


def test_an_extract_is_read_mapped_reconciled_and_kept(pool):
    done = imported(pool, LEDGER, "--as", "gl")
    assert done.exit_code == 0, done.output
    assert "together" in done.output
    assert "116.05  = ledger, to the penny" in done.output
    for name in ("actuals.csv", "ledgers/gl.toml", "ledgers/gl.unmapped.csv"):
        assert f"Written: {name}" in done.output
        assert name in there(pool)
    told = CliRunner().invoke(cli, ["explain", str(pool), "expenditure/scheme=S1"])
    assert "gl.csv, row 3" in told.output


def test_what_is_mapped_twice_leaves_the_pool_as_it_was(pool):
    rules = pool / "ledgers" / "gl.rules.csv"
    rules.write_text(RULES.replace("2,20", "2,10"), encoding="utf-8")
    before = there(pool)
    done = imported(pool, LEDGER, "--as", "gl")
    assert done.exit_code == 3
    assert "BCF921" in done.output
    assert "Nothing was written." in done.output
    assert there(pool) == before


def test_an_extract_that_is_in_is_replaced_only_when_that_is_said(pool):
    assert imported(pool, LEDGER, "--as", "gl").exit_code == 0
    before = there(pool)
    again = imported(pool, LEDGER, "--as", "gl")
    assert again.exit_code == 3
    assert "BCF932" in again.output
    assert there(pool) == before
    done = imported(pool, LEDGER.replace("0.05", "0.15"), "--as", "gl", "--replace")
    assert done.exit_code == 0, done.output
    assert "Replaced: period 1, £107.05 before, £107.15 now" in done.output


def test_a_year_that_is_answered_is_not_that_of_a_period_which_is_not_read(pool):
    file = pool.parent / "gl.csv"
    file.write_text(LEDGER, encoding="utf-8")
    before = there(pool)
    said = ["import", str(file), "--into", str(pool), "--as", "gl", "--answer", "year=2024-25"]
    done = CliRunner().invoke(cli, said)
    assert done.exit_code == 3
    assert "BCF933" in done.output
    assert there(pool) == before


BY_HAND = """[file]
name = "gl*.csv"
headings = ["Cost Centre", "Account", "Period", "Amount"]
[columns]
cost_centre = "Cost Centre"
account = "Account"
period = "Period"
amount = "Amount"
[reading]
unit = "pounds"
spending = "positive"
year = "2024-25"
"""


def test_how_a_ledger_is_read_may_be_written_by_hand(pool):
    kept = pool / "ledgers" / "gl.toml"
    kept.write_text(f'{BY_HAND}period = "financial"\n', encoding="utf-8")
    file = pool.parent / "gl.csv"
    file.write_text(LEDGER, encoding="utf-8")
    done = CliRunner().invoke(cli, ["import", str(file), "--into", str(pool)])
    assert done.exit_code == 0, done.output
    assert "It is read as ledgers/gl.toml says." in done.output
    assert "out of year 1  2025-26" in done.output


def test_what_is_written_by_hand_and_is_not_so_is_told(pool):
    kept = pool / "ledgers" / "gl.toml"
    kept.write_text(BY_HAND.replace("pounds", "thousands"), encoding="utf-8")
    done = imported(pool, LEDGER, "--as", "gl")
    assert done.exit_code == 3
    assert "unit was 'thousands' and is 'pounds'" in done.output
    kept.write_text(BY_HAND, encoding="utf-8")
    done = imported(pool, LEDGER, "--as", "gl")
    assert done.exit_code == 0, done.output
    assert "sha256_of_plan" in kept.read_text(encoding="utf-8")


def test_strict_takes_nothing_in_while_lines_have_no_rule(pool):
    before = there(pool)
    assert imported(pool, LEDGER, "--as", "gl", "--strict").exit_code == 3
    assert there(pool) == before


def test_rules_are_proposed_accepted_and_only_then_applied(pool):
    (pool / "ledgers" / "gl.rules.csv").unlink()
    first = imported(pool, NAMED, "--as", "gl")
    assert first.exit_code == 0, first.output
    assert "No rules yet" in first.output
    assert "actuals.csv" not in there(pool)
    drafted = imported(pool, NAMED, "--as", "gl", "--propose")
    assert "1 rule proposed for £30.00 of £130.00" in drafted.output
    assert "ledgers/gl.rules.csv" not in there(pool)
    proposed = pool / "ledgers" / "gl.proposed.csv"
    done = imported(pool, NAMED, "--as", "gl", "--accept", str(proposed))
    assert done.exit_code == 0, done.output
    assert "Written: ledgers/gl.rules.csv" in done.output
    assert b"S2,expenditure,2024-25,1,30.00" in there(pool)["actuals.csv"]


def test_what_needs_a_pool_says_so(tmp_path):
    file = tmp_path / "gl.csv"
    file.write_text(LEDGER, encoding="utf-8")
    done = CliRunner().invoke(cli, ["import", str(file), "--propose"])
    assert done.exit_code == 2
    assert "--into POOL" in done.output


def test_without_a_name_an_extract_that_is_not_known_only_shows_its_plan(pool):
    before = there(pool)
    done = imported(pool, LEDGER)
    assert done.exit_code == 0, done.output
    assert there(pool) == before

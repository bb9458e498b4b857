"""An agreement by questions: the answers make rules that are sound, and are read back."""

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bcf_model.cli import cli
from bcf_model.pool import check_pool
from bcf_model.year.pipeline import run
from tests.make.places import AGREEMENTS, BROKEN

POOL = next(path for path in AGREEMENTS if path.name.startswith("25-"))
"""Categories N, L, S and D; the reserve RISK; opening contributions of CCG and Council."""


@pytest.fixture
def pool(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POOL, tmp_path / "pool"))


def asked(pool: Path, *answers: str) -> Result:
    said = ["agreement", str(pool), "--new", "signed"]
    return CliRunner().invoke(cli, said, input="".join(f"{it}\n" for it in answers))


def rows(pool: Path, table: str) -> list[tuple[str, ...]]:
    with (pool / "agreements" / "signed" / f"{table}.csv").open(newline="") as file:
        return [*map(tuple, csv.reader(file))]


OWN = ("2", "1", "3.1", "1", "3.1")
"""No reserve; whoever holds the budget bears an overspend, and keeps an underspend."""
SHARED = (
    "1", "3.2a",  # the reserve first
    "3", "55", "45", "3.2b", "y", "£5,000",  # in shares, up to an amount
    "2", "3.2c", "n",  # and beyond it in proportion to contributions
    "y", "£4,000", "4000", "3.5a", "1", "3.5b",  # limits; the excess outside the pool
    "2", "3.3",  # an underspend stays in the pool
)  # fmt: skip
GRANT = ("2", "5", "2", "3.4", "n", "n", "5", "2", "3.4")
"""One partner alone, either way."""


def test_the_answers_make_the_worked_example_of_the_same_agreement(pool: Path) -> None:
    """The clauses of agreement 25, said in answers: whoever bears what is the same to the penny."""
    done = asked(pool, *OWN, *OWN, *SHARED, *GRANT)
    assert done.exit_code == 0, done.output
    drafted, found = check_pool(pool, pool / "agreements" / "signed")
    assert drafted is not None, found
    told = CliRunner().invoke(
        cli, ["risk-share", str(pool), "--agreement", str(pool / "agreements" / "signed")]
    )
    assert told.exit_code == 0
    assert [tuple(row[1:]) for row in rows(pool, "limits")[1:]] == [
        ("CCG", "£4,000.00", "category=S", "3.5a"),
        ("Council", "£4,000.00", "category=S", "3.5a"),
    ]
    own, _ = check_pool(pool)
    assert own is not None
    assert borne(own) == borne(drafted)


def borne(inputs) -> dict[str, int]:
    shares = run(inputs).outputs["risk_share_workings"]
    return shares.groupby("bearer")["borne"].sum().to_dict()


def test_what_was_answered_is_read_back(pool: Path) -> None:
    output = " ".join(asked(pool, *OWN, *OWN, *SHARED, *GRANT).output.split())
    assert "Of what is then left, outside the pool: no partner bears it in the pool" in output
    assert "NHS Westbrook CCG £4,000.00, Westbrook Council £4,000.00" in output


def test_shares_are_asked_again_until_they_make_100(pool: Path) -> None:
    shares = ("2", "3", "55", "55", "62.5", "37.5", "3.1", "n", "n", "2", "3.1")
    done = asked(pool, *OWN, *OWN, *shares, *GRANT)
    assert done.exit_code == 0, done.output
    assert "These do not make 100." in done.output
    fixed = [row for row in rows(pool, "rules") if row[6] == "fixed" and row[1] == "category=S"]
    assert [row[8] for row in fixed if row[2] == "over"] == ["62.5", "37.5"]


@pytest.mark.parametrize("name", ["..", "a/b", ".hidden", ""])
def test_a_name_no_folder_has_is_refused(pool: Path, name: str) -> None:
    done = CliRunner().invoke(cli, ["agreement", str(pool), "--new", name])
    assert done.exit_code == 2
    assert not (pool / "agreements").exists()


def test_nothing_is_written_over_or_half(pool: Path) -> None:
    assert asked(pool, *OWN[:3]).exit_code == 130  # the answers end
    assert not (pool / "agreements").exists()
    (pool / "agreements" / "signed").mkdir(parents=True)
    assert asked(pool).exit_code == 2


def test_a_pool_with_errors_is_to_be_mended_first(tmp_path: Path) -> None:
    pool = Path(shutil.copytree(BROKEN / "sound", tmp_path / "pool"))
    (pool / "rules.csv").unlink()
    done = asked(pool)
    assert done.exit_code == 3
    assert "Correct the pool first" in done.stderr

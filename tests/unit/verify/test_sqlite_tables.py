"""The SQLite file of a report verified: value by value, whatever somebody made of the file."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

import hypothesis.strategies as st
import pytest
from click.testing import CliRunner
from hypothesis import assume, given

import bcf_model
from bcf_model import cli
from bcf_model.publish import write
from bcf_model.publish.contents import contents
from bcf_model.verify.sqlite_tables import compare_sqlite
from bcf_model.verify.verification import verify
from tests.longer import slow, tries
from tests.make.places import PLAN
from tests.make.verified import SELFTEST, bcf, others_agree, said_of

FILE = "tables.sqlite"


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """Stand in for the report of the folder: one with its tables as one SQLite file."""
    return with_sqlite()


@cache
def with_sqlite() -> dict[str, bytes]:
    whole = write.document(bcf_model.run(bcf_model.load(SELFTEST)))
    return contents(replace(whole, sqlite=True))


def after(data: bytes, *statements: str) -> bytes:
    """Give a file after somebody worked on it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
        file.deserialize(data)
        for one in statements:
            file.execute(one)
        return file.serialize()


def differences(*statements: str) -> tuple[str, ...]:
    good = with_sqlite()[FILE]
    return compare_sqlite(after(good, *statements), good).differences


def test_a_report_with_it_is_as_it_should_be(report: Path, pool: Path) -> None:
    found = verify(report, pool)
    assert found.agrees and said_of(found, FILE) == ["as it should be"]


def test_a_changed_value_is_told_with_its_place(report: Path, pool: Path) -> None:
    data = (report / FILE).read_bytes()
    (report / FILE).write_bytes(
        after(data, "UPDATE variance SET budget = budget + 1 WHERE rowid = 2")
    )
    found = verify(report, pool)
    [row] = rows_of("SELECT scheme_id, budget FROM variance WHERE rowid = 2")
    verdict, when, said = said_of(found, FILE)
    assert (verdict, when) == ("differs", "it is changed since run.json was written")
    assert said.startswith("table variance, row 3 (") and str(row[0]) in said
    assert said.endswith(f'column budget: holds "{row[1] + 1}", should hold "{row[1]}"')
    assert others_agree(found, FILE)
    done = bcf(report, "--pool", pool)
    assert done.exit_code == 5 and f"  {FILE}: differs" in done.output


def rows_of(query: str) -> list[tuple]:
    with closing(sqlite3.connect(":memory:")) as file:
        file.deserialize(with_sqlite()[FILE])
        return file.execute(query).fetchall()


def test_it_is_missed_where_the_manifest_lists_it(report: Path, pool: Path) -> None:
    (report / FILE).unlink()
    assert said_of(verify(report, pool), FILE) == ["missing"]


def test_other_bytes_of_the_same_values_are_the_same_content(report: Path, pool: Path) -> None:
    data = (report / FILE).read_bytes()
    again = after(data, "CREATE TABLE x (y)", "DROP TABLE x")
    assert again != data
    (report / FILE).write_bytes(again)
    found = verify(report, pool)
    said = "same content, other bytes: every value is equal, stored otherwise"
    assert found.agrees and said_of(found, FILE) == ["same content", said]


@pytest.mark.parametrize(("change", "said"), [
    ("UPDATE variance SET budget = NULL WHERE rowid = 1", 'column budget: holds "", should hold "'),
    ("UPDATE variance SET scheme = '' WHERE rowid = 1", "column scheme: holds \"''\""),
    ("UPDATE variance SET scheme = CAST(scheme AS BLOB) WHERE rowid = 1", "holds \"x'"),
    ("UPDATE settlement SET own_variance = 'x' WHERE rowid = 1", 'holds "x"'),
    ("DELETE FROM variance WHERE rowid = 1", "row 2 ("),
    ("INSERT INTO checks SELECT * FROM checks", "should not be there"),
    ("UPDATE columns SET meaning = 'x' WHERE rowid = 1", "table columns, row 2"),
    ("DROP VIEW variance_pounds", "view variance_pounds is missing"),
    ("CREATE TABLE more (x)", '"table more" should not be there'),
    ("ALTER TABLE variance ADD COLUMN more", "table variance is defined as"),
    ("DROP TABLE checks", "table checks is missing"),
])  # fmt: skip
def test_what_differs_is_told(change: str, said: str) -> None:
    assert any(said in it for it in differences(change)), differences(change)


def test_a_number_stored_as_text_differs_from_the_number() -> None:
    good = after(with_sqlite()[FILE], "CREATE TABLE x (y)", "INSERT INTO x VALUES (1)")
    for other in ("'1'", "1.0", "x'31'", "'''1'''"):
        found = compare_sqlite(after(good, f"UPDATE x SET y = {other}"), good).differences
        assert len(found) == 1, other


def test_nothing_that_somebody_defined_is_run() -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    found = differences("DROP TABLE checks", f"CREATE VIEW checks AS {endless}")
    assert any(it.startswith('"view checks" should not be there') for it in found)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_what_is_no_sqlite_file_is_said(data: bytes) -> None:
    [said] = compare_sqlite(data, with_sqlite()[FILE]).differences
    assert said.startswith("it cannot be compared: ")


def test_a_file_cut_short_is_said() -> None:
    good = with_sqlite()[FILE]
    assert compare_sqlite(good[: len(good) // 2], good).differences


def test_what_sqlite_complains_of_may_be_no_text() -> None:
    """A definition that is no UTF-8 is repeated in its complaint."""
    good = with_sqlite()[FILE]
    for damage in (b"\x80", b"\x1b[2J"):
        start = good.index(b"CREATE VIEW")
        found = good[: start + 3] + damage + good[start + 3 + len(damage) :]
        [said] = compare_sqlite(found, good).differences
        assert said.startswith("it cannot be compared: ") and said.isprintable()


@tries(60, 1_000)
@given(st.integers(0, 10**9), st.binary(min_size=1, max_size=40))
def test_damage_is_told_or_changes_nothing(at: int, damage: bytes) -> None:
    good = with_sqlite()[FILE]
    at %= len(good)
    found = good[:at] + damage + good[at + len(damage) :]
    assume(found != good)
    outcome = compare_sqlite(found, good)
    assert bool(outcome.differences) != bool(outcome.notes)


@slow
def test_the_reports_of_scenarios_are_verified_with_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["scenario", str(PLAN), "start", "child", "-o", str(out), "--export", "sqlite"]
    assert CliRunner().invoke(cli.cli, words).exit_code == 0
    found = verify(out, PLAN)
    assert found.agrees
    assert {it.file for it in found.files if it.file.endswith(".sqlite")} == {
        "start/tables.sqlite", "child/tables.sqlite", "comparison-tables.sqlite",
    }  # fmt: skip
    data = (out / "comparison-tables.sqlite").read_bytes()
    (out / "comparison-tables.sqlite").write_bytes(
        after(data, "UPDATE comparison SET amount = amount + 1 WHERE rowid = 1")
    )
    assert not verify(out, PLAN).agrees

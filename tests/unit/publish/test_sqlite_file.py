"""The tables of a report as one SQLite file: as the CSV to the penny, and described in the file."""

import csv
import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import hypothesis.strategies as st
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given

from bcf_model import cli
from bcf_model.audit.papers import examined
from bcf_model.core.errors import CannotWrite, DoesNotReconcile
from bcf_model.core.tables import WRITTEN_IN, FieldMeaning, Table, frame_of
from bcf_model.plan.uncertainty import simulate
from bcf_model.publish import contents as report_files
from bcf_model.publish import sqlite_file
from bcf_model.publish.audit.write import document as of_audit
from bcf_model.publish.comparison.write import document as of_agreements
from bcf_model.publish.contents import contents, table_csv
from bcf_model.publish.document import Document
from bcf_model.publish.scenario.write import comparison_document, to_show
from bcf_model.publish.scenario.write import document as of_scenario
from bcf_model.publish.sqlite_file import Stored, sqlite_bytes, stored
from bcf_model.publish.write import document as of_year
from bcf_model.year.pipeline import compare
from tests.longer import slow, tries
from tests.make.places import BROKEN, INPUTS, PLAN
from tests.make.scenario_reports import projected
from tests.make.shipped import results_of
from tests.make.verified import SELFTEST

PAPER = INPUTS / "transcriptions" / "invented-example.csv"


def meaning(name: str, form: str, kind: str) -> FieldMeaning:
    return FieldMeaning(name, form, f"What {name} says", None, None, (), kind, nullable=True)


OF_EACH_KIND = Table(
    "Odd",
    "odd.csv: one row each.",
    (
        meaning("code", "text", "str"),
        meaning("budget", "money", "Int64"),
        meaning("mean", "money", "float64"),
        meaning("variance_percent", "percent", "float64"),
        meaning("share", "share", "Int64"),
        meaning("planned", "quantity", "Int64"),
        meaning("row", "whole", "Int64"),
        meaning("weight", "weight", "Int64"),
        meaning("price", "price", "float64"),
    ),
)


def opened(data: bytes) -> "closing[sqlite3.Connection]":
    file = sqlite3.connect(":memory:")
    file.deserialize(data)
    return closing(file)


def rows(data: bytes, table: str) -> list[tuple[object, ...]]:
    with opened(data) as file:
        return file.execute(f'SELECT * FROM "{table}" ORDER BY rowid').fetchall()


def as_sqlite(frame: pd.DataFrame, model: Table = OF_EACH_KIND) -> bytes:
    """Write a table of one row, as a report does."""
    [texts] = cells(table_csv(frame, model))
    values = frame.itertuples(index=False, name=None)
    row = [
        stored(value, text, it)
        for value, text, it in zip(next(values), texts, model.fields, strict=True)
    ]
    return sqlite_bytes({"odd": Stored(model, [row])})


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]


def odd(**columns: object) -> pd.DataFrame:
    """Give a table of one row, blank but for what is said."""
    blank = dict.fromkeys(OF_EACH_KIND.types, None) | {"code": ""} | columns
    return frame_of({name: [it] for name, it in blank.items()}, OF_EACH_KIND.types)


def test_a_cell_is_stored_as_what_it_is() -> None:
    frame = odd(
        code="A", budget=-1_234, mean=5.0, variance_percent=-6.03448, share=80_000_000,
        planned=2_500_000, row=7, weight=10**15, price=12_345_678.0,
    )  # fmt: skip
    found = rows(as_sqlite(frame), "odd")[0]
    assert found == ("A", -1_234, 5, -6.0345, 80.0, 2.5, 7, 10**15, 12.345678)
    assert [type(it) for it in found] == [str, int, int, float, float, float, int, int, float]


def test_what_is_not_known_is_null_and_never_nil() -> None:
    data = as_sqlite(odd())
    assert rows(data, "odd") == [(None,) * 9]
    assert rows(data, "odd_pounds") == [(None,) * 9]
    zero = odd(budget=0, mean=0.0, variance_percent=0.0, share=0, planned=0, row=0, weight=0)
    assert rows(as_sqlite(zero), "odd") == [(None, 0, 0, 0.0, 0.0, 0.0, 0, 0, None)]


def test_a_view_has_the_amounts_in_pounds_and_the_rest_as_it_is() -> None:
    data = as_sqlite(odd(code="A", budget=-1_234, mean=5.0, share=80_000_000, row=7, price=2e6))
    assert rows(data, "odd_pounds") == [("A", -12.34, 0.05, None, 80.0, None, 7, None, 2.0)]


def test_the_file_says_what_it_holds() -> None:
    data = as_sqlite(odd(code="A"))
    assert rows(data, "tables") == [
        ("odd", "table", 1, "one row each."),
        ("tables", "table", 4, "One row per table and view of the file."),
        ("columns", "table", 27, "One row per column of each table and view of the file."),
        ("odd_pounds", "view", 1, "one row each."),
    ]
    said = {(table, name): more for table, name, *more in rows(data, "columns")}
    of_amounts = "spending is above nil, income below nil, unless the meaning says otherwise"
    over = "above nil: an overspend; below nil: an underspend"
    assert said["odd", "budget"] == ["pence", of_amounts, "What budget says"]
    assert said["odd_pounds", "budget"] == ["pounds", of_amounts, "What budget says"]
    assert said["odd", "price"] == ["pounds", of_amounts, "What price says"]
    assert said["odd", "variance_percent"] == ["percent", over, "What variance_percent says"]
    assert said["odd", "code"] == [None, None, "What code says"]
    assert said["columns", "meaning"] == [None, None, "What it says"]


def test_the_same_tables_are_the_same_bytes_of_a_plain_file(tmp_path: Path) -> None:
    data = as_sqlite(odd(code="A"))
    assert data == as_sqlite(odd(code="A")) != as_sqlite(odd(code="B"))
    (tmp_path / "a.sqlite").write_bytes(data)
    with closing(sqlite3.connect(f"{(tmp_path / 'a.sqlite').as_uri()}?mode=ro", uri=True)) as file:
        said = {
            name: file.execute(f"PRAGMA {name}").fetchall()
            for name in ("page_size", "journal_mode", "freelist_count", "integrity_check")
        }
    assert said == {
        "page_size": [(4096,)], "journal_mode": [("delete",)], "freelist_count": [(0,)],
        "integrity_check": [("ok",)],
    }  # fmt: skip


TEXTS = st.one_of(
    st.sampled_from([
        "'); DROP TABLE odd; --", '"', "''", "a\0b", "\0", "=1+1", "@SUM(A1)", "-0.2%", "🏥 Café",
        "00123", "1e5", "NULL", " ", "a\nb",
    ]),
    st.text(st.characters(exclude_categories=["Cs"])),
)  # fmt: skip


@tries(60, 600)
@given(TEXTS, TEXTS)
def test_a_text_of_a_pool_is_stored_as_it_is(one: str, other: str) -> None:
    model = Table("Odd", "One row each.", (meaning("code", "text", "str"),))
    held = [(stored(it, it, model.fields[0]),) for it in (one, other)]
    assert rows(sqlite_bytes({"odd": Stored(model, held)}), "odd") == [
        (one or None,),
        (other or None,),
    ]


# SQLite keeps a few names for itself.
NAMES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1
).filter(lambda it: not it.lower().startswith("sqlite_") and it.lower() not in ("true", "false"))


@tries(60, 600)
@given(NAMES, st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower))
def test_a_name_may_hold_any_sign(name: str, columns: list[str]) -> None:
    model = Table(name, "One row each.", tuple(meaning(it, "money", "int64") for it in columns))
    data = sqlite_bytes({f"t{name}": Stored(model, [(1,) * len(columns)])})
    with opened(data) as file:
        quoted = f"t{name}_pounds".replace('"', '""')
        found = file.execute(f'SELECT * FROM "{quoted}"')
        assert [it[0] for it in found.description] == columns
        assert found.fetchall() == [(0.01,) * len(columns)]


@cache
def documents(kind: str) -> tuple[Document, ...]:
    """Make every kind of report, small ones."""
    if kind == "year end":
        return tuple(of_year(results_of(it)) for it in (SELFTEST, BROKEN / "indicators"))
    if kind == "agreements":
        tried = [results_of(SELFTEST)]
        return (of_agreements(compare(tried), tried),)
    if kind == "audit":
        audit, about, _ = examined(PAPER)
        assert audit is not None and about is not None
        return (of_audit(audit, about),)
    plans = [projected(PLAN, name) for name in ("start", "child")]
    drawn = [to_show(it, simulate(it, 50, 1)) for it in plans]
    return (of_scenario(drawn[1]), comparison_document(drawn))


KINDS = ["year end", "agreements", "audit", pytest.param("scenarios", marks=slow)]


def written(kind: str) -> Iterator[tuple[Document, dict[str, bytes], bytes]]:
    """Write each report of a kind: its document, its files, and the SQLite file among them."""
    for document in documents(kind):
        plain, files = contents(document), contents(replace(document, sqlite=True))
        [name] = [it for it in files if it.endswith(".sqlite")]
        assert list(plain) == [it for it in files if it != name]
        yield document, files, files[name]


@pytest.mark.parametrize("kind", KINDS)
def test_each_table_is_its_csv_to_the_penny(kind: str) -> None:
    for document, files, data in written(kind):
        names = [it[0] for it in rows(data, "tables") if it[1] == "table"]
        of = {
            name.rpartition("/")[2].removesuffix(".csv"): name
            for name in files
            if name.endswith(".csv")
        }
        assert names == [*of, "tables", "columns"]
        for table, name in of.items():
            fields = document.tables[name.removesuffix(".csv")][1].fields
            found, said = rows(data, table), cells(files[name])
            assert len(found) == len(said)
            for row, texts in zip(found, said, strict=True):
                for value, text, it in zip(row, texts, fields, strict=True):
                    where = (table, it.name, text)
                    if text == "":
                        assert value is None, where
                    elif it.type == "str":
                        assert value in (text, text.removeprefix("'")), where
                    elif it.form == "money":
                        assert type(value) is int and value == Decimal(text) * 100, where
                    else:
                        whole = WRITTEN_IN[it.form] in ("whole number", "weight")
                        assert type(value) is (int if whole else float), where
                        assert value == float(text), where


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_every_table_and_view_has_its_meaning(kind: str) -> None:
    for _, _, data in written(kind):
        said = rows(data, "columns")
        assert all(meaning for *_, meaning in said)
        with opened(data) as file:
            made = file.execute("SELECT name FROM sqlite_schema ORDER BY name").fetchall()
            there = [
                (name, column)
                for (name,) in made
                for _, column, *_ in file.execute(f'PRAGMA table_info("{name}")')
            ]
        assert sorted(there) == sorted((table, column) for table, column, *_ in said)
        amounts = {table for table, _, unit, *_ in said if unit == "pence"}
        views = {name for name, kind, *_ in rows(data, "tables") if kind == "view"}
        assert views == {f"{it}_pounds" for it in amounts}


@pytest.mark.parametrize("kind", KINDS)
def test_a_view_comes_to_what_its_table_comes_to(kind: str) -> None:
    for _, _, data in written(kind):
        for table, column, unit, *_ in rows(data, "columns"):
            if unit == "pence":
                with opened(data) as file:
                    pence = file.execute(f'SELECT "{column}" FROM "{table}"').fetchall()
                    in_pounds = file.execute(f'SELECT "{column}" FROM "{table}_pounds"').fetchall()
                assert [it and round(it * 100) for (it,) in in_pounds] == [it for (it,) in pence]


# ------------------------------------------------------------------ written with the report


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.cli, [*map(str, words)])


def test_a_report_writes_it_only_if_asked_and_takes_it_away_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = bcf("report", SELFTEST, "-o", out, "--export", "sqlite")
    assert asked.exit_code == 0 and f"  {out / 'tables.sqlite'}\n" in asked.output
    assert (out / "tables.sqlite").is_file()
    assert bcf("report", SELFTEST, "-o", out).exit_code == 0
    assert not (out / "tables.sqlite").exists()


def test_an_audit_and_a_comparison_leave_that_of_the_report_beside_them_alone(
    tmp_path: Path,
) -> None:
    more = ("-o", tmp_path, "--export", "sqlite")
    bcf("report", SELFTEST, *more)
    before = (tmp_path / "tables.sqlite").read_bytes()
    assert bcf("audit", PAPER, *more).exit_code == 4
    assert bcf("risk-share", SELFTEST, *more).exit_code == 0
    assert (tmp_path / "tables.sqlite").read_bytes() == before
    names = {"tables.sqlite", "audit-tables.sqlite", "comparison-tables.sqlite"}
    assert {it.name for it in tmp_path.glob("*.sqlite")} == names
    assert (tmp_path / "own" / "tables.sqlite").is_file()


def test_a_comparison_that_is_only_printed_has_no_place_for_it() -> None:
    refused = bcf("risk-share", SELFTEST, "--export", "sqlite")
    assert refused.exit_code == 2 and "say with -o where those are to be" in refused.output


@slow
def test_scenarios_and_their_comparison_each_write_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = bcf("scenario", PLAN, "start", "child", "-o", out, "--export", "sqlite")
    assert done.exit_code == 0
    found = sorted(str(it.relative_to(out)) for it in out.rglob("*.sqlite"))
    assert found == ["child/tables.sqlite", "comparison-tables.sqlite", "start/tables.sqlite"]


def test_what_is_not_what_the_csv_says_is_not_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def a_penny_more(value: object, text: str, it: FieldMeaning) -> object:
        held = stored(value, text, it)
        return held + 1 if it.name == "budget" and isinstance(held, int) else held

    document = documents("year end")[0]
    monkeypatch.setattr(sqlite_file, "stored", a_penny_more)
    with pytest.raises(DoesNotReconcile, match=r"variance in tables\.sqlite is not what variance"):
        report_files.write({"": document}, tmp_path, sqlite=True)
    assert list(tmp_path.iterdir()) == []


def test_where_sqlite_is_too_old_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = SimpleNamespace(Connection=object, sqlite_version="3.31.1", Error=sqlite3.Error)
    monkeypatch.setattr(sqlite_file, "sqlite3", older)
    with pytest.raises(CannotWrite, match=r"has SQLite 3\.31\.1, and 3\.36 or later is needed"):
        report_files.write({"": documents("year end")[0]}, tmp_path, sqlite=True)
    refused = bcf("report", SELFTEST, "-o", tmp_path / "out", "--export", "sqlite")
    assert refused.exit_code == 1 and "Error: no SQLite file can be made here" in refused.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["O'Neill\"; DROP TABLE variance; --", "@SUM(A1)", "🏥 Café"])
def test_a_text_of_a_pool_comes_through_letter_for_letter(tmp_path: Path, name: str) -> None:
    pool, out = shutil.copytree(SELFTEST, tmp_path / "pool"), tmp_path / "out"
    lines = list(csv.DictReader(io.StringIO((pool / "schemes.csv").read_text(encoding="utf-8"))))
    lines[0]["scheme"] = name
    with (pool / "schemes.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*lines[0]])
        table.writeheader()
        table.writerows(lines)
    assert bcf("report", pool, "-o", out, "--export", "sqlite").exit_code == 0
    data = (out / "tables.sqlite").read_bytes()
    with opened(data) as held:
        assert held.execute(
            "SELECT COUNT(*) FROM variance WHERE scheme = ?", [name]
        ).fetchall() == [(1,)]
    assert bcf("verify", out, "--pool", pool).exit_code == 0

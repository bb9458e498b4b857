"""A pool is the same in a folder and in a workbook: what is typed, and what comes of it."""

import csv
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given

from bcf_model.cli import cli
from bcf_model.commands.books import _every_table, tables_by_kind
from bcf_model.core.tables import AGREEMENT_TABLES
from bcf_model.core.whole_pool import POOL_ITSELF, Stated, WholePool, differences
from bcf_model.intake.folder import agreements_of
from bcf_model.intake.whole_pool import read_whole
from bcf_model.plan.load import load_scenario, scenario_names
from bcf_model.plan.projection import project
from bcf_model.pool import load
from bcf_model.publish.contents import table_csv
from bcf_model.publish.pool_files import folder_files, pool_workbook
from bcf_model.publish.scenario.write import document as of_scenario
from bcf_model.publish.scenario.write import to_show
from bcf_model.publish.write import document
from bcf_model.year.pipeline import run
from tests.longer import slow, tries
from tests.make.places import AGREEMENTS, PLAN, SHEFFIELD

TYPED = (
    "01", "1", "3-1", "1-3", "1e5", "007", "2019-03-31", "31/03/2019", "1900-01-01", "2019-1-1",
    "1,234.50", "1234.5", "0.10", "(56)", "-56", "-0", "0", "£2,000", "250000", "12.5%", "0.6",
    "33.333333", "99999999999999999", "0.1234567890123456", "not stated", "Not Stated", "-", "TRUE",
    "=A1", "'5", "+5", "#REF!", "a\nb", "a\r\nb", ' two  spaces "quoted", ', "café ☃", "_x0041_",
    "nan", "1E3", "1/2", "http://example.org", "x" * 300,
)  # fmt: skip
"""What people type, and a spreadsheet would make something else of."""
cells = st.sampled_from(TYPED) | st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Co", "Cn"), blacklist_characters="\ufeff"),
    max_size=6,
)
values = st.one_of(
    cells.filter(lambda it: it.strip() and it not in ("[]", "{}", '""') and "\r" not in it),
    st.just(""),
    st.integers(-(10**12), 10**12),
    st.integers(-(10**9), 10**9).map(lambda it: it / 1000),
    st.dates(),
).filter(lambda it: not hasattr(it, "year") or it.year > 1900)
lists = st.lists(values, max_size=3)
settings = st.dictionaries(
    st.sampled_from(("title", "note", "over_pounds", "2019-20", "order")),
    values | lists | st.dictionaries(st.sampled_from(("source", "page", "2019-20")), values),
    min_size=1,
)
names = st.sampled_from(("start", "R&D x", "01", "2019-20", "Ünit"))


@st.composite
def stated(draw: st.DrawFn, kind: str) -> Stated:
    """Draw settings and a few tables of any cells, the first always having rows."""
    tables = {}
    every = tables_by_kind()[kind]
    chosen = draw(st.sets(st.sampled_from(range(len(every))), max_size=3)) | {0}
    for at in sorted(chosen):
        columns = tuple(draw(st.permutations(list(every[at].model.in_file)))[:5])
        rows = draw(st.lists(st.tuples(*[cells] * len(columns)), max_size=3))
        rows = [it for it in rows if any(cell.strip() for cell in it)]
        first = (tuple("x" for _ in columns),) if not at else ()
        tables[every[at].name] = (columns, (*first, *rows))
    return Stated(draw(settings), tables)


@st.composite
def pools(draw: st.DrawFn) -> WholePool:
    whole = {POOL_ITSELF: draw(stated(""))}
    for kind in ("scenario", "agreement"):
        for name in sorted(draw(st.sets(names, max_size=2))):
            whole[kind, name] = draw(stated(kind))
    return whole


def typed(whole: WholePool) -> WholePool:
    """What is to be read again: lines end as in a workbook."""
    return {
        key: Stated(it.settings, {
            name: (columns, tuple(tuple(c.replace("\r\n", "\n") for c in row) for row in rows))
            for name, (columns, rows) in it.tables.items()
        })
        for key, it in whole.items()
    }  # fmt: skip


def put(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@tries(25, 1000)
@given(pools())
def test_every_cell_and_setting_is_read_again_as_it_was_typed(whole: WholePool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder, book = Path(scratch) / "pool", Path(scratch) / "pool.xlsx"
        read, findings = read_whole(put(folder_files(whole), folder), tables_by_kind())
        plain = {Path(it.file).stem for it in findings if it.code in ("BCF033", "BCF225")}
        other = [it for it in differences(typed(whole), read) if it.split()[0] not in plain]
        assert other == [], "what is read otherwise than it was typed is told"
        book.write_bytes(pool_workbook(read, _every_table()))
        again, _ = read_whole(book, tables_by_kind())
        assert differences(read, again) == []


def convert(one: Path, other: Path) -> Path:
    done = CliRunner().invoke(cli, ["convert", str(one), str(other)])
    assert done.exit_code == 0, done.output
    return other


def figures(pool: Path) -> dict[str, dict[str, bytes]]:
    """Every table that is written of a pool, its agreements and scenarios, as bytes."""
    made: dict[str, Any] = {"": document(run(load(pool)))}
    for agreement in agreements_of(pool, AGREEMENT_TABLES):
        made[f"under {agreement.stem}"] = document(run(load(pool, agreement)))
    for name in scenario_names(pool):
        made[name] = of_scenario(to_show(project(*load_scenario(pool, name)), None))
    return {
        name: {table: table_csv(*it) for table, it in one.tables.items()}
        for name, one in made.items()
    }


def there_and_back(pool: Path, scratch: Path) -> None:
    expected = figures(pool)
    book = convert(pool, scratch / f"{pool.name}.xlsx")
    assert figures(book) == expected
    folder = convert(book, scratch / "back" / pool.name)
    assert figures(folder) == expected
    again = convert(folder, scratch / "again" / f"{pool.name}.xlsx")
    assert again.read_bytes() == book.read_bytes()


@slow
def test_sheffield_comes_to_the_same(tmp_path: Path) -> None:
    there_and_back(SHEFFIELD, tmp_path)


@slow
@pytest.mark.parametrize("pool", [*AGREEMENTS, PLAN], ids=lambda it: it.name)
def test_every_pool_comes_to_the_same(pool: Path, tmp_path: Path) -> None:
    there_and_back(pool, tmp_path)


def test_a_number_is_a_number_where_it_is_read_as_it_was_typed(tmp_path: Path) -> None:
    columns = ("scheme_id", "budget", "expenditure")
    rows = (("01", "1000", "1,000"), ("3-1", "-2.5", "2.50"), ("2019-03-31", "not stated", "0"))
    whole = {POOL_ITSELF: Stated({"title": "x"}, {"schemes": (columns, rows)})}
    book = tmp_path / "pool.xlsx"
    book.write_bytes(pool_workbook(whole, _every_table()))
    found = openpyxl.load_workbook(book)["schemes"]
    assert [tuple(cell.value for cell in row) for row in found.iter_rows()] == [
        columns, ("01", 1000, "1,000"), ("3-1", -2.5, "2.50"), ("2019-03-31", "not stated", 0),
    ]  # fmt: skip


def test_percentages_days_and_merged_cells_are_written_as_a_person_sees_them(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    pool, rules = book.active, book.create_sheet("rules")
    pool.title = "pool"
    for row in (("setting", "value"), ("title", "x"), ("commentary.over_percent", 0.05)):
        pool.append(row)
    pool["B3"].number_format = "0%"
    for row in (("rule_id", "share", "from_date"), ("R1", 0.2, None), ("", 0.8, None)):
        rules.append(row)
    rules["B2"].number_format = rules["B3"].number_format = "0%"
    rules.merge_cells("A2:A3")
    book.save(tmp_path / "pool.xlsx")
    folder = convert(tmp_path / "pool.xlsx", tmp_path / "pool")
    with (folder / "rules.csv").open(encoding="utf-8", newline="") as file:
        assert [*csv.reader(file)] == [
            ["rule_id", "share", "from_date"], ["R1", "20%", ""], ["R1", "80%", ""],
        ]  # fmt: skip
    assert "over_percent = 5" in (folder / "pool.toml").read_text(encoding="utf-8")

"""The files of any report: read back before they stand, and nothing in them becomes a formula."""

import csv
from collections import defaultdict
from functools import partial
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.cell import Cell

import bcf_model
from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.ledger import Ledger
from bcf_model.core.tables import OUTPUT_TABLES, Table
from bcf_model.publish import contents
from bcf_model.publish.document import Document, Head, Printing, ReadBack
from bcf_model.publish.excel_book import Book
from bcf_model.publish.excel_file import Cover, Workbook
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.odd_pence import write_odd_pence_pool
from tests.make.places import SHEFFIELD
from tests.make.shipped import results_of

FIELDS = [it for it in OUTPUT_TABLES["variance"].fields if it.name in ("theme", "budget")]
BUDGETS = Table("Budgets", "one row each", tuple(FIELDS))
FRAME = pd.DataFrame({"theme": ["1", "2", "1"], "budget": [100, 250, -30]})


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


BOOK = partial(Book, figures=Ledger({}), unit="pounds", foot="")


def document(pence: dict[str, int]) -> Document:
    """Make a report of one table, whose budgets must come to these amounts by theme."""
    return Document(
        name="report",
        workbook=lambda: Workbook("", Cover("", "", ()), {}, BOOK, lambda _: None),
        title="",
        head=Head("", ""),
        foot="",
        pages=(),
        printing=Printing(),
        tables={"tables/budgets": (FRAME, BUDGETS)},
        read_back=[ReadBack("tables/budgets", "budget", pence, "theme")],
    )


def test_what_was_written_comes_to_what_was_computed_or_is_not_put_in_place(tmp_path: Path):
    contents.write({"a": document({"1": 70, "2": 250})}, tmp_path)
    assert (tmp_path / "a" / "tables" / "budgets.csv").read_text().splitlines()[1:] == [
        "1,1.00", "2,2.50", "1,-0.30",
    ]  # fmt: skip
    for wrong, said in (
        (
            {"1": 71, "2": 250},
            r"budget of 1 in budgets\.csv adds up to £0\.70, computed was £0\.71",
        ),
        ({"1": 70}, r"budget of 2 in budgets\.csv adds up to £2\.50, computed was £0\.00"),
        ({"1": 70, "2": 250, "3": 1}, r"budget of 3 .* adds up to £0\.00"),
    ):
        with pytest.raises(DoesNotReconcile, match=said):
            contents.write({"": document({"1": 70, "2": 250}), "b": document(wrong)}, tmp_path)
    assert [it.name for it in tmp_path.iterdir()] == ["a"]


def test_a_row_that_was_lost_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(contents, "table_csv", lambda *_: b"theme,budget\n1,0.70\n2,2.50\n")
    with pytest.raises(DoesNotReconcile, match=r"budgets\.csv holds 2 rows of 3\. Nothing"):
        contents.write({"": document({"1": 70, "2": 250})}, tmp_path)
    assert list(tmp_path.iterdir()) == []


@slow
@pytest.mark.parametrize("table", ["variance", "risk_share", "settlement"])
def test_what_was_lost_on_the_way_out_stops_the_report(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    def loses_a_row(frame: pd.DataFrame, model: Table) -> bytes:
        lines = whole(frame, model).splitlines(keepends=True)
        return b"".join([lines[0], *lines[2:]] if model is OUTPUT_TABLES[table] else lines)

    whole = contents.table_csv
    monkeypatch.setattr(contents, "table_csv", loses_a_row)
    with pytest.raises(DoesNotReconcile, match=rf"in {table}\.csv adds up to"):
        bcf_model.write_report(results, tmp_path)
    assert not any(p.is_file() for p in tmp_path.rglob("*"))


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HOSTILE = (
    '"=1+1"', '"=HYPERLINK(""http://example.invalid"",""x"")"', "+1+1", "-1+1", "@SUM(A1)",
    "http://example.invalid", "mailto:a@example.invalid", "internal:Cover!A1", "<b>bold</b>",
    "{=1+1}", "'quoted", "00123", "1e5", "TRUE", "#hash",
)  # fmt: skip


@slow
def test_text_stays_text(tmp_path: Path) -> None:
    pool, names = write_odd_pence_pool(tmp_path / "pool", lines=20), HOSTILE[2:]
    schemes = (pool / "schemes.csv").read_text(encoding="utf-8")
    for line, name in enumerate(names):
        schemes = schemes.replace(f"Scheme number {line},", f"{name},")
    (pool / "schemes.csv").write_text(schemes, encoding="utf-8")
    out = tmp_path / "out"
    bcf_model.write_report(bcf_model.run(bcf_model.load(pool)), out)
    book = openpyxl.load_workbook(out / "report.xlsx")
    held: dict[object, list[Cell]] = defaultdict(list)
    for cell in (cell for page in book for row in page.iter_rows() for cell in row):
        held[cell.value].append(cell)
    written = {row["scheme_id"]: row["scheme"] for row in csv_rows(out / "tables" / "variance.csv")}
    written |= {row["scheme_id"]: row["scheme"] for row in csv_rows(out / "tables" / "memo.csv")}
    for line, name in enumerate(names):
        assert held[name], f"{name} is not in the workbook, letter for letter"
        assert all(cell.data_type == "s" and cell.hyperlink is None for cell in held[name])
        assert not written[f"S{line}"].startswith(("=", "+", "-", "@"))
        assert written[f"S{line}"].lstrip("'") == name.lstrip("'")

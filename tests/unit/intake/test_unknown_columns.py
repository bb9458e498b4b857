"""Columns that a table has not: left out with a warning, or an error where one may be a slip."""

import pytest

from bcf_model.core.tables import TABLES
from bcf_model.intake.raw_table import RawTable
from bcf_model.intake.unknown_columns import without_marks, wrong_columns

OWN = ("scheme_id", "theme", "organisation", "scheme", "category", "kind", "budget", "expenditure")
LINE = ("S1", "1", "ICB", "Beds", "A", "revenue", "10.00", "12.00")


def found(name: str, text: str, left_out: str = "", **cells: str) -> list[tuple[str, str, str]]:
    said = dict(zip(OWN, LINE, strict=True)) | cells | {name: text}
    said.pop(left_out, None)
    table = RawTable("schemes.csv", "", (*said,), ((*said.values(),),), (2,))
    known = TABLES["Schemes"].in_file
    return [(it.code, it.severity, it.column) for it in wrong_columns(table, known)]


@pytest.mark.parametrize(
    "name", ["owner", "comments", "rag", "forecast", "theme_name", "scheme_type", "budget_2023/24"]
)
def test_one_that_is_like_none_is_not_read(name: str) -> None:
    assert found(name, "7") == [("BCF009", "warning", "")]


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("expendature", "expenditure"),
        ("expendature", ""),
        ("notes", ""),
        ("transfers", ""),
        ("lead_commissioner", ""),
        ("budget_£", "budget"),
        ("spent", "expenditure"),
    ],
)
def test_one_that_may_be_a_slip_is_an_error(name: str, left_out: str) -> None:
    assert found(name, "7", left_out) == [("BCF009", "error", name)]


def test_amounts_beside_a_blank_column_of_amounts() -> None:
    assert found("outlay", "7", expenditure="") == [("BCF009", "error", "outlay")]
    assert found("outlay", "agreed", expenditure="") == [("BCF009", "warning", "")]


def test_all_that_are_not_read_are_named_once() -> None:
    table = RawTable("schemes.csv", "", (*OWN, "rag", "owner"), ((*LINE, "", ""),), (2,))
    [finding] = wrong_columns(table, TABLES["Schemes"].in_file)
    assert finding.value == "rag, owner, not read"


def spent(*variances: str, amounts: str = "12.00") -> list[tuple[str, str]]:
    """Find what is said of lines over by 2, 5 and 9 that have a column of that name."""
    over = (amounts, "15.00", "19.00")
    rows = tuple((*LINE[:-1], *it, "ok") for it in zip(over, variances, strict=True))
    table = RawTable(
        "schemes.csv", "", (*OWN, "variance", "comments"), rows, (2, 3, 4), (*range(10),)
    )
    read = without_marks(table)
    left = [name for name in table.columns if name not in read.columns]
    assert all(len(row) == len(read.columns) == len(read.at) for row in read.rows)
    assert [row[-1] for row in read.rows] == ["ok"] * 3 and read.at[-1] == 9
    [finding] = wrong_columns(table, TABLES["Schemes"].in_file)
    return [(finding.severity, finding.value), *((it, "left out") for it in left)]


def test_a_mark_under_the_name_of_the_variance_is_not_read() -> None:
    """One value that no line is over or under by is no variance, whichever amount is wrong."""
    told = ("warning", "variance, comments, not read")
    assert spent("1", "1", "1") == [told, ("variance", "left out")]
    for read in (
        ("1", "1", "2"), ("2", "2", "2"), ("-5", "-5", "-5"), ("0", "0", "0"), ("", "", ""),
        ("x", "x", "x"), ("2.00", "5.00", "9.01"), ("-2", "-5", "-9"),
    ):  # fmt: skip
        assert spent(*read) == [("warning", "comments, not read")], read
    assert spent("1", "1", "1", amounts="") == [("warning", "comments, not read")]

"""Columns that a table has not: left out with a warning, or an error where one may be a slip."""

import pytest

from bcf_model.core.tables import TABLES
from bcf_model.intake.raw_table import RawTable
from bcf_model.intake.unknown_columns import wrong_columns

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

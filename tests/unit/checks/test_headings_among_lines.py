"""The heading of a section, or a note, left among the lines: said once, and its cells not."""

import pytest

from bcf_model.checks.headings_among_lines import set_aside
from bcf_model.intake.raw_table import RawTable


def table(*rows: tuple[str, ...]) -> RawTable:
    columns = ("scheme_id", "scheme", "theme", "budget")
    return RawTable("schemes.csv", "", columns, rows, tuple(range(2, len(rows) + 2)))


@pytest.mark.parametrize(
    "row",
    [
        ("Coming home", "", "", ""),
        ("", "Coming home", "", ""),
        ("  Note: not audited yet ", "", "", " "),
    ],
)
def test_a_row_of_one_cell_with_words_is_no_line(row: tuple[str, ...]) -> None:
    line = ("1", "Beds", "T", "5.00")
    kept, findings = set_aside(table(line, row, line))
    assert kept is not None
    assert (kept.rows, kept.numbers) == ((line, line), (2, 4))
    assert [(it.code, it.row) for it in findings] == [("BCF940", 3)]
    assert row[0].strip() in findings[0].value


@pytest.mark.parametrize(
    "row",
    [
        ("S17", "", "", ""),  # a line whose cells are still to be filled in
        ("", "", "Coming home", ""),
        ("", "", "", "1 000"),
        ("Coming home", "", "", "5.00"),
        ("1", "Step-down beds", "", ""),
        ("1 000", "", "", ""),
    ],
)
def test_a_row_that_may_be_a_line_stays(row: tuple[str, ...]) -> None:
    assert set_aside(table(row)) == (table(row), [])


def test_a_table_that_is_not_there_or_lacks_its_names_is_left() -> None:
    without = RawTable("schemes.csv", "", ("budget",), (("a b",),), (2,))
    assert set_aside(None) == (None, [])
    assert set_aside(without) == (without, [])


def test_two_columns_of_names_are_enough() -> None:
    narrow = RawTable("schemes.csv", "", ("scheme_id", "scheme"), (("a b", ""),), (2,))
    assert [it.row for it in set_aside(narrow)[1]] == [2]

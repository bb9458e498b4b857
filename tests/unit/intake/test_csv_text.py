"""Columns are what the csv module reads, however a column's texts repeat."""

import csv
import io

import pytest

from bcf_model.intake.csv_text import read_separated

ROWS = 9_000
"""More than are read at once, twice over."""


@pytest.mark.parametrize(
    ("first", "then"),
    [("J{0}", "same"), ("same", "J{0}"), ("J{0}", "J{0}"), ("same", ""), ("", "J{0}")],
)
def test_columns_are_the_rows_that_were_written(first: str, then: str) -> None:
    rows = [
        [f"{at % 7}", (first if at < ROWS // 2 else then).format(at), f"{at % 3_000}"]
        for at in range(ROWS)
    ]
    rows[5] = ["short"]  # a row that ends early
    rows.insert(8, [])
    rows[ROWS - 1].append("longer")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    columns, _, _ = read_separated(out.getvalue().encode())
    wide = [(row + [""] * 4)[:4] for row in csv.reader(io.StringIO(out.getvalue()))]
    assert len(columns) == 4
    for at, column in enumerate(columns):
        assert [column[row] for row in range(len(wide))] == [row[at] for row in wide]


def test_texts_that_repeat_are_kept_once() -> None:
    text = "".join(f"A{at % 50},J{at}\n" for at in range(ROWS))
    columns, _, _ = read_separated(text.encode())
    assert len(columns[0].texts) == 51  # and the blank
    assert len(columns[1].texts) == ROWS + 1

"""Tables made of records: where their headings stand, and rows of another length."""

from collections.abc import Sequence

import pytest

from bcf_model.intake.headings import Known, as_table, known_of
from bcf_model.intake.raw_table import RawPool, RawTable

KNOWN = Known(
    frozenset(("reserve", "name", "amount", "note")),
    frozenset(("reserve", "name", "amount")),
    frozenset(("amount",)),
)
HEADS = ["reserve", "name", "amount", "note"]
A = ["A", "Contingency", "5.00", "kept"]


def laid(*records: Sequence[str], sheet: str = "") -> tuple[RawTable | None, list[str]]:
    pool = RawPool("x")
    table = as_table(records, "reserves.csv", sheet, pool, known=KNOWN)
    return table, [f"{it.code} {it.value}".strip() for it in pool.findings]


def test_what_a_table_must_have_is_as_the_dictionary_says() -> None:
    assert known_of("reserves").needed == {"reserve", "name", "reserve_kind", "opening"}
    assert known_of("control_totals").money == {"amount"}
    assert "page" in known_of("reserves").columns
    assert known_of("rollout_payers").columns and not known_of("anything").columns
    assert known_of("ledger_rules").needed == {"rule", "priority"}


def test_rows_keep_their_numbers_below_titles() -> None:
    table, told = laid(["The reserves"], [], [" Reserve ", "NAME", "Amount", "note"], [""], A)
    assert table is not None
    assert (table.columns, table.rows, table.numbers) == ((*HEADS,), ((*A,),), (5,))
    assert told == ["BCF019 in row 3; rows 1 to 2 are left out"]


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([HEADS, A, HEADS], "BCF030 two: row 1 and row 3"),
        ([["Name", "Amount"], HEADS, A], "BCF030 two: row 1 and row 2"),
        ([A, HEADS], "BCF030 row 2, with row 1 above it, which may be one of the table"),
        ([["T"], ["reserve", "name"], A], "BCF030 none; the nearest is row 2, without amount"),
        ([HEADS, ["A", "Contingency"], ["B", "Other", "6.00"]], "BCF011 2 cells"),
        ([HEADS, [*A, "more"]], "BCF011 5 cells"),
        ([HEADS, A, ["B", "Held, in full", "7", "030.00", ""]], "BCF011 5 cells"),
        ([[*HEADS, ""], [*A, "x"]], "BCF015"),
        ([[*HEADS, " Note"], [*A, ""]], "BCF010"),
    ],
)
def test_what_is_in_doubt(records: list[list[str]], told: str) -> None:
    assert laid(*records) == (None, [told])


@pytest.mark.parametrize(
    "records",
    [
        [HEADS, A, ["B", "Other", "6.00"]],
        [[*HEADS, "", ""], [*A, "", ""], ["B", "Other", "6.00", ""]],
        [HEADS, [*A, "", ""], ["B", "Other", "6.00", "", ""]],
        [HEADS + [""] * 300, A + [""] * 300, ["B", "Other", "6.00"]],
    ],
)
def test_blank_cells_at_the_right_say_nothing(records: list[list[str]]) -> None:
    table, told = laid(*records)
    assert told == [] and table is not None
    assert table.rows == ((*A,), ("B", "Other", "6.00", ""))


def test_a_line_known_by_its_variance_may_end_before_the_rest() -> None:
    known = known_of("schemes")
    heads = [*sorted(known.needed), "budget", "variance"]
    rows = [[*"ABCDE", "1", "2"], [*"ABCDF", "1", ""], [*"ABCDG", "1"]]
    assert as_table([heads, *rows], "schemes.csv", "", RawPool("x"), known=known) is not None
    rows[1][-1] = "3"
    assert as_table([heads, *rows], "schemes.csv", "", RawPool("x"), known=known) is None

"""Pages as aligned text."""

import pytest

from bcf_model.core.ledger import Ledger
from bcf_model.publish.page import Money, Row
from bcf_model.publish.text import amounts, laid_out, table

IN_POUNDS = amounts(Ledger({}), "pounds")


def lines_of(headings, *rows, room=80, parted=False, written=IN_POUNDS):
    page = table(headings, [Row(*row) for row in rows])
    return [*laid_out(page, written, room, parted=parted)]


def test_numbers_stand_under_each_other_and_a_closing_bracket_in_the_margin():
    lines = lines_of(["£", "Budget"], ("line", ("A", Money(100_000))), ("line", ("B", Money(-5))))
    assert [lines[0], *lines[2:]] == ["£    Budget", "A  1,000.00", "B     (0.05)"]
    assert {*lines[1]} == {"─"} and len(lines[1]) == len(lines[3])


def test_a_table_wider_than_the_room_is_parted():
    said = ["", "2019/20", "2020/21", "2021/22"], ("line", ("Spending", "1,000", "2,000", "3,000"))
    whole = lines_of(*said, room=36, parted=True)
    assert sum(line.startswith("Spending") for line in whole) == 1
    lines = lines_of(*said, room=35, parted=True)
    assert sum(line.startswith("Spending") for line in lines) == 2
    assert "3,000" in lines[-1] and "3,000" not in lines[2]


@pytest.mark.parametrize(
    ("room", "lines"),
    [
        (80, ["A name of nineteen!  0.01"]),
        (20, ["A name of", "  nineteen!       0.01"]),
    ],
)
def test_names_are_wrapped_to_their_room_and_numbers_never(room: int, lines: list[str]):
    said = lines_of(["", "£"], ("line", ("A name of nineteen!", Money(1))), room=room)
    assert said[2:] == lines


@pytest.mark.parametrize("parted", [False, True])
def test_nothing_of_a_name_is_lost_however_little_room_it_has(parted: bool):
    names = ["Trust " * 20 + "end", "x" * 90, "- 1. " * 12]
    rows = [("group", ("Of one",)), *(("line", (it, Money(1), Money(-22))) for it in names)]
    lines = lines_of(["£", "Budget", "Spent"], *rows, room=44, parted=parted)[3:]
    kept = "".join(lines).replace("(0.22)", "").replace("0.01", "")
    assert kept.replace(" ", "") == "".join(names).replace(" ", "")
    assert all(len(line) <= 44 for line in lines)


def test_rows_under_a_group_are_set_in_and_totals_stand_under_one_rule():
    lines = lines_of(
        ["£", "Borne"],
        ("group", ("First",)), ("line", ("A", Money(1))), ("total", ("All", Money(1))),
        ("total", ("And all", Money(1))),
        ("group", ("Then",)), ("heading", ("Of one sentence.",)), ("line", ("B", None)),
    )  # fmt: skip
    rule = lines[1]
    assert [line.rstrip() for line in lines[2:]] == [
        "First", "  A       0.01", rule, "All       0.01", "And all   0.01", "", "Then",
        "  Of one sentence.", "  B",
    ]  # fmt: skip


def test_nil_may_be_written_as_a_dash():
    dashed = amounts(Ledger({}), "pounds", nil="-")
    assert [dashed(it) for it in (Money(0), Money(1), None, "x")] == ["-", "0.01", "", "x"]
    assert IN_POUNDS(Money(0)) == "0.00"

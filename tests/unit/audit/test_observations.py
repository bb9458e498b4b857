"""How an auditor writes numbers: places, units, brackets, and as many decimals as are needed."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from bcf_model.audit.observations import (
    between,
    could_print,
    finely,
    in_text,
    outside,
    pounds_written,
    table_of,
    telling_apart,
    where,
    written,
)


def printed(unit: str, decimals: int = 0, **more: str) -> SimpleNamespace:
    own = {"published_id": "P1", "source": "table 1 row 2", "label": "Home", "column": "Budget"}
    own |= {"rounded": "", "rounded_to": ""}
    return SimpleNamespace(**own | {"unit": unit, "decimals": decimals} | more)


THOUSANDS, PERCENT = printed("thousands"), printed("percent")

# ------------------------------------------------------------------ where a number stands


@pytest.mark.parametrize(
    ("source", "table"),
    [
        ("table 1 row 3", "table 1"),
        ("table 1, row 3", "table 1"),
        ("table 1: Row A-7", "table 1"),
        (" table 1 row 3 ", "table 1"),
        ("paragraph 6", "paragraph 6"),
        ("table 1 row 3 of 4", "table 1 row 3 of 4"),
        ("table arrow 3", "table arrow 3"),
        ("row 3", "row 3"),
    ],
)
def test_a_table_is_a_source_without_its_row(source, table):
    assert table_of(source) == table


def test_a_number_in_text_stands_in_no_column():
    text = printed("millions", source="paragraph 1", label="underspend", column=" Text ")
    assert in_text(text)
    assert not in_text(THOUSANDS)
    assert where(text) == "P1 (paragraph 1: underspend)"
    assert where(THOUSANDS) == "P1 (table 1 row 2: Home, Budget)"


# ------------------------------------------------------------------ numbers, written


@pytest.mark.parametrize(
    ("number", "row", "text"),
    [
        (1_204, THOUSANDS, "1,204"),
        (-1_204, THOUSANDS, "(1,204)"),
        (Fraction(95, 2), THOUSANDS, "48"),  # 47.5: half away from nil
        (Fraction(-95, 2), THOUSANDS, "(48)"),
        (47.49, THOUSANDS, "47"),
        (0.7, THOUSANDS, "1"),
        (-0.4, THOUSANDS, "0"),  # nil has no sign
        (0, THOUSANDS, "0"),
        (1, THOUSANDS, "1"),
        (-1, THOUSANDS, "(1)"),
        (13.65, printed("millions", 1), "£13.7m"),
        (-0.05, printed("millions", 2), "(£0.05m)"),
        (1234.5, printed("pounds", 2), "£1,234.50"),
        (-7.25, printed("percent", 1), "(7.3%)"),
    ],
)
def test_a_number_is_written_as_its_figure_is_printed(number, row, text):
    assert written(number, row) == text


def test_a_number_may_be_written_with_more_decimals():
    assert written(Fraction(1, 3), PERCENT, 2) == "0.33%"
    assert written(-2.0005, printed("millions", 1), 2) == "(£2.001m)"
    assert written(5, THOUSANDS, 1) == "5.0"


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ((4.0,), ["4%"]),
        ((4.5,), ["4.5%"]),
        ((4.25, 4.5), ["4.25%", "4.50%"]),
        ((4.0004,), ["4%"]),
        ((4.0006,), ["4.001%"]),
        ((1 / 3, 2.0), ["0.333%", "2.000%"]),
    ],
)
def test_numbers_have_as_few_decimals_as_all_of_them_need(numbers, texts):
    assert finely(PERCENT, *numbers) == texts


def test_numbers_have_no_fewer_decimals_than_are_printed():
    assert finely(printed("percent", 2), 4.0) == ["4.00%"]
    assert finely(printed("percent", 2), 4.123456) == ["4.12346%"]
    assert finely(PERCENT, 4.123456, finer=1) == ["4.1%"]


@pytest.mark.parametrize(
    ("pence", "unit", "text"),
    [
        (-255_00000, "thousands", "−255"),
        (1_50, "pounds", "+1.5"),
        (0, "thousands", "0"),
        (1, "pounds", "+0.01"),
        (2_373_000_00, "millions", "+2.373"),
        (1_234_000_00, "thousands", "+1,234"),
        (100_000_00, "thousands", "+100"),
    ],
)
def test_a_difference_is_written_with_its_sign(pence, unit, text):
    assert pounds_written(Fraction(pence), unit) == text


# ------------------------------------------------------------------ between ends


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, None, "nothing else printed limits it"),
        (None, 4.5, "it must be at most 4.5"),
        (4.5, None, "it must be at least 4.5"),
        (19.0, 21.0, "it must be between 19 and 21"),
        (19.6, 20.4, "it must be between 19.6 and 20.4, and should be printed 20"),
        (20.0, 20.0, "it must be 20, and should be printed 20"),
    ],
)
def test_what_must_be_is_said(low, high, said):
    assert between(low, high, THOUSANDS) == said


def test_a_range_is_told_no_narrower_than_it_is():
    """The ends 13.2445 and 13.2455, told to three decimals, go down and up."""
    assert between(13.2445, 13.2455, THOUSANDS).startswith("it must be between 13.244 and 13.246")
    assert between(-13.2455, -13.2445, THOUSANDS).startswith(
        "it must be between (13.246) and (13.244)"
    )
    assert between(None, 13.2444, THOUSANDS) == "it must be at most 13.245"
    assert between(13.2446, None, THOUSANDS) == "it must be at least 13.244"


def test_ends_may_be_told_with_more_decimals():
    assert between(0.029027, 0.029528, PERCENT).startswith("it must be between 0.029% and 0.030%")
    finer = "it must be between 0.0290% and 0.0296%, and should be printed 0%"
    assert between(0.029027, 0.029528, PERCENT, 4) == finer
    assert between(0.02952, None, PERCENT, 4) == "it must be at least 0.0295%"


@pytest.mark.parametrize(
    ("low", "high", "decimals", "number"),
    [
        (9.6, 10.4, 0, 10),
        (9.4, 9.6, 0, None),
        (9.5, 10.5, 0, 10),  # only the ends could be printed otherwise
        (8.9, 11.1, 0, None),
        (-10.4, -9.6, 0, -10),
        (9.5, 9.5, 0, None),  # which way halves were rounded is not known
        (0.96, 1.04, 1, 1),
        (0.94, 1.04, 1, None),
        (0.2, 0.21, 2, None),
        (1.249, 1.251, 2, Fraction(5, 4)),
    ],
)
def test_the_one_number_that_could_be_printed(low, high, decimals, number):
    assert could_print(low, high, decimals) == number


# ------------------------------------------------------------------ outside the ends


@pytest.mark.parametrize(
    ("number", "low", "high", "is_outside"),
    [
        (3.9, 4.0, 5.0, True),
        (4.0, 4.0, 5.0, False),
        (5.0, 4.0, 5.0, False),
        (5.1, 4.0, 5.0, True),
        (3.9, None, 5.0, False),
        (5.1, 4.0, None, False),
        (5.1, None, 5.0, True),
        (3.9, 4.0, None, True),
        (0.0, None, None, False),
        # each was rounded to six decimals: one step apart, they may be one
        (4.000001, 4.000002, 5.0, False),
        (4.000001, 4.000003, 5.0, True),
        (5.000001, 4.0, 5.0, False),
        (5.000002, 4.0, 5.0, True),
    ],
)
def test_a_number_is_outside_only_beyond_what_six_decimals_leave_open(
    number, low, high, is_outside
):
    assert outside(number, low, high) is is_outside


def test_decimals_are_added_until_a_number_is_seen_to_be_outside():
    assert telling_apart(3.999, 4.006, 4.013, PERCENT) == 3
    # 0.030029 above 0.029528: 0.0300 and 0.0295, but 0.030 and 0.030
    assert telling_apart(0.030029, 0.029027, 0.029528, PERCENT) == 4
    assert telling_apart(0.030029, None, 0.029528, PERCENT) == 4
    assert telling_apart(1.000001, 1.000003, None, PERCENT) == 6
    assert telling_apart(1.000001, 1.000003, None, printed("percent", 2)) == 4

"""Reading, rounding and writing whole pence."""

from decimal import Decimal

import numpy as np
import pytest

from bcf_model.core.money import (
    LARGEST_PENCE,
    Amount,
    NotMoney,
    divide,
    label,
    multiply,
    percent,
    pounds,
    ratio,
    read_money,
    read_number,
    scaled,
    shown,
    sterling,
)

INT64 = np.iinfo(np.int64)

ACCEPTED = {
    # plain, grouped, with a pound sign
    "1234.5": 123450,
    "1234.56": 123456,
    ".5": 50,
    "0": 0,
    "007": 700,
    "1,234": 123400,
    "1,234,567.89": 123456789,
    "£1,234.50": 123450,
    "£ 1,234.50": 123450,
    "  1234 ": 123400,
    "\u00a01234\u00a0": 123400,
    # a no-break, narrow, thin or figure space parts thousands
    "1\u00a0234": 123400,
    "1\u202f234\u202f567": 123456700,
    "£1\u2009234.50": 123450,
    "1\u2007234": 123400,
    # negative, six ways, with the pound sign wherever people put it
    "(12)": -1200,
    "( 12.34 )": -1234,
    "(£12)": -1200,
    "£(12)": -1200,
    "-12": -1200,
    "- 12": -1200,
    "-£12": -1200,
    "£-12": -1200,
    "12-": -1200,
    "£12-": -1200,
    "−12": -1200,
    "12−": -1200,
    "£−12": -1200,
    "12CR": -1200,
    "£12.50 cr": -1250,
    "12 DR": 1200,
    "(0)": 0,
    "-0.00": 0,
}


@pytest.mark.parametrize(("text", "pence"), ACCEPTED.items())
def test_money_is_read(text: str, pence: int) -> None:
    amount = read_money(text, "pounds")
    assert (amount.pence, amount.dash) == (pence, False)


@pytest.mark.parametrize("text", ["-", "–", "—", "−", "nil", "NIL", " - ", "£-", "£ –", "\u00a0-"])
def test_a_dash_is_nil_and_said_to_be(text: str) -> None:
    amount = read_money(text, "pounds")
    assert (amount.pence, amount.dash) == (0, True)


REFUSED = {
    "blank": ["", " ", "\u00a0", "\t\n"],
    "currency": ["$5", "€5", "5 €", "¥5", "USD 5", "5 eur"],
    "date": [
        "2019-03-31",
        "31/03/2019",
        "31.03.19",
        "2019-03-31 00:00:00",
        "Mar-19",
        "31-Mar-2019",
        "31 March 2019",
    ],
    "penny": ["1.234", "0.001", "1.230", "1.000"],
    "large": ["1,000,000,000,000.01", "(9999999999999)", "9" * 400],
    "text": [
        *["abc", "ten", "tbc", "None", "nan", "inf", "TRUE", "#REF!", "=1+1"],
        *["12.5k", "12m", "50p", "5%", "GBP 5", "1e6", "1E6", "0x10", "1_000", "5."],
        *["1,23", "1,2345", "12,34,567", "1,,234", ",123", "0,123", "1.234,56", "1,234\u00a0567"],
        *["210 210", "5 000", "1\u00a023", "1 . 5"],  # a plain space: two amounts in one cell
        *["()", "(", ")", "(12", "12)", "(12-", "((12))", "£", "££5", "5£", "£()", "(-)", "--"],
        *[
            "--5",
            "-5-",
            "(-5)",
            "-(5)",
            "(5)-",
            "(5-)",
            "(5 CR)",
            "5- CR",
            "-5 CR",
            "5 CR DR",
            "CR",
            "+-5",
            "(+5)",
            "+5-",
            "−−5",
        ],
        *["٣", "１２", "²", "5\u200b", "1\u03002"],
    ],
}


@pytest.mark.parametrize(("reason", "text"), [(r, t) for r, ts in REFUSED.items() for t in ts])
def test_anything_else_is_refused(reason: str, text: str) -> None:
    with pytest.raises(NotMoney) as raised:
        read_money(text, "pounds")
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("unit", "text", "pence"),
    [
        ("pounds", "0.01", 1),
        ("thousands", "1,927", 192_700_000),
        ("thousands", "0.00001", 1),
        ("thousands", "(0.5)", -50_000),
        ("millions", "13.7", 1_370_000_000),
        ("millions", "0.00000001", 1),
        ("millions", "1,000,000", LARGEST_PENCE),
    ],
)
def test_units(unit: str, text: str, pence: int) -> None:
    assert read_money(text, unit).pence == pence


@pytest.mark.parametrize(
    ("unit", "text"),
    [("pounds", "0.010"), ("thousands", "0.000011"), ("millions", "0.000000011")],
)
def test_a_decimal_more_than_a_penny_needs_is_refused(unit: str, text: str) -> None:
    with pytest.raises(NotMoney, match="penny"):
        read_money(text, unit)


def test_a_number_keeps_the_decimals_written() -> None:
    assert str(read_number("(6.50)")) == "-6.50"
    assert read_number("1,927") == Decimal(1927)


def test_divide_rounds_half_away_from_zero() -> None:
    n, d = np.array([5, -5, 5, -5, 4, 0, 1, -1]), np.array([2, 2, -2, -2, 3, 7, 3, 3])
    assert divide(n, d).tolist() == [3, -3, -3, 3, 1, 0, 0, 0]


def test_divide_reaches_both_ends_of_int64() -> None:
    ends = np.array([INT64.min, INT64.min, INT64.max, INT64.max, 1, -1])
    by = np.array([1, 2, 2, INT64.max, INT64.min, INT64.min])
    half = 2**62
    assert divide(ends, by).tolist() == [INT64.min, -half, half, 1, 0, 0]


def test_divide_takes_python_integers_beyond_int64() -> None:
    n = np.array([3 * 10**30, -(10**30) - 1], dtype=object)
    result = divide(n, np.array([2 * 10**20, 2], dtype=object)[:1].repeat(2))
    assert result.dtype == np.int64
    assert result.tolist() == [15 * 10**9, -5 * 10**9]


def test_divide_says_so_when_the_result_is_beyond_int64() -> None:
    with pytest.raises(OverflowError):
        divide(np.array([INT64.min]), np.array([-1]))


def test_divide_nothing() -> None:
    assert divide(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).tolist() == []


@pytest.mark.parametrize("a", [INT64.min, -(2**32), -1, 0, 1, 2**32, INT64.max])
@pytest.mark.parametrize("b", [INT64.min, -(2**31), 0, 3, INT64.max])
def test_multiply_never_overflows(a: int, b: int) -> None:
    assert multiply(np.array([a, 1]), np.array([b, 1])).tolist() == [a * b, 1]


def test_multiply_keeps_int64_where_it_can() -> None:
    assert multiply(np.array([7]), np.array([-3])).dtype == np.int64
    assert multiply(np.array([INT64.max]), np.array([-1])).dtype == np.int64
    assert multiply(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).dtype == np.int64
    assert multiply(np.array([2**31 - 1], dtype=np.int32), np.array([4])).tolist() == [2**33 - 4]


def test_pounds_and_shown() -> None:
    assert [pounds(p) for p in (0, 5, -5, 100, -123450)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1.00",
        "-1234.50",
    ]
    assert [shown(p, "thousands") for p in (0, 49_999, 50_000, -50_000, -4, 192_700_000)] == [
        "0",
        "0",
        "1",
        "(1)",
        "(0)",
        "1,927",
    ]
    assert [shown(p, "millions") for p in (1_373_700_000, -50_000, 49_999)] == [
        "13.737",
        "(0.001)",
        "0.000",
    ]
    assert shown(10**25, "thousands") == "100,000,000,000,000,000,000"


def test_labels() -> None:
    assert [label(u) for u in ("pounds", "thousands", "millions", "percent")] == [
        "£",
        "£000",
        "£m",
        "%",
    ]


@pytest.mark.parametrize(
    ("unit", "text", "step"),
    [
        ("pounds", "12", 100),
        ("pounds", "12.5", 10),
        ("pounds", "12.50", 1),
        ("thousands", "1.25", 1_000),
        ("millions", "nil", 100_000_000),
    ],
)
def test_an_amount_knows_the_step_it_is_written_in(unit: str, text: str, step: int) -> None:
    assert read_money(text, unit).step == step


def test_an_amount_is_of_whole_pence_unless_said_otherwise() -> None:
    assert Amount(5) == Amount(5, step=1, dash=False)


@pytest.mark.parametrize("whole", [1, 2, 3, 4, 5, 10, -1, -2, -3])
@pytest.mark.parametrize("by", [1, 2, -3])
def test_scaled_is_the_product_divided(by: int, whole: int) -> None:
    amount = np.arange(-12, 13)
    found = scaled(amount, np.int64(by), np.int64(whole))
    every = np.full(25, whole)
    assert found.dtype == np.int64
    assert found.tolist() == divide(amount * by, every).tolist()
    assert scaled(amount, np.int64(by), every).tolist() == found.tolist()
    assert amount.tolist() == list(range(-12, 13))


def test_scaled_takes_python_integers_beyond_int64() -> None:
    amount, half = np.array([INT64.max, -INT64.max, 7]), 2**62
    assert scaled(amount, np.int64(4), np.int64(8)).tolist() == [half, -half, 4]
    # The product fits; it no longer does when half of what it is divided by is added.
    assert scaled(np.array([INT64.max]), np.int64(1), np.int64(INT64.max)).tolist() == [1]
    beyond = np.array([10**30], dtype=object)
    assert scaled(beyond, np.int64(1), np.int64(10**12)).tolist() == [10**18]


@pytest.mark.parametrize("python", ["a", "b", "o", "ab", "abo"])
def test_scaled_gives_int64_also_of_python_integers(python: str) -> None:
    a, b, of = (
        np.asarray(number, dtype=object if name in python else np.int64)
        for name, number in (("a", [5, -5]), ("b", 3), ("o", 2))
    )
    found = scaled(a, b, of)
    assert (found.dtype, found.tolist()) == (np.int64, [8, -8])


def test_a_ratio_has_the_digits_asked_for() -> None:
    found = ratio(np.array([1, -1, 2]), np.array([8, 8, 3]), 2)
    assert found.dtype == np.float64
    assert found.tolist() == [0.13, -0.13, 0.67]
    assert ratio(np.array([1]), np.array([3]), 7).tolist() == [0.3333333]


def test_sterling() -> None:
    assert [sterling(p) for p in (0, 5, -5, 99, 100, -123450, 10**11 + 1)] == [
        *["£0.00", "£0.05", "-£0.05", "£0.99", "£1.00", "-£1,234.50"],
        "£1,000,000,000.01",
    ]


def test_percent() -> None:
    rates = (0.0, 0.0359615, 0.0005, -0.0005, -0.0125, 0.00049, 12.34567)
    assert [percent(rate) for rate in rates] == [
        *["0.0%", "3.6%", "0.1%", "(0.1%)", "(1.3%)", "0.0%"],
        "1,234.6%",
    ]

"""Numbers as papers print them."""

from decimal import Decimal
from fractions import Fraction

import hypothesis.strategies as st
import pytest
from hypothesis import given

from bcf_model.core.money import NotMoney
from bcf_model.core.printed_numbers import ends, parse_print
from bcf_model.core.words import ROUNDINGS


@pytest.mark.parametrize(
    ("text", "unit", "number", "places"),
    [
        ("(6%)", "percent", "-6", 0),
        ("+3.6%", "percent", "3.6", 1),
        ("3.6 per cent", "percent", "3.6", 1),
        ("£13.7m", "millions", "13.7", 1),
        ("£13.7 million", "millions", "13.7", 1),
        ("(£13.70m)", "millions", "-13.70", 2),
        ("£14.471M", "millions", "14.471", 3),
        ("£6.7 billion", "billions", "6.7", 1),
        ("6.7bn", "billions", "6.7", 1),
        ("£43k", "thousands", "43", 0),
        ("43 thousand", "thousands", "43", 0),
        ("1,927", "thousands", "1927", 0),
        ("1,204*", "count", "1204", 0),
        ("1,204†‡", "count", "1204", 0),
        ("(1,204¹)", "count", "-1204", 0),
        ("-", "thousands", "0", None),
        ("–", "pounds", "0", None),
        ("—", "percent", "0", None),
        ("nil", "millions", "0", None),
        ("£-", "pounds", "0", None),
        ("732", "per 100,000", "732", 0),
        ("732 per 100,000", "per 100,000", "732", 0),
        ("4.6 days", "days", "4.6", 1),
        ("£1,234.52", "pounds each", "1234.52", 2),
        ("2.35", "each", "2.35", 2),
        ("+1.00", "pounds", "1.00", 2),
    ],
)
def test_as_printed(text: str, unit: str, number: str, places: int | None) -> None:
    read = parse_print(text, unit)
    assert (str(read.number), read.places, read.about) == (number, places, "")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("£5m", "thousands"),
        ("5%", "millions"),
        ("5 million", "thousands"),
        ("5mm", "millions"),
        ("m", "millions"),
        ("", "pounds"),
        ("*", "count"),
        ("1" + "*" * 200, "count"),
        ("+", "count"),
        ("+-5", "count"),
        ("+(5)", "count"),
        ("about", "pounds"),
        ("someday 5", "days"),
        ("lots", "millions"),
        ("12*4", "count"),
        ("9" * 30, "pounds"),
    ],
)
def test_what_is_no_number(text: str, unit: str) -> None:
    with pytest.raises(NotMoney):
        parse_print(text, unit)


@pytest.mark.parametrize(
    "text",
    ["around £600,000", "About 600,000", "c. £600,000", "c£600,000", "~600,000", "circa £600,000",
     "just over £600,000", "more than 600,000", "in the region of £600,000", "approx. £600,000*"],
)  # fmt: skip
def test_words_that_say_how_rough_it_is(text: str) -> None:
    read = parse_print(text, "pounds")
    assert read.number == 600_000
    assert read.about
    assert text.startswith(read.about)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ({}, "12.65", "12.75"),
        ({"rounded": "nearest"}, "12.65", "12.75"),
        ({"rounded": "half even"}, "12.65", "12.75"),
        ({"rounded": "down"}, "12.7", "12.8"),
        ({"to": "5"}, "10.2", "15.2"),
        ({"to": "0.5", "rounded": "down"}, "12.7", "13.2"),
    ],
)
def test_what_it_was_rounded_from(said: dict[str, str], low: str, high: str) -> None:
    assert ends("12.7", "millions", 1, **said) == (Fraction(low), Fraction(high))
    minus = ends("(12.7)", "millions", 1, **said)
    assert minus == (-Fraction(high), -Fraction(low))


def test_a_nil_that_was_cut_off_may_have_either_sign() -> None:
    assert ends("0", "count", 0, "down") == (-1, 1)


@given(st.decimals(-(10**6), 10**6, places=4), st.integers(0, 3), st.sampled_from([*ROUNDINGS]))
def test_what_was_rounded_lies_between_its_ends(exact: Decimal, places: int, rounded: str) -> None:
    ways = {"nearest": "ROUND_HALF_UP", "half even": "ROUND_HALF_EVEN", "down": "ROUND_DOWN"}
    printed = exact.quantize(Decimal(1).scaleb(-places), rounding=ways[rounded])
    low, high = ends(f"{printed:f}", "pounds", places, rounded)
    assert low <= Fraction(exact) <= high

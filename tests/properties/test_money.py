"""Laws of money: exact, symmetric, and never an accident."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bcf_model.core.money import (
    LARGEST_PENCE,
    NotMoney,
    divide,
    multiply,
    pounds,
    read_money,
    shown,
)
from bcf_model.core.words import UNITS
from bcf_model.intake.workbooks.number_formats import plain

INT64 = np.iinfo(np.int64)
pence = st.integers(-LARGEST_PENCE, LARGEST_PENCE)
int64 = st.integers(INT64.min, INT64.max)
huge = st.integers(-(10**40), 10**40)
not_nil = huge.filter(bool)


def half_away(numerator: int, denominator: int) -> int:
    """What Excel's ROUND says, by another road."""
    with localcontext(prec=120):
        exact = Decimal(numerator) / Decimal(denominator)
        return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@given(int64, int64.filter(bool))
@example(INT64.min, 1)
@example(INT64.min, 2)
@example(INT64.max, INT64.min)
def test_divide_agrees_with_decimal_over_int64(numerator: int, denominator: int) -> None:
    expected = half_away(numerator, denominator)
    if expected > INT64.max:  # −2⁶³ ÷ −1
        with pytest.raises(OverflowError):
            divide(np.array([numerator]), np.array([denominator]))
    else:
        result = divide(np.array([numerator]), np.array([denominator]))
        assert result.dtype == np.int64
        assert result.tolist() == [expected]


@given(st.integers(-(10**18), 10**18), not_nil, not_nil)
def test_divide_agrees_with_decimal_beyond_int64(whole: int, rest: int, denominator: int) -> None:
    numerator = whole * denominator + rest % denominator
    n = np.array([numerator], dtype=object)
    result = divide(n, np.array([denominator], dtype=object))
    assert result.tolist() == [half_away(numerator, denominator)]


@given(int64, st.integers(1, INT64.max))
def test_divide_is_symmetric_in_sign(numerator: int, denominator: int) -> None:
    n, d = np.array([numerator], dtype=object), np.array([denominator], dtype=object)
    if numerator != INT64.min:
        assert divide(-n, d).tolist() == (-divide(n, d)).tolist()


@given(st.lists(st.tuples(int64, int64), max_size=5))
def test_multiply_is_exact(pairs: list[tuple[int, int]]) -> None:
    left = np.array([a for a, _ in pairs], dtype=np.int64)
    right = np.array([b for _, b in pairs], dtype=np.int64)
    assert multiply(left, right).tolist() == [a * b for a, b in pairs]
    assert multiply(left, right, left).tolist() == [a * b * a for a, b in pairs]


@given(pence)
def test_what_is_written_in_pounds_reads_back(amount: int) -> None:
    assert read_money(shown(amount, "pounds"), "pounds").pence == amount
    assert read_money(pounds(amount), "pounds").pence == amount


@given(st.sampled_from(sorted(UNITS)), pence)
def test_what_is_shown_is_within_half_a_digit(unit: str, amount: int) -> None:
    places = {"pounds": 2, "thousands": 0, "millions": 3}[unit]
    back = read_money(shown(amount, unit), unit).pence
    assert 2 * abs(back - amount) <= UNITS[unit] // 10**places


@given(st.sampled_from(sorted(UNITS)), pence, st.data())
def test_every_way_of_writing_an_amount_means_the_same(
    unit: str, amount: int, data: st.DataObject
) -> None:
    exact = Decimal(abs(amount)) / UNITS[unit]
    comma = data.draw(st.sampled_from(["", ",", "\u00a0", "\u202f"]), label="thousands")
    plain = f"{exact:,f}".replace(",", comma)
    forms = ["(£{})", "£({})", "({})", "-{}", "-£{}", "£-{}", "{}-", "−{}", "{} CR", " ({} ) "]
    positive = ["{}", "£{}", "£ {}", " {}\u00a0", "{} DR"]
    form = data.draw(st.sampled_from(forms if amount < 0 else positive), label="form")
    assert read_money(form.format(plain), unit).pence == amount


@given(
    st.text(max_size=40)
    | st.text("0123456789.,-−()£ \u00a0CRDRnil%eE+/$k\u202f", max_size=25)
    | st.from_regex(r"[(£-]{0,3}[0-9,. ]{1,12}[-)CRD]{0,3}", fullmatch=True),
    st.sampled_from(sorted(UNITS)),
)
def test_any_text_is_an_amount_or_not_money(text: str, unit: str) -> None:
    try:
        amount = read_money(text, unit)
    except NotMoney as refused:
        assert refused.reason in {"blank", "currency", "date", "penny", "large", "text"}
    else:
        assert isinstance(amount.pence, int)
        assert abs(amount.pence) <= LARGEST_PENCE


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=6), st.sampled_from([2, 5]))
def test_a_sum_a_spreadsheet_stores_is_the_sum_of_its_pence(pence: list[int], places: int) -> None:
    """Each amount is stored as the nearest number there is, and so is each sum: that is noise."""
    whole, stored = Decimal(sum(pence)).scaleb(-places), 0.0
    for amount in pence:
        stored += amount / 10**places
    assume(abs(sum(pence)) > max(map(abs, pence)) // 10)  # else digits cancel: it is refused
    assert Decimal(plain(stored)) == whole

"""Facts that ship with the package: each has a source, and agrees with the others."""

import pandas as pd
import pytest

from bcf_model.core.years import is_financial_year
from bcf_model.plan import reference

MILLION = 10**6


def stated(year: str, what: str) -> int:
    found = reference.national_contributions()
    row = found[(found["financial_year"] == year) & (found["what"] == what)]
    return int(row["amount_or_percent"].item())


PARTS = (
    "NHS minimum contribution", "improved Better Care Fund", "local authority Better Care grant",
    "disabled facilities grant",
)  # fmt: skip


@pytest.mark.parametrize("year", ["2020-21", "2025-26"])
def test_the_parts_of_a_year_come_to_its_total(year):
    found = reference.national_contributions()
    of_year = found[(found["financial_year"] == year) & found["what"].isin(PARTS)]
    assert of_year["amount_or_percent"].sum() == stated(year, "total")


def test_the_uplift_of_2021_22_explains_what_is_printed_for_it():
    before, rate = stated("2020-21", PARTS[0]), stated("2021-22", "NHS minimum uplift")
    uplifted = before * (100 * MILLION + rate) // (100 * MILLION)
    assert abs(uplifted - stated("2021-22", PARTS[0])) <= 50 * MILLION  # printed to £100m


def test_each_fact_stands_once_and_names_its_source():
    found = reference.national_contributions()
    assert not found.duplicated(["financial_year", "what"]).any()
    assert all(is_financial_year(year) for year in found["financial_year"])
    for table in (found, reference.discount_rates(), reference.usual_delivery()):
        assert (table["source"].str.len() > 10).all()
        unconfirmed = table["source"].str.contains("no source confirmed")
        pd.testing.assert_series_equal(
            unconfirmed, table["status"] == "background", check_names=False
        )


def test_discount_rates_follow_each_other_without_a_gap():
    money = reference.discount_rates().query("what == 'money'")
    assert money["percent"].tolist() == [3_500_000, 3_000_000]
    assert money["years_from"].tolist() == [0, 31]
    assert money["years_to"].tolist() == [30, 75]


def test_only_one_weight_of_delivery_is_published_and_that_is_an_average():
    found = reference.usual_delivery().set_index("confidence")
    sourced = found[found["status"] != "chosen"]
    assert sourced.index.tolist() == ["amber", "red", "unidentified"]
    assert set(sourced["percent"]) == {80_000_000}  # about 20 % not realised


def test_a_file_with_other_columns_is_refused():
    with pytest.raises(ValueError, match=r"delivery\.csv has other columns"):
        reference._read("delivery", reference.DiscountRates)

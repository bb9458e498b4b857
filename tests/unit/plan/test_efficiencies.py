"""Printed savings targets: the bases they imply, by hand. Amounts are pence."""

from fractions import Fraction

import pandas as pd
import pytest

from bcf_model.core.money import NotMoney
from bcf_model.plan import output_tables, tables
from bcf_model.plan.efficiencies import implied, implied_bases, printed, totals

MILLION = 100_000_000


def efficiencies(*rows: tuple[str, str, str], perimeter: str = "city") -> pd.DataFrame:
    """Give bodies with the amount (£m) and the percentage as printed."""
    return pd.DataFrame(
        [
            (body, "2019-20", perimeter, amount, "millions", percent, "page 19", "")
            for body, amount, percent in rows
        ],
        columns=[m.name for m in tables.Efficiencies.fields],
    )


SHEFFIELD = efficiencies(
    ("Sheffield Children's", "8", "4.0%"),
    ("SHSC", "3", "2.6%"),
    ("STH", "21", "2.0%"),
    ("CCG", "15", "1.7%"),
    ("SCC", "42", "11.9%"),
    ("PCS", "0", "0.0%"),
)


def test_the_base_lies_between_the_ends_of_amount_and_percentage():
    found = implied_bases(SHEFFIELD)
    output_tables.EfficienciesOut.validate(found.assign(scenario="any"))
    ccg = found[found["body"] == "CCG"].iloc[0]
    assert (ccg["amount_lowest"], ccg["amount_highest"]) == (14.5 * MILLION, 15.5 * MILLION)
    assert ccg["base"] == 88_235_294_118  # 15 ÷ 0.017 = 882.35294118
    assert ccg["base_lowest"] == 82_857_142_857  # 14.5 ÷ 0.0175 = 828.57142857
    assert ccg["base_highest"] == 93_939_393_939  # 15.5 ÷ 0.0165 = 939.39393939


def test_the_table_of_sheffield():
    found = implied_bases(SHEFFIELD).set_index("body")
    in_millions = (found[["base_lowest", "base", "base_highest"]] / MILLION).round(1)
    assert in_millions.loc["Sheffield Children's"].tolist() == [185.2, 200.0, 215.2]
    assert in_millions.loc["SHSC"].tolist() == [94.3, 115.4, 137.3]
    assert in_millions.loc["STH"].tolist() == [1000.0, 1050.0, 1102.6]
    assert in_millions.loc["SCC"].tolist() == [347.3, 352.9, 358.6]


def test_a_percentage_that_may_be_nil_implies_no_base():
    nothing = implied_bases(SHEFFIELD).set_index("body").loc["PCS"]
    assert nothing[["base", "base_lowest", "base_highest"]].isna().all()
    assert nothing["amount"] == 0
    assert implied(printed("5", "millions", MILLION), printed("0.05%", "percent", 1)) is not None
    # 0.0 printed reaches 0.05 on either side; an interval that only touches nil has no base either
    touching = (Fraction(1, 2), Fraction(0), Fraction(1))
    assert implied(printed("5", "millions", MILLION), touching) is None


def test_the_ends_are_in_order_below_nil_too():
    amount, percent = printed("-15", "millions", MILLION), printed("1.7%", "percent", 1)
    found = implied(amount, percent)
    assert found is not None
    base, low, high = found
    assert low < base < high < 0
    assert low == -Fraction(31, 2) * MILLION * 100 / Fraction(33, 20)  # −15.5 ÷ 1.65 %


def test_decimals_as_printed_say_how_wide_it_is():
    assert printed("15.20", "millions", MILLION)[1] == Fraction(15195, 1000) * MILLION
    assert printed("15.2", "millions", MILLION)[1] == Fraction(1515, 100) * MILLION


def test_what_is_no_number_is_refused():
    with pytest.raises(NotMoney):
        implied_bases(efficiencies(("CCG", "about 15", "1.7%")))


def test_printed_targets_add_up_with_what_rounding_may_do():
    found = totals(implied_bases(SHEFFIELD))
    output_tables.EfficienciesTotalOut.validate(found.assign(scenario="any"))
    assert found.to_numpy().tolist() == [
        ["2019-20", "city", 6, "", 89 * MILLION, 86 * MILLION, 92 * MILLION]  # six halves
    ]


def test_a_printed_total_is_used_as_far_as_its_parts_let_it():
    """89 is 88.5 to 89.5, inside 86 to 92; of parts of 13.5 to 14.5, a total of 15 leaves none."""
    found = totals(implied_bases(pd.concat([SHEFFIELD, efficiencies(("all", "89", ""))])))
    output_tables.EfficienciesTotalOut.validate(found.assign(scenario="any"))
    assert found.to_numpy().tolist() == [
        ["2019-20", "city", 6, "89", 89 * MILLION, 88.5 * MILLION, 89.5 * MILLION]
    ]
    [apart] = totals(
        implied_bases(efficiencies(("CCG", "14", "1%"), ("all", "15.0", "")))
    ).to_numpy()
    assert list(apart[4:]) == [15 * MILLION, 14.95 * MILLION, 14.5 * MILLION]
    [alone] = totals(implied_bases(efficiencies(("all", "15", "")))).to_numpy()
    assert list(alone[2:]) == [0, "15", 15 * MILLION, 14.5 * MILLION, 15.5 * MILLION]


def test_a_target_without_a_percentage_implies_no_base():
    [row] = implied_bases(efficiencies(("CCG", "15", ""))).to_numpy()
    assert pd.isna(row[9:12]).all()


def test_perimeters_are_never_added():
    both = pd.concat(
        [efficiencies(("CCG", "15", "1.7%")), efficiencies(("CCG", "4", "1%"), perimeter="pool")],
        ignore_index=True,
    )
    found = totals(implied_bases(both))
    assert found["perimeter"].tolist() == ["city", "pool"]
    assert found["amount"].tolist() == [15 * MILLION, 4 * MILLION]


def test_no_rows_give_no_rows():
    none = implied_bases(SHEFFIELD[:0])
    assert none.empty
    assert totals(none).empty


def test_the_ccgs_own_budget_fits_its_target_as_rounded_but_not_as_printed_to_a_tenth():
    """The board paper of June 2019 prints £863m, and a QIPP of £15.2m."""
    rounded = implied_bases(SHEFFIELD).set_index("body").loc["CCG"]
    assert rounded["base_lowest"] < 863 * MILLION < rounded["base_highest"]
    exact = implied_bases(efficiencies(("CCG", "15.2", "1.7%"))).iloc[0]
    assert exact["base_lowest"] > 865 * MILLION  # 15.15 ÷ 0.0175 = 865.7: 15.2 of 863 is 1.8 %


def test_a_percentage_that_reaches_up_to_nil_implies_no_base():
    below = (Fraction(-1, 2), Fraction(-1), Fraction(0))
    assert implied(printed("5", "millions", MILLION), below) is None

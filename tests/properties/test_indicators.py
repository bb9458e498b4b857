"""What holds of every indicator, and that a second model, written apart, comes to the same."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from bcf_model.core.expressions import Column, replaced
from bcf_model.core.figures import Figure
from bcf_model.core.ledger import Ledger
from bcf_model.core.words import LEVELS, MONTHS, QUARTERS, SERIES, WEIGHT
from bcf_model.core.worked_columns import of_indicator
from bcf_model.indicators.comparison import COMPARED_WITH, compared, projected
from bcf_model.indicators.series import Metric, rounded
from bcf_model.indicators.tables import selected_from, written
from tests.make.indicators import metric, months
from tests.oracle import indicators as oracle

COUNTS = st.integers(0, 10**6)
PERIODS = [*MONTHS, "year"]


@st.composite
def indicators(draw: st.DrawFn) -> tuple[Metric, dict[tuple[str, str], str], dict[str, str]]:
    """An indicator of counts of which any number may be stated, blank or not available."""
    about = {
        "period_basis": draw(st.sampled_from(["month", "cumulative", "rolling 12"])),
        "better": draw(st.sampled_from(["lower", "higher"])),
        "apportioned": draw(st.sampled_from(["", "evenly", "by weights", "by last year"])),
    }
    cell = st.one_of(
        COUNTS.map(str), COUNTS.map("{:,}".format), st.sampled_from(["", "not available"])
    )
    said = {}
    for series in (*LEVELS, WEIGHT):
        first, last = sorted(draw(st.tuples(st.integers(0, 12), st.integers(0, 12))))
        whole = draw(st.booleans())
        for period in [*MONTHS[first:last], *(["year"] if draw(st.booleans()) else [])]:
            said[series, period] = draw(COUNTS.map(str) if whole else cell)
    values = [(series, period, text) for (series, period), text in said.items()]
    return metric(*values, **about), said, about


def held(value: Any) -> Decimal | None:
    return None if pd.isna(value) else Decimal(int(value)) / 10**6


@given(indicators())
def test_a_second_model_comes_to_the_same(
    made: tuple[Metric, dict[Any, str], dict[str, str]],
) -> None:
    it, said, about = made
    basis, apportioned, better = (about[n] for n in ("period_basis", "apportioned", "better"))
    found = written({"M": it}, "2018-19")
    for name, at in (("indicators", None), ("indicators_by_month", "month")):
        for row in found[name].to_dict("records"):
            month = row[at] if at else oracle.latest(said, basis)
            twin = oracle.set_against(said, basis, apportioned, better, row["against"], month)
            to_date = "_to_date" if at else ""
            assert held(row[f"actual{to_date}"]) == twin["actual"]
            assert held(row[f"compared{to_date}"]) == twin["compared"]
            assert held(row["difference"]) == twin["difference"]
            percent = row["difference_percent"]
            assert (None if pd.isna(percent) else Decimal(f"{percent:.7f}")) == twin["percent"]
            assert (row["favourable"], row["met"]) == (twin["favourable"], twin["met"])
            if at:
                assert held(row["actual"]) == oracle.in_month(said, basis, "actual", month)
            else:
                assert row["status"] == twin["status"]
                assert held(row["projected"]) == oracle.year_end(said, basis)
            assert bool(row["reason"]) == (twin["difference"] is None)


@settings(deadline=None)  # every period of every series is worked out
@given(indicators(), st.integers(0, 20), st.integers(0, 20))
def test_a_figure_of_the_ledger_and_its_words_are_those_of_the_table(
    made: tuple[Metric, dict[Any, str], dict[str, str]], green: int, amber: int
) -> None:
    """One expression: evaluated on millionths by the ledger, on fractions for what is written."""
    limits = (Fraction(green, 100), Fraction(amber, 100))
    it = replace(made[0], limits=limits)
    ledger = Ledger(selected_from({"M": it}))
    row = {"better": it.about.better, "green": green * 10**6, "amber": amber * 10**6}
    for line in written({"M": it}, "2018-19")["indicators"].to_dict("records"):
        of = {"metric": "M", "against": line["against"]}
        difference = Figure.of("indicator_difference", **of)
        value, percent = (ledger.value(Figure.of(f"indicator_{n}", **of))
                          for n in ("difference", "percent"))  # fmt: skip
        assert (None if pd.isna(line["difference"]) else line["difference"]) == value
        assert pd.isna(line["difference_percent"]) == (percent is None)
        assert percent is None or abs(percent * 100 - line["difference_percent"]) < 1e-6
        for column in ("favourable", "met", "status"):
            choice = of_indicator(column, {**row, "against": line["against"]})
            if choice is None or value is None:
                assert line[column] == ""
                continue
            compared_with = Figure.of("indicator", metric="M", series=line["against"])
            by = {Column("difference"): difference, Column("compared"): compared_with}
            assert ledger.text(replaced(choice, by)) == line[column]


@given(st.lists(COUNTS, min_size=12, max_size=12), st.integers(1, 12))
def test_the_year_to_date_is_the_sum_of_its_months(counts: list[int], month: int) -> None:
    it = metric(*months("actual", *counts))
    assert it.at("actual", f"month {month}").value == sum(counts[:month])
    so_far = [sum(counts[: i + 1]) for i in range(12)]
    running = metric(*months("actual", *so_far), period_basis="cumulative")
    assert [running.in_month("actual", m).value for m in MONTHS] == counts
    assert running.at("actual", "year").value == it.at("actual", "year").value


@given(st.lists(COUNTS, min_size=4, max_size=4), st.sampled_from(["month", "quarter"]))
def test_quarters_add_to_the_year(counts: list[int], basis: str) -> None:
    quarters = [("actual", quarter, str(n)) for quarter, n in zip(QUARTERS, counts, strict=True)]
    it = metric(*quarters, period_basis=basis)
    assert it.at("actual", "year").value == sum(counts) and it.latest == "year"
    three = metric(*quarters[:3], period_basis="quarter")
    assert three.at("actual", "year").value is None and three.latest == "quarter 3"
    running = metric(*quarters, period_basis="cumulative")
    assert running.at("actual", "year").value is None, "a quarter of a running count is no part"


@given(
    COUNTS, st.integers(0, 3), st.lists(st.integers(0, 500), min_size=12, max_size=12).filter(any)
)
def test_months_of_a_target_add_to_it(target: int, decimals: int, weights: list[int]) -> None:
    printed = f"{Decimal(target).scaleb(-decimals):f}"
    it = metric(("target", "year", printed, {"decimals": decimals}),
                *months("weight", *weights), apportioned="by weights")  # fmt: skip
    each = [it.in_month("target", month).value for month in MONTHS]
    whole = it.at("target", "year").value
    assert whole == Fraction(target, 10**decimals)
    assert sum(v for v in each if v is not None) == whole
    for value, weight in zip(each, weights, strict=True):
        assert value is not None
        assert abs(value - whole * weight / sum(weights)) <= Fraction(1, 10**decimals)


@given(st.integers(0, 10**6), st.integers(1, 10**7), st.sampled_from([1, 100, 1000, 10**5]),
       st.integers(0, 6))  # fmt: skip
def test_a_rate_by_its_denominator_is_its_numerator(
    above: int, below: int, per: int, decimals: int
) -> None:
    it = metric(("actual", "year", "", {"numerator": str(above), "denominator": str(below),
                                        "decimals": decimals}), form="rate", per=per)  # fmt: skip
    rate = it.at("actual", "year").value
    assert rate is not None
    half = Fraction(1, 2 * 10**decimals)
    assert abs(rate * below / per - above) <= half * below / per
    text = f"{Decimal(rate.numerator) / Decimal(rate.denominator):.{decimals}f}"
    printed = metric(("actual", "year", text, {"numerator": str(above), "decimals": decimals}),
                     form="rate", per=per)  # fmt: skip
    ends = printed.at("actual", "year").implied_denominator
    if ends is not None:
        assert ends[0] <= below <= ends[1]


@given(COUNTS, st.integers(0, 11))
def test_rolling_twelve_months_at_march_are_the_year(count: int, month: int) -> None:
    it = metric(("actual", "month 12", str(count)), ("actual", MONTHS[month], str(count)),
                period_basis="rolling 12")  # fmt: skip
    assert it.at("actual", "year") == it.at("actual", "month 12")


@given(indicators())
def test_polarity_turns_what_is_favourable_and_no_sign(
    made: tuple[Metric, dict[Any, str], dict[str, str]],
) -> None:
    it, said, about = made
    other = {"lower": "higher", "higher": "lower"}[about["better"]]
    values = [(series, period, text) for (series, period), text in said.items()]
    turned = metric(*values, **{**about, "better": other})
    opposite = {"yes": "no", "no": "yes"}
    for against in COMPARED_WITH:
        one, two = (compared(m, against, it.latest) for m in (it, turned))
        assert one.difference == two.difference and one.part == two.part
        assert two.favourable == opposite.get(one.favourable, one.favourable)
    assert projected(it) == projected(turned)


@given(st.fractions(), st.integers(0, 6))
def test_a_half_is_rounded_away_from_zero(number: Fraction, decimals: int) -> None:
    found = rounded(number, decimals) * 10**decimals
    assert found.denominator == 1
    assert abs(found - number * 10**decimals) <= Fraction(1, 2)
    assert rounded(-number, decimals) * 10**decimals == -found
    exact = number * 10**decimals
    if ceil(exact) - exact == exact - floor(exact) and exact.denominator != 1:
        assert abs(found) > abs(exact)


def test_every_series_has_a_meaning() -> None:
    assert {*LEVELS, WEIGHT} < {*SERIES}

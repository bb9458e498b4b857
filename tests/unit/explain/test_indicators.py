"""Derivations of indicators, down to the row each number is stated in."""

import pytest

from bcf_model.core.errors import UnknownFigure
from bcf_model.explain.derivation import explain_named, value_of
from bcf_model.explain.indicators import names
from bcf_model.explain.render import as_json, as_markdown, as_text, list_as_json, value
from bcf_model.explain.tree import from_plain, plain
from bcf_model.year.results import Results
from tests.make.places import SHEFFIELD, SOUND
from tests.make.shipped import results_of


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


def test_a_difference_goes_down_to_its_rows(results: Results) -> None:
    node = explain_named(results, "indicator_difference/metric=NEA")
    assert (node.number, node.worked) == ("10,906", "56,141 − 45,235")
    assert [child.sources[0] for child in node.children] == [
        "metric_values.csv, row 2", "metric_values.csv, row 4",
    ]  # fmt: skip
    assert any("The target is not met: red" in said for said in node.said)
    assert from_plain(plain(node)) == node


def test_a_percentage_is_of_what_it_is_set_against(results: Results) -> None:
    node = explain_named(results, "indicator_percent/metric=DTOC/against=last year")
    assert node.rate == pytest.approx(-0.184158, abs=1e-6)
    assert node.worked == "(26,244 − 32,168) ÷ 32,168"
    assert "The difference is favourable, (18.4%) of last year's number." in node.said


def test_what_is_blank_says_why_and_what_is_printed(results: Results) -> None:
    node = explain_named(results, "indicator_percent/metric=NEA/period=month 1")
    assert (node.rate, node.number) == (None, "")
    assert any(
        said.startswith("Only a percentage is printed: 24.6% of the target") for said in node.said
    )
    none = explain_named(results, "indicator_difference/metric=NEA65")
    assert any("the target of the year is not stated" in said for said in none.said)


def test_two_denominators_are_told(results: Results) -> None:
    node = explain_named(results, "indicator_percent/metric=RESIDENTIAL")
    assert any("93,379 to 93,506" in said and "unchanged" in said for said in node.said)


def test_every_name_is_explained_and_listed(results: Results) -> None:
    named = names(results)
    assert "indicator_difference/metric=NEA" in named and len(named) == 90
    for name in named:
        node, short = explain_named(results, name), value_of(results, name)
        assert (node.number, node.rate) == (short.number, short.rate)
        assert name in as_text(node) and f"**{value(node) or 'blank'}**" in as_markdown(node)
        assert '"label"' in as_json(node, name)
    listed = list_as_json({name: value_of(results, name) for name in named})
    assert '"number": "10,906"' in listed and '"rate": 0.241096496' in listed
    assert names(results_of(SOUND)) == []
    with pytest.raises(UnknownFigure, match="there is no metric 'NEB'"):
        explain_named(results, "indicator/metric=NEB")


def test_every_number_of_the_tables_is_listed(results: Results) -> None:
    """What is written can be opened: the numbers of a row of each table stand in the list."""
    listed = {value(value_of(results, name)).strip("£") for name in names(results)}
    tables = [results.frame(it) for it in ("indicators", "price_volume")]
    for frame in tables:
        for column in frame.select_dtypes("number"):
            if column in ("variance", "unpaid"):
                continue  # figures of the line: variance/scheme=…, unpaid/scheme=…
            for number in frame[column].dropna():
                said = {f"{number:,.{places}f}" for places in range(4)} | {f"{number:,.1f}%"}
                negative = {f"({abs(number):,.1f}%)", f"-£{abs(number):,.2f}", f"{number:,.0f}"}
                assert (said | negative) & listed, (column, number)
    printed = results.frame("indicators_by_month")["printed_percent"].dropna()
    assert sum("indicator_printed" in name for name in names(results)) == len(printed) == 36

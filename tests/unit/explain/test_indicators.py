"""Derivations of indicators, down to the row each number is stated in."""

import pandas as pd
import pytest

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import MEASURES, Figure
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


def test_what_is_told_of_months_alone_is_not_given_of_a_year_or_a_quarter(
    results: Results,
) -> None:
    of_year = ("indicator_in_month/metric=NEA", "indicator_in_month/metric=NEA/period=year")
    for name in (*of_year, "indicator_in_month/metric=REABLEMENT"):
        node = explain_named(results, name)
        assert (node.number, node.rate) == ("", None)
        assert any(" is not a month. " in said for said in node.said)


_FIGURES = {
    "actual": "indicator/metric={metric}",
    "compared": "indicator/metric={metric}/series={against}",
    "difference": "indicator_difference/metric={metric}/against={against}",
    "difference_percent": "indicator_percent/metric={metric}/against={against}",
    "projected": "indicator_projected/metric={metric}",
    **{name: f"indicator_{name}/metric={{metric}}"
       for name in ("numerator", "denominator_from", "denominator_to")},
    **{f"compared_{name}": f"indicator_{name}/metric={{metric}}/series={{against}}"
       for name in ("numerator", "denominator_from", "denominator_to")},
}  # fmt: skip
"""The figure of each column of indicators.csv that holds numbers."""
_OF_SPLIT = {"planned": "planned_volume", "actual": "actual_volume"}


def test_every_number_of_the_tables_is_listed(results: Results) -> None:
    """What is written can be opened: each number of a row is that of the figure of its name."""
    listed = {*names(results)}
    assert {*results.frame("indicators").select_dtypes("number")} == {*_FIGURES}
    for row in results.frame("indicators").to_dict("records"):
        for column, template in _FIGURES.items():
            name = template.format(**row).removesuffix("/against=target")
            if not pd.isna(row[column]):
                assert name in listed, (column, name)
                held = results.figures.value(Figure.parse(name))
                unit = {"number": 10**6, "rate": 0.01}.get(MEASURES[name.split("/")[0]].unit, 1)
                assert held / unit == pytest.approx(row[column], rel=1e-9), name
    splits = results.frame("price_volume")
    for row in splits.to_dict("records"):
        # variance and unpaid are figures of the line: variance/scheme=…, unpaid/scheme=…
        for column in {*splits.select_dtypes("number")} - {"variance", "unpaid"}:
            measure = _OF_SPLIT.get(column, column)
            name = f"{measure}/scheme={row['scheme_id']}/version={row['version']}"
            unit = 100 if MEASURES[measure].unit == "money" else 1
            assert name in listed, (column, name)
            assert results.figures.value(Figure.parse(name)) / unit == row[column], name
    printed = results.frame("indicators_by_month")["printed_percent"].dropna()
    assert sum("indicator_printed" in name for name in names(results)) == len(printed) == 36

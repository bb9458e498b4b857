"""The whole model on one tiny pool, worked out by hand."""

import dataclasses

import pandas as pd
import pytest

from bcf_model.agreement import share_year
from bcf_model.core.errors import DataHasErrors, DoesNotReconcile
from bcf_model.core.figures import Figure
from bcf_model.core.tables import OUTPUT_TABLES, Inputs
from bcf_model.year import variance
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results
from tests.longer import slow
from tests.make.pools import RandomPool, inputs_of


def _rows(heads: str, *rows: str) -> list[dict[str, str]]:
    names = heads.split(",")
    return [dict(zip(names, row.split(","), strict=True)) for row in rows]


TABLES = {
    "organisations": _rows("organisation,name,organisation_kind", "CCG,A,nhs", "SCC,B,council"),
    "themes": _rows("theme,name", "2,Second", "1,First"),
    "categories": _rows("category,name,summary_group", "C,Joint,", "A,Sole,"),
    "rules": _rows(
        "rule_id,scope,direction,step,basis,bearer,share,clause",
        "R1,category=C,over,1,fixed,SCC,50,c1",
        "R2,category=C,over,1,fixed,CCG,50,c1",
        "R3,category=C,under,1,own,budget holder,100,c2",
        "R4,category=A,either,1,own,budget holder,100,c3",
    ),
    "schemes": _rows(
        "scheme_id,theme,organisation,scheme,category,kind,pooling,budget,expenditure",
        "S1,1,SCC,Home,A,revenue,pooled,10.00,12.00",
        "S2,2,CCG,Ward,C,revenue,pooled,20.00,20.07",
        "S3,2,SCC,Ramp,C,capital,pooled,5.00,1.00",
        "S4,1,CCG,Memo,A,revenue,aligned,99.00,0.00",
        "S5,1,CCG,Fee,not stated,revenue,pooled,-1.00,-1.00",
    ),
    "commentary": _rows("scheme_id,reason,owner", "S3,Late,B"),
    "control_totals": _rows("figure,amount", "budget,34.00", "budget/theme=2,25.00"),
    "published": _rows(
        "published_id,source,label,column,printed,unit,decimals,figure",
        "P1,p1,Total,Budget,34,pounds,0,budget",
        "P2,p1,SCC,Borne,-2,pounds,0,borne/bearer=SCC",
    ),
}


@pytest.fixture
def inputs() -> Inputs:
    return inputs_of(RandomPool("pounds", TABLES))


@pytest.fixture
def results(inputs) -> Results:
    return run(inputs)


def told(results: Results, name: str, *columns: str) -> list[list]:
    return results.outputs[name][list(columns)].to_numpy().tolist()


def test_every_table_is_there_in_the_columns_promised(results):
    assert list(results.outputs) == list(OUTPUT_TABLES)
    for name, model in OUTPUT_TABLES.items():
        assert list(results.outputs[name]) == list(model.types)


def test_variance_in_declared_order_without_what_is_aligned(results):
    assert told(results, "variance", "scheme_id", "variance", "percent_note") == [
        ["S1", 200, ""],
        ["S2", 7, ""],
        ["S3", -400, ""],
        ["S5", 0, "no %: budget is negative"],
    ]
    percent = results.outputs["variance"]["variance_percent"]
    assert percent.tolist()[:3] == [20.0, 0.35, -80.0]
    assert pd.isna(percent[3])
    assert told(results, "variance_by_theme", "view", "theme", "organisation", "variance") == [
        ["by theme", "2", "", -393],
        ["by theme", "1", "", 200],
    ]
    assert told(results, "variance_by_category", "category", "variance") == [
        ["C", -393],
        ["A", 200],
        ["not stated", 0],
    ]
    assert told(results, "variance_total", "view", "budget", "expenditure", "variance") == [
        ["in total", 3400, 3207, -193]
    ]
    assert told(results, "memo", "scheme_id", "variance") == [["S4", -9900]]


def test_the_risk_share(results):
    # C, revenue: 7 over, halved in the order SCC, CCG: 3.5 → 4, then 3. C, capital: 400 under, own.
    assert told(results, "risk_share", "scope", "step", "bearer", "borne") == [
        ["category=C", 1, "SCC", 4 - 400],
        ["category=C", 1, "CCG", 3],
        ["category=A", 1, "SCC", 200],
    ]
    columns = ["category_group", "organisation", "budget", "expenditure", "variance", "borne"]
    assert told(results, "risk_share_summary", *columns) == [
        ["C", "CCG", 2000, 2007, 7, 3],
        ["C", "SCC", 500, 100, -400, -396],
        ["A", "SCC", 1000, 1200, 200, 200],
        ["not stated", "CCG", -100, -100, 0, 0],
    ]
    assert told(results, "revenue_capital", "kind", "organisation", "variance", "borne") == [
        ["revenue", "CCG", 7, 3],
        ["revenue", "SCC", 200, 204],
        ["capital", "SCC", -400, -400],
    ]
    assert results.groups == ("C", "A", "not stated")
    assert len(results.near_half) == 0


@slow
def test_figures_reach_the_aligned_lines_too(results):
    assert results.figures.pence(Figure.of("variance", pooling="aligned")) == -9900
    pots = results.figures.tables["lines"].set_index("scheme_id")["pot"]
    assert pots["S4"] == pots["S5"] == ""
    assert pots["S1"] != ""


def test_reasons_and_printed_numbers(results):
    assert results.commentary[["scheme_id", "reason"]].to_numpy().tolist() == [
        ["S3", "Late"],
        ["S1", ""],
        ["S2", ""],
    ]
    # Amounts to the penny: no slack but the printed half. SCC bears 0.04 − 4 + 2.
    assert told(results, "published", "published_id", "verdict", "computed") == [
        ["P1", "agrees", 34.0],
        ["P2", "agrees", -1.96],
    ]


def test_the_checks_are_named_and_hold(results):
    names = [check.name for check in results.checks]
    assert names == results.outputs["checks"]["check"].tolist()
    assert len(set(names)) == len(names)
    assert (results.outputs["checks"]["difference"] == 0).all()
    assert {
        "Budget by theme = of all lines",
        "Variance of the risk share summary = of all lines",
        "Borne = variance, in total",
        "Borne = variance, capital",
        "Expenditure of the file = of the report, with lines beside the pool",
        "Control total: budget/theme=2",
    } <= set(names)


def test_a_control_total_that_does_not_match_gives_no_results(inputs):
    wrong = inputs.control_totals.assign(amount=[3400, 2501])
    message = "found £25.00 for budget/theme=2; expected £25.01, a difference of -£0.01"
    with pytest.raises(DataHasErrors, match=message):
        run(dataclasses.replace(inputs, control_totals=wrong))


@slow
def test_a_penny_lost_in_sharing_gives_no_results(inputs, monkeypatch):
    right = share_year.share

    def loses_a_penny(*args) -> tuple[pd.DataFrame, pd.Series, list[str]]:
        shares, pots, of_causes = right(*args)
        shares.loc[0, "borne"] -= 1
        return shares, pots, of_causes

    monkeypatch.setattr(share_year, "share", loses_a_penny)
    with pytest.raises(DoesNotReconcile, match="Borne = variance, in total"):
        run(inputs)


@pytest.mark.parametrize(("by", "said"), [(["theme"], "by theme"), (["kind"], "by kind")])
def test_a_line_lost_in_a_view_gives_no_results(inputs, monkeypatch, by, said):
    right = variance.view

    def loses_a_line(lines, chosen, keys) -> pd.DataFrame:
        return right(lines.iloc[1:] if list(chosen) == by else lines, chosen, keys)

    monkeypatch.setattr(variance, "view", loses_a_line)
    with pytest.raises(DoesNotReconcile, match=f"Budget {said} = of all lines"):
        run(inputs)


@slow
def test_the_inputs_are_left_as_they_were(inputs):
    before = inputs.schemes.copy()
    first, second = run(inputs), run(inputs)
    pd.testing.assert_frame_equal(inputs.schemes, before)
    for name in OUTPUT_TABLES:
        pd.testing.assert_frame_equal(first.outputs[name], second.outputs[name])

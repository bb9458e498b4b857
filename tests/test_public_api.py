"""The public names, pinned; and what they promise a notebook."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import bcf_model
from bcf_model.plan.projection import Projection
from tests.longer import slow
from tests.make.places import INPUTS, PLAN, SOUND

PUBLIC = {
    "__version__",
    "BcfError",
    "DataHasErrors",
    "Figure",
    "audit_paper",
    "check_pool",
    "compare",
    "draw",
    "explain_figure",
    "load",
    "run",
    "write_report",
}


def test_the_public_names() -> None:
    assert set(bcf_model.__all__) == PUBLIC
    assert all(getattr(bcf_model, name) is not None for name in PUBLIC)
    assert set(dir(bcf_model)) == PUBLIC


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'forecast'"):
        _ = bcf_model.forecast


@slow
def test_from_folder_to_frame_in_three_lines(sheffield: Path) -> None:
    pool = bcf_model.load(sheffield)
    results = bcf_model.run(pool)
    frame = results.frame("variance")
    assert isinstance(frame, pd.DataFrame)
    assert frame["variance"].sum() == 13_740_000.0  # pounds
    assert list(frame.columns[:4]) == ["financial_year", "theme", "organisation", "scheme_id"]


@cache
def projected(name: str) -> Projection:
    return bcf_model.run(bcf_model.load(PLAN, scenario=name))


def test_a_scenario_and_its_draws_in_three_lines() -> None:
    projection = projected("child")
    walk = projection.frame("walk")
    assert round(walk["amount"].sum() * 100) == projection.tables["walk"]["amount"].sum()
    drawn = bcf_model.draw(projection, draws=50, seed=3)
    assert drawn.frame("percentiles")["p50"].notna().all()


@slow
def test_a_comparison_in_three_lines() -> None:
    scenarios = [projected(it) for it in ("start", "child")]
    assert set(bcf_model.compare(scenarios).frame("comparison")["scenario"]) == {"start", "child"}
    tried = [bcf_model.run(bcf_model.load(SOUND)), bcf_model.run(bcf_model.load(SOUND, SOUND))]
    assert len(bcf_model.compare(tried).frame("comparison"))


def test_an_audit_in_three_lines() -> None:
    found = bcf_model.audit_paper(INPUTS / "transcriptions" / "invented-example.csv")
    assert len(found.frame("audit_figures"))
    with pytest.raises(bcf_model.DataHasErrors):
        bcf_model.audit_paper(INPUTS / "nothing.csv")


def test_an_explanation_in_three_lines() -> None:
    results = bcf_model.run(bcf_model.load(SOUND))
    of_year = bcf_model.explain_figure(results, "variance")
    pence = results.figures.pence(bcf_model.Figure("variance"))
    assert of_year.frame()["pounds"][0] * 100 == pence
    assert "variance" in str(of_year)
    of_plan = bcf_model.explain_figure(projected("child"), "gap/year=2020-21").frame()
    assert of_plan["depth"].tolist()[:2] == [0, 1]
    assert of_plan["sources"].str.contains("budgets.csv").any()
    paper = bcf_model.audit_paper(INPUTS / "transcriptions" / "invented-example.csv")
    assert bcf_model.explain_figure(paper, "P14").tree.pence == 1_830_000_00
    compared = bcf_model.compare([projected(it) for it in ("start", "child")])
    found = bcf_model.explain_figure(compared, "gap/year=2020-21", of="child").tree
    assert found.pence == sum(child.pence for child in found.children)
    with pytest.raises(bcf_model.BcfError, match="nothing is compared with 'nobody'"):
        bcf_model.explain_figure(compared, "gap/year=2020-21", of="nobody")


def test_a_table_that_is_not_there_is_a_sentence() -> None:
    projection = projected("child")
    with pytest.raises(bcf_model.BcfError, match="no table 'walks'; there are lines, walk"):
        projection.frame("walks")


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, bcf_model; print({'pandas', 'pandera', 'numpy', 'click'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_public_name_stays_what_it_is(sheffield: Path) -> None:
    """No module of the same name takes its place once something has been loaded."""
    for _ in range(2):
        inputs, findings = bcf_model.check_pool(sheffield)
        assert inputs is not None
        assert "BCF501" in {finding.code for finding in findings}
        assert callable(bcf_model.load)
        assert callable(bcf_model.run)

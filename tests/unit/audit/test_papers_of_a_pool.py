"""Papers printed of a pool: what is right is never accused, a slip is, borne amounts included."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from bcf_model.audit.examine import Audit, audit_pool
from bcf_model.audit.statements import of_pool
from bcf_model.core.figures import Figure
from bcf_model.core.money import shown
from bcf_model.core.tables import Published
from bcf_model.year.results import Results
from tests.longer import LONG, longer, slow
from tests.make.audit_papers import explanations
from tests.make.places import AGREEMENTS, SHEFFIELD
from tests.make.shipped import results_of


@pytest.fixture(scope="module")
def sheffield_results() -> Results:
    return results_of(SHEFFIELD)


def printed(results: Results, unit: str = "pounds") -> pd.DataFrame:
    """Print totals by theme, organisation and bearer just as the engine computes them, rounded."""
    decimals = {"pounds": 2, "thousands": 0, "millions": 3}[unit]
    inputs = results.inputs
    keys = [{}, *({"theme": t} for t in inputs.themes["theme"])]
    partners = inputs.organisations["organisation"].tolist()
    keys += [{"organisation": code} for code in partners]
    figures = [Figure.of(m, **k) for m, k in product(("budget", "expenditure", "variance"), keys)]
    figures += [Figure("borne"), *(Figure.of("borne", bearer=code) for code in partners)]
    rows = [
        {
            "published_id": f"P{i}",
            "source": f"table 1 row {i}",
            "label": str(figure),
            "column": figure.measure,
            "printed": shown(results.figures.pence(figure), unit),
            "unit": unit,
            "decimals": decimals,
            "rounded_to": "",
            "figure": str(figure),
            "note": "",
        }
        for i, figure in enumerate(figures)
    ]
    return Published.validate(pd.DataFrame(rows).astype({"decimals": "int64"}))


def audit(results: Results, frame: pd.DataFrame) -> Audit:
    return audit_pool(replace(results, inputs=replace(results.inputs, published=frame)))


@slow(first=5)
@longer
@pytest.mark.parametrize("folder", AGREEMENTS if LONG else AGREEMENTS[::3], ids=lambda it: it.name)
@pytest.mark.parametrize("unit", ["pounds", "thousands"])
def test_what_the_engine_computes_is_never_accused(folder: Path, unit: str) -> None:
    results = results_of(folder)
    found = audit(results, printed(results, unit))
    assert not found.something_is_wrong, found.tables["audit"]["sentence"].tolist()


@slow
def test_some_agreements_are_shared_in_proportion_and_others_said_not_to_be() -> None:
    said = {}
    for folder in AGREEMENTS:
        results = results_of(folder)
        paper = of_pool(printed(results), results.figures)
        said[folder.name] = set(paper.untested.values())
    assert said["01-own-variance"] == said["05-fixed-percentage"] == set()
    assert said["15-caps-collars-tiers"] == {
        "shared by a rule that is no plain proportion: not expressed here"
    }


def test_a_line_that_is_not_printed_is_held_to_the_pools_input(sheffield_results: Results) -> None:
    """Only two totals are printed: the lines of theme 3 are known from the inputs, in £000."""
    frame = sheffield_results.inputs.published
    some = frame[frame["figure"].isin(["budget/theme=3"])].reset_index(drop=True)
    paper = of_pool(some, sheffield_results.figures)
    # 2,196, 922, 848 and 0, each half of a thousand either way
    assert [(fact.low, fact.high) for fact in paper.facts] == [
        (k * 100_000 - 50_000, k * 100_000 + 50_000) for k in (2196, 922, 848, 0)
    ]
    assert not audit(sheffield_results, some).something_is_wrong
    # 3,966 ± 4 × 0.5 and half for the print: 3,969 is beyond
    some["printed"] = "3,969"
    found = audit(sheffield_results, some)
    assert explanations(found) == [[{"P177"}]]
    [one] = found.tables["audit"].to_dict("records")
    assert (one["lowest"], one["highest"], one["distance"]) == (3964, 3968, 0.5)
    assert "It contradicts the lines it is made of." in one["sentence"]
    assert "By the pool's lines and all other printed figures it must be" in one["sentence"]


@slow(first=1)
@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("P002", "£6.9m"),  # borne/bearer=CCG
        ("P061", "1,958"),  # budget/theme=1/organisation=CCG
        ("P131", "982"),  # as printed
        ("P151", "621"),  # variance/theme=2
        ("P204", "11%"),  # 4,259 of 42,928 is 9.92 %, with all rounding below 10.5 %
        ("P207", "156"),  # variance of a line, the wrong sign
        ("P208", "110%"),  # of a negative budget
        ("P329", "382,087"),  # two digits changed places in the total
        ("P361", "51,131"),  # aligned
    ],
)
def test_one_slip_in_the_paper_is_found(sheffield_results: Results, code: str, text: str) -> None:
    frame = sheffield_results.inputs.published.copy()
    before = frame.loc[frame["published_id"] == code, "printed"].iloc[0]
    frame.loc[frame["published_id"] == code, "printed"] = text
    found = explanations(audit(sheffield_results, frame))
    expected = [[{code}]] if text != before else []
    assert [c for c in found if c not in ([{"P288"}], [{"P308"}])] == expected


def test_a_theme_without_lines_is_a_part_of_the_whole(sheffield_results: Results) -> None:
    """Budgets the inputs do not hold: a theme that has no line yet still counts in the total."""
    frame = sheffield_results.inputs.published
    rows = frame[frame["figure"].str.startswith("closing_budget")].reset_index(drop=True)
    paper = of_pool(rows, sheffield_results.figures)
    themes = [s for s in paper.statements if "theme" in s.quantity]
    [whole, *_] = [s for s in paper.statements if s.quantity == "closing_budget"]
    assert set().union(*(s.terms for s in themes)) == set(whole.terms)
    rows.loc[rows["figure"] == "closing_budget/theme=7", "figure"] = (
        "closing_budget/theme=7/organisation=CCG"
    )
    paper = of_pool(rows, sheffield_results.figures)
    part = next(s for s in paper.statements if s.quantity.startswith("closing_budget/theme=7"))
    [whole, *_] = [s for s in paper.statements if s.quantity == "closing_budget"]
    assert set(part.terms) < set(whole.terms)
    # whether it is revenue, nothing tells
    assert "nothing tells" in " ".join(paper.untested.values())

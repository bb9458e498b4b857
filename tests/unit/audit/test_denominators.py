"""Printed rates that cannot be of one denominator: told once, and never as an error."""

from dataclasses import replace

import pytest

from bcf_model.audit.examine import Audit, audit_pool
from bcf_model.year.results import Results
from tests.make.places import SHEFFIELD
from tests.make.shipped import results_of

RESIDENTIAL = "indicator.*RESIDENTIAL"


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


def audited(results: Results, figures: str) -> Audit:
    printed = results.inputs.published
    some = printed[printed["figure"].str.contains(figures)].reset_index(drop=True)
    return audit_pool(replace(results, inputs=replace(results.inputs, published=some)))


def test_two_denominators_and_a_conclusion_that_stands(results: Results) -> None:
    [said] = audited(results, RESIDENTIAL).tables["audit"].to_dict("records")
    assert (said["severity"], said["published_id"]) == ("medium", "P418; P420; P419; P421")
    assert "684 at 732 per 100,000 is of 93,379 to 93,506" in said["sentence"]
    assert "725 at 768 per 100,000 is of 94,340 to 94,462" in said["sentence"]
    assert "the conclusion is unchanged" in said["sentence"]


def test_a_paper_that_prints_no_numerator_implies_none(results: Results) -> None:
    assert audited(results, "indicator/metric=RESIDENTIAL").tables["audit"].empty

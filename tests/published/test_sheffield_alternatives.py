"""Sheffield's year under agreements it did not have: the model agrees with sums done by hand."""

import re

import pytest

from bcf_model.core.figures import Figure
from bcf_model.pool import load
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.places import SHEFFIELD

NAMES = ("c-by-contribution", "theme-5-blended-payment", "whole-pool-by-contribution")


def by_hand(name: str) -> dict[str, int]:
    """Give the figures of the table at the end of the folder's text, in pence."""
    said = (SHEFFIELD / "agreements" / name / "README.md").read_text(encoding="utf-8")
    found = {}
    for figure, amount in re.findall(r"^\| `(.+)` \| (\(?[\d,]+\.\d\d\)?) \|$", said, re.MULTILINE):
        pence = int(re.sub(r"\D", "", amount))
        found[figure] = -pence if amount.startswith("(") else pence
    return found


def test_there_is_a_sum_by_hand_for_each() -> None:
    assert sorted(path.name for path in (SHEFFIELD / "agreements").iterdir()) == sorted(NAMES)


@slow(first=1)
@pytest.mark.parametrize("name", NAMES)
def test_what_each_bears(name: str) -> None:
    results, hand = run(load(SHEFFIELD, SHEFFIELD / "agreements" / name)), by_hand(name)
    assert {figure: results.figures.pence(Figure.parse(figure)) for figure in hand} == hand
    assert hand["borne/bearer=CCG"] + hand["borne/bearer=SCC"] == hand["variance"]


@pytest.mark.parametrize("name", NAMES)
def test_it_says_that_it_is_illustrative(name: str) -> None:
    agreement = load(SHEFFIELD, SHEFFIELD / "agreements" / name).agreement
    assert agreement.status.startswith("Illustrative: ")
    assert agreement.title
    assert agreement.source
    assert agreement.note


@pytest.mark.parametrize("name", [name for name in NAMES if "contribution" in name])
def test_what_stands_in_for_contributions_is_named(name: str) -> None:
    """The paper states no contributions: each rule that divides by budgets says so."""
    inputs = load(SHEFFIELD, SHEFFIELD / "agreements" / name)
    measured = inputs.rules[inputs.rules["basis"] == "budget"]
    said = "Budget by organisation stands in for contributions"
    assert len(measured) == 2
    assert measured["note"].str.startswith(said).all()
    assert said in inputs.agreement.note

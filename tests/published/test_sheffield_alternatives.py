"""Sheffield's year under agreements it did not have: the model agrees with sums done by hand."""

import re

import pytest

from bcf_model.core.figures import Figure
from bcf_model.pool import load
from bcf_model.year.pipeline import run
from tests.longer import slow
from tests.make.places import SHEFFIELD

THIRDS, NET_OF_THE_GRANT = "mental-health-in-thirds", "mental-health-in-thirds-net-of-the-grant"
NAMES = (
    "blended-payment-with-community", "c-by-contribution", THIRDS, NET_OF_THE_GRANT,
    "theme-5-blended-payment", "whole-pool-by-contribution",
)  # fmt: skip


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
    borne = (hand.get(f"borne/bearer={it}", 0) for it in ("CCG", "SCC", "SHSC"))
    assert sum(borne) == hand["variance"]


@pytest.mark.parametrize(
    ("name", "shared", "third"), [(THIRDS, 244_000_00, 81.33), (NET_OF_THE_GRANT, 97_000_00, 32.33)]
)
def test_mental_health_in_thirds_to_the_penny(name: str, shared: int, third: float) -> None:
    """£000, by hand: 49 + 22 + 147 − 188 − 27 + 241 = 244; without the grant of 147 it is 97."""
    figures = run(load(SHEFFIELD, SHEFFIELD / "agreements" / name)).figures
    borne = {it: figures.pence(Figure.of("borne", theme="6", category="C", bearer=it))
             for it in ("CCG", "SCC", "SHSC")}  # fmt: skip
    borne["CCG"] -= 244_000_00 - shared  # the grant, where it stays with the CCG
    assert sum(borne.values()) == shared
    assert {round(pence / 1e5, 2) for pence in borne.values()} == {third}


def test_the_grant_under_risk_share_is_not_shared_again_without_a_word() -> None:
    """Whoever shares it is told so; net of it, nothing is told: the two are not mixed."""
    told = {
        name: [it.value for it in load(SHEFFIELD, SHEFFIELD / "agreements" / name).findings
               if it.code == "BCF426"]
        for name in NAMES
    }  # fmt: skip
    assert told == {
        "blended-payment-with-community": [],
        "c-by-contribution": ["T6-CCG-03, which pays SCC, in 'category=C'"],
        THIRDS: ["T6-CCG-03, which pays SCC, in 'theme=6/category=C'"],
        NET_OF_THE_GRANT: [],
        "theme-5-blended-payment": [],
        "whole-pool-by-contribution": [
            f"{line}, which pays SCC, in 'pool'"
            for line in ("T1-CCG-01", "T2-CCG-05", "T4-CCG-03", "T6-CCG-03")
        ],
    }


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

"""A row that is called the total of those beside it."""

import pandas as pd
import pytest

from bcf_model.core.findings import Place
from bcf_model.plan.checks.context import totals_findings

YEAR = "2019-20"


def found(*rows: tuple[str, str]) -> list[str]:
    """Return what is found of bodies, each with its year."""
    places = [Place("efficiencies.csv", row) for row in range(2, len(rows) + 2)]
    frame = pd.DataFrame(rows, columns=["body", "financial_year"])
    frame = frame.assign(perimeter="city", place=places)
    return [f"{it.code} {it.row} {it.value}" for it in totals_findings(frame, ("body",))]


@pytest.mark.parametrize(
    "name", ["Total", "Grand total", "Total savings", "QIPP total", "SUB-TOTAL", "Total CIP:"]
)
def test_a_total_beside_others_is_found(name: str) -> None:
    expected = f"BCF765 4 {name!r} beside 2 of city 2019-20"
    assert found(("ICB", YEAR), ("Council", YEAR), (name, YEAR)) == [expected]


@pytest.mark.parametrize("name", ["Total mobility equipment", "Totnes Hospital", "ICB"])
def test_a_name_with_the_word_in_it_is_none(name: str) -> None:
    assert found(("Council", YEAR), (name, YEAR)) == []


def test_a_total_alone_in_its_year_is_all_that_is_stated() -> None:
    assert found(("Council", "2020-21"), ("Total", YEAR)) == []

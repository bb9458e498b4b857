"""Derivations of volume, mix and price, down to the line and the row of volumes.csv."""

from pathlib import Path

import pytest

from bcf_model.explain.derivation import explain_named
from bcf_model.explain.indicators import names
from bcf_model.year.results import Results
from tests.make.measured import write_measured_pool
from tests.make.places import SHEFFIELD
from tests.make.shipped import results_of


@pytest.fixture(scope="module")
def results() -> Results:
    return results_of(SHEFFIELD)


def test_a_split_is_worked_from_its_numbers_and_its_line(results: Results) -> None:
    """By hand: 240 × £63,698,000 ÷ 55,901 = £273,474.89; a version may be called 2017/18."""
    node = explain_named(results, "volume/scheme=T5-CCG-01/version=2017/18")
    assert node.pence == 27_347_489
    assert node.worked.startswith("(56,141 − 55,901) × £63,698,000.00 ÷ 55,901")
    assert any("was not set on this volume" in said for said in node.said)
    assert node.sources == ("volumes.csv, row 3", "para 5.1")
    assert [child.pence for child in node.children] == [6_369_800_000, 6_930_700_000]
    number = explain_named(results, "planned_volume/scheme=T5-CCG-01/version=BCF target")
    assert (number.number, number.pence) == ("45,235", None)


def test_a_price_is_what_volume_and_mix_leave(tmp_path: Path) -> None:
    """By hand: £1,808 = volume £560 + mix £1,040 + price £208, of two cells."""
    measured = results_of(write_measured_pool(tmp_path / "measured"))
    node = explain_named(measured, "price/scheme=S1/version=contract")
    assert node.pence == 20_800
    parts = {child.label: child.pence for child in node.children}
    assert (parts["Volume"], parts["Mix"]) == (56_000, 104_000)
    assert parts["What follows activity of the budget"] == 1_400_000
    nil = explain_named(measured, "actual_volume/scheme=S2/version=contract")
    assert nil.number == "0"
    assert "actual_price/scheme=S2/version=contract" not in names(measured), "of nothing: blank"

"""The scenarios that ship, to the penny: `make golden` stores them, and a change must be explained.

What comes of draws is not stored: numpy promises the same draws for one build only, so their
percentiles are held to theory and to each other instead (tests/unit/plan/test_uncertainty.py).
"""

from pathlib import Path

import pytest

from tests.golden.store import STORED_SCENARIOS, scenario_tables
from tests.longer import slow
from tests.make.places import SHEFFIELD
from tests.make.scenario_reports import projected

NAMES = sorted(path.name for path in STORED_SCENARIOS.iterdir())


def test_every_scenario_that_ships_is_stored() -> None:
    shipped = STORED_SCENARIOS.parents[2] / "inputs" / "sheffield-2018-19" / "scenarios"
    assert sorted(path.name for path in shipped.iterdir()) == NAMES


@slow(first=1)
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_as_stored(name: str) -> None:
    stored: dict[str, bytes] = {
        path.name: path.read_bytes() for path in Path(STORED_SCENARIOS / name).iterdir()
    }
    found = scenario_tables(projected(SHEFFIELD, name))
    assert found.keys() == stored.keys()
    for table, data in found.items():
        assert data.decode() == stored[table].decode(), f"{table} changed: make golden, and say why"

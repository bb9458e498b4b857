"""Rules for every test: one tier each, no silent skip under CI, numpy slips are failures."""

import gc
import os
from pathlib import Path

import numpy as np
import pytest

TIERS = ("unit", "properties", "golden", "published", "broken", "fuzz")
ROOT = Path(__file__).resolve().parent.parent

np.seterr(all="raise")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test belongs to the tier of its folder; tests of the house itself are unit tests."""
    for item in items:
        folder = Path(item.path).parent.name
        item.add_marker(folder if folder in TIERS else "unit")


def pytest_collection_finish() -> None:
    """What is imported by now stays: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Under CI a test that did not run is a failure: the machine must bring what it needs."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("CI") and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped under CI: {report.longrepr}"


@pytest.fixture
def sheffield() -> Path:
    """The folder of the shipped pool."""
    return ROOT / "inputs" / "sheffield-2018-19"

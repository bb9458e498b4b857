"""Rules for every test: one tier each, no silent skip under CI, numpy slips are failures."""

import gc
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.longer import LONG
from tests.make.places import SHEFFIELD

TIERS = ("unit", "properties", "golden", "published", "broken", "fuzz")

np.seterr(all="raise")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test belongs to the tier of its folder; tests of the house itself are unit tests.

    Of a slow test `make test` runs the first cases its mark names; `make long` runs all.
    """
    sample = not LONG and config.args == config.getini("testpaths")
    cases: Counter[str] = Counter()
    left_out = []
    for item in items:
        folder = Path(item.path).parent.name
        item.add_marker(folder if folder in TIERS else "unit")
        if mark := item.get_closest_marker("slow"):
            item.add_marker("longer")
            test = item.nodeid.partition("[")[0]
            cases[test] += 1
            if sample and cases[test] > mark.kwargs.get("first", 0):
                left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        left = set(left_out)
        items[:] = [item for item in items if item not in left]


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
    return SHEFFIELD

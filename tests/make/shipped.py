"""The shipped pools, each worked out once in a test process: whoever changes a frame copies it."""

from functools import cache
from pathlib import Path

import pytest

from bcf_model import pool as check
from bcf_model.core.findings import Finding
from bcf_model.core.tables import Inputs
from bcf_model.pool import check_pool, load
from bcf_model.year import pipeline
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results


@cache
def results_of(pool: Path) -> Results:
    """Give the results of a pool's folder, under its own agreement."""
    return run(load(pool))


@cache
def checked(pool: Path, agreement: Path | None = None) -> tuple[Inputs | None, list[Finding]]:
    """Give what a look through a pool gives."""
    return check_pool(pool, agreement)


_WORKED: dict[int, tuple[Inputs, Results]] = {}
"""By the identity of the inputs, which stay: no other object can come to have it."""


def worked(inputs: Inputs) -> Results:
    """Give the results of inputs that were looked through here."""
    if id(inputs) not in _WORKED:
        _WORKED[id(inputs)] = (inputs, run(inputs))
    return _WORKED[id(inputs)][1]


def work_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands look through a pool and work it out once, however often they are called.

    For tests of what a command says of a pool that ships, or does not change during them.
    """
    monkeypatch.setattr(check, "check_pool", checked)
    monkeypatch.setattr(pipeline, "run", worked)

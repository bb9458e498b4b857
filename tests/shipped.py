"""The shipped pools, each worked out once in a test process: whoever changes a frame copies it."""

from functools import cache
from pathlib import Path

from bcf_model.check import load
from bcf_model.pipeline import run
from bcf_model.results import Results

INPUTS = Path(__file__).resolve().parent.parent / "inputs"
SHEFFIELD = INPUTS / "sheffield-2018-19"
AGREEMENTS = sorted((INPUTS / "agreements").iterdir())


@cache
def results_of(pool: Path) -> Results:
    """Give the results of a pool's folder, under its own agreement."""
    return run(load(pool))

"""Prove an installation: a small invented pool, end to end, against stored whole pence."""

import csv
import tempfile
from importlib import resources
from pathlib import Path

from bcf_model.core.errors import DoesNotReconcile
from bcf_model.core.figures import Figure
from bcf_model.core.money import sterling
from bcf_model.pool import load
from bcf_model.publish.write import write_report
from bcf_model.year.pipeline import run


def selftest() -> int:
    """Read, check, calculate and report the built-in pool, and compare every stored figure.

    Returns:
        How many figures were compared.

    Raises:
        DoesNotReconcile: a figure is not what is stored: this installation cannot be trusted.
    """
    with resources.as_file(resources.files("bcf_model.reference")) as reference:
        with (reference / "selftest-expected.csv").open(encoding="utf-8", newline="") as file:
            stored = [(Figure.parse(r["figure"]), int(r["pence"])) for r in csv.DictReader(file)]
        results = run(load(reference / "selftest"))
    for figure, pence in stored:
        found = results.figures.pence(figure)
        if found != pence:
            message = (
                f"self-test: {figure} is {sterling(found)}, stored is {sterling(pence)}. "
                "Do not use this installation."
            )
            raise DoesNotReconcile(message)
    with tempfile.TemporaryDirectory() as directory:
        write_report(results, Path(directory))
    return len(stored)

"""Printed rates that cannot be of one denominator, though they are compared as if they were."""

from collections.abc import Iterator, Mapping
from typing import Any

from bcf_model.audit.observations import MEDIUM, Observation
from bcf_model.audit.statements import Paper
from bcf_model.core.tables import records
from bcf_model.core.words import ACTUAL, TARGET
from bcf_model.indicators.comparison import Comparison, compared, implied
from bcf_model.indicators.series import Metric


def observations(paper: Paper, metrics: Mapping[str, Metric]) -> Iterator[Observation]:
    """Return of each indicator whose printed rates imply two denominators what they are.

    Args:
        paper: the printed figures of a pool.
        metrics: its indicators.
    """
    rows = list(records(paper.printed))
    for code, metric in metrics.items():
        one = compared(metric, TARGET, metric.latest)
        needed = [f"{counted}/metric={code}/series={series}/"
                  for series in (ACTUAL, TARGET)
                  for counted in ("indicator_numerator", "indicator")]  # fmt: skip
        printed = [[it.place for it in paper.statements if it.quantity.startswith(name)]
                   for name in needed]  # fmt: skip
        if all(printed) and one.two_denominators:
            places = tuple(place for of_one in printed for place in of_one)
            yield Observation("cross-table", MEDIUM, places, _sentence(one, rows, places))


def _sentence(one: Comparison, rows: list[Any], places: tuple[int, ...]) -> str:
    listed = ", ".join(f"{rows[place].published_id} [{rows[place].printed}]" for place in places)
    name = one.metric.about.name
    conclusion = (
        "On one denominator, whichever it is, the comparison goes the same way: the conclusion is "
        "unchanged."
        if one.same_on_one
        else "On one denominator the comparison may go the other way."
    )
    return (
        f"{listed}: the actual and the {one.against} of '{name}' cannot be rates of one "
        f"denominator. {implied(one.actual)}; {implied(one.compared)}. {conclusion} The paper "
        "should say which it uses."
    )

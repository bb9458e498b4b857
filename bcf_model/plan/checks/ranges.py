"""Checks of ranges and correlations: how sure an assumption is said to be."""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from bcf_model.core.findings import Check, Finding, one_of
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import records
from bcf_model.intake.cells import problem_of
from bcf_model.intake.drafts import Drafts
from bcf_model.plan.checks.context import CheckedPlan, twice
from bcf_model.plan.inheritance import VALUE, chances_of, end_of, held
from bcf_model.plan.range_bounds import bounds, cut_off
from bcf_model.plan.ranges import square_of
from bcf_model.plan.tables import Assumptions

IN_ALL: Final = 100
TOGETHER: Final = ("low", "high", "shape")
MOST_CUT_OFF: Final = 0.01
"""Share of a range that may lie outside what its value can be; above it BCF754 warns."""
NEARLY_NIL: Final = -1e-9
"""Below this, the least eigenvalue of a table of correlations is not rounding."""
TIED: Final = 1e-6
"""A row with more of the direction of that eigenvalue is one of those that cannot be so."""


def ends(drafts: Drafts) -> Iterator[Finding]:
    """The ends of a range are numbers, and stand together with a shape (BCF220, BCF727)."""
    draft = drafts.table("assumptions")
    for name in ("low", "high"):
        said = [row for row in draft.rows(name, "unit") if row[1]]
        cells = [end_of(text, unit) for _, text, unit in said]
        for _, at, fails in sorted(Assumptions.failures({VALUE.name: cells})):
            i, text, unit = said[at]
            problem = problem_of(fails, cells[at], text, VALUE, unit)
            yield draft.at(i).finding(problem.code, name, repr(text), problem.expected)
    for i, *texts in draft.rows(*TOGETHER):
        there = [name for name, text in zip(TOGETHER, texts, strict=True) if text]
        missing = [name for name in TOGETHER if name not in there]
        if there and missing:
            value = f"{' and '.join(there)} alone"
            yield draft.at(i).finding(
                "BCF727", missing[0], value, f"{' and '.join(missing)} as well"
            )


def ranges(plan: CheckedPlan) -> Iterator[Finding]:
    """A range holds its value, goes with its shape, and is drawn nearly whole (726 to 729, 754)."""
    for row in records(plan.tables["assumptions"]):
        if row.ranged:
            yield from [*_shaped(row)] or _ended(row)
        yield from _chances(row)


def _shaped(row: Any) -> Iterator[Finding]:
    if not (row.low < row.high and row.low <= row.value <= row.high):
        value = " ".join(f"{_shown(n)}" for n in (row.low, row.value, row.high))
        yield row.place.finding("BCF726", "low", value, "low, value and high in this order")
    elif row.shape == "normal" and 2 * row.value != row.low + row.high:
        expected = f"{_shown((row.low + row.high) / 2)}, half-way between low and high"
        yield row.place.finding("BCF729", "value", f"{_shown(row.value)}, normal", expected)
    elif row.shape == "lognormal" and not 0 < row.value < row.high:
        value = f"{_shown(row.value)} to {_shown(row.high)}, lognormal"
        yield row.place.finding("BCF729", "value", value, "a value above nil, and high above it")


def _ended(row: Any) -> Iterator[Finding]:
    ends = bounds(row.step, row.unit, row.low, row.high)
    within = ends[0] <= row.low and row.high <= ends[1]  # else it is said by assumptions.amounts
    beyond = cut_off(row.shape, row.low, row.value, row.high, ends) if within else 0.0
    if beyond > MOST_CUT_OFF:
        value = f"{100 * beyond:.1f} % of a {row.shape} range of {row.step}"
        yield row.place.finding("BCF754", "shape", value, _between(*ends))


def _between(least: float, most: float) -> str:
    if math.isinf(most):
        return f"{_shown(least)} or more"
    return f"{_shown(most)} or less" if math.isinf(least) else f"{_shown(least)} to {_shown(most)}"


def _chances(row: Any) -> Iterator[Finding]:
    if (row.shape == "discrete") != bool(row.chances):
        column, expected = ("chances", "60/30/10") if row.shape else ("shape", "discrete")
        value = f"shape {row.shape or 'blank'} and chances {row.chances or 'blank'}"
        yield row.place.finding("BCF727", column, value, expected)
    elif row.chances and sum(chances_of(row.chances) or ()) != IN_ALL:
        yield row.place.finding("BCF728", "chances", repr(row.chances), "60/30/10")


def correlations(plan: CheckedPlan) -> Iterator[Finding]:
    """Correlations are between assumptions that are drawn, each stated once (BCF721, 741, 742)."""
    frame, assumptions = plan.tables["correlations"], plan.tables["assumptions"]
    drawn = [*dict.fromkeys(assumptions.loc[assumptions["ranged"], "assumption"])]
    in_order = [sorted((row.first, row.second)) for row in records(frame)]
    pairs = frame.assign(
        one=[first for first, _ in in_order], other=[second for _, second in in_order]
    )
    yield from twice(pairs, ("one", "other"), "second")
    for row in records(frame):
        if not -MILLIONTHS <= row.correlation <= MILLIONTHS:
            yield row.place.finding("BCF741", "correlation", _shown(row.correlation), "-1 to 1")
        for column in ("first", "second"):
            if (name := getattr(row, column)) not in drawn:
                said = one_of(drawn, name) if drawn else "assumptions with a range"
                yield row.place.finding("BCF742", column, repr(name), said)
        if row.first == row.second:
            yield row.place.finding("BCF742", "second", repr(row.second), "another assumption")


def correlations_possible(plan: CheckedPlan) -> Iterator[Finding]:
    """There are variables that have all these correlations (BCF743)."""
    frame = plan.tables["correlations"]
    if not len(frame) or [*correlations(plan)]:
        return
    assumptions = plan.tables["assumptions"]
    drawn = held(assumptions[assumptions["ranged"].astype(bool)])
    rows = [(name, years) for (name, _), years in drawn.items()]
    sizes, directions = np.linalg.eigh(square_of(rows, frame))
    if float(sizes[0]) < NEARLY_NIL:
        tied = [rows[k] for k in np.flatnonzero(np.abs(directions[:, 0]) > TIED)]
        value = f"those between {', '.join(_with_years(*one) for one in tied)}"
        row, expected = _could_be(rows, frame, {name for name, _ in tied})
        yield row.place.finding("BCF743", "correlation", value, expected)


def _with_years(name: str, years: Sequence[str]) -> str:
    return f"{name} ({', '.join(years)})" if all(years) else name


def _could_be(
    rows: Sequence[tuple[str, Sequence[str]]], frame: pd.DataFrame, tied: Collection[str]
) -> tuple[Any, str]:
    """Find a correlation that could stand beside the others with another value, the last first.

    Returns:
        Its row, and what it could be, to two decimals; the last row and nothing where changing one
        alone would not do.
    """
    tried = np.arange(-100, 101) / 100
    for i, row in reversed([*enumerate(records(frame))]):
        if {row.first, row.second} <= set(tied):
            alone = frame.iloc[[i]].assign(correlation=MILLIONTHS)
            others = square_of(rows, frame.drop(index=frame.index[i]))
            moved = square_of(rows, alone) - np.eye(len(rows))
            least = np.linalg.eigvalsh(others + tried[:, None, None] * moved)[:, 0]
            good = tried[least >= NEARLY_NIL]
            if len(good):
                return row, f"{good[0]:g} to {good[-1]:g} here, with the others as they are"
    return next(records(frame.iloc[-1:])), ""


def _shown(millionths: float) -> str:
    return f"{millionths / MILLIONTHS:g}"


CHECKS: Final[tuple[Check[CheckedPlan], ...]] = (
    ranges,
    correlations,
    correlations_possible,
)

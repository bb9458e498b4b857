"""What cannot be right, told: alone against the engine, and together against the rest."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from bcf_model.audit.joint import Consistency
from bcf_model.audit.observations import (
    HIGH,
    Number,
    Observation,
    between,
    ends_written,
    finely,
    outside,
    telling_apart,
    where,
)
from bcf_model.audit.slips import transposition, unit_slip
from bcf_model.audit.smallest import Conflict
from bcf_model.core.tables import records
from bcf_model.core.words import series

AGREES, WITHIN, WRONG = "agrees", "agrees within rounding", "cannot be right"
NOT_COMPARABLE = "not comparable"
CONSISTENT, NOT_TESTED = "consistent", "not tested"
MUST_BE_WRONG, MAY_BE_WRONG = "must be wrong", "may be wrong"

_MOST_NAMED: Final = 12


def alone(places: Mapping[int, Any], rows: list[Any]) -> Iterator[Observation]:
    """Return of each printed figure that lies outside what the engine allows by how far it does.

    Args:
        places: by row, the row of `published.compare` with the verdict `WRONG`.
        rows: the printed figures.
    """
    for place, found in places.items():
        row = rows[place]
        said = (
            f"{where(row)} prints {row.printed}. Computed from the lines of the pool it is "
            f"{finely(row, found.computed)[0]}; with every rounded amount taken as the interval "
            f"it stands for, {_ends(found, row)}. Printed, it is {_beyond(found, row)} beyond that."
        )
        yield Observation(
            "re-performance", HIGH, (place,), said, lowest=found.lowest, highest=found.highest
        )


def _ends(found: Any, row: Any) -> str:
    low, high = ends_written(row, found.lowest, found.highest)
    return f"a print of it lies between {low} and {high}"


def _beyond(found: Any, row: Any) -> str:
    points = " percentage points" if row.unit == "percent" else ""
    [text] = finely(row, abs(found.distance))
    return text.removesuffix("%") + points


def together(
    consistency: Consistency,
    rows: list[Any],
    computed: Mapping[int, Any],
    *,
    by_lines: bool = False,
) -> Iterator[Observation]:
    """Return the figures in conflict, which of them must be wrong, and what they could be.

    Args:
        consistency: of `joint.consistency`.
        rows: the printed figures.
        computed: by row, what the engine computes, in the printed unit, and between which ends the
            rounding of its lines leaves a print of it: the row of `published.compare`.
        by_lines: whether the ends rest on lines of the pool that the paper does not print.
    """
    rests_on = "the pool's lines and " * by_lines + "all other printed figures"
    for at, conflict in enumerate(consistency.conflicts):
        name = f"J{at + 1}"
        several = len(conflict.choices) > 1 or not conflict.smallest
        if several:
            yield _as_a_whole(conflict, name, rows)
        for number, choice in enumerate(conflict.choices):
            for place in sorted(choice):
                said = _one(place, choice, conflict, rows, several)
                low, high = consistency.ranges.get((at, number, place), (None, None))
                if (at, number, place) in consistency.ranges:
                    said += f" {_must_be(low, high, rows[place], computed.get(place), rests_on)}"
                else:
                    said += " What it must be is beyond the reach of the arithmetic used."
                of = f"{number + 1} of {len(conflict.choices)}" if several else ""
                yield Observation("joint consistency", HIGH, (place,), said, name, of, low, high)


def _must_be(low: Number | None, high: Number | None, row: Any, found: Any, rests_on: str) -> str:
    """Return what a figure must be by all others, and by the engine; where it is outside, why."""
    by = f"By {rests_on}"
    if slip := unit_slip(row, low, high):
        return f"{by} {between(low, high, row, advised=False)}. {slip}"
    if slip := transposition(row, low, high):
        return f"{by} {between(low, high, row)}. {slip}"
    if found is None:
        return f"{by} {between(low, high, row)}."
    if not outside(found.computed, low, high):
        own = finely(row, found.computed)[0]
        return f"{by} {between(low, high, row)}. The engine computes {own}."
    finer = telling_apart(found.computed, low, high, row)
    half = float(Fraction(1, 2) / 10**row.decimals)
    # Of what the rounding of its lines leaves, a print may be half a step away.
    least, most = found.lowest + half, found.highest - half
    beyond = outside(most, low, None) or outside(least, None, high)
    why = (
        "by more than rounding explains: the lines of the pool do not agree with the other printed "
        "figures"
        if beyond
        else "because it adds up lines that were rounded before: the ends are what "
        f"{rests_on} together allow of the amounts before rounding"
    )
    return (
        f"{by} {between(low, high, row, finer)}. The engine computes "
        f"{finely(row, found.computed, finer=finer)[0]}, outside these ends {why}."
    )


def _one(
    place: int, choice: frozenset[int], conflict: Conflict, rows: list[Any], several: bool
) -> str:
    row = rows[place]
    if several:
        own = _list_of_figures(sorted(choice), rows)
        are = "are the figures that are" if len(choice) > 1 else "is the figure that is"
        return f"If {own} {are} wrong: {where(row)} prints {row.printed}."
    proof = min((p for p in conflict.proofs if place in p), key=lambda p: (len(p), sorted(p)))
    others = sorted(proof - {place})
    beside = _list_of_figures(others, rows, with_print=True)
    against = f"It contradicts {beside}." if others else "It contradicts the lines it is made of."
    return f"{where(row)} prints {row.printed}, which cannot be right. {against}"


def _as_a_whole(conflict: Conflict, name: str, rows: list[Any]) -> Observation:
    figures = sorted(frozenset[int]().union(*conflict.proofs))
    size, count = len(conflict.choices[0]), len(conflict.choices)
    least = "At least one of them is" if size == 1 else f"At least {size} of them are"
    listed = "; ".join(
        _list_of_figures(sorted(choice), rows) for choice in conflict.choices[:_MOST_NAMED]
    )
    beyond = f"; and others, which {name} lists" if count > _MOST_NAMED else ""
    if not conflict.smallest:
        would = (
            "One wrong figure would explain it; whether another would too,"
            if size == 1
            else f"{size} wrong figures would explain it; whether fewer would,"
        )
        rest = f"{would} was not settled within the number of contradictions the search allows."
    else:
        more = "" if conflict.complete else "at least "
        rest = f"{least} wrong, and {more}{count} choices are equally small: {listed}{beyond}."
    said = f"{_list_of_figures(figures, rows)} cannot all be right. {rest}"
    return Observation("joint consistency", HIGH, tuple(figures), said, name)


def _list_of_figures(places: list[int], rows: list[Any], with_print: bool = False) -> str:
    names = [
        rows[place].published_id + (f" [{rows[place].printed}]" if with_print else "")
        for place in places
    ]
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"
    return series(names)


def verdicts_together(consistency: Consistency, count: int) -> tuple[list[str], list[str]]:
    """Return what the paper as a whole says of each printed figure, and in which conflict."""
    said, names = [CONSISTENT] * count, [""] * count
    for place in consistency.untested:
        said[place] = NOT_TESTED
    for at, conflict in enumerate(consistency.conflicts):
        sure = frozenset.intersection(*conflict.choices) if conflict.complete else frozenset()
        for place in frozenset[int]().union(*conflict.proofs):
            # A figure of a proof that no smallest choice names is cleared by the others.
            named = any(place in choice for choice in conflict.choices)
            named = named or (conflict.smallest and not conflict.complete)
            if named:
                said[place] = MUST_BE_WRONG if place in sure else MAY_BE_WRONG
                names[place] = f"J{at + 1}"
    return said, names


def with_distance(compared: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    """Add to each comparison by how much the printed number lies beyond what it may be.

    Args:
        compared: `tables.PublishedOut`.
        words: the audit's word for each verdict of the comparison.
    """
    distance = [
        max(0.0, row.lowest - printed, printed - row.highest)
        for row in records(compared)
        for printed in [row.computed + row.difference]
    ]
    said = compared["verdict"].map(dict(words)).astype("str")
    return compared.assign(distance=pd.Series(distance, dtype="float64").round(6), verdict=said)

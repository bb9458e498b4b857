"""What an auditor writes down: one observation, and the words for printed numbers in it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil, floor
from typing import Any, Final

from bcf_model.core.money import rounded
from bcf_model.core.printed_numbers import scale
from bcf_model.core.sources import without_place

HIGH, MEDIUM, LOW = "high", "medium", "low"
SEVERITIES: Final = {
    HIGH: "A printed figure cannot be right",
    MEDIUM: "Two values or two signs for one thing: to be explained",
    LOW: "Right, or not shown to be wrong, but open to misreading",
}
KINDS: Final = {
    "re-performance": "The printed figure against the computed one",
    "joint consistency": "All printed figures of the paper together",
    "cross-table": "The same thing printed in two tables",
    "across papers": "What several papers print of one subject",
    "presentation": "How figures are shown",
}

_SIGNS: Final = {
    "pounds": ("£", ""),
    "millions": ("£", "m"),
    "billions": ("£", "bn"),
    "percent": ("", "%"),
    "days": ("", " days"),
    "per 100,000": ("", " per 100,000"),
    "pounds each": ("£", ""),
}
"""Before and behind a number in its unit."""
_FINER: Final = 3
"""Decimals beyond those printed, in which the ends of a range are told."""
_EXACT: Final = 6
"""Decimals in which the ends of a range are kept."""
_SAME: Final = Fraction(3, 2 * 10**6)
"""Two numbers, each rounded to six decimals, that are no further apart may be one."""

Number = Fraction | float


@dataclass(frozen=True)
class Observation:
    """One thing an auditor would write down.

    Attributes:
        kind: a key of `KINDS`; severity: a key of `SEVERITIES`.
        places: the printed figures it is about, by their rows.
        sentence: what is to be said, complete in itself.
        conflict: the conflict it belongs to, such as J1; "" when none.
        choice: which of several equally small explanations, such as "1 of 3".
        lowest, highest: what the one figure must lie between, in its printed unit.
    """

    kind: str
    severity: str
    places: tuple[int, ...]
    sentence: str
    conflict: str = ""
    choice: str = ""
    lowest: Number | None = None
    highest: Number | None = None


def table_of(source: str) -> str:
    """Return the table a printed figure stands in: its source without the row.

    >>> table_of("para 6.4 table row 12"), table_of("para 6.1")
    ('para 6.4 table', 'para 6.1')
    """
    placed = without_place(source.strip())
    return re.sub(r"[,;:]?\s*\brow\s+\S+$", "", placed, flags=re.I) or source


def in_text(row: Any) -> bool:
    """Return whether a number is printed in running text, where words may carry its sign."""
    return str(row.column).strip().casefold() == "text"


def where(row: Any) -> str:
    """Return where a printed number stands.

    The code comes first: it is how the tables of the audit refer to it.
    """
    column = "" if in_text(row) else f", {row.column}"
    return f"{row.published_id} ({row.source}: {row.label}{column})"


def written(
    number: Number, row: Any, finer: int = 0, to_whole: Callable[[Fraction], Any] = rounded
) -> str:
    """Write a number in the unit and the decimals a figure is printed in, brackets below nil.

    Args:
        number: in the printed unit.
        row: the printed figure.
        finer: decimals beyond those printed.
        to_whole: how what lies between two of these decimals is rounded.
    """
    places = row.decimals + finer
    scaled = Fraction(to_whole(Fraction(number) * 10**places))
    digits = int(abs(scaled))
    whole, rest = divmod(digits, 10**places)
    decimals = f"{rest:0{places}d}" if places else ""
    text = f"{whole:,}" + (f".{decimals}" if decimals else "")
    before, after = _SIGNS.get(row.unit, ("", ""))
    text = f"{before}{text}{after}"
    return f"({text})" if scaled < 0 and digits else text


def between(
    low: Number | None, high: Number | None, row: Any, finer: int = _FINER, *, advised: bool = True
) -> str:
    """Return between which ends a figure must lie, and what could be printed of it.

    Args:
        low: one end, in the printed unit; None where there is none.
        high: the other end.
        row: the printed figure.
        finer: decimals beyond those printed, at most.
        advised: whether to say what should be printed in its place.
    """
    if low is None and high is None:
        return "nothing else printed limits it"
    ends = ends_written(row, low, high, finer=finer)
    if low is None or high is None:
        return f"it must be {'at most' if low is None else 'at least'} {ends[0]}"
    said = ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
    plain = advised and not (row.rounded or row.rounded_to)
    prints = could_print(low, high, row.decimals) if plain else None
    should = f", and should be printed {written(prints, row)}" if prints is not None else ""
    return f"it must be {said}{should}"


def finely(row: Any, *numbers: Number, finer: int = _FINER) -> list[str]:
    """Write numbers with as few decimals as all of them need, `finer` beyond those printed at most.

    All have as many, and no fewer than are printed.
    """
    more = _needed(row, numbers, finer)
    return [written(number, row, more) for number in numbers]


def ends_written(
    row: Any, low: Number | None, high: Number | None, *, finer: int = _FINER
) -> list[str]:
    """Write the ends of a range as `finely` does, the lower rounded down and the upper up.

    What is printed then holds all that the range holds.
    """
    ends = [
        (rounded(Fraction(end), _EXACT), way)
        for end, way in ((low, floor), (high, ceil))
        if end is not None
    ]
    more = _needed(row, [end for end, _ in ends], finer)
    return [written(end, row, more, way) for end, way in ends]


def _needed(row: Any, numbers: Sequence[Number], finer: int) -> int:
    """Count the decimals beyond those printed that numbers need, of `finer`."""
    decimals: int = row.decimals
    return max(0, *(_places(number, decimals + finer) - decimals for number in numbers))


def outside(number: Number, low: Number | None, high: Number | None) -> bool:
    """Return whether a number lies beyond one of two ends, all three rounded to six decimals."""
    exact = Fraction(number)
    below = low is not None and Fraction(low) - exact > _SAME
    return below or (high is not None and exact - Fraction(high) > _SAME)


def telling_apart(number: Number, low: Number | None, high: Number | None, row: Any) -> int:
    """Return the decimals beyond those printed that show a number to be outside two ends, as it is.

    Three at least, as elsewhere.
    """
    ends = [end for end in (low, high) if end is not None]
    return next(
        finer
        for finer in count(_FINER)
        if all(written(end, row, finer) != written(number, row, finer) for end in ends)
    )


def _places(number: Number, most: int) -> int:
    """Count the decimals a number needs, of `most`."""
    digits = f"{round(abs(Fraction(number)) * 10**most):0{most}d}"
    return len(digits[len(digits) - most :].rstrip("0"))


def could_print(low: Number, high: Number, decimals: int) -> Fraction | None:
    """Compute the one number that can have been printed of all there is between two ends, if one.

    Ends come to six decimals: what is beyond them by no more is taken to be on them.
    """
    scale, slack = 10**decimals, Fraction(1, 10**6)
    ends = Fraction(low) + slack, Fraction(high) - slack
    least, most = (floor(end * scale + Fraction(1, 2)) for end in ends)
    return Fraction(least, scale) if least == most else None


def pounds_written(pence: Fraction, unit: str) -> str:
    """Write an amount in a unit, with its sign: a difference.

    >>> pounds_written(Fraction(-255_00000), "thousands")
    '−255'
    """
    amount = pence / scale(unit)
    text = f"{float(abs(amount)):,.6f}".rstrip("0").rstrip(".")
    return f"{'−' if amount < 0 else '+' if amount > 0 else ''}{text}"

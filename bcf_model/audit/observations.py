"""What an auditor writes down: one observation, and the words for printed numbers in it."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from bcf_model.vocabulary import UNITS

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
    "presentation": "How figures are shown",
}

_FINER: Final = 3
"""Decimals beyond those printed, in which the ends of a range are told."""


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
    lowest: float | None = None
    highest: float | None = None


def table_of(source: str) -> str:
    """Give the table a printed figure stands in: its source without the row.

    >>> table_of("para 6.4 table row 12"), table_of("para 6.1")
    ('para 6.4 table', 'para 6.1')
    """
    return re.sub(r"[,;:]?\s*\brow\s+\S+$", "", source.strip(), flags=re.I) or source


def in_text(row: Any) -> bool:
    """Say whether a number is printed in running text, where words may carry its sign."""
    return str(row.column).strip().casefold() == "text"


def where(row: Any) -> str:
    """Say where a printed number stands.

    The code comes first: it is how the tables of the audit refer to it.
    """
    column = "" if in_text(row) else f", {row.column}"
    return f"{row.published_id} ({row.source}: {row.label}{column})"


def written(number: Fraction | float, row: Any, finer: int = 0) -> str:
    """Write a number in the unit and the decimals a figure is printed in, brackets below nil.

    Args:
        number: in the printed unit.
        row: the printed figure.
        finer: decimals beyond those printed.
    """
    places = row.decimals + finer
    scaled = Fraction(number) * 10**places
    digits = int(abs(scaled) + Fraction(1, 2))  # half away from zero
    whole, rest = divmod(digits, 10**places)
    decimals = f"{rest:0{places}d}" if places else ""
    text = f"{whole:,}" + (f".{decimals}" if decimals else "")
    before, after = {"percent": ("", "%"), "millions": ("£", "m"), "thousands": ("", "")}.get(
        row.unit, ("£", "")
    )
    text = f"{before}{text}{after}"
    return f"({text})" if scaled < 0 and digits else text


def between(low: float | None, high: float | None, row: Any) -> str:
    """Say between which ends a figure must lie, and what could be printed of it."""
    if low is None and high is None:
        return "nothing else printed limits it"
    if low is None or high is None:
        end, said = (high, "at most") if low is None else (low, "at least")
        assert end is not None
        return f"it must be {said} {finely(row, end)[0]}"
    ends = finely(row, low, high)
    said = ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"
    prints = could_print(low, high, row.decimals)
    should = f", and should be printed {written(prints, row)}" if prints is not None else ""
    return f"it must be {said}{should}"


def finely(row: Any, *numbers: float) -> list[str]:
    """Write numbers with up to three decimals more than are printed, all with as many."""
    finer = next(
        fine
        for fine in range(_FINER + 1)
        if fine == _FINER or all(_places(n, row.decimals + _FINER) <= row.decimals + fine
                                 for n in numbers)
    )  # fmt: skip
    return [written(number, row, finer) for number in numbers]


def _places(number: float, most: int) -> int:
    """Count the decimals a number needs, of `most`."""
    return len(f"{number:.{most}f}".rstrip("0").partition(".")[2])


def could_print(low: float, high: float, decimals: int) -> Fraction | None:
    """Give the one number that can have been printed of all there is between two ends, if one."""
    scale = 10**decimals
    least, most = (math.floor(end * scale + 0.5) for end in (low + 1e-6, high - 1e-6))
    return Fraction(least, scale) if least >= most else None


def pounds_written(pence: Fraction, unit: str) -> str:
    """Write an amount in a unit, with its sign: a difference.

    >>> pounds_written(Fraction(-255_00000), "thousands")
    '−255'
    """
    amount = pence / UNITS[unit]
    text = f"{float(abs(amount)):,.6f}".rstrip("0").rstrip(".")
    return f"{'−' if amount < 0 else '+' if amount > 0 else ''}{text}"

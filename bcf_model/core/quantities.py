"""How a quantity is worked out of other figures, written with spaces around the sign.

``a + b - c`` is a sum, ``a / b`` a base or a percentage, ``a * b`` a part. A number of people or
days by a rate of them has a base too.
"""

import re
from typing import Final

from bcf_model.core.errors import UnknownFigure
from bcf_model.core.figures import Figure
from bcf_model.core.printed_numbers import MONEY

_SIGNED: Final = re.compile(r"\s+([+\-*/])\s+")
SUMS: Final = frozenset("+-")
MONEY_KIND: Final = "money"
PERCENT: Final = "percent"
_COUNTED: Final = ("count", "days")
_OF_TWO: Final[dict[tuple[str, ...], str]] = {
    signs: comes_to
    for amount in (MONEY_KIND, *_COUNTED)
    for signs, comes_to in {
        ("/", amount, PERCENT): amount,
        ("/", amount, amount): PERCENT,
        ("*", amount, PERCENT): amount,
        ("*", PERCENT, amount): amount,
        ("/", amount, "per 100,000"): amount,
    }.items()
    if amount in _COUNTED or signs[2] != "per 100,000"
}

Parts = list[tuple[str, str]]
"""Figures, each with the sign before it; the first has a plus."""


def kind_of(unit: str) -> str:
    """Return what a printed number is a number of: money, or its unit."""
    return MONEY_KIND if unit in MONEY else unit


def parts_of(text: str) -> Parts:
    """Read what a quantity is worked out of; nothing of a blank text.

    Raises:
        UnknownFigure: a figure in it cannot be read.

    >>> parts_of("stated/a + stated/b")
    [('+', 'stated/a'), ('+', 'stated/b')]
    """
    if not text.strip():
        return []
    first, *rest = _SIGNED.split(text.strip())
    signed = zip(("+", *rest[::2]), (first, *rest[1::2]), strict=True)
    return [(sign, str(Figure.parse(figure))) for sign, figure in signed]


def kind_worked(parts: Parts, kinds: list[str]) -> str:
    """Return what comes of the parts of a quantity: money, percent or a unit.

    Args:
        parts: of `parts_of`; at least one.
        kinds: of each part.

    Raises:
        UnknownFigure: that cannot be worked out; the text says what could.
    """
    if SUMS.issuperset(sign for sign, _ in parts) and len(set(kinds)) == 1:
        return kinds[0]
    found = _OF_TWO.get((parts[-1][0], *kinds), "")
    if not found:
        message = f"amounts of one kind to add up, or two to divide: not {' and '.join(kinds)}"
        raise UnknownFigure(message)
    return found

"""Numbers as papers print them: units, words, dashes, footnote marks, and how they were rounded."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from bcf_model.core.money import NotMoney, read_number
from bcf_model.core.words import DOWN, UNITS

LARGEST_PRINTED: Final = 10**14
"""Beyond it a number is no amount of a pool, in pence or otherwise."""
LONGEST_PRINTED: Final = 200
"""Characters of a print, with its words and marks: its patterns look at them many times."""

MONEY: Final = {**UNITS, "billions": 10**11}
"""Pence in one unit of a printed amount."""

RATES: Final = {
    "percent": Fraction(1),
    "per 100,000": Fraction(1, 1000),
    "each": Fraction(100),
    "pounds each": Fraction(100 * 100),
}
"""Per cent in one unit of what is printed of one thing divided by another; amounts are in pence."""

_WITH_PENCE: Final = {*MONEY, "pounds each"}
_WORDS: Final = {
    unit: re.compile(rf"\s*(?:{words})(?=\)?$)", re.IGNORECASE)
    for unit, words in {
        "percent": r"%|per ?cent",
        "thousands": r"k|thousands?",
        "millions": r"m|mn|millions?",
        "billions": r"bn|b|billions?",
        "days": r"days?",
        "per 100,000": r"per 100,?000",
    }.items()
}
_POUNDS: Final = re.compile(r"£|\b[CD]R$", re.IGNORECASE)
_MARKS: Final = re.compile(r"[*†‡§¶#¹²³⁴-⁹]+(?=\)?$)")
_NIL: Final = {"-", "–", "—", "nil"}
_ABOUT: Final = re.compile(
    r"(?:just |well )?(?:about|around|approximately|approx\.?|circa|ca?\.|roughly|some|nearly"
    r"|almost|over|under|more than|less than|up to|at least|at most|in the region of)\s*(?=[£\d(])"
    r"|[~≈<>≤≥c]\s*(?=[£\d])",
    re.IGNORECASE,
)
"""Words and signs before a number that say that it is rough; how rough, they do not say."""


class Print(NamedTuple):
    """A number as printed, read.

    Attributes:
        number: in the unit it is printed in.
        places: decimals it is printed with; None for a dash or "nil", which has none to count.
        about: the word that says how rough it is, such as "around"; "" where none does.
    """

    number: Decimal
    places: int | None
    about: str = ""


def parse_print(text: str, unit: str) -> Print:
    """Read a number as printed in a paper, in the unit it is printed in.

    A dash and "nil" are nil. The unit may stand behind the number, as a sign or a word; marks of
    footnotes behind it and a plus before it are left out.

    Raises:
        NotMoney: it cannot be read, names another unit, is beyond £1 trillion in pence, or longer
            than any print.

    >>> parse_print("(6%)", "percent"), parse_print("£13.7 million", "millions").number
    (Print(number=Decimal('-6'), places=0, about=''), Decimal('13.7'))
    >>> parse_print("around £600,000", "pounds").about, parse_print("1,204*", "count").number
    ('around', Decimal('1204'))
    """
    bare = text.strip()
    if len(bare) > LONGEST_PRINTED:
        raise NotMoney(reason="text")
    rough = _ABOUT.match(bare)
    bare = _MARKS.sub("", bare[rough.end() :] if rough else bare).strip()
    if unit in _WORDS:
        bare = _WORDS[unit].sub("", bare)
    if bare.removeprefix("£").strip().lower() in _NIL:
        return Print(Decimal(0), None)
    if bare[:1] == "+":  # a sign too many after it is refused below
        bare = bare[1:] if bare[1:2] not in {"+", "-", "−", "("} else bare
    if unit not in _WITH_PENCE and _POUNDS.search(bare):
        raise NotMoney(reason="text")  # an amount; brackets are how a paper prints a minus
    number = read_number(bare)
    if abs(number) > LARGEST_PRINTED:
        raise NotMoney(reason="large")
    places = -int(number.as_tuple().exponent)
    return Print(number, places, rough[0].strip() if rough else "")


def expected_print(text: str, unit: str) -> str:
    """Return what a print that cannot be read should be, and the one unit in which it can be read.

    >>> expected_print("£13.7 million", "pounds"), expected_print("lots", "pounds")
    ('a number in pounds; in millions it is one', 'a number in pounds')
    """
    others = [other for other in _WORDS if other != unit and _reads(text, other)]
    return f"a number in {unit}" + (f"; in {others[0]} it is one" if len(others) == 1 else "")


def _reads(text: str, unit: str) -> bool:
    try:
        parse_print(text, unit)
    except NotMoney:
        return False
    return True


def scale(unit: str) -> Fraction:
    """Return what one unit of a print is: pence of an amount, per cent of a rate, or itself."""
    return RATES.get(unit, Fraction(MONEY.get(unit, 1)))


def ends(
    text: str, unit: str, decimals: int, rounded: str = "", to: str = ""
) -> tuple[Fraction, Fraction]:
    """Compute what a printed number may have been rounded from, in its unit, ends included.

    Args:
        text: as printed.
        unit: it is printed in.
        decimals: it is printed with.
        rounded: how, a key of `words.ROUNDINGS`; blank: to the nearest, a half either way.
        to: what it was rounded to, in its unit, where that is coarser than its last digit.

    Raises:
        NotMoney: the number, or what it was rounded to, cannot be read.
    """
    number = Fraction(parse_print(text, unit).number)
    step = Fraction(parse_print(to, unit).number) if to else Fraction(1, 10**decimals)
    if rounded != DOWN:
        return number - step / 2, number + step / 2
    return number - step * (number <= 0), number + step * (number >= 0)

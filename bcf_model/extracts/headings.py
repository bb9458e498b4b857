"""What a heading says: the part its column plays, and the unit, year or month it names.

The words are data, `headings.csv`. A heading is known where it is one of them, one of them with
nothing but qualifiers around it, or a slip of one; never because it contains one.
"""

import re
from difflib import SequenceMatcher
from functools import cache
from typing import Final, NamedTuple

from bcf_model.core.package_files import rows_of

_ROWS: Final = rows_of("bcf_model.extracts", "headings.csv")
NAMES: Final = {row["name"]: row["role"] for row in reversed(_ROWS) if row["role"] != "qualifier"}
"""The part each known heading plays."""
_QUALIFIERS: Final = sorted(
    (row["name"] for row in _ROWS if row["role"] == "qualifier"), key=len, reverse=True
)
SPENT: Final = ("amount", "actual", "ytd", "net", "gross", "income", "debit", "credit")
"""Columns that may say what was spent."""
STANDS_BESIDE: Final = ("budget", "forecast", "variance", "vat", "balance", "commitment")
"""Columns of money that never do by themselves."""
MONEY: Final = frozenset((*SPENT, *STANDS_BESIDE, "month"))
_LEAST_RATIO: Final = 0.9
_SHORTEST_SLIP: Final = 7
_MONTHS: Final = (
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "jan",
    "feb",
    "mar",
)
_MONTH_NAMES: Final = {
    name: number
    for number, short in enumerate(_MONTHS, 1)
    for name in (
        short,
        {"apr": "april", "jun": "june", "jul": "july", "aug": "august", "sep": "september",
         "oct": "october", "nov": "november", "dec": "december", "jan": "january",
         "feb": "february", "mar": "march"}.get(short, short),
        "sept" if short == "sep" else short,
    )
}  # fmt: skip
_UNITS: Final = (
    (
        "thousands",
        re.compile(
            r"(?:£\s*|(?<![\d,.\w]))[',’]?000(?:['’]?s)?(?![\d,.])|£\s*k\b|\bin thousands\b|"
            r"^\W*thousands\W*$|£ thousand", re.I,
        ),
    ),
    ("millions", re.compile(r"£\s*m\b|£ ?million|\bin millions\b", re.I)),
    ("pounds", re.compile(r"£|\bGBP\b|\bin pounds\b", re.I)),
)  # fmt: skip
_CURRENCY: Final = re.compile(r"[$€¥]|\b(?:USD|EUR|dollars?|euros?)\b", re.I)
_YEAR: Final = re.compile(r"\b((?:19|20)\d\d)\s*[-/–]\s*(?:20)?(\d\d)\b")
_DATE: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](?:\d\d)?(\d\d)")
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-\d\d(?:[ T].*)?")


class Meaning(NamedTuple):
    """What a heading says.

    Attributes:
        role: the part its column plays; "" where it is not known.
        period: the month it names, 1 being April; 0 where none.
        year: the financial year it names, such as 2024-25.
    """

    role: str = ""
    period: int = 0
    year: str = ""


@cache
def meaning(text: str) -> Meaning:
    """Return what a heading says.

    >>> meaning("Costc").role, meaning("Outturn 2024/25 £000"), meaning("M09").period
    ('cost_centre', Meaning(role='actual', period=0, year='2024-25'), 9)
    """
    year = year_named(text)
    period, month_year = month_of(text)
    if period:
        return Meaning("month", period, month_year or year)
    return Meaning(_role(_plain(text)), 0, year)


def year_named(text: str) -> str:
    """Return the financial year a text names; "" where it names none."""
    found = _YEAR.search(text)
    if found and (int(found[1]) + 1) % 100 == int(found[2]):
        return f"{found[1]}-{found[2]}"
    return ""


def unit_named(text: str) -> str:
    """Return the unit a text names; "" where it names none.

    >>> unit_named("£'000 unless stated"), unit_named("Budget (£m)"), unit_named("Actual £")
    ('thousands', 'millions', 'pounds')
    """
    return next((unit for unit, named in _UNITS if named.search(text)), "")


def currency_named(text: str) -> str:
    """Return a currency other than pounds that a text names; "" where it names none."""
    found = _CURRENCY.search(text)
    return found[0] if found else ""


@cache
def month_of(text: str) -> tuple[int, str]:
    """Return the month a text is, 1 being April, and its financial year; 0 where it is none.

    >>> month_of("Apr-24"), month_of("P13"), month_of("31/03/2025"), month_of("M9 f/cast")
    ((1, '2024-25'), (13, ''), (12, '2024-25'), (0, ''))
    """
    said = text.strip().lower()
    if found := re.fullmatch(r"(?:p|m|mth|month|period|per)[ .]?(\d{1,2})(?: actuals?)?", said):
        number = int(found[1])
        return (number, "") if 1 <= number <= _LAST_PERIOD else (0, "")
    if found := re.fullmatch(r"([a-z]+)\.?(?:[ \-/']*(?:20)?(\d\d))?(?: actuals?)?", said):
        number = _MONTH_NAMES.get(found[1], 0)
        return (number, _year_of(number, found[2])) if number else (0, "")
    if found := _DATE.fullmatch(said):
        month, year = int(found[2]), found[3]
    elif found := _ISO.fullmatch(said):
        month, year = int(found[2]), found[1][2:]
    else:
        return 0, ""
    if not 1 <= month <= len(_MONTHS):
        return 0, ""
    number = (month - 4) % 12 + 1
    return number, _year_of(number, year)


_LAST_PERIOD: Final = 13
_LAST_OF_CALENDAR_YEAR: Final = 9


def _year_of(period: int, two_digits: str | None) -> str:
    """Return the financial year of a month of a calendar year, of which two digits are known."""
    if two_digits is None:
        return ""
    begins = 2000 + int(two_digits) - (period > _LAST_OF_CALENDAR_YEAR)
    return f"{begins}-{(begins + 1) % 100:02}"


def _plain(text: str) -> str:
    """Return a heading in lower case without numbering, units, years and signs."""
    said = re.sub(r"^\s*\d{1,2}[.)]?\s+(?=[A-Za-z])", "", text)
    said = _YEAR.sub(" ", said.lower())
    for _, named in _UNITS:
        said = named.sub(" ", said)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", said).split())


@cache
def _role(plain: str) -> str:
    if not plain:
        return ""
    if plain in NAMES:
        return NAMES[plain]
    bare = re.sub(r" [mp]\d{1,2}(?= )", "", f" {plain} ")
    if bare.strip() in NAMES:
        return NAMES[bare.strip()]
    for word in _QUALIFIERS:
        shorter = bare.replace(f" {word} ", " ")
        if NAMES.get(shorter.strip()) in MONEY:  # "In month actual" is no month
            return NAMES[shorter.strip()]
        bare = shorter if shorter.strip() else bare
    return _slip(plain)


def _slip(plain: str) -> str:
    if len(plain) < _SHORTEST_SLIP:
        return ""
    alike = {
        role
        for name, role in NAMES.items()
        if len(name) >= _SHORTEST_SLIP
        and name[0] == plain[0]
        and abs(len(name) - len(plain)) <= 1
        and SequenceMatcher(None, name, plain).ratio() >= _LEAST_RATIO
    }
    return alike.pop() if len(alike) == 1 else ""

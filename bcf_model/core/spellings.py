"""How people write years, units and dates, and how each is written plainly.

What has two readings has none: `plain_date` leaves it as it is, and `wanted_date` names both.
"""

import re
from datetime import date
from typing import Final

_YEAR: Final = re.compile(r"((?:19|20)[0-9]{2})\s*[-/–]\s*((?:19|20)?[0-9]{2})")
_UNITS: Final = {
    "£": "pounds",
    "£000": "thousands",
    "£000s": "thousands",
    "£k": "thousands",
    "£m": "millions",
    "£million": "millions",
}
_NUMBERS: Final = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})")
_NAMED: Final = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -]([0-9]{4}|[0-9]{2})", re.I
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_CENTURY: Final = 2000
_FULL: Final = 4
"""Digits of a year that states its century."""
_EXAMPLE: Final = "a date, written as 2019-03-31"


def plain_year(text: str) -> str:
    """Return a financial year as 2018-19; any other text as it is.

    >>> plain_year("2018/19"), plain_year("2018-2019"), plain_year("2018/20")
    ('2018-19', '2018-19', '2018/20')
    """
    found = _YEAR.fullmatch(text.strip())
    if found is None:
        return text
    first, last = int(found[1]), int(found[2])
    follows = last == first + 1 if len(found[2]) == _FULL else last == (first + 1) % 100
    return f"{first}-{(first + 1) % 100:02}" if follows else text


def plain_unit(text: str) -> str:
    """Return a unit by its word; any other text as it is.

    >>> plain_unit("£'000"), plain_unit("£m"), plain_unit("Thousands"), plain_unit("days")
    ('thousands', 'millions', 'thousands', 'days')
    """
    said = re.sub(r"[\s'’]", "", text).casefold()
    return said if said in _UNITS.values() else _UNITS.get(said, text)


def plain_date(text: str, *, day_first: bool = False) -> str:
    """Return a date as 2019-03-31, its day read first; any other text, and one in doubt, as it is.

    Args:
        text: as it was typed.
        day_first: whether another date beside it shows that the day comes first.

    >>> plain_date("31/03/2019"), plain_date("31-Mar-19"), plain_date("03/04/2019")
    ('2019-03-31', '2019-03-31', '03/04/2019')
    """
    first, others = _readings(text.strip())
    return text if first is None or (others and not day_first) else first.isoformat()


def shows_day_first(text: str) -> bool:
    """Return whether a date can only be read with its day first, and is written in numbers.

    >>> shows_day_first("31/03/2019"), shows_day_first("03/04/2019"), shows_day_first("2019-03-31")
    (True, False, False)
    """
    found = _NUMBERS.fullmatch(text.strip())
    first, others = _readings(text.strip())
    return found is not None and len(found[1]) < _FULL and first is not None and not others


def wanted_date(text: str) -> str:
    """Return what a date that cannot be read should be: both of its readings, if it has two.

    >>> wanted_date("03/04/2019"), wanted_date("soon")
    ('2019-04-03 or 2019-03-04, written so', 'a date, written as 2019-03-31')
    """
    first, others = _readings(text.strip())
    if first is None or not others:
        return _EXAMPLE
    return f"{' or '.join(it.isoformat() for it in (first, *others))}, written so"


def _readings(text: str) -> tuple[date | None, list[date]]:
    """Return the reading with the day first, and any others that are a date as well."""
    if found := _NAMED.fullmatch(text):
        months = [n for n, it in enumerate(_MONTHS, 1) if it.startswith(found[2].lower())]
        return (_date(found[3], months[0], found[1]) if len(months) == 1 else None), []
    if not (found := _NUMBERS.fullmatch(text)):
        return None, []
    one, two, three = found[1], found[3], found[4]
    if len(one) == _FULL:
        return _date(one, two, three), []
    first = _date(three, two, one)
    others = [_date(three, one, two)]
    others += [_date(one, two, three)] if len(three) < _FULL else []
    return first, [it for it in dict.fromkeys(others) if it is not None and it != first]


def _date(year: str, month: str | int, day: str) -> date | None:
    """Return a date; None where there is none, or its year is of one digit or three."""
    if len(year) not in (2, _FULL):
        return None
    try:
        return date(int(year) + (0 if len(year) == _FULL else _CENTURY), int(month), int(day))
    except ValueError:
        return None

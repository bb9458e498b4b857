"""Financial years, April to March, written "2018-19"."""

import re
from datetime import date

_FORM = re.compile(r"((?:19|20)[0-9]{2})-([0-9]{2})")


def is_financial_year(text: str) -> bool:
    """Return whether text is a financial year.

    >>> is_financial_year("2018-19"), is_financial_year("2018-20"), is_financial_year("1999-00")
    (True, False, True)
    """
    found = _FORM.fullmatch(text)
    return found is not None and (int(found[1]) + 1) % 100 == int(found[2])


def spoken(year: str) -> str:
    """Write a financial year the way a paper prints it.

    >>> spoken("2018-19")
    '2018/19'
    """
    return year.replace("-", "/")


def next_year(year: str) -> str:
    """Return the financial year after one.

    >>> next_year("2018-19"), next_year("1998-99")
    ('2019-20', '1999-00')
    """
    return f"{int(year[:4]) + 1}-{(int(year[:4]) + 2) % 100:02}"


def year_before(year: str) -> str:
    """Return the financial year before one.

    >>> year_before("2018-19"), year_before("1999-00")
    ('2017-18', '1998-99')
    """
    return f"{int(year[:4]) - 1}-{year[2:4]}"


def years_from(first: str, last: str) -> tuple[str, ...]:
    """Return the financial years from one to another; none where the last is before the first.

    >>> years_from("2019-20", "2021-22")
    ('2019-20', '2020-21', '2021-22')
    """
    starts = range(int(first[:4]), int(last[:4]) + 1)
    return tuple(f"{start}-{(start + 1) % 100:02}" for start in starts)


def first_day(year: str) -> date:
    """Return the 1 April that begins a financial year.

    >>> first_day("2018-19").isoformat()
    '2018-04-01'
    """
    return date(int(year[:4]), 4, 1)


def whole_year(year: str, first: str, last: str) -> bool:
    """Return whether two days, blank for no bound, have the whole financial year between them.

    >>> whole_year("2018-19", "2017-04-01", ""), whole_year("2018-19", "2018-10-01", "")
    (True, False)
    """
    begins, ends = first_day(year).isoformat(), last_day(year).isoformat()
    return (not first or first <= begins) and (not last or last >= ends)


def within_year(year: str, first: str, last: str) -> bool:
    """Return whether two days, blank for no bound, have a part of the year between them, not all.

    >>> within_year("2018-19", "2018-10-01", ""), within_year("2018-19", "", "2018-03-31")
    (True, False)
    """
    return touches(year, first, last) and not whole_year(year, first, last)


def touches(year: str, first: str, last: str) -> bool:
    """Return whether some day of the year lies between two days, blank for no bound.

    >>> touches("2018-19", "2018-10-01", ""), touches("2018-19", "2019-04-01", "")
    (True, False)
    """
    begins, ends = first_day(year).isoformat(), last_day(year).isoformat()
    return (not first or first <= ends) and (not last or last >= begins)


def last_day(year: str) -> date:
    """Return the 31 March that ends a financial year.

    >>> last_day("2018-19").isoformat()
    '2019-03-31'
    """
    return date(int(year[:4]) + 1, 3, 31)

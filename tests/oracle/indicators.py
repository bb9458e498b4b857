"""Indicators a second time, slowly, from docs/method.md: dictionaries in, dictionaries out.

Written apart from the engine: numbers are decimals of a hundred digits, each thing is asked for by
its words, and nothing is kept. Of counts, month by month; what is not known is None.
"""

from decimal import ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 100
Said = dict[tuple[str, str], str]


def to_places(number: Decimal, places: int) -> Decimal:
    """Round half away from zero."""
    size = abs(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return size if number >= 0 else -size


def to_date(said: Said, basis: str, apportioned: str, series: str, month: int) -> Decimal | None:
    """Return what a count comes to in the year to the end of a month."""
    if basis != "month" and (series, f"month {month}") in said:
        return number(said, series, f"month {month}")
    if (series, "year") in said and (month == 12 or (basis == "rolling 12" and series == "target")):
        return number(said, series, "year")
    if series == "target" and apportioned and (series, f"month {month}") not in said:
        return shared_out(said, basis, apportioned, month)
    if basis != "month":
        return None
    total = Decimal(0)
    for each in range(1, month + 1):
        one = number(said, series, f"month {each}")
        if one is None:
            return None
        total += one
    return total


def shared_out(said: Said, basis: str, apportioned: str, month: int) -> Decimal | None:
    """Return the target to a month: its part of the year's, rounded."""
    whole = number(said, "target", "year")
    weights = []
    for each in range(1, 13):
        if apportioned == "evenly":
            weights.append(Decimal(1))
        elif apportioned == "by weights":
            weights.append(number(said, "weight", f"month {each}"))
        else:
            weights.append(in_month(said, basis, "last year", each))
    if whole is None or None in weights or min(weights) < 0 or sum(weights) == 0:
        return None
    return to_places(whole * sum(weights[:month]) / sum(weights), 0)


def in_month(said: Said, basis: str, series: str, month: int) -> Decimal | None:
    """Return what a count comes to in one month."""
    if basis == "month":
        return number(said, series, f"month {month}")
    if basis != "cumulative":
        return None
    here = to_date(said, basis, "", series, month)
    if month == 1:
        return here
    before = to_date(said, basis, "", series, month - 1)
    return None if here is None or before is None else here - before


def number(said: Said, series: str, period: str) -> Decimal | None:
    """Return a number as it is stated."""
    text = said.get((series, period), "")
    return Decimal(text.replace(",", "")) if text and text != "not available" else None


def of_year(said: Said, basis: str, series: str) -> Decimal | None:
    """Return what a count comes to in the year."""
    if (series, "year") in said:
        return number(said, series, "year")
    if any((series, f"month {each}") in said for each in range(1, 13)):
        return to_date(said, basis, "", series, 12)
    return None


def latest(said: Said, basis: str) -> int:
    """Return the latest month, 13 for the year."""
    if of_year(said, basis, "actual") is not None:
        return 13
    known = [m for m in range(1, 13) if number(said, "actual", f"month {m}") is not None]
    return max(known, default=13)


def set_against(
    said: Said, basis: str, apportioned: str, better: str, against: str, month: int
) -> dict[str, object]:
    """Work out a row: the two numbers at a month (13: the year), and what is said of them."""
    if month == 13:
        one, other = of_year(said, basis, "actual"), of_year(said, basis, against)
    else:
        one = to_date(said, basis, apportioned, "actual", month)
        other = to_date(said, basis, apportioned, against, month)
    found: dict[str, object] = {"actual": one, "compared": other, "difference": None,
                                "percent": None, "favourable": "", "met": "",
                                "status": ""}  # fmt: skip
    if one is None or other is None:
        return found
    gap = one - other
    found["difference"] = gap
    part = gap * 100 / other if other > 0 else None
    found["percent"] = None if part is None else to_places(part, 7)
    worse = gap > 0 if better == "lower" else gap < 0
    found["favourable"] = "neither" if gap == 0 else "no" if worse else "yes"
    if against == "target":
        found["met"] = "no" if worse else "yes"
        if not worse:
            found["status"] = "green"
        else:
            found["status"] = "amber" if part is not None and abs(part) <= 5 else "red"
    return found


def year_end(said: Said, basis: str) -> Decimal | None:
    """Work out the projection to the end of the year."""
    month = latest(said, basis)
    if month == 13:
        return of_year(said, basis, "actual")
    so_far = to_date(said, basis, "", "actual", month)
    if so_far is None or month == 12 or basis == "rolling 12":
        return so_far
    before = to_date(said, basis, "", "last year", month)
    whole = of_year(said, basis, "last year")
    if whole is not None and before:
        return to_places(so_far * whole / before, 0)
    return to_places(so_far * 12 / month, 0)

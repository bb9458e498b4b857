"""Printed savings targets: the base that an amount and a percentage, side by side, imply.

docs/method.md, 6. A printed number stands for an interval: 15 says between 14.5 and 15.5, and 1.7 %
between 1.65 % and 1.75 %; both ends belong to it. So a base is known to lie between two ends, and
its middle is no more than that. Everything is exact until it is rounded to the penny, once.
A row of the body `all` is the total as printed: a table's own, with or without a name.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import pandas as pd

from bcf_model.core.money import NotMoney, rounded
from bcf_model.core.printed_numbers import ends, parse_print
from bcf_model.core.tables import Table, records, typed
from bcf_model.core.words import UNITS
from bcf_model.plan import output_tables
from bcf_model.plan.words import ALL

AMOUNTS: Final = ("amount", "amount_lowest", "amount_highest")
Interval = tuple[Fraction, Fraction, Fraction]
"""As printed, least and most."""


def implied_bases(efficiencies: pd.DataFrame) -> pd.DataFrame:
    """Work out the base each printed target is a percentage of.

    Args:
        efficiencies: `tables.Efficiencies`.

    Returns:
        `output_tables.EfficienciesOut`, one row for each, in their order; pence. The base is blank
        where the percentage may be nil, for then nothing bounds it, or is not printed.

    Raises:
        NotMoney: an amount or a percentage is no number; reading a plan refuses that.
    """
    rows = []
    for row in records(efficiencies):
        amount = printed(row.amount, row.unit, UNITS[row.unit])
        base = implied(amount, printed(row.percent, "percent", 1)) if row.percent else None
        rows.append(
            [row.body, row.financial_year, row.perimeter, row.amount, row.unit]
            + [row.percent.removesuffix("%").strip()]
            + [int(rounded(end)) for end in amount]
            + ([float("nan")] * 3 if base is None else [float(int(rounded(end))) for end in base])
            + [row.source]
        )
    return _table(rows, output_tables.EfficienciesOut)


def printed(text: str, unit: str, pence: int) -> Interval:
    """Read a printed number as the interval it stands for.

    Args:
        text: as printed, with its decimals.
        unit: the one it is printed in.
        pence: what one of it is in pence; 1 for a percentage.

    Raises:
        NotMoney: it is no number.

    >>> [str(end) for end in printed("1.7%", "percent", 1)]
    ['17/10', '33/20', '7/4']
    """
    read = parse_print(text, unit)
    if read.about:
        raise NotMoney(reason="text")  # how rough it is, it does not say
    low, high = ends(text, unit, read.places or 0)
    return Fraction(read.number) * pence, low * pence, high * pence


def implied(amount: Interval, percent: Interval) -> Interval | None:
    """Return amount ÷ percentage, and between what it lies; None where that may be ÷ nil."""
    middle, low, high = percent
    if low <= 0 <= high:
        return None
    found = [100 * end / by for end in amount[1:] for by in (low, high)]
    return 100 * amount[0] / middle, min(found), max(found)


def totals(bases: pd.DataFrame) -> pd.DataFrame:
    """Add printed targets up, with what the rounding of each may do to the total.

    Where a total is printed, it is that, and lies between the ends that it and its parts share.

    Args:
        bases: as `implied_bases` gives them.

    Returns:
        `output_tables.EfficienciesTotalOut`, one row per year and perimeter, in the order in which
        they occur; pence.
    """
    rows = []
    for (year, perimeter), together in bases.groupby(["financial_year", "perimeter"], sort=False):
        is_total = together["body"] == ALL
        parts = together[~is_total]
        amount, low, high = (int(parts[name].sum()) for name in AMOUNTS)
        as_printed = ""
        for row in records(together[is_total]):
            as_printed, amount = row.printed_amount, row.amount
            ends = (row.amount_lowest, row.amount_highest)
            low, high = (max(low, ends[0]), min(high, ends[1])) if len(parts) else ends
        rows.append([year, perimeter, len(parts), as_printed, amount, low, high])
    return _table(rows, output_tables.EfficienciesTotalOut)


def _table(rows: Sequence[list[Any]], of: Table) -> pd.DataFrame:
    types = output_tables.types(of)
    return typed(pd.DataFrame(rows, columns=[*types]), types)

"""Parts of a financial year: where an agreement changes within it (docs/rules.md, 13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.core.figures import Cover, scope_parts
from bcf_model.core.ledger import cover_of
from bcf_model.core.tables import records
from bcf_model.core.words import NONE
from bcf_model.core.years import first_day, within_year

PRO_RATA_COLUMNS: Final = ("band_from", "band_to", "limit")
"""Columns of the rules whose pounds are divided by months where `over_parts` is `pro rata`."""
_MONTHS: Final = 12
_OF_PART: Final = " | "
"""Between the code of a limit and the part in which it stands by itself: no code has it."""


@dataclass(frozen=True, order=True)
class Part:
    """A part of a financial year, by its first and last day, as they are written; blank for all."""

    first: str = ""
    last: str = ""

    def __str__(self) -> str:
        """Return its days, as a page prints them."""
        return f"{self.first} to {self.last}" if self.first else ""

    def months(self, year: str) -> tuple[int, int] | None:
        """Return the months of the year before it, and to its end.

        None where it begins or ends within a month: then nobody can say what part it is.

        >>> Part("2019-07-01", "2020-03-31").months("2019-20")
        (3, 12)
        """
        begins = date.fromisoformat(self.first)
        after = date.fromisoformat(self.last) + timedelta(days=1)
        if (begins.day, after.day) != (1, 1):
            return None
        start = first_day(year)
        before, until = (
            _MONTHS * (day.year - start.year) + day.month - start.month for day in (begins, after)
        )
        return before, until


def changes(rows: pd.DataFrame, year: str) -> NDArray[np.bool_]:
    """Mark the rules, or limits, that are in force on some days of the year and not on others."""
    return np.array([within_year(year, *days) for days in dates_of(rows)], dtype=np.bool_)


def dates_of(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Return from when and until when each of the rules, or limits, is in force; blank for ever."""
    return zip(rows["in_force_from"].tolist(), rows["in_force_to"].tolist(), strict=True)


def code_in_part(limit: str, part: Part) -> str:
    """Return the code of a limit that stands in a part by itself."""
    return f"{limit}{_OF_PART}{part}"


def stated_code(limit: str) -> str:
    """Return the code of a limit as the agreement states it, whatever part it stands in."""
    return limit.partition(_OF_PART)[0]


def changing_scopes(
    lines: pd.DataFrame, rules: pd.DataFrame, limits: pd.DataFrame, year: str
) -> dict[str, NDArray[np.bool_]]:
    """Return the scopes that are ruled part by part, each with the lines it covers.

    A scope is, if one of its rules is in force on some days of the year only, or a limit that
    covers a line of it. A scope of causes has no lines: its amounts are stated of the year.

    Args:
        lines: pooled lines.
        rules: `tables.Rules`.
        limits: `tables.Limits`.
        year: the financial year.
    """
    covered, every = cover_of(lines), dict.fromkeys(rules["scope"])
    of_lines = {s: covered(s) & (scope_parts(s)[1] == (NONE,)) for s in every}
    found = dict.fromkeys(rules.loc[changes(rules, year), "scope"])
    for row in records(limits[changes(limits, year)]):
        under = covered(Cover.parse(row.covers).scope)
        found |= dict.fromkeys(scope for scope in every if (of_lines[scope] & under).any())
    return {scope: of_lines[scope] for scope in every if scope in found}


def in_part(rows: pd.DataFrame, part: Part) -> pd.DataFrame:
    """Return the rules, or limits, whose dates have all days of a part between them."""
    there = [
        begun <= part.first and (not ends or ends >= part.last) for begun, ends in dates_of(rows)
    ]
    return rows[np.array(there, dtype=np.bool_)]

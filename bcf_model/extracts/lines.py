"""What a ledger says, line by line: its amounts in pence, and where each stood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.core.money import Pence

KEYS: Final = (
    "cost_centre",
    "account",
    "project",
    "supplier",
    "description",
    "organisation",
    "section",
)
"""What a line may be told by, and a rule may name; a section is a row of text above some lines."""


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of one table of an extract; every sequence has one entry for each.

    Attributes:
        file: its name. sheet: the worksheet, or "".
        rows: as a spreadsheet counts them. An unpivoted row stands once for each of its columns.
        cells: the address of the amount, such as F10; of a CSV file "" .
        keys: by name of `KEYS`, the text of each line; "" where it has none. Only those the
            extract has.
        years: the financial year of each, such as 2024-25; "" where it is not stated.
        periods: 1 is April, 12 is March, 13 the closing period; 0 where it is not stated.
        pence: what was spent above nil, and income below nil.
    """

    file: str
    sheet: str
    rows: NDArray[np.int64]
    cells: Sequence[str]
    keys: Mapping[str, Sequence[str]]
    years: Sequence[str]
    periods: NDArray[np.int64]
    pence: Pence

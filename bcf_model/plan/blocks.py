"""Blocks of the city's spending: what each comes to, and between what it lies as it is printed.

docs/method.md, 2. A share printed in whole percents says half a percent more or less, and a whole
that is printed as approximately so much half of its step more or less.
"""

from fractions import Fraction
from typing import Any, Final

import pandas as pd

from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.money import MILLIONTHS, rounded
from bcf_model.core.tables import records, typed
from bcf_model.plan import output_tables
from bcf_model.plan.words import CITY

_MOST_DECIMALS: Final = 6


def printed_blocks(blocks: pd.DataFrame, perimeters: pd.DataFrame) -> pd.DataFrame:
    """Work out what the share of each block comes to.

    Args:
        blocks: `tables.Blocks`. Their shares are printed with the same decimals: as many as the one
            that has most.
        perimeters: `tables.Perimeters`, in pence; the whole is the city's.

    Returns:
        `output_tables.BlocksOut` without its first column, one row per block, in their order;
        pence, least and most included.
    """
    whole = next(it for it in records(perimeters) if it.perimeter == CITY)
    half_share = Fraction(MILLIONTHS, 2 * 10 ** max(map(_decimals, blocks["share"]), default=0))
    half = Fraction(int(whole.rounded_to), 2)
    rows: list[list[Any]] = []
    for row in records(blocks):
        least, most = max(Fraction(0), row.share - half_share), row.share + half_share
        of_whole = (
            (Fraction(row.share), Fraction(whole.amount)),
            (least, whole.amount - half),
            (most, whole.amount + half),
        )
        amounts = [int(rounded(share * amount / WHOLE_RATE)) for share, amount in of_whole]
        ends = [float(it / MILLIONTHS) for it in (row.share, least, most)]
        rows.append([row.block, row.name, *ends, *amounts, row.source])
    types = output_tables.types(output_tables.BlocksOut)
    return typed(pd.DataFrame(rows, columns=[*types]), types)


def _decimals(share: int) -> int:
    """Return with how many decimals a percentage in millionths is printed at least."""
    return next(n for n in range(_MOST_DECIMALS + 1) if share % 10 ** (_MOST_DECIMALS - n) == 0)

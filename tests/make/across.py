"""Figures that several papers print, and the quantities they are of: tiny tables for tests."""

from itertools import count

import pandas as pd

from bcf_model.core.printed_numbers import parse_print

_COLUMNS = ("figure", "subject", "perimeter", "financial_year", "basis", "worked_from")


def papers(*prints: tuple[str, str, str]) -> pd.DataFrame:
    """Print figures: each its name, the number and the unit; P1 and so on."""
    number = count(1)
    rows = [
        {
            "published_id": f"P{next(number)}", "source": f"paper of {figure}", "label": figure,
            "column": "text", "printed": text, "unit": unit,
            "decimals": parse_print(text, unit).places,
            "figure": f"stated/{figure}", "note": "", "rounded": "", "rounded_to": "",
        }
        for figure, text, unit in prints
    ]  # fmt: skip
    return pd.DataFrame(rows)


def quantities(*rows: tuple[str, ...]) -> pd.DataFrame:
    """State quantities of the subject S: figure, perimeter, year, basis, worked_from."""
    filled = [(f"stated/{name}", "S", *more, *[""] * (4 - len(more))) for name, *more in rows]
    frame = pd.DataFrame(filled, columns=[*_COLUMNS])
    return frame.assign(source="", note="")

"""The rows of the commentary that are to be filled in, with the amounts that ask for a reason."""

from decimal import Decimal
from math import isnan
from typing import Any

from bcf_model.core.money import percentage
from bcf_model.core.stated_amounts import AMOUNTS, BESIDE_A_REASON, step_of
from bcf_model.core.tables import records
from bcf_model.core.whole_pool import POOL_ITSELF, WholePool
from bcf_model.core.words import UNITS
from bcf_model.year.results import Results

_TABLE = "commentary"
_COLUMNS = ("scheme_id", *BESIDE_A_REASON, "reason", "action", "owner")


def with_rows_to_fill_in(whole: WholePool, results: Results) -> WholePool:
    """Return a pool with a row of commentary for each line that still lacks its reason.

    Rows that say something stay as they were typed; those not filled in are written anew.

    Args:
        whole: the pool as text.
        results: of its year. Amounts are written in the unit of the pool, to the penny.
    """
    said = {*results.inputs.commentary["scheme_id"]}
    unit = results.inputs.settings.unit
    itself = whole[POOL_ITSELF]
    headings, typed = itself.tables.get(_TABLE, ((), ()))
    columns = tuple(dict.fromkeys((*_COLUMNS, *headings)))
    rows = [dict(zip(headings, row, strict=True)) for row in typed]
    rows = [row for row in rows if row["scheme_id"].strip() in said]
    asked = [line for line in records(results.commentary) if line.scheme_id not in said]
    rows += [_row(line, unit) for line in asked]
    if not rows:
        return whole
    grid = columns, tuple(tuple(row.get(name, "") for name in columns) for row in rows)
    return {**whole, POOL_ITSELF: itself._replace(tables={**itself.tables, _TABLE: grid})}


def _row(line: Any, unit: str) -> dict[str, str]:
    """Write the cells of a line; blank what is not known of it."""
    known = [name for name in AMOUNTS if getattr(line, step_of(name))]
    rate = line.variance_percent
    return {
        "scheme_id": str(line.scheme_id),
        **{name: _amount(int(getattr(line, name)), unit) for name in known},
        "percent": "" if isnan(rate) else percentage(rate),
    }


def _amount(pence: int, unit: str) -> str:
    """Return an amount in a unit, every penny of it: the unit is a power of ten of pence."""
    return f"{Decimal(pence) / UNITS[unit]:f}"

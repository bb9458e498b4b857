"""All that a pool states, as text: what a folder and a workbook of it both hold."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, Final, NamedTuple

Grid = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]
"""A table: its headings, and its rows of cells, one for each heading."""


class Stated(NamedTuple):
    """Settings, and tables by name: of a pool, or of a scenario or agreement that is kept in it."""

    settings: Mapping[str, Any]
    tables: Mapping[str, Grid]


WholePool = Mapping[tuple[str, str], Stated]
"""By kind and name: both blank of the pool itself, `scenario` or `agreement` of what it keeps."""
POOL_ITSELF: Final = ("", "")
SETTINGS: Final = "pool"
"""Name of a pool's settings: the file pool.toml, or the sheet of two columns, setting and value."""
PARTS: Final = {"scenario": "scenarios", "agreement": "agreements"}
"""What a pool keeps beside its own tables, with the folder, or the sheet of settings, it is in.

In a workbook a row of a table is of the one that its column of that name says; blank: the pool's.
"""
KEPT_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "scenario": (
        "assumptions", "funding", "savings", "phasing", "planned_activity", "prevention",
        "returns", "lags", "correlations", "rollout", "rollout_payers", "cohorts", "drivers",
    ),
    "agreement": (
        "rules", "limits", "organisations", "contributions", "reserves", "achievement", "causes",
        "payments", "activity",
    ),
}  # fmt: skip
"""The tables each of these may bring."""


def as_compared(said: Stated) -> tuple[Any, dict[str, list[dict[str, str]]]]:
    """Return what is stated without what says nothing: a blank cell says what a missing one does.

    Where a table has no rows, that is stated: in an agreement it stands in place of the pool's.
    """
    tables = {
        name: [
            {name: cell for name, cell in zip(columns, row, strict=True) if cell.strip()}
            for row in rows
        ]
        for name, (columns, rows) in said.tables.items()
    }
    return _setting(said.settings), tables


def _setting(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _setting(it) for name, it in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_setting(it) for it in value]
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value


def differences(one: WholePool, other: WholePool) -> list[str]:
    """Name what two pools do not state alike; nothing where a sheet, a row and a cell are one."""
    found = []
    for key in dict.fromkeys((*one, *other)):
        said = " ".join(key).strip() or "the pool"
        if key not in one or key not in other:
            found.append(said)
            continue
        (first, tables), (second, others) = as_compared(one[key]), as_compared(other[key])
        if key == POOL_ITSELF:  # there a table without rows says no more than none
            tables, others = ({n: it for n, it in of.items() if it} for of in (tables, others))
        if first != second:
            found.append(f"the settings of {said}")
        found += [
            f"{name} of {said}"
            for name in dict.fromkeys((*tables, *others))
            if tables.get(name) != others.get(name)
        ]
    return found

"""Rows that know where they stood, and how those of a scenario stand in place of its base's."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from bcf_model.core.findings import Place
from bcf_model.core.money import LARGEST_PENCE, MILLIONTHS
from bcf_model.core.tables import Cell, Inputs, InputTable, Places, records, typed
from bcf_model.core.words import UNITS
from bcf_model.intake.cells import read_cell
from bcf_model.intake.drafts import Draft
from bcf_model.plan.tables import Assumptions

WHERE: Final = {"set_by": "str", "place": "object"}
"""Columns that say who set a row, and where it stood: a `Place`."""

VALUE: Final = next(meaning for meaning in Assumptions.fields if meaning.name == "value")
"""How a value is read, and the ends of its range."""


def placed(draft: Draft, table: InputTable, set_by: str) -> pd.DataFrame:
    """Return a draft, all of whose cells could be read, as its table and `WHERE`.

    Args:
        draft: one row per row of the file.
        table: whose columns it has.
        set_by: name of the scenario, or of the pool.
    """
    types = table.model.types.items() if draft.numbers else ()
    columns = {name: pd.Series(draft.cells[name], dtype=kind) for name, kind in types}
    frame = pd.DataFrame(columns) if columns else table.model.without_rows()
    return _standing(frame, set_by, draft.at)


def of_pool(inputs: Inputs, table: str) -> pd.DataFrame:
    """Return one of the pool's own tables as `placed` gives those of its plan."""
    frame: pd.DataFrame = getattr(inputs, table)
    return _standing(frame, inputs.name, inputs.places.get(table, Places("", "", ())).at)


def _standing(frame: pd.DataFrame, set_by: str, at: Callable[[int], Place]) -> pd.DataFrame:
    """Add who set the rows, and where they stood."""
    stood = pd.Series([at(i) for i in range(len(frame))], index=frame.index, dtype="object")
    return frame.assign(set_by=pd.array([set_by] * len(frame), dtype="str"), place=stood)


def replaced(base: pd.DataFrame, own: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Place a scenario's rows in place of its base's: all rows that have the same key.

    They stand where the first of those stood; rows with a new key stand at the end.
    """
    if base.empty and own.empty:
        return base
    rows: dict[tuple[Any, ...], list[Any]] = {}
    for frame in (base, own):
        fresh: dict[tuple[Any, ...], list[Any]] = {}
        for row in records(frame):
            fresh.setdefault(tuple(getattr(row, key) for key in keys), []).append(row)
        rows |= fresh
    ordered = [row for same in rows.values() for row in same]
    return typed(pd.DataFrame(ordered, columns=base.columns), _kinds(base))


def with_more(assumptions: pd.DataFrame, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Add assumptions that other tables state, before those that stand as rows of their own.

    Args:
        assumptions: as `placed` gives them, in force.
        rows: the columns of each that are not blank or nil; with `set_by` and `place`.

    Returns:
        The same columns. A row of the assumptions of the same name and year stands in place of one.
    """
    if not rows:
        return assumptions
    kinds = {**Assumptions.types, **WHERE}
    usual = {name: 0 if kind == "int64" else "" for name, kind in kinds.items()}
    usual |= {"recurrence": "recurrent", "from_period": 1}
    more = typed(pd.DataFrame([usual | dict(row) for row in rows], columns=[*kinds]), kinds)
    return replaced(more[[*assumptions.columns]], assumptions, ("assumption", "year"))


def _kinds(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(kind) for name, kind in frame.dtypes.items()}


def with_place(frame: pd.DataFrame) -> pd.DataFrame:
    """Return in words, at the end of each row, where it stood."""
    words = pd.array([*map(str, frame["place"])], dtype="str")
    return frame.drop(columns="place").assign(place=words)


def year_by_year(assumptions: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Replace, in its year, an assumption's row for every year by its row for that year.

    A row for every year stays as it is where no row of its assumption names a year; else it
    becomes a row for each year of the plan that none names.

    Returns:
        The same columns, and `stated_for`: the year of the row as it was stated, blank for every
        year. With the assumption it tells the rows of one statement from those of another.
    """
    stated = assumptions.assign(stated_for=assumptions["year"])
    named: dict[str, set[str]] = {}
    for row in records(stated):
        named.setdefault(row.assumption, set()).update({row.year} - {""})
    rows: list[Any] = []
    for row in records(stated):
        others = named[row.assumption]
        every = row.year == "" and others
        rows += [row._replace(year=y) for y in years if y not in others] if every else [row]
    return typed(pd.DataFrame(rows, columns=stated.columns), _kinds(stated))


def held(assumptions: pd.DataFrame) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the years each stated row holds in, by its assumption and the year it is stated for.

    Args:
        assumptions: as `year_by_year` gives them, or some of them.

    Returns:
        In their order; a blank year where it is every year.
    """
    years_by_statement: dict[tuple[str, str], tuple[str, ...]] = {}
    columns = (assumptions[name].tolist() for name in ("assumption", "stated_for", "year"))
    for name, stated_for, year in zip(*columns, strict=True):
        key = (name, stated_for)
        years_by_statement[key] = (*years_by_statement.get(key, ()), year)
    return years_by_statement


@lru_cache(maxsize=4096)
def end_of(text: str, unit: str) -> Cell:
    """Read an end of a range, in the unit of its value; each is read once."""
    return read_cell(text, VALUE, unit).cell


def measured(assumptions: pd.DataFrame) -> pd.DataFrame:
    """Return assumptions with their amounts, ranges and chances as numbers.

    Returns:
        The same rows. `low` and `high` are int64 millionths of the unit, as `value` is, 0 where
        there is no range; `ranged` says whether there is one; `pence` is the value in pence, 0
        where it is no money; `chance_value`, `chance_low` and `chance_high` are whole percentages,
        0 where none are stated.
    """
    ends = {
        name: pd.Series(
            [
                end_of(text, unit) if text else 0
                for text, unit in zip(assumptions[name], assumptions["unit"], strict=True)
            ],
            index=assumptions.index,
            dtype="int64",
        )
        for name in ("low", "high")
    }
    chances = [chances_of(text) or (0, 0, 0) for text in assumptions["chances"]]
    columns: Mapping[str, Sequence[Any]] = {
        "ranged": [bool(row.low and row.high) for row in records(assumptions)],
        "pence": [
            _held(row.value * UNITS[row.unit] // MILLIONTHS) if row.unit in UNITS else 0
            for row in records(assumptions)
        ],
        "chance_value": [three[0] for three in chances],
        "chance_low": [three[1] for three in chances],
        "chance_high": [three[2] for three in chances],
    }
    types = dict.fromkeys(columns, "int64") | {"ranged": "bool"}
    further = {
        name: pd.Series(values, index=assumptions.index, dtype=types[name])
        for name, values in columns.items()
    }
    return assumptions.assign(**ends, **further)


def of_drawn(correlations: pd.DataFrame, assumptions: pd.DataFrame, own: str) -> pd.DataFrame:
    """Leave out a base's correlations of what the scenario gives no range: nothing is drawn there.

    Args:
        correlations: as in force.
        assumptions: of `measured`.
        own: name of the scenario, whose own rows are kept whatever they name.
    """
    drawn = assumptions.loc[assumptions["ranged"], "assumption"]
    both = correlations["first"].isin(drawn) & correlations["second"].isin(drawn)
    return correlations[both | (correlations["set_by"] == own)].reset_index(drop=True)


def _held(pence: int) -> int:
    """Hold an amount far too large within what a table can have: it is an error (BCF207)."""
    return max(-2 * LARGEST_PENCE, min(pence, 2 * LARGEST_PENCE))


def chances_of(text: str) -> tuple[int, int, int] | None:
    """Read the chances of value, low and high; None where they cannot be read.

    >>> chances_of("60/30/10")
    (60, 30, 10)
    """
    found = re.fullmatch(r"([0-9]{1,3}) ?/ ?([0-9]{1,3}) ?/ ?([0-9]{1,3})", text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))

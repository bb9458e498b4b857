"""Parts of a year: what is ruled apart where the agreement changes within it (docs/rules.md, 13).

A scope one of whose rules is in force on some days of the year only is ruled part by part, under
the rules in force in each; all else over the whole year, after the parts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.reserves_and_limits import InCommon
from bcf_model.agreement.rules import in_force
from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.figures import Cover
from bcf_model.core.ledger import Covered, cover_of
from bcf_model.core.money import scaled, sterling
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.tables import records
from bcf_model.core.words import OVER_THE_YEAR, PRO_RATA
from bcf_model.core.year_parts import (
    PRO_RATA_COLUMNS,
    Part,
    changing_scopes,
    code_in_part,
    dates_of,
    in_part,
)
from bcf_model.core.years import touches
from bcf_model.intake.cells import read_edge

WHOLE: Final = Part()
_MONTHS: Final = 12


class Stage(NamedTuple):
    """What is shared together: the lines ruled in one part, or those ruled over the whole year.

    Attributes:
        part: whose days they are.
        lines: all lines of the pool, in their order, with the amounts of the part; of those that
            are ruled elsewhere the variance is nil. What is under no scope may be of any, here too.
        here: marks the lines that are ruled here.
        terms: the rules and limits in force, and the facts.
        limits: those that are stated of it: the ones that stand in its part by themselves; of the
            year, the ones for all of it, though they be in force on some days alone.
    """

    part: Part
    lines: pd.DataFrame
    here: NDArray[np.bool_]
    terms: Terms
    limits: pd.DataFrame


def of_year(terms: Terms, year: str) -> Terms:
    """Return terms with the rules and limits in force on some day of a year."""
    kept = {}
    for name in ("rules", "limits"):
        rows = getattr(terms, name)
        there = [touches(year, *days) for days in dates_of(rows)]
        kept[name] = rows[np.array(there, dtype=np.bool_)].reset_index(drop=True)
    return replace(terms, **kept)


def stages(lines: pd.DataFrame, terms: Terms, parts: pd.DataFrame, year: str) -> Iterator[Stage]:
    """Part a year into what is shared together, in the order in which it is.

    Args:
        lines: pooled lines, as for `pots.share`, with variance_step and unattributed.
        terms: the facts of the year, and the rules and limits in force on some day of it.
        parts: `tables.Parts`.
        year: the financial year.

    Returns:
        A stage for each part, the earlier first, and then that of the whole year; that one alone
        where no rule changes.
    """
    rules, limits = terms.rules, terms.limits
    changing = changing_scopes(lines, rules, limits, year)
    if not changing:
        yield Stage(WHOLE, lines, np.ones(len(lines), dtype=np.bool_), terms, limits)
        return
    parted = np.logical_or.reduce([*changing.values()])
    of_changing = rules[rules["scope"].isin([*changing])]
    covered, unknown = cover_of(lines), InCommon(lines, terms).open
    over_year = ~parted & np.logical_or.reduce([covered(scope) for scope in {*rules["scope"]}])
    apart = np.array([_stands_apart(row, covered, parted) for row in records(limits)], dtype=bool)
    for part in sorted({Part(row.first_day, row.last_day) for row in records(parts)}):
        of_part = parts[(parts["first_day"] == part.first) & (parts["last_day"] == part.last)]
        here = lines.assign(**_amounts(lines, of_part, parted))
        own = in_part(limits, part)
        alone = _by_itself(own[apart[own.index]], part, year)
        held = pd.concat([alone, own[~apart[own.index]]])
        yield Stage(
            part,
            _without(here, over_year),
            parted,
            replace(
                terms,
                rules=_pro_rata(in_part(of_changing, part), part, year).reset_index(drop=True),
                limits=_of_the_year(held.sort_index(), lines, unknown).reset_index(drop=True),
                causes=terms.causes.head(0),
            ),
            alone.reset_index(drop=True),
        )
    ruled = in_force(rules[~rules["scope"].isin([*changing])], year)
    yield Stage(
        WHOLE,
        _without(lines, parted),
        ~parted,
        replace(
            terms, rules=ruled, limits=_of_the_year(in_force(limits[~apart], year), lines, unknown)
        ),
        limits[~apart].reset_index(drop=True),
    )


def _stands_apart(row: Any, covered: Covered, parted: NDArray[np.bool_]) -> bool:
    """Return whether a limit stands in each part by itself: one for all parts is one limit."""
    here = covered(Cover.parse(row.covers).scope) & parted
    return row.over_parts != OVER_THE_YEAR and bool(here.any())


def _by_itself(limits: pd.DataFrame, part: Part, year: str) -> pd.DataFrame:
    """Return limits as they stand in one part, each under a code of its own."""
    named = limits.assign(limit_id=limits["limit_id"] + code_in_part("", part))
    return _pro_rata(named, part, year)


def _pro_rata(rows: pd.DataFrame, part: Part, year: str) -> pd.DataFrame:
    """Return rules, or limits, that say so, the part of their amounts that falls to a part."""
    by_months = rows["over_parts"] == PRO_RATA
    months = part.months(year)
    if months is None or not by_months.any():
        return rows
    names = [name for name in (*PRO_RATA_COLUMNS, "at_most") if name in rows]
    return rows.assign(
        **{
            name: [
                _of_months(text, months) if counts else text
                for text, counts in zip(rows[name], by_months, strict=True)
            ]
            for name in names
        }
    )


def _of_months(text: str, months: Sequence[int]) -> str:
    """Return the part of an amount that falls to some months, rounded so that the parts add up."""
    if "£" not in text:
        return text  # a percentage is of the part's own budget
    before, until = (int(scaled(read_edge(text).pence, m, _MONTHS)) for m in months)
    return sterling(until - before)


def _of_the_year(
    limits: pd.DataFrame, lines: pd.DataFrame, unknown: set[int | str]
) -> pd.DataFrame:
    """Return limits for all parts together in pounds: a percentage is of the year's budget.

    One of a budget that is not known stays as it is: nothing it holds back is given.
    """
    covered, budget = cover_of(lines), lines["budget"].to_numpy()
    found = []
    for row in records(limits):
        text = row.at_most
        sized = row.limit_id not in unknown
        if sized and row.over_parts == OVER_THE_YEAR and text.endswith("%"):
            whole = max(int(budget[covered(Cover.parse(row.covers).scope)].sum()), 0)
            text = sterling(int(scaled(whole, read_edge(text).millionths, WHOLE_RATE)))
        found.append(text)
    return limits.assign(at_most=pd.Series(found, index=limits.index, dtype="str"))


def _amounts(
    lines: pd.DataFrame, of_part: pd.DataFrame, parted: NDArray[np.bool_]
) -> dict[str, Any]:
    """Return what is different in a part, of the lines ruled by parts: others have the year's."""
    at = pd.Index(of_part["scheme_id"]).get_indexer(pd.Index(lines["scheme_id"]))
    budget, spent = (of_part[n].to_numpy(np.int64)[at] for n in ("budget", "expenditure"))
    variance = spent - budget
    amounts = {"budget": budget, "expenditure": spent, "variance": variance}
    amounts |= {"unattributed": variance, "attributed": 0 * variance}
    amounts |= {step_of(name): 1 + 0 * variance for name in ("budget", "expenditure", "variance")}
    return {
        name: np.where(parted, values, lines[name].to_numpy())
        for name, values in amounts.items()
        if name in lines
    }


def _without(lines: pd.DataFrame, elsewhere: NDArray[np.bool_]) -> pd.DataFrame:
    """Return lines without the variance of those that are ruled elsewhere."""
    nil = dict.fromkeys(("variance", "unattributed"), 0) | {step_of("variance"): 1}
    return lines.assign(
        **{
            name: np.where(elsewhere, value, lines[name].to_numpy())
            for name, value in nil.items()
            if name in lines
        }
    )

"""An agreement applied to many outturns at once: draws of variances in, amounts borne out.

A draw is a year of its own. What the agreement says does not change from draw to draw, but the
direction may, and with it the pots: where a scope has other rules for either direction, its pots of
both are made once, and in each draw those of the other direction hold nil.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Pots, Ruled
from bcf_model.agreement.calls import bear
from bcf_model.agreement.limit_use import Limits
from bcf_model.agreement.limits import Limit, limits, on_pots
from bcf_model.agreement.limits import with_budget as limits_with_budget
from bcf_model.agreement.parcels import Terms, parcels_of
from bcf_model.agreement.pots import APART, into_pots, ruled_of, shared_of
from bcf_model.agreement.working_paper import YEAR
from bcf_model.core.sums import grouped, total
from bcf_model.core.words import MEASURED_BASES


@dataclass(frozen=True)
class Prepared:
    """An agreement made ready for many outturns of one pool.

    A cell is what stands in one pot together, whatever the direction: lines and attributed amounts.

    Attributes:
        bearers: codes, in the order of the columns that `rerun` gives.
        cell: of each line; the number of cells for a line that no rule looks at.
        budget: of the lines of each cell, in pence.
        besides: what each cell holds besides the variance of its lines, in pence: what was
            attributed to a cause, less what of it was taken out of the lines.
        group: the netting group of each cell.
        part, pot: pots are made of cells: of each part the cell it is, and the pot it is part of.
        pot_group, pot_is_over: of each pot the netting group, and the direction it is for.
        one_way: the pots that are for one direction only.
        pots: without variance. ruled: with the calls.
        holder: whose each pot is. named: whom each rule names.
        opening: what each reserve can pay, in pence.
        stated: the limits over several rules. limits: the same, on the pots.
    """

    bearers: list[str]
    cell: NDArray[np.intp]
    budget: NDArray[np.int64]
    besides: NDArray[np.int64]
    group: NDArray[np.intp]
    part: NDArray[np.intp]
    pot: NDArray[np.intp]
    pot_group: NDArray[np.intp]
    pot_is_over: NDArray[np.bool_]
    one_way: NDArray[np.intp]
    pots: Pots
    ruled: list[Ruled]
    holder: list[str]
    named: list[str]
    opening: NDArray[np.int64]
    stated: list[Limit]
    limits: Limits


def prepare(lines: pd.DataFrame, terms: Terms) -> Prepared:
    """Make an agreement ready.

    Args:
        lines: the lines of the pool, of one year, as `pots.share` takes them; their variance does
            not matter.
        terms: the agreement, and the facts of the year.
    """
    parcels = parcels_of(lines, terms, YEAR)
    frame, scopes = parcels.frame, parcels.scopes
    # What a scope says the same in both directions is said once, by the very same calls.
    differs = np.array([one.calls["over"] is not one.calls["under"] for one in scopes], dtype=bool)
    again = np.flatnonzero(differs[frame["scope"].cat.codes])
    both = np.concatenate([np.arange(len(frame)), again])
    is_over = np.arange(len(both)) < len(frame)
    pots, pot = into_pots(frame.iloc[both].reset_index(drop=True), scopes, YEAR, is_over)
    under = pot[: len(frame)].copy()
    under[again] = pot[len(frame) :]
    of_cells, cell = np.unique([pot[: len(frame)], under], axis=1, return_inverse=True)
    cell = cell.ravel()
    apart = np.flatnonzero(of_cells[0] != of_cells[1])
    groups = grouped(frame, [*YEAR, *APART, "unit"])[1]
    group, pot_group = np.zeros(of_cells.shape[1], dtype=np.intp), np.zeros(len(pots), np.intp)
    group[cell], pot_group[pot] = groups, groups[both]
    is_line = parcels.cause < 0
    of_line = np.full(len(lines), len(group))
    of_line[parcels.line[is_line]] = cell[is_line]
    variance = np.where(is_line, lines["variance"].to_numpy()[parcels.line], 0)
    holder = pots["holder"].astype("str").tolist()
    named, stated = terms.rules["bearer"].tolist(), limits(lines, terms)
    made = Prepared(
        bearers=[code for code in terms.kinds if code in {*named, *holder}],
        cell=of_line,
        budget=np.zeros(len(group), dtype=np.int64),
        besides=total(parcels.amount - variance, cell, len(group)),
        group=group,
        part=np.concatenate([np.arange(len(group)), apart]),
        pot=np.concatenate([of_cells[0], of_cells[1, apart]]),
        pot_group=pot_group,
        pot_is_over=~pots["under"].to_numpy(),
        one_way=np.flatnonzero(differs[pots["scope"].cat.codes]),
        pots=shared_of(pots, YEAR),
        ruled=ruled_of(pots, scopes),
        holder=holder,
        named=named,
        opening=np.array(list(terms.reserves.values()), dtype=np.int64),
        stated=stated,
        limits=on_pots(stated, parcels, terms, pots, (both, pot), np.zeros(len(frame), np.intp)),
    )
    return with_budget(made, lines["budget"].to_numpy())


def measures(terms: Terms) -> bool:
    """Return whether a rule shares by what it measures: other budgets may change that."""
    return bool(terms.rules["basis"].isin(MEASURED_BASES).any())


def with_budget(agreement: Prepared, budget: NDArray[np.int64]) -> Prepared:
    """Return an agreement that measures nothing as it is on other budgets.

    Args:
        agreement: as `prepare` gives it.
        budget: of each line, in pence, lines in the order of `prepare`.
    """
    cells = len(agreement.group)
    of_cells = total(budget, agreement.cell, cells + 1)
    of_pots = total(of_cells[agreement.part], agreement.pot, len(agreement.pot_group))
    return replace(
        agreement,
        budget=of_cells[:-1],
        pots=agreement.pots._replace(budget=of_pots),
        limits=limits_with_budget(agreement.limits, agreement.stated, budget),
    )


def rerun(
    agreement: Prepared, variances: NDArray[np.int64], opening: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Apply the agreement to many outturns.

    Args:
        agreement: as `prepare` gives it.
        variances: draws × lines, in pence, lines in the order of `prepare`.
        opening: draws × reserves, what each holds; the agreement's own when left out.

    Returns:
        Draws × bearers, in pence. Of a draw they sum to the variance of the lines shared.
    """
    cells = len(agreement.group)
    of_cells = _added(variances.T, agreement.cell, (cells + 1, len(variances)))
    return _rerun(agreement, of_cells[:cells], opening)


def rerun_spent(
    agreement: Prepared,
    spent: Iterable[NDArray[np.float64]],
    draws: int,
    opening: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Do the same from what is spent, line after line, so that no table of all need be made.

    Args:
        agreement: as `prepare` or `with_budget` gives it.
        spent: on each line in turn in each of the draws, in whole pence; their sums are exact, for
            no amount comes near 2⁵³ pence.
        draws: how many.
        opening: as `rerun` takes it.
    """
    cells = len(agreement.group)
    of_cells = np.zeros((cells + 1, draws))
    _add(of_cells, agreement.cell, spent)
    variance = of_cells[:cells].astype(np.int64) - agreement.budget[:, None]
    return _rerun(agreement, variance, opening)


def _rerun(
    agreement: Prepared, variance: NDArray[np.int64], opening: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Apply the agreement to the variance of the lines of each cell: cells × draws."""
    cells, draws = variance.shape
    amounts = variance + agreement.besides[:, None]
    over = _added(amounts, agreement.group, (cells, draws)) >= 0
    of_pots = _added(amounts[agreement.part], agreement.pot, (len(agreement.holder), draws))
    one_way = agreement.one_way
    of_pots[one_way] *= over[agreement.pot_group[one_way]] == agreement.pot_is_over[one_way, None]
    place = {code: k for k, code in enumerate(agreement.bearers)}
    borne = np.zeros((len(place), draws), dtype=np.int64)
    held = agreement.opening if opening is None else opening
    pots = agreement.pots._replace(variance=of_pots.T)
    for part in bear(pots, agreement.ruled, held, agreement.limits):
        name = agreement.named[part.bearer.rule]
        bearers = [name if name in place else agreement.holder[pot] for pot in part.ruled.pots]
        _add(borne, [place[bearer] for bearer in bearers], part.borne.T)
    return borne.T


def _added(
    rows: NDArray[np.int64], group: NDArray[np.intp], shape: tuple[int, int]
) -> NDArray[np.int64]:
    """Add rows up by the number of their group: groups × draws."""
    sums = np.zeros(shape, dtype=np.int64)
    _add(sums, group, rows)
    return sums


def _add(sums: NDArray[Any], group: Iterable[int], rows: Iterable[NDArray[Any]]) -> None:
    """Add each row to the sum of its group."""
    for of, row in zip(group, rows, strict=True):
        sums[of] += row

"""The same agreement on many outturns at once: one array of draws in, what each bearer bears out.

A draw is a year of its own. What the agreement says does not change from draw to draw, but the
direction may, and with it the pots: so the pots of both directions are made once, and in each draw
those of the other direction hold nil.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.risk_share.calls import Pots, Ruled, bear
from bcf_model.risk_share.parcels import Parcels, Terms, line_of, parcels_of
from bcf_model.risk_share.pots import APART, holders, ruled_of
from bcf_model.risk_share.working_paper import YEAR
from bcf_model.sums import grouped, total


@dataclass(frozen=True)
class Prepared:
    """An agreement made ready for many outturns of one pool.

    Attributes:
        bearers: codes, in the order of the columns that `rerun` gives.
    """

    bearers: list[str]
    attributed: NDArray[np.int64]
    parcels: Parcels
    causes: NDArray[np.int64]
    group: NDArray[np.intp]
    pot: NDArray[np.intp]
    pot_group: NDArray[np.intp]
    pot_is_over: NDArray[np.bool_]
    pots: Pots
    ruled: list[Ruled]
    holder: list[str]
    names: list[str]
    opening: NDArray[np.int64]


def prepare(lines: pd.DataFrame, terms: Terms) -> Prepared:
    """Make an agreement ready.

    Args:
        lines: the lines of the pool, of one year, as `pots.share` takes them; their variance does
            not matter.
        terms: the agreement, and the facts of the year.
    """
    parcels = parcels_of(lines, terms, YEAR)
    apart = [*YEAR, *APART, "unit"]
    _, group = grouped(parcels.frame, apart)
    both = []
    for way in (True, False):
        over = np.full(len(parcels.frame), way)
        frame = parcels.frame.assign(
            holder=holders(parcels.frame, parcels.scopes, over),
            over=over,
            group=group,
            budget=parcels.budget,
        )
        both.append(frame)
    every = pd.concat(both)
    pots, pot = grouped(every, [*apart, "holder", "over"])
    any_parcel = np.zeros(len(pots), dtype=np.intp)
    any_parcel[pot] = np.arange(len(pot))
    of_pots = Pots(
        np.zeros(len(pots), dtype=np.int64),
        total(every["budget"].to_numpy(), pot, len(pots)),
        pots["unit"].cat.codes.to_numpy().astype(np.intp),
        grouped(pots, [*YEAR, *APART])[1],
        np.zeros(len(pots), dtype=np.intp),
    )
    ruled = ruled_of(pots, parcels.scopes)
    names = terms.rules["bearer"].tolist()
    holder = pots["holder"].astype("str").tolist()
    named = {*names, *holder}
    attributed = np.zeros(len(lines), dtype=np.int64)
    causes = terms.causes["amount"].to_numpy(dtype=np.int64)
    np.add.at(attributed, line_of(lines, terms.causes), causes)
    return Prepared(
        [code for code in terms.kinds if code in named],
        attributed,
        parcels,
        causes,
        group,
        pot,
        every["group"].to_numpy()[any_parcel],
        pots["over"].to_numpy(),
        of_pots,
        ruled,
        holder,
        names,
        np.array(list(terms.reserves.values()), dtype=np.int64),
    )


def rerun(
    agreement: Prepared,
    variances: NDArray[np.int64],
    opening: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Apply the agreement to many outturns.

    Args:
        agreement: as `prepare` gives it.
        variances: draws × lines, in pence, lines in the order of `prepare`.
        opening: draws × reserves, what each holds; the agreement's own when left out.

    Returns:
        Draws × bearers, in pence. Of a draw they sum to the variance of the lines shared.
    """
    parcels = agreement.parcels
    # The draws of one line lie together while lines are added up.
    amounts = variances.T[parcels.line]
    if agreement.attributed.any():
        amounts -= agreement.attributed[parcels.line, None]
    of_cause = parcels.cause >= 0
    amounts[of_cause] = agreement.causes[parcels.cause[of_cause], None]
    over = _added(amounts, agreement.group) >= 0
    pots = agreement.pots
    of_pots = _added(amounts, agreement.pot)
    of_pots *= over[agreement.pot_group] == agreement.pot_is_over[:, None]
    variance = of_pots.T
    worked = Pots(variance, pots.budget, pots.unit, pots.together, pots.year)
    column = {code: k for k, code in enumerate(agreement.bearers)}
    borne = np.zeros((len(variances), len(column)), dtype=np.int64)
    held = agreement.opening if opening is None else opening
    for part in bear(worked, agreement.ruled, held):
        name = agreement.names[part.bearer.rule]
        if name in column:
            borne[:, column[name]] += part.borne.sum(axis=1)
            continue
        for k, pot in enumerate(part.ruled.pots):
            borne[:, column[agreement.holder[pot]]] += part.borne[:, k]
    return borne


def _added(amounts: NDArray[np.int64], group: NDArray[np.intp]) -> NDArray[np.int64]:
    """Add rows up by the number of their group; the groups may go round the rows again."""
    found = np.zeros((int(group.max(initial=-1)) + 1, amounts.shape[1]), dtype=np.int64)
    for place, of in enumerate(group.tolist()):
        found[of] += amounts[place % len(amounts)]
    return found

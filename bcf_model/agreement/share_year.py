"""A whole year shared: its parts one after another, and of each what is known (docs/rules.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from bcf_model.agreement import limits as over_rules
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.pots import share
from bcf_model.agreement.unknown_variances import Doubt, doubt
from bcf_model.agreement.working_paper import YEAR
from bcf_model.agreement.year_parts import Stage, stages
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.sums import by_key, of_each
from bcf_model.core.tables import Shares
from bcf_model.core.worked_columns import Limited


class Shared(NamedTuple):
    """What a year's variances come to.

    Attributes:
        shares: `tables.Shares`.
        lines: the pooled lines, with the part of their variance that is shared.
        pots: of each line; blank where it has none, or one in each part.
        cause_pots: of each attributed amount.
        parts: scheme_id, part, budget, expenditure, variance and pot of the lines ruled by parts.
        unshared: `unknown_variances.UNSHARED` and part: who might bear what is in doubt; None
            where all is shared.
        limits: `limits.statement`, those that stand in one part before the others.
        known: the limits as their arithmetic sees them, by code.
    """

    shares: pd.DataFrame
    lines: pd.DataFrame
    pots: "pd.Series[Any]"
    cause_pots: list[str]
    parts: pd.DataFrame
    unshared: pd.DataFrame | None
    limits: pd.DataFrame
    known: Mapping[str, Limited]


def share_year(
    lines: pd.DataFrame,
    terms: Terms,
    parts: pd.DataFrame,
    year: str,
) -> Shared:
    """Share a year's variances, part by part where the agreement changes within it.

    Args:
        lines: pooled lines, as for `unknown_variances.doubt`.
        terms: the facts of the year, and the rules and limits in force on some day of it.
        parts: `tables.Parts`.
        year: the financial year.
    """
    worked: list[tuple[Stage, pd.DataFrame, Doubt | None]] = []
    unshared, of_parts, used = [], [], frozenset[int | str]()
    ruled = np.zeros(len(lines), dtype=np.int64)
    earlier: pd.DataFrame | None = None
    for stage in stages(lines, terms, parts, year):
        said = replace(stage.terms, earlier=earlier)
        open_to = doubt(stage.lines, said, used)
        known_lines, shares, pots, cause_pots = _shared(stage, said, open_to)
        if open_to is not None:
            unshared.append(open_to.unshared.assign(part=str(stage.part)))
            used = open_to.used
        ruled += np.where(stage.here, known_lines["variance"].to_numpy(), 0)
        pots = pots.where(stage.here, "")
        if stage.part.first:
            named = stage.lines.assign(part=str(stage.part), pot=pots)
            of_parts.append(named[stage.here])
        worked.append((stage, shares, open_to))
        every = [done for _, done, _ in worked]
        earlier = pd.concat(every, ignore_index=True) if len(every) > 1 else shares
    assert earlier is not None
    known: dict[str, Limited] = {}
    statements = []
    for stage, _, _ in worked:
        own = replace(stage.terms, limits=stage.limits)
        known |= over_rules.known_of(stage.lines, own, earlier, str(stage.part))
        statements.append(over_rules.statement(stage.lines, own, earlier, known))
    limits = pd.concat(statements, ignore_index=True) if len(statements) > 1 else statements[0]
    if unshared:
        limits = limits.join(_known_of_limits(worked), on="limit_id")
    return Shared(
        earlier,
        lines.assign(variance=ruled),
        pots,
        cause_pots,
        _together(of_parts, lines),
        pd.concat(unshared, ignore_index=True) if unshared else None,
        limits,
        known,
    )


def _known_of_limits(worked: Sequence[tuple[Stage, pd.DataFrame, Doubt | None]]) -> pd.DataFrame:
    """Return of each limit, by its code, what is known of it in every stage in which it holds."""
    steps_of_stage = []
    for stage, _, open_to in worked:
        codes = stage.terms.limits["limit_id"]
        sure = dict.fromkeys(map(step_of, ("budget", "amount", "counted", "left")), 1)
        steps = pd.DataFrame(sure, index=codes.index) if open_to is None else open_to.limits
        steps_of_stage.append(steps.assign(limit_id=codes))
    return pd.concat(steps_of_stage).groupby("limit_id").min().astype("int64")


def _together(of_parts: Sequence[pd.DataFrame], lines: pd.DataFrame) -> pd.DataFrame:
    """Stack the lines of all parts under each other, each line with its parts."""
    if not of_parts:
        return lines.head(0).assign(part="", pot="")
    return pd.concat(of_parts).sort_index(kind="stable").reset_index(drop=True)


def _shared(
    stage: Stage, terms: Terms, open_to: Doubt | None
) -> tuple[pd.DataFrame, pd.DataFrame, "pd.Series[Any]", list[str]]:
    """Share what can be shared; what is in doubt is in no pot, and has no share.

    Returns:
        The lines with the part of their variance that is shared; and as `pots.share`.
    """
    keys = (*YEAR, "part") if stage.part.first else YEAR
    lines = stage.lines.assign(part=str(stage.part)) if stage.part.first else stage.lines
    if open_to is None:
        shares, pots, cause_pots = share(lines, terms, keys)
        return lines, shares[[*Shares.types]], pots.astype("str"), cause_pots
    # A limit of which it is not known what is left holds back nothing of what is shared.
    left = (open_to.limits[step_of("left")] > 0).to_numpy()
    held = terms.limits[left].reset_index(drop=True)
    causes = terms.causes.assign(amount=terms.causes["amount"].where(~open_to.causes, 0))
    apart = of_each(lines["scheme_id"], by_key(causes["scheme_id"], causes["amount"]))
    lines = lines.assign(variance=np.where(open_to.lines, 0, lines["unattributed"]) + apart)
    shares, found, cause_pots = share(lines, replace(terms, causes=causes, limits=held), keys)
    lost = open_to.causes.tolist()
    pots = found.astype("str")
    gone = {*pots[open_to.lines]}
    gone |= {pot for pot, is_lost in zip(cause_pots, lost, strict=True) if is_lost}
    return (
        lines,
        shares.loc[~shares["pot"].isin(gone), [*Shares.types]].reset_index(drop=True),
        pots.where(~open_to.lines, ""),
        ["" if is_lost else pot for pot, is_lost in zip(cause_pots, lost, strict=True)],
    )

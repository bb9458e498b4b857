"""Variances that cannot be shared: those not known, and those netted or limited with them.

A line whose variance is not stated is netted with others, may draw on a reserve others draw on, or
be met by underspends elsewhere: all of that is in doubt, and nothing else. Whoever might bear a
part of it stands in `unshared`, so that what they bear is blank and not less than it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Call
from bcf_model.agreement.parcels import Parcels, Terms, line_of, parcels_of
from bcf_model.agreement.reserves_and_limits import InCommon
from bcf_model.agreement.rules import WAYS, Scope
from bcf_model.agreement.unplaced_lines import HELD, joined, may_be_under, unheld
from bcf_model.agreement.working_paper import YEAR
from bcf_model.core.figures import scope_parts
from bcf_model.core.sums import grouped, total
from bcf_model.core.tables import records
from bcf_model.core.weights import Weights
from bcf_model.core.words import BASIS, NONE, NOT_STATED, PARTED_BY

UNSHARED: Final = (
    "scheme_id", "theme", "category", "kind", "grant", "scope", "step", "bearer", "bearer_kind",
    "held", "rule_id",
)  # fmt: skip
"""Columns of what is not shared: a line, and who might bear of its variance by which rule."""

EITHER: Final = np.ones(len(WAYS), dtype=np.bool_)
"""Over or under: which of the two is not known."""


class Doubt(NamedTuple):
    """What is not shared.

    Attributes:
        lines: marks the pooled lines that are in doubt. causes: the attributed amounts that are.
        unshared: `UNSHARED`, one row per line, rule and whoever it may name.
        limits: for each, whether it is known (1) or not (0): the budget of the lines covered, the
            limit in money, what counts towards it, and what is left.
        used: reserves and limits that what is in doubt may use up (`InCommon`).
    """

    lines: NDArray[np.bool_]
    causes: NDArray[np.bool_]
    unshared: pd.DataFrame
    limits: pd.DataFrame
    used: frozenset[int | str] = frozenset()


def doubt(
    lines: pd.DataFrame, terms: Terms, before: frozenset[int | str] = frozenset()
) -> Doubt | None:
    """Find what of the pool cannot be shared.

    Args:
        lines: pooled lines, as `pots.share` takes them, with budget_step and variance_step; the
            variance is nil where its step is.
        terms: the agreement, and the facts of the year.
        before: reserves and limits that parts of the year before this one may have used up.

    Returns:
        None where everything that is needed is stated.
    """
    unknown = (lines["variance_step"] == 0).to_numpy()
    nobodys = unheld(lines)
    if not (unknown.any() or (lines["budget_step"] == 0).any() or nobodys.any() or before):
        return None
    parcels = parcels_of(lines, terms, YEAR)
    scope, is_line = parcels.frame["scope"].cat.codes.to_numpy(), parcels.cause < 0
    in_doubt, ruled = np.zeros((2, len(lines)), dtype=bool)
    causes, ruled_causes = np.zeros((2, len(terms.causes)), dtype=bool)
    ruled[parcels.line[is_line]] = True
    ruled_causes[parcels.cause[~is_line]] = True
    # What is under no rule has no category, or a holder by whom its rule would be chosen.
    unruled = ~ruled & (unknown | (nobodys & (lines["unattributed"] != 0).to_numpy()))
    place = line_of(lines, terms.causes)
    could = may_be_under(lines, [scope_parts(one.name)[0].selection for one in parcels.scopes])
    apart = ~ruled_causes & (terms.causes["amount"] != 0).to_numpy(dtype=bool) & nobodys[place]
    astray = unruled.copy()
    astray[place[apart]] = True
    may = [
        (i, s)
        for s, of_scope in enumerate(could)
        for i in np.flatnonzero(of_scope & astray).tolist()
    ]
    common = InCommon(lines, terms)
    used = {c for i, s in may for c in common.drawn(parcels.scopes[s], EITHER, EITHER, i).uses}
    used |= before
    unplaced = joined(lines, terms, parcels, could)
    found = _in_doubt(lines, terms, parcels, unplaced, common, used)
    in_doubt[parcels.line[found.parcels & is_line]] = True
    causes[parcels.cause[found.parcels & ~is_line]] = True
    at = np.flatnonzero(found.parcels)
    under = [(int(parcels.line[i]), int(scope[i]), found.ways[:, i]) for i in at]
    under += [(i, s, EITHER) for i, s in may]
    nowhere = astray & ~np.isin(np.arange(len(lines)), [i for i, _ in may])
    rows = [*_unshared(lines, terms, parcels.scopes, under), *_of_anybody(lines, terms, nowhere)]
    frame = pd.DataFrame(rows, columns=[*UNSHARED])
    kinds = dict.fromkeys(UNSHARED, "str") | {"step": "int64"}
    unshared = frame.astype(kinds).drop_duplicates(ignore_index=True)
    limits = common.known(terms.limits["limit_id"], found.used)
    return Doubt(in_doubt | unruled, causes | apart, unshared, limits, frozenset(found.used))


class _Found(NamedTuple):
    """Which parcels are in doubt, and by which ways, over and under, each may be ruled.

    `used` is what lines in doubt, or not placed, may use up (`InCommon`).
    """

    parcels: NDArray[np.bool_]
    ways: NDArray[np.bool_]
    used: set[int | str]


def _in_doubt(
    lines: pd.DataFrame,
    terms: Terms,
    parcels: Parcels,
    unplaced: NDArray[np.bool_],
    common: InCommon,
    used: set[int | str],
) -> _Found:
    """Find the parcels in doubt.

    Args:
        lines: pooled lines.
        terms: the agreement, and the facts of the year.
        parcels: of the lines.
        unplaced: marks those with which a line may be worked out that is not placed.
        common: what they may use up.
        used: what of it lines under no scope may.
    """
    frame, scopes = parcels.frame, parcels.scopes
    unknown = (lines["variance_step"] == 0).to_numpy()
    scope = frame["scope"].cat.codes.to_numpy()
    names = ["scope", "kind", "grant", "cause"]
    together = grouped(frame, names)[1]
    group = grouped(frame, [*names, "unit"])[1]
    is_line = parcels.cause < 0
    lost = unknown[parcels.line] & is_line
    if not len(frame):
        return _Found(lost, np.stack([lost, lost]), used)  # no line is ruled here
    open_way = np.isin(group, group[lost | unplaced])  # it is not known which way its group falls
    over = total(parcels.amount, group, int(group.max(initial=-1)) + 1)[group] >= 0
    same = np.array([one.calls["over"] is one.calls["under"] for one in scopes], dtype=bool)[scope]
    either = open_way & ~same
    ways = np.stack([over | either, ~over | either])
    # Pots: where both ways are ruled alike, what is parted by holder is not in doubt together.
    parted = np.array([[one.parted_by[way] for way in WAYS] for one in scopes], dtype=object)
    column = np.where(over, parted[scope, 0], parted[scope, 1])
    column[either] = ""
    holder = [frame[name].iloc[i] if name else "" for i, name in enumerate(column)]
    pot = grouped(
        pd.DataFrame({"group": group.astype("str"), "holder": holder}), ["group", "holder"]
    )[1]
    nobody = (pd.Series(holder, dtype="str") == NOT_STATED).to_numpy() & (parcels.amount != 0)
    at = lost | nobody | (open_way & ~same) | unplaced
    needs = _Needs(lines, terms, parcels)
    nil = np.isin(pot, pot[(parcels.amount != 0) | lost], invert=True)
    for i in np.unique(scope):
        for way in range(len(WAYS)):
            here = (scope == i) & ways[way] & ~nil
            if here.any():
                at |= here & needs.not_known(scopes[i].calls[WAYS[way]])
    offset = np.array([any(c.offset for w in WAYS for c in one.calls[w]) for one in scopes])[scope]
    net = total(parcels.amount, pot, int(pot.max(initial=-1)) + 1)[pot]
    open_sign = np.isin(pot, pot[lost | unplaced])
    signs = np.stack([(net > 0) | open_sign, (net < 0) | open_sign])
    causes = [*terms.causes["cause"], NONE]
    in_common = enumerate(scope.tolist()) if terms.reserves or len(terms.limits) else ()
    drawn = {
        i: common.drawn(
            scopes[s], ways[:, i], signs[:, i], parcels.line[i], causes[parcels.cause[i]]
        )
        for i, s in in_common
    }
    used = used.union(*(one.unsure for i, one in drawn.items() if not nil[i]))
    netted = _Netted(pot, together, offset & ~nil, ~nil)
    while True:
        spread, dry = _spread(at, netted, drawn, used, common.open)
        if (spread == at).all():
            return _Found(at, ways, dry)
        at = spread


class _Netted(NamedTuple):
    """What parcels are netted with.

    Attributes:
        pot: of each parcel. together: its group, with which it is offset where `offset`.
        amounts: whether its pot holds anything.
    """

    pot: NDArray[np.intp]
    together: NDArray[np.intp]
    offset: NDArray[np.bool_]
    amounts: NDArray[np.bool_]


def _spread(
    at: NDArray[np.bool_],
    netted: _Netted,
    drawn: Mapping[int, Any],
    used: set[int | str],
    open_use: set[int | str],
) -> tuple[NDArray[np.bool_], set[int | str]]:
    """Spread doubt one step: over pots, over what is offset, and over what is used up in common.

    Args:
        at: parcels in doubt.
        netted: what they are netted with.
        drawn: what a parcel draws on that others do too, by its position.
        used: what lines under no scope may use up.
        open_use: what is not known to be there.

    Returns:
        The parcels in doubt, and what may be used up.
    """
    pot, together, offset, amounts = netted
    spread = np.isin(pot, pot[at])
    spread |= offset & np.isin(together, together[spread])
    dry = used.union(*(one.uses for i, one in drawn.items() if spread[i]))
    held = [i for i, one in drawn.items() if one.held & (dry | open_use)]
    spread[held] |= amounts[held]
    return spread, dry


class _Needs:
    """What a call needs to know of budgets and of whose they are, beside the variance."""

    def __init__(self, lines: pd.DataFrame, terms: Terms, parcels: Parcels) -> None:
        self._rules, self._parcels = terms.rules, parcels
        self._unstated = (lines["budget_step"] == 0).to_numpy()
        self._weights = Weights(lines, terms.contributions)

    def not_known(self, calls: Sequence[Call]) -> NDArray[np.bool_]:
        """Mark the parcels that a call cannot share, for want of a budget or of whose it is."""
        frame, line = self._parcels.frame, self._parcels.line
        lost = np.zeros(len(frame), dtype=bool)
        for call in calls:
            rows = [next(records(self._rules.iloc[[b.rule]])) for b in call.bearers]
            edges = [e for row in rows for e in (row.band_from, row.band_to, row.limit)]
            if any(edge.endswith("%") for edge in edges):
                lost |= self._unstated[line]
            if BASIS[(first := rows[0]).basis].weighed_by:
                units = self._weights.units(first)[self._weights.unclear(first)]
                over_all = bool(first.measured_over)
                lost |= len(units) > 0 if over_all else np.isin(frame["unit"].cat.codes, units)
        return lost


def _unshared(
    lines: pd.DataFrame,
    terms: Terms,
    scopes: Sequence[Scope],
    under: Sequence[tuple[int, int, Any]],
) -> Iterator[tuple[Any, ...]]:
    """Return whoever may bear a part of what is in doubt, line by line.

    Args:
        lines: pooled lines.
        terms: the agreement.
        scopes: of the rules in force.
        under: line, scope, and by which ways, over and under, it may be ruled.
    """
    rules = list(records(terms.rules))
    partners = [code for code, kind in terms.kinds.items() if kind == "partner"]
    known = list(records(lines[[*UNSHARED[:5], *HELD]].astype("str")))
    for line, scope, ways in under:
        row, one = known[line], scopes[scope]
        calls = [c for w, may in zip(WAYS, ways, strict=True) if may for c in one.calls[w]]
        for rule in dict.fromkeys(bearer.rule for call in calls for bearer in call.bearers):
            said = rules[rule]
            bearers = [said.bearer]
            if said.basis in PARTED_BY:
                holder = getattr(row, PARTED_BY[said.basis])
                bearers = partners if holder == NOT_STATED else [holder]
            for bearer in bearers:
                yield (
                    *row[:5], one.name, said.step, bearer, terms.kinds.get(bearer, "partner"),
                    said.held, said.rule_id,
                )  # fmt: skip


def _of_anybody(
    lines: pd.DataFrame, terms: Terms, unruled: NDArray[np.bool_]
) -> Iterator[tuple[Any, ...]]:
    """Return every bearer for each line of which it is not even known which rule it is under."""
    for row in records(lines.loc[unruled, [*UNSHARED[:5]]].astype("str")):
        for bearer, kind in terms.kinds.items():
            yield (*row, NONE, 1, bearer, kind, "in the pool", NONE)

"""The calls of an agreement, worked on arrays: what each bearer bears of each pot, step by step.

Every array has the pots on its last axis; before it there may be an axis of draws, of which each is
a year of its own. The arithmetic is that of `worked_columns` (docs/rules.md, 6 to 11); here it is
only put in order.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, Final

import numpy as np

from bcf_model.agreement.call_parts import Amounts, Call, Edge, Part, Pots, Ruled
from bcf_model.agreement.limit_use import NO_LIMITS, Limits, Running
from bcf_model.core.errors import NothingToShareBy
from bcf_model.core.expressions import Expression, evaluate, of_row
from bcf_model.core.worked_columns import REACHED, UP_TO, borne_of, percent_of_budget

_AT_ONCE: Final = 2**16
"""Pots worked at a time, where there are many."""
Edges = Callable[[Edge | None], Any]


def bear(
    pots: Pots,
    ruled: Sequence[Ruled],
    opening: Amounts,
    limits: Limits = NO_LIMITS,
    left: Amounts | None = None,
) -> list[Part]:
    """Work all calls, in order.

    Args:
        pots: what is shared.
        ruled: each pot stands in one of these.
        opening: what each reserve can pay, in pence; on an axis of draws, of each draw.
        limits: over several rules.
        left: what is left of it, where parts of the year before drew on it or paid in.

    Returns:
        One part for each bearer of each call, by step. Of a pot the parts sum to its variance, if
        the agreement's last step takes everything.
    """
    count = pots.variance.shape[-1]
    alone = not any(call.offset or call.calls_a_reserve for one in ruled for call in one.calls)
    if (
        alone and not limits.known and count > 2 * _AT_ONCE
    ):  # pots that have nothing to do with each other
        blocks = (slice(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE))
        return [part for block in blocks for part in _bear_block(pots, ruled, opening, block)]
    return _bear(pots, ruled, opening, limits, left)


def _bear_block(
    pots: Pots, ruled: Sequence[Ruled], opening: Amounts, block: slice
) -> Iterator[Part]:
    """Work some of the pots by themselves: in blocks that stay in the processor's cache."""
    some = Pots(
        pots.variance[..., block], pots.budget[block], pots.unit[block],
        pots.together[block], pots.year[block],
    )  # fmt: skip
    here, elsewhere = [], {}
    for one in ruled:
        first, last = np.searchsorted(one.pots, (block.start, block.stop))
        whole = one._replace(pots=one.pots[first:last])
        here.append(one._replace(pots=whole.pots - block.start))
        elsewhere[id(here[-1])] = whole
    for part in _bear(some, here, opening, NO_LIMITS):
        part.ruled = elsewhere[id(part.ruled)]
        yield part


def _bear(
    pots: Pots,
    ruled: Sequence[Ruled],
    opening: Amounts,
    limits: Limits,
    reserved: Amounts | None = None,
) -> list[Part]:
    left = [pots.variance[..., one.pots] for one in ruled]
    edges: list[Edges] = [cache(partial(_edge, pots=pots, one=one)) for one in ruled]
    years = int(pots.year.max(initial=0)) + 1
    shape = (*pots.variance.shape[:-1], years, opening.shape[-1])
    reserved = opening if reserved is None else reserved
    balance = np.broadcast_to(reserved[..., None, :], shape).copy()
    running, limited = Running(limits, pots.year), limits.rules
    parts = []
    steps = sorted({call.step for one in ruled for call in one.calls})
    for step in steps:
        of_step: list[tuple[int, Part]] = []
        offsets = []
        for i, one in enumerate(ruled):
            # Where one band ends the next begins: what lies up to there is worked out once.
            cuts = cache(partial(_up_to, offered=left[i], edges=edges[i]))
            for call in one.calls:
                if call.step != step:
                    continue
                if call.offset:
                    offsets.append((i, one, call, left[i]))
                else:
                    of_step += [
                        (i, part) for part in _shares(pots, one, call, left[i], edges[i], cuts)
                    ]
        of_step += _offsets(pots, offsets)
        _take(pots, [part for _, part in of_step], balance, opening)
        if limited:
            running.take([part for _, part in of_step], pots.variance)
        parts += [part for _, part in of_step]
        if step != steps[-1]:
            for i, part in of_step:
                # A call nobody in it is limited in has taken its slice: said once for all.
                if not part.call.leaves_some and limited.isdisjoint(part.call.rules):
                    left[i] = left[i] - part.slice if part.position == 1 else left[i]
                else:
                    left[i] = left[i] - part.borne
    return parts


def _shares(
    pots: Pots, one: Ruled, call: Call, offered: Amounts, edges: Edges, cuts: Edges
) -> Iterator[Part]:
    """Divide the slice of a call among its bearers, by cumulative rounding."""
    inside = cuts(call.ceiling) if call.ceiling else offered
    if call.floor:
        inside = inside - cuts(call.floor)
    floor, ceiling = edges(call.floor), edges(call.ceiling)
    weights = [_of_unit(bearer.weight, pots, one) for bearer in call.bearers]
    total = _total(weights, inside)
    divisor = np.maximum(total, 1)
    running: Any = np.int64(0)
    before: Any = np.int64(0)
    for position, (bearer, weight) in enumerate(zip(call.bearers, weights, strict=True), start=1):
        running = running + weight
        if position == len(weights):
            reached = inside
        else:
            known = {"slice": inside, "cumulative_weight": running, "total_weight": divisor}
            reached = _worked(REACHED, known)
        limit = edges(bearer.limit)
        if bearer.own_limit is not None:
            limit = _of_unit(bearer.own_limit, pots, one)
        yield Part(
            one, call, bearer, position, offered, inside, floor, ceiling,
            weight, running, total, reached - before, limit,
        )  # fmt: skip
        before = reached


def _total(weights: Sequence[Any], inside: Amounts) -> Any:
    """Add the weights up; nil where they cannot divide anything (docs/rules.md, 7).

    Raises:
        NothingToShareBy: there is something to divide. The checks find that in the year's data;
            plans, and varied outturns, may still come to it.
    """
    total = sum(weights[1:], start=weights[0])
    total = np.where(np.minimum.reduce([total, *weights]) < 0, 0, total)[()]
    nothing = total == 0
    if np.any(nothing) and np.any(nothing & (inside != 0)):
        message = "a variance is to be shared by what is nil, or below nil"
        raise NothingToShareBy(message)
    return total


def _edge(edge: Edge | None, pots: Pots, one: Ruled) -> Any:
    """Return an edge in pence: one number, or one for each pot where it is a percentage."""
    if edge is None or not edge.millionths:
        return np.int64(edge.pence if edge else 0)
    expression = percent_of_budget(edge.millionths)
    return _worked(expression, {"budget": pots.budget[one.pots]})


def _up_to(edge: Edge, offered: Amounts, edges: Edges) -> Any:
    """Return what is offered, up to an edge: the ends of `worked_columns.slice_of`."""
    return _worked(UP_TO, {"offered": offered, "edge": edges(edge)})


def _of_unit(number: Any, pots: Pots, one: Ruled) -> Any:
    array = np.asarray(number, dtype=np.int64)
    return array[()] if array.ndim == 0 else array[pots.unit[one.pots]]


def _worked(expression: Expression, known: dict[str, Any]) -> Any:
    return evaluate(expression, of_row(known))


def _take(pots: Pots, parts: list[Part], balance: Amounts, opening: Amounts) -> None:
    """Compute what each bearer takes of its share: its limit, or the reserve's balance, allows."""
    for part in parts:
        if part.bearer.reserve < 0:
            limited = part.bearer.limit is not None or part.bearer.own_limit is not None
            known = {"share": part.share, "limit": part.limit}
            part.borne = _worked(borne_of(is_reserve=False, is_limited=limited), known)
    for reserve in sorted({part.bearer.reserve for part in parts} - {-1}):
        called = [part for part in parts if part.bearer.reserve == reserve]
        for part in called:
            part.limit = opening[..., reserve]
        for year in range(balance.shape[-2]):
            _from_reserve(pots, called, balance[..., year, reserve], year)


def _from_reserve(pots: Pots, called: list[Part], balance: Amounts, year: int) -> None:
    """Compute what one reserve takes in, and then pays in the order of the pots.

    What it has paid after each row is the lesser of what was asked of it so far and what it held:
    that is what paying row by row comes to. `balance` is changed.
    """
    here = [pots.year[part.ruled.pots] == year for part in called]
    pot = np.concatenate([part.ruled.pots[at] for part, at in zip(called, here, strict=True)])
    row = np.repeat(np.arange(len(called)), [at.sum() for at in here])
    order = np.lexsort((row, pot))
    asked = np.concatenate(
        [part.share[..., at] for part, at in zip(called, here, strict=True)], axis=-1
    )[..., order]
    paid_in, drawn = np.minimum(asked, 0), np.maximum(asked, 0)
    held_before = balance[..., None] - (np.cumsum(paid_in, axis=-1) - paid_in)
    held = balance - paid_in.sum(axis=-1)
    wanted = np.cumsum(drawn, axis=-1)
    paid = np.minimum(wanted, np.maximum(held, 0)[..., None])
    took = np.diff(paid, axis=-1, prepend=0)
    pays_in = pots.variance[..., pot[order]] < 0
    before = np.where(pays_in, held_before, held[..., None] - (paid - took))
    balance[...] = held - took.sum(axis=-1)
    back = np.argsort(order)
    borne, available = (took + paid_in)[..., back], before[..., back]
    start = 0
    for part, at in zip(called, here, strict=True):
        stop = start + int(at.sum())
        if part.borne.shape != part.share.shape:
            part.borne = np.zeros_like(part.share)
            part.available = np.zeros_like(part.share)
        part.borne[..., at] = borne[..., start:stop]
        part.available[..., at] = available[..., start:stop]
        start = stop


def _offsets(pots: Pots, called: list[tuple[int, Ruled, Call, Amounts]]) -> list[tuple[int, Part]]:
    """Offset overspends by underspends among the pots that belong together.

    Those over and those under stand in two parts of one scope: they are put side by side first.
    """
    if not called:
        return []
    pot = np.concatenate([one.pots for _, one, _, _ in called])
    order = np.argsort(pot, kind="stable")
    offered = np.concatenate([amounts for _, _, _, amounts in called], axis=-1)[..., order]
    share, running, total, used_here = (np.zeros_like(offered) for _ in range(4))
    together = pots.together[pot[order]]
    for group in np.unique(together):
        at = np.flatnonzero(together == group)
        over, under = np.maximum(offered[..., at], 0), np.maximum(-offered[..., at], 0)
        used = np.minimum(over.sum(axis=-1), under.sum(axis=-1))[..., None]
        for side, sign in ((over, 1), (under, -1)):
            whole = np.maximum(side.sum(axis=-1), 1)[..., None]
            so_far = np.cumsum(side, axis=-1)
            known = {
                "slice": np.broadcast_to(used, side.shape),
                "cumulative_weight": so_far,
                "total_weight": np.broadcast_to(whole, side.shape),
            }
            reached = _worked(REACHED, known)
            mine = side > 0
            share[..., at] += sign * np.diff(reached, axis=-1, prepend=0)
            running[..., at] += np.where(mine, so_far, 0)
            total[..., at] += np.where(mine, whole, 0)
            used_here[..., at] += np.where(mine, sign * used, 0)
    back = np.argsort(order)
    nil = np.int64(0)
    parts, start = [], 0
    for i, one, call, amounts in called:
        at = back[start : start + len(one.pots)]
        start += len(one.pots)
        part = Part(
            one, call, call.bearers[0], 0, amounts, used_here[..., at], nil, nil,
            abs(amounts), running[..., at], total[..., at], share[..., at],
        )  # fmt: skip
        parts.append((i, part))
    return parts

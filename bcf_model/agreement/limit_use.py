"""Limits over several rules at work: how much of each is used, row by row (docs/rules.md, 12).

A limit is used up as a reserve is: in the order of the rows, each having what those before it left.
What that is, is `worked_columns.room_of`, read here on running totals.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Amounts, Part
from bcf_model.core.expressions import Leaf, Total, evaluate
from bcf_model.core.worked_columns import Limited, borne_of, room_of


@dataclass(frozen=True)
class Limits:
    """Limits on pots.

    Attributes:
        known: the limits, as their arithmetic sees them.
        amount: of each, in pence, of each year.
        under: of each, for each rule it covers, the pots in which a row of that rule counts.
        money: kind and grant of each pot.
        used: of each before anything is borne here, as `Running` counts it: in pence.
    """

    known: tuple[Limited, ...] = ()
    amount: tuple[Amounts, ...] = ()
    under: tuple[Mapping[int, NDArray[np.bool_]], ...] = ()
    money: tuple[tuple[str, str], ...] = ()
    used: Mapping[tuple[Any, ...], int] = field(default_factory=dict)

    @property
    def rules(self) -> set[int]:
        """The rules that any of them covers."""
        return {rule for under in self.under for rule in under}

    def of(self, rule: int) -> list[int]:
        """Return the positions of the limits that cover a rule."""
        return [k for k, under in enumerate(self.under) if rule in under]


NO_LIMITS: Final = Limits()


class Running:
    """What has been used of each limit, while the rows are worked in their order.

    Args:
        limits: on the pots.
        year: of each pot, numbered.
    """

    def __init__(self, limits: Limits, year: NDArray[np.intp]) -> None:
        """Start with nothing used."""
        self.limits, self.year = limits, year
        self._used: dict[tuple[Any, ...], Any] = defaultdict(lambda: np.int64(0), limits.used)

    def take(self, parts: Sequence[Part], variance: Amounts) -> None:
        """Compute for each row of one step what its limits leave it; what limits nothing stays.

        Underspends come first, then overspends: of each the pots in their order, and in a pot the
        rows in theirs (docs/rules.md, 10).

        Args:
            parts: of the step, in the order of the agreement; their `borne`, `room` and
                `room_under` are changed.
            variance: of the pots, in pence.
        """
        rows = []
        for n, part in enumerate(parts):
            of_rule = self.limits.of(part.bearer.rule)
            if not of_rule:
                continue
            pots = part.ruled.pots
            held = np.array([self.limits.under[k][part.bearer.rule][pots] for k in of_rule])
            here = np.flatnonzero(held.any(axis=0))
            if len(here):
                part.borne = np.array(np.broadcast_to(part.borne, part.share.shape))
                for name in ("room", "room_under"):
                    setattr(part, name, np.zeros(len(pots), dtype=np.int64))
            rows += [
                (int(pots[at]), n, int(at), part, tuple(np.array(of_rule)[held[:, at]].tolist()))
                for at in here
            ]
        rows.sort(key=lambda row: row[:3])
        for sign in (-1, 1):
            for pot, _, at, part, under in rows:
                asked = part.borne[..., at]
                wanted = np.minimum(asked, 0) if sign < 0 else np.maximum(asked, 0)
                is_shown = wanted.ndim == 0 and (variance[pot] < 0) == (sign < 0)
                if not is_shown and not np.any(wanted):
                    continue
                took = self._within_limits(pot, part, at, under, wanted)
                part.borne[..., at] = asked - wanted + took
                self._count(pot, under, took)

    def _within_limits(
        self, pot: int, part: Part, at: int, under: tuple[int, ...], wanted: Any
    ) -> Any:
        """Cut what a row would bear to the room its limits leave; keep that room in the part."""
        money, year = self.limits.money[pot], int(self.year[pot])
        known = tuple(self.limits.known[k] for k in under)
        found: dict[str, Any] = {"share": wanted}
        for name, over in (("room", True), ("room_under", False)):
            expression = room_of(known, money, over=over)
            if expression is not None:
                found[name] = evaluate(expression, lambda leaf: self._total(leaf, year))
                if np.ndim(found[name]) == 0:
                    getattr(part, name)[at] = found[name]
        borne = borne_of(
            is_reserve=False, is_limited=False, over="room" in found, under="room_under" in found
        )
        return evaluate(borne, lambda leaf: found[leaf.name])

    def _total(self, leaf: Leaf, year: int) -> Any:
        """Return a limit, or what has been used of it: a total over the rows above."""
        assert isinstance(leaf, Total)  # no column of the row is in it
        chosen = {name: value for name, (value,) in leaf.of}
        if "limit_id" in chosen:
            at = [one.code for one in self.limits.known].index(chosen["limit_id"])
            return self.limits.amount[at][year]
        money = (chosen.get("kind"), chosen.get("grant"))
        return self._used[chosen["limits"], year, leaf.sign, money]

    def _count(self, pot: int, under: tuple[int, ...], took: Any) -> None:
        """Count what a row took towards its limits."""
        year = int(self.year[pot])
        for k in under:
            code = self.limits.known[k].code
            for counted, amount in counting(took, code, year, self.limits.money[pot]):
                self._used[counted] += amount


def counting(
    took: Any, code: str, year: int, money: tuple[str, str]
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Return what a row that takes something uses of a limit: of each sign, and of its money."""
    yield (code, year, 1, (None, None)), np.maximum(took, 0)
    yield (code, year, -1, (None, None)), np.minimum(took, 0)
    yield (code, year, 0, money), took

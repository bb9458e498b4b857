"""What the calls of an agreement are made of: pots and who rules them, calls, bearers, and parts.

Every array has the pots on its last axis; before it there may be an axis of draws.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class Edge:
    """Where a band begins or ends, or a limit: pence, or millionths of a percent of budget."""

    pence: int = 0
    millionths: int = 0


class Bearer(NamedTuple):
    """One row of a call.

    Attributes:
        rule: row of the rules it stands in.
        weight: pence or shares, reduced: one number for all pots, or one for each netting unit.
        limit: most it takes; None for no limit. own_limit: pence for each netting unit, where the
            limit is what the bearer contributes.
        reserve: position of the reserve it is; -1 for who is none.
    """

    rule: int
    weight: Any
    limit: Edge | None = None
    own_limit: Any = None
    reserve: int = -1


class Call(NamedTuple):
    """The rows of one scope, direction, step and band.

    Attributes:
        floor: where the band begins; None at nil. ceiling: where it ends; None for nowhere.
        offset: overspends met by underspends, instead of shares.
    """

    step: int
    floor: Edge | None
    ceiling: Edge | None
    bearers: tuple[Bearer, ...]
    offset: bool = False

    @property
    def leaves_some(self) -> bool:
        """Whether what its bearers take may be less than its slice."""
        limited = any(b.limit is not None or b.own_limit is not None for b in self.bearers)
        return limited or self.calls_a_reserve or self.offset

    @property
    def rules(self) -> tuple[int, ...]:
        """The rows of the rules it is made of."""
        return tuple(bearer.rule for bearer in self.bearers)

    @property
    def calls_a_reserve(self) -> bool:
        """Whether a reserve is among the bearers: its balance goes from pot to pot."""
        return any(bearer.reserve >= 0 for bearer in self.bearers)


class Ruled(NamedTuple):
    """Pots that one scope rules in one direction, with its calls in order.

    On an axis of draws a pot has nil in the draws in which its group takes the other direction.

    Attributes:
        scope: position of the scope.
        pots: positions of the pots, ascending.
    """

    scope: int
    pots: NDArray[np.intp]
    calls: tuple[Call, ...]


class Pots(NamedTuple):
    """What is shared.

    Attributes:
        variance: pence, pots on the last axis. budget: pence, one for each pot.
        unit: netting unit of each pot, as weights count them.
        together: pots with one number could be netted but for the netting (docs/rules.md, 11).
        year: pots with one number share the balances of the reserves.
    """

    variance: Amounts
    budget: Amounts
    unit: NDArray[np.intp]
    together: NDArray[np.intp]
    year: NDArray[np.intp]


@dataclass
class Part:
    """What one bearer of one call bears, of each pot of its scope."""

    ruled: Ruled
    call: Call
    bearer: Bearer
    position: int
    offered: Any
    slice: Any
    floor: Any
    ceiling: Any
    weight: Any
    cumulative_weight: Any
    total_weight: Any
    share: Amounts
    limit: Any = 0
    available: Any = 0
    room: Any = 0
    room_under: Any = 0
    borne: Amounts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

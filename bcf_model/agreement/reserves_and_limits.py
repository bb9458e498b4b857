"""What pots have in common: reserves, and limits over several rules (docs/rules.md, 10 and 12).

What one pot uses up is not there for another. Where it is not known what one bears, or how much a
limit is, it is not known either what the others find.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.limits import Limit, limits
from bcf_model.agreement.parcels import Terms
from bcf_model.agreement.rules import WAYS, Scope
from bcf_model.agreement.unplaced_lines import may_be_under
from bcf_model.core.figures import Cover
from bcf_model.core.stated_amounts import step_of
from bcf_model.core.words import NOT_STATED, PARTED_BY

Mask = NDArray[np.bool_]
USES: Final = {
    "overspends": np.array([True, False]),
    "underspends": np.array([False, True]),
    "net": np.array([True, True]),
}
"""Whether what is borne of an overspend, and of an underspend, counts towards a limit."""
HOLDS: Final = {**USES, "net": USES["overspends"]}
"""Whether a limit holds back what is borne of either."""


@dataclass
class Drawn:
    """Numbers of reserves and codes of limits.

    Attributes:
        uses: what is used up. held: what holds back. unsure: limits that count it, or do not.
    """

    uses: set[int | str] = field(default_factory=set)
    held: set[int | str] = field(default_factory=set)
    unsure: set[int | str] = field(default_factory=set)


class InCommon:
    """What lines may use up, and what may hold back what is borne of them.

    Attributes:
        open: codes of the limits that are a percentage of a budget that is not known.
    """

    def __init__(self, lines: pd.DataFrame, terms: Terms) -> None:
        """Read the limits, on pooled lines."""
        self._lines, self._basis = lines, terms.rules["basis"].tolist()
        covers = [Cover.parse(text).lines.selection for text in terms.limits["covers"]]
        may = may_be_under(lines, covers)
        self._limits = list(zip(limits(lines, terms), may, strict=True))
        unstated = (lines["budget_step"] == 0).to_numpy()
        ruled = (lines["category"] != NOT_STATED).to_numpy()
        weighs = ruled & (unstated | (lines["budget"] != 0).to_numpy())
        lost = [
            one
            for one, may_cover in self._limits
            if (unstated & one.lines).any() or (weighs & may_cover).any()
        ]
        self._unsized = {one.code for one in lost}
        self.open: set[int | str] = {one.code for one in lost if one.size.millionths}

    def known(self, codes: "pd.Series[Any]", used: set[int | str]) -> pd.DataFrame:
        """Return of each limit what is known: the steps of budget, amount, counted and left.

        Args:
            codes: of the limits.
            used: those of which it is not known what counts towards them.
        """
        amount, counted = ~codes.isin(self.open), ~codes.isin(used)
        budget, left = ~codes.isin(self._unsized), amount & counted
        known = {"budget": budget, "amount": amount, "counted": counted, "left": left}
        return pd.DataFrame({step_of(name): rows for name, rows in known.items()}, dtype="int64")

    def drawn(
        self, scope: Scope, ways: Mask, signs: Mask, line: int, cause: str | None = None
    ) -> Drawn:
        """Return what a line, or an amount attributed to a cause, has in common with others.

        Args:
            scope: under which it is, or may be.
            ways: by which it may be ruled, over and under.
            signs: whether what is shared may be an overspend, and an underspend.
            line: its position.
            cause: `none` for what has none; None where it may have any.
        """
        calls = [
            call for way, may in zip(WAYS, ways, strict=True) if may for call in scope.calls[way]
        ]
        bearers = [bearer for call in calls for bearer in call.bearers]
        found = Drawn({b.reserve for b in bearers if b.reserve >= 0})
        found.held |= found.uses
        for one, may_cover in self._limits:
            reached = one.lines[line] or may_cover[line]
            caused = cause is None or one.cover.of_cause(cause)
            if not (reached and caused and any(self._bears(one, b.rule, line) for b in bearers)):
                continue
            if (USES[one.counts] & signs).any():
                found.uses.add(one.code)
                found.unsure |= {one.code} if may_cover[line] else set()
            if (HOLDS[one.counts] & signs).any():
                found.held.add(one.code)
        return found

    def _bears(self, one: Limit, rule: int, line: int) -> bool:
        """Return whether the bearer of a limit may bear of a line by a rule that it covers."""
        if not one.rules.get(rule, False):
            return rule in one.rules
        whose: Any = self._lines[PARTED_BY[self._basis[rule]]].iloc[line]
        return whose in (one.bearer, NOT_STATED)

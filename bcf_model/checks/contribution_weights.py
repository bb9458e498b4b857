"""What the rules measure: contributions and budgets, over lines that are netted together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from bcf_model.checks.agreement_rows import EITHER, Rule, calls, ruled
from bcf_model.checks.code_index import astray, bearers, declared_codes, unknown_in_scope
from bcf_model.checks.lines import line_amounts
from bcf_model.core.figures import scope_parts
from bcf_model.core.weights import Weights, unit_names
from bcf_model.core.words import BASIS, CONTRIBUTIONS, MEASURED_BASES, NETTINGS, NONE
from bcf_model.intake.drafts import Draft, Drafts


class Group(NamedTuple):
    """What is netted together in a scope, and which way it falls."""

    unit: int
    kind: str
    grant: str
    way: str


class Measured(Weights):
    """The calls with a measured basis, and what they measure.

    Args:
        rules: those in force. scopes: their rows, by scope.
        frame: the lines with their amounts.
        stated: organisation, version, to, funding and amount of the contributions, and `i`, the
            place of each in the draft.
        attributed: (cause, pence) of each line's code.
    """

    def __init__(
        self,
        rules: Draft,
        scopes: Mapping[str, list[Rule]],
        frame: pd.DataFrame,
        stated: pd.DataFrame,
        attributed: Mapping[str, list[tuple[str, int]]],
    ) -> None:
        """Keep them."""
        super().__init__(frame, stated)
        self.rules, self.scopes, self.stated = rules, scopes, stated
        self._attributed = attributed
        self._cells = {str(name): column.tolist() for name, column in frame.items()}
        self._names = {netting: unit_names(frame, netting) for netting in NETTINGS}

    def calls(self, *bases: str) -> Iterator[list[Rule]]:
        """Return the calls of these bases, of all measured ones when none is named."""
        for rows in self.scopes.values():
            for call in calls(rows):
                if {row.basis for row in call} <= {*(bases or MEASURED_BASES)}:
                    yield call

    def units_with_variance(self, rule: Rule) -> dict[int, str]:
        """Return the units in which a call can be reached: those of groups that fall its way.

        Returns:
            The number of each unit, and where that is in words.
        """
        reached = (it for it in self.groups(rule) if rule.direction in (it.way, EITHER))
        if rule.measured_over:
            return dict.fromkeys((0 for _ in reached), rule.measured_over)
        holder = "budget holder" if rule.netting == "holder" else rule.netting
        names = self._names[rule.netting]
        return {
            it.unit: f"{holder} {names[it.unit]} of {rule.scope}" if names[it.unit] else rule.scope
            for it in reached
        }

    def groups(self, rule: Rule) -> list[Group]:
        """Return what is netted together in a rule's scope, where any line has a variance."""
        causes, unit = scope_parts(rule.scope)[1], self.netted(rule.scope, rule.netting)
        amounts: dict[tuple[int, str, str, str], list[int]] = defaultdict(list)
        for line in self.lines_of(rule.scope).tolist():
            kind, grant = self._cells["kind"][line], self._cells["grant"][line]
            for cause, amount in self._parts(line, causes):
                amounts[int(unit[line]), kind, grant, cause].append(amount)
        return [
            Group(number, kind, grant, "over" if sum(netted) >= 0 else "under")
            for (number, kind, grant, _), netted in amounts.items()
            if any(netted)
        ]

    def _parts(self, line: int, causes: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """Return the parts of a line's variance that a scope of these causes covers."""
        attributed = self._attributed.get(self._cells["scheme_id"][line], [])
        if NONE in causes:
            variance = int(self._cells["variance"][line])
            yield NONE, variance - sum(amount for _, amount in attributed)
        for cause, amount in attributed:
            if cause in causes:
                yield cause, amount


def of_rules(drafts: Drafts) -> Measured | None:
    """Return what the rules measure; None when something it takes to know that could not be read.

    Left out are scopes with a code nobody declared, a bearer that is no partner, or rows that do
    not agree: each is said elsewhere.
    """
    frame, known = line_amounts(drafts), bearers(drafts)
    if frame is None or known is None or not drafts.keys() >= {"contributions", "causes"}:
        return None
    columns = ("organisation", "version", "to", "funding", "amount")
    stated, causes, declared = drafts["contributions"], drafts["causes"], declared_codes(drafts)
    if stated.broken & {*columns} or causes.broken & {"scheme_id", "cause", "amount"}:
        return None
    lines = ("theme", "organisation", "category", "lead")
    if astray(drafts["schemes"], declared, *lines) or any(
        [*unknown_in_scope(scope_parts(to)[0], declared)] for _, to in stated.rows("to")
    ):
        return None
    attributed = defaultdict(list)
    for _, code, cause, amount in causes.rows("scheme_id", "cause", "amount"):
        attributed[code].append((cause, amount))
    rules, scopes = ruled(drafts)
    sound = {
        scope: rows
        for scope, rows in scopes.items()
        if all(
            not [*unknown_in_scope(scope_parts(part)[0], declared)]
            for row in rows
            for part in (scope, row.measured_over or scope)
        )
        and all(
            row.basis not in MEASURED_BASES or known.get(row.bearer) == "partner" for row in rows
        )
        and len({row.netting for row in rows}) == 1
        and all(
            len({(row.basis, row.version, row.measured_over, row.without) for row in call}) == 1
            for call in calls(rows)
        )
        and all(BASIS[row.basis].weighed_by != CONTRIBUTIONS or row.version for row in rows)
    }
    rows = pd.DataFrame([*stated.rows(*columns)], columns=["i", *columns])
    types = {**dict.fromkeys(columns, "str"), "i": "int64", "amount": "int64"}
    return Measured(rules, sound, frame, rows.astype(types), attributed)

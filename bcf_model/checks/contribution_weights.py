"""What the rules measure: contributions and budgets, over lines that are netted together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import pandas as pd

from bcf_model.checks.agreement_rows import EITHER, Rule, calls, ruled
from bcf_model.checks.code_index import astray, bearers, declared_codes, unknown_in_scope
from bcf_model.checks.lines import line_amounts
from bcf_model.core.figures import scope_parts
from bcf_model.core.ledger import Ledger
from bcf_model.core.words import MEASURED_BASES, NONE, NOT_STATED
from bcf_model.intake.drafts import Draft, Drafts

NETTED_BY: Final = {
    "theme": "theme",
    "category": "category",
    "holder": "organisation",
    "line": "scheme_id",
}
LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset(),
    "grants": frozenset({"grant"}),
    "capital": frozenset({"capital"}),
    "grants and capital": frozenset({"grant", "capital"}),
}
"""Fundings left out of a measure, by what `without` says."""

OUTSIDE: Final = ""
"""The unit of a line that is not measured."""
WHOLE: Final = "all"
"""The one unit where all that is measured is measured together."""


class Contribution(NamedTuple):
    """One row of the contributions; `i` is its place in the draft."""

    i: int
    organisation: str
    version: str
    to: str
    funding: str
    amount: int


class Group(NamedTuple):
    """What is netted together in a scope, and which way it falls."""

    place: str
    kind: str
    grant: str
    way: str


@dataclass(frozen=True)
class Measured:
    """The calls with a measured basis, and what they measure.

    Attributes:
        rules: those in force. scopes: their rows, by scope.
        frame: the lines with their amounts.
        contributions: all of them. attributed: (cause, pence) of each line's code.
    """

    rules: Draft
    scopes: Mapping[str, list[Rule]]
    frame: pd.DataFrame
    contributions: tuple[Contribution, ...]
    attributed: Mapping[str, list[tuple[str, int]]]

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger({"lines": self.frame})

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        return {str(name): column.tolist() for name, column in self.frame.items()}

    @cached_property
    def _lines(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def _units(self) -> dict[tuple[str, str], dict[int, str]]:
        return {}

    @cached_property
    def _stated(self) -> dict[tuple[str, str, str], list[Contribution]]:
        found: dict[tuple[str, str, str], list[Contribution]] = defaultdict(list)
        for one in self.contributions:
            found[one.organisation, one.version, one.to].append(one)
        return found

    @cached_property
    def _stated_for(self) -> dict[int, list[str]]:
        """What contributions are stated for, by each line it names."""
        found: dict[int, list[str]] = defaultdict(list)
        for to in dict.fromkeys(one.to for one in self.contributions):
            for line in self.lines_of(to):
                found[line].append(to)
        return found

    def calls(self, *bases: str) -> Iterator[list[Rule]]:
        """Return the calls of these bases, of all measured ones when none is named."""
        for rows in self.scopes.values():
            for call in calls(rows):
                if {row.basis for row in call} <= {*(bases or MEASURED_BASES)}:
                    yield call

    def lines_of(self, scope: str) -> list[int]:
        """Return the lines of a scope, but for those whose category is not stated."""
        if scope not in self._lines:
            category = self._columns["category"]
            found = self._ledger.rows(scope_parts(scope)[0]).tolist()
            self._lines[scope] = [line for line in found if category[line] != NOT_STATED]
        return self._lines[scope]

    def unit_of_lines(self, rule: Rule) -> dict[int, str]:
        """Return what is measured with each line: one of what is netted, or all of it."""
        netting = "scope" if rule.measured_over else rule.netting
        asked = (rule.measured_over or rule.scope, netting)
        if asked not in self._units:
            column = NETTED_BY.get(netting)
            names = self._columns[column] if column else None
            self._units[asked] = {
                line: names[line] if names else WHOLE for line in self.lines_of(asked[0])
            }
        return self._units[asked]

    def units_of(self, to: str, rule: Rule) -> set[str]:
        """Return the units in which a contribution's lines are measured; `OUTSIDE` for none."""
        units = self.unit_of_lines(rule)
        return {units.get(line, OUTSIDE) for line in self.lines_of(to)}

    def counted(self, call: list[Rule]) -> Iterator[Contribution]:
        """Return the contributions of a call's bearers for lines that it measures, wholly or not.

        Those of another version are not counted, nor what the call leaves out.
        """
        measured = self.unit_of_lines(call[0])
        stated_for = {to: None for line in measured for to in self._stated_for.get(line, ())}
        for row in call:
            for to in stated_for:
                for one in self._stated.get((row.bearer, row.version, to), ()):
                    if one.funding not in LEFT_OUT[row.without]:
                        yield one

    def weights(self, call: list[Rule]) -> dict[str, dict[str, int]]:
        """Return the pence of each bearer in each unit (docs/rules.md, 7)."""
        rule, found = call[0], {row.bearer: dict[str, int]() for row in call}
        if rule.basis == "contribution":
            for one in self.counted(call):
                units = self.units_of(one.to, rule)
                for unit in units if len(units) == 1 else ():
                    of_bearer = found[one.organisation]
                    of_bearer[unit] = of_bearer.get(unit, 0) + one.amount
            return found
        bearer = self._columns["lead" if rule.basis == "commissioned" else "organisation"]
        kind, grant = self._columns["kind"], self._columns["grant"]
        out = LEFT_OUT[rule.without]
        for line, unit in self.unit_of_lines(rule).items():
            fundings = {kind[line], NONE if grant[line] == NONE else "grant"}
            if bearer[line] in found and not fundings & out:
                of_bearer = found[bearer[line]]
                of_bearer[unit] = of_bearer.get(unit, 0) + int(self._columns["budget"][line])
        return found

    def unclear(self, call: list[Rule]) -> set[str]:
        """Return the units of which a call's weights are not known: a budget, or whose, is not."""
        rule = call[0]
        if rule.basis == "contribution":
            return set()
        holder = self._columns["lead" if rule.basis == "commissioned" else "organisation"]
        step = self._columns["budget_step"]
        return {
            unit
            for line, unit in self.unit_of_lines(rule).items()
            if not step[line] or holder[line] == NOT_STATED
        }

    def units_with_variance(self, call: list[Rule]) -> list[tuple[str, str]]:
        """Return the units in which a call can be reached: those of groups that fall its way.

        Returns:
            Each unit, and where that is in words.
        """
        rule = call[0]
        netted, found = rule.netting in NETTED_BY, {}
        for group in self.groups(rule):
            if rule.direction in (group.way, EITHER):
                unit = WHOLE if rule.measured_over else group.place
                holder = "budget holder" if rule.netting == "holder" else rule.netting
                found[unit] = f"{holder} {group.place} of {rule.scope}" if netted else rule.scope
                if rule.measured_over:
                    found[unit] = rule.measured_over
        return list(found.items())

    def groups(self, rule: Rule) -> list[Group]:
        """Return what is netted together in a rule's scope, where any line has a variance."""
        netted, (_, causes) = NETTED_BY.get(rule.netting), scope_parts(rule.scope)
        amounts: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for line in self.lines_of(rule.scope):
            place = self._columns[netted][line] if netted else WHOLE
            kind, grant = self._columns["kind"][line], self._columns["grant"][line]
            for cause, amount in self._parts(line, causes):
                amounts[place, kind, grant, cause].append(amount)
        return [
            Group(place, kind, grant, "over" if sum(netted) >= 0 else "under")
            for (place, kind, grant, _), netted in amounts.items()
            if any(netted)
        ]

    def _parts(self, line: int, causes: tuple[str, ...]) -> Iterator[tuple[str, int]]:
        """Return the parts of a line's variance that a scope of these causes covers."""
        attributed = self.attributed.get(self._columns["scheme_id"][line], [])
        if NONE in causes:
            variance = int(self._columns["variance"][line])
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
    columns = Contribution._fields[1:]
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
        and all(row.basis != "contribution" or row.version for row in rows)
    }
    return Measured(
        rules, sound, frame, tuple(Contribution(*row) for row in stated.rows(*columns)), attributed
    )

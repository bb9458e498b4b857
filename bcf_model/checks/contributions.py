"""Contributions: each is sound by itself, and those that a rule shares by can be measured."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from bcf_model.checks.agreement_rows import Rule, named
from bcf_model.checks.code_index import LINE_KEYS, astray, declared_codes, unknown_in_scope
from bcf_model.checks.contribution_weights import Measured, of_rules
from bcf_model.checks.lines import line_amounts
from bcf_model.core.figures import scope_parts
from bcf_model.core.findings import Finding
from bcf_model.core.ledger import Ledger
from bcf_model.core.money import sterling
from bcf_model.core.tables import records
from bcf_model.core.words import BASIS, CONTRIBUTIONS
from bcf_model.intake.drafts import Draft, Drafts


def contributions_sound(drafts: Drafts) -> Iterator[Finding]:
    """A contribution is not below nil (BCF437), and not entered twice (BCF445)."""
    draft = drafts.table("contributions")
    for i, amount in draft.rows("amount"):
        if amount < 0:
            yield draft.at(i).finding("BCF437", "amount", sterling(amount))
    first: dict[tuple[str, ...], int] = {}
    for i, *said in draft.rows("organisation", "version", "to", "funding"):
        earlier = first.setdefault(tuple(said), i)
        if earlier != i:
            rows = f"row {draft.numbers[earlier]} and row {draft.numbers[i]}"
            value = f"{', '.join(said)} in {rows}"
            yield draft.at(i).finding("BCF445", "organisation", value)


BY_CONTRIBUTION: Final = [n for n, basis in BASIS.items() if basis.weighed_by == CONTRIBUTIONS]
"""Bases that share by contributions."""

LATEST_FIRST: Final = ("revised", "opening", "paid")
"""Which statement of the contributions is to come to the budgets, if it is there."""


def come_to_budgets(drafts: Drafts) -> Iterator[Finding]:
    """Contributions come to the budgets of the lines they are for (BCF513).

    Contributions for lines that overlap are added up together. A version agreed before the budgets
    were changed, or what has been paid so far, need not come to them: where one version does, no
    other is looked at, and where none does, the latest is said.
    """
    lines, unit = line_amounts(drafts), drafts.unit
    draft, declared = drafts.get("contributions"), declared_codes(drafts)
    if (
        not unit
        or lines is None
        or draft is None
        or draft.broken & {"organisation", "version", "to", "amount"}
    ):
        return
    scopes = {to: scope_parts(to)[0] for _, to in draft.rows("to")}
    if any([*unknown_in_scope(lines_of, declared)] for lines_of in scopes.values()) or astray(
        drafts["schemes"], declared, *LINE_KEYS
    ):
        return  # said by scopes and references
    ledger = Ledger({"lines": lines})
    covered = {to: {*ledger.rows(lines_of).tolist()} for to, lines_of in scopes.items()}
    budget = lines["budget"].tolist()
    versions = {
        version: [*_apart_from_budgets(draft, version, covered, budget)]
        for version in LATEST_FIRST
        if version in draft.cells["version"]
    }
    if all(versions.values()):
        yield from next(iter(versions.values()), [])


def _apart_from_budgets(
    draft: Draft, version: str, covered: dict[str, set[int]], budget: list[int]
) -> Iterator[Finding]:
    """Find the contributions of a version that do not come to the budgets they are for."""
    parts: list[tuple[set[int], list[int]]] = []
    for i, said, to in draft.rows("version", "to"):
        if said != version or not covered[to]:
            continue
        touched = [part for part in parts if part[0] & covered[to]]
        parts = [part for part in parts if part not in touched]
        lines = covered[to].union(*(part[0] for part in touched))
        parts.append((lines, [*(row for part in touched for row in part[1]), i]))
    for lines, rows in parts:
        wanted = sum(budget[line] for line in lines)
        stated = sum(draft.cells["amount"][i] for i in rows)
        rounded = sum(draft.steps["amount"][i] for i in rows)
        if 2 * abs(stated - wanted) > rounded - rounded % 2 * len(rows):
            to = ", ".join(dict.fromkeys(draft.cells["to"][i] for i in sorted(rows)))
            gap = f"{sterling(abs(stated - wanted))} {'more' if stated > wanted else 'less'}"
            value = f"{version} contributions of {sterling(stated)} to {to}, {gap}"
            expected = f"{sterling(wanted)}, the budgets of those lines"
            yield draft.at(max(rows)).finding("BCF513", "amount", value, expected)


def rule_measures(drafts: Drafts) -> Iterator[Finding]:
    """What a rule shares by can be measured (BCF438 to BCF440, BCF444)."""
    measured = of_rules(drafts)
    if measured is None:
        return
    draft, unclear = drafts["contributions"], set()
    for where, finding in [*_missing(measured), *_straddling(measured, draft)]:
        unclear.add(where)
        yield finding
    yield from _of_nothing(measured, draft)
    for call in measured.calls():
        if call[0].scope not in unclear:
            yield from _nothing_to_share_by(measured, call)


def _missing(measured: Measured) -> Iterator[tuple[str, Finding]]:
    """Find bearers without a contribution in the version measured, each with its scope."""
    there = {*zip(measured.stated["organisation"], measured.stated["version"], strict=True)}
    for row in (row for call in measured.calls(*BY_CONTRIBUTION) for row in call):
        if (row.bearer, row.version) not in there:
            value = f"no {row.version} contribution of {row.bearer!r} for "
            value += named(measured.rules, row.i)
            yield row.scope, measured.rules.at(row.i).finding("BCF438", "bearer", value)


def _straddling(measured: Measured, draft: Draft) -> Iterator[tuple[str, Finding]]:
    """Find contributions of which a rule measures a part, each with the rule's scope; once."""
    said, stated = set(), [*records(measured.stated)]
    for call in measured.calls(*BY_CONTRIBUTION):
        rule, bearers = call[0], {row.bearer for row in call}
        first, last = measured.spread(rule)
        torn = measured.counted(rule) & (last >= 0) & (first != last)
        for one in [stated[k] for k in np.flatnonzero(torn).tolist()]:
            if one.organisation in bearers and (one.i, rule.scope) not in said:
                said.add((one.i, rule.scope))
                value = (
                    f"{one.to!r} of {one.organisation!r} in row {draft.numbers[one.i]}, of which "
                    f"{named(measured.rules, rule.i)} of the rules measures {_what(rule)}"
                )
                yield rule.scope, draft.at(one.i).finding("BCF439", "to", value)


def _what(rule: Rule) -> str:
    """Return what a rule measures together."""
    if rule.measured_over or rule.netting == "scope":
        return repr(rule.measured_over or rule.scope)
    netted = "budget holder" if rule.netting == "holder" else rule.netting
    return f"each {netted} of {rule.scope!r} by itself"


def _of_nothing(measured: Measured, draft: Draft) -> Iterator[Finding]:
    """Find contributions for no line that is shared, of a version that is measured."""
    used = {call[0].version for call in measured.calls(*BY_CONTRIBUTION)}
    for one in records(measured.stated):
        if one.version in used and not len(measured.lines_of(one.to)):
            yield draft.at(one.i).finding("BCF444", "to", repr(one.to))


def _nothing_to_share_by(measured: Measured, call: list[Rule]) -> Iterator[Finding]:
    """Find the first place with a variance where all weights are nil, or one is below."""
    rules, rule = measured.rules, call[0]
    unclear = {*measured.units(rule)[measured.unclear(rule)].tolist()}
    pence_of: dict[tuple[str, int], int] = defaultdict(int)
    for bearer, at, _, amount in zip(*measured.of(rule), strict=True):
        pence_of[bearer, int(at)] += int(amount)
    for unit, where in measured.units_with_variance(rule).items():
        if unit in unclear:
            continue  # what is shared by it is not given
        of_unit = [(pence_of[row.bearer, unit], row) for row in call]
        pence, row = min(of_unit)
        if pence < 0 and row.basis in BY_CONTRIBUTION:
            return  # one of them is below nil: said where it stands
        if pence < 0:
            value = f"{sterling(pence)} of {row.bearer!r} for {where} in {named(rules, row.i)}"
            yield rules.at(row.i).finding("BCF440", "bearer", value)
            return
        if not any(pence for pence, _ in of_unit):
            rows = named(rules, *(row.i for row in call))
            value = f"no {BASIS[rule.basis].weight} of its bearers for {where}, by {rows}"
            yield rules.at(rule.i).finding("BCF440", "basis", value)
            return

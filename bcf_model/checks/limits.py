"""Checks of limits over several rules: their bearers, what they cover, and that they can apply."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from bcf_model.checks.agreement_rows import EITHER, Rule, named, ruled, ways
from bcf_model.checks.code_index import bearers, declared_codes, unknown_in_scope
from bcf_model.checks.lines import line_keys
from bcf_model.core.figures import Cover, scope_parts
from bcf_model.core.findings import Finding, one_of
from bcf_model.core.ledger import named_by
from bcf_model.core.weights import NETTED_BY
from bcf_model.core.words import NONE, PARTED_BY
from bcf_model.intake.drafts import Draft, Drafts

Amount = tuple[int, str]
"""A line, and the cause of what of its variance is ruled in a scope."""


class Limit(NamedTuple):
    """One row of the limits; `i` is its place in the draft, the rest are its cells."""

    i: int
    limit_id: str
    bearer: str
    at_most: str
    covers: str
    counts: str

    @property
    def way(self) -> str:
        """The direction in which it holds something back."""
        return "under" if self.counts == "underspends" else "over"


def limit_bearers(drafts: Drafts) -> Iterator[Finding]:
    """Check that a limit is of a declared bearer that is no reserve (BCF449)."""
    known = bearers(drafts)
    if known is None or "limits" not in drafts:
        return
    draft = drafts["limits"]
    among = [code for code, kind in known.items() if kind != "reserve"]
    for i, bearer in draft.rows("bearer"):
        if bearer not in among:
            said = f"{bearer!r}, a reserve" if bearer in known else repr(bearer)
            value = f"{said} in {named(draft, i)}"
            yield draft.at(i).finding("BCF449", "bearer", value, one_of(among, bearer))


def limit_rules(drafts: Drafts) -> Iterator[Finding]:
    """Check that the rules a limit names are declared, in force or not (BCF450)."""
    known = declared_codes(drafts).get("rule_id")
    if known is None or "limits" not in drafts:
        return
    draft = drafts["limits"]
    for i, covers in draft.rows("covers"):
        for code in Cover.parse(covers).rules:
            if code not in known:
                value = f"{code!r} in {covers}"
                expected = one_of(known, code)
                yield draft.at(i).finding("BCF450", "covers", value, expected)


def limits_apart(drafts: Drafts) -> Iterator[Finding]:
    """Check that a bearer has one limit of a kind on the same rows (BCF452)."""
    draft = drafts.table("limits")
    first: dict[tuple[str, ...], int] = {}
    for i, *same in draft.rows("bearer", "covers", "counts"):
        earlier = first.setdefault(tuple(same), i)
        if earlier != i:
            at_most = [draft.cells["at_most"][k] for k in (earlier, i)]
            value = f"{at_most[0]} and {at_most[1]} for {same[0]!r} on {same[1]} "
            value += f"in {named(draft, earlier, i)}"
            yield draft.at(i).finding("BCF452", "at_most", value)


def limit_covers(drafts: Drafts) -> Iterator[Finding]:
    """Check that a limit covers whole netting groups (BCF451), and some row (BCF448)."""
    covered = coverage(drafts)
    if covered is None:
        return
    draft = drafts["limits"]
    for limit in covered.limits:
        for row in {row.scope: row for row in covered.rows[limit]}.values():
            torn = covered.torn(limit, row)
            if torn:
                value = f"{torn[0]} without {torn[1]}, netted together by "
                value += f"{named(covered.rules, row.i)}, in {named(draft, limit.i)}"
                yield draft.at(limit.i).finding("BCF451", "covers", value)
        if not covered.can_hold(limit):
            value = f"{limit.bearer!r} on {limit.covers} in {named(draft, limit.i)}"
            yield draft.at(limit.i).finding("BCF448", "covers", value)


class Coverage(NamedTuple):
    """What the limits cover of the rules in force.

    Attributes:
        rules: their draft. frame: the lines, by what they are selected.
        limits: in order. rows: of each, the rows of the rules by which its bearer bears.
        scopes: all rows of each scope.
        netted: of each limit and scope, the lines of the scope that it covers, and that it does
            not; each with the cause of what of it is ruled there.
    """

    rules: Draft
    frame: pd.DataFrame
    limits: list[Limit]
    rows: Mapping[Limit, list[Rule]]
    scopes: Mapping[str, list[Rule]]
    netted: Mapping[tuple[Limit, str], tuple[list[Amount], list[Amount]]]

    def holding(self, scope: str, way: str) -> dict[int, list[Limit]]:
        """Return the limits that can hold back each row of a scope, where it falls one way."""
        # In a group that is under, the part of one holder may be over.
        parted = self._parted(scope)[way] != ""
        found: dict[int, list[Limit]] = defaultdict(list)
        for limit in self.limits:
            if parted or way in (limit.way, EITHER):
                for row in self.rows[limit]:
                    if row.scope == scope and row.direction in (way, EITHER):
                        found[row.i].append(limit)
        return found

    def can_hold(self, limit: Limit) -> bool:
        """Return whether a limit can hold anything of any row back."""
        scopes = dict.fromkeys(row.scope for row in self.rows[limit])
        return any(
            limit in held
            for scope in scopes
            for way in self._parted(scope)
            for held in self.holding(scope, way).values()
        )

    def torn(self, limit: Limit, row: Rule) -> tuple[str, str] | None:
        """Return a line a limit covers, and one netted together with it that it does not."""
        parted = set(self._parted(row.scope).values())
        columns = ["kind", "grant", NETTED_BY.get(row.netting, "kind")]
        columns += [*parted] if len(parted) == 1 and "" not in parted else []
        keys = [*zip(*(self.frame[name] for name in columns), strict=True)]
        code = self.frame["scheme_id"].tolist()
        inside, outside = self.netted[limit, row.scope]
        rest = {(keys[line], cause): code[line] for line, cause in reversed(outside)}
        for line, cause in inside:
            if (keys[line], cause) in rest:
                return code[line], rest[keys[line], cause]
        return None

    def _parted(self, scope: str) -> dict[str, str]:
        """Return for each way the column by which its pots are parted; blank for none."""
        return {
            way: next((PARTED_BY[row.basis] for row in called if row.basis in PARTED_BY), "")
            for way, called in ways(self.scopes[scope])
        }


def coverage(drafts: Drafts) -> Coverage | None:
    """Return what the limits cover; None when something it takes to know that is not sound."""
    frame, known = line_keys(drafts), bearers(drafts)
    draft, declared = drafts.get("limits"), declared_codes(drafts)
    if draft is None or frame is None or known is None or "causes" not in drafts:
        return None
    limits = [Limit(*row) for row in draft.rows(*Limit._fields[1:])]
    rules, scopes = ruled(drafts)
    if len(limits) < len(draft.numbers) or any(
        known.get(limit.bearer, "reserve") == "reserve"
        or [*unknown_in_scope(Cover.parse(limit.covers).lines, declared)]
        for limit in limits
    ):
        return None
    lines_of = named_by(frame)
    attributed: dict[str, list[str]] = defaultdict(list)
    for _, line_code, cause in drafts["causes"].rows("scheme_id", "cause"):
        attributed[line_code].append(cause)
    code, rule_id = frame["scheme_id"].tolist(), rules.cells["rule_id"]
    by_limit: dict[Limit, list[Rule]] = {limit: [] for limit in limits}
    netted = {}
    for scope, rows in scopes.items() if limits else ():
        causes = scope_parts(scope)[1]
        if [*unknown_in_scope(scope_parts(scope)[0], declared)]:
            continue
        every = lines_of(scope).tolist()
        amounts = [
            (line, cause)
            for line in every
            for cause in (causes if causes == (NONE,) else attributed[code[line]])
            if cause in causes
        ]
        for limit in limits:
            cover = Cover.parse(limit.covers)
            if not any(map(cover.of_cause, causes)):
                continue
            there = {*lines_of(cover.scope).tolist()} & {*every}
            by_limit[limit] += [
                row
                for row in rows
                if cover.of_rule(rule_id[row.i], row.step)
                and limit.bearer in _bearing(row, frame, there)
            ]
            inside: tuple[list[Amount], list[Amount]] = ([], [])
            for line, cause in amounts:
                if cover.of_cause(cause):
                    inside[line not in there].append((line, cause))
            netted[limit, scope] = inside
    return Coverage(rules, frame, limits, by_limit, scopes, netted)


def _bearing(row: Rule, frame: pd.DataFrame, lines: set[int]) -> set[str]:
    """Return who may bear something of some lines by a row of the rules."""
    if row.basis in PARTED_BY:
        return {*frame[PARTED_BY[row.basis]].iloc[[*lines]]}
    return {row.bearer} if lines else set()

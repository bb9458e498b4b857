"""The risk share rules: whole, without conflict, and covering every line once in each direction."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from bcf_model.cells import WHOLE_SHARE
from bcf_model.checks.declared import LINE_KEYS, astray, declared_codes, unknown_values
from bcf_model.drafts import Drafts
from bcf_model.figures import Figure
from bcf_model.findings import Finding, one_of
from bcf_model.ledger import Ledger
from bcf_model.vocabulary import BUDGET_HOLDER, NOT_STATED


def rule_bearers(drafts: Drafts) -> Iterator[Finding]:
    """Bearers are partners, and agree with the basis (BCF404, BCF409)."""
    if "rules" not in drafts or "organisations" not in drafts:
        return
    draft, partners = drafts["rules"], declared_codes(drafts).get("organisation")
    if partners is None:
        return
    for i, basis, bearer in draft.rows("basis", "bearer"):
        if basis == "own" and bearer != BUDGET_HOLDER:
            yield draft.finding(
                "BCF409", i, "bearer", value=repr(bearer), expected=repr(BUDGET_HOLDER)
            )
        elif basis != "own" and bearer == BUDGET_HOLDER:
            expected = one_of(partners)
            yield draft.finding("BCF409", i, "bearer", value=repr(bearer), expected=expected)
        elif basis != "own" and bearer not in partners:
            expected = one_of(partners, bearer)
            yield draft.finding("BCF404", i, "bearer", value=repr(bearer), expected=expected)


def rule_shares(drafts: Drafts) -> Iterator[Finding]:
    """Shares of a scope, direction and step make 100 (BCF403); a bearer stands once (BCF402)."""
    if "rules" not in drafts:
        return
    draft = drafts["rules"]
    if {"scope", "direction", "step"} & draft.broken:
        return
    calls: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for i, *call in draft.rows("scope", "direction", "step"):
        calls[tuple(call)].append(i)
    bearers, shares = draft.cells["bearer"], draft.cells["share"]
    for (scope, direction, step), rows in calls.items():
        first: dict[str, int] = {}
        for i in rows:
            if bearers[i] in first:
                value = f"{bearers[i]!r} again, as in row {draft.numbers[first[bearers[i]]]}"
                yield draft.finding("BCF402", i, "bearer", value=value)
            if bearers[i] is not None:
                first.setdefault(bearers[i], i)
        if any(shares[i] is None for i in rows):
            continue
        total = sum(shares[i] for i in rows)
        if total != WHOLE_SHARE:
            numbers = ", ".join(str(draft.numbers[i]) for i in rows)
            where = f"{scope}, {direction}, step {step} (row {numbers})"
            missing = Decimal(abs(WHOLE_SHARE - total)) / 10**6
            yield draft.finding(
                "BCF403",
                rows[0],
                "share",
                value=f"{Decimal(total) / 10**6:f}% for {where}",
                expected=f"100%, {missing:f}% {'more' if total < WHOLE_SHARE else 'less'}",
            )


def rule_bases(drafts: Drafts) -> Iterator[Finding]:
    """A scope, direction and step has one basis: otherwise part of it has no bearer (BCF409)."""
    if "rules" not in drafts:
        return
    draft = drafts["rules"]
    first: dict[tuple[str, str, int], int] = {}
    for i, basis, *call in draft.rows("basis", "scope", "direction", "step"):
        earlier = first.setdefault((call[0], call[1], call[2]), i)
        if draft.cells["basis"][earlier] != basis:
            beside = f"{draft.cells['basis'][earlier]!r} in row {draft.numbers[earlier]}"
            value = f"{basis!r} beside {beside}"
            expected = "one basis for a scope, direction and step"
            yield draft.finding("BCF409", i, "basis", value=value, expected=expected)


def rule_directions(drafts: Drafts) -> Iterator[Finding]:
    """Each scope is ruled both ways, once, in one step (BCF402, BCF407, BCF408)."""
    if "rules" not in drafts:
        return
    draft = drafts["rules"]
    if {"scope", "direction", "step"} & draft.broken:
        return
    by_scope: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for i, scope, direction, step in draft.rows("scope", "direction", "step"):
        by_scope[scope].append((i, direction, step))
    for scope, rows in by_scope.items():
        directions = {direction for _, direction, _ in rows}
        if "either" in directions and len(directions) > 1:
            i = next(i for i, direction, _ in rows if direction != "either")
            value = f"{scope} is ruled for 'either' and for {draft.cells['direction'][i]!r}"
            yield draft.finding("BCF402", i, "direction", value=value)
        elif len(directions) == 1 and "either" not in directions:
            other = "under" if "over" in directions else "over"
            yield draft.finding(
                "BCF407", rows[0][0], "direction", value=f"{scope}, {directions.pop()} only",
                expected=f"a rule for {other} too, or 'either'",
            )  # fmt: skip
        first_step: dict[str, int] = {}
        for _, direction, step in rows:
            first_step[direction] = min(step, first_step.get(direction, step))
        for i, direction, step in rows:
            if step > first_step[direction]:
                yield draft.finding("BCF408", i, "step", value=f"step {step} of {scope}")


def rule_coverage(drafts: Drafts) -> Iterator[Finding]:
    """Each line of the pool is under exactly one scope (BCF401, BCF402); none is idle (BCF410)."""
    if "rules" not in drafts or "schemes" not in drafts:
        return
    rules, schemes = drafts["rules"], drafts["schemes"]
    if schemes.broken & {*LINE_KEYS} or "pooled" not in schemes.cells["pooling"]:
        return
    declared = declared_codes(drafts)
    lost = astray(schemes, declared, "theme", "organisation", "category")
    ledger = Ledger({"lines": pd.DataFrame({name: schemes.cells[name] for name in LINE_KEYS})})
    covering: list[list[int]] = [[] for _ in schemes.numbers]
    clear = "scope" not in rules.broken
    scopes: dict[str, int] = {}
    for i, scope in rules.rows("scope"):
        scopes.setdefault(scope, i)
    for scope, i in scopes.items():
        figure = Figure.of_scope(scope)
        known = not [*unknown_values(figure, declared)]
        clear = clear and known
        lines = ledger.rows(figure).tolist()
        if not lines and known and not lost:
            yield rules.finding("BCF410", i, "scope", value=repr(scope))
        for line in lines:
            covering[line].append(i)
    for line, rows in enumerate(covering):
        category, pooling = schemes.cells["category"][line], schemes.cells["pooling"][line]
        name = f"{schemes.cells['scheme_id'][line]} (category {category})"
        needs_rule = pooling == "pooled" and category != NOT_STATED and line not in lost
        if not rows and needs_rule and clear:
            expected = f"a rule with scope category={category}, or wider"
            yield schemes.finding("BCF401", line, "category", value=name, expected=expected)
        if len(rows) > 1:
            under = " and ".join(
                f"{rules.cells['scope'][i]!r} (rules row {rules.numbers[i]})" for i in rows
            )
            yield schemes.finding("BCF402", line, "scheme_id", value=f"{name} under {under}")

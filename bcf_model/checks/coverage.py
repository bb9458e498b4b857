"""Checks that the rules cover each line, and each amount attributed to a cause, exactly once."""

from collections.abc import Iterator, Sequence

from bcf_model.checks.agreement_rows import calls, ruled
from bcf_model.checks.code_index import astray, declared_codes, unknown_in_scope
from bcf_model.checks.lines import line_keys
from bcf_model.core.figures import scope_parts
from bcf_model.core.findings import Finding
from bcf_model.core.ledger import Ledger
from bcf_model.core.words import NONE, NOT_STATED
from bcf_model.intake.drafts import Draft, Drafts


def rule_coverage(drafts: Drafts) -> Iterator[Finding]:
    """Check that each line and attributed amount is under one scope (BCF401, 402, 410, 424)."""
    lines = line_keys(drafts)
    if "rules" not in drafts or lines is None or "pooled" not in {*lines["pooling"]}:
        return
    rules, schemes, declared = drafts["rules"], drafts["schemes"], declared_codes(drafts)
    lost = astray(schemes, declared, "theme", "organisation", "category", "lead")
    attributed = _attributed(drafts)
    of_line: list[list[int]] = [[] for _ in schemes.numbers]
    of_amount: dict[int, list[int]] = {i: [] for amounts in attributed.values() for i, _ in amounts}
    stated = lines["category"].ne(NOT_STATED).tolist()
    ledger = Ledger({"lines": lines})
    clear, by_holder = "scope" not in rules.broken, False
    whose = zip(lines["organisation"], lines["lead"], strict=True)
    unheld = {i for i, holders in enumerate(whose) if NOT_STATED in holders}
    first: dict[str, int] = {}
    for i, scope in rules.rows("scope"):
        first.setdefault(scope, i)
    for scope, i in first.items():
        figure, causes = scope_parts(scope)
        known = not [*unknown_in_scope(figure, declared)]
        by_holder |= any(key in ("organisation", "lead") for key, _ in figure.selection)
        clear = clear and known
        places = [line for line in ledger.rows(figure).tolist() if stated[line]]
        if NONE in causes:
            if not places and known and not lost:
                yield rules.at(i).finding("BCF410", "scope", repr(scope))
            for line in places:
                of_line[line].append(i)
        for line in places if causes != (NONE,) else ():
            for amount, cause in attributed.get(schemes.cells["scheme_id"][line], ()):
                if cause in causes:
                    of_amount[amount].append(i)
    for line, covering in enumerate(of_line):
        if stated[line] and lines["pooling"][line] == "pooled" and line not in lost:
            # Under which rule a line is may hang on whose it is; then nothing of it is shared.
            asked = by_holder and line in unheld
            yield from _line_covered_once(schemes, line, rules, covering, clear=clear and not asked)
    lost_codes = {schemes.cells["scheme_id"][i] for i in lost | (unheld if by_holder else set())}
    yield from _amounts_covered_once(drafts, of_amount, lost_codes, clear=clear)


def transfers_shared(drafts: Drafts) -> Iterator[Finding]:
    """Check that no scope whose variance several bear holds a payment between partners (BCF426)."""
    lines, (rules, scopes) = line_keys(drafts), ruled(drafts)
    if lines is None:
        return
    receivers, declared = drafts["schemes"].cells["transfer_to"], declared_codes(drafts)
    ledger, codes = Ledger({"lines": lines}), lines["scheme_id"].tolist()
    for scope, rows in scopes.items():
        figure, causes = scope_parts(scope)
        shared = next((call for call in calls(rows) if len(call) > 1), None)
        if shared is None or NONE not in causes or [*unknown_in_scope(figure, declared)]:
            continue
        for line in ledger.rows(figure).tolist():
            if receivers[line] and lines["pooling"].iloc[line] == "pooled":
                value = f"{codes[line]}, which pays {receivers[line]}, in {scope!r}"
                yield rules.at(shared[0].i).finding("BCF426", "scope", value)


def _attributed(drafts: Drafts) -> dict[str, list[tuple[int, str]]]:
    """Return for each line the rows of the causes, each with its cause."""
    causes_of_line: dict[str, list[tuple[int, str]]] = {}
    for i, code, cause in drafts.table("causes").rows("scheme_id", "cause"):
        causes_of_line.setdefault(code, []).append((i, cause))
    return causes_of_line


def _line_covered_once(
    schemes: Draft, line: int, rules: Draft, covering: list[int], *, clear: bool
) -> Iterator[Finding]:
    category = schemes.cells["category"][line]
    name = f"{schemes.cells['scheme_id'][line]} (category {category})"
    if not covering and clear:
        expected = f"a rule with scope category={category}, or wider"
        yield schemes.at(line).finding("BCF401", "category", name, expected)
    if len(covering) > 1:
        value = f"{name} under {_under(rules, covering)}"
        yield schemes.at(line).finding("BCF402", "scheme_id", value)


def _amounts_covered_once(
    drafts: Drafts, of_amount: dict[int, list[int]], lost: set[str], *, clear: bool
) -> Iterator[Finding]:
    """Return which attributed amounts of pooled lines are under no rule, or under two."""
    if "causes" not in drafts:
        return
    rules, causes, schemes = drafts["rules"], drafts["causes"], drafts["schemes"]
    pooled = {
        code
        for code, pooling, category in zip(
            *(schemes.cells[name] for name in ("scheme_id", "pooling", "category")), strict=True
        )
        if pooling == "pooled" and category != NOT_STATED and code not in lost
    }
    for i, covering in of_amount.items():
        code, cause = causes.cells["scheme_id"][i], causes.cells["cause"][i]
        name = f"{cause!r} of {code}"
        if not covering and clear and code in pooled:
            expected = f"a rule with cause={cause} in its scope"
            yield causes.at(i).finding("BCF424", "cause", name, expected)
        if len(covering) > 1:
            value = f"{name} under {_under(rules, covering)}"
            yield causes.at(i).finding("BCF402", "cause", value)


def _under(rules: Draft, covering: Sequence[int]) -> str:
    return " and ".join(
        f"{rules.cells['scope'][i]!r} (rules row {rules.numbers[i]})" for i in covering
    )

"""Ring-fenced money: a reserve fed by capital or a grant must not pay for other spending."""

from collections import defaultdict
from collections.abc import Iterator

from bcf_model.checks.agreement_rows import EITHER, named
from bcf_model.checks.code_index import bearers
from bcf_model.checks.contribution_weights import Group, of_rules
from bcf_model.core.findings import Finding
from bcf_model.core.words import NONE
from bcf_model.intake.drafts import Drafts


def reserves_keep_apart(drafts: Drafts) -> Iterator[Finding]:
    """Check that no reserve takes in capital or a grant and pays for other lines (BCF446).

    A reserve has one balance, so an underspend of capital or of a grant that is paid into it may
    meet an overspend of revenue. The agreement may allow that: it is a warning.
    """
    measured, known = of_rules(drafts), bearers(drafts)
    if measured is None or known is None:
        return
    given: dict[str, list[tuple[int, Group]]] = defaultdict(list)
    asked: dict[str, list[tuple[int, Group]]] = defaultdict(list)
    for rows in measured.scopes.values():
        for row in (row for row in rows if known.get(row.bearer) == "reserve"):
            for group in measured.groups(row):
                if row.direction in (group.way, EITHER):
                    side = given if group.way == "under" else asked
                    side[row.bearer].append((row.i, group))
    for reserve, taken in given.items():
        for i, group in taken:
            others = [o for o in asked[reserve] if _money(o[1]) != _money(group)]
            if others and _money(group) != ("revenue", NONE):
                j, other = others[0]
                value = (
                    f"an underspend of {_money_in_words(group)} paid into {reserve!r} by "
                    f"{named(measured.rules, i)}, which is called for {_money_in_words(other)} by "
                    f"{named(measured.rules, j)}"
                )
                yield measured.rules.at(i).finding("BCF446", "bearer", value)
                break


def _money(group: Group) -> tuple[str, str]:
    return group.kind, group.grant


def _money_in_words(group: Group) -> str:
    return group.kind if group.grant == NONE else f"grant {group.grant} ({group.kind})"

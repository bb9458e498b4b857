"""The rows of a call, and of a scope: what must add up, and what must agree."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Final

from bcf_model.checks.agreement_rows import EITHER, Rule, calls, named, numbers, ruled, ways
from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.findings import Finding
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.words import BASIS, MEASURED_BASES, PARTED_BY
from bcf_model.intake.drafts import Draft, Drafts


def rule_shares(drafts: Drafts) -> Iterator[Finding]:
    """The shares of a call make 100; who bears by its role bears it all (BCF403)."""
    draft, scopes = ruled(drafts)
    for rows in scopes.values():
        for call in calls(rows):
            bases = {row.basis for row in call}
            total = sum(row.share for row in call)
            if len(bases) > 1 or bases & {*MEASURED_BASES}:
                continue  # said by rows_agree, and by words_in_use
            if total == 0 and any(BASIS[basis].bearer for basis in bases):
                continue
            if total != WHOLE_RATE:
                band = f", {call[0].band}" if call[0].band else ""
                missing = Decimal(abs(WHOLE_RATE - total)) / MILLIONTHS
                yield draft.at(call[0].i).finding(
                    "BCF403",
                    "share",
                    f"{Decimal(total) / MILLIONTHS:f}% for {call[0].place}{band} "
                    f"({numbers(draft, call)})",
                    f"100%, {missing:f}% {'more' if total < WHOLE_RATE else 'less'}",
                )


def bearers_once(drafts: Drafts) -> Iterator[Finding]:
    """A bearer stands once in a call (BCF412)."""
    draft, scopes = ruled(drafts)
    for rows in scopes.values():
        for call in calls(rows):
            first: dict[str, int] = {}
            for row in call:
                earlier = first.setdefault(row.bearer, row.i)
                if earlier != row.i:
                    value = f"{row.bearer!r} in {named(draft, earlier, row.i)}"
                    yield draft.at(row.i).finding("BCF412", "bearer", value)


ALIKE_IN_A_CALL: Final = ("basis", "version", "measured_over", "without")


def rows_agree(drafts: Drafts) -> Iterator[Finding]:
    """A call has one basis and one measure, a scope one netting and one kind of part (BCF411)."""
    draft, scopes = ruled(drafts)
    for scope, rows in scopes.items():
        for call in calls(rows):
            columns = (column for column in ALIKE_IN_A_CALL if [*_differing(call, column)])
            # With another basis, the rest differs as well.
            for column in islice(columns, 1):
                for pair in _differing(call, column):
                    yield _disagreement(draft, *pair, column, call[0].place)
        for pair in _differing(rows, "netting"):
            yield _disagreement(draft, *pair, "netting", scope)
        parted = [[r for r in way if r.basis in PARTED_BY] for _, way in ways(rows)]
        pairs = dict.fromkeys(pair for way in parted for pair in _differing(way, "basis"))
        for one, other in pairs:
            if (one.step, one.begins, one.ends) != (other.step, other.begins, other.ends):
                yield _disagreement(draft, one, other, "basis", scope)


def _differing(rows: list[Rule], column: str) -> Iterator[tuple[Rule, Rule]]:
    """Pair the first row with each that says something else in a column."""
    for row in rows:
        if getattr(row, column) != getattr(rows[0], column):
            yield rows[0], row


def _disagreement(draft: Draft, one: Rule, other: Rule, column: str, where: str) -> Finding:
    said = [
        f"{getattr(row, column) or 'nothing'!r} in {named(draft, row.i)}" for row in (one, other)
    ]
    return draft.at(other.i).finding(
        "BCF411", column, " and ".join(said), f"one {column} for {where}"
    )


def rule_directions(drafts: Drafts) -> Iterator[Finding]:
    """A scope is ruled both ways (BCF407), and each step once for each way (BCF402)."""
    draft, scopes = ruled(drafts)
    for scope, rows in scopes.items():
        said = [way for way, called in ways(rows) if called]
        if len(said) == 1 and said[0] != EITHER:
            other = "under" if said == ["over"] else "over"
            yield draft.at(rows[0].i).finding(
                "BCF407", "direction", f"{scope}, {said[0]} only",
                f"a rule for {other} too, or 'either'")  # fmt: skip
        for either, apart in twice_ruled(rows):
            value = (
                f"step {either.step} of {scope} is ruled for {either.direction!r} in "
                f"{named(draft, either.i)} and for {apart.direction!r} in {named(draft, apart.i)}"
            )
            yield draft.at(apart.i).finding("BCF402", "direction", value)


def twice_ruled(rows: list[Rule]) -> list[tuple[Rule, Rule]]:
    """Pair, for each step ruled for either direction, the row with one for over or under."""
    both = {row.step: row for row in reversed(rows) if row.direction == EITHER}
    apart = {row.step: row for row in reversed(rows) if row.direction != EITHER}
    return [(both[step], apart[step]) for step in sorted(both.keys() & apart)]

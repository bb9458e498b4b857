"""Bands and steps: nothing ruled twice, nothing left out, and nothing left over at the end."""

from collections.abc import Iterator, Mapping
from itertools import accumulate, filterfalse

from bcf_model.checks.agreement_rows import EITHER, Rule, calls, named, numbers, ruled, steps, ways
from bcf_model.checks.call_rows import twice_ruled
from bcf_model.checks.code_index import bearers
from bcf_model.checks.limits import Limit, coverage
from bcf_model.core.findings import Finding
from bcf_model.core.words import BASIS, PARTED_BY, ROLES
from bcf_model.intake.drafts import Draft, Drafts


def rule_bands(drafts: Drafts) -> Iterator[Finding]:
    """Bands of a step follow one another (BCF413 to BCF416, BCF425)."""
    draft, scopes = ruled(drafts)
    for rows in scopes.values():
        last = {way: called[-1][0].step for way, called in _steps_by_way(rows)}
        for step in _steps_apart(rows):
            first = [call[0] for call in calls(step)]
            mixed = _mixed(first)
            if mixed:
                said = " and ".join(f"{row.band} in {named(draft, row.i)}" for row in mixed)
                yield draft.at(mixed[-1].i).finding("BCF416", _column(mixed[-1]), said)
                continue
            for row in filter(_is_empty, first):
                value = f"{row.band_from or 'nil'} to {row.band_to} in {named(draft, row.i)}"
                yield draft.at(row.i).finding("BCF415", "band_to", value)
            passed_on = all(
                last[way] > step[0].step for way in last if step[0].direction in (way, EITHER)
            )
            gap = "BCF425" if passed_on else "BCF414"
            yield from _against_each_other(draft, [*filterfalse(_is_empty, first)], gap)


def _against_each_other(draft: Draft, bands: list[Rule], gap: str) -> Iterator[Finding]:
    """Compare each band with the one that reaches furthest of those before it."""
    for furthest, row in _neighbours(bands):
        said = f"{furthest.band} in {named(draft, furthest.i)}, {row.band} in {named(draft, row.i)}"
        value = f"{said}, of {row.place}"
        if row.begins.size < _end(furthest):
            yield draft.at(row.i).finding("BCF413", "band_from", value)
        elif row.begins.size > _end(furthest):
            expected = f"a band from {furthest.band_to} to {row.band_from}"
            yield draft.at(row.i).finding(gap, "band_from", value, expected)


def _neighbours(bands: list[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Pair each band with the one that reaches furthest of those that begin before it."""
    in_order = sorted(bands, key=lambda row: row.begins.size)
    yield from zip(accumulate(in_order, _further), in_order[1:], strict=False)


def _further(one: Rule, other: Rule) -> Rule:
    return other if _end(other) > _end(one) else one


def _mixed(bands: list[Rule]) -> list[Rule]:
    """Find an edge in pounds and one in percent; the same row twice is one row."""
    pounds = [r for r in bands if any(edge and edge.pence for edge in (r.begins, r.ends))]
    percent = [r for r in bands if any(edge and edge.millionths for edge in (r.begins, r.ends))]
    return sorted({pounds[0], percent[0]}) if pounds and percent else []


def _column(row: Rule) -> str:
    return "band_to" if row.band_to else "band_from"


def _end(row: Rule) -> float:
    return float("inf") if row.ends is None else row.ends.size


def _is_empty(row: Rule) -> bool:
    return _end(row) <= row.begins.size


def _steps_apart(rows: list[Rule]) -> Iterator[list[Rule]]:
    """Return the steps of each direction as it is written."""
    for direction in dict.fromkeys(row.direction for row in rows):
        yield from steps(row for row in rows if row.direction == direction)


def _steps_by_way(rows: list[Rule]) -> Iterator[tuple[str, list[list[Rule]]]]:
    """Return, for each way a variance can fall, the steps that are called on; if there are any."""
    for way, called in ways(rows):
        if called:
            yield way, steps(called)


def rule_steps(drafts: Drafts) -> Iterator[Finding]:
    """The last step takes whatever is left (BCF417), and none before it does (BCF408)."""
    draft, scopes = ruled(drafts)
    known, covered = bearers(drafts), coverage(drafts)
    if known is None or covered is None:
        return
    reserves = {code for code, kind in known.items() if kind == "reserve"}
    for rows in scopes.values():
        if twice_ruled(rows) or any(map(_is_empty, rows)) or any(map(_mixed, _steps_apart(rows))):
            continue  # said already, and nobody can tell what is left
        found: dict[Finding, None] = {}
        for way, called in _steps_by_way(rows):
            parted = any(row.basis in PARTED_BY for step in called for row in step)
            # In a group that is under, the part of one holder may be over.
            limiting = reserves if parted or way != "under" else set()
            # A bearer nobody declared may be meant for a reserve.
            unknown = {row.bearer for row in rows} - {*known, *ROLES}
            held = covered.holding(rows[0].scope, way)
            at = next(
                (
                    k
                    for k, step in enumerate(called)
                    if _takes_all(draft, step, limiting | unknown, held)
                ),
                -1,
            )
            if at < 0:
                found |= dict.fromkeys(_left_over(draft, called[-1], limiting, held))
            for step in called[at + 1 :] if at >= 0 else ():
                value = f"step {step[0].step} of {step[0].scope} ({numbers(draft, step)})"
                value += f", after step {called[at][0].step} ({numbers(draft, called[at])})"
                found[draft.at(step[0].i).finding("BCF408", "step", value)] = None
        yield from found


def _takes_all(
    draft: Draft, step: list[Rule], limiting: set[str], held: Mapping[int, list[Limit]]
) -> bool:
    """Return whether nothing can be left after a step."""
    gaps = any(row.begins.size > _end(one) for one, row in _neighbours(step))
    return not gaps and not [*_left_over(draft, step, limiting, held)]


def _left_over(
    draft: Draft, step: list[Rule], limiting: set[str], held: Mapping[int, list[Limit]]
) -> Iterator[Finding]:
    """Return what a step does not take, but for what falls between its bands.

    Args:
        draft: of the rules.
        step: its rows.
        limiting: bearers that may not take all they are given.
        held: of each row, the limits over several rules that can hold something of it back.
    """
    lowest, furthest = min(step, key=lambda row: row.begins.size), max(step, key=_end)
    where = f"of {step[0].place}, and no step follows"
    if lowest.begins.size:
        value = f"what is below {lowest.band_from} in {named(draft, lowest.i)}, {where}"
        yield draft.at(lowest.i).finding("BCF417", "band_from", value)
    if furthest.band_to:
        value = f"what is above {furthest.band_to} in {named(draft, furthest.i)}, {where}"
        yield draft.at(furthest.i).finding("BCF417", "band_to", value)
    for row in step:
        who = f"in {named(draft, row.i)}, {where}"
        if BASIS[row.basis].offsets:
            value = f"what nothing elsewhere in the scope meets, {who}"
            yield draft.at(row.i).finding("BCF417", "basis", value)
        bears = row.share or not BASIS[row.basis].states_shares
        if row.limit and bears:
            value = f"what is above the limit {row.limit} of {row.bearer!r} {who}"
            yield draft.at(row.i).finding("BCF417", "limit", value)
        for limit in held.get(row.i, ()) if bears else ():
            said = f"{limit.limit_id}, {limit.at_most} of {limit.bearer!r},"
            value = f"what is above the limit {said} {who}"
            yield draft.at(row.i).finding("BCF417", "bearer", value)
        if row.bearer in limiting and row.share:
            value = f"what is above the balance of {row.bearer!r} {who}"
            yield draft.at(row.i).finding("BCF417", "bearer", value)


def rule_offsets(drafts: Drafts) -> Iterator[Finding]:
    """An offset comes first, alone, for either direction, among lines netted apart (BCF418)."""
    draft, scopes = ruled(drafts)
    for rows in scopes.values():
        first = steps(rows)[0]
        for row in (row for row in rows if BASIS[row.basis].offsets):
            wrong = []
            if first[0].step < row.step:
                wrong.append(("step", f"after step {first[0].step} in {named(draft, first[0].i)}"))
            elif len(first) > 1:
                beside = first[0] if first[0].i != row.i else first[1]
                wrong.append(("step", f"in one step with {named(draft, beside.i)}"))
            if row.direction != EITHER:
                wrong.append(("direction", f"for the direction {row.direction!r} alone"))
            if row.netting == "scope":
                wrong.append(("netting", "with the whole scope netted before"))
            for column, why in wrong:
                value = f"{named(draft, row.i)}, {why}"
                yield draft.at(row.i).finding("BCF418", column, value)

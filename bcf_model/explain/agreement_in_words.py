"""The agreement read back in plain English, each sentence with its rows and clause.

For who signs the agreement and does not read rules.csv: docs/rules.md says what a row means.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

from bcf_model.agreement.worked_example import AMOUNT, Example
from bcf_model.core.figures import Cover, scope_parts
from bcf_model.core.money import MILLIONTHS, sterling
from bcf_model.core.tables import Inputs, records
from bcf_model.core.words import BASIS, CARRIED_FORWARD, NETTINGS, NONE, OUTSIDE, series
from bcf_model.core.years import spoken, touches, within_year
from bcf_model.explain.facts import percentage

_WAYS: Final = {"either": "An overspend or underspend", "over": "An overspend",
                "under": "An underspend"}  # fmt: skip
_BEARS: Final = {
    "over": ("bears", "borne by"),
    "under": ("keeps", "kept by"),
    "either": ("bears or keeps", "borne or kept by"),
}
_MEASURED: Final = {
    "contribution": "what each contributes",
    "commissioned": "the budgets each commissions as lead",
    "budget": "the budgets of each partner's own lines",
}
_LINES: Final = {
    "theme": "of theme", "category": "of category", "organisation": "held by",
    "kind": "of kind", "scheme": "of scheme", "lead": "led by", "terms": "on terms",
    "grant": "of the grant",
}  # fmt: skip
_FALLS: Final = {"over": "The overspend falls on", "under": "The underspend goes to"}
_ALL_OF_IT: Final = 100 * MILLIONTHS
_COUNTED: Final = {
    "overspends": "overspends",
    "underspends": "underspends",
    "net": "overspends less underspends",
}


class Words:
    """What codes of a pool are called."""

    def __init__(self, inputs: Inputs) -> None:
        """Know the names of partners, reserves, themes, categories and schemes."""
        self.year = inputs.settings.financial_year
        self._of = {
            key: dict(zip(frame[code], frame[name], strict=True))
            for key, frame, code, name in (
                ("organisation", inputs.organisations, "organisation", "name"),
                ("theme", inputs.themes, "theme", "name"),
                ("category", inputs.categories, "category", "name"),
                ("scheme", inputs.schemes, "scheme_id", "scheme"),
                ("reserve", inputs.reserves, "reserve", "name"),
            )
        }
        self._of["lead"] = self._of["organisation"]
        self._reserves = {it.reserve: it for it in records(inputs.reserves)}

    def named(self, key: str, code: str) -> str:
        """Return what a code of one kind is called, with the code where that differs."""
        name: str = self._of.get(key, {}).get(code, code)
        return code if name.casefold() == code.casefold() else f"{name} ({code})"

    def is_reserve(self, code: str) -> bool:
        """Return whether a bearer is a reserve of the pool."""
        return code in self._of["reserve"]

    def bearer(self, code: str) -> str:
        """Return what a bearer is called: a partner, a provider, a reserve or a place."""
        if self.is_reserve(code):
            return self.named("reserve", code)
        return str(self._of["organisation"].get(code, code))

    def balance(self, reserve: str) -> str:
        """Return what a reserve opens the year with, and what releases it."""
        row = self._reserves[reserve]
        measure = f", released by {row.released_by!r}" if row.released_by else ""
        return f"opening balance {sterling(int(row.opening))}{measure}"

    def lines(self, scope: str) -> str:
        """Return which lines, or attributed amounts, a scope covers."""
        figure, causes = scope_parts(scope)
        chosen = [
            f"{_LINES[key]} {series([self.named(key, code) for code in codes], 'or')}"
            for key, codes in figure.selection
        ]
        lines = " ".join(["lines", *chosen]) if chosen else "all lines of the pool"
        if causes == (NONE,):
            return lines
        of = series([f"{cause!r}" for cause in causes], "or")
        return f"what is attributed to the cause {of}" + (f", on {lines}" if chosen else "")


def told(inputs: Inputs, examples: Sequence[Example] | None) -> Iterator[str]:
    """Read an agreement back: headings, and what stands under each, indented.

    Args:
        inputs: the pool, with the agreement.
        examples: `worked_example.of_each_scope`; None where it cannot be worked on this pool.
    """
    words = Words(inputs)
    by_scope = {it.scope: it for it in examples or ()}
    rules = [it for it in records(inputs.rules) if _touches(words, it)]
    of_scope: dict[str, list[Any]] = defaultdict(list)
    for rule in rules:
        of_scope[rule.scope].append(rule)
    for scope, rows in of_scope.items():
        lines = words.lines(scope)
        yield f"{lines[0].upper()}{lines[1:]}"
        if scope_parts(scope)[1] == (NONE,) and any(
            BASIS[row.basis].weighed_by or row.bearer not in _OWN for row in rows
        ):
            yield f"  {_netted(rows[0].netting)}."
        yield from (f"  {said}" for said in _directions(words, rows))
        if scope in by_scope:
            yield from (f"  {said}" for said in _worked(words, by_scope[scope]))
        elif examples is not None and scope_parts(scope)[1] == (NONE,):
            yield "  No example: no line is under it, or its rules change within the year."
    limits = [it for it in records(inputs.limits) if _touches(words, it)]
    if limits:
        yield "Limits over several of these rules"
        yield from (f"  {_limit(words, it)}" for it in limits)
    idle = [it.rule_id for it in records(inputs.rules) if not _touches(words, it)]
    idle += [it.limit_id for it in records(inputs.limits) if not _touches(words, it)]
    if idle:
        yield f"Not in force in {spoken(words.year)}: {series(idle)}."
    if examples is None:
        yield "No example is worked: a budget, a holder or a lead of this pool is not stated."


def _netted(by: str) -> str:
    together = "" if by == "line" else "; revenue and capital are never netted together"
    return f"Netted first: {NETTINGS[by]}{together}"


_OWN: Final = {basis.bearer for basis in BASIS.values() if basis.pots_of}


def _touches(words: Words, row: Any) -> bool:
    return touches(words.year, row.in_force_from, row.in_force_to)


def _directions(words: Words, rows: Sequence[Any]) -> Iterator[str]:
    """Return what each direction says: an overspend, an underspend, or both alike; step by step."""
    first = min(row.step for row in rows)
    for way, begins in _WAYS.items():
        chosen = [it for it in rows if it.direction == way]
        said = [
            (
                "of what is then left" if step > first else "",
                _calls([it for it in chosen if it.step == step]),
            )
            for step in sorted({it.step for it in chosen})
        ]
        if len(said) == 1 and len(said[0][1]) == 1:
            (left, (call,)), *_ = said
            yield f"{begins}: {_after(left, _call(words, call, way))}."
            continue
        yield from [f"{begins}:"] if said else []
        for number, (left, calls) in enumerate(said, start=1):
            if len(calls) == 1:
                yield f"  {number}. {_capital(_after(left, _call(words, calls[0], way)))}."
                continue
            yield f"  {number}. {_capital(left or 'in parts')}:"
            yield from (f"    {_capital(_call(words, call, way))}." for call in calls)


def _after(left: str, said: str) -> str:
    return f"{left}, {said}" if left else said


def _calls(rows: Sequence[Any]) -> list[list[Any]]:
    """Part the rows of a step into calls, by dates and band."""
    parted: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows:
        call = row.in_force_from, row.in_force_to, row.band_from, row.band_to
        parted[call].append(row)
    return [*parted.values()]


def _call(words: Words, call: Sequence[Any], way: str) -> str:
    """Return who bears the slice of a call, within which dates, by which rows and clause."""
    first = call[0]
    when = _dates(words, first)
    band = _band(first.band_from, first.band_to)
    said = ", ".join(part for part in (when, band) if part)
    whose = _whose(words, call, way)
    limits = [f"{words.bearer(row.bearer)} {_most(row.limit)}" for row in call if row.limit]
    outside = [words.bearer(row.bearer) for row in call if row.held == OUTSIDE]
    parts = [f"{said}: {whose}" if said else whose]
    parts += [f"at most: {'; '.join(limits)}, in one netting group"] if limits else []
    parts += [f"{series(outside)} from money outside the pool"] if outside else []
    return f"{'; '.join(parts)} {_cited(call)}"


def _whose(words: Words, call: Sequence[Any], way: str) -> str:
    first = call[0]
    basis = BASIS[first.basis]
    if basis.offsets:
        return "overspends are met by underspends elsewhere in the scope, as far as they go"
    bears, by = _BEARS[way]
    if first.basis == "own":
        return f"each budget holder {bears} what arises on its own lines"
    if first.basis == "lead":
        return f"the lead commissioner of each line {bears} it"
    if not basis.weighed_by and len(call) == 1 and first.share == _ALL_OF_IT:
        return _all_by_one(words, first.bearer, way)
    if not basis.weighed_by:
        shares = [(words.bearer(row.bearer), percentage(row.share)) for row in call]
        (who, most), *others = shares
        return series([f"{who} {bears} {most}", *(" ".join(it) for it in others)])
    who = series([words.bearer(row.bearer) for row in call])
    measured = _MEASURED[first.basis]
    if first.version:
        measured = f"what each contributes ({first.version} contributions)"
    over = f" to {words.lines(first.measured_over)}" if first.measured_over else ""
    without = f", without {first.without}" if first.without else ""
    return f"{by} {who} in proportion to {measured}{over}{without}"


def _all_by_one(words: Words, bearer: str, way: str) -> str:
    if words.is_reserve(bearer):
        name, holds = words.bearer(bearer), words.balance(bearer)
        met = f"met from the reserve {name} as far as it goes ({holds})"
        paid = f"paid into the reserve {name}"
        return {"over": met, "under": paid}.get(way, f"{met}, or {paid}")
    if bearer == CARRIED_FORWARD:
        return "kept in the pool and carried forward"
    if bearer == OUTSIDE:
        return "outside the pool: no partner bears it in the pool"
    return f"{_BEARS[way][1]} {words.bearer(bearer)} alone"


def _band(begins: str, ends: str) -> str:
    """Return which part of the amount a call acts on; "" for all of it."""
    begins, ends = _edge(begins), _edge(ends)
    if begins and ends:
        return f"the part from {begins} to {ends}"
    if ends:
        return f"the first {ends}"
    return f"the part beyond {begins}" if begins else ""


def _edge(text: str) -> str:
    return f"{text} of the budget" if text.endswith("%") else text


def _most(text: str) -> str:
    return "what it contributes" if text == "contribution" else _edge(text)


def _dates(words: Words, row: Any) -> str:
    if not within_year(words.year, row.in_force_from, row.in_force_to):
        return ""
    begins, ends = (_day(text) for text in (row.in_force_from, row.in_force_to))
    if begins and ends:
        return f"from {begins} to {ends}"
    return f"from {begins}" if begins else f"to {ends}"


def _day(text: str) -> str:
    if not text:
        return ""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def _cited(rows: Iterable[Any]) -> str:
    """Return the rows and the clauses that say so."""
    rows = list(rows)
    clauses = "; ".join(dict.fromkeys(row.clause for row in rows if row.clause))
    codes = series([row.rule_id for row in rows])
    return f"[{codes}: {clauses}]" if clauses else f"[{codes}]"


def _limit(words: Words, limit: Any) -> str:
    cover = Cover.parse(limit.covers)
    bearer = words.bearer(limit.bearer)
    of = f"{_COUNTED[limit.counts]} of {words.lines(cover.scope)}"
    if cover.causes:
        of += f" attributed to {series([repr(it) for it in cover.causes], 'or')}"
    if cover.rules or cover.steps:
        named = [*(f"rule {it}" for it in cover.rules), *(f"step {it}" for it in cover.steps)]
        of += f", by {series(named)} alone"
    when = f" {_dates(words, limit)}".rstrip()
    clause = f": {limit.clause}" if limit.clause else ""
    return (
        f"{bearer} bears no more than {_edge(limit.at_most)} in a year{when} of {of}; what is "
        f"beyond goes on to the next step [{limit.limit_id}{clause}]."
    )


def _worked(words: Words, example: Example) -> Iterator[str]:
    """Return who bears the amount of the example, over and under."""
    line = words.named("scheme", example.scheme_id)
    yield f"Example: {sterling(AMOUNT)} over or under on {line} alone, all else on budget."
    for way, bears in example.borne.items():
        said = series([f"{words.bearer(who)} {sterling(abs(of))}" for who, of in bears.items()])
        yield f"  {_FALLS[way]}: {said or 'nobody, for what it is shared by is nil'}."


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"

"""The rules of a ledger: which of its lines belong to which scheme, read and found sound."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bcf_model.core import words
from bcf_model.core.findings import Finding, Place, has_errors, one_of
from bcf_model.core.money import MILLIONTHS
from bcf_model.core.tables import InputTable, tables_of
from bcf_model.core.words import EXCLUDE
from bcf_model.extracts.lines import KEYS
from bcf_model.extracts.patterns import CannotRead, Pattern, folded, read_pattern
from bcf_model.intake.drafts import Draft, draft_table
from bcf_model.intake.raw_table import RawPool

TABLES: Final = tables_of("bcf_model.extracts", vars(words))
RULES: Final = InputTable("rules", TABLES["LedgerRules"], required=True, may_be_blank=True)
LAST_PERIOD: Final = 13
_WHOLE: Final = 100 * MILLIONTHS


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule, whole: the rows of one code.

    Attributes:
        code: of the rule. place: its first row. priority: the lowest that fits wins.
        conditions: by key, the patterns of which a text must be one; only those that it has.
        first, last: its periods; 0 of either is any.
        measure: a key of `words.RULE_MEASURES`. note: as it stands.
        schemes: whose its lines are, and the share of each, in millionths of a percent; none
            where they are excluded.
    """

    code: str
    place: Place
    priority: int
    conditions: Mapping[str, tuple[Pattern, ...]]
    first: int
    last: int
    measure: str
    note: str
    schemes: tuple[tuple[str, int], ...]

    @property
    def excludes(self) -> bool:
        """Return whether its lines are no part of the pool."""
        return self.measure == EXCLUDE


def rules_of(
    raw: RawPool, schemes: Sequence[str], findings: list[Finding]
) -> tuple[Rule, ...] | None:
    """Read the rules of a ledger.

    Args:
        raw: their table, by the name `rules`.
        schemes: the codes of the pool's schemes.
        findings: what is wrong is added.

    Returns:
        The rules in the order of their first rows; None where there is an error.
    """
    found: list[Finding] = []
    draft = draft_table(raw, RULES, "pounds", found)
    rules: tuple[Rule, ...] = ()
    if draft is not None:
        rules, wrong = _read(draft, schemes)
        found += wrong
    findings += found
    return None if draft is None or has_errors(found) else rules


def _read(draft: Draft, schemes: Sequence[str]) -> tuple[tuple[Rule, ...], list[Finding]]:
    rows: dict[str, list[int]] = {}
    for i, code in draft.rows("rule"):
        rows.setdefault(code, []).append(i)
    known, rules, findings = frozenset(schemes), list[Rule](), list[Finding]()
    for code, of_rule in rows.items():
        if any(draft.cells[name][i] is None for name in RULES.model.types for i in of_rule):
            continue  # what cannot be read has been said
        findings += _rows_agree(draft, of_rule)
        findings += _schemes_sound(draft, of_rule, schemes, known)
        findings += _periods_sound(draft, of_rule[0])
        conditions = _conditions(draft, of_rule[0], findings)
        rules.append(_rule(draft, code, of_rule, conditions))
    return tuple(rules), findings


def _rule(
    draft: Draft, code: str, rows: Sequence[int], conditions: Mapping[str, tuple[Pattern, ...]]
) -> Rule:
    cells, first = draft.cells, rows[0]
    shared = [(cells["scheme_id"][i], cells["share"][i]) for i in rows]
    return Rule(
        code,
        draft.at(first),
        cells["priority"][first],
        conditions,
        cells["from_period"][first],
        cells["to_period"][first],
        cells["measure"][first],
        cells["note"][first],
        () if cells["measure"][first] == EXCLUDE else tuple(shared),
    )


_COMMON: Final = ("priority", *KEYS, "from_period", "to_period", "measure")
"""What all rows of a rule must say alike."""


def _rows_agree(draft: Draft, rows: Sequence[int]) -> Iterator[Finding]:
    """Check that the rows of a rule agree, and name each scheme once (BCF928)."""
    met = set[str]()
    for i in rows:
        for name in _COMMON:
            said, first = (_compared(draft.cells[name][at]) for at in (i, rows[0]))
            if said != first:
                where = f"as in row {draft.numbers[rows[0]]}: {first or 'blank'}"
                yield draft.at(i).finding("BCF928", name, repr(draft.cells[name][i]), where)
        scheme = draft.cells["scheme_id"][i]
        if scheme and scheme in met:
            yield draft.at(i).finding("BCF928", "scheme_id", f"{scheme!r} again")
        met.add(scheme)


def _compared(cell: Any) -> str:
    return folded(str(cell))


def _schemes_sound(
    draft: Draft, rows: Sequence[int], schemes: Sequence[str], known: frozenset[str]
) -> Iterator[Finding]:
    """Check what becomes of the lines of a rule (BCF924, 925 and 929)."""
    cells = draft.cells
    for i in rows:
        scheme, excludes = cells["scheme_id"][i], cells["measure"][i] == EXCLUDE
        if excludes and scheme:
            expected = "no scheme, for its lines are excluded"
            yield draft.at(i).finding("BCF929", "scheme_id", repr(scheme), expected)
        elif excludes and not cells["note"][i]:
            yield draft.at(i).finding("BCF929", "note", expected="why its lines are excluded")
        elif not excludes and not scheme:
            yield draft.at(i).finding("BCF929", "scheme_id", expected=one_of(schemes))
        elif scheme and scheme not in known:
            yield draft.at(i).finding("BCF925", "scheme_id", repr(scheme), one_of(schemes, scheme))
    whole = sum(cells["share"][i] for i in rows)
    if whole != _WHOLE:
        value = f"{in_percent(whole)} in {len(rows)} row{'' if len(rows) == 1 else 's'}"
        rule = f"100 for rule {cells['rule'][rows[0]]}"
        yield draft.at(rows[0]).finding("BCF924", "share", value, rule)


def in_percent(millionths: int) -> str:
    """Write a share held in millionths of a percent, without its sign.

    >>> in_percent(62_500_000)
    '62.5'
    """
    whole, rest = divmod(millionths, MILLIONTHS)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def _periods_sound(draft: Draft, row: int) -> Iterator[Finding]:
    """Check that the periods of a rule are some of a year (BCF930)."""
    first, last = draft.cells["from_period"][row], draft.cells["to_period"][row]
    for name, period in (("from_period", first), ("to_period", last)):
        if period > LAST_PERIOD:
            yield draft.at(row).finding("BCF930", name, str(period), f"1 to {LAST_PERIOD}")
            return
    if last and first > last:
        yield draft.at(row).finding("BCF930", "to_period", str(last), f"{first} or later")


def _conditions(
    draft: Draft, row: int, findings: list[Finding]
) -> Mapping[str, tuple[Pattern, ...]]:
    """Read the patterns of a row (BCF926 and 927)."""
    read = dict[str, tuple[Pattern, ...]]()
    for name in KEYS:
        text = draft.cells[name][row]
        try:
            if patterns := read_pattern(text):
                read[name] = patterns
        except CannotRead as problem:
            findings.append(draft.at(row).finding(problem.code, name, repr(text), problem.expected))
    return read

"""The limits table, read: which lines, rules and pots each limit covers (docs/rules.md, 12)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bcf_model.agreement.call_parts import Amounts, Edge
from bcf_model.agreement.limit_use import NO_LIMITS, Limits, counting
from bcf_model.agreement.parcels import Parcels, Terms
from bcf_model.agreement.rules import edge
from bcf_model.core.expressions import Leaf, Total, evaluate
from bcf_model.core.figures import COLUMN_OF, Cover
from bcf_model.core.ledger import cover_of
from bcf_model.core.sums import total
from bcf_model.core.tables import records
from bcf_model.core.words import NONE, NOT_STATED, PARTED_BY, REST_OF_SCOPE
from bcf_model.core.worked_columns import Limited, percent_of_budget


class Limit(NamedTuple):
    """One row of the limits, on the lines of a pool.

    Attributes:
        code, bearer, counts: as stated. size: in pence, or in percent of budget.
        cover: what it covers. lines: which lines of the pool those are.
        rules: numbers of the rules it covers by which its bearer bears, each with whether that is
            because a pot is its own.
    """

    code: str
    bearer: str
    counts: str
    size: Edge
    lines: NDArray[np.bool_]
    cover: Cover
    rules: Mapping[int, bool]

    def covered(self, parcels: Parcels, causes: Sequence[str]) -> NDArray[np.bool_]:
        """Mark the parcels it covers.

        Args:
            parcels: of the lines.
            causes: the cause of each attributed amount.
        """
        of_cause = np.array([self.cover.of_cause(c) for c in (*causes, NONE)], dtype=np.bool_)
        return np.asarray(self.lines[parcels.line] & of_cause[parcels.cause])

    def amount(self, budget: Amounts) -> Amounts:
        """Return it in pence, for each year by the budget of the lines it covers."""
        if not self.size.millionths:
            return np.full(len(budget), self.size.pence, dtype=np.int64)
        worked = evaluate(percent_of_budget(self.size.millionths), lambda _: budget)
        return np.asarray(worked, dtype=np.int64)


def limits(lines: pd.DataFrame, terms: Terms) -> list[Limit]:
    """Read the limits in force, in order.

    Args:
        lines: pooled lines.
        terms: with the rules and limits in force.
    """
    if terms.limits.empty:
        return []
    covered, found = cover_of(lines), []
    rules = [*records(terms.rules)]
    for row in records(terms.limits):
        cover = Cover.parse(row.covers)
        bears = {
            number: rule.basis in PARTED_BY
            for number, rule in enumerate(rules)
            if (rule.basis in PARTED_BY or rule.bearer == row.bearer)
            and cover.of_rule(rule.rule_id, rule.step)
            and rule.bearer != REST_OF_SCOPE
        }
        size = edge(row.at_most) or Edge()
        found.append(
            Limit(row.limit_id, row.bearer, row.counts, size, covered(cover.scope), cover, bears)
        )
    return found


def on_pots(
    found: Sequence[Limit],
    parcels: Parcels,
    terms: Terms,
    pots: pd.DataFrame,
    pot: tuple[NDArray[np.intp], NDArray[np.intp]],
    year: NDArray[np.intp],
) -> Limits:
    """Find the pots that limits cover.

    Args:
        found: the limits.
        parcels: of the lines.
        terms: the facts of the year.
        pots: holder, kind and grant of each.
        pot: the parcels that pots are made of, and the pot of each.
        year: of each parcel, numbered.
    """
    if not found:
        return NO_LIMITS
    holder = pots["holder"].astype("str").to_numpy()
    money = [*zip(pots["kind"].astype("str"), pots["grant"].astype("str"), strict=True)]
    order = dict.fromkeys(money)
    years, is_line = int(year.max(initial=0)) + 1, parcels.cause < 0
    amount, under, known = [], [], []
    before, used = _counted({one.code for one in found}, terms.earlier)
    causes = terms.causes["cause"].tolist()
    for one in found:
        lines = is_line & one.lines[parcels.line]
        amount.append(one.amount(total(parcels.budget[lines], year[lines], years)))
        here = np.zeros(len(pots), dtype=np.bool_)
        here[pot[1][one.covered(parcels, causes)[pot[0]]]] = True
        of_holder = here & (holder == one.bearer)
        under.append({rule: of_holder if own else here for rule, own in one.rules.items()})
        counts = np.logical_or.reduce([*under[-1].values(), np.zeros(len(here), dtype=np.bool_)])
        there = {money[pot] for pot in np.flatnonzero(counts)}
        every = dict.fromkeys([*before.get(one.code, ()), *(m for m in order if m in there)])
        known.append(Limited(one.code, one.counts, tuple(every)))
    return Limits(tuple(known), tuple(amount), tuple(under), tuple(money), used)


def _counted(
    codes: set[str], earlier: pd.DataFrame | None
) -> tuple[dict[str, list[tuple[str, str]]], dict[tuple[Any, ...], int]]:
    """Return what earlier parts of the year counted towards limits: their money, and how much."""
    money: dict[str, list[tuple[str, str]]] = defaultdict(list)
    used: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in [] if earlier is None else records(earlier[["limits", "kind", "grant", "borne"]]):
        for code in codes & {*row.limits.split("+")}:
            money[code].append((row.kind, row.grant))
            for counted, amount in counting(row.borne, code, 0, (row.kind, row.grant)):
                used[counted] += int(amount)
    return money, used


def with_budget(limits: Limits, found: Sequence[Limit], budget: Amounts) -> Limits:
    """Return limits as they are on other budgets: pence, of each line, all of one year."""
    amount = (one.amount(np.array([budget[one.lines].sum()])) for one in found)
    return replace(limits, amount=tuple(amount)) if found else limits


def known_of(
    lines: pd.DataFrame, terms: Terms, shares: pd.DataFrame, part: str = ""
) -> dict[str, Limited]:
    """Return the limits in force as their arithmetic sees them, by code.

    Args:
        lines: pooled lines.
        terms: as for `pots.share`.
        shares: what that gave.
        part: of the year, where they stand in one.
    """
    money: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    if len(terms.limits):
        for row in records(shares[["limits", "kind", "grant"]].drop_duplicates()):
            for code in filter(None, row.limits.split("+")):
                money[code][row.kind, row.grant] = None
    return {
        row.limit_id: Limited(
            row.limit_id,
            row.counts,
            tuple(money[row.limit_id]),
            _selecting(row.covers, lines) + ((("part", (part,)),) if part else ()),
            "parts" if part else "lines",
        )
        for row in records(terms.limits)
    }


def _selecting(covers: str, lines: pd.DataFrame) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what selects the lines covered: columns, each with the values it may have."""
    chosen = dict(Cover.parse(covers).lines.selection)
    if (lines["category"] == NOT_STATED).any():
        stated = chosen.get("category", lines["category"].astype("str").unique().tolist())
        chosen["category"] = tuple(code for code in stated if code != NOT_STATED)
    chosen["pooling"] = ("pooled",)
    return tuple((COLUMN_OF["lines"][key], values) for key, values in chosen.items())


def statement(
    lines: pd.DataFrame, terms: Terms, shares: pd.DataFrame, known: Mapping[str, Limited]
) -> pd.DataFrame:
    """Return what became of each limit.

    Args:
        lines: pooled lines, of one year.
        terms: as for `pots.share`.
        shares: what that gave.
        known: `known_of` it.

    Returns:
        The limits in force, with budget (of the lines covered), amount, counted (what their bearer
        bears that counts towards them) and left, in pence: left = amount − counted.
    """
    budget, borne = lines["budget"].to_numpy(), shares["borne"].to_numpy()

    def added(leaf: Leaf) -> Any:
        assert isinstance(leaf, Total)  # it is no row's
        counts = np.sign(borne) == leaf.sign if leaf.sign else np.ones(len(shares), dtype=np.bool_)
        for name, (value,) in leaf.of:
            named = [value in label.split("+") for label in shares[name].tolist()]
            counts &= np.array(named, dtype=np.bool_)
        return borne[counts].sum(dtype=np.int64)

    rows = []
    for one in limits(lines, terms):
        of_lines = np.array([budget[one.lines].sum()], dtype=np.int64)
        amount = int(one.amount(of_lines)[0])
        counted = int(evaluate(known[one.code].counted(above=False), added))
        rows.append((int(of_lines[0]), amount, counted, amount - counted))
    columns = ["budget", "amount", "counted", "left"]
    sums = pd.DataFrame(rows, columns=columns, index=terms.limits.index).astype("int64")
    return terms.limits.assign(**{name: sums[name] for name in columns})

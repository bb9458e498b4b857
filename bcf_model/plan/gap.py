"""What funds a plan, source by source, and who is short of how much (docs/method.md, 5)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from bcf_model.core.findings import listed
from bcf_model.core.sums import by_key
from bcf_model.core.tables import records, typed
from bcf_model.core.words import NOT_STATED
from bcf_model.plan import funding
from bcf_model.plan.funding_statements import keys_of, said_by_year
from bcf_model.plan.output_tables import FundingSourcesOut, GapOut, types
from bcf_model.plan.words import (
    AGREED_AND_SHARE,
    ALL,
    NO_LINES,
    OWN_LINES,
    RESERVES,
    SHARE_ALONE,
)

UNKNOWN_AMOUNT: Final = "its amount is not stated"
UNKNOWN_BALANCE: Final = "what it holds is not stated"
UNKNOWN_USE: Final = "what is used of it is not stated"
NOT_FUNDED: Final = "no funding of it is stated: write 0 where there is none"
NO_SHARE: Final = "no share is given of the variance from the agreed budget"
PARTS: Final = ("recurrent", "non_recurrent", "amount")


# ------------------------------------------------------------------ source by source


def sources(stated: pd.DataFrame, assumptions: pd.DataFrame, years: Sequence[str]) -> pd.DataFrame:
    """Return what each source comes to, year by year, and what is left of reserves.

    Args:
        stated: `tables.Funding`.
        assumptions: as `funding.walk` takes them.
        years: of the plan.

    Returns:
        `output_tables.FundingSourcesOut` without its first column: a row for every source from the
        first year it has a row for. What a reserve holds is followed from the year for which it is
        stated, be it before the plan.
    """
    walked = funding.walk(stated, assumptions, years, every_year=True)
    known = {
        (row.financial_year, row.organisation, row.funding): row
        for row in records(funding.closing(walked))
    }
    keys = [*keys_of(stated).itertuples(index=False, name=None)]
    kinds = {(row.organisation, row.funding): row.kind for row in records(stated)}
    balances = {
        (row.financial_year, row.organisation, row.funding): int(row.balance)
        for row in records(stated[stated["balance"].notna()])
    }
    held: dict[tuple[str, str], _Held] = {}
    rows = []
    for said in said_by_year(stated, assumptions, years):
        for i, key in enumerate(keys):
            row = known.get((said.year, *key))
            if row is None and not said.begun[i]:
                continue
            nil = 0 if not said.unknown[i] else None
            parts = [nil if row is None else int(getattr(row, name)) for name in PARTS]
            if (said.year, *key) in balances:
                held[key] = _Held(said.year, balances[said.year, *key])
            note = "" if parts[-1] is not None else UNKNOWN_AMOUNT
            kind = kinds.get(key, NOT_STATED)
            rows.append(
                (said.year, *key, kind, *parts, note, *_balance(kind, held, key, parts[-1]))
            )
    columns = types(FundingSourcesOut)
    frame = typed(pd.DataFrame(rows, columns=[*columns]), columns)
    return frame[frame["financial_year"].isin(years)].reset_index(drop=True)


class _Held(NamedTuple):
    """What a reserve holds: since when it is stated, and in pence; None where it is not known."""

    since: str
    pence: int | None


def _balance(
    kind: str, held: dict[tuple[str, str], _Held], key: tuple[str, str], used: int | None
) -> tuple[Any, ...]:
    """Run a reserve down by what is used of it; return the columns that say so."""
    if kind != RESERVES:
        return "", None, None, ""
    if key not in held:
        return "", None, None, UNKNOWN_BALANCE
    since, opening = held[key]
    closing = None if opening is None or used is None else opening - used
    held[key] = _Held(since, closing)
    note = UNKNOWN_USE if closing is None else ""
    return since, opening, closing, note


# ------------------------------------------------------------------ who is short


class Pays(NamedTuple):
    """What one has to pay in a year, and on what basis; why it is not known, or blank.

    Attributes:
        held: of its lines, in pence. borne: of the variance.
    """

    basis: str
    held: int | None = None
    borne: int | None = None
    note: str = ""


class Facts(NamedTuple):
    """What the gaps of a plan are worked out of.

    Attributes:
        spent: one row per financial_year and organisation with `spending`, in pence, of the years
            of which that is known.
        agreed: `output_tables.AgreedOut`. shared: `output_tables.SharedOut`.
        named: the years for which the scenario names an agreed budget.
        sources: as `sources` gives them.
        since: first year for which funding is stated; blank where none is.
        partners: codes of those whose funding somebody has to state.
    """

    spent: pd.DataFrame
    agreed: pd.DataFrame
    shared: pd.DataFrame
    named: frozenset[str]
    sources: pd.DataFrame
    since: str
    partners: Sequence[str]


def gaps(facts: Facts) -> pd.DataFrame:
    """Set what is to be paid against what funds it: all together, and each by itself.

    Returns:
        `output_tables.GapOut` without its first column, year by year from the first for which
        funding is stated; that of all comes first. Positive is a shortfall.
    """
    rows: list[tuple[Any, ...]] = []
    for year, of_year in facts.spent.groupby("financial_year", sort=False):
        if facts.since and str(year) >= facts.since:
            rows += _of_year(facts, str(year), of_year)
    columns = types(GapOut)
    return typed(pd.DataFrame(rows, columns=[*columns]), columns)


def of_all(gap: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps of all together that are known: one row a year."""
    whole = gap[(gap["organisation"] == ALL) & gap["gap"].notna()]
    return whole.reset_index(drop=True)


def _of_year(facts: Facts, year: str, of_year: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    spent = by_key(of_year["organisation"], of_year["spending"])
    given = facts.shared[facts.shared["financial_year"] == year]
    against = facts.agreed[facts.agreed["financial_year"] == year]
    own = facts.sources[facts.sources["financial_year"] == year]
    whole = sum(spent.values())
    if len(given) and not given["borne"].isna().any():
        borne = {str(r): int(b) for r, b in zip(given["bearer"], given["borne"], strict=True)}
        budget = by_key(against["organisation"], against["budget"])
        pays = _by_agreement(budget, borne)
        every = Pays(AGREED_AND_SHARE, sum(budget.values()), sum(borne.values()))
    else:
        why = ""
        if year in facts.named:
            why = NO_SHARE
        elif spent.get(NOT_STATED):
            why = "some of what is spent stands on lines whose holder is not stated"
        pays = {code: Pays("", note=why) if why else Pays(OWN_LINES, amount, 0)
                for code, amount in spent.items() if code != NOT_STATED}  # fmt: skip
        every = Pays(OWN_LINES, whole, 0)
        if why:
            pays |= {code: Pays("", note=why) for code in facts.partners}
    yield _row(year, ALL, every, own, facts.partners)
    rest = [code for code in own["organisation"].unique() if code not in pays]
    for code in (*pays, *rest):
        yield _row(
            year, code, pays.get(code, Pays(NO_LINES, 0, 0)),
            own[own["organisation"] == code], facts.partners,
        )  # fmt: skip


def _by_agreement(budget: Mapping[str, int], borne: Mapping[str, int]) -> dict[str, Pays]:
    """Return what each has to pay where a budget is agreed: its own, and what it bears."""
    holders = [code for code in budget if code != NOT_STATED or budget[code]]
    others = [code for code in borne if code not in holders and borne[code]]
    return {code: Pays(AGREED_AND_SHARE, budget[code], borne.get(code, 0)) for code in holders} | {
        code: Pays(SHARE_ALONE, 0, borne[code]) for code in others
    }


def _row(
    year: str, code: str, pays: Pays, own: pd.DataFrame, partners: Sequence[str]
) -> tuple[Any, ...]:
    """Return a row of `output_tables.GapOut`: what is not known leaves what needs it blank."""
    spending = None if pays.note else (pays.held or 0) + (pays.borne or 0)
    unstated = own[own["amount"].isna()]
    notes = [pays.note] if pays.note else []
    funded: list[int | None] = [None] * len(PARTS)
    if len(unstated):
        named = [f"{row.funding} ({row.organisation})" for row in records(unstated)]
        notes.append(f"no amount is stated of {listed(named)}")
    elif own.empty and code in partners:
        notes.append(NOT_FUNDED)
    else:
        funded = [int(own[name].sum()) for name in PARTS]
    short = None if spending is None or funded[-1] is None else spending - funded[-1]
    paid = (pays.basis, pays.held, pays.borne, spending)
    return (year, code, *paid, *funded, short, "; ".join(notes))

"""Checks of the tables a pool adds for its plans."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from bcf_model.core.basis import own_versions
from bcf_model.core.expressions import WHOLE_RATE
from bcf_model.core.findings import Check, Finding, one_of
from bcf_model.core.money import MILLIONTHS, NotMoney, sterling
from bcf_model.core.printed_numbers import expected_print, parse_print
from bcf_model.core.tables import records
from bcf_model.core.words import NOT_STATED
from bcf_model.intake.cells import read_edge
from bcf_model.plan.budget_versions import line_code
from bcf_model.plan.checks.context import (
    CheckedPlan,
    codes_findings,
    scope_findings,
    shares_findings,
    totals_findings,
    twice,
)
from bcf_model.plan.efficiencies import implied_bases, totals
from bcf_model.plan.words import ALL, NOT_ALLOCATED, RESERVES, VIREMENT


def budgets(plan: CheckedPlan) -> Iterator[Finding]:
    """A version has a name of its own, and so has each of its lines (BCF210, BCF756).

    The rest of what can be wrong with it, the pool is checked for (`checks.budgets`).
    """
    yield from _codes(plan)
    own = own_versions(plan.inputs.settings.standing)
    for row in records(plan.tables["budgets"]):
        if row.version in own:
            expected = f"another name: {row.version!r} is {own[row.version]}"
            yield row.place.finding("BCF210", "version", repr(row.version), expected)


def _codes(plan: CheckedPlan) -> Iterator[Finding]:
    """A code is that of one line, in whatever version, for lines are compared by it (BCF756)."""
    first: dict[str, tuple[Any, str]] = {NOT_ALLOCATED: ("", "the line of what is not allocated")}
    first |= {code: (code, f"the scheme {code!r}") for code in plan.inputs.schemes["scheme_id"]}
    for row in records(plan.tables["budgets"]):
        code, place = line_code(row), row.scheme_id or (row.theme, row.organisation, row.kind)
        earlier, told = first.setdefault(code, (place, f"that of row {row.place.row}"))
        if place != earlier:
            first[code] = (place, told)  # said once, and not of each row that is alike
            column = "scheme_id" if row.scheme_id else "theme"
            yield row.place.finding("BCF756", column, repr(code), f"another code: it is {told}")


_WHOLE: Final = 100
_LINE: Final = {
    "theme": ("theme", "BCF302"),
    "organisation": ("organisation", "BCF303"),
    "scheme_id": ("scheme_id", "BCF308"),
}


def _schemes(plan: CheckedPlan) -> Iterator[Finding]:
    """What a virement says of a scheme is what the scheme is (BCF737)."""
    schemes = plan.inputs.schemes.set_index("scheme_id")
    for row in records(plan.tables["virements"]):
        if row.scheme_id not in schemes.index:
            continue
        for column in ("theme", "organisation", "kind"):
            stated, is_so = getattr(row, column), str(schemes[column][row.scheme_id])
            if stated not in (is_so, NOT_STATED) and stated in plan.known[column]:
                value = f"{stated!r} for {row.scheme_id}"
                yield row.place.finding("BCF737", column, value, repr(is_so))


def virements(plan: CheckedPlan) -> Iterator[Finding]:
    """Virements name versions there are, and come to nil between two (BCF704, BCF736)."""
    frame = plan.tables["virements"]
    yield from codes_findings(plan, "virements", _LINE)
    yield from _schemes(plan)
    for row in records(frame):
        for column in ("from_version", "to_version"):
            if (name := getattr(row, column)) not in plan.version_years:
                expected = one_of(plan.version_years, name)
                yield row.place.finding("BCF704", column, repr(name), expected)
    between = frame[frame["cause"] == VIREMENT].groupby(["from_version", "to_version"], sort=False)
    for names, rows in between:
        if total := int(rows["amount"].sum()):
            value = f"{sterling(total)} in all from {names[0]!r} to {names[1]!r}"
            last = next(records(rows.iloc[-1:]))
            yield last.place.finding("BCF736", "amount", value, sterling(0))


def funding(plan: CheckedPlan) -> Iterator[Finding]:
    """Funding comes from partners, is stated once, and is of one kind (BCF303, BCF721, BCF775)."""
    columns = {"organisation": ("organisation", "BCF303")}
    yield from codes_findings(plan, "funding", columns)
    key = ("organisation", "funding", "financial_year", "recurrence")
    yield from twice(plan.tables["funding"], key, "funding")
    kinds: dict[tuple[str, str], str] = {}
    for row in records(plan.tables["funding"]):
        kind = kinds.setdefault((row.organisation, row.funding), row.kind)
        if row.kind != kind:
            yield row.place.finding("BCF775", "kind", repr(row.kind), repr(kind))
        elif kind != RESERVES and not pd.isna(row.balance):
            value = f"{sterling(row.balance)} of the kind {kind!r}"
            yield row.place.finding("BCF775", "balance", value, f"blank, or the kind {RESERVES!r}")


def savings(plan: CheckedPlan) -> Iterator[Finding]:
    """A savings programme names what there is, and no amount is below nil."""
    columns = {
        "owner": ("body", "BCF733"),
        "beneficiary": ("body", "BCF733"),
        "perimeter": ("perimeter", "BCF709"),
        "profile": ("profile", "BCF730"),
    }
    yield from codes_findings(plan, "savings", columns)
    yield from totals_findings(plan.tables["savings"], ("name", "programme"))
    for row in records(plan.tables["savings"]):
        yield from scope_findings(plan, row)
        for column in ("gross", "investment"):
            if (amount := getattr(row, column)) < 0:
                yield row.place.finding("BCF746", column, sterling(amount))
        if row.delivered and not row.delivered_to:
            value, expected = f"{sterling(row.delivered)} and no period", "the period it is up to"
            yield row.place.finding("BCF751", "delivered_to", value, expected)


def planned_activity(plan: CheckedPlan) -> Iterator[Finding]:
    """Activity is planned once a year, of lines paid by it, at a price in pounds.

    That of the pool's own year is what activity.csv says (BCF218, 308, 721, 758, 759).
    """
    yield from codes_findings(plan, "planned_activity", {"scheme_id": ("scheme_id", "BCF308")})
    frame, own_year = plan.tables["planned_activity"], plan.inputs.settings.financial_year
    yield from twice(frame, ("scheme_id", "financial_year"), "financial_year")
    paid = {*plan.inputs.payments["scheme_id"]}
    own = {row.scheme_id: row for row in records(plan.inputs.activity)}
    for row in records(frame):
        if row.price.endswith("%"):
            yield row.place.finding("BCF218", "price", repr(row.price), "an amount such as £2,000")
        if row.scheme_id in plan.known["scheme_id"] and row.scheme_id not in paid:
            yield row.place.finding("BCF758", "scheme_id", repr(row.scheme_id))
        elif row.financial_year == own_year:
            said = own[row.scheme_id]
            if row.planned != said.planned:
                expected = f"{said.planned:,}, as in activity.csv"
                yield row.place.finding("BCF759", "planned", f"{row.planned:,}", expected)
            if row.price and read_edge(row.price).pence != said.price:
                expected = f"{sterling(said.price)}, as in activity.csv"
                yield row.place.finding("BCF759", "price", repr(row.price), expected)


def phasing(plan: CheckedPlan) -> Iterator[Finding]:
    """A profile has each period once, and makes 100 % (BCF721, BCF734)."""
    frame = plan.tables["phasing"]
    yield from twice(frame, ("profile", "period"), "period")
    yield from shares_findings(frame, "profile", WHOLE_RATE)


def efficiencies(plan: CheckedPlan) -> Iterator[Finding]:
    """A target is stated once, as printed, within a perimeter (BCF602, 709, 721, 765, 766, 770)."""
    yield from _bodies(plan)
    yield from totals_findings(plan.tables["efficiencies"], ("body",))
    columns = {"perimeter": ("perimeter", "BCF709")}
    yield from codes_findings(plan, "efficiencies", columns)
    frame = plan.tables["efficiencies"]
    yield from twice(frame, ("body", "financial_year", "perimeter"), "body")
    unread = [*_not_printed(frame)]
    yield from unread or _printed_totals(frame)


def _printed_totals(frame: pd.DataFrame) -> Iterator[Finding]:
    """Printed targets can have been rounded from what comes to their printed total (BCF766)."""
    bases = implied_bases(frame)
    is_total = bases["body"] == ALL
    keys = ("financial_year", "perimeter")
    worked = {tuple(getattr(it, key) for key in keys): it
              for it in records(totals(bases[~is_total]))}  # fmt: skip
    for row, whole in zip(records(frame[is_total]), records(bases[is_total]), strict=True):
        parts = worked.get(tuple(getattr(whole, key) for key in keys))
        if parts and (
            whole.amount_highest < parts.amount_lowest or parts.amount_highest < whole.amount_lowest
        ):
            ends = (parts.amount_lowest, parts.amount_highest)
            expected = f"between {' and '.join(map(sterling, ends))}, as its parts may be rounded"
            yield row.place.finding("BCF766", "amount", repr(row.amount), expected)


def _not_printed(frame: pd.DataFrame) -> Iterator[Finding]:
    """An amount or a percentage is no number (BCF602), or a target is above its base (BCF763)."""
    for row in records(frame):
        percent = [("percent", "percent")] if row.percent else []
        for column, unit in (("amount", row.unit), *percent):
            try:
                read = parse_print(getattr(row, column), unit)
                number = read.number
                if read.about:
                    raise NotMoney(reason="text")
            except NotMoney:
                text = getattr(row, column)
                expected = expected_print(text, unit)
                yield row.place.finding("BCF602", column, repr(text), expected)
            else:
                if column == "percent" and number > _WHOLE:
                    yield row.place.finding("BCF763", column, repr(row.percent), "at most 100 %")


def _bodies(plan: CheckedPlan) -> Iterator[Finding]:
    """A partner is one body, named by its code and not by a second name (BCF770)."""
    frame = plan.inputs.organisations
    codes = dict(zip(frame["organisation"], map(_words, frame["name"]), strict=True))
    told = set[str]()
    for row in records(plan.tables["efficiencies"]):
        own = _words(row.body)
        same = [code for code, name in codes.items() if own <= name or name <= own]
        if row.body not in codes and len(same) == 1 and row.body not in told:
            told.add(row.body)
            yield row.place.finding("BCF770", "body", repr(row.body), repr(same[0]))


def _words(name: str) -> set[str]:
    return {*name.casefold().split()}


def blocks(plan: CheckedPlan) -> Iterator[Finding]:
    """Shares of blocks make 100 %, or as nearly as print allows (BCF734, BCF735)."""
    frame = plan.tables["blocks"]
    for row in records(frame):
        if row.block == NOT_ALLOCATED:
            expected = f"another code: {NOT_ALLOCATED!r} is a line of its own"
            yield row.place.finding("BCF210", "block", repr(row.block), expected)
    off = int(frame["share"].sum()) - WHOLE_RATE
    if len(frame) and off:
        whole_percents = (frame["share"] % MILLIONTHS == 0).all()
        within = whole_percents and 2 * abs(off) <= len(frame) * MILLIONTHS
        value = f"{(off + WHOLE_RATE) / MILLIONTHS:g} % in all"
        last = next(records(frame.iloc[-1:]))
        yield last.place.finding("BCF735" if within else "BCF734", "share", value, "100 %")


def perimeters(plan: CheckedPlan) -> Iterator[Finding]:
    """What a perimeter comes to is above nil, and so is the step it is printed to (BCF746)."""
    for row in records(plan.tables["perimeters"]):
        for column in ("amount", "rounded_to"):
            if (amount := getattr(row, column)) < 0:
                yield row.place.finding("BCF746", column, sterling(amount))


CHECKS: Final[tuple[Check[CheckedPlan], ...]] = (
    budgets,
    virements,
    funding,
    savings,
    phasing,
    planned_activity,
    efficiencies,
    blocks,
    perimeters,
)
SHARED: Final = (funding, savings, phasing, planned_activity)
"""Those of tables that a scenario may bring as well."""

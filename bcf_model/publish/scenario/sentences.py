"""A scenario in sentences: its headline, and what is not known of it."""

from collections.abc import Iterator

from bcf_model.core.expressions import NIL, Expression, added
from bcf_model.core.figures import Figure
from bcf_model.core.findings import listed
from bcf_model.core.money import millions, percent, sterling
from bcf_model.core.tables import each, rows_of_each
from bcf_model.core.words import NOT_STATED
from bcf_model.core.years import spoken
from bcf_model.plan.budget_versions import unshared_because
from bcf_model.plan.checks.results import (
    Calculated,
    below_nil,
    funding_below_nil,
    reserves_used_up,
    spending_below_nil,
)
from bcf_model.plan.growth import written
from bcf_model.plan.projection import not_payable
from bcf_model.plan.published_totals import printed_total
from bcf_model.plan.range_bounds import plain
from bcf_model.plan.words import ALL, NOT_ALLOCATED, NUMBER, OPENING, UNEXPLAINED
from bcf_model.publish.scenario.lookups import View, who

UNSURE = ("illustrative", "invented")
_LARGE = 100_000_000
"""£1m, in pence."""


def headline(view: View) -> str:
    """Return in one sentence what the scenario comes to."""
    opening, closing = view.opening(), view.closing(view.years[-1])
    begins, ends = view.amount(opening), view.amount(closing)
    moved = ends - begins
    spending = what_closes(view)
    if not moved:
        return f"{spending} stays at {said(view, ends)} in {spoken(view.years[-1])}."
    way, beside = ("rises", "over") if moved > 0 else ("falls", "below")
    grown = f" ({percent(abs(moved) / begins)})" if begins > 0 else ""
    return (
        f"{spending} {way} by {said(view, abs(moved))}{grown} {beside} the opening budget of "
        f"{said(view, begins)}, to {said(view, ends)} in {spoken(view.years[-1])}."
    )


def what_closes(view: View) -> str:
    """Return what a closing budget is called: of activity not payable yet it is at full price."""
    at_full_price = view.years[-1] in not_payable(view.table("payments"))
    return "At full price, spending" if at_full_price else "Spending"


def still_to_come(view: View, pence: int) -> str:
    """Return what a partner still gains after the last year; blank where it is nothing."""
    if not pence:
        return ""
    return f"still to come after {spoken(view.years[-1])}, not counted: {said(view, pence)}"


def printed_totals(view: View) -> list[str]:
    """Set what the paper prints as the total of each budget beside what it adds up to."""
    settings = view.projection.scenario.settings
    agreed = [version for year, version in settings.agreed.items() if year in view.years]
    found = []
    for version in dict.fromkeys([settings.opening, *agreed]):
        printed = printed_total(view.projection.plan, version)
        if printed is None:
            continue
        parts, added = ("themes" if printed.by_theme else "lines"), _whole(printed.added)
        if not printed.agrees:
            then = f"; its {parts} add up to {added}: the {parts} rule."
        elif printed.pence == printed.added:
            then = f"; its {parts} add up to the same."
        else:
            then = f"; its {parts} add up to {added}, of which that is a rounding."
        paper = f"The paper prints {_whole(int(printed.pence))} for {version!r} ({printed.source})"
        found.append(paper + then)
    return found


def _whole(pence: int) -> str:
    return sterling(pence).removesuffix(".00")


def said(view: View, pence: int) -> str:
    """Write an amount in a sentence: millions with one decimal where it is large."""
    if view.unit == "pounds":
        return sterling(pence)
    sign, size = ("-" if pence < 0 else ""), abs(pence)
    if size >= _LARGE:
        return f"{sign}£{millions(size)}m"
    return f"{sign}£{(size + 50) // 100:,}"


def factor(view: View) -> str:
    """Return what percentages were multiplied by; blank where they were not."""
    found, target = view.projection.factor, view.projection.scenario.settings.calibrate
    if found is None or found.value is None or target is None:
        return ""
    setter = view.projection.scenario.set_by.get("calibrate", view.name)
    return (
        f"Percentages of {' and '.join(target.steps)} are multiplied by "
        f"{written(found.value)}: with it, spending in {spoken(target.year)} is "
        f"{target.target:g}% above that of {spoken(target.base_year)} in {setter}."
    )


def not_known(view: View) -> list[str]:
    """List what a reader must not take for known, one sentence each."""
    return [*_of_amounts(view), *_of_assumptions(view)]


def _of_amounts(view: View) -> Iterator[str]:
    projection, last = view.projection, view.years[-1]
    yield from _of_movements(view)
    in_total = view.walk[(view.walk["line"] == NOT_ALLOCATED) & (view.walk["step_order"] > 0)]
    causes = in_total.loc[in_total["step"] != UNEXPLAINED, "cause"].nunique()
    if causes:
        left = view.pence(financial_year=last, line=NOT_ALLOCATED)
        yield (
            f"{causes} {'amount is' if causes == 1 else 'amounts are'} known in total only, and "
            f"not by {view.group_label.lower()}; of what stands there, "
            f"{said(view, left) if left else 'nothing'} is left at the end of {spoken(last)}."
        )
    tables = {name: view.table(name) for name in ("funding_walk", "funding_sources")}
    tables["walk"] = view.walk
    calculated = Calculated(view.name, tables)
    for finding in below_nil(calculated):
        yield f"{finding.value}: no line spends less than nothing, so some of it is not known."
    for finding in spending_below_nil(calculated):
        yield f"{finding.value}: nobody spends less than nothing, so some of it is not known."
    for finding in funding_below_nil(calculated):
        yield f"{finding.value}: what pays for the rest is not known, and stands in the gap."
    for finding in reserves_used_up(calculated):
        yield f"{finding.value}: what pays for the rest is not known."
    yield from of_payments(view)
    unidentified = view.figure("savings.gross", identified="no")
    if unidentified:
        gross = said(view, view.amount(unidentified))
        yield f"Savings of {gross} a year have no plan yet: they are unidentified."
    yield from _of_prevention(view)
    if len(projection.not_counted):
        places = ", ".join(projection.not_counted["perimeter"].drop_duplicates())
        yield f"Savings programmes of other perimeters ({places}) are not counted."
    unpaid = not_payable(view.table("payments"))
    funded = {*view.table("gap")["financial_year"], *unpaid}
    missing = [year for year in view.years if year not in funded]
    if missing:
        yield f"No funding is stated for {_years(missing)}, so no gap is known."
    yield from no_gaps(view)
    yield from no_balances(view)
    yield from by_method(view)
    yield from no_shares(view)
    yield from not_shared(view)


def not_shared(view: View) -> Iterator[str]:
    """Describe years that have no shares because something is not stated, and those not agreed."""
    projection = view.projection
    unpaid = not_payable(view.table("payments"))
    settings, shared = projection.scenario.settings, {*view.table("agreed")["financial_year"]}
    reasons = {
        year: _unshared(view, year)
        for year in view.years
        if year in settings.agreed and year not in shared | {*unpaid}
    }
    for year, why in reasons.items():
        if why:
            yield f"What each partner would bear in {spoken(year)} is not known: {why}."
    held = [year for year, why in reasons.items() if not why]
    if held:
        yield (
            f"What a reserve holds in {_years(held)} is not known, so what each partner would bear "
            "is not known either."
        )
    missing = [year for year in view.years if year not in {*settings.agreed, *unpaid}]
    if missing:
        yield (
            f"No budget is agreed for {_years(missing)}, so what each partner would bear is not "
            "known."
        )


def by_method(view: View) -> list[str]:
    """Return by what method years have an agreed budget that nobody has agreed."""
    scenario, method = view.projection.scenario, view.projection.scenario.settings.agreed_method
    if method is None or not scenario.by_method:
        return []
    return [
        f"Nobody has agreed a budget for {_years([*scenario.by_method])}: by the method "
        f"{method.name!r} it is that of the year before with {method.percent:g}% more revenue, and "
        "the same capital. That is illustrative, and so are the shares and gaps that hang on it."
    ]


def no_gaps(view: View) -> list[str]:
    """Return why a gap is not known, of all or else of one who pays: one sentence a reason."""
    blank = view.table("gap").query("note != ''")
    whole = {year for (year,) in each(blank[blank["organisation"] == ALL], "financial_year")}
    own = blank[(blank["organisation"] == ALL) | ~blank["financial_year"].isin(whole)]
    return [
        f"The gap{'' if code == ALL else f' of {who(view, code)}'} in "
        f"{_years([*rows['financial_year']])} is not known: {note}."
        for (code, note), rows in rows_of_each(own, "organisation", "note")
    ]


def no_balances(view: View) -> list[str]:
    """Return of which reserves it is not known what they hold, one sentence each."""
    blank = view.table("funding_sources").query("balance_note != ''")
    return [
        f"What is left of {name} of {who(view, code)} is not known in "
        f"{_years([*rows['financial_year']])}: {note}."
        for (code, name, note), rows in rows_of_each(
            blank, "organisation", "funding", "balance_note"
        )
    ]


def no_shares(view: View) -> list[str]:
    """Return why no share is given of years with an agreed budget, one sentence a reason."""
    shared = view.table("shared")
    blank = shared[shared["share_note"] != ""]
    return [
        f"No share is given for {_years([*own['financial_year'].drop_duplicates()])}: {reason}."
        for (reason,), own in rows_of_each(blank, "share_note")
    ]


def of_payments(view: View) -> Iterator[str]:
    """Describe lines paid by activity of which it is not known what is payable, each once."""
    unknown = view.table("payments").query("note != ''")
    for (line, note), own in rows_of_each(unknown, "line", "note"):
        years = [*own["financial_year"]]
        yield (
            f"What is payable of {line} in {_years(years)} is not known: {note}. It stands at full "
            "price in the bridge; the gap, and what each partner would bear, are left out."
        )


def _unshared(view: View, year: str) -> str:
    """Return why a year with an agreed budget has no shares where something is not stated."""
    plan, settings = view.projection.plan, view.projection.scenario.settings
    if why := unshared_because(plan.inputs):
        return why
    lost = plan.not_in_both(settings.opening, settings.agreed[year])
    said = [f"{version} states nothing of {listed(places)}" for version, places in lost.items()]
    return f"{' and '.join(said)}, and that is not nil" if said else ""


def _of_movements(view: View) -> Iterator[str]:
    """Describe movements without a cause by group, and the totals that may explain them."""
    unexplained = view.walk[view.walk["step"] == UNEXPLAINED]
    in_total = unexplained["line"] == NOT_ALLOCATED
    causes, group = unexplained.loc[~in_total, "cause"].nunique(), view.group_label.lower()
    taken = view.summed(step=UNEXPLAINED, line=NOT_ALLOCATED) or NIL
    net = (view.summed(step=UNEXPLAINED) or NIL) - taken
    known = _explained(view, taken) if causes else {}
    if causes:
        yield _no_cause(causes, f" by {group}", f"{said(view, view.amount(net))} together")
    if in_total.any() and not known:
        causes = unexplained.loc[in_total, "cause"].nunique()
        yield _no_cause(causes, "", f"{said(view, view.amount(taken))} in total")
    if known:
        explained = added(known.values())
        whole, rest = view.amount(explained), view.amount(net - explained)
        steps = ", ".join(f"{step} {said(view, view.amount(it))}" for step, it in known.items())
        left = f"; the rest, {said(view, rest)}, nothing explains" if rest else ""
        yield (
            f"Of that, {said(view, whole)} is known in total only: {steps}. In which {group}s it "
            f"is, is not known{left}."
        )


def _no_cause(causes: int, where: str, amount: str) -> str:
    moved = "movement" if causes == 1 else "movements"
    return f"The cause of {causes} {moved}{where}, {amount}, is not explained."


def _explained(view: View, taken: Expression) -> dict[str, Figure]:
    """Return the steps known in total only that a movement in total takes off again.

    A movement without a cause that brings `not allocated` back to nil says that what stands there
    is in the movements of the groups already.
    """
    steps = {
        step: view.summed(step=step, line=NOT_ALLOCATED)
        for step in view.steps
        if step not in (UNEXPLAINED, OPENING)
    }
    known = {step: of for step, of in steps.items() if of and view.amount(of)}
    left = added([taken, *known.values()])
    return known if view.amount(taken) and not view.amount(left) else {}


def _of_prevention(view: View) -> Iterator[str]:
    still = view.table("payback").set_index("partner")["to_come"].get(ALL, 0)
    told = still_to_come(view, int(still))
    if told:
        last = spoken(view.years[-1])
        yield (
            f"{told[:1].upper()}{told[1:]} that can be taken out of budgets for what the plan "
            f"invests in prevention. Break-even and net present value end with {last}; how much "
            "of it is released then depends on budgets that are not projected."
        )


def _of_assumptions(view: View) -> Iterator[str]:
    settings = view.projection.scenario.settings
    stated = view.assumptions
    if settings.split:
        yield f"Amounts stated by theme are parted over schemes as in {settings.split!r}."
    for status in (*UNSURE, NOT_STATED):
        count = stated.loc[stated["status"] == status, "assumption"].nunique()
        if count:
            are = "assumption is" if count == 1 else "assumptions are"
            yield f"{count} {are} {'of unstated status' if status == NOT_STATED else status}."
    sure = stated["ranged"] | (stated["status"] == "published")
    points = stated.loc[~sure, "assumption"].nunique()
    if points:
        have, they = ("assumption has", "it") if points == 1 else ("assumptions have", "they")
        yield f"{points} {have} no range: nothing says how far off {they} may be."


def _years(years: list[str]) -> str:
    """Name years; of several on end the first and the last."""
    if len(years) < 3:  # noqa: PLR2004 - two are named
        return " and ".join(map(spoken, years))
    return f"{spoken(years[0])} to {spoken(years[-1])}"


def quantity(millionths: int, unit: str) -> str:
    """Write a value with its unit.

    >>> quantity(2_500_000, "percent"), quantity(43_000_000, "millions"), quantity(10**6, "number")
    ('2.5%', '£43m', '1')
    >>> quantity(-302_000_000, "thousands"), quantity(1200_000_000, "pounds")
    ('-£302,000', '£1,200')
    """
    sign, size = ("-" if millionths < 0 else ""), abs(millionths)
    if unit == "thousands":
        size *= 1000
    text = plain(size)
    if unit == "percent":
        return f"{sign}{text}%"
    if unit == NUMBER:
        return f"{sign}{text}"
    return f"{sign}£{text}{'m' if unit == 'millions' else ''}"

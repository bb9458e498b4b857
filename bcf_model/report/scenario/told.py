"""A scenario in sentences: its headline, and what is not known of it."""

from collections.abc import Iterator

from bcf_model.money import sterling
from bcf_model.plan.checks.walked import below_nil
from bcf_model.plan.words import NOT_ALLOCATED, NUMBER
from bcf_model.report.scenario.view import View
from bcf_model.vocabulary import NOT_STATED
from bcf_model.years import spoken

UNEXPLAINED = "movement not explained"
UNSURE = ("illustrative", "invented")
_LARGE = 100_000_000
"""£1m, in pence."""


def headline(view: View) -> str:
    """Say in one sentence what the scenario comes to."""
    first, last = view.years[0], view.years[-1]
    opening, closing = view.opening(), view.closing(last)
    begins = opening.pence if opening else 0
    ends = closing.pence if closing else 0
    moved = ends - begins
    way = "rises" if moved > 0 else "falls" if moved < 0 else "stays"
    grown = f", {abs(100 * moved / begins):.1f}%," if begins > 0 and moved else ""
    size = f" by {said(view, abs(moved))}{grown}" if moved else ""
    years = f"in {spoken(first)}" if first == last else f"from {spoken(first)} to {spoken(last)}"
    return f"Spending {way}{size} {years}: from {said(view, begins)} to {said(view, ends)}."


def said(view: View, pence: int) -> str:
    """Write an amount in a sentence: millions with one decimal where it is large."""
    if view.unit == "pounds":
        return sterling(pence)
    sign, size = ("-" if pence < 0 else ""), abs(pence)
    if size >= _LARGE:
        return f"{sign}£{size / 10**8:,.1f}m"
    return f"{sign}£{size / 100:,.0f}"


def factor(view: View) -> str:
    """Say what percentages were multiplied by; blank where they were not."""
    found, target = view.projection.factor, view.projection.scenario.settings.calibrate
    if found is None or found.value is None or target is None:
        return ""
    setter = view.projection.scenario.set_by.get("calibrate", view.name)
    return (
        f"Percentages of {' and '.join(target.steps)} are multiplied by "
        f"{found.value / 10**12:.12f}: with it, spending in {spoken(target.year)} is "
        f"{target.target:g}% above that of {spoken(target.base_year)} in {setter}."
    )


def not_known(view: View) -> list[str]:
    """List what a reader must not take for known, one sentence each."""
    return [*_of_amounts(view), *_of_assumptions(view)]


def _of_amounts(view: View) -> Iterator[str]:
    projection, last = view.projection, view.years[-1]
    unexplained = view.walk[view.walk["step"] == UNEXPLAINED]
    if len(unexplained):
        causes = unexplained["cause"].nunique()
        net = int(unexplained["amount"].sum())
        yield (
            f"The cause of {causes} {'movement' if causes == 1 else 'movements'}, "
            f"{said(view, net)} together, is not explained."
        )
    nowhere = view.walk[(view.walk["line"] == NOT_ALLOCATED) & (view.walk["step_order"] > 0)]
    if len(nowhere):
        left = view.pence(financial_year=last, line=NOT_ALLOCATED)
        causes = nowhere["cause"].nunique()
        yield (
            f"{causes} {'amount is' if causes == 1 else 'amounts are'} known in total only, and "
            f"not by {view.group_label.lower()}; of what stands there, {said(view, left)} is "
            f"left at the end of {spoken(last)}."
        )
    for finding in below_nil(view.name, view.walk):
        yield f"{finding.value}: no line spends less than nothing, so some of it is not known."
    unidentified = view.table("savings").query("identified == 'no'")
    if len(unidentified):
        gross = int(unidentified["gross"].sum())
        yield f"Savings of {said(view, gross)} a year have no plan yet: they are unidentified."
    if len(projection.not_counted):
        places = ", ".join(projection.not_counted["perimeter"].drop_duplicates())
        yield f"Savings programmes of other perimeters ({places}) are not counted."
    funded = {*view.table("gap")["financial_year"]}
    missing = [year for year in view.years if year not in funded]
    if missing:
        yield f"No funding is stated for {_years(missing)}, so no gap is known."
    agreed = {*view.table("agreed")["financial_year"]}
    missing = [year for year in view.years if year not in agreed]
    if missing:
        yield (
            f"No budget is agreed for {_years(missing)}, so what each partner would bear is not "
            "known."
        )


def _of_assumptions(view: View) -> Iterator[str]:
    settings = view.projection.scenario.settings
    stated = view.projection.scenario.tables["assumptions"]
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
    text = f"{size / 10**6:,.6f}".rstrip("0").rstrip(".")
    if unit == "percent":
        return f"{sign}{text}%"
    if unit == NUMBER:
        return f"{sign}{text}"
    return f"{sign}£{text}{'m' if unit == 'millions' else ''}"

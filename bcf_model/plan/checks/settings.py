"""Checks of a scenario's settings, those of its bases included."""

from collections.abc import Iterator
from typing import Final

from bcf_model.core.basis import BLOCKS, scheme_versions
from bcf_model.core.findings import Check, Finding, Place, listed, one_of
from bcf_model.core.years import next_year
from bcf_model.plan.budget_versions import left_out, not_stated, unshared_because
from bcf_model.plan.checks.context import CheckedPlan
from bcf_model.plan.settings import MOST_YEARS
from bcf_model.plan.words import CITY, NOT_ALLOCATED, POOL, STEPS

SURE: Final = ("published", "sourced")
"""Statuses of what stands in a document."""


def needed(plan: CheckedPlan) -> Iterator[Finding]:
    """A scenario, or its base, says what it opens with and when it begins (BCF102)."""
    fields = type(plan.settings).model_fields
    for name in ("opening", "first_year"):
        if not getattr(plan.settings, name):
            meaning = f"{fields[name].description}, here or in its base".lower()
            yield plan.at_setting("BCF102", name, "", meaning)


def versions(plan: CheckedPlan) -> Iterator[Finding]:
    """Versions named are versions there are (BCF704)."""
    settings = plan.settings
    named = {"opening": settings.opening, "split": settings.split}
    named |= {f"agreed.{year}": version for year, version in settings.agreed.items()}
    for name, version in named.items():
        if version and version not in plan.version_years:
            expected = one_of(plan.version_years, version)
            if version == BLOCKS:
                city = f"the perimeter {CITY!r} with an amount and a year in perimeters.csv"
                expected = f"rows of blocks.csv, and {city}"
            yield plan.at_setting("BCF704", name, repr(version), expected)


def agreed(plan: CheckedPlan) -> Iterator[Finding]:
    """The agreed budget of a year is a budget of that year, and of the plan (BCF705, BCF725)."""
    own = plan.set_by.get("agreed") == plan.name
    for year, version in plan.settings.agreed.items():
        found = plan.version_years.get(version, year)
        if found != year:
            value = f"{version!r}, of {found}"
            yield plan.at_setting("BCF705", f"agreed.{year}", value, f"a version of {year}")
        elif own and plan.years and year not in plan.years:
            expected = f"{plan.years[0]} to {plan.years[-1]}"
            yield plan.at_setting("BCF725", f"agreed.{year}", year, expected)


def years(plan: CheckedPlan) -> Iterator[Finding]:
    """The plan begins after the year it opens with, and ends some years later (BCF706, BCF707).

    It may begin in the year whose agreed budget it opens with.
    """
    first, last = plan.settings.first_year, plan.settings.last_year
    if first is None:
        return
    if last is not None and not 1 <= len(plan.years) <= MOST_YEARS:
        expected = f"{first} or later, and no more than {MOST_YEARS} years"
        yield plan.at_setting("BCF707", "last_year", last, expected)
    opening = plan.version_years.get(plan.settings.opening, "")
    # A plan of the year itself opens with what was agreed for it: what then happens is a variance.
    own = plan.settings.agreed.get(first) == plan.settings.opening
    if opening and (first < opening or (first == opening and not own)):
        expected = f"{next_year(opening)}, or later"
        yield plan.at_setting("BCF706", "first_year", first, expected)


def order(plan: CheckedPlan) -> Iterator[Finding]:
    """The order names each step once (BCF708)."""
    named = plan.settings.order
    if sorted(named) == sorted(STEPS):
        return
    wrong = [step for step in named if step not in STEPS]
    lacks = [step for step in STEPS if step not in named]
    again = [step for step in dict.fromkeys(named) if named.count(step) > 1]
    said = [
        f"{what} {', '.join(map(repr, steps))}"
        for what, steps in (("no", lacks), ("twice", again), ("unknown", wrong))
        if steps
    ]
    yield plan.at_setting("BCF708", "order", "; ".join(said), ", ".join(STEPS))


def perimeter(plan: CheckedPlan) -> Iterator[Finding]:
    """The perimeter is one there is, and the opening is a budget of it (BCF709, BCF710)."""
    settings, known = plan.settings, plan.known["perimeter"]
    if settings.perimeter not in known:
        said = one_of(known, settings.perimeter)
        yield plan.at_setting("BCF709", "perimeter", repr(settings.perimeter), said)
        return
    wanted = CITY if settings.opening == BLOCKS else POOL
    if settings.opening and settings.perimeter != wanted:
        value = f"{settings.perimeter!r} with the opening {settings.opening!r}"
        setter = plan.set_by.get("perimeter")
        name = "perimeter" if setter else "opening"
        yield plan.at_setting("BCF710", name, value, repr(wanted))
    for year, version in settings.agreed.items():
        if version == BLOCKS:
            value = f"{version!r} as an agreed budget"
            yield plan.at_setting("BCF710", f"agreed.{year}", value, "a version of the pool")


def stated(plan: CheckedPlan) -> Iterator[Finding]:
    """A plan is built on amounts that are stated, of the same things (BCF322 to BCF324)."""
    settings, inputs = plan.settings, plan.inputs
    named = {"opening": settings.opening, "split": settings.split}
    named |= {f"agreed.{year}": version for year, version in settings.agreed.items()}
    named = {name: version for name, version in named.items() if version in plan.version_years}
    sound = True
    for name, version in named.items():
        if lost := not_stated(plan.versions, version):
            sound = False
            value = f"{version!r}, without an amount for {listed(lost)}"
            yield plan.at_setting("BCF322", name, value)
    if not sound or BLOCKS in named.values() or "opening" not in named:
        return
    for name, version in named.items():
        if name.startswith("agreed.") and (why := unshared_because(inputs)):
            yield plan.at_setting("BCF324", name, why)
        elif name.startswith("agreed."):
            for which, places in left_out(plan.versions, settings.opening, version).items():
                value = f"{which!r}, without {listed(places)}"
                other = version if which == settings.opening else settings.opening
                yield plan.at_setting("BCF323", name, value, f"as in {other!r}")


def split(plan: CheckedPlan) -> Iterator[Finding]:
    """A budget is split by a version that is stated by scheme (BCF711)."""
    settings = plan.settings
    if not settings.split or settings.split not in plan.version_years:
        return
    budgets = plan.tables["budgets"]
    own = scheme_versions(plan.inputs.settings.standing)
    by_scheme = {*budgets.loc[budgets["scheme_id"] != "", "version"], *own}
    if settings.opening == BLOCKS or settings.split not in by_scheme:
        value = f"{settings.split!r} to split {settings.opening!r}"
        known = ", ".join(version for version in plan.version_years if version in by_scheme)
        yield plan.at_setting("BCF711", "split", value, f"a pool's budget split by one of {known}")


def schemes(plan: CheckedPlan) -> Iterator[Finding]:
    """No scheme has the code of the line that a plan adds (BCF756)."""
    ids = {*plan.inputs.schemes["scheme_id"]}
    if NOT_ALLOCATED in ids and plan.settings.opening != BLOCKS:
        expected = "another code for this scheme: it is the line of what is not allocated"
        yield plan.at_setting("BCF756", "opening", repr(NOT_ALLOCATED), expected)


def calibration(plan: CheckedPlan) -> Iterator[Finding]:
    """A target is of years of the plan, and scales percentages there are (BCF712)."""
    said, known = plan.settings.calibrate, plan.years
    if said is None or not known:
        return
    through = f"{known[0]} to {known[-1]}"
    if next_year(said.base_year) not in known:
        expected = f"a year after which one of {through} begins"
        yield plan.at_setting("BCF712", "calibrate.base_year", said.base_year, expected)
    if said.year not in known or said.year <= said.base_year:
        expected = f"one of {through}, after base_year"
        yield plan.at_setting("BCF712", "calibrate.year", said.year, expected)
    assumptions = plan.tables["assumptions"]
    stated = {*assumptions.loc[assumptions["unit"] == "percent", "step"]}
    if not stated & {*said.steps}:
        value = f"no percentage of {', '.join(said.steps)}"
        yield plan.at_setting("BCF712", "calibrate.steps", value, "a percentage above nil to scale")


def sources(plan: CheckedPlan) -> Iterator[Finding]:
    """A scenario that is published or sourced names its documents (BCF745)."""
    settings = plan.settings
    if settings.status in SURE and not settings.sources:
        value = f"the status {settings.status}, and no sources"
        own = Place(plan.files[plan.name])
        yield own.finding("BCF745", "sources", value, "the documents, as a list")


CHECKS: Final[tuple[Check[CheckedPlan], ...]] = (
    needed,
    versions,
    agreed,
    years,
    order,
    perimeter,
    split,
    stated,
    schemes,
    calibration,
    sources,
)

"""Checks of a scenario's settings, those of its bases included."""

from collections.abc import Callable, Iterator
from typing import Final

from bcf_model.core.findings import Finding, Place, listed, one_of
from bcf_model.core.years import next_year
from bcf_model.plan.budget_versions import left_out, not_stated, of_pool, unshared_because
from bcf_model.plan.checks.context import Looked
from bcf_model.plan.settings import MOST_YEARS
from bcf_model.plan.words import BLOCKS, CITY, NOT_ALLOCATED, POOL, STEPS, scheme_versions

SURE: Final = ("published", "sourced")
"""Statuses of what stands in a document."""


def needed(looked: Looked) -> Iterator[Finding]:
    """A scenario, or its base, says what it opens with and when it begins (BCF102)."""
    fields = type(looked.settings).model_fields
    for name in ("opening", "first_year"):
        if not getattr(looked.settings, name):
            meaning = f"{fields[name].description}, here or in its base".lower()
            yield looked.at_setting("BCF102", name, "", meaning)


def versions(looked: Looked) -> Iterator[Finding]:
    """Versions named are versions there are (BCF704)."""
    settings = looked.settings
    named = {"opening": settings.opening, "split": settings.split}
    named |= {f"agreed.{year}": version for year, version in settings.agreed.items()}
    for name, version in named.items():
        if version and version not in looked.version_years:
            expected = one_of(looked.version_years, version)
            if version == BLOCKS:
                expected = f"rows of blocks.csv, and the perimeter {CITY!r} in perimeters.csv"
            yield looked.at_setting("BCF704", name, repr(version), expected)


def agreed(looked: Looked) -> Iterator[Finding]:
    """The agreed budget of a year is a budget of that year, and of the plan (BCF705, BCF725)."""
    own = looked.set_by.get("agreed") == looked.name
    for year, version in looked.settings.agreed.items():
        found = looked.version_years.get(version, year)
        if found != year:
            value = f"{version!r}, of {found}"
            yield looked.at_setting("BCF705", f"agreed.{year}", value, f"a version of {year}")
        elif own and looked.years and year not in looked.years:
            expected = f"{looked.years[0]} to {looked.years[-1]}"
            yield looked.at_setting("BCF725", f"agreed.{year}", year, expected)


def years(looked: Looked) -> Iterator[Finding]:
    """The plan begins after the year it opens with, and ends some years later (BCF706, BCF707).

    It may begin in the year whose agreed budget it opens with.
    """
    first, last = looked.settings.first_year, looked.settings.last_year
    if first is None:
        return
    if last is not None and not 1 <= len(looked.years) <= MOST_YEARS:
        expected = f"{first} or later, and no more than {MOST_YEARS} years"
        yield looked.at_setting("BCF707", "last_year", last, expected)
    opening = looked.version_years.get(looked.settings.opening, "")
    # A plan of the year itself opens with what was agreed for it: what then happens is a variance.
    own = looked.settings.agreed.get(first) == looked.settings.opening
    if opening and (first < opening or (first == opening and not own)):
        expected = f"{next_year(opening)}, or later"
        yield looked.at_setting("BCF706", "first_year", first, expected)


def order(looked: Looked) -> Iterator[Finding]:
    """The order names each step once (BCF708)."""
    named = looked.settings.order
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
    yield looked.at_setting("BCF708", "order", "; ".join(said), ", ".join(STEPS))


def perimeter(looked: Looked) -> Iterator[Finding]:
    """The perimeter is one there is, and the opening is a budget of it (BCF709, BCF710)."""
    settings, known = looked.settings, looked.known["perimeter"]
    if settings.perimeter not in known:
        said = one_of(known, settings.perimeter)
        yield looked.at_setting("BCF709", "perimeter", repr(settings.perimeter), said)
        return
    wanted = CITY if settings.opening == BLOCKS else POOL
    if settings.opening and settings.perimeter != wanted:
        value = f"{settings.perimeter!r} with the opening {settings.opening!r}"
        setter = looked.set_by.get("perimeter")
        name = "perimeter" if setter else "opening"
        yield looked.at_setting("BCF710", name, value, repr(wanted))
    for year, version in settings.agreed.items():
        if version == BLOCKS:
            value = f"{version!r} as an agreed budget"
            yield looked.at_setting("BCF710", f"agreed.{year}", value, "a version of the pool")


def stated(looked: Looked) -> Iterator[Finding]:
    """A plan is built on amounts that are stated, of the same things (BCF322 to BCF324)."""
    settings, inputs = looked.settings, looked.inputs
    frames = of_pool(inputs, looked.tables)
    named = {"opening": settings.opening, "split": settings.split}
    named |= {f"agreed.{year}": version for year, version in settings.agreed.items()}
    named = {name: version for name, version in named.items() if version in looked.version_years}
    sound = True
    for name, version in named.items():
        if lost := not_stated(frames, version):
            sound = False
            value = f"{version!r}, without an amount for {listed(lost)}"
            yield looked.at_setting("BCF322", name, value)
    if not sound or BLOCKS in named.values() or "opening" not in named:
        return
    for name, version in named.items():
        if name.startswith("agreed.") and (why := unshared_because(inputs)):
            yield looked.at_setting("BCF324", name, why)
        elif name.startswith("agreed."):
            for which, places in left_out(frames, settings.opening, version).items():
                value = f"{which!r}, without {listed(places)}"
                other = version if which == settings.opening else settings.opening
                yield looked.at_setting("BCF323", name, value, f"as in {other!r}")


def split(looked: Looked) -> Iterator[Finding]:
    """A budget is split by a version that is stated by scheme (BCF711)."""
    settings = looked.settings
    if not settings.split or settings.split not in looked.version_years:
        return
    budgets = looked.tables["budgets"]
    own = scheme_versions(looked.inputs.settings.standing)
    by_scheme = {*budgets.loc[budgets["scheme_id"] != "", "version"], *own}
    if settings.opening == BLOCKS or settings.split not in by_scheme:
        value = f"{settings.split!r} to split {settings.opening!r}"
        known = ", ".join(version for version in looked.version_years if version in by_scheme)
        yield looked.at_setting(
            "BCF711", "split", value, f"a pool's budget split by one of {known}"
        )


def schemes(looked: Looked) -> Iterator[Finding]:
    """No scheme has the code of the line that a plan adds (BCF756)."""
    ids = {*looked.inputs.schemes["scheme_id"]}
    if NOT_ALLOCATED in ids and looked.settings.opening != BLOCKS:
        expected = "another code for this scheme: it is the line of what is not allocated"
        yield looked.at_setting("BCF756", "opening", repr(NOT_ALLOCATED), expected)


def calibration(looked: Looked) -> Iterator[Finding]:
    """A target is of years of the plan, and scales percentages there are (BCF712)."""
    said, known = looked.settings.calibrate, looked.years
    if said is None or not known:
        return
    through = f"{known[0]} to {known[-1]}"
    if next_year(said.base_year) not in known:
        expected = f"a year after which one of {through} begins"
        yield looked.at_setting("BCF712", "calibrate.base_year", said.base_year, expected)
    if said.year not in known or said.year <= said.base_year:
        expected = f"one of {through}, after base_year"
        yield looked.at_setting("BCF712", "calibrate.year", said.year, expected)
    assumptions = looked.tables["assumptions"]
    stated = {*assumptions.loc[assumptions["unit"] == "percent", "step"]}
    if not stated & {*said.steps}:
        value = f"no percentage of {', '.join(said.steps)}"
        yield looked.at_setting(
            "BCF712", "calibrate.steps", value, "a percentage above nil to scale"
        )


def sources(looked: Looked) -> Iterator[Finding]:
    """A scenario that is published or sourced names its documents (BCF745)."""
    settings = looked.settings
    if settings.status in SURE and not settings.sources:
        value = f"the status {settings.status}, and no sources"
        own = Place(looked.files[looked.name])
        yield own.finding("BCF745", "sources", value, "the documents, as a list")


CHECKS: Final[tuple[Callable[[Looked], Iterator[Finding]], ...]] = (
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

"""What should stand in the folder of a report: made again, in memory, from its inputs as they are.

A function for each kind of report. Each takes what the report says about itself, and the pool.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from bcf_model.core.errors import DataHasErrors
from bcf_model.core.findings import Finding
from bcf_model.core.tables import INPUT_TABLES, SourceFile
from bcf_model.intake.folder import SCENARIOS, name_of, read_plan, read_pool, read_scenario
from bcf_model.plan.comparison import of_one_perimeter
from bcf_model.plan.load import Plan, Scenario, check_scenario, scenario_names
from bcf_model.plan.other_agreement import name_under
from bcf_model.plan.projection import Projection, project
from bcf_model.plan.tables import PLAN_TABLES, SCENARIO_TABLES
from bcf_model.plan.uncertainty import Uncertainty, simulate
from bcf_model.plan.words import MOST_DRAWS
from bcf_model.pool import check_pool
from bcf_model.publish import write
from bcf_model.publish.contents import INPUTS, contents, versions_in_use
from bcf_model.publish.document import Document
from bcf_model.publish.scenario.write import Shown, comparison_document, document, to_show
from bcf_model.publish.sqlite_file import FILES
from bcf_model.verify.manifest import Manifest, NotAManifest, is_plain
from bcf_model.verify.pool_location import agreement_of
from bcf_model.year.pipeline import run


@dataclass(frozen=True)
class Made:
    """A report made again.

    Attributes:
        inputs: SHA-256 of each input file as it is now, by its name.
        files: the bytes that should stand there, by name; none when the data has errors.
        pool: what the pool is called now; "" when it was not read.
        findings: about the data, when it has errors: nothing could be made.
    """

    inputs: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    pool: str = ""
    findings: tuple[Finding, ...] = ()


def year_end(manifest: Manifest | None, agreement: str | Path | None, pool: Path) -> Made:
    """Make the report of a year end again; without a manifest, as it is made now."""
    inputs, findings = check_pool(pool, agreement)
    if inputs is None:
        return Made(_hashes_of(pool), findings=tuple(findings))
    hashes = _hashes(inputs.files)
    named = replace(inputs, name=manifest.pool) if manifest else inputs
    try:
        results = run(named)
    except DataHasErrors as problem:
        return Made(hashes, findings=tuple(problem.findings))
    whole = write.document(results, _versions(manifest), with_inputs=_with_inputs(manifest))
    return Made(hashes, _files(whole, manifest), inputs.name)


@dataclass(frozen=True)
class Again:
    """A scenario calculated again.

    Attributes:
        inputs: SHA-256 of each file it was made from, by its name; none where it has errors.
        pool: what its pool is called. projection: None when the data has errors.
        findings: about the data, when it has errors.
        drawn: its draws that were asked for before, by how often and from where.
    """

    inputs: Mapping[str, str] = field(default_factory=dict)
    pool: str = ""
    projection: Projection | None = None
    findings: tuple[Finding, ...] = ()
    drawn: dict[tuple[int, int], Uncertainty] = field(default_factory=dict)

    def draw(self, said: tuple[int, int] | None) -> Uncertainty | None:
        """Draw it as often, and from where, as a report says, once; None where it says nothing.

        It stands in its own report, and in what compares it with others.
        """
        if said is None or self.projection is None:
            return None
        if said not in self.drawn:
            self.drawn[said] = simulate(self.projection, *said)
        return self.drawn[said]


Calculate = Callable[[Path, str, str, str], Again]


def calculated(given: Path | None, pool: Path, name: str, called: str, tried: str = "") -> Again:
    """Calculate a scenario again.

    Args:
        given: where the agreement is that was tried in place of the pool's own, if not in the pool.
        pool: its folder.
        name: of the scenario.
        called: what the report calls the pool.
        tried: the agreement that the report names; blank for the pool's own.

    Raises:
        NoReport: that agreement is not there.
    """
    agreement = agreement_of(pool, tried, given) if tried else None
    under = name_under("", name_of(agreement)) if agreement else ""
    found, findings = check_scenario(pool, name.removesuffix(under), agreement)
    if found is None:
        return Again(findings=tuple(findings))
    plan, one = found
    hashes = _hashes((*plan.inputs.files, *plan.files, *one.files))
    try:
        projection = project(*_with_name_of_pool(plan, one, called))
    except DataHasErrors as problem:
        return Again(hashes, findings=tuple(problem.findings))
    return Again(hashes, plan.inputs.name, projection)


def scenario(manifest: Manifest, calculate: Calculate, pool: Path) -> Made:
    """Make the report of the scenario again that a manifest names, drawn as it says.

    Raises:
        NotAManifest: it does not name a scenario, or how often it was drawn, in plain terms.
    """
    name = manifest.said.get("scenario")
    if not isinstance(name, str) or not is_plain(name):
        message = "its 'scenario' should be the plain name of one"
        raise NotAManifest(message)
    draws, tried = _draws(manifest), _tried(manifest.said.get("agreement", ""))
    again = calculate(pool, name, manifest.pool, tried)
    if again.projection is None:
        return Made(again.inputs or _hashes_of(pool, manifest), findings=again.findings)
    shown = to_show(again.projection, again.draw(draws))
    whole = document(shown, _versions(manifest), with_inputs=_with_inputs(manifest))
    return Made(again.inputs, _files(whole, manifest), again.pool)


def compared_scenarios(manifest: Manifest) -> list[str]:
    """Return the scenarios of a comparison, the one first that the others are compared with.

    Raises:
        NotAManifest: it does not name them.
    """
    names = manifest.said.get("compared")
    if (
        not isinstance(names, list)
        or not all(isinstance(it, str) and is_plain(it) for it in names)
        or not 1 < len(names) == len(set(names))
    ):
        message = "its 'compared' should list the plain names of several scenarios, each once"
        raise NotAManifest(message)
    return names


def comparison_of(manifest: Manifest, calculate: Calculate, pool: Path) -> Made:
    """Make the comparison again of the scenarios that a manifest names.

    Raises:
        NotAManifest: it does not name them, or how often they were drawn, or they are of two
            perimeters.
    """
    hashes: dict[str, str] = {}
    every = []
    names, draws = compared_scenarios(manifest), _draws(manifest)
    agreements = manifest.said.get("agreements", {})
    if not isinstance(agreements, dict):
        message = "its 'agreements' should name an agreement for scenarios"
        raise NotAManifest(message)
    for name in names:
        again = calculate(pool, name, manifest.pool, _tried(agreements.get(name, "")))
        if again.projection is None:
            return Made(_hashes_of(pool, manifest), findings=again.findings)
        hashes |= again.inputs
        every.append((again, again.projection))
    if not of_one_perimeter([projection for _, projection in every]):
        message = "it compares scenarios of two perimeters, which are never compared"
        raise NotAManifest(message)
    shown = [Shown(projection, drawn=again.draw(draws)) for again, projection in every]
    whole = comparison_document(shown, _versions(manifest), with_inputs=_with_inputs(manifest))
    return Made(hashes, _files(whole, manifest), again.pool)


# ------------------------------------------------------------------ how it was made


def _versions(manifest: Manifest | None) -> Mapping[str, str] | None:
    """Return the versions a report states, if it states all of them."""
    if manifest and manifest.versions.keys() == versions_in_use().keys():
        return manifest.versions
    return None


def _with_inputs(manifest: Manifest | None) -> bool:
    """Return whether a report was made with its inputs beside it."""
    listed = manifest.outputs if manifest else ()
    return any(name.startswith(f"{INPUTS}/") for name in listed)


def _files(whole: Document, manifest: Manifest | None) -> dict[str, bytes]:
    """Return the files of a report, its tables as one SQLite file among them if it has that."""
    exported = manifest is not None and FILES[whole.name] in manifest.outputs
    return contents(replace(whole, sqlite=True) if exported else whole)


def _tried(agreement: object) -> str:
    """Return the agreement that a report names; blank where it names none.

    Raises:
        NotAManifest: what it says is no name.
    """
    if not isinstance(agreement, str):
        message = "an agreement it names should be the path of one, from its pool on"
        raise NotAManifest(message)
    return agreement


def _draws(manifest: Manifest) -> tuple[int, int] | None:
    """Return how often a report says it was drawn, and from where; if it does."""
    said = manifest.said
    if "draws" not in said and "seed" not in said:
        return None
    draws, seed = said.get("draws"), said.get("seed")
    # Whoever wrote it may not choose how long this computer works; a truth is no number either.
    if type(draws) is not int or not 1 <= draws <= MOST_DRAWS:
        message = f"its 'draws' should be a whole number from 1 to {MOST_DRAWS:,}"
        raise NotAManifest(message)
    if type(seed) is not int or seed < 0:
        message = "its 'seed' should be a whole number from 0"
        raise NotAManifest(message)
    return draws, seed


def _with_name_of_pool(plan: Plan, one: Scenario, name: str) -> tuple[Plan, Scenario]:
    """Call a pool what a report calls it, in the rows that the pool set too."""
    own = plan.inputs.name
    inputs = replace(plan.inputs, name=name)
    return replace(plan, inputs=inputs, tables=_set_by(plan.tables, own, name)), _renamed(
        one, own, name
    )


def _renamed(one: Scenario, own: str, name: str) -> Scenario:
    base = one.calibrated_by
    return replace(
        one,
        tables=_set_by(one.tables, own, name),
        calibrated_by=_renamed(base, own, name) if base else None,
    )


def _set_by(frames: Mapping[str, pd.DataFrame], own: str, name: str) -> dict[str, pd.DataFrame]:
    return {
        table: frame.assign(set_by=frame["set_by"].mask(frame["set_by"] == own, name))
        for table, frame in frames.items()
    }


# ------------------------------------------------------------------ what it was made from


def _hashes(files: Iterable[SourceFile]) -> dict[str, str]:
    return {file.name: file.sha256 for file in files}


def _hashes_of(pool: Path, manifest: Manifest | None = None) -> dict[str, str]:
    """Read the files of a pool that has errors: those of a plan, and of the scenarios listed."""
    found = dict(read_pool(pool, [table.name for table in INPUT_TABLES]).hashes)
    if manifest is None:
        return found
    found |= read_plan(pool, [table.name for table in PLAN_TABLES]).hashes
    listed = {it.split("/")[1] for it in manifest.inputs if it.startswith(f"{SCENARIOS}/")}
    for name in listed.intersection(scenario_names(pool)):
        found |= read_scenario(pool, name, [table.name for table in SCENARIO_TABLES]).hashes
    return found

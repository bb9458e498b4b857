"""Whether reports are what their inputs and this version give: all of it is made again."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeVar

from bcf_model.core.findings import printable
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.intake.raw_table import plain_file
from bcf_model.plan.output_tables import COMPARISON_TABLES
from bcf_model.publish.contents import MANIFEST
from bcf_model.publish.scenario.write import COMPARISON, COMPARISON_MANIFEST
from bcf_model.verify.compare import Verification, as_listed, held_against, not_compared
from bcf_model.verify.folder import Folder
from bcf_model.verify.manifest import Found, Manifest, NotAManifest, find_manifest
from bcf_model.verify.pool_location import (
    NoPool,
    NoReport,
    PoolElsewhere,
    inputs_beside,
    pool_of,
)
from bcf_model.verify.rebuild import (
    Calculate,
    calculated,
    compared_scenarios,
    comparison_of,
    scenario,
    year_end,
)
from bcf_model.verify.row_matching import quoted

_REPORT: Final = (MANIFEST, "report.xlsx", "report.html")
_COMPARED: Final = (
    f"{COMPARISON}.xlsx",
    f"{COMPARISON}.html",
    *(f"{name}.csv" for name in COMPARISON_TABLES),
)
_OF_SCENARIO: Final = "tables/walk.csv"
"""A table that the report of a scenario has, and no other."""
_WHICH: Final = f"which scenario it was, only {MANIFEST} says"


@dataclass(frozen=True)
class _Given:
    """What the caller says: the pool, and the agreement tried in place of the pool's own.

    With it, what calculates the scenarios: each once.
    """

    pool: Path | None
    agreement: str | Path | None
    calculate: Calculate


def verify(
    report: str | Path, pool: str | Path | None = None, agreement: str | Path | None = None
) -> Verification:
    """Make a report again from its inputs, in memory, and compare every file with what is there.

    Args:
        report: the folder of the report: of a year end, of a scenario, or the folder in which
            those of several scenarios stand, with what compares them.
        pool: what it was made from; without it, the pool named in run.json is looked for beside
            the report, in the folder `inputs` and in the present one. Where it is in none of them,
            nothing is made again: the files are held against the SHA-256 that run.json lists.
        agreement: the one that was tried in place of the pool's own, as for `check_pool`.

    Raises:
        NoPool: there is no such pool, or nothing says which it is.
        NoReport: the folder holds no report, but folders with reports under several agreements; or
            the report was made under another agreement and none is given; or nothing says of which
            scenario it is.
    """
    folder, source = Path(report), Path(pool) if pool is not None else None
    given = _Given(
        source,
        agreement,
        cache(partial(calculated, Path(agreement) if agreement is not None else None)),
    )
    stands = Folder(folder)
    inside = [] if stands.holds(_REPORT) else stands.with_file(MANIFEST)
    if inside or stands.holds([COMPARISON_MANIFEST]):
        compared = find_manifest(stands, COMPARISON_MANIFEST)
        if not stands.holds([COMPARISON_MANIFEST]) and not _any_scenario(folder, inside):
            raise NoReport(_verify_each(folder, inside))
        return _several(folder, compared, inside, given)
    found = find_manifest(stands, MANIFEST)
    if found.manifest is None and found.problem is None and stands.holds([_OF_SCENARIO]):
        message = f"{printable(str(folder))} has no {MANIFEST}, which says of which scenario it is"
        raise NoReport(message)
    return _verify_one(folder, found, given)


def _any_scenario(folder: Path, inside: list[str]) -> bool:
    found = (find_manifest(Folder(folder / name), MANIFEST).manifest for name in inside)
    return any(manifest is not None and "scenario" in manifest.said for manifest in found)


def _verify_each(folder: Path, inside: list[str]) -> str:
    return (
        f"{printable(str(folder))} is no report itself, but holds reports; verify each by "
        f"itself: {', '.join(printable(str(folder / name)) for name in inside)}. One of an "
        "agreement that was tried needs --agreement"
    )


# ------------------------------------------------------------------ one report


def _verify_one(folder: Path, found: Found, given: _Given) -> Verification:
    """Verify the report of a year end, or of a scenario: which it is, its manifest says."""
    manifest = found.manifest
    if manifest is None and found.problem is not None:
        if Folder(folder).holds([_OF_SCENARIO]):
            return not_compared(folder, found, _WHICH)
        if given.pool is None:
            why = f"which pool it was, only {MANIFEST} says (or --pool)"
            return not_compared(folder, found, why)
    try:
        source = pool_of(found, given.pool, folder)
    except PoolElsewhere as problem:
        return as_listed(folder, found, str(problem))
    if manifest is not None and "scenario" in manifest.said:
        return held_against(folder, found, source, partial(scenario, manifest, given.calculate))
    agreement = given.agreement
    if manifest is not None and agreement is None:
        beside = None if given.pool else inputs_beside(folder, manifest)
        agreement = beside[1] if beside and beside[0] == source else None
        if agreement is None:
            _under_the_own_agreement(folder, manifest)
    return held_against(folder, found, source, partial(year_end, manifest, agreement))


def _under_the_own_agreement(folder: Path, manifest: Manifest) -> None:
    """Check that a report lists only inputs of the pool's folder: its tables, and its settings.

    A file of a folder in or beside it, or a table under another name, is one of an agreement.
    """
    tables = {f"{table.name}.csv" for table in INPUT_TABLES}
    for name in manifest.inputs:
        file = plain_file(name)
        if "/" in name or (file.endswith(".csv") and file not in tables):
            message = (
                f"{printable(str(folder))} was made under an agreement that was tried in place of "
                f"the pool's own ({MANIFEST} lists {quoted(name)[1:-1]}): give that agreement with "
                "--agreement"
            )
            raise NoReport(message)


# ------------------------------------------------------------------ several


def _several(folder: Path, compared: Found, inside: list[str], given: _Given) -> Verification:
    """Verify the reports of scenarios, each in a folder of its name, and what compares them."""
    try:
        names = compared_scenarios(compared.manifest) if compared.manifest else []
    except NotAManifest:  # said where the comparison itself is looked at
        names = []
    parts = {}
    for name in dict.fromkeys((*names, *inside)):
        try:
            parts[f"{printable(name)}/"] = _in_its_folder(folder / name, given)
        except (NoPool, NoReport) as problem:
            message = f"{printable(name)}: {problem}"
            raise type(problem)(message) from problem
    if Folder(folder).holds((COMPARISON_MANIFEST, *_COMPARED)):
        parts[""] = _comparison(folder, compared, given)
    return Verification(
        printable(str(folder)),
        " and ".join(dict.fromkeys(it.pool for it in parts.values() if it.pool)),
        _each_once(it.inputs for it in parts.values()),
        _each_once(it.changed for it in parts.values()),
        listed=all(it.listed for it in parts.values()),
        notes=tuple(
            f"{at.replace('/', ': ')}{note}" for at, it in parts.items() for note in it.notes
        ),
        files=tuple(
            replace(file, file=f"{at}{file.file}") for at, it in parts.items() for file in it.files
        ),
        findings=_each_once(it.findings for it in parts.values()),
        several=True,
        unmade=" and ".join(_each_once([it.unmade] for it in parts.values() if it.unmade)),
    )


_It = TypeVar("_It", bound=Hashable)


def _each_once(groups: Iterable[Iterable[_It]]) -> tuple[_It, ...]:
    return tuple(dict.fromkeys(it for group in groups for it in group))


def _in_its_folder(folder: Path, given: _Given) -> Verification:
    """Verify a report that stands beside others: the folder has the name of its scenario."""
    found = find_manifest(Folder(folder), MANIFEST)
    if found.manifest is None:
        return not_compared(folder, found, _WHICH)
    name = found.manifest.said.get("scenario")
    if isinstance(name, str) and name != folder.name:
        problem = f"it is of another scenario than the folder: {quoted(name)}"
        return not_compared(folder, replace(found, problem=problem), "it should stand elsewhere")
    return _verify_one(folder, found, given)


def _comparison(folder: Path, found: Found, given: _Given) -> Verification:
    """Verify what compares the reports of a folder."""
    if found.manifest is None:
        why = f"which scenarios {COMPARISON}.xlsx compares, only {found.file} says"
        return not_compared(folder, found, why)
    try:
        source = pool_of(found, given.pool, folder)
    except PoolElsewhere as problem:
        return as_listed(folder, found, str(problem))
    make = partial(comparison_of, found.manifest, given.calculate)
    return held_against(folder, found, source, make)

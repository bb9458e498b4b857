"""Whether a report is what its inputs and this version give: all of it is made again."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from bcf_model.check import check_pool
from bcf_model.errors import BcfError
from bcf_model.findings import Finding
from bcf_model.pipeline import run
from bcf_model.read import printable, read_pool
from bcf_model.report.write import MANIFEST, contents, versions_in_use
from bcf_model.tables import INPUT_TABLES, Inputs
from bcf_model.verify.alike import Outcome, quoted
from bcf_model.verify.folder import Folder
from bcf_model.verify.manifest import (
    LARGEST_MANIFEST,
    Manifest,
    NotAManifest,
    compare_manifest,
    read_manifest,
)
from bcf_model.verify.text_files import compare_csv, compare_html
from bcf_model.verify.workbook import compare_workbook

_ROOM: Final = 4
_BESIDE: Final = 2**20
"""A file is read up to four times the size it should have, and a little."""

Verdict = Literal["as it should be", "same content", "differs", "missing"]


class NoPool(BcfError):
    """The pool of a report cannot be found."""


class NoReport(BcfError):
    """A folder holds no report, but folders that do."""


@dataclass(frozen=True)
class Judged:
    """One file of a report, and what was found of it.

    Attributes:
        file: its name inside the report. verdict: in one or two words.
        said: a sentence for each difference, or for each thing to note.
    """

    file: str
    verdict: Verdict
    said: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the file says what it should."""
        return self.verdict in ("as it should be", "same content")


@dataclass(frozen=True)
class Verification:
    """What came of verifying a report.

    Attributes:
        report: the folder verified. pool: what it was made again from; "" when it was not found.
        inputs: how many files the pool has now. changed: a sentence for each input that is not
            what it was when the report was made. listed: whether run.json says what that was.
        notes: sentences about versions, names and files that are no part of the report.
        files: every file of the report.
        findings: about the data, when it has errors: nothing could then be made again.
    """

    report: str
    pool: str = ""
    inputs: int = 0
    changed: tuple[str, ...] = ()
    listed: bool = True
    notes: tuple[str, ...] = ()
    files: tuple[Judged, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the report is what these inputs and this version give."""
        return bool(self.files) and not self.changed and all(it.agrees for it in self.files)


def verify(
    report: str | Path, pool: str | Path | None = None, agreement: str | Path | None = None
) -> Verification:
    """Make a report again from its inputs, in memory, and compare every file with what is there.

    Args:
        report: the folder of the report.
        pool: what it was made from; without it, the pool named in run.json is looked for in the
            folder `inputs` and in the present one.
        agreement: the one that was tried in place of the pool's own, as for `check_pool`.

    Raises:
        NoPool: there is no such pool, or nothing says which it is.
        NoReport: the folder holds no report, but folders that do, as a comparison has them; or the
            report of a scenario; or the report was made under another agreement and none is given.
    """
    folder = Path(report)
    stands = Folder(folder)
    _is_report(folder, stands)
    manifest, problem = _manifest(stands)
    if manifest is not None and "scenario" in manifest.said:
        message = (
            f"{printable(str(folder))} is the report of a scenario, and not of a year end, which "
            "is what is verified: make it again with bcf scenario, and compare its run.json"
        )
        raise NoReport(message)
    source = Path(pool) if pool is not None else None
    if source is None and manifest is None:
        if problem is None:
            message = f"{folder} has no {MANIFEST}, which names the pool: give it with --pool"
            raise NoPool(message)
        files = (Judged(MANIFEST, "differs", (problem,)),)
        notes = ("nothing else was compared: which pool it was, only run.json says (or --pool)",)
        return Verification(printable(str(folder)), notes=notes, files=files)
    if source is None and manifest is not None:
        source = _look_for(manifest)
    assert source is not None
    if not _exists(source):
        message = f"there is no pool at {printable(str(source))}"
        raise NoPool(message)
    if agreement is None and manifest is not None:
        _under_the_own_agreement(folder, manifest)
    inputs, findings = check_pool(source, agreement)
    return _made_again(folder, stands, (source, inputs, findings), manifest, problem)


def _under_the_own_agreement(folder: Path, manifest: Manifest) -> None:
    """See that a report lists only inputs of the pool's folder: its tables, and its settings.

    A file of a folder in or beside it, or a table under another name, is one of an agreement.
    """
    tables = {f"{table.name}.csv" for table in INPUT_TABLES}
    for name in manifest.inputs:
        if "/" in name or (name.lower().endswith(".csv") and name.lower() not in tables):
            message = (
                f"{printable(str(folder))} was made under an agreement that was tried in place of "
                f"the pool's own ({MANIFEST} lists {quoted(name)[1:-1]}): give that agreement with "
                "--agreement"
            )
            raise NoReport(message)


def _is_report(folder: Path, stands: Folder) -> None:
    """See that a folder is not one in which reports stand, each in a folder of its own."""
    reports = stands.with_file(MANIFEST)
    if reports and not stands.holds((MANIFEST, "report.xlsx", "report.html")):
        message = (
            f"{printable(str(folder))} is no report itself, but holds reports; verify each by "
            f"itself: {', '.join(printable(str(folder / name)) for name in reports)}. One of an "
            "agreement that was tried needs --agreement"
        )
        raise NoReport(message)


def _manifest(stands: Folder) -> tuple[Manifest | None, str | None]:
    """Read the manifest; without it, say what is wrong with it, or nothing when there is none."""
    data, problem = stands.read(MANIFEST, LARGEST_MANIFEST)
    if data is None:
        return None, problem
    try:
        return read_manifest(data), None
    except NotAManifest as refused:
        return None, f"it cannot be read: {refused}"


def _look_for(manifest: Manifest) -> Path:
    """Find the pool a manifest names: a folder, or the one workbook it was read from."""
    name = manifest.pool
    if not re.fullmatch(r"[^/\\]{1,200}", name) or not name.isprintable() or name in (".", ".."):
        # Whoever wrote it may not choose where on this computer is looked.
        message = (
            f"{MANIFEST} names {quoted(name)}, no plain name, as its pool: give it with --pool"
        )
        raise NoPool(message)
    names = [name, *(it for it in manifest.inputs if it.lower() == f"{name}.xlsx".lower())]
    places = [folder / it for folder in (Path("inputs"), Path()) for it in names]
    for place in places:
        if _exists(place):
            return place
    message = (
        f"the pool {quoted(name)} of this report is not there (looked for "
        f"{' and '.join(map(str, places))}): give it with --pool"
    )
    raise NoPool(message)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name longer than a file can have
        return False


def _made_again(
    folder: Path,
    stands: Folder,
    read: tuple[Path, Inputs | None, list[Finding]],
    manifest: Manifest | None,
    problem: str | None,
) -> Verification:
    source, inputs, findings = read
    if inputs is None:
        hashes = dict(read_pool(source, [table.name for table in INPUT_TABLES]).hashes)
    else:
        hashes = {file.name: file.sha256 for file in inputs.files}
    changed = _changed(manifest.inputs, hashes) if manifest else ()
    whole = Verification(
        printable(str(folder)),
        printable(str(source)),
        len(hashes),
        changed,
        listed=manifest is not None,
    )
    if inputs is None:
        return replace(whole, findings=tuple(findings))
    notes: list[str] = []
    versions = None
    if manifest:
        notes = _other_versions(manifest.versions)
        if manifest.versions.keys() == versions_in_use().keys():
            versions = manifest.versions
        if inputs.name != manifest.pool:
            notes.append(f"the pool is called {quoted(manifest.pool)} in run.json")
            inputs = replace(inputs, name=manifest.pool)
    expected = contents(run(inputs), versions)
    files = _compared(stands, expected, manifest, problem)
    notes += stands.others(set(expected))
    return replace(whole, notes=tuple(notes), files=tuple(files))


def _changed(listed: Mapping[str, str], hashes: Mapping[str, str]) -> tuple[str, ...]:
    """Say which inputs are not those the report was made from."""
    said = []
    for name in sorted({*listed, *hashes}):
        if name not in hashes:
            said.append(f"{quoted(name)[1:-1]} is missing: the report was made from it too")
        elif name not in listed:
            said.append(f"{quoted(name)[1:-1]} is new: the report was made without it")
        elif listed[name] != hashes[name]:
            said.append(
                f"{quoted(name)[1:-1]} has changed since: its SHA-256 is {hashes[name]}, "
                f"in run.json it is {listed[name]}"
            )
    return tuple(said)


def _other_versions(listed: Mapping[str, str]) -> list[str]:
    """Say which versions made the report, where others are in use here."""
    here = versions_in_use()
    said = []
    for name in dict.fromkeys((*here, *listed)):
        if listed.get(name) != here.get(name):
            theirs, ours = listed.get(name, "no version"), here.get(name, "no version")
            said.append(f"made with {quoted(name)[1:-1]} {quoted(theirs)[1:-1]}, here it is {ours}")
    return said


def _compared(
    stands: Folder, expected: Mapping[str, bytes], manifest: Manifest | None, problem: str | None
) -> list[Judged]:
    judged = []
    as_good: dict[str, str] = {}
    for name, good in expected.items():
        if name == MANIFEST:
            continue
        data, trouble = stands.read(name, _ROOM * len(good) + _BESIDE)
        if data is None:
            judged.append(
                Judged(name, "differs", (trouble,)) if trouble else Judged(name, "missing")
            )
            continue
        it = _judge(name, data, good, _comparison(name))
        if it.verdict == "same content":
            as_good[name] = hashlib.sha256(data).hexdigest()
        elif it.verdict == "differs" and manifest:
            since = manifest.outputs.get(name) != hashlib.sha256(data).hexdigest()
            when = "changed since run.json was written" if since else "as run.json lists it"
            it = replace(it, said=(f"it is {when}", *it.said))
        judged.append(it)
    return [*judged, _manifest_judged(stands, expected[MANIFEST], manifest, problem, as_good)]


def _manifest_judged(
    stands: Folder,
    good: bytes,
    manifest: Manifest | None,
    problem: str | None,
    as_good: Mapping[str, str],
) -> Judged:
    if manifest is None:
        return Judged(MANIFEST, "differs" if problem else "missing", (problem,) if problem else ())
    data, _ = stands.read(MANIFEST, LARGEST_MANIFEST)
    return _judge(
        MANIFEST, data or b"", good, lambda a, b: compare_manifest(a, manifest, b, as_good)
    )


def _judge(
    name: str, data: bytes, good: bytes, compare: Callable[[bytes, bytes], Outcome]
) -> Judged:
    if data == good:
        return Judged(name, "as it should be")
    outcome = compare(data, good)
    if outcome.differences:
        return Judged(name, "differs", outcome.differences)
    return Judged(name, "same content", outcome.notes)


def _comparison(name: str) -> Callable[[bytes, bytes], Outcome]:
    if name.endswith(".xlsx"):
        return compare_workbook
    return compare_html if name.endswith(".html") else compare_csv

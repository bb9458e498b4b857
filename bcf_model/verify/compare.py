"""A folder held against the report made again that should stand there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bcf_model.core.findings import Finding, printable
from bcf_model.publish.contents import versions_in_use
from bcf_model.verify.file_differences import Judged, judge_files, listed_as, unsound
from bcf_model.verify.folder import Folder
from bcf_model.verify.manifest import Found, NotAManifest, is_plain
from bcf_model.verify.rebuild import Made
from bcf_model.verify.row_matching import quoted


@dataclass(frozen=True)
class Verification:
    """What came of verifying a report, or several with their comparison.

    Attributes:
        report: the folder verified. pool: what it was made again from; "" when it was not found.
        inputs: the files the pool has now. changed: a sentence for each input that is not
            what it was when the report was made. listed: whether the manifest says what that was.
        notes: sentences about versions, names and files that are no part of the report.
        files: every file of the report.
        findings: about the data, when it has errors: nothing could then be made again.
        several: whether these are several reports, each in a folder of its own.
        unmade: why nothing was made again, so that the files were held against the hashes of the
            manifest alone; "" where all of it was.
    """

    report: str
    pool: str = ""
    inputs: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    listed: bool = True
    notes: tuple[str, ...] = ()
    files: tuple[Judged, ...] = ()
    findings: tuple[Finding, ...] = ()
    several: bool = False
    unmade: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the report is what these inputs and this version give."""
        sound = bool(self.files) and not self.changed and not self.findings
        return sound and all(it.agrees for it in self.files)


def not_compared(folder: Path, found: Found, why: str) -> Verification:
    """Judge the manifest of a folder alone, as nothing else says what should stand there.

    Args:
        folder: of the report.
        found: its manifest, which is missing or has a problem.
        why: nothing else was compared.
    """
    note = f"nothing else was compared: {why}"
    return Verification(
        printable(str(folder)), listed=False, notes=(note,), files=(unsound(found),)
    )


def as_listed(folder: Path, found: Found, why: str) -> Verification:
    """Hold the files of a folder against the SHA-256 that their manifest lists, and no more.

    Args:
        folder: of the report.
        found: its manifest, which is sound.
        why: it cannot be made again.
    """
    stands, listed = Folder(folder), found.manifest.outputs if found.manifest else {}
    files = tuple(
        Judged(
            quoted(name)[1:-1],
            "differs",
            (f"{found.file} lists a file that is none of a report's",),
        )
        if not all(map(is_plain, name.split("/")))
        else listed_as(stands, name, sha256, found.file)
        for name, sha256 in listed.items()
    )
    notes = tuple(stands.others({*listed, found.file}))
    return Verification(printable(str(folder)), notes=notes, files=files, unmade=why)


def held_against(
    folder: Path, found: Found, pool: Path, make: Callable[[Path], Made]
) -> Verification:
    """Make a report again, and compare what stands in its folder.

    Args:
        folder: of the report.
        found: its manifest.
        pool: what it is made from.
        make: makes it from there; where it raises `NotAManifest`, nothing is compared.
    """
    stands, manifest = Folder(folder), found.manifest
    try:
        made = make(pool)
    except NotAManifest as refused:
        refused_for = replace(found, problem=str(refused))
        return not_compared(folder, refused_for, f"what was reported, only {found.file} says")
    whole = Verification(
        printable(str(folder)),
        printable(str(pool)),
        tuple(made.inputs),
        _changed(manifest.inputs, made.inputs) if manifest else (),
        listed=manifest is not None,
        findings=made.findings,
    )
    if made.findings:
        return whole
    notes = _other_versions(manifest.versions) if manifest else []
    if manifest and made.pool != manifest.pool:
        notes.append(f"the pool is called {quoted(manifest.pool)} in {found.file}")
    notes += stands.others(set(made.files))
    return replace(whole, notes=tuple(notes), files=judge_files(stands, made.files, found))


def _changed(listed: Mapping[str, str], hashes: Mapping[str, str]) -> tuple[str, ...]:
    """Return which inputs are not those the report was made from."""
    said = []
    for name in sorted({*listed, *hashes}):
        if name not in hashes:
            said.append(f"{quoted(name)[1:-1]} is missing: the report was made from it too")
        elif name not in listed:
            said.append(f"{quoted(name)[1:-1]} is new: the report was made without it")
        elif listed[name] != hashes[name]:
            said.append(
                f"{quoted(name)[1:-1]} has changed since: its SHA-256 is {hashes[name]}, and was "
                f"{listed[name]} when the report was made"
            )
    return tuple(said)


def _other_versions(listed: Mapping[str, str]) -> list[str]:
    """Return which versions made the report, where others are in use here."""
    here = versions_in_use()
    said = []
    for name in dict.fromkeys((*here, *listed)):
        if listed.get(name) != here.get(name):
            theirs, ours = listed.get(name, "no version"), here.get(name, "no version")
            said.append(f"made with {quoted(name)[1:-1]} {quoted(theirs)[1:-1]}, here it is {ours}")
    return said

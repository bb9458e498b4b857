"""The files of a report, each held against the bytes that should stand there."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from bcf_model.verify.folder import Folder
from bcf_model.verify.manifest import Found, compare_manifest
from bcf_model.verify.row_matching import Outcome
from bcf_model.verify.sqlite_tables import compare_sqlite
from bcf_model.verify.text_files import compare_csv, compare_html
from bcf_model.verify.workbook import compare_workbook

_ROOM: Final = 4
_BESIDE: Final = 2**20
"""A file is read up to four times the size it should have, and a little."""

_LARGEST: Final = 2**30
"""Bytes of a file whose hash is worked out: no file of a report comes near it."""

Verdict = Literal["as it should be", "same content", "as listed", "differs", "missing"]


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
        """Whether the file says what it should, as far as was looked at."""
        return self.verdict not in ("differs", "missing")


def judge_files(stands: Folder, expected: Mapping[str, bytes], found: Found) -> tuple[Judged, ...]:
    """Judge every file that should be in a folder.

    Args:
        stands: the folder.
        expected: the bytes that should stand there by name, those of the manifest among them.
        found: the manifest as it stands there.
    """
    files = []
    as_good: dict[str, str] = {}
    for name, good in expected.items():
        if name == found.file:
            continue
        data, trouble = stands.read(name, _ROOM * len(good) + _BESIDE)
        if data is None:
            files.append(
                Judged(name, "differs", (trouble,)) if trouble else Judged(name, "missing")
            )
            continue
        it = _judge(name, data, good, _comparison(name))
        if it.verdict == "same content":
            as_good[name] = hashlib.sha256(data).hexdigest()
        elif it.verdict == "differs" and found.manifest:
            since = found.manifest.outputs.get(name) != hashlib.sha256(data).hexdigest()
            when = (
                f"changed since {found.file} was written" if since else f"as {found.file} lists it"
            )
            it = replace(it, said=(f"it is {when}", *it.said))
        files.append(it)
    return (*files, _manifest_judged(found, expected[found.file], as_good))


def listed_as(stands: Folder, name: str, sha256: str, manifest: str) -> Judged:
    """Judge one file of a folder by the SHA-256 that a manifest lists for it, and no more."""
    data, trouble = stands.read(name, _LARGEST)
    if data is None:
        return Judged(name, "differs", (trouble,)) if trouble else Judged(name, "missing")
    if hashlib.sha256(data).hexdigest() != sha256:
        return Judged(name, "differs", (f"it is changed since {manifest} was written",))
    return Judged(name, "as listed")


def _manifest_judged(found: Found, good: bytes, as_good: Mapping[str, str]) -> Judged:
    manifest = found.manifest
    if manifest is None:
        return unsound(found)
    return _judge(
        found.file, found.data, good, lambda a, b: compare_manifest(a, manifest, b, as_good)
    )


def unsound(found: Found) -> Judged:
    """Judge a manifest that is missing, or does not say what it must."""
    if found.problem is None:
        return Judged(found.file, "missing")
    return Judged(found.file, "differs", (found.problem,))


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
    if name.endswith(".sqlite"):
        return compare_sqlite
    return compare_html if name.endswith(".html") else compare_csv

"""The report of a small pool, to be touched and verified: what its tests have in common."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import hypothesis.strategies as st
from click.testing import CliRunner, Result

import bcf_model
from bcf_model import cli
from bcf_model.core.tables import Inputs
from bcf_model.publish import write
from bcf_model.publish.contents import contents, versions_in_use
from bcf_model.publish.document import Document
from bcf_model.publish.scenario.write import Shown
from bcf_model.publish.write import document
from bcf_model.verify import workbook_parts
from bcf_model.verify.verification import Verification
from bcf_model.year.pipeline import run
from bcf_model.year.results import Results

SELFTEST = Path(str(resources.files("bcf_model.reference"))) / "selftest"
Change = Callable[[bytes], bytes]
Made = TypeVar("Made")


@cache
def files_made() -> dict[str, bytes]:
    """Give the files of the small pool's report."""
    return contents(write.document(bcf_model.run(bcf_model.load(SELFTEST))))


def bcf(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.cli, ["verify", *map(str, words)])


def said_of(found: Verification, file: str) -> list[str]:
    it = next(it for it in found.files if it.file == file)
    return [it.verdict, *it.said]


def others_agree(found: Verification, *but: str) -> bool:
    return all(it.verdict == "as it should be" for it in found.files if it.file not in but)


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert text.count(old) >= 1, f"{old} is not in {path.name}"
    path.write_bytes(text.replace(old, new, 1).encode())


UNKNOWN = "6 files; whether any changed since cannot be known without a sound run.json"

PICKS = st.tuples(*[st.integers(0, 10**6)] * 3)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def repacked(data: bytes, changes: Mapping[str, Change | bytes | None]) -> bytes:
    """Pack a workbook anew with some parts changed, added (bytes) or left out (None)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.infolist():
            change = changes.get(entry.filename, lambda it: it)
            if callable(change):
                new.writestr(entry, change(old.read(entry)))
        for name, change in changes.items():
            if isinstance(change, bytes):
                new.writestr(name, change)
    return stream.getvalue()


def part_of(data: bytes, sheet: str) -> str:
    parts = workbook_parts.unpack(data)
    return next(tab.part for tab in workbook_parts.tabs(parts) if tab.name == sheet)


def with_xml(data: bytes, sheet: str, old: str, new: str) -> bytes:
    def change(xml: bytes) -> bytes:
        after, count = re.subn(old.encode(), new.encode(), xml, count=1)
        assert count == 1, f"{old} is not in {sheet}"
        return after

    return repacked(data, {part_of(data, sheet): change})


def _of(inputs: Inputs) -> tuple[Hashable, ...]:
    """Give what inputs are known by: the pool's name, its files, what is found, the agreement."""
    files = ((file.name, file.sha256) for file in inputs.files)
    return (inputs.name, inputs.agreement, inputs.findings, *files)


_RESULTS: dict[Hashable, Results] = {}
_DOCUMENTS: dict[Hashable, Document] = {}


def run_once(inputs: Inputs) -> Results:
    """Work out a pool, the same one only once."""
    if _of(inputs) not in _RESULTS:
        _RESULTS[_of(inputs)] = run(inputs)
    return _RESULTS[_of(inputs)]


def document_once(
    results: Results, versions: Mapping[str, str] | None = None, *, with_inputs: bool = False
) -> Document:
    """Make the report of a year, the same one only once."""
    made_with = (versions_in_use(), versions or {})
    versions_used = (tuple(sorted(it.items())) for it in made_with)
    key = (_of(results.inputs), with_inputs, *versions_used)
    if key not in _DOCUMENTS:
        _DOCUMENTS[key] = document(results, versions, with_inputs=with_inputs)
    return _DOCUMENTS[key]


def once(work: Callable[..., Made], known_by: Callable[..., Hashable]) -> Callable[..., Made]:
    """Do a work once for the same arguments, which stay: no other object can come to be them.

    Args:
        work: whose result nobody changes.
        known_by: gives what tells its arguments from any others.
    """
    done: dict[Hashable, tuple[Any, Made]] = {}

    def made(*given: Any, with_inputs: bool | None = None) -> Made:
        named = {} if with_inputs is None else {"with_inputs": with_inputs}
        key = (known_by(*given), with_inputs)
        if key not in done:
            done[key] = (given, work(*given, **named))
        return done[key][1]

    return made


def of_files(pool: Path, *more: Hashable) -> Hashable:
    """Give what a pool is known by, wherever it stands: its name, and all that is in it."""
    files = sorted(path for path in (pool, *pool.rglob("*")) if path.is_file())
    held = ((str(it.relative_to(pool)), hashlib.sha256(it.read_bytes()).digest()) for it in files)
    return (pool.name, *held, *more)


def of_objects(*given: Any) -> Hashable:
    """Give what arguments are known by: texts and numbers by their value, others by identity.

    Of a list, a mapping and what is to be shown, it is what they hold.
    """
    return tuple(map(_known, given))


def _known(it: Any) -> Hashable:
    if isinstance(it, Shown):
        return of_objects(*vars(it).values())
    if isinstance(it, Mapping):
        return of_objects(*sorted(it.items()))
    if isinstance(it, list | tuple):
        return of_objects(*it)
    return it if isinstance(it, str | int) else id(it)


contents_once = once(contents, of_objects)
"""Make every file of a report, of the same one only once."""

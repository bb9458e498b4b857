"""The manifest of a report, run.json: read with mistrust, and held against what it should be."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bcf_model.core.errors import BcfError
from bcf_model.verify.folder import Folder
from bcf_model.verify.row_matching import Outcome, contrast, quoted
from bcf_model.verify.text_files import SAME_CONTENT

LARGEST_MANIFEST: Final = 8 * 2**20
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_PLAIN: Final = re.compile(r"[^/\\]{1,200}")
_LONGEST_VERSION: Final = 60


class NotAManifest(BcfError):
    """A file is no manifest of a report; says why."""


@dataclass(frozen=True)
class Manifest:
    """What a report says about itself.

    Attributes:
        pool: name of the pool. versions: of the package and the libraries, by name.
        inputs: SHA-256 of each input file, by its name. outputs: likewise of each file written.
        said: all of it.
    """

    pool: str
    versions: dict[str, str]
    inputs: dict[str, str]
    outputs: dict[str, str]
    said: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Found:
    """A manifest as it stands in a folder.

    Attributes:
        file: its name. data: its bytes; none when it could not be read.
        manifest: what it says; None when it is missing or unsound.
        problem: what is wrong with it; None when it is sound, and when there is none.
    """

    file: str
    data: bytes = field(default=b"", repr=False)
    manifest: Manifest | None = None
    problem: str | None = None


def find_manifest(stands: Folder, file: str) -> Found:
    """Read the manifest of a folder."""
    data, problem = stands.read(file, LARGEST_MANIFEST)
    if data is None:
        return Found(file, problem=problem)
    try:
        return Found(file, data, read_manifest(data))
    except NotAManifest as refused:
        return Found(file, data, problem=f"it cannot be read: {refused}")


def is_plain(name: str) -> bool:
    """Return whether a name leads nowhere but to what is called so, and can be shown."""
    return bool(_PLAIN.fullmatch(name)) and name.isprintable() and name not in (".", "..")


def read_manifest(data: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        NotAManifest: it is cut short, damaged, or does not say what a manifest says.
    """
    if len(data) > LARGEST_MANIFEST:
        message = f"it has {len(data):,} bytes, far more than a manifest needs"
        raise NotAManifest(message)
    try:
        said = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except UnicodeDecodeError as problem:
        message = f"it is no UTF-8 text (byte 0x{data[problem.start]:02X})"
        raise NotAManifest(message) from problem
    except json.JSONDecodeError as problem:
        message = f"it is cut short or damaged at line {problem.lineno}: {problem.msg}"
        raise NotAManifest(message) from problem
    except (ValueError, RecursionError) as problem:  # a number without end; nested without end
        message = "it holds a number or a nesting without end"
        raise NotAManifest(message) from problem
    pool = said.get("pool") if isinstance(said, dict) else None
    if not isinstance(pool, str):
        message = "it is no manifest of a report: it names no pool"
        raise NotAManifest(message)
    if any(unicodedata.category(it) == "Cs" for it in pool):
        message = "it names its pool by half a character"
        raise NotAManifest(message)
    return Manifest(
        pool=pool,
        versions=_versions(said.get("versions")),
        inputs=_hashes(said.get("inputs"), "inputs"),
        outputs=_hashes(said.get("outputs"), "outputs"),
        said=said,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "it says something twice"
        raise NotAManifest(message)
    return found


def _versions(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(it, str) and it.isprintable() and len(it) <= _LONGEST_VERSION
        for it in (*value, *value.values())
    ):
        message = "'versions' should give a version for each of some names"
        raise NotAManifest(message)
    return value


def _hashes(value: Any, what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in value if isinstance(value, list) else [None]:
        name, sha = (
            (entry.get("file"), entry.get("sha256")) if isinstance(entry, dict) else (None, None)
        )
        if not isinstance(name, str) or not isinstance(sha, str) or not _SHA256.fullmatch(sha):
            message = f"'{what}' should list files, each with its SHA-256"
            raise NotAManifest(message)
        if name in found:
            message = f"'{what}' lists {quoted(name)} twice"
            raise NotAManifest(message)
        found[name] = sha
    return found


def compare_manifest(
    found: bytes, manifest: Manifest, expected: bytes, as_good: Mapping[str, str]
) -> Outcome:
    """Compare a manifest with the one that should stand there, value by value.

    Args:
        found: the bytes of the file.
        manifest: what they say.
        expected: the bytes that should stand there.
        as_good: SHA-256 of each file that has the content it should in other bytes: for it, this
            one may be listed too.
    """
    said, notes = [], []
    for path, is_, should in _unlike(manifest.said, json.loads(expected), ()):
        where = quoted(", ".join(path))[1:-1]
        if should is _NOTHING:
            said.append(f"{where}: should not be there")
        elif is_ is _NOTHING:
            said.append(f"{where}: is missing")
        elif path[0] == "outputs" and path[-1] == "sha256" and as_good.get(path[1]) == is_:
            notes.append(f"lists {path[1]} as it stands, whose bytes differ but not its content")
        else:
            holds, good = contrast(_in_words(is_), _in_words(should))
            said.append(f"{where}: holds {holds}, should hold {good}")
    if not said and not notes and found != expected:
        notes.append(f"{SAME_CONTENT}: every value is equal, written otherwise")
    return Outcome(tuple(said), tuple(notes))


_NOTHING: Final = object()
"""What stands where there is no value at all."""

_Unlike = tuple[tuple[str, ...], Any, Any]


def _unlike(is_: Any, should: Any, path: tuple[str, ...]) -> Iterator[_Unlike]:
    """Return each value that is not as it should be, with the path to it.

    Only what should be there is gone into: however deep the rest is, it is one thing too many.
    """
    own, right = _inside(is_), _inside(should)
    if own is None or right is None or type(is_) is not type(should):
        if type(is_) is not type(should) or is_ != should:
            yield path, is_, should
        return
    for name in dict.fromkeys((*right, *own)):
        yield from _unlike(own.get(name, _NOTHING), right.get(name, _NOTHING), (*path, name))


def _inside(value: Any) -> dict[str, Any] | None:
    """Return what is in a group or a list, by name; the entry of a file by the file's name."""
    if isinstance(value, list):
        files = [it.get("file") for it in value if isinstance(it, dict)]
        named = [it for it in files if isinstance(it, str)]
        if len(set(named)) == len(value):
            return dict(zip(named, value, strict=True))
        return {f"entry {n}": it for n, it in enumerate(value, start=1)}
    return value if isinstance(value, dict) else None


def _in_words(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a group"
    return value if isinstance(value, str) else json.dumps(value)

"""Where the pool is that a report was made from."""

from pathlib import Path, PurePosixPath
from typing import Final

from bcf_model.core.errors import BcfError
from bcf_model.core.findings import printable
from bcf_model.core.tables import INPUT_TABLES
from bcf_model.core.whole_pool import SETTINGS
from bcf_model.intake.folder import is_kept_in, name_of
from bcf_model.intake.raw_table import plain_file
from bcf_model.publish.contents import INPUTS, MANIFEST
from bcf_model.verify.folder import Folder
from bcf_model.verify.manifest import Found, Manifest, find_manifest, is_plain
from bcf_model.verify.row_matching import quoted


class NoPool(BcfError):
    """The pool of a report cannot be found."""


class NoReport(BcfError):
    """A folder holds no report that could be verified; says why."""


class PoolElsewhere(NoPool):
    """A report names its pool, and it is in none of the places where one is looked for."""


def inputs_beside(folder: Path, manifest: Manifest) -> tuple[Path, Path | None] | None:
    """Find what stands beside a report that was made with its inputs; None where nothing does.

    Args:
        folder: of the report.
        manifest: of it: what it does not list was not put there with the report.

    Returns:
        The pool, and the agreement that was tried in place of its own, if one was.
    """
    listed = [PurePosixPath(name).parts for name in manifest.outputs]
    inside = {parts[1] for parts in listed if len(parts) > 1 and parts[0] == INPUTS}
    named = [it for it in inside if manifest.pool in (it, PurePosixPath(it).stem)]
    pools = [it for it in named if is_plain(it) and _is_pool(folder / INPUTS / it)]
    if len(pools) != 1:
        return None
    pool = folder / INPUTS / pools[0]
    tried = manifest.said.get("agreement")
    if tried is None:
        return pool, None
    if not isinstance(tried, str) or not all(map(is_plain, tried.split("/"))):
        return None
    return pool, (pool if pool.is_dir() else pool.parent) / tried


def agreement_of(pool: Path, tried: str, given: Path | None) -> Path:
    """Return the agreement under which a scenario was reported.

    Args:
        pool: from which on a manifest names the agreement.
        tried: what the manifest names.
        given: the one to take instead, where it is called the same.

    Raises:
        NoReport: it is not there.
    """
    named = [given] if given is not None else []
    if all(map(is_plain, tried.split("/"))):  # whoever wrote it may not choose where is looked
        named.append((pool if pool.is_dir() else pool.parent) / tried)
    called = PurePosixPath(tried)
    for path in named:
        is_there = _exists(path) or is_kept_in(pool, path)
        if is_there and name_of(path) in (called.name, called.stem):
            return path
    message = (
        f"an agreement was tried in place of the pool's own, {quoted(tried)}, and it is not with "
        "the pool: give it with --agreement"
    )
    raise NoReport(message)


def explained(pool: Path) -> tuple[Path, Path | None]:
    """Return what a figure is explained from: of a report made with its inputs, these.

    Args:
        pool: a pool, or the folder of such a report.

    Returns:
        The pool, and the agreement that was tried in place of its own, if one was.
    """
    manifest = None if _is_pool(pool) else find_manifest(Folder(pool), MANIFEST).manifest
    return (manifest and inputs_beside(pool, manifest)) or (pool, None)


def pool_of(found: Found, given: Path | None, report: Path) -> Path:
    """Return the pool a report was made from.

    Args:
        found: the manifest of the report, which names it.
        given: the one to take instead.
        report: its folder, which may hold the pool.

    Raises:
        PoolElsewhere: it is not there.
        NoPool: there is none where it is said to be, or nothing says which it is.
    """
    if given is None:
        return _look_for(found, report)
    if not _exists(given):
        message = f"there is no pool at {printable(str(given))}"
        raise NoPool(message)
    return given


def _look_for(found: Found, report: Path) -> Path:
    """Find the pool a manifest names: a folder, or the one workbook it was read from."""
    manifest = found.manifest
    if manifest is None:
        message = f"the report has no {found.file}, which names the pool: give it with --pool"
        raise NoPool(message)
    name = manifest.pool
    if not is_plain(name):
        # Whoever wrote it may not choose where on this computer is looked.
        message = (
            f"{found.file} names {quoted(name)}, no plain name, as its pool: give it with --pool"
        )
        raise NoPool(message)
    if beside := inputs_beside(report, manifest):
        return beside[0]
    names = [name, *(it for it in manifest.inputs if it.lower() == f"{name}.xlsx".lower())]
    places = [folder / it for folder in (Path("inputs"), Path()) for it in names]
    for place in places:
        if _is_pool(place):
            return place
    message = (
        f"the pool {quoted(name)} of this report is not there (looked for "
        f"{' and '.join(map(str, places))}): give it with --pool"
    )
    raise PoolElsewhere(message)


_OF_A_POOL: Final = {f"{SETTINGS}.toml", *(f"{table.name}.csv" for table in INPUT_TABLES)}


def _is_pool(path: Path) -> bool:
    """Return whether a workbook stands there, or a folder with a file of a pool.

    A folder of reports has none, though it has the pool's name by default.
    """
    try:
        if path.is_file():
            return path.suffix.lower() != ".csv"
        return path.is_dir() and any(plain_file(it.name) in _OF_A_POOL for it in path.iterdir())
    except OSError:  # a name longer than a file can have
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name longer than a file can have
        return False

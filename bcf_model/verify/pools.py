"""Where the pool is that a report was made from."""

from pathlib import Path

from bcf_model.errors import BcfError
from bcf_model.raw import printable
from bcf_model.verify.alike import quoted
from bcf_model.verify.manifest import Found, is_plain


class NoPool(BcfError):
    """The pool of a report cannot be found."""


def pool_of(found: Found, given: Path | None) -> Path:
    """Give the pool a report was made from.

    Args:
        found: the manifest of the report, which names it.
        given: the one to take instead.

    Raises:
        NoPool: there is no such pool, or nothing says which it is.
    """
    if given is None:
        return _look_for(found)
    if not _exists(given):
        message = f"there is no pool at {printable(str(given))}"
        raise NoPool(message)
    return given


def _look_for(found: Found) -> Path:
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

"""The folder of a report, read with mistrust: what stands there may be anything."""

from collections.abc import Iterable
from pathlib import Path

from bcf_model.core.findings import printable


class Folder:
    """The folder of a report."""

    def __init__(self, path: Path) -> None:
        """Check a folder; nothing is read yet."""
        self._path = path

    def read(self, name: str, most: int) -> tuple[bytes | None, str | None]:
        """Read a file: its bytes, or nothing and what is wrong with it, if it is there at all."""
        path = self._path / name
        try:
            if not path.exists() and not path.is_symlink():
                return None, None
            if not path.is_file():
                return None, "it is no ordinary file"
            if (size := path.stat().st_size) > most:
                return None, f"it has {size:,} bytes, far more than it should: it was not read"
            return path.read_bytes(), None
        except OSError as problem:
            return None, f"it cannot be read: {problem.strerror}"

    def holds(self, names: Iterable[str]) -> bool:
        """Return whether any of these stands there, whatever it is."""
        return any((self._path / name).exists() for name in names)

    def with_file(self, name: str) -> list[str]:
        """Name the folders in it that hold a file of this name."""
        try:
            return sorted(it.name for it in self._path.iterdir() if (it / name).is_file())
        except OSError:  # what is in it is said to be missing
            return []

    def others(self, names: set[str]) -> list[str]:
        """Return which files beside those of the report stand in its folders."""
        found = []
        for folder in ("", *sorted({name.rpartition("/")[0] for name in names} - {""})):
            try:
                beside = sorted((self._path / folder).iterdir())
            except OSError:
                continue  # the files that should be in it are said to be missing
            for path in beside:
                name = f"{folder}/{path.name}" if folder else path.name
                if name not in names and not path.is_dir() and not path.name.startswith("."):
                    found.append(
                        f"{printable(name)} is no part of the report, and was not looked at"
                    )
        return found

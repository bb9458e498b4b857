"""The only door out: files, whole or not at all, and one run at a time.

Everything is written into a staging folder beside the files it replaces, read back and compared,
and only then renamed into place, the manifest last. A run that is interrupted before that leaves
the previous report as it was. Whoever writes into a folder holds a lock on it.
"""

import hashlib
import json
import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from filelock import FileLock, Timeout

from bcf_model.core.errors import CannotWrite
from bcf_model.core.words import MANIFESTS

_STAGING: Final = ".bcf-unfinished-"
_LOCK: Final = ".bcf-lock"
"""A file the system locks for as long as a run writes; it goes with the run, also if killed."""
_PATIENCE: Final = 10.0
"""Seconds a run waits for another that writes into its folder."""
_LOG: Final = logging.getLogger(__name__)


def write_files(
    files: Mapping[str, bytes],
    directory: str | Path,
    read_back: Callable[[Path], None],
    programs: Collection[str] = (),
    elsewhere: str = "Choose another folder with -o.",
) -> list[Path]:
    """Write files into a folder, all of them or none.

    Args:
        files: their bytes by name, in the order in which they are put in place.
        directory: made when missing; other files in it are left alone.
        read_back: looks at the files in the folder given, before they are put in place; it raises
            where they are not what they should be.
        programs: names of those that may be run.
        elsewhere: what else can be done, by whoever cannot write there.

    Raises:
        CannotWrite: the directory cannot be written, or a file is open in another program.
    """
    target = Path(directory)
    try:
        with _only_writer(target, files, elsewhere):
            listed = _manifests(target, files)
            for unfinished in _unfinished(target):
                listed += _manifests(unfinished, files)
                shutil.rmtree(unfinished)
                _LOG.warning("Cleared %s: a run that was stopped had left it.", unfinished)
            staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=target))
            try:
                for name, data in files.items():
                    path = staging / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with path.open("wb") as out:
                        out.write(data)
                        out.flush()
                        os.fsync(out.fileno())
                    if name in programs:
                        path.chmod(path.stat().st_mode | 0o111)
                read_back(staging)
                with _uninterrupted():
                    _put_in_place(staging, target, list(files), _no_more(target, files, listed))
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as problem:
        name = Path(problem.filename).name if problem.filename else "the files"
        remedy = elsewhere
        if isinstance(problem, PermissionError):
            remedy = f"If it is open in another program, close it there; otherwise {_low(remedy)}"
        message = f"cannot write {name} in {directory}: {problem.strerror}. {remedy}"
        raise CannotWrite(message) from problem
    return [target / name for name in files]


@contextmanager
def _only_writer(target: Path, files: Iterable[str], elsewhere: str) -> Iterator[None]:
    """Hold the lock on the folder of each report that is written, made when missing.

    The folders of reports lie in each other (those of scenarios in their comparison's), and each
    may be written by itself: so each that has a manifest has a lock, always taken in one order.
    The file that is locked is removed before it is let go: what is left is what the manifest lists.

    Raises:
        CannotWrite: another run goes on writing into one of them.
    """
    folders = {target, *((target / name).parent for name in files if is_manifest(name))}
    with ExitStack() as held:
        for folder in sorted({_made(folder, elsewhere) for folder in folders}):
            # An empty file that anybody may lock: another user's run must not be barred by it.
            lock = FileLock(folder / _LOCK, mode=0o666, fallback_to_soft=False)
            try:
                lock.acquire(timeout=_PATIENCE)
            except Timeout as problem:
                message = (
                    f"another run is writing into {folder}: nothing was written. Run the command "
                    f"again when that has ended. Otherwise {_low(elsewhere)}"
                )
                raise CannotWrite(message) from problem
            except OSError as problem:
                message = (
                    f"cannot write into {folder}, or not lock it: {problem.strerror}. {elsewhere}"
                )
                raise CannotWrite(message) from problem
            held.callback(_let_go, lock)
        yield


def is_manifest(name: str) -> bool:
    """Return whether a file of a report is a manifest, by its name."""
    return PurePosixPath(name).name in MANIFESTS


def _low(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _made(folder: Path, elsewhere: str) -> Path:
    """Make a folder when it is missing; return where it really is.

    Raises:
        CannotWrite: there can be none.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return folder.resolve()
    except (FileExistsError, NotADirectoryError) as problem:
        said = "a file stands where a folder is needed"
        raise CannotWrite(_NO_FOLDER.format(folder, said, elsewhere)) from problem
    except OSError as problem:
        said = "the place cannot be written"
        raise CannotWrite(
            _NO_FOLDER.format(folder, f"{said} ({problem.strerror})", elsewhere)
        ) from problem


_NO_FOLDER: Final = "cannot make the folder {}: {}. {}"


def _let_go(lock: FileLock) -> None:
    """Remove the file of a lock, then let it go: a run that waits for it sees that it is gone."""
    with suppress(OSError):  # Windows removes nothing that is open: there it goes when let go
        Path(lock.lock_file).unlink()
    lock.release()


def _put_in_place(staging: Path, target: Path, names: list[str], gone: list[str]) -> None:
    """Rename every file into place, and take away those that are no more.

    If one cannot be renamed, those that it would have replaced are put back.
    """
    earlier = staging / "earlier"
    moved: list[str] = []
    try:
        for name in (*gone, *names):
            for folder in (earlier / name, target / name):
                folder.parent.mkdir(parents=True, exist_ok=True)
            if (target / name).is_file():
                _keep(target / name, earlier / name)
            moved.append(name)
            if name in gone:
                (target / name).unlink()
            else:
                (staging / name).replace(target / name)
    except OSError:
        for name in moved:
            if (earlier / name).is_file():
                (earlier / name).replace(target / name)
            elif (target / name).is_file():
                (target / name).unlink()
        raise
    emptied = {str(it) for name in gone for it in PurePosixPath(name).parents[:-1]}
    for inside in sorted(emptied, reverse=True):  # what is inside another first
        with suppress(OSError):  # other files are in it
            (target / inside).rmdir()


Listed = list[tuple[str, dict[str, str]]]
"""Of manifests: the folder each is of, named from the target on, and the SHA-256 of its files."""


def _manifests(folder: Path, names: Iterable[str]) -> Listed:
    """Read the manifests of these names that stand in a folder; what is none lists nothing."""
    found = []
    for name in filter(is_manifest, names):
        try:
            data = (folder / name).read_bytes() if (folder / name).is_file() else b"{}"
            listed = {str(it["file"]): str(it["sha256"]) for it in json.loads(data)["outputs"]}
        except (OSError, ValueError, RecursionError, LookupError, TypeError):
            continue
        found.append((str(PurePosixPath(name).parent), listed))
    return found


def _no_more(target: Path, names: Collection[str], manifests: Listed) -> list[str]:
    """Name the files of reports about to be replaced that the new ones do not have.

    They are those that earlier manifests list, or those of runs that were killed while they put
    them in place, and unchanged since: what anybody else put there, or worked on, is left alone.
    """
    found = {
        name: None
        for folder, listed in manifests
        for file, sha256 in listed.items()
        for name in [(PurePosixPath(folder) / file).as_posix()]
        if name not in names and _is_still(target / name, target / folder, sha256)
    }
    return list(found)


def _is_still(file: Path, folder: Path, sha256: str) -> bool:
    """Return whether a file lies in a folder, wherever its name leads, and has the bytes it had."""
    try:
        inside = file.resolve().is_relative_to(folder.resolve())
        return inside and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    except (OSError, RuntimeError, ValueError):  # no name a file could have, or one not to be read
        return False


def _keep(file: Path, as_file: Path) -> None:
    """Keep a file under a second name, so that at no moment it is missing under its first."""
    try:
        as_file.hardlink_to(file)
    except OSError:  # a file system without such links
        shutil.copy2(file, as_file)


def _unfinished(target: Path) -> list[Path]:
    """Return what killed runs left in a folder: who holds its lock knows that none goes on."""
    left = sorted(target.glob(f"{_STAGING}*"))
    return [folder for folder in left if folder.is_dir() and not folder.is_symlink()]


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold interrupts back for the moment in which files are renamed, then let them through."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread only
        return
    held: list[int] = []
    names = [n for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]
    before = {n: signal.signal(getattr(signal, n), lambda s, _: held.append(s)) for n in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
        for number in held:
            signal.raise_signal(number)

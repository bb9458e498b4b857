"""Tables put into a pool's own folder: what an import keeps, whole or not at all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from bcf_model.core.errors import CannotWrite
from bcf_model.publish.contents import csv_of
from bcf_model.publish.files import write_files

_ELSEWHERE: Final = "Make the folder of the pool one that can be written, and import again."


def write_tables(
    tables: Mapping[str, Sequence[Sequence[str]]],
    pool: Path,
    as_typed: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    before: Mapping[str, bytes | None] | None = None,
) -> list[Path]:
    """Write tables of text into the folder of a pool, all of them or none.

    Args:
        tables: by the names of their files, headings first.
        pool: its folder; other files in it are left alone.
        as_typed: the files whose cells are the user's own: of the others, no text is left one that
            a spreadsheet takes for a formula.
        texts: other files to be written with them.
        before: what stood in files when the tables were made; None of one that was not there.

    Raises:
        CannotWrite: the folder cannot be written, a file is open in another program, or somebody
            has changed one since.
    """
    # Texts first: where a run is killed between two files, the folder has the settings of a pool.
    files = {name: text.encode() for name, text in (texts or {}).items()}
    files |= {name: csv_of(rows, as_typed=name in as_typed) for name, rows in tables.items()}

    def read_back(folder: Path) -> None:
        for name, data in (before or {}).items():
            there = pool / name
            if (there.read_bytes() if there.is_file() else None) != data:
                message = f"{name} was changed meanwhile: nothing was written. Import again."
                raise CannotWrite(message)
        for name, data in files.items():
            if (folder / name).read_bytes() != data:
                message = f"{name} was not written as it should be: nothing was put in place"
                raise CannotWrite(message)

    return write_files(files, pool, read_back, (), _ELSEWHERE) if files else []

"""What several commands take, and the codes they leave with."""

import errno
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

PROGRAM_FAILED: Final = 1
DATA_HAS_ERRORS: Final = 3
PAPER_IS_WRONG: Final = 4
REPORT_DIFFERS: Final = 5
QUESTIONS_OPEN: Final = 6
STOPPED: Final = 130
"""By whoever ran it: what a shell gives for Ctrl-C."""


LONGEST_NAME: Final = 500
"""Characters of a name, or of a figure with all that it is selected by."""


class Named(click.ParamType[str]):
    """A name of something: blanks, or signs alone, name nothing."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what nothing is called; a no-break space is a space, as it is in the tables."""
        said = str(value).replace("\xa0", " ")
        if not any(map(str.isalnum, said)):
            self.fail("nothing is named", param, ctx)
        if len(said) > LONGEST_NAME or not said.isprintable():
            from bcf_model.core.findings import brief  # noqa: PLC0415

            self.fail(f"nothing has such a name: '{brief(said[:LONGEST_NAME])}'", param, ctx)
        return said


NAMED: Final = Named()


class AnyPath(click.Path):
    """A path that could be one; nothing at all is not taken for the present folder."""

    def __init__(self, *, file_okay: bool = True) -> None:
        """Take what need not be there yet; what it is not is for the reader to say."""
        super().__init__(path_type=Path, file_okay=file_okay, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what no file could be called, and a file where a folder is needed."""
        if value == "":
            self.fail("nothing is named: give a path", param, ctx)
        try:
            there = next((it for it in (Path(value), *Path(value).parents) if it.exists()), None)
            if not self.file_okay and there and not there.is_dir():
                said = "it exists and is not a folder"
                inside = f"a file stands where a folder is needed: {click.format_filename(there)}"
                self.fail(said if there == Path(value) else inside, param, ctx)
            Path(value).stat()
        except ValueError:
            self.fail("no file can have such a name", param, ctx)
        except OSError as problem:
            if problem.errno == errno.ENAMETOOLONG:
                self.fail("its name is longer than a file can have", param, ctx)
        return super().convert(value, param, ctx)


POOL: Final = click.argument("pool", type=AnyPath())
EVERY_FINDING: Final = click.option(
    "--all", "everything", is_flag=True, help="List every finding, however many are of one kind."
)

_Command = TypeVar("_Command", bound=Callable[..., Any])


def with_inputs(command: _Command) -> _Command:
    """Return the option that puts the inputs beside a report."""
    return click.option(
        "--with-inputs",
        is_flag=True,
        help="Put the files it was made from beside it: bcf explain and bcf verify then need the "
        "folder alone.",
    )(command)


def export(command: _Command) -> _Command:
    """Return the option that writes the tables of a report in another form too."""
    return click.option(
        "--export",
        type=click.Choice(["sqlite"]),
        help="Write the tables as one SQLite file too, amounts in whole pence: for a database, or "
        "to ask it questions.",
    )(command)


def output_folder(said: str) -> Callable[[_Command], _Command]:
    """Return the option that says where to write."""
    return click.option("-o", "--output", type=AnyPath(file_okay=False), help=said)


def refuse_inside(written: Sequence[Path], what: str, sources: Mapping[Path, str]) -> None:
    """Refuse to write into a folder that is read from, or into a folder inside it.

    Args:
        written: the folders that would be written into.
        what: what would be written.
        sources: what is read, each with what it is.
    """
    for folder in written:
        real = Path(os.path.realpath(folder))
        for source, called in sources.items():
            if any(_same_folder(at, source) for at in (real, *real.parents)):
                message = f"{what} would be written into {called} itself: choose another folder"
                raise click.BadParameter(message, param_hint="-o")


def refuse_what_stands(written: Path, *, is_folder: bool, aside: Path | None = None) -> None:
    """Refuse to write where something stands: a file, or a folder that is not empty.

    Raises:
        CannotWrite: so it is.
    """
    from bcf_model.core.errors import CannotWrite  # noqa: PLC0415

    ours = {".bcf-lock", aside.name if aside else ""}
    is_empty = is_folder and written.is_dir() and not {p.name for p in written.iterdir()} - ours
    if (written.exists() or written.is_symlink()) and not is_empty:
        message = f"{written} is there already, and is left as it is: name another"
        raise CannotWrite(message)


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return other.exists() and one.exists() and one.samefile(other)
    except OSError:  # a name longer than a file can have
        return False


def beside_itself(folder: Path, pool: Path) -> list[Path]:
    """Return where in the folder of a report its inputs would stand."""
    from bcf_model.intake.folder import name_of  # noqa: PLC0415

    stands = folder / "inputs"
    return [stands, stands / (pool.name if pool.is_file() else name_of(pool))]


def room() -> int:
    """Return the columns of the terminal."""
    return shutil.get_terminal_size((100, 24)).columns

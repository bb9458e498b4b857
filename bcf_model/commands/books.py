"""A pool's own files: as a folder or as a workbook, and what is to be filled in."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bcf_model.commands.options import DATA_HAS_ERRORS, POOL, AnyPath

if TYPE_CHECKING:
    from bcf_model.core.whole_pool import WholePool

_ENDING = ".xlsx"


@click.command()
@POOL
@click.argument("written", metavar="OUT", type=AnyPath())
def convert(pool: Path, written: Path) -> None:
    """Write a POOL again as a workbook, where OUT ends in .xlsx, or as a folder.

    Tables, settings, scenarios and agreements go with it, every cell as it was typed; what was
    written is read again and compared before it stands. Comments, notes and other files stay
    where they are. Nothing is overwritten: OUT must be new.

    \b
    Example:
      bcf convert inputs/sheffield-2018-19 sheffield-2018-19.xlsx
      bcf convert my-pool.xlsx my-pool
    """
    from bcf_model.publish.pool_files import folder_files, pool_workbook  # noqa: PLC0415

    whole = _read(pool)
    as_workbook = written.suffix.lower() == _ENDING
    if as_workbook:
        files = {written.name: pool_workbook(whole, _every_table())}
    else:
        files = folder_files(whole)
    _write(files, written, whole)
    kept = [f"{len(names)} {kind}s" for kind, names in _kept(whole).items() if names]
    click.echo(f"{written}: {len(whole['', ''].tables)} tables{''.join(f', {it}' for it in kept)}")


def _kept(whole: "WholePool") -> dict[str, list[str]]:
    kinds = ("scenario", "agreement")
    return {kind: [name for of, name in whole if of == kind] for kind in kinds}


def _tables() -> dict[str, list[Any]]:
    """Return the tables of a pool, and by kind those of what it may keep."""
    from bcf_model.core.tables import AGREEMENT_TABLES, INPUT_TABLES  # noqa: PLC0415
    from bcf_model.plan.tables import PLAN_TABLES, SCENARIO_TABLES  # noqa: PLC0415

    by_name = {table.name: table for table in INPUT_TABLES}
    return {
        "": [*INPUT_TABLES, *PLAN_TABLES],
        "scenario": [*SCENARIO_TABLES],
        "agreement": [by_name[name] for name in AGREEMENT_TABLES],
    }


def _every_table() -> list[Any]:
    """Return every table, each once, in the order of the sheets."""
    return [*{table.name: table for of in _tables().values() for table in of}.values()]


def _read(pool: Path) -> "WholePool":
    """Read a pool as a whole; leave, with every finding, where not all can be read."""
    from bcf_model.core.findings import has_errors  # noqa: PLC0415
    from bcf_model.intake.whole_pool import read_whole  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    whole, found = read_whole(pool, _tables())
    if found:
        click.echo(findings(found), err=True)
    if has_errors(found):
        click.echo(f"{tally(found)} Nothing was written.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    return whole


def _write(files: dict[str, bytes], written: Path, whole: "WholePool") -> None:
    """Write a workbook, or the files of a folder, if it is read again as what it was made of.

    Raises:
        CannotWrite: something stands there, or it cannot be kept so.
    """
    from bcf_model.core.errors import CannotWrite  # noqa: PLC0415
    from bcf_model.core.findings import printable  # noqa: PLC0415
    from bcf_model.core.whole_pool import differences  # noqa: PLC0415
    from bcf_model.intake.whole_pool import read_whole  # noqa: PLC0415
    from bcf_model.publish.files import write_files  # noqa: PLC0415

    as_workbook = written.suffix.lower() == _ENDING
    _refuse_what_stands(written, is_folder=not as_workbook)

    def read_back(made: Path) -> None:
        _refuse_what_stands(written, is_folder=not as_workbook, aside=made)
        again, _ = read_whole(made / written.name if as_workbook else made, _tables())
        if lost := differences(whole, again):
            message = (
                f"what was written is not read again as it was: {printable(', '.join(lost[:5]))}. "
                "Nothing was written."
            )
            raise CannotWrite(message)

    write_files(files, written.parent if as_workbook else written, read_back)


def _refuse_what_stands(written: Path, *, is_folder: bool, aside: Path | None = None) -> None:
    """Refuse to write where something stands: a file, or a folder that is not empty.

    Raises:
        CannotWrite: so it is.
    """
    from bcf_model.core.errors import CannotWrite  # noqa: PLC0415

    ours = {".bcf-lock", aside.name if aside else ""}
    is_empty = is_folder and written.is_dir() and not {p.name for p in written.iterdir()} - ours
    if written.exists() and not is_empty:
        message = f"{written} is there already, and is left as it is: name another"
        raise CannotWrite(message)

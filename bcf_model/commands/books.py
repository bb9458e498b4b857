"""A pool's own files: as a folder or as a workbook, and what is to be filled in."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from bcf_model.commands.options import DATA_HAS_ERRORS, POOL, AnyPath, refuse_what_stands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcf_model.core.whole_pool import WholePool
    from bcf_model.publish.template import Setting

_ENDING = ".xlsx"
_ELSEWHERE = "Name another place."


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


@click.command()
@click.argument("folder", metavar="DIR", type=AnyPath(file_okay=False))
def init(folder: Path) -> None:
    """Make a folder to begin with: a small invented pool, and a file to double-click.

    The pool is to be replaced by your own, row by row; run.bat (Windows) or run.command (Mac,
    Linux) makes its report and opens it. DIR must be new, or empty.

    \b
    Example:
      bcf init my-pool
    """
    from bcf_model.core.errors import CannotWrite  # noqa: PLC0415
    from bcf_model.publish.files import write_files  # noqa: PLC0415
    from bcf_model.publish.first_pool import first_pool  # noqa: PLC0415

    refuse_what_stands(folder, is_folder=True)
    files, programs = first_pool(sys.executable)

    def read_back(made: Path) -> None:
        refuse_what_stands(folder, is_folder=True, aside=made)
        if any((made / name).read_bytes() != data for name, data in files.items()):
            message = f"what was written into {folder} is not read again as it was"
            raise CannotWrite(message)

    write_files(files, folder, read_back, programs, _ELSEWHERE)
    click.echo(f"{folder}: open it, and double-click run.bat (Windows) or run.command (Mac, Linux)")


@click.command()
@click.argument("written", metavar="FILE.xlsx", type=AnyPath())
@click.option("--from", "pool", type=AnyPath(), help="A pool to fill it in with.")
def template(written: Path, pool: Path | None) -> None:
    """Write a workbook to fill in: yellow cells, lists to choose from, notes and a checklist.

    It has a sheet for every table of a pool and its scenarios; those that are not needed may stay
    blank. Filled in from a pool, the sheet commentary has a row, with its amounts, for each line
    above the limits that lacks a reason. Nothing is overwritten: FILE.xlsx must be new.

    \b
    Example:
      bcf template my-pool.xlsx
      bcf template next-year.xlsx --from inputs/sheffield-2018-19
    """
    from bcf_model.core.settings import Settings  # noqa: PLC0415
    from bcf_model.core.whole_pool import POOL_ITSELF, Stated  # noqa: PLC0415
    from bcf_model.plan.settings import ScenarioSettings  # noqa: PLC0415
    from bcf_model.publish.template import template as filled  # noqa: PLC0415

    if written.suffix.lower() != _ENDING:
        message = f"a workbook is written: give a name that ends in {_ENDING}"
        raise click.BadParameter(message, param_hint="FILE.xlsx")
    whole = _with_lines_to_explain(pool) if pool else {POOL_ITSELF: Stated({}, {})}
    settings = {"": [*_settings_of(Settings)], "scenario": [*_settings_of(ScenarioSettings)]}
    names = [table.name for table in tables_by_kind()["scenario"]]
    files = {written.name: filled(_every_table(), names, settings, whole)}
    _write(files, written, whole)
    click.echo(f"{written}: fill in the yellow cells, and have it checked: bcf check {written}")


def _with_lines_to_explain(pool: Path) -> "WholePool":
    """Read a pool, with a row of commentary for each line above the limits without a reason.

    Where its year cannot be worked out there are none, and that is said.
    """
    from bcf_model.core.errors import DataHasErrors  # noqa: PLC0415
    from bcf_model.pool import load  # noqa: PLC0415
    from bcf_model.publish.commentary_rows import with_rows_to_fill_in  # noqa: PLC0415
    from bcf_model.year.pipeline import run  # noqa: PLC0415

    whole = _read(pool)
    try:
        results = run(load(pool))
    except DataHasErrors:
        click.echo(f"No rows for reasons were added: the pool has errors, see bcf check {pool}")
        return whole
    return with_rows_to_fill_in(whole, results)


def _settings_of(model: Any, before: str = "") -> "Iterator[Setting]":
    """Return the settings of a model, those inside others named as `commentary.over_pounds`."""
    from bcf_model.publish.template import Setting  # noqa: PLC0415

    for name, field in model.model_fields.items():
        inner = [field.annotation, *get_args(field.annotation)]
        own = next((it for it in inner if hasattr(it, "model_fields")), None)
        if own is None:
            yield Setting(f"{before}{name}", field.description or "", field.is_required())
        else:
            yield from _settings_of(own, f"{before}{name}.")


def _kept(whole: "WholePool") -> dict[str, list[str]]:
    kinds = ("scenario", "agreement")
    return {kind: [name for of, name in whole if of == kind] for kind in kinds}


def tables_by_kind() -> dict[str, list[Any]]:
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
    return [*{table.name: table for of in tables_by_kind().values() for table in of}.values()]


def _read(pool: Path) -> "WholePool":
    """Read a pool as a whole; leave, with every finding, where not all can be read."""
    from bcf_model.core.findings import has_errors  # noqa: PLC0415
    from bcf_model.intake.whole_pool import read_whole  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    whole, found = read_whole(pool, tables_by_kind())
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
    refuse_what_stands(written, is_folder=not as_workbook)

    def read_back(made: Path) -> None:
        refuse_what_stands(written, is_folder=not as_workbook, aside=made)
        again, _ = read_whole(made / written.name if as_workbook else made, tables_by_kind())
        if lost := differences(whole, again):
            message = (
                f"what was written is not read again as it was: {printable(', '.join(lost[:5]))}. "
                "Nothing was written."
            )
            raise CannotWrite(message)

    write_files(files, written.parent if as_workbook else written, read_back, (), _ELSEWHERE)

"""The command line: parse, call, print, exit code. No arithmetic.

Exit codes: 0 done, 1 the program failed, 2 wrong usage, 3 the data has errors. The heavy imports
are inside the commands, so that help and version answer at once.
"""

import atexit
import gc
import io
import os
import sys
from pathlib import Path
from typing import Any

import click

from bcf_model import __version__
from bcf_model.errors import BcfError

PROGRAM_FAILED = 1
DATA_HAS_ERRORS = 3

_POOL = click.argument("pool", type=click.Path(path_type=Path))


class _Commands(click.Group):
    """Says in one line what went wrong, and leaves with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BcfError as problem:
            raise click.ClickException(str(problem)) from problem
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception as problem:
            if os.environ.get("BCF_DEBUG"):
                raise
            message = (
                f"the program failed ({type(problem).__name__}: {problem}). This is a fault in "
                "bcf, not in your data: please report it, with what BCF_DEBUG=1 prints."
            )
            raise click.ClickException(message) from problem


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 the program failed, 2 wrong usage, 3 the data has errors.",
)
@click.version_option(__version__, prog_name="bcf")
def cli() -> None:
    """Say what a Better Care Fund pooled budget did, to the penny, and who bears the difference.

    A POOL is a folder of CSV files, or one .xlsx workbook with a sheet for each table.

    \b
    Example:
      bcf report inputs/sheffield-2018-19
    """


@cli.command()
@_POOL
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help="How to print the findings.  [default: text]",
)
def check(pool: Path, form: str) -> None:
    """Look for everything wrong with a pool, in one pass. Writes nothing.

    \b
    Example:
      bcf check inputs/sheffield-2018-19
      bcf check my-pool.xlsx --format csv > findings.csv
    """
    import json  # noqa: PLC0415

    from bcf_model.check import check_pool  # noqa: PLC0415
    from bcf_model.findings import as_rows  # noqa: PLC0415
    from bcf_model.report.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.report.write import findings_csv  # noqa: PLC0415

    inputs, found = check_pool(pool)
    if form == "json":
        click.echo(json.dumps(as_rows(found), indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(findings_csv(found), nl=False)
    else:
        if found:
            click.echo(findings(found))
        click.echo(tally(found) + ("" if inputs else " Nothing can be calculated from this pool."))
    if inputs is None:
        sys.exit(DATA_HAS_ERRORS)


@cli.command()
@_POOL
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the report.  [default: outputs/<name of the pool>]",
)
def report(pool: Path, output: Path | None) -> None:
    """Write the year-end variance report: workbook, web page, tables and manifest.

    \b
    Example:
      bcf report inputs/sheffield-2018-19
      bcf report my-pool.xlsx -o reports/2018-19
    """
    from shutil import get_terminal_size  # noqa: PLC0415

    from bcf_model.check import check_pool  # noqa: PLC0415
    from bcf_model.pipeline import run  # noqa: PLC0415
    from bcf_model.report.pages import summary  # noqa: PLC0415
    from bcf_model.report.terminal import findings, headline, tally  # noqa: PLC0415
    from bcf_model.report.write import write_report  # noqa: PLC0415
    from bcf_model.years import spoken  # noqa: PLC0415

    if output is not None and output.exists() and pool.exists() and output.samefile(pool):
        message = "the report would be written into the pool itself: choose another folder"
        raise click.BadParameter(message, param_hint="-o")
    inputs, found = check_pool(pool)
    if found:
        click.echo(findings(found), err=True)
    if inputs is None:
        click.echo(f"{tally(found)} Nothing was calculated, and no report written.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    results = run(inputs)
    written = write_report(results, output or Path("outputs") / inputs.name)
    settings = inputs.settings
    click.echo(f"{settings.title}, {spoken(settings.financial_year)}")
    click.echo(f"Position as at {settings.as_at.day} {settings.as_at:%B %Y}; overspends positive\n")
    room = get_terminal_size((100, 24)).columns
    click.echo(headline(results, summary(results), room))
    click.echo(f"\nAll {len(results.checks)} checks hold. {tally(found)}")
    for path in (path for path in written if path.parent.name != "tables"):
        click.echo(f"  {path}")
    tables = [path for path in written if path.parent.name == "tables"]
    click.echo(f"  {tables[0].parent}{'/'} ({len(tables)} CSV tables)")


@cli.command()
def selftest() -> None:
    """Prove this installation: calculate a small pool and compare it with stored pence.

    \b
    Example:
      bcf selftest
    """
    from bcf_model.selftest import selftest as prove  # noqa: PLC0415

    compared = prove()
    click.echo(f"bcf {__version__}: {compared} figures computed and equal to the stored pence.")


def main() -> None:
    """Run the command line."""
    # A run makes one report and ends: looking for garbage on the way, and once more at the end,
    # would take a fifth of its time.
    gc.set_threshold(1_000_000)
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        # Findings and tables hold signs that an older code page lacks.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        try:
            cli(prog_name="bcf")
        finally:
            sys.stdout.flush()
    except OSError as problem:
        click.echo(f"Error: the output cannot be written: {problem.strerror}.", err=True)
        os._exit(PROGRAM_FAILED)

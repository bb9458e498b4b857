"""The command line: parse, call, print, exit code. No arithmetic.

Exit codes: 0 done, 1 the program failed, 2 wrong usage, 3 the data has errors, 4 a printed
figure cannot be right, 5 a report differs from what it should be, 6 questions are open, 130 it was
stopped. The heavy imports are inside the commands (`commands`), so that help and version answer at
once.
"""

import gc
import io
import os
import sys
from contextlib import suppress
from typing import Any

import click

from bcf_model import __version__
from bcf_model.commands import books, extracts, plans, proof, year
from bcf_model.commands.options import DATA_HAS_ERRORS, PROGRAM_FAILED, STOPPED
from bcf_model.core.errors import BcfError, DataHasErrors


class _Refused(click.ClickException):
    """The data has errors that only the run could see."""

    exit_code = DATA_HAS_ERRORS


class _Commands(click.Group):
    """Prints in one line what went wrong, and leaves with the exit code of that."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BcfError as problem:
            kind = _Refused if isinstance(problem, DataHasErrors) else click.ClickException
            raise kind(str(problem)) from problem
        except (KeyboardInterrupt, click.Abort) as problem:
            click.echo("\nStopped.", err=True)
            raise click.exceptions.Exit(STOPPED) from problem
        except (click.ClickException, click.exceptions.Exit):
            raise
        except OSError as problem:
            if problem.filename is None:  # of the output itself: said where it is written from
                raise
            said = f"{click.format_filename(problem.filename)}: {problem.strerror}"
            raise click.ClickException(said) from problem
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
    epilog="Exit codes: 0 done, 1 the program failed, 2 wrong usage, 3 the data has errors, "
    "4 a printed figure cannot be right, 5 a report differs from what it should be, "
    "6 questions are open, 130 it was stopped (Ctrl-C).",
)
@click.version_option(__version__, prog_name="bcf")
def cli() -> None:
    """Show what a Better Care Fund pooled budget did, to the penny, and who bears the difference.

    A POOL is a folder of CSV files, or one .xlsx workbook with a sheet for each table.

    \b
    Example:
      bcf report inputs/sheffield-2018-19
    """


for _command in (
    year.check,
    extracts.import_extract,
    year.report,
    year.risk_share,
    year.agreement,
    plans.scenario,
    plans.movement,
    plans.efficiencies,
    plans.solve,
    proof.explain,
    proof.audit,
    proof.verify,
    proof.diff,
    proof.selftest,
    books.init,
    books.template,
    books.convert,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line."""
    # A run makes one report and ends: looking for garbage on the way, and taking all apart at the
    # end, would take a fifth of its time.
    gc.set_threshold(1_000_000)
    _open_closed()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream = io.TextIOWrapper(io.BufferedWriter(_ReadOrNot(stream.fileno())))
            setattr(sys, name, stream)
        if isinstance(stream, io.TextIOWrapper):
            # Findings and tables hold signs that an older code page lacks.
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        try:
            cli(prog_name="bcf")
        finally:
            sys.stdout.flush()
    except SystemExit as ended:
        with suppress(OSError):
            sys.stderr.flush()
        os._exit(int(ended.code or 0))
    except OSError as problem:
        with suppress(OSError):  # neither can what says so
            click.echo(f"Error: the output cannot be written: {problem.strerror}.", err=True)
        os._exit(PROGRAM_FAILED)


class _ReadOrNot(io.FileIO):
    """A stream to whoever reads it, and to nobody once nobody does (`bcf check POOL | head`).

    The command goes on with its work, and leaves with its own exit code.
    """

    def __init__(self, number: int) -> None:
        """Write to an open file by its number, and leave it open."""
        super().__init__(number, "w", closefd=False)

    def write(self, data: Any, /) -> int:
        """Write, or drop what nobody reads."""
        try:
            return super().write(data)
        except BrokenPipeError:
            return len(data)


def _open_closed() -> None:
    """Open what the caller closed (`bcf check POOL >&-`) onto nothing.

    Otherwise the next file that is opened would take its place, and what is printed would go there.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(number, mode, closefd=False))

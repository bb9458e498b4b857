"""A table of a paper, shown and confirmed, and kept as the transcription that is audited."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bcf_model.commands.extracts import answers_of, check_answers
from bcf_model.commands.options import DATA_HAS_ERRORS, QUESTIONS_OPEN

if TYPE_CHECKING:
    pass


def transcribed(
    table: Path,
    given: tuple[str, ...],
    kept: Path | None,
    paper: Mapping[str, str],
    *,
    yes: bool,
) -> Path:
    """Show how a table of a paper is read, and write its transcription once that is confirmed.

    Args:
        table: the file of the table.
        given: answers, each KEY=VALUE.
        kept: where to keep the transcription; None for beside the table.
        paper: `title`, `source` and `page` of the paper; "" where not given.
        yes: whether it is confirmed.

    Returns:
        The transcription. Leaves where there is none, or questions are open, or nothing is
        confirmed.
    """
    from bcf_model.extracts.answers import quoted  # noqa: PLC0415
    from bcf_model.extracts.transcribe import as_text, read_paper, rows_of  # noqa: PLC0415
    from bcf_model.intake.extract_file import read_file  # noqa: PLC0415

    answers = answers_of(given)
    reading = read_paper(read_file(table), answers, ready=yes, **paper)
    check_answers(reading, answers)
    again = [f"--{name} {quoted(text)}" for name, text in paper.items() if text]
    again += [f"--answer {quoted(text)}" for text in given]
    click.echo(as_text(reading, " ".join(["bcf audit --transcribe", quoted(str(table)), *again])))
    if reading.refused:
        sys.exit(DATA_HAS_ERRORS)
    if reading.questions:
        sys.exit(QUESTIONS_OPEN)
    if not yes:
        sys.exit(0)
    path = kept or table.with_name(f"{table.stem}-figures.csv")
    _write(rows_of(reading), path)
    return path


def _write(rows: list[list[str]], path: Path) -> None:
    """Write a transcription; leave where there is a file of that name, which may be corrected."""
    from bcf_model.extracts.answers import quoted  # noqa: PLC0415
    from bcf_model.publish.contents import harmless  # noqa: PLC0415
    from bcf_model.publish.pool_tables import write_tables  # noqa: PLC0415

    if path.exists():
        message = f"{path} is there already: it may hold corrections. Audit it as it is with "
        message += f"bcf audit {quoted(str(path))}, or name another file with --as"
        raise click.UsageError(message)
    printed = rows[0].index("printed")  # is a number: harmless as it is
    safe = [
        [text if at == printed else harmless(text) for at, text in enumerate(row)] for row in rows
    ]
    write_tables({path.name: safe}, path.parent, [path.name], before={path.name: None})
    click.echo(f"  Written: {path}\n")

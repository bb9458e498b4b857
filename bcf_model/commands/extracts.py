"""Extracts: how the file of a ledger would be read, and that it is read so from now on."""

import sys
from datetime import date
from pathlib import Path

import click

from bcf_model.commands.options import DATA_HAS_ERRORS, QUESTIONS_OPEN, AnyPath

_MOST_LETTERS = 60


@click.command("import")
@click.argument("file", type=AnyPath())
@click.option("--plan", "only_plan", is_flag=True, help="Show how it would be read; write nothing.")
@click.option(
    "--answer",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="Answer a question, as it is shown.",
)
@click.option("--as", "name", metavar="NAME", help="Keep how it is read as ledgers/NAME.toml.")
@click.option("--into", "pool", type=AnyPath(file_okay=False), help="The folder of the pool.")
def import_extract(
    file: Path, only_plan: bool, given: tuple[str, ...], name: str | None, pool: Path | None
) -> None:
    """Take in an extract of a ledger: recognise its table, prove its totals, ask what is not sure.

    It shows once how the file would be read. What is not certain is asked, and nothing is written
    before it is answered; what was answered is kept with the pool, and found again by the headings.
    It leaves with 6 while questions are open.

    \b
    Example:
      bcf import GL_council.csv --plan
      bcf import outturn.xlsx --answer unit=thousands --plan
      bcf import GL_council.csv --as council --into my-pool
    """
    from bcf_model.extracts.plan import ASKS, REFUSED, as_text  # noqa: PLC0415
    from bcf_model.extracts.saved import written  # noqa: PLC0415
    from bcf_model.extracts.take_in import plan_file  # noqa: PLC0415
    from bcf_model.intake.extract_file import LEDGERS  # noqa: PLC0415
    from bcf_model.publish.files import write_files  # noqa: PLC0415

    answers = _answers(given)
    _check_call(name, pool, only_plan=only_plan)
    plan, known = plan_file(file, answers, pool, name or "")
    for key in answers:
        if key in plan.answers.refused:
            message = f"--answer {key}={answers[key]}: expected {plan.answers.refused[key]}"
            raise click.UsageError(message)
        if plan.tables and key not in plan.answers.used:
            message = f"--answer {key}={answers[key]}: nothing of the file asks for that"
            raise click.UsageError(message)
    shown = as_text(plan, file=str(file), into=str(pool or "POOL"), name=name or known or "NAME")
    click.echo(shown)
    if known and plan.status not in {ASKS, REFUSED}:
        click.echo(f"  It is read as {LEDGERS}/{known}.toml says.")
    if plan.status == REFUSED:
        sys.exit(DATA_HAS_ERRORS)
    if plan.status == ASKS:
        sys.exit(QUESTIONS_OPEN)
    if only_plan or name is None or pool is None or (known and not answers):
        return
    text = written(plan, date.today())

    def read_back(folder: Path) -> None:
        if (folder / f"{name}.toml").read_text(encoding="utf-8") != text:
            message = f"{LEDGERS}/{name}.toml was not written as it should be"
            raise click.ClickException(message)

    write_files({f"{name}.toml": text.encode()}, pool / LEDGERS, read_back)
    click.echo(f"  Written: {LEDGERS}/{name}.toml")


def _answers(given: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = text.rpartition("=")
        if not equals or not key.strip() or not value.strip():
            message = f"--answer {text}: expected KEY=VALUE, as a question shows it"
            raise click.UsageError(message)
        if found.setdefault(key.strip(), value.strip()) != value.strip():
            message = f"--answer {key.strip()}: two answers to one question"
            raise click.UsageError(message)
    return found


def _check_call(name: str | None, pool: Path | None, *, only_plan: bool) -> None:
    if name is not None and pool is None and not only_plan:
        message = "--as NAME needs --into POOL, the folder of the pool"
        raise click.UsageError(message)
    letters = (name or "a").replace("_", "").replace("-", "")
    if not (letters.isascii() and letters.isalnum()) or len(name or "") > _MOST_LETTERS:
        message = "--as: a name of letters, digits, - and _ , such as council"
        raise click.UsageError(message)
    if pool is not None and not (pool / "pool.toml").is_file():
        message = f"--into {pool}: expected the folder of a pool, with its pool.toml"
        raise click.UsageError(message)

"""Extracts: how the file of a ledger would be read, and that it is read so from now on."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bcf_model.commands.options import DATA_HAS_ERRORS, QUESTIONS_OPEN, AnyPath

if TYPE_CHECKING:
    from bcf_model.extracts.actuals import Taken

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
@click.option(
    "--propose",
    is_flag=True,
    help="Draft rules for lines without one, from their names; nothing is mapped by them.",
)
@click.option(
    "--accept",
    "proposed",
    type=AnyPath(),
    help="Add these proposed rules to those of the ledger, then map its lines.",
)
@click.option(
    "--replace",
    "again",
    is_flag=True,
    help="Put the periods of this extract in place of those taken in before.",
)
@click.option("--strict", is_flag=True, help="Take nothing in while lines have no rule.")
def import_extract(
    file: Path,
    only_plan: bool,
    given: tuple[str, ...],
    name: str | None,
    pool: Path | None,
    propose: bool,
    proposed: Path | None,
    again: bool,
    strict: bool,
) -> None:
    """Take in an extract of a ledger: recognise its table, prove its totals, ask what is not sure.

    It shows once how the file would be read. What is not certain is asked, and nothing is written
    before it is answered; what was answered is kept with the pool, and found again by the headings.
    It leaves with 6 while questions are open.

    Then ledgers/NAME.rules.csv says which lines are whose. What is mapped, excluded, left over and
    of another year comes to the ledger; what schemes have of it is kept in actuals.csv.

    \b
    Example:
      bcf import GL_council.csv --plan
      bcf import outturn.xlsx --answer unit=thousands --plan
      bcf import GL_council.csv --as council --into my-pool
      bcf import GL_council.csv --into my-pool --propose
      bcf import GL_council.csv --into my-pool --accept my-pool/ledgers/council.proposed.csv
    """
    from bcf_model.extracts import proposals  # noqa: PLC0415
    from bcf_model.extracts.actuals import take_in  # noqa: PLC0415
    from bcf_model.extracts.plan import ASKS, REFUSED, as_text, lines_of  # noqa: PLC0415
    from bcf_model.extracts.saved import written  # noqa: PLC0415
    from bcf_model.extracts.take_in import plan_file  # noqa: PLC0415
    from bcf_model.intake.extract_file import LEDGERS  # noqa: PLC0415
    from bcf_model.intake.folder import read_proposals  # noqa: PLC0415

    answers = answers_of(given)
    _check_call(name, pool, only_plan=only_plan)
    if pool is None and (propose or proposed or again or strict):
        message = "--propose, --accept, --replace and --strict need --into POOL"
        raise click.UsageError(message)
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
    ledger = name or known
    if only_plan or pool is None or not ledger or plan.chosen is None:
        return
    texts = {}
    if name is not None and (answers or not known):
        texts[f"{LEDGERS}/{name}.toml"] = written(plan, date.today())
    lines = lines_of(plan.chosen)
    if propose:
        _keep(proposals.propose(lines, ledger, pool), pool, texts)
        return
    if proposed is not None:
        taken = proposals.accept(read_proposals(proposed), ledger, pool)
        _keep(taken, pool, {}, [f"{LEDGERS}/{ledger}.rules.csv"])
    _keep(take_in(lines, ledger, pool, again=again, strict=strict), pool, texts)


def _keep(
    taken: "Taken", pool: Path, texts: Mapping[str, str], as_typed: Sequence[str] = ()
) -> None:
    """Print what became of an extract, and write what is to be kept of it: all or nothing."""
    from bcf_model.core.findings import has_errors  # noqa: PLC0415
    from bcf_model.publish.pool_tables import write_tables  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    for line in taken.said:
        click.echo(line)
    if taken.findings:
        click.echo(findings(taken.findings, everything=False))
        click.echo(tally(taken.findings))
    if has_errors(taken.findings):
        sys.exit(DATA_HAS_ERRORS)
    written = write_tables(taken.tables, pool, as_typed, texts, taken.before)
    for path in written:
        click.echo(f"  Written: {path.relative_to(pool).as_posix()}")


def answers_of(given: tuple[str, ...]) -> dict[str, str]:
    """Return answers by the key of their question; leave where one is none, or two disagree."""
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

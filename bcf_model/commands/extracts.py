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
    from bcf_model.extracts.plan import Plan

_SETTINGS = "pool.toml"
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

    An outturn by scheme (sheets with a budget and an outturn for each) needs no name: into a pool
    that has no schemes yet, or a new folder, its sheets are taken in at once as schemes, themes,
    organisations and categories. What a table of the pool has is left as it is, and what is new
    is proposed beside it.

    Of a ledger, ledgers/NAME.rules.csv says which lines are whose. What is mapped, excluded, left
    over and of another year comes to the ledger; what schemes have of it is kept in actuals.csv.

    \b
    Example:
      bcf import GL_council.csv --plan
      bcf import outturn.xlsx --into my-pool --plan
      bcf import GL_council.csv --as council --into my-pool
      bcf import GL_council.csv --into my-pool --propose
      bcf import GL_council.csv --into my-pool --accept my-pool/ledgers/council.proposed.csv
    """
    from bcf_model.extracts import proposals  # noqa: PLC0415
    from bcf_model.extracts.actuals import take_in  # noqa: PLC0415
    from bcf_model.extracts.answers import quoted  # noqa: PLC0415
    from bcf_model.extracts.drafted import is_outturn  # noqa: PLC0415
    from bcf_model.extracts.plan import ASKS, REFUSED, as_text, lines_of  # noqa: PLC0415
    from bcf_model.extracts.saved import written  # noqa: PLC0415
    from bcf_model.extracts.take_in import plan_file  # noqa: PLC0415
    from bcf_model.intake.extract_file import LEDGERS  # noqa: PLC0415
    from bcf_model.intake.folder import read_proposals  # noqa: PLC0415

    answers = _answers(given)
    pool = _home(pool)
    _check_call(name, pool, only_plan=only_plan)
    if pool is None and (propose or proposed or again or strict):
        message = "--propose, --accept, --replace and --strict need --into POOL"
        raise click.UsageError(message)
    plan, known = plan_file(file, answers, pool, name or "")
    outturn = not name and not known and any(map(is_outturn, plan.tables))
    if pool is not None and not (pool / _SETTINGS).is_file() and not (outturn and _is_new(pool)):
        message = f"--into {pool}: expected the folder of a pool, with its pool.toml"
        raise click.UsageError(message)
    if pool is not None and outturn and not (propose or proposed or again or strict):
        _draft(plan, file, pool, only_plan=only_plan)
        return
    _check_answers(plan)
    shown = as_text(plan, file=str(file), into=str(pool or "POOL"), name=name or known or "NAME")
    click.echo(shown)
    if outturn and pool is None:
        click.echo("  An outturn by scheme: its sheets become the schemes of a pool, all at once:")
        click.echo(f"    bcf import {quoted(str(file))} --into POOL --plan")
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


def _draft(plan: "Plan", file: Path, pool: Path, *, only_plan: bool) -> None:
    """Draft the tables of a pool from an outturn: show it, ask, and write what nothing stands in.

    What an invented pool to begin with consists of is nobody's own, while it is as it came.
    """
    from bcf_model.core.findings import has_errors  # noqa: PLC0415
    from bcf_model.extracts.answers import quoted  # noqa: PLC0415
    from bcf_model.extracts.drafted import draft  # noqa: PLC0415
    from bcf_model.extracts.plan import ASKS, REFUSED, as_text  # noqa: PLC0415
    from bcf_model.publish import first_pool  # noqa: PLC0415
    from bcf_model.publish.pool_tables import write_tables  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    files, _ = first_pool.first_pool(sys.executable)
    example = {
        it.removeprefix(f"{first_pool.POOL}/"): data
        for it, data in files.items()
        if it.startswith(f"{first_pool.POOL}/")
    }
    found = draft(plan, pool, example)
    _check_answers(plan)
    click.echo(as_text(found.plan, file=str(file), into=str(pool), together=found.taken))
    if found.plan.status in {ASKS, REFUSED}:
        sys.exit(QUESTIONS_OPEN if found.plan.status == ASKS else DATA_HAS_ERRORS)
    for line in found.said:
        click.echo(line)
    if found.findings:
        click.echo(findings(found.findings, everything=False))
        click.echo(tally(found.findings))
    if has_errors(found.findings):
        sys.exit(DATA_HAS_ERRORS)
    if only_plan:
        given = " ".join(f"--answer {quoted(f'{k}={v}')}" for k, v in plan.answers.given.items())
        click.echo("  Nothing to ask.   Right? Write:")
        click.echo(f"    bcf import {quoted(str(file))} {given} --into {quoted(str(pool))}")
        return
    for path in write_tables(found.tables, pool, (), found.texts, found.before):
        click.echo(f"  Written: {path.name}")
    click.echo(f"  Then: bcf check {quoted(str(pool))}")


def _check_answers(plan: "Plan") -> None:
    """Refuse answers that will not do, and those nothing asks for."""
    for key, value in plan.answers.given.items():
        if key in plan.answers.refused:
            message = f"--answer {key}={value}: expected {plan.answers.refused[key]}"
            raise click.UsageError(message)
        if plan.tables and key not in plan.answers.used:
            message = f"--answer {key}={value}: nothing of the file asks for that"
            raise click.UsageError(message)


def _home(pool: Path | None) -> Path | None:
    """Return the pool itself of a folder that `bcf init` made, which has one inside."""
    from bcf_model.publish.first_pool import POOL  # noqa: PLC0415

    inside = None if pool is None else pool / POOL
    if pool is None or inside is None or (pool / _SETTINGS).is_file():
        return pool
    return inside if (inside / _SETTINGS).is_file() else pool


def _is_new(pool: Path) -> bool:
    return not pool.exists() or not any(pool.iterdir())


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

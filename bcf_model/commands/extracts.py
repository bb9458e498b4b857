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
    from bcf_model.extracts.drafted import Drafted
    from bcf_model.extracts.plan import Plan
    from bcf_model.extracts.transcribe import Reading

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
    from bcf_model.extracts.plan import ASKS, REFUSED, lines_of  # noqa: PLC0415
    from bcf_model.extracts.saved import written  # noqa: PLC0415
    from bcf_model.intake.extract_file import LEDGERS  # noqa: PLC0415
    from bcf_model.intake.folder import read_proposals  # noqa: PLC0415

    answers = answers_of(given)
    pool = _home(pool)
    _check_call(name, pool, only_plan=only_plan)
    if pool is None and (propose or proposed or again or strict):
        message = "--propose, --accept, --replace and --strict need --into POOL"
        raise click.UsageError(message)
    ledger_only = bool(propose or proposed or again or strict)
    plan, known, found = _looked_at(file, answers, pool, name or "", ledger_only=ledger_only)
    if found and pool is not None:
        _keep_drafted(found, answers, file, pool, only_plan=only_plan)
        return
    _say_how(plan, known, file, pool)
    if plan.status == REFUSED:
        sys.exit(DATA_HAS_ERRORS)
    if plan.status == ASKS:
        sys.exit(QUESTIONS_OPEN)
    ledger = name or known
    if only_plan or pool is None or not ledger or plan.chosen is None:
        return
    texts = {}
    if plan.accepted or (name is not None and (answers or not known)):
        texts[f"{LEDGERS}/{ledger}.toml"] = written(plan, date.today())
    lines = lines_of(plan.chosen)
    if propose:
        _keep(proposals.propose(lines, ledger, pool), pool, texts)
        return
    if proposed is not None:
        taken = proposals.accept(read_proposals(proposed), ledger, pool)
        _keep(taken, pool, {}, [f"{LEDGERS}/{ledger}.rules.csv"])
    _keep(take_in(lines, ledger, pool, again=again, strict=strict), pool, texts)


def _looked_at(
    file: Path, answers: dict[str, str], pool: Path | None, name: str, *, ledger_only: bool
) -> "tuple[Plan, str, Drafted | None]":
    """Print how a file would be read, and what of it would be a pool's; ask at a terminal.

    Args:
        file: it.
        answers: those given; what is answered here is added to them.
        pool: the folder.
        name: of the ledger, "" where none is named.
        ledger_only: whether it is taken in as a ledger, whatever it looks like.

    Returns:
        Its plan, the name of the ledger it is known as, and what is drafted from an outturn.
    """
    from bcf_model.extracts.drafted import is_outturn  # noqa: PLC0415
    from bcf_model.extracts.plan import ASKS, as_text  # noqa: PLC0415
    from bcf_model.extracts.take_in import plan_file  # noqa: PLC0415

    asked = set[str]()
    while True:
        plan, known = plan_file(file, answers, pool, name)
        outturn = not (name or known or ledger_only) and any(map(is_outturn, plan.tables))
        _check_pool(pool, may_be_new=outturn)
        found = _drafted(plan, pool) if outturn and pool is not None else None
        shown, together = (found.plan, found.taken) if found else (plan, ())
        check_answers(plan, answers)
        called = {"file": str(file), "into": str(pool or "POOL"), "name": name or known or "NAME"}
        screen = as_text(shown, **called, together=together)
        if shown.status != ASKS or not (more := _ask_here(shown, screen, asked)):
            click.echo(screen)
            return plan, known, found
        answers |= more


def _say_how(plan: "Plan", known: str, file: Path, pool: Path | None) -> None:
    """Print as what a file is known, or what else might become of it."""
    from bcf_model.extracts.answers import quoted  # noqa: PLC0415
    from bcf_model.extracts.drafted import is_outturn  # noqa: PLC0415
    from bcf_model.extracts.plan import ASKS, REFUSED  # noqa: PLC0415
    from bcf_model.intake.extract_file import LEDGERS  # noqa: PLC0415

    if pool is None and any(map(is_outturn, plan.tables)):
        click.echo("  An outturn by scheme: its sheets become the schemes of a pool, all at once:")
        click.echo(f"    bcf import {quoted(str(file))} --into POOL --plan")
    if plan.status in {ASKS, REFUSED}:
        return
    if plan.accepted:
        click.echo(f"  It is not as it was, which is right, as answered: {plan.accepted}.")
    elif known:
        click.echo(f"  It is read as {LEDGERS}/{known}.toml says.")


def _drafted(plan: "Plan", pool: Path) -> "Drafted":
    """Draft the tables of a pool from an outturn.

    What an invented pool to begin with consists of is nobody's own, while it is as it came.
    """
    from bcf_model.extracts.drafted import draft  # noqa: PLC0415
    from bcf_model.publish import first_pool  # noqa: PLC0415

    inside = f"{first_pool.POOL}/"
    files, _ = first_pool.first_pool(sys.executable)
    example = {it.removeprefix(inside): data for it, data in files.items() if inside in it}
    return draft(plan, pool, example)


def _keep_drafted(
    found: "Drafted", answers: Mapping[str, str], file: Path, pool: Path, *, only_plan: bool
) -> None:
    """Print what would become of an outturn, and write it where nothing is asked."""
    from bcf_model.core.findings import has_errors  # noqa: PLC0415
    from bcf_model.extracts.answers import quoted  # noqa: PLC0415
    from bcf_model.extracts.plan import ASKS, REFUSED  # noqa: PLC0415
    from bcf_model.publish.pool_tables import write_tables  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

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
        given = "".join(f" --answer {quoted(f'{key}={it}')}" for key, it in answers.items())
        click.echo("  Nothing to ask.   Right? Write:")
        click.echo(f"    bcf import {quoted(str(file))}{given} --into {quoted(str(pool))}")
        return
    for path in write_tables(found.tables, pool, (), found.texts, found.before):
        click.echo(f"  Written: {path.name}")
    click.echo(f"  Then: bcf check {quoted(str(pool))}")


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask_here(plan: "Plan", screen: str, asked: set[str]) -> dict[str, str]:
    """Ask each question once, at a terminal; return what was answered, and nothing without one."""
    questions = [it for it in plan.questions if it.key not in asked]
    if not questions or not _at_a_terminal():
        return {}
    click.echo(screen)
    answers = {}
    for it in questions:
        asked.add(it.key)
        said = f"{it.code} {it.key}: {' or '.join(it.choices)} (Enter: leave it open)"
        answer = click.prompt(said, default="", show_default=False).strip()
        if answer:
            answers[it.key] = answer
    return answers


def _check_pool(pool: Path | None, *, may_be_new: bool) -> None:
    if pool is None:
        return
    from bcf_model.intake.extract_file import LEDGERS  # noqa: PLC0415
    from bcf_model.intake.raw_table import within  # noqa: PLC0415

    if not within(pool, _SETTINGS).is_file():
        if may_be_new and (not pool.exists() or not any(pool.iterdir())):
            return
        message = f"--into {pool}: expected the folder of a pool, with its {_SETTINGS}"
        raise click.UsageError(message)
    for written in ("actuals.csv", LEDGERS):
        if (there := within(pool, written).name) != written:
            message = f"--into {pool}: rename {there} to {written}: what is kept is written there"
            raise click.UsageError(message)


def check_answers(read: "Plan | Reading", answers: Mapping[str, str]) -> None:
    """Refuse answers that will not do, and those nothing asks for."""
    for key, value in answers.items():
        if key in read.answers.refused:
            message = f"--answer {key}={value}: expected {read.answers.refused[key]}"
            raise click.UsageError(message)
        if read.tables and key not in read.answers.used:
            message = f"--answer {key}={value}: nothing of the file asks for that"
            raise click.UsageError(message)


def _home(pool: Path | None) -> Path | None:
    """Return the pool itself of a folder that `bcf init` made, which has one inside."""
    from bcf_model.intake.raw_table import within  # noqa: PLC0415
    from bcf_model.publish.first_pool import POOL  # noqa: PLC0415

    if pool is None or within(pool, _SETTINGS).is_file():
        return pool
    inside = pool / POOL
    return inside if within(inside, _SETTINGS).is_file() else pool


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

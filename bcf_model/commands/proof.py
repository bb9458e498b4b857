"""What proves a figure: its derivation, a report made again, a paper audited, the program tried."""

import json
import sys
from pathlib import Path
from typing import Any

import click
import click.shell_completion

from bcf_model import __version__
from bcf_model.commands.options import (
    DATA_HAS_ERRORS,
    EVERY_FINDING,
    NAMED,
    PAPER_IS_WRONG,
    POOL,
    REPORT_DIFFERS,
    AnyPath,
    export,
    output_folder,
    refuse_inside,
    room,
)
from bcf_model.commands.transcribing import transcribed
from bcf_model.core.errors import BcfError, DataHasErrors


@click.command()
@click.argument("report", metavar="OUTPUTS", type=AnyPath(file_okay=False))
@click.option(
    "--pool",
    type=AnyPath(),
    help="What the report was made from.  [default: the inputs in it, or inputs/<name of the "
    "pool>]",
)
@click.option(
    "--agreement",
    type=AnyPath(),
    help="The agreement that was tried in place of the pool's own, where it is not with the pool.",
)
def verify(report: Path, pool: Path | None, agreement: Path | None) -> None:
    """Make a report again from its inputs and compare it, file by file and cell by cell.

    OUTPUTS is the report of a year end or of a scenario, or the folder of several scenarios: then
    each is verified, and their comparison.

    Without its pool (it is looked for in the report, in inputs and here) nothing is made again:
    the files are held against the SHA-256 that run.json lists, which proves that they are the
    files that were written, not that their figures are right.

    Leaves with 0 when the report is what these inputs and this version give, or its files are as
    listed, with 5 when it is not, with 3 when the inputs now have errors, so that nothing can be
    made again, and with 2 when there is no report, or no pool where --pool says. Writes nothing.

    \b
    Example:
      bcf verify outputs/sheffield-2018-19
      bcf verify outputs/sheffield-2018-19/scenarios
      bcf verify reports/2018-19 --pool my-pool.xlsx
    """
    from bcf_model.core.findings import brief  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.verify.pool_location import NoPool, NoReport  # noqa: PLC0415
    from bcf_model.verify.summary import summarise  # noqa: PLC0415
    from bcf_model.verify.verification import verify  # noqa: PLC0415

    if not report.is_dir():
        message = f"there is no report at {brief(str(report))}"
        raise click.BadParameter(message, param_hint="OUTPUTS")
    try:
        found = verify(report, pool, agreement)
    except NoPool as problem:
        raise click.BadParameter(str(problem), param_hint="--pool") from problem
    except NoReport as problem:
        raise click.BadParameter(str(problem), param_hint="OUTPUTS") from problem
    click.echo(summarise(found))
    if found.findings:
        click.echo(findings(found.findings), err=True)
        what = "Not every report can" if found.several else "The report cannot"
        click.echo(f"{tally(found.findings)} {what} be made again.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    if not found.agrees:
        sys.exit(REPORT_DIFFERS)


def _figures_to_complete(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[click.shell_completion.CompletionItem]:
    """Return the figures of the pool's report that begin so; none where there is no sound pool."""
    pool = ctx.params.get("pool")
    if pool is None or not pool.exists():
        return []
    from bcf_model.explain.derivation import names  # noqa: PLC0415
    from bcf_model.pool import load  # noqa: PLC0415
    from bcf_model.publish.derivations import figures_on  # noqa: PLC0415
    from bcf_model.publish.year_end_pages import sheets  # noqa: PLC0415
    from bcf_model.verify.pool_location import explained  # noqa: PLC0415
    from bcf_model.year.pipeline import run  # noqa: PLC0415

    try:
        results = run(load(*explained(pool)))
    except BcfError:
        return []
    return [
        click.shell_completion.CompletionItem(name)
        for name in names(results, figures_on(sheets(results)))
        if name.startswith(incomplete)
    ]


@click.command()
@POOL
@click.argument("figure", required=False, type=NAMED, shell_complete=_figures_to_complete)
@click.option(
    "--list", "listing", is_flag=True,
    help="List the figures of the report with their values; with FIGURE, those that begin so.",
)  # fmt: skip
@click.option(
    "--scenario", "name", type=NAMED, help="Figures of this scenario of the pool, year by year."
)
@click.option(
    "--against",
    type=NAMED,
    help="With --scenario: how its figures differ from those of this other scenario.",
)
@click.option(
    "--agreement",
    type=AnyPath(),
    help="Rules to try, as for bcf risk-share: what they change in what each bears, of the year or "
    "of a scenario.",
)
@click.option(
    "--audit", "printed", is_flag=True,
    help="Of published.csv: what a printed figure may be, by its rounding and by the others.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Tell every part of a long sum.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    help="How to print it.  [default: text]",
)
def explain(
    pool: Path,
    figure: str | None,
    listing: bool,
    name: str | None,
    against: str | None,
    agreement: Path | None,
    printed: bool,
    everything: bool,
    form: str,
) -> None:
    """Explain how a figure came about, down to the file, the row and the page. Writes nothing.

    POOL may be the folder of a report that was made --with-inputs; or FIGURES.csv, as for
    bcf audit: FIGURE is then the published_id of a printed figure.

    FIGURE is written as in a report: a measure, and what it is selected by; or
    settlement/party=CODE, for a balancing payment; or closing/reserve=CODE, for what is
    left in a reserve. Of a scenario: closing, change, gap, position, borne or prevention share
    of a year, or any amount of its tables, as table.column.

    \b
    Example:
      bcf explain inputs/sheffield-2018-19 variance/theme=4/organisation=SCC
      bcf explain inputs/sheffield-2018-19 borne/category=B/bearer=CCG --format md
      bcf explain inputs/sheffield-2018-19 --list borne
      bcf explain inputs/sheffield-2018-19 closing/year=2020-21/line=prevention \\
        --scenario shift-to-prevention
      bcf explain inputs/sheffield-2018-19 closing/year=2020-21/group=prevention \\
        --scenario shift-to-prevention --against do-nothing-2023-24
      bcf explain inputs/sheffield-2018-19 borne/bearer=SCC \\
        --agreement inputs/sheffield-2018-19/agreements/c-by-contribution
      bcf explain inputs/transcriptions/invented-example.csv P14
    """
    from bcf_model.core.errors import UnknownFigure  # noqa: PLC0415
    from bcf_model.core.findings import brief  # noqa: PLC0415
    from bcf_model.explain import derivation, render  # noqa: PLC0415

    if figure is None and not listing:
        message = "name a FIGURE, or ask for the --list of them"
        raise click.UsageError(message)
    if against is not None and name is None:
        message = "--against names another scenario: say with --scenario which it is set beside"
        raise click.UsageError(message)
    printed = printed or pool.suffix.lower() == ".csv"
    if printed and (name is not None or agreement is not None):
        message = "a figure is one of a scenario, of an agreement that is tried, or of a paper"
        raise click.UsageError(message)
    if printed:
        told = _of_paper(pool)
    elif name is not None:
        told = _of_scenario(pool, name, against, agreement, everything)
    else:
        told = _of_year(pool, agreement, everything)
    wanted = (figure or "").strip()
    try:
        if listing:
            as_list = {"text": render.list_as_text, "md": render.list_as_markdown}
            begun = [it for it in told.names() if it.startswith(wanted)]
            if not begun:
                message = f"no figure of the report begins with {brief(wanted)!r}"
                raise UnknownFigure(message)
            listed = {it: told.value_of(it) for it in begun}
            click.echo(as_list.get(form, render.list_as_json)(listed))
            return
        tree = told.explain(wanted)
    except UnknownFigure as problem:
        near = derivation.near(wanted, told.names())
        nearest = [it for it in near if it not in str(problem)]
        hint = f". Near it on the report: {', '.join(nearest)}" if nearest else ""
        message = f"{brief(str(problem))}{hint}."
        raise click.BadParameter(message, param_hint="FIGURE") from problem
    if form == "json":
        click.echo(render.as_json(tree, wanted, **told.about()))
    elif form == "md":
        click.echo(render.as_markdown(tree), nl=False)
    else:
        click.echo(render.as_text(tree, room()))


def _results(pool: Path, agreement: Path | None) -> Any:
    """Return the results of a year; leave where the pool has errors."""
    from bcf_model.pool import check_pool  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.year.pipeline import run  # noqa: PLC0415

    inputs, found = check_pool(pool, agreement)
    try:
        results = run(inputs) if inputs else None
    except DataHasErrors as problem:
        results, found = None, list(problem.findings)
    if results is None:
        click.echo(findings(found), err=True)
        click.echo(f"{tally(found)} Nothing was calculated.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    return results


def _of_year(pool: Path, agreement: Path | None, everything: bool) -> Any:
    """Return what explains the figures of a year end, or what an agreement changes in them."""
    from bcf_model.explain.derivation import YearEnd  # noqa: PLC0415
    from bcf_model.explain.differences import of_agreements  # noqa: PLC0415
    from bcf_model.publish.derivations import figures_on  # noqa: PLC0415
    from bcf_model.publish.year_end_pages import sheets  # noqa: PLC0415
    from bcf_model.verify.pool_location import explained  # noqa: PLC0415

    at, own = explained(pool)
    results = _results(at, own)
    if agreement is None:
        return YearEnd(results, figures_on(sheets(results)), everything=everything)
    if reason := results.inputs.settings.standing.no_share:
        message = f"no share is given: {reason}. Nothing can be compared."
        raise click.BadParameter(message, param_hint="POOL")
    return of_agreements(results, _results(at, agreement), everything=everything)


def _of_scenario(
    pool: Path, name: str, against: str | None, agreement: Path | None, everything: bool
) -> Any:
    """Return what explains the figures of a scenario, or how they differ from another's."""
    from bcf_model.explain.differences import of_scenarios  # noqa: PLC0415
    from bcf_model.explain.scenario_figures import Scenario  # noqa: PLC0415
    from bcf_model.plan.comparison import of_one_perimeter  # noqa: PLC0415
    from bcf_model.plan.load import load_scenario  # noqa: PLC0415
    from bcf_model.plan.projection import project  # noqa: PLC0415

    if against is not None and agreement is not None:
        message = "a scenario is set beside another, or beside itself under an --agreement"
        raise click.UsageError(message)
    scenario = project(*load_scenario(pool, name))
    if agreement is not None:
        under = project(*load_scenario(pool, name, agreement))
        return of_scenarios(scenario, under, everything=everything)
    if against is None:
        return Scenario(scenario, everything=everything)
    first = project(*load_scenario(pool, against))
    if not of_one_perimeter([first, scenario]):
        message = f"{name} and {against} are of two perimeters, and never set against each other"
        raise click.BadParameter(message, param_hint="--against")
    return of_scenarios(first, scenario, everything=everything)


def _of_paper(paper: Path) -> Any:
    """Return what explains the printed figures of a paper; leave where it cannot be audited."""
    from bcf_model.audit.papers import examined  # noqa: PLC0415
    from bcf_model.explain.printed_figures import Printed  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    found, about, problems = examined(paper)
    if found is None or about is None:
        click.echo(findings(problems, "bcf audit"), err=True)
        click.echo(f"{tally(problems)} Nothing was audited.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    return Printed(found, about.name)


@click.command()
@click.argument("earlier", type=AnyPath(file_okay=False))
@click.argument("later", type=AnyPath(file_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to print it.  [default: text]",
)
def diff(earlier: Path, later: Path, form: str) -> None:
    """Show what changed between two issues of a report, and why. Writes nothing.

    EARLIER and LATER are folders of reports: draft and final, or one month and the next. What
    changed of lines, partners, shares, reserves and limits is told with its cause: the lines, the
    agreement, or, of reports made --with-inputs, so much of each.

    \b
    Example:
      bcf diff reports/draft reports/final
      bcf diff reports/month-9 reports/month-10 --format json
    """
    from bcf_model.verify import report_changes  # noqa: PLC0415

    try:
        ends = [report_changes.read_issue(it) for it in (earlier, later)]
        found = report_changes.changes(*ends)
    except report_changes.NoIssue as problem:
        raise click.UsageError(str(problem)) from problem
    if form == "json":
        click.echo(json.dumps(report_changes.as_rows(found), indent=2, ensure_ascii=False))
    else:
        click.echo(report_changes.as_text(found, *ends))


@click.command()
@click.argument("paper", metavar="POOL|FIGURES.csv|TABLE", type=AnyPath())
@output_folder("Folder for the audit.  [default: outputs/<name of the pool or file>]")
@export
@EVERY_FINDING
@click.option(
    "--transcribe", "as_table", is_flag=True,
    help="TABLE is a table of a paper as it stands: CSV, workbook or Word. Show what is a total of "
    "what, and ask; with --yes, write the transcription and audit it.",
)  # fmt: skip
@click.option(
    "--answer", "given", multiple=True, metavar="KEY=VALUE",
    help="Answer a question of --transcribe, as it is shown.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="What --transcribe shows is right: take ready answers.")
@click.option("--title", default="", help="Title of the paper.  [default: as over the table]")
@click.option("--source", default="", help="Where the paper comes from.")
@click.option("--page", default="", help="Page of the table.")
@click.option(
    "--as", "kept", type=AnyPath(), metavar="FIGURES.csv",
    help="Keep the transcription as this file.  [default: TABLE-figures.csv, beside TABLE]",
)  # fmt: skip
def audit(
    paper: Path,
    output: Path | None,
    export: str | None,
    everything: bool,
    as_table: bool,
    given: tuple[str, ...],
    yes: bool,
    title: str,
    source: str,
    page: str,
    kept: Path | None,
) -> None:
    """Audit a printed paper: against the engine, against itself, and how it is set out.

    Of a POOL, the figures of published.csv. Of FIGURES.csv, a plain transcription that says with
    each total what it adds up. Writes a workbook, a web page and tables; leaves with 4 when a
    printed figure cannot be right.

    With --transcribe, TABLE is a table as a paper prints it. It leaves with 6 while questions are
    open, and nothing is written before --yes.

    \b
    Example:
      bcf audit inputs/sheffield-2018-19
      bcf audit inputs/transcriptions/invented-example.csv -o audits/example
      bcf audit --transcribe table.xlsx --page 12 --yes
    """
    if as_table:
        about_paper = {"title": title, "source": source, "page": page}
        paper = transcribed(paper, given, kept, about_paper, yes=yes)
    elif given or yes or title or source or page or kept:
        message = "--answer, --yes, --title, --source, --page and --as go with --transcribe"
        raise click.UsageError(message)
    from bcf_model.audit.papers import examined  # noqa: PLC0415
    from bcf_model.publish.audit.pages import told  # noqa: PLC0415
    from bcf_model.publish.audit.write import write_audit  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    if output is not None:
        refuse_inside((output, output / "tables"), "the audit", {paper: "the pool"})
    found, about, problems = examined(paper)
    if problems:
        click.echo(findings(problems, "bcf audit", everything=everything), err=True)
    if found is None or about is None:
        click.echo(f"{tally(problems)} Nothing was audited.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    target = output or Path("outputs") / about.name
    written = write_audit(found, about, target, sqlite=export == "sqlite")
    click.echo(f"{about.title}\n\n{told(found)}\n")
    for path in written:
        click.echo(f"  {path}")
    if found.something_is_wrong:
        sys.exit(PAPER_IS_WRONG)


@click.command()
def selftest() -> None:
    """Prove this installation: calculate a small pool and compare it with stored pence.

    \b
    Example:
      bcf selftest
    """
    from bcf_model.verify.selftest import selftest as prove  # noqa: PLC0415

    compared = prove()
    click.echo(f"bcf {__version__}: {compared} figures computed and equal to the stored pence.")

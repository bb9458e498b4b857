"""The command line: parse, call, print, exit code. No arithmetic.

Exit codes: 0 done, 1 the program failed, 2 wrong usage, 3 the data has errors, 4 a printed
figure cannot be right, 5 a report differs from what it should be. The heavy imports are inside the
commands, so that help and version answer at once.
"""

import atexit
import errno
import gc
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import click.shell_completion

from bcf_model import __version__
from bcf_model.errors import BcfError, DataHasErrors

PROGRAM_FAILED = 1
DATA_HAS_ERRORS = 3
PAPER_IS_WRONG = 4
REPORT_DIFFERS = 5

MOST_DRAWS = 10_000_000


class _Path(click.Path):
    """A path that could be one; nothing at all is not taken for the present folder."""

    def __init__(self, *, file_okay: bool = True) -> None:
        super().__init__(path_type=Path, file_okay=file_okay)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("nothing is named: give a path", param, ctx)
        try:
            Path(value).stat()
        except (OSError, ValueError) as problem:
            if getattr(problem, "errno", 0) == errno.ENAMETOOLONG:
                self.fail("its name is longer than a file can have", param, ctx)
        return super().convert(value, param, ctx)


_POOL = click.argument("pool", type=_Path())


_Command = TypeVar("_Command", bound=Callable[..., Any])


def _output(said: str) -> Callable[[_Command], _Command]:
    return click.option("-o", "--output", type=_Path(file_okay=False), help=said)


def _refuse_inside(written: Sequence[Path], what: str, sources: Mapping[Path, str]) -> None:
    """Refuse to write into a folder that is read from, or into a folder inside it.

    Args:
        written: the folders that would be written into.
        what: what would be written.
        sources: what is read, each with what it is.
    """
    for folder in written:
        real = Path(os.path.realpath(folder))
        for source, called in sources.items():
            if any(_same_folder(at, source) for at in (real, *real.parents)):
                message = f"{what} would be written into {called} itself: choose another folder"
                raise click.BadParameter(message, param_hint="-o")


def _same_folder(one: Path, other: Path) -> bool:
    try:
        return other.is_dir() and one.exists() and one.samefile(other)
    except OSError:  # a name longer than a file can have
        return False


class _Refused(click.ClickException):
    """The data has errors that only the run could see."""

    exit_code = DATA_HAS_ERRORS


class _Commands(click.Group):
    """Says in one line what went wrong, and leaves with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BcfError as problem:
            kind = _Refused if isinstance(problem, DataHasErrors) else click.ClickException
            raise kind(str(problem)) from problem
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
    epilog="Exit codes: 0 done, 1 the program failed, 2 wrong usage, 3 the data has errors, "
    "4 a printed figure cannot be right, 5 a report differs from what it should be.",
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
    from bcf_model.findings import as_rows, has_errors  # noqa: PLC0415
    from bcf_model.pipeline import run  # noqa: PLC0415
    from bcf_model.plan.load import check_plans  # noqa: PLC0415
    from bcf_model.report.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.report.write import findings_csv  # noqa: PLC0415

    inputs, found = check_pool(pool)
    of_plans = check_plans(pool, inputs)
    if inputs is not None:
        try:  # what only the year's own figures show, such as a control total of what is borne
            run(inputs)
        except DataHasErrors as problem:
            inputs, found = None, list(problem.findings)
    found = [*found, *of_plans]
    if form == "json":
        click.echo(json.dumps(as_rows(found), indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(findings_csv(found), nl=False)
    else:
        if found:
            click.echo(findings(found))
        said = " The report can be made; what has errors in its plans cannot be calculated."
        if inputs is None:
            said = " Nothing can be calculated from this pool."
        click.echo(tally(found) + (said if has_errors(found) else ""))
    if has_errors(found):
        sys.exit(DATA_HAS_ERRORS)


@cli.command()
@_POOL
@_output("Folder for the report.  [default: outputs/<name of the pool>]")
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

    if output is not None:
        _refuse_inside((output, output / "tables"), "the report", {pool: "the pool"})
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
@click.argument("report", metavar="OUTPUTS", type=_Path(file_okay=False))
@click.option(
    "--pool",
    type=_Path(),
    help="What the report was made from.  [default: inputs/<name of the pool>]",
)
@click.option(
    "--agreement",
    type=_Path(),
    help="The agreement that was tried, for a report that `bcf risk-share` wrote.",
)
def verify(report: Path, pool: Path | None, agreement: Path | None) -> None:
    """Make a report again from its inputs and compare it, file by file and cell by cell.

    Leaves with 0 when the report is what these inputs and this version give, with 5 when it is
    not, with 3 when the inputs now have errors, so that nothing can be made again. Writes nothing.

    \b
    Example:
      bcf verify outputs/sheffield-2018-19
      bcf verify reports/2018-19 --pool my-pool.xlsx
    """
    from bcf_model.report.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.verify.told import told  # noqa: PLC0415
    from bcf_model.verify.verification import NoPool, NoReport, verify  # noqa: PLC0415

    if not report.is_dir():
        message = f"there is no report at {report}"
        raise click.BadParameter(message, param_hint="OUTPUTS")
    try:
        found = verify(report, pool, agreement)
    except NoPool as problem:
        raise click.BadParameter(str(problem), param_hint="--pool") from problem
    except NoReport as problem:
        raise click.BadParameter(str(problem), param_hint="OUTPUTS") from problem
    click.echo(told(found))
    if found.findings:
        click.echo(findings(found.findings), err=True)
        click.echo(f"{tally(found.findings)} The report cannot be made again.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    if not found.agrees:
        sys.exit(REPORT_DIFFERS)


def _figures_to_complete(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[click.shell_completion.CompletionItem]:
    """Give the figures of the pool's report that begin so; none where there is no sound pool."""
    pool = ctx.params.get("pool")
    if pool is None or not pool.exists():
        return []
    from bcf_model.check import load  # noqa: PLC0415
    from bcf_model.explain.derivation import names  # noqa: PLC0415
    from bcf_model.pipeline import run  # noqa: PLC0415
    from bcf_model.report.derivations import figures_on  # noqa: PLC0415
    from bcf_model.report.pages import sheets  # noqa: PLC0415

    try:
        results = run(load(pool))
    except BcfError:
        return []
    return [
        click.shell_completion.CompletionItem(name)
        for name in names(results, figures_on(sheets(results)))
        if name.startswith(incomplete)
    ]


@cli.command()
@_POOL
@click.argument("figure", required=False, shell_complete=_figures_to_complete)
@click.option(
    "--list", "listing", is_flag=True,
    help="List the figures of the report with their values; with FIGURE, those that begin so.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help="Tell every part of a long sum.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "md"]),
    default="text",
    help="How to print it.  [default: text]",
)
def explain(pool: Path, figure: str | None, listing: bool, everything: bool, form: str) -> None:
    """Tell how a figure came about, down to the file, the row and the page. Writes nothing.

    FIGURE is written as in a report: a measure, and what it is selected by; or
    settlement/party=CODE, for a balancing payment; or closing/reserve=CODE, for what is
    left in a reserve.

    \b
    Example:
      bcf explain inputs/sheffield-2018-19 variance/theme=4/organisation=SCC
      bcf explain inputs/sheffield-2018-19 borne/category=B/bearer=CCG --format md
      bcf explain inputs/sheffield-2018-19 --list borne
    """
    from shutil import get_terminal_size  # noqa: PLC0415

    from bcf_model.check import check_pool  # noqa: PLC0415
    from bcf_model.errors import DataHasErrors, UnknownFigure  # noqa: PLC0415
    from bcf_model.explain import derivation, told  # noqa: PLC0415
    from bcf_model.pipeline import run  # noqa: PLC0415
    from bcf_model.report.derivations import figures_on  # noqa: PLC0415
    from bcf_model.report.pages import sheets  # noqa: PLC0415
    from bcf_model.report.terminal import findings, tally  # noqa: PLC0415

    if figure is None and not listing:
        message = "name a FIGURE, or ask for the --list of them"
        raise click.UsageError(message)
    inputs, found = check_pool(pool)
    try:
        results = run(inputs) if inputs else None
    except DataHasErrors as problem:
        results, found = None, list(problem.findings)
    if results is None or inputs is None:
        click.echo(findings(found), err=True)
        click.echo(f"{tally(found)} Nothing was calculated.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    wanted = (figure or "").strip()
    named = derivation.names(results, figures_on(sheets(results)))
    try:
        if listing:
            as_list = {"text": told.list_as_text, "md": told.list_as_markdown}
            begun = [name for name in named if name.startswith(wanted)]
            if not begun:
                message = f"no figure of the report begins with {wanted!r}"
                raise UnknownFigure(message)
            listed = {name: derivation.value_of(results, name) for name in begun}
            click.echo(as_list.get(form, told.list_as_json)(listed))
            return
        tree = derivation.explain_named(results, wanted, everything=everything)
    except UnknownFigure as problem:
        nearest = [it for it in derivation.near(wanted, named) if it not in str(problem)]
        hint = f". Near it on the report: {', '.join(nearest)}" if nearest else ""
        message = f"{told.brief(str(problem))}{hint}."
        raise click.BadParameter(message, param_hint="FIGURE") from problem
    if form == "json":
        year = inputs.settings.financial_year
        click.echo(told.as_json(tree, wanted, pool=inputs.name, financial_year=year))
    elif form == "md":
        click.echo(told.as_markdown(tree), nl=False)
    else:
        click.echo(told.as_text(tree, get_terminal_size((100, 24)).columns))


@cli.command()
@click.argument("paper", metavar="POOL|FIGURES.csv", type=_Path())
@_output("Folder for the audit.  [default: outputs/<name of the pool or file>]")
def audit(paper: Path, output: Path | None) -> None:
    """Audit a printed paper: against the engine, against itself, and how it is set out.

    Of a POOL, the figures of published.csv. Of FIGURES.csv, a plain transcription that says with
    each total what it adds up. Writes a workbook, a web page and tables; leaves with 4 when a
    printed figure cannot be right.

    \b
    Example:
      bcf audit inputs/sheffield-2018-19
      bcf audit inputs/transcriptions/invented-example.csv -o audits/example
    """
    from bcf_model.audit.papers import examined  # noqa: PLC0415
    from bcf_model.report.audit.pages import told  # noqa: PLC0415
    from bcf_model.report.audit.write import write_audit  # noqa: PLC0415
    from bcf_model.report.terminal import findings, tally  # noqa: PLC0415

    if output is not None:
        _refuse_inside((output, output / "tables"), "the audit", {paper: "the pool"})
    found, about, problems = examined(paper)
    if problems:
        click.echo(findings(problems), err=True)
    if found is None or about is None:
        click.echo(f"{tally(problems)} Nothing was audited.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    written = write_audit(found, about, output or Path("outputs") / about.name)
    click.echo(f"{about.title}\n\n{told(found)}\n")
    for path in written:
        click.echo(f"  {path}")
    if found.something_is_wrong:
        sys.exit(PAPER_IS_WRONG)


def _beside(pool: Path) -> list[Path]:
    """Give the agreements that stand beside a pool: folders, and rules as CSV."""
    try:
        found = sorted((pool / "agreements").iterdir())
    except OSError:  # there are none, or no pool: what is wrong with that is a finding
        return []
    shown = (path for path in found if not path.name.startswith((".", "~$")))
    return [path for path in shown if path.is_dir() or path.suffix.lower() == ".csv"]


@cli.command("risk-share")
@_POOL
@click.option(
    "--agreement",
    "agreements",
    type=_Path(),
    multiple=True,
    help="Rules to try: a CSV, or a folder with rules.csv and facts; may be given again.  "
    "[default: every one in POOL/agreements]",
)
@_output("Folder for the comparison, and a whole report under each agreement.")
def risk_share(pool: Path, agreements: tuple[Path, ...], output: Path | None) -> None:
    """Compare agreements on the same outturn: what each partner bears under each.

    \b
    Example:
      bcf risk-share inputs/sheffield-2018-19
      bcf risk-share my-pool --agreement draft-rules.csv --agreement other -o compared
    """
    from shutil import get_terminal_size  # noqa: PLC0415

    from bcf_model.check import check_pool  # noqa: PLC0415
    from bcf_model.findings import Finding  # noqa: PLC0415
    from bcf_model.pipeline import compare, run  # noqa: PLC0415
    from bcf_model.read import name_of  # noqa: PLC0415
    from bcf_model.report.comparison.terminal import comparison  # noqa: PLC0415
    from bcf_model.report.comparison.write import (  # noqa: PLC0415
        trouble_with_names,
        write_comparison,
    )
    from bcf_model.report.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.tables import OWN_AGREEMENT  # noqa: PLC0415

    chosen = list(agreements) or _beside(pool)
    named = [(name_of(path), path) for path in chosen]
    if trouble := trouble_with_names(named):
        raise click.BadParameter(trouble, param_hint="--agreement")
    if output is not None:
        folders = [output, *(output / name for name, _ in named), output / OWN_AGREEMENT.name]
        sources = {pool: "the pool"} | dict.fromkeys(chosen, "an agreement")
        written = [at for folder in folders for at in (folder, folder / "tables")]
        _refuse_inside(written, "the comparison", sources)
    tried, known = [], dict[Finding, None]()
    for agreement in (None, *chosen):
        inputs, found = check_pool(pool, agreement)
        new = [finding for finding in found if finding not in known]
        known |= dict.fromkeys(new)
        if new:
            if agreement:
                click.echo(f"Under {agreement.name}:", err=True)
            click.echo(findings(new), err=True)
        if inputs is None:
            said = f" {agreement.name} cannot be applied." if agreement else ""
            click.echo(f"{tally(found)}{said} Nothing was compared.", err=True)
            sys.exit(DATA_HAS_ERRORS)
        tried.append(run(inputs))
    compared = compare(tried)
    click.echo(comparison(compared, tried, get_terminal_size((100, 24)).columns))
    if not chosen:
        click.echo("\nOnly the pool's own agreement: name others with --agreement.")
    if output is not None:
        for path in write_comparison(compared, tried, output):
            click.echo(f"  {path}")


@cli.command()
@_POOL
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--show", is_flag=True, help="Print what is in force, and where each of it was set.")
@click.option(
    "--draws", type=click.IntRange(1, MOST_DRAWS), help="Draw each so often: how sure it is."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of the draws.")
@_output("Folder for the reports.  [default: outputs/<name of the pool>/scenarios]")
def scenario(
    pool: Path,
    names: tuple[str, ...],
    show: bool,
    draws: int | None,
    seed: int,
    output: Path | None,
) -> None:
    """Calculate scenarios of a pool: a report of each, and of several a comparison.

    Without a NAME, lists the scenarios. Writes workbook, web page, tables and manifest into a
    folder of each scenario's name; several are compared with the first.

    \b
    Example:
      bcf scenario inputs/sheffield-2018-19
      bcf scenario inputs/sheffield-2018-19 published-2019-20
      bcf scenario inputs/sheffield-2018-19 published-2019-20 --show
      bcf scenario inputs/sheffield-2018-19 shift-to-prevention --draws 10000
      bcf scenario inputs/sheffield-2018-19 do-nothing-2023-24 shift-to-prevention -o compared
    """
    from bcf_model.plan.load import (  # noqa: PLC0415
        check_scenario,
        scenario_names,
        scenarios_listed,
    )
    from bcf_model.plan.told import in_force  # noqa: PLC0415
    from bcf_model.report.terminal import findings, tally  # noqa: PLC0415

    if not names and not show:
        listed = scenarios_listed(pool)
        widest = max((len(name) for name, _, _ in listed), default=0)
        for name, title, status in listed:
            click.echo(f"{name:<{widest}}  {title} ({status})" if title else f"{name}  ({status})")
        if not listed:
            click.echo("No scenarios: add a folder with a scenario.toml to POOL/scenarios.")
        return
    wanted = list(dict.fromkeys(names)) or scenario_names(pool)
    target = output or Path("outputs") / pool.stem / "scenarios"
    if not show:
        written = [at for name in wanted for at in (target / name, target / name / "tables")]
        _refuse_inside([target, *written], "the report", {pool: "the pool"})
    loaded, known = [], dict[Any, None]()
    for name in wanted:
        one, found = check_scenario(pool, name)
        new = [finding for finding in found if finding not in known]
        known |= dict.fromkeys(new)
        if new:
            click.echo(findings(new), err=True)
        if one is None:
            click.echo(f"{tally(found)} Nothing can be calculated from {name}.", err=True)
            sys.exit(DATA_HAS_ERRORS)
        loaded.append(one)
    if show:
        for one in loaded:
            click.echo(in_force(*one))
        return
    _calculated(loaded, target, draws, seed)


def _calculated(loaded: Sequence[Any], target: Path, draws: int | None, seed: int) -> None:
    """Calculate scenarios, print them, and write their reports."""
    from shutil import get_terminal_size  # noqa: PLC0415

    from bcf_model.plan.projection import project  # noqa: PLC0415
    from bcf_model.plan.variants import without_return  # noqa: PLC0415
    from bcf_model.report.scenario.comparison_terminal import compared  # noqa: PLC0415
    from bcf_model.report.scenario.terminal import told  # noqa: PLC0415
    from bcf_model.report.scenario.uncertainty_pages import TABLES  # noqa: PLC0415
    from bcf_model.report.scenario.uncertainty_terminal import told as how_sure  # noqa: PLC0415
    from bcf_model.report.scenario.view import view  # noqa: PLC0415
    from bcf_model.report.scenario.write import Shown, write_scenarios  # noqa: PLC0415
    from bcf_model.report.terminal import findings  # noqa: PLC0415

    room, shown = get_terminal_size((100, 24)).columns, []
    for plan, one in loaded:
        try:
            made = project(plan, one)
        except DataHasErrors as problem:
            click.echo(findings(problem.findings), err=True)
            click.echo(f"Nothing can be calculated from {one.name}.", err=True)
            sys.exit(DATA_HAS_ERRORS)
        pays = len(made.tables["prevention"]) > 0
        beside = project(plan, without_return(one), made.factor) if pays else None
        shown.append(Shown(made, beside, _drawn(made, draws, seed) if draws else None))
    for one in shown:
        click.echo(told(view(one.projection), room))
        click.echo("")
        if one.drawn is not None:
            click.echo(how_sure(view(one.projection), one.drawn, room))
            click.echo("")
    if len(shown) > 1:
        click.echo(compared([one.projection for one in shown], room))
        click.echo("")
    for path in write_scenarios(shown, target):
        if path.parent.name != "tables":
            click.echo(f"  {path}")
    for one in shown:
        name = one.projection.scenario.name
        count = len(one.projection.tables) + (len(TABLES) if one.drawn is not None else 0)
        click.echo(f"  {target / name / 'tables'}/ ({count} CSV tables)")


def _drawn(projection: Any, draws: int, seed: int) -> Any:
    """Draw a scenario; on a terminal, tell how far it is and how long it still takes."""
    from bcf_model.plan.uncertainty import simulate  # noqa: PLC0415

    name, hidden = f"Drawing {projection.scenario.name}", not sys.stderr.isatty()
    with click.progressbar(length=draws, label=name, file=sys.stderr, hidden=hidden) as bar:
        return simulate(projection, draws, seed, bar.update)


@cli.command()
@_POOL
@click.argument("earlier")
@click.argument("later")
def movement(pool: Path, earlier: str, later: str) -> None:
    """Say what moved from one budget version to another, by theme, organisation and cause.

    Versions are those of budgets.csv, and 'year-end budget', 'outturn' and 'blocks'.

    \b
    Example:
      bcf movement inputs/sheffield-2018-19 "closing 2018-19" "initial 2019-20"
    """
    from shutil import get_terminal_size  # noqa: PLC0415

    from bcf_model.findings import one_of  # noqa: PLC0415
    from bcf_model.plan import versions  # noqa: PLC0415
    from bcf_model.plan.load import load_plan  # noqa: PLC0415
    from bcf_model.plan.projection import frames_of  # noqa: PLC0415
    from bcf_model.plan.words import BLOCKS  # noqa: PLC0415
    from bcf_model.report.scenario.answers_terminal import movement as laid_out  # noqa: PLC0415

    plan = load_plan(pool)
    frames = frames_of(plan)
    known = versions.version_names(frames)
    for name in (earlier, later):
        if name not in known:
            message = f"there is no version {name!r}; {one_of(known, name)}"
            raise click.UsageError(message)
    if (earlier == BLOCKS) != (later == BLOCKS):
        message = "blocks are of the city's spending, and not compared with budgets of the pool"
        raise click.UsageError(message)
    budgets = versions.budgets_by_place(frames, earlier, later)
    found = versions.movement(frames, earlier, later)
    columns = get_terminal_size((100, 24)).columns
    click.echo(laid_out(found, budgets, plan.inputs.settings.unit, columns))


@cli.command()
@_POOL
def efficiencies(pool: Path) -> None:
    """Say what base each printed savings target (CIP or QIPP) is a percentage of.

    \b
    Example:
      bcf efficiencies inputs/sheffield-2018-19
    """
    from shutil import get_terminal_size  # noqa: PLC0415

    from bcf_model.plan.efficiencies import implied_bases, totals  # noqa: PLC0415
    from bcf_model.plan.load import load_plan  # noqa: PLC0415
    from bcf_model.report.scenario.answers_terminal import efficiencies as laid_out  # noqa: PLC0415

    bases = implied_bases(load_plan(pool).tables["efficiencies"])
    if bases.empty:
        click.echo("No printed targets: add efficiencies.csv to the pool.")
        return
    click.echo(laid_out(bases, totals(bases), get_terminal_size((100, 24)).columns))


@cli.command()
@_POOL
@click.argument("name")
@click.argument("assumption")
@click.argument("figure")
@click.option("--to", "target", required=True, help="What the figure is to be.")
@click.option(
    "--between", nargs=2, metavar="LOW HIGH", help="Values of the assumption to look between."
)
def solve(
    pool: Path,
    name: str,
    assumption: str,
    figure: str,
    target: str,
    between: tuple[str, str] | None,
) -> None:
    """Ask backwards: what value of ASSUMPTION brings FIGURE of scenario NAME to a target?

    FIGURE is gap, closing, position or borne (the target in pounds), or prevention share (in
    percent), of a year. Values of the assumption are in its own unit.

    \b
    Example:
      bcf solve inputs/sheffield-2018-19 shift-to-prevention "return on prevention" \\
        position/year=2023-24 --to 0
    """
    from bcf_model.errors import UnknownFigure  # noqa: PLC0415
    from bcf_model.plan import backwards  # noqa: PLC0415
    from bcf_model.plan.load import load_scenario  # noqa: PLC0415
    from bcf_model.report.scenario.answers_terminal import answer  # noqa: PLC0415

    plan, scenario = load_scenario(pool, name)
    try:
        goal = backwards.read_goal(figure)
        unit = backwards.units_of(scenario, assumption)
        wanted = backwards.read_target(target, goal)
        ends = [backwards.read_value(text, unit) for text in between or ()]
        bounds = (ends[0], ends[1]) if ends else None
        found = backwards.backwards(plan, scenario, assumption, goal, wanted, bounds)
    except UnknownFigure as problem:
        raise click.UsageError(str(problem)) from problem
    click.echo(answer(found, assumption, unit, goal, wanted))


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

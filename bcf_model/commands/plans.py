"""The years to come: scenarios, movements between budgets, targets, questions asked backwards."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bcf_model.commands.options import (
    DATA_HAS_ERRORS,
    NAMED,
    POOL,
    AnyPath,
    beside_itself,
    export,
    output_folder,
    refuse_inside,
    room,
    with_inputs,
)
from bcf_model.commands.progress import bar, counting, note
from bcf_model.core.errors import DataHasErrors
from bcf_model.plan.words import MOST_DRAWS


@click.command()
@POOL
@click.argument("names", metavar="[NAME]...", nargs=-1, type=NAMED)
@click.option("--show", is_flag=True, help="Print what is in force, and where each of it was set.")
@click.option(
    "--draws",
    type=click.IntRange(1, MOST_DRAWS),
    help="How often to draw each scenario at random, to see how sure its result is.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Where the draws start: the same seed gives the same draws.",
)
@click.option(
    "--set",
    "asked",
    multiple=True,
    metavar="ASSUMPTION=VALUE",
    type=NAMED,
    help="Try another value of an assumption beside the scenario; may be given again. Nothing is "
    "written.",
)
@click.option("--save", type=NAMED, help="Keep what is set as a scenario of this name.")
@click.option(
    "--agreement",
    "agreements",
    type=AnyPath(),
    multiple=True,
    help="Rules to try on each NAME too, as for bcf risk-share: a CSV, or a folder with rules.csv; "
    "may be given again.",
)
@output_folder("Folder for the reports.  [default: outputs/<name of the pool>/scenarios]")
@with_inputs
@export
def scenario(
    pool: Path,
    names: tuple[str, ...],
    show: bool,
    draws: int | None,
    seed: int,
    asked: tuple[str, ...],
    save: str | None,
    agreements: tuple[Path, ...],
    output: Path | None,
    with_inputs: bool,
    export: str | None,
) -> None:
    """Calculate scenarios of a pool: a report of each, and of several a comparison.

    Without a NAME, lists the scenarios. Writes workbook, web page, tables and manifest into a
    folder of each scenario's name; several are compared with the first. Under an --agreement a
    scenario is one more, 'NAME under AGREEMENT': who would bear what of its variance.

    \b
    Example:
      bcf scenario inputs/sheffield-2018-19
      bcf scenario inputs/sheffield-2018-19 published-2019-20
      bcf scenario inputs/sheffield-2018-19 published-2019-20 --show
      bcf scenario inputs/sheffield-2018-19 shift-to-prevention --draws 10000
      bcf scenario inputs/sheffield-2018-19 do-nothing-2023-24 shift-to-prevention -o compared
      bcf scenario inputs/sheffield-2018-19 shift-to-prevention --set inflation=3
      bcf scenario my-pool next-three-years --agreement draft-rules.csv --draws 10000
    """
    from bcf_model.intake.folder import name_of  # noqa: PLC0415
    from bcf_model.plan.in_force import in_force  # noqa: PLC0415
    from bcf_model.plan.load import check_scenarios, scenario_names  # noqa: PLC0415

    if agreements and (show or not names):
        message = (
            "--agreement goes with a NAME, which is calculated under it too; not with --show: what "
            "is in force is the same under any, so show it without"
        )
        raise click.UsageError(message)
    if asked or save:
        others = show or output or with_inputs or export or agreements
        if not asked or len(names) != 1 or others:
            message = (
                "--set goes with one NAME, and with --draws, --seed and --save alone: for anything "
                "else keep it with --save, and name what is kept"
            )
            raise click.UsageError(message)
        _what_if(pool, names[0], asked, save, draws, seed)
        return
    if not names and not (show and scenario_names(pool)):
        _print_listed(pool)
        return
    wanted = list(dict.fromkeys(names)) or scenario_names(pool)
    target = output or Path("outputs") / name_of(pool) / "scenarios"
    if not show:
        _refuse_inside(pool, target, [*_names(pool, wanted, agreements)], agreements)
    loaded = _sound(check_scenarios(pool, wanted))
    if agreements:
        loaded = _tried(pool, wanted, agreements, loaded)
    if show:
        for one in loaded:
            click.echo(in_force(*one))
        return
    shown = _calculated(loaded, draws, seed)
    _print_each(shown)
    _print_compared(shown)
    _write(shown, target, with_inputs, sqlite=export == "sqlite")


def _names(pool: Path, names: Sequence[str], agreements: Sequence[Path]) -> list[str]:
    """Return what the reports are called; leave where two could not be told apart."""
    from bcf_model.intake.folder import name_of  # noqa: PLC0415
    from bcf_model.plan.load import scenario_names  # noqa: PLC0415
    from bcf_model.plan.other_agreement import name_under  # noqa: PLC0415
    from bcf_model.publish.comparison.write import trouble_with_names  # noqa: PLC0415

    tried = [(name_of(path), path) for path in agreements]
    trouble = trouble_with_names(tried)
    under = [name_under(name, called) for name in names for called, _ in tried]
    for name in scenario_names(pool) if under else ():
        if name.casefold() in map(str.casefold, under):
            trouble = f"the pool has a scenario that is called {name!r} already: rename one of them"
    if trouble:
        raise click.BadParameter(trouble, param_hint="--agreement")
    return [*names, *under]


def _tried(
    pool: Path, names: Sequence[str], agreements: Sequence[Path], own: Sequence[Any]
) -> list[Any]:
    """Return each scenario, followed by the same under each agreement; leave where one is none."""
    from bcf_model.plan.load import check_scenarios  # noqa: PLC0415
    from bcf_model.plan.other_agreement import same_terms  # noqa: PLC0415

    every = [own]
    told = {finding: None for plan, _ in own[:1] for finding in plan.inputs.findings}
    for agreement in agreements:
        under = _sound(check_scenarios(pool, names, agreement), told, agreement.name)
        if same_terms(own[0][0].inputs, under[0][0].inputs):
            message = f"{agreement} is the pool's own agreement: there is nothing to compare"
            raise click.BadParameter(message, param_hint="--agreement")
        every.append(under)
    return [it for of_name in zip(*every, strict=True) for it in of_name]


def _sound(
    checked: Mapping[str, Any], told: Mapping[Any, None] | None = None, agreement: str = ""
) -> list[Any]:
    """Return plans and scenarios that are sound, and print each finding once.

    Args:
        checked: by name.
        told: findings that were printed before.
        agreement: the one that is tried, if one is.
    """
    from bcf_model.core.findings import brief  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    loaded, known = [], dict[Any, None](told or {})
    for name, (one, found) in checked.items():
        new = [finding for finding in found if finding not in known]
        known |= dict.fromkeys(new)
        if new:
            if agreement:
                click.echo(f"Under {agreement}:", err=True)
            click.echo(findings(new), err=True)
        if one is None:
            under = f" under {agreement}" if agreement else ""
            said = f"{tally(found)} Nothing can be calculated from {brief(name)}{under}."
            click.echo(said, err=True)
            sys.exit(DATA_HAS_ERRORS)
        loaded.append(one)
    return loaded


def _print_listed(pool: Path) -> None:
    """Print the scenarios of a pool, a line each; or that there are none."""
    from bcf_model.plan.load import scenarios_listed  # noqa: PLC0415
    from bcf_model.pool import check_pool  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415

    listed = scenarios_listed(pool)
    widest = max((len(name) for name, _, _ in listed), default=0)
    for name, title, status in listed:
        click.echo(f"{name:<{widest}}  {title} ({status})" if title else f"{name}  ({status})")
    if listed:
        return
    inputs, found = check_pool(pool)
    if inputs is None:
        click.echo(findings(found), err=True)
        click.echo(f"{tally(found)} There is nothing to calculate.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    click.echo(
        "No scenarios: add a folder with a scenario.toml to POOL/scenarios; in a workbook, rows to "
        "the sheet scenarios."
    )


def _refuse_inside(
    pool: Path, target: Path, names: Sequence[str], agreements: Sequence[Path]
) -> None:
    """Refuse a folder of reports that lies in what they are made from."""
    folders = [target, *(target / name for name in names)]
    written = [
        at for folder in folders for at in (folder, folder / "tables", *beside_itself(folder, pool))
    ]
    refuse_inside(
        written, "the report", {pool: "the pool"} | dict.fromkeys(agreements, "an agreement")
    )


def _what_if(
    pool: Path, name: str, asked: Sequence[str], save: str | None, draws: int | None, seed: int
) -> None:
    """Set a scenario beside one in which some assumptions are others; keep that if it is named."""
    from bcf_model.core.errors import UnknownFigure  # noqa: PLC0415
    from bcf_model.intake.folder import SCENARIOS  # noqa: PLC0415
    from bcf_model.intake.raw_table import within  # noqa: PLC0415
    from bcf_model.plan import what_if  # noqa: PLC0415
    from bcf_model.plan.load import check_what_if  # noqa: PLC0415
    from bcf_model.publish.scenario.write import write_inputs  # noqa: PLC0415

    if save and pool.is_file():
        message = (
            "--save keeps a scenario in a folder: take the workbook into one with bcf convert, or "
            "type its rows into the workbook"
        )
        raise click.UsageError(message)
    try:
        checked, files = check_what_if(
            pool, name, lambda base: what_if.files_of(base, asked), "--set", save
        )
    except UnknownFigure as problem:
        raise click.UsageError(str(problem)) from problem
    loaded = _sound(checked)
    shown = _calculated(loaded, draws, seed)
    for sentence in what_if.changes(loaded[0][1], asked):
        click.echo(sentence)
    if loaded[1][1].calibrated_by is not None:
        click.echo(
            "Percentages are multiplied by the factor that was found for "
            f"{loaded[1][1].calibrated_by.name}: it is not found anew."
        )
    click.echo("")
    _print_compared(shown, written=False)
    if not save:
        click.echo("Nothing was written: --save NAME keeps it as a scenario of the pool.")
        return
    paths = write_inputs(files, within(pool, SCENARIOS) / save)
    click.echo("\n".join([f"Kept as the scenario {save}:", *(f"  {path}" for path in paths)]))


def _calculated(loaded: Sequence[Any], draws: int | None, seed: int) -> list[Any]:
    """Calculate scenarios, and print what only their results could show to be wrong."""
    from bcf_model.core.findings import run_checks  # noqa: PLC0415
    from bcf_model.plan.checks.results import CHECKS, Calculated  # noqa: PLC0415
    from bcf_model.plan.projection import project  # noqa: PLC0415
    from bcf_model.publish.scenario.write import to_show  # noqa: PLC0415
    from bcf_model.publish.terminal import findings  # noqa: PLC0415

    shown = []
    with bar("Calculating", len(loaded), hidden=len(loaded) == 1 or bool(draws)) as progress:
        for plan, one in loaded:
            try:
                made = project(plan, one)
            except DataHasErrors as problem:
                progress.finish()
                click.echo(findings(problem.findings), err=True)
                click.echo(f"Nothing can be calculated from {one.name}.", err=True)
                sys.exit(DATA_HAS_ERRORS)
            shown.append(to_show(made, _drawn(made, draws, seed) if draws else None))
            progress.update(1)
    known_now = [
        finding
        for one in shown
        for finding in run_checks(
            CHECKS, Calculated(one.projection.scenario.name, one.projection.tables)
        )
    ]
    if known_now:
        click.echo(findings(known_now), err=True)
    return shown


def _print_each(shown: Sequence[Any]) -> None:
    from bcf_model.core.tables import OWN_AGREEMENT  # noqa: PLC0415
    from bcf_model.publish.scenario.lookups import view  # noqa: PLC0415
    from bcf_model.publish.scenario.terminal import told  # noqa: PLC0415
    from bcf_model.publish.scenario.uncertainty_terminal import told as how_sure  # noqa: PLC0415

    # Under another agreement all is the same but who bears it, which the comparison says.
    own = (it for it in shown if it.projection.plan.inputs.agreement == OWN_AGREEMENT)
    for one in own:
        click.echo(f"{told(view(one.projection), room())}\n")
        if one.drawn is not None:
            click.echo(f"{how_sure(view(one.projection), one.drawn, room())}\n")


def _print_compared(shown: Sequence[Any], *, written: bool = True) -> None:
    from bcf_model.publish.scenario.comparison_terminal import compared  # noqa: PLC0415

    if len(shown) > 1:
        drawn = [it.drawn for it in shown]
        projections = [it.projection for it in shown]
        click.echo(f"{compared(projections, room(), drawn, written=written)}\n")


def _write(shown: Sequence[Any], target: Path, with_inputs: bool, *, sqlite: bool) -> None:
    """Write the reports of scenarios, and print where they are."""
    from bcf_model.publish.scenario.write import older_comparison, write_scenarios  # noqa: PLC0415

    with note(f"Writing {len(shown)} reports" if len(shown) > 1 else ""):
        paths = write_scenarios(shown, target, with_inputs=with_inputs, sqlite=sqlite)
    folders = [target / one.projection.scenario.name for one in shown]
    for path in paths:
        if path.parent in (target, *folders):
            click.echo(f"  {path}")
    for folder in folders:
        tables, beside = folder / "tables", folder / "inputs"
        click.echo(f"  {tables}/ ({sum(path.parent == tables for path in paths)} CSV tables)")
        if with_inputs:
            click.echo(f"  {beside}/ ({sum(beside in path.parents for path in paths)} files)")
    if older := older_comparison(shown, target):
        click.echo(older, err=True)


def _drawn(projection: Any, draws: int, seed: int) -> Any:
    """Draw a scenario; on a terminal, tell how far it is and how long it still takes."""
    from bcf_model.plan.uncertainty import simulate  # noqa: PLC0415

    with bar(f"Drawing {projection.scenario.name}", draws) as progress:
        return simulate(projection, draws, seed, progress.update)


@click.command()
@POOL
@click.argument("earlier", type=NAMED)
@click.argument("later", type=NAMED)
def movement(pool: Path, earlier: str, later: str) -> None:
    """Show what moved from one budget version to another, by theme, organisation and cause.

    Versions are those of budgets.csv, 'blocks', and the schemes' own: 'year-end budget' and
    'outturn' once the year is over, before that 'budget', and 'plan' or 'forecast'.

    \b
    Example:
      bcf movement inputs/sheffield-2018-19 "closing 2018-19" "initial 2019-20"
    """
    from bcf_model.core.basis import BLOCKS  # noqa: PLC0415
    from bcf_model.core.findings import brief, one_of  # noqa: PLC0415
    from bcf_model.plan import budget_versions  # noqa: PLC0415
    from bcf_model.plan.load import load_plan  # noqa: PLC0415
    from bcf_model.publish.scenario.answers_terminal import movement as laid_out  # noqa: PLC0415

    plan = load_plan(pool)
    known = budget_versions.version_names(plan.stated_versions)
    for name in (earlier, later):
        if name not in known:
            message = f"there is no version {brief(name)!r}; {one_of(known, name)}"
            raise click.UsageError(message)
    if (earlier == BLOCKS) != (later == BLOCKS):
        message = "blocks are of the city's spending, and not compared with budgets of the pool"
        raise click.UsageError(message)
    budgets = budget_versions.budgets_by_place(plan.stated_versions, earlier, later)
    found = budget_versions.movement(plan.stated_versions, earlier, later)
    lost = budget_versions.not_given(found, budgets)
    click.echo(laid_out(found, budgets, lost, plan.inputs.settings.unit, room()))


@click.command()
@POOL
def efficiencies(pool: Path) -> None:
    """Show what base each printed savings target (CIP or QIPP) is a percentage of.

    \b
    Example:
      bcf efficiencies inputs/sheffield-2018-19
    """
    from bcf_model.plan.efficiencies import implied_bases, totals  # noqa: PLC0415
    from bcf_model.plan.load import load_plan  # noqa: PLC0415
    from bcf_model.publish.scenario.answers_terminal import efficiencies as laid_out  # noqa: PLC0415

    plan = load_plan(pool)
    bases = implied_bases(plan.tables["efficiencies"])
    if bases.empty:
        click.echo("No printed targets: add efficiencies.csv to the pool.")
        return
    partners = plan.inputs.organisations.set_index("organisation")["name"].to_dict()
    named = bases.assign(body=[partners.get(body, body) for body in bases["body"]])
    click.echo(laid_out(named, totals(bases), room()))


@click.command()
@POOL
@click.argument("name", type=NAMED)
@click.argument("assumption", type=NAMED)
@click.argument("figure", type=NAMED)
@click.option("--to", "target", type=NAMED, required=True, help="What the figure is to be.")
@click.option(
    "--between",
    nargs=2,
    type=NAMED,
    metavar="LOW HIGH",
    help="Values of the assumption to look between.",
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
    percent), of a year. Values of ASSUMPTION are in its own unit, and within what it can be. The
    value found is for every year it is stated for, or for one: ASSUMPTION/year=2022-23.

    ASSUMPTION may also be a programme of prevention, of which what is invested a year is found; or
    'shift from SCOPE to SCOPE', which is moved from one year on, and no more than the lines it
    comes off have. Both are in the pool's unit, and not below nil.

    \b
    Example:
      bcf solve inputs/sheffield-2018-19 shift-to-prevention "return on prevention" \\
        position/year=2023-24 --to 0
      bcf solve inputs/sheffield-2018-19 do-nothing-2023-24 \\
        "shift from block=acute to block=prevention" "prevention share/year=2023-24" --to 5
    """
    from bcf_model.core.errors import UnknownFigure  # noqa: PLC0415
    from bcf_model.plan import goal_seek  # noqa: PLC0415
    from bcf_model.plan.goal_seek_inputs import read_value  # noqa: PLC0415
    from bcf_model.plan.goal_seek_moves import read_asked  # noqa: PLC0415
    from bcf_model.plan.load import load_scenario  # noqa: PLC0415
    from bcf_model.publish.scenario.answers_terminal import answer  # noqa: PLC0415

    plan, scenario = load_scenario(pool, name)
    try:
        goal = goal_seek.read_goal(figure)
        sought = read_asked(plan, scenario, assumption)
        wanted = goal_seek.read_target(target, goal)
        ends = [read_value(text, sought.unit) for text in between or ()]
        bounds = (ends[0], ends[1]) if ends else None
        with counting(f"Looking for {sought}") as tell:
            found = goal_seek.backwards(plan, scenario, sought, goal, wanted, bounds, tell)
    except UnknownFigure as problem:
        raise click.UsageError(str(problem)) from problem
    click.echo(answer(found, sought, goal, wanted))
    if scenario.settings.calibrate is not None and scenario.calibrated_by is None:
        click.echo(
            "The factor on percentages stays as it was found. Stated in this scenario itself, the "
            "value would have the factor found anew: state it in one built on this."
        )

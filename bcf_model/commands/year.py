"""The year: look a pool through, report it, compare agreements on it."""

import sys
from pathlib import Path
from textwrap import fill
from typing import Any

import click

from bcf_model.commands.marked import ready_for_a_copy, write_copy
from bcf_model.commands.options import (
    DATA_HAS_ERRORS,
    EVERY_FINDING,
    POOL,
    AnyPath,
    beside_itself,
    export,
    output_folder,
    refuse_inside,
    room,
    with_inputs,
)
from bcf_model.core.errors import DataHasErrors


@click.command()
@POOL
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help="How to print the findings.  [default: text]",
)
@EVERY_FINDING
@click.option(
    "-o", "--output", type=AnyPath(), metavar="CHECKED.xlsx",
    help="A copy of the workbook, with each finding in its cell and a checklist.",
)  # fmt: skip
def check(pool: Path, form: str, everything: bool, output: Path | None) -> None:
    """Check a pool for everything wrong with it, in one pass. Writes nothing, but with -o.

    Of many findings of one kind in one column it prints the first few and how many there are;
    json and csv always hold every one. With -o it writes a copy of an Excel workbook, in which
    every finding stands in its cell; of anything else, a workbook of the cells as they were read.
    Nothing is overwritten: CHECKED.xlsx must be new.

    \b
    Example:
      bcf check inputs/sheffield-2018-19
      bcf check inputs/sheffield-2018-19 --all
      bcf check my-pool.xlsx -o checked.xlsx
      bcf check my-pool.xlsx --format csv > findings.csv
    """
    import json  # noqa: PLC0415

    from bcf_model.core.findings import as_rows, has_errors  # noqa: PLC0415
    from bcf_model.plan.checks.results import found_of  # noqa: PLC0415
    from bcf_model.plan.load import check_plans  # noqa: PLC0415
    from bcf_model.pool import check_pool  # noqa: PLC0415
    from bcf_model.publish.contents import findings_csv  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.year.pipeline import run  # noqa: PLC0415

    if output is not None:
        ready_for_a_copy(pool, output)
    inputs, found = check_pool(pool)
    of_plans = check_plans(pool, inputs, found_of)
    if inputs is not None:
        try:  # what only the year's own figures show, such as a control total of what is borne
            run(inputs)
        except DataHasErrors as problem:
            inputs, found = None, list(problem.findings)
    found = [*found, *of_plans]
    ledger = ""
    if inputs is None and (form == "text" or output) and pool.is_file():
        from bcf_model.core.tables import INPUT_TABLES  # noqa: PLC0415
        from bcf_model.extracts.take_in import looks_like_ledger  # noqa: PLC0415

        ledger = looks_like_ledger(pool, [it.name for it in INPUT_TABLES])
    if form == "json":
        click.echo(json.dumps(as_rows(found), indent=2, ensure_ascii=False))
    elif form == "csv":
        click.echo(findings_csv(found), nl=False)
    else:
        if found:
            click.echo(findings(found, everything=everything))
        said = " The report can be made; what has errors in its plans cannot be calculated."
        if inputs is None:
            said = " Nothing can be calculated from this pool."
        click.echo(tally(found) + (said if has_errors(found) else ""))
        if ledger:
            click.echo(ledger)
    if output is not None:
        click.echo(write_copy(pool, output, found, is_ledger=bool(ledger)), err=form != "text")
    if has_errors(found):
        sys.exit(DATA_HAS_ERRORS)


@click.command()
@POOL
@output_folder("Folder for the report.  [default: outputs/<name of the pool>]")
@with_inputs
@export
def report(pool: Path, output: Path | None, with_inputs: bool, export: str | None) -> None:
    """Write the variance report: workbook, web page, tables and manifest.

    \b
    Example:
      bcf report inputs/sheffield-2018-19
      bcf report my-pool.xlsx -o reports/2018-19
      bcf report inputs/sheffield-2018-19 --with-inputs -o for-the-auditor
      bcf report inputs/sheffield-2018-19 --export sqlite
    """
    from bcf_model.core.years import spoken  # noqa: PLC0415
    from bcf_model.intake.folder import name_of  # noqa: PLC0415
    from bcf_model.pool import check_pool  # noqa: PLC0415
    from bcf_model.publish.indicator_pages import tally_of_targets  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, headline, tally  # noqa: PLC0415
    from bcf_model.publish.write import write_report  # noqa: PLC0415
    from bcf_model.publish.year_end_pages import summary  # noqa: PLC0415
    from bcf_model.year.pipeline import run  # noqa: PLC0415

    target = output or Path("outputs") / name_of(pool)
    written_into = [target, target / "tables", *beside_itself(target, pool)]
    refuse_inside(written_into, "the report", {pool: "the pool"})
    inputs, found = check_pool(pool)
    if found:
        click.echo(findings(found), err=True)
    if inputs is None:
        click.echo(f"{tally(found)} Nothing was calculated, and no report written.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    results = run(inputs)
    written = write_report(results, target, with_inputs=with_inputs, sqlite=export == "sqlite")
    settings = inputs.settings
    click.echo(f"{settings.title}, {spoken(settings.financial_year)}")
    standing = settings.standing
    click.echo(f"{standing.position} as at {settings.day}; overspends positive\n")
    click.echo(headline(results, summary(results), room()))
    for sentence in standing.about_shares:
        click.echo(f"\n{fill(sentence, room())}")
    if targets := tally_of_targets(results):
        click.echo(f"\n{targets}")
    click.echo(f"\nAll {len(results.checks)} checks hold. {tally(found)}")
    tables, beside = target / "tables", target / "inputs"
    for path in (path for path in written if path.parent == target):
        click.echo(f"  {path}")
    click.echo(f"  {tables}/ ({sum(path.parent == tables for path in written)} CSV tables)")
    if with_inputs:
        click.echo(f"  {beside}/ ({sum(beside in path.parents for path in written)} files)")


@click.command("risk-share")
@POOL
@click.option(
    "--agreement",
    "agreements",
    type=AnyPath(),
    multiple=True,
    help="Rules to try: a CSV, or a folder with rules.csv and facts; may be given again.  "
    "[default: every one in POOL/agreements]",
)
@output_folder("Folder for the comparison, and a whole report under each agreement.")
@with_inputs
@export
@EVERY_FINDING
def risk_share(
    pool: Path,
    agreements: tuple[Path, ...],
    output: Path | None,
    with_inputs: bool,
    export: str | None,
    everything: bool,
) -> None:
    """Compare agreements on the same spending: what each partner bears under each.

    \b
    Example:
      bcf risk-share inputs/sheffield-2018-19
      bcf risk-share my-pool --agreement draft-rules.csv --agreement other -o compared
    """
    from bcf_model.core.findings import Finding  # noqa: PLC0415
    from bcf_model.core.tables import AGREEMENT_TABLES, OWN_AGREEMENT  # noqa: PLC0415
    from bcf_model.intake.folder import agreements_of, name_of  # noqa: PLC0415
    from bcf_model.pool import check_pool  # noqa: PLC0415
    from bcf_model.publish.comparison.terminal import comparison  # noqa: PLC0415
    from bcf_model.publish.comparison.write import trouble_with_names, write_comparison  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.year.pipeline import compare, run  # noqa: PLC0415

    if (with_inputs or export) and output is None:
        what = "inputs are put" if with_inputs else "an SQLite file is put"
        message = f"{what} beside reports: say with -o where those are to be"
        raise click.UsageError(message)
    chosen = list(agreements) or agreements_of(pool, AGREEMENT_TABLES)
    named = [(name_of(path), path) for path in chosen]
    if trouble := trouble_with_names(named):
        raise click.BadParameter(trouble, param_hint="--agreement")
    if output is not None:
        folders = [output, *(output / name for name, _ in named), output / OWN_AGREEMENT.name]
        sources = {pool: "the pool"} | dict.fromkeys(chosen, "an agreement")
        written = [
            at
            for folder in folders
            for at in (folder, folder / "tables", *beside_itself(folder, pool))
        ]
        refuse_inside(written, "the comparison", sources)
    tried, known = [], dict[Finding, None]()
    for agreement in (None, *chosen):
        inputs, found = check_pool(pool, agreement)
        new = [finding for finding in found if finding not in known]
        known |= dict.fromkeys(new)
        if new:
            if agreement:
                click.echo(f"Under {agreement.name}:", err=True)
            click.echo(findings(new, "bcf risk-share", everything=everything), err=True)
        if inputs is None:
            said = f" {agreement.name} cannot be applied." if agreement else ""
            click.echo(f"{tally(found)}{said} Nothing was compared.", err=True)
            sys.exit(DATA_HAS_ERRORS)
        if reason := inputs.settings.standing.no_share:
            message = f"no share is given: {reason}. Nothing was compared."
            raise click.BadParameter(message, param_hint="POOL")
        tried.append(run(inputs))
    compared = compare(tried)
    click.echo(comparison(compared, tried, room()))
    if not chosen:
        click.echo("\nOnly the pool's own agreement: name others with --agreement.")
    if output is not None:
        sqlite = export == "sqlite"
        for path in write_comparison(
            compared, tried, output, with_inputs=with_inputs, sqlite=sqlite
        ):
            click.echo(f"  {path}")


def _folder_name(_context: click.Context, _parameter: click.Parameter, name: str | None) -> Any:
    """Refuse what no folder of an agreement can be called."""
    if name is not None and (Path(name).name != name or not name[:1].isalnum()):
        message = "a name begins with a letter or digit, and holds no / or \\"
        raise click.BadParameter(message)
    return name


def _asked_for(pool: Path, folder: Path) -> Path:
    """Ask what is agreed on a pool, and write it as an agreement of that pool."""
    from bcf_model.agreement.drafting import files_of  # noqa: PLC0415
    from bcf_model.commands.new_agreement import ask  # noqa: PLC0415
    from bcf_model.pool import check_pool  # noqa: PLC0415
    from bcf_model.publish.scenario.write import write_inputs  # noqa: PLC0415
    from bcf_model.publish.terminal import tally  # noqa: PLC0415

    if not pool.is_dir():
        message = "an agreement is kept in the folder of a pool"
        raise click.BadParameter(message, param_hint="POOL")
    if folder.exists():
        message = f"{folder} is there already: name another"
        raise click.BadParameter(message, param_hint="--new")
    inputs, found = check_pool(pool)
    if inputs is None:
        click.echo(f"{tally(found)} Correct the pool first: bcf check lists them.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    written = write_inputs(files_of(ask(inputs)), folder)
    click.echo("\n".join(["", "Written:", *(f"  {path}" for path in written), ""]))
    return folder


@click.command()
@POOL
@click.option(
    "--agreement",
    "tried",
    type=AnyPath(),
    help="Read this agreement on the pool instead of its own: a CSV of rules, or a folder.",
)
@click.option(
    "--new",
    metavar="NAME",
    callback=_folder_name,
    help="Ask, in the words of the clauses, what is agreed, and write it to POOL/agreements/NAME.",
)
@EVERY_FINDING
def agreement(pool: Path, tried: Path | None, new: str | None, everything: bool) -> None:
    """Read the risk share agreement back in plain English. Writes nothing without --new.

    Who bears an overspend and an underspend of which lines, in which order and up to what, each
    sentence with its rules and clause; and who would bear £100,000 over or under.

    \b
    Example:
      bcf agreement inputs/sheffield-2018-19
      bcf agreement my-pool --agreement draft-rules.csv
      bcf agreement my-pool --new section-75
    """
    from bcf_model.core.years import spoken  # noqa: PLC0415
    from bcf_model.explain.agreement_in_words import told  # noqa: PLC0415
    from bcf_model.intake.folder import AGREEMENTS  # noqa: PLC0415
    from bcf_model.intake.raw_table import within  # noqa: PLC0415
    from bcf_model.pool import check_pool  # noqa: PLC0415
    from bcf_model.publish.terminal import findings, tally  # noqa: PLC0415
    from bcf_model.year.pipeline import examples  # noqa: PLC0415

    if new:
        if tried:
            message = "--new asks for an agreement, and --agreement names one"
            raise click.UsageError(message)
        tried = _asked_for(pool, within(pool, AGREEMENTS) / new)
    inputs, found = check_pool(pool, tried)
    if found:
        click.echo(findings(found, "bcf agreement", everything=everything), err=True)
    if inputs is None:
        click.echo(f"{tally(found)} Nothing can be read of it.", err=True)
        sys.exit(DATA_HAS_ERRORS)
    settings, own = inputs.settings, inputs.agreement
    marked = f" ({own.status})" if own.status else ""
    of = f": {own.title}{marked}" if tried else ": who bears a variance"
    click.echo(f"{settings.title}, {spoken(settings.financial_year)}{of}")
    for line in told(inputs, examples(inputs)):
        indent = " " * (len(line) - len(line.lstrip()))
        below = fill(line, room(), subsequent_indent=f"{indent}   ")
        click.echo(below if indent else f"\n{below}")

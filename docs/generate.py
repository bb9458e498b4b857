"""Write the pages of docs/ that are made from the code, or say which are out of date.

python docs/generate.py           writes them
python docs/generate.py --check   fails if one is not what it would write
"""

import re
import sys
from pathlib import Path

import agreements
import click

from bcf_model.cli import cli
from bcf_model.core.figures import MEASURES
from bcf_model.core.findings import CATALOGUE, FIELDS
from bcf_model.core.settings import BudgetVersions, CommentaryThresholds, Settings
from bcf_model.core.tables import (
    AUDIT_TABLES,
    INDICATOR_TABLES,
    INPUT_TABLES,
    OUTPUT_TABLES,
    TABLES,
    WRITTEN_IN,
    ComparisonOut,
    Table,
)
from bcf_model.extracts.rules import TABLES as OF_LEDGERS
from bcf_model.plan.output_tables import COMPARISON_TABLES, DRAWN_TABLES, PROJECTION_TABLES
from bcf_model.plan.settings import INHERITED, AgreedMethod, Calibration, ScenarioSettings
from bcf_model.plan.tables import PLAN_TABLES, SCENARIO_TABLES
from bcf_model.publish.scenario import (
    block_pages,
    efficiency_pages,
    movement_pages,
)

HERE = Path(__file__).parent
HELP_OPTIONS = cli.context_settings["help_option_names"]
MADE = "<!-- Made by docs/generate.py: change the code, then `make docs`. -->"


def data_dictionary() -> str:
    """Describe every file, column and word."""
    said = [
        "# Data dictionary",
        MADE,
        "Every table that goes into a pool or comes out of a report. Columns are found by their "
        "heading, in any order. A pool is a folder with one CSV file a table and `pool.toml`, or a "
        "workbook with one sheet a table and a sheet `pool` of two columns, `setting` and `value`.",
        "Amounts go in in the unit the settings declare and come out in pounds. Spending is "
        "positive and income negative; variance = expenditure − budget, so a positive variance "
        "is an overspend.",
        "Of every column that comes out, the unit is stated; text has none. A percentage is in "
        "percent (80 for 80 %), a number in the unit named beside it, or without one. A weight "
        "counts only against the other weights of its row: it is in pence where an amount is "
        "weighed, and in millionths of a percent where a percentage is.",
        "Every table that has a `source` may have two more columns beside it, `page` (of the "
        "source) and `url` (its web address, in full), and so may the settings: they are shown "
        "with the source wherever it is shown. Nothing is fetched.",
        "## Settings: pool.toml",
        "| Setting | Needed | Meaning |\n|---|---|---|",
    ]
    nested = {"commentary": CommentaryThresholds, "budgets": BudgetVersions}
    for model, prefix in ((Settings, ""), *((it, f"{name}.") for name, it in nested.items())):
        for name, about in model.model_fields.items():
            if name not in nested:
                needed = "yes" if about.is_required() else "no"
                said.append(f"| `{prefix}{name}` | {needed} | {about.description} |")
    said.append("## What goes in")
    for table in INPUT_TABLES:
        needed = "needed" if table.required else "optional"
        said += [f"### {table.name}.csv ({needed})", *_columns(table.model, going_in=True)]
    said += _plans()
    said += [
        "## What maps the lines of a ledger: ledgers/NAME.rules.csv",
        "See docs/import-rules.md; NAME is what a ledger is called.",
        "### ledgers/NAME.rules.csv",
        *_columns(OF_LEDGERS["LedgerRules"], going_in=True),
        "### ledgers/NAME.proposed.csv",
        *_columns(OF_LEDGERS["Proposals"], going_in=True),
    ]
    said.append("## What comes out: outputs/<pool>/tables/")
    for name, model in (OUTPUT_TABLES | INDICATOR_TABLES).items():
        said += [f"### {name}.csv", *_columns(model, going_in=False)]
    said.append("### findings.csv")
    said.append("findings.csv: one row per finding.")
    units = {"row": WRITTEN_IN["whole"]}
    rows = [f"| `{name}` | {units.get(name, '')} | {meaning} |" for name, meaning in FIELDS.items()]
    said += ["| Column | Unit | Meaning |\n|---|---|---|", *rows]
    said.append("## What comes out of `bcf risk-share`, beside the report under each agreement")
    said += ["### tables/comparison.csv of agreements", *_columns(ComparisonOut, going_in=False)]
    said.append("## What comes out of `bcf audit`")
    for name, model in AUDIT_TABLES.items():
        said += [f"### {name}.csv of an audit", *_columns(model, going_in=False)]
    said.append("## What comes out of a scenario: outputs/<pool>/scenarios/<name>/tables/")
    for name, model in PROJECTION_TABLES.items():
        said += [f"### {name}.csv of a scenario", *_columns(model, going_in=False)]
    beside = movement_pages.TABLES | efficiency_pages.TABLES | block_pages.TABLES
    for name, model in beside.items():
        said += [f"### {name}.csv of a scenario", *_columns(model, going_in=False)]
    for name, model in DRAWN_TABLES.items():
        said += [f"### {name}.csv of a scenario that is drawn", *_columns(model, going_in=False)]
    for name, model in COMPARISON_TABLES.items():
        said += [
            f"### {name}.csv of several scenarios, beside their folders",
            *_columns(model, going_in=False),
        ]
    said.append("## What comes out with `--export sqlite`: tables.sqlite (docs/sqlite.md)")
    for name in ("tables", "columns"):
        said += [f"### {name}", *_columns(TABLES[f"{name.title()}Out"], going_in=False)]
    said += [
        "## Figures",
        "A figure is written `measure/key=value/key=value`; `+` joins several values of one key. "
        "Without a key it is the whole pool: `variance`, `variance/theme=4/organisation=SCC`, "
        "`borne/category=A+B/bearer=CCG`.",
        "| Measure | Meaning |\n|---|---|",
        *(f"| `{m.name}` | {m.meaning} |" for m in MEASURES.values()),
        "| `stated/<name>` | A number a paper states about something outside the pool |",
    ]
    return _page(said)


def _plans() -> list[str]:
    """Describe what a pool adds for its plans, and what a scenario says."""
    said = [
        "## What a pool may add for its plans",
        "Files beside the others (or sheets of the workbook), all optional: see docs/method.md. "
        "`bcf report` does not read them.",
    ]
    for table in PLAN_TABLES:
        said += [f"### {table.name}.csv (plan)", *_columns(table.model, going_in=True)]
    said += [
        "## A scenario: scenarios/<name>/",
        "A folder with `scenario.toml` and any of the tables below. Of the settings marked so, and "
        "of every row, what the scenario leaves out its base says.",
        "### scenario.toml",
        "| Setting | From its base | Meaning |\n|---|---|---|",
    ]
    for model, prefix in (
        (ScenarioSettings, ""),
        (AgreedMethod, "agreed_method."),
        (Calibration, "calibrate."),
    ):
        for name, about in model.model_fields.items():
            inherited = "yes" if prefix or name in INHERITED else "no"
            said.append(f"| `{prefix}{name}` | {inherited} | {about.description} |")
    pools = {table.name for table in PLAN_TABLES}
    for table in SCENARIO_TABLES:
        said.append(f"### {table.name}.csv (scenario)")
        same = f"As {table.name}.csv of the pool."
        said += [same] if table.name in pools else _columns(table.model, going_in=True)
    return said


def _columns(model: Table, *, going_in: bool) -> list[str]:
    """Describe a table's columns: whether and how each goes in, or the unit it comes out in."""
    head = ["Column", *(["Needed", "Form"] if going_in else ["Unit"]), "Meaning"]
    rows = [f"| {' | '.join(head)} |\n{'|---' * len(head)}|"]
    for meaning in model.fields:
        words = ", ".join(f"`{word}`" for word in meaning.words or ())
        needed = "yes" if meaning.default is None else "no"
        if meaning.default:
            needed += f": `{meaning.default}`"
        cells = [
            f"`{meaning.name}`",
            *(
                [needed, f"one of {words}" if words else meaning.form]
                if going_in
                else [WRITTEN_IN[meaning.form]]
            ),
            meaning.meaning if going_in or not words else f"{meaning.meaning}: {words}",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return [model.grain, *rows]


def findings() -> str:
    """List every finding."""
    said = [
        "# Findings",
        MADE,
        "Everything that can be wrong with a pool's data. With an error nothing is calculated; a "
        "warning is printed in the report, and so is a note: it tells of something that was read "
        "with some leniency, and changes nothing. For each of them there is a broken pool in "
        "`tests/broken/`, or a test that makes one, and what to do is followed by a test.",
        "| Code | Severity | What is wrong | What to do |\n|---|---|---|---|",
    ]
    for code, kind in CATALOGUE.items():
        severity = kind.severity + (f"; a warning {kind.mild_where}" if kind.mild_where else "")
        said.append(f"| {code} | {severity} | {kind.meaning} | {kind.remedy} |")
    return _page(said)


def command_line() -> str:
    """Print the help of every command."""
    said = ["# The command line", MADE]
    commands: dict[str, click.Command] = {"bcf": cli}
    commands |= {f"bcf {name}": command for name, command in sorted(cli.commands.items())}
    for name, command in commands.items():
        context = click.Context(
            command, info_name=name, max_content_width=90, help_option_names=HELP_OPTIONS
        )
        said += [f"## {name}", f"```text\n{command.get_help(context)}\n```"]
    return _page(said)


def _page(said: list[str]) -> str:
    text = "\n\n".join(said) + "\n"
    return re.sub(r"(\n\|[^\n]*)\n\n(?=\|)", r"\1\n", re.sub(r"\|\n\n\|", "|\n|", text))


PAGES = {
    "data-dictionary.md": data_dictionary,
    "findings.md": findings,
    "command-line.md": command_line,
    **agreements.pages(),
}


def main() -> None:
    """Write the pages, or check them."""
    stale = []
    for name, make in PAGES.items():
        path = HERE / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != make():
                stale.append(name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(make(), encoding="utf-8")
    if stale:
        sys.exit(f"Out of date: {', '.join(stale)}. Run `make docs`.")


if __name__ == "__main__":
    main()

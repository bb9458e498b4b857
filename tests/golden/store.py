"""Store the present results of the Sheffield pool and its scenarios as golden ones: `make golden`.

A figure that changes needs a line under "Numbers that change" in CHANGELOG.md.
"""

from functools import cache
from pathlib import Path
from typing import Any

import bcf_model
from bcf_model.core import money
from bcf_model.core.expressions import If, InRow, Total, references_in, words
from bcf_model.core.figures import MEASURES, Figure
from bcf_model.explain.indicators import written
from bcf_model.plan.load import load_scenario, scenario_names
from bcf_model.plan.projection import Projection, project
from bcf_model.publish.contents import contents
from bcf_model.publish.page import Cell, Heading, Money, Number
from bcf_model.publish.write import document
from bcf_model.publish.year_end_pages import sheets
from bcf_model.year.results import Results

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STORED = HERE / "sheffield-2018-19"
STORED_PAGES = HERE / "pages" / "sheffield-2018-19.txt"
STORED_SCENARIOS = HERE / "scenarios"


@cache
def results() -> Results:
    """Calculate the Sheffield pool."""
    return bcf_model.run(bcf_model.load(ROOT / "inputs" / "sheffield-2018-19"))


def tables() -> dict[str, bytes]:
    """Give every CSV of the Sheffield report, as it is written."""
    files = contents(document(results()))
    return {Path(name).name: data for name, data in files.items() if name.startswith("tables/")}


def pages() -> str:
    """Give every page of the Sheffield report as text, a line for each sentence and row."""
    said = []
    for page in sheets(results()):
        for sentence in (page.title, *page.about, *page.in_workbook):
            said.append(f"{page.name} | about | {sentence}")
        for row in page.rows:
            cells = zip(page.headings, row.cells, strict=False)
            shown = [in_words(heading, cell) for heading, cell in cells if cell not in (None, "")]
            said.append(" | ".join([page.name, row.style, *shown]))
    return "\n".join(said) + "\n"


def scenario_tables(found: Projection) -> dict[str, bytes]:
    """Give every table of a scenario that has rows, in whole pence."""
    return {
        f"{table}.csv": frame.to_csv(index=False, lineterminator="\n").encode()
        for table, frame in found.tables.items()
        if len(frame)
    }


def in_words(heading: Heading, cell: Cell) -> str:
    """Say what a cell holds, and what is seen there."""
    figures = results().figures
    unit = "pounds" if heading.form == "exact" else results().inputs.settings.unit

    def in_row(value: Any) -> str:
        return money.shown(int(value), unit) if heading.form == "exact" else str(value)

    match cell:
        case Figure():
            value = figures.value(cell)
            if value is None:
                shown = "blank"
            elif MEASURES[cell.measure].unit == "rate":
                shown = money.percent(value)
            elif MEASURES[cell.measure].unit == "number":
                shown = written(figures, cell)
            else:
                shown = money.shown(int(value), unit)
            said = f"{cell} = {shown}"
        case If():
            said = f"{' and '.join(map(str, references_in(cell)))}: {figures.text(cell) or 'blank'}"
        case Total():
            said = words(cell)
        case InRow(table, column, row):
            said = f"{table}[{row}] {column} = {in_row(figures.column(table, column)[row])}"
        case Money(pence):
            said = money.shown(pence, unit)
        case Number(value):
            said = f"{value:.10g}"
        case _:
            said = str(cell)
    return f"{heading.text}: {said}"


if __name__ == "__main__":
    for name, data in tables().items():
        (STORED / name).write_bytes(data)
    STORED_PAGES.parent.mkdir(exist_ok=True)
    STORED_PAGES.write_text(pages(), encoding="utf-8")
    for name in scenario_names(ROOT / "inputs" / "sheffield-2018-19"):
        (STORED_SCENARIOS / name).mkdir(parents=True, exist_ok=True)
        found = project(*load_scenario(ROOT / "inputs" / "sheffield-2018-19", name))
        for file, data in scenario_tables(found).items():
            (STORED_SCENARIOS / name / file).write_bytes(data)

"""What a reader of the workbook sees: figures in the pool's unit, and a check on every page."""

import itertools
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

import bcf_model
from bcf_model import money
from bcf_model.figures import MEASURES, Figure
from bcf_model.report.excel import workbook
from bcf_model.report.pages import sheets
from bcf_model.report.sheets import Sheet
from bcf_model.results import Results
from tests.pools import random_pool

# The places shown, and the commas at the end of the format: each divides by a thousand.
FORMATS = {"pounds": (2, 0), "thousands": (0, 1), "millions": (3, 2)}


@pytest.fixture(scope="module", params=FORMATS)
def pool(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Calculate a random pool of each unit."""
    drawn = (random_pool(seed, lines=25) for seed in itertools.count())
    chosen = next(pool for pool in drawn if pool.unit == request.param)
    return bcf_model.run(bcf_model.load(chosen.write(tmp_path_factory.mktemp("pool"))))


@pytest.fixture(scope="module")
def book(pool: Results) -> Workbook:
    return openpyxl.load_workbook(BytesIO(workbook(pool, sheets(pool))), data_only=True)


def seen(cell: Cell) -> str:
    """Show a number as a spreadsheet does: by the section of the format that is for its sign."""
    above, below, nil = cell.number_format.replace("_)", "").split(";")
    number = Decimal(repr(cell.value))
    section = (below if number < 0 else above) if number else nil
    if section == '"-"':
        return "-"
    pattern = section.strip("()").rstrip("%")
    digits = pattern.rstrip(",")
    number = abs(number) * (100 if "%" in section else 1)
    number /= 1000 ** (len(pattern) - len(digits))
    places = len(digits.partition(".")[2])
    text = f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
    text += "%" * ("%" in section)
    return f"({text})" if section.startswith("(") else text


def top_of(tab: Worksheet, page: Sheet) -> int:
    """Find the row of the headings."""
    heads = [heading.text for heading in page.headings]
    for row in tab.iter_rows():
        said = [str(cell.value) for cell in row]
        if len(said) >= len(heads) and all(map(str.startswith, said, heads)):
            return row[0].row
    pytest.fail(f"{page.name} has no headings")


def figures_on(book: Workbook, results: Results) -> list[tuple[Figure, Cell]]:
    """Give every figure of every page, and the cell in its place."""
    return [
        (cell, book[page.name].cell(top_of(book[page.name], page) + down, across))
        for page in sheets(results)
        for down, row in enumerate(page.rows, start=1)
        for across, cell in enumerate(row.cells, start=1)
        if isinstance(cell, Figure)
    ]


def test_every_figure_is_seen_in_the_unit_of_the_pool(pool: Results, book: Workbook) -> None:
    unit = pool.inputs.settings.unit
    found = figures_on(book, pool)
    assert len(found) > 200
    for figure, cell in found:
        value = pool.figures.value(figure)
        if value is None:
            assert cell.value in (None, ""), (figure, cell)
        elif MEASURES[figure.measure].unit == "rate":
            assert seen(cell) == money.percent(value), (figure, cell)
        else:
            assert seen(cell) == (money.shown(value, unit) if value else "-"), (figure, cell)


def test_the_number_format_says_the_unit(pool: Results, book: Workbook) -> None:
    places, commas = FORMATS[pool.inputs.settings.unit]
    first = "#,##0" + "." * bool(places) + "0" * places + "," * commas
    used = {
        cell.number_format
        for figure, cell in figures_on(book, pool)
        if MEASURES[figure.measure].unit == "money"
    }
    assert used == {f'{first}_);({first});"-"_)'}


def test_headings_of_money_name_the_unit(pool: Results, book: Workbook) -> None:
    page = sheets(pool)[0]
    tab = book[page.name]
    heads = [cell.value for cell in tab[top_of(tab, page)]]
    assert heads[1] == f"Budget {money.label(pool.inputs.settings.unit)}"


def test_every_page_shows_the_master_check(pool: Results) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(pool, sheets(pool))))
    for tab in book:
        formulas = [c.value for row in tab.iter_rows() for c in row if c.data_type == "f"]
        live = [formula for formula in formulas if formula.startswith("=IF(checks_failed=0,")]
        assert len(live) == 1, tab.title
